#include "chain/node/ingress.h"

#include <inttypes.h>
#include <stdlib.h>

#include "chain/node/transit.h"

#define ANSWER_TIMEOUT_MIN_NS (3 * GB_NS_PER_SECOND) /* rules, section 1: 3 s, doubling to 60 s */
#define ANSWER_TIMEOUT_MAX_NS (60 * GB_NS_PER_SECOND)
/* Retry after a full pool: uniform in [0.5, 1.5] s, twice as long with each refusal, up to 64
 * times. */
#define BACKOFF_MIN_NS (500 * GB_NS_PER_MS)
#define BACKOFF_SPAN_NS (1000 * GB_NS_PER_MS)
#define BACKOFF_DOUBLINGS 6u
#define NODE_BITS 10 /* there are at most 1024 nodes */

struct gb_ingress {
    struct gb_queue *queue;
    struct gb_chain_config config;
    const struct gb_genesis *genesis;
    const struct gb_keyring *ring;
    bool keeps_proofs;
    struct gb_pool *pool;
    struct gb_ingress_host host;
    struct gb_error *failure;
    struct gb_key backoff_key;
    struct gb_transit transit;
    uint64_t n_refused, n_resent;
};

struct gb_ingress *gb_ingress_create(struct gb_queue *queue, const struct gb_chain_config *config,
                                     const struct gb_genesis *genesis,
                                     const struct gb_keyring *ring, bool keeps_proofs,
                                     struct gb_pool *pool, const struct gb_ingress_host *host,
                                     struct gb_error *failure)
{
    struct gb_ingress *ingress = calloc(1, sizeof *ingress);

    if (!ingress)
        return NULL;
    *ingress = (struct gb_ingress){
        .queue = queue,
        .config = *config,
        .genesis = genesis,
        .ring = ring,
        .keeps_proofs = keeps_proofs,
        .pool = pool,
        .host = *host,
        .failure = failure,
        .backoff_key = gb_draws_key(config->draws, GB_PURPOSE_RETRY_BACKOFF),
    };
    return ingress;
}

void gb_ingress_free(struct gb_ingress *ingress)
{
    if (!ingress)
        return;
    gb_transit_clear(&ingress->transit);
    free(ingress);
}

/* returns the handle; 0 with the failure written down */
static gb_event_handle push_event(struct gb_ingress *ingress, int64_t time_ns,
                                  enum gb_priority priority, gb_event_action *action, size_t slot,
                                  uint32_t attempt)
{
    struct gb_event event = {.time_ns = time_ns,
                             .action = action,
                             .subject = ingress,
                             .a = slot,
                             .b = attempt,
                             .priority = priority};

    gb_event_handle handle = gb_queue_push(ingress->queue, &event);

    if (handle == 0)
        gb_fail(ingress->failure, GB_ENOMEM, "no memory for an event");
    else
        gb_transit_hold(&ingress->transit, slot);
    return handle;
}

/* An event of the slot has run. With the last one of what no pool has taken nothing of it is on its
 * way any more: its sender has given it up. */
static void finish_event(struct gb_ingress *ingress, size_t slot)
{
    const struct gb_transit_slot *s = &ingress->transit.slots[slot];

    if (s->n_events == 1 && s->transaction && ingress->failure->status == GB_OK) {
        struct gb_transaction *transaction = gb_transit_take(&ingress->transit, slot);

        ingress->host.given_up(ingress->host.context, transaction);
        gb_transaction_free(transaction);
    }
    gb_transit_release(&ingress->transit, slot);
}

static uint32_t node_of(const struct gb_ingress *ingress, const struct gb_transit_slot *s,
                        uint32_t attempt)
{
    return (s->node + attempt) % (uint32_t)ingress->genesis->n_validators;
}

static void on_arrival(const struct gb_event *event);

static void send_attempt(struct gb_ingress *ingress, size_t slot, int64_t from_ns)
{
    const struct gb_transit_slot *s = &ingress->transit.slots[slot];
    uint32_t attempt = gb_transit_count_attempt(&ingress->transit, slot);

    push_event(ingress,
               gb_network_request_arrival_ns(ingress->config.network, from_ns, &s->route, attempt),
               GB_PRIORITY_TRANSACTION, on_arrival, slot, attempt);
}

