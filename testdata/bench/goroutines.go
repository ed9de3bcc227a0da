package main

func main() {
	done := make(chan int, 100)
	s := 0
	for range 20 {
		for i := range 50000 {
			go func() { done <- i & 1 }()
			if i >= 100 {
				s += <-done
			}
		}
		for range 100 {
			s += <-done
		}
	}
	println(s)
}
