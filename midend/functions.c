// functions: functions known by name.
//
// Functions that have Go bodies and an operation (math/bits, math) keep them for use as values;
// those without (sync/atomic, internal/runtime/atomic) exist only as operations and in the runtime.
#include "midend/functions.h"
#include "midend/options.h"
#include "midend/ssa/ssa.h"

// clang-format off
#define WIDTHS(base, as, op, f8, f16, f32, f)                                                      \
    {base "8", as, op, f8}, {base "16", as, op, f16}, {base "32", as, op, f32}, {base "64", as, op, f32}, {base, as, op, f}
#define SYNC(base, as, op, pointer)                                                                \
    {"sync/atomic." base "Int32", as, op, FUNC_GC}, {"sync/atomic." base "Int64", as, op, FUNC_GC}, \
    {"sync/atomic." base "Uint32", as, op, FUNC_GC}, {"sync/atomic." base "Uint64", as, op, FUNC_GC}, \
    {"sync/atomic." base "Uintptr", as, op, FUNC_GC}, {"sync/atomic." base "Pointer", as, op, pointer}
#define RA(name, as, op) {"internal/runtime/atomic." name, as, op, FUNC_GC}
#define CALLS(symbol, flags) {symbol, AS_CALL, SSA_CALL, flags}
#define ENDIAN3(base)                                                                              \
    CALLS(base "Uint16", FUNC_CHEAP), CALLS(base "Uint32", FUNC_CHEAP), CALLS(base "Uint64", FUNC_CHEAP)
#define ENDIAN(base) ENDIAN3(base), ENDIAN3(base "Put"), ENDIAN3(base "Append")
// clang-format on

