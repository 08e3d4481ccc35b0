/* Key figures as they grow: counts, tallies and histograms of a trial, and the row of each slot.
 * What the end of a run makes of them is summary.c's. */
#ifndef EXPERIMENTS_RUN_KPIS_H
#define EXPERIMENTS_RUN_KPIS_H

#include "analysis/row_sink.h"
#include "chain/node/chain.h"
#include "experiments/run/environment.h"
#include "experiments/run/intervals.h"
#include "experiments/run/metered.h"
#include "experiments/run/slot_prices.h"
#include "experiments/run/unmatched.h"
#include "models/assets/meter.h"
#include "models/market/trade.h"
#include "models/market/welfare.h"
#include "sim/histogram.h"
#include "sim/tally.h"

/* The sums of the slots that are counted, or of those of the warm-up. */
struct gb_run_sums {
    /* The sums of the summary that can be counted as they come; its other columns are 0 here. */
    struct gb_summary_row counts;
    struct gb_histogram *prices;           /* of trades in ticks, weighted by Wh */
    struct gb_histogram *latencies;        /* of orders in ns, sent to stable at the entry node */
    struct gb_weighted_tally price;        /* of trades in ticks, weighted by Wh */
    double surplus;                        /* of settled trades, on reserves */
    double buyers_surplus;                 /* the buyers' part of it */
    double surplus_max;                    /* of accepted orders, on reserves */
    double surplus_max_sent;               /* of all orders sent */
    double extramarginal;                  /* lost to it by trades beyond the equilibrium price */
    double off_equilibrium;                /* sum of Wh (price - equilibrium price)^2, ticks^2 Wh */
    double at_equilibrium;                 /* sum of Wh times equilibrium price */
    double ramp, baseline_ramp;            /* sums of changes of the community's net, Wh */
    int64_t last_net_wh, last_baseline_wh; /* of the slot before */
    int64_t n_delivered, n_baseline;       /* slots so far */
    int64_t matched_wh;      /* sum over slots of what trades moved and meters confirm */
    int64_t first_choice_wh; /* of a named source, served by it */
    int64_t ceiling_cost;    /* the least that its members can pay, market run's nets */
    int64_t operator_units;  /* what the operator keeps of trades, and fees */
    int64_t spread_units;    /* of that, what buyers paid and sellers did not get */
};

/* What the accepted orders of an interval come to. */
struct gb_run_book {
    double equilibrium; /* ticks; NaN without one */
    int64_t surplus;    /* the most that they could give, money units */
    size_t n;
};

struct gb_run_kpis { /* written by kpis.c, and of messages by kpis_messages.c */
    const struct gb_run_environment *env;
    const struct gb_row_sink *sink;
    struct gb_run_sums counted, warm_up;
    bool has_begun;                  /* counting: from the first event on, where nothing warms up */
    struct gb_chain_totals before;   /* of the chain, when the first counted slot opened */
    struct gb_run_book *books;       /* per place */
    size_t n_books;                  /* places in it */
    struct gb_valuation *valuations; /* scratch */
    size_t valuations_capacity;
    size_t n_beyond_reserve;         /* orders, in the warm-up as well */
    int64_t last_sealed_ns;          /* of the block before; INT64_MIN: none yet */
    struct gb_tally block_intervals; /* ms */
    struct gb_slot_row *rows;        /* per place; of the warm-up where their number is negative */
    size_t n_places;
};

/* Both are borrowed for life; clear it in any case. */
enum gb_status gb_run_kpis_init(struct gb_run_kpis *kpis, const struct gb_run_environment *env,
                                const struct gb_row_sink *sink, struct gb_error *err);
void gb_run_kpis_clear(struct gb_run_kpis *kpis);
/* Counting begins: the first slot behind the warm-up opens.
 * before  what the chain has done so far */
void gb_run_kpis_begin(struct gb_run_kpis *kpis, struct gb_chain_totals before);
void gb_run_kpis_open(struct gb_run_kpis *kpis, size_t place, int64_t interval);

/* ---- orders */
void gb_run_kpis_sent(struct gb_run_kpis *kpis, size_t place, size_t n_orders);
/* Fees leave no price within its own tariff that the agent of an order gains by. */
void gb_run_kpis_priced_out(struct gb_run_kpis *kpis, size_t place);
/* So many orders were quoted beyond their agents' reserves, as some strategies do. */
void gb_run_kpis_beyond_reserve(struct gb_run_kpis *kpis, size_t n);
/* One was not sent, for its meter could not pay for it. */
void gb_run_kpis_unfunded(struct gb_run_kpis *kpis, size_t place);
/* Its block is stable: accepted, late by this cause, or (GB_LATE_NOT) refused for good.
 * was_accepted: it was, and came too late for the close after all. */
