/* A campaign of random scenarios: many keys at once, drawn by keyed draws from values that lie at
 * the edges as often as in the middle. Each run must end, with all that a run asserts of itself; a
 * second run gives the same bytes; its physics is that of an ideal market under the same weather;
 * ledgers with real signatures verify.
 *
 * GB_CAMPAIGN (how many scenarios) and GB_CAMPAIGN_FIRST (the number of the first) make it longer:
 * `make check-long`. A scenario that fails is named by its number and its settings. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/random.h"
#include "chain/ledger/ledger.h"
#include "chain/node/chain.h"
#include "experiments/run/run.h"
#include "experiments/scenario/diagnostics.h"
#include "tests/runs.h"
#include "tests/tap.h"

enum { MAX_SETTINGS = 48, MAX_TEXT = 3000, N_IN_CHECK = 240, SEED = 20230601 };

struct dial {
    const char *key, *values[14];
};

/* Drawn for every scenario: they keep it small. */
static const struct dial sizes[] = {
    {"meters.count", {"1", "2", "3", "5", "8", "12", "20", "33", "70"}},
    {"slots", {"1", "2", "3", "5", "8", "12"}},
    {"slot", {"15 min", "15 min", "15 min", "60 min", "1 min", "5 min", "30 min"}},
    {"site.utc_offset", {"8", "-4", "-4", "-4", "-2"}}, /* slot 0 is at night, or at noon */
    {"seed", {"0", "1", "2", "3", "77", "9007199254740992"}},
    {0},
};

/* Each is turned in about a third of the scenarios. */
static const struct dial dials[] = {
    {"replication", {"1", "4294967295"}},
    {"days", {"1", "2"}},
    {"start_date", {"2024-02-28", "2023-12-31", "2000-06-21"}},
    {"meters.prosumer_share", {"0", "1", "0.2", "0.8"}},
    {"meters.wind_share", {"0", "1", "0.5"}},
    {"meters.storage_share", {"0", "1"}},
    {"pv.size", {"0.5", "30"}},
    {"storage.initial", {"0", "1"}},
    {"storage.loss", {"0.01"}},
    {"storage.controller", {"none", "greedy"}},
    {"forecast.kind", {"perfect", "perfect", "conditional_mean"}},
    {"forecast.skill", {"0", "1", "0.8"}},
    {"tariff.retail", {"0.31", "1", "0.59"}},
    {"tariff.feed_in", {"0", "0.31"}},
    {"imbalance.short", {"0.59", "2", "retail", "0.2"}},
    {"imbalance.long", {"0", "0.05", "feed_in", "0.5"}},
    {"settlement.unmatched", {"scheduled", "scheduled", "metered"}},
    {"settlement.rule", {"delivered", "firm", "firm"}},
    {"agents.strategy", {"truthful", "zi_c", "fixed_shade", "paper_beta"}},
    {"agents.balance", {"0", "0.01", "0.5", "1000000"}},
    {"agents.reaction",
     {"constant 0 s", "uniform 0 s 900 s", "exponential 300 s", "constant 600 s",
      "lognormal 100 s 1", "uniform 0 s 7200 s"}},
    {"agents.beta", {"drawn"}},
    {"agents.source_preference.solar", {"0.5", "1"}},
    {"market.mechanism", {"grid_only", "two_round", "two_round"}},
    {"market.books", {"pooled", "by_source"}},
    {"market.beta", {"0", "1", "0.9"}},
    {"market.k", {"0", "1", "0.3"}},
    {"market.requote.rounds", {"0", "3", "until_cross"}},
    {"market.requote.match", {"crossing", "unconditional", "within_reserve"}},
    {"market.requote.anchor", {"extreme_trade", "vwap", "last_trade", "marginal_quote_filled"}},
    {"market.on_head_fail", {"stop"}},
    {"market.min_quantity", {"2", "500", "100000"}},
    {"market.capacity", {"1", "300", "5000"}},
    {"market.open", {"1 min", "7 min", "31 min", "90 min", "4 h", "16 min"}},
    {"market.gate", {"0 s", "1 s", "1 min", "29 min", "10 min"}},
    {"settlement.required", {"1", "2"}},
    {"settlement.deadline", {"0.001 s", "1 s", "1 min", "40 min", "3 h"}},
    {"chain.protocol", {"ideal", "pbft", "pbft"}},
    {"chain.flow", {"classic", "fisco2", "fisco3"}},
    {"chain.nodes", {"1", "2", "3", "6", "7"}},
    {"chain.leader_period", {"3", "1000000"}},
    {"chain.delay",
     {"constant 0 ms", "constant 100 ms", "normal 300 ms 300 ms", "exponential 5 s",
      "lognormal 20 s 1", "constant 120 s", "exponential 20 min", "uniform 0 ms 200 ms"}},
    {"chain.client_delay",
     {"constant 0 ms", "exponential 10 s", "lognormal 60 s 1", "constant 10 min",
      "exponential 40 min"}},
    {"chain.block.max_transactions", {"1", "2", "7"}},
    {"chain.block.min_seal", {"0 ms", "10 s", "10 min"}},
    {"chain.pool_limit", {"1", "3", "20"}},
    {"chain.concentrator", {"1", "3", "7", "1000"}},
    {"output.level", {"summary", "market"}},
    {0},
};

