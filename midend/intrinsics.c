// intrinsics: calls that are one operation.
//
// The table names functions by linker symbol and says how the operation is made of the arguments. Functions that have Go bodies
// (math/bits, math) keep them for use as values; those without (sync/atomic, internal/runtime/atomic) exist only as operations
// and in the runtime.
#include "midend/inline.h"
#include "midend/report.h"
#include "midend/ssagen.h"

// clang-format off
typedef enum Kind {
    UNARY,    // op(x), operand's type
    BINARY,   // op(x, y)
    TERNARY,
    TO_INT,   // op(x) as the call's type: ctz, popcount, bitlen
    LZ,       // width - bitlen(x)
    TUPLE,    // op(args), tuple
    BITS,     // bitcast
    A_LOAD, A_STORE, A_RMW, A_CAS,
    A_VOID,   // RMW whose old value is not wanted
    SELECT_INT, BOOL_TO_U8,
    CALLER,   // no arguments
    CLOSURE_PTR,
    KEEP, PREFETCH_PTR, NOTHING_PAUSE, NOTHING_FENCE,
    FUNC_PC,
    ESCAPES, // of use to escape analysis alone
} Kind;
// clang-format on

typedef struct Intrinsic {
    const char *symbol;
    Kind kind;
    SsaOp op;
} Intrinsic;

#define WIDTHS(base, kind, op) {base "8", kind, op}, {base "16", kind, op}, {base "32", kind, op}, {base "64", kind, op}, {base, kind, op}
#define SYNC(base, kind, op)                                                                                                     \
    {"sync/atomic." base "Int32", kind, op}, {"sync/atomic." base "Int64", kind, op}, {"sync/atomic." base "Uint32", kind, op},   \
        {"sync/atomic." base "Uint64", kind, op}, {"sync/atomic." base "Uintptr", kind, op}, {"sync/atomic." base "Pointer", kind, op}
#define RA(name, kind, op) {"internal/runtime/atomic." name, kind, op}

