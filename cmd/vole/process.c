// process: programs that the driver runs, and what they say. One that cannot be run ends with 127,
// as in a shell, after a message where its own would go.
#define _GNU_SOURCE 1
#include "cmd/vole/vole.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void set_environment(const Process *p) {
    if (p->original_env) env_restore();
    for (vec_each(const char *, e, &p->env)) {
        const char *eq = strchr(*e, '=');
        if (eq)
            setenv(xstrndup(*e, (size_t)(eq - *e)), eq + 1, 1);
        else
            unsetenv(*e);
    }
    if (p->dir) setenv("PWD", p->dir, 1);
}

// In the child.
VOLE_NORETURN static void become(const Process *p) {
    if (p->said) {
        int fd = open(p->said, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0666);
        if (fd < 0) _exit(127);
        dup2(fd, 1);
        dup2(fd, 2);
    }
    if (p->in) dup2(p->in, 0);
    if (p->out) dup2(p->out, 1);
    signal(SIGXFSZ, SIG_DFL);
    const char *what = p->words.data[0];
    if (p->dir && chdir(p->dir)) {
        fprintf(stderr, "vole: chdir %s: %s\n", p->dir, go_error(errno));
        _exit(127);
    }
    set_environment(p);
    if (p->inside) {
        temp_forget();
        _exit(p->inside(&p->words));
    }
    StrVec words = {0};
    toolexec_words(p->tool_of, &words);
    for (vec_each(const char *, w, &p->words)) vec_push(&words, *w);
    vec_push(&words, NULL);
    execvp(words.data[0], (char *const *)words.data);
    dprintf(2, "vole: cannot run %s: %s\n", what, strerror(errno));
    _exit(127);
}

pid_t process_start(const Process *p) {
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) become(p);
    if (pid < 0) fprintf(stderr, "vole: fork: %s\n", strerror(errno));
    return pid;
}

int process_end(pid_t pid) {
    int status = 0;
    if (pid < 0) return 1;
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR) return 1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int process_run(const Process *p) { return process_end(process_start(p)); }

void read_all(int fd, Buf *out) {
    char part[65536];
    ssize_t n;
    while ((n = read(fd, part, sizeof part)) > 0 || (n < 0 && errno == EINTR))
        if (n > 0) buf_write(out, part, (size_t)n);
}

int process_read(const Process *p, int streams, Buf *said) {
    int ends[2];
    fflush(NULL);
    pid_t pid = pipe2(ends, O_CLOEXEC) ? -1 : fork();
    if (pid == 0) {
        if (streams & PROCESS_OUT) dup2(ends[1], 1);
        if (streams & PROCESS_ERR) dup2(ends[1], 2);
        become(p);
    }
    if (pid < 0) {
        fprintf(stderr, "vole: fork: %s\n", strerror(errno));
        return 1;
    }
    close(ends[1]);
    read_all(ends[0], said);
    close(ends[0]);
    return process_end(pid);
}
