#include "experiments/run/match_news.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

struct gb_run_interval_match {
    struct gb_run_heard heard; /* fills by entry node, those of a node in the match's order */
    size_t *first_fill;        /* per node, and the end; one more to count with */
    uint8_t *standing;         /* per meter: set of GB_STANDS_* */
    struct gb_price *first;    /* per order: its quote in round 1, where users quote anew */
    size_t first_capacity;
};

void gb_run_match_news_init(struct gb_run_match_news *news, const struct gb_run_environment *env,
                            const struct gb_run_learners *learners,
                            const struct gb_run_intervals *intervals)
{
    *news = (struct gb_run_match_news){.env = env, .learners = learners, .intervals = intervals};
}

void gb_run_match_news_clear(struct gb_run_match_news *news)
{
    for (size_t place = 0; place < news->n_places; place++) {
        gb_run_heard_clear(&news->at[place].heard);
        free(news->at[place].first_fill);
        free(news->at[place].standing);
        free(news->at[place].first);
    }
    free(news->at);
    *news = (struct gb_run_match_news){.at = NULL};
}

/* ---- the match is read */

/* Empties what the place holds, with room for the match. false after a failure */
static bool reserve(const struct gb_run_match_news *news, struct gb_run_interval_match *of,
                    const struct gb_interval_view *view)
{
    if (!of->first_fill)
        of->first_fill = malloc((news->learners->n_nodes + 2) * sizeof *of->first_fill);
    if (!of->standing)
        of->standing = malloc(news->env->n + 1);
    if (!of->first_fill || !of->standing) {
        gb_fail(news->env->error, GB_ENOMEM, "no memory for what is heard of a match");
        return false;
    }
    of->heard.n_shouts = of->heard.n_fills = 0;
    return gb_run_heard_reserve(&of->heard, view->n_orders + 2 * view->n_trades, 2 * view->n_trades,
                                news->env->error);
}

static void note_standing(const struct gb_run_match_news *news, struct gb_run_interval_match *of,
                          const struct gb_interval_view *view)
{
    memset(of->standing, 0, news->env->n);
    for (size_t i = 0; i < view->n_orders; i++)
        if (view->unmatched[i].wh > 0)
            of->standing[view->orders[i].owner] |=
                view->orders[i].side == GB_BUY ? GB_STANDS_TO_BUY : GB_STANDS_TO_SELL;
}

static struct gb_price quote_of(const struct gb_order *order)
{
    return order->type == GB_ORDER_MARKET ? order->reserve : order->price;
}

/* Orders of which nothing was taken: they stood there before the match. */
static void add_untaken(struct gb_run_heard *heard, const struct gb_interval_view *view)
{
    for (size_t i = 0; i < view->n_orders; i++) {
        const struct gb_order *order = &view->orders[i];

        if (!view->withdrawn[i] && view->unmatched[i].wh == order->quantity.wh)
            heard->shouts[heard->n_shouts++] = (struct gb_shout){.side = order->side,
                                                                 .source = order->source,
                                                                 .quote = quote_of(order),
                                                                 .energy = order->quantity};
    }
}

/* The quote of an order in a round, as the ledger has it. Those of later rounds are the contract's,
 * where it quotes anew, which publishes no more of them than the price at which both were taken. */
static struct gb_price taken_at(const struct gb_run_match_news *news,
                                const struct gb_run_interval_match *of,
                                const struct gb_interval_view *view, uint32_t order, uint32_t round,
                                struct gb_price price)
{
    bool asks_users = news->env->asks_users;

    if (round > 1 && !asks_users)
        return price;
    return round == 1 && asks_users ? of->first[order] : quote_of(&view->orders[order]);
}

