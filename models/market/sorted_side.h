/* One side of a book in the order of its quotes: asks ascending, bids descending, equal quotes by
 * time. Entries are items of 8 bytes that sort fast and are walked in order.
 *
 * A walk from the best on seldom comes to the end: half of a book's orders, mostly, meet nobody. So
 * entries are dealt out by the upper bits of their quotes at once, and only those that a walk
 * reaches are put in their places. */
#ifndef MODELS_MARKET_SORTED_SIDE_H
#define MODELS_MARKET_SORTED_SIDE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/market/order.h"

/* An entry is no more than its place in the order of quotes and the number under which all else is
 * found: a sort moves little, and a million of them are 8 MB. */
struct gb_side_entry {
    uint32_t key;   /* lower half of the rank; sorted: ticks from the best quote */
    uint32_t order; /* number of the order in the slot, which is its time */
};

/* A walk looks so many entries ahead of itself: orders lie by number and are met by quote, so each
 * is a place of its own, and waiting for them one after the other would be most of the time. */
#define GB_SIDE_AHEAD 16

struct gb_sorted_side {
    enum gb_side kind;
    int64_t flip;                /* rank = quote ^ flip: the better, the less, on either side */
    struct gb_side_entry *at;    /* the first n_sorted of them stand in their places; */
    struct gb_side_entry *dealt; /* the others here, by the bits of their keys above low_bits */
    size_t n, n_sorted;
    unsigned low_bits;
    int64_t best, worst; /* least and greatest rank */
};

/* No entries yet.
 * capacity  for one more than is ever added
 * spare     for as many as are added; kept as long as entries are reached */
static inline void gb_sorted_side_init(struct gb_sorted_side *side, enum gb_side kind,
                                       struct gb_side_entry *capacity, struct gb_side_entry *spare)
{
    side->kind = kind;
    side->flip = kind == GB_SELL ? 0 : -1;
    side->at = capacity;
    side->dealt = spare;
    side->n = 0;
    side->n_sorted = 0;
    side->low_bits = 0;
    side->best = INT64_MAX;
    side->worst = INT64_MIN;
}

/* Adds an order, later than those before it, where `stands` is true. Without a branch on that:
 * which of a book's orders have something left is anybody's guess. */
static inline void gb_sorted_side_add_if(struct gb_sorted_side *side, bool stands, int64_t quote,
                                         uint32_t order)
{
    int64_t rank = quote ^ side->flip;

    side->at[side->n] = (struct gb_side_entry){(uint32_t)rank, order};
    side->n += stands;
    side->best = stands && rank < side->best ? rank : side->best;
    side->worst = stands && rank > side->worst ? rank : side->worst;
}

/* Do the quotes lie too far apart (some 4295 currency per kWh) for 32 bits to hold their
 * distance? */
static inline bool gb_sorted_side_is_wide(const struct gb_sorted_side *side)
{
    return side->n > 0 && (uint64_t)side->worst - (uint64_t)side->best > UINT32_MAX;
}

/* The quote of an entry that was reached; of a side that is not wide. */
static inline int64_t gb_sorted_side_quote(const struct gb_sorted_side *side, size_t i)
{
    assert(i < side->n_sorted);
    return (side->best + side->at[i].key) ^ side->flip;
}

/* The quote of an order, as it was added. */
typedef int64_t gb_sorted_side_lookup(const void *context, uint32_t order);

/* Sorts a side to which all have been added in time order by its quotes, best first, equal quotes
 * left as they are, so far that its entries can be reached.
 * lookup  asked, with its context, only when the side is wide */
void gb_sorted_side_sort(struct gb_sorted_side *side, gb_sorted_side_lookup *lookup,
                         const void *context);

/* Puts the next entries in their places; there are some that do not stand there yet. */
void gb_sorted_side_sort_next(struct gb_sorted_side *side);

/* Entry i stands in its place, and the next GB_SIDE_AHEAD do, of those there are. */
static inline void gb_sorted_side_reach(struct gb_sorted_side *side, size_t i)
{
    while (side->n_sorted <= i + GB_SIDE_AHEAD && side->n_sorted < side->n)
        gb_sorted_side_sort_next(side);
}

/* All entries do. */
static inline void gb_sorted_side_reach_all(struct gb_sorted_side *side)
{
    while (side->n_sorted < side->n)
        gb_sorted_side_sort_next(side);
}

#endif
