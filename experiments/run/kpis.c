#include "experiments/run/kpis.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "experiments/run/ceiling.h"
#include "experiments/run/kpis_priv.h"
#include "experiments/run/metered.h"

static enum gb_status init_sums(struct gb_run_sums *sums, struct gb_error *err)
{
    enum gb_status status = gb_histogram_create(&sums->prices, err);

    return status == GB_OK ? gb_histogram_create(&sums->latencies, err) : status;
}

enum gb_status gb_run_kpis_init(struct gb_run_kpis *kpis, const struct gb_run_environment *env,
                                const struct gb_row_sink *sink, struct gb_error *err)
{
    *kpis = (struct gb_run_kpis){
        .env = env, .sink = sink, .last_sealed_ns = INT64_MIN, .has_begun = env->first_slot == 0};
    gb_tally_init(&kpis->block_intervals);
    enum gb_status status = init_sums(&kpis->counted, err);
    return status == GB_OK && env->first_slot > 0 ? init_sums(&kpis->warm_up, err) : status;
}

static void clear_sums(struct gb_run_sums *sums)
{
    gb_histogram_free(sums->prices);
    gb_histogram_free(sums->latencies);
}

void gb_run_kpis_clear(struct gb_run_kpis *kpis)
{
    clear_sums(&kpis->counted);
    clear_sums(&kpis->warm_up);
    free(kpis->rows);
    free(kpis->books);
    free(kpis->valuations);
    *kpis = (struct gb_run_kpis){0};
}

void gb_run_kpis_begin(struct gb_run_kpis *kpis, struct gb_chain_totals before)
{
    if (!kpis->has_begun)
        kpis->before = before;
    kpis->has_begun = true;
}

void gb_run_kpis_open(struct gb_run_kpis *kpis, size_t place, int64_t interval)
{
    if (gb_run_reach_place((void **)&kpis->rows, &kpis->n_places, place, sizeof *kpis->rows,
                           kpis->env->error))
        kpis->rows[place] = (struct gb_slot_row){
            .interval = interval - kpis->env->first_slot,
            .time_ns = gb_run_shown_ns(kpis->env, gb_run_start_ns(kpis->env, interval)),
            .retail = gb_run_band(kpis->env, interval)->retail.ticks,
            .feed_in = gb_run_band(kpis->env, interval)->feed_in.ticks,
            .utc_offset_s =
                gb_calendar_offset_s(&kpis->env->calendar, gb_run_start_ns(kpis->env, interval))};
    if (gb_run_reach_place((void **)&kpis->books, &kpis->n_books, place, sizeof *kpis->books,
                           kpis->env->error))
        kpis->books[place] = (struct gb_run_book){.equilibrium = NAN};
}

/* ---- orders of an interval */

static struct gb_run_book book_of(struct gb_run_kpis *kpis, const struct gb_interval_view *view)
{
    struct gb_valuation *items = gb_array_grow(kpis->valuations, &kpis->valuations_capacity,
                                               view->n_orders + 1, sizeof *items);
    size_t n = 0;

    if (!items) {
        gb_fail(kpis->env->error, GB_ENOMEM, "no memory for %zu orders", view->n_orders);
        return (struct gb_run_book){.equilibrium = NAN};
    }
    kpis->valuations = items;
    for (size_t i = 0; i < view->n_orders; i++)
        if (!view->withdrawn[i])
            items[n++] = (struct gb_valuation){view->orders[i].quantity.wh,
                                               view->orders[i].reserve.ticks, view->orders[i].side};
    struct gb_equilibrium equilibrium = gb_market_equilibrium(items, n);
    if (kpis->valuations_capacity > GB_RUN_KEPT_CAPACITY) {
        free(items);
        kpis->valuations = NULL;
        kpis->valuations_capacity = 0;
    }
    return (struct gb_run_book){equilibrium.price, equilibrium.surplus.units, n};
}

/* Those that were all accepted are the book's, whose surplus is known. */
void gb_run_kpis_sent_welfare(struct gb_run_kpis *kpis, size_t place, int64_t interval,
                              const struct gb_valuation *orders, size_t n, bool are_accepted)
{
    const struct gb_run_book *book = &kpis->books[place];
    int64_t surplus = are_accepted && n == book->n ? book->surplus
                                                   : gb_market_equilibrium(orders, n).surplus.units;

    gb_run_sums_of(kpis, interval)->surplus_max_sent += (double)surplus;
}

