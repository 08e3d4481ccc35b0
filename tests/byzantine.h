/* What a Byzantine leader proposes: blocks that are wrong in one respect, and otherwise as right as
 * it can make them: hashed anew, so that nothing but the predicate of chain/ledger/validity.h is
 * left to find the fault. Voters (tests/test_chain.c) and `ledger verify` (tests/test_tampering.c)
 * are given the same blocks. */
#ifndef TESTS_BYZANTINE_H
#define TESTS_BYZANTINE_H

#include "chain/ledger/validity.h"

struct byzantine_leader {
    const struct gb_genesis *genesis;
    const struct gb_hash *chain_id;
    const struct gb_keyring *ring;
    int64_t parent_time_ns;           /* of the block to corrupt */
    const struct gb_transaction *old; /* stands in a block before it; keeps its bytes, like all */
};

/* Makes the block wrong as the fault says. GB_BLOCK_BAD_BUNDLE is none of these: what decodes has
 * no such bundle. GB_BLOCK_OTHER_HASH cannot be written down: whoever reads a header hashes it. */
void byzantine_corrupt(const struct byzantine_leader *leader, enum gb_block_fault fault,
                       struct gb_block *block);
/* Adds a registration of n meters, with a nonce of its own, that nobody has seen. */
void byzantine_add_registration(const struct byzantine_leader *leader, struct gb_block *block,
                                uint64_t nonce, uint32_t n);
/* Root and hash of what the block now holds. */
void byzantine_rehash(struct gb_block *block);

#endif
