// ssagen_defer: deferred calls, and what is known about recovering.
//
// As in gc, a function that defers at most eight calls, none of them in a loop, and has few returns
// makes the calls itself before it returns (open-coded): a bit tells of each whether its statement
// was reached. What a panic has to find is written where the runtime would have it: records, and
// their frame in the goroutine's list.
//
//     mu.Lock()            record = {link: nil, fn: mu.Unlock}; frame = {defers: record}
//     defer mu.Unlock()    frame.prev = g.defers; g.defers = frame; deferred |= 1
//     return x             if deferred & 1 { frame.defers = record.link; mu.Unlock() }
//                          if deferred != 0 { g.defers = frame.prev }; return x
//
// All others call the runtime: deferpush, and deferreturn before they return.
//
// A deferred call can recover only if the deferred function itself calls recover (wrappers are
// transparent). Unless that is ruled out for every deferred function, the frame gets a recovery
// point (SETJMP) and its results live in volatile slots.
#define _GNU_SOURCE 1
#include "midend/report.h"
#include "midend/ssa/ssagen.h"
#include "midend/tree/summary.h"

static Type *words(size_t bytes) { return types_canonical(type_array(UINTPTR, bytes / 8)); }

// recovering --------------------------------------------------------------------------------------

static Func *known_callee(const Node *call) {
    if (call->op != N_CALL) return NULL;
    return call->x->op == N_FUNC || call->x->op == N_CLOSURE ? call->x->func : NULL;
}

static bool func_may_recover(Gen *g, Func *f, int depth);

typedef struct CallSearch {
    Gen *g;
    int depth;
    bool found;
} CallSearch;

static bool visit_call(Node *n, void *arg) {
    CallSearch *s = arg;
    if (n->op == N_CALLINTER)
        s->found = true;
    else if (n->op == N_CALL) {
        Func *f = known_callee(n);
        if (!f || func_may_recover(s->g, f, s->depth + 1)) s->found = true;
    }
    return !s->found;
}

static bool wrapper_calls_recoverer(Gen *g, Func *f, int depth) {
    if (depth > 4) return true;
    if (f->wraps) return func_may_recover(g, f->wraps, depth + 1);
    CallSearch s = {g, depth, false};
    node_visit_list(&f->body, visit_call, &s);
    return s.found;
}

// A body that nobody has checked: by its text.
static bool text_has_recover(const Stmt *body) {
    const SourceFile *src = source_of(body->pos);
    if (!src || body->end <= body->pos) return true;
    return memmem(src->text.p + (body->pos - src->base), body->end - body->pos, "recover", 7) !=
           NULL;
}

static bool func_may_recover(Gen *g, Func *f, int depth) {
    if (f->has_recover || (f->info && f->info->has_recover)) return true;
    if (f->wrapper) return !f->built || wrapper_calls_recoverer(g, f, depth);
    if (f->built || (f->info && f->info->checked)) return false;
    bool recovers;
    Object *o = f->decl ? f->decl->func.obj : NULL;
    if (o && f->pkg != g->u->pkg && summary_is_opaque(o, &recovers)) return recovers;
    if (o && f->pkg != g->u->pkg) summary_note_use(o);
    return !f->decl || !f->decl->func.body || text_has_recover(f->decl->func.body);
}

bool gen_wrapper_calls_recoverer(Gen *g) { return wrapper_calls_recoverer(g, g->fn, 0); }

// the frame ---------------------------------------------------------------------------------------

typedef struct DeferSearch {
    Gen *g;
    uint32_t defers, returns;
    bool recovers, outside, loops;
} DeferSearch;

static bool visit_defer(Node *n, void *arg) {
    DeferSearch *s = arg;
    if (n->op == N_RETURN) s->returns++;
    if (n->op == N_DEFERFRAME) s->outside = s->recovers = true; // who knows what is deferred there
    if (n->op != N_DEFER || n->y) return true;
    s->defers++;
    if (!n->noescape) s->loops = true;
    Func *f = known_callee(n->x);
    if (!f || func_may_recover(s->g, f, 0)) s->recovers = true;
    return true;
}

static DeferSearch search(Gen *g) {
    DeferSearch s = {.g = g};
    if (g->fn->has_defer) node_visit_list(&g->fn->body, visit_defer, &s);
    return s;
}

