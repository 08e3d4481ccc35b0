/* Declaration: every agent forecasts its net energy from what it has read when it submits, plans
 * its storage, splits a surplus by source, quotes by its strategy and sends signed orders after
 * its reaction time. Agents whose reaction ends between two slot boundaries know the same
 * readings, so they are one batch. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/delay.h"
#include "experiments/run/run_priv.h"
#include "models/market/sources.h"

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t submission_ns(const struct gb_run *run, int64_t interval, uint32_t meter)
{
    struct gb_draw draw = gb_draw_at(run->reaction_key, meter, 0, (uint32_t)interval, 0);

    return opening_ns(run, interval) + gb_delay_at(&run->scenario->reaction, gb_draw_uniform(draw));
}

/* ---- the plan of the slot, as believed after reading slot `last_read` */

#define BLOCK 1024 /* meters planned at once: they stay in a processor's cache */

/* A block of meters, and what one who has read slot `last_read` expects of them. */
struct plan {
    int64_t interval, last_read;
    size_t first, n;
    /* scratch of forecasts: a system, a turbine, a meter of the block */
    double *solar_w, *wind_w, *load_w;
    double *stored_wh;             /* a battery of all meters */
    struct gb_slot_energy *energy; /* a meter of the block */
};

static void clear_plan(struct plan *plan)
{
    free(plan->solar_w);
    free(plan->wind_w);
    free(plan->load_w);
    free(plan->stored_wh);
    gb_slot_energy_free(plan->energy);
}

static bool init_plan(struct gb_run *run, struct plan *plan)
{
    size_t n_batteries = run->fleet->batteries.n;

    plan->solar_w = malloc(BLOCK * sizeof *plan->solar_w);
    plan->wind_w = malloc(BLOCK * sizeof *plan->wind_w);
    plan->load_w = malloc(BLOCK * sizeof *plan->load_w);
    plan->stored_wh = malloc((n_batteries + 1) * sizeof *plan->stored_wh);
    if (!plan->solar_w || !plan->wind_w || !plan->load_w || !plan->stored_wh) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for the forecasts of %zu meters", run->n);
        return false;
    }
    memcpy(plan->stored_wh, gb_meters_charge_wh(run->meters),
           n_batteries * sizeof *plan->stored_wh);
    return gb_slot_energy_create(&plan->energy, BLOCK, &run->error) == GB_OK;
}

/* Leaves the plan of the block for the interval in plan->energy. */
static bool plan_block(struct gb_run *run, struct plan *plan)
{
    /* storage runs from its state after the last slot read; before the run it rests */
    int64_t slot = plan->last_read + 1 > 0 ? plan->last_read + 1 : 0;
    size_t battery =
        gb_owners_before(run->fleet->batteries.meter, run->fleet->batteries.n, plan->first);

    if (!run->has_storage)
        slot = plan->interval;
    for (; slot <= plan->interval; slot++) {
        if (run->provider->forecast(run->physics, slot, plan->last_read, plan->first, plan->n,
                                    plan->solar_w, plan->wind_w, plan->load_w,
                                    &run->error) != GB_OK)
            return false;
        gb_meters_plan(run->meters, plan->first, plan->n, plan->solar_w, plan->wind_w, plan->load_w,
                       plan->stored_wh + battery, plan->energy);
    }
    return true;
}

/* ---- the batch of orders */

/* Orders that were decided together, until the last of them has left. */
struct order_batch {
    struct gb_run *run;
    int64_t interval;
    struct live_interval *live;        /* waits for all its orders */
    const struct gb_order *given;      /* from orders.file; NULL: made from the arrays */
    uint32_t first_part, first_bundle; /* see struct outgoing */
    size_t n, capacity;
    size_t first_order; /* the orders' place in the interval's list */
    uint32_t *meter;
    uint8_t *side, *part, *source;
    int64_t *wh;
    int64_t *sent_ns; /* NULL once they are handed over */
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

static struct order_batch *create_batch(struct gb_run *run, struct live_interval *live)
{
    struct order_batch *batch = calloc(1, sizeof *batch);

