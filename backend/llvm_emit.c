// llvm_emit: a Unit through LLVM: target, module, passes, output.
#include "backend/llvm.h"
#include <errno.h>
#include <llvm-c/Analysis.h>
#include <llvm-c/Error.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>
#include <llvm-c/Transforms/PassBuilder.h>
#include <stdlib.h>

void backend_options_default(BackendOptions *o) {
    *o = (BackendOptions){0};
    o->goarch = "amd64";
    o->opt = 2;
    o->debug_info = true;
}

static LLVMTargetMachineRef machine(const BackendOptions *o, bool arm64, const char **err) {
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
    const char *triple = arm64 ? "aarch64-unknown-linux-gnu" : "x86_64-unknown-linux-gnu";
    LLVMTargetRef target;
    char *message = NULL;
    if (LLVMGetTargetFromTriple(triple, &target, &message)) {
        *err = xstrdup(message);
        LLVMDisposeMessage(message);
        return NULL;
    }
    static const LLVMCodeGenOptLevel levels[] = {LLVMCodeGenLevelNone, LLVMCodeGenLevelLess, LLVMCodeGenLevelDefault, LLVMCodeGenLevelDefault};
    return LLVMCreateTargetMachine(target, triple, arm64 ? "generic" : "x86-64", "", levels[o->opt], LLVMRelocStatic, LLVMCodeModelSmall);
}

static void begin(Cg *cg, Unit *u, const BackendOptions *o, LLVMTargetMachineRef tm) {
    cg->ctx = LLVMContextCreate();
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
    cg->md_prof = LLVMGetMDKindIDInContext(cg->ctx, "prof", 4);
    LLVMMetadataRef w[] = {LLVMMDStringInContext2(cg->ctx, "branch_weights", 14), LLVMValueAsMetadata(LLVMConstInt(cg->i32, 1, 0)),
                           LLVMValueAsMetadata(LLVMConstInt(cg->i32, 100000, 0))};
    cg->unlikely = LLVMMetadataAsValue(cg->ctx, LLVMMDNodeInContext2(cg->ctx, w, 3));
}

bool backend_compile(Unit *u, const BackendOptions *o, BackendKind kind, const char *path, const char **err) {
    Cg *cg = NEW(Cg);
    cg->arm64 = !strcmp(o->goarch, "arm64");
    LLVMTargetMachineRef tm = machine(o, cg->arm64, err);
    if (!tm) return false;
    begin(cg, u, o, tm);
    debug_begin(cg);
    for (vec_each(Func *, f, &u->funcs))
        if ((*f)->ssa) emit_func(cg, *f);
    for (vec_each(Global *, g, &u->globals)) emit_global(cg, *g);
    for (vec_each(Data *, d, &u->data)) emit_data(cg, *d);
    for (vec_each(Itab *, i, &u->itabs)) emit_itab(cg, *i);
    if (o->is_main) emit_main_tables(cg);
    emit_types(cg);
    debug_end(cg);
    char *message = NULL;
    if (getenv("VOLE_VERIFY") || o->opt == 0) {
        if (LLVMVerifyModule(cg->mod, LLVMReturnStatusAction, &message)) {
            if (getenv("VOLE_VERIFY")) LLVMPrintModuleToFile(cg->mod, "/dev/stderr", NULL);
            ice("invalid LLVM module: %s", message);
        }
        LLVMDisposeMessage(message);
        message = NULL;
    }
    if (o->opt > 0) {
        LLVMPassBuilderOptionsRef pb = LLVMCreatePassBuilderOptions();
        LLVMErrorRef e = LLVMRunPasses(cg->mod, xsprintf("default<O%d>", o->opt), tm, pb);
        LLVMDisposePassBuilderOptions(pb);
        if (e) {
            char *m = LLVMGetErrorMessage(e);
            *err = xstrdup(m);
            LLVMDisposeErrorMessage(m);
            return false;
        }
    }
    bool bad = kind == BACKEND_LLVM ? LLVMPrintModuleToFile(cg->mod, path, &message)
                                    : LLVMTargetMachineEmitToFile(tm, cg->mod, path, kind == BACKEND_ASM ? LLVMAssemblyFile : LLVMObjectFile, &message);
    if (bad) {
        *err = xstrdup(message ? message : "cannot write");
        return false;
    }
    return true;
}
