// parser: takes a source file's tokens, gives its syntax tree. Recursive descent; after an error it
// skips to a token that can follow (p_advance) and goes on, so that one error does not hide the
// rest of the file. This file: the machinery, declarations, directives. parser_expr.c: expressions
// and types. parser_stmt.c: statements and branch targets.
#include "frontend/parser.h"
#include <ctype.h>
#include <stdlib.h>

Pos p_pos(const Parser *p) { return p->l.src->base + p->l.start; }
Pos p_prev_end(const Parser *p) { return p->prev_end; }
void p_next(Parser *p) {
    p->prev_end = p->l.src->base + p->l.stop;
    lexer_next(&p->l);
}
bool p_got(Parser *p, Token t) {
    if (p->l.tok != t) return false;
    p_next(p);
    return true;
}

const char *p_token_string(Token t) {
    switch (t) {
    case TOK_COMMA: return "comma";
    case TOK_SEMI: return "semicolon or newline";
    default: return t >= TOK_BREAK ? xsprintf("keyword %s", token_text[t]) : token_text[t];
    }
}

// "=", or ":=" with an error.
bool p_got_assign(Parser *p) {
    if (p->l.tok == TOK_DEFINE)
        p_error(p, "expected =");
    else if (p->l.tok != TOK_ASSIGN)
        return false;
    p_next(p);
    return true;
}

void p_want(Parser *p, Token t) {
    if (p_got(p, t)) return;
    p_error(p, xsprintf("expected %s", p_token_string(t)));
    p_advance(p, 0);
}

#define EXPR_SIZE(member) (offsetof(Expr, member) + sizeof(((Expr *)0)->member))
static const uint8_t expr_size[] = {
    [E_BAD] = offsetof(Expr, name),     [E_NAME] = EXPR_SIZE(name),
    [E_LIT] = EXPR_SIZE(lit),           [E_COMPOSITE] = EXPR_SIZE(composite),
    [E_KEYVALUE] = EXPR_SIZE(kv),       [E_FUNCLIT] = EXPR_SIZE(funclit),
    [E_PAREN] = EXPR_SIZE(paren),       [E_SELECTOR] = EXPR_SIZE(selector),
    [E_INDEX] = EXPR_SIZE(index),       [E_SLICE] = EXPR_SIZE(slice),
    [E_ASSERT] = EXPR_SIZE(assert_),    [E_TYPESWITCH] = EXPR_SIZE(typeswitch),
    [E_STAR] = EXPR_SIZE(star),         [E_UNARY] = EXPR_SIZE(op),
    [E_BINARY] = EXPR_SIZE(op),         [E_CALL] = EXPR_SIZE(call),
    [E_LIST] = EXPR_SIZE(list),         [E_ARRAYTYPE] = EXPR_SIZE(array),
    [E_SLICETYPE] = EXPR_SIZE(array),   [E_DOTS] = EXPR_SIZE(array),
    [E_STRUCTTYPE] = EXPR_SIZE(fields), [E_INTERFACETYPE] = EXPR_SIZE(fields),
    [E_FUNCTYPE] = EXPR_SIZE(func),     [E_MAPTYPE] = EXPR_SIZE(map),
    [E_CHANTYPE] = EXPR_SIZE(chan)};
#define STMT_SIZE(member) (offsetof(Stmt, member) + sizeof(((Stmt *)0)->member))
static const uint8_t stmt_size[] = {
    [S_BAD] = offsetof(Stmt, block),  [S_EMPTY] = offsetof(Stmt, block),
    [S_BLOCK] = STMT_SIZE(block),     [S_EXPR] = STMT_SIZE(expr),
    [S_SEND] = STMT_SIZE(send),       [S_ASSIGN] = STMT_SIZE(assign),
    [S_INCDEC] = STMT_SIZE(incdec),   [S_DECL] = STMT_SIZE(decl),
    [S_LABELED] = STMT_SIZE(labeled), [S_BRANCH] = STMT_SIZE(branch),
    [S_GO] = STMT_SIZE(go),           [S_DEFER] = STMT_SIZE(go),
    [S_RETURN] = STMT_SIZE(ret),      [S_IF] = STMT_SIZE(if_),
    [S_FOR] = STMT_SIZE(for_),        [S_SWITCH] = STMT_SIZE(switch_),
    [S_SELECT] = STMT_SIZE(select)};

