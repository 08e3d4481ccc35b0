/* The channels of a series as plain numbers, for commands that compute with them. */
#ifndef CLI_CHANNEL_VALUES_H
#define CLI_CHANNEL_VALUES_H

#include "models/series/series.h"

/* Whether values of the channel stand still to be understood: GB_EINPUT with what is to be said,
 * or where it is a counter.
 * path  of the file, for the message */
enum gb_status gb_channel_check(const struct gb_series *series, const struct gb_channel *channel,
                                const char *path, struct gb_error *err);

/* How many steps the channel tells: of samples, which are the ends of steps, one less. */
size_t gb_channel_steps(const struct gb_channel *channel);

/* Means over steps in W where the channel is of power, or of energy, which becomes the mean power
 * of a step; else in its unit's SI, where `kind` is GB_UNIT_IRRADIANCE in W/m2. NAN: missing, and
 * behind the last sample. returns n values, to be freed, NULL without memory */
double *gb_channel_values(const struct gb_channel *channel, enum gb_unit_kind kind);

#endif
