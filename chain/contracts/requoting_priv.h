/* Requoting: a first round whose outcome is published, and users who amend what it left of their
 * orders until a second one is closed, under rules that ask them (market.requote.by: user). An
 * amendment names the nonce under which its order stands, says another quote and another total,
 * fills included, and keeps the order's place.
 * source  rules, section 10 */
#ifndef CHAIN_CONTRACTS_REQUOTING_PRIV_H
#define CHAIN_CONTRACTS_REQUOTING_PRIV_H

#include "chain/contracts/state_priv.h"

/* Is round 1 over, and round 2 not? interval: NULL has no rounds */
static inline bool gb_requoting_is_open(const struct gb_interval *interval)
{
    return interval && interval->requotes.is_open;
}
/* Holds round 1 over what stands in blocks up to a height and publishes it. */
void gb_requoting_publish(struct gb_contracts *contracts, struct gb_interval *interval,
                          uint64_t height);
/* The order of the sender that an amendment names, if something of it is left to be amended. */
enum gb_receipt gb_requoting_find(const struct gb_contracts *contracts,
                                  const struct gb_interval *interval,
                                  const struct gb_order_message *body, uint32_t *number);
/* Takes an amendment of such an order, whose form and prices are in order.
 * changed  what the order is to become; its quantity is a total, fills included */
enum gb_receipt gb_requoting_amend(struct gb_contracts *contracts, struct gb_interval *interval,
                                   uint32_t number, const struct gb_order *changed);
/* Puts the amendments of blocks up to a height in force and computes the match; refuses later
 * ones. */
void gb_requoting_match(struct gb_contracts *contracts, struct gb_interval *interval,
                        uint64_t height);
/* There will be no round 2. */
void gb_requoting_abandon(struct gb_contracts *contracts, struct gb_interval *interval);

#endif