void gb_run_kpis_book(struct gb_run_kpis *kpis, size_t place, const struct gb_interval_view *view)
{
    struct gb_run_sums *sums = gb_run_sums_at(kpis, place);
    int64_t supply = 0, demand = 0;

    for (size_t i = 0; i < view->n_orders; i++) {
        const struct gb_order *order = &view->orders[i];

        if (view->withdrawn[i])
            continue;
        *(order->side == GB_BUY ? &demand : &supply) += order->quantity.wh;
        if (order->side == GB_BUY && order->source != GB_SOURCE_ANY)
            sums->counts.chosen_wh += order->quantity.wh;
    }
    kpis->rows[place].supply_wh = supply;
    kpis->rows[place].demand_wh = demand;
    kpis->books[place] = book_of(kpis, view);
    sums->surplus_max += (double)kpis->books[place].surplus;
    sums->counts.clearable_wh += supply < demand ? supply : demand;
}

/* ---- trades and bills */

void gb_run_kpis_matched(struct gb_run_kpis *kpis, size_t place, size_t n_trades)
{
    kpis->rows[place].n_trades = (int64_t)n_trades;
    gb_run_sums_at(kpis, place)->counts.n_trades += (int64_t)n_trades;
}

/* What a trade gains on reserves, and what of the most is lost by either order that the equilibrium
 * price would have left out. */
static void add_welfare(struct gb_run_sums *sums, double equilibrium, const struct gb_trade *trade,
                        const struct gb_run_reserves *reserves)
{
    double wh = (double)trade->energy.wh, price = (double)trade->price_buy.ticks;

    sums->surplus += wh * (double)(reserves->buyer - reserves->seller);
    sums->buyers_surplus += wh * ((double)reserves->buyer - price);
    if (trade->energy.wh == 0 || isnan(equilibrium))
        return;
    double buyer = equilibrium - (double)reserves->buyer;
    double seller = (double)reserves->seller - equilibrium;
    sums->extramarginal += wh * ((buyer > 0 ? buyer : 0) + (seller > 0 ? seller : 0));
    sums->off_equilibrium += wh * (price - equilibrium) * (price - equilibrium);
    sums->at_equilibrium += wh * equilibrium;
}

void gb_run_kpis_settled(struct gb_run_kpis *kpis, size_t place, const struct gb_trade *trade,
                         const struct gb_run_reserves *reserves, bool is_first_choice)
{
    struct gb_run_sums *sums = gb_run_sums_at(kpis, place);
    double wh = (double)trade->energy.wh;

    sums->counts.n_settled++;
    int64_t spread = gb_cost(trade->energy, trade->price_buy).units -
                     gb_cost(trade->energy, trade->price_sell).units;

    sums->spread_units += spread;
    sums->operator_units +=
        spread +
        gb_cost(trade->energy, gb_trade_fees_of_operator(&kpis->env->scenario->trade_fees)).units;
    sums->counts.traded_wh += trade->energy.wh;
    kpis->rows[place].traded_wh += trade->energy.wh;
    add_welfare(sums, kpis->books[place].equilibrium, trade, reserves);
    if (trade->energy.wh > 0) { /* as delivered, nothing may have moved */
        gb_weighted_tally_add(&sums->price, (double)trade->price_buy.ticks, wh);
        if (!gb_histogram_add(sums->prices, trade->price_buy.ticks, trade->energy.wh))
            gb_fail(kpis->env->error, GB_ENOMEM, "no memory for the prices of trades");
    }
    if (is_first_choice)
        sums->first_choice_wh += trade->energy.wh;
}

void gb_run_kpis_billed(struct gb_run_kpis *kpis, size_t place, int64_t revenue, int64_t purchases)
{
    struct gb_run_sums *sums = gb_run_sums_at(kpis, place);

    sums->counts.utility_revenue += revenue;
    sums->counts.utility_purchases += purchases;
}

void gb_run_kpis_voided(struct gb_run_kpis *kpis, size_t place, bool by_consensus)
{
    gb_run_sums_at(kpis, place)->counts.n_voided++;
    gb_run_sums_at(kpis, place)->counts.n_voided_consensus += by_consensus;
}

void gb_run_kpis_gap(struct gb_run_kpis *kpis, size_t place, int64_t units)
{
    gb_run_sums_at(kpis, place)->counts.gap_cost += units;
    gb_run_sums_at(kpis, place)->counts.n_unread++;
}

/* ---- slots and blocks */

static void add_ramp(double *ramp, int64_t *last_wh, int64_t *n_slots, int64_t net_wh)
{
    if (*n_slots > 0)
        *ramp += fabs((double)(net_wh - *last_wh));
    *last_wh = net_wh;
    (*n_slots)++;
}

