/* The provider `modelled`: weather, systems and households computed from keyed draws, slot after
 * slot, into a ring of arrays. What a whole site shares is computed once a slot; only meters
 * that own a system or a turbine pay for it. */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "models/assets/household.h"
#include "models/assets/physics.h"
#include "models/assets/pv.h"
#include "models/assets/turbine.h"
#include "models/weather/sun.h"
#include "models/weather/weather.h"
#include "sim/quantity.h"

/* What of a belief is the same for all meters; kept for the next caller who asks the same. */
struct shared_belief {
    bool is_set;
    int64_t interval, last_read;
    double wind_ms, unit_wind;
};

struct modelled {
    const struct gb_physics_config *config;
    const struct gb_fleet *fleet;
    size_t n, window;                   /* meters; slots whose power stays */
    struct gb_weather *weather;
    struct gb_households *households;
    struct gb_power_curve curve;        /* in the site's air */
    int64_t next, first_full;           /* to compute next; before first_full there is no power */
    double *solar_w, *wind_w, *load_w;  /* window x systems, turbines, meters */
    /* clouds of one's own, in short slots */
    double local_share, local_memory;
    struct gb_key local_key;
    double *z_local;                    /* a system */
    struct gb_sky *skies, *believed_skies;      /* of the steps of one slot */
    struct shared_belief shared;
};

/* ---- set-up */

static void free_modelled(void *state)
{
    struct modelled *m = state;

    if (!m)
        return;
    gb_weather_free(m->weather);
    gb_households_free(m->households);
    free(m->solar_w);
    free(m->wind_w);
    free(m->load_w);
    free(m->z_local);
    free(m->skies);
    free(m->believed_skies);
    free(m);
}

static bool allocate(struct modelled *m)
{
    size_t systems = m->fleet->systems.n, turbines = m->fleet->turbines.n;
    size_t steps = gb_weather_n_steps(m->weather);

    m->solar_w = calloc(m->window * systems + 1, sizeof *m->solar_w);
    m->wind_w = calloc(m->window * turbines + 1, sizeof *m->wind_w);
    m->load_w = calloc(m->window * m->n + 1, sizeof *m->load_w);
    m->z_local = calloc(systems + 1, sizeof *m->z_local);
    m->skies = calloc(steps, sizeof *m->skies);
    m->believed_skies = calloc(steps, sizeof *m->believed_skies);
    return m->solar_w && m->wind_w && m->load_w && m->z_local && m->skies && m->believed_skies;
}

static void set_constants(struct modelled *m, uint64_t seed, uint32_t replication)
{
    const struct gb_physics_config *c = m->config;
    double slot_s = (double)c->slot_ns / GB_NS_PER_SECOND;
    double pressure = gb_standard_pressure_pa(c->altitude_m);
    double density = gb_air_density(pressure, 0, c->hub_height_m, c->temperature_c + 273.15);

    m->curve = gb_curve_in_air(&gb_curve_small, density);
    m->local_share = gb_cloud_local_share(c->cloud_local_share, c->cloud_local_s, slot_s);
    m->local_memory = exp(-slot_s / c->cloud_local_s);
    m->local_key = gb_key_make(seed, replication, GB_PURPOSE_CLOUD_LOCAL);
    m->next = gb_anchor_slot(c->slot_ns);
    m->first_full = INT64_MIN;
}

static enum gb_status create_modelled(void **state, const struct gb_physics_config *config,
                                      const struct gb_fleet *fleet, size_t window, uint64_t seed,
                                      uint32_t replication, struct gb_error *err)
{
    struct modelled *m = calloc(1, sizeof *m);
    enum gb_status status;

    assert(window > 0);
    if (!m)
        return gb_fail(err, GB_ENOMEM, "no memory for the physics");
    m->config = config;
    m->fleet = fleet;
    m->n = fleet->n;
    m->window = window;
    set_constants(m, seed, replication);
    status = gb_weather_create(&m->weather, config, window + 1, seed, replication, err);
    if (status != GB_OK)
        goto fail;
    status = gb_households_create(&m->households, config, fleet, window + 1, seed, replication,
                                  err);
    if (status != GB_OK)
        goto fail;
    if (!allocate(m)) {
        status = gb_fail(err, GB_ENOMEM, "no memory for %zu slots of %zu meters", window, m->n);
        goto fail;
    }
    *state = m;
    return GB_OK;
fail:
    free_modelled(m);
    return status;
}

/* ---- one slot */

static size_t place_of(const struct modelled *m, int64_t interval)
{
    return (size_t)(interval - gb_anchor_slot(m->config->slot_ns)) % m->window;
}

