// check_sizes: types that no machine can hold, and those that Go's memory may not hold
// (internal/runtime/sys.NotInHeap and what contains it, such as runtime/cgo.Incomplete). gc finds
// them after type checking: so these errors are kept back and told only when there are no others.
#include "frontend/check_impl.h"

static const uint64_t MAX_WIDTH = (uint64_t)1 << 50;

// Size of a complete type, saturating at MAX_WIDTH; alignment is ignored but for the target's
// words: what counts is the magnitude. *budget is what is left to look at: invalid types may be
// endless.
static uint64_t width(Type *t, int depth, uint32_t *budget) {
    if (depth > 200 || *budget == 0) return 0; // so deep only types that contain themselves are
    --*budget;
    Type *u = under(t);
    switch (u->kind) {
    case T_ARRAY: {
        uint64_t w = width(u->array.elem, depth + 1, budget),
                 n = u->array.len < 0 ? 0 : (uint64_t)u->array.len;
        if (w == 0 || n == 0) return 0;
        return n > MAX_WIDTH / w ? MAX_WIDTH : w * n;
    }
    case T_STRUCT: {
        uint64_t w = 0;
        for (vec_each(Object *, f, &u->strukt.fields)) {
            w += width((*f)->type, depth + 1, budget);
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

static void late(Checker *c, Pos pos, LateStage stage, const char *msg) {
    LateError e = {pos, stage, msg};
    vec_push(&c->late, e);
}

// gc's limits of types.CalcSize; the errors are kept for last (late), since gc lays types out after
// it has checked all.
static void check_layout(Checker *c, void *arg) {
    Expr *e = arg;
    Type *t = e->type;
    if (!t || t->kind == T_INVALID || type_has_typeparam(t)) return;
    uint32_t budget = 100000;
    Pos pos = c->env.declared ? c->env.declared : e->pos; // check_later keeps the environment
    switch (e->kind) {
    case E_ARRAYTYPE: {
        if (t->kind != T_ARRAY) return;
        uint64_t w = width(t->array.elem, 0, &budget);
        if (w && (uint64_t)t->array.len > (MAX_WIDTH - 1) / w)
            late(c, pos, LATE_SIZES, xsprintf("type %s larger than address space", type_string(t)));
        break;
    }
    case E_CHANTYPE:
        if (width(e->chan.elem->type, 0, &budget) >= 1 << 16)
            late(c, pos, LATE_SIZES, "channel element type too large (>64kB)");
        break;
    case E_MAPTYPE:
        if (width(e->map.elem->type, 0, &budget) >= (uint64_t)1 << 31)
            late(c, pos, LATE_SIZES, "map element type too large");
        if (width(e->map.key->type, 0, &budget) >= (uint64_t)1 << 31)
            late(c, pos, LATE_SIZES, "map key type too large");
        break;
    default: break;
    }
}

// Could a value of this type be large at all?
static bool may_be_large(Type *t) {
    t = unalias(t);
    return t && (t->kind == T_NAMED || t->kind == T_ARRAY || t->kind == T_STRUCT);
}

// Most types can't come near a limit, and aren't put on the list.
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

// ---- not in heap ----

static bool not_in_heap(Type *t) {
    t = unalias(t);
    if (t->kind == T_NAMED) {
        Object *o = t->named.obj;
        if (o->pkg && !strcmp(o->name, "nih") && !strcmp(o->pkg->path, "internal/runtime/sys"))
            return true;
        t = under(t);
    }
    if (t->kind == T_ARRAY) return not_in_heap(t->array.elem);
    if (t->kind != T_STRUCT) return false;
    for (vec_each(Object *, f, &t->strukt.fields))
        if (not_in_heap((*f)->type)) return true;
    return false;
}

typedef struct Placed {
    Pos pos;
    Type *type;
    LateStage stage;
    const char *message;           // %s is the type
    const char *(*string)(Type *); // as this writes it
} Placed;

static void check_placed(Checker *c, void *arg) {
    Placed *p = arg;
    if (!c->pkg->has_errors && not_in_heap(p->type))
        late(c, p->pos, p->stage, xsprintf(p->message, p->string(p->type)));
}

static void place(Checker *c, Placed placed) {
    if (!may_be_large(placed.type) || !strcmp(c->pkg->path, "internal/runtime/sys")) return;
    Placed *p = NEW(Placed);
    *p = placed;
    check_later(c, check_placed, p);
}

void check_in_heap_later(Checker *c, Pos pos, Type *t, LateStage stage, const char *message) {
    place(c, (Placed){pos, t, stage, message, type_report_string});
}

void check_type_arguments_in_heap(Checker *c, Expr *generic, TypeList *targs) {
    Expr *e = unparen(generic);
    if (e->kind == E_INDEX) e = unparen(e->index.x);
    if (e->kind == E_SELECTOR) e = e->selector.sel;
    static const char message[] =
        "cannot use incomplete (or unallocatable) type as a type argument: %s";
    for (uint32_t i = 0; i < targs->len; i++)
        if (targs->data[i])
            place(c,
                  (Placed){e->pos, targs->data[i], LATE_ARGUMENTS, message, type_string_qualified});
}

void check_report_late(Checker *c) {
    LateStage first = LATE_ALLOCATIONS;
    for (vec_each(LateError, e, &c->late))
        if (e->stage < first) first = e->stage;
    for (vec_each(LateError, e, &c->late))
        if (e->stage == first) error_at(e->pos, "%s", e->msg);
    if (c->late.len) c->pkg->has_errors = true;
}
