/* The trail of execution. Every change of state is a record of 64-bit words, big-endian, of which
 * the first holds whom it is about, its kind and its length; the records of a block are hashed in
 * execution order behind the parent's root. They are staged and hashed in large pieces, which costs
 * a tenth of a hash call a record.
 * Leaves of the receipts' tree: chain/contracts/leaf.h. */
#include "chain/contracts/contracts_priv.h"

#include <assert.h>
#include <stdlib.h>

#include "chain/wire/codec.h"

uint8_t *gb_event_log_put(uint8_t *out, const int64_t *words, size_t n)
{
    for (size_t i = 0; i < n; i++, out += 8)
        gb_big_endian_u64(out, (uint64_t)words[i]);
    return out;
}

static void flush(struct gb_event_log *event_log)
{
    gb_hasher_add(&event_log->hasher, event_log->staged, event_log->n_staged);
    event_log->n_staged = 0;
}

void gb_event_log_stage(struct gb_contracts *contracts, enum gb_change change, uint32_t who,
                        const int64_t *words, size_t n)
{
    struct gb_event_log *event_log = &contracts->event_log;
    const int64_t head = (int64_t)((uint64_t)who << 32 | (uint64_t)change << 8 | n);

    assert(8 * (n + 1) <= sizeof event_log->staged);
    if (event_log->n_staged + 8 * (n + 1) > sizeof event_log->staged)
        flush(event_log);
    gb_event_log_put(gb_event_log_put(event_log->staged + event_log->n_staged, &head, 1), words, n);
    event_log->n_staged += 8 * (n + 1);
}

void gb_event_log_begin(struct gb_contracts *contracts)
{
    struct gb_event_log *event_log = &contracts->event_log;

    event_log->n_leaves = event_log->events.n = event_log->n_receipts = 0;
    if (!event_log->is_hashed)
        return;
    gb_merkle_init(&event_log->receipts_tree);
    gb_hasher_init(&event_log->hasher, GB_DOMAIN_STATE);
    gb_hasher_add(&event_log->hasher, event_log->root.bytes, sizeof event_log->root.bytes);
    event_log->n_staged = 0;
    const int64_t words[] = {(int64_t)contracts->height, contracts->time_ns};
    gb_event_log_record(contracts, GB_CHANGE_BLOCK, 0, words, 2);
}

void gb_event_log_end(struct gb_contracts *contracts, struct gb_block_results *results)
{
    struct gb_event_log *event_log = &contracts->event_log;

    *results = (struct gb_block_results){0};
    if (!event_log->is_hashed)
        return;
    flush(event_log);
    event_log->root = gb_hasher_end(&event_log->hasher);
    results->state_root = event_log->root;
    results->receipts_root = gb_merkle_end(&event_log->receipts_tree);
}

static void add_leaf(struct gb_contracts *contracts, const struct gb_statement *statement)
{
    struct gb_event_log *event_log = &contracts->event_log;
    struct gb_leaf leaf = gb_leaf_write(statement);

    gb_merkle_add_bytes(&event_log->receipts_tree, leaf.bytes, leaf.n);
    if (!event_log->keeps_leaves)
        return;
    event_log->leaves = gb_contracts_grown(contracts, event_log->leaves, &event_log->leaf_capacity,
                                           event_log->n_leaves + 1, sizeof *event_log->leaves);
    if (event_log->n_leaves < event_log->leaf_capacity)
        event_log->leaves[event_log->n_leaves++] = leaf;
}

void gb_events_clear(struct gb_events *events)
{
    for (size_t i = 0; i < events->n_pieces; i++)
        free(events->pieces[i]);
    free(events->pieces);
    *events = (struct gb_events){0};
}

/* Without memory a failure is kept. */
static bool add_piece(struct gb_contracts *contracts, struct gb_events *events)
{
    events->pieces = gb_contracts_grown(contracts, events->pieces, &events->capacity,
                                        events->n_pieces + 1, sizeof *events->pieces);
    if (events->n_pieces == events->capacity)
        return false;
    struct gb_contract_event *piece =
        gb_contracts_resized(contracts, NULL, GB_EVENTS_A_PIECE, sizeof *piece);
    if (piece)
        events->pieces[events->n_pieces++] = piece;
    return piece != NULL;
}

static void add_event(struct gb_contracts *contracts, const struct gb_contract_event *event)
{
    struct gb_events *events = &contracts->event_log.events;

    if (events->n == events->n_pieces * GB_EVENTS_A_PIECE && !add_piece(contracts, events))
        return;
    events->pieces[events->n / GB_EVENTS_A_PIECE][events->n % GB_EVENTS_A_PIECE] = *event;
    events->n++;
}

