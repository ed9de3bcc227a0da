// optlog: what passes decided, one record each. gc's optimisation log (-json=0,DIR) and -m=json are
// these records as JSON; `vole build -explain` shows them at their lines, together with notes that
// gc's log has no word for (checks that went, calls that were inlined) and with what each function
// looked like after each pass. Records live as long as the process.
#ifndef VOLE_OPTLOG_H
#define VOLE_OPTLOG_H

#include "midend/options.h"

typedef struct LogStep { // a step of an explanation
    Pos pos;
    const InlCall *inl;
    const char *msg;
} LogStep;

typedef struct LogRecord {
    const char *code;   // as gc's log names it: "escape", "isInBounds", …
    Pos pos, last;      // last: where a range ends, or pos
    const InlCall *inl; // the calls by which pos was inlined
    const char *msg;
    bool note;       // of ours only
    const char *why; // what ours adds to gc's, or NULL
    Vec(LogStep) steps;
    uint32_t order;
} LogRecord;
typedef Vec(LogRecord *) LogRecordVec;

static inline bool optlog_enabled(void) {
    return midend_options.log_dir || midend_options.log_print || midend_options.explain;
}
// Does anybody read what passes say?
static inline bool reporting(void) { return midend_options.m || optlog_enabled(); }
// … and why?
static inline bool explaining(void) { return midend_options.m > 1 || optlog_enabled(); }

// Each gives NULL where nobody reads it.
LogRecord *optlog_add(const char *code, Pos pos, const InlCall *inl, const char *fmt, ...)
    VOLE_PRINTF(4, 5);
LogRecord *optlog_note(const char *code, Pos pos, const InlCall *inl, const char *fmt, ...)
    VOLE_PRINTF(4, 5); // only for -explain
void optlog_step(LogRecord *r, Pos pos, const InlCall *inl, const char *fmt, ...) VOLE_PRINTF(4, 5);
const LogRecordVec *optlog_sorted(void); // by outermost position

// gc's log. The header states pkg and version ("go1.27.1").
typedef struct LogHeader {
    const char *pkg, *goarch, *version;
} LogHeader;
bool optlog_write(const char *dir, const LogHeader *h, const char **err); // DIR/PKG/FILE.json
// The same records, one file after the other.
void optlog_print(FILE *out, const LogHeader *h);
// Of the flag's value 0,DIR; NULL with a message.
const char *optlog_dir(const char *flag, const char **err);

// What functions look like after each pass (for -explain).
typedef struct Snapshot {
    const char *pass, *text;
} Snapshot;
typedef struct History {
    Func *func;
    Vec(Snapshot) snapshots;
} History;
typedef Vec(History *) HistoryVec;
// In its present form, tree or SSA; of the unit's own package only.
void history_add(const Unit *u, Func *f, const char *pass);
const HistoryVec *history_all(void);

void json_string(Buf *b, const char *s); // with its quotes, as encoding/json writes it
void json_text(Buf *b, const char *s, size_t n);

#endif
