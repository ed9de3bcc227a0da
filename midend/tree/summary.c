// summary: what a package gives to those that import it, in a file beside its object.
//
// First two fingerprints (fingerprint.c): of all that importers can see of the package and by it of
// others, but for the text of bodies, and of the same without the package's test files, which only its
// own tests see. An importer need not be compiled again whose sources, whose imports' fingerprints,
// and the bodies that it used (summary_uses) are as they were.
//
// Then a line per function, by its first character:
//
//     +   a number of 32 digits that stands for its body, which importers may look at, and its name.
//     p   its symbol, then for each parameter its leaks in hexadecimal (escape). Functions that are not
//         there let everything escape.
//     -   its name: an opaque function, whose body importers do not look at, for its own package has
//         judged that it is not inlined. =: the same, and it calls recover.
//
// What importers learn of a body is in such a line, or they note that they used it: nothing else that
// stands in a function may bear on what they are compiled to.
#include "midend/tree/summary.h"
#include "midend/midend.h"
#include "midend/tree/escape.h"
#include <stdlib.h>

const char *(*summary_path)(const Package *p);
const char *(*summary_seen)(const Package *importer, const Package *p);

// ---- Writing ----

static void write_leaks(Buf *b, const Leaks *l) {
    buf_putc(b, ' ');
    for (int i = 0; i < LEAK_COUNT; i++) buf_printf(b, "%02x", l->to[i]);
}

static bool in_tests(const Package *p, Pos pos) {
    const SourceFile *src = source_of(pos);
    for (uint32_t i = p->files.len - p->test_files; i < p->files.len; i++)
        if (p->files.data[i]->src == src) return true;
    return false;
}

static void write_functions(const Unit *u, bool tests, Buf *b) {
    for (vec_each(Func *, fp, &u->funcs)) {
        Func *f = *fp;
        if (f->linkonce || f->outer || !f->params.len || !f->esc || !f->esc->params ||
            in_tests(u->pkg, f->pos) != tests)
            continue;
        buf_printf(b, "p%s", f->symbol);
        for (uint32_t i = 0; i < f->params.len; i++) write_leaks(b, &f->esc->params[i]);
        buf_putc(b, '\n');
    }
    for (vec_each(Decl *, dp, &u->pkg->funcs)) {
        Object *o = (*dp)->func.obj;
        if (!o || !(*dp)->func.body || in_tests(u->pkg, (*dp)->pos) != tests ||
            fingerprint_shows(*dp))
            continue;
        buf_printf(b, "%c%s\n", (*dp)->func.info->has_recover ? '=' : '-', fingerprint_name(o));
    }
}

bool summary_write(Unit *u, const char *path) {
    Buf without = {0}, tests = {0}, bodies = {0};
    FILE *out = fopen(path, "wx");
    if (!out) return false;
    write_functions(u, false, &without);
    write_functions(u, true, &tests);
    Fingerprint f = fingerprint_of(u->pkg, str_make(buf_str(&without), without.len),
                                   str_make(buf_str(&tests), tests.len), &bodies);
    fprintf(out, "%s %s\n", f.all, f.without_tests);
    fwrite(buf_str(&bodies), 1, bodies.len, out);
    fwrite(buf_str(&without), 1, without.len, out);
    fwrite(buf_str(&tests), 1, tests.len, out);
    bool ok = !ferror(out);
    return fclose(out) == 0 && ok;
}

// ---- Reading ----

bool summary_fingerprint(const char *path, Fingerprint *out) {
    enum { DIGITS = 64, LINE = 2 * DIGITS + 2 };
    char line[LINE];
    FILE *f = fopen(path, "re");
    if (!f) return false;
    bool ok = fread(line, 1, LINE, f) == LINE && line[DIGITS] == ' ' && line[LINE - 1] == '\n';
    fclose(f);
    if (ok) *out = (Fingerprint){xstrndup(line, DIGITS), xstrndup(line + DIGITS + 1, DIGITS)};
    return ok;
}

enum { BODY = 32 };

typedef struct Summary {
    PtrMap leaks;  // symbol (interned) -> its line's rest
    PtrMap opaque; // name (interned) -> the line, at its first character
    PtrMap bodies; // name (interned) -> its number
} Summary;

