/* Tables of reference values under tests/reference: CSV with a header line, one value a row with
 * its tolerance and the source it was taken from. A cell may hold named inputs,
 * "poa=900;tcell=30". */
#ifndef TESTS_REFERENCE_H
#define TESTS_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { REFERENCE_LINE = 2048, REFERENCE_CELLS = 16 };

struct reference {
    FILE *file;
    char header_line[REFERENCE_LINE], row_line[REFERENCE_LINE];
    char *header[REFERENCE_CELLS], *row[REFERENCE_CELLS];
    size_t n_header, n_row;
};

bool reference_open(struct reference *table, const char *name); /* a failed expectation if not */
bool reference_next(struct reference *table); /* closes the file after the last row */
/* A cell of the row by its column; "" where the column is missing. */
const char *reference_text(const struct reference *table, const char *column);
double reference_number(const struct reference *table, const char *column);
bool reference_is(const struct reference *table, const char *column, const char *text);
/* A named number of the cell `inputs`; NaN where it is missing. */
double reference_input(const struct reference *table, const char *name);
/* The row's tolerance as an absolute distance: "1e-6 rel", "0.5%", "1e-3 abs" or a plain number. */
double reference_tolerance(const struct reference *table);

#endif
