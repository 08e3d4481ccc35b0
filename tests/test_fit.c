/* Estimators get back the parameters of series that were made from them, by generators of this
 * file's own or by the models, within the errors they state. */
#include "models/fit/fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "models/assets/physics_config.h"
#include "models/weather/irradiance.h"
#include "models/weather/sun.h"
#include "models/weather/weather.h"
#include "tests/fit_estimates.h"
#include "tests/power_model.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"

enum { QUARTER_S = 900, HOUR_S = 3600, DAY_S = 86400, YEAR_DAYS = 365 };
static const int64_t start_s = INT64_C(1672531200); /* 2023-01-01 */

static double uniform(uint64_t *state)
{
    return ((double)(splitmix64(state) >> 11) + 0.5) * 0x1p-53;
}

static double normal(uint64_t *state)
{
    double radius = sqrt(-2 * log(uniform(state)));

    return radius * cos(2 * M_PI * uniform(state));
}

static double remember(double z, double memory, uint64_t *state)
{
    return memory * z + sqrt(1 - memory * memory) * normal(state);
}

/* ---- wind */

struct truth {
    double k, a; /* of what the daily cycle leaves */
    double amplitude, peak_h;
    double slow_share, slow_h, fast_h;
};
static const struct truth windy = {2.3, 5.5, 0.2, 15, 0.9, 12, 0.5};

/* Variance that a part keeps in means over ten minutes. */
static double kept_by_records(double hours)
{
    double x = 1 / (6 * hours);

    return 2 * (x - 1 + exp(-x)) / (x * x);
}

/* Speeds of a year as an anemometer shows them, which turns from 1 m/s on: of every step the mean
 * of its first ten minutes, of which instants a minute apart are drawn. shift_s  of the local clock
 */
static double *speeds(const struct truth *t, size_t n, int64_t step_s, int64_t shift_s,
                      uint64_t seed)
{
    double *v = malloc(n * sizeof *v), step_h = (double)step_s / HOUR_S;
    double slow = normal(&seed), fast = normal(&seed);
    double of_slow = sqrt(t->slow_share / kept_by_records(t->slow_h));
    double of_fast = sqrt((1 - t->slow_share) / kept_by_records(t->fast_h));
    int minutes = (int)(step_s / 60), read = minutes < 10 ? minutes : 10;

    for (size_t i = 0; i < n; i++) {
        double hour = fmod(((double)i + 0.5) * step_h + (double)shift_s / HOUR_S, 24), z = 0;
        for (int m = 0; m < minutes; m++) {
            z += m < read ? (of_slow * slow + of_fast * fast) / read : 0;
            slow = remember(slow, exp(-1 / (60 * t->slow_h)), &seed);
            fast = remember(fast, exp(-1 / (60 * t->fast_h)), &seed);
        }
        double u = t->a * pow(-log(0.5 * erfc(z * M_SQRT1_2)), 1 / t->k);
        v[i] = u * (1 + t->amplitude * cos(2 * M_PI * (hour - t->peak_h) / 24));
        v[i] = v[i] < 1 ? 0 : v[i];
    }
    return v;
}

static void fit_wind(struct gb_fit *fit, const struct gb_fit_channel *channels, size_t n,
                     const char *zone_text)
{
    struct gb_physics_config config = default_physics();
    struct gb_zone zone;
    struct gb_error err = {0};

    EXPECT_INT(gb_zone_parse(zone_text, &zone, &err), GB_OK);
    struct gb_fit_data data = {n, channels, &zone, &config};
    if (!EXPECT_INT(gb_estimator_wind.fit(fit, &data, &err), GB_OK))
        tap_note("%s", err.text);
}

