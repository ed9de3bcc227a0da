package main

func main() {
	m := map[int]int{}
	for i := range 2000000 {
		m[i*7919%1000003] += i
	}
	s := 0
	for i := range 4000000 {
		if v, ok := m[i]; ok {
			s += v & 15
		}
	}
	words := map[string]int{}
	var buf [8]byte
	for i := range 2000000 {
		n := i % 50000
		for j := range buf {
			buf[j] = 'a' + byte(n>>(3*j)&7)
		}
		words[string(buf[:])]++
	}
	for k, v := range words {
		s += len(k) + v
	}
	println(len(m), len(words), s)
}
