// parser_stmt: statements, and after each function body the check of its labels and branches
// (Stmt.branch.target), which gc does while parsing, too.
#include "frontend/parser.h"

static Stmt *simple_stmt(Parser *p, Expr *lhs, Token keyword);

static Stmt *assign_new(Parser *p, Pos pos, Operator op, bool define, Expr *lhs, Expr *rhs) {
    Stmt *s = stmt_new(S_ASSIGN, pos);
    s->assign.op = op;
    s->assign.define = define;
    s->assign.lhs = lhs;
    s->assign.rhs = rhs;
    s->end = p_prev_end(p);
    return s;
}

// for [lhs =|:=] range x: a for statement with only the range clause filled.
static Stmt *range_clause(Parser *p, Expr *lhs, bool define) {
    Stmt *s = stmt_new(S_FOR, p_pos(p));
    p_next(p); // range
    s->for_.is_range = true;
    s->for_.define = define;
    s->for_.lhs = lhs;
    s->for_.x = p_expr(p);
    return s;
}

// SimpleStmt = ExpressionStmt | SendStmt | IncDecStmt | Assignment | ShortVarDecl . keyword:
// TOK_FOR allows range, TOK_SWITCH a type switch guard.
static Stmt *simple_stmt(Parser *p, Expr *lhs, Token keyword) {
    if (keyword == TOK_FOR && p->l.tok == TOK_RANGE && !lhs) return range_clause(p, NULL, false);
    if (!lhs) lhs = p_expr_list(p);
    Pos pos = p_pos(p);
    if (lhs->kind != E_LIST && p->l.tok != TOK_ASSIGN && p->l.tok != TOK_DEFINE) {
        switch (p->l.tok) {
        case TOK_ASSIGN_OP: {
            Operator op = p->l.op;
            p_next(p);
            return assign_new(p, pos, op, false, lhs, p_expr(p));
        }
        case TOK_INCOP: {
            Stmt *s = stmt_new(S_INCDEC, pos);
            s->incdec.x = lhs;
            s->incdec.dec = p->l.op == OPR_SUB;
            p_next(p);
            s->end = p_prev_end(p);
            return s;
        }
        case TOK_ARROW: {
            Stmt *s = stmt_new(S_SEND, pos);
            p_next(p);
            s->send.ch = lhs;
            s->send.x = p_expr(p);
            s->end = p_prev_end(p);
            return s;
        }
        default: {
            Stmt *s = stmt_new(S_EXPR, lhs->pos);
            s->expr.x = lhs;
            s->end = p_prev_end(p);
            return s;
        }
        }
    }
    if (p->l.tok == TOK_ASSIGN || p->l.tok == TOK_DEFINE) {
        bool define = p->l.tok == TOK_DEFINE;
        p_next(p);
        if (keyword == TOK_FOR && p->l.tok == TOK_RANGE) { return range_clause(p, lhs, define); }
        Expr *rhs = p_expr_list(p);
        if (rhs->kind == E_TYPESWITCH && keyword == TOK_SWITCH && define && lhs->kind == E_NAME) {
            rhs->typeswitch.lhs = lhs;
            Stmt *s = stmt_new(S_EXPR, rhs->pos);
            s->expr.x = rhs;
            s->end = p_prev_end(p);
            return s;
        }
        return assign_new(p, pos, OPR_NONE, define, lhs, rhs);
    }
    p_error(p, "expected := or = or comma");
    p_advance(p, 1ull << TOK_SEMI | 1ull << TOK_RBRACE);
    Stmt *s = stmt_new(S_EXPR, lhs->pos);
    s->expr.x = lhs->kind == E_LIST ? lhs->list.elems.data[0] : lhs;
    s->end = p_prev_end(p);
    return s;
}

// StatementList = { Statement ";" } .
static StmtVec p_stmt_list(Parser *p) {
    StmtVec out = {0};
    while (p->l.tok != TOK_EOF && p->l.tok != TOK_RBRACE && p->l.tok != TOK_CASE &&
           p->l.tok != TOK_DEFAULT) {
        Stmt *s = p_stmt_or_nil(p);
        p_drop_directives(p);
        if (!s) break;
        vec_push(&out, s);
        // ";" is optional before ")" and "}"
        if (!p_got(p, TOK_SEMI) && p->l.tok != TOK_RBRACE) {
            p_error(p, "at end of statement");
            p_advance(p, 1ull << TOK_SEMI | 1ull << TOK_RBRACE | 1ull << TOK_CASE |
                             1ull << TOK_DEFAULT);
            p_got(p, TOK_SEMI);
        }
    }
    return out;
}

