/* What households and their agents believe of what the provider `modelled` will compute: plants
 * under the expected sky and wind, given what was read last. */
#include "base/parts.h"
#include "models/assets/modelled_priv.h"

static double map_clearness(const void *context, double z)
{
    return gb_cloud_clearness(context, z);
}

/* ---- skies */

/* Clouds over a system, given those over all: one's own are forgotten in minutes, so that what was
 * seen depends on the shared sky alone. */
static struct gb_belief clouds_over_one(const struct modelled *m, size_t step, size_t cloud_step,
                                        int64_t interval, int64_t last_read)
{
    double own = m->local_share;
    struct gb_belief clouds =
        gb_weather_cloud_belief(m->weather, interval, step, cloud_step, last_read);

    clouds.mean *= m->shared_weight;
    clouds.variance = (1 - own) * clouds.variance + own * m->local.variance;
    return clouds;
}

/* Skies under the expected clear-sky index. */
static void believe_regional_skies(struct modelled *m, const struct gb_weather_slot *slot,
                                   int64_t last_read)
{
    for (size_t i = 0; i < m->n_steps; i++) {
        struct gb_belief clouds = clouds_over_one(m, i, 0, slot->interval, last_read);
        double kc = gb_expect(&m->rule, map_clearness, m->clouds, clouds);
        m->believed_skies[i] = gb_modelled_sky(m, &slot->steps[i], kc);
    }
}

/* Expected skies, given what is over the middle of the village: what passes in minutes is so
 * uncertain that the sky under the expected index is none that comes. */
static void believe_drifting_skies(struct modelled *m, const struct gb_weather_slot *slot,
                                   int64_t last_read)
{
    size_t n = gb_weather_n_cloud_steps(m->weather);

    for (size_t i = 0; i < m->n_steps; i++) {
        struct gb_sky expected = {.sun = slot->steps[i].sun};
        for (size_t c = 0; c < n; c++) {
            double z[GB_BELIEF_NODES];
            gb_belief_nodes(clouds_over_one(m, i, c, slot->interval, last_read), z);
            for (size_t k = 0; k < GB_BELIEF_NODES; k++) {
                double kc = gb_cloud_clearness(m->clouds, z[k]);
                struct gb_sky sky = gb_modelled_sky(m, &slot->steps[i], kc);
                gb_sky_add(&expected, &sky, m->rule.share[k] / (double)n);
            }
        }
        m->believed_skies[i] = expected;
    }
}

static void believe_skies(struct modelled *m, const struct gb_weather_slot *slot, int64_t last_read)
{
    if (m->drifting)
        believe_drifting_skies(m, slot, last_read);
    else
        believe_regional_skies(m, slot, last_read);
    if (!gb_weather_foresees(m->weather, GB_IRRADIANCE))
        return;
    for (size_t i = 0; i < m->n_steps; i++) {
        double ghi = gb_weather_foreseen_light(m->weather, slot->interval, i, last_read);
        if (ghi >= 0)
            m->believed_skies[i] = gb_modelled_sky_with(m, &slot->steps[i], ghi);
    }
}

/* ---- wind */

/* Power of every kind's turbines in a wind that a file forecasts. */
static void believe_foreseen_wind(struct modelled *m, double speed)
{
    for (size_t k = 0; k < m->fleet->n_kinds; k++)
        if (m->plants[k].has_turbines)
            m->plants[k].believed_power = gb_plant_wind(&m->plants[k].plant, speed);
}

static bool all_stand_still(const struct modelled *m, double speed)
{
    for (size_t k = 0; k < m->fleet->n_kinds; k++)
        if (m->plants[k].has_turbines && !gb_plant_stands_still(&m->plants[k].plant, speed))
            return false;
    return true;
}

/* Speeds at the nodes of what is believed of a step: from the strongest down to the first in which
 * all turbines stand still, as they do in all that are weaker. returns that node */
static size_t set_strong_speeds(const struct modelled *m, const struct gb_wind_step *step,
                                struct gb_belief wind, double speed[GB_BELIEF_NODES])
{
    const struct gb_wind_law *law = gb_weather_wind(m->weather);
    double z[GB_BELIEF_NODES];
    size_t node = GB_BELIEF_NODES;

    gb_belief_nodes(wind, z);
    do {
        node--;
        speed[node] = step->season * gb_wind_speed(law, step->daily, z[node]);
    } while (node > 0 && !all_stand_still(m, speed[node]));
    return node;
}

/* Adds the expected power of every kind's turbines in a step. */
static void add_wind_power(struct modelled *m, const struct gb_wind_step *step,
                           struct gb_belief wind)
{
    double speed[GB_BELIEF_NODES], power[GB_BELIEF_NODES] = {0};
    size_t weakest = set_strong_speeds(m, step, wind, speed);

    for (size_t k = 0; k < m->fleet->n_kinds; k++) {
        if (!m->plants[k].has_turbines)
            continue;
        for (size_t i = weakest; i < GB_BELIEF_NODES; i++)
            power[i] = gb_plant_wind(&m->plants[k].plant, speed[i]);
        m->plants[k].believed_power +=
            wind.variance > 0 ? gb_belief_mean(&m->rule, power) : power[GB_BELIEF_NODES - 1];
    }
}

