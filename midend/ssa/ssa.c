// ssa: building blocks and values, putting them in order, checking and printing them.
//
// In: blocks and values as lowering and the passes make them. Out: the same graph, reachable blocks
// only, in reverse postorder. The invariants that ssa_verify states are the ones all passes and the
// backend rely on: edges are listed on both ends, every block ends as its kind says, a PHI has one
// argument per predecessor, and a value is defined before its uses.
#include "midend/ssa/ssa.h"
#include "midend/options.h"

#include <stdlib.h>

const char *const ssa_op_text[SSA_OP_COUNT] = {
#define V(name, text, flags) [SSA_##name] = text,
    SSA_OPS(V)
#undef V
};

const uint8_t ssa_op_flags[SSA_OP_COUNT] = {
#define V(name, text, flags) [SSA_##name] = flags,
    SSA_OPS(V)
#undef V
};

void free_all(size_t n, void *const *p) {
    for (size_t i = 0; i < n; i++) free(p[i]);
}

bool ssa_unshared(const Value *p) {
    while (ssa_is(p, OP_WITHIN)) p = p->args[0];
    switch ((SsaOp)p->op) {
    case SSA_SLOTADDR:
    case SSA_CTX:
    case SSA_TYPEADDR:
    case SSA_ITABADDR:
    case SSA_FUNCVAL: return true;
    case SSA_GLOBALADDR: return p->global->readonly;
    case SSA_DATAADDR: return p->data->readonly;
    default: return false;
    }
}

bool ssa_has_effect(const Value *v) {
    switch ((SsaOp)v->op) {
    case SSA_CALLRT:
        return !(rt_info[v->rt].flags & (RT_PURE | RT_FRESH)) || (rt_info[v->rt].flags & RT_PANICS);
    case SSA_LOAD:
        if (v->args[0]->op == SSA_SLOTADDR) return v->args[0]->slot->is_volatile;
        return midend_options.race && !ssa_unshared(v->args[0]); // the race detector is told of it
    default: return ssa_is(v, OP_EFFECT);
    }
}

bool ssa_writes_memory(const Value *v) {
    return v->op == SSA_CALLRT ? !(rt_info[v->rt].flags & (RT_PURE | RT_FRESH))
                               : ssa_is(v, OP_WRITES & ~OP_EFFECT);
}

bool ssa_never_nil(const Value *p) {
    while (p->op == SSA_COPY || (p->op == SSA_SELECTN && !p->result)) p = p->args[0];
    return p->op == SSA_CALLRT ? rt_info[p->rt].flags & RT_NONNIL : ssa_is(p, OP_NONNIL);
}

static uint32_t next_value_id(Block *b) { return b->func->nvalues++; }

Value *ssa_new_value(Block *b, SsaOp op, Type *type, Pos pos, uint32_t nargs) {
    Value *v = NEW(Value);
    v->op = (uint8_t)op;
    v->id = next_value_id(b);
    v->pos = pos;
    v->type = type;
    v->nargs = nargs;
    v->block = b;
    if (nargs) v->args = NEW_ARRAY(Value *, nargs);
    return v;
}

Value *ssa_value(Block *b, SsaOp op, Type *type, Pos pos, uint32_t nargs, ...) {
    Value *v = ssa_new_value(b, op, type, pos, nargs);
    va_list ap;
    va_start(ap, nargs);
    for (uint32_t i = 0; i < nargs; i++) v->args[i] = va_arg(ap, Value *);
    va_end(ap);
    vec_push(&b->values, v);
    return v;
}

Block *ssa_block(SsaFunc *f, BlockKind kind) {
    Block *b = NEW(Block);
    b->kind = kind;
    b->id = f->nblocks++;
    b->func = f;
    vec_push(&f->blocks, b);
    return b;
}

void ssa_edge(Block *from, Block *to) {
    vec_push(&from->succs, to);
    vec_push(&to->preds, from);
}

// Drops the edge pred -> b from b's side, PHI arguments included.
void ssa_remove_pred(Block *b, Block *pred) {
    for (uint32_t i = 0; i < b->preds.len; i++) {
        if (b->preds.data[i] != pred) continue;
        memmove(&b->preds.data[i], &b->preds.data[i + 1], (b->preds.len - i - 1) * sizeof(Block *));
        b->preds.len--;
        for (vec_each(Value *, v, &b->values)) {
            if ((*v)->op != SSA_PHI) continue;
            Value *phi = *v;
            memmove(&phi->args[i], &phi->args[i + 1], (phi->nargs - i - 1) * sizeof(Value *));
            phi->nargs--;
        }
        return;
    }
    ice("ssa: b%u is not a predecessor of b%u", pred->id, b->id);
}

