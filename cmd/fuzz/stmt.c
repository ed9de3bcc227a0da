// stmt: simple statements: declarations, assignments, what is done to slices, maps and strings,
// calls.
#include "cmd/fuzz/fuzz.h"

// Every value that matters ends here.
Node *sink_of(Node *value) {
    if (g.silent) return STMT("_ = $0\n", value);
    return STMT(xsprintf("sink(%s(%u, $0))\n", type_hash(value->type), rnd(100)), value);
}

Node *declare(const char *name, Node *value) {
    return STMT(xsprintf("%s := $0\n_ = %s\n", name, name), value);
}

// ---- places ----

// A step to a part that can be assigned; *shared once it lies in memory that others may refer to.
static Node *place_step(Node *n, bool nonnil, int minlen, bool *shared) {
    const Type *t = n->type;
    switch (t->kind) {
    case ARRAY: return t->len ? EXPR(t->elem, "$0[$1]", n, expr_index(t->len, 1)) : NULL;
    case SLICE:
        *shared = true;
        return minlen ? EXPR(t->elem, "$0[$1]", n, expr_index(minlen, 1)) : NULL;
    case STRUCT: {
        if (!t->fields.len) return NULL;
        const Field *f = &t->fields.data[rnd(t->fields.len)];
        return EXPR(f->type, xsprintf("$0.%s", f->name), n);
    }
    case POINTER: *shared = true; return nonnil ? EXPR(t->elem, "(*$0)", n) : NULL;
    default: return NULL;
    }
}

// A fixed variable is changed by way of memory that it refers to alone, and a foreign one not even
// so.
Node *place_to_assign(const Type **type) {
    for (int i = 0; i < 12 && g.vars.len > g.barrier; i++) {
        const Var *v = &g.vars.data[g.barrier + rnd(g.vars.len - g.barrier)];
        Node *n = EXPR(v->type, v->name);
        bool shared = false, nonnil = v->nonnil, direct = true;
        int minlen = v->fixed ? v->minlen : 0;
        for (uint32_t steps = rnd(4); steps; steps--) {
            bool now = shared;
            Node *next = place_step(n, nonnil, minlen, &now);
            if (!next) break;
            n = next;
            shared = now;
            nonnil = false;
            minlen = 0;
            direct = false;
        }
        if (direct && v->fixed) continue;
        if (v->fixed && !shared) continue;
        if (shared && v->foreign) continue;
        if (n->type->kind == PARAM && direct) continue;
        *type = n->type;
        return n;
    }
    return NULL;
}

// ---- declarations and assignments ----

static bool owns(const Type *t) { return !t->pointers; }

// In a pure function what a new variable refers to may be somebody else's already: it is foreign.
static Node *stmt_declare(void) {
    const Type *t = type_random(2, ANY_TYPE);
    const char *name = fresh("v");
    Node *n;
    bool nonnil = false;
    if (chance(15)) {
        n = STMT(xsprintf("var %s %s\n_ = %s\n", name, t->text, name));
    } else {
        Node *value = expr_of(t, 3);
        n = chance(60) ? declare(name, value)
                       : STMT(xsprintf("var %s %s = $0\n_ = %s\n", name, t->text, name), value);
        nonnil = true;
    }
    Var *v = var_add(name, t);
    v->nonnil = nonnil;
    v->foreign = !owns(t) && g.pure;
    return n;
}

static Node *assigned_value(const Type *t) {
    if (t->kind == STRING) return EXPR(t, "short($0)", expr_of(t, 3));
    return expr_of(t, 3);
}

