/* Whole runs: the paper's case to the last unit, identities under every kind of scenario (each run
 * asserts them itself), and runs that are interrupted. */
#include "experiments/run/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chain/contracts/contracts.h"
#include "chain/ledger/ledger.h"
#include "experiments/scenario/diagnostics.h"
#include "tests/runs.h"
#include "tests/tap.h"

/* ---- the paper */

static struct gb_scenario *load_paper(size_t n_settings, const char *const *settings)
{
    char path[1024];
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    struct gb_error err = {0};

    snprintf(path, sizeof path, "%s/experiments/paper.yaml",
             getenv("srcdir") ? getenv("srcdir") : ".");
    gb_scenario_load(&scenario, NULL, path, n_settings, settings, diagnostics, &err);
    for (size_t i = 0; i < gb_diagnostics_count(diagnostics); i++)
        EXPECT_TEXT(gb_diagnostics_at(diagnostics, i), "");
    EXPECT_TEXT(err.text, "");
    gb_diagnostics_free(diagnostics);
    return scenario;
}

static const struct {
    const char *seller, *buyer;
    int64_t wh, price;
} table2[] = {{"S1", "B1", 220000, 470000}, {"S2", "B1", 180000, 490000},
              {"S2", "B2", 360000, 480000}, {"S4", "B2", 120000, 480000},
              {"S4", "B3", 180000, 470000}, {"S3", "B3", 435000, 492500}};

/* paper.md, section 5: cost of buyers, revenue of sellers, 1e-9 yuan */
static const struct {
    const char *name;
    int64_t units;
} table_users[] = {{"B1", INT64_C(191600000000)}, {"B2", INT64_C(230400000000)},
                   {"B3", INT64_C(425687500000)}, {"B4", INT64_C(295000000000)},
                   {"S1", INT64_C(103400000000)}, {"S2", INT64_C(261000000000)},
                   {"S3", INT64_C(214237500000)}, {"S4", INT64_C(142200000000)}};

static void check_paper(const struct gb_record *record)
{
    const struct gb_summary_row *sum = summary_of(record);
    const struct gb_trade_row *trades = gb_record_rows(record, GB_TABLE_TRADES);
    const struct gb_user_row *users = gb_record_rows(record, GB_TABLE_USERS);

    EXPECT_INT(gb_record_n_rows(record, GB_TABLE_TRADES), 6);
    for (size_t t = 0; t < gb_record_n_rows(record, GB_TABLE_TRADES) && t < 6; t++) {
        EXPECT_TEXT(users[trades[t].seller].name, table2[t].seller);
        EXPECT_TEXT(users[trades[t].buyer].name, table2[t].buyer);
        EXPECT_INT(trades[t].energy_wh, table2[t].wh);
        EXPECT_INT(trades[t].price_buy, table2[t].price);
        EXPECT_INT(trades[t].price_sell, table2[t].price);
        EXPECT_INT(trades[t].status, GB_TRADE_SETTLED);
    }
    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_USERS); i++)
        for (size_t u = 0; u < 8; u++)
            if (strcmp(users[i].name, table_users[u].name) == 0)
                EXPECT_INT(users[i].name[0] == 'B' ? users[i].cost : -users[i].cost,
                           table_users[u].units);
    EXPECT_INT(sum->buyers_cost, INT64_C(1142687500000));
    EXPECT_INT(sum->buyers_cost_grid_only, INT64_C(1303900000000));
    EXPECT_INT(sum->sellers_revenue, INT64_C(720837500000));
    EXPECT_INT(sum->sellers_revenue_grid_only, INT64_C(463450000000));
    EXPECT_NEAR(sum->buyers_saving_pct, 12.3639, 5e-5);
    EXPECT_NEAR(sum->sellers_gain_pct, 55.5373, 5e-5);
    /* rules, section 5: 161.2125 + 257.3875 = 418.6 = 1495 x 0.28, all of the ceiling */
    EXPECT_INT(sum->saving, INT64_C(418600000000));
    EXPECT_INT(sum->saving_ceiling, INT64_C(418600000000));
    EXPECT_INT(sum->zero_cost, 0);
}

