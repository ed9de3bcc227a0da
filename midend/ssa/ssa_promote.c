// ssa_promote: slots become values.
//
// In: an ordered function whose variables are slots. Out: slots that are only loaded and stored
// whole, are not volatile and hold a type that fits registers are gone: a load is the value stored
// last, with PHIs where stores meet. The algorithm is the classic one (Cytron et al.): PHIs go to
// the iterated dominance frontier of the stores, but only where the slot is live (found by walking
// back from the loads), and one walk over the dominator tree renames. Work is proportional to the
// blocks a slot is live in, so straight-line temporaries cost next to nothing.
#include "midend/ssa/ssagen.h"

#include <stdlib.h>

typedef struct Info {
    Slot *slot;
    Vec(Block *) defs;    // blocks that store
    Vec(Block *) exposed; // blocks that load before storing
    Block *only;          // the one block with all loads and stores; NULL when several
    bool several;
    Value *zero;    // what a load before any store gives
    Value *current; // at the place where renaming is
} Info;

typedef struct Undo {
    Info *info;
    Value *old;
} Undo;

typedef struct Promote {
    SsaFunc *f;
    Info *infos;
    uint32_t ninfos;
    // Per block: info number + 1 that last stored in it (scan), then phi / live marks.
    uint32_t *stamp;
    uint32_t *live, *has_phi;
    uint32_t *idom;
    Vec(Block *) * frontier;
    Value **repl; // by value id: what stands for a removed load
    uint32_t nrepl;
    PtrMap phi_info;  // new PHI -> Info
    Vec(Value *) out; // of the block that is renamed
    Vec(Undo) undo;
} Promote;

static bool same_type(Type *a, Type *b) {
    return a == b || types_canonical(a) == types_canonical(b);
}

// Sets Slot.addressed: the slot's address goes anywhere but into a load or store of it.
void ssa_mark_addressed(SsaFunc *f) {
    for (vec_each(Slot *, s, &f->slots)) (*s)->addressed = false;
    for (vec_each(Block *, b, &f->blocks)) {
        for (vec_each(Value *, vp, &(*b)->values)) {
            Value *v = *vp;
            for (uint32_t i = 0; i < v->nargs; i++) {
                Value *a = v->args[i];
                if (a->op != SSA_SLOTADDR) continue;
                bool plain =
                    i == 0 && ((v->op == SSA_LOAD && same_type(v->type, a->slot->type)) ||
                               (v->op == SSA_STORE && same_type(v->args[1]->type, a->slot->type)));
                if (!plain) a->slot->addressed = true;
            }
        }
        if ((*b)->control && (*b)->control->op == SSA_SLOTADDR)
            (*b)->control->slot->addressed = true;
        for (vec_each(Value *, v, &(*b)->results))
            if ((*v)->op == SSA_SLOTADDR) (*v)->slot->addressed = true;
    }
}

static Info *info_of(const Value *addr) {
    return addr->op == SSA_SLOTADDR ? addr->slot->aux : NULL;
}

// Blocks that store, and blocks that load first, are all that placing PHIs needs to know.
static void scan(Promote *p) {
    for (vec_each(Block *, bp, &p->f->blocks)) {
        Block *b = *bp;
        for (vec_each(Value *, vp, &b->values)) {
            Value *v = *vp;
            if (v->op != SSA_LOAD && v->op != SSA_STORE) continue;
            Info *in = info_of(v->args[0]);
            if (!in) continue;
            if (!in->only)
                in->only = b;
            else if (in->only != b)
                in->several = true;
            bool stored = in->defs.len && vec_last(&in->defs) == b;
            if (v->op == SSA_STORE) {
                if (!stored) vec_push(&in->defs, b);
            } else if (!stored && !(in->exposed.len && vec_last(&in->exposed) == b))
                vec_push(&in->exposed, b);
        }
    }
}

// Cooper, Harvey and Kennedy's way: from each predecessor of a join up to what dominates the join.
static void compute_frontiers(Promote *p) {
    SsaFunc *f = p->f;
    p->frontier = calloc(f->blocks.len + 1, sizeof *p->frontier);
    for (vec_each(Block *, bp, &f->blocks)) {
        Block *b = *bp;
        if (b->preds.len < 2) continue;
        for (vec_each(Block *, q, &b->preds)) {
            for (uint32_t r = (*q)->id; r != p->idom[b->id]; r = p->idom[r]) {
                // And so have all above it.
                if (p->frontier[r].len && vec_last(&p->frontier[r]) == b) break;
                vec_push(&p->frontier[r], b);
            }
        }
    }
}

