// known: the values that local variables have: one finder of assignments, asked by the inliner,
// devirtualization and escape analysis.
//
// An assignment is remembered by its statement, so that a call on its right side tells more once it
// is inlined. Closures' assignments count as ones to the variable that they captured.
#ifndef VOLE_KNOWN_H
#define VOLE_KNOWN_H

#include "midend/tree/ir.h"

typedef struct Assignment {
    Node *stmt;
    uint32_t i;    // among stmt's places
    bool is_value; // was an expression assigned, when it was found?
    Type *type;    // known of what a range or a receive gives, or NULL
} Assignment;

typedef struct Known { // of one variable
    Vec(Assignment) list;
    // It has values that are no expression assigned to it alone, or changes in part or through its
    // address.
    bool others;
} Known;

// Finds the assignments in f's body and in its closures', unless that was done; all: those to
// variables of any type, not only to func values and interfaces.
void known_find(Func *f, bool all);
// What was found in f, whose body is another one now.
void known_forget(Func *f);
// f got these statements: assignments to parameters, then the body.
void known_find_inlined(Func *f, NodeVec *fresh);
Local *known_variable(Local *l);        // the variable that a captured one stands for
const Known *known_of(Local *l);        // NULL: nothing is assigned to it
Node *known_value(const Assignment *a); // what is assigned now; NULL: no expression

// What n gives, followed through variables: only gives the one value that a variable has, or NULL;
// calls: through what was inlined, too.
typedef Node *KnownOnly(Local *l, const void *arg);
Node *known_follow(Node *n, KnownOnly *only, const void *arg, bool calls);

#endif
