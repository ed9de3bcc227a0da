package main

import (
	"cmp"
	"slices"
	"sort"
)

type person struct {
	name string
	age  int
}

func main() {
	const n = 500000
	x := uint32(7)
	next := func() uint32 {
		x ^= x << 13
		x ^= x >> 17
		x ^= x << 5
		return x
	}
	ints, people, words := make([]int, n), make([]person, n), make([]string, n/4)
	for i := range ints {
		ints[i] = int(next())
		people[i] = person{"p", int(next() % 1000)}
	}
	for i := range words {
		b := [6]byte{}
		for j := range b {
			b[j] = 'a' + byte(next()%26)
		}
		words[i] = string(b[:])
	}
	a := slices.Clone(ints)
	slices.Sort(a)
	b := slices.Clone(ints)
	sort.Ints(b)
	c := slices.Clone(ints)
	sort.Slice(c, func(i, j int) bool { return c[i] < c[j] })
	sort.SliceStable(people, func(i, j int) bool { return people[i].age < people[j].age })
	slices.SortFunc(people, func(p, q person) int { return cmp.Compare(q.age, p.age) })
	slices.Sort(words)
	at, found := 0, 0
	for i := range n {
		k, ok := slices.BinarySearch(a, ints[i]+i&1)
		at += k
		if ok {
			found++
		}
	}
	println(a[0], b[1], c[2], people[0].age, words[0], at, found)
}
