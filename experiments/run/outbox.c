#include "experiments/run/outbox_priv.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/parts.h"
#include "experiments/run/approvals.h"
#include "experiments/run/scheduled_sends.h"

#define AHEAD 8      /* messages */
#define AT_ONCE 4096 /* messages */

struct outbox_batch { /* messages of one kind that have not all left yet */
    struct gb_run_outbox *outbox;
    struct outbox_batch *next; /* in the outbox */
    struct gb_run_outgoing out;
    struct gb_run_scheduled_sends plan;
    struct gb_transaction **filled; /* per send: filled in before it leaves; NULL: none was */
    size_t n_waiting;
    struct outbox_batch *joined, *last; /* of a bundle of re-quotes: who came behind the first */
    uint64_t bundle;                    /* its number among all such; 0: it is none */
};

/* ---- number and validity, which count from when a message leaves: a sender's next nonce for a
 * kind of message that is its to send */

static inline void date_of_meter(struct gb_run_outbox *outbox, uint64_t last_valid_height,
                                 struct gb_message *message)
{
    const struct gb_message_owner *owner = &gb_message_owners[message->kind];
    uint32_t meter = GB_PARTY_INDEX(message->sender);

    assert(GB_PARTY_ROLE(message->sender) == GB_ROLE_METER && owner->role == GB_ROLE_METER);
    message->nonce = ++outbox->nonces[meter][owner->number];
    message->last_valid_height = last_valid_height;
}

size_t gb_run_outbox_n_unsent(const struct gb_run_outbox *outbox)
{
    size_t n = 0;

    for (const struct outbox_batch *batch = outbox->batches; batch; batch = batch->next)
        n += batch->n_waiting; /* with those that joined */
    return n;
}

/* The node at which a send's messages enter: that of their concentrator, or of their one meter. */
static uint32_t node_of(const struct gb_run_outbox *outbox,
                        const struct gb_run_scheduled_send *send, uint32_t meter)
{
    return send->concentrator == GB_NO_CONCENTRATOR
               ? gb_run_gateway_entry_node(outbox->gateway, meter)
               : gb_run_gateway_concentrator_node(outbox->gateway, send->concentrator);
}

/* A message before it is filled in. Copied, for compilers clear so many bytes by an instruction
 * that is slow to begin. */
static const struct gb_message nothing_said;

/* last_valid_height  where it leaves now; else it is dated later */
static inline void fill_message(struct gb_run_outbox *outbox, const struct gb_run_outgoing *out,
                                size_t i, uint64_t last_valid_height,
                                struct gb_transaction *transaction, struct gb_message *message)
{
    *message = nothing_said;
    message->kind = out->kind;
    message->sender = GB_PARTY(GB_ROLE_METER, gb_run_outgoing_meter(out, i));
    if (out->release)
        date_of_meter(outbox, last_valid_height, message);
    out->fill(out->context, i, transaction, message);
}

/* Takes messages of meters; what approves is signed now. */
static void submit_signed(struct gb_run_outbox *outbox, struct gb_transaction *transaction,
                          uint32_t node, int64_t sent_ns, const struct gb_route *route)
{
    if (gb_run_approvals_are_in(transaction->messages[0].kind) &&
        gb_run_approvals_sign(outbox->gateway, transaction, outbox->env->error) != GB_OK)
        gb_transaction_free(transaction);
    else
        gb_run_gateway_submit(outbox->gateway, transaction, node, sent_ns, route);
}

/* Bundles hold their messages in the order of sending, which is none of meters: most of what
 * filling one in takes was waiting for memory. */
static void look_ahead(const struct gb_run_outbox *outbox, const struct gb_run_outgoing *out,
                       const uint32_t *order, size_t n)
{
    if (n <= AHEAD)
        return;
    __builtin_prefetch(&outbox->nonces[gb_run_outgoing_meter(out, order[AHEAD])], 1);
    if (out->look_ahead)
        out->look_ahead(out->context, order[AHEAD], order[n > 2 * AHEAD ? 2 * AHEAD : n - 1]);
}

