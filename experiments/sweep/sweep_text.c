/* A sweep as text: what is stored in its result, and runs again as it is. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "analysis/rows.h"
#include "base/text.h"
#include "experiments/scenario/yaml_write.h"
#include "experiments/sweep/sweep_priv.h"

static void write_value(FILE *out, const char *value, bool is_text)
{
    if (is_text)
        gb_yaml_write_quoted(out, value);
    else
        fputs(value, out);
}

static void write_key(FILE *out, const char *indent, const struct gb_sweep_key *key)
{
    fprintf(out, "%s%s: [", indent, key->name);
    for (size_t v = 0; v < key->n; v++) {
        fputs(v > 0 ? ", " : "", out);
        write_value(out, key->values[v], key->is_text);
    }
    fputs("]\n", out);
}

static void write_grid(FILE *out, const char *indent, const struct gb_sweep_grid *grid)
{
    for (size_t k = 0; k < grid->n_keys; k++)
        if (!grid->keys[k].is_zipped)
            write_key(out, indent, &grid->keys[k]);
}

static void write_zip(FILE *out, const struct gb_sweep_grid *grid)
{
    const struct gb_sweep_key *before = NULL;

    for (size_t k = 0; k < grid->n_keys; k++) {
        const struct gb_sweep_key *key = &grid->keys[k];

        if (!key->is_zipped)
            continue;
        fputs(before ? "" : "zip:\n", out);
        write_key(out, !before || before->axis != key->axis ? "  - " : "    ", key);
        before = key;
    }
}

static void write_setting(FILE *out, const struct gb_sweep *sweep, const char *indent,
                          const char *setting)
{
    size_t length = strcspn(setting, "=");
    char key[256];

    snprintf(key, sizeof key, "%.*s", (int)length, setting);
    const struct gb_param *row = gb_scenario_find_row(sweep->base, key);
    fprintf(out, "%s%s: ", indent, key);
    write_value(out, setting + length + 1, row && row->kind == GB_PARAM_TEXT);
    fputc('\n', out);
}

static void write_cases(FILE *out, const struct gb_sweep *sweep)
{
    if (!sweep->cases[0].name)
        return;
    fputs("cases:\n", out);
    for (size_t c = 0; c < sweep->n_cases; c++) {
        const struct gb_sweep_case *of = &sweep->cases[c];

        fputs("  - name: ", out);
        gb_yaml_write_quoted(out, of->name);
        fputs(of->set.n > 0 ? "\n    set:\n" : "\n", out);
        for (size_t i = 0; i < of->set.n; i++)
            write_setting(out, sweep, "      ", of->set.list[i]);
        if (of->grid.n_keys > 0)
            fputs("    vary:\n", out);
        write_grid(out, "      ", &of->grid);
    }
}

/* What leaves a default of sweeps stands in the sweep: what its scenario says goes for nothing; and
 * what its scenario does not say, for nothing reads it there. */
static void write_set(FILE *out, const struct gb_sweep *sweep)
{
    char value[GB_PARAM_TEXT_SIZE];
    const char *before = "set:\n";
    const struct gb_param *row;

    for (size_t i = 0; (row = gb_scenario_row(sweep->base->extensions, i)); i++)
        if (row->sweep_default &&
            strcmp(gb_scenario_value(sweep->base, row->key, value, sizeof value),
                   row->sweep_default) != 0) {
            fprintf(out, "%s  %s: %s\n", before, row->key, value);
            before = "";
        }
    for (size_t i = 0; i < sweep->late.n; i++, before = "") {
        fputs(before, out);
        write_setting(out, sweep, "  ", sweep->late.list[i]);
    }
}

static void write_average(FILE *out, const struct gb_sweep_grid *grid)
{
    const char *before = "average:\n  ";

    for (size_t k = 0; k < grid->n_keys; k++)
        if (grid->keys[k].is_averaged) {
            fprintf(out, "%s%s: equal\n", before, grid->keys[k].name);
            before = "  ";
        }
}

/* Keys of the scenario that are words of the sweep file. */
static void write_keys_of_sweep(FILE *out, const struct gb_sweep *sweep)
{
    char value[GB_PARAM_TEXT_SIZE];
    const struct gb_param *row;

    for (size_t i = 0; (row = gb_scenario_row(sweep->base->extensions, i)); i++)
        if (row->flags & GB_PARAM_OF_SWEEP &&
            strcmp(gb_scenario_value(sweep->base, row->key, value, sizeof value),
                   row->default_text) != 0)
            fprintf(out, "%s: %s\n", row->key, value);
}

static void write_files(FILE *out, const struct gb_embedded *files)
{
    if (files->n > 0)
        fputs("files:\n", out);
    for (size_t i = 0; i < files->n; i++) {
        fputs("  ", out);
        gb_yaml_write_quoted(out, files->files[i].name);
        fputs(": ", out);
        gb_yaml_write_block(out, files->files[i].text, 4);
        fputc('\n', out);
    }
}

static void write_until(FILE *out, const struct gb_sweep_until *until)
{
    char value[GB_PARAM_TEXT_SIZE];

    fputs("until:\n", out);
    for (const struct gb_param *row = gb_sweep_until_rows; row->key; row++) {
        fprintf(out, "  %s: ", row->key);
        write_value(out, gb_param_format(row, until, value, sizeof value),
                    row->kind == GB_PARAM_TEXT);
        fputc('\n', out);
    }
}

static void write_sweep(FILE *out, const struct gb_sweep *sweep)
{
    bool varies = sweep->shared.n_keys > 0 && !sweep->shared.keys[0].is_zipped;

    fputs("format: 1\nscenario: scenario.yaml\n", out);
    if (sweep->has_until)
        write_until(out, &sweep->options.until);
    else
        fprintf(out, "replications: %" PRId64 "\n", sweep->options.replications);
    write_keys_of_sweep(out, sweep);
    write_set(out, sweep);
    write_cases(out, sweep);
    fprintf(out, "vary:%s\n", varies ? "" : " {}");
    write_grid(out, "  ", &sweep->shared);
    write_zip(out, &sweep->shared);
    write_average(out, &sweep->shared);
    write_files(out, &sweep->files);
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
