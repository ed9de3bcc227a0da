// golden: run
// reflect makes pointers to instances and to types declared in functions: they have their methods.
package main

import (
	"fmt"
	"reflect"
)

type Box[T any] struct{ v T }

func (b *Box[T]) String() string { return fmt.Sprint("box of ", b.v) }

type Names[T any] []T

func (n *Names[T]) Len() int { return len(*n) }

type embedded struct{ s string }

func (e *embedded) Text() string { return e.s }

func main() {
	for _, v := range []any{Box[int]{3}, Box[string]{"s"}, Names[int]{1, 2}} {
		p := reflect.New(reflect.TypeOf(v))
		p.Elem().Set(reflect.ValueOf(v))
		_, ok := p.Interface().(fmt.Stringer)
		fmt.Println(p.Type(), ok, p.NumMethod(), p.Method(0).Call(nil)[0])
	}
	type local struct {
		n int
		*embedded
	}
	p := reflect.New(reflect.TypeOf(local{1, &embedded{"text"}}))
	p.Elem().Set(reflect.ValueOf(local{1, &embedded{"text"}}))
	fmt.Println(p.Type(), p.NumMethod(), p.Interface().(interface{ Text() string }).Text())
}
/* golden
stdout:
*main.Box[int] true 1 box of 3
*main.Box[string] true 1 box of s
*main.Names[int] false 1 2
*main.local 1 text
*/
