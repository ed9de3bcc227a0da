// ssa: control-flow graphs of values: what lowering (ssagen) makes of the tree IR, what check elimination works on, what the backend turns into LLVM.
//
// A function is a list of blocks, a block a list of values in order, ended by its kind. Values have Go types (canonical) and may be of any type:
// strings, slices, interfaces, structs and arrays are values too; the backend keeps large ones in memory. Variables are Slots (stack memory)
// read and written by LOAD and STORE; promotion (ssa_promote) turns unaddressed slots into values and PHIs. All evaluation order, checks, panics,
// runtime calls, heap cells, closures, defer frames are explicit here. Every pointer access is preceded by NILCHECK unless known non-nil.
#ifndef VOLE_SSA_H
#define VOLE_SSA_H

#include "midend/ir.h"

typedef struct Value Value;
typedef struct Block Block;
typedef struct Slot Slot;

// V(name, text): arguments; aux fields. "type" is the value's own type.
#define SSA_OPS(V)                                                                                                               \
    /* leaves */                                                                                                                 \
    V(CONST, "const")           /* konst: bool, integer, float or complex of type */                                             \
    V(ZERO, "zero")             /* zero value of any type */                                                                     \
    V(STRING, "string")         /* str: a string constant */                                                                     \
    V(ARG, "arg")               /* i: parameter number */                                                                        \
    V(CTX, "ctx")               /* the closure context register: pointer to the closure object */                                \
    V(SLOTADDR, "slot")         /* slot */                                                                                       \
    V(GLOBALADDR, "global")     /* global */                                                                                     \
    V(DATAADDR, "data")         /* data */                                                                                       \
    V(FUNCVAL, "funcval")       /* func: its static closure object (type: func type) */                                          \
    V(CODEADDR, "code")         /* func: its code address (uintptr) */                                                           \
    V(TYPEADDR, "typeaddr")     /* t: its descriptor */                                                                          \
    V(ITABADDR, "itabaddr")     /* itab */                                                                                       \
    V(PHI, "phi")               /* one argument per predecessor, in order of block->preds */                                     \
    /* memory */                                                                                                                 \
    V(LOAD, "load")             /* pointer */                                                                                    \
    V(STORE, "store")           /* pointer, value */                                                                             \
    V(MOVE, "move")             /* dst, src pointers; t: type moved; may overlap exactly or not at all unless i = 1 (memmove) */ \
    V(ZEROMEM, "zeromem")       /* pointer; t */                                                                                 \
    V(MEMMOVE, "memmove")       /* dst, src, byte count */                                                                       \
    V(MEMCLR, "memclr")         /* pointer, byte count */                                                                        \
    V(FIELDADDR, "fieldaddr")   /* pointer to struct t; i: field index */                                                        \
    V(ELEMADDR, "elemaddr")     /* pointer to first element, index (int); t: element type; no check */                           \
    V(PTRADD, "ptradd")         /* pointer, byte offset */                                                                       \
    V(NILCHECK, "nilcheck")     /* pointer; yields it; panics if nil */                                                          \
    /* checks: yield the index as int; fail if index >= bound (BOUNDS_INDEX) or index > bound (all others), unsigned; panic as Go's panicIndex, panicSlice… with i = BoundsKind; args index, bound (both int-sized, sign given by unsig of index type) */ \
    V(BOUNDS, "bounds")                                                                                                          \
    /* arithmetic on integers (wrapping), floats and complex (+ - * only) of equal type */                                       \
    V(ADD, "add") V(SUB, "sub") V(MUL, "mul")                                                                                    \
    V(DIV, "div") V(REM, "rem")  /* divisor known non-zero for integers; INT_MIN / -1 defined */                                 \
    V(AND, "and") V(OR, "or") V(XOR, "xor") V(ANDNOT, "andnot") V(NEG, "neg") V(COM, "com") V(NOT, "not")                        \
    V(SHL, "shl") V(SHR, "shr")  /* count: any unsigned type (negative excluded); >= width gives 0 or the sign; bounded: count < width */ \
    V(EQ, "eq") V(NE, "ne") V(LT, "lt") V(LE, "le") V(GT, "gt") V(GE, "ge") /* scalars: bool, ints, floats, pointers; complex for EQ NE */ \
    V(SELECT, "select")         /* cond, a, b: no side effects */                                                                \
    V(CONV, "conv")             /* numeric conversion from args[0]'s type to type, Go semantics of the target */                 \
    V(COPY, "copy")             /* same bits, other type: pointers, uintptr, unsafe.Pointer, named types; also bool -> uint8 */  \
    V(BITCAST, "bitcast")       /* float <-> integer bits */                                                                     \
    /* parts */                                                                                                                  \
    V(STRMAKE, "strmake") V(STRPTR, "strptr") V(STRLEN, "strlen")                                                                \
    V(SLICEMAKE, "slicemake") V(SLICEPTR, "sliceptr") V(SLICELEN, "slicelen") V(SLICECAP, "slicecap")                            \
    V(IMAKE, "imake")           /* itab or type word (pointer), data word (pointer) */                                           \
    V(ITAB, "itab") V(IDATA, "idata")                                                                                            \
    V(COMPLEXMAKE, "complexmake") V(REAL, "real") V(IMAG, "imag")                                                                \
    V(STRUCTMAKE, "structmake") V(FIELD, "field")   /* FIELD: struct value; i */                                                 \
    V(ARRAYMAKE, "arraymake") V(ELEM, "elem")       /* ELEM: array value; i constant index */                                    \
    /* calls: type is the result, a T_TUPLE for several (or none: empty tuple / NULL type) */                                    \
    V(CALL, "call")             /* func: static Go function; args */                                                             \
    V(CALLRT, "callrt")         /* rt: a runtime function of runtime/runtime.def; args */                                        \
    V(CALLCLOSURE, "callclosure") /* func value (nil-checked by the backend's implicit check), args */                           \
    V(CALLINTER, "callinter")   /* itab (non-nil: NILCHECKed), data word, args; i: method index */                               \
    V(SELECTN, "selectn")       /* i-th result of a tuple-valued call */                                                         \
    V(SETJMP, "setjmp")         /* pointer to the defer frame's jmpbuf; int32: 0 first, 1 after a recovered panic */             \
    /* machine */                                                                                                                \
    V(SQRT, "sqrt") V(FMA, "fma") V(FLOOR, "floor") V(CEIL, "ceil") V(TRUNC, "trunc") V(ROUNDEVEN, "roundeven") V(ABS, "abs") V(COPYSIGN, "copysign") \
    /* CTZ BITLEN POPCOUNT: type int, any unsigned operand; ctz(0) is the width. ROTL: x, int k of any sign */ \
    V(CTZ, "ctz") V(BITLEN, "bitlen") V(POPCOUNT, "popcount") V(BSWAP, "bswap") V(BITREV, "bitrev") V(ROTL, "rotl")              \
    V(MUL64, "mul64") V(ADD64, "add64") V(SUB64, "sub64") V(DIV64, "div64") /* tuples, as math/bits */                            \
    V(ATOMICLOAD, "atomicload") V(ATOMICSTORE, "atomicstore") V(ATOMICXCHG, "atomicxchg") V(ATOMICADD, "atomicadd")              \
    V(ATOMICCAS, "atomiccas") V(ATOMICAND, "atomicand") V(ATOMICOR, "atomicor") /* ADD yields the new value, AND/OR/XCHG the old; sequentially consistent */ \
    V(CALLERPC, "callerpc") V(CALLERSP, "callersp") V(FRAMEADDR, "frameaddr") /* i: level; a function with one must not be inlined */                                     \
    V(KEEPALIVE, "keepalive") V(PREFETCH, "prefetch") V(PAUSE, "pause") V(FENCE, "fence")

