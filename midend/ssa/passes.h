// passes: what midend.c runs on a function, in this order, once its tree is done.
#ifndef VOLE_SSA_PASSES_H
#define VOLE_SSA_PASSES_H

#include "midend/ssa/ssa.h"

// ssagen*.c: needs of types, itabs and functions are recorded in u.
void ssa_build(Unit *u, Func *f);
// An error if no stack could hold it (frame_size.c).
void ssa_check_frame(const SsaFunc *f);
void ssa_promote(SsaFunc *f); // slots -> values with PHIs
// Drops unused values without effects, PHIs of one value.
void ssa_dce(SsaFunc *f);
// After promotion: dominated duplicates of pure values and of checks.
void ssa_cse(SsaFunc *f);
// After ssa_cse: PHIs that are their branch's condition.
void ssa_phiopt(SsaFunc *f);
void ssa_known_bits(SsaFunc *f); // before ssa_prove: values of known bits
// After ssa_cse: checks and branches whose outcome is known.
void ssa_prove(SsaFunc *f);
// -d=ssa/check_bce, -d=nil: the checks that stay.
void ssa_report_checks(SsaFunc *f, bool optimised);

#endif
