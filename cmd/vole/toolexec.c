// toolexec: -toolexec's command runs each tool of the tool chain: asm, cgo, cover and vet are
// programs, whose words it stands before (process.c). Compiling and linking are done in processes of
// the build that have all checked packages in memory. There the command runs `compile` or `link` as
// for go, of which that program tells the build by a socket what it was called with, and waits:
//
//     build: toolexec_run ── fork ──> time /usr/lib/vole/tools/compile -o x.o … lib.go
//       |                                └─> vole tool cmd/compile: toolexec_tool
//       |<───────── words, by a socket ─────────────┘
//       | work: what was to be done all the time
//       └────────── exit status ───────> it ends so
//
// What the command changes in the words cannot be done so, and is refused.
#define _GNU_SOURCE 1
#include "cmd/vole/vole.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char variable[] = "VOLE_TOOLEXEC"; // has the socket's path

bool toolexec_on(void) { return options.toolexec.len != 0; }

void toolexec_words(const char *of, StrVec *out) {
    if (!of || !toolexec_on()) return;
    setenv("TOOLEXEC_IMPORTPATH", of, 1);
    for (vec_each(const char *, w, &options.toolexec)) vec_push(out, *w);
}

// Binds the socket to the path, or connects it with who did. An address has 107 bytes, a path may be
// longer: then it is named by its folder, opened.
static bool join_path(int fd, const char *path, bool binds) {
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    const char *slash = strrchr(path, '/');
    int dir = -1;
    if (strlen(path) >= sizeof a.sun_path && slash) {
        dir = open(xstrndup(path, (size_t)(slash - path)), O_PATH | O_DIRECTORY | O_CLOEXEC);
        path = xsprintf("/proc/self/fd/%d%s", dir, slash);
    }
    if (fd < 0 || strlen(path) >= sizeof a.sun_path) return false;
    strcpy(a.sun_path, path);
    const struct sockaddr *to = (struct sockaddr *)&a;
    bool ok = !(binds ? bind(fd, to, sizeof a) : connect(fd, to, sizeof a));
    if (dir >= 0) close(dir);
    return ok;
}

// The words, each with a NUL behind it.
static void join(const StrVec *words, Buf *out) {
    for (vec_each(const char *, w, words)) buf_write(out, *w, strlen(*w) + 1);
}

static int refuse(const char *tool, const char *what) {
    fprintf(stderr, "vole: -toolexec: %s %s\n", options.toolexec.data[0], xsprintf(what, tool));
    return 1;
}

// The tool is there, and waits: does what it was called for, unless that is something else.
static int serve(int listener, const char *tool, const Buf *expected, int (*work)(void *),
                 void *of) {
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    Buf got = {0};
    if (fd < 0) return 1;
    read_all(fd, &got);
    bool same = got.len == expected->len && !memcmp(got.p, expected->p, got.len);
    int status = same ? work(of)
                      : refuse(tool, "runs %s with other arguments than it is given, which is not "
                                     "supported");
    unsigned char byte = (unsigned char)status;
    if (write(fd, &byte, 1) != 1) status = 1;
    close(fd);
    return status;
}

int toolexec_run(const char *tool, const StrVec *args, const char *of, const char *socket_path,
                 int (*work)(void *), void *to) {
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (!join_path(listener, socket_path, true) || listen(listener, 1)) {
        fprintf(stderr, "vole: -toolexec: no socket at %s\n", socket_path);
        return 1;
    }
    Process p = {.tool_of = of};
    Buf expected = {0};
    join(args, &expected);
    vec_push(&p.words, xsprintf("%s/%s", install_tools(), tool));
    for (vec_each(const char *, w, args)) vec_push(&p.words, *w);
    vec_push(&p.env, xsprintf("%s=%s", variable, socket_path));
    pid_t pid = process_start(&p);
    int ws = 1 << 8, served = -1;
    while (pid > 0 && waitpid(pid, &ws, WNOHANG) != pid) {
        struct pollfd f = {.fd = listener, .events = POLLIN};
        if (poll(&f, 1, 5) > 0) // ms; often enough to see its end at once
            served = serve(listener, tool, &expected, work, to);
    }
    close(listener);
    unlink(socket_path);
    int status = WIFEXITED(ws) ? WEXITSTATUS(ws) : 1;
    if (!status && served < 0) return refuse(tool, "did not run %s");
    return status ? status : served;
}

// As a tool: hands the words on.
int toolexec_tool(int argc, char **argv) {
    const char *path = getenv(variable);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    StrVec words = {0};
    Buf text = {0};
    for (int i = 0; i < argc; i++) vec_push(&words, argv[i]);
    join(&words, &text);
    unsigned char status = 2;
    if (!path || !join_path(fd, path, false)) {
        fprintf(stderr, "vole: -toolexec: no build waits for this tool\n");
        return 2;
    }
    for (size_t at = 0; at < text.len;) {
        ssize_t n = write(fd, text.p + at, text.len - at);
        if (n < 0 && errno != EINTR) break;
        at += n > 0 ? (size_t)n : 0;
    }
    shutdown(fd, SHUT_WR);
    while (read(fd, &status, 1) < 0 && errno == EINTR) {}
    close(fd);
    return status;
}

bool toolexec_waits(void) { return getenv(variable) != NULL; }
