/* The agents of a kind of households: which options their strategy reads, and what is wrong with
 * them. */
#ifndef EXPERIMENTS_SCENARIO_KIND_AGENTS_H
#define EXPERIMENTS_SCENARIO_KIND_AGENTS_H

#include <stdbool.h>

#include "experiments/scenario/agents_config.h"
#include "experiments/scenario/section.h"

/* The options of the strategy that a kind's agents follow; of one that was handed in at run time,
 * which the scenario then selects, too, those of the scenario. */
const void *gb_kind_agents_config(const struct gb_scenario *scenario,
                                  const struct gb_kind_agents *agents);
/* Does the strategy of the kind have the option? Of any other key: yes. */
bool gb_kind_agents_read(const struct gb_kind_agents *agents, const char *key);
/* Reports what is wrong with the agents of an item. */
void gb_kind_agents_check(struct gb_reading *reading, struct gb_item *item,
                          struct gb_kind_agents *agents);

#endif
