// actiongraph: what a build did, for -debug-actiongraph and -debug-trace.
#ifndef VOLE_ACTIONGRAPH_H
#define VOLE_ACTIONGRAPH_H

#include "cmd/vole/vole.h"
#include <time.h>

typedef struct Action {
    const char *mode, *package;        // "build", "link"; the first of all is the build as a whole
    Vec(uint32_t) deps;                // what came before: places in the list
    const char *objdir, *target, *key; // or NULL
    bool compiled, failed;
    struct timespec ready, start, done; // zero: not at all
} Action;
typedef Vec(Action) ActionVec;

// Writes the files that the flags name. False after a message.
bool actiongraph_write(const ActionVec *actions);

#endif
