// export: a package's export data, as go vet, list -export, gopls and linters read it: an archive
// whose only member describes the package in the compiler's unified format.
//
// A checked package comes in; what its exported objects are made of goes out, other packages'
// objects that they lead to as well, so that a file can be read without others. The format knows
// elements in sections, which refer to each other by a table at their head (Reference). A type that
// depends on type parameters (derived) is no element that others could share: it stands in the
// dictionary of the object that it is written for, and is told by its index there.
//
// What is only the compiler's own stays out: bodies, and the section of private details is empty
// elements. Go's importers read no more than what is here.
#include "cmd/vole/vole.h"
#include <errno.h>
#include <stdlib.h>

typedef enum Section {
    SECTION_STRING,
    SECTION_META,
    SECTION_POS_BASE,
    SECTION_PKG,
    SECTION_NAME,
    SECTION_TYPE,
    SECTION_OBJ,
    SECTION_OBJ_EXT,
    SECTION_OBJ_DICT,
    SECTION_BODY,
    SECTIONS
} Section;

enum { FORMAT_VERSION = 5 };
enum { VALUE_BOOL, VALUE_STRING, VALUE_INT64, VALUE_BIG_INT, VALUE_BIG_RAT, VALUE_BIG_FLOAT };
enum { OBJ_ALIAS, OBJ_CONST, OBJ_TYPE, OBJ_FUNC, OBJ_VAR, OBJ_STUB };
// clang-format off
enum { TYPE_BASIC, TYPE_NAMED, TYPE_POINTER, TYPE_SLICE, TYPE_ARRAY, TYPE_CHAN, TYPE_MAP, TYPE_SIGNATURE, TYPE_STRUCT, TYPE_INTERFACE,
       TYPE_UNION, TYPE_TYPEPARAM };
// clang-format on

typedef struct Reference {
    Section section;
    uint32_t index;
} Reference;

typedef struct TypeIndex {
    uint32_t index;
    bool derived; // of the dictionary
} TypeIndex;

typedef struct Dictionary { // of an object that is written
    TypeList *receivers;    // a generic method's receiver's type parameters, or NULL
    PtrMap index;           // Type * -> index in derived + 1
    Vec(uint32_t) derived;  // elements
} Dictionary;

typedef struct Element {
    Section section;
    uint32_t index;
    Vec(Reference) references;
    Buf data;
    const Package *pkg; // whose object is written
    Dictionary *dict;
    bool derived;
} Element;

// What is being written, one package a time. The maps hold indexes + 1.
static struct {
    Vec(Str) elements[SECTIONS];
    PtrMap strings, bases, packages, types, objects;
} out;

static uint32_t known(const PtrMap *m, const void *key) {
    return (uint32_t)(uintptr_t)ptrmap_get(m, key);
}

static void remember(PtrMap *m, const void *key, uint32_t index) {
    ptrmap_put(m, key, (void *)(uintptr_t)(index + 1));
}

// ---- Elements ----

static Element element(Section section, const Package *pkg, Dictionary *dict) {
    vec_push(&out.elements[section], (Str){0});
    return (Element){
        .section = section, .index = out.elements[section].len - 1, .pkg = pkg, .dict = dict};
}

static void put_number(Buf *b, uint64_t x) {
    for (; x >= 0x80; x >>= 7) buf_putc(b, (char)(x | 0x80));
    buf_putc(b, (char)x);
}

static void number(Element *e, uint64_t x) { put_number(&e->data, x); }
static void boolean(Element *e, bool b) { buf_putc(&e->data, (char)b); }

static void reference(Element *e, Section section, uint32_t index) {
    uint32_t i = 0;
    while (i < e->references.len &&
           (e->references.data[i].section != section || e->references.data[i].index != index))
        i++;
    if (i == e->references.len) vec_push(&e->references, ((Reference){section, index}));
    number(e, i);
}

