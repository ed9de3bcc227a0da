// llvm: the backend's inside: one Cg per unit. Each file calls those before it: llvm_types.c: Go
// types, values and the calling convention. llvm_symbol.c: what has a name. llvm_descriptor.c: type
// descriptors. llvm_data.c: globals, data, itabs. llvm_debug.c: DWARF. llvm_ops.c: arithmetic and
// machine operations. llvm_func.c: functions, blocks, memory, calls, checks. llvm_assembly.c: the
// package's assembly (goobj.c reads it, goobj_text.c writes it). llvm_stackmap.c: which
// variables of frames are used. llvm_stack.c: room on the stack. llvm_tables.c: what LLVM tells of its code. llvm_disassembly.c: -S. llvm_emit.c: target, passes, output. link.c: linking.
//
// A small SSA value is the tuple of its scalars ("leaves"), so that no first-class aggregates
// appear. A bool leaf is i1 as a value, i8 in memory and in calls. A large value (Rep.large) is one
// pointer to memory that nobody changes while it is used.
#ifndef VOLE_LLVM_H
#define VOLE_LLVM_H

#include "backend/backend.h"
#include "backend/object.h"
#include "runtime/abi.h"
#include <llvm-c/Core.h>
#include <llvm-c/DebugInfo.h>

static const LLVMAttributeIndex FUNCTION = (LLVMAttributeIndex)LLVMAttributeFunctionIndex;
enum { SWIFTCC = 16, MAX_LEAVES = ABI_MAX_RESULT_INTS + ABI_MAX_RESULT_FLOATS };

typedef struct Leaf {
    LLVMTypeRef type; // in memory and in calls
    uint32_t offset;
    bool is_bool;
} Leaf;

typedef struct Rep { // how values of a Go type are represented
    // Lives in memory: not within ABI_MAX_PARAM_SCALARS leaves, or an array longer than 4.
    bool large;
    bool too_many; // more than MAX_LEAVES, or a long array: leaves is empty
    uint32_t n;
    uint32_t align;
    uint64_t size;
    LLVMTypeRef mem; // the leaf's type, or [size x i8]
    Leaf leaves[MAX_LEAVES];
} Rep;

// What stands for an SSA value: its leaves, or those of each part of a tuple.
typedef struct Lowered {
    LLVMValueRef *leaves;
    LLVMValueRef **parts;
} Lowered;

// How a function's signature reaches LLVM.
typedef struct Abi {
    LLVMTypeRef fn;
    bool has_ctx;       // last LLVM parameter is the swiftself context
    uint64_t sret_size; // results go through memory (LLVM parameter 0); 0: in registers
    LLVMTypeRef sret;
    uint32_t sret_align;
    uint32_t nparams, nresults;
    Rep **params, **results;
    uint32_t *param_at;  // LLVM index of each parameter's first scalar
    uint32_t *result_at; // offset in the memory result
    uint32_t nscalars;   // returned in registers
} Abi;

