/* Claims: the standing orders of one side of a book, as items of 8 bytes that sort fast and are
 * walked in order. The order of claims is rule 1: asks ascending, bids descending, equal quotes
 * by time. */
#ifndef MODELS_MARKET_CLAIMS_PRIV_H
#define MODELS_MARKET_CLAIMS_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/market/order.h"

/* A claim is no more than its place in the order of claims and the number under which all else is
 * found: a sort moves little, and a million claims are 8 MB. */
struct gb_claim {
    uint32_t key;   /* lower half of the quote; sorted: ticks from the best quote */
    uint32_t order; /* number of the order in the slot, which is its time */
};

struct gb_claims {
    enum gb_side side;
    struct gb_claim *at; /* room for one more than is ever added */
    size_t n;
    int64_t low, high; /* least and greatest quote */
};

/* No claims yet, with room for some. */
static inline void gb_claims_start(struct gb_claims *claims, enum gb_side side,
                                   struct gb_claim *capacity)
{
    claims->side = side;
    claims->at = capacity;
    claims->n = 0;
    claims->low = INT64_MAX;
    claims->high = INT64_MIN;
}

/* Adds an order, later than those before it, where `stands` is true. Without a branch on that:
 * which of a book's orders have something left is anybody's guess. */
static inline void gb_claims_add_if(struct gb_claims *claims, bool stands, int64_t quote,
                                    uint32_t order)
{
    claims->at[claims->n] = (struct gb_claim){(uint32_t)quote, order};
    claims->n += stands;
    claims->low = stands && quote < claims->low ? quote : claims->low;
    claims->high = stands && quote > claims->high ? quote : claims->high;
}

/* Do the quotes lie too far apart (some 4295 currency per kWh) for 32 bits to hold their
 * distance? */
static inline bool gb_claims_are_wide(const struct gb_claims *claims)
{
    return claims->n > 0 && (uint64_t)claims->high - (uint64_t)claims->low > UINT32_MAX;
}

/* The quote of a sorted claim; of claims that are not wide. */
static inline int64_t gb_claims_quote(const struct gb_claims *claims, size_t i)
{
    return claims->side == GB_SELL ? claims->low + claims->at[i].key
                                   : claims->high - claims->at[i].key;
}

/* The quote of an order, as it was added. */
typedef int64_t gb_claims_lookup(const void *context, uint32_t order);

/* Sorts claims that stand in time order by their quotes, best first, equal quotes left as they are.
 * spare   room for n claims
 * lookup  asked, with its context, only when the claims are wide */
void gb_claims_sort(struct gb_claims *claims, struct gb_claim *spare, gb_claims_lookup *lookup,
                    const void *context);

#endif
