// inline: what the inliner's files share. inline_cost.c: which functions may be inlined and what
// they cost. inline_copy.c: bodies into callers. devirtualize.c: interface calls whose receiver's
// type is known. inline.c: the pass.
#ifndef VOLE_INLINE_H
#define VOLE_INLINE_H

#include "midend/tree/build.h"

// gc's budget.
enum {
    INLINE_MAX_BUDGET = 80,
    INLINE_CALL_COST = 57,
    INLINE_PARAM_CALL_COST = 17, // a call of a parameter may become a call of a known function
    INLINE_PANIC_COST = 1,
    INLINE_BIG_FUNCTION_NODES = 5000,  // into functions that big
    INLINE_BIG_FUNCTION_MAX_COST = 20, // only what costs at most this
    INLINE_CLOSURE_CALLED_ONCE_COST = 10 * INLINE_MAX_BUDGET,
};

// The verdict on one function body as written; all instances share it.
typedef struct InlInfo {
    FuncInfo *fn;
    bool can, done;
    int cost, budget;
    const char *reason; // why not
    bool judging;
    uint32_t index; // in the visit of the call graph
    uint32_t order; // of the verdict among those on the package's functions
} InlInfo;

// A function's body as built, before calls in it were inlined.
typedef struct InlBody {
    NodeVec body;
    Func *from; // whose locals it mentions
} InlBody;

// The package whose functions are judged in gc's order; those of others are judged when asked for.
void inline_set_package(Package *p);
// Judges what its variables' initialisers mention, which gc does first; returns where their
// function stands in the order of verdicts.
uint32_t inline_judge_initializers(Package *p);

// fn's symbol, as profiles name it.
const char *inline_symbol(const FuncInfo *fn);
// The verdict on fn, after those on what it calls.
InlInfo *inline_info(FuncInfo *fn);
// How many nodes fn's body has, as gc counts for "big" functions.
bool inline_is_big(FuncInfo *fn);
// The body that a declared function has, checked; NULL for those without.
FuncInfo *inline_body_of(Object *o);
// The results of call are locals of `to`; *out gets the statements that take its place, *results
// the nodes of the results.
void inline_copy_call(Unit *u, Func *to, Node *call, Func *callee, const NodeVec *body,
                      NodeVec *out, NodeVec *results);
// Of literal f's name when it stands in outer.
const char *inline_closure_suffix(const Func *f, const Func *outer);
// As it is now, to be copied later.
NodeVec inline_save_body(Func *f);
// The direct call (or, of an embedded interface's method, the call through that) that stands for a
// CALLINTER; *pre gets what to do before. NULL: not known.
Node *devirtualize(Unit *u, Func *f, Node *call, Type **to, NodeVec *pre);
const char *
// As messages name it: without its package when that is the one compiled, type arguments as shapes.
inline_report_name(Func *f);
// A call by way of an interface or a func value tests for the callee that a profile says is the
// hottest, and calls that: statements go to *out, the choice last, which give *results. Returns the
// callee; NULL: nothing was done.
Func *profile_devirtualize(Unit *u, Func *f, Node *call, NodeVec *out, NodeVec *results);
// Why no call of d is inlined, whatever it costs; NULL: it may be.
const char *inline_impossible(const Decl *d);
int inline_line_of_call(const Func *f, const Node *call); // from f's first
bool inline_is_named_for_method(const Func *f);           // a method value or expression
bool inline_is_generated(const Func *f); // of gc's making: it has no place in the source
bool inline_is_instance(const Func *f);  // or inside one
// Gc makes f a function that calls the code of its shape.
void inline_note_dictionary_caller(Func *f);
bool inline_is_silent_wrapper(const Func *f); // reports say nothing of it

#endif
