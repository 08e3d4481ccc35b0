/* Measured series in place of modelled loads and generation: what meters show of them, what is
 * expected of them, and that nobody looks ahead. */
#include "models/series/library.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/quantity.h"
#include "base/text.h"
#include "models/assets/home.h"
#include "models/assets/meter.h"
#include "models/assets/physics.h"
#include "tests/power_model.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
#define PATH "replayed.csv"
#define NEVER INT32_MAX /* step at which a file changes */
enum { N = 5, WINDOW = 6, HALF_HOURS = 48, STEP_S = 1800 };

/* ---- files of half hours from 28 March 2024, 23:00 UTC on: midnight in Berlin */

struct writing {
    uint64_t state;
    int n_columns, n_days;
    int changed_from; /* step from which on all is another; NEVER: none */
};

static void write_file(const struct writing *of)
{
    struct gb_text text;
    uint64_t state = of->state;

    if (!EXPECT(gb_text_open(&text)))
        return;
    fputs("time", text.stream);
    for (int c = 0; c < of->n_columns; c++)
        fprintf(text.stream, ",meter%d (Wh)", c);
    for (int i = 0; i < of->n_days * HALF_HOURS; i++) {
        char stamp[32];
        gb_instant_format(INT64_C(1711666800) * GB_NS_PER_SECOND + i * STEP_S * GB_NS_PER_SECOND,
                          stamp, sizeof stamp);
        fprintf(text.stream, "\n%s", stamp);
        for (int c = 0; c < of->n_columns; c++)
            fprintf(text.stream, ",%" PRIu64 ".%" PRIu64,
                    splitmix64(&state) % 900 + (i >= of->changed_from ? 7000 : 0),
                    splitmix64(&state) % 10);
    }
    char *bytes = gb_text_close(&text);
    if (EXPECT(bytes))
        write_text(PATH, bytes);
    free(bytes);
}

static struct gb_measured *read_file(double scale)
{
    struct gb_measured_wish wish = {.name = "town",
                                    .path = PATH,
                                    .options = {.label = GB_LABEL_START},
                                    .scale = scale,
                                    .digest = ""};
    struct gb_measured *measured = NULL;
    struct gb_error err = {0};

    if (!EXPECT(gb_measured_read(&measured, &wish, &err) == GB_OK))
        tap_note("%s", err.text);
    unlink(PATH);
    return measured;
}

static struct gb_measured *series_of(int n_columns, int n_days, int changed_from, double scale)
{
    const struct writing of = {41, n_columns, n_days, changed_from};

    write_file(&of);
    return read_file(scale);
}

/* ---- a village of the provider */

/* Puts a series, which is taken over, in place of loads and, or, generation. returns the library,
 * to be released */
static struct gb_library *put_series(struct gb_physics_config *config, struct gb_measured *measured,
                                     bool of_loads, bool of_pv)
{
    struct gb_library *library = NULL;

    EXPECT_INT(gb_library_create(&library, &measured, 1, "", 0, NULL), GB_OK);
    config->library = library;
    snprintf(config->household.series, sizeof config->household.series, of_loads ? "town" : "none");
    snprintf(config->pv.series, sizeof config->pv.series, of_pv ? "town" : "none");
    return library;
}

struct village {
    struct gb_physics_config config;
    struct gb_fleet *fleet;
    void *state;
    struct gb_error err;
};

static struct gb_physics_config config_of(enum gb_forecast_kind kind)
{
    struct gb_physics_config config = default_physics();

    config.weather.forecast.kind = kind;
    config.weather.slot_ns = 1800 * GB_NS_PER_SECOND;
    gb_date_parse("2024-03-29", &config.weather.start_date);
    snprintf(config.weather.site.time_zone, sizeof config.weather.site.time_zone, BERLIN);
    config.fleet.n_meters = N;
    config.fleet.prosumer_share = 1;
    config.fleet.wind_share = 0.3;
    return config;
}

static void open_village(struct village *v, const struct gb_physics_config *config)
{
    const struct gb_draws draws = {.seed = 5};

    *v = (struct village){.config = *config};
    EXPECT_INT(gb_fleet_create(&v->fleet, &v->config, draws, &v->err), GB_OK);
    EXPECT_INT(gb_physics_replayed.create(&v->state, &v->config, v->fleet, WINDOW, draws, &v->err),
               GB_OK);
}

static void close_village(struct village *v)
{
    gb_physics_replayed.free(v->state);
    gb_fleet_free(v->fleet);
}

