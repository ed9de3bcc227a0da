// llvm_emit: a Unit through LLVM: target, module, passes, output.
#define _GNU_SOURCE 1
#include "backend/lines.h"
#include "backend/llvm.h"
#include "backend/object.h"
#include <errno.h>
#include <fcntl.h>
#include <llvm-c/Analysis.h>
#include <llvm-c/Error.h>
#include <llvm-c/Support.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

void backend_options_default(BackendOptions *o) {
    *o = (BackendOptions){0};
    o->goarch = "amd64";
    o->opt = 2;
    o->debug_info = true;
}

// The code generator's switches are process-wide, and it may be set up once only.
static void initialise(bool arm64, int opt) {
    static bool done[2], parsed;
    if (done[arm64]) return;
    done[arm64] = true;
    if (arm64) {
        LLVMInitializeAArch64TargetInfo();
        LLVMInitializeAArch64Target();
        LLVMInitializeAArch64TargetMC();
        LLVMInitializeAArch64AsmPrinter();
        LLVMInitializeAArch64AsmParser();
    } else {
        LLVMInitializeX86TargetInfo();
        LLVMInitializeX86Target();
        LLVMInitializeX86TargetMC();
        LLVMInitializeX86AsmPrinter();
        LLVMInitializeX86AsmParser();
    }
    if (parsed) return;
    parsed = true;
    // Frames begin at the entry, always: a fault or a preemption anywhere finds the caller by frame
    // pointers. A loop that copies is mostly short: vector code beats a call of memmove by far
    // then, and is as fast on long ones (measured).
    static const char *const args[] = {"vole", "-enable-shrink-wrap=false", "-accel-tables=Disable",
                                       "-enable-implicit-null-checks",
                                       "-disable-loop-idiom-memcpy"};
    LLVMParseCommandLineOptions(opt ? 5 : 3, args, NULL);
}

static const char *amd64_cpu(const TargetLevel *l) {
    return l->amd64 > 1 ? xsprintf("x86-64-v%d", l->amd64) : "x86-64";
}
// Of a version no more than gc takes for granted, and programs look for at their start: LSE.
static const char *arm64_features(const TargetLevel *l) {
    return l->lse && l->crypto ? "+lse,+aes,+sha2"
           : l->lse            ? "+lse"
           : l->crypto         ? "+aes,+sha2"
                               : "";
}

// Where nothing else is asked for, programs run on every processor of the architecture.
static LLVMTargetMachineRef machine(const BackendOptions *o, bool arm64, const char **err) {
    initialise(arm64, o->opt);
    const char *triple = arm64 ? "aarch64-unknown-linux-gnu" : "x86_64-unknown-linux-gnu";
    LLVMTargetRef target;
    char *message = NULL;
    if (LLVMGetTargetFromTriple(triple, &target, &message)) {
        *err = xstrdup(message);
        LLVMDisposeMessage(message);
        return NULL;
    }
    static const LLVMCodeGenOptLevel levels[] = {LLVMCodeGenLevelNone, LLVMCodeGenLevelLess,
                                                 LLVMCodeGenLevelDefault,
                                                 LLVMCodeGenLevelAggressive};
    return LLVMCreateTargetMachine(target, triple, arm64 ? "generic" : amd64_cpu(&o->level),
                                   arm64 ? arm64_features(&o->level) : "",
                                   levels[o->opt < 0   ? 0
                                          : o->opt > 3 ? 3
                                                       : o->opt],
                                   o->pic ? LLVMRelocPIC : LLVMRelocStatic, LLVMCodeModelSmall);
}

