/* One slot of the provider `modelled`: a sweep over parts of its systems, turbines and, where they
 * can go by parts, loads. What a whole site shares is computed once a slot; only meters that own a
 * system or a turbine pay for it. */
#include <math.h>
#include <string.h>

#include "base/batch.h"
#include "base/date.h"
#include "base/parallel.h"
#include "base/parts.h"
#include "base/quantity.h"
#include "models/assets/modelled_priv.h"
#include "models/assets/scatter.h"

#define SCATTER_NS (600 * GB_NS_PER_SECOND)

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

/* The clouds of systems [first, first + n) alone in the next slot. A night is many times as long as
 * clouds last: in the morning they are new. */
static void advance_batch(struct modelled *m, size_t first, size_t n)
{
    const struct gb_systems *systems = &m->fleet->systems;
    uint32_t owner[GB_BATCH] = {0}, words[4][GB_BATCH];
    double normals[GB_BATCH];

    for (size_t j = 0; j < n; j++)
        owner[j] = m->fleet->draw_owner[systems->meter[first + j]];
    gb_batch_draws(m->local_key, owner, n, 0, (uint32_t)m->next, 0, words);
    gb_batch_draw_normals(words[0], words[1], n, normals);
    double *foretold = m->foretold_local + first;
    if (m->was_dark) {
        gb_batch_draw_normals(words[2], words[3], n, foretold);
        for (size_t j = 0; j < n; j++)
            foretold[j] *= m->local.foretold;
    }
    for (size_t j = 0; j < n; j++)
        m->z_local[first + j] = gb_innovations_advance(&m->local, &foretold[j], normals[j]);
}

/* What a slot is computed from: that of every system and turbine, and loads that go by parts. */
struct sweep {
    struct modelled *m;
    bool has_loads;
    const struct gb_weather_slot *slot;
    bool moves_clouds;        /* own clouds have another slot */
    double *solar_w, *wind_w; /* NULL: the clouds alone */
};

/* Own clouds of a part. */
static void advance_local_clouds(const struct sweep *sweep, struct gb_range systems)
{
    size_t end = systems.first + systems.n;

    for (size_t at = systems.first; at < end; at += GB_BATCH)
        advance_batch(sweep->m, at, end - at < GB_BATCH ? end - at : GB_BATCH);
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

    if (k < GB_MODELLED_PARTS)
        sweep_part(sweep, k, GB_MODELLED_PARTS);
    else
        advance_loads(sweep->m, k - GB_MODELLED_PARTS);
}

static void run_sweep(struct sweep *sweep)
{
    const struct modelled *m = sweep->m;
    size_t n_loads = sweep->has_loads ? (m->n + GB_PART - 1) / GB_PART : 0;
    size_t n_plants = m->fleet->systems.n + m->fleet->turbines.n;

    if (gb_is_worth_threads(n_plants) || (n_loads > 0 && gb_is_worth_threads(m->n))) {
        gb_tasks_run(GB_MODELLED_PARTS + n_loads, sweep_kth, sweep);
        return;
    }
    for (size_t k = 0; k < n_loads; k++)
        advance_loads(m, k);
    sweep_part(sweep, 0, 1);
}

void gb_modelled_sweep(struct modelled *m, const struct gb_weather_slot *slot, bool has_loads,
                       double *solar_w, double *wind_w)
{
    struct sweep sweep = {.m = m,
                          .has_loads = has_loads,
                          .slot = slot,
                          .moves_clouds = m->local_share > 0 && slot->has_sun,
                          .solar_w = solar_w,
                          .wind_w = wind_w};

    if (solar_w) {
        double wind_ms = wind_over(m, slot);
        if (slot->has_sun)
            gb_modelled_cool(m, wind_ms);
    }
    run_sweep(&sweep);
    if (m->local_share > 0)
        m->was_dark = !slot->has_sun;
}