static const KnownFunc table[] = {
    WIDTHS("math/bits.TrailingZeros", AS_INT, SSA_CTZ, FUNC_GC, FUNC_GC, FUNC_GC, 0),
    WIDTHS("math/bits.LeadingZeros", AS_LZ, SSA_BITLEN, 0, 0, 0, 0),
    WIDTHS("math/bits.Len", AS_INT, SSA_BITLEN, FUNC_GC, FUNC_GC, FUNC_GC, FUNC_GC),
    WIDTHS("math/bits.OnesCount", AS_INT, SSA_POPCOUNT, 0, FUNC_GC, FUNC_GC, FUNC_GC),
    WIDTHS("math/bits.ReverseBytes", AS_UNARY, SSA_BSWAP, FUNC_GC, FUNC_GC, FUNC_GC, 0),
    WIDTHS("math/bits.Reverse", AS_UNARY, SSA_BITREV, FUNC_GC_ARM64, FUNC_GC_ARM64, FUNC_GC_ARM64,
           FUNC_GC_ARM64),
    WIDTHS("math/bits.RotateLeft", AS_BINARY, SSA_ROTL, FUNC_GC_AMD64, FUNC_GC_AMD64, FUNC_GC,
           FUNC_GC),
    {"math/bits.Mul64", AS_TUPLE, SSA_MUL64, FUNC_GC},
    {"math/bits.Mul", AS_TUPLE, SSA_MUL64, FUNC_GC},
    {"math/bits.Add64", AS_TUPLE, SSA_ADD64, FUNC_GC},
    {"math/bits.Add", AS_TUPLE, SSA_ADD64, FUNC_GC},
    {"math/bits.Sub64", AS_TUPLE, SSA_SUB64, FUNC_GC},
    {"math/bits.Sub", AS_TUPLE, SSA_SUB64, FUNC_GC},
    {"math/bits.Div64", AS_DIV64, SSA_DIV64, FUNC_GC_AMD64 | FUNC_AMD64},
    {"math/bits.Div", AS_DIV64, SSA_DIV64, FUNC_GC_AMD64 | FUNC_AMD64},
    {"math/big.mulWW", AS_TUPLE, SSA_MUL64, FUNC_GC},
    {"internal/runtime/math.Mul64", AS_TUPLE, SSA_MUL64, 0},
    {"internal/runtime/math.Add64", AS_TUPLE, SSA_ADD64, FUNC_GC},
    {"internal/runtime/sys.TrailingZeros8", AS_INT, SSA_CTZ, FUNC_GC},
    {"internal/runtime/sys.TrailingZeros32", AS_INT, SSA_CTZ, FUNC_GC},
    {"internal/runtime/sys.TrailingZeros64", AS_INT, SSA_CTZ, FUNC_GC},
    {"internal/runtime/sys.Len8", AS_INT, SSA_BITLEN, FUNC_GC},
    {"internal/runtime/sys.Len64", AS_INT, SSA_BITLEN, FUNC_GC},
    {"internal/runtime/sys.LeadingZeros8", AS_LZ, SSA_BITLEN, 0},
    {"internal/runtime/sys.LeadingZeros64", AS_LZ, SSA_BITLEN, 0},
    {"internal/runtime/sys.OnesCount64", AS_INT, SSA_POPCOUNT, FUNC_GC},
    {"internal/runtime/sys.Bswap32", AS_UNARY, SSA_BSWAP, FUNC_GC},
    {"internal/runtime/sys.Bswap64", AS_UNARY, SSA_BSWAP, FUNC_GC},
    {"internal/runtime/sys.Prefetch", AS_PREFETCH, SSA_PREFETCH, FUNC_GC},
    {"internal/runtime/sys.PrefetchStreamed", AS_PREFETCH, SSA_PREFETCH, FUNC_GC},
    {"internal/runtime/sys.GetCallerPC", AS_CALLER, SSA_CALLERPC, FUNC_GC | FUNC_OF_FRAME},
    {"internal/runtime/sys.GetCallerSP", AS_CALLER, SSA_CALLERSP, FUNC_GC | FUNC_OF_FRAME},
    {"internal/runtime/sys.GetClosurePtr", AS_CONTEXT, SSA_CTX, FUNC_GC},
    {"internal/abi.FuncPCABI0", AS_CODE, SSA_CODEADDR, FUNC_GC},
    {"internal/abi.FuncPCABIInternal", AS_CODE, SSA_CODEADDR, FUNC_GC},
    {"internal/abi.EscapeNonString", AS_ESCAPE, SSA_COPY, FUNC_GC | FUNC_CHEAP},
    {"math.Sqrt", AS_UNARY, SSA_SQRT, 0},
    {"math.sqrt", AS_UNARY, SSA_SQRT, FUNC_GC},
    {"math.FMA", AS_TERNARY, SSA_FMA, FUNC_GC},
    {"math.Floor", AS_UNARY, SSA_FLOOR, FUNC_GC},
    {"math.Ceil", AS_UNARY, SSA_CEIL, FUNC_GC},
    {"math.Trunc", AS_UNARY, SSA_TRUNC, FUNC_GC},
    {"math.RoundToEven", AS_UNARY, SSA_ROUNDEVEN, FUNC_GC},
    {"math.Abs", AS_UNARY, SSA_ABS, FUNC_GC_ARM64},
    {"math.archMax", AS_BINARY, SSA_MATHMAX, 0},
    {"math.archMin", AS_BINARY, SSA_MATHMIN, 0},
    {"math.Copysign", AS_BINARY, SSA_COPYSIGN, 0},
    {"math.Float64bits", AS_BITS, SSA_BITCAST, 0},
    {"math.Float32bits", AS_BITS, SSA_BITCAST, 0},
    {"math.Float64frombits", AS_BITS, SSA_BITCAST, 0},
    {"math.Float32frombits", AS_BITS, SSA_BITCAST, 0},
    SYNC("Load", AS_LOAD, SSA_ATOMICLOAD, FUNC_GC),
    SYNC("Store", AS_STORE, SSA_ATOMICSTORE, 0),
    SYNC("Swap", AS_RMW, SSA_ATOMICXCHG, 0),
    SYNC("Add", AS_RMW, SSA_ATOMICADD, FUNC_GC),
    SYNC("And", AS_RMW, SSA_ATOMICAND, FUNC_GC),
    SYNC("Or", AS_RMW, SSA_ATOMICOR, FUNC_GC),
    SYNC("CompareAndSwap", AS_CAS, SSA_ATOMICCAS, 0),
    RA("Load", AS_LOAD, SSA_ATOMICLOAD),
    RA("Loadp", AS_LOAD, SSA_ATOMICLOAD),
    RA("Load8", AS_LOAD, SSA_ATOMICLOAD),
    RA("Load64", AS_LOAD, SSA_ATOMICLOAD),
    RA("LoadAcq", AS_LOAD, SSA_ATOMICLOAD),
    RA("LoadAcq64", AS_LOAD, SSA_ATOMICLOAD),
    RA("LoadAcquintptr", AS_LOAD, SSA_ATOMICLOAD),
    RA("Loaduint", AS_LOAD, SSA_ATOMICLOAD),
    RA("Loaduintptr", AS_LOAD, SSA_ATOMICLOAD),
    RA("Loadint32", AS_LOAD, SSA_ATOMICLOAD),
    RA("Loadint64", AS_LOAD, SSA_ATOMICLOAD),
    RA("Store", AS_STORE, SSA_ATOMICSTORE),
    RA("Store8", AS_STORE, SSA_ATOMICSTORE),
    RA("Store64", AS_STORE, SSA_ATOMICSTORE),
    RA("StoreRel", AS_STORE, SSA_ATOMICSTORE),
    RA("StoreRel64", AS_STORE, SSA_ATOMICSTORE),
    RA("StoreReluintptr", AS_STORE, SSA_ATOMICSTORE),
    RA("Storeint32", AS_STORE, SSA_ATOMICSTORE),
    RA("Storeint64", AS_STORE, SSA_ATOMICSTORE),
    RA("Storeuintptr", AS_STORE, SSA_ATOMICSTORE),
    RA("StorepNoWB", AS_STORE, SSA_ATOMICSTORE),
    RA("Xchg", AS_RMW, SSA_ATOMICXCHG),
    RA("Xchg8", AS_RMW, SSA_ATOMICXCHG),
    RA("Xchg64", AS_RMW, SSA_ATOMICXCHG),
    RA("Xchgint32", AS_RMW, SSA_ATOMICXCHG),
    RA("Xchgint64", AS_RMW, SSA_ATOMICXCHG),
    RA("Xchguintptr", AS_RMW, SSA_ATOMICXCHG),
    RA("Xadd", AS_RMW, SSA_ATOMICADD),
    RA("Xadd64", AS_RMW, SSA_ATOMICADD),
    RA("Xaddint32", AS_RMW, SSA_ATOMICADD),
    RA("Xaddint64", AS_RMW, SSA_ATOMICADD),
    RA("Xadduintptr", AS_RMW, SSA_ATOMICADD),
    RA("Cas", AS_CAS, SSA_ATOMICCAS),
    RA("Cas64", AS_CAS, SSA_ATOMICCAS),
    RA("CasRel", AS_CAS, SSA_ATOMICCAS),
    RA("Casint32", AS_CAS, SSA_ATOMICCAS),
    RA("Casint64", AS_CAS, SSA_ATOMICCAS),
    RA("Casuintptr", AS_CAS, SSA_ATOMICCAS),
    RA("Casp1", AS_CAS, SSA_ATOMICCAS),
    RA("And8", AS_VOID, SSA_ATOMICAND),
    RA("Or8", AS_VOID, SSA_ATOMICOR),
    RA("And", AS_VOID, SSA_ATOMICAND),
    RA("Or", AS_VOID, SSA_ATOMICOR),
    RA("And32", AS_RMW, SSA_ATOMICAND),
    RA("Or32", AS_RMW, SSA_ATOMICOR),
    RA("And64", AS_RMW, SSA_ATOMICAND),
    RA("Or64", AS_RMW, SSA_ATOMICOR),
    RA("Anduintptr", AS_RMW, SSA_ATOMICAND),
    RA("Oruintptr", AS_RMW, SSA_ATOMICOR),
    {"crypto/internal/constanttime.Select", AS_SELECT, SSA_SELECT, FUNC_GC},
    {"crypto/internal/constanttime.boolToUint8", AS_UINT8, SSA_COPY, FUNC_GC},
    {"runtime.KeepAlive", AS_KEEP, SSA_KEEPALIVE, FUNC_GC},
    {"runtime.procyield", AS_PAUSE, SSA_PAUSE, FUNC_GC},
    {"runtime.publicationBarrier", AS_FENCE, SSA_FENCE, FUNC_GC},
    // without an operation here
    CALLS("internal/runtime/math.MulUintptr", FUNC_GC_AMD64),
    CALLS("math.Round", FUNC_GC_ARM64),
    CALLS("runtime.memequal", FUNC_GC),
    CALLS("runtime.slicebytetostringtmp", FUNC_GC),
    CALLS("internal/abi.NoEscape", FUNC_CHEAP),
    ENDIAN("encoding/binary.littleEndian."), // loads and stores on little-endian machines
    ENDIAN("encoding/binary.bigEndian."),
    ENDIAN("internal/byteorder.LE"),
    ENDIAN("internal/byteorder.BE"),
    CALLS("reflect.Value.UnsafeAddr", FUNC_CHECKPTR),
    CALLS("reflect.Value.Pointer", FUNC_CHECKPTR),
    // what ends the program, by whatever name a package knows it
    CALLS("runtime.throw", FUNC_NORETURN | FUNC_EXPENSIVE),
    CALLS("runtime.fatal", FUNC_NORETURN),
    CALLS("internal/runtime/maps.fatal", FUNC_NORETURN),
    CALLS("internal/sync.throw", FUNC_NORETURN),
    CALLS("internal/sync.fatal", FUNC_NORETURN),
    CALLS("sync.throw", FUNC_NORETURN),
    CALLS("sync.fatal", FUNC_NORETURN),
};

