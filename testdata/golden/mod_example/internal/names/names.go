package names

import "unsafe"

func init() { println("init names") }

func Of(s string) string {
	_ = unsafe.Sizeof(s)
	return "the " + s
}
