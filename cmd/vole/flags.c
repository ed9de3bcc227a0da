// flags: go's flags, in go's forms (-o x, -o=x, --o=x), from $GOFLAGS and the command line into
// options. One table holds all flags of build, run and test: what takes a value, where it goes, and
// what is not there. A flag that would do nothing is refused, but with a value that asks for what
// holds anyway (-buildmode=exe, -race=false). flags_tools.c reads the flags of the compiler and the
// linker.
#include "cmd/vole/vole.h"
#include "frontend/fsys.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

// ---- The table ----

typedef enum FlagKind { SWITCH, VALUE, MAYBE } FlagKind; // MAYBE: a value only behind =
enum {
    BUILD = 1 << SUB_BUILD,
    INSTALL = 1 << SUB_INSTALL,
    RUN = 1 << SUB_RUN,
    TEST = 1 << SUB_TEST,
    ENV = 1 << SUB_ENV,
    VERSION = 1 << SUB_VERSION,
    TOOL = 1 << SUB_TOOL,
    BUILDS = BUILD | INSTALL | RUN,
    ALL = BUILDS | TEST,
    ANY = ALL | ENV | VERSION | TOOL,
};
#define NONE "" // no value holds: refused, unless it is off or empty

typedef struct Flag {
    const char *name;
    FlagKind kind;
    unsigned of;
    const char *value, *help;        // as help tells of it; NULL: not at all
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
static bool invalid(const char *kind, const char *name, const char *v, const char *why);
static bool take_dir(const char *v);
static bool take_jobs(const char *v);
static bool take_count(const char *v);
static bool take_parallel(const char *v);
static bool take_tags(const char *v);
static bool take_gcflags(const char *v) {
    options.gcflags_text = v;
    const char *why = flags_tool(v, &options.gcflags);
    return !why || invalid("value", "gcflags", v, why);
}
static bool take_ldflags(const char *v) {
    options.ldflags_text = v;
    const char *why = flags_tool(v, &options.ldflags);
    return !why || invalid("value", "ldflags", v, why);
}
static bool take_asmflags(const char *v) {
    options.asmflags_text = v;
    const char *why = flags_tool(v, &options.asmflags);
    return !why || invalid("value", "asmflags", v, why);
}
static bool take_exec(const char *v) {
    options.exec.len = 0; // the last one holds
    flags_split(v, &options.exec);
    return true;
}
static bool take_toolexec(const char *v) {
    options.toolexec.len = 0;
    const char *why = flags_split(v, &options.toolexec) ? NULL : flags_unterminated(v);
    return !why || invalid("value", "toolexec", v, why);
}
static bool take_pkgdir(const char *v) {
    options.pkgdir = *v ? path_join(current_dir(), v) : NULL;
    return true;
}
static bool take_explain(const char *v);
static bool take_timeout(const char *v);
static bool take_buildvcs(const char *v);
static bool take_vet(const char *v);
static bool take_bench(const char *v) {
    options.test.bench = *v != 0;
    return true;
}
static bool take_list(const char *v) {
    options.test.list = *v != 0;
    return true;
}
static bool take_fuzz(const char *v) {
    options.fuzz = *v != 0;
    return true;
}
static bool take_verbose(const char *v);
static bool take_profile(const char *v) {
    options.test.outputs |= *v != 0;
    options.test.keep |= *v != 0;
    return true;
}
static bool take_trace(const char *v) {
    options.test.outputs |= *v != 0;
    return true;
}
static bool take_shuffle(const char *v) {
    char *end;
    if (flags_holds("on off", v)) return true;
    errno = 0;
    strtoll(v, &end, 10);
    bool number = end > v && !*end && *v != ' ';
    if (number && !errno) return true;
    return invalid("value", "shuffle", v,
                   xsprintf("-shuffle argument must be \"on\", \"off\", or an int64: "
                            "strconv.ParseInt: parsing \"%s\": %s",
                            v, number ? "value out of range" : "invalid syntax"));
}
static bool take_output_dir(const char *v) {
    options.test.output_dir = *v != 0;
    return true;
}
static bool take_artifacts(const char *v) {
    options.test.outputs |= !strcmp(v, "true");
    return true;
}

static bool take_covermode(const char *v) {
    options.cover.on = true;
    options.cover.mode = v;
    return !*v || flags_holds("set count atomic", v) ||
           invalid("value", "covermode", v, "valid modes are \"set\", \"count\", or \"atomic\"");
}
static bool take_coverpkg(const char *v) {
    options.cover.on = true;
    options.cover.packages.len = 0;
    for (size_t n; *v; v += n + (v[n] != 0)) {
        n = strcspn(v, ",");
        vec_push(&options.cover.packages, xstrndup(v, n));
    }
    return true;
}
static bool take_coverprofile(const char *v) {
    options.cover.on = true;
    options.cover.profile = v;
    options.test.outputs |= *v != 0;
    return true;
}

static bool take_installsuffix(const char *v) { return v != NULL; }

static bool take_buildmode(const char *v) {
    static const char *const names[] = {[MODE_DEFAULT] = "default",
                                        [MODE_EXE] = "exe",
                                        [MODE_PIE] = "pie",
                                        [MODE_ARCHIVE] = "archive",
                                        [MODE_C_ARCHIVE] = "c-archive",
                                        [MODE_C_SHARED] = "c-shared",
                                        [MODE_PLUGIN] = "plugin"};
    options.buildmode = v;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(v, names[i])) continue;
        options.mode = (BuildMode)i;
        return true;
    }
    if (!strcmp(v, "shared")) {
        fprintf(stderr, "vole: -buildmode=shared is not supported: packages are linked into each "
                        "program\n");
        return false;
    }
    fprintf(stderr, "buildmode=%s not supported\n", v);
    exit(1);
}

