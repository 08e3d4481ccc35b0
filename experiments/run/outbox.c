/* How messages leave: each as a transaction of its own; bundled by a concentrator, which sends
 * when it holds 1000 of them, when all its meters have sent, or 5 s after the first; or, under
 * the ideal protocol, in batches that are executed in the order of sending. Every delay is a
 * keyed draw. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/run/run_priv.h"

#define CONCENTRATOR_WAIT_NS (5 * GB_NS_PER_SECOND)
#define IDEAL_BATCH 256   /* messages that stay in a processor's cache */
#define RESUBMISSION 15   /* in a route's item, where kinds of messages stand */
#define VALID_BLOCKS 1000 /* FISCO BCOS: block limit of a transaction */

struct scheduled_send { /* of a transaction */
    int64_t leaves_ns;
    uint32_t concentrator;              /* or GB_NO_CONCENTRATOR */
    uint32_t number;                    /* of a bundle; alone: the message's part */
    uint32_t first, n;                  /* its messages: part of the batch's order; alone: the
                                         * message itself */
    struct gb_transaction *transaction; /* NULL: to be filled in when it leaves, or gone */
};

struct outbox_batch { /* messages of one kind that have not all left yet */
    struct gb_run *run;
    struct outbox_batch *next; /* of the run */
    struct outgoing out;
    uint32_t *order; /* bundled: in the order of leaving, group by group */
    struct scheduled_send *sends;
    size_t n_sends, sends_capacity, n_waiting;
};

size_t gb_run_n_unsent(const struct gb_run *run)
{
    size_t n = 0;

    for (const struct outbox_batch *batch = run->outbox; batch; batch = batch->next)
        n += batch->n_waiting;
    return n;
}

uint32_t gb_run_entry_node(const struct gb_run *run, uint32_t meter)
{
    uint32_t entry = run->concentrator_size ? meter / (uint32_t)run->concentrator_size : meter;

    return entry % run->n_nodes;
}

static uint32_t meter_of(const struct outgoing *out, size_t i)
{
    return out->meter ? out->meter[i] : (uint32_t)i;
}

static int64_t sent_of(const struct outgoing *out, size_t i)
{
    return out->sent_ns ? out->sent_ns[i] : out->all_sent_ns;
}

static uint32_t part_of(const struct outgoing *out, size_t i)
{
    return out->first_part + (out->part ? out->part[i] : 0);
}

/* The next nonce of a sender for a kind of message that is its to send. */
static uint64_t next_nonce(struct gb_run *run, gb_party sender, uint8_t kind)
{
    uint32_t role = 0, number = 0;

    if (!gb_message_belongs(kind, &role, &number) || role != GB_PARTY_ROLE(sender))
        assert(!"a message of its sender");
    switch (role) {
    case GB_ROLE_METER: return ++run->nonces[GB_PARTY_INDEX(sender)][number];
    case GB_ROLE_OPERATOR: return ++run->operator_nonces[number];
    default: return ++run->supervisor_nonce;
    }
}

/* Number and validity count from when a message leaves. */
static void date_message(struct gb_run *run, struct gb_message *message)
{
    uint32_t node = GB_PARTY_ROLE(message->sender) == GB_ROLE_METER
                        ? gb_run_entry_node(run, GB_PARTY_INDEX(message->sender))
                        : GB_OPERATOR_NODE;

    message->nonce = next_nonce(run, message->sender, message->kind);
    message->last_valid_height = run->node_height[node] + VALID_BLOCKS;
}

static void fill_message(struct gb_run *run, const struct outgoing *out, size_t i,
                         struct gb_transaction *transaction, struct gb_message *message)
{
    message->kind = out->kind;
    message->sender = GB_PARTY(GB_ROLE_METER, meter_of(out, i));
    if (out->release)
        date_message(run, message);
    out->fill(out->context, i, transaction, message);
}

static void submit(struct gb_run *run, struct gb_transaction *transaction, uint32_t node,
                   int64_t sent_ns, const struct gb_route *route)
{
    run->protocol->submit(run->chain, transaction, node, sent_ns, route, &run->error);
}

