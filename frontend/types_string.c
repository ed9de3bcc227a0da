// types_string: types as text, in three forms. Messages: gc's, with packages qualified by name (or
// path where names clash) and those of the package at hand not at all. Run time: reflect's
// String(). Linker: unique, with full package paths, arguments without spaces.
#include "frontend/check.h"

typedef enum Form { FORM_MESSAGE, FORM_RUNTIME, FORM_LINK } Form;
typedef struct Writer {
    Buf b;
    Form form;
    int depth;
    Vec(Type *) seen;
    bool no_names, qualified, local;
} Writer;

static void type(Writer *w, Type *t);

// The packages that the current one depends on, by name: those of a name that several have are told
// by their paths.
static PtrMap packages_by_name, packages_seen;
static Package *packages_of, several;

static void gather(Package *p) {
    if (!p || ptrmap_has(&packages_seen, p)) return;
    ptrmap_put(&packages_seen, p, p);
    if (p->name) {
        Package *other = ptrmap_get(&packages_by_name, p->name);
        ptrmap_put(&packages_by_name, p->name, other ? &several : p);
    }
    for (vec_each(Package *, i, &p->imports)) gather(*i);
}

static bool ambiguous_name(Package *p) {
    if (!current_package) return false;
    if (packages_of != current_package) {
        packages_of = current_package;
        packages_by_name = packages_seen = (PtrMap){0};
        gather(current_package);
    }
    return ptrmap_get(&packages_by_name, p->name) == &several;
}

const char *package_symbol_path(const Package *p) {
    return !p->is_main ? p->path : p->plugin_path ? p->plugin_path : "main";
}

static void qualify(Writer *w, Package *p) {
    if (!p) return;
    if (w->form == FORM_MESSAGE && w->qualified) {
        buf_printf(&w->b, "%s.", p->path);
    } else if (w->form == FORM_MESSAGE) {
        if (p == current_package) return;
        buf_printf(&w->b, ambiguous_name(p) ? "\"%s\"." : "%s.",
                   ambiguous_name(p) ? p->path : p->name);
    } else if (!(w->local && w->form == FORM_RUNTIME && p == current_package))
        buf_printf(&w->b, "%s.", w->form == FORM_RUNTIME ? p->name : package_symbol_path(p));
}

static void list(Writer *w, TypeList *l) {
    buf_putc(&w->b, '[');
    Form form = w->form;
    for (uint32_t i = 0; i < l->len; i++) {
        if (i) buf_puts(&w->b, form == FORM_MESSAGE ? ", " : ",");
        // reflect's names hold link names of the arguments.
        if (form == FORM_RUNTIME) w->form = FORM_LINK;
        type(w, l->data[i]);
        w->form = form;
    }
    buf_putc(&w->b, ']');
}

static void tparams(Writer *w, TypeList *l) {
    buf_putc(&w->b, '[');
    for (uint32_t i = 0; i < l->len; i++) {
        if (i) buf_puts(&w->b, ", ");
        buf_puts(&w->b, l->data[i]->tparam.obj->name);
        if (i + 1 < l->len && l->data[i + 1]->tparam.constraint == l->data[i]->tparam.constraint)
            continue;
        buf_putc(&w->b, ' ');
        if (l->data[i]->tparam.constraint) type(w, l->data[i]->tparam.constraint);
    }
    buf_putc(&w->b, ']');
}

// Names are for messages alone: they are no part of a type.
static void params(Writer *w, Object **v, uint32_t n, bool variadic) {
    buf_putc(&w->b, '(');
    for (uint32_t i = 0; i < n; i++) {
        if (i) buf_puts(&w->b, ", ");
        if (w->form == FORM_MESSAGE && !w->no_names && v[i]->name && v[i]->name[0])
            buf_printf(&w->b, "%s ", v[i]->name);
        Type *t = v[i]->type;
        if (variadic && i + 1 == n) {
            Type *u = unalias(t);
            if (u && u->kind == T_SLICE) {
                buf_puts(&w->b, "...");
                type(w, u->slice.elem);
            } else { // append([]byte, string...)
                type(w, t);
                buf_puts(&w->b, "...");
            }
        } else
            type(w, t);
    }
    buf_putc(&w->b, ')');
}

