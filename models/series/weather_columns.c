#include "models/series/weather_columns.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

const char *const gb_weather_names[GB_N_WEATHER_QUANTITIES] = {"global horizontal irradiance",
                                                               "air temperature", "wind speed"};

/* How a quantity is told: by the SI units of its column, and by words in its name, or words that
 * only its relatives have. */
static const struct {
    const char *units;
    const char *own[8], *others[12];
} signs[GB_N_WEATHER_QUANTITIES] = {
    {"W/m2, Wh/m2",
     {"global", "ghi", "G(h)", NULL},
     {"direct", "direkt", "dirett", "diffus", "difus", "normal", "extraterrestrial", "infrared",
      "IR(h)", "(i)", "clear", NULL}},
    {"C, F or K",
     {"air", "dry", "temp", "T2m", NULL},
     {"dew", "wet", "soil", "cell", "module", "taupunkt", "boden", "ros\xC3\xA9", "roc\xC3\xAD",
      "rocio", NULL}},
    {"m/s, km/h, mph or kn",
     {"speed", "wspd", "wind", "WS", "vent", "viento", NULL},
     {"gust", "b\xC3\xB6", "spitze", "rafale", "racha", NULL}},
};

static bool is_of(const struct gb_channel *channel, enum gb_weather_quantity quantity)
{
    static const char *const si[] = {NULL, "C", "m/s"};

    if (!channel->unit)
        return false;
    return quantity == GB_IRRADIANCE ? channel->unit->kind == GB_UNIT_IRRADIANCE
                                     : channel->unit->kind == GB_UNIT_OTHER &&
                                           strcmp(channel->unit->si, si[quantity]) == 0;
}

/* Does the name hold one of the words? Letters count alike, big or small. */
static bool holds(const char *name, const char *const *words)
{
    for (; *words; words++)
        for (const char *at = name; *at; at++)
            if (strncasecmp(at, *words, strlen(*words)) == 0)
                return true;
    return false;
}

const struct gb_channel *gb_weather_column(const struct gb_series *series,
                                           enum gb_weather_quantity quantity, bool is_chosen,
                                           char *why, size_t size)
{
    const struct gb_channel *only = NULL, *named = NULL;
    size_t n = 0, n_named = 0;

    for (size_t i = 0; i < series->n_channels; i++) {
        const struct gb_channel *channel = &series->channels[i];
        bool is_other = !is_chosen && holds(channel->name, signs[quantity].others);
        if (!is_of(channel, quantity) || is_other)
            continue;
        only = channel;
        n++;
        if (holds(channel->name, signs[quantity].own)) {
            named = channel;
            n_named++;
        }
    }
    if (n == 1 || n_named == 1)
        return n == 1 ? only : named;
    snprintf(why, size,
             n == 0 ? "no column of %s, in %s: `column` and `unit` of the series say which"
                    : "several columns may be the %s, in %s: `column` of the series says "
                      "which",
             gb_weather_names[quantity], signs[quantity].units);
    return NULL;
}
