/* Flexible demand: energy that is owed by some time, and when it is taken. One rule for all
 * controllers, at bidding and when a slot is metered: of what is owed the slot at hand gets what
 * later slots need not, or should not, take,
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
 * price of buying. Both are of the slot at hand; of later ones that of buying alone is expected. */
#ifndef MODELS_ASSETS_FLEXIBLE_H
#define MODELS_ASSETS_FLEXIBLE_H

#include <stddef.h>
#include <stdint.h>

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

/* What is owed by a time, and what can be taken until then, Wh. */
struct gb_flexible_task {
    enum gb_flexible_controller controller;
    int64_t limit_ticks; /* of price_limit */
    double owed_wh;
    double room_wh; /* of the slot at hand */
    double own_wh;  /* of that, at own_ticks */
    /* Of slots behind it, 1 the next, up to the time it is owed by: n of them with room_a_slot_wh
     * each, of the last one last_room_wh. */
    size_t n_later;
    double room_a_slot_wh, last_room_wh;
};

/* What to take in the slot at hand, Wh, from 0 to the room.
 * outlook  NULL: all costs the same */
double gb_flexible_take(const struct gb_flexible_task *task, const struct gb_outlook *outlook);

#endif
