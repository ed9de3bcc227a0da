// build: from a checked package to a unit: its functions, globals and initialisation; the functions
// that objects stand for (instances, methods, wrappers).
//
// A function is queued when it is first asked for and built when its turn comes. Instances,
// wrappers and their closures are linkonce: every package that needs one emits it. What another
// package defines for sure is only declared (external).
#include "midend/tree/build.h"
#include "midend/tree/summary.h"
#include "midend/tree/staticinit.h"

static PtrMap plans; // Func * -> FuncPlan *
FuncPlan *func_plan(Func *f) { return ptrmap_get(&plans, f); }

void func_copy_plan(Func *to, Func *from) { ptrmap_put(&plans, to, func_plan(from)); }

static FuncPlan *new_plan(Func *f) {
    FuncPlan *p = NEW(FuncPlan);
    ptrmap_put(&plans, f, p);
    return p;
}

static Func *find_func(Unit *u, const char *symbol) {
    return ptrmap_get(&u->func_of, intern_c(symbol));
}
static void enter_func(Unit *u, Func *f) { ptrmap_put(&u->func_of, intern_c(f->symbol), f); }
static void queue_func(Unit *u, Func *f) {
    if (f->queued) return;
    f->queued = true;
    vec_push(&u->queue, f);
}

// The symbol that a //go:linkname gives this name of package p, or NULL. Names without a package
// are Go's all the same: what is appended keeps those that C could have (system, malloc) apart from
// C's, and tracebacks leave it out.
static const char *linkname_of(Package *p, Name local) {
    for (vec_each(File *, f, &p->files))
        for (vec_each(Linkname, l, &(*f)->linknames))
            if (l->local == local && l->target[0])
                return ptrmap_has(&(*f)->c_names, intern_c(l->target)) || strpbrk(l->target, ".:")
                           ? l->target
                           : xsprintf("%s#go#", l->target);
    return NULL;
}

// The signature with the receiver as first parameter.
static Type *full_signature(Type *sig, Type *recv) {
    Vec(Object *) params = {0};
    if (recv) vec_push(&params, object_new(O_VAR, 0, NULL, intern_c(""), recv));
    for (vec_each(Object *, p, &sig->func.params)) vec_push(&params, *p);
    return types_canonical(type_func(params.data, params.len, sig->func.results.data,
                                     sig->func.results.len, sig->func.variadic));
}

static const char *type_args_text(TypeList *targs) {
    Buf b = {0};
    buf_putc(&b, '[');
    for (uint32_t i = 0; i < targs->len; i++)
        buf_printf(&b, "%s%s", i ? "," : "", type_link_string(targs->data[i]));
    buf_putc(&b, ']');
    return buf_str(&b);
}

// pkg.(*T[args]).M or pkg.T[args].M
const char *build_method_symbol(Type *recv, Name method) {
    bool ptr;
    Type *n = deref(recv, &ptr);
    const char *s = type_link_string(n);
    Type *named = as_named(n);
    if (!named) return xsprintf("%s.%s", type_link_string(recv), method);
    if (!ptr) return xsprintf("%s.%s", s, method);
    const char *pkg = named->named.obj->pkg ? package_symbol_path(named->named.obj->pkg) : "";
    size_t k = strlen(pkg);
    if (k && !strncmp(s, pkg, k) && s[k] == '.')
        return xsprintf("%s.(*%s).%s", pkg, s + k + 1, method);
    return xsprintf("(*%s).%s", s, method);
}

