// check_impl: the checker's inside, for check*.c, infer.c, unify.c, lookup.c and dump_types.c;
// others include check.h.
//
// In the order of the flow:
//   check.c            packages: collection of names, resolution in order, errors, scopes, what is
//                      delayed; check_pragma.c its //go: lines
//   check_decl.c       objects: constants, variables, types, functions; check_cycles.c cycles among
//                      them, check_mono.c endless instances
//   check_typexpr.c    type expressions; check_struct.c structs and interfaces, check_signature.c
//                      functions and type parameters
//   check_stmt.c       statements, labels, missing returns, unused variables; check_range.c for …
//                      range, check_assign.c assignments
//   check_expr.c       operands, unary, binary, shifts, comparison, what is recorded of each;
//                      check_index.c, check_call.c (arguments, selectors, instantiation),
//                      check_literal.c, check_builtin.c; infer.c type arguments, unify.c under it
//   check_conv.c       what may become what: constants, untyped values, assignability, conversions
//   check_init.c       the order of initialisation; check_sizes.c what gc refuses for its size or
//                      place; check_export.c what importers see
#ifndef VOLE_CHECK_IMPL_H
#define VOLE_CHECK_IMPL_H

#include "frontend/check.h"

typedef struct Operand {
    Mode mode;
    Type *type;
    Const *val;
    Expr *expr;
    BuiltinId id; // MODE_BUILTIN
} Operand;
typedef Vec(Operand) OperandVec;
typedef Vec(Operand *) OperandPtrs;

// What is being checked; saved and restored around each declaration and function literal.
typedef struct Env {
    Decl *decl;        // package-level declaration whose init expression or type is being checked
    Scope *scope;      // innermost scope
    const Const *iota; // NULL outside constant declarations
    // Where to report errors of inherited constant initialisers; 0: at the expression.
    Pos err_pos;
    // The name (or literal) being declared, at which gc reports types that are too large; 0: none.
    Pos declared;
    bool in_tparam_list;
    FuncInfo *func; // function being checked, NULL at package level
    Type *sig;      // its signature
    bool has_call_or_recv;
    // check_comparison compares a case (x) with the switch expression (y): "invalid case x in
    // switch on y (…)".
    bool switch_case;
    Object *decl_obj; // object whose dependencies are being collected (initialisation order)
} Env;

typedef struct Checker Checker;
typedef void (*DelayedFn)(Checker *c, void *arg);

typedef Vec(Object *) ObjectVec;

// How a package-level object or method is declared; n:1 variable declarations share one.
// infos[order - 1] belongs to the object of that order.
typedef struct DeclInfo {
    File *file;
    Decl *decl;
    ObjectVec lhs;     // n:1 variable declarations: all variables
    Expr *type, *init; // constants and variables
    bool inherited, has_lhs, emitted;
    PtrMap dep_set; // objects that the initialiser or body depends on …
    ObjectVec deps; // … in order of first use
} DeclInfo;

typedef struct Action { // a delayed action with the environment it was asked for in
    DelayedFn f;
    void *arg;
    File *file;
    Env env;
} Action;

typedef struct DotImport {
    Scope *scope;
    Object *obj, *pkgname;
} DotImport;

typedef struct MonoEdge {
    uint32_t dst, src;
    int weight;
    Pos pos;
    Type *type;
} MonoEdge;
typedef struct MonoVertex {
    int weight, len;
    uint32_t pre;
    Object *obj;
} MonoVertex;

// Of the body being checked: statements around the current one and labels, for branches' targets.
typedef struct Body {
    StmtVec around; // S_LABELED, S_FOR, S_SWITCH, S_SELECT
    StmtVec labels, gotos;
} Body;

// What gc finds after type checking, stage by stage; it goes no further once one has errors.
typedef enum LateStage { LATE_ARGUMENTS, LATE_PARTS, LATE_SIZES, LATE_ALLOCATIONS } LateStage;
typedef struct LateError {
    Pos pos;
    LateStage stage;
    const char *msg;
} LateError;

