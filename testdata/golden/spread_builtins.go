// Calls of several values as the arguments of built-in functions.
package main

import "unsafe"

var arr = [4]int{1, 2, 3, 4}

func two() (int, int)                  { return 3, 9 }
func strs() (string, string)           { return "b", "a" }
func ptr() (*int, int)                 { return &arr[0], 3 }
func up() (unsafe.Pointer, int)        { return unsafe.Pointer(&arr[0]), 16 }
func bytes() (*byte, int)              { return unsafe.StringData("hello"), 4 }
func del() (map[int]int, int)          { return m, 1 }
func three() (float64, float64, float64) { return 1, 2, 3 }

var m = map[int]int{1: 1, 2: 2}

func main() {
	println(max(two()), min(two()), max(strs()), min(three()))
	println(len(unsafe.Slice(ptr())), *(*int)(unsafe.Add(up())), unsafe.String(bytes()))
	delete(del())
	println(len(m))
	defer println(two())
}
/* golden
stderr:
9 3 b 1
3 3 hell
1
3 9
*/
