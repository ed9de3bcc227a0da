// load_embed: the files that //go:embed patterns name. A pattern matches files and folders below
// the package's folder; folders stand for all files in them but hidden ones. Nothing outside the
// module may be embedded.
#define _GNU_SOURCE 1
#include "frontend/load_impl.h"

#include <ctype.h>
#include <dirent.h>
#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>

static bool bad_name(const char *name) {
    static const char *const control[] = {".bzr", ".hg", ".git", ".svn", NULL};
    if (name[0] == 0) return true;
    for (int i = 0; control[i]; i++)
        if (strcmp(name, control[i]) == 0) return true;
    for (const char *p = name; *p; p++)
        if (strchr("\"'*<>?`|/\\:", *p)) return true;
    return false;
}

static bool valid_pattern(const char *p) {
    if (strcmp(p, ".") == 0) return true;
    if (!*p || *p == '/') return false;
    while (*p) { // no empty, "." or ".." element
        size_t n = strcspn(p, "/");
        if (n == 0 || (n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
            return false;
        p += n;
        if (*p == '/' && !*++p) return false;
    }
    return true;
}

typedef struct Walk {
    EmbedPattern *out;
    const char *dir;
    bool all;
    uint32_t count;
    const char *err;
} Walk;

static void add(Walk *w, const char *rel) {
    for (vec_each(const char *, f, &w->out->files))
        if (strcmp(*f, rel) == 0) return;
    vec_push(&w->out->files, rel);
}

// Sorted, as fs.WalkDir is. Hidden files, other modules and what is no regular file are left out
// without a word; a file with a bad name is an error.
static void walk_dir(Walk *w, const char *rel) {
    Strings names = {0};
    if (!fsys_names(xsprintf("%s/%s", w->dir, rel), &names)) return;
    if (names.len) qsort(names.data, names.len, sizeof *names.data, compare_strings);
    for (vec_each(const char *, n, &names)) {
        bool hidden = (*n)[0] == '.' || (*n)[0] == '_';
        const char *r = strcmp(rel, ".") == 0 ? *n : xsprintf("%s/%s", rel, *n);
        struct stat st;
        if (!fsys_lstat(xsprintf("%s/%s", w->dir, r), &st)) continue;
        if (bad_name(*n) || (hidden && !w->all)) {
            if (!hidden && !S_ISDIR(st.st_mode) && bad_name(*n))
                w->err = xsprintf("cannot embed file %s: invalid name %s", r, *n);
            continue;
        }
        if (S_ISDIR(st.st_mode)) {
            if (!path_is_file(xsprintf("%s/%s/go.mod", w->dir, r))) walk_dir(w, r);
        } else if (S_ISREG(st.st_mode)) {
            w->count++;
            add(w, r);
        }
    }
}

static const char *quote_glob(const char *s) {
    Buf b = {0};
    for (; *s; s++) {
        if (strchr("*?[]\\", *s)) buf_putc(&b, '\\');
        buf_putc(&b, *s);
    }
    return buf_str(&b);
}

// From the file up to the package's folder: no element may have a bad name, be a link, or begin
// another module.
static const char *check_place(const char *dir, const char *rel, const char *what) {
    char *path = xstrdup(rel);
    for (bool leaf = true;; leaf = false) {
        if (path_is_file(xsprintf("%s/%s/go.mod", dir, path)))
            return xsprintf("cannot embed %s %s: in different module", what, rel);
        struct stat st;
        // A link to a folder is none.
        if (!leaf && fsys_lstat(xsprintf("%s/%s", dir, path), &st) && !S_ISDIR(st.st_mode))
            return xsprintf("cannot embed %s %s: in non-directory %s", what, rel, path);
        char *slash = strrchr(path, '/');
        const char *elem = slash ? slash + 1 : path;
        if (bad_name(elem) && strcmp(rel, ".") != 0)
            return leaf ? xsprintf("cannot embed %s %s: invalid name %s", what, rel, elem)
                        : xsprintf("cannot embed %s %s: in invalid directory %s", what, rel, elem);
        if (!slash) return NULL;
        *slash = 0;
    }
}

// glob's view of folders.
typedef struct Names {
    FileNames list;
    uint32_t next;
    struct dirent entry;
} Names;

static void *open_names(const char *dir) {
    Names *n = NEW(Names);
    return fsys_names(dir, &n->list) ? n : NULL;
}
static struct dirent *next_name(void *of) {
    Names *n = of;
    if (n->next == n->list.len) return NULL;
    n->entry = (struct dirent){.d_type = DT_UNKNOWN, .d_ino = 1};
    strncpy(n->entry.d_name, n->list.data[n->next++], sizeof n->entry.d_name - 1);
    return &n->entry;
}
static void close_names(void *of) { (void)of; }
static int glob_stat(const char *path, struct stat *st) { return fsys_stat(path, st) ? 0 : -1; }
static int glob_lstat(const char *path, struct stat *st) { return fsys_lstat(path, st) ? 0 : -1; }

// What the pattern itself names has to be something that can be embedded; what is merely in a
// folder is left out if not (walk_dir).
static const char *resolve(const char *dir, const char *pattern, EmbedPattern *out) {
    bool all = strncmp(pattern, "all:", 4) == 0;
    const char *g = pattern + (all ? 4 : 0);
    out->pattern = pattern;
    if (!valid_pattern(g)) return "invalid pattern syntax";
    glob_t m = {.gl_opendir = open_names,
                .gl_readdir = next_name,
                .gl_closedir = close_names,
                .gl_stat = glob_stat,
                .gl_lstat = glob_lstat};
    if (glob(xsprintf("%s/%s", quote_glob(dir), g), GLOB_PERIOD | GLOB_ALTDIRFUNC, NULL, &m) != 0)
        return "no matching files found";
    const char *err = NULL;
    for (size_t i = 0; i < m.gl_pathc && !err; i++) {
        const char *rel = strcmp(g, ".") == 0 ? "." : xstrdup(m.gl_pathv[i] + strlen(dir) + 1),
                   *base = strrchr(rel, '/');
        base = base ? base + 1 : rel;
        if (strcmp(g, ".") != 0 && (strcmp(base, ".") == 0 || strcmp(base, "..") == 0)) continue;
        struct stat st;
        if (!fsys_lstat(m.gl_pathv[i], &st)) continue;
        err = check_place(dir, rel, S_ISDIR(st.st_mode) ? "directory" : "file");
        if (err) break;
        if (S_ISREG(st.st_mode)) {
            Walk w = {.out = out};
            add(&w, rel);
        } else if (S_ISDIR(st.st_mode)) {
            Walk w = {.out = out, .dir = dir, .all = all};
            walk_dir(&w, rel);
            err = w.err;
            if (!err && w.count == 0)
                err = xsprintf("cannot embed directory %s: contains no embeddable files", rel);
        } else {
            err = xsprintf("cannot embed irregular file %s", rel);
        }
    }
    globfree(&m);
    if (!err && out->files.len == 0) err = "no matching files found";
    return err;
}

// no_embed: as gc without -embedcfg, since it is the build system that says what patterns name.
bool load_embed(Package *p, const char *args, EmbedVec *out, const char **err) {
    EmbedWordVec pats = {0};
    const char *bad;
    if (!embed_words(args, &pats, &bad)) {
        *err = xsprintf("invalid quoted string in //go:embed: %s", bad);
        return false;
    }
    if (load_config.no_embed) {
        *err = "invalid go:embed: build system did not supply embed configuration";
        return false;
    }
    for (vec_each(EmbedWord, pat, &pats)) {
        EmbedPattern e = {0};
        const char *why = resolve(p->dir, pat->text, &e);
        if (why) {
            *err = xsprintf("pattern %s: %s", pat->text, why);
            return false;
        }
        vec_push(out, e);
    }
    return true;
}

// go list looks at patterns before anything is compiled, and points at the pattern: 8 is "go:embed"
// behind the //.
void embed_check_file(Package *p, File *f, Diagnostics *errors) {
    for (vec_each(Directive, d, &f->directives)) {
        if (d->bit != PRAGMA_EMBED) continue;
        EmbedWordVec pats = {0};
        const char *bad;
        // It is the parser that tells of wrong ones.
        embed_words(xstrndup(d->text.p + 8, d->text.len - 8), &pats, &bad);
        for (vec_each(EmbedWord, pat, &pats)) {
            EmbedPattern e = {0};
            const char *why = resolve(p->dir, pat->text, &e);
            if (!why) continue;
            vec_push(&errors->list, ((Diagnostic){d->pos + 8 + pat->offset, false,
                                                  xsprintf("pattern %s: %s", pat->text, why)}));
        }
    }
}