struct drawn { /* one scenario's settings as text */
    uint32_t number;
    struct gb_key key;
    uint32_t next;
    size_t n;
    char text[MAX_TEXT];
    size_t used;
    const char *settings[MAX_SETTINGS];
};

static uint32_t draw_below(struct drawn *drawn, uint32_t n)
{
    struct gb_draw draw = gb_draw_at(drawn->key, drawn->number, 0, 0, drawn->next++);

    return draw.words[0] % n;
}

static void add_setting(struct drawn *drawn, const char *key, const char *value)
{
    char *at = drawn->text + drawn->used;

    if (drawn->n == MAX_SETTINGS || MAX_TEXT - drawn->used < strlen(key) + strlen(value) + 2) {
        EXPECT_TEXT("room for the settings", "no room");
        return;
    }
    drawn->used += (size_t)sprintf(at, "%s=%s", key, value) + 1;
    drawn->settings[drawn->n++] = at;
}

static void turn(struct drawn *drawn, const struct dial *dial)
{
    uint32_t n = 0;

    while (n < sizeof dial->values / sizeof dial->values[0] && dial->values[n])
        n++;
    add_setting(drawn, dial->key, dial->values[draw_below(drawn, n)]);
}

/* A table of orders at random instead of agents: several of a meter, ties, on both sides. */
static void draw_orders(struct drawn *drawn, uint32_t n_slots)
{
    static const char *const prices[] = {"0.31", "0.4", "0.45", "0.59"};
    static const char *const sources[] = {"solar", "wind", "storage"};
    char table[1500] = "id,side,price,quantity,time,slot,source\n";
    size_t used = strlen(table);
    uint32_t n = 1 + draw_below(drawn, 20);

    for (uint32_t i = 0; i < n; i++) {
        bool is_buy = draw_below(drawn, 2);
        uint32_t meter = draw_below(drawn, 6);

        used += (size_t)sprintf(
            table + used, "%c%u,%s,%s,%u.%03u,%u,%u,%s\n", is_buy ? 'B' : 'S', meter,
            is_buy ? "buy" : "sell", prices[draw_below(drawn, 4)], draw_below(drawn, 3),
            1 + draw_below(drawn, 999), draw_below(drawn, 30), draw_below(drawn, n_slots),
            is_buy && draw_below(drawn, 2) ? "any" : sources[draw_below(drawn, 3)]);
    }
    add_setting(drawn, "orders.inline", table);
    add_setting(drawn, "meters.delivery", draw_below(drawn, 3) ? "declared" : "modelled");
}

static void draw_settings(struct drawn *drawn, uint32_t number)
{
    *drawn = (struct drawn){.number = number, .key = gb_key_make(SEED, 0, GB_PURPOSE_TEST)};
    if (draw_below(drawn, 8) == 0) {
        add_setting(drawn, "meters.count", "12");
        add_setting(drawn, "slots", "3");
        draw_orders(drawn, 3);
    } else {
        for (const struct dial *dial = sizes; dial->key; dial++)
            turn(drawn, dial);
    }
    for (const struct dial *dial = dials; dial->key; dial++)
        if (draw_below(drawn, 10) < 3)
            turn(drawn, dial);
}

/* NULL: the settings contradict each other, which the scenario's checks say. */
static struct gb_scenario *scenario_of(size_t n, const char *const *settings)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;

    gb_scenario_defaults(&scenario, NULL, n, settings, diagnostics, NULL);
    gb_diagnostics_free(diagnostics);
    return scenario;
}

