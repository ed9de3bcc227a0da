// symtab: what source a code address is of, from the program's own debug information (which it maps
// and never lets go).
#ifndef VOLE_SYMTAB_H
#define VOLE_SYMTAB_H

#include "runtime/rt.h"

typedef struct SymLoc {
    const char *func;
    intptr_t func_len;
    const char *file;
    int32_t line;
    uintptr_t entry;
    int32_t start_line; // of the function; 0: not known
    bool inlined, wrapper, no_params;
    const uint8_t *args; // what abi.h says of them; NULL: nothing is known
} SymLoc;
// The next number of what args point to.
uint64_t symtab_number(const uint8_t **p);
// All source frames of a code address, innermost first (inlined ones before the function that holds
// them). Returns how many.
int symbolize(uintptr_t pc, SymLoc *out, int max);
// Of an access that stands for a nil check: the code that panics, which has the check's position;
// else pc itself (faultmap.c).
uintptr_t faultmap_find(uintptr_t pc);
void faultmap_load(const uint8_t *p, size_t n, uintptr_t bias); // adds those of a file
bool symbol_of(uintptr_t pc, const char **name, intptr_t *len, uintptr_t *entry, uintptr_t *end);
// A section of the program's file, loaded or not, its size, and how much less than those in memory
// its addresses are; NULL: there is none. For good.
const uint8_t *program_section(const char *name, size_t *n, uintptr_t *bias);
uintptr_t symbol_address(const char *name, intptr_t len);
void symtab_add_plugin(const void *data); // the file that data of is loaded

#endif
