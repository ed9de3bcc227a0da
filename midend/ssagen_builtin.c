// ssagen_builtin: slices, append and copy, conversions of strings and slices, maps, channels, printing.
//
// append grows in place when the capacity allows, calls growslice otherwise, and stores the new elements in either case to where
// the slice ended. Map keys of 4 and 8 bytes and strings take the typed fast paths when the element is small enough for them.
#include "midend/report.h"
#include "midend/ssagen.h"

static Type *elem_type(Type *t) {
    Type *u = under(t);
    switch (u->kind) {
    case T_SLICE: return u->slice.elem;
    case T_STRING: return BASIC(UINT8);
    case T_POINTER: return under(u->pointer.elem)->array.elem;
    default: return u->array.elem;
    }
}

static void check(Gen *g, Value *fails, RtFunc rt) {
    Block *bad = gen_block(g), *ok = gen_block(g);
    gen_if(g, fails, bad, ok, -1);
    gen_enter(g, bad);
    gen_rt(g, rt, NULL, 0);
    g->cur->kind = BLOCK_EXIT;
    gen_enter(g, ok);
}

static Value *scaled(Gen *g, Value *n, Type *elem) {
    int64_t size = type_size(elem);
    return size == 1 ? n : gen2(g, SSA_MUL, INT, n, gen_int(g, INT, size));
}

static Value *as_int(Gen *g, Value *v) { return gen_conv(g, INT, v); }

// slices -----------------------------------------------------------------------------------------------------------------

static Value *slice_bound(Gen *g, Node *n, BoundsKind kind, Value *i, Value *bound) {
    int64_t a, b;
    if (n->bounded || midend_options.no_bounds) return as_int(g, i);
    if (i->op == SSA_CONST && const_int64_value(i->konst, &a) && a >= 0) {
        if (a == 0 || (bound->op == SSA_CONST && const_int64_value(bound->konst, &b) && a <= b)) return as_int(g, i);
    }
    return gen_bounds(g, kind, i, bound);
}

// s[:] and s[0:] of a slice or string.
static bool is_whole(const Node *n) {
    int64_t k;
    for (uint32_t i = 0; i < n->list.len; i++) {
        const Node *x = n->list.data[i];
        if (x && (i || x->op != N_CONST || !const_int64_value(x->val, &k) || k)) return false;
    }
    return under(n->x->type)->kind != T_POINTER;
}

Value *gen_slice_expr(Gen *g, Node *n) {
    Type *t = under(n->x->type);
    bool is_string = t->kind == T_STRING;
    Value *x = gen_expr(g, n->x);
    if (is_whole(n)) {
        if (report_debug_option("slice") > 0) report_at(inl_report_pos(n->pos, n->inl), "slice: omit slice operation");
        return gen_copy(g, n->type, x);
    }
    Value *ix[3] = {0};
    for (uint32_t k = 0; k < n->list.len && k < 3; k++)
        if (n->list.data[k]) ix[k] = gen_expr(g, n->list.data[k]);
    Value *ptr, *len, *cap;
    Type *elem = elem_type(n->x->type);
    if (is_string) {
        ptr = gen1(g, SSA_STRPTR, PTR, x);
        len = cap = gen1(g, SSA_STRLEN, INT, x);
    } else if (t->kind == T_POINTER) {
        ptr = n->nonnil ? x : gen_nilcheck(g, x);
        len = cap = gen_int(g, INT, under(t->pointer.elem)->array.len);
    } else {
        ptr = gen1(g, SSA_SLICEPTR, PTR, x);
        len = gen1(g, SSA_SLICELEN, INT, x);
        cap = gen1(g, SSA_SLICECAP, INT, x);
    }
    bool from_slice = t->kind == T_SLICE;
    Value *i = ix[0], *j = ix[1], *k = ix[2];
    if (k) {
        k = slice_bound(g, n, from_slice ? BOUNDS_SLICE3_ACAP : BOUNDS_SLICE3_ALEN, k, cap);
        j = j ? slice_bound(g, n, BOUNDS_SLICE3_B, j, k) : len;
        if (i) i = slice_bound(g, n, BOUNDS_SLICE3_C, i, j);
    } else {
        k = cap;
        j = j ? slice_bound(g, n, from_slice ? BOUNDS_SLICE_ACAP : BOUNDS_SLICE_ALEN, j, cap) : len;
        if (i) i = slice_bound(g, n, BOUNDS_SLICE_B, i, j);
    }
    if (i) {
        len = gen2(g, SSA_SUB, INT, j, i);
        cap = is_string ? NULL : gen2(g, SSA_SUB, INT, k, i);
        // An empty rest keeps the base: a pointer past the end would hold on to whatever lies there.
        Value *empty = gen2(g, SSA_EQ, BOOL, is_string ? len : cap, gen_int(g, INT, 0));
        if (type_size(elem)) ptr = gen_elemaddr(g, elem, ptr, gen_select(g, empty, gen_int(g, INT, 0), gen_conv(g, INT, i)));
    } else {
        len = j, cap = k;
    }
    if (is_string) return gen2(g, SSA_STRMAKE, n->type, ptr, len);
    return gen3(g, SSA_SLICEMAKE, n->type, ptr, len, cap);
}

static Value *gen_map_len(Gen *g, Value *m) {
    m = gen_copy(g, PTR, m);
    Value *zero = gen_int(g, INT, 0);
    Block *some = gen_block(g), *join = gen_block(g);
    gen_if(g, gen2(g, SSA_NE, BOOL, m, gen_nil(g)), some, join, 1);
    gen_enter(g, some);
    Value *used = gen_load(g, INT, m); // internal/runtime/maps.Map.used comes first
    gen_goto(g, join);
    gen_enter(g, join);
    return gen_phi2(g, INT, zero, used);
}

