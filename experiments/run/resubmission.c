#include "experiments/run/resubmission.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "chain/ledger/validity.h"

void gb_run_resubmission_init(struct gb_run_resubmission *resubmission,
                              const struct gb_run_resubmission_links *links)
{
    *resubmission = (struct gb_run_resubmission){.to = *links};
}

void gb_run_resubmission_clear(struct gb_run_resubmission *resubmission)
{
    free(resubmission->refused);
    *resubmission = (struct gb_run_resubmission){.refused = NULL};
}

/* Too early, it is kept back by what its block's time lacked: sent at once it might be refused for
 * ever at one instant. What was too early for another reason than the clock waits a second. */
static int64_t leaving_ns(const struct gb_run_environment *env,
                          const struct gb_contract_event *event, const struct gb_passage *passage)
{
    int64_t now_ns = gb_run_now_ns(env);

    if (event->receipt != GB_RECEIPT_TOO_EARLY)
        return now_ns;
    int64_t lacking = gb_run_earliest_ns(env, event->message, event->interval) -
                      GB_CLOCK_TOLERANCE_NS - passage->time_ns;
    return now_ns + (lacking > 0 ? lacking : GB_CLOCK_TOLERANCE_NS);
}

/* ---- copies */

/* The array inside a message; NULL where it has none. */
static const void *array_in(const struct gb_message *message, size_t *n_bytes)
{
    const struct gb_approvals *approvals = NULL;

    *n_bytes = 0;
    switch (message->kind) {
    case GB_MESSAGE_REGISTER:
        *n_bytes = message->body.registration.n_users * sizeof(struct gb_admission);
        return message->body.registration.users;
    case GB_MESSAGE_SETTLE:
        *n_bytes = message->body.settle.n_trades * sizeof(uint32_t);
        return message->body.settle.trades;
    case GB_MESSAGE_READING: approvals = &message->body.reading.approvals; break;
    case GB_MESSAGE_APPROVE: approvals = &message->body.approve.approvals; break;
    default: return NULL;
    }
    *n_bytes = approvals->n * sizeof(uint32_t);
    return approvals->trades;
}

/* Points a body at its array, and away from signatures that are to be made anew. */
static void set_array(struct gb_message *message, const void *array)
{
    switch (message->kind) {
    case GB_MESSAGE_REGISTER: message->body.registration.users = array; break;
    case GB_MESSAGE_SETTLE:
        message->body.settle.trades = array;
        message->body.settle.signature = NULL;
        break;
    case GB_MESSAGE_READING:
        message->body.reading.approvals.trades = array;
        message->body.reading.approvals.signatures = NULL;
        break;
    case GB_MESSAGE_APPROVE:
        message->body.approve.approvals.trades = array;
        message->body.approve.approvals.signatures = NULL;
        break;
    default: break;
    }
}

/* The words of `from`, their array moved into the transaction of `to`. */
static void copy_body(struct gb_transaction *transaction, struct gb_message *to,
                      const struct gb_message *from)
{
    size_t n_bytes;
    const void *array = array_in(from, &n_bytes);
    void *capacity = n_bytes > 0 ? gb_transaction_reserve(transaction, n_bytes) : NULL;

    to->body = from->body;
    if (capacity)
        memcpy(capacity, array, n_bytes);
    set_array(to, capacity);
}

/* ---- meters: what one block refused goes together, by kind and interval */

struct refused_message {
    int64_t interval, leaves_ns;
    const struct gb_message *message; /* in the block */
};

struct refused_batch { /* until all of it has left */
    const struct gb_run_resubmission *from;
    size_t n;
    struct gb_message *messages; /* as they were refused, with arrays of their own */
    uint32_t *meter;
    int64_t *sent_ns;
};

static void free_refused(void *context)
{
    struct refused_batch *batch = context;

    for (size_t i = 0; batch->messages && i < batch->n; i++) {
        size_t n_bytes;
        free((void *)(uintptr_t)array_in(&batch->messages[i], &n_bytes));
    }
    free(batch->messages);
    free(batch->meter);
    free(batch->sent_ns);
    free(batch);
}

