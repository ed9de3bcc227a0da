// unify: the unifier of type inference, shared by unify.c and infer.c.
#ifndef VOLE_UNIFY_H
#define VOLE_UNIFY_H

#include "frontend/check_impl.h"

// Type parameters fall into classes that share one inferred type (NULL: not known yet).
typedef struct Unifier {
    TypeList *tparams;
    uint32_t *rep; // class of each parameter (index of its representative)
    Type **known;  // by representative
    int depth;
    // Interface inference: a missing method's types may be inferred from an interface.
    bool interfaces;
} Unifier;

Unifier *unifier_new(TypeList *tparams, TypeList *given);
enum { UNIFY_EXACT = 1, UNIFY_ASSIGN = 2 };
bool unify(Unifier *u, Type *x, Type *y, int mode);
Type *unifier_at(Unifier *u, uint32_t i);
void unifier_set(Unifier *u, uint32_t i, Type *t);
uint32_t unifier_unknown(Unifier *u);
int unifier_index(Unifier *u, Type *t); // -1: not one of ours

#endif
