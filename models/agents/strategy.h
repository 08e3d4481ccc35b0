/* Bidding strategies: how an agent turns its reserve into a quote. A strategy is a member of a
 * family (base/registry.h; strategies.def lists them) and works on batches over contiguous state:
 * all agents that quote in a slot at once, all records of a block at once. It sees what its entry
 * node has committed, never a running model. */
#ifndef MODELS_AGENTS_STRATEGY_H
#define MODELS_AGENTS_STRATEGY_H

#include <stddef.h>
#include <stdint.h>

#include "base/param.h"
#include "base/random.h"
#include "base/registry.h"
#include "models/market/order.h"
#include "models/market/tariff.h"
#include "models/market/trade.h"

/* Traits drawn once a replication, one array element a meter (rules, section 6; D = retail -
 * feed_in). */
struct gb_traits {
    size_t n;
    struct gb_price *reserve_sell; /* feed_in + D U[.10, .50] */
    struct gb_price *reserve_buy;  /* retail - D U[.03, .22] */
    struct gb_price *shade_sell;   /* D U[.14, .25]: added to the reserve by paper_beta */
    struct gb_price *shade_buy;    /* D U[.14, .25]: taken from it */
    int32_t *beta_millionths;      /* own re-quote factor, or GB_BETA_OF_MARKET */
    uint8_t *preferred_source;     /* enum gb_source a buyer asks for */
};

/* One batch of quotes: element i is an order of meter[i] on side[i]. */
struct gb_quote_batch {
    int64_t interval;
    size_t n;
    const uint32_t *meter;
    const uint8_t *side;
    const uint8_t *part;     /* which order of the meter in this slot, from 0 */
    struct gb_tariff tariff; /* the price band */
    struct gb_key key;       /* GB_PURPOSE_QUOTE: draws at (meter, part, slot, draw) */
};

/* What a node learned from one block, under market.information = trades. */
struct gb_market_news {
    int64_t interval;
    size_t n_trades;
    const struct gb_trade *trades; /* borrowed for the call */
};

struct gb_strategy {
    struct gb_member member; /* state_size: bytes a meter; 0 when it learns nothing */
    void (*init)(const void *config, const struct gb_traits *traits, void *state, size_t n);
    void (*quote)(const void *config, const void *state, const struct gb_traits *traits,
                  const struct gb_quote_batch *batch, struct gb_price *quote_out,
                  int32_t *beta_out);
    /* for strategies that learn: none of the list does, and no run calls it */
    void (*observe)(const void *config, const struct gb_traits *traits, void *state, size_t n,
                    const struct gb_market_news *news); /* NULL when it learns nothing */
};

extern const struct gb_family gb_strategy_family;

#endif
