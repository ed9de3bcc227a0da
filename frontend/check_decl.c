// check_decl: declarations. An Object without a type comes in; it goes out with its type (and a
// constant with its value).
//
// An object is white (type unknown), grey (on the path: being resolved) or black (known). Meeting a
// grey object is a cycle, which check_valid_cycle judges: through a type definition it is fine,
// through values it is left to the initialisation order, otherwise it is an error. Bodies are
// checked after all declarations, so that a function may use what follows it.
#include "frontend/check_impl.h"

// ---- The path ----

static void check_push(Checker *c, Object *o) {
    o->color = COLOR_GREY;
    vec_push(&c->path, o);
}

static void check_pop(Checker *c) { vec_pop(&c->path)->color = COLOR_BLACK; }

// ---- Constants and variables ----

// iota and, for an expression that is inherited from a line above, the place of errors are the
// declared constant's.
static void check_const_decl(Checker *c, Object *o, Expr *type, Expr *init, bool inherited) {
    const Const *iota = c->env.iota;
    Pos err_pos = c->env.err_pos;
    c->env.iota = o->val;
    c->env.err_pos = 0;
    o->val = NULL;
    Operand x = {.mode = MODE_INVALID};
    if (type) {
        Type *t = check_type(c, type);
        if (!type_is_const_type(t)) {
            if (under(t)->kind != T_INVALID)
                check_error(c, expr_start(type), "invalid constant type %s", type_string(t));
            o->type = BASIC(INVALID);
            goto done;
        }
        o->type = t;
    }
    if (init) {
        if (inherited) c->env.err_pos = o->pos; // the expression stands elsewhere
        check_expr(c, &x, init);
    }
    check_init_const(c, o, &x);
done:
    c->env.iota = iota;
    c->env.err_pos = err_pos;
}

// lhs: all variables of a declaration whose one initialiser gives them all values.
static void var_decl(Checker *c, Object *o, ObjectVec *lhs, Expr *type, Expr *init) {
    if (type) o->type = check_var_type(c, type);
    if (!init) {
        if (!type) o->type = BASIC(INVALID);
        return;
    }
    if (!lhs || lhs->len == 1) {
        Operand x = {.mode = MODE_INVALID};
        check_expr_target(c, &x, init, o->type, o->name);
        check_init_var(c, o, &x, "variable declaration");
        return;
    }
    if (type)
        for (vec_each(Object *, v, lhs)) (*v)->type = o->type;
    check_init_vars(c, lhs->data, lhs->len, init, NULL);
}

// ---- Types ----

typedef struct TypeDecl {
    Object *obj;
    Decl *decl;
    Type *rhs;
    bool version_error;
} TypeDecl;

static void check_parts_in_heap(Checker *c, Expr *e) {
    Type *t = e->type;
    if (t && e->kind == E_MAPTYPE && t->kind == T_MAP) {
        check_in_heap_later(c, e->pos, t->map.key, LATE_PARTS,
                            "incomplete (or unallocatable) map key not allowed");
        check_in_heap_later(c, e->pos, t->map.elem, LATE_PARTS,
                            "incomplete (or unallocatable) map value not allowed");
    } else if (t && e->kind == E_CHANTYPE && t->kind == T_CHAN)
        check_in_heap_later(c, e->pos, t->chan.elem, LATE_PARTS,
                            "chan of incomplete (or unallocatable) type not allowed");
}

static void finish_type_decl(Checker *c, void *arg) {
    TypeDecl *t = arg;
    check_parts_in_heap(c, t->decl->type.type);
    Type *n = t->obj->type ? as_named(t->obj->type) : NULL;
    if (n) {
        check_valid_type(c, n);
        if (!n->named.underlying && !n->named.targs) n->named.underlying = under(n);
    }
    if (!t->version_error && t->rhs && check_is_imported_constraint(c, t->rhs))
        check_verify_version(c, expr_start(t->decl->type.type), 18, "using type constraint %s",
                             type_string(t->rhs));
}

