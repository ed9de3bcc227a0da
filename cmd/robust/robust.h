// robust's parts: main.c takes texts through the compiler; mutate.c makes them; against.c runs gc
// over them and compares.
#ifndef VOLE_ROBUST_H
#define VOLE_ROBUST_H

#include "frontend/load.h"

// The mutant of that number of a file's text; the same for the same path, number and seed.
Str mutate(const char *path, Str text, uint64_t seed, uint32_t number);
uint64_t next_random(uint64_t *state);

// What gc is to compile: a file with a changed text, alone or in its package.
typedef struct Against {
    const char *compiler, *importcfg; // go tool compile; what it may import
    const char *keep;                 // folder for the mutants that differ, or NULL
    // How many were compared, and had the same verdict, the same first line.
    uint64_t texts, verdicts, lines;
} Against;

// Before anything else: makes the folder that gc works in.
void against_begin(Against *a);
// Starts gc on a text; against_compare waits for it and compares what it says with what vole said
// (NULL: nothing, as it crashed).
void against_start(Against *a, const char *path, Str text, const char *import_path,
                   const PathVec *files);
void against_compare(Against *a, const char *vole);
// Prints what differed, by class, the most frequent ones first, and the figures; removes the
// folder. False if a verdict differs.
bool against_end(Against *a);

#endif
