// test: what the files of `vole test` share. test.c sorts arguments, builds and runs; test_json.c
// writes the events of -json; test_main.c writes the program that runs a package's tests.
#ifndef VOLE_TEST_H
#define VOLE_TEST_H

#include "cmd/vole/vole.h"

// The source of the program that runs p's tests and those of its external test package (or NULL).
// Bad signatures go to `diagnostics`.
Str test_main_source(const Package *p, const Package *external);

// test_json.c: the events of -json about one package: begun, given what is printed, ended.
void test_json_begin(const char *package);
void test_json_write(const char *p, size_t n);
void test_json_end(bool passed);

#endif
