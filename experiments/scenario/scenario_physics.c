/* What no row of the physics says of itself: whether texts that hold a table are well written, of
 * the scenario and of each kind of households, and which keys need one another. */
#include <string.h>

#include "experiments/scenario/scenario_priv.h"
#include "models/assets/heat_pump.h"
#include "models/assets/turbine.h"
#include "models/weather/turbidity.h"

static const char turbidity_key[] = "site.turbidity_by_month";
static const char table_key[] = "wind.table";

static void check_sky(struct gb_reading *reading)
{
    const struct gb_site_config *site = &reading->scenario->physics.weather.site;
    struct gb_turbidity turbidity;

    if (!gb_turbidity_read(&turbidity, site->linke_turbidity, site->turbidity_by_month))
        gb_reading_report(
            reading, turbidity_key,
            "%s: expected twelve numbers from 1 to 10 by commas, January to December, "
            "or none, got '%s'",
            turbidity_key, site->turbidity_by_month);
}

static bool is_table(const char *text)
{
    struct gb_power_curve curve;

    return strcmp(text, GB_CURVE_NO_TABLE) == 0 || gb_curve_read(&curve, text);
}

/* A kind that gives no table has the scenario's, which is told once. */
static void check_turbines(struct gb_reading *reading)
{
    static const char expected[] =
        "expected speeds in m/s, ascending from 0 to 32 at most, each with a power of 0 or more, like "
        "`3 0, 6 1.2, 11 5, 20 5`, or none";
    const struct gb_physics_config *physics = &reading->scenario->physics;
    const struct gb_items *kinds = &reading->scenario->items[GB_SECTION_HOUSEHOLDS];

    if (!is_table(physics->turbine.table))
        gb_reading_report(reading, table_key, "%s: %s, got '%s'", table_key, expected,
                          physics->turbine.table);
    for (size_t k = 0; k < kinds->n; k++)
        if (gb_item_gives(&kinds->list[k], table_key) && !is_table(physics->kinds[k].turbine.table))
            gb_reading_report_item(reading, &kinds->list[k], table_key, "%s, got '%s'", expected,
                                   physics->kinds[k].turbine.table);
}

static void check_evs(struct gb_reading *reading)
{
    const struct gb_ev_config *ev = &reading->scenario->physics.ev;

    if (!gb_reading_is_invalid(reading,
                               ((const char *const[]){"ev.distance", "ev.consumption", NULL})) &&
        ev->distance_km >= 0 && ev->consumption_kwh_km < 0)
        gb_reading_report(reading, "ev.distance",
                          "ev.distance: expected ev.consumption beside it, for which there is no "
                          "default");
}

static const char design_key[] = "heat_pump.design_temperature", limit_key[] = "heat_pump.limit";

/* Is a pump sized for a temperature at which its home needs no heat? */
static bool is_sized_for_nothing(const struct gb_heat_pump_config *pump)
{
    return pump->power_kw < 0 && gb_heat_pump_power_kw(pump) <= 0;
}

/* A kind that gives neither temperature has the scenario's, which is told once. */
static void check_heat_pumps(struct gb_reading *reading)
{
    static const char expected[] =
        "at heat_pump.design_temperature a home needs no heat, so that no pump is sized; expected that "
        "below heat_pump.limit, or a number for heat_pump.power";
    const struct gb_physics_config *physics = &reading->scenario->physics;
    const struct gb_items *kinds = &reading->scenario->items[GB_SECTION_HOUSEHOLDS];

    if (!gb_reading_is_invalid(reading, ((const char *const[]){design_key, limit_key, NULL})) &&
        is_sized_for_nothing(&physics->heat_pump)) {
        const char *key = gb_reading_gives(reading, design_key) ? design_key : limit_key;
        gb_reading_report(reading, key, "%s: %s", key, expected);
    }
    for (size_t k = 0; k < kinds->n; k++) {
        bool gives =
            gb_item_gives(&kinds->list[k], design_key) || gb_item_gives(&kinds->list[k], limit_key);
        if (gives && physics->kinds[k].has_heat_pump &&
            is_sized_for_nothing(&physics->kinds[k].heat_pump))
            gb_reading_report_item(reading, &kinds->list[k],
                                   gb_item_gives(&kinds->list[k], design_key) ? design_key
                                                                              : limit_key,
                                   "%s", expected);
    }
}

/* What is declared is delivered whole. */
static void check_community(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;
    const struct gb_community_config *community = &s->physics.community;
    const char *key =
        community->export_kw >= 0 ? "community.export_limit" : "community.import_limit";

    if (s->delivery == GB_DELIVERY_MODELLED ||
        (community->export_kw < 0 && community->import_kw < 0))
        return;
    gb_reading_report(reading, key,
                      "%s: what is declared (meters.delivery) is delivered whole; expected none",
                      key);
}

void gb_reading_check_physics(struct gb_reading *reading)
{
    check_sky(reading);
    check_turbines(reading);
    check_evs(reading);
    check_heat_pumps(reading);
    check_community(reading);
}
