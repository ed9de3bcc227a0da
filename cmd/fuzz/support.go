// support: what the programs of a batch share. A program writes what it computes into the checksum and reads it never.
package main

import (
	"fmt"
	"math"
	"math/bits"
	"os"
	"strconv"
	"strings"
)

type program struct {
	seed uint64
	run  func()
}

var checksum uint64

//go:noinline
func sink(x uint64) {
	checksum = (checksum ^ x) * 0x9e3779b97f4a7c15
	checksum ^= checksum >> 29
	if trace {
		println(x)
	}
}

// ---- hashes of values; calls, so that programs are small ----

type integer interface {
	~int8 | ~int16 | ~int32 | ~int64 | ~int | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uint | ~uintptr
}

type float interface{ ~float32 | ~float64 }

func hU(h, x uint64) uint64 {
	h = (h ^ x) * 0xff51afd7ed558ccd
	return h ^ h>>32
}

//go:noinline
func hI[T integer](h uint64, v T) uint64 { return hU(h, uint64(v)) }

//go:noinline
func hB[T ~bool](h uint64, v T) uint64 {
	if v {
		return hU(h, 1)
	}
	return hU(h, 2)
}

//go:noinline
func hF[T float](h uint64, v T) uint64 {
	if v != v {
		return hU(h, 3)
	}
	return hU(h, math.Float64bits(float64(v)))
}

//go:noinline
func hC[T ~complex64 | ~complex128](h uint64, v T) uint64 {
	c := complex128(v)
	return hF(hF(h, real(c)), imag(c))
}

//go:noinline
func hS[T ~string](h uint64, v T) uint64 {
	h = hU(h, uint64(len(v)))
	for i := 0; i < len(v); i++ {
		h = h*31 + uint64(v[i])
	}
	return hU(h, 4)
}

// A value of a type parameter.
//
//go:noinline
func hP[T any](h uint64, v T) uint64 {
	switch v := any(v).(type) {
	case int8:
		return hI(h, v)
	case int16:
		return hI(h, v)
	case int32:
		return hI(h, v)
	case int64:
		return hI(h, v)
	case int:
		return hI(h, v)
	case uint8:
		return hI(h, v)
	case uint16:
		return hI(h, v)
	case uint32:
		return hI(h, v)
	case uint64:
		return hI(h, v)
	case uint:
		return hI(h, v)
	case uintptr:
		return hI(h, v)
	case float32:
		return hF(h, v)
	case float64:
		return hF(h, v)
	case string:
		return hS(h, v)
	case bool:
		return hB(h, v)
	}
	return hU(h, 5)
}

// ---- what guards expressions, and keeps constants from being ones ----

func id[T any](v T) T { return v }

func zero[T any]() (v T) { return }

func ptr[T any](v T) *T { return &v }

func deref[T any](p *T) (v T) {
	if p != nil {
		v = *p
	}
	return
}

func pick[T any](b bool, x, y T) T {
	if b {
		return x
	}
	return y
}

func clamp[T float](f, limit T) T {
	if f >= -limit && f <= limit {
		return f
	}
	return limit
}

func at(s string, i int) byte {
	if i >= 0 && i < len(s) {
		return s[i]
	}
	return 0
}

func runeAt(s string, i int) rune {
	n := 0
	for _, r := range s {
		if n == i&7 {
			return r
		}
		n++
	}
	return -1
}

func between(i, j, n int) (int, int) {
	i, j = int(uint(i)%uint(n+1)), int(uint(j)%uint(n+1))
	return min(i, j), max(i, j)
}

func sub[T ~string](s T, i, j int) T {
	i, j = between(i, j, len(s))
	return s[i:j]
}

func cut[S ~[]T, T any](s S, i, j int) S {
	i, j = between(i, j, len(s))
	return s[i:j]
}

// Short, so that strings and slices which loops make longer stay small, and full, so that append copies.
func short[T ~string](s T) T { return s[:min(len(s), 40)] }

func clip[S ~[]T, T any](s S) S {
	n := min(len(s), 12)
	return s[:n:n]
}

func mulhi(x, y uint64) uint64 {
	hi, _ := bits.Mul64(x, y)
	return hi
}

//go:noinline
func order(values ...any) int { return len(values) }

// ---- panics ----

//go:noinline
func sinkPanic(r any) {
	switch r := r.(type) {
	case nil:
		sink(6)
	case error:
		text := r.Error()
		if strings.HasPrefix(text, "value method ") { // through an interface whose value the compiler did not know
			text = "runtime error: invalid memory address or nil pointer dereference"
		}
		sink(hS(7, text))
	case float32:
		sink(hF(8, r))
	case float64:
		sink(hF(8, r))
	case complex64:
		sink(hC(8, r))
	case complex128:
		sink(hC(8, r))
	default:
		sink(hS(9, fmt.Sprint(r)))
	}
}

func caught() {
	if r := recover(); r != nil {
		sinkPanic(r)
	}
}

// ---- the batch ----

var trace = os.Getenv("FUZZ_TRACE") != ""

func runOne(p program) {
	defer caught()
	p.run()
}

// Runs the programs from the one numbered as the first argument on, and writes a line for each when it has ended.
func main() {
	from := 0
	if len(os.Args) > 1 {
		from, _ = strconv.Atoi(os.Args[1])
	}
	for _, p := range programs[from:] {
		checksum = 0
		runOne(p)
		os.Stdout.WriteString(strconv.FormatUint(p.seed, 10) + " " + strconv.FormatUint(checksum, 16) + "\n")
	}
}
