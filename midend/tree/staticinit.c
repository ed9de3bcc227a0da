// staticinit: values that need no code.
//
// Constants, composite literals, addresses of globals, functions, and interface values made of
// those become Data: bytes with relocations. Two strengths: anything of that kind for a package
// variable, whose initialiser runs once, including what a literal allocates (the backing arrays of
// slices, &T{…}); in function bodies only what is immutable, since each evaluation must give fresh
// memory otherwise.
#define _GNU_SOURCE 1
#include "midend/tree/staticinit.h"
#include "frontend/load.h"
#include "midend/options.h"
#include "midend/tree/passes.h"
#include "frontend/fsys.h"
#include <stdlib.h>

// Is n's address known statically: a global, or a part of one? Gives both.
static bool global_address(Node *n, Global **global, int64_t *off) {
    switch (n->op) {
    case N_GLOBAL:
        *global = n->global;
        *off = 0;
        return true;
    case N_CONVNOP: return global_address(n->x, global, off);
    case N_DOT:
        if (!global_address(n->x, global, off)) return false;
        *off += type_field_offset(under(n->x->type), (uint32_t)n->field);
        return true;
    case N_INDEX: {
        Type *t = under(n->x->type);
        int64_t i;
        if (t->kind != T_ARRAY || n->y->op != N_CONST || !const_int64_value(n->y->val, &i) ||
            i < 0 || i >= t->array.len)
            return false;
        if (!global_address(n->x, global, off)) return false;
        *off += i * type_size(t->array.elem);
        return true;
    }
    default:
        return false; // new's object is one of the heap, as with gc: it can go away, and tell so
    }
}

// A package variable whose value is known while the package's variables are initialised: it was
// static, and nothing ever assigns to it.
static bool known_global(const Global *g) {
    if (!g->init || g->external || !g->obj || g->obj->assigns || g->obj->addr_taken) return false;
    TypeKind k = under(g->type)->kind;
    // Parts may be assigned; -ldflags=-X sets strings.
    return k != T_STRUCT && k != T_ARRAY && k != T_STRING;
}

// In code that runs once even what each evaluation would have to make anew can be data.
static bool possible(Node *n, bool once) {
    Global *global;
    int64_t off;
    switch (n->op) {
    case N_CONST:
    case N_ZERO:
    case N_FUNC:
    case N_TYPEDESC:
    case N_METHODPTR: return true;
    case N_CLOSURE: return node_is_closed_func(n);
    case N_GLOBAL: return once && known_global(n->global);
    case N_CONVNOP: return possible(n->x, once);
    case N_STRUCTLIT:
        for (vec_each(Node *, e, &n->list))
            if (*e && !possible(*e, once)) return false;
        return true;
    case N_ARRAYLIT:
        for (vec_each(Node *, e, &n->list))
            if (!possible((*e)->y, once)) return false;
        return true;
    case N_SLICELIT:
        if (!once) return false;
        for (vec_each(Node *, e, &n->list))
            if (!possible((*e)->y, once)) return false;
        return true;
    case N_ADDR:
        if (global_address(n->x, &global, &off)) return true;
        return once &&
               (n->x->op == N_STRUCTLIT || n->x->op == N_ARRAYLIT || n->x->op == N_SLICELIT ||
                n->x->op == N_ZERO) &&
               possible(n->x, once);
    case N_SLICE:
        for (vec_each(Node *, e, &n->list))
            if (*e) return false;
        return under(n->x->type)->kind == T_POINTER && n->x->op == N_ADDR && possible(n->x, once);
    case N_STR2BYTES: return once && n->x->op == N_CONST;
    case N_CONVIFACE: return !type_is_interface(n->x->type) && possible(n->x, once);
    default: return false;
    }
}

