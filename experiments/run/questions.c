#include "experiments/run/questions.h"

#include <string.h>

/* The market's re-quote factor, where its mechanism has one. */
static int64_t market_beta(const struct gb_market_rules *rules)
{
    int64_t beta = 0;

    for (const struct gb_param *row = rules->mechanism->member.params; row && row->key; row++)
        if (row->flags & GB_PARAM_REQUOTE_FACTOR)
            memcpy(&beta, rules->options + row->offset, sizeof beta);
    return beta;
}

struct gb_run_questions gb_run_questions_of(const struct gb_run_questions_links *links)
{
    const struct gb_scenario *scenario = links->env->scenario;
    struct gb_draws draws = gb_scenario_draws(scenario);

    return (struct gb_run_questions){
        .to = *links,
        .wake_ups = {links->env, gb_draws_key(draws, GB_PURPOSE_WAKE_UP)},
        .shout_key = gb_draws_key(draws, GB_PURPOSE_SHOUT),
        .market_beta_millionths = market_beta(&scenario->market)};
}

void gb_run_questions_clear(struct gb_run_questions *questions)
{
    gb_run_wishes_clear(&questions->wishes);
    gb_run_lookahead_clear(&questions->ahead);
}

/* ---- a question */

/* What is known at its agent's entry node of what an order may meet. */
static const struct gb_market_knowledge *knowledge_of(const struct gb_run_questions *questions,
                                                      size_t place,
                                                      const struct gb_run_live_order *live)
{
    if (questions->to.env->asks_users)
        return gb_run_round_news_of(questions->to.rounds, place, &live->order);
    return gb_run_market_news_of(
        questions->to.news, place,
        gb_run_gateway_entry_node(questions->to.gateway, live->order.owner), &live->order);
}

/* The wake-up of an order that comes at a moment. */
static struct gb_run_occasion occasion_of(const struct gb_run_questions *questions, size_t place,
                                          const struct gb_run_live_order *live, uint32_t r,
                                          int64_t now_ns)
{
    return gb_run_occasion_of(&questions->wake_ups, questions->to.intervals->at[place], live, r,
                              now_ns, questions->to.live->round_trip_ns[live->order.owner]);
}

struct gb_run_occasion gb_run_questions_occasion(const struct gb_run_questions *questions,
                                                 size_t place, const struct gb_run_live_order *live)
{
    return occasion_of(questions, place, live, live->n_wake_ups, gb_run_now_ns(questions->to.env));
}

/* An order as it stands, to be asked about at one of its wake-ups.
 * gate_ns  up to when its agent counts its time */
static struct gb_run_wish wish_of(const struct gb_run_questions *questions, size_t place,
                                  const struct gb_run_occasion *occasion, int64_t gate_ns)
{
    const struct gb_run_live_order *live = occasion->live;

    return (struct gb_run_wish){.order = &live->order,
                                .part = live->part,
                                .wake_up = occasion->r - 1,
                                .elapsed =
                                    gb_run_wake_up_elapsed(&questions->wake_ups, occasion->interval,
                                                           gate_ns, occasion->now_ns),
                                .filled_wh = live->filled.wh,
                                .knowledge = knowledge_of(questions, place, live),
                                .quote = live->order.price,
                                .total_wh = live->order.quantity.wh};
}

enum gb_run_passed gb_run_questions_passed(const struct gb_run_questions *questions,
                                           const struct gb_run_occasion *occasion)
{
    if (occasion->live->is_unanswered)
        return GB_RUN_PASSED_UNANSWERED;
    /* who quotes anew between two rounds does so once, at the latest when it still counts */
    int64_t end_ns = occasion->gate_ns + (questions->to.env->asks_users ? occasion->allowed_ns : 0);
    return occasion->now_ns >= end_ns ? GB_RUN_PASSED_OWN_GATE : GB_RUN_NOT_PASSED;
}

/* ---- its answer */

/* Has the strategy say what is wanted of all orders that were gathered. */
static void ask(struct gb_run_questions *questions, size_t place)
{
    const struct gb_run_environment *env = questions->to.env;
    struct gb_run_wishes *wishes = &questions->wishes;
    int64_t interval = questions->to.intervals->at[place];

    gb_run_wishes_ask(
        wishes, questions->to.agents,
        (struct gb_requote_batch){.interval = interval,
                                  .market_beta_millionths = questions->market_beta_millionths,
                                  .tariff = *gb_run_band(env, interval),
                                  .key = questions->shout_key});
    gb_run_agents_hold(env, interval, wishes->n_answered, wishes->meter, wishes->quote);
}

/* The same of one alone. */
static void ask_one(struct gb_run_questions *questions, size_t place, struct gb_run_wish *wish)
{
    if (!gb_run_wishes_add(&questions->wishes, wish, questions->to.env->error))
        return;
    ask(questions, place);
    gb_run_wishes_take(&questions->wishes, wish);
}

struct gb_run_wish gb_run_questions_ask_second(struct gb_run_questions *questions, size_t place,
                                               const struct gb_run_occasion *occasion)
{
    const struct gb_run_live_order *live = occasion->live;
    struct gb_run_wish wish =
        wish_of(questions, place, occasion, occasion->gate_ns + occasion->allowed_ns);

    if (live->is_given)
        wish.quote = gb_requote_towards(&live->order, questions->market_beta_millionths,
                                        wish.knowledge->published);
    else
        ask_one(questions, place, &wish);
    wish.total_wh = live->order.quantity.wh;
    return wish;
}

