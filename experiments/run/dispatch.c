/* How messages leave: each as a transaction of its own; bundled by a concentrator, which sends
 * when it holds 1000 of them, when all its meters have sent, or 5 s after the first; or, under
 * the ideal protocol, in batches that are executed in the order of sending. Every delay is a
 * keyed draw. */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/delay.h"
#include "experiments/run/run_priv.h"

#define CONCENTRATOR_WAIT_NS (5 * GB_NS_PER_SECOND)
#define HOP_TO_CONCENTRATOR UINT32_C(0x40000000) /* other attempts count from 0 */
#define IDEAL_BATCH 256                          /* messages that stay in a processor's cache */
#define AGAIN 15          /* in a route's item, where kinds of messages stand */
#define VALID_BLOCKS 1000 /* FISCO BCOS: block limit of a transaction */

struct departure { /* of a transaction */
    int64_t leaves_ns;
    uint32_t concentrator;              /* or GB_NO_CONCENTRATOR */
    uint32_t number;                    /* of a bundle; alone: the message's part */
    uint32_t first, n;                  /* its messages: part of the parcel's order; alone: the
                                         * message itself */
    struct gb_transaction *transaction; /* NULL: to be filled in when it leaves, or gone */
};

struct parcel { /* messages of one kind that have not all left yet */
    struct gb_run *run;
    struct parcel *next; /* of the run */
    struct outgoing out;
    uint32_t *order; /* bundled: in the order of leaving, group by group */
    struct departure *departures;
    size_t n_departures, departures_capacity, n_waiting;
};

uint32_t gb_run_entry_node(const struct gb_run *run, uint32_t meter)
{
    uint32_t door = run->concentrator_size ? meter / (uint32_t)run->concentrator_size : meter;

    return door % run->n_nodes;
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

/* The transaction of a departure, filled in; NULL after a failure. */
static struct gb_transaction *fill_transaction(struct gb_run *run, const struct outgoing *out,
                                               const struct departure *departure,
                                               const uint32_t *order)
{
    bool is_alone = departure->concentrator == GB_NO_CONCENTRATOR;
    gb_party party =
        is_alone ? GB_PARTY_NONE : GB_PARTY(GB_ROLE_CONCENTRATOR, departure->concentrator);
    size_t bytes = 0;

    for (uint32_t i = 0; out->n_approvals && i < departure->n; i++) {
        size_t n = out->n_approvals(out->context, is_alone ? departure->first : order[i]);
        bytes += (n * sizeof(uint32_t) + 7) & ~(size_t)7;
    }
    struct gb_transaction *transaction = gb_transaction_create(party, departure->n, bytes);
    if (!transaction) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for a transaction of %" PRIu32 " messages",
                departure->n);
        return NULL;
    }
    for (uint32_t i = 0; i < departure->n; i++)
        fill_message(run, out, is_alone ? departure->first : order[i], transaction,
                     &transaction->messages[i]);
    return transaction;
}

/* Where the draws stand of what is signed again: at its nonce, whatever else its sender sends.
 * kind  0: a bundle */
static void address_by_nonce(struct gb_route *route, uint8_t kind, uint64_t nonce)
{
    route->time = (uint32_t)nonce;
    route->item = gb_route_item(AGAIN, kind);
}

/* Takes the transaction. */
static void send_transaction(struct gb_run *run, const struct outgoing *out,
                             const struct departure *departure, struct gb_transaction *transaction)
{
    struct gb_route route = {.time = (uint32_t)out->interval,
                             .item = gb_route_item(out->kind, departure->number),
                             .until_ns = gb_run_purpose_end_ns(run, out->kind, out->interval)};
    uint32_t node;

    if (!out->release)
        for (size_t i = 0; i < transaction->n_messages; i++)
            date_message(run, &transaction->messages[i]);
    if (departure->concentrator == GB_NO_CONCENTRATOR) {
        route.owner = transaction->messages[0].sender;
        node = gb_run_entry_node(run, GB_PARTY_INDEX(route.owner));
        if (out->is_again)
            address_by_nonce(&route, out->kind, transaction->messages[0].nonce);
    } else {
        route.owner = transaction->concentrator;
        node = departure->concentrator % run->n_nodes;
        transaction->nonce = ++run->concentrator_nonces[departure->concentrator];
        if (out->is_again)
            address_by_nonce(&route, 0, transaction->nonce);
    }
    if (gb_run_sign_approvals(run, transaction))
        submit(run, transaction, node, departure->leaves_ns, &route);
    else
        gb_transaction_free(transaction);
}