bool gen_defer_recovers(Gen *g) { return search(g).recovers; }

// gc's rule, which -d=defer shows.
static bool opens(const Gen *g, const DeferSearch *s) {
    enum { MOST_DEFERS = 8, MOST_CALLS = 15 };
    for (vec_each(Local *, l, &g->fn->results))
        if ((*l)->heap) return false;
    return !midend_options.no_opt && !s->outside && !s->loops && s->defers <= MOST_DEFERS &&
           s->defers * s->returns <= MOST_CALLS;
}

static Value *frame_field(Gen *g, size_t offset) {
    return gen_ptradd(g, gen_slotaddr(g, g->frame), (int64_t)offset);
}
#define FRAME_FIELD(name) frame_field(g, offsetof(AbiDeferFrame, name))

// A panic that a deferred call recovers comes back out of SETJMP.
static void gen_recovery_point(Gen *g) {
    g->f->returns_twice = true;
    Value *again = gen1(g, SSA_SETJMP, BASIC(INT32), FRAME_FIELD(jmpbuf));
    Value *first = gen2(g, SSA_EQ, BOOL, again, gen_int(g, BASIC(INT32), 0));
    Block *run = gen_block(g), *recovered = gen_block(g);
    gen_if(g, first, run, recovered, 1);
    gen_enter(g, recovered);
    g->pos = g->fn->end ? g->fn->end : g->fn->pos;
    gen_rt(g, RT_deferreturn, NULL, 1, gen_slotaddr(g, g->frame));
    gen_load_results(g);
    gen_enter(g, run);
}

void gen_defer_frame(Gen *g) {
    DeferSearch s = search(g);
    if (!s.defers && !s.outside) return;
    g->recovers = s.recovers;
    g->open_coded = opens(g, &s);
    size_t size = s.recovers ? sizeof(AbiDeferFrame) : offsetof(AbiDeferFrame, jmpbuf);
    g->frame = gen_slot(g, words(size));
    if (g->open_coded) {
        g->deferred = gen_slot(g, UINTPTR);
        gen_store(g, gen_slotaddr(g, g->deferred), gen_int(g, UINTPTR, 0));
    } else {
        gen_zeromem(g, words(offsetof(AbiDeferFrame, jmpbuf)), gen_slotaddr(g, g->frame));
        gen_store(g, FRAME_FIELD(can_recover), gen_int(g, UINTPTR, s.recovers));
    }
    if (s.recovers) gen_recovery_point(g);
}

// defer -------------------------------------------------------------------------------------------

static Value *list_of_frames(Gen *g) { return gen_ptradd(g, gen0(g, SSA_GETG, PTR), ABI_G_DEFERS); }

// The frame becomes the innermost of the goroutine's, without records yet.
static void link_frame(Gen *g) {
    gen_store(g, FRAME_FIELD(defers), gen_nil(g));
    gen_store(g, FRAME_FIELD(can_recover), gen_int(g, UINTPTR, g->recovers));
    gen_store(g, FRAME_FIELD(prev), gen_load(g, PTR, list_of_frames(g)));
    gen_store(g, list_of_frames(g), gen_slotaddr(g, g->frame));
}

static void unlink_frame(Gen *g) {
    gen_store(g, list_of_frames(g), gen_load(g, PTR, FRAME_FIELD(prev)));
}

static Value *deferred_bits(Gen *g) { return gen_load(g, UINTPTR, gen_slotaddr(g, g->deferred)); }

// Goes on in the block for what holds only where one of the bits is set; gives the one after it.
static Block *when_deferred(Gen *g, int64_t bits, bool set) {
    Value *any = gen2(g, SSA_AND, UINTPTR, deferred_bits(g), gen_int(g, UINTPTR, bits));
    Block *there = gen_block(g), *after = gen_block(g);
    gen_if(g, gen2(g, set ? SSA_NE : SSA_EQ, BOOL, any, gen_int(g, UINTPTR, 0)), there, after, 0);
    gen_enter(g, there);
    return after;
}

// Any access to memory may fault and, with debug.SetPanicOnFault, panic: by then, and until the
// calls are made, what a panic looks for is in memory.
static void written(Gen *g) { gen1(g, SSA_KEEPALIVE, NULL, gen_slotaddr(g, g->frame)); }

