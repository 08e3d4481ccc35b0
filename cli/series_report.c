#include "cli/series_report.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/duration.h"
#include "base/quantity.h"
#include "base/text.h"
#include "cli/message.h"
#include "cli/text_table.h"
#include "cli/warnings.h"
#include "models/series/flow.h"
#include "models/series/missing.h"
#include "models/series/parts.h"

enum { MOST_SHOWN = 20, DAY_S = 86400 };

static const char *const values[] = {"not said", "mean", "sample", "energy", "counter"};

/* ---- how it was read */

static void print_separator(const struct gb_series *series)
{
    static const struct {
        char separator;
        const char *name;
    } names[] = {
        {';', "semicolons"}, {'\t', "tabs"}, {',', "commas"}, {'|', "bars"}, {' ', "blanks"}};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (names[i].separator == series->separator)
            printf("  cells    between %s, decimal %s%s%s\n", names[i].name,
                   series->decimal == ',' ? "comma" : "point", series->is_utf16 ? ", UTF-16" : "",
                   series->has_mark ? ", byte order mark" : "");
}

static void print_form(const struct gb_series *series, const char *path)
{
    static const char *const forms[] = {"a column a channel",
                                        "a row a value, meters by a column",
                                        "a day a row",
                                        "NEM12",
                                        "EPW weather",
                                        "TMY3 weather",
                                        "PVGIS",
                                        "NSRDB weather"};

    gb_message_print_name(path, stdout);
    printf(": %s\n", forms[series->form]);
    print_separator(series);
    if (series->has_header)
        printf("  names    in line %" PRIu32 "\n", series->header_line);
    if (series->units_line)
        printf("  units    in line %" PRIu32 "\n", series->units_line);
    printf("  rows     %zu from line %" PRIu32 " on", series->n_rows, series->first_line);
    if (series->n_backward > 0)
        printf(", %zu earlier than the one before: sorted", series->n_backward);
    putchar('\n');
}

/* "  parts    year, month, day, hour: hours from 1 to 24, by their ends" */
static void print_parts(const struct gb_series *series)
{
    const char *before = "  parts    ";

    for (enum gb_part p = 0; p < GB_N_PARTS; p++)
        if (series->parts & 1U << p) {
            printf("%s%s", before, gb_part_name(p));
            before = ", ";
        }
    if (series->parts)
        printf("%s%s\n",
               series->counts_from_zero ? ": counted from 0 on"
               : series->counts_hours   ? ": counted from 1 on, by their ends"
                                        : "",
               series->counts_day ? ", the hours of a day counted through" : "");
}

static void print_clock(const struct gb_series *series, const struct gb_series_options *options)
{
    static const char *const labels[] = {"not said", "start of the interval", "end of the interval",
                                         "middle of the interval"};
    bool is_fixed = series->form >= GB_FORM_NEM12;

    if (series->is_daily)
        puts("  stamps   a time of day: the day repeats");
    else if (series->has_offsets)
        puts("  stamps   with their offset from UTC");
    else
        printf("  stamps   of zone %s%s%s\n", series->zone.text,
               is_fixed                  ? " (the format's)"
               : options->has_zone       ? ""
               : series->header_has_zone ? " (the header's)"
                                         : " (not said: --zone)",
               series->n_summer ? ", an hour twice at the end of summer time" : "");
    if (series->place.is_known) {
        printf("  place    %g, %g", series->place.latitude_deg, series->place.longitude_deg);
        if (!isnan(series->place.altitude_m))
            printf(", %g m above the sea", series->place.altitude_m);
        putchar('\n');
    }
    print_parts(series);
    if (series->is_typical)
        puts("  year     a typical one, of months of several years or of none: shown as 2001");
    if (options->value == GB_VALUE_SAMPLE || options->value == GB_VALUE_COUNTER)
        return;
    printf("  label    %s", labels[series->label]);
    if (series->light_late_s != 0)
        printf(", of the sun's light %" PRId64 " s later", series->light_late_s);
    putchar('\n');
}

static void print_odd(const struct gb_series *series)
{
    if (series->n_odd == 0)
        return;
    printf("  %zu line%s without a row:\n", series->n_odd,
           gb_message_plural((int64_t)series->n_odd));
    for (size_t i = 0; i < series->n_odd && i < GB_SERIES_MOST_ODD; i++) {
        printf("    %" PRIu32 ": ", series->odd[i].line);
        gb_message_print_name(series->odd[i].text, stdout);
        putchar('\n');
    }
}