// Divisors are odd, shift counts unsigned, strings stop growing: nothing panics, and loops don't
// fill the memory.
static Node *stmt_assign(void) {
    const Type *t;
    Node *to = place_to_assign(&t);
    if (!to) return stmt_declare();
    if (is_integer(t) && chance(50)) {
        static const char *const ops[] = {"+", "-", "*", "&", "|", "^", "&^"};
        if (chance(20)) return STMT(chance(50) ? "$0++\n" : "$0--\n", to);
        if (chance(15))
            return STMT(chance(50) ? "$0 /= ($1|1)\n" : "$0 %= ($1|1)\n", to, expr_varying(t, 2));
        if (chance(15))
            return STMT(chance(50) ? "$0 <<= $1\n" : "$0 >>= $1\n", to,
                        expr_varying(type_basic(UINT8), 2));
        return STMT(xsprintf("$0 %s= $1\n", ops[rnd(7)]), to, expr_of(t, 3));
    }
    if (is_float(t) && chance(30))
        return STMT(chance(50) ? "$0 += $1\n" : "$0 *= $1\n", to, expr_of(t, 2));
    if (t->kind == STRING && chance(30))
        return STMT("if len($0) < 60 {\n$0 += $1\n}\n", to, literal_of(t, 0));
    return STMT("$0 = $1\n", to, assigned_value(t));
}

// Both sides are evaluated before either is assigned.
static Node *stmt_assign_two(void) {
    const Type *a, *b;
    Node *to_a = place_to_assign(&a), *to_b = place_to_assign(&b);
    if (!to_a || !to_b) return stmt_declare();
    if (a == b && a->kind != FUNC && a->kind != POINTER && chance(50))
        return STMT("$0, $1 = $1, $0\n", to_a, to_b);
    return STMT("$0, $1 = $2, $3\n", to_a, to_b, assigned_value(a), assigned_value(b));
}

// ---- calls ----

// Results may be dropped one by one; := needs one new name at least.
static Node *results_to(const Func *f, Node *call) {
    if (!f->results.len) return STMT("$0\n", call);
    Buf names = {0}, uses = {0};
    for (uint32_t i = 0; i < f->results.len; i++) {
        const Type *t = f->results.data[i];
        const char *name = chance(85) ? fresh("v") : "_";
        if (f->results.len == 1 && *name == '_') return STMT("$0\n", call);
        buf_printf(&names, "%s%s", i ? ", " : "", name);
        if (*name == '_') continue;
        buf_printf(&uses, "_ = %s\n", name);
        Var *v = var_add(name, t);
        v->nonnil = true;
        v->foreign = !owns(t) && g.pure;
    }
    const char *uses_text = buf_str(&uses);
    return STMT(xsprintf("%s %s $0\n%s", buf_str(&names), *uses_text ? ":=" : "=", uses_text),
                call);
}

static Node *mutating_receiver(const Func *f) {
    for (uint32_t i = g.barrier; i < g.vars.len; i++) {
        const Var *v = &g.vars.data[i];
        if (v->type == f->recv && !v->fixed && chance(60)) return EXPR(v->type, v->name);
    }
    return literal_of(type_pointer(f->recv), 1);
}

// A call of a function that changes things, or has no result or several.
static Node *stmt_call(void) {
    for (int i = 0; i < 10 && g.callees.len; i++) {
        const Func *f = g.callees.data[rnd(g.callees.len)];
        if (f->tparams.len || (g.silent && !f->silent) || (f->mutates && (g.pure || g.barrier)))
            continue;
        if (f->results.len == 1 && !f->mutates) continue;
        if (!afford(f->cost)) continue;
        Node *args = call_args(f, 2);
        Node *call = f->recv
                         ? EXPR(NULL, xsprintf("$0.%s($1)", f->name), mutating_receiver(f), args)
                         : EXPR(NULL, xsprintf("%s($0)", f->name), args);
        return results_to(f, call);
    }
    return stmt_declare();
}

// A literal that changes the variables around it, called by statements.
static Node *stmt_mutating_literal(void) {
    if (g.nesting > 3) return stmt_assign();
    const Type *arg = type_random_basic(), *t = type_func(TYPES(arg), &(TypeVec){0});
    const char *name = fresh("c");
    Node *literal = func_literal(t, true);
    if (!afford(200)) return stmt_assign();
    return STMT(xsprintf("%s := $0\n%s($1)\n%s($2)\n", name, name, name), literal, expr_of(arg, 2),
                expr_of(arg, 2));
}

// ---- slices, maps, strings ----

