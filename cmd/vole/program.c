// program: what is to be built, loaded and checked: from arguments to packages in the order of
// their dependencies, and what is said of them. build.c compiles and links it.
#include "cmd/vole/cover.h"
#include "frontend/fsys.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

// ---- What is said ----

static void event(const char *package, const char *action, const char *text, size_t n) {
    Buf b = {0};
    buf_puts(&b, "{\"ImportPath\":");
    json_string(&b, package);
    buf_printf(&b, ",\"Action\":\"%s\"", action);
    if (n) {
        buf_puts(&b, ",\"Output\":");
        json_text(&b, text, n);
    }
    buf_puts(&b, "}\n");
    fwrite(b.p, 1, b.len, stdout);
}

void program_say(const char *package, const char *text, size_t n) {
    if (!options.json) {
        fwrite(text, 1, n, stderr);
        return;
    }
    for (const char *end = text + n; text < end;) {
        const char *nl = memchr(text, '\n', (size_t)(end - text));
        size_t len = nl ? (size_t)(nl + 1 - text) : (size_t)(end - text);
        event(package, "build-output", text, len);
        text += len;
    }
}

const char *program_failure;
void program_failed(const char *package) {
    program_failure = package;
    if (options.json) event(package, "build-fail", NULL, 0);
}

// ---- Where vole's files are ----

static const char *exe_dir(void) {
    static char dir[4096];
    if (dir[0]) return dir;
    ssize_t n = readlink("/proc/self/exe", dir, sizeof dir - 1);
    if (n <= 0) return ".";
    dir[n] = 0;
    *strrchr(dir, '/') = 0;
    return dir;
}
const char *install_runtime(const char *goarch) {
    return xsprintf("%s/../lib/vole/%s", exe_dir(), goarch);
}
const char *install_overlay(void) { return xsprintf("%s/../lib/vole/overlay", exe_dir()); }
const char *install_tools(void) {
    return path_join("/", xsprintf("%s/../lib/vole/tools", exe_dir()));
}

// What a link beside the binary stands for, or the folder itself.
static const char *folder_beside(const char *name) {
    char to[4096];
    const char *path = path_join("/", xsprintf("%s/../lib/vole/%s", exe_dir(), name));
    ssize_t n = readlink(path, to, sizeof to - 1);
    if (n > 0 && to[0] == '/') return xstrndup(to, (size_t)n);
    return path;
}

// Where lib/vole/setup unpacks Go's source.
static const char *setup_goroot(void) {
    const char *own = folder_beside("goroot"), *data = getenv("XDG_DATA_HOME"),
               *home = getenv("HOME");
    if (!access(own, F_OK)) return own;
    if (data && *data) return xsprintf("%s/vole/goroot", data);
    return xsprintf("%s/.local/share/vole/goroot", home ? home : "");
}

const char *install_goroot(const char **err) {
    const char *goroot = load_find_goroot(setup_goroot(), err);
    if (!goroot) *err = xsprintf("%s, or run %s, which fetches it", *err, folder_beside("setup"));
    return goroot;
}

const char *install_sysroot(const char *goarch) {
    const char *dir = folder_beside(xsprintf("sysroot-%s", goarch));
    return access(dir, F_OK) ? NULL : dir;
}

// What stands above a package's diagnostics.
const char *program_heading(const Package *p) {
    const char *t = options.for_test;
    if (t && (!strcmp(p->path, t) ? p->test_files != 0 : !strcmp(p->path, xsprintf("%s_test", t))))
        return xsprintf("%s [%s.test]", p->path, t);
    bool files = options.args.len && ends_with(options.args.data[0], ".go");
    return files && p->is_main ? "command-line-arguments" : p->path;
}

const char *program_id(const Package *p) {
    return options.for_test && p->is_main ? xsprintf("%s.test", options.for_test)
                                          : program_heading(p);
}

// Diagnostics under a heading, or NULL. p: whose they are, or NULL.
int program_report(const Package *p, const char *heading) {
    // What the loader says has no position of its own; go list stops there, and nothing is
    // compiled.
    uint32_t kept = 0, listed = 0;
    for (vec_each(Diagnostic, d, &diagnostics.list)) listed += !d->pos && !d->generated;
    for (uint32_t i = 0; listed && i < diagnostics.list.len; i++)
        if (!diagnostics.list.data[i].pos) diagnostics.list.data[kept++] = diagnostics.list.data[i];
    if (listed) {
        diagnostics.list.len = kept;
        heading = NULL;
    }
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);
    if (heading) fprintf(out, "# %s\n", heading);
    diagnostics_print(out, options.all_errors ? 0 : 10);
    if (p && p->left_out && !listed) fprintf(out, "%s\n", p->left_out);
    fclose(out);
    if (p && p->objects.len) text = cgo_words(p, text, &n);
    program_say(p ? program_heading(p) : "", text, n);
    program_failed(p ? program_heading(p) : "");
    return 1;
}

