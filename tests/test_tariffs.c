/* Tariffs that differ: by the local clock, on days of 23 and 25 hours, and by kind of household;
 * what two meters pay under them, by hand; and how a genesis holds them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chain/wire/genesis.h"
#include "experiments/run/run.h"
#include "experiments/scenario/scenario.h"
#include "experiments/scenario/tariff_times.h"
#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/small_chain.h"
#include "tests/tap.h"

#define PATH "test_tariffs.yaml"
#define CENT INT64_C(10000)        /* ticks per kWh */
#define CENTS(n) ((n)*CENT * 1000) /* of a kWh, in money units */
#define BERLIN "slot: 15 min\nsite.time_zone: CET-1CEST,M3.5.0,M10.5.0/3\n"
#define TWO_KINDS                                            \
    "households:\n"                                          \
    "  a: {count: 1, tariff: {retail: 0.5, feed_in: 0.1}}\n" \
    "  b: {count: 1, tariff: {retail: 0.3, feed_in: 0.05}}\n"

static struct gb_scenario *scenario_of(const char *text)
{
    char said[4096];
    struct gb_scenario *scenario = scenario_of_text(PATH, text, said, sizeof said);

    EXPECT_TEXT(said, "");
    return scenario;
}

/* ---- times */

static int64_t cents_at(const struct gb_tariff_times *times, int64_t day, int hour, int minute)
{
    int64_t ns = (60 * hour + minute) * 60 * GB_NS_PER_SECOND;

    return gb_tariff_times_at(times, day, ns).ticks / CENT;
}

static void a_price_holds_until_the_next_time_over_midnight_and_weekend(void)
{
    enum { FRIDAY = 1, SATURDAY, SUNDAY, MONDAY }; /* 2 January 1970 was a Friday */
    struct gb_tariff_times times;
    char why[512] = "";

    EXPECT(gb_tariff_times_parse(&times, "6:00 0.40, 22:00 0.25; weekends 8:30 -0.1", why,
                                 sizeof why));
    EXPECT_TEXT(why, "");
    EXPECT_INT(cents_at(&times, FRIDAY, 5, 59), 25); /* from Thursday */
    EXPECT_INT(cents_at(&times, FRIDAY, 6, 0), 40);
    EXPECT_INT(cents_at(&times, FRIDAY, 22, 0), 25);
    EXPECT_INT(cents_at(&times, SATURDAY, 8, 29), 25); /* Friday's last */
    EXPECT_INT(cents_at(&times, SATURDAY, 8, 30), -10);
    EXPECT_INT(cents_at(&times, SUNDAY, 0, 0), -10);
    EXPECT_INT(cents_at(&times, MONDAY, 5, 0), -10); /* Sunday's */
    EXPECT_INT(cents_at(&times, MONDAY, 6, 0), 40);
}

static void what_are_no_times_is_refused_with_the_reason(void)
{
    static const struct {
        const char *text, *why;
    } cases[] = {
        {"", "'' is no time from 0:00 to 23:59"},
        {"24:00 1", "'24:00' is no time from 0:00 to 23:59"},
        {"7 0.3", "'7' is no time from 0:00 to 23:59"},
        {"0:00 1,", "'' is no time from 0:00 to 23:59"},
        {"0:00 1, 0:00 2", "0:00 does not come after the time before it"},
        {"0:00 1 2", "more than a price at 0:00"},
        {"0:00 1;", "nothing behind the semicolon"},
        {"0:00 1; sundays 0:00 2", "expected `weekends` behind the semicolon, got 'sundays'"},
        {"0:00 1; weekends 0:00 2; weekends 0:00 3", "a second semicolon"}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_tariff_times times;
        char why[512] = "";

        EXPECT(!gb_tariff_times_parse(&times, cases[i].text, why, sizeof why));
        EXPECT_TEXT(why, cases[i].why);
    }
}

/* How many slots of a day have each of two prices, of which one holds from 2:00 to 3:00 alone. */
static void expect_slots(const char *date, int64_t n_slots, int64_t n_night)
{
    char text[512];
    int64_t found = 0;

    snprintf(text, sizeof text,
             "format: 1\nstart_date: %s\ndays: 1\n" BERLIN
             "tariff: {feed_in: 0.1, retail_by_time: \"0:00 0.2, 2:00 0.5, 3:00 0.2\"}\n",
             date);
    struct gb_scenario *scenario = scenario_of(text);
    if (!scenario)
        return;
    EXPECT_INT(scenario->tariffs->n_slots, n_slots);
    for (int64_t slot = 0; slot < n_slots; slot++)
        found += gb_tariffs_at(scenario->tariffs, 0, slot)->retail.ticks == 50 * CENT;
    EXPECT_INT(found, n_night);
    gb_scenario_free(scenario);
}

