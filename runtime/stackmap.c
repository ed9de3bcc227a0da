#include "runtime/stackmap.h"
#include "runtime/symtab.h"
#include <stdlib.h>
#include <sys/mman.h>

// A function's variables, by rising offsets; those that share their place are one.
typedef struct Var {
    int32_t lo, hi; // from the frame pointer
    uint32_t bits;
} Var;
typedef struct Map {
    uintptr_t address;
    const Var *vars;
    const AbiStackRange *ranges;
    uint32_t nvars, nranges;
} Map;

static Map *maps; // by address
static size_t nmaps;

static void *memory(size_t n) {
    void *p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static int by_offset(const void *a, const void *b) {
    const Var *x = a, *y = b;
    return x->lo < y->lo ? -1 : x->lo > y->lo;
}
static int by_address(const void *a, const void *b) {
    const Map *x = a, *y = b;
    return x->address < y->address ? -1 : x->address > y->address;
}

static uint32_t take_vars(const AbiStackVar *from, uint32_t n, Var *to) {
    for (uint32_t i = 0; i < n; i++)
        to[i] = (Var){from[i].offset, from[i].offset + (int32_t)from[i].size, from[i].bit};
    qsort(to, n, sizeof *to, by_offset);
    uint32_t k = 0;
    for (uint32_t i = 0; i < n; i++) {
        Var *last = k ? &to[k - 1] : NULL;
        if (last && to[i].lo < last->hi) {
            if (to[i].hi > last->hi) last->hi = to[i].hi;
            last->bits |= to[i].bits;
        } else
            to[k++] = to[i];
    }
    return k;
}

// The tables of all objects, one after the other. Of a function that the linker dropped the address
// is 0. The first pass counts.
static void read_tables(const uint8_t *p, size_t n, uintptr_t bias, Var *vars, size_t *nvars) {
    nmaps = *nvars = 0;
    for (const uint8_t *end = p + n; end - p >= 8;) {
        uint64_t functions;
        memcpy(&functions, p, 8);
        for (p += 8; functions; functions--) {
            const AbiStackMap *f = (const AbiStackMap *)p;
            const AbiStackVar *v = (const AbiStackVar *)(f + 1);
            const AbiStackRange *r = (const AbiStackRange *)(v + f->vars);
            p = (const uint8_t *)ALIGN_UP((uintptr_t)(r + f->ranges), 8);
            if (!f->address) continue;
            if (vars)
                maps[nmaps] = (Map){bias + f->address, vars + *nvars, r,
                                    take_vars(v, f->vars, vars + *nvars), f->ranges};
            nmaps++;
            *nvars += f->vars;
        }
    }
}

void stackmap_load(void) {
    static bool done;
    if (done) return;
    done = true;
    size_t n, nvars;
    uintptr_t bias;
    const uint8_t *p = program_section(".llvm_stackmaps", &n, &bias);
    if (!p) return;
    read_tables(p, n, bias, NULL, &nvars);
    size_t count = nmaps;
    nmaps = 0;
    Var *vars = memory(nvars * sizeof *vars + 1);
    maps = memory(count * sizeof *maps + 1);
    if (!vars || !maps) return;
    read_tables(p, n, bias, vars, &nvars);
    qsort(maps, nmaps, sizeof *maps, by_address);
}

// Where a call returns to pc: the function's map, and the bits of what is used from there on.
typedef struct Site {
    uintptr_t pc;
    const Map *map; // NULL: not known
    uint32_t used;
} Site;

static Site find_site(uintptr_t pc) {
    size_t lo = 0, hi = nmaps;
    while (lo < hi) { // the last function that begins before pc
        size_t mid = (lo + hi) / 2;
        if (maps[mid].address < pc)
            lo = mid + 1;
        else
            hi = mid;
    }
    Site s = {pc, NULL, 0};
    if (!lo) return s;
    const Map *m = &maps[lo - 1];
    uintptr_t at = pc - m->address;
    uint32_t from = 0, to = m->nranges;
    while (from < to) { // the first range that ends at it or behind it
        uint32_t mid = (from + to) / 2;
        if (m->ranges[mid].end < at)
            from = mid + 1;
        else
            to = mid;
    }
    if (from == m->nranges) return s; // behind the last call: no longer this function
    s.map = m;
    s.used = m->ranges[from].used;
    return s;
}

// Goroutines that wait, wait at few places.
static const Site *site_of(uintptr_t pc) {
    enum { SIZE = 1024 };
    static Site cache[SIZE];
    Site *s = &cache[(pc ^ pc >> 10) % SIZE];
    if (s->pc != pc) *s = find_site(pc);
    return s;
}

static DeadVar *dead;
static size_t ndead, room;

static bool add(uintptr_t lo, uintptr_t hi, uintptr_t fp) {
    if (ndead == room) {
        size_t more = room ? 2 * room : 4096 / sizeof *dead;
        DeadVar *p = memory(more * sizeof *p);
        if (!p) return false;
        if (dead) {
            memcpy(p, dead, ndead * sizeof *p);
            munmap(dead, room * sizeof *p);
        }
        dead = p;
        room = more;
    }
    dead[ndead++] = (DeadVar){lo, hi, hi == fp ? hi - 1 : hi, false};
    return true;
}

static int by_lo(const void *a, const void *b) {
    const DeadVar *x = a, *y = b;
    return x->lo < y->lo ? -1 : x->lo > y->lo;
}

// A frame that was left by a signal, at an exact pc, is not at a call.
DeadVar *stackmap_dead(Walk w, size_t *n) {
    ndead = 0;
    bool hopped = w.at.hi != w.home.hi;
    while (nmaps && w.pc) {
        const Site *s = w.exact || !segment_has(w.at, w.fp) ? NULL : site_of(w.pc);
        for (uint32_t i = 0; s && s->map && i < s->map->nvars; i++) {
            const Var *v = &s->map->vars[i];
            if (v->bits & s->used) continue;
            uintptr_t lo = ALIGN_UP(w.fp + (uintptr_t)(intptr_t)v->lo, 8),
                      hi = (w.fp + (uintptr_t)(intptr_t)v->hi) & ~(uintptr_t)7;
            if (lo < hi && segment_has(w.at, lo) && hi <= w.fp && !add(lo, hi, w.fp)) break;
        }
        walk_next(&w);
    }
    if (hopped && ndead) qsort(dead, ndead, sizeof *dead, by_lo);
    *n = ndead;
    return dead;
}
