/* The provider of physics: the same values however it is asked and draws nobody else
 * can shift. */
#include "models/assets/physics.h"

#include <math.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/date.h"
#include "base/parallel.h"
#include "base/quantity.h"
#include "models/assets/load.h"
#include "models/weather/cloud_latent.h"
#include "models/weather/clouds.h"
#include "models/weather/temperature.h"
#include "models/weather/weather.h"
#include "models/weather/wind.h"
#include "tests/power_model.h"
#include "tests/series.h"
#include "tests/tap.h"

/* ---- slots */

static void values_do_not_depend_on_which_slot_was_asked_for_first(void)
{
    static const int64_t slots_ns[] = {60 * GB_NS_PER_SECOND, 900 * GB_NS_PER_SECOND,
                                       3600 * GB_NS_PER_SECOND};

    for (size_t s = 0; s < 9; s++) {
        struct gb_physics_config config = default_physics();
        struct power_model early, late;
        config.weather.slot_ns = slots_ns[s % 3];
        if (s >= 3) { /* homes that owe what their connection did not carry, and when */
            config.household.model =
                gb_family_find(&gb_load_family, NULL, s < 6 ? "habits" : "profile");
            config.household.limit_kw = 0.5;
        }
        power_model_open(&early, &config, 8, 4);
        power_model_open(&late, &config, 3, 4);
        for (int64_t k = -5; k < 60; k++) {
            struct gb_slot_power a = power_at(&early, k);
            if (k >= 40) {
                struct gb_slot_power b = power_at(&late, k);
                EXPECT(is_same_power(&a, &b, early.fleet));
            }
        }
        struct gb_slot_power a = power_at(&early, 57),
                             b = power_at(&late, 57); /* still in both windows */
        EXPECT(is_same_power(&a, &b, early.fleet));
        EXPECT_INT(a.interval, 57);
        power_model_close(&early);
        power_model_close(&late);
    }
}

static void adding_meters_shifts_nobody(void)
{
    struct gb_physics_config config = default_physics();
    struct power_model small, large;

    power_model_open(&small, &config, 2, 4);
    config.fleet.n_meters = 41;
    power_model_open(&large, &config, 2, 4);
    for (int64_t k = 0; k < 96; k++) {
        struct gb_slot_power a = power_at(&small, k), b = power_at(&large, k);
        EXPECT(is_same_power(&a, &b, small.fleet));
    }
    power_model_close(&small);
    power_model_close(&large);
}

static void another_seed_gives_another_day_and_all_powers_are_sound(void)
{
    struct gb_physics_config config = default_physics();
    struct power_model one, two;
    double solar = 0, wind = 0, night = 0;

    power_model_open(&one, &config, 1, 1);
    power_model_open(&two, &config, 1, 2);
    const struct gb_systems *systems = &one.fleet->systems;
    const struct gb_turbines *turbines = &one.fleet->turbines;
    for (int64_t k = 0; k < 7 * 96; k++) {
        struct gb_slot_power a = power_at(&one, k), b = power_at(&two, k);
        EXPECT(memcmp(a.load_w, b.load_w, 30 * sizeof(double)) != 0);
        for (size_t i = 0; i < 30; i++)
            EXPECT(a.load_w[i] > 0 && isfinite(a.load_w[i]));
        for (size_t i = 0; i < systems->n; i++) {
            EXPECT(a.solar_w[i] >= 0 && a.solar_w[i] <= 1000 * systems->kwp[i] / 1.2 + 1e-9);
            solar += a.solar_w[i];
            if (k % 96 < 16 || k % 96 >= 80) /* 20 h to 4 h in June */
                night += a.solar_w[i];
        }
        for (size_t i = 0; i < turbines->n; i++) {
            EXPECT(a.wind_w[i] >= 0 && a.wind_w[i] <= 1000 * turbines->kw[i] + 1e-9);
            wind += a.wind_w[i];
        }
    }
    EXPECT(solar > 0 && wind > 0);
    EXPECT(night == 0);
    power_model_close(&one);
    power_model_close(&two);
}

static void a_slot_before_the_beginning_is_refused_in_words(void)
{
    struct gb_physics_config config = default_physics();
    struct power_model v;
    struct gb_slot_power power;

    power_model_open(&v, &config, 2, 1);
    EXPECT_INT(gb_physics_modelled.slot(v.state, -33, &power, &v.err), GB_ECONFIG);
    EXPECT(strstr(v.err.text, "slot -33") != NULL && strstr(v.err.text, "slot -32") != NULL);
    EXPECT_INT(gb_physics_modelled.slot(v.state, -32, &power, NULL), GB_OK);
    power_model_close(&v);
}

