// link: objects and the runtime to an executable with ld.lld: static and non-PIE, so that it starts
// fast and every address fits 32 bits, as descriptors need. No C compiler driver in between: the C
// library's start files and libraries are found by Debian's layout. It takes the linker 40 ms to
// start: backend_link_prepare starts it early, and its arguments follow through a pipe, as a
// response file.
#define _GNU_SOURCE 1
#include "backend/backend.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

typedef Vec(const char *) Args;

#if defined(__aarch64__)
static const bool host_arm64 = true;
#else
static const bool host_arm64 = false;
#endif

// The Debian package that has it, for this machine or as its cross compilers have it.
static const char *debian_package(const char *name, bool arm64) {
    return arm64 == host_arm64 ? name : xsprintf("%s-%s-cross", name, arm64 ? "arm64" : "amd64");
}

static bool exists(const char *path) {
    ask_file(path, false);
    return access(path, R_OK) == 0;
}

// The first of a list of folders that has a file.
static const char *folder_with(const char *file, const char *const *dirs, uint32_t n) {
    for (uint32_t i = 0; i < n; i++)
        if (exists(xsprintf("%s/%s", dirs[i], file))) return dirs[i];
    return NULL;
}

static const char *find_libc(const char *root, const char *triple) {
    const char *dirs[] = {xsprintf("%s/usr/lib/%s", root, triple),
                          xsprintf("%s/usr/%s/lib", root, triple), xsprintf("%s/usr/lib64", root),
                          xsprintf("%s/usr/lib", root)};
    return folder_with("crt1.o", dirs, 4);
}

static const char *find_gcc(const char *root, const char *triple) {
    for (int v = 20; v >= 8; v--) {
        const char *dirs[] = {xsprintf("%s/usr/lib/gcc/%s/%d", root, triple, v),
                              xsprintf("%s/usr/lib/gcc-cross/%s/%d", root, triple, v)};
        const char *d = folder_with("libgcc.a", dirs, 2);
        if (d) return d;
    }
    return NULL;
}

static const char *find_linker(void) {
    static const char *const paths[] = {"/usr/bin/ld.lld-22", "/usr/lib/llvm-22/bin/ld.lld"};
    const char *set = getenv("VOLE_LD");
    if (set && *set) return set;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        if (exists(paths[i])) return paths[i];
    return "ld.lld-22"; // from PATH
}

static void print_command(const Args *a) {
    for (uint32_t i = 0; i < a->len; i++) fprintf(stderr, "%s%s", i ? " " : "", a->data[i]);
    fputc('\n', stderr);
}

// The linker that waits for its arguments: in and out are our ends of its pipes.
static struct {
    pid_t pid;
    int in, out;
} linker;

// The linker's memory: one arena, grown in large steps, of large pages. Page faults and mprotect
// calls are a quarter of its time else.
static char **linker_environment(void) {
    Vec(char *) env = {0};
    for (char **e = environ; e && *e; e++) {
        if (!strncmp(*e, "GLIBC_TUNABLES=", 15)) return environ;
        vec_push(&env, *e);
    }
    static char tunables[] = "GLIBC_TUNABLES=glibc.malloc.arena_max=1:glibc.malloc.top_pad="
                             "33554432:glibc.malloc.hugetlb=1";
    vec_push(&env, tunables);
    vec_push(&env, NULL);
    return env.data;
}

// Starts the linker waiting for its arguments, which it reads as a response file from our pipe.
static void start(bool arm64, const char **err) {
    int in[2] = {-1, -1}, out[2] = {-1, -1};
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC)) {
        *err = xsprintf("pipe: %s", strerror(errno));
        return;
    }
    const char *path = find_linker();
    char *const argv[] = {(char *)path, "-m", arm64 ? "aarch64linux" : "elf_x86_64", "@/dev/stdin",
                          NULL}; // without -m it would read the file twice
    posix_spawn_file_actions_t fa;
    posix_spawn_file_actions_init(&fa);
    posix_spawn_file_actions_adddup2(&fa, in[0], 0);
    posix_spawn_file_actions_adddup2(&fa, out[1], 1);
    posix_spawn_file_actions_adddup2(&fa, out[1], 2);
    posix_spawnattr_t attr;
    sigset_t own;
    posix_spawnattr_init(&attr);
    sigemptyset(&own);
    sigaddset(&own, SIGXFSZ); // the driver ignores it
    posix_spawnattr_setsigdefault(&attr, &own);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
    int e = posix_spawnp(&linker.pid, path, &fa, &attr, argv, linker_environment());
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&fa);
    close(in[0]);
    close(out[1]);
    linker.in = in[1];
    linker.out = out[0];
    if (!e) return;
    linker.pid = 0;
    close(in[1]);
    close(out[0]);
    *err = xsprintf("cannot run %s: %s (install lld-22)", path, strerror(e));
}

void backend_link_prepare(const char *goarch) {
    const char *err;
    if (!linker.pid) start(!strcmp(goarch, "arm64"), &err);
}

