/* Physics in steps within a slot: the weather and the homes of a run whose slots are as short, to
 * the last bit and Wh; and beliefs that are means of those about steps, with one error for all. */
#include "models/assets/stepped.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "models/assets/load.h"
#include "models/assets/meter.h"
#include "models/assets/realisation.h"
#include "models/weather/cloud_latent.h"
#include "tests/stepped_village.h"
#include "tests/tap.h"

enum { N = STEPPED_METERS, STEPS = 15, WINDOW = 3 };
#define MINUTE_NS (60 * GB_NS_PER_SECOND)

/* ---- as in a run of short slots */

static const char *const load_models[] = {"profile", "habits"};

static void set_model(struct gb_physics_config *config, int load, enum gb_cloud_model clouds)
{
    config->household.model = gb_family_find(&gb_load_family, NULL, load_models[load]);
    config->weather.clouds.model = clouds;
}

/* Minutes as bits, and their Wh, of a day from morning on. */
static void compare_with_minutes(const struct gb_physics_config *whole,
                                 const struct gb_physics_config *minutes)
{
    struct stepped_village slots, short_slots;
    bool is_same = true, adds_up = true;
    int64_t moved_wh = 0;

    stepped_village_open(&slots, whole, WINDOW, &gb_controller_none);
    stepped_village_open(&short_slots, minutes, WINDOW, &gb_controller_none);
    const struct gb_fleet *fleet = slots.fleet;
    EXPECT(fleet->systems.n > 0 && fleet->turbines.n > 0);
    for (int64_t k = 0; k < 96 && is_same && adds_up; k++) {
        struct gb_slot_power steps = stepped_village_power(&slots, k);
        int64_t load_wh[N] = {0}, solar_wh[N] = {0}, wind_wh[N] = {0};
        gb_meters_advance(slots.meters, &steps, NULL, slots.energy);
        for (size_t s = 0; s < STEPS; s++) {
            struct gb_slot_power minute =
                stepped_village_power(&short_slots, k * STEPS + (int64_t)s);
            is_same &= memcmp(steps.solar_w + s * fleet->systems.n, minute.solar_w,
                              fleet->systems.n * sizeof(double)) == 0;
            is_same &= memcmp(steps.wind_w + s * fleet->turbines.n, minute.wind_w,
                              fleet->turbines.n * sizeof(double)) == 0;
            is_same &= memcmp(steps.load_w + s * fleet->n, minute.load_w, N * sizeof(double)) == 0;
            gb_meters_advance(short_slots.meters, &minute, NULL, short_slots.energy);
            for (size_t i = 0; i < N; i++) {
                load_wh[i] += short_slots.energy->load_wh[i];
                solar_wh[i] += short_slots.energy->solar_wh[i];
                wind_wh[i] += short_slots.energy->wind_wh[i];
            }
        }
        for (size_t i = 0; i < N; i++) {
            adds_up &= slots.energy->load_wh[i] == load_wh[i] &&
                       slots.energy->solar_wh[i] == solar_wh[i] &&
                       slots.energy->wind_wh[i] == wind_wh[i] &&
                       slots.energy->net_wh[i] == load_wh[i] - solar_wh[i] - wind_wh[i];
            moved_wh += load_wh[i] + solar_wh[i] + wind_wh[i];
        }
    }
    EXPECT(is_same);
    EXPECT(adds_up);
    EXPECT(moved_wh > 10000);
    stepped_village_close(&slots);
    stepped_village_close(&short_slots);
}

static void steps_are_the_slots_of_a_run_of_minutes(void)
{
    for (int load = 0; load < 2; load++)
        for (int clouds = 0; clouds < 2; clouds++) {
            struct gb_physics_config whole = stepped_village_physics(15 * MINUTE_NS, MINUTE_NS);
            struct gb_physics_config minutes = stepped_village_physics(MINUTE_NS, GB_STEP_SLOT);
            set_model(&whole, load, (enum gb_cloud_model)clouds);
            set_model(&minutes, load, (enum gb_cloud_model)clouds);
            compare_with_minutes(&whole, &minutes);
        }
}

