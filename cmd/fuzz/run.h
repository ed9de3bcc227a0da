// run: programs are compiled in batches, one package for many, by each compiler, and run in several
// ways.
#ifndef VOLE_FUZZ_RUN_H
#define VOLE_FUZZ_RUN_H

#include "cmd/fuzz/fuzz.h"

// A compiler at a level; each has the file NAME.out in the batch's folder.
typedef enum Build { GC, O0, O2, O3, BUILDS } Build;
// An environment to run under.
typedef enum Mode { PLAIN, PRESSED, MODES } Mode;

typedef enum Outcome { ANSWERED, NO_BUILD, CRASHED, HUNG } Outcome;

typedef struct Answer {
    Outcome outcome;
    uint64_t sum;
} Answer;

typedef struct Runner {
    const char *vole, *go; // go: NULL where gc is not to be asked
    int seconds;           // for a run
} Runner;
extern Runner runner;
extern const char *const build_names[BUILDS];
extern const char *const mode_names[MODES];

// Writes the programs as a package; texts[i] is the program of seeds[i], NULL where there is none.
void package_write(const char *dir, const uint64_t *seeds, const char *const *texts, int n);
// False with what the compiler said.
bool package_compile(const char *dir, Build b, Str *said);
// An answer for each program that has a text.
void package_run(const char *dir, Build b, Mode m, const char *const *texts, Answer *answers,
                 int n);
bool answers_equal(Answer a, Answer b);
const char *answer_text(Answer a);
// The sweep over key types, as a package.
bool descriptors_write(const char *dir);
const char *program_text(const char *text); // as a file
// The program of a seed reduced, or NULL where the difference does not show in it alone.
const char *program_reduce(const char *dir, uint64_t seed, Build b, Mode m, Answer was);

#endif
