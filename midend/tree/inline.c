// inline: the pass: in each function, calls whose callee is known and cheap enough are replaced by
// the callee's body, again in what came in that way, until nothing more is found or a callee would
// meet itself.
//
// What a function may be copied from is its body as built: each function keeps it before its own
// calls are touched. Callees of other packages are built here, from their source, and are not
// emitted. A callee is known when it is named, when it is a literal called in place, and when it is
// a variable's only value; calls of literals whose only call it is cost up to 800.
#include "midend/functions.h"
#include "midend/tree/inline.h"
#include "midend/tree/known.h"
#include "midend/tree/summary.h"
#include "midend/optlog.h"
#include "midend/profile.h"
#include "midend/report.h"

typedef struct Inl {
    Unit *u;
    Func *f;
    uint32_t order; // of what is said of f
    bool big, report, changed;
    PtrMap counts; // Func * -> number of calls seen
} Inl;

// ---- known values -------------------------------------------------------------------------------

// The one value of a variable of the function at hand, which inlining may replace.
static Node *only_value(Local *l, const void *f) {
    if (l->func != f || l->is_param || l->is_capture || l->reassigned || l->addr_taken) return NULL;
    const Known *k = known_of(l);
    return k && k->list.len == 1 && k->list.data[0].is_value ? known_value(&k->list.data[0]) : NULL;
}

// ---- callees ------------------------------------------------------------------------------------

static Object *object_of(Func *f) {
    FuncPlan *p = func_plan(f);
    return p && p->decl && !p->recv ? p->decl->func.obj : NULL;
}

static FuncInfo *body_of(Func *f) {
    if (f->info) return f->info;
    if (f->wrapper || f->outer) return NULL;
    Object *o = object_of(f);
    return o ? inline_body_of(o) : NULL;
}

// The function that a call of n runs.
static Func *callee_of(Inl *s, Node *n) {
    Node *v = known_follow(n, only_value, s->f, true);
    if (v->op != N_FUNC && v->op != N_CLOSURE) return NULL;
    for (vec_each(Capture, c, &v->func->captures))
        if (c->outer->func != s->f) return NULL;
    return v->func;
}

static bool is_closure(const Func *f) { return f->outer != NULL; }

// A copy of f's plan is built apart: neither it nor its closures are emitted.
static Func *build_apart(Unit *u, Func *f) {
    Func *g = NEW(Func);
    *g = *f;
    g->external = g->queued = false;
    func_copy_plan(g, f);
    __typeof__(u->funcs) funcs = u->funcs;
    memset(&u->funcs, 0, sizeof u->funcs);
    build_func(u, g);
    u->funcs = funcs;
    return g;
}

static InlBody *body_to_copy(Unit *u, Func *f) {
    if (f->inl) return f->inl;
    if (!f->external) build_func(u, f);
    Func *from = f->built ? f : build_apart(u, f);
    InlBody *b = NEW(InlBody);
    b->from = from;
    b->body = from == f ? inline_save_body(f) : from->body;
    return f->inl = b;
}

// ---- names in reports ---------------------------------------------------------------------------

// gc shares an instance's code among all types of one shape and names it so.
static const char *shape(Type *t) {
    Type *u = under(t);
    return xsprintf("go.shape.%s", u->kind == T_POINTER ? "*uint8" : type_link_string(u));
}

static const char *shapes(TypeList *l) {
    Buf b = {0};
    buf_putc(&b, '[');
    for (uint32_t i = 0; i < l->len; i++) buf_printf(&b, "%s%s", i ? "," : "", shape(l->data[i]));
    buf_putc(&b, ']');
    return buf_str(&b);
}

static TypeList *type_args_of(const Func *f) {
    if (f->targs && f->targs->len) return f->targs;
    if (f->outer) return NULL;
    Object *o = object_of((Func *)f);
    Type *r = o && o->recv && f->sig->func.params.len
                  ? as_named(deref(f->sig->func.params.data[0]->type, NULL))
                  : NULL;
    return r ? r->named.targs : NULL;
}

