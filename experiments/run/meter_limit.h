/* What a meter may show in a slot: a reading in which a register moves further is refused by the
 * contracts, for its bill might not fit into 64 bits, and all later ones with it. So a run in which
 * one would ends where it is metered. */
#ifndef EXPERIMENTS_RUN_METER_LIMIT_H
#define EXPERIMENTS_RUN_METER_LIMIT_H

#include "experiments/run/environment.h"
#include "models/assets/meter.h"

/* limit_wh  gb_contracts_energy_limit_wh
 * returns   false: the run has failed, and its error says which meter, when and what to change */
bool gb_run_check_meters(const struct gb_run_environment *env, int64_t limit_wh, int64_t interval,
                         const struct gb_slot_energy *energy);

#endif
