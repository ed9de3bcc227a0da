// golden: run
package main

func main() {
	a, b := make(chan int, 1), make(chan string, 1)
	var never chan int
	a <- 1
	select {
	case v := <-a:
		println("a", v)
	case s := <-b:
		println("b", s)
	case <-never:
	}
	select {
	case v, ok := <-a:
		println(v, ok)
	default:
		println("nothing")
	}
	b <- "x"
	m := map[string]int{}
	select {
	case m[<-b] = <-a:
	case a <- len(m):
		println("sent", len(m))
	}
	close(a)
	v, ok := <-a
	println(v, ok)
	v, ok = <-a
	println(v, ok)
	counts := [2]int{}
	x, y := make(chan int), make(chan int)
	stop := make(chan bool)
	for _, c := range []chan int{x, y} {
		go func() {
			for {
				select {
				case c <- 1:
				case <-stop:
					return
				}
			}
		}()
	}
	for range 2000 {
		select {
		case <-x:
			counts[0]++
		case <-y:
			counts[1]++
		}
	}
	close(stop)
	println(counts[0] + counts[1])
}
/* golden
stderr:
a 1
nothing
sent 0
0 true
0 false
2000
*/
