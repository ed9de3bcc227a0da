// load_path: names of files and folders, and where GOROOT is. Calls nothing else of the loader.
#include "frontend/load_impl.h"

#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

LoadConfig load_config;

int compare_strings(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

bool path_is_dir(const char *path) {
    struct stat st;
    return fsys_stat(path, &st) && S_ISDIR(st.st_mode);
}

bool path_is_file(const char *path) {
    struct stat st;
    return fsys_stat(path, &st) && S_ISREG(st.st_mode);
}

bool path_holds_go(const char *dir) {
    Strings names = {0};
    bool any = false;
    fsys_names(dir, &names);
    for (vec_each(const char *, n, &names)) any |= ends_with(*n, ".go");
    return any;
}

bool has_path_prefix(const char *path, const char *prefix) {
    size_t n = strlen(prefix);
    return strncmp(path, prefix, n) == 0 && (path[n] == 0 || path[n] == '/');
}

const char *load_work_dir(void) {
    if (!load_config.work_dir) load_config.work_dir = current_dir();
    return load_config.work_dir;
}

const char *path_in_goroot(const char *dir) {
    static const char *real;
    char buf[PATH_MAX];
    if (!load_config.goroot) return NULL;
    const char *src = xsprintf("%s/src", load_config.goroot);
    if (has_path_prefix(dir, src)) return dir + strlen(src);
    if (!real) real = realpath(src, buf) ? xstrdup(buf) : src;
    return realpath(dir, buf) && has_path_prefix(buf, real) ? xstrdup(buf + strlen(real)) : NULL;
}

const char *path_clean(const char *path) { return path_join(load_work_dir(), path); }

// By as many ../ as it takes, but only if that is the shorter name: base.ShortPath of cmd/go.
const char *load_short_path(const char *path) {
    const char *wd = load_work_dir();
    if (strcmp(path, wd) == 0) return ".";
    if (has_path_prefix(path, wd) && strcmp(wd, "/") != 0) return path + strlen(wd) + 1;
    Buf b = {0};
    char *up = xstrdup(wd);
    while (up[0]) {
        char *slash = strrchr(up, '/');
        if (!slash) break;
        *slash = 0;
        buf_puts(&b, "../");
        if (up[0] && has_path_prefix(path, up)) {
            const char *rest = path + strlen(up);
            if (*rest)
                buf_puts(&b, rest + 1);
            else
                b.len--; // the folder itself
            return b.len < strlen(path) ? buf_str(&b) : path;
        }
    }
    return path;
}

const char *load_display_path(const char *path) {
    const char *r = load_short_path(path);
    return strchr(r, '/') ? r : xsprintf("./%s", r);
}

const char *path_base(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

// ---- GOROOT ----

static bool is_goroot(const char *dir, const char **version) {
    Str text;
    if (!dir || !dir[0] || !read_file(xsprintf("%s/VERSION", dir), &text)) return false;
    *version = xstrndup(text.p, strcspn(text.p, "\n"));
    return strcmp(*version, "go1.27") == 0 || strncmp(*version, "go1.27.", 7) == 0 ||
           strncmp(*version, "go1.27rc", 8) == 0 || strncmp(*version, "go1.27-", 7) == 0;
}

static const char *go_env_goroot(void) {
    FILE *f = popen("go env GOROOT 2>/dev/null", "r");
    if (!f) return NULL;
    char buf[PATH_MAX];
    char *got = fgets(buf, sizeof buf, f);
    pclose(f);
    if (!got) return NULL;
    buf[strcspn(buf, "\n")] = 0;
    return buf[0] ? xstrdup(buf) : NULL;
}

// $GOROOT is taken at its word: the wrong version there is an error. Asking go, which starts a
// process, comes last.
const char *load_find_goroot(const char *setup_dir, const char **err) {
    const char *version = NULL, *env = getenv("GOROOT");
    if (env && env[0]) {
        if (is_goroot(env, &version)) return path_clean(env);
        *err = version ? xsprintf("GOROOT=%s holds %s; vole needs go1.27", env, version)
                       : xsprintf("GOROOT=%s is not a Go source tree (no VERSION)", env);
        return NULL;
    }
    const char *const places[] = {setup_dir, "/usr/share/go-1.27", "/usr/lib/go-1.27",
                                  "/usr/local/go", "/usr/lib/go"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (is_goroot(places[i], &version)) return path_clean(places[i]);
    const char *dir = go_env_goroot();
    if (is_goroot(dir, &version)) return path_clean(dir);
    *err = version
               ? xsprintf("found only %s; vole needs Go 1.27's source tree: set GOROOT", version)
               : "no Go 1.27 source tree found: set GOROOT";
    return NULL;
}

const char *load_go_version(void) {
    const char *version = "go1.27";
    is_goroot(load_config.goroot, &version);
    return version;
}
