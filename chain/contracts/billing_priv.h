/* Billing: the grid's side of a meter's trades, and gaps in its readings. */
#ifndef CHAIN_CONTRACTS_BILLING_PRIV_H
#define CHAIN_CONTRACTS_BILLING_PRIV_H

#include "chain/contracts/state_priv.h"

/* Executes the grid bill of a meter that has none yet, in an interval that is delivered. */
void gb_billing_execute(struct gb_contracts *contracts, struct gb_interval *interval,
                        uint32_t meter);
/* The same if the meter's reading and trades are all done; else does nothing. */
static inline void gb_billing_try(struct gb_contracts *contracts, struct gb_interval *interval,
                                  uint32_t meter)
{
    const struct gb_meter_interval *shown = &interval->meters[meter];

    if (shown->has_reading && !shown->is_billed && shown->n_pending == 0 &&
        interval->phase >= GB_INTERVAL_DELIVERING)
        gb_billing_execute(contracts, interval, meter);
}
/* Bills what went through a meter's registers in a gap, at the tariff. */
void gb_billing_gap(struct gb_contracts *contracts, uint32_t meter, const struct gb_gap *gap);
/* Bills the gaps of a meter that are final, of one that has readings behind a gap. */
void gb_billing_join_gaps(struct gb_contracts *contracts, uint32_t meter);
/* The same of any meter. */
static inline void gb_billing_close_gaps(struct gb_contracts *contracts, uint32_t meter)
{
    if (gb_registers_has_spans_waiting(&contracts->registers, meter))
        gb_billing_join_gaps(contracts, meter);
}

#endif