/* The transaction of a scheduled send, filled in; NULL after a failure. */
static struct gb_transaction *fill_transaction(struct gb_run *run, const struct outgoing *out,
                                               const struct scheduled_send *send,
                                               const uint32_t *order)
{
    bool is_alone = send->concentrator == GB_NO_CONCENTRATOR;
    gb_party party = is_alone ? GB_PARTY_NONE : GB_PARTY(GB_ROLE_CONCENTRATOR, send->concentrator);
    size_t bytes = 0;

    for (uint32_t i = 0; out->n_approvals && i < send->n; i++) {
        size_t n = out->n_approvals(out->context, is_alone ? send->first : order[i]);
        bytes += (n * sizeof(uint32_t) + 7) & ~(size_t)7;
    }
    struct gb_transaction *transaction = gb_transaction_create(party, send->n, bytes);
    if (!transaction) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for a transaction of %" PRIu32 " messages",
                send->n);
        return NULL;
    }
    for (uint32_t i = 0; i < send->n; i++)
        fill_message(run, out, is_alone ? send->first : order[i], transaction,
                     &transaction->messages[i]);
    return transaction;
}

/* Where the draws stand of what is signed again: at its nonce, whatever else its sender sends.
 * kind  0: a bundle */
static void address_by_nonce(struct gb_route *route, uint8_t kind, uint64_t nonce)
{
    route->time = (uint32_t)nonce;
    route->item = gb_route_item(RESUBMISSION, kind);
}

/* Takes the transaction. */
static void send_transaction(struct gb_run *run, const struct outgoing *out,
                             const struct scheduled_send *send, struct gb_transaction *transaction)
{
    struct gb_route route = {.time = (uint32_t)out->interval,
                             .item = gb_route_item(out->kind, send->number),
                             .until_ns = gb_run_purpose_end_ns(run, out->kind, out->interval)};
    uint32_t node;

    if (!out->release)
        for (size_t i = 0; i < transaction->n_messages; i++)
            date_message(run, &transaction->messages[i]);
    if (send->concentrator == GB_NO_CONCENTRATOR) {
        route.owner = transaction->messages[0].sender;
        node = gb_run_entry_node(run, GB_PARTY_INDEX(route.owner));
        if (out->is_resubmission)
            address_by_nonce(&route, out->kind, transaction->messages[0].nonce);
    } else {
        route.owner = transaction->concentrator;
        node = send->concentrator % run->n_nodes;
        transaction->nonce = ++run->concentrator_nonces[send->concentrator];
        if (out->is_resubmission)
            address_by_nonce(&route, 0, transaction->nonce);
    }
    if (gb_run_sign_approvals(run, transaction))
        submit(run, transaction, node, send->leaves_ns, &route);
    else
        gb_transaction_free(transaction);
}

/* ---- batches: what has been handed over and has not left yet */

static void free_outbox_batch(struct outbox_batch *batch)
{
    if (batch->out.release)
        batch->out.release(batch->out.context);
    for (size_t d = 0; d < batch->n_sends; d++)
        gb_transaction_free(batch->sends[d].transaction);
    free(batch->order);
    free(batch->sends);
    free(batch);
}

void gb_run_free_outbox(struct gb_run *run)
{
    while (run->outbox) {
        struct outbox_batch *next = run->outbox->next;

        free_outbox_batch(run->outbox);
        run->outbox = next;
    }
}

static void fill_send(struct outbox_batch *batch, struct scheduled_send *send)
{
    const uint32_t *order = batch->order ? batch->order + send->first : NULL;

    send->transaction = fill_transaction(batch->run, &batch->out, send, order);
}

static void leave(struct outbox_batch *batch, struct scheduled_send *send)
{
    struct gb_transaction *transaction;

    if (!send->transaction)
        fill_send(batch, send);
    transaction = send->transaction;
    send->transaction = NULL;
    batch->n_waiting--;
    if (transaction)
        send_transaction(batch->run, &batch->out, send, transaction);
}

/* Takes a batch that has left out of the run's list. */
static void finish_outbox_batch(struct outbox_batch *batch)
{
    struct outbox_batch **link = &batch->run->outbox;

    while (*link != batch)
        link = &(*link)->next;
    *link = batch->next;
    free_outbox_batch(batch);
}

static void on_scheduled_send(const struct gb_event *event)
{
    struct outbox_batch *batch = event->subject;

    if (gb_run_has_failed(batch->run))
        return;
    leave(batch, &batch->sends[event->a]);
    if (batch->n_waiting == 0)
        finish_outbox_batch(batch);
}

static bool add_send(struct outbox_batch *batch, struct scheduled_send send)
{
    if (batch->n_sends == batch->sends_capacity) {
        size_t capacity = batch->sends_capacity ? 2 * batch->sends_capacity : 8;
        struct scheduled_send *grown = realloc(batch->sends, capacity * sizeof *grown);

        if (!grown) {
            gb_fail(&batch->run->error, GB_ENOMEM, "no memory for %zu scheduled sends", capacity);
            return false;
        }
        batch->sends = grown;
        batch->sends_capacity = capacity;
    }
    batch->sends[batch->n_sends++] = send;
    return true;
}