// An instance's symbol holds its type arguments, by which packages that make the same one share it.
Func *build_func_of(Unit *u, Object *o, TypeList *targs) {
    Object *origin = o->origin ? o->origin : o;
    Package *pkg = origin->pkg;
    Type *recv_named = o->recv && origin->decl && origin->decl->func.recv ? o->recv : NULL;
    Type *recv =
        recv_named ? types_canonical(o->ptr_recv ? type_pointer(recv_named) : recv_named) : NULL;
    TypeList *rargs = recv_named ? as_named(types_canonical(recv_named))->named.targs : NULL;
    bool instance = (targs && targs->len) || rargs;
    const char *symbol = recv ? build_method_symbol(recv, o->name)
                              : xsprintf("%s.%s", package_symbol_path(pkg), o->name);
    if (targs && targs->len) symbol = xsprintf("%s%s", symbol, type_args_text(targs));
    const char *name = symbol;
    const char *link = !recv ? linkname_of(pkg, origin->name) : NULL;
    Decl *d = origin->decl;
    // Methods are pushed and pulled by their full names in some packages.
    if (!recv && !link && pkg) { link = NULL; }
    if (link && !instance) symbol = link;
    Func *f = find_func(u, symbol);
    if (f) return f;
    Type *sig = origin->type;
    TypeMap map = {0};
    if (instance) {
        // Receiver and own type parameters together.
        TypeList *rt = sig->func.recv_tparams, *ft = sig->func.tparams;
        uint32_t n = (rargs && rt ? rt->len : 0) + (ft ? ft->len : 0), k = 0;
        map.from = typelist_new(n);
        map.to = typelist_new(n);
        for (uint32_t i = 0; rargs && rt && i < rt->len; i++, k++) {
            map.from->data[k] = rt->data[i];
            map.to->data[k] = rargs->data[i];
        }
        for (uint32_t i = 0; ft && i < ft->len && targs; i++, k++) {
            map.from->data[k] = ft->data[i];
            map.to->data[k] = targs->data[i];
        }
        map.from->len = map.to->len = k;
        Type plain = *sig;
        plain.func.tparams = NULL;
        plain.canon = NULL;
        Type *s = type_subst(&plain, &map);
        sig = s == &plain
                  ? type_func(sig->func.params.data, sig->func.params.len, sig->func.results.data,
                              sig->func.results.len, sig->func.variadic)
                  : s;
    }
    f = unit_new_func(u, intern_c(name), symbol, full_signature(sig, recv));
    f->pkg = pkg;
    f->pos = origin->pos;
    f->decl = d;
    f->targs = targs;
    f->pragma = d ? d->pragma : 0;
    f->noinline = f->pragma & PRAGMA_NOINLINE;
    f->external = !d || !d->func.body;
    enter_func(u, f);
    FuncPlan *plan = new_plan(f);
    plan->decl = d;
    plan->map = map;
    if (instance)
        f->linkonce = true;
    else if (pkg != u->pkg)
        f->external = true;
    if (!f->external) queue_func(u, f);
    return f;
}

// External: another package emits it, and this one refers to its symbol. Every _ is a variable of
// its own, told apart by a number.
Global *build_global_of(Unit *u, Object *o) {
    Global *g = ptrmap_get(&u->func_of, o);
    if (g) return g;
    g = NEW(Global);
    g->name = o->name;
    g->pkg = o->pkg;
    g->obj = o;
    g->type = types_canonical(o->type);
    g->pos = o->pos;
    const char *link = linkname_of(o->pkg, o->name);
    g->symbol = link ? link : xsprintf("%s.%s", package_symbol_path(o->pkg), o->name);
    // A pulled variable lives in the package that its symbol names.
    const char *prefix = package_symbol_path(u->pkg);
    size_t n = strlen(prefix);
    g->external = o->pkg != u->pkg || (link && !(strncmp(link, prefix, n) == 0 && link[n] == '.'));
    if (o->name[0] == '_' && !o->name[1]) g->symbol = xsprintf("%s._.%u", prefix, u->globals.len);
    ptrmap_put(&u->func_of, o, g);
    if (!g->external) vec_push(&u->globals, g);
    return g;
}

// ---- wrappers -----------------------------------------------------------------------------------

static bool is_the_method(Type *T, Selection *s) {
    bool ptr;
    deref(T, &ptr);
    return s->path_len == 0 && ptr == s->obj->ptr_recv && !type_is_interface(T) && s->obj->recv &&
           !type_is_interface(s->obj->recv);
}

// A wrapper may be made by several packages; the linker keeps one.
Func *build_method_func(Unit *u, Type *T, Selection *sel) {
    T = types_canonical(T);
    if (is_the_method(T, sel)) return build_func_of(u, sel->obj, NULL);
    // An unexported method that another package's embedded type brings is not the one that this
    // type may have by the same name.
    Type *named = as_named(deref(T, NULL));
    bool own =
        name_is_exported(sel->obj->name) || (named && named->named.obj->pkg == sel->obj->pkg);
    const char *symbol =
        build_method_symbol(T, own ? sel->obj->name : object_unique_name(sel->obj));
    Func *f = find_func(u, symbol);
    if (f) return f;
    f = unit_new_func(u, intern_c(symbol), symbol,
                      full_signature(types_canonical(sel->obj->type), T));
    f->linkonce = f->wrapper = true; // without a position: the method's is its package's affair
    enter_func(u, f);
    if (!sel->path_len && under(T)->kind == T_POINTER && sel->obj->recv && !sel->obj->ptr_recv)
        f->panicwrap = sel->obj;
    FuncPlan *p = new_plan(f);
    p->recv = T;
    p->method = sel->obj->name;
    p->method_pkg = sel->obj->pkg;
    queue_func(u, f);
    return f;
}