Expr *expr_new(ExprKind kind, Pos pos) {
    Expr *x = xalloc(expr_size[kind]);
    x->kind = kind;
    x->pos = pos;
    x->end = pos;
    return x;
}
Stmt *stmt_new(StmtKind kind, Pos pos) {
    Stmt *s = xalloc(stmt_size[kind]);
    s->kind = kind;
    s->pos = pos;
    s->end = pos;
    return s;
}

bool p_enter(Parser *p) {
    if (++p->depth <= MAX_NESTING) return true;
    p->depth--;
    if (!p->too_deep) {
        p->too_deep = true;
        error_at(p_pos(p), "exceeded max nesting depth");
    }
    p->l.p = p->l.end; // nothing sensible can follow
    p->l.tok = TOK_EOF;
    p->l.start = p->l.stop = (uint32_t)(p->l.end - p->l.text);
    return false;
}

// msg is "expected …", "in …", "after …" or a whole sentence; the token found is named where that
// helps.
static void syntax_error(Parser *p, Pos pos, const char *msg) {
    if (p->too_deep) return;
    if (p->l.tok == TOK_EOF && p_errors(p)) return; // meaningless follow-up
    const char *prefix = " ";
    if (strncmp(msg, "in ", 3) == 0 || strncmp(msg, "at ", 3) == 0 ||
        strncmp(msg, "after ", 6) == 0)
        prefix = " ";
    else if (strncmp(msg, "expected ", 9) == 0)
        prefix = ", ";
    else {
        error_at(pos, "syntax error: %s", msg);
        return;
    }
    const char *tok;
    switch (p->l.tok) {
    case TOK_NAME: tok = xsprintf("name %s", p->l.name); break;
    case TOK_SEMI: tok = p->l.lit; break;
    case TOK_LITERAL:
        tok = xsprintf("literal %.*s", (int)(p->l.stop - p->l.start), p->l.text + p->l.start);
        break;
    case TOK_OPERATOR: tok = operator_text[p->l.op]; break;
    case TOK_ASSIGN_OP: tok = xsprintf("%s=", operator_text[p->l.op]); break;
    case TOK_INCOP: tok = xsprintf("%s%s", operator_text[p->l.op], operator_text[p->l.op]); break;
    default: tok = p_token_string(p->l.tok); break;
    }
    error_at(pos, "syntax error: unexpected %s%s%s", tok, prefix, msg);
}
void p_error(Parser *p, const char *msg) { syntax_error(p, p_pos(p), msg); }
void p_syntax_error_at(Parser *p, Pos pos, const char *msg) { syntax_error(p, pos, msg); }

// Statement keywords stop skipping inside functions: most errors are local to a statement.
static const uint64_t stop_set = 1ull << TOK_BREAK | 1ull << TOK_CONST | 1ull << TOK_CONTINUE |
                                 1ull << TOK_DEFER | 1ull << TOK_FALLTHROUGH | 1ull << TOK_FOR |
                                 1ull << TOK_GO | 1ull << TOK_GOTO | 1ull << TOK_IF |
                                 1ull << TOK_RETURN | 1ull << TOK_SELECT | 1ull << TOK_SWITCH |
                                 1ull << TOK_TYPE | 1ull << TOK_VAR;

void p_advance(Parser *p, uint64_t follow) {
    uint64_t set = follow | 1ull << TOK_EOF;
    while (!(set >> p->l.tok & 1)) {
        if (follow && p->fnest > 0 && (stop_set >> p->l.tok & 1)) return;
        p_next(p);
        if (!follow) break;
    }
}

