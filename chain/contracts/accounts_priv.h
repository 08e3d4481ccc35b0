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
/* Moves money, the only way it moves.
 * units  negative: the other way round */
void gb_accounts_move(struct gb_accounts *accounts, struct gb_event_log *log,
                      struct gb_account from, struct gb_account to, int64_t units);
/* The same to the grid, as the bill of so much energy. */
void gb_accounts_bill(struct gb_accounts *accounts, struct gb_event_log *log, uint32_t meter,
                      struct gb_energy metered, struct gb_money amount);

#endif
