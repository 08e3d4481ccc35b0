/* The provider `modelled`: weather, systems and households computed from keyed draws, slot after
 * slot, into a ring of arrays. What a slot is computed from: modelled_sweep.c; what is believed of
 * it: modelled_beliefs.c. */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/memory.h"
#include "base/quantity.h"
#include "models/assets/listed.h"
#include "models/assets/modelled_priv.h"
#include "models/assets/physics.h"
#include "models/assets/tables.h"
#include "models/series/library.h"

/* ---- set-up */

static void free_modelled(void *state)
{
    struct modelled *m = state;

    if (!m)
        return;
    gb_weather_free(m->weather);
    if (m->load)
        m->load->free(m->loads);
    gb_drifting_free(m->drifting);
    free(m->clearness);
    for (size_t k = 0; m->plants && k < m->fleet->n_kinds; k++)
        free(m->plants[k].step_power);
    free(m->plants);
    free(m->solar_w);
    free(m->wind_w);
    free(m->load_w);
    free(m->z_local);
    free(m->foretold_local);
    free(m->skies);
    free(m->believed_skies);
    free(m);
}

static bool allocate_plants(struct modelled *m)
{
    size_t n_steps = gb_weather_n_wind_steps(m->weather);

    m->plants = calloc(m->fleet->n_kinds, sizeof *m->plants);
    for (size_t k = 0; m->plants && k < m->fleet->n_kinds; k++) {
        m->plants[k].step_power = calloc(n_steps, sizeof *m->plants[k].step_power);
        if (!m->plants[k].step_power)
            return false;
    }
    return m->plants != NULL;
}

static bool allocate(struct modelled *m)
{
    size_t systems = m->fleet->systems.n, turbines = m->fleet->turbines.n;

    m->solar_w = gb_memory_wide(m->window * systems + 1, sizeof *m->solar_w);
    m->wind_w = gb_memory_wide(m->window * turbines + 1, sizeof *m->wind_w);
    m->load_w = gb_memory_wide(m->window * m->n + 1, sizeof *m->load_w);
    m->z_local = gb_memory_wide(systems + GB_DRIFT_BATCH, sizeof *m->z_local); /* whole batches */
    m->foretold_local = gb_memory_wide(systems + 1, sizeof *m->foretold_local);
    m->skies = calloc(GB_MODELLED_PARTS * m->n_steps, sizeof *m->skies);
    m->believed_skies = calloc(m->n_steps, sizeof *m->believed_skies);
    return allocate_plants(m) && m->solar_w && m->wind_w && m->load_w && m->z_local &&
           m->foretold_local && m->skies && m->believed_skies;
}

static void set_plants(struct modelled *m)
{
    const struct gb_turbines *turbines = &m->fleet->turbines;

    for (size_t k = 0; k < m->fleet->n_kinds; k++)
        m->plants[k].plant = gb_plant_of(&m->fleet->kinds[k], &m->config->weather);
    for (size_t i = 0; i < turbines->n; i++)
        m->plants[m->fleet->kind[turbines->meter[i]]].has_turbines = true;
}

static void set_constants(struct modelled *m, struct gb_draws draws)
{
    const struct gb_physics_config *c = m->config;
    double slot_s = (double)c->weather.slot_ns / GB_NS_PER_SECOND;

    if (!gb_series_is_named(c->weather.clouds.series))
        m->local_share = c->weather.clouds.local_share;
    m->shared_weight = sqrt(1 - m->local_share);
    m->local_weight = sqrt(m->local_share);
    m->local = gb_innovations_make(slot_s / c->weather.clouds.local_s);
    m->was_dark = true;
    m->local_key = gb_draws_key(draws, GB_PURPOSE_CLOUD_LOCAL);
    m->scatter_key = gb_draws_key(draws, GB_PURPOSE_TURBINE_SCATTER);
    m->next = gb_weather_anchor(&c->weather);
    m->first_full = INT64_MIN;
}

/* Where a list puts a meter, or where it is drawn to lie. */
static struct gb_position position_of(const struct modelled *m, struct gb_key key, uint32_t meter)
{
    const struct gb_listed_meter *listed = m->config->listed;

