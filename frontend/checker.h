// checker: the checker's inside, shared by check_*.c only. Others include check.h.
//
// Files: check.c (packages, collection, resolution order, imports, init order, unused), check_decl.c (objects: const, var, type, func; methods, cycles),
// check_typexpr.c (type expressions, structs, interfaces, signatures, type parameters), check_stmt.c (statements, labels' uses, missing return,
// unused variables), check_expr.c (operands, unary, binary, shifts, untyped conversion, comparison), check_index.c (index, slice),
// check_call.c (calls, arguments, selectors, method expressions, instantiation), check_literal.c (composite and function literals),
// check_builtin.c, check_conv.c (conversions, assignability, representability), check_assign.c (assignments, definitions), infer.c (inference).
#ifndef VOLE_CHECKER_H
#define VOLE_CHECKER_H

#include "frontend/check.h"

typedef struct Operand {
    Mode mode;
    Type *type;
    Const *val;
    Expr *expr;
    BuiltinId id; // MODE_BUILTIN
} Operand;

// What is being checked; saved and restored around each declaration and function literal.
typedef struct Env {
    Decl *decl;        // package-level declaration whose init expression or type is being checked
    Scope *scope;      // innermost scope
    const Const *iota; // NULL outside constant declarations
    Pos err_pos;       // where to report errors of inherited constant initialisers; 0: at the expression
    bool in_tparam_list;
    FuncInfo *func; // function being checked, NULL at package level
    Type *sig;      // its signature
    bool has_call_or_recv;
    bool switch_case; // check_comparison compares a case (x) with the switch expression (y): "invalid case x in switch on y (…)"
    Object *decl_obj; // object whose dependencies are being collected (initialisation order)
} Env;

typedef struct Checker {
    Package *pkg;
    File *file; // file of the object or body being checked
    Env env;
    Vec(Expr *) untyped; // expressions whose recorded type is still untyped (check_expr.c)
    Pos infer_pos;       // set by check_infer with its error: where that belongs; 0: at the pos it was given
    void *impl;          // check.c's own (object path, delayed actions, dependencies, method map, untyped expressions)
} Checker;

// check.c
typedef void (*DelayedFn)(Checker *c, void *arg);
void check_later(Checker *c, DelayedFn f,
                 void *arg);             // run once the current top-level object is done; keeps the environment of now
uint32_t check_delayed_mark(Checker *c); // for check_process_delayed_from: run what was delayed since
void check_process_delayed_from(Checker *c, uint32_t mark);
// The body of function literal info->lit, to be checked at the end of the statement (before scopes change), or in check_package_bodies when it
// is part of a package-level declaration. Captures the environment of now. Use it instead of check_later for literals.
void check_later_body(Checker *c, FuncInfo *info);
Object *check_lookup(Checker *c, Name n, Scope **where); // from the innermost scope outwards; where may be NULL
// False, with an error "what requires go1.minor or later", when the language version at hand is older. check_allows only asks.
bool check_verify_version(Checker *c, Pos pos, int minor, const char *fmt, ...) VOLE_PRINTF(4, 5);
bool check_allows(Checker *c, int minor);
// Reports a cycle and returns false when t (or what it is defined as) is still being declared: ask before using a type's underlying type in
// an expression (call, conversion, index, selector, dereference, composite literal).
bool check_is_complete(Checker *c, Type *t);
// Notes that tparams were instantiated with targs at pos (xlist: explicit arguments' expressions), for instantiation cycles.
void check_mono_instance(Checker *c, Pos pos, TypeList *tparams, TypeList *targs, Expr **xlist, uint32_t n);
void check_mono_canon(Checker *c, Type *method_tparam, Type *type_tparam);
// An error whose first line is at pos, with further lines "\n\tfile:line:col: …" (pos 0: no position).
typedef struct ErrorLines {
    Pos pos;
    bool soft;
    Buf text;
} ErrorLines;
void check_error_line(ErrorLines *e, Pos pos, const char *fmt, ...) VOLE_PRINTF(3, 4);
void check_error_alt(ErrorLines *e, Object *alt); // "other declaration of x"
void check_error_report(Checker *c, ErrorLines *e);
Object *scope_lookup(Scope *s, Name n);                                         // this scope only
void check_declare(Checker *c, Scope *s, Expr *name, Object *o, Pos scope_pos); // reports redeclaration in gc's words
Scope *check_open_scope(Checker *c, Pos pos, Pos end, const char *comment);
void check_close_scope(Checker *c);
void check_add_dependency(Checker *c, Object *to); // for initialisation order
// Marks a use of local variable o from the current function: captures, and addr_taken / assigns bookkeeping for the midend.
void check_note_use(Checker *c, Object *o);

// check_decl.c
void check_object(Checker *c, Object *o); // resolves o->type (and value) if not yet done
void check_decl_stmt(Checker *c, DeclVec *decls);
void check_func_decl_body(Checker *c, Decl *d);
void check_func_body_in(Checker *c, FuncInfo *info); // body of a declaration or literal

// check_typexpr.c
Type *check_type(Checker *c, Expr *e);     // a type, not generic-uninstantiated; T_INVALID after error. Records e->type, e->mode
Type *check_var_type(Checker *c, Expr *e); // … that may be used for a variable (no constraint interfaces)
Type *check_defined_type(Checker *c, Expr *e, Object *def);
Type *check_generic_type(Checker *c, Expr *e, const char **cause); // a generic type without instantiation
void check_ident(Checker *c, Operand *x, Expr *e, bool want_type); // names, as value or type
Type *check_func_type(Checker *c, Field *recv, FieldVec *tparams, Expr *ftype,
                      Scope **scope_out); // signature; declares in a new function scope
