/* How the slots and days of a scenario lie in UTC and on the local clock. */
#include <string.h>

#include "base/quantity.h"
#include "experiments/scenario/scenario.h"

struct gb_calendar gb_scenario_calendar(const struct gb_scenario *scenario)
{
    return gb_weather_calendar(&scenario->physics.weather);
}

const char *gb_scenario_time_zone(const struct gb_scenario *scenario)
{
    const char *zone = scenario->physics.weather.site.time_zone;

    return strcmp(zone, GB_ZONE_FIXED) == 0 ? NULL : zone;
}

/* The slot with which a day begins, 0 the first. */
static int64_t slot_of_day(const struct gb_scenario *scenario, int64_t day)
{
    const struct gb_calendar calendar = gb_scenario_calendar(scenario);

    return gb_calendar_day_ns(&calendar, day) / scenario->physics.weather.slot_ns;
}

int64_t gb_scenario_first_slot(const struct gb_scenario *scenario)
{
    return slot_of_day(scenario, scenario->warm_up_ns / GB_NS_PER_DAY);
}

int64_t gb_scenario_first_day(const struct gb_scenario *scenario)
{
    return scenario->physics.weather.start_date + scenario->warm_up_ns / GB_NS_PER_DAY;
}

int64_t gb_scenario_n_slots(const struct gb_scenario *scenario)
{
    if (scenario->slots > 0)
        return scenario->slots;
    return slot_of_day(scenario, scenario->days);
}