Pos p_list(Parser *p, const char *context, Token sep, Token close, bool (*f)(Parser *, void *),
           void *arg) {
    bool done = false;
    while (p->l.tok != TOK_EOF && p->l.tok != close && !done) {
        done = f(p, arg);
        if (!p_got(p, sep) && p->l.tok != close) {
            p_error(p, xsprintf("in %s; possibly missing %s or %s", context, p_token_string(sep),
                                p_token_string(close)));
            p_advance(p, 1ull << TOK_RPAREN | 1ull << TOK_RBRACK | 1ull << TOK_RBRACE);
            if (p->l.tok != close) return p_pos(p); // which is of no importance after an error
        }
    }
    Pos pos = p_pos(p);
    p_want(p, close);
    return pos;
}

// ---- directives ---------------------------------------------------------------------------------

static const struct {
    const char *name;
    uint32_t bit;
} pragmas[] = {
    {"go:build", PRAGMA_BUILD},
    {"go:embed", PRAGMA_EMBED},
    {"go:noinline", PRAGMA_NOINLINE},
    {"go:noescape", PRAGMA_NOESCAPE},
    {"go:nosplit", PRAGMA_NOSPLIT | PRAGMA_NOCHECKPTR},
    {"go:norace", PRAGMA_NORACE},
    {"go:uintptrescapes", PRAGMA_UINTPTRESCAPES},
    {"go:uintptrkeepalive", PRAGMA_UINTPTRKEEPALIVE},
    {"go:systemstack", PRAGMA_SYSTEMSTACK},
    {"go:nocheckptr", PRAGMA_NOCHECKPTR},
    {"go:yeswritebarrierrec", PRAGMA_YESWRITEBARRIERREC},
    {"go:nowritebarrier", PRAGMA_NOWRITEBARRIER},
    {"go:nowritebarrierrec", PRAGMA_NOWRITEBARRIER},
    {"go:nointerface", PRAGMA_NOINTERFACE},
    {"go:cgo_unsafe_args", PRAGMA_CGO_UNSAFE_ARGS | PRAGMA_NOCHECKPTR},
};

static const char *word(const char **s, const char *end) {
    while (*s < end && (**s == ' ' || **s == '\t')) ++*s;
    const char *b = *s;
    while (*s < end && **s != ' ' && **s != '\t') ++*s;
    return b == *s ? NULL : xstrndup(b, (size_t)(*s - b));
}

static const char *quoted_end(const char *p) { // behind the quote, or NULL
    char quote = *p++;
    for (; *p && *p != quote; p++) p += quote == '"' && *p == '\\' && p[1];
    return *p ? p + 1 : NULL;
}

static bool escapes_valid(const char *p, const char *end) {
    if (*p != '"') return true;
    for (; p < end; p++)
        if (*p == '\\' && !strchr("abfnrtvxuU01234567\\\"", *++p)) return false;
    return true;
}

// Words or Go strings with spaces between, as go/build reads them; *bad is the part that its
// message quotes.
bool embed_words(const char *args, EmbedWordVec *out, const char **bad) {
    for (const char *p = args;;) {
        while (isspace((unsigned char)*p)) p++;
        if (!*p) return true;
        const char *start = p, *end;
        *bad = NULL;
        if (*p != '"' && *p != '`') {
            while (*p && !isspace((unsigned char)*p)) p++;
            vec_push(out,
                     ((EmbedWord){xstrndup(start, (size_t)(p - start)), (uint32_t)(start - args)}));
            continue;
        }
        if (!(end = quoted_end(p)))
            *bad = start;
        else if (!escapes_valid(p, end))
            *bad = xstrndup(start, (size_t)(end - start));
        else if (*end && !isspace((unsigned char)*end))
            *bad = end;
        if (*bad) {
            out->len = 0;
            return false;
        }
        Str s = unquote_string(str_make(start, (size_t)(end - start)));
        vec_push(out, ((EmbedWord){xstrndup(s.p, s.len), (uint32_t)(start - args)}));
        p = end;
    }
}

static void build_line(Parser *p, const char *args) {
    const char *v = strstr(args, "go1.");
    // The least version that the constraint asks for, when it stands alone or in a conjunction.
    if (v && !strchr(args, '|') && (v == args || v[-1] != '!'))
        p->file->go_version = xstrndup(v, 4 + strspn(v + 4, "0123456789"));
}

