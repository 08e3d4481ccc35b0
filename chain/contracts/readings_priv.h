/* Readings: what a meter shows, to its registers, its trades and its bill. */
#ifndef CHAIN_CONTRACTS_READINGS_PRIV_H
#define CHAIN_CONTRACTS_READINGS_PRIV_H

#include "chain/contracts/state_priv.h"

/* Executes a reading of the present message's sender: checks it against its neighbours, writes down
 * the registers, counts the approvals it carries and bills what it makes complete.
 * returns the receipt; nothing but the nonce has changed unless it is GB_RECEIPT_OK */
enum gb_receipt gb_readings_execute(struct gb_contracts *contracts,
                                    const struct gb_reading_message *body);

#endif
