/* What learning agents hear of a market that matches at its gate: once a slot, when the block with
 * the match is stable at their entry node, the quotes that met and their own fills. The match is
 * read once, while its block is there, and kept for the nodes that hear of it later; where users
 * quote anew, so are the quotes of round 1, before they are amended. */
#ifndef EXPERIMENTS_RUN_MATCH_NEWS_H
#define EXPERIMENTS_RUN_MATCH_NEWS_H

#include "experiments/run/intervals.h"
#include "experiments/run/learners.h"

struct gb_run_match_news { /* written by match_news.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_learners *learners;
    const struct gb_run_intervals *intervals;
    struct gb_run_interval_match *at; /* per place */
    size_t n_places;
};

/* All borrowed for life. */
void gb_run_match_news_init(struct gb_run_match_news *news, const struct gb_run_environment *env,
                            const struct gb_run_learners *learners,
                            const struct gb_run_intervals *intervals);
void gb_run_match_news_clear(struct gb_run_match_news *news);
/* The block with its first round, where users quote anew, is first stable. */
void gb_run_match_news_take_round(struct gb_run_match_news *news, size_t place,
                                  const struct gb_interval_view *view);
/* The block with the match of an interval is first stable. */
void gb_run_match_news_take(struct gb_run_match_news *news, size_t place,
                            const struct gb_interval_view *view);
/* It is stable at the node: its agents learn of it. */
void gb_run_match_news_tell(const struct gb_run_match_news *news, size_t place, uint32_t node);

#endif
