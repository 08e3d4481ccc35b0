/* Runs of scenarios that a test writes as a text. */
#ifndef TESTS_VILLAGE_RUNS_H
#define TESTS_VILLAGE_RUNS_H

#include "analysis/record.h"
#include "experiments/scenario/scenario.h"
#include "models/assets/fleet.h"
#include "models/assets/realisation.h"

/* One that is good, by way of a file at `path` as scenario_of_text does; NULL and a failed test
 * else. */
struct gb_scenario *good_scenario(const char *path, const char *text);
/* The one trial of a scenario; NULL and a failed test where it fails, NULL of none.
 * shared  realisations of physics; NULL: its own */
struct gb_record *record_of(const struct gb_scenario *scenario, struct gb_realisations *shared);
/* Both of a text. */
struct gb_record *run_text(const char *path, const char *text);
/* Who owns what in it; gb_fleet_free. */
struct gb_fleet *fleet_of(const struct gb_scenario *scenario);

#endif
