// source: a Go file as a tree for the reducer. Comes in: a file and a shell command that succeeds
// while what one is after shows in the file (C-Reduce's convention). The file is rewritten for each
// try and holds the smallest text in the end; FILE.orig the first.
//
// The tree needs tokens alone. What is between braces, or semicolons within parentheses, is a
// block; its items, up to a semicolon or, where there is none, a comma, may go; so
//
//     for _, x := range list { sum += x; use(x) }
//
// is a statement whose block has two items. Uses must not keep declarations alive nor the other way
// round: after each declaration of variables stands `_ = x`, to go when its time comes, and imports
// that nothing names any more are left out.
#include "cmd/fuzz/node.h"
#include "frontend/lexer.h"
#include <ctype.h>
#include <signal.h>
#include <stdlib.h>

enum { SECONDS = 120 }; // for a run of the command

typedef struct Span {
    Token tok;
    uint32_t start, stop;
} Span;
typedef struct Import {
    Node *node;
    const char *name; // NULL: stays
} Import;

typedef struct Source {
    const char *path, *command;
    Str text;
    Vec(Span) spans;
    uint32_t at;   // the next span
    uint32_t done; // text up to here stands in the tree
    Vec(Import) imports;
    Vec(Node *) blanks;
    Node *root;
} Source;

static Node *leaf(const char *text) {
    Node *n = node_of(NODE_LIST, NULL, "", NULL);
    n->plain = text;
    return n;
}

static Token peek(const Source *s) { return s->spans.data[s->at].tok; }
static bool closes(Token t) {
    return t == TOK_RPAREN || t == TOK_RBRACK || t == TOK_RBRACE || t == TOK_EOF;
}
static bool opens(Token t) { return t == TOK_LPAREN || t == TOK_LBRACK || t == TOK_LBRACE; }
static const char *text_of(const Source *s, Span t) {
    return xstrndup(s->text.p + t.start, t.stop - t.start);
}

// The text up to the next span as a part of n.
static void take(Source *s, Node *n) {
    uint32_t stop = s->at ? s->spans.data[s->at - 1].stop : 0;
    if (stop > s->done) node_add(n, leaf(xstrndup(s->text.p + s->done, stop - s->done)));
    s->done = stop;
}

// Is there a semicolon between here and the bracket that closes?
static bool has_semicolons(const Source *s) {
    int depth = 0;
    for (uint32_t i = s->at; s->spans.data[i].tok != TOK_EOF; i++) {
        Token t = s->spans.data[i].tok;
        if (closes(t) && depth-- == 0) return false;
        depth += opens(t);
        if (t == TOK_SEMI && !depth) return true;
    }
    return false;
}

// _, _ = a, b for the names that end at span `end` (or begin there: step 1); NULL: none.
static Node *blank_use(Source *s, uint32_t end, int step) {
    Buf b = {0};
    for (uint32_t i = end; s->spans.data[i].tok == TOK_NAME; i += (uint32_t)(2 * step)) {
        const char *name = text_of(s, s->spans.data[i]);
        if (strcmp(name, "_") != 0) buf_printf(&b, "\n_ = %s;", name);
        if (s->spans.data[i + (uint32_t)step].tok != TOK_COMMA) break;
    }
    if (!b.len) return NULL;
    buf_putc(&b, '\n');
    Node *n = leaf(buf_str(&b));
    vec_push(&s->blanks, n);
    return n;
}

static void add_items(Source *s, Node *block);

// A bracket with what is in it. Gives the block that it is, or NULL.
static Node *add_group(Source *s, Node *n) {
    bool block = peek(s) == TOK_LBRACE ||
                 (peek(s) == TOK_LPAREN && (s->at++, has_semicolons(s) || (s->at--, false)));
    if (peek(s) == TOK_LBRACE || !block) s->at++;
    Node *b = NULL;
    if (block) {
        take(s, n);
        node_add(n, b = BLOCK());
        add_items(s, b);
    } else {
        while (!closes(peek(s)))
            if (opens(peek(s)))
                add_group(s, n);
            else
                s->at++;
    }
    if (peek(s) != TOK_EOF) s->at++;
    return b;
}

// Up to the separator, or a label's colon. `_ = x` goes behind a declaration, for those of a for or
// an if to the start of the block that sees them.
static void add_item(Source *s, Node *block, Token separator) {
    Node *n = node_of(NODE_STMT, NULL, NULL, NULL), *blank = NULL, *first = NULL, *last = NULL;
    Token lead = peek(s), t;
    uint32_t begin = s->at;
    while (!closes(t = peek(s))) {
        if (opens(t)) {
            Node *b = add_group(s, n);
            if (b) last = b;
            if (b && !first) first = b;
            continue;
        }
        if (t == TOK_DEFINE && !blank && lead != TOK_SWITCH) blank = blank_use(s, s->at - 1, -1);
        s->at++;
        bool label = t == TOK_COLON && (lead == TOK_CASE || lead == TOK_DEFAULT ||
                                        (lead == TOK_NAME && s->at == begin + 2));
        // Has semicolons of its own.
        bool header = !last && (lead == TOK_FOR || lead == TOK_IF || lead == TOK_SWITCH);
        if ((t == separator && !header) || (label && separator == TOK_SEMI)) break;
    }
    if (lead == TOK_VAR && block != s->root) blank = blank_use(s, begin + 1, 1);
    take(s, n);
    node_add(block, n);
    Node *within = lead == TOK_FOR ? last : lead == TOK_IF ? first : NULL;
    if (blank) node_add(within ? within : block, blank);
    for (uint32_t i = within && blank ? within->kids.len - 1 : 0; i > 0; i--) {
        within->kids.data[i] = within->kids.data[i - 1];
        within->kids.data[i - 1] = blank;
    }
}