static uint32_t finish(Element *e) {
    Buf b = {0};
    put_number(&b, e->references.len);
    for (vec_each(Reference, r, &e->references)) {
        put_number(&b, r->section);
        put_number(&b, r->index);
    }
    buf_write(&b, e->data.p, e->data.len);
    out.elements[e->section].data[e->index] = str_make(b.p, b.len);
    return e->index;
}

static void bytes(Element *e, Str s) {
    Name name = intern(s.p ? s.p : "", s.len);
    uint32_t at = known(&out.strings, name);
    if (!at) {
        vec_push(&out.elements[SECTION_STRING], s);
        at = out.elements[SECTION_STRING].len;
        remember(&out.strings, name, at - 1);
    }
    reference(e, SECTION_STRING, at - 1);
}

static void text(Element *e, const char *s) { bytes(e, str_c(s ? s : "")); }

// As in gc's, GOROOT is wherever it is when this is read.
static const char *hide_goroot(const char *file) {
    size_t n = load_config.goroot ? strlen(load_config.goroot) : 0;
    bool inside = n && !strncmp(file, load_config.goroot, n) && file[n] == '/';
    return inside ? xsprintf("$GOROOT%s", file + n) : file;
}

static void position(Element *e, Pos pos) {
    const SourceFile *src = source_of(pos);
    boolean(e, src != NULL);
    if (!src) return;
    Position p = source_position(pos), raw = source_position_raw(pos);
    Name file = intern_c(!strcmp(p.file, raw.file) ? src->path : p.file);
    uint32_t at = known(&out.bases, file);
    if (!at) {
        Element base = element(SECTION_POS_BASE, NULL, NULL);
        text(&base, hide_goroot(file));
        boolean(&base, true); // a file, not a //line comment within one
        at = finish(&base) + 1;
        remember(&out.bases, file, at - 1);
    }
    reference(e, SECTION_POS_BASE, at - 1);
    number(e, p.line);
    number(e, p.col);
}

// NULL: the universe.
static void package(Element *e, const Package *p) {
    const void *key = p ? (const void *)p : (const void *)universe;
    uint32_t at = known(&out.packages, key);
    if (!at) {
        Element w = element(SECTION_PKG, p, NULL);
        text(&w, p ? p->path : "builtin");
        if (p) text(&w, p->name);
        at = finish(&w) + 1;
        remember(&out.packages, key, at - 1);
    }
    reference(e, SECTION_PKG, at - 1);
}

static void identifier(Element *e, const Package *p, const char *name) {
    package(e, p ? p : e->pkg);
    text(e, name);
}

// ---- Constants ----

static void big_integer(Element *e, const mpz_t z) {
    size_t n = 0;
    char *b = xalloc(mpz_sizeinbase(z, 256) + 1);
    mpz_export(b, &n, 1, 1, 1, 0, z);
    bytes(e, str_make(b, n));
    boolean(e, mpz_sgn(z) < 0);
}

static void integer(const Const *c, mpz_t z) {
    size_t n = const_bit_len(c) / 8 + 1;
    uint8_t *b = xalloc(n);
    const_int_bytes(c, b, n);
    mpz_init(z);
    mpz_import(z, n, -1, 1, 0, 0, b);
    if (const_sign(c) >= 0) return;
    mpz_t all; // two's complement
    mpz_init(all);
    mpz_setbit(all, 8 * n);
    mpz_sub(z, z, all);
}

// A number of a floating-point type is a fraction, whatever its value.
static void scalar(Element *e, const Const *c, bool fraction) {
    int64_t small;
    mpq_t q;
    ConstKind kind = const_kind(c);
    if (kind == CONST_BOOL) {
        number(e, VALUE_BOOL);
        boolean(e, const_bool_value(c));
    } else if (kind == CONST_STRING) {
        number(e, VALUE_STRING);
        bytes(e, const_string_value(c));
    } else if (kind == CONST_INT && !fraction && const_int64_value(c, &small)) {
        number(e, VALUE_INT64);
        number(e, small < 0 ? ~((uint64_t)small << 1) : (uint64_t)small << 1);
    } else if (kind == CONST_INT) {
        mpz_t z;
        integer(c, z);
        number(e, fraction ? VALUE_BIG_RAT : VALUE_BIG_INT);
        big_integer(e, z);
        mpz_set_ui(z, 1);
        if (fraction) big_integer(e, z);
    } else if (mpq_init(q), mpq_set_str(q, const_string_exact(c), 10) == 0) {
        number(e, VALUE_BIG_RAT);
        big_integer(e, mpq_numref(q));
        big_integer(e, mpq_denref(q));
    } else {
        number(e, VALUE_BIG_FLOAT);
        text(e, const_string_exact(c));
    }
}

