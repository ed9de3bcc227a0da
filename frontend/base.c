// base: memory, names, hash tables, text. One bump arena for the whole process (see base.h); under
// AddressSanitizer every object is an allocation of its own, so that overruns are found.
#include "frontend/base.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define VOLE_ASAN 1
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define VOLE_ASAN 1
#endif

VOLE_NORETURN static void out_of_memory(void) {
    fputs("vole: out of memory\n", stderr);
    exit(2);
}

#ifdef VOLE_ASAN
// Kept reachable, so that leak checkers stay quiet: the arena is freed by exit.
static void *last_object;
void *xalloc(size_t size) {
    void **p = calloc(1, size + 16);
    if (!p) out_of_memory();
    p[0] = last_object;
    last_object = p;
    return p + 2;
}
#else
// Large pages: what a compilation touches is mostly this arena, and a page fault costs more than
// clearing the page.
enum { HUGE = 2 << 20, CHUNK = 16 << 20 };
static char *arena_at, *arena_end;

static char *map_pages(size_t size) {
    size_t want = size + HUGE; // to align it
    char *p = mmap(NULL, want, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
                   -1, 0);
    if (p == MAP_FAILED) out_of_memory();
    char *at = (char *)(((uintptr_t)p + HUGE - 1) & ~(uintptr_t)(HUGE - 1));
    madvise(at, size, MADV_HUGEPAGE);
    return at;
}

void *xalloc(size_t size) {
    size = (size + 7) & ~(size_t)7;
    if (size > (size_t)(arena_end - arena_at)) {
        if (size > CHUNK / 4) return map_pages(size);
        arena_at = map_pages(CHUNK); // fresh pages are zero already
        arena_end = arena_at + CHUNK;
    }
    void *p = arena_at;
    arena_at += size;
    return p;
}
#endif

char *xstrndup(const char *s, size_t n) {
    char *p = xalloc(n + 1);
    if (n) memcpy(p, s, n);
    return p;
}
char *xstrdup(const char *s) { return xstrndup(s, strlen(s)); }

