/* Flexible demand: energy that is owed by some time, and when it is taken. One rule for all
 * controllers and assets, at bidding and when a slot is metered: of what is owed the slot at hand
 * gets what later slots need not, or should not, take,
 *
 *     taken at a price p = clamp(owed - later(p), 0, room),
 *
 * where later(p) is what the slots behind can take up to the time it is owed by: of at_once
 * nothing, of before_departure those that are expected to be cheaper than p, of price_limit nothing
 * while p is at or below the limit and else all of them. So whatever a controller waits for, it
 * takes by the end all that fits: what remains owed is what at_once would leave, too.
 *
 * The room of a slot has two prices. What is there already, a surplus of the meter or energy bought
 * for the slot that nothing else takes, costs what it would earn otherwise; the rest costs the
 * price of buying. Both are of the slot at hand; of later ones that of buying alone is expected.
 *
 * How much is owed by which time, and what later slots can take of it, is each asset's own. */
#ifndef MODELS_ASSETS_FLEXIBLE_H
#define MODELS_ASSETS_FLEXIBLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/date.h"
#include "base/quantity.h"

enum gb_flexible_controller {
    GB_FLEXIBLE_AT_ONCE,
    GB_FLEXIBLE_BEFORE_DEPARTURE,
    GB_FLEXIBLE_PRICE_LIMIT
};

/* What energy is expected to cost, from the slot at hand on. */
struct gb_outlook {
    size_t n;                 /* slots, at least 1; behind the last its price holds */
    const int64_t *buy_ticks; /* each slot's, price ticks */
    int64_t own_ticks;        /* of the slot at hand: what is there already */
};

static inline int64_t gb_outlook_buy(const struct gb_outlook *outlook, size_t later)
{
    if (!outlook)
        return 0;
    return outlook->buy_ticks[later < outlook->n ? later : outlook->n - 1];
}

/* How many slots controllers look ahead, that at hand among them: a day and what a clock jumps by.
 */
static inline size_t gb_flexible_n_ahead(int64_t slot_ns)
{
    return (size_t)((25 * GB_NS_PER_HOUR + slot_ns - 1) / slot_ns) + 1;
}

/* Which slots a controller waits for. */
struct gb_flexible_rule {
    enum gb_flexible_controller controller;
    int64_t limit_ticks;              /* of price_limit */
    const struct gb_outlook *outlook; /* NULL: all costs the same */
};

/* Can any later slot go before the one at hand, at this price there? */
static inline bool gb_flexible_may_wait(const struct gb_flexible_rule *rule, int64_t ticks)
{
    return rule->controller == GB_FLEXIBLE_BEFORE_DEPARTURE ||
           (rule->controller == GB_FLEXIBLE_PRICE_LIMIT && ticks > rule->limit_ticks);
}

/* Does the slot so many behind it, where any may? Of equal ones the first takes, whatever rounding
 * makes of them: half a tick is no difference.
 * worth  what a Wh does in that slot over what it does in the one at hand */
static inline bool gb_flexible_waits_for(const struct gb_flexible_rule *rule, int64_t ticks,
                                         size_t later, double worth)
{
    return rule->controller == GB_FLEXIBLE_PRICE_LIMIT ||
           (double)gb_outlook_buy(rule->outlook, later) < (double)ticks * worth - 0.5;
}

/* The slot at hand. */
struct gb_flexible_task {
    struct gb_flexible_rule rule;
    double room_wh;
    double own_wh; /* of that, at own_ticks */
    /* owed - later(ticks), less what was taken in the slot already, Wh; of_whom: of the task */
    double (*owed_wh)(const void *of_whom, const struct gb_flexible_rule *rule, int64_t ticks,
                      double taken_wh);
    const void *of_whom;
};

/* What to take, Wh, from 0 to the room. */
double gb_flexible_take(const struct gb_flexible_task *task);

/* What became of an asset's demand in a slot, Wh. */
struct gb_flexible_flow {
    double taken_wh;
    double unserved_wh; /* owed within the slot, and not served */
    double heat_wh;     /* given to the home, by what makes heat */
};

#endif
