#include "tests/target_places.h"

#include <stddef.h>
#include <string.h>

/* 32 modules within 860 m; the speeds are those of the fields' clouds as the model counts them. */
#define FIELD(speed_ms)                                                                       \
    {"slot", "1 min"}, {"clouds.model", "drifting"}, {"meters.count", "60"},                  \
        {"meters.prosumer_share", "1"}, {"meters.wind_share", "0"}, {"meters.radius", "430"}, \
        {"pv.azimuth_sd", "0"},                                                               \
    {                                                                                         \
        "clouds.speed", speed_ms                                                              \
    }

static const struct setting field_a[] = {FIELD("19"), {0}};
static const struct setting field_b[] = {FIELD("27.5"), {"clouds.local_share", "0.0045"}, {0}};

static const struct setting homes[] = {{"slot", "30 min"},
                                       {"start_date", "2013-01-01"},
                                       {"meters.count", "100"},
                                       {"load.model", "habits"},
                                       {"meters.prosumer_share", "0"},
                                       {"meters.wind_share", "0"},
                                       {0}};

/* July to October. */
static const struct setting golden[] = {{"slot", "15 min"},
                                        {"start_date", "2016-07-01"},
                                        {"site.latitude", "39.74"},
                                        {"site.longitude", "-105.17"},
                                        {"site.altitude", "1829"},
                                        {"site.utc_offset", "-7"},
                                        {"meters.count", "1"},
                                        {"meters.prosumer_share", "1"},
                                        {"meters.wind_share", "0"},
                                        {"pv.tilt", "45"},
                                        {"pv.azimuth", "158"},
                                        {"pv.azimuth_sd", "0"},
                                        {"clouds.model", "drifting"},
                                        {"clouds.passing_share", "0.28"},
                                        {"clouds.passing_time", "3.5"},
                                        {"clouds.memory_hour", "0.65"},
                                        {"clouds.memory_night", "0.08"},
                                        {"clouds.days_share", "0.3"},
                                        {"clouds.days_time", "45"},
                                        {"clouds.dark_weight", "0.33"},
                                        {"clouds.dark_mean", "0.25"},
                                        {"clouds.dark_sd", "0.3"},
                                        {"clouds.clear_mean", "0.97"},
                                        {"clouds.clear_sd", "0.05"},
                                        {0}};

static const struct setting chicago[] = {{"slot", "60 min"},
                                         {"start_date", "2001-01-01"},
                                         {"site.latitude", "41.98"},
                                         {"site.longitude", "-87.92"},
                                         {"site.altitude", "201"},
                                         {"site.utc_offset", "-6"},
                                         {"clouds.model", "drifting"},
                                         {"site.temperature_model", "process"},
                                         {"site.temperature", "10"},
                                         {"site.temperature_season", "14.2"},
                                         {"site.temperature_sun", "18"},
                                         {"site.temperature_days_sd", "4.6"},
                                         {"site.temperature_days_time", "42"},
                                         {0}};

static const struct setting greensboro[] = {{"slot", "60 min"},
                                            {"start_date", "2001-01-01"},
                                            {"site.latitude", "36.1"},
                                            {"site.longitude", "-79.95"},
                                            {"site.altitude", "270"},
                                            {"site.utc_offset", "-5"},
                                            {"clouds.model", "drifting"},
                                            {"site.temperature_model", "process"},
                                            {"site.temperature", "14.4"},
                                            {"site.temperature_season", "11.4"},
                                            {"site.temperature_sun", "20"},
                                            {"site.temperature_days_sd", "3.8"},
                                            {"clouds.days_share", "0.45"},
                                            {"clouds.days_time", "36"},
                                            {"clouds.dark_weight", "0.43"},
                                            {"clouds.dark_mean", "0.47"},
                                            {"clouds.dark_sd", "0.17"},
                                            {"clouds.clear_mean", "0.92"},
                                            {"clouds.clear_sd", "0.09"},
                                            {0}};

static const struct setting new_york[] = {
    {"slot", "60 min"},           {"start_date", "2013-01-01"},
    {"wind.weibull_k", "2.25"},   {"wind.synoptic_share", "0.17"},
    {"wind.synoptic_time", "48"}, {0}};

const struct setting *target_place(const char *name)
{
    static const struct {
        const char *name;
        const struct setting *settings;
    } places[] = {{"field_a", field_a}, {"field_b", field_b},       {"golden", golden},
                  {"chicago", chicago}, {"greensboro", greensboro}, {"new_york", new_york},
                  {"homes", homes}};

    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        if (strcmp(name, places[i].name) == 0)
            return places[i].settings;
    return NULL;
}

bool physics_set(struct gb_physics_config *config, const char *key, const char *value)
{
    const struct gb_param *row = gb_param_find(gb_physics_params, key);
    char why[200];

    return row && gb_param_parse(row, value, config, why, sizeof why);
}

bool physics_with(struct gb_physics_config *out, const struct setting *settings)
{
    *out = (struct gb_physics_config){0};
    gb_param_defaults(gb_physics_params, out);
    for (; settings->key; settings++)
        if (!physics_set(out, settings->key, settings->value))
            return false;
    return true;
}
