/* Where a file of weather was measured, as its first lines say. */
#ifndef MODELS_SERIES_PLACE_H
#define MODELS_SERIES_PLACE_H

#include "models/series/channels.h"

/* The place of EPW, TMY3, PVGIS, NSRDB and of tables that begin with a line of latitude, longitude
 * and elevation, as Open-Meteo's do. Of others nothing is known. */
struct gb_place gb_place_of(enum gb_series_form form, struct gb_span text);

/* Does such a table say that its clock is UTC's? Of others it says how far ahead it is today, and
 * not whether that changes. */
bool gb_place_says_utc(struct gb_span text);

/* Along the great circle, km; both are known (asserted). */
double gb_place_distance_km(const struct gb_place *a, const struct gb_place *b);

#endif
