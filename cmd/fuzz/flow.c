// flow: if, switches, jumps, and what panics: defer, recover, Goexit.
#include "cmd/fuzz/fuzz.h"

static Node *flow_if(void) {
    Node *cond = expr_varying(type_basic(BOOL), 3);
    Node *then = block_of(1 + (int)rnd(3));
    if (chance(40)) return STMT("if $0 {\n$1}\n", cond, then);
    if (chance(70))
        return STMT("if $0 {\n$1} else {\n$2}\n", cond, then, block_of(1 + (int)rnd(2)));
    return STMT("if $0 {\n$1} else if $2 {\n$3} else {\n$4}\n", cond, then,
                expr_varying(type_basic(BOOL), 2), block_of(1), block_of(1));
}

static Node *flow_if_init(void) {
    const Type *t = type_random_basic();
    const char *x = fresh("x");
    Node *value = expr_of(t, 3);
    uint32_t mark = g.vars.len;
    var_add(x, t);
    Node *cond = expr_varying(type_basic(BOOL), 2), *then = block_of(1 + (int)rnd(2)),
         *other = block_of(1);
    g.vars.len = mark;
    return STMT(xsprintf("if %s := $0; $1 {\n_ = %s\n$2} else {\n$3}\n", x, x), value, cond, then,
                other);
}

// ---- switches ----

static Node *case_body(bool last) {
    Node *block = block_of(1 + (int)rnd(2));
    if (!last && chance(15)) return STMT("$0fallthrough\n", block);
    if (chance(10)) return STMT("if $0 {\nbreak\n}\n$1", expr_of(type_basic(BOOL), 2), block);
    return block;
}

static const char *case_value(const Type *t, uint32_t i) {
    static const char *const words[] = {"\"\"",  "\"a\"", "\"b\"",   "\"bc\"",    "\"xyz\"",
                                        "\"0\"", "\"é\"", "\"abc\"", "\"\\x00\"", "\"日本\""};
    if (t->kind == STRING) return words[i % 10];
    return xsprintf("%u", i * (i % 3 ? 1 : 7));
}

// Cases are constants that differ, as gc demands; most tags are cut to a few bits, so that one of
// them is met.
static Node *flow_switch(void) {
    const Type *t;
    do t = chance(70) ? type_random_basic() : g.named.data[rnd(g.named.len)];
    while (!is_integer(t) && t->kind != STRING);
    uint32_t n = 1 + rnd(chance(80) ? 4 : 9), narrow = rnd(3);
    Node *tag = expr_varying(t, 3);
    if (is_integer(t) && narrow) tag = EXPR(t, narrow == 1 ? "($0&7)" : "($0&31)", tag);
    Node *cases = BLOCK();
    g.loops++; // break ends it
    uint32_t at = 0;
    for (uint32_t i = 0; i < n && at < 10; i++) {
        Buf head = {0};
        buf_printf(&head, "case %s", case_value(t, at++));
        if (chance(30) && at < 9) buf_printf(&head, ", %s", case_value(t, at++));
        buf_puts(&head, ":\n$0");
        node_add(cases, STMT(buf_str(&head), case_body(i + 1 == n || at >= 10)));
    }
    Node *other = chance(60) ? STMT("default:\n$0", block_of(1)) : BLOCK();
    g.loops--;
    return STMT("switch $0 {\n$1$2}\n", tag, cases, other);
}

static Node *flow_switch_true(void) {
    Node *cases = BLOCK();
    uint32_t n = 1 + rnd(4);
    g.loops++;
    for (uint32_t i = 0; i < n; i++)
        node_add(cases,
                 STMT("case $0:\n$1", expr_varying(type_basic(BOOL), 3), case_body(i + 1 == n)));
    g.loops--;
    return STMT("switch {\n$0}\n", cases);
}

// The types that the interface's values have, each once. x may not be assigned to, nor what it
// refers to.
static Node *flow_type_switch(void) {
    const Type *t = type_any();
    for (vec_each(const Type *, it, &g.named))
        if ((*it)->kind == INTERFACE && chance(50)) t = *it;
    const char *x = fresh("x");
    Node *value = expr_of(t, 2), *cases = BLOCK();
    g.loops++;
    for (uint32_t i = 0; i < t->choices.len; i++) {
        bool repeated = chance(25);
        for (uint32_t k = 0; k < i; k++)
            repeated = repeated || t->choices.data[k] == t->choices.data[i];
        if (repeated) continue;
        const Type *c = t->choices.data[i];
        uint32_t mark = g.vars.len;
        Var *v = var_add(x, c);
        v->fixed = true;
        v->foreign = true;
        v->nonnil = c->kind == POINTER;
        Node *block = block_of(1);
        g.vars.len = mark;
        node_add(cases, STMT(xsprintf("case %s:\n_ = %s\n$0$1", c->text, x),
                             g.silent ? BLOCK() : sink_of(EXPR(c, x)), block));
    }
    Node *other = block_of(1);
    g.loops--;
    return STMT(xsprintf("switch %s := $0.(type) {\n$1default:\n_ = %s\n$2}\n", x, x), value, cases,
                other);
}

// ---- jumps ----