/* The transaction of a scheduled send, filled in; NULL after a failure. */
static struct gb_transaction *fill_transaction(struct gb_run_outbox *outbox,
                                               const struct gb_run_outgoing *out,
                                               const struct gb_run_scheduled_send *send,
                                               const uint32_t *order)
{
    bool is_alone = send->concentrator == GB_NO_CONCENTRATOR;
    gb_party party = is_alone ? GB_PARTY_NONE : GB_PARTY(GB_ROLE_CONCENTRATOR, send->concentrator);
    size_t bytes = 0;

    for (uint32_t i = 0; out->n_approvals && i < send->n; i++) {
        size_t n = out->n_approvals(out->context, is_alone ? send->first : order[i]);
        bytes += (n * sizeof(uint32_t) + 7) & ~(size_t)7;
    }
    struct gb_transaction *transaction = gb_transaction_allocate(party, send->n, bytes);
    if (!transaction) {
#pragma omp critical(gb_run_outbox)
        gb_fail(outbox->env->error, GB_ENOMEM,
                "no memory for a transaction of %" PRIu32 " messages", send->n);
        return NULL;
    }
    uint64_t last_valid_height =
        out->release ? gb_run_outbox_validity(
                           outbox, node_of(outbox, send, gb_run_outgoing_meter(out, send->first)))
                     : 0;
    bool looks_ahead = !is_alone && outbox->env->n > GB_RUN_KEPT_CAPACITY;
    for (uint32_t i = 0; i < send->n; i++) {
        if (looks_ahead)
            look_ahead(outbox, out, order + i, send->n - i);
        fill_message(outbox, out, is_alone ? send->first : order[i], last_valid_height, transaction,
                     &transaction->messages[i]);
    }
    return transaction;
}

/* Takes the transaction. */
static void send_transaction(struct gb_run_outbox *outbox, const struct gb_run_outgoing *out,
                             const struct gb_run_scheduled_send *send,
                             struct gb_transaction *transaction)
{
    struct gb_route route = {
        .time = (uint32_t)out->interval,
        .item = gb_route_item(out->kind, send->number),
        .until_ns = gb_run_purpose_end_ns(outbox->env, &transaction->messages[0], out->interval)};
    gb_party sender = transaction->messages[0].sender;
    uint32_t node = node_of(outbox, send, GB_PARTY_INDEX(sender));

    if (!out->release)
        for (size_t i = 0; i < transaction->n_messages; i++)
            date_of_meter(outbox, gb_run_outbox_validity(outbox, node), &transaction->messages[i]);
    if (send->concentrator == GB_NO_CONCENTRATOR) {
        route.owner =
            GB_PARTY(GB_ROLE_METER, gb_run_draw_owner(outbox->env, GB_PARTY_INDEX(sender)));
        if (out->is_resubmission)
            gb_run_address_by_nonce(&route, out->kind, transaction->messages[0].nonce);
    } else {
        route.owner = transaction->concentrator;
        transaction->nonce = ++outbox->concentrator_nonces[send->concentrator];
        if (out->is_resubmission)
            gb_run_address_by_nonce(&route, 0, transaction->nonce);
    }
    submit_signed(outbox, transaction, node, send->leaves_ns, &route);
}

/* ---- batches: what has been handed over and has not left yet */

/* Gives back what it holds but for its plan. */
static void empty_outbox_batch(struct outbox_batch *batch)
{
    if (batch->out.release)
        batch->out.release(batch->out.context);
    for (size_t s = 0; batch->filled && s < batch->plan.n; s++)
        gb_transaction_free(batch->filled[s]);
    free(batch->filled);
    batch->filled = NULL;
}

static void free_outbox_batches(struct outbox_batch *batches)
{
    for (struct outbox_batch *batch = batches, *next; batch; batch = next) {
        next = batch->next;
        gb_run_scheduled_sends_clear(&batch->plan);
        free(batch);
    }
}

