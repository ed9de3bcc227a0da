// What passes decide: Go comes in, the decision comes out. A table for each pass; a row holds a
// program's declarations and what gc's reports (-m=2) say of it, or what is left of it in SSA.
#include "midend/midend.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static Unit *compile(const char *decls, int m) {
    if (!BASIC(INT)) universe_init();
    Package *p = NEW(Package);
    p->go_version = "";
    p->path = "p";
    p->incomplete = true;
    vec_push(&p->files,
             parse_file(source_add("/x.go", "x.go", str_c(xsprintf("package p\n%s\n", decls))),
                        PARSE_ALL));
    check_package_bodies(p);
    if (diagnostics.list.len) diagnostics_print(stderr, 0);
    cr_assert_eq(diagnostics.list.len, 0, "%s", decls);
    midend_options.opt = 2;
    midend_options.m = m;
    return midend_run(p);
}

static const char *reported(const char *decls) {
    char *text = NULL;
    size_t n = 0;
    compile(decls, 2);
    FILE *out = open_memstream(&text, &n);
    report_print(out);
    fclose(out);
    return text;
}

static const char *lowered(const char *decls, const char *func) {
    Unit *u = compile(decls, 0);
    for (vec_each(Func *, f, &u->funcs)) {
        if (strcmp((*f)->symbol, func) != 0) continue;
        char *text = NULL;
        size_t n = 0;
        FILE *out = open_memstream(&text, &n);
        dump_ssa(out, (*f)->ssa);
        fclose(out);
        return text;
    }
    return "";
}

static int count(const char *text, const char *what) {
    int n = 0;
    for (const char *p = text; (p = strstr(p, what)); p += strlen(what)) n++;
    return n;
}

typedef struct Report {
    const char *decls;
    const char *says[3]; // of which a line says each; "!x": none says x
} Report;

static void check_reports(const Report *rows, size_t n) {
    for (size_t i = 0; i < n; i++) {
        const char *got = reported(rows[i].decls);
        for (int k = 0; k < 3 && rows[i].says[k]; k++) {
            const char *want = rows[i].says[k];
            bool absent = *want == '!',
                 found = strstr(got, absent ? want + 1 : xsprintf(": %s", want));
            cr_expect(found != absent, "%s\nwant: %s\ngot:\n%s", rows[i].decls, want, got);
        }
    }
}
#define CHECK_REPORTS(rows) check_reports(rows, sizeof(rows) / sizeof *(rows))

Test(decisions, escape) {
    static const Report rows[] = {
        {"func f() *int { x := 1; return &x }", {"moved to heap: x"}},
        {"func f() int { x := 1; p := &x; return *p }", {"!moved to heap"}},
        {"func f(p *int) int { return *p }", {"p does not escape"}},
        {"func f(p *int) *int { return p }", {"leaking param: p to result ~r0 level=0"}},
        {"func f(p **int) *int { return *p }", {"leaking param: p to result ~r0 level=1"}},
        {"func f(p *int) (a, b *int) { return nil, p }", {"leaking param: p to result b level=0"}},
        {"var g *int\nfunc f(p *int) { g = p }", {"leaking param: p\n"}},
        {"var g *int\nfunc f(p **int) { g = *p }", {"leaking param content: p"}},
        {"func f(c chan *int, p *int) { c <- p }", {"c does not escape", "leaking param: p\n"}},
        {"func f(m map[int]*int, p *int) { m[0] = p }",
         {"m does not escape", "leaking param: p\n"}},
        {"func f(s [][]int, p []int) { s[0] = p }", {"s does not escape", "leaking param: p\n"}},
        {"func f(i interface{ m(*int) }, p *int) { i.m(p) }",
         {"leaking param: i", "leaking param: p\n"}},
        {"func f(h func(*int), p *int) { h(p) }", {"leaking param: p\n"}},
        {"func f() int { s := make([]int, 10); return s[3] }", {"make([]int, 10) does not escape"}},
        {"func f() []int { return make([]int, 10) }", {"make([]int, 10) escapes to heap"}},
        {"func f() int { s := make([]int, 1<<20); return s[3] }",
         {"make([]int, 1048576) escapes to heap"}},
        {"func f() { var a [20 << 20]int; a[1] = 2; g(a[:]) }\nfunc g(s []int) {}",
         {"moved to heap: a"}},
        {"func f(x int) any { return x }", {"x escapes to heap"}},
        {"func f(x int) bool { var a any = x; return a == nil }", {"x does not escape"}},
        {"func f() func() int { x := 0; return func() int { x++; return x } }",
         {"moved to heap: x", "func literal escapes to heap"}},
        {"func f() int { x := 0; func() { x++ }(); return x }",
         {"!moved to heap", "!escapes to heap"}},
        {"type T struct{ p *int }\nfunc f(p *int) T { return T{p} }",
         {"leaking param: p to result ~r0 level=0"}},
        {"type T struct{ p *int }\nfunc f(p *int) *T { return &T{p} }",
         {"leaking param: p\n", "&T{...} escapes to heap"}},
        {"func f(b []byte) string { return string(b) }",
         {"b does not escape", "string(b) escapes to heap"}},
        {"func f(b []byte) bool { return string(b) == \"x\" }", {"string(b) does not escape"}},
        {"func g(s ...int) {}\nfunc f() { g(1, 2) }", {"... argument does not escape"}},
        {"func g(p *int) *int { return p }\nfunc f() *int { x := 1; return g(&x) }",
         {"moved to heap: x"}},
        {"func f(n int) { for range n { x := 1; defer func() { x++ }() } }", {"moved to heap: x"}},
        {"//go:noescape\nfunc g(p *int)\nfunc f() { x := 1; g(&x) }", {"!moved to heap"}},
        {"func g(p *int)\nfunc f() { x := 1; g(&x) }", {"moved to heap: x"}},
    };
    CHECK_REPORTS(rows);
}

