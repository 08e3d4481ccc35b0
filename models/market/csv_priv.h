/* A CSV text cut into cells in place, row by row. */
#ifndef MODELS_MARKET_CSV_PRIV_H
#define MODELS_MARKET_CSV_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

#define GB_CSV_MAX_CELLS 64

struct gb_csv_cell {
    char *text;      /* ends with NUL; without spaces around, unless in quotes */
    uint32_t column; /* byte of its line where it begins, counted from 1 */
};

struct gb_csv {
    char *next; /* what is still to be cut */
    char *end;  /* its terminating NUL */
    uint32_t next_line;
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

#endif