Value *gen_len(Gen *g, Node *n) {
    Type *t = under(n->x->type);
    Value *r;
    if (n->op == N_LEN && n->x->op == N_STR2RUNES)
        return gen_copy(g, n->type, gen_rt(g, RT_countrunes, NULL, 1, gen_string_view(g, n->x->x)));
    switch (t->kind) {
    case T_STRING: r = gen1(g, SSA_STRLEN, INT, gen_expr(g, n->x)); break;
    case T_SLICE: r = gen1(g, n->op == N_LEN ? SSA_SLICELEN : SSA_SLICECAP, INT, gen_expr(g, n->x)); break;
    case T_MAP: r = gen_map_len(g, gen_expr(g, n->x)); break;
    case T_CHAN: r = gen_rt(g, n->op == N_LEN ? RT_chanlen : RT_chancap, NULL, 1, gen_copy(g, PTR, gen_expr(g, n->x))); break;
    case T_POINTER:
        if (!node_is_pure(n->x)) gen_expr(g, n->x);
        r = gen_int(g, INT, under(t->pointer.elem)->array.len);
        break;
    case T_ARRAY:
        if (!node_is_pure(n->x)) gen_value_addr(g, n->x);
        r = gen_int(g, INT, t->array.len);
        break;
    default: unreachable("len");
    }
    return gen_copy(g, n->type, r);
}

// The slice (ptr, len, cap) with room for more elements: its pointer and capacity, and the new length.
typedef struct Grown {
    Value *ptr, *cap, *old_len, *new_len;
} Grown;

// The place of the k-th word of the slice at p.
static Value *slice_word(Gen *g, Value *p, int k) { return gen2(g, SSA_PTRADD, PTR, p, gen_int(g, INT, k * type_size(INT))); }

// Arrays of a size not known before, and those that append begins with, are in the frame while they are as small as this, if they do not escape.
enum { SMALL_ARRAY = 32 }; // bytes, as gc has it

static int64_t small_array_len(Type *elem) { return type_size(elem) ? SMALL_ARRAY / type_size(elem) : 0; }

static Value *small_array(Gen *g, Type *elem) {
    Type *array = types_canonical(type_array(elem, small_array_len(elem)));
    Value *p = gen_slotaddr(g, gen_slot(g, array));
    gen_zeromem(g, array, p);
    return p;
}

// Whether append n, a variable's first, may begin with an array in the frame: a variable that tells whether it has. Each frame does so once.
static Slot *append_used(Gen *g, Node *n) {
    int64_t room = small_array_len(elem_type(n->type));
    if (!n->noescape || n->op != N_APPEND || (int64_t)n->list.len > room) return NULL;
    if (n->x->op == N_LOCAL) {
        if (ptrmap_has(&g->appended, n->x->local)) return NULL;
        ptrmap_put(&g->appended, n->x->local, n);
    }
    Slot *used = gen_slot(g, BOOL);
    Block *cur = g->cur;
    g->cur = g->f->blocks.data[0];
    gen_store(g, gen_slotaddr(g, used), gen_bool(g, false));
    g->cur = cur;
    return used;
}

// home: the variable that holds s and gets the result, or NULL: a new pointer and capacity go there as they come. used: of append_used, or NULL.
static Grown grow(Gen *g, Value *s, Value *more, Type *elem, Value *home, Slot *used) {
    Grown r;
    Value *ptr = gen1(g, SSA_SLICEPTR, PTR, s), *cap = gen1(g, SSA_SLICECAP, INT, s);
    r.old_len = gen1(g, SSA_SLICELEN, INT, s);
    r.new_len = gen2(g, SSA_ADD, INT, r.old_len, more);
    Block *slow = gen_block(g), *join = gen_block(g);
    Value *over = gen2(g, SSA_GT, BOOL, gen_conv(g, UINT, r.new_len), gen_conv(g, UINT, cap));
    // The yes side is the grown one; join's first predecessor is the block that decides.
    gen_if(g, over, slow, join, -1);
    gen_enter(g, slow);
    Value *small = NULL, *room = NULL;
    Block *grown = NULL;
    if (used) {
        Block *frame = gen_block(g), *heap = gen_block(g);
        grown = gen_block(g);
        room = gen_int(g, INT, small_array_len(elem));
        Value *unused = gen1(g, SSA_NOT, BOOL, gen_load(g, BOOL, gen_slotaddr(g, used)));
        Value *fits = gen2(g, SSA_AND, BOOL, unused, gen2(g, SSA_EQ, BOOL, r.old_len, gen_int(g, INT, 0)));
        gen_if(g, gen2(g, SSA_AND, BOOL, fits, gen2(g, SSA_LE, BOOL, r.new_len, room)), frame, heap, 1);
        gen_enter(g, frame);
        small = small_array(g, elem);
        gen_store(g, gen_slotaddr(g, used), gen_bool(g, true));
        gen_goto(g, grown);
        gen_enter(g, heap);
    }
    Value *v = gen_rt(g, RT_growslice, NULL, 5, ptr, r.new_len, cap, more, gen_typeaddr(g, elem));
    Value *nptr = gen_result(g, v, 0), *ncap = gen_result(g, v, 2);
    if (used) {
        gen_goto(g, grown);
        gen_enter(g, grown);
        nptr = gen_phi2(g, PTR, small, nptr);
        ncap = gen_phi2(g, INT, room, ncap);
    }
    if (home) gen_store(g, home, nptr), gen_store(g, slice_word(g, home, 2), ncap);
    gen_goto(g, join);
    gen_enter(g, join);
    r.ptr = gen_phi2(g, PTR, ptr, nptr);
    r.cap = gen_phi2(g, INT, cap, ncap);
    return r;
}