// The type is made before its right side is looked at, so that this may refer to it; what needs it
// complete is put off.
static void check_declare_type(Checker *c, Object *o, Decl *d) {
    TypeDecl *later = NEW(TypeDecl);
    later->obj = o;
    later->decl = d;
    check_later(c, finish_type_decl, later);
    Expr *e = d->type.type;
    FieldVec *tparams = d->type.tparams.len ? &d->type.tparams : NULL;
    Pos tparam0 = tparams ? tparams->data[0]->pos : 0;
    Scope *scope = c->env.scope;
    if (d->type.alias) {
        if (tparams && !check_verify_version(c, tparam0, 23, "generic type alias"))
            later->version_error = true;
        if (!later->version_error && !check_verify_version(c, d->pos, 9, "type alias"))
            later->version_error = true;
        Type *a = type_new(T_ALIAS);
        a->alias.obj = o;
        a->alias.origin = a;
        if (!o->type) o->type = a;
        if (tparams)
            check_collect_tparams(c, tparams, &a->alias.tparams,
                                  check_open_scope(c, d->pos, d->end, "type parameters"));
        later->rhs = check_defined_type(c, e, o);
        // A cycle error may have made it invalid meanwhile.
        if (!a->alias.rhs) a->alias.rhs = later->rhs;
        if (later->rhs->kind == T_TYPEPARAM && a->alias.tparams)
            for (uint32_t i = 0; i < a->alias.tparams->len; i++)
                if (a->alias.tparams->data[i] == later->rhs) {
                    check_error(c, expr_start(e),
                                "cannot use type parameter declared in alias declaration as RHS");
                    a->alias.rhs = BASIC(INVALID);
                    break;
                }
        c->env.scope = scope;
        return;
    }
    if (tparams && !check_verify_version(c, tparam0, 18, "type parameter"))
        later->version_error = true;
    Type *n = type_new(T_NAMED);
    n->named.obj = o;
    n->named.origin = n;
    n->named.local_in = c->env.func;
    if (!o->type) o->type = n;
    if (tparams)
        check_collect_tparams(c, tparams, &n->named.tparams,
                              check_open_scope(c, d->pos, d->end, "type parameters"));
    later->rhs = check_defined_type(c, e, o);
    if (!n->named.from_rhs) n->named.from_rhs = later->rhs;
    if (unalias(later->rhs) && type_is_typeparam(later->rhs)) {
        check_error(c, expr_start(e), "cannot use a type parameter as RHS in type declaration");
        n->named.from_rhs = BASIC(INVALID);
    }
    Type *u = unalias(n->named.from_rhs);
    if (u && u->kind != T_NAMED && n->named.from_rhs != BASIC(INVALID)) n->named.underlying = u;
    c->env.scope = scope;
}

// A struct's fields and its type's methods share one name space.
static void field_uniqueness(Checker *c, void *arg) {
    Type *base = arg, *u = under(base);
    if (u->kind != T_STRUCT) return;
    for (vec_each(Object *, f, &u->strukt.fields)) {
        if (strcmp((*f)->name, "_") == 0) continue;
        for (vec_each(Object *, m, &base->named.methods)) {
            if ((*m)->name != (*f)->name) continue;
            ErrorLines e = {0};
            check_error_line(&e, (*m)->pos, "field and method with the same name %s", (*f)->name);
            check_error_alt(&e, *f);
            check_error_report(c, &e);
        }
    }
}

// Attaches the methods found while collecting to the type just declared.
static void collect_methods(Checker *c, Object *o) {
    ObjectVec *methods = ptrmap_get(&c->methods, o);
    if (!methods || methods->len == 0) return;
    Type *base = as_named(o->type);
    if (base) check_later(c, field_uniqueness, base);
    for (uint32_t i = 0; i < methods->len; i++) {
        Object *m = methods->data[i], *alt = NULL;
        for (uint32_t j = 0; j < i && !alt; j++)
            if (methods->data[j]->name == m->name) alt = methods->data[j];
        if (alt) {
            check_error(c, m->pos, "method %s.%s already declared at %s", o->name, m->name,
                        pos_string(alt->pos));
            continue;
        }
        if (base) {
            m->recv = base;
            vec_push(&base->named.methods, m);
        }
    }
    methods->len = 0;
}

// ---- Functions ----

// The signature alone; the body is checked later, when all declarations are.
static void func_decl(Checker *c, Object *o, DeclInfo *info) {
    Decl *d = info->decl;
    Type *sig = type_new(T_FUNC);
    o->type = sig; // known already to whoever comes back here in a cycle
    Scope *scope = NULL;
    check_func_type_into(c, sig, d->func.recv, d->func.tparams.len ? &d->func.tparams : NULL,
                         d->func.ftype, &scope);
    if (d->func.tparams.len && !d->func.body)
        check_soft_error(c, d->pos, "generic function is missing function body");
    // Blank methods are attached to nothing, but have a receiver.
    if (d->func.recv && !o->recv && sig->func.recv) {
        bool ptr = false;
        Type *t = deref(sig->func.recv->type, &ptr);
        o->recv = as_named(t);
        if (o->recv) o->recv = o->recv->named.origin;
        o->ptr_recv = ptr;
    }
    if (!d->func.body) return;
    FuncInfo *f = NEW(FuncInfo);
    f->decl = d;
    f->obj = o;
    f->sig = sig;
    f->body = d->func.body;
    f->scope = scope;
    d->func.info = f;
}

