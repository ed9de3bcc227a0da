// ir: the typed tree IR: what the builder makes of checked syntax, what inlining, devirtualization
// and escape analysis work on.
//
// All types are canonical and free of type parameters (generics are monomorphised while building).
// Everything implicit in the source is explicit here: conversions to interfaces, address-of and
// dereference in selectors and method calls, embedded-field paths, variadic slices, default values.
// Statements stay structured. Range-over-func is already rewritten into closures and control flow.
// Locals declared per loop iteration are N_DCL nodes inside the loop body.
#ifndef VOLE_IR_H
#define VOLE_IR_H

#include "frontend/check.h"
#include "frontend/layout.h"

typedef struct Node Node;
typedef struct Local Local;
typedef struct Global Global;
typedef struct Func Func;
typedef struct SsaFunc SsaFunc;
typedef struct Unit Unit;
typedef Vec(Node *) NodeVec;
typedef Vec(Local *) LocalVec;

// O(name, text): what x, y, z, list, … hold.
#define IR_EXPRS(O)                                                                                \
    O(CONST, "const")           /* val; type basic (or named basic) */                             \
    O(ZERO, "zero")             /* the zero value of type (nil included) */                        \
    O(LOCAL, "local")           /* local; a captured variable is a Local of the inner function, see Capture */ \
    O(GLOBAL, "global")         /* global */                                                       \
    O(FUNC, "func")             /* func: as a value, or as the callee x of CALL */                 \
    O(CLOSURE, "closure")       /* func with captures: allocates the closure from the current values / addresses of captures */ \
    O(DEREF, "*")               /* *x, nil-checked; addressable */                                 \
    O(ADDR, "&")                /* &x; x addressable, or a literal (then: new variable initialised with it) */ \
    O(DOT, ".")                 /* x.field; x a struct; addressable if x is */                     \
    O(DOTPTR, "->")             /* x->field; x pointer to struct, nil-checked; addressable */      \
    O(INDEX, "[]")              /* x[y]: x array, slice, string or pointer to array; y any integer type; bounds-checked */ \
    O(INDEXMAP, "[]map")        /* x[y] */                                                         \
    O(SLICE, "[:]")             /* x[list0:list1:list2], NULL where absent; x slice, string or pointer to array */ \
    O(NEG, "-") O(NOT, "!") O(COM, "^")                                                            \
    O(ADD, "+") O(SUB, "-") O(MUL, "*") O(DIV, "/") O(REM, "%") O(AND, "&") O(OR, "|") O(XOR, "^") O(ANDNOT, "&^") \
    O(SHL, "<<") O(SHR, ">>")   /* y any integer type */                                           \
    O(ADDSTR, "+str")           /* list: two or more strings */                                    \
    O(EQ, "==") O(NE, "!=") O(LT, "<") O(LE, "<=") O(GT, ">") O(GE, ">=") /* operands of one type, or interface and concrete */ \
    O(ANDAND, "&&") O(OROR, "||")                                                                  \
    O(CALL, "call")             /* x callee (FUNC or any func value), list arguments (receiver first, variadic packed) */ \
    O(CALLINTER, "callinter")   /* x interface value, method, list; local: what holds x in gc's reports, or NULL */ \
    O(STMTEXPR, "stmtexpr")     /* runs list, then is x */                                         \
    O(CONVNOP, "convnop")       /* same representation: named types, pointers, unsafe.Pointer <-> uintptr, chan direction */ \
    O(CONVNUM, "convnum")       /* between integer, float, complex types */                        \
    O(CONVIFACE, "conviface")   /* x -> interface; from a wider one, or concrete: y its value if a known literal */ \
    O(STR2BYTES, "str2bytes") O(BYTES2STR, "bytes2str") O(STR2RUNES, "str2runes") O(RUNES2STR, "runes2str") \
    O(RUNE2STR, "rune2str")     /* x any integer type */                                           \
    O(SLICE2ARR, "slice2arr") O(SLICE2ARRPTR, "slice2arrptr")                                      \
    O(ASSERT, "assert")         /* x.(type); panics; to concrete or interface type */              \
    O(STRUCTLIT, "structlit")   /* list: one per field, NULL = zero */                             \
    O(ARRAYLIT, "arraylit")     /* list of KEYED in source order */                                \
    O(SLICELIT, "slicelit")     /* list of KEYED; len */                                           \
    O(KEYED, "keyed")           /* index: y (element value) */                                     \
    O(MAPLIT, "maplit")         /* list: key, value, key, value, … */                              \
    O(LEN, "len") O(CAP, "cap") /* x: string, slice, array pointer (arrays are constant unless they have calls), map, chan */ \
    O(APPEND, "append")         /* x slice, list elements */                                       \
    O(MOVE2HEAP, "move2heap")   /* x, a slice variable, whose array leaves the frame if it is there; cap_used */ \
    O(APPENDSLICE, "appendslice") /* x slice, y slice or string */                                 \
    O(COPY, "copy")             /* x slice, y slice or string; int */                              \
    O(MAKESLICE, "makeslice")   /* x len, y cap or NULL; any integer types */                      \
    O(MAKEMAP, "makemap")       /* x hint or NULL */                                               \
    O(MAKECHAN, "makechan")     /* x size or NULL */                                               \
    O(NEW, "new")               /* type *T; x initial value or NULL */                             \
    O(RECOVER, "recover")       /* frames */                                                       \
    O(MIN, "min") O(MAX, "max") /* list */                                                         \
    O(REAL, "real") O(IMAG, "imag") O(COMPLEX, "complex")                                          \
    O(RECV, "recv")             /* <-x */                                                          \
    O(UNSAFEADD, "unsafe.Add") O(UNSAFESLICE, "unsafe.Slice") O(UNSAFESTRING, "unsafe.String")     \
    O(SLICEDATA, "unsafe.SliceData") O(STRINGDATA, "unsafe.StringData")                            \
    O(TYPEDESC, "typedesc")     /* address of target's type descriptor; type unsafe.Pointer */     \
    O(ITABDATA, "idata")        /* the data word of interface x, as pointer type */                \
    O(METHODPTR, "codeptr")     /* code address of func, as uintptr */                             \
    O(DEFERFRAME, "deferframe") /* address of this function's defer frame, as unsafe.Pointer */

