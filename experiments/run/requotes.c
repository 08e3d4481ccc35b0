#include "experiments/run/requotes.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/delay.h"

/* ---- life */

/* The market's re-quote factor, where its mechanism has one. */
static int64_t market_beta(const struct gb_market_rules *rules)
{
    int64_t beta = 0;

    for (const struct gb_param *row = rules->mechanism->member.params; row && row->key; row++)
        if (row->flags & GB_PARAM_REQUOTE_FACTOR)
            memcpy(&beta, rules->options + row->offset, sizeof beta);
    return beta;
}

enum gb_status gb_run_requotes_init(struct gb_run_requotes *requotes,
                                    const struct gb_run_requotes_links *links, struct gb_error *err)
{
    const struct gb_scenario *scenario = links->env->scenario;
    struct gb_draws draws = gb_scenario_draws(scenario);

    *requotes = (struct gb_run_requotes){.to = *links,
                                         .wake_up_key = gb_draws_key(draws, GB_PURPOSE_WAKE_UP),
                                         .shout_key = gb_draws_key(draws, GB_PURPOSE_SHOUT),
                                         .market_beta_millionths = market_beta(&scenario->market)};
    requotes->amendments =
        (struct gb_run_amendments){links->env,         links->intervals, &requotes->live,
                                   links->sent_orders, links->kpis,      links->outbox};
    if (!gb_run_lets_amend(links->env))
        return GB_OK;
    return gb_run_live_orders_init(&requotes->live, links->env, links->gateway, err);
}

void gb_run_requotes_clear(struct gb_run_requotes *requotes)
{
    gb_run_live_orders_clear(&requotes->live);
    gb_run_wishes_clear(&requotes->wishes);
    *requotes = (struct gb_run_requotes){.market_beta_millionths = 0};
}

void gb_run_requotes_open(struct gb_run_requotes *requotes, size_t place)
{
    gb_run_live_orders_open(&requotes->live, place);
}

const uint8_t *gb_run_requotes_standing(const struct gb_run_requotes *requotes, size_t place)
{
    return gb_run_live_orders_standing(&requotes->live, place);
}

/* ---- when */

/* When wake-up r of an order comes whose delay runs from then on; INT64_MAX: never. */
static int64_t wake_up_after_ns(const struct gb_run_requotes *requotes, int64_t interval,
                                const struct gb_run_live_order *live, uint32_t r, int64_t from_ns)
{
    struct gb_draw draw =
        gb_draw_at(requotes->wake_up_key, live->order.owner, live->part, (uint32_t)interval, r);
    int64_t ns;

    return __builtin_add_overflow(
               from_ns,
               gb_delay_at(&requotes->to.env->scenario->requote_delay, gb_draw_uniform(draw)), &ns)
               ? INT64_MAX
               : ns;
}

static void on_wake_up(const struct gb_event *event);

/* Files the next wake-up, if there is one before the gate. */
static void schedule(struct gb_run_requotes *requotes, size_t place, uint32_t number,
                     int64_t from_ns)
{
    const struct gb_run_environment *env = requotes->to.env;
    int64_t interval = requotes->to.intervals->at[place];
    const struct gb_run_live_order *live = gb_run_live_order(&requotes->live, place, number);

    if (live->n_wake_ups >= env->scenario->requote_max)
        return;
    int64_t next_ns = wake_up_after_ns(requotes, interval, live, live->n_wake_ups + 1, from_ns);
    if (next_ns < gb_run_gate_ns(env, interval))
        gb_run_push(env, &(struct gb_event){.time_ns = next_ns,
                                            .action = on_wake_up,
                                            .subject = requotes,
                                            .a = (uint64_t)place << 32 | number,
                                            .priority = GB_PRIORITY_TIMER});
}

/* Does anybody do anything about such an order once it is sent, or learn of it? */
static bool is_followed(const struct gb_run_requotes *requotes, bool is_given)
{
    const struct gb_strategy *strategy = requotes->to.agents->strategy;

    if (requotes->to.env->asks_users)
        return is_given || strategy->requote;
    return gb_run_trades_at_once(requotes->to.env) && !is_given &&
           (strategy->requote || strategy->observe);
}

