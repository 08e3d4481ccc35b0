#include "experiments/run/summary.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics.h"
#include "experiments/run/kind_rows.h"
#include "models/agents/by_kind.h"

#define SECONDS_PER_DAY 86400.0
#define DAYS_PER_YEAR 365.0

static double ratio(double numerator, double denominator)
{
    return denominator != 0 ? numerator / denominator : NAN;
}

static double currency_per_kwh(int64_t units, int64_t wh)
{
    double per_kwh = (double)GB_WH_PER_KWH / (double)GB_UNITS_PER_CURRENCY;

    return per_kwh * ratio((double)units, (double)wh);
}

static void summarise_prices(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    const struct gb_tariff *tariff = gb_run_widest_band(run->env);
    double wh = (double)sum->traded_wh, ticks = (double)GB_TICKS_PER_CURRENCY;

    sum->price_mean = gb_weighted_tally_mean(&run->kpis->counted.price) / ticks;
    sum->price_sd = gb_weighted_tally_sd(&run->kpis->counted.price) / ticks;
    sum->price_p10 = gb_histogram_quantile(run->kpis->counted.prices, 10) / ticks;
    sum->price_p90 = gb_histogram_quantile(run->kpis->counted.prices, 90) / ticks;
    sum->efficiency_grid =
        tariff->retail.ticks == tariff->feed_in.ticks ? NAN : ratio(wh, (double)sum->clearable_wh);
    sum->messages_per_trade =
        ratio((double)(sum->n_orders + sum->n_amendments), (double)sum->n_trades);
    sum->local_matching_ratio =
        ratio((double)run->kpis->counted.matched_wh, (double)sum->matchable_wh);
    sum->contracted_ratio = ratio(wh, (double)sum->matchable_wh);
    sum->first_choice_share =
        ratio((double)run->kpis->counted.first_choice_wh, (double)sum->chosen_wh);
}

/* What the most surplus of the orders sent came to: the chain let some of them through, and of what
 * those could gain the mechanism lost a part by trades beyond the equilibrium price, and the rest
 * by orders within it that did not trade. */
static void summarise_welfare(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    const struct gb_run_sums *kpis = &run->kpis->counted;
    double wh = (double)sum->traded_wh, per_unit = (double)GB_UNITS_PER_CURRENCY;
    double spread = (double)run->kpis->counted.spread_units;

    sum->buyers_surplus = kpis->buyers_surplus / per_unit;
    sum->sellers_surplus = (kpis->surplus - kpis->buyers_surplus - spread) / per_unit;
    sum->surplus_limit = kpis->surplus_max / per_unit;
    sum->surplus_limit_sent = kpis->surplus_max_sent / per_unit;
    sum->efficiency_reserves = ratio(kpis->surplus, kpis->surplus_max);
    sum->efficiency_chain = ratio(kpis->surplus_max, kpis->surplus_max_sent);
    sum->efficiency_total = ratio(kpis->surplus, kpis->surplus_max_sent);
    sum->extramarginal_loss = ratio(kpis->extramarginal, kpis->surplus_max);
    sum->missed_loss =
        ratio(kpis->surplus_max - kpis->surplus - kpis->extramarginal, kpis->surplus_max);
    sum->smith_alpha =
        100 * ratio(sqrt(ratio(kpis->off_equilibrium, wh)), fabs(ratio(kpis->at_equilibrium, wh)));
}

/* ---- energy */

/* Mean absolute change of net power over the steps between slots, kW/h. */
static double ramping(double sum_wh, const struct gb_run_environment *env)
{
    double hours = (double)env->slot_ns / (double)GB_NS_PER_HOUR;

    return ratio(sum_wh / (double)GB_WH_PER_KWH, (double)(gb_run_n_counted(env) - 1)) /
           (hours * hours);
}