void gb_run_kpis_receipt(struct gb_run_kpis *kpis, size_t place, bool was_accepted,
                         enum gb_receipt receipt, enum gb_late_cause late_cause);
void gb_run_kpis_late(struct gb_run_kpis *kpis, size_t place, enum gb_late_cause cause);
/* The same of amendments. */
void gb_run_kpis_amendment_sent(struct gb_run_kpis *kpis, size_t place, bool is_cancel);
void gb_run_kpis_amended(struct gb_run_kpis *kpis, size_t place, bool was_accepted,
                         enum gb_receipt receipt, enum gb_late_cause late_cause);
void gb_run_kpis_amendment_late(struct gb_run_kpis *kpis, size_t place, enum gb_late_cause cause);
/* An agent could have amended an order, and did not for this reason, if for any. */
enum gb_run_passed {
    GB_RUN_NOT_PASSED,
    GB_RUN_PASSED_UNANSWERED,
    GB_RUN_PASSED_NO_ANCHOR,
    GB_RUN_PASSED_NO_STEP,
    GB_RUN_PASSED_FEE,
    GB_RUN_PASSED_OWN_GATE
};
void gb_run_kpis_wake_up(struct gb_run_kpis *kpis, size_t place, enum gb_run_passed passed);
/* All orders sent for an interval, whatever became of them.
 * are_accepted  every one of them was, and none was changed or taken back since */
void gb_run_kpis_sent_welfare(struct gb_run_kpis *kpis, size_t place, int64_t interval,
                              const struct gb_valuation *orders, size_t n, bool are_accepted);
/* So many orders had their answer after so long. */
void gb_run_kpis_latency(struct gb_run_kpis *kpis, size_t place, int64_t latency_ns, size_t n);
/* What accepted orders offer and ask, and the most surplus they could give, on both value bases:
 * reserves, and the utility as outside option, where every kWh that can be traded gains the same.
 */
void gb_run_kpis_book(struct gb_run_kpis *kpis, size_t place, const struct gb_interval_view *view);
/* A message was refused for when it came, and is signed again. */
void gb_run_kpis_resubmitted(struct gb_run_kpis *kpis, const struct gb_contract_event *event);

/* ---- trades and bills */
void gb_run_kpis_matched(struct gb_run_kpis *kpis, size_t place, size_t n_trades);
struct gb_run_reserves { /* of a trade's two orders, ticks */
    int64_t buyer, seller;
};
/* Its energy is what was executed. */
void gb_run_kpis_settled(struct gb_run_kpis *kpis, size_t place, const struct gb_trade *trade,
                         const struct gb_run_reserves *reserves, bool is_first_choice);
/* Grid bills of an interval, as they stand on the ledger: what meters pay, and what they get. */
void gb_run_kpis_billed(struct gb_run_kpis *kpis, size_t place, int64_t revenue, int64_t purchases);
/* by_consensus: it was in a block above the height of the open */
void gb_run_kpis_voided(struct gb_run_kpis *kpis, size_t place, bool by_consensus);
/* The bill of a slot of which no reading came in time. */
void gb_run_kpis_gap(struct gb_run_kpis *kpis, size_t place, int64_t units);

/* ---- slots and blocks */
/* The slot in the baseline, before it is delivered in the market's run. */
void gb_run_kpis_baseline(struct gb_run_kpis *kpis, size_t place,
                          const struct gb_run_metered *metered,
                          const struct gb_community_flow *community);
/* The metered slot, summed over the community.
 * net_wh  of each meter */
void gb_run_kpis_delivered(struct gb_run_kpis *kpis, size_t place, int64_t interval,
                           const struct gb_run_metered *metered,
                           const struct gb_community_flow *community, const int64_t *net_wh,
                           int64_t stored_wh);

struct gb_run_closing { /* what an interval came to; money in 1e-9 currency */
    bool is_delivered;  /* under a match */
    uint8_t missed_cause;
    int64_t cost, cost_grid_only;
    /* by roles in the baseline */
    int64_t buyers_cost, buyers_cost_grid_only, sellers_revenue, sellers_revenue_grid_only;
    int64_t zero_cost, zero_cost_grid_only;
    int64_t paid;        /* by buyers in settled trades */
    int64_t fees;        /* of messages */
    int64_t matched_wh;  /* what settled trades moved and meters confirm */
    int64_t baseline_wh; /* net of the community in the baseline */
    int64_t baseline_deficit_wh, baseline_surplus_wh; /* of its meters */
    struct gb_slot_prices prices;
    struct gb_run_unmatched unmatched; /* counted where the slot is delivered */
};
void gb_run_kpis_close(struct gb_run_kpis *kpis, size_t place,
                       const struct gb_run_closing *closing);
/* A block is stable everywhere. */
void gb_run_kpis_block(struct gb_run_kpis *kpis, const struct gb_block_statistics *block);

#endif
