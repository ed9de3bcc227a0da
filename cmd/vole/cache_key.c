// cache_key: what a package's object is kept under in the cache.
//
// There are two keys. A package's whole key is of all that it is made of, down to the sources of the
// last package that it imports: results of tests, finished tools and vet's answers are kept under those.
// Its object's key is of what bears on the object: the compiler itself, flags, the package's path and
// sources, and of what it imports the fingerprints, which say what importers can see of a package
// (midend/tree/fingerprint.c), and the bodies that it used, inlined or instantiated. Which these are is
// known when it was compiled, and kept under the key of all the rest: the first key leads to the list,
// the list and the bodies as they are now to the last. A list that is not that of the object at hand
// leads to no object, never to a wrong one.
//
// Fingerprints and bodies stand in the summary of a package that is compiled or found in the cache, so
// this key is known when all imports are: a comment, or the body of a function that is not inlined,
// changes the key of its own package, and if it moves lines, of those that have bodies from below it.
//
// Where an object holds or tells more than that, the whole key is its key: what is reported of inlining
// has reasons from other packages' bodies, and position-independent objects hold whole keys, by which
// a plugin and its host compare packages. With a store beside the cache as well, which is asked once.
#define _GNU_SOURCE 1
#include "cmd/vole/cacheprog.h"
#include "frontend/fsys.h"
#include "frontend/sha256.h"
#include "midend/profile.h"
#include <dirent.h>
#include <stdlib.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

// 32 digits, and where there is a store that others write to as well, 64 for that, or NULL.
typedef struct Key {
    const char *own, *shared;
} Key;

typedef struct Keys {
    Key parts;               // of all but what is imported
    Key whole;               // of all that the package is made of
    Key seen;                // the same without test files that importers do not see
    Key object;              // not known at first
    const char *first;       // not known at first: of the object, but for the bodies that it used
    Str uses;                // which these are; not known at first
    bool is_whole;           // the object's key is the whole one
    Fingerprint fingerprint; // not known at first
    bool methods;            // test files give the package's types methods, which all importers see
} Keys;

static PtrMap keys;    // Package * -> Keys *
static PtrMap by_path; // interned path -> Package *

// ---- Hashing ----

typedef struct Hash {
    XXH3_state_t *own;
    Sha256 shared; // where there is a store
    bool both;
} Hash;

static Hash hash_begin(void) {
    Hash h = {.own = XXH3_createState(), .both = cacheprog_on()};
    XXH3_128bits_reset(h.own);
    sha256_begin(&h.shared);
    return h;
}

static Hash hash_copy(const Hash *from) {
    Hash h = *from;
    h.own = XXH3_createState();
    XXH3_copyState(h.own, from->own);
    return h;
}

static void add_bytes(Hash *h, const void *p, size_t n) {
    XXH3_128bits_update(h->own, p, n);
    if (h->both) sha256_add(&h->shared, p, n);
}

static void add_text(Hash *h, const char *s) { add_bytes(h, s ? s : "", (s ? strlen(s) : 0) + 1); }

// By the names that programs have them under, which need not say where they are; what is reported of
// them, and kept with the object, has others.
static void add_files(Hash *st, const Package *p, File **files, uint32_t n) {
    bool reports = midend_options.m || midend_options.debug;
    for (uint32_t i = 0; i < n; i++) {
        const SourceFile *src = files[i]->src;
        add_text(st, recorded_name(p, src));
        if (reports) add_text(st, src->display);
        add_bytes(st, src->text.p, src->text.len);
    }
}

// Assembly, and headers beside it, which it may include.
static void add_assembly(Hash *st, const Package *p) {
    Str text;
    if (!p->assembly.len) return;
    for (uint32_t i = 0; options.asm_words && i < options.asm_words->len; i++)
        add_text(st, options.asm_words->data[i]);
    for (vec_each(const char *, s, &p->assembly)) {
        add_text(st, xsprintf("%s/%s", options.trimpath ? trimmed_dir(p) : p->dir,
                              strrchr(*s, '/') + 1));
        if (fsys_read(*s, &text)) add_bytes(st, text.p, text.len);
    }
    struct dirent **list = NULL;
    int n = scandir(p->dir, &list, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        const char *name = list[i]->d_name;
        if (ends_with(name, ".h") && read_file(xsprintf("%s/%s", p->dir, name), &text)) {
            add_text(st, name);
            add_bytes(st, text.p, text.len);
        }
        free(list[i]);
    }
    free(list);
}

// What //go:embed lines of these files name.
static void add_embedded(Hash *st, const Package *p, File **files, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        for (vec_each(Decl *, d, &files[i]->decls)) {
            EmbedVec patterns = {0};
            const char *err;
            if ((*d)->kind != D_VAR || !(*d)->doc_embed ||
                !load_embed((Package *)p, (*d)->doc_embed, &patterns, &err))
                continue;
            for (vec_each(EmbedPattern, e, &patterns))
                for (vec_each(const char *, f, &e->files)) {
                    Str text;
                    add_text(st, *f);
                    if (fsys_read(xsprintf("%s/%s", p->dir, *f), &text))
                        add_bytes(st, text.p, text.len);
                }
        }
}

