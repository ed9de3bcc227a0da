// libm: what compiled code asks of the C library's mathematics where the processor has no instruction
// for it. In an archive for C it is there already, so that who links that needs no -lm. Weak, and known
// in the archive alone.
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define LIBM __attribute__((weak, visibility("hidden")))

enum { MANTISSA = 52, BIAS = 1023, SPECIAL = 2047 };

static uint64_t bits_of(double x) {
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}
static double from_bits(uint64_t u) {
    double x;
    memcpy(&x, &u, sizeof x);
    return x;
}
static int exponent_of(double x) { return (int)(bits_of(x) >> MANTISSA & SPECIAL); }

LIBM double trunc(double x) {
    int e = exponent_of(x) - BIAS;
    if (e >= MANTISSA) return x; // whole, infinite, not a number
    uint64_t sign = bits_of(x) & (uint64_t)1 << 63;
    if (e < 0) return from_bits(sign);
    return from_bits(bits_of(x) & ~(((uint64_t)1 << (MANTISSA - e)) - 1));
}
LIBM double floor(double x) {
    double t = trunc(x);
    return t > x ? t - 1 : t;
}
LIBM double ceil(double x) {
    double t = trunc(x), up = t + 1;
    return t >= x || x != x ? t : up != 0 ? up : from_bits((uint64_t)1 << 63);
}
LIBM double roundeven(double x) {
    static const double whole = 4503599627370496; // 2^52: larger ones have no fraction
    uint64_t sign = bits_of(x) & (uint64_t)1 << 63;
    double a = from_bits(bits_of(x) ^ sign);
    if (!(a < whole)) return x;
    volatile double sum = a + whole;
    return from_bits(bits_of(sum - whole) | sign);
}

// As m * 2^e, x finite and not 0.
static uint64_t take_apart(double x, int *e) {
    int exponent = exponent_of(x);
    uint64_t m = bits_of(x) & (((uint64_t)1 << MANTISSA) - 1);
    *e = (exponent ? exponent : 1) - BIAS - MANTISSA;
    if (exponent) return m | (uint64_t)1 << MANTISSA;
    int shift = __builtin_clzll(m) - (63 - MANTISSA);
    *e -= shift;
    return m << shift;
}

typedef unsigned __int128 Wide;

// What falls out leaves a 1 behind.
static Wide shift_right(Wide w, int n) {
    if (n == 0) return w;
    if (n >= 128) return w != 0;
    return w >> n | ((w << (128 - n)) != 0);
}

// w * 2^e, rounded once to the nearest, to even.
static double put_together(bool negative, Wide w, int e) {
    int high = (uint64_t)(w >> 64) ? 127 - __builtin_clzll((uint64_t)(w >> 64))
                                   : 63 - __builtin_clzll((uint64_t)w);
    int least = 1 - BIAS - MANTISSA; // the exponent of the smallest number there is
    int drop = high - MANTISSA;
    if (e + drop < least) drop = least - e;
    uint64_t q;
    if (drop <= 0) {
        q = (uint64_t)(w << -drop);
    } else {
        Wide half = drop <= 128 ? (Wide)1 << (drop - 1) : 0,
             rest = drop < 128 ? w & ((half << 1) - 1) : w;
        q = drop < 128 ? (uint64_t)(w >> drop) : 0;
        if (half && (rest > half || (rest == half && (q & 1)))) q++;
    }
    double r = ldexp((double)q, e + drop);
    return negative ? -r : r;
}

LIBM double fma(double x, double y, double z) {
    if (exponent_of(x) == SPECIAL || exponent_of(y) == SPECIAL || x == 0 || y == 0)
        return x * y + z;
    if (exponent_of(z) == SPECIAL) return z;
    if (z == 0) return x * y;
    enum { PRODUCT = 20, SUMMAND = 73 }; // up to 126 bits both
    int ex, ey, ez;
    Wide p = (Wide)take_apart(x, &ex) * take_apart(y, &ey) << PRODUCT, s = (Wide)take_apart(z, &ez)
                                                                           << SUMMAND;
    int ep = ex + ey - PRODUCT;
    ez -= SUMMAND;
    bool pn = (x < 0) != (y < 0), sn = z < 0;
    int e = ep > ez ? ep : ez;
    p = shift_right(p, e - ep);
    s = shift_right(s, e - ez);
    if (pn == sn) return put_together(pn, p + s, e);
    if (p == s) return 0;
    return p > s ? put_together(pn, p - s, e) : put_together(sn, s - p, e);
}