// f as messages name it: without the package when it is the one compiled, type arguments as shapes.
static const char *report_name(Func *f, bool as_shape) {
    if (f->origin &&
        !inline_is_named_for_method(
            f)) // a copy: of a literal of the function inlined, or below a copy as its origin is below its own outer function
        return xsprintf("%s%s", report_name(f->via ? f->via : f->outer, as_shape),
                        inline_closure_suffix(f, f->outer));
    const char *name = f->name, *prefix = f->pkg ? package_symbol_path(f->pkg) : "";
    size_t n = strlen(prefix);
    if (n && !strncmp(name, prefix, n) && name[n] == '.') name += n + 1;
    TypeList *targs = as_shape ? type_args_of(f) : NULL;
    const char *open = targs ? strchr(name, '[') : NULL;
    if (open) {
        const char *close = open;
        int depth = 0;
        do depth += (*close == '[') - (*close == ']');
        while (depth && *++close);
        name = xsprintf("%.*s%s%s", (int)(open - name), name, shapes(targs), close + 1);
    }
    return f->pkg && f->pkg != current_package ? xsprintf("%s.%s", f->pkg->name, name) : name;
}

const char *inline_report_name(Func *f) { return report_name(f, true); }

static bool is_go_or_defer_wrapper(const Func *f) {
    return f->wrapper && (strstr(f->name, ".gowrap") || strstr(f->name, ".deferwrap"));
}

bool inline_is_named_for_method(const Func *f) {
    while (f->origin) f = f->origin;
    return f->wrapper && f->outer && strchr(f->symbol, '#'); // build_name_method
}

bool inline_is_generated(const Func *f) {
    return f->wrapper && (!f->outer || inline_is_named_for_method(f));
}

// Of method values of one method gc makes one function.
static bool is_first_of_name(const Func *f) {
    static PtrMap first;
    if (!ptrmap_has(&first, f->name)) ptrmap_put(&first, f->name, (void *)f);
    return ptrmap_get(&first, f->name) == f;
}

// A method's wrapper, which is made where a type is described: gc leaves those of named types of
// other packages to these.
bool inline_is_silent_wrapper(const Func *f) {
    if (inline_is_named_for_method(f)) return !is_first_of_name(f);
    FuncPlan *p = f->wrapper && !f->outer ? func_plan((Func *)f) : NULL;
    Type *t = p && p->recv ? as_named(deref(p->recv, NULL)) : NULL;
    return t && !t->named.targs && t->named.obj->pkg != current_package;
}

// Where messages about n stand: at the outermost call it was inlined by. Methods' wrappers have no
// place in the source.
static Pos report_pos(Inl *s, const Node *n) {
    if (inline_is_generated(s->f)) return 0;
    return inl_report_pos(n->pos, n->inl);
}

// What is said next is about this call. gc devirtualizes the calls that stand in the source in all
// functions first; then function by function it inlines them, devirtualizes those that came with
// the bodies, inlines these, and so on.
static void report_about(const Inl *s, const Node *call, bool devirtualized) {
    uint32_t depth = 0;
    for (const InlCall *i = call->inl; i; i = i->parent) depth++;
    report_group(devirtualized && !depth ? 0 : s->order, 2 * depth + !devirtualized);
}

// In gc an instance that code without type parameters mentions is a function that calls the code of
// its shape with a dictionary.
static PtrMap dictionary_callers;
void inline_note_dictionary_caller(Func *f) { ptrmap_put(&dictionary_callers, f, f); }
static bool is_dictionary_caller(const Func *f) {
    return !f->outer && ptrmap_has(&dictionary_callers, f);
}

static bool find_dictionary_callers(Node *n, void *arg) {
    (void)arg;
    if (n->op == N_FUNC && !n->func->outer && type_args_of(n->func))
        ptrmap_put(&dictionary_callers, n->func, n->func);
    return true;
}

static const Func *outermost(const Func *f) {
    while (f->outer) f = f->outer;
    return f;
}

bool inline_is_instance(const Func *f) { return type_args_of(outermost(f)) != NULL; }

static const char *signature(const Func *f) {
    Object *o = f->outer ? NULL : object_of((Func *)f);
    Type *sig = o && !f->targs ? o->type : f->sig;
    const char *text = type_report_string(sig);
    return o && o->recv ? xsprintf("method(%s) %s",
                                   type_report_string(f->sig->func.params.data[0]->type), text)
                        : text;
}

static void report_can_inline(Pos pos, const Func *f, const char *name, int cost,
                              const char *body) {
    if (midend_options.m > 1)
        report_at(pos, "can inline %s with cost %d as: %s { %s }", name, cost, signature(f), body);
    else if (midend_options.m)
        report_at(pos, "can inline %s", name);
    optlog_add("canInlineFunction", pos, NULL, "cost: %d", cost);
}

