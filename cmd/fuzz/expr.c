// expr: a value of a given type. What can overflow a constant gets an operand that varies; what can
// panic is guarded.
#include "cmd/fuzz/fuzz.h"

// ---- variables and their parts ----

Node *expr_index(int len, int depth) {
    if (g.paths > 1 || chance(40)) return EXPR(type_basic(INT), xsprintf("%u", rnd((uint32_t)len)));
    Node *i = expr_varying(type_random_integer(), depth - 1);
    if (len >= 2 && chance(40)) {
        int mask = 1;
        while (mask * 2 <= len) mask *= 2;
        return EXPR(type_basic(UINT), xsprintf("uint($0)&%d", mask - 1), i);
    }
    return EXPR(type_basic(UINT), xsprintf("uint($0)%%%d", len), i);
}

// One step from a value to a part of it that may lie on the way to a value of some type; NULL where
// there is none.
static Node *step_into(Node *n, bool nonnil, int minlen) {
    const Type *t = n->type;
    switch (t->kind) {
    case ARRAY: return t->len ? EXPR(t->elem, "$0[$1]", n, expr_index(t->len, 0)) : NULL;
    case SLICE: return minlen ? EXPR(t->elem, "$0[$1]", n, expr_index(minlen, 0)) : NULL;
    case STRUCT: {
        if (!t->fields.len) return NULL;
        const Field *f = &t->fields.data[rnd(t->fields.len)];
        if (f->embedded && f->type->fields.len && chance(50)) { // promoted, unless shadowed
            const Field *inner = &f->type->fields.data[rnd(f->type->fields.len)];
            bool shadowed = false;
            for (vec_each(Field, own, &t->fields))
                shadowed = shadowed || strcmp(own->name, inner->name) == 0;
            if (!shadowed) return EXPR(inner->type, xsprintf("$0.%s", inner->name), n);
        }
        return EXPR(f->type, xsprintf("$0.%s", f->name), n);
    }
    case POINTER:
        if (nonnil && t->elem->kind == STRUCT && chance(70)) { // the selector dereferences
            Node *star = EXPR(t->elem, "$0", n);
            return step_into(star, false, 0);
        }
        return nonnil ? EXPR(t->elem, "(*$0)", n) : EXPR(t->elem, "deref($0)", n);
    case MAP:
        return g.paths < 2 && chance(60) ? EXPR(t->elem, "$0[$1]", n, expr_of(t->key, 0)) : NULL;
    default: return NULL;
    }
}

// Kinds that must not be nil are taken as whole variables only.
static bool needs_value(const Type *t) {
    return t->kind == FUNC || t->kind == POINTER || t->kind == CHAN ||
           (t->kind == INTERFACE && t->methods.len);
}

static Node *walk(const Var *v, const Type *t) {
    Node *n = EXPR(v->type, v->name);
    if (v->type == t) return needs_value(t) && !v->nonnil ? NULL : n;
    if (needs_value(t)) return NULL;
    bool nonnil = v->nonnil;
    int minlen = v->fixed ? v->minlen : 0;
    for (int i = 0; i < 3; i++) {
        if (!(n = step_into(n, nonnil, minlen))) return NULL;
        if (n->type == t) return n;
        nonnil = false;
        minlen = 0;
    }
    return NULL;
}

Node *path_to(const Type *t, int tries) {
    Node *n = NULL;
    g.paths++; // indices are paths, too
    for (int i = 0; i < tries && !n && g.vars.len; i++) {
        uint32_t back = chance(50) ? rnd(g.vars.len) : rnd(g.vars.len < 6 ? g.vars.len : 6);
        n = walk(&g.vars.data[g.vars.len - 1 - back], t);
    }
    g.paths--;
    return n;
}

static Node *convert(const Type *t, Node *n) {
    if (n->type == t) return n;
    if (is_integer(n->type)) return EXPR(t, xsprintf("%s($0)", t->text), n);
    if (n->type->kind == STRING) return EXPR(t, xsprintf("%s(len($0))", t->text), n);
    return NULL;
}

static Node *leaf(const Type *t, int depth) {
    Node *n = chance(80) ? path_to(t, 12) : NULL;
    if (!n && is_integer(t) && chance(70) && (n = path_to(g.palette[rnd(PALETTE)], 8)))
        n = convert(t, n);
    return n ? n : literal_of(t, depth);
}

Node *expr_varying(const Type *t, int depth) {
    Node *n = depth > 0 ? expr_of(t, depth) : path_to(t, 20);
    if (n && !n->constant) return n;
    return EXPR(t, "id($0)", n ? n : literal_of(t, depth));
}

// ---- operators ----