// importcfg lines `packagesource path=file,file`: packages that exist only for this build (local
// imports of Go's test folders).
static bool read_importcfg(const char *path) {
    Str s;
    if (!read_file(path, &s)) {
        fprintf(stderr, "vole: open %s: %s\n", path, strerror(errno));
        return false;
    }
    for (const char *p = s.p; *p;) {
        size_t n = strcspn(p, "\n");
        char *line = xstrndup(p, n);
        p += n + (p[n] == '\n');
        char *eq = strchr(line, '=');
        if (!starts_with(line, "packagesource ") || !eq) continue;
        *eq = 0;
        const char *name = line + strlen("packagesource ");
        StrVec files = {0};
        for (char *f = strtok(eq + 1, ","); f; f = strtok(NULL, ",")) vec_push(&files, xstrdup(f));
        Package *pkg = load_files(files.data, files.len, name);
        if (!pkg) continue;
        pkg->incomplete = !options.complete;
        ptrmap_put(&load_config.extra, intern_c(name), pkg);
        const char *prefix = options.local_prefix;
        if (prefix && has_path_prefix(name, prefix) && name[strlen(prefix)])
            ptrmap_put(&load_config.extra, intern_c(xsprintf("./%s", name + strlen(prefix) + 1)),
                       pkg);
    }
    return true;
}

static bool file_exists(const char *path) {
    struct stat st;
    return fsys_stat(path_join(load_config.work_dir, path), &st);
}

static bool set_modfile(void) {
    const char *file = options.modfile;
    if (!ends_with(file, ".mod"))
        fprintf(stderr, "vole: -modfile=%s: file does not have .mod extension\n", file);
    else if (!file_exists(file))
        fprintf(stderr, "vole: open %s: %s\n", file, go_error(errno));
    else
        load_config.modfile = path_join(load_config.work_dir, file);
    return load_config.modfile != NULL;
}

bool program_setup_modules(void) {
    load_config.work_dir = current_dir();
    load_config.mod = options.mod;
    return !options.modfile || !*options.modfile || set_modfile();
}

// Settings of the loader that the flags and the environment decide, before anything is loaded.
bool program_setup(void) {
    const char *err = NULL;
    universe_init();
    load_config.goroot = install_goroot(&err);
    if (!load_config.goroot) {
        fprintf(stderr, "vole: %s\n", err);
        return false;
    }
    load_config.overlay = install_overlay();
    load_config.goarch = options.goarch;
    midend_options.arm64 = !strcmp(options.goarch, "arm64");
    load_config.std = options.std;
    load_config.importcfg = options.importcfg != NULL;
    load_config.no_embed = options.files_only;
    if (!program_setup_modules()) return false;
    for (vec_each(const char *, t, &options.tags)) vec_push(&load_config.tags, *t);
    if (cgo_enabled()) {
        load_config.cgo = cgo_package;
        load_config.cgo_resolvers = cgo_asked_for();
    }
    target_tags();
    if (options.race) vec_push(&load_config.tags, "race");
    const char *experiments = getenv("GOEXPERIMENT");
    if (!load_experiments(experiments ? experiments : "", &err)) {
        fprintf(stderr, "vole: %s\n", err);
        exit(2); // as for flags that there are not
    }
    if (!options.compile_only && (err = load_module_error())) {
        fprintf(stderr, "%s\n", err);
        return false;
    }
    return !options.importcfg || read_importcfg(options.importcfg);
}

// Is one of the arguments a Go file that there is? vole run has them sorted by then.
static bool names_files(bool run) {
    bool any = options.args.len && options.files_only;
    for (vec_each(const char *, a, &options.args))
        any |= ends_with(*a, ".go") && (run || file_exists(*a));
    return any;
}

static bool has_errors(void) {
    return diagnostics.list.len > diagnostics.lexical_errors || diagnostics.syntax_errors;
}

