// parser_expr: expressions and types. Each function starts with the production it parses; positions are those of gc's parser.
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
        } else if (op == OPR_ADD || op == OPR_SUB || op == OPR_NOT || op == OPR_XOR || op == OPR_TILDE || op == OPR_AND) {
            x = expr_new(E_UNARY, pos);
            x->op.op = op;
            p_next(p);
            // &(T{}) is &T{}; unparen as gc does so that it reads as a composite literal's address
            x->op.x = op == OPR_AND ? unparen(p_unary(p)) : p_unary(p);
        }
    } else if (p->l.tok == TOK_ARROW) {
        p_next(p);
        // <-x is a receive or the start of a channel type: <-chan T. Re-associate: <-(chan T) becomes (<-chan T), and so on down.
        Expr *y = p_unary(p);
        if (y->kind == E_CHANTYPE) {
            ChanDir dir = CHAN_SEND;
            Expr *t = y;
            while (dir == CHAN_SEND) {
                if (t->kind != E_CHANTYPE) break;
                dir = t->chan.dir;
                if (dir == CHAN_RECV) { // t is type <-chan E but <-<-chan E is not permitted
                    p_syntax_error_at(p, pos, "unexpected <-, expected chan");
                    break;
                }
                t->chan.dir = CHAN_RECV;
                if (dir == CHAN_SEND) {
                    Expr *e = t->chan.elem;
                    if (e->kind != E_CHANTYPE) {
                        p_syntax_error_at(p, pos, xsprintf("unexpected %s, expected chan", expr_string(e)));
                        dir = CHAN_BOTH;
                    }
                    t = e;
                }
            }
            x = y;
            x->pos = pos;
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

// KeyValue or element: bare composite literal values are allowed.
static Expr *bare_complit(Parser *p);
static Expr *complit(Parser *p) {
    Expr *x = expr_new(E_COMPOSITE, p_pos(p));
    p->xnest++;
    p_want(p, TOK_LBRACE);
    bool done = false;
    while (p->l.tok != TOK_EOF && p->l.tok != TOK_RBRACE && !done) {
        Expr *e = bare_complit(p);
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
        if (!p_got(p, TOK_COMMA) && p->l.tok != TOK_RBRACE) {
            p_error(p, "in composite literal; possibly missing comma or }");
            p_advance(p, 1ull << TOK_RPAREN | 1ull << TOK_RBRACK | 1ull << TOK_RBRACE);
            if (p->l.tok != TOK_RBRACE) done = true;
        }
    }
    x->composite.rbrace = p_pos(p);
    p->xnest--;
    if (done) {
        if (p->l.tok == TOK_RPAREN || p->l.tok == TOK_RBRACK) p_next(p); // an unbalanced closer that stopped the skipping
    } else
        p_want(p, TOK_RBRACE);
    x->end = p_prev_end(p);
    return x;
}
static Expr *bare_complit(Parser *p) {
    if (!p_enter(p)) return bad_expr(p);
    Expr *x = p->l.tok == TOK_LBRACE ? complit(p) : p_expr(p);
    p_leave(p);
    return x;
}

static Expr *func_type_or_lit(Parser *p) {
    Pos pos = p_pos(p);
    p_next(p);
    Expr *ftype = p_func_type(p, "function type");
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

static bool is_type_like_for_complit(Expr *x) {
    switch (x->kind) {
    case E_NAME:
    case E_ARRAYTYPE:
    case E_SLICETYPE:
    case E_STRUCTTYPE:
    case E_MAPTYPE: return true;
    case E_SELECTOR: return x->selector.x->kind == E_NAME;
    case E_INDEX: return is_type_like_for_complit(x->index.x);
    default: return false;
    }
}

static bool call_arg(Parser *p, void *arg) {
    Expr *call = arg;
    vec_push(&call->call.args, p_expr(p));
    call->call.dots = p_got(p, TOK_DOTDOTDOT);
    return call->call.dots;
}

static Expr *index_or_slice(Parser *p, Expr *x, Pos pos) {
    p_next(p); // [
    Expr *i = NULL;
    if (p->l.tok != TOK_COLON) {
        if (p->l.tok == TOK_RBRACK) {
            p_error(p, "expected operand"); // x[]
            i = bad_expr(p);
        } else {
            bool comma = false;
            p->xnest++;
            Expr *t = expr_new(E_INDEX, pos);
            t->index.x = x;
            do {
                if (p->l.tok == TOK_RBRACK) break;
                vec_push(&t->index.index, p_expr(p));
                comma = t->index.index.len > 1;
            } while (p->l.tok != TOK_COLON && p_got(p, TOK_COMMA));
            i = t->index.index.data[0];
            if (comma && p->l.tok == TOK_COLON) {
                p_error(p, "expected comma, : or ]");
                p_advance(p, 1ull << TOK_COMMA | 1ull << TOK_COLON | 1ull << TOK_RBRACK);
            }
            p->xnest--;
            if (p->l.tok != TOK_COLON) {
                if (p->l.tok != TOK_RBRACK) {
                    p_error(p, "expected comma, : or ]");
                    p_advance(p, 1ull << TOK_COMMA | 1ull << TOK_COLON | 1ull << TOK_RBRACK);
                    if (p->l.tok != TOK_RBRACK) {
                        t->end = p_prev_end(p);
                        p_got(p, TOK_RBRACK);
                        return t;
                    }
                }
                p_next(p);
                t->end = p_prev_end(p);
                return t;
            }
        }
        if (i->kind == E_BAD && p->l.tok == TOK_RBRACK) {
            p_next(p);
            Expr *t = expr_new(E_INDEX, pos);
            t->index.x = x;
            vec_push(&t->index.index, i);
            t->end = p_prev_end(p);
            return t;
        }
    }
    // x[i:…
    p->xnest++;
    if (p->l.tok != TOK_COLON) {
        p_error(p, "expected comma, : or ]");
        p_advance(p, 1ull << TOK_COMMA | 1ull << TOK_COLON | 1ull << TOK_RBRACK);
    }
    p_got(p, TOK_COLON);
    Expr *t = expr_new(E_SLICE, pos);
    t->slice.x = x;
    t->slice.i = i;
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
    t->end = p_prev_end(p);
    return t;
}

// PrimaryExpr = Operand | Conversion | PrimaryExpr ( Selector | Index | Slice | TypeAssertion | Arguments ) .
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
            bool complit_ok = is_type_like_for_complit(t) &&
                              (p->xnest >= 0 || !(t->kind == E_NAME || t->kind == E_SELECTOR || t->kind == E_INDEX));
            if (!complit_ok) goto done;
            if (t != x) p_syntax_error_at(p, at, "cannot parenthesize type in composite literal");
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

// ---- types ----------------------------------------------------------------------------------------------------------------

Expr *p_type(Parser *p) {
    Expr *t = p_type_or_nil(p);
    if (t) return t;
    t = bad_expr(p);
    p_error(p, "expected type");
    p_advance(p, 1ull << TOK_COMMA | 1ull << TOK_COLON | 1ull << TOK_SEMI | 1ull << TOK_RPAREN | 1ull << TOK_RBRACK |
                     1ull << TOK_RBRACE);
    return t;
}

// [T1, T2] behind a type name, unless it is empty.
static Expr *p_type_instance(Parser *p, Expr *x) {
    Expr *t = expr_new(E_INDEX, p_pos(p));
    p_want(p, TOK_LBRACK);
    t->index.x = x;
    p->xnest++;
    do {
        if (p->l.tok == TOK_RBRACK) break;
        vec_push(&t->index.index, p_type(p));
    } while (p_got(p, TOK_COMMA));
    p->xnest--;
    if (!t->index.index.len) {
        p_error(p, "expected type argument list");
        vec_push(&t->index.index, bad_expr(p));
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

static Expr *chan_elem(Parser *p) {
    Expr *t = p_type_or_nil(p);
    if (t) return t;
    p_error(p, "missing channel element type");
    return bad_expr(p);
}

static bool struct_field(Parser *p, void *arg);
static bool interface_elem(Parser *p, void *arg);

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
        t = p_func_type(p, "function type");
        break;
    case TOK_LBRACK:
        p_next(p);
        if (p_got(p, TOK_RBRACK)) {
            t = expr_new(E_SLICETYPE, pos);
            t->array.elem = p_type(p);
        } else {
            t = expr_new(E_ARRAYTYPE, pos);
            p->xnest++;
            if (p->l.tok == TOK_DOTDOTDOT) {
                Expr *d = expr_new(E_DOTS, p_pos(p));
                p_next(p);
                d->end = p_prev_end(p);
                t->array.len = NULL;
            } else
                t->array.len = p_expr(p);
            if (p->l.tok == TOK_COMMA) {
                p_error(p, "unexpected comma; expecting ]");
                p_next(p);
            }
            p->xnest--;
            p_want(p, TOK_RBRACK);
            t->array.elem = p_type(p);
        }
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
    case TOK_LPAREN:
        t = expr_new(E_PAREN, pos);
        p_next(p);
        t->paren.x = p_type(p);
        p_want(p, TOK_RPAREN);
        break;
    default: break;
    }
    if (t) t->end = p_prev_end(p);
    p_leave(p);
    return t;
}

// Signature = [ TypeParams ] Parameters [ Result ] . Type parameters are refused here with gc's words.
Expr *p_func_type(Parser *p, const char *context) {
    Expr *t = expr_new(E_FUNCTYPE, p_pos(p)); // where its parameters begin, as in gc
    if (context && p->l.tok == TOK_LBRACK) {
        Pos at = p_pos(p);
        p_next(p);
        if (p->l.tok == TOK_RBRACK) {
            p_error(p, "empty type parameter list");
            p_next(p);
        } else
            p_param_list(p, NULL, NULL, TOK_RBRACK, true, false);
        p_syntax_error_at(p, at, xsprintf("%s must have no type parameters", context));
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

// ---- structs and interfaces -----------------------------------------------------------------------------------------------

static Expr *tag(Parser *p) {
    if (p->l.tok == TOK_LITERAL && p->l.lit_kind == LIT_STRING) return p_operand(p);
    if (p->l.tok == TOK_LITERAL) {
        p_syntax_error_at(p, p_pos(p), "struct field tag must be a string");
        p_next(p);
    }
    return NULL;
}

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

// FieldDecl = ( IdentifierList Type | EmbeddedField ) [ Tag ] .
static bool struct_field(Parser *p, void *arg) {
    Expr *t = arg;
    Pos pos = p_pos(p);
    switch (p->l.tok) {
    case TOK_NAME: {
        Expr *name = p_name(p);
        if (p->l.tok == TOK_DOT || p->l.tok == TOK_LITERAL || p->l.tok == TOK_SEMI || p->l.tok == TOK_RBRACE) {
            add_embedded(p, t, pos, p_qualified_name(p, name));
            break;
        }
        ExprVec names = {0};
        vec_push(&names, name);
        Expr *type = NULL;
        if (p->l.tok == TOK_LBRACK) { // name [n]E, name []E or embedded name[T]
            Pos at = p_pos(p);
            p_next(p);
            if (p->l.tok == TOK_RBRACK) {
                p_next(p);
                type = expr_new(E_SLICETYPE, at);
                type->array.elem = p_type(p);
                type->end = p_prev_end(p);
            } else if (p->l.tok == TOK_DOTDOTDOT) {
                p_next(p);
                p_want(p, TOK_RBRACK);
                type = expr_new(E_ARRAYTYPE, at);
                type->array.elem = p_type(p);
                type->end = p_prev_end(p);
            } else {
                Expr *list = expr_new(E_INDEX, at);
                list->index.x = name;
                p->xnest++;
                bool comma = false;
                do {
                    if (p->l.tok == TOK_RBRACK) {
                        comma = true;
                        break;
                    }
                    vec_push(&list->index.index, p_expr(p));
                } while (p_got(p, TOK_COMMA));
                p->xnest--;
                p_want(p, TOK_RBRACK);
                list->end = p_prev_end(p);
                Expr *elem = list->index.index.len == 1 && !comma ? p_type_or_nil(p) : NULL;
                if (elem) {
                    type = expr_new(E_ARRAYTYPE, at);
                    type->array.len = list->index.index.data[0];
                    type->array.elem = elem;
                    type->end = p_prev_end(p);
                } else {
                    add_embedded(p, t, pos, list);
                    break;
                }
            }
        } else {
            while (p_got(p, TOK_COMMA)) vec_push(&names, p_name(p));
            type = p_type(p);
        }
        Expr *tg = tag(p);
        for (vec_each(Expr *, n, &names)) {
            Field *f = NEW(Field);
            f->pos = (*n)->pos;
            f->name = *n;
            f->type = type;
            f->tag = tg;
            vec_push(&t->fields.fields, f);
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
    default: p_error(p, "expected field name or embedded type"); p_advance(p, 1ull << TOK_SEMI | 1ull << TOK_RBRACE);
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
    p_advance(p, 1ull << TOK_OPERATOR | 1ull << TOK_SEMI | 1ull << TOK_RPAREN | 1ull << TOK_RBRACK | 1ull << TOK_RBRACE);
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

static bool interface_elem(Parser *p, void *arg) {
    Expr *t = arg;
    Pos pos = p_pos(p);
    if (p->l.tok == TOK_NAME) {
        Expr *name = p_name(p);
        if (p->l.tok == TOK_LPAREN) {
            add_elem(t, pos, name, p_func_type(p, NULL));
            return false;
        }
        if (p->l.tok == TOK_LBRACK) { // name[T] embedded, or a method with type parameters (refused)
            Pos at = p_pos(p);
            p_next(p);
            if (p->l.tok == TOK_RBRACK) { // name[]
                at = p_pos(p);
                p_next(p);
                if (p->l.tok == TOK_LPAREN) {
                    error_at(at, "empty type parameter list");
                    add_elem(t, pos, name, p_func_type(p, NULL));
                } else {
                    error_at(at, "empty type argument list");
                    add_elem(t, pos, NULL, p_embedded_elem(p, name));
                }
                return false;
            }
            // Type arguments look like a parameter list with types only.
            FieldVec list = p_param_list(p, NULL, NULL, TOK_RBRACK, false, false);
            if (list.len ? list.data[0]->name != NULL : p->l.tok == TOK_LPAREN) {
                add_elem(t, pos, name, p_func_type(p, NULL));
                if (list.len) error_at(at, "interface method must have no type parameters");
                return false;
            }
            Expr *inst = name;
            if (list.len) {
                inst = expr_new(E_INDEX, at);
                inst->index.x = name;
                for (vec_each(Field *, f, &list)) vec_push(&inst->index.index, (*f)->type);
                inst->end = p_prev_end(p);
            }
            add_elem(t, pos, NULL, p_embedded_elem(p, inst));
            return false;
        }
        add_elem(t, pos, NULL, p_embedded_elem(p, p_qualified_name(p, name)));
        return false;
    }
    add_elem(t, pos, NULL, p_embedded_elem(p, NULL));
    return false;
}

// ---- parameters -----------------------------------------------------------------------------------------------------------

typedef struct ParamList {
    Expr *name, *type;
    Vec(Field *) list;
    Token close;
    bool require_names;
    uint32_t named, typed;
} ParamList;

static Expr *dots_type(Parser *p) {
    Expr *t = expr_new(E_DOTS, p_pos(p));
    p_next(p);
    t->array.elem = p_type_or_nil(p);
    if (!t->array.elem) {
        t->array.elem = bad_expr(p);
        p_error(p, "... is missing type");
    }
    t->end = p_prev_end(p);
    return t;
}

// One entry: a name, a type, or a name with a type.
static bool param_decl(Parser *p, void *arg) {
    ParamList *pl = arg;
    Expr *name = NULL, *type = NULL;
    Pos pos = p_pos(p);
    bool follow_constraint = pl->require_names;
    if (pl->name) { // the list's first name was parsed already
        name = pl->name;
        pos = name->pos;
        pl->name = NULL;
        if (pl->type) {
            type = pl->type;
            pl->type = NULL;
            if (follow_constraint) type = p_embedded_elem(p, type);
            goto add;
        }
    } else if (p->l.tok == TOK_NAME)
        name = p_name(p);
    if (name) {
        if (p->l.tok == TOK_LBRACK) { // name []E, name [n]E, or the type name[T]
            if (follow_constraint) {
                type = p_embedded_elem(p, p_type(p));
            } else {
                Pos at = p_pos(p);
                p_next(p);
                if (p_got(p, TOK_RBRACK)) {
                    type = expr_new(E_SLICETYPE, at);
                    type->array.elem = p_type(p);
                } else if (p->l.tok == TOK_DOTDOTDOT) {
                    p_next(p);
                    p_want(p, TOK_RBRACK);
                    type = expr_new(E_ARRAYTYPE, at);
                    type->array.elem = p_type(p);
                } else {
                    Expr *inst = expr_new(E_INDEX, at);
                    inst->index.x = name;
                    bool comma = false;
                    p->xnest++;
                    do {
                        if (p->l.tok == TOK_RBRACK) {
                            comma = true;
                            break;
                        }
                        vec_push(&inst->index.index, p_expr(p));
                    } while (p_got(p, TOK_COMMA));
                    p->xnest--;
                    p_want(p, TOK_RBRACK);
                    inst->end = p_prev_end(p);
                    Expr *elem = inst->index.index.len == 1 && !comma ? p_type_or_nil(p) : NULL;
                    if (elem) {
                        type = expr_new(E_ARRAYTYPE, at);
                        type->array.len = inst->index.index.data[0];
                        type->array.elem = elem;
                    } else {
                        type = inst;
                        name = NULL;
                    }
                }
                type->end = p_prev_end(p);
            }
        } else if (p->l.tok == TOK_DOT) { // qualified type
            type = p_qualified_name(p, name);
            name = NULL;
            if (follow_constraint && p->l.tok == TOK_OPERATOR && p->l.op == OPR_OR) type = p_embedded_elem(p, type);
        } else if (follow_constraint && p->l.tok == TOK_OPERATOR && p->l.op == OPR_TILDE) {
            type = p_embedded_elem(p, NULL);
        } else if (p->l.tok == TOK_DOTDOTDOT) {
            type = dots_type(p);
        } else {
            type = p_type_or_nil(p);
            if (follow_constraint && type && p->l.tok == TOK_OPERATOR && p->l.op == OPR_OR)
                type = p_embedded_elem(p, type);
            else if (follow_constraint && !type && p->l.tok == TOK_OPERATOR && p->l.op == OPR_OR) {
                type = p_embedded_elem(p, name); // P | Q: constraint without a name
                name = NULL;
            }
        }
    } else if (p->l.tok == TOK_DOTDOTDOT) {
        type = dots_type(p);
    } else if (follow_constraint && p->l.tok == TOK_OPERATOR && p->l.op == OPR_TILDE) {
        type = p_embedded_elem(p, NULL);
    } else {
        type = p_type_or_nil(p);
        if (type && follow_constraint && p->l.tok == TOK_OPERATOR && p->l.op == OPR_OR) type = p_embedded_elem(p, type);
        if (!type) {
            p_error(p, xsprintf("expected %s", p_token_string(pl->close)));
            p_advance(p, 1ull << TOK_COMMA | 1ull << pl->close);
            return false;
        }
    }
add:;
    Field *f = NEW(Field);
    f->pos = pos;
    f->name = name;
    f->type = type;
    if (name && type)
        pl->named++;
    else if (type)
        pl->typed++;
    vec_push(&pl->list, f);
    return false;
}

// Parameters, results or type parameters behind the opening token. Either all entries have names or none; a lone name is then a
// type.
FieldVec p_param_list(Parser *p, Expr *name, Expr *type, Token close, bool require_names, bool dots) {
    ParamList pl = {.name = name, .type = type, .close = close, .require_names = require_names};
    p->xnest++;
    Pos end = p_list(p, require_names ? "type parameter list" : "parameter or result list", TOK_COMMA, close, param_decl, &pl);
    p->xnest--;
    FieldVec out = {0};
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
        // Some have names or all must have: go back from the end, giving lone names the type that follows.
        Pos err = 0;
        Expr *t = NULL;
        for (uint32_t i = pl.list.len; i-- > 0;) {
            Field *f = pl.list.data[i];
            if (f->type && f->name) {
                t = f->type;
            } else if (f->type) { // a type without a name
                err = f->pos;
                t = f->type;
                f->name = p_new_name(f->pos, "_");
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
            p_syntax_error_at(p, end, require_names ? "missing type constraint" : "missing parameter type");
        } else if (err) {
            const char *of_type =
                pl.list.len == 1 ? "missing type parameter name or invalid array length" : "missing type parameter name";
            p_syntax_error_at(p, err, require_names ? of_type : "missing parameter name");
        }
    }
    bool first = true;
    for (vec_each(Field *, fp, &pl.list)) {
        Field *f = *fp;
        if (!f->type || f->type->kind != E_DOTS || (dots && fp + 1 == pl.list.data + pl.list.len)) continue;
        if (first) error_at(f->type->pos, dots ? "can only use ... with final parameter" : "invalid use of ...");
        first = false;
        f->type = f->type->array.elem;
    }
    for (vec_each(Field *, f, &pl.list)) vec_push(&out, *f);
    return out;
}
