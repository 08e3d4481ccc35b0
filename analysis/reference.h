/* Which cell of a sweep another one is compared with.
 *
 * The reference of a cell is the cell that has the values asked for and else the cell's own; where
 * no reference differs from another in a key (an ideal chain knows no number of nodes), that key is
 * not asked. */
#ifndef ANALYSIS_REFERENCE_H
#define ANALYSIS_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/cells.h"
#include "analysis/results.h"
#include "analysis/selection.h"
#include "base/status.h"

#define GB_NO_CELL SIZE_MAX

struct gb_references {
    const struct gb_results *results;
    const struct gb_cells *cells; /* both borrowed */
    size_t n;                     /* cells with the values asked for: */
    size_t *places;               /* ascending, of `cells` */
    bool *are_asked;              /* of each key that cells differ in */
};

/* To be cleared in any case. GB_EINPUT where no cell is a reference, two values of a key are asked
 * for, or one of a key that the sweep averages over. */
enum gb_status gb_references_find(struct gb_references *out, const struct gb_results *results,
                                  const struct gb_cells *cells, const struct gb_selection *against,
                                  struct gb_error *err);
void gb_references_clear(struct gb_references *references);
/* The place of a cell's reference, of a reference its own; GB_NO_CELL where none has the cell's
 * value of a key in which references differ: then *key is that. key NULL: nobody asks */
size_t gb_reference_of(const struct gb_references *references, size_t cell, size_t *key);

#endif
