// constant: exact constant arithmetic. An integer is an int64_t while it fits, else an mpz; a float
// is an mpq while its parts stay short, else an MPFR number of 512 bits; a complex is a pair of
// real constants. make_* normalise: what is integral and was computed as a float stays CONST_FLOAT
// only when no exact integer holds it. Values are immutable and never freed. The text of a
// concatenation is put together when it is first asked for, since a long chain of them has none but
// the last one's asked for.
#include "frontend/constant.h"
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <mpfr.h>
#include <stdlib.h>

enum { MAX_RAT_BITS = 4096, FLOAT_PREC = 512, MAX_EXP_BITS = 1 << 20 };

struct Const {
    ConstKind kind;
    bool small;  // CONST_INT: i holds it
    bool is_rat; // CONST_FLOAT: q, else f
    bool joined; // CONST_STRING: join, neither of whose parts is empty, else s
    // clang-format off
    union {
        bool b;
        Str s;
        struct { size_t len; const Const *left, *right; } join;
        int64_t i;
        mpz_t z;
        mpq_t q;
        mpfr_t f;
        struct { const Const *re, *im; } c;
    };
    // clang-format on
};

// No larger than the member in use: most constants are small integers.
#define NEW_CONST(k, member) new_const(k, offsetof(Const, member) + sizeof(((Const *)0)->member))
static Const *new_const(ConstKind k, size_t size) {
    Const *c = xalloc(size);
    c->kind = k;
    return c;
}
ConstKind const_kind(const Const *c) { return c->kind; }

Const *const_bool(bool b) {
    Const *c = NEW_CONST(CONST_BOOL, b);
    c->b = b;
    return c;
}
Const *const_string(Str s) {
    Const *c = NEW_CONST(CONST_STRING, s);
    c->s = s;
    return c;
}
Const *const_int64(int64_t v) {
    Const *c = NEW_CONST(CONST_INT, i);
    c->small = true;
    c->i = v;
    return c;
}

// Takes over z.
static Const *make_int(mpz_t z) {
    if (mpz_fits_slong_p(z)) {
        Const *c = const_int64(mpz_get_si(z));
        mpz_clear(z);
        return c;
    }
    Const *c = NEW_CONST(CONST_INT, z);
    memcpy(c->z, z, sizeof(mpz_t));
    return c;
}
Const *const_uint64(uint64_t v) {
    mpz_t z;
    mpz_init_set_ui(z, v);
    return make_int(z);
}
static Const *make_mpfr(mpfr_t f) {
    // Exponents are those of gc's big floats, 32 bits.
    if (!mpfr_number_p(f) || (!mpfr_zero_p(f) && mpfr_get_exp(f) > INT32_MAX)) {
        mpfr_clear(f);
        return NULL;
    }
    if (!mpfr_zero_p(f) && mpfr_get_exp(f) < INT32_MIN) mpfr_set_zero(f, 1);
    Const *c = NEW_CONST(CONST_FLOAT, f);
    memcpy(c->f, f, sizeof(mpfr_t));
    return c;
}
// Takes over q (canonical).
static Const *make_rat(mpq_t q) {
    if (mpz_sizeinbase(mpq_numref(q), 2) < MAX_RAT_BITS &&
        mpz_sizeinbase(mpq_denref(q), 2) < MAX_RAT_BITS) {
        Const *c = NEW_CONST(CONST_FLOAT, q);
        c->is_rat = true;
        memcpy(c->q, q, sizeof(mpq_t));
        return c;
    }
    mpfr_t f;
    mpfr_init2(f, FLOAT_PREC);
    mpfr_set_q(f, q, MPFR_RNDN);
    mpq_clear(q);
    return make_mpfr(f);
}
static Const *const_double(double v) {
    if (!isfinite(v)) return NULL;
    mpq_t q;
    mpq_init(q);
    mpq_set_d(q, v);
    return make_rat(q);
}
Const *const_complex(const Const *re, const Const *im) {
    if (!re || !im) return NULL;
    Const *c = NEW_CONST(CONST_COMPLEX, c);
    c->c.re = re;
    c->c.im = im;
    return c;
}

