package main

import (
	"regexp"
	"strings"
)

func main() {
	text := strings.Repeat("Lorem ipsum dolor sit amet, john.doe@example.com, on 2024-03-17 at 10:45; call +49 (30) 1234-567 or visit http://example.org/a/b?c=d now. ", 1000)
	total := 0
	for _, p := range []string{`[a-z.]+@[a-z]+\.[a-z]{2,3}`, `(\d{4})-(\d{2})-(\d{2})`, `(?i)LOREM|IPSUM`, `https?://[^ ]+`, `\b\w{5}\b`, `a.*?b`} {
		re := regexp.MustCompile(p)
		for range 3 {
			total += len(re.FindAllStringIndex(text, -1))
			total += len(re.ReplaceAllString(text, "<$0>"))
		}
	}
	println(total)
}
