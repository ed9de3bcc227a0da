package main

type item struct {
	key  int
	name string
}

func quick(a []item) {
	for len(a) > 12 {
		p := a[len(a)/2].key
		i, j := 0, len(a)-1
		for i <= j {
			for a[i].key < p {
				i++
			}
			for a[j].key > p {
				j--
			}
			if i <= j {
				a[i], a[j] = a[j], a[i]
				i++
				j--
			}
		}
		quick(a[:j+1])
		a = a[i:]
	}
	for i := 1; i < len(a); i++ {
		for j := i; j > 0 && a[j].key < a[j-1].key; j-- {
			a[j], a[j-1] = a[j-1], a[j]
		}
	}
}

func main() {
	a := make([]item, 1000000)
	x := uint32(1)
	for range 5 {
		for i := range a {
			x = x*1664525 + 1013904223
			a[i] = item{int(x >> 8), "n"}
		}
		quick(a)
	}
	for i := 1; i < len(a); i++ {
		if a[i-1].key > a[i].key {
			println("bad")
		}
	}
	println(a[0].key, a[len(a)-1].key)
}