static void get_mpz(const Const *c, mpz_t z) {
    if (c->small)
        mpz_init_set_si(z, c->i);
    else
        mpz_init_set(z, c->z);
}
static bool get_mpq(const Const *c, mpq_t q) { // initialises q; false: only as MPFR
    mpq_init(q);
    if (c->kind == CONST_INT) {
        mpz_t z;
        get_mpz(c, z);
        if (mpz_sizeinbase(z, 2) >= MAX_RAT_BITS) {
            mpz_clear(z);
            mpq_clear(q);
            return false;
        }
        mpq_set_z(q, z);
        mpz_clear(z);
        return true;
    }
    if (c->is_rat) {
        mpq_set(q, c->q);
        return true;
    }
    mpq_clear(q);
    return false;
}
static void get_mpfr(const Const *c, mpfr_t f) {
    mpfr_init2(f, FLOAT_PREC);
    if (c->kind == CONST_INT) {
        mpz_t z;
        get_mpz(c, z);
        mpfr_set_z(f, z, MPFR_RNDN);
        mpz_clear(z);
    } else if (c->is_rat)
        mpfr_set_q(f, c->q, MPFR_RNDN);
    else
        mpfr_set(f, c->f, MPFR_RNDN);
}

// ---- literals -----------------------------------------------------------------------------------

// All digits are one integer m, and the value is m times a power of ten or two: so there is at most
// one rounding, where that is no rational of ours.
static Const *float_literal(const char *s) {
    // Decimal or hexadecimal, without underscores. Small exponents stay rational; NULL where the
    // exponent is out of range.
    bool hex = s[0] == '0' && (s[1] | 0x20) == 'x';
    const char *p = hex ? s + 2 : s;
    int base = hex ? 16 : 10;
    Buf digits = {0};
    long scale = 0;
    bool point = false;
    for (; *p; p++) {
        if (*p == '.')
            point = true;
        else if ((*p >= '0' && *p <= '9') || (hex && ((*p | 0x20) >= 'a' && (*p | 0x20) <= 'f'))) {
            buf_putc(&digits, *p);
            if (point) scale++;
        } else
            break;
    }
    errno = 0;
    long exp = *p ? strtol(p + 1, NULL, 10) : 0;
    if (errno) return NULL;
    mpz_t m;
    if (mpz_init_set_str(m, digits.len ? buf_str(&digits) : "0", base)) {
        mpz_clear(m);
        return NULL;
    }
    __int128 wide = (__int128)exp - (hex ? 4 : 1) * (__int128)scale;
    long e = wide < LONG_MIN ? LONG_MIN : (long)wide; // value = m * (2 or 10)^e
    if (mpz_sgn(m) == 0) {
        mpz_clear(m);
        return const_double(0);
    }
    // The exponent of gc's big.Float, which has 32 bits.
    __int128 binary = (__int128)e + (long)mpz_sizeinbase(m, 2);
    if (binary < INT32_MIN || binary > INT32_MAX) {
        mpz_clear(m);
        return NULL;
    }
    if (labs(e) < 1200) { // exact as a rational; beyond that, its terms would be too long
        mpq_t q;
        mpz_t pw;
        mpq_init(q);
        mpz_init(pw);
        mpz_ui_pow_ui(pw, hex ? 2 : 10, (unsigned long)labs(e));
        if (e >= 0) {
            mpz_mul(m, m, pw);
            mpq_set_z(q, m);
        } else {
            mpz_set(mpq_numref(q), m);
            mpz_set(mpq_denref(q), pw);
            mpq_canonicalize(q);
        }
        mpz_clear(m);
        mpz_clear(pw);
        return make_rat(q);
    }
    mpfr_t f, b;
    mpfr_set_emax(mpfr_get_emax_max());
    mpfr_set_emin(mpfr_get_emin_min());
    mpfr_init2(f, FLOAT_PREC);
    mpfr_init2(b, FLOAT_PREC + 64);
    mpfr_set_ui(b, hex ? 2 : 10, MPFR_RNDN);
    mpfr_pow_si(b, b, e, MPFR_RNDN);
    mpfr_mul_z(f, b, m, MPFR_RNDN);
    mpfr_clear(b);
    mpz_clear(m);
    if (mpfr_zero_p(f)) { // underflow
        mpfr_clear(f);
        return const_double(0);
    }
    return make_mpfr(f);
}