/* The mean of the wind that is believed to blow, which cools modules. */
static double believed_wind_ms(const struct modelled *m, const struct gb_weather_slot *slot,
                               int64_t last_read)
{
    size_t n = gb_weather_n_wind_steps(m->weather);
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        const struct gb_wind_step *step = &slot->wind[i];
        double z = gb_weather_wind_belief(m->weather, slot->interval, i, last_read).mean;
        sum += step->season * gb_wind_speed(gb_weather_wind(m->weather), step->daily, z);
    }
    return sum / (double)n;
}

static void believe_wind_power(struct modelled *m, const struct gb_weather_slot *slot,
                               int64_t last_read)
{
    size_t n = gb_weather_n_wind_steps(m->weather), n_kinds = m->fleet->n_kinds;

    for (size_t k = 0; k < n_kinds; k++)
        m->plants[k].believed_power = 0;
    for (size_t i = 0; i < n; i++)
        add_wind_power(m, &slot->wind[i],
                       gb_weather_wind_belief(m->weather, slot->interval, i, last_read));
    for (size_t k = 0; k < n_kinds; k++)
        m->plants[k].believed_power /= (double)n;
}

/* Sets the expected power of every kind's turbines, where there are any. returns the wind that
 * cools modules, 0 by night */
static double believe_wind(struct modelled *m, const struct gb_weather_slot *slot,
                           int64_t last_read)
{
    double foreseen = -1;

    gb_modelled_breathe(m, gb_weather_at(m->weather, last_read)->temperature_c);
    if (gb_weather_foresees(m->weather, GB_WIND_SPEED))
        foreseen = gb_weather_foreseen_wind(m->weather, slot->interval, last_read);
    if (foreseen >= 0) {
        believe_foreseen_wind(m, foreseen);
        return foreseen;
    }
    if (m->fleet->turbines.n > 0)
        believe_wind_power(m, slot, last_read);
    return slot->has_sun ? believed_wind_ms(m, slot, last_read) : 0;
}

/* ---- all of it */

static void set_shared_belief(struct modelled *m, int64_t interval, int64_t last_read)
{
    const struct gb_weather_slot *slot = gb_weather_at(m->weather, interval);
    struct shared_belief *shared = &m->shared;

    if (shared->is_set && shared->interval == interval && shared->last_read == last_read)
        return;
    if (slot->has_sun) /* by night nobody looks at them */
        believe_skies(m, slot, last_read);
    *shared = (struct shared_belief){
        .is_set = true,
        .interval = interval,
        .last_read = last_read,
        .wind_ms = believe_wind(m, slot, last_read),
    };
}

/* Who asks for what. */
struct asked {
    const struct modelled *m;
    int64_t interval, last_read;
    const struct gb_fleet_block *of;
    double *solar_w, *wind_w, *load_w;
    bool has_sun;
    double ambient_c;
};

/* Of meters [at, at + n) of those. */
static void believe_part(void *of_all, size_t at, size_t n)
{
    const struct asked *asked = of_all;
    const struct modelled *m = asked->m;
    const struct gb_turbines *turbines = &m->fleet->turbines;
    size_t first = asked->of->meters.first + at;
    struct gb_fleet_block part = gb_fleet_block_of(m->fleet, first, n);
    double *wind_w = asked->wind_w + (part.turbines.first - asked->of->turbines.first);
    double *solar_w = asked->solar_w + (part.systems.first - asked->of->systems.first);

    if (m->load->believes_apart)
        m->load->believe(m->loads, asked->interval, asked->last_read, first, n, asked->load_w + at);
    for (size_t i = 0; i < part.turbines.n; i++) {
        size_t turbine = part.turbines.first + i;
        wind_w[i] = 1000 * turbines->kw[turbine] *
                    gb_modelled_plants(m, turbines->meter[turbine])->believed_power;
    }
    for (size_t i = 0; i < part.systems.n; i++)
        solar_w[i] = asked->has_sun ? gb_modelled_solar_w(m, part.systems.first + i,
                                                          m->believed_skies, asked->ambient_c)
                                    : 0;
}

void gb_modelled_believe(struct modelled *m, int64_t interval, int64_t last_read,
                         const struct gb_fleet_block *of, double *solar_w, double *wind_w,
                         double *load_w)
{
    struct asked asked = {.m = m,
                          .interval = interval,
                          .last_read = last_read,
                          .of = of,
                          .solar_w = solar_w,
                          .wind_w = wind_w,
                          .load_w = load_w,
                          .has_sun = gb_weather_at(m->weather, interval)->has_sun,
                          .ambient_c = gb_weather_at(m->weather, last_read)->temperature_c};

    set_shared_belief(m, interval, last_read);
    gb_modelled_cool(m, m->shared.wind_ms);
    if (!m->load->believes_apart)
        m->load->believe(m->loads, interval, last_read, of->meters.first, of->meters.n, load_w);
    gb_parts_run(of->meters.n, believe_part, &asked);
}
