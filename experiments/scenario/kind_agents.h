/* The agents of a kind of households: what is wrong with them. */
#ifndef EXPERIMENTS_SCENARIO_KIND_AGENTS_H
#define EXPERIMENTS_SCENARIO_KIND_AGENTS_H

#include <stdbool.h>

#include "experiments/scenario/agents_config.h"
#include "experiments/scenario/section.h"

/* Reports what is wrong with the agents of an item. */
void gb_kind_agents_check(struct gb_reading *reading, struct gb_item *item,
                          struct gb_kind_agents *agents);

#endif
