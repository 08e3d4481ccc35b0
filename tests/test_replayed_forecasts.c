/* What is expected of measured series: the naive forecasts, a file of forecasts, and that nobody
 * looks ahead. */
#include "tests/replayed_village.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/quantity.h"
#include "tests/tap.h"

#define PATH "test_replayed_forecasts.csv"

/* Ten days with the change of 31 March, whose slots 96 to 141 are those of a day of 23 hours. */
static void expect_looking_back(enum gb_forecast_kind kind, bool is_measured)
{
    struct gb_physics_config config = replayed_config(kind);
    struct gb_measured *measured = is_measured ? series_of(PATH, N, 11, NEVER, 1) : NULL;
    struct belief kept[10 * HALF_HOURS];
    struct village v;

    struct gb_library *library = is_measured ? put_series(&config, measured, true, false) : NULL;
    open_village(&v, &config);
    struct gb_calendar calendar = gb_weather_calendar(&v.config.weather);
    for (int64_t k = 0; k < 10 * HALF_HOURS; k++) {
        struct belief belief = belief_of(&v, k, k - 2);
        int64_t before = k - 2, days = kind == GB_FORECAST_WEEK ? 7 : 1;
        /* what the clock left out is taken from the moment of its change, slot 100 */
        bool is_left_out = days == 1 ? k == 146 || k == 147 : k == 434 || k == 435;
        int64_t clock = gb_calendar_local_ns(&calendar, k * config.weather.slot_ns);
        for (int64_t j = 0; kind != GB_FORECAST_PERSISTENCE && j <= k - 2; j++)
            if (gb_calendar_local_ns(&calendar, j * config.weather.slot_ns) ==
                clock - days * GB_NS_PER_DAY)
                before = j;
        if (kind != GB_FORECAST_PERSISTENCE && is_left_out)
            before = 100;
        if (before >= 0 && clock >= days * GB_NS_PER_DAY &&
            !EXPECT(is_belief(&v, &belief, &kept[before])))
            tap_note("slot %" PRId64 " of kind %d is not that of slot %" PRId64, k, kind, before);
        kept[k] = kept_of(&v, k);
    }
    close_village(&v);
    gb_library_release(library);
}

static void persistence_yesterday_and_a_week_ago_are_what_meters_showed_then(void)
{
    for (int is_measured = 0; is_measured < 2; is_measured++) {
        expect_looking_back(GB_FORECAST_PERSISTENCE, is_measured);
        expect_looking_back(GB_FORECAST_YESTERDAY, is_measured);
        expect_looking_back(GB_FORECAST_WEEK, is_measured);
    }
}

/* Mean of what was kept at the same place of the seven days before slot k, those that have been
 * read and are kept alone; without a change of clocks. */
static struct belief mean_of_week(const struct belief *kept, int64_t k)
{
    struct belief mean = {{0}, {0}, {0}};
    int n = 0;

    for (int64_t j = k - HALF_HOURS; j >= k - 7 * HALF_HOURS && j >= 0; j -= HALF_HOURS, n++)
        for (size_t i = 0; i < N; i++) {
            mean.solar_w[i] += kept[j].solar_w[i];
            mean.wind_w[i] += kept[j].wind_w[i];
            mean.load_w[i] += kept[j].load_w[i];
        }
    for (size_t i = 0; n > 0 && i < N; i++) {
        mean.solar_w[i] /= n;
        mean.wind_w[i] /= n;
        mean.load_w[i] /= n;
    }
    return mean;
}

static void the_mean_of_a_week_is_that_of_the_same_time_of_its_days(void)
{
    for (int is_measured = 0; is_measured < 2; is_measured++) {
        struct gb_physics_config config = replayed_config(GB_FORECAST_WEEK_MEAN);
        struct gb_measured *measured = is_measured ? series_of(PATH, N, 11, NEVER, 1) : NULL;
        static struct belief kept[9 * HALF_HOURS];
        struct village v;

        snprintf(config.weather.site.time_zone, sizeof config.weather.site.time_zone, "CET-1");
        struct gb_library *library =
            is_measured ? put_series(&config, measured, true, false) : NULL;
        open_village(&v, &config);
        for (int64_t k = 0; k < 9 * HALF_HOURS; k++) {
            struct belief belief = belief_of(&v, k, k - 2), mean = mean_of_week(kept, k);
            kept[k] = kept_of(&v, k);
            /* before, days of the eight hours that come before the run count, too */
            for (size_t i = 0; k >= 7 * HALF_HOURS && i < N; i++) {
                EXPECT_NEAR(belief.load_w[i], mean.load_w[i], 1e-9 * mean.load_w[i]);
                EXPECT_NEAR(belief.wind_w[i], mean.wind_w[i], 1e-9 * mean.wind_w[i]);
                EXPECT_NEAR(belief.solar_w[i], mean.solar_w[i], 1e-9 * mean.solar_w[i]);
            }
        }
        close_village(&v);
        gb_library_release(library);
    }
}

