/* Ranges of values as a sweep writes them: `first:last:step`, `first:last:*factor`, of numbers,
 * durations and dates, and within a delay (`constant 20 ms:500 ms:80 ms`). All of it is exact
 * decimal arithmetic: a range either lands on its last value or is none. */
#ifndef EXPERIMENTS_SWEEP_SWEEP_RANGE_H
#define EXPERIMENTS_SWEEP_SWEEP_RANGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/param.h"

#define GB_SWEEP_VALUES_MAX 100000 /* of one range */

enum gb_sweep_quantity { GB_SWEEP_DECIMAL, GB_SWEEP_DURATION, GB_SWEEP_DATE };

struct gb_sweep_range {
    enum gb_sweep_quantity quantity;
    bool is_geometric;           /* step is a factor */
    int64_t first, last, step;   /* in 1e-9, ns or days; a factor always in 1e-9 */
    int64_t n;                   /* values, both ends among them */
    char before[64], behind[64]; /* the rest of the text: "constant ", "" */
};

/* Is the text written as a range where its key takes some? The others are single values. */
bool gb_sweep_is_range(const struct gb_param *row, const char *text);
/* Reads a range. returns false with what was expected in `why`, where the range misses its end the
 * nearest end that it would land on */
bool gb_sweep_range_parse(const struct gb_param *row, const char *text, struct gb_sweep_range *out,
                          char *why, size_t size);
/* Value i of the range as a scenario would write it. returns buffer, at least 192 bytes */
char *gb_sweep_range_value(const struct gb_sweep_range *range, int64_t i, char *buffer,
                           size_t size);
/* An example for this row: "0.1:0.5:0.1", "constant 20 ms:500 ms:80 ms"; NULL where the key takes
 * no ranges. */
const char *gb_sweep_range_example(const struct gb_param *row);

#endif