// Block = "{" StatementList "}" .
static Stmt *p_block(Parser *p, const char *context) {
    Stmt *s = stmt_new(S_BLOCK, p_pos(p));
    if (!p_got(p, TOK_LBRACE)) {
        p_error(p, xsprintf("expected { after %s", context));
        p_advance(p, 1ull << TOK_NAME | 1ull << TOK_RBRACE);
        s->block.rbrace = p_pos(p);
        if (p_got(p, TOK_RBRACE)) return s;
    }
    s->block.list = p_stmt_list(p);
    s->block.rbrace = p_pos(p);
    p_want(p, TOK_RBRACE);
    s->end = p_prev_end(p);
    return s;
}

static const char *stmt_string(Stmt *s);

// The semicolon behind a header's first statement, where there is one.
typedef struct Separator {
    bool there;
    Pos pos;
    const char *lit; // "semicolon" or what stood for it
} Separator;

static Separator header_separator(Parser *p) {
    Separator s = {0};
    if (p->l.tok == TOK_SEMI) {
        s = (Separator){true, p_pos(p), p->l.lit};
        p_next(p);
    } else { // asking for { reads better than asking for ;
        p_want(p, TOK_LBRACE);
        if (p->l.tok != TOK_LBRACE) p_advance(p, 1ull << TOK_LBRACE | 1ull << TOK_RBRACE);
    }
    return s;
}

// The second and third part of a for clause: condition, which comes back, and post statement.
static Stmt *for_clause(Parser *p, Stmt **post) {
    Stmt *cond = NULL;
    if (p->l.tok != TOK_SEMI) {
        if (p->l.tok == TOK_LBRACE) {
            p_error(p, "expected for loop condition");
            return NULL;
        }
        cond = simple_stmt(p, NULL, TOK_EOF);
    }
    p_want(p, TOK_SEMI);
    if (p->l.tok == TOK_LBRACE) return cond;
    *post = simple_stmt(p, NULL, TOK_EOF);
    if ((*post)->kind == S_ASSIGN && (*post)->assign.define)
        p_syntax_error_at(p, (*post)->pos, "cannot declare in post statement of for loop");
    return cond;
}

// A header's condition is parsed as a statement, since only what follows tells it from an init
// statement.
static Expr *header_condition(Parser *p, Token keyword, Stmt *cond, Separator semi) {
    if (cond && cond->kind == S_EXPR) return cond->expr.x;
    if (!cond) {
        if (keyword != TOK_IF || !semi.there) return NULL;
        if (strcmp(semi.lit, "semicolon") != 0)
            p_syntax_error_at(p, semi.pos,
                              xsprintf("unexpected %s, expected { after if clause", semi.lit));
        else
            p_syntax_error_at(p, semi.pos, "missing condition in if statement");
        return expr_new(E_BAD, semi.pos);
    }
    // A common mistake: if x = 0.
    p_syntax_error_at(p, cond->pos, xsprintf("cannot use %s as value", stmt_string(cond)));
    return expr_new(E_BAD, cond->pos);
}

// The header of if, switch and for: [init ";"] [cond] [";" post].
static Expr *header(Parser *p, Token keyword, Stmt **init, Stmt **post, Stmt **range) {
    *init = NULL;
    if (post) *post = NULL;
    if (p->l.tok == TOK_LBRACE) {
        if (keyword != TOK_IF) return NULL;
        p_error(p, "missing condition in if statement");
        return expr_new(E_BAD, p_pos(p));
    }
    int outer = p->xnest;
    p->xnest = -1; // composite literals need parentheses here
    Stmt *cond = NULL;
    Separator semi = {0};
    if (p->l.tok != TOK_SEMI) {
        if (p->l.tok == TOK_VAR) {
            p_next(p);
            p_error(p,
                    xsprintf("var declaration not allowed in %s initializer", token_text[keyword]));
        }
        *init = simple_stmt(p, NULL, keyword);
        if ((*init)->kind == S_FOR) { // range clause
            *range = *init;
            *init = NULL;
            p->xnest = outer;
            return NULL;
        }
    }
    if (p->l.tok == TOK_LBRACE) {
        cond = *init; // no semicolon: what was taken for init is the condition
        *init = NULL;
    } else {
        semi = header_separator(p);
        if (keyword == TOK_FOR)
            cond = for_clause(p, post);
        else if (p->l.tok != TOK_LBRACE)
            cond = simple_stmt(p, NULL, keyword);
    }
    p->xnest = outer;
    return header_condition(p, keyword, cond, semi);
}

