// parser_expr: expressions and types. Each function starts with the production it parses; positions
// are those of gc's parser.
#include "frontend/parser.h"

Expr *p_new_name(Pos pos, const char *s) {
    Expr *x = NEW(Expr);
    x->kind = E_NAME;
    x->pos = pos;
    x->name.name = intern_c(s);
    x->end = pos + (Pos)strlen(s);
    return x;
}

// name = identifier .
Expr *p_name(Parser *p) {
    if (p->l.tok == TOK_NAME) {
        Expr *x = expr_new(E_NAME, p_pos(p));
        x->name.name = p->l.name;
        p_next(p);
        x->end = p_prev_end(p);
        return x;
    }
    Expr *x = p_new_name(p_pos(p), "_");
    x->implicit = true;
    p_error(p, "expected name");
    p_advance(p, 0);
    return x;
}

static Expr *bad_expr(Parser *p) { return expr_new(E_BAD, p_pos(p)); }

// ExprList = Expr { "," Expr } .
Expr *p_expr_list(Parser *p) {
    Expr *x = p_expr(p);
    if (p->l.tok != TOK_COMMA) return x;
    Expr *list = expr_new(E_LIST, x->pos);
    vec_push(&list->list.elems, x);
    while (p_got(p, TOK_COMMA)) vec_push(&list->list.elems, p_expr(p));
    list->end = p_prev_end(p);
    return list;
}

Expr *p_expr(Parser *p) { return p_binary(p, NULL, 0); }

// Expression = UnaryExpr | Expression binary_op Expression .
Expr *p_binary(Parser *p, Expr *x, int prec) {
    if (!p_enter(p)) return bad_expr(p);
    if (!x) x = p_unary(p);
    while ((p->l.tok == TOK_OPERATOR || p->l.tok == TOK_STAR) && p->l.prec > prec) {
        Expr *t = expr_new(E_BINARY, p_pos(p));
        t->op.op = p->l.op;
        int tprec = p->l.prec;
        p_next(p);
        t->op.x = x;
        t->op.y = p_binary(p, NULL, tprec);
        t->end = p_prev_end(p);
        x = t;
    }
    p_leave(p);
    return x;
}

// UnaryExpr = PrimaryExpr | unary_op UnaryExpr .
Expr *p_unary(Parser *p) {
    if (!p_enter(p)) return bad_expr(p);
    Expr *x = NULL;
    Pos pos = p_pos(p);
    if (p->l.tok == TOK_OPERATOR || p->l.tok == TOK_STAR) {
        Operator op = p->l.op;
        if (op == OPR_MUL) {
            x = expr_new(E_STAR, pos);
            p_next(p);
            x->star.x = p_unary(p);
        } else if (op == OPR_ADD || op == OPR_SUB || op == OPR_NOT || op == OPR_XOR ||
                   op == OPR_TILDE || op == OPR_AND) {
            x = expr_new(E_UNARY, pos);
            x->op.op = op;
            p_next(p);
            // &(T{}) is &T{}; unparen as gc does so that it reads as a composite literal's address
            x->op.x = op == OPR_AND ? unparen(p_unary(p)) : p_unary(p);
        }
    } else if (p->l.tok == TOK_ARROW) {
        p_next(p);
        // <-x is a receive or the start of a channel type: <-chan T. Re-associate: <-(chan T)
        // becomes (<-chan T), and so on down.
        Expr *y = p_unary(p);
        if (y->kind == E_CHANTYPE) {
            ChanDir dir = CHAN_SEND;
            Expr *t = y;
            while (dir == CHAN_SEND && t->kind == E_CHANTYPE) {
                dir = t->chan.dir;
                if (dir == CHAN_RECV) p_error(p, "unexpected <-, expected chan"); // <-<-chan E
                t->chan.dir = CHAN_RECV;
                t = t->chan.elem;
            }
            // <-chan<- E.
            if (dir == CHAN_SEND)
                p_error(p, xsprintf("unexpected %s, expected chan", expr_string(t)));
            x = y;
        } else {
            x = expr_new(E_UNARY, pos);
            x->op.op = OPR_RECV;
            x->op.x = y;
        }
    }
    if (!x) x = p_pexpr(p, NULL);
    x->end = p_prev_end(p);
    p_leave(p);
    return x;
}

