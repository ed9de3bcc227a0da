// run: a batch of programs becomes a package main with a file for each, so that what a compiler
// refuses names the program; the binary writes a line for each program as it ends. Where it dies or
// hangs, the program after the last line is to blame, and the next run begins behind it.
#include "cmd/fuzz/run.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

Runner runner = {.seconds = 20};
const char *const build_names[BUILDS] = {"gc", "O0", "O2", "O3"};
const char *const mode_names[MODES] = {"", " GOGC=1 GOMAXPROCS=4"};

static const char imports[] =
    "package main\n\nimport "
    "(\n\t\"fmt\"\n\t\"iter\"\n\t\"maps\"\n\t\"math\"\n\t\"math/"
    "bits\"\n\t\"runtime\"\n\t\"slices\"\n\t\"strconv\"\n\t\"sync\"\n\t\"unsafe\"\n)\n\n"
    "var (\n\t_ = fmt.Sprint\n\t_ iter.Seq[int]\n\t_ = maps.Clone[map[int]int]\n\t_ = "
    "math.Sqrt\n\t_ = "
    "bits.Len\n\t_ = runtime.GC\n\t_ = slices.Reverse[[]int]\n\t_ = strconv.Itoa\n"
    "\t_ sync.Mutex\n\t_ unsafe.Pointer\n)\n\n";

const char *program_text(const char *text) { return xsprintf("%s%s", imports, text); }

bool write_text(const char *path, const char *text) {
    FILE *f = fopen(path, "w");
    if (!f || fputs(text, f) < 0 || fclose(f)) {
        fprintf(stderr, "fuzz: %s: %s\n", path, strerror(errno));
        return false;
    }
    return true;
}

// A program that was taken out (NULL) loses its file as well: a batch is written again after each
// refusal.
void package_write(const char *dir, const uint64_t *seeds, const char *const *texts, int n) {
    make_dirs(dir, 0777);
    Buf table = {0};
    buf_puts(&table, "package main\n\nvar programs = []program{\n");
    for (int i = 0; i < n; i++) {
        const char *path = xsprintf("%s/p%llu.go", dir, (unsigned long long)seeds[i]);
        if (!texts[i]) {
            unlink(path);
            continue;
        }
        write_text(path, program_text(texts[i]));
        buf_printf(&table, "\t{%llu, P%llu},\n", (unsigned long long)seeds[i],
                   (unsigned long long)seeds[i]);
    }
    buf_puts(&table, "}\n");
    write_text(xsprintf("%s/table.go", dir), buf_str(&table));
    write_text(xsprintf("%s/go.mod", dir), "module fuzz\n\ngo 1.27\n");
    Str support;
    if (!read_file(VOLE_SOURCE_DIR "/cmd/fuzz/support.go", &support)) exit(1);
    write_text(xsprintf("%s/support.go", dir), support.p);
}

// Runs a command with both outputs in a file; its status, or -1 if it had to be stopped.
int spawn(const char *dir, const char *const *argv, const char *const *env, const char *out,
          const char *err, int seconds) {
    pid_t pid = fork();
    if (pid == 0) {
        if (chdir(dir)) _exit(126);
        setpgid(0, 0);
        int o = open(out, O_WRONLY | O_CREAT | O_APPEND, 0666),
            e = open(err, O_WRONLY | O_CREAT | O_TRUNC, 0666);
        dup2(o, 1);
        dup2(e, 2);
        for (; *env; env += 2) setenv(env[0], env[1], 1);
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    long tick = 1, waited = 0; // milliseconds
    for (; waited < seconds * 1000L; waited += tick, tick = tick < 100 ? tick * 2 : tick) {
        int status;
        if (waitpid(pid, &status, WNOHANG) == pid) return status;
        nanosleep(&(struct timespec){tick / 1000, tick % 1000 * 1000000}, NULL);
    }
    kill(-pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return -1;
}

// -e: all errors, so that all programs that are refused are known at once. go is kept from getting
// other toolchains.
bool package_compile(const char *dir, Build b, Str *said) {
    const char *out = xsprintf("%s/%s.out", dir, build_names[b]),
               *log = xsprintf("%s/%s.log", dir, build_names[b]);
    unlink(out);
    unlink(log);
    static const char *const none[] = {NULL}, *const offline[] = {"GOFLAGS", "-mod=mod",
                                                                  "GOTOOLCHAIN", "local", NULL};
    const char *level = xsprintf("-%s", build_names[b]);
    const char *const gc[] = {
        runner.go, "build", "-gcflags=-e -dwarf=false", "-ldflags=-s -w", "-o", out, ".", NULL};
    const char *const vole[] = {runner.vole, "build", "-gcflags=-e", "-ldflags=-s -w", level, "-o",
                                out,         ".",     NULL};
    int status = spawn(dir, b == GC ? gc : vole, b == GC ? offline : none, "/dev/null", log, 7200);
    if (status != 0 && !read_file(log, said)) *said = str_c("");
    return status == 0;
}

void package_run(const char *dir, Build b, Mode m, const char *const *texts, Answer *answers,
                 int n) {
    static const char *const plain[] = {"GOMAXPROCS", "1", NULL}, *const pressed[] = {"GOMAXPROCS",
                                                                                      "4", "GOGC",
                                                                                      "1", NULL};
    const char *binary = xsprintf("./%s.out", build_names[b]), *out = xsprintf("%s/answers", dir);
    int *slots = NEW_ARRAY(int, n + 1), count = 0;
    for (int i = 0; i < n; i++)
        if (texts[i]) slots[count++] = i;
    for (int from = 0; from < count;) {
        unlink(out);
        const char *const argv[] = {binary, xsprintf("%d", from), NULL};
        int status = spawn(dir, argv, m == PRESSED ? pressed : plain, "answers",
                           xsprintf("%s.stderr", build_names[b]), runner.seconds);
        Str text = {0};
        if (!read_file(out, &text)) text = str_c("");
        for (const char *p = text.p, *end; (end = strchr(p, '\n')) && from < count; p = end + 1) {
            const char *space = memchr(p, ' ', (size_t)(end - p));
            if (!space) break;
            answers[slots[from++]] = (Answer){ANSWERED, strtoull(space, NULL, 16)};
        }
        if (from < count)
            answers[slots[from++]] =
                (Answer){status == -1 ? HUNG : CRASHED, (uint64_t)(status & 0x7f)};
    }
}

bool answers_equal(Answer a, Answer b) {
    return a.outcome == b.outcome && (a.outcome != ANSWERED || a.sum == b.sum);
}

const char *answer_text(Answer a) {
    switch (a.outcome) {
    case ANSWERED: return xsprintf("%016llx", (unsigned long long)a.sum);
    case NO_BUILD: return "not compiled";
    case HUNG: return "hung";
    default: return "crashed";
    }
}
