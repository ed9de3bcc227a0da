package main

import (
	"bytes"
	"strings"
)

func main() {
	var b bytes.Buffer
	for i := range 200000 {
		b.WriteString("the quick brown fox, jumps over the lazy dog; ")
		if i%1000 == 999 {
			b.WriteString("NEEDLE\n")
		}
	}
	data, s := b.Bytes(), b.String()
	total := 0
	for range 20 {
		total += bytes.Count(data, []byte("fox"))
		total += bytes.Count(data, []byte{'\n'})
		total += strings.Index(s, "needle")
		total += strings.LastIndex(s, "needle")
	}
	for rest := data; ; {
		i := bytes.IndexByte(rest, ',')
		if i < 0 {
			break
		}
		total += i
		rest = rest[i+1:]
	}
	for rest := s; ; {
		i := strings.Index(rest, "NEEDLE")
		if i < 0 {
			break
		}
		total += i
		rest = rest[i+6:]
	}
	for _, line := range strings.Split(s, "\n") {
		for _, part := range strings.Split(line, ";") {
			if strings.EqualFold(strings.TrimSpace(part), "THE QUICK BROWN FOX, JUMPS OVER THE LAZY DOG") {
				total++
			}
			if strings.HasPrefix(part, " the") && strings.Contains(part, "lazy") {
				total++
			}
		}
	}
	r := strings.NewReplacer("fox", "cat", "dog", "mouse")
	for range 5 {
		total += len(r.Replace(s)) + len(strings.ReplaceAll(s, "quick", "slow"))
		total += len(strings.ToUpper(s)) + strings.IndexAny(s, "Zz!")
		total += bytes.Compare(data, []byte(s))
	}
	for _, c := range s {
		if c == 'x' {
			total++
		}
	}
	println(total)
}