static const Flag flags[] = {
    // go's, of build, install, run and test
    {"C", VALUE, ANY, "DIR", "change to the folder first; before all other flags",
     .take = take_dir},
    {"a", SWITCH, ALL, "", "rebuild packages that are in the cache", .on = &options.rebuild},
    {"asan", SWITCH, ALL, .only = NONE},
    {"asmflags", VALUE, ALL, "'[PATTERN=]FLAGS'", "flags for each go tool asm",
     .take = take_asmflags},
    {"buildmode", VALUE, ALL, "MODE",
     "default; exe: programs alone; pie: at any address; c-archive and c-shared: a library for C, "
     "with a header; plugin; archive: packages that are no programs",
     .take = take_buildmode},
    {"buildvcs", MAYBE, ALL, "",
     "stamp programs with the state of the git repository: true, false or auto (default of build "
     "and install)",
     .take = take_buildvcs},
    {"compiler", VALUE, ALL, "NAME", "gc: what holds", .only = "gc"},
    {"cover", SWITCH, ALL, "",
     "count what is run: tests print a percentage, programs write to the folder $GOCOVERDIR",
     .on = &options.cover.on},
    {"covermode", VALUE, ALL, "MODE",
     "set: is it run (default); count: how often; atomic: how often, with goroutines, too. Sets "
     "-cover",
     .take = take_covermode},
    {"coverpkg", VALUE, ALL, "PATTERN,LIST",
     "count in these packages (default: of tests in the tested one, of programs in those of the "
     "main module). Sets -cover",
     .take = take_coverpkg},
    {"debug-actiongraph", VALUE, BUILDS, "FILE",
     "write what was compiled and linked, after what and when, as JSON",
     .to = &options.actiongraph},
    {"debug-actiongraph", VALUE, TEST, .only = NONE},
    {"debug-runtime-trace", VALUE, ALL, .only = NONE},
    {"debug-trace", VALUE, BUILDS, "FILE", "write the same as events for a trace viewer",
     .to = &options.debug_trace},
    {"debug-trace", VALUE, TEST, .only = NONE},
    {"gccgoflags", VALUE, ALL, .only = NONE},
    {"gcflags", VALUE, ALL, "'[PATTERN=]FLAGS'",
     "-m, -l, -N, -B, -S, -e, -C, -lang=…, -d=…, -trimpath=…, -json=…, -bench=FILE as for go tool "
     "compile",
     .take = take_gcflags},
    {"installsuffix", VALUE, ALL, "SUFFIX",
     "keeps packages apart from those that are built with other flags: as they always are",
     .take = take_installsuffix},
    {"json", SWITCH, BUILD | INSTALL | RUN, "",
     "what is said of packages, as events: a JSON object per line", .on = &options.json},
    {"ldflags", VALUE, ALL, "'[PATTERN=]FLAGS'",
     "-w leaves out debug information, -s symbols as well; -X importpath.name=value sets a string "
     "variable",
     .take = take_ldflags},
    {"linkshared", SWITCH, ALL, .only = NONE},
    {"mod", VALUE, ALL, "MODE",
     "readonly: from the module cache; mod: go.mod is changed as needed; vendor: from the vendor "
     "folder (default where there "
     "is one)",
     .to = &options.mod, .only = "mod readonly vendor"},
    {"modcacherw", SWITCH, ALL | TOOL, "", "is what holds: no folder of the module cache is made"},
    {"modfile", VALUE, ALL | TOOL, "FILE", "read this file in place of the module's go.mod",
     .to = &options.modfile},
    {"msan", SWITCH, ALL, .only = NONE},
    {"n", SWITCH, ALL, "", "print the commands but do not run them", .on = &options.dry_run},
    {"o", VALUE, BUILD, "FILE",
     "the output; a folder, or with / behind it: programs go there. What is no object is not "
     "replaced",
     .to = &options.output},
    {"overlay", VALUE, ALL | TOOL, "FILE",
     "JSON, {\"Replace\": {path: path of the file to read for it}}: files that stand for others",
     .to = &options.overlay},
    {"p", VALUE, ALL, "N", "packages compiled, and tested, at once (default: the number of CPUs)",
     .take = take_jobs},
    {"pgo", VALUE, ALL, "FILE",
     "a CPU profile that guides inlining and devirtualization; auto (default): default.pgo in the "
     "main package's folder; off",
     .to = &options.pgo},
    {"pkgdir", VALUE, ALL, "DIR", "keep compiled packages there, not in the build cache",
     .take = take_pkgdir},
    {"race", SWITCH, ALL, "",
     "report accesses to memory that nothing orders, by gc's race detector (amd64)",
     .on = &options.race},
    {"tags", VALUE, ALL, "TAG,LIST", "build tags", .take = take_tags},
    {"toolexec", VALUE, ALL, "CMD",
     "a command that runs each tool of the tool chain: asm, cgo, compile, cover, link, vet",
     .take = take_toolexec},
    {"trimpath", SWITCH, ALL, "", "no names of folders in programs", .on = &options.trimpath},
    {"v", SWITCH, BUILD | INSTALL | RUN, "", "print the names of packages as they are compiled",
     .on = &options.verbose},
    {"work", SWITCH, ALL, "", "keep the temporary folder, and print its name",
     .on = &options.keep_work},
    {"x", SWITCH, ALL, "", "print the commands", .on = &options.print_commands},
    {"exec", VALUE, RUN | TEST, "XPROG", "run xprog with the program and its arguments behind it",
     .take = take_exec},
    // go's, of test alone
    {"o", VALUE, TEST, "FILE", "the test binary; it is run all the same without -c",
     .to = &options.output},
    {"c", SWITCH, TEST, "", "compile the test binary to PKG.test, but do not run it",
     .on = &options.test.compile},
    {"json", SWITCH, TEST, "", "events, a JSON object per line, as go tool test2json makes them",
     .on = &options.json},
    {"vet", VALUE, TEST, "LIST",
     "what vet looks for before tests are run: analyzers with commas between, all or off",
     .take = take_vet},
    // the test binary's
    {"artifacts", SWITCH, TEST, "", "keep the tests' artifacts in -outputdir",
     .take = take_artifacts, .binary = true},
    {"bench", VALUE, TEST, "REGEXP", "run these benchmarks", .take = take_bench, .binary = true},
    {"benchmem", SWITCH, TEST, "", "memory that benchmarks allocate", .binary = true},
    {"benchtime", VALUE, TEST, "T", "how long each benchmark runs, or Nx: how often",
     .binary = true},
    {"blockprofile", VALUE, TEST, "FILE", "a profile of where goroutines blocked",
     .take = take_profile, .binary = true},
    {"blockprofilerate", VALUE, TEST, "N", "nanoseconds between what it samples", .binary = true},
    {"count", VALUE, TEST, "N", "run each test, benchmark and fuzz seed so often",
     .take = take_count, .binary = true},
    {"coverprofile", VALUE, TEST, "FILE", "a profile of what was run. Sets -cover",
     .take = take_coverprofile, .binary = true},
    {"cpu", VALUE, TEST, "1,2,4", "GOMAXPROCS for which to run them", .binary = true},
    {"cpuprofile", VALUE, TEST, "FILE", "a profile of processor time", .take = take_profile,
     .binary = true},
    {"failfast", SWITCH, TEST, "", "begin no more tests after one that failed",
     .on = &options.test.fail_fast, .binary = true},
    {"fullpath", SWITCH, TEST, "", "whole file names in messages", .binary = true},
    {"fuzz", VALUE, TEST, "REGEXP", "fuzz this target of a package", .take = take_fuzz,
     .binary = true},
    {"fuzzminimizetime", VALUE, TEST, "T", "how long a failing input is made smaller",
     .binary = true},
    {"fuzztime", VALUE, TEST, "T", "how long to fuzz", .binary = true},
    {"list", VALUE, TEST, "REGEXP", "list tests, benchmarks and examples instead of running them",
     .take = take_list, .binary = true},
    {"memprofile", VALUE, TEST, "FILE", "a profile of allocations", .take = take_profile,
     .binary = true},
    {"memprofilerate", VALUE, TEST, "N", "bytes between what it samples", .binary = true},
    {"mutexprofile", VALUE, TEST, "FILE", "a profile of locks that were waited for",
     .take = take_profile, .binary = true},
    {"mutexprofilefraction", VALUE, TEST, "N", "sample one of so many", .binary = true},
    {"outputdir", VALUE, TEST, "DIR", "where profiles and artifacts go", .take = take_output_dir,
     .binary = true},
    {"parallel", VALUE, TEST, "N", "how many of the tests that call t.Parallel run at once",
     .take = take_parallel, .binary = true},
    {"run", VALUE, TEST, "REGEXP", "run these tests, examples and fuzz seeds", .binary = true},
    {"short", SWITCH, TEST, "", "let long tests be shorter", .binary = true},
    {"shuffle", VALUE, TEST, "off,on,N", "run them in a random order", .take = take_shuffle,
     .binary = true},
    {"skip", VALUE, TEST, "REGEXP", "leave these out", .binary = true},
    {"timeout", VALUE, TEST, "D", "a test binary that runs longer panics (default 10m)",
     .take = take_timeout, .binary = true},
    {"trace", VALUE, TEST, "FILE", "an execution trace", .take = take_trace, .binary = true},
    {"v", MAYBE, TEST, "", "print each test as it is run, and what it logs", .take = take_verbose,
     .binary = true},
    // go's, of env
    {"json", SWITCH, ENV, "", "print as JSON", .on = &options.json},
    {"n", SWITCH, ENV, "", "is what holds: no command is run"},
    {"n", SWITCH, TOOL, "", "print where the executable is, do not run it", .on = &options.dry_run},
    {"x", SWITCH, ENV, "", "is what holds: no command is run"},
    {"changed", SWITCH, ENV, "", "print what differs from what holds without any setting",
     .on = &options.env.changed},
    {"u", SWITCH, ENV, "", "take back settings that -w made", .on = &options.env.unset},
    {"w", SWITCH, ENV, "", "NAME=VALUE: settings that hold from now on", .on = &options.env.write},
    // go's, of version
    {"m", SWITCH, VERSION, "", "print each file's modules and settings", .on = &options.version},
    {"json", SWITCH, VERSION, "", "the same as JSON", .on = &options.version},
    {"v", SWITCH, VERSION, "", "name files that are no Go programs, too", .on = &options.version},
    // vole's own
    {"D", VALUE, ALL, .to = &options.local_prefix},
    {"emit", VALUE, BUILD, "STAGE",
     "print tokens, ast, types, ir, ssa, llvm or asm, or write obj, instead", .to = &options.emit},
    {"explain", VALUE, ALL, "FILE",
     "write a page of what was decided about the packages named, and why", .take = take_explain},
    {"goarch", VALUE, ALL, "ARCH", "amd64 or arm64 (default: $GOARCH, else amd64)",
     .take = set_arch},
    {"importcfg", VALUE, ALL, .to = &options.importcfg},
    {"target", VALUE, ALL, .take = set_arch},
};

