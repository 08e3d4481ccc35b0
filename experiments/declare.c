/* Declaration: every agent forecasts its net energy from what it has read when it submits, plans its
 * storage, splits a surplus by source, quotes by its strategy and sends signed orders after its
 * reaction time. Agents whose reaction ends between two slot boundaries know the same readings, so
 * they are one batch. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/microgrid_priv.h"
#include "models/market/sources.h"
#include "sim/delay.h"

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t submission_ns(const struct microgrid *grid, int64_t interval, uint32_t meter)
{
    struct gb_draw draw = gb_draw_at(grid->reaction_key, meter, 0, (uint32_t)interval, 0);

    return opening_ns(grid, interval) +
           gb_delay_at(&grid->scenario->reaction, gb_draw_uniform(draw));
}

/* ---- the plan of the slot, as believed after reading slot `last_read` */

/* What plans are made of; it lives as long as one is made. */
struct belief {
    double *solar_w, *wind_w, *load_w, *stored_wh;      /* a system, a turbine, a meter, a battery */
};

static void clear_belief(struct belief *belief)
{
    free(belief->solar_w);
    free(belief->wind_w);
    free(belief->load_w);
    free(belief->stored_wh);
}

static bool init_belief(struct microgrid *grid, struct belief *belief)
{
    const struct gb_fleet *fleet = grid->fleet;

    belief->solar_w = malloc((fleet->systems.n + 1) * sizeof *belief->solar_w);
    belief->wind_w = malloc((fleet->turbines.n + 1) * sizeof *belief->wind_w);
    belief->load_w = malloc((grid->n + 1) * sizeof *belief->load_w);
    belief->stored_wh = malloc((fleet->batteries.n + 1) * sizeof *belief->stored_wh);
    if (belief->solar_w && belief->wind_w && belief->load_w && belief->stored_wh)
        return true;
    gb_fail(&grid->error, GB_ENOMEM, "no memory for the forecasts of %zu meters", grid->n);
    return false;
}

static bool plan_from_belief(struct microgrid *grid, int64_t interval, int64_t last_read,
                             struct belief *belief, struct gb_slot_energy *plan)
{
    /* storage runs from its state after the last slot read; before the run it rests */
    int64_t first = last_read + 1 > 0 ? last_read + 1 : 0;

    if (!grid->has_storage)
        first = interval;
    memcpy(belief->stored_wh, gb_meters_charge_wh(grid->meters),
           grid->fleet->batteries.n * sizeof *belief->stored_wh);
    for (int64_t slot = first; slot <= interval; slot++) {
        if (grid->provider->forecast(grid->physics, slot, last_read, 0, grid->n, belief->solar_w,
                                     belief->wind_w, belief->load_w, &grid->error) != GB_OK)
            return false;
        gb_meters_plan(grid->meters, 0, grid->n, belief->solar_w, belief->wind_w, belief->load_w,
                       belief->stored_wh, plan);
    }
    return true;
}

/* returns NULL after a failure; the caller frees it */
static struct gb_slot_energy *plan_from_forecast(struct microgrid *grid, int64_t interval,
                                                 int64_t last_read)
{
    struct gb_slot_energy *plan = NULL;
    struct belief belief = {0};
    bool is_planned = init_belief(grid, &belief) &&
                      gb_slot_energy_create(&plan, grid->n, &grid->error) == GB_OK &&
                      plan_from_belief(grid, interval, last_read, &belief, plan);

    clear_belief(&belief);
    if (is_planned)
        return plan;
    gb_slot_energy_free(plan);
    return NULL;
}

/* ---- the batch of orders */

/* Orders that were decided together, until the last of them has left. */
struct order_batch {
    struct microgrid *grid;
    int64_t interval;
    struct live_interval *live;         /* of that interval, as long as it lives */
    const struct gb_order *given;       /* from orders.file; NULL: made from the arrays */
    size_t n, room;
    size_t first_order;                 /* the orders' place in the interval's list */
    uint32_t *meter;
    uint8_t *side, *part, *source;
    int64_t *wh;
    int64_t *sent_ns;                   /* NULL once it is known when they leave */
    struct gb_price *price;
    int32_t *beta;
};

