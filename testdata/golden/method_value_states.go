// golden: run arm64
// States that are methods and return each other as method values: inlining the method into its method value must come to an end.
package main

type state func(r rune) state

type parser struct {
	width int
	buf   []byte
}

func (p *parser) parse(fn state, s string) string {
	for i, r := range s {
		if fn = fn(r); fn == nil {
			return s[i:]
		}
		p.width++
	}
	return ""
}

func (p *parser) affix(r rune) state {
	switch r {
	case '0':
		return nil
	case '\'':
		p.width--
		return p.escapeFirst
	}
	p.buf = append(p.buf, string(r)...)
	return p.affix
}

func (p *parser) escapeFirst(r rune) state {
	switch r {
	case '\'':
		return p.affix
	case '*':
		return p.pad
	}
	p.buf = append(p.buf, string(r)...)
	return p.escape
}

func (p *parser) escape(r rune) state {
	switch r {
	case '\'':
		return p.affix
	case '*':
		return p.pad
	}
	p.buf = append(p.buf, string(r)...)
	return p.escape
}

func (p *parser) pad(r rune) state {
	if r == '0' {
		return p.comma
	}
	p.buf = append(p.buf, '.')
	return p.escape
}

func (p *parser) comma(r rune) state {
	if r == ',' {
		return p.escapeFirst
	}
	return p.pad
}

func main() {
	p := &parser{}
	println(p.parse(p.affix, "ab'cd*ef*0,gh'i0rest"), string(p.buf), p.width)
}
/* golden
stderr:
0rest abcd.fghi 14
*/
