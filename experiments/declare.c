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

static bool plan_from_forecast(struct microgrid *grid, int64_t interval, int64_t last_read)
{
    /* storage runs from its state after the last slot read; before the run it rests */
    int64_t first = last_read + 1 > 0 ? last_read + 1 : 0;

    if (!grid->has_storage)
        first = interval;
    memcpy(grid->stored_wh, gb_meters_charge_wh(grid->meters), grid->n * sizeof *grid->stored_wh);
    for (int64_t slot = first; slot <= interval; slot++) {
        if (grid->provider->forecast(grid->physics, slot, last_read, 0, grid->n, grid->solar_w,
                                     grid->wind_w, grid->load_w, &grid->error) != GB_OK)
            return false;
        gb_meters_plan(grid->meters, 0, grid->n, grid->solar_w, grid->wind_w, grid->load_w,
                       grid->stored_wh, grid->energy);
    }
    return true;
}

/* ---- the batch of orders */

/* Room for so many orders; the arrays keep what they hold. */
static bool make_room(struct microgrid *grid, size_t room)
{
    struct { void **array; size_t size; } const arrays[] = {
        {(void **)&grid->batch_meter, sizeof *grid->batch_meter},
        {(void **)&grid->batch_side, sizeof *grid->batch_side},
        {(void **)&grid->batch_part, sizeof *grid->batch_part},
        {(void **)&grid->batch_source, sizeof *grid->batch_source},
        {(void **)&grid->batch_wh, sizeof *grid->batch_wh},
        {(void **)&grid->batch_sent_ns, sizeof *grid->batch_sent_ns},
        {(void **)&grid->batch_order, sizeof *grid->batch_order},
        {(void **)&grid->batch_price, sizeof *grid->batch_price},
        {(void **)&grid->batch_beta, sizeof *grid->batch_beta}};

    if (grid->batch_room >= room)
        return true;
    room += room / 4;
    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++) {
        void *grown = realloc(*arrays[a].array, room * arrays[a].size);

        if (!grown) {
            gb_fail(&grid->error, GB_ENOMEM, "no memory for a batch of %zu orders", room);
            return false;
        }
        *arrays[a].array = grown;
    }
    grid->batch_room = room;
    return true;
}

static size_t add_to_batch(struct microgrid *grid, size_t n, uint32_t meter, enum gb_side side,
                           uint8_t part, enum gb_source source, int64_t wh, int64_t sent_ns)
{
    int64_t capacity = grid->scenario->capacity_wh;

    if (capacity > 0 && wh > capacity)
        wh = capacity;
    if (wh < grid->scenario->min_quantity.wh || wh <= 0)
        return n;
    grid->batch_meter[n] = meter;
    grid->batch_side[n] = (uint8_t)side;
    grid->batch_part[n] = part;
    grid->batch_source[n] = (uint8_t)source;
    grid->batch_wh[n] = wh;
    grid->batch_sent_ns[n] = sent_ns;
    return n + 1;
}

/* Orders of one meter from its planned net: a bid for a deficit, an offer a source for a surplus. */
static size_t plan_orders(struct microgrid *grid, size_t n, uint32_t meter,
                          const struct gb_slot_energy *plan, int64_t sent_ns)
{
    int64_t net = plan->net_wh[meter];

    if (net > 0)
        return add_to_batch(grid, n, meter, GB_BUY, 0,
                            (enum gb_source)grid->traits->preferred_source[meter], net, sent_ns);
    if (net == 0)
        return n;
    const struct gb_energy available[GB_N_SPLIT] = {
        {plan->solar_wh[meter]}, {plan->wind_wh[meter]}, {plan->discharge_wh[meter]}};
    struct gb_energy split[GB_N_SPLIT];
    gb_split_surplus((struct gb_energy){-net}, available, split);
    for (int s = 0; s < GB_N_SPLIT; s++)
        n = add_to_batch(grid, n, meter, GB_SELL, (uint8_t)s, gb_split_source(s), split[s].wh,
                         sent_ns);
    return n;
}

/* ---- orders as messages */

struct order_batch {                    /* context of the messages */
    struct microgrid *grid;
    struct live_interval *live;
    const struct gb_order *given;       /* from orders.file; NULL: made from the batch's arrays */
};

static struct gb_order order_of(const struct order_batch *batch, size_t i)
{
    const struct microgrid *grid = batch->grid;

    if (batch->given)
        return *batch->given;
    uint32_t meter = grid->batch_meter[i];
    return (struct gb_order){
        .owner = meter, .side = grid->batch_side[i], .type = GB_ORDER_LIMIT,
        .source = grid->batch_source[i], .quantity = {grid->batch_wh[i]},
        .price = grid->batch_price[i],
        .reserve = grid->batch_side[i] == GB_BUY ? grid->traits->reserve_buy[meter]
                                                 : grid->traits->reserve_sell[meter],
        .beta_millionths = grid->batch_beta[i]};
}