Test(decisions, inlining) {
    static const Report rows[] = {
        {"func f() int { return 1 }", {"can inline f with cost 2 as: func() int { return 1 }"}},
        {"func f(a, b int) int { return a + b }", {"can inline f with cost 4 as"}},
        {"func g() int { return 1 }\nfunc f() int { return g() }", {"inlining call to g"}},
        {"func f(n int) int { if n == 0 { return 0 }; return f(n - 1) }",
         {"can inline f with cost 69", "inlining call to f"}},
        {"//go:noinline\nfunc f() {}", {"cannot inline f: marked go:noinline"}},
        {"func f() { defer g() }\nfunc g()", {"cannot inline f: unhandled op DEFER"}},
        {"func f() { go g() }\nfunc g()", {"cannot inline f: unhandled op GO"}},
        {"func f() any { return recover() }", {"cannot inline f: call to recover"}},
        {"func f(c chan int) { select { case <-c: case c <- 1: } }", {"can inline f with cost 11"}},
        {"func f() { g(); g() }\nfunc g()",
         {"cannot inline f: function too complex: cost 118 exceeds budget 80"}},
        {"func f() { g() }\nfunc g()", {"can inline f with cost 59"}},
        {"func f(s []int) (t int) { for _, x := range s { t += x }; return }", {"can inline f"}},
        {"func f() { panic(1) }", {"can inline f"}},
        {"func f() int { g := func() int { return 1 }; return g() }",
         {"can inline f.func1", "inlining call to f.func1"}},
        {"var h = func() int { return 1 }\nfunc f() int { return h() }", {"!inlining call"}},
        {"type T int\nfunc (t T) m() int { return int(t) }\nfunc f(t T) int { return t.m() }",
         {"inlining call to T.m"}},
        {"func g[X any](x X) X { return x }\nfunc f() int { return g(1) }",
         {"inlining call to g[go.shape.int]"}},
    };
    CHECK_REPORTS(rows);
}

// A temporary of 5 for what is called where there is a call anywhere within.
Test(decisions, inlining_of_callees) {
#define CALLS "func n() int { return 1 }\nfunc g() func() { return nil }\n"
    static const Report rows[] = {
        {CALLS "func f(x []func()) { x[n()]() }", {"can inline f with cost 69"}},
        {CALLS "func f(x []func()) { x[0:1][0]() }", {"can inline f with cost 63"}},
        {CALLS "func f(x []func()) { x[:n()][0]() }", {"can inline f with cost 71"}},
        {CALLS "func f(x []func()) { x[0:1:n()][0]() }", {"can inline f with cost 72"}},
        {CALLS "func f() { []func(){nil}[0]() }", {"can inline f with cost 63"}},
        {CALLS "func f() { []func(){g()}[0]() }", {"can inline f with cost 71"}},
        {CALLS "func f() { struct{ fn func() }{fn: g()}.fn() }", {"can inline f with cost 70"}},
        {CALLS "func f() { map[int]func(){n(): nil}[1]() }", {"can inline f with cost 72"}},
        {CALLS "func f() { make([]func(), 1)[0]() }", {"can inline f with cost 62"}},
        {CALLS "func f() { make([]func(), n())[0]() }", {"can inline f with cost 70"}},
        {CALLS "func f() { (*new(func()))() }", {"can inline f with cost 60"}},
        {CALLS "func f(x []func()) { x[len(x)-1]() }", {"can inline f with cost 69"}},
    };
    CHECK_REPORTS(rows);
}

