// Expressions: for each rule the smallest programs that break it, with gc's words, and what the
// checker writes into the tree.
#include "frontend/check_impl.h"

#include <criterion/criterion.h>
#include <stdlib.h>

static Package *check(const char *text) {
    universe_init();
    SourceFile *src = source_add("/x.go", "x.go", str_c(text));
    Package *p = NEW(Package);
    p->path = "p";
    p->go_version = "";
    p->incomplete = true;
    vec_push(&p->files, parse_file(src, PARSE_ALL));
    check_package_bodies(p);
    return p;
}

static const char *errors_of(const char *text) {
    check(text);
    char *out = NULL;
    size_t n = 0;
    FILE *f = open_memstream(&out, &n);
    diagnostics_print(f, 0);
    fclose(f);
    return out;
}

#define EXPECT(text, want) cr_assert_str_eq(errors_of("package p\n" text), want)

// The initialiser of package-level variable `name`, checked.
static Expr *init_of(const char *text, const char *name) {
    Package *p = check(xsprintf("package p\n%s", text));
    cr_assert_eq(diagnostics.list.len, 0, "%s",
                 diagnostics.list.len ? diagnostics.list.data[0].msg : "");
    Object *o = scope_lookup(p->scope, intern_c(name));
    cr_assert_not_null(o);
    return o->decl->value.values;
}

