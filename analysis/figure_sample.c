/* What the cells of a figure are made of, and what they lack of it, in the words of captions and
 * names of curves. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#include "analysis/completeness.h"
#include "analysis/figure_grid_priv.h"

bool gb_grid_lacks_trials(const struct gb_figure_grid *grid, const struct gb_cell *cell)
{
    if (gb_results_provenance(grid->results)->plan)
        return gb_cell_n_missing(grid->results, cell) > 0;
    return cell->n_trials < grid->most_trials;
}

/* What the numbers of a cell are of: trials, or replications where each is a mean of several. */
static size_t count_sample(const struct gb_figure_grid *grid, const struct gb_cell *cell)
{
    return cell->n_members > 1 ? gb_cell_n_replications(grid->results, cell) : cell->n_trials;
}

const char *gb_grid_sample_unit(const struct gb_cell *cell, uint64_t n)
{
    if (cell->n_members > 1)
        return n == 1 ? "replication" : "replications";
    return n == 1 ? "trial" : "trials";
}

static char *format_sample(const struct gb_figure_grid *grid, const struct gb_cell *cell,
                           char buffer[GB_TRIALS_SIZE])
{
    uint64_t n = count_sample(grid, cell), n_missing = gb_cell_n_missing(grid->results, cell);

    if (n_missing > 0)
        snprintf(buffer, GB_TRIALS_SIZE, "%" PRIu64 " of %" PRIu64 " %s", n, n + n_missing,
                 gb_grid_sample_unit(cell, n + n_missing));
    else
        snprintf(buffer, GB_TRIALS_SIZE, "%" PRIu64 " %s", n, gb_grid_sample_unit(cell, n));
    return buffer;
}

char *gb_grid_sample(const struct gb_figure_grid *grid, char buffer[GB_TRIALS_SIZE])
{
    size_t fewest = SIZE_MAX, most = 0;

    if (grid->n_shown == 1)
        return format_sample(grid, grid->shown[0], buffer);
    for (size_t c = 0; c < grid->n_shown; c++) {
        size_t n = count_sample(grid, grid->shown[c]);

        fewest = n < fewest ? n : fewest;
        most = n > most ? n : most;
    }
    if (fewest < most)
        snprintf(buffer, GB_TRIALS_SIZE, "%zu to %zu %s", fewest, most,
                 gb_grid_sample_unit(grid->shown[0], most));
    else
        snprintf(buffer, GB_TRIALS_SIZE, "%zu %s", most, gb_grid_sample_unit(grid->shown[0], most));
    return buffer;
}

void gb_grid_name_lines(const struct gb_figure_grid *grid, FILE *settings)
{
    char name[GB_SHOWN_SIZE + GB_TRIALS_SIZE], trials[GB_TRIALS_SIZE];

    for (size_t j = 0; j < grid->lines.n; j++) {
        const struct gb_cell *cell = gb_grid_cell(grid, 0, j, 0);
        bool is_short = cell && gb_grid_lacks_trials(grid, cell);

        snprintf(name, sizeof name, "%s%s%s%s", grid->lines.shown[j], is_short ? " (" : "",
                 is_short ? format_sample(grid, cell, trials) : "", is_short ? ")" : "");
        gb_figure_set_nth(settings, "name", j + 1, name);
    }
}