// What append n adds, evaluated.
typedef struct Added {
    Value *count;
    Value **elems; // append(s, a, b): values, or addresses of large ones
    Value *src;    // append(s, t...): t's elements; without either they are zero
} Added;

static Added added(Gen *g, Node *n) {
    Added a = {0};
    Type *elem = elem_type(n->type);
    if (n->op == N_APPEND) {
        a.count = gen_int(g, INT, n->list.len);
        a.elems = NEW_ARRAY(Value *, n->list.len);
        for (uint32_t i = 0; i < n->list.len; i++) {
            Node *e = n->list.data[i];
            if (type_fits_registers(elem))
                a.elems[i] = gen_expr(g, e);
            else {
                a.elems[i] = gen_slotaddr(g, gen_slot(g, elem));
                gen_into(g, a.elems[i], e, true);
            }
        }
        return a;
    }
    if (n->y->op == N_MAKESLICE && !n->y->y) {
        a.count = as_int(g, gen_expr(g, n->y->x));
        // A negative or absurd length panics as makeslice does.
        Block *bad = gen_block(g), *ok = gen_block(g);
        gen_if(g, gen2(g, SSA_LT, BOOL, a.count, gen_int(g, INT, 0)), bad, ok, -1);
        gen_enter(g, bad);
        gen_rt(g, RT_makeslice, NULL, 3, gen_typeaddr(g, elem), a.count, a.count);
        g->cur->kind = BLOCK_EXIT;
        gen_enter(g, ok);
        return a;
    }
    Value *t = gen_expr(g, n->y);
    bool str = under(n->y->type)->kind == T_STRING;
    a.count = gen1(g, str ? SSA_STRLEN : SSA_SLICELEN, INT, t);
    a.src = gen1(g, str ? SSA_STRPTR : SSA_SLICEPTR, PTR, t);
    return a;
}

// s with what n adds; home as grow has it.
static Grown append_to(Gen *g, Node *n, Value *s, Added *a, Value *home) {
    Type *elem = elem_type(n->type);
    Grown r = grow(g, s, a->count, elem, home, home ? NULL : append_used(g, n));
    if (home) gen_store(g, slice_word(g, home, 1), r.new_len);
    if (!type_size(elem)) return r;
    if (n->op == N_APPENDSLICE) {
        Value *p = gen_elemaddr(g, elem, r.ptr, r.old_len), *size = scaled(g, a->count, elem);
        if (a->src)
            gen3(g, SSA_MEMMOVE, NULL, p, a->src, size);
        else
            gen2(g, SSA_MEMCLR, NULL, p, size);
        return r;
    }
    for (uint32_t i = 0; i < n->list.len; i++) {
        Value *at = i ? gen2(g, SSA_ADD, INT, r.old_len, gen_int(g, INT, i)) : r.old_len;
        Value *p = gen_elemaddr(g, elem, r.ptr, at);
        if (type_fits_registers(elem))
            gen_store(g, p, a->elems[i]);
        else
            gen_move(g, elem, p, a->elems[i]);
    }
    return r;
}

static Value *gen_append(Gen *g, Node *n) {
    Value *s = gen_expr(g, n->x);
    if (n->op == N_APPEND && !n->list.len) return gen_copy(g, n->type, s);
    Added a = added(g, n);
    Grown r = append_to(g, n, s, &a, NULL);
    return gen3(g, SSA_SLICEMAKE, n->type, r.ptr, r.new_len, r.cap);
}

// Expressions that change no variable.
static bool changes_nothing(Node *n, void *arg) {
    bool *ok = arg;
    switch (n->op) {
    case N_CALL:
    case N_CALLINTER:
    case N_STMTEXPR:
    case N_RECV:
    case N_COPY:
    case N_APPEND:
    case N_APPENDSLICE:
    case N_RECOVER: *ok = false; break;
    default: break;
    }
    return *ok;
}

bool gen_changes_nothing(Node *n) {
    bool ok = true;
    node_visit(n, changes_nothing, &ok);
    return ok;
}

// x = append(x, …), where x is in memory: pointer and capacity are stored only when they change, a map is searched once. false: y is nothing
// of the kind.
bool gen_append_in_place(Gen *g, Node *x, Node *y) {
    if ((y->op != N_APPEND || !y->list.len) && y->op != N_APPENDSLICE) return false;
    if (x->op == N_CONVNOP || x->type != y->type || !node_same(x, y->x)) return false;
    bool ok = !y->y || gen_changes_nothing(y->y);
    node_visit_list(&y->list, changes_nothing, &ok);
    bool local = x->op == N_LOCAL && !x->local->heap && !x->local->by_ref;
    if (ok && y->op == N_APPEND && report_debug_option("append") > 0)
        report_at(inl_report_pos(y->pos, y->inl), "append: len-only update%s", local ? " (in local slice)" : "");
    if (!ok || local) return false;
    Value *home;
    Added a;
    if (x->op == N_INDEXMAP) {
        MapPlace p = gen_map_place(g, x, true);
        a = added(g, y);
        home = gen_map_slot(g, &p);
    } else {
        home = gen_addr(g, x);
        a = added(g, y);
    }
    append_to(g, y, gen_load(g, x->type, home), &a, home);
    return true;
}

