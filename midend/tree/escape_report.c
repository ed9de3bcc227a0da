// escape_report: what -m says of escape analysis, and of sizes that rule the stack out.
#include "midend/tree/escape.h"
#include "midend/tree/inline.h"

enum {
    MAX_VARIABLE = 128 << 10,
    MAX_IMPLICIT = 64 << 10
}; // bytes on the stack: declared variables, and what expressions allocate

static int64_t pointee_size(const Node *n) { return type_size(under(n->type)->pointer.elem); }

// Why l must be on the heap whatever flows, or NULL.
const char *escape_heap_reason(const Loc *l) {
    static const char large[] = "too large for stack";
    if (l->local) // temporaries have no declaration, where a cell would be made
        return !l->param && !l->result && !l->local->is_temp &&
                       type_size(l->local->type) > MAX_VARIABLE
                   ? large
                   : NULL;
    const Node *n = l->node;
    if (!n || !n->type) return NULL;
    if (type_size(n->type) > MAX_VARIABLE) return large;
    switch (n->op) {
    case N_NEW:
    case N_ADDR: return pointee_size(n) > MAX_IMPLICIT ? large : NULL;
    case N_CLOSURE: {
        int64_t size = 8;
        for (vec_each(Capture, c, &n->func->captures))
            size += c->inner->by_ref ? 8 : type_size(c->inner->type);
        return size > MAX_IMPLICIT ? large : NULL;
    }
    case N_MAKESLICE: {
        int64_t size = type_size(under(n->type)->slice.elem), len;
        const Node *limit = n->y ? n->y : n->x;
        if (size == 0) return "zero-sized element";
        if (limit->op != N_CONST) return NULL;
        return !const_int64_value(limit->val, &len) || len > MAX_IMPLICIT / size ? large : NULL;
    }
    default: return NULL;
    }
}

// Where what was inlined into f is reported: at the outermost call; methods' wrappers have no place
// in the source.
static Pos report_pos(const Func *f, Pos pos, const InlCall *i) {
    if (inline_is_generated(f)) return 0;
    for (; i; i = i->parent) pos = i->pos;
    return pos;
}

// Of several instances of one function, or of what is in it, the first speaks for all.
bool escape_speaks_for_instances(const Func *f) {
    static PtrMap first;
    const Func *top = f;
    while (top->outer) top = top->outer;
    if (!top->targs || !top->decl) return true;
    if (!ptrmap_has(&first, top->decl)) ptrmap_put(&first, top->decl, (void *)top);
    return ptrmap_get(&first, top->decl) == top;
}

static bool reported(const Loc *l) {
    if (!escape_speaks_for_instances(l->fn)) return false;
    const Node *n = l->node;
    if (inline_is_silent_wrapper(l->fn)) return false;
    // Go, defer, method expressions.
    return n->op != N_CLOSURE || !n->func->wrapper || (n->syntax && n->func->captures.len);
}

// gc names variables that move, but allocations either way.
void escape_report_loc(const Loc *l) {
    bool heap = l->attrs & ATTR_ESCAPES;
    if (l->local) {
        if (heap && !l->local->is_temp && midend_options.m && escape_speaks_for_instances(l->fn) &&
            !inline_is_silent_wrapper(l->fn))
            report_at(report_pos(l->fn, l->local->pos, l->local->inl), "moved to heap: %s",
                      local_text(l->local));
        return;
    }
    const Node *n = l->node;
    if (!reported(l)) return;
    const char *verb = heap ? "escapes to heap" : "does not escape";
    const char *what = n->op == N_APPEND || n->op == N_APPENDSLICE ? "append" : node_text(n);
    if (heap)
        optlog_add("escape", n->pos, n->inl, "%s", "");
    else
        optlog_note("noEscape", n->pos, n->inl, "%s does not escape", what);
    if (!midend_options.m) return;
    Pos pos = report_pos(l->fn, n->pos, n->inl);
    report_at(pos, "%s %s", what, verb);
    if (n->readonly) report_at(pos, "zero-copy string->[]byte conversion");
}