static void value(Element *e, const Const *c, Type *t) {
    bool complex = type_is_complex(t) || const_kind(c) == CONST_COMPLEX;
    boolean(e, complex);
    scalar(e, complex ? const_real(c) : c, complex || type_is_float(t));
    if (complex) scalar(e, const_imag(c), true);
}

// ---- Types ----

static uint32_t object_index(Object *o);
static TypeIndex type_index(Type *t, Dictionary *dict);

static void type_use(Element *e, TypeIndex i) {
    boolean(e, i.derived);
    e->derived |= i.derived;
    if (i.derived)
        number(e, i.index);
    else
        reference(e, SECTION_TYPE, i.index);
}

static void type(Element *e, Type *t) { type_use(e, type_index(t, e->dict)); }

static void object_use(Element *e, Object *o, const TypeList *targs) {
    uint32_t n = targs ? targs->len : 0;
    TypeIndex *args = NEW_ARRAY(TypeIndex, n + 1);
    for (uint32_t i = 0; i < n; i++) args[i] = type_index(targs->data[i], e->dict);
    reference(e, SECTION_OBJ, object_index(o));
    number(e, n);
    for (uint32_t i = 0; i < n; i++) type_use(e, args[i]);
}

static Type *type_of(Object *o) {
    if (!o->type) types_resolve_object(o);
    return o->type;
}

static void parameter(Element *e, Object *o) {
    position(e, o->pos);
    identifier(e, o->pkg, o->name);
    type(e, o->type);
}

static void signature(Element *e, Type *t) {
    number(e, t->func.params.len);
    for (vec_each(Object *, p, &t->func.params)) parameter(e, *p);
    number(e, t->func.results.len);
    for (vec_each(Object *, r, &t->func.results)) parameter(e, *r);
    boolean(e, t->func.variadic);
}

static void struct_type(Element *e, Type *t) {
    number(e, t->strukt.fields.len);
    for (uint32_t i = 0; i < t->strukt.fields.len; i++) {
        Object *f = t->strukt.fields.data[i];
        const char *tag = t->strukt.tags ? t->strukt.tags[i] : NULL;
        position(e, f->pos);
        identifier(e, f->pkg, f->name);
        type(e, f->type);
        bytes(e, tag ? str_make(tag, t->strukt.tag_lens ? t->strukt.tag_lens[i] : strlen(tag))
                     : (Str){0});
        boolean(e, f->embedded);
    }
}

// An underlying type of comparable's says so by nothing but its type set.
static void interface_type(Element *e, Type *t) {
    uint32_t methods = t->iface.methods.len, embeds = t->iface.embeds.len;
    bool comparable = !embeds && interface_typeset(t)->comparable;
    number(e, methods);
    number(e, embeds + comparable);
    if (!methods && embeds + comparable == 1) boolean(e, t->iface.implicit);
    for (vec_each(Object *, m, &t->iface.methods)) {
        Type *sig = type_of(*m);
        position(e, (*m)->pos);
        identifier(e, (*m)->pkg, (*m)->name);
        signature(e, sig);
    }
    for (vec_each(Type *, x, &t->iface.embeds)) type(e, *x);
    if (comparable) type(e, type_comparable);
}

static uint32_t parameter_index(const Element *e, Type *t) {
    const TypeList *receivers = e->dict->receivers;
    for (uint32_t i = 0; receivers && i < receivers->len; i++)
        if (receivers->data[i] == t) return i;
    return (receivers ? receivers->len : 0) + t->tparam.index;
}

