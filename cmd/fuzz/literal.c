// literal: values written out: numbers at the edges of their types, strings with every kind of
// rune, composites, functions.
#include "cmd/fuzz/fuzz.h"
#include <inttypes.h>

static Node *constant(Node *n) {
    n->constant = true;
    return n;
}

// Edges, small numbers, powers of two and their neighbours, anything.
static uint64_t integer_bits(int bits) {
    uint64_t v = 0;
    switch (rnd(6)) {
    case 0: v = rnd(3) - 1u; break;
    case 1: v = rnd(20); break;
    case 2: v = (uint64_t)1 << rnd((uint32_t)bits); break;
    case 3: v = ((uint64_t)1 << rnd((uint32_t)bits)) - 1; break;
    case 4: v = (uint64_t)1 << (bits - 1); break;
    default: v = ((uint64_t)rnd(UINT32_MAX) << 32 | rnd(UINT32_MAX)) >> rnd(64); break;
    }
    if (chance(15)) v = ~v + 1;
    return bits == 64 ? v : v & (((uint64_t)1 << bits) - 1);
}

static const char *integer_text(const Type *t) {
    if (t->kind == PARAM) return xsprintf("%u", rnd(100)); // fits everything
    int bits = int_bits(t);
    uint64_t v = integer_bits(bits);
    if (!is_signed(t)) return xsprintf(chance(30) ? "%#" PRIx64 : "%" PRIu64, v);
    int64_t s = (int64_t)(v << (64 - bits)) >> (64 - bits);
    return xsprintf("%" PRId64, s);
}

static const char *float_text(void) {
    static const char *const some[] = {"0",     "1",        "-1",   "0.5",     "1.5",
                                       "-2.25", "0.1",      "1e10", "-1e-10",  "3.14159",
                                       "1e30",  "16777217", "255",  "0x1p-20", "1e-38"};
    return some[rnd(sizeof some / sizeof *some)];
}

static const char *string_text(void) {
    static const char *const parts[] = {
        "a",  "bc",  "",  "xyz", "\\x00",   "\\xff", "é",          "日本",
        "😀", "\\n", "0", "Z",   "\\u00e9", " ",     "\\xe2\\x82", "longer text, of many bytes"};
    Buf b = {0};
    buf_putc(&b, '"');
    for (uint32_t n = rnd(4); n; n--) buf_puts(&b, parts[rnd(sizeof parts / sizeof *parts)]);
    buf_putc(&b, '"');
    return buf_str(&b);
}

// In parentheses, since a brace would end the header of an if, for or switch.
static Node *composite(const Type *t, Node *elems) {
    return EXPR(t, xsprintf("(%s{$0})", t->text), elems);
}

// Keys leave gaps, which are zero; an array's may not pass its end.
static Node *elements(const Type *t, uint32_t n, int depth) {
    Node *list = LIST();
    bool keyed = chance(15);
    uint32_t at = 0;
    for (uint32_t i = 0; i < n; i++) {
        Node *e = expr_of(t->elem, depth - 1);
        if (keyed) {
            at += rnd(3);
            if (t->kind == ARRAY && at >= (uint32_t)t->len) break;
            e = EXPR(NULL, xsprintf("%u: $0", at++), e);
        }
        node_add(list, e);
    }
    return composite(t, list);
}

// Constant keys must differ. Of others there is one at most, as nobody can tell here whether they
// are equal.
static Node *map_literal(const Type *t, int depth) {
    Node *list = LIST();
    uint32_t n = rnd(4);
    if (t->key->kind == BOOL)
        n = n > 0;
    else if (t->key->kind > STRING)
        n = n > 0; // equal keys would be in doubt
    for (uint32_t i = 0; i < n; i++) {
        Node *key = is_integer(t->key) || is_float(t->key) || is_complex(t->key)
                        ? EXPR(t->key, xsprintf("%u", i * 3 + rnd(3)))
                    : t->key->kind == STRING ? EXPR(t->key, xsprintf("\"k%u\"", i))
                                             : expr_of(t->key, depth - 1);
        node_add(list, EXPR(NULL, "$0: $1", key, expr_of(t->elem, depth - 1)));
    }
    return composite(t, list);
}

static Node *struct_literal(const Type *t, int depth) {
    Node *list = LIST();
    for (vec_each(Field, f, &t->fields))
        if (chance(t->fields.len > 3 ? 30 : 75))
            node_add(list, EXPR(NULL, xsprintf("%s: $0", f->name), expr_of(f->type, depth - 1)));
    return composite(t, list);
}

static Node *pointer_literal(const Type *t, int depth) {
    if (t->elem->kind == STRUCT && t->elem->named && chance(50))
        return EXPR(t, "(&$0)", struct_literal(t->elem, depth));
    if (chance(30)) return EXPR(t, "new($0)", expr_of(t->elem, depth - 1));
    if (chance(30)) return EXPR(t, xsprintf("new(%s)", t->elem->text));
    return EXPR(t, "ptr($0)", expr_of(t->elem, depth - 1));
}

Node *zero_of(const Type *t) {
    if (t->kind == BOOL) return constant(EXPR(t, xsprintf("%s(false)", t->text)));
    if (t->kind < STRING) return constant(EXPR(t, xsprintf("%s(0)", t->text)));
    if (t->kind == STRING) return constant(EXPR(t, xsprintf("%s(\"\")", t->text)));
    return EXPR(t, xsprintf("zero[%s]()", t->text));
}

static Node *param_literal(const Type *t) {
    if (t->choices.len && is_integer(t->choices.data[0]))
        return constant(EXPR(t, xsprintf("%s(%u)", t->text, rnd(100))));
    return zero_of(t);
}

static Node *interface_value(const Type *t, int depth) {
    if (!t->choices.len) return EXPR(t, xsprintf("(%s)(nil)", t->text));
    const Type *c = t->choices.data[rnd(t->choices.len)];
    return EXPR(t, xsprintf("%s($0)", t->text), expr_of(c, depth - 1));
}

// Constants are marked, for operators on them alone may overflow. Far below the depth asked for all
// is zero, or it would never end.
Node *literal_of(const Type *t, int depth) {
    if (depth < -1 && t->kind > STRING && t->kind != FUNC && t->kind != POINTER) return zero_of(t);
    switch (t->kind) {
    case BOOL: return constant(EXPR(t, xsprintf("%s(%s)", t->text, chance(50) ? "true" : "false")));
    case FLOAT32:
    case FLOAT64: return constant(EXPR(t, xsprintf("%s(%s)", t->text, float_text())));
    case COMPLEX64:
    case COMPLEX128:
        return constant(
            EXPR(t, xsprintf("%s(%s + %si)", t->text, float_text(), chance(50) ? "1.5" : "0")));
    case STRING: return constant(EXPR(t, xsprintf("%s(%s)", t->text, string_text())));
    case ARRAY: return elements(t, rnd((uint32_t)(t->len < 4 ? t->len : 4) + 1), depth);
    case SLICE: return elements(t, rnd(5), depth);
    case MAP: return map_literal(t, depth);
    case STRUCT: return struct_literal(t, depth);
    case POINTER: return pointer_literal(t, depth);
    case FUNC: return func_literal(t, false);
    case INTERFACE: return interface_value(t, depth);
    case CHAN: return EXPR(t, xsprintf("make(%s, %u)", t->text, 1 + rnd(4)));
    case PARAM: return param_literal(t);
    default: return constant(EXPR(t, xsprintf("%s(%s)", t->text, integer_text(t))));
    }
}
