// midend: a package through the whole midend: build, passes on the tree, lowering to SSA, passes on SSA, until nothing more is needed.
#include "midend/build.h"

static void lower(Unit *u, Func *f) {
    set_ice_pos(f->pos);
    phase("ssa");
    ssa_build(u, f);
    ssa_order(f->ssa);
    bool optimise = midend_options.opt && !midend_options.no_opt;
    if (optimise) {
        phase("promote");
        ssa_promote(f->ssa);
        ssa_dce(f->ssa); // or else loads that nobody uses would stand for later ones
        phase("cse");
        ssa_cse(f->ssa);
        phase("prove");
        ssa_prove(f->ssa);
        ssa_dce(f->ssa);
    }
    ssa_report_checks(f->ssa, optimise);
}

// Each pass sees all functions known so far before the next begins; what a pass asks for (instances, wrappers, closures of inlined bodies) goes through all of them.
Unit *midend_run(Package *p) {
    phase("build");
    Unit *u = build_unit(p);
    uint32_t queued = 0, lowered = 0;
    for (;;) {
        if (queued < u->queue.len)
            build_func(u, u->queue.data[queued++]); // builds its closures too
        else if (lowered < u->funcs.len) {
            uint32_t n = u->funcs.len;
            phase("inline and devirtualize");
            inline_funcs(u, lowered);
            if (!u->init->ssa) static_init_inlined(u);
            n = u->funcs.len;
            phase("escape");
            escape_funcs(u, lowered);
            for (uint32_t i = lowered; i < n; i++) bound_indexes(u->funcs.data[i]);
            while (lowered < n) lower(u, u->funcs.data[lowered++]);
            phase("build");
        } else
            break;
    }
    return u;
}
