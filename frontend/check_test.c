// Declarations, types and statements: the smallest program that shows a rule, with gc's words for
// what it breaks.
#include "frontend/check_impl.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static Package *load(const char *text, const char *go_version) {
    universe_init();
    SourceFile *src = source_add("/x.go", "x.go", str_c(text));
    Package *p = NEW(Package);
    p->path = "p";
    p->go_version = go_version;
    p->incomplete = true;
    vec_push(&p->files, parse_file(src, PARSE_ALL));
    return p;
}

static const char *errors_of(const char *text, const char *go_version) {
    check_package_bodies(load(text, go_version));
    char *out = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&out, &n);
    diagnostics_print(f, 0);
    fclose(f);
    return out;
}

#define EXPECT(text, want) cr_assert_str_eq(errors_of("package p\n" text, ""), want)
#define EXPECT_LANG(version, text, want) cr_assert_str_eq(errors_of("package p\n" text, version), want)

Test(check, accepts_a_program) {
    EXPECT(
        "type T struct{ next *T; f func(T) T }\n"
        "func (t *T) m() (x, y int) { for i := range 3 { x += i }; return }\n"
        "const (A = iota; B; C)\n"
        "var v, w = (&T{}).m()\n"
        "func g[E any, S ~[]E](s S) (r S) { for _, e := range s { r = append(r, e) }; return r }\n"
        "var z = g([]int{A, B, C})\n",
        "");
}

#define NOINTERFACE "package p\ntype T struct{}\n//go:nointerface\nfunc (T) m() {}\nvar _ interface{ m() } = T{}\n"
Test(check, nointerface_ignored) { cr_assert_str_eq(errors_of(NOINTERFACE, ""), ""); }
Test(check, nointerface) {
    Package *p = load(NOINTERFACE, "");
    p->fieldtrack = true;
    check_package_bodies(p);
    cr_assert(diagnostics.list.len == 1);
    cr_assert(strstr(diagnostics.list.data[0].msg,
                     "T does not implement interface{m()} (m method is marked 'nointerface')"));
}
Test(check, redeclared) {
    EXPECT("var x int\nfunc x() {}\n",
           "x.go:3:6: x redeclared in this block\n\tx.go:2:5: other declaration of x\n");
}
Test(check, unused_variable) {
    EXPECT("func f() { x := 1 }\n", "x.go:2:12: declared and not used: x\n");
}
Test(check, assignment_is_no_use) {
    EXPECT("func f() { var x int; x = 1 }\n", "x.go:2:16: declared and not used: x\n");
}
Test(check, use_in_literal_counts) {
    EXPECT("func f() func() int { x := 1; return func() int { return x } }\n", "");
}
Test(check, missing_return) {
    EXPECT("func f() int { for { break } }\n", "x.go:2:30: missing return\n");
}
Test(check, endless_loop_returns) {
    EXPECT("func f() int { for { } }\nfunc g(x any) int { switch x { case 1: return 1; default: "
           "panic(0) } }\n",
           "");
}
Test(check, recursive_type) {
    EXPECT("type T struct { u U }\ntype U struct { t [2]T }\n",
           "x.go:2:6: invalid recursive type T\n\tx.go:2:6: T refers to U\n\tx.go:3:6: U refers to "
           "T\n");
}
Test(check, direct_cycle) {
    EXPECT("type T T\n", "x.go:2:6: invalid recursive type: T refers to itself\n");
}
Test(check, init_cycle) {
    EXPECT("var a = f()\nfunc f() int { return a }\n",
           "x.go:2:5: initialization cycle for a\n\tx.go:2:5: a refers to f\n\tx.go:3:6: f refers "
           "to a\n");
}
Test(check, duplicate_method) {
    EXPECT("type T int\nfunc (T) m() {}\nfunc (*T) m() {}\n",
           "x.go:4:11: method T.m already declared at x.go:3:10\n");
}
Test(check, field_and_method) {
    EXPECT(
        "type T struct { m int }\nfunc (T) m() {}\n",
        "x.go:3:10: field and method with the same name m\n\tx.go:2:17: other declaration of m\n");
}
Test(check, constraint_as_variable) {
    EXPECT("type C interface { ~int }\nvar x C\n",
           "x.go:3:7: cannot use type C outside a type constraint: interface contains type "
           "constraints\n");
}
Test(check, duplicate_case) {
    EXPECT("func f(x int) { switch x { case 1, 2: case 1: } }\n",
           "x.go:2:44: duplicate case 1 (constant of type int) in expression switch\n\tx.go:2:33: "
           "previous case\n");
}
Test(check, language_version) {
    EXPECT_LANG("go1.17", "func f[T any]() {}\n",
                "x.go:2:8: type parameter requires go1.18 or later (-lang was set to go1.17; check "
                "go.mod)\n"
                "x.go:2:10: predeclared any requires go1.18 or later (-lang was set to go1.17; "
                "check go.mod)\n");
}
Test(check, range_over_int_is_new) {
    EXPECT_LANG("go1.21", "func f() { for range 3 {} }\n",
                "x.go:2:22: cannot range over 3 (untyped int constant): requires go1.22 or later "
                "(-lang was set to go1.21; check "
                "go.mod)\n");
}
Test(check, instantiation_cycle) {
    EXPECT("func f[T any]() { f[*T]() }\n",
           "x.go:2:8: instantiation cycle:\n\tx.go:2:21: T instantiated as *T\n");
}
Test(check, no_new_variables) {
    EXPECT("func f(a int) { b := a; b := a; _ = b }\n",
           "x.go:2:27: no new variables on left side of :=\n");
}
Test(check, embedded_pointer) {
    EXPECT("type P *int\ntype T struct { P }\n",
           "x.go:3:17: embedded field type cannot be a pointer\n");
}

Test(check, initialisation_order) {
    Package *p = load(
        "package p\nvar a = b + 1\nvar b = f()\nvar c, d = 1, a\nfunc f() int { return c }\n", "");
    check_package_bodies(p);
    cr_assert_eq(diagnostics.list.len, 0);
    Buf b = {0};
    for (vec_each(Initializer, in, &p->inits)) buf_puts(&b, in->lhs.data[0]->name);
    cr_assert_str_eq(buf_str(&b), "cbad");
}

Test(check, captures_and_assignments) {
    Package *p = load("package p\nfunc f(a int) func() {\n\tb, c := a, 1\n\tb++\n\treturn func() { "
                      "func() { _ = b }(); _ = c }\n}\n",
                      "");
    check_package_bodies(p);
    cr_assert_eq(diagnostics.list.len, 0);
    FuncInfo *f = p->funcs.data[0]->func.info;
    cr_assert_eq(f->lits.len, 1);
    FuncInfo *outer = f->lits.data[0];
    cr_assert_eq(outer->lits.len, 1);
    cr_assert_eq(outer->captures.len, 2);
    cr_assert_eq(outer->lits.data[0]->captures.len, 1);
    Object *b = outer->lits.data[0]->captures.data[0];
    cr_assert_str_eq(b->name, "b");
    cr_assert(b->captured && b->owner == f && b->assigns == 1);
}

Test(check, blank_labels_are_none) {
    EXPECT("func f() { for { _: for { break _ } } }\n"
           "func g() { _: for { continue _ } }\n",
           "x.go:2:33: break label not defined: _\n"
           "x.go:3:30: continue label not defined: _\n");
}