struct Checker {
    Package *pkg;
    File *file; // file of the object or body being checked
    Env env;
    Vec(Expr *) untyped; // expressions whose recorded type is still untyped (check_expr.c)
    Body *body;
    Vec(DeclInfo *) infos;
    ObjectVec objects; // by order
    Vec(Action) delayed;
    Vec(Action) bodies; // literals in package-level declarations
    ObjectVec path;     // objects being resolved, outermost first (Object.color is COLOR_GREY)
    ObjectVec imports;  // O_PKGNAME of all files
    Vec(DotImport) dot_imports;
    PtrMap instance_pos; // instance of a generic type -> Pos where it was first written
    PtrMap methods;      // O_TYPENAME -> ObjectVec *: methods not yet attached
    ObjectVec locals;    // variables declared in the bodies being checked, innermost last
    bool has_error;
    ExprVec interfaces; // outermost interface types, for check_anonymous_interface_cycles
    uint32_t interface_depth;
    Vec(LateError) late;
    Vec(MonoVertex) mono_vertices;
    Vec(MonoEdge) mono_edges;
    PtrMap mono_index; // O_TYPENAME -> vertex + 1; (uintptr_t)-1: none
    PtrMap mono_canon; // T_TYPEPARAM of a receiver -> that of the type
};

enum { COLOR_WHITE, COLOR_GREY, COLOR_BLACK };

// Bits of Expr.check_flags.
enum {
    EXPR_UNTYPED = 1,   // the recorded type is untyped and may still change
    EXPR_SHIFT_LHS = 2, // left operand of a non-constant shift: its final type must be an integer's
};

// The variable of function type that a generic function value is given to; desc names it in
// messages.
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

typedef enum CallKind { CALL_CONVERSION, CALL_EXPRESSION, CALL_STATEMENT } CallKind;

static inline Pos operand_pos(const Operand *x) { return x->expr ? expr_start(x->expr) : 0; }
static inline bool is_invalid(const Type *t) { return t->kind == T_INVALID; }
static inline void invalidate(Operand *x) { x->mode = MODE_INVALID; }
static inline bool operand_ok(const Operand *x) { return x->mode != MODE_INVALID; }
static inline bool operand_is_nil(const Operand *x) { return x->mode == MODE_NILVALUE; }
static inline bool type_is_plain_interface(Type *t) {
    return type_is_interface(t) && !type_is_typeparam(t);
}
static inline uint32_t tparam_count(const Type *sig) {
    return sig->func.tparams ? sig->func.tparams->len : 0;
}

// check.c Errors: at an operand or expression gc reports expr_start(); soft errors do not stop code
// from being used.
void check_error(Checker *c, Pos pos, const char *fmt, ...) VOLE_PRINTF(3, 4);
void check_soft_error(Checker *c, Pos pos, const char *fmt, ...) VOLE_PRINTF(3, 4);
// An error whose first line is at pos, with further lines "\n\tfile:line:col: …" (pos 0: no
// position).
typedef struct ErrorLines {
    Pos pos;
    bool soft;
    Buf text;
} ErrorLines;
void check_error_line(ErrorLines *e, Pos pos, const char *fmt, ...) VOLE_PRINTF(3, 4);
void check_error_alt(ErrorLines *e, Object *alt); // "other declaration of x"
void check_error_report(Checker *c, ErrorLines *e);
void check_later(
    Checker *c, DelayedFn f,
    void *arg); // run once the current top-level object is done; keeps the environment of now