Func *build_itab_method(Unit *u, Type *T, Selection *sel) {
    T = types_canonical(T);
    if (type_is_direct_iface(T)) return build_method_func(u, T, sel);
    Type *p = types_canonical(type_pointer(T));
    Selection s = method_selection(p, sel->obj, true);
    if (!s.obj) ice("no method %s on %s", sel->obj->name, type_link_string(p));
    return build_method_func(u, p, &s);
}

// The method is looked up anew, by which the receiver walks the path of embedded fields.
static void build_wrapper(Build *b, Func *f, FuncPlan *p) {
    build_params(b, f, f->sig);
    for (vec_each(Local *, l, &f->locals)) (*l)->pos = 0;
    NodeVec args = {0};
    for (uint32_t i = 1; i < f->params.len; i++)
        vec_push(&args, node_local(f->params.data[i], f->pos));
    Node *call = build_method_call(b, node_local(f->params.data[0], f->pos), p->method_pkg,
                                   p->method, NULL, args, f->pos);
    build_return_call(b, call, f->pos);
}

// ---- bodies -------------------------------------------------------------------------------------

// Parameters and results as locals; named ones bound to their objects. recv: the receiver variable,
// or NULL when sig has none of its own.
void build_params(Build *b, Func *f, Type *sig) {
    for (uint32_t i = 0; i < sig->func.params.len; i++) {
        Object *o = sig->func.params.data[i];
        Local *l = func_new_local(f, o->name ? o->name : intern_c(""), build_type(b, o->type),
                                  o->pos ? o->pos : f->pos);
        l->is_param = true;
        vec_push(&f->params, l);
    }
    for (uint32_t i = 0; i < sig->func.results.len; i++) {
        Object *o = sig->func.results.data[i];
        Name n =
            o->name && o->name[0] && strcmp(o->name, "_") ? o->name : intern_c(xsprintf("~r%u", i));
        Local *l = func_new_local(f, n, build_type(b, o->type), o->pos ? o->pos : f->pos);
        l->is_result = true;
        vec_push(&f->results, l);
    }
}

void build_bind(Build *b, Local *l, Object *o) {
    if (!o) return;
    l->obj = o;
    l->name = l->is_result && (!o->name || !o->name[0] || !strcmp(o->name, "_")) ? l->name
              : o->name                                                          ? o->name
                                                                                 : intern_c("");
    l->pos = o->pos ? o->pos : l->pos;
    l->addr_taken = o->addr_taken;
    l->reassigned = o->assigns > 0;
    ptrmap_put(&b->locals, o, l);
}

static void bind_signature(Build *b, Func *f, Type *sig, bool has_recv) {
    uint32_t k = 0;
    if (has_recv) build_bind(b, f->params.data[k++], sig->func.recv);
    for (vec_each(Object *, p, &sig->func.params)) build_bind(b, f->params.data[k++], *p);
    for (uint32_t i = 0; i < sig->func.results.len; i++)
        build_bind(b, f->results.data[i], sig->func.results.data[i]);
}

static void build_body(Build *b, Func *f, FuncInfo *info) {
    NodeVec *outer = b->out;
    b->out = &f->body;
    f->info = info;
    f->end = info->body->end;
    build_stmts(b, &info->body->block.list);
    b->out = outer;
    order_func(f);
}

// gc's names, by which tracebacks, reports and tests know functions.
Func *build_new_closure(Build *b, Type *sig, Pos pos, const char *kind) {
    Func *top = b->fn;
    const char *base = top->name;
    bool range = !strcmp(kind, "range"), wrap = !range && strcmp(kind, "func");
    bool method = !strcmp(kind, "method");
    uint32_t n = range    ? ++top->nranges
                 : method ? ++top->nmethods
                 : wrap   ? ++top->nwraps
                          : ++top->nclosures;
    // main.f.func1, nested ones main.f.func1.2; in package initialisers main.init.func1
    bool nested = top->outer != NULL && !top->wrapper && !strcmp(kind, "func");
    if (range) kind = "-range";
    const char *name = range    ? xsprintf("%s-range%u", base, n)
                       : nested ? xsprintf("%s.%u", base, n)
                                : xsprintf("%s.%s%u", base, kind, n);
    if (top == b->u->init && !range)
        name = xsprintf("%s.init.%s%u", package_symbol_path(b->u->pkg), kind, n);
    Func *f = unit_new_func(b->u, intern_c(name), name, sig);
    f->pkg = top->pkg;
    f->pos = pos;
    f->outer = top;
    f->linkonce = top->linkonce;
    f->targs = top->targs;
    f->built = f->queued = true;
    top->has_closure = true;
    return f;
}

