/* What the files of the assets share: assets.c, which meters intervals; assets_signals.c, which
 * tells controllers what is known of them; plan.c, which looks ahead from where assets stand. */
#ifndef EXPERIMENTS_RUN_ASSETS_PRIV_H
#define EXPERIMENTS_RUN_ASSETS_PRIV_H

#include "experiments/run/assets.h"
#include "experiments/run/outlooks.h"
#include "models/weather/outdoors.h"

struct gb_run_assets {
    const struct gb_run_environment *env;
    /* all NULL where delivery is declared */
    struct gb_realisation *physics;
    const struct gb_fleet *fleet;                    /* of the physics */
    struct gb_meters *market, *baseline, *foresight; /* market may be baseline */
    bool
        foresight_is_baseline; /* a fleet that nothing tells anything does what the baseline does */
    /* A kind of the fleet each: how batteries are run in the market's run, and without a market;
     * and what those read that are run by any of them. */
    struct gb_storage_rules *rules, *baseline_rules;
    bool reads_contracts, reads_prices, baseline_reads_prices;
    /* who tells controllers what; NULL: nobody asks */
    const struct gb_run_gateway *gateway;
    const struct gb_run_intervals *intervals;
    const struct gb_run_contracted *contracted;
    const struct gb_run_expected_prices *prices;
    struct gb_run_heard_price **price_at; /* per place: by node, as known at its opening */
    int64_t *contracted_wh;               /* a battery: scratch */
    struct gb_price_expectation *price;
    struct gb_run_outlooks outlooks;  /* for flexible demand */
    struct gb_outdoors outdoors;      /* where there are heat pumps */
    struct gb_slot_power power;       /* of the interval metered last */
    struct gb_slot_energy **foreseen; /* per place; NULL: not, or metered by now */
    struct gb_slot_energy *whole;     /* scratch of all meters, where their parts are not enough */
    size_t n_places, n_price_places;
};

/* Prices are expected once, when the interval opens, so that the plan and what is done agree.
 * returns false after a failure */
bool gb_run_assets_expect_prices(struct gb_run_assets *assets, size_t place, int64_t interval);
/* What is known of the interval behind batteries [first, first + n); of one in GB_NO_PLACE, only
 * what flexible demand asks. Arrays are borrowed until signals are asked for again. */
struct gb_storage_signals gb_run_assets_signals(struct gb_run_assets *assets, size_t place,
                                                int64_t interval, size_t first, size_t n);
/* Of an interval, open or not; of none where no controller asks for any. */
struct gb_storage_signals gb_run_assets_slot_signals(struct gb_run_assets *assets, int64_t interval,
                                                     size_t first, size_t n);
/* Without a market nothing is contracted, and prices are the grid's. */
struct gb_storage_signals gb_run_assets_baseline_signals(struct gb_run_assets *assets,
                                                         int64_t interval);

#endif