static void free_batch(void *context)
{
    struct order_batch *batch = context;

    if (!batch)
        return;
    free(batch->meter);
    free(batch->side);
    free(batch->part);
    free(batch->source);
    free(batch->wh);
    free(batch->sent_ns);
    free(batch->price);
    free(batch->beta);
    free(batch);
}

static struct order_batch *create_batch(struct microgrid *grid, struct live_interval *live)
{
    struct order_batch *batch = calloc(1, sizeof *batch);

    if (!batch) {
        gb_fail(&grid->error, GB_ENOMEM, "no memory for a batch of orders");
        return NULL;
    }
    batch->grid = grid;
    batch->interval = live->interval;
    batch->live = live;
    return batch;
}

/* Room for so many orders; prices and betas come last, when it is known how many there are. */
static bool make_room(struct order_batch *batch, size_t room)
{
    struct { void **array; size_t size; } const arrays[] = {
        {(void **)&batch->meter, sizeof *batch->meter},
        {(void **)&batch->side, sizeof *batch->side},
        {(void **)&batch->part, sizeof *batch->part},
        {(void **)&batch->source, sizeof *batch->source},
        {(void **)&batch->wh, sizeof *batch->wh},
        {(void **)&batch->sent_ns, sizeof *batch->sent_ns}};

    if (batch->room >= room)
        return true;
    room += room / 4;
    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++) {
        void *grown = realloc(*arrays[a].array, room * arrays[a].size);

        if (!grown) {
            gb_fail(&batch->grid->error, GB_ENOMEM, "no memory for a batch of %zu orders", room);
            return false;
        }
        *arrays[a].array = grown;
    }
    batch->room = room;
    return true;
}

static void add_to_batch(struct order_batch *batch, uint32_t meter, enum gb_side side,
                         uint8_t part, enum gb_source source, int64_t wh, int64_t sent_ns)
{
    const struct gb_scenario *scenario = batch->grid->scenario;

    if (scenario->capacity_wh > 0 && wh > scenario->capacity_wh)
        wh = scenario->capacity_wh;
    if (wh < scenario->min_quantity.wh || wh <= 0 || !make_room(batch, batch->n + 1))
        return;
    batch->meter[batch->n] = meter;
    batch->side[batch->n] = (uint8_t)side;
    batch->part[batch->n] = part;
    batch->source[batch->n] = (uint8_t)source;
    batch->wh[batch->n] = wh;
    batch->sent_ns[batch->n] = sent_ns;
    batch->n++;
}

/* Orders of one meter from its planned net: a bid for a deficit, an offer a source for a surplus. */
static void plan_orders(struct order_batch *batch, uint32_t meter,
                        const struct gb_slot_energy *plan, int64_t sent_ns)
{
    int64_t net = plan->net_wh[meter];

    if (net > 0)
        add_to_batch(batch, meter, GB_BUY, 0,
                     (enum gb_source)batch->grid->traits->preferred_source[meter], net, sent_ns);
    if (net >= 0)
        return;
    const struct gb_energy available[GB_N_SPLIT] = {
        {plan->solar_wh[meter]}, {plan->wind_wh[meter]}, {plan->discharge_wh[meter]}};
    struct gb_energy split[GB_N_SPLIT];
    gb_split_surplus((struct gb_energy){-net}, available, split);
    for (int s = 0; s < GB_N_SPLIT; s++)
        add_to_batch(batch, meter, GB_SELL, (uint8_t)s, gb_split_source(s), split[s].wh, sent_ns);
}

/* ---- orders as messages */

static struct gb_order order_of(const struct order_batch *batch, size_t i)
{
    const struct gb_traits *traits = batch->grid->traits;

