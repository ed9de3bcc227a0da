// type: type descriptors, which the compiler makes and nobody changes, and itabs.
#ifndef VOLE_TYPE_H
#define VOLE_TYPE_H

#include "runtime/rt.h"

typedef struct NameBytes {
    const char *p;
    intptr_t len;
    bool exported;
} NameBytes;
NameBytes name_of(const uint8_t *n);
AbiString type_string(const AbiType *t);
AbiString type_name(const AbiType *t);
AbiString type_pkgpath(const AbiType *t);
AbiUncommon *type_uncommon(const AbiType *t);
static inline bool type_direct(const AbiType *t) { return t->tflag & ABI_TFLAG_DIRECT_IFACE; }
AbiItab *itab_assert(AbiInterfaceType *inter, AbiType *t); // panics where t does not implement it
AbiItab *itab_find(AbiInterfaceType *inter, AbiType *t);   // NULL there, and for a t that is NULL
void typelinks_changed(void);                              // a plugin has some
void itabs_visit(void (*fn)(const AbiItab *it));
static inline void *int_ptr(int32_t off) { return (void *)(intptr_t)off; }
// What the 32 bits in a descriptor or name at base lead to: a name; a type or code.
void *resolve_name(const void *base, int32_t off);
void *resolve_off(const void *base, int32_t off);

#endif
