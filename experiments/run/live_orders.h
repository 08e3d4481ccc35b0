/* Orders that agents may amend, as each agent knows its own: what stands of them by the answers and
 * fills that its entry node has heard, what it waits for, and the longest that an answer has taken.
 * Per meter, too, what it knows to have left in the interval. */
#ifndef EXPERIMENTS_RUN_LIVE_ORDERS_H
#define EXPERIMENTS_RUN_LIVE_ORDERS_H

#include "experiments/run/gateway.h"
#include "experiments/run/sent_orders.h"

struct gb_run_live_order {
    struct gb_order order; /* its price: where it stands; its quantity: what it is for in all */
    uint8_t part;
    bool is_given; /* from a file */
    bool is_accepted, is_unanswered;
    bool is_over;            /* filled, or refused, as far as its agent has heard */
    struct gb_energy filled; /* likewise */
    uint32_t number;         /* among the accepted of the interval */
    uint64_t nonce;          /* under which it was accepted */
    int64_t sent_ns;         /* of the latest message about it */
    uint32_t n_wake_ups;
    uint32_t next_armed; /* of its node's that wait for news, or GB_NO_ORDER */
};

struct gb_run_live_orders { /* written by live_orders.c alone */
    const struct gb_run_environment *env;
    const struct gb_run_gateway *gateway;
    int64_t *round_trip_ns; /* per meter: longest from sent to heard of what it sent, 0 at first */
    struct gb_run_interval_live *at; /* per place */
    size_t n_places;
};

/* Borrowed for life; clear it in any case. GB_ENOMEM */
enum gb_status gb_run_live_orders_init(struct gb_run_live_orders *live,
                                       const struct gb_run_environment *env,
                                       const struct gb_run_gateway *gateway, struct gb_error *err);
void gb_run_live_orders_clear(struct gb_run_live_orders *live);
void gb_run_live_orders_open(struct gb_run_live_orders *live, size_t place);

/* An agent sends a new order. returns its number; GB_NO_ORDER after a failure */
uint32_t gb_run_live_orders_add(struct gb_run_live_orders *live, size_t place,
                                const struct gb_order *order, bool is_given, uint32_t part,
                                int64_t sent_ns);
size_t gb_run_live_orders_count(const struct gb_run_live_orders *live, size_t place);
/* Valid until the next one is added. */
const struct gb_run_live_order *gb_run_live_order(const struct gb_run_live_orders *live,
                                                  size_t place, uint32_t number);
/* Per meter: what it knows to have left in the interval, a set of GB_STANDS_*. */
const uint8_t *gb_run_live_orders_standing(const struct gb_run_live_orders *live, size_t place);

/* It wakes up once more; and sends a message about the order now. */
void gb_run_live_orders_wake(struct gb_run_live_orders *live, size_t place, uint32_t number);
void gb_run_live_orders_sent(struct gb_run_live_orders *live, size_t place, uint32_t number);
/* It waits for news at its node, behind those that do; and the first who waits at a node, the
 * others by next_armed: nobody waits there then. */
void gb_run_live_orders_arm(struct gb_run_live_orders *live, size_t place, uint32_t number);
uint32_t gb_run_live_orders_take_armed(struct gb_run_live_orders *live, size_t place,
                                       uint32_t node);

/* What its node hears: the answer to one of its messages, a fill, and how much round 1 has left. */
void gb_run_live_orders_answer(struct gb_run_live_orders *live, size_t place,
                               const struct gb_run_terms *terms,
                               const struct gb_contract_event *event);
void gb_run_live_orders_fill(struct gb_run_live_orders *live, size_t place, uint32_t number,
                             struct gb_energy energy);
void gb_run_live_orders_leave(struct gb_run_live_orders *live, size_t place, uint32_t number,
                              struct gb_energy left);

#endif