static void a_clear_day_gives_the_same_energy_in_slots_of_any_length(void)
{
    static const int minutes[] = {5, 15, 60, 120};
    double energy_wh[4] = {0};

    for (int s = 0; s < 4; s++) {
        struct gb_physics_config config = default_physics();
        struct power_model v;
        config.weather.slot_ns = minutes[s] * 60 * GB_NS_PER_SECOND;
        config.fleet.prosumer_share = 1;
        config.fleet.wind_share = 0;
        config.weather.clouds.dark_weight = 0;
        config.weather.clouds.clear_mean = 1;
        config.weather.clouds.clear_sd = 0.001;
        config.pv.temperature_coefficient = 0; /* the wind that cools is drawn slot by slot */
        power_model_open(&v, &config, 1, 6);
        for (int64_t k = 0; k < 1440 / minutes[s]; k++) {
            struct gb_slot_power power = power_at(&v, k);
            for (size_t i = 0; i < 30; i++)
                energy_wh[s] += power.solar_w[i] * minutes[s] / 60;
        }
        power_model_close(&v);
    }
    for (int s = 1; s < 4; s++)
        EXPECT_NEAR(energy_wh[s], energy_wh[0], 0.005 * energy_wh[0]);
}

static void an_hour_of_load_is_the_mean_of_its_half_hours(void)
{
    struct gb_physics_config config = default_physics();
    struct power_model hours, halves;

    config.weather.slot_ns = 3600 * GB_NS_PER_SECOND;
    power_model_open(&hours, &config, 1, 13);
    config.weather.slot_ns /= 2;
    power_model_open(&halves, &config, 2, 13);
    for (int64_t k = 0; k < 48; k++) {
        struct gb_slot_power second = power_at(&halves, 2 * k + 1),
                             first = power_at(&halves, 2 * k);
        struct gb_slot_power hour = power_at(&hours, k);
        for (size_t i = 0; i < 30; i++) {
            double mean = (first.load_w[i] + second.load_w[i]) / 2;
            EXPECT_NEAR(hour.load_w[i], mean, 1e-12 * mean);
        }
    }
    power_model_close(&hours);
    power_model_close(&halves);
}

enum { SETTLED_D = 15, TRIED_D = 30 };

static struct gb_physics_config one_meter(double wind_share)
{
    struct gb_physics_config config = default_physics();

    config.fleet.n_meters = 1;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = wind_share;
    config.pv.temperature_coefficient = 0; /* power goes with light alone, */
    config.weather.clouds.local_share = 0; /* and clouds are the same for all */
    return config;
}

/* Draws are addressed by the step, so that slots of any length meet the same weather as soon as its
 * beginning is forgotten: a slot is the mean of the hours, and an hour that of the ten minutes, it
 * consists of. */
static void a_slot_of_wind_or_sun_is_the_mean_of_its_parts(void)
{
    static const struct {
        int long_min, short_min;
        double wind_share;
    } cases[] = {
        {60, 10, 1},
        {240, 60, 1},
        {240, 60, 0},
        {180, 60, 0},
    };

    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct gb_physics_config config = one_meter(cases[c].wind_share);
        struct power_model whole, parts;
        int n = cases[c].long_min / cases[c].short_min, per_day = 1440 / cases[c].long_min;
        config.weather.slot_ns = cases[c].long_min * 60 * GB_NS_PER_SECOND;
        power_model_open(&whole, &config, 1, 13);
        config.weather.slot_ns = cases[c].short_min * 60 * GB_NS_PER_SECOND;
        power_model_open(&parts, &config, 1, 13);
        for (int64_t k = SETTLED_D * per_day; k < TRIED_D * per_day; k++) {
            double mean = 0;
            for (int64_t i = 0; i < n; i++) {
                struct gb_slot_power part = power_at(&parts, n * k + i);
                mean += (cases[c].wind_share > 0 ? part.wind_w[0] : part.solar_w[0]) / n;
            }
            struct gb_slot_power slot = power_at(&whole, k);
            EXPECT_NEAR(cases[c].wind_share > 0 ? slot.wind_w[0] : slot.solar_w[0], mean,
                        1e-6 * mean);
        }
        power_model_close(&whole);
        power_model_close(&parts);
    }
}

