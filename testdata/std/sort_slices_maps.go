// golden: run arm64
// sort, slices, maps, cmp, iter: iter.Pull is a coroutine.
package main

import (
	"cmp"
	"container/heap"
	"container/list"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sort"
	"strings"
)

type person struct {
	name string
	age  int
}
type ints []int

func (h ints) Len() int           { return len(h) }
func (h ints) Less(i, j int) bool { return h[i] < h[j] }
func (h ints) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *ints) Push(x any)        { *h = append(*h, x.(int)) }
func (h *ints) Pop() any          { o := *h; x := o[len(o)-1]; *h = o[:len(o)-1]; return x }

func fibs() iter.Seq[int] {
	return func(yield func(int) bool) {
		defer fmt.Println("fibs ends")
		for a, b := 0, 1; yield(a); a, b = b, a+b {
		}
	}
}

func main() {
	people := []person{{"Ann", 30}, {"Bob", 25}, {"Cid", 30}, {"Dee", 25}}
	sort.SliceStable(people, func(i, j int) bool { return people[i].age < people[j].age })
	fmt.Println(people)
	slices.SortFunc(people, func(a, b person) int { return cmp.Or(-cmp.Compare(a.age, b.age), strings.Compare(b.name, a.name)) })
	fmt.Println(people, sort.Search(100, func(i int) bool { return i*i >= 50 }))
	h := &ints{5, 2, 8}
	heap.Init(h)
	heap.Push(h, 1)
	fmt.Print(heap.Pop(h), heap.Pop(h), " ")
	l := list.New()
	l.PushBack(1)
	l.PushFront(0)
	for e := l.Front(); e != nil; e = e.Next() {
		fmt.Print(e.Value, " ")
	}
	big := make([]int, 1000)
	for i := range big {
		big[i] = i * 7919 % 1000
	}
	sort.Sort(sort.Reverse(sort.IntSlice(big)))
	fmt.Println(big[0], big[999], slices.IsSorted(big))
	slices.Sort(big)
	at, found := slices.BinarySearch(big, 500)
	fmt.Println(at, found, slices.Max(big), slices.Index(big, 3), slices.Contains(big, 1001))
	fmt.Println(slices.Compact([]int{1, 1, 2, 2, 1}), slices.Insert([]int{1, 4}, 1, 2, 3), slices.Delete([]int{0, 1, 2, 3}, 1, 3), slices.Equal([]int{1}, []int{1}), slices.Collect(slices.Chunk([]int{1, 2, 3, 4, 5}, 2)))
	m := map[string]int{"a": 1, "b": 2, "c": 3}
	fmt.Println(slices.Sorted(maps.Keys(m)), slices.Sorted(maps.Values(m)))
	n := maps.Clone(m)
	maps.DeleteFunc(n, func(k string, v int) bool { return v%2 == 1 })
	fmt.Println(n, maps.Equal(m, n))

	next, stop := iter.Pull(fibs())
	for range 10 {
		v, ok := next()
		fmt.Print(v, ok, " ")
	}
	stop()
	v, ok := next()
	fmt.Println(v, ok)
	next2, stop2 := iter.Pull2(maps.All(map[string]int{"only": 1}))
	k, v, ok := next2()
	_, _, more := next2()
	fmt.Println(k, v, ok, more)
	stop2()
	bad, stopBad := iter.Pull(func(yield func(int) bool) { yield(1); panic("in sequence") })
	fmt.Println(bad())
	func() {
		defer func() { fmt.Println("recovered", recover()) }()
		bad()
	}()
	stopBad()
	total := 0
	for range 3 {
		next, stop := iter.Pull(slices.Values(big))
		for v, ok := next(); ok; v, ok = next() {
			total += v
		}
		stop()
	}
	fmt.Println(total)
}
/* golden
stdout:
[{Bob 25} {Dee 25} {Ann 30} {Cid 30}]
[{Cid 30} {Ann 30} {Dee 25} {Bob 25}] 8
1 2 0 1 999 0 false
500 true 999 3 false
[1 2 1] [1 2 3 4] [0 3] true [[1 2] [3 4] [5]]
[a b c] [1 2 3]
map[b:2] false
0 true 1 true 1 true 2 true 3 true 5 true 8 true 13 true 21 true 34 true fibs ends
0 false
only 1 true false
1 true
recovered in sequence
1498500
*/
