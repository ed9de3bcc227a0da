// loop: every form of for, with labels, break, continue and return out of any depth; ranges over
// functions take every way out, too.
#include "cmd/fuzz/fuzz.h"

// The body of a loop of at most n rounds, in a scope where the names are variables.
static Node *loop_body(uint32_t n, const char *const *names, const Type *const *types, int count) {
    long mult = g.mult;
    uint32_t mark = g.vars.len;
    g.mult *= n ? n : 1;
    g.loops++;
    g.nesting++;
    for (int i = 0; i < count; i++) {
        if (*names[i] == '_') continue;
        Var *v = var_add(names[i], types[i]);
        v->fixed = true;
        v->foreign = g.pure;
    }
    Node *block = BLOCK();
    block_fill(block, 1 + (int)rnd(3));
    g.loops--;
    g.nesting--;
    g.mult = mult;
    g.vars.len = mark;
    return block;
}

// A label that is used: the loop's body ends by going on with it.
static Node *labelled(Node *loop, const char *label) {
    return label ? STMT(xsprintf("%s:\n$0", label), loop) : loop;
}

static const char *label_begin(void) {
    if (!chance(35)) return NULL;
    const char *label = fresh("L");
    vec_push(&g.labels, label);
    return label;
}

static void label_end(const char *label, Node *body) {
    if (!label) return;
    g.labels.len--;
    node_add(body, STMT(xsprintf("if $0 {\n%s %s\n}\n", chance(50) ? "continue" : "break", label),
                        expr_of(type_basic(BOOL), 2)));
}

// Each form comes to its end in every integer type, as none counts beyond 16.
static Node *loop_three_clauses(void) {
    static const char *const heads[] = {
        "%1$s := %2$s(0); %1$s < %3$u; %1$s++",     "%1$s := %2$s(%3$u); %1$s > 0; %1$s--",
        "%1$s := %2$s(1); %1$s < %4$u; %1$s *= 2",  "%1$s := %2$s(%3$u); %1$s != 0; %1$s--",
        "%1$s := %2$s(0); %1$s <= %4$u; %1$s += 2", "%1$s := %2$s(%4$u); %1$s > 0; %1$s /= 2"};
    const char *i = fresh("i"), *label = label_begin();
    const Type *t = type_random_integer();
    uint32_t n = 1 + rnd(7);
    Node *body = loop_body(n, &i, &t, 1);
    label_end(label, body);
    const char *form = heads[rnd(sizeof heads / sizeof *heads)];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    const char *head = xsprintf(form, i, t->text, n, 2 * n);
#pragma GCC diagnostic pop
    return labelled(STMT(xsprintf("for %s {\n_ = %s\n$0}\n", head, i), body), label);
}

static Node *loop_while(void) {
    const char *i = fresh("i"), *label = label_begin();
    const Type *t = type_basic(INT);
    uint32_t n = 1 + rnd(6);
    Node *body = loop_body(n, &i, &t, 1);
    label_end(label, body);
    if (chance(50))
        return STMT(xsprintf("%s := 0\n_ = %s\n$0", i, i),
                    labelled(STMT(xsprintf("for %s < %u {\n%s++\n$0}\n", i, n, i), body), label));
    return STMT(
        xsprintf("%s := 0\n_ = %s\n$0", i, i),
        labelled(STMT(xsprintf("for {\n%s++\nif %s > %u {\nbreak\n}\n$0}\n", i, i, n), body),
                 label));
}

static Node *loop_range_int(void) {
    const char *i = fresh("i"), *label = label_begin();
    const Type *t = chance(50) ? type_basic(INT) : type_random_integer();
    bool constant = chance(60);
    uint32_t n = 1 + rnd(7);
    Node *limit =
        constant ? EXPR(t, xsprintf("%s(%u)", t->text, n)) : EXPR(t, "($0&7)", expr_varying(t, 2));
    Node *body = loop_body(7, &i, &t, 1);
    label_end(label, body);
    return labelled(STMT(xsprintf("for %s := range $0 {\n_ = %s\n$1}\n", i, i), limit, body),
                    label);
}

static const Type *rangeable(void) {
    for (;;) {
        const Type *t = chance(25) ? type_basic(STRING) : type_random(2, ANY_TYPE);
        if (t->kind == STRING || t->kind == ARRAY || t->kind == SLICE) return t;
    }
}

