/* Trading: orders that meet as their blocks are executed, under a mechanism that trades as orders
 * come. An order, its amendments and its cancel go by its number; what stands of it holds its
 * escrow, and a trade keeps what it costs.
 * source  rules, section 10 */
#ifndef CHAIN_CONTRACTS_TRADING_PRIV_H
#define CHAIN_CONTRACTS_TRADING_PRIV_H

#include "chain/contracts/state_priv.h"

static inline bool gb_trades_as_orders_come(const struct gb_contracts *contracts)
{
    return contracts->mechanism->trading != NULL;
}
/* Trades an order that was just added to the book and holds its escrow; what lapses of it is given
 * back. */
void gb_trading_arrive(struct gb_contracts *contracts, struct gb_interval *interval,
                       uint32_t order);
/* The order of the sender that an amendment or a cancel names, if it may still do something to it.
 * interval  of the message; NULL: none of it yet */
enum gb_receipt gb_trading_find(const struct gb_contracts *contracts,
                                const struct gb_interval *interval,
                                const struct gb_order_message *body, uint32_t *number);
/* Executes an amendment of such an order, whose form and prices are in order, or a cancel, while
 * orders are taken.
 * changed  what the order is to become; its quantity is a total, fills included */
enum gb_receipt gb_trading_amend(struct gb_contracts *contracts, struct gb_interval *interval,
                                 uint32_t number, const struct gb_order *changed);
void gb_trading_cancel(struct gb_contracts *contracts, struct gb_interval *interval,
                       uint32_t number);
/* Gives back what rests; does nothing a second time. */
void gb_trading_close(struct gb_contracts *contracts, struct gb_interval *interval);
/* The executions become the match of the interval, in which the first n stand: the root is over
 * them. Closes it before. */
void gb_trading_conclude(struct gb_contracts *contracts, struct gb_interval *interval, size_t n);
/* What an order holds in escrow for what stands of it, in money units. */
int64_t gb_trading_escrow(const struct gb_contracts *contracts, const struct gb_interval *interval,
                          uint32_t order);

#endif
