// profile: see profile.h.
#define _GNU_SOURCE 1
#include "midend/profile.h"
#include "midend/options.h"
#include "midend/report.h"
#include <stdlib.h>

enum { HOT_BUDGET = 2000, HOT_PERCENT = 99 };

static const char header[] = "GO PREPROFILE V1\n";

static ProfileEdgeVec edges; // by weight, as in the file
static int64_t total;
static PtrMap by_caller;   // Name -> ProfileEdgeVec *
static PtrMap hot_callees; // Name -> itself
static PtrMap weights;     // Name -> int64_t *
static bool judged;

// ---- Reading ----

bool profile_is_preprocessed(Str text) {
    return text.len >= sizeof header - 1 && !memcmp(text.p, header, sizeof header - 1);
}

static const char *take_line(const char **at) {
    const char *nl = strchr(*at, '\n');
    if (!nl) return NULL;
    const char *line = xstrndup(*at, (size_t)(nl - *at));
    *at = nl + 1;
    return line;
}

static void add_weight(Name symbol, int64_t w) {
    int64_t *sum = ptrmap_get(&weights, symbol);
    if (!sum) ptrmap_put(&weights, symbol, sum = NEW(int64_t));
    *sum += w;
}

bool profile_load(Str text, const char **err) {
    edges.len = 0;
    total = 0;
    by_caller = hot_callees = weights = (PtrMap){0};
    judged = false;
    if (!profile_is_preprocessed(text)) {
        *err = "preprocessed profile missing header";
        return false;
    }
    for (const char *at = text.p + sizeof header - 1; *at;) {
        const char *caller = take_line(&at), *callee = caller ? take_line(&at) : NULL,
                   *numbers = callee ? take_line(&at) : NULL;
        char *space = NULL, *end = NULL;
        long line = numbers ? strtol(numbers, &space, 10) : 0;
        long long weight = space && *space == ' ' ? strtoll(space + 1, &end, 10) : 0;
        if (!end || *end || end == space + 1) {
            *err = "malformed entry in preprocessed profile";
            return false;
        }
        ProfileEdge e = {intern_c(caller), intern_c(callee), (int)line, weight, false};
        vec_push(&edges, e);
        total += weight;
        add_weight(e.caller, weight);
        add_weight(e.callee, weight);
    }
    return true;
}

bool profile_on(void) { return total > 0; }

int64_t profile_weight(const char *symbol) {
    const int64_t *w = ptrmap_get(&weights, intern_c(symbol));
    return w ? *w : 0;
}

// ---- What is hot ----

int profile_debug(const char *name, int otherwise) {
    const char *p = midend_options.debug ? strstr(midend_options.debug, name) : NULL;
    size_t n = strlen(name);
    bool there = p && (p == midend_options.debug || p[-1] == ',') && (!p[n] || strchr("=,", p[n]));
    return there ? report_debug_option(name) : otherwise;
}

// Like gc, up to and with the edge that passes the threshold.
static void judge(void) {
    if (judged) return;
    judged = true;
    double part = 0, percent = profile_debug("pgoinlinecdfthreshold", HOT_PERCENT);
    double last = 0;
    bool hot = profile_debug("pgoinline", 1) > 0;
    for (vec_each(ProfileEdge, e, &edges)) {
        e->hot = hot;
        if (hot) {
            ptrmap_put(&hot_callees, e->callee, (void *)e->callee);
            part += (double)e->weight;
            last = (double)e->weight / (double)total * 100;
            hot = part / (double)total * 100 <= percent;
        }
        ProfileEdgeVec *of = ptrmap_get(&by_caller, e->caller);
        if (!of) ptrmap_put(&by_caller, e->caller, of = NEW(ProfileEdgeVec));
        vec_push(of, *e);
    }
    if (profile_debug("pgodebug", 0) > 0)
        fprintf(stderr, "hot-callsite-thres-from-CDF=%.17g\n", hot ? 0 : last);
}

bool profile_is_hot(const char *symbol) {
    judge();
    return ptrmap_has(&hot_callees, intern_c(symbol));
}

const ProfileEdgeVec *profile_edges(const char *caller) {
    judge();
    return ptrmap_get(&by_caller, intern_c(caller));
}

bool profile_is_hot_call(const char *caller, int line) {
    const ProfileEdgeVec *of = profile_edges(caller);
    for (uint32_t i = 0; of && i < of->len; i++)
        if (of->data[i].line == line && of->data[i].hot) return true;
    return false;
}

int profile_budget(void) { return profile_debug("pgoinlinebudget", HOT_BUDGET); }

// ---- Keys ----

static bool is_in(Name symbol, const char *path) {
    if (!path) return true;
    size_t n = strlen(path);
    return !strncmp(symbol, path, n) && symbol[n] == '.';
}

// What its functions call, and which of them are hot.
Str profile_of_package(const char *path) {
    Buf b = {0};
    double part = 0;
    bool hot = true;
    for (vec_each(ProfileEdge, e, &edges)) {
        if (is_in(e->caller, path) || (hot && is_in(e->callee, path)))
            buf_printf(&b, "%s\n%s\n%d %lld %d\n", e->caller, e->callee, e->line,
                       (long long)e->weight, hot);
        part += (double)e->weight;
        hot = hot && part / (double)total * 100 <= HOT_PERCENT;
    }
    return str_make(buf_str(&b), b.len);
}