static Value *gen_copy_builtin(Gen *g, Node *n) {
    Type *elem = elem_type(n->x->type);
    Value *d = gen_expr(g, n->x), *s = gen_expr(g, n->y);
    bool str = under(n->y->type)->kind == T_STRING;
    Value *a = gen1(g, SSA_SLICELEN, INT, d), *b = gen1(g, str ? SSA_STRLEN : SSA_SLICELEN, INT, s);
    Value *k = gen_select(g, gen2(g, SSA_LT, BOOL, b, a), b, a);
    if (type_size(elem))
        gen3(g, SSA_MEMMOVE, NULL, gen1(g, SSA_SLICEPTR, PTR, d), gen1(g, str ? SSA_STRPTR : SSA_SLICEPTR, PTR, s),
             scaled(g, k, elem));
    return gen_copy(g, n->type, k);
}

static bool const_len(const Node *n, int64_t *out) { return n->op == N_CONST && const_int64_value(n->val, out); }

static Value *gen_makeslice(Gen *g, Node *n) {
    Type *elem = elem_type(n->type);
    int64_t cap;
    Node *limit = n->y ? n->y : n->x;
    if (n->noescape && const_len(limit, &cap) && cap >= 0 && cap * (type_size(elem) ? type_size(elem) : 1) <= 65536) {
        Value *len = as_int(g, gen_expr(g, n->x));
        Value *c = gen_int(g, INT, cap);
        int64_t known;
        if (!(const_len(n->x, &known) && known >= 0 && known <= cap)) {
            Block *bad = gen_block(g), *ok = gen_block(g);
            gen_if(g, gen2(g, SSA_GT, BOOL, gen_conv(g, UINT, len), gen_conv(g, UINT, c)), bad, ok, -1);
            gen_enter(g, bad);
            gen_rt(g, RT_makeslice, NULL, 3, gen_typeaddr(g, elem), len, c);
            g->cur->kind = BLOCK_EXIT;
            gen_enter(g, ok);
        }
        Type *array = types_canonical(type_array(elem, cap));
        Value *p = gen_slotaddr(g, gen_slot(g, array));
        if (type_size(array)) gen_zeromem(g, array, p);
        return gen3(g, SSA_SLICEMAKE, n->type, p, len, c);
    }
    Value *len = as_int(g, gen_expr(g, n->x));
    Value *c = n->y ? as_int(g, gen_expr(g, n->y)) : len;
    Value *small = NULL;
    Block *join = NULL;
    if (n->noescape && small_array_len(elem)) {
        Block *frame = gen_block(g), *heap = gen_block(g);
        join = gen_block(g);
        Value *fits = gen2(g, SSA_LE, BOOL, gen_conv(g, UINT, c), gen_int(g, UINT, small_array_len(elem)));
        if (c != len) fits = gen2(g, SSA_AND, BOOL, fits, gen2(g, SSA_LE, BOOL, gen_conv(g, UINT, len), gen_conv(g, UINT, c)));
        gen_if(g, fits, frame, heap, 1); // a length that is out of range panics on the heap's side
        gen_enter(g, frame);
        small = small_array(g, elem);
        gen_goto(g, join);
        gen_enter(g, heap);
    }
    Value *p = gen_rt(g, RT_makeslice, NULL, 3, gen_typeaddr(g, elem), len, c);
    if (small) {
        gen_goto(g, join);
        gen_enter(g, join);
        p = gen_phi2(g, PTR, small, p);
    }
    return gen3(g, SSA_SLICEMAKE, n->type, p, len, c);
}

Value *gen_slicelit(Gen *g, Node *n) {
    Type *elem = elem_type(n->type);
    Type *array = types_canonical(type_array(n->hides_pointers ? BASIC(UNSAFEPTR) : elem, n->index));
    // gc puts what does not escape on the stack whatever its size. Ours do not grow: large arrays are the heap's, and no frame holds the largest.
    int64_t size = type_size(array);
    bool on_stack = n->noescape && (size <= 64 << 10 || size >= 1 << 30);
    Value *p = on_stack ? gen_slotaddr(g, gen_slot(g, array)) : gen_newobject(g, array);
    if (n->index && size) {
        // The elements are those of an array literal.
        Node *lit = node_new(N_ARRAYLIT, n->pos, array);
        lit->list = n->list;
        if (size > 64 && !n->hides_pointers && static_possible(g, lit)) {
            Value *src = gen0(g, SSA_DATAADDR, PTR);
            src->data = static_data_of(g, lit, true);
            gen_move(g, array, p, src);
        } else {
            if (on_stack && n->list.len < (uint64_t)n->index) gen_zeromem(g, array, p);
            for (vec_each(Node *, k, &n->list))
                gen_into(g, gen_elemaddr(g, elem, p, gen_int(g, INT, (*k)->index)), (*k)->y, true);
        }
    } else {
        for (vec_each(Node *, k, &n->list)) gen_expr(g, (*k)->y);
    }
    Value *len = gen_int(g, INT, n->index);
    return gen3(g, SSA_SLICEMAKE, n->type, p, len, len);
}

// unsafe -----------------------------------------------------------------------------------------------------------------

