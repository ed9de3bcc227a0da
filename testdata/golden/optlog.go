// golden: tool -m=json

// The optimisation log: gc's records at gc's places.
package main

type pair struct{ a, b int }

var sink *pair

func field(p *pair) *int { return &p.b }

func make2(n int) *pair { return &pair{n, n} }

func sum(x []int, n int) int {
	t := 0
	for i := 0; i < n; i++ {
		t += x[i]
	}
	return t
}

func through(y **pair) *int {
	return field(*y)
}

func depth(n int) int {
	if n == 0 {
		return 0
	}
	return depth(n-1) + 1
}

func keep(p *pair) { sink = p }

//go:noinline
func whole(x *[200]int) [200]int { return *x }

func main() {
	p := make2(3)
	keep(p)
	*field(p) = 3
	q := &pair{1, 2}
	println(*through(&q), depth(3))
	x := make([]int, len(sink.text()))
	x[3] = sum(x[1:], 2)
	f := func() { x[0]++ }
	f()
	go f()
	_ = whole(new([200]int))
}

func (p *pair) text() string { return "<pair>" }
/* golden
stdout:
{"version":0,"package":"main","goos":"linux","goarch":"amd64","gc_version":"go","file":"optlog.go"}
{"range":{"start":{"line":10,"character":6},"end":{"line":10,"character":6}},"severity":3,"code":"canInlineFunction","source":"go compiler","message":"cost: 4"}
{"range":{"start":{"line":10,"character":12},"end":{"line":10,"character":12}},"severity":3,"code":"leak","source":"go compiler","message":"parameter p leaks to ~r0 with derefs=0","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":10,"character":37},"end":{"line":10,"character":37}}},"message":"escflow:    flow: ~r0 ← p:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":10,"character":37},"end":{"line":10,"character":37}}},"message":"escflow:      from p.b (dot of pointer)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":10,"character":35},"end":{"line":10,"character":35}}},"message":"escflow:      from \u0026p.b (address-of)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":10,"character":28},"end":{"line":10,"character":28}}},"message":"escflow:      from return \u0026p.b (return)"}]}
{"range":{"start":{"line":10,"character":37},"end":{"line":10,"character":37}},"severity":3,"code":"nilcheck","source":"go compiler","message":""}
{"range":{"start":{"line":12,"character":6},"end":{"line":12,"character":6}},"severity":3,"code":"canInlineFunction","source":"go compiler","message":"cost: 7"}
{"range":{"start":{"line":12,"character":34},"end":{"line":12,"character":34}},"severity":3,"code":"escape","source":"go compiler","message":"\u0026pair{...} escapes to heap","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":12,"character":34},"end":{"line":12,"character":34}}},"message":"escflow:    flow: ~r0 ← \u0026{storage for \u0026pair{...}}:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":12,"character":34},"end":{"line":12,"character":34}}},"message":"escflow:      from \u0026pair{...} (spill)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":12,"character":27},"end":{"line":12,"character":27}}},"message":"escflow:      from return \u0026pair{...} (return)"}]}
{"range":{"start":{"line":12,"character":34},"end":{"line":12,"character":34}},"severity":3,"code":"escape","source":"go compiler","message":""}
{"range":{"start":{"line":14,"character":6},"end":{"line":14,"character":6}},"severity":3,"code":"canInlineFunction","source":"go compiler","message":"cost: 24"}
{"range":{"start":{"line":17,"character":9},"end":{"line":17,"character":9}},"severity":3,"code":"isInBounds","source":"go compiler","message":""}
{"range":{"start":{"line":22,"character":6},"end":{"line":22,"character":6}},"severity":3,"code":"canInlineFunction","source":"go compiler","message":"cost: 9"}
{"range":{"start":{"line":22,"character":14},"end":{"line":22,"character":14}},"severity":3,"code":"leak","source":"go compiler","message":"parameter y leaks to ~r0 with derefs=1","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":23,"character":15},"end":{"line":23,"character":15}}},"message":"escflow:    flow: p ← *y:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":23,"character":15},"end":{"line":23,"character":15}}},"message":"escflow:      from *y (indirection)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":23,"character":14},"end":{"line":23,"character":14}}},"message":"escflow:      from p := *y (assign-pair)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":23,"character":14},"end":{"line":23,"character":14}}},"message":"escflow:    flow: ~r0 ← p:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":10,"character":37},"end":{"line":10,"character":37}}},"message":"inlineLoc"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":23,"character":14},"end":{"line":23,"character":14}}},"message":"escflow:      from p.b (dot of pointer)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":10,"character":37},"end":{"line":10,"character":37}}},"message":"inlineLoc"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":23,"character":14},"end":{"line":23,"character":14}}},"message":"escflow:      from \u0026p.b (address-of)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":10,"character":35},"end":{"line":10,"character":35}}},"message":"inlineLoc"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":23,"character":14},"end":{"line":23,"character":14}}},"message":"escflow:      from ~r0 = \u0026p.b (assign-pair)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":23,"character":2},"end":{"line":23,"character":2}}},"message":"escflow:    flow: ~r0 ← ~r0:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":23,"character":2},"end":{"line":23,"character":2}}},"message":"escflow:      from return ~r0 (return)"}]}
{"range":{"start":{"line":23,"character":14},"end":{"line":23,"character":14}},"severity":3,"code":"nilcheck","source":"go compiler","message":"","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":10,"character":37},"end":{"line":10,"character":37}}},"message":"inlineLoc"}]}
{"range":{"start":{"line":26,"character":6},"end":{"line":26,"character":6}},"severity":3,"code":"canInlineFunction","source":"go compiler","message":"cost: 71"}
{"range":{"start":{"line":30,"character":14},"end":{"line":30,"character":14}},"severity":3,"code":"cannotInlineCall","source":"go compiler","message":"","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":30,"character":14},"end":{"line":30,"character":14}}},"message":"inlineLoc"}]}
{"range":{"start":{"line":30,"character":14},"end":{"line":30,"character":14}},"severity":3,"code":"cannotInlineCall","source":"go compiler","message":"","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":30,"character":14},"end":{"line":30,"character":14}}},"message":"inlineLoc"}]}
{"range":{"start":{"line":33,"character":6},"end":{"line":33,"character":6}},"severity":3,"code":"canInlineFunction","source":"go compiler","message":"cost: 3"}
{"range":{"start":{"line":33,"character":11},"end":{"line":33,"character":11}},"severity":3,"code":"leak","source":"go compiler","message":"parameter p leaks to {heap} with derefs=0","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":33,"character":27},"end":{"line":33,"character":27}}},"message":"escflow:    flow: {heap} ← p:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":33,"character":27},"end":{"line":33,"character":27}}},"message":"escflow:      from sink = p (assign)"}]}
{"range":{"start":{"line":36,"character":6},"end":{"line":36,"character":6}},"severity":3,"code":"cannotInlineFunction","source":"go compiler","message":"marked go:noinline"}
{"range":{"start":{"line":36,"character":36},"end":{"line":36,"character":36}},"severity":3,"code":"copy","source":"go compiler","message":"1600 bytes"}
{"range":{"start":{"line":38,"character":6},"end":{"line":38,"character":6}},"severity":3,"code":"cannotInlineFunction","source":"go compiler","message":"unhandled op GO"}
{"range":{"start":{"line":39,"character":12},"end":{"line":39,"character":12}},"severity":3,"code":"escape","source":"go compiler","message":"\u0026pair{...} escapes to heap","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":12,"character":34},"end":{"line":12,"character":34}}},"message":"inlineLoc"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":39,"character":12},"end":{"line":39,"character":12}}},"message":"escflow:    flow: ~r0 ← \u0026{storage for \u0026pair{...}}:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":12,"character":34},"end":{"line":12,"character":34}}},"message":"inlineLoc"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":39,"character":12},"end":{"line":39,"character":12}}},"message":"escflow:      from \u0026pair{...} (spill)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":12,"character":34},"end":{"line":12,"character":34}}},"message":"inlineLoc"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":39,"character":12},"end":{"line":39,"character":12}}},"message":"escflow:      from ~r0 = \u0026pair{...} (assign-pair)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":39,"character":4},"end":{"line":39,"character":4}}},"message":"escflow:    flow: p ← ~r0:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":39,"character":4},"end":{"line":39,"character":4}}},"message":"escflow:      from p := ~r0 (assign)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":40,"character":6},"end":{"line":40,"character":6}}},"message":"escflow:    flow: p ← p:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":40,"character":6},"end":{"line":40,"character":6}}},"message":"escflow:      from p := p (assign-pair)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":40,"character":6},"end":{"line":40,"character":6}}},"message":"escflow:    flow: {heap} ← p:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":33,"character":27},"end":{"line":33,"character":27}}},"message":"inlineLoc"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":40,"character":6},"end":{"line":40,"character":6}}},"message":"escflow:      from sink = p (assign)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":33,"character":27},"end":{"line":33,"character":27}}},"message":"inlineLoc"}]}
{"range":{"start":{"line":39,"character":12},"end":{"line":39,"character":12}},"severity":3,"code":"escape","source":"go compiler","message":"","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":12,"character":34},"end":{"line":12,"character":34}}},"message":"inlineLoc"}]}
{"range":{"start":{"line":43,"character":18},"end":{"line":43,"character":18}},"severity":3,"code":"nilcheck","source":"go compiler","message":"","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":23,"character":14},"end":{"line":23,"character":14}}},"message":"inlineLoc"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":10,"character":37},"end":{"line":10,"character":37}}},"message":"inlineLoc"}]}
{"range":{"start":{"line":43,"character":29},"end":{"line":43,"character":29}},"severity":3,"code":"cannotInlineCall","source":"go compiler","message":"repeated recursive cycle to main.depth","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":30,"character":14},"end":{"line":30,"character":14}}},"message":"inlineLoc"}]}
{"range":{"start":{"line":43,"character":29},"end":{"line":43,"character":29}},"severity":3,"code":"cannotInlineCall","source":"go compiler","message":"repeated recursive cycle to main.depth","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":30,"character":14},"end":{"line":30,"character":14}}},"message":"inlineLoc"}]}
{"range":{"start":{"line":44,"character":11},"end":{"line":44,"character":11}},"severity":3,"code":"escape","source":"go compiler","message":"make([]int, len(~r0)) escapes to heap","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":44,"character":11},"end":{"line":44,"character":11}}},"message":"escflow:    flow: x ← \u0026{storage for make([]int, len(~r0))}:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":44,"character":11},"end":{"line":44,"character":11}}},"message":"escflow:      from make([]int, len(~r0)) (spill)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":44,"character":4},"end":{"line":44,"character":4}}},"message":"escflow:      from x := make([]int, len(~r0)) (assign)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":46,"character":7},"end":{"line":46,"character":7}}},"message":"escflow:    flow: {storage for func literal} ← x:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":46,"character":7},"end":{"line":46,"character":7}}},"message":"escflow:      from x (captured by a closure)"}]}
{"range":{"start":{"line":44,"character":11},"end":{"line":44,"character":11}},"severity":3,"code":"escape","source":"go compiler","message":""}
{"range":{"start":{"line":46,"character":7},"end":{"line":46,"character":7}},"severity":3,"code":"canInlineFunction","source":"go compiler","message":"cost: 5"}
{"range":{"start":{"line":46,"character":7},"end":{"line":46,"character":7}},"severity":3,"code":"escape","source":"go compiler","message":"func literal escapes to heap","relatedInformation":[{"location":{"uri":"file://optlog.go","range":{"start":{"line":46,"character":7},"end":{"line":46,"character":7}}},"message":"escflow:    flow: f ← \u0026{storage for func literal}:"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":46,"character":7},"end":{"line":46,"character":7}}},"message":"escflow:      from func literal (spill)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":46,"character":4},"end":{"line":46,"character":4}}},"message":"escflow:      from f := func literal (assign)"},{"location":{"uri":"file://optlog.go","range":{"start":{"line":46,"character":2},"end":{"line":46,"character":2}}},"message":"escflow:    flow: {heap} ← f:"}]}
{"range":{"start":{"line":46,"character":7},"end":{"line":46,"character":7}},"severity":3,"code":"escape","source":"go compiler","message":""}
{"range":{"start":{"line":46,"character":17},"end":{"line":46,"character":17}},"severity":3,"code":"isInBounds","source":"go compiler","message":""}
{"range":{"start":{"line":52,"character":6},"end":{"line":52,"character":6}},"severity":3,"code":"canInlineFunction","source":"go compiler","message":"cost: 2"}
*/
