// ssa: control-flow graphs of values: what lowering (ssagen) makes of the tree IR, what check
// elimination works on, what the backend turns into LLVM.
//
// A function is a list of blocks, a block a list of values in order, ended by its kind. Values have
// Go types (canonical) and may be of any type: strings, slices, interfaces, structs and arrays are
// values too; the backend keeps large ones in memory. Variables are Slots (stack memory) read and
// written by LOAD and STORE; promotion (ssa_promote) turns unaddressed slots into values and PHIs.
// All evaluation order, checks, panics, runtime calls, heap cells, closures, defer frames are
// explicit here. Every pointer access is preceded by NILCHECK unless known non-nil.
#ifndef VOLE_SSA_H
#define VOLE_SSA_H

#include "midend/functions.h"
#include "midend/tree/ir.h"

typedef struct Value Value;
typedef struct Block Block;
typedef struct Slot Slot;

// What holds of every value of an operation. What the functions of the runtime do that CALLRT
// calls, runtime.def says.
enum {
    // The value depends on the operands and the row's fields alone: of equal ones only the first is
    // needed.
    OP_PURE = 1,
    OP_EFFECT = 2,     // stays though nobody uses its value
    OP_WRITES = 4 | 2, // memory may be another afterwards
    OP_NONNIL = 8,     // never a nil pointer
    OP_WITHIN = 16,    // a pointer into, or to, what the first operand points to
    OP_COMMUTES = 32,  // the first two operands may change places
};

