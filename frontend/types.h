// types: Go's types, objects, scopes and the questions asked of them.
//
// While checking, types are built freely and compared with types_identical(). types_canonical()
// (types_canon.c) maps a complete, type-parameter-free type to its one representative, so that from
// the midend on identical types are one pointer. Named types and type parameters are identical only
// to themselves; instances of a generic named type are unique per (origin, identical type
// arguments) already while checking.
#ifndef VOLE_TYPES_H
#define VOLE_TYPES_H

#include "frontend/constant.h"

typedef struct Package Package;

// clang-format off
typedef enum TypeKind {
    T_INVALID,
    // basic
    T_BOOL, T_INT, T_INT8, T_INT16, T_INT32, T_INT64, T_UINT, T_UINT8, T_UINT16, T_UINT32, T_UINT64, T_UINTPTR,
    T_FLOAT32, T_FLOAT64, T_COMPLEX64, T_COMPLEX128, T_STRING, T_UNSAFEPTR,
    T_UNTYPED_BOOL, T_UNTYPED_INT, T_UNTYPED_RUNE, T_UNTYPED_FLOAT, T_UNTYPED_COMPLEX, T_UNTYPED_STRING, T_UNTYPED_NIL,
    // composite
    T_ARRAY, T_SLICE, T_STRUCT, T_POINTER, T_FUNC, T_INTERFACE, T_MAP, T_CHAN,
    T_TUPLE,     // results of a call, parameter lists
    T_NAMED,     // defined type or instance of a generic one
    T_ALIAS,     // alias declaration; see unalias()
    T_TYPEPARAM,
    T_UNION,     // only inside interfaces
    T_KIND_COUNT
} TypeKind;
// clang-format on

typedef struct TypeList { // immutable once built
    uint32_t len;
    Type **data;
} TypeList;

typedef enum ObjectKind {
    O_PKGNAME,
    O_CONST,
    O_TYPENAME,
    O_VAR,
    O_FUNC,
    O_LABEL,
    O_BUILTIN,
    O_NIL
} ObjectKind;

// clang-format off
typedef enum BuiltinId {
#define BUILTINS(B)                                                                                \
    B(APPEND, "append") B(CAP, "cap") B(CLEAR, "clear") B(CLOSE, "close") B(COMPLEX, "complex") B(COPY, "copy") \
    B(DELETE, "delete") B(IMAG, "imag") B(LEN, "len") B(MAKE, "make") B(MAX, "max") B(MIN, "min") B(NEW, "new") \
    B(PANIC, "panic") B(PRINT, "print") B(PRINTLN, "println") B(REAL, "real") B(RECOVER, "recover") \
    B(UNSAFE_ADD, "Add") B(UNSAFE_ALIGNOF, "Alignof") B(UNSAFE_OFFSETOF, "Offsetof") B(UNSAFE_SIZEOF, "Sizeof") \
    B(UNSAFE_SLICE, "Slice") B(UNSAFE_SLICEDATA, "SliceData") B(UNSAFE_STRING, "String") B(UNSAFE_STRINGDATA, "StringData") \
    B(ASSERT, "assert") B(TRACE, "trace")
#define B(name, text) BUILTIN_##name,
    BUILTINS(B)
#undef B
    BUILTIN_COUNT
} BuiltinId;
// clang-format on

