#include "cli/warnings.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "analysis/record.h"
#include "base/date.h"
#include "base/delay.h"
#include "base/quantity.h"
#include "base/text.h"
#include "chain/node/chain.h"
#include "cli/message.h"
#include "models/series/library.h"
#include "models/weather/observed.h"
#include "models/weather/temperature.h"

#define VIEW_TIMEOUT_NS 3e9 /* rules, section 7: the first view change is at 3 s */
#define METER_ROW_DISK 15.0 /* bytes a row in the file, measured */
#define DELAYS_TO_COMMIT 3  /* proposal, prepare, commit */
#define MAX_HOURS_OFF 3     /* no civil time is further from its sun's */

void gb_warn_view_changes(const struct gb_scenario *scenario)
{
    double commit_ns = DELAYS_TO_COMMIT * gb_delay_mean_ns(&scenario->link);

    if (scenario->protocol != &gb_protocol_pbft || scenario->n_nodes < 3 ||
        commit_ns <= VIEW_TIMEOUT_NS)
        return;
    gb_message_note("note: a decision takes %.1f s at the mean of chain.delay, more than the 3 s "
                    "after which",
                    commit_ns * 1e-9);
    gb_message_note(
        "validators would change the view; view changes do not exist yet, so this chain "
        "commits");
    gb_message_note("where a real one would not");
}

void gb_warn_local_time(const struct gb_scenario *scenario)
{
    const struct gb_site_config *site = &scenario->physics.weather.site;
    const char *zone = gb_scenario_time_zone(scenario);
    double offset_h = gb_scenario_calendar(scenario).zone.offset_s / 3600.0;
    double by_sun_h = site->longitude_deg / 15;
    double ahead_h = remainder(offset_h - by_sun_h, 24); /* across the date line */

    if (scenario->delivery != GB_DELIVERY_MODELLED || fabs(ahead_h) <= MAX_HOURS_OFF)
        return;
    char offset[32];

    snprintf(offset, sizeof offset, "%g", offset_h);
    gb_message_note("note: site.%s %s contradicts site.longitude %g, where the sun keeps "
                    "UTC%+.1f h:",
                    zone ? "time_zone" : "utc_offset", zone ? zone : offset, site->longitude_deg,
                    by_sun_h);
    gb_message_note(
        "local noon comes %.1f h %s the sun's, and so do loads and prices; set both for "
        "the same place",
        fabs(ahead_h), ahead_h > 0 ? "before" : "after");
}

void gb_warn_yearly(const char *name, int64_t wh, double days)
{
    int doubt = gb_series_flow_doubt(wh, days);

    if (doubt != 0)
        gb_message_note("%s: %.6g kWh a year is no household's%s%s", name,
                        days > 0 ? (double)wh * 0.365 / days : 0,
                        doubt == 2 ? "" : ": is the unit wrong by a factor 1000, ",
                        doubt == 2    ? " (100 to 100 000 are)"
                        : doubt == -1 ? "kW or kWh where W or Wh is meant?"
                                      : "W or Wh where kW or kWh is meant?");
}

void gb_warn_heat(const struct gb_scenario *scenario)
{
    const struct gb_physics_config *physics = &scenario->physics;
    const struct gb_site_config *site = &physics->weather.site;
    double limit_c = physics->fleet.heat_pump_share > 0 ? physics->heat_pump.limit_c : -INFINITY;

    for (size_t k = 0; k < physics->n_kinds; k++)
        if (physics->kinds[k].has_heat_pump)
            limit_c = fmax(limit_c, physics->kinds[k].heat_pump.limit_c);
    for (size_t i = 0; i < scenario->listed.n; i++) { /* rows of kinds that have none */
        const struct gb_listed_meter *meter = &scenario->listed.meters[i];
        if (gb_listed_owns(meter->heat_pump_kw, false))
            limit_c = fmax(limit_c, physics->kinds[meter->settings].heat_pump.limit_c);
    }
    if (limit_c == -INFINITY || scenario->delivery != GB_DELIVERY_MODELLED ||
        site->temperature_model != GB_TEMPERATURE_CONSTANT ||
        gb_series_is_named(site->temperature_series))
        return;
    gb_message_note(
        "note: it is %g degrees outside at all times, and homes with a heat pump need %s;",
        site->temperature_c,
        site->temperature_c < limit_c ? "as much heat in summer as in winter" : "no heat");
    gb_message_note("site.temperature_model: process, or a site.temperature_series, gives seasons");
}

