// env: the environment as go has it: $GOENV's file, whose settings hold where the environment has
// none, and `vole env`, which prints what holds. The programs that vole runs get the environment as
// vole got it.
#include "cmd/vole/vole.h"
#include <stdlib.h>
#include <unistd.h>

extern char **environ;

// ---- $GOENV's file ----

static StrVec original; // environ as it was, and NULL

static const char *or_else(const char *value, const char *otherwise) {
    return value && *value ? value : otherwise;
}

// The file that `env -w` writes, or "" where there is none.
static const char *env_file(void) {
    const char *file = getenv("GOENV"), *xdg = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    if (file && *file) return strcmp(file, "off") ? file : "";
    if (xdg && *xdg) return *xdg == '/' ? xsprintf("%s/go/env", xdg) : "";
    return home && *home ? xsprintf("%s/.config/go/env", home) : "";
}

// What go reads from its file, and ours; nothing else of a process is set by it.
static bool may_be_set(const char *key) {
    static const char others[] = "AR CC CXX FC GCCGO PKG_CONFIG";
    bool ours = starts_with(key, "GO") || starts_with(key, "CGO_") || starts_with(key, "VOLE");
    return (ours || flags_holds(others, key)) && strcmp(key, "GOENV") && strcmp(key, "GODEBUG");
}

// Lines NAME=value of a file, each given to take; those of another form are left out, as go does.
static void read_lines(const char *path, void (*take)(const char *key, const char *value)) {
    Str text;
    if (!*path || !read_file(path, &text)) return;
    for (const char *p = text.p, *end = p + text.len; p < end;) {
        const char *eol = memchr(p, '\n', (size_t)(end - p));
        if (!eol) eol = end;
        const char *equals = memchr(p, '=', (size_t)(eol - p));
        if (equals && *p >= 'A' && *p <= 'Z')
            take(xstrndup(p, (size_t)(equals - p)),
                 xstrndup(equals + 1, (size_t)(eol - equals - 1)));
        p = eol + (eol < end);
    }
}

static void set_where_empty(const char *key, const char *value) {
    const char *now = getenv(key);
    if ((!now || !*now) && may_be_set(key)) setenv(key, value, 1);
}

void env_load(void) {
    for (char **e = environ; *e; e++) vec_push(&original, *e);
    vec_push(&original, NULL);
    read_lines(env_file(), set_where_empty);
}

const char *env_original(const char *name) {
    size_t n = strlen(name);
    for (vec_each(const char *, e, &original))
        if (*e && !strncmp(*e, name, n) && (*e)[n] == '=') return *e + n + 1;
    return NULL;
}

void env_restore(void) { environ = (char **)original.data; }

void env_forget(const char *name) {
    size_t n = strlen(name);
    uint32_t kept = 0;
    for (vec_each(const char *, e, &original))
        if (!*e || strncmp(*e, name, n) != 0 || (*e)[n] != '=') original.data[kept++] = *e;
    original.len = kept;
}

// GOROOT has the list.
bool env_platform(const char *goos, const char *goarch) {
    Str text;
    const char *err, *goroot = install_goroot(&err);
    if (!goroot || !read_file(xsprintf("%s/src/internal/platform/zosarch.go", goroot), &text) ||
        strstr(text.p, xsprintf("{\"%s\", \"%s\"}", goos, goarch)))
        return true;
    fprintf(stderr, "vole: unsupported GOOS/GOARCH pair %s/%s\n", goos, goarch);
    return false;
}

// ---- What holds ----

typedef struct Variable {
    const char *name, *value;
    bool changed; // from what holds in an empty environment
} Variable;
static Vec(Variable) variables;

static void add(const char *name, const char *value, const char *otherwise) {
    Variable v = {name, or_else(value, otherwise), false};
    v.changed = strcmp(v.value, otherwise) != 0;
    vec_push(&variables, v);
}

static void add_known(const char *name, const char *value) {
    vec_push(&variables, ((Variable){name, or_else(value, ""), false}));
}

// What GOROOT/go.env says, if there is one, holds without a setting.
static PtrMap root_defaults;
static void set_root_default(const char *key, const char *value) {
    ptrmap_put(&root_defaults, intern_c(key), (void *)value);
}