uint32_t gb_run_requotes_add(struct gb_run_requotes *requotes, size_t place,
                             const struct gb_order *order, bool is_given, uint32_t part,
                             int64_t sent_ns)
{
    const struct gb_run_environment *env = requotes->to.env;

    if (!is_followed(requotes, is_given))
        return GB_NO_ORDER;
    uint32_t number =
        gb_run_live_orders_add(&requotes->live, place, order, is_given, part, sent_ns);
    if (number != GB_NO_ORDER && gb_run_trades_at_once(env) &&
        requotes->to.agents->strategy->requote)
        schedule(requotes, place, number, sent_ns);
    return number;
}

/* ---- where to */

/* The gate that an agent sets itself: so much ahead of the market's as its messages may take. */
static int64_t own_gate_ns(const struct gb_run_requotes *requotes, int64_t interval, uint32_t meter,
                           int64_t *allowed_ns)
{
    const struct gb_run_environment *env = requotes->to.env;

    *allowed_ns =
        llround(env->scenario->latency_aware * (double)requotes->live.round_trip_ns[meter]);
    return gb_run_amendments_end_ns(env, interval) - *allowed_ns;
}

/* What is known at its agent's entry node of what an order may meet. */
static const struct gb_market_knowledge *knowledge_of(const struct gb_run_requotes *requotes,
                                                      size_t place,
                                                      const struct gb_run_live_order *live)
{
    if (requotes->to.env->asks_users)
        return gb_run_round_news_of(requotes->to.rounds, place, &live->order);
    return gb_run_market_news_of(requotes->to.news, place,
                                 gb_run_gateway_entry_node(requotes->to.gateway, live->order.owner),
                                 &live->order);
}

/* An order as it stands, to be asked about at one of its wake-ups, counted from 1. */
static struct gb_run_wish wish_of(const struct gb_run_requotes *requotes, size_t place,
                                  const struct gb_run_live_order *live, uint32_t wake_up,
                                  double elapsed)
{
    return (struct gb_run_wish){.order = &live->order,
                                .part = live->part,
                                .wake_up = wake_up - 1,
                                .elapsed = elapsed,
                                .filled_wh = live->filled.wh,
                                .knowledge = knowledge_of(requotes, place, live),
                                .quote = live->order.price,
                                .total_wh = live->order.quantity.wh};
}

/* Has the strategy say what is wanted of all orders that were gathered. */
static void ask(struct gb_run_requotes *requotes, size_t place)
{
    gb_run_wishes_ask(
        &requotes->wishes, requotes->to.agents,
        (struct gb_requote_batch){.interval = requotes->to.intervals->at[place],
                                  .market_beta_millionths = requotes->market_beta_millionths,
                                  .tariff = requotes->to.env->scenario->market.tariff,
                                  .key = requotes->shout_key});
}

/* The same of one alone. */
static void ask_one(struct gb_run_requotes *requotes, size_t place, struct gb_run_wish *wish)
{
    if (!gb_run_wishes_add(&requotes->wishes, wish, requotes->to.env->error))
        return;
    ask(requotes, place);
    gb_run_wishes_take(&requotes->wishes, 0, wish);
}

/* Share of the time from opening to the agent's gate that is over at a moment. */
static double elapsed_at(const struct gb_run_environment *env, int64_t interval, int64_t gate_ns,
                         int64_t now_ns)
{
    int64_t opening_ns = gb_run_opening_ns(env, interval);
    double share = (double)(now_ns - opening_ns) / (double)(gate_ns - opening_ns);

    return gate_ns <= opening_ns ? 1.0 : fmin(fmax(share, 0.0), 1.0);
}

/* Will the agent have its answer before another wake-up that counts? Only who allows for its
 * round trip asks.
 * next_ns  of its next wake-up, which follows from its draws where time wakes it */
static bool is_last_chance(const struct gb_run_requotes *requotes, int64_t interval,
                           const struct gb_run_live_order *live, int64_t gate_ns,
                           int64_t allowed_ns)
{
    const struct gb_scenario *scenario = requotes->to.env->scenario;
    int64_t answered_ns = gb_run_now_ns(requotes->to.env) + allowed_ns;
    int64_t next_ns = gb_run_now_ns(requotes->to.env);
    uint32_t r = live->n_wake_ups;

    if (allowed_ns == 0 || scenario->requote_on != GB_REQUOTE_ON_TIME)
        return allowed_ns > 0 && answered_ns >= gate_ns;
    while (next_ns < answered_ns && r < scenario->requote_max)
        next_ns = wake_up_after_ns(requotes, interval, live, ++r, next_ns);
    return next_ns < answered_ns || next_ns >= gate_ns;
}

