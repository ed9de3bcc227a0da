// ssa_prove: what the files of check elimination share.
#ifndef VOLE_SSA_PROVE_H
#define VOLE_SSA_PROVE_H

#include "midend/ssa/passes.h"
#include "midend/ssa/ssa_facts.h"

// A use of a value that is a constant there, if not everywhere.
typedef struct KnownUse {
    Value **use;
    Wide k;
} KnownUse;

typedef enum RewriteKind { REWRITE_AND, REWRITE_SELECT, REWRITE_OPERAND, REWRITE_ZERO } RewriteKind;
typedef struct Rewrite {
    Value *v;
    RewriteKind kind;
    uint32_t operand; // the one that its range tells of
} Rewrite;

typedef struct Prove {
    Facts facts;
    uint32_t *idom;
    uint8_t *proved; // by value id: a check that can't fail
    Value **repl;    // by value id
    uint8_t *dead;   // by block id: can't be reached
    int8_t *branch;  // by block id: the condition's value, or -1
    Vec(KnownUse) known;
    Vec(Rewrite) rewrites;
    uint32_t removed;
} Prove;

// At block b with PHIs, before its other values: if it heads a loop, states what holds of the PHIs
// in every iteration.
void prove_induction(Prove *p, Block *b);

// ssa_rewrite.c
void prove_find_rewrite(Prove *p, Value *v);
void prove_apply_rewrites(Prove *p);

// ssa_prove_report.c: -d=ssa/prove/debug.
int prove_debug(void);
const char *prove_op_name(const Value *v); // gc's name of an operation
void prove_say_check(const Value *v, bool passes);
void prove_say_nil(const Value *v); // -d=nil: a nil check that goes
void prove_say_branch(const Value *control, bool holds, Pos pos);
void prove_say_value(Facts *t, Value *v);
void prove_say_known(const Value *v, uint32_t i, const Value *arg, Wide k, Pos pos);
void prove_say_variables(const Facts *t);
// A check that goes, same: for another value.
void prove_log_check(Facts *t, const Value *v, const Value *same);
void prove_log_kept(Facts *t, const Value *v); // one that stays

#endif
