#include "chain/contracts/trades_priv.h"

#include <stdlib.h>

#include "chain/contracts/leaf.h"
#include "chain/wire/transaction.h"

void gb_trades_release(struct gb_trade_table *table)
{
    free(table->trades); /* and what stands behind them */
    free(table->digests);
    *table = (struct gb_trade_table){
        .n = table->n, .n_standing = table->n_standing, .root = table->root};
}

/* One block for all but the digests. */
static bool reserve(struct gb_trade_table *table, size_t n, bool by_delivery,
                    struct gb_failure *failure)
{
    size_t capacity = n ? n : 1;
    size_t a_trade = sizeof *table->trades + sizeof *table->delivered + 2 * sizeof *table->lists +
                     sizeof *table->states + sizeof *table->signers;

    table->trades = gb_failure_resized(failure, NULL, capacity, a_trade);
    if (!table->trades)
        return false;
    struct gb_energy *delivered = (struct gb_energy *)(table->trades + capacity);
    table->delivered = by_delivery ? delivered : NULL;
    table->lists = (uint32_t *)(delivered + capacity);
    table->states = (uint8_t *)(table->lists + 2 * capacity);
    table->signers = table->states + capacity;
    return true;
}

bool gb_trades_init(struct gb_trade_table *table, struct gb_meter_interval *meters, size_t n_meters,
                    const struct gb_match *match, size_t n_standing, bool by_delivery,
                    struct gb_failure *failure)
{
    if (!reserve(table, match->n_trades, by_delivery, failure))
        return false;
    for (size_t i = 0; i < match->n_trades; i++) {
        table->trades[i] = match->trades[i];
        if (table->delivered)
            table->delivered[i] = match->trades[i].energy;
        table->states[i] = GB_TRADE_PENDING;
        table->signers[i] = 0;
    }
    table->n = match->n_trades;
    table->n_standing = n_standing;
    gb_interval_meters_list_trades(meters, n_meters, table->trades, table->n, table->lists);
    return true;
}

void gb_trades_seal(struct gb_trade_table *table, const struct gb_hash *chain_id, int64_t interval,
                    struct gb_failure *failure)
{
    struct gb_merkle tree;

    table->digests = gb_failure_resized(failure, table->digests, table->n ? table->n : 1,
                                        sizeof *table->digests);
    if (!gb_failure_is_none(failure))
        return;
    gb_merkle_init(&tree);
    for (size_t i = 0; i < table->n; i++) {
        const struct gb_trade *trade = &table->trades[i];
        struct gb_hash leaf = gb_match_leaf(interval, (uint32_t)i, trade);
        if (i < table->n_standing)
            gb_merkle_add(&tree, &leaf);
        table->digests[i] = gb_settlement_digest(chain_id, interval, (uint32_t)i, trade->energy,
                                                 trade->price_buy, trade->price_sell);
    }
    table->root = gb_merkle_end(&tree);
}

void gb_trades_allot(struct gb_trade_table *table, const struct gb_meter_interval *meters,
                     uint32_t meter)
{
    const uint32_t *list;
    uint32_t n = table->delivered ? gb_trades_of(table, meters, meter, &list) : 0;

    if (n == 0)
        return;
    bool sells = table->trades[list[0]].seller == meter;
    int64_t left = sells ? -meters[meter].metered_wh : meters[meter].metered_wh;
    for (uint32_t i = 0; i < n; i++) {
        int64_t contracted = table->trades[list[i]].energy.wh;
        int64_t allotted = left < 0 ? 0 : left < contracted ? left : contracted;
        int64_t *delivered = &table->delivered[list[i]].wh;
        *delivered = allotted < *delivered ? allotted : *delivered;
        left -= allotted;
    }
}
