#include "experiments/run/wake_ups.h"

#include <math.h>

#include "base/delay.h"

struct gb_run_occasion gb_run_occasion_of(const struct gb_run_wake_ups *wake_ups, int64_t interval,
                                          const struct gb_run_live_order *live, uint32_t r,
                                          int64_t now_ns, int64_t round_trip_ns)
{
    int64_t allowed_ns = llround(wake_ups->env->scenario->latency_aware * (double)round_trip_ns);

    return (struct gb_run_occasion){.live = live,
                                    .interval = interval,
                                    .now_ns = now_ns,
                                    .r = r,
                                    .allowed_ns = allowed_ns,
                                    .gate_ns = gb_run_amendments_end_ns(wake_ups->env, interval) -
                                               allowed_ns};
}

int64_t gb_run_wake_up_ns(const struct gb_run_wake_ups *wake_ups, int64_t interval,
                          const struct gb_run_live_order *live, uint32_t r, int64_t from_ns)
{
    uint32_t owner = gb_run_draw_owner(wake_ups->env, live->order.owner);
    struct gb_draw draw = gb_draw_at(wake_ups->key, owner, live->part, (uint32_t)interval, r);
    int64_t delay_ns = gb_delay_at(&wake_ups->env->scenario->requote_delay, gb_draw_uniform(draw));
    int64_t ns;

    return __builtin_add_overflow(from_ns, delay_ns, &ns) ? INT64_MAX : ns;
}

double gb_run_wake_up_elapsed(const struct gb_run_wake_ups *wake_ups, int64_t interval,
                              int64_t gate_ns, int64_t now_ns)
{
    int64_t opening_ns = gb_run_opening_ns(wake_ups->env, interval);
    double share = (double)(now_ns - opening_ns) / (double)(gate_ns - opening_ns);

    return gate_ns <= opening_ns ? 1.0 : fmin(fmax(share, 0.0), 1.0);
}

/* Its next wake-up follows from its draws where time wakes it. */
bool gb_run_occasion_is_last(const struct gb_run_wake_ups *wake_ups,
                             const struct gb_run_occasion *occasion)
{
    const struct gb_scenario *scenario = wake_ups->env->scenario;
    int64_t answered_ns = occasion->now_ns + occasion->allowed_ns;
    int64_t next_ns = occasion->now_ns;
    uint32_t r = occasion->r;

    if (occasion->allowed_ns == 0 || scenario->requote_on != GB_REQUOTE_ON_TIME)
        return occasion->allowed_ns > 0 && answered_ns >= occasion->gate_ns;
    while (next_ns < answered_ns && r < scenario->requote_max)
        next_ns = gb_run_wake_up_ns(wake_ups, occasion->interval, occasion->live, ++r, next_ns);
    return next_ns < answered_ns || next_ns >= occasion->gate_ns;
}
