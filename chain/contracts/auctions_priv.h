/* The market's mechanism at work: a state of it for each interval whose auction has begun and is
 * not over, and one to spare, so that no slot begins with an allocation. */
#ifndef CHAIN_CONTRACTS_AUCTIONS_PRIV_H
#define CHAIN_CONTRACTS_AUCTIONS_PRIV_H

#include "chain/contracts/failure_priv.h"
#include "models/market/mechanism.h"
#include "models/market/tariffs.h"

struct gb_auctions { /* written by auctions.c alone */
    const struct gb_market_rules *rules;
    const struct gb_tariffs *tariffs; /* NULL: that of the rules holds always */
    void *spare;                      /* NULL while it is in use */
    size_t n, capacity;
    struct gb_auction {
        int64_t interval;
        void *state;
    } * live;
};

/* rules, tariffs: borrowed for life. GB_ECONFIG when the mechanism cannot go by them; clear it in
 * any case.
 */
enum gb_status gb_auctions_init(struct gb_auctions *auctions, const struct gb_market_rules *rules,
                                const struct gb_tariffs *tariffs, struct gb_error *err);
void gb_auctions_clear(struct gb_auctions *auctions);
/* The mechanism's state of an interval, begun if there was none; NULL: a failure is kept. */
void *gb_auctions_need(struct gb_auctions *auctions, struct gb_failure *failure, int64_t interval);
/* NULL where none has begun, or it is over. */
void *gb_auctions_find(const struct gb_auctions *auctions, int64_t interval);
/* Its outcome has been read. */
void gb_auctions_end(struct gb_auctions *auctions, int64_t interval);

#endif