/* "  issued   365 times, from 2024-02-29T12:00Z to 2025-02-27T12:00Z" */
static void print_issues(const struct gb_series *series)
{
    int64_t first_s = INT64_MAX, last_s = INT64_MIN;
    char from[32], to[32];

    for (size_t i = 0; i < series->n_channels; i++) {
        int64_t issued_s = series->channels[i].issued_s;
        first_s = issued_s < first_s ? issued_s : first_s;
        last_s = issued_s > last_s ? issued_s : last_s;
    }
    gb_instant_format(first_s * GB_NS_PER_SECOND, from, sizeof from);
    gb_instant_format(last_s * GB_NS_PER_SECOND, to, sizeof to);
    if (series->has_issues)
        printf("  issued   from %s to %s: a line below for each meter and forecast\n", from, to);
}

/* "  missing  12 empty, 3 NA" */
static void print_missing(const struct gb_series *series)
{
    const char *before = "  missing  ";

    for (size_t i = 0; i < GB_N_SENTINELS; i++) {
        if (series->n_missing[i] == 0)
            continue;
        printf("%s%zu %s", before, series->n_missing[i], gb_sentinel_name((enum gb_sentinel)i));
        before = ", ";
    }
    if (before[0] == ',')
        putchar('\n');
}

/* ---- channels */

static void format_time(const struct gb_series *series, int64_t time_s, char text[32])
{
    gb_instant_format(time_s * GB_NS_PER_SECOND, text, 32);
    if (series->is_daily)
        memmove(text, text + 11, 6); /* the clock, and no date */
    if (series->is_daily)
        text[5] = '\0';
    else
        memmove(text + 16, text + 19, 2); /* no seconds */
}

static double mean_of(const struct gb_channel *channel, size_t *n)
{
    double sum = 0;

    *n = 0;
    for (size_t i = 0; i < channel->n; i++)
        if (channel->values[i] != GB_SERIES_MISSING) {
            sum += (double)channel->values[i] / (double)GB_NANO;
            ++*n;
        }
    return *n ? sum / (double)*n : 0;
}