struct Object { // there is one for each field: no holes
    ObjectKind kind;
    Pos pos;
    Name name;
    Package *pkg;   // NULL for the universe
    Type *type;     // NULL until resolved
    Scope *parent;  // scope that declares it; NULL for fields and methods
    Pos scope_pos;  // where a local's scope begins
    uint32_t order; // source order of package-level objects, >0
    Decl *decl;     // package-level and local declarations; NULL otherwise
    uint8_t color;  // checker's own: white, grey, black
    // kind-specific
    bool is_alias;            // O_TYPENAME
    bool is_field, embedded;  // O_VAR: struct field (embedded)
    bool is_param, is_result; // O_VAR: receiver and parameters; results
    bool is_package_var;      // O_VAR
    bool used;                // O_VAR, O_PKGNAME: for "declared and not used"
    // O_VAR: used inside a function literal other than the one declaring it.
    bool captured;
    // O_VAR: &x written, or x used as addressable receiver / sliced array / range-by-ref.
    bool addr_taken;
    bool ptr_recv; // O_FUNC: method with pointer receiver
    // O_FUNC: //go:nointerface method, which no interface finds (GOEXPERIMENT=fieldtrack).
    bool nointerface;
    // O_VAR: how often assigned after its declaration (++, op=, range, v,ok included).
    uint32_t assigns;
    BuiltinId builtin; // O_BUILTIN
    Const *val;        // O_CONST
    Package *imported; // O_PKGNAME
    FuncInfo *owner;   // O_VAR local: the function (or literal) whose body declares it
    // O_FUNC: receiver's base Named (methods of types) or the interface type.
    Type *recv;
    // O_FUNC/O_VAR: method (field) of an instantiated type: the generic original; else NULL.
    Object *origin;
    void *aux; // for the midend: its own record of this object
};

struct Scope {
    Scope *parent;
    PtrMap names;          // Name -> Object *
    Vec(Object *) objects; // in order of insertion
    Pos pos, end;
    FuncInfo *func;
    const char *comment;
};

typedef struct TypeSet TypeSet; // of an interface: all methods, terms; see interface_* below

struct Type {
    TypeKind kind;
    uint8_t flags;       // checker's and midend's own
    bool measuring;      // sizes.c: a question about its layout is being answered
    bool nested, valid;  // check_cycles.c: is part of what is looked at; does not contain itself
    Type *canon;         // set by types_canonical; == this when canonical
    uint64_t size_cache; // sizes.c: size + 1, 0 unknown
    uint32_t align_cache;
    void *aux; // backend/midend record (LLVM type, descriptor, …)
    // clang-format off
    union {
        struct { const char *name; } basic;
        struct { Type *elem; int64_t len; /* <0: invalid */ } array;
        struct { Type *elem; } slice, pointer;
        struct { Vec(Object *) fields; const char **tags; /* NULL or one per field, "" for none; may hold NULs: see tag_lens */ uint32_t *tag_lens; int64_t *offsets; /* sizes.c; NULL unknown */ } strukt;
        struct {
            // O_VAR each; last param's type is the slice when variadic.
            Vec(Object *) params, results;
            bool variadic;
            Object *recv;                  // receiver variable of a method's signature, or NULL
            TypeList *tparams;             // T_TYPEPARAM each; NULL when not generic
            TypeList *recv_tparams;        // receiver's type parameters, or NULL
        } func;
        struct {
            Vec(Object *) methods;         // explicitly declared (O_FUNC)
            Vec(Type *) embeds;
            Pos *embed_pos;
            bool implicit;                 // wraps a constraint literal like ~int
            TypeSet *tset;                 // lazily
        } iface;
        struct { Type *key, *elem; } map;
        struct { Type *elem; ChanDir dir; } chan;
        struct { Vec(Object *) vars; } tuple; // O_VAR each (names may be NULL)
        struct {
            Object *obj;           // O_TYPENAME
            Type *underlying;      // resolved; NULL while being set up
            Type *from_rhs;        // declared right side, before resolution
            // Declared methods (of an instance: lazily expanded, use named_method()).
            Vec(Object *) methods;
            TypeList *tparams;     // of a generic type
            Type *origin;          // of an instance: the generic type; else itself
            TypeList *targs;       // of an instance
            FuncInfo *local_in;    // function that declares it, or NULL
            // Unique among the package's local types of this name, for symbol names.
            uint32_t local_vargen;
            // Declared in a generic function and substituted: that function's type arguments
            // (receiver's first); else NULL.
            TypeList *outer_targs;
        } named;
        struct { Object *obj; Type *rhs; TypeList *tparams, *targs; Type *origin; } alias;
        struct { Object *obj; uint32_t index; Type *constraint; uint32_t id; FuncInfo *owner; } tparam;
        struct { Vec(struct UnionTerm) terms; } unio;
    };
    // clang-format on
};
typedef struct UnionTerm {
    bool tilde;
    Type *type;
} UnionTerm;

