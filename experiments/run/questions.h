/* What strategies are asked about orders that stand: at a wake-up by time, at news, and between two
 * rounds; as many orders at once as can be without anybody's knowing more, or less, than he would
 * alone.
 *
 * Where a call is dear (gb_strategy.is_asked_ahead), who wakes up by time is asked together with
 * those who wake up behind it before anybody can have learnt anything. Each answer is used at its
 * own time. The strategy is asked the same about the same orders in the same order as if each were
 * asked at its wake-up, and is told nothing in between. */
#ifndef EXPERIMENTS_RUN_QUESTIONS_H
#define EXPERIMENTS_RUN_QUESTIONS_H

#include "experiments/run/agents.h"
#include "experiments/run/kpis.h"
#include "experiments/run/lookahead.h"
#include "experiments/run/market_news.h"
#include "experiments/run/round_news.h"
#include "experiments/run/wake_ups.h"
#include "experiments/run/wishes.h"

struct gb_run_questions_links { /* all borrowed for life */
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_intervals *intervals;
    const struct gb_run_agents *agents;
    const struct gb_run_market_news *news;
    const struct gb_run_round_news *rounds;
    const struct gb_run_live_orders *live;
    gb_event_action *wake_up; /* of events whose word a is gb_run_order_word() of the order */
};

struct gb_run_questions { /* written by questions.c alone */
    struct gb_run_questions_links to;
    struct gb_run_wake_ups wake_ups;
    struct gb_key shout_key;
    int64_t market_beta_millionths;
    struct gb_run_wishes wishes;
    struct gb_run_lookahead ahead;
};

/* An order of an interval as the word of an event. */
static inline uint64_t gb_run_order_word(size_t place, uint32_t number)
{
    return (uint64_t)place << 32 | number;
}

static inline size_t gb_run_word_place(uint64_t word)
{
    return (size_t)(word >> 32);
}

static inline uint32_t gb_run_word_order(uint64_t word)
{
    return (uint32_t)word;
}

/* Clear it in the end. */
struct gb_run_questions gb_run_questions_of(const struct gb_run_questions_links *links);
void gb_run_questions_clear(struct gb_run_questions *questions);

/* The wake-up that has come of an order, counted already. */
struct gb_run_occasion gb_run_questions_occasion(const struct gb_run_questions *questions,
                                                 size_t place,
                                                 const struct gb_run_live_order *live);
/* Why the agent does not think about its order; GB_RUN_NOT_PASSED: it does. */
enum gb_run_passed gb_run_questions_passed(const struct gb_run_questions *questions,
                                           const struct gb_run_occasion *occasion);

/* What is wanted of an order from its wake-up by time on; at its last chance what all those would
 * come to that it has to pass. Asked of all that are not passed, in the order of time. */
struct gb_run_wish gb_run_questions_ask_timed(struct gb_run_questions *questions, size_t place,
                                              const struct gb_run_occasion *occasion);
/* Where an order stands in round 2: what its strategy says, or, of one from a file, the contract
 * would have. Only quotes change then. */
struct gb_run_wish gb_run_questions_ask_second(struct gb_run_questions *questions, size_t place,
                                               const struct gb_run_occasion *occasion);

/* Asks about all orders of a node that wait for news, from the first on, in one batch. */
void gb_run_questions_ask_called(struct gb_run_questions *questions, size_t place, uint32_t first);
/* One of them as it stands, or why its agent does not think about it. gb_run_wishes_take() has the
 * answers to those who do, in their order. */
enum gb_run_passed gb_run_questions_called_wish(const struct gb_run_questions *questions,
                                                size_t place, const struct gb_run_live_order *live,
                                                struct gb_run_wish *wish);

#endif
