// golden: run
// The guide's assembly: add, and a search by AVX2, where the processor has that.
package main

func add(a, b int64) int64

// searchAVX2 compares 32 bytes at needle with as many at haystack: a bit for each that is equal.
//
//go:noescape
func searchAVX2(needle *[32]byte, haystack *byte) uint32

// indexAVX2 is where c is in p, or -1.
//
//go:noescape
func indexAVX2(p []byte, c byte) int

func hasAVX2() bool

func index(p []byte, c byte) int {
	for i, x := range p {
		if x == c {
			return i
		}
	}
	return -1
}

func main() {
	println(add(2, 40))
	find, mask := index, uint32(0x80000421)
	text := []byte("Load needle into a register, compare 32 bytes at once, extract the mask")
	if hasAVX2() {
		find = indexAVX2
		needle := [32]byte(text[:32])
		for i := range needle {
			if mask>>i&1 == 0 {
				needle[i] ^= 0xff
			}
		}
		mask = searchAVX2(&needle, &text[0])
	}
	println(mask == 0x80000421)
	for _, c := range []byte("Ldk,?x") {
		println(find(text, c), find(text[:40], c), find(nil, c))
	}
}
/* golden
stderr:
42
true
0 0 -1
3 3 -1
70 -1 -1
27 27 -1
-1 -1 -1
56 -1 -1
*/
