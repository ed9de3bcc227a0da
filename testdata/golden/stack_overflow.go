// golden: run
package main

// A stack's end is an error like others; goroutines with big frames and without.

func f(a [10]int) int { a[3]++; return f(a) + 1 }

func deep(n int) int {
	if n == 0 {
		return 0
	}
	return deep(n-1) + 1
}

func main() {
	c := make(chan int)
	println(deep(5000000))
	go func() { c <- deep(1000000) }()
	println(<-c)
	go func() { println(f([10]int{})) }()
	<-c
}
/* golden
exit 2
stderr:
5000000
1000000
runtime: goroutine stack exceeds 1000000000-byte limit
runtime: sp=0x? stack=[0x?, 0x?]
fatal error: stack overflow

goroutine N gp=0x? m=N mp=0x? [running]:
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
...N frames elided...
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.f(...)
	stack_overflow.go:6
main.main.func2(...)
	stack_overflow.go:20
runtime.goexit(...)
	runtime/asm_ARCH.s
created by main.main in goroutine N
	stack_overflow.go:20

goroutine N [chan receive]:
main.main(...)
	stack_overflow.go:21
*/