typedef struct Cg {
    LLVMContextRef ctx;
    LLVMModuleRef mod;
    LLVMBuilderRef b;
    Unit *unit;
    const BackendOptions *opt;
    bool arm64, saturate;
    int amd64_level; // 1..4; 0: another architecture
    LLVMTypeRef i1, i8, i16, i32, i64, i128, f32, f64, ptr, voidt;
    PtrMap reps; // underlying type -> Rep
    // Signature -> Abi, by whether it has a context + 2 * whether it takes an interface's data word
    // first.
    PtrMap abis[4];
    LLVMTypeRef rt_types[RT_COUNT];
    // of the function at hand
    SsaFunc *f;
    LLVMValueRef fn;
    Abi *abi;
    LLVMValueRef sret, context;
    LLVMValueRef alloca_point;
    LLVMValueRef fuzz_counters; // llvm_fuzz.c's; NULL: none
    uint32_t fuzz_next;
    bool race_memory, race_frame; // llvm_race.c's: what it tells of
    LLVMValueRef race_depth;      // where it keeps how deep the function is, or NULL
    Vec(struct NilBlock {
        uint32_t line;
        LLVMMetadataRef loc;
        LLVMBasicBlockRef block;
    }) nil_blocks;       // cold blocks that panic, one per location
    LLVMMetadataRef loc; // current debug location
    // data
    PtrMap strings;    // interned content -> global
    Vec(Type *) types; // referred to: to emit
    uint32_t types_done;
    struct Assembly *assembly; // llvm_assembly.c's, or NULL
    PtrMap types_seen;         // Type -> symbol
    Vec(LLVMValueRef) kept;    // llvm.compiler.used
    // debug info
    LLVMDIBuilderRef di;
    LLVMMetadataRef cu, subprogram;
    PtrMap di_files, di_types, di_funcs;
    Pos loc_pos;
    struct InlCall *loc_inl;
    // attributes and metadata
    unsigned md_prof, md_implicit, md_invariant, md_range;
    LLVMValueRef unlikely, likely, very_unlikely, empty_md, bool_range;
    LLVMAttributeRef a_zeroext, a_swiftself, a_nounwind, a_noreturn, a_cold, a_noalias, a_nonnull,
        a_nomerge, a_noinline, a_optnone, a_frame, a_probe, a_notail, a_returns_twice, a_readonly,
        a_willreturn, a_memory_none, a_memory_read, a_memory_alloc, a_allockind, a_allockind_zeroed,
        a_family;
} Cg;

// types
Rep *rep_of(Cg *cg, Type *t);
LLVMTypeRef llvm_type(Cg *cg, Type *t);  // in memory: the scalar, or [size x i8]
LLVMTypeRef value_type(Cg *cg, Type *t); // of a one-leaf value: i1 for bool
bool type_is_signed(Type *t);
uint32_t type_align_of(Type *t);
// sig: T_FUNC whose params include the receiver, unless recv: then an interface's data word comes
// first.
Abi *abi_of(Cg *cg, Type *sig, bool ctx, bool recv);
void abi_attributes(Cg *cg, Abi *a, LLVMValueRef f, bool call);
LLVMValueRef const_int(Cg *cg, int64_t v);
// values
static inline LLVMValueRef *vals(const Value *v) { return v->lowered ? v->lowered->leaves : NULL; }
static inline LLVMValueRef val(const Value *v) { return vals(v)[0]; }
void set_value(Value *v, LLVMValueRef *leaves);
void set_scalar(Value *v, LLVMValueRef a);
void set_tuple(Value *v, LLVMValueRef **parts);
LLVMValueRef *value_array(LLVMValueRef a);
LLVMValueRef *value_pair(LLVMValueRef a, LLVMValueRef b);
LLVMValueRef recast(Cg *cg, LLVMValueRef x, LLVMTypeRef to);
LLVMValueRef to_i64(Cg *cg, const Value *v);
// symbols
LLVMValueRef declare_func(Cg *cg, Func *f);
LLVMValueRef declare_symbol_func(Cg *cg, const char *symbol, LLVMTypeRef fn);
LLVMValueRef intrinsic(Cg *cg, const char *name, LLVMTypeRef *over, unsigned nover,
                       LLVMValueRef *args, unsigned n);