static void linkname(Parser *p, Pos pos, const char *verb, const char *s, const char *end) {
    const char *local = word(&s, end), *target = word(&s, end);
    if (!local || word(&s, end))
        error_at(pos, "usage: //%s localname [linkname]", verb);
    else
        vec_push(&p->file->linknames, ((Linkname){pos, intern_c(local), target ? target : ""}));
}

static bool embed_line(Pos pos, const char *args) {
    const char *bad;
    EmbedWordVec words = {0};
    if (!embed_words(args, &words, &bad))
        error_at(pos, "invalid quoted string in //go:embed: %s", bad);
    if (!words.len) error_at(pos, "usage: //go:embed pattern...");
    return words.len > 0;
}

// Is this a file that cmd/cgo wrote?
static bool by_cgo(Pos pos) {
    const char *path = source_of(pos)->path, *slash = strrchr(path, '/');
    return !strncmp(slash ? slash + 1 : path, "_cgo_", 5);
}

// Names that are C's, with which linknames mean just that.
static void cgo_name(Parser *p, const char *verb, const char *s, const char *end) {
    const char *name = word(&s, end);
    if (name && !strcmp(verb, "go:cgo_export_dynamic"))
        vec_push(&p->file->exports, intern_c(name));
    else if (name &&
             (!strcmp(verb, "go:cgo_import_static") || !strcmp(verb, "go:cgo_export_static")))
        ptrmap_put(&p->file->c_names, intern_c(name), p->file);
}

static void check_std_directive(const Directive *d, const char *verb) {
    if (!strncmp(verb, "go:cgo_", 7) && strcmp(verb, "go:cgo_import_dynamic") && !by_cgo(d->pos))
        error_at(d->pos, "//%.*s only allowed in cgo-generated code", (int)d->text.len, d->text.p);
    if (d->bit & (PRAGMA_SYSTEMSTACK | PRAGMA_NOWRITEBARRIER | PRAGMA_YESWRITEBARRIERREC))
        error_at(d->pos, "//%s only allowed in runtime", verb);
    if (d->bit == PRAGMA_UINTPTRKEEPALIVE)
        error_at(d->pos, "//%s is only allowed in the standard library", verb);
}

// A directive counts only on a line of its own. It is kept until a declaration takes it
// (take_pragma), or is told to be misplaced.
static void read_directive(Parser *p, uint32_t offset, Str text) {
    const char *s = text.p, *end = text.p + text.len;
    while (s < end && *s != ' ') s++;
    const char *verb = xstrndup(text.p, (size_t)(s - text.p)),
               *args = xstrndup(s, (size_t)(end - s));
    Directive d = {.pos = p->l.src->base + offset + 2, .text = text};
    for (uint32_t i = offset; i > 0 && p->l.text[i - 1] != '\n'; i--)
        if (p->l.text[i - 1] != ' ' && p->l.text[i - 1] != '\t') { // not on a line of its own
            error_at(d.pos, "misplaced compiler directive");
            return;
        }
    for (size_t i = 0; i < sizeof pragmas / sizeof *pragmas; i++)
        if (!strcmp(verb, pragmas[i].name)) d.bit = pragmas[i].bit;
    if (d.bit == PRAGMA_BUILD)
        build_line(p, args);
    else if (d.bit == PRAGMA_EMBED && !embed_line(d.pos, args))
        d.bit = 0;
    else if (s < end && (!strcmp(verb, "go:linkname") || !strcmp(verb, "go:linknamestd")))
        linkname(p, d.pos, verb, s, end);
    else if (!(p->mode & PARSE_STD))
        check_std_directive(&d, verb);
    if (!strncmp(verb, "go:cgo_", 7)) cgo_name(p, verb, s, end);
    vec_push(&p->file->directives, d);
}

static void directive(void *arg, uint32_t offset, Str text) {
    Parser *p = arg;
    uint32_t errors = p_errors(p);
    read_directive(p, offset, text);
    p->not_errors += p_errors(p) - errors;
}

static const char *misplaced(const Directive *d) {
    return d->bit == PRAGMA_EMBED ? "misplaced go:embed directive"
           : d->bit               ? "misplaced compiler directive"
                                  : NULL;
}

