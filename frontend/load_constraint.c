// load_constraint: which files belong to the build. A file name ends in _GOOS, _GOARCH or both for
// the target's alone; a //go:build line before the package clause holds a boolean expression over
// tags. Tags hold as listed in load.h.
#include "frontend/load_impl.h"

#include <ctype.h>
#include <stdlib.h>
#include <unistd.h>

static const char *const known_os[] = {
    "aix",  "android", "darwin",  "dragonfly", "freebsd", "hurd",   "illumos", "ios", "js", "linux",
    "nacl", "netbsd",  "openbsd", "plan9",     "solaris", "wasip1", "windows", "zos", NULL};
static const char *const known_arch[] = {"386",    "amd64",    "amd64p32",  "arm",         "armbe",
                                         "arm64",  "arm64be",  "loong64",   "mips",        "mipsle",
                                         "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc",
                                         "ppc64",  "ppc64le",  "riscv",     "riscv64",     "s390",
                                         "s390x",  "sparc",    "sparc64",   "wasm",        NULL};
// Experiments that Go 1.27 has on by default; others that it has on change nothing in the packages
// that we compile from GOROOT.
static const char *const experiments_on[] = {"jsonv2", NULL};
static const char *const built_in[] = {"linux", "unix", "vole", NULL};

static bool listed(const char *const *list, const char *s, size_t n) {
    for (; *list; list++)
        if (strlen(*list) == n && memcmp(*list, s, n) == 0) return true;
    return false;
}

// The last word that says something of it holds.
static bool has_experiment(const char *name, size_t n) {
    bool on = listed(experiments_on, name, n);
    for (vec_each(const char *, x, &load_config.experiments)) {
        if (strlen(*x) == n && memcmp(*x, name, n) == 0) on = true;
        if (strlen(*x) == n + 2 && memcmp(*x, "no", 2) == 0 && memcmp(*x + 2, name, n) == 0)
            on = false;
        if (!strcmp(*x, "none")) on = false;
    }
    return on;
}

bool load_has_experiment(const char *name) { return has_experiment(name, strlen(name)); }

bool load_experiments(const char *list, const char **err) {
    while (*list) {
        size_t n = strcspn(list, ",");
        const char *word = xstrndup(list, n),
                   *name = n > 2 && memcmp(word, "no", 2) == 0 ? word + 2 : word;
        list += n + (list[n] == ',');
        if (!n) continue;
        bool known =
            !strcmp(word, "none") || !strcmp(name, "regabi") || // which stands for two
            access(xsprintf("%s/src/internal/goexperiment/exp_%s_on.go", load_config.goroot, name),
                   F_OK) == 0;
        if (!known) {
            *err = xsprintf("unknown GOEXPERIMENT %s", name);
            return false;
        }
        vec_push(&load_config.experiments, word);
    }
    return true;
}

static bool constraint_tag(const char *tag, size_t n) {
    if (listed(built_in, tag, n)) return true;
    const char *arch = load_config.goarch ? load_config.goarch : "amd64";
    if (strlen(arch) == n && memcmp(arch, tag, n) == 0) return true;
    if (n > 4 && memcmp(tag, "go1.", 4) == 0) {
        int minor = 0;
        for (size_t i = 4; i < n; i++) {
            if (!isdigit((unsigned char)tag[i]) || minor > 1000) return false; // no overflow
            minor = minor * 10 + (tag[i] - '0');
        }
        return minor >= 1 && minor <= 27;
    }
    if (n > 13 && memcmp(tag, "goexperiment.", 13) == 0 && has_experiment(tag + 13, n - 13))
        return true;
    for (vec_each(const char *, t, &load_config.tags))
        if (strlen(*t) == n && memcmp(*t, tag, n) == 0) return true;
    return false;
}

bool constraint_file_name(const char *name) {
    size_t n = strcspn(name, ".");
    const char *first = memchr(name, '_', n);
    if (!first) return true;
    // The last two parts, a trailing "test" aside.
    struct {
        const char *p;
        size_t n;
    } parts[2] = {{NULL, 0}, {NULL, 0}};
    int count = 0;
    const char *end = name + n;
    bool skipped = false;
    while (end > first && count < 2) {
        const char *p = end;
        while (p > first && p[-1] != '_') p--;
        if (p == first) break;
        if (!skipped && count == 0 && end - p == 4 && memcmp(p, "test", 4) == 0) {
            skipped = true;
        } else {
            parts[count].p = p;
            parts[count++].n = (size_t)(end - p);
        }
        end = p - 1;
    }
    if (count == 2 && listed(known_os, parts[1].p, parts[1].n) &&
        listed(known_arch, parts[0].p, parts[0].n))
        return constraint_tag(parts[0].p, parts[0].n) && constraint_tag(parts[1].p, parts[1].n);
    if (count >= 1 &&
        (listed(known_os, parts[0].p, parts[0].n) || listed(known_arch, parts[0].p, parts[0].n)))
        return constraint_tag(parts[0].p, parts[0].n);
    return true;
}

// ---- Expressions ----

// As go/build/constraint reads them, with its words for what is wrong.
typedef struct Scan {
    const char *p, *end;
    const char *tok; // the current token; its first byte tells: ( ) ! & | or a tag's
    size_t len;      // 0: at the end
    const char *error;
    int depth;
} Scan;

static bool tag_byte(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '.' || (c & 0x80);
}

static void fail(Scan *s, const char *error) {
    if (!s->error) s->error = error;
    s->p = s->end;
    s->len = 0;
}

