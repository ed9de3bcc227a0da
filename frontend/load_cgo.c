// load_cgo: packages that import "C": which of a folder's files are the C compiler's, what the #cgo
// lines before import "C" say. Running cmd/cgo is the driver's (load_config.cgo), whose Go files
// stand for those that import "C".
#include "frontend/load_impl.h"

#include <ctype.h>
#include <stdlib.h>

// In go's order: which list of go list's a file belongs to.
static const char *const languages[CGO_LANGUAGES][6] = {
    [CGO_C] = {".c"},
    [CGO_CXX] = {".cc", ".cpp", ".cxx"},
    [CGO_FORTRAN] = {".f", ".F", ".for", ".f90"},
    [CGO_HEADER] = {".h", ".hh", ".hpp", ".hxx"},
    [CGO_ASSEMBLY] = {".s", ".S", ".sx"},
};

CgoLanguage cgo_language(const char *name) {
    for (int l = 0; l < CGO_LANGUAGES; l++)
        for (const char *const *e = languages[l]; e < languages[l] + 6 && *e; e++)
            if (ends_with(name, *e)) return (CgoLanguage)l;
    return CGO_LANGUAGES;
}

// ---- The comment before import "C" --------------------------------------------------------------

typedef struct Comment {
    size_t at, end; // of a group: comments without an empty line between
} Comment;

// Skips what stands before offset `to` of a file's head, which has no strings but import paths; the
// comments just before it, which end on the line above or on its own.
static Comment comment_before(Str text, size_t to) {
    Comment c = {0};
    const char *p = text.p, *end = p + to;
    int lines = 0; // since the group's end
    while (p < end) {
        size_t n = 0;
        if (p[0] == '/' && p[1] == '/')
            n = strcspn(p, "\n");
        else if (p[0] == '/' && p[1] == '*') {
            const char *close = strstr(p + 2, "*/");
            n = close ? (size_t)(close + 2 - p) : strlen(p);
        }
        if (n) {
            if (c.end == 0 || lines > 1) c.at = (size_t)(p - text.p);
            p += n;
            c.end = (size_t)(p - text.p);
            lines = 0;
        } else if (*p == '\n') {
            lines++;
            p++;
        } else if (isspace((unsigned char)*p)) {
            p++;
        } else {
            c.end = 0;
            if (*p == '"' || *p == '`') p += 1 + strcspn(p + 1, *p == '"' ? "\"\n" : "`");
            if (*p) p++;
        }
    }
    return lines > 1 ? (Comment){0} : c;
}

// The text of comments without their marks.
static const char *comment_text(const char *p, const char *end) {
    Buf b = {0};
    while (p < end) {
        if (p[0] == '/' && p[1] == '/') {
            size_t n = strcspn(p, "\n");
            buf_printf(&b, "%.*s\n", (int)(n - 2), p + 2);
            p += n;
        } else if (p[0] == '/' && p[1] == '*') {
            const char *close = strstr(p + 2, "*/");
            if (!close) close = end;
            buf_printf(&b, "%.*s\n", (int)(close - p - 2), p + 2);
            p = close + 2;
        } else
            p++;
    }
    return buf_str(&b);
}

// Where the specification begins, and for one without parentheses the word import before it.
static size_t doc_offset(const Str text, size_t spec, bool group) {
    if (group) return spec;
    size_t at = spec;
    while (at > 6 && memcmp(text.p + at - 6, "import", 6) != 0) at--;
    return at > 6 ? at - 6 : spec;
}

// ---- #cgo lines ---------------------------------------------------------------------------------

static bool safe(const char *s, size_t n) {
    static const char ok[] =
        "+-.,/0123456789=ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz:$@%! ~^";
    for (size_t i = 0; i < n; i++)
        if (!(s[i] & 0x80) && (!s[i] || !strchr(ok, s[i]))) return false;
    return true;
}

// With ${SRCDIR} replaced; NULL where something is left that a shell might read.
static const char *expand(const char *word, const char *dir) {
    static const char var[] = "${SRCDIR}";
    Buf b = {0};
    const char *p = word, *next;
    if (!*word) return NULL;
    while ((next = strstr(p, var))) {
        if (!safe(p, (size_t)(next - p)) || !safe(dir, strlen(dir))) return NULL;
        buf_printf(&b, "%.*s%s", (int)(next - p), p, dir);
        p = next + strlen(var);
    }
    if (!safe(p, strlen(p))) return NULL;
    buf_puts(&b, p);
    return buf_str(&b);
}

// Words as a shell divides them; false: a quote is left open.
static bool split(const char *s, Strings *out) {
    while (*(s += strspn(s, " \t\r\n\v\f"))) {
        Buf b = {0};
        char quote = 0;
        for (; *s && (quote || !isspace((unsigned char)*s)); s++) {
            if (*s == '\\') {
                if (!*++s) return false;
                buf_putc(&b, *s);
            } else if (quote && *s == quote)
                quote = 0;
            else if (!quote && (*s == '"' || *s == '\''))
                quote = *s;
            else
                buf_putc(&b, *s);
        }
        if (quote) return false;
        vec_push(out, buf_str(&b));
    }
    return true;
}

