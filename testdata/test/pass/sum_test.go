package sum

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	fmt.Println("before")
	os.Exit(m.Run())
}

func TestSum(t *testing.T) {
	if Sum(1, 2) != 3 {
		t.Error("1+2")
	}
}

func TestSub(t *testing.T) {
	for _, x := range []int{1, 2} {
		t.Run(fmt.Sprint(x), func(t *testing.T) { t.Log("x is", x) })
	}
}

func TestSkipped(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	wd, _ := os.Getwd()
	t.Log(wd[len(wd)-4:])
}

func Testing() {} // not a test

func BenchmarkSum(b *testing.B) {
	for b.Loop() {
		Sum(1, 2, 3)
	}
}

func FuzzSum(f *testing.F) {
	f.Add(1, 2)
	f.Fuzz(func(t *testing.T, a, b int) {
		if Sum(a, b) != a+b {
			t.Fail()
		}
	})
}