static const char *emphasize(Expr *x) {
    const char *s = expr_string(x);
    return x->kind == E_BINARY ? xsprintf("(%s)", s) : s;
}

// For a statement in place of a condition; a binary operand is put in parentheses, so that the =
// meant as == stands out.
static const char *stmt_string(Stmt *s) {
    if (s->kind == S_ASSIGN) {
        if (s->assign.op == OPR_NONE && !s->assign.define)
            return xsprintf("assignment %s = %s", emphasize(s->assign.lhs),
                            emphasize(s->assign.rhs));
        if (s->assign.define)
            return xsprintf("%s := %s", expr_string(s->assign.lhs), expr_string(s->assign.rhs));
        return xsprintf("%s %s= %s", expr_string(s->assign.lhs), operator_text[s->assign.op],
                        expr_string(s->assign.rhs));
    }
    if (s->kind == S_INCDEC)
        return xsprintf("%s%s", expr_string(s->incdec.x), s->incdec.dec ? "--" : "++");
    if (s->kind == S_SEND)
        return xsprintf("%s <- %s", expr_string(s->send.ch), expr_string(s->send.x));
    return "statement";
}

// IfStmt = "if" [ SimpleStmt ";" ] Expression Block [ "else" ( IfStmt | Block ) ] .
static Stmt *if_stmt(Parser *p) {
    if (!p_enter(p)) return stmt_new(S_BAD, p_pos(p));
    Stmt *s = stmt_new(S_IF, p_pos(p)), *none = NULL;
    p_next(p);
    s->if_.cond = header(p, TOK_IF, &s->if_.init, NULL, &none);
    s->if_.then = p_block(p, "if clause");
    if (p_got(p, TOK_ELSE)) {
        if (p->l.tok == TOK_IF)
            s->if_.els = if_stmt(p);
        else if (p->l.tok == TOK_LBRACE)
            s->if_.els = p_block(p, "else");
        else {
            p_error(p, "else must be followed by if or statement block");
            p_advance(p, 1ull << TOK_NAME | 1ull << TOK_RBRACE);
        }
    }
    s->end = p_prev_end(p);
    p_leave(p);
    return s;
}

static Stmt *for_stmt(Parser *p) {
    Stmt *s = stmt_new(S_FOR, p_pos(p)), *range = NULL;
    p_next(p);
    s->for_.cond = header(p, TOK_FOR, &s->for_.init, &s->for_.post, &range);
    if (range) {
        Pos pos = s->pos;
        s->for_ = range->for_;
        s->pos = pos;
    }
    s->for_.body = p_block(p, "for clause");
    s->end = p_prev_end(p);
    return s;
}

// The clauses of a switch or select, in braces; where the closing one is comes back. They differ in
// what stands behind case: expressions, or a communication.
static Pos clauses(Parser *p, Token keyword, ClauseVec *out) {
    if (!p_got(p, TOK_LBRACE)) {
        p_error(p, xsprintf("missing { after %s clause", token_text[keyword]));
        p_advance(p, 1ull << TOK_CASE | 1ull << TOK_DEFAULT | 1ull << TOK_RBRACE);
    }
    while (p->l.tok != TOK_EOF && p->l.tok != TOK_RBRACE) {
        Clause *c = NEW(Clause);
        c->pos = p_pos(p);
        if (p->l.tok == TOK_CASE) {
            p_next(p);
            if (keyword == TOK_SWITCH)
                c->exprs = p_expr_list(p);
            else
                c->comm = simple_stmt(p, NULL, TOK_EOF);
        } else if (p->l.tok == TOK_DEFAULT) {
            p_next(p);
            c->is_default = true;
        } else {
            p_error(p, "expected case or default or }");
            p_advance(p, 1ull << TOK_COLON | 1ull << TOK_CASE | 1ull << TOK_DEFAULT |
                             1ull << TOK_RBRACE);
        }
        c->colon = p_pos(p);
        p_want(p, TOK_COLON);
        c->body = p_stmt_list(p);
        vec_push(out, c);
    }
    Pos rbrace = p_pos(p);
    p_want(p, TOK_RBRACE);
    return rbrace;
}

