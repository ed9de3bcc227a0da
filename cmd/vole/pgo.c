// pgo: -pgo: which profile a build is guided by, and how it gets to the compiler.
//
// auto takes default.pgo from the folder of the program's main package, where there is one. GOROOT's
// cmd/preprofile, which vole compiles on first use, makes of a CPU profile the short text that the midend
// reads (midend/profile.h); that is kept in the cache under the profile's hash. Programs with different
// profiles are built one after the other, as if each were asked for alone.
#include "cmd/vole/vole.h"
#include "midend/profile.h"
#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

static bool is_mode(const char *word) { return !strcmp(options.pgo ? options.pgo : "auto", word); }

static const char *default_of(const Package *p) {
    const char *path = xsprintf("%s/default.pgo", p->dir);
    return !strcmp(p->name, "main") && !access(path, F_OK) ? path : NULL;
}

// Is it a program that has a profile of its own? The package under test may be one.
static bool has_own(const Package *r) {
    return options.for_test ? !strcmp(r->path, options.for_test) : r->is_main;
}

static const char *profile_of(const Package *r) { return has_own(r) ? default_of(r) : NULL; }

static bool is_same(const char *a, const char *b) { return a && b ? !strcmp(a, b) : a == b; }

// Of the programs of a build; false: they differ.
static bool find(const Program *prog, const char **path) {
    bool first = true;
    *path = NULL;
    for (vec_each(Package *, r, &prog->roots)) {
        const char *own = profile_of(*r);
        if (!has_own(*r)) continue;
        if (!first && !is_same(own, *path)) return false;
        *path = own;
        first = false;
    }
    return true;
}

static bool preprocess(const char *path, Str profile, Str *text) {
    const char *key =
        xsprintf("preprofile %s %s", compiler_identity, cache_hash(profile.p, profile.len));
    if (!options.rebuild && cache_result(key, text)) return true;
    const char *out = xsprintf("%s/preprofile", temp_dir());
    if (options.print_commands || options.dry_run)
        fprintf(stderr, "vole tool preprofile -o %s -i %s\n", out, path);
    const char *tool = goroot_tool_path("preprofile");
    if (!tool) return false;
    Process p = {0};
    Buf said = {0};
    const char *words[] = {tool, "-o", out, "-i", path};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) vec_push(&p.words, words[i]);
    if (process_read(&p, PROCESS_OUT | PROCESS_ERR, &said) || !read_file(out, text)) {
        fprintf(stderr, "vole: %s", said.len ? buf_str(&said) : "preprofile failed\n");
        return false;
    }
    cache_keep_result(key, *text);
    return true;
}

static bool load(const char *path) {
    Str profile, text;
    const char *err;
    if (!read_file(path, &profile)) {
        fprintf(stderr, "vole: open %s: %s\n", path, go_error(errno));
        return false;
    }
    if (profile_is_preprocessed(profile))
        text = profile;
    else if (!preprocess(path, profile, &text))
        return false;
    if (profile_load(text, &err)) return true;
    fprintf(stderr, "vole: %s: %s\n", path, err);
    return false;
}

bool pgo_prepare(Program *prog) {
    options.profile = NULL;
    if (options.compile_only)
        return !options.tool_profile || !*options.tool_profile || load(options.tool_profile);
    if (is_mode("off")) return true;
    if (!is_mode("auto"))
        options.profile = path_join(current_dir(), options.pgo);
    else if (!find(prog, &options.profile)) {
        prog->profiles_differ = true;
        options.profile = NULL;
    }
    return !options.profile || load(options.profile);
}

// ---- Several programs ----

// The roots with that profile, and what they import.
static int build_group(Program *prog, const char *profile) {
    Program part = *prog;
    PackageVec order = {0};
    const char *err;
    Package *runtime = load_package("runtime", &err);
    part.roots = (PackageVec){0};
    part.outputs = (StrVec){0};
    part.all = (PackageVec){0};
    part.profiles_differ = false;
    if (runtime) vec_push(&order, runtime);
    for (uint32_t i = 0; i < prog->roots.len; i++) {
        if (!is_same(profile_of(prog->roots.data[i]), profile)) continue;
        vec_push(&part.roots, prog->roots.data[i]);
        vec_push(&order, prog->roots.data[i]);
        vec_push(&part.outputs, i < prog->outputs.len ? prog->outputs.data[i] : NULL);
    }
    load_dependency_order(order.data, order.len, &part.all);
    options.profile = profile;
    if (profile && !load(profile)) return 1;
    return program_build(&part);
}

// Each profile's in a process of its own, for a package has one object there.
int pgo_build_apart(Program *prog) {
    Vec(const char *) done = {0};
    int status = 0;
    for (vec_each(Package *, r, &prog->roots)) {
        const char *profile = profile_of(*r);
        bool again = false;
        for (vec_each(const char *, d, &done)) again |= is_same(*d, profile);
        if (again) continue;
        vec_push(&done, profile);
        fflush(NULL);
        pid_t pid = fork();
        if (pid == 0) {
            int code = build_group(prog, profile);
            fflush(NULL);
            _exit(code);
        }
        int ws = 0;
        while (pid > 0 && waitpid(pid, &ws, 0) < 0 && errno == EINTR) {}
        int code = pid > 0 && WIFEXITED(ws) ? WEXITSTATUS(ws) : 2;
        if (code > status) status = code;
    }
    return status;
}
