/* Money moves between two accounts by one function, so its sum stays what the genesis gave;
 * gb_contracts_check recounts everything from the ground all the same. */
#include "chain/contracts/accounts_priv.h"

#include <stdlib.h>

enum gb_status gb_accounts_init(struct gb_accounts *accounts, const struct gb_genesis *genesis,
                                struct gb_error *err)
{
    accounts->n_users = genesis->n_users;
    accounts->users = calloc(genesis->n_users + 1, sizeof *accounts->users);
    if (!accounts->users)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu users", genesis->n_users);
    for (size_t i = 0; i < genesis->n_users; i++) {
        int64_t balance = genesis->users[i].balance.units;
        accounts->users[i].balance = balance;
        if (balance < 0)
            return gb_fail(err, GB_ECONFIG, "user %zu starts with a negative balance", i);
        enum gb_status status =
            gb_add_checked(&accounts->genesis_units, balance, "all balances of the genesis", err);
        if (status != GB_OK)
            return status;
    }
    return GB_OK;
}

void gb_accounts_clear(struct gb_accounts *accounts)
{
    free(accounts->users);
}

static int64_t *find(struct gb_accounts *accounts, struct gb_account account)
{
    switch (account.kind) {
    case GB_ACCOUNT_BALANCE: return &accounts->users[account.meter].balance;
    case GB_ACCOUNT_ESCROW: return &accounts->users[account.meter].escrow;
    case GB_ACCOUNT_GRID_BILLS: return &accounts->users[account.meter].grid;
    case GB_ACCOUNT_OPERATOR: return &accounts->operator_units;
    case GB_ACCOUNT_GRID: return &accounts->grid_units;
    }
    return NULL;
}

void gb_accounts_move(struct gb_accounts *accounts, struct gb_event_log *log,
                      struct gb_account from, struct gb_account to, int64_t units)
{
    int64_t less, more;

    if (units == 0)
        return;
    int64_t *source = find(accounts, from);
    int64_t *target = find(accounts, to);
    if (__builtin_sub_overflow(*source, units, &less) ||
        __builtin_add_overflow(*target, units, &more)) {
        gb_failure_keep(&log->failure, GB_ERANGE, "an account exceeds 64 bits of money");
        return;
    }
    *source = less;
    *target = more;
    const int64_t words[] = {(int64_t)from.kind << 40 | (int64_t)to.kind << 32 | to.meter, units};
    gb_event_log_record(log, GB_CHANGE_MONEY, from.meter, words, 2);
}

void gb_accounts_bill(struct gb_accounts *accounts, struct gb_event_log *log, uint32_t meter,
                      struct gb_energy metered, struct gb_money amount)
{
    accounts->users[meter].billed_wh += metered.wh;
    gb_accounts_move(accounts, log, gb_grid_bills_of(meter), gb_account_of_grid(), amount.units);
}
