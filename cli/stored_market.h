/* The market of a trial, from the scenario that its result carries. */
#ifndef CLI_STORED_MARKET_H
#define CLI_STORED_MARKET_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/results.h"
#include "base/status.h"
#include "experiments/scenario/scenario.h"

/* The scenario of the trial at `place` in the summary; the caller frees it. */
enum gb_status gb_stored_scenario(const struct gb_results *results, size_t place,
                                  struct gb_scenario **out, struct gb_error *err);

/* Writes the name of the currency, the same in all trials.
 * name  at least GB_CURRENCY_SIZE bytes */
#define GB_CURRENCY_SIZE 32
enum gb_status gb_stored_currency(const struct gb_results *results, char *name,
                                  struct gb_error *err);

/* Prints the keys of the trial at `place` of /summary that stand away from their defaults; nothing
 * where there is none, or where the stored scenario is none of this version.
 * is_average  without the keys that the sweep averages over */
void gb_stored_overrides_print(const struct gb_results *results, size_t place, bool is_average,
                               bool is_markdown);
/* The same of what all trials share: without the keys that are varied. */
void gb_shared_overrides_print(const struct gb_results *results, bool is_markdown);

#endif
