#include "experiments/run/bidding.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/batch.h"
#include "base/delay.h"
#include "base/parts.h"
#include "experiments/run/schedule.h"
#include "models/agents/traits.h"
#include "models/market/sources.h"

/* ---- life */

void gb_run_bidding_init(struct gb_run_bidding *bidding, const struct gb_run_bidding_links *links)
{
    struct gb_draws draws = gb_scenario_draws(links->env->scenario);

    *bidding = (struct gb_run_bidding){.to = *links,
                                       .reaction_key = gb_draws_key(draws, GB_PURPOSE_REACTION),
                                       .quote_key = gb_draws_key(draws, GB_PURPOSE_QUOTE)};
    gb_run_order_batches_init(&bidding->batches,
                              &(struct gb_run_order_links){.env = links->env,
                                                           .agents = links->agents,
                                                           .sent_orders = links->sent_orders,
                                                           .kpis = links->kpis,
                                                           .outbox = links->outbox,
                                                           .requotes = links->requotes});
}

void gb_run_bidding_clear(struct gb_run_bidding *bidding)
{
    gb_run_order_batches_clear(&bidding->batches);
    gb_run_plan_clear(&bidding->plan);
    free(bidding->reaction_ns);
    *bidding = (struct gb_run_bidding){.reaction_ns = NULL};
}

/* ---- which orders */

