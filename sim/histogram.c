#include "sim/histogram.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#define SUB_BITS 10
#define N_SUB (1u << SUB_BITS)
#define N_BINS ((64 - SUB_BITS) * (size_t)N_SUB)

struct gb_histogram {
    int64_t weight;
    int64_t bins[N_BINS];
};

enum gb_status gb_histogram_create(struct gb_histogram **out, struct gb_error *err)
{
    struct gb_histogram *histogram = calloc(1, sizeof *histogram);

    if (!histogram)
        return gb_fail(err, GB_ENOMEM, "no memory for a histogram");
    *out = histogram;
    return GB_OK;
}

void gb_histogram_free(struct gb_histogram *histogram)
{
    free(histogram);
}

/* Row 0 holds values below N_SUB one by one; row r > 0 holds [2^(r+9), 2^(r+10)) in N_SUB bins. */
static size_t bin_of(uint64_t value)
{
    if (value < N_SUB)
        return value;
    unsigned top = 63 - (unsigned)__builtin_clzll(value);       /* at least SUB_BITS */
    unsigned shift = top - SUB_BITS;

    return (size_t)(shift + 1) * N_SUB + ((value >> shift) & (N_SUB - 1));
}

static double middle_of(size_t bin)
{
    size_t row = bin / N_SUB, sub = bin % N_SUB;

    if (row == 0)
        return (double)sub;
    uint64_t width = UINT64_C(1) << (row - 1);
    uint64_t low = (uint64_t)(N_SUB + sub) << (row - 1);

    return (double)low + (double)(width - 1) / 2;
}

void gb_histogram_add(struct gb_histogram *histogram, int64_t value, int64_t weight)
{
    assert(value >= 0 && weight >= 0);
    histogram->bins[bin_of((uint64_t)value)] += weight;
    histogram->weight += weight;
}

double gb_histogram_quantile(const struct gb_histogram *histogram, double share)
{
    double target = share * (double)histogram->weight;
    int64_t below = 0;

    if (histogram->weight == 0)
        return NAN;
    for (size_t bin = 0; bin < N_BINS; bin++) {
        below += histogram->bins[bin];
        if (below > 0 && (double)below >= target)
            return middle_of(bin);
    }
    return NAN;
}