static size_t n_approvals_resubmitted(void *context, size_t i)
{
    const struct refused_batch *batch = context;
    size_t n_bytes;

    array_in(&batch->messages[i], &n_bytes);
    return n_bytes / sizeof(uint32_t);
}

static uint64_t refused_nonce(void *context, size_t i)
{
    return ((const struct refused_batch *)context)->messages[i].nonce;
}

/* An order that was sent goes on under another nonce. */
static void rename_order(const struct gb_run_resubmission *resubmission,
                         const struct gb_message *message, uint64_t old_nonce)
{
    size_t place = gb_run_intervals_find(resubmission->to.intervals, message->body.order.interval);

    if (place != GB_NO_PLACE)
        gb_run_sent_orders_rename(resubmission->to.sent_orders, place,
                                  GB_PARTY_INDEX(message->sender), old_nonce, message->nonce);
}

static void fill_refused(void *context, size_t i, struct gb_transaction *transaction,
                         struct gb_message *message)
{
    const struct refused_batch *batch = context;
    const struct gb_message *refused = &batch->messages[i];

    copy_body(transaction, message, refused);
    if (message->kind == GB_MESSAGE_ORDER)
        rename_order(batch->from, message, refused->nonce);
}

/* Keeps one message beyond its block. returns false when out of memory */
static bool keep(struct refused_batch *batch, const struct refused_message *refused)
{
    size_t n_bytes;
    const void *array = array_in(refused->message, &n_bytes);
    void *own = n_bytes > 0 ? malloc(n_bytes) : NULL;

    if (n_bytes > 0 && !own)
        return false;
    if (own)
        memcpy(own, array, n_bytes);
    batch->messages[batch->n] = *refused->message;
    set_array(&batch->messages[batch->n], own);
    batch->meter[batch->n] = GB_PARTY_INDEX(refused->message->sender);
    batch->sent_ns[batch->n] = refused->leaves_ns;
    batch->n++;
    return true;
}

static void send_group(const struct gb_run_resubmission *resubmission,
                       const struct refused_message *group, size_t n)
{
    struct refused_batch *batch = calloc(1, sizeof *batch);
    bool is_kept = batch != NULL;

    if (batch) {
        batch->from = resubmission;
        batch->messages = malloc(n * sizeof *batch->messages);
        batch->meter = malloc(n * sizeof *batch->meter);
        batch->sent_ns = malloc(n * sizeof *batch->sent_ns);
        is_kept = batch->messages && batch->meter && batch->sent_ns;
        for (size_t i = 0; is_kept && i < n; i++)
            is_kept = keep(batch, &group[i]);
    }
    if (!is_kept) {
        gb_fail(resubmission->to.env->error, GB_ENOMEM, "no memory to send %zu messages again", n);
        if (batch)
            free_refused(batch);
        return;
    }
    struct gb_run_outgoing out = {.interval = group[0].interval,
                                  .kind = group[0].message->kind,
                                  .n = n,
                                  .meter = batch->meter,
                                  .sent_ns = batch->sent_ns,
                                  .is_resubmission = true,
                                  .refused_nonce = refused_nonce,
                                  .context = batch,
                                  .n_approvals = n_approvals_resubmitted,
                                  .fill = fill_refused,
                                  .release = free_refused};
    gb_run_outbox_dispatch(resubmission->to.outbox, &out);
}

static int by_kind_interval_and_meter(const void *a, const void *b)
{
    const struct refused_message *x = a, *y = b;

    if (x->message->kind != y->message->kind)
        return x->message->kind < y->message->kind ? -1 : 1;
    if (x->interval != y->interval)
        return x->interval < y->interval ? -1 : 1;
    if (x->message->sender != y->message->sender)
        return x->message->sender < y->message->sender ? -1 : 1;
    return x->message->nonce < y->message->nonce ? -1 : x->message->nonce > y->message->nonce;
}

