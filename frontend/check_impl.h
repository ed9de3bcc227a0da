// check_impl: the declaration half of the checker's own state: what check.c, check_decl.c, check_typexpr.c, check_signature.c,
// check_struct.c, check_cycles.c, check_init.c, check_mono.c and check_stmt.c share among themselves and nobody else needs.
#ifndef VOLE_CHECK_IMPL_H
#define VOLE_CHECK_IMPL_H

#include "frontend/checker.h"

typedef Vec(Object *) ObjectVec;

// How a package-level object or method is declared; n:1 variable declarations share one. infos[order - 1] belongs to the object
// of that order.
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

typedef struct CheckImpl {
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
} CheckImpl;

enum { COLOR_WHITE, COLOR_GREY, COLOR_BLACK };

static inline CheckImpl *impl(Checker *c) { return (CheckImpl *)c->impl; }
DeclInfo *check_decl_info(Checker *c, Object *o); // NULL unless package-level or method of this package

// check.c
Checker *checker_of(Package *p);
Object *check_new_var(Checker *c, Pos pos, Name name, Type *t); // local variable of the function being checked
void check_arity(Checker *c, Pos pos, ExprVec *names, Expr **inits, uint32_t ninits, bool is_const, bool inherited);
void check_mark_dot_import(Checker *c, Scope *s, Object *o);
Expr **check_unpack(Expr *e, uint32_t *n);                        // elements of an E_LIST, the expression itself, or none
bool check_receiver(Expr *rtype, Expr **base, ExprVec **tparams); // true: pointer receiver
const char *pos_string(Pos pos);
Pos stmt_start(const Stmt *s);
static inline void record_type(Expr *e, Type *t) {
    e->mode = MODE_TYPE;
    e->type = t;
}

// check_cycles.c
void check_direct_cycles(Checker *c);
bool check_valid_cycle(Checker *c, Object *o);
void check_valid_type(Checker *c, Type *named);
void check_anonymous_interface_cycles(Checker *c);

// check_typexpr.c
void check_valid_var_type(Checker *c, Expr *e, Type *t);
bool type_is_generic(Type *t);
void check_note_instance(Checker *c, Type *t, Pos pos);

// check_struct.c
Type *check_struct_type(Checker *c, Expr *e);
Type *check_interface_type(Checker *c, Expr *e, Object *def);
bool check_is_imported_constraint(Checker *c, Type *t);

// check_signature.c
void check_func_type_into(Checker *c, Type *sig, Field *recv, FieldVec *tparams, Expr *ftype, Scope **scope_out);

// check_init.c, check_mono.c, check_pragma.c
void check_init_order(Checker *c);
void check_mono(Checker *c);
void check_pragmas(Checker *c);

// check_sizes.c
void check_size_later(Checker *c, Expr *e, Type *t);
void check_in_heap_later(Checker *c, Pos pos, Type *t, LateStage stage, const char *message); // message tells that t may not be there
void check_type_arguments_in_heap(Checker *c, Expr *generic, TypeList *targs);
void check_report_late(Checker *c);

// check_export.c
bool check_in_export_data(Package *p, Object *o);

// check_stmt.c
void check_stmt(Checker *c, Stmt *s);
void check_range(Checker *c, Stmt *s);
void check_goto_targets(Body *b);

// The type all types in t's type set share as underlying type (channels: the most restricted); NULL with *cause in gc's words.
Type *common_underlying(Type *t, const char *(*cond)(Type *t, Type *u, void *arg), void *arg, const char **cause);

#endif
