// The loader: constraints on files and expressions, and what go list says about packages that can't
// be had.
#include "frontend/load_impl.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool holds(const char *text) {
    const char *error;
    bool v = constraint_text(str_c(text), &error);
    cr_assert_not(error);
    return v;
}

static const char *constraint_error(const char *text) {
    const char *error;
    cr_assert_not(constraint_text(str_c(text), &error));
    return error;
}

Test(load, file_names) {
    load_config.goarch = "amd64";
    cr_assert(constraint_file_name("x.go"));
    cr_assert(constraint_file_name("linux.go"));
    cr_assert(constraint_file_name("x_linux.go"));
    cr_assert(constraint_file_name("x_linux_amd64.go"));
    cr_assert(constraint_file_name("x_amd64_test.go"));
    cr_assert(constraint_file_name("a_windows_b.go"));
    cr_assert_not(constraint_file_name("x_windows.go"));
    cr_assert_not(constraint_file_name("x_arm64.go"));
    cr_assert_not(constraint_file_name("x_linux_arm64.go"));
    cr_assert_not(constraint_file_name("x_darwin_test.go"));
}

Test(load, constraints) {
    load_config.goarch = "arm64";
    cr_assert(holds("// A comment.\n\n//go:build linux && (arm64 || mips)\n\npackage p\n"));
    cr_assert_not(holds("//go:build !linux\npackage p\n"));
    cr_assert_not(holds("//go:build ignore\npackage p\n"));
    cr_assert(holds("//go:build go1.27 && !go1.28\npackage p\n"));
    cr_assert(holds("//go:build unix || race\npackage p\n"));
    cr_assert(holds("package p\n//go:build ignore\n"));
    cr_assert_not(holds("/* x */\n//go:build windows\npackage p\n"));
    cr_assert_not(holds("// +build windows,386 darwin\n\npackage p\n"));
    cr_assert(holds("// +build linux\n// +build !cgo\n\npackage p\n"));
}

// What go/build's own reading of a header says, comment by comment.
Test(load, constraints_among_comments) {
    load_config.goarch = "amd64";
    cr_assert_not(holds("/* a */ // b\n//go:build ignore\n\npackage p\n"));
    cr_assert_not(holds("/* a */ /* b */ /* c\n */ /* d */ // e\n//go:build ignore\npackage p\n"));
    cr_assert_not(holds("/* a\n*/ /* b */\n//go:build ignore\npackage p\n"));
    cr_assert_not(holds("/*/ a */\n//go:build ignore\npackage p\n"));
    cr_assert(holds("/* a */ package p\n//go:build ignore\n"));
    cr_assert(holds("/* a\n//go:build ignore\n*/\npackage p\n"));
    cr_assert(holds("// a /*\npackage p\n//go:build ignore\n"));
    cr_assert(holds("/* a */\n// +build ignore\n\npackage p\n"));
    cr_assert(holds("// +build ignore\n/* a */\n\npackage p\n"));
    cr_assert(holds("// +build ignore\npackage p\n"));
    cr_assert_not(holds("// +build ignore\n\n/* a */\npackage p\n"));
    cr_assert_not(holds("// +build ignore\n// a\n\npackage p\n"));
    cr_assert_not(holds("\t//\t+build ignore\r\n\r\npackage p\r\n"));
    cr_assert_not(holds("//+build\n\npackage p\n"));
    cr_assert(holds("// +builds ignore\n\npackage p\n"));
    Buf many = {0};
    for (int i = 0; i < 20; i++) buf_puts(&many, "// +build linux\n");
    buf_puts(&many, "// +build ignore\n\npackage p\n");
    cr_assert_not(holds(buf_str(&many)));
    cr_assert_not(holds("// +build !!ignore\n\npackage p\n"));
    cr_assert_not(holds("// +build !\n\npackage p\n"));
    cr_assert_not(holds("// +build linux,\n\npackage p\n"));
    cr_assert(holds("// +build !ignore,linux windows\n\npackage p\n"));
}