/* Where an order stands in round 2: what its strategy says, or, of one from a file, the contract
 * would have. Only quotes change then. */
static struct gb_run_wish second_wish(struct gb_run_requotes *requotes, size_t place,
                                      const struct gb_run_live_order *live, int64_t gate_ns)
{
    const struct gb_run_environment *env = requotes->to.env;
    int64_t interval = requotes->to.intervals->at[place];
    struct gb_run_wish wish =
        wish_of(requotes, place, live, 1, elapsed_at(env, interval, gate_ns, gb_run_now_ns(env)));

    if (live->is_given)
        wish.quote = gb_requote_towards(&live->order, requotes->market_beta_millionths,
                                        wish.knowledge->published);
    else
        ask_one(requotes, place, &wish);
    wish.total_wh = live->order.quantity.wh;
    return wish;
}

/* What is wanted of an order from this wake-up on; at its last chance what all those would come to
 * that it has to pass. */
static struct gb_run_wish timed_wish(struct gb_run_requotes *requotes, size_t place,
                                     const struct gb_run_live_order *live, int64_t gate_ns,
                                     int64_t allowed_ns)
{
    const struct gb_run_environment *env = requotes->to.env;
    int64_t interval = requotes->to.intervals->at[place], now_ns = gb_run_now_ns(env);
    uint32_t r = live->n_wake_ups;
    bool is_last = is_last_chance(requotes, interval, live, gate_ns, allowed_ns);
    struct gb_run_wish wish =
        wish_of(requotes, place, live, r, elapsed_at(env, interval, gate_ns, now_ns));

    ask_one(requotes, place, &wish);
    while (is_last && r < env->scenario->requote_max) {
        now_ns = wake_up_after_ns(requotes, interval, live, ++r, now_ns);
        if (now_ns >= gate_ns)
            break;
        wish.wake_up = r - 1;
        wish.elapsed = elapsed_at(env, interval, gate_ns, now_ns);
        ask_one(requotes, place, &wish);
    }
    return wish;
}

/* ---- wake-ups */

/* May a message that moves an order to a new quote gain its fee? At best all that is left trades
 * there; what it would gain where it stands is not set against that, for nobody took it. Who brings
 * a strategy of his own weighs the fee himself. */
static bool is_worth_its_fee(const struct gb_run_requotes *requotes,
                             const struct gb_run_live_order *live, struct gb_price quote)
{
    const struct gb_scenario *scenario = requotes->to.env->scenario;
    int64_t left_wh = live->order.quantity.wh - live->filled.wh;
    int64_t margin = live->order.side == GB_SELL ? quote.ticks - live->order.reserve.ticks
                                                 : live->order.reserve.ticks - quote.ticks;

    return scenario->fee.units == 0 || requotes->to.agents->strategy->open ||
           scenario->requote_chance * (double)(left_wh * margin) > (double)scenario->fee.units;
}

/* Why an agent that wakes up does not think about its order; GB_RUN_NOT_PASSED: it does.
 * gate_ns, allowed_ns  out: the gate that it sets itself, and how far ahead of the market's */
static enum gb_run_passed may_think(const struct gb_run_requotes *requotes, size_t place,
                                    const struct gb_run_live_order *live, int64_t *gate_ns,
                                    int64_t *allowed_ns)
{
    *gate_ns =
        own_gate_ns(requotes, requotes->to.intervals->at[place], live->order.owner, allowed_ns);
    if (live->is_unanswered)
        return GB_RUN_PASSED_UNANSWERED;
    /* who quotes anew between two rounds does so once, at the latest when it still counts */
    int64_t end_ns = *gate_ns + (requotes->to.env->asks_users ? *allowed_ns : 0);
    return gb_run_now_ns(requotes->to.env) >= end_ns ? GB_RUN_PASSED_OWN_GATE : GB_RUN_NOT_PASSED;
}

/* Does what is wanted, or says why nothing. */
static enum gb_run_passed act(struct gb_run_requotes *requotes, size_t place, uint32_t number,
                              const struct gb_run_wish *wish)
{
    const struct gb_run_environment *env = requotes->to.env;
    const struct gb_run_live_order *live = gb_run_live_order(&requotes->live, place, number);
    int64_t step = llabs(wish->quote.ticks - live->order.price.ticks);

    if (wish->total_wh >= live->order.quantity.wh) {
        if (step == 0 && !wish->knowledge->trades.has_trade)
            return GB_RUN_PASSED_NO_ANCHOR;
        if (step == 0 || step < env->scenario->requote_min_step.ticks)
            return GB_RUN_PASSED_NO_STEP;
        if (!is_worth_its_fee(requotes, live, wish->quote))
            return GB_RUN_PASSED_FEE;
    }
    gb_run_amendments_send(&requotes->amendments, place, number, wish->quote, wish->total_wh);
    return GB_RUN_NOT_PASSED;
}

