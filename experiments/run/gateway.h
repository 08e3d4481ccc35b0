/* The run's way to its chain: keys, genesis, protocol and ledger, and the node at which each meter
 * enters. Transactions go in here; what the chain reports comes out at the observer. */
#ifndef EXPERIMENTS_RUN_GATEWAY_H
#define EXPERIMENTS_RUN_GATEWAY_H

#include "chain/node/chain.h"
#include "experiments/run/environment.h"

struct gb_run_gateway; /* closed */

/* env is borrowed for life. ledger_path: NULL keeps no ledger. *out is set in any case. */
enum gb_status gb_run_gateway_create(struct gb_run_gateway **out,
                                     const struct gb_run_environment *env, const char *ledger_path,
                                     const struct gb_chain_observer *observer,
                                     struct gb_error *err);
void gb_run_gateway_free(struct gb_run_gateway *gateway);

uint32_t gb_run_gateway_n_nodes(const struct gb_run_gateway *gateway);
size_t gb_run_gateway_n_concentrators(const struct gb_run_gateway *gateway);
/* Meters that a bundle sender serves; 0: there are none. */
size_t gb_run_gateway_concentrator_size(const struct gb_run_gateway *gateway);
uint32_t gb_run_gateway_concentrator_node(const struct gb_run_gateway *gateway,
                                          uint32_t concentrator);
uint32_t gb_run_gateway_entry_node(const struct gb_run_gateway *gateway, uint32_t meter);
/* May anybody, meter, concentrator or operator, enter at the node? */
bool gb_run_gateway_is_entry(const struct gb_run_gateway *gateway, uint32_t node);
const struct gb_network *gb_run_gateway_network(const struct gb_run_gateway *gateway);
const struct gb_keyring *gb_run_gateway_keys(const struct gb_run_gateway *gateway);
const struct gb_contracts *gb_run_gateway_contracts(const struct gb_run_gateway *gateway);

/* Takes the transaction; a failure is that of the run. */
void gb_run_gateway_submit(struct gb_run_gateway *gateway, struct gb_transaction *transaction,
                           uint32_t node, int64_t sent_ns, const struct gb_route *route);
struct gb_passage gb_run_gateway_passage(const struct gb_run_gateway *gateway,
                                         const struct gb_position *position);
/* Of a message that the operator sent. */
enum gb_whereabouts gb_run_gateway_whereabouts(const struct gb_run_gateway *gateway, uint8_t kind,
                                               uint64_t nonce);
/* How far ahead nothing becomes known of the chain. */
struct gb_quiet gb_run_gateway_quiet(const struct gb_run_gateway *gateway);

/* A block is stable everywhere. */
void gb_run_gateway_finish_block(struct gb_run_gateway *gateway, const struct gb_hash *block);
size_t gb_run_gateway_n_pending(const struct gb_run_gateway *gateway);
struct gb_chain_totals gb_run_gateway_totals(const struct gb_run_gateway *gateway);
/* The first failure inside an event of the chain, or GB_OK. */
enum gb_status gb_run_gateway_failure(const struct gb_run_gateway *gateway, struct gb_error *err);
/* The end of a run: its last block to `head` where the caller asks (not NULL), and its sealed
 * ledger to `ledger`; where that is NULL it is published. */
enum gb_status gb_run_gateway_hand_out(struct gb_run_gateway *gateway, struct gb_hash *head,
                                       struct gb_ledger_writer **ledger, struct gb_error *err);

#endif