static void summarise_peaks(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    double n_slots = (double)gb_run_n_counted(run->env);
    double peak = (double)sum->peak_import_wh, mean = (double)sum->import_wh / n_slots;
    double peak_alone = (double)sum->baseline_peak_import_wh;
    double mean_alone = (double)sum->baseline_import_wh / n_slots;

    sum->peak_to_average = ratio(peak, mean);
    sum->load_factor = ratio(mean, peak);
    sum->peak_to_average_grid_only = ratio(peak_alone, mean_alone);
    sum->load_factor_grid_only = ratio(mean_alone, peak_alone);
    sum->ramping = ramping(run->kpis->counted.ramp, run->env);
    sum->ramping_grid_only = ramping(run->kpis->counted.baseline_ramp, run->env);
}

static void summarise_carbon(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    double per_wh = run->env->scenario->grid_carbon / (double)GB_WH_PER_KWH;

    sum->carbon = per_wh * (double)sum->import_wh;
    sum->carbon_grid_only = per_wh * (double)sum->baseline_import_wh;
    sum->carbon_saved = sum->carbon_grid_only - sum->carbon;
}

static void summarise_energy(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    double load = (double)sum->load_wh;
    int64_t used_wh = sum->generation_wh - sum->export_wh; /* < 0: declared storage was exported */

    sum->self_sufficiency =
        1 - ratio((double)(sum->import_wh + run->metering->registers.initial_wh), load);
    sum->self_consumption = ratio((double)(used_wh > 0 ? used_wh : 0), (double)sum->generation_wh);
    sum->traded_self_sufficiency =
        1 - ratio((double)(sum->deficit_wh + run->metering->registers.initial_wh -
                           run->kpis->counted.matched_wh),
                  load);
}

/* ---- users */

/* The word of the flag: 0 where there is no mix, and in one those of the family from 1 on. */
static uint8_t followed_by(const struct gb_run_agents *agents, uint32_t meter)
{
    if (!agents->strategy->followed)
        return 0;
    uint8_t strategy = agents->strategy->followed(agents->state, agents->traits, meter);
    return strategy == GB_FOLLOWS_OUTSIDE ? 0 : (uint8_t)(1 + strategy);
}

/* Of what kind its home is, and what it owns, as far as nature is modelled. */
static void describe_home(const struct gb_run_assets *assets, struct gb_user_row *row)
{
    struct gb_home home;

    row->pv_kw = row->turbine_kw = row->battery_kwh = row->ev_kw = row->heat_pump_kw =
        row->yearly_kwh = NAN;
    if (!gb_run_assets_home(assets, row->meter, &home))
        return;
    row->pv_kw = home.pv_kw;
    row->turbine_kw = home.turbine_kw;
    row->battery_kwh = home.battery_kwh;
    row->ev_kw = home.ev_kw;
    row->heat_pump_kw = home.heat_pump_kw;
    row->yearly_kwh = home.yearly_kwh;
    if (home.kind[0] == '\0')
        return;
    snprintf(row->kind, sizeof row->kind, "%s", home.kind);
    if (home.name)
        snprintf(row->name, sizeof row->name, "%s", home.name);
    else
        snprintf(row->name, sizeof row->name, "%s %zu", home.kind, home.ordinal + 1);
}

/* Times that a battery could have been filled and emptied with what went into and out of it. */
static double full_cycles(int64_t charge_wh, int64_t discharge_wh, double capacity_kwh)
{
    return ratio((double)(charge_wh + discharge_wh), 2 * GB_WH_PER_KWH * capacity_kwh);
}

