/* Accounts: each user has a free balance and an escrow for trades and an account for grid bills;
 * the operator and the grid have one each. Money moves between two of them by one function, so its
 * sum stays what the genesis gave; gb_contracts_check recounts everything from the ground all the
 * same. */
#include "chain/contracts/contracts_priv.h"

#include <inttypes.h>
#include <stdlib.h>

static int64_t *account(struct gb_contracts *contracts, enum gb_account kind, uint32_t meter)
{
    switch (kind) {
    case GB_ACCOUNT_BALANCE: return &contracts->users[meter].balance;
    case GB_ACCOUNT_ESCROW: return &contracts->users[meter].escrow;
    case GB_ACCOUNT_GRID_BILLS: return &contracts->users[meter].grid;
    case GB_ACCOUNT_OPERATOR: return &contracts->operator_units;
    case GB_ACCOUNT_GRID: return &contracts->grid_units;
    }
    return NULL;
}

void gb_accounts_move(struct gb_contracts *contracts, enum gb_account from, uint32_t from_meter,
                      enum gb_account to, uint32_t to_meter, int64_t units)
{
    int64_t *source = account(contracts, from, from_meter);
    int64_t *target = account(contracts, to, to_meter);
    int64_t less, more;

    if (units == 0)
        return;
    if (__builtin_sub_overflow(*source, units, &less) ||
        __builtin_add_overflow(*target, units, &more)) {
        gb_contracts_fail(contracts, GB_ERANGE, "an account exceeds 64 bits of money");
        return;
    }
    *source = less;
    *target = more;
    const int64_t words[] = {(int64_t)from << 40 | (int64_t)to << 32 | to_meter, units};
    gb_event_log_record(contracts, GB_CHANGE_MONEY, from_meter, words, 2);
}

struct gb_money gb_contracts_balance(const struct gb_contracts *contracts, uint32_t meter)
{
    return (struct gb_money){contracts->users[meter].balance};
}

struct gb_money gb_contracts_escrow(const struct gb_contracts *contracts, uint32_t meter)
{
    return (struct gb_money){contracts->users[meter].escrow};
}

struct gb_money gb_contracts_grid_account(const struct gb_contracts *contracts, uint32_t meter)
{
    return (struct gb_money){contracts->users[meter].grid};
}

struct gb_money gb_contracts_operator(const struct gb_contracts *contracts)
{
    return (struct gb_money){contracts->operator_units};
}

struct gb_money gb_contracts_grid(const struct gb_contracts *contracts)
{
    return (struct gb_money){contracts->grid_units};
}

bool gb_contracts_is_registered(const struct gb_contracts *contracts, uint32_t meter)
{
    return meter < contracts->n_users && contracts->users[meter].capacity_wh != GB_UNREGISTERED;
}

static enum gb_status check_money(const struct gb_contracts *contracts, struct gb_error *err)
{
    uint64_t sum = (uint64_t)contracts->operator_units + (uint64_t)contracts->grid_units;

    for (size_t i = 0; i < contracts->n_users; i++) {
        const struct gb_user *user = &contracts->users[i];
        /* Parts may pass 64 bits where the whole does not; modulo 2^64 the identity is the same. */
        sum += (uint64_t)user->balance + (uint64_t)user->escrow + (uint64_t)user->grid;
        if (user->balance < 0 || user->escrow < 0)
            return gb_fail(err, GB_EBROKEN,
                           "meter %zu has a balance of %" PRId64 " and an escrow "
                           "of %" PRId64 " units; neither can be negative",
                           i, user->balance, user->escrow);
    }
    if (sum != (uint64_t)contracts->genesis_units)
        return gb_fail(err, GB_EBROKEN,
                       "all accounts sum to %" PRId64 " units, but the genesis "
                       "gave %" PRId64,
                       (int64_t)sum, contracts->genesis_units);
    return GB_OK;
}

/* Takes from escrow[] what open orders and pending trades of an interval hold. */
static void subtract_held(const struct gb_contracts *contracts, const struct gb_interval *interval,
                          int64_t *escrow)
{
    for (size_t i = 0; interval->phase == GB_INTERVAL_OPEN && i < interval->n_orders; i++)
        escrow[interval->orders[i].owner] -= gb_declaration_escrow(contracts, &interval->orders[i]);
    for (size_t i = 0; !gb_interval_is_done(interval) && i < interval->n_trades; i++) {
        const struct gb_trade *trade = &interval->trades[i];
        if (interval->trade_states[i] == GB_TRADE_PENDING)
            escrow[trade->buyer] -= gb_cost(trade->energy, trade->price_buy).units;
    }
}

static enum gb_status check_escrow(const struct gb_contracts *contracts, int64_t *rest,
                                   struct gb_error *err)
{
    for (size_t i = 0; i < contracts->n_users; i++)
        rest[i] = contracts->users[i].escrow;
    for (size_t i = 0; i < contracts->n_intervals; i++)
        subtract_held(contracts, contracts->intervals[i], rest);
    for (size_t i = 0; i < contracts->n_users; i++)
        if (rest[i] != 0)
            return gb_fail(err, GB_EBROKEN,
                           "the escrow of meter %zu differs by %" PRId64 " units "
                           "from what its orders and trades hold",
                           i, rest[i]);
    return GB_OK;
}

static enum gb_status check_energy(const struct gb_contracts *contracts, int64_t *rest,
                                   struct gb_error *err)
{
    for (size_t i = 0; i < contracts->n_users; i++) {
        rest[i] = gb_registers_net(contracts, (uint32_t)i) - contracts->users[i].billed_wh;
    }
    for (size_t k = 0; k < contracts->n_intervals; k++) {
        const struct gb_meter_interval *cells = contracts->intervals[k]->cells;
        for (size_t i = 0; !gb_interval_is_done(contracts->intervals[k]) && i < contracts->n_users;
             i++)
            rest[i] -= cells[i].has_reading && !cells[i].is_billed ? cells[i].metered_wh : 0;
    }
    for (size_t i = 0; i < contracts->n_users; i++)
        if (rest[i] != 0)
            return gb_fail(err, GB_EBROKEN,
                           "meter %zu: its bills differ by %" PRId64 " Wh from "
                           "its registers",
                           i, rest[i]);
    return GB_OK;
}

enum gb_status gb_contracts_check(const struct gb_contracts *contracts, struct gb_error *err)
{
    int64_t *rest = malloc((contracts->n_users + 1) * sizeof *rest);
    enum gb_status status;

    if (!rest)
        return gb_fail(err, GB_ENOMEM, "no memory to check the accounts");
    status = check_money(contracts, err);
    if (status == GB_OK)
        status = check_escrow(contracts, rest, err);
    if (status == GB_OK)
        status = check_energy(contracts, rest, err);
    free(rest);
    return status;
}
