// against: the same texts through gc. Comes in: a text and the package that it is a file of; goes
// out: how often vole's verdict and first line were gc's, and the pairs of lines that differ, by
// class.
//
// gc is a process for each text, started before this process does the same work. It runs in a
// folder of its own with the text and links to the package's other files, so that paths need no
// translation but for the folders before them. A class is a pair of lines without what is the
// text's own: names, numbers, what stands in quotes or parentheses.
#define _GNU_SOURCE 1
#include "cmd/robust/robust.h"
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/robust-gc-XXXXXX";
static const char *work;  // in it: where gc runs
static const char *found; // in it: a line for each difference

static struct {
    pid_t pid;
    const char *name, *path; // of the text
    PathVec links;
} running;

static const char *base_of(const char *path) {
    return strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
}

// A new file: never through a link that stands there.
static void write_text(const char *path, Str s) {
    unlink(path);
    FILE *f = fopen(path, "wx");
    if (!f || fwrite(s.p, 1, s.len, f) != s.len || fclose(f)) ice("%s: %s", path, strerror(errno));
}

void against_begin(Against *a) {
    if (!mkdtemp(folder)) ice("%s: %s", folder, strerror(errno));
    work = xsprintf("%s/work", folder);
    found = xsprintf("%s/found", folder);
    char *real = realpath(a->importcfg, NULL);
    if (!real || mkdir(work, 0777)) ice("%s: %s", real ? work : a->importcfg, strerror(errno));
    a->importcfg = real;
    write_text(found, (Str){0});
}

// gc compiles the text in the background while this process does, from a folder where the damaged
// file stands in the place of the whole one.
void against_start(Against *a, const char *path, Str text, const char *import_path,
                   const PathVec *files) {
    Vec(char *) args = {0};
    vec_push(&args, (char *)a->compiler);
    const char *flags[] = {"-p", import_path, "-importcfg", a->importcfg,
                           "-N", "-l",        "-o",         "../object"};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) vec_push(&args, (char *)flags[i]);
    if (files->len) vec_push(&args, "-std");
    running.path = path;
    running.name = base_of(path);
    running.links.len = 0;
    for (vec_each(const char *, f, files)) {
        const char *base = base_of(*f);
        vec_push(&args, (char *)base);
        if (!strcmp(base, running.name)) continue;
        const char *link = xsprintf("%s/%s", work, base);
        unlink(link); // left where vole crashed
        if (symlink(*f, link)) ice("%s: %s", link, strerror(errno));
        vec_push(&running.links, link);
    }
    if (!files->len) vec_push(&args, (char *)running.name);
    vec_push(&args, NULL);
    write_text(xsprintf("%s/%s", work, running.name), text);
    posix_spawn_file_actions_t do_first;
    posix_spawn_file_actions_init(&do_first);
    posix_spawn_file_actions_addopen(&do_first, 1, xsprintf("%s/output", folder),
                                     O_WRONLY | O_CREAT | O_TRUNC, 0666);
    posix_spawn_file_actions_adddup2(&do_first, 1, 2);
    posix_spawn_file_actions_addchdir_np(&do_first, work);
    int failed = posix_spawn(&running.pid, a->compiler, &do_first, NULL, args.data, environ);
    if (failed) ice("%s: %s", a->compiler, strerror(failed));
    posix_spawn_file_actions_destroy(&do_first);
}

// The first line of what a compiler printed, without the folders of file names.
static const char *first_line(const char *s) {
    Buf b = {0};
    for (const char *p = s; *p && *p != '\n'; p++) {
        if (*p == '/') {
            const char *end = p + strcspn(p, " :\n\"");
            if (end - p > 3 && !strncmp(end - 3, ".go", 3)) {
                while (b.len && !strchr(" (\"", b.p[b.len - 1])) b.len--;
                while (memchr(p + 1, '/', (size_t)(end - p - 1))) p++;
                if (*p == '/') continue;
            }
        }
        buf_putc(&b, *p);
    }
    return buf_str(&b);
}

// Is this word the compiler's and no name of the text? Those are of small letters.
static bool is_plain(const char *word, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!islower((unsigned char)word[i])) return false;
    return true;
}