// unsafe.Slice and unsafe.String: a length that is negative or leads past the end of memory panics, and so does nil with a
// length.
static Value *gen_unsafe_slice(Gen *g, Node *n) {
    bool str = n->op == N_UNSAFESTRING;
    Value *p = gen_copy(g, PTR, gen_expr(g, n->x));
    Value *len = as_int(g, gen_expr(g, n->y));
    int64_t size = str ? 1 : type_size(under(n->type)->slice.elem);
    RtFunc bad_len = str ? RT_panicunsafestringlen : RT_panicunsafeslicelen;
    check(g, gen2(g, SSA_LT, BOOL, len, gen_int(g, INT, 0)), bad_len);
    Value *zero = gen_int(g, INT, 0);
    Value *nil_len = gen2(g, SSA_AND, BOOL, gen2(g, SSA_EQ, BOOL, p, gen_nil(g)), gen2(g, SSA_GT, BOOL, len, zero));
    check(g, nil_len, str ? RT_panicunsafestringnilptr : RT_panicunsafeslicenilptr);
    if (size) {
        int64_t most = INT64_MAX / size;
        if (size > 1) check(g, gen2(g, SSA_GT, BOOL, len, gen_int(g, INT, most)), bad_len);
        Value *room = gen1(g, SSA_NEG, UINTPTR, gen_copy(g, UINTPTR, p));
        Value *bytes = gen_conv(g, UINTPTR, size == 1 ? len : gen2(g, SSA_MUL, INT, len, gen_int(g, INT, size)));
        Value *over = gen2(g, SSA_GT, BOOL, bytes, room);
        check(g, gen2(g, SSA_AND, BOOL, over, gen2(g, SSA_NE, BOOL, p, gen_nil(g))), bad_len);
    }
    if (str) return gen2(g, SSA_STRMAKE, n->type, p, len);
    return gen3(g, SSA_SLICEMAKE, n->type, p, len, len);
}

// conversions ------------------------------------------------------------------------------------------------------------

static Value *slice_to_array(Gen *g, Node *n, int64_t len) {
    Value *s = gen_expr(g, n->x);
    Value *have = gen1(g, SSA_SLICELEN, INT, s);
    if (!n->bounded && len) gen_bounds(g, BOUNDS_CONVERT, gen_int(g, INT, len), have);
    return gen1(g, SSA_SLICEPTR, PTR, s);
}

Value *gen_result_buffer(Gen *g, const Node *n) {
    enum { RESULT_BUFFER = 32 }; // elements: what runtime/string.c fills
    if (!n->noescape) return gen_nil(g);
    Type *elem = n->op == N_STR2RUNES ? BASIC(INT32) : BASIC(UINT8);
    return gen_slotaddr(g, gen_slot(g, types_canonical(type_array(elem, n->op == N_RUNE2STR ? 4 : RESULT_BUFFER))));
}

// []byte(s): the string's own bytes if nobody writes to them; a constant's in an array of its length.
static Value *string_to_bytes(Gen *g, Node *n) {
    Value *s = gen_expr(g, n->x);
    if (n->x->op == N_CONST && n->noescape && !n->readonly) {
        int64_t len = (int64_t)const_string_len(n->x->val);
        if (len && len <= 65536) {
            Type *array = types_canonical(type_array(BASIC(UINT8), len));
            Value *p = gen_slotaddr(g, gen_slot(g, array)), *k = gen_int(g, INT, len);
            gen_move(g, array, p, gen1(g, SSA_STRPTR, PTR, s));
            return gen3(g, SSA_SLICEMAKE, n->type, p, k, k);
        }
    }
    if (!n->readonly) return gen_rt(g, RT_stringtoslicebyte, n->type, 2, gen_result_buffer(g, n), s);
    Value *p = gen1(g, SSA_STRPTR, PTR, s), *len = gen1(g, SSA_STRLEN, INT, s);
    if (n->x->op != N_CONST || !const_string_len(n->x->val)) { // an empty slice is not nil
        Value *empty = gen0(g, SSA_DATAADDR, PTR);
        empty->data = unit_data(g->u, 0, 1, true);
        p = gen_select(g, gen2(g, SSA_EQ, BOOL, p, gen_nil(g)), empty, p);
    }
    return gen3(g, SSA_SLICEMAKE, n->type, p, len, len);
}

static Value *zeroed_words(Gen *g, int64_t size) {
    Type *words = types_canonical(type_array(UINTPTR, size / 8));
    Value *p = gen_slotaddr(g, gen_slot(g, words));
    gen_zeromem(g, words, p);
    return p;
}

// An empty group in the frame for the map at m.
static void first_group(Gen *g, Type *map, Value *m) {
    Value *p = zeroed_words(g, type_size(map_group_type(map)));
    gen_store(g, p, gen_int(g, INT, (int64_t)ABI_MAP_CTRL_EMPTY));
    gen_store(g, gen_ptradd(g, m, offsetof(AbiMap, dir)), p);
}

// The map that n makes. What does not escape has its header in the frame and, unless hint is known to be more than that holds, its first group:
// further ones come from the heap.
static Value *makemap(Gen *g, Node *n, Value *hint) {
    Type *map = under(n->type);
    int64_t k = INT64_MAX;
    bool known = hint->op == SSA_CONST && const_int64_value(hint->konst, &k), small = k <= ABI_MAP_GROUP_SLOTS;
    if (!n->noescape) {
        if (small) return gen_rt(g, RT_makemap_small, NULL, 0);
        return gen_rt(g, RT_makemap, NULL, 3, gen_typeaddr(g, map), hint, gen_nil(g));
    }
    Value *m = zeroed_words(g, sizeof(AbiMap));
    if (small) {
        first_group(g, map, m);
        gen_store(g, gen_ptradd(g, m, offsetof(AbiMap, seed)), gen_rt(g, RT_rand, NULL, 0));
        return m;
    }
    if (!known) {
        Block *one = gen_block(g), *join = gen_block(g);
        gen_if(g, gen2(g, SSA_LE, BOOL, hint, gen_int(g, INT, ABI_MAP_GROUP_SLOTS)), one, join, 1);
        gen_enter(g, one);
        first_group(g, map, m);
        gen_goto(g, join);
        gen_enter(g, join);
    }
    return gen_rt(g, RT_makemap, NULL, 3, gen_typeaddr(g, map), hint, m);
}

