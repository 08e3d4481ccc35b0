#include "experiments/run/live_orders.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

struct armed { /* orders whose time has come and that wait for news, at a node, oldest first */
    uint32_t first, last;
};

struct gb_run_interval_live {
    struct gb_run_live_order *orders;
    size_t n, capacity;
    uint8_t *standing;   /* per meter: set of GB_STANDS_* */
    uint8_t *n_standing; /* per meter: orders of it that stand, all on one side */
    struct armed *armed; /* per node */
};

/* ---- life */

enum gb_status gb_run_live_orders_init(struct gb_run_live_orders *live,
                                       const struct gb_run_environment *env,
                                       const struct gb_run_gateway *gateway, struct gb_error *err)
{
    *live = (struct gb_run_live_orders){.env = env, .gateway = gateway};
    live->round_trip_ns = calloc(env->n, sizeof *live->round_trip_ns);
    return live->round_trip_ns ? GB_OK
                               : gb_fail(err, GB_ENOMEM, "no memory for %zu agents", env->n);
}

void gb_run_live_orders_clear(struct gb_run_live_orders *live)
{
    for (size_t place = 0; place < live->n_places; place++) {
        free(live->at[place].orders);
        free(live->at[place].standing);
        free(live->at[place].n_standing);
        free(live->at[place].armed);
    }
    free(live->at);
    free(live->round_trip_ns);
    *live = (struct gb_run_live_orders){.at = NULL};
}

static bool reserve(const struct gb_run_live_orders *live, struct gb_run_interval_live *of)
{
    size_t n = live->env->n, n_nodes = gb_run_gateway_n_nodes(live->gateway);

    if (!of->standing)
        of->standing = malloc(n);
    if (!of->n_standing)
        of->n_standing = malloc(n);
    if (!of->armed)
        of->armed = malloc(n_nodes * sizeof *of->armed);
    return of->standing && of->n_standing && of->armed;
}

void gb_run_live_orders_open(struct gb_run_live_orders *live, size_t place)
{
    const struct gb_run_environment *env = live->env;

    if (!gb_run_reach_place((void **)&live->at, &live->n_places, place, sizeof *live->at,
                            env->error))
        return;
    struct gb_run_interval_live *of = &live->at[place];
    if (!reserve(live, of)) {
        gb_fail(env->error, GB_ENOMEM, "no memory for what %zu agents have in the market", env->n);
        return;
    }
    of->n = 0;
    memset(of->standing, 0, env->n);
    memset(of->n_standing, 0, env->n);
    memset(of->armed, 0xff, gb_run_gateway_n_nodes(live->gateway) * sizeof *of->armed);
}

/* ---- what there is */

uint32_t gb_run_live_orders_add(struct gb_run_live_orders *live, size_t place,
                                const struct gb_order *order, bool is_given, uint32_t part,
                                int64_t sent_ns)
{
    struct gb_run_interval_live *of = &live->at[place];
    struct gb_run_live_order *grown =
        gb_array_grow(of->orders, &of->capacity, of->n + 1, sizeof *grown);

    if (!grown) {
        gb_fail(live->env->error, GB_ENOMEM, "no memory for %zu live orders", of->n + 1);
        return GB_NO_ORDER;
    }
    of->orders = grown;
    of->orders[of->n] = (struct gb_run_live_order){.order = *order,
                                                   .part = (uint8_t)part,
                                                   .is_given = is_given,
                                                   .is_unanswered = true,
                                                   .sent_ns = sent_ns,
                                                   .number = GB_NO_NUMBER,
                                                   .next_armed = GB_NO_ORDER};
    return (uint32_t)of->n++;
}

size_t gb_run_live_orders_count(const struct gb_run_live_orders *live, size_t place)
{
    return live->at[place].n;
}

const struct gb_run_live_order *gb_run_live_order(const struct gb_run_live_orders *live,
                                                  size_t place, uint32_t number)
{
    return &live->at[place].orders[number];
}

const uint8_t *gb_run_live_orders_standing(const struct gb_run_live_orders *live, size_t place)
{
    return live->at[place].standing;
}

/* ---- what its agent does */

void gb_run_live_orders_wake(struct gb_run_live_orders *live, size_t place, uint32_t number)
{
    live->at[place].orders[number].n_wake_ups++;
}