static Stmt *switch_stmt(Parser *p) {
    Stmt *s = stmt_new(S_SWITCH, p_pos(p)), *none = NULL;
    p_next(p);
    s->switch_.tag = header(p, TOK_SWITCH, &s->switch_.init, NULL, &none);
    s->switch_.rbrace = clauses(p, TOK_SWITCH, &s->switch_.clauses);
    s->end = p_prev_end(p);
    return s;
}

static Stmt *select_stmt(Parser *p) {
    Stmt *s = stmt_new(S_SELECT, p_pos(p));
    p_next(p);
    s->select.rbrace = clauses(p, TOK_SELECT, &s->select.clauses);
    s->end = p_prev_end(p);
    return s;
}

static Stmt *go_stmt(Parser *p, StmtKind kind) {
    Stmt *s = stmt_new(kind, p_pos(p));
    const char *what = kind == S_GO ? "go" : "defer";
    p_next(p);
    Expr *x = p_pexpr(p, NULL);
    Expr *t = unparen(x);
    if (t != x) {
        error_at(x->pos, "expression in %s must not be parenthesized", what);
        x = t;
    }
    s->go.call = x;
    s->end = p_prev_end(p);
    return s;
}

static Stmt *branch(Parser *p) {
    Stmt *s = stmt_new(S_BRANCH, p_pos(p));
    s->branch.tok = p->l.tok;
    p_next(p);
    if (s->branch.tok != TOK_FALLTHROUGH && (p->l.tok == TOK_NAME || s->branch.tok == TOK_GOTO)) {
        Expr *n = p_name(p);
        s->branch.label = n->name.name;
        s->branch.label_pos = n->pos;
    }
    s->end = p_prev_end(p);
    return s;
}

// LabeledStmt = Label ":" Statement .
static Stmt *labeled(Parser *p, Expr *label) {
    Stmt *s = stmt_new(S_LABELED, label->pos);
    s->labeled.label = label->name.name;
    s->labeled.label_pos = label->pos;
    Pos colon = p_pos(p);
    p_want(p, TOK_COLON);
    if (p->l.tok == TOK_RBRACE) { // a label before } labels an empty statement
        s->labeled.stmt = stmt_new(S_EMPTY, p_pos(p));
    } else {
        s->labeled.stmt = p_stmt_or_nil(p);
        if (!s->labeled.stmt) {
            p_syntax_error_at(p, colon, "missing statement after label");
            return NULL; // ends the statement list without further errors
        }
    }
    s->end = p_prev_end(p);
    return s;
}

// Statement, or NULL where none can start.
Stmt *p_stmt_or_nil(Parser *p) {
    if (!p_enter(p)) return NULL;
    Stmt *s = NULL;
    Pos pos = p_pos(p);
    if (p->l.tok != TOK_VAR && p->l.tok != TOK_CONST && p->l.tok != TOK_TYPE) p_drop_directives(p);
    if (p->l.tok == TOK_NAME) { // most statements
        Expr *lhs = p_expr_list(p);
        if (lhs->kind == E_NAME && p->l.tok == TOK_COLON)
            s = labeled(p, lhs);
        else
            s = simple_stmt(p, lhs, TOK_EOF);
        p_leave(p);
        return s;
    }
    switch (p->l.tok) {
    case TOK_VAR:
    case TOK_CONST:
    case TOK_TYPE: {
        Token kw = p->l.tok;
        s = stmt_new(S_DECL, pos);
        p_decl_group(p, &s->decl.decls, kw);
        break;
    }
    case TOK_LBRACE: s = p_block(p, ""); break;
    case TOK_OPERATOR:
    case TOK_STAR:
        if (p->l.op == OPR_ADD || p->l.op == OPR_SUB || p->l.op == OPR_MUL || p->l.op == OPR_AND ||
            p->l.op == OPR_XOR || p->l.op == OPR_NOT)
            s = simple_stmt(p, NULL, TOK_EOF);
        break;
    case TOK_LITERAL:
    case TOK_FUNC:
    case TOK_LPAREN:
    case TOK_LBRACK:
    case TOK_STRUCT:
    case TOK_MAP:
    case TOK_CHAN:
    case TOK_INTERFACE:
    case TOK_ARROW: s = simple_stmt(p, NULL, TOK_EOF); break;
    case TOK_FOR: s = for_stmt(p); break;
    case TOK_SWITCH: s = switch_stmt(p); break;
    case TOK_SELECT: s = select_stmt(p); break;
    case TOK_IF: s = if_stmt(p); break;
    case TOK_FALLTHROUGH:
    case TOK_BREAK:
    case TOK_CONTINUE:
    case TOK_GOTO: s = branch(p); break;
    case TOK_GO: s = go_stmt(p, S_GO); break;
    case TOK_DEFER: s = go_stmt(p, S_DEFER); break;
    case TOK_RETURN:
        s = stmt_new(S_RETURN, pos);
        p_next(p);
        if (p->l.tok != TOK_SEMI && p->l.tok != TOK_RBRACE) s->ret.results = p_expr_list(p);
        break;
    case TOK_SEMI: s = stmt_new(S_EMPTY, pos); break;
    default: break;
    }
    if (s) s->end = p_prev_end(p);
    p_leave(p);
    return s;
}