static const Flag *find(const char *name, unsigned of) {
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if ((flags[i].of & of) && !strcmp(flags[i].name, name)) return &flags[i];
    return NULL;
}

// ---- What flags do ----

static bool misread;    // the last message was of a value's form: usage follows
static bool in_goflags; // what is read comes from there

// kind: "value" or "boolean value".
static bool invalid(const char *kind, const char *name, const char *v, const char *why) {
    bool boolean = strcmp(kind, "value") != 0;
    if (in_goflags)
        fprintf(stderr, "vole: invalid %s \"%s\" for flag -%s (from $GOFLAGS): %s\n", kind, v, name,
                why);
    else
        fprintf(stderr, "invalid %s \"%s\" for %s-%s: %s\n", kind, v, boolean ? "" : "flag ", name,
                why);
    misread = true;
    return false;
}

static bool take_dir(const char *v) {
    return invalid("value", "C", v, "-C flag must be first flag on command line");
}

static bool take_number(const char *name, const char *v, long *n) {
    char *end;
    *n = strtol(v, &end, 0);
    return (end > v && !*end) || invalid("value", name, v, "parse error");
}
static bool take_count(const char *v) {
    long n;
    return take_number("count", v, &n);
}
static bool take_parallel(const char *v) {
    long n;
    return take_number("parallel", v, &n);
}

