// ssagen: what the lowering's files share: the state of one function being lowered and its helpers.
//
// Expressions come in three forms. gen_expr gives the value. gen_addr gives the address of an
// addressable expression (or of a temporary holding the value). gen_into stores the value to an
// address: types that do not fit registers (arrays, large structs) are only ever moved that way.
// Addresses are unsafe.Pointer-typed.
#ifndef VOLE_SSAGEN_H
#define VOLE_SSAGEN_H

#include "midend/options.h"
#include "midend/ssa/passes.h"
#include "midend/tree/staticinit.h"
#include "runtime/abi.h"

typedef enum VarKind {
    VAR_NONE,
    VAR_SLOT, // slot holds the value
    VAR_CELL, // slot holds the address of the heap cell
    VAR_ADDR, // addr is its address: captured by reference, or a large one captured by value
} VarKind;
typedef struct Var {
    VarKind kind;
    Slot *slot;
    Value *addr;
} Var;

typedef struct Target { // what break and continue leave for
    const Node *node;
    Block *brk, *cont;
} Target;

// A deferred call that the function makes itself where it returns.
typedef struct OpenDefer {
    Node *call;
    Slot *record;  // AbiDefer
    Slot *closure; // the func value, which nobody else can change
} OpenDefer;

typedef struct Gen {
    Unit *u;
    Func *fn;
    SsaFunc *f;
    Block *cur;
    Pos pos;
    struct InlCall *inl;
    Var *vars; // by Local.index
    Vec(Target) targets;
    PtrMap labels;   // Name -> Block
    PtrMap appended; // Local -> array in the frame for it (ssagen_slice.c)
    Value *ctx;      // closure object
    Slot *frame;     // DeferFrame
    bool recovers;   // a deferred call might
    bool open_coded; // defers
    Vec(OpenDefer) open_defers;
    Slot *deferred; // a bit for each of them: was its statement reached?
} Gen;

enum {
    // Bytes: what does not escape stands in the frame up to here; gc's limit for what is implicit.
    FRAME_MAX_OBJECT = 64 << 10,
    // Bytes: up to here storing parts one by one is no longer than copying data.
    STATIC_COPY_MIN = 64,
};

// types
// Handled as one value: scalars, strings, slices, interfaces, small structs.
bool type_fits_registers(Type *t);
#define PTR BASIC(UNSAFEPTR)
#define INT BASIC(INT)
#define UINT BASIC(UINT)
#define BOOL BASIC(BOOL)
#define UINTPTR BASIC(UINTPTR)

// Does the function's code run once? Then what it makes can be data.
static inline bool gen_once(const Gen *g) { return g->fn == g->u->init; }

// values; all at g->cur and g->pos
Value *gen0(Gen *g, SsaOp op, Type *t);
Value *gen1(Gen *g, SsaOp op, Type *t, Value *a);
Value *gen2(Gen *g, SsaOp op, Type *t, Value *a, Value *b);
Value *gen3(Gen *g, SsaOp op, Type *t, Value *a, Value *b, Value *c);
Value *gen_int(Gen *g, Type *t, int64_t i);
Value *gen_bool(Gen *g, bool b);
Value *gen_nil(Gen *g); // unsafe.Pointer
Value *gen_zero(Gen *g, Type *t);
Value *gen_string(Gen *g, Str s);
Value *gen_typeaddr(Gen *g, Type *t);
Value *gen_itabaddr(Gen *g, Type *iface, Type *concrete);
Value *gen_func(Gen *g, SsaOp op, Type *t, Func *f); // FUNCVAL, CODEADDR
Value *gen_dataaddr(Gen *g, Data *d);
Value *gen_rt(Gen *g, RtFunc rt, Type *t, uint32_t n, ...); // t NULL: as runtime.def says
Value *gen_result(Gen *g, Value *call, uint32_t i);
Value *gen_data_of(Gen *g, Value *s); // of a string or slice
Value *gen_len_of(Gen *g, Value *s);
Value *gen_load(Gen *g, Type *t, Value *addr);
void gen_store(Gen *g, Value *addr, Value *v);
void gen_move(Gen *g, Type *t, Value *dst, Value *src);
void gen_zeromem(Gen *g, Type *t, Value *dst); // or a store of the zero value
Value *gen_fieldaddr(Gen *g, Type *structure, Value *addr, uint32_t i);
Value *gen_elemaddr(Gen *g, Type *elem, Value *addr, Value *index);
Value *gen_ptradd(Gen *g, Value *addr, int64_t off);
Value *gen_nilcheck(Gen *g, Value *p);
Value *gen_slotaddr(Gen *g, Slot *s);
Slot *gen_slot(Gen *g, Type *t);            // new temporary
Value *gen_conv(Gen *g, Type *t, Value *v); // numeric
Value *gen_copy(Gen *g, Type *t, Value *v); // same bits; v itself when the type is the same
Value *gen_choose(Gen *g, Value *c, Value *a, Value *b);

