// load_gopath: import paths without modules (GO111MODULE=off), as Debian's builds use them. A path is looked for in the vendor folders of the
// importing package's folder and of those above it, then in src of each folder that GOPATH names; a folder's path is its place below such a src.
#include "frontend/load_impl.h"
#include <stdlib.h>

bool gopath_mode(void) {
    const char *mode = getenv("GO111MODULE");
    return mode && strcmp(mode, "off") == 0;
}

// The i-th entry's src folder, or NULL.
static const char *entry(int i) {
    const char *list = getenv("GOPATH"), *home = getenv("HOME");
    if (!list || !*list) return i == 0 && home ? xsprintf("%s/go/src", home) : NULL;
    for (; i > 0 && *list; i--) {
        list += strcspn(list, ":");
        list += *list == ':';
    }
    return *list ? xsprintf("%.*s/src", (int)strcspn(list, ":"), list) : NULL;
}

const char *gopath_path(const char *dir) {
    const char *src;
    for (int i = 0; (src = entry(i)); i++) {
        size_t n = strlen(src);
        if (strncmp(dir, src, n) == 0 && dir[n] == '/') return dir + n + 1;
    }
    return NULL;
}

const char *gopath_find(const char *path, const char *from, const char **as) {
    const char *src, *own = from ? gopath_path(from) : NULL;
    *as = path;
    if (own) {
        const char *root = xstrndup(from, strlen(from) - strlen(own) - 1);
        for (char *at = xstrdup(own);;) {
            const char *vendored = xsprintf("%s%svendor/%s", at, *at ? "/" : "", path), *dir = xsprintf("%s/%s", root, vendored);
            if (path_holds_go(dir)) {
                *as = vendored;
                return dir;
            }
            if (!*at) break;
            char *slash = strrchr(at, '/');
            *(slash ? slash : at) = 0;
        }
    }
    for (int i = 0; (src = entry(i)); i++) {
        const char *dir = xsprintf("%s/%s", src, path);
        if (path_holds_go(dir)) return dir;
    }
    return NULL;
}

const char *gopath_tree(const char *path) {
    const char *src;
    for (int i = 0; (src = entry(i)); i++)
        if (path_is_dir(xsprintf("%s/%s", src, path))) return xsprintf("%s/%s", src, path);
    return NULL;
}
