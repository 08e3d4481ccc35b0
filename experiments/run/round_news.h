/* What a contract publishes of a first round where users quote anew, and what of it an order hears
 * of. It is read once, while its block is there, and kept for the nodes that hear of it later. */
#ifndef EXPERIMENTS_RUN_ROUND_NEWS_H
#define EXPERIMENTS_RUN_ROUND_NEWS_H

#include "chain/contracts/interval_view.h"
#include "experiments/run/environment.h"
#include "experiments/run/intervals.h"
#include "models/agents/strategy.h"

struct gb_run_round_news { /* written by round_news.c alone */
    const struct gb_run_environment *env;
    struct gb_run_interval_round *at; /* per place */
    size_t n_places;
};

/* Borrowed for life. */
void gb_run_round_news_init(struct gb_run_round_news *news, const struct gb_run_environment *env);
void gb_run_round_news_clear(struct gb_run_round_news *news);
/* The block with round 1 of an interval is first stable. */
void gb_run_round_news_take(struct gb_run_round_news *news, size_t place,
                            const struct gb_round *round);

/* What round 1 left of an accepted order, by its number; and what it leaves to go towards. Once it
 * was taken. */
struct gb_energy gb_run_round_news_left(const struct gb_run_round_news *news, size_t place,
                                        uint32_t number);
const struct gb_market_knowledge *gb_run_round_news_of(const struct gb_run_round_news *news,
                                                       size_t place, const struct gb_order *order);

#endif