static LLVMAttributeRef attribute(Cg *cg, const char *name, uint64_t value) {
    unsigned kind = LLVMGetEnumAttributeKindForName(name, strlen(name));
    if (!kind) ice("no LLVM attribute %s", name);
    return LLVMCreateEnumAttribute(cg->ctx, kind, value);
}
static LLVMAttributeRef text_attribute(Cg *cg, const char *k, const char *v) {
    return LLVMCreateStringAttribute(cg->ctx, k, (unsigned)strlen(k), v, (unsigned)strlen(v));
}
static LLVMValueRef weights(Cg *cg, unsigned yes, unsigned no) {
    LLVMMetadataRef w[] = {LLVMMDStringInContext2(cg->ctx, "branch_weights", 14),
                           LLVMValueAsMetadata(LLVMConstInt(cg->i32, yes, 0)),
                           LLVMValueAsMetadata(LLVMConstInt(cg->i32, no, 0))};
    return LLVMMetadataAsValue(cg->ctx, LLVMMDNodeInContext2(cg->ctx, w, 3));
}
static unsigned md_kind(Cg *cg, const char *name) {
    return LLVMGetMDKindIDInContext(cg->ctx, name, (unsigned)strlen(name));
}

// memory(...) attributes: two bits for each kind of location, from LLVM's MemoryEffects: argument,
// inaccessible, errno, other, then target ones.
enum { MEMORY_READ = 0x555, MEMORY_ALLOC = 0x1 | 0xc };

enum { ALLOC_NEW = 1, ALLOC_ZEROED = 16 }; // LLVM's AllocFnKind

// All that is the same for the whole module is made once: types, attributes and metadata.
static void begin(Cg *cg, Unit *u, const BackendOptions *o, LLVMTargetMachineRef tm) {
    cg->ctx = LLVMContextCreate();
    LLVMContextSetDiscardValueNames(cg->ctx, !getenv("VOLE_VALUE_NAMES"));
    cg->mod = LLVMModuleCreateWithNameInContext(u->pkg->path, cg->ctx);
    LLVMTargetDataRef td = LLVMCreateTargetDataLayout(tm);
    LLVMSetModuleDataLayout(cg->mod, td);
    LLVMDisposeTargetData(td);
    LLVMSetTarget(cg->mod, cg->arm64 ? "aarch64-unknown-linux-gnu" : "x86_64-unknown-linux-gnu");
    cg->b = LLVMCreateBuilderInContext(cg->ctx);
    cg->unit = u;
    cg->opt = o;
    cg->i1 = LLVMInt1TypeInContext(cg->ctx);
    cg->i8 = LLVMInt8TypeInContext(cg->ctx);
    cg->i16 = LLVMInt16TypeInContext(cg->ctx);
    cg->i32 = LLVMInt32TypeInContext(cg->ctx);
    cg->i64 = LLVMInt64TypeInContext(cg->ctx);
    cg->i128 = LLVMIntTypeInContext(cg->ctx, 128);
    cg->f32 = LLVMFloatTypeInContext(cg->ctx);
    cg->f64 = LLVMDoubleTypeInContext(cg->ctx);
    cg->ptr = LLVMPointerTypeInContext(cg->ctx, 0);
    cg->voidt = LLVMVoidTypeInContext(cg->ctx);
    cg->a_zeroext = attribute(cg, "zeroext", 0);
    cg->a_swiftself = attribute(cg, "swiftself", 0);
    cg->a_nounwind = attribute(cg, "nounwind", 0);
    cg->a_noreturn = attribute(cg, "noreturn", 0);
    cg->a_cold = attribute(cg, "cold", 0);
    cg->a_noalias = attribute(cg, "noalias", 0);
    cg->a_nonnull = attribute(cg, "nonnull", 0);
    cg->a_nomerge = attribute(cg, "nomerge", 0);
    cg->a_noinline = attribute(cg, "noinline", 0);
    cg->a_optnone = attribute(cg, "optnone", 0);
    cg->a_returns_twice = attribute(cg, "returns_twice", 0);
    cg->a_readonly = attribute(cg, "readonly", 0);
    cg->a_memory_none = attribute(cg, "memory", 0);
    cg->a_willreturn = attribute(cg, "willreturn", 0);
    cg->a_memory_read = attribute(cg, "memory", MEMORY_READ);
    cg->a_memory_alloc = attribute(cg, "memory", MEMORY_ALLOC);
    cg->a_allockind = attribute(cg, "allockind", ALLOC_NEW);
    cg->a_allockind_zeroed = attribute(cg, "allockind", ALLOC_NEW | ALLOC_ZEROED);
    cg->a_family = text_attribute(cg, "alloc-family", "go");
    cg->a_frame = text_attribute(cg, "frame-pointer", "all");
    cg->a_probe = text_attribute(cg, "probe-stack", "inline-asm");
    cg->a_notail = text_attribute(cg, "disable-tail-calls", "true");
    cg->md_prof = md_kind(cg, "prof");
    cg->md_implicit = md_kind(cg, "make.implicit");
    cg->md_invariant = md_kind(cg, "invariant.load");
    cg->md_range = md_kind(cg, "range");
    cg->unlikely = weights(cg, 1, 2000); // as clang's __builtin_expect
    cg->likely = weights(cg, 2000, 1);
    cg->very_unlikely = weights(cg, 1, 1000000);
    cg->empty_md = LLVMMetadataAsValue(cg->ctx, LLVMMDNodeInContext2(cg->ctx, NULL, 0));
    LLVMMetadataRef r[] = {LLVMValueAsMetadata(LLVMConstInt(cg->i8, 0, 0)),
                           LLVMValueAsMetadata(LLVMConstInt(cg->i8, 2, 0))};
    cg->bool_range = LLVMMetadataAsValue(cg->ctx, LLVMMDNodeInContext2(cg->ctx, r, 2));
}

