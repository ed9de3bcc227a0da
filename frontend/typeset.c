// typeset: what an interface stands for: all its methods, sorted, and the types that it admits.
//
// Terms are normalised: no two overlap; the intersection of embedded elements is built one by one.
// The set of an interface that is being computed (an interface that embeds itself, already
// reported) is the empty one.
#include "frontend/check.h"
#include <stdlib.h>
#include <unictype.h>
#include <unistr.h>

const char *object_unique_name(Object *o) {
    if (name_is_exported(o->name)) return o->name;
    return xsprintf("%s.%s", o->pkg ? o->pkg->path : "_", o->name);
}

bool name_is_exported(Name n) {
    uint8_t c = (uint8_t)n[0];
    if (c < 0x80) return c >= 'A' && c <= 'Z';
    ucs4_t r;
    u8_mbtouc(&r, (const uint8_t *)n, name_len(n));
    return uc_is_general_category_withtable(r, UC_CATEGORY_MASK_Lu);
}

// Exported names first, each by name; unexported ones then by package path.
static int by_unique_name(const void *a, const void *b) {
    Object *x = *(Object *const *)a, *y = *(Object *const *)b;
    bool ex = name_is_exported(x->name), ey = name_is_exported(y->name);
    if (ex != ey) return ex ? -1 : 1;
    int c = strcmp(x->name, y->name);
    if (c || ex) return c;
    return strcmp(x->pkg ? x->pkg->path : "", y->pkg ? y->pkg->path : "");
}

// Is every type of term a in term b?
static bool term_in(TypeSetTerm a, TypeSetTerm b) {
    if (b.tilde) return types_identical(under(a.type), under(b.type));
    return !a.tilde && types_identical(a.type, b.type);
}

static void add_term(TypeSet *s, TypeSetTerm t) {
    for (uint32_t i = 0; i < s->terms.len; i++) {
        if (term_in(t, s->terms.data[i])) return;
        if (term_in(s->terms.data[i], t)) {
            s->terms.data[i--] = vec_last(&s->terms);
            s->terms.len--;
        }
    }
    vec_push(&s->terms, t);
}

// Of terms, those that lie in one of the others.
static void intersect(TypeSet *s, const TypeSet *with) {
    if (with->all_types) return;
    if (s->all_types) {
        s->all_types = false;
        s->terms.len = 0;
        for (vec_each(TypeSetTerm, t, &with->terms)) vec_push(&s->terms, *t);
        return;
    }
    TypeSet r = {0};
    for (vec_each(TypeSetTerm, a, &s->terms))
        for (vec_each(TypeSetTerm, b, &with->terms)) {
            if (term_in(*a, *b))
                add_term(&r, *a);
            else if (term_in(*b, *a))
                add_term(&r, *b);
        }
    s->terms = (__typeof__(s->terms)){r.terms.data, r.terms.len, r.terms.cap};
}

static void union_terms(Type *t, bool tilde, TypeSet *out);

// The type set of one embedded element or union term.
static TypeSet *element_set(Type *e) {
    TypeSet *s = NEW(TypeSet);
    Type *u = unalias(e);
    if (u->kind == T_UNION) {
        for (vec_each(UnionTerm, t, &u->unio.terms)) union_terms(t->type, t->tilde, s);
        return s;
    }
    Type *ut = under(e);
    if (ut->kind == T_INTERFACE && !type_is_typeparam(e)) return interface_typeset(ut);
    if (ut == BASIC(INVALID)) {
        s->all_types = true;
        return s;
    }
    vec_push(&s->terms, ((TypeSetTerm){false, e}));
    return s;
}

// Adds a term to a union: an interface with all its terms.
static void union_terms(Type *t, bool tilde, TypeSet *out) {
    if (out->all_types) return;
    Type *ut = under(t);
    if (ut->kind == T_INTERFACE && !type_is_typeparam(t)) {
        TypeSet *s = interface_typeset(ut);
        if (s->all_types) {
            out->all_types = true;
            out->terms.len = 0;
        } else
            for (vec_each(TypeSetTerm, x, &s->terms)) add_term(out, *x);
        return;
    }
    // No type has t as underlying type.
    if (ut == BASIC(INVALID) || (tilde && !types_identical(t, ut))) return;
    add_term(out, (TypeSetTerm){tilde, t});
}

static Object *find_method(TypeSet *s, Object *m) {
    for (vec_each(Object *, f, &s->methods))
        if ((*f)->name == m->name && by_unique_name(f, &m) == 0) return *f;
    return NULL;
}

// Methods are collected, terms of embedded elements intersected; remembered with the interface.
TypeSet *interface_typeset(Type *iface) {
    if (iface->kind != T_INTERFACE) {
        static TypeSet all = {.all_types = true};
        return &all;
    }
    if (iface->iface.tset) return iface->iface.tset;
    TypeSet *s = NEW(TypeSet);
    s->all_types = true;
    iface->iface.tset = s; // seen by cycles
    TypeSet acc = {.all_types = true};
    for (vec_each(Object *, m, &iface->iface.methods))
        if (!find_method(&acc, *m)) vec_push(&acc.methods, *m);
    bool comparable = false;
    for (vec_each(Type *, e, &iface->iface.embeds)) {
        TypeSet *t = element_set(*e);
        comparable |= t->comparable;
        for (vec_each(Object *, m, &t->methods))
            if (!find_method(&acc, *m)) vec_push(&acc.methods, *m);
        intersect(&acc, t);
    }
    if (comparable) {
        if (acc.all_types)
            acc.comparable = true;
        else { // keep the comparable terms only
            uint32_t n = 0;
            for (uint32_t i = 0; i < acc.terms.len; i++)
                if (type_comparable_p(acc.terms.data[i].type, false, NULL))
                    acc.terms.data[n++] = acc.terms.data[i];
            acc.terms.len = n;
        }
    }
    if (acc.methods.len > 1)
        qsort(acc.methods.data, acc.methods.len, sizeof(Object *), by_unique_name);
    *s = acc;
    return s;
}

bool interface_is_empty(Type *iface) {
    TypeSet *s = interface_typeset(iface);
    return s->all_types && !s->comparable && !s->methods.len;
}

// f of (NULL, NULL) where there are no specific types; it ends as soon as f is false.
bool typeset_each(Type *t, bool (*f)(Type *t, Type *u, void *arg), void *arg) {
    Type *u = under(t);
    if (u->kind != T_INTERFACE) return f(t, u, arg);
    TypeSet *s = interface_typeset(u);
    if (s->all_types || s->terms.len == 0) return f(NULL, NULL, arg);
    for (vec_each(TypeSetTerm, term, &s->terms)) {
        Type *tt = term->type, *tu = under(tt);
        // A type parameter as a constraint element stands for its own types.
        if (type_is_typeparam(tt)) {
            if (!typeset_each(tt, f, arg)) return false;
            continue;
        }
        if (!f(term->tilde ? tu : tt, tu, arg)) return false;
    }
    return true;
}