    if (listed && !isnan(listed[meter].east_m))
        return (struct gb_position){listed[meter].east_m, listed[meter].north_m};
    return gb_position_draw(key, m->fleet->draw_owner[meter], m->config->fleet.radius_m);
}

/* What systems need for themselves of clouds that drift. */
static enum gb_status create_drifting(struct modelled *m, struct gb_draws draws,
                                      struct gb_error *err)
{
    const struct gb_systems *systems = &m->fleet->systems;
    struct gb_key key = gb_draws_key(draws, GB_PURPOSE_POSITION);
    struct gb_position *positions = calloc(systems->n + 1, sizeof *positions);
    enum gb_status status;

    m->clearness = calloc(GB_MODELLED_PARTS * m->n_steps * GB_DRIFT_BATCH, sizeof *m->clearness);
    if (!positions || !m->clearness) {
        free(positions);
        return gb_fail(err, GB_ENOMEM, "no memory for the places of %zu systems", systems->n);
    }
    for (size_t i = 0; i < systems->n; i++)
        positions[i] = position_of(m, key, systems->meter[i]);
    status = gb_drifting_create(&m->drifting, m->weather, positions, systems->n, err);
    free(positions);
    return status;
}

static enum gb_status create_modelled(void **state, const struct gb_physics_config *config,
                                      const struct gb_fleet *fleet, size_t window,
                                      struct gb_draws draws, struct gb_error *err)
{
    struct modelled *m = calloc(1, sizeof *m);
    struct gb_weather_laws laws;
    enum gb_status status;

    assert(window > 0);
    if (!m)
        return gb_fail(err, GB_ENOMEM, "no memory for the physics");
    m->config = config;
    m->fleet = fleet;
    m->n = fleet->n;
    m->window = window;
    set_constants(m, draws);
    gb_tables_weather(config->tables, &config->weather, &laws);
    status = gb_weather_create(&m->weather, &config->weather, config->library, &laws, window + 1,
                               draws, err);
    if (status != GB_OK)
        goto fail;
    m->clouds = gb_weather_clouds(m->weather);
    m->rule = gb_belief_rule_make();
    m->n_steps = gb_weather_n_steps(m->weather);
    if (config->weather.clouds.model == GB_CLOUDS_DRIFTING) {
        status = create_drifting(m, draws, err);
        if (status != GB_OK)
            goto fail;
    }
    m->load = (const struct gb_load_model *)config->household.model;
    status = m->load->create(&m->loads, config, fleet, window + 1, draws, err);
    if (status != GB_OK)
        goto fail;
    if (!allocate(m)) {
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu slots of %zu meters", window, m->n);
        goto fail;
    }
    set_plants(m);
    *state = m;
    return GB_OK;
fail:
    free_modelled(m);
    return status;
}

/* ---- one slot */

static size_t place_of(const struct modelled *m, int64_t interval)
{
    int64_t window = (int64_t)m->window;

    return (size_t)(interval - gb_floor_divide(interval, window) * window);
}

static enum gb_status compute_next(struct modelled *m, struct gb_error *err)
{
    size_t place = place_of(m, m->next);
    bool is_full = m->next >= m->first_full;
    double *load_w = is_full ? m->load_w + place * m->n : NULL;
    bool in_parts = m->load->begin && m->load->begin(m->loads, load_w);
    enum gb_status status = in_parts ? GB_OK : m->load->advance(m->loads, load_w, err);

    if (status != GB_OK)
        return status;
    status = gb_weather_advance(m->weather, err);
    if (status != GB_OK)
        return status;
    gb_modelled_sweep(m, gb_weather_at(m->weather, m->next), in_parts,
                      is_full ? m->solar_w + place * m->fleet->systems.n : NULL,
                      is_full ? m->wind_w + place * m->fleet->turbines.n : NULL);
    status = in_parts ? m->load->end(m->loads, err) : GB_OK;
    if (status != GB_OK)
        return status;
    m->next++;
    return GB_OK;
}

/* Computes up to `last`.
 * first  the earliest slot of which anything is wanted: power or what a meter showed */
