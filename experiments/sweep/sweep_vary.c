/* Keys of a scenario as a sweep names them: varied over a grid, moved together, or set. */
#include "experiments/scenario/presets.h"
#include "experiments/sweep/sweep_read_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void gb_sweep_report_unknown_key(struct gb_sweep_reading *reading,
                                 const struct gb_yaml_entry *entry, const char *name)
{
    char description[512];

    gb_sweep_report(
        reading, entry, true,
        gb_scenario_explain_unknown(reading->sweep->base, name, description, sizeof description));
}

bool gb_sweep_may_vary(struct gb_sweep_reading *reading, const struct gb_yaml_entry *entry,
                       const char *name)
{
    const struct gb_param *row = gb_scenario_find_row(reading->sweep->base, name);
    char description[256];

    if (!row) {
        gb_sweep_report_unknown_key(reading, entry, name);
        return false;
    }
    if (!(row->flags & GB_PARAM_IN_NO_SWEEP))
        return true;
    if (row->flags & GB_PARAM_OF_SWEEP)
        snprintf(description, sizeof description,
                 "'%s' is the same in every cell; it stands at the top of the sweep, beside "
                 "`vary:`",
                 name);
    else if (gb_preset_is_key(name))
        snprintf(description, sizeof description,
                 "'%s' cannot be varied: it stands in the scenario's file; vary keys that it gives",
                 name);
    else if (strcmp(name, "seed") == 0 || strcmp(name, "replication") == 0)
        snprintf(
            description, sizeof description,
            "'%s' cannot be varied; `replications: N` repeats every cell with draws of its own",
            name);
    else
        snprintf(description, sizeof description,
                 "'%s' cannot be varied: it is the same in every trial, as the scenario or `set` "
                 "of the sweep gives it",
                 name);
    gb_sweep_report(reading, entry, true, description);
    return false;
}

static struct gb_sweep_key *add_key(struct gb_sweep_reading *reading, struct gb_sweep_grid *grid,
                                    const struct gb_yaml_entry *entry, const char *name,
                                    size_t axis)
{
    struct gb_sweep_key *keys = gb_array_resize(grid->keys, grid->n_keys + 1, sizeof *keys);

    if (keys)
        grid->keys = keys;
    char *copy = keys ? strdup(name) : NULL;
    if (!copy) {
        reading->lacks_memory = true;
        return NULL;
    }
    bool is_zipped = axis != GB_SWEEP_NEW_AXIS;
    axis = is_zipped ? axis : grid->n_axes;
    grid->n_axes = axis + 1;
    grid->keys[grid->n_keys] = (struct gb_sweep_key){
        .name = copy,
        .line = entry->key_line,
        .column = entry->key_column,
        .axis = axis,
        .is_zipped = is_zipped,
        .is_text = gb_scenario_find_row(reading->sweep->base, name)->kind == GB_PARAM_TEXT};
    return &grid->keys[grid->n_keys++];
}

/* The first entry from `next` on that does not stand below a key: what does where a list belongs is
 * part of one mistake. */
static size_t skip_below(const struct gb_yaml *yaml, size_t next, const char *key)
{
    size_t length = strlen(key);

    while (next < yaml->n && strncmp(yaml->entries[next].key, key, length) == 0 &&
           strchr(".[", yaml->entries[next].key[length]) && yaml->entries[next].key[length])
        next++;
    return next;
}

void gb_sweep_take_varied(struct gb_sweep_reading *reading, struct gb_sweep_grid *grid,
                          const char *name, size_t axis, const struct gb_yaml *yaml, size_t *next)
{
    char description[320];
    const struct gb_yaml_entry *entry = &yaml->entries[*next - 1];
    size_t first = *next;

    while (*next < yaml->n && yaml->entries[*next].kind == GB_YAML_ITEM)
        ++*next;
    if (entry->kind == GB_YAML_SECTION && (!gb_scenario_find_row(reading->sweep->base, name) ||
                                           gb_scenario_is_section(reading->sweep->base, name)))
        return; /* its keys follow */
    size_t last = *next;
    *next = skip_below(yaml, *next, entry->key);
    if (!gb_sweep_may_vary(reading, entry, name))
        return;
    struct gb_sweep_key *key = add_key(reading, grid, entry, name, axis);
    size_t before = gb_diagnostics_count(reading->diagnostics);
    if (key && entry->kind == GB_YAML_VALUE)
        gb_sweep_take_range(reading, key, entry);
    for (size_t i = first; key && i < last; i++)
        gb_sweep_take_range(reading, key, &yaml->entries[i]);
    if (key && !key->is_zipped)
        gb_sweep_refuse_repeated(reading, key, yaml);
    if (key && key->n == 0 && gb_diagnostics_count(reading->diagnostics) == before) {
        snprintf(description, sizeof description,
                 "%.200s: expected a list of values, or a range first:last:step", name);
        gb_sweep_report(reading, entry, false, description);
    }
}

