/* A channel of power or energy as energy over the steps of its grid, exact to the digits of the
 * file, and cut into windows of any length: what falls into two windows is split by overlap, and
 * the remainder of a Wh is carried into the next one. So a window is within 1 Wh of what the file
 * says, and all windows up to any one hold the sum so far to
 * the nearest Wh. */
#ifndef MODELS_SERIES_FLOW_H
#define MODELS_SERIES_FLOW_H

#include "base/status.h"
#include "models/series/channels.h"

struct gb_series_flow {
    int64_t start_s, step_s;
    size_t n;
    int64_t *quantities;            /* of each step, or GB_SERIES_MISSING; owned */
    int64_t numerator, denominator; /* Wh of one quantity; of weather hours times its own unit */
    size_t n_missing;               /* steps without energy, what was filled apart */
    size_t n_filled;     /* steps whose energy is made up by the rule of gaps, or spread evenly */
    size_t n_resets;     /* of a counter that fell */
    uint32_t reset_line; /* of the first */
};

/* Turns means, samples (by the trapezoid), energies or a counter into energy by step. A counter
 * that falls was reset: nothing is known of that step. Its energy across missing readings is known
 * and spread evenly. Missing values are filled before, of counters afterwards: hold repeats the
 * value before (at the beginning the first there is), week takes the same local time seven days
 * before, else after. What the rule does not reach stays missing. out  to be cleared in any case.
 * GB_ENOMEM */
enum gb_status gb_series_flow_make(struct gb_series_flow *out, const struct gb_channel *channel,
                                   const struct gb_series *series, enum gb_series_gaps gaps,
                                   struct gb_error *err);
void gb_series_flow_clear(struct gb_series_flow *flow);

/* The sum of what there is, to the nearest Wh. GB_ERANGE beyond 64 bits */
enum gb_status gb_series_flow_total(const struct gb_series_flow *flow, int64_t *wh,
                                    struct gb_error *err);
/* The Wh of n windows from start_s on. GB_ERANGE */
enum gb_status gb_series_flow_cut(const struct gb_series_flow *flow, int64_t start_s,
                                  int64_t window_s, size_t n, int64_t *wh, struct gb_error *err);

/* Could a household use so much in so many days? Below 100 or above 100 000 kWh a year it hardly
 * does. returns 0 where it could, else how often it must be multiplied by 1000 to be one
 * (1 or -1), or 2 where that does not help either */
int gb_series_flow_doubt(int64_t wh, double days);

#endif
