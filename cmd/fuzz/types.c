// types: the types that a program uses. Those that are written out are interned by their text, so
// identical types are one pointer; named ones are declared before all else. A type's hash function
// is declared when it is first asked for.
#include "cmd/fuzz/fuzz.h"

static const char *const basic_texts[] = {
    "bool",    "int8",    "int16",     "int32",      "int64", "int",
    "uint8",   "uint16",  "uint32",    "uint64",     "uint",  "uintptr",
    "float32", "float64", "complex64", "complex128", "string"};
static const int basic_bits[] = {0, 8, 16, 32, 64, 64, 8, 16, 32, 64, 64, 64};

bool is_signed(const Type *t) { return t->kind >= INT8 && t->kind <= INT; }
bool is_integer(const Type *t) { return t->kind >= INT8 && t->kind <= UINTPTR; }
bool is_float(const Type *t) { return t->kind == FLOAT32 || t->kind == FLOAT64; }
bool is_complex(const Type *t) { return t->kind == COMPLEX64 || t->kind == COMPLEX128; }
int int_bits(const Type *t) { return basic_bits[t->kind]; }

static Type *type_intern(const char *text, Kind kind, bool *is_new) {
    Name name = intern_c(text);
    Type *t = ptrmap_get(&g.texts, name);
    *is_new = !t;
    if (t) return t;
    t = NEW(Type);
    t->kind = kind;
    t->text = text;
    t->comparable = true;
    ptrmap_put(&g.texts, name, t);
    return t;
}

const Type *type_basic(Kind k) {
    bool is_new;
    return type_intern(basic_texts[k], k, &is_new);
}

const Type *type_any(void) {
    bool is_new;
    Type *t = type_intern("any", INTERFACE, &is_new);
    if (is_new)
        for (int i = 0; i < 6; i++) vec_push(&t->choices, type_basic(rnd(LAST_BASIC + 1)));
    return t;
}

const Type *type_array(int len, const Type *elem) {
    bool is_new;
    Type *t = type_intern(xsprintf("[%d]%s", len, elem->text), ARRAY, &is_new);
    t->len = len;
    t->elem = elem;
    t->comparable = elem->comparable;
    t->pointers = elem->pointers;
    t->open = elem->open;
    return t;
}

const Type *type_slice(const Type *elem) {
    bool is_new;
    Type *t = type_intern(xsprintf("[]%s", elem->text), SLICE, &is_new);
    t->elem = elem;
    t->comparable = false;
    t->pointers = true;
    t->open = elem->open;
    return t;
}

const Type *type_map(const Type *key, const Type *elem) {
    bool is_new;
    Type *t = type_intern(xsprintf("map[%s]%s", key->text, elem->text), MAP, &is_new);
    t->key = key;
    t->elem = elem;
    t->comparable = false;
    t->pointers = true;
    t->open = key->open || elem->open;
    return t;
}

// May two variables of it lie in one place?
static bool has_no_size(const Type *t) {
    if (t->kind == ARRAY) return !t->len || has_no_size(t->elem);
    if (t->kind != STRUCT) return t->kind == PARAM;
    for (vec_each(const Field, f, &t->fields))
        if (!has_no_size(f->type)) return false;
    return true;
}

const Type *type_pointer(const Type *elem) {
    bool is_new;
    Type *t = type_intern(xsprintf("*%s", elem->text), POINTER, &is_new);
    t->elem = elem;
    t->pointers = true;
    t->open = elem->open;
    t->comparable = !has_no_size(elem);
    return t;
}

const Type *type_chan(const Type *elem) {
    bool is_new;
    Type *t = type_intern(xsprintf("chan (%s)", elem->text), CHAN, &is_new);
    t->elem = elem;
    t->pointers = true;
    t->open = elem->open;
    return t;
}

static void types_text(const TypeVec *types, Buf *b) {
    for (uint32_t i = 0; i < types->len; i++)
        buf_printf(b, "%s%s", i ? ", " : "", types->data[i]->text);
}

const char *results_text(const TypeVec *results) {
    Buf b = {0};
    if (results->len) buf_putc(&b, ' ');
    if (results->len > 1) buf_putc(&b, '(');
    types_text(results, &b);
    if (results->len > 1) buf_putc(&b, ')');
    return buf_str(&b);
}

