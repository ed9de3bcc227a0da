// conc: goroutines, channels and select, joined so that the outcome is one. A goroutine that its
// maker waits for at once may do anything; those that run side by side are silent, change nothing
// that is shared, and hand over values.
#include "cmd/fuzz/fuzz.h"

static Node *conc_joined(void) {
    const char *done = fresh("d");
    const char *end = chance(25) ? "runtime.Goexit()\n" : "";
    Node *body = own_body(2);
    return STMT(xsprintf("{\n%s := make(chan bool)\ngo func() {\ndefer close(%s)\ndefer "
                         "caught()\n$0%s}()\n<-%s\n}\n",
                         done, done, end, done),
                body);
}

// A value for each of n goroutines, computed by it from its number.
static Node *parallel_value(const Type *t, const char *number) {
    uint32_t mark = g.vars.len, barrier = g.barrier;
    bool silent = g.silent, pure = g.pure;
    long mult = g.mult;
    g.silent = true;
    g.pure = true;
    g.barrier = g.vars.len;
    g.mult *= 8;
    var_add(number, type_basic(INT))->fixed = true;
    Node *n = expr_of(t, 4);
    g.vars.len = mark;
    g.barrier = barrier;
    g.silent = silent;
    g.pure = pure;
    g.mult = mult;
    // A variable that is nil since a panic was recovered must not end the program from here.
    return EXPR(
        t, xsprintf("func() (x %s) {\ndefer func() { recover() }()\nreturn $0\n}()", t->text), n);
}

static Node *conc_wait_group(void) {
    const Type *t = type_random(1, NO_POINTERS), *array = type_array(2 + (int)rnd(7), t);
    const char *out = fresh("o"), *i = fresh("i");
    return STMT(xsprintf("{\nvar %s %s\nvar wg sync.WaitGroup\nfor %s := range %s {\nwg.Go(func() "
                         "{\n%s[%s] = $0\n})\n}\nwg.Wait()\n$1}\n",
                         out, array->text, i, out, out, i),
                parallel_value(t, i), sink_of(EXPR(array, out)));
}

static Node *conc_mutex(void) {
    const char *i = fresh("i");
    const Type *t = type_basic(UINT64);
    return STMT(
        xsprintf("{\nvar mu sync.Mutex\nvar sum, n uint64\ndone := make(chan int, %u)\nfor %s := "
                 "range %u {\ngo func() "
                 "{\nx := $0\nmu.Lock()\ndefer mu.Unlock()\nsum += x\nn++\ndone <- %s\n}()\n}\n"
                 "for range %u {\n<-done\n}\nmu.Lock()\nsink(sum)\nsink(n)\nmu.Unlock()\n}\n",
                 rnd(4), i, 6u, i, 6u),
        parallel_value(t, i));
}

// Producer, stages, consumer: values come in order.
static Node *conc_pipeline(void) {
    const Type *t = type_random(1, ANY_TYPE);
    const char *i = fresh("i"), *v = fresh("v");
    Node *value = parallel_value(t, i);
    return STMT(xsprintf("{\na, b := make(chan %s%s), make(chan %s)\ngo func() {\ndefer "
                         "close(a)\nfor %s := range 8 {\n_ = %s\na "
                         "<- $0\n}\n}()\n"
                         "go func() {\ndefer close(b)\nfor x := range a {\nb <- x\n}\n}()\nfor %s "
                         ":= range b {\n$1}\n}\n",
                         t->text, chance(50) ? "" : ", 3", t->text, i, i, v),
                value, sink_of(EXPR(t, v)));
}

// Several cases may be ready: what they give is summed.
static Node *conc_select(void) {
    const char *i = fresh("i");
    Node *value = parallel_value(type_basic(UINT64), i),
         *other = parallel_value(type_basic(STRING), i);
    return STMT(xsprintf("{\na, b, quit := make(chan uint64, %u), make(chan string), make(chan "
                         "struct{})\ngo func() {\nvar wg "
                         "sync.WaitGroup\nfor %s := range 4 {\n_ = %s\nwg.Go(func() { a <- $0 "
                         "})\nwg.Go(func() { b <- $1 "
                         "})\n}\nwg.Wait()\nclose(quit)\n}()\n"
                         "var sum uint64\nfor open := true; open; {\nselect {\ncase x := <-a:\nsum "
                         "+= hI(1, x)\ncase s, ok := "
                         "<-b:\nsum += hS(2, s)\nif !ok {\nsum++\n}\ncase <-quit:\nopen = "
                         "false\n}\n}\nfor len(a) > 0 {\nsum += "
                         "hI(1, <-a)\n}\nsink(sum)\n}\n",
                         rnd(3), i, i),
                value, other);
}