static bool reads_context(const SsaFunc *s) {
    for (vec_each(Block *, b, &s->blocks))
        for (vec_each(Value *, v, &(*b)->values))
            if ((*v)->op == SSA_CTX) return true;
    return false;
}

static void keep_used(Cg *cg) {
    if (!cg->kept.len) return;
    LLVMValueRef g =
        LLVMAddGlobal(cg->mod, LLVMArrayType2(cg->ptr, cg->kept.len), "llvm.compiler.used");
    LLVMSetLinkage(g, LLVMAppendingLinkage);
    LLVMSetSection(g, "llvm.metadata");
    LLVMSetInitializer(g, LLVMConstArray2(cg->ptr, cg->kept.data, cg->kept.len));
}

// Executables are linked statically: variables are reached directly, not through the global offset
// table. C's may be in shared libraries. Position independent code is for plugins and their hosts as
// well, which share symbols; elsewhere the linker makes its accesses direct ones.
static void hide_variables(Cg *cg) {
    for (LLVMValueRef g = LLVMGetFirstGlobal(cg->mod); g; g = LLVMGetNextGlobal(g)) {
        LLVMLinkage l = LLVMGetLinkage(g);
        size_t n;
        const char *name = LLVMGetValueName2(g, &n);
        bool is_c = false;
        for (vec_each(File *, f, &cg->unit->pkg->files))
            is_c |= (*f)->c_names.len && ptrmap_has(&(*f)->c_names, intern(name, n));
        if ((l == LLVMExternalLinkage || l == LLVMLinkOnceODRLinkage) && !is_c)
            LLVMSetVisibility(g, LLVMHiddenVisibility);
    }
}

// LLVM's pipeline for the level. Functions that are alike stay apart, since tracebacks tell them by
// name.
static bool optimise(Cg *cg, LLVMTargetMachineRef tm, int level, const char **err) {
    LLVMPassBuilderOptionsRef pb = LLVMCreatePassBuilderOptions();
    LLVMPassBuilderOptionsSetSLPVectorization(pb, level >= 2);
    LLVMPassBuilderOptionsSetLoopInterleaving(pb, level >= 2);
    LLVMPassBuilderOptionsSetLoopVectorization(pb, level >= 2);
    LLVMPassBuilderOptionsSetMergeFunctions(pb, 0);
    LLVMErrorRef e =
        LLVMRunPasses(cg->mod, xsprintf("default<O%d>", level > 3 ? 3 : level), tm, pb);
    LLVMDisposePassBuilderOptions(pb);
    if (!e) return true;
    char *m = LLVMGetErrorMessage(e);
    *err = xstrdup(m);
    LLVMDisposeErrorMessage(m);
    return false;
}

