#include "models/series/measured.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "base/date.h"
#include "base/file.h"
#include "base/quantity.h"
#include "models/series/series.h"

/* ---- the file */

static void digest_of(const char *text, size_t n, char digest[GB_MEASURED_DIGEST_SIZE])
{
    unsigned char bytes[GB_MEASURED_DIGEST_SIZE / 2];

    crypto_generichash(bytes, sizeof bytes, (const unsigned char *)text, n, NULL, 0);
    sodium_bin2hex(digest, GB_MEASURED_DIGEST_SIZE, bytes, sizeof bytes);
}

static enum gb_status check_digest(const struct gb_measured *measured,
                                   const struct gb_measured_wish *wish, struct gb_error *err)
{
    if (!wish->digest[0] || strcmp(wish->digest, measured->digest) == 0)
        return GB_OK;
    return gb_fail(
        err, GB_EINPUT,
        "'%s' has changed: its BLAKE2b digest is %s, that of the file of the series '%s' "
        "was %s; bring that file back, or leave series.%s.digest out",
        wish->path, measured->digest, wish->name, wish->digest, wish->name);
}

/* ---- its channels */

/* A column without a unit is asked about, but for the notes of files of weather. */
static bool is_of_power(const struct gb_series *series, const struct gb_channel *channel)
{
    bool is_of_weather = series->form == GB_FORM_EPW || series->form == GB_FORM_TMY3 ||
                         series->form == GB_FORM_PVGIS;

    return channel->unit ? channel->unit->kind <= GB_UNIT_ENERGY : !is_of_weather;
}

static enum gb_status check_said(const struct gb_series *series, const struct gb_channel *channel,
                                 const char *path, struct gb_error *err)
{
    char unsaid[512];

    if (gb_series_is_unsaid(series, channel, unsaid, sizeof unsaid))
        return gb_fail(err, GB_EINPUT, "'%s', %s: still to be said (without the dashes): %s", path,
                       channel->name, unsaid);
    return GB_OK;
}

/* An inverter takes a little at night, and a cold pyranometer shows less than no light: down to 1 %
 * of the greatest value below 0 is 0. */
static enum gb_status raise_to_zero(const struct gb_channel *channel, const char *path,
                                    struct gb_error *err)
{
    int64_t greatest = 0;

    for (size_t i = 0; i < channel->n; i++)
        greatest = channel->values[i] > greatest ? channel->values[i] : greatest;
    for (size_t i = 0; channel->value != GB_VALUE_COUNTER && i < channel->n; i++) {
        if (channel->values[i] >= 0 || channel->values[i] == GB_SERIES_MISSING)
            continue;
        if (channel->values[i] < -(greatest / 100))
            return gb_fail(err, GB_EINPUT,
                           "'%s':%" PRIu32 ": %s is below 0, and by more than 1 %% of its greatest "
                           "value; loads and generation of a meter are expected, each in a column "
                           "of its own",
                           path, channel->lines[i], channel->name);
        channel->values[i] = 0;
    }
    return GB_OK;
}

static enum gb_status add_channel(struct gb_measured *measured, const struct gb_series *series,
                                  const struct gb_channel *channel,
                                  const struct gb_measured_wish *wish, struct gb_error *err)
{
    struct gb_error why = {0};
    enum gb_status status = check_said(series, channel, wish->path, err);

    if (status == GB_OK)
        status = raise_to_zero(channel, wish->path, err);
    if (status != GB_OK)
        return status;
    measured->columns[measured->n] = strdup(channel->name);
    if (!measured->columns[measured->n])
        return gb_fail(err, GB_ENOMEM, "no memory for the series '%s'", wish->name);
    status = gb_course_make(&measured->courses[measured->n++], channel, series, wish->options.gaps,
                            &why);
    return status == GB_OK ? GB_OK : gb_fail(err, status, "'%s', %s", wish->path, why.text);
}

enum { YEAR_S = 365 * 86400 };

