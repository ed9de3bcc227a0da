// flags_tools: the flags of the compiler (-gcflags, and tool compile's own) and of the linker
// (-ldflags). As in flags.c a flag that would do nothing is refused, but where it asks for what
// holds anyway. -gcflags='[pattern=]flags' counts for the packages that the pattern means, without
// one for those named on the command line, and the last that counts for a package is the one that
// does.
#include "cmd/vole/vole.h"
#include "midend/functions.h"
#include <stdlib.h>
#include <unistd.h>

typedef enum ToolKind { COUNT, SWITCH, VALUE } ToolKind; // COUNT: a switch that may have a number
#define NONE ""

typedef struct ToolFlag {
    const char *name;
    ToolKind kind;
    // The values that hold, with blanks between; NULL: any; NONE: refused, unless it is off or
    // empty.
    const char *only;
    bool tool;       // tool compile's alone
    const char *why; // of what is refused
} ToolFlag;

static const ToolFlag compiler_flags[] = {
    {"%", COUNT, NONE},
    {"+", SWITCH, .tool = true}, // the runtime's rules: as -std here
    {"B", SWITCH},
    {"C", SWITCH},
    {"D", VALUE, .tool = true},
    {"E", COUNT, NONE},
    {"I", VALUE, NONE},
    {"K", COUNT, NONE},
    {"L", SWITCH, NONE},
    {"N", COUNT},
    {"S", COUNT, "true false 1 0"},
    {"V", COUNT, NONE},
    {"W", COUNT, NONE},
    {"asan", SWITCH, NONE},
    {"asmhdr", VALUE, .tool = true},
    {"bench", VALUE},
    {"blockprofile", VALUE, NONE},
    {"buildid", VALUE, .tool = true},
    {"c", VALUE}, // how much may run at once: one package takes one process
    {"clobberdead", SWITCH, NONE},
    {"clobberdeadreg", SWITCH, NONE},
    {"complete", SWITCH, .tool = true},
    {"coveragecfg", VALUE, NONE},
    {"cpuprofile", VALUE, NONE},
    {"d", VALUE},
    {"dwarf", SWITCH, "true"},
    {"dwarfbasentries", SWITCH, "true"},
    {"dwarflocationlists", SWITCH, "true"},
    {"dynlink", SWITCH, NONE},
    {"e", COUNT},
    {"embedcfg", VALUE, NONE},
    {"emit", VALUE, .tool = true},
    {"env", VALUE, NONE},
    {"errorurl", SWITCH, NONE},
    {"gendwarfinl", VALUE, "2"},
    {"goarch", VALUE, .tool = true},
    {"goversion", VALUE, NONE},
    {"h", COUNT, NONE},
    {"importcfg", VALUE, .tool = true},
    {"installsuffix", VALUE, NONE},
    {"j", COUNT, NONE},
    {"json", VALUE},
    {"l", COUNT},
    {"lang", VALUE},
    {"linkobj", VALUE, NONE},
    {"linkshared", SWITCH, NONE},
    {"live", COUNT, NONE},
    {"m", COUNT},
    {"memprofile", VALUE, NONE},
    {"memprofilerate", VALUE, NONE},
    {"msan", SWITCH, NONE},
    {"mutexprofile", VALUE, NONE},
    {"nolocalimports", SWITCH, NONE},
    {"o", VALUE, .tool = true},
    {"p", VALUE},
    {"pack", COUNT, .tool = true},
    {"pgoprofile", VALUE, .tool = true},
    {"r", COUNT, NONE},
    {"race", SWITCH, .tool = true}, // what -m says of //go:norace
    {"shared", SWITCH, NONE},
    {"smallframes", SWITCH, NONE},
    {"spectre", VALUE, NONE},
    {"std", SWITCH, .tool = true},
    {"symabis", VALUE, NONE},
    {"t", COUNT, NONE},
    {"target", VALUE, .tool = true},
    {"traceprofile", VALUE, NONE},
    {"trimpath", VALUE},
    {"u", COUNT, NONE},
    {"v", COUNT, NONE},
    {"w", COUNT, NONE},
    {"wb", SWITCH, "true"},
};

