/* The least that a community can pay in a slot: what it could get by trading among itself all that
 * is worth the fees of trades, at no other cost. */
#ifndef EXPERIMENTS_RUN_CEILING_H
#define EXPERIMENTS_RUN_CEILING_H

#include "experiments/run/environment.h"

/* In 1e-9 currency. Where tariffs differ, the dearest deficits meet the cheapest surpluses; under
 * one tariff all that counts is the net of all.
 * net_wh  of each meter
 * all_wh  of all of them together */
int64_t gb_run_ceiling_cost(const struct gb_run_environment *env, int64_t interval,
                            const int64_t *net_wh, int64_t all_wh);

#endif
