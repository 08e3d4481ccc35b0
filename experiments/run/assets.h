/* Nature and assets of a run: power from weather and habits, and three sets of meters with their
 * storage on the same draws: those of the market's run, those of the baseline without a market,
 * and, under a perfect forecast, those that show in advance what will be metered. Declared delivery
 * has none of it: every meter delivers and takes what it ordered. */
#ifndef EXPERIMENTS_RUN_ASSETS_H
#define EXPERIMENTS_RUN_ASSETS_H

#include "experiments/run/contracted.h"
#include "experiments/run/environment.h"
#include "experiments/run/expected_prices.h"
#include "experiments/run/intervals.h"
#include "models/assets/fleet.h"
#include "models/assets/home.h"
#include "models/assets/meter.h"
#include "models/assets/realisation.h"

struct gb_run_assets; /* closed */

/* env is borrowed for life. *out is set in any case, and freed by the caller.
 * shared  realisations of physics of other trials, borrowed for life; NULL: none */
enum gb_status gb_run_assets_create(struct gb_run_assets **out,
                                    const struct gb_run_environment *env,
                                    struct gb_realisations *shared, struct gb_error *err);
void gb_run_assets_free(struct gb_run_assets *assets);

/* Do controllers of storage or flexible demand track contracts? */
bool gb_run_assets_read_contracts(const struct gb_run_assets *assets);
/* Whom controllers hear of contracts and prices; all borrowed for life. GB_ENOMEM */
enum gb_status gb_run_assets_listen(struct gb_run_assets *assets,
                                    const struct gb_run_gateway *gateway,
                                    const struct gb_run_intervals *intervals,
                                    const struct gb_run_contracted *contracted,
                                    const struct gb_run_expected_prices *prices,
                                    struct gb_error *err);
/* The interval opens: what its energy is expected to cost is settled, and under a perfect forecast
 * its energies are computed. */
void gb_run_assets_open(struct gb_run_assets *assets, size_t place, int64_t interval);
/* Those; NULL: nobody foresees anything. Until the interval is metered. */
const struct gb_slot_energy *gb_run_assets_foreseen(const struct gb_run_assets *assets,
                                                    size_t place);
/* Who takes what meters show, part by part and once each, any of them by any thread.
 * energy  element 0 is that of meter part.first; borrowed for the call */
struct gb_run_taker {
    void (*take)(void *context, struct gb_range part, const struct gb_slot_energy *energy);
    void *context;
};
/* Do the baseline's meters stand for the market's? Nothing the market does reaches them then, and
 * the interval is metered once. */
bool gb_run_assets_meter_once(const struct gb_run_assets *assets);
/* Runs the baseline over the interval. flow: what the limits of the community did
 * returns false after a failure */
bool gb_run_assets_meter_baseline(struct gb_run_assets *assets, size_t place, int64_t interval,
                                  const struct gb_run_taker *taker, struct gb_community_flow *flow);
/* Then the market's run, where its meters are others. */
bool gb_run_assets_meter_market(struct gb_run_assets *assets, size_t place,
                                const struct gb_run_taker *taker, struct gb_community_flow *flow);
/* The interval is metered. */
void gb_run_assets_end(struct gb_run_assets *assets, size_t place);
void gb_run_assets_retire(struct gb_run_assets *assets, size_t place);

/* What a meter's home is and owns. returns false where delivery is declared: nobody knows */
bool gb_run_assets_home(const struct gb_run_assets *assets, size_t meter, struct gb_home *home);

size_t gb_run_assets_n_batteries(const struct gb_run_assets *assets);
/* Meters of the batteries, ascending. */
const uint32_t *gb_run_assets_battery_meters(const struct gb_run_assets *assets);
/* What a kWh into or out of a meter's battery wears it. */
struct gb_price gb_run_assets_wear(const struct gb_run_assets *assets, size_t meter);
/* Efficiency of a battery in and out again. */
double gb_run_assets_round_trip(const struct gb_run_assets *assets, size_t battery);
/* Per battery: stored after the interval metered last, Wh. Where the baseline runs storage as the
 * market's run does, it may have been run ahead: then its own is that of the fleet. */
const double *gb_run_assets_stored_wh(const struct gb_run_assets *assets);
const double *gb_run_assets_baseline_stored_wh(const struct gb_run_assets *assets);
/* Per battery: the baseline's at the end of the run. */
const double *gb_run_assets_baseline_final_wh(const struct gb_run_assets *assets);

#endif
