// escape: what escape*.c share: the graph of locations of one batch of functions.
//
// Every variable and every expression that allocates is a location; every assignment is an edge
// from the location assigned to, weighted with the number of dereferences less the number of
// address-of operations (p = &q: -1, p = q: 0, p = *q: 1). Elements and fields are not told apart
// from the variable they are part of. Walks over the graph find which addresses flow to where they
// outlive their variable: those variables go to the heap. A batch is a strongly connected component
// of the static call graph together with the closures in it; what is learned about its functions'
// parameters is kept as leaks, which stand for the function in calls from later batches.
#ifndef VOLE_ESCAPE_H
#define VOLE_ESCAPE_H

#include "midend/optlog.h"
#include "midend/report.h"
#include "midend/tree/passes.h"

typedef struct Loc Loc;

typedef struct Note { // a step of a flow, for -m=2
    struct Note *next;
    const Node *where;
    const char *why;
} Note;

typedef struct Edge {
    Loc *src;
    int derefs; // >= -1
    const Note *notes;
} Edge;

typedef enum LocAttr {
    ATTR_ESCAPES = 1,  // its address outlives it: heap
    ATTR_PERSISTS = 2, // its address outlives the statement
    ATTR_MUTATES = 4,  // memory that pointers in it reach may be written
    ATTR_CALLS = 8,    // closures that pointers in it reach may be called with their results lost
    ATTR_ALL = 15,
} LocAttr;

struct Loc {
    Node *node;   // the allocating expression
    Local *local; // or the variable; neither for temporaries of the analysis
    Func *fn;
    Vec(Edge) edges; // incoming
    int loop_depth;  // at its declaration: 1 outside of loops; 0: lives longer than the function
    int result;      // of a result variable: its number from 1
    uint8_t attrs;
    Leaks leaks; // of a parameter
    bool captured, reassigned, addr_taken, param;
    bool depth_known; // temporaries: loop_depth was set where it was first assigned
    // while walking
    int derefs;
    uint32_t walk, queued_one;
    Loc *dst;
    uint32_t dst_edge;
    bool queued;
};
typedef Vec(Loc *) LocVec;

typedef struct Hole { // a place that a value flows to
    Loc *dst;
    int derefs;
    const Note *notes;
    bool addr_taken;
} Hole;

typedef struct ClosureUse {
    Hole k;
    Node *node;
} ClosureUse;

typedef struct Batch {
    Vec(Func *) funcs;
    LocVec locs;
    Vec(ClosureUse) closures;
    Loc heap, mutator, callee, blank;
    Func *init; // the package's initialisation
} Batch;

typedef struct Label {
    Name name;
    bool looping;
} Label;

typedef struct Esc { // one function of a batch being walked
    Batch *b;
    Func *fn;
    int loop_depth;
    Vec(Label) labels;
} Esc;

typedef enum EscState { ESC_UNKNOWN, ESC_PLANNED, ESC_WALKED, ESC_TAGGED } EscState;

// What is known of a function besides its leaks.
typedef struct FuncEsc {
    EscState state;
    bool results_lost; // a closure whose callers are not all known
    bool looked_up;    // in its package's summary
    Leaks *params;     // one per parameter; NULL: everything escapes
} FuncEsc;
FuncEsc *func_esc(Func *f);

// escape.c
Loc *escape_new_loc(Esc *e, Node *n, Local *l, bool persists);
Loc *escape_loc_of(Local *l); // also for a captured variable
bool escape_in_batch(Func *f);
bool escape_is_closure(const Func *f); // functions that capture nothing stand for themselves

// escape_graph.c
Leaks leaks_all(void);
int leaks_get(const Leaks *l, int i);
static inline Hole hole_of(Loc *l) { return (Hole){.dst = l}; }
Hole hole_note(Hole k, const Node *where, const char *why);
Hole hole_shift(Hole k, int delta);
static inline Hole hole_deref(Hole k, const Node *where, const char *why) {
    return hole_note(hole_shift(k, 1), where, why);
}
static inline Hole hole_addr(Hole k, const Node *where, const char *why) {
    return hole_note(hole_shift(k, -1), where, why);
}
void escape_flow(Batch *b, Hole k, Loc *src);
Hole escape_tee(Esc *e, const Hole *ks, uint32_t n);
void escape_solve(Batch *b);

// escape_expr.c
void escape_expr(Esc *e, Hole k, Node *n);
Hole escape_addr(Esc *e, Node *n);
void escape_discard(Esc *e, Node *n);
Hole escape_spill(Esc *e, Hole k, Node *n);
// reflect's SliceHeader.Data and StringHeader.Data, pointers as uintptr.
bool escape_is_header_data(const Node *n);
void escape_unsafe_value(Esc *e, Hole k, Node *n);

// escape_stmt.c
void escape_func_body(Batch *b, Func *f);
void escape_stmts(Esc *e, NodeVec *l);

// escape_call.c
Leaks escape_param_leaks(Func *f, uint32_t i); // as far as they are known by now
void escape_call(Esc *e, Hole *ks, Node *n);   // ks: one per result, or NULL
void escape_go_defer(Esc *e, Node *n);
Node *escape_static_value(Node *n);

// escape_report.c
const char *escape_heap_reason(const Loc *l);
bool escape_speaks_for_instances(const Func *f);
void escape_report_loc(const Loc *l);
void escape_report_leaks(const Func *f, const Local *p, const Leaks *l);
void escape_report_bodiless(const Decl *d);
void escape_report_uintptr(const Func *f, const Local *p);
void escape_report_self_assign(const Func *f, const Node *as);
void escape_explain(Batch *b, Loc *root, Loc *l, bool leak, int derefs);
void escape_explain_flow(Batch *b, Hole k, Loc *src);

#endif
