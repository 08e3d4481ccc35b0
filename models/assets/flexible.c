#include "models/assets/flexible.h"

static double clamp(double value, double most)
{
    return value > most ? most : value > 0 ? value : 0;
}

static double owed_at(const struct gb_flexible_task *task, int64_t ticks, double taken_wh)
{
    return task->owed_wh(task->of_whom, &task->rule, ticks, taken_wh);
}

double gb_flexible_take(const struct gb_flexible_task *task)
{
    const struct gb_outlook *outlook = task->rule.outlook;
    double own_wh = clamp(task->own_wh, task->room_wh);
    double taken_wh = 0;

    if (task->room_wh <= 0)
        return 0;
    if (own_wh > 0)
        taken_wh = clamp(owed_at(task, outlook ? outlook->own_ticks : 0, 0), own_wh);
    return taken_wh +
           clamp(owed_at(task, gb_outlook_buy(outlook, 0), taken_wh), task->room_wh - own_wh);
}
