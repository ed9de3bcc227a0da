// golden: run arm64
package main

func main() { println("hello, world") }
/* golden
stderr:
hello, world
*/
