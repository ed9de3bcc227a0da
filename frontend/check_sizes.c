// check_sizes: types that no machine can hold. gc finds them while it lays types out, after type checking: so these errors are
// kept back and told only when there are no others.
#include "frontend/check_impl.h"

static const uint64_t MAX_WIDTH = (uint64_t)1 << 50;

// Size of a complete type, saturating at MAX_WIDTH; alignment is ignored but for the target's words: what counts is the
// magnitude.
static uint32_t budget; // what is left to look at: invalid types may be endless

static uint64_t width(Type *t, int depth) {
    if (depth > 200 || budget == 0) return 0;
    budget--;
    Type *u = under(t);
    switch (u->kind) {
    case T_ARRAY: {
        uint64_t w = width(u->array.elem, depth + 1), n = u->array.len < 0 ? 0 : (uint64_t)u->array.len;
        if (w == 0 || n == 0) return 0;
        return n > MAX_WIDTH / w ? MAX_WIDTH : w * n;
    }
    case T_STRUCT: {
        uint64_t w = 0;
        for (vec_each(Object *, f, &u->strukt.fields)) {
            w += width((*f)->type, depth + 1);
            if (w >= MAX_WIDTH) return MAX_WIDTH;
        }
        return w;
    }
    case T_BOOL:
    case T_INT8:
    case T_UINT8: return 1;
    case T_INT16:
    case T_UINT16: return 2;
    case T_INT32:
    case T_UINT32:
    case T_FLOAT32: return 4;
    case T_STRING:
    case T_INTERFACE:
    case T_COMPLEX128: return 16;
    case T_SLICE: return 24;
    case T_INVALID:
    case T_TUPLE:
    case T_UNION: return 0;
    default: return 8;
    }
}

static void late(Checker *c, Pos pos, const char *msg) {
    Diagnostic d = {pos, false, msg};
    vec_push(&impl(c)->late, d);
}

static void check_layout(Checker *c, void *arg) {
    Expr *e = arg;
    Type *t = e->type;
    if (!t || t->kind == T_INVALID || type_has_typeparam(t)) return;
    budget = 100000;
    switch (e->kind) {
    case E_ARRAYTYPE: {
        if (t->kind != T_ARRAY) return;
        uint64_t w = width(t->array.elem, 0);
        if (w && (uint64_t)t->array.len > (MAX_WIDTH - 1) / w)
            late(c, e->pos, xsprintf("type %s larger than address space", type_string(t)));
        break;
    }
    case E_CHANTYPE:
        if (width(e->chan.elem->type, 0) >= 1 << 16) late(c, e->pos, "channel element type too large (>64kB)");
        break;
    case E_MAPTYPE:
        if (width(e->map.elem->type, 0) >= (uint64_t)1 << 31) late(c, e->pos, "map element type too large");
        if (width(e->map.key->type, 0) >= (uint64_t)1 << 31) late(c, e->pos, "map key type too large");
        break;
    default: break;
    }
}

// Could a value of this type be large at all?
static bool may_be_large(Type *t) {
    t = unalias(t);
    return t && (t->kind == T_NAMED || t->kind == T_ARRAY || t->kind == T_STRUCT);
}

void check_size_later(Checker *c, Expr *e, Type *t) {
    switch (t->kind) {
    case T_ARRAY:
        if (t->array.len < 1 << 16 && !may_be_large(t->array.elem)) return;
        break;
    case T_CHAN:
        if (!may_be_large(t->chan.elem)) return;
        break;
    case T_MAP:
        if (!may_be_large(t->map.elem) && !may_be_large(t->map.key)) return;
        break;
    default: return;
    }
    check_later(c, check_layout, e);
}

void check_report_sizes(Checker *c) {
    for (vec_each(Diagnostic, d, &impl(c)->late)) error_at(d->pos, "%s", d->msg);
    if (impl(c)->late.len) c->pkg->has_errors = true;
}
