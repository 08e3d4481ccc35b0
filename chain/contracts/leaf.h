/* Leaves of the receipts' tree: what execution states, a leaf a statement. Each is complete in
 * itself, so a path from one to a certified header is proof without executing anything.
 *
 * A leaf is four words of 64 bits, big-endian; that of a match, or of a round, has the root of its
 * trades behind them.
 *   receipt  message kind, receipt, 0, sender | nonce | transaction, message | interval
 *   event    128 + kind, receipt, 0, sender | interval | index, or the bill's units
 *            | nonce, or the Wh of a bill or of a trade that is settled
 * The first word holds 8, 8, 16 and 32 bits. Which block it was is said by the header above. */
#ifndef CHAIN_CONTRACTS_LEAF_H
#define CHAIN_CONTRACTS_LEAF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/quantity.h"
#include "chain/contracts/event.h"
#include "chain/contracts/receipt.h"
#include "chain/wire/hash.h"
#include "models/market/trade.h"

#define GB_LEAF_SIZE 32
#define GB_LEAF_SIZE_MAX (GB_LEAF_SIZE + GB_HASH_SIZE)

/* A leaf of the receipts' tree: the first n bytes. */
struct gb_leaf {
    size_t n;
    uint8_t bytes[GB_LEAF_SIZE_MAX];
};

/* What a leaf states; all other fields are zero. */
struct gb_statement {
    bool is_event;
    uint8_t kind;    /* enum gb_contract_event_kind, else enum gb_message_kind */
    uint8_t receipt; /* enum gb_receipt */
    gb_party sender;
    int64_t interval;
    uint64_t nonce;                /* not of a bill or a settled trade */
    uint32_t transaction, message; /* of a receipt: where in its block */
    uint32_t index;                /* of an event that is no bill */
    struct gb_money amount;        /* of a bill */
    struct gb_energy energy;       /* of a bill: metered net; of a settled trade: executed */
    struct gb_hash root;           /* of a match or round */
};

struct gb_leaf gb_leaf_write(const struct gb_statement *statement);
/* false: these bytes are no leaf of this program */
bool gb_leaf_read(const uint8_t *bytes, size_t n, struct gb_statement *out);

/* Leaf of another tree, that of a match: interval, index and all fields of the trade. */
struct gb_hash gb_match_leaf(int64_t interval, uint32_t index, const struct gb_trade *trade);

#endif