// What a declaration or package clause takes of the directives before it; the checker reports the
// rest.
static void take_directives(Parser *p, Decl *d, uint32_t allowed) {
    for (; p->taken < p->file->directives.len; p->taken++) {
        Directive *v = &p->file->directives.data[p->taken];
        if (!(v->bit & allowed)) {
            if (v->bit) v->error = misplaced(v);
            continue;
        }
        d->pragma |= v->bit;
        if (v->bit != PRAGMA_EMBED) continue;
        const char *args = xstrndup(v->text.p + 8, v->text.len - 8);
        if (!d->doc_embed) d->embed_pos = v->pos;
        d->doc_embed = d->doc_embed ? xsprintf("%s %s", d->doc_embed, args) : args;
    }
}

void p_drop_directives(Parser *p) {
    uint32_t errors = p_errors(p);
    for (; p->taken < p->file->directives.len; p->taken++) {
        const Directive *d = &p->file->directives.data[p->taken];
        if (d->bit) error_at(d->pos, "%s", misplaced(d));
    }
    p->not_errors += p_errors(p) - errors;
}

// What has collected for the declaration that starts now. Only functions know pragmas, only
// variables embed.
static void take_pragma(Parser *p, Decl *d) {
    take_directives(p, d, d->kind == D_FUNC ? PRAGMA_FUNC : d->kind == D_VAR ? PRAGMA_EMBED : 0);
}

// ---- declarations -------------------------------------------------------------------------------

static Decl *decl_new(DeclKind kind, Pos pos, uint32_t group) {
    Decl *d = NEW(Decl);
    d->kind = kind;
    d->pos = pos;
    d->group = group;
    return d;
}

// ImportSpec = [ "." | PackageName ] ImportPath .
static Decl *import_spec(Parser *p, uint32_t group) {
    Decl *d = decl_new(D_IMPORT, p_pos(p), group);
    if (p->l.tok == TOK_NAME)
        d->import.name = p_name(p);
    else if (p->l.tok == TOK_DOT) {
        d->import.name = p_new_name(p_pos(p), ".");
        p_next(p);
    }
    if (p->l.tok == TOK_LITERAL) {
        LitKind kind = p->l.lit_kind;
        d->import.path = p_operand(p);
        if (kind != LIT_STRING && !d->import.path->lit.bad) {
            p_syntax_error_at(p, d->import.path->pos, "import path must be a string");
            d->import.path->lit.bad = true;
        }
    } else {
        p_error(p, "missing import path");
        p_advance(p, 1ull << TOK_SEMI | 1ull << TOK_RPAREN);
    }
    if (d->import.path && !d->import.path->lit.bad) {
        Str s = unquote_string(d->import.path->lit.text);
        p->file->imports_unsafe |= str_eq(s, str_c("unsafe"));
        p->file->imports_embed |= str_eq(s, str_c("embed"));
        p->file->imports_C |= str_eq(s, str_c("C"));
    }
    d->end = p_prev_end(p);
    return d;
}

typedef struct ConstGroup {
    Expr *type, *values;
    uint32_t iota;
    bool any;
} ConstGroup;

// ConstSpec = IdentifierList [ [ Type ] "=" ExpressionList ] .
static Decl *const_spec(Parser *p, uint32_t group, ConstGroup *g) {
    Decl *d = decl_new(D_CONST, p_pos(p), group);
    vec_push(&d->value.names, p_name(p));
    while (p_got(p, TOK_COMMA)) vec_push(&d->value.names, p_name(p));
    if (p->l.tok != TOK_EOF && p->l.tok != TOK_SEMI && p->l.tok != TOK_RPAREN) {
        d->value.type = p_type_or_nil(p);
        if (p_got_assign(p)) d->value.values = p_expr_list(p);
    }
    d->value.iota = g->iota++;
    if (d->value.type || d->value.values) {
        g->type = d->value.type;
        g->values = d->value.values;
        g->any = true;
    } else if (g->any) {
        d->value.type = g->type;
        d->value.values = g->values;
        d->value.inherited = true;
    }
    d->end = p_prev_end(p);
    return d;
}

