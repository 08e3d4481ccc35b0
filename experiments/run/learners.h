/* Who learns from the market, by entry node, and what they are told: shouts and own fills of a
 * block, gathered first and then handed over in one batch. */
#ifndef EXPERIMENTS_RUN_LEARNERS_H
#define EXPERIMENTS_RUN_LEARNERS_H

#include "chain/contracts/interval_view.h"
#include "experiments/run/agents.h"
#include "experiments/run/gateway.h"

struct gb_run_learners { /* set once, by learners.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_agents *agents;
    size_t n_nodes;
    uint32_t *meters, *first_meter; /* of each node, ascending; where they begin */
};

/* What was heard; grows, and is emptied by its counts. */
struct gb_run_heard {
    struct gb_shout *shouts;
    struct gb_fill *fills;
    struct gb_answer *answers;
    size_t n_shouts, n_fills, n_answers;
    size_t shouts_capacity, fills_capacity, answers_capacity;
};

/* All borrowed for life; clear it in any case. GB_ENOMEM */
enum gb_status gb_run_learners_init(struct gb_run_learners *learners,
                                    const struct gb_run_environment *env,
                                    const struct gb_run_gateway *gateway,
                                    const struct gb_run_agents *agents, struct gb_error *err);
void gb_run_learners_clear(struct gb_run_learners *learners);
/* Does anybody learn? If nobody does, nothing need be gathered. */
bool gb_run_learners_listen(const struct gb_run_learners *learners);
/* Do they want to hear of answers to their messages, too? */
bool gb_run_learners_want_answers(const struct gb_run_learners *learners);
uint32_t gb_run_learners_node(const struct gb_run_learners *learners, uint32_t meter);
/* Hands news to the agents of a node, if there are any; it names all but its meters and tariff. */
void gb_run_learners_tell(const struct gb_run_learners *learners, uint32_t node,
                          struct gb_market_news news);

void gb_run_heard_clear(struct gb_run_heard *heard);
/* Room for so many more of each. false after a failure */
bool gb_run_heard_reserve(struct gb_run_heard *heard, size_t n_shouts, size_t n_fills,
                          struct gb_error *err);
/* One more answer; nothing is added after a failure. */
void gb_run_heard_add_answer(struct gb_run_heard *heard, struct gb_answer answer,
                             struct gb_error *err);
/* Both quotes of a trade: the ask, then the bid. Room for them is there. */
void gb_run_heard_add_quotes(struct gb_run_heard *heard, const struct gb_execution *made);
struct gb_fill gb_run_fill_of_seller(const struct gb_trade *trade);
struct gb_fill gb_run_fill_of_buyer(const struct gb_trade *trade);

#endif
