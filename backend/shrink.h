// shrink: takes out of a linked program what nobody reads: tables of functions that the linker
// dropped (backend/lines.h), and names of read-only data (types, itabs, literals), which are half of
// all symbols. gc's linker names neither. What is loaded stays as it is.
#ifndef VOLE_SHRINK_H
#define VOLE_SHRINK_H

// In place. A file that is not as our linker lays it out is left alone.
void shrink_program(const char *path);

#endif
