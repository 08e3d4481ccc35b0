/* What makes a block valid before anybody executes it: one predicate, which a validator asks before
 * it votes and `ledger verify` asks again of what was voted for. What only execution can find
 * (state and receipts) and what only votes can (the certificate) stands in chain/ledger/verify.c
 * and chain/wire/block.h; messages that fail in a valid block leave receipts and are no fault of
 * the block. */
#ifndef CHAIN_LEDGER_VALIDITY_H
#define CHAIN_LEDGER_VALIDITY_H

#include <stdbool.h>
#include <stdint.h>

#include "chain/ledger/seen.h"
#include "chain/wire/block.h"
#include "chain/wire/genesis.h"

#define GB_BLOCK_STEP_NS GB_NS_PER_MS /* a block is at least so much later than its parent */
#define GB_CLOCK_TOLERANCE_NS \
    GB_NS_PER_SECOND /* voters refuse blocks further ahead of their clock */

/* In the order in which they are looked for. From NOT_LED on a fault rests on the view, which the
 * certificate must vouch for first. */
#define GB_BLOCK_FAULT_LIST(X)                                                              \
    X(GB_BLOCK_SOUND, "it is valid")                                                        \
    X(GB_BLOCK_MISNUMBERED, "header: it calls itself by another number")                    \
    X(GB_BLOCK_OTHER_PARENT, "header: its parent is not the block before")                  \
    X(GB_BLOCK_STALE, "header: its time is not 1 ms past its parent's")                     \
    X(GB_BLOCK_OUT_OF_TIME, "header: its time is beyond 36 years")                          \
    X(GB_BLOCK_SEALED_BY_STRANGER, "header: its sealer is no validator")                    \
    X(GB_BLOCK_EMPTY, "transactions: there are none")                                       \
    X(GB_BLOCK_TOO_MANY, "transactions: more than a block may hold")                        \
    X(GB_BLOCK_TOO_LARGE, "transactions: more bytes than a block may hold")                 \
    X(GB_BLOCK_BAD_BUNDLE, "transactions: one holds no message, or more than 1000")         \
    X(GB_BLOCK_NOT_LED, "header: its sealer did not lead")                                  \
    X(GB_BLOCK_OTHER_HASH, "header: it is not what was proposed")                           \
    X(GB_BLOCK_OTHER_ROOT, "header: its transactions root is not that of its transactions") \
    X(GB_BLOCK_REPEATED, "transactions: one stands in it twice")                            \
    X(GB_BLOCK_REPLAYED, "transactions: one stands in an earlier block")

enum gb_block_fault {
#define GB_BLOCK_FAULT_MEMBER(name, text) name,
    GB_BLOCK_FAULT_LIST(GB_BLOCK_FAULT_MEMBER)
#undef GB_BLOCK_FAULT_MEMBER
        GB_N_BLOCK_FAULTS
};
/* A description without a full stop that starts with the part of the block. */
const char *gb_block_fault_text(enum gb_block_fault fault);

/* Where in the chain a block has to fit. */
struct gb_block_place {
    const struct gb_genesis *genesis;
    uint64_t number;        /* from 1 */
    struct gb_hash parent;  /* proposal hash of the block before; of the first: chain id */
    int64_t parent_time_ns; /* of the first: not looked at */
    uint32_t view;          /* in which it is voted for */
    struct gb_seen *seen;   /* noted up to the block before */
};

/* The first fault of a block at its place. Its hashes are those that belong to what it holds, but
 * for those that the header names. Any sealer that led the height in this view or one before will
 * do: a block that is proposed again in a later view keeps its bytes. returns GB_OK and the fault,
 * GB_BLOCK_SOUND among them; GB_ENOMEM */
enum gb_status gb_block_find_fault(const struct gb_block *block, const struct gb_block_place *place,
                                   enum gb_block_fault *out, struct gb_error *err);
/* What a voter asks besides, for it alone has a clock: is the block further ahead of it than clocks
 * may differ? */
bool gb_block_is_ahead(const struct gb_block *block, int64_t clock_ns);

#endif