#define IR_STMTS(O)                                                                                \
    O(BLOCK, "block")           /* list; break_target */                                           \
    O(DCL, "dcl")               /* local comes into being, zeroed; a heap local gets a new cell */ \
    O(AS, "=")                  /* x = y; x NULL: drop it; inlined */                              \
    O(OPAS, "op=")              /* x = x arith y, x's operands evaluated once */                   \
    O(AS2, "as2")               /* list = rlist, parallel; NULL in list is blank */                \
    O(AS2CALL, "as2call")       /* list = results of call y */                                     \
    O(AS2MAP, "as2map")         /* list0, list1 = y (INDEXMAP); implicit conversions of results are separate statements */ \
    O(AS2ASSERT, "as2assert")   /* list0, list1 = y (ASSERT) */                                    \
    O(AS2RECV, "as2recv")       /* list0, list1 = y (RECV) */                                      \
    O(KEEPALIVE, "keepalive")   /* x, a local: used here */                                        \
    O(EXPRSTMT, "exprstmt")     /* x, value dropped */                                             \
    O(SEND, "send")             /* x <- y */                                                       \
    O(GO, "go") O(DEFER, "defer") /* x: a CALL of a function without parameters and results (a CLOSURE made by the builder); DEFER y: an outer function's frame, or NULL */ \
    O(RETURN, "return")         /* list: one per result, or empty (named results as they are) */   \
    O(IF, "if")                 /* x; body, els */                                                 \
    O(FOR, "for")               /* x condition or NULL, y post statement or NULL; body. init went before */ \
    O(RANGE, "range")           /* list0 key, list1 value (locals or NULL) over x by x's type: array (copied), pointer to array, slice, string, map, chan, integer; body */ \
    O(SWITCH, "switch")         /* x tag (NULL: true); list of CASE */                             \
    O(CASE, "case")             /* list: values (SWITCH) or none for default when is_default; body; falls_through */ \
    O(TYPESWITCH, "typeswitch") /* x interface; list of TYPECASE */                                \
    O(TYPECASE, "typecase")     /* types (NULL entry: nil); local or NULL: bound to x converted; body; is_default */ \
    O(SELECT, "select")         /* list of COMMCASE */                                             \
    O(COMMCASE, "commcase")     /* x: SEND, or RECV expression, or NULL (default); list0, list1: locals for value and ok or NULL; body */ \
    O(LABEL, "label") O(GOTO, "goto") /* label */                                                  \
    O(BREAK, "break") O(CONTINUE, "continue") /* x: the FOR, RANGE, SWITCH, TYPESWITCH, SELECT or BLOCK node meant */ \
    O(PANIC, "panic")           /* x interface */                                                  \
    O(PRINT, "print") O(PRINTLN, "println") /* list */                                             \
    O(DELETE, "delete") O(CLEAR, "clear") O(CLOSE, "close") /* x, y */                             \
    O(INLMARK, "inlmark")       /* start of an inlined body */

