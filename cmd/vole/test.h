// test: what the files of `vole test` share. test.c reads flags, builds and runs; test_main.c writes the program that runs a package's tests.
#ifndef VOLE_TEST_H
#define VOLE_TEST_H

#include "cmd/vole/vole.h"

// The source of the program that runs p's tests and those of its external test package (or NULL). Bad signatures go to `diagnostics`.
Str test_main_source(const Package *p, const Package *external);

#endif
