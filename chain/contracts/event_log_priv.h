/* The event log, what execution leaves behind: the running hash of state changes, the receipts'
 * tree, and events. It knows the message being executed, for everything is logged as its effect,
 * and keeps the first failure. With hashing off only events and receipts remain. */
#ifndef CHAIN_CONTRACTS_EVENT_LOG_PRIV_H
#define CHAIN_CONTRACTS_EVENT_LOG_PRIV_H

#include "chain/contracts/block_clock_priv.h"
#include "chain/contracts/event.h"
#include "chain/contracts/failure_priv.h"
#include "chain/contracts/leaf.h"
#include "chain/contracts/receipt.h"
#include "chain/wire/block.h"
#include "chain/wire/transaction.h"

struct gb_event_log {
    bool is_hashed;
    const struct gb_message *message; /* being executed */
    struct gb_position position;      /* of that message; its height is the block's */
    struct gb_failure failure;

    struct gb_hasher hasher;
    struct gb_hash root;  /* of the last finished block */
    uint8_t staged[4096]; /* changes not yet handed to the hasher */
    size_t n_staged;
    struct gb_merkle receipts_tree;
    bool keeps_leaves; /* for paths to the root */
    size_t n_leaves, leaf_capacity;
    struct gb_leaf *leaves;
    struct gb_events events;
    struct gb_contract_event *next, *end; /* where the next event goes, and where its piece ends */
    struct gb_contract_event lost;        /* there was no memory for the last one */
    size_t n_receipts, receipt_capacity;
    uint8_t *receipts;
};

/* Kinds of change, each with whom it is about (32 bits) and its words. */
enum gb_change {
    GB_CHANGE_BLOCK = 1,      /* 0: height, time */
    GB_CHANGE_NONCE = 2,      /* sender: kind of message, 0 a bundle; nonce */
    GB_CHANGE_ADMISSION = 3,  /* meter: capacity */
    GB_CHANGE_ORDER = 4,      /* meter: interval, number, kind, quantity, prices, beta */
    GB_CHANGE_WITHDRAWAL = 5, /* order: interval, is amendment */
    GB_CHANGE_MONEY = 6,      /* from meter: kinds of account and to meter, units */
    GB_CHANGE_LATE = 7,       /* order, or one withdrawn or amended: interval, enum gb_belated */
    GB_CHANGE_MATCH = 8,      /* 0: interval, height, orders, trades, root */
    GB_CHANGE_PHASE = 9,      /* phase: interval */
    GB_CHANGE_READING = 10,   /* meter: interval, registers that it moves */
    GB_CHANGE_SIGNATURE = 11, /* trade: interval and enum gb_trade_signer */
    GB_CHANGE_TRADE = 12,     /* trade: interval and enum gb_trade_state, Wh executed */
    GB_CHANGE_BILL = 13,      /* meter: interval, Wh with the grid, units */
    GB_CHANGE_GAP = 14,       /* meter: first and last interval, Wh with the grid, units */
    GB_CHANGE_EXECUTION = 15, /* execution: interval, orders, Wh, prices, quotes */
    GB_CHANGE_AMENDMENT = 16, /* order: interval, total, quote, reserve */
    GB_CHANGE_ROUND = 17,     /* 0: interval, height, orders, trades of round 1, root */
    GB_CHANGE_ANCHORS = 18,   /* source: interval; of asks and of bids: is there one, ticks */
    GB_CHANGE_CUT = 19        /* order: interval, Wh */
};

/* chain_id  NULL: hashing is off */
void gb_event_log_init(struct gb_event_log *log, const struct gb_hash *chain_id);
void gb_event_log_clear(struct gb_event_log *log);
void gb_event_log_begin(struct gb_event_log *log, const struct gb_block_clock *clock);
void gb_event_log_end(struct gb_event_log *log, struct gb_block_results *results);
/* What is logged from here on is the effect of this message. */
static inline void gb_event_log_set_message(struct gb_event_log *log,
                                            const struct gb_message *message, uint32_t transaction,
                                            uint32_t index)
{
    log->message = message;
    log->position.transaction = transaction;
    log->position.message = index;
}

void gb_event_log_stage(struct gb_event_log *log, enum gb_change change, uint32_t who,
                        const int64_t *words, size_t n);