/* Reads a quantity of the weather from its column. GB_EINPUT with what is wrong with it */
static enum gb_status read_weather(struct gb_measured_weather *weather,
                                   enum gb_weather_quantity quantity,
                                   const struct gb_series *series, const struct gb_channel *channel,
                                   const struct gb_measured_wish *wish, struct gb_error *err)
{
    struct gb_error why = {0};
    enum gb_status status = check_said(series, channel, wish->path, err);

    if (status == GB_OK && quantity != GB_AIR_TEMPERATURE)
        status = raise_to_zero(channel, wish->path, err);
    if (status == GB_OK)
        status = gb_course_make(&weather->course, channel, series, wish->options.gaps, &why);
    if (why.text[0])
        gb_fail(err, status, "'%s', %s", wish->path, why.text);
    int64_t length_s = (int64_t)weather->course.flow.n * weather->course.flow.step_s;
    if (status == GB_OK && series->is_typical && length_s == YEAR_S)
        status = gb_course_wrap(&weather->course, err);
    if (status != GB_OK)
        return status;
    bool is_energy = gb_unit_is_of_steps(channel->unit);
    weather->scale =
        wish->scale *
        (is_energy || channel->unit->kind == GB_UNIT_IRRADIANCE ? 1 : channel->unit->scale);
    weather->shift = channel->unit->kind == GB_UNIT_OTHER ? wish->scale * channel->unit->shift : 0;
    weather->column = strdup(channel->name);
    return weather->column ? GB_OK : gb_fail(err, GB_ENOMEM, "no memory for '%s'", wish->name);
}

/* What is wrong with a column is told by whoever wants to use it. */
static enum gb_status take_weather(struct gb_measured *measured, const struct gb_series *series,
                                   const struct gb_measured_wish *wish, struct gb_error *err)
{
    for (enum gb_weather_quantity q = 0; q < GB_N_WEATHER_QUANTITIES; q++) {
        struct gb_measured_weather *weather = &measured->weather[q];
        struct gb_error why = {0};
        const struct gb_channel *channel = gb_weather_column(
            series, q, wish->options.columns != NULL, weather->fault, sizeof weather->fault);
        enum gb_status status =
            channel ? read_weather(weather, q, series, channel, wish, &why) : GB_OK;

        if (status == GB_ENOMEM)
            return gb_fail(err, status, "%s", why.text);
        if (status != GB_OK)
            snprintf(weather->fault, sizeof weather->fault, "%.255s", why.text);
    }
    return GB_OK;
}

/* The only column of prices. */
static const struct gb_channel *price_column(const struct gb_series *series, char *why, size_t size)
{
    const struct gb_channel *found = NULL;

    snprintf(why, size,
             "no column of prices, in EUR/MWh, ct/kWh and the like: `column` and `unit` of the "
             "series say which");
    for (size_t i = 0; i < series->n_channels; i++) {
        const struct gb_channel *channel = &series->channels[i];

        if (!channel->unit || channel->unit->kind != GB_UNIT_PRICE)
            continue;
        if (found) {
            snprintf(why, size,
                     "several columns of prices, '%.60s' and '%.60s': `column` of the series says "
                     "which",
                     found->name, channel->name);
            return NULL;
        }
        found = channel;
    }
    return found;
}

/* What is wrong with it is told by whoever wants to use it. */
static enum gb_status take_price(struct gb_measured *measured, const struct gb_series *series,
                                 const struct gb_measured_wish *wish, struct gb_error *err)
{
    struct gb_measured_price *price = &measured->price;
    const struct gb_channel *channel = price_column(series, price->fault, sizeof price->fault);
    struct gb_error why = {0};

    if (!channel)
        return GB_OK;
    enum gb_status status = check_said(series, channel, wish->path, &why);
    if (status == GB_OK)
        status = gb_course_make(&price->course, channel, series, wish->options.gaps, &why);
    if (status == GB_OK) {
        price->unit = channel->unit;
        price->column = strdup(channel->name);
        status = price->column ? GB_OK : gb_fail(&why, GB_ENOMEM, "no memory for '%s'", wish->name);
    }
    if (status == GB_ENOMEM)
        return gb_fail(err, status, "%s", why.text);
    if (status != GB_OK && why.text[0] == '\'') /* which file it is in */
        snprintf(price->fault, sizeof price->fault, "%.255s", why.text);
    else if (status != GB_OK)
        snprintf(price->fault, sizeof price->fault, "'%.80s', %.160s", wish->path, why.text);
    return GB_OK;
}

static bool has_weather(const struct gb_measured *measured)
{
    for (size_t q = 0; q < GB_N_WEATHER_QUANTITIES; q++)
        if (measured->weather[q].column)
            return true;
    return false;
}

static const char *fault_of(const struct gb_measured *measured)
{
    for (size_t q = 0; q < GB_N_WEATHER_QUANTITIES; q++)
        if (measured->weather[q].fault[0] == '\'')
            return measured->weather[q].fault;
    return strncmp(measured->price.fault, "no ", 3) != 0 ? measured->price.fault : NULL;
}