// Pruned: a PHI only where the slot is live, or long functions would drown in PHIs that nobody
// reads.
static void place_phis(Promote *p, uint32_t k) {
    Info *in = &p->infos[k];
    if (!in->several || !in->exposed.len) return;
    Vec(Block *) work = {0};
    // Blocks where the slot is live on entry.
    for (vec_each(Block *, b, &in->defs)) p->stamp[(*b)->id] = k + 1;
    for (vec_each(Block *, b, &in->exposed)) {
        p->live[(*b)->id] = k + 1;
        vec_push(&work, *b);
    }
    while (work.len) {
        Block *b = vec_pop(&work);
        for (vec_each(Block *, q, &b->preds)) {
            uint32_t id = (*q)->id;
            if (p->live[id] == k + 1 || p->stamp[id] == k + 1) continue;
            p->live[id] = k + 1;
            vec_push(&work, *q);
        }
    }
    for (vec_each(Block *, b, &in->defs)) vec_push(&work, *b);
    while (work.len) {
        Block *b = vec_pop(&work);
        for (vec_each(Block *, d, &p->frontier[b->id])) {
            uint32_t id = (*d)->id;
            if (p->has_phi[id] == k + 1 || p->live[id] != k + 1) continue;
            p->has_phi[id] = k + 1;
            Value *phi = ssa_new_value(*d, SSA_PHI, in->slot->type, in->slot->pos, (*d)->preds.len);
            vec_push(&(*d)->values, phi); // moved to the front before renaming
            ptrmap_put(&p->phi_info, phi, in);
            vec_push(&work, *d);
        }
    }
}

static Value *resolve(Promote *p, Value *v) {
    while (v && v->id < p->nrepl && p->repl[v->id]) v = p->repl[v->id];
    return v;
}

static Value *current(Promote *p, Info *in) {
    if (in->current) return in->current;
    if (!in->zero) {
        Block *entry = p->f->blocks.data[0];
        in->zero = ssa_new_value(entry, SSA_ZERO, in->slot->type, in->slot->pos, 0);
    }
    return in->zero;
}

static void set_current(Promote *p, Info *in, Value *v) {
    vec_push(&p->undo, ((Undo){in, in->current}));
    in->current = v;
}

// Variables of the program's own: those of the standard library would make each program larger.
static bool is_noted(const Promote *p, const Slot *s) {
    const Local *l = s->local;
    if (!l || p->f->func->pkg->in_goroot || (l->inl && l->inl->callee->pkg->in_goroot))
        return false;
    return s->name && s->name[0] && s->name[0] != '~' && s->name[0] != '.' && strcmp(s->name, "_");
}

static void note(Promote *p, Block *b, const Info *in, Value *v, Pos pos) {
    if (!is_noted(p, in->slot)) return;
    Value *n = ssa_new_value(b, SSA_NOTE, NULL, pos, 1);
    n->nargs = 0;
    n->args[0] = v;
    n->slot = in->slot;
    vec_push(&p->out, n);
}