// Literals that are mostly zeros, like []int{1 << 30: 1}, would be long runs of zeros in the object
// file: they are cleared and filled by code.
static bool sparse(Node *n) {
    Type *t = under(n->type);
    switch (n->op) {
    case N_CONVNOP:
    case N_ADDR: return sparse(n->x);
    case N_STRUCTLIT:
        for (vec_each(Node *, e, &n->list))
            if (*e && sparse(*e)) return true;
        return false;
    case N_ARRAYLIT:
    case N_SLICELIT: {
        int64_t elem = type_size(n->op == N_ARRAYLIT ? t->array.elem : t->slice.elem);
        int64_t len = n->op == N_ARRAYLIT ? t->array.len : n->len;
        if (elem > 0 && len > (1 << 20) / elem && n->list.len < len / 8) return true;
        for (vec_each(Node *, e, &n->list))
            if (sparse((*e)->y)) return true;
        return false;
    }
    default: return false;
    }
}

bool static_possible(Node *n, bool once) { return possible(n, once) && !sparse(n); }
bool static_needs_no_code(Node *n) { return possible(n, true); }

static uint8_t *bytes_at(Data *d, uint64_t off) {
    if (!d->bytes) d->bytes = xalloc(d->size);
    return d->bytes + off;
}

static void write_int(Data *d, uint64_t off, uint64_t v, size_t size) {
    if (v) memcpy(bytes_at(d, off), &v, size);
}

static Reloc *add_reloc(Data *d, uint64_t off, RelocKind kind) {
    vec_push(&d->relocs, ((Reloc){.offset = (uint32_t)off, .kind = kind}));
    uint32_t i = d->relocs.len - 1;
    for (; i > 0 && d->relocs.data[i - 1].offset > off; i--)
        d->relocs.data[i] = d->relocs.data[i - 1];
    d->relocs.data[i] = (Reloc){.offset = (uint32_t)off, .kind = kind};
    return &d->relocs.data[i];
}

static void write_string(Data *d, uint64_t off, Str s) {
    if (s.len) add_reloc(d, off, RELOC_STRING)->str = s;
    write_int(d, off + 8, s.len, 8);
}

static void write_slice(Data *d, uint64_t off, Data *elements, uint64_t len) {
    add_reloc(d, off, RELOC_DATA)->data = elements;
    write_int(d, off + 8, len, 8);
    write_int(d, off + 16, len, 8);
}

// Bytes are little endian, on both machines. Data is zero to begin with, so that a zero needs no
// memory of its own.
static void write_const(Data *d, uint64_t off, Type *t, const Const *c) {
    Type *u = under(t);
    switch (u->kind) {
    case T_BOOL: write_int(d, off, const_bool_value(c), 1); return;
    case T_STRING: write_string(d, off, const_string_value(c)); return;
    case T_FLOAT32: {
        float f = const_float_value(c);
        memcpy(bytes_at(d, off), &f, 4);
        return;
    }
    case T_FLOAT64: {
        double f = const_double_value(c);
        memcpy(bytes_at(d, off), &f, 8);
        return;
    }
    case T_COMPLEX64: {
        float f[2] = {const_float_value(const_real(c)), const_float_value(const_imag(c))};
        memcpy(bytes_at(d, off), f, 8);
        return;
    }
    case T_COMPLEX128: {
        double f[2] = {const_double_value(const_real(c)), const_double_value(const_imag(c))};
        memcpy(bytes_at(d, off), f, 16);
        return;
    }
    default:
        if (const_sign(c)) const_int_bytes(c, bytes_at(d, off), (size_t)type_size(t));
        return;
    }
}

Data *static_data_of(Unit *u, Node *n, bool readonly, bool once) {
    Data *d = unit_data(u, (uint64_t)type_size(n->type), (uint64_t)type_align(n->type), readonly);
    d->has_pointers = !readonly && type_has_pointers(n->type);
    static_write(u, d, 0, n, once);
    return d;
}