/* Where the instant of noon stood for the day it was 38 % more. */
static void a_year_of_wind_has_the_same_energy_in_slots_of_ten_minutes_and_of_a_day(void)
{
    static const int minutes[] = {10, 60, 1440};
    double energy_wh[3] = {0};

    for (int s = 0; s < 3; s++) {
        struct gb_physics_config config = one_meter(1);
        struct power_model v;
        config.weather.slot_ns = minutes[s] * 60 * GB_NS_PER_SECOND;
        power_model_open(&v, &config, 1, 17);
        for (int64_t k = 0; k < 365 * 1440 / minutes[s]; k++)
            energy_wh[s] += power_at(&v, k).wind_w[0] * minutes[s] / 60;
        power_model_close(&v);
    }
    tap_note("a year of wind: %.1f, %.1f, %.1f kWh", energy_wh[0] / 1000, energy_wh[1] / 1000,
             energy_wh[2] / 1000);
    EXPECT_NEAR(energy_wh[1], energy_wh[0], 0.001 * energy_wh[0]);
    EXPECT_NEAR(energy_wh[2], energy_wh[0], 0.01 * energy_wh[0]);
}

/* How alike systems differ under clouds that each has for itself and that last for five minutes:
 * standard deviation over mean of their power, in the first slots of a minute that there are, in a
 * light that hardly changes: near the pole in summer. */
static void spreads_of_own_clouds(int n_slots, double *spread)
{
    enum { SYSTEMS = 2000 };
    struct gb_physics_config config = default_physics();
    struct power_model v;

    config.weather.slot_ns = 60 * GB_NS_PER_SECOND;
    config.weather.site.latitude_deg = 85;
    gb_date_parse("2023-06-21", &config.weather.start_date);
    config.weather.clouds.local_share = 1;
    config.weather.clouds.local_s = 300;
    config.fleet.n_meters = SYSTEMS;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = config.pv.azimuth_sd_deg = 0;
    power_model_open(&v, &config, 1, 3);
    EXPECT_INT(v.fleet->systems.n, SYSTEMS);
    for (int slot = 0; slot < n_slots; slot++) {
        struct gb_slot_power power = power_at(&v, gb_anchor_slot(config.weather.slot_ns) + slot);
        double yield[SYSTEMS], mean = 0;
        for (int i = 0; i < SYSTEMS; i++) {
            yield[i] = power.solar_w[i] / v.fleet->systems.kwp[i];
            mean += yield[i] / SYSTEMS;
        }
        spread[slot] = series_sd(yield, SYSTEMS) / mean;
    }
    power_model_close(&v);
}

/* The first minutes of light are as any other: of the variance of a minute the news have .2 of .94,
 * and what went before has the rest. */
static void clouds_of_ones_own_are_there_from_the_first_light_on(void)
{
    enum { N = 30 };
    double spread[N];

    spreads_of_own_clouds(N, spread);
    tap_note("spread of own clouds: %.3f, %.3f, %.3f in minutes 1, 10 and 30", spread[0], spread[9],
             spread[N - 1]);
    for (int slot = 0; slot < N; slot++)
        EXPECT_NEAR(spread[slot], spread[N - 1], 0.1 * spread[N - 1]);
}

/* Mean correlation, over pairs of alike systems, of the steps of their power about noon. */
static double noon_steps_alike(int slot_s)
{
    enum { SYSTEMS = 8, DAYS = 20, MOST = 20000 };
    struct gb_physics_config config = default_physics();
    struct power_model v;
    double *steps[SYSTEMS], before[SYSTEMS] = {0}, sum = 0;
    size_t n = 0;

    config.weather.slot_ns = slot_s * GB_NS_PER_SECOND;
    config.fleet.n_meters = SYSTEMS;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = 0;
    config.pv.azimuth_sd_deg = 0;
    power_model_open(&v, &config, 1, 3);
    EXPECT_INT(v.fleet->systems.n, SYSTEMS);
    for (int i = 0; i < SYSTEMS; i++)
        steps[i] = calloc(MOST, sizeof *steps[i]);
    for (int64_t k = 0; k < DAYS * 86400 / slot_s && n < MOST; k++) {
        struct gb_slot_power power = power_at(&v, k);
        int64_t second = k * slot_s % 86400;
        bool is_noon = second >= 11 * 3600 && second < 13 * 3600;
        for (int i = 0; i < SYSTEMS; i++) {
            double now = power.solar_w[i] / v.fleet->systems.kwp[i];
            steps[i][n] = now - before[i];
            before[i] = now;
        }
        n += is_noon;
    }
    for (int i = 1; i < SYSTEMS; i++)
        sum += series_correlation(steps[0], steps[i], n) / (SYSTEMS - 1);
    for (int i = 0; i < SYSTEMS; i++)
        free(steps[i]);
    power_model_close(&v);
    return sum;
}

