/* The trials of a sweep: which one is which, and the scenario of each. */
#include "experiments/sweep/sweep.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/rows.h"
#include "base/text.h"
#include "experiments/scenario/yaml_write.h"
#include "experiments/sweep/sweep_priv.h"

void gb_sweep_free(struct gb_sweep *sweep)
{
    if (!sweep)
        return;
    for (size_t c = 0; c < sweep->n_cases; c++) {
        gb_sweep_grid_clear(&sweep->cases[c].grid);
        gb_sweep_settings_clear(&sweep->cases[c].set);
        free(sweep->cases[c].name);
    }
    free(sweep->cases);
    gb_sweep_grid_clear(&sweep->shared);
    gb_embedded_clear(&sweep->files);
    gb_sweep_settings_clear(&sweep->late);
    gb_sweep_settings_clear(&sweep->unread);
    gb_sweep_settings_clear(&sweep->pool);
    free(sweep->columns);
    free(sweep->cells);
    free(sweep->values);
    free(sweep->order);
    gb_scenario_free(sweep->base);
    free(sweep->scenario_path);
    free(sweep);
}

const struct gb_scenario *gb_sweep_base(const struct gb_sweep *sweep)
{
    return sweep->base;
}

const char *gb_sweep_scenario_path(const struct gb_sweep *sweep)
{
    return sweep->scenario_path;
}

uint64_t gb_sweep_n_cells(const struct gb_sweep *sweep)
{
    return sweep->n_cells;
}

uint64_t gb_sweep_n_merged(const struct gb_sweep *sweep)
{
    return sweep->n_merged;
}

size_t gb_sweep_n_unread(const struct gb_sweep *sweep)
{
    return sweep->unread.n;
}

const char *gb_sweep_unread(const struct gb_sweep *sweep, size_t i)
{
    return sweep->unread.list[i];
}

uint64_t gb_sweep_n_trials(const struct gb_sweep *sweep)
{
    return sweep->n_cells * (uint64_t)sweep->options.replications;
}

uint64_t gb_sweep_stride(const struct gb_sweep *sweep)
{
    return (uint64_t)(sweep->has_until ? sweep->options.until.max : sweep->options.replications);
}

uint64_t gb_sweep_n_replications(const struct gb_sweep *sweep)
{
    return (uint64_t)sweep->options.replications;
}

size_t gb_sweep_n_keys(const struct gb_sweep *sweep)
{
    return sweep->n_columns;
}

const char *gb_sweep_key(const struct gb_sweep *sweep, size_t key)
{
    return sweep->columns[key];
}

const char *gb_sweep_setting_of_cases(const struct gb_sweep *sweep, size_t i)
{
    for (size_t c = 0; c < sweep->n_cases; c++) {
        const struct gb_sweep_settings *set = &sweep->cases[c].set;

        if (i < set->n)
            return set->list[i];
        i -= set->n;
    }
    return NULL;
}

const char *gb_sweep_value(const struct gb_sweep *sweep, size_t key, uint64_t trial)
{
    uint64_t cell = trial / gb_sweep_stride(sweep);

    return sweep->values[cell * sweep->n_columns + key];
}

char *gb_sweep_describe(const struct gb_sweep *sweep, uint64_t trial, char *buffer, size_t size)
{
    size_t used = 0;
    bool varies_seed = false;

    for (size_t k = 0; k < sweep->n_columns && used < size; k++) {
        used += (size_t)snprintf(buffer + used, size - used, "%s=%s, ", sweep->columns[k],
                                 gb_sweep_value(sweep, k, trial));
        varies_seed |= strcmp(sweep->columns[k], "seed") == 0;
    }
    if (!varies_seed && used < size)
        used +=
            (size_t)snprintf(buffer + used, size - used, "seed %" PRId64 ", ", sweep->base->seed);
    if (used < size)
        snprintf(buffer + used, size - used, "replication %" PRIu64,
                 trial % gb_sweep_stride(sweep));
    return buffer;
}

enum gb_status gb_sweep_scenario(const struct gb_sweep *sweep, uint64_t trial,
                                 struct gb_scenario **out, struct gb_error *err)
{
    uint64_t replications = gb_sweep_stride(sweep);
    struct gb_scenario *scenario = NULL;
    enum gb_status status =
        gb_sweep_place_scenario(sweep, sweep->cells[trial / replications], &scenario, NULL, err);

    if (status != GB_OK)
        return status;
    scenario->replication = (int64_t)(trial % replications);
    *out = scenario;
    return GB_OK;
}
