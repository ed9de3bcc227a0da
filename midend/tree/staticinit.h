// staticinit: which values are data, asked while package variables are built and while functions
// are lowered.
#ifndef VOLE_STATICINIT_H
#define VOLE_STATICINIT_H

#include "midend/tree/ir.h"

// Tries to make the value of a package variable into data; true if nothing is left to do at run
// time.
bool static_init(Unit *u, Global *g, Node *value);
bool static_define(Global *g); // from midend_options.strings
// The files that decl's //go:embed lines name are its variable g's value; g is NULL for a blank one.
void static_embed(Unit *u, Global *g, const Decl *decl);
// Nothing is left out when nobody uses n's value.
bool static_needs_no_code(Node *n);

// once: n is evaluated once, as the package starts.
bool static_possible(Node *n, bool once);                              // can n be data?
void static_write(Unit *u, Data *d, uint64_t off, Node *n, bool once); // after static_possible
Data *static_data_of(Unit *u, Node *n, bool readonly, bool once);

#endif
