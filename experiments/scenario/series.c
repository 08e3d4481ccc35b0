/* The section `series`: measured files by names of the author's, for load.series, pv.series, the
 * weather and tariffs.
 * They are read once, when the scenario is, and shared by all trials. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "base/text.h"
#include "experiments/scenario/scenario_priv.h"
#include "models/assets/replays.h"
#include "models/series/issues.h"
#include "models/series/library.h"
#include "models/series/missing.h"
#include "models/weather/cloud_latent.h"
#include "models/weather/observed.h"

static const char *const value_names[] = {"by_unit", "mean", "sample", "energy", "counter", NULL};
static const char *const label_names[] = {"by_format", "start", "end", "middle", NULL};
static const char *const date_names[] = {"by_file", "dmy", "mdy", "serial", "serial-1904", NULL};
static const char *const gaps_names[] = {"refuse", "hold", "week", NULL};
static const char *const align_names[] = {"exact", "weekday", "calendar", "any_weekday", NULL};

struct series_item {
#define GB_KEY GB_PARAM_FIELD
#include "experiments/scenario/series.def"
#undef GB_KEY
};

static const struct gb_param rows[] = {
#define GB_KEY(...) GB_PARAM_ROW(struct series_item, __VA_ARGS__)
#include "experiments/scenario/series.def"
#undef GB_KEY
    {0},
};

/* ---- reading files */

static const char *or_null(const char *text)
{
    return text[0] ? text : NULL;
}

/* What an item wishes of its file, the path apart. false where a word of it is none */
static bool take_wish(struct gb_reading *reading, const struct gb_item *item,
                      struct gb_measured_wish *out)
{
    const struct series_item *values = item->values;
    struct gb_error why = {0};
    bool is_good = true;

    *out = (struct gb_measured_wish){
        .name = item->name,
        .options = {.value = (enum gb_series_value)values->value,
                    .label = (enum gb_series_label)values->label,
                    .gaps = (enum gb_series_gaps)values->gaps,
                    .date = (enum gb_date_order)values->date,
                    .unit = gb_unit_named(values->unit, strlen(values->unit)),
                    .has_zone = gb_item_gives(item, "zone"),
                    .columns = or_null(values->column),
                    .time = or_null(values->time),
                    .id = or_null(values->id),
                    .issued = or_null(values->issued)},
        .align = (enum gb_series_align)values->align,
        .scale = values->scale,
        .digest = values->digest,
    };
    if (!values->file[0]) {
        gb_reading_report_item(reading, item, "file", "expected the file that is measured");
        is_good = false;
    }
    if (values->unit[0] && !out->options.unit) {
        gb_reading_report_item(reading, item, "unit", "expected one of %s, got '%s'",
                               gb_unit_names(), values->unit);
        is_good = false;
    }
    if (values->missing[0] && !gb_missing_parse(&out->options.missing, values->missing)) {
        gb_reading_report_item(reading, item, "missing",
                               "expected up to %d numbers by commas, like -999,-1, got '%s'",
                               GB_SERIES_MOST_MISSING, values->missing);
        is_good = false;
    }
    if (values->issued[0] && out->align != GB_ALIGN_EXACT) {
        gb_reading_report_item(reading, item, "align",
                               "expected exact: a forecast is of the dates that it was made for");
        is_good = false;
    }
    if (gb_zone_parse(values->zone, &out->options.zone, &why) != GB_OK) {
        gb_reading_report_item(reading, item, "zone", "%s", why.text);
        is_good = false;
    }
    return is_good;
}

/* A zone that the file's header says is stored, as if the item gave it. */
static void give_zone(struct gb_item *item, const struct gb_measured *measured)
{
    struct series_item *values = item->values;

    if (measured->header_zone.text[0] == '\0' || gb_item_gives(item, "zone") ||
        strcmp(measured->header_zone.text, values->zone) == 0)
        return;
    snprintf(values->zone, sizeof values->zone, "%s", measured->header_zone.text);
    gb_item_give(item, "zone");
}