static void composite(Element *e, Type *t) {
    switch (t->kind) {
    case T_ARRAY:
        number(e, TYPE_ARRAY);
        number(e, (uint64_t)t->array.len);
        type(e, t->array.elem);
        break;
    case T_CHAN:
        number(e, TYPE_CHAN);
        number(e, t->chan.dir == CHAN_SEND ? 1 : t->chan.dir == CHAN_RECV ? 2 : 0);
        type(e, t->chan.elem);
        break;
    case T_MAP:
        number(e, TYPE_MAP);
        type(e, t->map.key);
        type(e, t->map.elem);
        break;
    case T_POINTER:
        number(e, TYPE_POINTER);
        type(e, t->pointer.elem);
        break;
    case T_SLICE:
        number(e, TYPE_SLICE);
        type(e, t->slice.elem);
        break;
    case T_FUNC:
        number(e, TYPE_SIGNATURE);
        signature(e, t);
        break;
    case T_STRUCT:
        number(e, TYPE_STRUCT);
        struct_type(e, t);
        break;
    case T_INTERFACE:
        number(e, TYPE_INTERFACE);
        interface_type(e, t);
        break;
    case T_UNION:
        number(e, TYPE_UNION);
        number(e, t->unio.terms.len);
        for (vec_each(UnionTerm, term, &t->unio.terms)) {
            boolean(e, term->tilde);
            type(e, term->type);
        }
        break;
    default: unreachable("type in export data");
    }
}

static bool is_universe_alias(Type *t) { return t == type_byte || t == type_rune; }

// Of a name, or of what a type is made of.
static void describe(Element *e, Type *t) {
    if (t->kind == T_ALIAS || t->kind == T_NAMED || is_universe_alias(t) ||
        t == type_any->alias.rhs) {
        number(e, TYPE_NAMED);
        if (t->kind == T_ALIAS)
            object_use(e, (t->alias.origin ? t->alias.origin : t)->alias.obj, t->alias.targs);
        else if (t->kind == T_NAMED)
            object_use(e, t->named.origin->named.obj, t->named.targs);
        else if (t->kind == T_INTERFACE)
            object_use(e, type_any->alias.obj, NULL);
        else
            object_use(e, scope_lookup(universe, intern_c(t->basic.name)), NULL);
    } else if (t->kind == T_TYPEPARAM) {
        e->derived = true;
        number(e, TYPE_TYPEPARAM);
        number(e, parameter_index(e, t));
    } else if (t->kind <= T_UNTYPED_NIL) {
        number(e, TYPE_BASIC);
        number(e, t->kind); // in go/types' order
    } else {
        composite(e, t);
    }
}

// Where a type is described, which it is once for all objects, or once for each that it is derived
// in. Aliases that functions declare are what they stand for.
static TypeIndex type_index(Type *t, Dictionary *dict) {
    while (t->kind == T_ALIAS && t->alias.obj->pkg &&
           t->alias.obj->parent != t->alias.obj->pkg->scope)
        t = t->alias.rhs;
    uint32_t at = known(&out.types, t);
    if (at) return (TypeIndex){at - 1, false};
    at = dict ? known(&dict->index, t) : 0;
    if (at) return (TypeIndex){at - 1, true};
    Element e = element(SECTION_TYPE, NULL, dict);
    describe(&e, t);
    finish(&e);
    if (!e.derived) {
        remember(&out.types, t, e.index);
        return (TypeIndex){e.index, false};
    }
    vec_push(&dict->derived, e.index);
    remember(&dict->index, t, dict->derived.len - 1);
    return (TypeIndex){dict->derived.len - 1, true};
}

// ---- Objects ----

static void parameter_names(Element *e, const TypeList *tparams) {
    for (uint32_t i = 0; tparams && i < tparams->len; i++) {
        const Object *o = tparams->data[i]->tparam.obj;
        position(e, o->pos);
        identifier(e, o->pkg, o->name);
    }
}

