// load_gopath: import paths without modules (GO111MODULE=off), as Debian's builds use them. A path
// is looked for in the vendor folders of the importing package's folder and of those above it, then
// in src of each folder that GOPATH names; a folder's path is its place below such a src. Code with
// a go.mod may name x/v2/z what is in x/z, when x/go.mod says module x/v2.
#include "frontend/load_impl.h"
#include <stdlib.h>

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

// What of dir lies below src, or NULL.
static const char *below(const char *dir, const char *src) {
    size_t n = src ? strlen(src) : 0;
    return n && !strncmp(dir, src, n) && dir[n] == '/' ? dir + n + 1 : NULL;
}

// As they are named, else where links lead to. *src: the entry's folder that it lies below.
static const char *split(const char *dir, const char **src) {
    const char *s, *own;
    for (int i = 0; (s = entry(i)); i++)
        if ((own = below(dir, s))) return *src = s, own;
    const char *real = realpath(dir, NULL), *linked;
    for (int i = 0; real && (s = entry(i)); i++)
        if ((own = below(real, s)) || ((linked = realpath(s, NULL)) && (own = below(real, linked))))
            return *src = s, own;
    return NULL;
}
const char *gopath_path(const char *dir) {
    const char *src;
    return split(dir, &src);
}

// The nearest vendor folder hides those above it: own loses its last element with each step, down
// to "", which is src itself.
const char *gopath_find(const char *path, const char *from, const char **as) {
    const char *src, *root, *own = from ? split(from, &root) : NULL;
    *as = path;
    if (own) {
        for (char *at = xstrdup(own);;) {
            const char *vendored = xsprintf("%s%svendor/%s", at, *at ? "/" : "", path),
                       *dir = xsprintf("%s/%s", root, vendored);
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

static bool in_module(const char *dir) {
    for (char *d = xstrdup(dir), *slash; (slash = strrchr(d, '/')); *slash = 0)
        if (gomod_read(d)) return true;
    return false;
}

// cmd/go's minimal module compatibility: for code below a go.mod only, and what x/go.mod says must
// agree with the path.
const char *gopath_find_major(const char *path, const char *from, const char **as) {
    if (!in_module(from)) return NULL;
    for (const char *at = path; (at = strstr(at, "/v")); at++) {
        size_t digits = strspn(at + 2, "0123456789");
        const char *rest = at + 2 + digits;
        if (!digits || (*rest && *rest != '/')) continue;
        const char *src, *module = xstrndup(path, (size_t)(rest - path));
        for (int i = 0; (src = entry(i)); i++) {
            const char *dir = xsprintf("%s/%.*s", src, (int)(at - path), path);
            const Module *m = gomod_read(dir);
            if (!m || strcmp(m->path, module) != 0 || !path_holds_go(xsprintf("%s%s", dir, rest)))
                continue;
            *as = xsprintf("%.*s%s", (int)(at - path), path, rest);
            return xsprintf("%s%s", dir, rest);
        }
    }
    return NULL;
}

const char *gopath_tree(const char *path) {
    const char *src;
    for (int i = 0; (src = entry(i)); i++)
        if (path_is_dir(xsprintf("%s/%s", src, path))) return xsprintf("%s/%s", src, path);
    return NULL;
}
