// flags: go's flags, in go's forms (-o x, -o=x, --o=x), into options.
#include "cmd/vole/vole.h"
#include <stdlib.h>
#include <unistd.h>

Options options = {.opt = 2, .goarch = "amd64"};

static void split_words(const char *s, StrVec *out) {
    while (*s) {
        s += strspn(s, " \t\n");
        if (!*s) break;
        char quote = *s == '\'' || *s == '"' ? *s : 0;
        size_t n = quote ? strcspn(s + 1, quote == '"' ? "\"" : "'") : strcspn(s, " \t\n");
        vec_push(out, xstrndup(s + (quote != 0), n));
        s += n + (quote ? 1 + (s[n + 1] != 0) : 0);
    }
}

static void split_list(const char *s, StrVec *out) {
    while (*s) {
        size_t n = strcspn(s, ", ");
        if (n) vec_push(out, xstrndup(s, n));
        s += n + (s[n] != 0);
    }
}

static void add_gcflags(const char *v) {
    GcFlags g = {0};
    const char *eq = strchr(v, '=');
    if (v[0] != '-' && eq) {
        g.pattern = xstrndup(v, (size_t)(eq - v));
        v = eq + 1;
    }
    split_words(v, &g.flags);
    vec_push(&options.gcflags, g);
}

static bool add_link_string(const char *s) {
    const char *eq = strchr(s, '='), *dot = eq;
    while (dot && dot > s && *dot != '.') dot--;
    if (!eq || *dot != '.' || dot == s || dot + 1 == eq) {
        fprintf(stderr, "link: -X flag requires argument of the form importpath.name=value\n");
        return false;
    }
    LinkString l = {xstrndup(s, (size_t)(dot - s)), {xstrndup(dot + 1, (size_t)(eq - dot - 1)), eq + 1}};
    vec_push(&options.strings, l);
    return true;
}

// The linker's flags: -s, -w and -X; the others are about things that our links don't have.
static bool add_ldflags(const char *v) {
    StrVec words = {0};
    split_words(v, &words);
    for (uint32_t i = 0; i < words.len; i++) {
        const char *f = words.data[i];
        if (f[0] == '-' && f[1] == '-') f++;
        if (!strcmp(f, "-s") || !strcmp(f, "-w"))
            options.no_debug = true;
        else if (starts_with(f, "-X=") && !add_link_string(f + 3))
            return false;
        else if (!strcmp(f, "-X") && !add_link_string(++i < words.len ? words.data[i] : ""))
            return false;
    }
    return true;
}

// gc's flags without a counterpart in our code generation: exactly these, or with a value.
static bool means_nothing(const char *f) {
    static const char *const exactly[] = {"-C",    "-live",           "-S",       "-w",     "-+", "-race",
                                          "-pack", "-nolocalimports", "-dynlink", "-shared"};
    static const char *const starts[] = {"-c=", "-wb=", "-spectre=", "-trimpath", "-pgoprofile", "-buildid", "-smallframes"};
    for (size_t i = 0; i < sizeof exactly / sizeof *exactly; i++)
        if (!strcmp(f, exactly[i])) return true;
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (starts_with(f, starts[i])) return true;
    return false;
}

// Applies -gcflags (or tool compile's own) words to midend_options and options; false with a message on an unknown one.
static bool flags_apply_gc(const StrVec *flags) {
    for (uint32_t i = 0; i < flags->len; i++) {
        const char *f = flags->data[i];
        if (f[0] == '-' && f[1] == '-') f++;
        if (!strcmp(f, "-m"))
            midend_options.m++;
        else if (!strcmp(f, "-m=json"))
            midend_options.log_print = true;
        else if (starts_with(f, "-json=")) {
            const char *err = NULL;
            if (!(midend_options.log_dir = optlog_dir(f + 6, &err))) {
                fprintf(stderr, "vole: %s\n", err);
                return false;
            }
        } else if (starts_with(f, "-m="))
            midend_options.m = atoi(f + 3);
        else if (!strcmp(f, "-l") || starts_with(f, "-l=")) {
            int level = f[2] ? atoi(f + 3) : 1;
            midend_options.no_inline = level == 1;
            midend_options.cheap_calls = level == 4;
        } else if (!strcmp(f, "-N"))
            midend_options.no_opt = true;
        else if (!strcmp(f, "-B"))
            midend_options.no_bounds = true;
        else if (starts_with(f, "-d="))
            midend_options.debug = midend_options.debug ? xsprintf("%s,%s", midend_options.debug, f + 3) : f + 3;
        else if (!strcmp(f, "-d") && i + 1 < flags->len)
            midend_options.debug = flags->data[++i];
        else if (starts_with(f, "-bench="))
            midend_options.bench = f + 7;
        else if (starts_with(f, "-lang="))
            options.lang = f + 6;
        else if (!strcmp(f, "-e") || starts_with(f, "-e="))
            options.all_errors = strcmp(f, "-e=0") != 0 && strcmp(f, "-e=false") != 0;
        else if (!strcmp(f, "-std"))
            options.std = true;
        else if (!strcmp(f, "-complete"))
            options.complete = true;
        else if (means_nothing(f))
            continue;
        else {
            fprintf(stderr, "flag provided but not defined: %s\n", f);
            return false;
        }
    }
    return true;
}