/* The file of a load is what is forecast of it; all else, and the truth, are the model's. */
static void a_file_of_forecasts_is_believed_and_changes_no_truth(void)
{
    struct gb_physics_config config = replayed_config(GB_FORECAST_CONDITIONAL_MEAN);
    struct gb_measured *measured = series_of(PATH, N, 4, NEVER, 1);
    struct village plain, v;

    if (!measured)
        return;
    open_village(&plain, &config);
    struct gb_library *library = put_series(&config, measured, false, false);
    config.weather.forecast.kind = GB_FORECAST_FILE;
    snprintf(config.household.forecast, sizeof config.household.forecast, "town");
    open_village(&v, &config);
    for (int64_t k = 0; k < 2 * HALF_HOURS; k++) {
        struct belief belief = belief_of(&v, k, k - 2), other = belief_of(&plain, k, k - 2);
        struct belief kept = kept_of(&v, k), truth = kept_of(&plain, k);
        EXPECT(is_belief(&v, &kept, &truth));
        for (size_t i = 0; i < N; i++)
            /* of whole Wh of half an hour */
            EXPECT_NEAR(belief.load_w[i],
                        (double)measured->courses[i].flow.quantities[k] * 1e-9 * 2, 2.001);
        memcpy(other.load_w, belief.load_w, sizeof other.load_w);
        EXPECT(is_belief(&v, &belief, &other));
    }
    close_village(&v);
    close_village(&plain);
    gb_library_release(library);
}

static void a_bias_lifts_what_is_expected_and_no_truth(void)
{
    struct gb_physics_config config = replayed_config(GB_FORECAST_CONDITIONAL_MEAN);
    struct gb_measured *measured = series_of(PATH, N, 4, NEVER, 1);
    struct village plain, v;

    if (!measured)
        return;
    struct gb_library *library = put_series(&config, measured, true, false);
    open_village(&plain, &config);
    config.weather.forecast.load_bias = 0.25;
    config.weather.forecast.generation_bias = -0.5;
    open_village(&v, &config);
    for (int64_t k = 0; k < 2 * HALF_HOURS; k++) {
        struct belief belief = belief_of(&v, k, k - 2), other = belief_of(&plain, k, k - 2);
        struct belief kept = kept_of(&v, k), truth = kept_of(&plain, k);
        EXPECT(is_belief(&v, &kept, &truth));
        for (size_t i = 0; i < N; i++) {
            EXPECT_NEAR(belief.load_w[i], 1.25 * other.load_w[i], 1e-9 * other.load_w[i]);
            EXPECT_NEAR(belief.solar_w[i], 0.5 * other.solar_w[i], 1e-9 * other.solar_w[i]);
            EXPECT_NEAR(belief.wind_w[i], 0.5 * other.wind_w[i], 1e-9 * other.wind_w[i]);
        }
    }
    close_village(&v);
    close_village(&plain);
    gb_library_release(library);
}

static void a_perfect_forecast_of_a_series_is_the_truth(void)
{
    struct gb_physics_config config = replayed_config(GB_FORECAST_PERFECT);
    struct gb_measured *measured = series_of(PATH, 1, 3, NEVER, 1);
    struct village v;

    if (!measured)
        return;
    struct gb_library *library = put_series(&config, measured, true, true);
    open_village(&v, &config);
    for (int64_t k = 0; k < 2 * HALF_HOURS; k++) {
        struct belief belief = belief_of(&v, k, k - 2), kept = kept_of(&v, k);
        EXPECT(is_belief(&v, &belief, &kept));
    }
    close_village(&v);
    gb_library_release(library);
}

/* Two files that are the same up to a step: whoever has read no further expects the same. */
static void nobody_looks_past_the_slot_read_last(void)
{
    static const enum gb_forecast_kind kinds[] = {GB_FORECAST_CONDITIONAL_MEAN,
                                                  GB_FORECAST_PERSISTENCE, GB_FORECAST_YESTERDAY,
                                                  GB_FORECAST_WEEK};
    enum { CHANGED = 8 * HALF_HOURS + 11 };

    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        struct gb_measured *one = series_of(PATH, N, 11, NEVER, 1);
        struct gb_measured *other = series_of(PATH, N, 11, CHANGED, 1);
        struct gb_physics_config config = replayed_config(kinds[kind]);
        struct village a, b;
        bool differs = false;

        if (!one || !other)
            return;
        struct gb_library *of_one = put_series(&config, one, true, true);
        open_village(&a, &config);
        struct gb_library *of_other = put_series(&config, other, true, true);
        open_village(&b, &config);
        for (int64_t k = 7 * HALF_HOURS; k < CHANGED + HALF_HOURS + 4; k++) {
            struct belief x = belief_of(&a, k, k - 3), y = belief_of(&b, k, k - 3);
            bool is_equal = memcmp(x.load_w, y.load_w, sizeof x.load_w) == 0 &&
                            memcmp(x.solar_w, y.solar_w, sizeof x.solar_w) == 0;
            EXPECT(is_equal || k - 3 >= CHANGED);
            differs |= !is_equal;
        }
        EXPECT(differs || kinds[kind] == GB_FORECAST_WEEK);
        close_village(&a);
        close_village(&b);
        gb_library_release(of_one);
        gb_library_release(of_other);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(persistence_yesterday_and_a_week_ago_are_what_meters_showed_then),
        TAP(the_mean_of_a_week_is_that_of_the_same_time_of_its_days),
        TAP(a_file_of_forecasts_is_believed_and_changes_no_truth),
        TAP(a_bias_lifts_what_is_expected_and_no_truth),
        TAP(a_perfect_forecast_of_a_series_is_the_truth),
        TAP(nobody_looks_past_the_slot_read_last),
        {0}};
    return tap_main("replayed_forecasts", tests);
}