// Element = Expression | LiteralValue .
static Expr *complit(Parser *p);
static Expr *bare_complit(Parser *p) {
    if (!p_enter(p)) return bad_expr(p);
    Expr *x = p->l.tok == TOK_LBRACE ? complit(p) : p_expr(p);
    p_leave(p);
    return x;
}

static bool complit_elem(Parser *p, void *arg) {
    Expr *x = arg, *e = bare_complit(p);
    if (p->l.tok == TOK_COLON) {
        Expr *kv = expr_new(E_KEYVALUE, p_pos(p));
        p_next(p);
        kv->kv.x = e;
        kv->kv.y = bare_complit(p);
        kv->end = p_prev_end(p);
        e = kv;
        x->composite.nkeys++;
    }
    vec_push(&x->composite.elems, e);
    return false;
}

// LiteralValue = "{" [ ElementList [ "," ] ] "}" .
static Expr *complit(Parser *p) {
    Expr *x = expr_new(E_COMPOSITE, p_pos(p));
    p->xnest++;
    p_want(p, TOK_LBRACE);
    x->composite.rbrace = p_list(p, "composite literal", TOK_COMMA, TOK_RBRACE, complit_elem, x);
    p->xnest--;
    x->end = p_prev_end(p);
    return x;
}

static Expr *func_type_or_lit(Parser *p) {
    Pos pos = p_pos(p);
    p_next(p);
    Expr *ftype = p_func_type(p, "function type", NULL);
    if (p->l.tok != TOK_LBRACE) return ftype;
    p->xnest++;
    Expr *f = expr_new(E_FUNCLIT, pos);
    f->funclit.ftype = ftype;
    f->funclit.body = p_func_body(p);
    f->end = p_prev_end(p);
    p->xnest--;
    return f;
}

// Operand = Literal | OperandName | "(" Expression ")" | FunctionLit | Type .
Expr *p_operand(Parser *p) {
    Pos pos = p_pos(p);
    switch (p->l.tok) {
    case TOK_NAME: return p_name(p);
    case TOK_LITERAL: {
        Expr *x = expr_new(E_LIT, pos);
        x->lit.kind = p->l.lit_kind;
        x->lit.bad = p->l.lit_bad;
        x->lit.text = str_make(p->l.text + p->l.start, p->l.stop - p->l.start);
        p_next(p);
        x->end = p_prev_end(p);
        return x;
    }
    case TOK_LPAREN: {
        p_next(p);
        p->xnest++;
        Expr *x = p_expr(p); // a parenthesised type is an expression as well
        p->xnest--;
        p_want(p, TOK_RPAREN);
        Expr *t = expr_new(E_PAREN, pos);
        t->paren.x = x;
        t->end = p_prev_end(p);
        return t;
    }
    case TOK_FUNC: return func_type_or_lit(p);
    case TOK_LBRACK:
    case TOK_CHAN:
    case TOK_MAP:
    case TOK_STRUCT:
    case TOK_INTERFACE: return p_type(p);
    default: {
        Expr *x = bad_expr(p);
        p_error(p, "expected expression");
        p_advance(p, 1ull << TOK_RPAREN | 1ull << TOK_RBRACK | 1ull << TOK_RBRACE);
        return x;
    }
    }
}

// Must x, by its form, be a value and no type?
static bool is_value(const Expr *x) {
    switch (x->kind) {
    case E_LIT:
    case E_COMPOSITE:
    case E_FUNCLIT:
    case E_SLICE:
    case E_ASSERT:
    case E_TYPESWITCH:
    case E_CALL:
    case E_UNARY:
    case E_BINARY: return true;
    case E_PAREN: return is_value(x->paren.x);
    case E_INDEX:
        return is_value(x->index.x) ||
               (x->index.index.len == 1 && is_value(x->index.index.data[0]));
    default: return false;
    }
}

// Does a { behind x begin a composite literal? It may be a block's.
static bool may_be_complit_type(const Parser *p, const Expr *x) {
    switch (x->kind) {
    case E_NAME:
    case E_SELECTOR: return p->xnest >= 0;
    case E_INDEX: return p->xnest >= 0 && !is_value(x);
    case E_ARRAYTYPE:
    case E_SLICETYPE:
    case E_STRUCTTYPE:
    case E_MAPTYPE: return true;
    default: return false;
    }
}