/* A batch of what is handed over; NULL after a failure. */
static struct outbox_batch *take_outbox_batch(struct gb_run_outbox *outbox,
                                              const struct gb_run_outgoing *out)
{
    struct outbox_batch *batch = outbox->spare;

    if (batch)
        outbox->spare = batch->next;
    else if (!(batch = calloc(1, sizeof *batch)))
        return NULL;
    batch->outbox = outbox;
    batch->out = *out;
    batch->next = outbox->batches;
    outbox->batches = batch;
    return batch;
}

struct gb_run_outbox *gb_run_outbox_create(const struct gb_run_environment *env,
                                           struct gb_run_gateway *gateway,
                                           const struct gb_run_knowledge *knowledge,
                                           struct gb_error *err)
{
    struct gb_run_outbox *outbox = calloc(1, sizeof *outbox);
    size_t n_concentrators = gb_run_gateway_n_concentrators(gateway);

    if (outbox) {
        outbox->env = env;
        outbox->gateway = gateway;
        outbox->knowledge = knowledge;
        outbox->rules = (struct gb_run_send_rules){env, gb_run_gateway_network(gateway),
                                                   gb_run_gateway_concentrator_size(gateway)};
        outbox->nonces = gb_memory_wide(env->n, sizeof *outbox->nonces);
        outbox->concentrator_nonces =
            calloc(n_concentrators + 1, sizeof *outbox->concentrator_nonces);
        outbox->open = calloc(n_concentrators + 1, sizeof(struct outbox_batch *));
        if (outbox->nonces && outbox->concentrator_nonces && outbox->open)
            return outbox;
    }
    gb_run_outbox_free(outbox);
    gb_fail(err, GB_ENOMEM, "no memory for what %zu meters send", env->n);
    return NULL;
}

void gb_run_outbox_free(struct gb_run_outbox *outbox)
{
    if (!outbox)
        return;
    for (struct outbox_batch *batch = outbox->batches; batch; batch = batch->next) {
        for (struct outbox_batch *joined = batch->joined; joined; joined = joined->next)
            empty_outbox_batch(joined);
        free_outbox_batches(batch->joined);
        empty_outbox_batch(batch);
    }
    free_outbox_batches(outbox->batches);
    free_outbox_batches(outbox->spare);
    free(outbox->nonces);
    free(outbox->concentrator_nonces);
    free(outbox->open);
    free(outbox);
}

static struct gb_transaction *fill_send(struct outbox_batch *batch, size_t s)
{
    const struct gb_run_scheduled_send *send = &batch->plan.sends[s];
    const uint32_t *order = batch->plan.order ? batch->plan.order + send->first : NULL;

    return fill_transaction(batch->outbox, &batch->out, send, order);
}

static void leave(struct outbox_batch *batch, size_t s)
{
    struct gb_transaction *transaction = batch->filled ? batch->filled[s] : NULL;

    if (transaction)
        batch->filled[s] = NULL;
    else
        transaction = fill_send(batch, s);
    batch->n_waiting--;
    if (transaction)
        send_transaction(batch->outbox, &batch->out, &batch->plan.sends[s], transaction);
}

/* Fills in what leaves later, where nothing that was lent may be needed then. */
static void fill_ahead(struct outbox_batch *batch, size_t s)
{
    if (!batch->filled)
        batch->filled = calloc(batch->plan.n, sizeof(struct gb_transaction *));
    if (batch->filled)
        batch->filled[s] = fill_send(batch, s);
    else
        gb_fail(batch->outbox->env->error, GB_ENOMEM, "no memory to send %zu messages",
                batch->out.n);
}

struct filling {
    struct outbox_batch *batch;
    size_t first;
};

static void fill_kth(void *of_all, size_t k)
{
    const struct filling *filling = of_all;
    size_t s = filling->first + k;

    filling->batch->filled[s] = fill_send(filling->batch, s);
}

/* Fills in by threads what leaves now from send `first` on: few thousand messages, which stay in a
 * processor's cache until they are executed. */
