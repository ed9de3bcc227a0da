// check_operand: what check_expr.c, check_index.c, check_call.c, check_literal.c, check_builtin.c and check_conv.c share among
// themselves.
#ifndef VOLE_CHECK_OPERAND_H
#define VOLE_CHECK_OPERAND_H

#include "frontend/check_impl.h"

// Bits of Expr.check_flags.
enum {
    EXPR_UNTYPED = 1,   // the recorded type is untyped and may still change
    EXPR_SHIFT_LHS = 2, // left operand of a non-constant shift: its final type must be an integer's
};

// The variable of function type that a generic function value is given to; desc names it in messages.
typedef struct Target {
    Type *sig;
    const char *desc;
} Target;

// Why an untyped value cannot become a value of some type.
typedef enum ConvError { CONV_OK, CONV_INVALID, CONV_TRUNCATED, CONV_OVERFLOW } ConvError;

// The bits of check_exclude.
enum {
    NOT_VALUELESS = 1 << MODE_NOVALUE,
    NOT_BUILTIN = 1 << MODE_BUILTIN,
    NOT_TYPE = 1 << MODE_TYPE,
    ONLY_VALUES = NOT_VALUELESS | NOT_BUILTIN | NOT_TYPE
};

static inline bool is_invalid(const Type *t) { return t->kind == T_INVALID; }
static inline void invalidate(Operand *x) { x->mode = MODE_INVALID; }
static inline bool operand_ok(const Operand *x) { return x->mode != MODE_INVALID; }
static inline bool operand_is_nil(const Operand *x) { return x->mode == MODE_NILVALUE; }
static inline bool type_is_plain_interface(Type *t) { return type_is_interface(t) && !type_is_typeparam(t); }
static inline uint32_t tparam_count(const Type *sig) { return sig->func.tparams ? sig->func.tparams->len : 0; }

// check_expr.c
bool make_target(Type *t, const char *desc, Target *out); // false: t is no function type
CallKind raw_expr(Checker *c, const Target *T, Operand *x, Expr *e, Type *hint, bool allow_generic);
void expr_with_target(Checker *c, const Target *T, Operand *x, Expr *e);
void generic_expr_hint(Checker *c, Operand *x, Expr *e, Type *hint);
void non_generic(Checker *c, const Target *T, Operand *x); // reports a generic type or function that was not instantiated
void record_value(Expr *e, Mode mode, Type *t, Const *val);
const char *value_string(const Operand *x); // the constant's value as gc prints it
void mark_address_taken(Expr *e);           // the variable that e is (a part of) has its address taken
bool type_is_ordered(Type *t);

// check_conv.c
Type *implicit_type(Checker *c, Operand *x, Type *target, Const **val, ConvError *err);
// f(type, underlying) for each specific type of t's type set, (NULL, NULL) when there are none; just (t, under(t)) if t is no
// type parameter.
bool each_type(Type *t, bool (*f)(Type *t, Type *u, void *arg), void *arg);

// check_index.c
bool valid_index(Checker *c, Operand *x, const char *what, bool allow_negative);

// check_call.c
typedef Vec(Operand *) OperandPtrs;
Type *check_arguments(Checker *c, Expr *call, Type *sig, TypeList *targs, Expr **xlist, uint32_t nx, OperandPtrs *args,
                      TypeList **atargs);
TypeList *func_inst(Checker *c, const Target *T, Pos pos, Operand *x, Expr *inst, bool infer);
const char *lookup_error(Checker *c, Type *t, Name sel, Object *alt, bool struct_lit);
Selection *make_selection(SelectionKind kind, Type *recv, const Lookup *l, Type *type);

#endif
