#include "experiments/run/environment.h"

#include "chain/node/chain.h"
#include "chain/wire/transaction.h"

#define CLOCK_LEAD_NS (300 * GB_NS_PER_SECOND)

struct gb_run_environment gb_run_environment_of(const struct gb_scenario *scenario,
                                                struct gb_queue *queue, struct gb_error *error)
{
    const struct gb_market_rules *market = &scenario->market;
    bool asks_users = gb_market_asks_users(market);

    return (struct gb_run_environment){
        .scenario = scenario,
        .n = (size_t)scenario->physics.fleet.n_meters,
        .slot_ns = scenario->physics.weather.slot_ns,
        .calendar = gb_scenario_calendar(scenario),
        .n_slots = gb_scenario_n_slots(scenario),
        .first_slot = gb_scenario_first_slot(scenario),
        .is_ideal = scenario->protocol == &gb_protocol_ideal,
        .trades_at_once = market->mechanism->trading != NULL,
        .asks_users = asks_users,
        .amendments_lead_ns =
            asks_users ? market->mechanism->requoting->second_gate_ns(market, scenario->gate_ns)
                       : scenario->gate_ns,
        .queue = queue,
        .error = error};
}

struct gb_tariff gb_run_imbalance(const struct gb_run_environment *env, int64_t interval)
{
    const struct gb_scenario *scenario = env->scenario;
    const struct gb_tariff *band = gb_run_band(env, interval);
    bool short_is_retail = scenario->imbalance_short_asked.ticks == GB_PARAM_PRICE_WORD;
    bool long_is_feed_in = scenario->imbalance_long_asked.ticks == GB_PARAM_PRICE_WORD;

    return (struct gb_tariff){.retail = short_is_retail ? band->retail : scenario->imbalance_short,
                              .feed_in =
                                  long_is_feed_in ? band->feed_in : scenario->imbalance_long};
}

bool gb_run_imbalance_is_dear(const struct gb_run_environment *env)
{
    int64_t n = env->scenario->tariffs ? env->n_slots : 1;

    for (int64_t interval = 0; interval < n; interval++) {
        struct gb_tariff prices = gb_run_imbalance(env, interval);
        const struct gb_tariff *band = gb_run_band(env, interval);

        if (prices.retail.ticks < band->retail.ticks || prices.feed_in.ticks > band->feed_in.ticks)
            return false;
    }
    return true;
}

int64_t gb_run_clock_start_ns(const struct gb_run_environment *env)
{
    return gb_run_opening_ns(env, 0) - CLOCK_LEAD_NS;
}

int64_t gb_run_earliest_ns(const struct gb_run_environment *env, uint8_t kind, int64_t interval)
{
    switch (kind) {
    case GB_MESSAGE_ORDER: return gb_run_opening_ns(env, interval);
    case GB_MESSAGE_CLOSE: return gb_run_gate_ns(env, interval);
    case GB_MESSAGE_OPEN: return gb_run_start_ns(env, interval);
    case GB_MESSAGE_READING: return gb_run_start_ns(env, interval + 1);
    case GB_MESSAGE_FINALIZE: return gb_run_due_ns(env, interval);
    default: return INT64_MIN / 2;
    }
}

int64_t gb_run_purpose_end_ns(const struct gb_run_environment *env,
                              const struct gb_message *message, int64_t interval)
{
    switch (message->kind) {
    case GB_MESSAGE_ORDER:
        return message->body.order.amends ? gb_run_amendments_end_ns(env, interval)
                                          : gb_run_gate_ns(env, interval);
    case GB_MESSAGE_CLOSE: return gb_run_start_ns(env, interval);
    case GB_MESSAGE_OPEN:
    case GB_MESSAGE_APPROVE:
    case GB_MESSAGE_SETTLE: return gb_run_due_ns(env, interval);
    default: return INT64_MAX;
    }
}

bool gb_run_push(const struct gb_run_environment *env, const struct gb_event *event)
{
    if (gb_queue_push(env->queue, event))
        return true;
    gb_fail(env->error, GB_ENOMEM, "no memory for an event");
    return false;
}