// Its text is its identity: equal texts give one type.
const Type *type_func(const TypeVec *params, const TypeVec *results) {
    Buf b = {0};
    buf_puts(&b, "func(");
    types_text(params, &b);
    buf_printf(&b, ")%s", results_text(results));
    bool is_new;
    Type *t = type_intern(buf_str(&b), FUNC, &is_new);
    if (is_new) {
        for (vec_each(const Type *, it, params)) vec_push(&t->params, *it);
        for (vec_each(const Type *, it, results)) vec_push(&t->results, *it);
    }
    t->comparable = false;
    t->pointers = true;
    return t;
}

// ---- random ones ----

const Type *type_random_integer(void) {
    if (chance(60)) return g.palette[rnd(PALETTE - 2)];
    return type_basic(INT8 + rnd(UINTPTR - INT8 + 1));
}
const Type *type_random_basic(void) {
    if (chance(70)) return g.palette[rnd(PALETTE)];
    return chance(55) ? type_random_integer() : type_basic(rnd(LAST_BASIC + 1));
}

static bool fits(const Type *t, Want want) {
    return !((want & COMPARABLE && !t->comparable) || (want & NO_POINTERS && t->pointers));
}

static const Type *random_named(Want want) {
    for (int i = 0; i < 4 && g.named.len; i++) {
        const Type *t = g.named.data[rnd(g.named.len)];
        if (fits(t, want)) return t;
    }
    return type_random_basic();
}

static const Type *random_func(int depth) {
    TypeVec params = {0}, results = {0};
    for (uint32_t n = rnd(3); n; n--) vec_push(&params, type_random(depth - 1, SMALL));
    for (uint32_t n = chance(80) ? 1 : rnd(3); n; n--)
        vec_push(&results, type_random(depth - 1, SMALL));
    return type_func(&params, &results);
}

// A key of a map: a basic type, or bytes of any number, or anything that can be compared.
static const Type *random_key(int depth) {
    switch (rnd(6)) {
    case 0:
    case 1: return type_random_basic();
    case 2: return type_basic(STRING);
    case 3: return type_array((int)(chance(70) ? rnd(20) : rnd(301)), type_basic(UINT8));
    default: return type_random(depth, COMPARABLE);
    }
}

// Draws until something fits; the deeper, the plainer.
const Type *type_random(int depth, Want want) {
    if (depth <= 0 || chance(40)) return chance(30) ? random_named(want) : type_random_basic();
    for (;;) {
        const Type *t = NULL;
        switch (rnd(12)) {
        case 0:
        case 1:
            t = type_array((int)(chance(80) ? 1 + rnd(5) : rnd(want & SMALL ? 9 : 40)),
                           type_random(depth - 1, want));
            break;
        case 2:
        case 3:
        case 4: t = type_slice(type_random(depth - 1, ANY_TYPE)); break;
        case 5:
        case 6: t = type_map(random_key(depth - 1), type_random(depth - 1, ANY_TYPE)); break;
        case 7: t = type_pointer(type_random(depth - 1, ANY_TYPE)); break;
        case 8: t = random_func(depth); break;
        case 9: t = type_any(); break;
        default: t = random_named(want); break;
        }
        if (fits(t, want)) return t;
    }
}

// ---- declared ones ----

static Type *type_new_named(Kind kind, const char *what) {
    Type *t = NEW(Type);
    t->kind = kind;
    t->text = top_name(what);
    t->named = true;
    t->comparable = true;
    return t;
}

static void declare_basic(void) {
    const Type *under = type_random_basic();
    Type *t = type_new_named(under->kind, "B");
    node_add(g.types, STMT(xsprintf("type %s %s\n", t->text, under->text)));
    vec_push(&g.named, t);
}

static void declare_composite(void) {
    const Type *under;
    do under = type_random(2, ANY_TYPE);
    while (under->named || under->kind <= LAST_BASIC || under->kind == POINTER ||
           under->kind == INTERFACE);
    Type *t = NEW(Type);
    *t = *under;
    t->text = top_name("C");
    t->named = true;
    t->hash = NULL;
    node_add(g.types, STMT(xsprintf("type %s %s\n", t->text, under->text)));
    vec_push(&g.named, t);
}

static const Type *embeddable(void) {
    for (int i = 0; i < 6 && g.named.len; i++) {
        const Type *t = g.named.data[rnd(g.named.len)];
        if (t->kind == STRUCT) return t;
    }
    return NULL;
}

