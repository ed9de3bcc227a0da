// abi: what compiled Go code and the C runtime agree on. The only header that the compiler and the
// runtime share.
//
// Calling convention. All Go functions and all runtime functions that Go calls are swiftcc.
// Parameters are flattened to scalars in order (struct fields, array elements up to length 4,
// string: ptr,len; slice: ptr,len,cap; interface: word,data; complex: re,im; bool: i8-sized i1
// zero-extended by callee's view: treat as uint8). A parameter whose flattening has more than
// ABI_MAX_PARAM_SCALARS scalars (or holds an array longer than 4) is passed as a pointer to a
// caller-owned copy that the callee must not modify. Zero-size parameters are not passed. Results
// are flattened likewise; if all results together have at most ABI_MAX_RESULT_INTS non-float and
// ABI_MAX_RESULT_FLOATS float scalars (and none is an over-long array), they return as one LLVM
// struct of scalars in registers; else through a hidden first pointer argument to a caller-owned
// struct laid out as the Go struct of the results ("sret"). The closure context is in the
// `swiftself` register (R13 / X20): pointer to the closure object {code pointer, captures…}. A func
// value is a pointer to such an object; nil func = NULL. In C: __attribute__((swiftcall)) functions
// with asm labels carrying the Go symbol. All Go code keeps frame pointers (RBP / X29). Executables
// are non-PIE below 2 GiB, unless they and their runtime are position independent.
#ifndef VOLE_ABI_H
#define VOLE_ABI_H

#include <stdint.h>

#define ABI_MAX_PARAM_SCALARS 6
#define ABI_MAX_RESULT_INTS 4
#define ABI_MAX_RESULT_FLOATS 4

// Type descriptors: internal/abi.Type and its extensions, byte for byte. NameOff, TypeOff and
// TextOff are absolute 32-bit addresses (0: none); negative values are offsets that reflect
// registered at run time. In position independent code a NameOff is the name's distance from where the
// descriptor, or the name that holds it, begins; TypeOff and TextOff are that of a word with the
// address; below ABI_REFLECT_OFFS are those that reflect registered.
#define ABI_REFLECT_OFFS (-(1 << 30))
typedef struct AbiType {
    uintptr_t size, ptr_bytes;
    uint32_t hash;
    uint8_t tflag, align, field_align, kind;
    // func(unsafe.Pointer, unsafe.Pointer) bool: a func value (closure object); NULL: not
    // comparable.
    void *equal;
    const uint8_t *gcdata; // pointer bitmap, one bit per word of ptr_bytes (NULL if ptr_bytes == 0)
    int32_t str, ptr_to_this;
} AbiType;
enum {
    ABI_TFLAG_UNCOMMON = 1,
    ABI_TFLAG_EXTRA_STAR = 2,
    ABI_TFLAG_NAMED = 4,
    ABI_TFLAG_REGULAR_MEMORY = 8,
    ABI_TFLAG_GCMASK_ON_DEMAND = 16,
    ABI_TFLAG_DIRECT_IFACE = 32
};
enum {
    ABI_BOOL = 1,
    ABI_INT,
    ABI_INT8,
    ABI_INT16,
    ABI_INT32,
    ABI_INT64,
    ABI_UINT,
    ABI_UINT8,
    ABI_UINT16,
    ABI_UINT32,
    ABI_UINT64,
    ABI_UINTPTR,
    ABI_FLOAT32,
    ABI_FLOAT64,
    ABI_COMPLEX64,
    ABI_COMPLEX128,
    ABI_ARRAY,
    ABI_CHAN,
    ABI_FUNC,
    ABI_INTERFACE,
    ABI_MAP,
    ABI_POINTER,
    ABI_SLICE,
    ABI_STRING,
    ABI_STRUCT,
    ABI_UNSAFE_POINTER
};
typedef struct AbiSlice {
    void *ptr;
    intptr_t len, cap;
} AbiSlice;
typedef struct AbiString {
    const char *ptr;
    intptr_t len;
} AbiString;
typedef struct AbiIface {
    void *word;
    void *data;
} AbiIface; // word: AbiType* (empty interface) or AbiItab*
typedef struct AbiArrayType {
    AbiType t;
    AbiType *elem, *slice;
    uintptr_t len;
} AbiArrayType;
typedef struct AbiChanType {
    AbiType t;
    AbiType *elem;
    intptr_t dir;
} AbiChanType;
typedef struct AbiFuncType {
    AbiType t;
    uint16_t in_count, out_count; /* top bit: variadic; then [uncommon,] AbiType *params[] */
} AbiFuncType;
typedef struct AbiImethod {
    int32_t name, type;
} AbiImethod;
typedef struct AbiInterfaceType {
    AbiType t;
    const uint8_t *pkg_path;
    AbiSlice methods; /* of AbiImethod, sorted by name */
} AbiInterfaceType;
typedef struct AbiMapType {
    AbiType t;
    AbiType *key, *elem, *group;
    void *hasher; /* func(unsafe.Pointer, uintptr) uintptr */
    uintptr_t group_size, keys_off, key_stride, elems_off, elem_stride, elem_off;
    uint32_t flags;
} AbiMapType;
typedef struct AbiPtrType {
    AbiType t;
    AbiType *elem;
} AbiPtrType;
typedef struct AbiSliceType {
    AbiType t;
    AbiType *elem;
} AbiSliceType;
typedef struct AbiStructField {
    const uint8_t *name;
    AbiType *type;
    uintptr_t offset;
} AbiStructField;
typedef struct AbiStructType {
    AbiType t;
    const uint8_t *pkg_path;
    AbiSlice fields;
} AbiStructType;
typedef struct AbiUncommon {
    int32_t pkg_path;
    uint16_t mcount, xcount;
    uint32_t moff, unused;
} AbiUncommon;
typedef struct AbiMethod {
    int32_t name, mtyp, ifn, tfn;
} AbiMethod;
// A name: flag byte (1 exported, 2 has tag, 4 has pkgPath, 8 embedded), varint length, bytes [,
// varint tag length, tag] [, 4-byte NameOff].
typedef struct AbiItab {
    AbiInterfaceType *inter;
    AbiType *type;
    uint32_t hash;
    uintptr_t fun[1];
} AbiItab;

