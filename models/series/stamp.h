/* Time stamps in the forms that people's files have: ISO 8601 and its relatives (2024-03-01 12:00,
 * 2024/3/1, 20240301:1200, 202403011200, 2024030112, with an offset or without), day and month
 * first (1/3/2024, 01-Mar-2024), a clock alone (12:00), seconds since 1970. 24:00 is the end of a
 * day. Of the years 1700 to 2200; others are no stamps. Days as spreadsheets count them. */
#ifndef MODELS_SERIES_STAMP_H
#define MODELS_SERIES_STAMP_H

#include <stdbool.h>
#include <stdint.h>

#include "models/series/cells.h"

/* Of dates that begin with a day or a month. */
enum gb_date_order {
    GB_DATE_UNSAID,
    GB_DATE_DMY,
    GB_DATE_MDY,
    GB_DATE_SERIAL,     /* days of spreadsheets since 1899-12-30 */
    GB_DATE_SERIAL_1904 /* those since 1904-01-01 */
};

struct gb_stamp {
    int64_t local_s;  /* since 1970 on the clock that wrote it; of a clock alone since midnight */
    int64_t span_s;   /* of "12:00 - 12:30": to its second half; else 0 */
    int32_t offset_s; /* of that clock ahead of UTC, where has_offset */
    bool has_date, has_clock, has_offset;
    bool has_day_first; /* its date is d/m or m/d, read by the order */
    int first, second;  /* of such a date */
};

/* What the reader keeps of the stamp before: dates and offsets repeat. Initialise as {0} with the
 * order; unsaid is read as day first, or where that is no date as month first. */
struct gb_stamp_reader {
    enum gb_date_order order;
    char date[16];
    size_t n_date;
    struct gb_stamp of_date;
    char offset[8]; /* "+01:00", as it stands behind a plain clock */
    size_t n_offset;
    int32_t offset_s;
};

/* Reads a whole cell. returns whether it is a stamp */
bool gb_stamp_read(struct gb_stamp_reader *reader, struct gb_span cell, struct gb_stamp *out);

/* Seconds (or milli-, micro- or nanoseconds, whole seconds of them) since 1970, UTC, of the years
 * 1973 to 2200. */
bool gb_stamp_read_unix(struct gb_span cell, struct gb_stamp *out);

/* Days since 1899-12-30, or since 1904-01-01, and a fraction of one, to the nearest second; of a
 * fraction with less than five decimals, which does not tell the second, only whole seconds. */
bool gb_stamp_read_serial(struct gb_span cell, char decimal, bool since_1904, struct gb_stamp *out);

/* The clock of a stamp whose date stands in another cell: "12:00", "1200" or "12:00:00". */
bool gb_stamp_read_clock(struct gb_span cell, struct gb_stamp *out);

#endif
