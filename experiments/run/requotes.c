#include "experiments/run/requotes.h"

#include <stdlib.h>

/* ---- life */

static void on_wake_up(const struct gb_event *event);

enum gb_status gb_run_requotes_init(struct gb_run_requotes *requotes,
                                    const struct gb_run_requotes_links *links, struct gb_error *err)
{
    *requotes = (struct gb_run_requotes){.to = *links};
    requotes->questions = gb_run_questions_of(&(struct gb_run_questions_links){
        links->env, links->gateway, links->intervals, links->agents, links->news, links->rounds,
        &requotes->live, on_wake_up});
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
    gb_run_questions_clear(&requotes->questions);
    *requotes = (struct gb_run_requotes){.to = {NULL}};
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

/* Files the next wake-up, if there is one before the gate. */
static void schedule(struct gb_run_requotes *requotes, size_t place, uint32_t number,
                     int64_t from_ns)
{
    const struct gb_run_environment *env = requotes->to.env;
    int64_t interval = requotes->to.intervals->at[place];
    const struct gb_run_live_order *live = gb_run_live_order(&requotes->live, place, number);

    if (live->n_wake_ups >= env->scenario->requote_max)
        return;
    int64_t next_ns = gb_run_wake_up_ns(&requotes->questions.wake_ups, interval, live,
                                        live->n_wake_ups + 1, from_ns);
    if (next_ns < gb_run_gate_ns(env, interval))
        gb_run_push(env, &(struct gb_event){.time_ns = next_ns,
                                            .action = on_wake_up,
                                            .subject = requotes,
                                            .a = gb_run_order_word(place, number),
                                            .priority = GB_PRIORITY_TIMER});
}

/* Does anybody do anything about such an order once it is sent, or learn of it? */
static bool is_followed(const struct gb_run_requotes *requotes, uint32_t meter, bool is_given)
{
    const struct gb_strategy *strategy = gb_run_agents_strategy(requotes->to.agents, meter);

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

    if (!is_followed(requotes, order->owner, is_given))
        return GB_NO_ORDER;
    uint32_t number =
        gb_run_live_orders_add(&requotes->live, place, order, is_given, part, sent_ns);
    if (number != GB_NO_ORDER && gb_run_trades_at_once(env) &&
        gb_run_agents_strategy(requotes->to.agents, order->owner)->requote)
        schedule(requotes, place, number, sent_ns);
    return number;
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

    return scenario->fee.units == 0 ||
           gb_run_agents_strategy(requotes->to.agents, live->order.owner)->open ||
           scenario->requote_chance * (double)(left_wh * margin) > (double)scenario->fee.units;
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

/* A wake-up by time. */
static enum gb_run_passed consider(struct gb_run_requotes *requotes, size_t place, uint32_t number)
{
    struct gb_run_occasion occasion = gb_run_questions_occasion(
        &requotes->questions, place, gb_run_live_order(&requotes->live, place, number));
    enum gb_run_passed passed = gb_run_questions_passed(&requotes->questions, &occasion);

    if (passed != GB_RUN_NOT_PASSED)
        return passed;
    struct gb_run_wish wish =
        requotes->to.env->asks_users
            ? gb_run_questions_ask_second(&requotes->questions, place, &occasion)
            : gb_run_questions_ask_timed(&requotes->questions, place, &occasion);
    return act(requotes, place, number, &wish);
}

static void on_wake_up(const struct gb_event *event)
{
    struct gb_run_requotes *requotes = event->subject;
    size_t place = gb_run_word_place(event->a);
    uint32_t number = gb_run_word_order(event->a);

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

/* Acts on the answers, in the order in which they were asked for. */
static void act_called(struct gb_run_requotes *requotes, size_t place, uint32_t first)
{
    const struct gb_run_environment *env = requotes->to.env;

    for (uint32_t number = first, next; number != GB_NO_ORDER && !gb_run_has_failed(env);
         number = next) {
        const struct gb_run_live_order *live = gb_run_live_order(&requotes->live, place, number);
        struct gb_run_wish wish;

        next = live->next_armed;
        if (live->is_over)
            continue;
        enum gb_run_passed passed =
            gb_run_questions_called_wish(&requotes->questions, place, live, &wish);
        if (passed == GB_RUN_NOT_PASSED) {
            gb_run_wishes_take(&requotes->questions.wishes, &wish);
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
    gb_run_questions_ask_called(&requotes->questions, place, first);
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
    const struct gb_run_live_order *live = gb_run_live_order(&requotes->live, place, number);
    struct gb_run_occasion now = gb_run_questions_occasion(&requotes->questions, place, live);
    int64_t wake_up_ns =
        gb_run_wake_up_ns(&requotes->questions.wake_ups, now.interval, live, 1, now.now_ns);

    if (now.allowed_ns > 0 && wake_up_ns > now.gate_ns)
        wake_up_ns = now.gate_ns > now.now_ns ? now.gate_ns : now.now_ns;
    if (wake_up_ns >= now.gate_ns + now.allowed_ns)
        gb_run_kpis_wake_up(requotes->to.kpis, place, GB_RUN_PASSED_OWN_GATE);
    else
        gb_run_push(env, &(struct gb_event){.time_ns = wake_up_ns,
                                            .action = on_wake_up,
                                            .subject = requotes,
                                            .a = gb_run_order_word(place, number),
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