Value *gen_builtin(Gen *g, Node *n) {
    switch ((NodeOp)n->op) {
    case N_STR2BYTES: return string_to_bytes(g, n);
    case N_STR2RUNES: return gen_rt(g, RT_stringtoslicerune, n->type, 2, gen_result_buffer(g, n), gen_expr(g, n->x));
    case N_BYTES2STR:
    case N_RUNES2STR: {
        Value *s = gen_expr(g, n->x);
        Value *p = gen1(g, SSA_SLICEPTR, PTR, s), *len = gen1(g, SSA_SLICELEN, INT, s);
        return gen_rt(g, n->op == N_BYTES2STR ? RT_slicebytetostring : RT_slicerunetostring, n->type, 3, gen_result_buffer(g, n),
                      p, len);
    }
    case N_RUNE2STR: return gen_rt(g, RT_intstring, n->type, 2, gen_result_buffer(g, n), as_int(g, gen_expr(g, n->x)));
    case N_SLICE2ARR: {
        int64_t len = under(n->type)->array.len;
        Value *p = slice_to_array(g, n, len);
        return type_size(n->type) ? gen_load(g, n->type, p) : gen_zero(g, n->type);
    }
    case N_SLICE2ARRPTR: return gen_copy(g, n->type, slice_to_array(g, n, under(under(n->type)->pointer.elem)->array.len));
    case N_APPEND:
    case N_APPENDSLICE: return gen_append(g, n);
    case N_COPY: return gen_copy_builtin(g, n);
    case N_MAKESLICE: return gen_makeslice(g, n);
    case N_MAKEMAP: return gen_copy(g, n->type, makemap(g, n, n->x ? as_int(g, gen_expr(g, n->x)) : gen_int(g, INT, 0)));
    case N_MAKECHAN: {
        Value *size = n->x ? as_int(g, gen_expr(g, n->x)) : gen_int(g, INT, 0);
        return gen_copy(g, n->type, gen_rt(g, RT_makechan, NULL, 2, gen_typeaddr(g, n->type), size));
    }
    case N_UNSAFEADD: {
        Value *p = gen_expr(g, n->x);
        return gen_copy(g, n->type, gen2(g, SSA_PTRADD, PTR, gen_copy(g, PTR, p), as_int(g, gen_expr(g, n->y))));
    }
    case N_UNSAFESLICE:
    case N_UNSAFESTRING: return gen_unsafe_slice(g, n);
    case N_SLICEDATA: return gen_copy(g, n->type, gen1(g, SSA_SLICEPTR, PTR, gen_expr(g, n->x)));
    case N_STRINGDATA: return gen_copy(g, n->type, gen1(g, SSA_STRPTR, PTR, gen_expr(g, n->x)));
    default: unreachable("builtin");
    }
}

// maps -------------------------------------------------------------------------------------------------------------------

typedef enum MapFast { MAP_SLOW, MAP_32, MAP_64, MAP_STR } MapFast;

static MapFast map_fast(Type *map) {
    if (type_size(map->map.elem) > 128) return MAP_SLOW;
    switch (under(map->map.key)->kind) {
    case T_INT32:
    case T_UINT32: return MAP_32;
    case T_INT:
    case T_UINT:
    case T_INT64:
    case T_UINT64:
    case T_UINTPTR:
    case T_POINTER:
    case T_CHAN:
    case T_UNSAFEPTR: return MAP_64;
    case T_STRING: return MAP_STR;
    default: return MAP_SLOW;
    }
}

Value *gen_map_key(Gen *g, Type *map, Node *key, bool lookup) {
    switch (map_fast(map)) {
    case MAP_32: return gen_conv(g, BASIC(UINT32), gen_expr(g, key));
    case MAP_64: {
        Value *v = gen_expr(g, key);
        return type_is_integer(v->type) ? gen_conv(g, INT, v) : gen_conv(g, INT, gen_copy(g, UINTPTR, v));
    }
    case MAP_STR: return lookup ? gen_string_view(g, key) : gen_copy(g, BASIC(STRING), gen_expr(g, key));
    default: {
        Value *p = gen_slotaddr(g, gen_slot(g, map->map.key));
        if (type_size(map->map.key))
            gen_into(g, p, key, true);
        else
            gen_expr(g, key);
        return p;
    }
    }
}

