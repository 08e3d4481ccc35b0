/* What must hold at the end of every run, to the last unit of money and the last Wh; a run that
 * breaks one of these is a failed run, not a result. */
#ifndef EXPERIMENTS_RUN_INVARIANTS_H
#define EXPERIMENTS_RUN_INVARIANTS_H

#include "experiments/run/summary.h"

/* sum: what the run was summarised as. GB_EBROKEN names the one that does not hold;
 * GB_ECONFIG a meter that moved further than the ledger can bill. */
enum gb_status gb_run_check_invariants(const struct gb_run_view *run,
                                       const struct gb_summary_row *sum, struct gb_error *err);

#endif
