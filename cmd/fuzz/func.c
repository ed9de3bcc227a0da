// func: functions, methods, generic functions, function literals: signatures and the frame around a
// body.
#include "cmd/fuzz/fuzz.h"

enum { LITERAL_COST = 60, METHOD_COST = 60, FUNC_COST = 2000 };

// What belongs to the function that is being generated, kept while one within it is.
typedef struct Frame {
    const TypeVec *results;
    bool named_results, pure;
    int loops;
    uint32_t labels, vars, barrier;
    long cost, limit, mult;
} Frame;

static Frame frame_enter(const TypeVec *results, long limit) {
    Frame f = {g.results,  g.named_results, g.pure, g.loops, g.labels.len,
               g.vars.len, g.barrier,       g.cost, g.limit, g.mult};
    g.results = results;
    g.named_results = false;
    g.loops = 0;
    g.cost = 0;
    g.limit = limit;
    g.mult = 1;
    g.first_label = g.labels.len;
    return f;
}

// Puts back what the function around had. The cost comes back: calls pay it, not the declaration.
static long frame_leave(const Frame *f, uint32_t first_label) {
    long cost = g.cost;
    g.results = f->results;
    g.named_results = f->named_results;
    g.pure = f->pure;
    g.loops = f->loops;
    g.labels.len = f->labels;
    g.vars.len = f->vars;
    g.barrier = f->barrier;
    g.cost = f->cost;
    g.limit = f->limit;
    g.mult = f->mult;
    g.first_label = first_label;
    return cost;
}

// The values of a return statement, or nothing where results have names and may stand as they are.
Node *return_stmt(void) {
    if (!g.results->len || (g.named_results && chance(40))) return STMT("return\n");
    Node *values = LIST();
    for (vec_each(const Type *, t, g.results)) node_add(values, expr_of(*t, 2 - 2 * g.literals));
    return STMT("return $0\n", values);
}

// "(a int, b string)": the parameters become variables.
static const char *declare_params(const TypeVec *params, bool variadic) {
    Buf b = {0};
    for (uint32_t i = 0; i < params->len; i++) {
        const Type *t = params->data[i];
        const char *name = fresh("p");
        bool last = variadic && i + 1 == params->len;
        buf_printf(&b, "%s%s %s%s", i ? ", " : "", name, last ? "..." : "",
                   last ? t->elem->text : t->text);
        Var *v = var_add(name, t);
        v->nonnil = true;
    }
    return buf_str(&b);
}

static const char *declare_results(const TypeVec *results) {
    if (!results->len || chance(70)) return results_text(results);
    Buf b = {0};
    buf_puts(&b, " (");
    for (uint32_t i = 0; i < results->len; i++) {
        const char *name = fresh("r");
        buf_printf(&b, "%s%s %s", i ? ", " : "", name, results->data[i]->text);
        var_add(name, results->data[i]);
    }
    buf_putc(&b, ')');
    g.named_results = true;
    return buf_str(&b);
}

// What tells the checksum that a traced function ran, and with what.
static void trace_entry(Node *block, uint32_t first_var) {
    if (g.silent || !chance(75)) return;
    if (first_var < g.vars.len && chance(60))
        node_add(block, sink_of(EXPR(g.vars.data[first_var].type, g.vars.data[first_var].name)));
    else
        node_add(block, STMT(xsprintf("sink(%u)\n", g.names)));
}

static Node *body(int stmts, uint32_t first_var) {
    Node *block = BLOCK();
    trace_entry(block, first_var);
    g.nesting++;
    block_fill(block, stmts);
    g.nesting--;
    return block;
}

// A function value may be called anywhere, so a literal leaves the variables around it alone,
// unless it is for statements.
Node *func_literal(const Type *t, bool mutates) {
    uint32_t first_label = g.first_label;
    Frame f = frame_enter(&t->results, LITERAL_COST);
    if (!mutates) {
        g.barrier = g.vars.len;
        g.pure = true;
    }
    const char *params = declare_params(&t->params, false), *results = declare_results(&t->results);
    g.literals++;
    Node *block = body(g.nesting < 3 && g.literals < 3 ? (int)rnd(3) : 0, f.vars),
         *ret = return_stmt();
    g.literals--;
    frame_leave(&f, first_label);
    afford(LITERAL_COST);
    const char *open = t->named ? xsprintf("%s(", t->text) : "(";
    return EXPR(t, xsprintf("%sfunc(%s)%s {\n$0$1})", open, params, results), block, ret);
}

