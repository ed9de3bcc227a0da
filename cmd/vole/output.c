// output: how what a build made gets to its place. The file is made in the temporary folder and
// moved, so that a build that fails or is killed leaves what stood there; as go does, it replaces
// only objects, executables and empty files, and never writes through a symbolic link.
#define _GNU_SOURCE 1
#include "cmd/vole/vole.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

// cmd/go's objectMagic: what a build may replace without asking.
static bool is_object(const char *path) {
    static const struct {
        const char *bytes;
        size_t n;
    } magic[] = {
        {"!<arch>\n", 8}, {"\177ELF", 4},      {"<bigaf>\n", 8},        {"\0asm", 4},
        {"MZ", 2},        {"\xfe\xed\xfa", 3}, {"\xcf\xfa\xed\xfe", 4}, {"\xce\xfa\xed\xfe", 4}};
    char head[8] = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, head, sizeof head);
    if (fd >= 0) close(fd);
    for (size_t i = 0; i < sizeof magic / sizeof *magic; i++)
        if (n >= (ssize_t)magic[i].n && !memcmp(head, magic[i].bytes, magic[i].n)) return true;
    return false;
}

bool output_check(const char *out) {
    struct stat st;
    const char *why = NULL;
    if (stat(out, &st)) return true;
    if (S_ISDIR(st.st_mode))
        why = "a directory";
    else if (S_ISREG(st.st_mode) && st.st_size && !is_object(out))
        why = "not an object file";
    if (why) fprintf(stderr, "vole: build output \"%s\" already exists and is %s\n", out, why);
    return !why;
}

static int failed(const char *out, const char *what) {
    fprintf(stderr, "vole: %s %s: %s\n", what, out, strerror(errno));
    return 1;
}

static bool copy_to(int from, int to) {
    char *buf = xalloc(1 << 20);
    ssize_t n;
    while ((n = read(from, buf, 1 << 20)) > 0)
        for (ssize_t k, at = 0; at < n; at += k) {
            k = write(to, buf + at, (size_t)(n - at));
            if (k < 0 && errno == EINTR) k = 0;
            if (k < 0) return false;
        }
    return n == 0;
}