// A literal's parameters were declared while the function around it was checked.
static void own(FuncInfo *f, Object *o) {
    if (o) o->owner = f;
}

// A body has an environment of its own. Unused variables are told at its end, when literals inside
// have been checked.
void check_func_body_in(Checker *c, FuncInfo *f) {
    if (f->checked || !f->body) return;
    f->checked = true;
    if (f->body->unparsed) parse_body(f->body);
    Env saved = c->env;
    Env env = {.decl = f->decl ? f->decl : saved.decl,
               .scope = f->scope,
               .iota = f->lit ? saved.iota : NULL,
               .func = f,
               .sig = f->sig,
               .decl_obj = f->obj ? f->obj : saved.decl_obj};
    c->env = env;
    Type *sig = f->sig;
    own(f, sig->func.recv);
    for (vec_each(Object *, p, &sig->func.params)) own(f, *p);
    for (vec_each(Object *, p, &sig->func.results)) own(f, *p);
    if (f->scope)
        for (vec_each(Object *, p, &f->scope->objects))
            if ((*p)->kind == O_VAR) own(f, *p);
    if (f->scope) f->scope->func = f;

    uint32_t first = c->locals.len;
    Body body = {0}, *around = c->body;
    c->body = &body;
    check_stmt_list(c, &f->body->block.list);
    if (sig->func.results.len && !stmt_is_terminating(f->body, NULL))
        check_error(c, f->body->block.rbrace, "missing return");
    for (uint32_t i = first; i < c->locals.len; i++) {
        Object *o = c->locals.data[i];
        if (!o->used && o->parent)
            check_soft_error(c, o->pos, "declared and not used: %s", o->name);
        if (o->type)
            check_in_heap_later(c, o->pos, o->type, LATE_ALLOCATIONS,
                                "%s is incomplete (or unallocatable); stack allocation disallowed");
    }
    c->locals.len = first;
    check_goto_targets(&body);
    c->body = around;
    c->env = saved;
}

void check_func_decl_body(Checker *c, Decl *d) {
    Object *o = d->func.obj;
    if (!o) return;
    check_object(c, o);
    if (!d->func.info || d->func.info->checked) return;
    File *file = c->file;
    DeclInfo *info = check_decl_info(c, o);
    if (info) c->file = info->file;
    uint32_t mark = check_delayed_mark(c);
    check_func_body_in(c, d->func.info);
    check_process_delayed_from(c, mark);
    check_flush_untyped(c);
    c->file = file;
}

// ---- Objects ----

// Resolves a package-level object the first time somebody asks for its type, in the environment of
// its own declaration.
void check_object(Checker *c, Object *o) {
    if (o->color == COLOR_GREY) {
        bool valid = check_valid_cycle(c, o);
        if (o->kind == O_FUNC) return; // its signature stays as far as it got
        if (!valid || !o->type) o->type = BASIC(INVALID);
        return;
    }
    if (o->type) return;
    if (o->pkg != c->pkg) {
        if (types_resolve_object) types_resolve_object(o);
        if (!o->type) o->type = BASIC(INVALID);
        return;
    }
    DeclInfo *info = check_decl_info(c, o);
    if (!info) {
        o->type = BASIC(INVALID);
        return;
    }
    check_push(c, o);
    Env saved = c->env;
    File *file = c->file;
    uint32_t interface_depth = c->interface_depth;
    c->interface_depth = 0;
    c->file = info->file;
    // What a method's signature holds gc meets with its receiver's type.
    Pos declared = info->has_lhs                  ? info->lhs.data[0]->pos
                   : o->kind == O_FUNC && o->recv ? o->recv->named.obj->pos
                                                  : o->pos;
    c->env = (Env){.decl = info->decl, .scope = info->file->scope, .declared = declared};
    switch (o->kind) {
    case O_CONST:
        c->env.decl_obj = o;
        check_const_decl(c, o, info->type, info->init, info->inherited);
        break;
    case O_VAR:
        c->env.decl_obj = o;
        var_decl(c, o, info->has_lhs ? &info->lhs : NULL, info->type, info->init);
        break;
    case O_TYPENAME:
        check_declare_type(c, o, info->decl);
        collect_methods(c, o);
        break;
    case O_FUNC: func_decl(c, o, info); break;
    default: unreachable("declared object");
    }
    c->env = saved;
    c->file = file;
    c->interface_depth = interface_depth;
    check_pop(c);
    if (c->path.len == 0 && !c->env.func) check_flush_untyped(c);
}

