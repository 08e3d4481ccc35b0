/* Ingress, from the client to the pool: a sender signs and sends, its entry node accepts or, when
 * its pool is full, refuses; the answer takes the client's delay back. Refused, a client backs off
 * and retries at the next entry node; an insistent one retries there too, at growing intervals, as
 * long as it has no answer. Nothing is sent again after the deadline of its purpose. */
#ifndef CHAIN_NODE_INGRESS_H
#define CHAIN_NODE_INGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/node/chain.h"
#include "chain/node/pool.h"

struct gb_ingress; /* closed */

/* What a client's message becomes. */
struct gb_ingress_host {
    void *context;
    void (*accepted)(void *context); /* the pool has grown */
    /* Refused by full pools until its deadline; borrowed for the call. */
    void (*given_up)(void *context, const struct gb_transaction *transaction);
};

/* Everything but the host and the config's values is borrowed and must outlive it.
 * keeps_proofs  whether blocks are written to a ledger, with every signature
 * failure       of the whole chain: written on failure, and nothing is done once it is set
 * returns NULL when out of memory */
struct gb_ingress *gb_ingress_create(struct gb_queue *queue, const struct gb_chain_config *config,
                                     const struct gb_genesis *genesis,
                                     const struct gb_keyring *ring, bool keeps_proofs,
                                     struct gb_pool *pool, const struct gb_ingress_host *host,
                                     struct gb_error *failure);
void gb_ingress_free(struct gb_ingress *ingress); /* with what is still on its way */

/* As gb_protocol.submit, but that a failure is written to `failure` alone. */
enum gb_status gb_ingress_submit(struct gb_ingress *ingress, struct gb_transaction *transaction,
                                 uint32_t entry_node, int64_t sent_ns,
                                 const struct gb_route *route);

size_t gb_ingress_size(const struct gb_ingress *ingress); /* transactions no pool has taken */
/* Is this message, travelling alone, among them? has_arrived: it was refused by a full pool */
bool gb_ingress_holds(const struct gb_ingress *ingress, gb_party sender, uint8_t kind,
                      uint64_t nonce, bool *has_arrived);
uint64_t gb_ingress_n_refused(const struct gb_ingress *ingress); /* attempts, by full pools */
uint64_t gb_ingress_n_resent(const struct gb_ingress *ingress);  /* insistent repeats */

#endif