Test(load, constraint_errors) {
    static const char *const tests[][2] = {
        {"", "unexpected end of expression"},      {" linux &&", "unexpected end of expression"},
        {" (linux", "missing close paren"},        {" (linux ||", "missing close paren"},
        {" linux)", "unexpected token )"},         {" linux amd64", "unexpected token amd64"},
        {" || linux", "unexpected token ||"},      {" !!linux", "double negation not allowed"},
        {" linux & amd64", "invalid syntax at &"}, {" linux, amd64", "invalid syntax at ,"},
    };
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++)
        cr_assert_str_eq(constraint_error(xsprintf("//go:build%s\npackage p\n", tests[i][0])),
                         xsprintf("parsing //go:build line: %s", tests[i][1]));
    cr_assert_str_eq(constraint_error("//go:build linux\n//go:build amd64\npackage p\n"),
                     "multiple //go:build comments");
    cr_assert(holds("//go:build linux\npackage p\n//go:build amd64\n"));
    cr_assert(holds("//go:buildx\npackage p\n"));
}

static const char *temp_dir(void) {
    char *t = xstrdup("/tmp/vole-load-XXXXXX");
    cr_assert(mkdtemp(t));
    load_config.work_dir = t;
    load_config.goarch = "amd64";
    load_config.goroot = t;
    unsetenv("GOFLAGS");
    universe_init();
    return t;
}

static void put(const char *dir, const char *name, const char *text) {
    char *path = xsprintf("%s/%s", dir, name);
    for (char *s = path + strlen(dir) + 1; (s = strchr(s, '/')); s++) {
        *s = 0;
        mkdir(path, 0777);
        *s = '/';
    }
    FILE *f = fopen(path, "w");
    cr_assert(f);
    fputs(text, f);
    fclose(f);
}

Test(load, experiments) {
    const char *err = NULL;
    const char *t = temp_dir();
    put(t, "src/internal/goexperiment/exp_fieldtrack_on.go", "");
    put(t, "src/internal/goexperiment/exp_jsonv2_on.go", "");
    cr_assert(load_has_experiment("jsonv2"));
    cr_assert_not(holds("//go:build goexperiment.fieldtrack\npackage p\n"));
    cr_assert(load_experiments("nojsonv2,fieldtrack", &err));
    cr_assert(holds("//go:build goexperiment.fieldtrack && !goexperiment.jsonv2\npackage p\n"));
    cr_assert(load_experiments("regabi", &err));
    cr_assert_not(load_experiments("jsonv2,nothing", &err));
    cr_assert_str_eq(err, "unknown GOEXPERIMENT thing"); // as go has it
}

static const char *messages(void) {
    char *out = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&out, &n);
    diagnostics_print(f, 0);
    fclose(f);
    return out;
}

Test(load, module_and_dependency_order) {
    const char *d = temp_dir();
    put(d, "go.mod",
        "module example.com/m\n\ngo 1.21\n\nrequire example.com/other v1.0.0\n\n"
        "replace example.com/other => ./other\n");
    put(d, "main.go",
        "package main\nimport (\n\t\"example.com/m/sub\"\n\t\"example.com/other/x\"\n)\nfunc "
        "main() { sub.F(); x.G() }\n");
    put(d, "sub/sub.go", "package sub\nimport _ \"example.com/other/x\"\nfunc F() {}\n");
    put(d, "sub/sub_windows.go", "package wrong\n");
    put(d, "other/go.mod", "module example.com/other\n\ngo 1.20\n");
    put(d, "other/x/x.go", "package x\nfunc G() {}\n");
    const char *err;
    Package *p = load_package(".", &err);
    cr_assert(p && !err);
    cr_assert_str_eq(messages(), "");
    cr_assert_str_eq(p->path, "example.com/m");
    cr_assert_str_eq(p->go_version, "go1.21");
    PackageVec order = {0};
    load_dependency_order(&p, 1, &order);
    cr_assert_eq(order.len, 3);
    cr_assert_str_eq(order.data[0]->path, "example.com/other/x");
    cr_assert_str_eq(order.data[0]->go_version, "go1.20");
    cr_assert_str_eq(order.data[1]->path, "example.com/m/sub");
}

static const char *file_of(Package *p) { // the one that it is made of
    cr_assert_eq(p->files.len, 1);
    return strrchr(p->files.data[0]->src->path, '/') + 1;
}

