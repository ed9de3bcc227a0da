// midend: a package through the whole midend: build, passes on the tree, lowering to SSA, passes on SSA, until nothing more is needed.
#include "midend/build.h"

void escape_func_conservative(Func *f) {
    for (vec_each(Local *, l, &f->locals)) (*l)->heap = !(*l)->is_capture && ((*l)->addr_taken || (*l)->captured_ref);
}

Unit *midend_run(Package *p) {
    Unit *u = build_unit(p);
    uint32_t next = 0, lowered = 0;
    while (next < u->queue.len || lowered < u->funcs.len) {
        if (next < u->queue.len) { // building a function also builds its closures
            build_func(u, u->queue.data[next++]);
            continue;
        }
        // All that is known so far is built: captures are final, lowering may ask for more.
        for (uint32_t i = lowered; i < u->funcs.len; i++) escape_func_conservative(u->funcs.data[i]);
        while (lowered < u->funcs.len) {
            Func *f = u->funcs.data[lowered++];
            set_ice_pos(f->pos);
            ssa_build(u, f);
            ssa_order(f->ssa);
            if (midend_options.opt > 0 && !midend_options.no_opt) {
                ssa_promote(f->ssa);
                ssa_cse(f->ssa);
                ssa_dce(f->ssa);
            }
        }
    }
    return u;
}
