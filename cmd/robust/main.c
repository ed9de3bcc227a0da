// robust: does the frontend survive any text? Comes in: Go files. Each is parsed and checked as a package of its own, whole and
// cut off at every 97th byte. Goes out: a line for each text on which the frontend crashed, hung or met a broken invariant; exit
// status 1 if there was one.
//
// A forked child goes through texts and keeps in shared memory which one it is at, so that its end can be attributed; the next
// child goes on behind it. Children are replaced after some megabytes of text, since nothing is ever freed. What the files import
// is checked before the first fork.
//   robust [--cuts N] [--seconds S] [--budget S] FILE…     N: at most so many cuts a file, evenly spread; S: limits for a text
//   and for the whole run
#include "frontend/load.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STEP = 97, CHILD_BYTES = 8 << 20 };

typedef struct Progress {
    uint32_t file;
    size_t cut; // length of the text; the whole file comes last
    uint64_t texts, bytes;
} Progress;

static Progress *at;
static Vec(const char *) paths;
static size_t max_cuts;
static int seconds = 20, budget;

static void check_text(const char *path, Str text) {
    Package *p = load_text(path, text);
    check_package_bodies(p);
    FILE *null = fopen("/dev/null", "w");
    diagnostics_print(null, 10);
    fclose(null);
    diagnostics = (Diagnostics){0};
}

static size_t step_of(size_t len) {
    size_t step = STEP;
    if (max_cuts && len / STEP > max_cuts) step = (len / max_cuts / STEP + 1) * STEP;
    return step;
}

// The text that follows the one of that length; past the whole file, the next file's first.
static void advance(size_t len) {
    if (at->cut >= len) {
        at->file++;
        at->cut = STEP;
    } else {
        at->cut += step_of(len);
    }
}

static void child(void) {
    uint64_t before = at->bytes;
    while (at->file < paths.len && at->bytes - before < CHILD_BYTES) {
        Str s;
        if (!read_file(paths.data[at->file], &s)) s = str_c("");
        size_t n = at->cut < s.len ? at->cut : s.len;
        char *copy = malloc(n + 1); // of exactly this size, so that reads past the end are found
        memcpy(copy, s.p, n);
        copy[n] = 0;
        alarm((unsigned)seconds);
        check_text(paths.data[at->file], str_make(copy, n));
        alarm(0);
        at->texts++;
        at->bytes += n;
        advance(s.len);
    }
    _exit(0);
}

static void load_imports(void) {
    for (vec_each(const char *, path, &paths)) {
        Str s;
        if (!read_file(*path, &s)) {
            fprintf(stderr, "robust: open %s: %s\n", *path, strerror(errno));
            exit(2);
        }
        Package *p = load_text(*path, s);
        for (vec_each(Package *, i, &p->imports)) check_package_decls(*i);
        diagnostics = (Diagnostics){0};
    }
}

static void report(int status) {
    const char *what = WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM ? xsprintf("no end after %d s", seconds)
                       : WIFSIGNALED(status)                              ? strsignal(WTERMSIG(status))
                                                                          : xsprintf("exit status %d", WEXITSTATUS(status));
    printf("FAIL %s cut at %zu: %s\n", paths.data[at->file], at->cut, what);
    fflush(stdout);
}

int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char *next = i + 1 < argc ? argv[i + 1] : "";
        if (!strcmp(argv[i], "--cuts"))
            max_cuts = (size_t)atol(next), i++;
        else if (!strcmp(argv[i], "--seconds"))
            seconds = atoi(next), i++;
        else if (!strcmp(argv[i], "--budget"))
            budget = atoi(next), i++;
        else
            vec_push(&paths, argv[i]);
    }
    const char *err = NULL;
    universe_init();
    load_config.goarch = "amd64";
    load_config.goroot = load_find_goroot(VOLE_SETUP_GOROOT, &err);
    if (!load_config.goroot) {
        fprintf(stderr, "robust: %s\n", err);
        return 2;
    }
    load_imports();
    at = mmap(NULL, sizeof *at, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    at->cut = STEP;
    time_t start = time(NULL);
    int failures = 0;
    while (at->file < paths.len && !(budget && time(NULL) - start > budget)) {
        pid_t pid = fork();
        if (pid == 0) child();
        int status;
        if (pid < 0 || waitpid(pid, &status, 0) != pid) {
            perror("robust");
            return 2;
        }
        if (status == 0) continue;
        report(status);
        failures++;
        Str s;
        if (!read_file(paths.data[at->file], &s)) s = str_c("");
        advance(s.len);
    }
    printf("%u of %u files, %llu texts, %.1f MB, %d failures\n", at->file, paths.len, (unsigned long long)at->texts,
           (double)at->bytes / 1e6, failures);
    return failures != 0;
}
