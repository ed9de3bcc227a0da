// load_constraint: which files belong to the build. A file name ends in _GOOS, _GOARCH or both for
// the target's alone; a //go:build line before the package clause holds a boolean expression over
// tags. Tags hold as listed in load.h.
#define _GNU_SOURCE 1
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

// Which there are GOROOT tells by the files that it has for each, so no list has to be kept up to
// date.
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

// go1.N holds for every N up to the version that we are; the limit on N also keeps it from
// overflowing.
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

// go/build's goodOSArchFile: what stands before the first _ never counts (linux.go is for all), and
// nothing behind the first dot.
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

// & and | come in pairs only; what no token begins with is an error, which also ends the text.
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

// The older form: options separated by spaces (or), terms by commas (and). What is no tag stands
// for one that is not set.
static bool plus_build(const char *p, const char *end) {
    bool any = false;
    while (p < end) {
        while (p < end && isspace((unsigned char)*p)) p++;
        if (p >= end) break;
        bool all = true;
        for (;;) {
            const char *start = p;
            while (p < end && *p != ',' && !isspace((unsigned char)*p)) p++;
            size_t n = (size_t)(p - start);
            bool neg = n > 1 && *start == '!' && start[1] != '!';
            if (constraint_tag(start + neg, n - neg) == neg) all = false;
            if (p >= end || *p != ',') break;
            p++;
        }
        any = any || all;
    }
    return any;
}

// A line's text, without the white space around it.
typedef struct Line {
    const char *p, *end;
} Line;

static bool begins(Line l, const char *with) {
    size_t n = strlen(with);
    return (size_t)(l.end - l.p) >= n && memcmp(l.p, with, n) == 0;
}

static Line skip(Line l, size_t n) {
    for (l.p += n; l.p < l.end && isspace((unsigned char)*l.p); l.p++) {}
    return l;
}

// The next line of *text.
static Line next_line(Line *text) {
    const char *eol = memchr(text->p, '\n', (size_t)(text->end - text->p));
    Line l = skip((Line){text->p, eol ? eol : text->end}, 0);
    text->p = eol ? eol + 1 : text->end;
    while (l.end > l.p && isspace((unsigned char)l.end[-1])) l.end--;
    return l;
}

// Is there the word alone, or white space after it?
static bool is_word(Line l, const char *word) {
    size_t n = strlen(word);
    return begins(l, word) && (l.p + n == l.end || isspace((unsigned char)l.p[n]));
}

static bool is_plus_build(Line l) { return begins(l, "//") && is_word(skip(l, 2), "+build"); }

// Past the comments that l begins with; *in: one that began with slash and star is open.
static Line skip_comments(Line l, bool *in) {
    while (l.p < l.end) {
        if (*in) {
            const char *close = memmem(l.p, (size_t)(l.end - l.p), "*/", 2);
            if (!close) return (Line){l.end, l.end};
            l.p = close;
        } else if (begins(l, "//")) {
            return (Line){l.end, l.end};
        } else if (!begins(l, "/*")) {
            break;
        }
        *in = !*in;
        l = skip(l, 2);
    }
    return l;
}

// Does each +build line hold?
static bool plus_builds(Line header) {
    while (header.p < header.end) {
        Line l = next_line(&header);
        if (is_plus_build(l) && !plus_build(skip(l, 2).p + 6, l.end)) return false;
    }
    return true;
}

// A //go:build line, of which there may be one, takes the place of all // +build lines. Ends at the
// first text that is no comment.
bool constraint_text(Str text, const char **error) {
    *error = NULL;
    Line rest = {text.p, text.p + text.len};
    if (begins(rest, "\xef\xbb\xbf")) rest.p += 3;
    // +build lines count where a blank line comes after them, all above anything but // comments.
    Line header = {rest.p, rest.p};
    bool holds = true, found = false, in_comment = false, ended = false;
    while (rest.p < rest.end) {
        Line l = next_line(&rest);
        if (l.p == l.end && !ended) header.end = rest.p;
        if (l.p == l.end) continue;
        if (!begins(l, "//")) ended = true;
        if (!in_comment && is_word(l, "//go:build")) {
            if (found) *error = "multiple //go:build comments";
            if (*error) return false;
            holds = go_build(l.p + 10, l.end, error);
            found = true;
        }
        l = skip_comments(l, &in_comment);
        if (l.p < l.end) break; // the package clause
    }
    return found ? holds : plus_builds(header);
}

bool load_file_matches(const char *name, Str text) {
    const char *error;
    return constraint_file_name(name) && constraint_text(text, &error);
}
