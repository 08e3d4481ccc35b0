/* Ingress, from the client to the pool: a sender signs and sends, its entry node accepts or, when
 * its pool is full, refuses; the answer takes the client's delay back. Refused, a client backs off
 * and retries at the next entry node; an insistent one retries there too, at growing intervals, as
 * long as it has no answer. Nothing is sent again after the deadline of its purpose. */
#include <inttypes.h>

#include "chain/node/replicated_priv.h"

#define ANSWER_TIMEOUT_MIN_NS (3 * GB_NS_PER_SECOND) /* rules, section 1: 3 s, doubling to 60 s */
#define ANSWER_TIMEOUT_MAX_NS (60 * GB_NS_PER_SECOND)
/* Retry after a full pool: uniform in [0.5, 1.5] s, twice as long with each refusal, up to 64
 * times. */
#define BACKOFF_MIN_NS (500 * GB_NS_PER_MS)
#define BACKOFF_SPAN_NS (1000 * GB_NS_PER_MS)
#define BACKOFF_DOUBLINGS 6u
#define NODE_BITS 10 /* there are at most 1024 nodes */

static bool push_event(struct replicated *chain, int64_t time_ns, enum gb_priority priority,
                       gb_event_action *action, size_t slot, uint32_t attempt)
{
    struct gb_event event = {.time_ns = time_ns,
                             .action = action,
                             .subject = chain,
                             .a = slot,
                             .b = attempt,
                             .priority = priority};

    if (!gb_queue_push(chain->queue, &event)) {
        gb_fail(&chain->error, GB_ENOMEM, "no memory for an event");
        return false;
    }
    chain->transit.slots[slot].n_events++;
    return true;
}

/* An event of the slot has run. With the last one of what no pool has taken nothing of it is on its
 * way any more: its sender has given it up. */
static void finish_event(struct replicated *chain, size_t slot)
{
    struct gb_transit_slot *s = &chain->transit.slots[slot];

    if (s->n_events == 1 && s->transaction && chain->error.status == GB_OK) {
        struct gb_transaction *transaction = gb_transit_take(&chain->transit, slot);

        chain->observer.given_up(chain->observer.context, transaction);
        gb_transaction_free(transaction);
    }
    gb_transit_release(&chain->transit, slot);
}

static uint32_t node_of(const struct replicated *chain, const struct gb_transit_slot *s,
                        uint32_t attempt)
{
    return (s->node + attempt) % chain->n_nodes;
}

static void on_arrival(const struct gb_event *event);

static void send_attempt(struct replicated *chain, size_t slot, int64_t from_ns)
{
    struct gb_transit_slot *s = &chain->transit.slots[slot];
    uint32_t attempt = s->n_attempts++;

    push_event(chain,
               gb_network_request_arrival_ns(chain->config.network, from_ns, &s->route, attempt),
               GB_PRIORITY_TRANSACTION, on_arrival, slot, attempt);
}

/* When the sender retries after the refusal whose answer reaches it at answered_ns. */
static int64_t end_of_backoff(const struct replicated *chain, const struct gb_transit_slot *s,
                              int64_t answered_ns)
{
    uint32_t next = node_of(chain, s, s->n_attempts);
    struct gb_draw draw =
        gb_draw_at(chain->backoff_key, s->route.owner, s->n_attempts << NODE_BITS | next,
                   s->route.time, s->route.item);
    int64_t backoff = BACKOFF_MIN_NS + (int64_t)(gb_draw_uniform(draw) * (double)BACKOFF_SPAN_NS);

    return answered_ns +
           (backoff << (s->n_refusals < BACKOFF_DOUBLINGS ? s->n_refusals : BACKOFF_DOUBLINGS));
}

/* When the answer to an attempt that arrived at now_ns reaches the sender. */
static int64_t answer_ns(const struct replicated *chain, const struct gb_transit_slot *s,
                         uint32_t attempt, int64_t now_ns)
{
    return gb_network_answer_arrival_ns(chain->config.network, now_ns, &s->route, attempt);
}

/* Of several attempts on their way the latest alone leads to another one, so that copies sent
 * without an answer do not multiply. */
static void refuse(struct replicated *chain, size_t slot, uint32_t attempt, int64_t now_ns)
{
    struct gb_transit_slot *s = &chain->transit.slots[slot];

    chain->totals.n_refused++;
    if (attempt + 1 < s->n_attempts)
        return;
    int64_t when = end_of_backoff(chain, s, answer_ns(chain, s, attempt, now_ns));
    s->n_refusals++;
    if (when < s->route.until_ns)
        send_attempt(chain, slot, when);
}

