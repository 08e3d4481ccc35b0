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
    return values;
}
