/* Whole runs: the paper's case to the last unit, identities under every kind of scenario (each
 * run asserts them itself), pairs of runs that must agree, and pairs that must differ in one
 * thing only. */
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

enum { MAX_SETTINGS = 16 };

/* A few more settings behind those of a small village morning. */
static struct gb_record *run_village(const char *a, const char *b, const char *c, const char *d)
{
    const char *settings[MAX_SETTINGS] = {"meters.count=24",
                                          "meters.prosumer_share=0.6",
                                          "meters.storage_share=0.4",
                                          "slots=64",
                                          "chain.crypto=modelled",
                                          a,
                                          b,
                                          c,
                                          d};
    size_t n = 5;

    for (size_t i = 5; i < 9; i++) /* close ranks */
        if (settings[i])
            settings[n++] = settings[i];
    settings[n] = NULL;
    return run_with(NULL, settings);
}

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

/* ---- a chain too slow for the market */

static void missed_slots_leave_everybody_at_the_tariff(void)
{
    /* 2 min a hop: three phases, execution and checkpoint take 8 min, the gate is 5 min before t */
    struct gb_record *record = run_village("chain.delay=constant 120 s", NULL, NULL, NULL);
    const struct gb_summary_row *sum = record ? summary_of(record) : NULL;

    if (sum) {
        EXPECT_INT(sum->n_missed_slots, sum->n_slots);
        EXPECT_INT(sum->n_settled, 0);
        EXPECT_INT(sum->cost, sum->cost_grid_only);
    }
    gb_record_free(record);
}

static void orders_that_cross_too_late_are_late_and_lose_their_trades(void)
{
    struct gb_record *fast =
        run_village("agents.reaction=uniform 0 s 590 s", "chain.delay=constant 10 ms", NULL, NULL);
    struct gb_record *slow =
        run_village("agents.reaction=uniform 0 s 590 s", "chain.delay=constant 20 s", NULL, NULL);

    if (fast && slow) {
        EXPECT(summary_of(slow)->n_late > summary_of(fast)->n_late + 20);
        EXPECT(summary_of(slow)->traded_wh < summary_of(fast)->traded_wh);
    }
    gb_record_free(fast);
    gb_record_free(slow);
}

/* A bid a second of one meter, under way for up to 30 s: the 256th after it takes as long, within a
 * second, about once in fifteen times, unless both have the same draws. */
/* A client may take longer than its interval lasts until it is paid for. */
static void orders_that_arrive_after_everything_is_paid_are_late_in_every_table(void)
{
    const char *settings[] = {"slot=5 min",
                              "slots=40",
                              "meters.count=3",
                              "meters.storage_share=0",
                              "market.open=6 min",
                              "market.gate=1 min",
                              "settlement.deadline=3 h",
                              "chain.client_delay=exponential 10 min",
                              "chain.crypto=modelled",
                              "seed=3",
                              NULL};
    struct gb_record *record = run_with(NULL, settings);
    const struct gb_order_row *orders = record ? gb_record_rows(record, GB_TABLE_ORDERS) : NULL;
    const struct gb_slot_row *slots = record ? gb_record_rows(record, GB_TABLE_SLOTS) : NULL;
    int64_t n_late = 0, n_late_by_slot = 0, n_unanswered = 0;

    for (size_t i = 0; record && i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++) {
        n_unanswered += orders[i].status >= GB_N_RECEIPTS;
        n_late += orders[i].status == GB_RECEIPT_LATE || orders[i].status == GB_RECEIPT_GATE_CLOSED;
    }
    for (size_t i = 0; record && i < gb_record_n_rows(record, GB_TABLE_SLOTS); i++)
        n_late_by_slot += slots[i].n_late;
    EXPECT_INT(n_unanswered, 0);
    EXPECT(n_late > 10);
    if (record) {
        EXPECT_INT(summary_of(record)->n_late, n_late);
        EXPECT_INT(n_late_by_slot, n_late);
    }
    gb_record_free(record);
}