/* Feeds one change of state to the running hash; costs nothing where there is none. */
static inline void gb_event_log_record(struct gb_event_log *log, enum gb_change change,
                                       uint32_t who, const int64_t *words, size_t n)
{
    if (log->is_hashed)
        gb_event_log_stage(log, change, who, words, n);
}
/* The same of an amendment, after which the order has this total, quote and reserve. */
void gb_event_log_record_amendment(struct gb_event_log *log, int64_t interval, uint32_t number,
                                   const struct gb_order *order);
/* Goes to the next piece of events. false: a failure is kept */
bool gb_event_log_turn(struct gb_event_log *log);
/* Adds an event caused by the message being executed, with the fields that every event has. Whoever
 * adds it fills in the others where it stands, until it adds the next one. Inline, for a message
 * causes one or two. */
static inline struct gb_contract_event *gb_event_log_add(struct gb_event_log *log,
                                                         enum gb_contract_event_kind kind,
                                                         int64_t interval, uint32_t index)
{
    const struct gb_message *message = log->message;
    struct gb_contract_event *event = &log->lost;

    if (log->next != log->end || gb_event_log_turn(log)) {
        event = log->next++;
        log->events.n++;
    }
    *event = (struct gb_contract_event){.kind = (uint8_t)kind,
                                        .message = message->kind,
                                        .sender = message->sender,
                                        .index = index,
                                        .interval = interval,
                                        .position = log->position,
                                        .nonce = message->nonce};
    return event;
}
/* The interval a message is about; 0 where it is about none. Every body but a registration's begins
 * with it, and so has the shortest of them in common with all. */
static inline int64_t gb_event_log_interval_of(const struct gb_message *message)
{
    bool has_one = message->kind > GB_MESSAGE_REGISTER && message->kind <= GB_MESSAGE_FINALIZE;

    return has_one ? message->body.finalize.interval : 0;
}
/* A leaf of the message being executed. */
void gb_event_log_add_receipt_leaf(struct gb_event_log *log, enum gb_receipt receipt,
                                   int64_t interval);
/* The receipt of the message being executed: a leaf, and an event where the outside waits for one.
 * Inline, for every message has one.
 * is_of_bundle  it is that of its bundle, and the message itself was not looked at
 * order         number of the order that was accepted, or GB_NO_ORDER */
static inline void gb_event_log_receipt(struct gb_event_log *log, enum gb_receipt receipt,
                                        bool is_of_bundle, uint32_t order)
{
    const struct gb_message *message = log->message;
    int64_t interval = gb_event_log_interval_of(message);
    bool is_order = message->kind == GB_MESSAGE_ORDER;

    if (is_order || message->kind == GB_MESSAGE_READING || receipt != GB_RECEIPT_OK) {
        enum gb_contract_event_kind kind = is_order                              ? GB_EVENT_ORDER
                                           : message->kind == GB_MESSAGE_READING ? GB_EVENT_READING
                                                                                 : GB_EVENT_REFUSED;
        struct gb_contract_event *event =
            gb_event_log_add(log, kind, interval, is_order ? order : 0);

        event->receipt = (uint8_t)receipt;
        event->is_of_bundle = is_of_bundle;
    }
    log->receipts = gb_failure_grown(&log->failure, log->receipts, &log->receipt_capacity,
                                     log->n_receipts + 1, sizeof *log->receipts);
    if (log->n_receipts < log->receipt_capacity)
        log->receipts[log->n_receipts++] = (uint8_t)receipt;
    if (log->is_hashed)
        gb_event_log_add_receipt_leaf(log, receipt, interval);
}
/* Emits an event that was added, once it is filled in, and is no receipt: it gets a leaf of its
 * own. */
void gb_event_log_add_leaf(struct gb_event_log *log, const struct gb_contract_event *event);
static inline void gb_event_log_emit(struct gb_event_log *log,
                                     const struct gb_contract_event *event)
{
    if (log->is_hashed)
        gb_event_log_add_leaf(log, event);
}
/* A root as four words of a change. */
void gb_event_log_root_words(const struct gb_hash *root, int64_t words[4]);
/* The same of a GB_EVENT_MATCHED or GB_EVENT_ROUND, whose leaf holds the root of its trades. */
void gb_event_log_emit_match(struct gb_event_log *log, const struct gb_contract_event *event,
                             const struct gb_hash *root);

/* What is to be read: see contracts.h. */
struct gb_events gb_event_log_take_events(struct gb_event_log *log);
void gb_event_log_keep_leaves(struct gb_event_log *log);

#endif
