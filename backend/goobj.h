// goobj: Go object files, as cmd/asm of Go 1.27 writes them: what of them a program needs, read
// into memory. Nothing is kept of the file's bytes but what the symbols point to: the file's text
// must stay.
#ifndef VOLE_GOOBJ_H
#define VOLE_GOOBJ_H

#include "frontend/base.h"

// Relocations, by their numbers in the file. ARM64's are for pairs of instructions but for a call.
typedef enum GoRelocKind {
    GO_ADDR = 1,
    GO_ADDRARM64 = 3,
    GO_CALL = 7,
    GO_CALLARM64 = 9,
    GO_CALLIND = 10, // marks a call through a register: nothing to do
    GO_PCREL = 14,
    GO_TLS_LE = 15,
    GO_TLS_IE,
    GO_ARM64_PCREL = 36, // an address, or a load or store of 8 to 64 bits
    GO_ARM64_PCREL_LDST64 = 40,
} GoRelocKind;

typedef enum GoSymbolKind { // as the file has them; what is not here is not needed
    GO_REFERENCE = 0,       // defined elsewhere
    GO_TEXT = 1,
    GO_TEXT_FIPS,
    GO_RODATA,
    GO_RODATA_FIPS,
    GO_NOPTRDATA,
    GO_NOPTRDATA_FIPS,
    GO_DATA,
    GO_DATA_FIPS,
    GO_BSS,
    GO_NOPTRBSS,
} GoSymbolKind;

enum { GO_ABI0 = 0, GO_ABI_INTERNAL = 1, GO_ABI_STATIC = 0xffff };

typedef struct GoReloc {
    uint32_t offset;
    uint8_t size;
    uint16_t kind;
    int64_t addend;
    struct GoSymbol *symbol; // NULL: none
} GoReloc;

typedef struct GoSymbol {
    const char *name; // "path.name", its path with %xx as the file has it
    uint16_t abi;     // GO_ABI_STATIC: known in this file alone
    uint8_t kind;
    bool dupok, nosplit, leaf;
    uint32_t size, align; // align 0: by size
    Str data;             // its first bytes; the rest is zeros
    Vec(GoReloc) relocs;
    // Of functions: what holds from which pc on (goobj_step): bytes on the stack, source file (of
    // GoObject.files) and line.
    Str pcsp, pcfile, pcline;
} GoSymbol;

typedef struct GoObject {
    Vec(GoSymbol *) symbols; // defined or referred to by what is defined
    Vec(const char *) files; // names of sources
    uint32_t index;          // the reader of several files numbers them
} GoObject;

// False with *err, a message, for what is no such file or damaged.
bool goobj_read(Str file, GoObject *out, const char **err);

static inline bool go_symbol_is_text(const GoSymbol *s) {
    return s->kind == GO_TEXT || s->kind == GO_TEXT_FIPS;
}

// A table of values by pc: *value holds from *pc up to *end. Begin with a zeroed GoTable but for
// rest, the table; quantum is the length of the shortest instruction. False at the end.
typedef struct GoTable {
    Str rest;
    uint32_t pc, end;
    int32_t value;
    bool begun;
} GoTable;
bool goobj_step(GoTable *t, uint32_t quantum);

// How symbols are called in the program; arg is the caller's.
typedef const char *GoNamer(void *arg, const GoObject *o, const GoSymbol *s);

// Appends what o defines as directives for LLVM's assembler: text in section vole_asm, with unwind
// information, data, relocations, lines as a compile unit of DWARF. False with *err, a message, for
// what cannot be expressed.
bool goobj_text(const GoObject *o, bool arm64, GoNamer *name, void *arg, Buf *out,
                const char **err);

#endif
