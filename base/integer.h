/* Arithmetic of integers that C leaves out. */
#ifndef BASE_INTEGER_H
#define BASE_INTEGER_H

#include <assert.h>
#include <stdint.h>

/* Quotient numerator/denominator rounded to the nearest integer, halves to even.
 * denominator  positive; where it is a constant, nothing is divided. Without a branch on the
 *              remainder, which goes either way */
static inline int64_t gb_divide_half_even(int64_t numerator, int64_t denominator)
{
    assert(denominator > 0);
    int64_t quotient = numerator / denominator, remainder = numerator % denominator;
    int64_t below = remainder < 0; /* the floor, so that 0 <= remainder < denominator */

    quotient -= below;
    remainder += denominator & -below;
    int64_t other_half = denominator - remainder;
    return quotient + (remainder > other_half) + ((remainder == other_half) & (quotient & 1));
}

/* The same of products that need 128 bits, such as of ticks, Wh and Wh. */
static inline __int128 gb_divide_wide_half_even(__int128 numerator, __int128 denominator)
{
    assert(denominator > 0);
    __int128 quotient = numerator / denominator, remainder = numerator % denominator;

    if (remainder < 0) { /* the floor */
        remainder += denominator;
        quotient--;
    }
    __int128 other_half = denominator - remainder;
    return quotient + (remainder > other_half || (remainder == other_half && quotient % 2 != 0));
}

/* The greatest common divisor of two that are not below 0 and not both 0. */
static inline int64_t gb_common_divisor(int64_t a, int64_t b)
{
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

#endif