typedef enum SsaOp {
#define V(name, text) SSA_##name,
    SSA_OPS(V)
#undef V
        SSA_OP_COUNT
} SsaOp;
extern const char *const ssa_op_text[SSA_OP_COUNT];

// Which message a failed check gives (internal/abi's boundsError codes).
// clang-format off
typedef enum BoundsKind {
    BOUNDS_INDEX, BOUNDS_SLICE_ALEN, BOUNDS_SLICE_ACAP, BOUNDS_SLICE_B, BOUNDS_SLICE3_ALEN, BOUNDS_SLICE3_ACAP, BOUNDS_SLICE3_B,
    BOUNDS_SLICE3_C, BOUNDS_CONVERT,
} BoundsKind;
// clang-format on

// Runtime functions, generated from runtime/runtime.def.
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

struct Value {
    uint8_t op;
    bool bounded;
    uint32_t id;
    uint32_t nargs;
    uint32_t uses; // filled by ssa_count_uses
    Pos pos;
    Type *type; // NULL: no value
    Value **args;
    Block *block;
    int64_t i;
    union {
        const Const *konst;
        Str str;
        Slot *slot;
        Global *global;
        Data *data;
        Func *func;
        Type *t;
        Itab *itab;
        RtFunc rt;
    };
    struct InlCall *inl;
    void *aux; // backend's / passes' scratch
};

