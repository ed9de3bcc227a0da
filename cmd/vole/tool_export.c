// tool_export: the compiler that go's build logic finds in GOTOOLDIR, for vet, fix and list -export,
// which want export data of packages and no code: `vole tool cmd/compile` checks a package and writes
// an archive of its export data.
//
// go names an archive for each import. vole reads no export data: it checks imports from their
// sources, which takes it less time than compiling anything else would. So a second member of each
// archive (SOURCES) names the files of the package, and of those that it needs, dependencies first:
//
//     package example.com/m/lib
//     lang go1.27
//     map golang.org/x/net=example.com/m/vendor/golang.org/x/net
//     file /home/m/lib/lib.go
//     text _cgo_gotypes.go 7            a file that will not be there: its 7 bytes follow
//
// GOROOT's packages are found by their paths, but for those that are compiled with their tests.
#include "cmd/vole/vole.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define SOURCES "vole.sources"

typedef struct SourceOf {
    const char *path;
    bool text; // it is kept as text
} SourceOf;

typedef struct Described { // a package that such a member tells of
    const char *path, *lang;
    bool std;
    StrVec maps; // source=path: what it means by source
    Vec(SourceOf) files;
} Described;

static Vec(Described) described; // dependencies first
static StrVec root_maps;         // of the package that is compiled

// ---- Reading ----

// The text of an archive's member, or NULL.
static const char *member(Str archive, const char *name) {
    enum { MAGIC = 8, HEAD = 60, SIZE_AT = 48 };
    for (size_t at = MAGIC; at + HEAD <= archive.len;) {
        const char *head = archive.p + at;
        size_t size = strtoul(head + SIZE_AT, NULL, 10), n = strlen(name);
        if (at + HEAD + size > archive.len) break;
        if (!strncmp(head, name, n) && head[n] == ' ') return xstrndup(head + HEAD, size);
        at += HEAD + size + (size & 1);
    }
    return NULL;
}

// A file that was kept as text is one again.
static const char *unpack(const char *name, const char *text, size_t n) {
    static int count;
    const char *path = xsprintf("%s/%d-%s", temp_dir(), count++, name);
    FILE *f = fopen(path, "w");
    if (!f || fwrite(text, 1, n, f) != n) return NULL;
    return fclose(f) ? NULL : path;
}

// False: a file cannot be written.
static bool read_description(const char *text) {
    Described *d = NULL; // NULL in one that is known already
    for (const char *p = text, *end; *p; p = end) {
        size_t n = strcspn(p, "\n");
        const char *line = xstrndup(p, n), *blank = strchr(line, ' ');
        const char *value = blank ? blank + 1 : "";
        end = p + n + (p[n] == '\n');
        if (starts_with(line, "package ")) {
            bool seen = false;
            for (vec_each(Described, k, &described)) seen |= !strcmp(k->path, value);
            if (!seen) vec_push(&described, (Described){.path = value});
            d = seen ? NULL : &vec_last(&described);
        } else if (starts_with(line, "text ")) {
            size_t name = strcspn(value, " "), size = strtoul(value + name, NULL, 10);
            const char *path = d ? unpack(xstrndup(value, name), end, size) : "";
            if (!path) return false;
            if (d) vec_push(&d->files, ((SourceOf){path, true}));
            end += size;
        } else if (d && starts_with(line, "file ")) {
            vec_push(&d->files, ((SourceOf){value, false}));
        } else if (d && starts_with(line, "lang ")) {
            d->lang = value;
        } else if (d && starts_with(line, "map ")) {
            vec_push(&d->maps, value);
        } else if (d && !strcmp(line, "std")) {
            d->std = true;
        }
    }
    return true;
}

