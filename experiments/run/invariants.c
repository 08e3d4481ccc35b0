#include "experiments/run/invariants.h"

#include <inttypes.h>

/* Every Wh that went through a meter is on the ledger, for the run ends with a flush. */
static enum gb_status check_readings(const struct gb_run_view *run, struct gb_error *err)
{
    for (uint32_t i = 0; i < run->env->n; i++) {
        int64_t last = gb_contracts_last_reading(gb_run_gateway_contracts(run->gateway), i);

        if (last == run->env->n_slots - 1)
            continue;
        if (gb_run_metering_check_gap(run->metering, i, err) != GB_OK)
            return GB_ECONFIG;
        return gb_fail(err, GB_EBROKEN,
                       "identity broken: the last reading of meter %" PRIu32
                       " on the ledger is that of slot %" PRId64 " of %" PRId64,
                       i, last, run->env->n_slots);
    }
    return GB_OK;
}

/* What a user paid by our books is what its accounts on the ledger lost. */
static enum gb_status check_users(const struct gb_run_view *run, struct gb_error *err)
{
    const struct gb_contracts *contracts = gb_run_gateway_contracts(run->gateway);

    for (uint32_t i = 0; i < run->env->n; i++) {
        int64_t billed = gb_run_user_total_cost(run->accounts, i),
                paid = run->env->scenario->balance.units -
                       gb_contracts_balance(contracts, i).units -
                       gb_contracts_escrow(contracts, i).units -
                       gb_contracts_grid_account(contracts, i).units;

        if (paid != billed)
            return gb_fail(err, GB_EBROKEN,
                           "identity broken: meter %" PRIu32 " paid %" PRId64
                           " (1e-9 currency) by its accounts and %" PRId64
                           " by its trades and bills",
                           i, paid, billed);
        if (gb_contracts_escrow(contracts, i).units != 0)
            return gb_fail(err, GB_EBROKEN,
                           "identity broken: meter %" PRIu32 " still has %" PRId64
                           " (1e-9 currency) in escrow",
                           i, gb_contracts_escrow(contracts, i).units);
    }
    return GB_OK;
}

/* What went through a user's meter was billed, and once. */
static enum gb_status check_bills(const struct gb_run_view *run, struct gb_error *err)
{
    for (size_t i = 0; i < run->env->n; i++) {
        int64_t net_wh =
            run->metering->registers.at[i].import_wh - run->metering->registers.at[i].export_wh;

        int64_t billed_wh = gb_run_user_total_billed_wh(run->accounts, i);

        if (billed_wh != net_wh)
            return gb_fail(err, GB_EBROKEN,
                           "identity broken: the net of meter %zu is %" PRId64
                           " Wh, its bills are about %" PRId64 " Wh",
                           i, net_wh, billed_wh);
    }
    return GB_OK;
}

static enum gb_status check_sides(const struct gb_run_view *run, const struct gb_summary_row *sum,
                                  struct gb_error *err)
{
    int64_t sides = sum->buyers_cost - sum->sellers_revenue + sum->zero_cost;
    int64_t sides_grid_only =
        sum->buyers_cost_grid_only - sum->sellers_revenue_grid_only + sum->zero_cost_grid_only;
    int64_t users = 0;

    for (size_t i = 0; i < run->env->n; i++)
        users += run->accounts->users.at[i].cost;
    if (sides != users || sides_grid_only != sum->cost_grid_only)
        return gb_fail(err, GB_EBROKEN,
                       "identity broken: buyers, sellers and zero cells add up to %" PRId64
                       " and %" PRId64 ", the community to %" PRId64 " and %" PRId64
                       " (1e-9 currency, market and grid-only)",
                       sides, sides_grid_only, users, sum->cost_grid_only);
    return GB_OK;
}

/* With a perfect forecast and every order whole on the ledger, everybody delivers what it said,
 * unless the community's connection, which agents do not expect, takes generation from it. Not to
 * the Wh where storage tracks what was traded: a battery that keeps the part of a Wh that no order
 * can hold is another one from then on. */
