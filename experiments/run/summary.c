#include "experiments/run/summary.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics.h"

static double ratio(double numerator, double denominator)
{
    return denominator != 0 ? numerator / denominator : NAN;
}

static void summarise_prices(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    const struct gb_tariff *tariff = &run->env->scenario->market.tariff;
    double wh = (double)sum->traded_wh, ticks = (double)GB_TICKS_PER_CURRENCY;

    sum->price_mean = gb_weighted_tally_mean(&run->kpis->price) / ticks;
    sum->price_sd = gb_weighted_tally_sd(&run->kpis->price) / ticks;
    sum->price_p10 = gb_histogram_quantile(run->kpis->prices, 10) / ticks;
    sum->price_p90 = gb_histogram_quantile(run->kpis->prices, 90) / ticks;
    sum->surplus_limit = run->kpis->surplus_max / (double)GB_UNITS_PER_CURRENCY;
    sum->efficiency_reserves = ratio(run->kpis->surplus, run->kpis->surplus_max);
    sum->efficiency_grid =
        tariff->retail.ticks == tariff->feed_in.ticks ? NAN : ratio(wh, (double)sum->clearable_wh);
    sum->local_matching_ratio = ratio((double)run->kpis->matched_wh, (double)sum->matchable_wh);
    sum->contracted_ratio = ratio(wh, (double)sum->matchable_wh);
    sum->first_choice_share = ratio((double)run->kpis->first_choice_wh, (double)sum->chosen_wh);
}

static void summarise_energy(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    double load = (double)sum->load_wh;
    int64_t used_wh = sum->generation_wh - sum->export_wh; /* < 0: declared storage was exported */

    sum->self_sufficiency = 1 - ratio((double)(sum->import_wh + run->metering->initial_wh), load);
    sum->self_consumption = ratio((double)(used_wh > 0 ? used_wh : 0), (double)sum->generation_wh);
    sum->traded_self_sufficiency =
        1 -
        ratio((double)(sum->deficit_wh + run->metering->initial_wh - run->kpis->matched_wh), load);
}

/* ---- users */

static struct gb_user_row row_of(const struct gb_run_view *run, size_t i)
{
    const struct gb_run_user *user = &run->accounts->users[i];
    const struct gb_registers *shown = &run->metering->registers[i];
    int64_t generation_wh = shown->solar_wh + shown->wind_wh;
    struct gb_user_row row = {
        .meter = (uint32_t)i,
        .generation_wh = generation_wh,
        .load_wh = shown->import_wh - shown->export_wh + generation_wh + shown->discharge_wh -
                   shown->charge_wh,
        .import_wh = shown->import_wh,
        .export_wh = shown->export_wh,
        .bought_wh = user->bought_wh,
        .sold_wh = user->sold_wh,
        .bought_cost = user->paid,
        .sold_revenue = user->earned,
        .imbalance_short_wh = user->short_wh,
        .imbalance_long_wh = user->long_wh,
        .schedule_short_wh = user->schedule_short_wh,
        .schedule_long_wh = user->schedule_long_wh,
        .tariff_cost = user->tariff_cost,
        .imbalance_short_cost = gb_run_user_short_cost(run->env->scenario, user),
        .imbalance_long_cost = gb_run_user_long_cost(run->env->scenario, user),
        .schedule_cost = gb_run_user_schedule_cost(run->env->scenario, user),
        .cost = user->cost,
        .cost_grid_only = gb_run_user_cost_grid_only(user),
        .buyer_cost = user->buyer_cost,
        .buyer_cost_grid_only = user->buyer_cost_grid_only,
        .seller_revenue = user->seller_revenue,
        .seller_revenue_grid_only = user->seller_revenue_grid_only};

    for (size_t e = 0; e < run->env->scenario->n_entries; e++)
        if (run->env->scenario->entries[e].order.owner == i && row.name[0] == '\0')
            memcpy(row.name, run->env->scenario->entries[e].id, sizeof row.name);
    return row;
}

static void add_user(struct gb_summary_row *sum, const struct gb_user_row *row)
{
    sum->imbalance_short_wh += row->imbalance_short_wh;
    sum->imbalance_long_wh += row->imbalance_long_wh;
    sum->schedule_short_wh += row->schedule_short_wh;
    sum->schedule_long_wh += row->schedule_long_wh;
    sum->tariff_cost += row->tariff_cost;
    sum->imbalance_short_cost += row->imbalance_short_cost;
    sum->imbalance_long_cost += row->imbalance_long_cost;
    sum->schedule_cost += row->schedule_cost;
}

/* Stored at the end, the market's run minus the baseline, in the whole Wh that tables show. */
static int64_t terminal_wh(const struct gb_run_view *run, size_t battery)
{
    return llround(gb_run_assets_stored_wh(run->assets)[battery]) -
           llround(gb_run_assets_baseline_final_wh(run->assets)[battery]);
}

/* Who pays more than grid-only loses, unless what its battery holds more is worth that, valued at
 * the price that is kinder to it: it would lose at the other one as well. */