// For check_process_delayed_from: run what was delayed since.
uint32_t check_delayed_mark(Checker *c);
void check_process_delayed_from(Checker *c, uint32_t mark);
// The body of function literal info->lit, to be checked at the end of the statement (before scopes
// change), or in check_package_bodies when it is part of a package-level declaration. Captures the
// environment of now. Use it instead of check_later for literals.
void check_later_body(Checker *c, FuncInfo *info);
// From the innermost scope outwards; where may be NULL.
Object *check_lookup(Checker *c, Name n, Scope **where);
// False, with an error "what requires go1.minor or later", when the language version at hand is
// older. check_allows only asks.
bool check_verify_version(Checker *c, Pos pos, int minor, const char *fmt, ...) VOLE_PRINTF(4, 5);
bool check_allows(Checker *c, int minor);
// Reports redeclaration in gc's words.
void check_declare(Checker *c, Scope *s, Expr *name, Object *o, Pos scope_pos);
Scope *check_open_scope(Checker *c, Pos pos, Pos end, const char *comment);
void check_close_scope(Checker *c);
void check_add_dependency(Checker *c, Object *to); // for initialisation order
// Marks a use of local variable o from the current function: captures, and addr_taken / assigns
// bookkeeping for the midend.
void check_note_use(Checker *c, Object *o);
// Local variable of the function being checked.
Object *check_new_var(Checker *c, Pos pos, Name name, Type *t);
void check_arity(Checker *c, Pos pos, ExprVec *names, Expr **inits, uint32_t ninits, bool is_const,
                 bool inherited);
void check_mark_dot_import(Checker *c, Scope *s, Object *o);
// Elements of an E_LIST, the expression itself, or none.
Expr **check_unpack(Expr *e, uint32_t *n);
bool check_receiver(Expr *rtype, Expr **base, ExprVec **tparams); // true: pointer receiver
const char *pos_string(Pos pos);
Pos stmt_start(const Stmt *s);
static inline void record_type(Expr *e, Type *t) {
    e->mode = MODE_TYPE;
    e->type = t;
}
// NULL unless package-level or method of this package.
DeclInfo *check_decl_info(Checker *c, Object *o);

// check_pragma.c
void check_pragmas(Checker *c);

// check_decl.c
void check_object(Checker *c, Object *o); // resolves o->type (and value) if not yet done
void check_decl_stmt(Checker *c, DeclVec *decls);
void check_func_decl_body(Checker *c, Decl *d);
void check_func_body_in(Checker *c, FuncInfo *info); // body of a declaration or literal

// check_cycles.c
void check_direct_cycles(Checker *c);
bool check_valid_cycle(Checker *c, Object *o);
void check_valid_type(Checker *c, Type *named);
void check_anonymous_interface_cycles(Checker *c);
// Reports a cycle and returns false when t (or what it is defined as) is still being declared: ask
// before using a type's underlying type in an expression (call, conversion, index, selector,
// dereference, composite literal).
bool check_is_complete(Checker *c, Type *t);

// check_mono.c
void check_mono(Checker *c);
// Notes that tparams were instantiated with targs at pos (xlist: explicit arguments' expressions),
// for instantiation cycles.
void check_mono_instance(Checker *c, Pos pos, TypeList *tparams, TypeList *targs, Expr **xlist,
                         uint32_t n);
void check_mono_canon(Checker *c, Type *method_tparam, Type *type_tparam);

// check_typexpr.c
// A type, not generic-uninstantiated; T_INVALID after error. Records e->type, e->mode.
Type *check_type(Checker *c, Expr *e);
// … that may be used for a variable (no constraint interfaces).
Type *check_var_type(Checker *c, Expr *e);
Type *check_defined_type(Checker *c, Expr *e, Object *def);
// A generic type without instantiation.
Type *check_generic_type(Checker *c, Expr *e, const char **cause);
void check_ident(Checker *c, Operand *x, Expr *e, bool want_type); // names, as value or type
Type *check_func_type(Checker *c, Field *recv, FieldVec *tparams, Expr *ftype,
                      Scope **scope_out); // signature; declares in a new function scope
void check_collect_tparams(Checker *c, FieldVec *list, TypeList **out, Scope *scope);
// Type arguments of an index expression as a list; NULL after an error.
TypeList *check_type_list(Checker *c, Expr **list, uint32_t n);
void check_valid_var_type(Checker *c, Expr *e, Type *t);
bool type_is_generic(Type *t);
void check_note_instance(Checker *c, Type *t, Pos pos);

