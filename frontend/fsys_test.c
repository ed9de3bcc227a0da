// Overlays: what stands for what, and what is listed in folders.
#include "frontend/fsys.h"
#include <criterion/criterion.h>
#include <stdlib.h>
#include <unistd.h>

static const char *dir;

static void put(const char *name, const char *text) {
    const char *path = path_join(dir, name);
    make_dirs(xstrndup(path, (size_t)(strrchr(path, '/') - path)), 0777);
    FILE *f = fopen(path, "w");
    cr_assert(f && fputs(text, f) >= 0 && !fclose(f));
}

static void begin(void) { dir = mkdtemp(xstrdup("/tmp/fsys_test.XXXXXX")); }
static void end(void) {
    if (fork() == 0) execl("/bin/rm", "rm", "-rf", dir, (char *)NULL);
}
TestSuite(fsys, .init = begin, .fini = end);

static const char *overlay(const char *text) {
    put("overlay.json", text);
    return fsys_overlay(path_join(dir, "overlay.json"), dir);
}

static const char *text_of(const char *name) {
    Str s;
    return fsys_read(path_join(dir, name), &s) ? s.p : NULL;
}

static bool lists(const char *folder, const char *name) {
    FileNames names = {0};
    if (!fsys_names(path_join(dir, folder), &names)) return false;
    int n = 0;
    for (vec_each(const char *, s, &names)) n += !strcmp(*s, name);
    cr_assert(n < 2, "%s is listed %d times", name, n);
    return n == 1;
}

Test(fsys, without_an_overlay) {
    put("a/x.go", "x");
    cr_assert_str_eq(text_of("a/x.go"), "x");
    cr_assert(lists("a", "x.go") && !fsys_overlaid());
}

Test(fsys, replaced_removed_and_new) {
    put("a/x.go", "old");
    put("a/y.go", "y");
    put("a/z.go", "z");
    put("new.txt", "new");
    cr_assert_null(overlay("{\"Replace\": {\"a/x.go\": \"new.txt\", \"a/y.go\": \"\", "
                           "\"b/c/w.go\": \"new.txt\"}, \"Other\": [1, {\"a\": null}]}"));
    cr_assert_str_eq(text_of("a/x.go"), "new");
    cr_assert_str_eq(text_of("b/c/w.go"), "new");
    cr_assert_str_eq(text_of("a/z.go"), "z");
    cr_assert_null(text_of("a/y.go"));
    cr_assert(lists("a", "x.go") && !lists("a", "y.go") && lists("a", "z.go"));
    cr_assert(lists(".", "b") && lists("b", "c") && lists("b/c", "w.go"));
    struct stat st;
    cr_assert(fsys_stat(path_join(dir, "b/c"), &st) && S_ISDIR(st.st_mode));
    cr_assert(!fsys_stat(path_join(dir, "a/y.go/below"), &st));
}

Test(fsys, wrong_overlays) {
    cr_assert_str_eq(overlay("{\"Replace\": {\"\": \"a\"}}"), "empty string key in overlay map");
    cr_assert_str_eq(overlay("{\"Replace\" 1}"),
                     "parsing overlay JSON: invalid character '1' after object key");
    cr_assert_str_eq(overlay("{"), "parsing overlay JSON: unexpected end of JSON input");
    cr_assert_str_eq(overlay("package x"), "parsing overlay JSON: invalid character 'p' looking "
                                           "for beginning of value");
}