// What a line has in common with others of its class.
static const char *class_of(const char *line) {
    const char *start = strstr(line, ": ");
    if (!start) start = line;
    Buf b = {0};
    for (const char *p = start; *p;) {
        size_t n = 0;
        while (isalnum((unsigned char)p[n]) || p[n] == '_' || p[n] == '.' || p[n] & 0x80) n++;
        bool object = b.len > 11 && !memcmp(b.p + b.len - 11, "undefined: ", 11);
        if (n && (object || !is_plain(p, n)))
            buf_puts(&b, "x");
        else
            buf_write(&b, p, n);
        p += n;
        char close = *p == '(' ? ')' : *p == '"' ? '"' : *p == '[' ? ']' : *p == '{' ? '}' : 0;
        const char *end = close ? strchr(p + 1, close) : NULL;
        if (end) {
            buf_printf(&b, "%c…%c", *p, close);
            p = end + 1;
        } else if (*p && !n) {
            buf_putc(&b, *p++);
        }
    }
    return buf_str(&b);
}

static void keep_text(const Against *a, const char *name) {
    Str s;
    if (a->keep && read_file(xsprintf("%s/%s", work, running.name), &s))
        write_text(xsprintf("%s/%s", a->keep, name), s);
}

// Equal verdicts count, and equal first lines; what differs is written down for against_end. A
// crash of gc's proves nothing.
void against_compare(Against *a, const char *vole) {
    int status;
    while (waitpid(running.pid, &status, 0) < 0 && errno == EINTR) {}
    Str output;
    if (!read_file(xsprintf("%s/output", folder), &output)) ice("%s: %s", folder, strerror(errno));
    bool gc_failed = strstr(output.p, "internal compiler error") || WIFSIGNALED(status);
    if (vole && !gc_failed) {
        bool verdict = !*vole == !status;
        const char *ours = first_line(vole), *theirs = first_line(output.p);
        bool line = verdict && !strcmp(ours, theirs);
        a->texts++;
        a->verdicts += verdict;
        a->lines += line;
        if (!line) {
            const char *name = xsprintf("%llu_%s", (unsigned long long)a->texts, running.name);
            FILE *f = fopen(found, "a");
            if (!f) ice("%s: %s", found, strerror(errno));
            fprintf(f, "%s\n%s\n%s\n%s\n%s\n%s\n", verdict ? "line" : "verdict", name, running.path,
                    theirs, ours, xsprintf("%s → %s", class_of(theirs), class_of(ours)));
            fclose(f);
            keep_text(a, name);
        }
    }
    for (vec_each(const char *, l, &running.links)) unlink(*l);
    unlink(xsprintf("%s/%s", work, running.name));
}

typedef struct Difference {
    const char *kind, *name, *path, *gc, *vole, *class;
    uint32_t of_class;
} Difference;

static int by_frequency(const void *a, const void *b) {
    const Difference *x = a, *y = b;
    int c = strcmp(y->kind, x->kind); // verdicts first
    if (c) return c;
    if (x->of_class != y->of_class) return x->of_class < y->of_class ? 1 : -1;
    c = strcmp(x->class, y->class);
    return c ? c : strcmp(x->name, y->name);
}

static const char *next_line(char **s) {
    char *line = *s, *end = strchr(line, '\n');
    *end = 0;
    *s = end + 1;
    return line;
}

// Differences by class, frequent ones first: one fault of ours mostly shows in many texts.
bool against_end(Against *a) {
    Str s;
    Vec(Difference) list = {0};
    if (!read_file(found, &s)) ice("%s: %s", found, strerror(errno));
    for (char *p = (char *)s.p; *p;) {
        Difference d = {.kind = next_line(&p),
                        .name = next_line(&p),
                        .path = next_line(&p),
                        .gc = next_line(&p)};
        d.vole = next_line(&p);
        d.class = next_line(&p);
        vec_push(&list, d);
    }
    for (vec_each(Difference, d, &list))
        for (vec_each(Difference, e, &list)) d->of_class += !strcmp(d->class, e->class);
    if (list.len) qsort(list.data, list.len, sizeof *list.data, by_frequency);
    const char *last = "";
    for (vec_each(Difference, d, &list)) {
        if (strcmp(last, d->class)) printf("%u × %s: %s\n", d->of_class, d->kind, d->class);
        last = d->class;
        printf("    %s (%s)\n      gc:   %s\n      vole: %s\n", d->name, d->path, d->gc, d->vole);
    }
    unlink(found);
    unlink(xsprintf("%s/output", folder));
    unlink(xsprintf("%s/object", folder));
    rmdir(work);
    rmdir(folder);
    double n = a->texts ? (double)a->texts : 1;
    printf("%llu texts against gc: verdict equal in %llu (%.2f %%), first line in %llu (%.2f %%)\n",
           (unsigned long long)a->texts, (unsigned long long)a->verdicts,
           100 * (double)a->verdicts / n, (unsigned long long)a->lines, 100 * (double)a->lines / n);
    return a->verdicts == a->texts;
}