static struct gb_user_row row_of(const struct gb_run_view *run, size_t i)
{
    const struct gb_run_user *user = &run->accounts->users.at[i];
    const struct gb_run_user_trades *trades = &run->accounts->users.trades[i];
    const struct gb_run_user_extras *extras = &run->accounts->users.extras[i];
    const struct gb_registers shown = gb_run_registers_counted(&run->metering->registers, i);
    int64_t generation_wh = shown.solar_wh + shown.wind_wh;
    struct gb_user_row row = {.meter = (uint32_t)i,
                              .strategy = followed_by(run->agents, (uint32_t)i),
                              .generation_wh = generation_wh,
                              .curtailed_wh = extras->curtailed_wh,
                              .load_wh = shown.import_wh - shown.export_wh + generation_wh +
                                         shown.discharge_wh - shown.charge_wh,
                              .ev_wh = extras->ev_wh,
                              .ev_unserved_wh = extras->ev_unserved_wh,
                              .heat_pump_wh = extras->heat_pump_wh,
                              .heat_wh = extras->heat_wh,
                              .heat_unserved_wh = extras->heat_unserved_wh,
                              .import_wh = shown.import_wh,
                              .export_wh = shown.export_wh,
                              .charge_wh = shown.charge_wh,
                              .discharge_wh = shown.discharge_wh,
                              .storage_wear_cost =
                                  gb_cost((struct gb_energy){shown.charge_wh + shown.discharge_wh},
                                          gb_run_assets_wear(run->assets, i))
                                      .units,
                              .bought_wh = trades->bought_wh,
                              .sold_wh = trades->sold_wh,
                              .bought_cost = trades->paid,
                              .sold_revenue = trades->earned,
                              .bought_at_retail = trades->bought_at_retail,
                              .sold_at_feed_in = trades->sold_at_feed_in,
                              .imbalance_short_wh = trades->short_wh,
                              .imbalance_long_wh = trades->long_wh,
                              .schedule_short_wh = extras->schedule_short_wh,
                              .schedule_long_wh = extras->schedule_long_wh,
                              .tariff_cost = user->tariff_cost,
                              .imbalance_short_cost = trades->short_cost,
                              .imbalance_long_cost = trades->long_cost,
                              .schedule_cost = gb_run_users_schedule_cost(&run->accounts->users, i),
                              .fee_cost = extras->fees,
                              .network_fee_cost = extras->network_fees,
                              .levy_cost = extras->levies,
                              .market_fee_cost = extras->market_fees,
                              .gap_difference = extras->gap_difference,
                              .cost = user->cost,
                              .cost_grid_only = gb_run_user_cost_grid_only(user),
                              .buyer_cost = user->buyer_cost,
                              .buyer_cost_grid_only = user->buyer_cost_grid_only,
                              .seller_revenue = user->seller_revenue,
                              .seller_revenue_grid_only = user->seller_revenue_grid_only};

    for (size_t e = 0; e < run->env->scenario->n_entries; e++)
        if (run->env->scenario->entries[e].order.owner == i && row.name[0] == '\0')
            snprintf(row.name, sizeof row.name, "%s", run->env->scenario->entries[e].id);
    describe_home(run->assets, &row);
    row.full_cycles =
        row.battery_kwh > 0 ? full_cycles(row.charge_wh, row.discharge_wh, row.battery_kwh) : NAN;
    return row;
}

static void add_user(struct gb_summary_row *sum, const struct gb_user_row *row)
{
    sum->charge_wh += row->charge_wh;
    sum->discharge_wh += row->discharge_wh;
    sum->storage_wear_cost += row->storage_wear_cost;
    sum->imbalance_short_wh += row->imbalance_short_wh;
    sum->imbalance_long_wh += row->imbalance_long_wh;
    sum->schedule_short_wh += row->schedule_short_wh;
    sum->schedule_long_wh += row->schedule_long_wh;
    sum->bought_at_retail += row->bought_at_retail;
    sum->sold_at_feed_in += row->sold_at_feed_in;
    sum->gap_difference += row->gap_difference;
    sum->tariff_cost += row->tariff_cost;
    sum->imbalance_short_cost += row->imbalance_short_cost;
    sum->imbalance_long_cost += row->imbalance_long_cost;
    sum->schedule_cost += row->schedule_cost;
    sum->fee_cost += row->fee_cost;
    sum->network_fee_cost += row->network_fee_cost;
    sum->levy_cost += row->levy_cost;
    sum->market_fee_cost += row->market_fee_cost;
}

/* Stored at the end, the market's run minus the baseline, in the whole Wh that tables show; less
 * what that was when counting began. */
