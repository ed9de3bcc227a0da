// test_main: the program that runs a package's tests, as source: tables of its tests, benchmarks,
// fuzz targets and examples for package testing.
#include "cmd/vole/test.h"
#include "cmd/vole/cover.h"
#include <ctype.h>
#include <unistd.h>

typedef struct Tables {
    Buf tests, benchmarks, fuzz, examples;
    const char *main; // the qualified TestMain, or NULL
    bool used[2];     // are names of the package, of the external tests needed?
} Tables;

// Test, TestX, Test_x, but not Testing: prefix and then no lower-case letter.
static bool has_prefix(const char *name, const char *prefix) {
    size_t n = strlen(prefix);
    return strncmp(name, prefix, n) == 0 && !islower((unsigned char)name[n]);
}

// Is the function func(x *testing.T), where T is one of kinds? The type's name decides, as for go
// test: the checker does the rest.
static bool takes(const Decl *d, const char *kind) {
    const Expr *t = d->func.ftype;
    if (t->func.results.len || t->func.params.len != 1 || d->func.tparams.len) return false;
    const char *param = expr_string(t->func.params.data[0]->type);
    const char *dot = strrchr(param, '.');
    return *param == '*' && !strcmp(dot ? dot + 1 : param + 1, kind);
}

// In the words of go vet and go test, which refuse a test that would never run.
static void check_signature(const Decl *d, const char *kind) {
    if (takes(d, kind)) return;
    bool main = !strcmp(d->func.name->name.name, "TestMain");
    const char *what = kind[0] == 'T'   ? "T"
                       : kind[0] == 'B' ? "B"
                                        : "F",
               *arg = kind[0] == 'T'   ? "t"
                      : kind[0] == 'B' ? "b"
                                       : "f";
    if (d->func.tparams.len)
        error_at(d->func.name->pos, "wrong signature for %s, %s cannot have type parameters",
                 d->func.name->name.name,
                 kind[0] == 'T'   ? "test functions"
                 : kind[0] == 'B' ? "benchmark functions"
                                  : "fuzz functions");
    else if (main)
        error_at(d->func.name->pos,
                 "wrong signature for TestMain, must be: func TestMain(m *testing.M)");
    else
        error_at(d->func.name->pos, "wrong signature for %s, must be: func %s(%s *testing.%s)",
                 d->func.name->name.name, d->func.name->name.name, arg, what);
}

// ---- Examples ----

// A comment's lines as documentation has them: without markers, directives and white space at line
// ends.
static void comment_text(const char *p, const char *end, Buf *out) {
    bool line = p[1] == '/';
    p += 2;
    if (!line)
        end -= 2;
    else if (p < end && *p == ' ')
        p++;
    else if (end - p > 3 && islower((unsigned char)*p)) { // //go:noinline and the like
        const char *q = p;
        while (q < end && (islower((unsigned char)*q) || isdigit((unsigned char)*q))) q++;
        if (q + 1 < end && *q == ':' &&
            (islower((unsigned char)q[1]) || isdigit((unsigned char)q[1])))
            return;
    }
    while (p <= end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        const char *stop = nl ? nl : end, *last = stop;
        while (last > p && strchr(" \t\r", last[-1])) last--;
        bool blank = last == p;
        bool after_blank = out->len == 0 || (out->len >= 2 && out->p[out->len - 2] == '\n');
        if (!blank || !after_blank) {
            buf_write(out, p, (size_t)(last - p));
            buf_putc(out, '\n');
        }
        p = stop + 1;
    }
}

// The last group of comments between p and end: comments with nothing but white space of at most
// one newline between them.
static const char *last_comment(const char *p, const char *end) {
    Buf group = {0};
    int newlines = 2; // since the last comment; 2: another one begins a new group
    while (p < end) {
        if (*p == '/' && (p[1] == '/' || p[1] == '*')) {
            const char *stop =
                p[1] == '/' ? memchr(p, '\n', (size_t)(end - p)) : strstr(p + 2, "*/");
            if (stop && p[1] == '*') stop += 2;
            if (!stop || stop > end) stop = end;
            if (newlines > 1) group = (Buf){0};
            comment_text(p, stop, &group);
            newlines = 0;
            p = stop;
        } else if (*p == '"' || *p == '\'' || *p == '`') {
            char quote = *p++;
            while (p < end && *p != quote) p += *p == '\\' && quote != '`' ? 2 : 1;
            p++;
            newlines = 2;
        } else {
            if (*p == '\n')
                newlines++;
            else if (!strchr(" \t\r", *p))
                newlines = 2;
            p++;
        }
    }
    while (group.len >= 2 && group.p[group.len - 1] == '\n' && group.p[group.len - 2] == '\n')
        group.len--;
    return group.len ? buf_str(&group) : NULL;
}