static struct gb_slot_power truth_of(struct village *v, int64_t slot)
{
    struct gb_slot_power power = {0};

    if (!EXPECT(gb_physics_replayed.slot(v->state, slot, &power, &v->err) == GB_OK))
        tap_note("%s", v->err.text);
    return power;
}

struct belief {
    double solar_w[N], wind_w[N], load_w[N];
};

static struct belief belief_of(struct village *v, int64_t slot, int64_t last_read)
{
    struct belief out = {{0}, {0}, {0}};

    EXPECT_INT(gb_physics_replayed.forecast(v->state, slot, last_read, 0, N, out.solar_w,
                                            out.wind_w, out.load_w, &v->err),
               GB_OK);
    return out;
}

static bool is_belief(const struct village *v, const struct belief *belief,
                      const struct belief *kept)
{
    return memcmp(belief->load_w, kept->load_w, sizeof belief->load_w) == 0 &&
           memcmp(belief->wind_w, kept->wind_w, v->fleet->turbines.n * sizeof(double)) == 0 &&
           memcmp(belief->solar_w, kept->solar_w, v->fleet->systems.n * sizeof(double)) == 0;
}

static struct belief kept_of(struct village *v, int64_t slot)
{
    struct gb_slot_power power = truth_of(v, slot);
    struct belief out = {{0}, {0}, {0}};

    memcpy(out.load_w, power.load_w, sizeof out.load_w);
    memcpy(out.wind_w, power.wind_w, v->fleet->turbines.n * sizeof(double));
    memcpy(out.solar_w, power.solar_w, v->fleet->systems.n * sizeof(double));
    return out;
}

/* ---- what meters show */

static void a_column_a_meter_is_metered_to_the_last_wh(void)
{
    struct gb_physics_config config = config_of(GB_FORECAST_PERSISTENCE);
    struct gb_measured *measured = series_of(N, 4, NEVER, 1);
    struct gb_slot_energy *energy = NULL;
    struct gb_meters *meters = NULL;
    struct village v;
    int64_t sum[N] = {0};
    double exact[N] = {0};

    if (!measured)
        return;
    config.weather.slot_ns = 300 * GB_NS_PER_SECOND;
    struct gb_library *library = put_series(&config, measured, true, false);
    open_village(&v, &config);
    EXPECT_INT(gb_meters_create(&meters, &v.config, v.fleet,
                                &(struct gb_storage_rules){.controller = &gb_controller_greedy},
                                &v.err),
               GB_OK);
    EXPECT_INT(gb_slot_energy_create(&energy, N, &v.err), GB_OK);
    for (int64_t k = 0; k < 3 * 288; k++) {
        struct gb_slot_power power = truth_of(&v, k);
        gb_meters_advance(meters, &power, NULL, energy);
        for (size_t i = 0; i < N; i++) {
            const struct gb_series_flow *flow = &measured->courses[i].flow;
            exact[i] += (double)flow->quantities[k / 6] * 1e-9 / 6;
            sum[i] += energy->load_wh[i];
            if (!EXPECT(fabs((double)sum[i] - exact[i]) <= 0.5 + 1e-6))
                tap_note("slot %" PRId64 ": %" PRId64 " %g", k, sum[i], exact[i]);
        }
    }
    gb_slot_energy_free(energy);
    gb_meters_free(meters);
    close_village(&v);
    gb_library_release(library);
}

/* A file of half hours in steps of a minute: the same power in each, and to the last Wh what it
 * says. */
