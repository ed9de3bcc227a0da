// build: the builder's inside, and what other passes on the tree ask it for.
#ifndef VOLE_BUILD_H
#define VOLE_BUILD_H

#include "midend/options.h"
#include "midend/tree/passes.h"

// A function body being built.
typedef struct Build {
    Unit *u;
    Func *fn;
    TypeMap map;                 // type parameters of the instance being built
    PtrMap locals;               // Object * -> Local *
    PtrMap targets;              // Stmt * (loop, switch, select) -> Node *
    NodeVec *out;                // statements so far of the block at hand
    bool in_bloop;               // in a `for b.Loop()` (bloop.c)
    struct Build *outer;         // of a closure
    struct RangeFunc *rangefunc; // innermost range-over-func body being built
} Build;

// What func_of records of a function until its body is built.
typedef struct FuncPlan {
    Decl *decl; // declared function or method
    TypeMap map;
    FuncInfo *info;
    Build *outer; // closures: built right away
    // wrappers
    Type *recv;
    Name method;
    Package *method_pkg;
} FuncPlan;

// The Func of an object (with type arguments for generic functions; for methods of an instantiated
// type the Named's targs are implied). Queues it in u if it must be emitted there.
Func *build_func_of(Unit *u, Object *o, TypeList *targs);
// The code for calling method `sel` through an interface holding a T: takes the data word as
// receiver; a wrapper if needed.
Func *build_itab_method(Unit *u, Type *T, Selection *sel);
// The code for calling method sel of T directly with a T receiver (method expression): the method
// itself or a promoting wrapper.
Func *build_method_func(Unit *u, Type *T, Selection *sel);
Global *build_global_of(Unit *u, Object *o);

// The method that T has by m's name; obj NULL: none.
Selection method_selection(Type *T, const Object *m, bool addressable);

Type *build_type(Build *b, Type *t);
Local *build_local_of(Build *b, Object *o);
Node *build_expr(Build *b, Expr *e);
Node *build_convert(Node *n, Type *to);
// The default type of an untyped one but nil's, or t.
Type *build_typed(Type *t);
Node *build_default(Node *n);                   // n converted to it
Node *build_value(Build *b, Expr *e, Type *to); // expression converted to a type
Node *build_place(Build *b, Expr *e);           // assignable expression; NULL for blank
Node *build_deref(Node *p);
void build_check_nil_iface(Build *b, Node *x); // panics where interface x is nil
Node *build_temp(Build *b, Node *value);       // value kept in a temporary
// Values kept in temporaries, but for constants; where a later one has calls, these run first.
void build_temps(Build *b, NodeVec *values, Pos pos);
bool build_has_effect(Node *n);  // runs other code: calls, receives
void order_func(Func *f);        // calls ahead of what they may change
void order_init(Func *f);        // of the function that initialises package variables
bool order_ahead(const Node *n); // is that such a call, or what gc treats as one?
void build_emit(Build *b, Node *n);
Node *build_call_node(Build *b, Expr *call);
// Of a call with several, in temporaries; false: of another.
bool build_results(Build *b, Node *call, Pos pos, NodeVec *out);
// Returns what call gives: the whole body of a wrapper.
void build_return_call(Build *b, Node *call, Pos pos);
Node *build_closure(Build *b, FuncInfo *info, Pos pos);
Node *build_wrap_call(Build *b, Expr *call, bool is_go, Pos stmt);
void build_stmt(Build *b, Stmt *s);
int build_static_bool(Expr *e);
bool build_terminates(Stmt *s);
bool build_falls_through(Clause *k);
Clause *build_constant_clause(Stmt *s, bool *known);
Expr **build_elements(Expr **e, uint32_t *n); // of a list that may be one expression, or none
void build_stmts(Build *b, StmtVec *list);
void build_init_vars(Build *b, Object **lhs, uint32_t n, Expr *rhs, Pos pos);
Node *build_method_call(Build *b, Node *recv, Package *pkg, Name name, TypeList *targs,
                        NodeVec args,
                        Pos pos); // targs: of a generic method, or NULL
Type *build_method_signature(Build *b, Object *m, TypeList *targs); // without the receiver
// x.M, or x.M[T] with its type arguments; NULL for all but methods.
Expr *build_method_selector(Build *b, Expr *e, TypeList **targs);
const char *build_method_symbol(Type *T, const char *method); // path.(*T).method
void build_range_func(Build *b, Stmt *s, Node *f);
// What a branch does that stands in the body of a range over a function: to the function that the
// body becomes.
typedef enum BranchExit {
    BRANCH_STAYS,
    BRANCH_ENDS /* or continues the loop */,
    BRANCH_LEAVES
} BranchExit;
BranchExit build_branch_exit(Stmt *range, Stmt *branch);
NodeOp build_binary_op(Operator op); // of x op y and x op= y
Node *build_node1(NodeOp op, Pos pos, Type *t, Node *x);
Node *build_node2(NodeOp op, Pos pos, Type *t, Node *x, Node *y);
Node *build_as(Node *x, Node *y, Pos pos);
bool bloop_is_loop(const Stmt *s);
// What s, built from the from-th statement on, computes.
void bloop_keep_alive(Build *b, const Stmt *s, uint32_t from);
Func *build_new_closure(Build *b, Type *sig, Pos pos, const char *kind); // numbered name
// A closure for a method of T is named for it.
void build_name_method(Func *closure, Type *T, Name method, const char *suffix);
Local *build_capture(Func *inner, Local *outer, bool by_ref);
bool build_capture_by_ref(Object *o);
void build_params(Build *b, Func *f, Type *sig);
void build_bind(Build *b, Local *l, Object *o); // l is the checker's variable o
void build_unsafe_args(Build *b, Func *f); // its parameters and results are one after the other
FuncPlan *func_plan(Func *f);
void func_copy_plan(Func *to, Func *from);

#endif