Value *gen_map_access(Gen *g, Type *map, Value *m, Value *key, Value **ok) {
    static const RtFunc one[] = {RT_mapaccess1, RT_mapaccess1_fast32, RT_mapaccess1_fast64, RT_mapaccess1_faststr};
    static const RtFunc two[] = {RT_mapaccess2, RT_mapaccess2_fast32, RT_mapaccess2_fast64, RT_mapaccess2_faststr};
    MapFast fast = map_fast(map);
    m = gen_copy(g, PTR, m);
    Value *type = gen_typeaddr(g, map);
    int64_t size = type_size(map->map.elem);
    if (report_debug_option("nil")) report_at(g->pos, "removed nil check"); // of the value's address, which never is nil
    if (!ok && size <= 1024) return gen_rt(g, one[fast], NULL, 3, type, m, key);
    Value *v = gen_rt(g, two[fast], NULL, 3, type, m, key);
    Value *p = gen_result(g, v, 0), *found = gen_result(g, v, 1);
    if (ok) *ok = found;
    if (size > 1024) { // the runtime's shared zero value is not that large
        Value *zero = gen0(g, SSA_DATAADDR, PTR);
        zero->data = unit_data(g->u, (uint64_t)size, (uint64_t)type_align(map->map.elem), true);
        p = gen_select(g, found, p, zero);
    }
    return p;
}

Value *gen_map_assign(Gen *g, Type *map, Value *m, Value *key) {
    static const RtFunc assign[] = {RT_mapassign, RT_mapassign_fast32, RT_mapassign_fast64, RT_mapassign_faststr};
    return gen_rt(g, assign[map_fast(map)], NULL, 3, gen_typeaddr(g, map), gen_copy(g, PTR, m), key);
}

MapPlace gen_map_place(Gen *g, Node *x, bool calm) {
    MapPlace p = {under(x->x->type), gen_expr(g, x->x), NULL, false};
    const Node *key = x->y;
    while (key->op == N_CONVNOP) key = key->x;
    p.view = calm && key->op == N_BYTES2STR && map_fast(p.map) == MAP_STR;
    p.key = gen_map_key(g, p.map, x->y, p.view);
    return p;
}

Value *gen_map_slot(Gen *g, const MapPlace *p) {
    if (!p->view) return gen_map_assign(g, p->map, p->m, p->key);
    Value *ok, *old = gen_map_access(g, p->map, p->m, p->key, &ok);
    Block *insert = gen_block(g), *join = gen_block(g);
    gen_if(g, ok, join, insert, 1);
    gen_enter(g, insert);
    Value *copy =
        gen_rt(g, RT_slicebytetostring, NULL, 3, gen_nil(g), gen1(g, SSA_STRPTR, PTR, p->key), gen1(g, SSA_STRLEN, INT, p->key));
    Value *fresh = gen_map_assign(g, p->map, p->m, copy);
    gen_goto(g, join);
    gen_enter(g, join);
    return gen_phi2(g, PTR, old, fresh);
}

void gen_map_delete(Gen *g, Type *map, Value *m, Value *key) {
    static const RtFunc del[] = {RT_mapdelete, RT_mapdelete_fast32, RT_mapdelete_fast64, RT_mapdelete_faststr};
    gen_rt(g, del[map_fast(map)], NULL, 3, gen_typeaddr(g, map), gen_copy(g, PTR, m), key);
}

// Many constant entries: a loop over two static arrays instead of code for each.
static void maplit_loop(Gen *g, Type *map, Value *m, Node *n, uint32_t count) {
    Type *key = map->map.key, *elem = map->map.elem;
    Type *keys = types_canonical(type_array(key, count)), *elems = types_canonical(type_array(elem, count));
    Data *kd = unit_data(g->u, (uint64_t)type_size(keys), (uint64_t)type_align(keys), true);
    Data *ed = unit_data(g->u, (uint64_t)type_size(elems), (uint64_t)type_align(elems), true);
    for (uint32_t i = 0; i < count; i++) {
        static_write(g, kd, i * (uint64_t)type_size(key), n->list.data[2 * i]);
        static_write(g, ed, i * (uint64_t)type_size(elem), n->list.data[2 * i + 1]);
    }
    Slot *i = gen_slot(g, INT);
    Block *head = gen_block(g), *body = gen_block(g), *done = gen_block(g);
    gen_store(g, gen_slotaddr(g, i), gen_int(g, INT, 0));
    gen_goto(g, head);
    gen_enter(g, head);
    Value *k = gen_load(g, INT, gen_slotaddr(g, i));
    gen_if(g, gen2(g, SSA_LT, BOOL, k, gen_int(g, INT, count)), body, done, 1);
    gen_enter(g, body);
    Value *kp = gen0(g, SSA_DATAADDR, PTR), *ep = gen0(g, SSA_DATAADDR, PTR);
    kp->data = kd, ep->data = ed;
    kp = gen_elemaddr(g, key, kp, k), ep = gen_elemaddr(g, elem, ep, k);
    Value *kv = kp;
    switch (map_fast(map)) {
    case MAP_32: kv = gen_load(g, BASIC(UINT32), kp); break;
    case MAP_64: kv = gen_load(g, INT, kp); break;
    case MAP_STR: kv = gen_load(g, BASIC(STRING), kp); break;
    default: break;
    }
    gen_move(g, elem, gen_map_assign(g, map, m, kv), ep);
    gen_store(g, gen_slotaddr(g, i), gen2(g, SSA_ADD, INT, k, gen_int(g, INT, 1)));
    gen_goto(g, head);
    gen_enter(g, done);
}

