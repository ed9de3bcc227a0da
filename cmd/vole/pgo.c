// pgo: -pgo: which profile a build is guided by, and how it gets to the compiler.
//
// auto takes default.pgo from the folder of the program's main package, where there is one. GOROOT's
// cmd/preprofile, which vole compiles on first use, makes of a CPU profile the short text that the midend
// reads (midend/profile.h); that is kept in the cache under the profile's hash.
#include "cmd/vole/vole.h"
#include "midend/profile.h"
#include <errno.h>
#include <unistd.h>

static bool is_mode(const char *word) { return !strcmp(options.pgo ? options.pgo : "auto", word); }

static const char *default_of(const Package *p) {
    const char *path = xsprintf("%s/default.pgo", p->dir);
    return !strcmp(p->name, "main") && !access(path, F_OK) ? path : NULL;
}

// Of the package under test, or of the only program. False: of several programs they differ.
static bool find(const Program *prog, const char **path) {
    bool first = true;
    *path = NULL;
    for (vec_each(Package *, r, &prog->roots)) {
        bool tested = options.for_test && !strcmp((*r)->path, options.for_test);
        if (options.for_test ? !tested : !(*r)->is_main) continue;
        const char *own = default_of(*r);
        if (!first && (own || *path) && (!own || !*path || strcmp(own, *path) != 0)) return false;
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

bool pgo_load(const char *path) {
    Str profile, text;
    const char *err;
    if (!read_file(path, &profile)) {
        fprintf(stderr, "vole: open %s: %s\n", path, strerror(errno));
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

bool pgo_prepare(const Program *prog) {
    options.profile = NULL;
    if (is_mode("off") || options.compile_only) return true;
    if (!is_mode("auto"))
        options.profile = path_join(getcwd(NULL, 0), options.pgo);
    else if (!find(prog, &options.profile)) {
        fprintf(stderr, "vole: several programs with different profiles (default.pgo): build them one "
                        "by one, or with -pgo=off\n");
        return false;
    }
    return !options.profile || pgo_load(options.profile);
}
