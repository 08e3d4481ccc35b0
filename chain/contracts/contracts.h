/* The contracts: the replicated state machine (registry, declaration, matching, settlement,
 * billing) and the one place where a transaction changes anything. It decides from ledger content
 * only: what it is given is decoded transactions in the ledger's order, and nothing else.
 *
 * A message that fails leaves a receipt with its reason and no change, but for its nonce: once a
 * signature is known to be its sender's, and the kind of message one that it may send, the nonce is
 * spent whatever comes of the message, so what was refused today cannot be played again when it
 * would succeed. A bundle whose own signature or nonce fails, or that holds anything but messages
 * of its concentrator's meters, leaves that reason for each of its messages and spends none of
 * their nonces. Nonces count by sender and kind of message, and may come in any order within 64 of
 * the highest of their kind; a message is valid up to its last valid height, which may lie at most
 * 1000 blocks ahead. Every change of state is fed to the running hash of its block, chained to the
 * parent's. Money is moved between accounts only: over users, operator and grid it sums to what the
 * genesis gave.
 *
 * Time is the block's: orders for interval k are taken from t - open until its close executes or
 * t has come; close from t - gate on, open from t, a reading from t + T, finalize from t + T +
 * deadline, where a second too early is borne of clocks; an open after t + T + deadline makes a
 * missed slot. Readings and finalize may come in any order of k. An interval is done when every
 * meter's bill of it has been executed, or with its finalize, and forgotten once it and all before
 * it, and one after it, are final; what comes for it then finds it over. A cancel or amendment
 * takes effect at the close, if it came in time (in a block <= H): until then both orders' escrow
 * is held, and a late one leaves the earlier order standing. Where users quote anew between two
 * rounds, the first close publishes round 1; until the second one, from the second gate on, what is
 * left of an order may be amended, and nothing else may come. */
#ifndef CHAIN_CONTRACTS_CONTRACTS_H
#define CHAIN_CONTRACTS_CONTRACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/contracts/event.h"
#include "chain/contracts/interval_view.h"
#include "chain/contracts/receipt.h"
#include "chain/wire/block.h"
#include "chain/wire/genesis.h"
#include "chain/wire/transaction.h"
#include "models/market/trade.h"

struct gb_contracts; /* closed */

/* genesis: its users are borrowed for the contracts' whole life, unless nobody signs. chain_id NULL
 * switches all hashing off, and with it signatures and expiry (GB_CRYPTO_NONE: the ideal
 * protocol, where nothing crosses a network and no ledger is kept). */
enum gb_status gb_contracts_create(struct gb_contracts **out, const struct gb_genesis *genesis,
                                   const struct gb_hash *chain_id, struct gb_error *err);
void gb_contracts_free(struct gb_contracts *contracts);

/* Executes one block: begin, every transaction in order, end. Refusals are receipts, not failures;
 * a failure (no memory, 64 bits exceeded) ends the run. */
void gb_contracts_begin_block(struct gb_contracts *contracts, const struct gb_header *header);
enum gb_status gb_contracts_apply(struct gb_contracts *contracts,
                                  const struct gb_transaction *transaction, struct gb_error *err);
enum gb_status gb_contracts_end_block(struct gb_contracts *contracts,
                                      struct gb_block_results *results, struct gb_error *err);

/* Events since the last call of gb_contracts_begin_block; borrowed until the next one. */
const struct gb_events *gb_contracts_events(const struct gb_contracts *contracts);
/* The same, handed over: the caller clears them. */
struct gb_events gb_contracts_take_events(struct gb_contracts *contracts);
/* Receipts since then, one a message in execution order (enum gb_receipt). */
size_t gb_contracts_receipts(const struct gb_contracts *contracts, const uint8_t **receipts);
/* Leaves of the receipts' tree since then, where they are to be kept: a receipt a message,
 * behind the events it caused. */
void gb_contracts_keep_leaves(struct gb_contracts *contracts);
struct gb_leaf; /* chain/contracts/leaf.h */
size_t gb_contracts_leaves(const struct gb_contracts *contracts, const struct gb_leaf **leaves);

/* What a block makes superfluous (orders that are matched, all of an interval that is done or
 * forgotten) stays readable here until the next block begins, and beyond that for readers that lag
 * behind: until everything up to the height of that block is acknowledged by this call. Without a
 * call it counts as acknowledged at once. It changes nothing of what contracts do. */
void gb_contracts_acknowledge(struct gb_contracts *contracts, uint64_t height);
struct gb_interval_view gb_contracts_interval(const struct gb_contracts *contracts,
                                              int64_t interval);
/* The trades of its match alone: what the view holds of them. */
const struct gb_trade *gb_contracts_trades(const struct gb_contracts *contracts, int64_t interval,
                                           size_t *n);
/* Where orders trade as they come: the executions of an interval so far, in their order, by the
 * numbers that events give; readable like orders. */
const struct gb_execution *gb_contracts_executions(const struct gb_contracts *contracts,
                                                   int64_t interval, size_t *n);
/* What an open that names a height must say: the root over the trades in blocks up to it. Zero with
 * hashing off. */
struct gb_hash gb_contracts_root_until(const struct gb_contracts *contracts, int64_t interval,
                                       uint64_t height);
/* Trades of a meter in the match of an interval: indices into trades, ascending. */
size_t gb_contracts_meter_trades(const struct gb_contracts *contracts, int64_t interval,
                                 uint32_t meter, const uint32_t **trades);
/* Those of them that stand, without the view: what a meter approves. */
size_t gb_contracts_standing_trades(const struct gb_contracts *contracts, int64_t interval,
                                    uint32_t meter, const uint32_t **trades);
/* How far a register may move in a slot, so that no bill at the prices of the genesis leaves 64
 * bits: a reading beyond it is refused. */
int64_t gb_contracts_energy_limit_wh(const struct gb_contracts *contracts);
/* Last interval up to which every Wh of the meter is on the ledger, read or billed with a gap; -1
 * before the first. */
int64_t gb_contracts_last_reading(const struct gb_contracts *contracts, uint32_t meter);
/* What its registers showed at the end of that interval; 0 before the first. */
struct gb_registers gb_contracts_registers(const struct gb_contracts *contracts, uint32_t meter);

/* Accounts: the free balance for trades, what is in escrow, and the account of grid bills,
 * which may be negative. */
struct gb_money gb_contracts_balance(const struct gb_contracts *contracts, uint32_t meter);
struct gb_money gb_contracts_escrow(const struct gb_contracts *contracts, uint32_t meter);
struct gb_money gb_contracts_grid_account(const struct gb_contracts *contracts, uint32_t meter);
struct gb_money gb_contracts_operator(const struct gb_contracts *contracts);
/* Sums every account against the genesis, and every settled meter's trades + grid against its
 * registers. GB_EBROKEN with a reason where one unit is missing. */
enum gb_status gb_contracts_check(const struct gb_contracts *contracts, struct gb_error *err);

#endif
