/* The agents of a run: their traits, their strategy, and what it has learnt. */
#ifndef EXPERIMENTS_RUN_AGENTS_H
#define EXPERIMENTS_RUN_AGENTS_H

#include "experiments/run/environment.h"
#include "models/agents/strategy.h"

struct gb_run_agents { /* set once; only strategies change what they have learnt */
    const struct gb_strategy *strategy;
    const void *config; /* of the strategy */
    struct gb_traits *traits;
    void *state; /* of the strategy, a meter each; NULL: it learns nothing */
};

/* Clear it in any case. GB_ENOMEM */
enum gb_status gb_run_agents_init(struct gb_run_agents *agents,
                                  const struct gb_run_environment *env, struct gb_error *err);
void gb_run_agents_clear(struct gb_run_agents *agents);

#endif
