// fuzz: random programs, compiled by vole at -O0, -O2 and -O3 and by gc, run under several
// settings, must answer alike.
//   fuzz [-n N] [-seed S] [-minutes M] [-batch N] [-keep DIR] [-vole PATH] [-gc PATH]
//     -n N         so many programs, from seed S on
//     -minutes M   no batch begins after so long
//     -batch N     programs in a package
//     -keep DIR    where failing programs go, as they are and reduced
//     -descriptors hash and equality of keys of every size and mix of members instead
//     -record FILE  writes what gc's programs answer; -check FILE compares with that instead of
//                   with gc
//     -whole       failing programs are not reduced
//     -reduce FILE COMMAND  makes a Go file smaller while the command succeeds
//     -print S     the program of seed S
// A line for each program whose answers differ, then how many programs there were; exit status 1 if
// there was one.
#include "cmd/fuzz/run.h"
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

typedef struct Counts {
    uint64_t programs, refused, failures, unanswered;
    double generate;
} Counts;

static Counts *counts;
static uint64_t first = 1, total = 100;
static int batch = 100, minutes;
static bool reduce = true, sweep;
static const char *keep = "build/fuzz", *only, *record;
static Vec(Answer) recorded;

static double cpu_seconds(int who) {
    struct rusage u;
    getrusage(who, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) +
           (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

// What a compiler refuses is taken out, with its first line of explanation; true if anything was.
static int take_out_refused(Str said, const uint64_t *seeds, const char **texts, int n, Build b) {
    int out = 0;
    for (int i = 0; i < n; i++) {
        if (!texts[i]) continue;
        const char *name = xsprintf("p%llu.go:", (unsigned long long)seeds[i]),
                   *at = strstr(said.p, name);
        if (!at) continue;
        printf("%s refuses seed %llu: %.*s\n", build_names[b], (unsigned long long)seeds[i],
               (int)strcspn(at, "\n"), at);
        texts[i] = NULL;
        out++;
    }
    return out;
}

// One program that is refused must not cost the batch: it goes, and the rest is tried again. gc
// refusing is the generator's fault, vole refusing is vole's.
static bool compile(const char *dir, Build b, const uint64_t *seeds, const char **texts, int n) {
    for (;;) {
        Str said;
        if (package_compile(dir, b, &said)) return true;
        int out = take_out_refused(said, seeds, texts, n, b);
        if (!out) {
            printf("%s does not compile %s: %.*s\n", build_names[b], dir,
                   (int)(said.len < 2000 ? said.len : 2000), said.p);
            counts->failures++;
            return false;
        }
        if (b == GC)
            counts->refused += (uint64_t)out;
        else
            counts->failures += (uint64_t)out;
        package_write(dir, seeds, texts, n);
    }
}

static void write_kept(uint64_t seed, const char *what, const char *text) {
    write_text(xsprintf("%s/p%llu%s.go", keep, (unsigned long long)seed, what), text);
}

// A failing program, as it is and reduced. The generator's state is one per process, so the reducer
// has its own.
static void report(uint64_t seed, Build b, Mode m, Answer want, Answer got, const char *text) {
    printf("seed %llu: %s, but %s%s: %s\n", (unsigned long long)seed, answer_text(want),
           build_names[b], mode_names[m], answer_text(got));
    fflush(stdout);
    counts->failures++;
    write_kept(seed, "", program_text(text));
    if (!reduce) return;
    const char *dir = xsprintf("%s/reduce%d", keep, (int)getpid()),
               *small = program_reduce(dir, seed, b, m, got);
    if (small) {
        write_kept(seed, "-reduced", program_text(small));
        printf("%s\n", small);
    } else
        printf("seed %llu: no difference when it stands alone\n", (unsigned long long)seed);
}

typedef struct Failure {
    bool failed;
    Build build;
    Mode mode;
    Answer got;
} Failure;

// A batch of programs on its way through the compilers.
typedef struct Batch {
    const char *dir;
    int n;
    uint64_t *seeds;
    const char **texts; // NULL for those that a compiler refused
    Answer *want, *got;
    Failure *failures;
    bool have; // what is wanted is known
} Batch;

static void batch_generate(Batch *b, uint64_t from, int n) {
    *b = (Batch){.dir = xsprintf("%s/batch%d", keep, (int)getpid()), .n = n};
    b->seeds = NEW_ARRAY(uint64_t, n);
    b->texts = NEW_ARRAY(const char *, n);
    b->want = NEW_ARRAY(Answer, n);
    b->got = NEW_ARRAY(Answer, n);
    b->failures = NEW_ARRAY(Failure, n);
    for (int i = 0; i < n; i++) {
        b->seeds[i] = from + (uint64_t)i;
        b->texts[i] = node_print(program_generate(b->seeds[i]));
    }
    counts->generate += cpu_seconds(RUSAGE_SELF);
    package_write(b->dir, b->seeds, b->texts, n);
}

static void batch_ask(Batch *b, Build build, Mode mode) {
    package_run(b->dir, build, mode, b->texts, b->have ? b->got : b->want, b->n);
    for (int i = 0; i < b->n && b->have; i++)
        if (b->texts[i] && !b->failures[i].failed && !answers_equal(b->want[i], b->got[i]))
            b->failures[i] = (Failure){true, build, mode, b->got[i]};
    b->have = true;
}

// Where what is wanted is itself no answer nothing was compared: such programs are counted apart.
static void batch_finish(Batch *b) {
    for (int i = 0; i < b->n; i++) {
        if (b->failures[i].failed)
            report(b->seeds[i], b->failures[i].build, b->failures[i].mode, b->want[i],
                   b->failures[i].got, b->texts[i]);
        if (!b->texts[i]) continue;
        counts->programs++;
        if (b->want[i].outcome == ANSWERED) continue;
        printf("seed %llu: %s\n", (unsigned long long)b->seeds[i], answer_text(b->want[i]));
        counts->unanswered++;
    }
    char *command = xsprintf("rm -rf '%s'", b->dir);
    if (system(command)) perror(command);
    fflush(stdout);
}

// ---- recorded answers ----

// Lines of a seed and what gc's program answers.
static void record_answers(const Batch *b) {
    Buf text = {0};
    for (int i = 0; i < b->n; i++)
        buf_printf(&text, "%llu %s\n", (unsigned long long)b->seeds[i], answer_text(b->want[i]));
    write_text(record, buf_str(&text));
}

static bool read_recorded(const char *path) {
    Str text;
    if (!read_file(path, &text)) return false;
    char *p = (char *)text.p;
    for (total = 0; *p; total++) {
        uint64_t seed = strtoull(p, &p, 10);
        if (!total) first = seed;
        vec_push(&recorded, ((Answer){ANSWERED, strtoull(p, &p, 16)}));
        p += strspn(p, "\n");
    }
    batch = (int)total;
    return total > 0;
}

// Many programs in one package cost one start of the compiler, the linker and the program.
static void run_batch(uint64_t from, int n) {
    Batch b;
    batch_generate(&b, from, n);
    if (recorded.len) {
        memcpy(b.want, recorded.data, sizeof *b.want * recorded.len);
        b.have = true;
    }
    for (Build build = runner.go ? GC : O0; build < BUILDS; build++) {
        if (!compile(b.dir, build, b.seeds, b.texts, n)) continue;
        for (Mode m = PLAIN; m < (build == GC ? 1 : MODES); m++) batch_ask(&b, build, m);
        if (build == GC && record) {
            record_answers(&b);
            break;
        }
    }
    batch_finish(&b);
}

// Every compiler's program of the sweep must find nothing.
static int descriptors(void) {
    const char *dir = xsprintf("%s/descriptors", keep);
    if (!descriptors_write(dir)) return 2;
    int failed = 0;
    for (Build b = runner.go ? GC : O0; b < BUILDS; b++) {
        Str said;
        const char *const argv[] = {xsprintf("./%s.out", build_names[b]), NULL},
                          *const env[] = {NULL}, *log = xsprintf("%s/run.log", dir);
        if (package_compile(dir, b, &said)) {
            failed |= spawn(dir, argv, env, "/dev/null", log, 100) != 0;
            if (!read_file(log, &said)) said = str_c("no answer\n");
        } else {
            failed = 1;
        }
        printf("%s: %s", build_names[b], said.len > 3000 ? said.p + said.len - 3000 : said.p);
    }
    return failed;
}

// Batches run in children, whose memory (one arena) ends with them.
static void campaign(void) {
    time_t begin = time(NULL);
    for (uint64_t at = 0; at < total && !(minutes && time(NULL) - begin > minutes * 60);
         at += (uint64_t)batch) {
        uint64_t n = total - at < (uint64_t)batch ? total - at : (uint64_t)batch;
        pid_t pid = fork();
        if (pid == 0) {
            run_batch(first + at, (int)n);
            fflush(stdout);
            _exit(0);
        }
        int status;
        waitpid(pid, &status, 0);
        if (status) {
            printf("fuzz: batch from seed %llu: status %d\n", (unsigned long long)first + at,
                   status);
            counts->failures++;
        }
    }
}

// Counts lie in memory that is shared with the children that do the batches.
int main(int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        const char *arg = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";
        bool valued = true;
        if (strcmp(arg, "-n") == 0)
            total = strtoull(value, NULL, 10);
        else if (strcmp(arg, "-seed") == 0)
            first = strtoull(value, NULL, 10);
        else if (strcmp(arg, "-minutes") == 0)
            minutes = atoi(value);
        else if (strcmp(arg, "-batch") == 0)
            batch = atoi(value);
        else if (strcmp(arg, "-keep") == 0)
            keep = realpath(value, NULL) ? realpath(value, NULL) : value;
        else if (strcmp(arg, "-vole") == 0)
            runner.vole = realpath(value, NULL);
        else if (strcmp(arg, "-gc") == 0)
            runner.go = realpath(value, NULL);
        else if (strcmp(arg, "-record") == 0)
            record = value;
        else if (strcmp(arg, "-print") == 0)
            only = value;
        else
            valued = strcmp(arg, "-check") == 0 && read_recorded(value);
        if (valued)
            i++;
        else if (strcmp(arg, "-descriptors") == 0)
            sweep = true;
        else if (strcmp(arg, "-whole") == 0)
            reduce = false;
        else if (strcmp(arg, "-reduce") == 0 && i + 2 < argc)
            return source_reduce(argv[i + 1], argv[i + 2]);
        else {
            fprintf(stderr, "fuzz: unknown argument %s\n", arg);
            return 2;
        }
    }
    if (only) {
        fputs(node_print(program_generate(strtoull(only, NULL, 10))), stdout);
        return 0;
    }
    if (!runner.vole) {
        fprintf(stderr, "fuzz: no compiler: -vole PATH\n");
        return 2;
    }
    make_dirs(keep, 0777);
    keep = realpath(keep, NULL);
    if (sweep) return descriptors();
    counts = mmap(NULL, sizeof *counts, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    campaign();
    printf("%llu programs, %llu failures, %llu without an answer, %llu refused by gc; %.1f CPU "
           "seconds, %.1f of them generating\n",
           (unsigned long long)counts->programs, (unsigned long long)counts->failures,
           (unsigned long long)counts->unanswered, (unsigned long long)counts->refused,
           cpu_seconds(RUSAGE_CHILDREN), counts->generate);
    return counts->failures != 0;
}
