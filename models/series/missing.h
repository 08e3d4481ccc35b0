/* Numbers that stand where nothing was measured, beside what every cell takes for nothing
 * (models/series/cells.h): those that whoever uses a file says, and what no weather can be. */
#ifndef MODELS_SERIES_MISSING_H
#define MODELS_SERIES_MISSING_H

#include <stdbool.h>

#include "models/series/channels.h"

/* Numbers by commas, with a decimal point: "-999,-1".
 * returns false where the text is something else, or more than GB_SERIES_MOST_MISSING */
bool gb_missing_parse(struct gb_missing_numbers *out, const char *text);

/* Leaves nothing of the values of a series that were not measured, and counts them: numbers that
 * are said, and of weather those below -98 that are written in nines (-99, -99.9, -999, -9999.9).
 * Light, wind, moisture and pressure are never negative, and no air was as cold as -98 C. */
void gb_missing_mark(struct gb_series *series, const struct gb_missing_numbers *said);

/* The first value of a channel of power, energy or prices that is written in nines like those, and
 * may well be one; 0: there is none.
 * line  out: where it stands */
int64_t gb_missing_doubt(const struct gb_channel *channel, uint32_t *line);

#endif