static void verify(Cg *cg) {
    char *message = NULL;
    if (LLVMVerifyModule(cg->mod, LLVMReturnStatusAction, &message)) {
        const char *dump = getenv("VOLE_DUMP_INVALID");
        if (dump) LLVMPrintModuleToFile(cg->mod, dump, NULL);
        ice("invalid LLVM module: %s", message);
    }
    LLVMDisposeMessage(message);
}

// Instances, wrappers, itabs, descriptors and anonymous data are wanted only where something refers
// to them; what is emitted may refer to more.
static void emit_wanted(Cg *cg) {
    Unit *u = cg->unit;
    for (vec_each(Type *, t, &u->types)) // this package's own are wanted by others
        if (type_is_owned(cg, *t)) type_ref(cg, *t);
    for (bool more = true; more;) {
        more = emit_types(cg);
        for (vec_each(Func *, f, &u->funcs)) {
            if (!(*f)->ssa || !(*f)->linkonce) continue;
            LLVMValueRef v = LLVMGetNamedFunction(cg->mod, (*f)->symbol);
            if (!v || !LLVMGetFirstUse(v) || LLVMCountBasicBlocks(v)) continue;
            emit_func(cg, *f);
            more = true;
        }
        for (vec_each(Itab *, i, &u->itabs)) more |= emit_itab(cg, *i);
        for (vec_each(Data *, d, &u->data)) more |= emit_data(cg, *d);
    }
}

// LLVM's memory in large pages: it is malloc's, which gets them from a heap that grows in one large
// step.
static void use_large_pages(void) {
    enum { HUGE = 2 << 20, HEAP = 256 << 20 };
    static bool done;
    if (done) return;
    done = true;
    mallopt(M_TOP_PAD, HEAP);
    mallopt(M_TRIM_THRESHOLD, HEAP);
    mallopt(M_MMAP_THRESHOLD, 32 << 20); // as much as it takes
    char *at = (char *)(((uintptr_t)sbrk(0) + HUGE - 1) & ~(uintptr_t)(HUGE - 1));
    free(malloc(HUGE));
    if ((char *)sbrk(0) - at >= HEAP / 2)
        madvise(at, (size_t)((char *)sbrk(0) - at), MADV_HUGEPAGE);
}

// A package of a million operations or of very many functions is generated code: as functions that
// are huge (llvm_func.c), it is compiled, not optimised.
enum { HUGE_UNIT = 1000000, MANY_FUNCTIONS = 15000 };
static bool is_huge(const Unit *u) {
    uint32_t n = 0, funcs = 0;
    for (vec_each(Func *, f, &u->funcs)) {
        if (!(*f)->ssa) continue;
        funcs++;
        for (vec_each(Block *, b, &(*f)->ssa->blocks)) n += ssa_length(*b);
    }
    return n > HUGE_UNIT || funcs > MANY_FUNCTIONS;
}

// Ours, not LLVM's, which ends the process when the disk is full. errno says why it failed.
static bool write_file(const char *path, Str part[2], const char **err) {
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool ok = fd >= 0;
    for (int i = 0; ok && i < 2; i++)
        while (part[i].len) {
            ssize_t k = write(fd, part[i].p, part[i].len);
            if (k < 0 && errno == EINTR) continue;
            ok = k > 0;
            if (!ok) break;
            part[i].p += k;
            part[i].len -= (size_t)k;
        }
    int e = errno;
    if (fd >= 0 && close(fd) && ok) {
        e = errno;
        ok = false;
    }
    errno = e;
    if (!ok) *err = xsprintf("%s: %s", path, strerror(e));
    return ok;
}

// LLVM's tables in the runtime's form, and where code comes from.
static bool write_object(const char *path, void *p, size_t n, const char **err) {
    ObjectFile o;
    Buf rest = {0};
    if (!object_open(&o, p, n)) ice("LLVM wrote no object file");
    tables_unload(&o);
    size_t kept = lines_add(&o, &rest);
    return write_file(path, (Str[]){{p, kept}, {rest.p, rest.len}}, err);
}