void gb_sweep_take_setting(struct gb_sweep_reading *reading, struct gb_sweep_settings *settings,
                           const char *name, const struct gb_yaml_entry *entry)
{
    char why[640], description[1024];

    if (entry->kind != GB_YAML_VALUE) {
        snprintf(description, sizeof description,
                 "%.200s: expected a single value; `vary` takes a list of them", name);
        if (entry->kind == GB_YAML_LIST)
            gb_sweep_report(reading, entry, false, description);
        return;
    }
    if (gb_scenario_accepts(reading->sweep->base, name, entry->value, NULL, 0, why, sizeof why)) {
        reading->lacks_memory |= !gb_sweep_settings_add_at(
            settings, name, entry->value, (struct gb_setting_place){entry->line, entry->column});
    } else if (why[0]) {
        snprintf(description, sizeof description, "%s: %s", name, why);
        gb_sweep_report(reading, entry, false, description);
    } else {
        gb_sweep_report_unknown_key(reading, entry, name);
    }
}

/* ---- keys that move together */

/* Behind "zip[0].": the key; NULL where the entry is none of a group. */
static const char *name_in_group(const char *key)
{
    const char *end = strncmp(key, "zip[", 4) == 0 ? strchr(key, ']') : NULL;

    return end && end[1] == '.' ? end + 2 : NULL;
}

static bool starts_group(const struct gb_yaml_entry *entry)
{
    return strncmp(entry->key, "zip[", 4) == 0 && entry->kind == GB_YAML_SECTION &&
           !name_in_group(entry->key);
}

static void check_lengths(struct gb_sweep_reading *reading)
{
    const struct gb_sweep_grid *grid = &reading->sweep->shared;

    for (size_t k = 1; k < grid->n_keys; k++) {
        const struct gb_sweep_key *key = &grid->keys[k], *before = key - 1;

        if (key->is_zipped && key->axis == before->axis && key->n != before->n)
            gb_diagnostics_add_at(reading->diagnostics, reading->path, key->line, key->column,
                                  "zip: the keys of a group move together: %s has %zu values, %s "
                                  "%zu",
                                  before->name, before->n, key->name, key->n);
    }
}

/* Keys of one group, from the entry that begins it on; mistakes among them were told.
 * returns the entry behind them */
static size_t take_group(struct gb_sweep_reading *reading, const struct gb_yaml *yaml, size_t first)
{
    struct gb_sweep_grid *grid = &reading->sweep->shared;
    size_t axis = grid->n_axes, n_keys = grid->n_keys, next = first + 1;
    size_t before = gb_diagnostics_count(reading->diagnostics);
    const char *name;

    while (next < yaml->n && (name = name_in_group(yaml->entries[next].key))) {
        const struct gb_yaml_entry *entry = &yaml->entries[next++];

        if (entry->kind != GB_YAML_ITEM)
            gb_sweep_take_varied(reading, grid, name, axis, yaml, &next);
    }
    if (grid->n_keys == n_keys && gb_diagnostics_count(reading->diagnostics) == before)
        gb_sweep_report(reading, &yaml->entries[first], false,
                        "zip: a group without keys: expected keys that move together, as in "
                        "{market.open: [15 min, 30 min], market.gate: [2 s, 5 s]}");
    return next;
}

void gb_sweep_take_zip(struct gb_sweep_reading *reading, const struct gb_yaml *yaml)
{
    size_t before = gb_diagnostics_count(reading->diagnostics);

    for (size_t i = 0; i < yaml->n;)
        i = starts_group(&yaml->entries[i]) ? take_group(reading, yaml, i) : i + 1;
    if (gb_diagnostics_count(reading->diagnostics) == before)
        check_lengths(reading);
}
