/* Readings: what a meter shows, to its registers, its trades and its bill. */
#ifndef CHAIN_CONTRACTS_READINGS_PRIV_H
#define CHAIN_CONTRACTS_READINGS_PRIV_H

#include "chain/contracts/state_priv.h"

enum gb_receipt gb_readings_execute(struct gb_contracts *contracts,
                                    const struct gb_reading_message *body);

#endif