static const ToolFlag linker_flags[] = {
    {"8", SWITCH, NONE},
    {"B", VALUE},
    {"D", VALUE, NONE},
    {"E", VALUE, NONE},
    {"H", VALUE, "linux"},
    {"I", VALUE, NONE, .why = "-extldflags=-Wl,--dynamic-linker,FILE names one"},
    {"L", VALUE, NONE},
    {"R", VALUE, NONE},
    {"T", VALUE, NONE},
    {"V", COUNT, NONE},
    {"X", VALUE},
    {"a", SWITCH}, // go's linker does nothing for this one and -n
    {"asan", SWITCH, NONE},
    {"aslr", SWITCH},
    {"benchmark", VALUE, NONE},
    {"benchmarkprofile", VALUE, NONE},
    {"bindnow", SWITCH, NONE},
    {"buildid", VALUE},
    {"buildmode", VALUE, "exe"},
    {"c", SWITCH, NONE},
    {"capturehostobjs", VALUE, NONE},
    {"checklinkname", SWITCH, "false"},
    {"compressdwarf", SWITCH, NONE},
    {"cpuprofile", VALUE, NONE},
    {"d", SWITCH}, // executables are static
    {"debugnosplit", SWITCH, NONE},
    {"debugtextsize", VALUE, NONE},
    {"debugtramp", VALUE, NONE},
    {"dumpdep", SWITCH, NONE},
    {"e", SWITCH, NONE},
    {"extar", VALUE},
    {"extld", VALUE, NONE, .why = "ld.lld links all programs, $VOLE_LD names another of its kind"},
    {"extldflags", VALUE},
    {"f", SWITCH, NONE},
    {"fipso", VALUE, NONE},
    {"funcalign", VALUE, NONE},
    {"g", SWITCH, NONE},
    {"h", SWITCH, NONE},
    {"importcfg", VALUE, NONE},
    {"installsuffix", VALUE, NONE},
    {"k", VALUE, NONE},
    {"libgcc", VALUE, NONE},
    {"linkmode", VALUE, "auto external internal"},
    {"linkshared", SWITCH, NONE},
    {"memprofile", VALUE, NONE},
    {"memprofilerate", VALUE, NONE},
    {"msan", SWITCH, NONE},
    {"n", SWITCH},
    {"o", VALUE, NONE},
    {"pluginpath", VALUE},
    {"pruneweakmap", SWITCH, NONE},
    {"r", VALUE},
    {"race", SWITCH, NONE},
    {"randlayout", VALUE, "0"},
    {"s", SWITCH},
    {"strictdups", VALUE, "0"},
    {"tmpdir", VALUE, NONE, .why = "temporary files lie in $GOTMPDIR"},
    {"v", COUNT, NONE},
    {"w", SWITCH},
};

// The keys of -d that are there. What gc does by default needs no doing (…=1).
static const ToolFlag debug_keys[] = {
    {"append", COUNT},
    {"checkptr", COUNT},
    {"converthash", VALUE, "qy qn y n"},
    {"defer", COUNT},
    {"escapedebug", COUNT},
    {"escapemutationscalls", COUNT},
    {"inlfuncswithclosures", COUNT, "1"},
    {"inlstaticinit", COUNT, "1"},
    {"loopvar", COUNT, "1"},
    {"nil", COUNT},
    {"panic", COUNT}, // nothing hides them
    {"pgodebug", COUNT},
    {"pgodevirtualize", COUNT},
    {"pgoinline", COUNT},
    {"pgoinlinebudget", COUNT},
    {"pgoinlinecdfthreshold", COUNT},
    {"rangefunccheck", COUNT, "1"},
    {"slice", COUNT},
    {"ssa/check_bce", COUNT},
    {"ssa/check_bce/debug", COUNT},
    {"ssa/intrinsics/debug", COUNT},
    {"ssa/known_bits/debug", COUNT},
    {"ssa/phiopt/debug", COUNT},
    {"ssa/prove/debug", COUNT},
    {"typeassert", COUNT},
    {"zerocopy", COUNT, "1"},
};

