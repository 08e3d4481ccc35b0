#include "models/weather/cloud_latent.h"

#include <math.h>

#define LEAST_MEMORY 1e-12 /* of a night: keeps the running sum of logs finite */

void gb_cloud_latent_init(struct gb_cloud_latent *latent, const struct gb_cloud_config *config,
                          double step_h, struct gb_draws draws)
{
    *latent = (struct gb_cloud_latent){
        .config = config,
        .hours_key = gb_draws_key(draws, GB_PURPOSE_CLOUD_REGIONAL),
        .night_key = gb_draws_key(draws, GB_PURPOSE_CLOUD_OVERNIGHT),
        .days_key = gb_draws_key(draws, GB_PURPOSE_CLOUD_DAYS),
        .waves_key = gb_draws_key(draws, GB_PURPOSE_CLOUD_WAVES),
        .hours_means = gb_step_means_by_hour(config->acf_hour, step_h),
        .days_means = gb_step_means_make(step_h / config->days_h),
        .hours_share = 1,
        .is_drifting = config->model == GB_CLOUDS_DRIFTING,
    };
    latent->variance = latent->hours_means.variance;
    if (!latent->is_drifting)
        return;
    gb_cloud_waves_init(&latent->waves, 60 * config->passing_min, config->speed_ms, 3600 * step_h);
    latent->waves_share = config->passing_share;
    latent->days_share = (1 - config->passing_share) * config->days_share;
    latent->hours_share = (1 - config->passing_share) * (1 - config->days_share);
    latent->variance = latent->hours_share * latent->hours_means.variance +
                       latent->days_share * latent->days_means.variance +
                       latent->waves_share * latent->waves.total;
}

/* The mean over the next step of a part, by the two normals of an address. */
static double next_mean(const struct gb_step_means *means, double *instant, struct gb_key key,
                        uint32_t number)
{
    struct gb_draw draw = gb_draw_at(key, 0, 0, number, 0);

    return gb_step_means_advance(means, instant, gb_draw_normal(draw),
                                 gb_normal_from(gb_draw_uniform2(draw)));
}

/* The instant at which a morning begins, or the first step. */
static double after_night(const struct gb_cloud_latent *latent, uint32_t number, double memory)
{
    return gb_latent_step(latent->hours_end, memory,
                          gb_draw_normal(gb_draw_at(latent->night_key, 0, 0, number, 0)));
}

/* By day the latent forgets by the hour; at night it stands still, and the morning keeps as much of
 * the last evening as the scenario says. */
static void advance_hours(struct gb_cloud_latent *latent, uint32_t number, bool starts,
                          bool has_sun)
{
    double overnight = fmax(latent->config->overnight, LEAST_MEMORY);

    if (starts) {
        latent->hours_end = after_night(latent, number, 0);
    } else if (has_sun && latent->was_dark) {
        latent->hours_end = after_night(latent, number, overnight);
        latent->memory_log += log(overnight);
    }
    if (starts || has_sun) {
        latent->hours =
            next_mean(&latent->hours_means, &latent->hours_end, latent->hours_key, number);
        latent->memory_log += log(latent->hours_means.memory);
    }
    latent->was_dark = !has_sun;
}

static void advance_drift(struct gb_cloud_latent *latent, uint32_t number, bool starts,
                          struct gb_cloud_step *out)
{
    if (starts)
        latent->days_end = gb_draw_normal(gb_draw_at(latent->days_key, 1, 0, number, 0));
    double days = next_mean(&latent->days_means, &latent->days_end, latent->days_key, number);
    gb_cloud_waves_advance(&latent->waves, latent->waves_key, number, starts);
    out->shared = sqrt(latent->hours_share) * latent->hours + sqrt(latent->days_share) * days;
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

/* Covariance of the hours in two steps; by night they have the mean of the evening's last. */
static double covariance_of_hours(const struct gb_cloud_latent *latent,
                                  const struct gb_cloud_step *seen,
                                  const struct gb_cloud_step *then)
{
    const struct gb_step_means *means = &latent->hours_means;
    double forgotten = then->memory_log - seen->memory_log;

    if (forgotten == 0) /* no step with sun since */
        return means->variance;
    return gb_step_means_covariance(means, exp(forgotten - log(means->memory)));
}

static double covariance_of_days(const struct gb_cloud_latent *latent, double steps)
{
    const struct gb_step_means *means = &latent->days_means;

    return steps > 0 ? gb_step_means_covariance(means, pow(means->memory, steps - 1))
                     : means->variance;
}

/* Correlation of the whole latent between two steps. */
static double correlation(const struct gb_cloud_latent *latent, const struct gb_cloud_step *seen,
                          const struct gb_cloud_step *then)
{
    double hours = covariance_of_hours(latent, seen, then);

    if (!latent->is_drifting)
        return hours / latent->variance;
    double steps = (double)(int32_t)(then->number - seen->number);
    return (latent->hours_share * hours + latent->days_share * covariance_of_days(latent, steps) +
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