// ---- declarations ----

static const char *constraint_of(const Type *p) {
    return p->choices.len ? "integer" : p->comparable ? "comparable" : "any";
}

// What doesn't mutate can't assign to variables from outside: they lie below the barrier. It is
// known to others only when it is done, so it can't call itself.
static void declare_body(Func *f, int stmts, long limit) {
    Frame frame = frame_enter(&f->results, limit);
    bool silent = g.silent;
    g.silent = f->silent;
    g.pure = !f->mutates;
    g.barrier = f->mutates ? 0 : g.vars.len;
    Buf text = {0};
    buf_puts(&text, chance(25) ? "//go:noinline\nfunc " : "func ");
    if (f->recv) {
        const char *name = fresh("t");
        buf_printf(&text, "(%s %s%s) ", name, f->pointer ? "*" : "", f->recv->text);
        var_add(name, f->pointer ? type_pointer(f->recv) : f->recv)->nonnil = true;
    }
    buf_puts(&text, f->name);
    for (uint32_t i = 0; i < f->tparams.len; i++) {
        const Type *p = f->tparams.data[i];
        buf_printf(&text, "%s%s %s", i ? ", " : "[", p->text, constraint_of(p));
    }
    if (f->tparams.len) buf_putc(&text, ']');
    buf_printf(&text, "(%s)", declare_params(&f->params, f->variadic));
    buf_printf(&text, "%s {\n$0$1}\n", declare_results(&f->results));
    Node *block = BLOCK();
    trace_entry(block, frame.vars);
    block_fill(block, stmts);
    Node *ret = return_stmt();
    f->cost = frame_leave(&frame, 0) + 1;
    g.silent = silent;
    node_add(g.funcs, STMT(buf_str(&text), block, ret));
    vec_push(&g.callees, f);
}

static void random_signature(Func *f) {
    uint32_t params = chance(90) ? rnd(4) : 5 + rnd(8), results = chance(75)   ? 1
                                                                  : chance(50) ? 2
                                                                               : rnd(6);
    for (uint32_t i = 0; i < params; i++) vec_push(&f->params, type_random(2, ANY_TYPE));
    for (uint32_t i = 0; i < results; i++)
        vec_push(&f->results, type_random(chance(70) ? 0 : 2, ANY_TYPE));
    if (chance(15)) {
        vec_push(&f->params, type_slice(type_random(1, ANY_TYPE)));
        f->variadic = true;
    }
}

static void declare_func(void) {
    Func *f = NEW(Func);
    f->name = top_name("f");
    uint32_t what = rnd(10);
    f->silent = what < 3;
    f->mutates = what >= 7;
    random_signature(f);
    declare_body(f, 1 + (int)rnd(6), FUNC_COST);
}

static const Type *type_parameter(int what) {
    Type *t = NEW(Type);
    t->kind = PARAM;
    t->text = fresh("T");
    t->comparable = what > 0;
    t->open = true;
    if (what == 2) vec_push(&t->choices, type_basic(INT8));
    return t;
}

static const Type *of_parameter(const Type *p) {
    switch (rnd(6)) {
    case 0: return type_slice(p);
    case 1: return type_array(1 + (int)rnd(4), p);
    case 2: return p->comparable ? type_map(p, type_random_basic()) : type_slice(p);
    case 3: return type_pointer(p);
    default: return p;
    }
}

