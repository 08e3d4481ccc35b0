/* Guards that are seen to fire: every identity that a run asserts at its end, and every part of the
 * check of the contracts' books, in a run that is sound but for one unit, one Wh or one reading. A
 * guard that cannot fire protects nothing. The safety oracle of consensus has its conflicting
 * certificates in test_pbft. */
#include "experiments/run/run_priv.h"

#include <stdlib.h>
#include <string.h>

#include "chain/contracts/state_priv.h"
#include "experiments/scenario/diagnostics.h"
#include "tests/tap.h"

static struct gb_scenario *scenario;
static const struct gb_run_options options;

static enum gb_status drop_row(void *context, enum gb_table table, const void *row,
                               struct gb_error *err)
{
    (void)context, (void)table, (void)row, (void)err;
    return GB_OK;
}

static const struct gb_row_sink nowhere = {GB_OUTPUT_SUMMARY, drop_row, NULL};

static enum gb_status check(const struct gb_run *run, struct gb_error *err)
{
    struct gb_run_view view = gb_run_view_of(run);

    return gb_run_check_invariants(&view, &run->summary, err);
}

/* A run of a village morning that is over and not yet checked. */
static struct gb_run *play(const char *const *settings, size_t n)
{
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_run *run = NULL;
    struct gb_error err = {0};