static enum gb_status compute_through(struct modelled *m, int64_t first, int64_t last,
                                      struct gb_error *err)
{
    int64_t anchor = gb_weather_anchor(&m->config->weather);

    if (first < anchor)
        return gb_fail(err, GB_ECONFIG,
                       "slot %" PRId64 " is asked for, but the physics begins at slot %" PRId64
                       ": let agents bid less far ahead",
                       gb_weather_market_slot(&m->config->weather, first),
                       gb_weather_market_slot(&m->config->weather, anchor));
    if (m->first_full == INT64_MIN)
        m->first_full = last - (int64_t)m->window + 1;
    while (m->next <= last) {
        enum gb_status status = compute_next(m, err);
        if (status != GB_OK)
            return status;
    }
    return GB_OK;
}

/* A slot that is computed and still in the window. */
static struct gb_slot_power power_in(const struct modelled *m, int64_t interval)
{
    size_t place = place_of(m, interval);

    assert(interval < m->next && interval >= m->next - (int64_t)m->window);
    return (struct gb_slot_power){
        .interval = interval,
        .solar_w = m->solar_w + place * m->fleet->systems.n,
        .wind_w = m->wind_w + place * m->fleet->turbines.n,
        .load_w = m->load_w + place * m->n,
    };
}

static enum gb_status slot_modelled(void *state, int64_t interval, struct gb_slot_power *out,
                                    struct gb_error *err)
{
    struct modelled *m = state;
    enum gb_status status = compute_through(m, interval, interval, err);

    if (status == GB_OK)
        *out = power_in(m, interval);
    return status;
}

/* ---- beliefs */

static void bias(double *belief, size_t n, double share)
{
    for (size_t i = 0; share != 0 && i < n; i++)
        belief[i] *= 1 + share;
}

/* Puts as much of the truth into a belief as the skill says; all of it from a skill of 1 on. */
static void mix(double *belief, const double *truth, struct gb_range span, double skill)
{
    const double *is = truth + span.first;

    if (skill >= 1)
        memcpy(belief, is, span.n * sizeof *belief);
    else if (skill > 0)
        for (size_t i = 0; i < span.n; i++)
            belief[i] = skill * is[i] + (1 - skill) * belief[i];
}

static enum gb_status forecast_modelled(void *state, int64_t interval, int64_t last_read,
                                        size_t first, size_t n, double *solar_w, double *wind_w,
                                        double *load_w, struct gb_error *err)
{
    struct modelled *m = state;
    const struct gb_fleet *fleet = m->fleet;
    bool is_perfect = m->config->weather.forecast.kind == GB_FORECAST_PERFECT;
    double skill = is_perfect ? 1 : m->config->weather.forecast.skill;
    struct gb_fleet_block asked = gb_fleet_block_of(fleet, first, n);

    assert(last_read < interval && first + n <= m->n);
    enum gb_status status = compute_through(m, is_perfect ? interval : last_read, interval, err);
    if (status != GB_OK)
        return status;
    if (skill < 1) {
        gb_modelled_believe(m, interval, last_read, &asked, solar_w, wind_w, load_w);
        bias(solar_w, asked.systems.n, m->config->weather.forecast.generation_bias);
        bias(wind_w, asked.turbines.n, m->config->weather.forecast.generation_bias);
        bias(load_w, asked.meters.n, m->config->weather.forecast.load_bias);
    }
    struct gb_slot_power truth = power_in(m, interval);
    mix(solar_w, truth.solar_w, asked.systems, skill);
    mix(wind_w, truth.wind_w, asked.turbines, skill);
    mix(load_w, truth.load_w, asked.meters, skill);
    return GB_OK;
}

/* At a window of two slots 208 bytes were measured (bench_physics); homes with habits hold more. */
static size_t bytes_of_modelled(const struct gb_physics_config *config, size_t window)
{
    (void)config;
    return 512 + 3 * sizeof(double) * window;
}

const struct gb_physics_provider gb_physics_modelled = {
    .member = {.name = "modelled",
               .summary = "weather, systems and households computed from keyed draws"},
    .create = create_modelled,
    .slot = slot_modelled,
    .forecast = forecast_modelled,
    .free = free_modelled,
    .bytes_a_meter = bytes_of_modelled,
};