/* Where slots of 300 s shared their sky and shorter ones did not, it was .22 and 1. Over 20 other
 * seeds the figures have standard deviations .016, .012, .014, .005 and the difference .017: bounds
 * lie four and more of them away, a right program fails for one seed in 5 000. The law itself is
 * followed to a thousandth in the test of clouds. */
static void neighbours_step_alike_without_a_jump_at_any_slot(void)
{
    double minute = noon_steps_alike(60), below = noon_steps_alike(299),
           at_five = noon_steps_alike(300), quarter = noon_steps_alike(900);

    tap_note("steps of neighbours correlate %.3f at 60 s, %.3f at 299 s, %.3f at 300 s, %.3f at "
             "900 s",
             minute, below, at_five, quarter);
    EXPECT_NEAR(minute, 0.489, 0.07);
    EXPECT_NEAR(at_five, below, 0.07);
    EXPECT_NEAR(below, 0.852, 0.05);
    EXPECT(quarter > 0.955 && quarter < 1 - 1e-6);
}

static void expect_same_bits_on_threads(enum gb_cloud_model clouds, double kappa)
{
#ifdef _OPENMP
    struct gb_physics_config config = default_physics();
    int before = omp_get_max_threads();
    struct power_model models[3];

    config.fleet.n_meters = 2 * GB_PARALLEL_FROM + 3; /* enough for every sweep to be shared out */
    config.fleet.prosumer_share = 0.9;
    config.weather.slot_ns = 3600 * GB_NS_PER_SECOND;
    config.weather.clouds.model = clouds;
    config.weather.forecast.kappa = kappa;
    for (int t = 0; t < 3; t++)
        power_model_open(&models[t], &config, 3, 8);
    for (int64_t k = 11; k < 14; k++) {
        struct gb_slot_power power[3];
        for (int t = 0; t < 3; t++) {
            omp_set_num_threads(t + 1);
            power[t] = power_at(&models[t], k);
        }
        EXPECT(is_same_power(&power[0], &power[1], models[0].fleet));
        EXPECT(is_same_power(&power[0], &power[2], models[0].fleet));
    }
    omp_set_num_threads(before);
    for (int t = 0; t < 3; t++)
        power_model_close(&models[t]);
#else
    (void)clouds;
    (void)kappa;
#endif
}

static void any_number_of_threads_gives_the_same_bits(void)
{
    expect_same_bits_on_threads(GB_CLOUDS_REGIONAL, 0);
    expect_same_bits_on_threads(GB_CLOUDS_DRIFTING, 0.5);
}

/* ---- the corners of the table */

static bool is_sound(const double *power_w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(power_w[i] >= 0 && power_w[i] < 1e15))
            return false;
    return true;
}

/* A morning in slots `k` to `k + 24`, truth and forecast. */
static bool runs_soundly(const struct gb_physics_config *config, int64_t k)
{
    struct power_model v;
    bool holds = true;

    power_model_open(&v, config, 4, 1);
    for (int64_t end = k + 24; k < end && holds; k++) {
        struct estimates b;
        forecast_at(&v, k, k - 2, 0, MAX_METERS, &b);
        struct gb_slot_power truth = power_at(&v, k);
        size_t systems = v.fleet->systems.n, turbines = v.fleet->turbines.n;
        holds = is_sound(truth.load_w, MAX_METERS) && is_sound(b.load_w, MAX_METERS) &&
                is_sound(truth.solar_w, systems) && is_sound(b.solar_w, systems) &&
                is_sound(truth.wind_w, turbines) && is_sound(b.wind_w, turbines);
    }
    power_model_close(&v);
    return holds;
}