// gc sees two functions in an instance: the one of its shape, and one that hands it the dictionary.
static void report_verdict(Unit *u, Func *f, const InlInfo *i) {
    Pos pos = f->decl && !f->outer ? f->decl->pos : f->pos;
    const char *name = report_name(f, true);
    if (!i->can) {
        if (midend_options.m > 1) report_at(pos, "cannot inline %s: %s", name, i->reason);
        optlog_add("cannotInlineFunction", pos, NULL, "%s", i->reason);
    } else
        report_can_inline(pos, f, name, i->cost,
                          midend_options.m > 1 ? nodes_text(&body_to_copy(u, f)->body) : "");
    // What forbids inlining forbids it for both.
    if (!is_dictionary_caller(f) || f->noinline) return;
    bool method = object_of(f) && object_of(f)->recv;
    int cost = 3 + !method + (f->sig->func.results.len > 0) +
               (i->can ? i->cost : INLINE_CALL_COST) + (int)f->sig->func.params.len;
    if (i->can && midend_options.m) report_at(pos, "inlining call to %s", name);
    name = report_name(f, false);
    if (cost > INLINE_MAX_BUDGET) return;
    report_can_inline(pos, f, name, cost, xsprintf("return %s(…)", report_name(f, true)));
}

// gc judges a literal in a copy when a call of it is met.
static bool report_called_literal(Node *n, void *arg) {
    Func *f = n->op == N_CALL && n->x->op == N_CLOSURE ? n->x->func : NULL;
    if (f && f->info && inline_info(f->info)->can) report_verdict(arg, f, inline_info(f->info));
    return true;
}

// ---- the decision -------------------------------------------------------------------------------

static bool may_recover(Node *n, void *arg) {
    bool *bad = arg;
    if (n->op == N_CALLINTER) *bad = true;
    if (n->op == N_CALL) {
        Func *f = n->x->op == N_FUNC ? n->x->func : NULL;
        Object *o = f ? object_of(f) : NULL;
        bool recovers;
        if (f && o && f->pkg != current_package && summary_is_opaque(o, &recovers))
            return !(*bad |= recovers);
        FuncInfo *i = f ? body_of(f) : NULL;
        // Functions without bodies recover nothing.
        *bad |= i ? i->has_recover : !o;
    }
    return !*bad;
}

// A wrapper is transparent to recover: what a deferred function calls must not become what the
// wrapper calls.
static bool fits_wrapper(const InlBody *b) {
    bool bad = false;
    node_visit_list((NodeVec *)&b->body, may_recover, &bad);
    return !bad;
}

// A literal or method value in an inlined body calls its outer function as that would call itself.
// The body of a range that came into an iterator may range over another of the same kind.
static bool is_recursive(const Inl *s, const Node *call, const FuncInfo *callee) {
    bool in_range = false;
    for (InlCall *i = call->inl; i; i = i->parent) {
        const FuncInfo *info = i->callee->info;
        if (info == callee) {
            if (!in_range || callee->range) return true;
            in_range = false;
        }
        in_range |= info && info->range;
    }
    for (const Func *f = s->f; f && f->origin; f = f->outer) {
        if (f->via && f->via->info == callee) return true;
        for (const FuncInfo *i = f->info; i; i = i->outer)
            if (i == callee) return true;
    }
    return false;
}

// With the path of its package.
static const char *path_name(Unit *u, Func *f) {
    const Package *p = f->pkg ? f->pkg : u->pkg;
    const char *name = report_name(f, true), *own = xsprintf("%s.", p->name);
    if (p != u->pkg && !strncmp(name, own, strlen(own))) name += strlen(own);
    return xsprintf("%s.%s", package_symbol_path(p), name);
}

// Was the call inlined by itself? Of this gc's log says no more than the code.
static bool calls_itself(const Node *call) {
    for (const InlCall *i = call->inl; i; i = i->parent)
        if (i->pos == call->pos) return true;
    return false;
}

int inline_line_of_call(const Func *f, const Node *call) {
    Pos first = f->decl && !f->outer ? f->decl->pos : f->pos;
    return (int)source_position(call->pos).line - (int)source_position(first).line;
}

