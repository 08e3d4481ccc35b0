/* What those outside may read of the contracts. Nothing here changes anything. */
#include "chain/contracts/contracts.h"
#include "chain/contracts/state_priv.h"

/* ---- intervals */

struct gb_interval_view gb_contracts_interval(const struct gb_contracts *contracts, int64_t number)
{
    const struct gb_interval *interval = gb_intervals_find_readable(&contracts->intervals, number);

    if (!interval)
        return (struct gb_interval_view){.phase = GB_INTERVAL_UNKNOWN};
    return (struct gb_interval_view){
        .phase = interval->phase,
        .close_height = interval->close_height,
        .close_position = interval->close_position,
        .round = interval->requotes.orders ? &interval->requotes.round : NULL,
        .n_orders = interval->book.orders ? interval->book.n_orders : 0,
        .orders = interval->book.orders,
        .positions = interval->book.positions,
        .withdrawn = interval->book.withdrawn,
        .unmatched = interval->book.unmatched,
        .cut = interval->book.cut,
        .n_trades = interval->trades.trades ? interval->trades.n : 0,
        .trades = interval->trades.trades,
        .n_standing = interval->trades.n_standing,
        .trade_states = interval->trades.states,
        .digests = interval->trades.digests,
        .match_root = interval->trades.root};
}

const struct gb_trade *gb_contracts_trades(const struct gb_contracts *contracts, int64_t number,
                                           size_t *n)
{
    const struct gb_interval *interval = gb_intervals_find_readable(&contracts->intervals, number);

    *n = interval && interval->trades.trades ? interval->trades.n : 0;
    return interval ? interval->trades.trades : NULL;
}

const struct gb_execution *gb_contracts_executions(const struct gb_contracts *contracts,
                                                   int64_t number, size_t *n)
{
    const struct gb_interval *interval = gb_intervals_find_readable(&contracts->intervals, number);

    *n = interval && interval->executions.items ? interval->executions.n : 0;
    return interval ? interval->executions.items : NULL;
}

struct gb_hash gb_contracts_root_until(const struct gb_contracts *contracts, int64_t number,
                                       uint64_t height)
{
    const struct gb_interval *interval = gb_intervals_find_readable(&contracts->intervals, number);
    const struct gb_executions none = {0};
    const struct gb_executions *executions = interval ? &interval->executions : &none;

    if (!contracts->event_log.is_hashed)
        return (struct gb_hash){{0}};
    return gb_executions_root(executions, number, gb_executions_until(executions, height));
}

size_t gb_contracts_meter_trades(const struct gb_contracts *contracts, int64_t number,
                                 uint32_t meter, const uint32_t **trades)
{
    const struct gb_interval *interval = gb_intervals_find_readable(&contracts->intervals, number);

    if (!interval || !interval->trades.trades || meter >= contracts->n_users)
        return 0;
    return gb_trades_of(&interval->trades, interval->meters, meter, trades);
}

size_t gb_contracts_standing_trades(const struct gb_contracts *contracts, int64_t number,
                                    uint32_t meter, const uint32_t **trades)
{
    const struct gb_interval *interval = gb_intervals_find_readable(&contracts->intervals, number);

    if (!interval || !interval->trades.trades || meter >= contracts->n_users)
        return 0;
    size_t n = gb_trades_of(&interval->trades, interval->meters, meter, trades);
    while (n > 0 && (*trades)[n - 1] >= interval->trades.n_standing)
        n--;
    return n;
}

/* ---- users */

int64_t gb_contracts_energy_limit_wh(const struct gb_contracts *contracts)
{
    return contracts->energy_limit_wh;
}

int64_t gb_contracts_last_reading(const struct gb_contracts *contracts, uint32_t meter)
{
    return contracts->registers.meters[meter].last_interval;
}

struct gb_registers gb_contracts_registers(const struct gb_contracts *contracts, uint32_t meter)
{
    return contracts->registers.meters[meter].registers;
}

struct gb_money gb_contracts_balance(const struct gb_contracts *contracts, uint32_t meter)
{
    return (struct gb_money){contracts->accounts.users[meter].balance};
}

struct gb_money gb_contracts_escrow(const struct gb_contracts *contracts, uint32_t meter)
{
    return (struct gb_money){contracts->accounts.users[meter].escrow};
}

struct gb_money gb_contracts_grid_account(const struct gb_contracts *contracts, uint32_t meter)
{
    return (struct gb_money){contracts->accounts.users[meter].grid};
}

struct gb_money gb_contracts_operator(const struct gb_contracts *contracts)
{
    return (struct gb_money){contracts->accounts.operator_units};
}

/* ---- what the last block emitted */

const struct gb_events *gb_contracts_events(const struct gb_contracts *contracts)
{
    return &contracts->event_log.events;
}

size_t gb_contracts_receipts(const struct gb_contracts *contracts, const uint8_t **receipts)
{
    *receipts = contracts->event_log.receipts;
    return contracts->event_log.n_receipts;
}

size_t gb_contracts_leaves(const struct gb_contracts *contracts, const struct gb_leaf **leaves)
{
    *leaves = contracts->event_log.leaves;
    return contracts->event_log.n_leaves;
}
