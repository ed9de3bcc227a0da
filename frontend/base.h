// base: what every stage of the compiler stands on: memory, interned names, vectors, hash tables,
// text buffers.
//
// Memory. A compiler process is short-lived and its data flows one way, so everything is allocated
// zeroed from one process-wide arena and freed by exit. Nothing here fails: out of memory ends the
// process with a message. Package code generation runs in forked children (cmd/vole), so none of
// this needs locks.
#ifndef VOLE_BASE_H
#define VOLE_BASE_H

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#if defined(__GNUC__)
#define VOLE_PRINTF(f, a) __attribute__((format(printf, f, a)))
#define VOLE_NORETURN __attribute__((noreturn))
#else
#define VOLE_PRINTF(f, a)
#define VOLE_NORETURN
#endif

// Zeroed memory, 8-byte aligned. Of size 0 it may be the next object's: arrays whose length may be
// 0 are asked for with one element more.
void *xalloc(size_t size);
#define NEW(T) ((T *)xalloc(sizeof(T)))
#define NEW_ARRAY(T, n) ((T *)xalloc(sizeof(T) * (size_t)(n)))
char *xstrndup(const char *s, size_t n);
char *xstrdup(const char *s);
char *xsprintf(const char *fmt, ...) VOLE_PRINTF(1, 2);
char *xvsprintf(const char *fmt, va_list ap);

// A byte string that may hold NULs (a Go string constant).
typedef struct Str {
    const char *p;
    size_t len;
} Str;
static inline Str str_make(const char *p, size_t len) { return (Str){p, len}; }
static inline Str str_c(const char *s) { return (Str){s, strlen(s)}; }
static inline bool str_eq(Str a, Str b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.p, b.p, a.len) == 0);
}

// An interned, NUL-terminated name: two names are equal when their pointers are.
typedef const char *Name;
Name intern(const char *s, size_t n);
Name intern_c(const char *s);
size_t name_len(Name n);

// Vec(T): a growable array. Zero-initialised is empty. Elements move when it grows: keep indices,
// not addresses.
#define Vec(T)                                                                                     \
    struct {                                                                                       \
        T *data;                                                                                   \
        uint32_t len, cap;                                                                         \
    }
void vec_grow_(void **data, uint32_t *cap, uint32_t need, size_t elem);
#define vec_reserve(v, n)                                                                          \
    ((uint32_t)(n) > (v)->cap ? vec_grow_((void **)&(v)->data, &(v)->cap, (uint32_t)(n), sizeof *(v)->data) : (void)0)
#define vec_push(v, x) (vec_reserve((v), (v)->len + 1), (void)((v)->data[(v)->len++] = (x)))
#define vec_last(v) ((v)->data[(v)->len - 1])
#define vec_pop(v) ((v)->data[--(v)->len])
// for (vec_each(T, it, &v)) use(*it);
#define vec_each(T, it, v)                                                                         \
    __typeof__(T) *it = (v)->data, *it##_end_ = it + (v)->len;                                     \
    it < it##_end_;                                                                                \
    it++

// PtrMap: pointer (or any non-zero uintptr_t: a hash h is h | 1) -> void *. Zero-initialised is
// empty.
typedef struct PtrMap {
    uintptr_t *keys;
    void **vals;
    uint32_t len, cap; // cap is a power of two
} PtrMap;
void *ptrmap_get(const PtrMap *m, const void *key); // NULL where absent
bool ptrmap_has(const PtrMap *m, const void *key);
void ptrmap_put(PtrMap *m, const void *key, void *val); // replaces
// StrMap: text -> void *, keyed by interned name. Iterate with index < cap where keys[i] != 0.
#define strmap_get(m, name) ptrmap_get((m), (name))
#define strmap_put(m, name, v) ptrmap_put((m), (name), (v))

// Buf: text that grows. buf_str ends it with NUL; the text stays owned by the arena.
typedef struct Buf {
    char *p;
    size_t len, cap;
} Buf;
void buf_putc(Buf *b, char c);
void buf_rune(Buf *b, uint32_t r); // as UTF-8
void buf_write(Buf *b, const void *p, size_t n);
void buf_puts(Buf *b, const char *s);
void buf_printf(Buf *b, const char *fmt, ...) VOLE_PRINTF(2, 3);
const char *buf_str(Buf *b);

static inline bool starts_with(const char *s, const char *prefix) {
    return strncmp(s, prefix, strlen(prefix)) == 0;
}
static inline bool ends_with(const char *s, const char *suffix) {
    size_t n = strlen(s), m = strlen(suffix);
    return n >= m && strcmp(s + n - m, suffix) == 0;
}

// Runs main's work on a stack of many gigabytes, of which only what is used is committed (stack.c);
// its result is the exit status.
int run_on_deep_stack(int (*run)(int, char **), int argc, char **argv);

// name, when it is relative as found in folder dir, without ".", ".." and double slashes where that
// needs no look at the disk (filepath.Join). "" is the working directory, in answers ".".
const char *path_join(const char *dir, const char *name);
// The working directory, by the name that $PWD has for it if that is it, as the go command calls it.
const char *current_dir(void);
// Makes the folder and those above it that are missing; false with errno set where it is none
// afterwards.
bool make_dirs(const char *path, unsigned mode);
// Told of each file or folder that what is read here depends on, before it is looked at, if it is
// set: listed says that a folder's entries are asked for.
extern void (*file_asked)(const char *path, bool listed);
static inline void ask_file(const char *path, bool listed) {
    if (file_asked) file_asked(path, listed);
}
// Reads a whole file into the arena with a NUL after its end; returns false with errno set.
bool read_file(const char *path, Str *out);

// FNV-1a, for hash tables and stable type hashes.
uint64_t hash_bytes(const void *p, size_t n, uint64_t seed);

// Where a compilation's time goes (-gcflags=-bench=FILE). Once begun, all time counts for the phase
// named last.
void phase_begin(void);
void phase(const char *name); // a string that lives
// Appends a line per phase, in the form of Go's benchmarks.
void phase_write(const char *path, const char *unit);

// Internal errors: a broken invariant of ours, never the user's fault. Prints
//   file.go:line:col: internal compiler error: …
// where the position is the last one given to set_ice_pos, asks for a report, exits with status 2.
VOLE_NORETURN void ice(const char *fmt, ...) VOLE_PRINTF(1, 2);
#define unreachable(what) ice("%s:%d: unreachable: %s", __FILE__, __LINE__, what)
// The printer that ice uses for the position; source.c installs it. pos is a Pos.
extern void (*ice_position)(FILE *out);

#endif
