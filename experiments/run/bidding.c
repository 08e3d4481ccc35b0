#include "experiments/run/bidding.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/delay.h"
#include "base/parallel.h"
#include "experiments/run/requotes.h"
#include "experiments/run/schedule.h"
#include "models/agents/traits.h"
#include "models/market/sources.h"

/* ---- the batch of orders */

/* Orders that were decided together, until the last of them has left; then it waits for the next
 * ones. */
struct order_batch {
    struct gb_run_bidding *bidding;
    struct order_batch *next; /* of those that wait */
    int64_t interval;
    size_t place;                      /* of the interval, which waits for all its orders */
    const struct gb_order *given;      /* from orders.file; NULL: made from the arrays */
    uint32_t first_part, first_bundle; /* see struct gb_run_outgoing */
    uint32_t first_order;              /* the orders' place in the interval's list */
    size_t n, capacity;
    uint32_t *meter;
    uint8_t *side, *part, *source;
    int64_t *wh;
    struct gb_price *price;
    int32_t *beta;
};

static void free_batch(struct order_batch *batch)
{
    free(batch->meter);
    free(batch->side);
    free(batch->part);
    free(batch->source);
    free(batch->wh);
    free(batch->price);
    free(batch->beta);
    free(batch);
}

static void release_batch(void *context)
{
    struct order_batch *batch = context;

    if (batch->capacity > GB_RUN_KEPT_CAPACITY) {
        free_batch(batch);
        return;
    }
    batch->next = batch->bidding->batches;
    batch->bidding->batches = batch;
}

/* An empty batch; NULL after a failure. */
static struct order_batch *take_batch(struct gb_run_bidding *bidding, size_t place,
                                      int64_t interval)
{
    struct order_batch *batch = bidding->batches;

    if (batch)
        bidding->batches = batch->next;
    else if (!(batch = calloc(1, sizeof *batch))) {
        gb_fail(bidding->to.env->error, GB_ENOMEM, "no memory for a batch of orders");
        return NULL;
    }
    batch->bidding = bidding;
    batch->interval = interval;
    batch->place = place;
    batch->given = NULL;
    batch->first_part = batch->first_bundle = 0;
    batch->n = 0;
    return batch;
}

