package shapes

type rect struct{ w, h int }

func (r *rect) Area() int { return r.w * r.h }

func New(w, h int) Shape { return &rect{w, h} }

func Max[T int | string](a, b T) T {
	if a > b {
		return a
	}
	return b
}

func Largest(ss []Shape) (best Shape) {
	for _, s := range ss {
		if best == nil || s.Area() > best.Area() {
			best = s
		}
	}
	return
}