static void add_taken(const struct gb_run_match_news *news, struct gb_run_interval_match *of,
                      const struct gb_interval_view *view)
{
    for (size_t t = 0; t < view->n_trades; t++) {
        const struct gb_trade *trade = &view->trades[t];
        const struct gb_execution made = {
            .trade = *trade,
            .ask = taken_at(news, of, view, trade->sell_order, trade->round, trade->price_sell),
            .bid = taken_at(news, of, view, trade->buy_order, trade->round, trade->price_buy)};

        gb_run_heard_add_quotes(&of->heard, &made);
    }
}

static void place_fill(const struct gb_run_learners *learners, struct gb_run_interval_match *of,
                       struct gb_fill fill)
{
    size_t *next = &of->first_fill[gb_run_learners_node(learners, fill.meter) + 1];

    of->heard.fills[(*next)++] = fill;
}

/* Counting sort by node, with counts two places ahead, so that what each node's cursor has come to
 * in the end is where the next one's begin. */
static void sort_fills(const struct gb_run_learners *learners, struct gb_run_interval_match *of,
                       const struct gb_interval_view *view)
{
    size_t *first = of->first_fill;

    memset(first, 0, (learners->n_nodes + 2) * sizeof *first);
    for (size_t t = 0; t < view->n_trades; t++) {
        first[gb_run_learners_node(learners, view->trades[t].seller) + 2]++;
        first[gb_run_learners_node(learners, view->trades[t].buyer) + 2]++;
    }
    for (size_t node = 0; node < learners->n_nodes; node++)
        first[node + 2] += first[node + 1];
    for (size_t t = 0; t < view->n_trades; t++) {
        place_fill(learners, of, gb_run_fill_of_seller(&view->trades[t]));
        place_fill(learners, of, gb_run_fill_of_buyer(&view->trades[t]));
    }
    of->heard.n_fills = 2 * view->n_trades;
}

void gb_run_match_news_take_round(struct gb_run_match_news *news, size_t place,
                                  const struct gb_interval_view *view)
{
    struct gb_error *error = news->env->error;

    if (!gb_run_learners_listen(news->learners) ||
        !gb_run_reach_place((void **)&news->at, &news->n_places, place, sizeof *news->at, error))
        return;
    struct gb_run_interval_match *of = &news->at[place];
    struct gb_price *first =
        gb_array_grow(of->first, &of->first_capacity, view->n_orders + 1, sizeof *first);
    if (!first) {
        gb_fail(error, GB_ENOMEM, "no memory for the quotes of a round");
        return;
    }
    of->first = first;
    for (size_t i = 0; i < view->n_orders; i++)
        first[i] = quote_of(&view->orders[i]);
}

void gb_run_match_news_take(struct gb_run_match_news *news, size_t place,
                            const struct gb_interval_view *view)
{
    const struct gb_run_environment *env = news->env;

    if (!gb_run_learners_listen(news->learners) ||
        !gb_run_reach_place((void **)&news->at, &news->n_places, place, sizeof *news->at,
                            env->error))
        return;
    struct gb_run_interval_match *of = &news->at[place];
    if (!reserve(news, of, view))
        return;
    note_standing(news, of, view);
    if (env->scenario->information == GB_INFORMATION_BOOK)
        add_untaken(&of->heard, view);
    if (env->scenario->information != GB_INFORMATION_SEALED)
        add_taken(news, of, view);
    sort_fills(news->learners, of, view);
}

/* ---- agents learn of it */

void gb_run_match_news_tell(const struct gb_run_match_news *news, size_t place, uint32_t node)
{
    if (!gb_run_learners_listen(news->learners) || gb_run_has_failed(news->env))
        return;
    const struct gb_run_interval_match *of = &news->at[place];
    size_t first = of->first_fill[node], n_fills = of->first_fill[node + 1] - first;

    if (of->heard.n_shouts + n_fills > 0)
        gb_run_learners_tell(news->learners, node,
                             (struct gb_market_news){.interval = news->intervals->at[place],
                                                     .n_shouts = of->heard.n_shouts,
                                                     .shouts = of->heard.shouts,
                                                     .n_fills = n_fills,
                                                     .fills = of->heard.fills + first,
                                                     .standing = of->standing});
}
