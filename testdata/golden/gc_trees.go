// golden: run
// Allocates far more than lives at once; what is reachable, through interior pointers and goroutine stacks too, survives.
package main

type tree struct{ l, r *tree }

func build(d int) *tree {
	if d == 0 {
		return &tree{}
	}
	return &tree{build(d - 1), build(d - 1)}
}
func (t *tree) count() int {
	if t.l == nil {
		return 1
	}
	return 1 + t.l.count() + t.r.count()
}

type cell struct {
	pad  [3]int
	next *int
	val  int
}

func main() {
	keep := build(12)
	inner := make([]*int, 100)
	for i := range inner {
		c := &cell{val: i}
		inner[i] = &c.val
	}
	done := make(chan int)
	for g := range 4 {
		go func() {
			mine := build(8)
			n := 0
			for range 50 {
				n += build(10).count()
			}
			done <- n + mine.count() + g*0
		}()
	}
	total := 0
	for range 4 {
		total += <-done
	}
	sum := 0
	for _, p := range inner {
		sum += *p
	}
	println(total, keep.count(), sum)
}
/* golden
stderr:
411444 8191 4950
*/
