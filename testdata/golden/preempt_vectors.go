// golden: run levels
// Vectors are live where goroutines are preempted, with wide registers and narrow ones.
package main

import "runtime"

func mix(data *[4096]uint32, rounds int) (sum uint32) {
	for r := 0; r < rounds; r++ {
		for _, x := range data {
			x ^= uint32(r)
			sum += x*x ^ x>>7
		}
	}
	return sum
}

func main() {
	runtime.GOMAXPROCS(1)
	var a [4][4096]uint32
	for g := range a {
		for i := range a[g] {
			a[g][i] = uint32(i*(g+3) + g)
		}
	}
	rounds := 20000
	var want [4]uint32
	for g := range a {
		want[g] = mix(&a[g], rounds)
	}
	done := make(chan bool)
	for g := range a {
		go func() {
			ok := true
			for range 2 {
				ok = mix(&a[g], rounds) == want[g] && ok
			}
			done <- ok
		}()
	}
	for range a {
		println(<-done)
	}
}
/* golden
stderr:
true
true
true
true
*/
