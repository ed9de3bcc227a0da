// check: from syntax trees to a checked package.
//
// Checking annotates the tree (Expr.type/mode/val/inst, E_NAME.obj, selections, FuncInfo, Stmt
// targets, Clause.implicit) and fills Package. Errors go to `diagnostics` in gc's words. A package
// with errors is still complete enough not to crash whoever looks at it, but only an error-free one
// may be handed to the midend.
#ifndef VOLE_CHECK_H
#define VOLE_CHECK_H

#include "frontend/types.h"

struct FuncInfo {    // one function declaration or literal with a body
    FuncInfo *outer; // enclosing function of a literal, or NULL
    // D_FUNC, or NULL for literals (and for literals in package-level initialisers).
    Decl *decl;
    Expr *lit; // E_FUNCLIT or NULL
    // S_FOR over a function whose body this is, or NULL: the compiler makes these, as literals.
    Stmt *range;
    Object *obj; // O_FUNC of decl
    Type *sig;
    Stmt *body;
    Scope *scope; // function scope with receiver, parameters, results
    // Outer locals that this literal (or one inside it) uses, in order of first use.
    Vec(Object *) captures;
    Vec(FuncInfo *) lits; // literals directly inside, in source order
    bool has_defer, has_recover;
    bool checked; // body was checked
};

// One package-level variable initialisation: lhs = rhs, in execution order.
typedef struct Initializer {
    Vec(Object *) lhs; // several for a multi-value call; may be blank (name "_")
    Expr *rhs;
    Decl *decl;
} Initializer;

typedef struct EmbedPattern {
    const char *pattern;
    Vec(const char *) files;
} EmbedPattern;

struct Package {
    const char *path; // import path; "main" for a main package given as files
    Name name;
    const char *dir;
    bool in_goroot;         // errors in bodies are not the user's; unused imports etc. not checked
    bool fake;              // could not be loaded; every selector from it is accepted silently
    const char *go_version; // from go.mod ("go1.27"); "" = newest
    Vec(File *) files;
    Vec(Package *) imports;      // direct, unique, sorted by path
    const char *tests;           // external test package: the path of the package that it tests
    uint32_t test_files;         // how many of files are _test.go ones; they are the last
    Vec(Package *) test_imports; // those of imports that only test files need
    Scope *scope;
    bool decls_checked, bodies_checked, has_errors;
    Vec(Initializer) inits;    // in initialisation order
    Vec(FuncInfo *) init_lits; // literals in package-level initialisers
    // All D_FUNC of all files (methods, init functions and blanks too), in source order.
    Vec(Decl *) funcs;
    Vec(Object *) local_types; // O_TYPENAME of types declared inside functions
    const char *import_error;  // loader's own error
    uint32_t index;            // position in dependency order, dependencies first
    void *aux;                 // midend's record
    const char *plugin_path;   // is_main: what a plugin's symbols begin with, or NULL
    bool is_main, overlay;
    bool std;        // compiled with -std: directives of the standard library are allowed
    bool fieldtrack; // GOEXPERIMENT=fieldtrack: //go:nointerface is minded
    bool incomplete; // functions without a body are fine: assembly provides them
    Vec(const char *) assembly; // paths of its assembly files
    Vec(const char *) objects;  // what C of it has been compiled to, and what that wants linked
    Vec(const char *) ldflags;
    const char *left_out;    // where a file is left out for it imports "C", and why, or NULL
    const char *counters;    // what the names of its coverage counters begin with, or NULL
    struct Checker *checker; // once collected
};

typedef Vec(Package *) PackageVec;

// How the checker gets a package for an import path seen in `from` (vendoring, internal rules):
// installed by the loader. Returns NULL after having explained why in *err ("package foo is not in
// std").
typedef Package *(*ImportFn)(const char *path, Package *from, Pos pos, const char **err);
extern ImportFn check_importer;

// Declarations only: everything importers need. Idempotent. Imports are checked (declarations)
// first.
void check_package_decls(Package *p);
// Function bodies, unused imports and variables, initialisation order. Calls check_package_decls
// first.
void check_package_bodies(Package *p);
// The body of one function, method or variable initialiser of a package whose declarations are
// checked (lazily, for generic and inlinable functions of imports).
void check_func_body(Decl *d);
// --emit=types: every object with its type, every expression's type, mode and constant value.
void dump_types(FILE *out, Package *p);
// What its symbols begin with: its path, main, or a plugin's.
const char *package_symbol_path(const Package *p);
Object *scope_lookup(Scope *s, Name n); // in this scope only; NULL: none
// Language version check: is go1.minor allowed at pos (file's //go:build version or the package's)?
bool check_allow_version(Package *p, Pos pos, int minor);

#endif