// Is x, parsed behind "type T [", the start of a type parameter list? x is then "P C" in disguise:
// P *C, P (C), or a bare name.
static bool split_tparam(Expr *x, Expr **name, Expr **constraint, bool force);
// A form that no array length has, so that what is read must be a constraint: gc's isTypeElem.
static bool is_type_elem(Expr *x) {
    switch (x->kind) {
    case E_ARRAYTYPE:
    case E_SLICETYPE:
    case E_STRUCTTYPE:
    case E_FUNCTYPE:
    case E_INTERFACETYPE:
    case E_MAPTYPE:
    case E_CHANTYPE: return true;
    case E_BINARY: return is_type_elem(x->op.x) || is_type_elem(x->op.y);
    case E_UNARY: return x->op.op == OPR_TILDE;
    case E_PAREN: return is_type_elem(x->paren.x);
    default: return false;
    }
}

// force: a comma follows, so that it is a list in any case. In P *C | D the * belongs to the first
// term, so the name is taken from the left of each |. gc's extractName.
static bool split_tparam(Expr *x, Expr **name, Expr **constraint, bool force) {
    switch (x->kind) {
    case E_NAME:
        *name = x;
        *constraint = NULL;
        return true;
    case E_BINARY:
        // P *C.
        if (x->op.op == OPR_MUL && x->op.x->kind == E_NAME && (force || is_type_elem(x->op.y))) {
            *name = x->op.x;
            Expr *s = NEW(Expr);
            s->kind = E_STAR;
            s->pos = x->pos;
            s->star.x = x->op.y;
            s->end = x->end;
            *constraint = s;
            return true;
        }
        if (x->op.op == OPR_OR) {
            Expr *n, *lhs;
            if (split_tparam(x->op.x, &n, &lhs, force || is_type_elem(x->op.y)) && lhs) {
                Expr *u = NEW(Expr);
                u->kind = E_BINARY;
                u->pos = x->pos;
                u->end = x->end;
                u->op = x->op;
                u->op.x = lhs;
                *name = n;
                *constraint = u;
                return true;
            }
        }
        return false;
    case E_CALL:
        if (x->call.fun->kind == E_NAME && x->call.args.len == 1 && !x->call.dots &&
            (force || is_type_elem(x->call.args.data[0]))) { // P (C)
            *name = x->call.fun;
            *constraint = unparen(x->call.args.data[0]);
            return true;
        }
        return false;
    default: return false;
    }
}

// TypeSpec = identifier [ TypeParams ] [ "=" ] Type .
static Decl *type_spec(Parser *p, uint32_t group) {
    Decl *d = decl_new(D_TYPE, p_pos(p), group);
    d->type.name = p_name(p);
    if (p->l.tok == TOK_LBRACK) { // array or slice type, or type parameters
        Pos pos = p_pos(p);
        p_next(p);
        if (p->l.tok == TOK_NAME) {
            // [ name …: an array length or the first type parameter. Parse an expression and see
            // what follows.
            Expr *x = p_name(p);
            if (p->l.tok != TOK_LBRACK) {
                p->xnest++;
                x = p_binary(p, p_pexpr(p, x), 0);
                p->xnest--;
            }
            Expr *name, *constraint;
            if (split_tparam(x, &name, &constraint, p->l.tok == TOK_COMMA) &&
                (constraint || p->l.tok != TOK_RBRACK)) {
                d->type.tparams = p_param_list(p, name, constraint, TOK_RBRACK, true, false);
                d->type.alias = p_got_assign(p);
                d->type.type = p_type_or_nil(p);
            } else {
                d->type.type = p_array_type(p, pos, x);
            }
        } else if (p_got(p, TOK_RBRACK)) {
            d->type.type = p_slice_type(p, pos);
        } else {
            d->type.type = p_array_type(p, pos, NULL);
        }
    } else {
        d->type.alias = p_got_assign(p);
        d->type.type = p_type_or_nil(p);
    }
    if (!d->type.type) {
        d->type.type = expr_new(E_BAD, p_pos(p));
        p_error(p, "in type declaration");
        p_advance(p, 1ull << TOK_SEMI | 1ull << TOK_RPAREN);
    }
    d->end = p_prev_end(p);
    if (p->fnest > 0 && !d->type.alias) d->type.local = ++p->file->local_types;
    return d;
}

