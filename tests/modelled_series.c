/* What the models make of a place, as raw doubles of this machine on standard output, for
 * estimators in another language (targets.py): modelled_series loads|systems|weather PLACE SEED
 * SLOTS [KEY=VALUE ...] loads    of each slot from 0 on the power of every home, W systems  first
 * east and north of every system, m; then of each slot its power over its rating weather  of each
 * slot global irradiance and what of the sun would fall on the ground without air, W/m2, clear-sky
 * index, temperature, C, and wind, m/s: means of its steps PLACE is one of target_places.h,
 * KEY=VALUE overrules what it says. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/assets/physics.h"
#include "models/assets/positions.h"
#include "models/weather/weather.h"
#include "tests/target_places.h"

enum { WEATHER_COLUMNS = 5 };

static void fail(const char *what)
{
    fprintf(stderr, "modelled_series: %s\n", what);
    exit(1);
}

static void put(const double *values, size_t n)
{
    if (fwrite(values, sizeof *values, n, stdout) != n)
        fail("cannot write");
}

struct village {
    struct gb_fleet *fleet;
    void *state;
};

static struct village open_village(const struct gb_physics_config *config, struct gb_draws draws)
{
    struct gb_error err = {0};
    struct village v = {0};

    if (gb_fleet_create(&v.fleet, config, draws, &err) != GB_OK ||
        gb_physics_modelled.create(&v.state, config, v.fleet, 1, draws, &err) != GB_OK)
        fail(err.text);
    return v;
}

static void close_village(struct village *v)
{
    gb_physics_modelled.free(v->state);
    gb_fleet_free(v->fleet);
}

static struct gb_slot_power power_of(const struct village *v, int64_t slot)
{
    struct gb_slot_power power = {0};
    struct gb_error err = {0};

    if (gb_physics_modelled.slot(v->state, slot, &power, &err) != GB_OK)
        fail(err.text);
    return power;
}

static void write_loads(const struct gb_physics_config *config, struct gb_draws draws,
                        int64_t slots)
{
    struct village v = open_village(config, draws);

    for (int64_t k = 0; k < slots; k++)
        put(power_of(&v, k).load_w, v.fleet->n);
    close_village(&v);
}

static void write_systems(const struct gb_physics_config *config, struct gb_draws draws,
                          int64_t slots)
{
    struct gb_key key = gb_draws_key(draws, GB_PURPOSE_POSITION);
    struct village v = open_village(config, draws);
    const struct gb_systems *systems = &v.fleet->systems;
    double *row = calloc(systems->n + 1, sizeof *row);

    if (!row)
        fail("no memory");
    for (size_t i = 0; i < systems->n; i++) {
        uint32_t owner = v.fleet->draw_owner[systems->meter[i]];
        struct gb_position at = gb_position_draw(key, owner, config->fleet.radius_m);
        put(&at.east_m, 1);
        put(&at.north_m, 1);
    }
    for (int64_t k = 0; k < slots; k++) {
        struct gb_slot_power power = power_of(&v, k);
        for (size_t i = 0; i < systems->n; i++)
            row[i] = power.solar_w[i] / (1000 * systems->kwp[i]);
        put(row, systems->n);
    }
    free(row);
    close_village(&v);
}

static double clearness(const struct gb_weather *weather, const struct gb_sky_step *step)
{
    size_t n = gb_weather_n_cloud_steps(weather);
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += gb_cloud_clearness(gb_weather_clouds(weather), step->clouds[i].z) / (double)n;
    return sum;
}

static void put_weather(const struct gb_weather *weather, const struct gb_weather_slot *slot)
{
    size_t n = gb_weather_n_steps(weather), m = gb_weather_n_wind_steps(weather);
    double row[WEATHER_COLUMNS] = {0};

    for (size_t i = 0; i < n; i++) {
        const struct gb_sky_step *step = &slot->steps[i];
        double kc = clearness(weather, step);
        row[0] += kc * step->clear_ghi / (double)n;
        row[1] += fmax(step->cos_zenith, 0) * step->extraterrestrial / (double)n;
        row[2] += kc / (double)n;
    }
    row[3] = slot->temperature_c;
    for (size_t i = 0; i < m; i++)
        row[4] += gb_wind_in_step(gb_weather_wind(weather), &slot->wind[i]) / (double)m;
    put(row, WEATHER_COLUMNS);
}

static void write_weather(const struct gb_physics_config *config, struct gb_draws draws,
                          int64_t slots)
{
    struct gb_weather *weather = NULL;
    struct gb_error err = {0};

    if (gb_weather_create(&weather, &config->weather, NULL, NULL, 1, draws, &err) != GB_OK)
        fail(err.text);
    for (int64_t k = gb_anchor_slot(config->weather.slot_ns); k < slots; k++) {
        if (gb_weather_advance(weather, &err) != GB_OK)
            fail(err.text);
        if (k >= 0)
            put_weather(weather, gb_weather_at(weather, k));
    }
    gb_weather_free(weather);
}

static void overrule(struct gb_physics_config *config, char *setting)
{
    char *value = strchr(setting, '=');

    if (!value)
        fail("KEY=VALUE is expected");
    *value = '\0';
    if (!physics_set(config, setting, value + 1))
        fail("no such key or value");
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*write)(const struct gb_physics_config *config, struct gb_draws draws, int64_t slots);
    } kinds[] = {{"loads", write_loads}, {"systems", write_systems}, {"weather", write_weather}};
    const struct setting *place = argc > 4 ? target_place(argv[2]) : NULL;
    struct gb_physics_config config;

    if (!place || !physics_with(&config, place))
        fail("loads|systems|weather PLACE SEED SLOTS [KEY=VALUE ...] is expected");
    for (int i = 5; i < argc; i++)
        overrule(&config, argv[i]);
    struct gb_draws draws = {.seed = strtoull(argv[3], NULL, 10)};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp(argv[1], kinds[i].name) == 0)
            kinds[i].write(&config, draws, strtoll(argv[4], NULL, 10));
    return fclose(stdout) == 0 ? 0 : 1;
}
