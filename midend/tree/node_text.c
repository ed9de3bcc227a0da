// node_text: trees as the reports of gc's passes write them: Go again, with literals cut short and
// what is implicit left out.
#include "midend/tree/ir.h"

static void expr(Buf *b, const Node *n, int prec);

// The value of a call that was inlined (see inline_copy), or of what is reported as such.
static bool is_inlined(const Node *n) {
    const Node *last = n->op == N_STMTEXPR && n->list.len ? vec_last(&n->list) : NULL;
    return last && (last->op == N_BLOCK ? last->break_target : last->op == N_AS && last->inlined);
}

// gc's ir.OpPrec. What that does not list has 0, and stands in parentheses wherever it is an
// operand.
static int precedence(const Node *n) {
    switch (n->op) {
    case N_STMTEXPR: return is_inlined(n) ? 0 : precedence(n->x);
    case N_NOT:
    case N_COM:
    case N_NEG:
    case N_DEREF:
    case N_RECV: return 7;
    case N_ADDR: return node_is_addressable(n->x) ? 7 : 0;
    case N_MUL:
    case N_DIV:
    case N_REM:
    case N_SHL:
    case N_SHR:
    case N_AND:
    case N_ANDNOT: return 6;
    case N_ADD:
    case N_SUB:
    case N_OR:
    case N_XOR: return 5;
    case N_EQ:
    case N_LT:
    case N_LE:
    case N_GE:
    case N_GT:
    case N_NE: return 4;
    case N_ANDAND: return 2;
    case N_OROR: return 1;
    case N_ADDSTR:
    case N_MAKECHAN:
    case N_MAKEMAP:
    case N_CLOSURE:
    case N_RECOVER:
    case N_COMPLEX:
    case N_REAL:
    case N_IMAG: return 0;
    default: return 8;
    }
}

static void list(Buf *b, Node *const *v, uint32_t n) {
    for (uint32_t i = 0; i < n; i++) {
        if (i) buf_puts(b, ", ");
        expr(b, v[i], 0);
    }
}

// The type as the source names it (any, byte, rune), where that is known.
static Type *type_of(const Node *n) {
    const Expr *e = n->syntax;
    while (e && e->kind == E_PAREN) e = e->paren.x;
    Type *t = n->type;
    if (e && e->kind == E_COMPOSITE && e->type)
        t = e->type;
    else if (e && e->kind == E_CALL && e->call.fun->mode == MODE_TYPE)
        t = e->call.fun->type;
    else if (e && e->kind == E_CALL && e->call.args.len && e->call.args.data[0]->mode == MODE_TYPE)
        t = e->call.args.data[0]->type;
    return type_has_typeparam(t) ? n->type : t;
}

static void conversion(Buf *b, const Node *n) {
    Type *t = type_of(n);
    const char *s = type_report_string(t);
    bool named = t == type_any || as_named(t) || unalias(t)->kind == T_INTERFACE
                     ? t == type_any || as_named(t)
                     : under(t) == unalias(t) && under(t)->kind < T_ARRAY;
    buf_printf(b, named ? "%s(" : "(%s)(", s);
    expr(b, n->x, 0);
    buf_putc(b, ')');
}

static bool is_rune(const Node *n) {
    const Expr *e = n->syntax;
    return e && e->type && (e->type == type_rune || e->type->kind == T_UNTYPED_RUNE);
}

static Type *default_of(const Const *c) {
    switch (const_kind(c)) {
    case CONST_BOOL: return BASIC(BOOL);
    case CONST_STRING: return BASIC(STRING);
    case CONST_INT: return BASIC(INT);
    case CONST_FLOAT: return BASIC(FLOAT64);
    default: return BASIC(COMPLEX128);
    }
}