// A PHI's argument is what is current at the end of the predecessor, wherever the PHI itself
// stands.
static bool rename_block(void *pass, Block *b) {
    Promote *p = pass;
    p->out.len = 0;
    uint32_t phis = 0;
    for (; phis < b->values.len && b->values.data[phis]->op == SSA_PHI; phis++) {
        Value *v = b->values.data[phis];
        Info *in = ptrmap_get(&p->phi_info, v);
        if (in) set_current(p, in, v);
        vec_push(&p->out, v);
    }
    for (uint32_t i = 0; i < phis; i++) {
        Info *in = ptrmap_get(&p->phi_info, b->values.data[i]);
        if (in) note(p, b, in, b->values.data[i], b->pos);
    }
    for (uint32_t i = phis; i < b->values.len; i++) {
        Value *v = b->values.data[i];
        if (v->op == SSA_LOAD && info_of(v->args[0])) {
            p->repl[v->id] = current(p, info_of(v->args[0]));
            continue;
        } else if (v->op == SSA_STORE && info_of(v->args[0])) {
            set_current(p, info_of(v->args[0]), resolve(p, v->args[1]));
            note(p, b, info_of(v->args[0]), resolve(p, v->args[1]), v->pos);
            continue;
        } else if (v->op == SSA_SLOTADDR && v->slot->aux) {
            continue;
        } else {
            for (uint32_t k = 0; k < v->nargs; k++) v->args[k] = resolve(p, v->args[k]);
        }
        vec_push(&p->out, v);
    }
    b->values.len = 0;
    for (vec_each(Value *, v, &p->out)) vec_push(&b->values, *v);
    if (b->control) b->control = resolve(p, b->control);
    for (uint32_t k = 0; k < b->results.len; k++)
        b->results.data[k] = resolve(p, b->results.data[k]);
    for (vec_each(Block *, sp, &b->succs)) {
        Block *s = *sp;
        if (s->preds.len < 1 || !s->values.len || s->values.data[0]->op != SSA_PHI) continue;
        for (uint32_t k = 0; k < s->preds.len; k++) {
            if (s->preds.data[k] != b) continue;
            for (vec_each(Value *, vp, &s->values)) {
                if ((*vp)->op != SSA_PHI) break;
                Info *in = ptrmap_get(&p->phi_info, *vp);
                if (in)
                    (*vp)->args[k] = current(p, in);
                else
                    (*vp)->args[k] = resolve(p, (*vp)->args[k]);
            }
        }
    }
    return true;
}

// PHIs were appended as they were found to be needed; all else relies on their being first.
static void phis_first(SsaFunc *f) {
    Vec(Value *) rest = {0};
    for (vec_each(Block *, bp, &f->blocks)) {
        Block *b = *bp;
        if (!b->values.len || vec_last(&b->values)->op != SSA_PHI) continue;
        rest.len = 0;
        uint32_t n = 0;
        for (vec_each(Value *, v, &b->values)) {
            if ((*v)->op == SSA_PHI)
                b->values.data[n++] = *v;
            else
                vec_push(&rest, *v);
        }
        for (vec_each(Value *, v, &rest)) b->values.data[n++] = *v;
    }
}

static void leave(void *pass, uint32_t len) {
    Promote *p = pass;
    while (p->undo.len > len) {
        Undo u = vec_pop(&p->undo);
        u.info->current = u.old;
    }
}

// Large values stay in memory, as do addressed slots, and results that must survive a recovered
// panic.
void ssa_promote(SsaFunc *f) {
    ssa_mark_addressed(f);
    Promote p = {.f = f};
    p.infos = NEW_ARRAY(Info, f->slots.len);
    for (vec_each(Slot *, sp, &f->slots)) {
        Slot *s = *sp;
        s->aux = NULL;
        if (s->addressed || s->is_volatile || !type_fits_registers(s->type)) continue;
        p.infos[p.ninfos].slot = s;
        s->aux = &p.infos[p.ninfos++];
    }
    if (!p.ninfos) return;
    p.stamp = calloc(f->blocks.len + 1, sizeof *p.stamp);
    p.live = calloc(f->blocks.len + 1, sizeof *p.live);
    p.has_phi = calloc(f->blocks.len + 1, sizeof *p.has_phi);
    p.idom = ssa_dominators(f);
    scan(&p);
    compute_frontiers(&p);
    for (uint32_t k = 0; k < p.ninfos; k++) place_phis(&p, k);
    phis_first(f);
    p.nrepl = f->nvalues;
    p.repl = calloc(p.nrepl + 1, sizeof(Value *));
    ssa_walk_dominators(f, p.idom, &p, &p.undo.len, rename_block, leave);
    // Zero values that some path reads go to the top of the entry.
    Block *entry = f->blocks.data[0];
    Vec(Value *) values = {0};
    for (uint32_t k = 0; k < p.ninfos; k++)
        if (p.infos[k].zero) vec_push(&values, p.infos[k].zero);
    if (values.len) {
        for (vec_each(Value *, v, &entry->values)) vec_push(&values, *v);
        entry->values.data = values.data;
        entry->values.len = values.len;
        entry->values.cap = values.cap;
    }
    uint32_t n = 0;
    for (vec_each(Slot *, s, &f->slots)) {
        if ((*s)->aux) continue;
        f->slots.data[n++] = *s;
    }
    f->slots.len = n;
    FREE_ALL(p.stamp, p.live, p.has_phi, p.idom, p.frontier, p.repl);
}