/* What is looked back at is of the slot, and makes no difference to what is. */
static void steps_are_the_same_where_forecasts_look_back(void)
{
    struct gb_physics_config whole = stepped_village_physics(15 * MINUTE_NS, MINUTE_NS);
    struct gb_physics_config minutes = stepped_village_physics(MINUTE_NS, GB_STEP_SLOT);

    whole.weather.forecast.kind = minutes.weather.forecast.kind = GB_FORECAST_PERSISTENCE;
    compare_with_minutes(&whole, &minutes);
}

static void a_step_of_the_slot_changes_no_bit(void)
{
    struct gb_physics_config named = stepped_village_physics(15 * MINUTE_NS, 15 * MINUTE_NS);
    struct gb_physics_config unnamed = stepped_village_physics(15 * MINUTE_NS, GB_STEP_SLOT);
    struct stepped_village a, b;
    bool is_same = true;

    named.connection.limit_kw = unnamed.connection.limit_kw = 2;
    stepped_village_open(&a, &named, WINDOW, &gb_controller_greedy);
    stepped_village_open(&b, &unnamed, WINDOW, &gb_controller_greedy);
    for (int64_t k = 0; k < 96; k++) {
        struct gb_slot_power power = stepped_village_power(&a, k),
                             other = stepped_village_power(&b, k);
        is_same &= memcmp(power.load_w, other.load_w, N * sizeof(double)) == 0;
        gb_meters_advance(a.meters, &power, NULL, a.energy);
        gb_meters_advance(b.meters, &other, NULL, b.energy);
        is_same &= memcmp(a.energy->net_wh, b.energy->net_wh, N * sizeof(int64_t)) == 0;
    }
    EXPECT(is_same);
    stepped_village_close(&a);
    stepped_village_close(&b);
}

/* ---- beliefs */

struct belief {
    double solar_w[N], wind_w[N], load_w[N];
};

static void believe(struct stepped_village *v, int64_t interval, int64_t last_read,
                    struct belief *out)
{
    EXPECT_INT(gb_physics_replayed.forecast(v->physics, interval, last_read, 0, N, out->solar_w,
                                            out->wind_w, out->load_w, &v->err),
               GB_OK);
}

static void a_belief_of_a_slot_is_the_mean_of_those_of_its_steps(void)
{
    struct gb_physics_config whole = stepped_village_physics(15 * MINUTE_NS, MINUTE_NS);
    struct gb_physics_config minutes = stepped_village_physics(MINUTE_NS, GB_STEP_SLOT);
    struct stepped_village slots, short_slots;

    stepped_village_open(&slots, &whole, WINDOW, &gb_controller_none);
    stepped_village_open(&short_slots, &minutes, WINDOW * STEPS, &gb_controller_none);
    for (int64_t k = 40; k < 44; k++) {
        struct belief of_slot, of_step, mean = {{0}, {0}, {0}};
        believe(&slots, k, k - 2, &of_slot);
        for (int64_t s = 0; s < STEPS; s++) {
            believe(&short_slots, k * STEPS + s, (k - 1) * STEPS - 1, &of_step);
            for (size_t i = 0; i < N; i++) {
                mean.solar_w[i] += i < slots.fleet->systems.n ? of_step.solar_w[i] / STEPS : 0;
                mean.wind_w[i] += i < slots.fleet->turbines.n ? of_step.wind_w[i] / STEPS : 0;
                mean.load_w[i] += of_step.load_w[i] / STEPS;
            }
        }
        for (size_t i = 0; i < N; i++) {
            EXPECT_NEAR(of_slot.load_w[i], mean.load_w[i], 1e-9 * mean.load_w[i]);
            if (i < slots.fleet->systems.n)
                EXPECT_NEAR(of_slot.solar_w[i], mean.solar_w[i], 1e-9 * mean.solar_w[i]);
            if (i < slots.fleet->turbines.n)
                EXPECT_NEAR(of_slot.wind_w[i], mean.wind_w[i], 1e-9 * (1 + mean.wind_w[i]));
        }
    }
    stepped_village_close(&slots);
    stepped_village_close(&short_slots);
}

