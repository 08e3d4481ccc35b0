/* The users of a cell by the strategy that they follow in a mix: what each group gains, and what it
 * gains more than all others of the same markets do, which says who does well at whose expense. */
#ifndef ANALYSIS_STRATEGY_GROUPS_H
#define ANALYSIS_STRATEGY_GROUPS_H

#include <stddef.h>

#include "analysis/cells.h"
#include "analysis/results.h"
#include "analysis/statistics.h"

struct gb_strategy_group {
    char name[GB_NAME_SIZE]; /* as /users has it */
    double n_users;          /* mean over replications */
    /* Grid-only bill less bill, currency a user: the group's mean in each replication that has
     * users of it, and of those the mean. */
    struct gb_confidence_interval gain;
    /* In each replication that has others, too, less the mean over the users of all other groups.
     */
    struct gb_confidence_interval above_others;
};

/* Groups in the order of the family; the caller frees *groups. One group where there is no mix.
 * GB_EINPUT where the result holds no users. */
enum gb_status gb_strategy_groups(struct gb_strategy_group **groups, size_t *n,
                                  struct gb_results *results, const struct gb_cell *cell,
                                  struct gb_error *err);

#endif
