/* Which replications several cells have in common: replications of equal number share their draws,
 * and only those that are complete in every cell compared can be paired. */
#ifndef ANALYSIS_PAIRING_H
#define ANALYSIS_PAIRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The replications that a cell completed, in ascending order, none twice. */
struct gb_replication_list {
    const uint32_t *numbers;
    size_t n;
};

/* The replications that all cells have.
 * places   n_cells rows of lists[0].n: places[c * lists[0].n + k] is where the k-th common
 *          replication stands in cell c
 * returns  how many there are */
size_t gb_pairing_find(size_t *places, const struct gb_replication_list *lists, size_t n_cells);

/* Whether all cells have the same ones: each then stands at the same place in every cell. */
bool gb_pairing_is_alike(const struct gb_replication_list *lists, size_t n_cells);

#endif
