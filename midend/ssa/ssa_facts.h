// ssa_facts: what is known of integers, booleans and pointers at a point of a function: the table
// that check elimination asks.
//
// A fact is about the mathematical value that an integer has in its own type, so that a sum is
// related to its operands only where it can't wrap. There are ranges (booleans: 0 and 1; pointers:
// is it nil) and differences a <= b + k, from which others follow. Facts hold from where they are
// stated down the dominator tree; facts_undo takes them back. What holds when a value is computed
// holds whenever it exists.
//
// Walks over facts give up after so many tries, and searches at some depth: what they find is a
// gain, but time must not grow with the square of a function's size.
#ifndef VOLE_SSA_FACTS_H
#define VOLE_SSA_FACTS_H

#include "midend/ssa/ssa.h"

typedef __int128 Wide; // holds any integer type, and sums of a few
typedef struct Range {
    Wide min, max;
} Range;
typedef struct Edge {
    uint32_t value, next;
    Wide k;
} Edge; // of value v in out: v <= value + k; in in: value <= v + k
typedef struct Stride {
    Wide base, by;
} Stride; // the value is base plus a multiple of by, where by is not 0
// What every argument of a PHI, at the ends of the predecessors so far, is known to be: at most
// value + k, or at least value - k.
typedef struct PhiBound {
    Value *value;
    Wide k;
    bool upper;
} PhiBound;
typedef struct PhiBounds {
    uint32_t seen, n;
    PhiBound bounds[16];
} PhiBounds;
typedef struct Pair {
    Value *a, *b;
    bool equal;
} Pair; // a == b or a != b
typedef enum UndoKind { UNDO_RANGE, UNDO_NONNIL, UNDO_EDGE, UNDO_PAIR } UndoKind;
typedef struct Undo {
    uint32_t id;
    UndoKind kind;
    Range old;
} Undo;

typedef struct Facts {
    SsaFunc *f;
    uint32_t n;
    Value **value;            // by id
    Range *range;             // by id
    uint32_t *out, *in;       // by id: first edge + 1
    uint8_t *nonnil;          // by id
    uint8_t *exact;           // by id: a sum or difference that did not wrap where it was computed
    Stride *stride;           // by id
    Value **len_of, **cap_of; // by id of a slice: a value that is its length, capacity
    Vec(Edge) edges;          // pairs: the out edge, then the in edge
    Vec(Pair) pairs;
    Vec(Undo) undo;
    Range *phi_edges;       // ranges that PHIs' arguments have at the ends of predecessors
    uint32_t *phi_first;    // by id
    PhiBounds **phi_bounds; // by id
    const uint32_t *idom;
    bool contradiction; // the point can't be reached
    int budget;         // of the question at hand
} Facts;

void facts_init(Facts *t, SsaFunc *f, const uint32_t *idom);
bool facts_dominates(const Facts *t, const Block *a, const Block *b);
void facts_free(Facts *t);
uint32_t facts_mark(const Facts *t);
void facts_undo(Facts *t, uint32_t mark);

// The value whose mathematical value v always has: checks and lossless conversions are looked
// through.
Value *facts_same(Value *v);
Range facts_type_range(Type *t);
bool facts_tracks(Type *t); // is it a boolean or an integer type?
Range facts_range(Facts *t, Value *v);
void facts_limit(Facts *t, Value *v, Range r);             // states that v lies in r
void facts_state_le(Facts *t, Value *a, Value *b, Wide k); // states a <= b + k
bool facts_le(Facts *t, Value *a, Value *b, Wide k);       // does a <= b + k follow?
void facts_cond(Facts *t, Value *cond, bool holds);        // states a condition
// 1 always true here, 0 always false, -1 unknown.
int facts_decide(Facts *t, Value *cond);
bool facts_is_nonnil(Facts *t, Value *p);
// What follows for the operands of a condition.
void facts_of_cond(Facts *t, Value *cond, bool holds);
bool facts_exact(Facts *t, Value *v, int depth); // a sum or difference that can't wrap
// States what the edge tells: its condition, its case.
void facts_edge(Facts *t, Block *from, Block *to);
void facts_of_pairs(Facts *t, Value *v); // v has become known: what its pairs are
// At v's definition: its range, and how it relates to its operands.
void facts_define(Facts *t, Value *v);
// At the end of block b, with the facts of the edge to s stated: what the PHIs of s get from there.
void facts_phi_edge(Facts *t, Block *b, Block *s);

// ssa_fold.c
// The value that stands for v, or NULL; v itself may become a constant.
Value *ssa_fold(Value *v);
bool ssa_const_value(const Value *v, Wide *k); // is v a constant integer or boolean?
void ssa_into_const(Value *v, Wide k);

// ssa_range.c: the range of v by its operands' ranges.
Range range_of_op(Facts *t, Value *v, int depth);
Range facts_range_depth(Facts *t, Value *v, int depth);

static inline Range range_meet(Range a, Range b) {
    return (Range){a.min > b.min ? a.min : b.min, a.max < b.max ? a.max : b.max};
}
static inline Range range_join(Range a, Range b) {
    return (Range){a.min < b.min ? a.min : b.min, a.max > b.max ? a.max : b.max};
}
static inline bool range_within(Range a, Range b) { return a.min >= b.min && a.max <= b.max; }

#endif