static bool call_arg(Parser *p, void *arg) {
    Expr *call = arg;
    vec_push(&call->call.args, p_expr(p));
    call->call.dots = p_got(p, TOK_DOTDOTDOT);
    return call->call.dots;
}

// TypeList = Arg { "," Arg } [ "," ] . The first may be an expression unless strict. Returns
// whether there was a comma.
static bool type_list(Parser *p, bool strict, ExprVec *out) {
    p->xnest++;
    vec_push(out, strict ? p_type(p) : p_expr(p));
    bool comma = p->l.tok == TOK_COMMA;
    while (p_got(p, TOK_COMMA)) {
        Expr *t = p_type_or_nil(p);
        if (!t) break;
        vec_push(out, t);
    }
    p->xnest--;
    return comma;
}

// x[i], x[i, j], x[i:j], x[i:j:k] at the [.
static Expr *index_or_slice(Parser *p, Expr *x, Pos pos) {
    p_next(p);
    ExprVec index = {0};
    if (p->l.tok != TOK_COLON) {
        bool comma = false;
        if (p->l.tok == TOK_RBRACK) {
            p_error(p, "expected operand");
            vec_push(&index, bad_expr(p));
        } else {
            comma = type_list(p, false, &index);
        }
        if (comma || p->l.tok == TOK_RBRACK) {
            p_want(p, TOK_RBRACK);
            Expr *t = expr_new(E_INDEX, pos);
            t->index.x = x;
            t->index.index = index;
            return t;
        }
    }
    if (!p_got(p, TOK_COLON)) {
        p_error(p, "expected comma, : or ]");
        p_advance(p, 1ull << TOK_COMMA | 1ull << TOK_COLON | 1ull << TOK_RBRACK);
    }
    p->xnest++;
    Expr *t = expr_new(E_SLICE, pos);
    t->slice.x = x;
    t->slice.i = index.len ? index.data[0] : NULL;
    if (p->l.tok != TOK_COLON && p->l.tok != TOK_RBRACK) t->slice.j = p_expr(p);
    if (p->l.tok == TOK_COLON) {
        t->slice.full = true;
        if (!t->slice.j) {
            error_at(p_pos(p), "middle index required in 3-index slice");
            t->slice.j = bad_expr(p);
        }
        p_next(p);
        if (p->l.tok != TOK_RBRACK)
            t->slice.k = p_expr(p);
        else {
            error_at(p_pos(p), "final index required in 3-index slice");
            t->slice.k = bad_expr(p);
        }
    }
    p->xnest--;
    p_want(p, TOK_RBRACK);
    return t;
}

// PrimaryExpr = Operand | Conversion | PrimaryExpr ( Selector | Index | Slice | TypeAssertion |
// Arguments ) .
Expr *p_pexpr(Parser *p, Expr *x) {
    if (!p_enter(p)) return bad_expr(p);
    if (!x) x = p_operand(p);
    for (;;) {
        Pos at = p_pos(p);
        switch (p->l.tok) {
        case TOK_DOT: {
            p_next(p);
            if (p->l.tok == TOK_NAME) {
                Expr *t = expr_new(E_SELECTOR, at);
                t->selector.x = x;
                t->selector.sel = p_name(p);
                x = t;
            } else if (p->l.tok == TOK_LPAREN) {
                p_next(p);
                if (p_got(p, TOK_TYPE)) {
                    Expr *t = expr_new(E_TYPESWITCH, at);
                    t->typeswitch.x = x;
                    x = t;
                } else {
                    Expr *t = expr_new(E_ASSERT, at);
                    t->assert_.x = x;
                    t->assert_.type = p_type(p);
                    x = t;
                }
                p_want(p, TOK_RPAREN);
            } else {
                p_error(p, "expected name or (");
                p_advance(p, 1ull << TOK_SEMI | 1ull << TOK_RPAREN);
            }
            break;
        }
        case TOK_LBRACK: x = index_or_slice(p, x, at); break;
        case TOK_LPAREN: {
            Expr *t = expr_new(E_CALL, at);
            t->call.fun = x;
            p_next(p);
            p->xnest++;
            t->call.rparen = p_list(p, "argument list", TOK_COMMA, TOK_RPAREN, call_arg, t);
            p->xnest--;
            x = t;
            break;
        }
        case TOK_LBRACE: {
            Expr *t = unparen(x);
            if (!may_be_complit_type(p, t)) goto done;
            if (t != x) p_error(p, "cannot parenthesize type in composite literal");
            Expr *n = complit(p);
            n->pos = at;
            n->composite.type = x;
            x = n;
            break;
        }
        default: goto done;
        }
        x->end = p_prev_end(p);
    }
done:
    p_leave(p);
    return x;
}