// check_struct.c
Type *check_struct_type(Checker *c, Expr *e);
Type *check_interface_type(Checker *c, Expr *e, Object *def);
bool check_is_imported_constraint(Checker *c, Type *t);

// check_signature.c
void check_func_type_into(Checker *c, Type *sig, Field *recv, FieldVec *tparams, Expr *ftype,
                          Scope **scope_out);

// check_stmt.c
void check_stmt_list(Checker *c, StmtVec *list);
bool stmt_is_terminating(Stmt *s, Name label);
void check_stmt(Checker *c, Stmt *s);
void check_goto_targets(Body *b);

// check_range.c
void check_range(Checker *c, Stmt *s);
// The type all types in t's type set share as underlying type (channels: the most restricted); NULL
// with *cause in gc's words.
Type *common_underlying(Type *t, const char *(*cond)(Type *t, Type *u, void *arg), void *arg,
                        const char **cause);

// check_assign.c
void check_assignment(
    Checker *c, Operand *x, Type *T,
    const char *context); // x is assigned to a T: converts untyped, reports in context's words
Type *check_init_var(Checker *c, Object *lhs, Operand *x, const char *context);
void check_init_const(Checker *c, Object *lhs, Operand *x);
void check_init_vars(Checker *c, Object **lhs, uint32_t n, Expr *rhs, Stmt *return_stmt);
void check_assign_var(Checker *c, Expr *lhs, Expr *rhs, Operand *x, const char *context);
void check_assign_vars(Checker *c, Expr *lhs, Expr *rhs);
void check_short_var_decl(Checker *c, Pos pos, Expr *lhs, Expr *rhs);
// Evaluates what an erroneous construct holds (NULL, single or E_LIST), so that its names count as
// used; false if that found errors.
bool check_use(Checker *c, Expr *e);

// check_expr.c
void check_expr(Checker *c, Operand *x, Expr *e); // single value
void check_expr_target(
    Checker *c, Operand *x, Expr *e, Type *target,
    const char *target_desc); // value assigned to target: infers generic function values
void check_expr_or_type(Checker *c, Operand *x, Expr *e, bool allow_generic);
void check_generic_expr(Checker *c, Operand *x, Expr *e);
void check_single_value(Checker *c, Operand *x);
// Reports NOVALUE / BUILTIN / TYPE operands.
void check_exclude(Checker *c, Operand *x, unsigned modes);
void check_match_types(Checker *c, Operand *x, Operand *y);
void check_binary(Checker *c, Operand *x, Expr *e, Expr *lhs, Expr *rhs, Operator op);
void check_comparison(Checker *c, Operand *x, Operand *y, Operator op);
// Writes mode, type, value to the tree (untyped ones later).
void check_record(Checker *c, Operand *x);
void check_record_comma_ok(Checker *c, Expr *e, Type *t0, Type *t1);
void check_update_expr_type(Checker *c, Expr *e, Type *t, bool final);
// Default types for what stayed untyped at the end of a statement or object.
void check_flush_untyped(Checker *c);
// Reports impossible assertions of x to T.
void check_type_assertion(Checker *c, Expr *e, Operand *x, Type *T, bool type_switch);
Type *check_chan_elem(
    Checker *c, Pos pos, Operand *x,
    bool recv); // element type of a channel operand sent to / received from; NULL after error
const char *operand_string(Operand *x);                   // gc's: `x (variable of type int)`
bool make_target(Type *t, const char *desc, Target *out); // false: t is no function type
CallKind raw_expr(Checker *c, const Target *T, Operand *x, Expr *e, Type *hint, bool allow_generic);
void expr_with_target(Checker *c, const Target *T, Operand *x, Expr *e);
void generic_expr_hint(Checker *c, Operand *x, Expr *e, Type *hint);
// Reports a generic type or function that was not instantiated.
void non_generic(Checker *c, const Target *T, Operand *x);
void record_value(Expr *e, Mode mode, Type *t, Const *val);
const char *value_string(const Operand *x); // the constant's value as gc prints it
// The variable that e is (a part of) has its address taken.
void mark_address_taken(Expr *e);
bool type_is_ordered(Type *t);

