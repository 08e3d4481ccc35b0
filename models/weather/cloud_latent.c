#include "models/weather/cloud_latent.h"

#include <math.h>

#define LEAST_MEMORY 1e-12 /* keeps the running sum of logs finite */

void gb_cloud_latent_init(struct gb_cloud_latent *latent, const struct gb_cloud_config *config,
                          double step_h, struct gb_draws draws)
{
    *latent = (struct gb_cloud_latent){
        .config = config,
        .hours_key = gb_draws_key(draws, GB_PURPOSE_CLOUD_REGIONAL),
        .night_key = gb_draws_key(draws, GB_PURPOSE_CLOUD_OVERNIGHT),
        .days_key = gb_draws_key(draws, GB_PURPOSE_CLOUD_DAYS),
        .waves_key = gb_draws_key(draws, GB_PURPOSE_CLOUD_WAVES),
        .step_h = step_h,
        .hours_memory = pow(config->acf_hour, step_h),
        .days_memory = exp(-step_h / config->days_h),
        .hours_share = 1,
        .variance = 1,
        .is_drifting = config->model == GB_CLOUDS_DRIFTING,
    };
    if (!latent->is_drifting)
        return;
    gb_cloud_waves_init(&latent->waves, 60 * config->passing_min, config->speed_ms, 3600 * step_h);
    latent->waves_share = config->passing_share;
    latent->days_share = (1 - config->passing_share) * config->days_share;
    latent->hours_share = (1 - config->passing_share) * (1 - config->days_share);
    latent->variance =
        latent->hours_share + latent->days_share + latent->waves_share * latent->waves.total;
}

/* By day the latent forgets by the hour; at night it stands still, and the morning keeps as much of
 * the last evening as the scenario says. */
static void advance_hours(struct gb_cloud_latent *latent, uint32_t number, bool starts,
                          bool has_sun)
{
    double memory = latent->hours_memory;
    struct gb_key key = latent->hours_key;

    if (starts) {
        latent->hours = gb_draw_normal(gb_draw_at(key, 0, 0, number, 0));
    } else if (has_sun) {
        if (latent->was_dark) {
            memory = latent->config->overnight;
            key = latent->night_key;
        }
        latent->hours =
            gb_latent_step(latent->hours, memory, gb_draw_normal(gb_draw_at(key, 0, 0, number, 0)));
        latent->memory_log += log(fmax(memory, LEAST_MEMORY));
    }
    latent->was_dark = !has_sun;
}

static void advance_drift(struct gb_cloud_latent *latent, uint32_t number, bool starts,
                          struct gb_cloud_step *out)
{
    double news = gb_draw_normal(gb_draw_at(latent->days_key, 0, 0, number, 0));

    latent->days = gb_latent_step(latent->days, starts ? 0 : latent->days_memory, news);
    gb_cloud_waves_advance(&latent->waves, latent->waves_key, number, starts);
    out->shared =
        sqrt(latent->hours_share) * latent->hours + sqrt(latent->days_share) * latent->days;
    out->z = out->shared + sqrt(latent->waves_share) * gb_cloud_waves_centre(&latent->waves);
    if (out->waves)
        gb_cloud_waves_read(&latent->waves, sqrt(latent->waves_share), out->waves);
}

void gb_cloud_latent_advance(struct gb_cloud_latent *latent, uint32_t number, bool starts,
                             bool has_sun, struct gb_cloud_step *out)
{
    advance_hours(latent, number, starts, has_sun);
    out->number = number;
    out->memory_log = latent->memory_log;
    if (latent->is_drifting)
        advance_drift(latent, number, starts, out);
    else
        out->z = out->shared = latent->hours;
}

/* Correlation of the whole latent between two steps. */
static double correlation(const struct gb_cloud_latent *latent, const struct gb_cloud_step *seen,
                          const struct gb_cloud_step *then)
{
    double hours = exp(then->memory_log - seen->memory_log);

    if (!latent->is_drifting)
        return hours;
    double steps = (double)(int32_t)(then->number - seen->number);
    return (latent->hours_share * hours + latent->days_share * pow(latent->days_memory, steps) +
            latent->waves_share * latent->waves.total *
                gb_cloud_waves_memory(&latent->waves, steps)) /
           latent->variance;
}

struct gb_belief gb_cloud_latent_belief(const struct gb_cloud_latent *latent,
                                        const struct gb_cloud_step *seen,
                                        const struct gb_cloud_step *then, double kappa,
                                        double error)
{
    double scale = sqrt(latent->variance);
    struct gb_belief unit =
        gb_belief_from(seen->z / scale, correlation(latent, seen, then), kappa, error);

    return (struct gb_belief){scale * unit.mean, latent->variance * unit.variance};
}