/* The year of the day that the first of a run takes from a file. returns false of a clock without
 * dates, and where there is none */
static bool year_taken(const struct gb_course *course, enum gb_series_align align,
                       const struct gb_calendar *calendar, int *year)
{
    struct gb_replay replay = gb_replay_make(course, align, calendar);
    int64_t instant_s;

    if (course->is_daily || !gb_replay_instant(&replay, 0, &instant_s))
        return false;
    int64_t local_s = instant_s + calendar->zone.offset_s;
    *year = gb_civil_day_at(gb_floor_divide(local_s, GB_NS_PER_DAY / GB_NS_PER_SECOND)).year;
    return true;
}

/* The series of a load: of all homes, or of the kind k. */
static const struct gb_measured *load_series(const struct gb_scenario *scenario, size_t k)
{
    const struct gb_physics_config *physics = &scenario->physics;

    return gb_library_find(scenario->library, physics->n_kinds > 0
                                                  ? physics->kinds[k].household.series
                                                  : physics->household.series);
}

/* returns whether it warned */
static bool warn_years(const struct gb_scenario *scenario, enum gb_weather_quantity quantity)
{
    const struct gb_weather_config *config = &scenario->physics.weather;
    const struct gb_measured *sky =
        gb_library_find(scenario->library, gb_weather_series(config, quantity));
    struct gb_calendar calendar = gb_weather_series_calendar(config);
    size_t n_kinds = scenario->physics.n_kinds > 0 ? scenario->physics.n_kinds : 1;
    int year, other;

    if (!sky || !year_taken(&sky->weather[quantity].course, sky->align, &calendar, &year))
        return false;
    for (size_t k = 0; k < n_kinds; k++) {
        const struct gb_measured *load = load_series(scenario, k);
        if (!load || !year_taken(&load->courses[0], load->align, &calendar, &other) ||
            other == year)
            continue;
        gb_message_note("note: the %s of '%s' is of %d, the load of '%s' of %d: what homes "
                        "did in that",
                        gb_weather_names[quantity], sky->name, year, load->name, other);
        gb_message_note("weather is not what they did; take both of one year where it matters");
        return true;
    }
    return false;
}

/* Days of a file that stand for others of another season are told once a series. */
static void warn_far_days(const struct gb_measured *measured, const struct gb_scenario *scenario)
{
    struct gb_calendar calendar = gb_scenario_calendar(scenario);
    const struct gb_course *course = measured->n > 0          ? &measured->courses[0]
                                     : measured->price.column ? &measured->price.course
                                                              : NULL;
    int64_t most = 0, farthest = 0;

    for (size_t q = 0; !course && q < GB_N_WEATHER_QUANTITIES; q++)
        course = measured->weather[q].column ? &measured->weather[q].course : NULL;
    if (!course || course->is_daily || measured->align != GB_ALIGN_ANY_WEEKDAY)
        return;
    struct gb_replay replay = gb_replay_make(course, measured->align, &calendar);
    int64_t n = gb_calendar_day_at(
        &calendar, gb_scenario_n_slots(scenario) * scenario->physics.weather.slot_ns - 1);
    for (int64_t day = 0; day <= n; day++) {
        int64_t away = gb_replay_days_away(&replay, calendar.start_days + day);
        farthest = away > most ? calendar.start_days + day : farthest;
        most = away > most ? away : most;
    }
    if (most <= 10)
        return;
    char date[16];
    gb_date_format(farthest, date, sizeof date);
    gb_message_note("note: '%s' has no days near all of the run: that of %s is %" PRId64
                    " days away in the year",
                    measured->name, date, most);
}

