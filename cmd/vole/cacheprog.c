// cacheprog: requests go to the program as lines of JSON, a body behind its request as a line with a
// string in base64; answers come as JSON in any order, with the number of the request. All that is
// asked at once is written while answers are read, so that neither waits for the other:
//
//     {"ID":1,"Command":"get","ActionID":"…"}      {"ID":1,"DiskPath":"/tmp/store/…","Size":5321}
//     {"ID":2,"Command":"put","ActionID":"…",      {"ID":2,"DiskPath":"/tmp/store/…"}
//      "OutputID":"…","BodySize":3}
//     "Zm9v"
//
// A build waits as long as something comes, and PATIENCE longer. What a later process reads may be
// answers to what an earlier one asked: numbers tell them apart.
#define _GNU_SOURCE 1
#include "cmd/vole/cacheprog.h"
#include "frontend/json.h"
#include "frontend/sha256.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PATIENCE = 5000 /* ms */, AT_ONCE = 4 << 20 /* bytes */ };

static struct {
    pid_t pid, owner;
    int in, out; // our ends
    bool begun, get, put, close;
    bool *off; // shared with processes that are forked: given up
    int64_t next;
    Buf answers; // what was read, as far as it is no whole line
} prog;

// ---- Starting and giving up ---------------------------------------------------------------------

static const char *setting(void) {
    const char *s = getenv("GOCACHEPROG");
    return s && *s ? s : NULL;
}

bool cacheprog_on(void) { return setting() && !(prog.off && *prog.off); }

static void give_up(const char *why) {
    if (*prog.off) return;
    *prog.off = true;
    fprintf(stderr, "vole: GOCACHEPROG: %s; building without it\n", why);
    if (prog.pid > 0 && prog.owner == getpid()) kill(prog.pid, SIGKILL);
}

static bool start(void) {
    Process p = {.original_env = true};
    int in[2], out[2];
    if (!flags_split(setting(), &p.words) || !p.words.len) {
        give_up(flags_unterminated(setting()));
        return false;
    }
    if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC)) {
        give_up(strerror(errno));
        return false;
    }
    p.in = in[0];
    p.out = out[1];
    prog.pid = process_start(&p);
    prog.owner = getpid();
    close(in[0]);
    close(out[1]);
    prog.in = in[1];
    prog.out = out[0];
    fcntl(prog.in, F_SETFL, O_NONBLOCK);
    if (prog.pid < 0) give_up("it cannot be started");
    return prog.pid > 0;
}

// ---- Answers ------------------------------------------------------------------------------------

typedef struct Answer {
    int64_t id;
    bool miss;
    const char *error, *path;
} Answer;

static bool known_command(Json *j) {
    const char *name;
    json_blanks(j);
    if (*j->p != '"') return json_skip(j, NULL, NULL);
    if (!json_read_string(j, &name)) return false;
    prog.get |= !strcmp(name, "get");
    prog.put |= !strcmp(name, "put");
    prog.close |= !strcmp(name, "close");
    return true;
}

static bool known_commands(Json *j) {
    json_blanks(j);
    if (*j->p != '[') return json_skip(j, NULL, NULL);
    do {
        j->p++;
        json_blanks(j);
        if (*j->p == ']') break;
        if (!known_command(j)) return false;
        json_blanks(j);
    } while (*j->p == ',');
    if (*j->p != ']') return json_fail(j, "after array element");
    j->p++;
    return true;
}

static bool member(Json *j, const char *key, void *to) {
    Answer *a = to;
    json_blanks(j);
    if (!strcmp(key, "KnownCommands")) return known_commands(j);
    if (!strcmp(key, "Err") && *j->p == '"') return json_read_string(j, &a->error);
    if (!strcmp(key, "DiskPath") && *j->p == '"') return json_read_string(j, &a->path);
    if (!strcmp(key, "ID")) a->id = strtoll(j->p, NULL, 10);
    if (!strcmp(key, "Miss")) a->miss = *j->p == 't';
    return json_skip(j, NULL, NULL);
}

// Waits for the program: writes as much of requests as it takes, from *at on, and reads answers. False: it was
// given up.
static bool exchange(const Buf *requests, size_t *at) {
    struct pollfd fds[2] = {{.fd = prog.out, .events = POLLIN},
                            {.fd = *at < requests->len ? prog.in : -1, .events = POLLOUT}};
    char part[65536];
    int ready = poll(fds, 2, PATIENCE);
    if (ready < 0 && errno == EINTR) return true;
    if (ready <= 0) {
        give_up("it does not answer");
        return false;
    }
    if (fds[1].revents) {
        ssize_t n = write(prog.in, requests->p + *at, requests->len - *at);
        if (n < 0 && errno != EAGAIN && errno != EINTR) {
            give_up("it has ended");
            return false;
        }
        *at += n > 0 ? (size_t)n : 0;
    }
    if (!fds[0].revents) return true;
    ssize_t n = read(prog.out, part, sizeof part);
    if (n <= 0) {
        give_up("it has ended");
        return false;
    }
    buf_write(&prog.answers, part, (size_t)n);
    return true;
}

// The next answer that has been read whole, if there is one; one of another form gives the program up.
static bool next_answer(Answer *a) {
    char *end = prog.answers.len ? memchr(prog.answers.p, '\n', prog.answers.len) : NULL;
    if (!end) return false;
    size_t n = (size_t)(end + 1 - prog.answers.p);
    Json j = {.p = xstrndup(prog.answers.p, n)};
    prog.answers.len -= n;
    memmove(prog.answers.p, end + 1, prog.answers.len);
    *a = (Answer){.id = -1};
    json_blanks(&j);
    if (!*j.p) return next_answer(a);
    if (json_read_object(&j, member, a)) return true;
    give_up(xsprintf("its answer is not understood: %s", j.error));
    return false;
}