// The universe.
extern Type *const types_basic[T_UNTYPED_NIL + 1]; // index by TypeKind; [T_INVALID] too
#define BASIC(k) (types_basic[T_##k])
// Aliases of uint8/int32 that print as byte and rune; identical to them.
extern Type *type_byte, *type_rune;
extern Type *type_any, *type_error, *type_comparable;
extern Scope *universe;
extern Package *package_unsafe;
void universe_init(void);
// Assert and trace, which go/types' own tests use; no program knows them.
void universe_define_test_functions(void);

// Construction.
Type *type_new(TypeKind kind);
Type *type_pointer(Type *elem); // cached per elem pointer
Type *type_slice(Type *elem);   // cached
Type *type_array(Type *elem, int64_t len);
Type *type_map(Type *key, Type *elem);
Type *type_chan(ChanDir dir, Type *elem);
Type *type_tuple(Object **vars, uint32_t n);
Type *type_func(Object **params, uint32_t np, Object **results, uint32_t nr, bool variadic);
Type *type_struct(Object **fields, uint32_t n, const char **tags, uint32_t *tag_lens);
TypeList *typelist_new(uint32_t n);
Object *object_new(ObjectKind kind, Pos pos, Package *pkg, Name name, Type *type);

// Structure.
Type *unalias(Type *t); // follows T_ALIAS
Type *under(Type *t);   // underlying type; of a type parameter: its constraint interface
// spec's core type, NULL if none; (string for []byte|string is not included).
Type *core_type(Type *t);
static inline bool is_kind(Type *t, TypeKind k) { return under(t)->kind == k; }
Type *as_named(Type *t); // unaliased T_NAMED or NULL
// *T -> T (unaliased pointers only, not named pointer types).
Type *deref(Type *t, bool *was_pointer);
bool type_is_typed(Type *t);
bool type_is_untyped(Type *t);
bool type_is_boolean(Type *t), type_is_integer(Type *t), type_is_unsigned(Type *t),
    type_is_float(Type *t), type_is_complex(Type *t), type_is_numeric(Type *t),
    type_is_string(Type *t),
    type_is_const_type(Type *t); // on the underlying type; false for type params
// The all_* forms hold for a type parameter when they hold for each type of its type set.
bool all_basic(Type *t, bool (*pred)(Type *));
bool type_is_interface(Type *t); // under is T_INTERFACE and t is not a type parameter
bool type_is_typeparam(Type *t);
bool type_has_typeparam(Type *t); // mentions a type parameter anywhere (cached)
bool type_has_nil(Type *t);
bool type_comparable_p(Type *t, bool dynamic, const char **cause); // cause may be NULL
Type *default_type(Type *t);                                       // of an untyped type; else t
bool types_identical(Type *a, Type *b);
bool types_identical_ignore_tags(Type *a, Type *b);
uint64_t type_hash(Type *t); // equal for identical types
// The one representative of t's identity class; t must be complete and free of type parameters.
// Equivalent to t.
Type *types_canonical(Type *t);

// As gc prints it in messages. qualify: NULL = types of `current_package` unqualified, others by
// package name (path when ambiguous).
const char *type_string(Type *t);
extern Package *current_package;
const char *object_string(Object *o);
const char *type_string_qualified(Type *t); // every package by its path
// Name and signature, without the names of parameters.
const char *method_string(Object *m, bool qualified);
// The name that the type has at run time (reflect's String(): "main.T", "map[string]int", "struct {
// X int \"tag\" }"), and the unique linker form with full package paths ("path/to/pkg.T[int]").
const char *type_runtime_string(Type *t);
// As -m reports write it: the run-time form, with types of current_package unqualified.
const char *type_report_string(Type *t);
const char *type_link_string(Type *t);

