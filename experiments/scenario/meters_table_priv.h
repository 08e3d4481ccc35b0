/* What the files of a table of meters share: its columns, its first row (meters_head.c), and one
 * row (meters_row.c). */
#ifndef EXPERIMENTS_SCENARIO_METERS_TABLE_PRIV_H
#define EXPERIMENTS_SCENARIO_METERS_TABLE_PRIV_H

#include "experiments/scenario/meters_table.h"
#include "models/series/cells.h"
#include "models/series/dialect.h"

enum { GB_METERS_MOST_COLUMNS = 64, GB_METERS_N_COLUMNS = 20 };
#define GB_METERS_NOT_THERE SIZE_MAX
#define GB_METERS_MOST_M 1e5 /* from the middle of a village */

/* A size of 0: it has none; GB_METERS_SIZED: or the word, in place of a number below 0. */
enum gb_meters_sort {
    GB_METERS_NUMBER,
    GB_METERS_SIZE,
    GB_METERS_SIZED,
    GB_METERS_PRICE,
    GB_METERS_MILLIONTHS
};

struct gb_meters_column {
    const char *name;
    const char *key; /* of a kind of households, whose range and unit it has; NULL: these */
    const char *unit;
    double low, high;
    enum gb_meters_sort sort;
    size_t offset; /* in struct gb_listed_meter */
};

extern const struct gb_meters_column gb_meters_columns[GB_METERS_N_COLUMNS];

/* Where the columns of a table stand: of the name, of the kind, of those above, of settings. */
struct gb_meters_layout {
    struct gb_dialect dialect;
    size_t n_cells, name, kind, place[GB_METERS_N_COLUMNS], setting[GB_N_ROW_SETTINGS];
    bool is_in_degrees; /* are places given as lat and lon? */
};

struct gb_meters_reader {
    const struct gb_meters_table *table;
    const struct gb_items *kinds;
    const struct gb_extensions *extensions;
    struct gb_rows_settings *settings;
    struct gb_diagnostics *diagnostics; /* NULL: nobody wants to know */
    struct gb_lines lines;
    struct gb_span line;
    struct gb_span cells[GB_METERS_MOST_COLUMNS];
    size_t n_cells, n_mistakes;
    struct gb_meters_layout layout;
};

void gb_meters_complain(struct gb_meters_reader *reader, const char *at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The next line that is neither empty nor, before the first row, a comment. */
bool gb_meters_next_row(struct gb_meters_reader *reader, bool is_first);
bool gb_meters_has_good_quotes(struct gb_meters_reader *reader);
/* Reads the first row. returns false where it is none of such a table */
bool gb_meters_read_head(struct gb_meters_reader *reader);
/* Reads the cells of a row; GB_ENOMEM. */
enum gb_status gb_meters_read_row(struct gb_meters_reader *reader, struct gb_listed_meter *meter,
                                  struct gb_error *err);

#endif