struct gb_contract_event gb_event_log_event(const struct gb_contracts *contracts,
                                            enum gb_contract_event_kind kind, int64_t interval,
                                            uint32_t index)
{
    return (struct gb_contract_event){.kind = (uint8_t)kind,
                                      .message = contracts->message->kind,
                                      .sender = contracts->message->sender,
                                      .interval = interval,
                                      .index = index,
                                      .position = contracts->position,
                                      .nonce = contracts->message->nonce};
}

/* Root of the match that an event is about. */
static struct gb_hash match_root_of(const struct gb_contracts *contracts,
                                    const struct gb_contract_event *event)
{
    const struct gb_interval *interval =
        event->kind == GB_EVENT_MATCHED ? gb_intervals_find(contracts, event->interval) : NULL;

    return interval ? interval->match_root : (struct gb_hash){{0}};
}

void gb_event_log_emit(struct gb_contracts *contracts, const struct gb_contract_event *event)
{
    add_event(contracts, event);
    if (!contracts->event_log.is_hashed)
        return;
    struct gb_statement statement = {.is_event = true,
                                     .kind = event->kind,
                                     .receipt = event->receipt,
                                     .sender = event->sender,
                                     .interval = event->interval,
                                     .root = match_root_of(contracts, event)};
    if (event->kind == GB_EVENT_BILLED || event->kind == GB_EVENT_GAP_BILLED) {
        statement.amount = event->amount;
        statement.energy = event->energy;
    } else {
        bool is_settled = event->kind == GB_EVENT_TRADE_SETTLED;
        statement.index = event->index;
        statement.energy.wh = is_settled ? event->executed.wh : 0;
        statement.nonce = is_settled ? 0 : event->nonce;
    }
    add_leaf(contracts, &statement);
}

/* The interval a message is about; 0 where it is about none. */
static int64_t interval_of(const struct gb_message *message)
{
    switch (message->kind) {
    case GB_MESSAGE_ORDER: return message->body.order.interval;
    case GB_MESSAGE_CLOSE: return message->body.close.interval;
    case GB_MESSAGE_OPEN: return message->body.open.interval;
    case GB_MESSAGE_READING: return message->body.reading.interval;
    case GB_MESSAGE_APPROVE: return message->body.approve.interval;
    case GB_MESSAGE_SETTLE: return message->body.settle.interval;
    case GB_MESSAGE_FINALIZE: return message->body.finalize.interval;
    default: return 0;
    }
}

/* Number that the outside knows an accepted order by: it was the last to come. */
static uint32_t order_number(const struct gb_contracts *contracts, enum gb_receipt receipt,
                             int64_t number)
{
    const struct gb_interval *interval = gb_intervals_find(contracts, number);

    if (receipt != GB_RECEIPT_OK || !interval || contracts->message->body.order.cancels)
        return GB_NO_ORDER;
    return (uint32_t)(interval->n_orders - 1);
}

static void add_receipt(struct gb_contracts *contracts, enum gb_receipt receipt)
{
    struct gb_event_log *event_log = &contracts->event_log;

    event_log->receipts =
        gb_contracts_grown(contracts, event_log->receipts, &event_log->receipt_capacity,
                           event_log->n_receipts + 1, sizeof *event_log->receipts);
    if (event_log->n_receipts < event_log->receipt_capacity)
        event_log->receipts[event_log->n_receipts++] = (uint8_t)receipt;
}

void gb_event_log_receipt(struct gb_contracts *contracts, enum gb_receipt receipt,
                          bool is_of_bundle)
{
    const struct gb_message *message = contracts->message;
    int64_t interval = interval_of(message);
    struct gb_contract_event event = gb_event_log_event(contracts, GB_EVENT_REFUSED, interval, 0);

    event.receipt = (uint8_t)receipt;
    event.is_of_bundle = is_of_bundle;
    if (message->kind == GB_MESSAGE_ORDER) {
        event.kind = GB_EVENT_ORDER;
        event.index = order_number(contracts, receipt, interval);
    } else if (message->kind == GB_MESSAGE_READING) {
        event.kind = GB_EVENT_READING;
    }
    if (event.kind != GB_EVENT_REFUSED || receipt != GB_RECEIPT_OK)
        add_event(contracts, &event);
    add_receipt(contracts, receipt);
    if (!contracts->event_log.is_hashed)
        return;
    add_leaf(contracts, &(struct gb_statement){.kind = message->kind,
                                               .receipt = (uint8_t)receipt,
                                               .sender = message->sender,
                                               .interval = interval,
                                               .nonce = message->nonce,
                                               .transaction = contracts->position.transaction,
                                               .message = contracts->position.message});
}
