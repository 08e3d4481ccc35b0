#include "models/series/series.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/text.h"
#include "models/series/encoding.h"
#include "models/series/forms.h"
#include "models/series/grid.h"
#include "models/series/header_words.h"
#include "models/series/missing.h"
#include "models/series/place.h"

/* ---- what a series is in, and what is still to be said */

static enum gb_series_value value_of(const struct gb_unit *unit, enum gb_series_value said)
{
    if (said != GB_VALUE_UNSAID || !unit)
        return said;
    return unit->kind == GB_UNIT_ENERGY ? GB_VALUE_ENERGY : GB_VALUE_MEAN;
}

/* The unit and value of every channel; a unit and a value that cannot go together are refused. */
static enum gb_status settle_channels(struct gb_series *series,
                                      const struct gb_series_options *options, const char *file,
                                      struct gb_error *err)
{
    for (size_t i = 0; i < series->n_channels; i++) {
        struct gb_channel *channel = &series->channels[i];

        channel->unit = options->unit ? options->unit : channel->unit;
        channel->value = value_of(channel->unit, options->value);
        bool of_energy = channel->value == GB_VALUE_ENERGY || channel->value == GB_VALUE_COUNTER;
        if (channel->unit && of_energy && channel->unit->kind != GB_UNIT_ENERGY)
            return gb_fail(err, GB_EINPUT,
                           "'%s': %s is in %s; energy and counters are in Wh, kWh or MWh (--unit)",
                           file, channel->name, channel->unit->name);
        if (channel->unit && channel->unit->kind == GB_UNIT_PRICE &&
            channel->value == GB_VALUE_SAMPLE)
            return gb_fail(
                err, GB_EINPUT,
                "'%s': %s is in %s, a price, which holds all through its interval: value "
                "mean, with its label",
                file, channel->name, channel->unit->name);
        if (channel->unit && !of_energy && channel->unit->kind == GB_UNIT_ENERGY)
            return gb_fail(err, GB_EINPUT,
                           "'%s': %s is in %s, a unit of energy, and means and samples are power: "
                           "value energy takes its numbers for the energy of each step, value "
                           "counter for a register; of power the unit is W, kW or MW",
                           file, channel->name, channel->unit->name);
    }
    return GB_OK;
}

/* A column of energy that never falls is a register. */
static bool looks_like_counter(const struct gb_channel *channel)
{
    int64_t first = GB_SERIES_MISSING, last = GB_SERIES_MISSING, n = 0;

    for (size_t i = 0; i < channel->n; i++) {
        int64_t value = channel->values[i];
        if (value == GB_SERIES_MISSING)
            continue;
        if (n > 0 && value < last)
            return false;
        first = n++ > 0 ? first : value;
        last = value;
    }
    return n >= 48 && last > first;
}

bool gb_series_is_unsaid(const struct gb_series *series, const struct gb_channel *channel,
                         char *text, size_t size)
{
    text[0] = '\0';
    if (!channel->unit)
        gb_text_append(text, size, "--unit (none stands in the name: %s)", gb_unit_names());
    if (channel->unit && channel->value == GB_VALUE_ENERGY && !series->value_said &&
        looks_like_counter(channel))
        gb_text_append(text, size,
                       "--value counter (no value falls: a meter's register?) with its --unit");
    if (series->label_unsaid && channel->value != GB_VALUE_SAMPLE &&
        channel->value != GB_VALUE_COUNTER)
        gb_text_append(text, size, "%s--label start or --label end%s", *text ? ", " : "",
                       series->form == GB_FORM_NSRDB ? ", or --label middle" : "");
    return *text != '\0';
}

bool gb_series_needs_zone(const struct gb_series *series)
{
    return !series->is_daily && !series->has_offsets && !series->header_has_zone &&
           series->form < GB_FORM_NEM12;
}

/* ---- labels and zones of the forms */

/* Hours of the NSRDB at half past, and the like: what a satellite saw stands for the time about it.
 * Where minutes are none of the middle, they are asked for. */
static bool has_middles(const struct gb_rows *rows)
{
    int64_t step_s = rows->n > 1 ? rows->rows[1].time_s - rows->rows[0].time_s : 0;

    return step_s > 0 && 2 * (rows->rows[0].time_s % step_s) == step_s;
}

