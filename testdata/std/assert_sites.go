// One place asserts values of types that do and do not implement an interface, in turn.
package main

import (
	"fmt"
	"sync"
)

type named interface{ Name() string }
type sized interface {
	named
	Size() int
}
type a struct{ s string }
type b int
type c []int

func (x *a) Name() string { return x.s }
func (x b) Name() string  { return fmt.Sprint("b", int(x)) }
func (x b) Size() int     { return int(x) }
func (x c) Size() int     { return len(x) }

func name(x any) (s string) {
	defer func() {
		if e := recover(); e != nil {
			s = e.(error).Error()
		}
	}()
	return x.(named).Name()
}

func size(x any) int {
	if s, ok := x.(sized); ok {
		return s.Size()
	}
	return -1
}

func kind(x any) string {
	switch x := x.(type) {
	case sized:
		return fmt.Sprint("sized ", x.Size())
	case named:
		return "named " + x.Name()
	case interface{ Size() int }:
		return fmt.Sprint("only sized ", x.Size())
	case nil:
		return "nil"
	}
	return "none"
}

func narrow[T named](x any) bool {
	_, ok := x.(T)
	return ok
}

func main() {
	values := []any{&a{"a"}, b(2), c{1, 2, 3}, nil, 4, b(5), (*a)(nil), "s", c(nil)}
	for range 2 {
		for _, x := range values {
			if p, ok := x.(*a); ok && p == nil {
				fmt.Println(size(x), narrow[named](x), narrow[sized](x))
				continue
			}
			fmt.Println(name(x), size(x), kind(x), narrow[named](x), narrow[sized](x))
		}
	}
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 2000 {
				x := values[(i*g)%3]
				if n := size(x); n != []int{-1, 2, -1}[(i*g)%3] {
					panic(n)
				}
			}
		})
	}
	wg.Wait()
}

/* golden
stdout:
a -1 named a true false
b2 2 sized 2 true true
interface conversion: main.c is not main.named: missing method Name -1 only sized 3 false false
interface conversion: interface is nil, not main.named -1 nil false false
interface conversion: int is not main.named: missing method Name -1 none false false
b5 5 sized 5 true true
-1 true false
interface conversion: string is not main.named: missing method Name -1 none false false
interface conversion: main.c is not main.named: missing method Name -1 only sized 0 false false
a -1 named a true false
b2 2 sized 2 true true
interface conversion: main.c is not main.named: missing method Name -1 only sized 3 false false
interface conversion: interface is nil, not main.named -1 nil false false
interface conversion: int is not main.named: missing method Name -1 none false false
b5 5 sized 5 true true
-1 true false
interface conversion: string is not main.named: missing method Name -1 none false false
interface conversion: main.c is not main.named: missing method Name -1 only sized 0 false false
*/