// gc's words of what a profile allows.
static bool is_hot_call(const Inl *s, const Node *call, Func *callee, const InlInfo *info) {
    if (!profile_on() || !profile_is_hot_call(s->f->symbol, inline_line_of_call(s->f, call)))
        return false;
    bool fits = !s->big && info->cost <= profile_budget();
    if (profile_debug("pgodebug", 0) > 0 && (fits || s->big)) {
        Position at = source_position(call->pos);
        fprintf(
            stderr, "%s call %s (cost %d) at %s:%u:%u in %sfunction %s\n",
            fits ? "hot-budget check allows inlining for" : "hot-big check disallows inlining for",
            callee->symbol, info->cost, at.file, at.line, at.col, fits ? "" : "big ", s->f->symbol);
    }
    return fits;
}

static bool cost_fits(Inl *s, const Node *call, Func *callee, const InlInfo *info) {
    int max = s->big ? INLINE_BIG_FUNCTION_MAX_COST : INLINE_MAX_BUDGET;
    if (is_closure(callee)) {
        max *= 2;
        if ((uintptr_t)ptrmap_get(&s->counts, callee) == 1 && max < INLINE_CLOSURE_CALLED_ONCE_COST)
            max = INLINE_CLOSURE_CALLED_ONCE_COST;
    }
    if (info->cost > max && is_hot_call(s, call, callee, info)) return true;
    if (info->cost > max && s->report)
        optlog_add("cannotInlineCall", call->pos, call->inl,
                   "cost %d of %s exceeds max caller cost %d", info->cost, path_name(s->u, callee),
                   max);
    return info->cost <= max;
}

// func init(): the package's own init function calls it and nothing else does.
static bool is_init(const Func *f) {
    return f->decl && f->decl->kind == D_FUNC && !f->decl->func.recv && !f->outer &&
           !strcmp(f->decl->func.name->name.name, "init");
}

// Checks stand in gc's order: reports give the first reason that it would.
static Func *inlinable_callee(Inl *s, Node *call, InlBody **body) {
    Func *callee = callee_of(s, call->x);
    if (!callee || (s->f == s->u->init && is_init(callee)) || callee->noinline ||
        callee->has_defer || callee->has_recover)
        return NULL;
    if (midend_options.checkptr && func_is(callee->symbol, FUNC_CHECKPTR)) return NULL;
    FuncInfo *fi = body_of(callee);
    if (!fi) return NULL;
    // The race detector would be told of the runtime's own accesses.
    if (midend_options.race && race_instruments(s->u->pkg->path) &&
        !race_instruments(callee->pkg ? callee->pkg->path : ""))
        return NULL;
    if (midend_options.checkptr && callee->pkg && is_runtime_package(callee->pkg->path))
        return NULL;
    InlInfo *info = inline_info(fi);
    static PtrMap judged;
    if (callee->origin && s->report && info->can && !ptrmap_has(&judged, callee)) {
        ptrmap_put(&judged, callee, callee);
        report_verdict(s->u, callee, info);
        node_visit_list(&callee->body, report_called_literal, s->u);
    }
    if (!info->can && s->report)
        optlog_note("cannotInlineCall", call->pos, call->inl, "%s: %s", path_name(s->u, callee),
                    info->reason);
    if (!info->can || !cost_fits(s, call, callee, info)) return NULL;
    if (is_recursive(s, call, fi)) {
        if (s->report)
            optlog_add("cannotInlineCall", call->pos, call->inl,
                       calls_itself(call) ? "%.0s" : "repeated recursive cycle to %s",
                       path_name(s->u, callee));
        if (s->report && midend_options.m > 1) {
            report_about(s, call, false);
            report_at(report_pos(s, call), "cannot inline %s into %s: repeated recursive cycle",
                      report_name(callee, true), report_name(s->f, true));
        }
        return NULL;
    }
    *body = body_to_copy(s->u, callee);
    if ((*body)->from->has_defer || (*body)->from->has_recover) return NULL;
    return callee;
}

static bool count_calls(Node *n, void *arg) {
    Inl *s = arg;
    if (n->op == N_GO || n->op == N_DEFER) return false;
    Func *f = n->op == N_CALL ? callee_of(s, n->x) : NULL;
    if (f && is_closure(f))
        ptrmap_put(&s->counts, f, (void *)((uintptr_t)ptrmap_get(&s->counts, f) + 1));
    return true;
}

// ---- the transformation -------------------------------------------------------------------------

static void rewrite(Inl *s, Node **np);
static void rewrite_list(Inl *s, NodeVec *l) {
    for (uint32_t i = 0; i < l->len; i++) rewrite(s, &l->data[i]);
}