// equal and hasher func values of descriptors: closure objects whose code is one of the runtime's
// (runtime.memequal_varlen, runtime.strequal, runtime.interequal, runtime.nilinterequal,
// runtime.f32equal, …, runtime.typeequal_closure) followed by the descriptor (or size) it works on:
typedef struct AbiAlgClosure {
    void *code;
    uintptr_t
        arg; /* size for memequal_varlen / memhash_varlen, AbiType* for typeequal_closure / typehash_closure */
} AbiAlgClosure;

// Defer. A function with defers has one DeferFrame on its stack. Where defers are open-coded, the
// function fills frame and records itself, calls what it deferred where it returns, and takes the
// frame off the goroutine's list; elsewhere deferpush and deferreturn do. Panics find both alike.
typedef struct AbiJmpbuf {
    uintptr_t regs[22];
} AbiJmpbuf; // callee-saved registers, sp, pc (x86-64 uses 8, arm64 21 words)
typedef struct AbiDefer {
    struct AbiDefer *link;
    void *fn;
    uintptr_t heap; // a record that the runtime made
} AbiDefer;
typedef struct AbiDeferFrame {
    AbiDefer *defers;
    struct AbiDeferFrame *prev;
    uintptr_t started; // on the list; not kept by open-coded defers
    uintptr_t can_recover;
    AbiJmpbuf jmpbuf; // there only with can_recover
} AbiDeferFrame;
// Where a G has the list of its frames.
#define ABI_G_DEFERS 168
// SETJMP calls `int vole_setjmp(AbiJmpbuf *)` (C convention, returns_twice). After 1, compiled code
// calls deferreturn(frame) and returns its results.

// Stack maps: section .llvm_stackmaps of the executable's file, not loaded. For each object file (u64)
// the number of its functions, then of each an AbiStackMap, its variables, its ranges, up to a
// multiple of 8 bytes. Of a function that the linker dropped the address is 0.
typedef struct AbiStackMap {
    uint64_t address;
    uint32_t vars, ranges;
} AbiStackMap;
typedef struct AbiStackVar {
    int32_t offset; // from the frame pointer
    uint32_t size, bit;
} AbiStackVar;
// Calls that return behind the range before, and not behind end (from the function's begin): the bits
// of variables that are used later.
typedef struct AbiStackRange {
    uint32_t end, used;
} AbiStackRange;

