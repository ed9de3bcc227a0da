// load_gosum: go.sum: what a module from the module cache must hash to. Its contents were hashed when
// it was unpacked, into a file of the cache's, as go has it; that is compared here, for each module
// that a package is taken from.
#include "frontend/load_impl.h"

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

// The main module's; a workspace's own and those of its modules.
static const SumFiles *files_of(const Module *main) {
    static SumFiles files;
    static const Module *of;
    if (of == main) return &files;
    of = main;
    files.len = 0;
    const char *work = load_work_file();
    if (work) add(&files, xsprintf("%s.sum", work), "go.work.sum");
    const Strings *folders = work_folders();
    for (vec_each(const char *, dir, folders)) {
        const char *path = xsprintf("%s/go.sum", *dir);
        add(&files, path, path);
    }
    if (!folders->len) add(&files, own_file(main), "go.sum");
    return &files;
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

const char *gosum_mismatch(const Module *main, const char *path, const char *version,
                           const char *hash_file) {
    Str text;
    if (!fsys_read(hash_file, &text)) return NULL;
    const char *is = xstrndup(text.p, strcspn(text.p, "\r\n"));
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
