// heapdump: what debug.WriteHeapDump writes: objects, goroutines, threads, roots and profile
// records, in the format "go1.7 heap dump" (golang.org/s/go15heapdump). Numbers are unsigned
// varints, strings have their length before them.
//
// Objects and stacks have no pointer maps here: their pointer fields are the words in which the
// collector finds a pointer to an object.
#include "runtime/heap.h"
#include "runtime/os.h"
#include "runtime/panic.h"
#include "runtime/profile.h"
#include "runtime/sched.h"
#include "runtime/string.h"
#include "runtime/symtab.h"
#include "runtime/traceback.h"
#include "runtime/type.h"
#include <gc.h>
#include <gc_mark.h>

enum {
    TAG_EOF,
    TAG_OBJECT,
    TAG_OTHER_ROOT,
    TAG_TYPE,
    TAG_GOROUTINE,
    TAG_STACK_FRAME,
    TAG_PARAMS,
    TAG_FINALIZER,
    TAG_ITAB,
    TAG_OS_THREAD,
    TAG_MEM_STATS,
    TAG_QUEUED_FINALIZER,
    TAG_DATA,
    TAG_BSS,
    TAG_DEFER,
    TAG_PANIC,
    TAG_MEM_PROF,
    TAG_ALLOC_SAMPLE
};
enum { FIELD_EOL, FIELD_PTR };

// Of runtime.MemStats: numbers in its order, pauses, how many collections.
enum { STATS = 24 + 256 + 1 };

typedef struct DumpCall {
    G *self; // and where it called from
    uintptr_t pc, fp, sp;
    const uint64_t *stats;
    AbiString arch, version;
} DumpCall;

static struct {
    int fd;
    size_t n;
    char buf[64 << 10];
} out; // the world is stopped: there is one

static void flush(void) {
    rt_write(out.fd, out.buf, out.n);
    out.n = 0;
}
static void put_bytes(const void *p, size_t n) {
    if (n > sizeof out.buf - out.n) flush();
    if (n > sizeof out.buf) {
        rt_write(out.fd, p, n);
        return;
    }
    memcpy(out.buf + out.n, p, n);
    out.n += n;
}
static void put(uint64_t v) {
    uint8_t b[10];
    size_t n = 0;
    for (; v >= 0x80; v >>= 7) b[n++] = (uint8_t)v | 0x80;
    b[n++] = (uint8_t)v;
    put_bytes(b, n);
}
static void put_ptr(const void *p) { put((uintptr_t)p); }
static void put_str(const char *s, size_t n) {
    put(n);
    put_bytes(s, n);
}
static void put_cstr(const char *s) { put_str(s, strlen(s)); }

// The offsets of pointers to objects.
static void put_fields(uintptr_t lo, uintptr_t hi) {
    for (uintptr_t p = ALIGN_UP(lo, sizeof(void *)); p + sizeof(void *) <= hi;
         p += sizeof(void *)) {
        void *base = GC_base(*(void **)p);
        if (!base || !GC_is_marked(base)) continue;
        put(FIELD_PTR);
        put(p - lo);
    }
    put(FIELD_EOL);
}
static void put_memory(uintptr_t lo, uintptr_t hi, bool pointers) {
    put_str((const char *)lo, hi - lo);
    put_fields(lo, pointers ? hi : lo);
}

// Once for each type; its size and name are what viewers ask for.
static void put_type(const AbiType *t) {
    const AbiUncommon *u = type_uncommon(t);
    AbiString name = type_string(t);
    put(TAG_TYPE);
    put_ptr(t);
    put(t->size);
    if (u && (t->tflag & ABI_TFLAG_NAMED)) {
        AbiString pkg = type_pkgpath(t);
        name = type_name(t);
        put((uint64_t)(pkg.len + 1 + name.len));
        put_bytes(pkg.ptr, (size_t)pkg.len);
        put_bytes(".", 1);
        put_bytes(name.ptr, (size_t)name.len);
    } else {
        put_str(name.ptr, (size_t)name.len);
    }
    put(!type_direct(t) || t->ptr_bytes);
}
static void put_itab(const AbiItab *it) {
    put_type(it->type);
    put(TAG_ITAB);
    put_ptr(it);
    put_ptr(it->type);
}

static void put_object(void *object, size_t size, bool pointers) {
    put(TAG_OBJECT);
    put_ptr(object);
    put_memory((uintptr_t)object, (uintptr_t)object + size, pointers);
}
static void put_finalizer(void *object, void *closure, bool queued) {
    put(queued ? TAG_QUEUED_FINALIZER : TAG_FINALIZER);
    put_ptr(object);
    put_ptr(closure);
    put_ptr(*(void **)closure);
    put(0); // the types of the function's parameter and of the object: its closure knows them
    put(0);
}

// A frame reaches from its callee's end to the return address above its frame pointer.
static void put_frames(G *g, uintptr_t pc, uintptr_t fp, uintptr_t sp) {
    Walk w = walk_g(g, pc, fp, false);
    uintptr_t child = 0;
    for (uint64_t depth = 0;; depth++) {
        const Segment *part = stack_part(g, sp);
        uintptr_t hi = part ? part->hi : sp, end = w.fp ? w.fp + 2 * sizeof(void *) : hi, entry,
                  after;
        if (!(pc = walk_next(&w))) return;
        if (end < sp || end > hi) end = hi;
        const char *name = "unknown function";
        intptr_t len = (intptr_t)strlen(name);
        if (!symbol_of(pc - 1, &name, &len, &entry, &after)) entry = 0;
        put(TAG_STACK_FRAME);
        put(sp);
        put(depth);
        put(child);
        put_str((const char *)sp, end - sp);
        put(entry);
        put(pc);
        put(pc); // where it goes on
        put_str(name, (size_t)len);
        put_fields(sp, end);
        child = sp;
        bool hopped = part && part != &g->home && segment_has(g->home, w.fp);
        sp = hopped ? g->hop_sp : end;
    }
}

