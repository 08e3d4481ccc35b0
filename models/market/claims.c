#include "models/market/claims_priv.h"

#include <string.h>

/* A least-significant-digit radix sort is stable, so time order survives by itself and the
 * number of the order needs no place in the key. Quotes of one book span few bits (a tariff
 * band: 19), so the digits are those of the distance from the best quote, and there are two
 * passes of them as a rule. */
#define DIGIT_BITS 10
#define N_BUCKETS (1u << DIGIT_BITS)
#define MAX_DIGITS 4       /* 4 x 10 >= 32 bits */
#define INSERTION_BELOW 80 /* claims; beneath it filling the buckets costs more */

static void sort_few(struct gb_claim *claims, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        struct gb_claim claim = claims[i];
        size_t at = i;

        while (at > 0 && claims[at - 1].key > claim.key) {
            claims[at] = claims[at - 1];
            at--;
        }
        claims[at] = claim;
    }
}

/* How many claims have each value of each digit, in one sweep for all digits. */
static void count_digits(const struct gb_claim *claims, size_t n, unsigned n_digits,
                         size_t counts[][N_BUCKETS])
{
    memset(counts, 0, n_digits * sizeof counts[0]);
    for (size_t i = 0; i < n; i++) {
        uint32_t rest = claims[i].key;

        for (unsigned digit = 0; digit < n_digits; digit++, rest >>= DIGIT_BITS)
            counts[digit][rest & (N_BUCKETS - 1)]++;
    }
}

static void scatter(const struct gb_claim *from, size_t n, unsigned shift, size_t counts[N_BUCKETS],
                    struct gb_claim *to)
{
    size_t start = 0;

    for (size_t bucket = 0; bucket < N_BUCKETS; bucket++) {
        size_t count = counts[bucket];

        counts[bucket] = start; /* from here on: where the bucket's next claim goes */
        start += count;
    }
    for (size_t i = 0; i < n; i++)
        to[counts[from[i].key >> shift & (N_BUCKETS - 1)]++] = from[i];
}

/* Sorts by keys up to `highest`, the least first. */
static void sort_by_key(struct gb_claim *claims, size_t n, uint64_t highest, struct gb_claim *spare)
{
    size_t counts[MAX_DIGITS][N_BUCKETS];
    struct gb_claim *from = claims, *to = spare;
    unsigned n_digits = 0;

    if (n < INSERTION_BELOW) {
        sort_few(claims, n);
        return;
    }
    for (; highest > 0; highest >>= DIGIT_BITS)
        n_digits++;
    count_digits(claims, n, n_digits, counts);
    for (unsigned digit = 0; digit < n_digits; digit++) {
        struct gb_claim *done = to;

        scatter(from, n, digit * DIGIT_BITS, counts[digit], to);
        to = from;
        from = done;
    }
    if (from != claims)
        memcpy(claims, from, n * sizeof *claims);
}

void gb_claims_sort(struct gb_claims *claims, struct gb_claim *spare, gb_claims_lookup *lookup,
                    const void *context)
{
    uint64_t span = claims->n > 0 ? (uint64_t)claims->high - (uint64_t)claims->low : 0;

    /* The lower halves differ by the lower half of the difference. */
    for (size_t i = 0; i < claims->n; i++)
        claims->at[i].key = claims->side == GB_SELL ? claims->at[i].key - (uint32_t)claims->low
                                                    : (uint32_t)claims->high - claims->at[i].key;
    sort_by_key(claims->at, claims->n, gb_claims_are_wide(claims) ? UINT32_MAX : span, spare);
    if (!gb_claims_are_wide(claims))
        return;
    for (size_t i = 0; i < claims->n; i++) {
        uint64_t quote = (uint64_t)lookup(context, claims->at[i].order);

        claims->at[i].key = (uint32_t)((claims->side == GB_SELL ? quote - (uint64_t)claims->low
                                                                : (uint64_t)claims->high - quote) >>
                                       32);
    }
    sort_by_key(claims->at, claims->n, span >> 32, spare);
}