static struct gb_record *run(const struct gb_scenario *scenario, const char *ledger)
{
    struct gb_run_options options = {.ledger_path = ledger};
    struct gb_record *record = NULL;
    struct gb_error err = {0};

    gb_run_trial(scenario, &options, &record, &err);
    EXPECT_TEXT(err.text, "");
    return record;
}

/* ---- what must hold of every run, beyond what it asserts itself */

static bool is_share(double value)
{
    return EXPECT(isnan(value) || (value >= -1e-12 && value <= 1 + 1e-12));
}

static bool check_sums(const struct gb_record *record)
{
    const struct gb_summary_row *sum = summary_of(record);
    const struct gb_slot_row *slots = gb_record_rows(record, GB_TABLE_SLOTS);
    const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);
    int64_t traded = 0, bought = 0, sold = 0, cost = 0;
    bool holds = EXPECT_INT(sum->n_accepted + sum->n_refused + sum->n_late, sum->n_orders);

    holds &= EXPECT_INT(sum->n_settled + sum->n_voided, sum->n_trades);
    holds &= EXPECT_INT(sum->buyers_cost - sum->sellers_revenue + sum->zero_cost, sum->cost);
    holds &= is_share(sum->first_choice_share);
    holds &= is_share(sum->self_sufficiency) & is_share(sum->self_consumption) &
             is_share(sum->traded_self_sufficiency) & is_share(sum->local_matching_ratio) &
             is_share(sum->efficiency_grid) & is_share(sum->gini) & is_share(sum->jain) &
             is_share(sum->gini_bills) & is_share(sum->gini_bills_grid_only) &
             is_share(sum->block_fill);
    holds &=
        EXPECT(isnan(sum->price_mean) || (sum->price_p10 <= sum->price_p90 && sum->price_sd >= 0));
    holds &= EXPECT(isnan(sum->efficiency_reserves) || sum->efficiency_reserves <= 1 + 1e-12);
    if (gb_record_level(record) == GB_OUTPUT_SUMMARY)
        return holds;
    for (size_t k = 0; k < gb_record_n_rows(record, GB_TABLE_SLOTS); k++) {
        const struct gb_slot_row *row = &slots[k];

        holds &= EXPECT_INT(row->interval, (int64_t)k);
        holds &= EXPECT_INT(row->load_wh + row->charge_wh - row->generation_wh - row->discharge_wh,
                            row->import_wh - row->export_wh);
        traded += row->traded_wh;
        cost += row->cost;
    }
    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_USERS); i++) {
        bought += users[i].bought_wh;
        sold += users[i].sold_wh;
        cost -= users[i].cost;
    }
    holds &= EXPECT_INT(gb_record_n_rows(record, GB_TABLE_SLOTS), sum->n_slots);
    holds &= EXPECT_INT(traded, sum->traded_wh);
    holds &= EXPECT_INT(bought, traded);
    holds &= EXPECT_INT(sold, traded);
    return holds & EXPECT_INT(cost, 0);
}

/* The same weather, households and batteries under an ideal market: nature asks nobody. */
static bool check_nature(const struct gb_record *record, const struct drawn *drawn)
{
    static const char *const nature[] = {"meters",      "slot",   "site",       "seed",
                                         "replication", "days",   "start_date", "pv",
                                         "storage",     "tariff", "orders",     "market.books"};
    const char *settings[MAX_SETTINGS + 1] = {"chain.protocol=ideal"};
    size_t n = 1;

    for (size_t i = 0; i < drawn->n; i++)
        for (size_t k = 0; k < sizeof nature / sizeof nature[0]; k++)
            if (strncmp(drawn->settings[i], nature[k], strlen(nature[k])) == 0) {
                settings[n++] = drawn->settings[i];
                break;
            }
    struct gb_scenario *scenario = scenario_of(n, settings);
    struct gb_record *ideal = scenario ? run(scenario, NULL) : NULL;
    bool holds = EXPECT(ideal != NULL);
    if (ideal) {
        const struct gb_summary_row *a = summary_of(record), *b = summary_of(ideal);

        holds &= EXPECT_INT(a->load_wh, b->load_wh);
        holds &= EXPECT_INT(a->generation_wh, b->generation_wh);
        holds &= EXPECT_INT(a->cost_grid_only, b->cost_grid_only);
        holds &= EXPECT_INT(a->baseline_import_wh, b->baseline_import_wh);
    }
    gb_record_free(ideal);
    gb_scenario_free(scenario);
    return holds;
}

