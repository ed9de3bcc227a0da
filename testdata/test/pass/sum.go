package sum

type Adder interface{ Add(a, b int) int }

func Sum(xs ...int) (n int) {
	for _, x := range xs {
		n += x
	}
	return n
}
