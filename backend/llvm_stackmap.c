// llvm_stackmap: which variables of a frame are still used, for the collector. It takes every word
// of a stack for a pointer; but a variable (an alloca that LLVM's passes left) that the function no
// longer uses after a call, and that no word of the stack points to while that call runs, is
// garbage like an object of the heap, and what it holds must not be kept (runtime/stackmap.c):
//
//     var q queue          // q lies in the frame
//     fill(&q)             // used after this call
//     last := q.last       // the last use
//     for { last = grow(last) }   // a call after which q is dead: without this the list is kept
//
// After each call a record says which variables are used later on some path: LLVM's stackmap, which
// costs no code; the first record of a function also says where its variables lie. A variable is
// used where an address that is computed from it, and from nothing else, is: read, written, passed,
// stored. A PHI of it and of something else is a pointer of its own, which the collector will find
// in a register or a spill slot while it matters. Where a recovered panic comes back is reached from
// every call.
//
// All variables are listed, those without pointers too, since LLVM lets some that do not live at the
// same time share their place. Nothing may be moved across a call behind it but by the code generator,
// which does not.
#include "backend/llvm.h"
#include <llvm-c/Target.h>

enum { BITS = 32, PER_RECORD = 2 };

// Variables share a bit where there are more of them: it is set where one of them is used.
typedef struct Var {
    LLVMValueRef alloca;
    uint64_t size;
    uint32_t bit;
    bool alone; // with its bit
} Var;

typedef struct Flow { // of a block
    LLVMBasicBlockRef block;
    uint32_t in, at_end;  // used later on some path from its begin; by PHIs of those that follow
    uint32_t uses, kills; // all its instructions together
} Flow;

// What an instruction does to variables.
typedef struct Effect {
    uint32_t uses, kills; // kills: the value from before is not used behind it
    uint32_t held;        // by C code, for the time of the call
} Effect;

typedef struct Maps {
    Cg *cg;
    LLVMTargetDataRef layout;
    PtrMap runtime; // functions in C
    LLVMTypeRef record_type;
    LLVMValueRef record;
    // of the function at hand
    Vec(Var) vars;
    Vec(Flow) flow;
    PtrMap numbers; // block -> its index in flow, and one
    PtrMap effects; // instruction -> Effect
    PtrMap mixed;   // PHI or select of a variable and of something else
} Maps;

static Effect *effect(Maps *m, LLVMValueRef i) {
    Effect *e = ptrmap_get(&m->effects, i);
    if (!e) ptrmap_put(&m->effects, i, e = NEW(Effect));
    return e;
}

static Flow *flow_of(Maps *m, LLVMBasicBlockRef b) {
    return &m->flow.data[(uintptr_t)ptrmap_get(&m->numbers, b) - 1];
}

// Whether its result is an address, or a part of one, that is computed from its operands.
static bool is_address_arithmetic(LLVMValueRef i) {
    switch (LLVMGetInstructionOpcode(i)) {
    case LLVMGetElementPtr:
    case LLVMBitCast:
    case LLVMPtrToInt:
    case LLVMIntToPtr:
    case LLVMAdd:
    case LLVMSub:
    case LLVMAnd:
    case LLVMOr:
    case LLVMXor:
    case LLVMTrunc:
    case LLVMZExt:
    case LLVMFreeze:
    case LLVMInsertValue:
    case LLVMExtractValue:
    case LLVMInsertElement:
    case LLVMExtractElement:
    case LLVMShuffleVector: return true;
    default: return false;
    }
}
static bool is_merge(LLVMValueRef i) { return LLVMIsAPHINode(i) || LLVMIsASelectInst(i); }

static unsigned merged(LLVMValueRef i) { return LLVMIsAPHINode(i) ? LLVMCountIncoming(i) : 2; }
static LLVMValueRef merged_value(LLVMValueRef i, unsigned k) {
    LLVMValueRef v = LLVMIsAPHINode(i) ? LLVMGetIncomingValue(i, k) : LLVMGetOperand(i, k + 1);
    while (LLVMIsAGetElementPtrInst(v)) v = LLVMGetOperand(v, 0);
    return v;
}

