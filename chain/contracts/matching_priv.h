/* Matching: from the order book of an interval to its trades. */
#ifndef CHAIN_CONTRACTS_MATCHING_PRIV_H
#define CHAIN_CONTRACTS_MATCHING_PRIV_H

#include "chain/contracts/state_priv.h"

/* Computes the match of an open interval from what stands in blocks up to a height, refuses what
 * came later, and keeps of each escrow what the trades cost. */
void gb_matching_run(struct gb_contracts *contracts, struct gb_interval *interval, uint64_t height);
/* A match that was made as orders came: keeps its trades, of which the first n stand. */
void gb_matching_keep(struct gb_contracts *contracts, struct gb_interval *interval,
                      const struct gb_match *match, size_t n);
/* Is the trade one between orders of the book, on their sides? */
bool gb_matching_is_sound(const struct gb_order_book *book, const struct gb_trade *trade);
/* Gives back what the orders of an interval hold that was never closed. */
void gb_matching_release_escrow(struct gb_contracts *contracts, const struct gb_interval *interval);

#endif