static void signature(Writer *w, Type *t) {
    if (t->func.tparams && t->func.tparams->len) tparams(w, t->func.tparams);
    params(w, t->func.params.data, t->func.params.len, t->func.variadic);
    uint32_t n = t->func.results.len;
    if (!n) return;
    buf_putc(&w->b, ' ');
    Object *r = t->func.results.data[0];
    if (n == 1 && (w->form != FORM_MESSAGE || w->no_names || !r->name || !r->name[0]))
        type(w, r->type);
    else
        params(w, t->func.results.data, n, false);
}

// A tag as strconv.Quote writes it, as far as tags need that.
static void quoted(Buf *b, const char *s, uint32_t n, bool link) {
    buf_putc(b, '"');
    for (uint32_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)s[i];
        if (c == '"' || c == '\\')
            buf_printf(b, "\\%c", c);
        else if (c == '\n')
            buf_puts(b, "\\n");
        else if (c == '\t')
            buf_puts(b, "\\t");
        else if (c < 0x20 || (link && c == '@'))
            buf_printf(b, "\\x%02x", c);
        else
            buf_putc(b, (char)c);
    }
    buf_putc(b, '"');
}

// Has the embedded field the name of its type, and not one that an alias gave it?
static bool is_named_by_type(const Object *f) {
    Type *t = unalias(f->type);
    if (t->kind == T_POINTER) t = unalias(t->pointer.elem);
    if (t->kind != T_NAMED || t->named.targs) return false;
    const Object *o = t->named.obj;
    return f->name == o->name && (name_is_exported(f->name) || f->pkg == o->pkg);
}

// struct{a int} in messages, struct { a int } else. Link names also tell unexported names of
// packages apart, since such fields make different types.
static void strukt(Writer *w, Type *t) {
    bool msg = w->form == FORM_MESSAGE;
    uint32_t n = t->strukt.fields.len;
    buf_puts(&w->b, msg ? "struct{" : n ? "struct { " : "struct {");
    for (uint32_t i = 0; i < n; i++) {
        Object *f = t->strukt.fields.data[i];
        if (i) buf_puts(&w->b, "; ");
        bool link = w->form == FORM_LINK && !(f->embedded && is_named_by_type(f));
        if (link && !name_is_exported(f->name) && f->pkg) buf_printf(&w->b, "%s.", f->pkg->path);
        if (link || !f->embedded) buf_printf(&w->b, "%s%s", f->name, f->embedded ? " = " : " ");
        type(w, f->type);
        if (t->strukt.tags && t->strukt.tag_lens[i]) {
            buf_putc(&w->b, ' ');
            quoted(&w->b, t->strukt.tags[i], t->strukt.tag_lens[i],
                   w->form == FORM_LINK); // linkers take what follows an @ for a version
        }
    }
    buf_puts(&w->b, msg || !n ? "}" : " }");
}

// Messages have what was written, other forms the whole method set, so that identical interfaces
// have one name.
static void interface(Writer *w, Type *t) {
    bool msg = w->form == FORM_MESSAGE;
    if (msg) {
        if (type_any && t == unalias(type_any)) {
            buf_puts(&w->b, "any");
            return;
        }
        if (t->iface.implicit && !t->iface.methods.len && t->iface.embeds.len == 1) {
            type(w, t->iface.embeds.data[0]);
            return;
        }
        if (!t->iface.methods.len && !t->iface.embeds.len) {
            buf_puts(&w->b, "interface{}");
            return;
        }
        buf_puts(&w->b, "interface{");
        bool first = true;
        for (vec_each(Object *, m, &t->iface.methods)) {
            if (!first) buf_puts(&w->b, "; ");
            first = false;
            buf_puts(&w->b, (*m)->name);
            if ((*m)->type) signature(w, (*m)->type);
        }
        for (vec_each(Type *, e, &t->iface.embeds)) {
            if (!first) buf_puts(&w->b, "; ");
            first = false;
            type(w, *e);
        }
        buf_putc(&w->b, '}');
        return;
    }
    TypeSet *s = interface_typeset(t);
    if (!s->methods.len) {
        buf_puts(&w->b, "interface {}");
        return;
    }
    buf_puts(&w->b, "interface { ");
    for (uint32_t i = 0; i < s->methods.len; i++) {
        Object *m = s->methods.data[i];
        if (i) buf_puts(&w->b, "; ");
        if (!name_is_exported(m->name) && m->pkg)
            buf_printf(&w->b, "%s.", w->form == FORM_LINK ? m->pkg->path : m->pkg->name);
        buf_puts(&w->b, m->name);
        if (m->type) signature(w, m->type);
    }
    buf_puts(&w->b, " }");
}

