#include "experiments/run/market_news.h"

#include <stdlib.h>

#define VIEWS (2 * GB_RUN_BOOKS) /* of a market: by side and source of who looks */

struct gb_run_interval_news {
    struct gb_market_knowledge *known; /* per node and view */
    struct gb_run_heard heard;         /* of the block that is heard, by who learns */
    bool has_trade;                    /* in it */
};

/* ---- life */

enum gb_status gb_run_market_news_init(struct gb_run_market_news *news,
                                       const struct gb_run_market_news_links *links,
                                       struct gb_error *err)
{
    *news = (struct gb_run_market_news){.to = *links,
                                        .n_nodes = gb_run_gateway_n_nodes(links->gateway)};
    if (!gb_run_trades_at_once(links->env))
        return GB_OK;
    news->before = calloc(news->n_nodes * VIEWS, sizeof *news->before);
    if (news->before)
        return GB_OK;
    return gb_fail(err, GB_ENOMEM, "no memory for what %zu nodes hear", news->n_nodes);
}

void gb_run_market_news_clear(struct gb_run_market_news *news)
{
    for (size_t place = 0; place < news->n_places; place++) {
        free(news->at[place].known);
        gb_run_heard_clear(&news->at[place].heard);
    }
    free(news->at);
    free(news->before);
    *news = (struct gb_run_market_news){.at = NULL};
}

void gb_run_market_news_open(struct gb_run_market_news *news, size_t place)
{
    const struct gb_run_environment *env = news->to.env;
    size_t n = news->n_nodes * VIEWS;

    if (!gb_run_reach_place((void **)&news->at, &news->n_places, place, sizeof *news->at,
                            env->error))
        return;
    struct gb_run_interval_news *of = &news->at[place];
    if (!of->known)
        of->known = malloc(n * sizeof *of->known);
    if (!of->known) {
        gb_fail(env->error, GB_ENOMEM, "no memory for what %zu nodes hear", news->n_nodes);
        return;
    }
    for (size_t i = 0; i < n; i++)
        of->known[i] = (struct gb_market_knowledge){.before = news->before[i]};
}

void gb_run_market_news_retire(struct gb_run_market_news *news, size_t place)
{
    const struct gb_run_interval_news *of = &news->at[place];

    for (size_t i = 0; i < news->n_nodes * VIEWS; i++)
        if (of->known[i].trades.has_trade)
            news->before[i] = of->known[i].trades;
}

/* ---- what is heard */

static size_t view_of(uint32_t node, int side, size_t book)
{
    return node * VIEWS + (size_t)side * GB_RUN_BOOKS + book;
}

const struct gb_market_knowledge *gb_run_market_news_of(const struct gb_run_market_news *news,
                                                        size_t place, uint32_t node,
                                                        const struct gb_order *order)
{
    size_t book =
        gb_market_needs_source(&news->to.env->scenario->market) ? order->source : GB_SOURCE_ANY;

    return &news->at[place].known[view_of(node, order->side, book)];
}

/* Agents that learn are told of it when the block ends: of quotes as far as they are published, of
 * their own fills in any case. */
static void tell_later(struct gb_run_market_news *news, struct gb_run_interval_news *of,
                       uint32_t node, const struct gb_execution *made)
{
    const struct gb_run_learners *learners = news->to.learners;
    struct gb_run_heard *heard = &of->heard;
    const struct gb_fill own[] = {gb_run_fill_of_seller(&made->trade),
                                  gb_run_fill_of_buyer(&made->trade)};

    if (!gb_run_learners_listen(learners) ||
        !gb_run_heard_reserve(heard, 2, 2, news->to.env->error))
        return;
    if (news->to.env->scenario->information != GB_INFORMATION_SEALED)
        gb_run_heard_add_quotes(heard, made);
    for (size_t i = 0; i < 2; i++)
        if (gb_run_learners_node(learners, own[i].meter) == node)
            heard->fills[heard->n_fills++] = own[i];
}

void gb_run_market_news_trade(struct gb_run_market_news *news, size_t place, uint32_t node,
                              const struct gb_contract_event *event)
{
    struct gb_run_interval_news *of = &news->at[place];
    const struct gb_execution *made = gb_run_ledger_book_execution(news->to.book, event);
    const struct gb_trade *trade = &made->trade;
    const struct gb_run_fill *fill = &news->to.book->at[place].fills[event->index];

    tell_later(news, of, node, made);
    if (news->to.env->scenario->information == GB_INFORMATION_SEALED)
        return;
    for (int side = GB_BUY; side <= GB_SELL; side++)
        for (size_t book = 0; book < GB_RUN_BOOKS; book++)
            if (side == GB_SELL || book == GB_SOURCE_ANY || book == trade->source)
                gb_trade_statistics_add(&of->known[view_of(node, side, book)].trades, made->ask,
                                        made->bid, trade->price_buy, trade->energy,
                                        fill->ask_is_filled, fill->bid_is_filled);
    of->has_trade = true;
}

