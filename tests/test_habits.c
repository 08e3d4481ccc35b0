/* Homes that differ and have habits: a year of many against the intervals of measured homes, by
 * estimators that know no model (tests/home_statistics.h); minutes; slots of any length; and what
 * connections carry. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "models/assets/mean_day.h"
#include "models/weather/weather.h"
#include "tests/home_statistics.h"
#include "tests/homes.h"
#include "tests/london.h"
#include "tests/series.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"

/* Power of n homes over `slots` slots from slot 0 on, a series a home. */
static double *loads_of(const struct gb_physics_config *config, size_t n, size_t slots,
                        uint64_t seed)
{
    struct homes homes;
    double *load = calloc(n * slots, sizeof *load), *power = calloc(n, sizeof *power);

    homes_open(&homes, config, 1, seed);
    for (size_t t = 0; t < slots; t++) {
        homes_advance(&homes, (int64_t)t, power);
        for (size_t i = 0; i < n; i++)
            load[i * slots + t] = power[i];
    }
    homes_close(&homes);
    free(power);
    return load;
}

static size_t *everybody(size_t n)
{
    size_t *which = calloc(n, sizeof *which);

    for (size_t i = 0; i < n; i++)
        which[i] = i;
    return which;
}

static size_t n_homes(void)
{
    const char *text = getenv("GB_HOMES"); /* at length: make check-habits */

    return text ? (size_t)atol(text) : 200;
}

/* At length, homes of seeds that no parameter was set on: from 1001 on, or behind GB_SEED_BASE. */
static uint64_t first_seed(void)
{
    const char *base = getenv("GB_SEED_BASE");

    return 1 + (base ? strtoull(base, NULL, 10) : getenv("GB_HOMES") ? 1000 : 0);
}

/* The statistics of n modelled homes, made in groups that fit into memory; *level: mean over homes
 * of (mean load / size). */
static struct home_statistics *modelled_homes(size_t n, enum gb_mean_profile profile, double *level)
{
    enum { GROUP = 100 };
    struct home_statistics *homes = calloc(n, sizeof *homes);

    *level = 0;
    for (size_t first = 0; first < n; first += GROUP) {
        struct gb_physics_config config = homes_config(GROUP, 30);
        config.household.mean_profile = profile;
        struct gb_fleet *fleet = NULL;
        struct gb_error err = {0};
        uint64_t seed = first_seed() + first / GROUP;
        double *load = loads_of(&config, GROUP, HOME_SLOTS, seed);
        EXPECT_INT(gb_fleet_create(&fleet, &config, (struct gb_draws){.seed = seed}, &err), GB_OK);
        for (size_t i = 0; i < GROUP && first + i < n; i++) {
            homes[first + i] = home_statistics(load + i * HOME_SLOTS);
            *level +=
                series_mean(load + i * HOME_SLOTS, HOME_SLOTS) / fleet->load_scale_w[i] / (double)n;
        }
        gb_fleet_free(fleet);
        free(load);
    }
    return homes;
}

/* Within two standard errors of an end of the interval, which is a 2.5 % quantile of 4000
 * resamples: 2 sqrt(0.025 0.975 / 4000) / 0.0584 of their standard deviation, which is a quarter of
 * the width. 0.0584 is the normal density there. */
static bool is_at_the_end(const struct home_target *t, double value)
{
    double error = 0.021 * (t->high - t->low);

    return value > t->low - error && value < t->high + error;
}

/* Seeds are fixed, so that nothing fails by chance: a value that leaves its interval is a change of
 * the model. H0's workdays have a lunch of 1.2, which London has not. */
static void check_intervals(const char *profile, enum gb_mean_profile number, size_t n,
                            double most_lunch)
{
    size_t *which = everybody(n);
    double level, acf = 0, q99 = 0;
    struct home_statistics *homes = modelled_homes(n, number, &level);
    double lunch = lunch_of(homes, n);

    for (const struct home_target *t = home_targets; t->name; t++) {
        double value = t->value(homes, which, n);
        bool is_met = value > t->low && value < t->high;
        tap_note("%s: %-28s London %.3f (%.3f to %.3f), %zu modelled homes %.4f%s", profile,
                 t->name, t->london, t->low, t->high, n, value, is_met ? "" : ": missed");
        EXPECT(is_met || is_at_the_end(t, value));
    }
    for (size_t i = 0; i < n; i++) {
        acf += homes[i].acf / (double)n;
        q99 += homes[i].q99 / (double)n;
    }
    tap_note("%s: acf of half hours %.3f, q99 %.2f, lunch %.3f, level %.4f", profile, acf, q99,
             lunch, level);
    EXPECT(acf > 0.55 && acf < 0.72);
    EXPECT(q99 > 4.2 && q99 < 5.6);
    EXPECT(lunch < most_lunch);
    EXPECT_NEAR(level, 1, 0.03); /* weeks and weekdays of a home need not average out in its year */
    free(homes);
    free(which);
}

