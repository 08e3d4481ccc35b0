/* From the client to the pool: a sender signs and sends, its entry node accepts or, when its
 * pool is full, refuses; refused, a client backs off and knocks at the next door, and one that
 * insists does so too when it hears nothing. */
#include <inttypes.h>

#include "chain/replicated_priv.h"

#define RESEND_NS (3 * GB_NS_PER_SECOND)        /* rules, section 1 */
#define BACKOFF_MIN_NS (500 * GB_NS_PER_MS)     /* retry after a full pool: uniform in [0.5, 1.5] s, */
#define BACKOFF_DOUBLINGS 6u                    /* twice as long with each refusal, up to 64 times */
#define BACKOFF_SPAN_NS (1000 * GB_NS_PER_MS)
#define NODE_BITS 10                            /* there are at most 1024 nodes */

static bool push_event(struct replicated *chain, int64_t time_ns, enum gb_priority priority,
                       gb_event_action *action, size_t slot)
{
    struct gb_event event = {.time_ns = time_ns, .action = action, .subject = chain, .a = slot,
                             .priority = priority};

    if (!gb_queue_push(chain->queue, &event)) {
        gb_fail(&chain->error, GB_ENOMEM, "no memory for an event");
        return false;
    }
    chain->transit.slots[slot].n_events++;
    return true;
}

static void on_arrival(const struct gb_event *event);

/* One attempt to reach `node`: the client's delay is a draw at (sender, attempt, interval,
 * item). */
static void send_attempt(struct replicated *chain, size_t slot, uint32_t node, int64_t from_ns)
{
    struct gb_transit_slot *s = &chain->transit.slots[slot];
    struct gb_draw draw = gb_draw_at(chain->client_key, s->route.owner, s->n_attempts,
                                     s->route.time, s->route.item);

    s->node = node;
    s->n_attempts++;
    push_event(chain, from_ns + gb_delay_at(&chain->config.client, gb_draw_uniform(draw)),
               GB_PRIORITY_TRANSACTION, on_arrival, slot);
}

static void on_arrival(const struct gb_event *event)
{
    struct replicated *chain = event->subject;
    size_t slot = event->a;
    struct gb_transit_slot *s = &chain->transit.slots[slot];

    if (s->transaction && chain->error.status == GB_OK) {
        enum gb_status status = gb_pool_accept(chain->pool, s->transaction, s->node,
                                               event->time_ns, &s->route, &chain->error);
        if (status == GB_OK) {
            gb_transit_take(&chain->transit, slot);
            gb_replicated_plan_seal(chain);
        } else if (status == GB_EREFUSED) {
            uint32_t next = (s->node + 1) % chain->config.n_nodes;
            struct gb_draw draw = gb_draw_at(chain->backoff_key, s->route.owner,
                                             s->n_attempts << NODE_BITS | next, s->route.time,
                                             s->route.item);
            int64_t backoff = BACKOFF_MIN_NS +
                              (int64_t)(gb_draw_uniform(draw) * (double)BACKOFF_SPAN_NS);
            backoff <<= s->n_refusals < BACKOFF_DOUBLINGS ? s->n_refusals : BACKOFF_DOUBLINGS;

            chain->totals.n_refused++;
            s->n_refusals++;
            send_attempt(chain, slot, next, event->time_ns + backoff);
        }
    }
    gb_transit_release(&chain->transit, slot);
}

static void on_unanswered(const struct gb_event *event)
{
    struct replicated *chain = event->subject;
    size_t slot = event->a;
    struct gb_transit_slot *s = &chain->transit.slots[slot];

    if (s->transaction && s->n_refusals == 0) {
        chain->totals.n_resent++;
        send_attempt(chain, slot, (s->node + 1) % chain->config.n_nodes, event->time_ns);
        push_event(chain, event->time_ns + RESEND_NS, GB_PRIORITY_TIMER, on_unanswered, slot);
    }
    gb_transit_release(&chain->transit, slot);
}

/* The sender signs and sends. */
static enum gb_status leave(struct replicated *chain, size_t slot, int64_t now_ns)
{
    struct gb_transit_slot *s = &chain->transit.slots[slot];

    if (gb_transaction_seal(s->transaction, &chain->config.chain_id, chain->ring,
                            chain->ledger != NULL, &chain->error) != GB_OK)
        return chain->error.status;
    if (s->transaction->n_bytes > chain->genesis->max_bytes)
        return gb_fail(&chain->error, GB_ERANGE, "a transaction of %zu bytes is more than a block "
                       "holds (%" PRIu64 ")", s->transaction->n_bytes, chain->genesis->max_bytes);
    /* a modelled signature proves nothing: of one just made only its cost would be left */
    if (!chain->ledger && gb_keyring_crypto(chain->ring) == GB_CRYPTO_MODELLED)
        gb_transaction_forget_proofs(s->transaction);
    bool is_insistent = s->route.is_insistent;
    send_attempt(chain, slot, s->node, now_ns);
    if (is_insistent)
        push_event(chain, now_ns + RESEND_NS, GB_PRIORITY_TIMER, on_unanswered, slot);
    return chain->error.status;
}

static void on_leaving(const struct gb_event *event)
{
    struct replicated *chain = event->subject;

    if (chain->error.status == GB_OK)
        leave(chain, event->a, event->time_ns);
    gb_transit_release(&chain->transit, event->a);
}

enum gb_status gb_intake_submit(void *state, struct gb_transaction *transaction,
                                uint32_t entry_node, int64_t sent_ns,
                                const struct gb_route *route, struct gb_error *err)
{
    struct replicated *chain = state;
    size_t slot;
    enum gb_status status = gb_transit_add(&chain->transit, transaction, route, entry_node, &slot,
                                           err);

    if (status != GB_OK) {
        gb_transaction_free(transaction);
        return status;
    }
    if (sent_ns > gb_queue_now_ns(chain->queue))
        push_event(chain, sent_ns, GB_PRIORITY_TRANSACTION, on_leaving, slot);
    else
        leave(chain, slot, sent_ns);
    return chain->error.status == GB_OK ? GB_OK
                                        : gb_fail(err, chain->error.status, "%s", chain->error.text);
}
