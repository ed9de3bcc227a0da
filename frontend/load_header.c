// load_header: what go list says of a file whose package clause or imports it can't read. A file
// comes in that the parser refused; goes out where and why, or NULL if its header is fine and the
// rest is the compiler's to report.
//
// go list reads no more than the header, with a parser of its own (go/parser) whose words are
// others than the compiler's. Only the first error counts.
#include "frontend/lexer.h"
#include "frontend/load_impl.h"

typedef struct Header {
    Lexer l;
    Str text;
    uint32_t at;
    const char *msg;
    bool between; // declarations: what is next may be the compiler's to refuse
} Header;

static void error(Header *h, uint32_t at, const char *msg) {
    if (h->msg) return;
    h->at = at;
    h->msg = msg;
}

// Messages of the lexer in go/scanner's words, which has all at a literal's start.
static const char *scanner_words(const char *msg) {
    if (!strcmp(msg, "newline in string") || !strcmp(msg, "string not terminated"))
        return "string literal not terminated";
    if (!strcmp(msg, "comment not terminated")) return msg;
    if (strstr(msg, "rune literal")) return "illegal rune literal";
    const char *c = strstr(msg, "invalid character ");
    return c ? xsprintf("illegal %s", c + 8) : msg;
}

static void next(Header *h) {
    uint32_t before = diagnostics.list.len;
    lexer_next(&h->l);
    if (diagnostics.list.len == before) return;
    Diagnostic *d = &diagnostics.list.data[before];
    if (h->between && strcmp(d->msg, "comment not terminated") &&
        strcmp(d->msg, "invalid NUL character"))
        return;
    bool literal = strstr(d->msg, "string") || strstr(d->msg, "rune literal");
    error(h, literal ? h->l.start : d->pos - h->l.src->base, scanner_words(d->msg));
}

static bool is_newline(const Header *h) {
    return h->l.tok == TOK_SEMI && strcmp(h->l.lit, "semicolon") != 0;
}

// As go/parser's errorExpected says it: names and literals as they stand, other tokens in quotes.
static void expected(Header *h, const char *what) {
    const Lexer *l = &h->l;
    uint32_t at = l->start;
    const char *found;
    if (l->tok == TOK_EOF || (l->tok == TOK_SEMI && !strcmp(l->lit, "EOF"))) {
        found = "'EOF'";
    } else if (is_newline(h)) {
        found = "newline";
    } else if (l->tok == TOK_NAME || l->tok == TOK_LITERAL) {
        found = xstrndup(h->text.p + l->start, l->stop - l->start);
    } else {
        found = xsprintf("'%.*s'", (int)(l->stop - l->start), h->text.p + l->start);
    }
    error(h, at, xsprintf("expected %s, found %s", what, found));
}

static void end_of_spec(Header *h) {
    if (h->l.tok == TOK_RPAREN) return;
    if (h->l.tok == TOK_SEMI) {
        h->between = true;
        next(h);
        h->between = false;
    } else if (h->l.tok != TOK_EOF)
        expected(h, "';'");
}

// ImportSpec = [ "." | PackageName ] ImportPath .
static void import_spec(Header *h) {
    if (h->l.tok == TOK_NAME || h->l.tok == TOK_DOT) next(h);
    if (h->l.tok == TOK_LITERAL && h->l.lit_kind == LIT_STRING) {
        next(h);
    } else {
        bool other = h->l.tok == TOK_LITERAL || h->l.tok == TOK_NAME;
        error(h, h->l.start, other ? "import path must be a string" : "missing import path");
    }
    if (!h->msg) end_of_spec(h);
}

// "package" name ";" { import ";" } . What the lexer reports on the way is not for the user:
// `diagnostics` is put back.
const char *header_error(const char *path, Str text, uint32_t *at) {
    Diagnostics before = diagnostics;
    diagnostics = (Diagnostics){0};
    Header h = {.text = text};
    lexer_init(&h.l, source_add(path, path, text));
    next(&h);
    if (!h.msg && h.l.tok != TOK_PACKAGE) expected(&h, "'package'");
    if (!h.msg) next(&h);
    if (!h.msg && h.l.tok != TOK_NAME) expected(&h, "'IDENT'");
    if (!h.msg) next(&h);
    if (!h.msg && h.l.tok == TOK_SEMI) end_of_spec(&h);
    while (!h.msg && h.l.tok == TOK_IMPORT) {
        next(&h);
        if (h.l.tok != TOK_LPAREN) {
            import_spec(&h);
            continue;
        }
        next(&h);
        while (!h.msg && h.l.tok != TOK_RPAREN && h.l.tok != TOK_EOF) import_spec(&h);
        if (!h.msg && h.l.tok != TOK_RPAREN) expected(&h, "')'");
        if (!h.msg) next(&h);
        if (!h.msg) end_of_spec(&h);
    }
    diagnostics = before;
    *at = h.at;
    return h.msg;
}