/* Reads the file of an item, whose values get the digest. returns NULL where it is refused */
static struct gb_measured *read_item(struct gb_reading *reading, struct gb_item *item)
{
    struct series_item *values = item->values;
    struct gb_measured_wish wish;
    struct gb_measured *measured = NULL;
    struct gb_error why = {0};

    if (!take_wish(reading, item, &wish))
        return NULL;
    char *path = gb_scenario_beside(reading->scenario, values->file);
    wish.path = path;
    if (!path || gb_measured_read(&measured, &wish, &why) != GB_OK)
        gb_reading_report_item(reading, item, "file", "%s", path ? why.text : "no memory");
    else {
        snprintf(values->digest, sizeof values->digest, "%s", measured->digest);
        gb_item_give(item, "digest");
        give_zone(item, measured);
    }
    free(path);
    return measured;
}

/* What the library was made of: the values of all items, one after the other, and their names. */
static char *key_of(const struct gb_items *items, size_t *n)
{
    size_t size = sizeof(struct series_item) + GB_ITEM_NAME_SIZE;
    char *key = calloc(items->n + 1, size);

    *n = items->n * size;
    for (size_t i = 0; key && i < items->n; i++) {
        memcpy(key + i * size, items->list[i].name, GB_ITEM_NAME_SIZE);
        memcpy(key + i * size + GB_ITEM_NAME_SIZE, items->list[i].values,
               sizeof(struct series_item));
    }
    return key;
}

static bool is_read(const struct gb_scenario *scenario, const struct gb_items *items)
{
    size_t n = 0;
    char *key = scenario->library ? key_of(items, &n) : NULL;
    bool is_same = key && gb_library_is_of(scenario->library, key, n);

    free(key);
    return is_same;
}

/* Reads all files, unless they are those that were read before. */
static void read_all(struct gb_reading *reading, struct gb_items *items)
{
    struct gb_scenario *scenario = reading->scenario;
    struct gb_measured **list = calloc(items->n + 1, sizeof(struct gb_measured *));
    struct gb_library *library = NULL;
    size_t n = 0, n_key = 0;
    struct gb_error why = {0};

    for (size_t i = 0; list && i < items->n; i++) {
        list[n] = read_item(reading, &items->list[i]);
        n += list[n] != NULL;
    }
    char *key = key_of(items, &n_key);
    if (!list || !key || gb_library_create(&library, list, n, key, n_key, &why) != GB_OK)
        gb_reading_report_item(reading, &items->list[0], NULL, "no memory for the series");
    free(key);
    free(list);
    gb_library_release(scenario->library);
    scenario->library = library;
    scenario->physics.library = library;
}

/* ---- whether they fit the run */

/* Who reads a series: all homes (item NULL), or a kind of them. */
struct user {
    const struct gb_item *item;
    const char *key, *name; /* "load.series"; of the series */
    int64_t n_meters;
};

static void report(struct gb_reading *reading, const struct user *user, const char *why)
{
    if (user->item)
        gb_reading_report_item(reading, user->item, user->key, "%s", why);
    else
        gb_reading_report(reading, user->key, "%s: %s", user->key, why);
}

void gb_series_describe_unknown(const struct gb_items *items, const char *name, char *why,
                                size_t size)
{
    snprintf(why, size, "there is no series '%s': `series` names ", name);
    for (size_t i = 0; i < items->n; i++)
        gb_text_append(why, size, "%s%s", i ? ", " : "", items->list[i].name);
    if (items->n == 0)
        gb_text_append(why, size, "none");
}

