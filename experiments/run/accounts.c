#include "experiments/run/accounts_priv.h"

#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/parallel.h"
#include "base/parts.h"

enum gb_status gb_run_accounts_init(struct gb_run_accounts *accounts,
                                    const struct gb_run_environment *env,
                                    const struct gb_run_gateway *gateway,
                                    const struct gb_run_intervals *intervals,
                                    const struct gb_run_agents *agents, struct gb_run_kpis *kpis,
                                    struct gb_run_meter_rows *meter_rows, struct gb_error *err)
{
    *accounts = (struct gb_run_accounts){.env = env,
                                         .gateway = gateway,
                                         .intervals = intervals,
                                         .agents = agents,
                                         .kpis = kpis,
                                         .meter_rows = meter_rows};
    enum gb_status status = gb_run_users_init(&accounts->users, env->n, err);

    if (status == GB_OK && env->first_slot > 0)
        status = gb_run_users_init(&accounts->warm_up_users, env->n, err);
    return status;
}

static void free_arrays(struct gb_run_account *account)
{
    free(account->baseline_wh); /* and all that is per meter: one block */
    free(account->n_charged);
    free(account->trade_flags);
    free(account->trade_reserves);
    free(account->trade_rows);
    *account = (struct gb_run_account){0};
}

void gb_run_accounts_clear(struct gb_run_accounts *accounts)
{
    for (size_t place = 0; place < accounts->n_places; place++)
        free_arrays(&accounts->at[place]);
    free(accounts->at);
    gb_run_users_clear(&accounts->users);
    gb_run_users_clear(&accounts->warm_up_users);
    *accounts = (struct gb_run_accounts){0};
}

void gb_run_accounts_open(struct gb_run_accounts *accounts, size_t place)
{
    gb_run_reach_place((void **)&accounts->at, &accounts->n_places, place, sizeof *accounts->at,
                       accounts->env->error);
}

void gb_run_accounts_retire(struct gb_run_accounts *accounts, size_t place)
{
    free_arrays(&accounts->at[place]);
}

/* ---- delivery */

bool gb_run_accounts_reserve(struct gb_run_accounts *accounts, size_t place)
{
    struct gb_run_account *account = &accounts->at[place];
    size_t n = accounts->env->n;

    account->baseline_wh =
        gb_array_resize(NULL, n, 4 * sizeof *account->baseline_wh + sizeof *account->bills);
    if (!account->baseline_wh) {
        gb_fail(accounts->env->error, GB_ENOMEM, "no memory for the delivery of %zu meters", n);
        return false;
    }
    account->net_wh = account->baseline_wh + n;
    account->traded_wh = account->net_wh + n;
    account->cash = account->traded_wh + n;
    account->bills = (uint8_t *)(account->cash + n);
    return true;
}

void gb_run_accounts_baseline(const struct gb_run_accounts *accounts, size_t place,
                              struct gb_range part, const struct gb_slot_energy *energy)
{
    memcpy(accounts->at[place].baseline_wh + part.first, energy->net_wh,
           part.n * sizeof *energy->net_wh);
}

static bool has_extras(const struct gb_slot_energy *energy, size_t i)
{
    return (energy->ev_wh[i] | energy->ev_unserved_wh[i] | energy->heat_pump_wh[i] |
            energy->heat_wh[i] | energy->heat_unserved_wh[i] | energy->curtailed_wh[i]) != 0;
}

static void deliver_extras(struct gb_run_user_extras *extras, const struct gb_slot_energy *energy,
                           size_t i)
{
    extras->ev_wh += energy->ev_wh[i];
    extras->ev_unserved_wh += energy->ev_unserved_wh[i];
    extras->heat_pump_wh += energy->heat_pump_wh[i];
    extras->heat_wh += energy->heat_wh[i];
    extras->heat_unserved_wh += energy->heat_unserved_wh[i];
    extras->curtailed_wh += energy->curtailed_wh[i];
}