static bool check_ledger(struct gb_scenario *scenario, const struct gb_record *record)
{
    char path[64];
    struct gb_ledger_report report;
    struct gb_error err = {0};

    snprintf(path, sizeof path, "test_campaign_%ld.ledger", (long)getpid());
    scenario->crypto = GB_CRYPTO_REAL;
    struct gb_record *signed_run = run(scenario, path);
    bool holds = EXPECT(signed_run && tables_are_equal(record, signed_run, GB_TABLE_TRADES) &&
                        tables_are_equal(record, signed_run, GB_TABLE_SLOTS));
    gb_ledger_verify(path, NULL, NULL, &report, &err);
    holds &= EXPECT_TEXT(err.text, "");
    unlink(path);
    gb_record_free(signed_run);
    return holds;
}

static bool check_scenario(const struct drawn *drawn, struct gb_scenario *scenario)
{
    struct gb_record *record = run(scenario, NULL);
    bool holds = record != NULL;

    if (record)
        holds = check_sums(record) & check_nature(record, drawn);
    if (record && drawn->number % 4 == 0) {
        struct gb_record *again = run(scenario, NULL);
        holds &= EXPECT(again && records_are_equal(record, again));
        gb_record_free(again);
    }
    if (record && scenario->protocol == &gb_protocol_pbft && drawn->number % 8 == 1 &&
        summary_of(record)->n_orders < 60)
        holds &= check_ledger(scenario, record);
    gb_record_free(record);
    return holds;
}

static uint32_t number_from(const char *variable, uint32_t otherwise)
{
    const char *text = getenv(variable);

    return text ? (uint32_t)strtoul(text, NULL, 10) : otherwise;
}

static void every_random_scenario_runs_to_its_end_and_adds_up(void)
{
    uint32_t first = number_from("GB_CAMPAIGN_FIRST", 0);
    uint32_t n = number_from("GB_CAMPAIGN", N_IN_CHECK), n_run = 0, n_failed = 0;

    for (uint32_t i = 0; i < n && n_failed < 10; i++) {
        struct drawn drawn;

        draw_settings(&drawn, first + i);
        struct gb_scenario *scenario = scenario_of(drawn.n, drawn.settings);
        if (!scenario)
            continue;
        n_run++;
        if (!check_scenario(&drawn, scenario)) {
            n_failed++;
            tap_note("scenario %u:", drawn.number);
            for (size_t s = 0; s < drawn.n; s++)
                tap_note("    %s", drawn.settings[s]);
        }
        gb_scenario_free(scenario);
    }
    tap_note("%u scenarios ran of %u drawn", n_run, n);
    EXPECT(n_run > n / 3);
}

static struct gb_record *run_settings(size_t n, const char *const *settings)
{
    struct gb_scenario *scenario = scenario_of(n, settings);
    struct gb_record *record = scenario ? run(scenario, NULL) : NULL;

    EXPECT(record != NULL);
    gb_scenario_free(scenario);
    return record;
}

/* ---- pairs: a key of one layer shifts no draw of another */

/* Orders of both runs that the same meter sent for the same interval at the same side and source:
 * sent at the same time. returns how many; *n_alike: also stable at the same time */
static size_t compare_orders(const struct gb_record *a, const struct gb_record *b, size_t *n_alike)
{
    const struct gb_order_row *x = gb_record_rows(a, GB_TABLE_ORDERS);
    const struct gb_order_row *y = gb_record_rows(b, GB_TABLE_ORDERS);
    size_t n_pairs = 0;

    for (size_t i = 0; i < gb_record_n_rows(a, GB_TABLE_ORDERS); i++)
        for (size_t j = 0; j < gb_record_n_rows(b, GB_TABLE_ORDERS); j++)
            if (x[i].meter == y[j].meter && x[i].interval == y[j].interval) {
                n_pairs++;
                EXPECT_INT(x[i].sent_ns, y[j].sent_ns);
                EXPECT_INT(x[i].side == y[j].side ? x[i].reserve : 0,
                           x[i].side == y[j].side ? y[j].reserve : 0);
                *n_alike += x[i].stable_ns == y[j].stable_ns;
            }
    return n_pairs;
}