static const ToolFlag *find(const ToolFlag *list, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (!strcmp(list[i].name, name)) return &list[i];
    return NULL;
}
#define FIND(list, name) find(list, sizeof(list) / sizeof *(list), name)

// What would bear on code alone is nothing to export data.
static bool takes(const ToolFlag *f, const char *v) {
    if (options.export_only) return true;
    if (f->tool && !options.compile_only) return false;
    if (!f->only || !*v) return true;
    bool off = f->kind != VALUE && (!strcmp(v, "false") || !strcmp(v, "0"));
    return *f->only ? flags_holds(f->only, v) : off;
}

// Reads one word of a tool's flags, which is at *at, to its value ("true", "false", a number,
// text); NULL after a message.
static const ToolFlag *read_word(const char *tool, const ToolFlag *list, size_t n,
                                 const StrVec *words, uint32_t *at, const char **value) {
    FlagWord w = flags_word(words->data[*at]);
    const ToolFlag *f = w.name ? find(list, n, w.name) : NULL;
    if (!f) {
        fprintf(stderr,
                w.name ? "flag provided but not defined: -%s (go tool %s)\n"
                       : "vole: %s is no flag (go tool %s)\n",
                w.name ? w.name : w.word, tool);
        return NULL;
    }
    *value = w.value                                    ? w.value
             : f->kind == VALUE && *at + 1 < words->len ? words->data[++*at]
             : f->kind == VALUE                         ? NULL
                                                        : "true";
    if (!*value) {
        fprintf(stderr, "flag needs an argument: -%s (go tool %s)\n", f->name, tool);
        return NULL;
    }
    bool on, number = f->kind == COUNT && **value && !(*value)[strspn(*value, "0123456789")];
    if (f->kind != VALUE && !number) {
        if (!strcmp(f->name, "m") && !strcmp(*value, "json")) return f; // vole's own
        if (!flags_boolean(*value, &on)) {
            fprintf(stderr, "invalid boolean value \"%s\" for -%s: parse error (go tool %s)\n",
                    *value, f->name, tool);
            return NULL;
        }
        *value = on ? "true" : "false";
    }
    if (takes(f, *value)) return f;
    if (f->only && *f->only)
        fprintf(stderr, "vole: -%s=%s of go tool %s is not supported (only %s)\n", f->name, *value,
                tool, f->only);
    else
        fprintf(stderr, "vole: -%s of go tool %s is not supported%s%s\n", f->name, tool,
                f->why ? ": " : "", f->why ? f->why : "");
    return NULL;
}

// ---- The compiler's ----

// -d's keys, each judged by its row: known to go, known and of use here, or refused.
static bool take_debug(const char *value) {
    for (const char *p = value; *p; p += strcspn(p, ","), p += *p == ',') {
        size_t n = strcspn(p, ","), name = strcspn(p, ",=:");
        if (!n) continue;
        const char *key = xstrndup(p, name),
                   *v = name < n ? xstrndup(p + name + 1, n - name - 1) : "1";
        const ToolFlag *f = FIND(debug_keys, key);
        if (!f) {
            fprintf(stderr, "invalid value \"%s\" for flag -d: unknown debug key %s (compile)\n",
                    value, key);
            return false;
        }
        if (f->kind == COUNT && (!*v || v[strspn(v, "-0123456789")])) {
            fprintf(stderr, "invalid debug value %s (compile)\n", key);
            return false;
        }
        if (takes(f, v)) continue;
        fprintf(stderr, "vole: -d=%s=%s of go tool compile is not supported\n", key, v);
        return false;
    }
    midend_options.debug =
        midend_options.debug ? xsprintf("%s,%s", midend_options.debug, value) : value;
    return true;
}

