/* The provider of physics: the same values however it is asked, draws nobody else can shift, and
 * forecasts that are honest. */
#include "models/assets/physics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef _OPENMP
#include <omp.h>
#endif

#include "base/quantity.h"
#include "models/weather/clouds.h"
#include "models/weather/wind.h"
#include "tests/series.h"
#include "tests/tap.h"

struct village {
    struct gb_physics_config config;
    struct gb_fleet *fleet;
    void *state;
    struct gb_error err;
};

static struct gb_physics_config defaults(void)
{
    struct gb_physics_config config = {0};

    gb_param_defaults(gb_physics_params, &config);
    return config;
}

static void build(struct village *v, const struct gb_physics_config *config, size_t window,
                  uint64_t seed)
{
    memset(v, 0, sizeof *v);
    v->config = *config;
    EXPECT_INT(gb_fleet_create(&v->fleet, &v->config, seed, 0, &v->err), GB_OK);
    EXPECT_INT(
        gb_physics_modelled.create(&v->state, &v->config, v->fleet, window, seed, 0, &v->err),
        GB_OK);
}

static void demolish(struct village *v)
{
    gb_physics_modelled.free(v->state);
    gb_fleet_free(v->fleet);
}

static struct gb_slot_power at(struct village *v, int64_t interval)
{
    struct gb_slot_power power = {0};

    EXPECT_INT(gb_physics_modelled.slot(v->state, interval, &power, &v->err), GB_OK);
    return power;
}

/* The same power at every meter of the fleet, and at all it owns? */
static bool is_same(const struct gb_slot_power *a, const struct gb_slot_power *b,
                    const struct gb_fleet *fleet)
{
    return memcmp(a->solar_w, b->solar_w, fleet->systems.n * sizeof(double)) == 0 &&
           memcmp(a->wind_w, b->wind_w, fleet->turbines.n * sizeof(double)) == 0 &&
           memcmp(a->load_w, b->load_w, fleet->n * sizeof(double)) == 0;
}

/* ---- slots */

static void values_do_not_depend_on_which_slot_was_asked_for_first(void)
{
    static const int64_t slots_ns[] = {60 * GB_NS_PER_SECOND, 900 * GB_NS_PER_SECOND,
                                       3600 * GB_NS_PER_SECOND};

    for (size_t s = 0; s < 3; s++) {
        struct gb_physics_config config = defaults();
        struct village early, late;
        config.weather.slot_ns = slots_ns[s];
        build(&early, &config, 8, 4);
        build(&late, &config, 3, 4);
        for (int64_t k = -5; k < 60; k++) {
            struct gb_slot_power a = at(&early, k);
            if (k >= 40) {
                struct gb_slot_power b = at(&late, k);
                EXPECT(is_same(&a, &b, early.fleet));
            }
        }
        struct gb_slot_power a = at(&early, 57), b = at(&late, 57); /* still in both windows */
        EXPECT(is_same(&a, &b, early.fleet));
        EXPECT_INT(a.interval, 57);
        demolish(&early);
        demolish(&late);
    }
}

static void adding_meters_shifts_nobody(void)
{
    struct gb_physics_config config = defaults();
    struct village small, large;

    build(&small, &config, 2, 4);
    config.fleet.n_meters = 41;
    build(&large, &config, 2, 4);
    for (int64_t k = 0; k < 96; k++) {
        struct gb_slot_power a = at(&small, k), b = at(&large, k);
        EXPECT(is_same(&a, &b, small.fleet));
    }
    demolish(&small);
    demolish(&large);
}

