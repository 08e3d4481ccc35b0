/* What users expect energy to cost in a slot: what trades of the slot of the same time a day before
 * came to in the mean, if their entry node has that match stable and market.information tells
 * prices; otherwise what their own tariff says of that slot. */
#ifndef EXPERIMENTS_RUN_EXPECTED_PRICES_H
#define EXPERIMENTS_RUN_EXPECTED_PRICES_H

#include "experiments/run/gateway.h"
#include "experiments/run/knowledge.h"
#include "models/assets/controller.h"

struct gb_run_expected_prices { /* written by expected_prices.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_knowledge *knowledge;
    int64_t n_a_day;                /* slots that 24 h hold, rounded up */
    size_t n;                       /* room for so many slots */
    struct gb_run_price_made *made; /* the one of interval k at k mod n */
};

struct gb_run_heard_price {
    int64_t interval; /* of which it is expected */
    bool has_trades;  /* of the day before, known here; else the tariff counts */
    struct gb_price_expectation mean;
};

/* Both are borrowed for life; clear it in any case. */
enum gb_status gb_run_expected_prices_init(struct gb_run_expected_prices *prices,
                                           const struct gb_run_environment *env,
                                           const struct gb_run_knowledge *knowledge,
                                           struct gb_error *err);
void gb_run_expected_prices_clear(struct gb_run_expected_prices *prices);
/* The match of the interval is in the block of that height, which is stable somewhere. */
void gb_run_expected_prices_match(struct gb_run_expected_prices *prices, int64_t interval,
                                  const struct gb_interval_view *view, uint64_t height);
/* What one who buys from the grid, and sells to it, expects of the slot. */
struct gb_price_expectation gb_run_tariff_expectation(const struct gb_run_environment *env,
                                                      uint32_t meter, int64_t interval);
/* What a node knows now of the day before. */
struct gb_run_heard_price gb_run_hear_price(const struct gb_run_expected_prices *prices,
                                            int64_t interval, uint32_t node);
/* What that makes a user of the node expect. */
struct gb_price_expectation gb_run_expected_price(const struct gb_run_environment *env,
                                                  const struct gb_run_heard_price *heard,
                                                  uint32_t meter);

#endif
