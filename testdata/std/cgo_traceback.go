// golden: run
package main

// runtime.SetCgoTraceback: where C calls Go its context is noted, and given back; stacks have C's
// frames as the program's own functions tell them.

/*
#include <stdint.h>
#include <stddef.h>
extern void inner(void);
extern void outer(void);
struct context { uintptr_t context; };
struct traceback { uintptr_t context, signal, *pcs, max; };
struct symbol { uintptr_t pc; const char *file; uintptr_t line; const char *func; uintptr_t entry, more, data; };
static int noted;
static int how_many(void) { return noted; }
static void context(void *p) {
	struct context *c = p;
	if (c->context) noted--;
	else c->context = ++noted;
}
static void traceback(void *p) {
	struct traceback *t = p;
	for (uintptr_t i = 0; i < t->context && i < t->max; i++) t->pcs[i] = t->context * 256 + i;
	if (t->context < t->max) t->pcs[t->context] = 0;
}
// Two frames for each pc, as if one were inlined.
static void symbolizer(void *p) {
	struct symbol *s = p;
	if (!s->pc) return;
	s->more = !s->file;
	s->file = "some.c";
	s->func = s->more ? "inlined" : "function";
	s->line = s->pc;
}
static void *function(int i) {
	void (*all[])(void *) = {traceback, context, symbolizer};
	return (void *)all[i];
}
static void call_outer(void) { outer(); }
static void call_inner(void) { inner(); }
*/
import "C"

import (
	"fmt"
	"runtime"
	"strings"
)

//export outer
func outer() { C.call_inner() }

//export inner
func inner() {
	pcs := make([]uintptr, 64)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "main.") || f.File == "some.c" {
			fmt.Println(f.Function, f.File == "some.c", f.File == "some.c" && f.PC == uintptr(f.Line))
		}
		if !more {
			break
		}
	}
	fmt.Println(C.how_many())
	buf := make([]byte, 4096)
	for _, line := range strings.Split(string(buf[:runtime.Stack(buf, false)]), "\n") {
		if strings.Contains(line, "some.c") || line == "function" || line == "inlined" {
			fmt.Println(line)
		}
	}
}

func main() {
	runtime.SetCgoTraceback(0, C.function(0), C.function(1), C.function(2))
	C.call_outer()
	fmt.Println(C.how_many())
	defer func() { fmt.Println(recover()) }()
	runtime.SetCgoTraceback(0, nil, nil, C.function(0))
}
/* golden
stdout:
main.inner false false
inlined true true
function true true
inlined true true
function true true
main._Cfunc_call_inner false false
main.outer false false
inlined true true
function true true
main._Cfunc_call_outer false false
main.main false false
2
inlined
	some.c:512 pc=0x?
function
	some.c:512 pc=0x?
function
	some.c:513 pc=0x?
inlined
	some.c:256 pc=0x?
function
	some.c:256 pc=0x?
0
call SetCgoTraceback only once
*/