void backend_link_cancel(void) {
    if (!linker.pid) return;
    kill(linker.pid, SIGKILL);
    waitpid(linker.pid, NULL, 0);
    linker.pid = 0;
}

static bool write_all(int fd, const char *p, size_t n) {
    while (n) {
        ssize_t k = write(fd, p, n);
        if (k < 0 && errno == EINTR) continue;
        if (k < 0) return false;
        p += k;
        n -= (size_t)k;
    }
    return true;
}

// Gives the linker its arguments and collects its messages: true when it succeeds, else *err says
// why.
static bool run(const Args *a, bool arm64, const char *output, const char **err) {
    if (!linker.pid) start(arm64, err);
    if (!linker.pid) return false;
    Buf words = {0};
    for (uint32_t i = 1; i < a->len; i++) {
        for (const char *s = a->data[i]; *s; s++) {
            if (strchr(" \t\n\\'\"", *s)) buf_putc(&words, '\\');
            buf_putc(&words, *s);
        }
        buf_putc(&words, '\n');
    }
    void (*pipe_handler)(int) = signal(SIGPIPE, SIG_IGN);
    write_all(linker.in, words.p, words.len); // if it died, its status tells
    signal(SIGPIPE, pipe_handler);
    close(linker.in);
    Buf text = {0};
    char chunk[4096];
    ssize_t n;
    while ((n = read(linker.out, chunk, sizeof chunk)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0) buf_write(&text, chunk, (size_t)n);
    close(linker.out);
    int status = 1 << 8;
    while (waitpid(linker.pid, &status, 0) < 0 && errno == EINTR) {}
    linker.pid = 0;
    const char *said = buf_str(&text);
    bool ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (ok) {
        if (*said) fputs(said, stderr);
    } else if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGBUS || WTERMSIG(status) == SIGXFSZ)) {
        // It writes through a mapping: what the disk does not take ends it.
        *err = xsprintf("writing %s: %s", output,
                        strerror(WTERMSIG(status) == SIGBUS ? ENOSPC : EFBIG));
    } else if (strstr(said, strerror(ENOSPC))) {
        *err = xsprintf("writing %s: %s", output, strerror(ENOSPC));
    } else if (WIFSIGNALED(status))
        *err = xsprintf("%s: %s", a->data[0], strsignal(WTERMSIG(status)));
    else {
        size_t len = strlen(said);
        while (len && said[len - 1] == '\n') len--;
        *err = xstrndup(said, len);
    }
    return ok;
}

static void add_words(Args *a, const char *const *words) {
    for (; *words; words++) vec_push(a, *words);
}

// ---- C's libraries ----

typedef struct CLibraries { // as a linker takes them
    Args words, dirs;
    bool dynamic;
} CLibraries;

static bool find_library(const CLibraries *c, const char *name, const char *suffix) {
    for (vec_each(const char *, d, &c->dirs))
        if (exists(xsprintf("%s/lib%s%s", *d, name, suffix))) return true;
    return false;
}

// What functions of the C library can do only where the dynamic linker is there: they load others.
static bool loads_libraries(const char *object) {
    static const char *const names[] = {
        "dlopen",          "dlmopen",       "dlsym",         "getaddrinfo",   "getnameinfo",
        "gethostbyname",   "gethostbyaddr", "getpwnam",      "getpwnam_r",    "getpwuid",
        "getpwuid_r",      "getgrnam",      "getgrnam_r",    "getgrgid",      "getgrgid_r",
        "gethostbyname_r", "getgrouplist",  "getservbyname", "getservbyport", "initgroups",
        "iconv_open",      "getpwent",      "getgrent"};
    Str text;
    if (!read_file(object, &text)) return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n = strlen(names[i]) + 2; // a name of its own in the table of strings
        char key[32] = {0};
        memcpy(key + 1, names[i], n - 2);
        if (memmem(text.p, text.len, key, n)) return true;
    }
    return false;
}

// A word for the compiler as words for the linker. What makes programs dynamic: a library that is
// there as a shared one only.
static void take_flag(CLibraries *c, const char *w) {
    size_t n = strlen(w);
    if (!strncmp(w, "-Wl,", 4)) {
        for (const char *p = w + 4; *p;) {
            size_t k = strcspn(p, ",");
            vec_push(&c->words, xstrndup(p, k));
            p += k + (p[k] == ',');
        }
    } else if (!strncmp(w, "-l", 2)) {
        vec_push(&c->words, w);
        if (w[2] && w[2] != ':' && !find_library(c, w + 2, ".a") && find_library(c, w + 2, ".so"))
            c->dynamic = true;
    } else if (!strncmp(w, "-L", 2)) {
        vec_push(&c->words, w);
    } else if (!strcmp(w, "-fopenmp")) {
        take_flag(c, "-lgomp");
    } else if (!strcmp(w, "-rdynamic")) {
        vec_push(&c->words, "--export-dynamic");
        c->dynamic = true;
    } else if (*w != '-') {
        vec_push(&c->words, w);
        if (n > 3 && (!strcmp(w + n - 3, ".so") || strstr(w, ".so."))) c->dynamic = true;
    }
}

