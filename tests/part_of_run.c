#include "tests/part_of_run.h"

#include "experiments/scenario/diagnostics.h"
#include "tests/tap.h"

void part_of_run_open(struct part_of_run *part, const char *const *settings)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_error err = {0};
    size_t n = 0;

    while (settings[n])
        n++;
    *part = (struct part_of_run){0};
    EXPECT_INT(gb_scenario_defaults(&part->scenario, NULL, n, settings, diagnostics, &err), GB_OK);
    for (size_t i = 0; i < gb_diagnostics_count(diagnostics); i++)
        EXPECT_TEXT(gb_diagnostics_at(diagnostics, i), "");
    part->env = gb_run_environment_of(part->scenario, gb_queue_create(&err), &part->error);
    EXPECT_TEXT(err.text, "");
    gb_diagnostics_free(diagnostics);
}

void part_of_run_close(struct part_of_run *part)
{
    gb_queue_free(part->env.queue);
    gb_scenario_free(part->scenario);
}
