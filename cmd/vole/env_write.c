// env_write: `vole env -w` and `-u`: settings in $GOENV's file, in go's form and with its checks.
// The file is replaced as a whole, or left as it was.
#include "cmd/vole/vole.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool refuse(const char *fmt, ...) VOLE_PRINTF(1, 2);
static bool refuse(const char *fmt, ...) {
    va_list ap;
    va_start(ap, fmt);
    fprintf(stderr, "vole: %s\n", xvsprintf(fmt, ap));
    va_end(ap);
    return false;
}

// ---- What may be set ----

// What follows from others, and what only the environment says.
static const char fixed[] = "GOEXE GOGCCFLAGS GOHOSTARCH GOHOSTOS GOMOD GOROOT GOTELEMETRY "
                            "GOTELEMETRYDIR GOTOOLDIR GOVERSION GOWORK";
static const char outside[] = "GOENV GODEBUG";
// What go reads, and ours.
static const char known[] =
    "AR CC CGO_CFLAGS CGO_CFLAGS_ALLOW CGO_CFLAGS_DISALLOW CGO_CPPFLAGS CGO_CPPFLAGS_ALLOW "
    "CGO_CPPFLAGS_DISALLOW CGO_CXXFLAGS CGO_CXXFLAGS_ALLOW CGO_CXXFLAGS_DISALLOW CGO_ENABLED "
    "CGO_FFLAGS CGO_FFLAGS_ALLOW CGO_FFLAGS_DISALLOW CGO_LDFLAGS CGO_LDFLAGS_ALLOW "
    "CGO_LDFLAGS_DISALLOW CXX FC GCCGO GO111MODULE GO386 GOAMD64 GOARCH GOARM GOARM64 GOAUTH GOBIN "
    "GOCACHE GOCACHEPROG GOEXPERIMENT GOFIPS140 GOFLAGS GOINSECURE GOMIPS GOMIPS64 GOMODCACHE "
    "GONOPROXY GONOSUMDB GOOS GOPATH GOPPC64 GOPRIVATE GOPROXY GORISCV64 GOSUMDB GOTMPDIR "
    "GOTOOLCHAIN GOVCS GOWASM GO_EXTLINK_ENABLED PKG_CONFIG VOLECACHE";

static bool check_folder(const char *key, const char *value) {
    if (!strcmp(key, "GOPATH") && *value == '~')
        return refuse("GOPATH entry cannot start with shell metacharacter '~': \"%s\"", value);
    if (!*value || *value == '/') return true;
    if (!strcmp(key, "GOTMPDIR")) return refuse("GOTMPDIR must be an absolute path");
    return refuse("%s entry is relative; must be absolute path: \"%s\"", key, value);
}

// Of CC and CXX: a program's name, or where it is.
static bool check_program(const char *key, const char *value) {
    StrVec words = {0};
    flags_split(value, &words);
    if (!*value) return true;
    if (!words.len) return refuse("%s entry cannot contain only space", key);
    if (words.data[0][0] == '/' || !strchr(words.data[0], '/')) return true;
    return refuse("%s entry is relative; must be absolute path: \"%s\"", key, words.data[0]);
}

static bool check(const char *key, const char *value, bool in_file) {
    const char *err = NULL;
    if (flags_holds(fixed, key)) return refuse("%s cannot be modified", key);
    if (flags_holds(outside, key))
        return refuse("%s can only be set using the OS environment", key);
    if (!in_file && !flags_holds(known, key)) return refuse("unknown go command variable %s", key);
    if (!strcmp(key, "GO111MODULE") && *value && !flags_holds("auto on off", value))
        return refuse("invalid GO111MODULE value \"%s\"", value);
    if (flags_holds("GOPATH GOMODCACHE GOTMPDIR", key) && !check_folder(key, value)) return false;
    if (flags_holds("CC CXX", key) && !check_program(key, value)) return false;
    if (!strcmp(key, "GOEXPERIMENT") && !load_experiments(value, &err)) return refuse("%s", err);
    if (value[strcspn(value, "\v\r\n")]) return refuse("invalid newline in %s=... value", key);
    return true;
}

// ---- The file ----

typedef struct Line {
    const char *text, *key; // key: NULL where it is no setting
} Line;
typedef Vec(Line) Lines;

static Line line_of(const char *text) {
    const char *equals = strchr(text, '=');
    bool setting = equals && !memchr(text, '#', (size_t)(equals - text));
    return (Line){text, setting ? xstrndup(text, (size_t)(equals - text)) : NULL};
}

static Line *find(const Lines *lines, const char *key) {
    Line *last = NULL; // which is the one that holds
    for (vec_each(Line, l, lines))
        if (l->key && !strcmp(l->key, key)) last = l;
    return last;
}