// errno says why it failed; what O_EXCL made is removed then.
bool output_copy(const char *from, const char *to, int flags) {
    int in = open(from, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (in < 0 || fstat(in, &st)) return false;
    int out = open(to, O_WRONLY | O_CLOEXEC | flags, st.st_mode & 0777);
    bool ok = out >= 0 && copy_to(in, out);
    int e = errno;
    if (out >= 0 && close(out) && ok) {
        e = errno;
        ok = false;
    }
    close(in);
    if (!ok && out >= 0 && (flags & O_EXCL)) unlink(to);
    errno = e;
    return ok;
}

// What builds that were killed while they copied left beside out: NAME.vole-PID of processes that
// are no more.
static void remove_remains(const char *dir, const char *prefix) {
    DIR *d = opendir(dir);
    if (!d) return;
    for (struct dirent *e; (e = readdir(d));) {
        if (!starts_with(e->d_name, prefix)) continue;
        char *end;
        long pid = strtol(e->d_name + strlen(prefix), &end, 10);
        if (!*end && pid > 0 && kill((pid_t)pid, 0) && errno == ESRCH)
            unlink(xsprintf("%s/%s", dir, e->d_name));
    }
    closedir(d);
}

// Moves tmp to out by a copy beside it, where a rename will not do: another file system, or a
// folder that hands its group on.
static bool move_by_copy(const char *tmp, const char *out, const char *dir) {
    const char *slash = strrchr(out, '/'), *name = slash ? slash + 1 : out;
    const char *beside = xsprintf("%s.vole-%d", out, (int)getpid());
    remove_remains(dir, xsprintf("%s.vole-", name));
    temp_beside = beside;
    bool ok = output_copy(tmp, beside, O_CREAT | O_EXCL | O_NOFOLLOW) && rename(beside, out) == 0;
    int e = errno;
    if (!ok) unlink(beside);
    temp_beside = NULL;
    errno = e;
    return ok;
}

static int put(const char *tmp, const char *out);
int output_put(const char *tmp, const char *out) { return output_check(out) ? put(tmp, out) : 1; }
int output_put_text(const char *tmp, const char *out) { return put(tmp, out); }

// A folder that hands its group on gives it to files made there, not to those moved in: hence the
// copy.
static int put(const char *tmp, const char *out) {
    struct stat st;
    if (stat(out, &st) == 0 &&
        !S_ISREG(
            st.st_mode)) { // a device or pipe is written to: `-o /dev/null` is how one builds for the diagnostics alone
        bool ok = output_copy(tmp, out, 0);
        return ok ? 0 : failed(out, "writing");
    }
    const char *slash = strrchr(out, '/'), *dir = slash == out ? "/"
                                                  : slash ? xstrndup(out, (size_t)(slash - out))
                                                          : ".";
    if (!make_dirs(dir, 0777)) return failed(dir, "mkdir");
    bool hands_on = stat(dir, &st) == 0 && (st.st_mode & S_ISGID);
    if (!hands_on && rename(tmp, out) == 0) return 0;
    return move_by_copy(tmp, out, dir) ? 0 : failed(out, "writing");
}

// ---- Where to ----

const char *output_program_name(const char *path) {
    const char *slash = strrchr(path, '/'), *last = slash ? slash + 1 : path;
    bool version = slash && last[0] == 'v' && last[1] >= '1' && last[1] <= '9' &&
                   !last[1 + strspn(last + 1, "0123456789")] && strcmp(last, "v1");
    return version ? output_program_name(xstrndup(path, (size_t)(slash - path))) : last;
}

static const char *suffix(void) {
    return options.mode == MODE_C_ARCHIVE ? ".a" : options.mode == MODE_PLUGIN ? ".so" : "";
}

// The program's name: of its first file, or the last element of its import path that is no major
// version.
const char *output_name(const Package *p) {
    const char *first = options.args.len ? options.args.data[0] : ".";
    if (ends_with(first, ".go")) {
        const char *base = strrchr(first, '/') ? strrchr(first, '/') + 1 : first;
        return xstrndup(base, strlen(base) - 3);
    }
    const char *path =
        strcmp(p->path, "main") && strcmp(p->path, "command-line-arguments") ? p->path : p->dir;
    return output_program_name(path);
}

static bool to_folder(Program *prog, const char *dir) {
    bool any = false;
    for (uint32_t i = 0; i < prog->roots.len; i++) {
        if (!prog->roots.data[i]->is_main) continue;
        const char *sep = ends_with(dir, "/") ? "" : "/";
        prog->outputs.data[i] =
            xsprintf("%s%s%s%s", dir, sep, output_name(prog->roots.data[i]), suffix());
        any = true;
    }
    if (!any) fprintf(stderr, "vole: no main packages to build\n");
    return any;
}

// go's rules: -o may name a folder for several programs; without it one program goes to the
// working directory, and more go nowhere.
bool output_choose(Program *prog) {
    const char *out = options.output;
    for (uint32_t i = 0; i < prog->roots.len; i++) vec_push(&prog->outputs, NULL);
    uint32_t n = prog->roots.len;
    Package *first = n ? prog->roots.data[0] : NULL;
    struct stat st;
    if (out && *out && (ends_with(out, "/") || (stat(out, &st) == 0 && S_ISDIR(st.st_mode)))) {
        if (!to_folder(prog, out)) return false;
    } else if (out && *out) {
        bool null = !strcmp(out, "/dev/null");
        if (n > 1 && !null) {
            fprintf(stderr, "vole: cannot write multiple packages to non-directory %s\n", out);
            return false;
        }
        if (n == 1 && (first->is_main || !null)) prog->outputs.data[0] = out;
    } else if (n == 1 && first->is_main) {
        prog->outputs.data[0] = xsprintf("%s%s", output_name(first), suffix());
    }
    for (vec_each(const char *, o, &prog->outputs))
        if (*o && !output_check(*o)) return false;
    return true;
}

// The folder of $GOPATH in which programs are put: without modules the one that holds the working
// directory.
const char *install_workspace(const char *path) {
    const char *modules = getenv("GO111MODULE"), *here = current_dir();
    for (const char *p = path; modules && !strcmp(modules, "off") && here && *p;) {
        const char *dir = xstrndup(p, strcspn(p, ":"));
        if (has_path_prefix(here, dir)) return dir;
        p += strlen(dir);
        p += *p == ':';
    }
    return xstrndup(path, strcspn(path, ":"));
}

// Where go install puts programs: $GOBIN, else bin below the first folder of $GOPATH.
static const char *install_folder(void) {
    const char *bin = getenv("GOBIN"), *path = getenv("GOPATH"), *home = getenv("HOME");
    bool cross = strcmp(options.goarch, TARGET_HOST) != 0;
    const char *why = NULL;
    if (bin && *bin && *bin != '/')
        why = "cannot install, GOBIN must be an absolute path";
    else if (bin && *bin && cross)
        why = "vole: cannot install cross-compiled binaries when GOBIN is set";
    else if ((!bin || !*bin) && (!path || !*path) && (!home || !*home))
        why = "vole: no install location: neither GOBIN nor GOPATH nor HOME is set";
    if (why) fprintf(stderr, "%s\n", why);
    if (why || (bin && *bin)) return why ? NULL : bin;
    path = install_workspace(path && *path ? path : xsprintf("%s/go", home));
    return cross ? xsprintf("%s/bin/linux_%s", path, options.goarch) : xsprintf("%s/bin", path);
}

bool output_install(Program *prog) {
    bool any = false;
    for (vec_each(Package *, p, &prog->roots)) {
        vec_push(&prog->outputs, NULL);
        any |= (*p)->is_main;
    }
    const char *dir = any ? install_folder() : NULL;
    if (any && (!dir || !to_folder(prog, dir))) return false;
    for (vec_each(const char *, o, &prog->outputs))
        if (*o && !output_check(*o)) return false;
    return true;
}
