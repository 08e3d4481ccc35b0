/* Scenarios as tests make them: from a text, and with one key set. */
#ifndef TESTS_SCENARIOS_H
#define TESTS_SCENARIOS_H

#include <stdbool.h>
#include <stddef.h>

#include "experiments/scenario/scenario.h"

/* Loads `text` by way of a file at `path`, which is there no longer than that.
 * said  out: diagnostics of a refusal, each without the path before it and with a line feed behind
 * returns NULL where the scenario is refused */
struct gb_scenario *scenario_of_text(const char *path, const char *text, char *said, size_t size);
/* Puts one setting over a scenario, as a trial of a sweep does; the first diagnostic goes into err.
 */
enum gb_status scenario_set(struct gb_scenario *scenario, const char *key, const char *value,
                            struct gb_error *err);
/* Equal in every byte but for where things stand in memory and which file orders came from. */
bool scenarios_are_equal(const struct gb_scenario *a, const struct gb_scenario *b);

#endif
