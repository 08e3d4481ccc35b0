/* The check of the books: recounts money, escrow and energy of all accounts from the ground, though
 * every one of them is kept by a rule that leaves the sums as they are. */
#include "chain/contracts/contracts.h"

#include <inttypes.h>
#include <stdlib.h>

#include "chain/contracts/trading_priv.h"

static enum gb_status check_money(const struct gb_contracts *contracts, struct gb_error *err)
{
    uint64_t sum =
        (uint64_t)contracts->accounts.operator_units + (uint64_t)contracts->accounts.grid_units;

    for (size_t i = 0; i < contracts->n_users; i++) {
        const struct gb_user_accounts *user = &contracts->accounts.users[i];
        /* Parts may pass 64 bits where the whole does not; modulo 2^64 the identity is the same. */
        sum += (uint64_t)user->balance + (uint64_t)user->escrow + (uint64_t)user->grid;
        if (user->balance < 0 || user->escrow < 0)
            return gb_fail(err, GB_EBROKEN,
                           "meter %zu has a balance of %" PRId64 " and an escrow "
                           "of %" PRId64 " units; neither can be negative",
                           i, user->balance, user->escrow);
    }
    if (sum != (uint64_t)contracts->accounts.genesis_units)
        return gb_fail(err, GB_EBROKEN,
                       "all accounts sum to %" PRId64 " units, but the genesis "
                       "gave %" PRId64,
                       (int64_t)sum, contracts->accounts.genesis_units);
    return GB_OK;
}

/* Takes from escrow[] what the parties of a trade will pay. */
static void subtract_payable(const struct gb_contracts *contracts, const struct gb_trade *trade,
                             int64_t *escrow)
{
    escrow[trade->buyer] -=
        gb_payable(&contracts->rules.trade_fees, GB_BUY, trade->energy, trade->price_buy);
    escrow[trade->seller] -=
        gb_payable(&contracts->rules.trade_fees, GB_SELL, trade->energy, trade->price_sell);
}

/* Takes from escrow[] what open orders and pending trades of an interval reserve. */
static void subtract_reserved(const struct gb_contracts *contracts,
                              const struct gb_interval *interval, int64_t *escrow)
{
    bool is_open = interval->phase == GB_INTERVAL_OPEN;
    bool is_trading = gb_trades_as_orders_come(contracts);

    for (size_t i = 0; is_open && i < interval->book.n_orders; i++) {
        const struct gb_order *order = &interval->book.orders[i];
        escrow[order->owner] -=
            is_trading ? gb_trading_escrow(contracts, interval, (uint32_t)i)
                       : gb_order_escrow(&contracts->rules, interval->number, order,
                                         gb_requotes_held(&interval->requotes, &interval->book, i));
    }
    for (size_t i = 0; is_open && i < interval->executions.n; i++)
        subtract_payable(contracts, &interval->executions.items[i].trade, escrow);
    for (size_t i = 0; !gb_interval_is_done(interval) && i < interval->trades.n; i++)
        if (interval->trades.states[i] == GB_TRADE_PENDING)
            subtract_payable(contracts, &interval->trades.trades[i], escrow);
}

static enum gb_status check_escrow(const struct gb_contracts *contracts, int64_t *left,
                                   struct gb_error *err)
{
    for (size_t i = 0; i < contracts->n_users; i++)
        left[i] = contracts->accounts.users[i].escrow;
    for (size_t i = 0; i < contracts->intervals.n; i++)
        subtract_reserved(contracts, contracts->intervals.live[i], left);
    for (size_t i = 0; i < contracts->n_users; i++)
        if (left[i] != 0)
            return gb_fail(err, GB_EBROKEN,
                           "the escrow of meter %zu differs by %" PRId64 " units "
                           "from what its orders and trades hold",
                           i, left[i]);
    return GB_OK;
}

static enum gb_status check_energy(const struct gb_contracts *contracts, int64_t *left,
                                   struct gb_error *err)
{
    for (size_t i = 0; i < contracts->n_users; i++) {
        left[i] = gb_registers_net(&contracts->registers, (uint32_t)i) -
                  contracts->accounts.users[i].billed_wh;
    }
    for (size_t k = 0; k < contracts->intervals.n; k++) {
        const struct gb_meter_interval *meters = contracts->intervals.live[k]->meters;
        for (size_t i = 0;
             !gb_interval_is_done(contracts->intervals.live[k]) && i < contracts->n_users; i++)
            left[i] -= meters[i].has_reading && !meters[i].is_billed ? meters[i].metered_wh : 0;
    }
    for (size_t i = 0; i < contracts->n_users; i++)
        if (left[i] != 0)
            return gb_fail(err, GB_EBROKEN,
                           "meter %zu: its bills differ by %" PRId64 " Wh from "
                           "its registers",
                           i, left[i]);
    return GB_OK;
}

enum gb_status gb_contracts_check(const struct gb_contracts *contracts, struct gb_error *err)
{
    int64_t *left = malloc((contracts->n_users + 1) * sizeof *left);
    enum gb_status status;

    if (!left)
        return gb_fail(err, GB_ENOMEM, "no memory to check the accounts");
    status = check_money(contracts, err);
    if (status == GB_OK)
        status = check_escrow(contracts, left, err);
    if (status == GB_OK)
        status = check_energy(contracts, left, err);
    free(left);
    return status;
}
