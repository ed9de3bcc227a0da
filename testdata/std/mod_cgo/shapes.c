#include "shapes.h"
#include "_cgo_export.h"
#include <string.h>

int counter = 7;
int next_counter(void) { return ++counter; }
int scaled(int x) { return x * SCALE; }
int shape_area(const struct shape *s) { return s->w * s->h; }
int call_go(int n) { return goCallback(n) * 2; }
int call_deep(int n) { return goDeep(n); }
int total(const int *p, int n) {
    int s = 0;
    while (n--) s += *p++;
    return s;
}
unsigned long strlen_of(const char *s) { return strlen(s); }
char *call_text(void) {
    GoString s = {"text ", 5};
    char bytes[] = "bytes ";
    GoSlice b = {bytes, 6, 6};
    struct goText_return r = goText(s, b, 1);
    return r.r0 == 11 ? r.r1 : "wrong";
}
