/* The homes that a result is asked about: of some kinds of households, of some strategies, or all.
 * The market is one for all of them, so what is asked of a part of the homes is what /users and
 * /kinds have: bills, energy, savings; never prices, orders or the chain. */
#ifndef ANALYSIS_HOME_CHOICE_H
#define ANALYSIS_HOME_CHOICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/results.h"
#include "base/status.h"

#define GB_HOME_CHOICE_KIND "kind" /* the columns of /users that homes are chosen by */
#define GB_HOME_CHOICE_STRATEGY "strategy"
#define GB_HOME_CHOICE_TEXT_SIZE 256

/* Names of one column are alternatives, and a home has one of each column that is named. */
struct gb_home_choice { /* all 0: every home */
    size_t n_kinds, n_strategies;
    char (*kinds)[GB_NAME_SIZE], (*strategies)[GB_NAME_SIZE];
    bool has_strategy[UINT8_MAX + 1]; /* by its number in /users */
};

/* Adds those of a kind or strategy: column is one of the two above. To be cleared in any case.
 * GB_EINPUT where the result has no such homes: with the names that it has, or why it has none. */
enum gb_status gb_home_choice_add(struct gb_home_choice *homes, struct gb_results *results,
                                  const char *column, const char *value, struct gb_error *err);
void gb_home_choice_clear(struct gb_home_choice *homes);

/* homes  NULL or all 0: every home is */
bool gb_home_choice_is_all(const struct gb_home_choice *homes);
bool gb_home_choice_has_kind(const struct gb_home_choice *homes, const char *kind);
/* strategy  its number in /users */
bool gb_home_choice_has_strategy(const struct gb_home_choice *homes, uint8_t strategy);
bool gb_home_choice_has(const struct gb_home_choice *homes, const struct gb_user_row *user);
/* "kind farm or flat and strategy zip"; "" of all homes. returns buffer */
char *gb_home_choice_describe(const struct gb_home_choice *homes,
                              char buffer[GB_HOME_CHOICE_TEXT_SIZE]);
/* "kind=farm,kind=flat,strategy=zip", as it is asked for. returns buffer */
char *gb_home_choice_conditions(const struct gb_home_choice *homes,
                                char buffer[GB_HOME_CHOICE_TEXT_SIZE]);

/* As gb_results_rows of /users, of the homes that gb_results_homes() names. */
enum gb_status gb_home_choice_rows(struct gb_results *results, uint64_t trial,
                                   struct gb_user_row **rows, size_t *n, struct gb_error *err);
/* GB_EREFUSED, where a cell has no home of those that are asked about. */
enum gb_status gb_home_choice_refuse_none(const struct gb_results *results, struct gb_error *err);

#endif
