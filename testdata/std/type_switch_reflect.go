// golden: run arm64
// One function by type switch and by reflection; the same answers.
package main

import (
	"fmt"
	"reflect"
)

type celsius float64
type shape interface{ Area() float64 }
type square float64

func (s square) Area() float64 { return float64(s * s) }

func bySwitch(i any) any {
	switch v := i.(type) {
	case nil:
		return "nil"
	case int:
		return v * 2
	case string:
		return v + v
	case shape:
		return v.Area()
	case []int, map[string]int:
		return fmt.Sprintf("%T", v)
	case error:
		return v.Error()
	case func() int:
		return v()
	}
	return "other"
}

func byReflection(i any) any {
	v := reflect.ValueOf(i)
	if !v.IsValid() {
		return "nil"
	}
	if m := v.MethodByName("Area"); m.IsValid() {
		return m.Call(nil)[0].Interface()
	}
	if e, ok := i.(error); ok {
		return e.Error()
	}
	switch v.Kind() {
	case reflect.Int:
		return int(v.Int() * 2)
	case reflect.String:
		return v.String() + v.String()
	case reflect.Slice, reflect.Map:
		return v.Type().String()
	case reflect.Func:
		return int(v.Call(nil)[0].Int())
	}
	return "other"
}

func main() {
	for _, x := range []any{nil, 21, "ab", square(3), []int{1}, map[string]int{}, fmt.Errorf("bad"), func() int { return 5 }, celsius(1), struct{}{}, new(int)} {
		a, b := bySwitch(x), byReflection(x)
		fmt.Println(a, a == b)
	}
}
/* golden
stdout:
nil true
42 true
abab true
9 true
[]int true
map[string]int true
bad true
5 true
other true
other true
other true
*/
