// vole: the driver's inside, in the order of the flow; each file calls those named after it, but
// for commands.c's. commands.c dispatches commands.def's and is vole help; env.c is $GOENV's file
// and vole env; main.c is build, run and what is short; test.c is vole test (test_main.c the
// program that runs a package's tests, test_json.c its -json, test_vet.c vet before it, test_cache.c
// results that are kept); tool.c is vole tool compile (tool_goroot.c GOROOT's own tools); emit.c
// prints stages; export.c writes export data; flags.c reads flags (flags_tools.c those of compiler
// and linker, flags_word.c what both share; target.c the architecture's level); build.c takes packages to an executable, which
// output.c puts in its place, with what buildinfo.c says of it; explain.c writes the page of -explain; cache.c keeps compiled
// packages, cache_result.c texts, cacheprog.c shares both; uptodate.c what the last build of a command asked the file system;
// process.c runs programs, toolexec.c those that -toolexec is for; cover.c rewrites those that -cover covers; program.c loads and
// checks packages.
#ifndef VOLE_DRIVER_H
#define VOLE_DRIVER_H

#include "backend/backend.h"
#include "frontend/load.h"
#include "midend/midend.h"
#include <sys/types.h>

typedef Vec(const char *) StrVec;

typedef struct ToolFlags { // -gcflags='[pattern=]flags', and -ldflags
    // NULL: packages named on the command line; "all"; or what names packages.
    const char *pattern;
    StrVec flags;
} ToolFlags;
typedef Vec(ToolFlags) ToolFlagsVec;

typedef struct LinkString { // -ldflags='-X importpath.name=value'
    const char *path;
    StringDef def;
} LinkString;

typedef struct TestOptions {
    bool any;     // is this vole test, or run?
    bool compile; // -c
    bool verbose, list, bench, fail_fast;
    // Files are written to -outputdir; profiles, beside which the binary is kept.
    bool outputs, keep;
    bool output_dir, timeout_set; // given
    double timeout;               // seconds; 0: none
    StrVec args;                  // for the test binary
    struct {
        bool off, explicit; // -vet=off; was it given?
        StrVec flags;       // vet's
    } vet;
} TestOptions;

typedef struct CoverOptions {
    bool on;
    const char *mode;    // -covermode, or NULL
    StrVec packages;     // -coverpkg
    const char *profile; // -coverprofile, or NULL
} CoverOptions;

typedef enum BuildMode {
    MODE_DEFAULT,
    MODE_EXE,
    MODE_PIE,
    MODE_ARCHIVE,
    MODE_C_ARCHIVE,
    MODE_C_SHARED,
    MODE_PLUGIN
} BuildMode;

typedef struct Options {
    const char *output;       // -o
    const char *emit;         // --emit=STAGE or NULL
    const char *goarch;       // amd64, arm64
    TargetLevel level;        // $GOAMD64, $GOARM64
    const char *explain;      // -explain: the page, or NULL
    const char *pgo;          // -pgo: auto, off, or a profile
    const char *profile;      // the profile that the build is guided by, or NULL
    const char *tool_profile; // tool compile's
    const char *mod;          // -mod
    const char *modfile;      // -modfile
    const char *buildmode;    // -buildmode as given, or NULL
    const char *overlay;      // -overlay
    const char *buildvcs;     // -buildvcs: true, false, auto; NULL: false
    // The last ones, as given.
    const char *gcflags_text, *ldflags_text, *asmflags_text;
    int opt;  // -O0 … -O3
    int jobs; // -p
    bool verbose, print_commands, dry_run, keep_work, rebuild, trimpath, compile_only;
    bool no_symbols, no_debug; // of the linker: -s, -w
    bool race;                 // -race
    bool fuzz;                 // -fuzz of test: branches are counted
    bool json;                 // -json of build and test
    bool std;                  // -std
    bool complete;             // -complete: functions without a body are errors
    bool all_errors;           // -e
    StrVec tags;
    StrVec exec;     // -exec: the words before the program's
    StrVec toolexec; // -toolexec: before those of tools
    ToolFlagsVec gcflags, ldflags, asmflags;
    Vec(LinkString) strings;              // -ldflags=-X
    const char *importcfg, *local_prefix; // -importcfg, -D
    bool files_only;                      // tool compile: args are files, whatever they are called
    const char *import_path;              // -p of tool compile
    const char *asm_header;               // -asmhdr of tool compile
    const char *build_id;                 // -buildid of tool compile
    bool pack;                            // -pack of tool compile: export data
    const StrVec *asm_words; // -asmflags, for the package that flags_for_package saw last, or NULL
    // -lang and -trimpath of the compiler, for the package that flags_for_package saw last.
    const char *lang, *trim_prefix;
    int listing; // -S
    // Import path of the package that is compiled with its tests, or NULL.
    const char *for_test;
    StrVec args; // what is left: packages, files; for run also the program's arguments
    // Last, since what compiles a package does not ask for it: it stays as it is where this grows.
    struct {
        bool changed, unset, write; // -changed, -u, -w of env
    } env;
    BuildMode mode;     // what -buildmode asks for
    bool pic;           // objects are for libraries, plugins or their hosts, or PIE
    bool version;       // a flag of version's
    bool export_only;   // tool compile's flags come from go's build logic: see tool_export.c
    const char *pkgdir; // -pkgdir: the cache, or NULL
    const char *actiongraph, *debug_trace; // -debug-actiongraph, -debug-trace
    TestOptions test;
    CoverOptions cover;
    // -ldflags of the programs among the packages; NULL: not given.
    struct LinkFlags {
        const char *extldflags, *extar, *plugin_path, *rpath, *build_id, *host_build_id;
        bool external; // -linkmode=external: -extldflags counts without C
    } link;
    const char *package_path; // -gcflags=-p, which must be what holds
} Options;
extern Options options;