static void open_defer(Gen *g, Node *n, Value *fv) {
    uint32_t i = g->open_defers.len;
    OpenDefer d = {n->x, gen_slot(g, words(sizeof(AbiDefer))), gen_slot(g, fv->type)};
    if (i == 0) {
        link_frame(g);
    } else {
        Block *linked = when_deferred(g, (INT64_C(1) << i) - 1, false);
        link_frame(g);
        gen_flow_into(g, linked);
    }
    Value *record = gen_slotaddr(g, d.record);
    gen_store(g, gen_ptradd(g, record, offsetof(AbiDefer, fn)), fv);
    gen_store(g, gen_ptradd(g, record, offsetof(AbiDefer, heap)), gen_int(g, UINTPTR, 0));
    gen_store(g, gen_ptradd(g, record, offsetof(AbiDefer, link)),
              gen_load(g, PTR, FRAME_FIELD(defers)));
    gen_store(g, FRAME_FIELD(defers), record);
    gen_store(g, gen_slotaddr(g, d.closure), fv);
    gen_store(g, gen_slotaddr(g, g->deferred),
              gen2(g, SSA_OR, UINTPTR, deferred_bits(g), gen_int(g, UINTPTR, INT64_C(1) << i)));
    vec_push(&g->open_defers, d);
    written(g);
}

void gen_defer(Gen *g, Node *n) {
    if (report_debug_option("defer") > 0)
        report_at(n->pos, "%s defer",
                  g->open_coded && !n->y ? "open-coded"
                  : n->noescape          ? "stack-allocated"
                                         : "heap-allocated");
    Value *fv = gen_expr(g, n->x->x);
    if (n->y) { // of an outer function
        Value *frame = gen_expr(g, n->y);
        gen_rt(g, RT_deferpush, NULL, 3, frame, gen_nil(g), gen_copy(g, PTR, fv));
    } else if (g->open_coded) {
        open_defer(g, n, fv);
    } else {
        Value *record =
            n->noescape ? gen_slotaddr(g, gen_slot(g, words(sizeof(AbiDefer)))) : gen_nil(g);
        gen_rt(g, RT_deferpush, NULL, 3, gen_slotaddr(g, g->frame), record, gen_copy(g, PTR, fv));
    }
}

// The wrapper of defer recover(), which counts with the runtime's frame for deferreturn.
static bool is_recover(const Func *f) {
    if (f->body.len != 1) return false;
    const Node *n = f->body.data[0];
    return n->op == N_EXPRSTMT && n->x->op == N_RECOVER && n->x->frames;
}

// The record is off the list before its call runs: a panic in it goes on with the next.
static void open_call(Gen *g, const OpenDefer *d) {
    Value *record = gen_slotaddr(g, d->record);
    gen_store(g, FRAME_FIELD(defers),
              gen_load(g, PTR, gen_ptradd(g, record, offsetof(AbiDefer, link))));
    const Node *fn = d->call->x;
    if (fn->op == N_CLOSURE && is_recover(fn->func)) {
        Value *frame = gen0(g, SSA_FRAMEADDR, PTR);
        frame->level = 1;
        gen_rt(g, RT_gorecover, NULL, 1, frame);
        return;
    }
    if (node_is_closed_func(fn)) {
        gen_call(g, d->call);
        return;
    }
    Value *call = ssa_new_value(g->cur, SSA_CALLCLOSURE, NULL, g->pos, 1);
    call->inl = g->inl;
    call->args[0] = gen_load(g, fn->type, gen_slotaddr(g, d->closure));
    if (fn->op == N_CLOSURE) call->func = fn->func;
    vec_push(&g->cur->values, call);
}

void gen_deferred_calls(Gen *g) {
    if (g->frame && !g->open_coded) gen_rt(g, RT_deferreturn, NULL, 1, gen_slotaddr(g, g->frame));
    if (!g->open_defers.len) return;
    written(g);
    for (uint32_t i = g->open_defers.len; i-- > 0;) {
        Block *after = when_deferred(g, INT64_C(1) << i, true);
        open_call(g, &g->open_defers.data[i]);
        gen_flow_into(g, after);
    }
    Block *after = when_deferred(g, (INT64_C(1) << g->open_defers.len) - 1, true);
    unlink_frame(g);
    gen_flow_into(g, after);
}
