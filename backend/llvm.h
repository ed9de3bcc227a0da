// llvm: the backend's inside: one Cg per unit. llvm_types.c: Go types and the calling convention. llvm_func.c: functions and values. llvm_data.c: globals,
// data, strings, closures, itabs. llvm_descriptor.c: type descriptors. llvm_debug.c: DWARF. llvm_emit.c: target, passes, output. link.c: linking.
#ifndef VOLE_LLVM_H
#define VOLE_LLVM_H

#include "backend/backend.h"
#include "runtime/abi.h"
#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>

enum { SWIFTCC = 16 };

// How a function's signature reaches LLVM.
typedef struct Abi {
    LLVMTypeRef fn;        // function type
    LLVMTypeRef sret;      // struct of the results in memory, or NULL
    bool has_ctx;          // last parameter is the swiftself context
    uint32_t nparams;      // Go parameters
    struct AbiParam { bool by_ptr; uint32_t first, count; } *params; // LLVM parameter range of each
    uint32_t nresults;
    struct AbiResult { uint32_t first, count; } *results;            // scalar range in the returned struct
    uint32_t nret;         // scalars returned
} Abi;

typedef struct Cg {
    LLVMContextRef ctx;
    LLVMModuleRef mod;
    LLVMBuilderRef b;      // the function's code
    Unit *unit;
    const BackendOptions *opt;
    bool arm64;
    LLVMTypeRef i1, i8, i16, i32, i64, i128, f32, f64, ptr, voidt;
    // of the function at hand
    SsaFunc *f;
    LLVMValueRef fn;
    Abi *abi;
    LLVMValueRef sret, context;
    LLVMBasicBlockRef entry_allocas;
    LLVMValueRef alloca_point;
    PtrMap strings;        // content Name -> global
    LLVMValueRef nil_panic;
    // debug info
    LLVMDIBuilderRef di;
    LLVMMetadataRef cu, subprogram, scope;
    PtrMap di_files, di_types;
    unsigned md_prof, md_implicit;
    LLVMValueRef unlikely, empty_md;
    PtrMap declared;       // symbol Name -> LLVMValueRef
} Cg;

// types
LLVMTypeRef llvm_type(Cg *cg, Type *t);             // memory type of a Go type
bool type_is_large(Type *t);                        // values live in memory: LLVMValueRef is a pointer to an immutable copy
uint32_t scalar_count(Type *t);                     // scalars of its flattening; UINT32_MAX when it has a long array
void scalar_types(Cg *cg, Type *t, LLVMTypeRef *out, uint32_t *n);
Abi *abi_of(Cg *cg, Type *sig, bool ctx);           // T_FUNC (params include the receiver)
Abi *abi_of_types(Cg *cg, Type **params, uint32_t np, Type **results, uint32_t nr, bool ctx);
LLVMValueRef flatten(Cg *cg, LLVMValueRef v, Type *t, LLVMValueRef *out, uint32_t *n);
LLVMValueRef unflatten(Cg *cg, LLVMValueRef *in, uint32_t *n, Type *t);
LLVMValueRef const_int(Cg *cg, int64_t v);
// functions
void emit_func(Cg *cg, Func *f);
LLVMValueRef declare_func(Cg *cg, Func *f);
LLVMValueRef declare_symbol_func(Cg *cg, const char *symbol, LLVMTypeRef fn);
LLVMValueRef temp_alloca(Cg *cg, LLVMTypeRef t);
// data
LLVMValueRef global_ref(Cg *cg, Global *g);
LLVMValueRef data_ref(Cg *cg, Data *d);
LLVMValueRef string_ref(Cg *cg, Str s);
LLVMValueRef funcval_ref(Cg *cg, Func *f);
LLVMValueRef itab_ref(Cg *cg, Itab *i);
LLVMValueRef type_ref(Cg *cg, Type *t);
LLVMValueRef symbol_global(Cg *cg, const char *name, LLVMTypeRef t);
void emit_global(Cg *cg, Global *g);
void emit_data(Cg *cg, Data *d);
void emit_itab(Cg *cg, Itab *i);
void emit_types(Cg *cg);             // of the unit, and all that are referred to
void emit_main_tables(Cg *cg);
// debug
void debug_begin(Cg *cg);
void debug_func(Cg *cg, Func *f);
void debug_pos(Cg *cg, Pos pos);
void debug_slot(Cg *cg, Slot *s, LLVMValueRef alloca);
void debug_end(Cg *cg);

#endif