static int64_t floor_divide(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* Is there a price within its own tariff at which a meter of such a reserve would trade? Fees may
 * leave none. */
static bool has_a_price(const struct gb_run_order_batch *batch, uint32_t meter,
                        struct gb_price reserve)
{
    const struct gb_tariff *own = gb_run_tariff(batch->of->to.env, meter, batch->interval);

    return reserve.ticks >= own->feed_in.ticks && reserve.ticks <= own->retail.ticks;
}

/* What an order with such a reserve may have to pay with its fees, in money units. */
static int64_t most_payable(const struct gb_run_order_batch *batch, enum gb_side side, int64_t wh,
                            struct gb_price reserve)
{
    return gb_payable(&batch->of->to.env->scenario->trade_fees, side, (struct gb_energy){wh},
                      reserve);
}

/* Where orders trade as they come agents look at their balance before they send. */
static bool looks_at_balance(const struct gb_run_order_batch *batch)
{
    return gb_run_trades_at_once(batch->of->to.env);
}

/* Could the meter pay so much from its balance on the ledger? An amendment, of the same total and
 * reserve, asks no more. */
static bool is_funded(const struct gb_run_bidding *bidding, uint32_t meter, int64_t units)
{
    const struct gb_contracts *contracts = gb_run_gateway_contracts(bidding->to.gateway);

    return units == 0 || units <= gb_contracts_balance(contracts, meter).units;
}

static void add_to_batch(const struct gb_run_bidding *bidding, struct gb_run_order_batch *batch,
                         uint32_t meter, enum gb_side side, uint8_t part, enum gb_source source,
                         int64_t wh, int64_t sent_ns)
{
    const struct gb_scenario *scenario = batch->of->to.env->scenario;

    if (scenario->capacity_wh > 0 && wh > scenario->capacity_wh)
        wh = scenario->capacity_wh;
    if (wh < scenario->min_quantity.wh || wh <= 0)
        return;
    struct gb_price reserve =
        gb_reserve_of(bidding->to.agents->traits, batch->interval, meter, side);
    if (!has_a_price(batch, meter, reserve)) {
        gb_run_kpis_priced_out(batch->of->to.kpis, batch->place);
        return;
    }
    if (looks_at_balance(batch) &&
        !is_funded(bidding, meter, most_payable(batch, side, wh, reserve))) {
        gb_run_kpis_unfunded(batch->of->to.kpis, batch->place);
        return;
    }
    gb_run_order_batch_add(batch,
                           &(struct gb_order){.owner = meter,
                                              .side = (uint8_t)side,
                                              .type = GB_ORDER_LIMIT,
                                              .source = (uint8_t)source,
                                              .quantity = {wh},
                                              .reserve = reserve},
                           part, sent_ns);
}

/* Orders of one meter from its planned net, which stands at `at` in the plan: a bid for a
 * deficit, an offer a source for a surplus. */
static void plan_orders(const struct gb_run_bidding *bidding, struct gb_run_order_batch *batch,
                        uint32_t meter, const struct gb_slot_energy *plan, size_t at,
                        int64_t sent_ns)
{
    int64_t net = plan->net_wh[at];

    if (net > 0)
        add_to_batch(bidding, batch, meter, GB_BUY, 0,
                     (enum gb_source)batch->of->to.agents->traits->preferred_source[meter], net,
                     sent_ns);
    if (net >= 0)
        return;
    const struct gb_energy available[GB_N_SPLIT] = {
        {plan->solar_wh[at]}, {plan->wind_wh[at]}, {plan->discharge_wh[at]}};
    struct gb_energy split[GB_N_SPLIT];
    gb_split_surplus((struct gb_energy){-net}, available, split);
    for (int s = 0; s < GB_N_SPLIT; s++)
        if (split[s].wh > 0)
            add_to_batch(bidding, batch, meter, GB_SELL, (uint8_t)s, gb_split_source(s),
                         split[s].wh, sent_ns);
}

static void count_beyond(const struct gb_run_order_batch *batch)
{
    size_t n = 0;

    for (size_t i = 0; i < batch->n; i++)
        n += gb_run_is_beyond_reserve(batch, i);
    gb_run_kpis_beyond_reserve(batch->of->to.kpis, n);
}

static void quote(const struct gb_run_bidding *bidding, struct gb_run_order_batch *batch)
{
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

/* Looks again, now that quotes may have made reserves worse, and at all orders of a meter together,
 * which lie side by side: what could not be paid is not sent. */
static void drop_unfunded(const struct gb_run_bidding *bidding, struct gb_run_order_batch *batch)
{
    size_t n = 0;
    int64_t held = 0;

    if (!looks_at_balance(batch))
        return;
    for (size_t i = 0; i < batch->n; i++) {
        uint32_t meter = batch->meter[i];
        int64_t units = most_payable(batch, (enum gb_side)batch->side[i], batch->wh[i],
                                     gb_run_declared_reserve(batch, i));

        if (n == 0 || batch->meter[n - 1] != meter)
            held = 0;
        if (is_funded(bidding, meter, held + units)) {
            held += units;
            gb_run_order_batch_move(batch, i, n++);
        } else
            gb_run_kpis_unfunded(batch->of->to.kpis, batch->place);
    }
    batch->n = n;
}

/* Adds the orders of a block's agents whose reaction ends in [from_ns, until_ns).
 * energy   their plans, that of the block's first meter at `at`
 * returns  whether others of the block come later */
static bool decide(const struct gb_run_bidding *bidding, struct gb_run_order_batch *batch,
                   const struct gb_run_plan *plan, const struct gb_slot_energy *energy, size_t at,
                   int64_t from_ns, int64_t until_ns)
{
    bool has_later = false;

    for (size_t j = 0; j < plan->n; j++) {
        uint32_t meter = (uint32_t)(plan->first + j);
        int64_t sent_ns = bidding->reaction_ns[j];

        if (sent_ns >= until_ns)
            has_later = true;
        else if (sent_ns >= from_ns)
            plan_orders(bidding, batch, meter, energy, at + j, sent_ns);
    }
    return has_later;
}

struct reactions {
    struct gb_run_bidding *bidding;
    const struct gb_run_plan *plan;
};

static void set_batch(const struct reactions *all, size_t at, size_t n)
{
    const struct gb_run_environment *env = all->bidding->to.env;
    int64_t interval = all->plan->interval, opening_ns = gb_run_opening_ns(env, interval);
    uint32_t owner[GB_BATCH] = {0}, words[4][GB_BATCH];

    for (size_t j = 0; j < n; j++)
        owner[j] = gb_run_draw_owner(env, (uint32_t)(all->plan->first + at + j));
    gb_batch_draws(all->bidding->reaction_key, owner, n, 0, (uint32_t)interval, 0, words);
    for (size_t j = 0; j < n; j++)
        all->bidding->reaction_ns[at + j] =
            opening_ns +
            gb_delay_at(&env->scenario->reaction, gb_uniform_from(words[0][j], words[1][j]));
}

static void set_part(void *of_all, size_t at, size_t n)
{
    for (size_t j = 0; j < n; j += GB_BATCH)
        set_batch(of_all, at + j, n - j < GB_BATCH ? n - j : GB_BATCH);
}

/* When the agents of a block submit. */
static void set_reactions(struct gb_run_bidding *bidding, const struct gb_run_plan *plan)
{
    gb_parts_run(plan->n, set_part, &(struct reactions){bidding, plan});
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
static bool decide_all(struct gb_run_bidding *bidding, struct gb_run_order_batch *batch,
                       int64_t from_ns, int64_t until_ns)
{
    const struct gb_run_bidding_links *to = &bidding->to;
    struct gb_run_plan *plan = &bidding->plan;
    const struct gb_slot_energy *truth = gb_run_assets_foreseen(to->assets, batch->place);
    size_t n = to->env->n, block = gb_run_plan_size(n);
    bool has_later = false;

    for (; plan->first < n && !gb_run_has_failed(to->env); plan->first += block) {
        plan->n = n - plan->first < block ? n - plan->first : block;
        set_reactions(bidding, plan);
        if (truth)
            has_later |= decide(bidding, batch, plan, truth, plan->first, from_ns, until_ns);
        else if (gb_run_plan_block(to->assets, plan))
            has_later |= decide(bidding, batch, plan, plan->energy, 0, from_ns, until_ns);
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
    struct gb_run_order_batch *batch = gb_run_order_batch_take(&bidding->batches, place, interval);
    bool has_later = false;

    /* as a rule a meter sends one order */
    if (batch && gb_run_order_batch_reserve(batch, env->n + env->n / 8) &&
        reserve_reactions(bidding) &&
        (gb_run_assets_foreseen(assets, place) || gb_run_plan_reserve(assets, plan))) {
        gb_run_plan_begin(assets, plan, interval, last_read);
        has_later = decide_all(bidding, batch, from_ns, until_ns);
    }
    if (!gb_run_has_failed(env))
        quote(bidding, batch);
    if (!gb_run_has_failed(env) && gb_run_trades_at_once(env))
        drop_unfunded(bidding, batch);
    if (!gb_run_has_failed(env))
        gb_run_order_batch_send(batch);
    else if (batch)
        gb_run_order_batch_release(batch);
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
    struct gb_run_order_batch *batch =
        gb_run_order_batch_take(&bidding->batches, place, entry->interval);

    if (!batch)
        return;
    batch->is_given = true;
    batch->first_part = part;
    batch->first_bundle = (uint32_t)e;
    if (gb_run_order_batch_add(batch, &entry->order, 0,
                               gb_run_opening_ns(env, entry->interval) + entry->time_ns))
        gb_run_order_batch_send(batch);
    else
        gb_run_order_batch_release(batch);
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