/* A wake-up by time, which is alone at its moment. */
static enum gb_run_passed consider(struct gb_run_requotes *requotes, size_t place, uint32_t number)
{
    const struct gb_run_live_order *live = gb_run_live_order(&requotes->live, place, number);
    int64_t gate_ns, allowed_ns;
    enum gb_run_passed passed = may_think(requotes, place, live, &gate_ns, &allowed_ns);

    if (passed != GB_RUN_NOT_PASSED)
        return passed;
    struct gb_run_wish wish = requotes->to.env->asks_users
                                  ? second_wish(requotes, place, live, gate_ns + allowed_ns)
                                  : timed_wish(requotes, place, live, gate_ns, allowed_ns);
    return act(requotes, place, number, &wish);
}

static void on_wake_up(const struct gb_event *event)
{
    struct gb_run_requotes *requotes = event->subject;
    size_t place = (size_t)(event->a >> 32);
    uint32_t number = (uint32_t)event->a;

    if (gb_run_has_failed(requotes->to.env) ||
        gb_run_live_order(&requotes->live, place, number)->is_over)
        return;
    gb_run_live_orders_wake(&requotes->live, place, number);
    if (gb_run_trades_at_once(requotes->to.env) &&
        requotes->to.env->scenario->requote_on != GB_REQUOTE_ON_TIME) {
        gb_run_live_orders_arm(&requotes->live, place, number);
        return;
    }
    enum gb_run_passed passed = consider(requotes, place, number);
    gb_run_kpis_wake_up(requotes->to.kpis, place, passed);
    if (gb_run_trades_at_once(requotes->to.env))
        schedule(requotes, place, number, event->time_ns);
}

/* One of the orders that news wakes: as it stands, and whether its agent thinks about it. */
static enum gb_run_passed called_wish(const struct gb_run_requotes *requotes, size_t place,
                                      const struct gb_run_live_order *live,
                                      struct gb_run_wish *wish)
{
    int64_t interval = requotes->to.intervals->at[place], gate_ns, allowed_ns;
    enum gb_run_passed passed = may_think(requotes, place, live, &gate_ns, &allowed_ns);

    if (passed != GB_RUN_NOT_PASSED)
        return passed;
    bool is_last = is_last_chance(requotes, interval, live, gate_ns, allowed_ns);
    *wish = wish_of(
        requotes, place, live, live->n_wake_ups,
        is_last ? 1.0
                : elapsed_at(requotes->to.env, interval, gate_ns, gb_run_now_ns(requotes->to.env)));
    return GB_RUN_NOT_PASSED;
}

/* Asks about all orders of a node that wait for news, in one batch. */
static void ask_called(struct gb_run_requotes *requotes, size_t place, uint32_t first)
{
    const struct gb_run_live_order *live;
    struct gb_run_wish wish;

    for (uint32_t number = first; number != GB_NO_ORDER; number = live->next_armed) {
        live = gb_run_live_order(&requotes->live, place, number);
        if (!live->is_over && called_wish(requotes, place, live, &wish) == GB_RUN_NOT_PASSED &&
            !gb_run_wishes_add(&requotes->wishes, &wish, requotes->to.env->error))
            return;
    }
    ask(requotes, place);
}

/* Acts on the answers, in the order in which they were asked for. */
static void act_called(struct gb_run_requotes *requotes, size_t place, uint32_t first)
{
    const struct gb_run_environment *env = requotes->to.env;
    size_t n = 0;

    for (uint32_t number = first, next; number != GB_NO_ORDER && !gb_run_has_failed(env);
         number = next) {
        const struct gb_run_live_order *live = gb_run_live_order(&requotes->live, place, number);
        struct gb_run_wish wish;

        next = live->next_armed;
        if (live->is_over)
            continue;
        enum gb_run_passed passed = called_wish(requotes, place, live, &wish);
        if (passed == GB_RUN_NOT_PASSED) {
            gb_run_wishes_take(&requotes->wishes, n++, &wish);
            passed = act(requotes, place, number, &wish);
        }
        gb_run_kpis_wake_up(requotes->to.kpis, place, passed);
        schedule(requotes, place, number, gb_run_now_ns(env));
    }
}