// Decimal and hexadecimal integers that are surely small: nearly all.
static bool small_integer(Str text, int64_t *out) {
    bool hex = text.len > 2 && text.p[0] == '0' && (text.p[1] | 0x20) == 'x';
    if (text.len > (hex ? 17 : 18) || (!hex && text.p[0] == '0' && text.len > 1)) return false;
    int64_t v = 0;
    for (size_t i = hex ? 2 : 0; i < text.len; i++) {
        char c = text.p[i], lower = (char)(c | 0x20);
        if (c >= '0' && c <= '9')
            v = v * (hex ? 16 : 10) + (c - '0');
        else if (hex && lower >= 'a' && lower <= 'f')
            v = v * 16 + (lower - 'a' + 10);
        else
            return false;
    }
    *out = v;
    return true;
}

// 0123 is octal, but 0123i decimal: the spec's backward compatibility.
Const *const_from_literal(LitKind kind, Str text) {
    if (kind == LIT_STRING) return const_string(unquote_string(text));
    if (kind == LIT_RUNE) return const_int64(unquote_rune(text));
    int64_t v;
    if (kind == LIT_INT && small_integer(text, &v)) return const_int64(v);
    Buf b = {0};
    for (size_t i = 0; i < text.len; i++)
        if (text.p[i] != '_') buf_putc(&b, text.p[i]);
    if (kind == LIT_IMAG) b.len--;
    char *s = (char *)buf_str(&b);
    bool prefixed = s[0] == '0' && s[1] && strchr("xXoObB", s[1]);
    bool is_float = kind == LIT_FLOAT ||
                    (kind == LIT_IMAG && (strpbrk(s, ".pP") || (!prefixed && strpbrk(s, "eE"))));
    Const *c;
    if (is_float)
        c = float_literal(s);
    else {
        int base = 10;
        const char *d = s;
        if (prefixed) {
            base = (s[1] | 0x20) == 'x' ? 16 : (s[1] | 0x20) == 'o' ? 8 : 2;
            d = s + 2;
        } else if (s[0] == '0' && s[1] && kind == LIT_INT)
            base = 8;
        if (strlen(d) > 100000) return NULL; // longer than any that the checker takes
        mpz_t z;
        if (mpz_init_set_str(z, d, base)) {
            mpz_clear(z);
            return NULL;
        }
        c = make_int(z);
    }
    if (!c) return NULL;
    return kind == LIT_IMAG ? const_complex(const_int64(0), c) : c;
}

// ---- values -------------------------------------------------------------------------------------

bool const_bool_value(const Const *c) { return c && c->kind == CONST_BOOL && c->b; }
size_t const_string_len(const Const *c) {
    if (!c || c->kind != CONST_STRING) return 0;
    return c->joined ? c->join.len : c->s.len;
}

// Left to right with a stack of its own, since 100,000 strings added up are a tree that deep.
static Str join_text(const Const *c) {
    Str s = {xalloc(c->join.len + 1), 0};
    Vec(const Const *) todo = {0};
    vec_push(&todo, c);
    while (todo.len) {
        c = vec_pop(&todo);
        if (c->joined) {
            vec_push(&todo, c->join.right);
            vec_push(&todo, c->join.left);
        } else {
            memcpy((char *)s.p + s.len, c->s.p, c->s.len);
            s.len += c->s.len;
        }
    }
    return s;
}

Str const_string_value(const Const *c) {
    if (!c || c->kind != CONST_STRING) return str_c("");
    if (c->joined) {
        Const *known = (Const *)c; // the same value
        known->s = join_text(c);
        known->joined = false;
    }
    return c->s;
}

