#include "models/market/claims_priv.h"

#include <assert.h>
#include <string.h>

/* A least-significant-digit radix sort is stable, so time order survives by itself and the number of
 * the order needs no place in the key. Quotes of one book span few bits (a tariff band: 19), so the
 * digits are those of the distance from the best quote, and there are two passes of them as a rule. */
#define DIGIT_BITS 10
#define N_BUCKETS (1u << DIGIT_BITS)
#define MAX_DIGITS 7                    /* 7 x 10 >= 64 bits */
#define INSERTION_BELOW 80              /* claims; beneath it filling the buckets costs more */

static uint64_t distance(int64_t best, int64_t quote, enum gb_side side)
{
    return side == GB_SELL ? (uint64_t)quote - (uint64_t)best : (uint64_t)best - (uint64_t)quote;
}

static void sort_few(const struct gb_claim *from, size_t n, enum gb_side side, struct gb_claim *to)
{
    for (size_t i = 0; i < n; i++) {
        struct gb_claim claim = from[i];
        size_t at = i;

        while (at > 0 && (side == GB_SELL ? to[at - 1].quote > claim.quote
                                          : to[at - 1].quote < claim.quote)) {
            to[at] = to[at - 1];
            at--;
        }
        to[at] = claim;
    }
}

/* Best quote of the side, and how many digits the distance of the worst one has. */
static unsigned span(const struct gb_claim *from, size_t n, enum gb_side side, int64_t *best)
{
    int64_t low = from[0].quote, high = from[0].quote;
    unsigned n_digits = 0;

    for (size_t i = 1; i < n; i++) {
        low = from[i].quote < low ? from[i].quote : low;
        high = from[i].quote > high ? from[i].quote : high;
    }
    for (uint64_t rest = (uint64_t)high - (uint64_t)low; rest > 0; rest >>= DIGIT_BITS)
        n_digits++;
    *best = side == GB_SELL ? low : high;
    return n_digits;
}

/* How many claims have each value of each digit, in one sweep for all digits. */
static void count_digits(const struct gb_claim *from, size_t n, enum gb_side side, int64_t best,
                         unsigned n_digits, size_t counts[][N_BUCKETS])
{
    memset(counts, 0, n_digits * sizeof counts[0]);
    for (size_t i = 0; i < n; i++) {
        uint64_t rest = distance(best, from[i].quote, side);

        for (unsigned digit = 0; digit < n_digits; digit++, rest >>= DIGIT_BITS)
            counts[digit][rest & (N_BUCKETS - 1)]++;
    }
}

static void scatter(const struct gb_claim *from, size_t n, enum gb_side side, int64_t best,
                    unsigned shift, size_t counts[N_BUCKETS], struct gb_claim *to)
{
    size_t start = 0;

    for (size_t bucket = 0; bucket < N_BUCKETS; bucket++) {
        size_t count = counts[bucket];

        counts[bucket] = start;         /* from here on: where the bucket's next claim goes */
        start += count;
    }
    for (size_t i = 0; i < n; i++)
        to[counts[distance(best, from[i].quote, side) >> shift & (N_BUCKETS - 1)]++] = from[i];
}

struct gb_claim *gb_claims_sort(const struct gb_claim *from, size_t n, enum gb_side side,
                                struct gb_claim *a, struct gb_claim *b)
{
    if (n < INSERTION_BELOW) {
        sort_few(from, n, side, a);
        return a;
    }

    int64_t best;
    unsigned n_digits = span(from, n, side, &best);
    struct gb_claim *to = a, *spare = b;
    size_t counts[MAX_DIGITS][N_BUCKETS];

    assert(n_digits <= MAX_DIGITS);
    if (n_digits == 0) {
        memcpy(a, from, n * sizeof *a);
        return a;
    }
    count_digits(from, n, side, best, n_digits, counts);
    for (unsigned digit = 0; digit < n_digits; digit++) {
        struct gb_claim *done = to;

        scatter(from, n, side, best, digit * DIGIT_BITS, counts[digit], done);
        from = done;
        to = spare;
        spare = done;
    }
    return spare;
}
