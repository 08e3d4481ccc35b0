/* A scenario's life, and its values: from a file, from settings, from the table's defaults. */
#include "experiments/scenario/scenario.h"

#include <stdlib.h>
#include <string.h>

#include "experiments/scenario/scenario_priv.h"

/* ---- life */

void gb_scenario_free(struct gb_scenario *scenario)
{
    if (!scenario)
        return;
    free(scenario->strategy_config);
    free(scenario->folder);
    free(scenario->orders_text);
    free(scenario->entries);
    free(scenario);
}

enum gb_status gb_scenario_select_strategy(struct gb_scenario *scenario, int32_t strategy,
                                           struct gb_error *err)
{
    const struct gb_strategy *chosen = gb_strategies[strategy];
    void *config = calloc(1, chosen->config_size ? chosen->config_size : 1);

    if (!config)
        return gb_fail(err, GB_ENOMEM, "no memory for the options of strategy %s", chosen->name);
    if (chosen->params)
        gb_param_defaults(chosen->params, config);
    free(scenario->strategy_config);
    scenario->strategy_config = config;
    scenario->strategy = strategy;
    return GB_OK;
}

/* Every value at its default, without the checks between keys. */
static enum gb_status create(struct gb_scenario **out, struct gb_error *err)
{
    struct gb_scenario *scenario = calloc(1, sizeof *scenario);
    struct gb_scenario_key key;
    char why[512];

    if (!scenario)
        return gb_fail(err, GB_ENOMEM, "no memory for a scenario");
    for (size_t i = 0; (key = gb_scenario_key_at(i)).row; i++)
        if (key.owner != GB_OWNER_STRATEGY && strcmp(key.row->key, "orders.inline") != 0)
            gb_param_parse(key.row, key.row->default_text, gb_scenario_base(scenario, &key), why,
                           sizeof why);
    enum gb_status status = gb_scenario_select_strategy(scenario, scenario->strategy, err);
    if (status == GB_OK)
        *out = scenario;
    else
        gb_scenario_free(scenario);
    return status;
}

static void *duplicate(const void *from, size_t size)
{
    void *copy = from ? malloc(size ? size : 1) : NULL;

    return copy && size ? memcpy(copy, from, size) : copy;
}

enum gb_status gb_scenario_copy(struct gb_scenario **out, const struct gb_scenario *from,
                                struct gb_error *err)
{
    struct gb_scenario *copy = duplicate(from, sizeof *from);

    if (!copy)
        return gb_fail(err, GB_ENOMEM, "no memory for a scenario");
    copy->strategy_config =
        duplicate(from->strategy_config, gb_strategies[from->strategy]->config_size);
    copy->folder = from->folder ? strdup(from->folder) : NULL;
    copy->orders_text = from->orders_text ? strdup(from->orders_text) : NULL;
    copy->entries = duplicate(from->entries, from->n_entries * sizeof *from->entries);
    if (!copy->strategy_config || (from->folder && !copy->folder) ||
        (from->orders_text && !copy->orders_text) || (from->entries && !copy->entries)) {
        gb_scenario_free(copy);
        return gb_fail(err, GB_ENOMEM, "no memory for a scenario");
    }
    *out = copy;
    return GB_OK;
}

/* ---- from outside */

static enum gb_status finish(struct gb_scenario **out, struct gb_scenario *scenario,
                             enum gb_status status)
{
    if (status == GB_OK)
        *out = scenario;
    else
        gb_scenario_free(scenario);
    return status;
}

enum gb_status gb_scenario_load(struct gb_scenario **out, const char *path, size_t n_settings,
                                const char *const *settings, struct gb_diagnostics *diagnostics,
                                struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    enum gb_status status = create(&scenario, err);

    if (status == GB_OK)
        status =
            gb_scenario_read(scenario, path, NULL, "--set", n_settings, settings, diagnostics, err);
    return finish(out, scenario, status);
}

enum gb_status gb_scenario_parse(struct gb_scenario **out, const char *text, const char *name,
                                 struct gb_diagnostics *diagnostics, struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    enum gb_status status = create(&scenario, err);

    if (status == GB_OK)
        status = gb_scenario_read(scenario, name, text, NULL, 0, NULL, diagnostics, err);
    return finish(out, scenario, status);
}

enum gb_status gb_scenario_defaults(struct gb_scenario **out, size_t n_settings,
                                    const char *const *settings, struct gb_diagnostics *diagnostics,
                                    struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    enum gb_status status = create(&scenario, err);

    if (status == GB_OK)
        status =
            gb_scenario_read(scenario, NULL, NULL, "--set", n_settings, settings, diagnostics, err);
    return finish(out, scenario, status);
}

enum gb_status gb_scenario_apply(struct gb_scenario *scenario, const char *origin,
                                 size_t n_settings, const char *const *settings,
                                 struct gb_diagnostics *diagnostics, struct gb_error *err)
{
    return gb_scenario_read(scenario, NULL, NULL, origin, n_settings, settings, diagnostics, err);
}

enum gb_status gb_scenario_set(struct gb_scenario *scenario, const char *key, const char *value,
                               struct gb_error *err)
{
    size_t size = strlen(key) + strlen(value) + 2;
    char *setting = malloc(size);
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    enum gb_status status;

    if (!setting || !diagnostics) {
        status = gb_fail(err, GB_ENOMEM, "no memory to set '%s'", key);
        goto done;
    }
    snprintf(setting, size, "%s=%s", key, value);
    struct gb_error ignored = {0};
    status =
        gb_scenario_apply(scenario, NULL, 1, (const char *const[]){setting}, diagnostics, &ignored);
    if (gb_diagnostics_count(diagnostics) > 0)
        gb_fail(err, status, "%s", gb_diagnostics_at(diagnostics, 0));
    else if (status != GB_OK)
        gb_fail(err, status, "%s", ignored.text);
done:
    gb_diagnostics_free(diagnostics);
    free(setting);
    return status;
}

const struct gb_param *gb_scenario_find_row(const struct gb_scenario *scenario, const char *key)
{
    return gb_scenario_key_find(key, scenario->strategy).row;
}

bool gb_scenario_accepts(const struct gb_scenario *scenario, const char *key, const char *value,
                         char *canonical, size_t size, char *why, size_t why_size)
{
    struct gb_scenario_key found = gb_scenario_key_find(key, scenario->strategy);
    bool is_good;

    why[0] = '\0';
    if (!found.row)
        return false;
    void *scratch = calloc(1, found.row->offset + GB_PARAM_TEXT_SIZE); /* any row's struct fits */
    if (!scratch) {
        snprintf(why, why_size, "no memory");
        return false;
    }
    is_good = gb_param_parse(found.row, value, scratch, why, why_size);
    if (is_good && canonical)
        gb_param_format(found.row, scratch, canonical, size);
    free(scratch);
    return is_good;
}