// What evaluating a callee does beside naming a function.
static void callee_effects(Node *x, NodeVec *out) {
    while (x->op == N_CONVNOP) x = x->x;
    if (x->op != N_STMTEXPR) return;
    for (vec_each(Node *, n, &x->list)) vec_push(out, *n);
    callee_effects(x->x, out);
}

static bool is_method_value(const Func *f) {
    size_t n = strlen(f->name);
    return f->wrapper && n > 3 && !strcmp(f->name + n - 3, "-fm");
}

// States that are methods return each other as method values: with the method inlined into each,
// the copies would hold every path through the states.
static bool is_nested_method_value(const Func *f) {
    if (!f->origin || !is_method_value(f)) return false;
    for (const Func *o = f->outer; o; o = o->outer)
        if (is_method_value(o)) return true;
    return false;
}

static void report_inlined(Inl *s, const Node *call, Func *callee) {
    if (s->report && midend_options.m) {
        const char *name = report_name(callee, true);
        report_about(s, call, false);
        report_at(report_pos(s, call), "inlining call to %s", name);
        if (is_dictionary_caller(s->f) && inline_info(s->f->info)->can)
            report_at(s->f->decl->pos, "inlining call to %s", name); // in that too
    }
    if (s->report && !s->f->wrapper)
        optlog_note("inlineCall", call->pos, call->inl, "%s, cost %d", path_name(s->u, callee),
                    inline_info(body_of(callee))->cost);
}

// What gc inlines and here stays a call: reported as if it were inlined, with what its body calls.
typedef struct Pretended {
    Inl *s;
    const Node *call;
    InlCall inl; // of what the body holds
} Pretended;

static bool pretend_inlined(Node *n, void *arg) {
    const Pretended *outer = arg;
    Inl *s = outer->s;
    if (n->op != N_CALL || n->x->op != N_FUNC) return true;
    Node call = *n;
    call.inl = (InlCall *)&outer->inl;
    InlBody *body;
    Func *callee = is_gc_intrinsic(n->x->func->symbol) ? NULL : inlinable_callee(s, &call, &body);
    if (!callee) return true;
    report_inlined(s, &call, callee);
    Pretended inner = {s, &call, {call.inl, callee, call.pos}};
    node_visit_list(&body->body, pretend_inlined, &inner);
    return true;
}

static void pretend(Inl *s, Node *call, Func *callee, InlBody *body) {
    report_inlined(s, call, callee);
    Pretended p = {s, call, {call->inl, callee, call->pos}};
    if (s->report) node_visit_list(&body->body, pretend_inlined, &p);
    call->implicit = true; // once
}

// An operation that is a function of Go for gc: its result is one of an inlined call.
static bool pretend_operation(Inl *s, Node *call, Func *callee, InlBody *body, NodeVec *out,
                              NodeVec *results) {
    pretend(s, call, callee, body);
    if (!call->type || call->type->kind == T_TUPLE) return false;
    Local *r = func_new_local(s->f, intern_c("~r0"), call->type, call->pos);
    r->inl = call->inl;
    Node *d = node_new(N_DCL, call->pos, NULL),
         *as = build_as(node_local(r, call->pos), call, call->pos);
    d->local = r;
    d->inl = as->inl = call->inl;
    as->inlined = INLINED_RESULT;
    vec_push(out, d);
    vec_push(out, as);
    vec_push(results, node_local(r, call->pos));
    return true;
}

// What an inlined body calls is inlined in turn, in the copy.
static bool inline_call(Inl *s, Node *call, NodeVec *out, NodeVec *results) {
    InlBody *body;
    bool may = call->op == N_CALL && !call->implicit && !midend_options.no_inline &&
               !is_nested_method_value(s->f);
    Func *callee = may ? callee_of(s, call->x) : NULL;
    if (callee && intrinsic_of(callee->symbol) && is_gc_intrinsic(callee->symbol)) return false;
    if (!callee || !(callee = inlinable_callee(s, call, &body))) return false;
    if (intrinsic_of(callee->symbol)) return pretend_operation(s, call, callee, body, out, results);
    if (s->f->wrapper && !fits_wrapper(body)) {
        pretend(s, call, callee, body);
        return false;
    }
    if (!bisect_runs("inlining", s->f)) return false;
    bool report = s->report;
    s->report &= !is_gc_intrinsic(callee->symbol); // an operation for gc alone
    report_inlined(s, call, callee);
    callee_effects(call->x, out);
    uint32_t first = out->len;
    inline_copy_call(s->u, s->f, call, body->from, &body->body, out, results);
    NodeVec fresh = {.data = out->data + first, .len = out->len - first};
    known_find_inlined(s->f, &fresh);
    Node *copied = vec_last(out);
    node_visit(copied, count_calls, s);
    rewrite_list(s, &copied->list);
    s->report = report;
    return true;
}