Test(decisions, devirtualize) {
#define SHAPES "type I interface{ m() int }\ntype T struct{}\ntype U struct{}\nfunc (T) m() int { return 1 }\nfunc (U) m() int { return 2 }\n"
    static const Report rows[] = {
        {SHAPES "func f() int { var i I = T{}; return i.m() }", {"devirtualizing i.m to T"}},
        {SHAPES "func f() int { i := I(&T{}); return i.m() }", {"devirtualizing i.m to *T"}},
        {SHAPES "func f() int { return I(U{}).m() }", {"devirtualizing I(U{}).m to U"}},
        {SHAPES "func n() I { return T{} }\nfunc f() int { return n().m() }",
         {"devirtualizing .autotmp_1.m to T", "inlining call to T.m"}},
        {SHAPES "func f(b bool) int { var i I = T{}; if b { i = U{} }; return i.m() }",
         {"!devirtualizing"}},
        {SHAPES "func f(i I) int { return i.m() }", {"!devirtualizing"}},
        {SHAPES "func g(i I) int { return i.m() }\nfunc f() int { return g(T{}) }",
         {"devirtualizing i.m to T"}},
        {SHAPES "var v I = T{}\nfunc f() int { return v.m() }", {"!devirtualizing"}},
        {SHAPES "func f() int { var i I = T{}; p := &i; *p = U{}; return i.m() }",
         {"!devirtualizing"}},
        {SHAPES "func f() int { var i I = T{}; func() { i = U{} }(); return i.m() }",
         {"!devirtualizing"}},
    };
    CHECK_REPORTS(rows);
}