static Node *binary(const Type *t, const char *op, Node *a, Node *b) {
    return EXPR(t, xsprintf("($0 %s $1)", op), a, b);
}

static const Type *other_numeric(void) {
    const Type *t;
    do t = chance(80) ? type_random_integer() : type_random_basic();
    while (!is_integer(t) && !is_float(t));
    return t;
}

static const Type *named_like(bool (*is)(const Type *)) {
    if (chance(40) && g.named.len) {
        const Type *t = g.named.data[rnd(g.named.len)];
        if (is(t)) return t;
    }
    return NULL;
}

static Node *shift_count(int depth) {
    if (chance(50)) return EXPR(NULL, xsprintf("%u", rnd(chance(80) ? 64 : 70)));
    if (chance(50)) return expr_varying(type_basic(UINT8 + rnd(4)), depth - 1);
    return EXPR(NULL, "($0&63)", expr_varying(type_basic(INT8 + rnd(5)), depth - 1));
}

static Node *divisor(const Type *t, int depth) {
    if (chance(60)) {
        static const int some[] = {1, 2, 3, 4, 5, 7, 8, 10, 16, 25, 64, 100, 127};
        return EXPR(t, xsprintf("%s%d", is_signed(t) && chance(25) ? "-" : "",
                                some[rnd(sizeof some / sizeof *some)]));
    }
    return EXPR(t, "($0|1)", expr_varying(t, depth - 1));
}

// A call of math/bits, of min and max, or a mixture of what compilers know by heart.
static Node *integer_builtin(const Type *t, int depth) {
    static const char *const counts[] = {"LeadingZeros", "TrailingZeros", "OnesCount", "Len"};
    static const int widths[] = {8, 16, 32, 64};
    switch (rnd(6)) {
    case 0:
        return EXPR(t, chance(50) ? "min($0, $1)" : "max($0, $1)", expr_varying(t, depth - 1),
                    expr_of(t, depth - 1));
    case 1:
        return EXPR(t, "min($0, $1, $2)", expr_varying(t, depth - 1), expr_of(t, depth - 1),
                    expr_varying(t, depth - 1));
    case 2: {
        uint32_t w = rnd(4);
        return EXPR(t, xsprintf("%s(bits.%s%d($0))", t->text, counts[rnd(4)], widths[w]),
                    expr_varying(type_basic(UINT8 + w), depth - 1));
    }
    case 3: {
        uint32_t w = rnd(4);
        return EXPR(t, xsprintf("%s(bits.RotateLeft%d($0, int($1)))", t->text, widths[w]),
                    expr_varying(type_basic(UINT8 + w), depth - 1),
                    expr_varying(type_basic(INT8), depth - 1));
    }
    case 4: {
        uint32_t w = 1 + rnd(3);
        return EXPR(
            t, xsprintf("%s(bits.Reverse%s%d($0))", t->text, chance(50) ? "Bytes" : "", widths[w]),
            expr_varying(type_basic(UINT8 + w), depth - 1));
    }
    default:
        return EXPR(t, xsprintf("%s(mulhi($0, $1))", t->text),
                    expr_varying(type_basic(UINT64), depth - 1),
                    expr_varying(type_basic(UINT64), depth - 1));
    }
}

static Node *length(const Type *t, int depth) {
    const Type *of = chance(50) ? type_basic(STRING) : type_random(2, ANY_TYPE);
    if (of->kind != STRING && of->kind != ARRAY && of->kind != SLICE && of->kind != MAP)
        of = type_basic(STRING);
    Node *n = path_to(of, 6);
    if (!n) n = expr_varying(of, depth - 1);
    // An array's is constant.
    return EXPR(t, xsprintf(of->kind == ARRAY ? "%s(id(len($0)))" : "%s(len($0))", t->text), n);
}

static bool is_numeric(const Type *t) { return is_integer(t) || is_float(t); }

static Node *conversion_to_integer(const Type *t, int depth) {
    const Type *from = named_like(is_numeric);
    if (!from) from = other_numeric();
    Node *n = expr_varying(from, depth - 1);
    if (!is_float(from)) return EXPR(t, xsprintf("%s($0)", t->text), n);
    if (is_signed(t))
        return EXPR(t, xsprintf("%s(clamp($0, %s))", t->text, int_bits(t) == 8 ? "100" : "30000"),
                    n);
    return EXPR(t, xsprintf("%s(clamp($0, 100)+100)", t->text), n);
}

