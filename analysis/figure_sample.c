/* What the cells of a figure are made of, what they lack of it, and which were chosen, in the words
 * of captions and names of curves. */
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

/* ---- what was chosen */

/* Of a sweep in two stages that is not as precise as was asked for. */
static const char *lack_of_precision(const struct gb_plan *plan)
{
    if (!plan || plan->stages.pilot == 0 || plan->stages.is_reached)
        return "";
    return plan->stages.is_fixed ? "; the precision asked for was not reached"
                                 : "; of the pilot alone";
}

static bool is_first_of_key(const struct gb_selection *selection, size_t i)
{
    for (size_t j = 0; j < i; j++)
        if (selection->items[j].key == selection->items[i].key)
            return false;
    return true;
}

void gb_grid_describe_selection(const struct gb_results *results,
                                const struct gb_selection *selection, FILE *out)
{
    const struct gb_condition *items = selection->items;

    for (size_t i = 0; i < selection->n; i++) {
        if (!is_first_of_key(selection, i))
            continue;
        fprintf(out, "%s%s = %s", i > 0 ? ", " : "", gb_results_varied_key(results, items[i].key),
                items[i].value);
        for (size_t j = i + 1; j < selection->n; j++)
            if (items[j].key == items[i].key)
                fprintf(out, " or %s", items[j].value);
    }
}

void gb_grid_describe(const struct gb_figure_request *request, FILE *out)
{
    const struct gb_results *results = request->results;

    gb_figure_describe_homes(request, out);
    fputs(request->where.n > 0 ? "; of cells with " : "", out);
    gb_grid_describe_selection(results, &request->where, out);
    for (size_t k = gb_results_n_factors(results); k < gb_results_n_varied(results); k++)
        if (!gb_selection_names(&request->where, k))
            fprintf(out, "; averaged over %s in each replication",
                    gb_results_varied_key(results, k));
    fputs(lack_of_precision(gb_results_provenance(results)->plan), out);
}
