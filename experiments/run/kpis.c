/* Accounts and the record: what an interval cost everybody once its bills are executed, and what a
 * whole run adds up to. Roles are those of the baseline's metered net, cell by cell. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/metrics.h"
#include "experiments/run/run_priv.h"

static double ratio(double numerator, double denominator)
{
    return denominator != 0 ? numerator / denominator : NAN;
}

/* ---- one interval */

static void close_cell(struct gb_run *run, struct live_interval *live, size_t meter)
{
    struct user_totals *user = &run->users[meter];
    struct gb_summary_row *sum = &run->summary;
    struct gb_energy baseline = {live->baseline_wh[meter]};
    int64_t cost = live->cash[meter];
    int64_t grid_only = gb_tariff_bill(&run->scenario->market.tariff, baseline).units;

    user->cost += cost;
    live->row.cost += cost;
    live->row.cost_grid_only += grid_only;
    if (baseline.wh > 0) {
        user->buyer_cost += cost;
        user->buyer_cost_grid_only += grid_only;
        sum->buyers_cost += cost;
        sum->buyers_cost_grid_only += grid_only;
    } else if (baseline.wh < 0) {
        user->seller_revenue -= cost;
        user->seller_revenue_grid_only -= grid_only;
        sum->sellers_revenue -= cost;
        sum->sellers_revenue_grid_only -= grid_only;
    } else {
        sum->zero_cost += cost;
        sum->zero_cost_grid_only += grid_only;
    }
}

static void append_orders(struct gb_run *run, const struct live_interval *live)
{
    for (size_t i = 0; i < live->n_orders; i++) {
        const struct sent_order *sent = &live->orders[i];
        const struct order_detail *detail = &live->details[i];
        const struct gb_order *order = &detail->order;
        struct gb_order_row row = {.interval = live->interval,
                                   .number = sent->number,
                                   .meter = order->owner,
                                   .side = order->side,
                                   .type = order->type,
                                   .source = order->source,
                                   .status = sent->receipt,
                                   .late_cause =
                                       gb_run_is_late(sent) ? sent->late_cause : GB_LATE_NOT,
                                   .n_again = sent->n_again,
                                   .quantity_wh = order->quantity.wh,
                                   .minimum_wh = order->minimum.wh,
                                   .price = order->price.ticks,
                                   .reserve = order->reserve.ticks,
                                   .beta_millionths = order->beta_millionths,
                                   .sent_ns = sent->sent_ns,
                                   .stable_ns = detail->stable_ns,
                                   .height = detail->position.height,
                                   .transaction = detail->position.transaction,
                                   .message = detail->position.message,
                                   .matched_wh = detail->matched.wh};

        gb_record_append(run->record, GB_TABLE_ORDERS, &row, &run->error);
    }
}

static enum gb_trade_state state_of(uint8_t trade_flags)
{
    return trade_flags & TRADE_IS_SETTLED ? GB_TRADE_SETTLED
           : trade_flags & TRADE_IS_VOID  ? GB_TRADE_VOID
                                          : GB_TRADE_PENDING;
}

static void append_trades(struct gb_run *run, const struct live_interval *live)
{
    for (size_t t = 0; t < live->n_trades; t++) {
        const struct gb_trade *trade = &live->trade_details[t].trade;
        struct gb_trade_row row = {.interval = live->interval,
                                   .number = (uint32_t)t,
                                   .round = trade->round,
                                   .seller = trade->seller,
                                   .buyer = trade->buyer,
                                   .sell_order = trade->sell_order,
                                   .buy_order = trade->buy_order,
                                   .source = trade->source,
                                   .status = state_of(live->trade_flags[t]),
                                   .energy_wh = trade->energy.wh,
                                   .executed_wh = live->trade_details[t].executed.wh,
                                   .price_buy = trade->price_buy.ticks,
                                   .price_sell = trade->price_sell.ticks,
                                   .settled_height = live->trade_details[t].settled_height};

        gb_record_append(run->record, GB_TABLE_TRADES, &row, &run->error);
    }
}

/* What settled trades moved locally: no more than the sellers among them fed in, nor than the
 * buyers drew. */
