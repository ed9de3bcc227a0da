package main

// Distances of words, by the table's rows: minima that depend on data.
func distance(a, b string, row []int) int {
	for j := range row[:len(b)+1] {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := diagonal
			if a[i-1] != b[j-1] {
				cost++
			}
			diagonal = row[j]
			row[j] = min(row[j]+1, row[j-1]+1, cost)
		}
	}
	return row[len(b)]
}

func main() {
	var words []string
	seed := uint32(1)
	for range 300 {
		var w []byte
		for range 40 {
			seed = seed*1664525 + 1013904223
			w = append(w, 'a'+byte(seed>>24)%4)
		}
		words = append(words, string(w))
	}
	row := make([]int, 41)
	sum := 0
	for _, a := range words {
		for _, b := range words {
			sum += distance(a, b, row)
		}
	}
	println(sum)
}