char *xvsprintf(const char *fmt, va_list ap) {
    va_list again;
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    char *p = xalloc((size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p;
}
char *xsprintf(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    char *p = xvsprintf(fmt, ap);
    va_end(ap);
    return p;
}

// Names: each is preceded by its hash and length.
typedef struct NameHeader {
    uint32_t hash, len;
} NameHeader;
static Name *name_table;
static uint32_t name_cap, name_count;

static const NameHeader *header_of(Name n) { return (const NameHeader *)(const void *)n - 1; }
size_t name_len(Name n) { return header_of(n)->len; }
static uint32_t name_hash(Name n) { return header_of(n)->hash; }

uint64_t hash_bytes(const void *p, size_t n, uint64_t seed) {
    const uint8_t *s = p;
    uint64_t h = 0xcbf29ce484222325u ^ seed;
    for (size_t i = 0; i < n; i++) h = (h ^ s[i]) * 0x100000001b3u;
    return h;
}

static void name_table_grow(void) {
    uint32_t cap = name_cap ? name_cap * 2 : 1 << 14;
    Name *table = calloc(cap, sizeof *table);
    if (!table) out_of_memory();
    for (uint32_t i = 0; i < name_cap; i++) {
        if (!name_table[i]) continue;
        uint32_t at = name_hash(name_table[i]) & (cap - 1);
        while (table[at]) at = (at + 1) & (cap - 1);
        table[at] = name_table[i];
    }
    free(name_table);
    name_table = table;
    name_cap = cap;
}

// Open addressing, half full at most. Hash and length stand before the text, so that name_len and
// growing need no look at it.
Name intern(const char *s, size_t n) {
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++) h = (h ^ (uint8_t)s[i]) * 16777619u;
    h ^= h >> 15;
    if (name_count * 2 >= name_cap) name_table_grow();
    uint32_t at = h & (name_cap - 1);
    for (; name_table[at]; at = (at + 1) & (name_cap - 1)) {
        const NameHeader *e = header_of(name_table[at]);
        if (e->hash == h && e->len == n && memcmp(name_table[at], s, n) == 0) return name_table[at];
    }
    NameHeader *e = xalloc(sizeof *e + n + 1);
    *e = (NameHeader){h, (uint32_t)n};
    char *text = (char *)(e + 1);
    if (n) memcpy(text, s, n);
    name_count++;
    return name_table[at] = text;
}
Name intern_c(const char *s) { return intern(s, strlen(s)); }

void vec_grow_(void **data, uint32_t *cap, uint32_t need, size_t elem) {
    uint32_t n = *cap ? *cap * 2 : 4;
    if (n < need) n = need;
    void *p = xalloc((size_t)n * elem);
    if (*cap) memcpy(p, *data, (size_t)*cap * elem);
    *data = p;
    *cap = n;
}

static uint32_t ptr_slot(uintptr_t k, uint32_t cap) {
    return (uint32_t)((k >> 3) * 0x9e3779b97f4a7c15u >> 32) & (cap - 1);
}

void *ptrmap_get(const PtrMap *m, const void *key) {
    if (!m->cap) return NULL;
    uintptr_t k = (uintptr_t)key;
    for (uint32_t i = ptr_slot(k, m->cap); m->keys[i]; i = (i + 1) & (m->cap - 1))
        if (m->keys[i] == k) return m->vals[i];
    return NULL;
}

bool ptrmap_has(const PtrMap *m, const void *key) {
    if (!m->cap) return false;
    uintptr_t k = (uintptr_t)key;
    for (uint32_t i = ptr_slot(k, m->cap); m->keys[i]; i = (i + 1) & (m->cap - 1))
        if (m->keys[i] == k) return true;
    return false;
}

// Open addressing, three quarters full at most. 0 marks a free slot, so NULL is no key.
void ptrmap_put(PtrMap *m, const void *key, void *val) {
    assert(key);
    if ((m->len + 1) * 4 > m->cap * 3) {
        PtrMap old = *m;
        m->cap = old.cap ? old.cap * 2 : 8;
        m->keys = NEW_ARRAY(uintptr_t, m->cap);
        m->vals = NEW_ARRAY(void *, m->cap);
        m->len = 0;
        for (uint32_t i = 0; i < old.cap; i++)
            if (old.keys[i]) ptrmap_put(m, (const void *)old.keys[i], old.vals[i]);
    }
    uintptr_t k = (uintptr_t)key;
    uint32_t i = ptr_slot(k, m->cap);
    for (; m->keys[i]; i = (i + 1) & (m->cap - 1))
        if (m->keys[i] == k) {
            m->vals[i] = val;
            return;
        }
    m->keys[i] = k;
    m->vals[i] = val;
    m->len++;
}

static void buf_reserve(Buf *b, size_t more) {
    if (b->len + more <= b->cap) return;
    size_t cap = b->cap ? b->cap * 2 : 64;
    while (cap < b->len + more) cap *= 2;
    char *p = xalloc(cap);
    if (b->len) memcpy(p, b->p, b->len);
    b->p = p;
    b->cap = cap;
}
void buf_putc(Buf *b, char c) {
    buf_reserve(b, 1);
    b->p[b->len++] = c;
}

// r is not looked at: who has surrogates or more than 0x10ffff puts U+FFFD in first.
void buf_rune(Buf *b, uint32_t r) {
    if (r < 0x80)
        buf_putc(b, (char)r);
    else if (r < 0x800) {
        buf_putc(b, (char)(0xc0 | r >> 6));
        buf_putc(b, (char)(0x80 | (r & 63)));
    } else if (r < 0x10000) {
        buf_putc(b, (char)(0xe0 | r >> 12));
        buf_putc(b, (char)(0x80 | (r >> 6 & 63)));
        buf_putc(b, (char)(0x80 | (r & 63)));
    } else {
        buf_putc(b, (char)(0xf0 | r >> 18));
        buf_putc(b, (char)(0x80 | (r >> 12 & 63)));
        buf_putc(b, (char)(0x80 | (r >> 6 & 63)));
        buf_putc(b, (char)(0x80 | (r & 63)));
    }
}

void buf_write(Buf *b, const void *p, size_t n) {
    if (!n) return;
    buf_reserve(b, n);
    memcpy(b->p + b->len, p, n);
    b->len += n;
}
void buf_puts(Buf *b, const char *s) { buf_write(b, s, strlen(s)); }
void buf_printf(Buf *b, const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    buf_puts(b, xvsprintf(fmt, ap));
    va_end(ap);
}
const char *buf_str(Buf *b) {
    buf_reserve(b, 1);
    b->p[b->len] = 0;
    return b->p;
}

// filepath.Clean of the two: "..", where nothing is left to take back, stays in front, and is
// dropped below the root.
const char *current_dir(void) {
    const char *pwd = getenv("PWD"), *dir;
    struct stat here, there;
    if (pwd && *pwd == '/' && !stat(".", &here) && !stat(pwd, &there) &&
        here.st_dev == there.st_dev && here.st_ino == there.st_ino)
        return pwd;
    return (dir = getcwd(NULL, 0)) ? dir : "/";
}

const char *path_join(const char *dir, const char *name) {
    Buf b = {0};
    const char *p = name[0] == '/' || !dir[0] ? name : xsprintf("%s/%s", dir, name);
    bool rooted = p[0] == '/';
    size_t up = 0; // b's end behind a first "../.."
    while (*p) {
        size_t n = strcspn(p, "/");
        bool parent = n == 2 && p[0] == '.' && p[1] == '.';
        if (parent && b.len > up) {
            while (b.len > up && b.p[--b.len] != '/') {}
        } else if (n && !(n == 1 && p[0] == '.') && !(parent && rooted)) {
            if (rooted || b.len) buf_putc(&b, '/');
            buf_write(&b, p, n);
            if (parent) up = b.len;
        }
        p += n + (p[n] == '/');
    }
    if (b.len == 0) buf_putc(&b, rooted ? '/' : '.');
    return buf_str(&b);
}

bool make_dirs(const char *path, unsigned mode) {
    char *p = xstrdup(path);
    for (char *s = p + 1; *s; s++)
        if (*s == '/') {
            *s = 0;
            mkdir(p, mode);
            *s = '/';
        }
    struct stat st;
    return mkdir(p, mode) == 0 || (stat(p, &st) == 0 && S_ISDIR(st.st_mode));
}

void (*file_asked)(const char *path, bool listed);

// A regular file is read up to the size that it was opened with; others grow a buffer, doubled.
// errno is kept over close, since callers print it.
bool read_file(const char *path, Str *out) {
    ask_file(path, false);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    struct stat st;
    if (fstat(fd, &st) || S_ISDIR(st.st_mode)) {
        int e = S_ISDIR(st.st_mode) ? EISDIR : errno;
        close(fd);
        errno = e;
        return false;
    }
    size_t cap = S_ISREG(st.st_mode) && st.st_size > 0 ? (size_t)st.st_size : 1 << 16, len = 0;
    char *p = xalloc(cap + 1);
    for (;;) {
        if (len == cap) { // a pipe, or a file that grew
            if (S_ISREG(st.st_mode)) break;
            char *q = xalloc(cap * 2 + 1);
            memcpy(q, p, len);
            p = q;
            cap *= 2;
        }
        ssize_t n = read(fd, p + len, cap - len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) {
            int e = errno;
            close(fd);
            errno = e;
            return false;
        }
        if (n == 0) break;
        len += (size_t)n;
    }
    close(fd);
    p[len] = 0;
    *out = (Str){p, len};
    return true;
}

static struct {
    const char *name;
    double ns;
} phases[32];
static uint32_t phase_count, phase_now;
static bool phases_on;
static double phase_since;

static double clock_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

void phase_begin(void) {
    phases_on = true;
    phase_since = clock_ns();
    phase("check");
}

void phase(const char *name) {
    if (!phases_on) return;
    double t = clock_ns();
    phases[phase_now].ns += t - phase_since;
    phase_since = t;
    for (phase_now = 0; phase_now < phase_count && phases[phase_now].name != name; phase_now++) {}
    if (phase_now == sizeof phases / sizeof *phases) unreachable("too many phases");
    phases[phase_now].name = name;
    if (phase_now == phase_count) phase_count++;
}

void phase_write(const char *path, const char *unit) {
    if (!phases_on) return;
    phase(phases[phase_now].name);
    Buf b = {0};
    for (uint32_t i = 0; i < phase_count; i++)
        buf_printf(&b, "BenchmarkCompile:%s:%s 1 %.0f ns/op\n", unit, phases[i].name, phases[i].ns);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, b.p, b.len) < 0)
        fprintf(stderr, "vole: open %s: %s\n", path, strerror(errno));
    if (fd >= 0) close(fd);
}

void (*ice_position)(FILE *out);

void ice(const char *fmt, ...) {
    va_list ap;
    fflush(stdout);
    if (ice_position) ice_position(stderr);
    fputs("internal compiler error: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputs("\n\nPlease file a bug report with a short program that triggers the error.\n", stderr);
    exit(2);
}
