// summary: what a package gives to those that import it, in a file beside its object.
//
// First two fingerprints (fingerprint.c): of all that importers can see of the package and by it of
// others, and of the same without the package's test files, which only its own tests see. An importer
// whose sources and imports' fingerprints are as they were need not be compiled again.
//
// Then a line per function, by its first character:
//
//     p   its symbol, then for each parameter its leaks in hexadecimal (escape). Functions that are not
//         there let everything escape.
//     -   its name: an opaque function, whose body importers do not look at, for its own package has
//         judged that it is not inlined. =: the same, and it calls recover.
//
// What importers learn of a body is in such a line, or the body is part of the fingerprint: nothing
// else that stands in a function may bear on what they are compiled to.
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
    Buf without = {0}, tests = {0};
    FILE *out = fopen(path, "wx");
    if (!out) return false;
    write_functions(u, false, &without);
    write_functions(u, true, &tests);
    Fingerprint f = fingerprint_of(u->pkg, str_make(buf_str(&without), without.len),
                                   str_make(buf_str(&tests), tests.len));
    fprintf(out, "%s %s\n", f.all, f.without_tests);
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

typedef struct Summary {
    PtrMap leaks;  // symbol (interned) -> its line's rest
    PtrMap opaque; // name (interned) -> the line, at its first character
} Summary;

static PtrMap summaries; // Package * -> Summary *

static void read_line(Summary *m, char *line, char *end) {
    char *rest = line; // symbols may hold spaces: the leaks are the last words, of equal length
    *end = 0;
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
