/* Time of the contracts: that of the block being executed, as numbers of intervals. */
#ifndef CHAIN_CONTRACTS_BLOCK_CLOCK_PRIV_H
#define CHAIN_CONTRACTS_BLOCK_CLOCK_PRIV_H

#include "chain/wire/block.h"
#include "chain/wire/genesis.h"

/* A time as whole slots and what is beyond them, which is less than another. */
struct gb_slots {
    int64_t n, beyond_ns;
};

struct gb_block_clock {
    /* how long before its start an interval comes to each of the numbers below: a block is asked
     * for them all, and to divide is slow */
    int64_t slot_ns;
    struct gb_slots open, gate, missed, at_gate, at_second_gate, at_start, due;

    uint64_t height;
    int64_t time_ns;
    /* Numbers of the last interval that by this time has begun to take orders, has come to its
     * gate, has started, and is beyond its settlement deadline; */
    int64_t last_opened, last_gated, last_started, last_missed;
    /* and, for what may not come earlier, of the one that within the tolerance has come to its
     * gate, to its second gate (the start, where there is none), to its start, to its end, and to
     * its settlement deadline. */
    int64_t last_at_gate, last_at_second_gate, last_at_start, last_at_end, last_due;
};

void gb_block_clock_init(struct gb_block_clock *clock, const struct gb_contract_rules *rules);
/* A block begins. */
void gb_block_clock_set(struct gb_block_clock *clock, const struct gb_contract_rules *rules,
                        const struct gb_header *header);

#endif