// VarSpec = IdentifierList ( Type [ "=" ExpressionList ] | "=" ExpressionList ) .
static Decl *var_spec(Parser *p, uint32_t group) {
    Decl *d = decl_new(D_VAR, p_pos(p), group);
    vec_push(&d->value.names, p_name(p));
    while (p_got(p, TOK_COMMA)) vec_push(&d->value.names, p_name(p));
    if (p_got_assign(p))
        d->value.values = p_expr_list(p);
    else {
        d->value.type = p_type(p);
        if (p_got_assign(p)) d->value.values = p_expr_list(p);
    }
    d->end = p_prev_end(p);
    return d;
}

typedef struct Group {
    DeclVec *out;
    Token kw;
    uint32_t id;
    ConstGroup consts;
} Group;

// ImportSpec | ConstSpec | TypeSpec | VarSpec . Directives above are taken before it is parsed,
// since parsing reads on to those of the next.
static bool spec(Parser *p, void *arg) {
    Group *g = arg;
    Decl *d;
    Decl mark = {.kind = g->kw == TOK_TYPE     ? D_TYPE
                         : g->kw == TOK_CONST  ? D_CONST
                         : g->kw == TOK_IMPORT ? D_IMPORT
                                               : D_VAR};
    take_pragma(p, &mark);
    switch (g->kw) {
    case TOK_IMPORT: d = import_spec(p, g->id); break;
    case TOK_CONST: d = const_spec(p, g->id, &g->consts); break;
    case TOK_TYPE: d = type_spec(p, g->id); break;
    default: d = var_spec(p, g->id); break;
    }
    d->pragma = mark.pragma;
    d->doc_embed = mark.doc_embed;
    d->embed_pos = mark.embed_pos;
    vec_push(g->out, d);
    return false;
}

// Behind the keyword: one spec or a parenthesised group.
static void decl_group(Parser *p, DeclVec *out, Token kw) {
    Group g = {.out = out, .kw = kw};
    if (p->l.tok == TOK_LPAREN) {
        g.id = ++p->groups;
        p_drop_directives(p);
        p_next(p);
        p_list(p, "grouped declaration", TOK_SEMI, TOK_RPAREN, spec, &g);
    } else
        spec(p, &g);
}
void p_decl_group(Parser *p, DeclVec *out, Token kw) {
    p_next(p);
    decl_group(p, out, kw);
}

// At the { of a function declaration's body: leaves it unparsed. NULL, with nothing read, if its
// end can't be told.
static Stmt *skip_body(Parser *p) {
    Stmt *s = stmt_new(S_BLOCK, p_pos(p));
    if (!lexer_skip_block(&p->l)) return NULL;
    s->unparsed = true;
    s->block.rbrace = p_pos(p);
    p_next(p);
    s->end = p_prev_end(p);
    return s;
}

// The lexer starts again in the middle of a file whose lines and directives are recorded already
// (again). Errors from before are told not to be this parser's.
void parse_body(Stmt *body) {
    Parser *p = NEW(Parser);
    SourceFile *src = source_of(body->pos);
    p->file = NEW(File);
    lexer_init(&p->l, src);
    p->l.again = true;
    p->l.p = src->text.p + (body->pos - src->base);
    uint32_t before = p->not_errors = diagnostics.list.len;
    p_next(p);
    uint32_t syntax = diagnostics.syntax_errors;
    Stmt *parsed = p_func_body(p);
    diagnostics.lexical_errors +=
        diagnostics.list.len - before - (diagnostics.syntax_errors - syntax);
    body->block = parsed->block;
    body->unparsed = false;
}