static bool take_jobs(const char *v) {
    long n;
    if (!take_number("p", v, &n)) return false;
    if (n <= 0) {
        fprintf(stderr, "vole: -p must be a positive integer: %ld\n", n);
        exit(1);
    }
    options.jobs = n < 4096 ? (int)n : 4096; // more processes than any machine has use for
    return true;
}

static bool take_tags(const char *v) {
    options.tags.len = 0;
    if (strpbrk(v, " '") && strchr(v, ',')) {
        fprintf(stderr, "vole: -tags space-separated list contains comma\n");
        exit(2);
    }
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

// As time.Duration's String writes it: 1h0m0s, 1.5s, 750ms.
const char *flags_duration(double seconds) {
    long long ns = (long long)(seconds * 1e9 + 0.5), hours = ns / 3600000000000,
              minutes = ns / 60000000000 % 60, rest = ns % 60000000000;
    if (!ns) return "0s";
    double unit = ns >= 1000000000 ? 1e9 : ns >= 1000000 ? 1e6 : ns >= 1000 ? 1e3 : 1;
    const char *name = ns >= 1000000000 ? "s" : ns >= 1000000 ? "ms" : ns >= 1000 ? "µs" : "ns";
    Buf b = {0};
    if (hours) buf_printf(&b, "%lldh", hours);
    if (hours || minutes) buf_printf(&b, "%lldm", minutes);
    buf_printf(&b, "%.12g%s", (double)rest / unit, name);
    return buf_str(&b);
}

static bool take_timeout(const char *v) {
    options.test.timeout = parse_duration(v);
    options.test.timeout_set = true;
    if (options.test.timeout >= 0) return true;
    return invalid("value", "timeout", v, "parse error");
}

static bool take_buildvcs(const char *v) {
    bool on;
    if (strcmp(v, "auto") && !flags_boolean(v, &on))
        return invalid("boolean value", "buildvcs", v, "value is neither 'auto' nor a valid bool");
    options.buildvcs = !strcmp(v, "auto") ? v : on ? "true" : "false";
    return true;
}

// vet's analyzers in go 1.27, with what else -vet calls them.
static const char analyzers[] =
    "appends asmdecl assign atomic bool bools buildtag buildtags cgocall composites copylocks "
    "defers directive errorsas framepointer hostport httpresponse ifaceassert loopclosure "
    "lostcancel methods nilfunc printf rangeloops shift sigchanyzer slog stdmethods stdversion "
    "stringintconv structtag testinggoroutine tests timeformat unmarshal unreachable unsafeptr "
    "unusedresult waitgroup";

// A list of analyzers for vet; what is wrong with it, in go's words, or NULL.
static const char *choose_analyzers(const char *list) {
    const char *single = NULL;
    options.test.vet.off = options.test.vet.explicit = false;
    options.test.vet.flags.len = 0;
    if (!*list) return NULL;
    if (strchr(list, '=')) return "-vet argument cannot contain equal signs";
    if (strchr(list, ' ')) return "-vet argument is comma-separated list, cannot contain spaces";
    options.test.vet.explicit = true;
    for (const char *p = list;; p++) {
        size_t n = strcspn(p, ",");
        const char *word = xstrndup(p, n);
        if (!n) return "-vet argument contains empty list element";
        if (!strcmp(word, "all") || !strcmp(word, "off")) {
            single = word;
            options.test.vet.off = word[0] == 'o';
            options.test.vet.flags.len = 0;
        } else if (!flags_holds(analyzers, word)) {
            return xsprintf("-vet argument must be a supported analyzer or a distinguished value; "
                            "found %s",
                            word);
        } else {
            vec_push(&options.test.vet.flags, xsprintf("-%s", word));
        }
        p += n;
        if (!*p) break;
    }
    return options.test.vet.flags.len > 1 && single
               ? xsprintf("-vet does not accept \"%s\" in a list with other analyzers", single)
               : NULL;
}

static bool take_vet(const char *v) {
    const char *why = choose_analyzers(v);
    return !why || invalid("value", "vet", v, why);
}

static bool take_verbose(const char *v) {
    if (!strcmp(v, "test2json")) return options.test.verbose = true;
    if (flags_boolean(v, &options.test.verbose)) return true;
    return invalid("boolean value", "v", v, xsprintf("invalid flag -test.v=%s", v));
}

// Where go has words for a wrong value they are used, and its exit status; the rest is ours to say.
static bool refuse(const Flag *f, const char *value) {
    const char *where = in_goflags ? " (from $GOFLAGS)" : "";
    if (f->to == &options.mod && !options.mod) {
        fprintf(stderr, "-mod=%s not supported (can be '', 'mod', 'readonly', or 'vendor')\n",
                value);
        exit(1);
    }
    if (!strcmp(f->name, "compiler") && strcmp(value, "gccgo"))
        return invalid("value", "compiler", value, xsprintf("unknown compiler \"%s\"", value));
    if (f->kind == SWITCH || !*f->only)
        fprintf(stderr, "vole: -%s is not supported%s\n", f->name, where);
    else
        fprintf(stderr, "vole: -%s=%s is not supported%s (only %s)\n", f->name, value, where,
                f->only);
    return false;
}

// A value that is not among those that work here is refused, never ignored.
static bool set(const Flag *f, const char *value) {
    bool on = true;
    if (f->kind == SWITCH) {
        if (value && !flags_boolean(value, &on))
            return invalid("boolean value", f->name, value, "parse error");
        value = on ? "true" : "false";
    } else if (!value) {
        value = "true";
    }
    if (f->only && (f->kind == SWITCH ? on : *value && !flags_holds(f->only, value)))
        return refuse(f, value);
    if (f->on) *f->on = on;
    if (f->to) *f->to = value;
    if (f->on == &options.dry_run) options.print_commands |= on;
    if (f->take && !f->take(value)) return false;
    if (!f->binary) return true;
    if (!strcmp(f->name, "outputdir") && *value && *value != '/')
        value = xsprintf("%s/%s", current_dir(), value);
    if (f->take == take_timeout) value = flags_duration(options.test.timeout);
    vec_push(&options.test.args, xsprintf("-test.%s=%s", f->name, value));
    return true;
}

// ---- Reading ----

static const struct {
    const char *name, *usage;
} commands[] = {
#define COMMAND(name, sub, usage, brief) {#name, usage},
#define FOREIGN(name, brief)
#define TOPIC(name, brief)
#include "cmd/vole/commands.def"
};

void flags_usage(Subcommand sub) {
    if (sub == SUB_COMPILE) sub = SUB_TOOL;
    fprintf(stderr, "usage: vole %s\nRun 'vole help %s'%s for details.\n", commands[sub].usage,
            commands[sub].name, sub == SUB_TEST ? " and 'vole help testflag'" : "");
}

void flags_help(Subcommand sub, bool shared) {
    bool any = false;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        const Flag *f = &flags[i];
        if (!f->help || !(f->of & 1u << sub) || (!shared && (f->of & ALL) == ALL)) continue;
        if (!any) puts("\nThe flags are:\n");
        any = true;
        printf("\t-%s%s%s\n\t\t%s\n", f->name, *f->value ? " " : "", f->value, f->help);
    }
    if (shared) puts("\t-O0, -O1, -O2, -O3\n\t\toptimisation level (default -O2)");
}