/* Root mean square of what a forecaster's error adds to the log of beliefs about loads. Errors that
 * were drawn a step would be a quarter of it: 15 of them in a mean. */
static double error_of_loads(int64_t step_ns, int load)
{
    struct gb_physics_config config = stepped_village_physics(15 * MINUTE_NS, step_ns);
    struct stepped_village sober, unsure;
    double sum = 0;
    int n = 0;

    set_model(&config, load, GB_CLOUDS_REGIONAL);
    stepped_village_open(&sober, &config, WINDOW, &gb_controller_none);
    config.weather.forecast.kappa = 0.5;
    stepped_village_open(&unsure, &config, WINDOW, &gb_controller_none);
    for (int64_t k = 30; k < 90; k++) {
        struct belief without, with;
        believe(&sober, k, k - 2, &without);
        believe(&unsure, k, k - 2, &with);
        for (size_t i = 0; i < N; i++, n++)
            sum += pow(log(with.load_w[i] / without.load_w[i]), 2);
    }
    stepped_village_close(&sober);
    stepped_village_close(&unsure);
    return sqrt(sum / n);
}

static void a_forecaster_errs_once_about_a_slot(void)
{
    for (int load = 0; load < 2; load++) {
        double whole = error_of_loads(GB_STEP_SLOT, load);
        double steps = error_of_loads(MINUTE_NS, load);
        tap_note("%s: errors of %.3f in slots, of %.3f in steps", load_models[load], whole, steps);
        EXPECT_NEAR(steps, whole, 0.1 * whole);
    }
}

/* Persistence is of the slot read last, not of its last step. */
static void persistence_is_the_mean_of_a_slot(void)
{
    struct gb_physics_config config = stepped_village_physics(15 * MINUTE_NS, MINUTE_NS);
    struct stepped_village v;

    config.weather.forecast.kind = GB_FORECAST_PERSISTENCE;
    stepped_village_open(&v, &config, WINDOW, &gb_controller_none);
    struct gb_slot_power read = stepped_village_power(&v, 48);
    double mean[N] = {0};
    for (size_t s = 0; s < STEPS; s++)
        for (size_t i = 0; i < N; i++)
            mean[i] += read.load_w[s * N + i] / STEPS;
    struct belief belief;
    believe(&v, 49, 48, &belief);
    for (size_t i = 0; i < N; i++)
        EXPECT_NEAR(belief.load_w[i], mean[i], 1e-9 * mean[i]);
    stepped_village_close(&v);
}

/* ---- energy over a day of steps */

/* Every slot balances; over the day registers are the integral of what flowed, to the last Wh; a
 * battery stays in its bounds and loses what its efficiency says; and a meter whose battery can
 * shows no Wh at all. */