static PtrMap summaries; // Package * -> Summary *

static void read_line(Summary *m, char *line, char *end) {
    char *rest = line; // symbols may hold spaces: the leaks are the last words, of equal length
    *end = 0;
    if (*line == '+') {
        line[BODY + 1] = 0;
        ptrmap_put(&m->bodies, intern_c(line + BODY + 2), line + 1);
        return;
    }
    if (*line != 'p') {
        ptrmap_put(&m->opaque, intern_c(line + 1), line);
        return;
    }
    for (char *q = end; q - line > 2 * LEAK_COUNT && q[-2 * LEAK_COUNT - 1] == ' ';
         q -= 2 * LEAK_COUNT + 1)
        rest = q - 2 * LEAK_COUNT - 1;
    if (rest == line) return;
    *rest = 0;
    ptrmap_put(&m->leaks, intern_c(line + 1), rest + 1);
}

// Read once a package: whole, since most of what is called there is asked for.
static Summary *summary_of(const Package *p) {
    Summary *m = ptrmap_get(&summaries, p);
    if (m) return m;
    m = NEW(Summary);
    ptrmap_put(&summaries, p, m);
    const char *path = summary_path ? summary_path(p) : NULL;
    Str s;
    if (!path || !read_file(path, &s)) return m;
    char *text = xstrndup(s.p, s.len), *line = strchr(text, '\n');
    if (!line) return m;
    for (char *end; (end = strchr(++line, '\n')); line = end) read_line(m, line, end);
    return m;
}

static int hex(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

Leaks *summary_leaks(const Func *f) {
    if (!f->pkg) return NULL;
    const char *line = ptrmap_get(&summary_of(f->pkg)->leaks, intern_c(f->symbol));
    uint32_t n = f->sig->func.params.len;
    if (!line || strlen(line) + 1 != n * (2 * LEAK_COUNT + 1)) return NULL;
    Leaks *l = NEW_ARRAY(Leaks, n);
    for (uint32_t i = 0; i < n; i++, line++)
        for (int k = 0; k < LEAK_COUNT; k++, line += 2)
            l[i].to[k] = (uint8_t)(hex(line[0]) << 4 | hex(line[1]));
    return l;
}

bool summary_is_opaque(const Object *o, bool *recovers) {
    const char *line =
        o->pkg ? ptrmap_get(&summary_of(o->pkg)->opaque, intern_c(fingerprint_name(o))) : NULL;
    *recovers = line && *line == '=';
    return line != NULL;
}

// ---- What was used ----

static PtrMap used;
static Vec(const char *) uses;

void summary_note_use(const Object *o) {
    if (o->origin) o = o->origin;
    if (!o->pkg || ptrmap_has(&used, o)) return;
    ptrmap_put(&used, o, (void *)o);
    vec_push(&uses, xsprintf("%s\t%s\n", o->pkg->path, fingerprint_name(o)));
}

void summary_note_search(const Package *p) {
    if (ptrmap_has(&used, p)) return;
    ptrmap_put(&used, p, (void *)p);
    vec_push(&uses, xsprintf("%s\t\n", p->path));
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

Str summary_uses(void) {
    Buf b = {0};
    qsort(uses.data, uses.len, sizeof *uses.data, by_text);
    for (vec_each(const char *, u, &uses)) buf_puts(&b, *u);
    return str_make(buf_str(&b), b.len);
}

// The driver asks this of packages as they are now, which the compilers that it starts may have read
// before that: it has a table of its own.
const char *summary_body(const Package *p, Name name) {
    static PtrMap tables; // Package * -> PtrMap * of name -> number
    PtrMap *m = ptrmap_get(&tables, p);
    const char *path = summary_path ? summary_path(p) : NULL;
    Str s;
    if (m) return ptrmap_get(m, name);
    if (!path || !read_file(path, &s)) return NULL;
    ptrmap_put(&tables, p, m = NEW(PtrMap));
    const char *line = memchr(s.p, '\n', s.len), *end;
    while (line && *++line == '+' && (end = strchr(line, '\n'))) {
        ptrmap_put(m, intern(line + BODY + 2, (size_t)(end - line) - BODY - 2),
                   xstrndup(line + 1, BODY));
        line = end;
    }
    return ptrmap_get(m, name);
}
