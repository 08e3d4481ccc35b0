/* The ledger file: one canonical byte stream. Genesis, then blocks with their certificates, then a
 * trailer signed by the operator (count, head hash, file hash); without the trailer the file is
 * incomplete. It is verified without the simulator: contracts are executed again, roots, links,
 * certificates and every signature are checked, and user keys come from the replayed state. */
#ifndef CHAIN_LEDGER_H
#define CHAIN_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/block.h"
#include "chain/genesis.h"
#include "sim/status.h"

struct gb_ledger_writer;                /* closed */

/* Writes to path.part; gb_ledger_writer_close signs the trailer, syncs and renames. */
enum gb_status gb_ledger_writer_open(struct gb_ledger_writer **out, const char *path,
                                     const struct gb_genesis *genesis, struct gb_error *err);
enum gb_status gb_ledger_writer_append(struct gb_ledger_writer *writer, const struct gb_block *block,
                                       struct gb_error *err);
enum gb_status gb_ledger_writer_close(struct gb_ledger_writer *writer,
                                      const struct gb_keyring *ring, struct gb_error *err);
void gb_ledger_writer_abandon(struct gb_ledger_writer *writer);         /* removes the .part */

/* Reads a ledger block by block; structure only, nothing is verified. The error sentence names the
 * place: genesis, block h and what in it (header, transaction i, certificate), or trailer. */
struct gb_ledger_reader;
enum gb_status gb_ledger_reader_open(struct gb_ledger_reader **out, const char *path,
                                     struct gb_error *err);
const struct gb_genesis *gb_ledger_genesis(const struct gb_ledger_reader *reader);
const struct gb_hash *gb_ledger_chain_id(const struct gb_ledger_reader *reader);
/* *out is NULL after the last block, with the trailer read. Caller frees with gb_block_free. */
enum gb_status gb_ledger_reader_next(struct gb_ledger_reader *reader, struct gb_block **out,
                                     struct gb_error *err);
void gb_ledger_reader_close(struct gb_ledger_reader *reader);

struct gb_ledger_report {
    uint64_t n_blocks, n_transactions, n_messages, n_signatures;
    struct gb_hash chain_id, head;
    bool is_anchored;                   /* the caller named the genesis hash it trusts */
    bool is_modelled;                   /* signatures prove nothing: unverifiable */
};
/* Verifies a whole ledger by replay. genesis: the hash to trust, or NULL (trusted on first use).
 * GB_EBROKEN with a sentence that names the first place found wrong. */
enum gb_status gb_ledger_verify(const char *path, const struct gb_hash *genesis,
                                struct gb_ledger_report *out, struct gb_error *err);

#endif