// All merges are taken for pure, until one is found that gets something else.
static void find_mixed(Maps *m) {
    for (bool more = true; more;) {
        more = false;
        for (vec_each(Flow, f, &m->flow))
            for (LLVMValueRef i = LLVMGetFirstInstruction(f->block); i;
                 i = LLVMGetNextInstruction(i)) {
                if (!is_merge(i) || ptrmap_has(&m->mixed, i)) continue;
                for (unsigned k = 0; k < merged(i); k++) {
                    LLVMValueRef v = merged_value(i, k);
                    bool pure = LLVMIsAAllocaInst(v) ||
                                (LLVMIsAInstruction(v) && is_merge(v) && !ptrmap_has(&m->mixed, v));
                    if (pure) continue;
                    ptrmap_put(&m->mixed, i, i);
                    more = true;
                    break;
                }
            }
    }
}

// The bytes that a store or an intrinsic writes at its pointer; 0: not known.
static uint64_t written(Maps *m, LLVMValueRef i, unsigned id) {
    if (LLVMIsAStoreInst(i))
        return LLVMStoreSizeOfType(m->layout, LLVMTypeOf(LLVMGetOperand(i, 0)));
    static const char *const fills[] = {"llvm.memset", "llvm.memcpy", "llvm.memmove"};
    for (size_t k = 0; k < sizeof fills / sizeof *fills; k++)
        if (id == LLVMLookupIntrinsicID(fills[k], strlen(fills[k]))) {
            LLVMValueRef n = LLVMGetOperand(i, 2);
            return LLVMIsAConstantInt(n) ? LLVMConstIntGetZExtValue(n) : 0;
        }
    return 0;
}

static bool is_lifetime(unsigned id) {
    return id == LLVMLookupIntrinsicID("llvm.lifetime.start", 19) ||
           id == LLVMLookupIntrinsicID("llvm.lifetime.end", 17);
}

static void follow(Maps *m, const Var *v, LLVMValueRef address, PtrMap *seen);

// One use of an address that is computed from v.
static void look(Maps *m, const Var *v, LLVMValueRef address, LLVMUseRef use, PtrMap *seen) {
    LLVMValueRef user = LLVMGetUser(use);
    if (!LLVMIsAInstruction(user)) return;
    unsigned id = LLVMIsACallInst(user) && LLVMIsAFunction(LLVMGetCalledValue(user))
                      ? LLVMGetIntrinsicID(LLVMGetCalledValue(user))
                      : 0;
    if (id && is_lifetime(id)) {
        if (v->alone) effect(m, user)->kills |= v->bit;
        return;
    }
    bool whole = v->alone && address == v->alloca && written(m, user, id) >= v->size &&
                 LLVMGetOperandUse(user, LLVMIsAStoreInst(user) ? 1 : 0) == use;
    if (whole) {
        effect(m, user)->kills |= v->bit;
        return;
    }
    bool phi = LLVMIsAPHINode(user);
    if (!phi) effect(m, user)->uses |= v->bit;
    for (unsigned k = 0; phi && k < LLVMCountIncoming(user); k++)
        if (LLVMGetIncomingValue(user, k) == address)
            flow_of(m, LLVMGetIncomingBlock(user, k))->at_end |= v->bit;
    if (LLVMIsACallInst(user) && !id && ptrmap_has(&m->runtime, LLVMGetCalledValue(user)))
        effect(m, user)->held |= v->bit;
    bool derived = is_merge(user) ? !ptrmap_has(&m->mixed, user)
                                  : is_address_arithmetic(user) || (id && LLVMIsACallInst(user));
    if (derived) follow(m, v, user, seen);
}