// A slice of known length, of which all that is in reach may be indexed.
static Node *stmt_with_slice(void) {
    const Type *t = type_slice(type_random(1, ANY_TYPE));
    const char *name = fresh("s");
    Node *value = expr_of(t, 2);
    uint32_t mark = g.vars.len, min = 1 + rnd(4);
    Var *v = var_add(name, t);
    v->fixed = true;
    v->foreign = g.pure;
    v->minlen = (int)min;
    g.nesting++;
    Node *block = BLOCK();
    block_fill(block, 1 + (int)rnd(3));
    g.nesting--;
    g.vars.len = mark;
    return STMT(xsprintf("if %s := $0; len(%s) >= %u {\n$1}\n", name, name, min), value, block);
}

// Slices of one array share it, as far as their capacities are known.
static Node *stmt_aliases(void) {
    const Type *e = type_random(1, ANY_TYPE), *t = type_slice(e);
    const char *a = fresh("a"), *b = fresh("a"), *c = fresh("a");
    uint32_t len = 2 + rnd(3), cap = len + 2 + rnd(3), cut = rnd(len + 1),
             cut_cap = cut + rnd(cap - cut + 1);
    Node *n = STMT(xsprintf("%s := make(%s, %u, %u)\n%s := append(%s[:%u], $0)\n%s[0] = $1\n%s := "
                            "append(%s[:%u:%u], $2)\n"
                            "copy(%s[1:], %s)\n%s[0] = $3\n",
                            a, t->text, len, cap, b, a, len - 1, a, c, b, cut, cut_cap, a,
                            chance(50) ? b : c, c),
                   expr_of(e, 2), expr_of(e, 2), expr_of(e, 2), expr_of(e, 1));
    Node *block = BLOCK();
    node_add(block, n);
    const char *const names[] = {a, b, c};
    for (int i = 0; i < 3; i++) node_add(block, sink_of(EXPR(t, names[i])));
    return STMT("{\n$0}\n", block);
}

// append in a loop; the slice is nobody else's until it is done.
static Node *stmt_accumulate(void) {
    const Type *e = type_random(1, ANY_TYPE), *t = type_slice(e);
    const char *name = fresh("s"), *i = fresh("i");
    uint32_t n = 1 + rnd(7);
    if (!afford(10 * n)) return stmt_declare();
    long mult = g.mult;
    g.mult *= n;
    uint32_t mark = g.vars.len;
    var_add(i, type_basic(INT))->fixed = true;
    Node *value = expr_of(e, 2);
    g.vars.len = mark;
    g.mult = mult;
    Var *v = var_add(name, t);
    v->foreign = g.pure && !owns(e);
    return STMT(xsprintf("var %s %s\nfor %s := range %u {\n_ = %s\n%s = append(%s, $0)\n}\n", name,
                         t->text, i, n, i, name, name),
                value);
}

// From the map's making to its checksum. It is written by keys alone; with elements that refer to
// memory those are foreign in a pure function.
static Node *stmt_map(void) {
    const Type *t = NULL;
    for (int i = 0; i < 8 && !t; i++) {
        const Type *c = type_random(2, ANY_TYPE);
        if (c->kind == MAP) t = c;
    }
    if (!t) t = type_map(type_random(1, COMPARABLE), type_random_basic());
    const char *m = fresh("m"), *v = fresh("v"), *ok = fresh("b");
    Node *block = BLOCK();
    node_add(block, STMT(chance(50) ? xsprintf("%s := %s{}\n", m, t->text)
                                    : xsprintf("%s := make(%s, %u)\n", m, t->text, rnd(20))));
    Var *var = var_add(m, t);
    var->fixed = true;
    var->nonnil = true;
    for (uint32_t n = 1 + rnd(5); n; n--) {
        Node *key = expr_of(t->key, 2);
        switch (rnd(6)) {
        case 0: node_add(block, STMT(xsprintf("delete(%s, $0)\n", m), key)); break;
        case 1:
            if (is_integer(t->elem)) {
                node_add(block, STMT(xsprintf("%s[$0] += $1\n", m), key, expr_of(t->elem, 1)));
                break;
            }
            // fallthrough
        default:
            node_add(block, STMT(xsprintf("%s[$0] = $1\n", m), key, assigned_value(t->elem)));
            break;
        }
    }
    node_add(block, STMT(xsprintf("if %s, %s := %s[$0]; %s {\n$1}\n", v, ok, m, ok),
                         expr_of(t->key, 1), sink_of(EXPR(t->elem, v))));
    if (chance(8)) node_add(block, STMT(xsprintf("clear(%s)\n", m)));
    node_add(block, sink_of(EXPR(t, m)));
    g.vars.data[g.vars.len - 1].foreign = g.pure && t->elem->pointers;
    return block;
}