static double wind_at(const struct modelled *m, int64_t interval, double z)
{
    double hour = gb_weather_at(m->weather, interval)->local_hour;

    return gb_wind_speed(gb_weather_wind(m->weather), hour, z);
}

/* Power of a turbine per unit of its rating. */
static double unit_wind_power(const struct modelled *m, int64_t interval, double z)
{
    const struct gb_physics_config *c = m->config;
    double speed = gb_wind_at_height(wind_at(m, interval, z), c->wind_reference_m, c->hub_height_m,
                                     c->roughness_m, 0);

    return gb_curve_power(&m->curve, speed);
}

static void set_skies(const struct modelled *m, const struct gb_weather_slot *slot, double kc,
                      struct gb_sky *skies)
{
    for (size_t i = 0; i < gb_weather_n_steps(m->weather); i++)
        skies[i] = slot->steps[i].clear_ghi > 0
                       ? gb_weather_sky(m->weather, &slot->steps[i], kc)
                       : (struct gb_sky){0};
}

/* Mean AC power of a system of the fleet under the skies of a slot, W. */
static double system_power(const struct modelled *m, size_t system, const struct gb_sky *skies,
                           double wind_ms)
{
    const struct gb_physics_config *c = m->config;
    const struct gb_plane *plane = &m->fleet->systems.plane[system];
    double modules_w = 1000 * m->fleet->systems.kwp[system];
    double rated_w = modules_w * (1 - c->pv_losses_percent / 100);
    double inverter_w = modules_w / c->pv_dc_ac_ratio / c->pv_inverter_efficiency;
    size_t n_steps = gb_weather_n_steps(m->weather);
    double sum = 0;

    for (size_t i = 0; i < n_steps; i++) {
        struct gb_plane_light parts = gb_plane_light_at(plane, &skies[i]);
        double light = parts.beam + parts.sky + parts.ground;
        double cell = gb_cell_temperature(light, c->temperature_c, wind_ms, GB_FAIMAN_U0,
                                          GB_FAIMAN_U1);
        double dc = gb_pv_dc(light, cell, rated_w, c->pv_temperature_coefficient);
        sum += gb_pv_ac(dc, inverter_w, c->pv_inverter_efficiency);
    }
    return sum / (double)n_steps;
}

static void advance_local_clouds(struct modelled *m)
{
    double memory = m->next == gb_anchor_slot(m->config->slot_ns) ? 0 : m->local_memory;

    for (size_t i = 0; i < m->fleet->systems.n; i++) {
        struct gb_draw draw =
            gb_draw_at(m->local_key, m->fleet->systems.meter[i], 0, (uint32_t)m->next, 0);
        m->z_local[i] = gb_latent_step(m->z_local[i], memory, gb_draw_normal(draw));
    }
}

static void compute_solar(struct modelled *m, const struct gb_weather_slot *slot, double *solar_w)
{
    const struct gb_cloud_marginal *clouds = gb_weather_clouds(m->weather);
    double wind_ms = wind_at(m, slot->interval, slot->z_wind);
    double shared = sqrt(1 - m->local_share) * slot->z_cloud, local = sqrt(m->local_share);

    set_skies(m, slot, gb_cloud_clearness(clouds, slot->z_cloud), m->skies);
    for (size_t i = 0; i < m->fleet->systems.n; i++) {
        if (slot->has_sun && m->local_share > 0)
            set_skies(m, slot, gb_cloud_clearness(clouds, shared + local * m->z_local[i]),
                      m->skies);
        solar_w[i] = slot->has_sun ? system_power(m, i, m->skies, wind_ms) : 0;
    }
}

static void compute_wind(const struct modelled *m, const struct gb_weather_slot *slot,
                         double *wind_w)
{
    const struct gb_turbines *turbines = &m->fleet->turbines;
    double unit = unit_wind_power(m, slot->interval, slot->z_wind);

    for (size_t i = 0; i < turbines->n; i++)
        wind_w[i] = 1000 * turbines->kw[i] * unit;
}

static enum gb_status compute_next(struct modelled *m, struct gb_error *err)
{
    size_t place = place_of(m, m->next);
    bool is_full = m->next >= m->first_full;
    enum gb_status status =
        gb_households_advance(m->households, is_full ? m->load_w + place * m->n : NULL, err);

    if (status != GB_OK)
        return status;
    gb_weather_advance(m->weather);
    if (m->local_share > 0)
        advance_local_clouds(m);
    if (is_full) {
        const struct gb_weather_slot *slot = gb_weather_at(m->weather, m->next);
        compute_solar(m, slot, m->solar_w + place * m->fleet->systems.n);
        compute_wind(m, slot, m->wind_w + place * m->fleet->turbines.n);
    }
    m->next++;
    return GB_OK;
}

