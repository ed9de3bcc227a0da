package main

func main() {
	a, b := make(chan int), make(chan int)
	go func() {
		for v := range a {
			b <- v + 1
		}
		close(b)
	}()
	v := 0
	for range 1000000 {
		a <- v
		v = <-b
	}
	close(a)
	c := make(chan int, 128)
	done := make(chan int)
	for range 4 {
		go func() {
			s := 0
			for v := range c {
				s += v
			}
			done <- s
		}()
	}
	for i := range 3000000 {
		c <- i
	}
	close(c)
	s := 0
	for range 4 {
		s += <-done
	}
	println(v, s)
}
