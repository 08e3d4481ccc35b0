/* Proofs for who has no ledger: that a trade was made, settled and billed, to be checked with the
 * genesis hash alone and without executing anything.
 *
 * A statement (chain/contracts/leaf.h) leads by its path to the receipts root of a block; header
 * and results hash to what the block's certificate certifies; the signers are validators of the
 * genesis, which the proof carries whole and whose hash is the chain id. A trade leads by a path of
 * its own to the root of its match, which the statement of that match holds.
 *
 * Encoding (chain/wire/codec.h): u32 tag "GBP1", the genesis as an opaque, a flag and, where it is
 * set, the trade; u32 count of statements, and the statements. A trade: i64 interval, u32 index,
 * u32 round, sell order, buy order, seller, buyer and source, i64 energy and both prices, its path.
 * A statement: header, results, certificate (chain/wire/block.h), the leaf as an opaque, its path.
 * A path: u32 count, then of each step u32 side and, unless alone, the sibling. */
#ifndef CHAIN_LEDGER_PROOF_H
#define CHAIN_LEDGER_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/contracts/leaf.h"
#include "chain/wire/block.h"
#include "chain/wire/genesis.h"
#include "models/market/trade.h"

/* The way from a leaf to its root, from below: the first n steps. */
struct gb_path {
    uint32_t n;
    struct gb_step steps[GB_PATH_MAX];
};

struct gb_inclusion { /* a statement in a certified block */
    struct gb_header header;
    struct gb_block_results results;
    struct gb_certificate certificate; /* owned */
    struct gb_leaf leaf;
    struct gb_statement statement; /* what the leaf says */
    struct gb_path path;
};

struct gb_traded { /* a trade in the match of its interval */
    int64_t interval;
    uint32_t index;
    struct gb_trade trade;
    struct gb_path path;
};

struct gb_proof {
    struct gb_genesis genesis; /* owned, like the arrays below */
    struct gb_hash chain_id;
    bool has_trade;
    struct gb_traded traded;
    size_t n, capacity;
    struct gb_inclusion *inclusions; /* of a trade's proof the first is its match */
};

/* Path of leaf `index` in the block that has just been executed, from the leaves it left. The block
 * is only read. GB_EBROKEN: it does not lead to the block's receipts root. */
enum gb_status gb_inclusion_make(struct gb_inclusion *out, const struct gb_block *block,
                                 const struct gb_leaf *leaves, size_t n, size_t index,
                                 struct gb_error *err);
void gb_inclusion_clear(struct gb_inclusion *inclusion);
/* Path of a trade in its match. */
enum gb_status gb_traded_make(struct gb_traded *out, int64_t interval, uint32_t index,
                              const struct gb_trade *trades, size_t n, struct gb_error *err);
/* The root of the match that it leads to. */
struct gb_hash gb_traded_root(const struct gb_traded *traded);

/* Takes the inclusion; on failure it is cleared. */
enum gb_status gb_proof_add(struct gb_proof *proof, struct gb_inclusion *inclusion,
                            struct gb_error *err);
void gb_proof_clear(struct gb_proof *proof);
/* Appended; the genesis is that of the ledger, not the proof's. Memory may run out: see gb_bytes.
 */
void gb_proof_encode(const struct gb_proof *proof, const uint8_t *genesis, size_t n_genesis,
                     struct gb_bytes *to);
/* Reads a proof that encodes back to the same bytes, with a genesis signed by its supervisor;
 * nothing else is checked. Caller clears it. GB_EINPUT: at which byte what was expected.
 * extensions  as gb_ledger_replay() takes them */
enum gb_status gb_proof_decode(struct gb_proof *out, const uint8_t *bytes, size_t n,
                               const struct gb_extensions *extensions, struct gb_error *err);
/* Does everything in it lead to blocks that a quorum of the genesis' validators certified, in the
 * ledger's order and each statement once, and does it all belong to its trade? What it leaves out
 * is not said: of a meter's bills there may be more. anchor  the genesis hash to trust, or NULL
 * GB_EBROKEN with a reason that names the statement, from 1 */
enum gb_status gb_proof_check(const struct gb_proof *proof, const struct gb_hash *anchor,
                              struct gb_error *err);

#endif
