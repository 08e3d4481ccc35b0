#include "tests/village_runs.h"

#include "experiments/run/run.h"
#include "tests/scenarios.h"
#include "tests/tap.h"

struct gb_scenario *good_scenario(const char *path, const char *text)
{
    char said[4096];
    struct gb_scenario *scenario = scenario_of_text(path, text, said, sizeof said);

    EXPECT_TEXT(said, "");
    return scenario;
}

struct gb_record *record_of(const struct gb_scenario *scenario, struct gb_realisations *shared)
{
    struct gb_run_options options = {.shared = shared};
    struct gb_record *record = NULL;
    struct gb_error err = {0};

    if (scenario)
        EXPECT_INT(gb_run_trial(scenario, &options, &record, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    return record;
}

struct gb_record *run_text(const char *path, const char *text)
{
    struct gb_scenario *scenario = good_scenario(path, text);
    struct gb_record *record = record_of(scenario, NULL);

    gb_scenario_free(scenario);
    return record;
}

struct gb_fleet *fleet_of(const struct gb_scenario *scenario)
{
    struct gb_fleet *fleet = NULL;

    EXPECT_INT(gb_fleet_create(&fleet, &scenario->physics, gb_scenario_draws(scenario), NULL),
               GB_OK);
    return fleet;
}
