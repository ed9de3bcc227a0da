// ssagen_slice: slice expressions, append, copy, make, clear, literals, arrays of slices.
//
// append grows in place when the capacity allows, calls growslice otherwise, and stores the new
// elements in either case to where the slice ended.
#include "midend/report.h"
#include "midend/ssa/ssagen.h"

static Type *elem_type(Type *t) {
    Type *u = under(t);
    switch (u->kind) {
    case T_SLICE: return u->slice.elem;
    case T_STRING: return BASIC(UINT8);
    case T_POINTER: return under(u->pointer.elem)->array.elem;
    default: return u->array.elem;
    }
}

static Value *scaled(Gen *g, Value *n, Type *elem) {
    int64_t size = type_size(elem);
    return size == 1 ? n : gen2(g, SSA_MUL, INT, n, gen_int(g, INT, size));
}

static Value *slice_bound(Gen *g, Node *n, BoundsKind kind, Value *i, Value *bound) {
    int64_t a, b;
    if (n->bounded || midend_options.no_bounds) return gen_conv(g, INT, i);
    if (i->op == SSA_CONST && const_int64_value(i->konst, &a) && a >= 0) {
        if (a == 0 || (bound->op == SSA_CONST && const_int64_value(bound->konst, &b) && a <= b))
            return gen_conv(g, INT, i);
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

// Checked from the last bound to the first, each against the one before it, as gc does: that
// decides which panic it is.
Value *gen_slice_expr(Gen *g, Node *n) {
    Type *t = under(n->x->type);
    bool is_string = t->kind == T_STRING;
    bool check;
    Value *x = gen_sliced(g, n, &check);
    if (is_whole(n)) {
        if (report_debug_option("slice") > 0)
            report_at(inl_report_pos(n->pos, n->inl), "slice: omit slice operation");
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
    if (check) gen_check_sliced(g, n, x, k);
    if (i) {
        len = gen2(g, SSA_SUB, INT, j, i);
        cap = is_string ? NULL : gen2(g, SSA_SUB, INT, k, i);
        // An empty rest keeps the base: a pointer past the end would hold on to whatever lies
        // there.
        Value *empty = gen2(g, SSA_EQ, BOOL, is_string ? len : cap, gen_int(g, INT, 0));
        if (type_size(elem))
            ptr = gen_elemaddr(g, elem, ptr,
                               gen_choose(g, empty, gen_int(g, INT, 0), gen_conv(g, INT, i)));
    } else {
        len = j;
        cap = k;
    }
    if (is_string) return gen2(g, SSA_STRMAKE, n->type, ptr, len);
    return gen3(g, SSA_SLICEMAKE, n->type, ptr, len, cap);
}

// The slice (ptr, len, cap) with room for more elements: its pointer and capacity, and the new
// length.
typedef struct Grown {
    Value *ptr, *cap, *old_len, *new_len;
} Grown;

// The place of the k-th word of the slice at p.
static Value *slice_word(Gen *g, Value *p, int k) {
    return gen2(g, SSA_PTRADD, PTR, p, gen_int(g, INT, k * type_size(INT)));
}

// Arrays of a size not known before, and those that append begins with, are in the frame while they
// are as small as this, if they do not escape.
enum { SMALL_ARRAY = 32 }; // bytes, as gc has it

static int64_t small_array_len(Type *elem) {
    return type_size(elem) ? SMALL_ARRAY / type_size(elem) : 0;
}

static Type *small_array(Type *elem) {
    return types_canonical(type_array(elem, small_array_len(elem)));
}

// The array in the frame for a variable that append builds, or for one append to something else.
typedef struct Backing {
    Slot *array;
    Slot *used; // a variable: was it? It is begun once, but for append's that grow in it by steps
    bool an_append; // has begun it
} Backing;

static Backing *backing_of(Gen *g, const Node *x, Type *elem) {
    Backing *b = x->op == N_LOCAL ? ptrmap_get(&g->appended, x->local) : NULL;
    if (b) return b;
    b = NEW(Backing);
    b->array = gen_slot(g, small_array(elem));
    if (x->op == N_LOCAL) ptrmap_put(&g->appended, x->local, b);
    return b;
}

// Of append n where it may begin with an array in the frame, or be in one: not of a variable's
// second. NULL: it may not.
static Backing *append_backing(Gen *g, Node *n) {
    Type *elem = elem_type(n->type);
    int64_t room = small_array_len(elem);
    if (!n->noescape || n->op != N_APPEND || (int64_t)n->list.len > room) return NULL;
    Backing *b = backing_of(g, n->x, elem);
    if (n->cap_used) return b;
    if (b->an_append) return NULL;
    b->an_append = true;
    b->used = gen_slot(g, BOOL);
    Block *cur = g->cur;
    g->cur = g->f->blocks.data[0];
    gen_store(g, gen_slotaddr(g, b->used), gen_bool(g, false));
    g->cur = cur;
    return b;
}

// Begins with the array where that is free and large enough; in heap else. Gives its address.
static Value *begin_backing(Gen *g, Backing *b, Type *elem, const Grown *r, Block *heap) {
    Block *frame = gen_block(g);
    Value *unused = gen1(g, SSA_NOT, BOOL, gen_load(g, BOOL, gen_slotaddr(g, b->used)));
    Value *fits =
        gen2(g, SSA_AND, BOOL, unused, gen2(g, SSA_EQ, BOOL, r->old_len, gen_int(g, INT, 0)));
    Value *room = gen_int(g, INT, small_array_len(elem));
    gen_if(g, gen2(g, SSA_AND, BOOL, fits, gen2(g, SSA_LE, BOOL, r->new_len, room)), frame, heap,
           1);
    gen_enter(g, frame);
    Value *p = gen_slotaddr(g, b->array);
    gen_zeromem(g, small_array(elem), p);
    gen_store(g, gen_slotaddr(g, b->used), gen_bool(g, true));
    return p;
}

// home: the variable that holds s and gets the result, or NULL: a new pointer and capacity go there
// as they come. b: of append_backing, or NULL; steps: it grows there by size classes, as the
// capacity is seen.
static Grown grow(Gen *g, Value *s, Value *more, Type *elem, Value *home, Backing *b, bool steps) {
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
    if (b) {
        Block *heap = gen_block(g);
        grown = gen_block(g);
        room = gen_int(g, INT, small_array_len(elem));
        if (steps) {
            Block *frame = gen_block(g);
            gen_if(g, gen2(g, SSA_LE, BOOL, r.new_len, room), frame, heap, 1);
            gen_enter(g, frame);
            small = gen_slotaddr(g, b->array);
            room = gen_rt(g, RT_growsteps, NULL, 5, ptr, r.new_len, more, gen_typeaddr(g, elem),
                          small);
        } else {
            small = begin_backing(g, b, elem, &r, heap);
        }
        gen_goto(g, grown);
        gen_enter(g, heap);
    }
    Value *v = gen_rt(g, RT_growslice, NULL, 5, ptr, r.new_len, cap, more, gen_typeaddr(g, elem));
    Value *nptr = gen_result(g, v, 0), *ncap = gen_result(g, v, 2);
    if (b) {
        gen_flow_into(g, grown);
        nptr = gen_phi2(g, PTR, small, nptr);
        ncap = gen_phi2(g, INT, room, ncap);
    }
    if (home) {
        gen_store(g, home, nptr);
        gen_store(g, slice_word(g, home, 2), ncap);
    }
    gen_flow_into(g, join);
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

// Evaluated before the slice grows. Of append(s, make([]T, n)...) nothing is made: n is checked as
// makeslice would.
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
        a.count = gen_conv(g, INT, gen_expr(g, n->y->x));
        // A negative or absurd length panics as makeslice does.
        Block *ok = gen_fail(g, gen2(g, SSA_LT, BOOL, a.count, gen_int(g, INT, 0)), true);
        gen_rt(g, RT_makeslice, NULL, 3, gen_typeaddr(g, elem), a.count, a.count);
        gen_failed(g, ok);
        return a;
    }
    Value *t = gen_expr(g, n->y);
    a.count = gen_len_of(g, t);
    a.src = gen_data_of(g, t);
    return a;
}

// s with what n adds; home as grow has it.
static Grown append_to(Gen *g, Node *n, Value *s, Added *a, Value *home) {
    Type *elem = elem_type(n->type);
    Grown r = grow(g, s, a->count, elem, home, home ? NULL : append_backing(g, n), n->cap_used);
    if (home) gen_store(g, slice_word(g, home, 1), r.new_len);
    if (!type_size(elem)) return r;
    if (n->op == N_APPENDSLICE) {
        Value *p = gen_elemaddr(g, elem, r.ptr, r.old_len), *size = scaled(g, a->count, elem);
        if (a->src)
            gen3(g, SSA_MEMMOVE, NULL, p, a->src, size)->t = elem;
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

Value *gen_append(Gen *g, Node *n) {
    Value *s = gen_expr(g, n->x);
    if (n->op == N_APPEND && !n->list.len) return gen_copy(g, n->type, s);
    Added a = added(g, n);
    Grown r = append_to(g, n, s, &a, NULL);
    return gen3(g, SSA_SLICEMAKE, n->type, r.ptr, r.new_len, r.cap);
}

// The variable refers to the same array as the value from here on.
Value *gen_move2heap(Gen *g, Node *n) {
    Type *elem = elem_type(n->type);
    Value *home = gen_local_addr(g, n->x->local), *s = gen_load(g, n->type, home);
    Value *ptr = gen1(g, SSA_SLICEPTR, PTR, s), *len = gen1(g, SSA_SLICELEN, INT, s),
          *cap = gen1(g, SSA_SLICECAP, INT, s);
    Value *array = gen_slotaddr(g, backing_of(g, n->x, elem)->array);
    Value *off = gen2(g, SSA_SUB, UINTPTR, gen_copy(g, UINTPTR, ptr), gen_copy(g, UINTPTR, array));
    Block *here = gen_block(g), *moved = gen_block(g);
    gen_if(g, gen2(g, SSA_LE, BOOL, off, gen_int(g, UINTPTR, SMALL_ARRAY)), here, moved, 0);
    gen_enter(g, here);
    Value *used = n->cap_used ? cap : gen_int(g, INT, -1);
    Value *v = gen_rt(g, RT_moveslice, NULL, 4, ptr, len, used, gen_typeaddr(g, elem));
    gen_store(g, home,
              gen3(g, SSA_SLICEMAKE, n->type, gen_result(g, v, 0), gen_result(g, v, 1),
                   gen_result(g, v, 2)));
    gen_flow_into(g, moved);
    return gen_load(g, n->type, home);
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

// x = append(x, …), where x is in memory: pointer and capacity are stored only when they change, a
// map is searched once. false: y is nothing of the kind.
bool gen_append_in_place(Gen *g, Node *x, Node *y) {
    if ((y->op != N_APPEND || !y->list.len) && y->op != N_APPENDSLICE) return false;
    if (x->op == N_CONVNOP || x->type != y->type || !node_same(x, y->x)) return false;
    bool ok = !y->y || gen_changes_nothing(y->y);
    node_visit_list(&y->list, changes_nothing, &ok);
    bool local = x->op == N_LOCAL && !x->local->heap && !x->local->by_ref;
    if (ok && y->op == N_APPEND && report_debug_option("append") > 0)
        report_at(inl_report_pos(y->pos, y->inl), "append: len-only update%s",
                  local ? " (in local slice)" : "");
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

Value *gen_copy_slice(Gen *g, Node *n) {
    Type *elem = elem_type(n->x->type);
    Value *d = gen_expr(g, n->x), *s = gen_expr(g, n->y);
    Value *a = gen1(g, SSA_SLICELEN, INT, d), *b = gen_len_of(g, s);
    Value *k = gen_choose(g, gen2(g, SSA_LT, BOOL, b, a), b, a);
    if (type_size(elem))
        gen3(g, SSA_MEMMOVE, NULL, gen1(g, SSA_SLICEPTR, PTR, d), gen_data_of(g, s),
             scaled(g, k, elem))
            ->t = elem;
    return gen_copy(g, n->type, k);
}

static bool const_len(const Node *n, int64_t *out) {
    return n->op == N_CONST && const_int64_value(n->val, out);
}

// What does not escape and has a small constant capacity stands in the frame; a variable one is
// tried there.
Value *gen_makeslice(Gen *g, Node *n) {
    Type *elem = elem_type(n->type);
    int64_t cap;
    Node *limit = n->y ? n->y : n->x;
    if (n->noescape && const_len(limit, &cap) && cap >= 0 &&
        cap * (type_size(elem) ? type_size(elem) : 1) <= FRAME_MAX_OBJECT) {
        Value *len = gen_conv(g, INT, gen_expr(g, n->x));
        Value *c = gen_int(g, INT, cap);
        int64_t known;
        if (!(const_len(n->x, &known) && known >= 0 && known <= cap)) {
            Block *ok = gen_fail(
                g, gen2(g, SSA_GT, BOOL, gen_conv(g, UINT, len), gen_conv(g, UINT, c)), true);
            gen_rt(g, RT_makeslice, NULL, 3, gen_typeaddr(g, elem), len, c);
            gen_failed(g, ok);
        }
        Type *array = types_canonical(type_array(elem, cap));
        Value *p = gen_slotaddr(g, gen_slot(g, array));
        if (type_size(array)) gen_zeromem(g, array, p);
        return gen3(g, SSA_SLICEMAKE, n->type, p, len, c);
    }
    Value *len = gen_conv(g, INT, gen_expr(g, n->x));
    Value *c = n->y ? gen_conv(g, INT, gen_expr(g, n->y)) : len;
    Value *small = NULL;
    Block *join = NULL;
    if (n->noescape && small_array_len(elem)) {
        Block *frame = gen_block(g), *heap = gen_block(g);
        join = gen_block(g);
        Value *fits =
            gen2(g, SSA_LE, BOOL, gen_conv(g, UINT, c), gen_int(g, UINT, small_array_len(elem)));
        if (c != len)
            fits = gen2(g, SSA_AND, BOOL, fits,
                        gen2(g, SSA_LE, BOOL, gen_conv(g, UINT, len), gen_conv(g, UINT, c)));
        gen_if(g, fits, frame, heap, 1); // a length that is out of range panics on the heap's side
        gen_enter(g, frame);
        small = gen_slotaddr(g, gen_slot(g, small_array(elem)));
        gen_zeromem(g, small_array(elem), small);
        gen_goto(g, join);
        gen_enter(g, heap);
    }
    Value *p = gen_rt(g, RT_makeslice, NULL, 3, gen_typeaddr(g, elem), len, c);
    if (small) {
        gen_flow_into(g, join);
        p = gen_phi2(g, PTR, small, p);
    }
    return gen3(g, SSA_SLICEMAKE, n->type, p, len, c);
}

// An array of its own, copied from data if all of it is constant and that is shorter than storing
// part by part.
Value *gen_slicelit(Gen *g, Node *n) {
    Type *elem = elem_type(n->type);
    Type *array = types_canonical(type_array(n->hides_pointers ? BASIC(UNSAFEPTR) : elem, n->len));
    // gc puts what does not escape on the stack whatever its size. Ours do not grow: large arrays
    // are the heap's, and no frame holds the largest.
    int64_t size = type_size(array);
    bool on_stack = n->noescape && (size <= FRAME_MAX_OBJECT || size >= 1 << 30);
    Value *p = gen_room(g, array, on_stack);
    if (n->len && size) {
        // The elements are those of an array literal.
        Node *lit = node_new(N_ARRAYLIT, n->pos, array);
        lit->list = n->list;
        if (size > STATIC_COPY_MIN && !n->hides_pointers && static_possible(lit, gen_once(g))) {
            gen_move(g, array, p, gen_dataaddr(g, static_data_of(g->u, lit, true, gen_once(g))));
        } else {
            if (on_stack && n->list.len < (uint64_t)n->len) gen_zeromem(g, array, p);
            for (vec_each(Node *, k, &n->list))
                gen_into(g, gen_elemaddr(g, elem, p, gen_int(g, INT, (*k)->index)), (*k)->y, true);
        }
    } else {
        for (vec_each(Node *, k, &n->list)) gen_expr(g, (*k)->y);
    }
    Value *len = gen_int(g, INT, n->len);
    return gen3(g, SSA_SLICEMAKE, n->type, p, len, len);
}

Value *gen_slice_to_array(Gen *g, Node *n, int64_t len) {
    Value *s = gen_expr(g, n->x);
    Value *have = gen1(g, SSA_SLICELEN, INT, s);
    if (!n->bounded && len) gen_bounds(g, BOUNDS_CONVERT, gen_int(g, INT, len), have);
    return gen1(g, SSA_SLICEPTR, PTR, s);
}

void gen_clear(Gen *g, Node *n) {
    Value *x = gen_expr(g, n->x);
    Type *t = under(n->x->type);
    if (t->kind == T_MAP) {
        gen_rt(g, RT_mapclear, NULL, 2, gen_typeaddr(g, t), gen_copy(g, PTR, x));
        return;
    }
    Type *elem = elem_type(t);
    if (type_size(elem))
        gen2(g, SSA_MEMCLR, NULL, gen1(g, SSA_SLICEPTR, PTR, x),
             scaled(g, gen1(g, SSA_SLICELEN, INT, x), elem));
}