static void compare_nature(const struct gb_record *a, const struct gb_record *b)
{
    const struct gb_slot_row *x = gb_record_rows(a, GB_TABLE_SLOTS);
    const struct gb_slot_row *y = gb_record_rows(b, GB_TABLE_SLOTS);

    EXPECT_INT(gb_record_n_rows(a, GB_TABLE_SLOTS), gb_record_n_rows(b, GB_TABLE_SLOTS));
    for (size_t k = 0; k < gb_record_n_rows(a, GB_TABLE_SLOTS); k++) {
        EXPECT_INT(x[k].load_wh, y[k].load_wh);
        EXPECT_INT(x[k].solar_wh, y[k].solar_wh);
        EXPECT_INT(x[k].wind_wh, y[k].wind_wh);
        EXPECT_INT(x[k].cost_grid_only, y[k].cost_grid_only);
    }
}

static void keys_of_one_layer_shift_no_draws_of_another(void)
{
    /* each against the same village with one validator, where no other traffic moves an order to
     * another leader: but for a few that share a block, orders are stable when they were */
    static const struct {
        const char *setting;
        bool is_network_same;
    } others[] = {{"forecast.kind=perfect", true},
                  {"storage.controller=none", true},
                  {"agents.strategy=zi_c", true},
                  {"settlement.required=1", true},
                  {"chain.nodes=7", false},
                  {"chain.flow=classic", false},
                  {"chain.delay=exponential 2 s", false},
                  {"chain.protocol=ideal", false},
                  {"chain.concentrator=4", false}};
    const char *settings[] = {"meters.count=16",    "slots=6",
                              "site.utc_offset=-4", "agents.reaction=uniform 0 s 500 s",
                              "chain.nodes=1",      NULL};
    struct gb_record *village = run_settings(5, settings);

    for (size_t i = 0; village && i < sizeof others / sizeof others[0]; i++) {
        size_t n_alike = 0, n_pairs;

        settings[5] = others[i].setting;
        struct gb_record *other = run_settings(6, settings);
        if (!other)
            continue;
        compare_nature(village, other);
        n_pairs = compare_orders(village, other, &n_alike);
        if (!EXPECT(n_pairs > 40) ||
            !EXPECT(!others[i].is_network_same || 10 * n_alike > 9 * n_pairs))
            tap_note("%s: %zu of %zu alike", others[i].setting, n_alike, n_pairs);
        gb_record_free(other);
    }
    gb_record_free(village);
}

static void first_choices_are_those_of_orders_and_a_share(void)
{
    static const char *const asking[] = {"meters.count=16",      "slots=6",
                                         "site.utc_offset=-4",   "agents.source_preference.solar=1",
                                         "meters.wind_share=0",  "meters.storage_share=0",
                                         "forecast.kind=perfect"};
    static const char *const told[] = {
        "meters.count=2", "slots=1", "meters.delivery=declared", "market.books=pooled",
        "orders.inline=id,side,price,quantity,time\nS,sell,0.4,1,1\nB,buy,0.5,1,2\n"};
    struct gb_record *some = run_settings(7, asking), *none = run_settings(5, told);

    if (some && none) {
        EXPECT(summary_of(some)->first_choice_share > 0);
        EXPECT(summary_of(some)->first_choice_share <= 1);
        EXPECT_INT(summary_of(none)->traded_wh, 1000);
        EXPECT(isnan(summary_of(none)->first_choice_share)); /* nobody asked */
    }
    gb_record_free(some);
    gb_record_free(none);
}

static void the_charge_batteries_begin_with_is_no_local_generation(void)
{
    /* no generator gives any power at night: what batteries hold came from the grid */
    static const char *const night[] = {"meters.count=10",         "slots=8",
                                        "meters.prosumer_share=1", "meters.wind_share=0",
                                        "meters.storage_share=1",  "storage.initial=1"};
    struct gb_record *record = run_settings(6, night);

    if (record) {
        EXPECT_INT(summary_of(record)->generation_wh, 0);
        EXPECT(summary_of(record)->import_wh < summary_of(record)->load_wh);
        EXPECT_NEAR(summary_of(record)->self_sufficiency, 0, 1e-12);
        EXPECT_NEAR(summary_of(record)->traded_self_sufficiency, 0, 1e-12);
    }
    gb_record_free(record);
}