// Where code comes from: sections .vole_lines and .vole_names of the executable's file, not loaded.
// For each object file an AbiLines; its strings, u32 each, where they are in .vole_names; up to a
// multiple of 8 bytes; its functions; and what is known of them, in bytes, up to a multiple of 8.
// Of a function that the linker dropped the address is 0.
//
// A function's bytes begin at `at`, counted from the AbiLines, and end where the next one's begin. They
// are numbers in ULEB128. If arguments are known, how many numbers tell of them, how long the
// prologue is, and these (ABI_ARG). Then how many calls were inlined in it, and of each, numbered from 1: the
// number of the one that holds it (0: the function itself), its function's name, the line where that
// is declared, twice, and 1 if it is a wrapper, the call's file and line. Then rows, each of which
// holds up to the next: its distance from the one before (the function's begin), 4 times, and 2
// if the inlined call is another one, which follows, and 1 if the file is, which follows; and by how
// much the line differs: n as 2n, -n as 2n-1.
enum { // braces; what is not known; more; from ABI_ARG_WORD on what is in memory, at a distance from the
    // frame pointer: d as 2d, -d as 2d-1, 4 times, and of its size, a power of two, the exponent
    ABI_ARG_OPEN,
    ABI_ARG_CLOSE,
    ABI_ARG_UNKNOWN,
    ABI_ARG_MORE,
    ABI_ARG_WORD
};
typedef struct AbiLines {
    uint32_t size; // of all that belongs to the object
    uint32_t strings, funcs, padding;
} AbiLines;
typedef struct AbiLineFunc {
    uint64_t address;
    uint32_t size, name, at;
    uint32_t
        line; // of its declaration, 8 times; 4: arguments are known, 2: a wrapper, 1: no parameters
} AbiLineFunc;

// internal/runtime/maps.Map: the header of a map. A map of up to eight entries has them in one
// group, { ctrl uint64; slots [8]struct { key K; elem E } }; keys and elements above 128 bytes are
// there by pointer (GOEXPERIMENT mapsplitgroup is off in Go 1.27).
typedef struct AbiMap {
    uint64_t used;
    uintptr_t seed;
    void *dir; // the group while dir_len is 0
    intptr_t dir_len;
    uint8_t global_depth, global_shift, writing, tombstone_possible;
    uint64_t clear_seq;
} AbiMap;
#define ABI_MAP_GROUP_SLOTS 8
#define ABI_MAP_MAX_INLINE 128
#define ABI_MAP_CTRL_EMPTY UINT64_C(0x8080808080808080)

// The beginning of a channel (runtime/chan.c), for debuggers.
typedef struct AbiChan {
    uint64_t count, cap;
    void *buf;
    uint32_t elem_size, closed;
    void *timer;
    const AbiType *elem;
    uint64_t sendx, recvx;
} AbiChan;

// A range over a map keeps an internal/runtime/maps.Iter (12 words in Go 1.27: key and elem pointer
// first) in zeroed memory of this many words.
#define ABI_MAP_ITER_WORDS 16

// select: sends first, then receives, as selectgo wants them.
typedef struct AbiScase {
    void *chan;
    void *elem;
} AbiScase;

// Emitted by the main package's unit: vole_inittasks: NULL-terminated array of void (*)(void)
// swiftcc functions, one `path.init` per package, dependencies first; vole_main_main: pointer to
// main.main's code. The runtime's `main` starts the scheduler, runs them on the main goroutine.
// vole_goroot: the GOROOT that the program was built from, empty with -trimpath. vole_cpu_level:
// what code takes for granted: amd64: the level, 1 to 4; arm64: 1 with LSE, else 0.
extern void *const vole_inittasks[];
extern void *const vole_main_main;
extern const char vole_goroot[];
extern const int32_t vole_cpu_level;

// Plugins. One's constructor gives this to its host's runtime (vole_plugin_loaded); the bounds are
// NULL where it has no such section.
typedef struct AbiPluginSymbol {
    const char *name; // NULL: the last
    AbiType *type;    // of a variable: that of a pointer to it
} AbiPluginSymbol;
typedef struct AbiPluginPackage {
    const char *path; // NULL: the last
    const char *built_with, *there;
} AbiPluginPackage;
typedef struct AbiPlugin {
    struct AbiPlugin *next; // the runtime's
    const char *path;
    void *const *inits; // as vole_inittasks
    const AbiPluginSymbol *symbols;
    const AbiPluginPackage *packages;
    AbiType *const *typelinks, *const *typelinks_end;
    const char *hop, *hop_end, *assembly, *assembly_end;
    const char *text, *text_end; // the runtime's
} AbiPlugin;

#endif
