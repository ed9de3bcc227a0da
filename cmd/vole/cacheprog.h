// cacheprog: a store that machines share, beside the cache: $GOCACHEPROG's program, by the go command's
// protocol (cmd/go/internal/cacheprog). A key is 64 digits, a body what was put under it. A store that
// does not answer, or not in time, is given up after a message: from then on it has nothing.
#ifndef VOLE_CACHEPROG_H
#define VOLE_CACHEPROG_H

#include "cmd/vole/vole.h"

typedef struct Stored {
    const char *key;
    Str body;
    bool found;
} Stored;
typedef Vec(Stored) StoredVec;

bool cacheprog_on(void); // is there one, as far as is known?
// Starts it, for processes that are forked later as well; they may use it one after the other.
void cacheprog_begin(void);
void cacheprog_get(StoredVec *wanted); // finds bodies, all at once
void cacheprog_put(const StoredVec *bodies);
void cacheprog_end(void); // waits for what it has to do; not in forked processes

#endif
