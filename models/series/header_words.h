/* Words in cells of a header: of units on a line of their own, and of the clock that stamps are of.
 */
#ifndef MODELS_SERIES_HEADER_WORDS_H
#define MODELS_SERIES_HEADER_WORDS_H

#include "base/zone.h"
#include "models/series/cells.h"
#include "models/series/stamp.h"
#include "models/series/unit.h"

/* `[kWh]` is kWh. */
struct gb_span gb_header_bare(struct gb_span cell);
/* What a cell of units says, in brackets or not. NULL: none that is known */
const struct gb_unit *gb_header_unit(struct gb_span cell);
/* Is it what stands in a line of units: a unit, also of what no series is made, or how stamps are
 * written? */
bool gb_header_is_like_a_unit(struct gb_span cell);

/* Is it the name of a column of stamps: `Time`, `Date/Time`, `Datum Uhrzeit`, `Fecha`? */
bool gb_header_is_time(struct gb_span words);
/* The order of day and month of dates written so: `dd.MM.yyyy HH:mm`, in brackets or not. Unsaid of
 * others */
enum gb_date_order gb_header_order(struct gb_span cell);

/* The zone that words name: `time (UTC)`, `timestamp_utc`, `Time [GMT+1]`. false of any others, and
 * of those that name two. */
bool gb_header_zone(struct gb_span words, struct gb_zone *out);

#endif
