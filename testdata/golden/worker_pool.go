// golden: run
// A fixed number of workers drains a queue of jobs.
package main

type job struct{ id, n int }
type result struct{ id, fib int }

func fib(n int) int {
	if n < 2 {
		return n
	}
	return fib(n-1) + fib(n-2)
}

func main() {
	jobs, results := make(chan job, 16), make(chan result, 16)
	for w := 0; w < 4; w++ {
		go func() {
			for j := range jobs {
				results <- result{j.id, fib(j.n)}
			}
		}()
	}
	go func() {
		for i := 0; i < 25; i++ {
			jobs <- job{i, i}
		}
		close(jobs)
	}()
	var got [25]int
	for range got {
		r := <-results
		got[r.id] = r.fib
	}
	for i, f := range got {
		println(i, f)
	}
}
/* golden
stderr:
0 0
1 1
2 1
3 2
4 3
5 5
6 8
7 13
8 21
9 34
10 55
11 89
12 144
13 233
14 377
15 610
16 987
17 1597
18 2584
19 4181
20 6765
21 10946
22 17711
23 28657
24 46368
*/