    EXPECT_INT(gb_scenario_defaults(&scenario, NULL, n, settings, diagnostics, &err), GB_OK);
    EXPECT_INT(gb_run_create(&run, scenario, &options, &nowhere, &err), GB_OK);
    EXPECT_INT(gb_run_play(run, &err), GB_OK);
    EXPECT_INT(check(run, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    gb_diagnostics_free(diagnostics);
    return run;
}

static void end(struct gb_run *run)
{
    gb_run_free(run);
    gb_scenario_free(scenario);
}

static void expect_broken(struct gb_run *run, const char *words)
{
    struct gb_error err = {0};

    EXPECT_INT(check(run, &err), GB_EBROKEN);
    if (!EXPECT(strstr(err.text, words) != NULL))
        tap_note("wanted '%s', got '%s'", words, err.text);
}

/* With `delta` more at a place the check fails with these words; without it, it holds again. */
static void expect_guard(struct gb_run *run, int64_t *place, int64_t delta, const char *words)
{
    struct gb_error err = {0};

    *place += delta;
    expect_broken(run, words);
    *place -= delta;
    EXPECT_INT(check(run, &err), GB_OK);
}

static struct gb_contracts *contracts_of(struct gb_run *run)
{
    return (struct gb_contracts *)gb_run_gateway_contracts(
        run->gateway); /* to break it on purpose */
}

static const char *const morning[] = {"meters.count=12",        "meters.prosumer_share=0.5",
                                      "meters.storage_share=0", "slots=48",
                                      "chain.protocol=ideal",   "forecast.kind=perfect"};
enum { N_MORNING = sizeof morning / sizeof morning[0] };

static void the_check_of_the_books_misses_no_unit_and_no_wh(void)
{
    struct gb_run *run = play(morning, N_MORNING);
    struct gb_accounts *accounts = &contracts_of(run)->accounts;
    struct gb_user_accounts *user = &accounts->users[3];
    int64_t *import_wh = &contracts_of(run)->registers.meters[3].registers.import_wh;

    expect_guard(run, &user->balance, 1, "all accounts sum to");
    expect_guard(run, &user->grid, -1, "all accounts sum to");
    expect_guard(run, &accounts->grid_units, 1, "all accounts sum to");
    expect_guard(run, &accounts->operator_units, -1, "all accounts sum to");
    expect_guard(run, &user->billed_wh, 1, "meter 3: its bills differ by -1 Wh");
    expect_guard(run, import_wh, -1, "meter 3: its bills differ by -1 Wh");

    user->balance--; /* the sum is right, the escrow is for nothing */
    user->escrow++;
    expect_broken(run, "the escrow of meter 3 differs by 1 units");
    user->balance++;
    user->escrow--;
    int64_t more = user->balance + 1; /* the sum is right, what was spent was not there */
    user->balance -= more;
    user->grid += more;
    expect_broken(run, "neither can be negative");
    user->balance += more;
    user->grid -= more;
    end(run);
}

static void the_identities_of_a_run_miss_no_unit_and_no_wh(void)
{
    struct gb_run *run = play(morning, N_MORNING);
    struct gb_summary_row *sum = &run->summary;
    struct gb_run_user *user = &run->accounts.users.at[3];

    EXPECT(sum->traded_wh > 0);
    expect_guard(run, &contracts_of(run)->registers.meters[3].last_interval, -1,
                 "the last reading of meter 3");
    expect_guard(run, &user->cost, 1, "meter 3 paid");
    expect_guard(run, &user->billed_wh, 1, "the net of meter 3 is");
    expect_guard(run, &run->metering.registers.at[3].export_wh, 1, "the net of meter 3 is");
    expect_guard(run, &sum->buyers_cost, 1, "buyers, sellers and zero cells add up to");
    expect_guard(run, &sum->sellers_revenue_grid_only, 1, "buyers, sellers and zero cells");
    expect_guard(run, &sum->zero_cost, -1, "buyers, sellers and zero cells add up to");
    expect_guard(run, &sum->imbalance_short_wh, 1, "with a perfect forecast there are imbalances");
    expect_guard(run, &user->tariff_cost, 1, "the bills of meter 3 differ by");
    expect_guard(run, &sum->tariff_cost, 1, "the same energy costs");
    expect_guard(run, &sum->traded_wh, 1, "x traded energy is");
    expect_guard(run, &sum->bought_at_retail, 1, "x traded energy is");
    expect_guard(run, &sum->imbalance_long_cost, 1, "the market saves");
    expect_guard(run, &sum->operator_balance, 1, "the market saves");
    expect_guard(run, &sum->saving, sum->saving_ceiling - sum->saving + 1, "exceeds its ceiling");
    expect_guard(run, &sum->utility_margin_lost, 1, "the utility loses");
    expect_guard(run, &run->kpis.counted.operator_units, 1, "the operator kept");
    end(run);
}

/* What users paid and the operator kept in the warm-up stands on the ledger like all else. */
static void the_identities_hold_over_warm_up_and_what_is_counted_together(void)
{
    const char *settings[N_MORNING + 2] = {"warm_up=1 d", "slot=2 h"};

    memcpy(settings + 2, morning, sizeof morning);
    struct gb_run *run = play(settings, N_MORNING + 2);
    if (EXPECT(run->accounts.warm_up_users.at != NULL)) {
        struct gb_run_user *user = &run->accounts.warm_up_users.at[3];

        EXPECT(user->cost != 0 && user->billed_wh != 0);
        expect_guard(run, &user->cost, 1, "meter 3 paid");
        expect_guard(run, &user->billed_wh, 1, "the net of meter 3 is");
        expect_guard(run, &run->kpis.warm_up.operator_units, 1, "the operator kept");
    }
    end(run);
}

static void who_did_not_trade_pays_what_it_pays_without_a_market(void)
{
    const char *settings[N_MORNING + 1] = {"market.mechanism=grid_only"};

    memcpy(settings + 1, morning, sizeof morning);
    struct gb_run *run = play(settings, N_MORNING + 1);
    expect_guard(run, &run->accounts.users.at[5].buyer_cost_grid_only, 1,
                 "meter 5 did not trade and pays");
    end(run);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_check_of_the_books_misses_no_unit_and_no_wh),
        TAP(the_identities_of_a_run_miss_no_unit_and_no_wh),
        TAP(the_identities_hold_over_warm_up_and_what_is_counted_together),
        TAP(who_did_not_trade_pays_what_it_pays_without_a_market),
        {0}};
    return tap_main("guards", tests);
}
