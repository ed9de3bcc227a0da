// link: objects and the runtime to an executable with ld.lld: static and non-PIE, so that it starts
// fast and every address fits 32 bits, as descriptors need; or to what else -buildmode asks for. No C
// compiler driver in between: the C library's start files and libraries are found by Debian's layout.
// It takes the linker 40 ms to
// start: backend_link_prepare starts it early, and its arguments follow through a pipe, as a
// response file.
#define _GNU_SOURCE 1
#include "backend/backend.h"
#include "backend/shrink.h"
#include <elf.h>
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
    bool dynamic, is_static; // the second wins
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

// Whatever it is called.
static bool is_shared_library(const char *path) {
    Elf64_Ehdr h = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    bool elf = fd >= 0 && read(fd, &h, sizeof h) == sizeof h && !memcmp(h.e_ident, ELFMAG, SELFMAG);
    if (fd >= 0) close(fd);
    return elf && h.e_type == ET_DYN;
}

// Flags of a C compiler that mean nothing where it only links, or ask for what holds.
static bool is_idle(const char *w) {
    static const char *const all[] = {"-pthread", "-pipe", "-static-libgcc", "-fuse-ld=lld"},
                             *const prefixes[] = {"-O",
                                                  "-g",
                                                  "-W",
                                                  "-D",
                                                  "-U",
                                                  "-I",
                                                  "-std=",
                                                  "-m",
                                                  "-fPI",
                                                  "-fpi",
                                                  "-fno-",
                                                  "-fvisibility",
                                                  "-fstack-protector",
                                                  "-fmessage-length",
                                                  "-fdiagnostics-",
                                                  "-ffile-prefix-map",
                                                  "-fdebug-prefix-map"};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(w, all[i])) return true;
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (!strncmp(w, prefixes[i], strlen(prefixes[i]))) return strcmp(w, "-m32") != 0;
    return false;
}

// A word for the compiler as words for the linker; false: it is none that is known here. What makes
// programs dynamic: a library that is there as a shared one only.
static bool take_flag(CLibraries *c, const char *w) {
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
    } else if (!strncmp(w, "-L", 2) || !strncmp(w, "-u", 2) || !strncmp(w, "-z", 2)) {
        vec_push(&c->words, w);
    } else if (!strncmp(w, "-Xlinker", 8)) {
        vec_push(&c->words, w + 8);
    } else if (!strcmp(w, "-fopenmp")) {
        take_flag(c, "-lgomp");
    } else if (!strcmp(w, "-rdynamic")) {
        vec_push(&c->words, "--export-dynamic");
        c->dynamic = true;
    } else if (!strcmp(w, "-static")) {
        c->is_static = true;
    } else if (!strcmp(w, "-s")) {
        vec_push(&c->words, "--strip-all");
    } else if (*w != '-' && *w != '@') {
        vec_push(&c->words, w);
        if ((n > 3 && (!strcmp(w + n - 3, ".so") || strstr(w, ".so."))) || is_shared_library(w))
            c->dynamic = true;
    } else
        return is_idle(w);
    return true;
}

// The i-th word, with the next one where that is its argument.
static const char *next_flag(const char *const *words, uint32_t n, uint32_t *i) {
    static const char *const takes[] = {"-l", "-L", "-u", "-z", "-Xlinker"};
    const char *w = words[*i];
    for (size_t k = 0; k < sizeof takes / sizeof *takes; k++)
        if (!strcmp(w, takes[k]) && *i + 1 < n) return xsprintf("%s%s", w, words[++*i]);
    return w;
}

const char *backend_link_unknown(const char *const *words, uint32_t n, LinkKind kind) {
    CLibraries none = {0};
    for (uint32_t i = 0; i < n; i++) {
        const char *w = next_flag(words, n, &i);
        bool holds = !strcmp(w, "-no-pie")   ? kind == LINK_PROGRAM
                     : !strcmp(w, "-pie")    ? kind == LINK_PIE
                     : !strcmp(w, "-shared") ? kind == LINK_PLUGIN || kind == LINK_C_SHARED
                                             : take_flag(&none, w);
        if (!holds) return w;
    }
    return NULL;
}

