// syntax_print: expressions as Go source in gc's short form, their extents, and the values of
// string and rune literals.
#include "frontend/syntax.h"

Expr *unparen(Expr *x) {
    while (x && x->kind == E_PAREN) x = x->paren.x;
    return x;
}

// gc's syntax.StartPos: the position of what stands leftmost, where a node's own is that of its
// operator or operand. Messages are mostly there.
Pos expr_start(const Expr *x) {
    for (;;) {
        const Expr *in = NULL;
        switch (x->kind) {
        case E_COMPOSITE: in = x->composite.type; break;
        case E_KEYVALUE: in = x->kv.x; break;
        case E_SELECTOR: in = x->selector.x; break;
        case E_INDEX: in = x->index.x; break;
        case E_ASSERT: in = x->assert_.x; break;
        case E_TYPESWITCH: in = x->typeswitch.lhs ? x->typeswitch.lhs : x->typeswitch.x; break;
        case E_BINARY: in = x->op.x; break;
        case E_CALL: in = x->call.fun; break;
        case E_LIST: in = x->list.elems.len ? x->list.elems.data[0] : NULL; break;
        default: break;
        }
        if (!in) return x->pos;
        x = in;
    }
}
Pos expr_end(const Expr *x) { return x->end; }

static void print(Buf *b, const Expr *x);

static void print_list(Buf *b, const ExprVec *v) {
    for (uint32_t i = 0; i < v->len; i++) {
        if (i) buf_puts(b, ", ");
        print(b, v->data[i]);
    }
}

// Names that share a type stand before it together, as they were written.
static void print_params(Buf *b, const FieldVec *v) {
    buf_putc(b, '(');
    for (uint32_t i = 0; i < v->len; i++) {
        Field *f = v->data[i];
        if (i) buf_puts(b, ", ");
        if (f->name) {
            print(b, f->name);
            // a, b T share one type
            if (i + 1 < v->len && v->data[i + 1]->name && v->data[i + 1]->type == f->type) continue;
            buf_putc(b, ' ');
        }
        print(b, f->type);
    }
    buf_putc(b, ')');
}

static void print_signature(Buf *b, const Expr *x) {
    print_params(b, &x->func.params);
    if (!x->func.results.len) return;
    buf_putc(b, ' ');
    if (x->func.results.len == 1 && !x->func.results.data[0]->name)
        print(b, x->func.results.data[0]->type);
    else
        print_params(b, &x->func.results);
}

// gc's short form, in which messages quote expressions: bodies and literals are {…}, parentheses
// are those of the source.
static void print(Buf *b, const Expr *x) {
    if (!x) return;
    switch (x->kind) {
    case E_BAD: buf_puts(b, "<bad expr>"); break;
    case E_NAME: buf_puts(b, x->name.name); break;
    case E_LIT: buf_write(b, x->lit.text.p, x->lit.text.len); break;
    case E_COMPOSITE:
        if (x->composite.type) print(b, x->composite.type);
        buf_puts(b, x->composite.elems.len ? "{…}" : "{}");
        break;
    case E_KEYVALUE:
        print(b, x->kv.x);
        buf_puts(b, ": ");
        print(b, x->kv.y);
        break;
    case E_FUNCLIT:
        print(b, x->funclit.ftype);
        buf_puts(b, x->funclit.body && x->funclit.body->block.list.len ? " {…}" : " {}");
        break;
    case E_PAREN:
        buf_putc(b, '(');
        print(b, x->paren.x);
        buf_putc(b, ')');
        break;
    case E_SELECTOR:
        print(b, x->selector.x);
        buf_putc(b, '.');
        print(b, x->selector.sel);
        break;
    case E_INDEX:
        print(b, x->index.x);
        buf_putc(b, '[');
        print_list(b, &x->index.index);
        buf_putc(b, ']');
        break;
    case E_SLICE:
        print(b, x->slice.x);
        buf_putc(b, '[');
        print(b, x->slice.i);
        buf_putc(b, ':');
        print(b, x->slice.j);
        if (x->slice.full) {
            buf_putc(b, ':');
            print(b, x->slice.k);
        }
        buf_putc(b, ']');
        break;
    case E_ASSERT:
        print(b, x->assert_.x);
        buf_puts(b, ".(");
        print(b, x->assert_.type);
        buf_putc(b, ')');
        break;
    case E_TYPESWITCH:
        if (x->typeswitch.lhs) {
            print(b, x->typeswitch.lhs);
            buf_puts(b, " := ");
        }
        print(b, x->typeswitch.x);
        buf_puts(b, ".(type)");
        break;
    case E_STAR:
        buf_putc(b, '*');
        print(b, x->star.x);
        break;
    case E_UNARY:
        buf_puts(b, operator_text[x->op.op]);
        print(b, x->op.x);
        break;
    case E_BINARY:
        print(b, x->op.x);
        buf_printf(b, " %s ", operator_text[x->op.op]);
        print(b, x->op.y);
        break;
    case E_CALL:
        print(b, x->call.fun);
        buf_putc(b, '(');
        print_list(b, &x->call.args);
        if (x->call.dots) buf_puts(b, "...");
        buf_putc(b, ')');
        break;
    case E_LIST: print_list(b, &x->list.elems); break;
    case E_ARRAYTYPE:
        buf_putc(b, '[');
        if (x->array.len)
            print(b, x->array.len);
        else
            buf_puts(b, "...");
        buf_putc(b, ']');
        print(b, x->array.elem);
        break;
    case E_SLICETYPE:
        buf_puts(b, "[]");
        print(b, x->array.elem);
        break;
    case E_DOTS:
        buf_puts(b, "...");
        print(b, x->array.elem);
        break;
    case E_STRUCTTYPE:
        buf_puts(b, "struct{");
        for (uint32_t i = 0; i < x->fields.fields.len; i++) {
            const Field *f = x->fields.fields.data[i],
                        *next = i + 1 < x->fields.fields.len ? x->fields.fields.data[i + 1] : NULL;
            if (!f->embedded && f->name) {
                print(b, f->name);
                if (next && !next->embedded && next->name && next->type == f->type) {
                    buf_puts(b, ", ");
                    continue;
                }
                buf_putc(b, ' ');
            }
            print(b, f->type);
            if (f->tag) {
                buf_putc(b, ' ');
                print(b, f->tag);
            }
            if (next) buf_puts(b, "; ");
        }
        buf_putc(b, '}');
        break;
    case E_INTERFACETYPE:
        buf_puts(b, "interface{");
        for (uint32_t i = 0; i < x->fields.fields.len; i++) {
            const Field *f = x->fields.fields.data[i];
            if (i) buf_puts(b, "; ");
            if (f->name && f->type && f->type->kind == E_FUNCTYPE) {
                print(b, f->name);
                print_signature(b, f->type);
            } else {
                print(b, f->type);
            }
        }
        buf_putc(b, '}');
        break;
    case E_FUNCTYPE:
        buf_puts(b, "func");
        print_signature(b, x);
        break;
    case E_MAPTYPE:
        buf_puts(b, "map[");
        print(b, x->map.key);
        buf_putc(b, ']');
        print(b, x->map.elem);
        break;
    case E_CHANTYPE:
        buf_puts(b, x->chan.dir == CHAN_RECV   ? "<-chan "
                    : x->chan.dir == CHAN_SEND ? "chan<- "
                                               : "chan ");
        if (x->chan.dir == CHAN_BOTH && x->chan.elem && x->chan.elem->kind == E_CHANTYPE &&
            x->chan.elem->chan.dir == CHAN_RECV) {
            buf_putc(b, '(');
            print(b, x->chan.elem);
            buf_putc(b, ')');
        } else
            print(b, x->chan.elem);
        break;
    }
}