    if (!batch) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for a batch of orders");
        return NULL;
    }
    batch->run = run;
    batch->interval = live->interval;
    batch->live = live;
    return batch;
}

/* Room for so many orders; prices and betas come last, when it is known how many there are. */
static bool make_room(struct order_batch *batch, size_t capacity)
{
    struct {
        void **array;
        size_t size;
    } const arrays[] = {{(void **)&batch->meter, sizeof *batch->meter},
                        {(void **)&batch->side, sizeof *batch->side},
                        {(void **)&batch->part, sizeof *batch->part},
                        {(void **)&batch->source, sizeof *batch->source},
                        {(void **)&batch->wh, sizeof *batch->wh},
                        {(void **)&batch->sent_ns, sizeof *batch->sent_ns}};

    if (batch->capacity >= capacity)
        return true;
    capacity += capacity / 8;
    for (size_t a = 0; a < sizeof arrays / sizeof arrays[0]; a++) {
        void *grown = realloc(*arrays[a].array, capacity * arrays[a].size);

        if (!grown) {
            gb_fail(&batch->run->error, GB_ENOMEM, "no memory for a batch of %zu orders", capacity);
            return false;
        }
        *arrays[a].array = grown;
    }
    batch->capacity = capacity;
    return true;
}

static void add_to_batch(struct order_batch *batch, uint32_t meter, enum gb_side side, uint8_t part,
                         enum gb_source source, int64_t wh, int64_t sent_ns)
{
    const struct gb_scenario *scenario = batch->run->scenario;

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

/* Orders of one meter from its planned net, which stands at `at` in the plan: a bid for a
 * deficit, an offer a source for a surplus. */
static void plan_orders(struct order_batch *batch, uint32_t meter,
                        const struct gb_slot_energy *plan, size_t at, int64_t sent_ns)
{
    int64_t net = plan->net_wh[at];

    if (net > 0)
        add_to_batch(batch, meter, GB_BUY, 0,
                     (enum gb_source)batch->run->traits->preferred_source[meter], net, sent_ns);
    if (net >= 0)
        return;
    const struct gb_energy available[GB_N_SPLIT] = {
        {plan->solar_wh[at]}, {plan->wind_wh[at]}, {plan->discharge_wh[at]}};
    struct gb_energy split[GB_N_SPLIT];
    gb_split_surplus((struct gb_energy){-net}, available, split);
    for (int s = 0; s < GB_N_SPLIT; s++)
        add_to_batch(batch, meter, GB_SELL, (uint8_t)s, gb_split_source(s), split[s].wh, sent_ns);
}

/* ---- orders as messages */

static struct gb_order order_of(const struct order_batch *batch, size_t i)
{
    const struct gb_traits *traits = batch->run->traits;

    if (batch->given)
        return *batch->given;
    uint32_t meter = batch->meter[i];
    return (struct gb_order){.owner = meter,
                             .side = batch->side[i],
                             .type = GB_ORDER_LIMIT,
                             .source = batch->source[i],
                             .quantity = {batch->wh[i]},
                             .price = batch->price[i],
                             .reserve = batch->side[i] == GB_BUY ? traits->reserve_buy[meter]
                                                                 : traits->reserve_sell[meter],
                             .beta_millionths = batch->beta[i]};
}

static void fill_order(void *context, size_t i, struct gb_transaction *transaction,
                       struct gb_message *message)
{
    struct order_batch *batch = context;

