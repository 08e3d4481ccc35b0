/* An interval as those outside the contracts see it. */
#ifndef CHAIN_CONTRACTS_INTERVAL_VIEW_H
#define CHAIN_CONTRACTS_INTERVAL_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include "chain/contracts/event.h"
#include "chain/wire/hash.h"
#include "models/market/mechanism.h"
#include "models/market/order.h"
#include "models/market/trade.h"

/* The state of an interval. */
enum gb_interval_phase {
    GB_INTERVAL_UNKNOWN,    /* nothing of it yet, or forgotten */
    GB_INTERVAL_OPEN,       /* orders are taken */
    GB_INTERVAL_MATCHED,    /* closed, match computed */
    GB_INTERVAL_DELIVERING, /* open(k) executed with a match */
    GB_INTERVAL_MISSED,
    GB_INTERVAL_FINAL /* finalized */
};
enum gb_trade_state { GB_TRADE_PENDING, GB_TRADE_SETTLED, GB_TRADE_VOID };
/* A trade of an auction in which orders trade as they come, with both quotes as they met. */
struct gb_execution {
    struct gb_trade trade;
    struct gb_price ask, bid;
    uint64_t height; /* of the block */
};
struct gb_interval_view { /* borrowed until the next block begins, see gb_contracts_acknowledge */
    enum gb_interval_phase phase;
    uint64_t close_height; /* H of the valid close */
    struct gb_position close_position;
    const struct gb_round *round; /* where users quote anew: the first one, until the block after
                                   * the match; else NULL */
    /* accepted orders, in the ledger's order; none once matched, or missed */
    size_t n_orders;
    const struct gb_order *orders;
    const struct gb_position *positions;
    const uint8_t *withdrawn;          /* per order: was it cancelled or amended? */
    const struct gb_energy *unmatched; /* per order; NULL before the match */
    const struct gb_energy *cut;       /* per order: so much of that was cut before the match by the
                                        * market's limits; NULL: nothing was */
    size_t n_trades;                   /* none before the match, and once the interval is done */
    const struct gb_trade *trades;
    size_t n_standing;             /* of them, the first, under the root; the others are void */
    const uint8_t *trade_states;   /* enum gb_trade_state */
    const struct gb_hash *digests; /* gb_settlement_digest per trade; NULL with hashing off */
    struct gb_hash match_root;     /* Merkle root over those that stand (GB_DOMAIN_TRADE leaves) */
};

#endif
