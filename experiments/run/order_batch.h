/* Orders that were decided together, as arrays: filed under their interval, so that the ledger's
 * answers find them again, and sent one by one as messages. A batch lives until the last of its
 * orders has left; then it waits for the next ones. */
#ifndef EXPERIMENTS_RUN_ORDER_BATCH_H
#define EXPERIMENTS_RUN_ORDER_BATCH_H

#include "experiments/run/kpis.h"
#include "experiments/run/outbox.h"
#include "experiments/run/requotes.h"
#include "experiments/run/sent_orders.h"

/* What they read, call and write to; all borrowed for life. */
struct gb_run_order_links {
    const struct gb_run_environment *env;
    const struct gb_run_agents *agents;
    struct gb_run_sent_orders *sent_orders;
    struct gb_run_kpis *kpis;
    struct gb_run_outbox *outbox;
    struct gb_run_requotes *requotes;
};

struct gb_run_order_batches { /* written by order_batch.c alone, but for the scratch */
    struct gb_run_order_links to;
    struct gb_run_order_batch *idle; /* empty ones, for what is sent next */
    int64_t *sent_ns;                /* scratch: when each order of a batch is sent */
    size_t sent_capacity;
};

/* Orders 0 to n - 1, which whoever takes a batch fills in: quantities in Wh. */
struct gb_run_order_batch {
    struct gb_run_order_batches *of;
    struct gb_run_order_batch *next; /* of those that are idle */
    int64_t interval;
    size_t place;                      /* of the interval, which waits for all its orders */
    bool is_given;                     /* the order is complete: from orders.file */
    uint32_t first_part, first_bundle; /* see struct gb_run_outgoing */
    uint32_t first_order;              /* the orders' place in the interval's list */
    size_t n, capacity;
    /* As what sends them has them: price and factor follow once all are quoted, and until then the
     * reserve is the agent's own. */
    struct gb_order *orders;
    /* The same as arrays, and what strategies quote. */
    uint32_t *meter;
    uint8_t *side, *part;
    int64_t *wh;
    struct gb_price *price;
    int32_t *beta;
};

/* They stay where they are as long as the run lasts; clear them in any case. */
void gb_run_order_batches_init(struct gb_run_order_batches *batches,
                               const struct gb_run_order_links *links);
void gb_run_order_batches_clear(struct gb_run_order_batches *batches);
/* An empty batch; NULL after a failure. Either send or release takes it back. */
struct gb_run_order_batch *gb_run_order_batch_take(struct gb_run_order_batches *batches,
                                                   size_t place, int64_t interval);
void gb_run_order_batch_release(struct gb_run_order_batch *batch);
/* Reserves capacity for so many orders in the batch, and for when each is sent; false after a
 * failure. */
bool gb_run_order_batch_reserve(struct gb_run_order_batch *batch, size_t needed);
/* Adds an order that is to be quoted, its reserve the agent's own; false after a failure. Inline,
 * so that it is made where it stays. */
static inline bool gb_run_order_batch_add(struct gb_run_order_batch *batch,
                                          const struct gb_order *order, uint8_t part,
                                          int64_t sent_ns)
{
    size_t i = batch->n;

    if ((i >= batch->capacity || i >= batch->of->sent_capacity) &&
        !gb_run_order_batch_reserve(batch, i + 1))
        return false;
    batch->orders[i] = *order;
    batch->meter[i] = order->owner;
    batch->side[i] = order->side;
    batch->part[i] = part;
    batch->wh[i] = order->quantity.wh;
    batch->of->sent_ns[i] = sent_ns;
    batch->n++;
    return true;
}
/* Puts an order in the place of another one. */
void gb_run_order_batch_move(struct gb_run_order_batch *batch, size_t from, size_t to);
/* Files its orders and sends them, and takes it. */
void gb_run_order_batch_send(struct gb_run_order_batch *batch);

/* Does an order quote beyond its agent's reserve (zi_u), which a ledger would refuse? And the
 * reserve that it declares: then its own quote. */
static inline bool gb_run_is_beyond_reserve(const struct gb_run_order_batch *batch, size_t order)
{
    int64_t quote = batch->price[order].ticks, reserve = batch->orders[order].reserve.ticks;

    return batch->side[order] == GB_BUY ? quote > reserve : quote < reserve;
}
static inline struct gb_price gb_run_declared_reserve(const struct gb_run_order_batch *batch,
                                                      size_t order)
{
    return gb_run_is_beyond_reserve(batch, order) ? batch->price[order]
                                                  : batch->orders[order].reserve;
}

#endif
