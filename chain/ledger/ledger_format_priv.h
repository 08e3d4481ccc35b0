/* What writer and reader of a ledger share: its records (chain/ledger/ledger.h) and their sizes. */
#ifndef CHAIN_LEDGER_LEDGER_FORMAT_PRIV_H
#define CHAIN_LEDGER_LEDGER_FORMAT_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "chain/ledger/ledger.h"

/* Tags differ in many bits, so that no single one turns a block into a trailer. */
enum { GB_TAG_GENESIS = 0x47424c31, GB_TAG_BLOCK = 0x424c4f4b, GB_TAG_TRAILER = 0x54524c52 };

#define GB_RECORD_HEAD_SIZE 8
#define GB_TRAILER_SIZE (8 + GB_HASH_SIZE + GB_HASH_SIZE + sizeof(struct gb_signature))

/* The last record: how many blocks there are, the hash of the last one, the hash of all bytes
 * before the trailer, and the operator's signature under the three. */
struct gb_ledger_trailer {
    uint64_t n_blocks;
    struct gb_hash head, file;
    struct gb_signature signature;
};

/* What the operator signs. */
struct gb_hash gb_ledger_trailer_digest(const struct gb_ledger_trailer *trailer,
                                        const struct gb_hash *chain_id);
/* Whether the file begins as a ledger does; one that cannot be read is taken for none. */
bool gb_ledger_begins(const char *path);

#endif