/* When message i reaches its concentrator; in the ideal world that is when it was sent. */
static int64_t arrival_of(const struct gb_run *run, const struct outgoing *out, size_t i)
{
    if (run->scenario->protocol == &gb_protocol_ideal)
        return sent_of(out, i);
    struct gb_route route = {.owner = GB_PARTY(GB_ROLE_METER, meter_of(out, i)),
                             .time = (uint32_t)out->interval,
                             .item = gb_route_item(out->kind, part_of(out, i))};
    if (out->is_resubmission)
        address_by_nonce(&route, out->kind, out->refused_nonce(out->context, i));
    return gb_network_uplink_arrival_ns(&run->network, sent_of(out, i), &route);
}

static int64_t time_of(const struct gb_radix_item *item)
{
    return (int64_t)(item->key ^ (UINT64_C(1) << 63)); /* keys sort signed times as unsigned */
}

/* How many of the sorted items make the next bundle, and when it leaves. */
static size_t next_bundle(const struct gb_run *run, const struct outgoing *out,
                          const struct gb_radix_item *items, size_t n, int64_t *leaves_ns)
{
    bool is_ideal = run->scenario->protocol == &gb_protocol_ideal;
    int64_t first_ns = time_of(&items[0]);
    int64_t gate = gate_ns(run, out->interval);
    size_t limit = is_ideal ? IDEAL_BATCH : GB_BUNDLE_MAX;
    size_t taken = 1;

    while (taken < n && taken < limit) {
        int64_t time_ns = time_of(&items[taken]);

        /* no batch of the ideal protocol spans the gate: what came before it is not late */
        if (is_ideal ? first_ns < gate && time_ns >= gate
                     : time_ns > first_ns + CONCENTRATOR_WAIT_NS)
            break;
        taken++;
    }
    if (is_ideal || taken == limit || (out->is_complete && taken == n))
        *leaves_ns = time_of(&items[taken - 1]);
    else
        *leaves_ns = first_ns + CONCENTRATOR_WAIT_NS;
    return taken;
}

/* Messages [begin, end) all belong to one concentrator.
 * items  twice as many, scratch */
static void plan_bundles(struct outbox_batch *batch, uint32_t concentrator, size_t begin,
                         size_t end, struct gb_radix_item *items)
{
    struct gb_run *run = batch->run;
    const struct outgoing *out = &batch->out;
    size_t n = end - begin;
    /* late quotes make further batches of an interval, each within a slot of its own: bundles are
     * numbered within the slot in which their batch was sent */
    uint64_t slot = (uint64_t)sent_of(out, begin) / (uint64_t)run->slot_ns;
    uint32_t number = ((uint32_t)(slot & 0x3ff) << 10) + out->first_bundle;

    for (size_t i = 0; i < n; i++)
        items[i] = (struct gb_radix_item){
            (uint64_t)arrival_of(run, out, begin + i) ^ UINT64_C(1) << 63, begin + i};
    gb_radix_sort(items, items + n, n);
    for (size_t i = 0; i < n; i++)
        batch->order[begin + i] = (uint32_t)items[i].value;
    for (size_t at = 0; at < n; number++) {
        struct scheduled_send send = {
            .concentrator = concentrator, .number = number, .first = (uint32_t)(begin + at)};

        send.n = (uint32_t)next_bundle(run, out, items + at, n - at, &send.leaves_ns);
        at += send.n;
        if (!add_send(batch, send))
            return;
    }
}

/* Where the messages end that belong to the concentrator of message `begin`. */
static size_t end_of_group(const struct gb_run *run, const struct outgoing *out, size_t begin)
{
    uint32_t size = (uint32_t)run->concentrator_size;
    uint32_t concentrator = meter_of(out, begin) / size;
    size_t end = begin + 1;

    while (end < out->n && meter_of(out, end) / size == concentrator)
        end++;
    return end;
}

static void plan_concentrated(struct outbox_batch *batch)
{
    struct gb_run *run = batch->run;
    const struct outgoing *out = &batch->out;
    struct gb_radix_item *items = NULL;
    size_t capacity = 0;

    batch->order = malloc(out->n * sizeof *batch->order);
    for (size_t begin = 0, end; begin < out->n && !gb_run_has_failed(run); begin = end) {
        end = end_of_group(run, out, begin);
        if (end - begin > capacity) {
            capacity = end - begin;
            free(items);
            items = malloc(2 * capacity * sizeof *items);
        }
        if (!batch->order || !items)
            gb_fail(&run->error, GB_ENOMEM, "no memory to send %zu messages", out->n);
        else
            plan_bundles(batch, meter_of(out, begin) / (uint32_t)run->concentrator_size, begin, end,
                         items);
    }
    free(items);
}

