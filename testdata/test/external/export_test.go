package external

type T struct{}

func (T) Hidden() string { return Secret }

func init() { Secret = "set" }
