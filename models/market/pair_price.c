#include "models/market/pair_price.h"

#include <assert.h>

struct gb_fraction gb_fraction_of_millionths(int64_t millionths)
{
    int64_t a = GB_MILLIONTHS, b = millionths;

    assert(millionths >= 0 && millionths <= GB_MILLIONTHS);
    while (b != 0) { /* Euclid; a ends as the greatest common divisor */
        int64_t rest = a % b;

        a = b;
        b = rest;
    }
    return (struct gb_fraction){millionths / a, GB_MILLIONTHS / a};
}