static void write_iface(Unit *u, Data *d, uint64_t off, Node *n, bool once) {
    Type *t = types_canonical(n->x->type);
    if (interface_is_empty(under(n->type))) {
        unit_need_type(u, t);
        add_reloc(d, off, RELOC_TYPE)->type = t;
    } else {
        add_reloc(d, off, RELOC_ITAB)->itab = unit_itab(u, types_canonical(n->type), t);
    }
    if (type_is_direct_iface(t))
        static_write(u, d, off + 8, n->x, once);
    else
        add_reloc(d, off + 8, RELOC_DATA)->data = static_data_of(u, n->x, true, once);
}

// Data that is all zero gets no bytes, which would stand in the file.
void static_write(Unit *u, Data *d, uint64_t off, Node *n, bool once) {
    Type *t = under(n->type);
    switch (n->op) {
    case N_ZERO: return;
    case N_CONST: write_const(d, off, n->type, n->val); return;
    case N_FUNC:
    case N_CLOSURE: add_reloc(d, off, RELOC_FUNCVAL)->func = n->func; return;
    case N_METHODPTR: add_reloc(d, off, RELOC_CODE)->func = n->func; return;
    case N_TYPEDESC:
        unit_need_type(u, types_canonical(n->target));
        add_reloc(d, off, RELOC_TYPE)->type = types_canonical(n->target);
        return;
    case N_CONVNOP: static_write(u, d, off, n->x, once); return;
    case N_GLOBAL: {
        Data *from = n->global->init;
        if (from->bytes) memcpy(bytes_at(d, off), from->bytes, from->size);
        for (uint32_t i = 0; i < from->relocs.len; i++) {
            Reloc r = from->relocs.data[i];
            Reloc *to = add_reloc(d, off + r.offset, r.kind);
            r.offset = to->offset;
            *to = r;
        }
        return;
    }
    case N_STRUCTLIT:
        for (uint32_t i = 0; i < n->list.len; i++)
            if (n->list.data[i])
                static_write(u, d, off + (uint64_t)type_field_offset(t, i), n->list.data[i], once);
        return;
    case N_ARRAYLIT:
        for (vec_each(Node *, e, &n->list))
            static_write(u, d, off + (uint64_t)(*e)->index * (uint64_t)type_size(t->array.elem),
                         (*e)->y, once);
        return;
    case N_SLICELIT: {
        Node *lit =
            node_new(N_ARRAYLIT, n->pos, types_canonical(type_array(t->slice.elem, n->len)));
        lit->list = n->list;
        write_slice(d, off, static_data_of(u, lit, false, once), (uint64_t)n->len);
        return;
    }
    case N_ADDR: {
        Global *global;
        int64_t at;
        if (global_address(n->x, &global, &at)) {
            Reloc *r = add_reloc(d, off, RELOC_GLOBAL);
            r->global = global;
            r->addend = at;
        } else {
            Data *x = static_data_of(u, n->x, false, once);
            add_reloc(d, off, RELOC_DATA)->data = x;
        }
        return;
    }
    case N_SLICE: {
        int64_t len = under(under(n->x->type)->pointer.elem)->array.len;
        static_write(u, d, off, n->x, once);
        write_int(d, off + 8, (uint64_t)len, 8);
        write_int(d, off + 16, (uint64_t)len, 8);
        return;
    }
    case N_STR2BYTES: {
        Str s = const_string_value(n->x->val);
        Data *b = unit_data(u, s.len, 1, false);
        if (s.len) memcpy(bytes_at(b, 0), s.p, s.len);
        write_slice(d, off, b, s.len);
        return;
    }
    case N_CONVIFACE: write_iface(u, d, off, n, once); return;
    default: ice("staticinit: %s", node_op_text[n->op]);
    }
}

static Data *data_for(Type *t) {
    Data *d = NEW(Data);
    d->size = (uint64_t)type_size(t);
    d->align = (uint64_t)type_align(t);
    d->has_pointers = type_has_pointers(t);
    return d;
}