    (void)transaction;
    batch->live->orders[batch->first_order + i].nonce = (uint32_t)message->nonce;
    message->body.order =
        (struct gb_order_message){.interval = batch->interval, .order = order_of(batch, i)};
}

static bool make_room_for_sent(struct gb_run *run, struct live_interval *live, size_t capacity)
{
    bool has_details = run->scenario->output_level >= GB_OUTPUT_MARKET;

    if (!live->first_order) {
        live->first_order = malloc(run->n * sizeof *live->first_order);
        if (live->first_order)
            memset(live->first_order, 0xff, run->n * sizeof *live->first_order);
    }
    if (live->first_order && capacity <= live->orders_capacity)
        return true;
    struct sent_order *orders = realloc(live->orders, capacity * sizeof *orders);
    if (orders)
        live->orders = orders;
    struct order_detail *details =
        orders && has_details ? realloc(live->details, capacity * sizeof *details) : NULL;
    if (details)
        live->details = details;
    if (!live->first_order || !orders || (has_details && !details)) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for %zu orders", capacity);
        return false;
    }
    live->orders_capacity = capacity;
    return true;
}

/* Files what is sent under the interval, so that the ledger's answer finds it again. */
static bool note_orders(struct order_batch *batch)
{
    struct live_interval *live = batch->live;

    if (!make_room_for_sent(batch->run, live, live->n_orders + batch->n))
        return false;
    batch->first_order = live->n_orders;
    for (size_t i = 0; i < batch->n; i++) {
        uint32_t meter = batch->meter[i];

        live->orders[live->n_orders] = (struct sent_order){.next = live->first_order[meter],
                                                           .sent_ns = batch->sent_ns[i],
                                                           .receipt = GB_N_RECEIPTS,
                                                           .number = GB_NO_NUMBER};
        if (live->details)
            live->details[live->n_orders] =
                (struct order_detail){.order = order_of(batch, i), .stable_ns = GB_NO_TIME};
        live->first_order[meter] = (uint32_t)live->n_orders++;
    }
    live->n_unacknowledged += batch->n;
    return true;
}

void gb_run_forget_orders(struct live_interval *live)
{
    if (live->n_unacknowledged > 0 || live->match_height == 0 || live->details)
        return;
    free(live->first_order);
    free(live->orders);
    live->first_order = NULL;
    live->orders = NULL;
    live->n_orders = live->orders_capacity = 0;
}

/* Sends the orders of the batch, and takes it. */
static void send_batch(struct order_batch *batch)
{
    struct gb_run *run = batch->run;

    if (!note_orders(batch)) {
        free_batch(batch);
        return;
    }
    run->summary.n_orders += (int64_t)batch->n;
    batch->live->row.n_orders += (int64_t)batch->n;
    int64_t *sent_ns = batch->sent_ns; /* needed until it is planned what leaves when */
    batch->sent_ns = NULL;
    struct outgoing out = {.interval = batch->interval,
                           .kind = GB_MESSAGE_ORDER,
                           .n = batch->n,
                           .meter = batch->meter,
                           .part = batch->part,
                           .first_part = batch->first_part,
                           .first_bundle = batch->first_bundle,
                           .sent_ns = sent_ns,
                           .context = batch,
                           .fill = fill_order,
                           .release = free_batch};
    gb_run_dispatch(run, &out);
    free(sent_ns);
}

static bool quote(struct order_batch *batch)
{
    struct gb_run *run = batch->run;
    struct gb_quote_batch quotes = {.interval = batch->interval,
                                    .n = batch->n,
                                    .meter = batch->meter,
                                    .side = batch->side,
                                    .part = batch->part,
                                    .tariff = run->scenario->market.tariff,
                                    .key = run->quote_key};

    batch->price = malloc((batch->n + 1) * sizeof *batch->price);
    batch->beta = malloc((batch->n + 1) * sizeof *batch->beta);
    if (!batch->price || !batch->beta) {
        gb_fail(&run->error, GB_ENOMEM, "no memory for %zu quotes", batch->n);
        return false;
    }
    run->strategy->quote(run->scenario->strategy_config, run->strategy_state, run->traits, &quotes,
                         batch->price, batch->beta);
    return true;
}

static void on_late_quotes(const struct gb_event *event)
{
    struct gb_run *run = event->subject;

    if (!gb_run_has_failed(run))
        gb_run_quote(run, gb_run_live(run, (int64_t)event->a), event->time_ns);
}

