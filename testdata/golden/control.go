// golden: run
package main

func grade(n int) string {
	switch {
	case n >= 90:
		return "A"
	case n >= 80:
		return "B"
	}
	return "F"
}

func f(x int) (s string) {
	switch x {
	case 1, 2:
		s += "small "
		fallthrough
	case 3:
		s += "three "
	case 4:
		s += "four "
		if x == 4 {
			break
		}
		s += "never"
	default:
		s = "default "
	}
	return
}

func jump() int {
	i := 0
loop:
	if i < 10 {
		i += 3
		goto loop
	}
	if i > 20 {
		goto end
	}
	const less = 2 // a goto may jump over constants and types, after variables as well
	type t int
	i -= int(t(less))
end:
	return i
}

func main() {
	println(grade(95), grade(85), grade(5))
	for i := range 6 {
		print(f(i))
	}
	println()
	println(jump())
	n := 0
outer:
	for i := 0; ; i++ {
		for j := 0; j < 10; j++ {
			switch {
			case j == 5:
				continue outer
			case i == 3:
				break outer
			}
			n++
		}
	}
	println(n)
	i := 0
	for i < 3 {
		i++
	}
	for range 2 {
		i++
	}
	if x := i * 2; x > 9 {
		println("big", x)
	} else if x > 5 {
		println("mid", x)
	} else {
		println("small", x)
	}
	var a [3]int
	k := 0
	k, a[k] = 2, 7
	println(k, a[0])
	a[0], a[1], a[2] = a[2], a[0], a[1]
	println(a[0], a[1], a[2])
	sel := make(chan int, 1)
	for range 2 {
		select {
		case v := <-sel:
			println("got", v)
		case sel <- 5:
			println("sent")
		}
	}
}
/* golden
stderr:
A B F
default small three small three three four default 
10
15
big 10
2 7
0 7 0
sent
got 5
*/
