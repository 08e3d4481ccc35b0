/* What households and their agents believe of what the provider `modelled` will compute: plants
 * under the expected sky and wind, given what was read last. */
#include "base/parts.h"
#include "models/assets/modelled_priv.h"

static double map_clearness(const void *context, double z)
{
    return gb_cloud_clearness(context, z);
}

struct wind_context {
    const struct modelled *m;
    const struct gb_plant *plant;
    double local_hour, season;
};

static double map_wind(const void *context, double z)
{
    const struct wind_context *wind = context;

    double speed = gb_wind_speed(gb_weather_wind(wind->m->weather), wind->local_hour, z);

    return gb_plant_wind(wind->plant, wind->season * speed);
}

/* Clouds over a system, given those over all: one's own are forgotten in minutes, so that what was
 * seen depends on the shared sky alone. */
static struct gb_belief clouds_over_one(const struct modelled *m, size_t step, size_t cloud_step,
                                        int64_t interval, int64_t last_read)
{
    double own = m->local.share;
    struct gb_belief clouds =
        gb_weather_cloud_belief(m->weather, interval, step, cloud_step, last_read);

    clouds.mean *= m->shared_weight;
    clouds.variance = (1 - own) * clouds.variance + own;
    return clouds;
}

/* Skies under the expected clear-sky index. */
static void believe_regional_skies(struct modelled *m, const struct gb_weather_slot *slot,
                                   int64_t last_read)
{
    for (size_t i = 0; i < m->n_steps; i++) {
        struct gb_belief clouds = clouds_over_one(m, i, 0, slot->interval, last_read);
        double kc = gb_expect(map_clearness, m->clouds, clouds);
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
            struct gb_belief_nodes nodes =
                gb_nodes_of(clouds_over_one(m, i, c, slot->interval, last_read));
            for (size_t k = 0; k < GB_BELIEF_NODES; k++) {
                double kc = gb_cloud_clearness(m->clouds, nodes.z[k]);
                struct gb_sky sky = gb_modelled_sky(m, &slot->steps[i], kc);
                gb_sky_add(&expected, &sky, nodes.weight[k] / (double)n);
            }
        }
        m->believed_skies[i] = expected;
    }
}

static void believe_skies(struct modelled *m, int64_t interval, int64_t last_read)
{
    const struct gb_weather_slot *slot = gb_weather_at(m->weather, interval);

    if (m->drifting)
        believe_drifting_skies(m, slot, last_read);
    else
        believe_regional_skies(m, slot, last_read);
    if (!gb_weather_foresees(m->weather, GB_IRRADIANCE))
        return;
    for (size_t i = 0; i < m->n_steps; i++) {
        double ghi = gb_weather_foreseen_light(m->weather, interval, i, last_read);
        if (ghi >= 0)
            m->believed_skies[i] = gb_modelled_sky_with(m, &slot->steps[i], ghi);
    }
}

/* Power of every kind's turbines in a wind that a file forecasts. */
static void believe_foreseen_wind(struct modelled *m, double speed)
{
    for (size_t k = 0; k < m->fleet->n_kinds; k++)
        m->plants[k].believed_power = gb_plant_wind(&m->plants[k].plant, speed);
}

/* Sets the expected power of every kind's turbines. returns the wind that cools modules */
static double believe_wind(struct modelled *m, int64_t interval, int64_t last_read)
{
    const struct gb_weather_slot *slot = gb_weather_at(m->weather, interval);
    size_t n = gb_weather_n_wind_steps(m->weather), n_kinds = m->fleet->n_kinds;
    double sum = 0, foreseen = -1;

    for (size_t k = 0; k < n_kinds; k++)
        gb_plant_breathe(&m->plants[k].plant, gb_weather_at(m->weather, last_read)->temperature_c);
    if (gb_weather_foresees(m->weather, GB_WIND_SPEED))
        foreseen = gb_weather_foreseen_wind(m->weather, interval, last_read);
    if (foreseen >= 0) {
        believe_foreseen_wind(m, foreseen);
        return foreseen;
    }
    for (size_t k = 0; k < n_kinds; k++)
        m->plants[k].believed_power = 0;
    for (size_t i = 0; i < n; i++) {
        struct wind_context context = {
            .m = m, .local_hour = slot->wind[i].local_hour, .season = slot->wind[i].season};
        struct gb_belief wind = gb_weather_wind_belief(m->weather, interval, i, last_read);
        sum += context.season *
               gb_wind_speed(gb_weather_wind(m->weather), context.local_hour, wind.mean);
        for (size_t k = 0; k < n_kinds; k++) {
            context.plant = &m->plants[k].plant;
            m->plants[k].believed_power += gb_expect(map_wind, &context, wind);
        }
    }
    for (size_t k = 0; k < n_kinds; k++)
        m->plants[k].believed_power /= (double)n;
    return sum / (double)n;
}

static void set_shared_belief(struct modelled *m, int64_t interval, int64_t last_read)
{
    struct shared_belief *shared = &m->shared;

    if (shared->is_set && shared->interval == interval && shared->last_read == last_read)
        return;
    believe_skies(m, interval, last_read);
    *shared = (struct shared_belief){
        .is_set = true,
        .interval = interval,
        .last_read = last_read,
        .wind_ms = believe_wind(m, interval, last_read),
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