// V(name, text, flags): arguments; fields. "type" is the value's own type.
#define SSA_OPS(V) \
    /* leaves */ \
    V(CONST, "const", OP_PURE) /* konst: bool, integer, float or complex of type */ \
    V(ZERO, "zero", OP_PURE) /* zero value of any type */ \
    V(STRING, "string", OP_PURE) /* str: a string constant */ \
    V(ARG, "arg", OP_PURE) /* param: its number */ \
    V(CTX, "ctx", OP_PURE | OP_NONNIL) /* the closure context register: pointer to the closure object */ \
    V(SLOTADDR, "slot", OP_PURE | OP_NONNIL) /* slot */ \
    V(GLOBALADDR, "global", OP_PURE | OP_NONNIL) /* global */ \
    V(DATAADDR, "data", OP_PURE | OP_NONNIL) /* data */ \
    V(FUNCVAL, "funcval", OP_PURE | OP_NONNIL) /* func: its static closure object (type: func type) */ \
    V(CODEADDR, "code", OP_PURE) /* func: its code address (uintptr) */ \
    V(TYPEADDR, "typeaddr", OP_PURE | OP_NONNIL) /* t: its descriptor */ \
    V(ITABADDR, "itabaddr", OP_PURE | OP_NONNIL) /* itab */ \
    V(PHI, "phi", 0) /* one argument per predecessor, in order of block->preds */ \
    /* memory */ \
    V(LOAD, "load", 0) /* pointer */ \
    V(STORE, "store", OP_WRITES) /* pointer, value */ \
    V(MOVE, "move", OP_WRITES) /* dst, src pointers; t: type moved; may overlap exactly or not at all unless overlaps (memmove) */ \
    V(ZEROMEM, "zeromem", OP_WRITES) /* pointer; t */ \
    V(MEMMOVE, "memmove", OP_WRITES) /* dst, src, byte count; t: elements */ \
    V(MEMCLR, "memclr", OP_WRITES) /* pointer, byte count */ \
    V(FIELDADDR, "fieldaddr", OP_PURE | OP_NONNIL | OP_WITHIN) /* pointer to struct t; field */ \
    V(ELEMADDR, "elemaddr", OP_PURE | OP_WITHIN) /* pointer to first element, index (int); t: element type; no check */ \
    V(PTRADD, "ptradd", OP_PURE | OP_WITHIN) /* pointer, byte offset */ \
    V(NILCHECK, "nilcheck", OP_PURE | OP_EFFECT | OP_NONNIL | OP_WITHIN) /* pointer; yields it; panics if nil */ \
    /* BOUNDS yields the index as int; fails if index >= bound (BOUNDS_INDEX) or index > bound (all others), unsigned; panics */ \
    /* as Go's panicIndex, panicSlice… with bounds; args index, bound (both int-sized, sign given by type of index) */ \
    V(BOUNDS, "bounds", OP_PURE | OP_EFFECT) \
    /* arithmetic on integers (wrapping), floats and complex (+ - * only) of equal type */ \
    V(ADD, "add", OP_PURE | OP_COMMUTES) V(SUB, "sub", OP_PURE) V(MUL, "mul", OP_PURE | OP_COMMUTES) \
    V(DIV, "div", OP_PURE) V(REM, "rem", OP_PURE) /* divisor known non-zero for integers; INT_MIN / -1 defined */ \
    V(AND, "and", OP_PURE | OP_COMMUTES) V(OR, "or", OP_PURE | OP_COMMUTES) V(XOR, "xor", OP_PURE | OP_COMMUTES) V(ANDNOT, "andnot", OP_PURE) \
    V(NEG, "neg", OP_PURE) V(COM, "com", OP_PURE) V(NOT, "not", OP_PURE) \
    /* shifts: count of any unsigned type (negative excluded); >= width gives 0 or the sign; bounded: count < width */ \
    V(SHL, "shl", OP_PURE) V(SHR, "shr", OP_PURE) \
    /* scalars: bool, ints, floats, pointers; complex for EQ NE */ \
    V(EQ, "eq", OP_PURE | OP_COMMUTES) V(NE, "ne", OP_PURE | OP_COMMUTES) \
    V(LT, "lt", OP_PURE) V(LE, "le", OP_PURE) V(GT, "gt", OP_PURE) V(GE, "ge", OP_PURE) \
    V(SELECT, "select", OP_PURE) /* cond, a, b: no side effects */ \
    V(CONV, "conv", OP_PURE) /* numeric conversion from args[0]'s type to type, Go semantics of the target */ \
    V(COPY, "copy", OP_PURE) /* same bits, other type: pointers, uintptr, unsafe.Pointer, named types; also bool -> uint8 */ \
    V(BITCAST, "bitcast", OP_PURE) /* float <-> integer bits */ \
    /* parts */ \
    V(STRMAKE, "strmake", OP_PURE) V(STRPTR, "strptr", OP_PURE) V(STRLEN, "strlen", OP_PURE) \
    V(SLICEMAKE, "slicemake", OP_PURE) V(SLICEPTR, "sliceptr", OP_PURE) \
    V(SLICELEN, "slicelen", OP_PURE) V(SLICECAP, "slicecap", OP_PURE) \
    V(IMAKE, "imake", OP_PURE) /* itab or type word (pointer), data word (pointer) */ \
    V(ITAB, "itab", OP_PURE) V(IDATA, "idata", OP_PURE) \
    V(COMPLEXMAKE, "complexmake", OP_PURE) V(REAL, "real", OP_PURE) V(IMAG, "imag", OP_PURE) \
    V(STRUCTMAKE, "structmake", OP_PURE) V(FIELD, "field", OP_PURE) /* FIELD: struct value; field */ \
    /* calls: type is the result, a T_TUPLE for several (or none: empty tuple / NULL type) */ \
    V(CALL, "call", OP_WRITES) /* func: static Go function; args */ \
    V(CALLRT, "callrt", 0) /* rt: a runtime function of runtime/runtime.def; args */ \
    V(CALLCLOSURE, "callclosure", OP_WRITES) /* func value (nil-checked by the backend's implicit check), args; func: its code, or NULL */ \
    V(CALLINTER, "callinter", OP_WRITES) /* itab (non-nil: NILCHECKed), data word, args; method */ \
    V(SELECTN, "selectn", OP_PURE) /* a result of a tuple-valued call */ \
    V(SETJMP, "setjmp", OP_WRITES) /* pointer to the defer frame's jmpbuf; int32: 0 first, 1 after a recovered panic */ \
    /* machine */ \
    V(SQRT, "sqrt", OP_PURE) V(FMA, "fma", OP_PURE) V(FLOOR, "floor", OP_PURE) V(CEIL, "ceil", OP_PURE) V(TRUNC, "trunc", OP_PURE) \
    V(ROUNDEVEN, "roundeven", OP_PURE) V(ABS, "abs", OP_PURE) V(COPYSIGN, "copysign", OP_PURE) \
    V(FMIN, "fmin", OP_PURE) V(FMAX, "fmax", OP_PURE) /* the built-in functions' */ \
    V(MATHMIN, "mathmin", OP_PURE) V(MATHMAX, "mathmax", OP_PURE) /* package math's: infinity wins over NaN */ \
    /* CTZ BITLEN POPCOUNT: type int, any unsigned operand; ctz(0) is the width. ROTL: x, int k of any sign */ \
    V(CTZ, "ctz", OP_PURE) V(BITLEN, "bitlen", OP_PURE) V(POPCOUNT, "popcount", OP_PURE) \
    V(BSWAP, "bswap", OP_PURE) V(BITREV, "bitrev", OP_PURE) V(ROTL, "rotl", OP_PURE) \
    V(MUL64, "mul64", OP_PURE | OP_COMMUTES) V(ADD64, "add64", OP_PURE | OP_COMMUTES) V(SUB64, "sub64", OP_PURE) \
    V(DIV64, "div64", OP_PURE) /* tuples, as math/bits; DIV64: of hi, lo by more than hi */ \
    /* atomics: ADD yields the new value, AND, OR, XCHG the old; sequentially consistent */ \
    V(ATOMICLOAD, "atomicload", OP_WRITES) V(ATOMICSTORE, "atomicstore", OP_WRITES) V(ATOMICXCHG, "atomicxchg", OP_WRITES) \
    V(ATOMICADD, "atomicadd", OP_WRITES) V(ATOMICCAS, "atomiccas", OP_WRITES) V(ATOMICAND, "atomicand", OP_WRITES) \
    V(ATOMICOR, "atomicor", OP_WRITES) \
    /* FRAMEADDR: level; a function with one must not be inlined */ \
    V(CALLERPC, "callerpc", OP_PURE) V(CALLERSP, "callersp", OP_PURE) V(FRAMEADDR, "frameaddr", OP_PURE) \
    V(GETG, "getg", OP_PURE) /* the running goroutine's G: the same as long as the function runs */ \
    V(KEEPALIVE, "keepalive", OP_EFFECT) V(PREFETCH, "prefetch", OP_EFFECT) V(PAUSE, "pause", OP_WRITES) \
    V(FENCE, "fence", OP_WRITES) \
    /* NOTE: from here on slot, which promotion has removed, has the value args[0]; for debuggers. It counts as */ \
    /* no argument (nargs is 0): code is the same with notes and without. The value may be gone by the end */ \
    V(NOTE, "note", 0)

