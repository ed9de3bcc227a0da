// lines: the table of an object file that says what function, file and line its code comes from
// (AbiLines in runtime/abi.h), which the runtime reads for tracebacks, runtime.Callers and profiles.
// It is made of the object's DWARF, inlined calls included, and needs neither that nor symbols
// afterwards: programs may be stripped.
#ifndef VOLE_LINES_H
#define VOLE_LINES_H

#include "backend/object.h"

// Adds the table to the file: see object_add.
size_t lines_add(ObjectFile *o, Buf *rest);

#endif
