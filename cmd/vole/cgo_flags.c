// cgo_flags: which flags the C compiler and the linker get for a package. #cgo lines come with
// packages of others, so that only what does no harm may stand there: the list of that is the go
// command's own, read from GOROOT (cmd/go/internal/work/security.go), whose tables are regular
// expressions a line. $CGO_CFLAGS_ALLOW and the like widen it, $CGO_CFLAGS_DISALLOW narrow it.
#include "cmd/vole/cgo.h"
#include <regex.h>
#include <stdlib.h>
#include <unistd.h>

// ---- Is it on? ----------------------------------------------------------------------------------

StrVec cgo_tool_words(const char *variable, const char *otherwise) {
    StrVec w = {0};
    const char *set = getenv(variable);
    if (!set || !*set || !flags_split(set, &w) || !w.len) {
        w.len = 0;
        vec_push(&w, otherwise);
    }
    return w;
}

static bool on_path(const char *name) {
    if (strchr(name, '/')) return access(name, X_OK) == 0;
    const char *path = getenv("PATH");
    for (const char *p = path ? path : ""; *p; p += strcspn(p, ":"), p += *p == ':')
        if (access(xsprintf("%.*s/%s", (int)strcspn(p, ":"), p, name), X_OK) == 0) return true;
    return false;
}

// As go has it: for this machine where there is a C compiler; for others if it is asked for.
bool cgo_enabled(void) {
    const char *set = getenv("CGO_ENABLED");
    if (set && *set) return !strcmp(set, "1");
    const char *cc = getenv("CC");
    return !strcmp(options.goarch, TARGET_HOST) &&
           ((cc && *cc) || on_path(cgo_tool_words("CC", "gcc").data[0]));
}

bool cgo_asked_for(void) {
    const char *set = getenv("CGO_ENABLED");
    for (vec_each(const char *, t, &options.tags))
        if (!strcmp(*t, "netcgo")) return true;
    return set && !strcmp(set, "1");
}

// ---- What may be a flag -------------------------------------------------------------------------

// A table of GOROOT's: the lines of `var name = …` with re(`…`) or "…".
static const PathVec *table(const char *name) {
    static PtrMap tables;
    static Str text;
    PathVec *t = ptrmap_get(&tables, intern_c(name));
    if (t) return t;
    t = NEW(PathVec);
    ptrmap_put(&tables, intern_c(name), t);
    const char *file = xsprintf("%s/src/cmd/go/internal/work/security.go", load_config.goroot);
    if (!text.p && !read_file(file, &text)) text.p = "";
    const char *p = strstr(text.p, xsprintf("\nvar %s = ", name));
    while (p && (p = strchr(p + 1, '\n')) && p[1] != '}') {
        const char *s = p + 1 + strspn(p + 1, "\t");
        const char *end = strchr(s, '\n');
        if (!end) break;
        char close = !strncmp(s, "re(`", 4) ? '`' : *s == '"' ? '"' : 0;
        const char *from = s + (close == '`' ? 4 : 1), *to = end;
        while (close && to > from && *to != close) to--;
        if (close && to > from) vec_push(t, xstrndup(from, (size_t)(to - from)));
    }
    return t;
}

// As POSIX writes what Go's regexp reads: in brackets a backslash is none, a minus comes last.
static const char *posix(const char *re) {
    Buf b = {0};
    for (const char *p = re; *p; p++) {
        if (*p == '[') {
            bool minus = false;
            buf_putc(&b, *p++);
            if (*p == '^') buf_putc(&b, *p++);
            for (; *p && *p != ']'; p++) {
                if (*p == '\\' && p[1]) p++;
                if (*p == '-' && p[-1] == '\\')
                    minus = true;
                else
                    buf_putc(&b, *p);
            }
            if (minus) buf_putc(&b, '-');
            buf_putc(&b, ']');
        } else if (p[0] == '\\' && p[1] == 'd') {
            buf_puts(&b, "[0-9]");
            p++;
        } else
            buf_putc(&b, *p);
    }
    return buf_str(&b);
}

static bool matches(const char *re, const char *word) {
    static PtrMap compiled;
    Name key = intern_c(re);
    regex_t *r = ptrmap_get(&compiled, key);
    if (!r) {
        r = NEW(regex_t);
        if (regcomp(r, xsprintf("^(%s)$", posix(re)), REG_EXTENDED | REG_NOSUB)) return false;
        ptrmap_put(&compiled, key, r);
    }
    return regexec(r, word, 0, NULL, 0) == 0;
}

