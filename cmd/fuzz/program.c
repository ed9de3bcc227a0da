// program: a seed becomes a program; what all programs of a batch share.
#include "cmd/fuzz/fuzz.h"

Gen g;

uint32_t rnd(uint32_t n) {
    uint64_t z = g.rnd += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)(((z ^ (z >> 31)) >> 32) * n >> 32);
}

bool chance(int percent) { return (int)rnd(100) < percent; }
const char *fresh(const char *what) { return xsprintf("%s%d", what, g.names++); }
const char *top_name(const char *what) { return xsprintf("%s%s%d", g.prefix, what, g.names++); }

bool afford(long cost) {
    if (g.cost + cost * g.mult > g.limit) return false;
    g.cost += cost * g.mult;
    return true;
}

Var *var_add(const char *name, const Type *t) {
    Var v = {.name = name, .type = t};
    vec_push(&g.vars, v);
    return &g.vars.data[g.vars.len - 1];
}

enum { PROGRAM_COST = 20000, DECLARATION_DEPTH = 2 };

// Package variables, some of which need others that come later.
static void globals_declare(void) {
    for (uint32_t n = rnd(5); n; n--) {
        const Type *t = type_random(DECLARATION_DEPTH, ANY_TYPE);
        const char *name = top_name("v");
        g.silent = true;
        node_add(g.globals, STMT(xsprintf("var %s %s = $0\n", name, t->text), expr_of(t, 2)));
        g.silent = false;
        var_add(name, t);
    }
}

// All choices come from g.rnd, so that a seed is one program for good. Types, variables, functions,
// then what is run: each uses what was there before.
Node *program_generate(uint64_t seed) {
    g = (Gen){.rnd = seed * 0x9e3779b97f4a7c15u + 1};
    g.prefix = xsprintf("P%llu_", (unsigned long long)seed);
    g.types = BLOCK();
    g.globals = BLOCK();
    g.funcs = BLOCK();
    g.limit = PROGRAM_COST;
    g.mult = 1;
    g.results = &(TypeVec){0};
    g.max_size = chance(90) ? 200 + (int)rnd(300) : 1500;
    for (int i = 0; i < PALETTE; i++)
        g.palette[i] =
            type_basic(i < PALETTE - 2 ? INT8 + rnd(UINTPTR - INT8 + 1) : rnd(LAST_BASIC + 1));
    types_declare();
    globals_declare();
    funcs_declare();
    g.max_size = g.size + 200 + (int)rnd(200); // the main part
    g.cost = 0;
    g.limit = PROGRAM_COST;
    g.pure = false;
    Node *body = BLOCK();
    block_fill(body, 6 + (int)rnd(14));
    for (vec_each(Var, v, &g.vars))
        if (chance(60)) node_add(body, sink_of(EXPR(v->type, v->name)));
    node_add(g.funcs, STMT(xsprintf("func P%llu() {\n$0}\n", (unsigned long long)seed), body));
    Node *program = BLOCK();
    node_add(program, g.types);
    node_add(program, g.globals);
    node_add(program, g.funcs);
    return program;
}