static const Intrinsic table[] = {
    WIDTHS("math/bits.TrailingZeros", TO_INT, SSA_CTZ),
    WIDTHS("math/bits.LeadingZeros", LZ, SSA_BITLEN),
    WIDTHS("math/bits.Len", TO_INT, SSA_BITLEN),
    WIDTHS("math/bits.OnesCount", TO_INT, SSA_POPCOUNT),
    WIDTHS("math/bits.ReverseBytes", UNARY, SSA_BSWAP),
    WIDTHS("math/bits.Reverse", UNARY, SSA_BITREV),
    WIDTHS("math/bits.RotateLeft", BINARY, SSA_ROTL),
    {"math/bits.Mul64", TUPLE, SSA_MUL64},
    {"math/bits.Mul", TUPLE, SSA_MUL64},
    {"math/bits.Add64", TUPLE, SSA_ADD64},
    {"math/bits.Add", TUPLE, SSA_ADD64},
    {"math/bits.Sub64", TUPLE, SSA_SUB64},
    {"math/bits.Sub", TUPLE, SSA_SUB64},
    {"math/big.mulWW", TUPLE, SSA_MUL64},
    {"internal/runtime/math.Mul64", TUPLE, SSA_MUL64},
    {"internal/runtime/math.Add64", TUPLE, SSA_ADD64},
    {"internal/runtime/sys.TrailingZeros8", TO_INT, SSA_CTZ},
    {"internal/runtime/sys.TrailingZeros32", TO_INT, SSA_CTZ},
    {"internal/runtime/sys.TrailingZeros64", TO_INT, SSA_CTZ},
    {"internal/runtime/sys.Len8", TO_INT, SSA_BITLEN},
    {"internal/runtime/sys.Len64", TO_INT, SSA_BITLEN},
    {"internal/runtime/sys.LeadingZeros8", LZ, SSA_BITLEN},
    {"internal/runtime/sys.LeadingZeros64", LZ, SSA_BITLEN},
    {"internal/runtime/sys.OnesCount64", TO_INT, SSA_POPCOUNT},
    {"internal/runtime/sys.Bswap32", UNARY, SSA_BSWAP},
    {"internal/runtime/sys.Bswap64", UNARY, SSA_BSWAP},
    {"internal/runtime/sys.Prefetch", PREFETCH_PTR, SSA_PREFETCH},
    {"internal/runtime/sys.PrefetchStreamed", PREFETCH_PTR, SSA_PREFETCH},
    {"internal/runtime/sys.GetCallerPC", CALLER, SSA_CALLERPC},
    {"internal/runtime/sys.GetCallerSP", CALLER, SSA_CALLERSP},
    {"internal/runtime/sys.GetClosurePtr", CLOSURE_PTR, SSA_CTX},
    {"internal/abi.FuncPCABI0", FUNC_PC, SSA_CODEADDR},
    {"internal/abi.FuncPCABIInternal", FUNC_PC, SSA_CODEADDR},
    {"internal/abi.EscapeNonString", ESCAPES, SSA_COPY},
    {"math.Sqrt", UNARY, SSA_SQRT},
    {"math.sqrt", UNARY, SSA_SQRT},
    {"math.FMA", TERNARY, SSA_FMA},
    {"math.Floor", UNARY, SSA_FLOOR},
    {"math.Ceil", UNARY, SSA_CEIL},
    {"math.Trunc", UNARY, SSA_TRUNC},
    {"math.RoundToEven", UNARY, SSA_ROUNDEVEN},
    {"math.Abs", UNARY, SSA_ABS},
    {"math.Copysign", BINARY, SSA_COPYSIGN},
    {"math.Float64bits", BITS, SSA_BITCAST},
    {"math.Float32bits", BITS, SSA_BITCAST},
    {"math.Float64frombits", BITS, SSA_BITCAST},
    {"math.Float32frombits", BITS, SSA_BITCAST},
    SYNC("Load", A_LOAD, SSA_ATOMICLOAD),
    SYNC("Store", A_STORE, SSA_ATOMICSTORE),
    SYNC("Swap", A_RMW, SSA_ATOMICXCHG),
    SYNC("Add", A_RMW, SSA_ATOMICADD),
    SYNC("And", A_RMW, SSA_ATOMICAND),
    SYNC("Or", A_RMW, SSA_ATOMICOR),
    SYNC("CompareAndSwap", A_CAS, SSA_ATOMICCAS),
    RA("Load", A_LOAD, SSA_ATOMICLOAD),
    RA("Loadp", A_LOAD, SSA_ATOMICLOAD),
    RA("Load8", A_LOAD, SSA_ATOMICLOAD),
    RA("Load64", A_LOAD, SSA_ATOMICLOAD),
    RA("LoadAcq", A_LOAD, SSA_ATOMICLOAD),
    RA("LoadAcq64", A_LOAD, SSA_ATOMICLOAD),
    RA("LoadAcquintptr", A_LOAD, SSA_ATOMICLOAD),
    RA("Loaduint", A_LOAD, SSA_ATOMICLOAD),
    RA("Loaduintptr", A_LOAD, SSA_ATOMICLOAD),
    RA("Loadint32", A_LOAD, SSA_ATOMICLOAD),
    RA("Loadint64", A_LOAD, SSA_ATOMICLOAD),
    RA("Store", A_STORE, SSA_ATOMICSTORE),
    RA("Store8", A_STORE, SSA_ATOMICSTORE),
    RA("Store64", A_STORE, SSA_ATOMICSTORE),
    RA("StoreRel", A_STORE, SSA_ATOMICSTORE),
    RA("StoreRel64", A_STORE, SSA_ATOMICSTORE),
    RA("StoreReluintptr", A_STORE, SSA_ATOMICSTORE),
    RA("Storeint32", A_STORE, SSA_ATOMICSTORE),
    RA("Storeint64", A_STORE, SSA_ATOMICSTORE),
    RA("Storeuintptr", A_STORE, SSA_ATOMICSTORE),
    RA("StorepNoWB", A_STORE, SSA_ATOMICSTORE),
    RA("Xchg", A_RMW, SSA_ATOMICXCHG),
    RA("Xchg8", A_RMW, SSA_ATOMICXCHG),
    RA("Xchg64", A_RMW, SSA_ATOMICXCHG),
    RA("Xchgint32", A_RMW, SSA_ATOMICXCHG),
    RA("Xchgint64", A_RMW, SSA_ATOMICXCHG),
    RA("Xchguintptr", A_RMW, SSA_ATOMICXCHG),
    RA("Xadd", A_RMW, SSA_ATOMICADD),
    RA("Xadd64", A_RMW, SSA_ATOMICADD),
    RA("Xaddint32", A_RMW, SSA_ATOMICADD),
    RA("Xaddint64", A_RMW, SSA_ATOMICADD),
    RA("Xadduintptr", A_RMW, SSA_ATOMICADD),
    RA("Cas", A_CAS, SSA_ATOMICCAS),
    RA("Cas64", A_CAS, SSA_ATOMICCAS),
    RA("CasRel", A_CAS, SSA_ATOMICCAS),
    RA("Casint32", A_CAS, SSA_ATOMICCAS),
    RA("Casint64", A_CAS, SSA_ATOMICCAS),
    RA("Casuintptr", A_CAS, SSA_ATOMICCAS),
    RA("Casp1", A_CAS, SSA_ATOMICCAS),
    RA("And8", A_VOID, SSA_ATOMICAND),
    RA("Or8", A_VOID, SSA_ATOMICOR),
    RA("And", A_VOID, SSA_ATOMICAND),
    RA("Or", A_VOID, SSA_ATOMICOR),
    RA("And32", A_RMW, SSA_ATOMICAND),
    RA("Or32", A_RMW, SSA_ATOMICOR),
    RA("And64", A_RMW, SSA_ATOMICAND),
    RA("Or64", A_RMW, SSA_ATOMICOR),
    RA("Anduintptr", A_RMW, SSA_ATOMICAND),
    RA("Oruintptr", A_RMW, SSA_ATOMICOR),
    {"crypto/internal/constanttime.Select", SELECT_INT, SSA_SELECT},
    {"crypto/internal/constanttime.boolToUint8", BOOL_TO_U8, SSA_COPY},
    {"runtime.KeepAlive", KEEP, SSA_KEEPALIVE},
    {"runtime.procyield", NOTHING_PAUSE, SSA_PAUSE},
    {"runtime.publicationBarrier", NOTHING_FENCE, SSA_FENCE},
};