void gb_run_live_orders_sent(struct gb_run_live_orders *live, size_t place, uint32_t number)
{
    struct gb_run_live_order *order = &live->at[place].orders[number];

    order->sent_ns = gb_run_now_ns(live->env);
    order->is_unanswered = true;
}

void gb_run_live_orders_arm(struct gb_run_live_orders *live, size_t place, uint32_t number)
{
    struct gb_run_interval_live *of = &live->at[place];
    uint32_t node = gb_run_gateway_entry_node(live->gateway, of->orders[number].order.owner);
    struct armed *armed = &of->armed[node];

    of->orders[number].next_armed = GB_NO_ORDER;
    if (armed->first == GB_NO_ORDER)
        armed->first = number;
    else
        of->orders[armed->last].next_armed = number;
    armed->last = number;
}

uint32_t gb_run_live_orders_take_armed(struct gb_run_live_orders *live, size_t place, uint32_t node)
{
    struct armed *armed = &live->at[place].armed[node];
    uint32_t first = armed->first;

    armed->first = GB_NO_ORDER;
    return first;
}

/* ---- what it hears */

static void stand(struct gb_run_interval_live *of, const struct gb_run_live_order *order)
{
    uint32_t meter = order->order.owner;

    of->n_standing[meter]++;
    of->standing[meter] = order->order.side == GB_BUY ? GB_STANDS_TO_BUY : GB_STANDS_TO_SELL;
}

static void end_order(struct gb_run_interval_live *of, struct gb_run_live_order *order)
{
    uint32_t meter = order->order.owner;

    if (order->is_accepted && !order->is_over && --of->n_standing[meter] == 0)
        of->standing[meter] = 0;
    order->is_over = true;
}

/* Notes the answer to a new order. */
static void take_receipt(struct gb_run_interval_live *of, struct gb_run_live_order *order,
                         const struct gb_contract_event *event)
{
    if (event->receipt != GB_RECEIPT_OK) {
        end_order(of, order);
        return;
    }
    order->is_accepted = true;
    order->number = event->index;
    order->nonce = event->nonce;
    stand(of, order);
    if (order->filled.wh >= order->order.quantity.wh)
        end_order(of, order);
}

/* Notes that an amendment or a cancel was applied. */
static void take_change(struct gb_run_interval_live *of, struct gb_run_live_order *order,
                        const struct gb_run_terms *terms)
{
    order->order.price = terms->quote;
    order->order.quantity = terms->total;
    if (terms->is_cancel || order->filled.wh >= terms->total.wh)
        end_order(of, order);
}

void gb_run_live_orders_answer(struct gb_run_live_orders *live, size_t place,
                               const struct gb_run_terms *terms,
                               const struct gb_contract_event *event)
{
    struct gb_run_interval_live *of = &live->at[place];
    struct gb_run_live_order *order = &of->orders[terms->live];
    int64_t *longest_ns = &live->round_trip_ns[order->order.owner];
    int64_t round_trip_ns = gb_run_now_ns(live->env) - order->sent_ns;

    if (order->is_unanswered && round_trip_ns > *longest_ns) /* it may be found late once more */
        *longest_ns = round_trip_ns;
    order->is_unanswered = false;
    if (!terms->is_amendment)
        take_receipt(of, order, event);
    else if (event->receipt == GB_RECEIPT_OK)
        take_change(of, order, terms);
    else if (event->receipt == GB_RECEIPT_ALREADY_DONE)
        end_order(of, order);
}

void gb_run_live_orders_fill(struct gb_run_live_orders *live, size_t place, uint32_t number,
                             struct gb_energy energy)
{
    struct gb_run_interval_live *of = &live->at[place];
    struct gb_run_live_order *order = &of->orders[number];

    order->filled.wh += energy.wh;
    if (order->is_accepted && order->filled.wh >= order->order.quantity.wh)
        end_order(of, order);
}

void gb_run_live_orders_leave(struct gb_run_live_orders *live, size_t place, uint32_t number,
                              struct gb_energy left)
{
    struct gb_run_interval_live *of = &live->at[place];
    struct gb_run_live_order *order = &of->orders[number];

    order->filled.wh = order->order.quantity.wh - left.wh;
    if (left.wh == 0)
        end_order(of, order);
}
