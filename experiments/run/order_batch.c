#include "experiments/run/order_batch.h"

#include <stdlib.h>

#include "base/array.h"
#include "base/parts.h"

/* ---- memory */

static void free_batch(struct gb_run_order_batch *batch)
{
    free(batch->orders);
    free(batch->meter);
    free(batch->side);
    free(batch->part);
    free(batch->wh);
    free(batch->price);
    free(batch->beta);
    free(batch);
}

void gb_run_order_batch_release(struct gb_run_order_batch *batch)
{
    if (batch->capacity > GB_RUN_KEPT_CAPACITY) {
        free_batch(batch);
        return;
    }
    batch->next = batch->of->idle;
    batch->of->idle = batch;
}

struct gb_run_order_batch *gb_run_order_batch_take(struct gb_run_order_batches *batches,
                                                   size_t place, int64_t interval)
{
    struct gb_run_order_batch *batch = batches->idle;

    if (batch)
        batches->idle = batch->next;
    else if (!(batch = calloc(1, sizeof *batch))) {
        gb_fail(batches->to.env->error, GB_ENOMEM, "no memory for a batch of orders");
        return NULL;
    }
    batch->of = batches;
    batch->interval = interval;
    batch->place = place;
    batch->is_given = false;
    batch->first_part = batch->first_bundle = 0;
    batch->n = 0;
    return batch;
}

static bool grow_arrays(struct gb_run_order_batch *batch, size_t needed)
{
    size_t capacity = gb_array_next_capacity(batch->capacity, needed);
    struct {
        void **array;
        size_t size;
    } const arrays[] = {{(void **)&batch->orders, sizeof *batch->orders},
                        {(void **)&batch->meter, sizeof *batch->meter},
                        {(void **)&batch->side, sizeof *batch->side},
                        {(void **)&batch->part, sizeof *batch->part},
                        {(void **)&batch->wh, sizeof *batch->wh},
                        {(void **)&batch->price, sizeof *batch->price},
                        {(void **)&batch->beta, sizeof *batch->beta}};

    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++) {
        void *grown = gb_array_resize(*arrays[a].array, capacity, arrays[a].size);

        if (!grown)
            return false;
        *arrays[a].array = grown;
    }
    batch->capacity = capacity;
    return true;
}

bool gb_run_order_batch_reserve(struct gb_run_order_batch *batch, size_t needed)
{
    struct gb_run_order_batches *batches = batch->of;
    int64_t *sent_ns =
        gb_array_grow(batches->sent_ns, &batches->sent_capacity, needed, sizeof *sent_ns);

    if (sent_ns)
        batches->sent_ns = sent_ns;
    if (sent_ns && (batch->capacity >= needed || grow_arrays(batch, needed)))
        return true;
    gb_fail(batches->to.env->error, GB_ENOMEM, "no memory for a batch of %zu orders", needed);
    return false;
}

void gb_run_order_batches_init(struct gb_run_order_batches *batches,
                               const struct gb_run_order_links *links)
{
    *batches = (struct gb_run_order_batches){.to = *links};
}

void gb_run_order_batches_clear(struct gb_run_order_batches *batches)
{
    for (struct gb_run_order_batch *batch = batches->idle, *next; batch; batch = next) {
        next = batch->next;
        free_batch(batch);
    }
    free(batches->sent_ns);
    *batches = (struct gb_run_order_batches){.idle = NULL};
}

void gb_run_order_batch_move(struct gb_run_order_batch *batch, size_t from, size_t to)
{
    batch->orders[to] = batch->orders[from];
    batch->meter[to] = batch->meter[from];
    batch->side[to] = batch->side[from];
    batch->part[to] = batch->part[from];
    batch->wh[to] = batch->wh[from];
    batch->price[to] = batch->price[from];
    batch->beta[to] = batch->beta[from];
    batch->of->sent_ns[to] = batch->of->sent_ns[from];
}

/* ---- orders as messages */

static void fill_order(void *context, size_t i, struct gb_transaction *transaction,
                       struct gb_message *message)
{
    struct gb_run_order_batch *batch = context;

    (void)transaction;
    gb_run_sent_orders_sign(batch->of->to.sent_orders, batch->place,
                            batch->first_order + (uint32_t)i, message->nonce);
    message->body.order.interval = batch->interval;
    message->body.order.order = batch->orders[i];
}

static void look_ahead(void *context, size_t near, size_t far)
{
    const struct gb_run_order_batch *batch = context;

    __builtin_prefetch(&batch->orders[far]);
    __builtin_prefetch(
        &batch->orders[far].beta_millionths); /* many lie in two lines of the cache */
    gb_run_sent_orders_look_ahead(batch->of->to.sent_orders, batch->place,
                                  batch->first_order + (uint32_t)near);
}

/* Where orders stand until the match, one is no business of any other. */
static void file_order(const struct gb_run_order_batch *batch, size_t i)
{
    const struct gb_run_order_links *to = &batch->of->to;
    struct gb_order *order = &batch->orders[i];
    uint32_t live = GB_NO_ORDER;

    if (!batch->is_given) {
        order->reserve = gb_run_declared_reserve(batch, i);
        order->price = batch->price[i];
        order->beta_millionths = batch->beta[i];
    }
    if (gb_run_lets_amend(to->env))
        live = gb_run_requotes_add(to->requotes, batch->place, order, batch->is_given,
                                   batch->first_part + batch->part[i], batch->of->sent_ns[i]);
    gb_run_sent_orders_begin(to->sent_orders, batch->place, batch->first_order + (uint32_t)i, order,
                             batch->part[i], live);
}

static void file_part(void *of_all, size_t first, size_t n)
{
    for (size_t i = first; i < first + n; i++)
        file_order(of_all, i);
}

/* Files what is sent under the interval, so that the ledger's answer finds it again. */
static bool file_orders(struct gb_run_order_batch *batch)
{
    struct gb_run_sent_orders *sent = batch->of->to.sent_orders;

    if (!gb_run_sent_orders_add(sent, batch->place, batch->n, batch->meter, batch->of->sent_ns,
                                &batch->first_order))
        return false;
    if (gb_run_lets_amend(batch->of->to.env))
        file_part(batch, 0, batch->n);
    else
        gb_parts_run(batch->n, file_part, batch);
    return true;
}

static void release(void *batch)
{
    gb_run_order_batch_release(batch);
}

void gb_run_order_batch_send(struct gb_run_order_batch *batch)
{
    struct gb_run_order_batches *batches = batch->of;

    if (!file_orders(batch)) {
        gb_run_order_batch_release(batch);
        return;
    }
    gb_run_kpis_sent(batches->to.kpis, batch->place, batch->n);
    struct gb_run_outgoing out = {.interval = batch->interval,
                                  .kind = GB_MESSAGE_ORDER,
                                  .n = batch->n,
                                  .meter = batch->meter,
                                  .part = batch->part,
                                  .first_part = batch->first_part,
                                  .first_bundle = batch->first_bundle,
                                  .sent_ns = batches->sent_ns,
                                  .context = batch,
                                  .fill = fill_order,
                                  .look_ahead = look_ahead,
                                  .release = release};
    gb_run_outbox_dispatch(batches->to.outbox, &out);
}
