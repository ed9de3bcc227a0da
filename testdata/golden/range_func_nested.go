package main

// Ways out of three nested range-over-func bodies, through all the loops or some of them.
func upTo(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for i := range n {
			if !yield(i) {
				println("stopped", n, "at", i)
				return
			}
		}
	}
}

func find(sum int) (a, b, c int) {
outer:
	for a = range upTo(4) {
		for b = range upTo(5) {
			for c = range upTo(6) {
				switch {
				case a+b+c == sum:
					return a + 10, b + 20, c + 30
				case c > 1:
					continue outer
				case b > 3:
					break outer
				}
			}
		}
	}
	return -1, -1, -1
}

func main() {
	println(find(0))
	println(find(5))
	println(find(100))
	for range upTo(1) {
		for range upTo(2) {
			for range upTo(3) {
				println("out")
				return
			}
		}
	}
}
/* golden
stderr:
stopped 6 at 0
stopped 5 at 0
stopped 4 at 0
10 20 30
stopped 6 at 2
stopped 5 at 0
stopped 6 at 2
stopped 5 at 0
stopped 6 at 2
stopped 5 at 0
stopped 6 at 2
stopped 5 at 0
stopped 4 at 3
13 20 32
stopped 6 at 2
stopped 5 at 0
stopped 6 at 2
stopped 5 at 0
stopped 6 at 2
stopped 5 at 0
stopped 6 at 2
stopped 5 at 0
-1 -1 -1
out
stopped 3 at 0
stopped 2 at 0
stopped 1 at 0
*/
