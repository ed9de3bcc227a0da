// golden: run
// What stands right of && and || is evaluated only if the left says so, built-in functions included, whatever calls the statement has.
package main

type inner struct{ list []int }
type outer struct{ a, b, in *inner }

//go:noinline
func positive(n *int) bool {
	*n++
	return *n > 0
}

//go:noinline
func guarded(n *int, o *outer) bool {
	if *n == 0 && positive(n) && o != nil && len(o.in.list) > 0 {
		return true
	}
	return *n == 7 || positive(n) && (o == nil || cap(o.in.list) == 0)
}

//go:noinline
func grow(s *[]int) int {
	*s = append(*s, 1)
	return len(*s)
}

func both(s []int, ok bool) (bool, int) { return ok && len(s) == 1, grow(&s) }

func main() {
	for _, n := range []int{0, 1, 7} {
		m := n
		println(guarded(&n, nil), guarded(&m, &outer{in: &inner{[]int{1}}}), n, m)
	}
	println(both([]int{1}, true))
	println(both([]int{1}, false))
}
/* golden
stderr:
true true 2 1
true false 2 2
true true 7 7
true 2
false 2
*/
