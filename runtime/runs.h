// runs: blocks of the collector in a row that hold several objects of one size, as gc's spans do.
//
// The collector packs objects into single blocks of 4 KB, up to half of one each; what is larger
// takes whole blocks. A run is a large object of the collector's, in its index of blocks and in its
// lists of free ones, whose header says that it is many:
//
//     hb_flags  RUN_FLAG beside LARGE_BLOCK
//     hb_sz     of one object
//     hb_prev   8 bits: the class; 8 bits: cache lines before the first object; the others: which
//               objects nobody was given
//     hb_marks  by the objects' numbers
//
// The collector asks by what stands here wherever it would take the run for one object: libgc.cmake
// edits it so. The memory of objects that nobody was given is not touched, and not cleared.
//
// Sizes are gc's, with more of them below 2 KB. From there on they are odd multiples of a cache line,
// and runs begin at different distances from pages: else the rows of a matrix would all lie in the
// same few sets of the processor's caches. Above 18 KB a run has one object, which costs at most 1.14
// of what it costs gc, and no run is kept for the half of it that is in use.
#ifndef VOLE_RUNS_H
#define VOLE_RUNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// X(size, blocks)
#define RUN_CLASSES(X)                                                                             \
    X(576, 5) X(640, 5) X(704, 5) X(768, 6) X(832, 9) X(896, 7) X(960, 4) X(1024, 5)               \
    X(1152, 9) X(1280, 5) X(1408, 11) X(1536, 6) X(1664, 9) X(1792, 7) X(1920, 8) X(2112, 13)      \
    X(2368, 7) X(2752, 11) X(3136, 10) X(3264, 8) X(3520, 7) X(4160, 18) X(4928, 11)               \
    X(5440, 8) X(6208, 14) X(6592, 13) X(6848, 12) X(6976, 12) X(8256, 19) X(9536, 14)             \
    X(9792, 12) X(10304, 13) X(10944, 11) X(12352, 19) X(13632, 20) X(14400, 11) X(16448, 17)      \
    X(18496, 14)                                                                                   \
    /* one object each */                                                                          \
    X(18944, 5) X(19456, 5) X(19968, 5) X(20480, 5) X(20992, 6) X(21504, 6) X(22016, 6)            \
    X(22528, 6) X(23040, 6) X(23552, 6) X(24064, 6) X(24576, 6) X(25088, 7) X(25600, 7)            \
    X(26112, 7) X(26624, 7) X(27136, 7) X(27648, 7) X(28160, 7) X(28672, 7) X(29184, 8)            \
    X(29696, 8) X(30208, 8) X(30720, 8) X(31232, 8) X(31744, 8) X(32256, 8) X(32768, 8)
#define RUN_COUNT(size, blocks) +1
enum {
    N_RUN_CLASSES = RUN_CLASSES(RUN_COUNT),
    RUN_LEAST = 513, // bytes
    RUN_MOST = 32768,
    RUN_STEP = 64,       // all sizes are multiples of it
    RUN_KINDS = 2,       // of the collector's, by their numbers
    RUN_FLAG = 0x40,     // none of the collector's own
    WITHHELD_FLAG = 0x80 // nor this: of a free block that is in none of its lists (snapshot.c)
};

typedef struct RunClass {
    uint32_t size, inverse; // 2^32 / size, rounded up
    uint32_t objects, blocks;
} RunClass;
extern const RunClass run_classes[N_RUN_CLASSES];
extern uint8_t run_class_of[RUN_MOST / RUN_STEP + 1]; // by size / RUN_STEP, rounded up
void runs_init(void);

// Up to so many bytes of objects of a class, at least one; linked by their first words, upward. With
// the collector's lock held. *list is NULL: there is no memory.
void run_objects(unsigned class, unsigned kind, size_t bytes, void **list);

uint64_t marked_bytes(void); // of all objects that the last collection left, in runs or not

// For what a snapshot's parent does. Runs with room are forgotten until the next sweep.
struct hblkhdr;
void runs_forget(void);
void run_keep(struct hblkhdr *h); // all objects that somebody was given are marked

// What the collector asks (libgc.cmake). h: a header of the collector's.
struct hblk;
#define IS_RUN(h) (((h)->hb_flags & RUN_FLAG) != 0)
#define IS_WITHHELD(h) (((h)->hb_flags & WITHHELD_FLAG) != 0)
#define RUN_CLASS(h) (&run_classes[(uintptr_t)(h)->hb_prev & 0xff])
// Of the object at a distance from the run's first block; is there none, or was it given to nobody?
#define RUN_START(h) (((uintptr_t)(h)->hb_prev >> 8 & 0xff) * RUN_STEP)
#define RUN_NUMBER(h, distance)                                                                    \
    ((size_t)((uint64_t)(uint32_t)((distance)-RUN_START(h)) * RUN_CLASS(h)->inverse >> 32))
#define RUN_LACKS(h, number)                                                                       \
    ((number) >= RUN_CLASS(h)->objects || ((uintptr_t)(h)->hb_prev >> 16 >> (number) & 1))
#define RUN_OBJECT(h, number) ((char *)(h)->hb_block + RUN_START(h) + (number) * (h)->hb_sz)
#define RUN_EXTENT(h) (RUN_CLASS(h)->blocks * (size_t)HBLKSIZE)

struct hblkhdr *run_header(const void *p); // also of what points into a later block; NULL: of none
// Where an object's mark is, if *h is the header that was found for its block.
size_t run_mark(const void *object, struct hblkhdr **h);
void *run_base(const struct hblkhdr *h, const void *p);
void run_push_marked(struct hblkhdr *h);
void run_reclaim(struct hblkhdr *h);
void run_enumerate(const struct hblkhdr *h, void (*object)(void *, size_t, void *), void *arg);

#endif
