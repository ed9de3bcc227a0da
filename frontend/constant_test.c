// Constants: exactness, normal forms and the words in which they are printed.
#include "frontend/constant.h"
#include <criterion/criterion.h>

static Const *lit(LitKind kind, const char *text) { return const_from_literal(kind, str_c(text)); }
static Const *num(int64_t v) { return const_int64(v); }

static void expect_int(const Const *c, int64_t want) {
    int64_t got;
    cr_assert(const_int64_value(c, &got));
    cr_assert_eq(got, want);
}

Test(constant, literals_with_prefixes_and_underscores) {
    expect_int(lit(LIT_INT, "1_000"), 1000);
    expect_int(lit(LIT_INT, "0x_ff"), 255);
    expect_int(lit(LIT_INT, "0b101"), 5);
    expect_int(lit(LIT_INT, "0o17"), 15);
    expect_int(lit(LIT_INT, "017"), 15);
    expect_int(const_to_int(lit(LIT_FLOAT, "1e3")), 1000);
    expect_int(const_to_int(lit(LIT_FLOAT, "0x1p4")), 16);
}

Test(constant, integers_are_exact_at_any_size) {
    Const *big = const_shift(num(1), OPR_SHL, 500);
    cr_assert_eq(const_bit_len(big), 501);
    Const *next = const_binary(big, OPR_ADD, num(1), true);
    expect_int(const_binary(next, OPR_SUB, big, true), 1);
    expect_int(const_shift(big, OPR_SHR, 499), 2);
}

Test(constant, integer_division_truncates) {
    expect_int(const_binary(num(-7), OPR_DIV, num(2), true), -3);
    expect_int(const_binary(num(-7), OPR_REM, num(2), true), -1);
}

Test(constant, quotients_stay_rational) {
    Const *third = const_binary(const_to_float(num(1)), OPR_DIV, const_to_float(num(3)), false);
    Const *one = const_binary(third, OPR_MUL, num(3), false);
    cr_assert(const_compare(one, OPR_EQL, num(1)));
    cr_assert_null(const_to_int(third));
}

Test(constant, complement_of_unsigned_operands_is_limited) {
    expect_int(const_unary(OPR_XOR, num(0), 8), 255);
    expect_int(const_unary(OPR_XOR, num(0), 0), -1);
}

Test(constant, rounding_overflows_to_nothing) {
    cr_assert_null(const_round32(lit(LIT_FLOAT, "1e39")));
    cr_assert_not_null(const_round64(lit(LIT_FLOAT, "1e39")));
    cr_assert_null(const_round64(lit(LIT_FLOAT, "1e309")));
}

Test(constant, complex_values_compare_by_both_parts) {
    Const *z = const_complex(num(1), num(2));
    cr_assert(const_compare(z, OPR_EQL, const_complex(num(1), num(2))));
    cr_assert(const_compare(z, OPR_NEQ, num(1)));
    expect_int(const_to_int(const_complex(num(5), num(0))), 5);
}

Test(constant, strings_are_put_together_when_asked_for) {
    Const *twice = const_string(str_c("ab")), *chain = const_string(str_c(""));
    for (int i = 0; i < 30; i++) twice = const_binary(twice, OPR_ADD, twice, false);
    cr_assert_eq(const_string_len(twice), 2ul << 30);
    for (int i = 0; i < 100000; i++)
        chain = const_binary(chain, OPR_ADD, const_string(str_c(i % 2 ? "y" : "xx")), false);
    Str s = const_string_value(chain);
    cr_assert(s.len == 150000 && !memcmp(s.p, "xxyxxy", 6) && !memcmp(s.p + s.len - 3, "xxy", 4));
    Const *none = const_string(str_c(""));
    for (int i = 0; i < 100; i++) none = const_binary(none, OPR_ADD, none, false);
    cr_assert(const_compare(none, OPR_EQL, const_string(str_c(""))));
}

Test(constant, unknown_values_spread) {
    cr_assert_null(const_binary(NULL, OPR_ADD, num(1), true));
    cr_assert_null(const_unary(OPR_SUB, NULL, 0));
}

Test(constant, printed_as_in_messages) {
    cr_assert_str_eq(const_string_short(num(-5)), "-5");
    cr_assert_str_eq(const_string_short(const_bool(true)), "true");
    cr_assert_str_eq(const_string_short(const_string(str_c("a\n"))), "\"a\\n\"");
    cr_assert_str_eq(const_string_short(lit(LIT_FLOAT, "1.5")), "1.5");
    cr_assert_str_eq(const_string_short(lit(LIT_FLOAT, "1e100")), "1e+100");
}

Test(constant, exponents_have_32_bits) {
    const char *malformed[] = {"1e-99999999999999999999", "1e99999999999999999999",
                               "1e-99999999999", "0x1p-9999999999999", "0x1p2147483647"};
    for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
        cr_assert_null(lit(LIT_FLOAT, malformed[i]), "%s", malformed[i]);
    cr_assert_null(lit(LIT_IMAG, "1e99999999999i"));
    expect_int(const_to_int(lit(LIT_FLOAT, "0e99999999999")), 0);
    cr_assert_not_null(lit(LIT_FLOAT, "1e-1000000000"));
}
