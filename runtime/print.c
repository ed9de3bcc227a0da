// print: the print and println built-ins, and what the runtime itself has to say. Output gathers in
// the M's buffer while printlock is held and goes to standard error at the last unlock (or when the
// buffer is full). Floats are written in Go (overlay/src/runtime/print.go).
#include "runtime/godebug.h"
#include "runtime/os.h"
#include "runtime/print.h"
#include "runtime/sched.h"
#include <stdarg.h>

static Mutex print_mutex;
static M *holder;

GO void rt_printlock(void) {
    M *m = getm();
    m->locks++;
    if (m->print_depth++ == 0 && !m->dying) {
        lock(&print_mutex);
        holder = m;
    }
}
GO void rt_printunlock(void) {
    M *m = getm();
    m->locks--;
    if (--m->print_depth == 0) {
        print_flush();
        if (!m->dying && holder == m) {
            holder = NULL;
            unlock(&print_mutex);
        }
    }
}

static void write_out(const M *m, const char *p, size_t n) {
    rt_write(2, p, n);
    if (m->dying && crash_fd != ~(uintptr_t)0) rt_write((int)crash_fd, p, n);
}

void print_flush(void) {
    M *m = getm();
    if (!m || !m->nprint) return;
    write_out(m, m->printbuf, m->nprint);
    m->nprint = 0;
}

// While the lock is held, output can be directed to memory instead.
static char *capture;
static intptr_t capture_n, capture_cap;
void print_capture(char *p, intptr_t n) {
    print_flush();
    capture = p;
    capture_n = 0;
    capture_cap = n;
}
intptr_t print_capture_end(void) {
    capture = NULL;
    return capture_n;
}

// Between printlock and printunlock output gathers: lines of two threads do not mix.
static void put(const char *p, size_t n) {
    M *m = getm();
    if (capture && holder == m) {
        if ((intptr_t)n > capture_cap - capture_n) n = (size_t)(capture_cap - capture_n);
        memcpy(capture + capture_n, p, n);
        capture_n += (intptr_t)n;
        return;
    }
    if (n > sizeof m->printbuf) {
        print_flush();
        write_out(m, p, n);
        return;
    }
    if (m->nprint + n > sizeof m->printbuf) print_flush();
    memcpy(m->printbuf + m->nprint, p, n);
    m->nprint += (uint32_t)n;
    if (!m->print_depth) print_flush();
}

void print_cstr(const char *s) { put(s, strlen(s)); }
void print_str(AbiString s) { put(s.ptr, (size_t)s.len); }

static void print_uint(uint64_t v) {
    char b[24], *p = b + sizeof b;
    do *--p = (char)('0' + v % 10);
    while (v /= 10);
    put(p, (size_t)(b + sizeof b - p));
}
static void print_int(int64_t v) {
    if (v < 0) put("-", 1);
    print_uint(v < 0 ? -(uint64_t)v : (uint64_t)v);
}
void print_fixed(int64_t v, int digits) {
    int64_t unit = 1;
    for (int i = 0; i < digits; i++) unit *= 10;
    print_int(v / unit);
    if (digits) put(".", 1);
    for (int64_t rest = v % unit; unit > 1; rest %= unit) print_int(rest / (unit /= 10));
}
static void print_ms(int64_t ns) {
    int64_t v = ns / 1000;
    int digits = 3;
    if (ns >= 10000000 || !v) {
        v = ns / 1000000;
        digits = 0;
    }
    for (; digits && v >= 100; v /= 10) digits--;
    print_fixed(v, digits);
}

void print_hex(uint64_t v) {
    char b[24], *p = b + sizeof b;
    do *--p = "0123456789abcdef"[v % 16];
    while (v /= 16);
    *--p = 'x';
    *--p = '0';
    put(p, (size_t)(b + sizeof b - p));
}

// No libc: this runs in signal handlers, and on goroutine stacks.
void print_f(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    for (; *fmt; fmt++) {
        if (*fmt != '%') {
            const char *end = strchrnul(fmt, '%');
            put(fmt, (size_t)(end - fmt));
            fmt = end - 1;
            continue;
        }
        switch (*++fmt) {
        case 's': print_cstr(va_arg(ap, const char *)); break;
        case 'd': print_int(va_arg(ap, int64_t)); break;
        case 'u': print_uint(va_arg(ap, uint64_t)); break;
        case 'x':
        case 'p': print_hex(va_arg(ap, uint64_t)); break;
        case 'm': print_ms(va_arg(ap, int64_t)); break;
        case 'S': print_str(va_arg(ap, AbiString)); break;
        default: put(fmt, 1);
        }
    }
    va_end(ap);
}

GO void rt_printbool(uint8_t v) { print_cstr(v & 1 ? "true" : "false"); }
GO void rt_printint(intptr_t v) { print_int(v); }
GO void rt_printuint(uint64_t v) { print_uint(v); }
GO void rt_printhex(uint64_t v) { print_hex(v); }
GO void rt_printpointer(void *p) { print_hex((uintptr_t)p); }
GO void rt_printstring(AbiString s) { print_str(s); }
GO void rt_printslice(AbiSlice s) {
    print_f("[%d/%d]%p", (int64_t)s.len, (int64_t)s.cap, (uint64_t)(uintptr_t)s.ptr);
}
GO void rt_printeface(AbiIface i) {
    print_f("(%p,%p)", (uint64_t)(uintptr_t)i.word, (uint64_t)(uintptr_t)i.data);
}
GO void rt_printiface(AbiIface i) { rt_printeface(i); }
GO void rt_printsp(void) { put(" ", 1); }
GO void rt_printnl(void) { put("\n", 1); }
