/* One side of a book in the order of its quotes: asks ascending, bids descending, equal quotes by
 * time. Entries are items of 8 bytes that sort fast and are walked in order. */
#ifndef MODELS_MARKET_SORTED_SIDE_H
#define MODELS_MARKET_SORTED_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "models/market/order.h"

/* An entry is no more than its place in the order of quotes and the number under which all else is
 * found: a sort moves little, and a million of them are 8 MB. */
struct gb_side_entry {
    uint32_t key;   /* lower half of the quote; sorted: ticks from the best quote */
    uint32_t order; /* number of the order in the slot, which is its time */
};

struct gb_sorted_side {
    enum gb_side kind;
    struct gb_side_entry *at; /* capacity for one more than is ever added */
    size_t n;
    int64_t low, high; /* least and greatest quote */
};

/* No entries yet, with capacity for some. */
static inline void gb_sorted_side_init(struct gb_sorted_side *side, enum gb_side kind,
                                       struct gb_side_entry *capacity)
{
    side->kind = kind;
    side->at = capacity;
    side->n = 0;
    side->low = INT64_MAX;
    side->high = INT64_MIN;
}

/* Adds an order, later than those before it, where `stands` is true. Without a branch on that:
 * which of a book's orders have something left is anybody's guess. */
static inline void gb_sorted_side_add_if(struct gb_sorted_side *side, bool stands, int64_t quote,
                                         uint32_t order)
{
    side->at[side->n] = (struct gb_side_entry){(uint32_t)quote, order};
    side->n += stands;
    side->low = stands && quote < side->low ? quote : side->low;
    side->high = stands && quote > side->high ? quote : side->high;
}

/* Do the quotes lie too far apart (some 4295 currency per kWh) for 32 bits to hold their
 * distance? */
static inline bool gb_sorted_side_is_wide(const struct gb_sorted_side *side)
{
    return side->n > 0 && (uint64_t)side->high - (uint64_t)side->low > UINT32_MAX;
}

/* The quote of a sorted entry; of a side that is not wide. */
static inline int64_t gb_sorted_side_quote(const struct gb_sorted_side *side, size_t i)
{
    return side->kind == GB_SELL ? side->low + side->at[i].key : side->high - side->at[i].key;
}

/* The quote of an order, as it was added. */
typedef int64_t gb_sorted_side_lookup(const void *context, uint32_t order);

/* Sorts a side that stands in time order by its quotes, best first, equal quotes left as they are.
 * spare   capacity for n entries
 * lookup  asked, with its context, only when the side is wide */
void gb_sorted_side_sort(struct gb_sorted_side *side, struct gb_side_entry *spare,
                         gb_sorted_side_lookup *lookup, const void *context);

#endif
