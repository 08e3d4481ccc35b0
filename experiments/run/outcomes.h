/* What a match has left of everybody's orders, for agents whose re-quote factor follows it
 * (agents.beta: adaptive). It is read once from the ledger and told at each node when that has it
 * stable, to its own agents alone. A slot that is missed before anything is matched tells nothing.
 */
#ifndef EXPERIMENTS_RUN_OUTCOMES_H
#define EXPERIMENTS_RUN_OUTCOMES_H

#include "experiments/run/learners.h"

struct gb_run_outcomes { /* written by outcomes.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_agents *agents;
    const struct gb_run_learners *learners;
    struct gb_run_interval_outcome *at; /* per place */
    size_t n_places;
};

/* All borrowed for life. */
void gb_run_outcomes_init(struct gb_run_outcomes *outcomes, const struct gb_run_environment *env,
                          const struct gb_run_agents *agents,
                          const struct gb_run_learners *learners);
void gb_run_outcomes_clear(struct gb_run_outcomes *outcomes);
/* A match stands on the ledger. */
void gb_run_outcomes_take(struct gb_run_outcomes *outcomes, size_t place,
                          const struct gb_interval_view *view);
/* It is stable at a node. */
void gb_run_outcomes_tell(const struct gb_run_outcomes *outcomes, size_t place, uint32_t node);

#endif
