// What Go source becomes in SSA: the smallest program that shows it, and what must or must not be
// in the lowered function.
#include "midend/midend.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static Unit *compile(const char *text) {
    universe_init();
    SourceFile *src = source_add("/x.go", "x.go", str_c(text));
    Package *p = NEW(Package);
    p->path = "p";
    p->go_version = "";
    p->incomplete = true;
    vec_push(&p->files, parse_file(src, PARSE_ALL));
    check_package_bodies(p);
    if (diagnostics.list.len) {
        diagnostics_print(stderr, 0);
        cr_assert_fail("the program has errors");
    }
    midend_options.opt = 2;
    return midend_run(p);
}

static Func *func_named(Unit *u, const char *name) {
    for (vec_each(Func *, f, &u->funcs))
        if (!strcmp((*f)->symbol, name)) return *f;
    cr_assert_fail("no function %s", name);
    return NULL;
}

static const char *lowered(const char *text, const char *name) {
    Func *f = func_named(compile(text), name);
    ssa_verify(f->ssa, "test");
    char *out = NULL;
    size_t n = 0;
    FILE *mem = open_memstream(&out, &n);
    dump_ssa(mem, f->ssa);
    fclose(mem);
    return out;
}

static int count(const char *text, const char *what) {
    int n = 0;
    for (const char *p = text; (p = strstr(p, what)); p += strlen(what)) n++;
    return n;
}

#define HAS(dump, what) cr_assert(strstr(dump, what), "no %s in\n%s", what, dump)
#define HAS_NOT(dump, what) cr_assert(!strstr(dump, what), "%s in\n%s", what, dump)

static void in_order(const char *dump, const char *const *what) {
    const char *p = dump;
    for (; *what; what++) {
        const char *q = strstr(p, *what);
        cr_assert(q, "%s missing or out of order in\n%s", *what, dump);
        p = q + strlen(*what);
    }
}
#define IN_ORDER(dump, ...) in_order(dump, (const char *const[]){__VA_ARGS__, NULL})

Test(ssagen, range_needs_no_bounds_check) {
    HAS_NOT(
        lowered("package p\nfunc f(s []int) (t int) { for i := range s { t += s[i] }; return }\n",
                "p.f"),
        "bounds");
}
Test(ssagen, counting_loop_needs_no_bounds_check) {
    HAS_NOT(lowered("package p\nfunc f(s string) (t int) { for i := 0; i < len(s); i++ { t += "
                    "int(s[i]) }; return }\n",
                    "p.f"),
            "bounds");
}
Test(ssagen, unrelated_index_is_checked) {
    HAS(lowered("package p\nfunc f(s []int, i int) int { return s[i] }\n", "p.f"), "bounds");
}
Test(ssagen, second_equal_check_goes) {
    const char *d =
        lowered("package p\nfunc f(s []int, i int) int { s[i]++; return s[i] }\n", "p.f");
    cr_assert_eq(count(d, "bounds <"), 1, "%s", d);
}
Test(ssagen, dereference_is_checked_once) {
    const char *d = lowered(
        "package p\ntype T struct{ a, b int }\nfunc f(p *T) int { return p.a + p.b }\n", "p.f");
    cr_assert_eq(count(d, "nilcheck"), 1, "%s", d);
}

// The right side's call comes before the left side's bounds check; the index is evaluated before
// the call.
Test(ssagen, assignment_has_two_phases) {
    IN_ORDER(
        lowered("package p\nfunc i() int\nfunc v() int\nfunc f(s []int) { s[i()] = v() }\n", "p.f"),
        "call <int> {p.i}", "call <int> {p.v}", "bounds", "store");
}
Test(ssagen, op_assign_evaluates_operands_once) {
    const char *d = lowered("package p\nfunc p() *int\nfunc f() { *p() += 2 }\n", "p.f");
    cr_assert_eq(count(d, "{p.p}"), 1, "%s", d);
}
Test(ssagen, map_value_before_insertion) {
    IN_ORDER(lowered("package p\nfunc v() int\nfunc f(m map[string]int, k string) { m[k] = v() }\n",
                     "p.f"),
             "{p.v}", "mapassign_faststr");
}
Test(ssagen, map_op_assign_searches_once) {
    const char *d = lowered("package p\nfunc f(m map[int]int, k, v int) { m[k] += v }\n", "p.f");
    HAS(d, "mapassign_fast64");
    HAS_NOT(d, "mapaccess");
    d = lowered("package p\nfunc f(m map[int][]int, k, v int) { m[k] = append(m[k], v) }\n", "p.f");
    HAS(d, "mapassign_fast64");
    HAS_NOT(d, "mapaccess");
}
Test(ssagen, map_division_panics_before_inserting) {
    IN_ORDER(lowered("package p\nfunc f(m map[int]int, k, v int) { m[k] /= v }\n", "p.f"),
             "mapaccess1_fast64", "ne <bool>", "mapassign_fast64");
}

Test(ssagen, division_checks_zero) {
    HAS(lowered("package p\nfunc f(a, b int) int { return a / b }\n", "p.f"), "panicdivide");
}
Test(ssagen, division_by_constant_does_not) {
    HAS_NOT(lowered("package p\nfunc f(a int) int { return a / 7 }\n", "p.f"), "panicdivide");
}
Test(ssagen, signed_shift_count_is_checked) {
    HAS(lowered("package p\nfunc f(a, b int) int { return a << b }\n", "p.f"), "panicshift");
}
Test(ssagen, unsigned_shift_count_is_not) {
    HAS_NOT(lowered("package p\nfunc f(a int, b uint8) int { return a << b }\n", "p.f"),
            "panicshift");
}

Test(ssagen, tables_are_data) {
    const char *d = lowered("package p\ntype R struct { lo, hi uint16 }\ntype T struct { name "
                            "string; r []R; next *T; f func() }\n"
                            "func g() {}\nvar a = &T{\"a\", []R{{1, 2}, {3, 4}}, &T{name: \"b\"}, "
                            "g}\nvar b any = [2]string{\"x\", "
                            "\"y\"}\nvar c = a\n",
                            "p.init");
    HAS_NOT(d, "store");
    HAS_NOT(d, "newobject");
}
Test(ssagen, constant_in_interface_is_data) {
    HAS_NOT(lowered("package p\nfunc f() any { return \"hello\" }\n", "p.f"), "conv");
}
Test(ssagen, comparing_interface_with_concrete_allocates_nothing) {
    const char *d = lowered("package p\nfunc f(x any, s string) bool { return x == s }\n", "p.f");
    HAS_NOT(d, "convT");
    HAS_NOT(d, "efaceeq");
}
Test(ssagen, looking_up_bytes_copies_nothing) {
    HAS_NOT(lowered("package p\nfunc f(m map[string]int, b []byte) int { return m[string(b)] }\n",
                    "p.f"),
            "slicebytetostring");
}
Test(ssagen, recover_needs_a_recovery_point) {
    HAS(lowered(
            "package p\nfunc f() (err any) { defer func() { err = recover() }(); return nil }\n",
            "p.f"),
        "setjmp");
}
Test(ssagen, other_defers_need_none) {
    HAS_NOT(lowered("package p\nvar n int\nfunc f() { defer func() { n++ }(); n = 2 }\n", "p.f"),
            "setjmp");
}
Test(ssagen, integer_cases_are_a_switch) {
    HAS(lowered("package p\nfunc f(x int) int { switch x { case 1, 2: return 1; case 3: return 4 "
                "}; return 0 }\n",
                "p.f"),
        "switch");
}
