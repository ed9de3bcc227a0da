// tool_goroot: GOROOT's own tools (cmd/asm, cmd/cgo, cmd/vet …) and those that go.mod's tool lines
// name, compiled by vole on first use.
//
// A tool's name comes in; the path of its executable goes out. That lies in the cache under a key
// of all that it is made of, so that it is built again when vole, its runtime or a source that the
// tool needs changes, and not else. Building one takes a process of its own, `vole tool -n cmd/NAME`,
// since who asks for a tool may be in the middle of a build with other settings: a tool is for this
// machine, whatever the program at hand is for, and no flag or module of the user's bears on one of
// GOROOT's.
#define _GNU_SOURCE 1
#include "cmd/vole/vole.h"
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
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

// The program into the cache as path; false after a message.
static bool build_as(Program *prog, const char *name, const char *path) {
    if (!cache_stage(0)) {
        fprintf(stderr,
                "vole: tool %s is built into the build cache, which cannot be written: %s\n", name,
                strerror(errno));
        return false;
    }
    const char *made = xsprintf("%s.%d", path, (int)getpid());
    vec_push(&prog->outputs, made);
    if (!program_check(prog) || program_build(prog)) return false;
    if (cache_publish_executable(path, made)) return true;
    fprintf(stderr, "vole: writing %s: %s\n", path, strerror(errno));
    unlink(made);
    return false;
}

// command: the words behind `vole tool` where modules may have to be fetched, or NULL.
static bool load(Program *prog, const StrVec *command) {
    if (!command) return program_load(prog, true);
    return fetch_begin() &&
           fetch_end(program_load(prog, true), "tool", (int)command->len, (char **)command->data);
}

// The program, finished and in the cache; NULL after a message.
static const char *build(const char *package, const char *name, const StrVec *command) {
    char *words[] = {xstrdup("tool"), xstrdup(package)};
    Program prog = {0};
    options.goarch = TARGET_HOST;
    load_config.no_assembler = !strcmp(package, "cmd/asm");
    if (!flags_parse(SUB_BUILD, 1, words + 1)) return NULL;
    if (uptodate_check(2, words)) return uptodate_output();
    if (!load(&prog, command) || !cache_open()) return NULL;
    cache_program_keys(&prog);
    const char *path = cache_executable(prog.roots.data[0], name);
    if (!cache_has_executable(path) && !build_as(&prog, name, path)) return NULL;
    prog.outputs.len = 0;
    vec_push(&prog.outputs, path);
    uptodate_keep(&prog);
    return path;
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
    const char *path = build(xsprintf("cmd/%s", name), name, NULL);
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

bool goroot_has_tool(const char *name) {
    const char *err, *goroot = install_goroot(&err);
    return goroot && is_tool(goroot, name);
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

// ---- Of the module at hand ----

// Import paths in order; false after a message.
static bool module_tools(StrVec *out) {
    const char *goroot = find_goroot();
    PathVec tools = {0};
    if (!goroot || !flags_parse(SUB_BUILD, 0, NULL)) return false;
    load_config.goroot = goroot;
    if (!program_setup_modules()) return false;
    load_tools(&tools);
    for (vec_each(const char *, t, &tools)) vec_push(out, *t);
    return true;
}

// The package that name means, by its path or its program's name: NULL after a message, "" if there
// is none.
static const char *module_tool(const char *name) {
    StrVec tools = {0}, found = {0};
    if (!module_tools(&tools)) return NULL;
    for (vec_each(const char *, t, &tools))
        if (!strcmp(*t, name) || !strcmp(output_program_name(*t), name)) vec_push(&found, *t);
    if (found.len < 2) return found.len ? found.data[0] : "";
    fprintf(stderr, "vole: tool \"%s\" is ambiguous; choose one of:\n\t", name);
    for (vec_each(const char *, t, &found)) fprintf(stderr, "%s\n\t", *t);
    fputs("\n", stderr);
    return NULL;
}

void module_tools_print(const StrVec *others) {
    StrVec tools = {0}, names = {0};
    module_tools(&tools);
    for (vec_each(const char *, t, &tools)) vec_push(&names, output_program_name(*t));
    for (uint32_t i = 0; i < tools.len; i++) {
        bool alone = true;
        for (uint32_t k = 0; k < names.len; k++)
            alone &= k == i || strcmp(names.data[k], names.data[i]) != 0;
        for (vec_each(const char *, o, others)) alone &= strcmp(*o, names.data[i]) != 0;
        if (alone)
            printf("%s (%s)\n", names.data[i], tools.data[i]);
        else
            puts(tools.data[i]);
    }
}

// As go runs it: in a process of its own, whose end by a signal is told.
static int run_child(const char *path, const char *name, int argc, char **argv) {
    Process p = {.original_env = true};
    vec_push(&p.words, path);
    for (int i = 0; i < argc; i++) vec_push(&p.words, argv[i]);
    pid_t pid = process_start(&p);
    int ws = 1 << 8;
    signal(SIGINT, SIG_IGN); // a terminal's are the tool's as well
    signal(SIGQUIT, SIG_IGN);
    while (pid > 0 && waitpid(pid, &ws, 0) < 0 && errno == EINTR) {}
    if (WIFEXITED(ws)) return WEXITSTATUS(ws);
    fprintf(stderr, "vole tool %s: signal: %s\n", name, go_signal(WTERMSIG(ws)));
    return 1;
}

int module_tool_run(const char *name, bool print, const StrVec *command, int argc, char **argv) {
    unsetenv("GOOS");
    unsetenv("GOARCH");
    const char *package = module_tool(name);
    if (!package) return 1;
    if (!*package) {
        fprintf(stderr, "vole: no such tool \"%s\"\n", name);
        return 2;
    }
    const char *program = output_program_name(package), *path = build(package, program, command);
    if (!path) return 1;
    return print ? puts(path) < 0 : run_child(path, name, argc, argv);
}