static enum gb_status take_channels(struct gb_measured *measured, const struct gb_series *series,
                                    const struct gb_measured_wish *wish, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    measured->courses = calloc(series->n_channels, sizeof *measured->courses);
    measured->columns = calloc(series->n_channels, sizeof *measured->columns);
    measured->name = strdup(wish->name);
    if (!measured->courses || !measured->columns || !measured->name)
        return gb_fail(err, GB_ENOMEM, "no memory for the series '%s'", wish->name);
    for (size_t k = 0; status == GB_OK && k < series->n_channels; k++)
        if (is_of_power(series, &series->channels[k]))
            status = add_channel(measured, series, &series->channels[k], wish, err);
    if (status == GB_OK)
        status = take_weather(measured, series, wish, err);
    if (status == GB_OK)
        status = take_price(measured, series, wish, err);
    if (status == GB_OK && measured->n == 0 && !has_weather(measured) && !measured->price.column)
        return fault_of(measured)
                   ? gb_fail(err, GB_EINPUT, "%s", fault_of(measured))
                   : gb_fail(err, GB_EINPUT,
                             "'%s': no column of power, energy, the weather or prices; `gridbourse "
                             "series` shows what it holds",
                             wish->path);
    return status;
}

/* ---- forecasts with times of issue */

struct issued { /* a channel, where it is sorted to */
    int64_t issued_s;
    const char *name;
    size_t first, channel; /* the first of that name in the file; its own number */
};

static int compare_named(const void *a, const void *b)
{
    const struct issued *x = a, *y = b;
    int order = strcmp(x->name, y->name);

    return order != 0 ? order : (x->channel > y->channel) - (x->channel < y->channel);
}

static int compare_issued(const void *a, const void *b)
{
    const struct issued *x = a, *y = b;

    if (x->issued_s != y->issued_s)
        return x->issued_s < y->issued_s ? -1 : 1;
    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->channel > y->channel) - (x->channel < y->channel);
}

/* Issue by issue, and in each in the order in which the file first names them. */
static void sort_issued(struct issued *order, size_t n)
{
    qsort(order, n, sizeof *order, compare_named);
    for (size_t i = 0; i < n; i++)
        order[i].first = i > 0 && strcmp(order[i].name, order[i - 1].name) == 0 ? order[i - 1].first
                                                                                : order[i].channel;
    qsort(order, n, sizeof *order, compare_issued);
}

/* The channels of a series, issue by issue; the values stay the series'. NULL without memory. */
static struct gb_channel *sort_channels(const struct gb_series *series)
{
    struct issued *order = calloc(series->n_channels, sizeof *order);
    struct gb_channel *sorted = calloc(series->n_channels, sizeof *sorted);

    for (size_t i = 0; order && i < series->n_channels; i++)
        order[i] = (struct issued){series->channels[i].issued_s, series->channels[i].name, i, i};
    if (order)
        sort_issued(order, series->n_channels);
    for (size_t i = 0; order && sorted && i < series->n_channels; i++)
        sorted[i] = series->channels[order[i].channel];
    if (!order) {
        free(sorted);
        sorted = NULL;
    }
    free(order);
    return sorted;
}

static bool has_same_columns(const struct gb_measured *a, const struct gb_measured *b)
{
    bool is_same = a->n == b->n;

    for (size_t k = 0; is_same && k < a->n; k++)
        is_same = strcmp(a->columns[k], b->columns[k]) == 0;
    for (size_t q = 0; is_same && q < GB_N_WEATHER_QUANTITIES; q++)
        is_same = !a->weather[q].column == !b->weather[q].column;
    return is_same;
}

/* Takes the channels of one issue, the next of `measured`. */
static enum gb_status take_issue(struct gb_measured *measured, const struct gb_series *issue,
                                 const struct gb_measured_wish *wish, struct gb_error *err)
{
    struct gb_measured *said = calloc(1, sizeof *said);

    if (!said)
        return gb_fail(err, GB_ENOMEM, "no memory for the series '%s'", wish->name);
    measured->issues[measured->n_issues] = said;
    measured->issued_s[measured->n_issues++] = issue->channels[0].issued_s;
    said->align = wish->align;
    said->scale = wish->scale;
    said->line = issue->channels[0].lines[0];
    enum gb_status status = take_channels(said, issue, wish, err);
    if (status != GB_OK || has_same_columns(said, measured->issues[0]))
        return status;
    char text[32];
    gb_instant_format(issue->channels[0].issued_s * GB_NS_PER_SECOND, text, sizeof text);
    return gb_fail(err, GB_EINPUT,
                   "'%s':%" PRIu32 ": the forecast made at %s is not of the same meters as that of "
                   "line %" PRIu32,
                   wish->path, said->line, text, measured->issues[0]->line);
}