static int64_t terminal_wh(const struct gb_run_view *run, size_t battery)
{
    const int64_t *first_wh = run->metering->registers.first_wh;

    return llround(gb_run_assets_stored_wh(run->assets)[battery]) -
           llround(gb_run_assets_baseline_final_wh(run->assets)[battery]) -
           (first_wh ? first_wh[battery] : 0);
}

/* One who loses: by 1 % of all that it would pay and be paid with the grid alone, or by less. */
static void count_loser(struct gb_summary_row *sum, const struct gb_run_user *user, int64_t loss,
                        int64_t *n_beyond_1pct)
{
    int64_t flows = llabs(user->buyer_cost_grid_only) + llabs(user->seller_revenue_grid_only);

    sum->n_users_losing++;
    *n_beyond_1pct += (double)loss > 0.01 * (double)flows;
    if (loss > sum->worst_loss)
        sum->worst_loss = loss;
}

/* Who pays more than grid-only loses, unless what its battery holds more is worth that, valued at
 * the price that is kinder to it: it would lose at the other one as well. */
static void count_losers(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    const struct gb_tariff *tariff = gb_run_widest_band(run->env);
    const uint32_t *battery_meters = gb_run_assets_battery_meters(run->assets);
    size_t n_batteries = gb_run_assets_n_batteries(run->assets), b = 0;
    int64_t n_beyond_1pct = 0;

    for (size_t i = 0; i < run->env->n; i++) {
        int64_t loss = run->accounts->users.at[i].cost -
                       gb_run_user_cost_grid_only(&run->accounts->users.at[i]);

        if (b < n_batteries && battery_meters[b] == i) {
            struct gb_energy more = {terminal_wh(run, b++)};

            sum->terminal_storage_wh += more.wh;
            loss -= gb_cost(more, more.wh > 0 ? tariff->retail : tariff->feed_in).units;
        }
        if (loss > 0)
            count_loser(sum, &run->accounts->users.at[i], loss, &n_beyond_1pct);
    }
    sum->losing_share = ratio((double)sum->n_users_losing, (double)run->env->n);
    sum->losing_1pct_share = ratio((double)n_beyond_1pct, (double)run->env->n);
}

static enum gb_status summarise_fairness(const struct gb_run_view *run, struct gb_summary_row *sum,
                                         struct gb_error *err)
{
    double *values = malloc(run->env->n * sizeof *values);

    if (!values)
        return gb_fail(err, GB_ENOMEM, "no memory for the gains of %zu users", run->env->n);
    for (size_t i = 0; i < run->env->n; i++)
        values[i] = (double)(gb_run_user_cost_grid_only(&run->accounts->users.at[i]) -
                             run->accounts->users.at[i].cost);
    sum->gini = gb_gini(values, run->env->n);
    sum->jain = gb_jain(values, run->env->n);
    for (size_t i = 0; i < run->env->n; i++)
        values[i] = (double)run->accounts->users.at[i].cost;
    sum->gini_bills = gb_gini_of_any_sign(values, run->env->n);
    for (size_t i = 0; i < run->env->n; i++)
        values[i] = (double)gb_run_user_cost_grid_only(&run->accounts->users.at[i]);
    sum->gini_bills_grid_only = gb_gini_of_any_sign(values, run->env->n);
    free(values);
    return GB_OK;
}

/* Sum of squared shares: 1 where one has all, 1/n where n have the same. */
static double concentration(const struct gb_run_user_trades *users, size_t n, bool is_of_sellers)
{
    double sum = 0, squares = 0;

    for (size_t i = 0; i < n; i++) {
        double wh = (double)(is_of_sellers ? users[i].sold_wh : users[i].bought_wh);

        sum += wh;
        squares += wh * wh;
    }
    return ratio(squares, sum * sum);
}

static void summarise_concentration(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    sum->hhi_sellers = concentration(run->accounts->users.trades, run->env->n, true);
    sum->hhi_buyers = concentration(run->accounts->users.trades, run->env->n, false);
    sum->effective_sellers = 1 / sum->hhi_sellers;
    sum->effective_buyers = 1 / sum->hhi_buyers;
}

