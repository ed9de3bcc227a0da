// sizes: layout of types on 64-bit targets, as gc lays them out. Sizes that overflow give -1 ("type
// too large" is the caller's message).
#include "frontend/check.h"

static int64_t align_up(int64_t n, int64_t a) {
    return n < 0 || n > INT64_MAX - a ? -1 : (n + a - 1) / a * a;
}

static bool is_align64(Type *t) { // sync/atomic's align64 marker
    Type *n = as_named(t);
    return n && n->named.obj->pkg && !strcmp(n->named.obj->name, "align64") &&
           (!strcmp(n->named.obj->pkg->path, "sync/atomic") ||
            !strcmp(n->named.obj->pkg->path, "internal/runtime/atomic"));
}

// A type that contains itself is an error, but may be asked about before that is found.
// Then all of it counts as size 0 and nothing is remembered.
static int depth;
static bool endless;

static bool enter(Type *t) {
    if (endless) return false;
    if (t->measuring) {
        endless = true;
        return false;
    }
    t->measuring = true;
    depth++;
    return true;
}

// May the result be remembered?
static bool leave(Type *t) {
    bool ok = !endless;
    t->measuring = false;
    if (--depth == 0) endless = false;
    return ok;
}

// atomic's align64, an empty struct, has 8; others what their fields have. Nothing is remembered
// where a type was met in itself.
int64_t type_align(Type *T) {
    Type *t = under(T);
    if (t->align_cache) return t->align_cache;
    if (!enter(t)) return 1;
    int64_t a = 1;
    switch (t->kind) {
    case T_ARRAY: a = type_align(t->array.elem); break;
    case T_STRUCT:
        if (is_align64(T)) {
            leave(t);
            return 8;
        }
        for (vec_each(Object *, f, &t->strukt.fields)) {
            int64_t fa = type_align((*f)->type);
            if (fa > a) a = fa;
        }
        break;
    case T_BOOL:
    case T_INT8:
    case T_UINT8:
    case T_UNTYPED_BOOL: a = 1; break;
    case T_INT16:
    case T_UINT16: a = 2; break;
    case T_INT32:
    case T_UINT32:
    case T_FLOAT32:
    case T_COMPLEX64:
    case T_UNTYPED_RUNE: a = 4; break;
    default: a = 8;
    }
    if (leave(t)) t->align_cache = (uint32_t)a;
    return a;
}

// Leaves the fields' offsets in the type.
static int64_t struct_layout(Type *t) {
    uint32_t len = t->strukt.fields.len;
    int64_t off = 0, last = 1, *offsets = NEW_ARRAY(int64_t, len + 1);
    for (uint32_t i = 0; i < len; i++) {
        Type *ft = t->strukt.fields.data[i]->type;
        off = offsets[i] = align_up(off, type_align(ft));
        last = type_size(ft);
        if (off < 0 || last < 0 || off > INT64_MAX - last) return -1;
        off += last;
    }
    t->strukt.offsets = offsets;
    // A final zero-size field gets a byte, so that its address stays inside the object.
    if (len && last == 0 && off > 0) off++;
    return align_up(off, type_align(t));
}

// What is not named here is one word: pointers, maps, channels, functions, int.
static int64_t layout(Type *t) {
    int64_t n = 8;
    switch (t->kind) {
    case T_BOOL:
    case T_INT8:
    case T_UINT8:
    case T_UNTYPED_BOOL: n = 1; break;
    case T_INT16:
    case T_UINT16: n = 2; break;
    case T_INT32:
    case T_UINT32:
    case T_FLOAT32:
    case T_UNTYPED_RUNE: n = 4; break;
    case T_COMPLEX128:
    case T_STRING:
    case T_INTERFACE:
    case T_UNTYPED_STRING:
    case T_UNTYPED_COMPLEX: n = 16; break;
    case T_SLICE: n = 24; break;
    case T_ARRAY: {
        int64_t e = type_size(t->array.elem);
        if (t->array.len <= 0 || e == 0)
            n = 0;
        else if (e < 0 || t->array.len > INT64_MAX / e)
            return -1;
        else
            n = e * t->array.len;
        break;
    }
    case T_STRUCT: return struct_layout(t);
    default: break;
    }
    return n;
}

int64_t type_size(Type *T) {
    Type *t = under(T);
    if (t->size_cache) return (int64_t)(t->size_cache - 1);
    type_align(t); // layout asks for it, while t is being measured
    if (!enter(t)) return 0;
    int64_t n = layout(t);
    bool ok = leave(t) && n >= 0;
    if (ok) t->size_cache = (uint64_t)n + 1;
    if (!ok && t->kind == T_STRUCT) t->strukt.offsets = NULL;
    return n;
}

int64_t type_field_offset(Type *structure, uint32_t index) {
    Type *t = under(structure);
    if (type_size(t) >= 0 && t->strukt.offsets) return t->strukt.offsets[index];
    int64_t off = 0; // too large, or contains itself
    for (uint32_t i = 0; i <= index && i < t->strukt.fields.len; i++) {
        Type *ft = t->strukt.fields.data[i]->type;
        off = align_up(off, type_align(ft));
        if (i == index || off < 0) return off;
        int64_t n = type_size(ft);
        if (n < 0 || off > INT64_MAX - n) return -1;
        off += n;
    }
    return off;
}
