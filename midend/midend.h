// midend: a checked package becomes a Unit: its functions as trees, then as SSA; data, types,
// itabs. This is what backend and cmd include; all but the forms of the IR is private to the
// folders.
//
// In the order of the data's flow:
//
//   midend.c           a package through all of what follows
//   tree/ir            the tree's form: nodes, variables, functions, the Unit; unit: what it needs
//                      besides functions
//   tree/build         source to trees: _expr, _call, _stmt; _dead: what can never run; bloop:
//                      testing.B.Loop
//   tree/order         what a statement evaluates first
//   tree/staticinit    package variables that are data
//   tree/reach         methods of instances that are compiled for reports alone
//   tree/inline        calls to bodies: _cost judges, _copy does; devirtualize: calls through
//                      interfaces to calls of methods; devirtualize_profile: as a profile guesses
//   tree/known         the only value that a variable has, asked by these and by
//   tree/escape        heap or stack: _expr, _stmt, _call make flows, _graph solves, _report;
//                      _append: what append builds before it leaves
//   tree/summary       what is known of functions, for other packages; fingerprint: what of a package
//                      these depend on
//   tree/bounded       indexes in range by their form
//   tree/node_text     trees as reports print them
//   ssa/ssa            the second form: blocks of values
//   ssa/ssagen         trees to SSA: _expr, _stmt, _switch, _range, _call, _new, _builtin, _cmp,
//                      _iface, _map, _slice, _string, _chan; intrinsics: calls that are operations
//   ssa/frame_size     frames that no stack holds
//   ssa/ssa_promote    variables to values
//   ssa/ssa_dce, _cse, _phiopt, _bits     unused, equal, chosen, known values
//   ssa/ssa_prove      checks and branches that are decided: _facts is what is known, _define what
//                      says so, _range of operations, _induction of loops; _fold and _rewrite make
//                      simpler; _prove_report
//
// What both folders use: options, functions (what is known of some by name), profile (which calls are
// hot), report (-m), optlog
// (gc's log), bisect.
#ifndef VOLE_MIDEND_H
#define VOLE_MIDEND_H

#include "midend/functions.h"
#include "midend/optlog.h"
#include "midend/options.h"
#include "midend/report.h"
#include "midend/ssa/ssa.h"
#include "midend/tree/ir.h"

// The whole midend for a package: build, passes, SSA for everything reachable from it, until the
// queue is empty.
Unit *midend_run(Package *p);
// What importers can see of a package and by it of others, but for the text of bodies, in 64 digits; the
// same without what its test
// files add.
typedef struct Fingerprint {
    const char *all, *without_tests;
} Fingerprint;
// What u's package gives to those that import it goes to a file, one that is not there yet, after all
// else is done with u; false with errno.
bool summary_write(Unit *u, const char *path);
// The functions of other packages whose bodies were looked at in this process, a line each: a package's
// path, a tab, a name; without a name, the package's declarations were.
Str summary_uses(void);
// The number of such a body as it is now; NULL: importers can't look at it.
const char *summary_body(const Package *p, Name name);
// The fingerprints that a summary begins with; false if there is none.
bool summary_fingerprint(const char *path, Fingerprint *out);
// Where a package's summary is found; NULL: nowhere. The fingerprint of what an importer sees of it.
extern const char *(*summary_path)(const Package *p);
extern const char *(*summary_seen)(const Package *importer, const Package *p);

#endif