/* ---- woken by time */

/* Goes on to all the wake-ups that an order has to pass: what they would come to. */
static void pass_wake_ups(struct gb_run_questions *questions, size_t place,
                          const struct gb_run_occasion *occasion, struct gb_run_wish *wish)
{
    const struct gb_run_wake_ups *wake_ups = &questions->wake_ups;
    int64_t now_ns = occasion->now_ns;
    uint32_t r = occasion->r;

    while (r < questions->to.env->scenario->requote_max) {
        now_ns = gb_run_wake_up_ns(wake_ups, occasion->interval, occasion->live, ++r, now_ns);
        if (now_ns >= occasion->gate_ns)
            return;
        wish->wake_up = r - 1;
        wish->elapsed =
            gb_run_wake_up_elapsed(wake_ups, occasion->interval, occasion->gate_ns, now_ns);
        ask_one(questions, place, wish);
    }
}

/* When the wake-up comes that follows; INT64_MAX: none does. */
static int64_t next_wake_up_ns(const struct gb_run_questions *questions,
                               const struct gb_run_occasion *occasion)
{
    return occasion->r >= questions->to.env->scenario->requote_max
               ? INT64_MAX
               : gb_run_wake_up_ns(&questions->wake_ups, occasion->interval, occasion->live,
                                   occasion->r + 1, occasion->now_ns);
}

/* Gathers those who wake up behind this one, as long as it is certain that they will be asked, and
 * about what they would be asked now: in the order in which they would be, up to the first of
 * another slot, or whose answer leads to another question. */
static void gather_ahead(struct gb_run_questions *questions, size_t place,
                         const struct gb_run_occasion *present)
{
    const struct gb_run_environment *env = questions->to.env;
    const struct gb_run_lookahead *ahead = &questions->ahead;
    int64_t until_ns = next_wake_up_ns(questions, present);

    gb_run_lookahead_find(&questions->ahead, env, questions->to.gateway, questions->to.wake_up);
    for (size_t i = 0; i < ahead->n && ahead->found[i].time_ns < until_ns; i++) {
        const struct gb_run_live_order *live =
            gb_run_live_order(questions->to.live, gb_run_word_place(ahead->found[i].what),
                              gb_run_word_order(ahead->found[i].what));

        if (gb_run_word_place(ahead->found[i].what) != place)
            return;
        if (live->is_over)
            continue;
        struct gb_run_occasion next =
            occasion_of(questions, place, live, live->n_wake_ups + 1, ahead->found[i].time_ns);
        int64_t again_ns = next_wake_up_ns(questions, &next);
        if (again_ns < until_ns)
            until_ns = again_ns;
        if (gb_run_questions_passed(questions, &next) != GB_RUN_NOT_PASSED)
            continue;
        struct gb_run_wish wish = wish_of(questions, place, &next, next.gate_ns);
        if (gb_run_occasion_is_last(&questions->wake_ups, &next) ||
            !gb_run_wishes_add(&questions->wishes, &wish, env->error))
            return;
    }
}

struct gb_run_wish gb_run_questions_ask_timed(struct gb_run_questions *questions, size_t place,
                                              const struct gb_run_occasion *occasion)
{
    bool is_last = gb_run_occasion_is_last(&questions->wake_ups, occasion);
    struct gb_run_wish wish = wish_of(questions, place, occasion, occasion->gate_ns);

    if (!gb_run_wishes_are_left(&questions->wishes)) {
        if (!gb_run_wishes_add(&questions->wishes, &wish, questions->to.env->error))
            return wish;
        if (!is_last && questions->to.agents->strategy->is_asked_ahead)
            gather_ahead(questions, place, occasion);
        ask(questions, place);
    }
    gb_run_wishes_take(&questions->wishes, &wish);
    if (is_last)
        pass_wake_ups(questions, place, occasion, &wish);
    return wish;
}

/* ---- woken by news */

enum gb_run_passed gb_run_questions_called_wish(const struct gb_run_questions *questions,
                                                size_t place, const struct gb_run_live_order *live,
                                                struct gb_run_wish *wish)
{
    struct gb_run_occasion occasion = gb_run_questions_occasion(questions, place, live);
    enum gb_run_passed passed = gb_run_questions_passed(questions, &occasion);

    if (passed != GB_RUN_NOT_PASSED)
        return passed;
    *wish = wish_of(questions, place, &occasion, occasion.gate_ns);
    if (gb_run_occasion_is_last(&questions->wake_ups, &occasion))
        wish->elapsed = 1.0;
    return GB_RUN_NOT_PASSED;
}

void gb_run_questions_ask_called(struct gb_run_questions *questions, size_t place, uint32_t first)
{
    const struct gb_run_live_order *live;
    struct gb_run_wish wish;

    for (uint32_t number = first; number != GB_NO_ORDER; number = live->next_armed) {
        live = gb_run_live_order(questions->to.live, place, number);
        if (!live->is_over &&
            gb_run_questions_called_wish(questions, place, live, &wish) == GB_RUN_NOT_PASSED &&
            !gb_run_wishes_add(&questions->wishes, &wish, questions->to.env->error))
            return;
    }
    ask(questions, place);
}
