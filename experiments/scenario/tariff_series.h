/* A price of the grid from a series: factor x price + addition, slot by slot. */
#ifndef EXPERIMENTS_SCENARIO_TARIFF_SERIES_H
#define EXPERIMENTS_SCENARIO_TARIFF_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/quantity.h"
#include "experiments/scenario/scenario.h"
#include "models/series/library.h"

struct gb_tariff_series {
    const struct gb_measured *measured; /* borrowed; NULL: a stored text, whose file was not read */
    struct gb_replay replay;
    int64_t factor_millionths;
    struct gb_price addition;
};

/* Finds a series by its name and holds that the run can take its prices; factor and addition are
 * the caller's to give. returns false with what is wrong in `why` */
bool gb_tariff_series_find(struct gb_tariff_series *out, const struct gb_scenario *scenario,
                           const char *name, char *why, size_t size);

/* The price of a slot, rounded half to even to 1e-6 currency/kWh; the series was read (asserted).
 * returns false with what is wrong in `why`: that it changes within the slot, that nothing is known
 * of it, or that the price is beyond what one may be */
bool gb_tariff_series_at(struct gb_tariff_series *series, int64_t slot, int64_t slot_ns,
                         struct gb_price *out, char *why, size_t size);

#endif
