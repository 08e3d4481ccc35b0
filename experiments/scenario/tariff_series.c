#include "experiments/scenario/tariff_series.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/duration.h"
#include "base/integer.h"
#include "experiments/scenario/scenario_priv.h"

#define ANY_CURRENCY "currency" /* the default of `currency` */
#define MOST_TICKS (INT64_C(1000) * 1000000)

/* ---- whether a series fits the run */

static bool is_other_currency(const struct gb_scenario *scenario, const struct gb_unit *unit)
{
    return unit->si[0] && strcmp(scenario->currency, ANY_CURRENCY) != 0 &&
           strcmp(scenario->currency, unit->si) != 0;
}

/* returns whether anything is wrong, which `why` says */
static bool is_unfit(const struct gb_scenario *scenario, const struct gb_measured *measured,
                     char *why, size_t size)
{
    const struct gb_measured_price *price = &measured->price;
    struct gb_calendar calendar = gb_scenario_calendar(scenario);
    int64_t slot_ns = scenario->physics.weather.slot_ns, day;

    if (!price->column)
        snprintf(why, size, "the series '%s': %s", measured->name, price->fault);
    else if (is_other_currency(scenario, price->unit))
        snprintf(
            why, size,
            "the series '%s' is in %s, and `currency` is %s; expected prices in that, or unit: "
            "currency/kWh or currency/MWh and the rate of exchange as the factor",
            measured->name, price->unit->name, scenario->currency);
    else if (measured->scale != 1) /* as written: 1 is exact */
        snprintf(why, size,
                 "series.%s.scale is for power; of prices expected tariff.retail_factor or "
                 "tariff.feed_in_factor",
                 measured->name);
    else if (slot_ns % GB_NS_PER_SECOND != 0)
        snprintf(why, size, "a series needs a slot of whole seconds");
    else if (!gb_course_covers(&price->course, measured->align, &calendar,
                               gb_scenario_n_slots(scenario) * slot_ns, &day))
        gb_series_describe_uncovered(measured, &price->course, &calendar, day, why, size);
    else
        return false;
    return true;
}

bool gb_tariff_series_find(struct gb_tariff_series *out, const struct gb_scenario *scenario,
                           const char *name, char *why, size_t size)
{
    const struct gb_items *items = &scenario->items[GB_SECTION_SERIES];
    struct gb_calendar calendar = gb_scenario_calendar(scenario);

    *out = (struct gb_tariff_series){.measured = gb_library_find(scenario->library, name)};
    if (!gb_items_find(items, name, strlen(name))) {
        gb_series_describe_unknown(items, name, why, size);
        return false;
    }
    if (!out->measured)
        return true;
    if (is_unfit(scenario, out->measured, why, size))
        return false;
    out->replay = gb_replay_make(&out->measured->price.course, out->measured->align, &calendar);
    return true;
}

/* ---- prices */

/* "2024-03-30 06:15", by the local clock. */
static char *moment_of(const struct gb_calendar *calendar, int64_t at_s, char text[32])
{
    int64_t local_ns = gb_calendar_local_ns(calendar, at_s * GB_NS_PER_SECOND);
    int64_t day = gb_floor_divide(local_ns, GB_NS_PER_DAY);
    int minutes = (int)((local_ns - day * GB_NS_PER_DAY) / GB_NS_PER_MINUTE);
    char date[16];

    gb_date_format(calendar->start_days + day, date, sizeof date);
    snprintf(text, 32, "%s %02d:%02d", date, minutes / 60, minutes % 60);
    return text;
}

static void describe_change(const struct gb_tariff_series *series, int64_t at_s, int64_t slot_ns,
                            int64_t changed_s, char *why, size_t size)
{
    char begin[32], moment[32], length[32], step[32];
    const struct gb_measured_price *price = &series->measured->price;
    int64_t step_ns = price->course.flow.step_s * GB_NS_PER_SECOND;

    snprintf(why, size,
             "the series '%s' changes at %s, within the slot of %s that begins at %s; expected "
             "prices that change where slots begin: a slot that divides %s, or a series of means "
             "over slots",
             series->measured->name, moment_of(&series->replay.calendar, changed_s, moment),
             gb_duration_format(slot_ns, length, sizeof length),
             moment_of(&series->replay.calendar, at_s, begin),
             gb_duration_format(step_ns, step, sizeof step));
}

bool gb_tariff_series_at(struct gb_tariff_series *series, int64_t slot, int64_t slot_ns,
                         struct gb_price *out, char *why, size_t size)
{
    int64_t length_s = slot_ns / GB_NS_PER_SECOND, at_s = slot * length_s, value = 0, changed_s;
    char moment[32], price[32], reach[80];

    assert(series->measured);
    const struct gb_unit *unit = series->measured->price.unit;
    if (!gb_replay_held(&series->replay, at_s, length_s, &value, &changed_s)) {
        gb_course_describe_reach(series->replay.course, reach, sizeof reach);
        snprintf(
            why, size,
            "the series '%s' has nothing for the slot that begins at %s by the local clock: it "
            "reaches %s",
            series->measured->name, moment_of(&series->replay.calendar, at_s, moment), reach);
        return false;
    }
    if (changed_s >= 0) {
        describe_change(series, at_s, slot_ns, changed_s, why, size);
        return false;
    }
    /* |value| <= 1e18, a factor <= 1e9 millionths and <= 1e6 ticks of the unit: below 1e33 */
    out->ticks =
        (int64_t)gb_divide_wide_half_even((__int128)value * unit->ticks * series->factor_millionths,
                                          (__int128)GB_NANO * GB_MILLIONTHS);
    out->ticks += series->addition.ticks;
    if (out->ticks >= -MOST_TICKS && out->ticks <= MOST_TICKS)
        return true;
    snprintf(why, size,
             "%s in the slot that begins at %s, of the series '%s' in %s; expected from -1000 to "
             "1000 a kWh",
             gb_format_decimal(out->ticks, 6, price, sizeof price),
             moment_of(&series->replay.calendar, at_s, moment), series->measured->name, unit->name);
    return false;
}