Test(load, assembly_is_taken_as_gc_takes_it_and_left_out_in_goroot) {
    static const char pure[] = "//go:build purego\npackage p\n",
                      other[] = "//go:build gc && !purego\npackage p\n";
    static const struct {
        const char *name, *text;
        uint32_t files;
    } tests[] = {
        {"x_amd64.s", "TEXT x(SB)\n", 1},
        {"x.s", "// Copyright\n\n//go:build gc && !purego\n\n#include \"textflag.h\"\n", 1},
        {"x_arm64.s", "", 0},
        {"x.s", "//go:build mips || mipsle\n", 0},
        {"x.s", "//go:build purego\n", 0},
        {"_x.s", "", 0},
    };
    const char *d = temp_dir(), *err;
    put(d, "go.mod", "module m\n");
    put(d, "overlay/assembly", "packages:\nC amd64 in_c\nassembly amd64 in_s\n");
    load_config.overlay = xsprintf("%s/overlay", d);
    for (uint32_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        const char *dir = xsprintf("p%u", i);
        put(d, xsprintf("%s/pure.go", dir), pure);
        put(d, xsprintf("%s/other.go", dir), other);
        put(d, xsprintf("%s/%s", dir, tests[i].name), tests[i].text);
        Package *p = load_package(xsprintf("m/%s", dir), &err);
        cr_assert_str_eq(file_of(p), "other.go");
        cr_assert_eq(p->assembly.len, tests[i].files, "%s", tests[i].text);
    }
    put(d, "src/std/pure.go", "//go:build purego\npackage p\nimport _ \"a.b/c\"\n");
    put(d, "src/std/other.go", other);
    put(d, "src/std/x.s", "");
    put(d, "src/vendor/a.b/c/pure.go", pure);
    put(d, "src/vendor/a.b/c/other.go", other);
    Package *std = load_package("std", &err);
    cr_assert_str_eq(file_of(std), "pure.go");
    cr_assert_eq(std->assembly.len, 0);
    cr_assert_str_eq(file_of(std->imports.data[0]), "pure.go");
    put(d, "src/in_c/pure.go", pure); // its assembly is the runtime's
    put(d, "src/in_c/other.go", other);
    put(d, "src/in_c/x.s", "");
    Package *in_c = load_package("in_c", &err);
    cr_assert_str_eq(file_of(in_c), "other.go");
    cr_assert_eq(in_c->assembly.len, 0);
    put(d, "src/in_s/other.go", other); // its own
    put(d, "src/in_s/x_amd64.s", "");
    put(d, "src/in_s/x_arm64.s", "");
    Package *in_s = load_package("in_s", &err);
    cr_assert_str_eq(file_of(in_s), "other.go");
    cr_assert_eq(in_s->assembly.len, 1);
}

Test(load, files_of_package_documentation_are_no_part_of_another) {
    const char *d = temp_dir(), *err;
    put(d, "go.mod", "module m\n");
    put(d, "a/doc.go", "package documentation\n");
    put(d, "a/main.go", "package main\n");
    cr_assert_str_eq(file_of(load_package("m/a", &err)), "main.go");
}

Test(load, gopath_knows_vendor_folders_and_major_versions_of_modules) {
    const char *d = temp_dir(), *err;
    setenv("GO111MODULE", "off", 1);
    setenv("GOPATH", xsprintf("%s/path", d), 1);
    put(d, "path/src/x/y/go.mod", "module x/y/v2\n");
    put(d, "path/src/x/y/z/z.go", "package z\n");
    put(d, "path/src/a/go.mod", "module a\n");
    put(d, "path/src/a/a.go", "package a\nimport _ \"x/y/v2/z\"\n");
    put(d, "path/src/fmt2/f.go", "package fmt2\n");
    put(d, "path/src/b/b.go", "package b\nimport _ \"fmt2\"\n");
    put(d, "path/src/b/vendor/fmt2/f.go", "package fmt2\n");
    put(d, "path/src/c/c.go", "package c\nimport _ \"fmt2\"\n");
    Package *a = load_package("a", &err), *c = load_package("c", &err),
            *b = load_package("b", &err);
    unsetenv("GO111MODULE");
    cr_assert_eq(a->imports.len, 1);
    cr_assert_str_eq(a->imports.data[0]->path, "x/y/z");
    cr_assert_str_eq(c->imports.data[0]->path, "fmt2");
    cr_assert_str_eq(b->imports.data[0]->path, "b/vendor/fmt2");
}

