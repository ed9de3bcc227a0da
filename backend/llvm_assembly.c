// llvm_assembly: a package's assembly functions in its object. cmd/asm's object files come in; their
// text goes out with the module (goobj_text.c), and beside it what translates between Go's calling
// convention here (runtime/abi.h) and that of assembly, ABI0: parameters and results in memory at
// the stack pointer, no register kept but that and the frame pointer.
//
// A function f without a body that assembly defines is called through a function of its name:
//
//     f(a, b):   frame = bytes at the stack pointer; *frame = a, b; call f#abi0#; return what lies
//                behind the parameters
//
// whose call is inline assembly that says that it changes all registers; where all fits into
// registers, it makes the frame, too. What assembly calls of Go's
// gets a stub of that name, which calls, with the address of the parameters, a function that does
// the reverse. Text of assembly and stubs lie in section vole_asm: nothing there is preempted.
//
// Assembly's functions run on the goroutine's stack. What they need of it is known where they call
// only each other and Go: the wrapper asks for that room before the call (llvm_stack.c). Where it is
// not known, for calls go round in a circle or through registers, it asks for more than a small
// stack has, so that they run on a large one; there assembly's own check of the stack against the
// goroutine's guard finds the end.
#include "backend/goobj.h"
#include "backend/llvm.h"

// Bytes. UNKNOWN: more than a small stack has (runtime/stack.c). GO_CALL_DEPTH: a stub and what it
// calls up to that one's own check; also what is below the runtime's own functions.
enum { UNKNOWN_DEPTH = 1 << 16, GO_CALL_DEPTH = 512 };

// What the runtime defines for assembly (asm_amd64.S, asm_arm64.S).
static const char *const runtime_functions[] = {
    "runtime.morestack", "runtime.morestack_noctxt",     "runtime.memmove",
    "runtime.memequal",  "runtime.memclrNoHeapPointers", NULL};

typedef struct AsmText { // a function that assembly defines
    GoSymbol *symbol;
    bool busy;
    uint32_t depth; // bytes of stack, 0: not asked for yet
} AsmText;

typedef struct Boundary { // between Go and assembly
    const char *name;     // of the Go function
    Type *sig;
    const AsmText *text; // to it; NULL: from it
    LLVMMetadataRef subprogram;
} Boundary;

struct Assembly {
    Vec(GoObject *) objects;
    PtrMap texts;     // Name -> AsmText *, of those that other files see
    PtrMap variables; // Name -> GoSymbol *
    PtrMap stubs;     // Name: Go functions with a stub here
    Vec(Boundary) boundaries;
};

// ---- Names --------------------------------------------------------------------------------------

