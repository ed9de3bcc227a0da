// cover: -cover. GOROOT's cmd/cover, compiled by vole, rewrites the sources of the packages that
// are covered, in a loaded program that is not checked yet: counters in each block, and a file with
// the counters' variables and what describes them. That file gets what gc's compiler adds to it:
// the call that registers the package, before any other initialisation, and in main the hook that
// writes the counters when the program ends. The counters lie in a section of their own
// (backend/llvm_data.c), which the program's own packages of GOROOT read (runtime/coverage.c).
#define _GNU_SOURCE 1
#include "cmd/vole/cover.h"
#include "frontend/fsys.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// ---- Which packages ----

// Does a name match a pattern of go's, where "..." is for any text? "x/..." matches "x", too.
static bool matches(const char *pattern, const char *name) {
    const char *dots = strstr(pattern, "...");
    if (!dots) return !strcmp(pattern, name);
    size_t n = (size_t)(dots - pattern);
    if (!strcmp(dots, "...") && n && dots[-1] == '/' && strlen(name) == n - 1 &&
        !strncmp(pattern, name, n - 1))
        return true;
    if (strncmp(pattern, name, n) != 0) return false;
    for (name += n;; name++) {
        if (matches(dots + 3, name)) return true;
        if (!*name) return false;
    }
}

static bool is_relative(const char *s) {
    return !strcmp(s, ".") || !strcmp(s, "..") || starts_with(s, "./") || starts_with(s, "../");
}

// Is p among those that a pattern of -coverpkg names? As go's load.MatchPackage.
static bool names_package(const char *pattern, const Package *p) {
    if (is_relative(pattern)) {
        const char *dots = strstr(pattern, "...");
        if (!dots) return !strcmp(path_join(load_config.work_dir, pattern), p->dir);
        const char *slash = dots;
        while (*slash != '/') slash--;
        const char *dir =
            path_join(load_config.work_dir, xstrndup(pattern, (size_t)(slash - pattern)));
        if (!has_path_prefix(p->dir, dir)) return false;
        const char *rest = p->dir + strlen(dir);
        return matches(slash + 1, *rest ? rest + 1 : ".");
    }
    if (!strcmp(pattern, "all")) return true;
    if (!strcmp(pattern, "std")) return p->in_goroot;
    if (!strcmp(pattern, "cmd")) return p->in_goroot && starts_with(p->path, "cmd/");
    return matches(pattern, p->is_main ? program_heading(p) : p->path);
}

static bool in_main_module(const Package *p) {
    LoadModule m;
    return load_module_of(p, &m) && m.main;
}

// Without -coverpkg a test's own package, of programs those of the main module and the command line.
static bool is_covered(const Program *prog, const Package *p, bool *matched) {
    bool found = false;
    if (p->files.len == p->test_files || p->tests || p == package_unsafe) return false;
    if (options.for_test && p->is_main) return false; // what runs the tests
    for (uint32_t i = 0; i < options.cover.packages.len; i++) {
        if (!names_package(options.cover.packages.data[i], p)) continue;
        found = matched[i] = true;
    }
    if (!options.cover.packages.len)
        found = options.for_test ? !strcmp(p->path, options.for_test)
                                 : program_is_root(prog, p) || in_main_module(p);
    bool atomics = !strcmp(p->path, "sync/atomic") || !strcmp(p->path, "internal/runtime/atomic");
    return found && !(atomics && !strcmp(cover_mode(), "atomic"));
}

PackageVec cover_select(const Program *prog, StrVec *unmatched) {
    bool *matched = NEW_ARRAY(bool, options.cover.packages.len + 1);
    PackageVec found = {0};
    for (vec_each(Package *, p, &prog->all))
        if (is_covered(prog, *p, matched)) vec_push(&found, *p);
    for (uint32_t i = 0; unmatched && i < options.cover.packages.len; i++)
        if (!matched[i]) vec_push(unmatched, options.cover.packages.data[i]);
    return found;
}

const char *cover_mode(void) {
    const char *mode = options.cover.mode;
    return mode && *mode ? mode : options.race ? "atomic" : "set";
}

// ---- The tool ----

static bool write_text(const char *path, const char *text) {
    FILE *f = fopen(path, "we");
    bool ok = f && fputs(text, f) >= 0;
    if (f && fclose(f)) ok = false;
    if (!ok) fprintf(stderr, "vole: writing %s: %s\n", path, strerror(errno));
    return ok;
}