bool const_int64_value(const Const *c, int64_t *out) {
    if (!c || !(c = const_to_int(c)) || !c->small) return false;
    *out = c->i;
    return true;
}
bool const_uint64_value(const Const *c, uint64_t *out) {
    if (!c || !(c = const_to_int(c))) return false;
    if (c->small) {
        *out = (uint64_t)c->i;
        return c->i >= 0;
    }
    if (!mpz_fits_ulong_p(c->z)) return false;
    *out = mpz_get_ui(c->z);
    return true;
}

// Rounds once, to nearest even. Subnormals have fewer bits than MPFR's 53, so they are rounded from
// the exact value.
double const_double_value(const Const *c) {
    if (!c) return 0;
    if (c->kind == CONST_COMPLEX) return const_double_value(c->c.re);
    if (c->kind == CONST_INT && c->small) return (double)c->i;
    mpfr_t f, d;
    if (c->kind == CONST_FLOAT && c->is_rat) {
        mpfr_init2(d, 53);
        mpfr_set_q(d, c->q, MPFR_RNDN); // rounds once
        double r = mpfr_get_d(d, MPFR_RNDN);
        if (fabs(r) < 2.3e-308) { // subnormal: round to its own precision
            mpfr_init2(f, FLOAT_PREC * 4);
            mpfr_set_q(f, c->q, MPFR_RNDN);
            r = mpfr_get_d(f, MPFR_RNDN);
            mpfr_clear(f);
        }
        mpfr_clear(d);
        return r;
    }
    get_mpfr(c, f);
    double r = mpfr_get_d(f, MPFR_RNDN);
    mpfr_clear(f);
    return r;
}
float const_float_value(const Const *c) {
    if (!c) return 0;
    if (c->kind == CONST_COMPLEX) return const_float_value(c->c.re);
    mpfr_t f;
    if (c->kind == CONST_FLOAT && c->is_rat) {
        mpfr_init2(f, FLOAT_PREC * 4);
        mpfr_set_q(f, c->q, MPFR_RNDN);
    } else
        get_mpfr(c, f);
    float r = mpfr_get_flt(f, MPFR_RNDN);
    mpfr_clear(f);
    return r;
}
const Const *const_real(const Const *c) {
    return !c ? NULL : c->kind == CONST_COMPLEX ? c->c.re : c;
}
const Const *const_imag(const Const *c) {
    return !c ? NULL : c->kind == CONST_COMPLEX ? c->c.im : const_int64(0);
}

int const_sign(const Const *c) {
    if (!c) return 1;
    switch (c->kind) {
    case CONST_INT: return c->small ? (c->i > 0) - (c->i < 0) : mpz_sgn(c->z);
    case CONST_FLOAT: return c->is_rat ? mpq_sgn(c->q) : mpfr_sgn(c->f);
    case CONST_COMPLEX: return const_sign(c->c.re) | const_sign(c->c.im);
    default: return 1;
    }
}
uint32_t const_bit_len(const Const *c) {
    if (c->small) {
        uint64_t v = c->i < 0 ? 0 - (uint64_t)c->i : (uint64_t)c->i;
        return v ? 64 - (uint32_t)__builtin_clzll(v) : 0;
    }
    return (uint32_t)mpz_sizeinbase(c->z, 2);
}

// A negative number is taken modulo 2 to the number of bits.
void const_int_bytes(const Const *c, uint8_t *out, size_t nbytes) {
    mpz_t z, m;
    get_mpz(c, z);
    if (mpz_sgn(z) < 0) { // two's complement
        mpz_init_set_ui(m, 1);
        mpz_mul_2exp(m, m, nbytes * 8);
        mpz_fdiv_r(z, z, m);
        mpz_clear(m);
    }
    memset(out, 0, nbytes);
    for (size_t i = 0; i < nbytes; i++) {
        out[i] = (uint8_t)(mpz_get_ui(z) & 0xff);
        mpz_fdiv_q_2exp(z, z, 8);
    }
    mpz_clear(z);
}

// ---- conversions --------------------------------------------------------------------------------