static void add_field(Type *t, const Type *f, bool embedded) {
    Field field = {embedded ? f->text : xsprintf("f%u", t->fields.len), f, embedded};
    vec_push(&t->fields, field);
    t->comparable = t->comparable && f->comparable;
    t->pointers = t->pointers || f->pointers;
}

// Half of them are comparable, to be keys. The declaration's text grows with the type.
static void declare_struct(void) {
    Type *t = type_new_named(STRUCT, "S");
    Node *fields = BLOCK();
    const Type *embedded = chance(40) ? embeddable() : NULL;
    if (embedded) {
        add_field(t, embedded, true);
        node_add(fields, STMT(xsprintf("%s\n", embedded->text)));
    }
    bool plain = chance(50);
    for (uint32_t n = rnd(chance(85) ? 5 : 14); n; n--) {
        const Type *f = type_random(2, plain ? COMPARABLE : ANY_TYPE);
        if (chance(8)) { node_add(fields, STMT(xsprintf("_ %s\n", type_random_basic()->text))); }
        node_add(fields, STMT(xsprintf("f%u %s\n", t->fields.len, f->text)));
        add_field(t, f, false);
    }
    node_add(g.types, STMT(xsprintf("type %s struct {\n$0}\n", t->text), fields));
    vec_push(&g.named, t);
}

void types_declare(void) {
    for (uint32_t n = 2 + rnd(4); n; n--) {
        uint32_t what = rnd(10);
        if (what < 3)
            declare_basic();
        else if (what < 4)
            declare_composite();
        else
            declare_struct();
    }
}

// ---- hashing ----

static const char *hash_fields(const Type *t) {
    Buf b = {0};
    for (vec_each(Field, f, &t->fields))
        buf_printf(&b, "h = %s(h, v.%s)\n", type_hash(f->type), f->name);
    return buf_str(&b);
}

static const char *hash_interface(const Type *t) {
    Buf b = {0};
    buf_puts(&b, "switch v := any(v).(type) {\n");
    for (uint32_t i = 0; i < t->choices.len; i++) {
        bool repeated = false;
        for (uint32_t k = 0; k < i; k++)
            repeated = repeated || t->choices.data[k] == t->choices.data[i];
        if (repeated) continue;
        buf_printf(&b, "case %s:\nh = %s(h+%u, v)\n", t->choices.data[i]->text,
                   type_hash(t->choices.data[i]), i + 1);
    }
    buf_puts(&b, "case nil:\nh = hU(h, 77)\ndefault:\nh = hU(h, 78)\n}\n");
    return buf_str(&b);
}

// Entries of maps are summed, for their order is random. A pointer to what holds pointers is nil or
// not, no more, so that cycles end.
static const char *hash_body(const Type *t) {
    switch (t->kind) {
    case ARRAY: return xsprintf("for i := range v {\nh = %s(h, v[i])\n}\n", type_hash(t->elem));
    case SLICE:
        return xsprintf("h = hU(h, uint64(len(v)))\nfor _, e := range v {\nh = %s(h, e)\n}\n",
                        type_hash(t->elem));
    case MAP:
        return xsprintf("h = hU(h, uint64(len(v)))\nvar sum uint64\nfor k, e := range v {\nsum += "
                        "%s(%s(1, k), e)\n}\nh = hU(h, sum)\n",
                        type_hash(t->elem), type_hash(t->key));
    case STRUCT: return hash_fields(t);
    case POINTER:
        if (t->elem->pointers) return "h = hB(h, v == nil)\n";
        return xsprintf("if v != nil {\nh = %s(h+1, *v)\n}\n", type_hash(t->elem));
    case INTERFACE: return hash_interface(t);
    case CHAN: return "h = hU(h, uint64(len(v)))\n";
    default: return "h = hB(h, v == nil)\n";
    }
}

// Declared at its first use; the name stands before the body is made, which may need it itself.
const char *type_hash(const Type *t) {
    if (t->open) return "hP"; // a function's own, so no function can be named for it
    if (t->kind == BOOL) return "hB";
    if (is_integer(t)) return "hI";
    if (is_float(t)) return "hF";
    if (is_complex(t)) return "hC";
    if (t->kind == STRING) return "hS";
    if (t->hash) return t->hash;
    Type *mut = (Type *)t;
    mut->hash = top_name("h");
    const char *body = hash_body(t);
    node_add(g.funcs,
             STMT(xsprintf("//go:noinline\nfunc %s(h uint64, v %s) uint64 {\n%sreturn h\n}\n",
                           t->hash, t->text, body)));
    return t->hash;
}
