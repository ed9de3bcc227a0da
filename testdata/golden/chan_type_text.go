// golden: build
// Messages put parentheses around a receive-only element where its arrow would belong to the outer
// channel.
package main

func main() {
	make(<-chan <-chan int).a()
	make(chan (<-chan int)).b()
	make(chan<- <-chan int).c()
	make(<-chan (<-chan int)).d()
	make(chan<- chan int).e()
	make(chan chan<- int).f()
	make(map[chan (<-chan int)]<-chan <-chan int).g()
}
/* golden
exit 1
stderr:
# command-line-arguments
./chan_type_text.go:7:26: make(<-chan <-chan int).a undefined (type <-chan <-chan int has no field or method a)
./chan_type_text.go:8:26: make(chan (<-chan int)).b undefined (type chan (<-chan int) has no field or method b)
./chan_type_text.go:9:26: make(chan<- <-chan int).c undefined (type chan<- <-chan int has no field or method c)
./chan_type_text.go:10:28: make(<-chan <-chan int).d undefined (type <-chan <-chan int has no field or method d)
./chan_type_text.go:11:24: make(chan<- chan int).e undefined (type chan<- chan int has no field or method e)
./chan_type_text.go:12:24: make(chan chan<- int).f undefined (type chan chan<- int has no field or method f)
./chan_type_text.go:13:48: make(map[chan (<-chan int)]<-chan <-chan int).g undefined (type map[chan (<-chan int)]<-chan <-chan int has no field or method g)
*/
