package fz

import "strings"

// Magic fails on five bytes in their order, one branch each.
func Magic(b []byte) bool {
	if len(b) > 4 && b[0] == 'F' {
		if b[1] == 'U' {
			if b[2] == 'Z' {
				if b[3] == 'Z' {
					if b[4] == '!' {
						panic("found")
					}
				}
			}
		}
	}
	return false
}

// Depth takes apart brackets, and goes wrong at a depth.
func Depth(s string) int {
	depth, most := 0, 0
	for _, r := range s {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth > most {
			most = depth
		}
	}
	if most >= 4 && strings.Contains(s, "x") {
		var p *int
		return *p
	}
	return most
}

// Size fails on long text with a negative number.
func Size(s string, n int) int {
	if len(s) > 20 && n < 0 {
		return []int{1}[-n]
	}
	return 0
}
