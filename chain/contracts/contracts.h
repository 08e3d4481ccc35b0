/* The world: the replicated state machine of all contracts (registry, declaration, matching,
 * settlement) and the one place where a transaction changes anything. It decides from ledger
 * content only: what it is given is decoded transactions in the ledger's order, and nothing
 * else.
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
 * is held, and a late one leaves the earlier order standing. */
#ifndef CHAIN_CONTRACTS_CONTRACTS_H
#define CHAIN_CONTRACTS_CONTRACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain/wire/block.h"
#include "chain/wire/genesis.h"
#include "chain/wire/transaction.h"
#include "models/market/trade.h"

#define GB_RECEIPT_LIST(X)                                                   \
    X(GB_RECEIPT_OK, "ok")                                                   \
    X(GB_RECEIPT_UNREGISTERED, "unregistered")                               \
    X(GB_RECEIPT_SUSPENDED, "suspended")                                     \
    X(GB_RECEIPT_BAD_SIGNATURE, "bad signature")                             \
    X(GB_RECEIPT_REPLAY, "replay")                                           \
    X(GB_RECEIPT_EXPIRED, "expired")                                         \
    X(GB_RECEIPT_OUT_OF_BAND, "price or reserve outside the band")           \
    X(GB_RECEIPT_OUTSIDE_RESERVE, "quote outside its own reserve")           \
    X(GB_RECEIPT_BEYOND_CAPACITY, "beyond capacity")                         \
    X(GB_RECEIPT_UNDERFUNDED, "underfunded")                                 \
    X(GB_RECEIPT_BELOW_MINIMUM, "below the minimum quantity")                \
    X(GB_RECEIPT_GATE_CLOSED, "gate closed")                                 \
    X(GB_RECEIPT_LATE, "executed above the height of the close")             \
    X(GB_RECEIPT_MALFORMED, "malformed")                                     \
    X(GB_RECEIPT_NOT_ALLOWED, "not allowed for this sender")                 \
    X(GB_RECEIPT_UNKNOWN_TARGET, "unknown order, trade or interval")         \
    X(GB_RECEIPT_ALREADY_DONE, "already done")                               \
    X(GB_RECEIPT_WRONG_ROOT, "root differs from what the contract computed") \
    X(GB_RECEIPT_TOO_EARLY, "too early")                                     \
    X(GB_RECEIPT_WRONG_REGISTERS, "registers contradict each other or other readings")

enum gb_receipt {
#define GB_RECEIPT_MEMBER(name, text) name,
    GB_RECEIPT_LIST(GB_RECEIPT_MEMBER)
#undef GB_RECEIPT_MEMBER
        GB_N_RECEIPTS
};
const char *gb_receipt_text(enum gb_receipt receipt);
/* Refused for when it came, not for what it says: signed again, the same may be accepted. */
bool gb_receipt_may_pass(enum gb_receipt receipt);

/* Where in the ledger a message stands. */
struct gb_position {
    uint64_t height;
    uint32_t transaction, message;
};

/* What execution tells the outside, in execution order. */
enum gb_contract_event_kind {
    GB_EVENT_ORDER,            /* an order was accepted or refused: receipt, owner */
    GB_EVENT_MATCHED,          /* the close was executed: the match stands */
    GB_EVENT_OPENED,           /* delivery under the match */
    GB_EVENT_MISSED,           /* a missed slot: everybody on the grid */
    GB_EVENT_READING,          /* meter; receipt */
    GB_EVENT_TRADE_SETTLED,    /* trade: energy and money have moved */
    GB_EVENT_TRADE_VOIDED,     /* trade */
    GB_EVENT_BILLED,           /* meter: the grid bill of the interval was executed */
    GB_EVENT_GAP_BILLED,       /* meter: what its registers moved by in final intervals that
                                * it was not read in before; `interval` is the last of them
                                * and `index` their number */
    GB_EVENT_APPROVAL_REFUSED, /* one approval of a reading or approve did not count, the
                                * others did: receipt, sender; index: the trade it names */
    GB_EVENT_REFUSED           /* any other message that failed: receipt, sender */
};

/* message, sender, position and nonce are those of the message that caused the event, but for
 * BILLED and GAP_BILLED (sender: the meter) and an ORDER refused as LATE at the close (all four of
 * the order or the cancel that came too late). */
struct gb_contract_event {
    uint8_t kind;
    uint8_t receipt;   /* enum gb_receipt */
    uint8_t message;   /* enum gb_message_kind: nonces count by it */
    bool is_of_bundle; /* the message's bundle was refused: its own nonce is unspent */
    gb_party sender;
    uint32_t index; /* ORDER: number of the order in the slot when a new one was
                     * accepted, else UINT32_MAX; TRADE_*: index of the trade in
                     * the match */
    int64_t interval;
    union {
        struct { /* all but *BILLED */
            struct gb_position position;
            uint64_t nonce;            /* of the message */
            struct gb_energy executed; /* of TRADE_SETTLED: what moved; else 0 */
        };
        struct {                     /* *BILLED */
            struct gb_money amount;  /* the grid bill (positive = the meter pays) */
            struct gb_energy energy; /* metered net (positive = import) */
            /* of BILLED, each settled at a price of imbalance: sold and not delivered, or bought
             * and not taken (< 0); and what the meter took beyond its schedule with the grid, or
             * left of it (< 0), where the rules have one */
            struct gb_energy imbalance, off_schedule;
        };
    };
};

