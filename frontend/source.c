// source: files and positions; diagnostics. A Pos is the file's base plus a byte offset; files are
// found by binary search over their bases, lines by binary search over the file's line table, and
// the last //line directive before the offset renames what is printed.
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

static uint32_t directives_before(const SourceFile *f, uint32_t offset) {
    uint32_t lo = 0, hi = f->directives.len;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        if (f->directives.data[mid].offset <= offset)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

// An answer of file_of_directive, which is asked again and again for the same one.
typedef struct Named {
    const LineDirective *directive;
    const char *self, *name;
} Named;

// The file that the nth directive names when its own file goes by the name self.
static const char *file_of_directive(const SourceFile *f, uint32_t n, const char *self,
                                     Named *last) {
    while (n && !f->directives.data[n - 1].file) n--;
    const LineDirective *d = n ? &f->directives.data[n - 1] : NULL;
    if (!d || !d->file[0]) return d ? d->file : self;
    if (!strcmp(d->file, f->path)) return self; // as cmd/cover has it
    if (last->directive == d && last->self == self) return last->name;
    const char *slash = strrchr(self, '/'),
               *dir = slash ? xstrndup(self, (size_t)(slash - self) + (slash == self)) : "",
               *name = path_join(dir, d->file);
    if (starts_with(self, "./") && name[0] != '/' && !starts_with(name, "../"))
        name = xsprintf("./%s", name);
    *last = (Named){d, self, name};
    return name;
}

const char *source_recorded_file(Pos pos) {
    static Named last;
    const SourceFile *f = source_of(pos);
    return file_of_directive(f, directives_before(f, pos - f->base),
                             f->recorded ? f->recorded : f->path, &last);
}

// p, which lies in f, as the nth directive, if n is not 0, has it.
static Position redirected(const SourceFile *f, uint32_t n, Position p) {
    static Named last;
    if (!n) return p;
    const LineDirective *d = &f->directives.data[n - 1];
    Position at = raw_position(f, d->offset);
    p.file = file_of_directive(f, n, f->display, &last);
    if (d->col == 0)
        p.col = 0;
    else if (p.line == at.line)
        p.col = d->col + (p.col - at.col);
    p.line = d->line + (p.line - at.line);
    return p;
}

Position source_position(Pos pos) {
    SourceFile *f = source_of(pos);
    if (!f) return (Position){"<unknown position>", 0, 0};
    uint32_t offset = pos - f->base;
    return redirected(f, directives_before(f, offset), raw_position(f, offset));
}

Position source_position_short(Pos pos) {
    enum { MOST = 255 };
    SourceFile *f = source_of(pos);
    if (!f) return (Position){"<unknown position>", 0, 0};
    uint32_t offset = pos - f->base;
    Position p = raw_position(f, offset);
    if (p.col > MOST) p.col = MOST;
    p = redirected(f, directives_before(f, offset), p);
    if (p.col >= MOST) p.col = 0;
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

static void add(Pos pos, bool soft, const char *msg) {
    vec_push(&diagnostics.list, ((Diagnostic){pos, soft, msg}));
}

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

void generated_error(const char *msg) {
    for (vec_each(Diagnostic, d, &diagnostics.list))
        if (d->generated && !strcmp(d->msg, msg)) return;
    add(0, false, msg);
    vec_last(&diagnostics.list).generated = true;
}

// ---- printing them ----

// A position as gc sorts it: by the file or //line directive that it comes from, in the order in
// which those were first met, then by its own line and column, as far as gc's positions hold one.
typedef struct Met {
    uint32_t base, line, col, order;
    const Diagnostic *d;
} Met;

typedef struct Base {
    const SourceFile *file;
    uint32_t directive;
} Base;
typedef Vec(Base) BaseVec;

// Bases are few, and numbered from 1 in the order of first use; 0 is for what has no place in a
// file.
static Met meet(BaseVec *bases, const Diagnostic *d, uint32_t order) {
    Met m = {.order = order, .d = d};
    const SourceFile *f = source_of(d->pos);
    if (!f) return m; // the loader's
    uint32_t offset = d->pos - f->base, directive = directives_before(f, offset);
    Position at = raw_position(f, offset);
    m.line = at.line;
    m.col = at.col < 255 ? at.col : 255; // gc tells columns apart up to this one
    while (m.base < bases->len &&
           (bases->data[m.base].file != f || bases->data[m.base].directive != directive))
        m.base++;
    if (m.base == bases->len) vec_push(bases, ((Base){f, directive}));
    m.base++;
    return m;
}

static int by_position(const void *a, const void *b) {
    const Met *x = a, *y = b;
    if (x->base != y->base) return x->base < y->base ? -1 : 1;
    if (x->line != y->line) return x->line < y->line ? -1 : 1;
    if (x->col != y->col) return x->col < y->col ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static bool same_line(const Met *a, const Met *b) {
    return a->base && a->base == b->base && a->line == b->line;
}

static const char *place(Pos pos) {
    Position p = source_position_short(pos);
    if (!p.line) return p.file;
    if (!p.col || diagnostics.no_columns) return xsprintf("%s:%u", p.file, p.line);
    return xsprintf("%s:%u:%u", p.file, p.line, p.col);
}

// What is dropped as a duplicate is decided in the order of reporting, before sorting, as gc does
// it, so that the first max are the same.
int diagnostics_print(FILE *out, int max) {
    Vec(Met) list = {0};
    BaseVec bases = {0};
    Met last_syntax = {0}, last_other = {0};
    for (uint32_t i = 0; i < diagnostics.list.len && (max <= 0 || list.len < (uint32_t)max); i++) {
        Met m = meet(&bases, &diagnostics.list.data[i], i);
        bool syntax = strncmp(m.d->msg, "syntax error", 12) == 0;
        Met *last = syntax ? &last_syntax : &last_other;
        // One syntax error a line; of equal messages on a line, reported one after the other, the
        // first.
        if (same_line(last, &m) && (syntax || strcmp(last->d->msg, m.d->msg) == 0)) continue;
        *last = m;
        vec_push(&list, m);
    }
    if (!list.len) return 0;
    const Diagnostic *last_met = vec_last(&list).d;
    qsort(list.data, list.len, sizeof *list.data, by_position);
    int printed = 0;
    const char *before = "";
    for (vec_each(Met, m, &list)) {
        // Without a position the message speaks for itself: the loader's.
        const char *text = m->base           ? xsprintf("%s: %s", place(m->d->pos), m->d->msg)
                           : m->d->generated ? xsprintf("<autogenerated>:1: %s", m->d->msg)
                                             : m->d->msg;
        if (m->base && strcmp(before, text) == 0) continue;
        before = text;
        fprintf(out, "%s\n", text);
        printed++;
    }
    // Gc stops where it meets that many.
    if (max > 0 && list.len == (uint32_t)max && last_met->pos)
        fprintf(out, "%s: too many errors\n", place(last_met->pos));
    return printed;
}