static void steps_of_a_measured_load_are_even_and_add_up_to_the_last_wh(void)
{
    enum { STEPS = 30 };
    struct gb_physics_config config = config_of(GB_FORECAST_PERSISTENCE);
    struct gb_measured *measured = series_of(N, 4, NEVER, 1);
    struct gb_slot_energy *energy = NULL;
    struct gb_meters *meters = NULL;
    struct village v;
    int64_t sum[N] = {0};
    double exact[N] = {0};
    bool is_even = true, adds_up = true;

    if (!measured)
        return;
    config.weather.step_ns = 60 * GB_NS_PER_SECOND;
    struct gb_library *library = put_series(&config, measured, true, false);
    open_village(&v, &config);
    EXPECT_INT(gb_meters_create(&meters, &v.config, v.fleet,
                                &(struct gb_storage_rules){.controller = &gb_controller_greedy},
                                &v.err),
               GB_OK);
    EXPECT_INT(gb_slot_energy_create(&energy, N, &v.err), GB_OK);
    for (int64_t k = 0; k < 3 * 48; k++) {
        struct gb_slot_power power = truth_of(&v, k);
        gb_meters_advance(meters, &power, NULL, energy);
        for (size_t i = 0; i < N; i++) {
            for (size_t s = 1; s < STEPS; s++)
                is_even &= fabs(power.load_w[s * N + i] - power.load_w[i]) < 1e-3;
            exact[i] += (double)measured->courses[i].flow.quantities[k] * 1e-9;
            sum[i] += energy->load_wh[i];
            adds_up &= fabs((double)sum[i] - exact[i]) < 1 + 1e-6;
        }
    }
    EXPECT(is_even);
    EXPECT(adds_up);
    gb_slot_energy_free(energy);
    gb_meters_free(meters);
    close_village(&v);
    gb_library_release(library);
}

static void one_column_is_the_shape_of_every_home_and_scaled_to_its_mean(void)
{
    struct gb_physics_config config = config_of(GB_FORECAST_PERSISTENCE);
    struct gb_measured *measured = series_of(1, 4, NEVER, 1);
    struct village v;
    double sum[N] = {0};

    if (!measured)
        return;
    struct gb_library *library = put_series(&config, measured, true, false);
    open_village(&v, &config);
    for (int64_t k = 0; k < 4 * HALF_HOURS; k++)
        for (size_t i = 0; i < N; i++)
            sum[i] += truth_of(&v, k).load_w[i] / (4 * HALF_HOURS);
    for (size_t i = 0; i < N; i++)
        EXPECT_NEAR(sum[i], v.fleet->load_scale_w[i], 0.02);
    close_village(&v);
    gb_library_release(library);
}

static void a_home_with_a_column_of_its_own_is_said_to_use_what_that_says(void)
{
    struct gb_physics_config config = config_of(GB_FORECAST_PERSISTENCE);
    struct gb_measured *measured = series_of(N, 4, NEVER, 0.5);
    struct village v;

    if (!measured)
        return;
    struct gb_library *library = put_series(&config, measured, true, false);
    open_village(&v, &config);
    for (size_t i = 0; i < N; i++) {
        double wh = 0; /* of 4 days */
        for (size_t k = 0; k < 4 * HALF_HOURS; k++)
            wh += (double)measured->courses[i].flow.quantities[k] * 1e-9 * 0.5;
        EXPECT_NEAR(gb_home_of(v.fleet, &v.config, i).yearly_kwh, wh / 1000 / 4 * 365, 1e-6);
    }
    close_village(&v);
    gb_library_release(library);
}

static void generation_is_that_of_a_system_of_1_kwp_times_its_size(void)
{
    struct gb_physics_config config = config_of(GB_FORECAST_PERSISTENCE);
    struct gb_measured *measured = series_of(1, 4, NEVER, 0.5);
    struct village v;

    if (!measured)
        return;
    struct gb_library *library = put_series(&config, measured, false, true);
    open_village(&v, &config);
    EXPECT(v.fleet->systems.n > 1);
    for (int64_t k = 0; k < HALF_HOURS; k++)
        for (size_t i = 0; i < v.fleet->systems.n; i++) {
            double kw = (double)measured->courses[0].flow.quantities[k] * 1e-9 * 2;
            /* of whole Wh of half an hour */
            EXPECT_NEAR(truth_of(&v, k).solar_w[i], 0.5 * kw * v.fleet->systems.kwp[i], 2.001);
        }
    close_village(&v);
    gb_library_release(library);
}

static void what_the_file_does_not_reach_is_refused_with_its_day(void)
{
    struct gb_physics_config config = config_of(GB_FORECAST_PERSISTENCE);
    struct gb_measured *measured = series_of(1, 1, NEVER, 1);
    struct gb_slot_power power;
    struct village v;

    if (!measured)
        return;
    struct gb_library *library = put_series(&config, measured, true, false);
    open_village(&v, &config);
    EXPECT_INT(gb_physics_replayed.slot(v.state, HALF_HOURS, &power, &v.err), GB_EINPUT);
    if (!EXPECT(
            strstr(v.err.text, "a measured load: the file has nothing for slot 48, on 2024-03-30")))
        tap_note("%s", v.err.text);
    close_village(&v);
    gb_library_release(library);
}

/* ---- forecasts */