static enum gb_status settle_label(struct gb_series *series, const struct gb_rows *rows,
                                   const struct gb_series_options *options, const char *file,
                                   struct gb_error *err)
{
    bool is_instant = options->value == GB_VALUE_SAMPLE || options->value == GB_VALUE_COUNTER;
    const enum gb_series_label said = options->label;
    enum gb_series_label fixed =
        series->form == GB_FORM_EPW || series->form == GB_FORM_TMY3 ? GB_LABEL_END
        : series->form == GB_FORM_PVGIS                             ? GB_LABEL_MIDDLE
        : series->form == GB_FORM_NSRDB && has_middles(rows)        ? GB_LABEL_MIDDLE
        : series->form == GB_FORM_NEM12 || rows->span_s > 0         ? GB_LABEL_START
                                                                    : rows->label;

    if (is_instant && said != GB_LABEL_UNSAID)
        return gb_fail(err, GB_EINPUT,
                       "'%s': samples and counters are read at an instant: they have no --label",
                       file);
    if (rows->label != GB_LABEL_UNSAID && said != GB_LABEL_UNSAID && said != fixed)
        return gb_fail(err, GB_EINPUT,
                       "'%s': hours or periods of a day are counted from 1 on, by their ends: say "
                       "no label",
                       file);
    if (fixed != GB_LABEL_UNSAID && said != GB_LABEL_UNSAID && said != fixed)
        return gb_fail(err, GB_EINPUT,
                       "'%s': this format labels by the %s of an interval: say none", file,
                       fixed == GB_LABEL_END      ? "end"
                       : fixed == GB_LABEL_MIDDLE ? "middle"
                                                  : "start");
    series->label = fixed == GB_LABEL_UNSAID || is_instant ? said : fixed;
    series->label_unsaid = series->label == GB_LABEL_UNSAID && !is_instant;
    return GB_OK;
}

/* Ends of hours on standard time become starts in a typical year, whose last hour else fell into
 * the next. */
static void make_typical(struct gb_rows *rows, int64_t early_s)
{
    for (size_t i = 0; i < rows->n; i++)
        rows->rows[i].time_s = gb_typical_time(rows->rows[i].time_s - early_s);
    rows->is_settled = true;
}

/* Stamps that are the middle of a step. Of PVGIS they are that of an hour, of the sun's light
 * (G(h), Gb(n) and the like, not the sky's own) so much later as the first lines say. */
static void shift_middles(struct gb_series *series)
{
    for (size_t i = 0; i < series->n_channels && !series->is_daily; i++) {
        struct gb_channel *channel = &series->channels[i];
        bool is_light =
            channel->unit && channel->unit->kind == GB_UNIT_IRRADIANCE && channel->name[0] == 'G';

        channel->start_s += (is_light ? series->light_late_s : 0) - channel->step_s / 2;
    }
}

/* ---- one call a form */

struct columns {
    const char **names;
    char (*texts)[64];
    const struct gb_unit **units;
};

/* What the line of units says of a column, else its name; the forms of weather know the rest: of
 * TMY3 what has no unit are codes of sources and plain numbers. */
static const struct gb_unit *unit_of(enum gb_series_form form, const struct gb_layout *layout,
                                     struct gb_span text, size_t cell)
{
    struct gb_span name = layout->names[cell];
    const struct gb_unit *unit = form == GB_FORM_PVGIS ? gb_pvgis_unit(name) : NULL;

    if (layout->units && layout->units[cell].n > 0)
        return gb_header_unit(layout->units[cell]);

    if (form == GB_FORM_NSRDB)
        return gb_nsrdb_unit(text, name);
    unit = unit ? unit : gb_unit_in(name.at, name.n);
    return unit || form != GB_FORM_TMY3 ? unit : gb_unit_named("1", 1);
}

static enum gb_status name_columns(struct columns *columns, const struct gb_layout *layout,
                                   enum gb_series_form form, struct gb_span text, const char *file,
                                   struct gb_error *err)
{
    size_t n = layout->n_values;