void gb_series_describe_uncovered(const struct gb_measured *measured,
                                  const struct gb_course *course,
                                  const struct gb_calendar *calendar, int64_t day, char *why,
                                  size_t size)
{
    int64_t start_ns = calendar->start_s * GB_NS_PER_SECOND, number = day - calendar->start_days;
    char date[16], from[32], to[32], reach[80];

    gb_date_format(day, date, sizeof date);
    gb_instant_format(start_ns + gb_calendar_day_ns(calendar, number), from, sizeof from);
    gb_instant_format(start_ns + gb_calendar_day_ns(calendar, number + 1), to, sizeof to);
    gb_course_describe_reach(course, reach, sizeof reach);
    snprintf(
        why, size,
        "the series '%s' does not hold all of %s, which by the local clock is %s to %s: it reaches "
        "%s; series.%s.align: weekday or calendar takes days of other years, any_weekday those of "
        "other seasons, too",
        measured->name, date, from, to, reach, measured->name);
}

/* From the opening of a slot on agents bid for it. */
static struct gb_foretold asked_of(const struct gb_scenario *scenario,
                                   enum gb_weather_quantity quantity)
{
    int64_t slot_ns = scenario->physics.weather.slot_ns;

    return (struct gb_foretold){.start_s = gb_scenario_calendar(scenario).start_s,
                                .slot_s = slot_ns / GB_NS_PER_SECOND,
                                .n_slots = gb_scenario_n_slots(scenario),
                                .lead_slots = (scenario->open_ns + slot_ns - 1) / slot_ns,
                                .quantity = quantity};
}

/* Says which slot lacks a forecast, and which is the latest that was made for it by then. */
static void describe_untold(const struct gb_measured *measured, const struct gb_foretold *asked,
                            int64_t slot, char *why, size_t size)
{
    int64_t from_s = asked->start_s + slot * asked->slot_s;
    int64_t until_s = from_s - asked->lead_slots * asked->slot_s;
    size_t n = gb_measured_issues_until(measured, until_s);
    char about[32], until[32], made[32];

    gb_instant_format(from_s * GB_NS_PER_SECOND, about, sizeof about);
    gb_instant_format(until_s * GB_NS_PER_SECOND, until, sizeof until);
    gb_instant_format(measured->issued_s[n > 0 ? n - 1 : 0] * GB_NS_PER_SECOND, made, sizeof made);
    snprintf(
        why, size,
        "the series '%s' has no forecast of slot %" PRId64 ", from %s on, that was made by %s, "
        "when agents may first bid for it: the %s, in line %" PRIu32 " of the file, was made at %s",
        measured->name, slot, about, until,
        n > 0 ? "latest before, which is not of that slot" : "first of all",
        measured->issues[n > 0 ? n - 1 : 0]->line, made);
}

/* Do times of issue fit who reads the series? returns whether not, which `why` says */
static bool is_untold(const struct gb_scenario *scenario, const struct gb_measured *measured,
                      enum gb_weather_quantity quantity, const char *key, char *why, size_t size)
{
    struct gb_foretold asked = asked_of(scenario, quantity);
    const char *point = strchr(key, '.');
    int64_t slot;

    if (measured->n_issues > 0 && strcmp(point, ".forecast") != 0)
        snprintf(
            why, size,
            "the series '%s' is of forecasts, each with the time at which it was made; what is "
            "measured has none",
            measured->name);
    else if (measured->n_issues > 0 && !gb_measured_foretells(measured, &asked, &slot))
        describe_untold(measured, &asked, slot, why, size);
    else
        return false;
    return true;
}