    if (batch->given)
        return *batch->given;
    uint32_t meter = batch->meter[i];
    return (struct gb_order){
        .owner = meter, .side = batch->side[i], .type = GB_ORDER_LIMIT,
        .source = batch->source[i], .quantity = {batch->wh[i]}, .price = batch->price[i],
        .reserve = batch->side[i] == GB_BUY ? traits->reserve_buy[meter]
                                            : traits->reserve_sell[meter],
        .beta_millionths = batch->beta[i]};
}

static void fill_order(void *context, size_t i, struct gb_transaction *transaction,
                       struct gb_message *message)
{
    struct order_batch *batch = context;

    (void)transaction;
    /* with slots of seconds a bundle may leave when its interval is long paid and closed */
    if (batch->live->is_used && batch->live->interval == batch->interval)
        batch->live->orders[batch->first_order + i].nonce = (uint32_t)message->nonce;
    message->body.order = (struct gb_order_message){.interval = batch->interval,
                                                    .order = order_of(batch, i)};
}

static bool make_room_for_sent(struct microgrid *grid, struct live_interval *live, size_t room)
{
    bool has_details = grid->scenario->output_level >= GB_OUTPUT_MARKET;

    if (!live->first_order) {
        live->first_order = malloc(grid->n * sizeof *live->first_order);
        if (live->first_order)
            memset(live->first_order, 0xff, grid->n * sizeof *live->first_order);
    }
    if (live->first_order && room <= live->orders_room)
        return true;
    struct sent_order *orders = realloc(live->orders, room * sizeof *orders);
    if (orders)
        live->orders = orders;
    struct order_detail *details =
        orders && has_details ? realloc(live->details, room * sizeof *details) : NULL;
    if (details)
        live->details = details;
    if (!live->first_order || !orders || (has_details && !details)) {
        gb_fail(&grid->error, GB_ENOMEM, "no memory for %zu orders", room);
        return false;
    }
    live->orders_room = room;
    return true;
}

/* Files what is sent under the interval, so that the ledger's answer finds it again. */
static bool note_orders(struct order_batch *batch)
{
    struct live_interval *live = batch->live;

    if (!make_room_for_sent(batch->grid, live, live->n_orders + batch->n))
        return false;
    batch->first_order = live->n_orders;
    for (size_t i = 0; i < batch->n; i++) {
        uint32_t meter = batch->meter[i];

        live->orders[live->n_orders] = (struct sent_order){
            .next = live->first_order[meter], .sent_ns = batch->sent_ns[i],
            .receipt = GB_N_RECEIPTS, .number = GB_NO_NUMBER};
        if (live->details)
            live->details[live->n_orders] =
                (struct order_detail){.order = order_of(batch, i), .stable_ns = GB_NO_TIME};
        live->first_order[meter] = (uint32_t)live->n_orders++;
    }
    live->n_unheard += batch->n;
    return true;
}

void gb_grid_forget_orders(struct live_interval *live)
{
    if (live->n_unheard > 0 || live->match_height == 0 || live->details)
        return;
    free(live->first_order);
    free(live->orders);
    live->first_order = NULL;
    live->orders = NULL;
    live->n_orders = live->orders_room = 0;
}

/* Sends the orders of the batch, and takes it. */
static void send_batch(struct order_batch *batch)
{
    struct microgrid *grid = batch->grid;
    struct outgoing out = {.interval = batch->interval, .kind = GB_MESSAGE_ORDER,
                           .n = batch->n, .meter = batch->meter, .part = batch->part,
                           .sent_ns = batch->sent_ns, .context = batch, .fill = fill_order,
                           .release = free_batch};

    if (!note_orders(batch)) {
        free_batch(batch);
        return;
    }
    grid->summary.n_orders += (int64_t)batch->n;
    batch->live->row.n_orders += (int64_t)batch->n;
    gb_grid_dispatch(grid, &out);
}

