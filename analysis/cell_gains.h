/* What the users of a cell gain on trading with the grid alone, where no user is in two of its
 * trials: quantiles over the users of each trial, and of those means over the trials. */
#ifndef ANALYSIS_CELL_GAINS_H
#define ANALYSIS_CELL_GAINS_H

#include "analysis/compare.h"
#include "analysis/versus_users.h"

/* gains  in currency, of gb_user_quantiles: Student's t over trials
 * GB_EREFUSED where the result holds no users, GB_EINPUT where replications have not as many */
enum gb_status gb_cell_gain_quantiles(struct gb_confidence_interval gains[GB_N_USER_QUANTILES],
                                      struct gb_results *results, const struct gb_cell *cell,
                                      struct gb_error *err);

#endif