// Those whose flags are read here: the commands of commands.def, and tool compile.
typedef enum Subcommand {
#define COMMAND(name, sub, usage, brief) SUB_##sub,
#define FOREIGN(name, brief)
#define TOPIC(name, brief)
#include "cmd/vole/commands.def"
    SUB_COMPILE,
} Subcommand;
// Reads flags into options; false after a message in go's words (exit 2).
bool flags_parse(Subcommand sub, int argc, char **argv);
// The parts of it, for vole test, which sorts its arguments: the environment; a flag at
// argv[*at] with its value; whether all fit together.
typedef enum FlagResult { FLAG_NONE, FLAG_TAKEN, FLAG_UNKNOWN, FLAG_BAD } FlagResult;
bool flags_begin(Subcommand sub);
FlagResult flags_take(Subcommand sub, int argc, char **argv, int *at);
bool flags_end(Subcommand sub);
void flags_usage(Subcommand sub);
// Prints the flags of a command with what they are for: without those that all builds share, or
// with them.
void flags_help(Subcommand sub, bool shared);
// -C, the first flag of any command: done before all others, and taken off. False after a message.
bool flags_change_dir(int *argc, char ***argv);
// midend_options and options.lang for this package.
void flags_for_package(const Package *p, bool is_root);
// options.strings and options.link for the programs among these. False after a message.
bool flags_for_link(const PackageVec *roots);

// flags_word.c: what flags.c and flags_tools.c share.
typedef struct FlagWord {
    const char *word, *name, *value; // -name, --name, -name=value; name: NULL where word is no flag
} FlagWord;
FlagWord flags_word(const char *word);
bool flags_split(const char *s, StrVec *out);  // words, quoted or not; false: a quote is left open
const char *flags_unterminated(const char *s); // what go says of that
bool flags_boolean(const char *s, bool *on);   // as strconv.ParseBool
const char *flags_duration(double seconds);    // as package time prints it
bool flags_holds(const char *only, const char *value); // is value one of only's words?
const char *go_error(int number);                      // strerror as go writes it
const char *go_signal(int number);                     // and what a signal is called
const char *flags_tool(const char *value,
                       ToolFlagsVec *out); // -gcflags, -ldflags; NULL, or what is wrong
bool flags_check_tools(void);              // complains about what will not do at once
FlagResult flags_take_compiler(int argc, char **argv, int *at);

// target.c: the architectures of this machine and of programs, and what of it these may take for
// granted.
#if defined(__aarch64__)
#define TARGET_HOST "arm64"
#else
#define TARGET_HOST "amd64"
#endif
bool target_check(void);                          // reads options.level; false after a message
const char *target_variable(void);                // the one that says so: GOAMD64 or GOARM64
const char *target_setting(const char *variable); // as given, or what holds without
void target_tags(void);                           // the build tags that hold for it

// Where vole's own files are, relative to the binary (an installed tree or the build tree).
const char *install_runtime(const char *goarch); // libvole_rt.a
const char *install_overlay(void);               // the overlay: src/ and patch/
const char *install_tools(void);                 // GOTOOLDIR; bin/ there has go and gofmt
const char *install_goroot(const char **err);    // Go's source: load_find_goroot's
const char *install_sysroot(const char *goarch); // C's libraries for another architecture, or NULL

