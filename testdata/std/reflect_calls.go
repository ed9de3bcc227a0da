// golden: run
// reflect: methods by name, calls, functions made, maps and structs made, select.
package main

import (
	"fmt"
	"reflect"
	"sort"
)

type Point struct {
	X, Y int `json:"x" check:"positive"`
	name string
}

func (p Point) Add(q Point) Point    { return Point{X: p.X + q.X, Y: p.Y + q.Y} }
func (p *Point) Scale(k int)         { p.X *= k; p.Y *= k }
func (p Point) Sum(extra ...int) int { return len(extra)*100 + p.X + p.Y }
func (p Point) Floats(a, b float64, s string) (string, float64, error) {
	return s + s, a * b, nil
}

func main() {
	p := Point{X: 1, Y: 2}
	v := reflect.ValueOf(p)
	fmt.Println(v.Type(), v.NumMethod(), reflect.TypeOf(&p).NumMethod())
	fmt.Println(v.MethodByName("Add").Call([]reflect.Value{reflect.ValueOf(Point{X: 10, Y: 20})})[0])
	reflect.ValueOf(&p).MethodByName("Scale").Call([]reflect.Value{reflect.ValueOf(3)})
	fmt.Println(p)
	fmt.Println(v.MethodByName("Sum").Call([]reflect.Value{reflect.ValueOf(7), reflect.ValueOf(8)})[0])
	r := v.MethodByName("Floats").Call([]reflect.Value{reflect.ValueOf(1.5), reflect.ValueOf(4.0), reflect.ValueOf("ab")})
	fmt.Println(r[0], r[1], r[2].IsNil())
	f := v.Type().Field(0)
	fmt.Println(f.Name, f.Tag.Get("json"), f.Tag.Get("check"), v.Type().Field(2).IsExported())

	// A method value taken through an interface stays bound to its receiver.
	add := v.MethodByName("Add").Interface().(func(Point) Point)
	fmt.Println(add(Point{X: 5}))

	swap := func(in []reflect.Value) []reflect.Value { return []reflect.Value{in[1], in[0]} }
	var ints func(int, int) (int, int)
	reflect.ValueOf(&ints).Elem().Set(reflect.MakeFunc(reflect.TypeOf(ints), swap))
	fmt.Println(ints(1, 2))
	var mixed func(string, float64) (float64, string)
	reflect.ValueOf(&mixed).Elem().Set(reflect.MakeFunc(reflect.TypeOf(mixed), swap))
	fmt.Println(mixed("s", 2.5))
	var large func([5]int, Point) (Point, [5]int)
	reflect.ValueOf(&large).Elem().Set(reflect.MakeFunc(reflect.TypeOf(large), swap))
	fmt.Println(large([5]int{1, 2, 3, 4, 5}, p))

	m := reflect.MakeMap(reflect.MapOf(reflect.TypeOf(""), reflect.TypeOf(0)))
	for i, k := range []string{"one", "two", "three"} {
		m.SetMapIndex(reflect.ValueOf(k), reflect.ValueOf(i+1))
	}
	m.SetMapIndex(reflect.ValueOf("two"), reflect.Value{})
	keys := m.MapKeys()
	sort.Slice(keys, func(i, j int) bool { return keys[i].String() < keys[j].String() })
	fmt.Println(m.Len(), keys, m.Interface().(map[string]int)["three"])

	s := reflect.MakeSlice(reflect.SliceOf(reflect.TypeOf(p)), 0, 0)
	s = reflect.Append(s, reflect.ValueOf(p), reflect.ValueOf(Point{X: 9}))
	fmt.Println(s.Len(), s.Index(1), reflect.ArrayOf(3, reflect.TypeOf(p)))
	st := reflect.StructOf([]reflect.StructField{{Name: "A", Type: reflect.TypeOf(0), Tag: `json:"a"`}, {Name: "B", Type: reflect.TypeOf("")}})
	sv := reflect.New(st).Elem()
	sv.Field(0).SetInt(42)
	sv.Field(1).SetString("forty-two")
	fmt.Printf("%v %+v\n", st, sv)

	a, b := make(chan int, 1), make(chan string, 1)
	b <- "from b"
	cases := []reflect.SelectCase{
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(a)},
		{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(b)},
	}
	i, got, ok := reflect.Select(cases)
	fmt.Println(i, got, ok)
	i, _, _ = reflect.Select(append(cases, reflect.SelectCase{Dir: reflect.SelectDefault}))
	fmt.Println(i)
	go func() { a <- 77 }()
	i, got, ok = reflect.Select(cases)
	fmt.Println(i, got, ok)

	fmt.Println(reflect.DeepEqual(map[string][]int{"a": {1}}, map[string][]int{"a": {1}}), reflect.DeepEqual([]int{1}, []int{2}))
	func() {
		defer func() { fmt.Println(recover()) }()
		reflect.ValueOf(p).Field(0).SetInt(1)
	}()
	func() {
		defer func() { fmt.Println(recover()) }()
		reflect.ValueOf(1).Call(nil)
	}()
	fmt.Println(reflect.TypeFor[interface{ Add(Point) Point }]().NumMethod(), reflect.TypeOf(p).Implements(reflect.TypeFor[interface{ Add(Point) Point }]()))
	for i, x := range reflect.ValueOf([]string{"x", "y"}).Seq2() {
		fmt.Print(i, x, " ")
	}
	fmt.Println()
}
/* golden
stdout:
main.Point 3 4
{11 22 }
{3 6 }
203
abab 6 true
X x positive false
{6 2 }
2 1
2.5 s
{3 6 } [1 2 3 4 5]
2 [one three] 3
2 {9 0 } [3]main.Point
struct { A int "json:\"a\""; B string } {A:42 B:forty-two}
1 from b true
2
0 77 true
true false
reflect: reflect.Value.SetInt using unaddressable value
reflect: call of reflect.Value.Call on int Value
1 true
0 x 1 y 
*/
