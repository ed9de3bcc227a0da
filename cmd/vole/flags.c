// flags: go's flags, in go's forms (-o x, -o=x, --o=x), from $GOFLAGS and the command line into
// options. One table holds all flags of build, run and test: what takes a value, where it goes, and
// what is not there. A flag that would do nothing is refused, but with a value that asks for what
// holds anyway (-buildmode=exe, -race=false). flags_tools.c reads the flags of the compiler and the
// linker.
#include "cmd/vole/vole.h"
#include <stdlib.h>
#include <unistd.h>

// ---- The table ----

typedef enum FlagKind { SWITCH, VALUE, MAYBE } FlagKind; // MAYBE: a value only behind =
enum {
    BUILD = 1 << SUB_BUILD,
    RUN = 1 << SUB_RUN,
    TEST = 1 << SUB_TEST,
    ALL = BUILD | RUN | TEST,
};
#define NONE "" // no value holds: refused, unless it is off or empty

typedef struct Flag {
    const char *name;
    FlagKind kind;
    unsigned of;
    bool *on;                        // of a switch
    const char **to;                 // of a value
    bool (*take)(const char *value); // what more is done with either; false after a message
    const char *only;                // the values that hold here, with blanks between; NULL: any
    bool binary;                     // the test binary's: handed on
} Flag;

static bool set_arch(const char *v) {
    options.goarch = v;
    return true;
}
static bool take_dir(const char *v);
static bool take_jobs(const char *v);
static bool take_tags(const char *v);
static bool take_gcflags(const char *v) { return flags_tool(v, &options.gcflags); }
static bool take_ldflags(const char *v) { return flags_tool(v, &options.ldflags); }
static bool take_exec(const char *v) {
    options.exec.len = 0; // the last one holds
    flags_split(v, &options.exec);
    return true;
}
static bool take_explain(const char *v);
static bool take_timeout(const char *v);
static bool take_bench(const char *v) {
    options.test.bench = *v != 0;
    return true;
}
static bool take_list(const char *v) {
    options.test.list = *v != 0;
    return true;
}
static bool take_verbose(const char *v);
static bool take_profile(const char *v) {
    options.test.outputs |= *v != 0;
    options.test.profile |= *v != 0;
    return true;
}
static bool take_output_dir(const char *v) {
    options.test.output_dir = *v != 0;
    return true;
}
static bool take_artifacts(const char *v) {
    options.test.outputs |= !strcmp(v, "true");
    return true;
}