static CLibraries c_libraries(const LinkOptions *o, const Args *dirs) {
    CLibraries c = {0};
    for (vec_each(const char *, w, &o->c_flags))
        if (!strncmp(*w, "-L", 2)) vec_push(&c.dirs, *w + 2);
    for (vec_each(const char *, w, &o->ext_flags))
        if (!strncmp(*w, "-L", 2)) vec_push(&c.dirs, *w + 2);
    for (vec_each(const char *, d, dirs)) vec_push(&c.dirs, *d);
    for (uint32_t i = 0; i < o->c_flags.len; i++)
        take_flag(&c, next_flag(o->c_flags.data, o->c_flags.len, &i));
    for (uint32_t i = 0; i < o->ext_flags.len; i++)
        take_flag(&c, next_flag(o->ext_flags.data, o->ext_flags.len, &i));
    for (vec_each(const char *, obj, &o->c_objects)) c.dynamic |= loads_libraries(*obj);
    if (c.is_static) c.dynamic = false;
    return c;
}

// ---- Symbols of C's objects ----

// Global symbols with default visibility that the object defines, or those that it wants.
static void symbols_of(const char *path, bool defined, Args *out) {
    Str text;
    if (!read_file(path, &text) || text.len < sizeof(Elf64_Ehdr)) return;
    const Elf64_Ehdr *h = (const void *)text.p;
    if (memcmp(h->e_ident, ELFMAG, SELFMAG) ||
        h->e_shoff + h->e_shnum * sizeof(Elf64_Shdr) > text.len)
        return;
    const Elf64_Shdr *sh = (const void *)(text.p + h->e_shoff);
    for (unsigned i = 0; i < h->e_shnum; i++) {
        if (sh[i].sh_type != SHT_SYMTAB || sh[i].sh_link >= h->e_shnum) continue;
        const Elf64_Shdr *names = &sh[sh[i].sh_link];
        if (sh[i].sh_offset + sh[i].sh_size > text.len ||
            names->sh_offset + names->sh_size > text.len)
            continue;
        const Elf64_Sym *s = (const void *)(text.p + sh[i].sh_offset);
        for (size_t k = 0; k < sh[i].sh_size / sizeof *s; k++) {
            if (ELF64_ST_BIND(s[k].st_info) == STB_LOCAL ||
                ELF64_ST_VISIBILITY(s[k].st_other) != STV_DEFAULT ||
                defined != (s[k].st_shndx != SHN_UNDEF) || s[k].st_name >= names->sh_size)
                continue;
            vec_push(out, xstrdup(text.p + names->sh_offset + s[k].st_name));
        }
    }
}

static Args c_symbols(const LinkOptions *o, bool defined) {
    Args all = {0};
    for (vec_each(const char *, obj, &o->c_objects)) symbols_of(*obj, defined, &all);
    return all;
}

// A file beside the output. What it held is no longer needed when the linker is done.
static const char *write_beside(const LinkOptions *o, const char *suffix, const char *text,
                                const char **err) {
    const char *path = xsprintf("%s.%s", o->output, suffix);
    FILE *f = fopen(path, "w");
    bool ok = f && fputs(text, f) >= 0;
    if (f && fclose(f)) ok = false;
    if (!ok) *err = xsprintf("writing %s: %s", path, strerror(errno));
    return ok ? path : NULL;
}

// Of a library for C nothing else is seen: its accesses to its own variables are direct, and another
// Go program in the process is none of its business.
static const char *version_script(const LinkOptions *o, const char **err) {
    Buf b = {0};
    Args names = c_symbols(o, true);
    buf_puts(&b, "{\n");
    if (names.len) buf_puts(&b, "global:\n");
    for (vec_each(const char *, n, &names))
        if (strncmp(*n, "_cgo", 4) != 0) buf_printf(&b, "\"%s\";\n", *n);
    buf_puts(&b, "local: *;\n};\n");
    return write_beside(o, "version", buf_str(&b), err);
}

// Go code comes before the runtime's, whoever links them: one section of each kind.
static const char *object_script(const LinkOptions *o, const char **err) {
    static const char text[] = "SECTIONS {\n"
                               ".text : { *(.text .text.*) }\n"
                               ".data : { *(.data .data.*) }\n"
                               ".bss : { *(.bss .bss.*) }\n"
                               "}\n";
    return write_beside(o, "script", text, err);
}

