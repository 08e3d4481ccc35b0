/* A trial of a result as the record that it was written from. */
#include "analysis/results_priv.h"

#include <stdlib.h>
#include <string.h>

#define LEVEL_KEY "output.level"

bool gb_results_mix_levels(const struct gb_results *results)
{
    /* what the base has for all cells stands in the stored scenario, and not in the stored sweep */
    return results->provenance.sweep && strstr(results->provenance.sweep, LEVEL_KEY);
}

/* The level of the i-th trial: its own where the key is varied, else that of the finest table. */
static enum gb_output_level level_of(const struct gb_results *results, size_t i)
{
    static const char *const words[] = {"summary", "market", "meters"};
    enum gb_output_level level = GB_OUTPUT_SUMMARY;

    for (size_t k = 0; k < results->n_varied; k++)
        for (int l = 0; l < GB_N_OUTPUT_LEVELS; l++)
            if (strcmp(results->keys[k], LEVEL_KEY) == 0 &&
                strcmp(gb_results_varied_value(results, k, i), words[l]) == 0)
                return (enum gb_output_level)l;
    for (int table = 0; table < GB_N_TABLES; table++)
        if (gb_results_has(results, (enum gb_table)table) && gb_schemas[table].level > level)
            level = gb_schemas[table].level;
    return level;
}

static enum gb_status copy_rows(struct gb_record *record, struct gb_results *results,
                                enum gb_table table, struct gb_error *err)
{
    void *rows = NULL;
    size_t n = 0;
    enum gb_status status =
        gb_results_rows(results, table, gb_record_trial(record), &rows, &n, err);

    for (size_t i = 0; status == GB_OK && i < n; i++)
        status = gb_record_append(record, table,
                                  (const char *)rows + i * gb_schemas[table].row_size, err);
    free(rows);
    return status;
}

static enum gb_status copy_varied(struct gb_record *record, const struct gb_results *results,
                                  size_t i, struct gb_error *err)
{
    size_t n = results->n_varied;
    const char **values = calloc(n + 1, sizeof *values);

    if (!values)
        return gb_fail(err, GB_ENOMEM, "no memory for the varied keys of '%s'", results->path);
    for (size_t k = 0; k < n; k++)
        values[k] = gb_results_varied_value(results, k, i);
    enum gb_status status =
        gb_record_set_varied(record, n, (const char *const *)results->keys, values, err);
    free(values);
    return status;
}

enum gb_status gb_results_record(struct gb_results *results, size_t i, struct gb_record **out,
                                 struct gb_error *err)
{
    struct gb_record *record = NULL;
    const struct gb_summary_row *summary = &results->summary[i];
    enum gb_status status = gb_record_create(&record, summary->trial, level_of(results, i), err);

    if (status == GB_OK)
        status = gb_record_append(record, GB_TABLE_SUMMARY, summary, err);
    for (int table = GB_TABLE_SUMMARY + 1; status == GB_OK && table < GB_N_TABLES; table++)
        if (gb_record_level(record) >= gb_schemas[table].level &&
            (table != GB_TABLE_KINDS || gb_results_has(results, GB_TABLE_KINDS)))
            status = copy_rows(record, results, (enum gb_table)table, err);
    if (status == GB_OK)
        status = copy_varied(record, results, i, err);
    if (status != GB_OK) {
        gb_record_free(record);
        return status;
    }
    *out = record;
    return GB_OK;
}