/* Whatever the node answers, its sender need not repeat it. */
static void record_answer(struct gb_transit_slot *s, int64_t answered_ns)
{
    if (answered_ns < s->answered_ns)
        s->answered_ns = answered_ns;
}

static void on_arrival(const struct gb_event *event)
{
    struct replicated *chain = event->subject;
    size_t slot = event->a;
    uint32_t attempt = (uint32_t)event->b;
    struct gb_transit_slot *s = &chain->transit.slots[slot];

    if (event->time_ns < s->arrived_ns)
        s->arrived_ns = event->time_ns;
    if (s->route.is_insistent)
        record_answer(s, answer_ns(chain, s, attempt, event->time_ns));
    if (s->transaction && chain->error.status == GB_OK) {
        s->transaction->arrived_ns = s->arrived_ns;
        enum gb_status status =
            gb_pool_accept(chain->pool, s->transaction, node_of(chain, s, attempt), event->time_ns,
                           &s->route, &chain->error);
        if (status == GB_OK) {
            gb_transit_take(&chain->transit, slot);
            gb_replicated_plan_seal(chain);
        } else if (status == GB_EREFUSED) {
            refuse(chain, slot, attempt, event->time_ns);
        }
    }
    finish_event(chain, slot);
}

static void on_timeout(const struct gb_event *event);

/* The sender waits for an answer. */
static void await_answer(struct replicated *chain, size_t slot, int64_t from_ns)
{
    struct gb_transit_slot *s = &chain->transit.slots[slot];
    int64_t wait = ANSWER_TIMEOUT_MIN_NS;

    for (uint32_t i = 0; i < s->n_repeats && wait < ANSWER_TIMEOUT_MAX_NS; i++)
        wait *= 2;
    if (wait > ANSWER_TIMEOUT_MAX_NS)
        wait = ANSWER_TIMEOUT_MAX_NS;
    push_event(chain, from_ns + wait, GB_PRIORITY_TIMER, on_timeout, slot, 0);
}

static void on_timeout(const struct gb_event *event)
{
    struct replicated *chain = event->subject;
    size_t slot = event->a;
    struct gb_transit_slot *s = &chain->transit.slots[slot];

    if (event->time_ns < s->answered_ns && event->time_ns < s->route.until_ns &&
        chain->error.status == GB_OK) {
        chain->totals.n_resent++;
        s->n_repeats++;
        send_attempt(chain, slot, event->time_ns);
        await_answer(chain, slot, event->time_ns);
    }
    finish_event(chain, slot);
}

/* The sender signs and sends. */
static enum gb_status send_first(struct replicated *chain, size_t slot, int64_t now_ns)
{
    struct gb_transit_slot *s = &chain->transit.slots[slot];

    if (gb_transaction_seal(s->transaction, &chain->config.chain_id, chain->ring,
                            chain->ledger != NULL, &chain->error) != GB_OK)
        return chain->error.status;
    if (s->transaction->n_bytes > chain->genesis->max_bytes)
        return gb_fail(&chain->error, GB_ERANGE,
                       "a transaction of %zu bytes is more than a block "
                       "holds (%" PRIu64 ")",
                       s->transaction->n_bytes, chain->genesis->max_bytes);
    /* a modelled signature proves nothing: of one just made only its cost would be left */
    if (!chain->ledger && gb_keyring_crypto(chain->ring) == GB_CRYPTO_MODELLED)
        gb_transaction_forget_proofs(s->transaction);
    bool is_insistent = s->route.is_insistent;
    send_attempt(chain, slot, now_ns);
    if (is_insistent)
        await_answer(chain, slot, now_ns);
    return chain->error.status;
}

static void on_send(const struct gb_event *event)
{
    struct replicated *chain = event->subject;

    if (chain->error.status == GB_OK)
        send_first(chain, event->a, event->time_ns);
    finish_event(chain, event->a);
}

enum gb_status gb_ingress_submit(void *state, struct gb_transaction *transaction,
                                 uint32_t entry_node, int64_t sent_ns, const struct gb_route *route,
                                 struct gb_error *err)
{
    struct replicated *chain = state;
    size_t slot;
    enum gb_status status =
        gb_transit_add(&chain->transit, transaction, route, entry_node, &slot, err);

    if (status != GB_OK) {
        gb_transaction_free(transaction);
        return status;
    }
    if (sent_ns > gb_queue_now_ns(chain->queue))
        push_event(chain, sent_ns, GB_PRIORITY_TRANSACTION, on_send, slot, 0);
    else
        send_first(chain, slot, sent_ns);
    return chain->error.status == GB_OK
               ? GB_OK
               : gb_fail(err, chain->error.status, "%s", chain->error.text);
}
