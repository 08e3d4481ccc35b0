/* The pool: transactions that an entry node accepted and no block holds yet.
 *
 * Gossip brings an accepted transaction to every other validator after the network's delay. Nothing
 * happens at such an arrival but its effect on the order in which a leader may seal, so arrivals
 * are computed from their draws for the leader whose turn it is and never scheduled as events.
 * One count serves all nodes' limits, for gossip fills every pool within a link delay. */
#ifndef CHAIN_NODE_POOL_H
#define CHAIN_NODE_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/status.h"
#include "chain/node/chain.h"
#include "chain/wire/transaction.h"

/* Closed. It owns what it holds. */
struct gb_pool;

/* max_sealed, max_bytes: limits of a block: transactions, and bytes of them
 * network: gossips; borrowed */
enum gb_status gb_pool_create(struct gb_pool **out, uint32_t limit, uint32_t max_sealed,
                              uint64_t max_bytes, const struct gb_network *network,
                              struct gb_error *err);
void gb_pool_free(struct gb_pool *pool); /* with the transactions it still holds */

/* `node` accepts the transaction at now_ns and gossips it. Takes it on GB_OK; GB_EREFUSED: full. */
enum gb_status gb_pool_accept(struct gb_pool *pool, struct gb_transaction *transaction,
                              uint32_t node, int64_t now_ns, const struct gb_route *route,
                              struct gb_error *err);
size_t gb_pool_size(const struct gb_pool *pool);
/* Does this message, travelling alone, wait in it? Looks through everything. */
bool gb_pool_holds(const struct gb_pool *pool, gb_party sender, uint8_t kind, uint64_t nonce);

/* A leader's turn begins: arrivals are computed for it from now on. */
void gb_pool_begin_turn(struct gb_pool *pool, uint32_t leader);
/* When the leader holds its first transaction, and a whole block of them; INT64_MAX: not yet
 * known. */
int64_t gb_pool_first_ns(const struct gb_pool *pool);
int64_t gb_pool_full_ns(const struct gb_pool *pool);
/* The leader seals: the transactions it holds at now_ns, in the order in which they reached it, at
 * most max_sealed and up to the first that would exceed max_bytes; that one heads the next block.
 * The caller owns them. Ends the turn. returns how many, at least 1 if it holds any */
size_t gb_pool_take(struct gb_pool *pool, int64_t now_ns, struct gb_transaction **out);

#endif
