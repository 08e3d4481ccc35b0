/* Settlement: the signatures of a trade, and the one place where it moves energy and money. */
#ifndef CHAIN_CONTRACTS_SETTLEMENT_PRIV_H
#define CHAIN_CONTRACTS_SETTLEMENT_PRIV_H

#include "chain/contracts/state_priv.h"

/* Executes a trade that is signed, and the bills that waited for it, if its other conditions are
 * met as well; else does nothing. */
void gb_settlement_try_signed(struct gb_contracts *contracts, struct gb_interval *interval,
                              uint32_t trade);
/* The same of any trade; most lack a signature when they are asked for. */
static inline void gb_settlement_try(struct gb_contracts *contracts, struct gb_interval *interval,
                                     uint32_t trade)
{
    if (gb_trades_count_signers(&interval->trades, trade) >= contracts->rules.signatures_required)
        gb_settlement_try_signed(contracts, interval, trade);
}
/* Voids a trade that is pending, and executes the bills that waited for it. */
void gb_settlement_void(struct gb_contracts *contracts, struct gb_interval *interval,
                        uint32_t trade);
/* Takes every approval that is good; each of the others emits an event of its own.
 * interval  of that number; NULL where there is none
 * returns  why the first one was refused where none counts */
enum gb_receipt gb_settlement_approve_all(struct gb_contracts *contracts,
                                          struct gb_interval *interval, int64_t number,
                                          const struct gb_approvals *approvals);
/* Executes an approve message: refused, where nothing of it counts, with the reason of its first
 * approval. */
enum gb_receipt gb_settlement_approve(struct gb_contracts *contracts,
                                      const struct gb_approve_message *body);
/* Executes the operator's settle message. */
enum gb_receipt gb_settlement_settle(struct gb_contracts *contracts,
                                     const struct gb_settle_message *body);

#endif