// ---- types --------------------------------------------------------------------------------------

Expr *p_type(Parser *p) {
    Expr *t = p_type_or_nil(p);
    if (t) return t;
    t = bad_expr(p);
    p_error(p, "expected type");
    p_advance(p, 1ull << TOK_COMMA | 1ull << TOK_COLON | 1ull << TOK_SEMI | 1ull << TOK_RPAREN |
                     1ull << TOK_RBRACK | 1ull << TOK_RBRACE);
    return t;
}

// [T1, T2] behind a type name.
static Expr *p_type_instance(Parser *p, Expr *x) {
    Expr *t = expr_new(E_INDEX, p_pos(p));
    p_want(p, TOK_LBRACK);
    t->index.x = x;
    if (p->l.tok == TOK_RBRACK) {
        p_error(p, "expected type argument list");
        vec_push(&t->index.index, bad_expr(p));
    } else {
        type_list(p, true, &t->index.index);
    }
    p_want(p, TOK_RBRACK);
    t->end = p_prev_end(p);
    return t;
}

// TypeName [ TypeArgs ] = name [ "." name ] .
static Expr *p_qualified_name(Parser *p, Expr *name) {
    Expr *x = name;
    if (!x) {
        if (p->l.tok == TOK_NAME)
            x = p_name(p);
        else {
            x = p_new_name(p_pos(p), "_");
            p_error(p, "expected name");
            p_advance(p, 1ull << TOK_DOT | 1ull << TOK_SEMI | 1ull << TOK_RBRACE);
        }
    }
    if (p->l.tok == TOK_DOT) {
        Expr *s = expr_new(E_SELECTOR, p_pos(p));
        p_next(p);
        s->selector.x = x;
        s->selector.sel = p_name(p);
        s->end = p_prev_end(p);
        x = s;
    }
    if (p->l.tok == TOK_LBRACK) x = p_type_instance(p, x);
    return x;
}

// An element type that is missing is taken for just that: nothing is skipped.
static Expr *chan_elem(Parser *p) {
    Expr *t = p_type_or_nil(p);
    if (t) return t;
    t = bad_expr(p);
    p_error(p, "missing channel element type");
    return t;
}

Expr *p_slice_type(Parser *p, Pos pos) {
    Expr *t = expr_new(E_SLICETYPE, pos);
    t->array.elem = p_type(p);
    t->end = p_prev_end(p);
    return t;
}

// ArrayType = "[" ( ArrayLength | "..." ) "]" ElementType . Behind the [, and behind the length
// where that was read to tell it from a type parameter.
Expr *p_array_type(Parser *p, Pos pos, Expr *len) {
    if (!len && !p_got(p, TOK_DOTDOTDOT)) {
        p->xnest++;
        len = p_expr(p);
        p->xnest--;
    }
    if (p->l.tok == TOK_COMMA) { // which may end a list of type parameters
        p_error(p, "unexpected comma; expected ]");
        p_next(p);
    }
    p_want(p, TOK_RBRACK);
    Expr *t = expr_new(E_ARRAYTYPE, pos);
    t->array.len = len;
    t->array.elem = p_type(p);
    t->end = p_prev_end(p);
    return t;
}

static bool struct_field(Parser *p, void *arg);
static bool interface_elem(Parser *p, void *arg);

