/* The trades of an interval's match, and what has become of each: its signatures, what its meters
 * delivered of it, whether it is settled or void. */
#ifndef CHAIN_CONTRACTS_TRADES_PRIV_H
#define CHAIN_CONTRACTS_TRADES_PRIV_H

#include "chain/contracts/failure_priv.h"
#include "chain/contracts/interval_meters_priv.h"
#include "chain/contracts/interval_view.h"
#include "chain/wire/hash.h"
#include "models/market/mechanism.h"

/* Who has signed a trade: bits of a set. */
enum gb_trade_signer { GB_SIGNED_BY_SELLER = 1, GB_SIGNED_BY_BUYER = 2, GB_SIGNED_BY_OPERATOR = 4 };

struct gb_trade_table {
    size_t n; /* the arrays are NULL once they are gone */
    struct gb_trade *trades;
    void *block; /* of all arrays but the digests; but trades that were handed over stand apart */
    struct gb_energy *delivered; /* of each: what both meters allot to it, those not read yet
                                  * all of it; NULL under a firm rule */
    uint8_t *states;             /* enum gb_trade_state */
    uint8_t *signers;            /* set of enum gb_trade_signer */
    struct gb_hash *digests;     /* what the roles sign; NULL with hashing off */
    uint32_t *lists;             /* 2 n: indices of trades, meter by meter */
    size_t n_standing;   /* trades, the first, under the root; all but in some auctions where
                          * orders trade as they come */
    struct gb_hash root; /* Merkle root over those; zero with hashing off */
};

/* Frees what it holds; number and root remain. */
void gb_trades_release(struct gb_trade_table *table);
/* Takes over the trades of a match, all of them pending, and lists them by meter.
 * handed_over  they are in memory that becomes the table's, in any case; NULL: they are copied
 * n_standing   those that stand, the first
 * by_delivery  they execute as far as the meters show it
 * false: a failure is kept */
bool gb_trades_init(struct gb_trade_table *table, struct gb_meter_interval *meters, size_t n_meters,
                    const struct gb_match *match, struct gb_trade *handed_over, size_t n_standing,
                    bool by_delivery, struct gb_failure *failure);
/* Works out what the roles of each trade sign, and the root. */
void gb_trades_seal(struct gb_trade_table *table, const struct gb_hash *chain_id, int64_t interval,
                    struct gb_failure *failure);

/* Energy of a trade as it executes, once both its meters are read. */
static inline struct gb_energy gb_trades_executed(const struct gb_trade_table *table,
                                                  uint32_t trade)
{
    return table->delivered ? table->delivered[trade] : table->trades[trade].energy;
}
/* Trades of a meter.
 * list  out: their indices, ascending; untouched where there are none
 * returns how many */
static inline uint32_t gb_trades_of(const struct gb_trade_table *table,
                                    const struct gb_meter_interval *meters, uint32_t meter,
                                    const uint32_t **list)
{
    if (table->n == 0) /* perhaps before the match */
        return 0;
    *list = table->lists + meters[meter].first_trade;
    return meters[meter + 1].first_trade - meters[meter].first_trade;
}
static inline bool gb_trades_are_read(const struct gb_trade_table *table,
                                      const struct gb_meter_interval *meters, uint32_t trade)
{
    return meters[table->trades[trade].seller].has_reading &&
           meters[table->trades[trade].buyer].has_reading;
}
static inline uint32_t gb_trades_count_signers(const struct gb_trade_table *table, uint32_t trade)
{
    uint8_t signers = table->signers[trade];

    return (signers & 1u) + (signers >> 1 & 1u) + (signers >> 2 & 1u);
}

static inline void gb_trades_add_signer(struct gb_trade_table *table, uint32_t trade,
                                        enum gb_trade_signer signer)
{
    table->signers[trade] |= (uint8_t)signer;
}
static inline void gb_trades_set_state(struct gb_trade_table *table, uint32_t trade,
                                       enum gb_trade_state state)
{
    table->states[trade] = (uint8_t)state;
}
/* Allots what a meter that has been read delivered or took to its trades in their order, to each as
 * much as was contracted; nothing to do under a firm rule. All of a meter's trades are on one side:
 * none sells and buys in one interval. */
void gb_trades_allot(struct gb_trade_table *table, const struct gb_meter_interval *meters,
                     uint32_t meter);

#endif