/* What the limits of the community did, in its slot and over the run. */
static void baseline_community(struct gb_summary_row *sum, struct gb_slot_row *row,
                               const struct gb_community_flow *flow)
{
    row->baseline_community_curtailed_wh = flow->curtailed_wh;
    row->baseline_overload_import_wh = flow->overload_import_wh;
    row->baseline_overload_export_wh = flow->overload_export_wh;
    sum->baseline_community_curtailed_wh += flow->curtailed_wh;
    sum->baseline_overload_import_wh += flow->overload_import_wh;
    sum->baseline_overload_export_wh += flow->overload_export_wh;
    sum->baseline_n_overload_slots += flow->overload_import_wh > 0 || flow->overload_export_wh > 0;
}

static void delivered_community(struct gb_summary_row *sum, struct gb_slot_row *row,
                                const struct gb_community_flow *flow)
{
    row->community_curtailed_wh = flow->curtailed_wh;
    row->overload_import_wh = flow->overload_import_wh;
    row->overload_export_wh = flow->overload_export_wh;
    sum->community_curtailed_wh += flow->curtailed_wh;
    sum->overload_import_wh += flow->overload_import_wh;
    sum->overload_export_wh += flow->overload_export_wh;
    sum->n_overload_slots += flow->overload_import_wh > 0 || flow->overload_export_wh > 0;
}

void gb_run_kpis_baseline(struct gb_run_kpis *kpis, size_t place,
                          const struct gb_run_metered *metered,
                          const struct gb_community_flow *community)
{
    struct gb_run_sums *sums = gb_run_sums_at(kpis, place);
    struct gb_summary_row *sum = &sums->counts;
    int64_t net = metered->net_wh;

    sum->baseline_ev_wh += metered->ev_wh;
    sum->baseline_ev_unserved_wh += metered->ev_unserved_wh;
    sum->baseline_heat_pump_wh += metered->heat_pump_wh;
    sum->baseline_heat_wh += metered->heat_wh;
    sum->baseline_heat_unserved_wh += metered->heat_unserved_wh;
    sum->baseline_curtailed_wh += metered->curtailed_wh;
    baseline_community(sum, &kpis->rows[place], community);
    if (net > sum->baseline_peak_import_wh)
        sum->baseline_peak_import_wh = net;
    if (-net > sum->baseline_peak_export_wh)
        sum->baseline_peak_export_wh = -net;
    add_ramp(&sums->baseline_ramp, &sums->last_baseline_wh, &sums->n_baseline, net);
}

void gb_run_kpis_delivered(struct gb_run_kpis *kpis, size_t place, int64_t interval,
                           const struct gb_run_metered *metered,
                           const struct gb_community_flow *community, const int64_t *net_wh,
                           int64_t stored_wh)
{
    struct gb_run_sums *sums = gb_run_sums_at(kpis, place);
    struct gb_slot_row *row = &kpis->rows[place];
    int64_t net = metered->net_wh;

    row->solar_wh = metered->solar_wh;
    row->wind_wh = metered->wind_wh;
    row->load_wh = metered->load_wh;
    row->ev_wh = metered->ev_wh;
    row->heat_pump_wh = metered->heat_pump_wh;
    row->charge_wh = metered->charge_wh;
    row->discharge_wh = metered->discharge_wh;
    sums->counts.ev_unserved_wh += metered->ev_unserved_wh;
    sums->counts.heat_wh += metered->heat_wh;
    sums->counts.heat_unserved_wh += metered->heat_unserved_wh;
    sums->counts.curtailed_wh += metered->curtailed_wh;
    delivered_community(&sums->counts, row, community);
    add_ramp(&sums->ramp, &sums->last_net_wh, &sums->n_delivered, net);
    row->stored_wh = stored_wh;
    row->generation_wh = row->solar_wh + row->wind_wh;
    row->import_wh = net > 0 ? net : 0;
    row->export_wh = net < 0 ? -net : 0;
    sums->counts.surplus_wh += metered->surplus_wh;
    sums->counts.deficit_wh += metered->deficit_wh;
    sums->counts.matchable_wh +=
        metered->surplus_wh < metered->deficit_wh ? metered->surplus_wh : metered->deficit_wh;
    sums->ceiling_cost += gb_run_ceiling_cost(kpis->env, interval, net_wh, net);
}

static void count_missed(struct gb_summary_row *sum, struct gb_slot_row *row, uint8_t cause)
{
    int64_t *const by_cause[] = {&sum->n_missed_close_link,      &sum->n_missed_close_pool,
                                 &sum->n_missed_close_consensus, &sum->n_missed_close_refused,
                                 &sum->n_missed_open_link,       &sum->n_missed_open_pool,
                                 &sum->n_missed_open_refused};

    sum->n_missed_slots++;
    row->missed_cause = cause;
    if (cause != GB_MISSED_NOT)
        (*by_cause[cause - 1])++;
}

