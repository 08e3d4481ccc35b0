/* What the chain reports, handed to whom it concerns. Blocks are reported twice: once when they are
 * first stable anywhere, which settles what is true (receipts, trades, money), and at every node,
 * which decides what its users and the operator know and may act on. An interval is closed here
 * once all of it is billed and answered. */
#ifndef EXPERIMENTS_RUN_OBSERVER_H
#define EXPERIMENTS_RUN_OBSERVER_H

#include "analysis/row_sink.h"
#include "experiments/run/accounts.h"
#include "experiments/run/agents.h"
#include "experiments/run/causes.h"
#include "experiments/run/ledger_book.h"
#include "experiments/run/livelock.h"
#include "experiments/run/market_news.h"
#include "experiments/run/market_operator.h"
#include "experiments/run/match_news.h"
#include "experiments/run/metering.h"
#include "experiments/run/outcomes.h"
#include "experiments/run/requotes.h"
#include "experiments/run/resubmission.h"
#include "experiments/run/sent_orders.h"

struct gb_run_observer { /* set once, by run.c, but for the last; all borrowed */
    const struct gb_run_environment *env;
    const struct gb_row_sink *sink;
    struct gb_run_gateway *gateway;
    struct gb_run_knowledge *knowledge;
    struct gb_run_intervals *intervals;
    struct gb_run_assets *assets;
    struct gb_run_contracted *contracted;
    struct gb_run_expected_prices *expected_prices;
    struct gb_run_kpis *kpis;
    struct gb_run_meter_rows *meter_rows;
    struct gb_run_sent_orders *sent_orders;
    struct gb_run_causes *causes;
    struct gb_run_livelock *livelock;
    struct gb_run_accounts *accounts;
    const struct gb_run_agents *agents;
    struct gb_run_metering *metering;
    struct gb_run_operator *operator_;
    struct gb_run_resubmission *resubmission;
    struct gb_run_outcomes *outcomes;
    struct gb_run_match_news *match_news;   /* where they do not trade as they come */
    struct gb_run_ledger_book *ledger_book; /* the last three: where orders trade as they come */
    struct gb_run_market_news *market_news;
    struct gb_run_round_news *round_news; /* where users quote anew */
    struct gb_run_requotes *requotes;     /* in either case */
    /* The block first reported last, where all that it changed concerns its senders alone; 0: the
     * last was not such a one. */
    uint64_t private_height;
};

/* How a chain calls it. */
struct gb_chain_observer gb_run_observer_of_chain(struct gb_run_observer *observer);
/* Users of the node approve what they owe, and the operator settles, if it is its node. */
void gb_run_act_on_knowledge(const struct gb_run_observer *observer, uint32_t node);
/* A new interval has a place with every module. returns GB_NO_PLACE after a failure */
size_t gb_run_open_interval(const struct gb_run_observer *observer, int64_t interval);
/* Intervals some of whose bills never came as such (a reading that was lost) close at the end. */
void gb_run_close_remaining(const struct gb_run_observer *observer);

#endif
