// constant: exact constant values as the Go spec demands, on GMP and MPFR.
//
// A Const is immutable and lives in the compiler's arena (GMP and MPFR allocate through it).
// Integers are exact (int64_t fast path, then mpz); floats are exact rationals while numerator and
// denominator stay below 4,096 bits, then MPFR with 512 bits of mantissa; a complex is a pair of
// those. Operations normalise: an integral rational becomes CONST_INT. NULL stands for an unknown
// value (after an error) and is accepted everywhere: results are then NULL.
#ifndef VOLE_CONSTANT_H
#define VOLE_CONSTANT_H

#include "frontend/syntax.h"
#include <gmp.h>

typedef enum ConstKind {
    CONST_BOOL,
    CONST_STRING,
    CONST_INT,
    CONST_FLOAT,
    CONST_COMPLEX
} ConstKind;

ConstKind const_kind(const Const *c);
Const *const_bool(bool b);
Const *const_string(Str s);
Const *const_int64(int64_t v);
Const *const_uint64(uint64_t v);
Const *const_complex(const Const *re, const Const *im);
// From a literal's text (underscores and prefixes included); NULL if malformed or excessively large
// (gc's limits).
Const *const_from_literal(LitKind kind, Str text);

bool const_bool_value(const Const *c);
Str const_string_value(const Const *c);
size_t const_string_len(const Const *c); // without putting it together
// True and *out set when c is an integer (or integral float/complex) that fits.
bool const_int64_value(const Const *c, int64_t *out);
bool const_uint64_value(const Const *c, uint64_t *out);
// Nearest double (±Inf on overflow); real part of a complex.
double const_double_value(const Const *c);
float const_float_value(const Const *c); // rounded once, directly to float
const Const *const_real(const Const *c);
const Const *const_imag(const Const *c);
int const_sign(const Const *c);         // -1, 0, 1; complex: 0 iff zero
uint32_t const_bit_len(const Const *c); // of an integer's absolute value
// The low 8*nbytes bits of an integer in two's complement, little endian.
void const_int_bytes(const Const *c, uint8_t *out, size_t nbytes);

// Conversions of representation, not of Go type; NULL when not exactly possible.
Const *const_to_int(const Const *c);
Const *const_to_float(const Const *c);
Const *const_to_complex(const Const *c);
// Rounds to the precision of float32 / float64 (as storing into such a constant's type does); NULL
// on overflow to infinity.
Const *const_round32(const Const *c);
Const *const_round64(const Const *c);

// Binary and unary operators. int_div selects truncated division for OPR_DIV. NULL operands give
// NULL; the caller has excluded division by zero and mismatched kinds. unary: size_bits limits
// OPR_XOR on unsigned operands (0: signed / untyped).
Const *const_binary(const Const *x, Operator op, const Const *y, bool int_div);
Const *const_unary(Operator op, const Const *x, unsigned unsigned_bits);
Const *const_shift(const Const *x, Operator op, uint32_t count);
bool const_compare(const Const *x, Operator op, const Const *y);
bool const_equal_value(const Const *x, const Const *y); // same kind and value
uint64_t const_hash(const Const *c);

// As gc prints it in messages (floats like 1.5 or 1e+100, strings quoted and shortened), and
// exactly (for dumps).
const char *const_string_short(const Const *c);
const char *const_string_exact(const Const *c);

#endif