static void every_choice_gives_sound_powers_and_makes_a_difference(void)
{
    for (const struct gb_param *row = gb_physics_params; row->key; row++) {
        for (int32_t choice = 0; row->kind == GB_PARAM_CHOICE && row->choices[choice]; choice++) {
            struct gb_physics_config config = default_physics(), usual = default_physics();
            struct power_model v, other;
            bool differs = false;
            if (row->offset == offsetof(struct gb_physics_config, weather.forecast.kind) &&
                choice > GB_FORECAST_CONDITIONAL_MEAN)
                continue; /* those look at readings alone: tests/test_replayed.c */
            if (row->offset == offsetof(struct gb_physics_config, household.mean_profile))
                continue; /* of homes with habits: tests/test_habits.c */
            if (row->offset == offsetof(struct gb_physics_config, ev.controller) ||
                row->offset == offsetof(struct gb_physics_config, heat_pump.controller))
                continue; /* of no power that is drawn: tests/test_evs.c, test_heat_pumps.c */
            if (row->offset == offsetof(struct gb_physics_config, turbine.density_temperature))
                config.weather.site.temperature_model = usual.weather.site.temperature_model =
                    GB_TEMPERATURE_PROCESS;
            memcpy((char *)&config + row->offset, &choice, sizeof choice);
            bool is_usual = memcmp(&config, &usual, sizeof config) == 0;
            if (!EXPECT(runs_soundly(&config, 20)))
                tap_note("with %s = %s", row->key, row->choices[choice]);
            power_model_open(&v, &config, 4, 1);
            power_model_open(&other, &usual, 4, 1);
            for (int64_t k = 40; k < 60; k++) {
                struct estimates a = {0}, b = {0};
                forecast_at(&v, k, k - 2, 0, MAX_METERS, &a);
                forecast_at(&other, k, k - 2, 0, MAX_METERS, &b);
                differs = differs || memcmp(&a, &b, sizeof a) != 0;
            }
            if (!EXPECT(differs != is_usual))
                tap_note("%s = %s", row->key, row->choices[choice]);
            power_model_close(&v);
            power_model_close(&other);
        }
    }
}

/* Rows that count only where a choice asks for them, at both ends there. */
static void rows_behind_a_choice_give_sound_powers_at_either_end_too(void)
{
    for (int end = 0; end < 2; end++) {
        struct gb_physics_config turbulent = default_physics(), sheared = default_physics(),
                                 rotor = default_physics();
        turbulent.turbine.smoothing = GB_SMOOTHING_TURBULENCE;
        turbulent.turbine.turbulence = end;
        sheared.turbine.profile = GB_WIND_POWER_LAW;
        sheared.turbine.shear = end;
        rotor.turbine.smoothing = GB_SMOOTHING_REGION;
        rotor.turbine.rotor_m = end ? 200 : 1e-3;
        EXPECT(runs_soundly(&turbulent, 20));
        EXPECT(runs_soundly(&sheared, 20));
        EXPECT(runs_soundly(&rotor, 20));
    }
}

static void every_row_at_either_end_of_its_range_gives_sound_powers(void)
{
    for (const struct gb_param *row = gb_physics_params; row->key; row++) {
        if (row->kind != GB_PARAM_NUMBER)
            continue;
        for (int end = 0; end < 2; end++) {
            struct gb_physics_config config = default_physics();
            double value = end ? row->maximum : row->minimum;
            memcpy((char *)&config + row->offset, &value, sizeof value);
            if (!EXPECT(runs_soundly(&config, 20)))
                tap_note("with %s = %g", row->key, value);
        }
    }
    static const int64_t seconds[] = {1, 7, 1000, 2700, 86400};
    for (size_t s = 0; s < sizeof seconds / sizeof seconds[0]; s++) {
        struct gb_physics_config config = default_physics();
        config.weather.slot_ns = seconds[s] * GB_NS_PER_SECOND;
        if (!EXPECT(runs_soundly(&config, 36000 / seconds[s])))
            tap_note("with slots of %d s", (int)seconds[s]);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(values_do_not_depend_on_which_slot_was_asked_for_first),
        TAP(adding_meters_shifts_nobody),
        TAP(another_seed_gives_another_day_and_all_powers_are_sound),
        TAP(a_slot_before_the_beginning_is_refused_in_words),
        TAP(a_clear_day_gives_the_same_energy_in_slots_of_any_length),
        TAP(an_hour_of_load_is_the_mean_of_its_half_hours),
        TAP(a_slot_of_wind_or_sun_is_the_mean_of_its_parts),
        TAP(a_year_of_wind_has_the_same_energy_in_slots_of_ten_minutes_and_of_a_day),
        TAP(clouds_of_ones_own_are_there_from_the_first_light_on),
        TAP(neighbours_step_alike_without_a_jump_at_any_slot),
        TAP(any_number_of_threads_gives_the_same_bits),
        TAP(every_choice_gives_sound_powers_and_makes_a_difference),
        TAP(rows_behind_a_choice_give_sound_powers_at_either_end_too),
        TAP(every_row_at_either_end_of_its_range_gives_sound_powers),
        {0}};
    return tap_main("physics", tests);
}