/* When the sender retries after the refusal whose answer reaches it at answered_ns. */
static int64_t end_of_backoff(const struct gb_ingress *ingress, const struct gb_transit_slot *s,
                              int64_t answered_ns)
{
    uint32_t next = node_of(ingress, s, s->n_attempts);
    struct gb_draw draw =
        gb_draw_at(ingress->backoff_key, s->route.owner, s->n_attempts << NODE_BITS | next,
                   s->route.time, s->route.item);
    int64_t backoff = BACKOFF_MIN_NS + (int64_t)(gb_draw_uniform(draw) * (double)BACKOFF_SPAN_NS);

    return answered_ns +
           (backoff << (s->n_refusals < BACKOFF_DOUBLINGS ? s->n_refusals : BACKOFF_DOUBLINGS));
}

/* When the answer to an attempt that arrived at now_ns reaches the sender. */
static int64_t answer_ns(const struct gb_ingress *ingress, const struct gb_transit_slot *s,
                         uint32_t attempt, int64_t now_ns)
{
    return gb_network_answer_arrival_ns(ingress->config.network, now_ns, &s->route, attempt);
}

/* Of several attempts on their way the latest alone leads to another one, so that copies sent
 * without an answer do not multiply. */
static void refuse(struct gb_ingress *ingress, size_t slot, uint32_t attempt, int64_t now_ns)
{
    const struct gb_transit_slot *s = &ingress->transit.slots[slot];

    ingress->n_refused++;
    if (attempt + 1 < s->n_attempts)
        return;
    int64_t when = end_of_backoff(ingress, s, answer_ns(ingress, s, attempt, now_ns));
    gb_transit_count_refusal(&ingress->transit, slot);
    if (when < s->route.until_ns)
        send_attempt(ingress, slot, when);
}

/* A pool has the transaction, and its answer is there before the sender's patience ends: nothing is
 * left for the timer to do. */
static void stop_waiting(struct gb_ingress *ingress, size_t slot)
{
    const struct gb_transit_slot *s = &ingress->transit.slots[slot];

    if (s->timer == 0 || s->answered_ns > s->timer_ns || !gb_queue_cancel(ingress->queue, s->timer))
        return;
    gb_transit_set_timer(&ingress->transit, slot, 0, 0);
    gb_transit_release(&ingress->transit, slot);
}

static void on_arrival(const struct gb_event *event)
{
    struct gb_ingress *ingress = event->subject;
    size_t slot = event->a;
    uint32_t attempt = (uint32_t)event->b;
    const struct gb_transit_slot *s = &ingress->transit.slots[slot];

    gb_transit_record_arrival(&ingress->transit, slot, event->time_ns);
    if (s->route.is_insistent)
        gb_transit_record_answer(&ingress->transit, slot,
                                 answer_ns(ingress, s, attempt, event->time_ns));
    if (s->transaction && ingress->failure->status == GB_OK) {
        enum gb_status status =
            gb_pool_accept(ingress->pool, s->transaction, node_of(ingress, s, attempt),
                           event->time_ns, &s->route, ingress->failure);
        if (status == GB_OK) {
            gb_transit_take(&ingress->transit, slot);
            stop_waiting(ingress, slot);
            ingress->host.accepted(ingress->host.context);
        } else if (status == GB_EREFUSED) {
            refuse(ingress, slot, attempt, event->time_ns);
        }
    }
    finish_event(ingress, slot);
}

static void on_timeout(const struct gb_event *event);

