// profile: the weights of calls in a profile of the program, for inlining and devirtualization.
//
// The profile is in the form that GOROOT's cmd/preprofile gives it: a header, then for each edge the
// caller's symbol, the callee's, and the line of the call, counted from the caller's first, with the
// weight; the heaviest edges first. As gc has it, those are hot that together have 99 % of all weight.
#ifndef VOLE_PROFILE_H
#define VOLE_PROFILE_H

#include "frontend/types.h"

typedef struct ProfileEdge {
    Name caller, callee;
    int line; // of the call, from the caller's first
    int64_t weight;
    bool hot;
} ProfileEdge;
typedef Vec(ProfileEdge) ProfileEdgeVec;

bool profile_load(Str text, const char **err);
bool profile_is_preprocessed(Str text);
bool profile_on(void); // is there one with any weight?

bool profile_is_hot(const char *symbol);                // is the function the callee of a hot edge?
bool profile_is_hot_call(const char *caller, int line); // is there a hot edge from there?
int profile_budget(void);                               // of hot functions
const ProfileEdgeVec *profile_edges(const char *caller); // all of a caller's; NULL: none
int64_t profile_weight(const char *symbol);              // of all calls of it and by it
// A value of -d, or what holds without it.
int profile_debug(const char *name, int otherwise);
// All that a package's code may depend on, as text, with what is hot if -d does not say otherwise; the
// whole profile: NULL.
Str profile_of_package(const char *symbol_path);

#endif