/* What came of doing otherwise: on the bill, and by what its trades were worth to it itself. */
static void summarise_deviant(const struct gb_run_view *run, const struct gb_user_row *row,
                              struct gb_summary_row *sum)
{
    int64_t worth = run->accounts->users.extras[row->meter].own_worth;

    sum->deviant_gain = row->cost_grid_only - row->cost;
    sum->deviant_surplus = worth + row->sold_revenue - row->bought_cost;
    sum->deviant_wh = row->import_wh + row->export_wh;
}

static enum gb_status summarise_users(const struct gb_run_view *run, const struct gb_row_sink *sink,
                                      struct gb_summary_row *sum, struct gb_error *err)
{
    struct gb_run_kind_rows kinds = {.row = {.n_homes = 0}};
    enum gb_status status = GB_OK;
    double kwh = 0;

    for (size_t i = 0; status == GB_OK && i < run->env->n; i++) {
        struct gb_user_row row = row_of(run, i);

        kwh += row.battery_kwh > 0 ? row.battery_kwh : 0;
        add_user(sum, &row);
        if (i == run->agents->traits->deviant)
            summarise_deviant(run, &row, sum);
        status = gb_row_sink_append(sink, GB_TABLE_USERS, &row, err);
        if (status == GB_OK)
            status = gb_run_kind_rows_add(&kinds, &row, sink, err);
    }
    if (status == GB_OK)
        status = gb_run_kind_rows_end(&kinds, sink, err);
    if (status != GB_OK)
        return status;
    sum->full_cycles = full_cycles(sum->charge_wh, sum->discharge_wh, kwh);
    sum->deviant_gain_per_kwh = currency_per_kwh(sum->deviant_gain, sum->deviant_wh);
    sum->deviant_surplus_per_kwh = currency_per_kwh(sum->deviant_surplus, sum->deviant_wh);
    count_losers(run, sum);
    summarise_concentration(run, sum);
    return summarise_fairness(run, sum, err);
}

static void summarise_money(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    double days =
        (double)gb_run_n_counted(run->env) * (double)run->env->slot_ns / (double)GB_NS_PER_DAY;

    sum->saving = sum->cost_grid_only - sum->cost;
    sum->saving_ceiling = sum->cost_grid_only - run->kpis->counted.ceiling_cost;
    sum->saving_pct = 100 * ratio((double)sum->saving, fabs((double)sum->cost_grid_only));
    sum->buyers_saving_pct = 100 * ratio((double)(sum->buyers_cost_grid_only - sum->buyers_cost),
                                         fabs((double)sum->buyers_cost_grid_only));
    sum->sellers_gain_pct =
        100 * ratio((double)(sum->sellers_revenue - sum->sellers_revenue_grid_only),
                    fabs((double)sum->sellers_revenue_grid_only));
    sum->gain_per_user_day =
        (double)sum->saving / (double)GB_UNITS_PER_CURRENCY / (double)run->env->n / days;
    sum->operator_balance = run->kpis->counted.operator_units;
}

static void summarise_utility(struct gb_summary_row *sum)
{
    sum->utility_revenue_lost = sum->buyers_cost_grid_only - sum->utility_revenue;
    sum->utility_purchases_avoided = sum->sellers_revenue_grid_only - sum->utility_purchases;
    sum->utility_margin_lost = sum->utility_revenue_lost - sum->utility_purchases_avoided -
                               sum->network_fee_cost - sum->levy_cost;
}

/* The same gain means less to who needs more of the grid: per kWh of what each side would have
 * traded with it. */
static void summarise_sides(struct gb_summary_row *sum)
{
    sum->buyers_gain_per_kwh =
        currency_per_kwh(sum->buyers_cost_grid_only - sum->buyers_cost, sum->baseline_deficit_wh);
    sum->sellers_gain_per_kwh = currency_per_kwh(
        sum->sellers_revenue - sum->sellers_revenue_grid_only, sum->baseline_surplus_wh);
}

