#include "experiments/run/agents.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/scenario/agents_config.h"
#include "models/agents/by_kind.h"
#include "models/agents/traits.h"
#include "models/assets/kinds.h"

/* ---- traits */

static struct gb_betas_config betas_of(const struct gb_run_environment *env,
                                       const struct gb_agents_config *own, int64_t beta_millionths)
{
    return (struct gb_betas_config){.kind = (enum gb_betas_kind)own->betas,
                                    .is_fixed = beta_millionths != GB_BETA_NOT_OF_KIND,
                                    .fixed_millionths = beta_millionths,
                                    .low_millionths = own->beta_low_millionths,
                                    .high_millionths = own->beta_high_millionths,
                                    .times = own->beta_times,
                                    .slot_ns = env->slot_ns,
                                    .calendar = env->calendar,
                                    .first = own->beta_first,
                                    .up = own->beta_up,
                                    .down = own->beta_down};
}

static struct gb_traits_config traits_of(const struct gb_run_environment *env,
                                         const struct gb_agents_config *own,
                                         int64_t beta_millionths)
{
    return (struct gb_traits_config){
        .kind = (enum gb_traits_kind)own->traits,
        .tariff = env->scenario->market.tariff,
        .tariffs = env->scenario->tariffs,
        .tariff_kinds = env->tariff_kinds,
        .fees = env->scenario->fees_kept == GB_FEES_KEPT ? env->scenario->trade_fees
                                                         : (struct gb_trade_fees){.levies = {0}},
        .draw_owners = env->draw_owners,
        .has_reserve_sell = own->reserve_sell.ticks != GB_PARAM_PRICE_WORD,
        .has_reserve_buy = own->reserve_buy.ticks != GB_PARAM_PRICE_WORD,
        .reserve_sell = own->reserve_sell,
        .reserve_buy = own->reserve_buy,
        .betas = betas_of(env, own, beta_millionths),
        .preference_solar = own->preference_solar,
        .preference_wind = own->preference_wind,
        .preference_storage = own->preference_storage,
        .has_deviant = own->deviant >= 0,
        .deviant = (uint32_t)own->deviant,
        .deviant_beta_millionths = own->deviant_beta_millionths,
        .deviant_shade = own->deviant_quote,
        .deviant_reserve = own->deviant_reserve};
}

/* What a list of meters says of their agents, to be freed; NULL where there is none, or no memory
 * for it. */
static struct gb_own_traits *own_traits(const struct gb_listed *listed)
{
    struct gb_own_traits *own = listed->n > 0 ? calloc(listed->n, sizeof *own) : NULL;

    for (size_t i = 0; own && i < listed->n; i++)
        own[i] =
            (struct gb_own_traits){listed->meters[i].reserve_sell, listed->meters[i].reserve_buy,
                                   listed->meters[i].beta_millionths};
    return own;
}

static enum gb_status create_traits(struct gb_run_agents *agents,
                                    const struct gb_run_environment *env, struct gb_error *err)
{
    const struct gb_scenario *scenario = env->scenario;
    size_t n_kinds = scenario->physics.n_kinds;
    struct gb_traits_config *kinds = calloc(n_kinds + 1, sizeof *kinds);
    struct gb_own_traits *own_of_meters = own_traits(&scenario->listed);
    struct gb_agents_config own;

    if (!kinds || (scenario->listed.n > 0 && !own_of_meters)) {
        free(kinds);
        free(own_of_meters);
        return gb_fail(err, GB_ENOMEM, "no memory for %zu kinds of agents", n_kinds);
    }
    gb_scenario_agents(scenario, &own);
    struct gb_traits_config config = traits_of(env, &own, GB_BETA_NOT_OF_KIND);
    for (size_t k = 0; k < n_kinds; k++)
        kinds[k] =
            traits_of(env, &scenario->kind_agents[k].own, scenario->kind_agents[k].beta_millionths);
    config.n_kinds = n_kinds;
    config.kinds = kinds;
    config.kind_of = agents->kind_of;
    config.own = own_of_meters;
    enum gb_status status =
        gb_traits_create(&agents->traits, env->n, &config, gb_scenario_draws(scenario), err);
    free(kinds);
    free(own_of_meters);
    return status;
}

/* ---- strategies */

static struct gb_strategy_facts facts_of(const struct gb_run_environment *env)
{
    const struct gb_scenario *scenario = env->scenario;

    return (struct gb_strategy_facts){.folder = scenario->folder,
                                      .seed = (uint64_t)scenario->seed,
                                      .replication = (uint32_t)scenario->replication,
                                      .first_slot = env->first_slot,
                                      .n_slots = env->n_slots,
                                      .slot_ns = env->slot_ns,
                                      .open_ns = scenario->open_ns,
                                      .gate_ns = scenario->gate_ns,
                                      .fee = scenario->fee,
                                      .tariff = scenario->tariffs ? scenario->tariffs->widest
                                                                  : scenario->market.tariff};
}

static bool are_alike(const struct gb_kind_strategy *kinds, size_t n)
{
    for (size_t k = 1; k < n; k++)
        if (kinds[k].strategy != kinds[0].strategy ||
            memcmp(kinds[k].config, kinds[0].config, kinds[0].strategy->member.config_size) != 0)
            return false;
    return true;
}

