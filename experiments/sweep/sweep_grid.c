/* The plan of a sweep: grids, cases, and the scenario of a place in them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "experiments/sweep/sweep_priv.h"
#include "experiments/sweep/sweep_unread.h"

void gb_sweep_settings_clear(struct gb_sweep_settings *settings)
{
    for (size_t i = 0; i < settings->n; i++)
        free(settings->list[i]);
    free(settings->list);
    free(settings->places);
    *settings = (struct gb_sweep_settings){0};
}

bool gb_sweep_settings_add_at(struct gb_sweep_settings *settings, const char *key,
                              const char *value, struct gb_setting_place place)
{
    size_t size = strlen(key) + (value ? strlen(value) : 0) + 2;
    char **list = gb_array_resize(settings->list, settings->n + 1, sizeof *list);
    struct gb_setting_place *places =
        gb_array_resize(settings->places, settings->n + 1, sizeof *places);

    if (list)
        settings->list = list;
    if (places)
        settings->places = places;
    char *setting = list && places ? malloc(size) : NULL;
    if (!setting)
        return false;
    snprintf(setting, size, "%s%s%s", key, value ? "=" : "", value ? value : "");
    settings->places[settings->n] = place;
    settings->list[settings->n++] = setting;
    return true;
}

bool gb_sweep_settings_add(struct gb_sweep_settings *settings, const char *key, const char *value)
{
    return gb_sweep_settings_add_at(settings, key, value, (struct gb_setting_place){0});
}

/* ---- grids */

/* The first key of an axis, whose number of values is the axis's. */
static const struct gb_sweep_key *key_of_axis(const struct gb_sweep_grid *grid, size_t axis)
{
    const struct gb_sweep_key *key = grid->keys;

    while (key->axis != axis)
        key++;
    return key;
}

/* a b, or as much as there is: such a sweep is refused. */
static uint64_t product(uint64_t a, uint64_t b)
{
    uint64_t n;

    return __builtin_mul_overflow(a, b, &n) ? UINT64_MAX : n;
}

uint64_t gb_sweep_grid_size(const struct gb_sweep_grid *grid)
{
    uint64_t n = 1;

    for (size_t axis = 0; axis < grid->n_axes; axis++)
        n = product(n, key_of_axis(grid, axis)->n);
    return n;
}

void gb_sweep_grid_clear(struct gb_sweep_grid *grid)
{
    for (size_t k = 0; k < grid->n_keys; k++) {
        for (size_t v = 0; v < grid->keys[k].n; v++)
            free(grid->keys[k].values[v]);
        free(grid->keys[k].values);
        free(grid->keys[k].name);
    }
    free(grid->keys);
    *grid = (struct gb_sweep_grid){0};
}

static const char *value_in_grid(const struct gb_sweep_grid *grid, const struct gb_sweep_key *key,
                                 uint64_t place)
{
    for (size_t axis = grid->n_axes; --axis > key->axis;)
        place /= key_of_axis(grid, axis)->n;
    return key->values[place % key->n];
}

/* ---- places */

uint64_t gb_sweep_case_size(const struct gb_sweep *sweep, const struct gb_sweep_case *of)
{
    return product(gb_sweep_grid_size(&of->grid), gb_sweep_grid_size(&sweep->shared));
}

static const struct gb_sweep_key *find(const struct gb_sweep_grid *grid, const char *name)
{
    for (size_t k = 0; k < grid->n_keys; k++)
        if (strcmp(grid->keys[k].name, name) == 0)
            return &grid->keys[k];
    return NULL;
}

const struct gb_sweep_key *gb_sweep_find_key(const struct gb_sweep *sweep,
                                             const struct gb_sweep_case *of, const char *name)
{
    const struct gb_sweep_key *own = find(&of->grid, name);

    return own ? own : find(&sweep->shared, name);
}

const char *gb_sweep_value_at(const struct gb_sweep *sweep, const struct gb_sweep_case *of,
                              const struct gb_sweep_key *key, uint64_t place)
{
    uint64_t n_shared = gb_sweep_grid_size(&sweep->shared);
    bool is_shared = sweep->shared.n_keys > 0 && key >= sweep->shared.keys &&
                     key < sweep->shared.keys + sweep->shared.n_keys;

    return is_shared ? value_in_grid(&sweep->shared, key, place % n_shared)
                     : value_in_grid(&of->grid, key, place / n_shared);
}

/* What a place puts over the base: what is left of the sweep's settings, its case's settings, its
 * own keys, the shared ones. */
static bool settings_of(const struct gb_sweep *sweep, struct gb_sweep_cell cell,
                        struct gb_sweep_settings *out)
{
    const struct gb_sweep_case *of = &sweep->cases[cell.case_number];
    const struct gb_sweep_grid *grids[] = {&of->grid, &sweep->shared};
    bool ok = true;

    for (size_t i = 0; ok && i < sweep->late.n; i++)
        ok = gb_sweep_settings_add(out, sweep->late.list[i], NULL);
    for (size_t i = 0; ok && i < of->set.n; i++)
        ok = gb_sweep_settings_add(out, of->set.list[i], NULL);
    for (size_t g = 0; g < 2; g++)
        for (size_t k = 0; ok && k < grids[g]->n_keys; k++)
            ok =
                gb_sweep_settings_add(out, grids[g]->keys[k].name,
                                      gb_sweep_value_at(sweep, of, &grids[g]->keys[k], cell.place));
    return ok;
}

static enum gb_status apply(const struct gb_sweep_settings *settings, struct gb_scenario *scenario,
                            struct gb_unread *unread, struct gb_error *err)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_error why = {0};

    if (!diagnostics)
        return gb_fail(err, GB_ENOMEM, "no memory for a trial");
    enum gb_status status =
        gb_scenario_apply_read(scenario, NULL, settings->n, (const char *const *)settings->list,
                               NULL, unread, diagnostics, &why);
    if (status != GB_OK)
        gb_fail(err, status, "%s",
                gb_diagnostics_count(diagnostics) > 0 ? gb_diagnostics_at(diagnostics, 0)
                                                      : why.text);
    gb_diagnostics_free(diagnostics);
    return status;
}

enum gb_status gb_sweep_place_scenario(const struct gb_sweep *sweep, struct gb_sweep_cell cell,
                                       struct gb_scenario **out, struct gb_sweep_watch *watch,
                                       struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    struct gb_sweep_settings settings = {0};
    struct gb_unread *unread = NULL;
    enum gb_status status = gb_scenario_copy(&scenario, sweep->base, err);

    if (status == GB_OK && !settings_of(sweep, cell, &settings))
        status = gb_fail(err, GB_ENOMEM, "no memory for the settings of a trial");
    if (status == GB_OK && !(unread = calloc(settings.n + 1, sizeof *unread)))
        status = gb_fail(err, GB_ENOMEM, "no memory for the settings of a trial");
    if (status == GB_OK)
        status = apply(&settings, scenario, unread, err);
    if (status == GB_OK && watch)
        gb_sweep_watch_note(watch, sweep, cell, unread);
    free(unread);
    gb_sweep_settings_clear(&settings);
    if (status == GB_OK)
        *out = scenario;
    else
        gb_scenario_free(scenario);
    return status;
}