static void every_slot_that_was_missed_is_counted(void)
{
    const char *settings[] = {"slot=5 min",
                              "slots=12",
                              "meters.count=20",
                              "chain.block.min_seal=2 min",
                              "chain.block.max_transactions=2",
                              "chain.pool_limit=1",
                              "chain.crypto=modelled",
                              "seed=1",
                              NULL};
    struct gb_record *record = run_with(NULL, settings);
    const struct gb_slot_row *slots = record ? gb_record_rows(record, GB_TABLE_SLOTS) : NULL;
    int64_t n_missed = 0;

    for (size_t i = 0; record && i < gb_record_n_rows(record, GB_TABLE_SLOTS); i++)
        n_missed += slots[i].status;
    EXPECT(n_missed > 6);
    if (record)
        EXPECT_INT(summary_of(record)->n_missed_slots, n_missed);
    gb_record_free(record);
}

/* Slots of a second on a slow network: some meters learn of their match only after they have read
 * and sign later, some readings come before the open, some settlements are refused and said again.
 */
static int64_t count_void(const char *delay, const char *client_delay)
{
    const char *settings[] = {"slots=40",
                              "meters.count=24",
                              "slot=1 s",
                              "market.open=14 s",
                              "market.gate=4 s",
                              "settlement.deadline=20 s",
                              "chain.nodes=13",
                              "meters.wind_share=1",
                              "wind.turbine=100000",
                              "load.mean=20000",
                              "agents.balance=1000000",
                              "seed=1",
                              delay,
                              client_delay,
                              NULL};
    struct gb_record *record = run_with(NULL, settings);
    int64_t n_voided = -1;

    if (record && EXPECT(summary_of(record)->n_settled > 0))
        n_voided = summary_of(record)->n_voided;
    gb_record_free(record);
    return n_voided;
}

static void late_signatures_and_early_readings_save_trades(void)
{
    /* stored; 18 without approvals after the reading, 61 where a reading that is overtaken by the
     * next one is lost */
    EXPECT_INT(count_void("chain.delay=lognormal 200 ms 2", NULL), 17);
    EXPECT_INT(count_void("chain.delay=exponential 200 ms", "chain.client_delay=exponential 1 s"),
               15);
}

static void what_is_read_before_the_open_settles_after_it(void)
{
    /* slots of a second, messages of three: the operator looks again at what was read before its
     * open; 73 trades are void where it does not */
    const char *settings[] = {"slots=40",
                              "meters.count=24",
                              "slot=1 s",
                              "market.open=60 s",
                              "market.gate=30 s",
                              "settlement.deadline=60 s",
                              "meters.wind_share=1",
                              "wind.turbine=100000",
                              "load.mean=20000",
                              "agents.balance=1000000",
                              "agents.reaction=uniform 0 s 10 s",
                              "chain.delay=exponential 100 ms",
                              "chain.client_delay=exponential 3 s",
                              "chain.crypto=modelled",
                              "seed=1",
                              NULL};
    struct gb_record *record = run_with(NULL, settings);

    if (record) {
        EXPECT(summary_of(record)->n_trades > 100);
        EXPECT_INT(summary_of(record)->n_voided, 0);
        EXPECT_INT(summary_of(record)->n_unread, 0);
    }
    gb_record_free(record);
}

static void a_match_that_is_never_delivered_is_no_surplus(void)
{
    const char *settings[] = {"orders.inline=id,side,price,quantity\na,sell,0.4,1\nb,buy,0.5,1\n",
                              "slot=60 min",
                              "slots=1",
                              "meters.count=2",
                              "meters.delivery=declared",
                              "market.books=pooled",
                              "market.gate=500 ms",
                              "chain.delay=constant 200 ms",
                              "chain.client_delay=constant 20 ms",
                              NULL};
    struct gb_record *record = run_with(NULL, settings);

    if (record) {
        EXPECT_INT(summary_of(record)->n_missed_slots, 1);
        EXPECT_INT(summary_of(record)->n_voided, 1);
        EXPECT(summary_of(record)->efficiency_reserves == 0);
        EXPECT(summary_of(record)->efficiency_grid == 0);
    }
    gb_record_free(record);
}

