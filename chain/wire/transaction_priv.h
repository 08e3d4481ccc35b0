/* What the files of a transaction share: the sizes of its parts in the canonical encoding, and how
 * a digest comes about.
 *
 *   transaction.c          its life and its memory
 *   transaction_encode.c   signs, encodes and hashes
 *   transaction_decode.c   reads it back */
#ifndef CHAIN_WIRE_TRANSACTION_PRIV_H
#define CHAIN_WIRE_TRANSACTION_PRIV_H

#include "chain/wire/transaction.h"

#define GB_ARENA_ALIGNMENT 8
#define GB_MESSAGE_SIZE_MIN (24 + 8 + sizeof(struct gb_signature)) /* FINALIZE */
#define GB_APPROVAL_SIZE (4 + sizeof(struct gb_signature))
#define GB_ADMISSION_SIZE (4 + sizeof(struct gb_public_key) + 8)

/* What a party signs of n bytes that it states, under the chain they belong to. */
static inline struct gb_hash gb_statement_digest(enum gb_domain domain,
                                                 const struct gb_hash *chain_id,
                                                 const uint8_t *bytes, size_t n)
{
    return gb_hash_pair(domain, chain_id->bytes, sizeof chain_id->bytes, bytes, n);
}

#endif
