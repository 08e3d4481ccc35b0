/* The rules of a scenario's market, as a genesis states them. */
#include "experiments/scenario/scenario.h"
#include "models/assets/slot_energy.h"
#include "models/market/limits.h"

/* In a slot; none where the community's connection has none. */
static int64_t limit_wh(double kw, double slot_h)
{
    int64_t wh = gb_connection_wh(kw, slot_h);

    return wh < GB_NO_LIMIT_WH ? wh : GB_LIMIT_OF_COMMUNITY;
}

struct gb_market_rules gb_scenario_market(const struct gb_scenario *scenario)
{
    const struct gb_community_config *community = &scenario->physics.community;
    double slot_h = (double)scenario->physics.weather.slot_ns / (double)GB_NS_PER_HOUR;
    struct gb_market_rules rules = scenario->market;

    rules.has_band = 1;
    if (rules.mechanism->limit)
        rules.mechanism->limit(&rules, limit_wh(community->export_kw, slot_h),
                               limit_wh(community->import_kw, slot_h));
    return rules;
}
