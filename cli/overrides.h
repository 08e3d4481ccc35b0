/* The keys of a scenario that stand away from their defaults, for people who compare two results.
 */
#ifndef CLI_OVERRIDES_H
#define CLI_OVERRIDES_H

#include <stdbool.h>

#include "experiments/scenario/scenario.h"

/* Prints "  set        meters.count 36 (default 30), forecast.skill 0.8 (0)", wrapped behind
 * `indent` blanks, for a page of Markdown with its marks escaped; nothing where all is at its
 * default. */
void gb_overrides_print(const struct gb_scenario *scenario, const char *label, int indent,
                        bool is_markdown);

#endif