static int64_t matched_wh(const struct gb_run *run, const struct live_interval *live)
{
    int64_t delivered = 0, taken = 0;

    for (size_t i = 0; i < run->n; i++) {
        int64_t traded = live->traded_wh[i], net = live->net_wh[i];

        if (traded > 0 && net > 0)
            taken += traded < net ? traded : net;
        if (traded < 0 && net < 0)
            delivered -= traded > net ? traded : net;
    }
    return delivered < taken ? delivered : taken;
}

static void count_missed(struct gb_summary_row *sum, struct gb_slot_row *row,
                         const struct live_interval *live)
{
    int64_t *const by_cause[] = {&sum->n_missed_close_link,      &sum->n_missed_close_pool,
                                 &sum->n_missed_close_consensus, &sum->n_missed_close_refused,
                                 &sum->n_missed_open_link,       &sum->n_missed_open_pool,
                                 &sum->n_missed_open_refused};

    if (row->status == 0)
        return;
    sum->n_missed_slots++;
    row->missed_cause = live->missed_cause;
    if (live->missed_cause != GB_MISSED_NOT)
        (*by_cause[live->missed_cause - 1])++;
}

void gb_run_close_account(struct gb_run *run, struct live_interval *live)
{
    struct gb_slot_row *row = &live->row;
    struct gb_summary_row *sum = &run->summary;
    int64_t baseline = 0;

    for (size_t meter = 0; meter < run->n; meter++) {
        close_cell(run, live, meter);
        baseline += live->baseline_wh[meter];
    }
    row->status = live->status == INTERVAL_DELIVERED ? 0 : 1;
    count_missed(sum, row, live);
    row->price_mean =
        ratio((double)live->paid, (double)row->traded_wh * (double)GB_TICKS_PER_CURRENCY);
    run->matched_wh += matched_wh(run, live);
    sum->generation_wh += row->generation_wh;
    sum->load_wh += row->load_wh;
    sum->import_wh += row->import_wh;
    sum->export_wh += row->export_wh;
    *(baseline > 0 ? &sum->baseline_import_wh : &sum->baseline_export_wh) +=
        baseline > 0 ? baseline : -baseline;
    if (row->import_wh > sum->peak_import_wh)
        sum->peak_import_wh = row->import_wh;
    if (row->export_wh > sum->peak_export_wh)
        sum->peak_export_wh = row->export_wh;
    sum->cost += row->cost;
    sum->cost_grid_only += row->cost_grid_only;
    gb_record_append(run->record, GB_TABLE_SLOTS, row, &run->error);
    if (run->scenario->output_level >= GB_OUTPUT_MARKET) {
        append_orders(run, live);
        append_trades(run, live);
    }
    gb_run_append_meter_rows(run, live);
}

/* ---- the whole run */

static void summarise_prices(struct gb_run *run)
{
    const struct gb_tariff *tariff = &run->scenario->market.tariff;
    struct gb_summary_row *sum = &run->summary;
    double wh = (double)sum->traded_wh, ticks = (double)GB_TICKS_PER_CURRENCY;

    sum->price_mean = gb_weighted_tally_mean(&run->price) / ticks;
    sum->price_sd = gb_weighted_tally_sd(&run->price) / ticks;
    sum->price_p10 = gb_histogram_quantile(run->prices, 10) / ticks;
    sum->price_p90 = gb_histogram_quantile(run->prices, 90) / ticks;
    sum->surplus_limit = run->surplus_max / (double)GB_UNITS_PER_CURRENCY;
    sum->efficiency_reserves = ratio(run->surplus_got, run->surplus_max);
    sum->efficiency_grid =
        tariff->retail.ticks == tariff->feed_in.ticks ? NAN : ratio(wh, (double)sum->clearable_wh);
    sum->local_matching_ratio = ratio((double)run->matched_wh, (double)sum->matchable_wh);
    sum->contracted_ratio = ratio(wh, (double)sum->matchable_wh);
    sum->first_choice_share = ratio((double)run->first_choice_wh, (double)sum->chosen_wh);
}

static void summarise_energy(struct gb_run *run)
{
    struct gb_summary_row *sum = &run->summary;
    double load = (double)sum->load_wh;
    int64_t used_wh = sum->generation_wh - sum->export_wh; /* < 0: declared storage was exported */

    sum->self_sufficiency = 1 - ratio((double)(sum->import_wh + run->initial_wh), load);
    sum->self_consumption = ratio((double)(used_wh > 0 ? used_wh : 0), (double)sum->generation_wh);
    sum->traded_self_sufficiency =
        1 - ratio((double)(sum->deficit_wh + run->initial_wh - run->matched_wh), load);
}

