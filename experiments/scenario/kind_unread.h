/* Keys of a kind of households that nothing reads: options of another strategy than its agents
 * follow, or of another controller, ... than it has. */
#ifndef EXPERIMENTS_SCENARIO_KIND_UNREAD_H
#define EXPERIMENTS_SCENARIO_KIND_UNREAD_H

#include <stdbool.h>

#include "experiments/scenario/agents_config.h"
#include "experiments/scenario/section.h"

/* Takes back what kinds of households were given and a setting keeps them from reading, as when it
 * selects another controller; behind the settling of items.
 * returns whether there was any: then items are to be settled again */
bool gb_reading_overrule_kinds(struct gb_reading *reading);
/* Reports the keys of an item that this reading gives, and nothing reads. */
void gb_kind_check_unread(struct gb_reading *reading, const struct gb_item *item,
                          const struct gb_kind_agents *agents);

#endif