static void the_papers_case_comes_out_of_orders_blocks_contracts_and_meters(void)
{
    static const char *const flows[] = {"chain.flow=classic", "chain.flow=fisco2",
                                        "chain.flow=fisco3"};

    for (size_t f = 0; f < 3; f++) {
        char path[] = "test_paper.ledger";
        struct gb_scenario *scenario = load_paper(1, &flows[f]);
        struct gb_run_options options = {.ledger_path = path};
        struct gb_record *record = NULL;
        struct gb_ledger_report report;
        struct gb_error err = {0};

        if (!scenario)
            return;
        EXPECT_INT(gb_run_trial(scenario, &options, &record, &err), GB_OK);
        EXPECT_TEXT(err.text, "");
        if (record)
            check_paper(record);
        EXPECT_INT(gb_ledger_verify(path, NULL, NULL, &report, &err), GB_OK);
        EXPECT_TEXT(err.text, "");
        EXPECT(!report.is_modelled);
        unlink(path);
        gb_record_free(record);
        gb_scenario_free(scenario);
    }
}

static void one_round_saves_two_hundred_and_ninety_seven_on_table_1(void)
{
    static const char *const settings[] = {"market.requote.rounds=0", "chain.protocol=ideal"};
    struct gb_scenario *scenario = load_paper(2, settings);
    struct gb_run_options options = {0};
    struct gb_record *record = NULL;

    if (!scenario)
        return;
    EXPECT_INT(gb_run_trial(scenario, &options, &record, NULL), GB_OK);
    if (record)
        EXPECT_INT(summary_of(record)->saving, INT64_C(296800000000));
    gb_record_free(record);
    gb_scenario_free(scenario);
}

/* Table 1 with fees of 0.04 for the network, three quarters of it the buyer's, 0.02 of levies and
 * 0.006 for the market. Orders are given, so that the same 1495 kWh are traded at the same prices.
 * Buyers pay 0.03 + 0.02 + 0.003 = 0.053 a kWh more, 79.235 in all: 1142.6875 + 79.235 =
 * 1221.9225. To sellers 0.01 + 0.003 = 0.013 a kWh less are left, 19.435 in all: 720.8375 - 19.435
 * = 701.4025. The saving is 418.6 - 79.235 - 19.435 = 319.93, which is still all of the ceiling:
 * 1495 x (0.28 - 0.066) = 319.93. The operator gets 1495 x 0.006 = 8.97, the utility 1495 x 0.04 =
 * 59.8 and 1495 x 0.02 = 29.9; it loses 418.6 - 89.7 = 328.9 = 319.93 + 8.97. */
