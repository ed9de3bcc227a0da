// test: what the files of `vole test` share. test.c sorts arguments, builds and runs; test_json.c
// writes the events of -json; test_main.c writes the program that runs a package's tests;
// test_vet.c has vet look at it; test_cache.c keeps results.
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

// test_vet.c: vet, beside the compilation of a package and its external tests.
void test_vet_begin(void); // before any package's process is begun
// Where the answer is to be read; -1 where there is none to wait for.
int test_vet_start(Package *p, Package *external);
bool test_vet_end(int from, const Package *p); // false after a message

// test_cache.c: results that are told again. Begun for a package, its test program and that one's
// arguments; then what a run printed, where one is known; else where this one is to log what it
// reads (NULL: nowhere), and its output where it passed.
void test_cache_begin(const Package *p, const Package *main, const StrVec *args);
bool test_cache_find(Str *output);
const char *test_cache_log(void);
void test_cache_keep(Str output);

#endif