static void a_year_of_hourly_wind_gives_back_what_it_was_made_from(void)
{
    enum { N = YEAR_DAYS * 24 };
    double *v = speeds(&windy, N, HOUR_S, 0, 1);
    struct gb_fit_channel channel = {"made", start_s, HOUR_S, N, v};
    struct gb_fit fit;

    fit_wind(&fit, &channel, 1, "UTC0");
    expect_found(&fit, "wind.diurnal_ratio", 1.2 / 0.8, 0.1);
    expect_found(&fit, "wind.diurnal_peak", 15, 0.5);
    expect_found(&fit, "wind.slow_share", 0.9, 0.05);
    expect_found(&fit, "wind.slow_time", 12, 2);
    EXPECT(strstr(fit.remark, "wind.fast_time") != NULL);
    /* Weibull(k, A) has the mean and the variance of the speeds over all hours */
    double error, k = estimate_of(&fit, "wind.weibull_k", &error);
    double a = estimate_of(&fit, "wind.weibull_a", &error);
    double mean = windy.a * tgamma(1 + 1 / windy.k);
    double square = windy.a * windy.a * tgamma(1 + 2 / windy.k) * 1.02;
    EXPECT_NEAR(a * tgamma(1 + 1 / k), mean, 3.5 * error);
    EXPECT_NEAR(sqrt(tgamma(1 + 2 / k) / pow(tgamma(1 + 1 / k), 2) - 1),
                sqrt(square / mean / mean - 1), 0.03);
    EXPECT_INT(fit.n_values, N);
    free(v);
}

/* Without noise but what an hour lends the next, the peak stands where it was put. */
static void the_hour_of_the_strongest_wind_does_not_hang_on_the_step(void)
{
    static const int64_t steps[] = {600, HOUR_S, 3 * HOUR_S};

    for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
        size_t n = (size_t)(YEAR_DAYS * DAY_S / steps[k]);
        double step_h = (double)steps[k] / HOUR_S, error;
        double *v = malloc(n * sizeof *v);
        struct gb_fit_channel channel = {"made", start_s, steps[k], n, v};
        struct gb_fit fit;

        for (size_t i = 0; i < n; i++) { /* each day has a speed of its own */
            double hour = ((double)i + 0.5) * step_h;
            uint64_t day = (uint64_t)(hour / 24);
            v[i] = (2 + 4 * uniform(&day)) * (1 + 0.2 * cos(2 * M_PI * (hour - 15) / 24));
        }
        fit_wind(&fit, &channel, 1, "UTC0");
        EXPECT_NEAR(estimate_of(&fit, "wind.diurnal_peak", &error), 15, 1e-6);
        free(v);
    }
}

/* Taken for instants, means of ten minutes would give a fast_time of 0.9 h and a slow_share above.
 */
static void steps_of_minutes_tell_the_fast_part_too(void)
{
    static const int64_t steps[] = {300, 600};
    struct truth gusty = windy;

    gusty.slow_share = 0.7;
    for (size_t k = 0; k < sizeof steps / sizeof steps[0]; k++) {
        size_t n = (size_t)(YEAR_DAYS * DAY_S / steps[k]);
        double *v = speeds(&gusty, n, steps[k], 0, 2);
        struct gb_fit_channel channel = {"made", start_s, steps[k], n, v};
        struct gb_fit fit;

        fit_wind(&fit, &channel, 1, "UTC0");
        expect_found(&fit, "wind.fast_time", 0.5, 0.3);
        expect_found(&fit, "wind.slow_share", 0.7, 0.1);
        EXPECT_TEXT(fit.remark, "");
        free(v);
    }
}

static void local_time_is_the_zones_and_gaps_and_exposure_change_nothing_much(void)
{
    enum { N = YEAR_DAYS * 24 };
    double *v = speeds(&windy, N, HOUR_S, -5 * HOUR_S + DAY_S, 3), *w = malloc(N * sizeof *w);

    for (size_t i = 0; i < N; i++)
        w[i] = v[i] * 0.8;
    for (size_t i = 1000; i < 1700; i++)
        v[i] = NAN;
    struct gb_fit_channel channels[] = {{"one", start_s, HOUR_S, N, v},
                                        {"sheltered", start_s, HOUR_S, N, w}};
    struct gb_fit fit;
    fit_wind(&fit, channels, 2, "EST5");
    expect_found(&fit, "wind.diurnal_peak", 15, 0.5);
    double error, k = estimate_of(&fit, "wind.weibull_k", &error);
    EXPECT_NEAR(k, 2.2, 3.5 * error + 0.05);
    EXPECT_INT(fit.n_values, 2 * N - 700);
    free(v);
    free(w);
}

/* ---- clouds */

static const double dark_weight = 0.4, dark_mean = 0.45, dark_sd = 0.15, clear_mean = 0.95,
                    clear_sd = 0.07, memory_hour = 0.8, memory_night = 0.35;

static double mode_below(double kc, double mean, double sd)
{
    return 0.5 * erfc(-(kc - mean) / sd * M_SQRT1_2);
}