/* ---- users */

static int64_t cost_grid_only_of(const struct user_totals *user)
{
    return user->buyer_cost_grid_only - user->seller_revenue_grid_only;
}

/* What a user's imbalances of trades cost beyond the tariff, 1e-9 currency. */
static int64_t short_cost(const struct gb_scenario *scenario, const struct user_totals *user)
{
    return user->short_wh *
           (scenario->imbalance_short.ticks - scenario->market.tariff.feed_in.ticks);
}

static int64_t long_cost(const struct gb_scenario *scenario, const struct user_totals *user)
{
    return user->long_wh * (scenario->market.tariff.retail.ticks - scenario->imbalance_long.ticks);
}

int64_t gb_run_schedule_cost(const struct gb_run *run, const struct user_totals *user)
{
    const struct gb_scenario *scenario = run->scenario;
    const struct gb_tariff *tariff = &scenario->market.tariff;
    int64_t bought_gain = user->bought_wh * tariff->retail.ticks - user->paid;
    int64_t sold_gain = user->earned - user->sold_wh * tariff->feed_in.ticks;

    return user->cost - user->tariff_cost + bought_gain + sold_gain - short_cost(scenario, user) -
           long_cost(scenario, user);
}

static struct gb_user_row row_of(const struct gb_run *run, size_t i)
{
    const struct user_totals *user = &run->users[i];
    const struct gb_registers *shown = &run->registers[i];
    int64_t generation_wh = shown->solar_wh + shown->wind_wh;
    struct gb_user_row row = {.meter = (uint32_t)i,
                              .generation_wh = generation_wh,
                              .load_wh = shown->import_wh - shown->export_wh + generation_wh +
                                         shown->discharge_wh - shown->charge_wh,
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
                              .imbalance_short_cost = short_cost(run->scenario, user),
                              .imbalance_long_cost = long_cost(run->scenario, user),
                              .schedule_cost = gb_run_schedule_cost(run, user),
                              .cost = user->cost,
                              .cost_grid_only = cost_grid_only_of(user),
                              .buyer_cost = user->buyer_cost,
                              .buyer_cost_grid_only = user->buyer_cost_grid_only,
                              .seller_revenue = user->seller_revenue,
                              .seller_revenue_grid_only = user->seller_revenue_grid_only};

    for (size_t e = 0; e < run->scenario->n_entries; e++)
        if (run->scenario->entries[e].order.owner == i && row.name[0] == '\0')
            memcpy(row.name, run->scenario->entries[e].id, sizeof row.name);
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
static int64_t terminal_wh(const struct gb_run *run, size_t battery)
{
    return llround(gb_meters_charge_wh(run->meters)[battery]) -
           llround(gb_meters_charge_wh(run->baseline)[battery]);
}

/* Who pays more than grid-only loses, unless what its battery holds more is worth that, valued at
 * the price that is kinder to it: it would lose at the other one as well. */
static void count_losers(struct gb_run *run)
{
    const struct gb_tariff *tariff = &run->scenario->market.tariff;
    size_t n_batteries = run->meters ? run->fleet->batteries.n : 0, b = 0;

    for (size_t i = 0; i < run->n; i++) {
        int64_t loss = run->users[i].cost - cost_grid_only_of(&run->users[i]);

        if (b < n_batteries && run->fleet->batteries.meter[b] == i) {
            struct gb_energy more = {terminal_wh(run, b++)};

            run->summary.terminal_storage_wh += more.wh;
            loss -= gb_cost(more, more.wh > 0 ? tariff->retail : tariff->feed_in).units;
        }
        run->summary.n_users_losing += loss > 0;
    }
}

static enum gb_status summarise_fairness(struct gb_run *run, struct gb_error *err)
{
    struct gb_summary_row *sum = &run->summary;
    double *values = malloc(run->n * sizeof *values);

