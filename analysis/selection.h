/* Trials chosen by what was varied: "market.beta=0.5,meters.count=100". */
#ifndef ANALYSIS_SELECTION_H
#define ANALYSIS_SELECTION_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/results.h"
#include "base/status.h"

struct gb_condition {
    size_t key; /* of gb_results_varied_key */
    char *value;
};
/* Conditions on one key are alternatives, and all keys that are named must have one of theirs. */
struct gb_selection { /* all 0: every trial */
    size_t n;
    struct gb_condition *items;
};

/* Adds the conditions of a text "KEY=VALUE[,KEY=VALUE...]". To be cleared in any case. GB_EINPUT
 * says which keys were varied, or which values a key has; one that the sweep averages over takes
 * one of them. */
enum gb_status gb_selection_add(struct gb_selection *selection, const struct gb_results *results,
                                const char *text, struct gb_error *err);
void gb_selection_clear(struct gb_selection *selection);

/* Whether a trial, by its place in the summary, is chosen. */
bool gb_selection_holds(const struct gb_selection *selection, const struct gb_results *results,
                        size_t trial);
/* The same of its conditions on keys that the sweep averages over alone. */
bool gb_selection_holds_averaged(const struct gb_selection *selection,
                                 const struct gb_results *results, size_t trial);
/* Whether a key is named. */
bool gb_selection_names(const struct gb_selection *selection, size_t key);

/* Equal as texts, or word by word as numbers or times of day: 0.50 is 0.5, "0:00 0.1,12:00 0.5" is
 * "00:00 0.10, 12:00 .5". */
bool gb_value_is_same(const char *a, const char *b);

#endif
