/* Billing: the grid's side of a meter's trades, and gaps in its readings. */
#ifndef CHAIN_CONTRACTS_BILLING_PRIV_H
#define CHAIN_CONTRACTS_BILLING_PRIV_H

#include "chain/contracts/state_priv.h"

/* Executes the grid bill of a meter whose reading and trades are all done; else does nothing. */
void gb_billing_try(struct gb_contracts *contracts, struct gb_interval *interval, uint32_t meter);
/* Bills what went through a meter's registers in a gap, at the tariff. */
void gb_billing_gap(struct gb_contracts *contracts, uint32_t meter, const struct gb_gap *gap);
/* Closes and bills the gaps of a meter that are final. */
void gb_billing_close_gaps(struct gb_contracts *contracts, uint32_t meter);

#endif
