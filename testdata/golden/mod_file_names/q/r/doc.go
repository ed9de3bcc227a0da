package r

func Fail(p *int) { *p = 1 }
