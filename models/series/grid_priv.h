/* A meter's rows on their way to its channels, of models/series/grid*.c alone. */
#ifndef MODELS_SERIES_GRID_PRIV_H
#define MODELS_SERIES_GRID_PRIV_H

#include "models/series/rows.h"

struct gb_entry { /* a row, where it is sorted to */
    int64_t time_s;
    size_t row;
};

/* The rows of one meter, by time. */
struct gb_stretch {
    const struct gb_rows *rows;
    const char *file;
    struct gb_entry *entries;
    size_t n;
    int64_t step_s;
};

/* Of the file, that of a row. */
static inline uint32_t gb_stretch_line(const struct gb_stretch *stretch, size_t i)
{
    return stretch->rows->rows[stretch->entries[i].row].line;
}

/* ", of meter '12/main'"; nothing where there is but one without a name. */
const char *gb_stretch_meter(const struct gb_stretch *stretch, char text[80]);

/* Channels of a meter for n steps from `start_s` on, with the values of its rows and nothing where
 * there is none.
 * channels   rows->width of them, zeroed; on failure what was made of them stays with the series
 * arena      of which they take their values and lines
 * GB_EINPUT where a row is between two steps */
enum gb_status gb_stretch_fill(const struct gb_stretch *stretch, struct gb_channel *channels,
                               struct gb_arena *arena, const struct gb_rows_meter *meter,
                               const char *const *names, const struct gb_unit *const *units,
                               int64_t start_s, size_t n, struct gb_error *err);

#endif