// control flow
Block *gen_block(Gen *g);        // new, empty, not current
void gen_goto(Gen *g, Block *b); // ends the current block
void gen_if(Gen *g, Value *cond, Block *yes, Block *no, int likely);
void gen_enter(Gen *g, Block *b);     // goes on in b
void gen_flow_into(Gen *g, Block *b); // ends the current block in b, and goes on there
// Goes on where cond fails, is `when`; gives where it does not.
Block *gen_fail(Gen *g, Value *cond, bool when);
void gen_failed(Gen *g, Block *ok); // after a call that does not return: goes on in ok
void gen_panic_when(Gen *g, Value *cond, bool when, RtFunc rt);
void gen_exit(Gen *g); // after a call that does not return
// Current block has exactly two predecessors, in this order.
Value *gen_phi2(Gen *g, Type *t, Value *a, Value *b);

// ssagen_expr.c
Value *gen_expr(Gen *g, Node *n);
Value *gen_addr(Gen *g, Node *n);
void gen_into(Gen *g, Value *dst, Node *n, bool fresh); // fresh: nothing that n reads can be at dst
void gen_fill(Gen *g, Value *dst, Node *n);             // as into fresh memory, which is zero
void gen_cond(Gen *g, Node *n, Block *yes, Block *no);
Value *gen_local_addr(Gen *g, Local *l);
Value *gen_bounds(Gen *g, BoundsKind kind, Value *index, Value *bound);
Value *gen_binary(Gen *g, NodeOp op, Type *t, Value *a, Value *b, Node *n);
Value *gen_spill(Gen *g, Type *t, Value *v); // address of a temporary holding v
// Address of memory that holds n's value and does not change before it is used.
Value *gen_value_addr(Gen *g, Node *n);
// x = y; false: y is no append to x, or x is not in memory.
bool gen_append_in_place(Gen *g, Node *x, Node *y);
bool gen_changes_nothing(Node *n);        // changes no variable
bool node_has_memory(const Node *n);      // its value stands somewhere
bool node_is_zero_literal(const Node *n); // T{} and the like
// No effects, no panics, cheap: may be evaluated again or later.
bool node_is_pure(const Node *n);

// A string that is used at once: string(b) is b's own bytes, not a copy.
Value *gen_string_view(Gen *g, Node *n);

// ssagen_cmp.c
Value *gen_compare(Gen *g, NodeOp op, Node *x, Node *y, Type *t);
Value *gen_equal_mem(Gen *g, Type *t, Value *pa, Value *pb); // at two addresses
Value *gen_equal_iface_concrete(Gen *g, Type *iface, Value *x, Type *t, Value *v);
Value *gen_equal_mixed(Gen *g, Type *ta, Value *a, Type *tb, Value *b); // one may be an interface
// Type word, nil for a nil interface.
Value *gen_dyntype(Gen *g, Type *iface, Value *x);
Value *gen_min_max(Gen *g, bool max, Type *t, Value *a, Value *b);

// ssagen_iface.c
Value *gen_conviface(Gen *g, Node *n);
Value *gen_from_data_word(Gen *g, Type *t, Value *data); // value of t in an interface's data word
Value *gen_assert(Gen *g, Node *n, Value **ok);          // ok NULL: panics
void gen_typeswitch(Gen *g, Node *n);

// ssagen_call.c
Value *gen_call(Gen *g, Node *n); // CALL, CALLINTER; tuple for several results
Value *gen_closure(Gen *g, Node *n);