static const char *folder_of(const char *file) {
    const char *slash = strrchr(file, '/');
    const char *dir = slash ? xstrndup(file, (size_t)(slash - file)) : ".";
    return starts_with(dir, "./") ? dir + 2 : dir;
}

// However each is written.
static bool same_folder(const char *a, const char *b) {
    const char *here = load_config.work_dir;
    return !strcmp(path_join(here, a), path_join(here, b));
}

// What go says of files that cannot be one package, before it reads them.
static bool check_files(bool run) {
    const char *first = NULL, *why = NULL;
    for (vec_each(const char *, a, &options.args)) {
        if (!ends_with(*a, ".go"))
            why = xsprintf("named files must be .go files: %s", *a);
        else if (run && ends_with(*a, "_test.go"))
            why = xsprintf("vole: cannot run *_test.go files (%s)", *a);
        else if (!file_exists(*a))
            why = xsprintf("stat %s: %s", *a, go_error(errno));
        else if (first && !same_folder(first, folder_of(*a)))
            why = xsprintf("named files must all be in one directory; have %s and %s", first,
                           folder_of(*a));
        if (why) break;
        if (!first) first = folder_of(*a);
    }
    if (why) fprintf(stderr, "%s\n", why);
    return !why;
}

// vole run's pattern may mean more than one package: programs alone count.
static bool keep_one_program(Program *prog) {
    const char *pattern = options.args.data[0];
    if (!strstr(pattern, "...")) return true;
    uint32_t before = prog->roots.len, n = 0;
    for (vec_each(Package *, p, &prog->roots))
        if ((*p)->is_main) prog->roots.data[n++] = *p;
    prog->roots.len = n;
    if (n == 1) return true;
    if (!n && before)
        fprintf(stderr, "vole: warning: \"%s\" matched only non-main packages\n", pattern);
    if (!n) fprintf(stderr, "vole: no packages loaded from %s\n", pattern);
    if (n) fprintf(stderr, "vole: pattern %s matches multiple packages:\n", pattern);
    for (vec_each(Package *, p, &prog->roots)) fprintf(stderr, "\t%s\n", (*p)->path);
    return false;
}

// Files given by name make up one package, all else are patterns. What go list would complain of
// ends it here.
bool program_load(Program *prog, bool need_main) {
    const char *err = NULL;
    if (!program_setup()) return false;
    if (names_files(need_main && ends_with(options.args.data[0], ".go"))) {
        if (!options.files_only && !check_files(need_main)) return false;
        Package *p =
            load_files(options.args.data, options.args.len,
                       options.import_path ? options.import_path : "command-line-arguments");
        if (p) {
            // As go tool compile without -complete; who names the packages to import by a file
            // stands in for go build.
            p->incomplete = (options.compile_only || options.importcfg) && !options.complete;
            p->std = options.std;
            vec_push(&prog->roots, p);
        }
    } else {
        static const char *here = ".";
        const char **pats = options.args.len ? options.args.data : &here;
        if (!load_patterns(pats, options.args.len ? options.args.len : 1, &prog->roots, &err) &&
            err && !load_refused) {
            fprintf(stderr, "%s\n", err);
            return false;
        }
    }
    if (load_refused) {
        fprintf(stderr, "%s\n", load_refused);
        return false;
    }
    if (program_failure) return false; // cgo's, which is told
    if (has_errors()) {
        const Package *whose = prog->roots.len ? prog->roots.data[0] : NULL;
        program_report(whose, whose && diagnostics.syntax_errors && !options.compile_only
                                  ? program_heading(whose)
                                  : NULL);
        return false;
    }
    if (!prog->roots.len && !need_main) exit(0); // nothing matched: a warning said so
    if (need_main && !keep_one_program(prog)) return false;
    if (!prog->roots.len) return false;
    if (need_main && !prog->roots.data[0]->is_main) {
        fprintf(stderr, "package %s is not a main package\n", prog->roots.data[0]->path);
        return false;
    }
    return program_order(prog);
}

bool program_opens_plugins(const PackageVec *all) {
    for (vec_each(Package *, p, all))
        if (!strcmp((*p)->path, "plugin") && (*p)->in_goroot) return true;
    return false;
}

// gc's words for it: what its symbols begin with, and what it is known by to those who open it.
static const char *plugin_path(const Package *p) {
    bool files = !strcmp(p->path, "main") || !strcmp(p->path, "command-line-arguments");
    if (!files) return p->path;
    Buf b = {0};
    for (vec_each(File *, f, &p->files)) {
        buf_printf(&b, "%s\n", (*f)->src->path);
        buf_write(&b, (*f)->src->text.p, (*f)->src->text.len);
    }
    return xsprintf("plugin/unnamed-%s", cache_hash(b.p, b.len));
}