typedef enum NodeOp {
#define O(name, text) N_##name,
    IR_EXPRS(O) IR_STMTS(O)
#undef O
        N_OP_COUNT
} NodeOp;
extern const char *const node_op_text[N_OP_COUNT];
// X op y, both evaluated.
static inline bool op_is_arith(NodeOp op) { return op >= N_ADD && op <= N_SHR; }
static inline bool op_is_compare(NodeOp op) { return op >= N_EQ && op <= N_GE; }

typedef enum InlinedAs { INLINED_NOT, INLINED_PARAM, INLINED_RESULT } InlinedAs;

struct Node {
    uint8_t op;   // NodeOp
    bool bounded; // index / slice / shift proved in range (or compiler-made): no check
    bool nonnil;  // pointer known not nil
    bool is_default;
    bool implicit; // made by the builder; not reported
    bool defines;  // AS: x's first value, part of its declaration
    // Escape analysis: this allocation (closure, literal, make, conversion, append result, record of
    // a DEFER) may live on the stack.
    bool noescape;
    bool readonly; // STR2BYTES: the bytes are never written to, so they can be the string's
    bool is_ddd;   // SLICELIT for variadic arguments ("... argument")
    // SLICELIT of uintptrs that the function called uses as pointers: the collector has to see
    // them.
    bool hides_pointers;
    Pos pos;
    Type *type; // NULL for statements; T_TUPLE for a multi-value call
    Node *x, *y;
    NodeVec list, rlist;
    NodeVec body, els;
    union {                 // a number, by op:
        int64_t index;      // KEYED: of the element
        int64_t field;      // DOT, DOTPTR
        int64_t method;     // CALLINTER: its place in the interface's sorted method set
        int64_t len;        // SLICELIT
        bool cap_used;      // APPEND, MOVE2HEAP: the program may see the array's capacity
        int64_t frames;     // RECOVER: call frames between this one and the one that recovers
        NodeOp arith;       // OPAS
        InlinedAs inlined;  // AS: what of an inlined call gets its value here
        bool break_target;  // BLOCK: a BREAK may mean it
        bool falls_through; // CASE
        bool likely;        // IF: the condition holds, as a profile says
    };
    union {
        const Const *val;
        Local *local;
        Global *global;
        Func *func;
        Name label;
        Type *target; // TYPEDESC
    };
    TypeList *types;     // TYPECASE (beside its local)
    Expr *syntax;        // the source expression, for reports; may be NULL
    void *aux;           // passes' scratch
    struct InlCall *inl; // inlined-call context this node belongs to, NULL at top
};