static void add_setting(const char *name, const char *otherwise) {
    const char *root = ptrmap_get(&root_defaults, intern_c(name));
    add(name, getenv(name), root ? root : otherwise);
}

// Folders that follow from others.
static void add_folders(const char *root) {
    const char *home = or_else(getenv("HOME"), ""), *err = NULL;
    const char *path = or_else(getenv("GOPATH"), xsprintf("%s/go", home));
    const char *first = install_workspace(path);
    const char *config = or_else(getenv("XDG_CONFIG_HOME"), xsprintf("%s/.config", home));
    const char *caches = or_else(getenv("XDG_CACHE_HOME"), xsprintf("%s/.cache", home));
    add("GOBIN", getenv("GOBIN"), xsprintf("%s/bin", first));
    add("GOCACHE", getenv("GOCACHE"), xsprintf("%s/go-build", caches));
    add_known("GOENV", env_file());
    vec_last(&variables).changed = *env_file() && *or_else(getenv("GOENV"), "");
    add_known("GOMOD", load_module_file());
    add("GOMODCACHE", getenv("GOMODCACHE"), xsprintf("%s/pkg/mod", first));
    add("GOPATH", path, xsprintf("%s/go", home));
    add_known("GOROOT", root);
    add_known("GOTOOLDIR", install_tools());
    add_known("GOTELEMETRYDIR", xsprintf("%s/go/telemetry", config));
    add_known("VOLECACHE", cache_find(&err));
    add_known("VOLEOVERLAY", install_overlay());
    add_known("VOLERUNTIME", install_runtime(options.goarch));
}

static void add_tools(void) {
    static const char *const names[] = {"CGO_CFLAGS", "CGO_CXXFLAGS", "CGO_FFLAGS", "CGO_LDFLAGS"};
    add_setting("AR", "ar");
    add_setting("CC", "gcc");
    add_setting("GCCGO", "gccgo");
    add_setting("CXX", "g++");
    add_setting("CGO_CPPFLAGS", "");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) add_setting(names[i], "-O2 -g");
    add("CGO_ENABLED", cgo_enabled() ? "1" : "0", "1");
    add_setting("PKG_CONFIG", "pkg-config");
    bool amd64 = !strcmp(options.goarch, "amd64");
    add_known("GOGCCFLAGS", xsprintf("-fPIC %s-pthread -fmessage-length=0 -gno-record-gcc-switches",
                                     amd64 ? "-m64 " : ""));
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const Variable *)a)->name, ((const Variable *)b)->name);
}

// The order does not matter: print sorts. Defaults are go's, for -changed.
static void add_all(const char *root) {
    static const char *const plain[] = {
        "GO111MODULE",      "GODEBUG",   "GOEXPERIMENT", "GOFLAGS",  "GOINSECURE",
        "GOPACKAGESDRIVER", "GOPRIVATE", "GOCACHEPROG",  "GOTMPDIR", "GOVCS"};
    read_lines(xsprintf("%s/go.env", or_else(root, "")), set_root_default);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) add_setting(plain[i], "");
    add("GOARCH", options.goarch, TARGET_HOST);
    add("GOOS", getenv("GOOS"), "linux");
    const char *level = target_variable();
    add(level, target_setting(level), strcmp(level, "GOARM64") ? "v1" : "v8.0");
    add_setting("GOAUTH", "netrc");
    add_setting("GOFIPS140", "off");
    add_setting("GONOPROXY", or_else(getenv("GOPRIVATE"), ""));
    add_setting("GONOSUMDB", or_else(getenv("GOPRIVATE"), ""));
    add_setting("GOPROXY", "https://proxy.golang.org,direct");
    add_setting("GOSUMDB", "sum.golang.org");
    add_setting("GOTOOLCHAIN", "local");
    const char *toolchain = getenv("GOTOOLCHAIN"); // go's own default is another one
    vec_last(&variables).changed = toolchain && *toolchain && strcmp(toolchain, "auto");
    add_known("GOEXE", "");
    add_known("GOHOSTARCH", TARGET_HOST);
    add_known("GOHOSTOS", "linux");
    add_known("GOVERSION", load_go_version());
    const char *work = load_work_file(), *set = getenv("GOWORK");
    add_known("GOWORK", set && !strcmp(set, "off") ? set : work);
    add_folders(root);
    add_tools();
    qsort(variables.data, variables.len, sizeof *variables.data, by_name);
}