// -ldflags=-X name=value --------------------------------------------------------------------------

bool static_define(Global *g) {
    for (uint32_t i = midend_options.strings.len; i-- > 0;) { // the last one counts
        const StringDef *def = &midend_options.strings.data[i];
        if (strcmp(def->name, g->name) || under(g->type)->kind != T_STRING || g->external) continue;
        g->init = data_for(g->type);
        write_string(g->init, 0, str_c(def->value));
        return true;
    }
    return false;
}

bool static_init(Unit *u, Global *g, Node *value) {
    if (!possible(value, true)) return false;
    if (static_define(g)) return true;
    if (sparse(value)) return false;
    Data *d = data_for(g->type);
    static_write(u, d, 0, value, true);
    if (d->bytes || d->relocs.len) g->init = d;
    return true;
}

// initialisers that were calls --------------------------------------------------------------------

typedef struct Args {
    PtrMap values, used;
    bool ok;
} Args; // Local * -> Node *

static const Node *skip_conversions(const Node *n) {
    while (n->op == N_CONVNOP) n = n->x;
    return n;
}

// n with the parameters replaced by the arguments. What allocates must not be there twice.
static Node *substitute(Node *n, Args *a) {
    if (!n) return NULL;
    if (n->op == N_LOCAL) {
        Node *v = ptrmap_get(&a->values, n->local);
        if (!v || (ptrmap_has(&a->used, n->local) && skip_conversions(v)->op != N_CONST)) {
            a->ok = false;
            return n;
        }
        ptrmap_put(&a->used, n->local, v);
        return v;
    }
    Node *m = NEW(Node);
    *m = *n;
    m->x = substitute(n->x, a);
    m->y = substitute(n->y, a);
    m->list = (NodeVec){0};
    for (vec_each(Node *, e, &n->list)) vec_push(&m->list, substitute(*e, a));
    return m;
}

// The expression that an inlined call of a function that only returns one is; NULL for others.
// Arguments that are not used are values without effects.
static Node *inlined_value(Node *n) {
    Node *last = n->list.len ? vec_last(&n->list) : NULL;
    if (n->x->op != N_LOCAL || !last || last->op != N_BLOCK) return NULL;
    Args a = {.ok = true};
    for (uint32_t i = 0; i + 1 < n->list.len; i++) {
        Node *s = n->list.data[i];
        if (s->op == N_DCL) continue;
        if (s->op != N_AS || !s->x || s->x->op != N_LOCAL || !possible(s->y, true)) return NULL;
        ptrmap_put(&a.values, s->x->local, s->y);
    }
    Node *as = last;
    while (as->op == N_BLOCK && as->list.len == 1) as = as->list.data[0];
    if (as->op != N_AS || !as->x || as->x->op != N_LOCAL || as->x->local != n->x->local)
        return NULL;
    Node *v = substitute(as->y, &a);
    return a.ok ? v : NULL;
}

static Node *static_value(Node *n) {
    if (!n) return NULL;
    if (n->op == N_STMTEXPR) return (n = inlined_value(n)) ? static_value(n) : NULL;
    if (n->op == N_CONVNOP || n->op == N_CONVIFACE) {
        Node *x = static_value(n->x);
        if (!x) return NULL;
        Node *m = NEW(Node);
        *m = *n;
        m->x = x;
        return m;
    }
    return n;
}

void static_init_inlined(Unit *u) {
    uint32_t k = 0;
    NodeVec *l = &u->init->body;
    for (uint32_t i = 0; i < l->len; i++) {
        Node *n = l->data[i];
        bool candidate = n->op == N_AS && n->x && n->x->op == N_GLOBAL && !n->x->global->external &&
                         !n->x->global->init;
        Node *v = candidate ? static_value(n->y) : NULL;
        if (!v || v == n->y || !static_init(u, n->x->global, v)) l->data[k++] = n;
    }
    l->len = k;
}

