// load_tags: the build tags that a package has beside the build's own. GOROOT's packages are
// written for gc; where that means assembly that the runtime does not have, purego chooses
// otherwise. Others choose as gc does, but for those with files that gc would assemble: there the
// tags decide that by convention lead to Go instead, the first of a few combinations by which no
// function that is called is missing, and then the fewest have no body. What still has none comes
// from a patch of the overlay (golang.org/x/sys/unix), from the runtime, or does not link.
#include "frontend/lexer.h"
#include "frontend/load_impl.h"

static const struct Choice {
    const char *tags[4];
} choices[] = {{{"purego"}},
               {{"purego", "noasm"}},
               {{"purego", "noasm", "appengine"}},
               {{"gc", "purego"}},
               {{"gc", "purego", "noasm"}}};
enum { CHOICES = sizeof choices / sizeof *choices, NO_ASM = 2, PUREGO_OF_GC = 3 };

static void push(const struct Choice *c) {
    for (int i = 0; i < 4 && c->tags[i]; i++) vec_push(&load_config.tags, c->tags[i]);
}

bool tags_assembled(const char *dir, const char *name) {
    Str text;
    const char *error;
    vec_push(&load_config.tags, "gc");
    bool yes = constraint_file_name(name) && read_file(xsprintf("%s/%s", dir, name), &text) &&
               constraint_text(text, &error);
    load_config.tags.len--;
    return yes;
}

typedef struct Functions { // of one file
    Str text;
    Vec(Name) bodies, none, called;
} Functions;

static void ignore_directive(void *arg, uint32_t offset, Str text) {
    (void)arg, (void)offset, (void)text;
}

// Behind func at the top level: notes the function. Its body begins with a { that no struct or
// interface of the result has.
static void declared(Lexer *l, Functions *f) {
    lexer_next(l);
    if (l->tok != TOK_NAME) return; // a method
    Name name = l->name;
    int depth = 0;
    Token before = TOK_NAME;
    for (lexer_next(l); l->tok != TOK_EOF && (depth || l->tok != TOK_SEMI);
         before = l->tok, lexer_next(l)) {
        if (!depth && l->tok == TOK_LBRACE && before != TOK_INTERFACE && before != TOK_STRUCT) {
            vec_push(&f->bodies, name);
            return;
        }
        depth += (l->tok == TOK_LPAREN || l->tok == TOK_LBRACE) -
                 (l->tok == TOK_RPAREN || l->tok == TOK_RBRACE);
    }
    vec_push(&f->none, name);
}

// By tokens alone, since all files are read, those of other systems too: functions declared at the
// top level, and names before a ( that no dot precedes.
static Functions *read_functions(const char *path, Str text) {
    Functions *f = NEW(Functions);
    f->text = text;
    Lexer l = {0};
    Diagnostics told = diagnostics; // the parser will tell of what is wrong here
    lexer_init(&l, source_add(path, path, text));
    l.directive = ignore_directive;
    int depth = 0;
    Name name = NULL;
    Token before = TOK_SEMI;
    for (lexer_next(&l); l.tok != TOK_EOF; lexer_next(&l)) {
        if (l.tok == TOK_FUNC && !depth && before == TOK_SEMI) declared(&l, f);
        if (l.tok == TOK_LPAREN && before == TOK_NAME && name) vec_push(&f->called, name);
        depth += (l.tok == TOK_LBRACE || l.tok == TOK_LPAREN) -
                 (l.tok == TOK_RBRACE || l.tok == TOK_RPAREN);
        name = l.tok == TOK_NAME && before != TOK_DOT ? l.name : NULL;
        before = l.tok;
    }
    diagnostics = told;
    return f;
}

// What is wrong with a choice: functions missing, which some other choice declares, and functions
// without bodies.
static uint32_t faults(const struct Choice *c, Functions *const *files, uint32_t n,
                       const PtrMap *known) {
    PtrMap has = {0}, counted = {0};
    uint32_t missing = 0, none = 0, before = load_config.tags.len;
    bool *taken = NEW_ARRAY(bool, n + 1);
    const char *error;
    push(c);
    for (uint32_t i = 0; i < n; i++) {
        if (!(taken[i] = constraint_text(files[i]->text, &error))) continue;
        for (vec_each(Name, d, &files[i]->bodies)) ptrmap_put(&has, *d, (void *)*d);
        for (vec_each(Name, d, &files[i]->none)) ptrmap_put(&has, *d, (void *)*d);
        none += files[i]->none.len;
    }
    load_config.tags.len = before;
    for (uint32_t i = 0; i < n; i++) {
        if (!taken[i]) continue;
        for (vec_each(Name, d, &files[i]->called)) {
            if (!ptrmap_has(known, *d) || ptrmap_has(&has, *d) || ptrmap_has(&counted, *d))
                continue;
            ptrmap_put(&counted, *d, (void *)*d);
            missing++;
        }
    }
    return (missing << 16) + none;
}

// Of equal choices the first, which changes least. Tests are left out: they may call what only
// assembly has.
static const struct Choice *choose(const char *dir, const Strings *names) {
    Vec(Functions *) files = {0};
    PtrMap known = {0};
    Str text;
    for (vec_each(const char *, n, names)) {
        const char *path = xsprintf("%s/%s", dir, *n);
        if (!constraint_file_name(*n) || ends_with(*n, "_test.go") || !read_file(path, &text))
            continue;
        vec_push(&files, read_functions(path, text));
        for (vec_each(Name, d, &vec_last(&files)->bodies)) ptrmap_put(&known, *d, (void *)*d);
        for (vec_each(Name, d, &vec_last(&files)->none)) ptrmap_put(&known, *d, (void *)*d);
    }
    const struct Choice *best = NULL;
    uint32_t fewest = UINT32_MAX;
    for (int i = 0; i < CHOICES; i++) {
        uint32_t n = faults(&choices[i], files.data, files.len, &known);
        if (n < fewest) {
            best = &choices[i];
            fewest = n;
        }
    }
    return best;
}

static bool takes_any(const char *dir, const Strings *names) {
    Str text;
    const char *error;
    for (vec_each(const char *, n, names))
        if (constraint_file_name(*n) && read_file(xsprintf("%s/%s", dir, *n), &text) &&
            (constraint_text(text, &error) || error))
            return true;
    return false;
}

// Has the runtime what the assembly files of GOROOT's package in dir define?
static bool runtime_has_assembly(const char *dir) {
    static Str list;
    if (!list.p &&
        (!load_config.overlay || !read_file(xsprintf("%s/assembly", load_config.overlay), &list)))
        list.p = "";
    size_t src = strlen(load_config.goroot) + strlen("/src/");
    return strlen(dir) > src &&
           strstr(list.p, xsprintf("\n%s %s\n", load_config.goarch, dir + src));
}

// The number of tags before is returned for the caller to cut the list back to. NO_ASM is for
// packages of which gc's tags take no file.
uint32_t tags_add(const char *dir, const Strings *names, bool goroot, bool assembly) {
    uint32_t before = load_config.tags.len;
    if (goroot && runtime_has_assembly(dir)) {
        vec_push(&load_config.tags, "gc");
    } else if (goroot) {
        push(&choices[PUREGO_OF_GC]);
    } else if (assembly && names) {
        push(choose(dir, names));
    } else {
        vec_push(&load_config.tags, "gc");
        if (names && !takes_any(dir, names)) { // Go for those with assembly, kept apart from them
            load_config.tags.len = before;
            push(&choices[NO_ASM]);
        }
    }
    return before;
}