static const Intrinsic *find(const char *symbol) {
    static PtrMap map;
    if (!map.len)
        for (size_t i = 0; i < sizeof table / sizeof *table; i++) ptrmap_put(&map, intern_c(table[i].symbol), (void *)&table[i]);
    return symbol ? ptrmap_get(&map, intern(symbol, strcspn(symbol, "["))) : NULL; // whatever the type arguments
}

bool is_intrinsic(const char *symbol) { return find(symbol) != NULL; }

// Where gc's set, by which its inliner counts, is another one: on which architectures these are operations for gc.
enum { NOWHERE, AMD64 = 1, ARM64 = 2, EVERYWHERE = AMD64 | ARM64 };
static const struct GcIntrinsic {
    const char *symbol;
    int where;
} gc_differs[] = {
    {"math/bits.TrailingZeros", NOWHERE},
    {"math/bits.LeadingZeros", NOWHERE},
    {"math/bits.LeadingZeros8", NOWHERE},
    {"math/bits.LeadingZeros16", NOWHERE},
    {"math/bits.LeadingZeros32", NOWHERE},
    {"math/bits.LeadingZeros64", NOWHERE},
    {"math/bits.ReverseBytes", NOWHERE},
    {"math/bits.Reverse", ARM64},
    {"math/bits.Reverse8", ARM64},
    {"math/bits.Reverse16", ARM64},
    {"math/bits.Reverse32", ARM64},
    {"math/bits.Reverse64", ARM64},
    {"math/bits.RotateLeft8", AMD64},
    {"math/bits.RotateLeft16", AMD64},
    {"math/bits.OnesCount8", NOWHERE},
    {"math/bits.Div", AMD64},
    {"math/bits.Div64", AMD64},
    {"internal/runtime/math.Mul64", NOWHERE},
    {"internal/runtime/math.MulUintptr", AMD64},
    {"internal/runtime/sys.LeadingZeros8", NOWHERE},
    {"internal/runtime/sys.LeadingZeros64", NOWHERE},
    {"math.Sqrt", NOWHERE},
    {"math.Abs", ARM64},
    {"math.Round", ARM64},
    {"math.Copysign", NOWHERE},
    {"math.Float64bits", NOWHERE},
    {"math.Float32bits", NOWHERE},
    {"math.Float64frombits", NOWHERE},
    {"math.Float32frombits", NOWHERE},
    {"sync/atomic.StorePointer", NOWHERE},
    {"sync/atomic.SwapPointer", NOWHERE},
    {"sync/atomic.CompareAndSwapPointer", NOWHERE},
    {"runtime.memequal", EVERYWHERE},
    {"runtime.slicebytetostringtmp", EVERYWHERE},
};

bool is_gc_intrinsic(const char *symbol) {
    static PtrMap map;
    size_t n = sizeof gc_differs / sizeof *gc_differs;
    if (!map.len)
        for (size_t i = 0; i < n; i++) ptrmap_put(&map, intern_c(gc_differs[i].symbol), (void *)&gc_differs[i]);
    const struct GcIntrinsic *g = symbol ? ptrmap_get(&map, intern(symbol, strcspn(symbol, "["))) : NULL;
    if (!g) return is_intrinsic(symbol);
    return g->where & (midend_options.arm64 ? ARM64 : AMD64);
}

