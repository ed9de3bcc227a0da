#include "runtime/runs.h"

#include "private/gc_pmark.h"
#include <string.h>

ptr_t GC_alloc_large(size_t size, int kind, unsigned flags); // the collector's, without a header

#define DEFINE(size, blocks)                                                                       \
    {size, (uint32_t)(((1ULL << 32) + (size) - 1) / (size)), (blocks) * HBLKSIZE / (size), blocks},
const RunClass run_classes[N_RUN_CLASSES] = {RUN_CLASSES(DEFINE)};
#define CHECK_CLASS(size, blocks)                                                                  \
    _Static_assert((blocks) * HBLKSIZE / (size) <= 48 && (size) % RUN_STEP == 0 &&                 \
                       (uint64_t)(blocks) * HBLKSIZE * (size) < (uint64_t)1 << 32,                  \
                   "run class");
RUN_CLASSES(CHECK_CLASS)

uint8_t run_class_of[RUN_MOST / RUN_STEP + 1];
// Those with objects to give, linked by hb_next: headers, since blocks begin with an object, which
// a variable of ours would hold.
static hdr *with_room[RUN_KINDS][N_RUN_CLASSES];
static hdr *next_of(const hdr *h) { return (hdr *)h->hb_next; }
static void put(hdr *h, hdr **list) {
    h->hb_next = (struct hblk *)*list;
    *list = h;
}

void runs_init(void) {
    unsigned class = 0;
    for (size_t i = 0; i <= RUN_MOST / RUN_STEP; i++) {
        if (i * RUN_STEP > run_classes[class].size) class++;
        run_class_of[i] = (uint8_t)class;
    }
}

static uint64_t all_of(const RunClass *c) { return ((uint64_t)1 << c->objects) - 1; }
static uint64_t not_given(const hdr *h) { return (uintptr_t)h->hb_prev >> 16; }
static void set_not_given(hdr *h, uint64_t objects) {
    h->hb_prev = (struct hblk *)(objects << 16 | ((uintptr_t)h->hb_prev & 0xffff));
}

// allocation --------------------------------------------------------------------------------------

static hdr *run_make(unsigned class, unsigned kind) {
    const RunClass *c = &run_classes[class];
    struct hblk *block = (struct hblk *)GC_alloc_large((size_t)c->blocks * HBLKSIZE, (int)kind, 0);
    if (!block) return NULL;
    hdr *h = HDR(block);
    h->hb_sz = c->size;
    h->hb_descr = GC_obj_kinds[kind].ok_descriptor;
    if (GC_obj_kinds[kind].ok_relocate_descr) h->hb_descr += c->size;
    static uint32_t turn;
    size_t places = (c->blocks * HBLKSIZE - c->objects * c->size) / RUN_STEP + 1;
    h->hb_prev = (struct hblk *)(turn++ % places << 8 | class);
    set_not_given(h, all_of(c));
    h->hb_flags |= RUN_FLAG;
    return h;
}

void run_objects(unsigned class, unsigned kind, size_t bytes, void **list) {
    hdr **runs = &with_room[kind][class], *h = *runs;
    if (!h) {
        h = run_make(class, kind); // a collection may have come before
        *list = NULL;
        if (!h) return;
        put(h, runs);
    }
    uint64_t objects = not_given(h);
    void *first = NULL, **end = &first;
    size_t size = h->hb_sz, given = 0;
    do {
        void **object = (void **)RUN_OBJECT(h, (size_t)__builtin_ctzll(objects));
        objects &= objects - 1;
        *end = object;
        end = object;
        given += size;
    } while (objects && given + size <= bytes);
    *end = NULL;
    set_not_given(h, objects);
    if (!objects) *runs = next_of(h);
    GC_bytes_allocd += given;
    *list = first;
}

// collection --------------------------------------------------------------------------------------

void runs_forget(void) { memset(with_room, 0, sizeof with_room); }

static uint64_t marked(const hdr *h) {
    uint64_t objects = 0;
    for (unsigned i = 0, n = RUN_CLASS(h)->objects; i < n; i++)
        objects |= (uint64_t)(mark_bit_from_hdr(h, i) != 0) << i;
    return objects;
}

void run_keep(hdr *h) {
    uint64_t given = all_of(RUN_CLASS(h)) & ~not_given(h);
    for (unsigned i = 0, n = RUN_CLASS(h)->objects; i < n; i++)
        if (given >> i & 1) set_mark_bit_from_hdr(h, i);
    h->hb_n_marks = (AO_t)__builtin_popcountll(given);
}

// After marking: back to the collector, or ready to be allocated from.
void run_reclaim(hdr *h) {
    const RunClass *c = RUN_CLASS(h);
    unsigned class = (unsigned)(c - run_classes);
    uint64_t live = marked(h), room = all_of(c) & ~live;
    size_t extent = RUN_EXTENT(h), bytes = (size_t)__builtin_popcountll(live) * c->size;
    if (!live) {
        h->hb_sz = extent;
        h->hb_flags &= (unsigned char)~RUN_FLAG;
        GC_large_allocd_bytes -= extent;
        GC_bytes_found += (signed_word)extent;
        GC_freehblk(h->hb_block);
        return;
    }
    set_not_given(h, room);
    if (room) put(h, &with_room[h->hb_obj_kind][class]);
    if (h->hb_descr)
        GC_composite_in_use += bytes;
    else
        GC_atomic_in_use += bytes;
}

uint64_t marked_bytes(void) { return GC_composite_in_use + GC_atomic_in_use; }

// questions ---------------------------------------------------------------------------------------

hdr *run_header(const void *p) {
    struct hblk *block = HBLKPTR(p);
    hdr *h = HDR(block);
    while (h && IS_FORWARDING_ADDR_OR_NIL(h)) {
        block = FORWARDED_ADDR(block, h);
        h = HDR(block);
    }
    return h;
}

static size_t distance(const hdr *h, const void *p) {
    return (size_t)((uintptr_t)p - (uintptr_t)h->hb_block);
}

size_t run_mark(const void *object, hdr **header) {
    hdr *h = *header;
    if (IS_FORWARDING_ADDR_OR_NIL(h)) *header = h = run_header(object);
    if (IS_RUN(h)) return RUN_NUMBER(h, distance(h, object));
    return MARK_BIT_NO((uintptr_t)object % HBLKSIZE, h->hb_sz);
}

void *run_base(const hdr *h, const void *p) {
    size_t number = RUN_NUMBER(h, distance(h, p));
    return RUN_LACKS(h, number) ? NULL : RUN_OBJECT(h, number);
}

void run_push_marked(hdr *h) {
    for (uint64_t left = marked(h); left; left &= left - 1) {
        ptr_t object = RUN_OBJECT(h, (size_t)__builtin_ctzll(left));
        GC_mark_stack_top = GC_push_obj(object, h, GC_mark_stack_top, GC_mark_stack_limit);
    }
}

void run_enumerate(const hdr *h, void (*object)(void *, size_t, void *), void *arg) {
    for (uint64_t left = marked(h); left; left &= left - 1)
        object(RUN_OBJECT(h, (size_t)__builtin_ctzll(left)), h->hb_sz, arg);
}