// Type = TypeName | "(" Type ")" | TypeLit . NULL, with nothing read and nothing said, where no
// type begins.
Expr *p_type_or_nil(Parser *p) {
    if (!p_enter(p)) return bad_expr(p);
    Pos pos = p_pos(p);
    Expr *t = NULL;
    switch (p->l.tok) {
    case TOK_STAR:
        t = expr_new(E_STAR, pos);
        p_next(p);
        t->star.x = p_type(p);
        break;
    case TOK_ARROW:
        p_next(p);
        t = expr_new(E_CHANTYPE, pos);
        p_want(p, TOK_CHAN);
        t->chan.dir = CHAN_RECV;
        t->chan.elem = chan_elem(p);
        break;
    case TOK_FUNC:
        p_next(p);
        t = p_func_type(p, "function type", NULL);
        break;
    case TOK_LBRACK:
        p_next(p);
        t = p_got(p, TOK_RBRACK) ? p_slice_type(p, pos) : p_array_type(p, pos, NULL);
        break;
    case TOK_CHAN:
        p_next(p);
        t = expr_new(E_CHANTYPE, pos);
        t->chan.dir = p_got(p, TOK_ARROW) ? CHAN_SEND : CHAN_BOTH;
        t->chan.elem = chan_elem(p);
        break;
    case TOK_MAP:
        p_next(p);
        p_want(p, TOK_LBRACK);
        t = expr_new(E_MAPTYPE, pos);
        t->map.key = p_type(p);
        p_want(p, TOK_RBRACK);
        t->map.elem = p_type(p);
        break;
    case TOK_STRUCT:
        t = expr_new(E_STRUCTTYPE, pos);
        p_next(p);
        p_want(p, TOK_LBRACE);
        p_list(p, "struct type", TOK_SEMI, TOK_RBRACE, struct_field, t);
        break;
    case TOK_INTERFACE:
        t = expr_new(E_INTERFACETYPE, pos);
        p_next(p);
        p_want(p, TOK_LBRACE);
        p_list(p, "interface type", TOK_SEMI, TOK_RBRACE, interface_elem, t);
        break;
    case TOK_NAME: t = p_qualified_name(p, NULL); break;
    case TOK_LPAREN: // leaves no trace, as in gc
        p_next(p);
        t = p_type(p);
        p_want(p, TOK_RPAREN);
        break;
    default: break;
    }
    if (t) t->end = p_prev_end(p);
    p_leave(p);
    return t;
}

// Signature = [ TypeParams ] Parameters [ Result ] .
Expr *p_func_type(Parser *p, const char *context, FieldVec *tparams) {
    Expr *t = expr_new(E_FUNCTYPE, p_pos(p)); // where its parameters begin, as in gc
    if (p_got(p, TOK_LBRACK)) {
        if (context)
            p_syntax_error_at(p, t->pos, xsprintf("%s must have no type parameters", context));
        FieldVec list = {0};
        if (p->l.tok == TOK_RBRACK) {
            p_error(p, "empty type parameter list");
            p_next(p);
        } else {
            list = p_param_list(p, NULL, NULL, TOK_RBRACK, true, false);
        }
        if (tparams) *tparams = list;
    }
    p_want(p, TOK_LPAREN);
    t->func.params = p_param_list(p, NULL, NULL, TOK_RPAREN, false, true);
    if (p->l.tok == TOK_LPAREN) {
        p_next(p);
        t->func.results = p_param_list(p, NULL, NULL, TOK_RPAREN, false, false);
    } else {
        Pos at = p_pos(p);
        Expr *r = p_type_or_nil(p);
        if (r) {
            Field *f = NEW(Field);
            f->pos = at;
            f->type = r;
            vec_push(&t->func.results, f);
        }
    }
    t->end = p_prev_end(p);
    return t;
}

// ---- structs and interfaces ---------------------------------------------------------------------

static Expr *tag(Parser *p) { return p->l.tok == TOK_LITERAL ? p_operand(p) : NULL; }

static void add_embedded(Parser *p, Expr *t, Pos pos, Expr *type) {
    Field *f = NEW(Field);
    f->pos = pos;
    f->type = type;
    f->embedded = true;
    f->tag = tag(p);
    vec_push(&t->fields.fields, f);
}

// Embedded field: [ "*" ] TypeName [ TypeArgs ], possibly wrongly parenthesised.
static Expr *star_of(Parser *p, Pos pos, Expr *x) {
    Expr *s = expr_new(E_STAR, pos);
    s->star.x = x;
    s->end = p_prev_end(p);
    return s;
}

