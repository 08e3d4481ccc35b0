#include "experiments/run/agents.h"

#include <stdlib.h>

#include "models/agents/traits.h"

enum gb_status gb_run_agents_init(struct gb_run_agents *agents,
                                  const struct gb_run_environment *env, struct gb_error *err)
{
    const struct gb_scenario *scenario = env->scenario;
    const struct gb_strategy *strategy = scenario->strategy;
    struct gb_traits_config config = {.kind = (enum gb_traits_kind)scenario->traits,
                                      .tariff = scenario->market.tariff,
                                      .beta_is_drawn = scenario->beta_drawn != 0,
                                      .beta_low_millionths = scenario->beta_low_millionths,
                                      .beta_high_millionths = scenario->beta_high_millionths,
                                      .preference_solar = scenario->preference_solar,
                                      .preference_wind = scenario->preference_wind,
                                      .preference_storage = scenario->preference_storage};

    *agents = (struct gb_run_agents){.strategy = strategy, .config = scenario->strategy_config};
    enum gb_status status =
        gb_traits_create(&agents->traits, env->n, &config, gb_scenario_draws(scenario), err);
    if (status != GB_OK)
        return status;
    if (strategy->member.state_size > 0) {
        agents->state = calloc(env->n, strategy->member.state_size);
        if (!agents->state)
            return gb_fail(err, GB_ENOMEM, "no memory for the state of %zu agents", env->n);
    }
    if (strategy->init)
        strategy->init(agents->config, agents->traits, agents->state, env->n);
    return GB_OK;
}

void gb_run_agents_clear(struct gb_run_agents *agents)
{
    gb_traits_free(agents->traits);
    free(agents->state);
    *agents = (struct gb_run_agents){.traits = NULL};
}