static bool path_matches(const char *pattern, const char *path) {
    size_t n = strlen(pattern);
    if (n >= 4 && !strcmp(pattern + n - 4, "/..."))
        return strncmp(pattern, path, n - 4) == 0 && (path[n - 4] == 0 || path[n - 4] == '/');
    return !strcmp(pattern, path);
}

void flags_for_package(const Package *p, bool is_root) {
    midend_options = (MidendOptions){.opt = options.opt, .race = midend_options.race, .explain = is_root && options.explain};
    for (vec_each(GcFlags, g, &options.gcflags)) {
        bool applies = !g->pattern ? is_root
                                   : !strcmp(g->pattern, "all") || (!strcmp(g->pattern, "std") && p->in_goroot) ||
                                         path_matches(g->pattern, p->path);
        if (applies) flags_apply_gc(&g->flags);
    }
    const StringDef version = {"buildVersion", load_go_version()};
    if (!strcmp(p->path, "runtime")) vec_push(&midend_options.strings, version);
    for (vec_each(LinkString, s, &options.strings))
        if (!strcmp(s->path, p->is_main ? "main" : p->path)) vec_push(&midend_options.strings, s->def);
}

static void usage_error(Subcommand sub, const char *f) {
    static const char *const names[] = {
        "build [-o output] [build flags] [packages]", "run [build flags] [-exec xprog] package [arguments...]",
        "test [build/test flags] [packages] [build/test flags & test binary flags]", "tool compile [options] file.go..."};
    fprintf(stderr, "flag provided but not defined: %s\nusage: vole %s\nRun 'vole help %s' for details.\n", f, names[sub],
            sub == SUB_BUILD  ? "build"
            : sub == SUB_RUN  ? "run"
            : sub == SUB_TEST ? "test"
                              : "tool");
}

// Flags with a value, and where it goes as it stands. take_value reads the others, or they mean nothing here.
static const struct {
    const char *key, **to;
} valued[] = {{"o", &options.output},
              {"emit", &options.emit},
              {"importcfg", &options.importcfg},
              {"D", &options.local_prefix},
              {"goarch", &options.goarch},
              {"target", &options.goarch},
              {.key = "p"},
              {.key = "tags"},
              {.key = "gcflags"},
              {.key = "ldflags"},
              {.key = "explain"},
              {.key = "mod"},
              {.key = "exec"},
              {.key = "buildvcs"},
              {.key = "buildmode"},
              {.key = "I"},
              {.key = "C_dir"},
              {.key = "pkgdir"},
              {.key = "installsuffix"},
              {.key = "asmflags"},
              {.key = "pgo"}};

bool flags_take_value(const char *key) {
    for (size_t i = 0; i < sizeof valued / sizeof *valued; i++)
        if (!strcmp(key, valued[i].key)) return true;
    return false;
}

static bool take_value(Subcommand sub, const char *key, const char *v) {
    for (size_t i = 0; i < sizeof valued / sizeof *valued; i++)
        if (!strcmp(key, valued[i].key) && valued[i].to) *valued[i].to = v;
    if (!strcmp(key, "p") && sub == SUB_COMPILE)
        options.import_path = v;
    else if (!strcmp(key, "p"))
        options.jobs = atoi(v) > 0 ? atoi(v) : 1;
    else if (!strcmp(key, "tags"))
        split_list(v, &options.tags);
    else if (!strcmp(key, "gcflags"))
        add_gcflags(v);
    else if (!strcmp(key, "ldflags"))
        return add_ldflags(v);
    else if (!strcmp(key, "explain") && sub == SUB_BUILD && *v)
        options.explain = v;
    else if (!strcmp(key, "explain")) {
        fprintf(stderr, "vole: -explain=FILE is a flag of vole build\n");
        return false;
    }
    return true;
}

