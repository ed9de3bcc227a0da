// init_order: the order in which a program's packages are initialised.
//
// The spec takes, again and again, the first package by import path that is not initialised and all
// of whose imports are. gc's linker counts only packages in which something has to run, or that
// import such: where main imports p and q, and p imports x, in which nothing runs, the order is p,
// q, not q, x, p. Package runtime and what it imports come before everything else. Packages in
// which nothing runs come first of all here: what they have may still be data that the midend sets
// at the start.
#include "frontend/load.h"

#include <stdlib.h>

typedef struct Task {
    Package *pkg;
    uint32_t open;         // imports with tasks of their own that are not in the order yet
    Vec(Package *) before; // packages that import it
} Task;

typedef struct Order {
    PtrMap tasks; // Package * -> Task *; NULL: seen, nothing to run
    PackageVec ready, *out;
    PtrMap placed; // what is in out
} Order;

static bool runs(const Expr *e);

static bool any_runs(const ExprVec *l) {
    for (vec_each(Expr *, e, l))
        if (runs(*e)) return true;
    return false;
}

// May evaluating e take code? What is not sure counts as code.
static bool runs(const Expr *e) {
    if (!e) return false;
    switch (e->kind) {
    case E_NAME:
    case E_LIT:
    case E_FUNCLIT: return false;
    case E_SELECTOR: return runs(e->selector.x);
    case E_PAREN: return runs(e->paren.x);
    case E_KEYVALUE: return runs(e->kv.x) || runs(e->kv.y);
    case E_LIST: return any_runs(&e->list.elems);
    case E_UNARY: return e->op.op == OPR_RECV || runs(e->op.x);
    case E_BINARY: return runs(e->op.x) || runs(e->op.y);
    case E_COMPOSITE:
        return (e->composite.type && e->composite.type->kind == E_MAPTYPE) ||
               any_runs(&e->composite.elems);
    default: return true;
    }
}

static bool has_code(const Package *p) {
    for (vec_each(File *, f, &p->files))
        for (vec_each(Decl *, d, &(*f)->decls)) {
            if ((*d)->kind == D_VAR && runs((*d)->value.values)) return true;
            if ((*d)->kind == D_FUNC && !(*d)->func.recv &&
                !strcmp((*d)->func.name->name.name, "init"))
                return true;
        }
    return false;
}

// Bytewise, as gc's linker compares the names of the packages' tasks.
static int by_path(const Package *a, const Package *b) {
    return strcmp(xsprintf("%s..inittask", package_symbol_path(a)),
                  xsprintf("%s..inittask", package_symbol_path(b)));
}

static void put(Order *o, Package *p) {
    if (ptrmap_has(&o->placed, p)) return;
    ptrmap_put(&o->placed, p, p);
    vec_push(o->out, p);
}

// NULL if nothing runs in p or in what it imports: then it is placed at once and nobody waits for
// it.
static Task *find(Order *o, Package *p) {
    if (ptrmap_has(&o->tasks, p)) return ptrmap_get(&o->tasks, p);
    Task *t = NEW(Task);
    t->pkg = p;
    ptrmap_put(&o->tasks, p, NULL);
    bool wanted = p->is_main || has_code(p);
    for (vec_each(Package *, q, &p->imports)) {
        Task *needs = *q == package_unsafe ? NULL : find(o, *q);
        if (!needs) continue;
        wanted = true;
        t->open++;
        vec_push(&needs->before, p);
    }
    if (!wanted) {
        put(o, p);
        return NULL;
    }
    ptrmap_put(&o->tasks, p, t);
    if (!t->open) vec_push(&o->ready, p);
    return t;
}

static Package *take_first(PackageVec *ready) {
    uint32_t k = 0;
    for (uint32_t i = 1; i < ready->len; i++)
        if (by_path(ready->data[i], ready->data[k]) < 0) k = i;
    Package *p = ready->data[k];
    ready->data[k] = ready->data[--ready->len];
    return p;
}

static void schedule(Order *o, Package *root) {
    o->tasks = (PtrMap){0};
    find(o, root);
    while (o->ready.len) {
        Package *p = take_first(&o->ready);
        put(o, p);
        for (vec_each(Package *, q, &((Task *)ptrmap_get(&o->tasks, p))->before)) {
            Task *t = ptrmap_get(&o->tasks, *q);
            if (--t->open == 0) vec_push(&o->ready, *q);
        }
    }
}

void load_init_order(Package *main, PackageVec *out) {
    const char *err;
    Order o = {.out = out};
    Package *runtime = load_package("runtime", &err);
    if (runtime) schedule(&o, runtime);
    schedule(&o, main);
}