static enum gb_status check_forecast(const struct gb_run_view *run,
                                     const struct gb_summary_row *sum, struct gb_error *err)
{
    const struct gb_scenario *scenario = run->env->scenario;
    bool is_perfect = scenario->delivery != GB_DELIVERY_DECLARED &&
                      scenario->physics.weather.forecast.kind == GB_FORECAST_PERFECT &&
                      scenario->n_entries == 0 && !gb_run_assets_read_contracts(run->assets);
    bool is_whole = scenario->capacity_wh == 0 && scenario->min_quantity.wh <= 1 &&
                    sum->n_late == 0 && sum->n_refused == 0 && sum->cut_wh == 0 &&
                    sum->community_curtailed_wh == 0;

    if (is_perfect && is_whole &&
        (sum->imbalance_short_wh | sum->imbalance_long_wh | sum->schedule_short_wh |
         sum->schedule_long_wh) != 0)
        return gb_fail(err, GB_EBROKEN,
                       "identity broken: with a perfect forecast there are "
                       "imbalances of %" PRId64 " and %" PRId64 " Wh",
                       sum->imbalance_short_wh + sum->schedule_short_wh,
                       sum->imbalance_long_wh + sum->schedule_long_wh);
    return GB_OK;
}

/* What a schedule may cost a user beyond the tariff: nothing where there is none, or none was
 * missed; and it earns nothing where imbalance is no better than the tariff. */
static bool is_cost_of_schedule(const struct gb_run_view *run, size_t i)
{
    const struct gb_run_user_extras *extras = &run->accounts->users.extras[i];
    int64_t cost = gb_run_users_schedule_cost(&run->accounts->users, i);

    if (extras->schedule_short_wh == 0 && extras->schedule_long_wh == 0)
        return cost == 0;
    return run->env->scenario->unmatched_rule == GB_UNMATCHED_SCHEDULED &&
           (cost >= 0 || !gb_run_imbalance_is_dear(run->env));
}

/* Whatever was forecast and whatever imbalance costs, a user pays the tariff on its own metered
 * net, less what its trades gain on the tariff, and what it missed of them; with schedules also
 * what it missed of those. Who did not trade pays what it pays without a market. */
static enum gb_status check_causes(const struct gb_run_view *run, struct gb_error *err)
{
    bool has_schedules = run->env->scenario->unmatched_rule == GB_UNMATCHED_SCHEDULED;

    for (size_t i = 0; i < run->env->n; i++) {
        const struct gb_run_user *user = &run->accounts->users.at[i];
        const struct gb_run_user_trades *trades = &run->accounts->users.trades[i];
        const struct gb_run_user_extras *extras = &run->accounts->users.extras[i];
        int64_t grid_only = gb_run_user_cost_grid_only(user);

        if (!is_cost_of_schedule(run, i))
            return gb_fail(err, GB_EBROKEN,
                           "identity broken: the bills of meter %zu differ by %" PRId64
                           " (1e-9 currency) from the tariff, its trades and what it "
                           "missed of them",
                           i, gb_run_users_schedule_cost(&run->accounts->users, i));
        if (!has_schedules && !run->accounts->energy_differs && trades->bought_wh == 0 &&
            trades->sold_wh == 0 && user->cost != grid_only + extras->fees + extras->gap_difference)
            return gb_fail(err, GB_EBROKEN,
                           "identity broken: meter %zu did not trade and pays %" PRId64 ", %" PRId64
                           " (1e-9 currency) without a market",
                           i, user->cost, grid_only);
    }
    return GB_OK;
}

/* Under one tariff for all what was traded is worth its energy times the difference of both prices.
 */
static enum gb_status check_traded(const struct gb_run_view *run, const struct gb_summary_row *sum,
                                   struct gb_error *err)
{
    const struct gb_tariff *tariff = &run->env->scenario->market.tariff;
    int64_t worth = sum->bought_at_retail - sum->sold_at_feed_in;
    int64_t expected = sum->traded_wh * (tariff->retail.ticks - tariff->feed_in.ticks);

    if (run->env->scenario->tariffs || worth == expected)
        return GB_OK;
    return gb_fail(err, GB_EBROKEN,
                   "identity broken: (retail - feed-in) x traded energy is %" PRId64
                   ", the buyers' retail less the sellers' feed-in %" PRId64 " (1e-9 currency)",
                   expected, worth);
}

/* The same for the community, by the sums that a result shows; where storage was run as in the
 * baseline it is the saving. */
static enum gb_status check_gain(const struct gb_run_view *run, const struct gb_summary_row *sum,
                                 struct gb_error *err)
{
    int64_t gain = sum->bought_at_retail - sum->sold_at_feed_in - sum->imbalance_short_cost -
                   sum->imbalance_long_cost - sum->schedule_cost - sum->gap_difference -
                   sum->operator_balance - sum->network_fee_cost - sum->levy_cost;

