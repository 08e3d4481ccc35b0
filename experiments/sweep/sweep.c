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
    for (size_t k = 0; k < sweep->n_keys; k++) {
        for (size_t v = 0; v < sweep->keys[k].n; v++)
            free(sweep->keys[k].values[v]);
        free(sweep->keys[k].values);
        free(sweep->keys[k].name);
    }
    free(sweep->keys);
    gb_embedded_clear(&sweep->files);
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
    uint64_t n = 1;

    for (size_t k = 0; k < sweep->n_keys; k++)
        n *= sweep->keys[k].n;
    return n;
}

uint64_t gb_sweep_n_trials(const struct gb_sweep *sweep)
{
    return gb_sweep_n_cells(sweep) * (uint64_t)sweep->options.replications;
}

size_t gb_sweep_n_keys(const struct gb_sweep *sweep)
{
    return sweep->n_keys;
}

const char *gb_sweep_key(const struct gb_sweep *sweep, size_t key)
{
    return sweep->keys[key].name;
}

size_t gb_sweep_value_number(const struct gb_sweep *sweep, size_t key, uint64_t cell)
{
    for (size_t k = sweep->n_keys; --k > key;)
        cell /= sweep->keys[k].n;
    return (size_t)(cell % sweep->keys[key].n);
}

const char *gb_sweep_value(const struct gb_sweep *sweep, size_t key, uint64_t trial)
{
    uint64_t cell = trial / (uint64_t)sweep->options.replications;

    return sweep->keys[key].values[gb_sweep_value_number(sweep, key, cell)];
}

char *gb_sweep_describe(const struct gb_sweep *sweep, uint64_t trial, char *buffer, size_t size)
{
    size_t used = 0;
    bool varies_seed = false;

    for (size_t k = 0; k < sweep->n_keys && used < size; k++) {
        used += (size_t)snprintf(buffer + used, size - used, "%s=%s, ", sweep->keys[k].name,
                                 gb_sweep_value(sweep, k, trial));
        varies_seed |= strcmp(sweep->keys[k].name, "seed") == 0;
    }
    if (!varies_seed && used < size)
        used +=
            (size_t)snprintf(buffer + used, size - used, "seed %" PRId64 ", ", sweep->base->seed);
    if (used < size)
        snprintf(buffer + used, size - used, "replication %" PRIu64,
                 trial % (uint64_t)sweep->options.replications);
    return buffer;
}

enum gb_status gb_sweep_settings(const struct gb_sweep *sweep, uint64_t cell, char **list,
                                 struct gb_error *err)
{
    for (size_t k = 0; k < sweep->n_keys; k++) {
        const struct gb_sweep_key *key = &sweep->keys[k];
        const char *value = key->values[gb_sweep_value_number(sweep, k, cell)];
        size_t size = strlen(key->name) + strlen(value) + 2;
        list[k] = malloc(size);
        if (!list[k]) {
            while (k-- > 0)
                free(list[k]);
            return gb_fail(err, GB_ENOMEM, "no memory for the settings of a trial");
        }
        snprintf(list[k], size, "%s=%s", key->name, value);
    }
    return GB_OK;
}

static enum gb_status apply_cell(const struct gb_sweep *sweep, uint64_t cell,
                                 struct gb_scenario *scenario, struct gb_error *err)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    char **list = calloc(sweep->n_keys + 1, sizeof *list);
    enum gb_status status = diagnostics && list ? gb_sweep_settings(sweep, cell, list, err)
                                                : gb_fail(err, GB_ENOMEM, "no memory for a trial");

    if (status == GB_OK) {
        struct gb_error why = {0};
        status = gb_scenario_apply(scenario, NULL, sweep->n_keys, (const char *const *)list,
                                   diagnostics, &why);
        if (status != GB_OK)
            gb_fail(err, status, "%s",
                    gb_diagnostics_count(diagnostics) > 0 ? gb_diagnostics_at(diagnostics, 0)
                                                          : why.text);
        for (size_t k = 0; k < sweep->n_keys; k++)
            free(list[k]);
    }
    free(list);
    gb_diagnostics_free(diagnostics);
    return status;
}

enum gb_status gb_sweep_scenario(const struct gb_sweep *sweep, uint64_t trial,
                                 struct gb_scenario **out, struct gb_error *err)
{
    struct gb_scenario *scenario = NULL;
    enum gb_status status = gb_scenario_copy(&scenario, sweep->base, err);

    if (status == GB_OK)
        status = apply_cell(sweep, trial / (uint64_t)sweep->options.replications, scenario, err);
    if (status != GB_OK) {
        gb_scenario_free(scenario);
        return status;
    }
    scenario->replication = (int64_t)(trial % (uint64_t)sweep->options.replications);
    *out = scenario;
    return GB_OK;
}

static void write_key(FILE *out, const struct gb_sweep_key *key)
{
    fprintf(out, "  %s: [", key->name);
    for (size_t v = 0; v < key->n; v++) {
        if (v > 0)
            fputs(", ", out);
        if (key->is_text)
            gb_yaml_write_quoted(out, key->values[v]);
        else
            fputs(key->values[v], out);
    }
    fputs("]\n", out);
}

/* A level above summary stands in the sweep: whatever its scenario says goes for nothing. */
static void write_level(FILE *out, const struct gb_sweep *sweep)
{
    char level[128];

    if (sweep->base->output_level != GB_OUTPUT_SUMMARY)
        fprintf(out, "set:\n  output.level: %s\n",
                gb_scenario_value(sweep->base, "output.level", level, sizeof level));
}

static void write_sweep(FILE *out, const struct gb_sweep *sweep)
{
    fprintf(out, "format: 1\nscenario: scenario.yaml\nreplications: %" PRId64 "\n",
            sweep->options.replications);
    write_level(out, sweep);
    fprintf(out, "vary:%s\n", sweep->n_keys > 0 ? "" : " {}");
    for (size_t k = 0; k < sweep->n_keys; k++)
        write_key(out, &sweep->keys[k]);
    if (sweep->files.n > 0)
        fputs("files:\n", out);
    for (size_t i = 0; i < sweep->files.n; i++) {
        fputs("  ", out);
        gb_yaml_write_quoted(out, sweep->files.files[i].name);
        fputs(": ", out);
        gb_yaml_write_block(out, sweep->files.files[i].text, 4);
        fputc('\n', out);
    }
}

enum gb_status gb_sweep_text(const struct gb_sweep *sweep, char **text, struct gb_error *err)
{
    struct gb_text written;

    if (gb_text_open(&written))
        write_sweep(written.stream, sweep);
    char *whole = gb_text_close(&written);
    if (!whole)
        return gb_fail(err, GB_ENOMEM, "no memory for the text of a sweep");
    *text = whole;
    return GB_OK;
}