/* The sender waits for an answer. */
static void await_answer(struct gb_ingress *ingress, size_t slot, int64_t from_ns)
{
    const struct gb_transit_slot *s = &ingress->transit.slots[slot];
    int64_t wait = ANSWER_TIMEOUT_MIN_NS;

    for (uint32_t i = 0; i < s->n_repeats && wait < ANSWER_TIMEOUT_MAX_NS; i++)
        wait *= 2;
    if (wait > ANSWER_TIMEOUT_MAX_NS)
        wait = ANSWER_TIMEOUT_MAX_NS;
    gb_event_handle timer =
        push_event(ingress, from_ns + wait, GB_PRIORITY_TIMER, on_timeout, slot, 0);
    gb_transit_set_timer(&ingress->transit, slot, timer, from_ns + wait);
}

static void on_timeout(const struct gb_event *event)
{
    struct gb_ingress *ingress = event->subject;
    size_t slot = event->a;
    const struct gb_transit_slot *s = &ingress->transit.slots[slot];

    if (event->time_ns < s->answered_ns && event->time_ns < s->route.until_ns &&
        ingress->failure->status == GB_OK) {
        ingress->n_resent++;
        gb_transit_count_repeat(&ingress->transit, slot);
        send_attempt(ingress, slot, event->time_ns);
        await_answer(ingress, slot, event->time_ns);
    }
    finish_event(ingress, slot);
}

/* The sender signs and sends. */
static enum gb_status send_first(struct gb_ingress *ingress, size_t slot, int64_t now_ns)
{
    const struct gb_transit_slot *s = &ingress->transit.slots[slot];

    if (gb_transaction_seal(s->transaction, &ingress->config.chain_id, ingress->ring,
                            ingress->keeps_proofs, ingress->failure) != GB_OK)
        return ingress->failure->status;
    if (s->transaction->n_bytes > ingress->genesis->max_bytes)
        return gb_fail(ingress->failure, GB_ERANGE,
                       "a transaction of %zu bytes is more than a block "
                       "holds (%" PRIu64 ")",
                       s->transaction->n_bytes, ingress->genesis->max_bytes);
    /* a modelled signature proves nothing: of one just made only its cost would be left */
    if (!ingress->keeps_proofs && gb_keyring_crypto(ingress->ring) == GB_CRYPTO_MODELLED)
        gb_transaction_forget_proofs(s->transaction);
    bool is_insistent = s->route.is_insistent;
    send_attempt(ingress, slot, now_ns);
    if (is_insistent)
        await_answer(ingress, slot, now_ns);
    return ingress->failure->status;
}

static void on_send(const struct gb_event *event)
{
    struct gb_ingress *ingress = event->subject;

    if (ingress->failure->status == GB_OK)
        send_first(ingress, event->a, event->time_ns);
    finish_event(ingress, event->a);
}

enum gb_status gb_ingress_submit(struct gb_ingress *ingress, struct gb_transaction *transaction,
                                 uint32_t entry_node, int64_t sent_ns, const struct gb_route *route)
{
    size_t slot;
    enum gb_status status =
        gb_transit_add(&ingress->transit, transaction, route, entry_node, &slot, ingress->failure);

    if (status != GB_OK) {
        gb_transaction_free(transaction);
        return status;
    }
    if (sent_ns > gb_queue_now_ns(ingress->queue))
        push_event(ingress, sent_ns, GB_PRIORITY_TRANSACTION, on_send, slot, 0);
    else
        send_first(ingress, slot, sent_ns);
    return ingress->failure->status;
}

size_t gb_ingress_size(const struct gb_ingress *ingress)
{
    return ingress->transit.n_transactions;
}

bool gb_ingress_holds(const struct gb_ingress *ingress, gb_party sender, uint8_t kind,
                      uint64_t nonce, bool *has_arrived)
{
    for (size_t i = 0; i < ingress->transit.n_slots; i++) {
        const struct gb_transit_slot *s = &ingress->transit.slots[i];

        if (s->transaction && gb_transaction_is_message(s->transaction, sender, kind, nonce)) {
            *has_arrived = s->arrived_ns != INT64_MAX;
            return true;
        }
    }
    return false;
}

uint64_t gb_ingress_n_refused(const struct gb_ingress *ingress)
{
    return ingress->n_refused;
}

uint64_t gb_ingress_n_resent(const struct gb_ingress *ingress)
{
    return ingress->n_resent;
}
