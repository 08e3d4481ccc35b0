#include "analysis/factorial.h"

#include <stdlib.h>

/* The place of a cell's combination in the full grid, the last factor running fastest. */
static size_t place_of(const struct gb_design *design, size_t cell)
{
    size_t place = 0;

    for (size_t f = 0; f < design->n_factors; f++)
        place = place * design->n_levels[f] + design->levels[cell * design->n_factors + f];
    return place;
}

/* The product of the numbers of levels, or 0 where it is more than the cells there are. */
static size_t grid_size(const struct gb_design *design)
{
    size_t size = 1;

    for (size_t f = 0; f < design->n_factors; f++) {
        if (design->n_levels[f] > design->n_cells / size)
            return 0;
        size *= design->n_levels[f];
    }
    return size;
}

bool gb_design_is_complete(bool *is_complete, const struct gb_design *design)
{
    bool *is_there, is_each_once = true;

    if (grid_size(design) != design->n_cells) {
        *is_complete = false;
        return true;
    }
    is_there = calloc(design->n_cells + 1, sizeof *is_there);
    if (!is_there)
        return false;
    for (size_t c = 0; c < design->n_cells; c++) {
        size_t place = place_of(design, c);

        is_each_once = is_each_once && !is_there[place];
        is_there[place] = true;
    }
    free(is_there);
    *is_complete = is_each_once;
    return true;
}

void gb_design_main_effect(double *weights, const struct gb_design *design, size_t factor,
                           size_t level, size_t base)
{
    double share = (double)design->n_levels[factor] / (double)design->n_cells;

    for (size_t c = 0; c < design->n_cells; c++) {
        size_t at = design->levels[c * design->n_factors + factor];

        weights[c] = level == base ? 0.0 : at == level ? share : at == base ? -share : 0.0;
    }
}
