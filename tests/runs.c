#include "tests/runs.h"

#include <string.h>

#include "analysis/schema.h"
#include "experiments/run/run.h"
#include "experiments/scenario/diagnostics.h"
#include "tests/tap.h"

enum { MAX_SETTINGS = 24 };

struct gb_record *run_with(const char *ledger, const char *const *settings)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_run_options options = {.ledger_path = ledger};
    struct gb_scenario *scenario = NULL;
    struct gb_record *record = NULL;
    struct gb_error err = {0};
    size_t n = 0;

    while (settings[n])
        n++;
    gb_scenario_defaults(&scenario, NULL, n, settings, diagnostics, &err);
    for (size_t i = 0; i < gb_diagnostics_count(diagnostics); i++)
        EXPECT_TEXT(gb_diagnostics_at(diagnostics, i), "");
    if (scenario)
        EXPECT_INT(gb_run_trial(scenario, &options, &record, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
    return record;
}

struct gb_record *run_both(const char *const *some, const char *const *more)
{
    const char *settings[MAX_SETTINGS] = {0};
    size_t n = 0;

    for (; *some; some++)
        settings[n++] = *some;
    for (; *more; more++)
        settings[n++] = *more;
    return run_with(NULL, settings);
}

struct gb_record *run_village(const char *a, const char *b, const char *c, const char *d)
{
    const char *settings[10] = {"meters.count=24",
                                "meters.prosumer_share=0.6",
                                "meters.storage_share=0.4",
                                "slots=64",
                                "chain.crypto=modelled",
                                a,
                                b,
                                c,
                                d};
    size_t n = 5;

    for (size_t i = 5; i < 9; i++) /* close ranks */
        if (settings[i])
            settings[n++] = settings[i];
    settings[n] = NULL;
    return run_with(NULL, settings);
}

const struct gb_summary_row *summary_of(const struct gb_record *record)
{
    return gb_record_rows(record, GB_TABLE_SUMMARY);
}

bool tables_are_equal(const struct gb_record *a, const struct gb_record *b, enum gb_table table)
{
    const struct gb_schema *schema = &gb_schemas[table];
    const char *rows_a = gb_record_rows(a, table), *rows_b = gb_record_rows(b, table);
    size_t n = gb_record_n_rows(a, table);

    if (n != gb_record_n_rows(b, table))
        return false;
    for (size_t i = 0; i < n; i++)
        for (const struct gb_field *field = schema->fields; field->name; field++) {
            size_t at = i * schema->row_size + field->offset;
            if (memcmp(rows_a + at, rows_b + at, gb_field_size(field->kind)) != 0) {
                tap_note("%s row %zu: %s differs", schema->group, i, field->name);
                return false;
            }
        }
    return true;
}

bool records_are_equal(const struct gb_record *a, const struct gb_record *b)
{
    bool are_equal = true;

    for (int table = 0; table < GB_N_TABLES; table++)
        are_equal = are_equal && tables_are_equal(a, b, (enum gb_table)table);
    return are_equal;
}