Test(load, missing_packages) {
    const char *d = temp_dir();
    put(d, "go.mod", "module m\n");
    put(d, "a.go", "package m\nimport \"nosuch/thing\"\nimport \"example.com/none\"\n");
    const char *err;
    load_package(".", &err);
    cr_assert_str_eq(
        messages(), xsprintf("a.go:3:8: no required module provides package example.com/none; to "
                             "add it:\n\tgo get example.com/none\n"
                             "a.go:2:8: package nosuch/thing is not in std (%s/src/nosuch/thing)\n",
                             d));
}

// What an import of main.go finds, or what go says.
static const char *import_of(const char *requirements, const char *path) {
    const char *d = temp_dir(), *err;
    setenv("GOMODCACHE", xsprintf("%s/cache", d), 1);
    put(d, "cache/a.b/x@v1.2.3/x.go", "package x\n");
    put(d, "cache/a.b/x@v1.2.3/sub/x.go", "package x\n");
    put(d, "cache/a.b/x@v1.4.0/x.go", "package x\n");
    for (const char *s = "abc"; *s; s++) {
        put(d, xsprintf("main/%c/go.mod", *s), "module a.b/x\n");
        put(d, xsprintf("main/%c/x.go", *s), "package x\n");
    }
    put(d, "main/a/empty/README", "");
    put(d, "main/a/inner/go.mod", "module a.b/x/inner\n");
    put(d, "main/a/inner/x.go", "package inner\n");
    put(d, "main/a/c/d/x.go", "package d\n");
    put(d, "main/bare/x.go", "package x\n");
    put(d, "main/go.sum",
        "a.b/x v1.2.3 h1:x=\na.b/x v1.2.3/go.mod h1:x=\na.b/x v1.4.0 h1:y=\n"
        "a.b/x v1.4.0/go.mod h1:y=\na.b/other v1.0.0 h1:z=\na.b/third v1.0.0 h1:t=\n"
        "a.b/third v1.0.0/go.mod h1:dCBqcLM3Pn7zlscjGt9qQ0+pd9p3Wyw6tjxdlIH38CM=\na.b/third v1.1.0 "
        "h1:t=\n"
        "a.b/third v1.2.0 h1:t=\na.b/third v1.2.0/go.mod h1:t=\n");
    for (int i = 0; i < 3; i++) {
        put(d, xsprintf("cache/a.b/third@v1.%d.0/x.go", i), "package x\n");
        put(d, xsprintf("cache/cache/download/a.b/third/@v/v1.%d.0.mod", i), "module a.b/third\n");
    }
    put(d, "cache/a.b/other@v1.0.0/x.go", "package x\n");
    put(d, "cache/a.b/unknown@v1.0.0/x.go", "package x\n");
    put(d, "cache/cache/download/a.b/x/@v/v1.2.3.ziphash", "h1:x=");
    put(d, "cache/cache/download/a.b/other/@v/v1.0.0.ziphash", "h1:changed=");
    put(d, "main/go.mod", xsprintf("module m\n\ngo 1.27\n\n%s", requirements));
    put(d, "main/main.go", xsprintf("package m\nimport _ \"%s\"\n", path));
    load_config.work_dir = xsprintf("%s/main", d);
    Package *p = load_package(".", &err);
    const char *text = messages();
    if (!*text) return p->imports.data[0]->dir + strlen(d) + 1;
    const char *root = strstr(text, d);
    return root ? xsprintf("%.*s%s", (int)(root - text), text, root + strlen(d)) : text;
}

#define NONE(path)                                                                                 \
    "main.go:2:8: no required module provides package " path "; to add it:\n\tgo get " path "\n"