// ---- Declaration statements ----

// Bodies are checked in any order, and those of generic functions by importers as well, so the
// number comes from the parser.
static void number_local_type(Checker *c, Object *o) {
    Type *t = o->type;
    uint32_t n = o->decl ? o->decl->type.local : 0;
    SourceFile *src = source_of(o->pos);
    for (vec_each(File *, f, &c->pkg->files)) {
        if ((*f)->src == src) break;
        n += (*f)->local_types;
    }
    if (t->kind == T_NAMED) t->named.local_vargen = n;
    vec_push(&c->pkg->local_types, o);
}

static void declare_all(Checker *c, Decl *d, Object **objects) {
    for (uint32_t i = 0; i < d->value.names.len; i++) {
        Expr *name = d->value.names.data[i];
        check_declare(c, c->env.scope, name, objects[i], d->end);
        name->name.obj = objects[i];
        name->type = objects[i]->type;
        name->mode = objects[i]->kind == O_VAR ? MODE_VAR : MODE_CONST;
    }
}

// Declarations in functions: a type is in scope in its own definition, constants and variables
// only after it.
void check_decl_stmt(Checker *c, DeclVec *decls) {
    for (vec_each(Decl *, dp, decls)) {
        Decl *d = *dp;
        uint32_t mark = check_delayed_mark(c), n;
        switch (d->kind) {
        case D_CONST: {
            Object **lhs = NEW_ARRAY(Object *, d->value.names.len);
            Expr **values = check_unpack(d->value.values, &n);
            for (uint32_t i = 0; i < d->value.names.len; i++) {
                Expr *name = d->value.names.data[i];
                lhs[i] = object_new(O_CONST, name->pos, c->pkg, name->name.name, NULL);
                lhs[i]->val = const_int64(d->value.iota);
                lhs[i]->decl = d;
                c->env.declared = name->pos;
                check_const_decl(c, lhs[i], d->value.type, i < n ? values[i] : NULL,
                                 d->value.inherited);
            }
            check_arity(c, d->pos, &d->value.names, values, n, true, d->value.inherited);
            check_process_delayed_from(c, mark);
            declare_all(c, d, lhs);
            break;
        }
        case D_VAR: {
            ObjectVec lhs = {0};
            for (vec_each(Expr *, name, &d->value.names)) {
                Object *o = check_new_var(c, (*name)->pos, (*name)->name.name, NULL);
                o->decl = d;
                vec_push(&lhs, o);
            }
            Expr **values = check_unpack(d->value.values, &n);
            for (uint32_t i = 0; i < lhs.len; i++) {
                c->env.declared = lhs.data[i]->pos;
                Expr *init = n == lhs.len ? values[i]
                             : n == 1     ? values[0]
                             : i < n      ? values[i]
                                          : NULL;
                var_decl(c, lhs.data[i], n == 1 && lhs.len != 1 ? &lhs : NULL, d->value.type, init);
                if (n == 1) break; // it gave all of them their types
            }
            for (vec_each(Object *, o, &lhs))
                if (!(*o)->type) (*o)->type = BASIC(INVALID);
            if (!d->value.type || n)
                check_arity(c, d->pos, &d->value.names, values, n, false, false);
            check_process_delayed_from(c, mark);
            declare_all(c, d, lhs.data);
            break;
        }
        case D_TYPE: {
            Expr *name = d->type.name;
            Object *o = object_new(O_TYPENAME, name->pos, c->pkg, name->name.name, NULL);
            o->is_alias = d->type.alias;
            o->decl = d;
            check_declare(c, c->env.scope, name, o, name->pos);
            name->name.obj = o;
            if (!o->parent) o->parent = c->env.scope;
            check_push(c, o);
            c->env.declared = o->pos;
            check_declare_type(c, o, d);
            check_pop(c);
            number_local_type(c, o);
            break;
        }
        default: break; // the parser reported it
        }
        c->env.declared = 0;
    }
}