// Loads and checks what options.args name, with all they need. False after diagnostics were
// printed.
typedef struct Program {
    PackageVec roots;
    // Where the program of each root goes (or the object, of one that is no program); NULL:
    // nowhere.
    StrVec outputs;
    PackageVec all;       // dependency order
    PtrMap godebugs;      // of each main package, see program_godebug
    bool profiles_differ; // of its programs, see pgo.c
} Program;
// What stands above a package's diagnostics.
const char *program_heading(const Package *p);
const char *program_id(const Package *p); // as go names it to tools: the same, or PKG.test
// Tells the diagnostics, of p or NULL, under a heading or NULL; 1.
int program_report(const Package *p, const char *heading);
bool program_opens_plugins(const PackageVec *all); // is package plugin among them?
// Of vole run and test: false after a message where -buildmode makes something else.
bool check_program_mode(const char *command);
LinkKind program_link_kind(void); // of -buildmode
bool program_is_root(const Program *prog, const Package *p);
void program_mark_imports(const Package *p, PtrMap *seen); // all that p imports, directly or not
bool program_load(Program *prog, bool need_main);
// The parts of it: GOROOT and the loader's settings, of which where go.mod is is one.
bool program_setup(void);
bool program_setup_modules(void);
bool program_order(Program *prog); // all that prog->roots need
// Checks root packages' bodies, printing diagnostics in go build's form; false on errors.
bool program_check(Program *prog);
// Compiles, and links what has an output. Returns the exit status.
int program_build(Program *prog);
PackageVec
program_packages(const Program *prog,
                 const Package *main); // what the program of main consists of, in dependency order
// Its default of $GODEBUG, from load_godebug.
const char *program_godebug(const Program *prog, const Package *main);
// The words that run it, on this machine or emulated.
StrVec program_command(const char *exe);
// Compiles what the roots import into the cache, where it is missing: its summaries are read when
// the roots are compiled. False after a message.
bool program_build_imports(Program *prog);
// What is said of a package's build: to standard error, or with -json as events. text may hold many
// lines.
void program_say(const char *package, const char *text, size_t n);
void program_failed(const char *package); // an event, with -json
extern const char *program_failure;       // the last one's package

// buildinfo.c: a program's build information.
void buildinfo_begin(void);             // asks the repository, before the program is loaded
const char *buildinfo_repository(void); // what it said, once it is done
// The object file that says it, for the linker, which gets its build ID; NULL after a message.
const char *buildinfo_object(const Program *prog, const Package *main, LinkOptions *link);

// output.c
// May it be replaced? false after a message.
bool output_check(const char *out);
// The last element of an import path that is no major version.
const char *output_program_name(const char *path);
const char *output_name(const Package *p); // of its program
bool output_choose(Program *prog);         // prog->outputs, from -o
bool output_install(Program *prog);        // prog->outputs, as go install has them
const char *install_workspace(const char *gopath);
// Moves a finished file there; the exit status.
int output_put_text(const char *tmp, const char *out); // that replaces whatever is there
int output_put(const char *tmp, const char *out);
// flags: of open(2); false with errno.
bool output_copy(const char *from, const char *to, int flags);

// explain.c: the page of -explain. A child that compiles a root writes its part, as JSON; the
// parent makes the page of them.
bool explain_check(void); // can -explain's file be written? false after a message
bool explain_package(Unit *u, const BackendOptions *b, const char *part);
int explain_page(const StrVec *parts);

// uptodate.c: vole build again, with nothing changed. Before anything is loaded: true if so. After a
// success: keeps what it depended on.
bool uptodate_check(int argc, char **argv);
const char *uptodate_output(void); // where what it built lies, the last one if there are several
void uptodate_keep(const Program *prog);

int emit_stage(Program *prog, const char *stage);

// export.c: the archive of a checked package's export data; build_id: NULL, or what go's build logic
// wants to find in it.
Str export_data(const Package *p, const char *build_id);

// cache: folder of compiled packages, keyed by content.
// Of all of vole that bears on what a package is compiled to (CMakeLists.txt makes it).
extern const char compiler_identity[];
const char *cache_find(const char **err); // where it is, or NULL with go's reason
bool cache_open(void);                    // is there one? false after a message
// cache_key.c: keys of packages, in hexadecimal. A package's own is of all that it is made of; that of
// its object is known once all that it imports is compiled or found in the cache, and what it used of
// it the last time is known: NULL until then.
void cache_program_keys(Program *prog); // fills the former
const char *cache_key(const Package *p);
const char *cache_program(const Package *main); // that of a finished program
const char *cache_object_key(const Package *p);
// For $GOCACHEPROG's store, of 64 digits; NULL where there is none, or not known yet.
const char *cache_shared_program(const Package *main);
const char *cache_shared_key(const Package *p);  // of its object
void cache_set_uses(const Package *p, Str uses); // p was compiled and used these (summary_uses)
// p's object is there: what importers see of it becomes known; false if it has no summary.
bool cache_learn(const Package *p);
// p is not to be compiled: to its importers it is its sources.
void cache_learn_whole(const Package *p);
// What importer sees of p; NULL: not known yet.
const char *cache_seen(const Package *importer, const Package *p);

