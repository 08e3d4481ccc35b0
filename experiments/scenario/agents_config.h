/* What scenarios say of agents: of all, and of those of a kind of households, which have the rows
 * of `agents` that one home may have of its own, with the options of whatever strategy. */
#ifndef EXPERIMENTS_SCENARIO_AGENTS_CONFIG_H
#define EXPERIMENTS_SCENARIO_AGENTS_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/delay.h"
#include "base/param_row.h"
#include "models/agents/options.h"
#include "models/agents/strategy.h"

struct gb_scenario;

#define GB_BETA_NOT_OF_KIND (-1) /* of beta_millionths: the kind has none of its own */

struct gb_agents_config {
#define GB_KEY GB_PARAM_FIELD
#define GB_KEY_OF GB_PARAM_FIELD_OF
#include "experiments/scenario/agents.def"
#undef GB_KEY
#undef GB_KEY_OF
};

union gb_outside_config { /* of a strategy from outside this program */
    max_align_t alignment;
    unsigned char bytes[GB_OUTSIDE_CONFIG_SIZE];
};

struct gb_kind_agents {
    struct gb_agents_config own;
    int64_t beta_millionths; /* market.beta, which orders of the kind carry */
    struct gb_strategy_options options;
    union gb_outside_config plugin, process;
};

extern const struct gb_param gb_kind_agents_params[]; /* rows over struct gb_agents_config */

/* The rows of the scenario itself. */
void gb_scenario_agents(const struct gb_scenario *scenario, struct gb_agents_config *out);

/* The options of the strategy that a kind's agents follow; of one that was handed in at run time,
 * which the scenario then selects, too, `of_scenario`, its own. */
const void *gb_kind_agents_config(const struct gb_kind_agents *agents, const void *of_scenario);
/* Does the strategy of the kind have the option? Of any other key: yes. */
bool gb_kind_agents_read(const struct gb_kind_agents *agents, const char *key);
/* Is it one of this program, not handed in at run time? */
bool gb_strategy_is_built_in(const struct gb_strategy *strategy);
/* The strategies that have this option, by their names: "a or b"; nothing where it is none. */
void gb_strategies_with_option(const char *key, char *names, size_t size);

#endif
