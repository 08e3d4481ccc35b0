/* The meters of a scenario that are listed one by one: meters.file beside it, or meters.inline. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "experiments/scenario/agents_config.h"
#include "experiments/scenario/meters_table.h"
#include "experiments/scenario/scenario_priv.h"
#include "experiments/scenario/yaml.h"
#include "models/agents/betas.h"
#include "models/assets/physics_config.h"
#include "models/series/encoding.h"
#include "models/series/library.h"

#define FILE_KEY "meters.file"
#define INLINE_KEY "meters.inline"

/* ---- the text */

/* What a file and settings say last of a key, which is no option of a member; NULL: nothing. */
static const char *last_value(const struct gb_yaml *yaml, size_t n_settings,
                              const char *const *settings, const char *key)
{
    const char *last = NULL;
    size_t length = strlen(key);

    for (size_t i = 0; yaml && i < yaml->n; i++)
        if (yaml->entries[i].kind == GB_YAML_VALUE && strcmp(yaml->entries[i].key, key) == 0)
            last = yaml->entries[i].value;
    for (size_t i = 0; i < n_settings; i++)
        if (strncmp(settings[i], key, length) == 0 && settings[i][length] == '=')
            last = settings[i] + length + 1;
    return last && last[0] ? last : NULL;
}

static void forget(struct gb_scenario *scenario)
{
    free(scenario->meters_text);
    free(scenario->meters_path);
    free(scenario->listed.meters);
    gb_rows_settings_clear(&scenario->rows);
    scenario->meters_text = scenario->meters_path = NULL;
    scenario->listed = (struct gb_listed){.n = 0};
}

/* Takes the text of a file, whatever it was written in, as the UTF-8 that is stored. */
static enum gb_status take_text(struct gb_scenario *scenario, const char *path, char *bytes,
                                size_t length, struct gb_error *why)
{
    const char *text = bytes;
    char *owned = NULL;
    struct gb_encoding encoding;
    enum gb_status status = gb_encoding_settle(&text, &length, &owned, &encoding, path, why);

    if (status == GB_OK) {
        scenario->meters_text = strndup(text, length);
        if (!scenario->meters_text)
            status = gb_fail(why, GB_ENOMEM, "no memory for '%s'", path);
    }
    free(owned);
    return status;
}

/* Leaves no text where there is none to read, and why. */
static enum gb_status read_file(struct gb_scenario *scenario, const char *name,
                                struct gb_error *why)
{
    char *path = gb_scenario_beside(scenario, name), *bytes = NULL;
    size_t length = 0;

    if (!path)
        return gb_fail(why, GB_ENOMEM, "no memory for '%s'", name);
    enum gb_status status = gb_file_read(path, GB_SCENARIO_FILE_MAX, &bytes, &length, why);
    if (status == GB_OK)
        status = take_text(scenario, path, bytes, length, why);
    free(bytes);
    scenario->meters_path = path;
    return status;
}

static struct gb_meters_table table_of(const struct gb_scenario *scenario)
{
    return (struct gb_meters_table){.name =
                                        scenario->meters_path ? scenario->meters_path : INLINE_KEY,
                                    .text = scenario->meters_text,
                                    .length = strlen(scenario->meters_text)};
}

/* ---- kinds that it alone names */

struct naming {
    struct gb_items *items;
    enum gb_status status;
    struct gb_error *err;
};

static void add_kind(void *context, const char *name, size_t length)
{
    struct naming *naming = context;

    if (naming->status == GB_OK && gb_item_name_is_good(name, length) &&
        !gb_items_find(naming->items, name, length))
        naming->status = gb_items_add(naming->items, gb_sections[GB_SECTION_HOUSEHOLDS], name,
                                      length, naming->err);
}

/* Forgets kinds that an earlier list alone named: they stand in no file, and nothing was said of
 * them. */
static void forget_kinds(struct gb_items *kinds)
{
    bool is_known = false;

    for (size_t i = 0; i < kinds->n; i++) {
        const struct gb_item *item = &kinds->list[i];
        is_known |= item->line > 0;
        for (size_t r = 0; r < item->n_rows; r++)
            is_known |= item->is_given[r];
    }
    if (!is_known)
        gb_items_clear(kinds);
}

enum gb_status gb_reading_find_meters(struct gb_reading *reading, const struct gb_yaml *yaml,
                                      size_t n_settings, const char *const *settings,
                                      struct gb_error *err)
{
    struct gb_scenario *scenario = reading->scenario;
    const char *file = last_value(yaml, n_settings, settings, FILE_KEY);
    const char *text = last_value(yaml, n_settings, settings, INLINE_KEY);
    struct naming naming = {&scenario->items[GB_SECTION_HOUSEHOLDS], GB_OK, err};

