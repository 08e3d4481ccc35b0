/* The users of a cell by what sets them apart: the strategy that they follow, or their kind of
 * household. What each group gains, alone and for each kWh, and what it gains more than all others
 * of the same markets do, which says who does well at whose expense. */
#ifndef ANALYSIS_USER_GROUPS_H
#define ANALYSIS_USER_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "analysis/cells.h"
#include "analysis/results.h"
#include "analysis/statistics.h"

enum gb_user_grouping { GB_USERS_BY_STRATEGY, GB_USERS_BY_KIND };

struct gb_user_group {
    char name[GB_NAME_SIZE]; /* as /users has it */
    double n_users;          /* mean over replications */
    /* Grid-only bill less bill, currency a user: the group's mean in each replication that has
     * users of it, and of those the mean. */
    struct gb_confidence_interval gain;
    double kwh; /* through a user's meter, either way: the mean over those replications */
    /* All that a group gains over all energy through its meters, either way, currency per kWh: a
     * ratio of sums over those replications. */
    struct gb_confidence_interval gain_per_kwh;
    /* In each replication that has others, too, less the mean over the users of all other groups.
     */
    struct gb_confidence_interval above_others;
};

/* Does the result hold what sets such groups apart: the users, or of kinds their sums, which every
 * level of output keeps? */
bool gb_user_groups_are_kept(const struct gb_results *results, enum gb_user_grouping by);

/* Is a group among the homes that gb_results_homes() names? Where they are chosen by what sets the
 * groups apart, all groups are compared all the same, and those shown. */
bool gb_user_group_is_shown(const struct gb_results *results, enum gb_user_grouping by,
                            const char *name);

/* What the users of each group gain in a cell, replication by replication. */
struct gb_group_gains {
    size_t n, n_replications; /* groups, in the order of gb_user_groups */
    char (*names)[GB_NAME_SIZE];
    /* Means over a group's users, currency, a row of n_replications a group; NAN where it has none.
     */
    double *values;
};
/* Of the cell's complete replications, in ascending order. GB_EINPUT where the result holds none of
 * them. */
enum gb_status gb_group_gains_find(struct gb_group_gains *out, struct gb_results *results,
                                   const struct gb_cell *cell, enum gb_user_grouping by,
                                   struct gb_error *err);
void gb_group_gains_clear(struct gb_group_gains *gains);

/* Groups in the order of the family, of kinds by their names; the caller frees *groups. One group
 * where all are alike. GB_EINPUT where the result holds none of them. */
enum gb_status gb_user_groups(struct gb_user_group **groups, size_t *n, struct gb_results *results,
                              const struct gb_cell *cell, enum gb_user_grouping by,
                              struct gb_error *err);

#endif