// A flag with its value from argv[*at]; *at moves to the value where that is a word of its own.
FlagResult flags_take(Subcommand sub, int argc, char **argv, int *at) {
    FlagWord w = flags_word(argv[*at]);
    if (!w.name) return FLAG_NONE;
    if (!*w.name || *w.name == '-') {
        fprintf(stderr, "bad flag syntax: %s\n", w.word);
        flags_usage(sub);
        return FLAG_BAD;
    }
    if (!strcmp(w.name, "h") || !strcmp(w.name, "help")) {
        flags_usage(sub);
        return FLAG_BAD;
    }
    if ((ALL & 1u << sub) && w.name[0] == 'O' && w.name[1] >= '0' && w.name[1] <= '3' &&
        !w.name[2] && !w.value) {
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
    if (set(f, w.value)) return FLAG_TAKEN;
    if (misread) flags_usage(sub);
    return FLAG_BAD;
}

// $GOFLAGS holds flags of any command, those of others are left out; the command line comes after
// it.
static bool read_goflags(Subcommand sub) {
    const char *text = getenv("GOFLAGS"), *why = NULL;
    StrVec words = {0};
    if (!flags_split(text ? text : "", &words)) why = "unterminated ' string";
    for (vec_each(const char *, word, &words)) {
        FlagWord w = flags_word(*word);
        bool form = w.name && *w.name != '-' && *w.name != '=';
        const Flag *any = form ? find(w.name, ANY) : NULL,
                   *f = form ? find(w.name, 1u << sub) : NULL;
        if (!form)
            why = xsprintf("non-flag \"%s\"", *word);
        else if (!any || any->take == take_dir)
            why = xsprintf("unknown flag -%s", w.name);
        if (why) break;
        bool lacks = f && f->kind == VALUE && !w.value;
        if (lacks) fprintf(stderr, "vole: flag needs an argument: -%s (from $GOFLAGS)\n", w.name);
        in_goflags = true;
        if (!lacks && (!f || set(f, w.value))) continue;
        if (lacks || misread) flags_usage(sub);
        return false;
    }
    in_goflags = false;
    if (why) {
        fprintf(stderr, "vole: parsing $GOFLAGS: %s\n", why);
        exit(1);
    }
    return true;
}

// -C, the first flag: done before all others.
bool flags_change_dir(int *argc, char ***argv) {
    FlagWord w = *argc ? flags_word((*argv)[0]) : (FlagWord){0};
    if (!w.name || strcmp(w.name, "C")) return true;
    int used = w.value ? 1 : 2;
    const char *dir = w.value ? w.value : *argc > 1 ? (*argv)[1] : NULL;
    if (!dir) return true; // its command says so
    if (chdir(dir)) {
        fprintf(stderr, "vole: chdir %s: %s\n", dir, go_error(errno));
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

bool flags_begin(Subcommand sub) {
    const char *arch = getenv("GOARCH");
    if (arch && *arch) options.goarch = arch;
    options.jobs = (int)sysconf(_SC_NPROCESSORS_ONLN);
    options.buildvcs = sub == SUB_BUILD || sub == SUB_INSTALL ? "auto" : NULL;
    options.test.any = sub == SUB_TEST || sub == SUB_RUN;
    return sub == SUB_COMPILE || sub == SUB_ENV || read_goflags(sub); // env is for mending them
}

// In go's words, and with its exit status.
static bool check_race(void) {
    if (!options.race) return true;
    if (!strcmp(options.goarch, "arm64")) {
        fprintf(stderr, "vole: -race is not supported on linux/arm64\n");
        return false;
    }
    const char *mode = options.cover.mode;
    if (!mode || !*mode || !strcmp(mode, "atomic")) return true;
    fprintf(stderr, "-covermode must be \"atomic\", not \"%s\", when -race is enabled\n", mode);
    exit(1);
}

// Before anything is loaded.
static bool read_overlay(void) {
    const char *file = options.overlay, *err;
    if (!file || !*file || !(err = fsys_overlay(file, current_dir()))) return true;
    fprintf(stderr, "vole: %s\n", err);
    exit(1);
}

bool flags_end(Subcommand sub) {
    return sub == SUB_ENV || (check_target() && target_check() && check_race() &&
                              flags_check_tools() && read_overlay());
}

// go's way: flags end at the first word that is none, or behind "--".
bool flags_parse(Subcommand sub, int argc, char **argv) {
    if (!flags_begin(sub)) return false;
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
    return flags_end(sub);
}
