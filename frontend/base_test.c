#include "frontend/base.h"

#include <criterion/criterion.h>

Test(base, paths_are_joined_as_filepath_does) {
    static const char *const rows[][3] = {
        {"", "a", "a"},
        {".", "a/b", "a/b"},
        {"a", "../b", "b"},
        {"a/b", "../../c", "c"},
        {"a", "../../c", "../c"},
        {"", "../../c", "../../c"},
        {"../a", "../b", "../b"},
        {"..", "..", "../.."},
        {"/", "../a", "/a"},
        {"/a/b", "./c//d/", "/a/b/c/d"},
        {"x", "/a/../b", "/b"},
        {"a", "..", "."},
        {"/a", "..", "/"},
        {"a", "b/..", "a"},
        {"a..", "..b", "a../..b"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_assert_str_eq(path_join(rows[i][0], rows[i][1]), rows[i][2], "row %zu", i);
}
