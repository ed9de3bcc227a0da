// ssagen_unsafe: unsafe.Add, unsafe.Slice, unsafe.String, and what -d=checkptr has checked where an
// unsafe.Pointer is made or becomes a pointer to something (runtime/checkptr.c).
//
// As gc: a conversion to *T wants alignment and memory of one object; an unsafe.Pointer made of an
// integer has to point into the object that one of the pointers in the sum pointed into, or into
// none. unsafe.Pointer(uintptr(p) + off) so becomes
//   q = …; runtime.checkptrArithmetic(q, {p})
// What a call gives is not asked where it comes from, nor what reflect's headers hold.
#include "midend/ssa/ssagen.h"
#include "midend/tree/escape.h"

static bool checks(const Gen *g) {
    return midend_options.checkptr && !(g->fn->pragma & PRAGMA_NOCHECKPTR);
}

static bool has_kind(const Node *n, TypeKind k) { return under(n->type)->kind == k; }

static bool from_unsafe(const Node *n) {
    return n->op == N_CONVNOP && has_kind(n, T_POINTER) && has_kind(n->x, T_UNSAFEPTR);
}

bool gen_checks_conversion(const Node *n) {
    return midend_options.checkptr &&
           (from_unsafe(n) || (has_kind(n, T_UNSAFEPTR) && has_kind(n->x, T_UINTPTR)));
}

// p is to be a *T, or with a count the address of so many elements of the array T.
static void check_alignment(Gen *g, Type *t, Value *p, Value *count) {
    if (count) t = under(t)->array.elem;
    if (type_align(t) == 1 && (type_size(t) <= 1 || !count)) return;
    gen_rt(g, RT_checkptrAlignment, NULL, 3, p, gen_typeaddr(g, t),
           count ? gen_conv(g, UINTPTR, count) : gen_int(g, UINTPTR, 1));
}

typedef Vec(Value *) Originals;

// n, as gen_expr gives it, and the pointers that it was computed from.
static Value *arithmetic(Gen *g, Node *n, Originals *from) {
    switch (n->op) {
    case N_ADD:
    case N_SUB:
    case N_ANDNOT: {
        Value *a = arithmetic(g, n->x, from);
        Value *b = n->op == N_ADD ? arithmetic(g, n->y, from) : gen_expr(g, n->y);
        return gen_binary(g, n->op, n->type, a, b, n);
    }
    case N_CONVNOP: {
        if (!has_kind(n->x, T_UNSAFEPTR)) break;
        Value *p = gen_expr(g, n->x);
        vec_push(from, gen_copy(g, PTR, p));
        return gen_copy(g, n->type, p);
    }
    default: break;
    }
    return gen_expr(g, n);
}

static void check_arithmetic(Gen *g, Value *p, const Originals *from) {
    Value *list = gen_nil(g);
    if (from->len) {
        list = gen_slotaddr(g, gen_slot(g, types_canonical(type_array(PTR, from->len))));
        for (uint32_t i = 0; i < from->len; i++)
            gen_store(g, gen_elemaddr(g, PTR, list, gen_int(g, INT, i)), from->data[i]);
    }
    gen_rt(g, RT_checkptrArithmetic, NULL, 3, p, list, gen_int(g, INT, from->len));
}

Value *gen_convnop(Gen *g, Node *n) {
    if (!checks(g)) return gen_copy(g, n->type, gen_expr(g, n->x));
    if (from_unsafe(n)) {
        Value *p = gen_expr(g, n->x);
        check_alignment(g, under(n->type)->pointer.elem, p, NULL);
        return gen_copy(g, n->type, p);
    }
    bool call = n->x->op == N_CALL || n->x->op == N_CALLINTER;
    if (!has_kind(n, T_UNSAFEPTR) || !has_kind(n->x, T_UINTPTR) || call ||
        escape_is_header_data(n->x))
        return gen_copy(g, n->type, gen_expr(g, n->x));
    Originals from = {0};
    Value *p = gen_copy(g, PTR, arithmetic(g, n->x, &from));
    check_arithmetic(g, p, &from);
    return gen_copy(g, n->type, p);
}

// (*[N]T)(p)[:n:n] wants n elements alone.
Value *gen_sliced(Gen *g, Node *n, bool *later) {
    *later = checks(g) && n->list.len > 2 && n->list.data[2] && from_unsafe(n->x);
    return *later ? gen_copy(g, n->x->type, gen_expr(g, n->x->x)) : gen_expr(g, n->x);
}

void gen_check_sliced(Gen *g, Node *n, Value *p, Value *max) {
    check_alignment(g, under(n->x->type)->pointer.elem, gen_copy(g, PTR, p), max);
}

Value *gen_unsafe_add(Gen *g, Node *n) {
    Value *p = gen_copy(g, PTR, gen_expr(g, n->x));
    bool check = checks(g);
    Originals from = {0};
    if (check) vec_push(&from, p);
    Value *off =
        check && has_kind(n->y, T_UINTPTR) ? arithmetic(g, n->y, &from) : gen_expr(g, n->y);
    Value *sum = gen2(g, SSA_PTRADD, PTR, p, gen_conv(g, INT, off));
    if (check) check_arithmetic(g, sum, &from);
    return gen_copy(g, n->type, sum);
}

// unsafe.Slice and unsafe.String: a length that is negative or leads past the end of memory panics,
// and so does nil with a length.
Value *gen_unsafe_slice(Gen *g, Node *n) {
    bool str = n->op == N_UNSAFESTRING;
    Value *p = gen_copy(g, PTR, gen_expr(g, n->x));
    Value *len = gen_conv(g, INT, gen_expr(g, n->y));
    int64_t size = str ? 1 : type_size(under(n->type)->slice.elem);
    RtFunc bad_len = str ? RT_panicunsafestringlen : RT_panicunsafeslicelen;
    gen_panic_when(g, gen2(g, SSA_LT, BOOL, len, gen_int(g, INT, 0)), true, bad_len);
    Value *zero = gen_int(g, INT, 0);
    Value *nil_len = gen2(g, SSA_AND, BOOL, gen2(g, SSA_EQ, BOOL, p, gen_nil(g)),
                          gen2(g, SSA_GT, BOOL, len, zero));
    gen_panic_when(g, nil_len, true, str ? RT_panicunsafestringnilptr : RT_panicunsafeslicenilptr);
    if (size) {
        int64_t most = INT64_MAX / size;
        if (size > 1)
            gen_panic_when(g, gen2(g, SSA_GT, BOOL, len, gen_int(g, INT, most)), true, bad_len);
        Value *room = gen1(g, SSA_NEG, UINTPTR, gen_copy(g, UINTPTR, p));
        Value *bytes = gen_conv(
            g, UINTPTR, size == 1 ? len : gen2(g, SSA_MUL, INT, len, gen_int(g, INT, size)));
        Value *over = gen2(g, SSA_GT, BOOL, bytes, room);
        gen_panic_when(g, gen2(g, SSA_AND, BOOL, over, gen2(g, SSA_NE, BOOL, p, gen_nil(g))), true,
                       bad_len);
        if (checks(g))
            gen_rt(g, str ? RT_unsafestringcheckptr : RT_unsafeslicecheckptr, NULL, 2, p, bytes);
    }
    if (str) return gen2(g, SSA_STRMAKE, n->type, p, len);
    return gen3(g, SSA_SLICEMAKE, n->type, p, len, len);
}