    if (!file && !text)
        return GB_OK; /* what was read before stands */
    if (scenario->listed.n > 0)
        forget_kinds(naming.items);
    forget(scenario);
    if (text) {
        scenario->meters_text = strdup(text);
        if (!scenario->meters_text)
            return gb_fail(err, GB_ENOMEM, "no memory for the meters");
    } else if (read_file(scenario, file, &reading->meters_fault) == GB_ENOMEM)
        return gb_fail(err, GB_ENOMEM, "%s", reading->meters_fault.text);
    if (!scenario->meters_text || naming.items->n > 0)
        return GB_OK;
    struct gb_meters_table table = table_of(scenario);
    gb_meters_table_kinds(&table, add_kind, &naming);
    return naming.status;
}

/* ---- the meters */

/* Reads the table that there is. */
static enum gb_status read_table(struct gb_reading *reading, const char *key, struct gb_error *err)
{
    struct gb_scenario *scenario = reading->scenario;
    struct gb_meters_table table = table_of(scenario);
    size_t bad = gb_scenario_first_bad_line(table.text, table.length);
    const struct gb_items *kinds = &scenario->items[GB_SECTION_HOUSEHOLDS];

    if (bad > 0) {
        gb_reading_report(reading, key,
                          "%s: line %zu holds bytes that are no printable text (UTF-8 is expected)",
                          table.name, bad);
        return GB_OK;
    }
    enum gb_status status = gb_meters_table_read(&scenario->listed, &scenario->rows, &table, kinds,
                                                 scenario->extensions, reading->diagnostics, err);
    if (status == GB_OK)
        status = gb_listed_assign_owners(&scenario->listed, err);
    if (status == GB_OK)
        status = gb_listed_sort(&scenario->listed, kinds->n, err);
    if (status != GB_ECONFIG)
        return status;
    gb_reading_mark_invalid(reading, key); /* it has been complained of */
    free(scenario->listed.meters);
    scenario->listed = (struct gb_listed){.n = 0};
    gb_rows_settings_clear(&scenario->rows);
    return GB_OK;
}

enum gb_status gb_reading_meters(struct gb_reading *reading, struct gb_error *err)
{
    struct gb_scenario *scenario = reading->scenario;
    bool has_file = gb_reading_gives(reading, FILE_KEY) && scenario->meters_file[0];
    bool has_text = gb_reading_gives(reading, INLINE_KEY) && scenario->meters_text[0];

    if (has_file && has_text) {
        gb_reading_report(reading, INLINE_KEY, FILE_KEY " and " INLINE_KEY " exclude each other");
        return GB_OK;
    }
    if (!has_file && !has_text && scenario->listed.n > 0 && gb_reading_gives(reading, FILE_KEY)) {
        gb_reading_report(reading, FILE_KEY,
                          FILE_KEY ": expected a file: the scenario was read with a list of %zu "
                                   "meters, which stays where none is named",
                          scenario->listed.n);
        return GB_OK;
    }
    if (has_file && reading->meters_fault.status != GB_OK) {
        gb_reading_report(reading, FILE_KEY, FILE_KEY ": %s", reading->meters_fault.text);
        return GB_OK;
    }
    return has_file || has_text ? read_table(reading, has_file ? FILE_KEY : INLINE_KEY, err)
                                : GB_OK;
}

/* ---- what is wrong between a row and all else */

static void complain(struct gb_reading *reading, const struct gb_listed_meter *meter,
                     const char *format, ...) __attribute__((format(printf, 3, 4)));
static void complain(struct gb_reading *reading, const struct gb_listed_meter *meter,
                     const char *format, ...)
{
    const struct gb_scenario *scenario = reading->scenario;
    char description[512];
    va_list args;

    va_start(args, format);
    vsnprintf(description, sizeof description, format, args);
    va_end(args);
    gb_diagnostics_add_at(reading->diagnostics, table_of(scenario).name, meter->line, 1, "%s",
                          description);
    reading->has_wrong = true;
}

/* Does the meter's row say this of its kind's settings? */
static bool says(const struct gb_scenario *s, const struct gb_listed_meter *meter,
                 enum gb_row_setting column)
{
    size_t n_kinds = s->items[GB_SECTION_HOUSEHOLDS].n;

    return meter->settings >= n_kinds && s->rows.list[meter->settings - n_kinds].cells[column];
}

/* What a meter may own, by its kind or by the cell that says its size. */
struct asset {
    const char *name, *cell;
    double size;
    bool is_of_kind;
};

/* column  a cell that is about it; NULL: none is */
static void check_owned(struct gb_reading *reading, const struct gb_listed_meter *meter,
                        const struct gb_kind *kind, const char *column, struct asset asset)
{
    if (!column || gb_listed_owns(asset.size, asset.is_of_kind))
        return;
    if (asset.is_of_kind)
        complain(reading, meter, "%s: '%s' has no %s: %s is 0, though its kind, %s, has one",
                 column, meter->name, asset.name, asset.cell, kind->name);
    else
        complain(reading, meter, "%s: '%s' has no %s: neither its kind, %s, nor %s gives it one",
                 column, meter->name, asset.name, kind->name, asset.cell);
}

