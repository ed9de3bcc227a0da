// reflect: calls whose function type is known only at run time. Values in memory are placed in, and fetched from, the registers and stack words that the calling
// convention of abi.h gives to the function's type. overlay/patch/reflect/call.go is the other half.
#include "runtime/rt.h"

#if defined(__x86_64__)
enum { INT_REGS = 6, FLOAT_REGS = 8 };
#else
enum { INT_REGS = 8, FLOAT_REGS = 8 };
#endif
enum { RESULT_LEAVES = ABI_MAX_RESULT_INTS + ABI_MAX_RESULT_FLOATS };

// asm_*.S knows the offsets.
typedef struct CallRegs {
    uintptr_t ints[8];                           // 0
    uintptr_t floats[8];                         // 64: a register's low bits
    uintptr_t ret_ints[ABI_MAX_RESULT_INTS];     // 128
    uintptr_t ret_floats[ABI_MAX_RESULT_FLOATS]; // 160
    void *sret;                                  // 192
    void *ctx;                                   // 200
    uintptr_t *stack;                            // 208: words beyond the registers
    uintptr_t nstack;                            // 216
    void *code;                                  // 224
    uintptr_t *frame;                            // 232: where the calling frame's address goes
} CallRegs;
void vole_reflect_call(CallRegs *r);

// ---- flattening -----------------------------------------------------------------------------------------------------------------

typedef struct Leaf {
    uint32_t offset;
    uint8_t size;
    bool is_float;
} Leaf;
typedef struct Leaves {
    Leaf list[RESULT_LEAVES];
    uint32_t n;
    bool too_many;
} Leaves;

static void add_leaf(Leaves *l, uintptr_t offset, uintptr_t size, bool is_float) {
    if (l->n == RESULT_LEAVES)
        l->too_many = true;
    else
        l->list[l->n++] = (Leaf){(uint32_t)offset, (uint8_t)size, is_float};
}

static void flatten(Leaves *l, const AbiType *t, uintptr_t at) {
    if (l->too_many) return;
    switch (t->kind) {
    case ABI_FLOAT32:
    case ABI_FLOAT64: add_leaf(l, at, t->size, true); break;
    case ABI_COMPLEX64:
    case ABI_COMPLEX128: add_leaf(l, at, t->size / 2, true), add_leaf(l, at + t->size / 2, t->size / 2, true); break;
    case ABI_STRING:
    case ABI_INTERFACE: add_leaf(l, at, 8, false), add_leaf(l, at + 8, 8, false); break;
    case ABI_SLICE: add_leaf(l, at, 8, false), add_leaf(l, at + 8, 8, false), add_leaf(l, at + 16, 8, false); break;
    case ABI_ARRAY: {
        const AbiArrayType *a = (const AbiArrayType *)t;
        if (t->size == 0) break;
        if (a->len > 4) l->too_many = true;
        for (uintptr_t i = 0; i < a->len && !l->too_many; i++) flatten(l, a->elem, at + i * a->elem->size);
        break;
    }
    case ABI_STRUCT: {
        const AbiStructType *s = (const AbiStructType *)t;
        const AbiStructField *f = s->fields.ptr;
        for (intptr_t i = 0; i < s->fields.len && !l->too_many; i++) flatten(l, f[i].type, at + f[i].offset);
        break;
    }
    default: add_leaf(l, at, t->size, false);
    }
}

static AbiType **func_types(const AbiFuncType *t) {
    char *p = (char *)t + sizeof *t;
    if (t->t.tflag & ABI_TFLAG_UNCOMMON) p += sizeof(AbiUncommon);
    return (AbiType **)p;
}
static uint32_t func_outs(const AbiFuncType *t) { return t->out_count & 0x7fff; }

// ---- parameters -----------------------------------------------------------------------------------------------------------------

typedef struct Cursor {
    CallRegs *r;
    uint32_t ints, floats, words;
} Cursor;

static uintptr_t *next_word(Cursor *c, bool is_float) {
    if (is_float && c->floats < FLOAT_REGS) return &c->r->floats[c->floats++];
    if (!is_float && c->ints < INT_REGS) return &c->r->ints[c->ints++];
    return &c->r->stack[c->words++];
}

static void put_argument(Cursor *c, const AbiType *t, void *p) {
    Leaves l = {0};
    flatten(&l, t, 0);
    if (l.too_many || l.n > ABI_MAX_PARAM_SCALARS) {
        *next_word(c, false) = (uintptr_t)p;
        return;
    }
    for (uint32_t i = 0; i < l.n; i++) {
        uintptr_t w = 0;
        memcpy(&w, (char *)p + l.list[i].offset, l.list[i].size);
        *next_word(c, l.list[i].is_float) = w;
    }
}