static bool grow_arrays(struct order_batch *batch, size_t needed)
{
    size_t capacity = gb_array_next_capacity(batch->capacity, needed);
    struct {
        void **array;
        size_t size;
    } const arrays[] = {{(void **)&batch->meter, sizeof *batch->meter},
                        {(void **)&batch->side, sizeof *batch->side},
                        {(void **)&batch->part, sizeof *batch->part},
                        {(void **)&batch->source, sizeof *batch->source},
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

/* Reserves capacity for so many orders in the batch, and for when each is sent. */
static bool reserve(struct order_batch *batch, size_t needed)
{
    struct gb_run_bidding *bidding = batch->bidding;
    int64_t *sent_ns =
        gb_array_grow(bidding->sent_ns, &bidding->sent_capacity, needed, sizeof *sent_ns);

    if (sent_ns)
        bidding->sent_ns = sent_ns;
    if (sent_ns && (batch->capacity >= needed || grow_arrays(batch, needed)))
        return true;
    gb_fail(bidding->to.env->error, GB_ENOMEM, "no memory for a batch of %zu orders", needed);
    return false;
}

/* ---- life */

void gb_run_bidding_init(struct gb_run_bidding *bidding, const struct gb_run_bidding_links *links)
{
    struct gb_draws draws = gb_scenario_draws(links->env->scenario);

    *bidding = (struct gb_run_bidding){.to = *links,
                                       .reaction_key = gb_draws_key(draws, GB_PURPOSE_REACTION),
                                       .quote_key = gb_draws_key(draws, GB_PURPOSE_QUOTE)};
}

void gb_run_bidding_clear(struct gb_run_bidding *bidding)
{
    for (struct order_batch *batch = bidding->batches, *next; batch; batch = next) {
        next = batch->next;
        free_batch(batch);
    }
    gb_run_plan_clear(&bidding->plan);
    free(bidding->sent_ns);
    free(bidding->reaction_ns);
    *bidding = (struct gb_run_bidding){.sent_ns = NULL};
}

/* ---- which orders */

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t submission_ns(const struct gb_run_bidding *bidding, int64_t interval, uint32_t meter)
{
    const struct gb_run_environment *env = bidding->to.env;
    struct gb_draw draw =
        gb_draw_at(bidding->reaction_key, gb_run_draw_owner(env, meter), 0, (uint32_t)interval, 0);

    return gb_run_opening_ns(env, interval) +
           gb_delay_at(&env->scenario->reaction, gb_draw_uniform(draw));
}

static struct gb_price own_reserve(const struct order_batch *batch, uint32_t meter,
                                   enum gb_side side)
{
    const struct gb_traits *traits = batch->bidding->to.agents->traits;

    return gb_reserve_of(traits, batch->interval, meter, side);
}

/* Is there a price within its own tariff at which the meter would trade? Fees may leave none. */
static bool has_a_price(const struct order_batch *batch, uint32_t meter, enum gb_side side)
{
    const struct gb_tariff *own = gb_run_tariff(batch->bidding->to.env, meter, batch->interval);
    struct gb_price reserve = own_reserve(batch, meter, side);

    return reserve.ticks >= own->feed_in.ticks && reserve.ticks <= own->retail.ticks;
}

/* What an order with such a reserve may have to pay with its fees, in money units. */
static int64_t most_payable(const struct order_batch *batch, enum gb_side side, int64_t wh,
                            struct gb_price reserve)
{
    return gb_payable(&batch->bidding->to.env->scenario->trade_fees, side, (struct gb_energy){wh},
                      reserve);
}

/* Where orders trade as they come agents look at their balance before they send. */
static bool looks_at_balance(const struct order_batch *batch)
{
    return gb_run_trades_at_once(batch->bidding->to.env);
}

/* Could the meter pay so much from its balance on the ledger? An amendment, of the same total and
 * reserve, asks no more. */
static bool is_funded(const struct order_batch *batch, uint32_t meter, int64_t units)
{
    const struct gb_run_bidding_links *to = &batch->bidding->to;

    return units == 0 ||
           units <= gb_contracts_balance(gb_run_gateway_contracts(to->gateway), meter).units;
}

static void add_to_batch(struct order_batch *batch, uint32_t meter, enum gb_side side, uint8_t part,
                         enum gb_source source, int64_t wh, int64_t sent_ns)
{
    const struct gb_scenario *scenario = batch->bidding->to.env->scenario;

    if (scenario->capacity_wh > 0 && wh > scenario->capacity_wh)
        wh = scenario->capacity_wh;
    if (wh < scenario->min_quantity.wh || wh <= 0)
        return;
    if (!has_a_price(batch, meter, side)) {
        gb_run_kpis_priced_out(batch->bidding->to.kpis, batch->place);
        return;
    }
    if (looks_at_balance(batch) &&
        !is_funded(batch, meter, most_payable(batch, side, wh, own_reserve(batch, meter, side)))) {
        gb_run_kpis_unfunded(batch->bidding->to.kpis, batch->place);
        return;
    }
    if (!reserve(batch, batch->n + 1))
        return;
    batch->meter[batch->n] = meter;
    batch->side[batch->n] = (uint8_t)side;
    batch->part[batch->n] = part;
    batch->source[batch->n] = (uint8_t)source;
    batch->wh[batch->n] = wh;
    batch->bidding->sent_ns[batch->n] = sent_ns;
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
                     (enum gb_source)batch->bidding->to.agents->traits->preferred_source[meter],
                     net, sent_ns);
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

static bool is_beyond(const struct order_batch *batch, size_t i, struct gb_price reserve)
{
    int64_t quote = batch->price[i].ticks;

    return batch->side[i] == GB_BUY ? quote > reserve.ticks : quote < reserve.ticks;
}

/* The reserve that an order declares: its agent's, or its own quote where the strategy quotes
 * beyond (zi_u), which a ledger would refuse. */
static struct gb_price declared_reserve(const struct order_batch *batch, size_t i)
{
    struct gb_price reserve = own_reserve(batch, batch->meter[i], (enum gb_side)batch->side[i]);

    return is_beyond(batch, i, reserve) ? batch->price[i] : reserve;
}

static inline void write_order(const struct order_batch *batch, size_t i, struct gb_order *out)
{
    if (batch->given) {
        *out = *batch->given;
        return;
    }
    *out = (struct gb_order){.owner = batch->meter[i],
                             .side = batch->side[i],
                             .type = GB_ORDER_LIMIT,
                             .source = batch->source[i],
                             .quantity = {batch->wh[i]},
                             .price = batch->price[i],
                             .reserve = declared_reserve(batch, i),
                             .beta_millionths = batch->beta[i]};
}

static void fill_order(void *context, size_t i, struct gb_transaction *transaction,
                       struct gb_message *message)
{
    struct order_batch *batch = context;

    (void)transaction;
    gb_run_sent_orders_sign(batch->bidding->to.sent_orders, batch->place,
                            batch->first_order + (uint32_t)i, message->nonce);
    message->body.order.interval = batch->interval;
    write_order(batch, i, &message->body.order.order);
}

static void look_ahead(void *context, size_t near, size_t far)
{
    const struct order_batch *batch = context;

    if (batch->given)
        return;
    __builtin_prefetch(&batch->meter[far]);
    __builtin_prefetch(&batch->wh[far]);
    __builtin_prefetch(&batch->price[far]);
    __builtin_prefetch(&batch->beta[far]);
    gb_traits_look_ahead(batch->bidding->to.agents->traits, batch->meter[near],
                         (enum gb_side)batch->side[near]);
    gb_run_sent_orders_look_ahead(batch->bidding->to.sent_orders, batch->place,
                                  batch->first_order + (uint32_t)near);
}

/* Where orders stand until the match, one is no business of any other. */
static void file_order(const struct order_batch *batch, size_t i)
{
    const struct gb_run_bidding_links *to = &batch->bidding->to;
    struct gb_order order;
    uint32_t live = GB_NO_ORDER;

    write_order(batch, i, &order);
    live = gb_run_requotes_add(to->requotes, batch->place, &order, batch->given != NULL,
                               batch->first_part + batch->part[i], batch->bidding->sent_ns[i]);
    gb_run_sent_orders_begin(to->sent_orders, batch->place, batch->first_order + (uint32_t)i,
                             &order, batch->part[i], live);
}

/* Files what is sent under the interval, so that the ledger's answer finds it again. */
static bool file_orders(struct order_batch *batch)
{
    struct gb_run_sent_orders *sent = batch->bidding->to.sent_orders;

    if (!gb_run_sent_orders_add(sent, batch->place, batch->n, batch->meter, batch->bidding->sent_ns,
                                &batch->first_order))
        return false;
    if (gb_run_lets_amend(batch->bidding->to.env) || !gb_is_worth_threads(batch->n)) {
        for (size_t i = 0; i < batch->n; i++)
            file_order(batch, i);
        return true;
    }
#pragma omp parallel for schedule(static)
    for (size_t i = 0; i < batch->n; i++)
        file_order(batch, i);
    return true;
}

/* Sends the orders of the batch, and takes it. */
static void send_batch(struct order_batch *batch)
{
    struct gb_run_bidding *bidding = batch->bidding;

    if (!file_orders(batch)) {
        release_batch(batch);
        return;
    }
    gb_run_kpis_sent(bidding->to.kpis, batch->place, batch->n);
    struct gb_run_outgoing out = {.interval = batch->interval,
                                  .kind = GB_MESSAGE_ORDER,
                                  .n = batch->n,
                                  .meter = batch->meter,
                                  .part = batch->part,
                                  .first_part = batch->first_part,
                                  .first_bundle = batch->first_bundle,
                                  .sent_ns = bidding->sent_ns,
                                  .context = batch,
                                  .fill = fill_order,
                                  .look_ahead = look_ahead,
                                  .release = release_batch};
    gb_run_outbox_dispatch(bidding->to.outbox, &out);
}

static void count_beyond(const struct order_batch *batch)
{
    size_t n = 0;

    for (size_t i = 0; i < batch->n; i++)
        n += is_beyond(batch, i, own_reserve(batch, batch->meter[i], (enum gb_side)batch->side[i]));
    gb_run_kpis_beyond_reserve(batch->bidding->to.kpis, n);
}

static void quote(struct order_batch *batch)
{
    const struct gb_run_bidding *bidding = batch->bidding;
    const struct gb_run_agents *agents = bidding->to.agents;
    const struct gb_run_environment *env = bidding->to.env;
    struct gb_quote_batch quotes = {.interval = batch->interval,
                                    .n = batch->n,
                                    .meter = batch->meter,
                                    .side = batch->side,
                                    .part = batch->part,
                                    .energy_wh = batch->wh,
                                    .tariff = *gb_run_band(env, batch->interval),
                                    .key = bidding->quote_key};

    agents->strategy->quote(agents->config, agents->state, agents->traits, &quotes, batch->price,
                            batch->beta);
    gb_run_agents_hold(env, batch->interval, batch->n, batch->meter, batch->price);
    count_beyond(batch);
}

static void move_order(struct order_batch *batch, size_t from, size_t to)
{
    batch->meter[to] = batch->meter[from];
    batch->side[to] = batch->side[from];
    batch->part[to] = batch->part[from];
    batch->source[to] = batch->source[from];
    batch->wh[to] = batch->wh[from];
    batch->price[to] = batch->price[from];
    batch->beta[to] = batch->beta[from];
    batch->bidding->sent_ns[to] = batch->bidding->sent_ns[from];
}

/* Looks again, now that quotes may have made reserves worse, and at all orders of a meter together,
 * which lie side by side: what could not be paid is not sent. */
static void drop_unfunded(struct order_batch *batch)
{
    size_t n = 0;
    int64_t held = 0;

    if (!looks_at_balance(batch))
        return;
    for (size_t i = 0; i < batch->n; i++) {
        uint32_t meter = batch->meter[i];
        int64_t units = most_payable(batch, (enum gb_side)batch->side[i], batch->wh[i],
                                     declared_reserve(batch, i));

        if (n == 0 || batch->meter[n - 1] != meter)
            held = 0;
        if (is_funded(batch, meter, held + units)) {
            held += units;
            move_order(batch, i, n++);
        } else
            gb_run_kpis_unfunded(batch->bidding->to.kpis, batch->place);
    }
    batch->n = n;
}

/* Adds the orders of a block's agents whose reaction ends in [from_ns, until_ns).
 * energy   their plans, that of the block's first meter at `at`
 * returns  whether others of the block come later */
static bool decide(struct order_batch *batch, const struct gb_run_plan *plan,
                   const struct gb_slot_energy *energy, size_t at, int64_t from_ns,
                   int64_t until_ns)
{
    bool has_later = false;

    for (size_t j = 0; j < plan->n; j++) {
        uint32_t meter = (uint32_t)(plan->first + j);
        int64_t sent_ns = batch->bidding->reaction_ns[j];

        if (sent_ns >= until_ns)
            has_later = true;
        else if (sent_ns >= from_ns)
            plan_orders(batch, meter, energy, at + j, sent_ns);
    }
    return has_later;
}

/* When the agents of a block submit. */
static void set_reactions(struct gb_run_bidding *bidding, const struct gb_run_plan *plan)
{
    if (!gb_is_worth_threads(plan->n)) {
        for (size_t j = 0; j < plan->n; j++)
            bidding->reaction_ns[j] =
                submission_ns(bidding, plan->interval, (uint32_t)(plan->first + j));
        return;
    }
#pragma omp parallel for schedule(static)
    for (size_t j = 0; j < plan->n; j++)
        bidding->reaction_ns[j] =
            submission_ns(bidding, plan->interval, (uint32_t)(plan->first + j));
}

static bool reserve_reactions(struct gb_run_bidding *bidding)
{
    const struct gb_run_environment *env = bidding->to.env;
    size_t n = gb_run_plan_size(env->n);
    int64_t *grown = gb_array_grow(bidding->reaction_ns, &bidding->reaction_capacity, n,
                                   sizeof *bidding->reaction_ns);

    if (!grown) {
        gb_fail(env->error, GB_ENOMEM, "no memory for the reactions of %zu agents", n);
        return false;
    }
    bidding->reaction_ns = grown;
    return true;
}

/* The same for all agents, block after block. A perfect forecast has been made for all of them. */
static bool decide_all(struct order_batch *batch, struct gb_run_plan *plan, int64_t from_ns,
                       int64_t until_ns)
{
    struct gb_run_bidding_links *to = &batch->bidding->to;
    const struct gb_slot_energy *truth = gb_run_assets_foreseen(to->assets, batch->place);
    size_t n = to->env->n, block = gb_run_plan_size(n);
    bool has_later = false;

    for (; plan->first < n && !gb_run_has_failed(to->env); plan->first += block) {
        plan->n = n - plan->first < block ? n - plan->first : block;
        set_reactions(batch->bidding, plan);
        if (truth)
            has_later |= decide(batch, plan, truth, plan->first, from_ns, until_ns);
        else if (gb_run_plan_block(to->assets, plan))
            has_later |= decide(batch, plan, plan->energy, 0, from_ns, until_ns);
    }
    return has_later;
}

static void on_late_quotes(const struct gb_event *event);

/* The agents whose reaction ends in [from_ns, next slot boundary) forecast, quote and send; if some
 * come later, the boundary gets a batch of its own. */
static void quote_from(struct gb_run_bidding *bidding, size_t place, int64_t interval,
                       int64_t from_ns)
{
    const struct gb_run_environment *env = bidding->to.env;
    struct gb_run_assets *assets = bidding->to.assets;
    int64_t last_read = floor_divide(from_ns, env->slot_ns) - 1;
    int64_t until_ns = (last_read + 2) * env->slot_ns; /* the next slot boundary */
    struct gb_run_plan *plan = &bidding->plan;
    struct order_batch *batch = take_batch(bidding, place, interval);
    bool has_later = false;

    /* as a rule a meter sends one order */
    if (batch && reserve(batch, env->n + env->n / 8) && reserve_reactions(bidding) &&
        (gb_run_assets_foreseen(assets, place) || gb_run_plan_reserve(assets, plan))) {
        gb_run_plan_begin(assets, plan, interval, last_read);
        has_later = decide_all(batch, plan, from_ns, until_ns);
    }
    if (!gb_run_has_failed(env))
        quote(batch);
    if (!gb_run_has_failed(env) && gb_run_trades_at_once(env))
        drop_unfunded(batch);
    if (!gb_run_has_failed(env))
        send_batch(batch);
    else if (batch)
        release_batch(batch);
    if (has_later && until_ns < gb_run_start_ns(env, interval))
        gb_run_push(env, &(struct gb_event){.time_ns = until_ns,
                                            .action = on_late_quotes,
                                            .subject = bidding,
                                            .a = (uint64_t)interval,
                                            .b = place,
                                            .priority = GB_RUN_LATE_QUOTES});
}

/* The interval has not begun: it keeps its place. */
static void on_late_quotes(const struct gb_event *event)
{
    struct gb_run_bidding *bidding = event->subject;

    if (!gb_run_has_failed(bidding->to.env))
        quote_from(bidding, (size_t)event->b, (int64_t)event->a, event->time_ns);
}

/* ---- orders.file */

/* part  orders of the same meter and interval before this one */
static void send_entry(struct gb_run_bidding *bidding, size_t place, size_t e, uint32_t part)
{
    const struct gb_run_environment *env = bidding->to.env;
    const struct gb_order_entry *entry = &env->scenario->entries[e];
    struct order_batch *batch = take_batch(bidding, place, entry->interval);

    if (!batch)
        return;
    batch->given = &entry->order;
    batch->first_part = part;
    batch->first_bundle = (uint32_t)e;
    if (!reserve(batch, 1)) {
        release_batch(batch);
        return;
    }
    batch->meter[0] = entry->order.owner;
    batch->part[0] = 0;
    bidding->sent_ns[0] = gb_run_opening_ns(env, entry->interval) + entry->time_ns;
    batch->n = 1;
    send_batch(batch);
}

static void send_entries(struct gb_run_bidding *bidding, size_t place, int64_t interval)
{
    const struct gb_scenario *scenario = bidding->to.env->scenario;

    for (size_t e = 0; e < scenario->n_entries && !gb_run_has_failed(bidding->to.env); e++) {
        const struct gb_order_entry *entry = &scenario->entries[e];
        uint32_t part = 0;

        if (entry->interval != interval)
            continue;
        for (size_t before = 0; before < e; before++)
            part += scenario->entries[before].interval == entry->interval &&
                    scenario->entries[before].order.owner == entry->order.owner;
        send_entry(bidding, place, e, part);
    }
}

void gb_run_bidding_open(struct gb_run_bidding *bidding, size_t place, int64_t interval)
{
    if (bidding->to.env->scenario->n_entries > 0)
        send_entries(bidding, place, interval);
    else
        quote_from(bidding, place, interval, gb_run_now_ns(bidding->to.env));
}