/* What the chain has done since counting began. */
static struct gb_chain_totals counted_totals(const struct gb_run_view *run)
{
    const struct gb_chain_totals *before = &run->kpis->before;
    struct gb_chain_totals totals = gb_run_gateway_totals(run->gateway);

    return (struct gb_chain_totals){.n_blocks = totals.n_blocks - before->n_blocks,
                                    .n_transactions =
                                        totals.n_transactions - before->n_transactions,
                                    .n_bytes = totals.n_bytes - before->n_bytes,
                                    .n_messages = totals.n_messages - before->n_messages,
                                    .n_refused = totals.n_refused - before->n_refused,
                                    .n_resent = totals.n_resent - before->n_resent};
}

static void summarise_chain(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    struct gb_chain_totals totals = counted_totals(run);
    double per_ms = (double)GB_NS_PER_MS;
    double days =
        (double)gb_run_n_counted(run->env) * (double)run->env->slot_ns / (double)GB_NS_PER_DAY;

    sum->n_blocks = (int64_t)totals.n_blocks;
    sum->n_transactions = (int64_t)totals.n_transactions;
    sum->n_messages = (int64_t)totals.n_messages;
    sum->n_bytes = (int64_t)totals.n_bytes;
    sum->n_pool_refusals = (int64_t)totals.n_refused;
    sum->n_resent = (int64_t)totals.n_resent;
    sum->latency_p50_ms = gb_histogram_quantile(run->kpis->counted.latencies, 50) / per_ms;
    sum->latency_p95_ms = gb_histogram_quantile(run->kpis->counted.latencies, 95) / per_ms;
    sum->latency_p99_ms = gb_histogram_quantile(run->kpis->counted.latencies, 99) / per_ms;
    sum->block_interval_ms =
        run->kpis->block_intervals.count ? run->kpis->block_intervals.mean : NAN;
    sum->block_fill =
        ratio((double)totals.n_transactions,
              (double)totals.n_blocks * (double)run->env->scenario->block_max_transactions);
    sum->transactions_per_block = ratio((double)totals.n_transactions, (double)totals.n_blocks);
    sum->orders_per_s = (double)sum->n_accepted / (days * SECONDS_PER_DAY);
    sum->ledger_growth = (double)totals.n_bytes / (double)run->env->n / days * DAYS_PER_YEAR;
}

enum gb_status gb_run_summarise(const struct gb_run_view *run, uint64_t trial,
                                const struct gb_row_sink *sink, struct gb_summary_row *sum,
                                struct gb_error *err)
{
    const struct gb_scenario *scenario = run->env->scenario;

    *sum = run->kpis->counted.counts;
    sum->trial = trial;
    sum->seed = (uint64_t)scenario->seed;
    sum->replication = (uint32_t)scenario->replication;
    sum->slot_ns = run->env->slot_ns;
    sum->retail = gb_run_widest_band(run->env)->retail.ticks;
    sum->feed_in = gb_run_widest_band(run->env)->feed_in.ticks;
    sum->retail_lowest = scenario->tariffs ? scenario->tariffs->lowest_retail.ticks : sum->retail;
    sum->feed_in_highest =
        scenario->tariffs ? scenario->tariffs->highest_feed_in.ticks : sum->feed_in;
    sum->n_meters = (int64_t)run->env->n;
    sum->n_slots = gb_run_n_counted(run->env);
    summarise_prices(run, sum);
    summarise_welfare(run, sum);
    summarise_energy(run, sum);
    summarise_peaks(run, sum);
    summarise_carbon(run, sum);
    enum gb_status status = summarise_users(run, sink, sum, err);
    if (status != GB_OK)
        return status;
    summarise_money(run, sum);
    summarise_utility(sum);
    summarise_sides(sum);
    summarise_chain(run, sum);
    return gb_row_sink_append(sink, GB_TABLE_SUMMARY, sum, err);
}