static const Variable *find(const char *name) {
    for (vec_each(Variable, v, &variables))
        if (!strcmp(v->name, name)) return v;
    return NULL;
}

// ---- Printing ----

static void print_quoted(const Variable *v) {
    printf("%s='", v->name);
    for (const char *p = v->value; *p; p++) *p == '\'' ? fputs("'\\''", stdout) : putchar(*p);
    puts("'");
}

// As encoding/json writes a map with a tab's indentation: in the order of the names, each once.
static void print_json(const Variable *list, uint32_t n) {
    Buf b = {0};
    buf_putc(&b, '{');
    for (uint32_t i = 0; i < n; i++) {
        if (i && !strcmp(list[i].name, list[i - 1].name)) continue;
        buf_puts(&b, i ? ",\n\t" : "\n\t");
        json_string(&b, list[i].name);
        buf_puts(&b, ": ");
        json_string(&b, list[i].value);
    }
    printf("%s%s}\n", buf_str(&b), n ? "\n" : "");
}

typedef struct EnvFlags {
    bool json, changed;
} EnvFlags;

static struct {
    const char *name, *value;
} wanted;
static void look_at(const char *key, const char *value) {
    if (!strcmp(key, wanted.name)) wanted.value = value;
}

// What is said of a name that go does not know: what $GOENV's file has.
static const char *unknown(const char *name) {
    if (may_be_set(name)) return getenv(name);
    wanted.name = name;
    wanted.value = NULL;
    read_lines(env_file(), look_at);
    return wanted.value;
}

// Names given are answered in their order, bare; all of them as assignments, sorted.
static int print(char **names, int n, EnvFlags f) {
    Vec(Variable) shown = {0};
    for (int i = 0; i < n; i++) {
        const Variable *v = find(names[i]);
        const char *value = v ? v->value : unknown(names[i]);
        if (!f.json && !f.changed)
            puts(or_else(value, ""));
        else if (!f.changed || (v && v->changed))
            vec_push(&shown, ((Variable){names[i], or_else(value, ""), true}));
    }
    for (vec_each(Variable, v, &variables))
        if (!n && (!f.changed || v->changed)) vec_push(&shown, *v);
    if (shown.len > 1) qsort(shown.data, shown.len, sizeof *shown.data, by_name);
    if (f.json) print_json(shown.data, shown.len);
    for (vec_each(Variable, v, &shown))
        if (!f.json) print_quoted(v);
    return 0;
}

// ---- The command ----

static int refuse(const char *why) {
    fprintf(stderr, "vole: %s\n", why);
    return 1;
}

// What go refuses to combine is refused first, in its order.
int cmd_env(int argc, char **argv) {
    if (!flags_parse(SUB_ENV, argc, argv)) return 2;
    EnvFlags f = {options.json, options.env.changed};
    uint32_t n = options.args.len;
    if (f.json && options.env.unset) return refuse("cannot use -json with -u");
    if (f.json && options.env.write) return refuse("cannot use -json with -w");
    if (options.env.unset && options.env.write) return refuse("cannot use -u with -w");
    const char *err = NULL;
    load_config.goroot = install_goroot(&err); // has the list of experiments
    if (options.env.unset || options.env.write)
        return env_change(env_file(), options.env.write, &options.args);
    for (vec_each(const char *, a, &options.args))
        if (strchr(*a, '='))
            return refuse(xsprintf("invalid variable name \"%s\" (use -w to set variable)", *a));
    if (!load_experiments(or_else(getenv("GOEXPERIMENT"), ""), &err)) {
        fprintf(stderr, "vole: %s\n", err);
        return 2;
    }
    if (!n && !env_platform(or_else(getenv("GOOS"), "linux"), options.goarch)) return 2;
    add_all(load_config.goroot);
    return print((char **)options.args.data, (int)n, f);
}
