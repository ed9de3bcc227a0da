// types2: go/types' own tests (internal/types/testdata and types2's testdata/local), where comments
// /* ERROR "text" */ and /* ERRORx "regexp" */ stand behind the token that a message is about.
//
// Comes in: the files of one package; goes out: NULL or what does not agree. The rules are those of
// types2's check_test.go: each message of the parser and the checker must have a comment on its
// line that fits, and be at most so many columns from it; no comment may be left over. The checker
// runs in this process, since a driver sorts messages and stops at the tenth.
#include "errors.h"
#include "frontend/load.h"
#include <ctype.h>
#include <stdlib.h>

typedef struct Expected {
    const char *file, *text;
    uint32_t line, col;
    bool regexp, used;
} Expected;
typedef Vec(Expected) ExpectedVec;

// The token before a comment, as far as its position goes.
typedef struct Cursor {
    const char *p, *line_start;
    uint32_t line;
} Cursor;

static void step(Cursor *c) {
    if (*c->p++ == '\n') {
        c->line++;
        c->line_start = c->p;
    }
}

static void skip_quoted(Cursor *c) {
    char quote = *c->p;
    for (step(c); *c->p && *c->p != quote && (quote == '`' || *c->p != '\n'); step(c))
        if (*c->p == '\\' && quote != '`' && c->p[1]) step(c);
    if (*c->p == quote) step(c);
}

static bool unquote(const char *s, const char **out) {
    while (*s == ' ') s++;
    size_t n = strlen(s);
    while (n && strchr(" \t\r", s[n - 1])) n--;
    if (n < 2 || (s[0] != '"' && s[0] != '`') || s[n - 1] != s[0]) return false;
    Str u = unquote_string(str_make(s, n));
    *out = xstrndup(u.p, u.len);
    return true;
}

static void take_comment(const char *text, const char *file, uint32_t line, uint32_t col,
                         ExpectedVec *out) {
    bool rx = !strncmp(text, " ERRORx ", 8);
    if (!rx && strncmp(text, " ERROR ", 7)) return;
    Expected e = {.file = file, .line = line, .col = col, .regexp = rx};
    if (unquote(text + (rx ? 8 : 7), &e.text)) vec_push(out, e);
}

// Comments ERROR "text" and ERRORx "re" stand behind the token that the error is at.
static void read_expected(const char *file, const char *text, ExpectedVec *out) {
    Cursor c = {text, text, 1};
    uint32_t line = 1, col = 1;
    while (*c.p) {
        if (isspace((unsigned char)*c.p)) {
            step(&c);
            continue;
        }
        if (c.p[0] == '/' && (c.p[1] == '/' || c.p[1] == '*')) {
            const char *start = c.p + 2;
            if (c.p[1] == '/') {
                while (*c.p && *c.p != '\n') step(&c);
                take_comment(xstrndup(start, (size_t)(c.p - start)), file, line, col, out);
            } else {
                for (c.p += 2; *c.p && (c.p[0] != '*' || c.p[1] != '/');) step(&c);
                take_comment(xstrndup(start, (size_t)(c.p - start)), file, line, col, out);
                if (*c.p) c.p += 2;
            }
            continue;
        }
        line = c.line;
        col = (uint32_t)(c.p - c.line_start) + 1;
        if (*c.p == '"' || *c.p == '`' || *c.p == '\'')
            skip_quoted(&c);
        else if (isalnum((unsigned char)*c.p) || *c.p == '_' || (*c.p & 0x80))
            while (isalnum((unsigned char)*c.p) || *c.p == '_' || (*c.p & 0x80)) c.p++;
        else
            c.p++;
    }
}

static uint32_t distance(uint32_t a, uint32_t b) { return a > b ? a - b : b - a; }

// As go/types' own test does: an error takes the nearest comment of its line that fits, at most so
// many columns away.
const char *types2_check(const char **files, uint32_t n, const char *name, const char *lang,
                         uint32_t columns) {
    universe_init();
    universe_define_test_functions();
    Package *p = load_files(files, n, name);
    p->go_version = lang;
    p->incomplete = true; // what a code generator would miss is not asked here
    check_package_bodies(p);
    ExpectedVec want = {0};
    Buf report = {0};
    for (vec_each(File *, f, &p->files)) read_expected((*f)->src->path, (*f)->src->text.p, &want);
    for (vec_each(Diagnostic, d, &diagnostics.list)) {
        SourceFile *src = source_of(d->pos);
        Position at = source_position_raw(d->pos);
        Expected *best = NULL;
        for (vec_each(Expected, e, &want)) {
            if (e->used || !src || strcmp(e->file, src->path) || e->line != at.line) continue;
            if (e->regexp ? !errors_regexp_matches(e->text, d->msg) : !strstr(d->msg, e->text))
                continue;
            if (!best || distance(at.col, e->col) < distance(at.col, best->col)) best = e;
        }
        if (best) best->used = true;
        const char *base = src ? strrchr(src->path, '/') + 1 : "";
        if (!best)
            buf_printf(&report, "%s:%u:%u: no error expected: %s\n", base, at.line, at.col, d->msg);
        else if (distance(at.col, best->col) > columns)
            buf_printf(&report, "%s:%u:%u: want column %u: %s\n", base, at.line, at.col, best->col,
                       d->msg);
    }
    for (vec_each(Expected, e, &want))
        if (!e->used)
            buf_printf(&report, "%s:%u:%u: missing error \"%s\"\n", strrchr(e->file, '/') + 1,
                       e->line, e->col, e->text);
    return report.len ? buf_str(&report) : NULL;
}