static void declare_generic(void) {
    Func *f = NEW(Func);
    f->name = top_name("g");
    f->silent = chance(50);
    for (uint32_t n = 1 + rnd(2); n; n--) vec_push(&f->tparams, type_parameter((int)rnd(3)));
    for (uint32_t n = 1 + rnd(3); n; n--)
        vec_push(&f->params, chance(70) ? of_parameter(f->tparams.data[rnd(f->tparams.len)])
                                        : type_random(1, ANY_TYPE));
    vec_push(&f->results, chance(70) ? of_parameter(f->tparams.data[rnd(f->tparams.len)])
                                     : type_random(1, ANY_TYPE));
    declare_body(f, 1 + (int)rnd(4), FUNC_COST / 4);
}

static void declare_method(const Type *t) {
    if (t->kind == POINTER || t->kind == INTERFACE || t->instance) return;
    Func *f = NEW(Func);
    f->name = fresh("m");
    f->recv = t;
    f->pointer = chance(40);
    uint32_t what = rnd(10);
    f->silent = what < 3;
    f->mutates = what >= 8 && f->pointer;
    for (uint32_t n = rnd(3); n; n--) vec_push(&f->params, type_random(1, ANY_TYPE));
    vec_push(&f->results, type_random(chance(70) ? 0 : 1, ANY_TYPE));
    declare_body(f, 1 + (int)rnd(4), METHOD_COST);
    vec_push(&((Type *)t)->methods, f);
}

// An interface, and methods that make a few types implement it.
static void declare_interface(void) {
    Type *t = NEW(Type);
    t->kind = INTERFACE;
    t->text = top_name("I");
    t->named = true;
    t->comparable = false;
    t->pointers = true;
    Node *methods = BLOCK();
    uint32_t count = 1 + rnd(3);
    Func *calls[3];
    for (uint32_t i = 0; i < count; i++) {
        Func *m = calls[i] = NEW(Func);
        m->name = fresh("M");
        m->recv = t;
        m->silent = chance(30);
        m->cost = METHOD_COST;
        for (uint32_t n = rnd(3); n; n--) vec_push(&m->params, type_random(1, ANY_TYPE));
        vec_push(&m->results, type_random(chance(70) ? 0 : 1, ANY_TYPE));
        vec_push(&t->methods, m);
        Buf sig = {0};
        for (uint32_t k = 0; k < m->params.len; k++)
            buf_printf(&sig, "%s%s", k ? ", " : "", m->params.data[k]->text);
        node_add(methods,
                 STMT(xsprintf("%s(%s)%s\n", m->name, buf_str(&sig), results_text(&m->results))));
    }
    node_add(g.types, STMT(xsprintf("type %s interface {\n$0}\n", t->text), methods));
    Vec(Func *) implementing = {0};
    for (vec_each(const Type *, it, &g.named)) {
        const Type *c = *it;
        if (c->kind == POINTER || c->kind == INTERFACE || c->instance || !chance(50)) continue;
        bool pointer = chance(40);
        for (uint32_t i = 0; i < count; i++) {
            Func *m = NEW(Func);
            *m = *calls[i];
            m->recv = c;
            m->pointer = pointer && chance(70);
            vec_push(&((Type *)c)->methods, m);
            vec_push(&implementing, m);
        }
        vec_push(&t->choices, pointer ? type_pointer(c) : c);
    }
    if (!t->choices.len) return;
    // That know what hides what.
    for (vec_each(Func *, m, &implementing)) declare_body(*m, (int)rnd(3), METHOD_COST);
    for (uint32_t i = 0; i < count; i++) vec_push(&g.callees, calls[i]);
    vec_push(&g.named, t);
}

// ---- generic types ----

static Type *struct_of(const char *text, const Type *p) {
    Type *t = NEW(Type);
    t->kind = STRUCT, t->text = text, t->named = true, t->comparable = false, t->pointers = true,
    t->open = p->open, t->instance = true;
    vec_push(&t->fields, ((Field){"f0", p, false}));
    vec_push(&t->fields, ((Field){"f1", type_slice(p), false}));
    vec_push(&t->fields, ((Field){"f2", g.palette[0], false}));
    return t;
}

