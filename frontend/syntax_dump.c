// syntax_dump: --emit=ast. One node a line: indentation, kind, line:col, what the node says of
// itself; children below it.
#include "frontend/syntax.h"

typedef struct Dump {
    FILE *out;
    int depth;
} Dump;

static void expr(Dump *d, const char *role, const Expr *x);
static void stmt(Dump *d, const char *role, const Stmt *s);
static void decl(Dump *d, const Decl *x);

static void line(Dump *d, const char *role, const char *kind, Pos pos) {
    Position p = source_position_raw(pos);
    fprintf(d->out, "%*s%s%s%s %u:%u", d->depth * 2, "", role, *role ? ": " : "", kind, p.line,
            p.col);
}
static void end(Dump *d) { fputc('\n', d->out); }

static void exprs(Dump *d, const char *role, const ExprVec *v) {
    for (uint32_t i = 0; i < v->len; i++) expr(d, role, v->data[i]);
}

static void fields(Dump *d, const char *role, const FieldVec *v) {
    for (uint32_t i = 0; i < v->len; i++) {
        Field *f = v->data[i];
        line(d, role, f->embedded ? "embedded" : "field", f->pos);
        if (f->name) fprintf(d->out, " %s", f->name->name.name);
        end(d);
        d->depth++;
        if (f->type) expr(d, "type", f->type);
        if (f->tag) expr(d, "tag", f->tag);
        d->depth--;
    }
}

static const char *const expr_names[] = {
    "bad",           "name",     "literal", "composite", "keyvalue",   "funclit", "paren",
    "selector",      "index",    "slice",   "assert",    "typeswitch", "star",    "unary",
    "binary",        "call",     "list",    "arraytype", "slicetype",  "dots",    "structtype",
    "interfacetype", "functype", "maptype", "chantype"};
static const char *const stmt_names[] = {"bad",    "empty", "block",   "expr",   "send",  "assign",
                                         "incdec", "decl",  "labeled", "branch", "go",    "defer",
                                         "return", "if",    "for",     "switch", "select"};

// Position and role in the parent come first, then what belongs to the node's own line, then
// children. What is absent is not mentioned.
static void expr(Dump *d, const char *role, const Expr *x) {
    if (!x) return;
    line(d, role, expr_names[x->kind], x->pos);
    switch (x->kind) {
    case E_NAME: fprintf(d->out, " %s", x->name.name); break;
    case E_LIT: fprintf(d->out, " %.*s", (int)x->lit.text.len, x->lit.text.p); break;
    case E_UNARY:
    case E_BINARY: fprintf(d->out, " %s", operator_text[x->op.op]); break;
    case E_SELECTOR: fprintf(d->out, " .%s", x->selector.sel->name.name); break;
    case E_CALL:
        if (x->call.dots) fputs(" ...", d->out);
        break;
    case E_CHANTYPE: fprintf(d->out, " dir=%d", x->chan.dir); break;
    default: break;
    }
    end(d);
    d->depth++;
    switch (x->kind) {
    case E_COMPOSITE:
        expr(d, "type", x->composite.type);
        exprs(d, "", &x->composite.elems);
        break;
    case E_KEYVALUE:
        expr(d, "key", x->kv.x);
        expr(d, "value", x->kv.y);
        break;
    case E_FUNCLIT:
        expr(d, "type", x->funclit.ftype);
        stmt(d, "body", x->funclit.body);
        break;
    case E_PAREN: expr(d, "", x->paren.x); break;
    case E_SELECTOR: expr(d, "", x->selector.x); break;
    case E_INDEX:
        expr(d, "", x->index.x);
        exprs(d, "index", &x->index.index);
        break;
    case E_SLICE:
        expr(d, "", x->slice.x);
        expr(d, "low", x->slice.i);
        expr(d, "high", x->slice.j);
        expr(d, "max", x->slice.k);
        break;
    case E_ASSERT:
        expr(d, "", x->assert_.x);
        expr(d, "type", x->assert_.type);
        break;
    case E_TYPESWITCH:
        expr(d, "lhs", x->typeswitch.lhs);
        expr(d, "", x->typeswitch.x);
        break;
    case E_STAR: expr(d, "", x->star.x); break;
    case E_UNARY:
    case E_BINARY:
        expr(d, "", x->op.x);
        expr(d, "", x->op.y);
        break;
    case E_CALL:
        expr(d, "fun", x->call.fun);
        exprs(d, "arg", &x->call.args);
        break;
    case E_LIST: exprs(d, "", &x->list.elems); break;
    case E_ARRAYTYPE:
    case E_SLICETYPE:
    case E_DOTS:
        expr(d, "len", x->array.len);
        expr(d, "elem", x->array.elem);
        break;
    case E_STRUCTTYPE:
    case E_INTERFACETYPE: fields(d, "", &x->fields.fields); break;
    case E_FUNCTYPE:
        fields(d, "param", &x->func.params);
        fields(d, "result", &x->func.results);
        break;
    case E_MAPTYPE:
        expr(d, "key", x->map.key);
        expr(d, "elem", x->map.elem);
        break;
    case E_CHANTYPE: expr(d, "elem", x->chan.elem); break;
    default: break;
    }
    d->depth--;
}