// Many keys, so that the map grows; each is found again.
static Node *stmt_big_map(void) {
    const Type *k = chance(60) ? type_array(1 + (int)rnd(300), type_basic(UINT8))
                               : type_basic(INT8 + rnd(UINTPTR - INT8 + 1));
    const char *m = fresh("m"), *key = fresh("k"), *i = fresh("i");
    if (!afford(1500)) return stmt_map();
    uint32_t n = 5 + rnd(60);
    const char *set = k->kind == ARRAY
                          ? xsprintf("var %s %s\n%s[uint(%s)*%u%%%d] = uint8(%s)\n", key, k->text,
                                     key, i, 1 + rnd(200), k->len, i)
                          : xsprintf("%s := %s(%s * %u)\n", key, k->text, i, 1 + rnd(1000));
    return STMT(xsprintf("{\n%s := map[%s]int{}\nfor %s := range %u {\n%s%s[%s] += %s\n}\nfor %s "
                         ":= range %u {\n%sif %s%%3 == 1 "
                         "{\ndelete(%s, %s)\n}\n}\n$0}\n",
                         m, k->text, i, n, set, m, key, i, i, n, set, i, m, key),
                sink_of(EXPR(type_map(k, type_basic(INT)), m)));
}

// Conversions that compilers do without a copy: appended, copied from, compared.
static Node *stmt_bytes(void) {
    const Type *bytes = type_slice(type_basic(UINT8));
    const char *b = fresh("b");
    Node *s = expr_varying(type_basic(STRING), 2);
    const char *const how[] = {"$B = append($B, $0...)\n",
                               "if n := copy($B, $0); n > 0 {\n$B[n-1]++\n}\n",
                               "for i := range $B {\n$B[i] ^= 0x21\n}\n",
                               "if string($B) == $0 {\n$B = $B[:0]\n}\n",
                               "slices.Reverse($B)\n",
                               "clear($B[len($B)/2:])\n"};
    const char *with = how[rnd(6)];
    Buf text = {0};
    buf_printf(&text, "%s := []byte($1)\n", b);
    for (const char *p = with; *p; p++) {
        if (p[0] == '$' && p[1] == 'B') {
            buf_puts(&text, b);
            p++;
        } else
            buf_putc(&text, *p);
    }
    buf_puts(&text, "$2");
    return STMT(xsprintf("{\n%s}\n", buf_str(&text)), s, expr_of(type_basic(STRING), 2),
                sink_of(EXPR(bytes, b)));
}

// Where calls stand in one statement, they run from left to right.
static Node *stmt_order(void) {
    Node *list = LIST();
    for (uint32_t n = 2 + rnd(4); n; n--) {
        const Type *t = type_random(1, ANY_TYPE);
        Node *call = chance(60) ? call_any(2) : call_for(t, 2);
        node_add(list, call ? call : expr_of(t, 3));
    }
    const char *use = g.silent ? "_ = order($0)\n" : "sink(uint64(order($0)))\n";
    return STMT(use, list);
}

static Node *stmt_print(void) {
    const Type *t = type_random(2, NO_POINTERS);
    if (g.silent || !afford(300)) return stmt_assign();
    return STMT(xsprintf("sink(hS(0, fmt.Sprintf(\"%%%s\", $0)))\n", chance(60)   ? "v"
                                                                     : chance(50) ? "+v"
                                                                                  : "T"),
                expr_of(t, 2));
}

