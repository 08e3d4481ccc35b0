#include "experiments/run/users.h"

#include <stdlib.h>

#include "base/memory.h"

enum gb_status gb_run_users_init(struct gb_run_users *users, size_t n, struct gb_error *err)
{
    users->at = gb_memory_wide(n, sizeof *users->at);
    users->trades = gb_memory_wide(n, sizeof *users->trades);
    users->extras = calloc(n, sizeof *users->extras);
    if (!users->at || !users->trades || !users->extras)
        return gb_fail(err, GB_ENOMEM, "no memory for %zu users", n);
    return GB_OK;
}

void gb_run_users_clear(struct gb_run_users *users)
{
    free(users->at);
    free(users->trades);
    free(users->extras);
    *users = (struct gb_run_users){0};
}

int64_t gb_run_users_schedule_cost(const struct gb_run_users *users, size_t meter)
{
    const struct gb_run_user *user = &users->at[meter];
    const struct gb_run_user_trades *trades = &users->trades[meter];
    const struct gb_run_user_extras *extras = &users->extras[meter];
    int64_t bought_gain = trades->bought_at_retail - trades->paid;
    int64_t sold_gain = trades->earned - trades->sold_at_feed_in;
    int64_t fees = extras->fees + extras->network_fees + extras->levies + extras->market_fees;

    return user->cost - fees - user->tariff_cost - extras->gap_difference + bought_gain +
           sold_gain - trades->short_cost - trades->long_cost;
}
