/* Which column of a table is which: stamps, the meter's name, values; and where the table begins.
 */
#ifndef MODELS_SERIES_LAYOUT_H
#define MODELS_SERIES_LAYOUT_H

#include "base/status.h"
#include "models/series/channels.h"
#include "models/series/dialect.h"
#include "models/series/parts.h"

#define GB_NO_COLUMN SIZE_MAX

enum { GB_LAYOUT_MOST_ABOVE = 4, GB_LAYOUT_MOST_IDS = 4 };

struct gb_layout {
    struct gb_dialect dialect;
    struct gb_lines header, lines;    /* before the header, where there is one; the first row */
    uint32_t header_line, first_line; /* 0: there is no header */
    struct gb_layout_above {          /* the last lines before the first row with as many cells */
        struct gb_lines before;
        uint32_t number;
    } above[GB_LAYOUT_MOST_ABOVE]; /* that follow each other */
    size_t n_above;
    struct gb_span *units; /* of all cells, where they have a line; owned; else NULL */
    uint32_t units_line;
    char *name_text;                       /* that names lie in; owned, as the rest is */
    struct gb_span *names;                 /* of all cells, empty without a header */
    struct gb_span *cells;                 /* room for a row */
    size_t time, clock;                    /* GB_NO_COLUMN: there is none; a clock beside a date */
    size_t ids[GB_LAYOUT_MOST_IDS], n_ids; /* that name the meter together */
    struct gb_parts parts;
    size_t issued;              /* when a forecast was made */
    bool is_serial, since_1904; /* days of a spreadsheet */
    bool is_unix, is_daily, is_day_rows, has_offsets;
    enum gb_date_order order; /* as said, or as the dates themselves tell */
    bool has_zone;            /* the name of the column of stamps says their clock */
    struct gb_zone zone;
    size_t *values, n_values;
    int64_t *clocks; /* of a day a row: the seconds of the day of each value */
    int64_t span_s;  /* of columns like "00:00 - 00:30", which say where they begin; else 0 */
};

/* GB_EINPUT where there is no table, no stamps, an order of day and month that cannot be told, or
 * no such column. Release it in any case. */
enum gb_status gb_layout_find(struct gb_layout *out, struct gb_span text, const char *name,
                              const struct gb_series_options *options, struct gb_error *err);
void gb_layout_clear(struct gb_layout *layout);

/* The stamp of a row that is cut. returns whether it has one */
bool gb_layout_stamp(const struct gb_layout *layout, struct gb_stamp_reader *reader,
                     const struct gb_span *cells, struct gb_stamp *out);

/* "column 3" where the header names none. */
void gb_layout_name(const struct gb_layout *layout, size_t cell, char *buffer, size_t size);

#endif
