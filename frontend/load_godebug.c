// load_godebug: the settings that a program has where $GODEBUG says nothing: as of the Go version
// of its module, then go.mod's godebug lines, then the //go:debug lines before its package clauses.
// Which setting changed when, and what it was before, tells GOROOT's table (internal/godebugs).
#include "frontend/load_impl.h"

#include <ctype.h>
#include <stdlib.h>

typedef struct Setting {
    const char *key, *value;
    Pos pos; // of the //go:debug line
} Setting;
typedef Vec(Setting) Settings;

static Setting *find(const Settings *s, const char *key) {
    for (vec_each(Setting, i, s))
        if (!strcmp(i->key, key)) return i;
    return NULL;
}

static void set(Settings *s, const char *key, const char *value) {
    Setting *have = find(s, key);
    if (have)
        have->value = value;
    else
        vec_push(s, ((Setting){key, value, 0}));
}

static int by_key(const void *a, const void *b) {
    return strcmp(((const Setting *)a)->key, ((const Setting *)b)->key);
}

// The string after NAME: in a row of the table, or NULL.
static const char *field(const char *row, const char *end, const char *name) {
    const char *p = strstr(row, name);
    if (!p || p >= end || !(p = strchr(p, '"')) || p >= end) return NULL;
    return xstrndup(p + 1, strcspn(p + 1, "\""));
}

// Rows are {Name: "k", Package: "p", Changed: 21, Old: "1"}, those of settings that are gone follow
// in a table of their own.
static Str table(void) {
    static Str text;
    if (!text.p &&
        !read_file(xsprintf("%s/src/internal/godebugs/table.go", load_config.goroot), &text))
        text = str_c("");
    return text;
}

// The row of a setting in either table, or NULL.
static const char *row_of(const char *key) {
    return strstr(table().p, xsprintf("{Name: \"%s\",", key));
}

// A setting that is gone may not ask for what it was there for: its row ends in // Old: "1" or "2".
static const char *removed(const char *row, const char *key, const char *value) {
    const char *end = row + strcspn(row, "\n"), *gone = strstr(row, "Removed: "),
               *old = strstr(row, "// Old: ");
    const char *here = old ? strstr(old, xsprintf("\"%s\"", value)) : NULL;
    if (!gone || gone >= end || !here || here >= end) return NULL;
    return xsprintf(
        "removed GODEBUG \"%s\" set to old value \"%s\" (https://go.dev/doc/godebug#go-1%d)", key,
        value, atoi(gone + 9));
}

static void defaults(int minor, Settings *out) {
    for (const char *row = table().p; (row = strstr(row, "{Name: ")); row++) {
        const char *end = row + strcspn(row, "\n"), *changed = strstr(row, "Changed: "),
                   *old = field(row, end, "Old: ");
        if (changed && changed < end && minor < atoi(changed + 9))
            set(out, field(row, end, "Name: "), old ? old : "");
    }
}

static int minor_of(const char *version) { // go1.N
    int minor = 0;
    return sscanf(version, "go1.%d", &minor) == 1 ? minor : -1;
}

const char *godebug_error(const char *what, const char *key, const char *value) {
    if (strpbrk(key, " \t")) return "key contains space";
    if (strpbrk(value, " \t")) return "value contains space";
    if (strchr(key, ',')) return "key contains comma";
    if (strchr(value, ',')) return "value contains comma";
    if (!strcmp(key, "default")) {
        if (minor_of(value) < 0) return "value for default= must be goVERSION";
        if (minor_of(value) > 27)
            return xsprintf("default=%s too new (toolchain is %s)", value, load_go_version());
        return NULL;
    }
    const char *row = row_of(key);
    return row ? removed(row, key, value) : xsprintf("unknown %s \"%s\"", what, key);
}

const char *godebug_module_error(const Module *m) {
    Buf b = {0};
    for (uint32_t i = 0; i < m->godebugs.len; i++) {
        const char *w = m->godebugs.data[i], *equals = strchr(w, '=');
        const char *why = godebug_error("godebug", xstrndup(w, (size_t)(equals - w)), equals + 1);
        if (why)
            buf_printf(&b, "%sgo: error loading go.mod:\n%s: %s", b.len ? "\n" : "",
                       m->godebug_places.data[i], why);
    }
    return b.len ? buf_str(&b) : NULL;
}

// Those before the package clause.
static void directives(const File *f, Settings *out) {
    Settings seen = {0};
    for (vec_each(Directive, d, &f->directives)) {
        if (!f->pkg_name || d->pos > f->pkg_name->pos) return;
        const char *start = d->text.p + 8, *end = d->text.p + d->text.len;
        if (strncmp(d->text.p, "go:debug", 8) != 0 || !isspace((unsigned char)*start)) continue;
        while (start < end && isspace((unsigned char)*start)) start++;
        while (end > start && isspace((unsigned char)end[-1])) end--;
        const char *equals = memchr(start, '=', (size_t)(end - start));
        Pos pos = d->pos - 2;
        if (!equals) {
            error_at(pos, "invalid //go:debug: missing key=value");
            continue;
        }
        const char *key = xstrndup(start, (size_t)(equals - start)),
                   *value = xstrndup(equals + 1, (size_t)(end - equals - 1));
        const char *why = godebug_error("//go:debug setting", key, value);
        if (why) {
            error_at(pos, "invalid //go:debug: %s", why);
            continue;
        }
        const Setting *before = find(&seen, key);
        if (before) {
            Position at = source_position(before->pos);
            error_at(pos, "repeated //go:debug for %s\n\t%s:%u:%u: previous //go:debug", key,
                     at.file, at.line, at.col);
            continue;
        }
        vec_push(&seen, ((Setting){key, value, pos}));
        set(out, key, value);
    }
}

// From weak to strong: the defaults of the go.mod's version, its godebug lines, //go:debug lines in
// files. default=go1.N stands for the version. Sorted, so that builds are reproducible.
const char *load_godebug(Package *const *packages, uint32_t n) {
    int minor = gopath_mode() ? 20 : 27;
    Settings own = {0}, all = {0};
    for (uint32_t i = 0; i < n; i++) {
        const Package *p = packages[i];
        if (p->in_goroot) continue;
        Module *m = p->dir && *p->dir ? gomod_find(p->dir) : NULL;
        for (uint32_t k = 0; m && k < m->godebugs.len; k++) {
            const char *w = m->godebugs.data[k], *equals = strchr(w, '=');
            if (equals) set(&own, xstrndup(w, (size_t)(equals - w)), equals + 1);
        }
        if (m) minor = minor_of(m->go_version);
    }
    for (uint32_t i = 0; i < n; i++)
        for (vec_each(File *, f, &packages[i]->files)) directives(*f, &own);
    for (vec_each(Setting, s, &own))
        if (!strcmp(s->key, "default")) minor = minor_of(s->value);
    defaults(minor, &all);
    for (vec_each(Setting, s, &own))
        if (strcmp(s->key, "default") != 0) set(&all, s->key, s->value);
    if (all.len) qsort(all.data, all.len, sizeof *all.data, by_key);
    Buf b = {0};
    for (vec_each(Setting, s, &all)) buf_printf(&b, "%s%s=%s", b.len ? "," : "", s->key, s->value);
    return buf_str(&b);
}
