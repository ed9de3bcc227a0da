// layout: pointers, interface words and equality of types. All walk a type's parts down to those of
// basic kinds.
#include "frontend/layout.h"

bool type_is_direct_iface(Type *T) {
    Type *t = under(T);
    switch (t->kind) {
    case T_ARRAY: return t->array.len == 1 && type_is_direct_iface(t->array.elem);
    case T_STRUCT: {
        if (type_size(t) != 8) return false;
        for (vec_each(Object *, f, &t->strukt.fields))
            if (type_size((*f)->type)) return type_is_direct_iface((*f)->type);
        return false;
    }
    default: return type_is_ptr_shaped(t);
    }
}

// How many pointers does a value of a basic kind begin with?
static int pointers(const Type *t) {
    switch (t->kind) {
    case T_STRING:
    case T_UNSAFEPTR:
    case T_SLICE:
    case T_POINTER:
    case T_FUNC:
    case T_MAP:
    case T_CHAN:
    case T_UNTYPED_NIL: return 1;
    case T_INTERFACE: return 2;
    default: return 0;
    }
}

// The last field or element with pointers counts: behind it the collector need not look.
int64_t type_ptrdata(Type *T) {
    Type *t = under(T);
    switch (t->kind) {
    case T_ARRAY: {
        if (t->array.len <= 0) return 0;
        int64_t p = type_ptrdata(t->array.elem);
        return p ? (t->array.len - 1) * type_size(t->array.elem) + p : 0;
    }
    case T_STRUCT:
        for (uint32_t i = t->strukt.fields.len; i-- > 0;) {
            int64_t p = type_ptrdata(t->strukt.fields.data[i]->type);
            if (p) return type_field_offset(t, i) + p;
        }
        return 0;
    default: return 8 * pointers(t);
    }
}

bool type_has_pointers(Type *T) {
    Type *t = under(T);
    switch (t->kind) {
    case T_ARRAY: return t->array.len > 0 && type_has_pointers(t->array.elem);
    case T_STRUCT:
        for (vec_each(Object *, f, &t->strukt.fields))
            if (type_has_pointers((*f)->type)) return true;
        return false;
    default: return pointers(t);
    }
}

// What is no array or struct has its pointers in its first words: two for an interface, one for
// others.
void type_pointer_bits(Type *T, int64_t at, uint8_t *bits) {
    Type *t = under(T);
    switch (t->kind) {
    case T_ARRAY:
        for (int64_t i = 0; i < t->array.len; i++)
            type_pointer_bits(t->array.elem, at + i * type_size(t->array.elem), bits);
        break;
    case T_STRUCT:
        for (uint32_t i = 0; i < t->strukt.fields.len; i++)
            type_pointer_bits(t->strukt.fields.data[i]->type, at + type_field_offset(t, i), bits);
        break;
    default:
        for (int64_t w = at / 8; w < at / 8 + pointers(t); w++)
            bits[w / 8] |= (uint8_t)(1u << (w % 8));
    }
}

// gc's AMEM. Floats compare by value, blank fields not at all, and padding holds anything, so
// memory with these can't be compared as it is.
bool type_is_plain_memory(Type *t) {
    Type *u = under(t);
    switch (u->kind) {
    case T_FLOAT32:
    case T_FLOAT64:
    case T_COMPLEX64:
    case T_COMPLEX128:
    case T_STRING:
    case T_INTERFACE:
    case T_FUNC:
    case T_MAP:
    case T_SLICE: return false;
    case T_ARRAY: return type_is_plain_memory(u->array.elem);
    case T_STRUCT: {
        int64_t end = 0;
        for (uint32_t i = 0; i < u->strukt.fields.len; i++) {
            Object *f = u->strukt.fields.data[i];
            if (f->name[0] == '_' && !f->name[1]) return false;
            if (type_field_offset(u, i) != end || !type_is_plain_memory(f->type)) return false;
            end += type_size(f->type);
        }
        return end == type_size(u);
    }
    default: return true;
    }
}

// Is t, or a part of it, of one of the kinds?
static bool has_part(Type *T, uint64_t kinds) {
    static_assert(T_KIND_COUNT <= 64, "kinds are bits");
    Type *t = under(T);
    switch (t->kind) {
    case T_ARRAY: return has_part(t->array.elem, kinds);
    case T_STRUCT:
        for (vec_each(Object *, f, &t->strukt.fields))
            if (has_part((*f)->type, kinds)) return true;
        return false;
    default: return kinds >> t->kind & 1;
    }
}

bool type_key_needs_update(Type *t) {
    return has_part(t, 1ull << T_FLOAT32 | 1ull << T_FLOAT64 | 1ull << T_COMPLEX64 |
                           1ull << T_COMPLEX128 | 1ull << T_STRING | 1ull << T_INTERFACE);
}

bool type_hash_might_panic(Type *t) { return has_part(t, 1ull << T_INTERFACE); }
