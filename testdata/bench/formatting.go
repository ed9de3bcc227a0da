package main

import (
	"fmt"
	"strconv"
)

type point struct {
	X, Y int
	Name string
}

func main() {
	total := 0
	var buf []byte
	for i := range 300000 {
		total += len(fmt.Sprintf("%d: %s %5.2f %x", i, "item", float64(i)/3, i))
		total += len(fmt.Sprint(i, "x", i%2 == 0))
		if i%4 == 0 {
			total += len(fmt.Sprintf("%v %+v", point{i, -i, "p"}, &point{i, 2, "q"}))
		}
	}
	for i := range 2000000 {
		s := strconv.Itoa(i * 7919)
		n, err := strconv.Atoi(s)
		if err != nil {
			panic(err)
		}
		total += n & 7
		buf = strconv.AppendInt(buf[:0], int64(i), 16)
		total += len(buf)
	}
	for i := range 500000 {
		buf = strconv.AppendFloat(buf[:0], float64(i)*1.1, 'g', -1, 64)
		f, _ := strconv.ParseFloat(string(buf), 64)
		total += int(f) & 3
	}
	println(total)
}