static bool is_generic_method(Object *o) {
    return o->kind == O_FUNC && o->recv && type_of(o)->func.tparams;
}

static uint32_t method_index(const Object *m) {
    const Type *named = m->recv->named.origin;
    for (uint32_t i = 0; i < named->named.methods.len; i++)
        if (named->named.methods.data[i] == m) return i;
    unreachable("method of no type");
}

static void method(Element *e, Object *m, uint32_t index) {
    Type *sig = type_of(m);
    number(e, index);
    position(e, m->pos);
    identifier(e, m->pkg, m->name);
    parameter_names(e, sig->func.recv_tparams);
    parameter(e, sig->func.recv);
    signature(e, sig);
    position(e, m->pos);
}

// Methods that have type parameters of their own are objects, which follow the others.
static void type_object(Element *e, Object *o) {
    Type *t = o->type;
    uint32_t generic = 0, n = t->named.methods.len;
    parameter_names(e, t->named.tparams);
    type(e, under(t));
    for (vec_each(Object *, m, &t->named.methods)) generic += is_generic_method(*m);
    number(e, n - generic);
    for (uint32_t i = 0; i < n; i++)
        if (!is_generic_method(t->named.methods.data[i])) method(e, t->named.methods.data[i], i);
    number(e, generic);
    for (vec_each(Object *, m, &t->named.methods))
        if (is_generic_method(*m)) reference(e, SECTION_OBJ, object_index(*m));
}

static void function_object(Element *e, Object *o) {
    Type *sig = type_of(o);
    bool generic = is_generic_method(o);
    boolean(e, generic);
    if (generic) {
        identifier(e, o->pkg, o->name);
        parameter_names(e, sig->func.recv_tparams);
        parameter(e, sig->func.recv);
        number(e, method_index(o));
    }
    parameter_names(e, sig->func.tparams);
    signature(e, sig);
    position(e, o->pos);
}

// What an object is; the result tells its kind.
static int object(Element *e, Object *o) {
    if (!o->pkg || o->pkg == package_unsafe) return OBJ_STUB;
    position(e, o->pos);
    Type *t = type_of(o);
    switch (o->kind) {
    case O_CONST:
        type(e, t);
        value(e, o->val, t);
        return OBJ_CONST;
    case O_VAR: type(e, t); return OBJ_VAR;
    case O_FUNC: function_object(e, o); return OBJ_FUNC;
    case O_TYPENAME: break;
    default: unreachable("object in export data");
    }
    if (!o->is_alias) {
        type_object(e, o);
        return OBJ_TYPE;
    }
    bool own = t->kind == T_ALIAS && t->alias.obj == o; // else another's, of old
    parameter_names(e, own ? t->alias.tparams : NULL);
    type(e, own ? t->alias.rhs : t);
    return OBJ_ALIAS;
}

static TypeList *parameters_of(Object *o) {
    const Type *t = o->type;
    if (!t) return NULL;
    if (o->kind == O_FUNC) return t->func.tparams;
    if (o->kind != O_TYPENAME) return NULL;
    return t->kind == T_NAMED && !o->is_alias        ? t->named.tparams
           : t->kind == T_ALIAS && t->alias.obj == o ? t->alias.tparams
                                                     : NULL;
}

static void constraints(Element *e, const TypeList *tparams) {
    for (uint32_t i = 0; tparams && i < tparams->len; i++)
        type(e, tparams->data[i]->tparam.constraint);
}

static void dictionary(Element *e, Object *o) {
    const TypeList *receivers = e->dict->receivers, *tparams = parameters_of(o);
    number(e, 0); // what surrounding functions have
    number(e, receivers ? receivers->len : 0);
    number(e, tparams ? tparams->len : 0);
    constraints(e, receivers);
    constraints(e, tparams);
    number(e, e->dict->derived.len);
    for (vec_each(uint32_t, d, &e->dict->derived)) reference(e, SECTION_TYPE, *d);
}

