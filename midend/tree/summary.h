// summary: what is known of a package's functions, for those that import it: summary.c writes and reads
// it, fingerprint.c says in one number what importers see. midend.h has what the driver asks for.
#ifndef VOLE_SUMMARY_H
#define VOLE_SUMMARY_H

#include "midend/midend.h"
#include "midend/tree/escape.h"

// The leaks of a function that another package defines; NULL where they are not known.
Leaks *summary_leaks(const Func *f);
// Has its package, another one, closed o's body to importers? And does it call recover?
bool summary_is_opaque(const Object *o, bool *recovers);
// The body of another package's function, which it shows, is looked at.
void summary_note_use(const Object *o);
// Another package's declarations are searched, which nothing here may name.
void summary_note_search(const Package *p);

// Of p: the lines are its summary's, those about functions of test files apart.
// bodies: gets the summary's lines of those that are shown.
Fingerprint fingerprint_of(const Package *p, Str lines, Str test_lines, Buf *bodies);
// Is the body of this function of the package at hand, which has one, part of the fingerprint? After
// the package's functions were judged.
bool fingerprint_shows(Decl *d);
// F or T.M: unique in its package but for init and _, which nobody calls.
const char *fingerprint_name(const Object *o);

#endif