// Interfaces.
typedef struct TypeSetTerm {
    bool tilde;
    Type *type;
} TypeSetTerm;
struct TypeSet {
    // All methods, sorted by unique name (exported first by name, then unexported with package
    // path).
    Vec(Object *) methods;
    bool all_types; // no type restriction: terms unused
    Vec(TypeSetTerm) terms;
    bool comparable;
};
TypeSet *interface_typeset(Type *iface); // of an T_INTERFACE type (complete); computed once
bool interface_is_empty(Type *iface);    // no methods and all types
// Calls f for each term's type (under for tilde terms), or once with NULL when there are no
// specific types; stops at false.
bool typeset_each(Type *t, bool (*f)(Type *t, Type *u, void *arg), void *arg);

// Methods are typed lazily while a package is being checked: whoever needs the type of a method
// (O_FUNC) whose type is still NULL asks through this hook, which check.c installs (method lookups,
// missing_method, named_method's instantiation).
extern void (*types_resolve_object)(Object *o);

// Methods, fields.
typedef enum SelectionKind { SEL_FIELD, SEL_METHOD, SEL_METHODEXPR } SelectionKind;
struct Selection {
    SelectionKind kind;
    Type *recv;  // type of x in x.f
    Object *obj; // field or method (of an instance: instantiated Object with .origin)
    // Field indices through embedded structs; the last one is the field's (or the method's,
    // unused).
    uint32_t *path;
    uint32_t path_len; // >= 1 for fields; number of embedded hops for methods
    bool indirect;     // a pointer was followed on the way
    Type *type;        // of x.f
};
typedef struct Lookup {
    Object *obj;    // NULL: not found
    uint32_t *path; // embedded hops (and the field's own index when obj is a field)
    uint32_t path_len;
    bool indirect;     // pointer followed on the path
    bool ambiguous;    // obj NULL and ambiguous: found at the same depth more than once
    bool bad_receiver; // obj NULL: pointer-receiver method on a value that is not addressable
} Lookup;
// Field or method `name` (unexported names are looked up for pkg) in T; addressable: T's value has
// an address.
Lookup lookup_field_or_method(Type *T, bool addressable, Package *pkg, Name name, bool fold_case);
uint32_t named_num_methods(Type *named);
Object *named_method(Type *named, uint32_t i); // expanded (instantiated) method
// The whole method set of T as interfaces see it, promoted methods included, sorted as typesets
// are. For pointer receivers pass *T.
typedef struct MethodSet {
    Vec(Selection *) list;
} MethodSet;
MethodSet *method_set(Type *T); // cached
bool name_is_exported(Name n);
const char *object_unique_name(Object *o); // Name, or path.name when unexported

// Does V implement interface T (as assignment and constraint satisfaction ask)? On failure *cause
// explains in gc's words.
bool type_implements(Type *V, Type *T, bool constraint, const char **cause);
// The method missing in V for T, or NULL. wrong_type / ptr explain it. static_: V interface: check
// only common methods.
Object *missing_method(Type *V, Type *T, bool static_, const char **cause);
// … where methods match when equivalent(have, want, arg) says so.
Object *missing_method_by(Type *V, Type *T, bool static_,
                          bool (*equivalent)(Type *, Type *, void *), void *arg,
                          const char **cause);
bool type_assignable_to(Type *V, Type *T); // for typed values
bool type_convertible_to(Type *V, Type *T);

// Generics.
typedef struct TypeMap {
    TypeList *from, *to;
} TypeMap;                                   // T_TYPEPARAM -> type
Type *type_subst(Type *t, const TypeMap *m); // t itself when nothing changes
// A type declared in a generic function depends on the function's type parameters without naming
// them: all of those, receiver's first; else NULL.
TypeList *named_outer_tparams(Type *named);
// Named, alias or signature; no constraint check; unique for named types.
Type *type_instantiate(Type *generic, TypeList *targs);
// Index of the first argument that violates its constraint, -1 if none.
int types_verify(TypeList *tparams, TypeList *targs, const char **cause);

// Sizes, as gc lays out for the target (64-bit). Only for complete types without type parameters.
int64_t type_size(Type *t);
int64_t type_align(Type *t);
int64_t type_field_offset(Type *structure, uint32_t index);

#endif