static void add_key(Hash *h, const Key *k) {
    XXH3_128bits_update(h->own, k->own, 33);
    if (h->both) sha256_add(&h->shared, k->shared, 64);
}

static Key hash_end(Hash *h) {
    XXH128_hash_t sum = XXH3_128bits_digest(h->own);
    Key k = {.own = xsprintf("%016llx%016llx", (unsigned long long)sum.high64,
                             (unsigned long long)sum.low64)};
    XXH3_freeState(h->own);
    if (h->both) k.shared = sha256_end_text(&h->shared);
    return k;
}

// ---- Whole keys ----

// Test files are invisible to importers, except for methods that they give to the package's types.
static bool tests_add_methods(const Package *p) {
    for (uint32_t i = p->files.len - p->test_files; i < p->files.len; i++)
        for (vec_each(Decl *, d, &p->files.data[i]->decls))
            if ((*d)->kind == D_FUNC && (*d)->func.recv) return true;
    return false;
}

static bool is_test_import(const Package *p, const Package *import) {
    for (vec_each(Package *, t, &p->test_imports))
        if (*t == import) return true;
    return false;
}

// A package's tests outside of it, and what runs them, see its test files.
static bool sees_tests(const Package *p, const Package *import) {
    const Keys *k = ptrmap_get(&keys, import);
    return k->methods || p->is_main || (p->tests && !strcmp(p->tests, import->path));
}

static void add_imports(Hash *h, const Package *p, bool tests) {
    for (vec_each(Package *, i, &p->imports)) {
        const Keys *k = ptrmap_get(&keys, *i);
        if (!tests && is_test_import(p, *i)) continue;
        add_text(h, (*i)->path);
        if (k) add_key(h, sees_tests(p, *i) ? &k->whole : &k->seen);
    }
}

static bool is_root(const Program *prog, const Package *p) {
    for (vec_each(Package *, r, &prog->roots))
        if (*r == p) return true;
    return false;
}

// What of the profile p's code may depend on; and which packages it can see, among which callees are
// looked for.
static void add_profile(Hash *h, const Program *prog, const Package *p) {
    if (!profile_on()) return;
    Str text = profile_of_package(midend_options.debug ? NULL : package_symbol_path(p));
    if (!text.len) return;
    add_bytes(h, text.p, text.len);
    PackageVec all = program_packages(prog, p);
    for (vec_each(Package *, i, &all)) add_text(h, (*i)->path);
}

static void add_settings(Hash *h, const Program *prog, const Package *p) {
    add_text(h, compiler_identity);
    add_text(h, p->path);
    add_text(h, options.goarch);
    add_text(h, target_setting(target_variable()));
    add_text(h, xsprintf("O%d %d %d %d", options.opt, options.trimpath, options.race,
                         package_counts_branches(p)));
    if (options.pic) add_text(h, "pic");
    for (vec_each(const char *, x, &load_config.experiments)) add_text(h, *x);
    flags_for_package(p, is_root(prog, p));
    add_text(h,
             xsprintf("%d %d %d %d %d %d %s", midend_options.opt, midend_options.m,
                      midend_options.no_inline, midend_options.cheap_calls, midend_options.no_opt,
                      midend_options.no_bounds, midend_options.debug ? midend_options.debug : ""));
    add_profile(h, prog, p);
    add_text(h, options.trim_prefix);
    if (options.listing) add_text(h, "S"); // its log has it
    add_text(h, bisect_spec(p));
    add_text(h, p->go_version);
    for (vec_each(StringDef, d, &midend_options.strings)) {
        add_text(h, d->name);
        add_text(h, d->value);
    }
}

// A main package's object lists every package's init function, in the order in which they run, for
// which runtime's come first; a plugin's has their keys as well.
static void add_program(Hash *h, const Program *prog, Package *p) {
    PackageVec all = program_packages(prog, p), order = {0};
    if (!options.compile_only) load_init_order(p, &order);
    for (vec_each(Package *, i, &all)) add_text(h, (*i)->path);
    for (vec_each(Package *, i, &order)) add_text(h, (*i)->path);
    add_text(h, options.trimpath ? "" : load_config.goroot);
    add_text(h, program_godebug(prog, p));
    if (!p->plugin_path) return;
    add_text(h, p->plugin_path);
    for (vec_each(Package *, i, &all))
        if (ptrmap_has(&keys, *i)) add_text(h, cache_key(*i));
}

static bool wants_whole_key(const Package *p) {
    return options.pic || cacheprog_on() || p->plugin_path || reporting() ||
           midend_options.explain || midend_options.debug;
}

