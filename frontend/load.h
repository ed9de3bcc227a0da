// load: from command-line arguments to packages with parsed files, in dependency order.
//
// GOROOT: $GOROOT, else `go env GOROOT`, else well-known places, else what set-up unpacked; it must
// hold Go 1.27. A folder of the overlay (runtime/overlay/src/<import path>) replaces GOROOT's
// package wholly; one of runtime/overlay/patch/<import path> adds files to it or to another
// module's, whose functions replace those of the same name. Build constraints (//go:build,
// file-name suffixes) are for GOOS=linux, the target's GOARCH, compiler tag "vole", go1.1…go1.27
// and -tags; those of load_tags.c. go.mod gives the module path
// and go version.
#ifndef VOLE_LOAD_H
#define VOLE_LOAD_H

#include "frontend/check.h"

typedef Vec(const char *) PathVec;

// What a package that imports "C" has for the C compiler: its files by language, and the words of
// #cgo lines.
typedef enum CgoLanguage {
    CGO_C,
    CGO_CXX,
    CGO_FORTRAN,
    CGO_HEADER,
    CGO_ASSEMBLY,
    CGO_LANGUAGES
} CgoLanguage;
typedef enum CgoFlag {
    CGO_CPPFLAGS,
    CGO_CFLAGS,
    CGO_CXXFLAGS,
    CGO_FFLAGS,
    CGO_LDFLAGS,
    CGO_PKG_CONFIG,
    CGO_FLAGS
} CgoFlag;
typedef struct CgoFlags {
    PathVec words[CGO_FLAGS];
} CgoFlags;
typedef struct CgoFiles {
    Vec(File *) go; // those that import "C"
    PathVec other[CGO_LANGUAGES];
} CgoFiles;

typedef struct LoadConfig {
    const char *goroot;            // checked root, from load_find_goroot
    const char *overlay;           // the overlay: folder with src/ and patch/, or NULL
    const char *goarch;            // "amd64" or "arm64"
    Vec(const char *) tags;        // -tags and built-in ones
    Vec(const char *) experiments; // see load_experiments
    const char *work_dir;
    const char *modfile; // -modfile: absolute, or NULL
    const char *mod;     // -mod: NULL, "mod", "readonly" or "vendor"
    bool tests;          // include _test.go files (for vole test)
    bool std;            // files named belong to the standard library
    bool importcfg;      // files named import what a list of packages holds
    bool no_assembler; // GOROOT's packages are built without assembly: the assembler is one of them
    bool no_embed;     // who has files compiled says what //go:embed names, and nobody did
    // Runs cmd/cgo and the C compiler for p: its Go files; fills p->objects and p->ldflags. False
    // after messages. NULL: files that import "C" are left out, as with CGO_ENABLED=0.
    bool (*cgo)(Package *p, const CgoFiles *files, PathVec *go);
    // GOROOT's net and os/user ask the C library, too. Else they are built in Go alone: programs
    // stay static, and cmd/cgo need not be there for them.
    bool cgo_resolvers;
    // Extra import-path -> folder or file-list mapping for -I style use (the conformance runner's
    // rundir): path -> Package
    PtrMap extra;
} LoadConfig;
extern LoadConfig load_config;
// Adds what the #cgo lines of a file of p's say. NULL, or what is wrong with one.
const char *load_cgo_flags(const Package *p, const File *f, CgoFlags *out);

// NULL with *err when none with version go1.27 is found.
const char *load_find_goroot(const char *setup_dir, const char **err);
// Turns experiments on, or with "no" before the name off: what $GOEXPERIMENT holds, names with
// commas between. Their tags are goexperiment.NAME. False with *err for one that GOROOT does not
// have.
bool load_experiments(const char *list, const char **err);
bool load_has_experiment(const char *name);
// The first line of goroot's VERSION: "go1.27.1".
const char *load_go_version(void);
// What is wrong with the go.mod of the working directory's module, in go's words, or NULL.
const char *load_module_error(void);
// go's message where what was loaded is not what go.sum knows, which is the end of it; or NULL.
extern const char *load_refused;
// Modules that are required, but not in the module cache, or which a workspace does not know the hashes
// of, a line each, for the go command to fetch; NULL: none.
const char *load_missing(void);
void load_forget_sums(void); // they may be other ones now
// The main module's go.mod ("/dev/null" where there is none, "" where modules are off).
const char *load_module_file(void);
const char *load_work_file(void); // go.work, or NULL
// The module that a package of the program comes from, as go records it (load_modinfo.c); false for
// GOROOT's and where there are no modules.
typedef struct LoadModule {
    const char *path, *version;
    const char *sum;                                     // of go.sum, or NULL
    const char *replace, *replace_version, *replace_sum; // what stands for it, or NULL
    const char *dir;                                     // of the main module
    bool main;
} LoadModule;
bool load_module_of(const Package *p, LoadModule *out);
void load_tools(PathVec *out);                 // import paths of the tool lines of go.mod, in order
const char *load_module_path(const char *dir); // that dir/go.mod gives, or NULL
// A package from explicit .go files (import path "command-line-arguments", path "main" if package
// main).
Package *load_files(const char **files, uint32_t n, const char *import_path);
// A package with a text that no file need hold, as load_files with an import path: the text of
// path, which tells what may be imported, alone or as one of files.
Package *load_text(const char *import_path, const char *path, Str text, const PathVec *files);
// That import path is asked for beside others, perhaps by another process: a package whose path differs
// from it in case alone is refused. One that was asked for before and does, or NULL.
const char *load_note_path(const char *path);
// A package by folder ("./x", ".") or import path. Errors in `diagnostics` or *err (go's wording:
// "package foo is not in std (…)").
Package *load_package(const char *pattern, const char **err);
// Patterns with "..." expanded ("./...", "std"), to import paths and folders (other patterns stay
// as they are), or to loaded packages.
bool load_expand(const char **patterns, uint32_t n, PathVec *out, const char **err);
bool load_patterns(const char **patterns, uint32_t n, PackageVec *out, const char **err);
// All packages that roots need, dependencies first (import cycles were reported: "import cycle not
// allowed").
void load_dependency_order(Package **roots, uint32_t n, PackageVec *out);
// All packages of a program in the order of their initialisation (init_order.c).
void load_init_order(Package *main, PackageVec *out);
// The external test package (package foo_test) of p's folder; NULL when it has none. Only with
// load_config.tests; load p first. From now on p is no program.
Package *load_external_tests(Package *p);
// The program that runs p's tests, from its text: package main, which imports p by its path and the
// external test package as p's path with "_test".
Package *load_test_main(Package *p, Package *external, Str text);
// Gives p other texts for its files but those of tests, in their order, and a file in front of them,
// which is called extra: what a tool made of the package.
void load_rewrite(Package *p, const char *extra, Str first, const Str *texts);
// The files that the arguments of a //go:embed directive name in p's folder, relative to it, in
// order. False with *err ("pattern x: no matching files found").
typedef Vec(EmbedPattern) EmbedVec;
bool load_embed(Package *p, const char *args, EmbedVec *out, const char **err);
// What $GODEBUG is by default ("panicnil=1,…", "") in a program of these packages: the main one,
// with a test's main package those that it tests. Errors in //go:debug lines in `diagnostics`.
const char *load_godebug(Package *const *packages, uint32_t n);
const char *
load_display_path(const char *path); // as messages name it: short, ./ before a mere name
bool has_path_prefix(const char *path, const char *prefix); // a/b has prefix a, not a/bc
// Is this file part of the build (suffixes and constraints)? text may be only its head.
bool load_file_matches(const char *name, Str text);

#endif