// Memory seen as another type of the same size.
static Node *stmt_unsafe(void) {
    const char *x = fresh("x"), *y = fresh("y");
    switch (rnd(4)) {
    case 0: {
        const Type *t = type_random(2, ANY_TYPE);
        if (g.silent) return stmt_declare();
        return STMT(xsprintf(
            "sink(uint64(unsafe.Sizeof(zero[%s]())) + uint64(unsafe.Alignof(zero[%s]())))\n",
            t->text, t->text));
    }
    case 1:
        return STMT(
            xsprintf("{\n%s := $0\n%s := *(*[8]uint8)(unsafe.Pointer(&%s))\n$1}\n", x, y, x),
            expr_of(type_basic(UINT64), 2), sink_of(EXPR(type_array(8, type_basic(UINT8)), y)));
    case 2:
        return STMT(xsprintf("{\n%s := [6]int32{1, 2, 3, 4, 5, "
                             "6}\n*(*int32)(unsafe.Add(unsafe.Pointer(&%s), 4*($0&3))) = $1\n%s "
                             ":= unsafe.Slice(&%s[1], 4)\n$2}\n",
                             x, x, y, x),
                    expr_varying(type_basic(INT), 2), expr_of(type_basic(INT32), 2),
                    sink_of(EXPR(type_slice(type_basic(INT32)), y)));
    default:
        return STMT(
            xsprintf(
                "{\n%s := []byte($0)\n%s := unsafe.String(unsafe.SliceData(%s), len(%s))\n$1}\n", x,
                y, x, x),
            expr_of(type_basic(STRING), 2), sink_of(EXPR(type_basic(STRING), y)));
    }
}

// ---- blocks ----

void block_fill(Node *block, int n) {
    for (int i = 0; i < n; i++) {
        if (g.size > g.max_size || !afford(5)) return;
        node_add(block, stmt_random());
    }
}

Node *block_of(int n) {
    uint32_t mark = g.vars.len;
    Node *block = BLOCK();
    g.nesting++;
    block_fill(block, n);
    g.nesting--;
    g.vars.len = mark;
    return block;
}

// Statements of a function literal without results within this function.
Node *own_body(int n) {
    const TypeVec *results = g.results;
    int loops = g.loops;
    uint32_t first = g.first_label;
    bool named = g.named_results;
    g.results = &(TypeVec){0};
    g.loops = 0;
    g.first_label = g.labels.len;
    Node *block = block_of(n);
    g.results = results;
    g.loops = loops;
    g.first_label = first;
    g.named_results = named;
    return block;
}

static Node *stmt_sink_call(void) {
    Node *call = call_any(3);
    if (!call) return stmt_declare();
    if (chance(50)) return sink_of(call);
    const char *name = fresh("v");
    Var *v = var_add(name, call->type);
    v->nonnil = true;
    v->foreign = !owns(call->type) && g.pure;
    return declare(name, call);
}

static Node *stmt_sink(void) { return sink_of(expr_of(type_random(2, ANY_TYPE), 4)); }

// How often something is listed is its weight. Statements with blocks nest four deep.
Node *stmt_random(void) {
    static Node *(*const simple[])(void) = {
        stmt_declare,    stmt_declare,   stmt_declare,
        stmt_assign,     stmt_assign,    stmt_assign,
        stmt_assign_two, stmt_call,      stmt_call,
        stmt_sink_call,  stmt_sink_call, stmt_sink_call,
        stmt_sink,       stmt_sink,      stmt_sink,
        stmt_order,      stmt_order,     stmt_with_slice,
        stmt_aliases,    stmt_map,       stmt_mutating_literal,
        stmt_accumulate, stmt_big_map,   stmt_bytes,
        stmt_print,      stmt_unsafe,
    };
    if (g.nesting < 4 && chance(40)) {
        uint32_t what = rnd(10);
        return what < 4 ? loop_random() : what < 9 ? flow_random() : conc_random();
    }
    return simple[rnd(sizeof simple / sizeof *simple)]();
}