static void add_energy(struct gb_summary_row *sum, const struct gb_slot_row *row,
                       int64_t baseline_wh)
{
    sum->generation_wh += row->generation_wh;
    sum->load_wh += row->load_wh;
    sum->ev_wh += row->ev_wh;
    sum->heat_pump_wh += row->heat_pump_wh;
    sum->import_wh += row->import_wh;
    sum->export_wh += row->export_wh;
    *(baseline_wh > 0 ? &sum->baseline_import_wh : &sum->baseline_export_wh) +=
        baseline_wh > 0 ? baseline_wh : -baseline_wh;
    if (row->import_wh > sum->peak_import_wh)
        sum->peak_import_wh = row->import_wh;
    if (row->export_wh > sum->peak_export_wh)
        sum->peak_export_wh = row->export_wh;
}

static void add_money(struct gb_summary_row *sum, const struct gb_run_closing *closing)
{
    sum->cost += closing->cost;
    sum->cost_grid_only += closing->cost_grid_only;
    sum->buyers_cost += closing->buyers_cost;
    sum->buyers_cost_grid_only += closing->buyers_cost_grid_only;
    sum->sellers_revenue += closing->sellers_revenue;
    sum->sellers_revenue_grid_only += closing->sellers_revenue_grid_only;
    sum->zero_cost += closing->zero_cost;
    sum->zero_cost_grid_only += closing->zero_cost_grid_only;
    sum->baseline_deficit_wh += closing->baseline_deficit_wh;
    sum->baseline_surplus_wh += closing->baseline_surplus_wh;
}

void gb_run_kpis_close(struct gb_run_kpis *kpis, size_t place, const struct gb_run_closing *closing)
{
    struct gb_run_sums *sums = gb_run_sums_at(kpis, place);
    struct gb_slot_row *row = &kpis->rows[place];
    double ticks = (double)row->traded_wh * (double)GB_TICKS_PER_CURRENCY;

    row->cost = closing->cost;
    row->cost_grid_only = closing->cost_grid_only;
    row->status = closing->is_delivered ? 0 : 1;
    row->price_sd = closing->prices.sd;
    row->price_p10 = closing->prices.p10;
    row->price_p90 = closing->prices.p90;
    row->price_mean = ticks != 0 ? (double)closing->paid / ticks : NAN;
    if (!closing->is_delivered)
        count_missed(&sums->counts, row, closing->missed_cause);
    else
        gb_run_unmatched_add(&sums->counts, &closing->unmatched);
    sums->operator_units += closing->fees;
    sums->matched_wh += closing->matched_wh;
    add_energy(&sums->counts, row, closing->baseline_wh);
    add_money(&sums->counts, closing);
    if (!gb_run_place_warms_up(kpis, place))
        gb_row_sink_append(kpis->sink, GB_TABLE_SLOTS, row, kpis->env->error);
}

static void show_block(const struct gb_run_kpis *kpis, const struct gb_block_statistics *block)
{
    struct gb_block_row row = {
        .height = block->height,
        .sealed_ns = gb_run_shown_ns(kpis->env, block->sealed_ns),
        .commit_first_ns = gb_run_shown_ns(kpis->env, block->commit_first_ns),
        .commit_quorum_ns = gb_run_shown_ns(kpis->env, block->commit_quorum_ns),
        .commit_last_ns = gb_run_shown_ns(kpis->env, block->commit_last_ns),
        .stable_quorum_ns = gb_run_shown_ns(kpis->env, block->stable_quorum_ns),
        .sealer = block->sealer,
        .n_transactions = (uint32_t)block->n_transactions,
        .n_messages = (uint32_t)block->n_messages,
        .n_bytes = (int64_t)block->n_bytes};

    memcpy(row.hash, block->hash.bytes, sizeof row.hash);
    gb_row_sink_append(kpis->sink, GB_TABLE_BLOCKS, &row, kpis->env->error);
}

void gb_run_kpis_block(struct gb_run_kpis *kpis, const struct gb_block_statistics *block)
{
    if (!kpis->has_begun || block->height <= kpis->before.n_blocks)
        return;
    if (kpis->last_sealed_ns != INT64_MIN)
        gb_tally_add(&kpis->block_intervals,
                     (double)(block->sealed_ns - kpis->last_sealed_ns) / (double)GB_NS_PER_MS);
    kpis->last_sealed_ns = block->sealed_ns;
    if (gb_row_sink_takes(kpis->sink, GB_TABLE_BLOCKS) && !gb_run_has_failed(kpis->env))
        show_block(kpis, block);
}