// ---- labels and branches ------------------------------------------------------------------------

// A label's block and where in it; forward gotos wait in their block until the label comes or the
// function ends.
typedef struct BranchBlock {
    struct BranchBlock *parent;
    Pos start;
    Stmt *lstmt;
} BranchBlock;
typedef struct Label {
    BranchBlock *parent;
    Stmt *stmt;
    bool used;
} Label;
typedef struct Branches {
    Vec(Label *) labels;
} Branches;
typedef struct Ctx { // innermost statements that break / continue mean
    Stmt *breaks, *continues;
    int32_t clause; // of breaks, a switch, whose list of statements this is; or -1
} Ctx;
typedef Vec(Stmt *) Gotos;

static Label *find_label(Branches *b, Name n) {
    for (vec_each(Label *, l, &b->labels))
        if ((*l)->stmt->labeled.label == n) return *l;
    return NULL;
}

static Gotos block_branches(Branches *b, BranchBlock *parent, Stmt *lstmt, Pos start, Ctx ctx,
                            StmtVec *body);

static bool encloses(const Stmt *labeled, const BranchBlock *k) {
    for (; k; k = k->parent)
        if (k->lstmt == labeled) return true;
    return false;
}

static bool jumps_into(BranchBlock *label_block, BranchBlock *from) {
    for (; from; from = from->parent)
        if (from == label_block) return false;
    return true;
}

// last: nothing but empty statements follow in the list.
static void check_fallthrough(Stmt *s, Ctx ctx, bool last) {
    const char *msg = "fallthrough statement out of place";
    Stmt *sw = ctx.breaks;
    if (sw && sw->kind == S_SWITCH) {
        if (sw->switch_.tag && sw->switch_.tag->kind == E_TYPESWITCH)
            msg = "cannot fallthrough in type switch";
        else if (ctx.clause >= 0 && last && (uint32_t)ctx.clause + 1 < sw->switch_.clauses.len)
            return;
        else if (ctx.clause >= 0 && last)
            msg = "cannot fallthrough final case in switch";
    }
    error_at(s->pos, "%s", msg);
}

// break and continue with a label, which must be that of a statement around them.
static void check_labeled_branch(Branches *b, BranchBlock *k, Stmt *s) {
    const char *word = token_text[s->branch.tok];
    // A blank label declares nothing.
    Label *l = strcmp(s->branch.label, "_") ? find_label(b, s->branch.label) : NULL;
    if (!l) {
        error_at(s->branch.label_pos, "%s label not defined: %s", word, s->branch.label);
        return;
    }
    l->used = true; // right or not
    StmtKind kind = l->stmt->labeled.stmt->kind;
    bool fits =
        kind == S_FOR || (s->branch.tok == TOK_BREAK && (kind == S_SWITCH || kind == S_SELECT));
    if (fits && encloses(l->stmt, k))
        s->branch.target = l->stmt;
    else
        error_at(s->branch.label_pos, "invalid %s label %s", word, s->branch.label);
}

