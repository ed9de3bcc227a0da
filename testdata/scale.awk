# scale.awk: Go programs that are large in one way each.
#   echo NAME N | awk -f scale.awk >FILE.go
# What is large is one name below; scale.sh lists them with their sizes.

function out(s) { printf "%s", s }
function line(s) { print s }
# n times s, with sep between.
function repeat(s, n, sep,    i) { for (i = 0; i < n; i++) printf "%s%s", i ? sep : "", s }
function func_of(head, s, n, sep, tail) { out(head); repeat(s, n, sep); line(tail) }
function nested(head, open, n, middle, end, tail) { out(head); repeat(open, n, ""); out(middle); repeat(end, n, ""); line(tail) }
# Declarations that refer to the next one each; the last to end.
function chain(format, n, end,    i) {
    for (i = 0; i + 1 < n; i++) printf format "\n", i, "v" i + 1
    printf format "\n", n - 1, end
}

{ n = $2 }
{ line("package p") }
# Chains of operators.
$1 == "oror" { func_of("func f(x bool) bool { return ", "x", n, " || ", " }"); next }
$1 == "andand" { func_of("func f(x bool) bool { return ", "x", n, " && ", " }"); next }
$1 == "add" { func_of("func f(y int) int { return ", "y", n, " + ", " }"); next }
$1 == "add_float" { func_of("func f(y float64) float64 { return ", "y", n, " + ", " }"); next }
$1 == "concat" { func_of("func f(y string) string { return ", "y", n, " + ", " }"); next }
$1 == "add_const" { func_of("const c = ", "1", n, " + ", ""); next }
$1 == "concat_const" { func_of("const c = ", "\"a\"", n, " + ", ""); next }
$1 == "compare" { func_of("func f(x, y int) bool { return ", "x < y", n, " && ", " }"); next }
$1 == "not" { nested("func f(x bool) bool { return ", "!", n, "x", "", " }"); next }
$1 == "deref" { nested("type P *P\nfunc f(x P) P { return ", "*", n, "x", "", " }"); next }
$1 == "index" { func_of("type T []T\nfunc f(x T) T { return x", "[0]", n, "", " }"); next }
$1 == "calls" { func_of("type F func() F\nfunc f(x F) F { return x", "()", n, "", " }"); next }
$1 == "select" { func_of("type S struct{ a *S }\nfunc f(x *S) *S { return x", ".a", n, "", " }"); next }
$1 == "methods_chained" { func_of("type B struct{}\nfunc (b *B) m() *B { return b }\nfunc f(x *B) *B { return x", ".m()", n, "", " }"); next }
# Chains of declarations.
$1 == "var_chain" { chain("var v%d = %s", n, "f()\nfunc f() int { return 1 }"); next }
$1 == "var_cycle" { chain("var v%d = %s", n, "v0"); next }
$1 == "const_chain" { chain("const v%d = %s + 1", n, "1"); next }
$1 == "const_cycle" { chain("const v%d = %s + 1", n, "v0"); next }
$1 == "type_chain" { chain("type v%d %s", n, "int"); next }
$1 == "type_cycle" { chain("type v%d %s", n, "v0"); next }
$1 == "alias_chain" { chain("type v%d = %s", n, "int"); next }
$1 == "struct_chain" { chain("type v%d struct{ a %s }", n, "int"); next }
$1 == "struct_cycle" { chain("type v%d struct{ a %s }", n, "v0"); next }
$1 == "pointer_chain" { chain("type v%d struct{ a *%s }", n, "v0"); next }
$1 == "embed_chain" { chain("type v%d struct{ %s }", n, "int"); next }
$1 == "interface_chain" { chain("type v%d interface{ %s }", n, "any"); next }
$1 == "func_chain" { chain("func v%d() int { return %s() + 1 }", n, "f"); line("func f() int { return 1 }"); next }
$1 == "func_cycle" { chain("func v%d() int { return %s() + 1 }", n, "v0"); next }
# Nesting.
$1 == "parens" { nested("func f(x int) int { return ", "(", n, "x", ")", " }"); next }
$1 == "blocks" { nested("func f(x int) int { ", "{", n, "x++", "}", "; return x }"); next }
$1 == "ifs" { nested("func f(x int) int { ", "if x > 0 {", n, "x++", "}", "; return x }"); next }
$1 == "fors" { nested("func f(x int) int { ", "for x > 0 {", n, "x++", "}", "; return x }"); next }
$1 == "else_ifs" { out("func f(x int) int { if x == 0 { x++ }"); for (i = 0; i < n; i++) out(" else if x == " i " { x++ }"); line("\nreturn x }"); next }
$1 == "literals" { nested("type T []T\nvar x = T", "{", n, "", "}", ""); next }
$1 == "any_literals" { nested("var x = ", "[]any{", n, "1", "}", ""); next }
$1 == "args" { nested("func g(x int) int\nfunc f(x int) int { return ", "g(", n, "x", ")", " }"); next }
$1 == "func_literals" { nested("func f() { ", "func() {", n, "", "}()", " }"); next }
$1 == "slice_types" { nested("var x ", "[]", n, "int", "", ""); next }
$1 == "func_types" { nested("var x ", "func(", n, "", ")", ""); next }
$1 == "struct_types" { nested("var x ", "struct{ a ", n, "int", "}", ""); next }
# Many of one thing.
$1 == "fields" { line("type T struct {"); for (i = 0; i < n; i++) line("f" i " int"); line("}\nvar t T\nfunc f() int { return t.f" n - 1 " }"); next }
$1 == "string_cases" { line("func f(s string) int { switch s {"); for (i = 0; i < n; i++) line("case \"key" i "\": return " i * 7 % 1000); line("}\nreturn -1 }"); next }
$1 == "int_cases" { line("func f(s int) int { switch s {"); for (i = 0; i < n; i++) line("case " i * 3 ": return " i * 7 % 1000); line("}\nreturn -1 }"); next }
$1 == "bool_cases" { line("func f(s, t int) int { switch {"); for (i = 0; i < n; i++) line("case s == " i " && t > 0: return " i * 7 % 1000); line("}\nreturn -1 }"); next }
$1 == "type_cases" { for (i = 0; i < n; i++) line("type T" i " int"); line("func f(x any) int { switch x.(type) {"); for (i = 0; i < n; i++) line("case T" i ": return " i * 7 % 1000); line("}\nreturn -1 }"); next }
$1 == "select_cases" { line("func f(c chan int) int { select {"); for (i = 0; i < n; i++) line("case x := <-c: return x + " i); line("} }"); next }
$1 == "methods" { line("type T int"); for (i = 0; i < n; i++) line("func (t T) M" i "() int { return int(t) + " i " }"); line("var x any = T(1)"); next }
$1 == "interface_methods" { line("type I interface {"); for (i = 0; i < n; i++) line("M" i "() int"); line("}\nfunc f(x I) int { return x.M0() }"); next }
$1 == "results" { out("func f() ("); repeat("int", n, ", "); out(") { return "); repeat("1", n, ", "); line(" }"); next }
$1 == "params" { out("func f("); repeat("int", n, ", "); line(") {}"); out("func g() { f("); repeat("1", n, ", "); line(") }"); next }
$1 == "functions" { line("func g(int)"); for (i = 0; i < n; i++) line("func f" i "(x int) int { if x > " i " { g(x) }; return x * " i " }"); next }
$1 == "closures" { line("func f(x int) (fs []func() int) {"); for (i = 0; i < n; i++) line("fs = append(fs, func() int { x += " i "; return x })"); line("return }"); next }
$1 == "generics" { line("type N[T any] struct{ x T }\nfunc (n N[T]) get() T { return n.x }\nfunc f[T any](x T) T { return N[T]{x}.get() }"); for (i = 0; i < n; i++) line("type T" i " int\nvar x" i " = f(T" i "(1))"); next }
$1 == "statements" { line("func g(int)\nfunc f(x int) int { y := 1"); for (i = 0; i < n; i++) line("x = x*" i " + y; if x == " i " { y++ }; g(x)"); line("return x }"); next }
$1 == "assigns" { line("func f(x int) int {"); for (i = 0; i < n; i++) line("x = x*" i " + 1"); line("return x }"); next }
$1 == "calls_in_a_row" { line("func g(int, string) error\nfunc f() {"); for (i = 0; i < n; i++) line("g(" i ", \"s" i "\")"); line("}"); next }
$1 == "appends" { line("func f(s []int) []int {"); for (i = 0; i < n; i++) line("s = append(s, " i ")"); line("return s }"); next }
$1 == "stores" { line("func f(a []int) {"); for (i = 0; i < n; i++) line("a[" i "] = " i); line("}"); next }
$1 == "map_stores" { line("func f(m map[string]int) {"); for (i = 0; i < n; i++) line("m[\"k" i "\"] = " i); line("}"); next }
$1 == "locals" { line("func g(*int, any)\nfunc f() int {"); for (i = 0; i < n; i++) line("x" i " := " i "; g(&x" i ", x" i ")"); line("return x0 }"); next }
$1 == "live_locals" { line("func g() int\nfunc f() int {"); for (i = 0; i < n; i++) line("x" i " := g()"); out("return 0"); for (i = 0; i < n; i++) out(" + x" i); line(" }"); next }
$1 == "labels" { line("func f(x int) int {"); for (i = 0; i < n; i++) line("L" i ": if x == " i " { goto L" i " }"); line("return x }"); next }
$1 == "gotos" { line("func f(x int) int {"); for (i = 0; i < n; i++) line("L" i ": x++; if x == " i " { goto L" (i * 7919 + 1) % n " }"); line("return x }"); next }
$1 == "defers" { line("func g()\nfunc f() {"); for (i = 0; i < n; i++) line("defer g()"); line("}"); next }
$1 == "vars" { for (i = 0; i < n; i++) line("var v" i " = " i); next }
$1 == "dynamic_vars" { line("func g(int) int"); for (i = 0; i < n; i++) line("var v" i " = g(" i ")"); next }
$1 == "consts" { line("const ("); for (i = 0; i < n; i++) line("c" i (i ? "" : " = iota")); line(")"); next }
$1 == "types" { for (i = 0; i < n; i++) line("type T" i " struct{ a, b int; c *T" (i * 7 + 1) % n " }\nvar x" i " any = T" i "{}"); next }
$1 == "ints" { line("var x = []int{"); for (i = 0; i < n; i++) line(i ","); line("}"); next }
$1 == "strings" { line("var x = []string{"); for (i = 0; i < n; i++) line("\"s" i "\","); line("}"); next }
$1 == "map_literal" { line("var x = map[string]int{"); for (i = 0; i < n; i++) line("\"s" i "\": " i ","); line("}"); next }
$1 == "structs_literal" { line("type T struct{ a int; b string; c []int }\nvar x = []T{"); for (i = 0; i < n; i++) line("{" i ", \"s" i "\", []int{" i ", 2}},"); line("}"); next }
$1 == "dynamic_literal" { line("func g(int) any\nvar x = []any{"); for (i = 0; i < n; i++) line("g(" i "),"); line("}"); next }
$1 == "local_literal" { line("func f(x int) []int { return []int{"); for (i = 0; i < n; i++) line("x + " i ","); line("} }"); next }
$1 == "long_line" { func_of("var x = []int{", "123456789", n, ", ", "}"); next }
$1 == "long_string" { func_of("var x = \"", "abcdefghi ", n, "", "\""); next }
$1 == "long_comment" { func_of("/* ", "abcdefghi ", n, "", "*/"); next }
$1 == "long_name" { func_of("var ", "abcdefghi_", n, "", " int"); next }
$1 == "errors" { line("func f() {"); for (i = 0; i < n; i++) line("x = undefined" i); line("}"); next }
$1 == "semicolons" { func_of("func f() { ", ";", n, "", "}"); next }
$1 == "imports" { for (i = 0; i < n; i++) line("import _ \"unsafe\""); next }
{ print "scale.awk: unknown name " $1 >"/dev/stderr"; exit 2 }