/* ---- parcels: what has been handed over and has not left yet */

static void free_parcel(struct parcel *parcel)
{
    if (parcel->out.release)
        parcel->out.release(parcel->out.context);
    for (size_t d = 0; d < parcel->n_departures; d++)
        gb_transaction_free(parcel->departures[d].transaction);
    free(parcel->order);
    free(parcel->departures);
    free(parcel);
}

void gb_run_free_parcels(struct gb_run *run)
{
    while (run->parcels) {
        struct parcel *next = run->parcels->next;

        free_parcel(run->parcels);
        run->parcels = next;
    }
}

static void fill_departure(struct parcel *parcel, struct departure *departure)
{
    const uint32_t *order = parcel->order ? parcel->order + departure->first : NULL;

    departure->transaction = fill_transaction(parcel->run, &parcel->out, departure, order);
}

static void leave(struct parcel *parcel, struct departure *departure)
{
    struct gb_transaction *transaction;

    if (!departure->transaction)
        fill_departure(parcel, departure);
    transaction = departure->transaction;
    departure->transaction = NULL;
    parcel->n_waiting--;
    if (transaction)
        send_transaction(parcel->run, &parcel->out, departure, transaction);
}

/* Takes a parcel that has left out of the run's list. */
static void finish_parcel(struct parcel *parcel)
{
    struct parcel **link = &parcel->run->parcels;

    while (*link != parcel)
        link = &(*link)->next;
    *link = parcel->next;
    free_parcel(parcel);
}

static void on_departure(const struct gb_event *event)
{
    struct parcel *parcel = event->subject;

    if (gb_run_has_failed(parcel->run))
        return;
    leave(parcel, &parcel->departures[event->a]);
    if (parcel->n_waiting == 0)
        finish_parcel(parcel);
}

static bool add_departure(struct parcel *parcel, struct departure departure)
{
    if (parcel->n_departures == parcel->departures_capacity) {
        size_t capacity = parcel->departures_capacity ? 2 * parcel->departures_capacity : 8;
        struct departure *grown = realloc(parcel->departures, capacity * sizeof *grown);

        if (!grown) {
            gb_fail(&parcel->run->error, GB_ENOMEM, "no memory for %zu departures", capacity);
            return false;
        }
        parcel->departures = grown;
        parcel->departures_capacity = capacity;
    }
    parcel->departures[parcel->n_departures++] = departure;
    return true;
}

/* When message i reaches its concentrator; in the ideal world that is when it was sent. */
static int64_t arrival_of(const struct gb_run *run, const struct outgoing *out, size_t i)
{
    if (run->scenario->protocol == GB_PROTOCOL_IDEAL)
        return sent_of(out, i);
    gb_party sender = GB_PARTY(GB_ROLE_METER, meter_of(out, i));
    struct gb_route route = {.time = (uint32_t)out->interval,
                             .item = gb_route_item(out->kind, part_of(out, i))};
    if (out->is_again)
        address_by_nonce(&route, out->kind, out->refused_nonce(out->context, i));
    struct gb_draw draw =
        gb_draw_at(run->client_key, sender, HOP_TO_CONCENTRATOR, route.time, route.item);

    return sent_of(out, i) + gb_delay_at(&run->scenario->client, gb_draw_uniform(draw));
}

static int64_t time_of(const struct gb_radix_item *item)
{
    return (int64_t)(item->key ^ (UINT64_C(1) << 63)); /* keys sort signed times as unsigned */
}

/* How many of the sorted items make the next bundle, and when it leaves. */
static size_t next_bundle(const struct gb_run *run, const struct outgoing *out,
                          const struct gb_radix_item *items, size_t n, int64_t *leaves_ns)
{
    bool is_ideal = run->scenario->protocol == GB_PROTOCOL_IDEAL;
    int64_t first_ns = time_of(&items[0]);
    int64_t gate = gate_ns(run, out->interval);
    size_t most = is_ideal ? IDEAL_BATCH : GB_BUNDLE_MAX;
    size_t taken = 1;

    while (taken < n && taken < most) {
        int64_t time_ns = time_of(&items[taken]);

        /* no batch of the ideal protocol spans the gate: what came before it is not late */
        if (is_ideal ? first_ns < gate && time_ns >= gate
                     : time_ns > first_ns + CONCENTRATOR_WAIT_NS)
            break;
        taken++;
    }
    if (is_ideal || taken == most || (out->is_complete && taken == n))
        *leaves_ns = time_of(&items[taken - 1]);
    else
        *leaves_ns = first_ns + CONCENTRATOR_WAIT_NS;
    return taken;
}

