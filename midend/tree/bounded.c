// bounded: indexes that are in range whatever happens, by their type or by the operation that makes
// them.
//
//     var a [256]int;  a[b]        // b a byte
//     var t [16]int;   t[x&15]
//     "0123456789abcdef"[x>>60]    // x a uint64
//
// Works on the tree, before the SSA form's facts about values, and says so with -m, as gc does
// ("index bounds check elided").
#include "midend/tree/escape.h"

static bool small_constant(const Node *n, int64_t *v) {
    return n->op == N_CONST && const_kind(n->val) == CONST_INT && const_int64_value(n->val, v);
}

// Is the value of n always in [0, max)?
static bool is_below(const Node *n, int64_t max) {
    if (!n->type || !type_is_integer(n->type)) return false;
    int64_t v;
    if (small_constant(n, &v)) return v >= 0 && v < max;
    bool is_unsigned = type_is_unsigned(n->type);
    int64_t bits = 8 * type_size(n->type);
    switch (n->op) {
    case N_AND:
        if ((small_constant(n->x, &v) || small_constant(n->y, &v)) && v >= 0 && v < max)
            return true;
        break;
    case N_ANDNOT:
        if (small_constant(n->x, &v)) {
            if (v >= 0 && v < max) return true;
        } else if (small_constant(n->y, &v)) {
            v = ~v;
            if (is_unsigned && bits < 64) v &= ((int64_t)1 << bits) - 1;
            if (v >= 0 && v < max) return true;
        }
        break;
    case N_REM:
        if (is_unsigned && small_constant(n->y, &v) && v >= 0 && v <= max) return true;
        break;
    case N_DIV:
        if (!is_unsigned || !small_constant(n->y, &v)) break;
        for (; bits > 0 && v >= 2; v >>= 1) bits--;
        break;
    case N_SHR:
        if (!is_unsigned || !small_constant(n->y, &v)) break;
        if (v > bits) return max > 0;
        bits -= v;
        break;
    default: break;
    }
    return is_unsigned && bits <= 62 && (int64_t)1 << bits <= max;
}

static void bound(Node *n) {
    Type *t = under(n->x->type);
    if (t->kind == T_POINTER) t = under(t->pointer.elem);
    if (t->kind == T_ARRAY)
        n->bounded = is_below(n->y, t->array.len);
    else if (n->x->op == N_CONST)
        n->bounded = is_below(n->y, (int64_t)const_string_len(n->x->val));
}

static bool visit(Node *n, void *f) {
    if (n->op == N_APPEND) // gc says nothing of what is appended
        for (vec_each(Node *, e, &n->list))
            if ((*e)->op == N_INDEX) bound(*e);
    if (n->op != N_INDEX || n->bounded) return true;
    bound(n);
    if (n->bounded && n->y->op != N_CONST && midend_options.m && escape_speaks_for_instances(f))
        report_at(inl_report_pos(n->pos, n->inl), "index bounds check elided");
    return true;
}

void bound_indexes(Func *f) { node_visit_list(&f->body, visit, f); }