// The outer function's type arguments and, behind a semicolon, the type's own.
static void local_list(Writer *w, Type *n) {
    Form form = w->form;
    w->form = FORM_LINK;
    buf_putc(&w->b, '[');
    for (uint32_t i = 0; i < n->named.outer_targs->len; i++) {
        if (i) buf_putc(&w->b, ',');
        type(w, n->named.outer_targs->data[i]);
    }
    for (uint32_t i = 0; n->named.targs && i < n->named.targs->len; i++) {
        buf_putc(&w->b, i ? ',' : ';');
        type(w, n->named.targs->data[i]);
    }
    buf_putc(&w->b, ']');
    w->form = form;
}

static void local_suffix(Writer *w, Type *n) {
    if (w->form == FORM_LINK && n->named.local_in) buf_printf(&w->b, "·%u", n->named.local_vargen);
}

// Messages show aliases; the other forms see through them, for identical types must have one
// descriptor.
static void type(Writer *w, Type *t) {
    if (!t) {
        buf_puts(&w->b, "<nil>");
        return;
    }
    if (w->depth > 100) { // an interface that mentions itself
        buf_puts(&w->b, "…");
        return;
    }
    if (w->local && type_any && t == type_any) {
        buf_puts(&w->b, "any");
        return;
    }
    if (w->form != FORM_MESSAGE) t = unalias(t);
    w->depth++;
    switch (t->kind) {
    case T_ARRAY:
        if (t->array.len < 0)
            buf_puts(&w->b, "[invalid length]");
        else
            buf_printf(&w->b, "[%lld]", (long long)t->array.len);
        type(w, t->array.elem);
        break;
    case T_SLICE:
        buf_puts(&w->b, "[]");
        type(w, t->slice.elem);
        break;
    case T_POINTER:
        buf_putc(&w->b, '*');
        type(w, t->pointer.elem);
        break;
    case T_STRUCT: strukt(w, t); break;
    case T_TUPLE: params(w, t->tuple.vars.data, t->tuple.vars.len, false); break;
    case T_FUNC:
        buf_puts(&w->b, "func");
        signature(w, t);
        break;
    case T_INTERFACE: interface(w, t); break;
    case T_MAP:
        buf_puts(&w->b, "map[");
        type(w, t->map.key);
        buf_putc(&w->b, ']');
        type(w, t->map.elem);
        break;
    case T_CHAN: {
        buf_puts(&w->b, t->chan.dir == CHAN_RECV   ? "<-chan "
                        : t->chan.dir == CHAN_SEND ? "chan<- "
                                                   : "chan ");
        Type *e = unalias(t->chan.elem);
        bool paren = t->chan.dir == CHAN_BOTH && e && e->kind == T_CHAN && e->chan.dir == CHAN_RECV;
        if (paren) buf_putc(&w->b, '(');
        type(w, t->chan.elem);
        if (paren) buf_putc(&w->b, ')');
        break;
    }
    case T_NAMED:
        qualify(w, t->named.obj->pkg);
        buf_puts(&w->b, t->named.obj->name);
        if (w->form != FORM_MESSAGE && t->named.outer_targs) {
            local_list(w, t);
            local_suffix(w, t);
            break;
        }
        if (w->form == FORM_LINK && t->named.local_in) { // main.T[int]·1
            if (t->named.targs) list(w, t->named.targs);
            local_suffix(w, t);
            break;
        }
        if (t->named.targs)
            list(w, t->named.targs);
        else if (w->form == FORM_MESSAGE && t->named.tparams && t->named.tparams->len)
            tparams(w, t->named.tparams);
        break;
    case T_ALIAS:
        qualify(w, t->alias.obj->pkg);
        buf_puts(&w->b, t->alias.obj->name);
        if (t->alias.targs)
            list(w, t->alias.targs);
        else if (w->form == FORM_MESSAGE && t->alias.tparams && t->alias.tparams->len)
            tparams(w, t->alias.tparams);
        break;
    case T_TYPEPARAM:
        buf_puts(&w->b, t->tparam.obj->name);
        if (w->form == FORM_MESSAGE && universe &&
            strmap_get(&universe->names, t->tparam.obj->name) && t->tparam.obj->pos) {
            Position at = source_position(t->tparam.obj->pos); // not what everybody takes it for
            buf_printf(&w->b, " /* with %s declared at %s:%u:%u */", t->tparam.obj->name, at.file,
                       at.line, at.col);
        }
        break;
    case T_UNION:
        for (uint32_t i = 0; i < t->unio.terms.len; i++) {
            if (i) buf_puts(&w->b, " | ");
            if (t->unio.terms.data[i].tilde) buf_putc(&w->b, '~');
            type(w, t->unio.terms.data[i].type);
        }
        break;
    default:
        buf_puts(&w->b, w->form != FORM_MESSAGE && t->canon && !w->local ? t->canon->basic.name
                                                                         : t->basic.name);
        break;
    }
    w->depth--;
}