// Flags that are on or off. -trimpath and -json mean something else to tool compile.
static bool take_switch(Subcommand sub, const char *key, bool on) {
    static const struct {
        const char *key;
        bool *to, of_compile;
    } switches[] = {{"v", &options.verbose, true}, {"x", &options.print_commands, true}, {"n", &options.dry_run, true},
                    {"a", &options.rebuild, true}, {"work", &options.keep_work, true},   {"trimpath", &options.trimpath, false},
                    {"json", NULL, false}};
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++) {
        if (strcmp(key, switches[i].key) || (sub == SUB_COMPILE && !switches[i].of_compile)) continue;
        if (switches[i].to) *switches[i].to = on;
        if (switches[i].to == &options.dry_run) options.print_commands = on;
        return true;
    }
    return false;
}

// GOARCH, and -tags of GOFLAGS.
static void read_environment(void) {
    const char *arch = getenv("GOARCH"), *flags = getenv("GOFLAGS");
    if (arch && *arch) options.goarch = arch;
    StrVec words = {0};
    if (flags) split_words(flags, &words);
    for (vec_each(const char *, w, &words))
        if (starts_with(*w, "-tags=")) split_list(*w + 6, &options.tags);
}

static bool check_target(void) {
    if (!strcmp(options.goarch, "x86_64")) options.goarch = "amd64";
    if (!strcmp(options.goarch, "aarch64")) options.goarch = "arm64";
    const char *goos = getenv("GOOS");
    bool known = !strcmp(options.goarch, "amd64") || !strcmp(options.goarch, "arm64");
    if (!goos || !*goos || !known) goos = "linux";
    if (known && !strcmp(goos, "linux")) return true;
    fprintf(stderr, "vole: unsupported GOOS/GOARCH pair %s/%s\n", goos, options.goarch);
    return false;
}

bool flags_parse(Subcommand sub, int argc, char **argv) {
    read_environment();
    options.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN);
    StrVec gc = {0}; // tool compile takes the compiler's flags directly
    int i = 0;
    for (; i < argc; i++) {
        const char *a = argv[i];
        if (a[0] != '-' || !a[1]) break;
        if (!strcmp(a, "--")) {
            i++;
            break;
        }
        const char *name = a[1] == '-' ? a + 2 : a + 1, *eq = strchr(name, '=');
        const char *key = eq ? xstrndup(name, (size_t)(eq - name)) : name;
        bool on = !eq || !strcmp(eq + 1, "true") || !strcmp(eq + 1, "1");
        if (key[0] == 'O' && key[1] >= '0' && key[1] <= '3' && !key[2])
            options.opt = key[1] - '0';
        else if (take_switch(sub, key, on))
            continue;
        else if (!strcmp(key, "race") || !strcmp(key, "msan") || !strcmp(key, "asan") || !strcmp(key, "cover")) {
            if (on && sub != SUB_COMPILE) {
                fprintf(stderr, "vole: -%s is not supported\n", key);
                return false;
            }
            midend_options.race |= on && !strcmp(key, "race");
        } else if (flags_take_value(key)) {
            const char *v = eq ? eq + 1 : i + 1 < argc ? argv[++i] : NULL;
            if (!v) {
                fprintf(stderr, "flag needs an argument: -%s\n", key);
                return false;
            }
            if (!take_value(sub, key, v)) return false;
        } else if (sub == SUB_COMPILE) {
            vec_push(&gc, a);
            if (!strcmp(a, "-d") && i + 1 < argc) vec_push(&gc, argv[++i]);
        } else {
            usage_error(sub, a);
            return false;
        }
    }
    for (; i < argc; i++) vec_push(&options.args, argv[i]);
    if (!check_target()) return false;
    if (sub == SUB_COMPILE) {
        if (!flags_apply_gc(&gc)) return false;
        GcFlags g = {.flags = gc};
        vec_push(&options.gcflags, g);
    } else {
        for (vec_each(GcFlags, g, &options.gcflags)) // complain about unknown ones at once
            if (!flags_apply_gc(&g->flags)) return false;
    }
    return true;
}
