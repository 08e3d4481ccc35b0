/* Keys that the table says nothing reads under a value of another key: there, no value of theirs
 * changes anything. On this a sweep runs cells once that differ in nothing else. */
#include <stdio.h>
#include <string.h>

#include "experiments/scenario/scenario.h"
#include "tests/runs.h"
#include "tests/tap.h"

static const struct {
    const char *key, *unread_under, *other; /* a setting, and another value than the default */
} cases[] = {
    {"chain.flow", "chain.protocol=ideal", "classic"},
    {"chain.nodes", "chain.protocol=ideal", "7"},
    {"chain.leader_period", "chain.protocol=ideal", "3"},
    {"chain.delay", "chain.protocol=ideal", "constant 40 s"},
    {"chain.client_delay", "chain.protocol=ideal", "constant 40 s"},
    {"chain.block.min_seal", "chain.protocol=ideal", "1 min"},
    {"chain.pool_limit", "chain.protocol=ideal", "1"},
    {"chain.concentrator", "chain.protocol=ideal", "3"},
    {"chain.crypto", "chain.protocol=ideal", "real"},
    {"wind.shear", "wind.profile=logarithmic", "0.5"},
    {"wind.roughness", "wind.profile=power_law", "0.5"},
    {"wind.turbulence", "wind.smoothing=none", "0.4"},
    {"site.utc_offset", "site.time_zone=CET-1CEST,M3.5.0,M10.5.0/3", "-7"},
    {"site.turbidity", "site.clear_sky=haurwitz", "7"},
    {"site.turbidity_by_month", "site.clear_sky=haurwitz", "2, 2, 3, 3, 4, 4, 5, 5, 4, 4, 3, 3"},
    {"site.temperature_season", "site.temperature_model=constant", "30"},
    {"site.coldest_day", "site.temperature_model=constant", "200"},
    {"site.temperature_days_sd", "site.temperature_model=constant", "20"},
    {"site.temperature_days_time", "site.temperature_model=constant", "10"},
    {"site.temperature_sun", "site.temperature_model=constant", "60"},
    {"meters.radius", "clouds.model=regional", "900"},
    {"clouds.passing_share", "clouds.model=regional", "0.9"},
    {"clouds.passing_time", "clouds.model=regional", "60"},
    {"clouds.speed", "clouds.model=regional", "5"},
    {"clouds.days_share", "clouds.model=regional", "0.9"},
    {"clouds.days_time", "clouds.model=regional", "200"},
    {"forecast.kappa", "forecast.kind=perfect", "2"},
    {"forecast.skill", "forecast.kind=perfect", "0.5"},
    {"forecast.load_bias", "forecast.kind=perfect", "0.5"},
    {"forecast.generation_bias", "forecast.kind=persistence", "0.5"},
    {"load.floor", "load.model=habits", "0.5"},
    {"load.noise", "load.model=habits", "1"},
    {"load.event_rate", "load.model=habits", "0.3"},
    {"load.event_duration", "load.model=habits", "5"},
    {"load.event_height", "load.model=habits", "1"},
    {"days", "slots=40", "3"},
    {"market.information", "market.mechanism=two_round", "book"},
    {"agents.requote.delay", "market.mechanism=two_round", "constant 1 s"},
    {"agents.requote.on", "market.mechanism=two_round", "block"},
    {"agents.requote.max", "market.mechanism=two_round", "3"},
    {"agents.requote.min_step", "market.mechanism=two_round", "0"},
    {"agents.requote.chance", "market.mechanism=two_round", "0.5"},
    {"agents.requote.anchor", "market.mechanism=two_round", "vwap"},
    {"agents.requote.no_trade", "market.mechanism=two_round", "slot"},
    {"agents.deadline", "market.mechanism=two_round", "2"},
    {"agents.latency_aware", "market.mechanism=two_round", "1"},
    {"agents.fees", "tariff.network_fee=0", "ignored"},
    {"tariff.network_fee_buyer_share", "tariff.network_fee=0", "0.9"},
    {"market.fee_buyer_share", "market.fee=0", "0.9"},
};
enum { N_CASES = sizeof cases / sizeof cases[0] };

static struct gb_record *run(const char *under, const char *setting)
{
    return run_village("meters.wind_share=0.5", "output.level=meters", under, setting);
}

static void no_value_of_a_key_that_nothing_reads_changes_anything(void)
{
    struct gb_record *a =
        NULL; /* under what makes the key of case i unread: keys in a row share it */

    for (size_t i = 0; i < N_CASES; i++) {
        char setting[128];

        snprintf(setting, sizeof setting, "%s=%s", cases[i].key, cases[i].other);
        if (i == 0 || strcmp(cases[i].unread_under, cases[i - 1].unread_under) != 0) {
            gb_record_free(a);
            a = run(cases[i].unread_under, NULL);
        }
        struct gb_record *b = run(cases[i].unread_under, setting);
        if (!EXPECT(a && b && records_are_equal(a, b)))
            tap_note("%s under %s", cases[i].key, cases[i].unread_under);
        gb_record_free(b);
    }
    gb_record_free(a);
}

static void every_such_key_is_tried(void)
{
    for (size_t r = 0; r < gb_scenario_n_rows(NULL); r++) {
        const struct gb_param *row = gb_scenario_row(NULL, r);
        size_t i = 0;

        if (!row->read_when || row->flags & GB_PARAM_REFUSED_UNREAD)
            continue;
        while (i < N_CASES && strcmp(cases[i].key, row->key) != 0)
            i++;
        if (!EXPECT(i < N_CASES))
            tap_note("%s", row->key);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(no_value_of_a_key_that_nothing_reads_changes_anything),
        TAP(every_such_key_is_tried),
        {0}};
    return tap_main("unread", tests);
}