static void fees_on_table_1_are_those_computed_by_hand(void)
{
    static const char *const settings[] = {"tariff.network_fee=0.04",
                                           "tariff.network_fee_buyer_share=0.75",
                                           "tariff.levies=0.02", "market.fee=0.006"};
    char path[] = "test_fees.ledger";
    struct gb_scenario *scenario = load_paper(4, settings);
    struct gb_run_options options = {.ledger_path = path};
    struct gb_record *record = NULL;
    struct gb_ledger_report report;
    struct gb_error err = {0};

    if (!scenario)
        return;
    EXPECT_INT(gb_run_trial(scenario, &options, &record, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    EXPECT_INT(gb_ledger_verify(path, NULL, NULL, &report, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    unlink(path);
    if (record) {
        const struct gb_summary_row *sum = summary_of(record);

        EXPECT_INT(sum->traded_wh, 1495000);
        EXPECT_INT(sum->buyers_cost, INT64_C(1221922500000));
        EXPECT_INT(sum->sellers_revenue, INT64_C(701402500000));
        EXPECT_INT(sum->buyers_cost_grid_only, INT64_C(1303900000000)); /* no fees there */
        EXPECT_INT(sum->sellers_revenue_grid_only, INT64_C(463450000000));
        EXPECT_INT(sum->saving, INT64_C(319930000000));
        EXPECT_INT(sum->saving_ceiling, INT64_C(319930000000));
        EXPECT_INT(sum->operator_balance, INT64_C(8970000000));
        EXPECT_INT(sum->market_fee_cost, INT64_C(8970000000));
        EXPECT_INT(sum->network_fee_cost, INT64_C(59800000000));
        EXPECT_INT(sum->levy_cost, INT64_C(29900000000));
        EXPECT_INT(sum->fee_cost, 0);
        EXPECT_INT(sum->utility_margin_lost, INT64_C(328900000000));
    }
    gb_record_free(record);
    gb_scenario_free(scenario);
}

/* ---- identities, asserted by the runs themselves */

static void every_kind_of_village_balances_to_the_last_unit(void)
{
    static const char *const kinds[][4] = {
        {NULL},
        {"forecast.kind=perfect"},
        {"forecast.kind=perfect", "storage.controller=none"},
        {"storage.controller=none", "market.books=pooled"},
        {"agents.strategy=truthful", "market.requote.match=crossing"},
        {"agents.strategy=zi_c", "market.requote.rounds=3"},
        {"agents.strategy=fixed_shade", "market.requote.match=unconditional"},
        {"agents.strategy=zi_u"},
        {"agents.strategy=mix", "agents.mix=zip 0.25, aa 0.25, gdx 0.25, mre 0.25"},
        {"agents.beta=drawn", "market.on_head_fail=stop", "market.k=0.3"},
        {"market.mechanism=grid_only"},
        {"chain.protocol=ideal"},
        {"chain.protocol=ideal", "forecast.kind=perfect", "meters.storage_share=0"},
        {"chain.flow=classic", "chain.nodes=7"},
        {"chain.flow=fisco2", "chain.delay=lognormal 200 ms 0.5"},
        {"chain.concentrator=5"},
        {"imbalance.short=1.2", "imbalance.long=0.1"},
        {"imbalance.short=1.2", "imbalance.long=0.1", "settlement.unmatched=scheduled"},
        {"imbalance.short=0.2", "imbalance.long=0.1", "storage.controller=none"},
        {"settlement.rule=delivered"},
        {"settlement.rule=delivered", "storage.controller=none", "market.books=pooled"},
        {"market.open=40 min", "agents.reaction=uniform 0 ms 2400000 ms"},
        /* many openings between the first and the last quote of a slot, and its delivery */
        {"market.open=5 h", "agents.reaction=uniform 0 s 17000 s", "forecast.skill=0.5"},
        {"market.open=100 min", "agents.reaction=uniform 0 s 5000 s", "chain.protocol=ideal"},
        {"market.open=100 min", "agents.reaction=uniform 0 s 5000 s", "forecast.kind=perfect"},
        {"slot=5 min", "slots=144", "market.open=90 min", "agents.reaction=uniform 0 s 5000 s"},
        {"slot=5 min", "slots=144", "market.open=7 min", "market.gate=1 min"}};

    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        struct gb_record *record = run_village(kinds[i][0], kinds[i][1], kinds[i][2], kinds[i][3]);

        if (record) {
            const struct gb_summary_row *sum = summary_of(record);
            EXPECT(sum->n_slots >= 64);
            EXPECT_INT(sum->n_accepted + sum->n_refused + sum->n_late, sum->n_orders);
            EXPECT_INT(sum->n_settled + sum->n_voided, sum->n_trades);
            bool trades = !kinds[i][0] || strcmp(kinds[i][0], "market.mechanism=grid_only") != 0;
            EXPECT((sum->n_orders > 0) == trades);
            if (!EXPECT((sum->n_trades > 0) == trades))
                tap_note("in kind %zu: %s", i, kinds[i][0]);
        } else {
            tap_note("in kind %zu", i);
        }
        gb_record_free(record);
    }
}

static void a_perfect_forecast_gains_the_band_on_every_wh_traded(void)
{
    struct gb_record *record =
        run_village("forecast.kind=perfect", "meters.storage_share=0", NULL, NULL);
    const struct gb_summary_row *sum = record ? summary_of(record) : NULL;

    if (sum) {
        EXPECT(sum->traded_wh > 0);
        EXPECT_INT(sum->saving, sum->traded_wh * (sum->retail - sum->feed_in));
        EXPECT_INT(sum->imbalance_short_wh + sum->imbalance_long_wh, 0);
    }
    gb_record_free(record);
}

static void a_market_in_which_nothing_trades_costs_nobody_anything(void)
{
    static const char *const lonely[] = {"meters.count=1", "meters.prosumer_share=0"};

    for (size_t i = 0; i < 2; i++) {
        struct gb_record *record =
            run_village(lonely[i], "imbalance.short=2", "imbalance.long=0", NULL);
        if (record) {
            EXPECT_INT(summary_of(record)->n_trades, 0);
            EXPECT_INT(summary_of(record)->saving, 0);
            EXPECT_INT(summary_of(record)->n_users_losing, 0);
        }
        gb_record_free(record);
        record =
            run_village(lonely[i], "settlement.unmatched=scheduled", "chain.protocol=ideal", NULL);
        if (record) { /* a schedule with the grid is missed all the same */
            EXPECT_INT(summary_of(record)->n_trades, 0);
            EXPECT_INT(-summary_of(record)->saving, summary_of(record)->schedule_cost);
            EXPECT_INT(summary_of(record)->n_users_losing, summary_of(record)->n_meters);
        }
        gb_record_free(record);
    }
}

static void what_executes_as_delivered_is_never_missed(void)
{
    struct gb_record *record = run_village("settlement.rule=delivered", NULL, NULL, NULL);
    const struct gb_trade_row *trades = record ? gb_record_rows(record, GB_TABLE_TRADES) : NULL;
    int64_t executed = 0, n_short = 0;

    for (size_t i = 0; record && i < gb_record_n_rows(record, GB_TABLE_TRADES); i++) {
        EXPECT(trades[i].executed_wh >= 0 && trades[i].executed_wh <= trades[i].energy_wh);
        executed += trades[i].executed_wh;
        n_short += trades[i].executed_wh < trades[i].energy_wh;
    }
    if (record) {
        const struct gb_summary_row *sum = summary_of(record);
        EXPECT(n_short > 0); /* forecasts err */
        EXPECT_INT(sum->traded_wh, executed);
        EXPECT_INT(sum->imbalance_short_wh + sum->imbalance_long_wh, 0);
        EXPECT_INT(sum->saving, executed * (sum->retail - sum->feed_in));
        EXPECT_INT(sum->n_users_losing, 0);
    }
    gb_record_free(record);
}

/* ---- interrupted */

static int stop_at_five(void *context, int64_t done, int64_t n_slots)
{
    (void)n_slots;
    ++*(int *)context;
    return done >= 5;
}

static void an_interrupted_run_says_so_and_leaves_no_file(void)
{
    static const char *const none[] = {"chain.crypto=real", "meters.count=10"};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    struct gb_record *record = NULL;
    struct gb_error err = {0};
    int calls = 0;
    struct gb_run_options options = {.ledger_path = "test_interrupted.ledger",
                                     .progress = stop_at_five,
                                     .progress_context = &calls};

    EXPECT_INT(gb_scenario_defaults(&scenario, NULL, 2, none, diagnostics, &err), GB_OK);
    EXPECT_INT(gb_run_trial(scenario, &options, &record, &err), GB_EINTERRUPTED);
    EXPECT_INT(calls, 6);
    EXPECT(!record);
    EXPECT(access("test_interrupted.ledger", F_OK) != 0);
    EXPECT(access("test_interrupted.ledger.part", F_OK) != 0);
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
}

static int stop_behind_the_last(void *context, int64_t done, int64_t n_slots)
{
    return done == n_slots - 1 && ++*(int *)context == 3;
}

/* What a slow chain is left with when the last slot has started may take longer than all slots. */
static void a_run_is_interrupted_behind_its_last_slot_as_well(void)
{
    static const char *const slow[] = {"meters.count=600",
                                       "slots=1",
                                       "chain.crypto=modelled",
                                       "chain.concentrator=none",
                                       "chain.client_delay=constant 30 min",
                                       "chain.block.max_transactions=1"};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    struct gb_record *record = NULL;
    struct gb_error err = {0};
    int calls = 0;
    struct gb_run_options options = {.progress = stop_behind_the_last, .progress_context = &calls};

    EXPECT_INT(gb_scenario_defaults(&scenario, NULL, sizeof slow / sizeof slow[0], slow,
                                    diagnostics, &err),
               GB_OK);
    EXPECT_INT(gb_run_trial(scenario, &options, &record, &err), GB_EINTERRUPTED);
    EXPECT_TEXT(err.text, "interrupted at slot 0 of 1");
    EXPECT(!record);
    gb_record_free(record);
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_papers_case_comes_out_of_orders_blocks_contracts_and_meters),
        TAP(one_round_saves_two_hundred_and_ninety_seven_on_table_1),
        TAP(fees_on_table_1_are_those_computed_by_hand),
        TAP(every_kind_of_village_balances_to_the_last_unit),
        TAP(a_perfect_forecast_gains_the_band_on_every_wh_traded),
        TAP(a_market_in_which_nothing_trades_costs_nobody_anything),
        TAP(what_executes_as_delivered_is_never_missed),
        TAP(a_run_is_interrupted_behind_its_last_slot_as_well),
        TAP(an_interrupted_run_says_so_and_leaves_no_file),
        {0}};
    return tap_main("run", tests);
}
