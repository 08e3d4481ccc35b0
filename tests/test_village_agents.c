/* Agents of kinds of households: their strategies, options, re-quote factors and reserves, and that
 * none of it moves a draw of anybody. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "experiments/run/run.h"
#include "experiments/scenario/scenario.h"
#include "tests/runs.h"
#include "tests/scenarios.h"
#include "tests/sweeps.h"
#include "tests/tap.h"

#define PATH "test_village_agents.yaml"
#define HEAD                                                               \
    "format: 1\nslots: 60\nstart_date: 2024-06-01\noutput.level: meters\n" \
    "chain.crypto: modelled\n"
#define VILLAGE(flats, farms)                                               \
    HEAD "households:\n  flat: {count: 6, load: {yearly: 2200}" flats "}\n" \
         "  farm: {count: 4, load: {yearly: 9000}, pv: {size: 25}" farms "}\n"

static struct gb_record *run_text(const char *text)
{
    char said[4096];
    struct gb_scenario *scenario = scenario_of_text(PATH, text, said, sizeof said);
    struct gb_record *record = NULL;
    struct gb_error err = {0};

    EXPECT_TEXT(said, "");
    if (scenario)
        EXPECT_INT(gb_run_trial(scenario, &(struct gb_run_options){0}, &record, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    gb_scenario_free(scenario);
    return record;
}

static bool is_farm(uint32_t meter)
{
    return meter < 4; /* kinds stand in the order of their names */
}

static const struct gb_order_row *orders_of(const struct gb_record *record, size_t *n)
{
    *n = record ? gb_record_n_rows(record, GB_TABLE_ORDERS) : 0;
    EXPECT(*n > 300);
    return record ? gb_record_rows(record, GB_TABLE_ORDERS) : NULL;
}

/* Which word of /users/strategy the agents of both kinds have. */
static void expect_strategies(const struct gb_record *record, uint8_t farms, uint8_t flats)
{
    const struct gb_user_row *users = record ? gb_record_rows(record, GB_TABLE_USERS) : NULL;

    for (uint32_t i = 0; users && i < 10; i++)
        EXPECT_INT(users[i].strategy, is_farm(i) ? farms : flats);
}

/* ---- strategies */

/* A mix of one strategy is that strategy: so this asks two strategies side by side for what one
 * alone says, of the market that matches at its gate and of the one that trades at once, in which
 * they learn from blocks and wake up. */
static void kinds_that_follow_the_same_do_as_if_there_was_one_strategy(void)
{
    static const char *const strategies[] = {"zip", "gdx", "aa", "mre", "paper_beta", "zi_c"};
    static const char *const markets[] = {"two_round", "continuous"};

    for (size_t m = 0; m < 2; m++)
        for (size_t s = 0; s < sizeof strategies / sizeof strategies[0]; s++) {
            char one[2048], two[2048];
            snprintf(one, sizeof one, VILLAGE("", "") "agents.strategy: %s\nmarket.mechanism: %s\n",
                     strategies[s], markets[m]);
            snprintf(two, sizeof two,
                     VILLAGE(", agents: {strategy: mix, mix: '%s 1'}",
                             ", agents.strategy: %s") "market.mechanism: %s\n",
                     strategies[s], strategies[s], markets[m]);
            struct gb_record *a = run_text(one), *b = run_text(two);
            EXPECT(a && b && tables_are_equal(a, b, GB_TABLE_ORDERS) &&
                   tables_are_equal(a, b, GB_TABLE_TRADES) &&
                   tables_are_equal(a, b, GB_TABLE_METERS));
            gb_record_free(a);
            gb_record_free(b);
        }
}

static void each_kind_follows_its_own_strategy_and_options(void)
{
    struct gb_record *record = run_text(VILLAGE(", agents: {strategy: fixed_shade, shade: 0.03}",
                                                ", agents: {strategy: truthful}"));
    size_t n, n_other = 0;
    const struct gb_order_row *orders = orders_of(record, &n);

    expect_strategies(record, 2, 3); /* truthful; fixed_shade */
    for (size_t i = 0; i < n; i++) {
        int64_t kept = orders[i].side == GB_BUY ? orders[i].reserve - orders[i].price
                                                : orders[i].price - orders[i].reserve;
        n_other += kept != (is_farm(orders[i].meter) ? 0 : 30000);
    }
    EXPECT_INT((int64_t)n_other, 0);
    gb_record_free(record);
}