// An array as it is or by a pointer, a string by runes or by bytes. Names may be _, both of them as
// well.
static Node *loop_range(void) {
    const Type *t = rangeable();
    const char *i = fresh("i"), *v = fresh("v"), *label = label_begin();
    const Type *types[] = {type_basic(INT), t->kind == STRING ? type_basic(INT32) : t->elem};
    Node *over = path_to(t, 10);
    if (!over) over = expr_varying(t, 2);
    if (t->kind == ARRAY && chance(30))
        over = EXPR(NULL, "ptr($0)", over);
    else if (t->kind == STRING && chance(30)) {
        over = EXPR(NULL, "[]byte($0)", over);
        types[1] = type_basic(UINT8);
    }
    const char *names[] = {chance(70) ? i : "_", chance(70) ? v : "_"};
    Node *body = loop_body(t->kind == ARRAY ? (uint32_t)t->len : 8, names, types, 2);
    label_end(label, body);
    if (*names[0] == '_' && *names[1] == '_')
        return labelled(STMT("for range $0 {\n$1}\n", over, body), label);
    const char *uses = xsprintf("_, _ = %s, %s\n", *names[0] == '_' ? "0" : names[0],
                                *names[1] == '_' ? "0" : names[1]);
    return labelled(
        STMT(xsprintf("for %s, %s := range $0 {\n%s$1}\n", names[0], names[1], uses), over, body),
        label);
}

// The order is random: the body only adds up hashes, and may delete what it has seen.
static Node *loop_range_map(void) {
    const Type *t = NULL;
    for (int i = 0; i < 10 && !t; i++) {
        const Type *c = type_random(2, ANY_TYPE);
        if (c->kind == MAP) t = c;
    }
    if (!t || g.silent) return loop_range_int();
    const char *k = fresh("k"), *v = fresh("v"), *sum = fresh("x"), *m = fresh("m");
    Node *over = path_to(t, 10);
    if (!over) over = expr_of(t, 3);
    const char *drop =
        chance(30) && !g.pure ? xsprintf("if sum%%2 == 0 {\ndelete(%s, %s)\n}\n", m, k) : "";
    if (*drop) {
        over = EXPR(t, "maps.Clone($0)", over);
        drop = xsprintf("delete(%s, %s)\n", m, k);
    }
    return STMT(xsprintf("{\n%s := $0\nvar %s uint64\nfor %s, %s := range %s {\n%s += %s(%s(3, "
                         "%s), %s)\n%s}\n$1sink(uint64(len(%s)))\n}\n",
                         m, sum, k, v, m, sum, type_hash(t->elem), type_hash(t->key), k, v, drop,
                         m),
                over, sink_of(EXPR(type_basic(UINT64), sum)));
}

// An iterator written where it is used. It tells the checksum how it was left.
static Node *loop_range_func(void) {
    if (g.silent || g.nesting > 3) return loop_range_int();
    const Type *types[] = {type_random(1, ANY_TYPE), type_random(1, ANY_TYPE)};
    const char *names[] = {fresh("v"), fresh("v")}, *label = label_begin();
    int count = (int)rnd(3);
    uint32_t n = 1 + rnd(5);
    const char *i = fresh("i");
    Node *values[2];
    uint32_t mark = g.vars.len, barrier = g.barrier;
    bool pure = g.pure;
    var_add(i, type_basic(INT))->fixed = true;
    g.barrier = g.vars.len;
    g.pure = true;
    for (int k = 0; k < 2; k++) values[k] = expr_of(types[k], 2);
    g.vars.len = mark;
    g.barrier = barrier;
    g.pure = pure;
    Node *body = loop_body(n, names, types, count);
    if (chance(40))
        node_add(body, STMT("defer sink(uint64($0))\n", expr_varying(type_random_integer(), 2)));
    label_end(label, body);
    Buf params = {0}, args = {0}, uses = {0}, vars = {0};
    for (int k = 0; k < count; k++) {
        buf_printf(&params, "%s%s", k ? ", " : "", types[k]->text);
        buf_printf(&args, "%s$%d", k ? ", " : "", k);
        buf_printf(&vars, "%s%s", k ? ", " : "", names[k]);
        buf_printf(&uses, "_ = %s\n", names[k]);
    }
    const char *defers = chance(40) ? "defer sink(91)\n" : "";
    const char *params_text = buf_str(&params), *args_text = buf_str(&args),
               *vars_text = buf_str(&vars), *uses_text = buf_str(&uses);
    return labelled(STMT(xsprintf("for %s%srange func(yield func(%s) bool) {\n%sfor %s := range %u "
                                  "{\n_ = %s\nif !yield(%s) "
                                  "{\nsink(92)\nreturn\n}\nsink(93)\n}\n} {\n%s$2}\n",
                                  vars_text, count ? " := " : "", params_text, defers, i, n, i,
                                  args_text, uses_text),
                         values[0], values[1], body),
                    label);
}