bool gb_run_accounts_deliver(const struct gb_run_accounts *accounts, size_t place,
                             struct gb_range part, const struct gb_slot_energy *energy,
                             const struct gb_run_metered *metered)
{
    const struct gb_run_account *account = &accounts->at[place];
    struct gb_run_user_extras *extras = gb_run_users_at(accounts, place)->extras + part.first;
    size_t size = part.n * sizeof *account->net_wh;

    memcpy(account->net_wh + part.first, energy->net_wh, size);
    memset(account->traded_wh + part.first, 0, size);
    memset(account->cash + part.first, 0, size);
    memset(account->bills + part.first, 0, part.n * sizeof *account->bills);
    for (size_t j = 0; !gb_run_metered_is_plain(metered) && j < part.n; j++)
        if (has_extras(energy, j))
            deliver_extras(&extras[j], energy, j);
    return memcmp(energy->net_wh, account->baseline_wh + part.first, size) != 0;
}

void gb_run_accounts_differ(struct gb_run_accounts *accounts)
{
    accounts->energy_differs = true;
}

/* ---- what is true */

static bool keep_trades(struct gb_run_accounts *accounts, struct gb_run_account *account,
                        int64_t interval, const struct gb_interval_view *view)
{
    bool has_rows = accounts->env->scenario->output_level >= GB_OUTPUT_MARKET;
    size_t n = view->n_trades;

    account->trade_flags = malloc((n + 1) * sizeof *account->trade_flags);
    account->trade_reserves = malloc((n + 1) * sizeof *account->trade_reserves);
    if (has_rows)
        account->trade_rows = calloc(n + 1, sizeof *account->trade_rows);
    if (!account->trade_flags || !account->trade_reserves || (has_rows && !account->trade_rows)) {
        gb_fail(accounts->env->error, GB_ENOMEM, "no memory for %zu trades", n);
        return false;
    }
    for (size_t t = 0; t < n; t++) {
        const struct gb_trade *trade = &view->trades[t];
        const struct gb_order *bid = &view->orders[trade->buy_order];
        uint8_t asked = bid->source;

        account->trade_reserves[t] = (struct gb_run_reserves){
            bid->reserve.ticks, view->orders[trade->sell_order].reserve.ticks};
        account->trade_flags[t] = 0;
        if (asked != GB_SOURCE_ANY && asked == trade->source)
            account->trade_flags[t] = GB_RUN_FIRST_CHOICE;
        if (has_rows)
            account->trade_rows[t] =
                (struct gb_trade_row){.interval = interval - accounts->env->first_slot,
                                      .number = (uint32_t)t,
                                      .round = trade->round,
                                      .seller = trade->seller,
                                      .buyer = trade->buyer,
                                      .sell_order = trade->sell_order,
                                      .buy_order = trade->buy_order,
                                      .source = trade->source,
                                      .energy_wh = trade->energy.wh,
                                      .price_buy = trade->price_buy.ticks,
                                      .price_sell = trade->price_sell.ticks};
    }
    account->n_trades = n;
    return true;
}

static struct gb_interval_view view_of(const struct gb_run_accounts *accounts, size_t place)
{
    return gb_contracts_interval(gb_run_gateway_contracts(accounts->gateway),
                                 accounts->intervals->at[place]);
}

static void take_match(struct gb_run_accounts *accounts, size_t place,
                       const struct gb_interval_view *view)
{
    struct gb_run_account *account = &accounts->at[place];

    if (keep_trades(accounts, account, accounts->intervals->at[place], view))
        account->unmatched = gb_run_unmatched_count(&accounts->env->scenario->market, view);
}

struct matched {
    struct gb_run_accounts *accounts;
    size_t place;
    const struct gb_interval_view *view;
};