static void all_kinds_of_one_strategy_need_no_other(void)
{
    struct gb_record *a = run_text(VILLAGE("", "") "agents.strategy: truthful\n");
    struct gb_record *b =
        run_text(VILLAGE(", agents.strategy: truthful", ", agents.strategy: truthful"));

    EXPECT(a && b && records_are_equal(a, b));
    gb_record_free(a);
    gb_record_free(b);
}

/* ---- traits */

static void the_strategy_of_a_kind_moves_no_draw_of_another(void)
{
    static const char *const of_flats[] = {
        "agents: {strategy: zi_c}", "agents: {traits: wide, beta: adaptive}",
        "agents: {reserve_buy: 0.5, source_preference: {solar: 1}}"};
    struct gb_record *a = run_text(VILLAGE("", "") "agents.beta: drawn\n");
    size_t n;
    const struct gb_order_row *orders = orders_of(a, &n);

    for (size_t s = 0; s < sizeof of_flats / sizeof of_flats[0]; s++) {
        char text[2048];
        snprintf(text, sizeof text, VILLAGE(", %s", "") "agents.beta: drawn\n", of_flats[s]);
        struct gb_record *b = run_text(text);
        size_t n_same = 0, n_others = 0, n_farms = 0, m;
        const struct gb_order_row *others = orders_of(b, &m);
        for (size_t i = 0; i < n; i++) {
            if (!is_farm(orders[i].meter))
                continue;
            n_farms++;
            for (size_t j = 0; j < m; j++)
                n_same += others[j].meter == orders[i].meter &&
                          others[j].interval == orders[i].interval &&
                          others[j].source == orders[i].source &&
                          others[j].side == orders[i].side && others[j].price == orders[i].price &&
                          others[j].reserve == orders[i].reserve &&
                          others[j].beta_millionths == orders[i].beta_millionths &&
                          others[j].sent_ns == orders[i].sent_ns &&
                          others[j].quantity_wh == orders[i].quantity_wh;
        }
        for (size_t j = 0; j < m; j++)
            n_others += is_farm(others[j].meter);
        EXPECT(n_farms > 100);
        EXPECT_INT((int64_t)n_same, (int64_t)n_farms);
        EXPECT_INT((int64_t)n_others, (int64_t)n_farms);
        gb_record_free(b);
    }
    gb_record_free(a);
}

static void reserves_that_are_given_are_declared(void)
{
    struct gb_record *record = run_text(
        VILLAGE(", agents: {reserve_buy: 0.5}",
                ", agents: {traits: wide, reserve_sell: 0.4}") "agents.reserve_sell: 0.35\n");
    size_t n, n_other = 0, n_drawn = 0;
    const struct gb_order_row *orders = orders_of(record, &n);

    for (size_t i = 0; i < n; i++) {
        bool buys = orders[i].side == GB_BUY, farms = is_farm(orders[i].meter);
        if (farms && buys)
            n_drawn += orders[i].reserve != 500000;
        else
            n_other += orders[i].reserve != (farms ? 400000 : buys ? 500000 : 350000);
    }
    EXPECT(n_drawn > 10);
    EXPECT_INT((int64_t)n_other, 0);
    gb_record_free(record);
}

static void orders_carry_the_factor_of_their_kind(void)
{
    struct gb_record *record = run_text(VILLAGE(
        ", market.beta: 0.25", ", agents: {beta: by_time, beta_by_time: '0:00 0.1, 12:00 0.6'}"));
    size_t n, n_other = 0;
    const struct gb_order_row *orders = orders_of(record, &n);

    for (size_t i = 0; i < n; i++)
        n_other += orders[i].beta_millionths != (!is_farm(orders[i].meter) ? 250000
                                                 : orders[i].interval < 48 ? 100000
                                                                           : 600000);
    EXPECT_INT((int64_t)n_other, 0);
    gb_record_free(record);
}

#define WIDE "market.beta: 0.3\nagents.traits: wide\n" /* most trades are of round 2 */

/* An order with the market's factor of its own trades as one without. */
static void the_factor_of_the_market_is_what_kinds_may_say_themselves(void)
{
    struct gb_record *a = run_text(VILLAGE("", "") WIDE);
    struct gb_record *b = run_text(VILLAGE(", market.beta: 0.3", "") WIDE);
    struct gb_record *c = run_text(VILLAGE(", market.beta: 0.9", "") WIDE);

    EXPECT(a && b && tables_are_equal(a, b, GB_TABLE_TRADES) &&
           tables_are_equal(a, b, GB_TABLE_USERS));
    EXPECT(a && c && !tables_are_equal(a, c, GB_TABLE_TRADES));
    gb_record_free(a);
    gb_record_free(b);
    gb_record_free(c);
}