static const Flag flags[] = {
    // go's, of build, run and test
    {"C", VALUE, ALL, .take = take_dir},
    {"a", SWITCH, ALL, .on = &options.rebuild},
    {"asan", SWITCH, ALL, .only = NONE},
    {"asmflags", VALUE, ALL, .only = NONE},
    {"buildmode", VALUE, ALL, .to = &options.buildmode, .only = "default exe"},
    {"buildvcs", MAYBE, ALL, .only = "false auto"},
    {"compiler", VALUE, ALL, .only = "gc"},
    {"cover", SWITCH, ALL, .only = NONE},
    {"covermode", VALUE, ALL, .only = NONE},
    {"coverpkg", VALUE, ALL, .only = NONE},
    {"gccgoflags", VALUE, ALL, .only = NONE},
    {"gcflags", VALUE, ALL, .take = take_gcflags},
    {"installsuffix", VALUE, ALL, .only = NONE},
    {"json", SWITCH, BUILD, .on = &options.json},
    {"ldflags", VALUE, ALL, .take = take_ldflags},
    {"linkshared", SWITCH, ALL, .only = NONE},
    {"mod", VALUE, ALL, .to = &options.mod, .only = "mod readonly vendor"},
    {"modcacherw", SWITCH, ALL}, // vole makes no folders in the module cache
    {"modfile", VALUE, ALL, .only = NONE},
    {"msan", SWITCH, ALL, .only = NONE},
    {"n", SWITCH, ALL, .on = &options.dry_run},
    {"o", VALUE, BUILD | TEST, .to = &options.output},
    {"overlay", VALUE, ALL, .only = NONE},
    {"p", VALUE, ALL, .take = take_jobs},
    {"pgo", VALUE, ALL, .only = "off"},
    {"pkgdir", VALUE, ALL, .only = NONE},
    {"race", SWITCH, ALL, .only = NONE},
    {"tags", VALUE, ALL, .take = take_tags},
    {"toolexec", VALUE, ALL, .only = NONE},
    {"trimpath", SWITCH, ALL, .on = &options.trimpath},
    {"v", SWITCH, BUILD | RUN, .on = &options.verbose},
    {"work", SWITCH, ALL, .on = &options.keep_work},
    {"x", SWITCH, ALL, .on = &options.print_commands},
    {"exec", VALUE, RUN | TEST, .take = take_exec},
    // go's, of test alone
    {"c", SWITCH, TEST, .on = &options.test.compile},
    {"coverprofile", VALUE, TEST, .only = NONE},
    {"json", SWITCH, TEST, .on = &options.json},
    {"vet", VALUE, TEST, .only = "off"},
    // the test binary's
    {"artifacts", SWITCH, TEST, .take = take_artifacts, .binary = true},
    {"bench", VALUE, TEST, .take = take_bench, .binary = true},
    {"benchmem", SWITCH, TEST, .binary = true},
    {"benchtime", VALUE, TEST, .binary = true},
    {"blockprofile", VALUE, TEST, .take = take_profile, .binary = true},
    {"blockprofilerate", VALUE, TEST, .binary = true},
    {"count", VALUE, TEST, .binary = true},
    {"cpu", VALUE, TEST, .binary = true},
    {"cpuprofile", VALUE, TEST, .take = take_profile, .binary = true},
    {"failfast", SWITCH, TEST, .on = &options.test.fail_fast, .binary = true},
    {"fullpath", SWITCH, TEST, .binary = true},
    {"fuzz", VALUE, TEST, .only = NONE},
    {"fuzzminimizetime", VALUE, TEST, .binary = true},
    {"fuzztime", VALUE, TEST, .binary = true},
    {"list", VALUE, TEST, .take = take_list, .binary = true},
    {"memprofile", VALUE, TEST, .take = take_profile, .binary = true},
    {"memprofilerate", VALUE, TEST, .binary = true},
    {"mutexprofile", VALUE, TEST, .take = take_profile, .binary = true},
    {"mutexprofilefraction", VALUE, TEST, .binary = true},
    {"outputdir", VALUE, TEST, .take = take_output_dir, .binary = true},
    {"parallel", VALUE, TEST, .binary = true},
    {"run", VALUE, TEST, .binary = true},
    {"short", SWITCH, TEST, .binary = true},
    {"shuffle", VALUE, TEST, .binary = true},
    {"skip", VALUE, TEST, .binary = true},
    {"timeout", VALUE, TEST, .take = take_timeout, .binary = true},
    {"trace", VALUE, TEST, .only = NONE},
    {"v", MAYBE, TEST, .take = take_verbose, .binary = true},
    // vole's own
    {"D", VALUE, ALL, .to = &options.local_prefix},
    {"emit", VALUE, BUILD, .to = &options.emit},
    {"explain", VALUE, ALL, .take = take_explain},
    {"goarch", VALUE, ALL, .take = set_arch},
    {"importcfg", VALUE, ALL, .to = &options.importcfg},
    {"target", VALUE, ALL, .take = set_arch},
};

static const Flag *find(const char *name, unsigned of) {
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if ((flags[i].of & of) && !strcmp(flags[i].name, name)) return &flags[i];
    return NULL;
}

// ---- What flags do ----

static bool take_dir(const char *v) {
    fprintf(stderr,
            "invalid value \"%s\" for flag -C: -C flag must be first flag on command line\n", v);
    return false;
}

static bool take_jobs(const char *v) {
    char *end;
    long n = strtol(v, &end, 0);
    if (end == v || *end) {
        fprintf(stderr, "invalid value \"%s\" for flag -p: parse error\n", v);
        return false;
    }
    if (n <= 0) {
        fprintf(stderr, "vole: -p must be a positive integer: %ld\n", n);
        return false;
    }
    options.jobs = n < 4096 ? (int)n : 4096; // more processes than any machine has use for
    return true;
}

