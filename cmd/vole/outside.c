// outside: `vole install pkg@version` and `vole run pkg@version`, which have nothing to do with the
// module of the working directory. The packages are fetched by GOROOT's go command into a module of
// the build's own, which requires what provides them and nothing else, so that versions are those
// that it would have as the main module; from there all goes on as for any package.
#define _GNU_SOURCE 1
#include "cmd/vole/vole.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_local(const char *arg) {
    return arg[0] == '/' || !strcmp(arg, ".") || !strcmp(arg, "..") || starts_with(arg, "./") ||
           starts_with(arg, "../");
}

bool outside_wanted(const StrVec *args) {
    for (vec_each(const char *, a, args))
        if (strchr(*a, '@') && !is_local(*a)) return true;
    return false;
}

// What is wrong with an argument, whose package is path, in go's words; NULL: nothing.
static const char *check(const char *path, const char *version, const char *first) {
    if (!version || strcmp(version, first) != 0)
        return xsprintf("all arguments must refer to packages in the same module at the same "
                        "version (@%s)",
                        first);
    if (path[0] == '/') return "argument must be a package path, not an absolute path";
    if (is_local(path)) return "argument must be a package path, not a relative path";
    if (flags_holds("all cmd std tool work", path))
        return "argument must be a package path, not a meta-package";
    if (strstr(path, "//") || ends_with(path, "/")) return "argument must be a clean package path";
    const char *err;
    bool std = !memchr(path, '.', strcspn(path, "/")) && !strstr(path, "...") &&
               !access(xsprintf("%s/src/%s", install_goroot(&err), path), F_OK);
    return std ? "argument must not be a package in the standard library" : NULL;
}

// The words without their versions; false after a message.
static bool read_arguments(const StrVec *args, StrVec *paths) {
    const char *first = strchr(args->data[0], '@');
    first = first ? first + 1 : "";
    for (vec_each(const char *, a, args)) {
        const char *at = strchr(*a, '@');
        const char *path = at ? xstrndup(*a, (size_t)(at - *a)) : *a,
                   *why = check(path, at ? at + 1 : NULL, first);
        if (why) {
            fprintf(stderr, "vole: %s: %s\n", *a, why);
            return false;
        }
        vec_push(paths, path);
    }
    return true;
}

static int go_get(const StrVec *words) {
    env_forget("GOCACHEPROG"); // as in fetch.c
    return gocmd_run_with("get", (int)words->len, (char **)words->data);
}

// Runs go get in the module, whose news of its go.mod nobody wants to know; false: it failed, and
// said why.
static bool fetch(const char *dir, const StrVec *args) {
    Process p = {.inside = go_get};
    Buf said = {0};
    vec_push(&p.words, "-C");
    vec_push(&p.words, dir);
    for (vec_each(const char *, a, args)) vec_push(&p.words, *a);
    int status = process_read(&p, PROCESS_ERR, &said);
    for (const char *line = buf_str(&said), *end; *line; line = end) {
        end = line + strcspn(line, "\n");
        end += *end == '\n';
        if (!starts_with(line, "go: added ") && !starts_with(line, "go: upgraded "))
            fwrite(line, 1, (size_t)(end - line), stderr);
    }
    return !status;
}

// GOFLAGS' -mod and -modfile are for the working directory's module.
static bool prepare(const char *dir) {
    const char *modules = getenv("GO111MODULE"), *flags = getenv("GOFLAGS");
    const char *why = NULL;
    if (modules && !strcmp(modules, "off"))
        why = "modules disabled by GO111MODULE=off; see 'go help modules'";
    else if (options.modfile && !(flags && strstr(flags, "-modfile=")))
        why = "-modfile cannot be used with commands that ignore the current module";
    else if (options.mod && !strcmp(options.mod, "vendor") && !(flags && strstr(flags, "-mod=")))
        why = "build flag -mod=vendor only valid when using modules";
    if (why) {
        fprintf(stderr, "vole: %s\n", why);
        return false;
    }
    options.modfile = options.mod = NULL;
    FILE *f = mkdir(dir, 0777) ? NULL : fopen(xsprintf("%s/go.mod", dir), "w");
    if (f) fputs("module vole.invalid/outside\n\ngo 1.27\n", f);
    if (f && !fclose(f)) return true;
    fprintf(stderr, "vole: writing %s/go.mod: %s\n", dir, strerror(errno));
    return false;
}

// Of the programs' module only what counts when others require it is seen: what would change it as a
// main module is refused, as go does.
bool outside_check(const Program *prog) {
    LoadModule m;
    Str text;
    const Package *p = prog->roots.data[0];
    for (vec_each(Package *, r, &prog->roots)) {
        if ((*r)->is_main) continue;
        fprintf(stderr, "package %s is not a main package\n", (*r)->path);
        return false;
    }
    if (!load_module_of(p, &m)) return true;
    const char *dir = p->dir;
    while (strlen(dir) > 1 && access(xsprintf("%s/go.mod", dir), F_OK))
        dir = xstrndup(dir, (size_t)(strrchr(dir, '/') - dir));
    if (!read_file(xsprintf("%s/go.mod", dir), &text)) return true;
    static const char *const directives[] = {"replace", "exclude"};
    for (int i = 0; i < 2; i++) {
        const char *at = strstr(text.p, directives[i]);
        if (!at || (at > text.p && at[-1] != '\n') || !strchr(" \t(", at[strlen(directives[i])]))
            continue;
        fprintf(stderr,
                "vole: %s@%s (in %s@%s):\n"
                "\tThe go.mod file for the module providing named packages contains one or\n"
                "\tmore %s directives. It must not contain directives that would cause\n"
                "\tit to be interpreted differently than if it were the main module.\n",
                p->path, m.version, m.path, m.version, directives[i]);
        return false;
    }
    return true;
}

// Fetches what args name, and goes where they are found by their paths, which args are from now on.
bool outside_enter(StrVec *args) {
    StrVec paths = {0};
    const char *dir = xsprintf("%s/module", temp_dir());
    if (!read_arguments(args, &paths) || !prepare(dir)) return false;
    setenv("GOWORK", "off", 1);
    unsetenv("GOFLAGS");
    if (!fetch(dir, args)) return false;
    if (chdir(dir)) {
        fprintf(stderr, "vole: chdir %s: %s\n", dir, go_error(errno));
        return false;
    }
    *args = paths;
    return true;
}