// -gcflags=-p says what a package's symbols are called, as -ldflags=-pluginpath does of a plugin's:
// they follow from the package here.
static void check_package_path(const Program *prog) {
    const char *path = options.package_path;
    for (vec_each(Package *, p, &prog->roots)) {
        const char *is = (*p)->plugin_path ? (*p)->plugin_path
                         : (*p)->is_main   ? "main"
                                           : (*p)->path;
        if (!path || !strcmp(path, is)) continue;
        fprintf(stderr, "vole: -p=%s of go tool compile is not supported (only %s)\n", path, is);
        exit(2);
    }
}

// What -extldflags asks for counts where gc runs a C compiler to link.
static void check_link_words(const Program *prog) {
    struct LinkFlags *l = &options.link;
    bool external = l->external || options.mode == MODE_C_SHARED || options.mode == MODE_PLUGIN;
    for (vec_each(Package *, p, &prog->all)) external |= (*p)->objects.len != 0;
    if (!external || options.mode == MODE_C_ARCHIVE) l->extldflags = NULL;
    StrVec words = {0};
    if (!l->extldflags || !flags_split(l->extldflags, &words)) return;
    const char *unknown = backend_link_unknown(words.data, words.len, program_link_kind());
    if (!unknown) return;
    fprintf(stderr,
            "vole: %s in -extldflags of go tool link is not supported: programs are linked by "
            "ld.lld, without a C compiler (-Wl,WORD is handed to it)\n",
            unknown);
    exit(2);
}

// Whether objects are position independent, for the build as a whole. False after a message.
static bool choose_objects(Program *prog) {
    options.pic = (options.mode >= MODE_C_ARCHIVE || options.mode == MODE_PIE) ||
                  program_opens_plugins(&prog->all);
    bool programs = false, needs_c = options.mode == MODE_C_SHARED || options.mode == MODE_PLUGIN;
    for (vec_each(Package *, p, &prog->roots)) {
        programs |= (*p)->is_main;
        if (options.mode == MODE_PLUGIN && (*p)->is_main)
            (*p)->plugin_path =
                options.link.plugin_path ? options.link.plugin_path : plugin_path(*p);
    }
    check_package_path(prog);
    if (programs && needs_c && !cgo_enabled()) {
        fprintf(stderr, "-buildmode=%s requires external (cgo) linking, but cgo is not enabled\n",
                options.buildmode);
        return false;
    }
    if (!options.pic || !options.race) return true;
    if (options.mode == MODE_PIE)
        fprintf(stderr, "-buildmode=pie not supported when -race is enabled on linux/%s\n",
                options.goarch);
    else if (options.mode == MODE_DEFAULT || options.mode == MODE_EXE)
        fprintf(stderr, "vole: -race is not supported for programs that open plugins\n");
    else
        fprintf(stderr, "vole: -race is not supported with -buildmode=%s\n", options.buildmode);
    return false;
}

bool program_is_root(const Program *prog, const Package *p) {
    for (vec_each(Package *, r, &prog->roots))
        if (*r == p) return true;
    return false;
}

void program_mark_imports(const Package *p, PtrMap *seen) {
    for (vec_each(Package *, i, &p->imports)) {
        if (ptrmap_has(seen, *i)) continue;
        ptrmap_put(seen, *i, *i);
        program_mark_imports(*i, seen);
    }
}

// Where several programs are built at once, what only others of them need is left out.
PackageVec program_packages(const Program *prog, const Package *main) {
    uint32_t mains = 0;
    for (vec_each(Package *, r, &prog->roots)) mains += (*r)->is_main;
    if (mains < 2) return prog->all;
    PtrMap seen = {0};
    PackageVec out = {0};
    for (vec_each(Package *, p, &prog->all)) {
        if (*p != main && strcmp((*p)->path, "runtime")) continue;
        ptrmap_put(&seen, *p, *p);
        program_mark_imports(*p, &seen);
    }
    for (vec_each(Package *, p, &prog->all))
        if (ptrmap_has(&seen, *p)) vec_push(&out, *p);
    return out;
}

const char *program_godebug(const Program *prog, const Package *main) {
    const char *text = ptrmap_get(&prog->godebugs, main);
    return text ? text : "";
}

