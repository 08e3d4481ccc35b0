#include "models/market/sorted_side.h"

#include <string.h>

/* Keys are distances from the best quote, and span few bits (in a tariff band: 19). A side is dealt
 * out by their upper bits, in one pass, and what has these in common is sorted by the lower ones
 * when a walk comes there: some hundred entries, which the nearest cache holds. A radix sort, least
 * digit first, is stable, and so is dealing, so time order survives by itself and the number of the
 * order needs no place in the key. */
#define DIGIT_BITS 10 /* at most: more buckets than that are slow to deal to */
#define N_BUCKETS (1u << DIGIT_BITS)
#define MAX_DIGITS 4       /* 4 x 10 >= 32 bits */
#define INSERTION_BELOW 80 /* entries; beneath it filling the buckets costs more */
#define FEW_BITS 5         /* deals out to parts of some 2^5 entries, if there are so few */

/* How many bits the number has. */
static unsigned width_of(uint64_t number)
{
    return number == 0 ? 0 : 64 - (unsigned)__builtin_clzll(number);
}

/* Sorts a few entries. to  capacity for them; may be where they stand */
static void insert_each(const struct gb_side_entry *from, size_t n, struct gb_side_entry *to)
{
    for (size_t i = 0; i < n; i++) {
        struct gb_side_entry entry = from[i];
        size_t at = i;

        for (; at > 0 && to[at - 1].key > entry.key; at--)
            to[at] = to[at - 1];
        to[at] = entry;
    }
}

/* From how many entries each bucket has to where its first one goes. */
static void sum_up(uint32_t *counts, size_t n_buckets)
{
    uint32_t start = 0;

    for (size_t bucket = 0; bucket < n_buckets; bucket++) {
        uint32_t count = counts[bucket];

        counts[bucket] = start;
        start += count;
    }
}

/* One pass by the bits of a digit; takes `base` off the keys before. */
static void sort_by_digit(const struct gb_side_entry *from, size_t n, uint32_t base, unsigned shift,
                          unsigned digit_bits, struct gb_side_entry *to)
{
    uint32_t starts[N_BUCKETS], mask = (1u << digit_bits) - 1;

    memset(starts, 0, sizeof starts[0] << digit_bits);
    for (size_t i = 0; i < n; i++)
        starts[(from[i].key - base) >> shift & mask]++;
    sum_up(starts, (size_t)1 << digit_bits);
    for (size_t i = 0; i < n; i++) {
        struct gb_side_entry entry = {from[i].key - base, from[i].order};

        to[starts[entry.key >> shift & mask]++] = entry;
    }
}

/* Sorts by the lower bits of the keys, in which alone they differ, from one place to another, and
 * leaves the first in disorder. */
static void sort_by_bits(struct gb_side_entry *from, size_t n, unsigned n_bits,
                         struct gb_side_entry *to)
{
    unsigned n_digits = (n_bits + DIGIT_BITS - 1) / DIGIT_BITS;
    struct gb_side_entry *here = from, *there = to;

    if (n < INSERTION_BELOW) {
        insert_each(from, n, to);
        return;
    }
    for (unsigned digit = 0; digit < n_digits; digit++) {
        unsigned digit_bits = (n_bits + n_digits - 1) / n_digits;
        struct gb_side_entry *done = there;

        sort_by_digit(here, n, 0, digit * digit_bits, digit_bits, there);
        there = here;
        here = done;
    }
    if (here != to)
        memcpy(to, here, n * sizeof *to);
}

/* From lower halves of ranks to the lower halves of their distances from the best. */
static void set_distances(struct gb_sorted_side *side)
{
    for (size_t i = 0; i < side->n; i++)
        side->at[i].key -= (uint32_t)side->best;
}

/* Keys become the upper halves of those. */
static void set_upper_distances(const struct gb_sorted_side *side, struct gb_side_entry *entries,
                                gb_sorted_side_lookup *lookup, const void *context)
{
    for (size_t i = 0; i < side->n; i++) {
        int64_t rank = lookup(context, entries[i].order) ^ side->flip;

        entries[i].key = (uint32_t)(((uint64_t)rank - (uint64_t)side->best) >> 32);
    }
}

static void sort_wide(struct gb_sorted_side *side, uint64_t span, gb_sorted_side_lookup *lookup,
                      const void *context)
{
    sort_by_bits(side->at, side->n, 32, side->dealt);
    set_upper_distances(side, side->dealt, lookup, context);
    sort_by_bits(side->dealt, side->n, width_of(span >> 32), side->at);
    side->n_sorted = side->n;
}

/* Deals a side out by the upper bits of its distances, which it takes on the way. */
static void deal(struct gb_sorted_side *side, uint64_t span)
{
    unsigned width = width_of(span), deals = width_of(side->n) - FEW_BITS;

    deals = deals < DIGIT_BITS ? deals : DIGIT_BITS;
    deals = deals < width ? deals : width;
    side->low_bits = width - deals;
    sort_by_digit(side->at, side->n, (uint32_t)side->best, side->low_bits, deals, side->dealt);
}

void gb_sorted_side_sort(struct gb_sorted_side *side, gb_sorted_side_lookup *lookup,
                         const void *context)
{
    uint64_t span = side->n > 0 ? (uint64_t)side->worst - (uint64_t)side->best : 0;

    if (gb_sorted_side_is_wide(side)) {
        set_distances(side);
        sort_wide(side, span, lookup, context);
    } else if (side->n < INSERTION_BELOW) {
        set_distances(side);
        insert_each(side->at, side->n, side->at);
        side->n_sorted = side->n;
    } else {
        deal(side, span);
    }
}

void gb_sorted_side_sort_next(struct gb_sorted_side *side)
{
    struct gb_side_entry *from = side->dealt + side->n_sorted;
    size_t n = 0, left = side->n - side->n_sorted;

    for (; n < left && from[n].key >> side->low_bits == from[0].key >> side->low_bits;)
        n++;
    sort_by_bits(from, n, side->low_bits, side->at + side->n_sorted);
    side->n_sorted += n;
}