void gb_run_resubmission_send(struct gb_run_resubmission *resubmission)
{
    struct refused_message *refused = resubmission->refused;
    size_t n = resubmission->n;

    resubmission->is_sending = true;
    if (n > 1)
        qsort(refused, n, sizeof *refused, by_kind_interval_and_meter);
    for (size_t begin = 0, end; begin < n && !gb_run_has_failed(resubmission->to.env);
         begin = end) {
        for (end = begin + 1; end < n && refused[end].interval == refused[begin].interval &&
                              refused[end].message->kind == refused[begin].message->kind;
             end++)
            ;
        send_group(resubmission, &refused[begin], end - begin);
    }
    resubmission->n = 0;
    resubmission->is_sending = false;
}

static void collect(struct gb_run_resubmission *resubmission, struct refused_message refused)
{
    assert(!resubmission->is_sending);
    struct refused_message *grown = gb_array_grow(resubmission->refused, &resubmission->capacity,
                                                  resubmission->n + 1, sizeof *grown);

    if (!grown) {
        gb_fail(resubmission->to.env->error, GB_ENOMEM, "no memory to send %zu messages again",
                resubmission->n + 1);
        return;
    }
    resubmission->refused = grown;
    resubmission->refused[resubmission->n++] = refused;
}

/* ---- operator and supervisor, and concentrators */

static void resubmit_of_authority(const struct gb_run_resubmission_links *to,
                                  const struct gb_message *refused, int64_t interval,
                                  int64_t leaves_ns)
{
    size_t n_bytes;

    array_in(refused, &n_bytes);
    struct gb_transaction *transaction =
        gb_run_outbox_authority_message(to->outbox, refused->sender, refused->kind, n_bytes);
    if (!transaction)
        return;
    struct gb_message *message = &transaction->messages[0];
    copy_body(transaction, message, refused);
    if (message->kind == GB_MESSAGE_SETTLE)
        gb_run_operator_sign_settle(to->operator_, transaction);
    gb_run_causes_resubmitted(to->causes, interval, message);
    gb_run_outbox_resubmit_authority(to->outbox, transaction, interval, leaves_ns);
}

static void resubmit_bundle(const struct gb_run_resubmission_links *to,
                            const struct gb_transaction *refused, int64_t interval)
{
    size_t n_bytes, sum = 0;

    for (size_t i = 0; i < refused->n_messages; i++) {
        array_in(&refused->messages[i], &n_bytes);
        sum += (n_bytes + 7) & ~(size_t)7;
    }
    struct gb_transaction *bundle =
        gb_transaction_create(refused->concentrator, refused->n_messages, sum);
    if (!bundle) {
        gb_fail(to->env->error, GB_ENOMEM, "no memory to send a bundle of %zu messages again",
                refused->n_messages);
        return;
    }
    for (size_t i = 0; i < refused->n_messages; i++) {
        bundle->messages[i] = refused->messages[i];
        copy_body(bundle, &bundle->messages[i], &refused->messages[i]);
    }
    gb_run_outbox_resubmit_bundle(to->outbox, bundle, interval);
}

bool gb_run_resubmit(struct gb_run_resubmission *resubmission,
                     const struct gb_contract_event *event)
{
    const struct gb_run_resubmission_links *to = &resubmission->to;
    int64_t interval = event->interval;

    struct gb_passage passage = gb_run_gateway_passage(to->gateway, &event->position);
    const struct gb_message *message = &passage.transaction->messages[event->position.message];

    if (gb_run_now_ns(to->env) >= gb_run_purpose_end_ns(to->env, message, interval))
        return false;
    if (event->is_of_bundle && event->position.message > 0)
        return true; /* it has been sent again with the first of them */
    int64_t leaves_ns = leaving_ns(to->env, event, &passage);

    gb_run_kpis_resubmitted(to->kpis, event);
    if (event->receipt != GB_RECEIPT_TOO_EARLY)
        gb_run_livelock_in_vain(to->livelock, event);
    if (event->is_of_bundle)
        resubmit_bundle(to, passage.transaction, interval);
    else if (GB_PARTY_ROLE(message->sender) == GB_ROLE_METER)
        collect(resubmission, (struct refused_message){interval, leaves_ns, message});
    else
        resubmit_of_authority(to, message, interval, leaves_ns);
    return true;
}
