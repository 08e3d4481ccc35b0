/* Concessions: where orders trade as they come, agents wake up until the gate, look at what their
 * entry node has heard, and amend what still stands of an order. Each amendment is a signed message
 * that crosses the chain like the order before it; until its answer is heard there is no other, and
 * until a fill is heard it may be one too many.
 *
 * Wake-up r of an order comes at the sum of r delays drawn at (meter, part, slot, 1 to r), counted
 * from when the order was sent, whatever was heard since. Woken by blocks or trades
 * (agents.requote.on), an agent waits from then on for the first that it hears, and draws the next
 * delay from there.
 *
 * Where users quote anew between two rounds, an order has one wake-up, a delay after its agent has
 * heard of round 1, and by then goes by what the contract published. An agent that allows for its
 * round trip wakes up no later than it must to be answered before the second gate. Users whose
 * orders come from a file do what the contract would have done for them. */
#ifndef EXPERIMENTS_RUN_REQUOTES_H
#define EXPERIMENTS_RUN_REQUOTES_H

#include "experiments/run/amendments.h"
#include "experiments/run/questions.h"

struct gb_run_requotes_links { /* all borrowed for life */
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    const struct gb_run_intervals *intervals;
    const struct gb_run_agents *agents;
    const struct gb_run_ledger_book *book;
    const struct gb_run_market_news *news;
    const struct gb_run_round_news *rounds;
    struct gb_run_sent_orders *sent_orders;
    struct gb_run_kpis *kpis;
    struct gb_run_outbox *outbox;
};

struct gb_run_requotes { /* written by requotes.c alone */
    struct gb_run_requotes_links to;
    struct gb_run_live_orders live;
    struct gb_run_amendments amendments;
    struct gb_run_questions questions;
};

/* It stays where it is as long as the run lasts; clear it in any case. */
enum gb_status gb_run_requotes_init(struct gb_run_requotes *requotes,
                                    const struct gb_run_requotes_links *links,
                                    struct gb_error *err);
void gb_run_requotes_clear(struct gb_run_requotes *requotes);
void gb_run_requotes_open(struct gb_run_requotes *requotes, size_t place);

/* An agent sends a new order, its part-th of the interval, at sent_ns.
 * is_given  it comes from a file, not from a strategy
 * returns   its number among the live orders of the interval; GB_NO_ORDER where agents neither
 *           amend nor learn, and after a failure */
uint32_t gb_run_requotes_add(struct gb_run_requotes *requotes, size_t place,
                             const struct gb_order *order, bool is_given, uint32_t part,
                             int64_t sent_ns);

/* What is heard at a node: an answer to a message of one of its meters (number: of the message in
 * sent_orders); a trade; that round 1 is over; and that the block is over. */
void gb_run_requotes_answer(struct gb_run_requotes *requotes, size_t place, uint32_t number,
                            const struct gb_contract_event *event);
void gb_run_requotes_trade(struct gb_run_requotes *requotes, size_t place, uint32_t node,
                           const struct gb_contract_event *event);
void gb_run_requotes_round(struct gb_run_requotes *requotes, size_t place, uint32_t node);
void gb_run_requotes_end_block(struct gb_run_requotes *requotes, size_t place, uint32_t node,
                               bool has_trade);
/* Per meter: what it knows to have left in the interval, a set of GB_STANDS_*. */
const uint8_t *gb_run_requotes_standing(const struct gb_run_requotes *requotes, size_t place);

#endif
