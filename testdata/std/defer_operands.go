// golden: run arm64
package main

import "fmt"

type T struct{ n int }

func (t *T) add(k int) { t.n += k }

func a(n int) (r int) { defer func(k int) { r += k }(n); return n }
func b(n int) (r int) {
	defer func(k int) {
		if e := recover(); e != nil {
			r = k
		}
	}(n)
	panic("x")
}
func c(t *T) { defer t.add(5); defer fmt.Println("c", t.n); t.n++ }
func d(n int) (r int) {
	f := func(k int) { r = k * 2; recover() }
	defer f(n)
	panic(1)
}
func e() {
	for i := 0; i < 3; i++ {
		defer func(k int, s string) { fmt.Println(k, s, recover()) }(i, fmt.Sprint("s", i))
	}
	panic("loop")
}
func spawn(c chan int, n int) { go func(k int) { c <- k * 3 }(n) }
func g() {
	c := make(chan int)
	for i := range 3 {
		spawn(c, i)
		go func(k int) { c <- k }(i)
	}
	s := 0
	for range 6 {
		s += <-c
	}
	fmt.Println(s)
}
func h() (r int) {
	defer func(f func() any) { r = 1; fmt.Println(f()) }(func() any { return recover() })
	defer func(k int) { defer func(j int) { r += j; fmt.Println("inner", recover()) }(k); panic("again") }(7)
	panic("h")
}
func main() {
	fmt.Println(a(4), b(5))
	t := &T{}
	c(t)
	fmt.Println(t.n, d(8))
	func() { defer func() { recover() }(); e() }()
	g()
	func() { defer func() { fmt.Println("main", recover()) }(); fmt.Println(h()) }()
}

/* golden
stdout:
8 5
c 0
6 16
2 s2 loop
1 s1 <nil>
0 s0 <nil>
12
inner again
<nil>
main h
*/