void build_name_method(Func *closure, Type *T, Name method, const char *suffix) {
    const char *name = xsprintf("%s%s", build_method_symbol(T, method), suffix);
    closure->symbol = xsprintf("%s#%s#", name, closure->symbol);
    closure->name = intern_c(name);
}

// A result is assigned by return.
bool build_capture_by_ref(Object *o) {
    return o->is_result || o->assigns > 0 || o->addr_taken || type_size(o->type) > CAPTURE_MAX;
}

Local *build_capture(Func *inner, Local *outer, bool by_ref) {
    for (vec_each(Capture, c, &inner->captures))
        if (c->outer == outer) return c->inner;
    Local *l = func_new_local(inner, outer->name, outer->type, outer->pos);
    l->obj = outer->obj;
    l->is_capture = true;
    l->by_ref = by_ref;
    inner->ndcls--;
    l->captured = outer;
    vec_push(&inner->captures, ((Capture){outer, l}));
    inner->needs_ctx = true;
    if (by_ref && !outer->is_capture) outer->captured_ref = true;
    return l;
}

// Large variables are captured by reference even if they never change, as gc does above 128 bytes.
Node *build_closure(Build *b, FuncInfo *info, Pos pos) {
    Func *f = build_new_closure(b, build_type(b, info->sig), pos, "func");
    Build inner = {.u = b->u, .fn = f, .map = b->map, .outer = b};
    for (vec_each(Object *, o, &info->captures)) {
        Local *out = build_local_of(b, *o);
        bool by_ref = out->is_capture ? out->by_ref : build_capture_by_ref(*o) || out->captured_ref;
        if (!out->is_capture && type_size(out->type) > CAPTURE_MAX) by_ref = true;
        ptrmap_put(&inner.locals, *o, build_capture(f, out, by_ref));
    }
    build_params(&inner, f, f->sig);
    bind_signature(&inner, f, info->sig, false);
    f->has_defer = info->has_defer;
    f->has_recover = info->has_recover;
    build_body(&inner, f, info);
    vec_push(&b->u->funcs, f);
    return node_func(N_CLOSURE, f, pos);
}

// Does evaluating n do nothing but give a value?
static bool is_idle(const Node *n) {
    switch (n->op) {
    case N_CONST:
    case N_ZERO:
    case N_GLOBAL:
    case N_FUNC:
    case N_CLOSURE: return true;
    case N_CONVNOP:
    case N_CONVIFACE:
    case N_NEW: return !n->x || is_idle(n->x);
    case N_ADDR:
    case N_STRUCTLIT:
    case N_ARRAYLIT:
    case N_SLICELIT: break;
    default: return false;
    }
    if (n->x && !is_idle(n->x)) return false;
    for (vec_each(Node *, e, &n->list))
        if (*e && !is_idle((*e)->op == N_KEYED ? (*e)->y : *e)) return false;
    return true;
}

// Variables in the order that the checker found; those that are data need no code. Then the init
// functions.
static void build_init(Build *b, Func *f) {
    b->out = &f->body;
    for (vec_each(Initializer, i, &b->u->pkg->inits)) {
        set_ice_pos(i->rhs->pos);
        if (i->lhs.len == 1) {
            Object *o = i->lhs.data[0];
            bool blank = !strcmp(o->name, "_");
            NodeVec before = {0}, *keep = b->out;
            b->out = &before;
            Node *v = build_value(b, i->rhs, types_canonical(o->type));
            b->out = keep;
            Global *g = build_global_of(b->u, o);
            if (!before.len && !blank && !g->external && static_init(b->u, g, v)) continue;
            if (!before.len && blank && is_idle(v)) continue;
            for (vec_each(Node *, s, &before)) build_emit(b, *s);
            Node *place = NULL;
            if (!blank) {
                place = node_new(N_GLOBAL, o->pos, g->type);
                place->global = g;
            }
            build_emit(b, build_as(place, v, i->rhs->pos));
        } else
            build_init_vars(b, i->lhs.data, i->lhs.len, i->rhs, i->rhs->pos);
    }
    uint32_t n = 0;
    for (vec_each(Decl *, d, &b->u->pkg->funcs)) {
        if ((*d)->func.recv || strcmp((*d)->func.name->name.name, "init") || !(*d)->func.body)
            continue;
        const char *symbol = xsprintf("%s.init.%u", package_symbol_path(b->u->pkg), n++);
        Func *fn = find_func(b->u, symbol);
        Node *call = build_node1(N_CALL, (*d)->pos, NULL, node_func(N_FUNC, fn, (*d)->pos));
        build_emit(b, build_node1(N_EXPRSTMT, (*d)->pos, NULL, call));
    }
    order_init(f);
}