static bool func_pc(Gen *g, Node *arg, Type *t, Value **result) {
    while (arg->op == N_CONVNOP || arg->op == N_CONVIFACE) arg = arg->x;
    Value *v;
    if (arg->op == N_FUNC || (arg->op == N_CLOSURE && !arg->func->captures.len)) {
        v = gen0(g, SSA_CODEADDR, t);
        v->func = arg->func;
    } else {
        Value *x = gen_expr(g, arg);
        if (type_is_interface(arg->type)) x = gen1(g, SSA_IDATA, PTR, x);
        v = gen_load(g, t, gen_copy(g, PTR, x));
    }
    *result = v;
    return true;
}

bool gen_intrinsic(Gen *g, Func *f, Node *call, Value **result) {
    const Intrinsic *in = find(f->symbol);
    if (!in) return false;
    if (in->kind == ESCAPES) {
        Node *x = call->list.data[0];
        type_fits_registers(x->type) ? gen_expr(g, x) : gen_value_addr(g, x);
        *result = NULL;
        return true;
    }
    if (report_debug_option("ssa/intrinsics/debug") > 0)
        report_at(inl_report_pos(call->pos, call->inl), "intrinsic substitution for %s with %s", strrchr(in->symbol, '.') + 1,
                  ssa_op_text[in->op]);
    uint32_t n = call->list.len;
    Type *t = call->type && call->type->kind == T_TUPLE && call->type->tuple.vars.len == 1 ? call->type->tuple.vars.data[0]->type
                                                                                           : call->type;
    if (in->kind == FUNC_PC) return n == 1 && func_pc(g, call->list.data[0], t, result);
    if (n > 4) return false;
    if (in->kind == KEEP) { // the value itself: boxing it would only allocate
        Node *x = call->list.data[0];
        if (x->op == N_CONVIFACE && !type_is_interface(x->x->type)) x = x->x;
        *result = gen1(g, SSA_KEEPALIVE, NULL, type_fits_registers(x->type) ? gen_expr(g, x) : gen_value_addr(g, x));
        return true;
    }
    Value *a[4] = {0};
    for (uint32_t i = 0; i < n; i++) a[i] = gen_expr(g, call->list.data[i]);
    switch (in->kind) {
    case UNARY: *result = gen1(g, in->op, t, a[0]); break;
    case BINARY: *result = gen2(g, in->op, t, a[0], a[1]); break;
    case TERNARY: *result = gen3(g, in->op, t, a[0], a[1], a[2]); break;
    case TO_INT: *result = gen1(g, in->op, t, a[0]); break;
    case LZ: {
        Value *len = gen1(g, SSA_BITLEN, t, a[0]);
        *result = gen2(g, SSA_SUB, t, gen_int(g, t, type_size(a[0]->type) * 8), len);
        break;
    }
    case TUPLE: *result = n == 3 ? gen3(g, in->op, t, a[0], a[1], a[2]) : gen2(g, in->op, t, a[0], a[1]); break;
    case BITS: *result = gen1(g, SSA_BITCAST, t, a[0]); break;
    case A_LOAD: *result = gen1(g, in->op, t, gen_nilcheck(g, a[0])); break;
    case A_STORE: *result = gen2(g, in->op, NULL, gen_nilcheck(g, a[0]), a[1]); break;
    case A_RMW: {
        Value *d = a[1];
        if (d->type != t) d = type_is_integer(t) ? gen_conv(g, t, d) : gen_copy(g, t, d);
        *result = gen2(g, in->op, t, gen_nilcheck(g, a[0]), d);
        break;
    }
    case A_VOID:
        gen2(g, in->op, a[1]->type, gen_nilcheck(g, a[0]), a[1]);
        *result = NULL;
        break;
    case A_CAS: *result = gen3(g, in->op, t, gen_nilcheck(g, a[0]), a[1], a[2]); break;
    case SELECT_INT: *result = gen_select(g, gen2(g, SSA_NE, BOOL, a[0], gen_int(g, a[0]->type, 0)), a[1], a[2]); break;
    case BOOL_TO_U8: *result = gen1(g, SSA_COPY, t, a[0]); break;
    case CALLER: *result = gen0(g, in->op, t); break;
    case CLOSURE_PTR: *result = gen_copy(g, t, g->ctx ? g->ctx : gen0(g, SSA_CTX, PTR)); break;
    case PREFETCH_PTR: *result = gen1(g, in->op, NULL, gen_copy(g, PTR, a[0])); break;
    case NOTHING_PAUSE:
    case NOTHING_FENCE: *result = gen0(g, in->op, NULL); break;
    case FUNC_PC:
    case KEEP:
    case ESCAPES: break;
    }
    return true;
}