static bool take_log(const char *value) {
    const char *err = NULL;
    if ((midend_options.log_dir = optlog_dir(value, &err))) return true;
    fprintf(stderr, "vole: %s\n", err);
    return false;
}

// How often a COUNT was asked for: =2 sets it, without a value it is one more.
static int count(const char *value, int before) {
    return !strcmp(value, "true") ? before + 1 : !strcmp(value, "false") ? 0 : atoi(value);
}

static bool take_reports(const ToolFlag *f, const char *v) {
    if (!strcmp(f->name, "d")) return take_debug(v);
    if (!strcmp(f->name, "json")) return take_log(v);
    if (!strcmp(f->name, "bench"))
        midend_options.bench = v;
    else if (!strcmp(v, "json"))
        midend_options.log_print = true;
    else
        midend_options.m = count(v, midend_options.m);
    return true;
}

static bool check_concurrency(const char *v) {
    if (*v && !v[strspn(v, "0123456789")] && atoi(v) > 0) return true;
    fprintf(stderr, "compile: -c must be at least 1, got %s\n", v);
    return false;
}

// A flag of the compiler that read_word has found to be right takes effect.
static bool apply(const ToolFlag *f, const char *v) {
    bool on = strcmp(v, "false") != 0 && strcmp(v, "0") != 0;
    if (!strcmp(f->name, "p") && !options.compile_only) {
        options.package_path = v;
        return true;
    }
    switch (f->name[0]) {
    case 'B': midend_options.no_bounds = on; return true;
    case 'C': diagnostics.no_columns = on; return true;
    case 'D': options.local_prefix = v; return true;
    case 'N': midend_options.no_opt = on; return true;
    case 'S':
        options.listing = count(v, options.listing);
        if (options.listing < 2) return true;
        fprintf(stderr, "vole: -S twice of go tool compile is not supported\n");
        return false;
    }
    static const struct {
        const char *name;
        const char **to;
    } texts[] = {{"o", &options.output},
                 {"p", &options.import_path},
                 {"asmhdr", &options.asm_header},
                 {"buildid", &options.build_id},
                 {"emit", &options.emit},
                 {"importcfg", &options.importcfg},
                 {"lang", &options.lang},
                 {"trimpath", &options.trim_prefix},
                 {"goarch", &options.goarch},
                 {"target", &options.goarch},
                 {"pgoprofile", &options.tool_profile}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!strcmp(f->name, texts[i].name)) {
            *texts[i].to = v;
            return true;
        }
    static const struct {
        const char *name;
        bool *on;
    } switches[] = {{"+", &options.std},     {"e", &options.all_errors},
                    {"std", &options.std},   {"complete", &options.complete},
                    {"pack", &options.pack}, {"race", &options.race}};
    for (size_t i = 0; i < sizeof switches / sizeof *switches; i++)
        if (!strcmp(f->name, switches[i].name)) {
            *switches[i].on = on;
            return true;
        }
    if (!strcmp(f->name, "c")) return check_concurrency(v);
    if (strcmp(f->name, "l")) return f->only ? true : take_reports(f, v);
    int level = count(v, 0);
    midend_options.no_inline = level == 1;
    midend_options.cheap_calls = level == 4;
    return true;
}

static bool apply_compiler(const StrVec *words) {
    options.listing = 0;
    for (uint32_t i = 0; i < words->len; i++) {
        const char *v;
        const ToolFlag *f =
            read_word("compile", compiler_flags, sizeof compiler_flags / sizeof *compiler_flags,
                      words, &i, &v);
        if (!f || !apply(f, v)) return false;
    }
    return true;
}

