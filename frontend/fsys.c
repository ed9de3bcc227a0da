// fsys: the overlay is a map from path to what stands there: a file elsewhere, nothing, or a folder
// with the names that the overlay puts into it. A path that the map does not have is what the disk
// has, unless a file or nothing stands above it.
#include "frontend/fsys.h"
#include "frontend/json.h"
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <strings.h>

typedef struct Node {
    const char *to; // the actual file, "" where it is removed; NULL: a folder
    FileNames names;
} Node;

static PtrMap nodes; // Name -> Node
static bool overlaid;

bool fsys_overlaid(void) { return overlaid; }

// ---- The file -----------------------------------------------------------------------------------

typedef struct Replacement {
    const char *from, *given, *to;
} Replacement;
typedef Vec(Replacement) Replacements;

static bool replacement(Json *j, const char *key, void *to) {
    Replacement r = {.given = key};
    json_blanks(j);
    if (*j->p != '"') {
        j->error = "json: cannot unmarshal value into Go struct field overlayJSON.Replace of type "
                   "string";
        return false;
    }
    if (!json_read_string(j, &r.to)) return false;
    vec_push((Replacements *)to, r);
    return true;
}

static bool top(Json *j, const char *key, void *to) {
    return strcasecmp(key, "Replace") ? json_skip(j, key, NULL)
                                      : json_read_object(j, replacement, to);
}

// ---- The map ------------------------------------------------------------------------------------

static Node *node_at(const char *path) { return ptrmap_get(&nodes, intern_c(path)); }

// The folder at dir has this name, and is one in its own.
static void add_name(const char *dir, const char *name) {
    Node *n = node_at(dir);
    if (!n) {
        n = NEW(Node);
        ptrmap_put(&nodes, intern_c(dir), n);
    }
    for (vec_each(const char *, have, &n->names))
        if (!strcmp(*have, name)) return;
    vec_push(&n->names, name);
    const char *slash = strrchr(dir, '/');
    if (slash && dir[1])
        add_name(slash == dir ? "/" : xstrndup(dir, (size_t)(slash - dir)), slash + 1);
}

// A folder that only removed files are in is what the disk has.
static const char *enter(const Replacements *list) {
    for (vec_each(Replacement, r, list)) {
        for (vec_each(Replacement, o, list))
            if (node_at(r->from) && o->from == r->from && o != r)
                return xsprintf("duplicate paths %s and %s in overlay map", o->given, r->given);
        Node *n = NEW(Node);
        n->to = r->to;
        ptrmap_put(&nodes, intern_c(r->from), n);
    }
    for (vec_each(Replacement, r, list)) {
        const char *slash = strrchr(r->from, '/');
        const char *dir = slash == r->from ? "/" : xstrndup(r->from, (size_t)(slash - r->from));
        for (const char *up = dir; *r->to && up[1];
             up = xstrndup(up, (size_t)(strrchr(up, '/') - up))) {
            Node *n = node_at(up);
            if (n && n->to && n->to[0])
                return xsprintf("inconsistent files %s and %s in overlay map", up, r->from);
            if (n && n->to) n->to = NULL; // removed, but something is in it
            if (strrchr(up, '/') == up) break;
        }
        if (*r->to) add_name(dir, slash + 1);
    }
    return NULL;
}

static int by_given(const void *a, const void *b) {
    return strcmp(((const Replacement *)a)->given, ((const Replacement *)b)->given);
}

const char *fsys_overlay(const char *file, const char *work_dir) {
    Str text;
    Replacements list = {0};
    if (!read_file(file, &text)) {
        char *why = xstrdup(strerror(errno));
        *why = (char)tolower((unsigned char)*why);
        return xsprintf("reading overlay: open %s: %s", file, why);
    }
    Json j = {.p = xstrndup(text.p, text.len)};
    bool ok = json_read_object(&j, top, &list);
    json_blanks(&j);
    if (ok && *j.p) ok = json_fail(&j, "after top-level value");
    if (!ok) return xsprintf("parsing overlay JSON: %s", j.error);
    for (vec_each(Replacement, r, &list)) {
        if (!*r->given) return "empty string key in overlay map";
        r->from = intern_c(path_join(work_dir, r->given));
        if (*r->to) r->to = path_join(work_dir, r->to);
    }
    if (list.len) qsort(list.data, list.len, sizeof *list.data, by_given);
    overlaid = true;
    return enter(&list);
}

// ---- Asking -------------------------------------------------------------------------------------

static const Node removed = {.to = ""};

// What the overlay has there, or NULL.
static const Node *find(const char *path) {
    if (!overlaid) return NULL;
    path = path_join("/", path);
    const Node *n = node_at(path);
    if (n) return n;
    for (char *up = xstrdup(path); strlen(up) > 1;) {
        char *slash = strrchr(up, '/');
        *slash = 0;
        n = *up ? node_at(up) : NULL;
        if (n) return n->to ? &removed : NULL;
    }
    return NULL;
}

const char *fsys_actual(const char *path) {
    const Node *n = find(path);
    if (!n || !n->to) return path;
    if (*n->to) return n->to;
    errno = ENOENT;
    return NULL;
}

bool fsys_read(const char *path, Str *out) {
    const char *actual = fsys_actual(path);
    return actual && read_file(actual, out);
}

static bool folder_stat(const char *path, struct stat *st) {
    if (stat(path, st) == 0 && S_ISDIR(st->st_mode)) return true;
    *st = (struct stat){.st_mode = S_IFDIR | 0755};
    return true;
}

bool fsys_stat(const char *path, struct stat *st) {
    ask_file(path, false);
    const Node *n = find(path);
    if (n && !n->to) return folder_stat(path, st);
    const char *actual = fsys_actual(path);
    return actual && stat(actual, st) == 0;
}

bool fsys_lstat(const char *path, struct stat *st) {
    ask_file(path, false);
    const Node *n = find(path);
    return n ? fsys_stat(path, st) : lstat(path, st) == 0;
}

bool fsys_names(const char *dir, FileNames *out) {
    ask_file(dir, true);
    const Node *n = find(dir);
    if (n && n->to) {
        errno = *n->to ? ENOTDIR : ENOENT;
        return false;
    }
    DIR *d = opendir(dir);
    if (!d && !n) return false;
    const char *sep = ends_with(dir, "/") ? "" : "/";
    for (struct dirent *e; d && (e = readdir(d));) {
        if (!strcmp(e->d_name, ".") || !strcmp(e->d_name, "..")) continue;
        const Node *own = overlaid ? find(xsprintf("%s%s%s", dir, sep, e->d_name)) : NULL;
        bool again = own && own != &removed && (!own->to || *own->to); // it comes with n's names
        if (!again && !(own && own->to)) vec_push(out, xstrdup(e->d_name));
    }
    if (d) closedir(d);
    for (uint32_t i = 0; n && i < n->names.len; i++) vec_push(out, n->names.data[i]);
    return true;
}
