/* What is heard of the market at each node where orders trade as they come: statistics of trades a
 * book, best quotes, and what learning agents are told, each from the blocks that are stable at the
 * node and no others, a batch a block. How much is heard says market.information. */
#ifndef EXPERIMENTS_RUN_MARKET_NEWS_H
#define EXPERIMENTS_RUN_MARKET_NEWS_H

#include "experiments/run/learners.h"
#include "experiments/run/ledger_book.h"

struct gb_run_market_news_links { /* all borrowed for life */
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_intervals *intervals;
    const struct gb_run_sent_orders *sent_orders;
    const struct gb_run_ledger_book *book;
    const struct gb_run_learners *learners;
};

struct gb_run_market_news { /* written by market_news.c alone */
    struct gb_run_market_news_links to;
    size_t n_nodes;
    struct gb_run_interval_news *at; /* per place */
    size_t n_places;
    /* per node, side and source: of the latest interval with a trade in it that is over */
    struct gb_trade_statistics *before;
};

/* Clear it in any case. */
enum gb_status gb_run_market_news_init(struct gb_run_market_news *news,
                                       const struct gb_run_market_news_links *links,
                                       struct gb_error *err);
void gb_run_market_news_clear(struct gb_run_market_news *news);
void gb_run_market_news_open(struct gb_run_market_news *news, size_t place);
void gb_run_market_news_retire(struct gb_run_market_news *news, size_t place);

/* A block is stable at the node: its trades and its accepted orders of an interval, in their
 * order. */
void gb_run_market_news_trade(struct gb_run_market_news *news, size_t place, uint32_t node,
                              const struct gb_contract_event *event);
void gb_run_market_news_order(struct gb_run_market_news *news, size_t place,
                              const struct gb_contract_event *event);
/* An answer to a message about an order (number: of the message in sent_orders) is heard by its
 * sender. */
void gb_run_market_news_answer(struct gb_run_market_news *news, size_t place, uint32_t number,
                               const struct gb_contract_event *event);
/* Those of the interval are all heard: agents learn of them.
 * standing  per meter: set of GB_STANDS_*
 * returns   whether a trade was among them that they hear of */
bool gb_run_market_news_end_block(struct gb_run_market_news *news, size_t place, uint32_t node,
                                  uint64_t height, const uint8_t *standing);

/* What is known at a node of what an order may meet: the best quotes of the other side, and the
 * trades of all books together, because a bid for any source stands in each; of its source alone
 * where a bid names one. */
const struct gb_market_knowledge *gb_run_market_news_of(const struct gb_run_market_news *news,
                                                        size_t place, uint32_t node,
                                                        const struct gb_order *order);

#endif
