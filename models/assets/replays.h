/* Measured series in place of the modelled power of loads, or of photovoltaic systems: which column
 * is whose, how it is scaled, and what is believed of it.
 *
 * One column is shared: of loads its shape, scaled to each home's mean load; of systems its power
 * for 1 kWp. Several are a column a meter of the kind, in the order of the file, as they stand.
 * Before slot 0, where a file begins later, a load is its home's mean and generation 0. */
#ifndef MODELS_ASSETS_REPLAYS_H
#define MODELS_ASSETS_REPLAYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "models/assets/fleet.h"

/* What is measured of loads and systems, and what a file forecasts of them. */
enum gb_replayed_part {
    GB_REPLAYED_LOADS,
    GB_REPLAYED_SYSTEMS,
    GB_FORECAST_LOADS,
    GB_FORECAST_SYSTEMS
};

struct gb_replays; /* closed */

/* NULL where nothing of the part is measured. GB_EFILE where a series that is named is not in the
 * library of the config. config and fleet are borrowed for life. */
enum gb_status gb_replays_create(struct gb_replays **out, enum gb_replayed_part part,
                                 const struct gb_physics_config *config,
                                 const struct gb_fleet *fleet, struct gb_error *err);
void gb_replays_free(struct gb_replays *replays);

/* Puts what is measured of a slot in place of what is modelled, of all loads or systems, W.
 * GB_EINPUT where the file has nothing for a slot from 0 on. replays  NULL: leaves all */
enum gb_status gb_replays_overwrite(const struct gb_replays *replays, int64_t interval,
                                    double *power_w, struct gb_error *err);

/* What one who has read up to `last_read` believes of what is measured: the power of `slot` (the
 * reading itself where the file does not reach back so far), mixed with the truth. */
struct gb_replay_question {
    int64_t last_read, slot;
    const double *truth_w; /* of all; NULL: it has no share */
    double skill;          /* share of the truth */
    double factor;         /* of the power, for a bias */
};
/* Of n loads or systems from `first` on, into power_w; what is modelled is left. */
void gb_replays_believe(const struct gb_replays *replays, size_t first, size_t n,
                        const struct gb_replay_question *question, double *power_w);

#endif