/* By halving; kc at which the mixture of modes reaches Phi(z). */
static double clearness(double z)
{
    double wanted = 0.5 * erfc(-z * M_SQRT1_2), low = 0.02, high = 1.3;

    for (int i = 0; i < 50; i++) {
        double kc = (low + high) / 2;
        double p = dark_weight * mode_below(kc, dark_mean, dark_sd) +
                   (1 - dark_weight) * mode_below(kc, clear_mean, clear_sd);
        if (p < wanted)
            low = kc;
        else
            high = kc;
    }
    return low;
}

/* Irradiance in quarters of an hour at a site, under the mean of a latent that forgets from minute
 * to minute while the sun is up, and over a night. */
static double *irradiance(const struct gb_physics_config *config, size_t n, uint64_t seed)
{
    const struct gb_site_config *c = &config->weather.site;
    struct gb_site site = {c->latitude_deg, c->longitude_deg, c->altitude_m,
                           gb_standard_pressure_pa(c->altitude_m), c->temperature_c};
    double *ghi = calloc(n, sizeof *ghi), z = normal(&seed), memory = pow(memory_hour, 1 / 60.0);
    bool was_dark = true;

    for (size_t i = 0; i < n; i++) {
        double clear = 0;

        for (int part = 0; part < 15; part++) {
            double days = ((double)start_s + ((double)i + (part + 0.5) / 15) * QUARTER_S) / DAY_S;
            struct gb_sun sun = gb_sun_at(&site, days);
            if (sun.apparent_zenith_deg < 90)
                clear +=
                    gb_clear_sky(sun.apparent_zenith_deg,
                                 gb_air_mass(sun.apparent_zenith_deg) * site.pressure_pa / 101325,
                                 c->linke_turbidity, c->altitude_m,
                                 gb_extraterrestrial(1 + (int)(i / 96)))
                        .ghi /
                    15;
        }
        double mean = 0;
        for (int part = 0; clear > 0 && part < 15; part++) {
            z = remember(z, was_dark ? memory_night : memory, &seed);
            was_dark = false;
            mean += z / 15;
        }
        was_dark = clear <= 0;
        ghi[i] = clear * clearness(mean);
    }
    return ghi;
}

/* Quarters become means over `per` of them, in their place. */
static void average(double *values, size_t n, size_t per)
{
    for (size_t i = 0; i < n / per; i++) {
        double sum = 0;
        for (size_t j = 0; j < per; j++)
            sum += values[i * per + j];
        values[i] = sum / (double)per;
    }
}

static enum gb_status fit_clouds(struct gb_fit *fit, const struct gb_physics_config *config,
                                 int64_t first_s, int64_t step_s, size_t n, double *ghi,
                                 struct gb_error *err)
{
    struct gb_fit_channel channel = {"made", first_s, step_s, n, ghi};
    struct gb_zone zone = GB_ZONE_UTC;
    struct gb_fit_data data = {1, &channel, &zone, config};

    return gb_estimator_clouds.fit(fit, &data, err);
}

/* Memories are of instants: means of half hours and of hours, which remember more, give the same.
 */
static void a_year_of_irradiance_gives_back_its_clouds(void)
{
    enum { N = YEAR_DAYS * 96 };
    struct gb_physics_config config = default_physics();
    double *ghi = irradiance(&config, N, 4);
    struct gb_error err = {0};
    struct gb_fit fit;

    if (!EXPECT_INT(fit_clouds(&fit, &config, start_s, QUARTER_S, N, ghi, &err), GB_OK))
        tap_note("%s", err.text);
    expect_found(&fit, "clouds.dark_weight", dark_weight, 0.06);
    expect_found(&fit, "clouds.dark_mean", dark_mean, 0.05);
    expect_found(&fit, "clouds.dark_sd", dark_sd, 0.03);
    expect_found(&fit, "clouds.clear_mean", clear_mean, 0.02);
    expect_found(&fit, "clouds.clear_sd", clear_sd, 0.02);
    expect_found(&fit, "clouds.memory_hour", memory_hour, 0.03);
    expect_found(&fit, "clouds.memory_night", memory_night, 0.15);
    for (size_t per = 2; per <= 4; per *= 2) {
        average(ghi, N / (per / 2), 2);
        EXPECT_INT(fit_clouds(&fit, &config, start_s, (int64_t)per * QUARTER_S, N / per, ghi, &err),
                   GB_OK);
        expect_found(&fit, "clouds.memory_hour", memory_hour, 0.03);
        expect_found(&fit, "clouds.memory_night", memory_night, 0.15);
    }
    free(ghi);
}

