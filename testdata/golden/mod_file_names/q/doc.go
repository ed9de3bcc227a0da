package q

func Fail(p *int) { *p = 1 }
