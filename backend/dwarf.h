// dwarf: what an object file's debug information (DWARF 4 and 5) says of where code comes from: rows
// of its line tables, its functions, the calls that were inlined in them, and where arguments are that
// stay in memory. All else is passed over.
//
// Addresses are whatever the sections' bytes say: relocations have been applied. All memory is the
// arena's. Broken information ends a list early; nothing fails.
#ifndef VOLE_DWARF_H
#define VOLE_DWARF_H

#include "frontend/base.h"

typedef enum DwarfSection {
    DWARF_INFO,
    DWARF_ABBREV,
    DWARF_LINE,
    DWARF_STR,
    DWARF_LINE_STR,
    DWARF_STR_OFFSETS,
    DWARF_ADDR,
    DWARF_RANGES,
    DWARF_RNGLISTS,
    DWARF_SECTIONS,
} DwarfSection;
extern const char *const dwarf_section_names[DWARF_SECTIONS];

typedef struct DwarfRange {
    uint64_t lo, hi; // [lo, hi)
} DwarfRange;
typedef Vec(DwarfRange) DwarfRanges;

// From address on; at its end a run of rising addresses has a row without a place.
typedef struct DwarfRow {
    uint64_t address;
    Name file;
    int32_t line;
    uint32_t number; // among those of the tables, for rows of one address
    bool end, prologue_end;
} DwarfRow;

// A call that was inlined, before those that it holds.
typedef struct DwarfInlined {
    uint32_t parent; // 0: the function itself, else the number of an inlined call, from 1
    const char *name;
    int32_t start_line; // of its declaration
    bool wrapper;       // artificial
    Name call_file;
    int32_t call_line;
    DwarfRanges ranges;
} DwarfInlined;
// Of what arguments consist, in the order in which gc's tracebacks show it, and where that is in
// memory, counted from the frame pointer.
typedef struct DwarfArg {
    enum { ARG_OPEN, ARG_CLOSE, ARG_UNKNOWN, ARG_MORE, ARG_WORD } kind;
    int32_t offset, size;
} DwarfArg;
typedef struct DwarfFunc {
    int32_t start_line;
    bool wrapper, no_params; // no_params: known to have none
    Vec(DwarfArg) args;      // none: nothing is known of them
    DwarfRanges ranges;
    Vec(DwarfInlined) inlined;
} DwarfFunc;

typedef struct DwarfLines {
    Vec(DwarfRow) rows; // by address
    Vec(DwarfFunc) funcs;
} DwarfLines;
// Writes into the bytes of DWARF_INFO, as they stand in an object file: types of channels, which are
// typedefs, have an attribute for their elements' type, whose value is missing (llvm_tables.c).
void dwarf_name_elements(const Str sections[DWARF_SECTIONS]);
// Of all compile units.
void dwarf_read(const Str sections[DWARF_SECTIONS], DwarfLines *l);

#endif