// ssagen_defer.c
void gen_defer(Gen *g, Node *n);
// What the body defers: makes the frame for it, with a recovery point where a call might recover.
void gen_defer_frame(Gen *g);
void gen_deferred_calls(Gen *g);          // before the function returns
bool gen_defer_recovers(Gen *g);          // might a deferred call recover? For gen_defer_frame
bool gen_wrapper_calls_recoverer(Gen *g); // might what this wrapper calls recover?
// ssagen.c
void gen_declare_local(Gen *g, Local *l, bool zero);
void gen_return(Gen *g, Node *n);
void gen_load_results(Gen *g); // ends the current block, which returns what the variables hold

// ssagen_new.c
Value *gen_newobject(Gen *g, Type *t);
// Memory for a t: in the frame, which is not zero, or an object of its own.
Value *gen_room(Gen *g, Type *t, bool noescape);
Value *gen_new(Gen *g, Node *n);
Value *gen_addr_of(Gen *g, Node *n);

// ssagen_builtin.c
Value *gen_builtin(Gen *g, Node *n);
Value *gen_len(Gen *g, Node *n);
void gen_print(Gen *g, Node *n);

// ssagen_slice.c
Value *gen_slice_expr(Gen *g, Node *n);
Value *gen_slicelit(Gen *g, Node *n);
Value *gen_move2heap(Gen *g, Node *n);
Value *gen_makeslice(Gen *g, Node *n);
Value *gen_append(Gen *g, Node *n);
Value *gen_copy_slice(Gen *g, Node *n);
void gen_clear(Gen *g, Node *n);                         // of maps, too
Value *gen_slice_to_array(Gen *g, Node *n, int64_t len); // pointer to the array

// ssagen_unsafe.c
Value *gen_convnop(Gen *g, Node *n);       // of a type that fits registers
bool gen_checks_conversion(const Node *n); // may -d=checkptr look at what CONVNOP n gives?
Value *gen_unsafe_add(Gen *g, Node *n);
Value *gen_unsafe_slice(Gen *g, Node *n);
// The operand of a slice expression; *later: gen_check_sliced is to follow the bounds' checks.
Value *gen_sliced(Gen *g, Node *n, bool *later);
void gen_check_sliced(Gen *g, Node *n, Value *p, Value *max);

// ssagen_string.c
Value *gen_string_to_bytes(Gen *g, Node *n);
// Room in the frame for what conversion n makes, or nil if it escapes.
Value *gen_result_buffer(Gen *g, const Node *n);
Value *gen_decoderune(Gen *g, Value *s, Value *i, Value **next);

// ssagen_map.c
Value *gen_makemap(Gen *g, Node *n, Value *hint);
Value *gen_maplit(Gen *g, Node *n);
Value *gen_map_len(Gen *g, Value *m);
Value *gen_map_key(
    Gen *g, Type *map, Node *key,
    bool lookup); // evaluated key: a value, or an address for large ones. lookup: it is not kept
Value *gen_map_access(Gen *g, Type *map, Value *m, Value *key, Value **ok); // pointer to the value
Value *gen_map_assign(Gen *g, Type *map, Value *m, Value *key);
void gen_map_delete(Gen *g, Type *map, Value *m, Value *key);
typedef struct MapPlace { // m[k], evaluated, about to be read and written
    Type *map;
    Value *m, *key;
    bool view; // key is a slice's own bytes
} MapPlace;
MapPlace gen_map_place(Gen *g, Node *x, bool calm); // calm: nothing changes before gen_map_slot
// Where the value is; that of a new entry is zero.
Value *gen_map_slot(Gen *g, const MapPlace *p);

// ssagen_chan.c
Value *gen_recv(Gen *g, Node *n, Value **ok); // into a temporary: its address
void gen_select(Gen *g, Node *n);

// ssagen_stmt.c, ssagen_switch.c, ssagen_range.c
void gen_stmts(Gen *g, NodeVec *list);
void gen_stmt(Gen *g, Node *n);
void gen_switch(Gen *g, Node *n);
void gen_range(Gen *g, Node *n);

// intrinsics.c: the op that stands for a call of f, if any; false: an ordinary call.
bool gen_intrinsic(Gen *g, Func *f, Node *call, Value **result);

#endif