static const char *qualified_name(Object *o) {
    if (!is_generic_method(o)) return o->name;
    return xsprintf(o->ptr_recv ? "(*%s).%s" : "%s.%s", o->recv->named.origin->named.obj->name,
                    o->name);
}

// Four elements of the same index: what it is, the compiler's own, its name, its type parameters.
static uint32_t object_index(Object *o) {
    uint32_t at = known(&out.objects, o);
    if (at) return at - 1;
    if (o->kind == O_FUNC) type_of(o);
    Dictionary *dict = NEW(Dictionary);
    if (is_generic_method(o)) dict->receivers = o->type->func.recv_tparams;
    Element e = element(SECTION_OBJ, o->pkg, dict), own = element(SECTION_OBJ_EXT, o->pkg, NULL),
            name = element(SECTION_NAME, o->pkg, NULL), d = element(SECTION_OBJ_DICT, o->pkg, dict);
    remember(&out.objects, o, e.index);
    int kind = object(&e, o);
    finish(&e);
    finish(&own);
    package(&name, o->pkg);
    text(&name, qualified_name(o));
    number(&name, (uint64_t)kind);
    finish(&name);
    dictionary(&d, o);
    finish(&d);
    return e.index;
}

// ---- The file ----

static void put_word(Buf *b, uint32_t x) {
    for (int i = 0; i < 4; i++) buf_putc(b, (char)(x >> 8 * i));
}

// The end of each section counted in elements, of each element in bytes, the bytes, and a hash of
// all of that.
static void put_sections(Buf *b) {
    size_t start = b->len;
    uint32_t elements = 0, end = 0;
    put_word(b, FORMAT_VERSION);
    put_word(b, 0); // no marks to keep in step by
    for (int i = 0; i < SECTIONS; i++) put_word(b, elements += out.elements[i].len);
    for (int i = 0; i < SECTIONS; i++)
        for (vec_each(Str, s, &out.elements[i])) put_word(b, end += (uint32_t)s->len);
    for (int i = 0; i < SECTIONS; i++)
        for (vec_each(Str, s, &out.elements[i])) buf_write(b, s->p, s->len);
    uint64_t hash = hash_bytes(b->p + start, b->len - start, 0);
    put_word(b, (uint32_t)hash);
    put_word(b, (uint32_t)(hash >> 32));
}

// The package's exported objects, and all that they led to.
static void put_package(const Package *p) {
    Element root = element(SECTION_META, p, NULL), own = element(SECTION_META, p, NULL);
    package(&root, p);
    for (vec_each(Object *, o, &p->scope->objects))
        if (name_is_exported((*o)->name)) object_index(*o);
    number(&root, out.elements[SECTION_OBJ].len);
    for (uint32_t i = 0; i < out.elements[SECTION_OBJ].len; i++) {
        vec_push(&root.references, ((Reference){SECTION_OBJ, i}));
        number(&root, root.references.len - 1);
        number(&root, 0); // type arguments
    }
    finish(&root);
    finish(&own);
}

Str export_data(const Package *p, const char *build_id) {
    memset(&out, 0, sizeof out);
    put_package(p);
    Buf b = {0}, member = {0};
    buf_printf(&member, "go object linux %s %s %s=%s\n", options.goarch, load_go_version(),
               target_variable(), target_setting(target_variable()));
    if (build_id) buf_printf(&member, "build id \"%s\"\n", build_id);
    if (p->is_main) buf_puts(&member, "main\n");
    buf_puts(&member, "\n$$B\nu");
    put_sections(&member);
    buf_puts(&member, "\n$$\n");
    buf_puts(&b, "!<arch>\n");
    buf_printf(&b, "%-16s%-12d%-6d%-6d%-8o%-10zu`\n", "__.PKGDEF", 0, 0, 0, 0644, member.len);
    buf_write(&b, member.p, member.len);
    if (b.len & 1) buf_putc(&b, '\n');
    return str_make(b.p, b.len);
}
