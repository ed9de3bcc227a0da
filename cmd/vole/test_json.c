// test_json: `vole test -json`: a test binary's output becomes events, one JSON object a line, as
// go tool test2json makes them.
//
// The binary runs with -test.v=test2json and marks what is not a test's own output: lines of its
// frame (=== RUN, --- PASS) begin with ^V, messages of t.Error stand between ^O and ^N, and ^[
// stands before such bytes where a test prints them. A report (--- PASS: T) is told when the next
// line of the frame comes, behind the output that follows it and is indented: that is the test's as
// well.
#define _GNU_SOURCE 1
#include "cmd/vole/test.h"
#include <math.h>
#include <stdlib.h>
#include <time.h>

enum { FRAME = 'V' & 31, ERROR_BEGIN = 'O' & 31, ERROR_END = 'N' & 31, ESCAPE = '[' & 31 };
// Longer lines are plain output; longer output is several events.
enum { MAX_LINE = 4096, MAX_EVENT = 1024 };

typedef struct Event {
    const char *action, *test, *elapsed, *output, *type, *key, *value, *path;
    size_t output_len;
} Event;

static struct {
    const char *package, *test, *result;
    struct timespec start;
    Vec(Event) reports; // of tests that have ended, each within the one before
    Buf in, out;
    bool long_line; // what comes belongs to a line too long to be of the frame
    bool marked;    // the frame is
    bool framing, in_error, escaped;
    bool in_escaped; // the last byte of in was ESCAPE, and is no escaped one itself
} now;

static void put_field(Buf *b, const char *key, const char *value) {
    if (!value || !*value) return;
    buf_printf(b, ",\"%s\":", key);
    json_string(b, value);
}

static void put_time(Buf *b) {
    struct timespec t;
    struct tm tm;
    char text[64];
    clock_gettime(CLOCK_REALTIME, &t);
    localtime_r(&t.tv_sec, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &tm);
    buf_printf(b, "{\"Time\":\"%s.%09ld", text, t.tv_nsec);
    long off = tm.tm_gmtoff / 60, minutes = labs(off);
    if (off)
        buf_printf(b, "%c%02ld:%02ld\"", off < 0 ? '-' : '+', minutes / 60, minutes % 60);
    else
        buf_puts(b, "Z\"");
}

// An event as test2json writes it, fields in its order.
static void write_event(Event e) {
    Buf b = {0};
    put_time(&b);
    put_field(&b, "Action", e.action);
    put_field(&b, "Package", now.package);
    put_field(&b, "Test", e.test && *e.test ? e.test : now.test);
    if (e.elapsed) buf_printf(&b, ",\"Elapsed\":%s", e.elapsed);
    if (e.output) {
        buf_puts(&b, ",\"Output\":");
        json_text(&b, e.output, e.output_len);
    }
    put_field(&b, "OutputType", e.type);
    if (!strcmp(e.action, "fail") && !e.test) put_field(&b, "FailedBuild", program_failure);
    put_field(&b, "Key", e.key);
    put_field(&b, "Value", e.value);
    put_field(&b, "Path", e.path);
    buf_puts(&b, "}\n");
    fwrite(b.p, 1, b.len, stdout);
    fflush(stdout);
}

// ---- Output ----

static void write_output(const Buf *text, const char *type) {
    if (text->len)
        write_event(
            (Event){.action = "output", .output = text->p, .output_len = text->len, .type = type});
}

// An event of what was printed, or several where an error begins or ends in it.
static void write_marked(const char *p, size_t n) {
    Buf text = {0};
    const char *type = now.framing ? "frame" : now.in_error ? "error-continue" : NULL;
    for (size_t i = 0; i < n; i++) {
        bool escaped = now.escaped;
        now.escaped = false;
        if (!escaped && p[i] == ESCAPE) {
            now.escaped = true;
        } else if (!escaped && p[i] == ERROR_BEGIN) {
            write_output(&text, type);
            text.len = 0;
            now.in_error = true;
            type = "error";
        } else if (!escaped && p[i] == ERROR_END) {
            if (i + 1 < n && p[i + 1] == '\n') buf_putc(&text, p[++i]);
            write_output(&text, type);
            text.len = 0;
            now.in_error = false;
            type = NULL;
        } else {
            buf_putc(&text, p[i]);
        }
    }
    write_output(&text, type);
}

static void flush_output(size_t n) {
    write_marked(now.out.p, n);
    memmove(now.out.p, now.out.p + n, now.out.len - n);
    now.out.len -= n;
}

static void output(const char *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        buf_putc(&now.out, p[i]);
        if (p[i] == '\n') flush_output(now.out.len);
        if (now.out.len < MAX_EVENT) continue;
        size_t end = now.out.len; // not within a character
        while (end > MAX_EVENT - 4 && (now.out.p[end - 1] & 0xc0) == 0x80) end--;
        flush_output(end > MAX_EVENT - 4 && end < now.out.len ? end - 1 : end);
    }
}

// ---- The frame ----

static void frame(const char *p, size_t n) {
    now.framing = true;
    output(p, n);
    now.framing = false;
}

// Tells the reports that are depth or more tests deep.
static void flush_reports(uint32_t depth) {
    now.test = NULL;
    while (now.reports.len > depth) write_event(now.reports.data[--now.reports.len]);
}

// Cuts a word off: from *s to the blank, which *s goes behind.
static const char *cut(const char **s) {
    size_t n = strcspn(*s, " ");
    const char *word = xstrndup(*s, n);
    *s += n + ((*s)[n] == ' ');
    return word;
}

static const char *trim(const char *s) {
    s += strspn(s, " \t\r\n");
    size_t n = strlen(s);
    while (n && strchr(" \t\r\n", s[n - 1])) n--;
    return xstrndup(s, n);
}

