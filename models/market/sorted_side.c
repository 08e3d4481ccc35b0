#include "models/market/sorted_side.h"

#include <string.h>

/* A least-significant-digit radix sort is stable, so time order survives by itself and the
 * number of the order needs no place in the key. Quotes of one book span few bits (a tariff
 * band: 19), so the digits are those of the distance from the best quote, and there are two
 * passes of them as a rule. */
#define DIGIT_BITS 10
#define N_BUCKETS (1u << DIGIT_BITS)
#define MAX_DIGITS 4       /* 4 x 10 >= 32 bits */
#define INSERTION_BELOW 80 /* entries; beneath it filling the buckets costs more */

static void sort_few(struct gb_side_entry *entries, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct gb_side_entry entry = entries[i];
        size_t at = i;

        while (at > 0 && entries[at - 1].key > entry.key) {
            entries[at] = entries[at - 1];
            at--;
        }
        entries[at] = entry;
    }
}

/* How many entries have each value of each digit, in one sweep for all digits. */
static void count_digits(const struct gb_side_entry *entries, size_t n, unsigned n_digits,
                         size_t counts[][N_BUCKETS])
{
    memset(counts, 0, n_digits * sizeof counts[0]);
    for (size_t i = 0; i < n; i++) {
        uint32_t rest = entries[i].key;

        for (unsigned digit = 0; digit < n_digits; digit++, rest >>= DIGIT_BITS)
            counts[digit][rest & (N_BUCKETS - 1)]++;
    }
}

static void scatter(const struct gb_side_entry *from, size_t n, unsigned shift,
                    size_t counts[N_BUCKETS], struct gb_side_entry *to)
{
    size_t start = 0;

    for (size_t bucket = 0; bucket < N_BUCKETS; bucket++) {
        size_t count = counts[bucket];

        counts[bucket] = start; /* from here on: where the bucket's next entry goes */
        start += count;
    }
    for (size_t i = 0; i < n; i++)
        to[counts[from[i].key >> shift & (N_BUCKETS - 1)]++] = from[i];
}

/* Sorts by keys up to `highest`, the least first. */
static void sort_by_key(struct gb_side_entry *entries, size_t n, uint64_t highest,
                        struct gb_side_entry *spare)
{
    size_t counts[MAX_DIGITS][N_BUCKETS];
    struct gb_side_entry *from = entries, *to = spare;
    unsigned n_digits = 0;

    if (n < INSERTION_BELOW) {
        sort_few(entries, n);
        return;
    }
    for (; highest > 0; highest >>= DIGIT_BITS)
        n_digits++;
    count_digits(entries, n, n_digits, counts);
    for (unsigned digit = 0; digit < n_digits; digit++) {
        struct gb_side_entry *done = to;

        scatter(from, n, digit * DIGIT_BITS, counts[digit], to);
        to = from;
        from = done;
    }
    if (from != entries)
        memcpy(entries, from, n * sizeof *entries);
}

void gb_sorted_side_sort(struct gb_sorted_side *side, struct gb_side_entry *spare,
                         gb_sorted_side_lookup *lookup, const void *context)
{
    uint64_t span = side->n > 0 ? (uint64_t)side->high - (uint64_t)side->low : 0;

    /* The lower halves differ by the lower half of the difference. */
    for (size_t i = 0; i < side->n; i++)
        side->at[i].key = side->kind == GB_SELL ? side->at[i].key - (uint32_t)side->low
                                                : (uint32_t)side->high - side->at[i].key;
    sort_by_key(side->at, side->n, gb_sorted_side_is_wide(side) ? UINT32_MAX : span, spare);
    if (!gb_sorted_side_is_wide(side))
        return;
    for (size_t i = 0; i < side->n; i++) {
        uint64_t quote = (uint64_t)lookup(context, side->at[i].order);

        side->at[i].key = (uint32_t)((side->kind == GB_SELL ? quote - (uint64_t)side->low
                                                            : (uint64_t)side->high - quote) >>
                                     32);
    }
    sort_by_key(side->at, side->n, span >> 32, spare);
}
