package main

func mul(c, a, b [][]float64) {
	for i := range c {
		for j := range c[i] {
			s := 0.0
			for k := range b {
				s += a[i][k] * b[k][j]
			}
			c[i][j] = s
		}
	}
}

func matrix(n int) [][]float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n)
		for j := range m[i] {
			m[i][j] = float64(i*j%7) + 0.5
		}
	}
	return m
}

func main() {
	const n = 500
	a, b, c := matrix(n), matrix(n), matrix(n)
	for range 4 {
		mul(c, a, b)
	}
	println(int(c[17][33]))
}