static void without_a_market_everybody_pays_what_the_grid_alone_would_cost(void)
{
    struct gb_record *record = run_village("market.mechanism=grid_only", NULL, NULL, NULL);

    if (record) {
        EXPECT_INT(summary_of(record)->n_orders, 0);
        EXPECT(summary_of(record)->cost != 0);
        EXPECT_INT(summary_of(record)->cost, summary_of(record)->cost_grid_only);
        EXPECT_INT(summary_of(record)->buyers_cost, summary_of(record)->buyers_cost_grid_only);
    }
    gb_record_free(record);
}

static void no_two_orders_of_a_meter_share_their_draws_however_many_there_are(void)
{
    enum { N_ORDERS = 512 };
    int64_t took_ns[N_ORDERS] = {0};
    static char table[16 * 1024] = "orders.inline=id,side,price,quantity,time,owner\n";
    size_t n = strlen(table), n_alike = 0;

    for (int i = 0; i < N_ORDERS; i++)
        n += (size_t)snprintf(table + n, sizeof table - n, "B%d,buy,0.4,0.001,%d,0\n", i, i);
    struct gb_record *record = run_village("slots=1", "chain.client_delay=uniform 0 s 30 s",
                                           "chain.delay=constant 10 ms", table);
    if (record && EXPECT_INT(summary_of(record)->n_accepted, N_ORDERS)) {
        const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);

        for (size_t i = 0; i < N_ORDERS; i++)
            took_ns[(orders[i].sent_ns - orders[0].sent_ns) / GB_NS_PER_SECOND] =
                orders[i].stable_ns - orders[i].sent_ns;
        for (size_t i = 0; i < N_ORDERS / 2; i++)
            n_alike += llabs(took_ns[i + N_ORDERS / 2] - took_ns[i]) < GB_NS_PER_SECOND;
        EXPECT(n_alike < N_ORDERS / 8);
    }
    gb_record_free(record);
}

static void no_user_of_a_larger_community_is_left_at_the_door(void)
{
    static const char *const counts[] = {"meters.count=100", "meters.count=2500"};

    for (size_t i = 0; i < 2; i++) { /* registrations overtake each other on long delays */
        struct gb_record *record =
            run_village(counts[i], "slots=2", "chain.client_delay=exponential 5 s",
                        "chain.delay=exponential 1 s");

        if (record)
            EXPECT_INT(summary_of(record)->n_refused, 0);
        gb_record_free(record);
    }
}

static void what_full_pools_refuse_and_who_retries_is_counted(void)
{
    struct gb_record *calm = run_village("slots=4", NULL, NULL, NULL);
    struct gb_record *full = run_village("slots=4", "chain.pool_limit=2", NULL, NULL);
    struct gb_record *slow = run_village("slots=4", "chain.client_delay=constant 10 s", NULL, NULL);

    if (calm && full && slow) {
        EXPECT_INT(summary_of(calm)->n_pool_refusals, 0);
        EXPECT_INT(summary_of(calm)->n_resent, 0);
        EXPECT(summary_of(full)->n_pool_refusals > 0);
        EXPECT_INT(summary_of(slow)->n_pool_refusals, 0);
        EXPECT(summary_of(slow)->n_resent > 0);
    }
    gb_record_free(calm);
    gb_record_free(full);
    gb_record_free(slow);
}

/* ---- pairs */

/* Orders of one transaction are a bundle. Without delays of clients and links its first order is
 * stable as late as the bundle left, and a seal and four votes after that. */