// Constants are represented by value, not by form: 2.0, 2+0i and 6.0/3 are the integer 2.
Const *const_to_int(const Const *c) {
    if (!c) return NULL;
    mpz_t z;
    switch (c->kind) {
    case CONST_INT: return (Const *)c;
    case CONST_FLOAT:
        if (c->is_rat) {
            if (mpz_cmp_ui(mpq_denref(c->q), 1)) return NULL;
            mpz_init_set(z, mpq_numref(c->q));
            return make_int(z);
        }
        if (mpfr_integer_p(c->f)) {
            if (mpfr_get_exp(c->f) > MAX_EXP_BITS) return NULL;
            mpz_init(z);
            mpfr_get_z(z, c->f, MPFR_RNDN);
            return make_int(z);
        }
        // A value that only rounding keeps from being an integer (1e1000/3*3): try with less
        // precision, as gc does.
        if (mpfr_get_exp(c->f) < MAX_EXP_BITS) {
            mpfr_t t;
            mpfr_init2(t, FLOAT_PREC - 4);
            mpfr_set(t, c->f, MPFR_RNDN);
            bool ok = mpfr_integer_p(t);
            if (ok) {
                mpz_init(z);
                mpfr_get_z(z, t, MPFR_RNDN);
            }
            mpfr_clear(t);
            if (ok) return make_int(z);
        }
        return NULL;
    case CONST_COMPLEX: return const_sign(c->c.im) == 0 ? const_to_int(c->c.re) : NULL;
    default: return NULL;
    }
}

// Exact where the terms of a rational don't become too long (get_mpq).
Const *const_to_float(const Const *c) {
    if (!c) return NULL;
    switch (c->kind) {
    case CONST_INT: {
        mpq_t q;
        if (get_mpq(c, q)) return make_rat(q);
        mpfr_t f;
        get_mpfr(c, f);
        return make_mpfr(f);
    }
    case CONST_FLOAT: return (Const *)c;
    case CONST_COMPLEX: return const_sign(c->c.im) == 0 ? const_to_float(c->c.re) : NULL;
    default: return NULL;
    }
}
Const *const_to_complex(const Const *c) {
    if (!c) return NULL;
    if (c->kind == CONST_COMPLEX) return (Const *)c;
    if (c->kind == CONST_INT || c->kind == CONST_FLOAT) return const_complex(c, const_int64(0));
    return NULL;
}
Const *const_round32(const Const *c) {
    if (!c) return NULL;
    float f = const_float_value(c);
    return isfinite(f) ? const_double(f) : NULL;
}
Const *const_round64(const Const *c) {
    if (!c) return NULL;
    double d = const_double_value(c);
    return isfinite(d) ? const_double(d) : NULL;
}

// ---- operators ----------------------------------------------------------------------------------

static int rank(const Const *c) { return c->kind; }
static const Const *to_kind(const Const *c, ConstKind k) {
    if (!c || c->kind == k) return c;
    return k == CONST_FLOAT ? const_to_float(c) : k == CONST_COMPLEX ? const_to_complex(c) : c;
}

// Both kinds of operands come as integers where those are exact: int_div tells int's 7/2 = 3 from
// the rational. What fits int64 stays off GMP.
static Const *int_binary(const Const *x, Operator op, const Const *y, bool int_div) {
    if (x->small && y->small) {
        int64_t r;
        switch (op) {
        case OPR_ADD:
            if (!__builtin_add_overflow(x->i, y->i, &r)) return const_int64(r);
            break;
        case OPR_SUB:
            if (!__builtin_sub_overflow(x->i, y->i, &r)) return const_int64(r);
            break;
        case OPR_MUL:
            if (!__builtin_mul_overflow(x->i, y->i, &r)) return const_int64(r);
            break;
        default: break;
        }
    }
    if (op == OPR_DIV && !int_div) {
        mpq_t a, b;
        const Const *fx = const_to_float(x), *fy = const_to_float(y);
        if (fx->is_rat && fy->is_rat) {
            get_mpq(fx, a);
            get_mpq(fy, b);
            mpq_div(a, a, b);
            mpq_clear(b);
            return make_rat(a);
        }
        return const_binary(fx, op, fy, false);
    }
    mpz_t a, b;
    get_mpz(x, a);
    get_mpz(y, b);
    switch (op) {
    case OPR_ADD: mpz_add(a, a, b); break;
    case OPR_SUB: mpz_sub(a, a, b); break;
    case OPR_MUL: mpz_mul(a, a, b); break;
    case OPR_DIV: mpz_tdiv_q(a, a, b); break;
    case OPR_REM: mpz_tdiv_r(a, a, b); break;
    case OPR_AND: mpz_and(a, a, b); break;
    case OPR_OR: mpz_ior(a, a, b); break;
    case OPR_XOR: mpz_xor(a, a, b); break;
    case OPR_ANDNOT:
        mpz_com(b, b);
        mpz_and(a, a, b);
        break;
    default: mpz_clears(a, b, NULL); return NULL;
    }
    mpz_clear(b);
    return make_int(a);
}

