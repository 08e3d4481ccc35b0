#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "models/series/grid_priv.h"

static enum gb_status fail_off_grid(const struct gb_stretch *stretch, size_t i,
                                    struct gb_error *err)
{
    char text[32], meter[80];

    gb_instant_format(stretch->entries[i].time_s * INT64_C(1000000000), text, sizeof text);
    return gb_fail(err, GB_EINPUT,
                   "'%s':%u: %s is no whole number of steps of %" PRId64
                   " s behind the first stamp%s",
                   stretch->file, gb_stretch_line(stretch, i), text, stretch->step_s,
                   gb_stretch_meter(stretch, meter));
}

enum { BLOCK = 64 }; /* rows whose values lie in the first cache while the columns take theirs */

/* The steps of some rows. */
static enum gb_status find_steps(const struct gb_stretch *stretch, int64_t start_s, size_t first,
                                 size_t n, size_t *steps, struct gb_error *err)
{
    for (size_t i = 0; i < n; i++) {
        int64_t since_s = stretch->entries[first + i].time_s - start_s;

        steps[i] = (size_t)(since_s / stretch->step_s);
        if (since_s != (int64_t)steps[i] * stretch->step_s)
            return fail_off_grid(stretch, first + i, err);
    }
    return GB_OK;
}

/* Their values into a channel, and nothing where steps before have no row.
 * next  the first step that nothing was put into yet */
static void fill_values(struct gb_channel *channel, const struct gb_stretch *stretch, size_t k,
                        size_t first, size_t n, const size_t *steps, size_t next)
{
    const struct gb_rows *rows = stretch->rows;
    const struct gb_entry *entries = stretch->entries + first;
    int64_t *values = channel->values;

    for (size_t i = 0; i < n; i++) {
        int64_t value = rows->values[entries[i].row * rows->width + k];

        for (; next < steps[i]; next++)
            values[next] = GB_SERIES_MISSING;
        values[next++] = value;
        channel->n_void += value == GB_SERIES_MISSING;
    }
}

static void fill_lines(uint32_t *lines, const struct gb_stretch *stretch, size_t first, size_t n,
                       const size_t *steps, size_t next)
{
    for (size_t i = 0; i < n; i++) {
        for (; next < steps[i]; next++)
            lines[next] = 0;
        lines[next++] = gb_stretch_line(stretch, first + i);
    }
}

/* Values of rows into the channels of a meter. Stamps differ and rise, and those of the last row
 * end the grid, but that of a day that repeats, of which more may be missing. */
static enum gb_status fill(const struct gb_stretch *stretch, struct gb_channel *channels,
                           struct gb_error *err)
{
    size_t steps[BLOCK], width = stretch->rows->width, next = 0;

    for (size_t first = 0; first < stretch->n; first += BLOCK) {
        size_t n = stretch->n - first < BLOCK ? stretch->n - first : BLOCK;
        enum gb_status status = find_steps(stretch, channels[0].start_s, first, n, steps, err);

        if (status != GB_OK)
            return status;
        fill_lines(channels[0].lines, stretch, first, n, steps, next);
        for (size_t k = 0; k < width; k++)
            fill_values(&channels[k], stretch, k, first, n, steps, next);
        next = steps[n - 1] + 1;
    }
    for (; next < channels[0].n; next++) {
        channels[0].lines[next] = 0;
        for (size_t k = 0; k < width; k++)
            channels[k].values[next] = GB_SERIES_MISSING;
    }
    return GB_OK;
}

/* Channels of one meter, empty. On failure whatever was made stays with the series. */
static enum gb_status make_channels(struct gb_channel *channels, struct gb_arena *arena,
                                    const struct gb_stretch *stretch,
                                    const struct gb_rows_meter *meter, const char *const *names,
                                    const struct gb_unit *const *units, int64_t start_s, size_t n,
                                    struct gb_error *err)
{
    size_t width = stretch->rows->width;
    int64_t *values =
        width <= SIZE_MAX / n ? gb_arena_take(arena, n * width, sizeof *values) : NULL;
    uint32_t *lines = gb_arena_take(arena, n, sizeof *lines);

    if (!lines || !values)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu steps of '%s'", n, stretch->file);
    for (size_t k = 0; k < width; k++) {
        struct gb_channel *channel = &channels[k];
        size_t size = strlen(meter->name) + strlen(names[k]) + 4;

        channel->lines = lines;
        channel->name = malloc(size);
        channel->values = values + k * n;
        if (!channel->name)
            return gb_fail(err, GB_ENOMEM, "no memory for %zu steps of '%s'", n, stretch->file);
        snprintf(channel->name, size, "%s%s%s", meter->name, *meter->name && *names[k] ? " / " : "",
                 names[k]);
        channel->unit = meter->unit ? meter->unit : units[k];
        channel->issued_s = meter->issued_s;
        channel->start_s = start_s;
        channel->step_s = stretch->step_s;
        channel->n = n;
        channel->n_absent = n - stretch->n;
    }
    return GB_OK;
}

enum gb_status gb_stretch_fill(const struct gb_stretch *stretch, struct gb_channel *channels,
                               struct gb_arena *arena, const struct gb_rows_meter *meter,
                               const char *const *names, const struct gb_unit *const *units,
                               int64_t start_s, size_t n, struct gb_error *err)
{
    enum gb_status status =
        make_channels(channels, arena, stretch, meter, names, units, start_s, n, err);

    return status == GB_OK ? fill(stretch, channels, err) : status;
}
