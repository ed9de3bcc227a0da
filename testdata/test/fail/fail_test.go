package fail

import (
	"fmt"
	"testing"
)

func TestGood(t *testing.T) {}

func TestBad(t *testing.T) { t.Errorf("got %d", 1) }

func TestFatal(t *testing.T) {
	t.Run("sub", func(t *testing.T) { t.Fatal("over") })
}

func Example_bad() {
	fmt.Println("one")
	// Output: two
}