const char *expr_string(const Expr *x) {
    Buf b = {0};
    print(&b, x);
    return buf_str(&b);
}

// ---- literals -----------------------------------------------------------------------------------

static int hex(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

// At s, behind a backslash; returns the value, *byte tells whether it is a byte rather than a code
// point.
static uint32_t escape(const char **s, const char *end, bool *byte) {
    static const char names[] = "abfnrtv\\'\"", values[] = "\a\b\f\n\r\t\v\\'\"";
    char c = *(*s)++;
    *byte = false;
    const char *at = c ? strchr(names, c) : NULL;
    if (at) return (uint8_t)values[at - names];
    int n = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 3, base = n == 3 ? 8 : 16;
    *byte = n <= 3;
    uint32_t v = 0;
    if (n == 3) --*s;
    for (; n > 0 && *s < end; n--) v = v * (uint32_t)base + (uint32_t)hex(*(*s)++);
    return v;
}

// Text without escapes (a raw string's without \r) is not copied: the value lies in the source.
Str unquote_string(Str text) {
    if (text.len < 2) return str_c("");
    const char *s = text.p + 1, *end = text.p + text.len - 1;
    Buf b = {0};
    if (text.p[0] == '`') {
        if (!memchr(s, '\r', (size_t)(end - s))) return str_make(s, (size_t)(end - s));
        for (; s < end; s++)
            if (*s != '\r') buf_putc(&b, *s);
    } else {
        if (!memchr(s, '\\', (size_t)(end - s))) return str_make(s, (size_t)(end - s));
        while (s < end) {
            if (*s != '\\') {
                buf_putc(&b, *s++);
                continue;
            }
            s++;
            bool byte;
            uint32_t v = escape(&s, end, &byte);
            if (byte)
                buf_putc(&b, (char)v);
            else
                buf_rune(&b, v);
        }
    }
    buf_str(&b);
    return str_make(b.p, b.len);
}

// A bad literal has been reported; U+FFFD, or what its first character gives, does for it.
int32_t unquote_rune(Str text) {
    const char *s = text.p + 1, *end = text.p + text.len - 1;
    if (s >= end) return 0xfffd;
    if (*s == '\\') {
        bool byte;
        s++;
        return (int32_t)escape(&s, end, &byte);
    }
    uint8_t c = (uint8_t)*s;
    if (c < 0x80) return c;
    int n = c >= 0xf0 ? 3 : c >= 0xe0 ? 2 : 1;
    int32_t r = c & (0x3f >> n);
    while (n-- > 0 && ++s < end) r = r << 6 | (*s & 0x3f);
    return r;
}