bool cover_run_tool(StrVec *words, Buf *out, const char *of) {
    static PtrMap paths;
    Name name = intern_c(words->data[0]);
    const char *path = ptrmap_get(&paths, name);
    if (!path && !(path = goroot_tool_path(name))) return false;
    ptrmap_put(&paths, name, (void *)path);
    Process p = {.words = *words, .tool_of = of};
    p.words.data[0] = path;
    return !(out ? process_read(&p, PROCESS_OUT, out) : process_run(&p));
}

static const char *import_path(const Package *p) {
    return p->is_main ? program_heading(p) : p->path;
}

// cmd/cover's -pkgcfg.
static const char *package_config(const Package *p, const char *config, const char *meta) {
    Buf b = {0};
    LoadModule m;
    buf_puts(&b, "{\"OutConfig\":");
    json_string(&b, config);
    buf_puts(&b, ",\"PkgPath\":");
    json_string(&b, import_path(p));
    buf_puts(&b, ",\"PkgName\":");
    json_string(&b, p->name);
    buf_puts(&b, ",\"Granularity\":\"perblock\",\"ModulePath\":");
    json_string(&b, load_module_of(p, &m) ? m.path : "");
    buf_printf(&b, ",\"Local\":%s,\"EmitMetaFile\":",
               strcmp(import_path(p), "command-line-arguments") ? "false" : "true");
    json_string(&b, meta ? meta : "");
    buf_puts(&b, "}\n");
    return buf_str(&b);
}

// Ids of packages whose code runs before they are initialised: their place in the list of GOROOT's
// internal/coverage/pkid.go, counted down from -2; -1 for all others.
static int fixed_id(const char *path) {
    static Str text;
    const char *file = xsprintf("%s/src/internal/coverage/pkid.go", load_config.goroot);
    if (!text.p && !read_file(file, &text)) text.p = "";
    const char *at = strstr(text.p, "var rtPkgs ");
    const char *found = at ? strstr(at, xsprintf("\n\t\"%s\",", path)) : NULL;
    int id = -2;
    if (!found) return -1;
    for (at = strstr(at, "\n\t\""); at != found; at = strstr(at + 1, "\n\t\"")) id--;
    return id;
}

static const char *json_value(const char *text, const char *key) {
    const char *at = strstr(text, xsprintf("\"%s\":", key));
    return at ? at + strlen(key) + 3 + (at[strlen(key) + 3] == '"') : "";
}

// The file of variables with what registers the package added: its first variable's value, since
// functions count as soon as the others' values are computed.
static Str registered(const Package *p, Str vars, const char *config, const char *var) {
    static const char *const modes[] = {"set", "count", "atomic"};
    int mode = 1, id = fixed_id(import_path(p));
    while (mode < 3 && strcmp(modes[mode - 1], cover_mode()) != 0) mode++;
    const char *line = xsprintf("\nvar %sP uint32\n", var), *at = strstr(vars.p, line),
               *hash = json_value(config, "MetaHash");
    const char *package = xsprintf("\npackage %s\n", p->name);
    Buf b = {0};
    bool own = !strcmp(p->path, "internal/coverage/rtcov");
    buf_printf(&b, "package %s\n\nimport \"unsafe\"\n\n", p->name);
    const char *add = own ? "AddMeta" : xsprintf("%sR", var);
    if (!own)
        buf_printf(&b,
                   "//go:linkname %s internal/coverage/rtcov.AddMeta\n"
                   "func %s(p unsafe.Pointer, n uint32, hash [16]byte, path string, id int, mode, "
                   "granularity uint8) uint32\n\n",
                   add, add);
    if (id != -1) buf_puts(&b, line + 1);
    buf_printf(&b, "var %s = %s(unsafe.Pointer(&%sM), %d, [16]byte{",
               id == -1 ? xsprintf("%sP", var) : "_", add, var,
               atoi(json_value(config, "MetaLen")));
    for (int i = 0; i < 32; i += 2) buf_printf(&b, "0x%.2s,", hash + i);
    buf_printf(&b, "}, \"%s\", %d, %d, 1)\n", p->is_main ? "main" : p->path, id, mode);
    if (p->is_main)
        buf_printf(&b,
                   "\n//go:linkname %sH internal/coverage/cfile.InitHook\n"
                   "func %sH(test bool)\n\nfunc init() { %sH(false) }\n",
                   var, var, var);
    if (!at || !starts_with(vars.p, package)) ice("cover: variables of another form");
    buf_puts(&b, at + strlen(line));
    return (Str){buf_str(&b), b.len};
}