const KnownFunc *known_func(const char *symbol) {
    static PtrMap map;
    if (!map.len)
        for (size_t i = 0; i < sizeof table / sizeof *table; i++)
            ptrmap_put(&map, intern_c(table[i].symbol), (void *)&table[i]);
    return symbol ? ptrmap_get(&map, intern(symbol, strcspn(symbol, "["))) : NULL;
}

bool func_is(const char *symbol, unsigned flag) {
    const KnownFunc *f = known_func(symbol);
    return f && (f->flags & flag);
}

const KnownFunc *intrinsic_of(const char *symbol) {
    const KnownFunc *f = known_func(symbol);
    // The race detector has to see the goroutines' atomic operations.
    bool seen = midend_options.race && !strncmp(symbol, "sync/atomic.", strlen("sync/atomic."));
    return f && f->as && !seen && !(f->flags & FUNC_AMD64 && midend_options.arm64) ? f : NULL;
}

bool is_gc_intrinsic(const char *symbol) {
    return func_is(symbol, midend_options.arm64 ? FUNC_GC_ARM64 : FUNC_GC_AMD64);
}

// As gc's objabi.LookupPkgSpecial.
bool is_runtime_package(const char *path) {
    static const char *const those[] = {"runtime",
                                        "internal/runtime/atomic",
                                        "internal/runtime/cgroup",
                                        "internal/runtime/exithook",
                                        "internal/runtime/gc",
                                        "internal/runtime/gc/scan",
                                        "internal/runtime/maps",
                                        "internal/runtime/math",
                                        "internal/runtime/sys",
                                        "internal/runtime/syscall/linux",
                                        "internal/abi",
                                        "internal/bytealg",
                                        "internal/byteorder",
                                        "internal/chacha8rand",
                                        "internal/coverage/rtcov",
                                        "internal/cpu",
                                        "internal/goarch",
                                        "internal/godebugs",
                                        "internal/goexperiment",
                                        "internal/goos",
                                        "internal/profilerecord",
                                        "internal/strconv",
                                        "internal/stringslite"};
    for (size_t i = 0; i < sizeof those / sizeof *those; i++)
        if (!strcmp(path, those[i])) return true;
    return false;
}