static void a_year_of_many_homes_meets_the_intervals_of_measured_homes(void)
{
    check_intervals("h0", GB_PROFILE_H0, n_homes(), 1.25);
}

static void so_it_does_with_the_mean_day_of_london_whose_lunch_is_lower(void)
{
    check_intervals("london", GB_PROFILE_LONDON, n_homes(), 1.10);
}

static void resample(uint64_t *random, size_t n, size_t *which)
{
    for (size_t i = 0; i < n; i++)
        which[i] = splitmix64(random) % n;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* The recorded intervals are of 4000 resamples; ends of 1000 lie within a fifth of their width. */
static void the_intervals_are_those_of_the_measured_homes(void)
{
    enum { RESAMPLES = 1000 };
    double *load = calloc((size_t)LONDON_HOMES * LONDON_SLOTS, sizeof *load);
    struct home_statistics homes[LONDON_HOMES];
    size_t which[LONDON_HOMES], *all = everybody(LONDON_HOMES);

    if (read_london(load)) {
        for (int i = 0; i < LONDON_HOMES; i++)
            homes[i] = home_statistics(load + (size_t)i * LONDON_SLOTS);
        for (const struct home_target *t = home_targets; t->name; t++) {
            double values[RESAMPLES];
            uint64_t random = 1;
            for (int r = 0; r < RESAMPLES; r++) {
                resample(&random, LONDON_HOMES, which);
                values[r] = t->value(homes, which, LONDON_HOMES);
            }
            qsort(values, RESAMPLES, sizeof *values, by_value);
            double low = values[RESAMPLES / 40], high = values[RESAMPLES - 1 - RESAMPLES / 40];
            double width = high - low;
            tap_note("%-28s %.3f (%.3f to %.3f)", t->name, t->value(homes, all, LONDON_HOMES), low,
                     high);
            EXPECT_NEAR(t->value(homes, all, LONDON_HOMES), t->london, 0.01 * t->london);
            EXPECT_NEAR(t->low, low, 0.2 * width);
            EXPECT_NEAR(t->high, high, 0.2 * width);
        }
        tap_note("lunch %.3f", lunch_of(homes, LONDON_HOMES));
    }
    free(all);
    free(load);
}

/* A measured home of 1.01 kW has 0.28 of its variance within half hours and 22 steps of more than
 * 1 kW a day: an order of magnitude, for homes of that size. */
static void minutes_step_as_those_of_a_measured_home(void)
{
    enum { HOMES = 50, DAYS = 14, MINUTES = DAYS * 1440 };
    struct gb_physics_config config = homes_config(HOMES, 1);
    double share = 0, steps = 0;

    config.household.mean_kw = 1.01;
    config.household.sigma = 0;
    double *load = loads_of(&config, HOMES, MINUTES, 2);
    for (int i = 0; i < HOMES; i++) {
        const double *x = load + (size_t)i * MINUTES;
        double within = 0, sd = series_sd(x, MINUTES);
        for (size_t half = 0; half < MINUTES / 30; half++) {
            double one = series_sd(x + 30 * half, 30);
            within += one * one / (MINUTES / 30);
        }
        share += within / (sd * sd) / HOMES;
        for (size_t t = 1; t < MINUTES; t++)
            steps += (fabs(x[t] - x[t - 1]) > 1000) / (double)(HOMES * DAYS);
    }
    tap_note("share within half hours %.3f, steps above 1 kW a day %.1f", share, steps);
    EXPECT(share > 0.15 && share < 0.45);
    EXPECT(steps > 10 && steps < 40);
    free(load);
}

/* Two days of the same homes from slots of `minutes`, against those of half an hour. */
static void compare_slots(int minutes)
{
    enum { HOMES = 300, HALVES = 96 };
    struct gb_physics_config halves = homes_config(HOMES, 30), other = homes_config(HOMES, minutes);
    size_t slots = (size_t)(HALVES * 30 / minutes);
    double worst = 0;

    halves.household.limit_kw = other.household.limit_kw = 1e6;
    double *a = loads_of(&halves, HOMES, HALVES, 5), *b = loads_of(&other, HOMES, slots, 5);
    for (size_t i = 0; i < HOMES; i++)
        for (size_t hour = 0; hour < HALVES / 2; hour++) {
            size_t n = 60 / (size_t)minutes, first = i * slots + hour * n;
            double sum = series_mean(b + first, n);
            double expected = series_mean(a + i * HALVES + 2 * hour, 2);
            worst = fmax(worst, fabs(sum / expected - 1));
        }
    tap_note("%d min: hours differ by %.1e at most", minutes, worst);
    EXPECT(worst < 1e-12);
    free(a);
    free(b);
}

/* So every statistic of them is what averaging makes of it. */
static void hours_are_the_same_in_slots_of_any_length(void)
{
    static const int minutes[] = {1, 5, 15, 20, 60};

    for (size_t k = 0; k < sizeof minutes / sizeof minutes[0]; k++)
        compare_slots(minutes[k]);
}

static void loads_do_not_depend_on_other_homes_nor_on_how_far_back_readers_look(void)
{
    enum { FEW = 7, MANY = 300, SLOTS = 200 };
    static const size_t windows[] = {1, 2, 49, 300};
    struct gb_physics_config few = homes_config(FEW, 15), many = homes_config(MANY, 15);
    double *all = loads_of(&many, MANY, SLOTS, 3), power[FEW];

    for (size_t w = 0; w < sizeof windows / sizeof windows[0]; w++) {
        struct homes homes;
        int alike = 0;
        homes_open(&homes, &few, windows[w], 3);
        for (size_t t = 0; t < SLOTS; t++) {
            homes_advance(&homes, (int64_t)t, power);
            for (size_t i = 0; i < FEW; i++)
                alike += memcmp(&power[i], &all[i * SLOTS + t], sizeof power[i]) == 0;
        }
        EXPECT_INT(alike, FEW * SLOTS);
        homes_close(&homes);
    }
    free(all);
}

/* 4 January is a Friday in the southern summer, 5 July one in the northern: without what is drawn
 * by the day and the half hour, a home uses the same then. */
static void a_southern_january_is_a_northern_july(void)
{
    enum { HOMES = 20, SLOTS = 96 };
    struct gb_physics_config north = homes_config(HOMES, 30), south;

    north.household.unrest = north.household.weeks_sd = north.household.appliances = 0;
    north.household.away_share = 0;
    south = north;
    south.weather.site.latitude_deg = -33.87;
    south.weather.start_date += 3;
    north.weather.start_date += 3 + 182;
    double *a = loads_of(&north, HOMES, SLOTS, 3), *b = loads_of(&south, HOMES, SLOTS, 3);
    for (size_t i = 0; i < HOMES * SLOTS; i++)
        EXPECT_NEAR(a[i] / b[i], 1, 1e-3); /* a year of the norm begins half a year later */
    free(a);
    free(b);
}

/* The night of 31 March 2013 has no hour from 2 to 3: 47 hours after the midnight of the 30th it is
 * that of 1 April, and homes do what they do on 1 April. */
static void homes_go_by_the_local_clock(void)
{
    enum { HOMES = 20, SLOTS = 48, BEFORE = 2 * 47 };
    struct gb_physics_config fixed = homes_config(HOMES, 30), zone;

    fixed.household.unrest = fixed.household.weeks_sd = fixed.household.appliances = 0;
    fixed.household.away_share = 0;
    zone = fixed;
    fixed.weather.start_date += 90;
    zone.weather.start_date += 88;
    strcpy(zone.weather.site.time_zone, "CET-1CEST,M3.5.0,M10.5.0/3");
    double *a = loads_of(&fixed, HOMES, SLOTS, 3);
    double *b = loads_of(&zone, HOMES, BEFORE + SLOTS, 3);
    for (size_t i = 0; i < HOMES; i++)
        for (size_t t = 0; t < SLOTS; t++)
            EXPECT(a[i * SLOTS + t] == b[i * (BEFORE + SLOTS) + BEFORE + t]);
    free(a);
    free(b);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_year_of_many_homes_meets_the_intervals_of_measured_homes),
        TAP(so_it_does_with_the_mean_day_of_london_whose_lunch_is_lower),
        TAP(the_intervals_are_those_of_the_measured_homes),
        TAP(minutes_step_as_those_of_a_measured_home),
        TAP(hours_are_the_same_in_slots_of_any_length),
        TAP(loads_do_not_depend_on_other_homes_nor_on_how_far_back_readers_look),
        TAP(a_southern_january_is_a_northern_july),
        TAP(homes_go_by_the_local_clock),
        {0}};
    return tap_main("habits", tests);
}
