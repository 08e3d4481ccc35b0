#include "models/assets/fleet.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "models/weather/gaussian.h"

/* Draws of GB_PURPOSE_ASSETS, one number for each decision, so that none can shift another. */
enum { DRAW_PROSUMER, DRAW_STORAGE, DRAW_PV };
/* Draws of GB_PURPOSE_LOAD_TRAITS. */
enum { DRAW_SIZE_AND_SHAPE, DRAW_PHASE };

static const double most_phase_h = 11.5;        /* further would be another day */
static const double most_log_shape = 2;

static bool allocate(struct gb_fleet *fleet)
{
    double **const arrays[] = {
        &fleet->pv_kwp, &fleet->tilt_deg, &fleet->azimuth_deg, &fleet->turbine_kw,
        &fleet->battery_kwh, &fleet->battery_kw, &fleet->load_scale_w, &fleet->load_shape,
        &fleet->load_phase_h,
    };

    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        *arrays[i] = calloc(fleet->n ? fleet->n : 1, sizeof **arrays[i]);
        if (!*arrays[i])
            return false;
    }
    return true;
}

/* Lognormal value of a mean and a standard deviation. */
static double lognormal(double mean, double sd, double normal)
{
    double variance = log1p(sd / mean * (sd / mean));

    return mean * exp(sqrt(variance) * normal - variance / 2);
}

static double held(double value, double most)
{
    return fmin(fmax(value, -most), most);
}

static void draw_assets(struct gb_fleet *fleet, const struct gb_physics_config *c,
                        struct gb_key key, size_t i)
{
    struct gb_draw kind = gb_draw_at(key, (uint32_t)i, 0, 0, DRAW_PROSUMER);
    struct gb_draw storage = gb_draw_at(key, (uint32_t)i, 0, 0, DRAW_STORAGE);
    struct gb_draw pv = gb_draw_at(key, (uint32_t)i, 0, 0, DRAW_PV);

    if (gb_draw_uniform(kind) >= c->prosumer_share)
        return;
    if (gb_draw_uniform2(kind) < c->wind_share) {
        fleet->turbine_kw[i] = c->turbine_kw;
    } else {
        fleet->pv_kwp[i] = lognormal(c->pv_kwp_mean, c->pv_kwp_sd, gb_draw_normal(pv));
        fleet->tilt_deg[i] = c->tilt_deg;
        fleet->azimuth_deg[i] =
            c->azimuth_deg + c->azimuth_sd_deg * gb_normal_from(gb_draw_uniform2(pv));
    }
    if (gb_draw_uniform(storage) < c->storage_share) {
        fleet->battery_kwh[i] = c->battery_kwh;
        fleet->battery_kw[i] = c->battery_kw;
    }
}

static void draw_household(struct gb_fleet *fleet, const struct gb_physics_config *c,
                           struct gb_key key, size_t i)
{
    struct gb_draw draw = gb_draw_at(key, (uint32_t)i, 0, 0, DRAW_SIZE_AND_SHAPE);
    struct gb_draw phase = gb_draw_at(key, (uint32_t)i, 0, 0, DRAW_PHASE);
    double size = c->load_sigma * gb_draw_normal(draw) - c->load_sigma * c->load_sigma / 2;
    double shape = c->load_shape_sd * gb_normal_from(gb_draw_uniform2(draw));

    fleet->load_scale_w[i] = 1000 * c->load_mean_kw * exp(size);
    fleet->load_shape[i] = exp(held(shape, most_log_shape));
    fleet->load_phase_h[i] = held(c->load_phase_sd_h * gb_draw_normal(phase), most_phase_h);
}

enum gb_status gb_fleet_create(struct gb_fleet **out, const struct gb_physics_config *config,
                               uint64_t seed, uint32_t replication, struct gb_error *err)
{
    struct gb_fleet *fleet = calloc(1, sizeof *fleet);
    struct gb_key assets = gb_key_make(seed, replication, GB_PURPOSE_ASSETS);
    struct gb_key traits = gb_key_make(seed, replication, GB_PURPOSE_LOAD_TRAITS);

    if (!fleet)
        return gb_fail(err, GB_ENOMEM, "no memory for the fleet");
    fleet->n = (size_t)config->n_meters;
    if (!allocate(fleet)) {
        size_t n = fleet->n;
        gb_fleet_free(fleet);
        return gb_fail(err, GB_ENOMEM, "no memory for a fleet of %zu meters", n);
    }
    for (size_t i = 0; i < fleet->n; i++) {
        draw_assets(fleet, config, assets, i);
        draw_household(fleet, config, traits, i);
    }
    *out = fleet;
    return GB_OK;
}

void gb_fleet_free(struct gb_fleet *fleet)
{
    if (!fleet)
        return;
    free(fleet->pv_kwp);
    free(fleet->tilt_deg);
    free(fleet->azimuth_deg);
    free(fleet->turbine_kw);
    free(fleet->battery_kwh);
    free(fleet->battery_kw);
    free(fleet->load_scale_w);
    free(fleet->load_shape);
    free(fleet->load_phase_h);
    free(fleet);
}