static const struct {
    const char *requirements, *path, *want;
} replacements[] = {
    {"require a.b/x v1.2.3\n", "a.b/x", "cache/a.b/x@v1.2.3"},
    {"require a.b/x v1.2.3\nreplace a.b/x => ./a\n", "a.b/x", "main/a"},
    {"require a.b/x v1.2.3\nreplace a.b/x v1.2.3 => ./a\n", "a.b/x", "main/a"},
    {"require a.b/x v1.2.3\nreplace a.b/x v1.2.4 => ./a\n", "a.b/x", "cache/a.b/x@v1.2.3"},
    {"require a.b/x v1.2.3\nreplace a.b/x v1.2.3 => ./a\nreplace a.b/x => ./b\n", "a.b/x",
     "main/a"},
    {"require a.b/x v1.2.3\nreplace a.b/x v1.2.4 => ./a\nreplace a.b/x => ./b\n", "a.b/x",
     "main/b"},
    {"require a.b/x v1.2.3\nreplace a.b/x => a.b/x v1.4.0\n", "a.b/x", "cache/a.b/x@v1.4.0"},
    {"require a.b/y v1.0.0\nreplace a.b/y => a.b/x v1.2.3\n", "a.b/y/sub",
     "cache/a.b/x@v1.2.3/sub"},
    {"require a.b/x v1.2.3\nreplace a.b/x => ./a\n", "a.b/x/sub", NONE("a.b/x/sub")},
    {"require a.b/x v1.2.3\nreplace a.b/x v1.2.3 => ./a\n", "a.b/x/sub", NONE("a.b/x/sub")},
    {"require a.b/x v1.2.3\nreplace a.b/x => ./a\n", "a.b/x/empty", NONE("a.b/x/empty")},
    {"require a.b/x v1.2.3\nreplace a.b/x => ./a\n", "a.b/x/inner", NONE("a.b/x/inner")},
    {"require (\na.b/x v1.2.3\na.b/x/c v1.0.0\n)\nreplace (\na.b/x => ./a\na.b/x/c => ./c\n)\n",
     "a.b/x/c/d", "main/a/c/d"},
    {"require a.b/x v1.2.3\nreplace a.b/x => ./no\n", "a.b/x",
     "main.go:2:8: a.b/x@v1.2.3: replacement directory ./no does not exist\n"},
    {"require a.b/x v1.2.3\nreplace a.b/x => ./bare\n", "a.b/x",
     "main.go:2:8: module ./bare: reading bare/go.mod: open /main/bare/go.mod: no such file or "
     "directory\n"},
    {"replace a.b/x => ./a\n", "a.b/x",
     "main.go:2:8: module a.b/x provides package a.b/x and is replaced but not required; to "
     "add it:\n\tgo get a.b/x\n"},
    {"replace a.b/x v1.2.3 => ./a\n", "a.b/x",
     "main.go:2:8: module a.b/x provides package a.b/x and is replaced but not required; to "
     "add it:\n\tgo get a.b/x@v1.2.3\n"},
    {"replace a.b/x => ./a\n", "a.b/x/sub", NONE("a.b/x/sub")},
    {"require a.b/unknown v1.0.0\n", "a.b/unknown",
     "main.go:2:8: missing go.sum entry for module providing package a.b/unknown (imported by m); "
     "to add:\n\tgo get m\n"},
    {"require a.b/other v1.0.0\n", "a.b/other",
     "main.go:2:8: verifying a.b/other@v1.0.0: checksum mismatch\n\tdownloaded: h1:changed=\n"
     "\tgo.sum:     h1:z=\n\nSECURITY ERROR\n"
     "This download does NOT match an earlier download recorded in go.sum.\n"
     "The bits may have been replaced on the origin server, or an attacker may\n"
     "have intercepted the download attempt.\n\n"
     "For more information, see 'go help module-auth'.\n"},
    {"require a.b/third v1.0.0\n", "a.b/third", "cache/a.b/third@v1.0.0"},
    {"require a.b/third v1.1.0\n", "a.b/third",
     "main.go:2:8: a.b/third@v1.1.0: missing go.sum entry for go.mod file; to add it:\n"
     "\tgo mod download a.b/third\n"},
    {"require a.b/third v1.2.0\n", "a.b/third",
     "main.go:2:8: verifying a.b/third@v1.2.0/go.mod: checksum mismatch\n\tdownloaded: "
     "h1:dCBqcLM3Pn7zlscjGt9qQ0+pd9p3Wyw6tjxdlIH38CM=\n"
     "\tgo.sum:     h1:t=\n\nSECURITY ERROR\n"
     "This download does NOT match an earlier download recorded in go.sum.\n"
     "The bits may have been replaced on the origin server, or an attacker may\n"
     "have intercepted the download attempt.\n\n"
     "For more information, see 'go help module-auth'.\n"},
};
#undef NONE