// One operand always varies, since gc refuses constants that overflow. No divisor is zero, no shift
// count negative.
static Node *integer(const Type *t, int depth) {
    static const char *const ops[] = {"+", "-", "*", "&", "|", "^", "&^"};
    switch (rnd(14)) {
    case 0:
    case 1:
    case 2:
    case 3: return binary(t, ops[rnd(7)], expr_varying(t, depth - 1), expr_of(t, depth - 1));
    case 4: return EXPR(t, chance(50) ? "(-$0)" : "(^$0)", expr_varying(t, depth - 1));
    case 5: return binary(t, chance(50) ? "/" : "%", expr_varying(t, depth - 1), divisor(t, depth));
    case 6:
    case 7:
        return binary(t, chance(50) ? "<<" : ">>", expr_varying(t, depth - 1), shift_count(depth));
    case 8:
    case 9: return conversion_to_integer(t, depth);
    case 10: return integer_builtin(t, depth);
    case 11: return length(t, depth);
    case 12:
        if (t->kind == UINT8)
            return EXPR(t, xsprintf("%s(at($0, $1))", t->text),
                        expr_varying(type_basic(STRING), depth - 1),
                        expr_of(type_basic(INT), depth - 1));
        if (t->kind == INT32)
            return EXPR(t, xsprintf("%s(runeAt($0, $1))", t->text),
                        expr_varying(type_basic(STRING), depth - 1),
                        expr_of(type_basic(INT), depth - 1));
        return conversion_to_integer(t, depth);
    default:
        return EXPR(t, "pick($0, $1, $2)", expr_of(type_basic(BOOL), depth - 1),
                    expr_varying(t, depth - 1), expr_of(t, depth - 1));
    }
}

// A divisor varies, since gc refuses a constant zero.
static Node *floating(const Type *t, int depth) {
    static const char *const ops[] = {"+", "-", "*", "/"};
    static const char *const funcs[] = {"Sqrt", "Floor", "Ceil", "Trunc", "Abs", "RoundToEven"};
    switch (rnd(8)) {
    case 0:
    case 1: return binary(t, ops[rnd(3)], expr_varying(t, depth - 1), expr_of(t, depth - 1));
    case 2: return binary(t, ops[rnd(4)], expr_varying(t, depth - 1), expr_varying(t, depth - 1));
    case 3: return EXPR(t, "(-$0)", expr_varying(t, depth - 1));
    case 4: return EXPR(t, xsprintf("%s($0)", t->text), expr_varying(other_numeric(), depth - 1));
    case 5:
        return EXPR(t, xsprintf("%s(math.%s(float64($0)))", t->text, funcs[rnd(6)]),
                    expr_varying(t, depth - 1));
    case 6:
        return EXPR(
            t, xsprintf("%s(%s($0))", t->text, chance(50) ? "real" : "imag"),
            expr_varying(type_basic(t->kind == FLOAT32 ? COMPLEX64 : COMPLEX128), depth - 1));
    default:
        return EXPR(t, chance(50) ? "min($0, $1)" : "max($0, $1)", expr_varying(t, depth - 1),
                    expr_of(t, depth - 1));
    }
}

static Node *complex_(const Type *t, int depth) {
    const Type *part = type_basic(t->kind == COMPLEX64 ? FLOAT32 : FLOAT64);
    static const char *const ops[] = {"+", "-", "*", "/"};
    switch (rnd(4)) {
    case 0:
        return EXPR(t, xsprintf("%s(complex($0, $1))", t->text), expr_varying(part, depth - 1),
                    expr_varying(part, depth - 1));
    case 1: return EXPR(t, "(-$0)", expr_varying(t, depth - 1));
    default: return binary(t, ops[rnd(4)], expr_varying(t, depth - 1), expr_varying(t, depth - 1));
    }
}

static const Type *comparable_type(void) {
    const Type *t = named_like(is_numeric);
    return t ? t : chance(60) ? type_random_basic() : type_random(2, COMPARABLE);
}

static Node *comparison(const Type *t, int depth) {
    static const char *const ops[] = {"==", "!=", "<", "<=", ">", ">="};
    const Type *of = comparable_type();
    bool ordered = is_numeric(of) || of->kind == STRING;
    const char *op = ops[rnd(ordered ? 6 : 2)];
    Node *a = expr_varying(of, depth - 1), *b = expr_of(of, depth - 1);
    return EXPR(t, xsprintf("%s($0 %s $1)", t->named ? t->text : "", op), a, b);
}

static Node *nil_test(const Type *t, int depth) {
    const Type *of = type_random(2, ANY_TYPE);
    if (of->kind != SLICE && of->kind != MAP && of->kind != INTERFACE && of->kind != POINTER)
        of = type_slice(type_random_basic());
    Node *n = path_to(of, 8);
    return EXPR(t, xsprintf("%s($0 %s nil)", t->text, chance(50) ? "==" : "!="),
                n ? n : expr_of(of, depth - 1));
}

