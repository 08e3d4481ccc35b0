#include "experiments/run/round_news.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

struct gb_run_interval_round {
    struct gb_energy *left; /* per order */
    size_t n, capacity;
    struct gb_anchors anchors[GB_N_SOURCES];
    struct gb_market_knowledge known[GB_N_SOURCES]; /* a book each, by source */
};

void gb_run_round_news_init(struct gb_run_round_news *news, const struct gb_run_environment *env)
{
    *news = (struct gb_run_round_news){.env = env};
}

void gb_run_round_news_clear(struct gb_run_round_news *news)
{
    for (size_t place = 0; place < news->n_places; place++)
        free(news->at[place].left);
    free(news->at);
    *news = (struct gb_run_round_news){.at = NULL};
}

void gb_run_round_news_take(struct gb_run_round_news *news, size_t place,
                            const struct gb_round *round)
{
    if (!gb_run_reach_place((void **)&news->at, &news->n_places, place, sizeof *news->at,
                            news->env->error))
        return;
    struct gb_run_interval_round *of = &news->at[place];
    struct gb_energy *left =
        gb_array_grow(of->left, &of->capacity, round->n_orders + 1, sizeof *left);
    if (!left) {
        gb_fail(news->env->error, GB_ENOMEM, "no memory for what a round left of %zu orders",
                round->n_orders);
        return;
    }
    of->left = left;
    of->n = round->n_orders;
    memcpy(left, round->left, round->n_orders * sizeof *left);
    memcpy(of->anchors, round->anchors, sizeof of->anchors);
    for (size_t source = 0; source < GB_N_SOURCES; source++)
        of->known[source] = (struct gb_market_knowledge){.trades = round->traded[source]};
}

struct gb_energy gb_run_round_news_left(const struct gb_run_round_news *news, size_t place,
                                        uint32_t number)
{
    assert(number < news->at[place].n);
    return news->at[place].left[number];
}

/* Places may move when one is added: the anchors are pointed to when they are asked for. */
const struct gb_market_knowledge *gb_run_round_news_of(const struct gb_run_round_news *news,
                                                       size_t place, const struct gb_order *order)
{
    struct gb_run_interval_round *of = &news->at[place];
    enum gb_source source = gb_market_book_of(&news->env->scenario->market, order);

    of->known[source].published = &of->anchors[source];
    return &of->known[source];
}