static void a_kind_adapts_alone(void)
{
    struct gb_record *record =
        run_text(VILLAGE("", ", agents: {beta: adaptive, beta_first: 0.4, beta_up: 0.2}"));
    size_t n, n_changed = 0, n_other = 0;
    const struct gb_order_row *orders = orders_of(record, &n);

    for (size_t i = 0; i < n; i++)
        if (is_farm(orders[i].meter))
            n_changed += orders[i].beta_millionths != 400000;
        else
            n_other += orders[i].beta_millionths != -1; /* the market's */
    EXPECT(n_changed > 100);
    EXPECT_INT((int64_t)n_other, 0);
    gb_record_free(record);
}

/* ---- stored, varied, refused */

#define TOLD                                                                     \
    VILLAGE(", agents: {strategy: mix, mix: 'zip 0.5, gdx 0.5', gdx.memory: 7}", \
            ", agents: {strategy: fixed_shade, reserve_sell: 0.4}, market.beta: 0.2")

static void what_is_stored_of_agents_runs_again_to_the_same_rows(void)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario, *again = NULL;
    struct gb_record *a = run_text(TOLD), *b = NULL;
    char said[4096], *text = NULL, value[128];
    struct gb_error err = {0};

    scenario = scenario_of_text(PATH, TOLD, said, sizeof said);
    EXPECT_INT(gb_scenario_text(scenario, &text, &err), GB_OK);
    EXPECT(strstr(text, "  flat.agents.gdx.memory: 7\n") &&
           strstr(text, "  farm.market.beta: 0.2\n") && !strstr(text, "farm.agents.shade"));
    EXPECT_INT(gb_scenario_parse(&again, NULL, text, "stored", diagnostics, &err), GB_OK);
    if (EXPECT(again))
        EXPECT_INT(gb_run_trial(again, &(struct gb_run_options){0}, &b, &err), GB_OK);
    EXPECT(a && b && records_are_equal(a, b));
    /* what a kind does not give is the scenario's, or the default of a strategy that this has not
     */
    EXPECT_TEXT(gb_scenario_value(scenario, "households.farm.agents.shade", value, sizeof value),
                "0.05");
    EXPECT_INT(scenario_set(scenario, "agents.strategy", "fixed_shade", &err), GB_OK);
    EXPECT_INT(scenario_set(scenario, "agents.shade", "0.07", &err), GB_OK);
    EXPECT_TEXT(gb_scenario_value(scenario, "households.farm.agents.shade", value, sizeof value),
                "0.07");
    EXPECT(gb_scenario_reads(scenario, "households.farm.agents.shade"));
    EXPECT(!gb_scenario_reads(scenario, "households.farm.agents.gdx.memory"));
    EXPECT_INT(scenario_set(scenario, "households.farm.agents.strategy", "zip", &err), GB_OK);
    EXPECT(!gb_scenario_reads(scenario, "households.farm.agents.shade"));
    gb_record_free(a);
    gb_record_free(b);
    free(text);
    gb_scenario_free(scenario);
    gb_scenario_free(again);
    gb_diagnostics_free(diagnostics);
}

static void keys_of_agents_are_named_with_what_they_would_be(void)
{
    char said[4096], *text = NULL;
    struct gb_scenario *scenario = scenario_of_text(PATH, TOLD, said, sizeof said);
    struct gb_error err = {0};

    EXPECT_INT(gb_scenario_overrides(scenario, &text, &err), GB_OK);
    /* options of a strategy that the scenario has not: their defaults */
    EXPECT(text && strstr(text, "households.flat.agents.mix zip 0.5, gdx 0.5 (paper_beta 1)"));
    EXPECT(text && strstr(text, "households.flat.agents.gdx.memory 7 (5)"));
    EXPECT(text && strstr(text, "households.farm.agents.strategy fixed_shade (paper_beta)"));
    EXPECT(text && strstr(text, "households.farm.market.beta 0.2 (market)"));
    free(text);
    EXPECT_INT(scenario_set(scenario, "agents.strategy", "gdx", &err), GB_OK);
    EXPECT_INT(scenario_set(scenario, "agents.gdx.memory", "9", &err), GB_OK);
    EXPECT_INT(gb_scenario_overrides(scenario, &text, &err), GB_OK);
    EXPECT(text && strstr(text, "households.flat.agents.gdx.memory 7 (9)"));
    free(text);
    gb_scenario_free(scenario);
}

