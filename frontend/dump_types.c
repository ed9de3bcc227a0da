// dump_types: --emit=types. Every object of a package with its type, then every expression with its
// mode, type and constant value, in source order; one line each, stable enough for golden tests.
#include "frontend/check_impl.h"

static const char *const mode_names[] = {"invalid",  "novalue",  "builtin", "type", "constant",
                                         "variable", "mapindex", "value",   "nil",  "commaok",
                                         "commaerr", "cgofunc",  "package"};

typedef struct Dump {
    FILE *out;
} Dump;

static void expr(Dump *d, Expr *e);
static void stmt(Dump *d, Stmt *s);

static void exprs(Dump *d, ExprVec *v) {
    for (vec_each(Expr *, e, v)) expr(d, *e);
}

static void fields(Dump *d, FieldVec *v) {
    Expr *prev = NULL;
    for (vec_each(Field *, f, v)) {
        if ((*f)->type && (*f)->type != prev) expr(d, (*f)->type);
        prev = (*f)->type;
    }
}

// position: source: mode type = value inst [arguments] commaok selection path. Nothing for what the
// checker gave neither type nor mode.
static void line(Dump *d, Expr *e) {
    if (!e->type && e->mode == MODE_INVALID) return;
    Position p = source_position_raw(expr_start(e));
    fprintf(d->out, "%s:%u:%u: %s: %s", p.file, p.line, p.col, expr_string(e), mode_names[e->mode]);
    if (e->type) fprintf(d->out, " %s", type_string(e->type));
    if (e->mode == MODE_CONST && e->val) fprintf(d->out, " = %s", const_string_exact(e->val));
    if (e->inst) {
        fprintf(d->out, " inst [");
        for (uint32_t i = 0; i < e->inst->len; i++)
            fprintf(d->out, "%s%s", i ? ", " : "", type_string(e->inst->data[i]));
        fprintf(d->out, "]");
    }
    if (e->commaok) fprintf(d->out, " commaok");
    if (e->kind == E_SELECTOR && e->selector.selection) {
        Selection *s = e->selector.selection;
        fprintf(d->out, " %s",
                s->kind == SEL_FIELD    ? "field"
                : s->kind == SEL_METHOD ? "method"
                                        : "methodexpr");
        for (uint32_t i = 0; i < s->path_len; i++) fprintf(d->out, " %u", s->path[i]);
        if (s->indirect) fprintf(d->out, " indirect");
    }
    fprintf(d->out, "\n");
}

// Outer before inner. Lists, key:value pairs and type switch guards are no expressions of the
// checker's: only their parts are listed.
static void expr(Dump *d, Expr *e) {
    if (!e) return;
    if (e->kind != E_LIST && e->kind != E_KEYVALUE && e->kind != E_TYPESWITCH && e->kind != E_BAD)
        line(d, e);
    switch (e->kind) {
    case E_COMPOSITE:
        expr(d, e->composite.type);
        exprs(d, &e->composite.elems);
        break;
    case E_KEYVALUE:
        expr(d, e->kv.x);
        expr(d, e->kv.y);
        break;
    case E_FUNCLIT:
        expr(d, e->funclit.ftype);
        stmt(d, e->funclit.body);
        break;
    case E_PAREN: expr(d, e->paren.x); break;
    case E_STAR: expr(d, e->star.x); break;
    case E_SELECTOR: expr(d, e->selector.x); break;
    case E_INDEX:
        expr(d, e->index.x);
        exprs(d, &e->index.index);
        break;
    case E_SLICE:
        expr(d, e->slice.x);
        expr(d, e->slice.i);
        expr(d, e->slice.j);
        expr(d, e->slice.k);
        break;
    case E_ASSERT:
        expr(d, e->assert_.x);
        expr(d, e->assert_.type);
        break;
    case E_TYPESWITCH: expr(d, e->typeswitch.x); break;
    case E_UNARY:
    case E_BINARY:
        expr(d, e->op.x);
        expr(d, e->op.y);
        break;
    case E_CALL:
        expr(d, e->call.fun);
        exprs(d, &e->call.args);
        break;
    case E_LIST: exprs(d, &e->list.elems); break;
    case E_ARRAYTYPE:
    case E_SLICETYPE:
    case E_DOTS:
        expr(d, e->array.len);
        expr(d, e->array.elem);
        break;
    case E_STRUCTTYPE:
    case E_INTERFACETYPE: fields(d, &e->fields.fields); break;
    case E_FUNCTYPE:
        fields(d, &e->func.params);
        fields(d, &e->func.results);
        break;
    case E_MAPTYPE:
        expr(d, e->map.key);
        expr(d, e->map.elem);
        break;
    case E_CHANTYPE: expr(d, e->chan.elem); break;
    default: break;
    }
}

