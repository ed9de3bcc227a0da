// golden: run arm64
// fmt: verbs, flags, structs, Formatter, Stringer, wrong arguments, scanning.
package main

import (
	"errors"
	"fmt"
	"math"
	"strings"
)

type pair struct {
	A int
	B string
	C *int
	d []byte
}
type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }

type form struct{}

func (form) Format(s fmt.State, verb rune) {
	w, ok := s.Width()
	fmt.Fprintf(s, "<%c %d %v %v>", verb, w, ok, s.Flag('+'))
}

type failing struct{}

func (failing) String() string { panic("in String") }

func main() {
	p := pair{1, "two", nil, []byte("three")}
	fmt.Printf("%v|%+v|%#v|%T\n", p, p, p, p)
	fmt.Printf("%d|%5d|%-5d|%05d|%+d|%x|%X|%o|%#o|%b|%c|%q|%U|%#U\n", 42, 42, 42, 42, 42, 255, 255, 8, 8, 5, 'x', 'x', '⌘', '⌘')
	fmt.Printf("%f|%.2f|%8.3f|%e|%g|%G|%x|%6.1f%%|%v|%v|%v\n", math.Pi, math.Pi, math.Pi, 123456.789, 1e21, 1e-7, 1.5, 99.5, math.Inf(1), math.NaN(), float32(0.1))
	fmt.Printf("%s|%10s|%-10s|%.2s|%q|%x|% x|%#q|%+q\n", "go", "go", "go", "golang", "a\tb", "hex", "hex", "raw", "naïve")
	fmt.Printf("%v|%v|%v|%t|%v|%p\n", []int{1, 2}, map[string]int{"b": 2, "a": 1}, [2]bool{true}, true, struct{}{}, nil)
	fmt.Printf("%v|%s|%d|%x\n", []byte("hi"), []byte("hi"), []byte("hi"), "hi")
	fmt.Printf("%v|%.2f|%v|%v\n", 1+2i, complex(1, -1), celsius(21.55), []celsius{1, 2})
	fmt.Printf("%d|%!|%z|%d %d|%s\n", "str", 3, 1)
	fmt.Printf("%[2]d %[1]d|%*d|%-*d|%[5]q\n", 1, 2, 6, 7, -4)
	fmt.Printf("%v|%+8v|%s\n", form{}, form{}, failing{})
	fmt.Printf("%v %d %s\n", errors.New("bad"), []any{1, "a", nil}, error(nil))
	fmt.Printf("%#v %#v %#v %#v\n", []string{"a"}, map[int]bool{1: true}, celsius(1), struct{ X any }{int8(3)})
	fmt.Printf("%08.3f|%+.2e|% d|%x|%-8v|%8v|\n", -3.14159, 12345.678, 7, -255, "ab", true)
	fmt.Printf("%6.2v|%T|%T|%T\n", "hello", fmt.Printf, map[string][]chan<- int{}, struct{ a int }{})
	fmt.Print("a", 1, 2, "b", 3.0, '\n', "\n")
	fmt.Println(fmt.Sprint(), fmt.Sprintln("x", 1), fmt.Append([]byte("<"), 1, ">"))

	var a, b int
	var s string
	n, err := fmt.Sscanf("10-0x1f:word", "%d-%v:%s", &a, &b, &s)
	fmt.Println(n, err, a, b, s)
	n, err = fmt.Sscan("1 2 x", &a, &b, &b)
	fmt.Println(n, err)
	var f float64
	var r rune
	n, err = fmt.Fscan(strings.NewReader("2.5e3 65"), &f, &r)
	fmt.Println(n, err, f, r)
}
/* golden
stdout:
{1 two <nil> [116 104 114 101 101]}|{A:1 B:two C:<nil> d:[116 104 114 101 101]}|main.pair{A:1, B:"two", C:(*int)(nil), d:[]uint8{0x74, 0x68, 0x72, 0x65, 0x65}}|main.pair
42|   42|42   |00042|+42|ff|FF|10|010|101|x|'x'|U+2318|U+2318 '⌘'
3.141593|3.14|   3.142|1.234568e+05|1e+21|1E-07|0x1.8p+00|  99.5%|+Inf|NaN|0.1
go|        go|go        |go|"a\tb"|686578|68 65 78|`raw`|"na\u00efve"
[1 2]|map[a:1 b:2]|[true false]|true|{}|%!p(<nil>)
[104 105]|hi|[104 105]|6869
(1+2i)|(1.00-1.00i)|21.6°C|[1.0°C 2.0°C]
%!d(string=str)|%!!(int=3)|%!z(int=1)|%!d(MISSING) %!d(MISSING)|%!s(MISSING)
2 1| 6|-4     |'�'
<v 0 false false>|<v 8 true true>|%!s(PANIC=String method: in String)
bad [1 %!d(string=a) <nil>] %!s(<nil>)
[]string{"a"} map[int]bool{1:true} 1 struct { X interface {} }{X:3}
-003.142|+1.23e+04| 7|-ff|ab      |    true|
    he|func(string, ...interface {}) (int, error)|map[string][]chan<- int|struct { a int }
a1 2b3 10
 x 1
 [60 49 62]
3 <nil> 10 31 word
2 expected integer
2 <nil> 2500 65
*/
