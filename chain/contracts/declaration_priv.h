/* Declaration: orders with their escrow. */
#ifndef CHAIN_CONTRACTS_DECLARATION_PRIV_H
#define CHAIN_CONTRACTS_DECLARATION_PRIV_H

#include "chain/contracts/state_priv.h"

/* Executes an order, an amendment or a cancel.
 * number  out: of the order within its interval where a new one was accepted; else untouched */
enum gb_receipt gb_declaration_execute(struct gb_contracts *contracts,
                                       const struct gb_order_message *body, uint32_t *number);

#endif