// As %q writes it, but beyond ASCII every rune stands for itself.
static void rune(Buf *b, int64_t r) {
    static const char names[] = "abtnvfr";
    if (r == '\'' || r == '\\')
        buf_printf(b, "'\\%c'", (int)r);
    else if (r >= 7 && r <= 13)
        buf_printf(b, "'\\%c'", names[r - 7]);
    else if (r < 0x20 || r == 0x7f)
        buf_printf(b, "'\\x%02x'", (unsigned)r);
    else if (r < 0x80)
        buf_printf(b, "'%c'", (int)r);
    else if (r < 0x800)
        buf_printf(b, "'%c%c'", (int)(0xc0 | r >> 6), (int)(0x80 | (r & 0x3f)));
    else if (r < 0x10000)
        buf_printf(b, "'%c%c%c'", (int)(0xe0 | r >> 12), (int)(0x80 | (r >> 6 & 0x3f)),
                   (int)(0x80 | (r & 0x3f)));
    else
        buf_printf(b, "'%c%c%c%c'", (int)(0xf0 | r >> 18), (int)(0x80 | (r >> 12 & 0x3f)),
                   (int)(0x80 | (r >> 6 & 0x3f)), (int)(0x80 | (r & 0x3f)));
}

// Strings are quoted as Go's strconv does it, where messages of the checker have \000.
static const char *constant_text(const Const *c) {
    const char *s = const_string_short(c);
    if (const_kind(c) != CONST_STRING) return s;
    Buf b = {0};
    for (; *s; s++) {
        bool octal = s[0] == '\\' && s[1] >= '0' && s[1] <= '3';
        if (octal) {
            buf_printf(&b, "\\x%02x",
                       (unsigned)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0')));
            s += 3;
            continue;
        }
        buf_putc(&b, *s);
        if (*s == '\\') buf_putc(&b, *++s);
    }
    return buf_str(&b);
}

static bool is_untyped(const Expr *e) {
    switch (e->kind) {
    case E_LIT: return true;
    case E_PAREN: return is_untyped(e->paren.x);
    case E_UNARY: return is_untyped(e->op.x);
    case E_BINARY: return is_untyped(e->op.x) && is_untyped(e->op.y);
    case E_SELECTOR: return !e->selector.selection && is_untyped(e->selector.sel);
    case E_NAME:
        return e->name.obj && e->name.obj->kind == O_CONST && e->name.obj->type &&
               type_is_untyped(e->name.obj->type);
    default: return false;
    }
}

// An untyped constant by which is shifted is a uint.
static void shift_count(Buf *b, const Node *n, int prec) {
    if (n->op == N_CONST && n->syntax && is_untyped(n->syntax))
        buf_printf(b, "uint(%s)", const_string_short(n->val));
    else
        expr(b, n, prec);
}

static void constant(Buf *b, const Node *n) {
    int64_t v;
    Type *t = n->type;
    if (t == BASIC(INT32) && is_rune(n) && const_int64_value(n->val, &v) && v >= 0 &&
        v <= 0x10ffff) {
        rune(b, v);
        return;
    }
    const char *text = constant_text(n->val);
    if (t == default_of(n->val) || type_is_untyped(t))
        buf_puts(b, text);
    else
        buf_printf(b, "%s(%s)", type_report_string(t), text);
}

// The name of a function or method as an expression: f, pkg.f.
static void func_name(Buf *b, const Func *f) {
    if (!f->decl || f->decl->kind != D_FUNC) {
        const char *dot = strrchr(f->name, '.');
        buf_puts(b, dot ? dot + 1 : f->name);
        return;
    }
    if (f->pkg && f->pkg != current_package) buf_printf(b, "%s.", f->pkg->name);
    buf_puts(b, f->decl->func.name->name.name);
}

static bool is_method(const Func *f) {
    return f->decl && f->decl->kind == D_FUNC && f->decl->func.recv;
}

static const Node *skip_implicit(const Node *n) {
    while (n && !n->syntax &&
           (n->op == N_CONVNOP || n->op == N_CONVIFACE || n->op == N_CONVNUM ||
            ((n->op == N_ADDR || n->op == N_DEREF) && n->implicit)))
        n = n->x;
    return n;
}

// A method of a known type is T.M or (*T).M. Arguments of a variadic call are a slice by now, hence
// the dots.
static void call(Buf *b, const Node *n) {
    const NodeVec *args = &n->list;
    if (n->op == N_CALLINTER) {
        Type *t = under(n->x->type);
        if (n->local)
            buf_puts(b, n->local->name);
        else
            expr(b, n->x, 8);
        buf_printf(b, ".%s", interface_typeset(t)->methods.data[n->method]->name);
    } else if (n->x->op == N_FUNC && is_method(n->x->func) && args->len) {
        Type *recv = n->x->func->sig->func.params.data[0]->type;
        buf_printf(b, under(recv)->kind == T_POINTER && !as_named(recv) ? "(%s).%s" : "%s.%s",
                   type_report_string(recv), n->x->func->decl->func.name->name.name);
    } else
        expr(b, n->x, 8);
    buf_putc(b, '(');
    list(b, args->data, args->len);
    Type *sig = n->x->op == N_FUNC ? n->x->func->sig
                : n->op == N_CALL  ? core_type(n->x->type)
                                   : NULL;
    buf_puts(b, sig && sig->kind == T_FUNC && sig->func.variadic ? "...)" : ")");
}

static void builtin(Buf *b, const char *name, const Node *n, const char *end) {
    buf_printf(b, "%s(", name);
    bool more = false;
    const Node *xy[] = {n->x, n->y};
    for (int i = 0; i < 2; i++) {
        if (!xy[i]) continue;
        buf_puts(b, more ? ", " : "");
        expr(b, xy[i], 0);
        more = true;
    }
    buf_puts(b, more && n->list.len ? ", " : "");
    list(b, n->list.data, n->list.len);
    buf_puts(b, end);
}

static void make(Buf *b, const Node *n) {
    buf_printf(b, "make(%s", type_report_string(type_of(n)));
    const Node *xy[] = {n->x, n->y};
    for (int i = 0; i < 2; i++) {
        if (!xy[i]) continue;
        buf_puts(b, ", ");
        expr(b, xy[i], 0);
    }
    buf_putc(b, ')');
}

static void unary(Buf *b, const char *op, const Node *n, int prec) {
    buf_puts(b, op);
    if (n->x->op == n->op && n->op != N_DEREF) buf_putc(b, ' ');
    expr(b, n->x, prec + 1);
}

static void field(Buf *b, const Node *n) {
    Type *s = under(n->op == N_DOT ? n->x->type : deref(under(n->x->type), NULL));
    expr(b, n->x, 8);
    buf_printf(b, ".%s", s->strukt.fields.data[n->field]->name);
}

static void slice(Buf *b, const Node *n) {
    const Node *x =
        // Arrays are addressed implicitly.
        n->x->op == N_ADDR && under(n->x->x->type)->kind == T_ARRAY ? n->x->x : n->x;
    expr(b, x, 8);
    buf_putc(b, '[');
    for (uint32_t i = 0; i < n->list.len; i++) {
        if (i == 1 || (i == 2 && n->list.data[2])) buf_putc(b, ':');
        if (n->list.data[i]) expr(b, n->list.data[i], 0);
    }
    buf_putc(b, ']');
}

// The source's text, with three dots for what is cut.
static void syntax_text(Buf *b, const Expr *e) {
    for (const char *p = expr_string(e), *q; *p; p = q) {
        q = strstr(p, "…");
        if (!q) q = p + strlen(p);
        buf_printf(b, "%.*s", (int)(q - p), p);
        if (*q) {
            buf_puts(b, "...");
            q += strlen("…");
        }
    }
}

static void closure(Buf *b, const Node *n) { // a method value is its selector
    const Expr *e = n->syntax;
    while (e && e->kind == E_PAREN) e = e->paren.x;
    if (e && e->kind == E_SELECTOR && n->func->captures.len)
        syntax_text(b, e);
    else
        buf_puts(b, "func literal");
}

const char *local_text(const Local *l) {
    const Package *p = l->obj ? l->obj->pkg : NULL; // another package's, in an inlined body
    return p && p != current_package && l->name[0] != '~' ? xsprintf("%s.%s", p->name, l->name)
                                                          : l->name;
}

// gc's printer's precedences decide on parentheses, not the source's own.
static void expr(Buf *b, const Node *n, int prec) {
    n = skip_implicit(n);
    if (!n) {
        buf_puts(b, "<nil>");
        return;
    }
    int p = precedence(n);
    if (prec > p) {
        buf_putc(b, '(');
        expr(b, n, 0);
        buf_putc(b, ')');
        return;
    }
    switch ((NodeOp)n->op) {
    case N_CONST: constant(b, n); break;
    case N_ZERO:
        if (n->syntax && n->syntax->kind == E_COMPOSITE)
            buf_printf(b, "%s{}", type_report_string(type_of(n)));
        else
            buf_puts(b, "nil");
        break;
    case N_ITABDATA: // a receiver whose type is known
        expr(b, n->x, 8);
        buf_printf(b, ".(%s)", type_report_string(n->type));
        break;
    case N_LOCAL:
        if (n->local->value)
            expr(b, n->local->value->y, prec);
        else if (n->local->is_temp && n->syntax)
            syntax_text(b, n->syntax);
        else if (n->local->is_temp)
            buf_printf(b, ".autotmp_%u", n->local->index);
        else
            buf_puts(b, local_text(n->local));
        break;
    case N_GLOBAL:
        if (n->global->pkg && n->global->pkg != current_package)
            buf_printf(b, "%s.", n->global->pkg->name);
        buf_puts(b, n->global->name);
        break;
    case N_FUNC: func_name(b, n->func); break;
    case N_CLOSURE: closure(b, n); break;
    case N_ADDR:
        buf_putc(b, '&');
        expr(b, n->x, p ? 8 : 0);
        break;
    case N_DEREF: unary(b, "*", n, p); break;
    case N_NEG: unary(b, "-", n, p); break;
    case N_NOT: unary(b, "!", n, p); break;
    case N_COM: unary(b, "^", n, p); break;
    case N_RECV: unary(b, "<-", n, p); break;
    case N_DOT:
    case N_DOTPTR: field(b, n); break;
    case N_INDEX:
    case N_INDEXMAP:
        expr(b, n->x, p);
        buf_putc(b, '[');
        expr(b, n->y, 0);
        buf_putc(b, ']');
        break;
    case N_SLICE: slice(b, n); break;
    case N_ADDSTR:
        for (uint32_t i = 0; i < n->list.len; i++) {
            if (i) buf_puts(b, " + ");
            expr(b, n->list.data[i], 0);
        }
        break;
    case N_CALL:
    case N_CALLINTER: call(b, n); break;
    case N_STMTEXPR: expr(b, n->x, prec); break;
    case N_CONVNOP:
    case N_CONVNUM:
    case N_CONVIFACE:
    case N_STR2BYTES:
    case N_BYTES2STR:
    case N_STR2RUNES:
    case N_RUNES2STR:
    case N_RUNE2STR:
    case N_SLICE2ARR:
    case N_SLICE2ARRPTR: conversion(b, n); break;
    case N_ASSERT:
        expr(b, n->x, p);
        buf_printf(b, ".(%s)", type_report_string(n->type));
        break;
    case N_SLICELIT:
        if (n->is_ddd) {
            buf_puts(b, "... argument");
            break;
        }
        [[fallthrough]];
    case N_STRUCTLIT:
    case N_ARRAYLIT:
    case N_MAPLIT: {
        bool any = false;
        for (uint32_t i = 0; i < n->list.len; i++) any |= n->list.data[i] != NULL;
        buf_printf(b, "%s{%s}", type_report_string(type_of(n)), any ? "..." : "");
        break;
    }
    case N_APPENDSLICE: builtin(b, "append", n, "...)"); break;
    case N_APPEND:
    case N_LEN:
    case N_CAP:
    case N_COPY:
    case N_MIN:
    case N_MAX:
    case N_REAL:
    case N_IMAG:
    case N_COMPLEX:
    case N_RECOVER:
    case N_UNSAFEADD:
    case N_UNSAFESLICE:
    case N_UNSAFESTRING:
    case N_SLICEDATA:
    case N_STRINGDATA: builtin(b, node_op_text[n->op], n, ")"); break;
    case N_MAKESLICE:
    case N_MAKEMAP:
    case N_MAKECHAN: make(b, n); break;
    case N_NEW:
        buf_puts(b, "new(");
        if (n->x)
            expr(b, n->x, 0);
        else if (n->syntax && n->syntax->kind == E_CALL && n->syntax->call.args.len &&
                 type_has_typeparam(n->syntax->call.args.data[0]->type))
            buf_puts(b, "<node DYNAMICTYPE>");
        else
            buf_puts(b, type_report_string(n->syntax ? type_of(n) : under(n->type)->pointer.elem));
        buf_putc(b, ')');
        break;
    default:
        if (!n->y || n->op >= N_BLOCK) {
            buf_printf(b, "<node %s>", node_op_text[n->op]);
            break;
        }
        expr(b, n->x, p);
        buf_printf(b, " %s ", node_op_text[n->op]);
        n->op == N_SHL || n->op == N_SHR ? shift_count(b, n->y, p + 1) : expr(b, n->y, p + 1);
        break;
    }
}

static bool is_empty_stmt(const Node *n) {
    if (n->op == N_DCL) return true; // the assignment that follows tells
    if (n->op != N_BLOCK) return n->op == N_INLMARK;
    for (vec_each(Node *, s, &n->list))
        if (!is_empty_stmt(*s)) return false;
    return true;
}

static void stmt(Buf *b, const Node *n);

static void stmts(Buf *b, const NodeVec *l) {
    bool more = false;
    for (vec_each(Node *, s, l)) {
        if (is_empty_stmt(*s)) continue;
        if (more) buf_puts(b, "; ");
        stmt(b, *s);
        more = true;
    }
}

// Statements with bodies are only named, all but if, as gc's %v does it.
static void stmt(Buf *b, const Node *n) {
    switch ((NodeOp)n->op) {
    case N_BLOCK: stmts(b, &n->list); break;
    case N_EXPRSTMT: expr(b, n->x, 0); break;
    case N_IF:
        buf_puts(b, "if ");
        expr(b, n->x, 0);
        buf_puts(b, " { ");
        stmts(b, &n->body);
        buf_puts(b, " }");
        if (!n->els.len) break;
        buf_puts(b, " else { ");
        stmts(b, &n->els);
        buf_puts(b, " }");
        break;
    case N_SWITCH:
    case N_TYPESWITCH: buf_puts(b, "switch statement"); break;
    case N_SELECT: buf_puts(b, "select statement"); break;
    case N_AS:
        if (n->x)
            expr(b, n->x, 0);
        else
            buf_putc(b, '_');
        buf_puts(b, n->defines ? " := " : " = ");
        expr(b, n->y, 0);
        break;
    case N_OPAS:
        expr(b, n->x, 0);
        buf_printf(b, " %s= ", node_op_text[n->arith]);
        expr(b, n->y, 0);
        break;
    case N_AS2:
    case N_AS2MAP:
    case N_AS2ASSERT:
    case N_AS2RECV:
    case N_AS2CALL:
        list(b, n->list.data, n->list.len);
        buf_puts(b, " = ");
        if (n->op == N_AS2)
            list(b, n->rlist.data, n->rlist.len);
        else
            expr(b, n->y, 0);
        break;
    case N_RETURN:
        buf_puts(b, "return ");
        list(b, n->list.data, n->list.len);
        break;
    case N_RANGE:
    case N_FOR: buf_puts(b, "for loop"); break;
    case N_SEND:
        expr(b, n->x, 3);
        buf_puts(b, " <- ");
        expr(b, n->y, 4);
        break;
    case N_PANIC: builtin(b, "panic", n, ")"); break;
    case N_CLEAR: builtin(b, "clear", n, ")"); break;
    default: buf_printf(b, "<node %s>", node_op_text[n->op]); break;
    }
}

const char *nodes_text(const NodeVec *l) {
    Buf b = {0};
    stmts(&b, l);
    return buf_str(&b);
}

const char *node_text(const Node *n) {
    Buf b = {0};
    const Node *x = n;
    // What a report is about may itself be an implicit conversion.
    if (n->op < N_BLOCK)
        expr(&b, x, 0);
    else
        stmt(&b, n);
    return buf_str(&b);
}