const char *
cache_object(const Package *p); // path of its object (may not exist), or NULL like its key
// Path of what importers want to know of it, beside the object.
const char *cache_summary(const Package *p);
bool cache_has(const Package *p, bool object); // whole, as it was made? and marks it as used
// Where the parts of an entry are made: a name for the object; NULL with errno.
const char *cache_stage(uint32_t job);
bool cache_publish(const Package *p, const char *staged); // and moved from; false with errno
void cache_end_stage(void);                               // removes what was not
// The cache cannot be written: from now on a folder of this build's stands for it.
void cache_give_up(const char *why);
bool cache_given_up(void);
void cache_moved(const Package *p); // its entry will be there
// Finished programs that are kept, GOROOT's tools: where main's is under that name, by a key of all
// that it is made of; whole, as it was made? and marks it as used; moves one there that was made
// beside it: false with errno.
const char *cache_executable(const Package *main, const char *name);
bool cache_has_executable(const char *path);
bool cache_publish_executable(const char *path, const char *made);
// cache_result.c: texts that are kept under a key, another text; false where there is none.
bool cache_result(const char *key, Str *text);
void cache_keep_result(const char *key, Str text);
const char *cache_hash(const void *p, size_t n); // 32 digits
int cache_clean_tests(void); // removes those whose key begins with "test "; the exit status
void cache_trim(void);       // removes what was not used for days; looks once a day only
// $GOCACHEPROG's store: brings packages from there into the cache; gives it packages that are there.
void cache_fetch(const PackageVec *wanted);
void cache_share(const PackageVec *compiled);
// Folders that are kept, what cgo makes: where one of that key is; a new one beside it, to be filled;
// what becomes it when all is well, or else is removed: false with errno.
const char *cache_folder(const char *key);
const char *cache_begin_folder(const char *dir);
bool cache_end_folder(const char *made, const char *dir, bool keep);
void cache_use_folder(const char *dir);
int cache_clean(void);
const char *temp_dir(void); // of this process, removed at exit
const char *
temp_sub(const char *name); // a folder in it, made if there is none; NULL after a message
void temp_forget(void);     // in a child that is to have its own
void temp_cleanup(void);
extern const char *volatile temp_beside; // a file elsewhere to remove when a signal ends the build

// pgo.c: the profile that -pgo means for these programs is loaded; false after a message.
bool pgo_prepare(Program *prog);
int pgo_build_apart(Program *prog); // program_build of programs whose profiles differ

// tool_export.c: the compiler and the assembler that GOROOT's go command is given, for export data.
int tool_export(int argc, char **argv);
int tool_export_asm(int argc, char **argv);

// tool_goroot.c: tools that are programs of GOROOT/src/cmd, built by vole on first use.
// Where the executable of one is, built if it was not, in about 0.2 seconds if it was; NULL after a
// message. It is for this machine, and stays as long as it is used now and then.
const char *goroot_tool_path(const char *name);
// Runs it in this process's place; returns an exit status only after a message.
int goroot_tool_run(const char *name, int argc, char **argv);
// Runs an executable, called name, in this process's place; returns only after a message.
int goroot_tool_exec(const char *path, const char *name, int argc, char **argv);
int goroot_tool_print(const char *name); // its path to standard output: what builds it
void goroot_tools(StrVec *out);          // names of all, in no order
bool goroot_has_tool(const char *name);
// Those that the tool lines of go.mod name, by import path or program name: runs one in this
// process's place, or says where it is; and lists them, behind others. command: the words behind
// `vole tool`.
int module_tool_run(const char *name, bool print, const StrVec *command, int argc, char **argv);
void module_tools_print(const StrVec *others);