static void count_losers(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    const struct gb_tariff *tariff = &run->env->scenario->market.tariff;
    const uint32_t *battery_meters = gb_run_assets_battery_meters(run->assets);
    size_t n_batteries = gb_run_assets_n_batteries(run->assets), b = 0;

    for (size_t i = 0; i < run->env->n; i++) {
        int64_t loss =
            run->accounts->users[i].cost - gb_run_user_cost_grid_only(&run->accounts->users[i]);

        if (b < n_batteries && battery_meters[b] == i) {
            struct gb_energy more = {terminal_wh(run, b++)};

            sum->terminal_storage_wh += more.wh;
            loss -= gb_cost(more, more.wh > 0 ? tariff->retail : tariff->feed_in).units;
        }
        sum->n_users_losing += loss > 0;
    }
}

static enum gb_status summarise_fairness(const struct gb_run_view *run, struct gb_summary_row *sum,
                                         struct gb_error *err)
{
    double *values = malloc(run->env->n * sizeof *values);

    if (!values)
        return gb_fail(err, GB_ENOMEM, "no memory for the gains of %zu users", run->env->n);
    for (size_t i = 0; i < run->env->n; i++)
        values[i] = (double)(gb_run_user_cost_grid_only(&run->accounts->users[i]) -
                             run->accounts->users[i].cost);
    sum->gini = gb_gini(values, run->env->n);
    sum->jain = gb_jain(values, run->env->n);
    for (size_t i = 0; i < run->env->n; i++)
        values[i] = (double)run->accounts->users[i].cost;
    sum->gini_bills = gb_gini_of_any_sign(values, run->env->n);
    for (size_t i = 0; i < run->env->n; i++)
        values[i] = (double)gb_run_user_cost_grid_only(&run->accounts->users[i]);
    sum->gini_bills_grid_only = gb_gini_of_any_sign(values, run->env->n);
    free(values);
    return GB_OK;
}

static enum gb_status summarise_users(const struct gb_run_view *run, struct gb_record *record,
                                      struct gb_summary_row *sum, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && i < run->env->n; i++) {
        struct gb_user_row row = row_of(run, i);

        add_user(sum, &row);
        status = gb_record_append(record, GB_TABLE_USERS, &row, err);
    }
    if (status != GB_OK)
        return status;
    count_losers(run, sum);
    return summarise_fairness(run, sum, err);
}

static void summarise_money(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    double days = (double)run->env->n_slots * (double)run->env->slot_ns / (double)GB_NS_PER_DAY;

    sum->saving = sum->cost_grid_only - sum->cost;
    sum->saving_ceiling = sum->cost_grid_only - run->kpis->ceiling_cost;
    sum->saving_pct = 100 * ratio((double)sum->saving, fabs((double)sum->cost_grid_only));
    sum->buyers_saving_pct = 100 * ratio((double)(sum->buyers_cost_grid_only - sum->buyers_cost),
                                         (double)sum->buyers_cost_grid_only);
    sum->sellers_gain_pct =
        100 * ratio((double)(sum->sellers_revenue - sum->sellers_revenue_grid_only),
                    (double)sum->sellers_revenue_grid_only);
    sum->gain_per_user_day =
        (double)sum->saving / (double)GB_UNITS_PER_CURRENCY / (double)run->env->n / days;
    sum->operator_balance = gb_contracts_operator(gb_run_gateway_contracts(run->gateway)).units;
}

static void summarise_chain(const struct gb_run_view *run, struct gb_summary_row *sum)
{
    struct gb_chain_totals totals = gb_run_gateway_totals(run->gateway);
    double per_ms = (double)GB_NS_PER_MS;

    sum->n_blocks = (int64_t)totals.n_blocks;
    sum->n_transactions = (int64_t)totals.n_transactions;
    sum->n_messages = (int64_t)totals.n_messages;
    sum->n_bytes = (int64_t)totals.n_bytes;
    sum->n_pool_refusals = (int64_t)totals.n_refused;
    sum->n_resent = (int64_t)totals.n_resent;
    sum->latency_p50_ms = gb_histogram_quantile(run->kpis->latencies, 50) / per_ms;
    sum->latency_p95_ms = gb_histogram_quantile(run->kpis->latencies, 95) / per_ms;
    sum->latency_p99_ms = gb_histogram_quantile(run->kpis->latencies, 99) / per_ms;
    sum->block_interval_ms =
        run->kpis->block_intervals.count ? run->kpis->block_intervals.mean : NAN;
    sum->block_fill =
        ratio((double)totals.n_transactions,
              (double)totals.n_blocks * (double)run->env->scenario->block_max_transactions);
}

enum gb_status gb_run_summarise(const struct gb_run_view *run, uint64_t trial,
                                struct gb_record *record, struct gb_summary_row *sum,
                                struct gb_error *err)
{
    const struct gb_scenario *scenario = run->env->scenario;

    *sum = run->kpis->counts;
    sum->trial = trial;
    sum->seed = (uint64_t)scenario->seed;
    sum->replication = (uint32_t)scenario->replication;
    sum->slot_ns = run->env->slot_ns;
    sum->retail = scenario->market.tariff.retail.ticks;
    sum->feed_in = scenario->market.tariff.feed_in.ticks;
    sum->n_meters = (int64_t)run->env->n;
    sum->n_slots = run->env->n_slots;
    summarise_prices(run, sum);
    summarise_energy(run, sum);
    if (summarise_users(run, record, sum, err) != GB_OK)
        return GB_ENOMEM;
    summarise_money(run, sum);
    summarise_chain(run, sum);
    return gb_record_append(record, GB_TABLE_SUMMARY, sum, err);
}