static void fill_order(void *context, size_t i, struct gb_transaction *transaction,
                       struct gb_message *message)
{
    struct order_batch *batch = context;

    (void)transaction;
    batch->live->orders[batch->grid->batch_order[i]].nonce = (uint32_t)message->nonce;
    message->body.order = (struct gb_order_message){.interval = batch->live->interval,
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
static bool note_orders(const struct order_batch *batch, size_t n)
{
    struct microgrid *grid = batch->grid;
    struct live_interval *live = batch->live;

    if (!make_room_for_sent(grid, live, live->n_orders + n))
        return false;
    for (size_t i = 0; i < n; i++) {
        uint32_t meter = grid->batch_meter[i];

        live->orders[live->n_orders] = (struct sent_order){
            .next = live->first_order[meter], .sent_ns = grid->batch_sent_ns[i],
            .receipt = GB_N_RECEIPTS, .number = GB_NO_NUMBER};
        if (live->details)
            live->details[live->n_orders] =
                (struct order_detail){.order = order_of(batch, i), .stable_ns = GB_NO_TIME};
        live->first_order[meter] = (uint32_t)live->n_orders;
        grid->batch_order[i] = (uint32_t)live->n_orders++;
    }
    live->n_unheard += n;
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

/* Sends the n orders of the batch's arrays (or the one given). */
static void send_batch(struct order_batch *batch, size_t n)
{
    struct microgrid *grid = batch->grid;
    struct outgoing out = {.interval = batch->live->interval, .kind = GB_MESSAGE_ORDER, .n = n,
                           .meter = grid->batch_meter, .part = grid->batch_part,
                           .sent_ns = grid->batch_sent_ns, .context = batch, .fill = fill_order};

    if (!note_orders(batch, n))
        return;
    grid->summary.n_orders += (int64_t)n;
    batch->live->row.n_orders += (int64_t)n;
    gb_grid_dispatch(grid, &out);
}

static void quote(struct microgrid *grid, const struct live_interval *live, size_t n)
{
    struct gb_quote_batch batch = {
        .interval = live->interval, .n = n, .meter = grid->batch_meter, .side = grid->batch_side,
        .part = grid->batch_part, .tariff = grid->scenario->market.tariff, .key = grid->quote_key};

    grid->strategy->quote(grid->scenario->strategy_config, grid->strategy_state, grid->traits,
                          &batch, grid->batch_price, grid->batch_beta);
}

static void on_late_quotes(const struct gb_event *event)
{
    struct microgrid *grid = event->subject;

    if (!gb_grid_has_failed(grid))
        gb_grid_quote(grid, gb_grid_live(grid, (int64_t)event->a), event->time_ns);
}

void gb_grid_quote(struct microgrid *grid, struct live_interval *live, int64_t from_ns)
{
    int64_t last_read = floor_divide(from_ns, grid->slot_ns) - 1;
    int64_t until_ns = (last_read + 2) * grid->slot_ns;         /* the next slot boundary */
    const struct gb_slot_energy *plan = live->planned ? live->planned : grid->energy;
    bool has_later = false;
    size_t n = 0;

    if (!live->planned && !plan_from_forecast(grid, live->interval, last_read))
        return;
    for (uint32_t meter = 0; meter < grid->n; meter++) {
        int64_t sent_ns = submission_ns(grid, live->interval, meter);

        if (sent_ns >= until_ns)
            has_later = true;
        else if (sent_ns >= from_ns && make_room(grid, n + GB_N_SPLIT))
            n = plan_orders(grid, n, meter, plan, sent_ns);
    }
    quote(grid, live, n);
    struct order_batch batch = {.grid = grid, .live = live};
    send_batch(&batch, n);
    if (has_later && until_ns < interval_start_ns(grid, live->interval))
        gb_grid_push(grid, until_ns, PHASE_LATE_QUOTES, on_late_quotes, live->interval, 0);
}

/* ---- orders.file */

static void send_entry(struct microgrid *grid, struct live_interval *live,
                       const struct gb_order_entry *entry, uint8_t part)
{
    struct order_batch batch = {grid, live, &entry->order};

    if (!make_room(grid, 1))
        return;
    grid->batch_meter[0] = entry->order.owner;
    grid->batch_part[0] = part;
    grid->batch_sent_ns[0] = opening_ns(grid, live->interval) + entry->time_ns;
    send_batch(&batch, 1);
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