/* Where all kinds follow one strategy it is that of all agents. */
static enum gb_status choose_strategy(struct gb_run_agents *agents,
                                      const struct gb_run_environment *env, struct gb_error *err)
{
    const struct gb_scenario *scenario = env->scenario;
    size_t n_kinds = scenario->physics.n_kinds;
    struct gb_kind_strategy *kinds = calloc(n_kinds + 1, sizeof *kinds);
    struct gb_strategy_facts facts = facts_of(env);
    enum gb_status status = GB_OK;

    agents->strategy = scenario->strategy;
    agents->config = scenario->strategy_config;
    if (!kinds)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu kinds of agents", n_kinds);
    for (size_t k = 0; k < n_kinds; k++)
        kinds[k] = (struct gb_kind_strategy){
            scenario->kind_agents[k].own.strategy,
            gb_kind_agents_config(&scenario->kind_agents[k], scenario->strategy_config)};
    if (n_kinds > 0 && are_alike(kinds, n_kinds)) {
        agents->strategy = kinds[0].strategy;
        agents->config = kinds[0].config;
    } else if (n_kinds > 0) {
        struct gb_by_kind_request request = {n_kinds, kinds,          agents->kind_of,
                                             &facts,  agents->traits, env->error};
        status = gb_by_kind_create(&agents->state, &agents->by_kind, &request, err);
        if (status != GB_OK && env->error->status != GB_OK)
            status = gb_fail(err, status, "%s", env->error->text);
        agents->strategy = status == GB_OK ? &agents->by_kind : NULL;
    }
    free(kinds);
    return status;
}

static enum gb_status open_strategy(struct gb_run_agents *agents,
                                    const struct gb_run_environment *env, struct gb_error *err)
{
    const struct gb_strategy *strategy = agents->strategy;
    struct gb_strategy_facts facts = facts_of(env);

    if (strategy->open) { /* one from outside this program makes its state itself */
        enum gb_status status =
            strategy->open(&agents->state, agents->config, &facts, agents->traits, env->error);
        return status == GB_OK ? GB_OK : gb_fail(err, status, "%s", env->error->text);
    }
    if (strategy->member.state_size > 0) {
        agents->state = calloc(env->n, strategy->member.state_size);
        if (!agents->state)
            return gb_fail(err, GB_ENOMEM, "no memory for the state of %zu agents", env->n);
    }
    if (strategy->init)
        strategy->init(agents->config, agents->traits, agents->state, env->n);
    return GB_OK;
}

const struct gb_strategy *gb_run_agents_strategy(const struct gb_run_agents *agents, uint32_t meter)
{
    return agents->strategy == &agents->by_kind ? gb_by_kind_strategy(agents->state, meter)
                                                : agents->strategy;
}

/* ---- life */

enum gb_status gb_run_agents_init(struct gb_run_agents *agents,
                                  const struct gb_run_environment *env, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    *agents = (struct gb_run_agents){.traits = NULL};
    if (env->scenario->physics.n_kinds > 0)
        status = gb_kinds_of_meters(&agents->kind_of, &env->scenario->physics, err);
    if (status == GB_OK)
        status = create_traits(agents, env, err);
    if (status == GB_OK)
        status = choose_strategy(agents, env, err);
    if (status == GB_OK && agents->strategy != &agents->by_kind)
        status = open_strategy(agents, env, err);
    return status;
}

void gb_run_agents_clear(struct gb_run_agents *agents)
{
    if (agents->strategy && agents->strategy->close)
        agents->strategy->close(agents->state);
    else
        free(agents->state);
    gb_traits_free(agents->traits);
    free(agents->kind_of);
    *agents = (struct gb_run_agents){.traits = NULL};
}

void gb_run_agents_reward(const struct gb_run_agents *agents, const struct gb_run_environment *env,
                          int64_t interval, const struct gb_run_account *account)
{
    if (!agents->strategy->reward || gb_run_has_failed(env))
        return;
    int64_t *grid_only = calloc(env->n ? env->n : 1, sizeof *grid_only);
    if (!grid_only) {
        gb_fail(env->error, GB_ENOMEM, "no memory for the outcome of %zu agents", env->n);
        return;
    }
    for (size_t i = 0; i < env->n; i++)
        grid_only[i] = gb_tariff_bill(gb_run_tariff(env, i, interval),
                                      (struct gb_energy){account->baseline_wh[i]})
                           .units;
    agents->strategy->reward(agents->state,
                             &(struct gb_slot_outcome){.interval = interval,
                                                       .n = env->n,
                                                       .cost = account->cash,
                                                       .cost_grid_only = grid_only,
                                                       .traded_wh = account->traded_wh});
    free(grid_only);
}

void gb_run_agents_hold(const struct gb_run_environment *env, int64_t interval, size_t n,
                        const uint32_t *meter, struct gb_price *quote)
{
    for (size_t i = 0; env->scenario->tariffs && i < n; i++) {
        const struct gb_tariff *own = gb_run_tariff(env, meter[i], interval);

        if (quote[i].ticks > own->retail.ticks)
            quote[i] = own->retail;
        if (quote[i].ticks < own->feed_in.ticks)
            quote[i] = own->feed_in;
    }
}