static bool take_tags(const char *v) {
    options.tags.len = 0;
    while (*v) {
        size_t n = strcspn(v, ", ");
        if (n) vec_push(&options.tags, xstrndup(v, n));
        v += n + (v[n] != 0);
    }
    return true;
}

static bool take_explain(const char *v) {
    if (*v && !options.test.any) {
        options.explain = v;
        return true;
    }
    fprintf(stderr, "vole: -explain=FILE is a flag of vole build\n");
    return false;
}

// A duration as Go writes it: 1h2m3.5s; -1 for others.
static double parse_duration(const char *s) {
    if (!strcmp(s, "0")) return 0;
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"ns", 1e-9}, {"us", 1e-6}, {"µs", 1e-6}, {"ms", 1e-3},
                 {"s", 1},     {"m", 60},    {"h", 3600}};
    double total = 0;
    if (!*s) return -1;
    while (*s) {
        char *end;
        double v = strtod(s, &end);
        if (end == s || v < 0) return -1;
        size_t best = 0, unit = 0;
        for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
            size_t n = strlen(units[i].name);
            if (n > best && !strncmp(end, units[i].name, n)) {
                best = n;
                unit = i;
            }
        }
        if (!best) return -1;
        total += v * units[unit].seconds;
        s = end + best;
    }
    return total;
}

static bool take_timeout(const char *v) {
    options.test.timeout = parse_duration(v);
    options.test.timeout_set = true;
    if (options.test.timeout >= 0) return true;
    fprintf(stderr, "invalid value \"%s\" for flag -timeout: parse error\n", v);
    return false;
}

static bool take_verbose(const char *v) {
    if (!strcmp(v, "test2json")) return options.test.verbose = true;
    if (flags_boolean(v, &options.test.verbose)) return true;
    fprintf(stderr, "invalid boolean value \"%s\" for -v: invalid flag -test.v=%s\n", v, v);
    return false;
}

static bool refuse(const Flag *f, const char *value, const char *where) {
    if (f->kind == SWITCH || !*f->only)
        fprintf(stderr, "vole: -%s is not supported%s\n", f->name, where);
    else
        fprintf(stderr, "vole: -%s=%s is not supported%s (only %s)\n", f->name, value, where,
                f->only);
    return false;
}

// where: " (from $GOFLAGS)" or "".
static bool set(const Flag *f, const char *value, const char *where) {
    bool on = true;
    if (f->kind == SWITCH) {
        if (value && !flags_boolean(value, &on)) {
            fprintf(stderr, "invalid boolean value \"%s\" for -%s: parse error%s\n", value, f->name,
                    where);
            return false;
        }
        value = on ? "true" : "false";
    } else if (!value) {
        value = "true";
    }
    if (f->only && (f->kind == SWITCH ? on : *value && !flags_holds(f->only, value)))
        return refuse(f, value, where);
    if (f->on) *f->on = on;
    if (f->to) *f->to = value;
    if (f->on == &options.dry_run) options.print_commands |= on;
    if (f->take && !f->take(value)) return false;
    if (!f->binary) return true;
    if (!strcmp(f->name, "outputdir") && *value && *value != '/')
        value = xsprintf("%s/%s", getcwd(NULL, 0), value);
    vec_push(&options.test.args, xsprintf("-test.%s=%s", f->name, value));
    return true;
}

// ---- Reading ----

static const struct {
    const char *name, *usage;
} commands[] = {
    {"build", "build [-o output] [build flags] [packages]"},
    {"run", "run [build flags] [-exec xprog] package [arguments...]"},
    {"test", "test [build/test flags] [packages] [build/test flags & test binary flags]"},
    {"tool", "tool compile [options] file.go..."}};

void flags_usage(Subcommand sub) {
    fprintf(stderr, "usage: vole %s\nRun 'vole help %s' for details.\n", commands[sub].usage,
            commands[sub].name);
}