static void a_forecast_older_than_the_weather_is_refused_when_read(void)
{
    static const char *const far[] = {"market.open=8 h"};
    static const char *const known[] = {"market.open=8 h", "forecast.kind=perfect", "slots=2"};
    struct gb_scenario *scenario = scenario_of(1, far);

    EXPECT(scenario == NULL);
    gb_scenario_free(scenario);
    gb_record_free(run_settings(3, known));
}

/* ---- chains at their limits, each found by a campaign or by reading */

static void a_chain_more_than_its_messages_lifetime_behind_ends_and_balances(void)
{
    /* over a thousand blocks of one transaction wait: finalize and settle expire, and are said
     * again */
    static const char *const settings[] = {
        "meters.count=100",          "slots=14",
        "site.utc_offset=-4",        "chain.block.max_transactions=1",
        "chain.delay=constant 60 s", "settlement.deadline=3 h"};
    struct gb_record *record = run_settings(6, settings);

    if (record)
        EXPECT(summary_of(record)->n_blocks > 2000);
    gb_record_free(record);
}

static void orders_decided_long_before_they_are_sent_do_not_expire(void)
{
    /* over a thousand blocks an hour: what an agent means to send is signed when it is sent */
    static const char *const settings[] = {"meters.count=1500",
                                           "slots=2",
                                           "slot=60 min",
                                           "site.utc_offset=-4",
                                           "market.open=120 min",
                                           "agents.reaction=uniform 0 s 5400 s",
                                           "chain.concentrator=none",
                                           "chain.block.min_seal=100 ms"};
    struct gb_record *record = run_settings(8, settings);

    if (record) {
        EXPECT(summary_of(record)->n_blocks > 2000);
        EXPECT_INT(summary_of(record)->n_refused, 0);
    }
    gb_record_free(record);
}

static void a_burst_of_blocks_in_one_instant_does_not_outrun_the_clock(void)
{
    /* blocks a millisecond apart by their headers, sealed at once: voters bear a second of that */
    static const char *const settings[] = {
        "meters.count=1200",           "slots=1",
        "chain.concentrator=none",     "chain.block.max_transactions=1",
        "chain.delay=constant 0 ms",   "chain.client_delay=constant 0 ms",
        "agents.reaction=constant 0 s"};
    struct gb_record *record = run_settings(7, settings);

    if (record)
        EXPECT_INT(summary_of(record)->n_accepted, summary_of(record)->n_orders);
    gb_record_free(record);
}

static void a_whole_interval_may_stand_in_one_block(void)
{
    /* close, open, finalize, and the finalize of the next: matched and forgotten before anyone
     * hears */
    static const char *const settings[] = {"meters.count=20",
                                           "slots=30",
                                           "slot=1 min",
                                           "site.utc_offset=-4",
                                           "forecast.kind=perfect",
                                           "chain.delay=constant 60 s",
                                           "market.open=60 min",
                                           "market.gate=1 s",
                                           "settlement.deadline=0.001 s",
                                           "market.books=pooled"};
    struct gb_record *record = run_settings(10, settings);

    if (record) {
        EXPECT(summary_of(record)->n_trades > 0);
        EXPECT_INT(summary_of(record)->n_voided, summary_of(record)->n_trades);
    }
    gb_record_free(record);
}

static void a_tiny_pool_is_no_storm_of_retries(void)
{
    static const char *const settings[] = {"meters.count=40", "slots=6",
                                           "chain.block.min_seal=10 min", "chain.pool_limit=1"};
    struct gb_record *record = run_settings(4, settings);

    if (record)
        EXPECT(summary_of(record)->n_late + summary_of(record)->n_refused > 0);
    gb_record_free(record);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_random_scenario_runs_to_its_end_and_adds_up),
        TAP(keys_of_one_layer_shift_no_draws_of_another),
        TAP(first_choices_are_those_of_orders_and_a_share),
        TAP(the_charge_batteries_begin_with_is_no_local_generation),
        TAP(a_forecast_older_than_the_weather_is_refused_when_read),
        TAP(a_chain_more_than_its_messages_lifetime_behind_ends_and_balances),
        TAP(orders_decided_long_before_they_are_sent_do_not_expire),
        TAP(a_burst_of_blocks_in_one_instant_does_not_outrun_the_clock),
        TAP(a_whole_interval_may_stand_in_one_block),
        TAP(a_tiny_pool_is_no_storm_of_retries),
        {0}};
    return tap_main("campaign", tests);
}
