// reflect: calls whose function type is known only at run time. Values in memory are placed in, and
// fetched from, the registers and stack words that the calling convention of abi.h gives to the
// function's type. overlay/patch/reflect/call.go is the other half.
#include "runtime/heap.h"
#include "runtime/plugin.h"
#include "runtime/panic.h"
#include "runtime/race.h"
#include "runtime/sched.h"
#include "runtime/string.h"
#include "runtime/type.h"
#include <stdlib.h>

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

// ---- flattening ---------------------------------------------------------------------------------

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

// The scalars of a value in their order: swiftcc passes these, each in its register.
static void flatten(Leaves *l, const AbiType *t, uintptr_t at) {
    if (l->too_many) return;
    switch (t->kind) {
    case ABI_FLOAT32:
    case ABI_FLOAT64: add_leaf(l, at, t->size, true); break;
    case ABI_COMPLEX64:
    case ABI_COMPLEX128:
        add_leaf(l, at, t->size / 2, true), add_leaf(l, at + t->size / 2, t->size / 2, true);
        break;
    case ABI_STRING:
    case ABI_INTERFACE: add_leaf(l, at, 8, false), add_leaf(l, at + 8, 8, false); break;
    case ABI_SLICE:
        add_leaf(l, at, 8, false), add_leaf(l, at + 8, 8, false), add_leaf(l, at + 16, 8, false);
        break;
    case ABI_ARRAY: {
        const AbiArrayType *a = (const AbiArrayType *)t;
        if (t->size == 0) break;
        if (a->len > 4) l->too_many = true;
        for (uintptr_t i = 0; i < a->len && !l->too_many; i++)
            flatten(l, a->elem, at + i * a->elem->size);
        break;
    }
    case ABI_STRUCT: {
        const AbiStructType *s = (const AbiStructType *)t;
        const AbiStructField *f = s->fields.ptr;
        for (intptr_t i = 0; i < s->fields.len && !l->too_many; i++)
            flatten(l, f[i].type, at + f[i].offset);
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

// ---- parameters ---------------------------------------------------------------------------------

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
    for (uint32_t i = 0; i < l.n; i++)
        memcpy((char *)p + l.list[i].offset, next_word(c, l.list[i].is_float), l.list[i].size);
}

// ---- results ------------------------------------------------------------------------------------

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

// Four registers of each kind carry results; those of a type that need more come by memory.
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

// ---- what the overlay calls ---------------------------------------------------------------------

GO void reflect_call(const AbiFuncType *t, void **closure, void *rcvr, uint8_t method, void **args,
                     void **results) GOSYM("runtime.callFunc");
static void call_far(void *r) { vole_reflect_call(r); }
// By hand what lowering does: the layout of arguments that a signature asks for, then the assembly
// that loads them.
GO void reflect_call(const AbiFuncType *t, void **closure, void *rcvr, uint8_t method, void **args,
                     void **results) {
    AbiType **in = func_types(t);
    enum { FEW = 64 };
    uintptr_t size, few[FEW], small[32];
    bool memory = results_in_memory(t, &size);
    size_t most = t->in_count * ABI_MAX_PARAM_SCALARS + 1;
    CallRegs r = {.ctx = closure,
                  .code = *closure,
                  .stack = most <= FEW ? few : rt_alloc(most * sizeof *few, true)};
    if (memory) r.sret = size <= sizeof small ? (void *)small : rt_alloc(size, false);
    Cursor c = {.r = &r};
    if (method) *next_word(&c, false) = (uintptr_t)rcvr;
    for (uint32_t i = 0; i < t->in_count; i++) put_argument(&c, in[i], args[i]);
    r.nstack = c.words;
    uintptr_t *fp = __builtin_frame_address(0), dummy;
    Panic *p = getg()->life.panic;
    // Our caller's caller: Value.Call, or the stub of a method value.
    fp = stack_caller((uintptr_t *)fp[0]);
    // Deferred, that is transparent to recover: what is called now counts as called by the panic.
    r.frame = p && p->frame && p->frame == fp[0] ? &p->frame : &dummy;
    if (r.nstack <= FEW)
        vole_reflect_call(&r);
    else
        stack_far(call_far, &r);
    move_results(&r, t, memory, results, false);
}

GO_FUNC(void, reflect_load_args, (const AbiFuncType *t, CallRegs *r, void **args),
        "reflect.loadArgs") {
    AbiType **in = func_types(t);
    Cursor c = {.r = r};
    for (uint32_t i = 0; i < t->in_count; i++) get_argument(&c, in[i], args[i]);
}

GO_FUNC(void, reflect_store_results, (const AbiFuncType *t, CallRegs *r, void **results),
        "reflect.storeResults") {
    uintptr_t size;
    move_results(r, t, results_in_memory(t, &size), results, true);
}

GO_FUNC(void, reflect_be_transparent, (void), "reflect.beTransparent") {
    uintptr_t *go = ((uintptr_t **)__builtin_frame_address(0))[0], *stub = stack_caller(go);
    Panic *p = getg()->life.panic;
    if (p && p->frame && p->frame == stub[0]) p->frame = (uintptr_t)go;
}

// memory, descriptors -----------------------------------------------------------------------------

GO_WEAK(void *, reflect_new, (const AbiType *t), "reflect.unsafe_New") { return rt_newobject(t); }
GO_WEAK(void *, reflectlite_new, (const AbiType *t), "internal/reflectlite.unsafe_New") {
    return rt_newobject(t);
}
GO_WEAK(void *, reflect_new_array, (const AbiType *t, intptr_t n), "reflect.unsafe_NewArray") {
    return rt_newarray(t, n);
}
GO_WEAK(void, reflect_memmove, (void *d, const void *s, size_t n), "reflect.memmove") {
    memmove(d, s, n);
}
GO_WEAK(void, reflect_move, (const AbiType *t, void *d, const void *s), "reflect.typedmemmove") {
    if (RACE) {
        race_object(t, d, true, RACE_HERE(reflect_move));
        race_object(t, s, false, RACE_HERE(reflect_move));
    }
    if (d != s) memmove(d, s, t->size);
}
GO_WEAK(void, reflectlite_move, (const AbiType *t, void *d, const void *s),
        "internal/reflectlite.typedmemmove") {
    if (d != s) memmove(d, s, t->size);
}
GO_WEAK(void, reflect_clear, (const AbiType *t, void *p), "reflect.typedmemclr") {
    memset(p, 0, t->size);
}
GO_WEAK(void, reflect_clear_part, (const AbiType *t, void *p, size_t off, size_t n),
        "reflect.typedmemclrpartial") {
    (void)t, (void)off;
    memset(p, 0, n);
}
GO_WEAK(void, reflect_clear_array, (const AbiType *t, void *p, intptr_t n),
        "reflect.typedarrayclear") {
    memset(p, 0, t->size * (size_t)n);
}
GO_WEAK(intptr_t, reflect_slice_copy,
        (const AbiType *t, void *d, intptr_t dn, intptr_t dc, const void *s, intptr_t sn,
         intptr_t sc),
        "reflect.typedslicecopy") {
    intptr_t n = dn < sn ? dn : sn;
    if (RACE) {
        race_write_range(d, (size_t)n * t->size, RACE_HERE(reflect_slice_copy));
        race_read_range(s, (size_t)n * t->size, RACE_HERE(reflect_slice_copy));
    }
    memmove(d, s, (size_t)n * t->size);
    return n;
}
GO_WEAK(uint8_t, reflect_not_in_heap, (uintptr_t p), "reflect.verifyNotInHeapPtr") {
    return p != ~(uintptr_t)0;
}
GO_WEAK(void, reflect_unsafeslice, (const AbiType *t, void *p, intptr_t n), "reflect.unsafeslice") {
    size_t mem;
    if (n < 0 || __builtin_mul_overflow(t->size, (size_t)n, &mem) || mem > -(uintptr_t)p) {
        if (!p) rt_panicunsafeslicenilptr();
        rt_panicunsafeslicelen();
    }
}
GO_WEAK(uint8_t *, reflect_aix, (uint8_t *p), "reflect.adjustAIXGCDataForRuntime") { return p; }
GO_WEAK(void *, rt_small_cells, (void), "runtime.getStaticuint64s") { return small_cell(0); }

// Descriptors of unnamed types, by their strings: reflect finds existing ones there.
extern AbiType *const typelinks_start[] __asm__("__start_vole_typelinks") __attribute__((weak));
extern AbiType *const typelinks_end[] __asm__("__stop_vole_typelinks") __attribute__((weak));
static AbiType **sorted_types;
static intptr_t n_sorted_types;
static int by_string(const void *a, const void *b) {
    AbiString x = type_string(*(AbiType *const *)a), y = type_string(*(AbiType *const *)b);
    return (int)rt_compare(x.ptr, x.len, y.ptr, y.len);
}
typedef struct RetTypelinks {
    AbiSlice first, rest;
} RetTypelinks;
// Those of the program, then of plugins; to where there is one, or counted alone.
static intptr_t gather_types(AbiType **to) {
    intptr_t n = typelinks_end - typelinks_start;
    if (to) memcpy(to, typelinks_start, (size_t)n * sizeof *to);
#if VOLE_PIC
    for (const AbiPlugin *p = plugins; p; p = p->next) {
        intptr_t more = p->typelinks_end - p->typelinks;
        if (to) memcpy(to + n, p->typelinks, (size_t)more * sizeof *to);
        n += more;
    }
#endif
    return n;
}
#if VOLE_PIC
void typelinks_changed(void) { sorted_types = NULL; }
#endif
GO_WEAK(RetTypelinks, reflect_typelinks, (void), "reflect.compiledTypelinks") {
    static Mutex m;
    if (!sorted_types) {
        intptr_t n = gather_types(NULL);
        AbiType **t = persistent_alloc((size_t)(n + 1) * sizeof *t);
        gather_types(t);
        qsort(t, (size_t)n, sizeof *t, by_string);
        lock(&m);
        sorted_types = t;
        n_sorted_types = n;
        unlock(&m);
    }
    return (RetTypelinks){{sorted_types, n_sorted_types, n_sorted_types}, {NULL, 0, 0}};
}