// A flag with its value from argv[*at]; *at moves to the value where that is a word of its own.
FlagResult flags_take(Subcommand sub, int argc, char **argv, int *at) {
    FlagWord w = flags_word(argv[*at]);
    if (!w.name) return FLAG_NONE;
    if (!strcmp(w.name, "h") || !strcmp(w.name, "help")) {
        flags_usage(sub);
        return FLAG_BAD;
    }
    if (w.name[0] == 'O' && w.name[1] >= '0' && w.name[1] <= '3' && !w.name[2] && !w.value) {
        options.opt = w.name[1] - '0';
        return FLAG_TAKEN;
    }
    const Flag *f = find(w.name, 1u << sub);
    if (!f && sub == SUB_TEST && starts_with(w.name, "test.") && (f = find(w.name + 5, TEST)) &&
        !f->binary)
        f = NULL;
    if (!f) return FLAG_UNKNOWN;
    if (f->kind == VALUE && !w.value && *at + 1 < argc) w.value = argv[++*at];
    if (f->kind == VALUE && !w.value) {
        fprintf(stderr, "flag needs an argument: -%s\n", w.name);
        flags_usage(sub);
        return FLAG_BAD;
    }
    return set(f, w.value, "") ? FLAG_TAKEN : FLAG_BAD;
}

// $GOFLAGS holds flags of any command, those of others are left out; the command line comes after
// it.
static bool read_goflags(Subcommand sub) {
    const char *text = getenv("GOFLAGS");
    StrVec words = {0};
    flags_split(text ? text : "", &words);
    for (vec_each(const char *, word, &words)) {
        FlagWord w = flags_word(*word);
        if (!w.name || *w.name == '-' || *w.name == '=') {
            fprintf(stderr, "vole: parsing $GOFLAGS: non-flag \"%s\"\n", *word);
            return false;
        }
        const Flag *f = find(w.name, ALL);
        if (!f || f->take == take_dir) {
            fprintf(stderr, "vole: parsing $GOFLAGS: unknown flag -%s\n", w.name);
            return false;
        }
        f = find(w.name, 1u << sub);
        if (f && f->kind == VALUE && !w.value) {
            fprintf(stderr, "vole: flag needs an argument: -%s (from $GOFLAGS)\n", w.name);
            return false;
        }
        if (f && !set(f, w.value, " (from $GOFLAGS)")) return false;
    }
    return true;
}

// -C, the first flag: done before all others.
static bool change_dir(int *argc, char ***argv) {
    FlagWord w = *argc ? flags_word((*argv)[0]) : (FlagWord){0};
    if (!w.name || strcmp(w.name, "C")) return true;
    int used = w.value ? 1 : 2;
    const char *dir = w.value ? w.value : *argc > 1 ? (*argv)[1] : NULL;
    if (!dir) {
        fprintf(stderr, "vole: flag needs an argument: -C\n");
        return false;
    }
    if (chdir(dir)) {
        fprintf(stderr, "vole: chdir %s: %m\n", dir);
        return false;
    }
    char *now = getcwd(NULL, 0);
    if (now) setenv("PWD", now, 1);
    *argc -= used;
    *argv += used;
    return true;
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

bool flags_begin(Subcommand sub, int *argc, char ***argv) {
    const char *arch = getenv("GOARCH");
    if (arch && *arch) options.goarch = arch;
    options.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN);
    options.test.any = sub == SUB_TEST || sub == SUB_RUN;
    return sub == SUB_COMPILE || (change_dir(argc, argv) && read_goflags(sub));
}

bool flags_end(void) { return check_target() && target_check() && flags_check_tools(); }

// go's way: flags end at the first word that is none, or behind "--".
bool flags_parse(Subcommand sub, int argc, char **argv) {
    if (!flags_begin(sub, &argc, &argv)) return false;
    int i = 0;
    for (; i < argc && argv[i][0] == '-' && argv[i][1]; i++) {
        if (!strcmp(argv[i], "--")) {
            i++;
            break;
        }
        FlagResult r = sub == SUB_COMPILE ? flags_take_compiler(argc, argv, &i)
                                          : flags_take(sub, argc, argv, &i);
        if (r == FLAG_BAD) return false;
        if (r != FLAG_UNKNOWN) continue;
        fprintf(stderr, "flag provided but not defined: -%s\n", flags_word(argv[i]).name);
        flags_usage(sub);
        return false;
    }
    for (; i < argc; i++) vec_push(&options.args, argv[i]);
    return flags_end();
}
