/* In which order the trials of a sweep are run: such that those on the same draws stand together,
 * and one that is interrupted has as many of each cell. */
#include "base/param.h"
#include "experiments/sweep/sweep_priv.h"

static bool is_of_physics(const struct gb_sweep *sweep, size_t key)
{
    return gb_scenario_find_row(sweep->base, sweep->keys[key].name)->layer == GB_LAYER_PHYSICS;
}

bool gb_sweep_shares_physics(const struct gb_sweep *sweep)
{
    for (size_t k = 0; k < sweep->n_keys; k++)
        if (!is_of_physics(sweep, k) && sweep->keys[k].n > 1)
            return true;
    return false;
}

/* Takes the digits of the keys of one kind from *rest, those of the last key first, and adds what
 * they weigh in the number of a cell. */
static uint64_t take_digits(const struct gb_sweep *sweep, bool of_physics, uint64_t *rest)
{
    uint64_t cell = 0, weight = 1;

    for (size_t k = sweep->n_keys; k-- > 0; weight *= sweep->keys[k].n) {
        if (is_of_physics(sweep, k) != of_physics)
            continue;
        cell += *rest % sweep->keys[k].n * weight;
        *rest /= sweep->keys[k].n;
    }
    return cell;
}

uint64_t gb_sweep_trial_in_order(const struct gb_sweep *sweep, uint64_t i)
{
    uint64_t n_cells = gb_sweep_n_cells(sweep), rest = i % n_cells;
    uint64_t cell = take_digits(sweep, false, &rest);

    cell += take_digits(sweep, true, &rest);
    return cell * (uint64_t)sweep->options.replications + i / n_cells;
}
