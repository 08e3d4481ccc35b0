/* What a sweep would cost, told from pilot trials. */
#ifndef CLI_ESTIMATE_H
#define CLI_ESTIMATE_H

#include "base/status.h"
#include "experiments/sweep/sweep.h"

/* Runs the trial that is smallest by meters, slots and validators, and where it is soon done the
 * largest as well, and prints what time, memory and bytes all of them would take with so many
 * threads, each by its size between the two. Nothing of it is kept. n_threads  0 = as OpenMP
 * decides */
enum gb_status gb_estimate_print(const struct gb_sweep *sweep, int n_threads, struct gb_error *err);

#endif