// By way of a file in memory where there can be one of any size: LLVM's own buffer grows by doubling,
// and is copied in the end.
static bool emit_code(Cg *cg, LLVMTargetMachineRef tm, bool object, const char *path,
                      const char **err) {
    LLVMCodeGenFileType type = object ? LLVMObjectFile : LLVMAssemblyFile;
    LLVMMemoryBufferRef out = NULL;
    char *message = NULL;
    struct rlimit most;
    struct stat st;
    bool limited = getrlimit(RLIMIT_FSIZE, &most) || most.rlim_cur != RLIM_INFINITY;
    int fd = limited ? -1 : memfd_create("vole", MFD_CLOEXEC);
    if (fd < 0 ? LLVMTargetMachineEmitToMemoryBuffer(tm, cg->mod, type, &message, &out)
               : LLVMTargetMachineEmitToFile(tm, cg->mod, xsprintf("/proc/self/fd/%d", fd), type,
                                             &message)) {
        *err = xstrdup(message);
        return false;
    }
    void *p;
    size_t n;
    if (out) {
        n = LLVMGetBufferSize(out);
        p = memcpy(xalloc(n + 1), LLVMGetBufferStart(out), n);
    } else {
        if (fstat(fd, &st)) ice("no size of what LLVM wrote: %s", strerror(errno));
        n = (size_t)st.st_size;
        p = mmap(NULL, n + 1, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        if (p == MAP_FAILED) ice("cannot map what LLVM wrote: %s", strerror(errno));
        close(fd);
    }
    if (object && cg->opt->listing) print_listing(p, cg->opt->listing);
    return object ? write_object(path, p, n, err) : write_file(path, (Str[]){{p, n}, {0}}, err);
}

// Functions are declared before any is emitted, so that calls meet them with their own types; then
// what those refer to is emitted until nothing more is wanted.
bool backend_compile(Unit *u, const BackendOptions *options, BackendKind kind, const char *path,
                     const char **err) {
    use_large_pages();
    BackendOptions own = *options, *o = &own;
    if (is_huge(u)) own.opt = 0;
    Cg *cg = NEW(Cg);
    cg->arm64 = !strcmp(o->goarch, "arm64");
    cg->amd64_level = cg->arm64 ? 0 : o->level.amd64 ? o->level.amd64 : 1;
    cg->saturate = o->saturate;
    LLVMTargetMachineRef tm = machine(o, cg->arm64, err);
    if (!tm) return false;
    if (o->annotate) LLVMSetTargetMachineAsmVerbosity(tm, 1);
    phase("LLVM IR");
    begin(cg, u, o, tm);
    debug_begin(cg);
    if (!assembly_begin(cg, err)) return false;
    // Declared first: with their own types, whoever calls them how.
    for (vec_each(Func *, f, &u->funcs)) {
        if (!(*f)->ssa) continue;
        if (reads_context((*f)->ssa)) (*f)->needs_ctx = true;
        declare_func(cg, *f);
    }
    for (vec_each(Func *, f, &u->funcs))
        if ((*f)->ssa && !(*f)->linkonce) emit_func(cg, *f);
    for (vec_each(Global *, g, &u->globals)) emit_global(cg, *g);
    if (o->plugin) emit_plugin(cg);
    emit_wanted(cg);
    if (o->pic) emit_key(cg);
    if (o->is_main && !o->plugin) emit_main_tables(cg);
    keep_used(cg);
    if (!o->pic) hide_variables(cg);
    debug_end(cg);
    if (VOLE_CHECKED || getenv("VOLE_VERIFY")) verify(cg);
    phase("LLVM passes");
    if (o->opt > 0 && !optimise(cg, tm, o->opt, err)) return false;
    if (!assembly_emit(cg, err)) return false;
    if (o->opt > 0) map_stacks(cg);
    check_stacks(cg);
    if (VOLE_CHECKED || getenv("VOLE_VERIFY")) verify(cg);
    phase("LLVM code");
    if (kind == BACKEND_LLVM) {
        const char *text = LLVMPrintModuleToString(cg->mod);
        return write_file(path, (Str[]){str_c(text), {0}}, err);
    }
    return emit_code(cg, tm, kind == BACKEND_OBJ, path, err);
}