/* ---- clocks that nobody named */

/* Is the series taken for UTC because neither its stamps nor the scenario say otherwise? */
static bool is_of_unsaid_zone(const struct gb_scenario *scenario,
                              const struct gb_measured *measured)
{
    const struct gb_item *item =
        gb_items_find(&scenario->items[GB_SECTION_SERIES], measured->name, strlen(measured->name));

    return measured->needs_zone && item && !gb_item_gives(item, "zone");
}

static bool are_of_one_file(const struct gb_measured *a, const struct gb_measured *b)
{
    return strcmp(a->digest, b->digest) == 0;
}

/* Once a file, with the keys of all series that read it. */
static void warn_zone(const struct gb_scenario *scenario, size_t i)
{
    const struct gb_measured *first = gb_library_at(scenario->library, i), *other;
    char key[64], file[GB_PARAM_TEXT_SIZE], keys[512] = "";
    size_t n = 0;

    for (size_t k = 0; (other = gb_library_at(scenario->library, k)); k++) {
        if (!are_of_one_file(first, other) || !is_of_unsaid_zone(scenario, other))
            continue;
        if (k < i)
            return; /* told there */
        gb_text_append(keys, sizeof keys, "%sseries.%s.zone", n++ > 0 ? ", " : "", other->name);
    }
    if (n == 0)
        return;
    snprintf(key, sizeof key, "series.%s.file", first->name);
    gb_scenario_value(scenario, key, file, sizeof file);
    gb_message_note("note: the stamps of '%s' have no offset from UTC, and no zone is named: they "
                    "are taken for UTC;",
                    file);
    gb_message_note("where they are local time, set %s as in CET-1CEST,M3.5.0,M10.5.0/3, else to "
                    "UTC0",
                    keys);
}

static void warn_zone_of_header(const struct gb_measured *measured,
                                const struct gb_scenario *scenario)
{
    char key[64], zone[GB_PARAM_TEXT_SIZE];

    if (!measured->zone_is_doubted)
        return;
    snprintf(key, sizeof key, "series.%s.zone", measured->name);
    gb_scenario_value(scenario, key, zone, sizeof zone);
    gb_message_note("note: the header of '%s' says that its stamps are of zone %s; %s, %s, goes "
                    "before",
                    measured->name, measured->header_zone.text, key, zone);
}

void gb_warn_series(const struct gb_scenario *scenario)
{
    const struct gb_measured *measured;

    for (enum gb_weather_quantity q = 0; q < GB_N_WEATHER_QUANTITIES && !warn_years(scenario, q);)
        q++;
    for (size_t i = 0; (measured = gb_library_at(scenario->library, i)); i++) {
        warn_zone(scenario, i);
        warn_zone_of_header(measured, scenario);
        warn_far_days(measured, scenario);
        for (size_t k = 0; measured->n > 1 && k < measured->n; k++) {
            const struct gb_series_flow *flow = &measured->courses[k].flow;
            double days = (double)flow->n * (double)flow->step_s / 86400;
            double wh = gb_course_overall_w(&measured->courses[k]) * days * 24 * measured->scale;
            gb_warn_yearly(measured->columns[k], (int64_t)wh, days);
        }
    }
}

void gb_warn_meter_rows(const struct gb_scenario *scenario)
{
    double rows = (double)scenario->physics.fleet.n_meters * (double)gb_scenario_n_slots(scenario);

    if (scenario->output_level < GB_OUTPUT_METERS || rows * METER_ROW_DISK < 1e9)
        return;
    gb_message_note("note: output.level meters writes %.1f million rows, about %.1f GB on disk;",
                    rows * 1e-6, rows * METER_ROW_DISK * 1e-9);
    gb_message_note("output.level market does without");
}
