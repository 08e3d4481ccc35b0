#include "cli/measured_loads.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/zone.h"
#include "cli/channel_values.h"
#include "models/series/series.h"

enum { DAY_S = 86400, LEAST_DAYS = 2 };

static bool is_load(const struct gb_channel *channel)
{
    return channel->unit &&
           (channel->unit->kind == GB_UNIT_POWER || channel->unit->kind == GB_UNIT_ENERGY);
}

/* The time that any of the loads covers, in steps that all have. */
struct span {
    size_t n_homes;
    int64_t first_s, end_s, step_s;
};

static enum gb_status add_to_span(struct span *span, const struct gb_series *series,
                                  const struct gb_channel *channel, const char *path,
                                  struct gb_error *err)
{
    int64_t end_s = channel->start_s + (int64_t)gb_channel_steps(channel) * channel->step_s;
    enum gb_status status = gb_channel_check(series, channel, path, err);

    if (status != GB_OK)
        return status;
    if (DAY_S % channel->step_s != 0)
        return gb_fail(err, GB_EINPUT, "'%s', %s: steps of %" PRId64 " s do not divide a day", path,
                       channel->name, channel->step_s);
    if (span->n_homes == 0)
        *span = (struct span){0, channel->start_s, end_s, channel->step_s};
    if (channel->step_s != span->step_s || (channel->start_s - span->first_s) % span->step_s != 0)
        return gb_fail(err, GB_EINPUT,
                       "'%s', %s: its steps are not those of the columns before; --column names "
                       "those that are alike",
                       path, channel->name);
    span->first_s = channel->start_s < span->first_s ? channel->start_s : span->first_s;
    span->end_s = end_s > span->end_s ? end_s : span->end_s;
    span->n_homes++;
    return GB_OK;
}

static enum gb_status find_span(struct span *span, const struct gb_series *series, const char *path,
                                struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t k = 0; status == GB_OK && k < series->n_channels; k++)
        if (is_load(&series->channels[k]))
            status = add_to_span(span, series, &series->channels[k], path, err);
    if (status == GB_OK && span->n_homes == 0)
        status = gb_fail(err, GB_EINPUT,
                         "'%s' has no column of power or energy; where the names hold no unit, "
                         "--unit says it",
                         path);
    if (status == GB_OK && (series->is_daily || span->end_s - span->first_s < LEAST_DAYS * DAY_S))
        status =
            gb_fail(err, GB_EINPUT, "'%s' holds less than two days: nothing repeats in it", path);
    return status;
}

static enum gb_status take_channels(struct gb_loads *out, const struct gb_series *series,
                                    const struct span *span, struct gb_error *err)
{
    size_t home = 0;

    for (size_t k = 0; k < series->n_channels; k++) {
        const struct gb_channel *channel = &series->channels[k];

        if (!is_load(channel))
            continue;
        double *values = gb_channel_values(channel, GB_UNIT_POWER);
        if (!values)
            return gb_fail(err, GB_ENOMEM, "no memory for %zu values", channel->n);
        size_t first = (size_t)((channel->start_s - span->first_s) / span->step_s);
        for (size_t i = 0; i < gb_channel_steps(channel); i++)
            out->power[home * out->n_steps + first + i] = values[i];
        free(values);
        home++;
    }
    return GB_OK;
}

static void set_clock(struct gb_loads *out, const struct gb_zone *zone, int64_t first_s)
{
    struct gb_zone_year year = {0};

    for (size_t i = 0; i < out->n_steps; i++) {
        int64_t utc_s = first_s + (int64_t)i * out->step_s;
        int64_t local_s = utc_s + gb_zone_offset_at(zone, &year, utc_s);

        out->clock_s[i] = (int32_t)(local_s - DAY_S * gb_floor_divide(local_s, DAY_S));
    }
}

enum gb_status gb_measured_loads_read(struct gb_loads *out, const char *path,
                                      const struct gb_series_options *options, struct gb_error *err)
{
    struct gb_series *series = NULL;
    struct span span = {0};
    enum gb_status status = gb_series_read(&series, path, options, err);

    if (status == GB_OK)
        status = find_span(&span, series, path, err);
    if (status == GB_OK)
        status =
            gb_loads_create(out, span.n_homes, (size_t)((span.end_s - span.first_s) / span.step_s),
                            span.step_s, err);
    if (status == GB_OK) {
        status = take_channels(out, series, &span, err);
        set_clock(out, &series->zone, span.first_s);
    }
    gb_series_free(series);
    return status;
}
