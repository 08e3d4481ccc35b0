#include "models/series/measured.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

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

static bool is_of_power(const struct gb_channel *channel)
{
    return !channel->unit || channel->unit->kind <= GB_UNIT_ENERGY;
}

static enum gb_status check_said(const struct gb_series *series, const struct gb_channel *channel,
                                 const char *path, struct gb_error *err)
{
    char unsaid[512];

    if (gb_series_is_unsaid(series, channel, unsaid, sizeof unsaid))
        return gb_fail(err, GB_EINPUT, "'%s', %s: still to be said (without the dashes): %s", path,
                       channel->name, unsaid);
    for (size_t i = 0; channel->value != GB_VALUE_COUNTER && i < channel->n; i++)
        if (channel->values[i] < 0 && channel->values[i] != GB_SERIES_MISSING)
            return gb_fail(err, GB_EINPUT,
                           "'%s':%" PRIu32 ": %s is below 0; loads and generation of a meter are "
                           "expected, each in a column of its own",
                           path, channel->lines[i], channel->name);
    return GB_OK;
}

static enum gb_status add_channel(struct gb_measured *measured, const struct gb_series *series,
                                  const struct gb_channel *channel,
                                  const struct gb_measured_wish *wish, struct gb_error *err)
{
    struct gb_error why = {0};
    enum gb_status status = check_said(series, channel, wish->path, err);

    if (status != GB_OK)
        return status;
    measured->columns[measured->n] = strdup(channel->name);
    if (!measured->columns[measured->n])
        return gb_fail(err, GB_ENOMEM, "no memory for the series '%s'", wish->name);
    status = gb_course_make(&measured->courses[measured->n++], channel, series, wish->options.gaps,
                            &why);
    return status == GB_OK ? GB_OK : gb_fail(err, status, "'%s', %s", wish->path, why.text);
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
        if (is_of_power(&series->channels[k]))
            status = add_channel(measured, series, &series->channels[k], wish, err);
    if (status == GB_OK && measured->n == 0)
        return gb_fail(
            err, GB_EINPUT,
            "'%s': no column of power or energy; `gridbourse series` shows what it holds",
            wish->path);
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
    if (status == GB_OK)
        status = take_channels(measured, series, wish, err);
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
    for (size_t k = 0; measured->courses && k < measured->n; k++)
        gb_course_clear(&measured->courses[k]);
    for (size_t k = 0; measured->columns && k < measured->n; k++)
        free(measured->columns[k]);
    free(measured->courses);
    free(measured->columns);
    free(measured->name);
    free(measured);
}

/* ---- what it covers */

static bool covers_day(struct gb_replay *replay, int64_t from_s, int64_t to_s)
{
    struct gb_stretch stretch;

    return gb_replay_stretch(replay, from_s, 1, &stretch) &&
           gb_replay_stretch(replay, to_s - 1, 1, &stretch);
}

static bool covers(const struct gb_course *course, enum gb_series_align align,
                   const struct gb_calendar *calendar, int64_t end_ns, int64_t *day)
{
    struct gb_replay replay = gb_replay_make(course, align, calendar);
    int64_t from_ns = 0, to_ns;

    for (int64_t d = 0; from_ns < end_ns; d++, from_ns = to_ns) {
        to_ns = gb_calendar_day_ns(calendar, d + 1);
        int64_t last_ns = to_ns < end_ns ? to_ns : end_ns;
        if (!covers_day(&replay, from_ns / GB_NS_PER_SECOND, last_ns / GB_NS_PER_SECOND)) {
            *day = calendar->start_days + d;
            return false;
        }
    }
    return true;
}

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
            !covers(course, measured->align, calendar, end_ns, day))
            return false;
    }
    return true;
}
