// golden: build
package main

type Num interface{ ~int | ~float64 }

func Sum[T Num](xs ...T) (s T) { return }

type Pair[K comparable, V any] struct {
	k K
	v V
}

func Zero[T any]() (z T) { return }

func main() {
	_ = Sum("a", "b")
	_ = Sum(1, 2.5, "x")
	var p Pair[[]int, string]
	var q Pair[int]
	Zero()
	_ = p.missing
	var n Num
}
/* golden
exit 1
stderr:
# command-line-arguments
./diag_generics.go:16:9: string does not satisfy Num (string missing in ~int | ~float64)
./diag_generics.go:17:18: in call to Sum, mismatched types untyped float and untyped string (cannot infer T)
./diag_generics.go:18:13: []int does not satisfy comparable
./diag_generics.go:19:6: declared and not used: q
./diag_generics.go:19:8: not enough type arguments for type Pair: have 1, want 2
./diag_generics.go:20:6: in call to Zero, cannot infer T (declared at ./diag_generics.go:13:11)
./diag_generics.go:21:8: p.missing undefined (type Pair[[]int, string] has no field or method missing)
./diag_generics.go:22:6: declared and not used: n
./diag_generics.go:22:8: cannot use type Num outside a type constraint: interface contains type constraints
*/