static Node *boolean(const Type *t, int depth) {
    switch (rnd(7)) {
    case 0: return binary(t, "&&", expr_varying(t, depth - 1), expr_of(t, depth - 1));
    case 1: return binary(t, "||", expr_varying(t, depth - 1), expr_of(t, depth - 1));
    case 2: return EXPR(t, "(!$0)", expr_varying(t, depth - 1));
    case 3: return nil_test(t, depth);
    default: return comparison(t, depth);
    }
}

// Strings grow by literals, so that their length stays linear in the steps made.
static Node *string(const Type *t, int depth) {
    switch (rnd(9)) {
    case 0: return binary(t, "+", expr_varying(t, depth - 1), literal_of(t, 0));
    case 1:
        return binary(t, "+", literal_of(t, 0),
                      EXPR(t, "($0 + $1)", expr_varying(t, depth - 1), literal_of(t, 0)));
    case 2:
        return EXPR(t, xsprintf("%s([]byte($0))", t->text),
                    expr_varying(type_basic(STRING), depth - 1));
    case 3:
        return EXPR(t, xsprintf("%s([]rune($0))", t->text),
                    expr_varying(type_basic(STRING), depth - 1));
    case 4:
        return EXPR(t, xsprintf("%s(rune($0))", t->text),
                    expr_varying(type_basic(chance(50) ? UINT8 : INT32), depth - 1));
    case 5:
        return EXPR(t, "sub($0, $1, $2)", expr_varying(t, depth - 1),
                    expr_of(type_basic(INT), depth - 1), expr_of(type_basic(INT), depth - 1));
    case 6:
        return EXPR(t, xsprintf("%s(strconv.Itoa($0))", t->text),
                    expr_varying(type_basic(INT), depth - 1));
    case 7:
        return EXPR(t, chance(50) ? "min($0, $1)" : "max($0, $1)", expr_varying(t, depth - 1),
                    expr_of(t, depth - 1));
    default:
        return EXPR(t, "pick($0, $1, $2)", expr_of(type_basic(BOOL), depth - 1),
                    expr_of(t, depth - 1), expr_of(t, depth - 1));
    }
}

// append gets slices without room, or makes a new one: where it wrote in place others would see it,
// and where it does is the compiler's choice.
static Node *slice(const Type *t, int depth) {
    Node *s = path_to(t, 8);
    if (!s) s = literal_of(t, depth);
    switch (rnd(5)) {
    case 0:
        return EXPR(t, "cut($0, $1, $2)", s, expr_of(type_basic(INT), depth - 1),
                    expr_of(type_basic(INT), depth - 1));
    case 1: return EXPR(t, "append(clip($0), $1)", s, expr_of(t->elem, depth - 1));
    case 2:
        return EXPR(t, "append(clip($0), $1, $2)", s, expr_of(t->elem, depth - 1),
                    expr_of(t->elem, depth - 1));
    case 3: return EXPR(t, xsprintf("append((%s)(nil), $0...)", t->text), s);
    default: return EXPR(t, xsprintf("make(%s, %u, %u)", t->text, rnd(4), 4 + rnd(4)));
    }
}

static Node *operator_for(const Type *t, int depth) {
    if (t->kind == BOOL) return boolean(t, depth);
    if (is_integer(t)) return integer(t, depth);
    if (is_float(t)) return floating(t, depth);
    if (is_complex(t)) return complex_(t, depth);
    if (t->kind == STRING) return string(t, depth);
    if (t->kind == SLICE) return slice(t, depth);
    if (t->kind == PARAM && t->choices.len && is_integer(t->choices.data[0])) {
        static const char *const ops[] = {"+", "-", "*", "&", "|", "^"};
        return binary(t, ops[rnd(6)], expr_varying(t, depth - 1), expr_of(t, depth - 1));
    }
    return literal_of(t, depth);
}

// A function literal called where it stands.
static Node *called_literal(const Type *t) {
    const Type *f = type_func(&(TypeVec){0}, TYPES(t));
    return EXPR(t, "$0()", func_literal(f, false));
}

// Once the program is large enough all that is left to come is leaves.
Node *expr_of(const Type *t, int depth) {
    if (g.size > g.max_size) depth = 0;
    if (depth <= 0) return leaf(t, depth);
    switch (rnd(10)) {
    case 0:
    case 1:
    case 2: return leaf(t, depth);
    case 3:
    case 4:
    case 5: {
        Node *call = call_for(t, depth);
        if (call) return call;
        return operator_for(t, depth);
    }
    case 6: return g.nesting < 4 && chance(15) ? called_literal(t) : operator_for(t, depth);
    default: return operator_for(t, depth);
    }
}
