// actiongraph: -debug-actiongraph's file, in go's form: what a build did, and after what; and
// -debug-trace's, the same as events that Chrome's and Perfetto's viewers show.
#define _GNU_SOURCE 1
#include "cmd/vole/actiongraph.h"
#include <errno.h>
#include <time.h>

static void put_time(Buf *b, const char *name, const struct timespec *t) {
    struct tm tm;
    char text[32];
    if (!t->tv_sec) return;
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", gmtime_r(&t->tv_sec, &tm));
    buf_printf(b, ",\n\t\t\"%s\": \"%s.%09ldZ\"", name, text, t->tv_nsec);
}

static void put_text(Buf *b, const char *name, const char *text) {
    if (!text || !*text) return;
    buf_printf(b, ",\n\t\t\"%s\": ", name);
    json_string(b, text);
}

static void put_action(Buf *b, const ActionVec *actions, uint32_t id) {
    const Action *a = &actions->data[id];
    buf_printf(b,
               "%s\n\t{\n\t\t\"ID\": %u,\n\t\t\"Mode\": \"%s\",\n\t\t\"Package\": ", id ? "," : "",
               id, a->mode);
    json_string(b, a->package);
    for (uint32_t i = 0; i < a->deps.len; i++)
        buf_printf(b, "%s\n\t\t\t%u", i ? "," : ",\n\t\t\"Deps\": [", a->deps.data[i]);
    if (a->deps.len) buf_puts(b, "\n\t\t]");
    put_text(b, "Objdir", a->objdir);
    put_text(b, "Target", a->target);
    buf_printf(b, ",\n\t\t\"Priority\": %u", actions->len - 1 - id);
    if (a->failed) buf_puts(b, ",\n\t\t\"Failed\": true");
    if (a->compiled) buf_puts(b, ",\n\t\t\"NeedBuild\": true");
    put_text(b, "ActionID", a->key);
    put_time(b, "TimeReady", &a->ready);
    put_time(b, "TimeStart", &a->start);
    put_time(b, "TimeDone", &a->done);
    buf_puts(b, ",\n\t\t\"Cmd\": null\n\t}");
}

static double microseconds(const struct timespec *t) {
    return (double)t->tv_sec * 1e6 + (double)t->tv_nsec * 1e-3;
}

// A row for each of the processes that ran at once: the first one that is free.
static void put_events(Buf *b, const ActionVec *actions) {
    double busy[64] = {0};
    const char *sep = "\n";
    buf_putc(b, '[');
    for (vec_each(Action, a, actions)) {
        if (!a->done.tv_sec || !a->start.tv_sec) continue;
        double from = microseconds(&a->start), to = microseconds(&a->done);
        int row = 0;
        while (row < 63 && busy[row] > from) row++;
        busy[row] = to;
        buf_printf(b, "%s{\"name\":", sep);
        json_string(b, xsprintf("%s %s", a->mode, a->package));
        buf_printf(b, ",\"ph\":\"X\",\"ts\":%.3f,\"dur\":%.3f,\"pid\":0,\"tid\":%d}", from,
                   to - from, row);
        sep = ",\n";
    }
    buf_puts(b, "\n]\n");
}

static bool write_text(const char *path, Buf *b) {
    FILE *f = fopen(path, "w");
    bool ok = f && fwrite(b->p, 1, b->len, f) == b->len;
    if (f && fclose(f)) ok = false;
    if (!ok) fprintf(stderr, "vole: open %s: %s\n", path, go_error(errno));
    return ok;
}

bool actiongraph_write(const ActionVec *actions) {
    Buf graph = {0}, events = {0};
    if (options.actiongraph && *options.actiongraph) {
        buf_putc(&graph, '[');
        for (uint32_t i = 0; i < actions->len; i++) put_action(&graph, actions, i);
        buf_puts(&graph, "\n]\n");
        if (!write_text(options.actiongraph, &graph)) return false;
    }
    if (!options.debug_trace || !*options.debug_trace) return true;
    put_events(&events, actions);
    return write_text(options.debug_trace, &events);
}