// ---- The command ----

typedef struct Places { // where things of the C library's are
    bool arm64;
    const char *lib, *gcc, *runtime;
    Args dirs;
} Places;

static bool find_places(const LinkOptions *o, Places *p, const char **err) {
    const char *root = o->sysroot ? o->sysroot : "";
    p->arm64 = !strcmp(o->goarch, "arm64");
    const char *triple = p->arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
    p->lib = find_libc(root, triple);
    p->gcc = find_gcc(root, triple);
    p->runtime = o->pic ? xsprintf("%s/pic", o->runtime_dir) : o->runtime_dir;
    if (!p->lib) {
        *err = xsprintf("no C library for %s (crt1.o): install %s", o->goarch,
                        debian_package("libc6-dev", p->arm64));
        return false;
    }
    if (!p->gcc) {
        *err = xsprintf("no libgcc for %s (libgcc.a): install %s", o->goarch,
                        debian_package("libgcc-12-dev", p->arm64));
        return false;
    }
    const char *archive = xsprintf("%s/libvole_rt.a", p->runtime);
    if (!exists(archive)) {
        *err = xsprintf("no runtime for %s: %s is missing", o->goarch, archive);
        return false;
    }
    const char *dirs[] = {p->lib, xsprintf("%s/usr/lib/%s", root, triple),
                          xsprintf("%s/lib/%s", root, triple), xsprintf("%s/usr/local/lib", root),
                          p->gcc};
    for (size_t i = 0; i < sizeof dirs / sizeof *dirs; i++)
        if (dirs[i]) vec_push(&p->dirs, dirs[i]);
    return true;
}

static void add(Args *a, const char *word) { vec_push(a, word); }
#define ADD(...) add_words(a, (const char *const[]){__VA_ARGS__, NULL})

// The form of what comes out. False with *err.
static bool add_kind(Args *a, const LinkOptions *o, const Places *p, bool dynamic,
                     const char **err) {
    const char *loader = p->arm64 ? "/lib/ld-linux-aarch64.so.1" : "/lib64/ld-linux-x86-64.so.2";
    switch (o->kind) {
    case LINK_PROGRAM:
        if (!dynamic)
            add(a, "-static");
        else
            ADD("-no-pie", "--dynamic-linker", loader, "-z", "relro");
        break;
    case LINK_PIE:
        if (!dynamic)
            ADD("-static", "-pie", "--no-dynamic-linker", "-z", "text");
        else
            ADD("-pie", "--dynamic-linker", loader);
        break;
    case LINK_PLUGIN: add(a, "-shared"); break;
    case LINK_C_SHARED: {
        const char *script = version_script(o, err);
        if (!script) return false;
        ADD("-shared", "-z", "nodelete", "-z", "start-stop-visibility=hidden", "--version-script",
            script);
        break;
    }
    case LINK_C_OBJECT: {
        const char *script = object_script(o, err);
        if (!script) return false;
        // It warns of tables that are not loaded: they list functions that others have.
        ADD("-r", "--no-warnings", "--force-group-allocation", "-T", script);
        Args wanted = c_symbols(o, false);
        for (vec_each(const char *, w, &wanted)) ADD("-u", *w);
        ADD("-u", "vole_library_begin");
        break;
    }
    }
    if (o->host) add(a, "--export-dynamic");
    for (uint32_t i = 0; dynamic && o->kind <= LINK_PIE && i < o->exports.len; i++)
        add(a, xsprintf("--export-dynamic-symbol=%s", o->exports.data[i]));
    return true;
}

static void add_existing(Args *a, const char *dir, const char *file) {
    const char *path = xsprintf("%s/%s", dir ? dir : "", file);
    if (dir && exists(path)) add(a, path);
}

