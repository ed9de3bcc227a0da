// cgo: the driver's part of cgo, between its files: cgo.c runs cmd/cgo and the C compiler and keeps
// what they make, cgo_flags.c has what is on for which build, and flags with what may be one.
#ifndef VOLE_CGO_DRIVER_H
#define VOLE_CGO_DRIVER_H

#include "cmd/vole/vole.h"

// The words of a tool's name in the environment ("gcc -m32"), or those that hold without.
StrVec cgo_tool_words(const char *variable, const char *otherwise);
// All flags of a package: those of the environment, of #cgo lines, and of pkg-config, in go's order.
// False after a message: one that #cgo lines may not have, in go's words.
bool cgo_flags(const Package *p, const CgoFiles *files, CgoFlags *out);
// Runs a command in a folder, its output into a file; its exit status. tool_of: for -toolexec, or NULL.
int cgo_run(const StrVec *words, const char *dir, const char *said, const char *tool_of);

#endif
