/* What layout.c, which finds where a table begins, and layout_columns.c share. */
#ifndef MODELS_SERIES_LAYOUT_PRIV_H
#define MODELS_SERIES_LAYOUT_PRIV_H

#include "models/series/layout.h"

enum { GB_LAYOUT_MOST_CELLS = 100000 }; /* of a row */
enum { GB_LAYOUT_MOST_BEFORE = 1000 };  /* lines before the first row */

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
/* The column of a row that counts days as spreadsheets do.
 * rows      from this row on
 * is_said   stamps are such; else the numbers must be of 1982 to 2064 and lie on even steps
 * is_named  the column must be called a time, too */
size_t gb_layout_find_serial(const struct gb_layout *layout, struct gb_lines rows, bool is_said,
                             bool is_named);
/* GB_EINPUT: no row has a stamp; what its columns may be instead, and the cure.
 * lines  the whole text */
enum gb_status gb_layout_fail_stamps(struct gb_layout *layout, struct gb_lines lines,
                                     const char *file, struct gb_error *err);
/* What all rows together tell of stamps in parts. GB_EINPUT: an hour 25 without a zone */
enum gb_status gb_layout_settle_parts(struct gb_layout *layout, const char *file,
                                      const struct gb_series_options *options,
                                      struct gb_error *err);
/* The columns of values and of the meter's name, as options name them or as they look. */
enum gb_status gb_layout_find_values(struct gb_layout *layout, const char *file,
                                     const struct gb_series_options *options, struct gb_error *err);

#endif
