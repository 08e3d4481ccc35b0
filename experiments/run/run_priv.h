/* The run itself: it owns the modules and wires them; what each of them does is in its header.
 * Apart from run.c only tests/test_guards.c sees it, which breaks on purpose what the invariants
 * guard.
 *
 *   environment.h      what every module reads: scenario, calendar, events, the first failure
 *   schedule.h         the phases of each interval
 *   intervals.h        the table of live intervals
 *   gateway.h          the way to the chain
 *   knowledge.h        which node has which height
 *   assets.h           nature and storage; what meters show
 *   contracted.h       what was traded, as storage knows it before a slot
 *   expected_prices.h  what users expect energy to cost
 *   bidding.h          agents forecast, plan, quote, order
 *   order_batch.h      orders decided together, filed and sent as messages
 *   sent_orders.h      orders that were sent, and their receipts
 *   ledger_book.h      where orders trade as they come, what the blocks leave of each
 *   market_news.h      what of it is heard at each node
 *   round_news.h       where users quote anew, what a first round leaves
 *   match_news.h       what is heard of a match at the gate
 *   outcomes.h         what a match has left of everybody's orders
 *   learners.h         who learns from what is heard
 *   requotes.h         concessions of agents who hear it
 *   wishes.h           their questions to a strategy, in batches
 *   agents.h           traits, strategy, what it has learnt
 *   metering.h         delivery, readings, registers
 *   approvals.h        signatures under settlements
 *   market_operator.h  close, open, settle, finalize
 *   outbox.h           messages into transactions, their nonces and signatures
 *   scheduled_sends.h  when they leave, and together with which
 *   resubmission.h     what was refused for when it came
 *   livelock.h         whether what is sent again ever gets through
 *   causes.h           why an order was late, why a slot was missed
 *   accounts.h         money and energy per user and interval
 *   users.h            what each user's come to
 *   kpis.h             counts, tallies, rows of slots and blocks
 *   meter_rows.h       rows of /meters
 *   observer.h         what the chain reports, and to whom
 *   summary.h          what it all adds up to
 *   invariants.h       what must hold then */
#ifndef EXPERIMENTS_RUN_RUN_PRIV_H
#define EXPERIMENTS_RUN_RUN_PRIV_H

#include "experiments/run/bidding.h"
#include "experiments/run/contracted.h"
#include "experiments/run/expected_prices.h"
#include "experiments/run/invariants.h"
#include "experiments/run/observer.h"
#include "experiments/run/requotes.h"
#include "experiments/run/run.h"
#include "experiments/run/schedule.h"

struct gb_run {
    const struct gb_run_options *options;
    const struct gb_row_sink *sink;
    struct gb_error error; /* the first failure of an event; ends the run */
    struct gb_run_environment env;
    uint32_t *draw_owners;  /* of the environment; NULL: meters have their numbers */
    uint32_t *tariff_kinds; /* likewise; NULL: all of the first */
    int64_t n_begun;        /* slots before the one that has started last */
    struct gb_run_schedule schedule;
    struct gb_run_intervals intervals;
    struct gb_run_gateway *gateway;
    struct gb_run_knowledge knowledge;
    struct gb_run_assets *assets;
    struct gb_run_contracted contracted;
    struct gb_run_expected_prices expected_prices;
    struct gb_run_outbox *outbox;
    struct gb_run_kpis kpis;
    struct gb_run_meter_rows meter_rows;
    struct gb_run_sent_orders sent_orders;
    struct gb_run_causes causes;
    struct gb_run_livelock livelock;
    struct gb_run_accounts accounts;
    struct gb_run_agents agents;
    struct gb_run_bidding bidding;
    struct gb_run_metering metering;
    struct gb_run_operator operator_;
    struct gb_run_resubmission resubmission;
    struct gb_run_ledger_book ledger_book;
    struct gb_run_learners learners;
    struct gb_run_outcomes outcomes;
    struct gb_run_match_news match_news;
    struct gb_run_market_news market_news;
    struct gb_run_round_news round_news;
    struct gb_run_requotes requotes;
    struct gb_run_observer observer;
    struct gb_summary_row summary;
};

/* *out is set in any case and freed by the caller; the others are borrowed for its life. */
enum gb_status gb_run_create(struct gb_run **out, const struct gb_scenario *scenario,
                             const struct gb_run_options *options, const struct gb_row_sink *sink,
                             struct gb_error *err);
/* Runs every event, closes every account and fills in the summary. */
enum gb_status gb_run_play(struct gb_run *run, struct gb_error *err);
/* What the invariants look at. */
struct gb_run_view gb_run_view_of(const struct gb_run *run);
void gb_run_free(struct gb_run *run);

#endif