// At the [ behind name: an array or slice type, or the type arguments of name, which it then
// becomes a part of.
static Expr *array_or_targs(Parser *p, Expr *name) {
    Pos pos = p_pos(p);
    p_want(p, TOK_LBRACK);
    if (p_got(p, TOK_RBRACK)) return p_slice_type(p, pos);
    ExprVec list = {0};
    bool comma = type_list(p, false, &list);
    p_want(p, TOK_RBRACK);
    Expr *elem = comma ? NULL : p_type_or_nil(p), *t;
    if (elem) {
        t = expr_new(E_ARRAYTYPE, pos);
        t->array.len = list.data[0];
        t->array.elem = elem;
    } else {
        t = expr_new(E_INDEX, pos);
        t->index.x = name;
        t->index.index = list;
    }
    t->end = p_prev_end(p);
    return t;
}

static void add_named(Expr *t, Expr *name) {
    Field *f = NEW(Field);
    f->pos = name->pos;
    f->name = name;
    vec_push(&t->fields.fields, f);
}

// FieldDecl = ( IdentifierList Type | EmbeddedField ) [ Tag ] .
static bool struct_field(Parser *p, void *arg) {
    Expr *t = arg;
    FieldVec *fields = &t->fields.fields;
    Pos pos = p_pos(p);
    switch (p->l.tok) {
    case TOK_NAME: {
        Expr *name = p_name(p), *type;
        if (p->l.tok == TOK_DOT || p->l.tok == TOK_LITERAL || p->l.tok == TOK_SEMI ||
            p->l.tok == TOK_RBRACE) {
            add_embedded(p, t, pos, p_qualified_name(p, name));
            break;
        }
        uint32_t first = fields->len;
        if (p->l.tok == TOK_LBRACK) { // name [n]E, name []E or embedded name[T]
            type = array_or_targs(p, name);
            if (type->kind == E_INDEX) {
                add_embedded(p, t, pos, type);
                break;
            }
            add_named(t, name);
        } else {
            add_named(t, name);
            while (p_got(p, TOK_COMMA)) add_named(t, p_name(p));
            type = p_type(p);
        }
        Expr *tg = tag(p);
        for (uint32_t i = first; i < fields->len; i++) {
            fields->data[i]->type = type;
            fields->data[i]->tag = tg;
        }
        break;
    }
    case TOK_STAR:
        p_next(p);
        if (p->l.tok == TOK_LPAREN) { // *(T)
            p_syntax_error_at(p, p_pos(p), "cannot parenthesize embedded type");
            p_next(p);
            add_embedded(p, t, pos, star_of(p, pos, p_qualified_name(p, NULL)));
            p_got(p, TOK_RPAREN);
        } else {
            Expr *q = p_qualified_name(p, NULL);
            add_embedded(p, t, pos, star_of(p, pos, q));
        }
        break;
    case TOK_LPAREN: {
        p_syntax_error_at(p, pos, "cannot parenthesize embedded type");
        p_next(p);
        Expr *type;
        if (p->l.tok == TOK_STAR) {
            Pos at = p_pos(p);
            p_next(p);
            type = star_of(p, at, p_qualified_name(p, NULL));
        } else
            type = p_qualified_name(p, NULL);
        p_got(p, TOK_RPAREN);
        add_embedded(p, t, pos, type);
        break;
    }
    default:
        p_error(p, "expected field name or embedded type");
        p_advance(p, 1ull << TOK_SEMI | 1ull << TOK_RBRACE);
    }
    return false;
}

// EmbeddedTerm = [ "~" ] Type ; joined by "|".
static Expr *embedded_term(Parser *p) {
    if (p->l.tok == TOK_OPERATOR && p->l.op == OPR_TILDE) {
        Expr *t = expr_new(E_UNARY, p_pos(p));
        t->op.op = OPR_TILDE;
        p_next(p);
        t->op.x = p_type(p);
        t->end = p_prev_end(p);
        return t;
    }
    Expr *t = p_type_or_nil(p);
    if (t) return t;
    t = bad_expr(p);
    p_error(p, "expected ~ term or type");
    p_advance(p, 1ull << TOK_OPERATOR | 1ull << TOK_SEMI | 1ull << TOK_RPAREN | 1ull << TOK_RBRACK |
                     1ull << TOK_RBRACE);
    return t;
}

