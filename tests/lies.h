/* Blocks that are wrong in one respect, and otherwise as right as their liar can make them: hashed
 * anew, so that nothing but the predicate of chain/ledger/validity.h is left to find the fault. The
 * same lies are told to voters (tests/test_chain.c) and to `ledger verify`
 * (tests/test_tampering.c). */
#ifndef TESTS_LIES_H
#define TESTS_LIES_H

#include "chain/ledger/validity.h"

struct liar {
    const struct gb_genesis *genesis;
    const struct gb_hash *chain_id;
    const struct gb_keyring *ring;
    int64_t parent_time_ns;           /* of the block to lie about */
    const struct gb_transaction *old; /* stands in a block before it; keeps its bytes, like all */
};

/* Makes the block wrong as the fault says. GB_BLOCK_BAD_BUNDLE is none of these: what decodes has
 * no such bundle. GB_BLOCK_OTHER_HASH cannot be written down: whoever reads a header hashes it. */
void lie_tell(const struct liar *liar, enum gb_block_fault fault, struct gb_block *block);
/* Adds a registration of n meters, with a nonce of its own, that nobody has seen. */
void lie_add_registration(const struct liar *liar, struct gb_block *block, uint64_t nonce,
                          uint32_t n);
/* Root and hash of what the block now holds. */
void lie_rehash(struct gb_block *block);

#endif