static void fill_at_once(struct outbox_batch *batch, size_t first, int64_t now_ns)
{
    const struct gb_run_scheduled_send *sends = batch->plan.sends;
    size_t end = first;

    if (!batch->filled)
        batch->filled = calloc(batch->plan.n, sizeof(struct gb_transaction *));
    if (!batch->filled || batch->filled[first])
        return;
    for (size_t n = 0; end < batch->plan.n && n < AT_ONCE && sends[end].leaves_ns <= now_ns; end++)
        n += sends[end].n;
    gb_tasks_run(end - first, fill_kth, &(struct filling){batch, first});
}

/* Takes a batch out of the list. */
static void unlink_batch(struct outbox_batch *batch)
{
    struct outbox_batch **link = &batch->outbox->batches;

    while (*link != batch)
        link = &(*link)->next;
    *link = batch->next;
}

/* What it held has left, and it is in no list. */
static void spare_batch(struct outbox_batch *batch)
{
    empty_outbox_batch(batch);
    gb_run_scheduled_sends_retire(&batch->plan);
    batch->next = batch->outbox->spare;
    batch->outbox->spare = batch;
}

static void finish_outbox_batch(struct outbox_batch *batch)
{
    unlink_batch(batch);
    spare_batch(batch);
}

static void on_scheduled_send(const struct gb_event *event)
{
    struct outbox_batch *batch = event->subject;

    if (gb_run_has_failed(batch->outbox->env))
        return;
    leave(batch, (size_t)event->a);
    if (batch->n_waiting == 0)
        finish_outbox_batch(batch);
}

/* ---- re-quotes behind a concentrator: each is handed over alone, and waits there with others */

static bool waits_with_others(const struct gb_run_outbox *outbox, const struct gb_run_outgoing *out)
{
    return out->is_requote && outbox->rules.concentrator_size > 0 && !outbox->env->is_ideal;
}

/* All of them in one transaction, in the order in which they came. */
static void leave_together(struct outbox_batch *first)
{
    struct gb_run_outbox *outbox = first->outbox;
    struct gb_run_scheduled_send *send = &first->plan.sends[0];
    struct gb_transaction *bundle = gb_transaction_allocate(
        GB_PARTY(GB_ROLE_CONCENTRATOR, send->concentrator), first->n_waiting, 0);
    size_t n = 0;

    if (outbox->open[send->concentrator] == first)
        outbox->open[send->concentrator] = NULL;
    if (!bundle) {
        gb_fail(outbox->env->error, GB_ENOMEM, "no memory for a bundle of %zu messages",
                first->n_waiting);
        return;
    }
    uint64_t last_valid_height = gb_run_outbox_validity(
        outbox, gb_run_gateway_concentrator_node(outbox->gateway, send->concentrator));
    fill_message(outbox, &first->out, 0, last_valid_height, bundle, &bundle->messages[n++]);
    for (struct outbox_batch *joined = first->joined; joined; joined = joined->next)
        fill_message(outbox, &joined->out, 0, last_valid_height, bundle, &bundle->messages[n++]);
    first->n_waiting = 0;
    send->leaves_ns = gb_run_now_ns(outbox->env);
    send_transaction(outbox, &first->out, send, bundle);
    for (struct outbox_batch *joined = first->joined, *next; joined; joined = next) {
        next = joined->next;
        spare_batch(joined);
    }
    first->joined = first->last = NULL;
    first->bundle = 0;
    finish_outbox_batch(first);
}

static void on_bundle(const struct gb_event *event)
{
    struct outbox_batch *first = event->subject;

    /* a full one has left before, and its memory may be another's */
    if (!gb_run_has_failed(first->outbox->env) && first->bundle == event->a)
        leave_together(first);
}

static void open_bundle(struct outbox_batch *first)
{
    struct gb_run_outbox *outbox = first->outbox;
    const struct gb_run_scheduled_send *send = &first->plan.sends[0];

    outbox->open[send->concentrator] = first;
    first->bundle = ++outbox->n_bundles;
    gb_run_push(outbox->env, &(struct gb_event){.time_ns = send->leaves_ns,
                                                .action = on_bundle,
                                                .subject = first,
                                                .a = first->bundle,
                                                .priority = GB_PRIORITY_TRANSACTION});
}

