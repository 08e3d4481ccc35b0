/* What layout.c, which finds where a table begins, and layout_columns.c share. */
#ifndef MODELS_SERIES_LAYOUT_PRIV_H
#define MODELS_SERIES_LAYOUT_PRIV_H

#include "models/series/layout.h"

enum { GB_LAYOUT_MOST_CELLS = 100000 }; /* of a row */

/* Cuts a line into the layout's cells; false where it has another number of them. */
static inline bool gb_layout_cut_row(struct gb_layout *layout, struct gb_span line)
{
    return gb_cells_cut(line, layout->dialect.separator, layout->cells, layout->dialect.n_cells) ==
           layout->dialect.n_cells;
}

/* Which of the last lines above the table are its names and its units, in either order: names are
 * the last line, unless that is one of units, of the kinds of values, or of the index alone.
 * Sets header, header_line and, where there are any, units, units_line. GB_ENOMEM */
enum gb_status gb_layout_settle_header(struct gb_layout *layout, const char *file,
                                       struct gb_error *err);
/* The column of that name; else, where it is a number, the one at that place, from 1. GB_NO_COLUMN:
 * there is none */
size_t gb_layout_find_column(const struct gb_layout *layout, const char *name, size_t n);
/* GB_EINPUT: the file has no such column, but those */
enum gb_status gb_layout_fail_column(const struct gb_layout *layout, const char *file,
                                     const char *name, size_t n, struct gb_error *err);
/* The columns of stamps as --time names them: one, or a date and a clock. */
enum gb_status gb_layout_take_time(struct gb_layout *layout, const char *file, const char *list,
                                   struct gb_error *err);
/* The columns of values and of the meter's name, as options name them or as they look. */
enum gb_status gb_layout_find_values(struct gb_layout *layout, const char *file,
                                     const struct gb_series_options *options, struct gb_error *err);

#endif
