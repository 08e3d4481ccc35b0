/* Quantiles of a stream of 64-bit values with integer weights, in bounded memory. Every distinct
 * value has a bin of its own while there are at most GB_HISTOGRAM_BINS of them; beyond that, values
 * that agree in all but their last bits share a bin, one bit more each time the capacity ends. A
 * bin is known by the largest value in it, so that a quantile is always a value that was added: the
 * exact one, or, of more distinct values than bins, one less than 2 (greatest - least) /
 * GB_HISTOGRAM_BINS above it. All sums are integers and the width of the bins depends on the set of
 * values alone: nothing depends on the order in which they came. */
#ifndef SIM_HISTOGRAM_H
#define SIM_HISTOGRAM_H

#include <stdbool.h>
#include <stdint.h>

#include "base/status.h"

#define GB_HISTOGRAM_BINS                                                  \
    (1 << 19) /* more than the default tariff has ticks between its prices \
               */

struct gb_histogram;

/* Empty; GB_ENOMEM. Whoever creates one frees it. */
enum gb_status gb_histogram_create(struct gb_histogram **out, struct gb_error *err);
void gb_histogram_free(struct gb_histogram *histogram);
/* weight   not negative; at most 2^63 / 100 in all (asserted)
 * returns  false without memory; the histogram stays as it was */
bool gb_histogram_add(struct gb_histogram *histogram, int64_t value, int64_t weight);
/* The smallest value with at least `percent` (0 to 100) of the weight at or below it: the inverse
 * of the weighted distribution function; NaN without weight. */
double gb_histogram_quantile(struct gb_histogram *histogram, int percent);

#endif