// Rationals as long as both operands are, else MPFR with FLOAT_PREC bits, which is gc's big.Float.
static Const *float_binary(const Const *x, Operator op, const Const *y) {
    mpq_t a, b;
    if (get_mpq(x, a)) {
        if (get_mpq(y, b)) {
            switch (op) {
            case OPR_ADD: mpq_add(a, a, b); break;
            case OPR_SUB: mpq_sub(a, a, b); break;
            case OPR_MUL: mpq_mul(a, a, b); break;
            case OPR_DIV: mpq_div(a, a, b); break;
            default: mpq_clears(a, b, NULL); return NULL;
            }
            mpq_clear(b);
            return make_rat(a);
        }
        mpq_clear(a);
    }
    mpfr_t f, g;
    get_mpfr(x, f);
    get_mpfr(y, g);
    switch (op) {
    case OPR_ADD: mpfr_add(f, f, g, MPFR_RNDN); break;
    case OPR_SUB: mpfr_sub(f, f, g, MPFR_RNDN); break;
    case OPR_MUL: mpfr_mul(f, f, g, MPFR_RNDN); break;
    case OPR_DIV: mpfr_div(f, f, g, MPFR_RNDN); break;
    default: mpfr_clears(f, g, (mpfr_ptr)0); return NULL;
    }
    mpfr_clear(g);
    return make_mpfr(f);
}

// Sums of strings are joined when their text is asked for (join_text): n terms would else copy n²
// bytes. Numbers are taken to the higher kind of the two.
Const *const_binary(const Const *x, Operator op, const Const *y, bool int_div) {
    if (!x || !y) return NULL;
    if (x->kind == CONST_BOOL) return const_bool(op == OPR_ANDAND ? x->b && y->b : x->b || y->b);
    if (x->kind == CONST_STRING) {
        size_t left = const_string_len(x), right = const_string_len(y);
        if (!left || !right) return (Const *)(left ? x : y);
        Const *c = NEW_CONST(CONST_STRING, join);
        c->joined = true;
        c->join.len = left + right;
        c->join.left = x;
        c->join.right = y;
        return c;
    }
    ConstKind k = (ConstKind)(rank(x) > rank(y) ? rank(x) : rank(y));
    if (k == CONST_INT) return int_binary(x, op, y, int_div);
    x = to_kind(x, k);
    y = to_kind(y, k);
    if (k == CONST_FLOAT) return float_binary(x, op, y);
    const Const *a = x->c.re, *b = x->c.im, *c = y->c.re, *d = y->c.im;
    switch (op) {
    case OPR_ADD:
    case OPR_SUB:
        return const_complex(const_binary(a, op, c, false), const_binary(b, op, d, false));
    case OPR_MUL:
        return const_complex(const_binary(const_binary(a, OPR_MUL, c, false), OPR_SUB,
                                          const_binary(b, OPR_MUL, d, false), false),
                             const_binary(const_binary(b, OPR_MUL, c, false), OPR_ADD,
                                          const_binary(a, OPR_MUL, d, false), false));
    case OPR_DIV: {
        const Const *s = const_binary(const_binary(c, OPR_MUL, c, false), OPR_ADD,
                                      const_binary(d, OPR_MUL, d, false), false);
        const Const *re = const_binary(const_binary(a, OPR_MUL, c, false), OPR_ADD,
                                       const_binary(b, OPR_MUL, d, false), false);
        const Const *im = const_binary(const_binary(b, OPR_MUL, c, false), OPR_SUB,
                                       const_binary(a, OPR_MUL, d, false), false);
        return const_complex(const_binary(re, OPR_DIV, s, false),
                             const_binary(im, OPR_DIV, s, false));
    }
    default: return NULL;
    }
}