// What a test's main package tests counts for it too.
static bool find_godebugs(Program *prog) {
    uint32_t mains = 0;
    for (vec_each(Package *, p, &prog->roots)) mains += (*p)->is_main;
    for (vec_each(Package *, p, &prog->roots)) {
        uint32_t before = diagnostics.list.len;
        if (!(*p)->is_main) continue;
        bool all = mains == 1;
        ptrmap_put(&prog->godebugs, *p,
                   (void *)load_godebug(all ? prog->roots.data : p, all ? prog->roots.len : 1));
        if (diagnostics.list.len == before) continue;
        program_report(prog->roots.data[0], program_heading(prog->roots.data[0]));
        return false;
    }
    return true;
}

// The runtime comes first: every program needs it, imported or not.
bool program_order(Program *prog) {
    const char *err = NULL;
    PackageVec roots = {0};
    Package *rt = load_package("runtime", &err);
    if (rt)
        vec_push(&roots, rt);
    else if (!options.compile_only) {
        fprintf(stderr, "vole: %s\n", err);
        return false;
    }
    for (vec_each(Package *, p, &prog->roots)) vec_push(&roots, *p);
    load_dependency_order(roots.data, roots.len, &prog->all);
    if (!flags_for_link(&prog->roots)) exit(2);
    if (!choose_objects(prog)) return false;
    check_link_words(prog);
    if (diagnostics.list.len > diagnostics.lexical_errors) {
        program_report(prog->roots.len ? prog->roots.data[0] : NULL, NULL);
        return false;
    }
    if (options.cover.on && !cover_program(prog, &roots)) return false;
    for (vec_each(Package *, p, &prog->all)) {
        flags_for_package(*p, program_is_root(prog, *p));
        if (options.lang) (*p)->go_version = options.lang;
    }
    return (options.compile_only || find_godebugs(prog)) && pgo_prepare(prog);
}

// -X sets strings only.
static bool check_link_strings(Program *prog) {
    bool ok = true;
    for (vec_each(LinkString, s, &options.strings))
        for (vec_each(Package *, p, &prog->all)) {
            if (strcmp(s->path, (*p)->is_main ? "main" : (*p)->path)) continue;
            for (vec_each(Object *, o, &(*p)->scope->objects)) {
                if ((*o)->kind != O_VAR || strcmp((*o)->name, s->def.name) ||
                    under((*o)->type)->kind == T_STRING)
                    continue;
                if (ok) fprintf(stderr, "# %s\n", program_heading(*p));
                fprintf(stderr, "%s.%s: cannot set with -X: not a var of type string (type:%s)\n",
                        s->path, s->def.name, type_string((*o)->type));
                ok = false;
            }
        }
    return ok;
}

// Checks p after what it imports, unless that has errors. False if some package that was not seen
// before has.
static bool check_from(Program *prog, Package *p, PtrMap *seen) {
    if (ptrmap_has(seen, p)) return true;
    ptrmap_put(seen, p, p);
    bool ok = true;
    for (vec_each(Package *, i, &p->imports)) {
        ok &= check_from(prog, *i, seen);
        p->has_errors |= (*i)->has_errors;
    }
    if (p->has_errors) return ok;
    if (p->in_goroot)
        check_package_decls(p);
    else
        check_package_bodies(p);
    bool root = false;
    for (vec_each(Package *, r, &prog->roots)) root |= *r == p;
    if (diagnostics.list.len <= (root ? 0 : diagnostics.lexical_errors)) return ok;
    program_report(p, options.compile_only ? NULL : program_heading(p));
    diagnostics = (Diagnostics){.no_columns = diagnostics.no_columns};
    p->has_errors = true;
    return false;
}

bool program_check(Program *prog) {
    PtrMap seen = {0};
    bool ok = true;
    for (vec_each(Package *, p, &prog->roots)) ok &= check_from(prog, *p, &seen); // in go's order
    for (vec_each(Package *, p, &prog->all)) ok &= check_from(prog, *p, &seen);
    return ok && check_link_strings(prog);
}

StrVec program_command(const char *exe) {
    StrVec cmd = {0};
    for (vec_each(const char *, w, &options.exec)) vec_push(&cmd, *w);
    if (!cmd.len && strcmp(options.goarch, TARGET_HOST))
        vec_push(&cmd, strcmp(options.goarch, "arm64") ? "qemu-x86_64" : "qemu-aarch64");
    vec_push(&cmd, exe);
    return cmd;
}