static void join(struct outbox_batch *first, struct outbox_batch *batch)
{
    unlink_batch(batch);
    batch->next = NULL;
    *(first->last ? &first->last->next : &first->joined) = batch;
    first->last = batch;
    first->n_waiting++;
    if (first->n_waiting == GB_BUNDLE_MAX)
        leave_together(first);
}

/* A re-quote has come to its concentrator. */
static void on_arrival(const struct gb_event *event)
{
    struct outbox_batch *batch = event->subject;

    if (gb_run_has_failed(batch->outbox->env))
        return;
    struct outbox_batch *open = batch->outbox->open[batch->plan.sends[0].concentrator];
    if (open && open->out.interval == batch->out.interval)
        join(open, batch);
    else
        open_bundle(batch);
}

/* ---- what is handed over */

static void await_arrival(struct outbox_batch *batch)
{
    int64_t leaves_ns = batch->plan.sends[0].leaves_ns; /* if nobody is there before */

    gb_run_push(batch->outbox->env,
                &(struct gb_event){.time_ns = leaves_ns - GB_RUN_CONCENTRATOR_WAIT_NS,
                                   .action = on_arrival,
                                   .subject = batch,
                                   .priority = GB_PRIORITY_TRANSACTION});
}

void gb_run_outbox_dispatch(struct gb_run_outbox *outbox, const struct gb_run_outgoing *out)
{
    int64_t now_ns = gb_run_now_ns(outbox->env);
    struct outbox_batch *batch = take_outbox_batch(outbox, out);

    if (!batch) {
        gb_fail(outbox->env->error, GB_ENOMEM, "no memory to send %zu messages", out->n);
        if (out->release)
            out->release(out->context);
        return;
    }
    gb_run_scheduled_sends_plan(&batch->plan, &outbox->rules, &batch->out);
    batch->out.sent_ns = NULL; /* who waits needs neither it nor, filled in, the context */
    batch->n_waiting = batch->plan.n;
    if (waits_with_others(outbox, out)) {
        if (!gb_run_has_failed(outbox->env))
            await_arrival(batch);
        return;
    }
    for (size_t s = 0; s < batch->plan.n && !gb_run_has_failed(outbox->env); s++) {
        if (batch->plan.sends[s].leaves_ns <= now_ns) {
            if (out->fills_apart && gb_is_worth_threads(out->n))
                fill_at_once(batch, s, now_ns);
            leave(batch, s);
            continue;
        }
        if (!out->release)
            fill_ahead(batch, s);
        gb_run_push(outbox->env, &(struct gb_event){.time_ns = batch->plan.sends[s].leaves_ns,
                                                    .action = on_scheduled_send,
                                                    .subject = batch,
                                                    .a = s,
                                                    .priority = GB_PRIORITY_TRANSACTION});
    }
    if (!out->release) { /* all is filled in: what was lent goes back */
        batch->out.meter = NULL;
        batch->out.part = NULL;
        batch->out.context = NULL;
    }
    if (batch->n_waiting == 0)
        finish_outbox_batch(batch);
}

void gb_run_outbox_resubmit_bundle(struct gb_run_outbox *outbox, struct gb_transaction *bundle,
                                   int64_t interval)
{
    uint32_t concentrator = GB_PARTY_INDEX(bundle->concentrator);
    struct gb_route route = {
        .owner = bundle->concentrator,
        .until_ns = gb_run_purpose_end_ns(outbox->env, &bundle->messages[0], interval)};

    bundle->nonce = ++outbox->concentrator_nonces[concentrator];
    gb_run_address_by_nonce(&route, 0, bundle->nonce);
    submit_signed(outbox, bundle, gb_run_gateway_concentrator_node(outbox->gateway, concentrator),
                  gb_run_now_ns(outbox->env), &route);
}
