// midend: a package through the whole midend: build, passes on the tree, lowering to SSA, passes on
// SSA, until nothing more is needed.
#include "midend/midend.h"
#include "midend/ssa/passes.h"
#include "midend/tree/passes.h"

MidendOptions midend_options = {.opt = 2};

// A pass that is left out for bisecting is not verified or shown either: nothing happened.
static void lower(Unit *u, Func *f) {
    set_ice_pos(f->pos);
    history_add(u, f, "escape");
    phase("ssa");
    ssa_build(u, f);
    ssa_order(f->ssa);
    if (VOLE_CHECKED) ssa_verify(f->ssa, "building it");
    history_add(u, f, "ssa");
    ssa_check_frame(f->ssa);
    bool optimise = midend_options.opt && !midend_options.no_opt;
    static const struct {
        const char *phase, *name;
        void (*run)(SsaFunc *);
    } passes[] = {
        {"promote", "promote", ssa_promote},
        {"promote", "dce", ssa_dce}, // or else loads that nobody uses would stand for later ones
        {"cse", "cse", ssa_cse},
        {"cse", "phiopt", ssa_phiopt},
        {"cse", "known bits", ssa_known_bits},
        {"prove", "prove", ssa_prove},
        {"prove", "late dce", ssa_dce},
    };
    for (size_t i = 0; optimise && i < sizeof passes / sizeof *passes; i++) {
        phase(passes[i].phase);
        if (!bisect_runs(passes[i].name, f)) continue;
        passes[i].run(f->ssa);
        if (VOLE_CHECKED) ssa_verify(f->ssa, passes[i].name);
        history_add(u, f, passes[i].name);
    }
    ssa_report_checks(f->ssa, optimise);
}

static void history_funcs(Unit *u, uint32_t first, const char *pass) {
    for (uint32_t i = first; midend_options.explain && i < u->funcs.len; i++)
        history_add(u, u->funcs.data[i], pass);
}

// Each pass sees all functions known so far before the next begins; what a pass asks for
// (instances, wrappers, closures of inlined bodies) goes through all of them.
Unit *midend_run(Package *p) {
    phase("build");
    Unit *u = build_unit(p);
    uint32_t queued = 0, lowered = 0, reached = 0;
    for (;;) {
        if (queued < u->queue.len)
            build_func(u, u->queue.data[queued++]); // builds its closures too
        else if (reporting() && !lowered && reached < u->funcs.len) {
            uint32_t n = u->funcs.len;
            reach_instances(u, reached);
            reached = n;
        } else if (lowered < u->funcs.len) {
            // What inlined bodies call is built, too, before escape analysis: it knows the
            // functions that it has seen.
            for (uint32_t first = lowered; first < u->funcs.len;) {
                history_funcs(u, first, "build");
                phase("inline and devirtualize");
                inline_funcs(u, first);
                first = u->funcs.len;
                phase("build");
                while (queued < u->queue.len) build_func(u, u->queue.data[queued++]);
            }
            if (!u->init->ssa) static_init_inlined(u);
            history_funcs(u, lowered, "inline");
            uint32_t n = u->funcs.len;
            phase("escape");
            escape_funcs(u, lowered);
            for (uint32_t i = lowered; i < n; i++) {
                escape_appends(u->funcs.data[i]);
                bound_indexes(u->funcs.data[i]);
            }
            while (lowered < n) lower(u, u->funcs.data[lowered++]);
            phase("build");
        } else
            break;
    }
    return u;
}