Test(expr, untyped_operands_get_their_final_type) {
    Expr *e = init_of("var s uint\nvar y int64 = 1<<s + 3\n", "y");
    cr_assert_eq(e->type, BASIC(INT64));
    cr_assert_eq(e->op.x->type, BASIC(INT64));
    cr_assert_eq(e->op.x->op.x->type, BASIC(INT64));
    cr_assert_eq(e->op.y->type, BASIC(INT64));
}
Test(expr, comparison_gives_operands_default_types) {
    Expr *e = init_of("var i any\nvar y = i == 1\n", "y");
    cr_assert_eq(e->type, BASIC(BOOL));
    cr_assert_eq(e->op.y->type, BASIC(INT));
}
Test(expr, nil_takes_the_type_it_is_used_as) {
    Expr *e = init_of("var y []int = nil\n", "y");
    cr_assert_eq(e->mode, MODE_NILVALUE);
    cr_assert_eq(e->type->kind, T_SLICE);
}
Test(expr, constants_are_rounded_to_their_type) {
    Expr *e = init_of("var y float32 = 0.1\n", "y");
    cr_assert_eq(e->mode, MODE_CONST);
    cr_assert_eq(const_double_value(e->val), (double)0.1f);
}
Test(expr, constants_fold) {
    int64_t v;
    cr_assert(
        const_int64_value(init_of("const a = 10\nvar y = (a/3 + 1<<2) &^ 1\n", "y")->val, &v));
    cr_assert_eq(v, 6);
}
Test(expr, comma_ok_is_a_tuple) {
    Expr *e = init_of("var m map[string]int\nvar v, y = m[\"\"]\n", "y");
    cr_assert(e->commaok);
    cr_assert_eq(e->type->kind, T_TUPLE);
    cr_assert_eq(e->type->tuple.vars.data[1]->type, BASIC(BOOL));
}
Test(expr, inferred_instance_is_recorded) {
    Expr *e = init_of("func f[K comparable, V any](m map[K]V) V { return m[*new(K)] }\nvar y = "
                      "f(map[string]int{})\n",
                      "y");
    TypeList *targs = e->call.fun->inst;
    cr_assert_not_null(targs);
    cr_assert_eq(targs->data[0], BASIC(STRING));
    cr_assert_eq(targs->data[1], BASIC(INT));
    cr_assert_eq(e->call.fun->type->func.tparams, NULL);
}
Test(expr, assigned_function_is_instantiated) {
    Expr *e = init_of("func f[T any](x T) {}\nvar y func(string) = f\n", "y");
    cr_assert_not_null(e->inst);
    cr_assert_eq(e->inst->data[0], BASIC(STRING));
}
Test(expr, function_argument_is_instantiated) {
    Expr *e = init_of("func g[A, B any](x A, f func(A) B) (r B) { return }\nfunc f[T any](x T) []T "
                      "{ return nil }\nvar y = g(1, f)\n",
                      "y");
    cr_assert_eq(e->type->kind, T_SLICE);
    cr_assert_eq(e->call.args.data[1]->inst->data[0], BASIC(INT));
}
Test(expr, promoted_field_has_its_path) {
    Expr *e = init_of(
        "type A struct{ z, x int }\ntype B struct{ y int; *A }\nvar b B\nvar y = b.x\n", "y");
    Selection *s = e->selector.selection;
    cr_assert_eq(s->kind, SEL_FIELD);
    cr_assert_eq(s->path_len, 2);
    cr_assert_eq(s->path[0], 1);
    cr_assert_eq(s->path[1], 1);
    cr_assert(s->indirect);
    cr_assert_eq(e->mode, MODE_VAR);
}
Test(expr, method_expression_takes_its_receiver) {
    Expr *e = init_of("type T int\nfunc (*T) m(x string) {}\nvar y = (*T).m\n", "y");
    cr_assert_eq(e->selector.selection->kind, SEL_METHODEXPR);
    cr_assert_eq(e->type->func.params.len, 2);
    cr_assert_eq(e->type->func.params.data[0]->type->kind, T_POINTER);
}
Test(expr, methods_of_instances_know_their_origin) {
    Expr *e = init_of(
        "type T[P any] struct{ x P }\nfunc (t T[P]) m() P { return t.x }\nvar y = T[int]{}.m()\n",
        "y");
    cr_assert_eq(e->type, BASIC(INT));
    cr_assert_not_null(e->call.fun->selector.selection->obj->origin);
}
Test(expr, literal_captures) {
    Package *p = check(
        "package p\nfunc f(x int) func() *int { y := x; return func() *int { y++; return &y } }\n");
    FuncInfo *f = p->funcs.data[0]->func.info;
    cr_assert_eq(f->lits.len, 1);
    FuncInfo *lit = f->lits.data[0];
    cr_assert_eq(lit->outer, f);
    cr_assert_eq(lit->captures.len, 1);
    Object *y = lit->captures.data[0];
    cr_assert(y->captured && y->addr_taken);
    cr_assert_eq(y->assigns, 1);
    cr_assert_not(f->sig->func.params.data[0]->captured);
    p = check(
        "package p\nfunc f() func(int) int { return func(x int) (y int) { y = x; return } }\n");
    cr_assert_eq(p->funcs.data[0]->func.info->lits.data[0]->captures.len, 0);
}