    if (!values)
        return gb_fail(err, GB_ENOMEM, "no memory for the gains of %zu users", run->n);
    for (size_t i = 0; i < run->n; i++)
        values[i] = (double)(cost_grid_only_of(&run->users[i]) - run->users[i].cost);
    sum->gini = gb_gini(values, run->n);
    sum->jain = gb_jain(values, run->n);
    for (size_t i = 0; i < run->n; i++)
        values[i] = (double)run->users[i].cost;
    sum->gini_bills = gb_gini_of_any_sign(values, run->n);
    for (size_t i = 0; i < run->n; i++)
        values[i] = (double)cost_grid_only_of(&run->users[i]);
    sum->gini_bills_grid_only = gb_gini_of_any_sign(values, run->n);
    free(values);
    return GB_OK;
}

static enum gb_status summarise_users(struct gb_run *run, struct gb_error *err)
{
    enum gb_status status = GB_OK;

    for (size_t i = 0; status == GB_OK && i < run->n; i++) {
        struct gb_user_row row = row_of(run, i);

        add_user(&run->summary, &row);
        status = gb_record_append(run->record, GB_TABLE_USERS, &row, err);
    }
    if (status != GB_OK)
        return status;
    count_losers(run);
    return summarise_fairness(run, err);
}

static void summarise_money(struct gb_run *run)
{
    struct gb_summary_row *sum = &run->summary;
    double days = (double)run->n_slots * (double)run->slot_ns / (double)GB_NS_PER_DAY;

    sum->saving = sum->cost_grid_only - sum->cost;
    sum->saving_ceiling = sum->cost_grid_only - run->ceiling_cost;
    sum->saving_pct = 100 * ratio((double)sum->saving, fabs((double)sum->cost_grid_only));
    sum->buyers_saving_pct = 100 * ratio((double)(sum->buyers_cost_grid_only - sum->buyers_cost),
                                         (double)sum->buyers_cost_grid_only);
    sum->sellers_gain_pct =
        100 * ratio((double)(sum->sellers_revenue - sum->sellers_revenue_grid_only),
                    (double)sum->sellers_revenue_grid_only);
    sum->gain_per_user_day =
        (double)sum->saving / (double)GB_UNITS_PER_CURRENCY / (double)run->n / days;
    sum->operator_balance = gb_contracts_operator(run->protocol->contracts(run->chain)).units;
}

static void summarise_chain(struct gb_run *run)
{
    struct gb_summary_row *sum = &run->summary;
    struct gb_chain_totals totals = run->protocol->totals(run->chain);
    double per_ms = (double)GB_NS_PER_MS;

    sum->n_blocks = (int64_t)totals.n_blocks;
    sum->n_transactions = (int64_t)totals.n_transactions;
    sum->n_messages = (int64_t)totals.n_messages;
    sum->n_bytes = (int64_t)totals.n_bytes;
    sum->n_pool_refusals = (int64_t)totals.n_refused;
    sum->n_resent = (int64_t)totals.n_resent;
    sum->latency_p50_ms = gb_histogram_quantile(run->latencies, 50) / per_ms;
    sum->latency_p95_ms = gb_histogram_quantile(run->latencies, 95) / per_ms;
    sum->latency_p99_ms = gb_histogram_quantile(run->latencies, 99) / per_ms;
    sum->block_interval_ms = run->block_intervals.count ? run->block_intervals.mean : NAN;
    sum->block_fill =
        ratio((double)totals.n_transactions,
              (double)totals.n_blocks * (double)run->scenario->block_max_transactions);
}

enum gb_status gb_run_summarise(struct gb_run *run, struct gb_error *err)
{
    const struct gb_scenario *scenario = run->scenario;
    struct gb_summary_row *sum = &run->summary;

    sum->trial = run->options->trial;
    sum->seed = (uint64_t)scenario->seed;
    sum->replication = (uint32_t)scenario->replication;
    sum->slot_ns = run->slot_ns;
    sum->retail = scenario->market.tariff.retail.ticks;
    sum->feed_in = scenario->market.tariff.feed_in.ticks;
    sum->n_meters = (int64_t)run->n;
    sum->n_slots = run->n_slots;
    summarise_prices(run);
    summarise_energy(run);
    if (summarise_users(run, err) != GB_OK)
        return GB_ENOMEM;
    summarise_money(run);
    summarise_chain(run);
    return gb_record_append(run->record, GB_TABLE_SUMMARY, sum, err);
}
