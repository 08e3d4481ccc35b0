/* Rows for programs: the same named fields in each row, as comma-separated values under one header
 * or as a JSON array of objects. Numbers have all their digits; a number that there is none of is
 * an empty field, or null. */
#ifndef CLI_DATA_ROWS_H
#define CLI_DATA_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum gb_data_format { GB_DATA_CSV, GB_DATA_JSON };

/* Initialise as {.format = ..., .out = stdout}. Fields of a row are added in the order of the
 * header, which the first row makes. */
struct gb_data_rows {
    enum gb_data_format format;
    FILE *out;
    size_t n_rows, n; /* rows written; fields of the row at hand */
    size_t capacity;
    struct gb_data_field *fields;
};

void gb_data_rows_text(struct gb_data_rows *rows, const char *name, const char *text);
void gb_data_rows_number(struct gb_data_rows *rows, const char *name, double value);
void gb_data_rows_count(struct gb_data_rows *rows, const char *name, size_t value);
/* Writes the row. */
void gb_data_rows_end(struct gb_data_rows *rows);
/* Ends the text after the last row, and frees what the rows took. */
void gb_data_rows_close(struct gb_data_rows *rows);

#endif
