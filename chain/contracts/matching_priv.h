/* Matching: from the order book of an interval to its trades. */
#ifndef CHAIN_CONTRACTS_MATCHING_PRIV_H
#define CHAIN_CONTRACTS_MATCHING_PRIV_H

#include "chain/contracts/state_priv.h"

/* What may be found too late at a close. */
enum gb_belated { GB_BELATED_ORDER, GB_BELATED_WITHDRAWAL, GB_BELATED_AMENDMENT };

/* Computes the match of an open interval from what stands in blocks up to a height, refuses what
 * came later, and keeps of each escrow what the trades cost. */
void gb_matching_run(struct gb_contracts *contracts, struct gb_interval *interval, uint64_t height);
/* The same in two steps: refuses what came later and gives the mechanism the rest, and computes the
 * match from all that it has been given since.
 * fill     returns the mechanism's state; NULL: a failure is kept */
void *gb_matching_fill(struct gb_contracts *contracts, struct gb_interval *interval,
                       uint64_t height);
void gb_matching_finish(struct gb_contracts *contracts, struct gb_interval *interval,
                        void *auction);
/* An ORDER event for something that stands in a block above the height of a close.
 * order  it, or the one that was to be withdrawn or amended */
void gb_matching_refuse_late(struct gb_event_log *log, const struct gb_interval *interval,
                             uint32_t order, const struct gb_order_origin *origin,
                             enum gb_belated what);
/* Is every trade one between orders of the book? If not a failure is kept. */
bool gb_matching_are_sound(struct gb_failure *failure, const struct gb_order_book *book,
                           const struct gb_trade *trades, size_t n);
/* A match that was made as orders came: keeps its trades, of which the first n stand. */
void gb_matching_keep(struct gb_contracts *contracts, struct gb_interval *interval,
                      const struct gb_match *match, size_t n);
/* Is the trade one between orders of the book, on their sides? */
bool gb_matching_is_sound(const struct gb_order_book *book, const struct gb_trade *trade);
/* Gives back what the orders of an interval hold that was never closed. */
void gb_matching_release_escrow(struct gb_contracts *contracts, const struct gb_interval *interval);

#endif