// Rewrites a package; what describes it is written to the file meta, unless that is NULL.
static bool cover_package(Package *p, const char *meta) {
    static int number;
    const char *dir = xsprintf("%s/cover%d", temp_dir(), number++),
               *config = xsprintf("%s/pkgcfg.txt", dir), *list = xsprintf("%s/outfiles.txt", dir),
               *made = xsprintf("%s/coveragecfg", dir), *vars = xsprintf("%s/covervars.go", dir);
    const char *var = xsprintf("goCover_%012llx_",
                               (unsigned long long)hash_bytes(p->path, strlen(p->path), 0) >> 16);
    uint32_t n = p->files.len - p->test_files;
    Buf names = {0};
    StrVec words = {0};
    const char *args[] = {"cover", "-pkgcfg", config,         "-mode", cover_mode(),
                          "-var",  var,       "-outfilelist", list};
    for (size_t i = 0; i < sizeof args / sizeof *args; i++) vec_push(&words, args[i]);
    buf_printf(&names, "%s\n", vars);
    for (uint32_t i = 0; i < n; i++) {
        buf_printf(&names, "%s/%u.go\n", dir, i);
        vec_push(&words, fsys_actual(p->files.data[i]->src->path));
    }
    if (!make_dirs(dir, 0777) || !write_text(config, package_config(p, made, meta)) ||
        !write_text(list, buf_str(&names)) || !cover_run_tool(&words, NULL, program_heading(p)))
        return false;
    Str first, settings, *texts = NEW_ARRAY(Str, n);
    bool ok = read_file(vars, &first) && read_file(made, &settings);
    for (uint32_t i = 0; ok && i < n; i++) ok = read_file(xsprintf("%s/%u.go", dir, i), &texts[i]);
    if (!ok) {
        fprintf(stderr, "vole: reading what cover wrote: %s\n", strerror(errno));
        return false;
    }
    p->counters = xsprintf("%s_", var);
    load_rewrite(p, xsprintf("%s/covervars.go", p->dir), registered(p, first, settings.p, var),
                 texts);
    return true;
}

const char *cover_untested_dir(void) {
    const char *dir = xsprintf("%s/untested", temp_dir());
    if (!make_dirs(dir, 0777)) ice("mkdir %s: %s", dir, strerror(errno));
    return dir;
}

const char *cover_describe(Package *p, const char *dir) {
    const char *file = xsprintf("%s/covmeta.%016llx", dir,
                                (unsigned long long)hash_bytes(p->path, strlen(p->path), 0));
    return cover_package(p, file) ? file : NULL;
}

// A program that is not covered itself writes nothing, but what it has of covered packages needs
// where they register.
static bool import_coverage(Package *main) {
    const char *err;
    Package *c = load_package("runtime/coverage", &err);
    if (!c || c->fake) {
        fprintf(stderr, "%s\n", err);
        return false;
    }
    for (vec_each(Package *, i, &main->imports))
        if (*i == c) return true;
    vec_push(&main->imports, c);
    return true;
}

static bool import_into_programs(const Program *prog) {
    for (vec_each(Package *, p, &prog->roots))
        if ((*p)->is_main && !options.for_test && !import_coverage(*p)) return false;
    return true;
}

bool cover_program(Program *prog, const PackageVec *roots) {
    StrVec unmatched = {0};
    if (!import_into_programs(prog)) return false; // what it needs may be covered, too
    prog->all.len = 0;
    load_dependency_order(roots->data, roots->len, &prog->all);
    PackageVec covered = cover_select(prog, &unmatched);
    bool runs = false;
    for (vec_each(Package *, p, &prog->roots)) runs |= (*p)->is_main;
    for (vec_each(Package *, p, &covered)) {
        bool untested = options.for_test && !runs && program_is_root(prog, *p);
        if (untested ? !cover_describe(*p, cover_untested_dir()) : !cover_package(*p, NULL))
            return false;
    }
    if (!import_into_programs(prog)) return false;
    prog->all.len = 0;
    load_dependency_order(roots->data, roots->len, &prog->all);
    for (vec_each(const char *, pattern, &unmatched)) // of tests all of them together count
        if (!options.for_test)
            fprintf(stderr, "warning: no packages being built depend on matches for pattern %s\n",
                    *pattern);
    return true;
}