bool race_instruments(const char *path) {
    if (!strcmp(path, "internal/bytealg")) return true;
    return !is_runtime_package(path) && strcmp(path, "runtime/race") &&
           strcmp(path, "runtime/msan") && strcmp(path, "runtime/asan");
}

bool race_ignores_memory(const char *path) {
    return !strcmp(path, "sync") || !strcmp(path, "sync/atomic") || !strcmp(path, "internal/sync");
}

const RtInfo rt_info[RT_COUNT] = {
#define RT(id, symbol, result, args, flags) [RT_##id] = {symbol, RT_LETTERS(result), RT_LETTERS_ARGS args, flags},
#include "runtime/runtime.def"
#undef RT
};

// What the letters in runtime.def's columns are in Go.
Type *rt_letter_type(char c) {
    switch (c) {
    case 'b': return BASIC(BOOL);
    case 'w': return BASIC(INT32);
    case 'u': return BASIC(UINT32);
    case 'i': return BASIC(INT);
    case 'p': return BASIC(UNSAFEPTR);
    case 'f': return BASIC(FLOAT64);
    case 'g': return BASIC(FLOAT32);
    case 's': return BASIC(STRING);
    case 'S': return types_canonical(type_slice(BASIC(UINT8)));
    case 'e': return types_canonical(type_any);
    case 'c': return BASIC(COMPLEX128);
    default: unreachable("runtime.def letter");
    }
}
