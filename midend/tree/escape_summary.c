// escape_summary: what is known of a package's parameters, in a file beside its object, for the
// packages that import it.
//
// A line per function: its symbol, then for each parameter its leaks in hexadecimal. Functions that
// are not there let everything escape.
#include "midend/midend.h"
#include "midend/tree/escape.h"

const char *(*escape_summary_path)(const Package *p);

static void write_leaks(FILE *f, const Leaks *l) {
    fputc(' ', f);
    for (int i = 0; i < LEAK_COUNT; i++) fprintf(f, "%02x", l->to[i]);
}

bool escape_write_summary(Unit *u, const char *path) {
    FILE *out = fopen(path, "wx");
    if (!out) return false;
    for (vec_each(Func *, fp, &u->funcs)) {
        Func *f = *fp;
        if (f->linkonce || f->outer || !f->params.len || !f->esc || !f->esc->params) continue;
        fputs(f->symbol, out);
        for (uint32_t i = 0; i < f->params.len; i++) write_leaks(out, &f->esc->params[i]);
        fputc('\n', out);
    }
    bool ok = !ferror(out);
    return fclose(out) == 0 && ok;
}

static PtrMap summaries; // Package * -> PtrMap * of symbol (interned) -> its line's rest

// Read once a package: whole, since most of what is called there is asked for.
static PtrMap *read_summary(const Package *p) {
    PtrMap *m = NEW(PtrMap);
    ptrmap_put(&summaries, p, m);
    const char *path = escape_summary_path ? escape_summary_path(p) : NULL;
    Str s;
    if (!path || !read_file(path, &s)) return m;
    char *text = xstrndup(s.p, s.len);
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        *end = 0;
        char *rest = line; // symbols may hold spaces: the leaks are the last words, of equal length
        for (char *q = end; q - line > 2 * LEAK_COUNT && q[-2 * LEAK_COUNT - 1] == ' ';
             q -= 2 * LEAK_COUNT + 1)
            rest = q - 2 * LEAK_COUNT - 1;
        if (rest == line) continue;
        *rest = 0;
        ptrmap_put(m, intern_c(line), rest + 1);
    }
    return m;
}

static int hex(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

// The leaks of a function that another package defines; NULL where they are not known.
Leaks *escape_read_summary(const Func *f) {
    if (!f->pkg) return NULL;
    PtrMap *m = ptrmap_get(&summaries, f->pkg);
    if (!m) m = read_summary(f->pkg);
    const char *line = ptrmap_get(m, intern_c(f->symbol));
    uint32_t n = f->sig->func.params.len;
    if (!line || strlen(line) + 1 != n * (2 * LEAK_COUNT + 1)) return NULL;
    Leaks *l = NEW_ARRAY(Leaks, n);
    for (uint32_t i = 0; i < n; i++, line++)
        for (int k = 0; k < LEAK_COUNT; k++, line += 2)
            l[i].to[k] = (uint8_t)(hex(line[0]) << 4 | hex(line[1]));
    return l;
}