static Node *block_of(NodeVec list, const Node *at) {
    Node *b = node_new(N_BLOCK, at->pos, NULL);
    b->inl = at->inl;
    b->list = list;
    return b;
}

static void rewrite_children(Inl *s, Node *n) {
    if (n->op != N_BREAK && n->op != N_CONTINUE) rewrite(s, &n->x);
    rewrite(s, &n->y);
    rewrite_list(s, &n->list);
    rewrite_list(s, &n->rlist);
    rewrite_list(s, &n->body);
    rewrite_list(s, &n->els);
}

// x.M of a call of an interface's method.
static const char *callee_text(const Node *call) {
    const Expr *fun = unparen(call->syntax->call.fun);
    if (!call->local || fun->kind != E_SELECTOR) return expr_string(fun);
    return xsprintf("%s.%s", call->local->name, fun->selector.sel->name.name);
}

static PtrMap guessed; // calls that are what is left where a profile's guess is wrong

// Calls that stand in the source, once: of what was inlined the profile has another caller.
static bool may_guess(const Inl *s, const Node *call) {
    return profile_on() && !call->inl && !call->implicit && !ptrmap_has(&guessed, call) &&
           !s->f->wrapper && !s->f->origin;
}

static bool guess(Inl *s, Node *call, NodeVec *out, NodeVec *results) {
    uint32_t first = out->len;
    const char *text = call->syntax && call->syntax->kind == E_CALL ? callee_text(call) : "";
    Func *callee = profile_devirtualize(s->u, s->f, call, out, results);
    if (!callee) return false;
    if (s->report && midend_options.m) {
        report_about(s, call, true);
        report_at(report_pos(s, call), "PGO devirtualizing %s call %s to %s",
                  call->op == N_CALL ? "function" : "interface", text, report_name(callee, true));
    }
    ptrmap_put(&guessed, call, call);
    NodeVec fresh = {.data = out->data + first, .len = out->len - first};
    known_find_inlined(s->f, &fresh);
    rewrite_list(s, &vec_last(out)->body); // the direct call may be inlined now
    s->changed = true;
    return true;
}

// A call with its operands rewritten: devirtualized and inlined as far as can be. *out gets what to
// run first; true: the call is gone, *results stand for it.
static bool replace_call(Inl *s, Node **call, NodeVec *out, NodeVec *results) {
    Node *n = *call;
    rewrite_children(s, n);
    Type *to;
    Node *direct = n->op == N_CALLINTER && bisect_runs("devirtualizing", s->f)
                       ? devirtualize(s->u, s->f, n, &to, out)
                       : NULL;
    if (direct) {
        if (s->report)
            optlog_note("devirtualize", n->pos, n->inl, "%s: the receiver is always %s",
                        direct->op == N_CALL ? "direct call" : "call through a narrower interface",
                        type_string(to));
        if (s->report && midend_options.m && n->syntax && n->syntax->kind == E_CALL) {
            report_about(s, n, true);
            report_at(report_pos(s, n), "%s %s to %s",
                      direct->op == N_CALL ? "devirtualizing" : "partially devirtualizing",
                      callee_text(n), type_report_string(to));
        }
        *call = n = direct;
        s->changed = true;
    }
    if (inline_call(s, n, out, results)) {
        s->changed = true;
        return true;
    }
    return !direct && may_guess(s, n) && guess(s, n, out, results);
}

static bool is_call(const Node *n) { return n->op == N_CALL || n->op == N_CALLINTER; }

