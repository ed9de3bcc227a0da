// passes: what midend.c runs on the tree, in this order.
#ifndef VOLE_TREE_PASSES_H
#define VOLE_TREE_PASSES_H

#include "midend/tree/ir.h"

// Starts the unit of a checked, error-free package: queues all its functions, methods and its init
// function.
Unit *build_unit(Package *p);
// Builds the body of one queued function.
void build_func(Unit *u, Func *f);
// Queues methods that gc compiles in u's package for the types that its functions, from the
// first-th on, lead to.
void reach_instances(Unit *u, uint32_t first);
// Devirtualizes and inlines calls in all functions from the first-th on; reports what can be
// inlined.
void inline_funcs(Unit *u, uint32_t first);
// Package variables whose initialisers were calls that inlining made plain values become data.
void static_init_inlined(Unit *u);
// Escape analysis of all functions from the first-th on: sets Local.heap, Node.noescape, how
// closures capture, and what -m reports.
void escape_funcs(Unit *u, uint32_t first);
void escape_appends(Func *f); // after it: arrays of slices that leave when they are built
// Indexes of arrays and constant strings that no value of the index's type or form can leave are
// marked as bounded.
void bound_indexes(Func *f);

#endif
