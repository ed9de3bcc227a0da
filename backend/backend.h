// backend: a package's Unit to an object file through LLVM, and objects to an executable.
//
// Only this folder includes llvm-c. One process compiles one unit at a time (the driver forks a child per package), so nothing here is thread-safe.
// Failures come back as false with *err, a message for the user; broken invariants are ice().
#ifndef VOLE_BACKEND_H
#define VOLE_BACKEND_H

#include "midend/ssa.h"

typedef struct BackendOptions {
    const char *goarch;      // "amd64" or "arm64"
    int opt;                 // 0..3
    bool debug_info;         // DWARF with variables; line tables are always there
    bool is_main;            // emit vole_inittasks and vole_main_main
    Vec(Package *) init_order; // is_main: all packages, dependencies first
} BackendOptions;

typedef enum BackendKind { BACKEND_OBJ, BACKEND_ASM, BACKEND_LLVM } BackendKind;

void backend_options_default(BackendOptions *o);
bool backend_compile(Unit *u, const BackendOptions *o, BackendKind kind, const char *path, const char **err);

typedef struct LinkOptions {
    const char *goarch;
    const char *output;
    const char *runtime_dir; // holds libvole_rt.a
    const char *sysroot;     // NULL: this machine's own; else a Debian tree for the target
    bool strip_debug, verbose;
    Vec(const char *) objects;
} LinkOptions;
bool backend_link(const LinkOptions *o, const char **err);

#endif