static CLibraries c_libraries(const LinkOptions *o, const Args *dirs) {
    CLibraries c = {0};
    for (vec_each(const char *, w, &o->c_flags))
        if (!strncmp(*w, "-L", 2)) vec_push(&c.dirs, *w + 2);
    for (vec_each(const char *, d, dirs)) vec_push(&c.dirs, *d);
    for (uint32_t i = 0; i < o->c_flags.len; i++) {
        const char *w = o->c_flags.data[i];
        bool joined = (!strcmp(w, "-l") || !strcmp(w, "-L")) && i + 1 < o->c_flags.len;
        take_flag(&c, joined ? xsprintf("%s%s", w, o->c_flags.data[++i]) : w);
    }
    for (vec_each(const char *, obj, &o->c_objects)) c.dynamic |= loads_libraries(*obj);
    if (o->is_static) c.dynamic = false;
    return c;
}

// The words of the command in the order that static linking wants: start files, objects, the
// runtime, then the libraries that these need.
bool backend_link(const LinkOptions *o, const char **err) {
    bool arm64 = !strcmp(o->goarch, "arm64");
    const char *root = o->sysroot ? o->sysroot : "",
               *triple = arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
    const char *lib = find_libc(root, triple), *gcc = find_gcc(root, triple);
    if (!lib) {
        *err = xsprintf("no C library for %s (crt1.o): install %s", o->goarch,
                        debian_package("libc6-dev", arm64));
        return false;
    }
    if (!gcc) {
        *err = xsprintf("no libgcc for %s (libgcc.a): install %s", o->goarch,
                        debian_package("libgcc-12-dev", arm64));
        return false;
    }
    const char *runtime = xsprintf("%s/libvole_rt.a", o->runtime_dir);
    if (!exists(runtime)) {
        *err = xsprintf("no runtime for %s: %s is missing", o->goarch, runtime);
        return false;
    }
    Args a = {0}, dirs = {0};
#define ADD(...) add_words(&a, (const char *const[]){__VA_ARGS__, NULL})
    add_words(&dirs, (const char *const[]){lib, xsprintf("%s/usr/lib/%s", root, triple),
                                           xsprintf("%s/lib/%s", root, triple),
                                           xsprintf("%s/usr/local/lib", root), NULL});
    vec_push(&dirs, gcc);
    CLibraries c = c_libraries(o, &dirs);
    ADD(find_linker(), "-m", arm64 ? "aarch64linux" : "elf_x86_64");
    if (c.dynamic)
        ADD("-no-pie", "--dynamic-linker",
            arm64 ? "/lib/ld-linux-aarch64.so.1" : "/lib64/ld-linux-x86-64.so.2", "-z", "relro");
    else
        ADD("-static");
    for (uint32_t i = 0; c.dynamic && i < o->exports.len; i++)
        ADD(xsprintf("--export-dynamic-symbol=%s", o->exports.data[i]));
    ADD("-z", "noexecstack", "--gc-sections", "--build-id=none", "--eh-frame-hdr", "-O1");
    // The runtime's own, in heap.c and freelist.c.
    ADD("--wrap=GC_init_linux_data_start", "--wrap=GC_unix_get_mem");
    ADD("--wrap=GC_reclaim_generic", "--wrap=GC_build_fl");
    if (o->strip_debug) ADD("--strip-debug");
    ADD("--compress-sections", ".debug_loclists=zlib"); // the rest is the runtime's, for tracebacks
    ADD("-o", o->output, xsprintf("%s/crt1.o", lib), xsprintf("%s/crti.o", lib));
    const char *begin = xsprintf("%s/%s", gcc, c.dynamic ? "crtbegin.o" : "crtbeginT.o");
    if (exists(begin)) ADD(begin);
    for (uint32_t i = 0; i < o->objects.len; i++) ADD(o->objects.data[i]);
    // In the archive's order: its first member marks where Go code ends.
    ADD("--whole-archive", runtime, "--no-whole-archive");
    for (uint32_t i = 0; i < o->c_objects.len; i++) ADD(o->c_objects.data[i]);
    for (vec_each(const char *, d, &dirs)) ADD(xsprintf("-L%s", *d));
    ADD("--start-group");
    for (uint32_t i = 0; i < c.words.len; i++) ADD(c.words.data[i]);
    ADD(xsprintf("%s/libgc.a", o->runtime_dir), "-lm", "-lc");
    ADD("-lgcc", "-lgcc_eh");
    ADD("--end-group");
    ADD(xsprintf("%s/crtend.o", gcc));
    ADD(xsprintf("%s/crtn.o", lib));
#undef ADD
    if (o->verbose) print_command(&a);
    if (o->dry_run) return true;
    return run(&a, arm64, o->output, err);
}
