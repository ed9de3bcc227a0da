// functions: functions known by name: the one table of what inliner, escape analysis, lowering and
// backend know of each; and the functions of the runtime.
#ifndef VOLE_FUNCTIONS_H
#define VOLE_FUNCTIONS_H

#include "frontend/types.h"

// clang-format off
typedef enum CallAs { // how the operation that stands for a call is made of the arguments
    AS_CALL,    // none does
    AS_UNARY,   // op(x), operand's type
    AS_BINARY,  // op(x, y)
    AS_TERNARY,
    AS_INT,     // op(x) as the call's type: ctz, popcount, bitlen
    AS_LZ,      // width - bitlen(x)
    AS_TUPLE,   // op(args), tuple
    AS_DIV64,   // the same where the divisor is more than the high word, else a panic
    AS_BITS,    // bitcast
    AS_LOAD, AS_STORE, AS_RMW, AS_CAS,
    AS_VOID,    // RMW whose old value is not wanted
    AS_SELECT, AS_UINT8,
    AS_CALLER,  // no arguments
    AS_CONTEXT,
    AS_KEEP, AS_PREFETCH, AS_PAUSE, AS_FENCE,
    AS_CODE,
    AS_ESCAPE,  // of use to escape analysis alone: what is no string escapes
} CallAs;

enum {
    FUNC_GC_AMD64 = 1, // an operation for gc there, by which its inliner counts
    FUNC_GC_ARM64 = 2,
    FUNC_GC = FUNC_GC_AMD64 | FUNC_GC_ARM64,
    FUNC_CHEAP = 4,     // for gc's inliner a call is like any other node
    FUNC_EXPENSIVE = 8, // there a call costs the whole budget
    FUNC_OF_FRAME = 16, // asks about its caller's frame, which must not be another one's
    FUNC_CHECKPTR = 32, // with -d=checkptr not inlined
    FUNC_NORETURN = 64,
    FUNC_AMD64 = 128, // an operation here on amd64 alone
};
// clang-format on

typedef struct KnownFunc {
    const char *symbol; // the linker's, methods' without parentheses and *
    CallAs as;
    uint8_t op; // SsaOp
    unsigned flags;
} KnownFunc;

// Whatever the type arguments; NULL: nothing is known.
const KnownFunc *known_func(const char *symbol);
bool func_is(const char *symbol, unsigned flag);
const KnownFunc *intrinsic_of(const char *symbol); // an operation here; NULL: none
bool is_gc_intrinsic(const char *symbol);          // one for gc
// One of those that gc's runtime is made of: nothing in it is checked by -d=checkptr.
bool is_runtime_package(const char *path);
// With -race: does a package of this path tell the race detector of what it does? Of its functions
// alone, not of memory?
bool race_instruments(const char *path);
bool race_ignores_memory(const char *path);

// The runtime's functions, by runtime/runtime.def.
// clang-format off
typedef enum RtFunc {
#define RT(id, symbol, result, args, flags) RT_##id,
#include "runtime/runtime.def"
#undef RT
    RT_COUNT
} RtFunc;
// clang-format on
typedef struct RtInfo {
    const char *symbol, *result, *args;
    unsigned flags;
} RtInfo;
extern const RtInfo rt_info[RT_COUNT];
Type *rt_letter_type(char letter); // the Go type that a letter of result and args stands for

#endif