// Writes requests, and hands count answers, whose numbers are first and those after it, to take.
static void ask(const Buf *requests, int64_t first, uint32_t count,
                void (*take)(void *to, uint32_t i, const Answer *a), void *to) {
    size_t at = 0;
    Answer a;
    void (*before)(int) = signal(SIGPIPE, SIG_IGN);
    for (uint32_t missing = count; missing && !*prog.off;) {
        while (missing && next_answer(&a)) {
            if (a.id < first || a.id >= first + count) continue;
            missing--;
            take(to, (uint32_t)(a.id - first), &a);
        }
        if (missing && !*prog.off && !exchange(requests, &at)) break;
    }
    signal(SIGPIPE, before);
}

static void take_nothing(void *to, uint32_t i, const Answer *a) { (void)to, (void)i, (void)a; }

void cacheprog_begin(void) {
    if (prog.begun || !setting()) return;
    prog.begun = true;
    prog.off =
        mmap(NULL, sizeof *prog.off, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (prog.off == MAP_FAILED) ice("mmap: %s", strerror(errno));
    Buf none = {0};
    if (!start()) return;
    ask(&none, 0, 1, take_nothing, NULL);
    if (!*prog.off && !prog.get && !prog.put) give_up("it declared no supported commands");
}

// Numbers of requests are this process's own, where others have the same pipes.
static int64_t take_numbers(uint32_t n) {
    static pid_t of;
    if (of != getpid()) prog.next = ((int64_t)getpid() << 24) + 1;
    of = getpid();
    prog.next += n;
    return prog.next - n;
}

// ---- Requests -----------------------------------------------------------------------------------

static void put_base64(Buf *b, const void *from, size_t n) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const uint8_t *p = from;
    buf_putc(b, '"');
    for (size_t i = 0; i < n; i += 3) {
        uint32_t v = (uint32_t)p[i] << 16 | (uint32_t)(i + 1 < n ? p[i + 1] : 0) << 8 |
                     (i + 2 < n ? p[i + 2] : 0);
        char out[4] = {digits[v >> 18], digits[v >> 12 & 63], i + 1 < n ? digits[v >> 6 & 63] : '=',
                       i + 2 < n ? digits[v & 63] : '='};
        buf_write(b, out, 4);
    }
    buf_putc(b, '"');
}

static void put_digits(Buf *b, const char *hex) {
    uint8_t bytes[32] = {0};
    for (int i = 0; i < 64 && hex[i]; i++)
        bytes[i / 2] =
            (uint8_t)(bytes[i / 2] << 4 | (hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10));
    put_base64(b, bytes, sizeof bytes);
}

static void put_request(Buf *b, int64_t id, const char *command, const char *key) {
    buf_printf(b, "{\"ID\":%lld,\"Command\":\"%s\"", (long long)id, command);
    if (!key) return;
    buf_puts(b, ",\"ActionID\":");
    put_digits(b, key);
}

static void take_body(void *to, uint32_t i, const Answer *a) {
    Stored *s = &((StoredVec *)to)->data[i];
    s->found = !a->miss && !a->error && a->path && read_file(a->path, &s->body);
}

void cacheprog_get(StoredVec *wanted) {
    Buf b = {0};
    cacheprog_begin();
    if (!wanted->len || !cacheprog_on() || !prog.get) return;
    int64_t first = take_numbers(wanted->len);
    for (uint32_t i = 0; i < wanted->len; i++) {
        put_request(&b, first + i, "get", wanted->data[i].key);
        buf_puts(&b, "}\n");
    }
    ask(&b, first, wanted->len, take_body, wanted);
}

// One that cannot be put is not worth a word.
void cacheprog_put(const StoredVec *bodies) {
    cacheprog_begin();
    for (uint32_t i = 0; i < bodies->len;) { // some at a time: they are in memory once more
        Buf b = {0};
        if (!cacheprog_on() || !prog.put) return;
        int64_t first = take_numbers(bodies->len - i);
        uint32_t from = i;
        for (; i < bodies->len && b.len < AT_ONCE; i++) {
            const Stored *s = &bodies->data[i];
            put_request(&b, first + i - from, "put", s->key);
            buf_puts(&b, ",\"OutputID\":");
            put_digits(&b, sha256_text(s->body.p, s->body.len));
            buf_printf(&b, ",\"BodySize\":%zu}\n", s->body.len);
            if (s->body.len) put_base64(&b, s->body.p, s->body.len);
            if (s->body.len) buf_putc(&b, '\n');
        }
        ask(&b, first, i - from, take_nothing, NULL);
    }
}

// It ends when told to, or when nobody is there to tell it more.
void cacheprog_end(void) {
    if (!prog.begun || prog.pid <= 0 || prog.owner != getpid()) return;
    Buf b = {0};
    int64_t id = take_numbers(1);
    put_request(&b, id, "close", NULL);
    buf_puts(&b, "}\n");
    if (!*prog.off && prog.close) ask(&b, id, 1, take_nothing, NULL);
    close(prog.in);
    bool ended = false;
    for (int i = 0; i < PATIENCE && !ended; i++) {
        ended = waitpid(prog.pid, NULL, WNOHANG) != 0;
        if (!ended) usleep(1000);
    }
    if (!ended) kill(prog.pid, SIGKILL);
    prog.pid = 0;
    prog.begun = false;
}