// Calls run first, left to right; variables that they may change are read after them.
Test(decisions, order) {
    static const struct {
        const char *decls, *parts[4];
    } rows[] = {
        {"func g(p *int) int\nfunc f() (int, int) { x := 1; return x, g(&x) }",
         {"{p.g}", "load <int>"}},
        {"var v int\nfunc g() int\nfunc f() int { return v + g() }", {"{p.g}", "load <int>"}},
        {"func a() int\nfunc b() int\nfunc f(s []int) { s[a()] = b() }",
         {"{p.a}", "{p.b}", "bounds", "store"}},
        {"func a() int\nfunc b() int\nfunc f() int { return a() - b() }",
         {"{p.a}", "{p.b}", "sub"}},
        {"func a() []int\nfunc b() int\nfunc f() int { return a()[b()] }",
         {"{p.a}", "{p.b}", "bounds"}},
        {"func a() *int\nfunc b() int\nfunc f() { *a() = b() }", {"{p.a}", "{p.b}", "store"}},
        {"func a() int\nfunc b() int\nfunc f(m map[int]int) { m[a()] = b() }",
         {"{p.a}", "{p.b}", "mapassign"}},
        {"func a() bool\nfunc b() bool\nfunc f() bool { return a() && b() }",
         {"{p.a}", "if ", "{p.b}"}},
        {"func a(int, int) int\nfunc b() int\nfunc c() int\nfunc f() int { return a(b(), c()) }",
         {"{p.b}", "{p.c}", "{p.a}"}},
        {"func b() int\nfunc f(c chan int) { c <- b() }", {"{p.b}", "chansend"}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = lowered(rows[i].decls, "p.f"), *at = text;
        for (int k = 0; k < 4 && rows[i].parts[k] && at; k++) {
            at = strstr(at, rows[i].parts[k]);
            cr_expect(at, "%s\n%s missing or out of order in\n%s", rows[i].decls, rows[i].parts[k],
                      text);
        }
    }
}

Test(decisions, static_initialisation) {
    static const struct {
        const char *decls;
        bool code; // runs at the start
    } rows[] = {
        {"var a = 1 + 2", false},
        {"var a, b = \"x\" + \"y\", 'c'", false},
        {"var a = []int{1, 2, 3}", false},
        {"var a = [...]string{2: \"x\"}", false},
        {"var a = &struct{ x, y int }{1, 2}", false},
        {"var a = []*int{&b}\nvar b = 4", false},
        {"var a = &b[2]\nvar b [4]int", false},
        {"func g() {}\nvar a = g", false},
        {"var a = func() int { return 1 }", false},
        {"var a any = \"x\"", false},
        {"var a any = struct{ x int }{3}", false},
        {"type E struct{}\nfunc (E) Error() string { return \"\" }\nvar a error = E{}", false},
        {"var a = b\nvar b = []string{\"x\"}", false},
        {"var a = len(b)\nvar b [7]int", false},
        {"func g() int { return 3 }\nvar a = g()", false}, // inlined
        {"func g() int\nvar a = g()", true},
        {"var a = map[string]int{\"x\": 1}", true},
        {"var a = make(chan int)", true},
        {"var a = *b\nvar b = new(int)", true},
        {"var a = []int{g()}\nfunc g() int", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = lowered(rows[i].decls, "p.init");
        cr_expect_eq(count(text, "store") + count(text, "call") > 0, rows[i].code, "%s\n%s",
                     rows[i].decls, text);
    }
}

Test(decisions, prove) {
    static const struct {
        const char *decls;
        int bounds, nil; // checks that stay
    } rows[] = {
        {"func f(s []int, i int) int { return s[i] }", 1, 0},
        {"func f(s []int, i int) int { if i < len(s) { return s[i] }; return 0 }", 1, 0},
        {"func f(s []int, i int) int { if 0 <= i && i < len(s) { return s[i] }; return 0 }", 0, 0},
        {"func f(s []int, i uint8) int { if int(i) >= len(s) { return 0 }; return s[i] }", 0, 0},
        {"func f(s []int) int { if len(s) > 3 { return s[3] + s[0] }; return 0 }", 0, 0},
        {"func f(s []int) int { if len(s) > 3 { return s[4] }; return 0 }", 1, 0},
        {"func f(s []int) int { switch len(s) { case 2: return s[1]; }; return 0 }", 0, 0},
        {"func f(s []int) int { _ = s[3]; return s[0] + s[1] + s[2] }", 1, 0},
        {"func f(s []int) (t int) { for i := len(s) - 1; i >= 0; i-- { t += s[i] }; return }", 0,
         0},
        {"func f(s []int) (t int) { for i := 0; i < len(s); i += 2 { t += s[i] }; return }", 1, 0},
        {"func f(s []int) (t int) { for i := 1; i < len(s); i++ { t += s[i-1] }; return }", 0, 0},
        {"func f(s []int) (t int) { for i := 0; i < len(s); i++ { t += s[i+1] }; return }", 1, 0},
        {"func f(s []int, n int) (t int) { for i := range n { t += s[i] }; return }", 1, 0},
        {"func f(s, d []int) { d = d[:len(s)]; for i, x := range s { d[i] = x } }", 1, 0},
        {"func f(s []int) []int { d := make([]int, len(s)); for i, x := range s { d[i] = x }; "
         "return d }",
         0, 0},
        {"func f(a *[8]int, i int) int { return a[i&7] }", 0, 1},
        {"func f(a [10]int, i uint) int { return a[i%10] }", 0, 0},
        {"func f(s string) byte { if s == \"\" { return 0 }; return s[len(s)-1] }", 0, 0},
        {"func f(s []int, i, j int) int { if i < j && j < len(s) && i >= 0 { return s[i] }; return "
         "0 }",
         0, 0},
        {"func f(s []int, i int) { s[i] = 1; s[i] = 2 }", 1, 0},
        {"func f(s []int, i int, g func() int) { s[i] = g(); s[i] = g() }", 1, 0},
        {"type T struct{ a, b int }\nfunc f(p *T) int { return p.a + p.b }", 0, 1},
        {"type T struct{ a, b int }\nfunc f(p *T) int { if p == nil { return 0 }; return p.a }", 0,
         0},
        {"type T struct{ a, b int }\nfunc f() int { p := &T{1, 2}; return p.a }", 0, 0},
        {"type T struct{ a *T }\nfunc f(p *T) *T { return p.a.a }", 0, 2},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *text = lowered(rows[i].decls, "p.f");
        cr_expect_eq(count(text, "bounds <"), rows[i].bounds, "%s\n%s", rows[i].decls, text);
        cr_expect_eq(count(text, "nilcheck"), rows[i].nil, "%s\n%s", rows[i].decls, text);
    }
}
