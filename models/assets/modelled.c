/* The provider `modelled`: weather, systems and households computed from keyed draws, slot after
 * slot, into a ring of arrays. What a whole site shares is computed once a slot; only meters
 * that own a system or a turbine pay for it. What is believed of it: modelled_beliefs.c. */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/batch.h"
#include "base/date.h"
#include "base/parallel.h"
#include "base/parts.h"
#include "base/quantity.h"
#include "models/assets/listed.h"
#include "models/assets/modelled_priv.h"
#include "models/assets/physics.h"
#include "models/assets/scatter.h"
#include "models/assets/tables.h"
#include "models/series/library.h"

#define SCATTER_NS (600 * GB_NS_PER_SECOND)

/* Sweeps over systems go by so many parts, each with skies of its own. */
enum { N_PARTS = 16 };

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

    m->solar_w = calloc(m->window * systems + 1, sizeof *m->solar_w);
    m->wind_w = calloc(m->window * turbines + 1, sizeof *m->wind_w);
    m->load_w = calloc(m->window * m->n + 1, sizeof *m->load_w);
    m->z_local = calloc(systems + GB_DRIFT_BATCH, sizeof *m->z_local); /* whole batches */
    m->skies = calloc(N_PARTS * m->n_steps, sizeof *m->skies);
    m->believed_skies = calloc(m->n_steps, sizeof *m->believed_skies);
    return allocate_plants(m) && m->solar_w && m->wind_w && m->load_w && m->z_local && m->skies &&
           m->believed_skies;
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
        m->local = gb_local_clouds_in_slots(c->weather.clouds.local_share,
                                            c->weather.clouds.local_s, slot_s);
    m->shared_weight = sqrt(1 - m->local.share);
    m->local_weight = sqrt(m->local.share);
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

    m->clearness = calloc(N_PARTS * m->n_steps * GB_DRIFT_BATCH, sizeof *m->clearness);
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

/* Mean speed of the wind over a slot; and of the power of every kind's turbines, which goes with
 * more than the speed: the mean is one of powers, step by step. */
static double wind_over(struct modelled *m, const struct gb_weather_slot *slot)
{
    size_t n = gb_weather_n_wind_steps(m->weather), n_kinds = m->fleet->n_kinds;
    double sum = 0;

    gb_modelled_breathe(m, slot->temperature_c);
    for (size_t k = 0; k < n_kinds; k++)
        m->plants[k].unit_power = 0;
    for (size_t i = 0; i < n; i++) {
        double speed = gb_wind_in_step(gb_weather_wind(m->weather), &slot->wind[i]);
        sum += speed;
        for (size_t k = 0; k < n_kinds; k++) {
            if (!m->plants[k].has_turbines)
                continue;
            m->plants[k].step_power[i] = gb_plant_wind(&m->plants[k].plant, speed);
            m->plants[k].unit_power += m->plants[k].step_power[i];
        }
    }
    for (size_t k = 0; k < n_kinds; k++)
        m->plants[k].unit_power /= (double)n;
    return sum / (double)n;
}

/* The skies over a system where clouds drift. Clearness comes in batches: systems are asked for in
 * their order. */
static void set_drifting_skies(const struct modelled *m, const struct gb_weather_slot *slot,
                               size_t system, size_t part, struct gb_sky *skies)
{
    size_t place = system % GB_DRIFT_BATCH;
    const struct gb_own_clouds own = {m->z_local + (system - place), m->local_weight,
                                      m->shared_weight};

    for (size_t i = 0; i < m->n_steps; i++) {
        double *clearness = m->clearness + (part * m->n_steps + i) * GB_DRIFT_BATCH;
        if (place == 0)
            gb_drifting_clearness(m->drifting, &slot->steps[i], system / GB_DRIFT_BATCH, &own,
                                  clearness);
        skies[i] = gb_modelled_sky(m, &slot->steps[i], clearness[place]);
    }
}

/* The skies over a system whose own clouds are `own` in the latent. */
static void set_skies(const struct modelled *m, const struct gb_weather_slot *slot, double own,
                      struct gb_sky *skies)
{
    for (size_t i = 0; i < m->n_steps; i++) {
        const struct gb_sky_step *step = &slot->steps[i];
        double z = m->shared_weight * step->clouds->z + own;
        skies[i] = step->ghi >= 0 ? gb_modelled_sky_with(m, step, step->ghi)
                                  : gb_modelled_sky(m, step, gb_cloud_clearness(m->clouds, z));
    }
}

/* The clouds of systems [first, first + n) alone in the next slot. */
static void advance_batch(struct modelled *m, double memory, double news, size_t first, size_t n)
{
    const struct gb_systems *systems = &m->fleet->systems;
    uint32_t owner[GB_BATCH] = {0}, words[4][GB_BATCH];
    double normals[GB_BATCH];

    for (size_t j = 0; j < n; j++)
        owner[j] = m->fleet->draw_owner[systems->meter[first + j]];
    gb_batch_draws(m->local_key, owner, n, 0, (uint32_t)m->next, 0, words);
    gb_batch_draw_normals(words[0], words[1], n, normals);
    for (size_t j = 0; j < n; j++)
        m->z_local[first + j] = memory * m->z_local[first + j] + news * normals[j];
}

/* What a slot is computed from: that of every system and turbine, and loads that go by parts. */
struct sweep {
    struct modelled *m;
    bool has_loads;
    const struct gb_weather_slot *slot;
    bool moves_clouds;        /* own clouds have another slot */
    double memory, news;      /* of those */
    double *solar_w, *wind_w; /* NULL: the clouds alone */
};

