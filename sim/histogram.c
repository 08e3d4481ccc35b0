/* Bins in an open hash table by the leading bits of their values; a bin without weight is free. */
#include "sim/histogram.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define MIN_CAPACITY 64
#define MAX_CAPACITY (2 * (size_t)GB_HISTOGRAM_BINS)
#define MOST_WEIGHT (INT64_MAX / 100)
#define PARTS 64 /* of the keys in which a quantile is looked for at once */

struct bin {
    uint64_t key; /* leading bits of its values */
    int64_t weight, largest;
};

struct gb_histogram {
    size_t n, capacity; /* a power of 2, at least twice n */
    unsigned shift;     /* trailing bits that do not tell bins apart */
    int64_t weight;
    struct bin *bins;
};

enum gb_status gb_histogram_create(struct gb_histogram **out, struct gb_error *err)
{
    struct gb_histogram *histogram = calloc(1, sizeof *histogram);

    if (histogram)
        histogram->bins = calloc(MIN_CAPACITY, sizeof *histogram->bins);
    if (!histogram || !histogram->bins) {
        free(histogram);
        return gb_fail(err, GB_ENOMEM, "no memory for a histogram");
    }
    histogram->capacity = MIN_CAPACITY;
    *out = histogram;
    return GB_OK;
}

void gb_histogram_free(struct gb_histogram *histogram)
{
    if (!histogram)
        return;
    free(histogram->bins);
    free(histogram);
}

/* Unsigned and in the order of the values. */
static uint64_t key_of(const struct gb_histogram *histogram, int64_t value)
{
    return ((uint64_t)value ^ UINT64_C(1) << 63) >> histogram->shift;
}

/* The bin of a key, or the free one where it belongs. */
static struct bin *find(const struct gb_histogram *histogram, uint64_t key)
{
    /* multiplicative hashing, D. E. Knuth, The Art of Computer Programming 3, 6.4 */
    size_t at = (size_t)((key * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (histogram->capacity - 1);

    while (histogram->bins[at].weight != 0 && histogram->bins[at].key != key)
        at = (at + 1) & (histogram->capacity - 1);
    return &histogram->bins[at];
}

static void put(struct gb_histogram *histogram, int64_t value, int64_t weight)
{
    uint64_t key = key_of(histogram, value);
    struct bin *bin = find(histogram, key);

    if (bin->weight == 0) {
        *bin = (struct bin){key, 0, value};
        histogram->n++;
    }
    bin->weight += weight;
    if (value > bin->largest)
        bin->largest = value;
}

/* Moves all bins into a table of `capacity`, told apart by all bits but the last `shift`. */
static bool rebuild(struct gb_histogram *histogram, size_t capacity, unsigned shift)
{
    struct gb_histogram into = {.capacity = capacity,
                                .shift = shift,
                                .weight = histogram->weight,
                                .bins = calloc(capacity, sizeof *into.bins)};

    if (!into.bins)
        return false;
    for (size_t i = 0; i < histogram->capacity; i++)
        if (histogram->bins[i].weight != 0)
            put(&into, histogram->bins[i].largest, histogram->bins[i].weight);
    free(histogram->bins);
    *histogram = into;
    return true;
}

static bool has_bin(const struct gb_histogram *histogram, int64_t value)
{
    return find(histogram, key_of(histogram, value))->weight != 0;
}

bool gb_histogram_add(struct gb_histogram *histogram, int64_t value, int64_t weight)
{
    assert(weight >= 0 && weight <= MOST_WEIGHT - histogram->weight);
    if (weight == 0)
        return true;
    while (histogram->n == histogram->capacity / 2 && !has_bin(histogram, value)) {
        bool is_full = histogram->capacity == MAX_CAPACITY;

        if (!rebuild(histogram, is_full ? MAX_CAPACITY : 2 * histogram->capacity,
                     histogram->shift + is_full))
            return false;
    }
    put(histogram, value, weight);
    histogram->weight += weight;
    return true;
}

/* ---- quantiles */

/* Keys [low, high] hold a quantile, and the bins below them `below` of the weight. */
struct bracket {
    uint64_t low, high;
    int64_t below;
};

/* The least and the greatest key. */
static struct bracket bracket_of(const struct gb_histogram *histogram)
{
    struct bracket bracket = {UINT64_MAX, 0, 0};

    for (size_t i = 0; i < histogram->capacity; i++) {
        const struct bin *bin = &histogram->bins[i];

        bracket.low = bin->weight != 0 && bin->key < bracket.low ? bin->key : bracket.low;
        bracket.high = bin->weight != 0 && bin->key > bracket.high ? bin->key : bracket.high;
    }
    return bracket;
}

/* Leaves of a bracket the part, one of at most PARTS, in which the weight comes to the percentage.
 */
static void narrow(const struct gb_histogram *histogram, int percent, struct bracket *bracket)
{
    int64_t weights[PARTS] = {0};
    unsigned shift = 0;
    size_t part = 0;

    while ((bracket->high - bracket->low) >> shift >= PARTS)
        shift++;
    for (size_t i = 0; i < histogram->capacity; i++) {
        uint64_t of = (histogram->bins[i].key - bracket->low) >> shift; /* huge where it is below */

        if (of < PARTS)
            weights[of] += histogram->bins[i].weight;
    }
    while ((bracket->below + weights[part]) * 100 < histogram->weight * percent)
        bracket->below += weights[part++];
    bracket->low += (uint64_t)part << shift;
    bracket->high = bracket->low + ((UINT64_C(1) << shift) - 1);
}

/* Digit by digit over the keys: no memory, no sorting. */
double gb_histogram_quantile(const struct gb_histogram *histogram, int percent)
{
    assert(percent >= 0 && percent <= 100);
    if (histogram->weight == 0)
        return NAN;
    struct bracket bracket = bracket_of(histogram);
    while (bracket.low < bracket.high)
        narrow(histogram, percent, &bracket);
    return (double)find(histogram, bracket.low)->largest;
}