static void stmts(Dump *d, const StmtVec *v) {
    for (uint32_t i = 0; i < v->len; i++) stmt(d, "", v->data[i]);
}

static void clauses(Dump *d, const ClauseVec *v) {
    for (uint32_t i = 0; i < v->len; i++) {
        Clause *c = v->data[i];
        line(d, "", c->is_default ? "default" : "case", c->pos);
        end(d);
        d->depth++;
        expr(d, "value", c->exprs);
        if (c->comm) stmt(d, "comm", c->comm);
        stmts(d, &c->body);
        d->depth--;
    }
}

// The roles tell apart children of which some may be missing: init and post, then and else.
static void stmt(Dump *d, const char *role, const Stmt *s) {
    if (!s) return;
    line(d, role, stmt_names[s->kind], s->pos);
    switch (s->kind) {
    case S_ASSIGN:
        fprintf(d->out, " %s%s", operator_text[s->assign.op], s->assign.define ? ":=" : "=");
        break;
    case S_INCDEC: fputs(s->incdec.dec ? " --" : " ++", d->out); break;
    case S_LABELED: fprintf(d->out, " %s", s->labeled.label); break;
    case S_BRANCH:
        fprintf(d->out, " %s%s%s", token_text[s->branch.tok], s->branch.label ? " " : "",
                s->branch.label ? s->branch.label : "");
        break;
    case S_FOR:
        if (s->for_.is_range) fputs(s->for_.define ? " range :=" : " range", d->out);
        break;
    default: break;
    }
    end(d);
    d->depth++;
    switch (s->kind) {
    case S_BLOCK: stmts(d, &s->block.list); break;
    case S_EXPR: expr(d, "", s->expr.x); break;
    case S_SEND:
        expr(d, "chan", s->send.ch);
        expr(d, "value", s->send.x);
        break;
    case S_ASSIGN:
        expr(d, "lhs", s->assign.lhs);
        expr(d, "rhs", s->assign.rhs);
        break;
    case S_INCDEC: expr(d, "", s->incdec.x); break;
    case S_DECL:
        for (uint32_t i = 0; i < s->decl.decls.len; i++) decl(d, s->decl.decls.data[i]);
        break;
    case S_LABELED: stmt(d, "", s->labeled.stmt); break;
    case S_GO:
    case S_DEFER: expr(d, "", s->go.call); break;
    case S_RETURN: expr(d, "", s->ret.results); break;
    case S_IF:
        stmt(d, "init", s->if_.init);
        expr(d, "cond", s->if_.cond);
        stmt(d, "then", s->if_.then);
        stmt(d, "else", s->if_.els);
        break;
    case S_FOR:
        stmt(d, "init", s->for_.init);
        expr(d, "cond", s->for_.cond);
        stmt(d, "post", s->for_.post);
        expr(d, "lhs", s->for_.lhs);
        expr(d, "range", s->for_.x);
        stmt(d, "body", s->for_.body);
        break;
    case S_SWITCH:
        stmt(d, "init", s->switch_.init);
        expr(d, "tag", s->switch_.tag);
        clauses(d, &s->switch_.clauses);
        break;
    case S_SELECT: clauses(d, &s->select.clauses); break;
    default: break;
    }
    d->depth--;
}

// Constants that repeat the expression above them have it in the tree, but it is dumped once.
static void decl(Dump *d, const Decl *x) {
    static const char *const names[] = {"import", "const", "type", "var", "func"};
    line(d, "", names[x->kind], x->pos);
    if (x->group) fprintf(d->out, " group=%u", x->group);
    if (x->kind == D_CONST)
        fprintf(d->out, " iota=%u%s", x->value.iota, x->value.inherited ? " inherited" : "");
    if (x->kind == D_TYPE)
        fprintf(d->out, " %s%s", x->type.name->name.name, x->type.alias ? " =" : "");
    if (x->kind == D_FUNC) fprintf(d->out, " %s", x->func.name->name.name);
    end(d);
    d->depth++;
    switch (x->kind) {
    case D_IMPORT:
        expr(d, "name", x->import.name);
        expr(d, "path", x->import.path);
        break;
    case D_CONST:
    case D_VAR:
        exprs(d, "name", &x->value.names);
        if (!x->value.inherited) {
            expr(d, "type", x->value.type);
            expr(d, "values", x->value.values);
        }
        break;
    case D_TYPE:
        fields(d, "tparam", &x->type.tparams);
        expr(d, "", x->type.type);
        break;
    case D_FUNC:
        if (x->func.recv) {
            FieldVec one = {0};
            vec_push(&one, x->func.recv);
            fields(d, "recv", &one);
        }
        fields(d, "tparam", &x->func.tparams);
        expr(d, "type", x->func.ftype);
        stmt(d, "body", x->func.body);
        break;
    }
    d->depth--;
}

void dump_ast(FILE *out, const File *f) {
    Dump d = {out, 0};
    fprintf(out, "file %s package %s\n", f->src->display,
            f->pkg_name ? f->pkg_name->name.name : "?");
    d.depth++;
    for (uint32_t i = 0; i < f->decls.len; i++) decl(&d, f->decls.data[i]);
}
