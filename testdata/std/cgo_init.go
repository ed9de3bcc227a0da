// golden: run arm64
package main

/*
#include <pthread.h>
extern int goValue(void);
static int seen;
static void *body(void *p) { seen = goValue(); return p; }
static pthread_t thread;
// Before main, and before Go's packages are initialised: the call waits for them.
__attribute__((constructor)) static void begin(void) { pthread_create(&thread, 0, body, 0); }
static int result(void) { pthread_join(thread, 0); return seen; }
*/
import "C"

import (
	"fmt"
	"time"
)

var value = func() int { time.Sleep(20 * time.Millisecond); return 123 }()

//export goValue
func goValue() C.int { return C.int(value) }

func main() { fmt.Println(C.result()) }
/* golden
stdout:
123
*/