/* Cells about what is measured: of_system is one about photovoltaics, or NULL. */
static void check_measured(struct gb_reading *reading, const struct gb_listed_meter *meter,
                           const struct gb_kind *kind, const char *of_system)
{
    const struct gb_measured *load =
        gb_library_find(reading->scenario->library, kind->household.series);

    if (of_system && gb_series_is_named(kind->pv.series) && !reading->is_stored)
        complain(reading, meter,
                 "%s: the generation of '%s' is measured (pv.series of its kind, %s), so that "
                 "nothing reads this",
                 of_system, meter->name, kind->name);
    if (!isnan(meter->yearly_kwh) && load && load->n > 1)
        complain(reading, meter,
                 "yearly_kwh: '%s' has a column of the series '%s' of its own (load.series of its "
                 "kind, %s), which stands as it is",
                 meter->name, kind->household.series, kind->name);
}

/* Cells about what a meter does not own, or what nothing reads. */
static void check_assets(struct gb_reading *reading, const struct gb_listed_meter *meter,
                         const struct gb_kind *kind)
{
    const struct gb_scenario *s = reading->scenario;
    const char *of_system = !isnan(meter->tilt_deg)      ? "tilt"
                            : !isnan(meter->azimuth_deg) ? "azimuth"
                            : !isnan(meter->shading)     ? "shading"
                                                         : NULL;
    const char *of_battery = !isnan(meter->battery_kw)                   ? "battery_kw"
                             : says(s, meter, GB_ROW_BATTERY_CONTROLLER) ? "battery_controller"
                                                                         : NULL;
    const char *of_car = !isnan(meter->ev_kwh)                  ? "ev_kwh"
                         : says(s, meter, GB_ROW_EV_CONTROLLER) ? "ev_controller"
                                                                : NULL;
    const char *of_pump = !isnan(meter->heat_loss_w_k)                  ? "heat_loss"
                          : says(s, meter, GB_ROW_HEAT_PUMP_CONTROLLER) ? "heat_pump_controller"
                                                                        : NULL;

    check_owned(reading, meter, kind, of_system,
                (struct asset){"photovoltaic system", "pv_kw", meter->pv_kw, kind->has_pv});
    check_owned(reading, meter, kind, of_battery,
                (struct asset){"battery", "battery_kwh", meter->battery_kwh, kind->has_battery});
    check_owned(reading, meter, kind, of_car,
                (struct asset){"electric vehicle", "ev_kw", meter->ev_kw, kind->has_ev});
    check_owned(
        reading, meter, kind, of_pump,
        (struct asset){"heat pump", "heat_pump_kw", meter->heat_pump_kw, kind->has_heat_pump});
    check_measured(reading, meter, kind, of_system);
}

static void check_reserve(struct gb_reading *reading, const struct gb_listed_meter *meter,
                          const char *column, struct gb_price reserve)
{
    const struct gb_scenario *s = reading->scenario;
    const struct gb_tariff *tariff = gb_scenario_band(s);
    char low[32], high[32], got[32];

    if (reserve.ticks == GB_PARAM_PRICE_WORD ||
        (reserve.ticks >= tariff->feed_in.ticks && reserve.ticks <= tariff->retail.ticks))
        return;
    complain(reading, meter,
             "%s: expected a price from the lowest feed-in, %s, to the highest retail, %s, got %s",
             column, gb_format_decimal(tariff->feed_in.ticks, 6, low, sizeof low),
             gb_format_decimal(tariff->retail.ticks, 6, high, sizeof high),
             gb_format_decimal(reserve.ticks, 6, got, sizeof got));
}

static void check_beta(struct gb_reading *reading, const struct gb_listed_meter *meter,
                       const struct gb_kind_agents *agents)
{
    const struct gb_scenario *s = reading->scenario;

    if (meter->beta_millionths < 0)
        return;
    if (!gb_scenario_key_find(s, "market.beta").row || !gb_scenario_reads(s, "market.beta"))
        complain(reading, meter, "beta: the mechanism %s has no re-quote factor",
                 s->market.mechanism->member.name);
    else if (agents->own.betas != GB_BETAS_MARKET)
        complain(reading, meter, "beta: agents.beta of its kind, %s, says what its orders carry",
                 s->kinds[meter->kind].name);
}

void gb_reading_check_meters(struct gb_reading *reading)
{
    const struct gb_scenario *s = reading->scenario;

    for (size_t i = 0; i < s->listed.n; i++) {
        const struct gb_listed_meter *meter = &s->listed.meters[i];

        check_assets(reading, meter, &s->kinds[meter->kind]);
        check_reserve(reading, meter, "reserve_sell", meter->reserve_sell);
        check_reserve(reading, meter, "reserve_buy", meter->reserve_buy);
        check_beta(reading, meter, &s->kind_agents[meter->settings]);
    }
}
