/* What scenarios say of how batteries are run: of all, and of those of a kind of households. */
#ifndef EXPERIMENTS_SCENARIO_STORAGE_CONFIG_H
#define EXPERIMENTS_SCENARIO_STORAGE_CONFIG_H

#include "base/param_row.h"
#include "models/assets/controller.h"

struct gb_scenario;

/* storage.baseline */
enum gb_storage_baseline { GB_BASELINE_GREEDY, GB_BASELINE_SAME, GB_BASELINE_NONE };

struct gb_storage_config {
#define GB_KEY GB_PARAM_FIELD
#define GB_KEY_OF GB_PARAM_FIELD_OF
#include "experiments/scenario/storage.def"
#undef GB_KEY
#undef GB_KEY_OF
};

extern const struct gb_param gb_kind_storage_params[]; /* rows over struct gb_storage_config */

/* The rows of the scenario itself. */
void gb_scenario_storage(const struct gb_scenario *scenario, struct gb_storage_config *out);

/* By which rules batteries are run in the market's run, and without a market. */
struct gb_storage_rules gb_storage_rules_of(const struct gb_storage_config *storage);
struct gb_storage_rules gb_storage_baseline_of(const struct gb_storage_config *storage);

#endif