// Has the loader find what a package means by its own names, until these are taken back: before holds
// what they meant.
static void enter_maps(const StrVec *maps, StrVec *before) {
    for (vec_each(const char *, m, maps)) {
        const char *eq = strchr(*m, '='), *err = NULL;
        Name source = intern(*m, eq ? (size_t)(eq - *m) : 0);
        void *to = eq ? ptrmap_get(&load_config.extra, intern_c(eq + 1)) : NULL;
        if (eq && !to) to = load_package(eq + 1, &err); // vendored by GOROOT
        vec_push(before, ptrmap_get(&load_config.extra, source));
        if (to) ptrmap_put(&load_config.extra, source, to);
    }
}

static void leave_maps(const StrVec *maps, const StrVec *before) {
    for (uint32_t i = 0; i < maps->len; i++) {
        Name source = intern(maps->data[i], strcspn(maps->data[i], "="));
        ptrmap_put(&load_config.extra, source, (void *)before->data[i]);
    }
}

// Makes the loader know the packages that have come to `described` since the first of them.
static bool load_described(uint32_t first) {
    bool std = load_config.std;
    for (uint32_t i = first; i < described.len; i++) {
        const Described *d = &described.data[i];
        StrVec files = {0}, before = {0};
        for (vec_each(SourceOf, f, &d->files)) vec_push(&files, f->path);
        load_config.std = d->std;
        enter_maps(&d->maps, &before);
        Package *p = load_files(files.data, files.len, d->path);
        leave_maps(&d->maps, &before);
        if (!p) return false;
        p->incomplete = true;
        p->std = d->std;
        if (d->lang) p->go_version = d->lang;
        ptrmap_put(&load_config.extra, intern_c(d->path), p);
    }
    load_config.std = std;
    return true;
}

static bool read_archive(const char *path) {
    Str archive;
    uint32_t before = described.len;
    if (!read_file(path, &archive)) {
        fprintf(stderr, "vole: open %s: %s\n", path, go_error(errno));
        return false;
    }
    const char *text = member(archive, SOURCES);
    return !text || (read_description(text) && load_described(before));
}

// Lines `packagefile path=archive`, and `importmap source=path`: the package that is compiled means
// path where it says source.
static bool read_config(const char *path) {
    Str s;
    if (!read_file(path, &s)) {
        fprintf(stderr, "vole: open %s: %s\n", path, go_error(errno));
        return false;
    }
    for (const char *p = s.p; *p;) {
        size_t n = strcspn(p, "\n");
        const char *line = xstrndup(p, n), *eq = strchr(line, '=');
        p += n + (p[n] == '\n');
        if (starts_with(line, "importmap ")) vec_push(&root_maps, line + strlen("importmap "));
        if (eq && starts_with(line, "packagefile ") && !read_archive(eq + 1)) return false;
    }
    StrVec before = {0};
    enter_maps(&root_maps, &before);
    return true;
}

// ---- Writing ----

static void put_member(Buf *b, const char *name, const Buf *text) {
    buf_printf(b, "%-16s%-12d%-6d%-6d%-8o%-10zu`\n", name, 0, 0, 0, 0644, text->len);
    buf_write(b, text->p, text->len);
    if (b->len & 1) buf_putc(b, '\n');
}

static void describe(Buf *b, const Described *d) {
    buf_printf(b, "package %s\n", d->path);
    if (d->lang) buf_printf(b, "lang %s\n", d->lang);
    if (d->std) buf_puts(b, "std\n");
    for (vec_each(const char *, m, &d->maps)) buf_printf(b, "map %s\n", *m);
    for (vec_each(SourceOf, f, &d->files)) {
        Str text;
        if (!f->text) {
            buf_printf(b, "file %s\n", f->path);
        } else if (read_file(f->path, &text)) {
            buf_printf(b, "text %s %zu\n", strrchr(f->path, '/') + 1, text.len);
            buf_write(b, text.p, text.len);
        }
    }
}

// go's working folder, in which each package has one: what lies there goes with the build.
static const char *work_folder(void) {
    return path_join(path_join("/", options.output ? options.output : "/"), "../..");
}