/* returns whether anything is wrong, which `why` says */
static bool is_unfit(const struct gb_scenario *scenario, const struct gb_measured *measured,
                     const struct user *user, char *why, size_t size)
{
    struct gb_calendar calendar = gb_scenario_calendar(scenario);
    int64_t end_ns = gb_scenario_n_slots(scenario) * scenario->physics.weather.slot_ns, day;

    if (measured->n == 0)
        snprintf(why, size, "the series '%s' holds no column of power or energy", measured->name);
    else if (measured->n > 1 && (int64_t)measured->n != user->n_meters)
        snprintf(why, size,
                 "the series '%s' has %zu columns for %" PRId64 " meters; expected one, or one a "
                 "meter: series.%s.column chooses",
                 measured->name, measured->n, user->n_meters, measured->name);
    else if (strncmp(user->key, "load.", 5) == 0 && measured->n == 1 &&
             gb_measured_overall_w(measured) <= 0)
        snprintf(why, size, "the series '%s' holds no energy to scale", measured->name);
    else if (gb_weather_step_ns(&scenario->physics.weather) % GB_NS_PER_SECOND != 0)
        snprintf(why, size, "a series needs slots, and a physics.step, of whole seconds");
    else if (measured->n_issues > 0)
        return is_untold(scenario, measured, GB_N_WEATHER_QUANTITIES, user->key, why, size);
    else if (!gb_measured_covers(measured, &calendar, end_ns, &day))
        gb_series_describe_uncovered(measured, &measured->courses[0], &calendar, day, why, size);
    else
        return false;
    return true;
}

/* The series that a key names. NULL: it names none, one that there is none of, which is reported,
 * or one whose file was not read. */
static const struct gb_measured *series_of(struct gb_reading *reading, const struct user *user)
{
    const struct gb_items *items = &reading->scenario->items[GB_SECTION_SERIES];
    char why[1024];

    if (!gb_series_is_named(user->name))
        return NULL;
    if (gb_items_find(items, user->name, strlen(user->name)))
        return gb_library_find(reading->scenario->library, user->name);
    gb_series_describe_unknown(items, user->name, why, sizeof why);
    report(reading, user, why);
    return NULL;
}

static void check_user(struct gb_reading *reading, const struct user *user)
{
    const struct gb_measured *measured = series_of(reading, user);
    char why[1024];

    if (measured && is_unfit(reading->scenario, measured, user, why, sizeof why))
        report(reading, user, why);
}

/* returns whether anything is wrong, which `why` says */
static bool is_unfit_weather(const struct gb_scenario *scenario, const struct gb_measured *measured,
                             enum gb_weather_quantity quantity, const char *key, char *why,
                             size_t size)
{
    const struct gb_weather_config *weather = &scenario->physics.weather;
    const struct gb_measured_weather *source = &measured->weather[quantity];
    struct gb_calendar calendar = gb_weather_series_calendar(weather);
    int64_t end_ns = gb_scenario_n_slots(scenario) * weather->slot_ns, day;

    if (!source->column)
        snprintf(why, size, "the series '%s': %s", measured->name, source->fault);
    else if (gb_weather_step_ns(weather) % GB_NS_PER_SECOND != 0)
        snprintf(why, size, "a series needs slots, and a physics.step, of whole seconds");
    else if (quantity == GB_IRRADIANCE && gb_series_is_named(weather->clouds.series) &&
             weather->clouds.model == GB_CLOUDS_DRIFTING)
        snprintf(why, size,
                 "measured irradiance is the same over all homes; expected clouds.model: regional");
    else if (measured->n_issues > 0)
        return is_untold(scenario, measured, quantity, key, why, size);
    else if (!gb_course_covers(&source->course, measured->align, &calendar, end_ns, &day))
        gb_series_describe_uncovered(measured, &source->course, &calendar, day, why, size);
    else
        return false;
    return true;
}

static void check_weather_user(struct gb_reading *reading, enum gb_weather_quantity quantity,
                               const struct user *user)
{
    const struct gb_measured *measured = series_of(reading, user);
    char why[1024];

    if (measured &&
        is_unfit_weather(reading->scenario, measured, quantity, user->key, why, sizeof why))
        report(reading, user, why);
}

static void check_weather(struct gb_reading *reading)
{
    static const char *const keys[GB_N_WEATHER_QUANTITIES] = {
        "clouds.series", "site.temperature_series", "wind.series"};
    static const char *const forecasts[GB_N_WEATHER_QUANTITIES] = {"clouds.forecast", "",
                                                                   "wind.forecast"};
    const struct gb_weather_config *weather = &reading->scenario->physics.weather;

    for (enum gb_weather_quantity q = 0; q < GB_N_WEATHER_QUANTITIES; q++) {
        check_weather_user(reading, q,
                           &(struct user){NULL, keys[q], gb_weather_series(weather, q), 0});
        check_weather_user(reading, q,
                           &(struct user){NULL, forecasts[q], gb_weather_forecast(weather, q), 0});
    }
}