/* Own clouds of a part. */
static void advance_local_clouds(const struct sweep *sweep, struct gb_range systems)
{
    size_t end = systems.first + systems.n;

    for (size_t at = systems.first; at < end; at += GB_BATCH)
        advance_batch(sweep->m, sweep->memory, sweep->news, at,
                      end - at < GB_BATCH ? end - at : GB_BATCH);
}

/* Of the systems of a part. */
static void compute_part(const struct modelled *m, const struct gb_weather_slot *slot, size_t part,
                         struct gb_range systems, double *solar_w)
{
    struct gb_sky *skies = m->skies + part * m->n_steps;

    for (size_t i = systems.first; i < systems.first + systems.n; i++) {
        if (m->drifting)
            set_drifting_skies(m, slot, i, part, skies);
        else if (i == systems.first || m->local_weight > 0)
            set_skies(m, slot, m->local_weight * m->z_local[i], skies);
        solar_w[i] = gb_modelled_solar_w(m, i, skies, slot->temperature_c);
    }
}

/* Power of one turbine, which scatters about its curve in each ten minutes, per unit of its
 * rating. */
static double scattered_power(const struct modelled *m, const struct plants *plants, uint32_t meter)
{
    size_t n = gb_weather_n_wind_steps(m->weather);
    int64_t slot_ns = m->config->weather.slot_ns, start_ns = m->next * slot_ns;
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t middle_ns = start_ns + slot_ns / (2 * (int64_t)n) * (2 * (int64_t)i + 1);
        int64_t number = gb_floor_divide(middle_ns, SCATTER_NS);
        struct gb_draw draw =
            gb_draw_at(m->scatter_key, m->fleet->draw_owner[meter], 0, (uint32_t)number, 0);
        sum += gb_scattered_power(plants->step_power[i], plants->plant.kind->turbine.scatter,
                                  gb_draw_uniform(draw));
    }
    return sum / (double)n;
}

static void compute_wind(const struct modelled *m, struct gb_range of, double *wind_w)
{
    const struct gb_turbines *turbines = &m->fleet->turbines;

    for (size_t i = of.first; i < of.first + of.n; i++) {
        const struct plants *plants = gb_modelled_plants(m, turbines->meter[i]);
        bool scatters = plants->plant.kind->turbine.scatter > 0;
        wind_w[i] =
            1000 * turbines->kw[i] *
            (scatters ? scattered_power(m, plants, turbines->meter[i]) : plants->unit_power);
    }
}

/* The k-th part of n owners, in whole batches of `batch`. */
static struct gb_range part_of(size_t n, size_t batch, size_t k, size_t n_parts)
{
    size_t size = ((n + batch - 1) / batch + n_parts - 1) / n_parts * batch;
    size_t first = k * size < n ? k * size : n;

    return (struct gb_range){first, n - first < size ? n - first : size};
}

static void sweep_part(const struct sweep *sweep, size_t k, size_t n_parts)
{
    struct modelled *m = sweep->m;
    struct gb_range systems = part_of(m->fleet->systems.n, GB_DRIFT_BATCH, k, n_parts);
    struct gb_range turbines = part_of(m->fleet->turbines.n, 1, k, n_parts);

    if (sweep->moves_clouds)
        advance_local_clouds(sweep, systems);
    if (!sweep->solar_w)
        return;
    if (sweep->slot->has_sun)
        compute_part(m, sweep->slot, k, systems, sweep->solar_w);
    else
        memset(sweep->solar_w + systems.first, 0, systems.n * sizeof *sweep->solar_w);
    compute_wind(m, turbines, sweep->wind_w);
}

static void advance_loads(const struct modelled *m, size_t part)
{
    size_t first = part * GB_PART, left = m->n - first;

    m->load->advance_part(m->loads, first, left < GB_PART ? left : GB_PART);
}

static void sweep_kth(void *of_all, size_t k)
{
    const struct sweep *sweep = of_all;

    if (k < N_PARTS)
        sweep_part(sweep, k, N_PARTS);
    else
        advance_loads(sweep->m, k - N_PARTS);
}

static void run_sweep(struct sweep *sweep)
{
    const struct modelled *m = sweep->m;
    size_t n_loads = sweep->has_loads ? (m->n + GB_PART - 1) / GB_PART : 0;
    size_t n_plants = m->fleet->systems.n + m->fleet->turbines.n;

    if (gb_is_worth_threads(n_plants) || (n_loads > 0 && gb_is_worth_threads(m->n))) {
        gb_tasks_run(N_PARTS + n_loads, sweep_kth, sweep);
        return;
    }
    for (size_t k = 0; k < n_loads; k++)
        advance_loads(m, k);
    sweep_part(sweep, 0, 1);
}

/* Every system's own clouds in the next slot, and the power of all systems and turbines where it is
 * wanted, and loads as far as they have begun. A night is many times as long as clouds last. */
static void compute_parts(struct modelled *m, const struct gb_weather_slot *slot, bool has_loads,
                          double *solar_w, double *wind_w)
{
    double memory = m->was_dark ? 0 : m->local.memory;
    struct sweep sweep = {.m = m,
                          .has_loads = has_loads,
                          .slot = slot,
                          .moves_clouds = m->local.share > 0 && slot->has_sun,
                          .memory = memory,
                          .news = sqrt(1 - memory * memory),
                          .solar_w = solar_w,
                          .wind_w = wind_w};

    if (solar_w) {
        double wind_ms = wind_over(m, slot);
        if (slot->has_sun)
            gb_modelled_cool(m, wind_ms);
    }
    run_sweep(&sweep);
    if (m->local.share > 0)
        m->was_dark = !slot->has_sun;
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
    compute_parts(m, gb_weather_at(m->weather, m->next), in_parts,
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
