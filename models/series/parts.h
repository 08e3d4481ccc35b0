/* Stamps whose parts stand in columns of their own: year, month and day, or the day of the year,
 * and the hour, perhaps with minutes and seconds; or a date in one column and the hour in another.
 * The columns are known by their names, in English, German, French, Spanish and some more, or are
 * listed. */
#ifndef MODELS_SERIES_PARTS_H
#define MODELS_SERIES_PARTS_H

#include "base/status.h"
#include "base/zone.h"
#include "models/series/cells.h"
#include "models/series/stamp.h"

enum gb_part {
    GB_PART_YEAR,
    GB_PART_MONTH,
    GB_PART_DAY,
    GB_PART_YEAR_DAY,
    GB_PART_HOUR,
    GB_PART_MINUTE,
    GB_PART_SECOND,
    GB_N_PARTS
};

struct gb_parts {
    bool is_used;      /* else stamps are not in parts */
    bool has_date;     /* so is their date; else a column of dates stands beside */
    bool is_typical;   /* months of several years, or of none: read as of 2001 */
    bool is_digits;    /* the hour's column has minutes, too: 30 is half past midnight */
    bool is_period;    /* the hour's column numbers the periods of a day */
    int64_t period_s;  /* of these, once all rows are seen; else an hour */
    int64_t named_s;   /* what the column's name says of that; 0: nothing */
    bool from_zero;    /* periods are numbered from 0 on, else from 1 */
    bool counts_hours; /* to 24, and never to 0: by their ends; or periods */
    bool counts_day;   /* through the 23 or 25 hours of a day: stamps are starts, in UTC */
    char decimal;
    struct gb_zone zone;        /* whose days are counted through */
    size_t columns[GB_N_PARTS]; /* SIZE_MAX: there is none */
    uint32_t line;              /* of the names; 0: they are listed by their places */
};

/* The columns by the words of a header. Without a year a month, a day and an hour are expected.
 * has_date  a column of dates is there: the hour alone is looked for
 * returns   whether they name a stamp */
bool gb_parts_named(struct gb_parts *out, const struct gb_span *names, size_t n, bool has_date);
/* The columns of a list of names, or of places from 1: YEAR,MONTH,DAY and perhaps HOUR, MINUTE and
 * SECOND. returns whether all are there */
bool gb_parts_listed(struct gb_parts *out, const char *list, const struct gb_span *names, size_t n);
/* Is it a list of so many that it names parts? */
bool gb_parts_is_list(const char *list);

/* The stamp of a row that is cut.
 * time  the column of dates, where the date is in none of the parts
 * returns whether it has one */
bool gb_parts_read(const struct gb_parts *parts, struct gb_stamp_reader *reader,
                   const struct gb_span *cells, size_t time, struct gb_stamp *out);

/* The same before both are one: local midnight, and seconds since. Of the hours of a day that are
 * counted, 25 may be the last. */
bool gb_parts_split(const struct gb_parts *parts, struct gb_stamp_reader *reader,
                    const struct gb_span *cells, size_t time, int64_t *midnight_s,
                    int64_t *clock_s);

/* Is a row, of no year or of a typical one, a 29 February, which 2001 does not have? */
bool gb_parts_is_leap_day(const struct gb_parts *parts, const struct gb_span *cells);
/* Is the hour's column called an hour, and not a time of whatever kind? */
bool gb_parts_is_hour(const struct gb_parts *parts, const struct gb_span *names);
/* Is a column one of them? */
bool gb_parts_has(const struct gb_parts *parts, size_t column);
/* "year" */
const char *gb_part_name(enum gb_part part);

#endif