/* Two halves that have nothing in common. */
static void take_half(void *of_both, size_t half)
{
    struct matched *matched = of_both;

    if (half == 0)
        take_match(matched->accounts, matched->place, matched->view);
    else
        gb_run_kpis_book(matched->accounts->kpis, matched->place, matched->view);
}

void gb_run_accounts_match(struct gb_run_accounts *accounts, size_t place,
                           const struct gb_contract_event *event)
{
    struct gb_run_account *account = &accounts->at[place];
    struct gb_interval_view view = view_of(accounts, place);

    account->match_height = event->position.height;
    if (!gb_is_worth_threads(view.n_orders)) {
        take_match(accounts, place, &view);
        gb_run_kpis_book(accounts->kpis, place, &view);
    } else {
        gb_tasks_run(2, take_half, &(struct matched){accounts, place, &view});
    }
    gb_run_kpis_matched(accounts->kpis, place, view.n_trades);
}

void gb_run_accounts_begin(struct gb_run_accounts *accounts, size_t place,
                           const struct gb_contract_event *event)
{
    accounts->at[place].status = GB_RUN_DELIVERED;
    accounts->at[place].open_height = event->position.height;
}

/* Orders of a slot that is missed without a match were accepted all the same. */
void gb_run_accounts_miss(struct gb_run_accounts *accounts, size_t place)
{
    struct gb_run_account *account = &accounts->at[place];
    struct gb_interval_view view = view_of(accounts, place);

    account->status = GB_RUN_MISSED;
    if (account->match_height == 0)
        gb_run_kpis_book(accounts->kpis, place, &view);
}

void gb_run_accounts_void(struct gb_run_accounts *accounts, size_t place,
                          const struct gb_contract_event *event)
{
    assert(event->index < accounts->at[place].n_trades);
    accounts->at[place].trade_flags[event->index] |= GB_RUN_VOID;
    gb_run_kpis_voided(accounts->kpis, place, event->message == GB_MESSAGE_OPEN);
}

void gb_run_accounts_charge(struct gb_run_accounts *accounts, size_t place, uint32_t meter)
{
    struct gb_run_account *account = &accounts->at[place];

    if (!account->n_charged)
        account->n_charged = calloc(accounts->env->n, sizeof *account->n_charged);
    if (account->n_charged)
        account->n_charged[meter]++;
    else
        gb_fail(accounts->env->error, GB_ENOMEM, "no memory for the fees of %zu meters",
                accounts->env->n);
}

void gb_run_accounts_bill_gap(struct gb_run_accounts *accounts,
                              const struct gb_contract_event *event)
{
    uint32_t meter = GB_PARTY_INDEX(event->sender);
    const struct gb_tariff *tariff = gb_run_tariff(accounts->env, meter, event->interval);
    int64_t units = 0;

    for (int64_t k = event->interval - event->index + 1; k <= event->interval; k++) {
        size_t place = gb_run_intervals_find(accounts->intervals, k);
        assert(place != GB_NO_PLACE);
        struct gb_energy net = {accounts->at[place].net_wh[meter]};
        int64_t of_slot = gb_tariff_bill(tariff, net).units;

        gb_run_accounts_mark_billed(&accounts->at[place], meter, of_slot);
        accounts->at[place].n_billed++;
        gb_run_kpis_billed(accounts->kpis, place, of_slot > 0 ? of_slot : 0,
                           of_slot < 0 ? -of_slot : 0);
        gb_run_users_at(accounts, place)->at[meter].billed_wh += net.wh;
        gb_run_users_add(&gb_run_users_at(accounts, place)->extras[meter].gap_difference,
                         of_slot -
                             gb_tariff_bill(gb_run_tariff(accounts->env, meter, k), net).units);
        gb_run_kpis_gap(accounts->kpis, place, of_slot);
        accounts->at[place].bills[meter] |= GB_RUN_UNREAD;
        gb_run_meter_rows_gap(accounts->meter_rows, place, meter, net.wh, of_slot);
        units += of_slot;
    }
    if (units != event->amount.units)
        gb_fail(accounts->env->error, GB_EBROKEN,
                "identity broken: a gap of meter %" PRIu32 " up to slot "
                "%" PRId64 " is billed with %" PRId64 ", its slots come to %" PRId64
                " (1e-9 currency)",
                meter, event->interval, event->amount.units, units);
}

