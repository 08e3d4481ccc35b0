/* The trail of execution. Every change of state is a record of 64-bit words, big-endian, of which
 * the first holds whom it is about, its kind and its length; the records of a block are hashed in
 * execution order behind the parent's root. They are staged and hashed in large pieces, which costs
 * a tenth of a hash call a record.
 * Leaves of the receipts' tree: chain/contracts/leaf.h. */
#include "chain/contracts/world_priv.h"

#include <assert.h>
#include <stdlib.h>

#include "chain/wire/codec.h"

uint8_t *gb_trail_put(uint8_t *out, const int64_t *words, size_t n)
{
    for (size_t i = 0; i < n; i++, out += 8)
        gb_big_endian_u64(out, (uint64_t)words[i]);
    return out;
}

static void flush(struct gb_trail *trail)
{
    gb_hasher_add(&trail->hasher, trail->staged, trail->n_staged);
    trail->n_staged = 0;
}

void gb_trail_stage(struct gb_world *world, enum gb_change change, uint32_t who,
                    const int64_t *words, size_t n)
{
    struct gb_trail *trail = &world->trail;
    const int64_t head = (int64_t)((uint64_t)who << 32 | (uint64_t)change << 8 | n);

    assert(8 * (n + 1) <= sizeof trail->staged);
    if (trail->n_staged + 8 * (n + 1) > sizeof trail->staged)
        flush(trail);
    gb_trail_put(gb_trail_put(trail->staged + trail->n_staged, &head, 1), words, n);
    trail->n_staged += 8 * (n + 1);
}

void gb_trail_begin(struct gb_world *world)
{
    struct gb_trail *trail = &world->trail;

    trail->n_leaves = trail->events.n = trail->n_receipts = 0;
    if (!trail->is_hashed)
        return;
    gb_merkle_init(&trail->receipts_tree);
    gb_hasher_init(&trail->hasher, GB_DOMAIN_STATE);
    gb_hasher_add(&trail->hasher, trail->root.bytes, sizeof trail->root.bytes);
    trail->n_staged = 0;
    const int64_t words[] = {(int64_t)world->height, world->time_ns};
    gb_trail_note(world, GB_CHANGE_BLOCK, 0, words, 2);
}

void gb_trail_end(struct gb_world *world, struct gb_results *results)
{
    struct gb_trail *trail = &world->trail;

    *results = (struct gb_results){0};
    if (!trail->is_hashed)
        return;
    flush(trail);
    trail->root = gb_hasher_end(&trail->hasher);
    results->state_root = trail->root;
    results->receipts_root = gb_merkle_end(&trail->receipts_tree);
}

static void add_leaf(struct gb_world *world, const struct gb_statement *statement)
{
    struct gb_trail *trail = &world->trail;
    struct gb_leaf leaf = gb_leaf_write(statement);

    gb_merkle_add_bytes(&trail->receipts_tree, leaf.bytes, leaf.n);
    if (!trail->keeps_leaves)
        return;
    trail->leaves = gb_world_grown(world, trail->leaves, &trail->leaf_room, trail->n_leaves + 1,
                                   sizeof *trail->leaves);
    if (trail->n_leaves < trail->leaf_room)
        trail->leaves[trail->n_leaves++] = leaf;
}

void gb_events_clear(struct gb_events *events)
{
    for (size_t i = 0; i < events->n_pieces; i++)
        free(events->pieces[i]);
    free(events->pieces);
    *events = (struct gb_events){0};
}

/* Without memory a failure is kept. */
static bool add_piece(struct gb_world *world, struct gb_events *events)
{
    events->pieces = gb_world_grown(world, events->pieces, &events->room, events->n_pieces + 1,
                                    sizeof *events->pieces);
    if (events->n_pieces == events->room)
        return false;
    struct gb_world_event *piece =
        gb_world_resized(world, NULL, GB_EVENTS_A_PIECE, sizeof *piece);
    if (piece)
        events->pieces[events->n_pieces++] = piece;
    return piece != NULL;
}

