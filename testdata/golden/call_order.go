package main

// What gives the function comes before its arguments, when these come from one call, too.
var steps []string

func step(s string) { steps = append(steps, s) }

type T struct{ n int }

func (t T) sum(a, b int) int { return t.n + a + b }

func first() func(int, int) int {
	step("first")
	return func(a, b int) int { return a - b }
}

func two() (int, int) {
	step("two")
	return 7, 5
}

func receiver() T {
	step("receiver")
	return T{100}
}

type Value int

func (Value) M() {}

//go:noinline
func call(i interface{ M() }) { i.M() }

func nilReceiver() {
	defer func() { println(recover().(error).Error()) }()
	call((*Value)(nil))
}

func main() {
	println(first()(two()))
	println(receiver().sum(two()))
	for _, s := range steps {
		println(s)
	}
	nilReceiver()
}
/* golden
stderr:
2
112
first
two
receiver
two
value method main.Value.M called using nil *Value pointer
*/
