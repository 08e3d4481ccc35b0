#include "tests/replayed_village.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/text.h"
#include "tests/power_model.h"
#include "tests/splitmix64.h"
#include "tests/tap.h"
#include "tests/text_file.h"

#define BERLIN "CET-1CEST,M3.5.0,M10.5.0/3"
enum { WINDOW = 6, STEP_S = 1800 };

/* ---- files of half hours from 28 March 2024, 23:00 UTC on: midnight in Berlin */

void write_series(const struct written_series *of)
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
        write_text(of->path, bytes);
    free(bytes);
}

static struct gb_measured *read_series(const char *path, double scale)
{
    struct gb_measured_wish wish = {.name = "town",
                                    .path = path,
                                    .options = {.label = GB_LABEL_START},
                                    .scale = scale,
                                    .digest = ""};
    struct gb_measured *measured = NULL;
    struct gb_error err = {0};

    if (!EXPECT(gb_measured_read(&measured, &wish, &err) == GB_OK))
        tap_note("%s", err.text);
    unlink(path);
    return measured;
}

struct gb_measured *series_of(const char *path, int n_columns, int n_days, int changed_from,
                              double scale)
{
    const struct written_series of = {path, 41, n_columns, n_days, changed_from};

    write_series(&of);
    return read_series(path, scale);
}

/* ---- a village of the provider */

struct gb_library *put_series(struct gb_physics_config *config, struct gb_measured *measured,
                              bool of_loads, bool of_pv)
{
    struct gb_library *library = NULL;

    EXPECT_INT(gb_library_create(&library, &measured, 1, "", 0, NULL), GB_OK);
    config->library = library;
    snprintf(config->household.series, sizeof config->household.series, of_loads ? "town" : "none");
    snprintf(config->pv.series, sizeof config->pv.series, of_pv ? "town" : "none");
    return library;
}

struct gb_physics_config replayed_config(enum gb_forecast_kind kind)
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

void open_village(struct village *v, const struct gb_physics_config *config)
{
    const struct gb_draws draws = {.seed = 5};

    *v = (struct village){.config = *config};
    EXPECT_INT(gb_fleet_create(&v->fleet, &v->config, draws, &v->err), GB_OK);
    EXPECT_INT(gb_physics_replayed.create(&v->state, &v->config, v->fleet, WINDOW, draws, &v->err),
               GB_OK);
}

void close_village(struct village *v)
{
    gb_physics_replayed.free(v->state);
    gb_fleet_free(v->fleet);
}

struct gb_slot_power truth_of(struct village *v, int64_t slot)
{
    struct gb_slot_power power = {0};

    if (!EXPECT(gb_physics_replayed.slot(v->state, slot, &power, &v->err) == GB_OK))
        tap_note("%s", v->err.text);
    return power;
}

struct belief belief_of(struct village *v, int64_t slot, int64_t last_read)
{
    struct belief out = {{0}, {0}, {0}};

    EXPECT_INT(gb_physics_replayed.forecast(v->state, slot, last_read, 0, N, out.solar_w,
                                            out.wind_w, out.load_w, &v->err),
               GB_OK);
    return out;
}

bool is_belief(const struct village *v, const struct belief *belief, const struct belief *kept)
{
    return memcmp(belief->load_w, kept->load_w, sizeof belief->load_w) == 0 &&
           memcmp(belief->wind_w, kept->wind_w, v->fleet->turbines.n * sizeof(double)) == 0 &&
           memcmp(belief->solar_w, kept->solar_w, v->fleet->systems.n * sizeof(double)) == 0;
}

struct belief kept_of(struct village *v, int64_t slot)
{
    struct gb_slot_power power = truth_of(v, slot);
    struct belief out = {{0}, {0}, {0}};

    memcpy(out.load_w, power.load_w, sizeof out.load_w);
    memcpy(out.wind_w, power.wind_w, v->fleet->turbines.n * sizeof(double));
    memcpy(out.solar_w, power.solar_w, v->fleet->systems.n * sizeof(double));
    return out;
}