struct Local { // a variable of a function: parameter, result, local, temporary or captured
    Name name; // "" or "~r0"-like for compiler-made ones
    Type *type;
    Pos pos;
    Func *func;
    Object *obj; // NULL for temporaries
    bool is_param, is_result, is_temp;
    bool is_capture; // a captured variable inside the closure; see Capture
    Local *captured; // then: the variable outside
    // is_capture: the closure holds the variable's address (accesses go through it).
    bool by_ref;
    bool addr_taken;   // & applied (explicitly or implicitly)
    bool captured_ref; // some closure captures it by reference
    bool reassigned;   // assigned after its initialisation
    // Lives in a heap cell (escape analysis; before it runs: addr_taken or captured_ref).
    bool heap;
    uint32_t index; // in func->locals
    // Of a temporary: the assignment that gives it its value, for reports, or NULL.
    Node *value;
    struct Known *known; // known.c: what is assigned to it
    void *aux;
    struct InlCall *inl;
};

enum { CAPTURE_MAX = 128 }; // bytes: larger variables are captured by reference, as with gc
typedef struct Capture {
    Local *outer, *inner;
} Capture; // inner->by_ref tells how; closure object is {code, captures…} in Go struct layout

// What flows out of a parameter: for the heap, the operands of stores, callees, and each of the
// first results the fewest dereferences on the way, plus one; 0 where nothing flows there.
enum { LEAK_HEAP, LEAK_MUTATOR, LEAK_CALLEE, LEAK_RESULT, LEAK_COUNT = 8 };
typedef struct Leaks {
    uint8_t to[LEAK_COUNT];
} Leaks;

struct Func {
    Name name;          // as tracebacks and -m show it: main.(*T).Method, main.f.func1
    const char *symbol; // linker symbol (with full package path; linkname applied)
    Package *pkg;
    Pos pos, end;
    // T_FUNC without receiver: params include the receiver first; canonical.
    Type *sig;
    LocalVec params, results, locals; // locals holds all: params, results, others
    Vec(Capture) captures;
    NodeVec body;
    Func *outer;        // enclosing function of a closure
    Func *origin, *via; // the closure that this one is a copy of, made by inlining `via`
    FuncInfo *info;     // NULL for synthesised functions
    Decl *decl;
    TypeList *targs; // of an instance
    uint32_t pragma;
    bool external; // no body here: defined elsewhere (C runtime, assembly, linkname)
    bool linkonce; // may be emitted by several packages: instances, wrappers, their closures
    // Transparent to recover and tracebacks (promoted-method, interface-method, method-value,
    // go/defer wrapper).
    bool wrapper;
    Func *wraps; // of go and defer: the literal that it calls by way of a variable, or NULL
    bool has_defer, has_recover, has_closure, needs_ctx;
    // Wrapper (*T).M of a method with receiver T: a nil receiver panics with this method's name.
    Object *panicwrap;
    bool noinline;
    bool built, queued;
    // Went through the inliner, or is a copy of a closure that did.
    bool inlined;
    bool known_found; // known.c: the assignments in its body were looked for
    // Closures, go and defer wrappers, range bodies numbered so far.
    uint32_t nclosures, nwraps, nranges;
    uint32_t nmethods; // method values and expressions so far
    uint32_t nstates;  // ranges over functions, those in range bodies too
    // Variables and temporaries that gc has declared by now, which number its temporaries.
    uint32_t ndcls;
    struct InlBody *inl; // inliner's: the body to copy into callers
    SsaFunc *ssa;
    struct FuncEsc *esc; // escape analysis': leaks of the parameters
    void *aux;
};

typedef struct InlCall {
    struct InlCall *parent;
    Func *callee;
    Pos pos;
} InlCall;
// Where messages about inlined code stand: at the outermost call.
Pos inl_report_pos(Pos pos, const InlCall *inl);

// Static data: bytes with relocations.
typedef enum RelocKind {
    RELOC_GLOBAL,
    RELOC_FUNCVAL,
    RELOC_CODE,
    RELOC_STRING,
    RELOC_TYPE,
    RELOC_ITAB,
    RELOC_DATA
} RelocKind;
typedef struct Reloc {
    uint32_t offset; // of an 8-byte pointer slot
    RelocKind kind;
    int64_t addend;
    union {
        Global *global;
        Func *func;
        Str str;
        Type *type;
        struct Itab *itab;
        struct Data *data;
    };
} Reloc;
typedef struct Data {
    const char *symbol; // NULL: anonymous (private)
    uint64_t size, align;
    uint8_t *bytes;    // NULL: all zero
    Vec(Reloc) relocs; // ascending offsets
    bool readonly;
    bool has_pointers; // collector must scan it
    uint32_t id;
} Data;

