/* How a text's table is written: which character stands between cells, how many cells a row has,
 * which sign stands before decimals. Told from lines further down, where headers no longer are. */
#ifndef MODELS_SERIES_DIALECT_H
#define MODELS_SERIES_DIALECT_H

#include "models/series/cells.h"

struct gb_dialect {
    char separator, decimal;
    size_t n_cells; /* of most lines */
};

/* returns false where no line has two cells */
bool gb_dialect_find(struct gb_span text, struct gb_dialect *out);

#endif