uint32_t ssa_length(const Block *b) {
    uint32_t n = 0;
    for (vec_each(Value *, v, &b->values)) n += (*v)->op != SSA_NOTE;
    return n;
}

void ssa_count_uses(SsaFunc *f) {
    for (vec_each(Block *, b, &f->blocks))
        for (vec_each(Value *, v, &(*b)->values)) (*v)->uses = 0;
    for (vec_each(Block *, b, &f->blocks)) {
        for (vec_each(Value *, v, &(*b)->values))
            for (uint32_t i = 0; i < (*v)->nargs; i++) (*v)->args[i]->uses++;
        if ((*b)->control) (*b)->control->uses++;
        for (vec_each(Value *, v, &(*b)->results)) (*v)->uses++;
    }
}

// Reverse postorder by an explicit stack: generated code can have very long chains of blocks.
void ssa_order(SsaFunc *f) {
    uint32_t n = f->nblocks;
    uint8_t *seen = calloc(n + 1, 1);
    uint32_t *next = calloc(n + 1, sizeof *next);
    Block **stack = calloc(n + 1, sizeof *stack);
    Block **post = calloc(n + 1, sizeof *post);
    uint32_t sp = 0, np = 0;
    stack[sp++] = f->blocks.data[0];
    seen[f->blocks.data[0]->id] = 1;
    while (sp) {
        Block *b = stack[sp - 1];
        // Last successor first: then the first one (a condition's yes side) ends up right after its
        // block.
        uint32_t k = next[b->id]++;
        if (k < b->succs.len) {
            Block *s = b->succs.data[b->succs.len - 1 - k];
            if (!seen[s->id]) {
                seen[s->id] = 1;
                stack[sp++] = s;
            }
        } else {
            post[np++] = b;
            sp--;
        }
    }
    for (vec_each(Block *, b, &f->blocks)) {
        if (seen[(*b)->id]) continue;
        for (vec_each(Block *, s, &(*b)->succs))
            if (seen[(*s)->id]) ssa_remove_pred(*s, *b);
    }
    f->blocks.len = 0;
    for (uint32_t i = 0; i < np; i++) vec_push(&f->blocks, post[np - 1 - i]);
    for (uint32_t i = 0; i < np; i++) f->blocks.data[i]->id = i;
    f->nblocks = np;
    FREE_ALL(seen, next, stack, post);
}

typedef struct DomTree {                     // all by number in depth-first preorder
    uint32_t *parent, *semi, *label, *above; // above: compressed path to the root of what is linked
    Block **block;
    uint32_t n;
} DomTree;

// By an explicit stack, as in ssa_order.
static void number_blocks(DomTree *t, const SsaFunc *f, uint32_t *pre) {
    uint32_t n = f->blocks.len, *next = calloc(n + 1, sizeof *next), sp = 0;
    uint32_t *stack = malloc(sizeof *stack * (n + 1));
    pre[0] = 0;
    t->block[t->n++] = f->blocks.data[0];
    stack[sp++] = 0;
    while (sp) {
        uint32_t from = stack[sp - 1];
        Block *b = t->block[from];
        if (next[from] == b->succs.len) {
            sp--;
            continue;
        }
        Block *s = b->succs.data[next[from]++];
        if (pre[s->id] != UINT32_MAX) continue;
        pre[s->id] = t->n;
        t->parent[t->n] = from;
        t->block[t->n] = s;
        stack[sp++] = t->n++;
    }
    FREE_ALL(next, stack);
}

// The number of least semidominator on the path from v up to, but not including, the root of v's
// linked tree; compresses the path.
static uint32_t least_above(DomTree *t, uint32_t v, uint32_t linked, uint32_t *path) {
    if (v < linked) return v;
    uint32_t n = 0;
    for (; t->above[v] >= linked; v = t->above[v]) path[n++] = v;
    for (uint32_t up = v; n--; up = v) {
        v = path[n];
        if (t->semi[t->label[up]] < t->semi[t->label[v]]) t->label[v] = t->label[up];
        t->above[v] = t->above[up];
    }
    return t->label[v];
}

