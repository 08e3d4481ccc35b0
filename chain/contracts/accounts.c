/* Money moves between two accounts by one function (gb_accounts_move), so its sum stays what the
 * genesis gave; gb_contracts_check recounts everything from the ground all the same. */
#include "chain/contracts/accounts_priv.h"

#include <stdlib.h>

#include "base/memory.h"

enum gb_status gb_accounts_init(struct gb_accounts *accounts, const struct gb_genesis *genesis,
                                struct gb_error *err)
{
    accounts->n_users = genesis->n_users;
    accounts->users = gb_memory_wide(genesis->n_users + 1, sizeof *accounts->users);
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

void gb_accounts_record(struct gb_event_log *log, struct gb_account from, struct gb_account to,
                        int64_t units)
{
    const int64_t words[] = {(int64_t)from.kind << 40 | (int64_t)to.kind << 32 | to.meter, units};

    gb_event_log_record(log, GB_CHANGE_MONEY, from.meter, words, 2);
}

void gb_accounts_refuse(struct gb_event_log *log)
{
    gb_failure_keep(&log->failure, GB_ERANGE, "an account exceeds 64 bits of money");
}
