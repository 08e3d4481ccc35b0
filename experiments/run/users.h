/* What each user's energy and money come to over the slots of a run. Most of it every user has.
 * What only cars, heat pumps, fees, schedules and the like add to stands apart, and a row of it
 * is written to only where there is something to add: as long as nothing is, the system need not
 * keep the zeros, which are more than half of what a user would take. */
#ifndef EXPERIMENTS_RUN_USERS_H
#define EXPERIMENTS_RUN_USERS_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* What a user's registers do not show; money in 1e-9 currency. Every slot adds to this. */
struct gb_run_user {
    int64_t cost; /* grid only it is buyer_cost - seller_revenue: cells of net 0 cost nothing there
                   */
    int64_t buyer_cost, buyer_cost_grid_only, seller_revenue, seller_revenue_grid_only;
    int64_t tariff_cost; /* of its metered net, slot by slot */
    int64_t billed_wh;   /* metered net of all its bills; positive = import */
};

struct gb_run_user_trades {
    int64_t bought_wh, sold_wh;
    int64_t paid, earned;                      /* for those */
    int64_t bought_at_retail, sold_at_feed_in; /* the same energy at its own tariff */
    int64_t short_cost, long_cost; /* of what it missed of its trades, beyond the tariff */
    int64_t short_wh, long_wh;     /* of its trades: sold and not delivered, bought and not taken */
};

struct gb_run_user_extras {
    int64_t ev_wh, ev_unserved_wh, heat_pump_wh, heat_wh, heat_unserved_wh, curtailed_wh;
    int64_t fees;                              /* of its orders, amendments and cancels */
    int64_t network_fees, levies, market_fees; /* its part of those of its trades */
    int64_t own_worth;      /* of its trades by its own reserves; of who does otherwise alone */
    int64_t gap_difference; /* of bills of gaps, which go at one tariff, from the slots' own */
    int64_t schedule_short_wh, schedule_long_wh; /* beside a schedule with the grid */
};

struct gb_run_users { /* an element a meter; NULL, all: there are none */
    struct gb_run_user *at;
    struct gb_run_user_trades *trades;
    struct gb_run_user_extras *extras;
};

/* All 0. Clear it in any case. */
enum gb_status gb_run_users_init(struct gb_run_users *users, size_t n, struct gb_error *err);
void gb_run_users_clear(struct gb_run_users *users);

/* Adds to one of the extras, which is not touched where that is nothing. */
static inline void gb_run_users_add(int64_t *extra, int64_t more)
{
    if (more != 0)
        *extra += more;
}

/* What its bills hold beyond the tariff on its own net, its trades and their imbalances: what
 * deviations from schedules cost, and nothing where there are no schedules. */
int64_t gb_run_users_schedule_cost(const struct gb_run_users *users, size_t meter);
static inline int64_t gb_run_user_cost_grid_only(const struct gb_run_user *user)
{
    return user->buyer_cost_grid_only - user->seller_revenue_grid_only;
}

#endif