static void add_event(struct gb_world *world, const struct gb_world_event *event)
{
    struct gb_events *events = &world->trail.events;

    if (events->n == events->n_pieces * GB_EVENTS_A_PIECE && !add_piece(world, events))
        return;
    events->pieces[events->n / GB_EVENTS_A_PIECE][events->n % GB_EVENTS_A_PIECE] = *event;
    events->n++;
}

struct gb_world_event gb_trail_event(const struct gb_world *world, enum gb_world_event_kind kind,
                                     int64_t interval, uint32_t index)
{
    return (struct gb_world_event){
        .kind = (uint8_t)kind,
        .message = world->message->kind,
        .sender = world->message->sender,
        .interval = interval,
        .index = index,
        .position = world->position,
        .nonce = world->message->nonce
    };
}

/* Root of the match that an event is about. */
static struct gb_hash match_root_of(const struct gb_world *world,
                                    const struct gb_world_event *event)
{
    const struct gb_interval *interval =
        event->kind == GB_EVENT_MATCHED ? gb_intervals_find(world, event->interval) : NULL;

    return interval ? interval->match_root : (struct gb_hash){{0}};
}

void gb_trail_tell(struct gb_world *world, const struct gb_world_event *event)
{
    add_event(world, event);
    if (!world->trail.is_hashed)
        return;
    struct gb_statement statement = {
        .is_event = true, .kind = event->kind, .receipt = event->receipt, .sender = event->sender,
        .interval = event->interval, .root = match_root_of(world, event)};
    if (event->kind == GB_EVENT_BILLED || event->kind == GB_EVENT_GAP_BILLED) {
        statement.amount = event->amount;
        statement.energy = event->energy;
    } else {
        bool is_settled = event->kind == GB_EVENT_TRADE_SETTLED;
        statement.index = event->index;
        statement.energy.wh = is_settled ? event->executed.wh : 0;
        statement.nonce = is_settled ? 0 : event->nonce;
    }
    add_leaf(world, &statement);
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
static uint32_t order_number(const struct gb_world *world, enum gb_receipt receipt, int64_t number)
{
    const struct gb_interval *interval = gb_intervals_find(world, number);

    if (receipt != GB_RECEIPT_OK || !interval || world->message->body.order.cancels)
        return GB_NO_ORDER;
    return (uint32_t)(interval->n_orders - 1);
}

static void add_receipt(struct gb_world *world, enum gb_receipt receipt)
{
    struct gb_trail *trail = &world->trail;

    trail->receipts = gb_world_grown(world, trail->receipts, &trail->receipt_room,
                                     trail->n_receipts + 1, sizeof *trail->receipts);
    if (trail->n_receipts < trail->receipt_room)
        trail->receipts[trail->n_receipts++] = (uint8_t)receipt;
}

void gb_trail_receipt(struct gb_world *world, enum gb_receipt receipt, bool is_of_bundle)
{
    const struct gb_message *message = world->message;
    int64_t interval = interval_of(message);
    struct gb_world_event event = gb_trail_event(world, GB_EVENT_REFUSED, interval, 0);

    event.receipt = (uint8_t)receipt;
    event.is_of_bundle = is_of_bundle;
    if (message->kind == GB_MESSAGE_ORDER) {
        event.kind = GB_EVENT_ORDER;
        event.index = order_number(world, receipt, interval);
    } else if (message->kind == GB_MESSAGE_READING) {
        event.kind = GB_EVENT_READING;
    }
    if (event.kind != GB_EVENT_REFUSED || receipt != GB_RECEIPT_OK)
        add_event(world, &event);
    add_receipt(world, receipt);
    if (!world->trail.is_hashed)
        return;
    add_leaf(world, &(struct gb_statement){
        .kind = message->kind, .receipt = (uint8_t)receipt, .sender = message->sender,
        .interval = interval, .nonce = message->nonce, .transaction = world->position.transaction,
        .message = world->position.message});
}
