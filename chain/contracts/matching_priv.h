/* Matching: from the order book of an interval to its trades. */
#ifndef CHAIN_CONTRACTS_MATCHING_PRIV_H
#define CHAIN_CONTRACTS_MATCHING_PRIV_H

#include "chain/contracts/state_priv.h"

/* Computes the match of an open interval from what stands in blocks up to a height, refuses what
 * came later, and keeps of each escrow what the trades cost. */
void gb_matching_run(struct gb_contracts *contracts, struct gb_interval *interval, uint64_t height);
/* Gives back what the orders of an interval hold that was never closed. */
void gb_matching_release_escrow(struct gb_contracts *contracts, const struct gb_interval *interval);

#endif
