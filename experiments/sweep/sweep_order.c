/* In which order the trials of a sweep are run: such that those on the same draws stand together,
 * and one that is interrupted has as many of each cell. */
#include <stdlib.h>
#include <string.h>

#include "experiments/sweep/sweep_priv.h"

struct place {
    const char *physics;  /* what of the cell touches physics, as one text */
    uint64_t first, cell; /* first: of those with the same physics */
};

static int by_physics(const void *a, const void *b)
{
    const struct place *x = a, *y = b;
    int order = strcmp(x->physics, y->physics);

    return order != 0 ? order : (x->cell > y->cell) - (x->cell < y->cell);
}

static int by_first(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    if (x->first != y->first)
        return x->first < y->first ? -1 : 1;
    return (x->cell > y->cell) - (x->cell < y->cell);
}

bool gb_sweep_put_in_order(struct gb_sweep *sweep, const char *const *physics)
{
    size_t n = sweep->n_cells;
    struct place *places = calloc(n + 1, sizeof *places);

    sweep->order = calloc(n + 1, sizeof *sweep->order);
    if (!places || !sweep->order) {
        free(places);
        return false;
    }
    for (size_t i = 0; i < n; i++)
        places[i] = (struct place){physics[i], i, i};
    qsort(places, n, sizeof *places, by_physics);
    sweep->n_physics = n > 0;
    for (size_t i = 1; i < n; i++) {
        bool is_same = strcmp(places[i].physics, places[i - 1].physics) == 0;
        places[i].first = is_same ? places[i - 1].first : places[i].cell;
        sweep->n_physics += !is_same;
    }
    qsort(places, n, sizeof *places, by_first);
    for (size_t i = 0; i < n; i++)
        sweep->order[i] = places[i].cell;
    free(places);
    return true;
}

uint64_t gb_sweep_n_realisations(const struct gb_sweep *sweep)
{
    struct gb_draws draws = gb_scenario_draws(sweep->base);
    bool is_kept =
        gb_draws_are_kept(draws, GB_DRAWS_WEATHER) && gb_draws_are_kept(draws, GB_DRAWS_HOUSEHOLDS);

    return sweep->n_physics * (is_kept ? 1 : gb_sweep_n_replications(sweep));
}

bool gb_sweep_shares_physics(const struct gb_sweep *sweep)
{
    return gb_sweep_n_realisations(sweep) < gb_sweep_n_trials(sweep);
}

uint64_t gb_sweep_trial_in_order(const struct gb_sweep *sweep, uint64_t i)
{
    uint64_t n_cells = gb_sweep_n_cells(sweep);

    return sweep->order[i % n_cells] * gb_sweep_stride(sweep) + i / n_cells;
}
