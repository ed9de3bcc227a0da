// report: see report.h.
#include "midend/report.h"
#include "midend/ir.h"
#include <stdlib.h>

typedef struct Line { Pos pos; uint32_t order; const char *msg; Position at; } Line;
static Vec(Line) lines;

void report_at(Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    Line l = {pos, lines.len, xvsprintf(fmt, ap), source_position(pos)};
    va_end(ap);
    vec_push(&lines, l);
}

static int by_position(const void *a, const void *b) {
    const Line *x = a, *y = b;
    int c = strcmp(x->at.file, y->at.file);
    if (c) return c;
    if (x->at.line != y->at.line) return x->at.line < y->at.line ? -1 : 1;
    if (x->at.col != y->at.col) return x->at.col < y->at.col ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

void report_print(FILE *out) {
    bool in_order = midend_options.m; // what -m says is printed as it comes
    if (lines.len && !in_order) qsort(lines.data, lines.len, sizeof *lines.data, by_position);
    for (uint32_t i = 0; i < lines.len; i++) {
        const Line *l = &lines.data[i];
        bool again = false;
        for (uint32_t k = i; !in_order && !again && k-- > 0 && lines.data[k].at.line == l->at.line && lines.data[k].at.col == l->at.col;)
            again = !strcmp(lines.data[k].msg, l->msg) && !strcmp(lines.data[k].at.file, l->at.file);
        if (!again) fprintf(out, "%s:%u:%u: %s\n", l->at.file, l->at.line, l->at.col, l->msg);
    }
    lines.len = 0;
}

int report_debug_option(const char *name) {
    size_t n = strlen(name);
    int value = 0;
    for (const char *p = midend_options.debug; p && *p; p += strcspn(p, ","), p += *p == ',') {
        if (strncmp(p, name, n)) continue;
        if (p[n] == '=') value = atoi(p + n + 1);
        else if (!p[n] || p[n] == ',') value = 1;
    }
    return value;
}