static Expr *p_embedded_elem(Parser *p, Expr *t) {
    if (!t) t = embedded_term(p);
    while (p->l.tok == TOK_OPERATOR && p->l.op == OPR_OR) {
        Expr *u = expr_new(E_BINARY, p_pos(p));
        u->op.op = OPR_OR;
        p_next(p);
        u->op.x = t;
        u->op.y = embedded_term(p);
        u->end = p_prev_end(p);
        t = u;
    }
    return t;
}

static void add_elem(Expr *t, Pos pos, Expr *name, Expr *type) {
    Field *f = NEW(Field);
    f->pos = pos;
    f->name = name;
    f->type = type;
    f->embedded = !name;
    vec_push(&t->fields.fields, f);
}

static void add_method(Parser *p, Expr *t, Pos pos, Expr *name) {
    add_elem(t, pos, name, p_func_type(p, "interface method", NULL));
}

// At the [ behind the name: a method with type parameters, which are refused, or an embedded type
// with arguments.
static void method_or_instance(Parser *p, Expr *t, Pos pos, Expr *name) {
    Pos at = p_pos(p);
    p_next(p);
    if (p->l.tok == TOK_RBRACK) {
        at = p_pos(p);
        p_next(p);
        error_at(at, "empty type %s list", p->l.tok == TOK_LPAREN ? "parameter" : "argument");
        if (p->l.tok == TOK_LPAREN)
            add_method(p, t, pos, name);
        else
            add_elem(t, pos, NULL, p_embedded_elem(p, name));
        return;
    }
    // Type arguments look like a parameter list with types only.
    FieldVec list = p_param_list(p, NULL, NULL, TOK_RBRACK, false, false);
    if (list.len ? list.data[0]->name != NULL : p->l.tok == TOK_LPAREN) {
        add_method(p, t, pos, name);
        if (list.len) error_at(at, "interface method must have no type parameters");
        return;
    }
    Expr *type = name;
    if (list.len) {
        type = expr_new(E_INDEX, at);
        type->index.x = name;
        for (vec_each(Field *, f, &list)) vec_push(&type->index.index, (*f)->type);
        type->end = p_prev_end(p);
    }
    add_elem(t, pos, NULL, p_embedded_elem(p, type));
}

static bool interface_elem(Parser *p, void *arg) {
    Expr *t = arg;
    Pos pos = p_pos(p);
    Expr *name = p->l.tok == TOK_NAME ? p_name(p) : NULL;
    if (name && p->l.tok == TOK_LPAREN)
        add_method(p, t, pos, name);
    else if (name && p->l.tok == TOK_LBRACK)
        method_or_instance(p, t, pos, name);
    else
        add_elem(t, pos, NULL, p_embedded_elem(p, name ? p_qualified_name(p, name) : NULL));
    return false;
}

// ---- parameters ---------------------------------------------------------------------------------

typedef struct ParamList {
    Expr *name, *type;
    Vec(Field *) list;
    Token close;
    uint32_t named, typed; // with both; with a type alone
} ParamList;

static Expr *dots_type(Parser *p) {
    Expr *t = expr_new(E_DOTS, p_pos(p));
    p_next(p);
    t->array.elem = p_type_or_nil(p);
    if (!t->array.elem) {
        t = bad_expr(p);
        p_error(p, "... is missing type");
    }
    t->end = p_prev_end(p);
    return t;
}

static bool at_operator(const Parser *p, Operator op) {
    return p->l.tok == TOK_OPERATOR && p->l.op == op;
}