static const char *write(Type *t, Form form) {
    Writer w = {.form = form};
    type(&w, t);
    return buf_str(&w.b);
}
const char *type_string(Type *t) { return write(t, FORM_MESSAGE); }
const char *type_string_qualified(Type *t) {
    Writer w = {.form = FORM_MESSAGE, .qualified = true};
    type(&w, t);
    return buf_str(&w.b);
}

const char *method_string(Object *m, bool qualified) {
    Writer w = {.form = FORM_MESSAGE, .no_names = true, .qualified = qualified};
    buf_puts(&w.b, m->name);
    if (m->type && m->type->kind == T_FUNC) signature(&w, m->type);
    return buf_str(&w.b);
}

const char *type_runtime_string(Type *t) { return write(t, FORM_RUNTIME); }
const char *type_report_string(Type *t) {
    Writer w = {.form = FORM_RUNTIME, .local = true};
    type(&w, t);
    return buf_str(&w.b);
}
const char *type_link_string(Type *t) { return write(t, FORM_LINK); }

// As types2's ObjectString: kind, name, type or signature. Only what is declared at package level
// has its package in front.
const char *object_string(Object *o) {
    Writer w = {.form = FORM_MESSAGE};
    switch (o->kind) {
    case O_PKGNAME: return xsprintf("package %s", o->name);
    case O_CONST: buf_puts(&w.b, "const "); break;
    case O_TYPENAME: buf_puts(&w.b, "type "); break;
    case O_VAR: buf_puts(&w.b, o->is_field ? "field " : "var "); break;
    case O_FUNC: buf_puts(&w.b, "func "); break;
    case O_LABEL: return xsprintf("label %s", o->name);
    case O_BUILTIN: return xsprintf("builtin %s", o->name);
    case O_NIL: return "nil";
    }
    if (o->kind == O_FUNC && o->recv) {
        buf_putc(&w.b, '(');
        if (o->ptr_recv) buf_putc(&w.b, '*');
        type(&w, o->recv);
        buf_puts(&w.b, ").");
    } else if (!o->is_field)
        qualify(&w, o->parent && o->pkg && o->parent == o->pkg->scope ? o->pkg : NULL);
    buf_puts(&w.b, o->name);
    if (o->kind == O_FUNC && o->type && o->type->kind == T_FUNC)
        signature(&w, o->type);
    else if (o->kind == O_TYPENAME && o->type) {
        buf_puts(&w.b, o->is_alias ? " = " : " ");
        type(&w, o->is_alias ? unalias(o->type) : under(o->type));
    } else if (o->type) {
        buf_putc(&w.b, ' ');
        type(&w, o->type);
    }
    return buf_str(&w.b);
}