static void a_bundle_that_is_not_full_leaves_five_seconds_after_its_first_order(void)
{
    struct gb_record *record =
        run_with(NULL, (const char *const[]){
                           "meters.count=8", "meters.prosumer_share=0.5", "slots=8",
                           "chain.crypto=modelled", "chain.concentrator=8",
                           "chain.client_delay=constant 0 s", "chain.delay=constant 0 s",
                           "chain.block.min_seal=1 ms", "agents.reaction=uniform 0 s 100 s", NULL});
    size_t n = record ? gb_record_n_rows(record, GB_TABLE_ORDERS) : 0, n_waited = 0;
    const struct gb_order_row *orders = record ? gb_record_rows(record, GB_TABLE_ORDERS) : NULL;

    for (size_t i = 0; i < n; i++) {
        int64_t first_ns = orders[i].sent_ns, last_ns = orders[i].sent_ns;
        for (size_t k = 0; k < n; k++)
            if (orders[k].interval == orders[i].interval && orders[k].height == orders[i].height &&
                orders[k].transaction == orders[i].transaction) {
                first_ns = orders[k].sent_ns < first_ns ? orders[k].sent_ns : first_ns;
                last_ns = orders[k].sent_ns > last_ns ? orders[k].sent_ns : last_ns;
            }
        int64_t waited_ns = orders[i].stable_ns - first_ns;
        EXPECT(last_ns - first_ns <= 5 * GB_NS_PER_SECOND);
        EXPECT(waited_ns <= 5 * GB_NS_PER_SECOND + 10 * GB_NS_PER_MS);
        n_waited += waited_ns >= 5 * GB_NS_PER_SECOND;
    }
    EXPECT(n > 20 && 2 * n_waited > n);
    gb_record_free(record);
}

static void the_same_seed_gives_the_same_bytes_and_another_gives_others(void)
{
    struct gb_record *a = run_village("seed=5", NULL, NULL, NULL);
    struct gb_record *b = run_village("seed=5", NULL, NULL, NULL);
    struct gb_record *c = run_village("seed=6", NULL, NULL, NULL);

    if (a && b && c) {
        EXPECT(records_are_equal(a, b));
        EXPECT(!records_are_equal(a, c));
    }
    gb_record_free(a);
    gb_record_free(b);
    gb_record_free(c);
}

static void beta_changes_trades_and_no_draw(void)
{
    struct gb_record *low = run_village("market.beta=0.05", NULL, NULL, NULL);
    struct gb_record *high = run_village("market.beta=0.9", NULL, NULL, NULL);

    if (low && high) {
        const struct gb_slot_row *a = gb_record_rows(low, GB_TABLE_SLOTS);
        const struct gb_slot_row *b = gb_record_rows(high, GB_TABLE_SLOTS);
        const struct gb_order_row *x = gb_record_rows(low, GB_TABLE_ORDERS);
        const struct gb_order_row *y = gb_record_rows(high, GB_TABLE_ORDERS);
        size_t n_orders = gb_record_n_rows(low, GB_TABLE_ORDERS);

        for (size_t k = 0; k < gb_record_n_rows(low, GB_TABLE_SLOTS); k++) {
            EXPECT_INT(a[k].solar_wh, b[k].solar_wh);
            EXPECT_INT(a[k].wind_wh, b[k].wind_wh);
            EXPECT_INT(a[k].load_wh, b[k].load_wh);
            EXPECT_INT(a[k].cost_grid_only, b[k].cost_grid_only);
        }
        EXPECT_INT(n_orders, gb_record_n_rows(high, GB_TABLE_ORDERS));
        for (size_t i = 0; i < n_orders; i++) {
            EXPECT_INT(x[i].sent_ns, y[i].sent_ns);     /* reaction */
            EXPECT_INT(x[i].stable_ns, y[i].stable_ns); /* client, gossip, votes */
            EXPECT_INT(x[i].quantity_wh, y[i].quantity_wh);
            EXPECT_INT(x[i].price, y[i].price);
        }
        EXPECT(summary_of(low)->buyers_cost != summary_of(high)->buyers_cost);
    }
    gb_record_free(low);
    gb_record_free(high);
}