// check_index.c
// True: x is a generic function to be instantiated with e's indices.
bool check_index_expr(Checker *c, Operand *x, Expr *e);
void check_slice_expr(Checker *c, Operand *x, Expr *e);
bool check_index_value(Checker *c, Expr *index, int64_t max, Type **type,
                       int64_t *val); // a valid index / length operand; val -1 unless constant
// The elements of an array or slice literal: their count or highest index + 1.
int64_t check_indexed_elems(Checker *c, ExprVec *elems, Type *elem, int64_t length);
bool valid_index(Checker *c, Operand *x, const char *what, bool allow_negative);

// check_call.c
CallKind check_call(Checker *c, Operand *x, Expr *call);
void check_selector(Checker *c, Operand *x, Expr *e, bool want_type);
// Evaluates a list of expressions; a single multi-value call yields several operands.
// allow_comma_ok: v, ok forms when two are wanted.
void check_expr_list(Checker *c, Expr *list /* NULL, single, E_LIST */, OperandVec *out,
                     bool allow_comma_ok, bool allow_generic);
Type *check_arguments(Checker *c, Expr *call, Type *sig, TypeList *targs, Expr **xlist, uint32_t nx,
                      OperandPtrs *args, TypeList **atargs);
// xlist: the arguments as they are written, nx of them.
void check_instance_later(Checker *c, Pos pos, TypeList *tparams, TypeList *targs, Expr **xlist,
                          uint32_t nx);
TypeList *func_inst(Checker *c, const Target *T, Pos pos, Operand *x, Expr *inst, bool infer);
const char *lookup_error(Checker *c, Type *t, Name sel, Object *alt, bool struct_lit);
Selection *make_selection(SelectionKind kind, Type *recv, const Lookup *l, Type *type);

// check_literal.c
void check_composite_lit(Checker *c, Operand *x, Expr *e, Type *hint);
void check_func_lit(Checker *c, Operand *x, Expr *e);

// check_builtin.c
bool check_builtin(Checker *c, Operand *x, Expr *call, BuiltinId id);

// infer.c
// Completes targs (NULL entries) from the arguments. reverse: inferring from a target type.
typedef struct Inference {
    TypeList *targs; // or NULL
    const char *err; // why not; NULL if that was reported
    Pos pos;         // where err belongs; 0: at the call
} Inference;
Inference check_infer(Checker *c, TypeList *tparams, TypeList *targs, Object **params,
                      uint32_t nparams, Operand **args, uint32_t nargs, bool reverse);

// check_conv.c
void check_convert_untyped(Checker *c, Operand *x, Type *target);
void check_conversion(Checker *c, Operand *x, Type *T);
bool check_representable(Checker *c, Operand *x, Type *basic); // reports; rounds x->val
bool representable_const(const Const *v, Type *basic, Const **rounded);
bool operand_assignable_to(Checker *c, Operand *x, Type *T, const char **cause);
Type *check_implicit_type_and_value(Checker *c, Operand *x, Type *target, Const **val,
                                    const char **err);
Type *implicit_type(Checker *c, Operand *x, Type *target, Const **val, ConvError *err);
// f(type, underlying) for each specific type of t's type set, (NULL, NULL) when there are none;
// just (t, under(t)) if t is no type parameter.
bool each_type(Type *t, bool (*f)(Type *t, Type *u, void *arg), void *arg);

// check_init.c
void check_init_order(Checker *c);

// check_sizes.c
void check_size_later(Checker *c, Expr *e, Type *t);
void check_in_heap_later(Checker *c, Pos pos, Type *t, LateStage stage,
                         const char *message); // message tells that t may not be there
void check_type_arguments_in_heap(Checker *c, Expr *generic, TypeList *targs);
void check_report_late(Checker *c);

// check_export.c
bool check_in_export_data(Package *p, Object *o);

#endif