static void object(Dump *d, Object *o) {
    Position p = source_position_raw(o->pos);
    fprintf(d->out, "%s:%u:%u: %s", p.file, p.line, p.col, object_string(o));
    if (o->kind == O_CONST && o->val) fprintf(d->out, " = %s", const_string_exact(o->val));
    if (o->captured) fprintf(d->out, " captured");
    if (o->addr_taken) fprintf(d->out, " addrtaken");
    if (o->assigns) fprintf(d->out, " assigns=%u", o->assigns);
    fprintf(d->out, "\n");
}

// A constant without an expression of its own repeats the one above (inherited), which has been
// listed there.
static void decl(Dump *d, Decl *x) {
    switch (x->kind) {
    case D_IMPORT: break;
    case D_CONST:
    case D_VAR:
        for (vec_each(Expr *, n, &x->value.names))
            if ((*n)->name.obj) object(d, (*n)->name.obj);
        if (x->kind == D_CONST && x->value.inherited) break;
        expr(d, x->value.type);
        expr(d, x->value.values);
        break;
    case D_TYPE:
        if (x->type.name->name.obj) object(d, x->type.name->name.obj);
        fields(d, &x->type.tparams);
        expr(d, x->type.type);
        break;
    case D_FUNC:
        if (x->func.obj) object(d, x->func.obj);
        if (x->func.recv) expr(d, x->func.recv->type);
        fields(d, &x->func.tparams);
        fields(d, &x->func.ftype->func.params);
        fields(d, &x->func.ftype->func.results);
        stmt(d, x->func.body);
        break;
    }
}

static void clauses(Dump *d, ClauseVec *v) {
    for (vec_each(Clause *, p, v)) {
        Clause *cl = *p;
        expr(d, cl->exprs);
        stmt(d, cl->comm);
        if (cl->implicit) object(d, cl->implicit);
        for (vec_each(Stmt *, s, &cl->body)) stmt(d, *s);
    }
}

// Statements have no lines; they order those of their expressions and declarations.
static void stmt(Dump *d, Stmt *s) {
    if (!s) return;
    switch (s->kind) {
    case S_BLOCK:
        for (vec_each(Stmt *, x, &s->block.list)) stmt(d, *x);
        break;
    case S_EXPR: expr(d, s->expr.x); break;
    case S_SEND:
        expr(d, s->send.ch);
        expr(d, s->send.x);
        break;
    case S_ASSIGN:
        expr(d, s->assign.lhs);
        expr(d, s->assign.rhs);
        break;
    case S_INCDEC: expr(d, s->incdec.x); break;
    case S_DECL:
        for (vec_each(Decl *, x, &s->decl.decls)) decl(d, *x);
        break;
    case S_LABELED: stmt(d, s->labeled.stmt); break;
    case S_GO:
    case S_DEFER: expr(d, s->go.call); break;
    case S_RETURN: expr(d, s->ret.results); break;
    case S_IF:
        stmt(d, s->if_.init);
        expr(d, s->if_.cond);
        stmt(d, s->if_.then);
        stmt(d, s->if_.els);
        break;
    case S_FOR:
        if (s->for_.is_range) {
            expr(d, s->for_.lhs);
            expr(d, s->for_.x);
        } else {
            stmt(d, s->for_.init);
            expr(d, s->for_.cond);
            stmt(d, s->for_.post);
        }
        stmt(d, s->for_.body);
        break;
    case S_SWITCH:
        stmt(d, s->switch_.init);
        expr(d, s->switch_.tag);
        clauses(d, &s->switch_.clauses);
        break;
    case S_SELECT: clauses(d, &s->select.clauses); break;
    default: break;
    }
}

void dump_types(FILE *out, Package *p) {
    Dump d = {out};
    Package *before = current_package;
    current_package = p;
    fprintf(out, "package %s (%s)\n", p->name, p->path);
    for (vec_each(File *, f, &p->files))
        for (vec_each(Decl *, x, &(*f)->decls)) decl(&d, *x);
    for (vec_each(Initializer, in, &p->inits)) {
        fprintf(out, "init");
        for (vec_each(Object *, o, &in->lhs)) fprintf(out, " %s", (*o)->name);
        fprintf(out, " = %s\n", expr_string(in->rhs));
    }
    current_package = before;
}
