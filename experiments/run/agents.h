/* The agents of a run: their traits, their strategy, and what it has learnt. */
#ifndef EXPERIMENTS_RUN_AGENTS_H
#define EXPERIMENTS_RUN_AGENTS_H

#include "experiments/run/accounts.h"
#include "models/agents/strategy.h"

struct gb_run_agents { /* set once; only strategies change what they have learnt */
    const struct gb_strategy *strategy;
    const void *config;         /* of the strategy */
    struct gb_strategy by_kind; /* the strategy where kinds of households have their own */
    uint32_t *kind_of;          /* of each meter; NULL: there are no kinds */
    struct gb_traits *traits;
    void *state; /* of the strategy, a meter each or one in all; NULL: it learns nothing */
};

/* Clear it in any case. GB_ENOMEM */
enum gb_status gb_run_agents_init(struct gb_run_agents *agents,
                                  const struct gb_run_environment *env, struct gb_error *err);
void gb_run_agents_clear(struct gb_run_agents *agents);
/* The strategy that a meter's agent follows, of its kind. */
const struct gb_strategy *gb_run_agents_strategy(const struct gb_run_agents *agents,
                                                 uint32_t meter);
/* What an interval has come to, for a strategy that learns from it. */
void gb_run_agents_reward(const struct gb_run_agents *agents, const struct gb_run_environment *env,
                          int64_t interval, const struct gb_run_account *account);

/* Where tariffs differ: holds quotes within each meter's own, as the ledger does. A strategy
 * reckons with the band of all meters, for that is where the others' quotes are. */
void gb_run_agents_hold(const struct gb_run_environment *env, int64_t interval, size_t n,
                        const uint32_t *meter, struct gb_price *quote);

#endif
