/* A small chain driven by hand: one slot of a market with real blocks, results and certificates,
 * for the tests of blocks and of the ledger. Meter 0 sells; every other meter buys. */
#ifndef TESTS_SMALL_CHAIN_H
#define TESTS_SMALL_CHAIN_H

#include "chain/contracts/contracts.h"
#include "chain/ledger/ledger.h"
#include "chain/wire/block.h"

#define SMALL_CHAIN_BLOCKS 16
#define SMALL_CHAIN_MESSAGES 8

struct small_chain {
    struct gb_keyring *ring;
    struct gb_genesis genesis;
    struct gb_hash chain_id;
    struct gb_contracts *contracts;
    uint64_t nonce; /* of the last message: one count serves all senders */
    size_t n_meters, n_blocks;
    struct gb_block *blocks[SMALL_CHAIN_BLOCKS];
    struct gb_transaction *waiting[SMALL_CHAIN_MESSAGES];
    size_t n_waiting;
};

void small_chain_open(struct small_chain *chain, enum gb_crypto crypto, size_t n_meters,
                      size_t n_validators, uint64_t seed);
void small_chain_close(struct small_chain *chain);

/* Adds a message to the next block; its nonce is filled in. */
void small_chain_send(struct small_chain *chain, struct gb_message message);
/* The same for several messages of meters, in one bundle of the concentrator. */
void small_chain_send_bundle(struct small_chain *chain, const struct gb_message *messages,
                             size_t n);
/* Seals what was sent: header, execution, certificate of the first validators that are a quorum. */
void small_chain_seal(struct small_chain *chain, int64_t time_ns);

/* Registers everybody, takes orders, closes and opens slot 0: 3 blocks. */
void small_chain_trade(struct small_chain *chain);
/* Then readings with their approvals, settlement and finalize: 3 more. The readings come bundled,
 * and the last meter approves after its reading: every kind of message there is. */
void small_chain_settle(struct small_chain *chain);

/* All of that with 3 meters and 4 validators under modelled signatures: one of every kind of
 * message in 6 blocks. */
void small_chain_open_settled(struct small_chain *chain);

/* Writes all blocks as a ledger. */
void small_chain_write(const struct small_chain *chain, const char *path);

#endif
