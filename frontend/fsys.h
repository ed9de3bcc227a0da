// fsys: source files as a build sees them: what -overlay's file says stands for others is read in
// their place, under their names. Without an overlay all is as it is. Not for what the compiler
// keeps itself.
//
// An overlay is {"Replace": {"path": "actual path", …}}; an empty actual path removes the file.
// Folders come to be by what is in them. Paths are relative to the working directory.
#ifndef VOLE_FSYS_H
#define VOLE_FSYS_H

#include "frontend/base.h"
#include <sys/stat.h>

typedef Vec(const char *) FileNames;

// Reads an overlay; NULL, or what is wrong, in go's words.
const char *fsys_overlay(const char *file, const char *work_dir);
bool fsys_overlaid(void); // was one read?
// Where the file of that name is; path itself where it is no other. NULL: it counts as removed.
const char *fsys_actual(const char *path);
// As read_file and stat, lstat; false with errno.
bool fsys_read(const char *path, Str *out);
bool fsys_stat(const char *path, struct stat *st);
bool fsys_lstat(const char *path, struct stat *st);
// The names in a folder but "." and "..", in no order. False: it cannot be read.
bool fsys_names(const char *dir, FileNames *out);

#endif