// What an inlined call needs goes ahead of it, in a block for a statement and in a N_STMTEXPR for a
// value. The calls of go and defer stay as they are.
static void rewrite(Inl *s, Node **np) {
    Node *n = *np;
    if (!n) return;
    NodeVec out = {0}, results = {0};
    switch (n->op) {
    case N_IF: // what is never run is not looked at
        if (n->x->op != N_CONST) break;
        rewrite_list(s, const_bool_value(n->x->val) ? &n->body : &n->els);
        return;
    case N_GO:
    case N_DEFER:
        rewrite(s, &n->y);
        rewrite_children(s, n->x);
        return;
    case N_EXPRSTMT:
        if (!is_call(n->x)) break;
        if (!replace_call(s, &n->x, &out, &results) && out.len) vec_push(&out, n);
        if (out.len) *np = block_of(out, n);
        return;
    case N_AS2CALL:
        if (!is_call(n->y)) break;
        rewrite_list(s, &n->list);
        if (replace_call(s, &n->y, &out, &results)) {
            n->op = N_AS2;
            n->y = NULL;
            n->rlist = results;
        }
        if (!out.len) return;
        vec_push(&out, n);
        *np = block_of(out, n);
        return;
    case N_CALL:
    case N_CALLINTER: {
        if (n->type && n->type->kind == T_TUPLE) break;
        bool gone = replace_call(s, np, &out, &results);
        if (!out.len) return;
        Node *e = build_node1(N_STMTEXPR, n->pos, n->type, gone ? results.data[0] : *np);
        e->inl = n->inl;
        e->list = out;
        e->syntax = n->syntax;
        if (e->x->type != n->type) e->x = build_node1(N_CONVNOP, n->pos, n->type, e->x);
        *np = e;
        return;
    }
    default: break;
    }
    rewrite_children(s, n);
}

// ---- what is left over --------------------------------------------------------------------------

static bool count_uses(Node *n, void *arg) {
    PtrMap *uses = arg;
    if (n->op == N_LOCAL) ptrmap_put(uses, n->local, n);
    if (n->op == N_CLOSURE)
        for (vec_each(Capture, c, &n->func->captures)) ptrmap_put(uses, c->outer, n);
    if (n->op != N_AS || !n->x || n->x->op != N_LOCAL) return true;
    node_visit(n->y, count_uses, uses); // its left side is no use
    return false;
}

typedef struct Drop {
    PtrMap uses;
    bool any;
} Drop;

// v = func value of a variable that nobody reads.
static bool drop_unused(Node *n, void *arg) {
    Drop *d = arg;
    if (n->op != N_AS || !n->x || n->x->op != N_LOCAL || !is_kind(n->x->local->type, T_FUNC))
        return true;
    Local *l = n->x->local;
    if (l->is_param || l->is_result || l->is_capture || ptrmap_has(&d->uses, l)) return true;
    Node *y = n->y;
    while (y && y->op == N_CONVNOP) y = y->x;
    if (!y || (y->op != N_CLOSURE && y->op != N_FUNC && y->op != N_LOCAL && y->op != N_ZERO))
        return true;
    n->op = N_BLOCK;
    n->x = n->y = NULL;
    n->break_target = false;
    d->any = true;
    return false;
}

static bool mark_captured(Node *n, void *arg) {
    (void)arg;
    if (n->op == N_CLOSURE)
        for (vec_each(Capture, c, &n->func->captures))
            if (c->inner->by_ref && !c->outer->is_capture) c->outer->captured_ref = true;
    return true;
}

// Func values whose calls were all inlined go; so do the captures they made.
static void drop_func_values(Func *f) {
    Drop d = {.any = true};
    while (d.any) {
        d = (Drop){0};
        node_visit_list(&f->body, count_uses, &d.uses);
        node_visit_list(&f->body, drop_unused, &d);
    }
    for (vec_each(Local *, l, &f->locals)) (*l)->captured_ref = false;
    node_visit_list(&f->body, mark_captured, NULL);
}

static bool mark_used(Node *n, void *arg) {
    PtrMap *used = arg;
    if ((n->op != N_CLOSURE && n->op != N_FUNC && n->op != N_METHODPTR) ||
        ptrmap_has(used, n->func))
        return true;
    ptrmap_put(used, n->func, n);
    if (is_closure(n->func)) node_visit_list(&n->func->body, mark_used, used);
    return true;
}

static void mark_func(PtrMap *used, Func *f) {
    Node n = {.op = N_FUNC, .func = f};
    mark_used(&n, used);
}

static void mark_data(PtrMap *used, const Data *d) {
    for (uint32_t i = 0; d && i < d->relocs.len; i++)
        if (d->relocs.data[i].kind == RELOC_FUNCVAL || d->relocs.data[i].kind == RELOC_CODE)
            mark_func(used, d->relocs.data[i].func);
}

static bool is_kept(const Func *f, bool copies) {
    if (copies) return !f->origin || f->inlined;
    return !is_closure(f) || (reporting() && !f->captures.len); // escape analysis reports on it
}