/* What is asked of a file without regard to issues is answered by the first. */
static void borrow_first(struct gb_measured *measured)
{
    const struct gb_measured *first = measured->issues[0];

    measured->n = first->n;
    measured->courses = first->courses;
    measured->columns = first->columns;
    memcpy(measured->weather, first->weather, sizeof measured->weather);
    snprintf(measured->price.fault, sizeof measured->price.fault,
             "it is of forecasts with times of issue; prices are taken from a series without");
}

static enum gb_status take_issues(struct gb_measured *measured, const struct gb_series *series,
                                  const struct gb_measured_wish *wish, struct gb_error *err)
{
    struct gb_channel *sorted = sort_channels(series);
    struct gb_series issue = *series;
    enum gb_status status = GB_OK;

    measured->name = strdup(wish->name);
    measured->issues = calloc(series->n_channels, sizeof(struct gb_measured *));
    measured->issued_s = calloc(series->n_channels, sizeof *measured->issued_s);
    if (!sorted || !measured->name || !measured->issues || !measured->issued_s)
        status = gb_fail(err, GB_ENOMEM, "no memory for the series '%s'", wish->name);
    for (size_t i = 0; status == GB_OK && i < series->n_channels; i += issue.n_channels) {
        issue.channels = sorted + i;
        issue.n_channels = 1;
        while (i + issue.n_channels < series->n_channels &&
               issue.channels[issue.n_channels].issued_s == issue.channels[0].issued_s)
            issue.n_channels++;
        status = take_issue(measured, &issue, wish, err);
    }
    if (status == GB_OK)
        borrow_first(measured);
    free(sorted);
    return status;
}

/* ---- all of it */

enum gb_status gb_measured_read(struct gb_measured **out, const struct gb_measured_wish *wish,
                                struct gb_error *err)
{
    struct gb_measured *measured = calloc(1, sizeof *measured);
    struct gb_series *series = NULL;
    char *text = NULL;
    size_t n = 0;
    enum gb_status status =
        measured ? gb_file_read(wish->path, SIZE_MAX, &text, &n, err)
                 : gb_fail(err, GB_ENOMEM, "no memory for the series '%s'", wish->name);

    if (status == GB_OK) {
        measured->align = wish->align;
        measured->scale = wish->scale;
        digest_of(text, n, measured->digest);
        status = check_digest(measured, wish, err);
    }
    if (status == GB_OK)
        status = gb_series_parse(&series, text, n, wish->path, &wish->options, err);
    if (status == GB_OK) {
        measured->needs_zone = gb_series_needs_zone(series);
        measured->header_zone = series->header_zone;
        measured->place = series->place;
        measured->zone_is_doubted = gb_series_zone_is_doubted(series);
    }
    if (status == GB_OK)
        status = series->has_issues ? take_issues(measured, series, wish, err)
                                    : take_channels(measured, series, wish, err);
    gb_series_free(series);
    free(text);
    if (status == GB_OK)
        *out = measured;
    else
        gb_measured_free(measured);
    return status;
}

void gb_measured_free(struct gb_measured *measured)
{
    if (!measured)
        return;
    if (measured->issues) {
        for (size_t i = 0; i < measured->n_issues; i++)
            gb_measured_free(measured->issues[i]);
        free(measured->issues);
        free(measured->issued_s);
        free(measured->name);
        free(measured);
        return;
    }
    free(measured->issued_s);
    for (size_t k = 0; measured->courses && k < measured->n; k++)
        gb_course_clear(&measured->courses[k]);
    for (size_t k = 0; measured->columns && k < measured->n; k++)
        free(measured->columns[k]);
    for (size_t q = 0; q < GB_N_WEATHER_QUANTITIES; q++) {
        gb_course_clear(&measured->weather[q].course);
        free(measured->weather[q].column);
    }
    gb_course_clear(&measured->price.course);
    free(measured->price.column);
    free(measured->courses);
    free(measured->columns);
    free(measured->name);
    free(measured);
}

/* ---- what it covers */

static bool reach_equally(const struct gb_series_flow *a, const struct gb_series_flow *b)
{
    return a->start_s == b->start_s && a->step_s == b->step_s && a->n == b->n;
}

bool gb_measured_covers(const struct gb_measured *measured, const struct gb_calendar *calendar,
                        int64_t end_ns, int64_t *day)
{
    for (size_t k = 0; k < measured->n; k++) {
        const struct gb_course *course = &measured->courses[k];

        if ((k == 0 || !reach_equally(&course->flow, &measured->courses[k - 1].flow)) &&
            !gb_course_covers(course, measured->align, calendar, end_ns, day))
            return false;
    }
    return true;
}