static bool diagnosed(const Func *f) { return !f->wrapper && !f->linkonce; }

static void report_bodiless_param(const Decl *d, const Object *p, uint32_t number) {
    bool named = p->name && p->name[0];
    if (under(p->type)->kind == T_UINTPTR) {
        if (named)
            report_at(p->pos, "assuming %s is unsafe uintptr", p->name);
        else
            report_at(p->pos ? p->pos : d->pos, "assuming arg#%u is unsafe uintptr", number);
    } else if (named && type_has_pointers(p->type)) {
        if (d->pragma & PRAGMA_NOESCAPE)
            report_at(p->pos, "%s does not escape", p->name);
        else
            report_at(p->pos, "leaking param: %s", p->name);
    }
}

// A function without a body keeps its arguments, unless //go:noescape says otherwise.
void escape_report_bodiless(const Decl *d) {
    const Type *sig = d->func.obj->type;
    uint32_t number = 1;
    if (sig->func.recv) report_bodiless_param(d, sig->func.recv, number++);
    for (vec_each(Object *, p, &sig->func.params)) report_bodiless_param(d, *p, number++);
}

void escape_report_uintptr(const Func *f, const Local *p) {
    if (!diagnosed(f)) return;
    report_at(p->pos, "marking %s as escaping %suintptr", p->name,
              under(p->type)->kind == T_UINTPTR ? "" : "...");
}

// A parameter that leaks itself is said to leak; one of which only a pointee does leaks its
// content.
void escape_report_leaks(const Func *f, const Local *p, const Leaks *l) {
    if (!diagnosed(f)) return;
    int heap = leaks_get(l, LEAK_HEAP);
    bool any = heap >= 0;
    if (heap == 0)
        report_at(p->pos, "leaking param: %s", p->name);
    else if (heap > 0)
        report_at(p->pos, "leaking param content: %s", p->name);
    for (uint32_t i = 0; i < LEAK_COUNT - LEAK_RESULT && i < f->results.len; i++) {
        int level = leaks_get(l, LEAK_RESULT + (int)i);
        if (level < 0) continue;
        report_at(p->pos, "leaking param: %s to result %s level=%d", p->name,
                  f->results.data[i]->name, level);
        any = true;
    }
    if (report_debug_option("escapemutationscalls") <= 0) {
        if (!any) report_at(p->pos, "%s does not escape", p->name);
        return;
    }
    int mutates = leaks_get(l, LEAK_MUTATOR), calls = leaks_get(l, LEAK_CALLEE);
    if (mutates >= 0) report_at(p->pos, "mutates param: %s derefs=%d", p->name, mutates);
    if (calls >= 0) report_at(p->pos, "calls param: %s derefs=%d", p->name, calls);
    if (!any && mutates < 0 && calls < 0)
        report_at(p->pos, "%s does not escape, mutate, or call", p->name);
}

// The function's name without its package.
static const char *func_text(const Func *f) {
    const char *dot = strchr(f->name, '.');
    const char *slash = strrchr(f->name, '/');
    if (slash && (!dot || slash > dot)) dot = strchr(slash, '.');
    return dot ? dot + 1 : f->name;
}

void escape_report_self_assign(const Func *f, const Node *as) {
    if (midend_options.m && !inline_is_silent_wrapper(f))
        report_at(report_pos(f, as->pos, as->inl), "%s ignoring self-assignment in %s",
                  inline_report_name((Func *)f), node_text(as));
}

// explanations (-m=2, optlog) ---------------------------------------------------------------------

// What gives an inlined call's parameters and results their values stands at the call.
static void note_place(const Node *where, Pos *pos, const InlCall **inl) {
    *pos = where->pos;
    *inl = where->inl;
    if (where->op != N_AS || !where->inlined) return;
    if (where->inlined == INLINED_PARAM)
        *pos = where->x->pos;
    else {
        *pos = where->inl->pos;
        *inl = where->inl->parent;
    }
}

