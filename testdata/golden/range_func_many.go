package main

// Many loops, switches and selects in the bodies of several ranges over functions of one function: the compiler knows each of them by its statement, in
// the bodies and around them.
func three(yield func(int) bool) {
	for i := range 3 {
		if !yield(i) {
			return
		}
	}
}

func body(n int) (s int) {
outer:
	for range 4 {
		for i := range three {
			for j := range i {
				s += j
			}
			for j := 0; j < i; j++ {
				s++
			}
			switch i {
			case n:
				break outer
			}
			switch {
			case i == 2:
				continue outer
			}
			for range three {
				for range 2 {
					s++
				}
				switch {
				default:
					break
				}
			}
			n--
		}
		for i := range three {
			for range i {
				s++
			}
			for range i {
				s++
			}
			for range i {
				s++
			}
			switch {
			case s > 1000:
				break outer
			}
			switch i {
			case 1:
				s++
			}
		}
		for i := range three {
			for range i {
				s++
			}
			for range i {
				s++
			}
			for range i {
				s++
			}
			switch {
			case s > 1000:
				continue outer
			}
			switch i {
			case 1:
				s++
			}
		}
	}
	return s
}

func main() { println(body(2), body(5), body(-1)) }
/* golden
stderr:
7 64 64
*/