static bool any_matches(const char *name, const char *word) {
    const PathVec *t = table(name);
    for (vec_each(const char *, re, t))
        if (matches(*re, word)) return true;
    return false;
}

// May it follow a flag as its argument?
static bool is_argument(const char *s) {
    return (*s >= '0' && *s <= '9') || (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') ||
           *s == '.' || *s == '_' || *s == '/' || (unsigned char)*s >= 0x80;
}

typedef struct
    Checked { // names of the tables, of the variables that change them, and what has words
    const char *invalid, *valid, *next, *name, *source;
} Checked;

// How many words from the i-th on are a flag that takes an argument; 0: none.
static uint32_t with_argument(const Checked *c, const PathVec *words, uint32_t i) {
    const char *w = words->data[i], *arg = i + 1 < words->len ? words->data[i + 1] : NULL;
    const PathVec *next = table(c->next);
    for (vec_each(const char *, n, next)) {
        if (strcmp(*n, w) || !arg) continue;
        if (!strcmp(w, "-x"))
            return any_matches("validCompilerFlags", xsprintf("-x%s", arg)) ? 2 : 0;
        if (!strncmp(w, "-Wl,", 4)) {
            if (!strncmp(arg, "-Wl,", 4) && is_argument(arg + 4) && !strchr(arg + 4, ',')) return 2;
            return !strcmp(w, "-Wl,-R") && is_argument(arg) ? 2 : 0;
        }
        if (!strcmp(w, "-l")) return is_argument(arg) && !strpbrk(arg, ":=/\\") ? 2 : 0;
        if (is_argument(arg)) return 2;
        if (!strcmp(w, "-I") && *arg == '=' && is_argument(arg + 1)) return 2;
        return 0;
    }
    return 0;
}

static bool is_set_to_match(const char *variable, const char *word) {
    const char *re = getenv(variable);
    return re && *re && matches(re, word);
}

// The first word that may not stand there, or NULL.
static const char *bad_flag(const Checked *c, const PathVec *words) {
    for (uint32_t i = 0; i < words->len; i++) {
        const char *w = words->data[i];
        if (is_set_to_match(xsprintf("CGO_%s_DISALLOW", c->name), w)) return w;
        if (is_set_to_match(xsprintf("CGO_%s_ALLOW", c->name), w)) continue;
        if (c->invalid && any_matches(c->invalid, w)) return w;
        if (any_matches(c->valid, w)) continue;
        uint32_t n = c->next ? with_argument(c, words, i) : 0;
        if (!n) return w;
        i += n - 1;
    }
    return NULL;
}

static bool check(const Package *p, const Checked *c, const PathVec *words) {
    const char *bad = bad_flag(c, words);
    if (!bad) return true;
    const char *text = xsprintf("%s: invalid flag in %s: %s (see "
                                "https://go.dev/s/invalidflag)\n",
                                program_heading(p), c->source, bad);
    program_say(program_heading(p), text, strlen(text));
    return false;
}

static bool check_kind(const Package *p, CgoFlag f, const char *source, const PathVec *words) {
    static const char *const names[CGO_FLAGS] = {"CPPFLAGS", "CFLAGS",  "CXXFLAGS",
                                                 "FFLAGS",   "LDFLAGS", ""};
    Checked compiler = {"invalidCompilerFlags", "validCompilerFlags",
                        "validCompilerFlagsWithNextArg", names[f], source};
    Checked linker = {"invalidLinkerFlags", "validLinkerFlags", "validLinkerFlagsWithNextArg",
                      names[f], source};
    Checked pkg_config = {NULL, "validPkgConfigFlags", NULL, names[f], source};
    return check(p,
                 f == CGO_LDFLAGS      ? &linker
                 : f == CGO_PKG_CONFIG ? &pkg_config
                                       : &compiler,
                 words);
}

// ---- pkg-config ---------------------------------------------------------------------------------

// Words of its output, in which a backslash keeps what follows.
static void split_output(const char *s, PathVec *out) {
    while (*(s += strspn(s, " \t\n\r"))) {
        Buf b = {0};
        char quote = 0;
        for (; *s && (quote || !strchr(" \t\n\r", *s)); s++) {
            if (*s == '\\' && s[1] && quote != '\'')
                buf_putc(&b, *++s);
            else if (quote == *s)
                quote = 0;
            else if (!quote && (*s == '"' || *s == '\''))
                quote = *s;
            else
                buf_putc(&b, *s);
        }
        vec_push(out, buf_str(&b));
    }
}

// What it says for one question, --cflags or --libs.
static bool ask(const Package *p, const char *question, const PathVec *flags, const PathVec *names,
                PathVec *out) {
    StrVec words = cgo_tool_words("PKG_CONFIG", "pkg-config");
    const char *said = xsprintf("%s/pkg-config", temp_dir());
    vec_push(&words, question);
    for (vec_each(const char *, f, flags)) vec_push(&words, *f);
    vec_push(&words, "--");
    for (vec_each(const char *, n, names)) vec_push(&words, *n);
    int status = cgo_run(&words, p->dir, said, NULL);
    Str text;
    if (!read_file(said, &text)) text = str_c("");
    if (status) {
        Buf b = {0};
        buf_printf(&b, "# %s\n#", program_heading(p));
        for (vec_each(const char *, w, &words)) buf_printf(&b, " %s", *w);
        buf_printf(&b, "\n%s",
                   status == 127 ? xsprintf("exec: \"%s\": executable file not found in $PATH\n",
                                            words.data[0])
                                 : text.p);
        program_say(program_heading(p), buf_str(&b), strlen(buf_str(&b)));
        return false;
    }
    split_output(text.p, out);
    return check_kind(p, !strcmp(question, "--libs") ? CGO_LDFLAGS : CGO_CFLAGS,
                      xsprintf("pkg-config %s", question), out);
}

static bool pkg_config(const Package *p, const PathVec *args, PathVec *cflags, PathVec *libs) {
    PathVec flags = {0}, names = {0};
    for (vec_each(const char *, a, args)) {
        if (!strcmp(*a, "--")) continue;
        if (!strncmp(*a, "--", 2))
            vec_push(&flags, *a);
        else if (is_argument(*a) || **a == '%')
            vec_push(&names, *a);
        else {
            const char *text =
                xsprintf("%s: invalid pkg-config package name: %s\n", program_heading(p), *a);
            program_say(program_heading(p), text, strlen(text));
            return false;
        }
    }
    return !args->len ||
           (check_kind(p, CGO_PKG_CONFIG, "pkg-config", &flags) &&
            ask(p, "--cflags", &flags, &names, cflags) && ask(p, "--libs", &flags, &names, libs));
}

// ---- All of a package ---------------------------------------------------------------------------

static void append(PathVec *to, const PathVec *from) {
    for (vec_each(const char *, w, from)) vec_push(to, *w);
}

bool cgo_flags(const Package *p, const CgoFiles *files, CgoFlags *out) {
    static const struct {
        const char *name, *otherwise;
    } kinds[] = {{"CPPFLAGS", ""},
                 {"CFLAGS", "-O2 -g"},
                 {"CXXFLAGS", "-O2 -g"},
                 {"FFLAGS", "-O2 -g"},
                 {"LDFLAGS", "-O2 -g"}};
    CgoFlags own = {0};
    for (vec_each(File *, f, &files->go)) {
        const char *error = load_cgo_flags(p, *f, &own);
        if (!error) continue;
        error_at(0, "package %s: %s", program_heading(p), error);
        return false;
    }
    for (int k = 0; k < CGO_PKG_CONFIG; k++) {
        if (!check_kind(p, (CgoFlag)k, xsprintf("#cgo %s", kinds[k].name), &own.words[k]))
            return false;
        const char *set = getenv(xsprintf("CGO_%s", kinds[k].name));
        StrVec words = {0};
        flags_split(set && *set ? set : kinds[k].otherwise, &words);
        for (vec_each(const char *, w, &words)) vec_push(&out->words[k], *w);
        append(&out->words[k], &own.words[k]);
    }
    PathVec cflags = {0}, libs = {0};
    if (!pkg_config(p, &own.words[CGO_PKG_CONFIG], &cflags, &libs)) return false;
    append(&out->words[CGO_CPPFLAGS], &cflags);
    append(&out->words[CGO_LDFLAGS], &libs);
    if (files->other[CGO_FORTRAN].len &&
        strstr(cgo_tool_words("FC", "gfortran").data[0], "gfortran"))
        vec_push(&out->words[CGO_LDFLAGS], "-lgfortran");
    return true;
}