static bool quote(struct order_batch *batch)
{
    struct microgrid *grid = batch->grid;
    struct gb_quote_batch quotes = {
        .interval = batch->interval, .n = batch->n, .meter = batch->meter,
        .side = batch->side, .part = batch->part, .tariff = grid->scenario->market.tariff,
        .key = grid->quote_key};

    batch->price = malloc((batch->n + 1) * sizeof *batch->price);
    batch->beta = malloc((batch->n + 1) * sizeof *batch->beta);
    if (!batch->price || !batch->beta) {
        gb_fail(&grid->error, GB_ENOMEM, "no memory for %zu quotes", batch->n);
        return false;
    }
    grid->strategy->quote(grid->scenario->strategy_config, grid->strategy_state, grid->traits,
                          &quotes, batch->price, batch->beta);
    return true;
}

static void on_late_quotes(const struct gb_event *event)
{
    struct microgrid *grid = event->subject;

    if (!gb_grid_has_failed(grid))
        gb_grid_quote(grid, gb_grid_live(grid, (int64_t)event->a), event->time_ns);
}

/* The orders of the agents whose reaction ends in [from_ns, until_ns).
 * has_later  set if there are others later on
 * returns    NULL after a failure */
static struct order_batch *decide(struct microgrid *grid, struct live_interval *live,
                                  const struct gb_slot_energy *plan, int64_t from_ns,
                                  int64_t until_ns, bool *has_later)
{
    struct order_batch *batch = create_batch(grid, live);

    for (uint32_t meter = 0; batch && meter < grid->n; meter++) {
        int64_t sent_ns = submission_ns(grid, live->interval, meter);

        if (sent_ns >= until_ns)
            *has_later = true;
        else if (sent_ns >= from_ns)
            plan_orders(batch, meter, plan, sent_ns);
    }
    return batch;
}

void gb_grid_quote(struct microgrid *grid, struct live_interval *live, int64_t from_ns)
{
    int64_t last_read = floor_divide(from_ns, grid->slot_ns) - 1;
    int64_t until_ns = (last_read + 2) * grid->slot_ns;         /* the next slot boundary */
    struct gb_slot_energy *plan = NULL;
    bool has_later = false;

    if (!live->planned && !(plan = plan_from_forecast(grid, live->interval, last_read)))
        return;
    struct order_batch *batch = decide(grid, live, plan ? plan : live->planned, from_ns, until_ns,
                                       &has_later);
    gb_slot_energy_free(plan);
    if (!gb_grid_has_failed(grid) && quote(batch))
        send_batch(batch);
    else
        free_batch(batch);
    if (has_later && until_ns < interval_start_ns(grid, live->interval))
        gb_grid_push(grid, until_ns, PHASE_LATE_QUOTES, on_late_quotes, live->interval, 0);
}

/* ---- orders.file */

static void send_entry(struct microgrid *grid, struct live_interval *live,
                       const struct gb_order_entry *entry, uint8_t part)
{
    struct order_batch *batch = create_batch(grid, live);

    if (!batch)
        return;
    batch->given = &entry->order;
    if (!make_room(batch, 1)) {
        free_batch(batch);
        return;
    }
    batch->meter[0] = entry->order.owner;
    batch->part[0] = part;
    batch->sent_ns[0] = opening_ns(grid, live->interval) + entry->time_ns;
    batch->n = 1;
    send_batch(batch);
}

void gb_grid_send_entries(struct microgrid *grid, struct live_interval *live)
{
    const struct gb_scenario *scenario = grid->scenario;

    for (size_t e = 0; e < scenario->n_entries && !gb_grid_has_failed(grid); e++) {
        const struct gb_order_entry *entry = &scenario->entries[e];
        uint8_t part = 0;               /* orders of the same meter before this one */

        if (entry->interval != live->interval)
            continue;
        for (size_t before = 0; before < e; before++)
            part = (uint8_t)(part + (scenario->entries[before].interval == entry->interval &&
                                     scenario->entries[before].order.owner == entry->order.owner));
        send_entry(grid, live, entry, part);
    }
}