static void energy_is_exact_at_the_slot(void)
{
    struct gb_physics_config config = stepped_village_physics(15 * MINUTE_NS, MINUTE_NS);
    struct stepped_village v;
    double generated[N] = {0}, used[N] = {0};
    int64_t solar_wh[N] = {0}, load_wh[N] = {0}, charge_wh[N] = {0}, discharge_wh[N] = {0};
    bool balances = true;
    int n_rests = 0, n_cut = 0;

    config.connection.limit_kw = 2.5;
    config.fleet.wind_share = 0;
    stepped_village_open(&v, &config, WINDOW, &gb_controller_greedy);
    for (int64_t k = 0; k < 96; k++) {
        struct gb_slot_power power = stepped_village_power(&v, k);
        const struct gb_slot_energy *e = v.energy;
        gb_meters_advance(v.meters, &power, NULL, v.energy);
        for (size_t s = 0; s < STEPS; s++) {
            for (size_t i = 0; i < N; i++)
                used[i] += power.load_w[s * N + i] / 60;
            for (size_t j = 0; j < v.fleet->systems.n; j++)
                generated[v.fleet->systems.meter[j]] +=
                    power.solar_w[s * v.fleet->systems.n + j] / 60;
        }
        for (size_t i = 0; i < N; i++) {
            balances &= e->net_wh[i] ==
                        e->load_wh[i] + e->charge_wh[i] - e->solar_wh[i] - e->discharge_wh[i];
            balances &= e->solar_wh[i] >= 0 && e->net_wh[i] >= -625;
            solar_wh[i] += e->solar_wh[i] + e->curtailed_wh[i];
            load_wh[i] += e->load_wh[i];
            charge_wh[i] += e->charge_wh[i];
            discharge_wh[i] += e->discharge_wh[i];
            n_cut += e->curtailed_wh[i] > 0;
        }
        for (size_t b = 0; b < v.fleet->batteries.n; b++)
            n_rests += e->net_wh[v.fleet->batteries.meter[b]] == 0;
    }
    EXPECT(balances);
    EXPECT(n_cut > 0);
    EXPECT(n_rests > 100);
    for (size_t i = 0; i < N; i++) {
        /* half a micro-Wh of rounding a step; the register shows whole Wh only */
        EXPECT(used[i] - (double)load_wh[i] > -0.001 && used[i] - (double)load_wh[i] < 1.001);
        EXPECT(generated[i] - (double)solar_wh[i] > -0.001 &&
               generated[i] - (double)solar_wh[i] < 1.001);
    }
    for (size_t b = 0; b < v.fleet->batteries.n; b++) {
        size_t i = v.fleet->batteries.meter[b];
        double stored = gb_meters_charge_wh(v.meters)[b];
        EXPECT_NEAR(stored,
                    3200 + (double)charge_wh[i] * STEPPED_ONE_WAY -
                        (double)discharge_wh[i] / STEPPED_ONE_WAY,
                    2.1);
        EXPECT(stored >= 1600 - 1e-6 && stored <= 6400 + 1e-6);
    }
    stepped_village_close(&v);
}

/* ---- statistics of hours */

struct hours {
    double mean_w, steps_w; /* about noon; root mean square of steps from hour to hour */
};

/* Of one system's power from 10 to 14 h over some years, in slots of an hour. */
static struct hours hours_of(int64_t step_ns, enum gb_cloud_model clouds, int years)
{
    struct gb_physics_config config = stepped_village_physics(60 * MINUTE_NS, step_ns);
    struct stepped_village v;
    double sum = 0, squares = 0, before = 0;
    int n = 0;

    config.fleet.n_meters = 1;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = 0;
    config.weather.clouds.model = clouds;
    config.weather.forecast.kind = GB_FORECAST_PERFECT;
    stepped_village_open(&v, &config, 1, &gb_controller_none);
    for (int64_t k = 0; k < 24 * 365 * years; k++) {
        struct gb_slot_power power = stepped_village_power(&v, k);
        double mean;
        gb_stepped_mean(power.solar_w, gb_weather_n_steps_a_slot(&config.weather), 1, &mean);
        if (k % 24 >= 11 && k % 24 < 14) {
            sum += mean;
            squares += (mean - before) * (mean - before);
            n++;
        }
        before = mean;
    }
    stepped_village_close(&v);
    return (struct hours){sum / n, sqrt(squares / n)};
}

/* within  by what share slots with steps may differ from those without */
static void expect_same_hours(enum gb_cloud_model clouds, int years, double within)
{
    static const int64_t minutes[] = {5, 15, 30};
    struct hours whole = hours_of(GB_STEP_SLOT, clouds, years);

    tap_note("steps of an hour: %.1f W, from hour to hour %.1f W", whole.mean_w, whole.steps_w);
    EXPECT(whole.steps_w > 100);
    for (size_t i = 0; i < sizeof minutes / sizeof minutes[0]; i++) {
        struct hours steps = hours_of(minutes[i] * MINUTE_NS, clouds, years);
        tap_note("steps of %d min: %.1f W, from hour to hour %.1f W", (int)minutes[i], steps.mean_w,
                 steps.steps_w);
        EXPECT_NEAR(steps.mean_w, whole.mean_w, within * whole.mean_w);
        EXPECT_NEAR(steps.steps_w, whole.steps_w, within * whole.steps_w);
    }
}

static void hours_of_drifting_clouds_have_the_same_statistics_in_whatever_steps(void)
{
    expect_same_hours(GB_CLOUDS_DRIFTING, 1, 0.01);
}

