#include "base/radix.h"

#include <assert.h>
#include <stdbool.h>
#include <string.h>

#define DIGIT_BITS 11
#define N_DIGITS (1u << DIGIT_BITS)

/* Below this many items the 2048 counts of a pass cost more than comparing does. */
#define MIN_COUNTED 512
#define RUN 8 /* items that are compared with each other */

/* Sorts up to RUN items by counting how many stand before each: without a branch on which of two is
 * less, which for times that are drawn is anybody's guess. */
static void rank_each(struct gb_radix_item *items, size_t n)
{
    struct gb_radix_item sorted[RUN];
    uint8_t rank[RUN] = {0};

    for (size_t i = 1; i < n; i++)
        for (size_t j = 0; j < i; j++) {
            bool is_before = items[j].key <= items[i].key;

            rank[i] = (uint8_t)(rank[i] + is_before);
            rank[j] = (uint8_t)(rank[j] + !is_before);
        }
    for (size_t i = 0; i < n; i++)
        sorted[rank[i]] = items[i];
    memcpy(items, sorted, n * sizeof *items);
}

/* a and b stand behind each other; of equal keys those of a come first. Without a branch on which:
 * that is anybody's guess. */
static void merge(const struct gb_radix_item *a, size_t n_a, size_t n_b, struct gb_radix_item *to)
{
    const struct gb_radix_item *b = a + n_a, *end_a = b, *end_b = b + n_b;

    while (a < end_a && b < end_b) {
        bool takes_b = b->key < a->key;

        *to++ = *(takes_b ? b : a);
        b += takes_b;
        a += !takes_b;
    }
    memcpy(to, a, (size_t)(end_a - a) * sizeof *to);
    memcpy(to + (end_a - a), b, (size_t)(end_b - b) * sizeof *to);
}

/* The same order by merging runs. */
static void sort_few(struct gb_radix_item *items, struct gb_radix_item *scratch, size_t n)
{
    struct gb_radix_item *from = items, *to = scratch;
    size_t sorted = 1;

    while (sorted < n && items[sorted - 1].key <= items[sorted].key)
        sorted++;
    if (sorted >= n)
        return;
    for (size_t i = 0; i < n; i += RUN)
        rank_each(items + i, n - i < RUN ? n - i : RUN);
    for (size_t run = RUN; run < n; run *= 2) {
        for (size_t i = 0; i < n; i += 2 * run) {
            size_t n_a = n - i < run ? n - i : run;

            merge(from + i, n_a, n - i - n_a < run ? n - i - n_a : run, to + i);
        }
        struct gb_radix_item *other = from;
        from = to;
        to = other;
    }
    if (from != items)
        memcpy(items, from, n * sizeof *items);
}

void gb_radix_sort(struct gb_radix_item *items, struct gb_radix_item *scratch, size_t n)
{
    uint64_t differing = 0;
    struct gb_radix_item *from = items, *to = scratch;

    if (n < MIN_COUNTED) {
        sort_few(items, scratch, n);
        return;
    }
    assert(n <= UINT32_MAX); /* of the counts, which are zeroed for every digit */
    for (size_t i = 1; i < n; i++)
        differing |= items[i].key ^ items[0].key;
    for (unsigned shift = 0; shift < 64; shift += DIGIT_BITS) {
        uint32_t start[N_DIGITS] = {0};
        uint32_t sum = 0;

        if (((differing >> shift) & (N_DIGITS - 1)) == 0)
            continue;
        for (size_t i = 0; i < n; i++)
            start[(from[i].key >> shift) & (N_DIGITS - 1)]++;
        for (size_t digit = 0; digit < N_DIGITS; digit++) {
            uint32_t count = start[digit];

            start[digit] = sum;
            sum += count;
        }
        for (size_t i = 0; i < n; i++)
            to[start[(from[i].key >> shift) & (N_DIGITS - 1)]++] = from[i];
        struct gb_radix_item *other = from;
        from = to;
        to = other;
    }
    if (from != items)
        memcpy(items, from, n * sizeof *items);
}