static Node *flow_jump(void) {
    Node *cond = expr_varying(type_basic(BOOL), 2);
    if (g.labels.len > g.first_label && chance(50)) {
        const char *label = g.labels.data[g.first_label + rnd(g.labels.len - g.first_label)];
        return STMT(xsprintf("if $0 {\n%s %s\n}\n", chance(50) ? "break" : "continue", label),
                    cond);
    }
    if (g.loops && chance(60)) return STMT("if $0 {\nbreak\n}\n", cond);
    return STMT("if $0 {\n$1}\n", cond, return_stmt());
}

static Node *flow_goto(void) {
    const char *label = fresh("L"), *i = fresh("i");
    if (chance(40))
        return STMT(xsprintf("if $0 {\ngoto %s\n}\n{\n$1}\n%s:\n$2", label, label),
                    expr_varying(type_basic(BOOL), 2), block_of(2), STMT("{\n$0}\n", block_of(1)));
    uint32_t n = 1 + rnd(3);
    long mult = g.mult;
    g.mult *= n + 1;
    Node *block = block_of(2);
    g.mult = mult;
    return STMT(xsprintf("%s := 0\n%s:\n{\n$0}\n%s++\nif %s <= %u {\ngoto %s\n}\n", i, label, i, i,
                         n, label),
                block);
}

// ---- panics ----

// One statement that may panic, and nothing else in it that can be seen.
static Node *risky(void) {
    const char *x = fresh("x");
    const Type *t;
    switch (rnd(9)) {
    case 0:
        return STMT("_ = $0[int($1)]\n", expr_of(type_slice(type_random(1, ANY_TYPE)), 2),
                    expr_varying(type_basic(INT8), 2));
    case 1:
        t = type_random_integer();
        return STMT(
            xsprintf("%s := $0\n%s = $1 %s (%s & 3)\n_ = %s\n", x, x, chance(50) ? "/" : "%", x, x),
            expr_of(t, 2), expr_varying(t, 2));
    case 2:
        return STMT(xsprintf("var %s *[40]int\nif $0 {\n%s = new([40]int)\n}\n%s[5]++\n", x, x, x),
                    expr_of(type_basic(BOOL), 2));
    case 3:
        t = type_random(1, NO_POINTERS);
        return STMT(xsprintf("%s := $0.(%s)\n_ = %s\n", x, t->text, x), expr_of(type_any(), 2));
    case 4:
        return STMT(xsprintf("%s := $0\n_ = %s[int($1):]\n", x, x), expr_of(type_basic(STRING), 2),
                    expr_varying(type_basic(INT8), 2));
    case 5:
        return STMT(xsprintf("%s := make([]int, int($0))\n_ = %s\n", x, x),
                    expr_varying(type_basic(INT8), 2));
    case 6:
        return STMT(
            xsprintf("var %s map[string]int\nif $0 {\n%s = map[string]int{}\n}\n%s[\"a\"] = 1\n", x,
                     x, x),
            expr_of(type_basic(BOOL), 2));
    case 7:
        return STMT(xsprintf("%s := $0\n_ = [4]int(%s)\n", x, x),
                    expr_of(type_slice(type_basic(INT)), 2));
    default:
        return STMT("panic($0)\n", chance(50) ? expr_of(type_random_basic(), 2)
                                              : EXPR(NULL, "fmt.Errorf(\"e%d\", $0)",
                                                     expr_of(type_basic(INT), 2)));
    }
}

// A function that recovers what its body panics with, changes its named result on the way, and
// defers more.
static Node *flow_recover(void) {
    if (g.silent || g.nesting > 3) return flow_if();
    const Type *t = type_random(1, ANY_TYPE);
    const char *r = fresh("r"), *v = fresh("v");
    const TypeVec *results = g.results;
    int loops = g.loops;
    uint32_t first = g.first_label, mark = g.vars.len;
    bool named = g.named_results;
    g.results = TYPES(t);
    g.loops = 0;
    g.first_label = g.labels.len;
    g.named_results = true;
    var_add(r, t);
    Node *deferred = own_body(1), *before = block_of(1 + (int)rnd(2)),
         *after = block_of((int)rnd(2)), *ret = return_stmt();
    Node *again =
        chance(20) ? STMT("if $0 {\npanic(\"again\")\n}\n", expr_of(type_basic(BOOL), 2)) : BLOCK();
    g.vars.len = mark;
    g.results = results;
    g.loops = loops;
    g.first_label = first;
    g.named_results = named;
    Node *n = STMT(xsprintf("%s := func() (%s %s) {\ndefer caught()\ndefer func() "
                            "{\nsinkPanic(recover())\n$0$1}()\n$2$3$4$5}()\n_ = %s\n",
                            v, r, t->text, v),
                   deferred, again, before, risky(), after, ret);
    Var *var = var_add(v, t);
    var->foreign = g.pure && t->pointers;
    return n;
}

static Node *flow_defer(void) {
    if (g.silent) return flow_if();
    if (chance(50)) return STMT("defer sink(uint64($0))\n", expr_varying(type_random_integer(), 3));
    return STMT("defer func() {\n$0}()\n", own_body(2));
}

Node *flow_random(void) {
    static Node *(*const forms[])(void) = {
        flow_if,     flow_if,          flow_if,          flow_if_init, flow_switch,
        flow_switch, flow_switch_true, flow_type_switch, flow_jump,    flow_jump,
        flow_goto,   flow_recover,     flow_recover,     flow_defer};
    if (!afford(20)) return flow_jump();
    return forms[rnd(sizeof forms / sizeof *forms)]();
}