Value *gen_maplit(Gen *g, Node *n) {
    Type *map = under(n->type);
    uint32_t count = n->list.len / 2;
    Value *m = makemap(g, n, gen_int(g, INT, count));
    bool all_static = count > 25;
    for (uint32_t i = 0; i < n->list.len && all_static; i++) all_static = static_possible(g, n->list.data[i]);
    if (all_static) maplit_loop(g, map, m, n, count);
    for (uint32_t i = 0; !all_static && i < count; i++) {
        Value *key = gen_map_key(g, map, n->list.data[2 * i], false);
        Node *e = n->list.data[2 * i + 1];
        if (type_fits_registers(e->type)) {
            Value *v = gen_expr(g, e);
            Value *p = gen_map_assign(g, map, m, key);
            if (type_size(e->type)) gen_store(g, p, v);
        } else {
            Value *src = gen_value_addr(g, e);
            gen_move(g, e->type, gen_map_assign(g, map, m, key), src);
        }
    }
    return gen_copy(g, n->type, m);
}

// channels, clear, print -------------------------------------------------------------------------------------------------

Value *gen_recv(Gen *g, Node *n, Value **ok) {
    Type *elem = under(n->x->type)->chan.elem;
    Value *ch = gen_copy(g, PTR, gen_expr(g, n->x));
    Slot *tmp = gen_slot(g, elem);
    if (ok)
        *ok = gen_rt(g, RT_chanrecv2, NULL, 2, ch, gen_slotaddr(g, tmp));
    else
        gen_rt(g, RT_chanrecv1, NULL, 2, ch, gen_slotaddr(g, tmp));
    return gen_slotaddr(g, tmp);
}

void gen_clear(Gen *g, Node *n) {
    Value *x = gen_expr(g, n->x);
    Type *t = under(n->x->type);
    if (t->kind == T_MAP) {
        gen_rt(g, RT_mapclear, NULL, 2, gen_typeaddr(g, t), gen_copy(g, PTR, x));
        return;
    }
    Type *elem = elem_type(t);
    if (type_size(elem)) gen2(g, SSA_MEMCLR, NULL, gen1(g, SSA_SLICEPTR, PTR, x), scaled(g, gen1(g, SSA_SLICELEN, INT, x), elem));
}

static void print_value(Gen *g, Type *t, Value *v) {
    Type *u = under(t);
    switch (u->kind) {
    case T_BOOL: gen_rt(g, RT_printbool, NULL, 1, v); return;
    case T_INT:
    case T_INT8:
    case T_INT16:
    case T_INT32:
    case T_INT64: gen_rt(g, RT_printint, NULL, 1, gen_conv(g, INT, v)); return;
    case T_UINT:
    case T_UINT8:
    case T_UINT16:
    case T_UINT32:
    case T_UINT64:
    case T_UINTPTR: {
        Type *named = as_named(t);
        bool hex = named && named->named.obj->pkg && !strcmp(named->named.obj->name, "hex") &&
                   !strcmp(named->named.obj->pkg->path, "runtime");
        gen_rt(g, hex ? RT_printhex : RT_printuint, NULL, 1, gen_conv(g, UINT, v));
        return;
    }
    case T_FLOAT32: gen_rt(g, RT_printfloat32, NULL, 1, v); return;
    case T_FLOAT64: gen_rt(g, RT_printfloat64, NULL, 1, v); return;
    case T_COMPLEX64: {
        Value *re = gen1(g, SSA_REAL, BASIC(FLOAT32), v);
        gen_rt(g, RT_printcomplex64, NULL, 2, re, gen1(g, SSA_IMAG, BASIC(FLOAT32), v));
        return;
    }
    case T_COMPLEX128: gen_rt(g, RT_printcomplex128, NULL, 1, v); return;
    case T_STRING: gen_rt(g, RT_printstring, NULL, 1, v); return;
    case T_SLICE: gen_rt(g, RT_printslice, NULL, 1, v); return;
    case T_INTERFACE: gen_rt(g, interface_is_empty(u) ? RT_printeface : RT_printiface, NULL, 1, v); return;
    default: gen_rt(g, RT_printpointer, NULL, 1, gen_copy(g, PTR, v)); return;
    }
}

void gen_print(Gen *g, Node *n) {
    uint32_t k = n->list.len;
    Value **v = NEW_ARRAY(Value *, k + 1);
    for (uint32_t i = 0; i < k; i++) v[i] = gen_expr(g, n->list.data[i]);
    gen_rt(g, RT_printlock, NULL, 0);
    for (uint32_t i = 0; i < k; i++) {
        if (i && n->op == N_PRINTLN) gen_rt(g, RT_printsp, NULL, 0);
        print_value(g, n->list.data[i]->type, v[i]);
    }
    if (n->op == N_PRINTLN) gen_rt(g, RT_printnl, NULL, 0);
    gen_rt(g, RT_printunlock, NULL, 0);
}

Value *gen_decoderune(Gen *g, Value *s, Value *i, Value **next) {
    Type *rune = BASIC(INT32);
    Value *c = gen_load(g, BASIC(UINT8), gen_elemaddr(g, BASIC(UINT8), gen1(g, SSA_STRPTR, PTR, s), i));
    Value *r = gen_conv(g, rune, c);
    Value *after = gen2(g, SSA_ADD, INT, i, gen_int(g, INT, 1));
    Block *slow = gen_block(g), *join = gen_block(g);
    gen_if(g, gen2(g, SSA_GE, BOOL, c, gen_int(g, BASIC(UINT8), 0x80)), slow, join, -1);
    gen_enter(g, slow);
    Value *v = gen_rt(g, RT_decoderune, NULL, 2, gen_copy(g, BASIC(STRING), s), i);
    Value *sr = gen_result(g, v, 0), *sn = gen_result(g, v, 1);
    gen_goto(g, join);
    gen_enter(g, join);
    Value *result = gen_phi2(g, rune, r, sr);
    *next = gen_phi2(g, INT, after, sn);
    return result;
}
