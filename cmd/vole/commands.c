// commands: from the words of a command line to the command that they name, and what `vole help`
// says. Flags of vole's own commands are told of from the table in flags.c, so that help has what
// there is; what GOROOT's go command does it explains as well.
#include "cmd/vole/vole.h"

typedef struct Command {
    const char *name, *usage, *brief; // usage: NULL where it is GOROOT's
    Subcommand flags;
    int (*run)(int argc, char **argv);
} Command;

static const Command commands[] = {
#define COMMAND(name, sub, usage, brief) {#name, usage, brief, SUB_##sub, cmd_##name},
#define FOREIGN(name, brief) {#name, NULL, brief, SUB_COMPILE, NULL},
#define TOPIC(name, brief)
#include "cmd/vole/commands.def"
};

static const struct {
    const char *name, *brief;
} topics[] = {
#define COMMAND(name, sub, usage, brief)
#define FOREIGN(name, brief)
#define TOPIC(name, brief) {name, brief},
#include "cmd/vole/commands.def"
};

static const Command *find(const char *name) {
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (!strcmp(commands[i].name, name)) return &commands[i];
    return NULL;
}

static bool is_topic(const char *name) {
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        if (!strcmp(topics[i].name, name)) return true;
    return false;
}

// ---- Help ----

// What each does, between its usage and its flags.
static const struct {
    const char *command, *text;
} texts[] = {
    {"build",
     "Build compiles the packages named by the import paths, or the .go files, along with\n"
     "their dependencies. A single main package becomes an executable, named after the\n"
     "last element of its import path or its first file; -o says where to.\n"
     "\n"
     "The first of these flags are build's, all others are shared by build, install, run\n"
     "and test. Flags of go build that are not among them are refused, as are flags of the\n"
     "compiler and linker that do nothing here. $GOFLAGS is read first.\n"
     "\n"
     "$GOAMD64 (v1 … v4) and $GOARM64 (v8.0 … v9.5, with ,lse and ,crypto) say which\n"
     "processors programs are for, as for go.\n"},
    {"clean",
     "Clean -cache removes all packages that vole compiled and all results that it keeps,\n"
     "-testcache those of tests. All else is as for go clean, which does it: 'go help clean'.\n"},
    {"env", "Env prints Go environment information, as a shell script; of the variables named,\n"
            "their values, each on a line of its own.\n"},
    {"install",
     "Install compiles the packages and puts their programs into the folder that $GOBIN\n"
     "names, by default $GOPATH/bin or $HOME/go/bin; those for another architecture into\n"
     "a folder linux_ARCH there. Build flags are those of vole build. Packages at a version\n"
     "(pkg@version, all of one module) are fetched, whatever the module here requires.\n"},
    {"run",
     "Run compiles and runs the named main package, or the .go files. Build flags are those\n"
     "of vole build. The exit status is 1 when the program fails, whatever its own is.\n"},
    {"test",
     "Test compiles each package with its _test.go files, runs its tests, benchmarks and\n"
     "examples in the package's folder, and prints a summary. Build flags are those of vole\n"
     "build. Vet looks for a few kinds of mistakes first (-vet), but not in GOROOT's packages.\n"
     "\n"
     "Where packages are named, the results of tests that passed are kept, and told again as\n"
     "(cached) as long as the test, its flags and the files and variables that it read stay as\n"
     "they are; -count=1 runs it anyway. Flags that allow it are go's.\n"
     "\n"
     "What follows -args is the test binary's, uninterpreted.\n"},
    {"tool", "Tool runs the tool named, without a name lists them: those of GOROOT, which vole\n"
             "compiles on first use, and vole's own. With -n it prints where the executable is.\n"
             "\n"
             "Tool compile takes go tool compile's flags and compiles one package to an object.\n"
             "Tool check parses and checks the packages named, with all that they import, bodies\n"
             "included.\n"},
    {"version",
     "Version prints vole's version and Go's; of the files named, which version of Go they\n"
     "were built with. Of a folder all files below it are meant.\n"},
};

// In go's form, which scripts and completions read.
static void print_usage(FILE *out) {
    fputs("Vole is a Go 1.27 compiler.\n"
          "\n"
          "Usage:\n"
          "\n"
          "\tvole <command> [arguments]\n"
          "\n"
          "The commands are:\n"
          "\n",
          out);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        fprintf(out, "\t%-11s %s\n", commands[i].name, commands[i].brief);
    fputs("\nUse \"vole help <command>\" for more information about a command.\n"
          "\n"
          "Additional help topics:\n"
          "\n",
          out);
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        fprintf(out, "\t%-15s %s\n", topics[i].name, topics[i].brief);
    fputs("\nUse \"vole help <topic>\" for more information about that topic.\n\n", out);
}

static void print_help(const Command *c) {
    const char *text = "";
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (!strcmp(texts[i].command, c->name)) text = texts[i].text;
    printf("usage: vole %s\n\n%s", c->usage, text);
    flags_help(c->flags, c->flags == SUB_BUILD);
}

// GOROOT's go explains its own commands and topics; unknown ones exit with 2, as go's.
static int help(int argc, char **argv) {
    const Command *c = argc ? find(argv[0]) : NULL;
    if (argc && ((c && !c->usage) || (argc == 1 && is_topic(argv[0]))))
        return gocmd_run_with("help", argc, argv);
    if (argc > (c != NULL)) {
        fprintf(stderr, "vole help");
        for (int i = 0; i < argc; i++) fprintf(stderr, " %s", argv[i]);
        bool known = c || is_topic(argv[0]);
        fprintf(stderr, ": unknown help topic. Run 'vole help%s%s'.\n", known ? " " : "",
                known ? argv[0] : "");
        return 2;
    }
    if (c)
        print_help(c);
    else
        print_usage(stdout);
    return 0;
}

// ---- Dispatch ----

// A flag before any command is go's usage error; go's own commands are run by GOROOT's go.
int command_run(const char *name, int argc, char **argv) {
    if (!strcmp(name, "help")) return help(argc, argv);
    if (!*name || name[0] == '-') {
        FlagWord w = flags_word(name);
        if (*name && w.name && strcmp(w.name, "h") && strcmp(w.name, "help"))
            fprintf(stderr, "flag provided but not defined: -%s\n", w.name);
        print_usage(stderr);
        return 2;
    }
    const Command *c = find(name);
    if (!c) {
        fprintf(stderr, "vole %s: unknown command\nRun 'vole help' for usage.\n", name);
        return 2;
    }
    if (!c->run) return gocmd_run_with(name, argc, argv); // -C as well
    return flags_change_dir(&argc, &argv) ? c->run(argc, argv) : 1;
}
