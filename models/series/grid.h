/* Rows in the order of a file become channels on a regular grid of UTC: sorted, put on the clock of
 * their zone, checked for stamps that stand twice, and with what is missing marked. */
#ifndef MODELS_SERIES_GRID_H
#define MODELS_SERIES_GRID_H

#include "models/series/rows.h"

/* Adds a channel for each meter and each of `names`. Sets the series' counts of backward rows and
 * of doubled stamps that the end of summer time explains.
 * units  of the columns; a meter's own go before */
enum gb_status gb_grid_build(struct gb_series *series, struct gb_rows *rows,
                             const char *const *names, const struct gb_unit *const *units,
                             const char *file, struct gb_error *err);

#endif