LLVMValueRef global_ref(Cg *cg, Global *g);
LLVMValueRef data_ref(Cg *cg, Data *d);
LLVMValueRef string_ref(Cg *cg, Str s);
// A new constant that any package may define, all alike. align 0: its type's own.
LLVMValueRef *constant(Cg *cg, Value *v); // the scalars of an SSA_CONST
LLVMValueRef *zero_value(Cg *cg, Type *t);
LLVMValueRef linkonce_constant(Cg *cg, const char *symbol, LLVMValueRef init, unsigned align);
LLVMValueRef funcval_ref(Cg *cg, Func *f);
LLVMValueRef itab_ref(Cg *cg, Itab *i);
LLVMValueRef type_ref(Cg *cg, Type *t);
// The same in every process, as objects of several builds are linked.
uint32_t descriptor_hash(Type *t);
LLVMValueRef symbol_global(Cg *cg, const char *name, LLVMTypeRef t);
// The definition, in declared's place.
LLVMValueRef define_global(Cg *cg, LLVMValueRef declared, LLVMValueRef init);
void set_linkonce(Cg *cg, LLVMValueRef g, const char *symbol);
void set_thread_local(Cg *cg, LLVMValueRef g);
const char *type_symbol(Type *t);
const char *data_symbol(Cg *cg, Data *d);
// functions
void emit_func(Cg *cg, Func *f);
void keep_alive(Cg *cg, LLVMValueRef p); // p is taken to be read and written here
// When passes no longer inline functions: tells the collector which variables of a frame are used
// behind each call; then compares the room on the stack with the frame.
void map_stacks(Cg *cg);
void check_stacks(Cg *cg);
// f, whose builder stands in its first block, wants so many bytes below its frame, at most an int's.
void stack_room(Cg *cg, LLVMValueRef f, uint32_t room);
// assembly: reads it and says what it defines; false with *err. Then, behind the passes, its text and
// what translates between its calls and Go's.
bool assembly_begin(Cg *cg, const char **err);
bool assembly_defines(const Cg *cg, const char *symbol); // a variable?
bool assembly_emit(Cg *cg, const char **err);
// operations: false when v->op is not theirs
bool emit_arithmetic(Cg *cg, Value *v);
bool emit_machine(Cg *cg, Value *v);
// race: what the function at hand tells the race detector, if that is wanted. Decides it; where it
// begins, ends, and comes back from a recovered panic; before an access by a pointer at, of LLVM's
// value p.
void race_begin(Cg *cg, Func *f);
void race_enter(Cg *cg);
void race_exit(Cg *cg);
void race_setjmp(Cg *cg, bool after);
void race_access(Cg *cg, const Value *at, LLVMValueRef p, Type *t, bool write);
void race_range(Cg *cg, const Value *at, LLVMValueRef p, LLVMValueRef size, bool write);

// cgocheck: values that may hold pointers were written to p: size bytes, NULL: one of t.
void cgo_check(Cg *cg, const Value *at, LLVMValueRef p, Type *t, LLVMValueRef size);
// fuzz: counters of the function at hand, if they are wanted; at a block's begin.
void fuzz_begin(Cg *cg, const SsaFunc *s);
void fuzz_count(Cg *cg, const Block *b);
// data
void emit_global(Cg *cg, Global *g);
bool emit_data(Cg *cg, Data *d); // false: emitted already, or not referred to
bool emit_itab(Cg *cg, Itab *i); // the same
// All that are referred to and were not yet: false when there are none.
bool emit_types(Cg *cg);
bool type_is_owned(Cg *cg, Type *t); // declared by this package, which describes it for all
void emit_main_tables(Cg *cg);
void emit_plugin(Cg *cg); // in their place: AbiPlugin, and what tells the runtime of it
void emit_key(Cg *cg);    // what tells plugins whether this is the package that they know
// LLVM's tables in an object file, for the runtime to read from the executable's file: it no longer
// says that they are to be loaded; stack maps are made small.
void tables_unload(const ObjectFile *o);
// BackendOptions.listing, of an object as LLVM made it.
void print_listing(const void *object, FILE *out);
// debug
void debug_begin(Cg *cg);
void debug_func(Cg *cg, Func *f);
void debug_pos(Cg *cg, Pos pos, struct InlCall *inl);
void debug_none(Cg *cg);
void debug_slot(Cg *cg, Slot *s, LLVMValueRef alloca);
void debug_note(Cg *cg, Value *note);
void debug_global(Cg *cg, Global *g, LLVMValueRef v);
void debug_descriptor(Cg *cg, Type *t, LLVMValueRef v);
enum { DESCRIPTOR_MARK = 1024, DESCRIPTOR_SIZE_BITS = 5 }; // see debug_descriptor
void debug_param(Cg *cg, Func *f, uint32_t i, Value *v);
LLVMMetadataRef debug_wrapper(Cg *cg, const char *name); // of a function that tracebacks leave out
void debug_end(Cg *cg);

#endif