// -x is 0 - x, so there is no negative zero: constants have none. ^x has as many bits as an
// unsigned type, else it is -x-1.
Const *const_unary(Operator op, const Const *x, unsigned unsigned_bits) {
    if (!x) return NULL;
    switch (op) {
    case OPR_ADD: return (Const *)x;
    case OPR_NOT: return x->kind == CONST_BOOL ? const_bool(!x->b) : NULL;
    case OPR_SUB:
        if (x->kind == CONST_INT) return int_binary(const_int64(0), OPR_SUB, x, true);
        if (x->kind == CONST_FLOAT) return float_binary(const_to_float(const_int64(0)), OPR_SUB, x);
        if (x->kind == CONST_COMPLEX)
            return const_complex(const_unary(op, x->c.re, 0), const_unary(op, x->c.im, 0));
        return NULL;
    case OPR_XOR: {
        if (x->kind != CONST_INT) return NULL;
        mpz_t z;
        get_mpz(x, z);
        mpz_com(z, z);
        if (unsigned_bits) mpz_fdiv_r_2exp(z, z, unsigned_bits);
        return make_int(z);
    }
    default: return NULL;
    }
}

Const *const_shift(const Const *x, Operator op, uint32_t count) {
    if (!x || x->kind != CONST_INT) return NULL;
    mpz_t z;
    get_mpz(x, z);
    if (op == OPR_SHL)
        mpz_mul_2exp(z, z, count);
    else
        mpz_fdiv_q_2exp(z, z, count);
    return make_int(z);
}

// By the simplest form that holds both exactly; the sign is the answer's only meaning.
static int compare(const Const *x, const Const *y) {
    if (x->kind == CONST_STRING) {
        Str a = const_string_value(x), b = const_string_value(y);
        size_t n = a.len < b.len ? a.len : b.len;
        int c = n ? memcmp(a.p, b.p, n) : 0;
        return c ? c : (a.len > b.len) - (a.len < b.len);
    }
    if (x->kind == CONST_INT && y->kind == CONST_INT) {
        if (x->small && y->small) return (x->i > y->i) - (x->i < y->i);
        mpz_t a, b;
        get_mpz(x, a);
        get_mpz(y, b);
        int c = mpz_cmp(a, b);
        mpz_clears(a, b, NULL);
        return c;
    }
    mpq_t a, b;
    if (get_mpq(x, a)) {
        if (get_mpq(y, b)) {
            int c = mpq_cmp(a, b);
            mpq_clears(a, b, NULL);
            return c;
        }
        mpq_clear(a);
    }
    mpfr_t f, g;
    get_mpfr(x, f);
    get_mpfr(y, g);
    int c = mpfr_cmp(f, g);
    mpfr_clears(f, g, (mpfr_ptr)0);
    return c;
}

// Booleans and complex numbers are equal or not, which is all that c says of them; others have an
// order.
bool const_compare(const Const *x, Operator op, const Const *y) {
    if (!x || !y) return false;
    int c;
    if (x->kind == CONST_BOOL)
        c = x->b != y->b;
    else if (x->kind == CONST_COMPLEX || y->kind == CONST_COMPLEX) {
        const Const *a = const_to_complex(x), *b = const_to_complex(y);
        c = compare(a->c.re, b->c.re) != 0 || compare(a->c.im, b->c.im) != 0;
    } else
        c = compare(x, y);
    switch (op) {
    case OPR_EQL: return c == 0;
    case OPR_NEQ: return c != 0;
    case OPR_LSS: return c < 0;
    case OPR_LEQ: return c <= 0;
    case OPR_GTR: return c > 0;
    case OPR_GEQ: return c >= 0;
    default: return false;
    }
}
bool const_equal_value(const Const *x, const Const *y) {
    bool nx = x->kind >= CONST_INT, ny = y->kind >= CONST_INT;
    if (nx != ny || (!nx && x->kind != y->kind)) return false;
    return const_compare(x, OPR_EQL, y);
}
uint64_t const_hash(const Const *c) {
    switch (c->kind) {
    case CONST_BOOL: return c->b;
    case CONST_STRING: return hash_bytes(const_string_value(c).p, const_string_len(c), 1);
    default: {
        double d = const_double_value(c);
        return hash_bytes(&d, sizeof d, 2);
    }
    }
}