/* Adds the orders of a block's agents whose reaction ends in [from_ns, until_ns).
 * energy   their plans, that of the block's first meter at `at`
 * returns  whether others of the block come later */
static bool decide(struct order_batch *batch, const struct plan *plan,
                   const struct gb_slot_energy *energy, size_t at, int64_t from_ns,
                   int64_t until_ns)
{
    bool has_later = false;

    for (size_t j = 0; j < plan->n; j++) {
        uint32_t meter = (uint32_t)(plan->first + j);
        int64_t sent_ns = submission_ns(batch->run, plan->interval, meter);

        if (sent_ns >= until_ns)
            has_later = true;
        else if (sent_ns >= from_ns)
            plan_orders(batch, meter, energy, at + j, sent_ns);
    }
    return has_later;
}

/* The same for all agents, block after block. A perfect forecast has been made for all of them. */
static bool decide_all(struct order_batch *batch, struct plan *plan, int64_t from_ns,
                       int64_t until_ns)
{
    const struct gb_slot_energy *truth = batch->live->planned;
    struct gb_run *run = batch->run;
    bool has_later = false;

    for (; plan->first < run->n && !gb_run_has_failed(run); plan->first += BLOCK) {
        plan->n = run->n - plan->first < BLOCK ? run->n - plan->first : BLOCK;
        if (truth)
            has_later |= decide(batch, plan, truth, plan->first, from_ns, until_ns);
        else if (plan_block(run, plan))
            has_later |= decide(batch, plan, plan->energy, 0, from_ns, until_ns);
    }
    return has_later;
}

void gb_run_quote(struct gb_run *run, struct live_interval *live, int64_t from_ns)
{
    int64_t last_read = floor_divide(from_ns, run->slot_ns) - 1;
    int64_t until_ns = (last_read + 2) * run->slot_ns; /* the next slot boundary */
    struct plan plan = {.interval = live->interval, .last_read = last_read};
    struct order_batch *batch = create_batch(run, live);
    bool has_later = false;

    /* as a rule a meter sends one order */
    if (batch && make_room(batch, run->n) && (live->planned || init_plan(run, &plan)))
        has_later = decide_all(batch, &plan, from_ns, until_ns);
    clear_plan(&plan);
    if (!gb_run_has_failed(run) && quote(batch))
        send_batch(batch);
    else
        free_batch(batch);
    if (has_later && until_ns < interval_start_ns(run, live->interval))
        gb_run_push(run, until_ns, PHASE_LATE_QUOTES, on_late_quotes, live->interval, 0);
}

/* ---- orders.file */

/* part  orders of the same meter and interval before this one */
static void send_entry(struct gb_run *run, struct live_interval *live, size_t e, uint32_t part)
{
    const struct gb_order_entry *entry = &run->scenario->entries[e];
    struct order_batch *batch = create_batch(run, live);

    if (!batch)
        return;
    batch->given = &entry->order;
    batch->first_part = part;
    batch->first_bundle = (uint32_t)e;
    if (!make_room(batch, 1)) {
        free_batch(batch);
        return;
    }
    batch->meter[0] = entry->order.owner;
    batch->part[0] = 0;
    batch->sent_ns[0] = opening_ns(run, live->interval) + entry->time_ns;
    batch->n = 1;
    send_batch(batch);
}

void gb_run_send_entries(struct gb_run *run, struct live_interval *live)
{
    const struct gb_scenario *scenario = run->scenario;

    for (size_t e = 0; e < scenario->n_entries && !gb_run_has_failed(run); e++) {
        const struct gb_order_entry *entry = &scenario->entries[e];
        uint32_t part = 0;

        if (entry->interval != live->interval)
            continue;
        for (size_t before = 0; before < e; before++)
            part += scenario->entries[before].interval == entry->interval &&
                    scenario->entries[before].order.owner == entry->order.owner;
        send_entry(run, live, e, part);
    }
}