static const char *lower(const char *s) {
    char *t = xstrdup(s);
    for (char *p = t; *p; p++) *p = (char)(*p >= 'A' && *p <= 'Z' ? *p + 32 : *p);
    return t;
}

static const char *elapsed_text(double seconds) {
    char *t = xsprintf("%.3f", seconds);
    size_t n = strlen(t);
    while (n && t[n - 1] == '0') n--;
    if (n && t[n - 1] == '.') n--;
    t[n] = 0;
    return t;
}

// --- PASS: name (0.01s), indented for a test within another.
static bool report_line(const char *line, bool marked) {
    static const char *const heads[] = {"--- PASS: ", "--- FAIL: ", "--- SKIP: ", "--- BENCH: "};
    uint32_t depth = 0;
    const char *p = line, *head = NULL;
    for (; starts_with(p, "    "); p += 4) depth++;
    for (int i = 0; i < 4 && !head; i++)
        if (starts_with(p, heads[i])) head = heads[i];
    if (!head) {
        if (depth && depth <= now.reports.len) now.test = now.reports.data[depth - 1].test;
        return false;
    }
    if (now.reports.len < depth) return false;
    Event e = {.action = lower(xstrndup(head + 4, strlen(head) - 6))};
    const char *name = trim(p + strlen(head)), *time = strstr(name, " (");
    if (time && ends_with(name, "s)")) e.elapsed = elapsed_text(atof(time + 2));
    e.test = time ? xstrndup(name, (size_t)(time - name)) : name;
    now.marked = marked;
    flush_reports(depth);
    now.test = e.test;
    vec_push(&now.reports, e);
    frame(line, strlen(line));
    return true;
}

// === RUN   name and the like.
static bool update_line(const char *line, bool marked) {
    static const char *const heads[] = {"=== RUN   ", "=== PAUSE ", "=== CONT  ",
                                        "=== NAME  ", "=== PASS  ", "=== FAIL  ",
                                        "=== SKIP  ", "=== ATTR  ", "=== ARTIFACTS "};
    const char *head = NULL;
    for (int i = 0; i < 9 && !head; i++)
        if (starts_with(line, heads[i])) head = heads[i];
    if (!head) return false;
    const char *rest = trim(line + 4);
    Event e = {.action = lower(cut(&rest))};
    rest = trim(rest);
    const char *name = rest;
    if (!strcmp(e.action, "artifacts")) {
        name = cut(&rest);
        e.path = rest;
    }
    if (!strcmp(e.action, "attr")) {
        name = cut(&rest);
        e.key = cut(&rest);
        e.value = rest;
    }
    now.marked = marked;
    flush_reports(0);
    now.test = name;
    if (!strcmp(e.action, "name")) return true;
    // Told behind its line: nothing is printed by a test that waits.
    bool pause = !strcmp(e.action, "pause");
    if (pause) frame(line, strlen(line));
    write_event(e);
    if (!pause) frame(line, strlen(line));
    return true;
}

// A line of the test binary: news of a test, a report, or output. Behind a marked line (FRAME)
// only marked ones are news.
static void line(const char *p, size_t n) {
    bool marked = n && *p == FRAME;
    if (now.marked && !marked) {
        output(p, n);
        return;
    }
    if (marked) {
        flush_output(now.out.len);
        p++;
        n--;
    }
    const char *text = xstrndup(p, n), *bare = xstrndup(text, strcspn(text, "\r\n"));
    if (!strcmp(bare, "=== NAME")) text = "=== NAME  \n";
    if (!strcmp(bare, "PASS") || !strcmp(bare, "FAIL") || starts_with(bare, "FAIL\t")) {
        flush_reports(0);
        now.marked = marked;
        frame(p, n);
        now.result = *bare == 'P' ? "pass" : "fail";
        return;
    }
    if (starts_with(bare, "?   \t") && ends_with(bare, "\t[no test files]") && !now.reports.len)
        now.result = "skip";
    if (!update_line(text, marked) && !report_line(text, marked)) output(p, n);
}

void test_json_begin(const char *package) {
    memset(&now, 0, sizeof now);
    now.package = package;
    clock_gettime(CLOCK_MONOTONIC, &now.start);
    write_event((Event){.action = "start"});
}

static void end_line(bool ended) {
    if (ended && !now.long_line)
        line(now.in.p, now.in.len);
    else
        output(now.in.p, now.in.len);
    now.long_line = !ended;
    now.in.len = 0;
}

// A line of the frame begins one of its own, also behind text without a newline.
void test_json_write(const char *p, size_t n) {
    for (size_t i = 0; i < n; i++) {
        bool escaped = now.in_escaped;
        now.in_escaped = !escaped && p[i] == ESCAPE;
        if (p[i] == FRAME && !escaped && (now.in.len || now.long_line)) end_line(true);
        buf_putc(&now.in, p[i]);
        if (p[i] == '\n' || now.in.len >= MAX_LINE) end_line(p[i] == '\n');
    }
}

// What is left is told; the last event says how the package did.
void test_json_end(bool passed) {
    if (now.in.len && !now.long_line)
        line(now.in.p, now.in.len);
    else
        output(now.in.p, now.in.len);
    now.in.len = 0;
    flush_output(now.out.len);
    if (!passed)
        now.result = "fail";
    else if (!now.result || strcmp(now.result, "skip") != 0)
        now.result = "pass";
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    double seconds =
        (double)(t.tv_sec - now.start.tv_sec) + (double)(t.tv_nsec - now.start.tv_nsec) * 1e-9;
    flush_reports(0);
    write_event((Event){.action = now.result, .elapsed = elapsed_text(seconds)});
}
