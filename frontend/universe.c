// universe: the predeclared types, constants, functions and nil, and package unsafe.
#include "frontend/check.h"

static Type basics[T_UNTYPED_NIL + 1];
Type *const types_basic[T_UNTYPED_NIL + 1] = {
#define B(k) [T_##k] = &basics[T_##k]
    B(INVALID),        B(BOOL),         B(INT),           B(INT8),
    B(INT16),          B(INT32),        B(INT64),         B(UINT),
    B(UINT8),          B(UINT16),       B(UINT32),        B(UINT64),
    B(UINTPTR),        B(FLOAT32),      B(FLOAT64),       B(COMPLEX64),
    B(COMPLEX128),     B(STRING),       B(UNSAFEPTR),     B(UNTYPED_BOOL),
    B(UNTYPED_INT),    B(UNTYPED_RUNE), B(UNTYPED_FLOAT), B(UNTYPED_COMPLEX),
    B(UNTYPED_STRING), B(UNTYPED_NIL),
#undef B
};
static const char *const basic_names[T_UNTYPED_NIL + 1] = {
    "invalid type",   "bool",          "int",
    "int8",           "int16",         "int32",
    "int64",          "uint",          "uint8",
    "uint16",         "uint32",        "uint64",
    "uintptr",        "float32",       "float64",
    "complex64",      "complex128",    "string",
    "unsafe.Pointer", "untyped bool",  "untyped int",
    "untyped rune",   "untyped float", "untyped complex",
    "untyped string", "untyped nil"};
static Type byte_type, rune_type;
Type *type_byte = &byte_type, *type_rune = &rune_type, *type_any, *type_error, *type_comparable;
Scope *universe;
Package *package_unsafe;

static Object *declare(ObjectKind kind, const char *name, Type *t) {
    Object *o = object_new(kind, 0, NULL, intern_c(name), t);
    ptrmap_put(&universe->names, o->name, o);
    vec_push(&universe->objects, o);
    o->parent = universe;
    o->color = 2;
    return o;
}

static Type *named_interface(const char *name, Object **out) {
    Object *o = declare(O_TYPENAME, name, NULL);
    Type *n = type_new(T_NAMED);
    n->named.obj = o;
    n->named.origin = n;
    n->named.underlying = type_new(T_INTERFACE);
    o->type = n;
    *out = o;
    return n;
}

// Once a process. unsafe's functions are built-in ones as well, declared with its scope in the
// universe's place.
void universe_init(void) {
    if (universe) return;
    universe = NEW(Scope);
    universe->comment = "universe";
    for (int k = 0; k <= T_UNTYPED_NIL; k++) {
        basics[k].kind = (TypeKind)k;
        basics[k].basic.name = basic_names[k];
        basics[k].canon = &basics[k];
    }
    byte_type = (Type){.kind = T_UINT8, .basic = {"byte"}, .canon = &basics[T_UINT8]};
    rune_type = (Type){.kind = T_INT32, .basic = {"rune"}, .canon = &basics[T_INT32]};
    for (int k = T_BOOL; k <= T_STRING; k++) declare(O_TYPENAME, basic_names[k], &basics[k]);
    declare(O_TYPENAME, "byte", type_byte)->is_alias = true;
    declare(O_TYPENAME, "rune", type_rune)->is_alias = true;

    Object *any = declare(O_TYPENAME, "any", NULL); // an alias of interface{}
    any->is_alias = true;
    type_any = type_new(T_ALIAS);
    type_any->alias.obj = any;
    type_any->alias.rhs = type_new(T_INTERFACE);
    type_any->alias.origin = type_any;
    any->type = type_any;

    Object *err, *cmp;
    type_error = named_interface("error", &err);
    Object *method = object_new(O_FUNC, 0, NULL, intern_c("Error"), NULL);
    Object *result = object_new(O_VAR, 0, NULL, intern_c(""), BASIC(STRING));
    method->type = type_func(NULL, 0, &result, 1, false);
    method->recv = type_error;
    method->color = 2;
    method->type->func.recv = object_new(O_VAR, 0, NULL, intern_c(""), type_error);
    vec_push(&type_error->named.underlying->iface.methods, method);
    type_comparable = named_interface("comparable", &cmp);
    TypeSet *ts = NEW(TypeSet);
    ts->all_types = ts->comparable = true;
    type_comparable->named.underlying->iface.tset = ts;

    declare(O_CONST, "true", BASIC(UNTYPED_BOOL))->val = const_bool(true);
    declare(O_CONST, "false", BASIC(UNTYPED_BOOL))->val = const_bool(false);
    declare(O_CONST, "iota", BASIC(UNTYPED_INT))->val = const_int64(0);
    declare(O_NIL, "nil", BASIC(UNTYPED_NIL));

    package_unsafe = NEW(Package);
    package_unsafe->path = "unsafe";
    package_unsafe->name = intern_c("unsafe");
    package_unsafe->scope = NEW(Scope);
    package_unsafe->scope->parent = universe;
    package_unsafe->decls_checked = package_unsafe->bodies_checked = package_unsafe->in_goroot =
        true;
    package_unsafe->go_version = "";
    static const char *const names[] = {
#define B(id, text) text,
        BUILTINS(B)
#undef B
    };
    Scope *all = universe;
    for (int i = 0; i < BUILTIN_ASSERT; i++) {
        if (i == BUILTIN_UNSAFE_ADD) universe = package_unsafe->scope;
        Object *o = declare(O_BUILTIN, names[i], BASIC(INVALID));
        o->builtin = (BuiltinId)i;
        if (i >= BUILTIN_UNSAFE_ADD) o->pkg = package_unsafe;
    }
    declare(O_TYPENAME, "Pointer", BASIC(UNSAFEPTR))->pkg = package_unsafe;
    universe = all;
}

void universe_define_test_functions(void) {
    declare(O_BUILTIN, "assert", BASIC(INVALID))->builtin = BUILTIN_ASSERT;
    declare(O_BUILTIN, "trace", BASIC(INVALID))->builtin = BUILTIN_TRACE;
}