static const InlCall *loc_inl(const Loc *l) {
    return l->local ? l->local->inl : l->node ? l->node->inl : NULL;
}
static Pos loc_pos(const Loc *l) {
    return l->local ? report_pos(l->fn, l->local->pos, l->local->inl)
                    : report_pos(l->fn, l->node->pos, l->node->inl);
}

static const char *node_or_local(const Loc *l) {
    return l->local ? local_text(l->local) : node_text(l->node);
}

static const char *loc_text(const Batch *b, const Loc *l) {
    if (l == &b->heap) return "{heap}";
    if (!l->local && !l->node) return "{temp}";
    return l->local ? node_or_local(l) : xsprintf("{storage for %s}", node_text(l->node));
}

static void explain_edge(const Batch *b, LogRecord *log, Pos pos, const Loc *dst, const Loc *src,
                         int derefs, const Note *notes) {
    Buf ops = {0};
    if (derefs < 0) buf_putc(&ops, '&');
    for (int i = 0; i < derefs; i++) buf_putc(&ops, '*');
    const char *flow =
        xsprintf("flow: %s ← %s%s:", loc_text(b, dst), buf_str(&ops), loc_text(b, src));
    bool print = midend_options.m > 1;
    if (print) report_at(pos, "  %s", flow);
    Pos at_pos;
    const InlCall *at_inl;
    if (notes) {
        note_place(notes->where, &at_pos, &at_inl);
        optlog_step(log, at_pos, at_inl, "   %s", flow);
    } else
        optlog_step(log,
                    src->local  ? src->local->pos
                    : src->node ? src->node->pos
                                : 0,
                    loc_inl(src), "   %s", flow);
    for (const Note *n = notes; n; n = n->next) {
        note_place(n->where, &at_pos, &at_inl);
        Position at = source_position(inl_report_pos(at_pos, at_inl));
        if (print)
            report_at(pos, "    from %s (%s) at %s:%u:%u", node_text(n->where), n->why, at.file,
                      at.line, at.col);
        optlog_step(log, at_pos, at_inl, "     from %s (%s)", node_text(n->where), n->why);
    }
}

static LogRecord *log_loc(const char *code, const Loc *l, const char *msg) {
    if (!escape_speaks_for_instances(l->fn)) return NULL;
    return optlog_add(code, l->local ? l->local->pos : l->node->pos, loc_inl(l), "%s", msg);
}

// The path on which l's value or address gets to root, as the walk has found it.
void escape_explain(Batch *b, Loc *root, Loc *l, bool leak, int derefs) {
    Pos pos = loc_pos(l);
    const char *what = node_or_local(l);
    if (midend_options.m > 1 && leak)
        report_at(pos, "parameter %s leaks to %s for %s with derefs=%d:", what, loc_text(b, root),
                  func_text(l->fn), derefs);
    else if (midend_options.m > 1)
        report_at(pos, "%s escapes to heap in %s:", what, func_text(l->fn));
    LogRecord *log = leak ? log_loc("leak", l,
                                    xsprintf("parameter %s leaks to %s with derefs=%d", what,
                                             loc_text(b, root), derefs))
                          : log_loc("escape", l, xsprintf("%s escapes to heap", what));
    Vec(Loc *) seen = {0};
    for (Loc *src = l; src != root && src->dst; src = src->dst) {
        for (vec_each(Loc *, s, &seen))
            if (*s == src) {
                if (midend_options.m > 1)
                    report_at(pos, "  warning: truncated explanation due to assignment cycle; see "
                                   "golang.org/issue/35518");
                return;
            }
        vec_push(&seen, src);
        const Edge *edge = &src->dst->edges.data[src->dst_edge];
        explain_edge(b, log, pos, src->dst, src, edge->derefs, edge->notes);
    }
}

void escape_explain_flow(Batch *b, Hole k, Loc *src) {
    Pos pos = loc_pos(src);
    if (midend_options.m > 1)
        report_at(pos, "%s escapes to heap in %s:", node_or_local(src), func_text(src->fn));
    explain_edge(b, log_loc("escapes", src, xsprintf("%s escapes to heap", node_or_local(src))),
                 pos, k.dst, src, k.derefs, k.notes);
}