// One entry: a name, a type, or a name with a type. False after an error. In a list of type
// parameters types may be constraints.
static bool parse_param(Parser *p, Expr *name, Token close, Field *f) {
    bool constraint = close == TOK_RBRACK;
    f->pos = name ? name->pos : p_pos(p);
    if (!name && constraint && at_operator(p, OPR_TILDE)) {
        f->type = p_embedded_elem(p, NULL);
        return true;
    }
    if (!name && p->l.tok == TOK_NAME) name = p_name(p);
    if (name && p->l.tok == TOK_LBRACK) {
        f->type = array_or_targs(p, name);
        if (f->type->kind != E_INDEX) f->name = name;
    } else if (name && p->l.tok == TOK_DOT) {
        f->type = p_qualified_name(p, name);
    } else if (name && constraint && at_operator(p, OPR_OR)) {
        f->type = name;
    } else {
        f->name = name;
        if (p->l.tok == TOK_DOTDOTDOT) {
            f->type = dots_type(p);
            return true;
        }
        if (constraint && at_operator(p, OPR_TILDE)) {
            f->type = p_embedded_elem(p, NULL);
            return true;
        }
        f->type = p_type_or_nil(p);
    }
    if (f->type && constraint && at_operator(p, OPR_OR)) f->type = p_embedded_elem(p, f->type);
    if (f->name || f->type) return true;
    p_error(p, xsprintf("expected %s", p_token_string(close)));
    p_advance(p, 1ull << TOK_COMMA | 1ull << close);
    return false;
}

// ParameterDecl = [ IdentifierList ] [ "..." ] Type . The first name, and type, may be read
// already: behind "type T [" it takes them to see that it is a list.
static bool param_decl(Parser *p, void *arg) {
    ParamList *pl = arg;
    Field *f = NEW(Field);
    bool ok = true;
    if (pl->type)
        *f = (Field){.pos = pl->name->pos, .name = pl->name, .type = pl->type};
    else
        ok = parse_param(p, pl->name, pl->close, f);
    pl->name = pl->type = NULL; // were the first
    if (!ok) return false;
    if (f->name && f->type)
        pl->named++;
    else if (f->type)
        pl->typed++;
    vec_push(&pl->list, f);
    return false;
}

// Parameters, results or type parameters behind the opening token. Either all entries have names or
// none; a lone name is then a type.
FieldVec p_param_list(Parser *p, Expr *name, Expr *type, Token close, bool require_names,
                      bool dots) {
    ParamList pl = {.name = name, .type = type, .close = close};
    FieldVec out = {0};
    if (type && p->l.tok == close) { // p_list would not see the first
        param_decl(p, &pl);
        p_next(p);
        vec_push(&out, pl.list.data[0]);
        return out;
    }
    Pos end = p_list(p, "parameter list", TOK_COMMA, close, param_decl, &pl);
    vec_reserve(&out, pl.list.len);
    if (!pl.list.len) return out;
    if (!pl.named && !require_names) { // all are types
        for (vec_each(Field *, f, &pl.list)) {
            if ((*f)->name && !(*f)->type) {
                (*f)->type = (*f)->name;
                (*f)->name = NULL;
            }
        }
    } else if (pl.named != pl.list.len) {
        // Some have names or all must have: go back from the end, giving lone names the type that
        // follows.
        Pos err = 0;
        Expr *t = NULL;
        for (uint32_t i = pl.list.len; i-- > 0;) {
            Field *f = pl.list.data[i];
            if (f->type && f->name) {
                t = f->type;
            } else if (f->type) { // a type without a name
                t = f->type;
                err = expr_start(t);
                f->name = p_new_name(err, "_");
                f->name->implicit = true;
            } else if (t) {
                f->type = t;
            } else { // a name without a type
                err = f->pos;
                f->type = bad_expr(p);
                f->type->pos = f->pos;
            }
        }
        if (err && !pl.typed) { // what has no type stands last
            p_syntax_error_at(p, end,
                              require_names ? "missing type constraint" : "missing parameter type");
        } else if (err) {
            const char *of_type = pl.list.len == 1
                                      ? "missing type parameter name or invalid array length"
                                      : "missing type parameter name";
            p_syntax_error_at(p, err, require_names ? of_type : "missing parameter name");
        }
    }
    bool first = true;
    for (vec_each(Field *, fp, &pl.list)) {
        Field *f = *fp;
        if (!f->type || f->type->kind != E_DOTS || (dots && fp + 1 == pl.list.data + pl.list.len))
            continue;
        if (first)
            error_at(f->type->pos,
                     dots ? "can only use ... with final parameter" : "invalid use of ...");
        first = false;
        f->type = f->type->array.elem;
    }
    for (vec_each(Field *, f, &pl.list)) vec_push(&out, *f);
    return out;
}