static void a_sweep_varies_the_agents_of_kinds(void)
{
    struct gb_sweep *sweep = sweep_of_texts(
        PATH, TOLD, "test_village_agents_sweep.yaml",
        "format: 1\nscenario: " PATH "\nvary:\n  households.flat.agents.gdx.memory: [3, 9]\n"
        "  households.farm.market.beta: [0.1, 0.5]\n  households.farm.agents.strategy: [zip, aa]\n",
        2);
    struct gb_sweep *stored = sweep ? sweep_as_stored("test_village_agents_sweep", sweep) : NULL;

    if (EXPECT(sweep && stored))
        EXPECT_INT((int64_t)gb_sweep_n_trials(stored), 2 * 2 * 2 * 2);
    gb_sweep_free(sweep);
    gb_sweep_free(stored);
}

static void wrong_agents_of_kinds_are_named_with_their_places(void)
{
    static const struct {
        const char *of, *said;
    } cases[] = {
        {"agents: {strategy: zip, shade: 0.1}",
         ":2:59: households.a.agents.shade: it is an option of the strategy fixed_shade or mix, and "
         "the agents of this kind follow zip; nothing reads it beside that: remove it\n"},
        {"agents: {beta_low: 0.1}",
         ":2:47: 'households.a.agents.beta_low' is for households.a.agents.beta: drawn, and "
         "households.a.agents.beta is market; nothing reads it beside that: remove it\n"},
        {"agents: {beta: drawn, beta_low: 0.8, beta_high: 0.2}",
         ":2:60: households.a.agents.beta_low: it is above agents.beta_high of this kind\n"},
        {"agents: {strategy: mix, mix: 'zip 0.3'}",
         ":2:57: households.a.agents.mix: expected names of built-in strategies, once each, with "
         "shares above 0 that add up to 1, like `zip 0.5, zi_c 0.5`\n"},
        {"agents: {reserve_buy: 0.1}",
         ":2:50: households.a.agents.reserve_buy: expected a price from the lowest feed-in, 0.31, "
         "to the highest retail, 0.59, got 0.1\n"},
        {"agents: {balance: 3}", ":2:37: households.a.agents.balance: every kind of households has "
                                 "that of the scenario, agents.balance\n"},
        {"agents: {source_preference: {solar: 0.8, wind: 0.7}}",
         ":2:64: households.a.agents.source_preference.solar: the shares add up to 1.5, more than 1\n"},
        {"agents: {beta: drawn}, market.beta: 0.1",
         ":2:64: 'households.a.market.beta' is for households.a.agents.beta: market, and "
         "households.a.agents.beta is drawn; nothing reads it beside that: remove it\n"},
        {"market.beta: 0.2}}\nmarket: {mechanism: grid_only",
         ":2:41: households.a.market.beta: the mechanism grid_only has no re-quote factor\n"},
        {"agents: {strategy: plugin, plugin: none.so}",
         ":2:63: households.a.agents.plugin: cannot open the plug-in './none.so': No such file or "
         "directory\n"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[512], said[4096];
        bool is_open = strstr(cases[i].of, "}}\n") != NULL;
        snprintf(text, sizeof text, "format: 1\nhouseholds: {a: {count: 2, %s%s\n", cases[i].of,
                 is_open ? "}" : "}}");
        struct gb_scenario *scenario = scenario_of_text(PATH, text, said, sizeof said);
        EXPECT(!scenario);
        EXPECT_TEXT(said, cases[i].said);
        gb_scenario_free(scenario);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(kinds_that_follow_the_same_do_as_if_there_was_one_strategy),
        TAP(each_kind_follows_its_own_strategy_and_options),
        TAP(all_kinds_of_one_strategy_need_no_other),
        TAP(the_strategy_of_a_kind_moves_no_draw_of_another),
        TAP(reserves_that_are_given_are_declared),
        TAP(orders_carry_the_factor_of_their_kind),
        TAP(the_factor_of_the_market_is_what_kinds_may_say_themselves),
        TAP(a_kind_adapts_alone),
        TAP(what_is_stored_of_agents_runs_again_to_the_same_rows),
        TAP(keys_of_agents_are_named_with_what_they_would_be),
        TAP(a_sweep_varies_the_agents_of_kinds),
        TAP(wrong_agents_of_kinds_are_named_with_their_places),
        {0},
    };

    return tap_main("village_agents", tests);
}
