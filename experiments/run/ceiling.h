/* The least that a community can pay in a slot: what it could get by trading among itself all that
 * is worth the fees of trades, at no other cost. */
#ifndef EXPERIMENTS_RUN_CEILING_H
#define EXPERIMENTS_RUN_CEILING_H

#include "experiments/run/environment.h"
#include "models/assets/meter.h"

/* In 1e-9 currency. Where tariffs differ, the dearest deficits meet the cheapest surpluses. */
int64_t gb_run_ceiling_cost(const struct gb_run_environment *env, int64_t interval,
                            const struct gb_slot_energy *energy);

#endif
