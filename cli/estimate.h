/* What a sweep would cost, told from pilot trials. */
#ifndef CLI_ESTIMATE_H
#define CLI_ESTIMATE_H

#include <stdint.h>

#include "base/status.h"
#include "experiments/sweep/sweep.h"

/* Runs trials of a few cells, from the smallest by meters, slots and validators to the largest that
 * is soon done, each with its physics to compute and with physics that another trial left, as in
 * the sweep; prints what time, memory and bytes all trials would take with so many threads, each
 * by its size between the pilots next to it. Nothing of it is kept.
 * n_first    replications of the first of two stages, told apart; 0: there is one stage
 * n_threads  0 = as OpenMP decides */
enum gb_status gb_estimate_print(const struct gb_sweep *sweep, uint64_t n_first, int n_threads,
                                 struct gb_error *err);

#endif