// FunctionDecl = "func" [ Receiver ] name [ TypeParams ] Signature [ Body ] .
static Decl *func_decl(Parser *p) {
    Decl *d = decl_new(D_FUNC, p_pos(p), 0); // behind "func", as in gc
    take_pragma(p, d);
    bool has_recv = p_got(p, TOK_LPAREN);
    if (has_recv) {
        FieldVec recv = p_param_list(p, NULL, NULL, TOK_RPAREN, false, false);
        if (recv.len == 0)
            error_at(p_pos(p), "method has no receiver");
        else {
            if (recv.len > 1) error_at(p_pos(p), "method has multiple receivers");
            d->func.recv = recv.data[0];
        }
    }
    if (p->l.tok == TOK_NAME) {
        d->func.name = p_name(p);
        d->func.ftype = p_func_type(p, NULL, &d->func.tparams);
    } else {
        d->func.name = p_new_name(p_pos(p), "_");
        d->func.ftype = expr_new(E_FUNCTYPE, p_pos(p));
        p_error(p, has_recv ? "expected name" : "expected name or (");
        p_advance(p, 1ull << TOK_LBRACE | 1ull << TOK_SEMI);
    }
    if (p->l.tok == TOK_LBRACE) {
        d->func.body = p->mode & PARSE_DECLS ? skip_body(p) : NULL;
        if (!d->func.body) d->func.body = p_func_body(p);
    }
    d->end = p_prev_end(p);
    return d;
}

// SourceFile = PackageClause ";" { ImportDecl ";" } { TopLevelDecl ";" } .
static File *parse(SourceFile *src, ParseMode mode) {
    Parser *p = NEW(Parser);
    File *f = NEW(File);
    f->src = src;
    f->go_version = "";
    p->file = f;
    p->mode = mode;
    lexer_init(&p->l, src);
    p->l.directive = directive;
    p->l.arg = p;
    src->lines.len = 1;
    src->directives.len = 0;
    p->not_errors = diagnostics.list.len;
    p_next(p);
    if (p->l.tok != TOK_PACKAGE) {
        p_error(p, "package statement must be first");
        return f;
    }
    take_directives(p, &(Decl){0}, PRAGMA_BUILD);
    p_next(p);
    Expr *name = p_name(p);
    p_want(p, TOK_SEMI);
    if (p_errors(p)) return f;
    f->pkg_name = name;
    Token prev = TOK_IMPORT;
    while (p->l.tok != TOK_EOF) {
        if (p->l.tok == TOK_IMPORT && prev != TOK_IMPORT)
            p_error(p, "imports must appear before other declarations");
        prev = p->l.tok;
        switch (p->l.tok) {
        case TOK_IMPORT:
        case TOK_CONST:
        case TOK_TYPE:
        case TOK_VAR: {
            Token kw = p->l.tok;
            p_next(p);
            decl_group(p, &f->decls, kw);
            break;
        }
        case TOK_FUNC:
            p_next(p);
            vec_push(&f->decls, func_decl(p));
            break;
        default:
            if (p->l.tok == TOK_LBRACE && f->decls.len && vec_last(&f->decls)->kind == D_FUNC &&
                !vec_last(&f->decls)->func.body)
                // Opening { of a function declaration on the next line.
                p_error(p, "unexpected semicolon or newline before {");
            else
                p_error(p, "non-declaration statement outside function body");
            p_advance(p, 1ull << TOK_IMPORT | 1ull << TOK_CONST | 1ull << TOK_TYPE |
                             1ull << TOK_VAR | 1ull << TOK_FUNC);
            continue;
        }
        p_drop_directives(p);
        if (p->l.tok != TOK_EOF && !p_got(p, TOK_SEMI)) {
            p_error(p, "after top level declaration");
            p_advance(p, 1ull << TOK_IMPORT | 1ull << TOK_CONST | 1ull << TOK_TYPE |
                             1ull << TOK_VAR | 1ull << TOK_FUNC);
        }
    }
    p_drop_directives(p);
    return f;
}

File *parse_file(SourceFile *src, ParseMode mode) {
    uint32_t before = diagnostics.list.len, syntax = diagnostics.syntax_errors;
    File *f = parse(src, mode);
    diagnostics.lexical_errors +=
        diagnostics.list.len - before - (diagnostics.syntax_errors - syntax);
    return f;
}
