// golden: run
// A buffered channel as a counting semaphore: never more than its capacity run at once.
package main

func main() {
	const limit, tasks = 3, 20
	sem := make(chan struct{}, limit)
	enter, leave := make(chan int), make(chan int)
	done := make(chan int)
	go func() {
		now, most := 0, 0
		for n := 0; n < 2*tasks; n++ {
			select {
			case <-enter:
				now++
				if now > most {
					most = now
				}
			case <-leave:
				now--
			}
		}
		done <- most
	}()
	for i := 0; i < tasks; i++ {
		sem <- struct{}{}
		go func(i int) {
			defer func() { <-sem }()
			enter <- i
			leave <- i
		}(i)
	}
	println("within limit:", <-done <= limit)
}
/* golden
stderr:
within limit: true
*/
