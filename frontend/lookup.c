// lookup: fields and methods by name through embedded fields, method sets, and whether a type
// implements an interface.
//
// The search goes by depth: at each depth all embedded types, each named type once; two finds at
// one depth are ambiguous. A selection's path holds the index of every embedded field walked
// through, then (for fields) the field's own.
#include "frontend/check_impl.h"
#include <stdlib.h>
#include <strings.h>

static bool name_matches(Object *o, Package *pkg, Name name, bool fold) {
    if (fold && strcasecmp(o->name, name) == 0) return true;
    if (o->name != name) return false;
    if (name_is_exported(name)) return true;
    return o->pkg == pkg || (o->pkg && pkg && strcmp(o->pkg->path, pkg->path) == 0);
}

typedef struct Embedded {
    Type *type;
    uint32_t *path;
    uint32_t len;
    bool indirect, multiples;
} Embedded;
typedef Vec(Embedded) EmbeddedVec;

static uint32_t *path_add(const uint32_t *p, uint32_t len, uint32_t i) {
    uint32_t *n = NEW_ARRAY(uint32_t, len + 1);
    if (len) memcpy(n, p, len * sizeof *n);
    n[len] = i;
    return n;
}

// Several embedded fields of one type at one depth are one entry, marked multiples.
static void consolidate(EmbeddedVec *v) {
    if (v->len < 2) return;
    uint32_t n = 0;
    for (uint32_t i = 0; i < v->len; i++) {
        bool dup = false;
        for (uint32_t j = 0; j < n && !dup; j++)
            if (types_identical(v->data[j].type, v->data[i].type))
                v->data[j].multiples = dup = true;
        if (!dup) v->data[n++] = v->data[i];
    }
    v->len = n;
}

// A search at one depth: what for, what it found, and what to look through at the next depth.
typedef struct Search {
    Package *pkg;
    Name name;
    bool fold;
    bool found, is_method;
    Lookup result;
    EmbeddedVec next;
} Search;

static bool matches(const Search *s, Object *o) {
    return name_matches(o, s->pkg, s->name, s->fold);
}

// A find by way of e. False: there is another at this depth, so that the name is ambiguous.
static bool find(Search *s, const Embedded *e, Lookup l, bool is_method) {
    if (s->found || e->multiples) {
        s->result = (Lookup){.ambiguous = true};
        return false;
    }
    l.indirect = e->indirect;
    s->result = l;
    s->found = true;
    s->is_method = is_method;
    return true;
}

// Looks through a struct's fields; embedded ones are put off to the next depth, unless the name is
// found.
static bool search_fields(Search *s, const Embedded *e, Type *u) {
    for (uint32_t i = 0; i < u->strukt.fields.len; i++) {
        Object *f = u->strukt.fields.data[i];
        if (matches(s, f)) {
            if (!find(s, e,
                      (Lookup){
                          .obj = f, .path = path_add(e->path, e->len, i), .path_len = e->len + 1},
                      false))
                return false;
            continue; // another field of this name would be a redeclaration
        }
        if (s->found || !f->embedded || !f->type) continue;
        bool p;
        Type *et = deref(f->type, &p);
        TypeKind ek = under(et)->kind;
        if (as_named(et) || ek == T_STRUCT || ek == T_INTERFACE)
            vec_push(&s->next, ((Embedded){et, path_add(e->path, e->len, i), e->len + 1,
                                           e->indirect || p, e->multiples}));
    }
    return true;
}

// Looks at e's own methods, then at its fields or an interface's methods. False: the name is
// ambiguous.
static bool search_type(Search *s, const Embedded *e, Type *named) {
    uint32_t nm = named ? named_num_methods(named) : 0;
    for (uint32_t i = 0; i < nm; i++) {
        if (!matches(s, named->named.origin->named.methods.data[i])) continue;
        if (find(s, e, (Lookup){.path = e->path, .path_len = e->len}, true)) {
            s->result.obj = named_method(named, i);
            return true;
        }
        s->result.path = e->path;
        s->result.path_len = e->len;
        return false;
    }
    Type *u = under(e->type);
    if (u->kind == T_STRUCT) return search_fields(s, e, u);
    if (u->kind != T_INTERFACE) return true;
    TypeSet *set = interface_typeset(u);
    for (vec_each(Object *, m, &set->methods)) {
        if (!matches(s, *m)) continue;
        if (!find(s, e, (Lookup){.obj = *m, .path = e->path, .path_len = e->len}, true))
            return false;
        if (!(*m)->type && types_resolve_object) types_resolve_object(*m);
        return true;
    }
    return true;
}

