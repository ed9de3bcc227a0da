// link: objects and the runtime to an executable with ld.lld: non-PIE, static, so that it starts fast and addresses fit 32 bits.
#include "backend/backend.h"
#include <errno.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *first_existing(const char *const *list) {
    for (; *list; list++)
        if (access(*list, R_OK) == 0) return *list;
    return NULL;
}

static const char *find_gcc_dir(const char *root, const char *triple) {
    for (int v = 16; v >= 8; v--) {
        const char *d = xsprintf("%s/usr/lib/gcc/%s/%d", root, triple, v);
        if (access(xsprintf("%s/libgcc.a", d), R_OK) == 0) return d;
    }
    return NULL;
}

bool backend_link(const LinkOptions *o, const char **err) {
    bool arm64 = !strcmp(o->goarch, "arm64");
    const char *root = o->sysroot ? o->sysroot : "", *triple = arm64 ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
    const char *lib = xsprintf("%s/usr/lib/%s", root, triple), *gcc = find_gcc_dir(root, triple);
    if (access(xsprintf("%s/crt1.o", lib), R_OK)) {
        *err = xsprintf("no C library for %s: %s/crt1.o is missing (./dev setup installs it)", o->goarch, lib);
        return false;
    }
    static const char *const linkers[] = {"/usr/bin/ld.lld-22", "/usr/lib/llvm-22/bin/ld.lld", "/usr/bin/ld.lld", NULL};
    const char *lld = first_existing(linkers);
    Vec(const char *) a = {0};
    vec_push(&a, lld ? lld : "ld.lld");
    vec_push(&a, "-static");
    vec_push(&a, "-m");
    vec_push(&a, arm64 ? "aarch64linux" : "elf_x86_64");
    vec_push(&a, "-z");
    vec_push(&a, "noexecstack");
    vec_push(&a, "--gc-sections");
    vec_push(&a, "--build-id=none");
    if (o->strip_debug) vec_push(&a, "--strip-debug");
    vec_push(&a, "-o");
    vec_push(&a, o->output);
    vec_push(&a, xsprintf("%s/crt1.o", lib));
    vec_push(&a, xsprintf("%s/crti.o", lib));
    if (gcc) vec_push(&a, xsprintf("%s/crtbeginT.o", gcc));
    for (uint32_t i = 0; i < o->objects.len; i++) vec_push(&a, o->objects.data[i]);
    vec_push(&a, "--whole-archive");
    vec_push(&a, xsprintf("%s/libvole_rt.a", o->runtime_dir));
    vec_push(&a, "--no-whole-archive");
    vec_push(&a, xsprintf("-L%s", lib));
    if (gcc) vec_push(&a, xsprintf("-L%s", gcc));
    static const char *const libs[] = {"--start-group", "-lgc", "-lm", "-lpthread", "-ldl", "-lc", "-lgcc", "-lgcc_eh", "--end-group"};
    for (size_t i = 0; i < sizeof libs / sizeof *libs; i++) vec_push(&a, libs[i]);
    if (gcc) vec_push(&a, xsprintf("%s/crtend.o", gcc));
    vec_push(&a, xsprintf("%s/crtn.o", lib));
    if (o->verbose) {
        for (uint32_t i = 0; i < a.len; i++) fprintf(stderr, "%s%s", i ? " " : "", a.data[i]);
        fputc('\n', stderr);
    }
    vec_push(&a, NULL);
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        execvp(a.data[0], (char *const *)a.data);
        fprintf(stderr, "vole: cannot run %s: %s\n", a.data[0], strerror(errno));
        _exit(127);
    }
    int status;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return true;
    *err = "the linker failed";
    return false;
}