static void declare_label(Branches *b, BranchBlock *k, Stmt *s) {
    if (strcmp(s->labeled.label, "_") == 0) return; // declares nothing and can't be meant
    Label *alt = find_label(b, s->labeled.label);
    if (alt) {
        Position at = source_position(alt->stmt->labeled.label_pos);
        error_at(s->labeled.label_pos, "label %s already defined at %s:%u:%u", s->labeled.label,
                 at.file, at.line, at.col);
        return;
    }
    Label *l = NEW(Label);
    l->parent = k;
    l->stmt = s;
    vec_push(&b->labels, l);
}

static void add_gotos(Gotos *to, Gotos from) {
    for (vec_each(Stmt *, g, &from)) vec_push(to, *g);
}

// The gotos that wait for their label jump over s, if it declares a variable; they remember the
// last one.
static void jump_over(const Gotos *waiting, Stmt *s) {
    bool declares = s->kind == S_ASSIGN && s->assign.define;
    if (s->kind == S_DECL)
        for (vec_each(Decl *, d, &s->decl.decls)) declares |= (*d)->kind == D_VAR;
    if (!declares) return;
    for (vec_each(Stmt *, g, waiting)) (*g)->branch.target = s;
}

// g jumps over declaration `over` to its label.
static void report_jump(const Stmt *g, const Stmt *over) {
    Pos pos = over->pos;
    const char *name = "";
    if (over->kind == S_ASSIGN) name = expr_string(over->assign.lhs);
    if (over->kind == S_DECL)
        for (vec_each(Decl *, d, &over->decl.decls)) {
            if ((*d)->kind != D_VAR) continue;
            pos = (*d)->pos;
            name = expr_string((*d)->value.names.data[0]);
            break;
        }
    Position at = source_position(pos);
    error_at(g->branch.label_pos, "goto %s jumps over declaration of %s at %s:%u:%u",
             g->branch.label, name, at.file, at.line, at.col);
}

// Label s is there: the gotos that wait for it have their target.
static void reach_label(Branches *b, Stmt *s, Gotos *waiting) {
    Name n = s->labeled.label;
    Gotos rest = {0};
    for (vec_each(Stmt *, g, waiting)) {
        if ((*g)->branch.label != n || strcmp(n, "_") == 0) {
            vec_push(&rest, *g);
            continue;
        }
        Label *l = find_label(b, n);
        if (l) l->used = true;
        if ((*g)->branch.target) report_jump(*g, (*g)->branch.target);
        (*g)->branch.target = s;
    }
    *waiting = rest;
}

// A branch in block k; gotos to what comes later wait. last: nothing but empty statements follow.
static void check_branch(Branches *b, BranchBlock *k, Stmt *s, Ctx ctx, bool last, Gotos *waiting) {
    if (s->branch.label && s->branch.tok != TOK_GOTO) {
        check_labeled_branch(b, k, s);
    } else if (s->branch.label) {
        Label *l = find_label(b, s->branch.label);
        if (l) l->used = true;
        if (l && !jumps_into(l->parent, k)) // backward jump
            s->branch.target = l->stmt;
        else // to a label that comes later, or into a block that is over
            vec_push(waiting, s);
    } else if (s->branch.tok == TOK_BREAK) {
        s->branch.target = ctx.breaks;
        if (!ctx.breaks) error_at(s->pos, "break is not in a loop, switch, or select");
    } else if (s->branch.tok == TOK_CONTINUE) {
        s->branch.target = ctx.continues;
        if (!ctx.continues) error_at(s->pos, "continue is not in a loop");
    } else {
        check_fallthrough(s, ctx, last);
    }
}