static void get_argument(Cursor *c, const AbiType *t, void *p) {
    Leaves l = {0};
    flatten(&l, t, 0);
    if (l.too_many || l.n > ABI_MAX_PARAM_SCALARS) {
        memcpy(p, (void *)*next_word(c, false), t->size);
        return;
    }
    for (uint32_t i = 0; i < l.n; i++) memcpy((char *)p + l.list[i].offset, next_word(c, l.list[i].is_float), l.list[i].size);
}

// ---- results --------------------------------------------------------------------------------------------------------------------

// Are they returned through memory? *size: that memory's.
static bool results_in_memory(const AbiFuncType *t, uintptr_t *size) {
    AbiType **out = func_types(t) + t->in_count;
    uint32_t ints = 0, floats = 0;
    bool memory = false;
    *size = 0;
    for (uint32_t i = 0; i < func_outs(t); i++) {
        Leaves l = {0};
        flatten(&l, out[i], 0);
        memory |= l.too_many;
        for (uint32_t k = 0; k < l.n; k++) l.list[k].is_float ? floats++ : ints++;
        *size = ((*size + out[i]->align - 1) & -(uintptr_t)out[i]->align) + out[i]->size;
    }
    return memory || ints > ABI_MAX_RESULT_INTS || floats > ABI_MAX_RESULT_FLOATS;
}

static void move_results(CallRegs *r, const AbiFuncType *t, bool memory, void **mem, bool store) {
    AbiType **out = func_types(t) + t->in_count;
    uint32_t ints = 0, floats = 0;
    uintptr_t at = 0;
    for (uint32_t i = 0; i < func_outs(t); i++) {
        if (memory) {
            at = (at + out[i]->align - 1) & -(uintptr_t)out[i]->align;
            char *there = (char *)r->sret + at;
            memmove(store ? there : mem[i], store ? mem[i] : there, out[i]->size);
            at += out[i]->size;
            continue;
        }
        Leaves l = {0};
        flatten(&l, out[i], 0);
        for (uint32_t k = 0; k < l.n; k++) {
            uintptr_t *reg = l.list[k].is_float ? &r->ret_floats[floats++] : &r->ret_ints[ints++];
            char *here = (char *)mem[i] + l.list[k].offset;
            if (store) *reg = 0;
            memcpy(store ? (char *)reg : here, store ? here : (char *)reg, l.list[k].size);
        }
    }
}

// ---- what the overlay calls ----------------------------------------------------------------------------------------------

GO void reflect_call(const AbiFuncType *t, void **closure, void *rcvr, uint8_t method, void **args, void **results)
    GOSYM("runtime.callFunc");
GO void reflect_call(const AbiFuncType *t, void **closure, void *rcvr, uint8_t method, void **args, void **results) {
    AbiType **in = func_types(t);
    uintptr_t size, words[t->in_count * ABI_MAX_PARAM_SCALARS + 1];
    bool memory = results_in_memory(t, &size);
    CallRegs r = {.ctx = closure, .code = *closure, .stack = words};
    uintptr_t small[32];
    if (memory) r.sret = size <= sizeof small ? (void *)small : rt_alloc(size, false);
    Cursor c = {.r = &r};
    if (method) *next_word(&c, false) = (uintptr_t)rcvr;
    for (uint32_t i = 0; i < t->in_count; i++) put_argument(&c, in[i], args[i]);
    r.nstack = c.words;
    uintptr_t *fp = __builtin_frame_address(0), dummy;
    Panic *p = getg()->life.panic;
    fp = (uintptr_t *)((uintptr_t *)fp[0])[0]; // our caller's caller: Value.Call, or the stub of a method value
    // Deferred, that is transparent to recover: what is called now counts as called by the panic.
    r.frame = p && p->frame && p->frame == fp[0] ? &p->frame : &dummy;
    vole_reflect_call(&r);
    move_results(&r, t, memory, results, false);
}

GO void reflect_load_args(const AbiFuncType *t, CallRegs *r, void **args) GOSYM("reflect.loadArgs");
GO void reflect_load_args(const AbiFuncType *t, CallRegs *r, void **args) {
    AbiType **in = func_types(t);
    Cursor c = {.r = r};
    for (uint32_t i = 0; i < t->in_count; i++) get_argument(&c, in[i], args[i]);
}

GO void reflect_store_results(const AbiFuncType *t, CallRegs *r, void **results) GOSYM("reflect.storeResults");
GO void reflect_store_results(const AbiFuncType *t, CallRegs *r, void **results) {
    uintptr_t size;
    move_results(r, t, results_in_memory(t, &size), results, true);
}

GO void reflect_be_transparent(void) GOSYM("reflect.beTransparent");
GO void reflect_be_transparent(void) {
    uintptr_t *go = ((uintptr_t **)__builtin_frame_address(0))[0], *stub = (uintptr_t *)go[0];
    Panic *p = getg()->life.panic;
    if (p && p->frame && p->frame == stub[0]) p->frame = (uintptr_t)go;
}