/* A year of the model's own light, in slots of a quarter hour. */
static double *modelled_light(const struct gb_physics_config *config, int64_t n, uint64_t seed)
{
    struct gb_weather *weather = NULL;
    double *ghi = calloc((size_t)n, sizeof *ghi);

    EXPECT_INT(gb_weather_create(&weather, &config->weather, NULL, NULL, 2,
                                 (struct gb_draws){.seed = seed}, NULL),
               GB_OK);
    for (int64_t slot = gb_anchor_slot(config->weather.slot_ns); slot < n; slot++) {
        EXPECT_INT(gb_weather_advance(weather, NULL), GB_OK);
        const struct gb_sky_step *step = gb_weather_at(weather, slot)->steps;
        if (slot >= 0)
            ghi[slot] =
                step->clear_ghi * gb_cloud_clearness(gb_weather_clouds(weather), step->clouds[0].z);
    }
    gb_weather_free(weather);
    return ghi;
}

/* Under the default keys but for the memory, which the estimator is not told. */
static void clouds_of_the_model_give_back_their_memory_in_steps_of_any_length(void)
{
    enum { N = YEAR_DAYS * 96 };
    static const double memories[] = {0.65, 0.78, 0.88};

    for (size_t m = 0; m < 3; m++) {
        struct gb_physics_config config = default_physics(), given = config;
        struct gb_error err = {0};
        struct gb_fit fit;
        int64_t midnight_s = config.weather.start_date * DAY_S -
                             (int64_t)(config.weather.site.utc_offset_h * HOUR_S);

        config.weather.slot_ns = QUARTER_S * GB_NS_PER_SECOND;
        config.weather.clouds.acf_hour = memories[m];
        double *ghi = modelled_light(&config, N, 21 + m);
        for (size_t per = 1; per <= 4; per *= 2) {
            if (per > 1)
                average(ghi, N / (per / 2), 2);
            EXPECT_INT(
                fit_clouds(&fit, &given, midnight_s, (int64_t)per * QUARTER_S, N / per, ghi, &err),
                GB_OK);
            expect_found(&fit, "clouds.memory_hour", memories[m], 0.03);
        }
        free(ghi);
    }
}

/* Means of hours leave more dim light out than those of quarter hours do, and forget within. By
 * this seed hours give 0.017 less than quarters (others 0.001 to 0.013, one of six 0.098); without
 * what is forgotten within 0.08 less, with all of a dim step for light 0.10 more. */
static void a_night_keeps_as_much_in_steps_of_any_length(void)
{
    enum { N = 4 * YEAR_DAYS * 96 };
    struct gb_physics_config config = default_physics(), given = config;
    struct gb_error err = {0};
    struct gb_fit fit;
    double error, of_quarters = NAN;
    int64_t midnight_s =
        config.weather.start_date * DAY_S - (int64_t)(config.weather.site.utc_offset_h * HOUR_S);

    config.weather.slot_ns = QUARTER_S * GB_NS_PER_SECOND;
    config.weather.clouds.overnight = 0.7;
    double *ghi = modelled_light(&config, N, 31);
    for (size_t per = 1; per <= 4; per *= 4) {
        if (per > 1)
            average(ghi, N, per);
        EXPECT_INT(
            fit_clouds(&fit, &given, midnight_s, (int64_t)per * QUARTER_S, N / per, ghi, &err),
            GB_OK);
        expect_found(&fit, "clouds.memory_night", 0.7, 0.1);
        double night = estimate_of(&fit, "clouds.memory_night", &error);
        tap_note("a night keeps %.3f by steps of %zu min", night, 15 * per);
        if (per > 1)
            EXPECT_NEAR(night, of_quarters, 0.04);
        of_quarters = night;
    }
    free(ghi);
}

static void light_of_every_other_hour_alone_tells_no_memory(void)
{
    enum { N = YEAR_DAYS * 24 };
    struct gb_physics_config config = default_physics();
    double *ghi = irradiance(&config, (size_t)N * 4, 6);
    struct gb_error err = {0};
    struct gb_fit fit;

    average(ghi, (size_t)N * 4, 4);
    for (size_t i = 0; i < N; i += 2)
        ghi[i] = NAN;
    EXPECT_INT(fit_clouds(&fit, &config, start_s, HOUR_S, N, ghi, &err), GB_EINPUT);
    EXPECT_TEXT(err.text,
                "expected steps an hour apart with the sun 10 degrees up, under a sky that "
                "changes");
    free(ghi);
}

