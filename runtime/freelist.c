// freelist: the collector's free lists run upward in memory, as gc allocates: of two objects of a
// size the later one mostly lies higher. Programs that order by address see it (go-cmp's reports),
// and loops over what was allocated in order walk upward.
//
// The collector's own lists run downward. These stand in for its functions in the one that fills
// the P's lists (GC_generic_malloc_many), by the linker's --wrap.
#include "private/gc_pmark.h"
#include <string.h>

ptr_t reclaimed(struct hblk *block, hdr *header, size_t size, GC_bool clear, ptr_t list,
                signed_word *bytes) __asm__("__wrap_GC_reclaim_generic");
ptr_t built(struct hblk *block, size_t words, GC_bool clear,
            ptr_t list) __asm__("__wrap_GC_build_fl");

// The size is known where it is small: a call for each costs more than the clearing.
static inline void clear_behind_link(ptr_t object, size_t size) {
#define CASE(n)                                                                                    \
    case n: memset(object + sizeof(ptr_t), 0, n - sizeof(ptr_t)); break
    switch (size) {
        CASE(16);
        CASE(32);
        CASE(48);
        CASE(64);
    default: memset(object + sizeof(ptr_t), 0, size - sizeof(ptr_t));
    }
#undef CASE
}

// In:  a block, the size of its objects in bytes, whether they are to be zero, what follows.
// Out: the objects without a mark, before list; *bytes grows by their size.
ptr_t reclaimed(struct hblk *block, hdr *header, size_t size, GC_bool clear, ptr_t list,
                signed_word *bytes) {
    ptr_t first = NULL, *end = &first;
    ptr_t object = block->hb_body, last = object + HBLKSIZE - size;
    for (word bit = 0; object <= last; object += size, bit += MARK_BIT_OFFSET(size)) {
        if (mark_bit_from_hdr(header, bit)) continue;
        *end = object;
        end = (ptr_t *)object;
        if (clear) clear_behind_link(object, size);
        *bytes += (signed_word)size;
    }
    *end = list;
    if (IS_UNCOLLECTABLE(header->hb_obj_kind)) GC_set_hdr_marks(header);
    return first;
}

// In:  a block without objects, the size of those it is to have in words.
// Out: all of them, before list.
ptr_t built(struct hblk *block, size_t words, GC_bool clear, ptr_t list) {
    size_t size = words * sizeof(word);
    if (clear) memset(block, 0, HBLKSIZE);
    ptr_t object = block->hb_body, last = object + HBLKSIZE - size;
    for (; object + size <= last; object += size) *(ptr_t *)object = object + size;
    *(ptr_t *)object = list;
    return block->hb_body;
}
