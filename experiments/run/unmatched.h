/* Accepted orders that nothing traded with, and why: no reserve of the other side suited theirs,
 * all whose reserve did had traded what they had, or one was left whose quote theirs never met; or
 * they were cut whole by the market's limits. */
#ifndef EXPERIMENTS_RUN_UNMATCHED_H
#define EXPERIMENTS_RUN_UNMATCHED_H

#include "analysis/rows.h"
#include "chain/contracts/interval_view.h"

struct gb_run_unmatched { /* orders of a slot; every one of n has one of the four causes */
    int64_t n, n_reserve, n_taken, n_never_met, n_cut;
    int64_t cut_wh; /* of all orders */
};

/* Of the orders that stand in a matched slot's book: as they were amended, without those that were
 * taken back. Where there is a book a source, only orders of one book suit each other.
 * view  with `unmatched` */
struct gb_run_unmatched gb_run_unmatched_count(const struct gb_market_rules *rules,
                                               const struct gb_interval_view *view);
/* Adds them to those of a run. */
void gb_run_unmatched_add(struct gb_summary_row *sum, const struct gb_run_unmatched *unmatched);

#endif