static bool read_lines(const char *path, bool must_exist, Lines *out) {
    Str text;
    if (!read_file(path, &text)) {
        if (errno == ENOENT && !must_exist) return true;
        return refuse("reading go env config: open %s: %s", path, go_error(errno));
    }
    for (const char *p = text.p, *end = p + text.len; p < end;) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        if (!eol) eol = end;
        vec_push(out, line_of(xstrndup(p, (size_t)(eol - p))));
        p = eol + (eol < end);
    }
    return true;
}

static int by_key(const void *a, const void *b) {
    return strcmp(((const Line *)a)->key, ((const Line *)b)->key);
}

// Settings that follow each other stand in the order of their names.
static const char *put_together(Lines *lines) {
    Buf b = {0};
    for (uint32_t i = 0, n; i < lines->len; i += n ? n : 1) {
        for (n = 0; i + n < lines->len && lines->data[i + n].key;) n++;
        if (n > 1) qsort(lines->data + i, n, sizeof *lines->data, by_key);
        for (uint32_t k = i; k < i + (n ? n : 1); k++)
            if (lines->data[k].text) buf_printf(&b, "%s\n", lines->data[k].text);
    }
    return buf_str(&b);
}

static bool write_whole(const char *path, const char *text) {
    const char *target = realpath(path, NULL), *slash = strrchr(path, '/');
    const char *to = target ? target : path, *beside = xsprintf("%s.vole-%d", to, (int)getpid());
    if (slash && slash > path) make_dirs(xstrndup(path, (size_t)(slash - path)), 0777);
    int fd = open(beside, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
    size_t n = strlen(text);
    bool ok = fd >= 0 && write(fd, text, n) == (ssize_t)n;
    ok &= fd < 0 || !close(fd);
    if (ok && !rename(beside, to)) return true;
    const char *why = go_error(errno);
    if (fd >= 0) unlink(beside);
    return refuse("writing go env config: open %s: %s", path, why);
}

// ---- The command ----

static bool warn(const char *key, const char *value) {
    const char *now = env_original(key);
    if (now && *now && strcmp(now, value))
        fprintf(stderr,
                "warning: go env -w %s=... does not override conflicting OS environment variable\n",
                key);
    return true;
}

// What a variable is when this is done: as given, as the environment has it once the file has not, or
// as it was.
static const char *afterwards(const char *key, const char *otherwise, const StrVec *args) {
    const char *value = getenv(key);
    for (vec_each(const char *, a, args)) {
        const char *equals = strchr(*a, '=');
        if (strcmp(key, xstrndup(*a, strcspn(*a, "="))) == 0)
            value = equals ? equals + 1 : env_original(key);
    }
    return value && *value ? value : otherwise;
}

// The platform that the settings leave must be one that there is, if it is changed.
static bool check_pair(const StrVec *args) {
    bool changed = false;
    for (vec_each(const char *, a, args))
        changed |= flags_holds("GOOS GOARCH", xstrndup(*a, strcspn(*a, "=")));
    return !changed ||
           env_platform(afterwards("GOOS", "linux", args), afterwards("GOARCH", TARGET_HOST, args));
}

static bool set(Lines *lines, const Lines *before, const char *arg, Lines *given) {
    const char *equals = strchr(arg, '=');
    if (!equals) return refuse("arguments must be KEY=VALUE: invalid argument: %s", arg);
    Line l = {arg, xstrndup(arg, (size_t)(equals - arg))};
    if (!check(l.key, equals + 1, find(before, l.key) != NULL)) return false;
    if (find(given, l.key)) return refuse("multiple values for key: %s", l.key);
    vec_push(given, l);
    Line *now = find(lines, l.key);
    if (now)
        *now = l;
    else
        vec_push(lines, l);
    return warn(l.key, equals + 1);
}

static bool unset(Lines *lines, const Lines *before, const char *key) {
    if (!check(key, "", find(before, key) != NULL)) return false;
    Line *l = find(lines, key);
    if (l) l->text = NULL;
    return true;
}

// All or nothing: the file is written whole once every word was found right.
int env_change(const char *path, bool write, const StrVec *args) {
    Lines lines = {0}, before = {0}, given = {0};
    if (!args->len)
        return !refuse(write ? "no KEY=VALUE arguments given"
                             : "'vole env -u' requires an argument");
    if (!*path) return !refuse("cannot find go env config: GOENV=off");
    if (!read_lines(path, false, &lines) || !read_lines(path, false, &before)) return 1;
    for (vec_each(Line, l, &lines)) // of several the last holds
        if (l->key && find(&lines, l->key) != l) l->text = NULL;
    for (vec_each(const char *, a, args))
        if (!(write ? set(&lines, &before, *a, &given) : unset(&lines, &before, *a))) return 1;
    if (!check_pair(args)) return 1;
    if (!write && !read_lines(path, true, &before)) return 1;
    return write_whole(path, put_together(&lines)) ? 0 : 1;
}