// env.c: settings of $GOENV's file go into the environment, where it has none; programs that are
// run get it as it was.
void env_load(void);
// Is there such a platform for go, though perhaps not for vole? false after a message.
bool env_platform(const char *goos, const char *goarch);
void env_restore(void);
void env_forget(const char *name); // of what env_restore brings back
const char *env_original(const char *name);
// process.c: programs that are run.
typedef struct Process {
    StrVec words;      // without a NULL; the first is looked for in $PATH
    const char *dir;   // where it is run, or NULL: here
    StrVec env;        // NAME=VALUE, or NAME: not set; the rest is vole's,
    bool original_env; // or as vole got it
    const char *said;  // a file for all that it prints, or NULL
    int in, out;       // what it reads and prints to, or 0: as vole
    // What the child does in place of running words; it ends with what that returns.
    int (*inside)(const StrVec *words);
    const char *tool_of; // it is a tool that works on this package, for -toolexec; or NULL
} Process;
pid_t process_start(const Process *p); // -1 after a message
int process_end(pid_t pid);            // its exit status, 128 and a signal's number
int process_run(const Process *p);
enum { PROCESS_OUT = 1, PROCESS_ERR = 2 };
int process_read(const Process *p, int streams, Buf *said); // what these print is added to said
void read_all(int fd, Buf *out);

// toolexec.c: -toolexec.
bool toolexec_on(void);
// In the child that is to run a tool on a package, or on nothing (NULL): the words before its own.
void toolexec_words(const char *of, StrVec *out);
// Has the command run one of GOTOOLDIR's tools, in whose place work is done in this process, or not at
// all where it runs none; a socket is made at that path. The exit status, after messages.
int toolexec_run(const char *tool, const StrVec *args, const char *of, const char *socket_path,
                 int (*work)(void *), void *to);
bool toolexec_waits(void); // is this such a tool's process?
int toolexec_tool(int argc, char **argv);

// env_write.c: env -w, or -u, of the file at path ("": there is none); the exit status.
int env_change(const char *path, bool write, const StrVec *args);

// gocmd.c: runs GOROOT's go command in this process's place, with these words behind go (and one
// before them); returns an exit status only after a message.
int gocmd_run(int argc, char **argv);
int gocmd_run_with(const char *first, int argc, char **argv);

// fetch.c: stands around the loading of packages, for modules that are missing. False after a
// message; fetch_end may begin the command again.
void fetch_init(void);        // first of all
bool fetch_begin_tests(void); // for vole test, before it loads anything
void fetch_for_tests(void);   // … and when it knows the modules
bool fetch_begin(void);
bool fetch_end(bool loaded, const char *command, int argc, char **argv);
bool fetch_any_many(const StrVec *args); // do words stand for many packages: all, tool, work?
bool fetch_many(const char *name, StrVec *out); // which; false after a message

// outside.c: packages at a version, which a module of their own is made for.
bool outside_wanted(const StrVec *args);
bool outside_enter(StrVec *args); // goes there, args lose their versions; false after a message
bool outside_check(const Program *prog); // could that be their main module? false after a message

// commands.c: the command of this name with its arguments; the exit status.
int command_run(const char *name, int argc, char **argv);

int cmd_build(int argc, char **argv);
int cmd_clean(int argc, char **argv);
int cmd_env(int argc, char **argv);
int cmd_install(int argc, char **argv);
int cmd_run(int argc, char **argv);
// build.c: with -fuzz, is p one of those whose branches guide it?
bool package_counts_branches(const Package *p);
// build.c: the name of one of p's files in programs.
const char *recorded_name(const Package *p, const SourceFile *src);
// build.c: what -trimpath puts in place of p's folder.
const char *trimmed_dir(const Package *p);

// assembly.c: a package's assembly, by GOROOT's cmd/asm.
// Finds the assembler, once for all packages; false after a message.
bool assembly_prepare(void);
// Makes p's object files for the backend, in the folder dir, which it makes. False after messages in
// go build's form.
bool assembly_build(const Package *p, const char *dir, BackendOptions *b);
void assembly_print(const Package *p); // the commands of it, for -n and -x
// Writes what "go_asm.h" says of a checked package: its constants, sizes and offsets of its structs.
// False after a message.
bool assembly_write_header(const Package *p, const char *path);

// cgo.c, cgo_flags.c: packages that import "C".
bool cgo_enabled(void);   // are they built, or left out?
bool cgo_asked_for(void); // by the user, for net and os/user as well
// For load_config.cgo: runs cmd/cgo and the C compiler, or finds what they made.
bool cgo_package(Package *p, const CgoFiles *files, PathVec *go);
// What the compiler says of such a package in the user's words: C.int for _Ctype_int.
char *cgo_words(const Package *p, const char *text, size_t *n);

int cmd_test(int argc, char **argv);
int cmd_tool(int argc, char **argv);
int cmd_version(int argc, char **argv);

#endif