static void irradiance_of_another_site_is_told(void)
{
    enum { N = 100 * 96 };
    struct gb_physics_config config = default_physics();
    double *ghi = irradiance(&config, N, 5);
    struct gb_error err = {0};
    struct gb_fit fit;

    config.weather.site.longitude_deg -= 60; /* four hours off */
    EXPECT_INT(fit_clouds(&fit, &config, start_s, QUARTER_S, N, ghi, &err), GB_EINPUT);
    EXPECT(strstr(err.text, "site.longitude") != NULL);
    free(ghi);
}

/* ---- loads */

enum { HOMES = 14, LOAD_DAYS = 49, LOAD_STEPS = LOAD_DAYS * 48 };

/* Loads of homes as the model itself makes them, under parameters far from the defaults. */
static void make_homes(const struct gb_physics_config *config, double *const *power_w)
{
    struct power_model model;

    power_model_open(&model, config, 1, 7);
    for (int64_t k = 0; k < LOAD_STEPS; k++) {
        struct gb_slot_power power = power_at(&model, k);
        for (size_t h = 0; h < HOMES; h++)
            power_w[h][k] = power.load_w[h];
    }
    power_model_close(&model);
}

static void homes_of_the_model_give_back_its_parameters(void)
{
    struct gb_physics_config config = default_physics(), given = config;
    struct gb_fit_channel channels[HOMES];
    double *power_w[HOMES];
    struct gb_zone zone = GB_ZONE_UTC;
    struct gb_error err = {0};
    struct gb_fit fit;

    config.fleet.n_meters = HOMES;
    config.fleet.prosumer_share = 0;
    config.weather.slot_ns = 1800 * GB_NS_PER_SECOND;
    config.household.mean_kw = 0.7;
    config.household.sigma = 0.3;
    config.household.floor = 0.2;
    config.household.noise = 0.45;
    config.household.persistent_share = 0.6;
    config.household.phi = 0.9;
    config.household.common_share = 0.1;
    config.household.phase_sd_h = 0.8;
    config.household.shape_sd = 0.2;
    for (size_t h = 0; h < HOMES; h++) {
        power_w[h] = malloc(LOAD_STEPS * sizeof *power_w[h]);
        channels[h] = (struct gb_fit_channel){"home", config.weather.start_date * DAY_S, 1800,
                                              LOAD_STEPS, power_w[h]};
    }
    make_homes(&config, power_w);
    power_w[3][100] = NAN;
    struct gb_fit_data data = {HOMES, channels, &zone, &given};
    if (!EXPECT_INT(gb_estimator_load.fit(&fit, &data, &err), GB_OK))
        tap_note("%s", err.text);
    expect_found(&fit, "load.mean", 0.7, 0.1);
    expect_found(&fit, "load.size_sd", 0.3, 0.1);
    expect_found(&fit, "load.floor", 0.2, 0.1);
    expect_found(&fit, "load.noise", 0.45, 0.1);
    expect_found(&fit, "load.persistent_share", 0.6, 0.15);
    expect_found(&fit, "load.memory", 0.9, 0.05);
    expect_found(&fit, "load.common_share", 0.1, 0.08);
    expect_found(&fit, "load.phase_sd", 0.8, 0.4);
    expect_found(&fit, "load.shape_sd", 0.2, 0.15);
    EXPECT_TEXT(fit.remark, "");
    EXPECT_INT(fit.n_values, HOMES * LOAD_STEPS - 1);
    for (size_t h = 0; h < HOMES; h++)
        free(power_w[h]);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_year_of_hourly_wind_gives_back_what_it_was_made_from),
        TAP(the_hour_of_the_strongest_wind_does_not_hang_on_the_step),
        TAP(steps_of_minutes_tell_the_fast_part_too),
        TAP(local_time_is_the_zones_and_gaps_and_exposure_change_nothing_much),
        TAP(a_year_of_irradiance_gives_back_its_clouds),
        TAP(clouds_of_the_model_give_back_their_memory_in_steps_of_any_length),
        TAP(a_night_keeps_as_much_in_steps_of_any_length),
        TAP(light_of_every_other_hour_alone_tells_no_memory),
        TAP(irradiance_of_another_site_is_told),
        TAP(homes_of_the_model_give_back_its_parameters),
        {0}};

    return tap_main("fit", tests);
}