// Words of `vole tool compile` are kept as if -gcflags had them, so that there is one place that
// applies them.
FlagResult flags_take_compiler(int argc, char **argv, int *at) {
    const char *a = argv[*at] + 1 + (argv[*at][1] == '-');
    options.compile_only = true;
    if (a[0] == 'O' && a[1] >= '0' && a[1] <= '3' && !a[2]) { // vole's own
        options.opt = a[1] - '0';
        return FLAG_TAKEN;
    }
    if (!options.gcflags.len) vec_push(&options.gcflags, (ToolFlags){0});
    StrVec *words = &options.gcflags.data[0].flags;
    vec_push(words, argv[*at]);
    FlagWord w = flags_word(argv[*at]);
    const ToolFlag *f = w.name ? FIND(compiler_flags, w.name) : NULL;
    if (!f) return FLAG_UNKNOWN;
    if (f->kind == VALUE && !w.value && *at + 1 < argc) vec_push(words, argv[++*at]);
    return FLAG_TAKEN;
}

// ---- The linker's ----

static bool add_link_string(const char *s) {
    const char *eq = strchr(s, '='), *dot = eq;
    while (dot && dot > s && *dot != '.') dot--;
    if (!eq || *dot != '.' || dot == s || dot + 1 == eq) {
        fprintf(stderr, "link: -X flag requires argument of the form importpath.name=value\n");
        return false;
    }
    LinkString l = {xstrndup(s, (size_t)(dot - s)),
                    {xstrndup(dot + 1, (size_t)(eq - dot - 1)), eq + 1}};
    vec_push(&options.strings, l);
    return true;
}

// -B: 0x and digits, two a byte; or what derives it from the build ID of Go.
static bool take_host_build_id(const char *v) {
    static const char digits[] = "0123456789abcdefABCDEF";
    const char *why = NULL;
    if (!*v || !strcmp(v, "none") || !strcmp(v, "gobuildid"))
        ;
    else if (strncmp(v, "0x", 2) != 0)
        why = "argument must start with 0x";
    else if (strlen(v + 2) / 2 > 32)
        why = "option too long (max 32 digits)";
    else if (v[2 + strspn(v + 2, digits)])
        why = "argument contains invalid hex digit";
    else if (strlen(v) % 2)
        why = "argument must have even number of digits";
    if (why) fprintf(stderr, "link: -B %s: %s\n", why, v);
    options.link.host_build_id = v;
    return !why;
}

static bool take_link_text(const ToolFlag *f, const char *v) {
    struct LinkFlags *l = &options.link;
    const struct {
        const char *name, **to;
    } texts[] = {{"extar", &l->extar},
                 {"extldflags", &l->extldflags},
                 {"pluginpath", &l->plugin_path},
                 {"r", &l->rpath},
                 {"buildid", &l->build_id}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!strcmp(f->name, texts[i].name)) *texts[i].to = v;
    if (!strcmp(f->name, "linkmode")) l->external = !strcmp(v, "external");
    return strcmp(f->name, "B") ? true : take_host_build_id(v);
}

static bool apply_linker(const StrVec *words, bool check) {
    struct LinkFlags before = options.link;
    bool strip = false, keep = false; // -s; -w=false
    for (uint32_t i = 0; i < words->len; i++) {
        const char *v;
        uint32_t strings = options.strings.len;
        const ToolFlag *f = read_word("link", linker_flags,
                                      sizeof linker_flags / sizeof *linker_flags, words, &i, &v);
        if (!f || (f->name[0] == 'X' && !add_link_string(v)) || !take_link_text(f, v)) return false;
        if (check)
            options.strings.len = strings;
        else if (!strcmp(f->name, "s"))
            strip = !strcmp(v, "true");
        else if (!strcmp(f->name, "w"))
            keep = !(options.no_debug = !strcmp(v, "true"));
    }
    if (strip && !keep) options.no_symbols = options.no_debug = true; // -s says -w, too
    const struct LinkFlags *l = &options.link;
    if (l->host_build_id && !strcmp(l->host_build_id, "gobuildid") && l->build_id &&
        !*l->build_id) {
        fprintf(stderr, "link: -B gobuildid requires a Go build ID supplied via -buildid\n");
        return false;
    }
    StrVec parts = {0};
    if (l->extldflags && !flags_split(l->extldflags, &parts)) {
        fprintf(stderr, "link: -extldflags: %s\n", flags_unterminated(l->extldflags));
        return false;
    }
    if (check) options.link = before;
    return true;
}