/* Ten days with the change of 31 March, whose slots 96 to 141 are those of a day of 23 hours. */
static void expect_looking_back(enum gb_forecast_kind kind, bool is_measured)
{
    struct gb_physics_config config = config_of(kind);
    struct gb_measured *measured = is_measured ? series_of(N, 11, NEVER, 1) : NULL;
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
        struct gb_physics_config config = config_of(GB_FORECAST_WEEK_MEAN);
        struct gb_measured *measured = is_measured ? series_of(N, 11, NEVER, 1) : NULL;
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
    struct gb_physics_config config = config_of(GB_FORECAST_CONDITIONAL_MEAN);
    struct gb_measured *measured = series_of(N, 4, NEVER, 1);
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
    struct gb_physics_config config = config_of(GB_FORECAST_CONDITIONAL_MEAN);
    struct gb_measured *measured = series_of(N, 4, NEVER, 1);
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
    struct gb_physics_config config = config_of(GB_FORECAST_PERFECT);
    struct gb_measured *measured = series_of(1, 3, NEVER, 1);
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
        struct gb_measured *one = series_of(N, 11, NEVER, 1);
        struct gb_measured *other = series_of(N, 11, CHANGED, 1);
        struct gb_physics_config config = config_of(kinds[kind]);
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

/* ---- files */

static void a_file_that_has_changed_is_refused_by_name(void)
{
    const struct writing of = {1, 1, 1, NEVER}, changed = {2, 1, 1, NEVER};
    struct gb_measured_wish wish = {.name = "town",
                                    .path = PATH,
                                    .options = {.label = GB_LABEL_START},
                                    .scale = 1,
                                    .digest = ""};
    struct gb_measured *measured = NULL, *again = NULL;
    struct gb_error err = {0};

    write_file(&of);
    EXPECT_INT(gb_measured_read(&measured, &wish, &err), GB_OK);
    wish.digest = measured->digest;
    EXPECT_INT(gb_measured_read(&again, &wish, &err), GB_OK);
    gb_measured_free(again);
    write_file(&changed);
    EXPECT_INT(gb_measured_read(&again, &wish, &err), GB_EINPUT);
    if (!EXPECT(strstr(err.text, "'" PATH "' has changed: its BLAKE2b digest is ") &&
                strstr(err.text, "of the file of the series 'town'")))
        tap_note("%s", err.text);
    gb_measured_free(measured);
    unlink(PATH);
}

static void what_is_below_0_or_no_power_is_refused_with_its_line(void)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"time,a (kW)\n2024-01-01 00:00,1\n2024-01-01 01:00,-2\n", "':3: a (kW) is below 0"},
        {"time,a (hPa)\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n", "no column of power, energy"},
        {"time,a\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n", "still to be said"},
    };
    const struct gb_measured_wish wish = {.name = "town",
                                          .path = PATH,
                                          .options = {.label = GB_LABEL_START},
                                          .scale = 1,
                                          .digest = ""};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_measured *measured = NULL;
        struct gb_error err = {0};

        write_text(PATH, cases[i].text);
        EXPECT_INT(gb_measured_read(&measured, &wish, &err), GB_EINPUT);
        if (!EXPECT(strstr(err.text, cases[i].says)))
            tap_note("%s", err.text);
        unlink(PATH);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_column_a_meter_is_metered_to_the_last_wh),
        TAP(steps_of_a_measured_load_are_even_and_add_up_to_the_last_wh),
        TAP(one_column_is_the_shape_of_every_home_and_scaled_to_its_mean),
        TAP(a_home_with_a_column_of_its_own_is_said_to_use_what_that_says),
        TAP(generation_is_that_of_a_system_of_1_kwp_times_its_size),
        TAP(what_the_file_does_not_reach_is_refused_with_its_day),
        TAP(persistence_yesterday_and_a_week_ago_are_what_meters_showed_then),
        TAP(the_mean_of_a_week_is_that_of_the_same_time_of_its_days),
        TAP(a_file_of_forecasts_is_believed_and_changes_no_truth),
        TAP(a_bias_lifts_what_is_expected_and_no_truth),
        TAP(a_perfect_forecast_of_a_series_is_the_truth),
        TAP(nobody_looks_past_the_slot_read_last),
        TAP(a_file_that_has_changed_is_refused_by_name),
        TAP(what_is_below_0_or_no_power_is_refused_with_its_line),
        {0}};
    return tap_main("replayed", tests);
}
