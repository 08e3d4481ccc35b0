#include "experiments/run/agents.h"

#include <stdlib.h>

#include "models/agents/traits.h"

/* A strategy from outside this program makes its state itself. */
static enum gb_status open_strategy(struct gb_run_agents *agents,
                                    const struct gb_run_environment *env, struct gb_error *err)
{
    const struct gb_scenario *scenario = env->scenario;
    struct gb_strategy_facts facts = {.folder = scenario->folder,
                                      .seed = (uint64_t)scenario->seed,
                                      .replication = (uint32_t)scenario->replication,
                                      .first_slot = env->first_slot,
                                      .n_slots = env->n_slots,
                                      .slot_ns = env->slot_ns,
                                      .open_ns = scenario->open_ns,
                                      .gate_ns = scenario->gate_ns,
                                      .fee = scenario->fee,
                                      .tariff = scenario->market.tariff};
    enum gb_status status =
        agents->strategy->open(&agents->state, agents->config, &facts, agents->traits, env->error);

    return status == GB_OK ? GB_OK : gb_fail(err, status, "%s", env->error->text);
}

static struct gb_betas_config betas_of(const struct gb_run_environment *env)
{
    const struct gb_scenario *scenario = env->scenario;

    return (struct gb_betas_config){.kind = (enum gb_betas_kind)scenario->betas,
                                    .low_millionths = scenario->beta_low_millionths,
                                    .high_millionths = scenario->beta_high_millionths,
                                    .times = scenario->beta_times,
                                    .slot_ns = env->slot_ns,
                                    .calendar = env->calendar,
                                    .first = scenario->beta_first,
                                    .up = scenario->beta_up,
                                    .down = scenario->beta_down};
}

enum gb_status gb_run_agents_init(struct gb_run_agents *agents,
                                  const struct gb_run_environment *env, struct gb_error *err)
{
    const struct gb_scenario *scenario = env->scenario;
    const struct gb_strategy *strategy = scenario->strategy;
    struct gb_traits_config config = {.kind = (enum gb_traits_kind)scenario->traits,
                                      .tariff = scenario->market.tariff,
                                      .draw_owners = env->draw_owners,
                                      .betas = betas_of(env),
                                      .preference_solar = scenario->preference_solar,
                                      .preference_wind = scenario->preference_wind,
                                      .preference_storage = scenario->preference_storage,
                                      .has_deviant = scenario->deviant >= 0,
                                      .deviant = (uint32_t)scenario->deviant,
                                      .deviant_beta_millionths = scenario->deviant_beta_millionths,
                                      .deviant_shade = scenario->deviant_quote,
                                      .deviant_reserve = scenario->deviant_reserve};

    *agents = (struct gb_run_agents){.strategy = strategy, .config = scenario->strategy_config};
    enum gb_status status =
        gb_traits_create(&agents->traits, env->n, &config, gb_scenario_draws(scenario), err);
    if (status != GB_OK)
        return status;
    if (strategy->open)
        return open_strategy(agents, env, err);
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
    if (agents->strategy && agents->strategy->close)
        agents->strategy->close(agents->state);
    else
        free(agents->state);
    gb_traits_free(agents->traits);
    *agents = (struct gb_run_agents){.traits = NULL};
}

void gb_run_agents_reward(const struct gb_run_agents *agents, const struct gb_run_environment *env,
                          int64_t interval, const struct gb_run_account *account)
{
    const struct gb_tariff *tariff = &env->scenario->market.tariff;

    if (!agents->strategy->reward || gb_run_has_failed(env))
        return;
    int64_t *grid_only = calloc(env->n ? env->n : 1, sizeof *grid_only);
    if (!grid_only) {
        gb_fail(env->error, GB_ENOMEM, "no memory for the outcome of %zu agents", env->n);
        return;
    }
    for (size_t i = 0; i < env->n; i++)
        grid_only[i] = gb_tariff_bill(tariff, (struct gb_energy){account->baseline_wh[i]}).units;
    agents->strategy->reward(agents->state,
                             &(struct gb_slot_outcome){.interval = interval,
                                                       .n = env->n,
                                                       .cost = account->cash,
                                                       .cost_grid_only = grid_only,
                                                       .traded_wh = account->traded_wh});
    free(grid_only);
}