// ---- text ---------------------------------------------------------------------------------------

static const char *int_text(const Const *c) {
    if (c->small) return xsprintf("%lld", (long long)c->i);
    char *s = mpz_get_str(NULL, 10, c->z);
    char *t = xstrdup(s);
    free(s);
    return t;
}

// In quotes; longer than max characters with them: the first of them and three dots, as go/constant
// has it.
static const char *quote(Str s, size_t max) {
    Buf b = {0};
    buf_putc(&b, '"');
    for (size_t i = 0; i < s.len; i++) {
        uint8_t ch = (uint8_t)s.p[i];
        if (ch == '"' || ch == '\\')
            buf_printf(&b, "\\%c", ch);
        else if (ch == '\n')
            buf_puts(&b, "\\n");
        else if (ch == '\t')
            buf_puts(&b, "\\t");
        else if (ch == '\r')
            buf_puts(&b, "\\r");
        else if (ch < 0x20 || ch == 0x7f)
            buf_printf(&b, "\\x%02x", ch);
        else
            buf_putc(&b, (char)ch);
    }
    buf_putc(&b, '"');
    const char *text = buf_str(&b);
    size_t runes = 0, cut = 0;
    for (size_t i = 0; text[i]; i++) {
        if (((uint8_t)text[i] & 0xc0) == 0x80) continue;
        if (++runes + 2 == max) cut = i;
    }
    return runes > max ? xsprintf("%.*s...", (int)cut, text) : text;
}

// As go/constant's String: six digits, and beyond a double's range mantissa and exponent by way of
// the logarithm.
const char *const_string_short(const Const *c) {
    if (!c) return "unknown";
    switch (c->kind) {
    case CONST_BOOL: return c->b ? "true" : "false";
    case CONST_STRING: return quote(const_string_value(c), 72);
    case CONST_INT: return int_text(c);
    case CONST_FLOAT: {
        double d = const_double_value(c);
        if ((d != 0 || const_sign(c) == 0) && isfinite(d)) {
            const char *s = xsprintf("%.6g", d);
            // Not an integer, so it must not look like one: as many digits as it takes.
            bool looks_int = !strchr(s, '.') && !const_to_int(c);
            for (int n = 7; n <= 17 && looks_int; n++)
                if (strtod(xsprintf("%.*g", n, d), NULL) == d)
                    return xsprintf(fabs(d) >= 1e6 ? "%.*e" : "%.*g", fabs(d) >= 1e6 ? n - 1 : n,
                                    d);
            return s;
        }
        mpfr_t f, l;
        get_mpfr(c, f);
        mpfr_init2(l, 64);
        mpfr_abs(l, f, MPFR_RNDN);
        mpfr_log10(l, l, MPFR_RNDN);
        double e = mpfr_get_d(l, MPFR_RNDN), ip;
        double m = pow(10, modf(e, &ip));
        mpfr_clears(f, l, (mpfr_ptr)0);
        if (m < 1) {
            m *= 10;
            ip -= 1;
        }
        return xsprintf("%s%.6ge%+.0f", const_sign(c) < 0 ? "-" : "", m, ip);
    }
    case CONST_COMPLEX:
        return xsprintf("(%s + %si)", const_string_short(c->c.re), const_string_short(c->c.im));
    }
    return "";
}
const char *const_string_exact(const Const *c) {
    if (!c) return "unknown";
    if (c->kind == CONST_STRING) return quote(const_string_value(c), SIZE_MAX);
    if (c->kind == CONST_FLOAT && c->is_rat) {
        char *s = mpq_get_str(NULL, 10, c->q);
        char *t = xstrdup(s);
        free(s);
        return t;
    }
    return const_string_short(c);
}