Test(expr_errors, constant_overflow) {
    EXPECT("var a uint8 = 256\n"
           "var b = uint8(256)\n"
           "var c int8 = 100 * 2\n",
           "x.go:2:15: cannot use 256 (untyped int constant) as uint8 value in variable "
           "declaration (overflows)\n"
           "x.go:3:15: constant 256 overflows uint8\n"
           "x.go:4:14: cannot use 100 * 2 (untyped int constant 200) as int8 value in variable "
           "declaration (overflows)\n");
}
Test(expr_errors, untyped_constant_overflow) {
    EXPECT("const c = 1 << 600\n"
           "const d = 1<<500 * 1<<500\n",
           "x.go:2:13: constant shift overflow\n"
           "x.go:3:21: constant shift overflow\n");
}
Test(expr_errors, float_truncated) {
    EXPECT("var a int = 1.5\n"
           "var b = int(1.5)\n"
           "var c int = 2.0\n",
           "x.go:2:13: cannot use 1.5 (untyped float constant) as int value in variable "
           "declaration (truncated)\n"
           "x.go:3:13: cannot convert 1.5 (untyped float constant) to type int\n");
}
Test(expr_errors, division_by_zero) {
    EXPECT("var x int\n"
           "var a, b, c = x / 0, 1.0 / 0, 1 % 0\n",
           "x.go:3:19: invalid operation: division by zero\n");
}
Test(expr_errors, mismatched_types) {
    EXPECT("var i int\n"
           "var s string\n"
           "var u uint\n"
           "var a, b, c, d = i + s, i == u, i + 1.5, s + 1\n",
           "x.go:5:18: invalid operation: i + s (mismatched types int and string)\n"
           "x.go:5:30: invalid operation: i == u (mismatched types int and uint)\n"
           "x.go:5:37: 1.5 (untyped float constant) truncated to int\n"
           "x.go:5:42: invalid operation: s + 1 (mismatched types string and untyped int)\n");
}
Test(expr_errors, undefined_operators) {
    EXPECT("var s []int\n"
           "var f func()\n"
           "var m map[int]int\n"
           "var b bool\n"
           "var v, w, x, y, z = s == s, f != f, m == nil, !s, -b\n",
           "x.go:6:21: invalid operation: s == s (slice can only be compared to nil)\n"
           "x.go:6:29: invalid operation: f != f (func can only be compared to nil)\n"
           "x.go:6:48: invalid operation: operator ! not defined on s (variable of type []int)\n"
           "x.go:6:52: invalid operation: operator - not defined on b (variable of type bool)\n");
}
Test(expr_errors, ordering) {
    EXPECT("type T struct{ x int }\n"
           "var t T\n"
           "var p *int\n"
           "var a, b, c = t == t, t < t, p < p\n",
           "x.go:5:23: invalid operation: t < t (operator < not defined on struct)\n"
           "x.go:5:30: invalid operation: p < p (operator < not defined on pointer)\n");
}
Test(expr_errors, nil_operands) {
    EXPECT("var a = nil\n"
           "var b = nil == nil\n"
           "var i int = nil\n"
           "var p *int = nil\n",
           "x.go:2:9: use of untyped nil in variable declaration\n"
           "x.go:3:16: invalid operation: nil == nil (operator == not defined on untyped nil)\n"
           "x.go:4:13: cannot use nil as int value in variable declaration\n");
}
Test(expr_errors, shifts) {
    EXPECT("var s uint\n"
           "var f float64\n"
           "var a float64 = 1 << s\n"
           "var b int64 = 1 << s\n"
           "var c = 1.0 << s\n"
           "var d, e, g = f << 1, 1 << -1, 1 << 1.5\n",
           "x.go:4:17: invalid operation: shifted operand 1 (type float64) must be integer\n"
           "x.go:6:9: invalid operation: shifted operand 1.0 (type float64) must be integer\n"
           "x.go:7:15: invalid operation: shifted operand f (variable of type float64) must be "
           "integer\n"
           "x.go:7:28: invalid operation: negative shift count -1 (untyped int constant)\n"
           "x.go:7:37: 1.5 (untyped float constant) truncated to uint\n");
}
Test(expr_errors, address) {
    EXPECT("var m map[int]int\n"
           "var a, b, c = &m[0], &1, &struct{}{}\n",
           "x.go:3:16: invalid operation: cannot take address of m[0] (map index expression of "
           "type int)\n"
           "x.go:3:23: invalid operation: cannot take address of 1 (untyped int constant)\n");
}
Test(expr_errors, indirection) {
    EXPECT("var i int\n"
           "var p **int\n"
           "var a, b = *i, **p\n",
           "x.go:4:13: invalid operation: cannot indirect i (variable of type int)\n");
}
Test(expr_errors, channels) {
    EXPECT("var s chan<- int\n"
           "var r <-chan int\n"
           "var i int\n"
           "var a, b, c = <-s, <-r, <-i\n"
           "func f() { r <- 1; s <- \"\" }\n",
           "x.go:5:17: invalid operation: cannot receive from send-only channel chan<- int s "
           "(variable of type chan<- int)\n"
           "x.go:5:27: invalid operation: cannot receive from non-channel int i (variable of type "
           "int)\n"
           "x.go:6:12: invalid operation: cannot send to receive-only channel <-chan int r "
           "(variable of type <-chan int)\n"
           "x.go:6:25: cannot use \"\" (untyped string constant) as int value in send\n");
}
Test(expr_errors, assertions) {
    EXPECT("type I interface { m() }\n"
           "type T struct{}\n"
           "var i I\n"
           "var n int\n"
           "var a, b = i.(T), n.(int)\n",
           "x.go:6:12: impossible type assertion: i.(T)\n"
           "\tT does not implement I (missing method m)\n"
           "x.go:6:19: invalid operation: n (variable of type int) is not an interface\n");
}
Test(expr_errors, index) {
    EXPECT("var a [3]int\n"
           "var s []int\n"
           "var m map[string]int\n"
           "var v, w, x, y, z = a[3], s[-1], m[1], s[1.5], 5[0]\n"
           "var c = \"abc\"[3]\n",
           "x.go:5:23: invalid argument: index 3 out of bounds [0:3]\n"
           "x.go:5:29: invalid argument: index -1 (constant of type int) must not be negative\n"
           "x.go:5:36: cannot use 1 (untyped int constant) as string value in map index\n"
           "x.go:5:42: 1.5 (untyped float constant) truncated to int\n"
           "x.go:5:49: cannot index 5 (untyped int constant)\n"
           "x.go:6:15: invalid argument: index 3 out of bounds [0:3]\n");
}
Test(expr_errors, slices) {
    EXPECT("var a [3]int\n"
           "var p = &a\n"
           "var s string\n"
           "var v, w, x = a[2:1], p[:4], s[0:1:2]\n"
           "func f() [2]int\n"
           "var y = f()[:]\n",
           "x.go:5:19: invalid slice indices: 1 < 2\n"
           "x.go:5:26: invalid argument: index 4 out of bounds [0:4]\n"
           "x.go:5:36: invalid operation: 3-index slice of string\n"
           "x.go:7:9: cannot slice unaddressable value f() (value of type [2]int)\n");
}
Test(expr_errors, call_arguments) {
    EXPECT("func f(a int, b string)\n"
           "func g(a int, b ...string)\n"
           "func h() (int, string)\n"
           "func _() { f(1); f(1, \"\", 2); f(h()); g(); g(1, 2); g(1, []string{}...); f(1, "
           "nil...); f(\"\", 1) }\n",
           "x.go:5:14: not enough arguments in call to f\n"
           "\thave (number)\n"
           "\twant (int, string)\n"
           "x.go:5:27: too many arguments in call to f\n"
           "\thave (number, string, number)\n"
           "\twant (int, string)\n"
           "x.go:5:39: not enough arguments in call to g\n"
           "\thave ()\n"
           "\twant (int, ...string)\n"
           "x.go:5:49: cannot use 2 (untyped int constant) as string value in argument to g\n"
           "x.go:5:74: cannot use ... in call to non-variadic f\n"
           "x.go:5:90: cannot use \"\" (untyped string constant) as int value in argument to f\n"
           "x.go:5:94: cannot use 1 (untyped int constant) as string value in argument to f\n");
}
Test(expr_errors, not_a_function) {
    EXPECT(
        "var i int\n"
        "var a = i()\n"
        "var b = 5(1)\n",
        "x.go:3:9: invalid operation: cannot call i (variable of type int): int is not a function\n"
        "x.go:4:9: invalid operation: cannot call 5 (untyped int constant): untyped int is not a "
        "function\n");
}
Test(expr_errors, no_value) {
    EXPECT("func f()\n"
           "func g() (int, int)\n"
           "var a = f()\n"
           "var b int = g()\n"
           "var c = 1 + g()\n",
           "x.go:4:9: f() (no value) used as value\n"
           "x.go:5:13: multiple-value g() (value of type (int, int)) in single-value context\n"
           "x.go:6:13: multiple-value g() (value of type (int, int)) in single-value context\n");
}
Test(expr_errors, selectors) {
    EXPECT(
        "type T struct { Foo int; bar string }\n"
        "func (*T) M()\n"
        "var t T\n"
        "var a, b, c = t.foo, t.Bar, t.baz\n"
        "var d = T.M\n"
        "var e = T{}.M\n",
        "x.go:5:17: t.foo undefined (type T has no field or method foo, but does have field Foo)\n"
        "x.go:5:24: t.Bar undefined (type T has no field or method Bar, but does have field bar)\n"
        "x.go:5:31: t.baz undefined (type T has no field or method baz)\n"
        "x.go:6:11: invalid method expression T.M (needs pointer receiver (*T).M)\n"
        "x.go:7:13: cannot call pointer method M on T\n");
}
Test(expr_errors, pointer_to_interface) {
    EXPECT("type I interface { m() }\n"
           "var p *I\n"
           "var a = p.m\n"
           "var i I = p\n",
           "x.go:4:11: p.m undefined (type *I is pointer to interface, not interface)\n"
           "x.go:5:11: cannot use p (variable of type *I) as I value in variable declaration: *I "
           "does not implement I (type *I "
           "is pointer to interface, not interface)\n");
}
Test(expr_errors, ambiguous) {
    EXPECT("type A struct { x int }\n"
           "type B struct { x int }\n"
           "type C struct { A; B }\n"
           "var c C\n"
           "var a = c.x\n",
           "x.go:6:11: ambiguous selector c.x\n");
}
Test(expr_errors, types_and_values) {
    EXPECT("type T int\n"
           "var a = T\n"
           "var x int\n"
           "var y x\n"
           "var b = len\n"
           "var c = T.foo\n",
           "x.go:3:9: T (type) is not an expression\n"
           "x.go:5:7: x (package-level variable) is not a type\n"
           "x.go:6:9: len (built-in) must be called\n"
           "x.go:7:11: T.foo undefined (type T has no field or method foo)\n");
}
Test(expr_errors, composites) {
    EXPECT("type T struct { a, b int }\n"
           "var a = T{1}\n"
           "var b = T{1, 2, 3}\n"
           "var c = T{a: 1, a: 2}\n"
           "var d = T{a: 1, 2}\n"
           "var e = T{c: 1}\n"
           "var f = int{}\n"
           "var g = []T{{1, 2}, {a: 3}}\n",
           "x.go:3:12: too few values in struct literal of type T\n"
           "x.go:4:17: too many values in struct literal of type T\n"
           "x.go:5:17: duplicate field name a in struct literal\n"
           "x.go:6:17: mixture of field:value and value elements in struct literal\n"
           "x.go:7:11: unknown field c in struct literal of type T\n"
           "x.go:8:9: invalid composite literal type int\n");
}
Test(expr_errors, duplicate_keys) {
    EXPECT("var a = []int{0: 1, 0: 2}\n"
           "var b = map[string]int{\"a\": 1, \"a\": 2}\n"
           "var c = [2]int{1, 2, 3}\n"
           "var d = map[any]int{1: 1, 1.0: 2, 1: 3}\n"
           "var e = [...]int{5: 1}\n"
           "var f [6]int = e\n",
           "x.go:2:21: duplicate index 0 in array or slice literal\n"
           "x.go:3:32: duplicate key \"a\" in map literal\n"
           "x.go:4:22: index 2 is out of bounds (>= 2)\n"
           "x.go:5:35: duplicate key 1 in map literal\n");
}
Test(expr_errors, append_copy) {
    EXPECT(
        "var s []int\n"
        "var b []byte\n"
        "var a = append(s, \"\")\n"
        "var c = append(1, 2)\n"
        "var d = append(b, \"x\"...)\n"
        "var e = copy(b, \"x\")\n"
        "var f = copy(s, b)\n"
        "var g = append(nil, 1)\n",
        "x.go:4:19: cannot use \"\" (untyped string constant) as int value in argument to append\n"
        "x.go:5:16: invalid append: argument must be a slice; have 1 (untyped int constant)\n"
        "x.go:8:14: invalid copy: arguments s (variable of type []int) and b (variable of type "
        "[]byte) have different element "
        "types int and byte\n"
        "x.go:9:16: invalid append: argument must be a slice; have untyped nil\n");
}
Test(expr_errors, len_cap) {
    EXPECT("var i int\n"
           "var m map[int]int\n"
           "var a = len(i)\n"
           "var b = cap(m)\n"
           "const c = len([3]int{})\n"
           "var p *[4]int\n"
           "const d = len(p)\n",
           "x.go:4:13: invalid argument: i (variable of type int) for built-in len\n"
           "x.go:5:13: invalid argument: m (variable of type map[int]int) for built-in cap\n");
}
Test(expr_errors, make_new) {
    EXPECT("var a = make(int)\n"
           "var b = make([]int)\n"
           "var c = make([]int, 2, 1)\n"
           "var d = make(map[int]int, -1)\n"
           "var e = new(int)\n"
           "var f *int = e\n"
           "var g = make([]int, 1, 2, 3)\n",
           "x.go:2:14: invalid argument: cannot make int: type must be slice, map, or channel\n"
           "x.go:3:9: invalid operation: make([]int) expects 2 or 3 arguments; found 1\n"
           "x.go:4:21: invalid argument: length and capacity swapped\n"
           "x.go:5:27: invalid argument: index -1 (constant of type int) must not be negative\n"
           "x.go:8:9: invalid operation: make([]int, 1, 2, 3) expects 2 or 3 arguments; found 4\n");
}
Test(expr_errors, other_builtins) {
    EXPECT("var a = complex(1, \"\")\n"
           "var b = real(1)\n"
           "var c int\n"
           "func f() { close(c); delete(c, 1); clear(c); print(nil); panic() }\n"
           "var d = min(1, \"a\")\n"
           "var e = max(1, 2.5)\n",
           "x.go:2:17: invalid operation: complex(1, \"\") (mismatched types untyped float and "
           "untyped string)\n"
           "x.go:5:18: invalid operation: cannot close non-channel c (variable of type int)\n"
           "x.go:5:29: invalid argument: c (variable of type int) is not a map\n"
           "x.go:5:42: invalid argument: cannot clear c (variable of type int): argument must be "
           "(or constrained by) map or slice\n"
           "x.go:5:52: use of untyped nil in argument to built-in print\n"
           "x.go:5:58: invalid operation: not enough arguments for panic() (expected 1, found 0)\n"
           "x.go:6:16: invalid argument: mismatched types untyped int (previous argument) and "
           "untyped string (type of \"a\")\n");
}
Test(expr_errors, conversions) {
    EXPECT("var i int\n"
           "var f float64\n"
           "var s string\n"
           "var b []byte\n"
           "var a, c, d, e = int(s), []byte(s), string(b), float64(i)\n"
           "var g = []int(s)\n"
           "var h = (*int)(i)\n"
           "var j = int()\n"
           "var k = int(1, 2)\n",
           "x.go:6:22: cannot convert s (variable of type string) to type int\n"
           "x.go:7:15: cannot convert s (variable of type string) to type []int\n"
           "x.go:8:16: cannot convert i (variable of type int) to type *int\n"
           "x.go:9:9: missing argument in conversion to int\n"
           "x.go:10:16: too many arguments in conversion to int\n");
}
Test(expr_errors, not_used) {
    EXPECT("func f(x int) { x == 1; x; -x; len(\"\"); f; int(x); []int{} }\n",
           "x.go:2:17: x == 1 (untyped bool value) is not used\n"
           "x.go:2:25: x (variable of type int) is not used\n"
           "x.go:2:28: -x (value of type int) is not used\n"
           "x.go:2:32: len(\"\") (constant 0 of type int) is not used\n"
           "x.go:2:41: f (value of type func(x int)) is not used\n"
           "x.go:2:44: int(x) (value of type int) is not used\n"
           "x.go:2:52: []int{} (value of type []int) is not used\n");
}
Test(expr_errors, inference) {
    EXPECT(
        "func f[T any](x, y T)\n"
        "func g[K comparable, V any](m map[K]V) []K\n"
        "func h[T any]() T\n"
        "var a = g(map[string]int{})\n"
        "var b []string = a\n"
        "func _() { f(1, \"\"); f(1, 2.5); h(); f[string](1, 2); f[int, int](1, 2); h[int]() }\n",
        "x.go:2:6: generic function is missing function body\n"
        "x.go:3:6: generic function is missing function body\n"
        "x.go:4:6: generic function is missing function body\n"
        "x.go:7:17: in call to f, mismatched types untyped int and untyped string (cannot infer "
        "T)\n"
        "x.go:7:34: in call to h, cannot infer T (declared at x.go:4:8)\n"
        "x.go:7:48: cannot use 1 (untyped int constant) as string value in argument to f[string]\n"
        "x.go:7:51: cannot use 2 (untyped int constant) as string value in argument to f[string]\n"
        "x.go:7:62: got 2 type arguments but want 1\n");
}
Test(expr_errors, constraints) {
    EXPECT("type N interface { ~int | ~float64 }\n"
           "func sum[T N](x ...T) T\n"
           "var a = sum(1, 2)\n"
           "var b = sum(\"\")\n"
           "type M int\n"
           "var c M = sum(M(1))\n"
           "func add[T any](x, y T) T { return x + y }\n",
           "x.go:3:6: generic function is missing function body\n"
           "x.go:5:12: string does not satisfy N (string missing in ~int | ~float64)\n"
           "x.go:8:36: invalid operation: operator + not defined on x (variable of type T "
           "constrained by any)\n");
}
Test(expr_errors, function_values) {
    EXPECT("func f[T any](x T) T\n"
           "var a func(int) int = f\n"
           "var b = f\n"
           "var c func(int) string = f\n"
           "func g(h func(string) string)\n"
           "func _() { g(f); g(f[int]) }\n",
           "x.go:2:6: generic function is missing function body\n"
           "x.go:4:9: cannot use generic function f without instantiation\n"
           "x.go:5:26: inferred type func(x int) int for func(x T) T does not match type func(int) "
           "string of c\n"
           "x.go:7:20: cannot use f[int] (value of type func(x int) int) as func(string) string "
           "value in argument to g\n");
}
Test(expr_errors, type_parameters) {
    EXPECT("func f[S ~[]E, E any](s S) E { return s[0] }\n"
           "func g[M ~map[string]int](m M) int { return m[\"\"] + m[1] }\n"
           "func h[T int | string](x T) int { return len(x) }\n"
           "func k[T []int | [4]int](x T) int { return x[5] + len(x) }\n",
           "x.go:3:55: cannot use 1 (untyped int constant) as string value in map index\n"
           "x.go:4:46: invalid argument: x (variable of type T constrained by int | string) for "
           "built-in len\n");
}
Test(expr_errors, comma_ok) {
    EXPECT("var m map[string]int\n"
           "var a, b = m[\"\"]\n"
           "var c, d, e = m[\"\"]\n"
           "var f, g = m\n",
           "x.go:4:15: assignment mismatch: 3 variables but 1 value\n"
           "x.go:5:12: assignment mismatch: 2 variables but 1 value\n");
}
Test(expr_errors, unreachable_names) {
    EXPECT("var a = x\n"
           "var b = fmt.Println\n"
           "var c = _\n",
           "x.go:2:9: undefined: x\n"
           "x.go:3:9: undefined: fmt\n"
           "x.go:4:9: cannot use _ as value or type\n");
}
