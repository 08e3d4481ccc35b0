#include "models/weather/wind_latent.h"

#include <math.h>

struct gb_wind_memory gb_wind_memory_make(const struct gb_wind_config *config, double step_h)
{
    double days = config->synoptic_share, slow = config->slow_share;
    const double shares[GB_WIND_PARTS] = {(1 - days) * slow, (1 - days) * (1 - slow), days};
    const double hours[GB_WIND_PARTS] = {config->slow_h, config->fast_h, config->synoptic_h};
    struct gb_wind_memory memory = {.variance = 0};

    for (int i = 0; i < GB_WIND_PARTS; i++) {
        double of_records = gb_step_means_make(GB_WIND_RECORD_H / hours[i]).variance;

        memory.means[i] = gb_step_means_make(step_h / hours[i]);
        memory.share[i] = shares[i] / of_records;
        memory.variance += memory.share[i] * memory.means[i].variance;
    }
    return memory;
}

double gb_wind_correlation(const struct gb_wind_memory *memory, double steps)
{
    double sum = 0;

    for (int i = 0; i < GB_WIND_PARTS; i++) {
        const struct gb_step_means *means = &memory->means[i];
        if (memory->share[i] > 0)
            sum +=
                memory->share[i] * gb_step_means_covariance(means, pow(means->memory, steps - 1));
    }
    return sum / memory->variance;
}

void gb_wind_latent_init(struct gb_wind_latent *latent, const struct gb_wind_config *config,
                         double step_h, struct gb_draws draws)
{
    *latent = (struct gb_wind_latent){
        .memory = gb_wind_memory_make(config, step_h),
        .keys = {gb_draws_key(draws, GB_PURPOSE_WIND_SLOW),
                 gb_draws_key(draws, GB_PURPOSE_WIND_FAST),
                 gb_draws_key(draws, GB_PURPOSE_WIND_SYNOPTIC)},
    };
}

/* The mean of a part over the next step, by the two normals of an address. */
static double next_mean(struct gb_wind_latent *latent, int part, uint32_t number)
{
    struct gb_draw draw = gb_draw_at(latent->keys[part], 0, 0, number, 0);

    return gb_step_means_advance(&latent->memory.means[part], &latent->ends[part],
                                 gb_draw_normal(draw), gb_normal_from(gb_draw_uniform2(draw)));
}

double gb_wind_latent_advance(struct gb_wind_latent *latent, uint32_t number, bool starts)
{
    double sum = 0;

    for (int i = 0; i < GB_WIND_PARTS; i++) {
        if (!(latent->memory.share[i] > 0))
            continue;
        if (starts)
            latent->ends[i] = gb_draw_normal(gb_draw_at(latent->keys[i], 1, 0, number, 0));
        double mean = next_mean(latent, i, number);
        sum += sqrt(latent->memory.share[i]) * mean;
    }
    return sum;
}

struct gb_belief gb_wind_latent_belief(const struct gb_wind_memory *memory, double seen,
                                       double steps, double kappa, double error)
{
    double scale = sqrt(memory->variance);
    struct gb_belief unit =
        gb_belief_from(seen / scale, gb_wind_correlation(memory, steps), kappa, error);

    return (struct gb_belief){scale * unit.mean, memory->variance * unit.variance};
}