// Conditions are alternatives, each a build constraint in one of its two forms.
static bool holds(const char *words) {
    while (*(words += strspn(words, " \t"))) {
        size_t n = strcspn(words, " \t");
        const char *word = xstrndup(words, n), *error = NULL;
        const char *text = xsprintf(strpbrk(word, "&|()") ? "//go:build %s\n\npackage p\n"
                                                          : "// +build %s\n\npackage p\n",
                                    word);
        if (constraint_text(str_c(text), &error)) return true;
        words += n;
    }
    return false;
}

static void make_absolute(Strings *words, const char *dir) {
    for (uint32_t i = 0; i < words->len; i++) {
        const char *w = words->data[i];
        if (strncmp(w, "-I", 2) != 0 && strncmp(w, "-L", 2) != 0) continue;
        if (w[2] && w[2] != '/')
            words->data[i] = xsprintf("%.2s%s", w, path_clean(xsprintf("%s/%s", dir, w + 2)));
        else if (!w[2] && ++i < words->len && words->data[i][0] != '/')
            words->data[i] = path_clean(xsprintf("%s/%s", dir, words->data[i]));
    }
}

// A line "#cgo [conditions] VERB: words", without #cgo. What is wrong with it, or NULL.
static const char *directive(const char *line, const char *whole, const char *dir, CgoFlags *out) {
    static const char *const verbs[CGO_FLAGS] = {
        [CGO_CPPFLAGS] = "CPPFLAGS", [CGO_CFLAGS] = "CFLAGS",   [CGO_CXXFLAGS] = "CXXFLAGS",
        [CGO_FFLAGS] = "FFLAGS",     [CGO_LDFLAGS] = "LDFLAGS", [CGO_PKG_CONFIG] = "pkg-config"};
    const char *colon = strchr(line, ':');
    char head[256];
    size_t n = colon ? (size_t)(colon - line) : 0;
    while (n && isspace((unsigned char)line[n - 1])) n--;
    if (!n || n >= sizeof head) return xsprintf("invalid #cgo line: %s", whole);
    memcpy(head, line, n);
    head[n] = 0;
    char *verb = head + n;
    while (verb > head && !isspace((unsigned char)verb[-1])) verb--;
    const char *name = xstrndup(verb, strlen(verb));
    *verb = 0;
    if (head[strspn(head, " \t")] && !holds(head)) return NULL;
    Strings words = {0};
    if (!split(colon + 1, &words)) return xsprintf("invalid #cgo line: %s", whole);
    for (vec_each(const char *, w, &words)) {
        const char *to = expand(*w, dir);
        if (!to) return xsprintf("malformed #cgo argument: %s", *w);
        *w = to;
    }
    for (int v = 0; v < CGO_FLAGS; v++) {
        if (strcmp(name, verbs[v]) != 0) continue;
        if (v != CGO_PKG_CONFIG) make_absolute(&words, dir);
        for (vec_each(const char *, w, &words)) vec_push(&out->words[v], *w);
        return NULL;
    }
    return xsprintf("invalid #cgo verb: %s", whole);
}

// #cgo noescape and nocallback are cmd/cgo's to read.
static bool of_function(const char *line) {
    line += strspn(line, " \t");
    return (!strncmp(line, "noescape", 8) || !strncmp(line, "nocallback", 10)) &&
           !strchr(line, ':');
}

const char *load_cgo_flags(const Package *p, const File *f, CgoFlags *out) {
    Str text = f->src->text;
    for (vec_each(Decl *, d, &f->decls)) {
        const Expr *lit = (*d)->kind == D_IMPORT ? (*d)->import.path : NULL;
        if (!lit || lit->kind != E_LIT || lit->lit.bad ||
            !str_eq(unquote_string(lit->lit.text), str_c("C")))
            continue;
        Comment c =
            comment_before(text, doc_offset(text, lit->pos - f->src->base, (*d)->group != 0));
        if (!c.end && (*d)->group) // a group of one: what stands before its parenthesis counts, too
            continue;
        const char *line = comment_text(text.p + c.at, text.p + c.end);
        for (const char *end; *line; line = *end ? end + 1 : end) {
            end = line + strcspn(line, "\n");
            const char *s = line + strspn(line, " \t\r");
            if (strncmp(s, "#cgo", 4) != 0 || (s[4] != ' ' && s[4] != '\t')) continue;
            const char *rest = xstrndup(s + 4, (size_t)(end - s - 4));
            if (of_function(rest)) continue;
            const char *error = directive(rest + strspn(rest, " \t"),
                                          xstrndup(line, (size_t)(end - line)), p->dir, out);
            if (error) return xsprintf("%s: %s", f->src->path, error);
        }
    }
    return NULL;
}