static void follow(Maps *m, const Var *v, LLVMValueRef address, PtrMap *seen) {
    if (ptrmap_has(seen, address)) return;
    ptrmap_put(seen, address, address);
    for (LLVMUseRef u = LLVMGetFirstUse(address); u; u = LLVMGetNextUse(u))
        look(m, v, address, u, seen);
}

static bool find_vars(Maps *m, LLVMValueRef f) {
    m->vars.len = 0;
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b))
        for (LLVMValueRef i = LLVMGetFirstInstruction(b); i; i = LLVMGetNextInstruction(i)) {
            if (!LLVMIsAAllocaInst(i)) continue;
            LLVMValueRef n = LLVMGetOperand(i, 0);
            // One of another block than the first is no part of the fixed frame.
            if (!LLVMIsAConstantInt(n) || b != LLVMGetEntryBasicBlock(f)) return false;
            uint64_t size =
                LLVMConstIntGetZExtValue(n) * LLVMABISizeOfType(m->layout, LLVMGetAllocatedType(i));
            if (size > INT32_MAX) return false;
            uint32_t at = m->vars.len % BITS;
            vec_push(&m->vars, ((Var){i, size, 1u << at, true}));
        }
    for (uint32_t i = 0; i < m->vars.len && m->vars.len > BITS; i++)
        m->vars.data[i].alone = i >= m->vars.len - BITS && i < BITS;
    return m->vars.len != 0;
}

// An intrinsic is no call but where it becomes one of C's, which do not collect.
static bool is_call(LLVMValueRef i) {
    if (!LLVMIsACallInst(i)) return false;
    LLVMValueRef f = LLVMGetCalledValue(i);
    if (LLVMIsAInlineAsm(f) || LLVMGetTailCallKind(i) == LLVMTailCallKindMustTail) return false;
    return !LLVMIsAFunction(f) || !LLVMGetIntrinsicID(f);
}

static bool has_attribute(LLVMValueRef f, LLVMAttributeRef a) {
    return LLVMGetEnumAttributeAtIndex(f, FUNCTION, LLVMGetEnumAttributeKind(a)) != NULL;
}
static bool returns_twice(Maps *m, LLVMValueRef call) {
    LLVMAttributeRef a = m->cg->a_returns_twice;
    LLVMValueRef f = LLVMGetCalledValue(call);
    return LLVMGetCallSiteEnumAttribute(call, FUNCTION, LLVMGetEnumAttributeKind(a)) ||
           (LLVMIsAFunction(f) && has_attribute(f, a));
}

// From what is used behind i to what is used before it.
static uint32_t step(Maps *m, LLVMValueRef i, uint32_t used) {
    const Effect *e = ptrmap_get(&m->effects, i);
    return e ? (used & ~e->kills) | e->uses : used;
}

static void summarize(Maps *m, Flow *f) {
    for (LLVMValueRef i = LLVMGetLastInstruction(f->block); i; i = LLVMGetPreviousInstruction(i)) {
        f->uses = step(m, i, f->uses);
        const Effect *e = ptrmap_get(&m->effects, i);
        if (e) f->kills |= e->kills;
    }
}

static uint32_t used_at_end(Maps *m, const Flow *f) {
    uint32_t used = f->at_end;
    LLVMValueRef t = LLVMGetBasicBlockTerminator(f->block);
    for (unsigned i = 0; i < LLVMGetNumSuccessors(t); i++)
        used |= flow_of(m, LLVMGetSuccessor(t, i))->in;
    return used;
}

// Backwards until nothing changes.
static void solve(Maps *m) {
    for (vec_each(Flow, f, &m->flow)) summarize(m, f);
    for (bool more = true; more;) {
        more = false;
        for (uint32_t n = m->flow.len; n-- > 0;) {
            Flow *f = &m->flow.data[n];
            uint32_t used = (used_at_end(m, f) & ~f->kills) | f->uses;
            more |= used != f->in;
            f->in = used;
        }
    }
}

typedef struct Site {
    LLVMValueRef call;
    uint32_t used;
} Site;
typedef Vec(Site) SiteVec;