static Described describe_root(const Package *p) {
    Described d = {.path = p->path, .lang = options.lang, .std = options.std, .maps = root_maps};
    const char *here = current_dir(), *work = work_folder();
    for (vec_each(const char *, a, &options.args)) {
        const char *path = path_join(here, *a);
        vec_push(&d.files, ((SourceOf){path, has_path_prefix(path, work)}));
    }
    return d;
}

static bool write_archive(const Package *p) {
    const char *path = options.output ? options.output : "_pkg_.a",
               *made = xsprintf("%s/export.a", temp_dir());
    Str data = export_data(p, options.build_id);
    Buf b = {0}, sources = {0};
    Described own = describe_root(p);
    for (vec_each(Described, d, &described)) describe(&sources, d);
    if (!p->in_goroot) describe(&sources, &own);
    buf_write(&b, data.p, data.len);
    if (sources.len) put_member(&b, SOURCES, &sources);
    FILE *f = fopen(made, "w");
    bool ok = f && fwrite(b.p, 1, b.len, f) == b.len;
    if (f && fclose(f)) ok = false;
    if (ok) return output_put(made, path) == 0;
    fprintf(stderr, "vole: writing %s: %s\n", made, strerror(errno));
    return false;
}

// ---- The tools ----

static bool has_tests(void) {
    for (vec_each(const char *, a, &options.args))
        if (ends_with(*a, "_test.go")) return true;
    return false;
}

// A package of GOROOT is what vole has for it, which need not be the files that go found; only its
// declarations are checked.
static Package *load_root(void) {
    const char *err = NULL, *path = options.import_path ? options.import_path : "main";
    Package *p;
    if (options.std && !has_tests() && (p = load_package(path, &err)) && p->in_goroot) {
        check_package_decls(p);
        return p;
    }
    load_config.std = options.std;
    p = load_files(options.args.data, options.args.len, path);
    if (!p) return NULL;
    p->incomplete = !options.complete;
    p->std = options.std;
    flags_for_package(p, true);
    if (options.lang) p->go_version = options.lang;
    return p;
}

static bool compile(void) {
    const char *config = options.importcfg;
    options.importcfg = NULL; // read here
    if (!program_setup()) return false;
    load_config.importcfg = true;
    if (config && !read_config(config)) return false;
    Package *p = load_root();
    if (p && !p->in_goroot) check_package_bodies(p);
    if (!p || diagnostics.list.len) {
        program_report(p, NULL);
        return false;
    }
    return write_archive(p) &&
           (!options.asm_header || assembly_write_header(p, options.asm_header));
}

// It is part of go's keys: another one where archives are others.
static int print_version(const char *tool) {
    const char *err = NULL;
    load_config.goroot = install_goroot(&err);
    printf("%s version %s vole-export-3\n", tool, load_go_version());
    return 0;
}

// Assembly is assembled, so that its errors are told of, but GOROOT's own: that does not fit vole's
// package runtime, and is not asked for.
int tool_export_asm(int argc, char **argv) {
    bool std = false;
    const char *path = NULL;
    if (argc == 1 && !strcmp(argv[0], "-V=full")) return print_version("asm");
    for (int i = 0; i < argc; i++) {
        std |= !strcmp(argv[i], "-std");
        if (!strcmp(argv[i], "-o") && i + 1 < argc) path = argv[i + 1];
    }
    if (!std || !path) return goroot_tool_run("asm", argc, argv);
    FILE *f = fopen(path, "w");
    if (f && !fclose(f)) return 0;
    fprintf(stderr, "vole: open %s: %s\n", path, go_error(errno));
    return 2;
}

int tool_export(int argc, char **argv) {
    if (argc == 1 && !strcmp(argv[0], "-V=full")) return print_version("compile");
    options.export_only = true;
    if (!flags_parse(SUB_COMPILE, argc, argv)) return 2;
    options.compile_only = options.files_only = true;
    if (options.args.len) return compile() ? 0 : 2;
    fprintf(stderr, "usage: compile [options] file.go...\n");
    return 2;
}