// Immediate dominators of ordered blocks, by block id (Georgiadis: Linear-Time Algorithms for
// Dominators and Related Problems, SEMI-NCA). The entry's is itself. The caller frees the array.
uint32_t *ssa_dominators(const SsaFunc *f) {
    uint32_t n = f->blocks.len, *space = malloc(sizeof *space * 7 * (n + 1));
    uint32_t *pre = space, *dom = space + (n + 1), *path = space + 2 * (n + 1),
             *idom = malloc(sizeof *idom * (n + 1));
    DomTree t = {space + 3 * (n + 1),
                 space + 4 * (n + 1),
                 space + 5 * (n + 1),
                 space + 6 * (n + 1),
                 malloc(sizeof *t.block * (n + 1)),
                 0};
    for (uint32_t i = 0; i < n; i++) pre[i] = idom[i] = UINT32_MAX;
    t.parent[0] = 0;
    number_blocks(&t, f, pre);
    for (uint32_t i = 0; i < t.n; i++) {
        t.semi[i] = t.label[i] = i;
        t.above[i] = t.parent[i];
    }
    for (uint32_t i = t.n; i-- > 1;) {
        t.semi[i] = t.parent[i];
        for (vec_each(Block *, p, &t.block[i]->preds)) {
            uint32_t u = pre[(*p)->id];
            if (u == UINT32_MAX) continue;
            u = t.semi[least_above(&t, u, i + 1, path)];
            if (u < t.semi[i]) t.semi[i] = u;
        }
    }
    dom[0] = idom[0] = 0;
    for (uint32_t i = 1; i < t.n; i++) {
        uint32_t d = t.parent[i];
        while (d > t.semi[i]) d = dom[d];
        dom[i] = d;
        idom[t.block[i]->id] = t.block[d]->id;
    }
    FREE_ALL(space, t.block);
    return idom;
}

// Lists of what each block dominates, and an explicit stack: the tree can be as deep as there are
// blocks.
void ssa_walk_dominators(const SsaFunc *f, const uint32_t *idom, void *pass,
                         const uint32_t *log_len, bool (*enter)(void *, Block *),
                         void (*undo)(void *, uint32_t len)) {
    uint32_t n = f->blocks.len, sp = 0;
    uint32_t *child = malloc(sizeof *child * n), *sibling = malloc(sizeof *sibling * n);
    for (uint32_t i = 0; i < n; i++) child[i] = sibling[i] = UINT32_MAX;
    for (uint32_t i = n; i-- > 1;) {
        sibling[i] = child[idom[i]];
        child[idom[i]] = i;
    }
    struct Frame {
        uint32_t next, len;
    } *stack = malloc(sizeof *stack * n);
    for (uint32_t b = 0; b != UINT32_MAX;) {
        uint32_t len = *log_len;
        bool deeper = enter(pass, f->blocks.data[b]);
        stack[sp++] = (struct Frame){deeper ? child[b] : UINT32_MAX, len};
        for (; sp && stack[sp - 1].next == UINT32_MAX; sp--) undo(pass, stack[sp - 1].len);
        b = sp ? stack[sp - 1].next : UINT32_MAX;
        if (sp) stack[sp - 1].next = sibling[b];
    }
    FREE_ALL(child, sibling, stack);
}

bool ssa_dominates(const uint32_t *idom, const Block *a, const Block *b) {
    uint32_t id = b->id;
    while (id > a->id) id = idom[id];
    return id == a->id;
}

Value *ssa_resolve(Value *const *repl, uint32_t n, Value *v) {
    while (v->id < n && repl[v->id]) v = repl[v->id];
    return v;
}

void ssa_replace_uses(SsaFunc *f, Value *const *repl, uint32_t n) {
    for (vec_each(Block *, bp, &f->blocks)) {
        Block *b = *bp;
        for (vec_each(Value *, v, &b->values))
            for (uint32_t i = 0; i < (*v)->nargs; i++)
                (*v)->args[i] = ssa_resolve(repl, n, (*v)->args[i]);
        for (vec_each(Value *, v, &b->values))
            if ((*v)->op == SSA_NOTE) (*v)->args[0] = ssa_resolve(repl, n, (*v)->args[0]);
        if (b->control) b->control = ssa_resolve(repl, n, b->control);
        for (vec_each(Value *, r, &b->results)) *r = ssa_resolve(repl, n, *r);
    }
}

// verify ------------------------------------------------------------------------------------------

static const char *verified; // the pass

static void bad(const SsaFunc *f, const Block *b, const Value *v, const char *what) {
    dump_ssa(stderr, f);
    const char *value = v ? xsprintf(" v%u %s:", v->id, ssa_op_text[v->op]) : "";
    ice("ssa after %s: %s: b%u:%s %s", verified, f->func->symbol ? f->func->symbol : "?", b->id,
        value, what);
}