// The C library's start files, or their ends.
static void add_start(Args *a, const LinkOptions *o, const Places *p, bool dynamic, bool begin) {
    bool shared = o->kind == LINK_PLUGIN || o->kind == LINK_C_SHARED, pie = o->kind == LINK_PIE;
    if (o->kind == LINK_C_OBJECT) return;
    if (begin) {
        if (!shared)
            add(a, xsprintf("%s/%s", p->lib, !pie ? "crt1.o" : dynamic ? "Scrt1.o" : "rcrt1.o"));
        add(a, xsprintf("%s/crti.o", p->lib));
        add_existing(a, p->gcc,
                     shared || pie ? "crtbeginS.o"
                     : dynamic     ? "crtbegin.o"
                                   : "crtbeginT.o");
    } else {
        if (p->gcc) add(a, xsprintf("%s/%s", p->gcc, shared || pie ? "crtendS.o" : "crtend.o"));
        add(a, xsprintf("%s/crtn.o", p->lib));
    }
}

// C's libraries, in a group: they need each other.
static void add_libraries(Args *a, const LinkOptions *o, const Places *p, const CLibraries *c) {
    if (o->kind == LINK_C_OBJECT) {
        add(a, xsprintf("%s/libgc.a", p->runtime));
        return;
    }
    for (vec_each(const char *, d, &p->dirs)) add(a, xsprintf("-L%s", *d));
    add(a, "--start-group");
    for (uint32_t i = 0; i < c->words.len; i++) add(a, c->words.data[i]);
    if (o->kind != LINK_PLUGIN) add(a, xsprintf("%s/libgc.a", p->runtime));
    ADD("-lm", "-lc");
    if (p->gcc) ADD("-lgcc", "-lgcc_eh");
    add(a, "--end-group");
}

// The words of the command in the order that static linking wants: start files, objects, the
// runtime, then the libraries that these need.
bool backend_link(const LinkOptions *o, const char **err) {
    Places p = {0};
    if (!find_places(o, &p, err)) return false;
    Args args = {0}, *a = &args;
    CLibraries c = c_libraries(o, &p.dirs);
    bool dynamic = c.dynamic || o->host;
    ADD(find_linker(), "-m", p.arm64 ? "aarch64linux" : "elf_x86_64");
    // Where scripts that stand for libraries look.
    if (o->sysroot) add(a, xsprintf("--sysroot=%s", o->sysroot));
    if (!add_kind(a, o, &p, dynamic, err)) return false;
    ADD("-z", "noexecstack", "--gc-sections", "-O1");
    add(a, xsprintf("--build-id=%s", o->build_id ? o->build_id : "none"));
    if (o->rpath && dynamic) ADD("-rpath", o->rpath);
    if (o->kind != LINK_C_OBJECT) add(a, "--eh-frame-hdr");
    // The runtime's own, in heap.c and freelist.c.
    ADD("--wrap=GC_init_linux_data_start", "--wrap=GC_unix_get_mem");
    ADD("--wrap=GC_reclaim_generic", "--wrap=GC_build_fl");
    if (o->strip_debug) add(a, o->strip_symbols ? "--strip-all" : "--strip-debug");
    if (o->kind != LINK_C_OBJECT) add(a, "--compress-debug-sections=zlib");
    ADD("-o", o->output);
    add_start(a, o, &p, dynamic, true);
    for (uint32_t i = 0; i < o->objects.len; i++) add(a, o->objects.data[i]);
    // In the archive's order: its first member marks where Go code ends.
    if (o->kind != LINK_PLUGIN)
        ADD("--whole-archive", xsprintf("%s/libvole_rt.a", p.runtime), "--no-whole-archive");
    if (o->kind == LINK_C_SHARED || o->kind == LINK_C_OBJECT)
        add(a, xsprintf("%s/library.o", p.runtime));
    if (o->kind == LINK_C_OBJECT) add(a, xsprintf("%s/libm.o", p.runtime));
    for (uint32_t i = 0; o->kind != LINK_C_OBJECT && i < o->c_objects.len; i++)
        add(a, o->c_objects.data[i]);
    add_libraries(a, o, &p, &c);
    add_start(a, o, &p, dynamic, false);
    if (o->verbose) print_command(a);
    if (o->dry_run) return true;
    if (!run(a, p.arm64, o->output, err)) return false;
    if (o->kind != LINK_C_OBJECT) shrink_program(o->output);
    return true;
}
#undef ADD
