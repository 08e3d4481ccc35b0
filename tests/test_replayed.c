/* Measured series in place of modelled loads and generation: what meters show of them, and which
 * files are refused. */
#include "tests/replayed_village.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/quantity.h"
#include "models/assets/home.h"
#include "models/assets/meter.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define PATH "test_replayed.csv"

/* ---- what meters show */

/* A village of columns of loads with meters that advance. */
struct metered {
    struct village v;
    struct gb_measured *measured; /* the library's */
    struct gb_library *library;
    struct gb_meters *meters;
    struct gb_slot_energy *energy;
};

/* returns false where there is no series */
static bool open_metered(struct metered *m, struct gb_physics_config config)
{
    const struct gb_storage_rules rules = {.controller = &gb_controller_greedy};

    *m = (struct metered){.measured = series_of(PATH, N, 4, NEVER, 1)};
    if (!m->measured)
        return false;
    m->library = put_series(&config, m->measured, true, false);
    open_village(&m->v, &config);
    EXPECT_INT(gb_meters_create(&m->meters, &m->v.config, m->v.fleet, &rules, &m->v.err), GB_OK);
    EXPECT_INT(gb_slot_energy_create(&m->energy, N, &m->v.err), GB_OK);
    return true;
}

static void close_metered(struct metered *m)
{
    gb_slot_energy_free(m->energy);
    gb_meters_free(m->meters);
    close_village(&m->v);
    gb_library_release(m->library);
}

static void a_column_a_meter_is_metered_to_the_last_wh(void)
{
    struct gb_physics_config config = replayed_config(GB_FORECAST_PERSISTENCE);
    struct metered m;
    int64_t sum[N] = {0};
    double exact[N] = {0};

    config.weather.slot_ns = 300 * GB_NS_PER_SECOND;
    if (!open_metered(&m, config))
        return;
    for (int64_t k = 0; k < 3 * 288; k++) {
        struct gb_slot_power power = truth_of(&m.v, k);
        gb_meters_advance(m.meters, &power, NULL, m.energy);
        for (size_t i = 0; i < N; i++) {
            const struct gb_series_flow *flow = &m.measured->courses[i].flow;
            exact[i] += (double)flow->quantities[k / 6] * 1e-9 / 6;
            sum[i] += m.energy->load_wh[i];
            if (!EXPECT(fabs((double)sum[i] - exact[i]) <= 0.5 + 1e-6))
                tap_note("slot %" PRId64 ": %" PRId64 " %g", k, sum[i], exact[i]);
        }
    }
    close_metered(&m);
}

/* A file of half hours in steps of a minute: the same power in each, and to the last Wh what it
 * says. */
static void steps_of_a_measured_load_are_even_and_add_up_to_the_last_wh(void)
{
    enum { STEPS = 30 };
    struct gb_physics_config config = replayed_config(GB_FORECAST_PERSISTENCE);
    struct metered m;
    int64_t sum[N] = {0};
    double exact[N] = {0};
    bool is_even = true, adds_up = true;

    config.weather.step_ns = 60 * GB_NS_PER_SECOND;
    if (!open_metered(&m, config))
        return;
    for (int64_t k = 0; k < 3 * 48; k++) {
        struct gb_slot_power power = truth_of(&m.v, k);
        gb_meters_advance(m.meters, &power, NULL, m.energy);
        for (size_t i = 0; i < N; i++) {
            for (size_t s = 1; s < STEPS; s++)
                is_even &= fabs(power.load_w[s * N + i] - power.load_w[i]) < 1e-3;
            exact[i] += (double)m.measured->courses[i].flow.quantities[k] * 1e-9;
            sum[i] += m.energy->load_wh[i];
            adds_up &= fabs((double)sum[i] - exact[i]) < 1 + 1e-6;
        }
    }
    EXPECT(is_even);
    EXPECT(adds_up);
    close_metered(&m);
}

static void one_column_is_the_shape_of_every_home_and_scaled_to_its_mean(void)
{
    struct gb_physics_config config = replayed_config(GB_FORECAST_PERSISTENCE);
    struct gb_measured *measured = series_of(PATH, 1, 4, NEVER, 1);
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
    struct gb_physics_config config = replayed_config(GB_FORECAST_PERSISTENCE);
    struct gb_measured *measured = series_of(PATH, N, 4, NEVER, 0.5);
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
    struct gb_physics_config config = replayed_config(GB_FORECAST_PERSISTENCE);
    struct gb_measured *measured = series_of(PATH, 1, 4, NEVER, 0.5);
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
    struct gb_physics_config config = replayed_config(GB_FORECAST_PERSISTENCE);
    struct gb_measured *measured = series_of(PATH, 1, 1, NEVER, 1);
    struct gb_slot_power power;
    struct village v;

    if (!measured)
        return;
    struct gb_library *library = put_series(&config, measured, true, false);
    open_village(&v, &config);
    EXPECT_INT(gb_physics_replayed.slot(v.state, HALF_HOURS, &power, &v.err), GB_EINPUT);
    if (!EXPECT(strstr(v.err.text,
                       "a measured load: the file has nothing for slot 48, at "
                       "2024-03-29T23:00:00Z, on 2024-03-30 by the local clock: it reaches "
                       "from 2024-03-28T23:00:00Z to 2024-03-29T23:00:00Z")))
        tap_note("%s", v.err.text);
    close_village(&v);
    gb_library_release(library);
}

/* ---- files */

static void a_file_that_has_changed_is_refused_by_name(void)
{
    const struct written_series of = {PATH, 1, 1, 1, NEVER}, changed = {PATH, 2, 1, 1, NEVER};
    struct gb_measured_wish wish = {.name = "town",
                                    .path = PATH,
                                    .options = {.label = GB_LABEL_START},
                                    .scale = 1,
                                    .digest = ""};
    struct gb_measured *measured = NULL, *again = NULL;
    struct gb_error err = {0};

    write_series(&of);
    EXPECT_INT(gb_measured_read(&measured, &wish, &err), GB_OK);
    wish.digest = measured->digest;
    EXPECT_INT(gb_measured_read(&again, &wish, &err), GB_OK);
    gb_measured_free(again);
    write_series(&changed);
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
        {"time,GHI (W/m2)\n2024-01-01 00:00,1\n2024-01-01 01:00,2\n2024-01-01 03:00,2\n",
         "', GHI (W/m2): nothing is known of 1 of 4 steps"},
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
        TAP(a_file_that_has_changed_is_refused_by_name),
        TAP(what_is_below_0_or_no_power_is_refused_with_its_line),
        {0}};
    return tap_main("replayed", tests);
}