// All calls with what is used behind them; again: where a panic comes back, whatever is used from
// there on.
static void find_sites(Maps *m, SiteVec *sites, uint32_t *again) {
    for (vec_each(Flow, f, &m->flow)) {
        uint32_t used = used_at_end(m, f);
        for (LLVMValueRef i = LLVMGetLastInstruction(f->block); i;
             i = LLVMGetPreviousInstruction(i)) {
            if (is_call(i)) {
                const Effect *e = ptrmap_get(&m->effects, i);
                vec_push(sites, ((Site){i, used | (e ? e->held : 0)}));
                if (returns_twice(m, i)) *again |= used;
            }
            used = step(m, i, used);
        }
    }
}

// No two records of a function are alike: LLVM would make one of calls that end alike.
static void add_record(Maps *m, const Site *s, uint32_t again, uint32_t number, bool where) {
    Cg *cg = m->cg;
    uint32_t n = where ? PER_RECORD * m->vars.len : 0;
    LLVMValueRef *args = NEW_ARRAY(LLVMValueRef, n + 2);
    args[0] = const_int(cg, (int64_t)((uint64_t)number << BITS | s->used | again));
    args[1] = LLVMConstInt(cg->i32, 0, 0);
    for (uint32_t i = 0; i < n; i += PER_RECORD) {
        args[2 + i] = m->vars.data[i / PER_RECORD].alloca;
        args[3 + i] = LLVMConstInt(cg->i32, m->vars.data[i / PER_RECORD].size, 0);
    }
    LLVMPositionBuilderBefore(cg->b, LLVMGetNextInstruction(s->call));
    LLVMBuildCall2(cg->b, m->record_type, m->record, args, n + 2, "");
}

static void map_function(Maps *m, LLVMValueRef f) {
    if (!find_vars(m, f)) return;
    m->flow.len = 0;
    m->numbers = m->effects = m->mixed = (PtrMap){0};
    for (LLVMBasicBlockRef b = LLVMGetFirstBasicBlock(f); b; b = LLVMGetNextBasicBlock(b)) {
        vec_push(&m->flow, ((Flow){.block = b}));
        ptrmap_put(&m->numbers, b, (void *)(uintptr_t)m->flow.len);
    }
    find_mixed(m);
    for (vec_each(Var, v, &m->vars)) {
        PtrMap seen = {0};
        follow(m, v, v->alloca, &seen);
    }
    solve(m);
    SiteVec sites = {0};
    uint32_t again = 0, all = 0;
    for (vec_each(Var, v, &m->vars)) all |= v->bit;
    find_sites(m, &sites, &again);
    bool dead = false;
    for (vec_each(Site, s, &sites)) dead |= (s->used | again) != all;
    if (!dead) return; // the collector looks at all of it anyway
    for (uint32_t i = 0; i < sites.len; i++) add_record(m, &sites.data[i], again, i, i == 0);
}

void map_stacks(Cg *cg) {
    Maps m = {.cg = cg, .layout = LLVMGetModuleDataLayout(cg->mod)};
    LLVMSetCurrentDebugLocation2(cg->b, NULL);
    static const char name[] = "llvm.experimental.stackmap";
    unsigned id = LLVMLookupIntrinsicID(name, sizeof name - 1);
    m.record = LLVMGetIntrinsicDeclaration(cg->mod, id, NULL, 0);
    m.record_type = LLVMIntrinsicGetType(cg->ctx, id, NULL, 0);
    for (int i = 0; i < RT_COUNT; i++) {
        LLVMValueRef f = LLVMGetNamedFunction(cg->mod, rt_info[i].symbol);
        if (f) ptrmap_put(&m.runtime, f, f);
    }
    for (LLVMValueRef f = LLVMGetFirstFunction(cg->mod); f; f = LLVMGetNextFunction(f))
        if (!LLVMIsDeclaration(f) && !has_attribute(f, cg->a_optnone)) map_function(&m, f);
}