// The branches in blocks inside of s, a statement of block k with label ls or NULL; gotos that
// still wait come back.
static Gotos inner_branches(Branches *b, BranchBlock *k, Stmt *ls, Stmt *s, Ctx ctx) {
    Gotos inner = {0};
    ctx.clause = -1;
    switch (s->kind) {
    case S_BLOCK: return block_branches(b, k, ls, s->pos, ctx, &s->block.list);
    case S_IF: {
        add_gotos(&inner,
                  block_branches(b, k, ls, s->if_.then->pos, ctx, &s->if_.then->block.list));
        Stmt *els = s->if_.els;
        if (!els) break;
        StmtVec one = {0};
        if (els->kind != S_BLOCK) vec_push(&one, els);
        add_gotos(&inner, block_branches(b, k, ls, els->pos, ctx,
                                         els->kind == S_BLOCK ? &els->block.list : &one));
        break;
    }
    case S_FOR:
        ctx.breaks = ctx.continues = s;
        return block_branches(b, k, ls, s->for_.body->pos, ctx, &s->for_.body->block.list);
    case S_SWITCH:
        ctx.breaks = s;
        for (vec_each(Clause *, c, &s->switch_.clauses)) {
            ctx.clause++;
            add_gotos(&inner, block_branches(b, k, ls, (*c)->pos, ctx, &(*c)->body));
        }
        break;
    case S_SELECT:
        ctx.breaks = s;
        for (vec_each(Clause *, c, &s->select.clauses))
            add_gotos(&inner, block_branches(b, k, ls, (*c)->pos, ctx, &(*c)->body));
        break;
    default: break;
    }
    return inner;
}

// Gives the branches of a block their targets, in one pass: a goto waits for a label that comes
// later, and its target is meanwhile the last declaration that it jumps over. Those whose label is
// in a block around come back.
static Gotos block_branches(Branches *b, BranchBlock *parent, Stmt *lstmt, Pos start, Ctx ctx,
                            StmtVec *body) {
    BranchBlock *k = NEW(BranchBlock);
    *k = (BranchBlock){parent, start, lstmt};
    Gotos waiting = {0};
    uint32_t n_stmts = body->len;
    while (n_stmts > 0 && body->data[n_stmts - 1]->kind == S_EMPTY) n_stmts--;
    for (uint32_t i = 0; i < n_stmts; i++) {
        Stmt *s = body->data[i], *ls = NULL;
        for (; s->kind == S_LABELED; s = s->labeled.stmt) {
            declare_label(b, k, s);
            reach_label(b, s, &waiting);
            ls = s;
        }
        jump_over(&waiting, s);
        if (s->kind == S_BRANCH) check_branch(b, k, s, ctx, i + 1 == n_stmts, &waiting);
        Gotos inner = inner_branches(b, k, ls, s, ctx);
        for (vec_each(Stmt *, g, &inner)) {
            (*g)->branch.target = NULL; // declarations of the inner block do not matter outside
            vec_push(&waiting, *g);
        }
    }
    return waiting;
}

// gc's syntax/branches.go. A goto that is left over has its label in a block that it is not in, or
// nowhere.
static void check_branches(Stmt *body) {
    Branches b = {0};
    Gotos left = block_branches(&b, NULL, NULL, body->pos, (Ctx){.clause = -1}, &body->block.list);
    for (vec_each(Stmt *, g, &left)) {
        Label *l = find_label(&b, (*g)->branch.label);
        (*g)->branch.target = NULL;
        if (l) {
            l->used = true;
            (*g)->branch.target = l->stmt;
            Position at = source_position(l->parent->start);
            error_at((*g)->branch.label_pos, "goto %s jumps into block starting at %s:%u:%u",
                     (*g)->branch.label, at.file, at.line, at.col);
        } else
            error_at((*g)->branch.label_pos, "label %s not defined", (*g)->branch.label);
    }
    for (vec_each(Label *, l, &b.labels)) {
        (*l)->stmt->labeled.used = (*l)->used;
        if (!(*l)->used)
            soft_error_at((*l)->stmt->labeled.label_pos, "label %s defined and not used",
                          (*l)->stmt->labeled.label);
    }
}

// FunctionBody = Block . A { in it ends no header that it stands in, so xnest starts anew. Branches
// are looked at only if nothing else is wrong, as in gc.
Stmt *p_func_body(Parser *p) {
    p->fnest++;
    uint32_t errors = p_errors(p);
    int xnest = p->xnest;
    p->xnest = 0;
    Stmt *s = stmt_new(S_BLOCK, p_pos(p));
    p_want(p, TOK_LBRACE);
    s->block.list = p_stmt_list(p);
    s->block.rbrace = p_pos(p);
    p_want(p, TOK_RBRACE);
    s->end = p_prev_end(p);
    p->xnest = xnest;
    p->fnest--;
    if (errors == p_errors(p)) {
        check_branches(s);
        p->not_errors += p_errors(p) - errors;
    }
    return s;
}
