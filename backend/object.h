// object: an ELF object file in memory, as LLVM wrote it, on its way to the linker: its sections and
// symbols, and sections that it gets besides.
//
// The file belongs to the caller, is changed in place, and is read as long as the ObjectFile is used.
#ifndef VOLE_OBJECT_H
#define VOLE_OBJECT_H

#include "frontend/base.h"
#include <elf.h>

typedef struct ObjectFile {
    uint8_t *p;
    size_t n;
    Elf64_Shdr *sections;
    uint32_t nsections;
    const char *names;
    Elf64_Shdr *symtab;
    Elf64_Sym *symbols;
    uint32_t nsymbols;
    const uint32_t *far; // sections of symbols whose numbers are too large for them, or NULL
    const uint32_t *own; // of each section its section symbol, or 0
    bool arm64;
} ObjectFile;

// False: this is no relocatable 64-bit ELF file of an architecture that we know.
bool object_open(ObjectFile *o, void *p, size_t n);
Elf64_Shdr *object_section(const ObjectFile *o,
                           const char *name); // the first of that name, or NULL
const char *object_name(const ObjectFile *o, const Elf64_Shdr *s);
// The section that a symbol is defined in; 0: none.
uint32_t object_symbol_section(const ObjectFile *o, const Elf64_Sym *s);
// The relocations of section number i, or NULL; how many.
Elf64_Rela *object_relocations(const ObjectFile *o, uint32_t i, size_t *n);
// Where r is by the name of a function, by its section: of functions that several objects have the
// linker takes one, which may not be the one that a table in this object is about. False: that
// cannot be said, for the section has no symbol.
bool object_by_section(const ObjectFile *o, Elf64_Rela *r);

// A section that o gets, with relocations that count from its begin and are by symbols of o.
typedef struct NewSection {
    const char *name;
    uint64_t flags, entry_size;
    Buf data;
    Vec(Elf64_Rela) relocations;
    uint32_t symbol; // a symbol of o that becomes the section's own; 0: none
} NewSection;
// The new file: what it keeps of o from its begin on (o itself is changed), then the text in rest.
size_t object_add(ObjectFile *o, const NewSection *add, uint32_t n, Buf *rest);

#endif