// ---- Whose they are ----

// A value of -gcflags or -ldflags: an optional pattern of packages, then the flags. What is wrong
// with it, or NULL.
const char *flags_tool(const char *v, ToolFlagsVec *out) {
    ToolFlags g = {0};
    v += strspn(v, " \t\n");
    const char *eq = strchr(v, '=');
    if (*v && *v != '-') {
        if (!eq || eq == v)
            return eq ? "missing <pattern> in <pattern>=<value>"
                      : "missing =<value> in <pattern>=<value>";
        g.pattern = xstrndup(v, (size_t)(eq - v));
        v = eq + 1;
    }
    if (!flags_split(v, &g.flags)) return flags_unterminated(v);
    vec_push(out, g);
    return NULL;
}

// "..." stands for anything; a/... means a as well.
static bool path_matches(const char *pattern, const char *path) {
    for (; *pattern; pattern++, path++) {
        if (!strcmp(pattern, "/...") && !*path) return true;
        if (starts_with(pattern, "...")) {
            for (const char *p = path;; p++) {
                if (path_matches(pattern + 3, p)) return true;
                if (!*p) return false;
            }
        }
        if (*pattern != *path) return false;
    }
    return !*path;
}

static bool pattern_means(const char *pattern, const Package *p) {
    if (!strcmp(pattern, "all")) return true;
    bool command = starts_with(p->path, "cmd/");
    if (!strcmp(pattern, "std") || !strcmp(pattern, "cmd"))
        return p->in_goroot && command == (pattern[0] == 'c');
    if (pattern[0] != '.' && pattern[0] != '/') return path_matches(pattern, p->path);
    const char *rest = pattern[0] == '/' ? "" : load_config.work_dir;
    if (!strcmp(pattern, ".")) return !strcmp(p->dir, rest);
    return path_matches(xsprintf("%s%s", rest, pattern + (starts_with(pattern, "./") ? 1 : 0)),
                        p->dir);
}

static const ToolFlags *flags_of(const ToolFlagsVec *list, const Package *p, bool is_root) {
    const ToolFlags *last = NULL;
    for (vec_each(ToolFlags, g, list))
        if (g->pattern ? pattern_means(g->pattern, p) : is_root) last = g;
    return last;
}

void flags_for_package(const Package *p, bool is_root) {
    midend_options = (MidendOptions){.opt = options.opt,
                                     .arm64 = midend_options.arm64,
                                     .race = options.race,
                                     .explain = is_root && options.explain};
    options.lang = options.trim_prefix = NULL;
    options.listing = 0;
    const ToolFlags *g = flags_of(&options.gcflags, p, is_root);
    if (g) apply_compiler(&g->flags);
    if (!is_runtime_package(p->path))
        midend_options.checkptr = report_debug_option_or("checkptr", options.race);
    g = flags_of(&options.asmflags, p, is_root);
    options.asm_words = g ? &g->flags : NULL;
    const StringDef version = {"buildVersion", load_go_version()};
    if (!strcmp(p->path, "runtime")) vec_push(&midend_options.strings, version);
    for (vec_each(LinkString, s, &options.strings))
        if (!strcmp(s->path, p->is_main ? "main" : p->path))
            vec_push(&midend_options.strings, s->def);
}

bool flags_for_link(const PackageVec *roots) {
    const ToolFlags *last = NULL;
    for (vec_each(Package *, p, roots)) {
        const ToolFlags *g = flags_of(&options.ldflags, *p, true);
        if (g > last) last = g;
    }
    return !last || apply_linker(&last->flags, false);
}

bool flags_check_tools(void) {
    MidendOptions before = midend_options;
    for (vec_each(ToolFlags, g, &options.gcflags))
        if (!apply_compiler(&g->flags)) return false;
    for (vec_each(ToolFlags, g, &options.ldflags))
        if (!apply_linker(&g->flags, true)) return false;
    midend_options = before;
    return true;
}
