/* Measured series as people have them: one call reads a file of any of the forms below and hands
 * out channels (a column, of a meter where there are several).
 *
 * Generic text: a column a channel, or long with a column that names the meter, or a day a row;
 * NEM12; EPW, TMY3 and PVGIS. Separator, decimal sign, encoding and the lines around the table are
 * found; what a file cannot tell (labels at the start or the end, the order of day and month, units
 * that stand nowhere) is said by the options and asked for where it is missing. */
#ifndef MODELS_SERIES_SERIES_H
#define MODELS_SERIES_SERIES_H

#include "base/status.h"
#include "models/series/channels.h"

/* Reads a file. GB_EINPUT with file, line and what was expected.
 * out  to be freed */
enum gb_status gb_series_read(struct gb_series **out, const char *path,
                              const struct gb_series_options *options, struct gb_error *err);
/* The same of a text in memory.
 * name  what messages call it */
enum gb_status gb_series_parse(struct gb_series **out, const char *text, size_t n, const char *name,
                               const struct gb_series_options *options, struct gb_error *err);
void gb_series_free(struct gb_series *series);

/* What must still be said before anything can be computed from a channel, as a text for people
 * ("--label start or end, ..."); returns whether there is anything. */
bool gb_series_is_unsaid(const struct gb_series *series, const struct gb_channel *channel,
                         char *text, size_t size);

/* Does it depend on a zone when its stamps were? Not where they repeat daily, say their offset or
 * count seconds, not where the header says it, and not of a format that fixes it. */
bool gb_series_needs_zone(const struct gb_series *series);
/* Does its header say another zone than the options, which went before? */
bool gb_series_zone_is_doubted(const struct gb_series *series);

#endif
