/* How far the prices of a slot's trades lie apart, each weighted by the energy that settled at it.
 */
#ifndef EXPERIMENTS_RUN_SLOT_PRICES_H
#define EXPERIMENTS_RUN_SLOT_PRICES_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/record.h"

struct gb_slot_prices {
    double sd, p10, p90; /* currency per kWh; NaN where nothing settled */
};

/* Of the rows' executed energy and buyers' prices. A quantile is the smallest price at or below
 * which at least so much of the energy was traded.
 * returns  false without memory, *out untouched */
bool gb_run_slot_prices(struct gb_slot_prices *out, const struct gb_trade_row *rows, size_t n);

#endif
