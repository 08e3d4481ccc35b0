/* What is signed again. A message that a block refuses as too early, expired or a replay says
 * nothing wrong: it came at the wrong time. Its sender, who hears of it at its entry node, signs
 * the same words under a new nonce at once, as long as their purpose stands. Meters' messages go
 * the way they went first, alone or by their concentrator; a bundle that was refused as such is
 * sent again with the messages in it as they are.
 *
 * Nobody keeps what it sent for this: it is read from the block that refused it. */
#include <stdlib.h>
#include <string.h>

#include "chain/ledger/validity.h"
#include "experiments/run/run_priv.h"

/* ---- which, and when */

int64_t gb_run_purpose_end_ns(const struct gb_run *run, uint8_t kind, int64_t interval)
{
    switch (kind) {
    case GB_MESSAGE_ORDER: return gate_ns(run, interval);
    case GB_MESSAGE_CLOSE: return interval_start_ns(run, interval);
    case GB_MESSAGE_OPEN:
    case GB_MESSAGE_APPROVE:
    case GB_MESSAGE_SETTLE: return due_ns(run, interval);
    default: return INT64_MAX;
    }
}

/* The clock time from which the contracts take a kind of message. */
static int64_t moment_ns(const struct gb_run *run, uint8_t kind, int64_t interval)
{
    switch (kind) {
    case GB_MESSAGE_ORDER: return opening_ns(run, interval);
    case GB_MESSAGE_CLOSE: return gate_ns(run, interval);
    case GB_MESSAGE_OPEN: return interval_start_ns(run, interval);
    case GB_MESSAGE_READING: return interval_start_ns(run, interval + 1);
    case GB_MESSAGE_FINALIZE: return due_ns(run, interval);
    default: return INT64_MIN / 2;
    }
}

/* Too early, it is kept back by what its block's time lacked: sent at once it might be refused for
 * ever at one instant. What was too early for another reason than the clock waits a second. */