// //go:embed --------------------------------------------------------------------------------------

static int str_order(Str x, Str y) {
    int c = memcmp(x.p, y.p, x.len < y.len ? x.len : y.len);
    return c ? c : (x.len > y.len) - (x.len < y.len);
}

// Names of an embed.FS are in order of their folders, then of what is in each; the slash that ends
// a folder's own name is no part of it, for embed searches for names without.
static int by_folder(const void *a, const void *b) {
    Str folder[2], name[2];
    for (int i = 0; i < 2; i++) {
        const char *x = *(const char *const *)(i ? b : a);
        size_t n = strlen(x);
        n -= x[n - 1] == '/';
        const char *slash = memrchr(x, '/', n), *start = slash ? slash + 1 : x;
        folder[i] = slash ? str_make(x, (size_t)(slash - x)) : str_c(".");
        name[i] = str_make(start, (size_t)(x + n - start));
    }
    int c = str_order(folder[0], folder[1]);
    return c ? c : str_order(name[0], name[1]);
}

static void add_name(PathVec *names, const char *name) {
    for (vec_each(const char *, n, names))
        if (!strcmp(*n, name)) return;
    vec_push(names, name);
}

static Str embedded_text(const Package *p, const char *name) {
    Str s;
    if (!fsys_read(xsprintf("%s/%s", p->dir, name), &s)) s = (Str){0};
    return s;
}

// An embed.FS: files sorted by by_folder, with entries for all folders that lead to them.
static void embed_files(Unit *u, Data *d, PathVec *files) {
    enum { FILE_SIZE = 48 }; // embed.file: name, data, hash (which nobody reads)
    PathVec names = {0};
    for (vec_each(const char *, f, files)) {
        for (const char *s = strchr(*f, '/'); s; s = strchr(s + 1, '/'))
            add_name(&names, xstrndup(*f, (size_t)(s - *f) + 1));
        add_name(&names, *f);
    }
    qsort(names.data, names.len, sizeof *names.data, by_folder);
    Data *slice = unit_data(u, 24, 8, false),
         *list = unit_data(u, (uint64_t)names.len * FILE_SIZE, 8, false);
    for (uint32_t i = 0; i < names.len; i++) {
        const char *name = names.data[i];
        write_string(list, (uint64_t)i * FILE_SIZE, str_c(name));
        if (name[strlen(name) - 1] != '/')
            write_string(list, (uint64_t)i * FILE_SIZE + 16, embedded_text(u->pkg, name));
    }
    write_slice(slice, 0, list, names.len);
    add_reloc(d, 0, RELOC_DATA)->data = slice;
}

// string, []byte or embed.FS, as the checker has seen to; only the last may have more than one
// file.
void static_embed(Unit *u, Global *g, const Decl *decl) {
    EmbedVec patterns = {0};
    const char *err;
    if (!load_embed(u->pkg, decl->doc_embed, &patterns, &err)) {
        error_at(decl->embed_pos, "%s", err);
        return;
    }
    PathVec files = {0};
    for (vec_each(EmbedPattern, e, &patterns))
        for (vec_each(const char *, f, &e->files)) add_name(&files, *f);
    Type *t = decl->value.type->type;
    TypeKind k = under(t)->kind;
    if (k != T_STRUCT && files.len != 1) {
        error_at(decl->pos, "invalid go:embed: multiple files for type %s", type_string(t));
        return;
    }
    if (!g) return;
    Data *d = g->init = data_for(g->type);
    if (k == T_STRUCT) {
        embed_files(u, d, &files);
        return;
    }
    Str text = embedded_text(u->pkg, files.data[0]);
    if (k == T_STRING) {
        write_string(d, 0, text);
        return;
    }
    Data *bytes = unit_data(u, text.len, 1, false);
    if (text.len) memcpy(bytes_at(bytes, 0), text.p, text.len);
    write_slice(d, 0, bytes, text.len);
}
