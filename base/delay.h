/* Delay distributions, written in scenarios as `constant 100 ms`, `normal 100 ms 20 ms` (mean,
 * standard deviation), `exponential 100 ms`, `uniform 0 ms 200 ms` (bounds), `lognormal 100 ms 0.5`
 * (mean, sigma of the log). A draw maps one uniform through the inverse CDF, so that common random
 * numbers stay aligned; negative draws become 0. One row of a table each. */
#ifndef BASE_DELAY_H
#define BASE_DELAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum gb_delay_kind {
    GB_DELAY_CONSTANT,
    GB_DELAY_NORMAL,
    GB_DELAY_EXPONENTIAL,
    GB_DELAY_UNIFORM,
    GB_DELAY_LOGNORMAL
};

struct gb_delay {
    enum gb_delay_kind kind;
    double a_ns, b; /* parameters: ns, and ns or (lognormal) sigma */
};

/* Reads the text form. On failure returns false and writes what was expected into `why`. */
bool gb_delay_parse(const char *text, struct gb_delay *out, char *why, size_t why_size);
/* Writes the text form, which parses back to the same. returns buffer, at least 128 bytes */
char *gb_delay_format(const struct gb_delay *delay, char *buffer, size_t size);

/* The delay at `uniform` in (0, 1), rounded to whole nanoseconds, never negative. */
int64_t gb_delay_at(const struct gb_delay *delay, double uniform);
double gb_delay_mean_ns(const struct gb_delay *delay); /* before negative draws become 0 */

#endif