/* "mean 71.2043 EUR/MWh, -35.5 to 204.18" */
static void format_prices(const struct gb_channel *channel, double mean, char *text, size_t size)
{
    int64_t least = INT64_MAX, most = INT64_MIN;
    char low[32], high[32];

    for (size_t i = 0; i < channel->n; i++) {
        int64_t value = channel->values[i];
        if (value == GB_SERIES_MISSING)
            continue;
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    snprintf(text, size, "mean %.4f %s, %s to %s", mean, channel->unit->name,
             gb_format_decimal(least, 9, low, sizeof low),
             gb_format_decimal(most, 9, high, sizeof high));
}

/* "11876.738 kWh", "1435.861 kWh/m2", "mean 4.1099 m/s". */
static void format_sum(const struct gb_channel *channel, const struct gb_series_flow *flow,
                       int64_t wh, char *text, size_t size)
{
    size_t n;
    double mean = mean_of(channel, &n);
    char number[32];

    if (n == 0)
        snprintf(text, size, "-");
    else if (!channel->unit)
        snprintf(text, size, "mean %.6g", mean);
    else if (channel->unit->kind == GB_UNIT_PRICE)
        format_prices(channel, mean, text, size);
    else if (flow->quantities)
        snprintf(text, size, "%s kWh", gb_format_decimal(wh, 3, number, sizeof number));
    else if (strcmp(channel->unit->si, "W/m2") == 0)
        snprintf(text, size, "%.3f kWh/m2", mean * (double)n * (double)channel->step_s / 3.6e6);
    else
        snprintf(text, size, "mean %.4f %s", mean * channel->unit->scale + channel->unit->shift,
                 channel->unit->si);
}

static void warn(const struct gb_channel *channel, const struct gb_series_flow *flow, int64_t wh)
{
    double days = (double)(flow->n - flow->n_missing) * (double)flow->step_s / DAY_S;

    if (flow->n_resets > 0)
        gb_message_note("%s: the counter falls %zu time%s, first in line %" PRIu32
                        ": a reset, and a gap",
                        channel->name, flow->n_resets, gb_message_plural((int64_t)flow->n_resets),
                        flow->reset_line);
    gb_warn_yearly(channel->name, wh, days);
}

static void tell_doubt(const struct gb_channel *channel)
{
    uint32_t line;
    double doubt = (double)gb_missing_doubt(channel, &line) / GB_NANO;

    if (doubt < 0)
        gb_message_note("%s: %.15g in line %" PRIu32 " is taken for a number; if it stands where "
                        "nothing was measured, say --missing=%.15g",
                        channel->name, doubt, line, doubt);
}

static enum gb_status add_channel(struct gb_text_table *table, const struct gb_series *series,
                                  const struct gb_channel *channel, enum gb_series_gaps gaps,
                                  struct gb_error *err)
{
    struct gb_series_flow flow = {.quantities = NULL};
    char from[32], to[32], step[32], sum[128];
    bool is_energy = channel->unit && channel->unit->kind <= GB_UNIT_ENERGY;
    enum gb_status status =
        is_energy ? gb_series_flow_make(&flow, channel, series, gaps, err) : GB_OK;
    int64_t wh = 0;

    if (status == GB_OK && is_energy)
        status = gb_series_flow_total(&flow, &wh, err);
    if (status == GB_OK) {
        format_time(series, channel->start_s, from);
        format_time(series, channel->start_s + (int64_t)(channel->n - 1) * channel->step_s, to);
        gb_duration_format(channel->step_s * GB_NS_PER_SECOND, step, sizeof step);
        format_sum(channel, &flow, wh, sum, sizeof sum);
        gb_text_table_add(table, "%s", *channel->name ? channel->name : "(all)");
        gb_text_table_add(table, "%s", channel->unit ? channel->unit->name : "?");
        gb_text_table_add(table, "%s", values[channel->value]);
        gb_text_table_add(table, "%s", from);
        gb_text_table_add(table, "%s", to);
        gb_text_table_add(table, "%s", step);
        gb_text_table_add(table, "%zu", channel->n);
        gb_text_table_add(table, "%zu", channel->n_absent);
        gb_text_table_add(table, "%zu", channel->n_void);
        gb_text_table_add(table, "%zu", flow.n_filled);
        gb_text_table_add(table, "%s", sum);
        if (is_energy)
            warn(channel, &flow, wh);
        tell_doubt(channel);
    }
    gb_series_flow_clear(&flow);
    return status;
}

static enum gb_status print_channels(const struct gb_series *series, enum gb_series_gaps gaps,
                                     struct gb_error *err)
{
    static const char *const heads[] = {"channel", "unit",   "value",    "first",  "last", "step",
                                        "steps",   "no row", "no value", "filled", "sum"};
    struct gb_text_table table = {.alignment = "lllllrrrrrr"};
    enum gb_status status = GB_OK;

    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        gb_text_table_add(&table, "%s", heads[i]);
    for (size_t i = 0; status == GB_OK && i < series->n_channels && i < MOST_SHOWN; i++)
        status = add_channel(&table, series, &series->channels[i], gaps, err);
    gb_text_table_print(&table, 2, stdout);
    if (series->n_channels > MOST_SHOWN)
        printf("  and %zu more\n", series->n_channels - MOST_SHOWN);
    return status;
}

/* ---- all of it */

/* A column of power, energy or a price of which nothing is to be said, the first; NULL: there is
 * none, or meters share its name with others. */
static const char *said_beside(const struct gb_series *series)
{
    char text[512];

    for (size_t i = 0; series->form == GB_FORM_WIDE && i < series->n_channels; i++) {
        const struct gb_channel *channel = &series->channels[i];
        if (channel->unit && channel->unit->kind != GB_UNIT_OTHER &&
            !gb_series_is_unsaid(series, channel, text, sizeof text))
            return channel->name;
    }
    return NULL;
}

enum gb_status gb_series_report(const struct gb_series *series,
                                const struct gb_series_options *options, const char *path,
                                bool *is_whole, struct gb_error *err)
{
    char text[512];

    print_form(series, path);
    print_clock(series, options);
    print_issues(series);
    print_missing(series);
    enum gb_status status = print_channels(series, options->gaps, err);
    if (status != GB_OK)
        return status;
    print_odd(series);
    if (gb_series_zone_is_doubted(series))
        gb_message_note("note: the header says that stamps are of zone %s; --zone %s goes before",
                        series->header_zone.text, series->zone.text);
    fflush(stdout); /* before what goes to stderr */
    *is_whole = true;
    for (size_t i = 0; i < series->n_channels && *is_whole; i++)
        if (gb_series_is_unsaid(series, &series->channels[i], text, sizeof text)) {
            const char *other = strncmp(text, "--unit", 6) == 0 ? said_beside(series) : NULL;
            gb_message_error("'%s', %s: still to be said: %s%s%s%s", path, series->channels[i].name,
                             text, other ? "; or --column '" : "", other ? other : "",
                             other ? "', without this one" : "");
            *is_whole = false;
        }
    return GB_OK;
}
