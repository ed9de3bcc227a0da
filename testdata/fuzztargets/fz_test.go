package fz

import "testing"

func FuzzMagic(f *testing.F) {
	f.Add([]byte("seed"))
	f.Fuzz(func(t *testing.T, b []byte) { Magic(b) })
}

func FuzzDepth(f *testing.F) {
	f.Add("(a)")
	f.Fuzz(func(t *testing.T, s string) { Depth(s) })
}

func FuzzSize(f *testing.F) {
	f.Add("k", 5)
	f.Fuzz(func(t *testing.T, s string, n int) { Size(s, n) })
}