static void another_meter_shifts_nobodys_draws(void)
{
    struct gb_record *few = run_village("meters.count=20", NULL, NULL, NULL);
    struct gb_record *more = run_village("meters.count=21", NULL, NULL, NULL);

    if (few && more) {
        const struct gb_user_row *a = gb_record_rows(few, GB_TABLE_USERS);
        const struct gb_user_row *b = gb_record_rows(more, GB_TABLE_USERS);

        for (size_t i = 0; i < 20; i++) {
            EXPECT_INT(a[i].load_wh, b[i].load_wh);
            EXPECT_INT(a[i].generation_wh, b[i].generation_wh);
            EXPECT_INT(a[i].cost_grid_only, b[i].cost_grid_only);
        }
    }
    gb_record_free(few);
    gb_record_free(more);
}

static void modelled_signatures_change_no_time_and_no_outcome(void)
{
    struct gb_record *real = run_village("chain.crypto=real", "slots=8", NULL, NULL);
    struct gb_record *modelled = run_village("chain.crypto=modelled", "slots=8", NULL, NULL);

    if (real && modelled) {
        EXPECT(tables_are_equal(real, modelled, GB_TABLE_SUMMARY));
        EXPECT(tables_are_equal(real, modelled, GB_TABLE_ORDERS));
        EXPECT(tables_are_equal(real, modelled, GB_TABLE_TRADES));
    }
    gb_record_free(real);
    gb_record_free(modelled);
}

static void an_instant_chain_trades_like_the_ideal_one(void)
{
    /* without delays the only order that can differ is that of one sealed block, and reactions are
     * farther apart than that almost always: the same trades, down to the prices */
    struct gb_record *ideal = run_village("chain.protocol=ideal", NULL, NULL, NULL);
    struct gb_record *instant =
        run_village("chain.delay=constant 0 ms", "chain.client_delay=constant 0 ms", NULL, NULL);

    if (ideal && instant) {
        EXPECT_INT(summary_of(ideal)->traded_wh, summary_of(instant)->traded_wh);
        EXPECT_INT(summary_of(ideal)->buyers_cost, summary_of(instant)->buyers_cost);
        EXPECT_INT(summary_of(ideal)->sellers_revenue, summary_of(instant)->sellers_revenue);
        EXPECT_INT(summary_of(instant)->n_late, summary_of(ideal)->n_late);
    }
    gb_record_free(ideal);
    gb_record_free(instant);
}

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
        TAP(every_kind_of_village_balances_to_the_last_unit),
        TAP(a_perfect_forecast_gains_the_band_on_every_wh_traded),
        TAP(a_market_in_which_nothing_trades_costs_nobody_anything),
        TAP(what_executes_as_delivered_is_never_missed),
        TAP(missed_slots_leave_everybody_at_the_tariff),
        TAP(orders_that_cross_too_late_are_late_and_lose_their_trades),
        TAP(orders_that_arrive_after_everything_is_paid_are_late_in_every_table),
        TAP(every_slot_that_was_missed_is_counted),
        TAP(late_signatures_and_early_readings_save_trades),
        TAP(what_is_read_before_the_open_settles_after_it),
        TAP(a_match_that_is_never_delivered_is_no_surplus),
        TAP(without_a_market_everybody_pays_what_the_grid_alone_would_cost),
        TAP(no_two_orders_of_a_meter_share_their_draws_however_many_there_are),
        TAP(no_user_of_a_larger_community_is_left_at_the_door),
        TAP(what_full_pools_refuse_and_who_retries_is_counted),
        TAP(a_bundle_that_is_not_full_leaves_five_seconds_after_its_first_order),
        TAP(the_same_seed_gives_the_same_bytes_and_another_gives_others),
        TAP(beta_changes_trades_and_no_draw),
        TAP(another_meter_shifts_nobodys_draws),
        TAP(modelled_signatures_change_no_time_and_no_outcome),
        TAP(an_instant_chain_trades_like_the_ideal_one),
        TAP(a_run_is_interrupted_behind_its_last_slot_as_well),
        TAP(an_interrupted_run_says_so_and_leaves_no_file),
        {0}};
    return tap_main("run", tests);
}
