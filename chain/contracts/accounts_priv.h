/* Accounts: each user has a free balance and an escrow for trades and an account for grid bills;
 * the operator and the grid have one each. */
#ifndef CHAIN_CONTRACTS_ACCOUNTS_PRIV_H
#define CHAIN_CONTRACTS_ACCOUNTS_PRIV_H

#include "chain/contracts/event_log_priv.h"
#include "chain/wire/genesis.h"

struct gb_user_accounts {
    int64_t balance, escrow, grid; /* money units */
    int64_t billed_wh;             /* traded and with the grid; positive = bought, imported */
};

struct gb_accounts {
    size_t n_users;
    struct gb_user_accounts *users;
    int64_t operator_units, grid_units;
    int64_t genesis_units; /* what all accounts sum to */
};

enum gb_account_kind {
    GB_ACCOUNT_BALANCE,
    GB_ACCOUNT_ESCROW,
    GB_ACCOUNT_GRID_BILLS,
    GB_ACCOUNT_OPERATOR,
    GB_ACCOUNT_GRID
};
/* Names one account. */
struct gb_account {
    enum gb_account_kind kind;
    uint32_t meter; /* 0 of the operator and the grid */
};
static inline struct gb_account gb_balance_of(uint32_t meter)
{
    return (struct gb_account){GB_ACCOUNT_BALANCE, meter};
}
static inline struct gb_account gb_escrow_of(uint32_t meter)
{
    return (struct gb_account){GB_ACCOUNT_ESCROW, meter};
}
static inline struct gb_account gb_grid_bills_of(uint32_t meter)
{
    return (struct gb_account){GB_ACCOUNT_GRID_BILLS, meter};
}
static inline struct gb_account gb_account_of_operator(void)
{
    return (struct gb_account){GB_ACCOUNT_OPERATOR, 0};
}
static inline struct gb_account gb_account_of_grid(void)
{
    return (struct gb_account){GB_ACCOUNT_GRID, 0};
}

enum gb_status gb_accounts_init(struct gb_accounts *accounts, const struct gb_genesis *genesis,
                                struct gb_error *err);
void gb_accounts_clear(struct gb_accounts *accounts);
/* The sum of an account. */
static inline int64_t *gb_accounts_find(struct gb_accounts *accounts, struct gb_account account)
{
    switch (account.kind) {
    case GB_ACCOUNT_BALANCE: return &accounts->users[account.meter].balance;
    case GB_ACCOUNT_ESCROW: return &accounts->users[account.meter].escrow;
    case GB_ACCOUNT_GRID_BILLS: return &accounts->users[account.meter].grid;
    case GB_ACCOUNT_OPERATOR: return &accounts->operator_units;
    case GB_ACCOUNT_GRID: break;
    }
    return &accounts->grid_units;
}
/* What a move that was made leaves in the log, where there is one; and one that was not. */
void gb_accounts_record(struct gb_event_log *log, struct gb_account from, struct gb_account to,
                        int64_t units);
void gb_accounts_refuse(struct gb_event_log *log);
/* Moves money, the only way it moves. Inline: with accounts whose kinds are known where it is
 * called it is two additions.
 * units  negative: the other way round */
static inline void gb_accounts_move(struct gb_accounts *accounts, struct gb_event_log *log,
                                    struct gb_account from, struct gb_account to, int64_t units)
{
    int64_t less, more;

    if (units == 0)
        return;
    int64_t *source = gb_accounts_find(accounts, from);
    int64_t *target = gb_accounts_find(accounts, to);
    if (__builtin_sub_overflow(*source, units, &less) ||
        __builtin_add_overflow(*target, units, &more)) {
        gb_accounts_refuse(log);
        return;
    }
    *source = less;
    *target = more;
    if (log->is_hashed)
        gb_accounts_record(log, from, to, units);
}
/* The same to the grid, as the bill of so much energy. */
static inline void gb_accounts_bill(struct gb_accounts *accounts, struct gb_event_log *log,
                                    uint32_t meter, struct gb_energy metered,
                                    struct gb_money amount)
{
    accounts->users[meter].billed_wh += metered.wh;
    gb_accounts_move(accounts, log, gb_grid_bills_of(meter), gb_account_of_grid(), amount.units);
}

#endif
