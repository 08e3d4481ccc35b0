/* A campaign of random scenarios: Each run must end, with all that a run asserts of itself; a
 * second run gives the same bytes; its physics is that of an ideal market under the same weather;
 * ledgers with real signatures verify.
 *
 * GB_CAMPAIGN (how many scenarios) and GB_CAMPAIGN_FIRST (the number of the first) make it longer:
 * `make check-long`. A scenario that fails is named by its number and its settings. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "chain/ledger/ledger.h"
#include "chain/node/chain.h"
#include "experiments/run/run.h"
#include "tests/drawn_scenario.h"
#include "tests/runs.h"
#include "tests/tap.h"

enum { N_IN_CHECK = 240 };

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

/* Where physics moves in steps, a battery may charge a Wh in the last one so that the meter shows
 * no rounding (models/assets/meter_steps.c): of that Wh, a slot and meter, efficiency leaves less.
 */
static bool is_share_but_for_rounding(double value, const struct gb_summary_row *sum)
{
    double wh = (double)sum->n_slots * sum->n_meters;

    return EXPECT(isnan(value) ||
                  (value >= -1e-12 - wh / (double)sum->load_wh && value <= 1 + 1e-12));
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
    holds &= is_share_but_for_rounding(sum->self_sufficiency, sum);
    holds &= is_share_but_for_rounding(sum->traded_self_sufficiency, sum);
    holds &= is_share(sum->self_consumption) & is_share(sum->local_matching_ratio) &
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
    static const char *const nature[] = {"meters",      "slot",       "site",       "seed",
                                         "replication", "days",       "start_date", "pv",
                                         "storage",     "tariff",     "orders",     "market.books",
                                         "ev.",         "heat_pump.", "forecast",   "physics"};
    const char *settings[MAX_DRAWN_SETTINGS + 1] = {"chain.protocol=ideal"};
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

        /* cars and heat pumps may read prices; without a market these are the same */
        holds &= EXPECT_INT(a->load_wh - a->ev_wh - a->heat_pump_wh,
                            b->load_wh - b->ev_wh - b->heat_pump_wh);
        holds &= EXPECT_INT(a->baseline_ev_wh, b->baseline_ev_wh);
        holds &= EXPECT_INT(a->baseline_heat_pump_wh, b->baseline_heat_pump_wh);
        holds &= EXPECT_INT(a->baseline_heat_wh, b->baseline_heat_wh);
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

static void a_forecast_older_than_the_weather_is_refused_when_read(void)
{
    static const char *const far[] = {"market.open=8 h"};
    static const char *const known[] = {"market.open=8 h", "forecast.kind=perfect", "slots=2",
                                        NULL};
    struct gb_scenario *scenario = scenario_of(1, far);

    EXPECT(scenario == NULL);
    gb_scenario_free(scenario);
    gb_record_free(run_with(NULL, known));
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(every_random_scenario_runs_to_its_end_and_adds_up),
        TAP(a_forecast_older_than_the_weather_is_refused_when_read),
        {0}};
    return tap_main("campaign", tests);
}