// Deferred calls that wait, innermost first.
static void put_defers(G *g) {
    for (AbiDeferFrame *f = g->life.defers; f; f = f->prev) {
        for (AbiDefer *d = f->defers; d; d = d->link) {
            put(TAG_DEFER);
            put_ptr(d);
            put_ptr(g);
            put_ptr(f);
            put(0); // no pc: the frame knows where its deferred calls are made
            put_ptr(d->fn);
            put_ptr(*(void **)d->fn);
            put_ptr(d->link);
        }
    }
    for (Panic *p = g->life.panic; p; p = p->link) {
        put(TAG_PANIC);
        put_ptr(p);
        put_ptr(g);
        put_ptr(p->val.word);
        put_ptr(p->val.data);
        put(0);
        put_ptr(p->link);
    }
}

// A goroutine; its frames, deferred calls and panics follow.
static void put_goroutine(G *g, const DumpCall *c) {
    uint32_t status = g->status;
    const char *reason = wait_reason_text[status == G_WAITING ? g->life.wait_reason : WAIT_NONE];
    uintptr_t pc, fp, sp = g->sp;
    if (g == c->self)
        pc = c->pc, fp = c->fp, sp = c->sp, status = G_WAITING, reason = "dumping heap";
    else
        saved_frame(g, &pc, &fp);
    if (g->status == G_SYSCALL) sp = fp;
    AbiDeferFrame *f = g->life.defers;
    while (f && !f->defers) f = f->prev;
    put(TAG_GOROUTINE);
    put_ptr(g);
    put(sp);
    put(g->life.goid);
    put(g->life.gopc);
    put(status);
    put(g->life.system);
    put(0);
    put((uint64_t)g->life.wait_since);
    put_cstr(reason);
    put(0); // no context register is saved
    put_ptr(g->m);
    put_ptr(f ? f->defers : NULL);
    put_ptr(g->life.panic);
    put_frames(g, pc, fp, sp);
    put_defers(g);
}

static void put_statics(uintptr_t lo, uintptr_t hi, bool zeros) {
    put(zeros ? TAG_BSS : TAG_DATA);
    put(lo);
    put_memory(lo, hi, true);
}

// A stack that allocates, for which samples follow.
static void put_bucket(const void *id, uint64_t size, const uintptr_t *pcs, intptr_t n,
                       uint64_t allocs, uint64_t frees) {
    put(TAG_MEM_PROF);
    put_ptr(id);
    put(size);
    put((uint64_t)n);
    for (intptr_t i = 0; i < n; i++) {
        SymLoc s;
        if (!symbolize(pcs[i] - 1, &s, 1)) s = (SymLoc){.func = "?", .func_len = 1, .file = "?"};
        put_str(s.func, (size_t)s.func_len);
        put_cstr(s.file);
        put((uint64_t)s.line);
    }
    put(allocs);
    put(frees);
}
static void put_sample(const void *object, const void *bucket) {
    put(TAG_ALLOC_SAMPLE);
    put_ptr(object);
    put_ptr(bucket);
}

// The whole dump, with the collector's lock held and the world stopped: nothing moves meanwhile.
static void *GC_CALLBACK dump_locked(void *arg) {
    const DumpCall *c = arg;
    uintptr_t lo, hi;
    heap_bounds(&lo, &hi);
    static const char header[] = "go1.7 heap dump\n";
    put_bytes(header, sizeof header - 1);
    put(TAG_PARAMS);
    put(0); // little-endian
    put(sizeof(void *));
    put(lo);
    put(hi);
    put_str(c->arch.ptr, (size_t)c->arch.len);
    put_str(c->version.ptr, (size_t)c->version.len);
    put((uint64_t)ncpu);
    itabs_visit(put_itab);
    heap_visit(put_object, NULL);
    uint32_t n = n_all_gs;
    for (uint32_t i = 0; i < n; i++)
        if (all_gs[i]->status != G_DEAD && all_gs[i]->status != G_IDLE) put_goroutine(all_gs[i], c);
    for (M *m = all_ms; m; m = m->all) {
        put(TAG_OS_THREAD);
        put_ptr(m);
        put((uint64_t)m->id);
        put((uint64_t)m->tid);
    }
    statics_visit(put_statics);
    heap_visit(NULL, put_finalizer);
    put(TAG_MEM_STATS);
    for (int i = 0; i < STATS; i++) put(c->stats[i]);
    profile_visit(put_bucket, put_sample);
    put(TAG_EOF);
    flush();
    return NULL;
}
static void dump(void *arg) {
    heap_settle();
    GC_call_with_alloc_lock(dump_locked, arg);
}

GO_FUNC(void, rt_heap_dump,
        (uintptr_t fd, const uint64_t *stats, AbiString arch, AbiString version),
        "runtime.heapDump") {
    uintptr_t *frame = __builtin_frame_address(0);
    DumpCall c = {getg(), frame[1], frame[0], (uintptr_t)(frame + 2), stats, arch, version};
    world_stop(c_string("write heap dump"));
    out.fd = (int)fd;
    on_system_stack(dump, &c);
    world_start();
}
