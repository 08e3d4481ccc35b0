/* What a cell brings each group of its users, by kind of household or by strategy, more than the
 * reference does: the saving of a user of the group, its mean in each replication, paired. */
#ifndef ANALYSIS_VERSUS_GROUPS_H
#define ANALYSIS_VERSUS_GROUPS_H

#include "analysis/user_groups.h"
#include "analysis/versus.h"

struct gb_versus_group {
    char name[GB_NAME_SIZE];  /* of the group, as /users has it */
    struct gb_versus_row row; /* of the saving of one of its users, currency */
};

/* All groups that a cell and its reference have both, cell by cell; the caller frees *groups. Tests
 * of all groups and cells are one family, of *size. Reads the users of one trial at a time.
 * GB_EINPUT where the result holds no users. */
enum gb_status gb_versus_groups(const struct gb_versus *versus, struct gb_results *results,
                                enum gb_user_grouping by, struct gb_versus_group **groups,
                                size_t *n, size_t *size, struct gb_error *err);

#endif
