// layout: what lowering, type descriptors and the runtime must agree on about the memory of a type
// beyond its size: where pointers lie, how values lie in an interface, what makes values equal.
#ifndef VOLE_LAYOUT_H
#define VOLE_LAYOUT_H

#include "frontend/types.h"

static inline bool type_is_ptr_shaped(Type *t) { // one pointer
    TypeKind k = under(t)->kind;
    return k == T_POINTER || k == T_UNSAFEPTR || k == T_MAP || k == T_CHAN || k == T_FUNC;
}
bool type_is_direct_iface(Type *t); // a value is an interface's data word itself

bool type_has_pointers(Type *t);
int64_t type_ptrdata(Type *t); // bytes of the prefix that may hold pointers
// Sets the bits, one for each word, of the pointers in a t at offset `at`.
void type_pointer_bits(Type *t, int64_t at, uint8_t *bits);

bool type_is_plain_memory(Type *t); // equal exactly when the bytes are
// Equal keys may differ: +0 and -0, strings' memory, interfaces.
bool type_key_needs_update(Type *t);
bool type_hash_might_panic(Type *t);

#endif