static int hex_digit(char c) {
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// Import paths have some characters as %xx there.
static Name plain_name(const char *name) {
    Buf b = {0};
    for (const char *p = name; *p; p++) {
        int hi = *p == '%' ? hex_digit(p[1]) : -1, lo = hi < 0 ? -1 : hex_digit(p[2]);
        buf_putc(&b, lo < 0 ? *p : (char)(hi * 16 + lo));
        if (lo >= 0) p += 2;
    }
    return intern(b.p, b.len);
}

// The Go function of that name, of this package or one that it imports; *of: its package.
static Object *go_function(const Cg *cg, Name name, Package **of) {
    const char *dot = strrchr(name, '.');
    Package *p = cg->unit->pkg;
    if (!dot) return NULL;
    for (uint32_t i = 0; i <= cg->unit->pkg->imports.len; i++) {
        if (i) p = cg->unit->pkg->imports.data[i - 1];
        const char *prefix = package_symbol_path(p);
        size_t n = strlen(prefix);
        if (n != (size_t)(dot - name) || memcmp(prefix, name, n) || !p->scope) continue;
        Object *o = scope_lookup(p->scope, intern_c(dot + 1));
        if (!o || o->kind != O_FUNC || !o->type || o->type->kind != T_FUNC) return NULL;
        *of = p;
        return o->type->func.tparams && o->type->func.tparams->len ? NULL : o;
    }
    return NULL;
}

static bool has_body(const Object *o) { return o->decl && o->decl->func.body; }

static bool is_call(const GoReloc *r) { return r->kind == GO_CALL || r->kind == GO_CALLARM64; }

static bool of_runtime(Name name) {
    for (int i = 0; runtime_functions[i]; i++)
        if (!strcmp(runtime_functions[i], name)) return true;
    return false;
}

// What follows the first # tells a function's code for assembly from that for Go, and is left out
// in tracebacks.
static const char *link_name(void *arg, const GoObject *o, const GoSymbol *s) {
    const Cg *cg = arg;
    Name name = plain_name(s->name);
    Package *of;
    if (s->abi == GO_ABI_STATIC) return xsprintf("%s#%u#", name, o->index);
    if (go_symbol_is_text(s) || ptrmap_has(&cg->assembly->texts, name) ||
        ptrmap_has(&cg->assembly->stubs, name) || of_runtime(name) || go_function(cg, name, &of))
        return xsprintf("%s#abi0#", name);
    return name;
}

bool assembly_defines(const Cg *cg, const char *symbol) {
    return cg->assembly && ptrmap_has(&cg->assembly->variables, intern_c(symbol));
}

// ---- Depths -------------------------------------------------------------------------------------

static uint32_t frame_size(const Cg *cg, const GoSymbol *s) {
    GoTable t = {.rest = s->pcsp};
    int32_t most = 0;
    while (goobj_step(&t, cg->arm64 ? 4 : 1))
        if (t.value > most) most = t.value;
    return (uint32_t)most + 16; // its return address, and what saves the frame pointer
}

static AsmText *text_of(const Cg *cg, const GoSymbol *s) {
    return ptrmap_get(&cg->assembly->texts,
                      s->abi == GO_ABI_STATIC ? (const void *)s : plain_name(s->name));
}

// Circles and calls through registers have no known depth: they get the far segment.
static uint32_t depth_of(const Cg *cg, AsmText *t) {
    if (t->busy) return UNKNOWN_DEPTH;
    if (t->depth) return t->depth;
    t->busy = true;
    uint64_t below = 0;
    for (vec_each(GoReloc, r, &t->symbol->relocs)) {
        uint32_t n = r->kind == GO_CALLIND ? UNKNOWN_DEPTH : 0;
        if (is_call(r) && r->symbol) {
            AsmText *callee = text_of(cg, r->symbol);
            Name name = plain_name(r->symbol->name);
            bool known = of_runtime(name) || ptrmap_has(&cg->assembly->stubs, name);
            n = callee ? depth_of(cg, callee) : known ? GO_CALL_DEPTH : UNKNOWN_DEPTH;
        }
        if (n > below) below = n;
    }
    t->busy = false;
    uint64_t depth = below + frame_size(cg, t->symbol);
    return t->depth = depth > INT32_MAX ? INT32_MAX : (uint32_t)depth;
}

// ---- Reading ------------------------------------------------------------------------------------

static void add_boundary(Cg *cg, Name name, Type *sig, const AsmText *text) {
    Boundary b = {.name = name, .sig = types_canonical(sig), .text = text};
    b.subprogram = debug_wrapper(cg, name);
    vec_push(&cg->assembly->boundaries, b);
}

// Before any wrapper is made: whether a Go function has a body in assembly decides its form.
static bool enter_definitions(Cg *cg, GoObject *o, const char **err) {
    struct Assembly *a = cg->assembly;
    for (vec_each(GoSymbol *, sp, &o->symbols)) {
        GoSymbol *s = *sp;
        if (s->kind == GO_REFERENCE || !*s->name) continue;
        Name name = plain_name(s->name);
        if (s->abi == GO_ABI_INTERNAL && go_symbol_is_text(s)) {
            *err = xsprintf("%s: assembly with ABIInternal is not supported", s->name);
            return false;
        }
        if (!go_symbol_is_text(s)) {
            if (s->abi != GO_ABI_STATIC) ptrmap_put(&a->variables, name, s);
            continue;
        }
        AsmText *t = NEW(AsmText);
        t->symbol = s;
        ptrmap_put(&a->texts, s->abi == GO_ABI_STATIC ? (const void *)s : name, t);
    }
    return true;
}

// Functions of Go's that assembly refers to get stubs; those that it defines, wrappers.
static void find_boundaries(Cg *cg, const GoObject *o) {
    struct Assembly *a = cg->assembly;
    Package *of;
    for (vec_each(GoSymbol *, sp, &o->symbols)) {
        const GoSymbol *s = *sp;
        Name name = plain_name(s->name);
        if (s->abi == GO_ABI_STATIC) continue;
        const AsmText *t = ptrmap_get(&a->texts, name);
        Object *f = go_function(cg, name, &of);
        if (!f) continue;
        if (go_symbol_is_text(s) && of == cg->unit->pkg && !has_body(f)) {
            add_boundary(cg, name, f->type, t);
        } else if (s->kind == GO_REFERENCE && !t && !ptrmap_has(&a->stubs, name) &&
                   !(of->assembly.len && !has_body(f))) { // that package's own assembly
            ptrmap_put(&a->stubs, name, f);
            add_boundary(cg, name, f->type, NULL);
        }
    }
}

bool assembly_begin(Cg *cg, const char **err) {
    if (!cg->opt->assembly.len) return true;
    cg->assembly = NEW(struct Assembly);
    for (vec_each(Str, file, &cg->opt->assembly)) {
        GoObject *o = NEW(GoObject);
        if (!goobj_read(*file, o, err)) return false;
        o->index = cg->assembly->objects.len;
        vec_push(&cg->assembly->objects, o);
        if (!enter_definitions(cg, o, err)) return false;
    }
    for (vec_each(GoObject *, o, &cg->assembly->objects)) find_boundaries(cg, *o);
    return true;
}

// ---- Calls --------------------------------------------------------------------------------------

// Where ABI0 has parameters and results, from the stack pointer at the call on.
typedef struct Frame {
    uint64_t *params, *results, size;
} Frame;

static uint64_t align_to(uint64_t n, uint64_t align) { return (n + align - 1) / align * align; }

// On arm64 the first word is the callee's, for its link register.
static Frame frame_layout(const Cg *cg, const Abi *a) {
    Frame f = {NEW_ARRAY(uint64_t, a->nparams + 1), NEW_ARRAY(uint64_t, a->nresults + 1), 0};
    uint64_t at = cg->arm64 ? 8 : 0;
    for (uint32_t i = 0; i < a->nparams; i++) {
        f.params[i] = at = align_to(at, a->params[i]->align);
        at += a->params[i]->size;
    }
    at = align_to(at, 8);
    for (uint32_t i = 0; i < a->nresults; i++) {
        f.results[i] = at = align_to(at, a->results[i]->align);
        at += a->results[i]->size;
    }
    f.size = align_to(at, 8);
    return f;
}

static LLVMValueRef at(Cg *cg, LLVMValueRef p, uint64_t offset) {
    LLVMValueRef n = const_int(cg, (int64_t)offset);
    return LLVMBuildInBoundsGEP2(cg->b, cg->i8, p, &n, 1, "");
}

static void copy(Cg *cg, const Rep *r, LLVMValueRef to, LLVMValueRef from) {
    if (r->size)
        LLVMBuildMemCpy(cg->b, to, r->align, from, r->align, const_int(cg, (int64_t)r->size));
}

static unsigned alignment_at(const Rep *r, const Leaf *l) {
    unsigned a = r->align;
    while (a > 1 && l->offset % a) a /= 2;
    return a;
}

static void store_leaf(Cg *cg, const Rep *r, uint32_t k, LLVMValueRef v, LLVMValueRef p) {
    const Leaf *l = &r->leaves[k];
    LLVMSetAlignment(LLVMBuildStore(cg->b, v, at(cg, p, l->offset)), alignment_at(r, l));
}

static LLVMValueRef load_leaf(Cg *cg, const Rep *r, uint32_t k, LLVMValueRef p) {
    const Leaf *l = &r->leaves[k];
    LLVMValueRef v = LLVMBuildLoad2(cg->b, l->type, at(cg, p, l->offset), "");
    LLVMSetAlignment(v, alignment_at(r, l));
    return v;
}

// Inline assembly with its operands: outputs come first, and may be registers of inputs, for what
// assembly calls keeps none.
typedef struct InlineCall {
    Buf text, outputs, inputs;
    LLVMTypeRef out_types[64], in_types[64];
    LLVMValueRef args[64];
    unsigned nout, nin;
    uint64_t ints, floats; // registers that are outputs
} InlineCall;

static const char *const amd64_ints[] = {"rdi", "rsi", "rdx", "rcx", "r8",  "r9",  "rax",
                                         "rbx", "r10", "r11", "r12", "r13", "r14", "r15"};
enum { AMD64_INTS = sizeof amd64_ints / sizeof *amd64_ints, ARM64_INTS = 27, G_REGISTER = 27 };
enum { MAX_FLOATS = 16, MAX_FRAME = 2000 }; // arm64's instructions take no larger offsets

// As constraints have it; type NULL: all of it.
static const char *register_name(const Cg *cg, bool is_float, unsigned i, LLVMTypeRef type) {
    if (!cg->arm64) return is_float ? xsprintf("xmm%u", i) : amd64_ints[i];
    return xsprintf("%c%u", !is_float ? 'x' : type == cg->f32 ? 's' : type ? 'd' : 'v', i);
}

static unsigned add_output(const Cg *cg, InlineCall *c, bool is_float, unsigned reg,
                           LLVMTypeRef type) {
    *(is_float ? &c->floats : &c->ints) |= UINT64_C(1) << reg;
    buf_printf(&c->outputs, "={%s},", register_name(cg, is_float, reg, type));
    c->out_types[c->nout] = type;
    return c->nout++;
}

static void add_input(const Cg *cg, InlineCall *c, bool is_float, unsigned reg, LLVMValueRef v) {
    buf_printf(&c->inputs, "{%s},", register_name(cg, is_float, reg, LLVMTypeOf(v)));
    c->in_types[c->nin] = LLVMTypeOf(v);
    c->args[c->nin++] = v;
}

// Registers that are inputs alone are outputs that nobody reads, all others are clobbered.
static LLVMValueRef finish_call(Cg *cg, InlineCall *c) {
    Buf regs = {0};
    buf_write(&regs, c->outputs.p, c->outputs.len);
    buf_write(&regs, c->inputs.p, c->inputs.len);
    for (unsigned i = 0; i < (cg->arm64 ? 29 : AMD64_INTS); i++)
        if (!(c->ints >> i & 1)) buf_printf(&regs, "~{%s},", register_name(cg, false, i, NULL));
    for (unsigned i = 0; i < (cg->arm64 ? 32 : 16); i++)
        if (!(c->floats >> i & 1)) buf_printf(&regs, "~{%s},", register_name(cg, true, i, NULL));
    buf_puts(&regs,
             cg->arm64 ? "~{lr},~{nzcv},~{memory}" : "~{dirflag},~{fpsr},~{flags},~{memory}");
    LLVMTypeRef result = c->nout == 0 ? cg->voidt
                         : c->nout == 1
                             ? c->out_types[0]
                             : LLVMStructTypeInContext(cg->ctx, c->out_types, c->nout, 0);
    LLVMTypeRef fn = LLVMFunctionType(result, c->in_types, c->nin, 0);
    LLVMValueRef code = LLVMGetInlineAsm(fn, c->text.p, c->text.len, regs.p, regs.len, 1, 0,
                                         LLVMInlineAsmDialectATT, 0);
    LLVMValueRef call = LLVMBuildCall2(cg->b, fn, code, c->args, c->nin, "");
    LLVMAddCallSiteAttribute(call, FUNCTION, cg->a_nounwind);
    return call;
}

// arm64's functions want the goroutine's G in a register; amd64's find it themselves. In x27 so far.
static void add_g(Cg *cg, InlineCall *c) {
    if (!cg->arm64) return;
    LLVMValueRef g = symbol_global(cg, "vole_tls_g", cg->ptr);
    set_thread_local(cg, g);
    LLVMValueRef v = LLVMBuildLoad2(cg->b, cg->ptr, g, "");
    LLVMSetVolatile(v, 1);
    add_output(cg, c, false, G_REGISTER, cg->ptr);
    add_input(cg, c, false, G_REGISTER, v);
}

// The call itself, in the text. The frame pointer is kept, for functions without a frame may use it.
static void add_call(const Cg *cg, InlineCall *c, const char *symbol, uint64_t save) {
    Buf name = {0};
    for (; *symbol; symbol++) buf_printf(&name, *symbol == '$' ? "$$" : "%c", *symbol);
    buf_printf(&c->text,
               cg->arm64
                   ? "str x29, [sp, #%llu]\n\tmov x28, x27\n\tbl \"%s\"\n\tldr x29, [sp, #%llu]\n\t"
                   : "movq %%rbp, %llu(%%rsp)\n\tcallq \"%s\"\n\tmovq %llu(%%rsp), %%rbp\n\t",
               (unsigned long long)save, buf_str(&name), (unsigned long long)save);
}

// With parameters in memory at the stack pointer.
static void call_with_frame(Cg *cg, const char *symbol, LLVMValueRef frame, uint64_t save) {
    InlineCall c = {0};
    unsigned reg = cg->arm64 ? 0 : 6; // x0, rax
    add_output(cg, &c, false, reg, cg->ptr);
    add_input(cg, &c, false, reg, frame);
    add_g(cg, &c);
    add_call(cg, &c, symbol, save);
    finish_call(cg, &c);
}

// How scalars of each kind are moved: bytes, 2, 4 and 8, floats of 4 and 8.
typedef struct Move {
    const char *store, *load, *stored, *loaded; // instructions, and forms of the register
} Move;
static const Move amd64_moves[] = {{"movb", "movzbl", ":b", ":k"}, {"movw", "movzwl", ":w", ":k"},
                                   {"movl", "movl", ":k", ":k"},   {"movq", "movq", ":q", ":q"},
                                   {"movss", "movss", "", ""},     {"movsd", "movsd", "", ""}};
static const Move arm64_moves[] = {{"strb", "ldrb", ":w", ":w"}, {"strh", "ldrh", ":w", ":w"},
                                   {"str", "ldr", ":w", ":w"},   {"str", "ldr", ":x", ":x"},
                                   {"str", "ldr", ":s", ":s"},   {"str", "ldr", ":d", ":d"}};

static const Move *move_of(const Cg *cg, LLVMTypeRef t) {
    int kind = t == cg->i8    ? 0
               : t == cg->i16 ? 1
               : t == cg->i32 ? 2
               : t == cg->f32 ? 4
               : t == cg->f64 ? 5
                              : 3;
    return cg->arm64 ? &arm64_moves[kind] : &amd64_moves[kind];
}

static void store_operand(const Cg *cg, InlineCall *c, LLVMTypeRef t, unsigned n, uint64_t to) {
    const Move *m = move_of(cg, t);
    buf_printf(&c->text, cg->arm64 ? "%s ${%u%s}, [sp, #%llu]\n\t" : "%s ${%u%s}, %llu(%%rsp)\n\t",
               m->store, n, m->stored, (unsigned long long)to);
}

static void load_operand(const Cg *cg, InlineCall *c, LLVMTypeRef t, unsigned n, uint64_t from) {
    const Move *m = move_of(cg, t);
    if (cg->arm64)
        buf_printf(&c->text, "%s ${%u%s}, [sp, #%llu]\n\t", m->load, n, m->loaded,
                   (unsigned long long)from);
    else
        buf_printf(&c->text, "%s %llu(%%rsp), ${%u%s}\n\t", m->load, (unsigned long long)from, n,
                   m->loaded);
}

static bool is_float(const Cg *cg, LLVMTypeRef t) { return t == cg->f32 || t == cg->f64; }

// Do all parameters and results fit into registers?
static bool fits_registers(const Cg *cg, const Abi *a, const Frame *fr) {
    unsigned ints = 0, floats = 0;
    for (uint32_t i = 0; i < a->nparams; i++) {
        if (a->params[i]->large) return false;
        for (uint32_t k = 0; k < a->params[i]->n; k++)
            is_float(cg, a->params[i]->leaves[k].type) ? floats++ : ints++;
    }
    return !a->sret_size && ints <= (cg->arm64 ? G_REGISTER : AMD64_INTS) && floats <= MAX_FLOATS &&
           fr->size <= MAX_FRAME;
}

// The frame exists while the call lasts: registers go into it and come out of it by addresses from
// the stack pointer, which processors know to be the same memory (a third of the time).
static void call_with_registers(Cg *cg, LLVMValueRef f, const Abi *a, const Frame *fr,
                                const char *symbol) {
    static const unsigned amd64_results[] = {6, 2, 3, 4}; // rax, rdx, rcx, r8
    InlineCall c = {0};
    Vec(unsigned) results = {0};
    unsigned ints = 0, floats = 0;
    for (uint32_t i = 0; i < a->nresults; i++)
        for (uint32_t k = 0; k < a->results[i]->n; k++) {
            LLVMTypeRef t = a->results[i]->leaves[k].type;
            bool fl = is_float(cg, t);
            unsigned reg = fl ? floats++ : cg->arm64 ? ints++ : amd64_results[ints++];
            vec_push(&results, add_output(cg, &c, fl, reg, fl ? t : cg->i64));
        }
    ints = floats = 0;
    for (uint32_t i = 0; i < a->nparams; i++)
        for (uint32_t k = 0; k < a->params[i]->n; k++) {
            LLVMTypeRef t = a->params[i]->leaves[k].type;
            bool fl = is_float(cg, t);
            unsigned reg = fl ? floats++ : ints++;
            if (!((fl ? c.floats : c.ints) >> reg & 1))
                add_output(cg, &c, fl, reg, fl ? t : cg->i64);
            LLVMValueRef v = LLVMGetParam(f, a->param_at[i] + k);
            add_input(cg, &c, fl, reg, fl ? v : recast(cg, v, cg->i64));
        }
    add_g(cg, &c);
    uint64_t size = align_to(fr->size + 8, 16);
    buf_printf(&c.text, cg->arm64 ? "sub sp, sp, #%llu\n\t" : "subq $$%llu, %%rsp\n\t",
               (unsigned long long)size);
    unsigned n = c.nout;
    for (uint32_t i = 0; i < a->nparams; i++)
        for (uint32_t k = 0; k < a->params[i]->n; k++) {
            const Leaf *l = &a->params[i]->leaves[k];
            store_operand(cg, &c, l->type, n++, fr->params[i] + l->offset);
        }
    add_call(cg, &c, symbol, fr->size);
    n = 0;
    for (uint32_t i = 0; i < a->nresults; i++)
        for (uint32_t k = 0; k < a->results[i]->n; k++) {
            const Leaf *l = &a->results[i]->leaves[k];
            load_operand(cg, &c, l->type, results.data[n++], fr->results[i] + l->offset);
        }
    buf_printf(&c.text, cg->arm64 ? "add sp, sp, #%llu" : "addq $$%llu, %%rsp",
               (unsigned long long)size);
    LLVMValueRef out = finish_call(cg, &c), result = NULL;
    LLVMTypeRef rt = LLVMGetReturnType(a->fn);
    if (a->nscalars > 1) result = LLVMGetUndef(rt);
    n = 0;
    for (uint32_t i = 0; i < a->nresults; i++)
        for (uint32_t k = 0; k < a->results[i]->n; k++, n++) {
            LLVMValueRef v =
                c.nout > 1 ? LLVMBuildExtractValue(cg->b, out, results.data[n], "") : out;
            v = recast(cg, v, a->results[i]->leaves[k].type);
            result = a->nscalars > 1 ? LLVMBuildInsertValue(cg->b, result, v, n, "") : v;
        }
    result ? LLVMBuildRet(cg->b, result) : LLVMBuildRetVoid(cg->b);
}

static void begin_function(Cg *cg, const Boundary *b, LLVMValueRef f) {
    LLVMAttributeRef a[] = {cg->a_nounwind, cg->a_frame, cg->a_noinline, cg->a_notail};
    for (size_t i = 0; i < sizeof a / sizeof *a; i++) LLVMAddAttributeAtIndex(f, FUNCTION, a[i]);
    LLVMSetSubprogram(f, b->subprogram);
    LLVMPositionBuilderAtEnd(cg->b, LLVMAppendBasicBlockInContext(cg->ctx, f, ""));
    LLVMSetCurrentDebugLocation2(
        cg->b, LLVMDIBuilderCreateDebugLocation(cg->ctx, 1, 0, b->subprogram, NULL));
}

// The frame, the last thing that is allocated on the stack, lies at the stack pointer then. It must
// not be part of the function's own: so it is allocated in another block than the first.
static void call_with_memory(Cg *cg, LLVMValueRef f, const Abi *a, const Frame *fr,
                             const char *symbol) {
    LLVMBasicBlockRef body = LLVMAppendBasicBlockInContext(cg->ctx, f, "");
    LLVMBuildBr(cg->b, body);
    LLVMPositionBuilderAtEnd(cg->b, body);
    LLVMTypeRef memory = LLVMArrayType2(cg->i8, align_to(fr->size + 8, 16));
    LLVMValueRef frame = LLVMBuildAlloca(cg->b, memory, "");
    LLVMSetAlignment(frame, 16);
    for (uint32_t i = 0; i < a->nparams; i++) {
        const Rep *r = a->params[i];
        LLVMValueRef p = at(cg, frame, fr->params[i]);
        if (r->large)
            copy(cg, r, p, LLVMGetParam(f, a->param_at[i]));
        else
            for (uint32_t k = 0; k < r->n; k++)
                store_leaf(cg, r, k, LLVMGetParam(f, a->param_at[i] + k), p);
    }
    call_with_frame(cg, symbol, frame, fr->size);
    LLVMTypeRef rt = LLVMGetReturnType(a->fn);
    LLVMValueRef result = a->nscalars > 1 ? LLVMGetUndef(rt) : NULL;
    unsigned n = 0;
    for (uint32_t i = 0; i < a->nresults; i++) {
        const Rep *r = a->results[i];
        LLVMValueRef p = at(cg, frame, fr->results[i]);
        if (a->sret_size) {
            copy(cg, r, at(cg, LLVMGetParam(f, 0), a->result_at[i]), p);
            continue;
        }
        for (uint32_t k = 0; k < r->n; k++) {
            LLVMValueRef v = load_leaf(cg, r, k, p);
            result = a->nscalars > 1 ? LLVMBuildInsertValue(cg->b, result, v, n++, "") : v;
        }
    }
    result ? LLVMBuildRet(cg->b, result) : LLVMBuildRetVoid(cg->b);
}

// The room is asked for where the function begins.
static void emit_wrapper(Cg *cg, const Boundary *b) {
    Abi *a = abi_of(cg, b->sig, false, false);
    LLVMValueRef f = declare_symbol_func(cg, b->name, a->fn);
    abi_attributes(cg, a, f, false);
    LLVMSetSection(f, xsprintf(".text.%s", b->name));
    Frame fr = frame_layout(cg, a);
    begin_function(cg, b, f);
    stack_room(cg, f, depth_of(cg, text_of(cg, b->text->symbol)) + (uint32_t)fr.size);
    const char *symbol = link_name(cg, NULL, b->text->symbol);
    if (fits_registers(cg, a, &fr))
        call_with_registers(cg, f, a, &fr, symbol);
    else
        call_with_memory(cg, f, a, &fr, symbol);
}

// Takes the address of ABI0's parameters and calls the Go function with them.
static void emit_reverse(Cg *cg, const Boundary *b, const char *symbol) {
    Abi *a = abi_of(cg, b->sig, false, false);
    LLVMValueRef callee = declare_symbol_func(cg, b->name, a->fn);
    if (LLVMIsDeclaration(callee)) abi_attributes(cg, a, callee, false);
    LLVMValueRef f = LLVMAddFunction(cg->mod, symbol, LLVMFunctionType(cg->voidt, &cg->ptr, 1, 0));
    LLVMSetLinkage(f, LLVMInternalLinkage);
    LLVMSetSection(f, xsprintf(".text.%s", symbol));
    begin_function(cg, b, f);
    Frame fr = frame_layout(cg, a);
    LLVMValueRef frame = LLVMGetParam(f, 0), memory = NULL;
    uint64_t skipped = cg->arm64 ? 8 : 0; // the stub leaves out the first word
    LLVMValueRef *args = NEW_ARRAY(LLVMValueRef, LLVMCountParams(callee) + 1);
    if (a->sret_size) {
        args[0] = memory = LLVMBuildAlloca(cg->b, a->sret, "");
        LLVMSetAlignment(memory, a->sret_align > 8 ? a->sret_align : 8);
    }
    for (uint32_t i = 0; i < a->nparams; i++) {
        const Rep *r = a->params[i];
        LLVMValueRef p = at(cg, frame, fr.params[i] - skipped);
        if (r->large) args[a->param_at[i]] = p;
        for (uint32_t k = 0; k < r->n && !r->large; k++)
            args[a->param_at[i] + k] = load_leaf(cg, r, k, p);
    }
    LLVMValueRef call = LLVMBuildCall2(cg->b, a->fn, callee, args, LLVMCountParams(callee), "");
    LLVMSetInstructionCallConv(call, SWIFTCC);
    abi_attributes(cg, a, call, true);
    unsigned n = 0;
    for (uint32_t i = 0; i < a->nresults; i++) {
        const Rep *r = a->results[i];
        LLVMValueRef p = at(cg, frame, fr.results[i] - skipped);
        if (memory) copy(cg, r, p, at(cg, memory, a->result_at[i]));
        for (uint32_t k = 0; k < r->n && !memory; k++) {
            LLVMValueRef v = a->nscalars > 1 ? LLVMBuildExtractValue(cg->b, call, n++, "") : call;
            store_leaf(cg, r, k, v, p);
        }
    }
    LLVMBuildRetVoid(cg->b);
}

// The stub, known in this object alone. Its stack may be aligned to 8 bytes only. It has no type, so
// that tracebacks have no frame of it.
static void stub_text(const Cg *cg, const char *name, const char *callee, Buf *b) {
    static unsigned n; // sections are told apart by numbers that goobj_text.c leaves
    buf_printf(b, ".section vole_asm,\"ax\",@progbits,unique,%u\n.p2align 4\n\"%s#abi0#\":\n",
               0x7fff0000 + n++, name);
    if (cg->arm64)
        buf_printf(b,
                   ".cfi_startproc\nstp x29, x30, [sp, #-16]!\n.cfi_def_cfa_offset 16\n"
                   ".cfi_offset x29, -16\n.cfi_offset x30, -8\nmov x29, sp\nadd x0, sp, #24\n"
                   "bl \"%s\"\nldp x29, x30, [sp], #16\nret\n.cfi_endproc\n",
                   callee);
    else
        buf_printf(b,
                   ".cfi_startproc\npushq %%rbp\n.cfi_def_cfa_offset 16\n.cfi_offset %%rbp, -16\n"
                   "movq %%rsp, %%rbp\n.cfi_def_cfa_register %%rbp\nleaq 16(%%rbp), %%rdi\n"
                   "andq $-16, %%rsp\ncallq \"%s\"\nleave\n.cfi_def_cfa %%rsp, 8\nretq\n"
                   ".cfi_endproc\n",
                   callee);
}

// Text first, since wrappers refer to its symbols; stubs last, once it is known who is called.
bool assembly_emit(Cg *cg, const char **err) {
    if (!cg->assembly) return true;
    Buf text = {0};
    for (vec_each(GoObject *, o, &cg->assembly->objects))
        if (!goobj_text(*o, cg->arm64, link_name, cg, &text, err)) return false;
    for (vec_each(Boundary, b, &cg->assembly->boundaries)) {
        if (b->text) {
            emit_wrapper(cg, b);
            continue;
        }
        const char *symbol = xsprintf("%s#go#", b->name);
        emit_reverse(cg, b, symbol);
        stub_text(cg, b->name, symbol, &text);
    }
    buf_puts(&text, ".text\n");
    LLVMAppendModuleInlineAsm(cg->mod, text.p, text.len);
    return true;
}
