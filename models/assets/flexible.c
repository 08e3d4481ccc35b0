#include "models/assets/flexible.h"

#include <stdbool.h>

static double clamp(double value, double most)
{
    return value > most ? most : value > 0 ? value : 0;
}

/* What later slots can take that go before one at this price. */
static double later_wh(const struct gb_flexible_task *task, const struct gb_outlook *outlook,
                       int64_t ticks)
{
    bool all = task->controller == GB_FLEXIBLE_PRICE_LIMIT;
    double sum = 0;

    if (task->controller == GB_FLEXIBLE_AT_ONCE || (all && ticks <= task->limit_ticks))
        return 0;
    for (size_t later = 1; later <= task->n_later && sum < task->owed_wh; later++)
        if (all || gb_outlook_buy(outlook, later) < ticks)
            sum += later == task->n_later ? task->last_room_wh : task->room_a_slot_wh;
    return sum;
}

double gb_flexible_take(const struct gb_flexible_task *task, const struct gb_outlook *outlook)
{
    int64_t own_ticks = outlook ? outlook->own_ticks : 0;
    double own_wh = clamp(task->own_wh, task->room_wh);
    double taken_wh = 0;

    if (task->owed_wh <= 0 || task->room_wh <= 0)
        return 0;
    if (own_wh > 0)
        taken_wh = clamp(task->owed_wh - later_wh(task, outlook, own_ticks), own_wh);
    return taken_wh +
           clamp(task->owed_wh - taken_wh - later_wh(task, outlook, gb_outlook_buy(outlook, 0)),
                 task->room_wh - own_wh);
}
