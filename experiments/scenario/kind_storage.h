/* The batteries of a kind of households: what is wrong with how they are run. */
#ifndef EXPERIMENTS_SCENARIO_KIND_STORAGE_H
#define EXPERIMENTS_SCENARIO_KIND_STORAGE_H

#include "experiments/scenario/section.h"
#include "experiments/scenario/storage_config.h"

/* Reports what is wrong with the batteries of an item. */
void gb_kind_storage_check(struct gb_reading *reading, const struct gb_item *item,
                           const struct gb_storage_config *storage);

#endif