// Closures that nothing mentions any more are not compiled; copies: only copies not looked at yet
// go.
static void drop_closures(Unit *u, uint32_t first, bool copies) {
    PtrMap used = {0};
    for (vec_each(Global *, g, &u->globals)) mark_data(&used, (*g)->init);
    for (vec_each(Data *, d, &u->data)) mark_data(&used, *d);
    for (uint32_t i = first; i < u->funcs.len; i++)
        if (is_kept(u->funcs.data[i], copies))
            node_visit_list(&u->funcs.data[i]->body, mark_used, &used);
    uint32_t k = first;
    for (uint32_t i = first; i < u->funcs.len; i++) {
        Func *f = u->funcs.data[i];
        if (is_kept(f, copies) || ptrmap_has(&used, f)) u->funcs.data[k++] = f;
    }
    u->funcs.len = k;
}

// ---- the pass -----------------------------------------------------------------------------------

static void judge_func(Unit *u, Func *f) {
    if (midend_options.no_inline || f->inlined || f == u->init) return;
    if (f->outer) body_to_copy(u, f);
    if (is_go_or_defer_wrapper(f) && reporting() && f->pkg == u->pkg) {
        InlInfo any = {.can = true, .cost = INLINE_CALL_COST + 2};
        report_verdict(u, f, &any);
    }
    if (f->wrapper || !f->info) return;
    InlInfo *info = inline_info(f->info);
    if (info->can) body_to_copy(u, f);
    if (reporting() && (f->pkg == u->pkg || type_args_of(f)) && !f->origin)
        report_verdict(u, f, info);
}

// Until nothing changes: an inlined body can tell which function a variable holds.
static void inline_func(Unit *u, Func *f, uint32_t order) {
    if (f->inlined) return;
    f->inlined = true;
    Inl s = {.u = u,
             .f = f,
             .order = order,
             .report = reporting() &&
                       ((f->pkg ? f->pkg : u->pkg) == u->pkg || type_args_of(outermost(f)))};
    // Gc leaves literals in copies as they are.
    s.report &= !inline_is_silent_wrapper(f) && !f->origin;
    s.big = f->info && inline_is_big(f->info);
    if (s.big && s.report && midend_options.m > 1)
        report_at(f->decl ? f->decl->pos : f->pos,
                  "function %s considered 'big'; reducing max cost of inlinees",
                  report_name(f, true));
    set_ice_pos(f->pos);
    known_find(f, false);
    do {
        s.changed = false;
        s.counts = (PtrMap){0}; // inlining may have told what more calls reach
        node_visit_list(&f->body, count_calls, &s);
        rewrite_list(&s, &f->body);
    } while (s.changed);
    drop_func_values(f);
}

// gc's order: bottom-up over the graph of calls, what package variables' initialisers mention
// first.
static uint32_t place_in_order(const Unit *u, const Func *f, uint32_t of_init) {
    if (f->wrapper && !is_go_or_defer_wrapper(f)) return UINT32_MAX; // made last
    for (; f && !midend_options.no_inline; f = f->outer) {
        if (f == u->init) return of_init;
        uint32_t order = f->info ? inline_info(f->info)->order : 0;
        if (order) return order;
    }
    return 0;
}

// All verdicts of a round come before the calls, as gc reports them; closures that became unused
// then go.
void inline_funcs(Unit *u, uint32_t first) {
    if (midend_options.opt == 0 || midend_options.no_opt) return;
    inline_set_package(u->pkg);
    current_package = u->pkg;
    // Bodies asked for may be built meanwhile.
    for (uint32_t done = first, n; done < u->funcs.len; done = n) {
        n = u->funcs.len;
        for (uint32_t i = done; reporting() && i < n; i++)
            if (!type_args_of(outermost(u->funcs.data[i])))
                node_visit_list(&u->funcs.data[i]->body, find_dictionary_callers, NULL);
        uint32_t initial = done == first && u->init && !midend_options.no_inline
                               ? inline_judge_initializers(u->pkg)
                               : 0;
        for (uint32_t i = done; i < n; i++) {
            report_group(place_in_order(u, u->funcs.data[i], initial), 0);
            judge_func(u, u->funcs.data[i]);
        }
        report_end_groups();
        for (uint32_t i = done; i < n; i++) {
            inline_func(u, u->funcs.data[i], place_in_order(u, u->funcs.data[i], initial));
        }
        report_end_groups();
        drop_closures(u, first, true);
        if (u->funcs.len < n) n = u->funcs.len;
    }
    drop_closures(u, first, false);
}
