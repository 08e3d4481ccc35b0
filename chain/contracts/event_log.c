/* Every change of state is a record of 64-bit words, big-endian, of which the first holds whom it
 * is about, its kind and its length; the records of a block are hashed in execution order behind
 * the parent's root. They are staged and hashed in large pieces, which costs a tenth of a hash call
 * a record. Leaves of the receipts' tree: chain/contracts/leaf.h. */
#include "chain/contracts/event_log_priv.h"

#include <assert.h>
#include <stdlib.h>

#include "chain/wire/codec.h"

static uint8_t *put_words(uint8_t *out, const int64_t *words, size_t n)
{
    for (size_t i = 0; i < n; i++, out += 8)
        gb_big_endian_u64(out, (uint64_t)words[i]);
    return out;
}

static void flush(struct gb_event_log *log)
{
    gb_hasher_add(&log->hasher, log->staged, log->n_staged);
    log->n_staged = 0;
}

void gb_event_log_stage(struct gb_event_log *log, enum gb_change change, uint32_t who,
                        const int64_t *words, size_t n)
{
    const int64_t head = (int64_t)((uint64_t)who << 32 | (uint64_t)change << 8 | n);

    assert(8 * (n + 1) <= sizeof log->staged);
    if (log->n_staged + 8 * (n + 1) > sizeof log->staged)
        flush(log);
    put_words(put_words(log->staged + log->n_staged, &head, 1), words, n);
    log->n_staged += 8 * (n + 1);
}

void gb_event_log_record_amendment(struct gb_event_log *log, int64_t interval, uint32_t number,
                                   const struct gb_order *order)
{
    const int64_t words[] = {interval, order->quantity.wh, order->price.ticks,
                             order->reserve.ticks};

    gb_event_log_record(log, GB_CHANGE_AMENDMENT, number, words, sizeof words / sizeof words[0]);
}

/* Pieces that stay from block to block. A settlement of all trades needs thousands, once a slot. */
#define KEPT_PIECES 64

void gb_event_log_init(struct gb_event_log *log, const struct gb_hash *chain_id)
{
    if (!chain_id)
        return;
    log->is_hashed = true;
    log->root = gb_hash_bytes(GB_DOMAIN_STATE, chain_id->bytes, sizeof chain_id->bytes);
}

void gb_event_log_clear(struct gb_event_log *log)
{
    free(log->leaves);
    gb_events_clear(&log->events);
    free(log->receipts);
}

void gb_event_log_begin(struct gb_event_log *log, const struct gb_block_clock *clock)
{
    log->failure.height = log->position.height = clock->height;
    log->n_leaves = log->events.n = log->n_receipts = 0;
    gb_events_keep(&log->events, KEPT_PIECES);
    log->next = log->end = NULL;
    if (!log->is_hashed)
        return;
    gb_merkle_init(&log->receipts_tree);
    gb_hasher_init(&log->hasher, GB_DOMAIN_STATE);
    gb_hasher_add(&log->hasher, log->root.bytes, sizeof log->root.bytes);
    log->n_staged = 0;
    const int64_t words[] = {(int64_t)clock->height, clock->time_ns};
    gb_event_log_record(log, GB_CHANGE_BLOCK, 0, words, 2);
}

void gb_event_log_end(struct gb_event_log *log, struct gb_block_results *results)
{
    *results = (struct gb_block_results){0};
    if (!log->is_hashed)
        return;
    flush(log);
    log->root = gb_hasher_end(&log->hasher);
    results->state_root = log->root;
    results->receipts_root = gb_merkle_end(&log->receipts_tree);
}

static void add_leaf(struct gb_event_log *log, const struct gb_statement *statement)
{
    struct gb_leaf leaf = gb_leaf_write(statement);

    gb_merkle_add_bytes(&log->receipts_tree, leaf.bytes, leaf.n);
    if (!log->keeps_leaves)
        return;
    log->leaves = gb_failure_grown(&log->failure, log->leaves, &log->leaf_capacity,
                                   log->n_leaves + 1, sizeof *log->leaves);
    if (log->n_leaves < log->leaf_capacity)
        log->leaves[log->n_leaves++] = leaf;
}

/* Without memory a failure is kept. */
static bool add_piece(struct gb_event_log *log)
{
    struct gb_events *events = &log->events;

    events->pieces = gb_failure_grown(&log->failure, events->pieces, &events->capacity,
                                      events->n_pieces + 1, sizeof *events->pieces);
    if (events->n_pieces == events->capacity)
        return false;
    struct gb_contract_event *piece =
        gb_failure_resized(&log->failure, NULL, GB_EVENTS_A_PIECE, sizeof *piece);
    if (piece)
        events->pieces[events->n_pieces++] = piece;
    return piece != NULL;
}

bool gb_event_log_turn(struct gb_event_log *log)
{
    size_t piece = log->events.n / GB_EVENTS_A_PIECE;

    if (piece == log->events.n_pieces && !add_piece(log))
        return false;
    log->next = log->events.pieces[piece];
    log->end = log->next + GB_EVENTS_A_PIECE;
    return true;
}

static void emit(struct gb_event_log *log, const struct gb_contract_event *event,
                 const struct gb_hash *root)
{
    if (!log->is_hashed)
        return;
    struct gb_statement statement = {.is_event = true,
                                     .kind = event->kind,
                                     .receipt = event->receipt,
                                     .sender = event->sender,
                                     .interval = event->interval};
    if (root)
        statement.root = *root;
    if (event->kind == GB_EVENT_BILLED || event->kind == GB_EVENT_GAP_BILLED) {
        statement.amount = event->amount;
        statement.energy = event->energy;
    } else {
        bool is_settled = event->kind == GB_EVENT_TRADE_SETTLED;
        statement.index = event->index;
        statement.energy.wh = is_settled ? event->executed.wh : 0;
        statement.nonce = is_settled ? 0 : event->nonce;
    }
    add_leaf(log, &statement);
}

void gb_event_log_add_leaf(struct gb_event_log *log, const struct gb_contract_event *event)
{
    emit(log, event, NULL);
}

void gb_event_log_root_words(const struct gb_hash *root, int64_t words[4])
{
    for (size_t i = 0; i < GB_HASH_SIZE; i++)
        words[i / 8] = (int64_t)((uint64_t)words[i / 8] << 8 | root->bytes[i]);
}

void gb_event_log_emit_match(struct gb_event_log *log, const struct gb_contract_event *event,
                             const struct gb_hash *root)
{
    emit(log, event, root);
}

void gb_event_log_add_receipt_leaf(struct gb_event_log *log, enum gb_receipt receipt,
                                   int64_t interval)
{
    const struct gb_message *message = log->message;

    add_leaf(log, &(struct gb_statement){.kind = message->kind,
                                         .receipt = (uint8_t)receipt,
                                         .sender = message->sender,
                                         .interval = interval,
                                         .nonce = message->nonce,
                                         .transaction = log->position.transaction,
                                         .message = log->position.message});
}

struct gb_events gb_event_log_take_events(struct gb_event_log *log)
{
    struct gb_events events = log->events;

    log->events = (struct gb_events){0};
    log->next = log->end = NULL;
    return events;
}

void gb_event_log_keep_leaves(struct gb_event_log *log)
{
    log->keeps_leaves = true;
}