static void the_skipped_hour_is_unused_and_the_doubled_one_used_twice(void)
{
    expect_slots("2024-03-30", 96, 4);
    expect_slots("2024-03-31", 92, 0);
    expect_slots("2024-10-27", 100, 8);
}

/* ---- two meters, by hand */

static struct gb_record *run_two(const char *orders)
{
    char text[2048];
    struct gb_record *record = NULL;
    struct gb_error err = {0};

    snprintf(text, sizeof text,
             "format: 1\nstart_date: 2024-03-31\nslots: 12\n" BERLIN
             "chain.protocol: ideal\noutput.level: meters\nmarket.mechanism: continuous\n"
             "market.books: pooled\n" TWO_KINDS "meters.delivery: declared\norders.inline: |\n"
             "  id,slot,side,price,reserve,quantity,owner,time\n%s",
             orders);
    struct gb_scenario *scenario = scenario_of(text);
    if (scenario)
        EXPECT_INT(gb_run_trial(scenario, &(struct gb_run_options){0}, &record, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    gb_scenario_free(scenario);
    return record;
}

static const struct gb_user_row *user_of(const struct gb_record *record, size_t i)
{
    const struct gb_user_row *rows = gb_record_rows(record, GB_TABLE_USERS);

    return &rows[i];
}

/* 1 kWh at 0.3, half way: 0.5 at its buyer's retail, 0.05 at its seller's feed-in. */
static void who_pays_most_and_who_gets_least_gain_all_of_the_ceiling(void)
{
    struct gb_record *record = run_two("  x,3,buy,0.4,0.4,1,0,1\n  y,3,sell,0.2,0.2,1,1,2\n");

    if (!record)
        return;
    EXPECT_INT(user_of(record, 0)->cost, CENTS(30));
    EXPECT_INT(user_of(record, 0)->cost_grid_only, CENTS(50));
    EXPECT_INT(user_of(record, 1)->cost, -CENTS(30));
    EXPECT_INT(user_of(record, 1)->cost_grid_only, -CENTS(5));
    EXPECT_INT(summary_of(record)->saving, CENTS(45));
    EXPECT_INT(summary_of(record)->saving_ceiling, CENTS(45));
    EXPECT_INT(summary_of(record)->bought_at_retail, CENTS(50));
    EXPECT_INT(summary_of(record)->sold_at_feed_in, CENTS(5));
    gb_record_free(record);
}

/* 0.4 is within the slot's band, up to 0.5, and above the own retail of b; so is 0.07 below the own
 * feed-in of a. */
static void a_quote_outside_the_own_tariff_is_refused(void)
{
    struct gb_record *record = run_two("  x,3,buy,0.4,0.4,1,1,1\n  y,4,sell,0.07,0.07,1,0,1\n"
                                       "  z,5,buy,0.3,0.3,1,1,1\n");

    if (!record)
        return;
    EXPECT_INT(summary_of(record)->n_refused_out_of_band, 2);
    EXPECT_INT(summary_of(record)->n_accepted, 1);
    gb_record_free(record);
}

/* ---- scenarios */

static void a_kind_takes_what_it_does_not_give_from_the_scenario(void)
{
    struct gb_scenario *scenario =
        scenario_of("format: 1\nslots: 4\ntariff: {retail: 0.6, feed_in: 0.2}\n"
                    "households:\n  a: {count: 1}\n  b: {count: 1, tariff: {feed_in: 0.3}}\n");

    if (!scenario)
        return;
    EXPECT_INT(gb_tariffs_at(scenario->tariffs, 0, 0)->feed_in.ticks, 20 * CENT);
    EXPECT_INT(gb_tariffs_at(scenario->tariffs, 1, 3)->feed_in.ticks, 30 * CENT);
    EXPECT_INT(gb_tariffs_at(scenario->tariffs, 1, 3)->retail.ticks, 60 * CENT);
    EXPECT_INT(gb_tariffs_band(scenario->tariffs, 2)->feed_in.ticks, 20 * CENT);
    gb_scenario_free(scenario);
}

static void a_kind_may_say_that_the_scenario_s_holds(void)
{
    struct gb_scenario *scenario =
        scenario_of("format: 1\nslots: 8\nslot: 15 min\ntariff: {retail: 0.4, feed_in: 0.1}\n"
                    "households:\n"
                    "  a: {count: 1, tariff: {retail: scenario, feed_in_by_time: \"0:00 0.05\"}}\n"
                    "  b: {count: 1, tariff: {retail_by_time: scenario, feed_in: scenario}}\n");

    if (scenario) {
        EXPECT_INT(gb_tariffs_at(scenario->tariffs, 0, 3)->retail.ticks, 40 * CENT);
        EXPECT_INT(gb_tariffs_at(scenario->tariffs, 0, 3)->feed_in.ticks, 5 * CENT);
        EXPECT_INT(gb_tariffs_at(scenario->tariffs, 1, 3)->retail.ticks, 40 * CENT);
        EXPECT_INT(gb_tariffs_at(scenario->tariffs, 1, 3)->feed_in.ticks, 10 * CENT);
    }
    gb_scenario_free(scenario);
}

static void one_tariff_is_held_as_it_always_was(void)
{
    struct gb_scenario *scenario = scenario_of("format: 1\nslots: 4\n");

    if (scenario)
        EXPECT(scenario->tariffs == NULL);
    gb_scenario_free(scenario);
}

static void what_would_let_somebody_earn_on_the_grid_is_refused(void)
{
    char said[4096];

    EXPECT(
        !scenario_of_text(PATH,
                          "format: 1\nslots: 8\nslot: 15 min\nhouseholds:\n"
                          "  a: {count: 1, tariff: {retail: 0.4}}\n"
                          "  b: {count: 1, tariff: {feed_in_by_time: \"0:00 0.3, 1:00 0.45\"}}\n",
                          said, sizeof said));
    EXPECT_TEXT(said, ":6:43: households.b.tariff.feed_in_by_time: in slot 4, which begins at "
                      "2023-06-01 01:00, the grid buys from homes of kind 'b' at 0.45 and sells to "
                      "homes of kind 'a' at 0.4: it would lose on every kWh\n");
}

static void who_comes_from_outside_may_follow_several_tariffs(void)
{
    char said[4096];
    struct gb_scenario *scenario =
        scenario_of_text(PATH,
                         "format: 1\nagents: {strategy: process, process: cat}\nhouseholds:\n"
                         "  a: {count: 1, tariff: {retail: 0.4}}\n"
                         "  b: {count: 1}\n",
                         said, sizeof said);

    EXPECT(scenario != NULL);
    EXPECT_TEXT(said, "");
    gb_scenario_free(scenario);
}

/* What no slot reads can be neither a setting, as of a sweep, nor in a file; of a preset it may. */
static void a_price_beside_times_is_refused(void)
{
    static const char times[] = "retail_by_time: \"0:00 0.35, 1:00 0.4\", feed_in: 0.1}\n";
    static const char head[] = "format: 1\nslots: 8\nslot: 15 min\ntariff: {";
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_error err = {0};
    const char *number = "tariff.retail=0.3", *others = "tariff.retail_by_time=0:00 0.36";
    char text[512], said[4096];

    snprintf(text, sizeof text, "%sretail: 0.4, %s", head, times);
    scenario_of_text(PATH, text, said, sizeof said);
    EXPECT(strstr(said, ":4:18: 'tariff.retail' is for tariff.retail_by_time: none, and "));
    snprintf(text, sizeof text, "%sretail: 0.4, feed_in_by_time: \"0:00 0.1\", feed_in: 0.05}\n",
             head);
    scenario_of_text(PATH, text, said, sizeof said);
    EXPECT(strstr(said, "'tariff.feed_in' is for tariff.feed_in_by_time: none"));
    snprintf(text, sizeof text, "%spreset: de-2024, %s", head, times);
    struct gb_scenario *scenario = scenario_of(text);
    if (scenario)
        EXPECT_INT(gb_scenario_apply(scenario, NULL, 1, &number, diagnostics, &err), GB_ECONFIG);
    EXPECT_INT(gb_diagnostics_count(diagnostics), 1);
    gb_scenario_free(scenario);
    snprintf(text, sizeof text, "%sretail: 0.4, feed_in: 0.1}\n", head);
    scenario = scenario_of(text); /* times that are set go before a file's number */
    if (scenario)
        EXPECT_INT(gb_scenario_apply(scenario, NULL, 1, &others, diagnostics, &err), GB_OK);
    EXPECT_INT(gb_diagnostics_count(diagnostics), 1);
    gb_diagnostics_free(diagnostics);
    gb_scenario_free(scenario);
}

/* Without trades batteries run as in the baseline, whatever other kinds pay. */
static void who_heard_of_no_trade_expects_the_own_tariff(void)
{
    struct gb_record *record = NULL;
    struct gb_error err = {0};
    struct gb_scenario *scenario =
        scenario_of("format: 1\nslots: 48\nslot: 30 min\nstart_date: 2024-06-03\n"
                    "market.mechanism: grid_only\nchain.protocol: ideal\n"
                    "storage: {controller: price_threshold, price_low: 0.2, price_high: 0.4, "
                    "baseline: same}\n"
                    "tariff: {retail_by_time: \"0:00 0.15, 6:00 0.5\", feed_in: 0.05}\n"
                    "households:\n"
                    "  flat: {count: 3, tariff: {retail: 0.6}}\n"
                    "  farm: {count: 2, pv: {size: 10}, storage: {}}\n");

    if (scenario)
        EXPECT_INT(gb_run_trial(scenario, &(struct gb_run_options){0}, &record, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    if (record)
        EXPECT_INT(summary_of(record)->cost, summary_of(record)->cost_grid_only);
    gb_record_free(record);
    gb_scenario_free(scenario);
}

/* Bands and arbitrage are of meters. */
static void a_kind_without_homes_moves_no_band(void)
{
    struct gb_scenario *scenario =
        scenario_of("format: 1\nslots: 8\nslot: 15 min\nhouseholds:\n"
                    "  none: {count: 0, tariff: {retail: 0.9, feed_in: -0.5}}\n"
                    "  a: {count: 1, tariff: {retail: 0.4, feed_in: 0.1}}\n"
                    "  b: {count: 1, tariff: {retail: 0.5, feed_in: 0.2}}\n"
                    "  cheap: {count: 0, tariff: {retail: 0.05, feed_in: 0.04}}\n");

    if (scenario) {
        EXPECT_INT(gb_tariffs_band(scenario->tariffs, 3)->retail.ticks, 50 * CENT);
        EXPECT_INT(gb_tariffs_band(scenario->tariffs, 3)->feed_in.ticks, 10 * CENT);
        EXPECT_INT(scenario->tariffs->lowest_retail.ticks, 40 * CENT);
    }
    gb_scenario_free(scenario);
}

/* Where kinds give no prices the one tariff of all goes by time, whoever has no homes. */
static void prices_by_time_are_of_all_where_the_first_kind_has_no_homes(void)
{
    struct gb_scenario *scenario =
        scenario_of("format: 1\nslots: 8\nslot: 15 min\n"
                    "tariff: {retail_by_time: \"0:00 0.35, 1:00 0.4\", feed_in: 0.1}\nhouseholds:\n"
                    "  a: {count: 0}\n  b: {count: 0}\n  c: {count: 2}\n");

    if (scenario) {
        EXPECT_INT(gb_tariffs_band(scenario->tariffs, 3)->retail.ticks, 35 * CENT);
        EXPECT_INT(gb_tariffs_band(scenario->tariffs, 4)->retail.ticks, 40 * CENT);
        EXPECT_INT(gb_tariffs_band(scenario->tariffs, 4)->feed_in.ticks, 10 * CENT);
    }
    gb_scenario_free(scenario);
}

/* ---- on a chain */

static struct gb_tariffs *tariffs_of(int64_t n_slots)
{
    struct gb_tariffs *tariffs = NULL;

    EXPECT_INT(gb_tariffs_create(&tariffs, 2, n_slots, NULL), GB_OK);
    for (int64_t k = 0; tariffs && k < n_slots; k++) {
        tariffs->at[k] = (struct gb_tariff){{50 * CENT}, {(k / 3) * CENT}};
        tariffs->at[n_slots + k] = (struct gb_tariff){{(40 + k) * CENT}, {-CENT}};
    }
    gb_tariffs_settle(tariffs);
    return tariffs;
}

static void a_genesis_holds_the_tariff_of_every_slot_and_meter(void)
{
    struct small_chain chain;
    struct gb_hash chain_id;
    struct gb_genesis again = {0};
    struct gb_error err = {0};
    uint8_t *bytes = NULL;
    size_t n = 0;

    small_chain_open(&chain, GB_CRYPTO_REAL, 3, 4, 1);
    chain.genesis.tariffs = tariffs_of(20);
    chain.genesis.rules.tariffs = chain.genesis.tariffs;
    chain.genesis.rules.market.tariff = chain.genesis.tariffs->widest;
    chain.genesis.rules.short_is_retail = true;
    chain.genesis.users[2].tariff = 1;
    EXPECT_INT(gb_genesis_seal(&chain.genesis, chain.ring, &chain_id, &err), GB_OK);
    EXPECT_INT(gb_genesis_encode(&chain.genesis, &bytes, &n, &err), GB_OK);
    EXPECT_INT(gb_genesis_decode(&again, bytes, n, NULL, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    for (size_t kind = 0; again.tariffs && kind < 2; kind++)
        for (int64_t k = 0; k < 20; k++)
            EXPECT(gb_tariff_is_same(gb_tariffs_at(again.tariffs, kind, k),
                                     gb_tariffs_at(chain.genesis.tariffs, kind, k)));
    EXPECT(again.rules.short_is_retail && !again.rules.long_is_feed_in);
    if (EXPECT(again.n_users == 3))
        EXPECT_INT(again.users[2].tariff, 1);
    gb_genesis_clear(&again);
    free(bytes);
    chain.genesis.users[1].tariff = 2;
    EXPECT_INT(gb_genesis_seal(&chain.genesis, chain.ring, &chain_id, &err), GB_EINPUT);
    EXPECT_TEXT(err.text, "meter 1 has tariff 2, of which there are 2");
    small_chain_close(&chain);
}

/* Beside such tariffs, fees of trades make it a genesis of format 7. */
static void it_holds_fees_of_trades_with_and_without_such_tariffs(void)
{
    for (int has_tariffs = 0; has_tariffs < 2; has_tariffs++) {
        struct small_chain chain;
        struct gb_hash chain_id;
        struct gb_genesis again = {0};
        struct gb_error err = {0};
        uint8_t *bytes = NULL;
        size_t n = 0;

        small_chain_open(&chain, GB_CRYPTO_REAL, 3, 4, 1);
        if (has_tariffs) {
            chain.genesis.tariffs = tariffs_of(20);
            chain.genesis.rules.tariffs = chain.genesis.tariffs;
            chain.genesis.rules.market.tariff = chain.genesis.tariffs->widest;
        }
        chain.genesis.rules.trade_fees = (struct gb_trade_fees){{1}, {2}, {3}, {4}, {5}};
        EXPECT_INT(gb_genesis_seal(&chain.genesis, chain.ring, &chain_id, &err), GB_OK);
        EXPECT_INT(gb_genesis_encode(&chain.genesis, &bytes, &n, &err), GB_OK);
        EXPECT_INT(bytes[3], 7);
        EXPECT_INT(gb_genesis_decode(&again, bytes, n, NULL, &err), GB_OK);
        EXPECT_TEXT(err.text, "");
        EXPECT_INT(again.rules.trade_fees.network_buyer.ticks, 1);
        EXPECT_INT(again.rules.trade_fees.network_seller.ticks, 2);
        EXPECT_INT(again.rules.trade_fees.levies.ticks, 3);
        EXPECT_INT(again.rules.trade_fees.market_buyer.ticks, 4);
        EXPECT_INT(again.rules.trade_fees.market_seller.ticks, 5);
        EXPECT((again.tariffs != NULL) == has_tariffs);
        gb_genesis_clear(&again);
        free(bytes);
        small_chain_close(&chain);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_price_holds_until_the_next_time_over_midnight_and_weekend),
        TAP(what_are_no_times_is_refused_with_the_reason),
        TAP(the_skipped_hour_is_unused_and_the_doubled_one_used_twice),
        TAP(who_pays_most_and_who_gets_least_gain_all_of_the_ceiling),
        TAP(a_quote_outside_the_own_tariff_is_refused),
        TAP(a_kind_takes_what_it_does_not_give_from_the_scenario),
        TAP(a_kind_may_say_that_the_scenario_s_holds),
        TAP(one_tariff_is_held_as_it_always_was),
        TAP(what_would_let_somebody_earn_on_the_grid_is_refused),
        TAP(who_comes_from_outside_may_follow_several_tariffs),
        TAP(a_price_beside_times_is_refused),
        TAP(who_heard_of_no_trade_expects_the_own_tariff),
        TAP(a_kind_without_homes_moves_no_band),
        TAP(prices_by_time_are_of_all_where_the_first_kind_has_no_homes),
        TAP(a_genesis_holds_the_tariff_of_every_slot_and_meter),
        TAP(it_holds_fees_of_trades_with_and_without_such_tariffs),
        {0},
    };

    return tap_main("tariffs", tests);
}
