// The header of a file in go list's words: package clause and imports, and nothing behind them.
#include "frontend/load_impl.h"
#include <criterion/criterion.h>

static void expect(const char *text, uint32_t at, const char *msg) {
    uint32_t got_at = 0;
    const char *got = header_error("/x.go", str_c(text), &got_at);
    cr_assert_str_eq(got ? got : "", msg);
    if (got) cr_assert_eq(got_at, at);
    cr_assert_eq(diagnostics.list.len, 0);
}

Test(header, package_clause) {
    expect("", 0, "expected 'package', found 'EOF'");
    expect("packge main\n", 0, "expected 'package', found packge");
    expect("package 5\n", 8, "expected 'IDENT', found 5");
}

Test(header, imports) {
    expect("package p\nimport fmt\n", 20, "missing import path");
    expect("package p\nimport 5\n", 17, "import path must be a string");
    expect("package p\nimport (\"a\" \"b\")\n", 22, "expected ';', found \"b\"");
    expect("package p\nimport \"a\n", 17, "string literal not terminated");
}

Test(header, what_follows_is_the_compilers) {
    expect("package p\nimport \"a\"\nfunc f( {\n", 0, "");
    expect("package p\n#\n", 0, "");
}

Test(header, comments_must_end) { expect("package p\n/* a\n", 10, "comment not terminated"); }
