// cache_result: texts in the cache that a key of what they came from finds again: what vet said of a
// package, what it noted of one for those that import it, what a test printed.
//
// Each is a file under a hash of its key: a checksum of the text, then the text. What is not as its
// checksum says was never there. Where the cache cannot be written nothing is kept.
#define _GNU_SOURCE 1
#include "cmd/vole/cacheprog.h"
#include "frontend/sha256.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

enum { SUM = sizeof(XXH128_hash_t), HOUR = 3600 };

const char *cache_hash(const void *p, size_t n) {
    XXH128_hash_t h = XXH3_128bits(p, n);
    return xsprintf("%016llx%016llx", (unsigned long long)h.high64, (unsigned long long)h.low64);
}

// What tests printed is told by its name, so that it can be removed alone.
static const char *result_path(const char *key) {
    const char *err, *dir = cache_find(&err), *hex = cache_hash(key, strlen(key));
    return dir ? xsprintf("%s/%.2s/%s-%c", dir, hex, hex, starts_with(key, "test ") ? 't' : 'r')
               : NULL;
}

// Results of tests alone are for others as well: the rest is of this machine.
static const char *shared_key(const char *key) {
    if (!cacheprog_on() || !starts_with(key, "test ")) return NULL;
    key = xsprintf("%s result %s", compiler_identity, key);
    return sha256_text(key, strlen(key));
}

static bool fetch(const char *key, Str *text) {
    StoredVec list = {0};
    const char *shared = shared_key(key);
    if (!shared) return false;
    vec_push(&list, ((Stored){.key = shared}));
    cacheprog_get(&list);
    if (list.data[0].found) *text = list.data[0].body;
    return list.data[0].found;
}

// One in use is made young again, as packages are, so that cache_trim keeps it.
static bool find(const char *key, Str *text) {
    const char *path = cache_given_up() ? NULL : result_path(key);
    Str s;
    struct stat st;
    if (!path || !read_file(path, &s) || s.len < SUM) return false;
    XXH128_hash_t sum = XXH3_128bits(s.p + SUM, s.len - SUM);
    if (memcmp(&sum, s.p, SUM)) return false;
    *text = str_make(s.p + SUM, s.len - SUM);
    if (stat(path, &st) == 0 && time(NULL) - st.st_mtime > HOUR) utimensat(AT_FDCWD, path, NULL, 0);
    return true;
}

static void keep(const char *key, Str text) {
    const char *path = cache_given_up() ? NULL : result_path(key);
    if (!path || !make_dirs(xstrndup(path, (size_t)(strrchr(path, '/') - path)), 0777)) return;
    const char *made = xsprintf("%s.%d", path, (int)getpid());
    XXH128_hash_t sum = XXH3_128bits(text.p ? text.p : "", text.len);
    int fd = open(made, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0) return;
    bool ok = write(fd, &sum, SUM) == SUM && write(fd, text.p, text.len) == (ssize_t)text.len;
    if (close(fd) || !ok || rename(made, path)) unlink(made);
}

bool cache_result(const char *key, Str *text) {
    if (find(key, text)) return true;
    if (!fetch(key, text)) return false;
    keep(key, *text);
    return true;
}

void cache_keep_result(const char *key, Str text) {
    const char *shared = shared_key(key);
    keep(key, text);
    if (!shared) return;
    StoredVec list = {0};
    vec_push(&list, ((Stored){.key = shared, .body = text}));
    cacheprog_put(&list);
}

static int remove_test(const char *path, const struct stat *st, int type, struct FTW *ftw) {
    (void)st;
    enum { DIGITS = 32 };
    const char *name = path + ftw->base;
    bool result = type == FTW_F && ftw->level == 2 && strlen(name) == DIGITS + 2 &&
                  strspn(name, "0123456789abcdef") == DIGITS && ends_with(name, "-t");
    return result && unlink(path) && errno != ENOENT ? -1 : 0;
}

int cache_clean_tests(void) {
    const char *err, *dir = cache_find(&err);
    if (!dir || !nftw(dir, remove_test, 16, FTW_PHYS) || errno == ENOENT) return 0;
    fprintf(stderr, "vole: cleaning %s: %s\n", dir, strerror(errno));
    return 1;
}
