/* What the files of accounts share. */
#ifndef EXPERIMENTS_RUN_ACCOUNTS_PRIV_H
#define EXPERIMENTS_RUN_ACCOUNTS_PRIV_H

#include <assert.h>

#include "experiments/run/accounts.h"
#include "experiments/run/parts.h"

enum { GB_RUN_BILLED = 1, GB_RUN_UNREAD = 2 }; /* of a meter; unread: billed with a gap */
enum {
    GB_RUN_FIRST_CHOICE = 1, /* a trade of the source its buyer's order asked for */
    GB_RUN_SETTLED = 2,
    GB_RUN_VOID = 4
};

/* The users' totals that a live interval adds to. */
static inline const struct gb_run_users *gb_run_users_at(const struct gb_run_accounts *accounts,
                                                         size_t place)
{
    return gb_run_is_warm_up(accounts->env, accounts->intervals->at[place])
               ? &accounts->warm_up_users
               : &accounts->users;
}

static inline void gb_run_accounts_mark_billed(struct gb_run_account *account, uint32_t meter,
                                               int64_t units)
{
    assert(!(account->bills[meter] & GB_RUN_BILLED));
    account->cash[meter] += units;
    account->bills[meter] |= GB_RUN_BILLED;
}

#endif