/* Computes up to `last`.
 * first  the earliest slot of which anything is wanted: power or what a meter showed */
static enum gb_status compute_through(struct modelled *m, int64_t first, int64_t last,
                                      struct gb_error *err)
{
    int64_t anchor = gb_anchor_slot(m->config->slot_ns);

    if (first < anchor)
        return gb_fail(err, GB_ECONFIG,
                       "slot %" PRId64 " is asked for, but the physics begins at slot %" PRId64
                       ": let agents bid less far ahead", first, anchor);
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

static double map_clearness(const void *context, double z)
{
    return gb_cloud_clearness(context, z);
}

struct wind_context { const struct modelled *m; int64_t interval; };

static double map_wind(const void *context, double z)
{
    const struct wind_context *wind = context;

    return unit_wind_power(wind->m, wind->interval, z);
}

/* Expected clear-sky index and turbine power, and the wind that cools modules. */
static void set_shared_belief(struct modelled *m, int64_t interval, int64_t last_read)
{
    struct shared_belief *shared = &m->shared;
    struct wind_context context = {m, interval};

    if (shared->is_set && shared->interval == interval && shared->last_read == last_read)
        return;
    struct gb_belief clouds = gb_weather_cloud_belief(m->weather, interval, last_read);
    struct gb_belief wind = gb_weather_wind_belief(m->weather, interval, last_read);
    clouds.mean *= sqrt(1 - m->local_share);    /* one's own clouds are forgotten in minutes */
    clouds.variance = (1 - m->local_share) * clouds.variance + m->local_share;
    set_skies(m, gb_weather_at(m->weather, interval),
              gb_expect(map_clearness, gb_weather_clouds(m->weather), clouds), m->believed_skies);
    *shared = (struct shared_belief){
        .is_set = true,
        .interval = interval,
        .last_read = last_read,
        .wind_ms = wind_at(m, interval, wind.mean),
        .unit_wind = gb_expect(map_wind, &context, wind),
    };
}

/* The meters asked about, and which elements of a list of owners are theirs. */
struct span { size_t first, n; };
struct asked { struct span meters, systems, turbines; };

static struct span owners_among(const uint32_t *owners, size_t n_owners, struct span meters)
{
    size_t first = gb_owners_before(owners, n_owners, meters.first);

    return (struct span){
        first, gb_owners_before(owners, n_owners, meters.first + meters.n) - first};
}

static void believe(struct modelled *m, int64_t interval, int64_t last_read,
                    const struct asked *asked, double *solar_w, double *wind_w, double *load_w)
{
    bool has_sun = gb_weather_at(m->weather, interval)->has_sun;
    const double *turbine_kw = m->fleet->turbines.kw + asked->turbines.first;
    size_t first_system = asked->systems.first;

    set_shared_belief(m, interval, last_read);
    gb_households_believe(m->households, interval, last_read, asked->meters.first,
                          asked->meters.n, load_w);
    for (size_t i = 0; i < asked->turbines.n; i++)
        wind_w[i] = 1000 * turbine_kw[i] * m->shared.unit_wind;
    for (size_t i = 0; i < asked->systems.n; i++)
        solar_w[i] = has_sun ? system_power(m, first_system + i, m->believed_skies,
                                            m->shared.wind_ms)
                             : 0;
}

/* Puts as much of the truth into a belief as the skill says; all of it from a skill of 1 on. */
static void mix(double *belief, const double *truth, struct span span, double skill)
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
    bool is_perfect = m->config->forecast == GB_FORECAST_PERFECT;
    double skill = is_perfect ? 1 : m->config->forecast_skill;
    struct span meters = {first, n};
    struct asked asked = {
        .meters = meters,
        .systems = owners_among(fleet->systems.meter, fleet->systems.n, meters),
        .turbines = owners_among(fleet->turbines.meter, fleet->turbines.n, meters),
    };

    assert(last_read < interval && first + n <= m->n);
    enum gb_status status = compute_through(m, is_perfect ? interval : last_read, interval, err);
    if (status != GB_OK)
        return status;
    if (skill < 1)
        believe(m, interval, last_read, &asked, solar_w, wind_w, load_w);
    struct gb_slot_power truth = power_in(m, interval);
    mix(solar_w, truth.solar_w, asked.systems, skill);
    mix(wind_w, truth.wind_w, asked.turbines, skill);
    mix(load_w, truth.load_w, asked.meters, skill);
    return GB_OK;
}

const struct gb_physics_provider gb_physics_modelled = {
    .name = "modelled",
    .summary = "weather, systems and households computed from keyed draws",
    .create = create_modelled,
    .slot = slot_modelled,
    .forecast = forecast_modelled,
    .free = free_modelled,
};