    columns->names = calloc(n, sizeof *columns->names);
    columns->texts = calloc(n, sizeof *columns->texts);
    columns->units = calloc(n, sizeof *columns->units);
    if (!columns->names || !columns->texts || !columns->units)
        return gb_fail(err, GB_ENOMEM, "no memory for the columns of '%s'", file);
    for (size_t k = 0; k < n; k++) {
        gb_layout_name(layout, layout->values[k], columns->texts[k], sizeof columns->texts[k]);
        columns->names[k] = columns->texts[k];
        columns->units[k] = unit_of(form, layout, text, layout->values[k]);
    }
    if (layout->is_day_rows)
        columns->texts[0][0] = '\0'; /* a time of day is no name */
    return GB_OK;
}

static void describe(struct gb_series *series, const struct gb_layout *layout)
{
    series->separator = layout->dialect.separator;
    series->decimal = layout->dialect.decimal;
    series->has_header = layout->header_line != 0;
    series->header_line = layout->header_line;
    series->first_line = layout->first_line;
    series->units_line = layout->units_line;
    series->has_offsets = layout->has_offsets;
    series->is_daily = layout->is_daily;
    for (size_t p = 0; layout->parts.is_used && p < GB_N_PARTS; p++)
        series->parts |= layout->parts.columns[p] != GB_NO_COLUMN ? 1U << p : 0;
    series->counts_hours = layout->parts.is_used && layout->parts.counts_hours;
    series->counts_day = layout->parts.is_used && layout->parts.counts_day;
    series->counts_from_zero = layout->parts.is_used && layout->parts.from_zero;
    if (series->form == GB_FORM_WIDE && layout->is_day_rows)
        series->form = GB_FORM_DAY_ROWS;
    else if (series->form == GB_FORM_WIDE && layout->n_ids > 0)
        series->form = GB_FORM_LONG;
}

/* The clock that a header says goes behind one that is said with the file, and that of a form. */
static void take_zone(struct gb_series *series, const struct gb_layout *layout, struct gb_span text,
                      const struct gb_series_options *options)
{
    bool says_utc =
        !layout->has_zone && !layout->is_daily && !layout->has_offsets && gb_place_says_utc(text);

    if (!(layout->has_zone || says_utc) || series->form >= GB_FORM_NEM12)
        return;
    series->header_has_zone = true;
    series->header_zone = says_utc ? GB_ZONE_UTC : layout->zone;
    if (!options->has_zone)
        series->zone = series->header_zone;
}

bool gb_series_zone_is_doubted(const struct gb_series *series)
{
    const struct gb_zone *a = &series->zone, *b = &series->header_zone;

    return series->header_has_zone && (a->has_summer || a->offset_s != b->offset_s);
}

/* TMY3, PVGIS and NSRDB are tables whose dates and zones need no saying. */
static enum gb_status settle_table_form(struct gb_series *series, struct gb_series_options *options,
                                        struct gb_span text, const char *file, struct gb_error *err)
{
    if (series->form == GB_FORM_TMY3) {
        options->date = GB_DATE_MDY;
        return gb_tmy3_zone(&series->zone, text, file, err);
    }
    if (series->form == GB_FORM_NSRDB)
        return gb_nsrdb_zone(&series->zone, text, file, err);
    if (series->form != GB_FORM_PVGIS)
        return GB_OK;
    series->zone = GB_ZONE_UTC;
    return gb_pvgis_offset(&series->light_late_s, text, file, err);
}

static enum gb_status read_table(struct gb_series *series, struct gb_rows *rows,
                                 struct gb_span text, const struct gb_series_options *said,
                                 const char *file, struct gb_error *err)
{
    struct gb_series_options options = *said;
    struct gb_layout layout = {.n_values = 0};
    struct columns columns = {NULL, NULL, NULL};
    enum gb_status status = settle_table_form(series, &options, text, file, err);

    if (status == GB_OK)
        status = gb_layout_find(&layout, text, file, &options, err);
    if (status == GB_OK) {
        describe(series, &layout);
        take_zone(series, &layout, text, &options);
        status = gb_rows_read_table(rows, series, &layout, file, err);
    }
    if (status == GB_OK)
        status = settle_label(series, rows, &options, file, err);
    bool is_typical = series->form == GB_FORM_TMY3 ||
                      (series->form == GB_FORM_PVGIS && gb_pvgis_is_typical(text));
    series->is_typical = is_typical || (layout.parts.is_used && layout.parts.is_typical);
    if (status == GB_OK && is_typical)
        make_typical(rows, series->form == GB_FORM_TMY3 ? 3600 : 0);
    if (status == GB_OK)
        status = name_columns(&columns, &layout, series->form, text, file, err);
    if (status == GB_OK)
        status = gb_grid_build(series, rows, columns.names, columns.units, file, err);
    if (status == GB_OK && series->label == GB_LABEL_MIDDLE)
        shift_middles(series);
    free(columns.names);
    free(columns.texts);
    free(columns.units);
    gb_layout_clear(&layout);
    return status;
}

