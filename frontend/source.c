// source: files and positions; diagnostics. A Pos is the file's base plus a byte offset; files are found by binary search over
// their bases, lines by binary search over the file's line table, and the last //line directive before the offset renames what is
// printed.
#include "frontend/source.h"
#include <stdlib.h>

static Vec(SourceFile *) files;
static Pos next_base = 1;

SourceFile *source_add(const char *path, const char *display, Str text) {
    SourceFile *f = NEW(SourceFile);
    f->path = path;
    f->display = display;
    f->text = text;
    f->base = next_base;
    next_base += (Pos)text.len + 2;
    vec_push(&f->lines, 0);
    vec_push(&files, f);
    return f;
}

SourceFile *source_of(Pos pos) {
    if (!pos || !files.len) return NULL;
    uint32_t lo = 0, hi = files.len;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (files.data[mid]->base <= pos)
            lo = mid;
        else
            hi = mid;
    }
    return files.data[lo];
}

static Position raw_position(const SourceFile *f, uint32_t offset) {
    uint32_t lo = 0, hi = f->lines.len;
    while (hi - lo > 1) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (f->lines.data[mid] <= offset)
            lo = mid;
        else
            hi = mid;
    }
    return (Position){f->display, lo + 1, offset - f->lines.data[lo] + 1};
}

Position source_position_raw(Pos pos) {
    SourceFile *f = source_of(pos);
    return f ? raw_position(f, pos - f->base) : (Position){"<unknown position>", 0, 0};
}

Position source_position(Pos pos) {
    SourceFile *f = source_of(pos);
    if (!f) return (Position){"<unknown position>", 0, 0};
    uint32_t offset = pos - f->base;
    Position p = raw_position(f, offset);
    LineDirective *d = NULL;
    for (uint32_t i = 0; i < f->directives.len && f->directives.data[i].offset <= offset; i++) d = &f->directives.data[i];
    if (!d) return p;
    Position at = raw_position(f, d->offset);
    p.file = d->file;
    if (d->col == 0)
        p.col = 0;
    else if (p.line == at.line)
        p.col = d->col + (p.col - at.col);
    p.line = d->line + (p.line - at.line);
    return p;
}

static Pos ice_pos;
static void print_ice_position(FILE *out) {
    if (!ice_pos) return;
    Position p = source_position(ice_pos);
    fprintf(out, "%s:%u:%u: ", p.file, p.line, p.col);
}
void set_ice_pos(Pos pos) {
    ice_pos = pos;
    ice_position = print_ice_position;
}

Diagnostics diagnostics;

static void add(Pos pos, bool soft, const char *msg) { vec_push(&diagnostics.list, ((Diagnostic){pos, soft, msg})); }

void error_at(Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    const char *msg = xvsprintf(fmt, ap);
    va_end(ap);
    if (strncmp(msg, "syntax error", 12) == 0) diagnostics.syntax_errors++;
    add(pos, false, msg);
}

void soft_error_at(Pos pos, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    add(pos, true, xvsprintf(fmt, ap));
    va_end(ap);
}

typedef struct Printed {
    Position at;
    const char *msg;
    uint32_t order;
} Printed;

static int by_position(const void *a, const void *b) {
    const Printed *x = a, *y = b;
    int c = strcmp(x->at.file, y->at.file);
    if (c) return c;
    if (x->at.line != y->at.line) return x->at.line < y->at.line ? -1 : 1;
    if (x->at.col != y->at.col) return x->at.col < y->at.col ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void print_at(FILE *out, const Printed *p) {
    if (!p->at.line)
        fprintf(out, "%s", p->at.file);
    else if (p->at.col)
        fprintf(out, "%s:%u:%u", p->at.file, p->at.line, p->at.col);
    else
        fprintf(out, "%s:%u", p->at.file, p->at.line);
}

int diagnostics_print(FILE *out, int max) {
    uint32_t n = diagnostics.list.len;
    Printed *list = NEW_ARRAY(Printed, n + 1);
    // Of equal messages on a line, reported one after the other, the first counts, wherever on the line it is.
    uint32_t kept = 0, last_line = 0;
    const char *last_msg = "";
    for (uint32_t i = 0; i < n; i++) {
        Printed p = {source_position(diagnostics.list.data[i].pos), diagnostics.list.data[i].msg, i};
        bool again = p.at.line && p.at.line == last_line && strcmp(p.msg, last_msg) == 0;
        last_line = p.at.line;
        last_msg = p.msg;
        // A second syntax error on a line is never reported.
        bool syntax = strncmp(p.msg, "syntax error", 12) == 0;
        for (uint32_t k = kept; syntax && k-- > 0 && list[k].at.line == p.at.line;)
            again |= strncmp(list[k].msg, "syntax error", 12) == 0;
        if (!again) list[kept++] = p;
        // gc stops at the tenth error it meets, and sorts what it has by then.
        if (max > 0 && kept == (uint32_t)max) break;
    }
    n = kept;
    Printed last_met = n ? list[n - 1] : (Printed){0};
    if (n) qsort(list, n, sizeof *list, by_position);
    int printed = 0;
    for (uint32_t i = 0; i < n; i++) {
        const Printed *p = &list[i], *last = i ? &list[i - 1] : NULL;
        bool same_line = last && last->at.line == p->at.line && strcmp(last->at.file, p->at.file) == 0;
        // gc reports one syntax error a line, and no message twice at a place.
        if (same_line && strncmp(p->msg, "syntax error", 12) == 0 && strncmp(last->msg, "syntax error", 12) == 0) continue;
        if (same_line && last->at.col == p->at.col && strcmp(last->msg, p->msg) == 0) continue;
        if (p->at.line) { // without a position the message speaks for itself: the loader's
            print_at(out, p);
            fprintf(out, ": ");
        }
        fprintf(out, "%s\n", p->msg);
        printed++;
    }
    if (max > 0 && n == (uint32_t)max && last_met.at.line) {
        print_at(out, &last_met);
        fprintf(out, ": too many errors\n");
    }
    return printed;
}