// Each in a process of its own, for that keeps what it has loaded.
ParameterizedTestParameters(load, replacements) {
    enum { N = sizeof replacements / sizeof *replacements };
    static int numbers[N];
    for (int i = 0; i < N; i++) numbers[i] = i;
    return cr_make_param_array(int, numbers, N);
}

ParameterizedTest(int *i, load, replacements) {
    cr_assert_str_eq(import_of(replacements[*i].requirements, replacements[*i].path),
                     replacements[*i].want);
}

Test(load, import_cycle) {
    const char *d = temp_dir();
    put(d, "go.mod", "module m\n");
    put(d, "a/a.go", "package a\nimport _ \"m/b\"\n");
    put(d, "b/b.go", "package b\nimport _ \"m/a\"\n");
    const char *err;
    load_package("m/a", &err);
    cr_assert_str_eq(messages(), "package m/a\n\timports m/b from a.go\n\timports m/a from b.go: "
                                 "import cycle not allowed\n");
}

Test(load, programs_and_files_that_no_package_is_made_of) {
    const char *d = temp_dir();
    put(d, "go.mod", "module m\n");
    put(d, "a/a.go", "package a\nimport _ \"m/p\"\nimport _ \"m/q\"\n");
    put(d, "p/p.go", "package main\n");
    put(d, "q/q.go", "package main\n");
    put(d, "b/b.go", "package b\nimport _ \"m/c\"\nimport _ \"m/d\"\n");
    put(d, "c/c.go", "//go:build a b\npackage c\n");
    put(d, "d/d.go", "package d\nimport \"C\"\n");
    const char *err;
    load_package("m/a", &err);
    cr_assert_str_eq(messages(),
                     "a/a.go:2:8: import \"m/p\" is a program, not an importable package\n");
    diagnostics = (Diagnostics){0};
    load_package("m/b", &err);
    cr_assert_str_eq(messages(),
                     "b/b.go:2:8: c.go: parsing //go:build line: unexpected token b\n"
                     "d/d.go:2:8: import \"C\": cgo is off (CGO_ENABLED=1 turns it on)\n");
    diagnostics = (Diagnostics){0};
    const char *file = xsprintf("%s/d/d.go", d);
    load_files(&file, 1, NULL);
    cr_assert_str_eq(messages(),
                     "d/d.go:2:8: import \"C\": cgo is off (CGO_ENABLED=1 turns it on)\n");
}

Test(load, internal_packages) {
    const char *d = temp_dir();
    put(d, "go.mod", "module m\n");
    put(d, "a/internal/x/x.go", "package x\n");
    put(d, "a/b/b.go", "package b\nimport _ \"m/a/internal/x\"\n");
    put(d, "c/c.go", "package c\nimport _ \"m/a/internal/x\"\n");
    const char *err;
    load_package("m/a/b", &err);
    cr_assert_str_eq(messages(), "");
    load_package("m/c", &err);
    cr_assert_str_eq(
        messages(),
        "package m/c\n\tc/c.go:2:8: use of internal package m/a/internal/x not allowed\n");
}

Test(load, embedded_files) {
    const char *d = temp_dir();
    put(d, "go.mod", "module m\n");
    put(d, "a.go", "package m\n");
    put(d, "data/one.txt", "1");
    put(d, "data/two.txt", "2");
    put(d, "data/.hidden", "3");
    const char *err;
    Package *p = load_package(".", &err);
    EmbedVec v = {0};
    cr_assert(load_embed(p, "data/*.txt data", &v, &err));
    cr_assert_eq(v.len, 2);
    cr_assert_eq(v.data[1].files.len, 2);
    cr_assert_str_eq(v.data[1].files.data[0], "data/one.txt");
    cr_assert_not(load_embed(p, "none*", &v, &err));
    cr_assert_str_eq(err, "pattern none*: no matching files found");
}
