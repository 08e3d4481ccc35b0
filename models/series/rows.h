/* What all forms of files are read into: rows of one instant, one meter and a few values, in the
 * order of the file, and the names of the meters. */
#ifndef MODELS_SERIES_ROWS_H
#define MODELS_SERIES_ROWS_H

#include "models/series/layout.h"

struct gb_row {
    int64_t time_s; /* UTC where the stamps have an offset, else of the local clock */
    uint32_t line, meter;
};

struct gb_rows {
    size_t width;                     /* values of a row */
    size_t n_missing[GB_N_SENTINELS]; /* cells of values that hold nothing, by what stands there */
    size_t n, capacity;
    struct gb_row *rows;
    int64_t *values;
    struct gb_rows_meter {
        char *name;   /* "" where there is but one */
        size_t n_key; /* bytes of the name, behind whose NUL the time of issue stands, if any */
        int64_t issued_s;
        const struct gb_unit *unit;
    } * meters;
    size_t n_meters, meter_capacity;
    uint32_t *slots; /* of the table by which names are found: number of the meter + 1 */
    size_t n_slots;
    bool has_issues;            /* what is called a meter is a forecast of one */
    bool is_utc;                /* times are UTC */
    bool is_settled;            /* times are the starts of intervals, whatever the label is */
    enum gb_series_label label; /* that the stamps themselves say, if any */
    bool drops_skipped;         /* what stands in the hour that the clock leaves out is nothing */
    int64_t span_s;             /* of stamps that say from when to when; else 0 */
};

/* Adds a row. returns its values, to be filled, or NULL without memory */
int64_t *gb_rows_add(struct gb_rows *rows, int64_t time_s, uint32_t line, uint32_t meter);
/* The number of the meter of that name, new or known; false without memory. Of a name with quotes
 * in it the first 500 bytes count. */
bool gb_rows_meter(struct gb_rows *rows, struct gb_span name, uint32_t *out);
/* The same of a meter that several cells name, whose name is theirs with / between, or of a
 * forecast of one. A name has up to 500 bytes. parts     the cells; what stands where does not
 * matter to which meter it is alone: `a/b` and `c` are another one than `a` and `b/c` issued_s
 * NULL: no forecast */
bool gb_rows_compound(struct gb_rows *rows, const struct gb_span *parts, size_t n,
                      const int64_t *issued_s, uint32_t *out);
void gb_rows_clear(struct gb_rows *rows);

/* Keeps a line that holds no row, for whoever wants to see it. */
void gb_series_note_odd(struct gb_series *series, uint32_t line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Reads a value of a cell, and counts one that is missing; GB_EINPUT where it is a word. */
enum gb_status gb_rows_value(struct gb_rows *rows, int64_t *out, struct gb_span cell, char decimal,
                             const char *file, uint32_t line, const char *column,
                             struct gb_error *err);

/* Reads the rows of a table whose layout is known. */
enum gb_status gb_rows_read_table(struct gb_rows *rows, struct gb_series *series,
                                  const struct gb_layout *layout, const char *file,
                                  struct gb_error *err);

#endif
