// options: what the midend was asked to do, and what of it to leave out.
#ifndef VOLE_MIDEND_OPTIONS_H
#define VOLE_MIDEND_OPTIONS_H

#include "midend/tree/ir.h"

typedef struct StringDef {
    const char *name, *value;
} StringDef; // the initial value of a package's string variable, instead of the source's

typedef struct MidendOptions {
    int opt;                // 0..3
    int m;                  // -m level
    bool no_inline;         // -l
    bool cheap_calls;       // -l=4: a call weighs no more than another node
    bool no_opt;            // -N
    bool no_bounds;         // -B
    bool race;              // -race: go:norace is minded, atomic operations are calls
    int checkptr;           // -d=checkptr: 0, or 1 and more as gc's
    bool arm64;             // the target: what gc's inliner says of some functions depends on it
    const char *debug;      // -d=…
    const char *bench;      // -bench=FILE: where the time of its phases goes
    Vec(StringDef) strings; // -ldflags=-X, of the package that is compiled
    const char *log_dir;    // -json=0,DIR
    bool log_print;         // -m=json
    bool explain;           // -explain: for root packages
} MidendOptions;
extern MidendOptions midend_options;

bool bisect_runs(const char *pass, const Func *f); // false: leave it out, as $VOLE_BISECT asks
const char *bisect_spec(const Package *p);         // what $VOLE_BISECT says of a package, or ""

#endif
