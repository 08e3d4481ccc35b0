/* Prices by the time of day, as a scenario writes them: `0:00 0.24, 6:00 0.38; weekends 0:00 0.24`.
 */
#ifndef EXPERIMENTS_SCENARIO_TARIFF_TIMES_H
#define EXPERIMENTS_SCENARIO_TARIFF_TIMES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/quantity.h"

#define GB_TARIFF_TIMES 48 /* of a day */

struct gb_tariff_day {
    size_t n;
    int64_t from_ns[GB_TARIFF_TIMES]; /* after midnight, ascending */
    struct gb_price price[GB_TARIFF_TIMES];
};

struct gb_tariff_times {
    struct gb_tariff_day workdays, weekends;
};

/* returns false with what was expected */
bool gb_tariff_times_parse(struct gb_tariff_times *out, const char *text, char *why,
                           size_t why_size);
/* The price when a local clock shows a moment of a day since 1970-01-01. Before the first time of a
 * day it is still that of the day before. */
struct gb_price gb_tariff_times_at(const struct gb_tariff_times *times, int64_t day,
                                   int64_t into_day_ns);
/* Does the price have a time of its own within the slot that begins then? Its beginning is none.
 * returns that, after midnight; -1 where there is none */
int64_t gb_tariff_times_within(const struct gb_tariff_times *times, int64_t day,
                               int64_t into_day_ns, int64_t slot_ns);

#endif
