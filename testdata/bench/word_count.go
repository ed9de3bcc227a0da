package main

import (
	"bufio"
	"fmt"
	"os"
	"sort"
	"strings"
)

func text() string {
	var b strings.Builder
	x := uint32(1)
	for i := range 600000 {
		x = x*1664525 + 1013904223
		n := 2 + int(x>>28)%7
		for range n {
			x = x*1664525 + 1013904223
			b.WriteByte('a' + byte(x>>29))
		}
		if i%12 == 11 {
			b.WriteByte('\n')
		} else {
			b.WriteByte(' ')
		}
	}
	return b.String()
}

func main() {
	t := text()
	counts := map[string]int{}
	for range 3 {
		in := bufio.NewScanner(strings.NewReader(t))
		for in.Scan() {
			for _, w := range strings.Fields(in.Text()) {
				counts[strings.ToUpper(w)]++
			}
		}
	}
	words := make([]string, 0, len(counts))
	for w := range counts {
		words = append(words, w)
	}
	sort.Slice(words, func(i, j int) bool {
		if counts[words[i]] != counts[words[j]] {
			return counts[words[i]] > counts[words[j]]
		}
		return words[i] < words[j]
	})
	out := bufio.NewWriter(os.Stdout)
	for _, w := range words[:2000] {
		fmt.Fprintf(out, "%8d %s\n", counts[w], w)
	}
	out.Flush()
}
