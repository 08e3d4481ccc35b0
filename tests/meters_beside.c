#include "tests/meters_beside.h"

#include <stdio.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/text_file.h"
#include "tests/village_runs.h"

struct gb_scenario *scenario_beside(const struct beside_files *files, const char *table,
                                    const char *text, char *said, size_t size)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    struct gb_error err = {0};
    size_t used = 0;

    write_text(files->scenario, text);
    write_text(files->table, table);
    gb_scenario_load(&scenario, NULL, files->scenario, 0, NULL, diagnostics, &err);
    said[0] = '\0';
    for (size_t i = 0; i < gb_diagnostics_count(diagnostics) && used < size; i++)
        used +=
            (size_t)snprintf(said + used, size - used, "%s\n", gb_diagnostics_at(diagnostics, i));
    gb_diagnostics_free(diagnostics);
    unlink(files->scenario);
    unlink(files->table);
    return scenario;
}

struct gb_scenario *good_beside(const struct beside_files *files, const char *table,
                                const char *text)
{
    char said[4096];
    struct gb_scenario *scenario = scenario_beside(files, table, text, said, sizeof said);

    EXPECT_TEXT(said, "");
    return scenario;
}

struct gb_record *run_beside(const struct beside_files *files, const char *table, const char *text)
{
    struct gb_scenario *scenario = good_beside(files, table, text);
    struct gb_record *record = scenario ? record_of(scenario, NULL) : NULL;

    gb_scenario_free(scenario);
    return record;
}
