/* What the users of a cell gain, trial by trial. */
#ifndef ANALYSIS_FIGURE_USERS_PRIV_H
#define ANALYSIS_FIGURE_USERS_PRIV_H

#include "analysis/cell_users.h"
#include "analysis/figure_grid_priv.h"

struct gb_user_gains {
    size_t n_users, n_trials;
    double *gains; /* currency, gains[trial * n_users + user]: grid-only bill less bill */
    bool are_same; /* in every trial: the scenario names them, or their households are not redrawn;
                    * else meter k is another household in each */
    char (*names)[GB_NAME_SIZE]; /* n_users, of the first trial: a name, or the meter's number */
};

/* The cells whose users are shown, up to max_lines of them. GB_EREFUSED where the result holds no
 * users or too many cells. */
enum gb_status gb_users_find_cells(struct gb_figure_grid *out,
                                   const struct gb_figure_request *request, size_t max_lines,
                                   struct gb_error *err);
enum gb_status gb_user_gains_load(struct gb_user_gains *out, struct gb_results *results,
                                  const struct gb_cell *cell, struct gb_error *err);
void gb_user_gains_clear(struct gb_user_gains *gains);

#endif
