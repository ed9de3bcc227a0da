// report: what passes say about their decisions (-m, -d=…): collected while a package is compiled,
// printed once, in gc's words, in order of position; with -m in the order in which the passes came
// to it, as gc prints it. Positions and texts live as long as the process.
#ifndef VOLE_REPORT_H
#define VOLE_REPORT_H

#include "frontend/source.h"

// A line of the report: "file.go:line:col: message". Without -m equal messages at one position are
// printed once.
void report_at(Pos pos, const char *fmt, ...) VOLE_PRINTF(2, 3);
// Lines from now on belong to the function of that place in gc's order, and to a step there;
// report_end_groups puts those since its last call in that order.
void report_group(uint32_t order, uint32_t step);
void report_end_groups(void);
// Prints what was collected and forgets it.
void report_print(FILE *out);
// The value of a -d option by its whole name ("nil", "ssa/check_bce/debug", "ssa/prove/debug"): a
// name alone counts as 1; 0 where it was not given.
int report_debug_option(const char *name);
int report_debug_option_or(const char *name, int otherwise); // … otherwise where it was not

#endif
