#include "chain/contracts/trades_priv.h"

#include <stdlib.h>
#include <string.h>

#include "chain/contracts/leaf.h"
#include "chain/wire/transaction.h"

static bool are_apart(const struct gb_trade_table *table)
{
    return (void *)table->trades != table->block;
}

void gb_trades_release(struct gb_trade_table *table)
{
    if (are_apart(table))
        free(table->trades);
    free(table->block);
    free(table->digests);
    *table = (struct gb_trade_table){
        .n = table->n, .n_standing = table->n_standing, .root = table->root};
}

/* One block for all but the digests, and the trades where they were handed over. */
static bool reserve(struct gb_trade_table *table, size_t n, bool by_delivery,
                    struct gb_failure *failure)
{
    size_t capacity = n ? n : 1;
    size_t n_in_block = table->trades ? 0 : capacity, n_delivered = by_delivery ? capacity : 0;
    size_t size =
        n_in_block * sizeof *table->trades + n_delivered * sizeof *table->delivered +
        capacity * (2 * sizeof *table->lists + sizeof *table->states + sizeof *table->signers);
    struct gb_trade *block = gb_failure_resized(failure, NULL, size, 1);

    if (!block)
        return false;
    struct gb_energy *delivered = (struct gb_energy *)(block + n_in_block);
    table->block = block;
    table->trades = table->trades ? table->trades : block;
    table->delivered = by_delivery ? delivered : NULL;
    table->lists = (uint32_t *)(delivered + n_delivered);
    table->states = (uint8_t *)(table->lists + 2 * capacity);
    table->signers = table->states + capacity;
    return true;
}

bool gb_trades_init(struct gb_trade_table *table, struct gb_meter_interval *meters, size_t n_meters,
                    const struct gb_match *match, struct gb_trade *handed_over, size_t n_standing,
                    bool by_delivery, struct gb_failure *failure)
{
    table->trades = handed_over;
    if (!reserve(table, match->n_trades, by_delivery, failure))
        return false;
    if (!handed_over && match->n_trades > 0)
        memcpy(table->trades, match->trades, match->n_trades * sizeof *table->trades);
    for (size_t i = 0; i < match->n_trades; i++) {
        if (table->delivered)
            table->delivered[i] = table->trades[i].energy;
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