static void lex(Scan *s) {
    while (s->p < s->end && (*s->p == ' ' || *s->p == '\t')) s->p++;
    s->tok = s->p;
    s->len = 0;
    if (s->p >= s->end) return;
    bool pair = *s->p == '&' || *s->p == '|';
    if (pair && s->end - s->p > 1 && s->p[1] == *s->p)
        s->len = 2;
    else if (!pair && strchr("()!", *s->p))
        s->len = 1;
    else
        while (s->p + s->len < s->end && tag_byte(s->p[s->len])) s->len++;
    if (!s->len) fail(s, xsprintf("invalid syntax at %c", *s->p));
    s->p += s->len;
}

static bool at(const Scan *s, char c) { return s->len && *s->tok == c; }

static bool or_expr(Scan *s);

// Not = [ "!" ] ( "(" Or ")" | tag )
static bool not_expr(Scan *s) {
    bool negated = at(s, '!'), v = false;
    if (negated) lex(s);
    if (at(s, '!')) fail(s, "double negation not allowed");
    if (at(s, '(') && ++s->depth > 1000) fail(s, "build expression too large");
    if (at(s, '(')) {
        lex(s);
        v = or_expr(s);
        if (s->error && !strcmp(s->error, "unexpected end of expression"))
            s->error = "missing close paren";
        else if (!at(s, ')'))
            fail(s, "missing close paren");
        s->depth--;
    } else if (s->len && tag_byte(*s->tok)) {
        v = constraint_tag(s->tok, s->len);
    } else {
        fail(s, s->len ? xsprintf("unexpected token %.*s", (int)s->len, s->tok)
                       : "unexpected end of expression");
    }
    lex(s);
    return v != negated;
}

// And = Not { "&&" Not }
static bool and_expr(Scan *s) {
    bool v = not_expr(s);
    while (at(s, '&')) {
        lex(s);
        v = not_expr(s) && v;
    }
    return v;
}

// Or = And { "||" And }
static bool or_expr(Scan *s) {
    bool v = and_expr(s);
    while (at(s, '|')) {
        lex(s);
        v = and_expr(s) || v;
    }
    return v;
}

static bool go_build(const char *p, const char *end, const char **error) {
    Scan s = {.p = p, .end = end};
    lex(&s);
    bool v = or_expr(&s);
    if (s.len) fail(&s, xsprintf("unexpected token %.*s", (int)s.len, s.tok));
    if (s.error) *error = xsprintf("parsing //go:build line: %s", s.error);
    return v && !s.error;
}

// The older form: options separated by spaces (or), terms by commas (and).
static bool plus_build(const char *p, const char *end) {
    bool any = false;
    while (p < end) {
        while (p < end && (*p == ' ' || *p == '\t' || *p == '\r')) p++;
        if (p >= end) break;
        bool all = true;
        while (p < end && *p != ' ' && *p != '\t' && *p != '\r') {
            bool neg = *p == '!';
            p += neg;
            const char *start = p;
            while (p < end && *p != ',' && *p != ' ' && *p != '\t' && *p != '\r') p++;
            if (constraint_tag(start, (size_t)(p - start)) == neg) all = false;
            if (p < end && *p == ',') p++;
        }
        any = any || all;
    }
    return any;
}

bool constraint_text(Str text, const char **error) {
    *error = NULL;
    const char *p = text.p, *end = text.p + text.len;
    if (text.len >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) p += 3;
    // +build lines count only above the last blank line of the header.
    const char *blank_after = NULL;
    bool plus = true, found = false, in_comment = false;
    struct {
        const char *p, *end;
    } lines[16];
    int nlines = 0;
    while (p < end) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        if (!eol) eol = end;
        const char *s = p, *e = eol;
        while (s < e && isspace((unsigned char)*s)) s++;
        while (e > s && isspace((unsigned char)e[-1])) e--;
        size_t n = (size_t)(e - s);
        if (in_comment) {
            for (; s + 1 < e; s++)
                if (s[0] == '*' && s[1] == '/') break;
            if (s + 1 < e) {
                in_comment = false;
                s += 2;
                while (s < e && isspace((unsigned char)*s)) s++;
                if (s < e) break;
            }
        } else if (n == 0) {
            blank_after = p;
        } else if (n >= 2 && s[0] == '/' && s[1] == '/') {
            if (n >= 10 && memcmp(s, "//go:build", 10) == 0 &&
                (n == 10 || s[10] == ' ' || s[10] == '\t')) {
                if (found) *error = "multiple //go:build comments";
                if (*error) return false;
                plus = go_build(s + 10, e, error);
                found = true;
            } else {
                const char *q = s + 2;
                while (q < e && (*q == ' ' || *q == '\t')) q++;
                if (e - q > 6 && memcmp(q, "+build", 6) == 0 && (q[6] == ' ' || q[6] == '\t') &&
                    nlines < 16) {
                    lines[nlines].p = q + 6;
                    lines[nlines++].end = e;
                }
            }
        } else if (n >= 2 && s[0] == '/' && s[1] == '*') {
            const char *q = s + 2;
            while (q + 1 < e && !(q[0] == '*' && q[1] == '/')) q++;
            if (q + 1 >= e)
                in_comment = true;
            else if (q + 2 < e)
                break;
        } else {
            break; // the package clause
        }
        p = eol < end ? eol + 1 : end;
    }
    if (found) return plus;
    for (int i = 0; i < nlines; i++)
        if (blank_after && lines[i].p < blank_after && !plus_build(lines[i].p, lines[i].end))
            return false;
    return true;
}

bool load_file_matches(const char *name, Str text) {
    const char *error;
    return constraint_file_name(name) && constraint_text(text, &error);
}
