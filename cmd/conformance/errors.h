// errors: matching a compiler's diagnostics against the `// ERROR "regexp"` comments of Go's test
// files.
#ifndef VOLE_CONFORMANCE_ERRORS_H
#define VOLE_CONFORMANCE_ERRORS_H

#include "frontend/base.h"

typedef struct CheckedFile {
    const char *full, *base;
} CheckedFile; // path given to the compiler, and its last element
typedef Vec(CheckedFile) CheckedFileVec;

// NULL when output and comments agree; else an explanation of several lines. want_auto: ERRORAUTO
// comments are expected too. *matched and *wanted count the comments (for reports on tests that
// fail in part).
const char *errors_match(Str output, bool want_auto, const CheckedFileVec *files, int *matched,
                         int *wanted);

bool errors_regexp_matches(const char *regexp, const char *text);

// types2.c: checks a package of go/types' tests, its files given by absolute paths; NULL when
// messages and ERROR comments agree. lang: -lang or ""; columns: how far a message may be from its
// comment.
const char *types2_check(const char **files, uint32_t n, const char *name, const char *lang,
                         uint32_t columns);

#endif