static int64_t leaving_ns(const struct gb_run *run, const struct gb_contract_event *event,
                          const struct gb_passage *passage)
{
    int64_t now_ns = gb_queue_now_ns(run->queue);

    if (event->receipt != GB_RECEIPT_TOO_EARLY)
        return now_ns;
    int64_t lacking =
        moment_ns(run, event->message, event->interval) - GB_CLOCK_TOLERANCE_NS - passage->time_ns;
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

struct resubmission { /* until all of it has left */
    struct gb_run *run;
    size_t n;
    struct gb_message *messages; /* as they were refused, with arrays of their own */
    uint32_t *meter;
    int64_t *sent_ns;
};

static void free_resubmission(void *context)
{
    struct resubmission *resubmission = context;

    for (size_t i = 0; resubmission->messages && i < resubmission->n; i++) {
        size_t n_bytes;
        free((void *)(uintptr_t)array_in(&resubmission->messages[i], &n_bytes));
    }
    free(resubmission->messages);
    free(resubmission->meter);
    free(resubmission->sent_ns);
    free(resubmission);
}

static size_t n_approvals_resubmitted(void *context, size_t i)
{
    const struct resubmission *resubmission = context;
    size_t n_bytes;

    array_in(&resubmission->messages[i], &n_bytes);
    return n_bytes / sizeof(uint32_t);
}

static uint64_t refused_nonce(void *context, size_t i)
{
    return ((const struct resubmission *)context)->messages[i].nonce;
}

static void fill_resubmission(void *context, size_t i, struct gb_transaction *transaction,
                              struct gb_message *message)
{
    const struct resubmission *resubmission = context;
    const struct gb_message *refused = &resubmission->messages[i];

    copy_body(transaction, message, refused);
    if (message->kind == GB_MESSAGE_ORDER)
        gb_run_rename_order(resubmission->run, message->body.order.interval,
                            GB_PARTY_INDEX(message->sender), refused->nonce, message->nonce);
}

/* Keeps one message beyond its block. returns false when out of memory */
static bool keep(struct resubmission *resubmission, const struct refused_message *refused)
{
    size_t n_bytes;
    const void *array = array_in(refused->message, &n_bytes);
    void *own = n_bytes > 0 ? malloc(n_bytes) : NULL;

    if (n_bytes > 0 && !own)
        return false;
    if (own)
        memcpy(own, array, n_bytes);
    resubmission->messages[resubmission->n] = *refused->message;
    set_array(&resubmission->messages[resubmission->n], own);
    resubmission->meter[resubmission->n] = GB_PARTY_INDEX(refused->message->sender);
    resubmission->sent_ns[resubmission->n] = refused->leaves_ns;
    resubmission->n++;
    return true;
}

static void send_group(struct gb_run *run, const struct refused_message *group, size_t n)
{
    struct resubmission *resubmission = calloc(1, sizeof *resubmission);
    bool is_kept = resubmission != NULL;

    if (resubmission) {
        resubmission->run = run;
        resubmission->messages = malloc(n * sizeof *resubmission->messages);
        resubmission->meter = malloc(n * sizeof *resubmission->meter);
        resubmission->sent_ns = malloc(n * sizeof *resubmission->sent_ns);
        is_kept = resubmission->messages && resubmission->meter && resubmission->sent_ns;
        for (size_t i = 0; is_kept && i < n; i++)
            is_kept = keep(resubmission, &group[i]);
    }
    if (!is_kept) {
        gb_fail(&run->error, GB_ENOMEM, "no memory to send %zu messages again", n);
        if (resubmission)
            free_resubmission(resubmission);
        return;
    }
    struct outgoing out = {.interval = group[0].interval,
                           .kind = group[0].message->kind,
                           .n = n,
                           .meter = resubmission->meter,
                           .sent_ns = resubmission->sent_ns,
                           .is_resubmission = true,
                           .refused_nonce = refused_nonce,
                           .context = resubmission,
                           .n_approvals = n_approvals_resubmitted,
                           .fill = fill_resubmission,
                           .release = free_resubmission};
    gb_run_dispatch(run, &out);
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

void gb_run_resubmit_collected(struct gb_run *run)
{
    struct refused_message *refused = run->refused;
    size_t n = run->n_refused;

    if (n > 1)
        qsort(refused, n, sizeof *refused, by_kind_interval_and_meter);
    for (size_t begin = 0, end; begin < n && !gb_run_has_failed(run); begin = end) {
        for (end = begin + 1; end < n && refused[end].interval == refused[begin].interval &&
                              refused[end].message->kind == refused[begin].message->kind;
             end++)
            ;
        send_group(run, &refused[begin], end - begin);
    }
    run->n_refused = 0;
}

static void collect(struct gb_run *run, struct refused_message refused)
{
    if (run->n_refused == run->refused_capacity) {
        size_t capacity = run->refused_capacity ? 2 * run->refused_capacity : 64;
        struct refused_message *grown = realloc(run->refused, capacity * sizeof *grown);

        if (!grown) {
            gb_fail(&run->error, GB_ENOMEM, "no memory to send %zu messages again", capacity);
            return;
        }
        run->refused = grown;
        run->refused_capacity = capacity;
    }
    run->refused[run->n_refused++] = refused;
}

/* ---- operator and supervisor, and concentrators */

static void resubmit_of_authority(struct gb_run *run, const struct gb_message *refused,
                                  int64_t interval, int64_t leaves_ns)
{
    size_t n_bytes;

    array_in(refused, &n_bytes);
    struct gb_transaction *transaction =
        gb_run_authority_message(run, refused->sender, refused->kind, n_bytes);
    if (!transaction)
        return;
    struct gb_message *message = &transaction->messages[0];
    copy_body(transaction, message, refused);
    if (message->kind == GB_MESSAGE_SETTLE)
        gb_run_sign_settle(run, transaction);
    gb_run_note_resubmitted(run, interval, message);
    gb_run_send_authority_resubmitted(run, transaction, interval, leaves_ns);
}

static void resubmit_bundle(struct gb_run *run, const struct gb_transaction *refused,
                            int64_t interval)
{
    size_t n_bytes, sum = 0;

    for (size_t i = 0; i < refused->n_messages; i++) {
        array_in(&refused->messages[i], &n_bytes);
        sum += (n_bytes + 7) & ~(size_t)7;
    }
    struct gb_transaction *bundle =
        gb_transaction_create(refused->concentrator, refused->n_messages, sum);
    if (!bundle) {
        gb_fail(&run->error, GB_ENOMEM, "no memory to send a bundle of %zu messages again",
                refused->n_messages);
        return;
    }
    for (size_t i = 0; i < refused->n_messages; i++) {
        bundle->messages[i] = refused->messages[i];
        copy_body(bundle, &bundle->messages[i], &refused->messages[i]);
    }
    gb_run_send_bundle_resubmitted(run, bundle, interval);
}

static void count(struct gb_run *run, const struct gb_contract_event *event)
{
    struct gb_summary_row *sum = &run->summary;

    if (event->is_of_bundle)
        sum->n_bundles_again++;
    else if (event->message == GB_MESSAGE_ORDER)
        sum->n_orders_again++;
    else if (event->message == GB_MESSAGE_READING)
        sum->n_readings_again++;
    else if (event->message == GB_MESSAGE_APPROVE)
        sum->n_approvals_again++;
    else
        sum->n_authority_again++;
}

bool gb_run_resubmit(struct gb_run *run, const struct gb_contract_event *event)
{
    if (gb_queue_now_ns(run->queue) >= gb_run_purpose_end_ns(run, event->message, event->interval))
        return false;
    if (event->is_of_bundle && event->position.message > 0)
        return true; /* it has been sent again with the first of them */
    struct gb_passage passage =
        run->protocol->passage(run->chain, event->position.height, event->position.transaction);
    const struct gb_message *message = &passage.transaction->messages[event->position.message];
    int64_t leaves_ns = leaving_ns(run, event, &passage);

    count(run, event);
    if (event->receipt != GB_RECEIPT_TOO_EARLY)
        gb_run_note_in_vain(run, event);
    if (event->is_of_bundle)
        resubmit_bundle(run, passage.transaction, event->interval);
    else if (GB_PARTY_ROLE(message->sender) == GB_ROLE_METER)
        collect(run, (struct refused_message){event->interval, leaves_ns, message});
    else
        resubmit_of_authority(run, message, event->interval, leaves_ns);
    return true;
}