static bool has_block(Block *const *list, uint32_t n, const Block *b) {
    for (uint32_t i = 0; i < n; i++)
        if (list[i] == b) return true;
    return false;
}

static void verify_use(const SsaFunc *f, const Block *b, const Value *user, const Value *v,
                       const uint8_t *placed) {
    if (!v) bad(f, b, user, "missing argument");
    if (v->id >= f->nvalues || !placed[v->id])
        bad(f, b, user, "argument not defined before (or not in the function)");
    if (!v->type) bad(f, b, user, "argument has no value");
}

// What passes and the backend rely on without looking.
void ssa_verify(SsaFunc *f, const char *pass) {
    verified = pass;
    // placed: in some block; that it dominates the use is asked of the blocks.
    uint8_t *placed = calloc(f->nvalues + 1, 1);
    uint32_t *idom = ssa_dominators(f);
    for (vec_each(Block *, bp, &f->blocks)) {
        Block *b = *bp;
        if (b->id >= f->blocks.len || f->blocks.data[b->id] != b)
            bad(f, b, NULL, "block out of order");
        for (vec_each(Value *, v, &b->values)) {
            if ((*v)->block != b) bad(f, b, *v, "block field is wrong");
            if ((*v)->id >= f->nvalues) bad(f, b, *v, "id out of range");
            if (placed[(*v)->id]) bad(f, b, *v, "value placed twice");
            placed[(*v)->id] = 1;
        }
    }
    uint8_t *here = calloc(f->nvalues + 1, 1);
    for (vec_each(Block *, bp, &f->blocks)) {
        Block *b = *bp;
        uint32_t nsucc = b->succs.len;
        bool ok = true;
        switch (b->kind) {
        case BLOCK_PLAIN: ok = nsucc == 1 && !b->control; break;
        case BLOCK_IF: ok = nsucc == 2 && b->control; break;
        case BLOCK_SWITCH: ok = nsucc == b->cases.len + 1 && b->control; break;
        case BLOCK_RET:
            ok = nsucc == 0 && !b->control && b->results.len == f->func->results.len;
            break;
        case BLOCK_EXIT: ok = nsucc == 0 && !b->control; break;
        }
        if (!ok) bad(f, b, NULL, "block's end does not fit its kind");
        for (vec_each(Block *, s, &b->succs))
            if (!has_block((*s)->preds.data, (*s)->preds.len, b))
                bad(f, b, NULL, "successor does not know its predecessor");
        for (vec_each(Block *, p, &b->preds))
            if (!has_block((*p)->succs.data, (*p)->succs.len, b))
                bad(f, b, NULL, "predecessor does not know its successor");
        bool phis = true;
        for (vec_each(Value *, vp, &b->values)) {
            Value *v = *vp;
            if (v->op == SSA_PHI) {
                if (!phis) bad(f, b, v, "phi after other values");
                if (v->nargs != b->preds.len)
                    bad(f, b, v, "phi without one argument per predecessor");
            } else
                phis = false;
            for (uint32_t i = 0; i < v->nargs; i++) {
                Value *a = v->args[i];
                verify_use(f, b, v, a, placed);
                uint32_t need = v->op == SSA_PHI ? b->preds.data[i]->id : b->id;
                if (a->block->id == need) {
                    if (v->op != SSA_PHI && !here[a->id])
                        bad(f, b, v, "argument defined later in the block");
                    continue;
                }
                while (need > a->block->id) need = idom[need];
                if (need != a->block->id) bad(f, b, v, "argument does not dominate its use");
            }
            here[v->id] = 1;
        }
        if (b->control) verify_use(f, b, NULL, b->control, placed);
        for (vec_each(Value *, v, &b->results)) verify_use(f, b, NULL, *v, placed);
    }
    FREE_ALL(placed, here, idom);
}

// dump --------------------------------------------------------------------------------------------

static const char *short_type(Type *t) {
    return t->kind == T_TUPLE ? "tuple" : type_runtime_string(t);
}

