/* The market's arm beside the grid-only one, pair by pair, as the sums that their intervals need:
 * pairs are not kept, so that as many comparisons as there are users go through the trials
 * together. Pairs pass twice, in the same order: a ratio's residuals need what it came to. */
#ifndef ANALYSIS_COMPARISON_H
#define ANALYSIS_COMPARISON_H

#include "analysis/statistics.h"
#include "sim/tally.h"

/* Below this share of the flows it is the balance of, a bill that does not vary over trials, or
 * that one trial has, gives no percentage. */
#define GB_MIN_FRACTION_OF_FLOWS 0.05

struct gb_comparison {
    struct gb_confidence_interval market, grid_only;
    struct gb_confidence_interval difference; /* market minus grid_only, paired */
    struct gb_confidence_interval change_pct; /* 100 difference / |grid_only|, a ratio of sums */
};

/* 100 sum x / |sum y|, in %. A sum below the line that is little beside the flows it balances gives
 * no percentage; where its own scatter over trials can tell, Fieller's interval judges that.
 * flows  sum over the pairs of what flowed both ways, of which y is the balance */
struct gb_confidence_interval gb_percentage(const struct gb_ratio_sums *sums, double flows);

struct gb_comparison_sums {
    size_t n; /* pairs of the first pass */
    struct gb_tally market, grid_only, difference;
    struct gb_ratio_sums change;
    double flows;
};

void gb_comparison_init(struct gb_comparison_sums *sums);
/* gross  what flowed both ways in the grid-only arm */
void gb_comparison_add(struct gb_comparison_sums *sums, double market, double grid_only,
                       double gross);
/* Between the passes: to the sums of the pairs with both signs turned, as of who earns instead of
 * paying. The second pass then takes them so. */
void gb_comparison_negate(struct gb_comparison_sums *sums);
void gb_comparison_add_residual(struct gb_comparison_sums *sums, double market, double grid_only);
struct gb_comparison gb_comparison_of(const struct gb_comparison_sums *sums);

#endif