/* They move every quarter of an hour, and in each step that is shorter. Steps of 5 min have draws
 * of their own, of which the mean of three years has a standard deviation of some 2 %. */
static void hours_of_regional_clouds_have_the_same_statistics_in_whatever_steps(void)
{
    expect_same_hours(GB_CLOUDS_REGIONAL, 3, 0.05);
}

/* ---- shared among trials */

static void trials_share_steps_to_the_last_bit(void)
{
    struct gb_physics_config config = stepped_village_physics(15 * MINUTE_NS, MINUTE_NS);
    struct gb_realisations *all = NULL;
    struct gb_realisation *first = NULL, *second = NULL, *alone = NULL;
    struct gb_draws draws = {.seed = 4};
    struct gb_error err = {0};
    bool is_same = true;

    EXPECT_INT(gb_realisations_create(&all, &gb_physics_replayed, 1 << 28, &err), GB_OK);
    EXPECT_INT(gb_realisation_open(&first, all, &config, WINDOW, draws, &err), GB_OK);
    EXPECT_INT(gb_realisation_open(&second, all, &config, WINDOW, draws, &err), GB_OK);
    EXPECT_INT(gb_realisation_open(&alone, NULL, &config, WINDOW, draws, &err), GB_OK);
    const struct gb_fleet *fleet = gb_realisation_fleet(first);
    for (int64_t k = 40; k < 60; k++) {
        struct gb_slot_power a, b, c;
        EXPECT_INT(gb_realisation_slot(first, k, &a, &err), GB_OK);
        EXPECT_INT(gb_realisation_slot(second, k, &b, &err), GB_OK);
        EXPECT_INT(gb_realisation_slot(alone, k, &c, &err), GB_OK);
        EXPECT(a.load_w == b.load_w);
        is_same &= memcmp(a.load_w, c.load_w, STEPS * N * sizeof(double)) == 0;
        is_same &= memcmp(a.solar_w, c.solar_w, STEPS * fleet->systems.n * sizeof(double)) == 0;
        is_same &= memcmp(a.wind_w, c.wind_w, STEPS * fleet->turbines.n * sizeof(double)) == 0;
    }
    EXPECT(is_same);
    gb_realisation_close(first);
    gb_realisation_close(second);
    gb_realisation_close(alone);
    gb_realisations_free(all);
}

/* ---- long slots */

static void steps_of_a_long_slot_reach_as_far_back_as_it(void)
{
    struct gb_physics_config config = stepped_village_physics(6 * 60 * MINUTE_NS, 15 * MINUTE_NS);
    struct stepped_village v;
    struct belief belief;

    stepped_village_open(&v, &config, WINDOW, &gb_controller_greedy);
    believe(&v, 0, -3, &belief);
    for (size_t i = 0; i < N; i++)
        EXPECT(belief.load_w[i] > 0);
    struct gb_slot_power early = {0};
    struct gb_error err = {0};
    EXPECT_INT(gb_physics_replayed.slot(v.physics, -9, &early, &err), GB_ECONFIG);
    EXPECT(strstr(err.text, "slot -9 is asked for, but the physics begins at slot -8") != NULL);
    stepped_village_close(&v);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(steps_are_the_slots_of_a_run_of_minutes),
        TAP(steps_are_the_same_where_forecasts_look_back),
        TAP(a_step_of_the_slot_changes_no_bit),
        TAP(a_belief_of_a_slot_is_the_mean_of_those_of_its_steps),
        TAP(a_forecaster_errs_once_about_a_slot),
        TAP(persistence_is_the_mean_of_a_slot),
        TAP(energy_is_exact_at_the_slot),
        TAP(hours_of_drifting_clouds_have_the_same_statistics_in_whatever_steps),
        TAP(hours_of_regional_clouds_have_the_same_statistics_in_whatever_steps),
        TAP(trials_share_steps_to_the_last_bit),
        TAP(steps_of_a_long_slot_reach_as_far_back_as_it),
        {0}};
    return tap_main("steps", tests);
}
