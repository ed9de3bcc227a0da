// load_gosum: go.sum: what a module from the module cache must hash to. Its contents were hashed when
// it was unpacked, into a file of the cache's, as go has it; that is compared here, and the hash of its
// go.mod, for each module that a package is taken from.
#include "frontend/load_impl.h"
#include "frontend/sha256.h"

#include <stdlib.h>

static const char *own_file(const Module *m) {
    const char *alt = load_config.modfile;
    return alt ? xsprintf("%.*ssum", (int)strlen(alt) - 3, alt) : xsprintf("%s/go.sum", m->dir);
}

typedef struct SumFile {
    const char *path; // as messages name it
    Str text;
} SumFile;
typedef Vec(SumFile) SumFiles;

static void add(SumFiles *files, const char *path, const char *name) {
    SumFile f = {name, {0}};
    if (fsys_read(path, &f.text)) vec_push(files, f);
}

static SumFiles sum_files;
static const Module *sum_files_of; // whose they are

void load_forget_sums(void) { sum_files_of = NULL; }

// The main module's; a workspace's own and those of its modules.
static const SumFiles *files_of(const Module *main) {
    if (sum_files_of == main) return &sum_files;
    sum_files_of = main;
    sum_files.len = 0;
    const char *work = load_work_file();
    if (work) add(&sum_files, xsprintf("%s.sum", work), "go.work.sum");
    const Strings *folders = work_folders();
    for (vec_each(const char *, dir, folders)) {
        const char *path = xsprintf("%s/go.sum", *dir);
        add(&sum_files, path, path);
    }
    if (!folders->len) add(&sum_files, own_file(main), "go.sum");
    return &sum_files;
}

static const char *find(const SumFile *f, const char *path, const char *version) {
    const char *line = xsprintf("%s %s ", path, version), *at = f->text.p;
    while (at && (at = strstr(at, line)) && at > f->text.p && at[-1] != '\n') at++;
    return at ? xstrndup(at + strlen(line), strcspn(at + strlen(line), "\r\n")) : NULL;
}

const char *gosum_find(const Module *main, const char *path, const char *version) {
    const SumFiles *files = files_of(main);
    for (vec_each(const SumFile, f, files)) {
        const char *sum = find(f, path, version);
        if (sum) return sum;
    }
    return NULL;
}

const char *gosum_read(const char *hash_file) {
    Str text;
    return fsys_read(hash_file, &text) ? xstrndup(text.p, strcspn(text.p, "\r\n")) : NULL;
}

// Of a list of hashes of files, as of a whole module, with one file in it.
const char *gosum_of_file(const char *file) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    Str text;
    if (!fsys_read(file, &text)) return NULL;
    Sha256 h;
    sha256_begin(&h);
    sha256_add(&h, text.p, text.len);
    const char *list = xsprintf("%s  go.mod\n", sha256_end_text(&h));
    uint8_t sum[33] = {0}; // and what makes it whole threes
    sha256_begin(&h);
    sha256_add(&h, list, strlen(list));
    sha256_end(&h, sum);
    Buf b = {0};
    buf_puts(&b, "h1:");
    for (int i = 0; i < 33; i += 3) {
        uint32_t three = (uint32_t)sum[i] << 16 | (uint32_t)sum[i + 1] << 8 | sum[i + 2];
        for (int shift = 18; shift >= 0; shift -= 6) buf_putc(&b, digits[three >> shift & 63]);
    }
    b.len--;
    buf_putc(&b, '=');
    return buf_str(&b);
}

const char *gosum_mismatch(const Module *main, const char *path, const char *version,
                           const char *is) {
    const SumFiles *files = files_of(main);
    for (vec_each(const SumFile, f, files)) {
        const char *sum = find(f, path, version);
        if (!sum || strncmp(sum, "h1:", 3) || !strcmp(sum, is)) continue;
        return xsprintf("verifying %s@%s: checksum mismatch\n\tdownloaded: %s\n\t%s:     %s\n\n"
                        "SECURITY ERROR\n"
                        "This download does NOT match an earlier download recorded in go.sum.\n"
                        "The bits may have been replaced on the origin server, or an attacker may\n"
                        "have intercepted the download attempt.\n\n"
                        "For more information, see 'go help module-auth'.",
                        path, version, is, f->path, sum);
    }
    return NULL;
}
