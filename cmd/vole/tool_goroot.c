// tool_goroot: GOROOT's own tools (cmd/asm, cmd/cgo, cmd/vet …), compiled by vole on first use.
//
// A tool's name comes in; the path of its executable goes out. That lies in the cache under a key
// of all that it is made of, so that it is built again when vole, its runtime or a source that the
// tool needs changes, and not else. Building one takes a process of its own, `vole tool -n cmd/NAME`,
// since who asks for a tool may be in the middle of a build with other settings: a tool is for this
// machine, whatever the program at hand is for, and no flag or module of the user's bears on it.
#define _GNU_SOURCE 1
#include "cmd/vole/vole.h"
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

// What decides how programs are built, which for tools is decided here.
static const char *const unwanted[] = {"GOFLAGS",      "GOARCH",      "GOOS",
                                       "GOAMD64",      "GOARM64",     "GOWORK",
                                       "GOEXPERIMENT", "GO111MODULE", "GODEBUG"};

static const char *find_goroot(void) {
    const char *err = NULL;
    const char *goroot = install_goroot(&err);
    if (!goroot) fprintf(stderr, "vole: %s\n", err);
    return goroot;
}

// ---- Which there are ----

// Is one of the folder's files, whose head is enough to tell, of package main?
static bool holds_program(const char *dir) {
    DIR *d = opendir(dir);
    if (!d) return false;
    bool found = false;
    for (struct dirent *e; !found && (e = readdir(d));) {
        Str text;
        if (!ends_with(e->d_name, ".go") || ends_with(e->d_name, "_test.go") ||
            !read_file(xsprintf("%s/%s", dir, e->d_name), &text))
            continue;
        found = starts_with(text.p, "package main\n") || strstr(text.p, "\npackage main\n");
    }
    closedir(d);
    return found;
}

// distpack packs releases of GOROOT; compile is ours.
static bool is_tool(const char *goroot, const char *name) {
    if (!name[0] || name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789")]) return false;
    return strcmp(name, "distpack") && holds_program(xsprintf("%s/src/cmd/%s", goroot, name));
}

void goroot_tools(StrVec *out) {
    const char *err, *goroot = install_goroot(&err);
    DIR *d = goroot ? opendir(xsprintf("%s/src/cmd", goroot)) : NULL;
    if (!d) return;
    for (struct dirent *e; (e = readdir(d));)
        if (strcmp(e->d_name, "compile") && is_tool(goroot, e->d_name))
            vec_push(out, xstrdup(e->d_name));
    closedir(d);
}

// ---- Building ----

// The program, finished and in the cache; NULL after a message.
static const char *build(const char *name) {
    char *package = xsprintf("cmd/%s", name);
    Program prog = {0};
    options.goarch = TARGET_HOST;
    load_config.no_assembler = !strcmp(name, "asm");
    if (!flags_parse(SUB_BUILD, 1, &package) || !program_load(&prog, true) || !cache_open())
        return NULL;
    cache_program_keys(&prog);
    const char *path = cache_executable(prog.roots.data[0], name);
    if (cache_has_executable(path)) return path;
    if (!cache_stage(0)) {
        fprintf(stderr,
                "vole: tool %s is built into the build cache, which cannot be written: %s\n", name,
                strerror(errno));
        return NULL;
    }
    const char *made = xsprintf("%s.%d", path, (int)getpid());
    vec_push(&prog.outputs, made);
    if (!program_check(&prog) || program_build(&prog)) return NULL;
    if (cache_publish_executable(path, made)) return path;
    fprintf(stderr, "vole: writing %s: %s\n", path, strerror(errno));
    unlink(made);
    return NULL;
}

// At the root folder, which no module holds: a go.mod where the user is has no say.
int goroot_tool_print(const char *name) {
    const char *goroot = find_goroot();
    if (!goroot) return 1;
    if (!is_tool(goroot, name)) {
        fprintf(stderr, "vole: no such tool \"%s\"\n", name);
        return 2;
    }
    for (size_t i = 0; i < sizeof unwanted / sizeof *unwanted; i++) unsetenv(unwanted[i]);
    const char *tmp = getenv("TMPDIR"), *here = getcwd(NULL, 0);
    if (tmp && *tmp && *tmp != '/') setenv("TMPDIR", xsprintf("%s/%s", here, tmp), 1);
    setenv("GOROOT", goroot, 1);
    setenv("CGO_ENABLED", "0", 1); // cgo is one of them
    if (chdir("/")) return 1;
    const char *path = build(name);
    if (path) puts(path);
    return path ? 0 : 1;
}

// ---- Using ----

// Another vole builds it, since a process compiles one program; it prints where that is.
const char *goroot_tool_path(const char *name) {
    Process p = {0};
    Buf text = {0};
    const char *words[] = {"/proc/self/exe", "tool", "-n", xsprintf("cmd/%s", name)};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) vec_push(&p.words, words[i]);
    if (cache_given_up()) vec_push(&p.env, xsprintf("VOLECACHE=%s/cache", temp_dir()));
    if (process_read(&p, PROCESS_OUT, &text) || !text.len) return NULL;
    return xstrndup(text.p, text.len - 1);
}

// In our place: its exit status, and what a signal does to it, are ours.
int goroot_tool_exec(const char *path, const char *name, int argc, char **argv) {
    StrVec words = {0};
    vec_push(&words, name);
    for (int i = 0; i < argc; i++) vec_push(&words, argv[i]);
    vec_push(&words, NULL);
    temp_cleanup();
    fflush(NULL);
    signal(SIGXFSZ, SIG_DFL);
    execv(path, (char *const *)words.data);
    fprintf(stderr, "vole: cannot run %s: %s\n", path, strerror(errno));
    return 2;
}

int goroot_tool_run(const char *name, int argc, char **argv) {
    const char *path = goroot_tool_path(name);
    if (!path) return 2;
    env_restore();
    const char *goroot = find_goroot();
    if (goroot) setenv("GOROOT", goroot, 1); // dist asks
    if (!strcmp(name, "cover")) {            // asks go where packages are
        const char *now = getenv("PATH");
        setenv("PATH", xsprintf("%s/bin:%s", install_tools(), now ? now : "/usr/bin:/bin"), 1);
    }
    return goroot_tool_exec(path, name, argc, argv);
}