void check_collect_tparams(Checker *c, FieldVec *list, TypeList **out, Scope *scope);
// Type arguments of an index expression as a list; NULL after an error.
TypeList *check_type_list(Checker *c, Expr **list, uint32_t n);

// check_expr.c
void check_raw_expr(Checker *c, Operand *x, Expr *e, Type *hint, bool allow_generic, Type *target /* inference target or NULL */);
void check_expr(Checker *c, Operand *x, Expr *e); // single value
void check_expr_target(Checker *c, Operand *x, Expr *e, Type *target,
                       const char *target_desc); // value assigned to target: infers generic function values
void check_expr_or_type(Checker *c, Operand *x, Expr *e, bool allow_generic);
void check_generic_expr(Checker *c, Operand *x, Expr *e);
void check_single_value(Checker *c, Operand *x);
void check_exclude(Checker *c, Operand *x, unsigned modes); // reports NOVALUE / BUILTIN / TYPE operands
void check_convert_untyped(Checker *c, Operand *x, Type *target);
void check_match_types(Checker *c, Operand *x, Operand *y);
void check_binary(Checker *c, Operand *x, Expr *e, Expr *lhs, Expr *rhs, Operator op);
void check_comparison(Checker *c, Operand *x, Operand *y, Operator op);
void check_record(Checker *c, Operand *x); // writes mode, type, value to the tree (untyped ones later)
void check_record_comma_ok(Checker *c, Expr *e, Type *t0, Type *t1);
void check_update_expr_type(Checker *c, Expr *e, Type *t, bool final);
void check_flush_untyped(Checker *c); // default types for what stayed untyped at the end of a statement or object
void check_type_assertion(Checker *c, Expr *e, Operand *x, Type *T, bool type_switch); // reports impossible assertions of x to T
Type *check_chan_elem(Checker *c, Pos pos, Operand *x,
                      bool recv);       // element type of a channel operand sent to / received from; NULL after error
const char *operand_string(Operand *x); // gc's: `x (variable of type int)`
int check_rawexpr_kind(void);

// check_index.c
bool check_index_expr(Checker *c, Operand *x, Expr *e); // true: x is a generic function to be instantiated with e's indices
void check_slice_expr(Checker *c, Operand *x, Expr *e);
bool check_index_value(Checker *c, Expr *index, int64_t max, Type **type,
                       int64_t *val); // a valid index / length operand; val -1 unless constant
// The elements of an array or slice literal: their count or highest index + 1.
int64_t check_indexed_elems(Checker *c, ExprVec *elems, Type *elem, int64_t length);

// check_call.c
typedef enum CallKind { CALL_CONVERSION, CALL_EXPRESSION, CALL_STATEMENT } CallKind;
CallKind check_call(Checker *c, Operand *x, Expr *call);
void check_selector(Checker *c, Operand *x, Expr *e, bool want_type);
// Evaluates a list of expressions; a single multi-value call yields several operands. allow_comma_ok: v, ok forms when two are wanted.
typedef Vec(Operand) OperandVec;
void check_expr_list(Checker *c, Expr *list /* NULL, single, E_LIST */, OperandVec *out, bool allow_comma_ok, bool allow_generic);

// check_literal.c
void check_composite_lit(Checker *c, Operand *x, Expr *e, Type *hint);
void check_func_lit(Checker *c, Operand *x, Expr *e);

// check_builtin.c
bool check_builtin(Checker *c, Operand *x, Expr *call, BuiltinId id);

// check_conv.c
void check_conversion(Checker *c, Operand *x, Type *T);
bool check_representable(Checker *c, Operand *x, Type *basic); // reports; rounds x->val
bool representable_const(const Const *v, Type *basic, Const **rounded);
bool operand_assignable_to(Checker *c, Operand *x, Type *T, const char **cause);
Type *check_implicit_type_and_value(Checker *c, Operand *x, Type *target, Const **val, const char **err);

// check_assign.c
void check_assignment(Checker *c, Operand *x, Type *T,
                      const char *context); // x is assigned to a T: converts untyped, reports in context's words
Type *check_init_var(Checker *c, Object *lhs, Operand *x, const char *context);
void check_init_const(Checker *c, Object *lhs, Operand *x);
void check_init_vars(Checker *c, Object **lhs, uint32_t n, Expr *rhs, Stmt *return_stmt);
void check_assign_var(Checker *c, Expr *lhs, Expr *rhs, Operand *x, const char *context);
void check_assign_vars(Checker *c, Expr *lhs, Expr *rhs);
void check_short_var_decl(Checker *c, Pos pos, Expr *lhs, Expr *rhs);
// Evaluates what an erroneous construct holds (NULL, single or E_LIST), so that its names count as used; false if that found errors.
bool check_use(Checker *c, Expr *e);
bool check_use_lhs(Checker *c, Expr *e);

// check_stmt.c
void check_stmt_list(Checker *c, StmtVec *list);
bool stmt_is_terminating(Stmt *s, Name label);

// infer.c: completes targs (NULL entries) from the arguments; reports and returns NULL when it can't. reverse: inferring from a target type.
TypeList *check_infer(Checker *c, TypeList *tparams, TypeList *targs, Object **params, uint32_t nparams, Operand **args,
                      uint32_t nargs, bool reverse, const char **err);

// Errors: at an operand or expression gc reports expr_start(); soft errors do not stop code from being used.
void check_error(Checker *c, Pos pos, const char *fmt, ...) VOLE_PRINTF(3, 4);
void check_soft_error(Checker *c, Pos pos, const char *fmt, ...) VOLE_PRINTF(3, 4);
static inline Pos operand_pos(const Operand *x) { return x->expr ? expr_start(x->expr) : 0; }

#endif
