/* The price of a pair between what its seller asks and what its buyer bids: ask + k (bid - ask),
 * rounded once, half to even; k = 1/2 is the midpoint. */
#ifndef MODELS_MARKET_PAIR_PRICE_H
#define MODELS_MARKET_PAIR_PRICE_H

#include <stdint.h>

#include "base/quantity.h"

/* The pricing factor k of market.k as a fraction in lowest terms: 1/2 is the midpoint. */
struct gb_fraction {
    int64_t numerator, denominator;
};
struct gb_fraction gb_fraction_of_millionths(int64_t millionths);

/* Prices within GB_PRICE_LIMIT_TICKS. Inline because a match asks it of every trade, and the
 * midpoint, which most of them trade at, without a division by what is known at run time only. */
static inline struct gb_price gb_pair_price(struct gb_fraction k, struct gb_price ask,
                                            struct gb_price bid)
{
    int64_t scaled = k.denominator * ask.ticks + k.numerator * (bid.ticks - ask.ticks);

    return (struct gb_price){k.denominator == 2 ? gb_divide_half_even(scaled, 2)
                                                : gb_divide_half_even(scaled, k.denominator)};
}

#endif