// A struct with a type parameter, its methods, and some instances that are types like others.
static void declare_generic_type(void) {
    const Type *p = type_parameter((int)rnd(3));
    const char *name = top_name("G");
    Type *open = struct_of(xsprintf("%s[%s]", name, p->text), p);
    node_add(g.types,
             STMT(xsprintf("type %s[%s %s] struct {\nf0 %s\nf1 []%s\nf2 %s\n}\n", name, p->text,
                           constraint_of(p), p->text, p->text, g.palette[0]->text)));
    Vec(Func *) methods = {0};
    for (uint32_t n = 1 + rnd(3); n; n--) {
        Func *f = NEW(Func);
        f->name = fresh("m");
        f->recv = open;
        f->pointer = chance(50);
        f->silent = chance(50);
        if (chance(60)) vec_push(&f->params, chance(60) ? p : type_random(1, ANY_TYPE));
        vec_push(&f->results, chance(50) ? p : chance(50) ? type_slice(p) : type_random_basic());
        declare_body(f, (int)rnd(4), METHOD_COST);
        vec_push(&methods, vec_pop(&g.callees)); // an open one cannot be called
    }
    for (uint32_t n = 1 + rnd(2); n; n--) {
        const Type *arg = param_argument(p);
        Type *inst = struct_of(xsprintf("%s[%s]", name, arg->text), arg);
        Binding b = {{p, open}, {arg, inst}, 2};
        bool known = false;
        for (vec_each(const Type *, it, &g.named))
            known = known || strcmp((*it)->text, inst->text) == 0;
        if (known) continue;
        vec_push(&g.named, inst);
        for (vec_each(Func *, it, &methods)) {
            Func *m = NEW(Func);
            *m = **it;
            m->recv = inst;
            m->params = types_subst(&b, &m->params);
            m->results = types_subst(&b, &m->results);
            vec_push(&g.callees, m);
        }
    }
}

// ---- recursion ----

// It calls itself n times, with a frame of its own each time; deep ones do little else.
static void declare_recursive(void) {
    Func *f = NEW(Func);
    f->name = top_name("r");
    bool deep = chance(40);
    const Type *t = type_random(deep ? 0 : 1, ANY_TYPE);
    uint32_t n = deep ? 1000 + rnd(4000) : 2 + rnd(8);
    TypeVec results = {0};
    vec_push(&results, t);
    Frame frame = frame_enter(&results, deep ? 10 : 200);
    uint32_t mark = g.vars.len;
    g.silent = deep;
    g.pure = true;
    g.barrier = mark;
    const char *a = fresh("p"), *v = fresh("v");
    var_add(a, t)->nonnil = true;
    Node *block = BLOCK();
    block_fill(block, deep ? 1 : 1 + (int)rnd(3));
    Node *down = expr_of(t, 2);
    Var *result = var_add(v, t);
    result->fixed = result->foreign = result->nonnil = true;
    Node *up = expr_of(t, 2);
    long cost = frame_leave(&frame, 0) + 3;
    g.silent = false;
    const char *inner = fresh("n");
    node_add(g.funcs,
             STMT(xsprintf("func %s_(%s int, %s %s) %s {\nif %s <= 0 {\nreturn %s\n}\n$0%s := "
                           "%s_(%s-1, $1)\n_ = %s\nreturn $2\n}\n",
                           f->name, inner, a, t->text, t->text, inner, a, v, f->name, inner, v),
                  block, down, up));
    node_add(g.funcs, STMT(xsprintf("func %s(a %s) %s {\nreturn %s_(%u, a)\n}\n", f->name, t->text,
                                    t->text, f->name, n)));
    vec_push(&f->params, t);
    vec_push(&f->results, t);
    f->silent = deep;
    f->cost = cost * (deep ? n / 20 : n); // a frame of a deep one is cheap
    vec_push(&g.callees, f);
}

// Functions call those declared before them, so that the kinds come in any order.
void funcs_declare(void) {
    if (chance(30)) declare_generic_type();
    if (chance(50)) declare_interface();
    for (uint32_t n = 2 + rnd(5); n; n--) {
        uint32_t what = rnd(10);
        if (what < 5)
            declare_func();
        else if (what < 6)
            declare_recursive();
        else if (what < 8)
            declare_generic();
        else
            declare_method(g.named.data[rnd(g.named.len)]);
    }
}
