// golden: run
package main

type I interface{ M() }

func main() {
	var x any = "text"
	defer func() {
		r := recover()
		println(r.(error).Error())
		defer func() {
			println(recover().(error).Error())
			var i I
			_ = i.(interface{ N() })
		}()
		_ = x.(I)
	}()
	_ = x.(int)
}
/* golden
exit 2
stderr:
interface conversion: interface {} is string, not int
interface conversion: string is not main.I: missing method M
panic: interface conversion: interface {} is string, not int [recovered]
	panic: interface conversion: string is not main.I: missing method M [recovered]
	panic: interface conversion: interface is nil, not interface { N() }

goroutine N [running]:
main.main.func1.1(...)
	panic_assert.go:14
panic(...)
	runtime/panic.go
main.main.func1(...)
	panic_assert.go:16
panic(...)
	runtime/panic.go
main.main(...)
	panic_assert.go:18
*/
