#include "cli/channel_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum gb_status gb_channel_check(const struct gb_series *series, const struct gb_channel *channel,
                                const char *path, struct gb_error *err)
{
    char unsaid[512];

    if (gb_series_is_unsaid(series, channel, unsaid, sizeof unsaid))
        return gb_fail(err, GB_EINPUT, "'%s', %s: still to be said: %s", path, channel->name,
                       unsaid);
    if (channel->value == GB_VALUE_COUNTER)
        return gb_fail(err, GB_EINPUT,
                       "'%s', %s: a counter; `gridbourse series --step` makes energies of it", path,
                       channel->name);
    return GB_OK;
}

/* A step of samples has the mean of both its ends, as a run integrates them (models/series/flow.h);
 * the last sample ends the last step. */
static void take_means_of_samples(double *values, size_t n)
{
    for (size_t i = 0; i + 1 < n; i++)
        values[i] = (values[i] + values[i + 1]) / 2;
    if (n > 0)
        values[n - 1] = NAN;
}

size_t gb_channel_steps(const struct gb_channel *channel)
{
    return channel->n - (channel->value == GB_VALUE_SAMPLE && channel->n > 1);
}

double *gb_channel_values(const struct gb_channel *channel, enum gb_unit_kind kind)
{
    double *values = malloc((channel->n + 1) * sizeof *values);
    double scale = channel->unit->scale;

    if (channel->unit->kind == GB_UNIT_POWER)
        scale = (double)channel->unit->watts;
    else if (channel->unit->kind == GB_UNIT_ENERGY)
        scale = (double)channel->unit->watts * 3600 / (double)channel->step_s;
    else if (kind == GB_UNIT_IRRADIANCE && strcmp(channel->unit->si, "Wh/m2") == 0)
        scale *= 3600 / (double)channel->step_s;
    for (size_t i = 0; values && i < channel->n; i++)
        values[i] =
            channel->values[i] == GB_SERIES_MISSING
                ? NAN
                : (double)channel->values[i] / (double)GB_NANO * scale + channel->unit->shift;
    if (values && channel->value == GB_VALUE_SAMPLE)
        take_means_of_samples(values, channel->n);
    return values;
}
