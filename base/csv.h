/* Comma-separated values (RFC 4180): a text cut into cells in place, row by row, and cells written.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define GB_CSV_MAX_CELLS 64

struct gb_csv_cell {
    char *text;      /* ends with NUL; without spaces around, unless in quotes */
    uint32_t column; /* byte of its line where it begins, counted from 1 */
};

struct gb_csv {
    char *next; /* what is still to be cut */
    char *end;  /* its terminating NUL */
    uint32_t next_line;
    char separator; /* of cells: a comma, unless another one is put here before the first row */
    bool takes_comments; /* no row was cut yet: a line may begin with # */
    /* the row cut last */
    uint32_t line;  /* where it begins, counted from 1 */
    size_t n_cells; /* all of them; only the first GB_CSV_MAX_CELLS are kept */
    struct gb_csv_cell cells[GB_CSV_MAX_CELLS];
    const char *fault; /* what breaks the row's quotes, or NULL */
    uint32_t fault_column;
};

/* Starts on a text of n bytes with text[n] = NUL; a byte order mark is stepped over. */
void gb_csv_start(struct gb_csv *csv, char *text, size_t n);
/* Cuts the next row that is not empty; before the first one, lines that begin with # are comments.
 * returns false at the end */
bool gb_csv_next(struct gb_csv *csv);

enum gb_csv_quotes {
    GB_CSV_QUOTES_NEEDED, /* a comma, a quote or a line end stands in the cell */
    GB_CSV_QUOTES_SAFE    /* or what the reader above would drop: blanks around it, # in front */
};
/* Writes a cell, in quotes where it needs them. */
void gb_csv_write_cell(FILE *out, const char *text, enum gb_csv_quotes quotes);

#endif
