/* What a cell costs each of its users more than the reference does. Where households are drawn
 * anew, meter 7 of one replication is not meter 7 of the next: so it is the distribution over the
 * users of a trial that is estimated, its quantiles in each replication and then their means over
 * them. Where households are kept, or users have names, each user has a difference of its own. */
#ifndef ANALYSIS_VERSUS_USERS_H
#define ANALYSIS_VERSUS_USERS_H

#include "analysis/versus.h"

#define GB_N_USER_QUANTILES 7
extern const double gb_user_quantiles[GB_N_USER_QUANTILES]; /* 0, 0.05, ..., 1 */
/* Those of what n users of a trial have; it is put into order. */
void gb_find_user_quantiles(double quantiles[GB_N_USER_QUANTILES], double *users, size_t n);

struct gb_users_row {
    size_t cell;
    bool is_withheld; /* as of gb_versus_row */
    /* of bill in the cell less bill in the reference, currency; t over replications */
    struct gb_contrast quantiles[GB_N_USER_QUANTILES];
    struct gb_contrast worse; /* share of users who pay more than in the reference */
};

/* Which cells there are, before anything is read.
 * rows  gb_versus_n_compared of them, by cell */
void gb_versus_users_init(const struct gb_versus *versus, struct gb_users_row *rows);
/* Their figures. Reads two trials at a time. GB_EINPUT where the result holds no users, or where
 * the users of a cell and its reference are not as many. rows  as gb_versus_users_init left them */
enum gb_status gb_versus_users(const struct gb_versus *versus, struct gb_results *results,
                               struct gb_users_row *rows, struct gb_error *err);

struct gb_user_difference {
    char name[GB_NAME_SIZE]; /* as gb_user_name */
    struct gb_contrast more; /* bill in the cell less bill in the reference, currency */
};
/* Every user of a cell that is compared, by meter; the caller frees *users. Reads two trials at a
 * time, each twice, and keeps sums of each user. Of a cell that is
 * withheld there are none. GB_EINPUT where meter k is another household in each replication, and as
 * above. */
enum gb_status gb_versus_each_user(const struct gb_versus *versus, struct gb_results *results,
                                   size_t cell, struct gb_user_difference **users, size_t *n,
                                   struct gb_error *err);

#endif