typedef enum BlockKind {
    BLOCK_PLAIN,
    BLOCK_IF,
    BLOCK_SWITCH,
    BLOCK_RET,
    BLOCK_EXIT /* after a call that doesn't return */
} BlockKind;

struct Block {
    BlockKind kind;
    int8_t likely; // IF: 1 first successor likely, -1 unlikely, 0 unknown
    uint32_t id;
    Pos pos;
    Vec(Value *) values;
    Value *control;       // IF: bool; SWITCH: integer
    Vec(Value *) results; // RET: one per result
    Vec(Block *) succs;   // IF: yes, no; SWITCH: default, then one per case
    Vec(Block *) preds;
    Vec(int64_t) cases; // SWITCH
    struct InlCall *inl;
    SsaFunc *func;
    void *aux;
};

struct Slot {     // stack memory of a function
    Local *local; // NULL for temporaries
    Name name;
    Type *type;
    Pos pos;
    uint32_t id;
    bool addressed;   // its address is used other than by LOAD, STORE: can't be promoted
    bool is_volatile; // result slots of functions that can recover: re-read after SETJMP
    int32_t param;    // parameter number it holds, or -1
    void *aux;
};

struct SsaFunc {
    Func *func;
    Vec(Block *) blocks; // blocks.data[0] is the entry; reverse postorder after ssa_order
    Vec(Slot *) slots;
    uint32_t nvalues, nblocks;
    bool returns_twice; // has SETJMP
    void *aux;
};

// ssagen*.c: lowers one built function; needs of types, itabs and funcs are recorded in u.
void ssa_build(Unit *u, Func *f);
// Static initialisation (staticinit.c): tries to make value n of a package variable into data; true if nothing is left to do at run time.
bool static_init(Unit *u, Global *g, Node *value);
bool static_needs_no_code(Node *n); // nothing is left out when nobody uses n's value
void static_init_inlined(Unit *u); // the same for package variables whose initialisers were calls that inlining made plain values
bool static_define(Global *g);     // from midend_options.strings
void static_embed(Unit *u, Global *g, const Decl *decl); // the files that decl's //go:embed lines name

Value *ssa_value(Block *b, SsaOp op, Type *type, Pos pos, uint32_t nargs, ...); // Value * arguments
Block *ssa_block(SsaFunc *f, BlockKind kind);
Value *ssa_new_value(Block *b, SsaOp op, Type *type, Pos pos, uint32_t nargs); // not yet in b->values, arguments NULL
void ssa_edge(Block *from, Block *to);
void ssa_remove_pred(Block *b, Block *pred); // one edge, from b's side, PHI arguments included
void ssa_count_uses(SsaFunc *f);
uint32_t *ssa_dominators(const SsaFunc *f); // immediate dominators by block id, after ssa_order; malloc'd
bool ssa_dominates(const uint32_t *idom, const Block *a, const Block *b);
// repl: by value id, of the first n ids, what stands for a value, itself perhaps replaced; NULL: nothing does.
Value *ssa_resolve(Value *const *repl, uint32_t n, Value *v);
void ssa_replace_uses(SsaFunc *f, Value *const *repl, uint32_t n);
void ssa_order(SsaFunc *f);                         // drops unreachable blocks, sorts in reverse postorder
void ssa_check_frame(const SsaFunc *f);             // an error if no stack could hold it (frame_size.c)
void ssa_promote(SsaFunc *f);                       // slots -> values with PHIs
void ssa_mark_addressed(SsaFunc *f);                // sets Slot.addressed; ssa_build leaves it right
void ssa_cse(SsaFunc *f);                           // after promotion: dominated duplicates of pure values and of checks
void ssa_phiopt(SsaFunc *f);                        // after ssa_cse: PHIs that are their branch's condition
void ssa_known_bits(SsaFunc *f);                    // before ssa_prove: values of known bits
void ssa_prove(SsaFunc *f);                         // after ssa_cse: checks and branches whose outcome is known
void ssa_dce(SsaFunc *f);                           // drops unused values without effects, PHIs of one value
void ssa_report_checks(SsaFunc *f, bool optimised); // -d=ssa/check_bce, -d=nil: the checks that stay
bool ssa_has_effect(const Value *v);
void ssa_verify(SsaFunc *f, const char *pass); // ice() on an invariant that pass broke; VOLE_CHECKED: after each
void dump_ssa(FILE *out, const SsaFunc *f);

#endif
