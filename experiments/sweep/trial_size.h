/* About what a trial costs, told from its scenario before it runs. */
#ifndef EXPERIMENTS_SWEEP_TRIAL_SIZE_H
#define EXPERIMENTS_SWEEP_TRIAL_SIZE_H

#include "experiments/scenario/scenario.h"

/* Computing time of the trial in meters of one slot with an ideal chain, about a microsecond each.
 * Good to a factor of three or so; of two trials it tells the larger where that matters. */
double gb_trial_size(const struct gb_scenario *scenario);

#endif
