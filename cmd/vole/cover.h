// cover: what -cover asks of the rest of the driver. cover.c rewrites packages, cover_tests.c has
// what vole test does besides.
#ifndef VOLE_COVER_H
#define VOLE_COVER_H

#include "cmd/vole/vole.h"

const char *cover_mode(void); // set, count or atomic
// Rewrites the packages of a loaded program that are covered, which then import more; roots: all that
// it is built from. False after a message.
bool cover_program(Program *prog, const PackageVec *roots);
// Those of prog that are covered; *unmatched, unless NULL: patterns of -coverpkg that name none.
PackageVec cover_select(const Program *prog, StrVec *unmatched);
// What describes p, as covdata reads it, to a file in a folder: its path, or NULL after a message.
// Rewrites p, too.
const char *cover_describe(Package *p, const char *dir);
const char *cover_untested_dir(void); // where cover_program does that for a package without tests
// Runs one of GOROOT's tools, whose name stands for its path in words; what it prints is added to
// out, unless that is NULL; of: the package it works on, or NULL. False where it fails.
bool cover_run_tool(StrVec *words, Buf *out, const char *of);

// Before any of the packages is tested: makes the profile's file, finds what -coverpkg names among
// all that they need. False after a message.
bool cover_tests_begin(const PathVec *paths);
void cover_tests_main(Buf *b, bool imports);        // what the program that runs tests has more
StrVec cover_tests_arguments(const StrVec *args);   // for a test binary, in place of args
void cover_tests_merge(void);                       // its profile into that of all
const char *cover_tests_percentage(const Buf *out); // of its output, for its summary
// For results that are kept: what of -cover is not in the program bears on them; the profile of the
// run that was, empty where it wrote none, or false: none is asked for; one that stands for a run's.
void cover_tests_key(Buf *b);
bool cover_tests_profile(Str *text);
void cover_tests_set_profile(Str text);
// What is said of a package that has no tests, or NULL where nothing of it is covered.
const char *cover_tests_none(void);

#endif