void gb_run_requotes_end_block(struct gb_run_requotes *requotes, size_t place, uint32_t node,
                               bool has_trade)
{
    const struct gb_run_environment *env = requotes->to.env;
    bool is_called = env->scenario->requote_on == GB_REQUOTE_ON_BLOCK ||
                     (env->scenario->requote_on == GB_REQUOTE_ON_TRADE && has_trade);

    if (!is_called || gb_run_now_ns(env) >= gb_run_gate_ns(env, requotes->to.intervals->at[place]))
        return;
    uint32_t first = gb_run_live_orders_take_armed(&requotes->live, place, node);
    if (first == GB_NO_ORDER)
        return;
    ask_called(requotes, place, first);
    act_called(requotes, place, first);
}

/* ---- what is heard */

void gb_run_requotes_answer(struct gb_run_requotes *requotes, size_t place, uint32_t number,
                            const struct gb_contract_event *event)
{
    const struct gb_run_terms *terms =
        gb_run_sent_orders_terms(requotes->to.sent_orders, place, number);

    if (terms->live != GB_NO_ORDER)
        gb_run_live_orders_answer(&requotes->live, place, terms, event);
}

/* Files the one wake-up that follows round 1; what comes behind the gate is passed at once. */
static void schedule_second(struct gb_run_requotes *requotes, size_t place, uint32_t number)
{
    const struct gb_run_environment *env = requotes->to.env;
    int64_t interval = requotes->to.intervals->at[place], now_ns = gb_run_now_ns(env), allowed_ns;
    const struct gb_run_live_order *live = gb_run_live_order(&requotes->live, place, number);
    int64_t own_ns = own_gate_ns(requotes, interval, live->order.owner, &allowed_ns);
    int64_t wake_up_ns = wake_up_after_ns(requotes, interval, live, 1, now_ns);

    if (allowed_ns > 0 && wake_up_ns > own_ns)
        wake_up_ns = own_ns > now_ns ? own_ns : now_ns;
    if (wake_up_ns >= own_ns + allowed_ns)
        gb_run_kpis_wake_up(requotes->to.kpis, place, GB_RUN_PASSED_OWN_GATE);
    else
        gb_run_push(env, &(struct gb_event){.time_ns = wake_up_ns,
                                            .action = on_wake_up,
                                            .subject = requotes,
                                            .a = (uint64_t)place << 32 | number,
                                            .priority = GB_PRIORITY_TIMER});
}

void gb_run_requotes_round(struct gb_run_requotes *requotes, size_t place, uint32_t node)
{
    size_t n = gb_run_live_orders_count(&requotes->live, place);

    for (uint32_t i = 0; i < n && !gb_run_has_failed(requotes->to.env); i++) {
        const struct gb_run_live_order *live = gb_run_live_order(&requotes->live, place, i);

        if (!live->is_accepted || live->is_over ||
            gb_run_gateway_entry_node(requotes->to.gateway, live->order.owner) != node)
            continue;
        gb_run_live_orders_leave(&requotes->live, place, i,
                                 gb_run_round_news_left(requotes->to.rounds, place, live->number));
        if (!live->is_over)
            schedule_second(requotes, place, i);
    }
}

static void take_fill(struct gb_run_requotes *requotes, size_t place, uint32_t node,
                      uint32_t number, struct gb_energy energy)
{
    uint32_t live_number = requotes->to.book->at[place].orders[number].live;

    if (live_number == GB_NO_ORDER)
        return;
    const struct gb_run_live_order *live = gb_run_live_order(&requotes->live, place, live_number);
    if (gb_run_gateway_entry_node(requotes->to.gateway, live->order.owner) == node)
        gb_run_live_orders_fill(&requotes->live, place, live_number, energy);
}

void gb_run_requotes_trade(struct gb_run_requotes *requotes, size_t place, uint32_t node,
                           const struct gb_contract_event *event)
{
    const struct gb_trade *trade = &gb_run_ledger_book_execution(requotes->to.book, event)->trade;

    take_fill(requotes, place, node, trade->sell_order, trade->energy);
    take_fill(requotes, place, node, trade->buy_order, trade->energy);
}
