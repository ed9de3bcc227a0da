// backend: a package's Unit to an object file through LLVM, and objects to an executable.
//
// Only this folder includes llvm-c. One process compiles one unit at a time (the driver forks a
// child per package), so nothing here is thread-safe. Failures come back as false with *err, a
// message for the user; broken invariants are ice().
//
// What the runtime finds in an executable, beside the symbols that abi.h names:
// - Section vole_typelinks (__start_vole_typelinks … __stop_vole_typelinks): AbiType * of every
//   unnamed composite type, in no order, without duplicates; reflect's typelinks sorts them by
//   text. Declare the two symbols weak: a program may have none.
// - Section vole_noptrdata (__start_vole_noptrdata … __stop_…, weak): variables without pointers,
//   which the collector need not scan. Section vole_noptrzeros: address and size of large ones in
//   .bss.
// - Strings, descriptors, itabs, static closures and read-only data are in .rodata, which it need
//   not scan either.
// - A nil check is mostly folded into the access that follows it (LLVM's implicit null checks): the
//   SIGSEGV handler treats a fault at an address below 4096 with the pc in Go code as a nil
//   dereference, and goes on as if that instruction had called runtime.sigpanic. That needs no
//   fault map; but the check's position in the source is lost with it, so that tracebacks ask
//   .llvm_faultmaps, which the file keeps without loading it, for the code that would have panicked
//   (runtime/faultmap.c).
// - AbiJmpbuf is filled by vole_setjmp; frames are linked by RBP / X29 throughout; no Go call is
//   ever a tail call.
#ifndef VOLE_BACKEND_H
#define VOLE_BACKEND_H

#include "midend/midend.h"

// What of the architecture programs may take for granted: $GOAMD64 and $GOARM64. Zeros: the
// baseline.
typedef struct TargetLevel {
    int amd64; // 1..4: x86-64-v1 …
    int arm64_major, arm64_minor;
    bool lse, crypto; // of arm64; from v8.1 on there is LSE
} TargetLevel;

typedef struct BackendOptions {
    const char *goarch; // "amd64" or "arm64"
    TargetLevel level;
    int opt;         // 0..3
    bool debug_info; // DWARF with variables; lines are always there
    // Conversions of floats to integers saturate on every architecture (gc's -d=converthash).
    bool saturate;
    bool is_main;          // emit vole_inittasks, vole_main_main and vole_goroot
    const char *goroot;    // is_main: what runtime.GOROOT() says where the environment does not
    PackageVec init_order; // is_main: all packages, in the order of their initialisation
    Vec(const char *) init_keys; // plugin: the keys of these
    Vec(Str) assembly;           // the Go object files of the package's assembly
    bool race;                   // the race detector is told of accesses to memory
    bool cgo_check;              // pointers that are stored in C's memory are looked at
    bool fuzz;                   // branches are counted
    bool annotate;               // assembly with each place's inlining calls
    bool pic;                    // code and data for any address, which libraries may define anew
    const char *key;             // pic: what tells this compilation of the package from others
    bool plugin;                 // is_main: it is a plugin's
    FILE *listing; // the object's code and data are printed there, in gc's form; or NULL
} BackendOptions;

typedef enum BackendKind { BACKEND_OBJ, BACKEND_ASM, BACKEND_LLVM } BackendKind;

void backend_options_default(BackendOptions *o);
bool backend_compile(Unit *u, const BackendOptions *o, BackendKind kind, const char *path,
                     const char **err);

// Reads the file that BACKEND_ASM wrote with `annotate`: function by function, each instruction
// with the places in the source that it comes from: its own first, then the calls by which that was
// inlined. Directives and LLVM's comments are left out.
typedef struct ListingPlace {
    const char *file;
    uint32_t line;
} ListingPlace;
typedef struct ListingLine {
    const char *text;
    bool label;
    Vec(ListingPlace) places;
} ListingLine;
typedef struct ListingFunc {
    const char *symbol;
    Vec(ListingLine) lines;
} ListingFunc;
typedef struct Listing {
    Vec(ListingFunc) funcs;
} Listing;
bool backend_read_listing(const char *path, Listing *l);

// What comes out. All but the first take position independent objects.
typedef enum LinkKind {
    LINK_PROGRAM,
    LINK_PIE,
    LINK_PLUGIN,   // the runtime is the host's
    LINK_C_SHARED, // what C sees of it are the symbols of C's objects
    LINK_C_OBJECT, // one object for an archive, without C's objects, that a C compiler will link
} LinkKind;

typedef struct LinkOptions {
    LinkKind kind;
    const char *goarch;
    const char *output;
    const char *runtime_dir; // holds libvole_rt.a, pic/libvole_rt.a
    // NULL: this machine's own; else a Debian tree for the target: usr/lib/<triple>,
    // usr/lib/gcc/<triple>/<version>, or a cross tree (usr/aarch64-linux-gnu/lib,
    // usr/lib/gcc-cross/…); "/" with the cross packages installed works too
    const char *sysroot;
    bool strip_debug, strip_symbols, verbose, dry_run;
    Vec(const char *) objects;
    // C's, and the words that its #cgo lines and the environment have for a C compiler that links.
    Vec(const char *) c_objects, c_flags;
    Vec(const char *) exports;   // what libraries find in the program, if it has any
    Vec(const char *) ext_flags; // -extldflags: more such words, which backend_link_unknown knows
    const char *rpath;           // -r: where a dynamic program looks for libraries, or NULL
    const char *build_id;        // what the note of GNU's linkers says, 0xHEX, or NULL
    bool pic;                    // the objects are: the runtime must be as well
    bool host; // a program that opens plugins: dynamic, with all its symbols for them
} LinkOptions;
bool backend_link(const LinkOptions *o, const char **err);
// The first of a C compiler's words that says something about linking which is not done here, or
// NULL.
const char *backend_link_unknown(const char *const *words, uint32_t n, LinkKind kind);
void backend_link_prepare(const char *goarch); // a link will probably follow: starts the linker
void backend_link_cancel(void);                // it did not

#endif
