/* When agents wake up to look at an order, and how much of its time is over then. Both follow from
 * draws and from the longest round trip that an agent has met. */
#ifndef EXPERIMENTS_RUN_WAKE_UPS_H
#define EXPERIMENTS_RUN_WAKE_UPS_H

#include "experiments/run/live_orders.h"

struct gb_run_wake_ups { /* set once */
    const struct gb_run_environment *env;
    struct gb_key key;
};

/* A wake-up of an order. */
struct gb_run_occasion {
    const struct gb_run_live_order *live; /* borrowed */
    int64_t interval, now_ns;
    uint32_t r;         /* its number, from 1 */
    int64_t allowed_ns; /* that the agent allows for a round trip */
    int64_t gate_ns;    /* that it sets itself: so much ahead of the end of amendments */
};

/* round_trip_ns  the longest that the agent has met */
struct gb_run_occasion gb_run_occasion_of(const struct gb_run_wake_ups *wake_ups, int64_t interval,
                                          const struct gb_run_live_order *live, uint32_t r,
                                          int64_t now_ns, int64_t round_trip_ns);

/* When wake-up r of an order comes whose delay runs from then on; INT64_MAX: never. */
int64_t gb_run_wake_up_ns(const struct gb_run_wake_ups *wake_ups, int64_t interval,
                          const struct gb_run_live_order *live, uint32_t r, int64_t from_ns);

/* Share of the time from opening to a gate that is over at a moment. */
double gb_run_wake_up_elapsed(const struct gb_run_wake_ups *wake_ups, int64_t interval,
                              int64_t gate_ns, int64_t now_ns);

/* Will the agent have no answer before another wake-up that counts? Only who allows for its round
 * trip asks. */
bool gb_run_occasion_is_last(const struct gb_run_wake_ups *wake_ups,
                             const struct gb_run_occasion *occasion);

#endif