// What the body's last comment expects; false when it has no "Output:".
static bool example_output(const Decl *d, const char **output, bool *unordered) {
    const SourceFile *src = source_of(d->pos);
    const char *text = last_comment(src->text.p + (d->func.body->pos - src->base),
                                    src->text.p + (d->func.body->block.rbrace - src->base));
    if (!text) return false;
    text += strspn(text, " \t\n\r\f");
    *unordered = strncasecmp(text, "unordered ", 10) == 0;
    if (*unordered) text += 10;
    if (strncasecmp(text, "output:", 7) != 0) return false;
    text += 7;
    text += strspn(text, " ");
    if (*text == '\n') text++;
    *output = text;
    return true;
}

static void quote_go(Buf *b, const char *s) {
    buf_putc(b, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            buf_printf(b, "\\%c", *s);
        else if ((unsigned char)*s < ' ' || *s == 0x7f)
            buf_printf(b, "\\x%02x", (unsigned char)*s);
        else
            buf_putc(b, *s);
    }
    buf_putc(b, '"');
}

// ---- Tables ----

// A row in the table that testing.MainStart gets, if the function's name and form make it a test.
static void add_func(Tables *t, const Decl *d, const char *pkg, bool external) {
    const char *name = d->func.name->name.name;
    if (d->func.recv || !d->func.body) return;
    Buf *table = NULL;
    if (!strcmp(name, "TestMain")) {
        if (takes(d, "T"))
            table = &t->tests;
        else {
            check_signature(d, "M");
            t->main = xsprintf("%s.TestMain", pkg);
            t->used[external] = true;
            return;
        }
    } else if (has_prefix(name, "Test")) {
        check_signature(d, "T");
        table = &t->tests;
    } else if (has_prefix(name, "Benchmark")) {
        check_signature(d, "B");
        table = &t->benchmarks;
    } else if (has_prefix(name, "Fuzz")) {
        check_signature(d, "F");
        table = &t->fuzz;
    } else if (has_prefix(name, "Example")) {
        const char *output;
        bool unordered;
        if (d->func.ftype->func.params.len || !example_output(d, &output, &unordered)) return;
        buf_printf(&t->examples, "\t{\"%s\", %s.%s, ", name, pkg, name);
        quote_go(&t->examples, output);
        buf_printf(&t->examples, ", %s},\n", unordered ? "true" : "false");
        t->used[external] = true;
        return;
    }
    if (!table) return;
    t->used[external] = true;
    buf_printf(table, "\t{\"%s\", %s.%s},\n", name, pkg, name);
}

static void add_package(Tables *t, const Package *p, const char *name, bool external) {
    for (vec_each(File *, f, &p->files)) {
        if (!ends_with((*f)->src->path, "_test.go")) continue;
        for (vec_each(Decl *, d, &(*f)->decls))
            if ((*d)->kind == D_FUNC) add_func(t, *d, name, external);
    }
}

// The text of the main package that go test would write.
Str test_main_source(const Package *p, const Package *external) {
    Tables t = {0};
    if (p->files.len) add_package(&t, p, "_test", false);
    if (external) add_package(&t, external, "_xtest", true);
    Buf b = {0};
    buf_puts(&b, "// Code generated by 'go test'. DO NOT EDIT.\n\n"
                 "package main\n\nimport (\n\t\"os\"\n");
    if (t.main) buf_puts(&b, "\t\"reflect\"\n");
    buf_puts(&b, "\t\"testing\"\n\t\"testing/internal/testdeps\"\n");
    cover_tests_main(&b, true);
    if (p->files.len) buf_printf(&b, "\t%s \"%s\"\n", t.used[0] ? "_test" : "_", p->path);
    if (external) buf_printf(&b, "\t%s \"%s\"\n", t.used[1] ? "_xtest" : "_", external->path);
    buf_puts(&b, ")\n\n");
    const struct {
        const char *name, *type;
        Buf *rows;
    } tables[] = {{"tests", "InternalTest", &t.tests},
                  {"benchmarks", "InternalBenchmark", &t.benchmarks},
                  {"fuzzTargets", "InternalFuzzTarget", &t.fuzz},
                  {"examples", "InternalExample", &t.examples}};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
        buf_printf(&b, "var %s = []testing.%s{\n%s}\n\n", tables[i].name, tables[i].type,
                   tables[i].rows->len ? buf_str(tables[i].rows) : "");
    buf_puts(&b, "func init() {\n");
    cover_tests_main(&b, false);
    LoadModule module;
    buf_printf(&b, "\ttestdeps.ModulePath = \"%s\"\n\ttestdeps.ImportPath = \"%s\"\n}\n\n",
               load_module_of(p, &module) ? module.path : "", p->path);
    buf_puts(&b, "func main() {\n\tm := testing.MainStart(testdeps.TestDeps{}, tests, benchmarks, "
                 "fuzzTargets, examples)\n");
    if (t.main)
        buf_printf(
            &b,
            "\t%s(m)\n\tos.Exit(int(reflect.ValueOf(m).Elem().FieldByName(\"exitCode\").Int()))\n",
            t.main);
    else
        buf_puts(&b, "\tos.Exit(m.Run())\n");
    buf_puts(&b, "}\n");
    return (Str){buf_str(&b), b.len};
}
