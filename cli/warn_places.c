/* Weather that was measured elsewhere than the site lies, of another height, or on another clock.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "cli/message.h"
#include "cli/warnings.h"
#include "models/series/library.h"
#include "models/series/place.h"
#include "models/weather/observed.h"

/* A cell of satellite or reanalysis data is some 30 km wide, and the station of an airport stands
 * for the town beside it; beyond 50 km the sun of a file is minutes off (4 min a degree) and its
 * clouds are others. */
#define FAR_KM 50.0
/* 1.3 K by the lapse rate of 6.5 K/km, and 2 % of the air's density. */
#define FAR_M 200.0

static void describe(const struct gb_place *place, char *text, size_t size)
{
    text[0] = '\0';
    gb_text_append(text, size, "%g, %g", place->latitude_deg, place->longitude_deg);
    if (!isnan(place->altitude_m))
        gb_text_append(text, size, " (%g m)", place->altitude_m);
}

static void warn_far(const struct gb_measured *measured, const struct gb_place *site, double km)
{
    char there[80], here[80];

    describe(&measured->place, there, sizeof there);
    describe(site, here, sizeof here);
    gb_message_note("note: the weather of '%s' is that of %s, the site is at %s, %.0f km away:",
                    measured->name, there, here, km);
    gb_message_note("set site.latitude, site.longitude, site.altitude and site.utc_offset or "
                    "site.time_zone to the");
    gb_message_note("place of the file, or take a file of the site's");
}

static void warn_height(const struct gb_measured *measured, const struct gb_place *site)
{
    double above_m = measured->place.altitude_m - site->altitude_m;

    if (fabs(above_m) > FAR_M) /* NaN: not known */
        gb_message_note("note: the weather of '%s' is that of %g m above the sea, the site lies at "
                        "%g m: set site.altitude",
                        measured->name, measured->place.altitude_m, site->altitude_m);
}

static void warn_clock(const struct gb_measured *measured, const struct gb_place *site)
{
    if (fabs(measured->place.utc_offset_h - site->utc_offset_h) > 0.01) /* NaN: not known */
        gb_message_note("note: the standard time of '%s' is UTC%+g h, that of the site UTC%+g h: "
                        "set site.utc_offset or site.time_zone",
                        measured->name, measured->place.utc_offset_h, site->utc_offset_h);
}

/* Is it the weather of the run, or a forecast of it? */
static bool is_weather(const struct gb_weather_config *config, const char *name)
{
    for (enum gb_weather_quantity q = 0; q < GB_N_WEATHER_QUANTITIES; q++)
        if (strcmp(gb_weather_series(config, q), name) == 0 ||
            strcmp(gb_weather_forecast(config, q), name) == 0)
            return true;
    return false;
}

void gb_warn_places(const struct gb_scenario *scenario)
{
    const struct gb_weather_config *config = &scenario->physics.weather;
    const struct gb_place site = {.is_known = true,
                                  .latitude_deg = config->site.latitude_deg,
                                  .longitude_deg = config->site.longitude_deg,
                                  .altitude_m = config->site.altitude_m,
                                  .utc_offset_h =
                                      gb_scenario_calendar(scenario).zone.offset_s / 3600.0};
    const struct gb_measured *measured;

    for (size_t i = 0; (measured = gb_library_at(scenario->library, i)); i++) {
        if (!measured->place.is_known || !is_weather(config, measured->name))
            continue;
        double km = gb_place_distance_km(&measured->place, &site);
        if (km > FAR_KM) {
            warn_far(measured, &site, km);
            continue;
        }
        warn_height(measured, &site);
        warn_clock(measured, &site);
    }
}
