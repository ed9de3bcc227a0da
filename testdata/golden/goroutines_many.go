// golden: run
// A ring of ten thousand goroutines passes a token around.
package main

func main() {
	const n = 10000
	first := make(chan int)
	in := first
	for range n {
		out := make(chan int)
		go func(in, out chan int) { out <- 1 + <-in }(in, out)
		in = out
	}
	go func() { first <- 0 }()
	println(<-in)

	primes := make(chan int)
	go func() {
		for i := 2; ; i++ {
			primes <- i
		}
	}()
	ch := primes
	for range 50 {
		p := <-ch
		print(p, " ")
		next := make(chan int)
		go func(in, out chan int) {
			for {
				if v := <-in; v%p != 0 {
					out <- v
				}
			}
		}(ch, next)
		ch = next
	}
	println()
}
/* golden
stderr:
10000
2 3 5 7 11 13 17 19 23 29 31 37 41 43 47 53 59 61 67 71 73 79 83 89 97 101 103 107 109 113 127 131 137 139 149 151 157 163 167 173 179 181 191 193 197 199 211 223 227 229 
*/
