/* The users of a cell: whether they are the same in its trials, and what each pays or earns over
 * them. */
#ifndef ANALYSIS_CELL_USERS_H
#define ANALYSIS_CELL_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "analysis/causes.h"
#include "analysis/cells.h"
#include "analysis/comparison.h"
#include "analysis/record.h"
#include "analysis/results.h"
#include "base/quantity.h"
#include "base/status.h"

/* Whether meter k is the same household in every trial of a cell: there is one trial, or households
 * are not redrawn. Users whom the scenario names are the same anyway. */
bool gb_cell_shares_households(const struct gb_results *results, const struct gb_cell *cell);

/* Whether a user is the same household in every trial of a cell: by the above, or because the
 * scenario names it. A mean over meter k of households drawn anew would be nobody's. */
enum gb_status gb_cell_keeps_users(bool *keeps, struct gb_results *results,
                                   const struct gb_cell *cell, struct gb_error *err);

/* Does its name say who a user is in every trial? One made of its kind and its number there says no
 * more than the number of a meter does: `farm 1`. */
bool gb_user_is_identified(const struct gb_user_row *user);

/* The name of a user row: its own, or "meter N". returns buffer */
char *gb_user_name(const struct gb_user_row *user, char buffer[GB_NAME_SIZE]);
/* The grid-only bill less the bill, in currency. */
double gb_user_gain(const struct gb_user_row *user);

/* One user over the trials of a cell. A user whose grid-only bill is negative on average earns: the
 * comparison is then of the revenue, else of the cost. */
struct gb_user_comparison {
    uint32_t meter;
    char name[GB_NAME_SIZE]; /* "S1", or "meter 12" where it has no name of its own */
    bool is_named, earns;
    struct gb_comparison bill;  /* currency, positive */
    double causes[GB_N_CAUSES]; /* currency, what each adds to its saving, mean over trials */
};
/* Users by meter number; the caller frees *users. Holds the users of one trial at a time and sums
 * of each, and reads every trial twice where there is more than one replication. GB_EINPUT where
 * the result holds no users. */
enum gb_status gb_cell_users(struct gb_user_comparison **users, size_t *n,
                             struct gb_results *results, const struct gb_cell *cell,
                             struct gb_error *err);

#endif
