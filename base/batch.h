/* Random numbers and elementary functions of whole arrays: loops that compilers turn into vector
 * code. They are made of additions, multiplications, divisions, square roots and integers alone,
 * which every machine rounds alike, so that a result has the same bits whatever the processor, its
 * mathematical library and the compiler's options; n is at most GB_BATCH, which keeps what a step
 * works on in the first cache.
 *
 * The word of a draw is used up by one number: 32 bits, so that a normal reaches 6.2 standard
 * deviations. */
#ifndef BASE_BATCH_H
#define BASE_BATCH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/random.h"

enum { GB_BATCH = 256 };

/* The 128 bits at (owner[i], other, time, draw): word k of owner i goes to words[k][i]. The same
 * bits as gb_draw_at gives. */
void gb_batch_draws(struct gb_key key, const uint32_t *owner, size_t n, uint32_t other,
                    uint32_t time, uint32_t draw, uint32_t words[4][GB_BATCH]);

/* Standard normals by the inverse of their distribution at (word + 1/2) / 2^32: within 1e-14 of the
 * exact one, relatively.
 * source  M. J. Wichura, Algorithm AS 241: the percentage points of the normal distribution,
 *         Applied Statistics 37 (1988), PPND16 */
void gb_batch_normals(const uint32_t *words, size_t n, double *normals);

/* The first normal of draws, as gb_normal_from() gives it, bit by bit.
 * high, low  their first two words */
void gb_batch_draw_normals(const uint32_t *high, const uint32_t *low, size_t n, double *normals);

/* x[i] becomes exp(x[i]), which is 0 or infinite nowhere: x is held in [-700, 700]. */
void gb_batch_exponentials(double *x, size_t n);

/* One word as a uniform inside (0, 1). */
static inline double gb_word_uniform(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

/* x, or the end of [-700, 700] that it is beyond. */
static inline double gb_held_exponent(double x)
{
    double held = x < -700 ? -700 : x;

    return held > 700 ? 700 : held;
}

/* exp(x), relative error below 4e-16: 2^k exp(r), |r| <= ln(2) / 2, by its power series.
 * x  -700 to 700 */
static inline double gb_exponential_of_held(double x)
{
    const double to_integer = 0x1.8p52, ln2_high = 0x1.62e42fefa3800p-1,
                 ln2_low = 0x1.ef35793c76730p-45;
    double power, sum;
    uint64_t bits;

    double shifted = x * 0x1.71547652b82fep0 + to_integer; /* k in its last bits */
    double k = shifted - to_integer;
    double r = (x - k * ln2_high) - k * ln2_low;
    sum = 1.0 / 6227020800 * r + 1.0 / 479001600;
    sum = sum * r + 1.0 / 39916800;
    sum = sum * r + 1.0 / 3628800;
    sum = sum * r + 1.0 / 362880;
    sum = sum * r + 1.0 / 40320;
    sum = sum * r + 1.0 / 5040;
    sum = sum * r + 1.0 / 720;
    sum = sum * r + 1.0 / 120;
    sum = sum * r + 1.0 / 24;
    sum = sum * r + 1.0 / 6;
    sum = sum * r + 0.5;
    sum = sum * r + 1;
    sum = sum * r + 1;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 1023) << 52;
    memcpy(&power, &bits, sizeof power);
    return sum * power;
}

static inline double gb_exponential(double x)
{
    return gb_exponential_of_held(gb_held_exponent(x));
}

/* ln(x), relative error below 4e-16 but next to 1, where the absolute one is: e ln(2) + ln(m), m
 * within a factor sqrt(2) of 1, by the series of the inverse hyperbolic tangent.
 * x  a normal number above 0 */
static inline double gb_logarithm(double x)
{
    const double ln2_high = 0x1.62e42fefa3800p-1, ln2_low = 0x1.ef35793c76730p-45;
    uint64_t bits, exponent_bits;
    double m, e;

    memcpy(&bits, &x, sizeof bits);
    bits -= UINT64_C(0x3fe6a09e667f3bcd); /* sqrt(1/2): the exponent is that of x / sqrt(1/2) */
    exponent_bits = ((bits >> 52) ^ 0x800) | UINT64_C(0x4330000000000000);
    bits = (bits & UINT64_C(0x000fffffffffffff)) + UINT64_C(0x3fe6a09e667f3bcd);
    memcpy(&m, &bits, sizeof m);
    memcpy(&e, &exponent_bits, sizeof e);
    e -= 0x1p52 + 0x800;
    double s = (m - 1) / (m + 1), t = s * s;
    double sum = 1.0 / 21 * t + 1.0 / 19;
    sum = sum * t + 1.0 / 17;
    sum = sum * t + 1.0 / 15;
    sum = sum * t + 1.0 / 13;
    sum = sum * t + 1.0 / 11;
    sum = sum * t + 1.0 / 9;
    sum = sum * t + 1.0 / 7;
    sum = sum * t + 1.0 / 5;
    sum = sum * t + 1.0 / 3;
    return e * ln2_high + (2 * s + (2 * s * t * sum + e * ln2_low));
}

#endif
