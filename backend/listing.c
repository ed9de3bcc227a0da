// listing: annotated assembly as data (backend.h).
//
// LLVM writes where an instruction comes from as `.loc FILE LINE COL …  # name.go:LINE:COL @[
// name.go:LINE:COL @[ … ] ]`: innermost first, then the calls by which it was inlined. A function
// is what stands between its label and `.Lfunc_end`.
#include "backend/backend.h"
#include <stdlib.h>

// name:line:col before `end`: the base name and the line.
static bool parse_place(const char *s, const char *end, ListingPlace *p) {
    const char *col = end, *line;
    while (col > s && *--col != ':') {}
    for (line = col; line > s && *--line != ':';) {}
    if (line == s || *line != ':') return false;
    const char *slash = line;
    while (slash > s && slash[-1] != '/') slash--;
    *p = (ListingPlace){xstrndup(slash, (size_t)(line - slash)),
                        (uint32_t)strtoul(line + 1, NULL, 10)};
    return true;
}

static void parse_loc(const char *s, ListingLine *at) {
    at->places.data = NULL;
    at->places.len = at->places.cap = 0;
    const char *p = strpbrk(s, "#/");
    if (!p) return;
    for (p += 1 + (p[1] == '/'); *p;) {
        p += strspn(p, " \t@[]");
        size_t n = strcspn(p, " ]");
        ListingPlace place;
        if (n && parse_place(p, p + n, &place) && place.line) vec_push(&at->places, place);
        p += n;
    }
}

// The label at s without quotes, or NULL.
static const char *label_of(const char *s) {
    if (*s == '\t' || *s == ' ' || *s == '#' || !*s) return NULL;
    const char *end = *s == '"' ? strchr(s + 1, '"') : strchr(s, ':');
    if (!end || (*s == '"' && end[1] != ':')) return NULL;
    return *s == '"' ? xstrndup(s + 1, (size_t)(end - s - 1)) : xstrndup(s, (size_t)(end - s));
}

// An instruction without the comment and with one space after its name; NULL for a directive or an
// empty line.
static const char *instruction(const char *s) {
    s += strspn(s, " \t");
    if (*s == '.' || *s == '#' || !*s || starts_with(s, "//") || starts_with(s, "/*")) return NULL;
    Buf b = {0};
    bool quoted = false;
    for (; *s; s++) {
        if (*s == '"')
            quoted = !quoted;
        else if (!quoted && (*s == '#' ? s[-1] == '\t' || s[-1] == ' ' : starts_with(s, "//")))
            break;
        buf_putc(&b, *s == '\t' ? ' ' : *s);
    }
    while (b.len && b.p[b.len - 1] == ' ') b.len--;
    return b.len ? buf_str(&b) : NULL;
}

// Blocks that nothing jumps to are LLVM's own; labels of debug information begin otherwise.
static bool is_block_label(const char *label) { return starts_with(label, ".LBB"); }

// A pass over the lines: .type tells functions from data, .loc says where what follows comes from,
// and the rest up to a function's end are instructions and labels.
bool backend_read_listing(const char *path, Listing *l) {
    Str text;
    if (!read_file(path, &text)) return false;
    PtrMap functions = {0}; // names that .type calls functions
    ListingFunc *f = NULL;
    ListingLine at = {0};
    for (const char *p = text.p; *p;) {
        size_t n = strcspn(p, "\n");
        const char *line = xstrndup(p, n), *label = label_of(line), *insn;
        p += n + (p[n] == '\n');
        if (starts_with(line, "\t.type\t") &&
            (strstr(line, ",@function") || strstr(line, ",%function"))) {
            const char *s = line + 7;
            bool quote = *s == '"';
            ptrmap_put(&functions, intern(s + quote, strcspn(s + quote, quote ? "\"" : ",")), l);
        } else if (label && starts_with(label, ".Lfunc_end")) {
            f = NULL;
        } else if (label && ptrmap_has(&functions, intern_c(label))) {
            vec_push(&l->funcs, ((ListingFunc){.symbol = label}));
            f = &vec_last(&l->funcs);
            at = (ListingLine){0};
        } else if (f && label && is_block_label(label)) {
            vec_push(&f->lines, ((ListingLine){.text = xsprintf("%s:", label), .label = true}));
        } else if (f && starts_with(line, "\t.loc\t")) {
            parse_loc(line + 6, &at);
        } else if (f && !label && (insn = instruction(line))) {
            ListingLine i = at;
            i.text = insn;
            vec_push(&f->lines, i);
        }
    }
    return true;
}
