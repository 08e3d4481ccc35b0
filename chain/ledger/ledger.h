/* The ledger file: one canonical byte stream. Genesis, then blocks with their certificates, then a
 * trailer signed by the operator (count, head hash, file hash); without the trailer the file is
 * incomplete. It is verified without the simulator: contracts are executed again, roots, links,
 * certificates and every signature are checked, and user keys come from the replayed state.
 *
 * The stream is a row of records: u32 tag ("GBL1", "BLOK", "TRLR"), u32 length, so many bytes.
 *   GBL1  the genesis (chain/wire/genesis.h); the chain id is its hash
 *   BLOK  a block (chain/wire/block.h), numbered from 1
 *   TRLR  u64 count of blocks, hash of the last block (of none: the chain id),
 *         H(GB_DOMAIN_FILE, all bytes before this record), the operator's signature over
 *         H(GB_DOMAIN_TRAILER, chain id, count, head, file hash); nothing follows
 * Reading and verifying take the memory of one block and of the contracts' state. */
#ifndef CHAIN_LEDGER_LEDGER_H
#define CHAIN_LEDGER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "chain/wire/block.h"
#include "chain/wire/genesis.h"

struct gb_ledger_writer; /* closed */

/* Writes to path.part; gb_ledger_writer_seal signs the trailer and syncs, _publish renames. `path`
 * must not exist, be empty or be a ledger (GB_EINPUT: a file that is no ledger stays). A genesis
 * under GB_CRYPTO_NONE is refused: its blocks have no bytes. Whatever fails is GB_EFILE with the
 * path and the reason. */
enum gb_status gb_ledger_writer_open(struct gb_ledger_writer **out, const char *path,
                                     const struct gb_genesis *genesis, struct gb_error *err);
/* After a failure only gb_ledger_writer_abandon is left to do. */
enum gb_status gb_ledger_writer_append(struct gb_ledger_writer *writer,
                                       const struct gb_block *block, struct gb_error *err);
/* Signs the trailer and brings the .part to the disk: it is whole now, and has still to be
 * published or abandoned. */
enum gb_status gb_ledger_writer_seal(struct gb_ledger_writer *writer, const struct gb_keyring *ring,
                                     struct gb_error *err);
/* Gives a sealed ledger its name. Frees the writer in any case; on failure the .part stays. */
enum gb_status gb_ledger_writer_publish(struct gb_ledger_writer *writer, struct gb_error *err);
/* Where it will stand, links followed, and the hash of the last block written. */
const char *gb_ledger_writer_path(const struct gb_ledger_writer *writer);
const struct gb_hash *gb_ledger_writer_head(const struct gb_ledger_writer *writer);
/* false where the file system has no locks: nothing keeps another process from the file then. */
bool gb_ledger_writer_is_locked(const struct gb_ledger_writer *writer);
void gb_ledger_writer_abandon(struct gb_ledger_writer *writer); /* removes the .part; frees */

/* Reads a ledger block by block. Of what it reads only the genesis' signature is verified here; the
 * rest is structure. GB_EFILE: it cannot be read. GB_EBROKEN: the reason names the place:
 * genesis, block h and what in it (header, transaction i, results, certificate), trailer, or
 * incomplete. */
struct gb_ledger_reader;
enum gb_status gb_ledger_reader_open(struct gb_ledger_reader **out, const char *path,
                                     const struct gb_extensions *extensions, struct gb_error *err);
const struct gb_genesis *gb_ledger_genesis(const struct gb_ledger_reader *reader);
const struct gb_hash *gb_ledger_chain_id(const struct gb_ledger_reader *reader);
/* *out is NULL after the last block, with the trailer read. Caller frees with gb_block_free. */
enum gb_status gb_ledger_reader_next(struct gb_ledger_reader *reader, struct gb_block **out,
                                     struct gb_error *err);
/* After the last block: does the trailer fit this count, head and file, and is it the
 * operator's? */
enum gb_status gb_ledger_reader_check_trailer(const struct gb_ledger_reader *reader,
                                              uint64_t n_blocks, const struct gb_hash *head,
                                              struct gb_error *err);
void gb_ledger_reader_close(struct gb_ledger_reader *reader);

/* The head that the trailer of a whole ledger names; nothing is verified.
 * returns false where there is none */
bool gb_ledger_head(const char *path, struct gb_hash *out);

struct gb_ledger_report {
    uint64_t n_blocks, n_transactions, n_messages;
    uint64_t n_signatures; /* of messages, bundles, roles of trades, votes, trailer */
    struct gb_hash chain_id, head;
    bool is_anchored; /* the caller named the genesis hash it trusts */
    bool is_modelled; /* signatures prove nothing: unverifiable */
};

struct gb_contracts; /* chain/contracts/contracts.h */
/* What is done with each block once it is verified; `contracts` holds the state after it, and its
 * events are the block's. A status other than GB_OK ends the replay. */
typedef enum gb_status gb_ledger_visit(void *context, const struct gb_genesis *genesis,
                                       const struct gb_block *block,
                                       const struct gb_contracts *contracts, struct gb_error *err);
/* Verifies a whole ledger by replay, block by block, and shows each to `visit` (may be NULL).
 * extensions  of flows and mechanisms handed in at run time, which the genesis may name; or NULL
 * anchor      the genesis hash to trust, or NULL (trusted on first use)
 * GB_EBROKEN with a reason that names the first place found wrong. */
enum gb_status gb_ledger_replay(const char *path, const struct gb_extensions *extensions,
                                const struct gb_hash *anchor, gb_ledger_visit *visit, void *context,
                                struct gb_ledger_report *out, struct gb_error *err);
/* The same without a visitor. */
enum gb_status gb_ledger_verify(const char *path, const struct gb_extensions *extensions,
                                const struct gb_hash *anchor, struct gb_ledger_report *out,
                                struct gb_error *err);

#endif
