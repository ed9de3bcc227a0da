// source: files, positions and diagnostics.
//
// A Pos is a 32-bit number over all files read: the file's base plus the byte's offset. 0 is "no
// position". Lines come from a per-file table, and //line directives are applied when a Pos is
// turned into a Position.
#ifndef VOLE_SOURCE_H
#define VOLE_SOURCE_H

#include "frontend/base.h"

typedef uint32_t Pos;

typedef struct SourceFile {
    const char *path; // as the driver opens it (absolute)
    // As diagnostics name it: relative to the working directory, ./x.go style like gc.
    const char *display;
    // As programs name it; NULL: by path (-trimpath is another name).
    const char *recorded;
    Str text;                             // whole text; a NUL follows its end
    Pos base;                             // Pos of byte 0
    Vec(uint32_t) lines;                  // offset of each line's first byte; lines.data[0] == 0
    Vec(struct LineDirective) directives; // ascending offset
} SourceFile;

// From //line and /*line*/: from offset on, positions read as file:line[:col].
typedef struct LineDirective {
    uint32_t offset;
    const char *file;   // as written, "" without a name; NULL: the one before
    uint32_t line, col; // col 0: unknown (then no column is printed)
} LineDirective;

typedef struct Position {
    const char *file;   // display name, //line applied
    uint32_t line, col; // 1-based, col in bytes
} Position;

SourceFile *source_add(const char *path, const char *display, Str text); // text is kept, not copied
SourceFile *source_of(Pos pos);                                          // NULL for 0
Position source_position(Pos pos);
Position source_position_raw(Pos pos); // //line directives ignored
// The file of source_position as programs name it; "" where a directive gives none.
const char *source_recorded_file(Pos pos);
Position
// As gc's own positions have it, and its messages begin: columns end at 254, others are 0.
source_position_short(Pos pos);
void set_ice_pos(Pos pos); // what ice() will name

// Diagnostics. Errors are values with a position; a stage reports and goes on; only the driver
// exits.
typedef struct Diagnostic {
    Pos pos;
    bool soft;       // a soft error (unused variable, …) does not keep the package from being used
    const char *msg; // may have continuation lines, each "\n\t…"
    bool generated;  // of what no source has
} Diagnostic;

typedef struct Diagnostics {
    Vec(Diagnostic) list;
    uint32_t syntax_errors; // "syntax error: …": nothing is checked then
    uint32_t
        // The parser's others (bad literals, labels, directives), which do not keep a file from
        // being checked.
        lexical_errors;
    bool no_columns; // positions are printed without
} Diagnostics;

extern Diagnostics diagnostics; // of this process
void error_at(Pos pos, const char *fmt, ...) VOLE_PRINTF(2, 3);
void soft_error_at(Pos pos, const char *fmt, ...) VOLE_PRINTF(2, 3);
// Of a function that the compiler made, in no file; the first of equal ones.
void generated_error(const char *msg);
// gc's form: sorted by position, one per line (same-line duplicates of message dropped); with max >
// 0 only the first max that were reported, then "too many errors". Returns how many were printed.
int diagnostics_print(FILE *out, int max);

#endif