/* Messages [begin, end) all belong to one concentrator.
 * items  twice as many, scratch */
static void plan_bundles(struct parcel *parcel, uint32_t concentrator, size_t begin, size_t end,
                         struct gb_radix_item *items)
{
    struct gb_run *run = parcel->run;
    const struct outgoing *out = &parcel->out;
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
        parcel->order[begin + i] = (uint32_t)items[i].value;
    for (size_t at = 0; at < n; number++) {
        struct departure departure = {
            .concentrator = concentrator, .number = number, .first = (uint32_t)(begin + at)};

        departure.n = (uint32_t)next_bundle(run, out, items + at, n - at, &departure.leaves_ns);
        at += departure.n;
        if (!add_departure(parcel, departure))
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

static void plan_concentrated(struct parcel *parcel)
{
    struct gb_run *run = parcel->run;
    const struct outgoing *out = &parcel->out;
    struct gb_radix_item *items = NULL;
    size_t capacity = 0;

    parcel->order = malloc(out->n * sizeof *parcel->order);
    for (size_t begin = 0, end; begin < out->n && !gb_run_has_failed(run); begin = end) {
        end = end_of_group(run, out, begin);
        if (end - begin > capacity) {
            capacity = end - begin;
            free(items);
            items = malloc(2 * capacity * sizeof *items);
        }
        if (!parcel->order || !items)
            gb_fail(&run->error, GB_ENOMEM, "no memory to send %zu messages", out->n);
        else
            plan_bundles(parcel, meter_of(out, begin) / (uint32_t)run->concentrator_size, begin,
                         end, items);
    }
    free(items);
}

static void plan_departures(struct parcel *parcel)
{
    if (parcel->run->concentrator_size > 0) {
        plan_concentrated(parcel);
        return;
    }
    for (size_t i = 0; i < parcel->out.n; i++)
        if (!add_departure(parcel, (struct departure){.leaves_ns = sent_of(&parcel->out, i),
                                                      .concentrator = GB_NO_CONCENTRATOR,
                                                      .number = part_of(&parcel->out, i),
                                                      .first = (uint32_t)i,
                                                      .n = 1}))
            return;
}

void gb_run_dispatch(struct gb_run *run, const struct outgoing *out)
{
    int64_t now_ns = gb_queue_now_ns(run->queue);
    struct parcel *parcel = calloc(1, sizeof *parcel);

    if (!parcel) {
        gb_fail(&run->error, GB_ENOMEM, "no memory to send %zu messages", out->n);
        if (out->release)
            out->release(out->context);
        return;
    }
    *parcel = (struct parcel){.run = run, .out = *out, .next = run->parcels};
    run->parcels = parcel;
    plan_departures(parcel);
    parcel->out.sent_ns = NULL; /* who waits needs neither it nor, filled in, the context */
    parcel->n_waiting = parcel->n_departures;
    for (size_t d = 0; d < parcel->n_departures && !gb_run_has_failed(run); d++) {
        struct departure *departure = &parcel->departures[d];

        if (departure->leaves_ns <= now_ns) {
            leave(parcel, departure);
            continue;
        }
        if (!out->release)
            fill_departure(parcel, departure);
        if (!gb_queue_push(run->queue, &(struct gb_event){.time_ns = departure->leaves_ns,
                                                          .action = on_departure,
                                                          .subject = parcel,
                                                          .a = d,
                                                          .priority = GB_PRIORITY_TRANSACTION}))
            gb_fail(&run->error, GB_ENOMEM, "no memory for an event");
    }
    if (!out->release) { /* all is filled in: what was lent goes back */
        free(parcel->order);
        parcel->order = NULL;
        parcel->out.meter = NULL;
        parcel->out.part = NULL;
        parcel->out.context = NULL;
    }
    if (parcel->n_waiting == 0)
        finish_parcel(parcel);
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

void gb_run_send_authority_again(struct gb_run *run, struct gb_transaction *transaction,
                                 int64_t interval, int64_t leaves_ns)
{
    const struct gb_message *message = &transaction->messages[0];
    struct gb_route route = {.owner = message->sender,
                             .is_insistent = true,
                             .until_ns = gb_run_purpose_end_ns(run, message->kind, interval)};

    address_by_nonce(&route, message->kind, message->nonce);
    submit(run, transaction, GB_OPERATOR_NODE, leaves_ns, &route);
}

void gb_run_send_bundle_again(struct gb_run *run, struct gb_transaction *bundle, int64_t interval)
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