// Depth by depth: what is found at one hides what is deeper. Types at the same depth are searched
// in order, and a second find makes the name ambiguous.
static Lookup lookup(Type *T, bool addressable, Package *pkg, Name name, bool fold) {
    if (name[0] == '_' && !name[1]) return (Lookup){0};
    bool is_ptr;
    Type *typ = deref(T, &is_ptr);
    if (is_ptr && under(typ)->kind == T_INTERFACE)
        return (Lookup){0}; // *interface and *T with T a type parameter have no fields or methods
    Embedded first = {typ, NULL, 0, is_ptr, false};
    EmbeddedVec current = {&first, 1, 1};
    PtrMap seen = {0};
    while (current.len) {
        Search s = {.pkg = pkg, .name = name, .fold = fold};
        for (vec_each(Embedded, e, &current)) {
            Type *named = as_named(e->type);
            if (named && e->len) { // met before, at a lesser depth or this one, it adds nothing
                if (named == first.type || ptrmap_has(&seen, named)) continue;
                ptrmap_put(&seen, named, named);
            }
            if (!search_type(&s, e, named)) return s.result;
        }
        if (s.found) {
            // A method with pointer receiver needs an address: a pointer on the way, or an
            // addressable operand.
            if (s.is_method && s.result.obj->ptr_recv && !s.result.indirect && !addressable) {
                s.result.obj = NULL;
                s.result.bad_receiver = true;
            }
            return s.result;
        }
        consolidate(&s.next);
        current = s.next;
    }
    return (Lookup){0};
}

Lookup lookup_field_or_method(Type *T, bool addressable, Package *pkg, Name name, bool fold) {
    // A defined pointer type has the fields of what it points to, but no methods.
    Type *named = as_named(T);
    if (named && under(named)->kind == T_POINTER) {
        Lookup r = lookup(under(named), false, pkg, name, fold);
        if (r.obj && r.obj->kind == O_FUNC) return (Lookup){0};
        return r;
    }
    Lookup r = lookup(T, addressable, pkg, name, fold);
    // A type parameter with a core type offers no fields; methods come from its constraint (handled
    // as an interface).
    return r;
}

// ---- method sets --------------------------------------------------------------------------------

typedef Vec(Name) NameVec;
typedef struct Collect {
    Vec(Object *) objs;
    PtrMap seen_types;
} Collect;

// Candidates for the method set: every method on the way, promoted or hidden.
static void collect_names(Type *t, Collect *c, int depth) {
    if (depth > 50) return; // a struct that embeds itself, which was reported
    t = deref(t, NULL);
    Type *named = as_named(t);
    if (named) {
        if (ptrmap_has(&c->seen_types, named)) return;
        ptrmap_put(&c->seen_types, named, named);
        for (vec_each(Object *, m, &named->named.origin->named.methods)) vec_push(&c->objs, *m);
    }
    Type *u = under(t);
    if (u->kind == T_STRUCT) {
        for (vec_each(Object *, f, &u->strukt.fields))
            if ((*f)->embedded) collect_names((*f)->type, c, depth + 1);
    } else if (u->kind == T_INTERFACE) {
        for (vec_each(Object *, m, &interface_typeset(u)->methods)) vec_push(&c->objs, *m);
    }
}

static int by_method(const void *a, const void *b) {
    Object *x = (*(Selection *const *)a)->obj, *y = (*(Selection *const *)b)->obj;
    bool ex = name_is_exported(x->name), ey = name_is_exported(y->name);
    if (ex != ey) return ex ? -1 : 1;
    int c = strcmp(x->name, y->name);
    if (c || ex) return c;
    return strcmp(x->pkg ? x->pkg->path : "", y->pkg ? y->pkg->path : "");
}

static PtrMap method_sets; // by type pointer

// Each candidate's name is looked up, so that hiding and ambiguity are judged in one place.
MethodSet *method_set(Type *T) {
    MethodSet *ms = ptrmap_get(&method_sets, T);
    if (ms) return ms;
    ms = NEW(MethodSet);
    Collect c = {0};
    collect_names(T, &c, 0);
    for (vec_each(Object *, o, &c.objs)) {
        Name n = (*o)->name;
        bool dup = false;
        for (uint32_t i = 0; i < ms->list.len && !dup; i++) {
            Object *h = ms->list.data[i]->obj;
            dup = h->name == n && (name_is_exported(n) || h->pkg == (*o)->pkg);
        }
        if (dup) continue;
        Lookup l = lookup_field_or_method(T, false, (*o)->pkg, n, false);
        if (!l.obj || l.obj->kind != O_FUNC || l.obj->nointerface) continue;
        Selection *s = NEW(Selection);
        s->kind = SEL_METHOD;
        s->recv = T;
        s->obj = l.obj;
        s->path = l.path;
        s->path_len = l.path_len;
        s->indirect = l.indirect;
        s->type = l.obj->type;
        vec_push(&ms->list, s);
    }
    if (ms->list.len > 1) qsort(ms->list.data, ms->list.len, sizeof(Selection *), by_method);
    ptrmap_put(&method_sets, T, ms);
    return ms;
}