/* ---- closing */

bool gb_run_accounts_is_billed(const struct gb_run_accounts *accounts, size_t place)
{
    return accounts->at[place].n_billed == accounts->env->n;
}

/* What the meter's messages about the interval cost. */
static int64_t fees_of(const struct gb_scenario *scenario, const struct gb_run_account *account,
                       size_t meter)
{
    return account->n_charged ? account->n_charged[meter] * scenario->fee.units : 0;
}

static void close_cell(const struct gb_run_environment *env, int64_t interval,
                       const struct gb_run_account *account, size_t meter,
                       const struct gb_run_users *users, struct gb_run_closing *sum)
{
    const struct gb_tariff *tariff = gb_run_tariff(env, meter, interval);
    struct gb_run_user *user = &users->at[meter];
    struct gb_energy baseline = {account->baseline_wh[meter]};
    int64_t fees = fees_of(env->scenario, account, meter);
    int64_t cost = account->cash[meter] + fees;
    int64_t grid_only = gb_tariff_bill(tariff, baseline).units;

    user->tariff_cost += gb_tariff_bill(tariff, (struct gb_energy){account->net_wh[meter]}).units;
    gb_run_users_add(&users->extras[meter].fees, fees);
    sum->fees += fees;

    user->cost += cost;
    sum->cost += cost;
    sum->cost_grid_only += grid_only;
    sum->baseline_wh += baseline.wh;
    *(baseline.wh > 0 ? &sum->baseline_deficit_wh : &sum->baseline_surplus_wh) +=
        baseline.wh > 0 ? baseline.wh : -baseline.wh;
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

/* Of all that close_cell adds up. */
static void add_closing(struct gb_run_closing *sum, const struct gb_run_closing *part)
{
    sum->fees += part->fees;
    sum->cost += part->cost;
    sum->cost_grid_only += part->cost_grid_only;
    sum->baseline_wh += part->baseline_wh;
    sum->baseline_deficit_wh += part->baseline_deficit_wh;
    sum->baseline_surplus_wh += part->baseline_surplus_wh;
    sum->buyers_cost += part->buyers_cost;
    sum->buyers_cost_grid_only += part->buyers_cost_grid_only;
    sum->sellers_revenue += part->sellers_revenue;
    sum->sellers_revenue_grid_only += part->sellers_revenue_grid_only;
    sum->zero_cost += part->zero_cost;
    sum->zero_cost_grid_only += part->zero_cost_grid_only;
}

/* What trades moved of a part's meters: no more than the sellers among them fed in, and no more
 * than the buyers drew. */
struct moved {
    int64_t delivered_wh, taken_wh;
};

static void count_moved(const struct gb_run_account *account, size_t meter, struct moved *sum)
{
    int64_t traded = account->traded_wh[meter], net = account->net_wh[meter];

    if (traded > 0 && net > 0)
        sum->taken_wh += traded < net ? traded : net;
    if (traded < 0 && net < 0)
        sum->delivered_wh -= traded > net ? traded : net;
}

struct closings {
    const struct gb_run_accounts *accounts;
    size_t place;
    struct gb_run_closing sums[GB_RUN_PARTS];
    struct moved moved[GB_RUN_PARTS];
};

static void close_kth(void *of_all, size_t k, struct gb_run_part part)
{
    struct closings *all = of_all;
    const struct gb_run_accounts *accounts = all->accounts;
    const struct gb_run_account *account = &accounts->at[all->place];
    const struct gb_run_users *users = gb_run_users_at(accounts, all->place);
    struct gb_run_closing own = {0}; /* no line of the cache is another's */
    struct moved moved = {0};

    for (uint32_t meter = part.first; meter < part.end; meter++) {
        close_cell(accounts->env, accounts->intervals->at[all->place], account, meter, users, &own);
        count_moved(account, meter, &moved);
    }
    all->sums[k] = own;
    all->moved[k] = moved;
}

static int64_t matched_wh(struct moved moved)
{
    int64_t delivered = moved.delivered_wh, taken = moved.taken_wh;

    return delivered < taken ? delivered : taken;
}

static void close_cells(const struct gb_run_accounts *accounts, size_t place,
                        struct gb_run_closing *sum)
{
    struct closings parts = {.accounts = accounts, .place = place};
    size_t n_parts = gb_run_over_parts(accounts->env->n, close_kth, &parts);
    struct moved moved = {0};

    for (size_t k = 0; k < n_parts; k++) {
        add_closing(sum, &parts.sums[k]);
        moved.delivered_wh += parts.moved[k].delivered_wh;
        moved.taken_wh += parts.moved[k].taken_wh;
    }
    sum->matched_wh = matched_wh(moved);
}

static enum gb_trade_state state_of(uint8_t trade_flags)
{
    return trade_flags & GB_RUN_SETTLED ? GB_TRADE_SETTLED
           : trade_flags & GB_RUN_VOID  ? GB_TRADE_VOID
                                        : GB_TRADE_PENDING;
}

static void show(struct gb_run_accounts *accounts, size_t place, const struct gb_row_sink *sink)
{
    struct gb_run_account *account = &accounts->at[place];

    for (size_t t = 0; account->trade_rows && t < account->n_trades; t++) {
        account->trade_rows[t].status = state_of(account->trade_flags[t]);
        gb_row_sink_append(sink, GB_TABLE_TRADES, &account->trade_rows[t], accounts->env->error);
    }
    if (accounts->env->scenario->output_level < GB_OUTPUT_METERS)
        return;
    for (size_t i = 0; i < accounts->env->n; i++)
        gb_run_meter_rows_show(accounts->meter_rows, place, (uint32_t)i,
                               (account->bills[i] & GB_RUN_UNREAD) == 0, account->traded_wh[i],
                               account->cash[i] + fees_of(accounts->env->scenario, account, i),
                               sink);
}

void gb_run_accounts_close(struct gb_run_accounts *accounts, size_t place, uint8_t missed_cause,
                           const struct gb_row_sink *sink)
{
    const struct gb_run_account *account = &accounts->at[place];
    struct gb_run_closing closing = {.is_delivered = account->status == GB_RUN_DELIVERED,
                                     .missed_cause = missed_cause,
                                     .paid = account->paid,
                                     .prices = {NAN, NAN, NAN},
                                     .unmatched = account->unmatched};

    /* below output.level market there are no rows of trades, nor any of slots to show it */
    if (account->trade_rows &&
        !gb_run_slot_prices(&closing.prices, account->trade_rows, account->n_trades))
        gb_fail(accounts->env->error, GB_ENOMEM, "no memory for the prices of %zu trades",
                account->n_trades);
    close_cells(accounts, place, &closing);
    gb_run_kpis_close(accounts->kpis, place, &closing);
    if (!gb_run_is_warm_up(accounts->env, accounts->intervals->at[place]))
        show(accounts, place, sink);
}

/* ---- users */

int64_t gb_run_user_total_cost(const struct gb_run_accounts *accounts, size_t meter)
{
    return accounts->users.at[meter].cost +
           (accounts->warm_up_users.at ? accounts->warm_up_users.at[meter].cost : 0);
}

int64_t gb_run_user_total_billed_wh(const struct gb_run_accounts *accounts, size_t meter)
{
    return accounts->users.at[meter].billed_wh +
           (accounts->warm_up_users.at ? accounts->warm_up_users.at[meter].billed_wh : 0);
}
