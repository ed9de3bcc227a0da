// load_impl: what the loader's files share: build constraints, go.mod, embedded files.
#ifndef VOLE_LOAD_IMPL_H
#define VOLE_LOAD_IMPL_H

#include "frontend/fsys.h"
#include "frontend/load.h"

typedef FileNames Strings;

// load_path.c
bool path_is_dir(const char *path);
bool path_is_file(const char *path);
bool path_holds_go(const char *dir);
const char *path_clean(const char *path); // absolute, without ".", ".." and double slashes
const char *path_base(const char *path);
const char *load_work_dir(void);
// What is behind GOROOT/src in a folder that is or lies in it, whatever links lead there; NULL: it
// does not.
const char *path_in_goroot(const char *dir);
// Relative to the working directory where that is shorter.
const char *load_short_path(const char *path);
int compare_strings(const void *a, const void *b);

// load_constraint.c
bool constraint_file_name(const char *name); // is name's _GOOS_GOARCH suffix ours?
// Do //go:build (or // +build) lines hold? False with *error where there is no telling.
bool constraint_text(Str text, const char **error);

// load_tags.c Adds the tags of a package in dir to the build's, of which there were as many as is
// returned.
uint32_t tags_add(const char *dir, bool goroot);
bool tags_goroot_assembly(const char *dir); // is GOROOT's package in dir built with its assembly?
bool tags_assembled(const char *dir, const char *name); // would gc assemble this file?

// load.c: a package as go get would be told it: with @version where it is another module's.
const char *load_importer(const Package *p);

// load_gomod.c
typedef struct Module Module;
struct Require;
struct Replace;
typedef Vec(struct Require) Requires;
typedef Vec(struct Replace) Replaces;
// The directives of a file in go.mod's form, those of blocks with the block's verb.
typedef void GomodLine(void *to, const char *verb, const char **words, uint32_t n);
void gomod_lines(Str text, GomodLine *take, void *to);
uint32_t gomod_line(void); // the one at hand
// What replaces a version of a module, or NULL; one that names the version before one for all.
const struct Replace *gomod_replaced(const Module *m, const char *path, const char *version);
const struct Replace *gomod_replaced_in(const Replaces *all, const char *path, const char *version);
bool gomod_replace(const char **words, uint32_t n, struct Replace *out); // of a replace directive
bool gopath_mode(void); // no modules: GO111MODULE=off
typedef struct Vendor { // a vendor folder that is to be used
    const char *dir;
    Strings packages;      // of modules.txt
    Vec(Module *) modules; // whose each is
    bool listed;           // there are no others
} Vendor;
typedef struct Work { // a workspace
    const char *file; // go.work, or NULL
    const char *dir;
    const char *go_version, *go_line; // as a module's
    const char *wrong;                // go's message on the file, or NULL
    Strings uses;                     // folders
    Replaces replaces;
} Work;
struct Module {
    const char *path, *dir;
    const char *go_version; // "go1.27"; "go1.16" when go.mod names none
    const char *go_line;    // what go.mod says, "1.27.1", or NULL
    struct Require {
        const char *path, *version;
    } *
        requires;
    struct Replace {
        const char *path, *version /* or "" */, *to, *to_version /* or "" for a folder */;
    } *replaces;
    uint32_t nrequires, nreplaces;
    const Vendor *vendor;             // where packages come from, or NULL
    Strings tools;                    // import paths
    Strings ignores;                  // what patterns do not match
    Strings godebugs, godebug_places; // key=value of godebug lines, and the file:line of each
    // What go says of the file's form when it is the main module's, or NULL.
    const char *error;
    bool joined; // to its workspace
};
// Of the closest go.mod at or above dir; NULL when none; cached.
Module *gomod_find(const char *dir);
Module *gomod_read(const char *dir);       // of dir/go.mod
Module *gomod_read_alone(const char *dir); // without what its workspace gives it
// May a folder of m be named: is m the working directory's module, or what that one takes packages
// from?
bool gomod_in_build(const Module *m);
// The folder of a package that main's vendor folder, or what main or the importing package's module
// requires, as main replaces it, provides; *in: the module it belongs to. NULL if there is none:
// *err then is go's message, or NULL where nothing is known of such a module. by: the package that
// imports it, or NULL.
const char *gomod_resolve(Module *main, const Module *from, const char *path, const Package *by,
                          Module **in, const char **err);

// Up to go 1.16 a build asks for the go.mod of each module that one it requires may require: what go
// says where go.sum lacks a hash of these, or has another one; or NULL.
const char *gomod_graph_error(const Module *main);

// Where what a module requires lies, as main replaces it, and the module there; NULL: nowhere.
const char *gomod_folder(const Module *main, const char *path, const char *version);
Module *gomod_at(const char *dir, const char *path);

// load_vendor.c Reads vendor/modules.txt where the module's vendor folder is to be used; what go says
// where it is not as go.mod wants it becomes m's error. The same for a workspace's.
void vendor_read(Module *m);
const Vendor *vendor_read_workspace(const Work *work, const char **error);
// The folder of a package in it, and its module, if that is known; NULL: there is none, *err is go's
// message or NULL.
const char *vendor_resolve(const Vendor *vendor, const char *path, Module **in, const char **err);

// load_gosum.c
// "h1:…" of a version of a module, or NULL.
const char *gosum_find(const Module *main, const char *path, const char *version);
// … of a module as the cache's file for it says; of a go.mod file; NULL where there is none.
const char *gosum_read(const char *hash_file);
const char *gosum_of_file(const char *file);
// go's message where go.sum has another one than `is`, or NULL. version: with /go.mod, of that file.
const char *gosum_mismatch(const Module *main, const char *path, const char *version,
                           const char *is);

// load_work.c
Module *work_main(void); // the working directory's module, else its workspace's first, or NULL
const Strings *work_folders(void);       // of the workspace's modules
bool work_uses(const char *dir);         // is a module of that folder in the workspace?
void work_join(Module *m);               // gives it what the others of its workspace provide
const char *work_error(const Module *m); // what go says of go.work and the module at hand, or NULL

// load_godebug.c
// What is wrong with a GODEBUG setting that "godebug" or "//go:debug setting" asks for, or NULL.
const char *godebug_error(const char *what, const char *key, const char *value);

// What go says of the godebug lines of m that ask for what there is not, or NULL.
const char *godebug_module_error(const Module *m);

// load_header.c What go list says of the header (package clause and imports) of a file that the
// parser refused, and where; NULL if nothing.
const char *header_error(const char *path, Str text, uint32_t *at);

// load_cgo.c
CgoLanguage cgo_language(const char *name); // CGO_LANGUAGES: it is none of the C compiler's

// load_gopath.c
// The import path of a folder, or NULL when it lies in no GOPATH.
const char *gopath_path(const char *dir);
// The folder that path means for files in folder from (or NULL), or NULL; *as: its own import path,
// which differs when it is vendored.
const char *gopath_find(const char *path, const char *from, const char **as);
// By the module's path with its major version.
const char *gopath_find_major(const char *path, const char *from, const char **as);
// The first folder of that path, with or without Go files.
const char *gopath_tree(const char *path);

// load_embed.c Reports patterns that match nothing or what can't be embedded, as go build does, for
// all //go:embed lines of a file.
void embed_check_file(Package *p, File *f, Diagnostics *errors);

#endif
