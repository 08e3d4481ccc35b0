/* Blocks: a header that links to its parent, transactions, results and a certificate.
 *
 * The *proposal hash* covers the header without its results; it is what a leader proposes and what
 * the next header names as its parent, so a re-proposed block keeps its bytes. The *block hash*
 * covers the proposal hash and the results of execution (state root and receipts root).
 * `classic` and `fisco2` execute before Prepare and vote on the block hash; `fisco3` votes on the
 * proposal hash, executes after Commit and signs the block hash in its checkpoint. State roots are
 * chained, so results are linked across blocks as well. */
#ifndef CHAIN_WIRE_BLOCK_H
#define CHAIN_WIRE_BLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/wire/codec.h"
#include "chain/wire/genesis.h"
#include "chain/wire/hash.h"
#include "chain/wire/keys.h"
#include "chain/wire/transaction.h"

#define GB_TIME_LIMIT_NS (INT64_C(1) << 60) /* 36 years either way: three of them add up safely */

struct gb_header {
    uint64_t number;                  /* genesis is 0 */
    struct gb_hash parent;            /* proposal hash of the parent; of block 1: the chain id */
    struct gb_hash transactions_root; /* Merkle root of transaction hashes */
    int64_t time_ns;                  /* the leader's clock at sealing, at least parent + 1 ms */
    uint32_t sealer;                  /* validator index */
};

/* What executing a block came to: the running hash of the state, and the root of its receipts. */
struct gb_block_results {
    struct gb_hash state_root, receipts_root;
};

/* Signatures of a quorum: in `fisco3` checkpoints over the block hash, else commits over it. It
 * names the hash it certifies, so that an altered block and a forged certificate can be told
 * apart. */
struct gb_certificate {
    uint8_t phase;          /* enum gb_phase */
    uint32_t view;          /* in which the votes were given */
    struct gb_hash subject; /* the block hash they vote for */
    uint32_t n_signers;
    uint32_t *signers; /* ascending validator indices */
    struct gb_signature *signatures;
};

struct gb_block { /* in the program block.c alone writes it */
    struct gb_header header;
    size_t n_transactions;
    struct gb_transaction **transactions; /* owned */
    struct gb_block_results results;
    struct gb_hash proposal_hash, hash;
    struct gb_certificate certificate;
};

struct gb_hash gb_header_hash(const struct gb_header *header);
struct gb_hash gb_block_hash(const struct gb_hash *proposal,
                             const struct gb_block_results *results);
/* The digest a vote signs: phase, chain id, height, view and what it votes for. */
struct gb_hash gb_vote_digest(const struct gb_hash *chain_id, uint8_t phase, uint64_t height,
                              uint32_t view, const struct gb_hash *subject);
/* Merkle root over the hashes of a block's transactions. */
struct gb_hash gb_transactions_root(struct gb_transaction *const *transactions, size_t n);

/* A block of n transactions, hashed and not yet executed. The header's transactions_root is filled
 * in here. Takes the transactions, but not their array. NULL: no memory, nothing is taken */
struct gb_block *gb_block_create(const struct gb_header *header,
                                 struct gb_transaction *const *transactions, size_t n);
/* What its execution gave, and with it the block's hash. */
void gb_block_set_results(struct gb_block *block, const struct gb_block_results *results);
/* As gb_transaction_forget_messages, of its i-th transaction. */
void gb_block_forget_messages(struct gb_block *block, size_t i);
void gb_block_free(struct gb_block *block); /* with its transactions and certificate */

/* The parts of a block that a proof holds as well (chain/ledger/proof.h), appended and read back.
 */
void gb_header_put(struct gb_bytes *to, const struct gb_header *header);
void gb_results_put(struct gb_bytes *to, const struct gb_block_results *results);
void gb_certificate_put(struct gb_bytes *to, const struct gb_certificate *certificate);
void gb_header_take(struct gb_decoder *from, struct gb_header *header);
void gb_results_take(struct gb_decoder *from, struct gb_block_results *results);
/* false: no memory; what was read is cleared like any other */
bool gb_certificate_take(struct gb_decoder *from, struct gb_certificate *certificate);
void gb_certificate_clear(struct gb_certificate *certificate); /* frees its arrays */

/* Canonical encoding, appended: header, transactions (each an opaque), results, certificate.
 * Transactions must be sealed. Memory may run out: see gb_bytes. */
void gb_block_encode(const struct gb_block *block, struct gb_bytes *to);
/* Reads a block that encodes back to the same bytes, and computes its hashes; nothing is verified.
 * GB_EINPUT names the part: "header: at byte 8: ...", "transaction 3: ...", "certificate: ...". */
enum gb_status gb_block_decode(struct gb_block **out, const uint8_t *bytes, size_t n,
                               const struct gb_hash *chain_id, struct gb_error *err);

/* Has these validators (ascending) sign the block's hash; the block owns the certificate. */
enum gb_status gb_certificate_sign(struct gb_block *block, const struct gb_genesis *genesis,
                                   const struct gb_hash *chain_id, uint32_t view,
                                   const uint32_t *signers, uint32_t n_signers,
                                   const struct gb_keyring *ring, struct gb_error *err);
/* Checks that a certificate proves its subject at a height: phase of the flow, distinct ascending
 * known signers, a quorum by weight, every signature over the vote's digest. GB_EBROKEN with the
 * reason. The subject itself is the caller's to compare. */
enum gb_status gb_certificate_check(const struct gb_certificate *certificate, uint64_t height,
                                    const struct gb_genesis *genesis,
                                    const struct gb_hash *chain_id, struct gb_error *err);

#endif
