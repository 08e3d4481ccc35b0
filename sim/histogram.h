/* A histogram of non-negative 64-bit values for quantiles of long runs in bounded memory: bins
 * of equal width below 2^10 and, above, 1024 bins to every doubling, so a quantile is exact
 * below 1024 and within 0.1 % of the value elsewhere. Weights are integers and so are all sums:
 * the result does not depend on the order of what was added. */
#ifndef SIM_HISTOGRAM_H
#define SIM_HISTOGRAM_H

#include <stdint.h>

#include "sim/status.h"

struct gb_histogram;

enum gb_status gb_histogram_create(struct gb_histogram **out, struct gb_error *err);
void gb_histogram_free(struct gb_histogram *histogram);
void gb_histogram_add(struct gb_histogram *histogram, int64_t value, int64_t weight);
/* Smallest value (the middle of its bin) with at least share (0 to 1) of the weight at or below it;
 * NaN without weight. */
double gb_histogram_quantile(const struct gb_histogram *histogram, double share);

#endif