// The name that a path's last element gives; NULL where it does not tell.
static const char *default_name(const char *path) {
    size_t n = strlen(path);
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    if (slash && name[0] == 'v' && isdigit((unsigned char)name[1]))
        return default_name(xstrndup(path, (size_t)(slash - path)));
    return strchr(name, '-') || !n ? NULL : xstrndup(name, strcspn(name, "."));
}

// One import, up to its semicolon: it goes when its name does, not before.
static void add_import(Source *s, Node *n) {
    const char *name = NULL;
    for (; !closes(peek(s)) && peek(s) != TOK_SEMI; s->at++) {
        Span t = s->spans.data[s->at];
        if (t.tok == TOK_LITERAL && !name)
            name = default_name(xstrndup(s->text.p + t.start + 1, t.stop - t.start - 2));
        else if (t.tok != TOK_LITERAL)
            name = text_of(s, t);
    }
    if (peek(s) == TOK_SEMI) s->at++;
    uint32_t kids = n->kids.len;
    take(s, n);
    if (n->kids.len > kids) vec_push(&s->imports, ((Import){vec_last(&n->kids), name}));
}

// Each import is a child of its own, in parentheses or not, to go when nothing names it.
static void add_imports(Source *s, Node *root) {
    Node *n = node_of(NODE_STMT, NULL, NULL, NULL);
    node_add(root, n);
    if (s->spans.data[s->at + 1].tok != TOK_LPAREN) {
        take(s, n); // what stands before
        s->at++;
        add_import(s, n);
        return;
    }
    s->at += 2;
    take(s, n);
    while (!closes(peek(s))) add_import(s, n);
    s->at += peek(s) != TOK_EOF;
    s->at += peek(s) == TOK_SEMI;
    take(s, n);
}

static void add_items(Source *s, Node *block) {
    Token separator = has_semicolons(s) ? TOK_SEMI : TOK_COMMA;
    while (!closes(peek(s)))
        if (peek(s) == TOK_IMPORT)
            add_imports(s, block);
        else
            add_item(s, block, separator);
}

// ---- tries ----

static bool names(const char *text, const char *name) {
    size_t n = strlen(name);
    for (const char *p = text; (p = strstr(p, name)); p += n) {
        bool starts = p == text || !(isalnum((unsigned char)p[-1]) || strchr("_.\"/", p[-1]));
        if (starts && p[n] == '.') return true;
    }
    return false;
}

static const char *present_text(Source *s) {
    const char *text = node_text(s->root);
    for (vec_each(Import, i, &s->imports))
        i->node->gone = i->name && isalpha((unsigned char)*i->name) && !names(text, i->name);
    return node_text(s->root);
}

static volatile sig_atomic_t interrupted;
static void interrupt(int sig) { interrupted = sig; }

static bool command_holds(void *arg) {
    Source *s = arg;
    const char *const argv[] = {"/bin/sh", "-c", s->command, NULL}, *const env[] = {NULL};
    if (interrupted || !write_text(s->path, present_text(s))) return false;
    return spawn(".", argv, env, "/dev/null", "/dev/null", SECONDS) == 0;
}

// Where the command does not hold with the blank uses, the file is made smaller without them.
int source_reduce(const char *path, const char *command) {
    Source s = {.path = path, .command = command, .root = BLOCK()};
    if (!read_file(path, &s.text) || !write_text(xsprintf("%s.orig", path), s.text.p)) {
        fprintf(stderr, "reduce: cannot read and copy %s\n", path);
        return 2;
    }
    Lexer l = {0};
    lexer_init(&l, source_add(path, path, s.text));
    do {
        lexer_next(&l);
        vec_push(&s.spans, ((Span){l.tok, l.start, l.stop}));
    } while (l.tok != TOK_EOF);
    add_items(&s, s.root);
    signal(SIGINT, interrupt);
    Reduction r = {command_holds, &s, UINT32_MAX};
    bool holds = command_holds(&s);
    for (vec_each(Node *, b, &s.blanks)) (*b)->gone = !holds;
    if (!holds && !command_holds(&s)) {
        write_text(path, s.text.p);
        fprintf(stderr, "reduce: the command fails on %s as it is\n", path);
        return 1;
    }
    node_reduce(&r, s.root);
    const char *text = present_text(&s);
    write_text(path, text);
    printf("%s: %zu bytes of %zu after %u tries\n", path, strlen(text), s.text.len,
           UINT32_MAX - r.left);
    return 0;
}
