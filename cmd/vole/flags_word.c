// flags_word: what the words of a command line are, which flags.c and flags_tools.c share; and the
// options that they fill.
#include "cmd/vole/vole.h"
#include <ctype.h>
#include <signal.h>

Options options = {.opt = 2, .goarch = TARGET_HOST, .test = {.timeout = 600}};

bool flags_split(const char *s, StrVec *out) {
    while (*s) {
        s += strspn(s, " \t\n");
        if (!*s) break;
        char quote = *s == '\'' || *s == '"' ? *s : 0;
        size_t n = quote ? strcspn(s + 1, quote == '"' ? "\"" : "'") : strcspn(s, " \t\n");
        if (quote && s[n + 1] != quote) return false;
        vec_push(out, xstrndup(s + (quote != 0), n));
        s += n + (quote ? 2 : 0);
    }
    return true;
}

const char *flags_unterminated(const char *s) {
    StrVec words = {0};
    char quote = 0;
    for (size_t n = strlen(s); n && !quote; n--) // it is the first of its kind that none follows
        if (flags_split(xstrndup(s, n - 1), &words)) quote = s[n - 1];
    return xsprintf("unterminated %c string", quote);
}

bool flags_boolean(const char *s, bool *on) {
    static const char *const words[] = {"1", "t", "T", "TRUE",  "true",  "True",
                                        "0", "f", "F", "FALSE", "false", "False"};
    for (int i = 0; i < 12; i++) {
        if (strcmp(s, words[i])) continue;
        *on = i < 6;
        return true;
    }
    return false;
}

bool flags_holds(const char *only, const char *value) {
    size_t n = strlen(value);
    for (const char *p = only; n && *p; p += strcspn(p, " "), p += *p == ' ')
        if (strcspn(p, " ") == n && !strncmp(p, value, n)) return true;
    return false;
}

FlagWord flags_word(const char *a) {
    FlagWord w = {.word = a};
    const char *name = a[0] == '-' ? a + 1 + (a[1] == '-') : NULL;
    if (!name || !*name) return w;
    const char *eq = strchr(name, '=');
    w.name = eq ? xstrndup(name, (size_t)(eq - name)) : name;
    w.value = eq ? eq + 1 : NULL;
    return w;
}

const char *go_error(int number) {
    char *text = xstrdup(strerror(number));
    *text = (char)tolower((unsigned char)*text);
    return text;
}

const char *go_signal(int number) {
    static const char *const names[] = {[SIGABRT] = "aborted",
                                        [SIGALRM] = "alarm clock",
                                        [SIGBUS] = "bus error",
                                        [SIGFPE] = "floating point exception",
                                        [SIGHUP] = "hangup",
                                        [SIGILL] = "illegal instruction",
                                        [SIGINT] = "interrupt",
                                        [SIGKILL] = "killed",
                                        [SIGPIPE] = "broken pipe",
                                        [SIGQUIT] = "quit",
                                        [SIGSEGV] = "segmentation fault",
                                        [SIGTERM] = "terminated",
                                        [SIGTRAP] = "trace/breakpoint trap",
                                        [SIGUSR1] = "user defined signal 1",
                                        [SIGUSR2] = "user defined signal 2"};
    bool known = (size_t)number < sizeof names / sizeof *names && names[number];
    return known ? names[number] : xsprintf("signal %d", number);
}
