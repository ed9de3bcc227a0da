// lookup: fields and methods by name through embedded fields, method sets, and whether a type implements an interface.
//
// The search goes by depth: at each depth all embedded types, each named type once; two finds at one depth are ambiguous. A selection's path holds
// the index of every embedded field walked through, then (for fields) the field's own.
#include "frontend/check.h"
#include <stdlib.h>
#include <strings.h>

static bool name_matches(Object *o, Package *pkg, Name name, bool fold) {
    if (fold && strcasecmp(o->name, name) == 0) return true;
    if (o->name != name) return false;
    if (name_is_exported(name)) return true;
    return o->pkg == pkg || (o->pkg && pkg && strcmp(o->pkg->path, pkg->path) == 0);
}

typedef struct Embedded { Type *type; uint32_t *path; uint32_t len; bool indirect, multiples; } Embedded;
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
            if (types_identical(v->data[j].type, v->data[i].type)) v->data[j].multiples = dup = true;
        if (!dup) v->data[n++] = v->data[i];
    }
    v->len = n;
}

static Lookup lookup(Type *T, bool addressable, Package *pkg, Name name, bool fold) {
    Lookup r = {0};
    if (name[0] == '_' && !name[1]) return r;
    bool is_ptr;
    Type *typ = deref(T, &is_ptr);
    if (is_ptr && under(typ)->kind == T_INTERFACE) return r; // *interface and *T with T a type parameter have no fields or methods
    EmbeddedVec current = {0};
    vec_push(&current, ((Embedded){typ, NULL, 0, is_ptr, false}));
    PtrMap seen = {0};
    while (current.len) {
        EmbeddedVec next = {0};
        bool found = false, multiples = false, is_method = false;
        for (uint32_t k = 0; k < current.len; k++) {
            Embedded e = current.data[k];
            Type *t = e.type, *named = as_named(t);
            if (named) {
                if (ptrmap_has(&seen, named)) continue;
                ptrmap_put(&seen, named, named);
                uint32_t nm = named_num_methods(named);
                for (uint32_t i = 0; i < nm; i++) {
                    Object *m = named->named.origin->named.methods.data[i];
                    if (!name_matches(m, pkg, name, fold)) continue;
                    if (found || e.multiples) {
                        r = (Lookup){.ambiguous = true, .path = e.path, .path_len = e.len};
                        return r;
                    }
                    m = named_method(named, i);
                    r = (Lookup){.obj = m, .path = e.path, .path_len = e.len, .indirect = e.indirect};
                    found = is_method = true;
                    goto next_entry;
                }
            }
            Type *u = under(t);
            if (u->kind == T_STRUCT) {
                for (uint32_t i = 0; i < u->strukt.fields.len; i++) {
                    Object *f = u->strukt.fields.data[i];
                    if (name_matches(f, pkg, name, fold)) {
                        if (found || e.multiples) {
                            r = (Lookup){.ambiguous = true};
                            return r;
                        }
                        r = (Lookup){.obj = f, .path = path_add(e.path, e.len, i), .path_len = e.len + 1, .indirect = e.indirect};
                        found = true;
                        is_method = false;
                        continue; // another field of this name would be a redeclaration
                    }
                    if (!found && f->embedded && f->type) {
                        bool p;
                        Type *et = deref(f->type, &p);
                        TypeKind ek = under(et)->kind;
                        if (as_named(et) || ek == T_STRUCT || ek == T_INTERFACE)
                            vec_push(&next, ((Embedded){et, path_add(e.path, e.len, i), e.len + 1, e.indirect || p, e.multiples}));
                    }
                }
            } else if (u->kind == T_INTERFACE) {
                TypeSet *s = interface_typeset(u);
                for (vec_each(Object *, m, &s->methods)) {
                    if (!name_matches(*m, pkg, name, fold)) continue;
                    if (found || e.multiples) {
                        r = (Lookup){.ambiguous = true};
                        return r;
                    }
                    if (!(*m)->type && types_resolve_object) types_resolve_object(*m);
                    r = (Lookup){.obj = *m, .path = e.path, .path_len = e.len, .indirect = e.indirect};
                    found = is_method = true;
                    break;
                }
            }
        next_entry:;
        }
        (void)multiples;
        if (found) {
            // A method with pointer receiver needs an address: a pointer on the way, or an addressable operand.
            if (is_method && r.obj->ptr_recv && !r.indirect && !addressable) {
                r.obj = NULL;
                r.bad_receiver = true;
            }
            return r;
        }
        consolidate(&next);
        current = next;
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
    // A type parameter with a core type offers no fields; methods come from its constraint (handled as an interface).
    return r;
}

// ---- method sets ----------------------------------------------------------------------------------------------------------

typedef Vec(Name) NameVec;
typedef struct Collect { Vec(Object *) objs; PtrMap seen_types; } Collect;

static void collect_names(Type *t, Collect *c, int depth) {
    if (depth > 50) return;
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

MethodSet *method_set(Type *T) {
    MethodSet *ms = ptrmap_get(&method_sets, T);
    if (ms) return ms;
    ms = NEW(MethodSet);
    Collect c = {0};
    collect_names(T, &c, 0);
    Vec(const char *) done = {0};
    for (vec_each(Object *, o, &c.objs)) {
        Name n = (*o)->name;
        bool dup = false;
        for (uint32_t i = 0; i < ms->list.len && !dup; i++) {
            Object *h = ms->list.data[i]->obj;
            dup = h->name == n && (name_is_exported(n) || h->pkg == (*o)->pkg);
        }
        (void)done;
        if (dup) continue;
        Lookup l = lookup_field_or_method(T, false, (*o)->pkg, n, false);
        if (!l.obj || l.obj->kind != O_FUNC) continue;
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

// ---- implementing interfaces ------------------------------------------------------------------------------------------------

static const char *func_text(Object *m) { // name and signature, as in have/want lines
    const char *s = type_string(m->type);
    return xsprintf("%s%s", m->name, strncmp(s, "func", 4) == 0 ? s + 4 : s);
}

static void set_cause(const char **cause, const char *text) {
    if (cause) *cause = text;
}

static void resolve(Object *o) {
    if (!o->type && types_resolve_object) types_resolve_object(o);
}

Object *missing_method(Type *V, Type *T, bool static_, const char **cause) {
    Type *ti = under(T), *vi = under(V);
    if (ti->kind != T_INTERFACE) return NULL;
    TypeSet *ts = interface_typeset(ti);
    if (!ts->methods.len) return NULL;
    if (vi->kind == T_INTERFACE) {
        for (vec_each(Object *, m, &ts->methods)) {
            Lookup l = lookup(V, false, (*m)->pkg, (*m)->name, false);
            if (!l.obj) {
                if (!static_ && !type_is_typeparam(V)) continue;
                set_cause(cause, xsprintf("(missing method %s)", (*m)->name));
                return *m;
            }
            resolve(*m);
            if (!types_identical(l.obj->type, (*m)->type)) {
                set_cause(cause, xsprintf("(wrong type for method %s)\n\t\thave %s\n\t\twant %s", (*m)->name, func_text(l.obj), func_text(*m)));
                return *m;
            }
        }
        return NULL;
    }
    for (vec_each(Object *, mp, &ts->methods)) {
        Object *m = *mp;
        resolve(m);
        Lookup l = lookup_field_or_method(V, false, m->pkg, m->name, false);
        if (l.obj && l.obj->kind == O_FUNC) {
            resolve(l.obj);
            if (types_identical(l.obj->type, m->type)) continue;
            const char *have = func_text(l.obj), *want = func_text(m);
            set_cause(cause, xsprintf("(wrong type for method %s)\n\t\thave %s\n\t\twant %s", m->name, have, want));
            return m;
        }
        if (l.bad_receiver || (!l.obj && lookup_field_or_method(type_pointer(V), true, m->pkg, m->name, false).obj)) {
            Lookup p = lookup_field_or_method(type_pointer(V), true, m->pkg, m->name, false);
            if (p.obj && p.obj->kind == O_FUNC) {
                resolve(p.obj);
                if (types_identical(p.obj->type, m->type)) set_cause(cause, xsprintf("(method %s has pointer receiver)", m->name));
                else set_cause(cause, xsprintf("(wrong type for method %s)\n\t\thave %s\n\t\twant %s", m->name, func_text(p.obj), func_text(m)));
                return m;
            }
        }
        bool is_ptr;
        Type *elem = deref(V, &is_ptr);
        if (is_ptr && type_is_interface(elem)) {
            set_cause(cause, xsprintf("(type %s is pointer to interface, not interface)", type_string(V)));
            return m;
        }
        if (is_ptr && type_is_typeparam(elem)) {
            set_cause(cause, xsprintf("(type %s is pointer to type parameter, not type parameter)", type_string(V)));
            return m;
        }
        Lookup f = lookup_field_or_method(V, true, m->pkg, m->name, true);
        if (f.obj && f.obj->kind == O_FUNC && f.obj->name != m->name) {
            resolve(f.obj);
            set_cause(cause, xsprintf("(missing method %s)\n\t\thave %s\n\t\twant %s", m->name, func_text(f.obj), func_text(m)));
            return m;
        }
        if (l.obj && l.obj->kind == O_VAR) {
            set_cause(cause, xsprintf("(%s.%s is a field, not a method)", type_string(V), m->name));
            return m;
        }
        set_cause(cause, xsprintf("(missing method %s)", m->name));
        return m;
    }
    return NULL;
}

static const char *terms_text(TypeSet *s) {
    Buf b = {0};
    for (uint32_t i = 0; i < s->terms.len; i++) buf_printf(&b, "%s%s%s", i ? " | " : "", s->terms.data[i].tilde ? "~" : "", type_string(s->terms.data[i].type));
    return buf_str(&b);
}

// Is the type (with tilde: all types of that underlying type) in the set?
static bool set_includes(TypeSet *s, bool tilde, Type *t) {
    for (vec_each(TypeSetTerm, u, &s->terms)) {
        if (u->tilde ? types_identical(under(t), under(u->type)) : !tilde && types_identical(t, u->type)) return true;
    }
    return false;
}

bool type_implements(Type *V, Type *T, bool constraint, const char **cause) {
    Type *vu = under(V), *tu = under(T);
    if (vu == BASIC(INVALID) || tu == BASIC(INVALID)) return true;
    if (vu->kind == T_POINTER && under(vu->pointer.elem) == BASIC(INVALID)) return true;
    const char *verb = constraint ? "satisfy" : "implement";
    if (tu->kind != T_INTERFACE) {
        set_cause(cause, xsprintf("%s is not an interface", type_string(T)));
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
    const char *why = NULL;
    if (missing_method(V, T, true, &why)) {
        set_cause(cause, xsprintf("%s does not %s %s %s", type_string(V), verb, type_string(T), why));
        return false;
    }
    if (ts->comparable || (!ts->all_types && false)) {
        bool ok = type_comparable_p(V, false, NULL);
        if (!ok && constraint && type_comparable_p(V, true, NULL)) {
            // since go1.20, ordinary interfaces satisfy comparable
            ok = true;
        }
        if (!ok) {
            set_cause(cause, xsprintf("%s does not %s comparable", type_string(V), verb));
            return false;
        }
    }
    if (ts->all_types) return true;
    if (vs) {
        if (vs->all_types) {
            set_cause(cause, xsprintf("%s does not %s %s", type_string(V), verb, type_string(T)));
            return false;
        }
        for (vec_each(TypeSetTerm, t, &vs->terms))
            if (!set_includes(ts, t->tilde, t->type)) {
                set_cause(cause, xsprintf("%s does not %s %s", type_string(V), verb, type_string(T)));
                return false;
            }
        return true;
    }
    if (set_includes(ts, false, V)) return true;
    for (vec_each(TypeSetTerm, t, &ts->terms))
        if (!t->tilde && types_identical(under(t->type), under(V)) && types_identical(under(t->type), t->type)) {
            set_cause(cause, xsprintf("%s does not %s %s (possibly missing ~ for %s in %s)", type_string(V), verb, type_string(T), type_string(t->type), type_string(T)));
            return false;
        }
    set_cause(cause, xsprintf("%s does not %s %s (%s missing in %s)", type_string(V), verb, type_string(T), type_string(V), terms_text(ts)));
    return false;
}