// Indices that a compiler can prove to be in range, more or less.
static Node *loop_bounds(void) {
    // clang-format off
    static const char *const forms[] = {
        "for %1$s := len(%2$s) - 1; %1$s >= 0; %1$s-- {\n%3$s\n}\n",
        "for %1$s := 0; %1$s+1 < len(%2$s); %1$s++ {\n%3$s\n%1$s++\n%3$s\n}\n",
        "for %1$s := 0; %1$s < len(%2$s)/2; %1$s++ {\n%2$s[%1$s], %2$s[len(%2$s)-1-%1$s] = %2$s[len(%2$s)-1-%1$s], %2$s[%1$s]\n%3$s\n}\n",
        "for %1$s := range %2$s {\nfor j := %1$s; j > 0 && j-1 < len(%2$s); j-- {\n%2$s[j] = %2$s[j-1]\n}\n%3$s\n}\n",
        "for %1$s := uint8(250); int(%1$s-250) < len(%2$s); %1$s++ {\n%2$s[%1$s-250] = %2$s[0]\n}\n",
        "for rest := %2$s; len(rest) > 1; rest = rest[2:] {\n%1$s := len(rest) & 1\nrest[%1$s] = rest[0]\n}\n",
        "for %1$s := 3; %1$s < len(%2$s); %1$s += 2 {\n%2$s[%1$s-3] = %2$s[%1$s]\n%3$s\n}\n",
    };
    // clang-format on
    const Type *e = type_random(1, ANY_TYPE), *t = type_slice(e);
    const char *s = fresh("s"), *i = fresh("i");
    uint32_t n = rnd(8);
    const char *body = g.silent ? xsprintf("_ = %s[%s]", s, i)
                                : xsprintf("sink(%s(1, %s[%s]))", type_hash(e), s, i);
    const char *form = forms[rnd(sizeof forms / sizeof *forms)];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    const char *loop = xsprintf(form, i, s, body);
#pragma GCC diagnostic pop
    return STMT(xsprintf("{\n%s := make(%s, %u, %u)\nfor i := range %s {\n%s[i] = $0\n}\n%s$1}\n",
                         s, t->text, n, n + rnd(3), s, s, loop),
                expr_of(e, 2), sink_of(EXPR(t, s)));
}

// Each round has variables of its own, which closures keep.
static Node *loop_closures(void) {
    if (g.silent) return loop_range_int();
    const char *fs = fresh("c"), *i = fresh("i");
    const Type *t = type_random_integer();
    uint32_t n = 2 + rnd(3);
    const char *head = chance(70) ? xsprintf("%s := %s(0); %s < %u; %s++", i, t->text, i, n, i)
                                  : xsprintf("%s := range %s(%u)", i, t->text, n);
    uint32_t mark = g.vars.len;
    Var *v = var_add(i, t);
    v->fixed = true;
    Node *step = expr_of(t, 2), *value = expr_of(t, 2);
    g.vars.len = mark;
    return STMT(xsprintf("{\nvar %s []func() %s\nfor %s {\n%s = append(%s, func() %s {\n%s += "
                         "$0\nreturn $1\n})\n%s\n}\nfor _, f "
                         ":= range %s {\nsink(uint64(f()))\nsink(uint64(f()))\n}\n}\n",
                         fs, t->text, head, fs, fs, t->text, i,
                         chance(50) ? xsprintf("if %s > 100 {\nbreak\n}", i) : "", fs),
                step, value);
}

Node *loop_random(void) {
    static Node *(*const forms[])(void) = {loop_three_clauses, loop_three_clauses, loop_while,
                                           loop_range_int,     loop_range,         loop_range,
                                           loop_range_map,     loop_range_func,    loop_range_func,
                                           loop_bounds,        loop_bounds,        loop_closures};
    if (!afford(60)) return stmt_random();
    return forms[rnd(sizeof forms / sizeof *forms)]();
}