// ---- implementing interfaces --------------------------------------------------------------------

static bool typeset_comparable(TypeSet *s) {
    if (s->all_types || s->terms.len == 0) return s->all_types && s->comparable;
    for (vec_each(TypeSetTerm, t, &s->terms))
        if (!type_comparable_p(t->type, false, NULL)) return false;
    return true;
}

static void set_cause(const char **cause, const char *text) {
    if (cause) *cause = text;
}

static void resolve(Object *o) {
    if (!o->type && types_resolve_object) types_resolve_object(o);
}

static bool is_interface_ptr(Type *t) {
    Type *u = under(t);
    return u->kind == T_POINTER && under(u->pointer.elem)->kind == T_INTERFACE;
}

static const char *interface_ptr_text(Type *t) {
    return xsprintf(type_is_typeparam(under(t)->pointer.elem)
                        ? "type %s is pointer to type parameter, not type parameter"
                        : "type %s is pointer to interface, not interface",
                    type_string(t));
}

static const char *wrong_type(Object *have, Object *want) {
    const char *h = method_string(have, false), *w = method_string(want, false);
    if (strcmp(h, w) == 0) {
        h = method_string(have, true);
        w = method_string(want, true);
    }
    if (strcmp(h, w) == 0) return xsprintf("(wrong type for method %s)", want->name);
    return xsprintf("(wrong type for method %s)\n\t\thave %s\n\t\twant %s", want->name, h, w);
}

static bool identical(Type *x, Type *y, void *arg) {
    (void)arg;
    return x && y && types_identical(x, y);
}

// The first method of T that V lacks, in the order of the type set, with gc's reason. static_
// false: an interface V may have it dynamically.
Object *missing_method_by(Type *V, Type *T, bool static_,
                          bool (*equivalent)(Type *, Type *, void *), void *arg,
                          const char **cause) {
    Type *ti = under(T);
    if (ti->kind != T_INTERFACE) return NULL;
    TypeSet *ts = interface_typeset(ti);
    bool interface = under(V)->kind == T_INTERFACE;
    for (vec_each(Object *, mp, &ts->methods)) {
        Object *m = *mp;
        resolve(m);
        Lookup l = lookup_field_or_method(V, false, m->pkg, m->name, false);
        if (interface && !l.obj && !static_) continue;
        if (l.obj && l.obj->kind == O_FUNC) {
            resolve(l.obj);
            if (l.obj->nointerface) {
                set_cause(cause, xsprintf("(%s method is marked 'nointerface')", m->name));
                return m;
            }
            if (equivalent(l.obj->type, m->type, arg)) continue;
            set_cause(cause, wrong_type(l.obj, m));
            return m;
        }
        if (!cause) return m;
        if (l.obj) {
            *cause = xsprintf("(%s.%s is a field, not a method)", type_string(V), m->name);
        } else if (l.ambiguous) {
            *cause = xsprintf("(ambiguous selector %s.%s)", type_string(V), m->name);
        } else if (l.bad_receiver) {
            *cause = xsprintf("(method %s has pointer receiver)", m->name);
        } else {
            Object *f =
                interface ? NULL : lookup_field_or_method(V, false, m->pkg, m->name, true).obj;
            if (f && f->kind == O_FUNC && f->name == m->name) {
                *cause = xsprintf("(unexported method %s)", m->name); // another package's
            } else if (f && f->kind == O_FUNC) {
                resolve(f);
                *cause = xsprintf("(missing method %s)\n\t\thave %s\n\t\twant %s", m->name,
                                  method_string(f, false), method_string(m, false));
            } else if (is_interface_ptr(V)) {
                *cause = xsprintf("(%s)", interface_ptr_text(V));
            } else if (is_interface_ptr(T)) {
                *cause = xsprintf("(%s)", interface_ptr_text(T));
            } else {
                *cause = xsprintf("(missing method %s)", m->name);
            }
        }
        return m;
    }
    return NULL;
}

Object *missing_method(Type *V, Type *T, bool static_, const char **cause) {
    return missing_method_by(V, T, static_, identical, NULL, cause);
}

// A struct that embeds something invalid may have any method: nothing is missing for sure.
static bool embeds_invalid(Type *t, int depth) {
    Type *u = under(t);
    if (u->kind == T_POINTER) u = under(u->pointer.elem);
    if (u->kind != T_STRUCT || depth > 20) return false;
    for (vec_each(Object *, f, &u->strukt.fields))
        if ((*f)->embedded &&
            ((*f)->type->kind == T_INVALID || embeds_invalid((*f)->type, depth + 1)))
            return true;
    return false;
}