static void another_seed_gives_another_day_and_all_powers_are_sound(void)
{
    struct gb_physics_config config = defaults();
    struct village one, two;
    double solar = 0, wind = 0, night = 0;

    build(&one, &config, 1, 1);
    build(&two, &config, 1, 2);
    const struct gb_systems *systems = &one.fleet->systems;
    const struct gb_turbines *turbines = &one.fleet->turbines;
    for (int64_t k = 0; k < 7 * 96; k++) {
        struct gb_slot_power a = at(&one, k), b = at(&two, k);
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
    demolish(&one);
    demolish(&two);
}

static void a_slot_before_the_beginning_is_refused_in_words(void)
{
    struct gb_physics_config config = defaults();
    struct village v;
    struct gb_slot_power power;

    build(&v, &config, 2, 1);
    EXPECT_INT(gb_physics_modelled.slot(v.state, -33, &power, &v.err), GB_ECONFIG);
    EXPECT(strstr(v.err.text, "slot -33") != NULL && strstr(v.err.text, "slot -32") != NULL);
    EXPECT_INT(gb_physics_modelled.slot(v.state, -32, &power, NULL), GB_OK);
    demolish(&v);
}

static void a_clear_day_gives_the_same_energy_in_slots_of_any_length(void)
{
    static const int minutes[] = {5, 15, 60, 120};
    double energy_wh[4] = {0};

    for (int s = 0; s < 4; s++) {
        struct gb_physics_config config = defaults();
        struct village v;
        config.weather.slot_ns = minutes[s] * 60 * GB_NS_PER_SECOND;
        config.fleet.prosumer_share = 1;
        config.fleet.wind_share = 0;
        config.weather.clouds.dark_weight = 0;
        config.weather.clouds.clear_mean = 1;
        config.weather.clouds.clear_sd = 0.001;
        config.pv.temperature_coefficient = 0; /* the wind that cools is drawn slot by slot */
        build(&v, &config, 1, 6);
        for (int64_t k = 0; k < 1440 / minutes[s]; k++) {
            struct gb_slot_power power = at(&v, k);
            for (size_t i = 0; i < 30; i++)
                energy_wh[s] += power.solar_w[i] * minutes[s] / 60;
        }
        demolish(&v);
    }
    for (int s = 1; s < 4; s++)
        EXPECT_NEAR(energy_wh[s], energy_wh[0], 0.005 * energy_wh[0]);
}

static void an_hour_of_load_is_the_mean_of_its_half_hours(void)
{
    struct gb_physics_config config = defaults();
    struct village hours, halves;

    config.weather.slot_ns = 3600 * GB_NS_PER_SECOND;
    build(&hours, &config, 1, 13);
    config.weather.slot_ns /= 2;
    build(&halves, &config, 2, 13);
    for (int64_t k = 0; k < 48; k++) {
        struct gb_slot_power second = at(&halves, 2 * k + 1), first = at(&halves, 2 * k);
        struct gb_slot_power hour = at(&hours, k);
        for (size_t i = 0; i < 30; i++) {
            double mean = (first.load_w[i] + second.load_w[i]) / 2;
            EXPECT_NEAR(hour.load_w[i], mean, 1e-12 * mean);
        }
    }
    demolish(&hours);
    demolish(&halves);
}

enum { SETTLED_D = 15, TRIED_D = 30 };

static struct gb_physics_config one_meter(double wind_share)
{
    struct gb_physics_config config = defaults();

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
        struct village whole, parts;
        int n = cases[c].long_min / cases[c].short_min, per_day = 1440 / cases[c].long_min;
        config.weather.slot_ns = cases[c].long_min * 60 * GB_NS_PER_SECOND;
        build(&whole, &config, 1, 13);
        config.weather.slot_ns = cases[c].short_min * 60 * GB_NS_PER_SECOND;
        build(&parts, &config, 1, 13);
        for (int64_t k = SETTLED_D * per_day; k < TRIED_D * per_day; k++) {
            double mean = 0;
            for (int64_t i = 0; i < n; i++) {
                struct gb_slot_power part = at(&parts, n * k + i);
                mean += (cases[c].wind_share > 0 ? part.wind_w[0] : part.solar_w[0]) / n;
            }
            struct gb_slot_power slot = at(&whole, k);
            EXPECT_NEAR(cases[c].wind_share > 0 ? slot.wind_w[0] : slot.solar_w[0], mean,
                        1e-6 * mean);
        }
        demolish(&whole);
        demolish(&parts);
    }
}