static void plan_sends(struct outbox_batch *batch)
{
    if (batch->run->concentrator_size > 0) {
        plan_concentrated(batch);
        return;
    }
    for (size_t i = 0; i < batch->out.n; i++)
        if (!add_send(batch, (struct scheduled_send){.leaves_ns = sent_of(&batch->out, i),
                                                     .concentrator = GB_NO_CONCENTRATOR,
                                                     .number = part_of(&batch->out, i),
                                                     .first = (uint32_t)i,
                                                     .n = 1}))
            return;
}

void gb_run_dispatch(struct gb_run *run, const struct outgoing *out)
{
    int64_t now_ns = gb_queue_now_ns(run->queue);
    struct outbox_batch *batch = calloc(1, sizeof *batch);

    if (!batch) {
        gb_fail(&run->error, GB_ENOMEM, "no memory to send %zu messages", out->n);
        if (out->release)
            out->release(out->context);
        return;
    }
    *batch = (struct outbox_batch){.run = run, .out = *out, .next = run->outbox};
    run->outbox = batch;
    plan_sends(batch);
    batch->out.sent_ns = NULL; /* who waits needs neither it nor, filled in, the context */
    batch->n_waiting = batch->n_sends;
    for (size_t d = 0; d < batch->n_sends && !gb_run_has_failed(run); d++) {
        struct scheduled_send *send = &batch->sends[d];

        if (send->leaves_ns <= now_ns) {
            leave(batch, send);
            continue;
        }
        if (!out->release)
            fill_send(batch, send);
        if (!gb_queue_push(run->queue, &(struct gb_event){.time_ns = send->leaves_ns,
                                                          .action = on_scheduled_send,
                                                          .subject = batch,
                                                          .a = d,
                                                          .priority = GB_PRIORITY_TRANSACTION}))
            gb_fail(&run->error, GB_ENOMEM, "no memory for an event");
    }
    if (!out->release) { /* all is filled in: what was lent goes back */
        free(batch->order);
        batch->order = NULL;
        batch->out.meter = NULL;
        batch->out.part = NULL;
        batch->out.context = NULL;
    }
    if (batch->n_waiting == 0)
        finish_outbox_batch(batch);
}

struct gb_transaction *gb_run_authority_message(struct gb_run *run, gb_party sender, uint8_t kind,
                                                size_t array_bytes)
{
    struct gb_transaction *transaction =
        gb_run_has_failed(run) ? NULL : gb_transaction_create(GB_PARTY_NONE, 1, array_bytes);

    if (!transaction) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for a transaction");
        return NULL;
    }
    struct gb_message *message = &transaction->messages[0];
    message->kind = kind;
    message->sender = sender;
    date_message(run, message);
    return transaction;
}

void gb_run_send(struct gb_run *run, struct gb_transaction *transaction, int64_t interval,
                 uint32_t part)
{
    const struct gb_message *message = &transaction->messages[0];
    struct gb_route route = {.owner = message->sender,
                             .time = (uint32_t)interval,
                             .item = gb_route_item(message->kind, part),
                             .is_insistent = true,
                             .until_ns = gb_run_purpose_end_ns(run, message->kind, interval)};

    submit(run, transaction, GB_OPERATOR_NODE, gb_queue_now_ns(run->queue), &route);
}

void gb_run_send_authority_resubmitted(struct gb_run *run, struct gb_transaction *transaction,
                                       int64_t interval, int64_t leaves_ns)
{
    const struct gb_message *message = &transaction->messages[0];
    struct gb_route route = {.owner = message->sender,
                             .is_insistent = true,
                             .until_ns = gb_run_purpose_end_ns(run, message->kind, interval)};

    address_by_nonce(&route, message->kind, message->nonce);
    submit(run, transaction, GB_OPERATOR_NODE, leaves_ns, &route);
}

void gb_run_send_bundle_resubmitted(struct gb_run *run, struct gb_transaction *bundle,
                                    int64_t interval)
{
    uint32_t concentrator = GB_PARTY_INDEX(bundle->concentrator);
    uint8_t kind = bundle->messages[0].kind;
    struct gb_route route = {.owner = bundle->concentrator,
                             .until_ns = gb_run_purpose_end_ns(run, kind, interval)};

    bundle->nonce = ++run->concentrator_nonces[concentrator];
    address_by_nonce(&route, 0, bundle->nonce);
    if (gb_run_sign_approvals(run, bundle))
        submit(run, bundle, concentrator % run->n_nodes, gb_queue_now_ns(run->queue), &route);
    else
        gb_transaction_free(bundle);
}