void cache_program_keys(Program *prog) {
    for (vec_each(Package *, pp, &prog->all)) {
        Package *p = *pp;
        Keys *k = NEW(Keys);
        uint32_t n = p->files.len - p->test_files;
        Hash hash = hash_begin(), *h = &hash;
        add_settings(h, prog, p);
        add_files(h, p, p->files.data, n);
        add_embedded(h, p, p->files.data, n);
        add_assembly(h, p);
        Hash without_tests = hash_copy(h), *w = &without_tests;
        add_files(h, p, p->files.data + n, p->test_files);
        add_embedded(h, p, p->files.data + n, p->test_files);
        if (p->is_main) {
            add_program(h, prog, p);
            add_program(w, prog, p);
        }
        Hash parts = hash_copy(h);
        add_imports(h, p, true);
        add_imports(w, p, false);
        *k = (Keys){.parts = hash_end(&parts), .whole = hash_end(h), .seen = hash_end(w)};
        k->methods = p->test_files && tests_add_methods(p);
        k->is_whole = wants_whole_key(p);
        if (k->is_whole) k->object = k->whole;
        ptrmap_put(&by_path, intern_c(p->path), p);
        ptrmap_put(&keys, p, k);
    }
}

const char *cache_key(const Package *p) {
    const Keys *k = ptrmap_get(&keys, p);
    return k->whole.own;
}

// The parts of it besides packages: the runtime's archive.
const char *cache_program(const Package *main) {
    const Keys *k = ptrmap_get(&keys, main);
    Hash h = hash_begin();
    Str runtime = {0};
    add_key(&h, &k->whole);
    if (options.mode == MODE_PIE) add_text(&h, "pie");
    if (read_file(xsprintf("%s/libvole_rt.a", install_runtime(options.goarch)), &runtime))
        add_bytes(&h, runtime.p, runtime.len);
    return hash_end(&h).own;
}

const char *cache_shared_program(const Package *main) {
    const Keys *k = ptrmap_get(&keys, main);
    return k->whole.shared;
}

// ---- Objects' keys ----

const char *cache_seen(const Package *importer, const Package *p) {
    const Keys *k = ptrmap_get(&keys, p);
    if (!k) return "";
    return sees_tests(importer, p) ? k->fingerprint.all : k->fingerprint.without_tests;
}

// Of all but the bodies that were used, once what importers see of all imports is known.
static const char *first_key(const Package *p, Keys *k) {
    for (vec_each(Package *, i, &p->imports))
        if (!cache_seen(p, *i)) return NULL;
    Hash h = hash_begin();
    add_key(&h, &k->parts);
    for (vec_each(Package *, i, &p->imports)) {
        add_text(&h, (*i)->path);
        add_text(&h, cache_seen(p, *i));
    }
    return hash_end(&h).own;
}

static const char *uses_key(const Keys *k) { return xsprintf("uses %s", k->first); }

// With the bodies as they are now. A line of uses is a package's path, a tab, a function's name.
static Key last_key(const Keys *k) {
    Hash h = hash_begin();
    add_text(&h, k->first);
    for (const char *line = k->uses.p, *end; line && (end = strchr(line, '\n')); line = end + 1) {
        const char *tab = memchr(line, '\t', (size_t)(end - line));
        const Package *p = tab ? ptrmap_get(&by_path, intern(line, (size_t)(tab - line))) : NULL;
        add_bytes(&h, line, (size_t)(end - line));
        const Keys *of = p ? ptrmap_get(&keys, p) : NULL;
        if (of && end == tab + 1) // its declarations were searched
            add_text(&h, of->fingerprint.without_tests);
        else if (of)
            add_text(&h, summary_body(p, intern(tab + 1, (size_t)(end - tab - 1))));
    }
    return hash_end(&h);
}

static const Key *object_key(const Package *p) {
    Keys *k = ptrmap_get(&keys, p);
    if (!k || k->object.own) return k ? &k->object : NULL;
    if (!k->first && !(k->first = first_key(p, k))) return NULL;
    if (!k->uses.p && !cache_result(uses_key(k), &k->uses)) return NULL;
    k->object = last_key(k);
    return &k->object;
}

void cache_set_uses(const Package *p, Str uses) {
    Keys *k = ptrmap_get(&keys, p);
    if (k->is_whole || (!k->first && !(k->first = first_key(p, k)))) return;
    k->uses = str_make(xstrndup(uses.p, uses.len), uses.len);
    k->object = last_key(k);
    cache_moved(p);
    cache_keep_result(uses_key(k), uses);
}

const char *cache_object_key(const Package *p) {
    const Key *k = object_key(p);
    return k ? k->own : NULL;
}

const char *cache_shared_key(const Package *p) {
    const Key *k = object_key(p);
    return k ? k->shared : NULL;
}

bool cache_learn(const Package *p) {
    Keys *k = ptrmap_get(&keys, p);
    return !k || summary_fingerprint(cache_summary(p), &k->fingerprint);
}

void cache_learn_whole(const Package *p) {
    Keys *k = ptrmap_get(&keys, p);
    if (k) k->fingerprint = (Fingerprint){k->whole.own, k->seen.own};
}