typedef enum SsaOp {
#define V(name, text, flags) SSA_##name,
    SSA_OPS(V)
#undef V
        SSA_OP_COUNT
} SsaOp;
extern const char *const ssa_op_text[SSA_OP_COUNT];
extern const uint8_t ssa_op_flags[SSA_OP_COUNT];

// Which message a failed check gives (internal/abi's boundsError codes).
// clang-format off
typedef enum BoundsKind {
    BOUNDS_INDEX, BOUNDS_SLICE_ALEN, BOUNDS_SLICE_ACAP, BOUNDS_SLICE_B, BOUNDS_SLICE3_ALEN, BOUNDS_SLICE3_ACAP, BOUNDS_SLICE3_B,
    BOUNDS_SLICE3_C, BOUNDS_CONVERT,
} BoundsKind;
// clang-format on

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
    union { // a number, by op; i: whichever it is
        int64_t i;
        int64_t param;    // ARG
        int64_t field;    // FIELD, FIELDADDR
        int64_t method;   // CALLINTER
        int64_t result;   // SELECTN
        int64_t level;    // FRAMEADDR
        int64_t bounds;   // BOUNDS: a BoundsKind
        int64_t overlaps; // MOVE: dst and src may, in part
    };
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
    struct Lowered *lowered; // the backend's: what stands for it
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
    uint32_t nvalues, nblocks; // passes' arrays by id are of one more, so that none is empty
    bool returns_twice;        // has SETJMP
    void *aux;
};

Value *ssa_value(Block *b, SsaOp op, Type *type, Pos pos, uint32_t nargs, ...); // Value * arguments
Block *ssa_block(SsaFunc *f, BlockKind kind);
// Not yet in b->values, arguments NULL.
Value *ssa_new_value(Block *b, SsaOp op, Type *type, Pos pos, uint32_t nargs);
void ssa_edge(Block *from, Block *to);
void ssa_remove_pred(Block *b, Block *pred); // one edge, from b's side, PHI arguments included
void ssa_count_uses(SsaFunc *f);
uint32_t ssa_length(const Block *b); // how many values, but for notes
// Immediate dominators by block id, after ssa_order; malloc'd.
uint32_t *ssa_dominators(const SsaFunc *f);
// A walk down the dominator tree: enter sees each block (false: nothing that it dominates) and
// writes what it changes into a log; after all that the block dominates undo takes the log back to
// its former length.
void ssa_walk_dominators(const SsaFunc *f, const uint32_t *idom, void *pass,
                         const uint32_t *log_len, bool (*enter)(void *, Block *),
                         void (*undo)(void *, uint32_t len));
bool ssa_dominates(const uint32_t *idom, const Block *a, const Block *b);
// repl: by value id, of the first n ids, what stands for a value, itself perhaps replaced; NULL:
// nothing does.
Value *ssa_resolve(Value *const *repl, uint32_t n, Value *v);
void ssa_replace_uses(SsaFunc *f, Value *const *repl, uint32_t n);
void ssa_order(SsaFunc *f);          // drops unreachable blocks, sorts in reverse postorder
void ssa_mark_addressed(SsaFunc *f); // sets Slot.addressed; ssa_build leaves it right
static inline bool ssa_is(const Value *v, unsigned flag) { return ssa_op_flags[v->op] & flag; }
bool ssa_has_effect(const Value *v);    // stays though nobody uses it
bool ssa_writes_memory(const Value *v); // memory may be another afterwards
bool ssa_never_nil(const Value *p);     // by its operation
// Does it point to memory of the function's own, or that nobody writes to? By its operation.
bool ssa_unshared(const Value *p);
// ice() on an invariant that pass broke; VOLE_CHECKED: after each.
void ssa_verify(SsaFunc *f, const char *pass);
void free_all(size_t n, void *const *p); // what passes keep by id
#define FREE_ALL(...) free_all(sizeof((void *[]){__VA_ARGS__}) / sizeof(void *), (void *[]){__VA_ARGS__})
void dump_ssa(FILE *out, const SsaFunc *f);

#endif
