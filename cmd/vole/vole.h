// vole: the driver's inside. main.c dispatches subcommands; flags.c reads flags; build.c takes packages to an executable; emit.c
// prints stages; explain.c writes the page of -explain; cache.c keeps compiled packages; tool.c is `vole tool compile`.
#ifndef VOLE_DRIVER_H
#define VOLE_DRIVER_H

#include "backend/backend.h"
#include "frontend/load.h"
#include "midend/ir.h"
#include "midend/optlog.h"
#include "midend/report.h"
#include "midend/ssa.h"

typedef Vec(const char *) StrVec;

typedef struct GcFlags { // -gcflags='[pattern=]flags'
    const char *pattern; // NULL: packages named on the command line; "all"; or an import path
    StrVec flags;
} GcFlags;

typedef struct LinkString { // -ldflags='-X importpath.name=value'
    const char *path;
    StringDef def;
} LinkString;

typedef struct Options {
    const char *output;  // -o
    const char *emit;    // --emit=STAGE or NULL
    const char *goarch;  // amd64, arm64
    const char *explain; // -explain: the page, or NULL
    int opt;             // -O0 … -O3
    int jobs;            // -p
    bool verbose, print_commands, dry_run, keep_work, rebuild, trimpath, no_debug, compile_only;
    bool std;        // -std
    bool complete;   // -complete: functions without a body are errors
    bool all_errors; // -e
    StrVec tags;
    Vec(GcFlags) gcflags;
    Vec(LinkString) strings;              // -ldflags=-X
    const char *importcfg, *local_prefix; // -importcfg, -D
    bool files_only;                      // tool compile: args are files, whatever they are called
    const char *import_path;              // -p of tool compile
    const char *lang;                     // -lang
    const char *for_test;                 // import path of the package that is compiled with its tests, or NULL
    StrVec args;                          // what is left: packages, files; for run also the program's arguments
} Options;
extern Options options;

typedef enum Subcommand { SUB_BUILD, SUB_RUN, SUB_TEST, SUB_COMPILE } Subcommand;
// Reads flags into options; false after a message in go's words (exit 2).
bool flags_parse(Subcommand sub, int argc, char **argv);
bool flags_take_value(const char *key);                 // of build flags: is the next argument key's value?
void flags_for_package(const Package *p, bool is_root); // midend_options for this package

// Where vole's own files are, relative to the binary (an installed tree or the build tree).
const char *install_runtime(const char *goarch); // libvole_rt.a
const char *install_overlay(void);               // the overlay: src/ and patch/
const char *install_setup_goroot(void);

// Loads and checks what options.args name, with all they need. False after diagnostics were printed.
typedef struct Program {
    PackageVec roots;
    PackageVec all;      // dependency order
    const char *godebug; // the default of $GODEBUG, from load_godebug
} Program;
bool program_load(Program *prog, bool need_main);
bool program_setup(void);          // the parts of it: GOROOT and the loader's settings
bool program_order(Program *prog); // all that prog->roots need
// Checks root packages' bodies, printing diagnostics in go build's form; false on errors.
bool program_check(Program *prog);
// Compiles and links; out: path of the executable. Returns the exit status.
int program_build(Program *prog, const char *out);
StrVec program_command(const char *exe); // the words that run it, on this machine or emulated
// Compiles what the roots import into the cache, where it is missing: its summaries are read when the roots are compiled.
void program_build_imports(Program *prog);

// explain.c: the page of -explain. A child that compiles a root writes its part, as JSON; the parent makes the page of them.
bool explain_check(void); // can -explain's file be written? false after a message
bool explain_package(Unit *u, const BackendOptions *b, const char *part);
int explain_page(const StrVec *parts);

int emit_stage(Program *prog, const char *stage);

// cache: folder of compiled packages, keyed by content.
const char *cache_dir(void);
typedef struct CacheKey {
    char hex[33];
} CacheKey;
void cache_program_keys(Program *prog);      // fills each package's key
const char *cache_object(const Package *p);  // path of its object in the cache (may not exist)
const char *cache_summary(const Package *p); // path of what is known of its functions, beside the object
bool cache_has(const char *object);          // and marks it as used
void cache_trim(void);                       // removes what was not used for days; looks once a day only
int cache_clean(void);
const char *temp_dir(void); // of this process, removed at exit
void temp_cleanup(void);

int cmd_tool(int argc, char **argv);
int cmd_test(int argc, char **argv);

#endif
