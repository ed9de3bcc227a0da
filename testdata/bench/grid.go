package main

type cell struct{ alive bool }

func step(a, b [][]cell) {
	h, w := len(a), len(a[0])
	for y := range a {
		for x := range a[y] {
			n := 0
			for dy := -1; dy <= 1; dy++ {
				for dx := -1; dx <= 1; dx++ {
					if dy == 0 && dx == 0 {
						continue
					}
					if a[(y+dy+h)%h][(x+dx+w)%w].alive {
						n++
					}
				}
			}
			b[y][x].alive = n == 3 || n == 2 && a[y][x].alive
		}
	}
}

func solve(n int) float64 {
	m := make([][]float64, n)
	for i := range m {
		m[i] = make([]float64, n+1)
		for j := range m[i] {
			m[i][j] = 1 / float64(i+j+1)
		}
		m[i][i] += 2
	}
	for k := range m {
		for i := k + 1; i < n; i++ {
			f := m[i][k] / m[k][k]
			for j := k; j <= n; j++ {
				m[i][j] -= f * m[k][j]
			}
		}
	}
	x := make([]float64, n)
	for i := n - 1; i >= 0; i-- {
		x[i] = m[i][n]
		for j := i + 1; j < n; j++ {
			x[i] -= m[i][j] * x[j]
		}
		x[i] /= m[i][i]
	}
	return x[0]
}

func edit(a, b string) int {
	prev, cur := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range prev {
		prev[j] = j
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = i
		for j := 1; j <= len(b); j++ {
			c := prev[j-1]
			if a[i-1] != b[j-1] {
				c++
			}
			cur[j] = min(c, prev[j]+1, cur[j-1]+1)
		}
		prev, cur = cur, prev
	}
	return prev[len(b)]
}

func queens(n, row int, cols, d1, d2 []bool) int {
	if row == n {
		return 1
	}
	count := 0
	for c := range n {
		if cols[c] || d1[row+c] || d2[row-c+n] {
			continue
		}
		cols[c], d1[row+c], d2[row-c+n] = true, true, true
		count += queens(n, row+1, cols, d1, d2)
		cols[c], d1[row+c], d2[row-c+n] = false, false, false
	}
	return count
}

func main() {
	a, b := make([][]cell, 200), make([][]cell, 200)
	for y := range a {
		a[y], b[y] = make([]cell, 200), make([]cell, 200)
		for x := range a[y] {
			a[y][x].alive = (x*7+y*13)%5 < 2
		}
	}
	for range 60 {
		step(a, b)
		a, b = b, a
	}
	alive := 0
	for _, row := range a {
		for _, c := range row {
			if c.alive {
				alive++
			}
		}
	}
	s, t := make([]byte, 5000), make([]byte, 5000)
	for i := range s {
		s[i], t[i] = 'a'+byte(i*i%23), 'a'+byte(i*i%19)
	}
	println(alive, int(solve(500)*1e6), edit(string(s), string(t)), queens(10, 0, make([]bool, 10), make([]bool, 20), make([]bool, 21)))
}