/* Under `book` what came and rests is heard, too. */
void gb_run_market_news_order(struct gb_run_market_news *news, size_t place,
                              const struct gb_contract_event *event)
{
    const struct gb_run_sent_orders *sent = news->to.sent_orders;
    const struct gb_run_ledger_order *order = &news->to.book->at[place].orders[event->index];

    struct gb_run_heard *heard = &news->at[place].heard;

    if (news->to.env->scenario->information != GB_INFORMATION_BOOK ||
        !gb_run_learners_listen(news->to.learners))
        return;
    uint32_t message =
        gb_run_sent_orders_find(sent, place, GB_PARTY_INDEX(event->sender), event->nonce);
    if (message == GB_NO_ORDER || !order->rests || order->total.wh <= order->filled.wh ||
        !gb_run_heard_reserve(heard, 1, 0, news->to.env->error))
        return;
    const struct gb_run_terms *terms = gb_run_sent_orders_terms(sent, place, message);
    heard->shouts[heard->n_shouts++] = (struct gb_shout){.side = terms->side,
                                                         .source = terms->source,
                                                         .quote = terms->quote,
                                                         .energy = terms->total};
}

static enum gb_message_answer answer_of(enum gb_receipt receipt)
{
    switch (receipt) {
    case GB_RECEIPT_OK: return GB_ANSWER_ACCEPTED;
    case GB_RECEIPT_GATE_CLOSED:
    case GB_RECEIPT_LATE: return GB_ANSWER_LATE;
    case GB_RECEIPT_SUPERSEDED: return GB_ANSWER_SUPERSEDED;
    case GB_RECEIPT_ALREADY_DONE: return GB_ANSWER_ALREADY_DONE;
    default: return GB_ANSWER_REFUSED;
    }
}

void gb_run_market_news_answer(struct gb_run_market_news *news, size_t place, uint32_t number,
                               const struct gb_contract_event *event)
{
    const struct gb_run_terms *terms =
        gb_run_sent_orders_terms(news->to.sent_orders, place, number);

    if (gb_run_learners_want_answers(news->to.learners))
        gb_run_heard_add_answer(
            &news->at[place].heard,
            (struct gb_answer){.meter = GB_PARTY_INDEX(event->sender),
                               .part = terms->part,
                               .about = terms->is_cancel      ? GB_ABOUT_CANCEL
                                        : terms->is_amendment ? GB_ABOUT_AMENDMENT
                                                              : GB_ABOUT_ORDER,
                               .answer = (uint8_t)answer_of((enum gb_receipt)event->receipt)},
            news->to.env->error);
}

static void take_best(struct gb_run_market_news *news, size_t place, uint32_t node,
                      const struct gb_run_best_quotes *best)
{
    for (size_t i = 0; i < VIEWS; i++) {
        struct gb_market_knowledge *known = &news->at[place].known[node * VIEWS + i];
        size_t book = i % GB_RUN_BOOKS;

        known->has_bid = best->has_bid[book];
        known->has_ask = best->has_ask[book];
        known->best_bid = best->bid[book];
        known->best_ask = best->ask[book];
    }
}

bool gb_run_market_news_end_block(struct gb_run_market_news *news, size_t place, uint32_t node,
                                  uint64_t height, const uint8_t *standing)
{
    struct gb_run_interval_news *of = &news->at[place];
    const struct gb_run_best_quotes *best = gb_run_ledger_book_best(news->to.book, place, height);
    bool has_trade = of->has_trade;

    if (best)
        take_best(news, place, node, best);
    if (of->heard.n_shouts + of->heard.n_fills + of->heard.n_answers > 0)
        gb_run_learners_tell(news->to.learners, node,
                             (struct gb_market_news){.interval = news->to.intervals->at[place],
                                                     .n_shouts = of->heard.n_shouts,
                                                     .shouts = of->heard.shouts,
                                                     .n_fills = of->heard.n_fills,
                                                     .fills = of->heard.fills,
                                                     .n_answers = of->heard.n_answers,
                                                     .answers = of->heard.answers,
                                                     .standing = standing});
    of->heard.n_shouts = of->heard.n_fills = of->heard.n_answers = 0;
    of->has_trade = false;
    return has_trade;
}