// One case alone is ready.
static Node *conc_select_ready(void) {
    const Type *t = type_random(1, ANY_TYPE);
    const char *c = fresh("c"), *v = fresh("v"), *ok = fresh("b");
    static const char *const states[] = {"", "%1$s <- $0\n", "close(%1$s)\n",
                                         "%1$s <- $0\nclose(%1$s)\n"};
    uint32_t state = rnd(4);
    Buf text = {0};
    buf_printf(&text, "{\n%s := make(chan %s, 1)\n", c, t->text);
    for (const char *p = states[state]; *p; p++) {
        if (starts_with(p, "%1$s")) {
            buf_puts(&text, c);
            p += 3;
        } else
            buf_putc(&text, *p);
    }
    buf_printf(&text, "select {\ncase %s, %s := <-%s:\n$1sink(hB(1, %s))\n%s}\n}\n", v, ok, c, ok,
               state == 0 || chance(50) ? "default:\nsink(5)\n" : "");
    return STMT(buf_str(&text), expr_of(t, 3), sink_of(EXPR(t, v)));
}

static Node *conc_pull(void) {
    const Type *t = type_random(1, ANY_TYPE);
    const char *i = fresh("i"), *v = fresh("v");
    uint32_t n = 1 + rnd(5);
    return STMT(xsprintf("{\nnext, stop := iter.Pull(func(yield func(%s) bool) {\ndefer "
                         "sink(17)\nfor %s := range %u {\n_ = "
                         "%s\nsink(18)\nif !yield($0) {\nsink(19)\nreturn\n}\n}\n})\n"
                         "for range %u {\nif %s, ok := next(); ok {\n$1}\n}\nstop()\n}\n",
                         t->text, i, n, i, 1 + rnd(7), v),
                parallel_value(t, i), sink_of(EXPR(t, v)));
}

// Sends and receives in one select, in both directions, until all is there.
static Node *conc_select_send(void) {
    const char *i = fresh("i");
    Node *value = parallel_value(type_basic(UINT64), i);
    return STMT(
        xsprintf(
            "{\nin, out := make(chan uint64%s), make(chan uint64%s)\ngo func() {\nfor x := range "
            "in {\nout <- x * "
            "3\n}\nclose(out)\n}()\n"
            "var sum uint64\nvar pending []uint64\nfor %s := range 6 {\npending = append(pending, "
            "$0+uint64(%s))\n}\nfor out != nil {\nvar to chan uint64\nvar next uint64\n"
            "if len(pending) > 0 {\nto, next = in, pending[0]\n}\nselect {\ncase to <- next:\nif "
            "pending = "
            "pending[1:]; len(pending) == 0 {\nclose(in)\n}\n"
            "case x, ok := <-out:\nif !ok {\nout = nil\n}\nsum += hI(1, x)\n}\n}\nsink(sum)\n}\n",
            chance(50) ? "" : ", 2", chance(50) ? "" : ", 1", i, i),
        value);
}

// A list of nodes that refer to each other, made and gone through.
static Node *stmt_linked(void) {
    const Type *t = type_random(1, ANY_TYPE);
    const char *i = fresh("i");
    uint32_t mark = g.vars.len;
    var_add(i, type_basic(INT))->fixed = true;
    Node *value = expr_of(t, 2);
    g.vars.len = mark;
    if (!afford(60)) return flow_random();
    return STMT(xsprintf("{\ntype node struct {\nnext, prev *node\nvalue %s\n}\nvar first, last "
                         "*node\nfor %s := range %u {\nn "
                         ":= &node{prev: last, value: $0}\nif last == nil {\nfirst = n\n} else "
                         "{\nlast.next = n\n}\n"
                         "last = n\n_ = %s\n}\nif first != nil && first.next != nil "
                         "{\nfirst.next.prev, first = nil, "
                         "first.next\n}\nfor n := first; n != nil; n = n.next {\n$1}\n}\n",
                         t->text, i, rnd(9), i),
                value, sink_of(EXPR(t, "n.value")));
}

Node *conc_random(void) {
    static Node *(*const forms[])(void) = {conc_joined,       conc_joined,       conc_wait_group,
                                           conc_mutex,        conc_pipeline,     conc_select,
                                           conc_select_ready, conc_select_ready, conc_pull,
                                           conc_select_send,  stmt_linked};
    if (g.silent || !afford(300)) return flow_random();
    return forms[rnd(sizeof forms / sizeof *forms)]();
}