// Bodies of GOROOT's functions are checked only now, if they are built at all.
void build_func(Unit *u, Func *f) {
    if (f->built) return;
    f->built = true;
    FuncPlan *p = func_plan(f);
    Build b = {.u = u, .fn = f, .out = &f->body};
    set_ice_pos(f->pos);
    vec_push(&u->funcs, f);
    if (f == u->init) {
        build_init(&b, f);
        return;
    }
    if (p->recv) {
        build_wrapper(&b, f, p);
        return;
    }
    b.map = p->map;
    if (p->decl->func.obj && p->decl->func.obj->pkg != u->pkg) summary_note_use(p->decl->func.obj);
    if (!p->decl->func.info || !p->decl->func.info->checked) check_func_body(p->decl);
    FuncInfo *info = p->decl->func.info;
    if (!info) ice("%s was not checked", f->symbol);
    build_params(&b, f, f->sig);
    bind_signature(&b, f, info->sig, p->decl->func.recv != NULL);
    f->has_defer = info->has_defer;
    f->has_recover = info->has_recover;
    build_body(&b, f, info);
    if (f->pragma & PRAGMA_CGO_UNSAFE_ARGS) build_unsafe_args(&b, f);
}

static Func *init_function(Unit *u, Decl *d, uint32_t n) {
    const char *symbol = xsprintf("%s.init.%u", package_symbol_path(u->pkg), n);
    Func *f = unit_new_func(u, intern_c(symbol), symbol, type_func(NULL, 0, NULL, 0, false));
    f->pos = d->pos;
    f->decl = d;
    enter_func(u, f);
    new_plan(f)->decl = d;
    queue_func(u, f);
    return f;
}

// Generic functions wait until they are instantiated; the rest is queued in the order of the
// source.
Unit *build_unit(Package *p) {
    Unit *u = NEW(Unit);
    u->pkg = p;
    p->aux = u;
    uint32_t inits = 0;
    for (vec_each(Decl *, dp, &p->funcs)) {
        Decl *d = *dp;
        Name n = d->func.name->name.name;
        bool is_init = !d->func.recv && !strcmp(n, "init");
        if (is_init && d->func.body) {
            init_function(u, d, inits++);
            continue;
        }
        if (!d->func.obj || !strcmp(n, "_") || !d->func.body) continue;
        Type *sig = d->func.obj->type;
        // Generic: when instantiated.
        if (!sig || sig->kind != T_FUNC || sig->func.tparams || sig->func.recv_tparams) continue;
        build_func_of(u, d->func.obj, NULL);
    }
    for (vec_each(Object *, o, &p->scope->objects))
        if ((*o)->kind == O_VAR && strcmp((*o)->name, "_")) {
            Global *g = build_global_of(u, *o);
            static_define(g);
        }
    for (vec_each(File *, file, &p->files))
        for (vec_each(Decl *, d, &(*file)->decls))
            if ((*d)->kind == D_VAR && (*d)->doc_embed) {
                Expr *v = (*d)->value.names.data[0];
                bool blank = strcmp(v->name.name, "_") == 0;
                static_embed(u, blank ? NULL : build_global_of(u, v->name.obj), *d);
            }
    for (vec_each(Object *, o, &p->scope->objects)) { // described here, for all
        Type *t = (*o)->kind == O_TYPENAME && !(*o)->is_alias ? as_named((*o)->type) : NULL;
        if (!t || t->named.tparams || t->named.obj != *o) continue;
        unit_need_type(u, t);
        unit_need_type(u, type_pointer(t));
    }
    for (vec_each(Object *, o, &p->scope->objects)) { // what a plugin's symbols are
        if (!p->plugin_path || !name_is_exported((*o)->name)) continue;
        if ((*o)->kind == O_FUNC && !(*o)->type->func.tparams) unit_need_type(u, (*o)->type);
        if ((*o)->kind == O_VAR) unit_need_type(u, type_pointer((*o)->type));
    }
    const char *symbol = xsprintf("%s.init", package_symbol_path(p));
    u->init = unit_new_func(u, intern_c(symbol), symbol, type_func(NULL, 0, NULL, 0, false));
    enter_func(u, u->init);
    new_plan(u->init);
    queue_func(u, u->init);
    return u;
}
