package main

func main() {
	count := 0
	for range 10 {
		comp := make([]bool, 5000000)
		count = 0
		for i := 2; i < len(comp); i++ {
			if !comp[i] {
				count++
				for j := i * i; j < len(comp); j += i {
					comp[j] = true
				}
			}
		}
	}
	println(count)
}