    if (!run->accounts->energy_differs && sum->tariff_cost != sum->cost_grid_only)
        return gb_fail(err, GB_EBROKEN,
                       "identity broken: the same energy costs %" PRId64
                       " at the tariff in the market's run and %" PRId64 " in the baseline "
                       "(1e-9 currency)",
                       sum->tariff_cost, sum->cost_grid_only);
    if (sum->tariff_cost - sum->cost != gain)
        return gb_fail(err, GB_EBROKEN,
                       "identity broken: the market saves %" PRId64
                       ", traded energy at the buyers' retail less the sellers' feed-in - "
                       "imbalances - gaps - fees is %" PRId64 " (1e-9 currency)",
                       sum->tariff_cost - sum->cost, gain);
    return GB_OK;
}

/* Whose agents keep their fees of the prices that they take loses by no trade within its reserve,
 * whatever else it loses by. */
static enum gb_status check_trades(const struct gb_run_view *run, struct gb_error *err)
{
    const struct gb_scenario *scenario = run->env->scenario;

    if (run->accounts->n_at_a_loss == 0 || scenario->fees_kept == GB_FEES_IGNORED ||
        scenario->n_entries > 0 || run->kpis->n_beyond_reserve > 0)
        return GB_OK;
    return gb_fail(err, GB_EBROKEN,
                   "identity broken: %" PRId64
                   " trades within the reserves of both parties cost one "
                   "of them more than the grid",
                   run->accounts->n_at_a_loss);
}

/* What the operator keeps stands in its account, of the warm-up and of what is counted. */
static enum gb_status check_operator(const struct gb_run_view *run, struct gb_error *err)
{
    int64_t kept = run->kpis->counted.operator_units + run->kpis->warm_up.operator_units;
    int64_t stands = gb_contracts_operator(gb_run_gateway_contracts(run->gateway)).units;

    if (kept != stands)
        return gb_fail(err, GB_EBROKEN,
                       "identity broken: the operator kept %" PRId64 " of trades, its account "
                       "holds %" PRId64 " (1e-9 currency)",
                       kept, stands);
    return GB_OK;
}

/* What the utility loses is what users save and the operator takes. */
static enum gb_status check_utility(const struct gb_summary_row *sum, struct gb_error *err)
{
    if (sum->utility_margin_lost != sum->saving + sum->operator_balance)
        return gb_fail(err, GB_EBROKEN,
                       "identity broken: the utility loses %" PRId64
                       ", users save and the operator takes %" PRId64 " (1e-9 currency)",
                       sum->utility_margin_lost, sum->saving + sum->operator_balance);
    return GB_OK;
}

/* No market can save more than netting the whole community against the tariff, by whom that helps
 * most. */
static enum gb_status check_ceiling(const struct gb_run_view *run, const struct gb_summary_row *sum,
                                    struct gb_error *err)
{
    if (sum->saving <= sum->saving_ceiling || !gb_run_imbalance_is_dear(run->env) ||
        sum->gap_difference < 0)
        return GB_OK;
    return gb_fail(err, GB_EBROKEN,
                   "identity broken: the saving %" PRId64 " exceeds its ceiling %" PRId64
                   " (1e-9 currency)",
                   sum->saving, sum->saving_ceiling);
}

enum gb_status gb_run_check_invariants(const struct gb_run_view *run,
                                       const struct gb_summary_row *sum, struct gb_error *err)
{
    enum gb_status status = gb_contracts_check(gb_run_gateway_contracts(run->gateway), err);

    if (status == GB_OK)
        status = check_readings(run, err);
    if (status == GB_OK)
        status = check_users(run, err);
    if (status == GB_OK)
        status = check_bills(run, err);
    if (status == GB_OK)
        status = check_operator(run, err);
    if (status == GB_OK)
        status = check_sides(run, sum, err);
    if (status == GB_OK)
        status = check_forecast(run, sum, err);
    if (status == GB_OK)
        status = check_causes(run, err);
    if (status == GB_OK)
        status = check_traded(run, sum, err);
    if (status == GB_OK)
        status = check_trades(run, err);
    if (status == GB_OK)
        status = check_gain(run, sum, err);
    if (status == GB_OK)
        status = check_ceiling(run, sum, err);
    if (status == GB_OK)
        status = check_utility(sum, err);
    return status;
}