// v1 = op <type> vARGUMENTS {what it names} [number] ; line. What has no result has no number.
static void dump_value(FILE *out, const Value *v) {
    if (v->op == SSA_NOTE) return;
    fprintf(out, "    ");
    if (v->type) fprintf(out, "v%u = ", v->id);
    fprintf(out, "%s", ssa_op_text[v->op]);
    if (v->type) fprintf(out, " <%s>", short_type(v->type));
    for (uint32_t i = 0; i < v->nargs; i++) {
        if (v->args[i])
            fprintf(out, " v%u", v->args[i]->id);
        else
            fprintf(out, " ?");
    }
    switch (v->op) {
    case SSA_CONST: fprintf(out, " {%s}", const_string_exact(v->konst)); break;
    case SSA_STRING:
        fprintf(out, " \"");
        for (size_t i = 0; i < v->str.len && i < 60; i++) {
            unsigned char c = (unsigned char)v->str.p[i];
            if (c < ' ' || c >= 127 || c == '"' || c == '\\')
                fprintf(out, "\\x%02x", c);
            else
                fputc(c, out);
        }
        fprintf(out, v->str.len > 60 ? "\"..." : "\"");
        break;
    case SSA_SLOTADDR:
        fprintf(out, " %s.%u", v->slot->name && *v->slot->name ? v->slot->name : "tmp",
                v->slot->id);
        break;
    case SSA_GLOBALADDR: fprintf(out, " {%s}", v->global->symbol); break;
    case SSA_DATAADDR: fprintf(out, " {data%u}", v->data->id); break;
    case SSA_FUNCVAL:
    case SSA_CODEADDR:
    case SSA_CALL: fprintf(out, " {%s}", v->func->symbol); break;
    case SSA_TYPEADDR:
    case SSA_MOVE:
    case SSA_ZEROMEM:
    case SSA_ELEMADDR: fprintf(out, " {%s}", type_runtime_string(v->t)); break;
    case SSA_FIELDADDR:
        fprintf(out, " {%s} [%lld]", type_runtime_string(v->t), (long long)v->field);
        break;
    case SSA_ITABADDR: fprintf(out, " {%s}", v->itab->symbol); break;
    case SSA_CALLRT: fprintf(out, " {%s}", rt_info[v->rt].symbol); break;
    case SSA_ARG:
    case SSA_PTRADD:
    case SSA_BOUNDS:
    case SSA_FIELD:
    case SSA_SELECTN:
    case SSA_CALLINTER:
    case SSA_FRAMEADDR: fprintf(out, " [%lld]", (long long)v->i); break;
    default: break;
    }
    if (v->bounded) fprintf(out, " bounded");
    Position p = source_position(v->pos);
    if (p.line) fprintf(out, " ; %u", p.line);
    if (p.line && v->inl)
        fprintf(out, " inlined at %u", source_position(inl_report_pos(v->pos, v->inl)).line);
    fputc('\n', out);
}

// --emit=ssa: variables in memory, then blocks with the edges in, values and edges out. The first
// edge of a switch is its default's.
void dump_ssa(FILE *out, const SsaFunc *f) {
    fprintf(out, "func %s%s\n", f->func->symbol ? f->func->symbol : "?",
            f->returns_twice ? " returns_twice" : "");
    for (vec_each(Slot *, sp, &f->slots)) {
        const Slot *s = *sp;
        fprintf(out, "  slot %s.%u %s%s%s\n", s->name && *s->name ? s->name : "tmp", s->id,
                type_runtime_string(s->type), s->addressed ? " addressed" : "",
                s->is_volatile ? " volatile" : "");
    }
    for (vec_each(Block *, bp, &f->blocks)) {
        const Block *b = *bp;
        fprintf(out, "  b%u:", b->id);
        if (b->preds.len) {
            fprintf(out, " (");
            for (uint32_t i = 0; i < b->preds.len; i++)
                fprintf(out, i ? " b%u" : "b%u", b->preds.data[i]->id);
            fprintf(out, ")");
        }
        fputc('\n', out);
        for (vec_each(Value *, v, &b->values)) dump_value(out, *v);
        switch (b->kind) {
        case BLOCK_PLAIN: fprintf(out, "    goto"); break;
        case BLOCK_IF:
            fprintf(out, "    if v%u%s", b->control ? b->control->id : 0,
                    b->likely > 0   ? " likely"
                    : b->likely < 0 ? " unlikely"
                                    : "");
            break;
        case BLOCK_SWITCH: fprintf(out, "    switch v%u", b->control ? b->control->id : 0); break;
        case BLOCK_RET: fprintf(out, "    ret"); break;
        case BLOCK_EXIT: fprintf(out, "    exit"); break;
        }
        for (vec_each(Value *, v, &b->results)) fprintf(out, " v%u", (*v)->id);
        for (uint32_t i = 0; i < b->succs.len; i++) {
            fprintf(out, " b%u", b->succs.data[i]->id);
            if (b->kind == BLOCK_SWITCH && i)
                fprintf(out, "(%lld)", (long long)b->cases.data[i - 1]);
        }
        fputc('\n', out);
    }
}