struct Global { // package-level variable
    Name name;
    const char *symbol;
    Package *pkg;
    Object *obj;
    Type *type;
    Pos pos;
    Data *init;    // static initial value, or NULL: zero
    bool external; // defined in another package or in C
    bool linkonce;
    bool readonly;
    void *aux;
};

typedef struct Itab { // static interface table
    Type *iface, *concrete;
    Vec(Func *) methods; // in the interface's sorted order: code taking the data word as receiver
    const char *symbol;  // go:itab.T,I
} Itab;

// A method as type descriptors list it.
typedef struct MethodEntry {
    Object *obj;
    Func *ifn, *tfn;
    Type *mtyp;
} MethodEntry;
typedef struct TypeInfo {
    Type *type;
    Vec(MethodEntry) methods; /* sorted by name, exported first */
} TypeInfo;

// What one package compiles to.
struct Unit {
    Package *pkg;
    Vec(Func *) funcs;     // with bodies, in order of source, then instances and wrappers
    Vec(Global *) globals; // defined here
    Vec(Data *) data;
    Vec(Type *) types; // descriptors to emit
    PtrMap type_infos; // Type* -> TypeInfo*
    Vec(Itab *) itabs;
    Func *init;        // path.init: package variables, then init functions; always present
    Vec(Func *) queue; // funcs to build
    PtrMap func_of;    // builder's maps
    PtrMap interned;
};

// unit services (unit.c) --------------------------------------------------------------------------
// The descriptor of t, and of all it refers to, will be emitted.
void unit_need_type(Unit *u, Type *t);
bool pointer_comes_along(Type *t);                     // described with t, with its methods
Itab *unit_itab(Unit *u, Type *iface, Type *concrete); // unique per unit; needs both types
// Of internal/runtime/maps' groups of entries (runtime/abi.h).
Type *map_group_type(Type *map);
Data *unit_data(Unit *u, uint64_t size, uint64_t align, bool readonly);
Func *unit_new_func(Unit *u, Name name, const char *symbol, Type *sig);
Local *func_new_local(Func *f, Name name, Type *t, Pos pos);
Local *func_new_temp(Func *f, Type *t, Pos pos);
Type *closure_type(Func *f); // T_STRUCT { uintptr; captures… }
// interface's methods in itab order and the index of one
uint32_t iface_method_index(Type *iface, Object *method);

// Nodes.
Node *node_new(NodeOp op, Pos pos, Type *type);
Node *node_local(Local *l, Pos pos);
Node *node_func(NodeOp op, Func *f, Pos pos); // FUNC, CLOSURE
Node *node_int(Type *t, int64_t v, Pos pos);
Node *node_copy(const Node *n);                // deep
typedef bool (*NodeVisit)(Node *n, void *arg); // false: don't descend
void node_visit(Node *n, NodeVisit f, void *arg);
void node_visit_list(NodeVec *l, NodeVisit f, void *arg);
static inline bool node_is_closed_func(const Node *n) { // a function that captures nothing
    return n->op == N_FUNC || (n->op == N_CLOSURE && !n->func->captures.len);
}
// How the runtime takes a map's keys, as GOROOT's maps choose: by address, or, where the element is
// small enough, those of 4 and 8 bytes and strings as values.
typedef enum MapFast { MAP_SLOW, MAP_32, MAP_64, MAP_STR } MapFast;
MapFast map_fast(Type *map);
bool node_is_addressable(const Node *n);
// Name one variable or give one value, when nothing changes in between.
bool node_same(const Node *a, const Node *b);
const char *node_text(const Node *n);     // as gc's reports print expressions and statements
const char *nodes_text(const NodeVec *l); // of a function's body
const char *local_text(const Local *l);
void dump_ir(FILE *out, const Func *f); // --emit=ir

#endif