/* Where the instant of noon stood for the day it was 38 % more. */
static void a_year_of_wind_has_the_same_energy_in_slots_of_ten_minutes_and_of_a_day(void)
{
    static const int minutes[] = {10, 60, 1440};
    double energy_wh[3] = {0};

    for (int s = 0; s < 3; s++) {
        struct gb_physics_config config = one_meter(1);
        struct village v;
        config.weather.slot_ns = minutes[s] * 60 * GB_NS_PER_SECOND;
        build(&v, &config, 1, 17);
        for (int64_t k = 0; k < 365 * 1440 / minutes[s]; k++)
            energy_wh[s] += at(&v, k).wind_w[0] * minutes[s] / 60;
        demolish(&v);
    }
    tap_note("a year of wind: %.1f, %.1f, %.1f kWh", energy_wh[0] / 1000, energy_wh[1] / 1000,
             energy_wh[2] / 1000);
    EXPECT_NEAR(energy_wh[1], energy_wh[0], 0.001 * energy_wh[0]);
    EXPECT_NEAR(energy_wh[2], energy_wh[0], 0.01 * energy_wh[0]);
}

/* Mean correlation, over pairs of alike systems, of the steps of their power about noon. */
static double noon_steps_alike(int slot_s)
{
    enum { SYSTEMS = 8, DAYS = 20, MOST = 20000 };
    struct gb_physics_config config = defaults();
    struct village v;
    double *steps[SYSTEMS], before[SYSTEMS] = {0}, sum = 0;
    size_t n = 0;

    config.weather.slot_ns = slot_s * GB_NS_PER_SECOND;
    config.fleet.n_meters = SYSTEMS;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = 0;
    config.pv.azimuth_sd_deg = 0;
    build(&v, &config, 1, 3);
    EXPECT_INT(v.fleet->systems.n, SYSTEMS);
    for (int i = 0; i < SYSTEMS; i++)
        steps[i] = calloc(MOST, sizeof *steps[i]);
    for (int64_t k = 0; k < DAYS * 86400 / slot_s && n < MOST; k++) {
        struct gb_slot_power power = at(&v, k);
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
    demolish(&v);
    return sum;
}

/* Where slots of 300 s shared their sky and shorter ones did not, it was .22 and 1. Over 20 other
 * seeds the figures have standard deviations .021, .018, .024, .008 and the difference .023: bounds
 * lie four and more of them away, a right program fails for one seed in 5 000. The law itself is
 * followed to a thousandth in the test of clouds. */
static void neighbours_step_alike_without_a_jump_at_any_slot(void)
{
    double minute = noon_steps_alike(60), below = noon_steps_alike(299),
           at_five = noon_steps_alike(300), quarter = noon_steps_alike(900);

    tap_note("steps of neighbours correlate %.3f at 60 s, %.3f at 299 s, %.3f at 300 s, %.3f at "
             "900 s",
             minute, below, at_five, quarter);
    EXPECT_NEAR(minute, 0.447, 0.09);
    EXPECT_NEAR(at_five, below, 0.1);
    EXPECT_NEAR(below, 0.828, 0.075);
    EXPECT(quarter > 0.935 && quarter < 1 - 1e-6);
}

static void any_number_of_threads_gives_the_same_bits(void)
{
#ifdef _OPENMP
    struct gb_physics_config config = defaults();
    struct village one, two;
    int before = omp_get_max_threads();

    config.fleet.n_meters = (1 << 17) + 3; /* enough for the sweeps to be shared out */
    config.weather.slot_ns = 3600 * GB_NS_PER_SECOND;
    build(&one, &config, 1, 8);
    build(&two, &config, 1, 8);
    for (int64_t k = 0; k < 2; k++) {
        omp_set_num_threads(1);
        struct gb_slot_power a = at(&one, k);
        omp_set_num_threads(3);
        struct gb_slot_power b = at(&two, k);
        EXPECT(is_same(&a, &b, one.fleet));
    }
    omp_set_num_threads(before);
    demolish(&one);
    demolish(&two);
#else
    tap_skip("built without OpenMP");
#endif
}

/* ---- forecasts */

enum { FEW = 30 };
/* elements in the order of the fleet's lists; FEW is room for every meter to own one */
struct belief {
    double solar_w[FEW], wind_w[FEW], load_w[FEW];
};

static void ask(struct village *v, int64_t interval, int64_t last_read, size_t first, size_t n,
                struct belief *b)
{
    const struct gb_systems *systems = &v->fleet->systems;
    const struct gb_turbines *turbines = &v->fleet->turbines;
    size_t system = gb_owners_before(systems->meter, systems->n, first);
    size_t turbine = gb_owners_before(turbines->meter, turbines->n, first);

    EXPECT_INT(gb_physics_modelled.forecast(v->state, interval, last_read, first, n,
                                            b->solar_w + system, b->wind_w + turbine,
                                            b->load_w + first, &v->err),
               GB_OK);
}

static void a_perfect_forecast_or_full_skill_is_the_truth_itself(void)
{
    for (int way = 0; way < 2; way++) {
        struct gb_physics_config config = defaults();
        struct village v;
        config.forecast.kind = way ? GB_FORECAST_CONDITIONAL_MEAN : GB_FORECAST_PERFECT;
        config.forecast.skill = way;
        build(&v, &config, 4, 1);
        for (int64_t k = 0; k < 96; k++) {
            struct belief b;
            ask(&v, k, k - 2, 0, FEW, &b);
            struct gb_slot_power believed = {k, b.solar_w, b.wind_w, b.load_w}, truth = at(&v, k);
            EXPECT(is_same(&believed, &truth, v.fleet));
        }
        demolish(&v);
    }
}

static void a_belief_is_the_same_for_one_meter_or_all_and_changes_no_truth(void)
{
    struct gb_physics_config config = defaults();
    struct village asked, silent;

    config.weather.clouds.forecast_kappa = 0.7;
    build(&asked, &config, 4, 1);
    build(&silent, &config, 4, 1);
    for (int64_t k = 40; k < 60; k++) {
        struct belief all = {0}, parts = {0};
        ask(&asked, k, k - 2, 0, FEW, &all);
        for (size_t first = 0; first < FEW; first += 7)
            ask(&asked, k, k - 2, first, first + 7 < FEW ? 7 : FEW - first, &parts);
        EXPECT(memcmp(&all, &parts, sizeof all) == 0);
        struct gb_slot_power a = at(&asked, k), b = at(&silent, k);
        EXPECT(is_same(&a, &b, asked.fleet));
    }
    demolish(&asked);
    demolish(&silent);
}

/* A market that opens `ahead` slots before delivery asks no more of a window than this. */
static void a_window_keeps_just_the_slots_that_bidding_ahead_asks_for(void)
{
    for (int64_t ahead = 1; ahead <= 33; ahead += 8) {
        struct gb_physics_config config = defaults();
        struct village tight, wide;
        config.forecast.skill = 0.5;
        build(&tight, &config, (size_t)ahead + 1, 1);
        build(&wide, &config, 90, 1);
        for (int64_t k = 36; k < 72; k++) {
            struct gb_slot_power opened = at(&tight, k);
            EXPECT_INT(opened.interval, k);
            for (int64_t slot = k - ahead; slot <= k; slot++) {
                struct belief a = {0}, b = {0};
                ask(&tight, slot, k - ahead - 1, 0, FEW, &a);
                ask(&wide, slot, k - ahead - 1, 0, FEW, &b);
                EXPECT(memcmp(&a, &b, sizeof a) == 0);
            }
            struct gb_slot_power a = at(&tight, k - ahead), b = at(&wide, k - ahead);
            EXPECT(is_same(&a, &b, wide.fleet));
        }
        demolish(&tight);
        demolish(&wide);
    }
}

/* Who has clouds of its own learns as little from what it saw as where the sky they share forgets
 * by as much. The slots are the first two there are, at 4 in the afternoon: there the shared latent
 * is the same draw whatever its memory. */
static void clouds_of_ones_own_are_forgotten_by_the_next_slot(void)
{
    struct gb_physics_config own = defaults();
    struct village v, other;
    struct belief a = {0}, b = {0};

    own.weather.slot_ns = 60 * GB_NS_PER_SECOND;
    own.weather.clouds.local_share = 0.5;
    struct gb_physics_config shared = own;
    double share = gb_local_clouds_in_slots(0.5, own.weather.clouds.local_s, 60).share;
    shared.weather.clouds.local_share = 0;
    shared.weather.clouds.acf_hour *= pow(1 - share, 60 / 2.0);
    for (uint64_t seed = 1; seed <= 5; seed++) {
        build(&v, &own, 2, seed);
        build(&other, &shared, 2, seed);
        ask(&v, -479, -480, 0, FEW, &a);
        ask(&other, -479, -480, 0, FEW, &b);
        EXPECT(v.fleet->systems.n > 0);
        for (size_t i = 0; i < v.fleet->systems.n; i++) {
            EXPECT(b.solar_w[i] > 0);
            EXPECT_NEAR(a.solar_w[i], b.solar_w[i], 1e-9 * b.solar_w[i]);
        }
        demolish(&v);
        demolish(&other);
    }
}

struct errors {
    double bias, absolute, rms, mean;
}; /* W a meter and slot; together: a slot */

/* Errors of the forecast one slot of half an hour ahead over 60 days. together: of all meters' sum.
 * what: 0 load, 1 solar (daylight alone), 2 wind */
static struct errors errors_of(const struct gb_physics_config *config, int what, bool together)
{
    struct village v;
    struct errors e = {0};
    double n = 0;

    build(&v, config, 2, 21);
    const size_t n_owners[] = {FEW, v.fleet->systems.n, v.fleet->turbines.n};
    for (int64_t k = 0; k < 60 * 48; k++) {
        struct belief b;
        ask(&v, k, k - 1, 0, FEW, &b);
        struct gb_slot_power truth = at(&v, k);
        const double *is = what == 0 ? truth.load_w : what == 1 ? truth.solar_w : truth.wind_w;
        const double *believed = what == 0 ? b.load_w : what == 1 ? b.solar_w : b.wind_w;
        double off = 0, sum = 0;
        for (size_t i = 0; i < n_owners[what]; i++) {
            off += believed[i] - is[i];
            sum += is[i];
            if (!together && (what != 1 || is[i] > 0)) {
                e.bias += believed[i] - is[i];
                e.absolute += fabs(believed[i] - is[i]);
                e.rms += pow(believed[i] - is[i], 2);
                e.mean += is[i];
                n++;
            }
        }
        if (together && (what != 1 || sum > 0)) {
            e.bias += off;
            e.absolute += fabs(off);
            e.rms += off * off;
            e.mean += sum;
            n++;
        }
    }
    demolish(&v);
    return (struct errors){e.bias / n, e.absolute / n, sqrt(e.rms / n), e.mean / n};
}

static struct gb_physics_config half_hours(void)
{
    struct gb_physics_config config = defaults();

    config.weather.slot_ns = 1800 * GB_NS_PER_SECOND;
    return config;
}

/* Anchors measured on real meters 30 min ahead: one household nMAE .39, thirty .10 to .11. Over
 * 40 other seeds the figures have standard deviations .002, .003 and (sun) .007: bounds five and
 * more away. */
static void forecast_errors_are_those_of_real_neighbourhoods(void)
{
    struct gb_physics_config config = half_hours();
    struct errors one = errors_of(&config, 0, false), all = errors_of(&config, 0, true);
    struct errors solar = errors_of(&config, 1, true);

    tap_note("half an hour ahead: one load nMAE %.3f, thirty %.3f, sun %.3f of its mean",
             one.absolute / one.mean, all.absolute / all.mean, solar.absolute / solar.mean);
    EXPECT_NEAR(one.absolute / one.mean, 0.39, 0.02);
    EXPECT_NEAR(all.absolute / all.mean, 0.105, 0.02);
    EXPECT(solar.absolute / solar.mean > 0.07 && solar.absolute / solar.mean < 0.15);
}

/* Over 40 other seeds the bias of 60 days has standard deviations .0036, .0047, .018 of the
 * mean; bounds lie 4.4 of them away and more: a right program fails once in 100 000. */
static void a_conditional_mean_is_unbiased_for_every_driver(void)
{
    static const double bounds[] = {0.018, 0.025, 0.08};
    struct gb_physics_config config = half_hours();

    for (int what = 0; what < 3; what++) {
        struct errors e = errors_of(&config, what, true);
        tap_note("bias of driver %d: %.4f of the mean", what, e.bias / e.mean);
        EXPECT_NEAR(e.bias / e.mean, 0, bounds[what]);
    }
}

static void error_grows_with_kappa_and_shrinks_with_skill(void)
{
    for (int what = 0; what < 3; what++) {
        struct gb_physics_config config = half_hours();
        double rational = errors_of(&config, what, true).rms;
        config.weather.clouds.forecast_kappa = 1;
        double noisy = errors_of(&config, what, true).rms;
        config.weather.clouds.forecast_kappa = 2;
        double noisier = errors_of(&config, what, true).rms;
        config.weather.clouds.forecast_kappa = 0;
        config.forecast.skill = 0.5;
        double skilled = errors_of(&config, what, true).rms;
        EXPECT(noisy > 1.15 * rational);
        EXPECT(noisier > 1.15 * noisy);
        EXPECT_NEAR(skilled, rational / 2, 1e-9 * rational);
    }
}

/* ---- the corners of the table */

static bool is_sound(const double *power_w, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (!(power_w[i] >= 0 && power_w[i] < 1e15))
            return false;
    return true;
}

/* A morning in slots `k` to `k + 24`, truth and belief. */
static bool runs_soundly(const struct gb_physics_config *config, int64_t k)
{
    struct village v;
    bool holds = true;

    build(&v, config, 4, 1);
    for (int64_t end = k + 24; k < end && holds; k++) {
        struct belief b;
        ask(&v, k, k - 2, 0, FEW, &b);
        struct gb_slot_power truth = at(&v, k);
        size_t systems = v.fleet->systems.n, turbines = v.fleet->turbines.n;
        holds = is_sound(truth.load_w, FEW) && is_sound(b.load_w, FEW) &&
                is_sound(truth.solar_w, systems) && is_sound(b.solar_w, systems) &&
                is_sound(truth.wind_w, turbines) && is_sound(b.wind_w, turbines);
    }
    demolish(&v);
    return holds;
}

static void every_choice_gives_sound_powers_and_makes_a_difference(void)
{
    for (const struct gb_param *row = gb_physics_params; row->key; row++) {
        for (int32_t choice = 0; row->kind == GB_PARAM_CHOICE && row->choices[choice]; choice++) {
            struct gb_physics_config config = defaults(), usual = defaults();
            struct village v, other;
            bool differs = false;
            memcpy((char *)&config + row->offset, &choice, sizeof choice);
            bool is_usual = memcmp(&config, &usual, sizeof config) == 0;
            if (!EXPECT(runs_soundly(&config, 20)))
                tap_note("with %s = %s", row->key, row->choices[choice]);
            build(&v, &config, 4, 1);
            build(&other, &usual, 4, 1);
            for (int64_t k = 40; k < 60; k++) {
                struct belief a = {0}, b = {0};
                ask(&v, k, k - 2, 0, FEW, &a);
                ask(&other, k, k - 2, 0, FEW, &b);
                differs = differs || memcmp(&a, &b, sizeof a) != 0;
            }
            if (!EXPECT(differs != is_usual))
                tap_note("%s = %s", row->key, row->choices[choice]);
            demolish(&v);
            demolish(&other);
        }
    }
}

/* Rows that count only where a choice asks for them, at both ends there. */
static void rows_behind_a_choice_give_sound_powers_at_either_end_too(void)
{
    for (int end = 0; end < 2; end++) {
        struct gb_physics_config turbulent = defaults(), sheared = defaults(), rotor = defaults();
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
            struct gb_physics_config config = defaults();
            double value = end ? row->maximum : row->minimum;
            memcpy((char *)&config + row->offset, &value, sizeof value);
            if (!EXPECT(runs_soundly(&config, 20)))
                tap_note("with %s = %g", row->key, value);
        }
    }
    static const int64_t seconds[] = {1, 7, 1000, 2700, 86400};
    for (size_t s = 0; s < sizeof seconds / sizeof seconds[0]; s++) {
        struct gb_physics_config config = defaults();
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
        TAP(neighbours_step_alike_without_a_jump_at_any_slot),
        TAP(any_number_of_threads_gives_the_same_bits),
        TAP(a_perfect_forecast_or_full_skill_is_the_truth_itself),
        TAP(a_belief_is_the_same_for_one_meter_or_all_and_changes_no_truth),
        TAP(clouds_of_ones_own_are_forgotten_by_the_next_slot),
        TAP(a_window_keeps_just_the_slots_that_bidding_ahead_asks_for),
        TAP(forecast_errors_are_those_of_real_neighbourhoods),
        TAP(a_conditional_mean_is_unbiased_for_every_driver),
        TAP(error_grows_with_kappa_and_shrinks_with_skill),
        TAP(every_choice_gives_sound_powers_and_makes_a_difference),
        TAP(rows_behind_a_choice_give_sound_powers_at_either_end_too),
        TAP(every_row_at_either_end_of_its_range_gives_sound_powers),
        {0}};
    return tap_main("physics", tests);
}