static enum gb_status read_epw(struct gb_series *series, struct gb_rows *rows, struct gb_span text,
                               const struct gb_series_options *options, const char *file,
                               struct gb_error *err)
{
    const char *const *names = NULL;
    const struct gb_unit *units[GB_EPW_COLUMNS];
    enum gb_status status = gb_epw_read(rows, series, &names, units, text, file, err);

    series->is_typical = true;
    if (status == GB_OK)
        status = settle_label(series, rows, options, file, err);
    return status == GB_OK ? gb_grid_build(series, rows, names, units, file, err) : status;
}

static enum gb_status read_nem12(struct gb_series *series, struct gb_rows *rows,
                                 struct gb_span text, const struct gb_series_options *options,
                                 const char *file, struct gb_error *err)
{
    static const char *const name = "";
    static const struct gb_unit *const unit = NULL;
    enum gb_status status = gb_nem12_read(rows, series, text, file, err);

    if (status == GB_OK)
        status = settle_label(series, rows, options, file, err);
    return status == GB_OK ? gb_grid_build(series, rows, &name, &unit, file, err) : status;
}

static enum gb_status read_form(struct gb_series *series, struct gb_rows *rows, struct gb_span text,
                                const struct gb_series_options *options, const char *file,
                                struct gb_error *err)
{
    switch (series->form) {
    case GB_FORM_NEM12: return read_nem12(series, rows, text, options, file, err);
    case GB_FORM_EPW: return read_epw(series, rows, text, options, file, err);
    default: return read_table(series, rows, text, options, file, err);
    }
}

/* ---- all of it */

enum gb_status gb_series_parse(struct gb_series **out, const char *text, size_t n, const char *name,
                               const struct gb_series_options *options, struct gb_error *err)
{
    struct gb_series *series = calloc(1, sizeof *series);
    struct gb_rows rows = {.n = 0};
    struct gb_encoding encoding = {false, false};
    char *owned = NULL;
    enum gb_status status = series
                                ? gb_encoding_settle(&text, &n, &owned, &encoding, name, err)
                                : gb_fail(err, GB_ENOMEM, "no memory for the series of '%s'", name);

    if (status == GB_OK) {
        struct gb_span whole = {text, n};

        series->is_utf16 = encoding.is_utf16;
        series->has_mark = encoding.has_mark;
        series->form = gb_form_of(whole);
        series->place = gb_place_of(series->form, whole);
        series->zone = options->has_zone ? options->zone : GB_ZONE_UTC;
        series->value_said = options->value != GB_VALUE_UNSAID;
        series->separator = ',';
        series->decimal = '.';
        status = read_form(series, &rows, whole, options, name, err);
    }
    if (status == GB_OK)
        status = settle_channels(series, options, name, err);
    if (status == GB_OK) {
        memcpy(series->n_missing, rows.n_missing, sizeof series->n_missing);
        gb_missing_mark(series, &options->missing);
    }
    gb_rows_clear(&rows);
    free(owned);
    if (status == GB_OK)
        *out = series;
    else
        gb_series_free(series);
    return status;
}

enum gb_status gb_series_read(struct gb_series **out, const char *path,
                              const struct gb_series_options *options, struct gb_error *err)
{
    char *text = NULL;
    size_t n = 0;
    enum gb_status status = gb_file_read(path, SIZE_MAX, &text, &n, err);

    if (status == GB_OK)
        status = gb_series_parse(out, text, n, path, options, err);
    free(text);
    return status;
}

void gb_series_free(struct gb_series *series)
{
    if (!series)
        return;
    for (size_t i = 0; i < series->n_channels; i++)
        free(series->channels[i].name);
    gb_arena_clear(&series->arena);
    free(series->channels);
    free(series);
}