// Is V written in T, though not in its type set?
static bool mentions(Type *T, Type *V) {
    switch (T->kind) {
    case T_INTERFACE:
        for (vec_each(Type *, e, &T->iface.embeds))
            if (mentions(*e, V)) return true;
        return false;
    case T_UNION:
        for (vec_each(UnionTerm, t, &T->unio.terms))
            if (mentions(t->type, V)) return true;
        return false;
    default: return types_identical(T, V);
    }
}

static const char *terms_text(TypeSet *s) {
    Buf b = {0};
    for (uint32_t i = 0; i < s->terms.len; i++)
        buf_printf(&b, "%s%s%s", i ? " | " : "", s->terms.data[i].tilde ? "~" : "",
                   type_string_qualified(s->terms.data[i].type));
    return buf_str(&b);
}

// Is the type (with tilde: all types of that underlying type) in the set?
static bool set_includes(TypeSet *s, bool tilde, Type *t) {
    for (vec_each(TypeSetTerm, u, &s->terms)) {
        if (u->tilde ? types_identical(under(t), under(u->type))
                     : !tilde && types_identical(t, u->type))
            return true;
    }
    return false;
}

// If the set asks for comparable types, V must be one; as a type argument an ordinary interface
// will do.
static bool comparable_enough(Type *V, TypeSet *ts, bool constraint, const char *verb,
                              const char **cause) {
    if (!typeset_comparable(ts) || type_comparable_p(V, false, NULL)) return true;
    if (constraint && type_comparable_p(V, true, NULL)) {
        Checker *c = current_package ? current_package->checker : NULL;
        if (!c || check_allows(c, 20)) return true;
        set_cause(cause,
                  xsprintf("%s to %s comparable requires go1.20 or later", type_string(V), verb));
        return false;
    }
    set_cause(cause, xsprintf("%s does not %s comparable", type_string(V), verb));
    return false;
}

// Methods first, then type sets: constraints (constraint: as a type argument, "satisfy") ask for
// both.
bool type_implements(Type *V, Type *T, bool constraint, const char **cause) {
    Type *vu = under(V), *tu = under(T);
    if (vu == BASIC(INVALID) || tu == BASIC(INVALID)) return true;
    if (vu->kind == T_POINTER && under(vu->pointer.elem) == BASIC(INVALID)) return true;
    const char *verb = constraint ? "satisfy" : "implement";
    if (tu->kind != T_INTERFACE) {
        if (cause)
            *cause =
                xsprintf("%s does not %s %s (%s)", type_string(V), verb, type_string(T),
                         is_interface_ptr(tu) ? interface_ptr_text(T)
                                              : xsprintf("%s is not an interface", type_string(T)));
        return false;
    }
    TypeSet *ts = interface_typeset(tu);
    if (ts->all_types && !ts->methods.len && !ts->comparable) return true;
    TypeSet *vs = vu->kind == T_INTERFACE ? interface_typeset(vu) : NULL;
    if (vs && !vs->all_types && !vs->terms.len) return true; // the empty set implements everything
    if (!ts->all_types && !ts->terms.len) {
        set_cause(cause, xsprintf("cannot %s %s (empty type set)", verb, type_string(T)));
        return false;
    }
    const char *why = "";
    if (missing_method(V, T, true, cause ? &why : NULL) && !embeds_invalid(V, 0)) {
        if (cause)
            *cause = xsprintf("%s does not %s %s %s", type_string(V), verb, type_string(T), why);
        return false;
    }
    if (ts->all_types) return comparable_enough(V, ts, constraint, verb, cause);
    if (vs) {
        bool subset = !vs->all_types;
        for (uint32_t i = 0; subset && i < vs->terms.len; i++)
            subset = set_includes(ts, vs->terms.data[i].tilde, vs->terms.data[i].type);
        if (!subset && cause)
            *cause = xsprintf("%s does not %s %s", type_string(V), verb, type_string(T));
        return subset && comparable_enough(V, ts, constraint, verb, cause);
    }
    if (set_includes(ts, false, V)) return comparable_enough(V, ts, constraint, verb, cause);
    if (!cause) return false;
    const char *detail = NULL;
    for (vec_each(TypeSetTerm, t, &ts->terms))
        if (!detail && !t->tilde && types_identical(t->type, under(t->type)) &&
            types_identical(t->type, vu))
            detail =
                xsprintf("possibly missing ~ for %s in %s", type_string(t->type), type_string(T));
    if (!detail && mentions(tu, V)) {
        const char *v = type_string(V), *t = type_string(T);
        detail = xsprintf("%s mentions %s, but %s is not in the type set of %s", t, v, v, t);
    }
    if (!detail) detail = xsprintf("%s missing in %s", type_string(V), terms_text(ts));
    *cause = xsprintf("%s does not %s %s (%s)", type_string(V), verb, type_string(T), detail);
    return false;
}