/* Events in pieces: a block of thousands grows without being moved. */
#define GB_EVENTS_A_PIECE 128
struct gb_events {
    size_t n, n_pieces, capacity;
    struct gb_contract_event **pieces;
};
static inline const struct gb_contract_event *gb_event_at(const struct gb_events *events, size_t i)
{
    return &events->pieces[i / GB_EVENTS_A_PIECE][i % GB_EVENTS_A_PIECE];
}
void gb_events_clear(struct gb_events *events); /* frees the pieces */

struct gb_contracts; /* closed */

/* genesis: its users are borrowed for the world's whole life, unless nobody signs. chain_id NULL
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
/* Leaves of the receipts' tree since then, for a world told to keep them: a receipt a message,
 * behind the events it caused. */
void gb_contracts_keep_leaves(struct gb_contracts *contracts);
struct gb_leaf; /* chain/contracts/leaf.h */
size_t gb_contracts_leaves(const struct gb_contracts *contracts, const struct gb_leaf **leaves);

/* The state of an interval. */
enum gb_interval_phase {
    GB_INTERVAL_UNKNOWN,    /* nothing of it yet, or forgotten */
    GB_INTERVAL_OPEN,       /* orders are taken */
    GB_INTERVAL_MATCHED,    /* closed, match computed */
    GB_INTERVAL_DELIVERING, /* open(k) executed with a match */
    GB_INTERVAL_MISSED,
    GB_INTERVAL_FINAL /* finalized */
};
enum gb_trade_state { GB_TRADE_PENDING, GB_TRADE_SETTLED, GB_TRADE_VOID };
struct gb_interval_view { /* borrowed until the next block begins, see gb_contracts_acknowledge */
    enum gb_interval_phase phase;
    uint64_t close_height; /* H of the valid close */
    struct gb_position close_position;
    /* accepted orders, in the ledger's order; none once matched, or missed */
    size_t n_orders;
    const struct gb_order *orders;
    const struct gb_position *positions;
    const uint8_t *withdrawn;          /* per order: was it cancelled or amended? */
    const struct gb_energy *unmatched; /* per order; NULL before the match */
    size_t n_trades;                   /* none before the match, and once the interval is done */
    const struct gb_trade *trades;
    const uint8_t *trade_states;   /* enum gb_trade_state */
    const struct gb_hash *digests; /* gb_settlement_digest per trade; NULL with hashing off */
    struct gb_hash match_root;     /* Merkle root over the trades (GB_DOMAIN_TRADE leaves) */
};
/* What a block makes superfluous (orders that are matched, all of an interval that is done or
 * forgotten) stays readable here until the next block begins, and beyond that for who lags
 * behind: until he has heard of everything up to the height of that block, which he says by this
 * call. Without a call it is taken for heard at once. It changes nothing of what contracts do. */
void gb_contracts_acknowledge(struct gb_contracts *contracts, uint64_t height);
struct gb_interval_view gb_contracts_interval(const struct gb_contracts *contracts,
                                              int64_t interval);
/* The trades of its match alone: what the view holds of them. */
const struct gb_trade *gb_contracts_trades(const struct gb_contracts *contracts, int64_t interval,
                                           size_t *n);
/* Trades of a meter in the match of an interval: indices into trades, ascending. */
size_t gb_contracts_meter_trades(const struct gb_contracts *contracts, int64_t interval,
                                 uint32_t meter, const uint32_t **trades);
/* Trades whose both readings are on the ledger and which the operator has not signed yet. */
size_t gb_contracts_trades_to_settle(const struct gb_contracts *contracts, int64_t interval,
                                     uint32_t *out, size_t capacity);
/* Leaf of the match root: interval, index and all fields of the trade. */
struct gb_hash gb_match_leaf(int64_t interval, uint32_t index, const struct gb_trade *trade);

bool gb_contracts_is_registered(const struct gb_contracts *contracts, uint32_t meter);
/* Last interval up to which every Wh of the meter is on the ledger, read or billed with a gap; -1
 * before the first. */
int64_t gb_contracts_last_reading(const struct gb_contracts *contracts, uint32_t meter);

/* Accounts: the free balance for trades, what is held in escrow, and the account of grid bills,
 * which may be negative. */
struct gb_money gb_contracts_balance(const struct gb_contracts *contracts, uint32_t meter);
struct gb_money gb_contracts_escrow(const struct gb_contracts *contracts, uint32_t meter);
struct gb_money gb_contracts_grid_account(const struct gb_contracts *contracts, uint32_t meter);
struct gb_money gb_contracts_operator(const struct gb_contracts *contracts);
struct gb_money gb_contracts_grid(const struct gb_contracts *contracts);
/* Sums every account against the genesis, and every settled meter's trades + grid against its
 * registers. GB_EBROKEN with a sentence where one unit is missing. */
enum gb_status gb_contracts_check(const struct gb_contracts *contracts, struct gb_error *err);
struct gb_hash gb_contracts_state_root(const struct gb_contracts *contracts);

#endif