static void check_meters(struct gb_reading *reading, const struct gb_item *item,
                         const struct gb_kind *kind, int64_t n_meters)
{
    bool is_file = reading->scenario->physics.weather.forecast.kind == GB_FORECAST_FILE;

    check_user(reading, &(struct user){item, "load.series", kind->household.series, n_meters});
    if (is_file)
        check_user(reading,
                   &(struct user){item, "load.forecast", kind->household.forecast, n_meters});
    if (kind->has_pv)
        check_user(reading, &(struct user){item, "pv.series", kind->pv.series, n_meters});
    if (kind->has_pv && is_file)
        check_user(reading, &(struct user){item, "pv.forecast", kind->pv.forecast, n_meters});
}

static bool has_forecast(const struct gb_kind *kind)
{
    return gb_series_is_named(kind->household.forecast) || gb_series_is_named(kind->pv.forecast);
}

/* All homes, or each kind of them. */
static void check_users(struct gb_reading *reading)
{
    const struct gb_physics_config *physics = &reading->scenario->physics;
    const struct gb_items *kinds = &reading->scenario->items[GB_SECTION_HOUSEHOLDS];
    const struct gb_weather_config *weather = &physics->weather;
    struct gb_kind all = {.has_pv = true};
    bool is_told = gb_series_is_named(gb_weather_forecast(weather, GB_IRRADIANCE)) ||
                   gb_series_is_named(gb_weather_forecast(weather, GB_WIND_SPEED));

    all.household = physics->household;
    all.pv = physics->pv;
    if (physics->n_kinds == 0) {
        check_meters(reading, NULL, &all, physics->fleet.n_meters);
        is_told |= has_forecast(&all);
    }
    for (size_t k = 0; k < kinds->n; k++) { /* rows say nothing of series */
        const struct gb_kind *kind = &physics->kinds[k];
        check_meters(reading, &kinds->list[k], kind, kind->n_homes);
        is_told |= has_forecast(kind);
    }
    if (weather->forecast.kind == GB_FORECAST_FILE && !is_told)
        gb_reading_report(reading, "forecast.kind",
                          "forecast.kind: file needs a series of forecasts: load.forecast, "
                          "pv.forecast, clouds.forecast or wind.forecast");
}

/* A text that is stored in a result has no folder beside which files could lie. */
void gb_reading_read_series(struct gb_reading *reading)
{
    struct gb_scenario *scenario = reading->scenario;
    struct gb_items *items = &scenario->items[GB_SECTION_SERIES];

    if (!reading->has_wrong && items->n > 0 && scenario->folder && !is_read(scenario, items))
        read_all(reading, items);
}

static void check(struct gb_reading *reading)
{
    if (reading->has_wrong)
        return;
    check_users(reading);
    check_weather(reading);
}

const struct gb_section gb_section_series = {
    .name = "series",
    .item = "series",
    .placeholder = "NAME",
    .summary =
        "Measured files, each under a name of its own, NAME below, by which load.series, pv.series, "
        "clouds.series, wind.series, site.temperature_series, tariff.retail_series and tariff.feed_in_series call it: "
        "`town: {file: load.csv, unit: kWh, label: start}`. "
        "`gridbourse series FILE` shows what is understood of one; doc/series.md is the page. A "
        "stored scenario names the file and its digest, and does not run with another file.",
    .example = "series:\n"
               "  town: {file: load.csv, column: House1, unit: kWh, label: start, align: weekday}\n"
               "load: {series: town}\n",
    .size = sizeof(struct series_item),
    .rows = rows,
    .check = check,
};
