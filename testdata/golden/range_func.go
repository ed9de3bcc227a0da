// golden: run
// Range over functions: break, continue, return, and labels inside the body.
package main

func count(n int) func(func(int) bool) {
	return func(yield func(int) bool) {
		defer println("count over")
		for i := 0; i < n; i++ {
			if !yield(i) {
				println("stopped at", i)
				return
			}
		}
	}
}

func find(n int) (r int) {
	defer func() { r++ }()
	for i := range count(10) {
		defer println("deferred", i)
		if i == n {
			return i * 100
		}
	}
	return -1
}

func main() {
	for i := range count(3) {
		println(i)
	}
	for i := range count(10) {
		if i%2 == 0 {
			continue
		}
		if i > 4 {
			break
		}
		println("odd", i)
	}
outer:
	for i := range count(3) {
		for j := range count(3) {
			if j == 1 {
				continue outer
			}
			if i == 2 {
				break outer
			}
			println(i, j)
		}
	}
	println(find(2))
	defer func() { println(recover().(error).Error()) }()
	var keep func(int) bool
	for i := range func(yield func(int) bool) { keep = yield; yield(1) } {
		println("kept", i)
	}
	keep(2)
}
/* golden
stderr:
0
1
2
count over
odd 1
odd 3
stopped at 5
count over
0 0
stopped at 1
count over
1 0
stopped at 1
count over
stopped at 0
count over
stopped at 2
count over
stopped at 2
count over
deferred 2
deferred 1
deferred 0
201
kept 1
runtime error: range function continued iteration after whole loop exit
*/
