/* The life of an interval: open, matched, delivering or missed, final. */
#ifndef CHAIN_CONTRACTS_LIFECYCLE_PRIV_H
#define CHAIN_CONTRACTS_LIFECYCLE_PRIV_H

#include "chain/contracts/state_priv.h"

/* Each executes one message of the operator. */
enum gb_receipt gb_lifecycle_close(struct gb_contracts *contracts,
                                   const struct gb_close_message *body);
enum gb_receipt gb_lifecycle_open(struct gb_contracts *contracts,
                                  const struct gb_open_message *body);
enum gb_receipt gb_lifecycle_finalize(struct gb_contracts *contracts,
                                      const struct gb_finalize_message *body);

#endif
