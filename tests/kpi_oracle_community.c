/* Columns of /summary about the community as a whole: peaks, the utility, who gains and who trades,
 * and how far orders, chain and mechanism were from the equilibrium. */
#include "tests/kpi_oracle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- power of the community */

struct power {
    int64_t peak, imported, peak_export;
    double steps; /* sum of changes, Wh */
};

static struct power power_of(struct oracle *oracle, const char *column)
{
    struct power power = {0};
    int64_t before = 0;

    for (size_t k = 0; k < oracle->n_slots; k++) {
        int64_t net = sum_of(oracle, column, k);

        power.imported += plus(net);
        power.peak = plus(net) > power.peak ? net : power.peak;
        power.peak_export = plus(-net) > power.peak_export ? -net : power.peak_export;
        power.steps += k > 0 ? fabs((double)(net - before)) : 0;
        before = net;
    }
    return power;
}

static double kw_per_h(const struct oracle *oracle, double steps)
{
    double hours = (double)oracle->slot_ns / 3600e9;

    return ratio(steps, (double)(oracle->n_slots - 1)) / 1000.0 / hours / hours;
}

void claim_power(struct oracle *oracle)
{
    struct kpi_table *sum = oracle->summary;
    struct power market = power_of(oracle, "metered_wh"), alone = power_of(oracle, "baseline_wh");
    double n = (double)oracle->n_slots;
    int64_t deficit = 0, surplus = 0;
    char text[64];

    kpi_scenario(oracle->file.scenario, "grid.carbon", text, sizeof text);
    double carbon = strtod(text, NULL);
    for (size_t at = 0; at < oracle->meters->n; at++) {
        deficit += plus(oracle->baseline[at]);
        surplus += plus(-oracle->baseline[at]);
    }
    claim(oracle, sum, "baseline_deficit_wh", 0, deficit);
    claim(oracle, sum, "baseline_surplus_wh", 0, surplus);
    claim(oracle, sum, "baseline_peak_import_wh", 0, alone.peak);
    claim(oracle, sum, "baseline_peak_export_wh", 0, alone.peak_export);
    claim_number(oracle, sum, "peak_to_average", 0,
                 ratio((double)market.peak * n, (double)market.imported));
    claim_number(oracle, sum, "peak_to_average_grid_only", 0,
                 ratio((double)alone.peak * n, (double)alone.imported));
    claim_number(oracle, sum, "load_factor", 0,
                 ratio((double)market.imported, (double)market.peak * n));
    claim_number(oracle, sum, "load_factor_grid_only", 0,
                 ratio((double)alone.imported, (double)alone.peak * n));
    claim_number(oracle, sum, "carbon", 0, carbon * (double)market.imported / 1000);
    claim_number(oracle, sum, "carbon_grid_only", 0, carbon * (double)alone.imported / 1000);
    claim_number(oracle, sum, "carbon_saved", 0,
                 carbon * (double)(alone.imported - market.imported) / 1000);
    claim_number(oracle, sum, "ramping", 0, kw_per_h(oracle, market.steps));
    claim_number(oracle, sum, "ramping_grid_only", 0, kw_per_h(oracle, alone.steps));
}

/* ---- the utility, and both sides per kWh */

void claim_utility(struct oracle *oracle)
{
    struct kpi_table *sum = oracle->summary;
    int64_t revenue = 0, purchases = 0, alone[2] = {0}, wh[2] = {0}, gains[2] = {0};

    for (size_t at = 0; at < oracle->meters->n; at++) {
        const struct cell *cell = &oracle->cells[at];
        int64_t bill = cell->cost - cell->paid + cell->earned, role = oracle->baseline[at];

        revenue += plus(bill);
        purchases += plus(-bill);
        if (role == 0)
            continue;
        alone[role < 0] += role > 0 ? cell->baseline_cost : -cell->baseline_cost;
        wh[role < 0] += role > 0 ? role : -role;
        gains[role < 0] += cell->baseline_cost - cell->cost;
    }
    claim(oracle, sum, "utility_revenue", 0, revenue);
    claim(oracle, sum, "utility_purchases", 0, purchases);
    claim(oracle, sum, "utility_revenue_lost", 0, alone[0] - revenue);
    claim(oracle, sum, "utility_purchases_avoided", 0, alone[1] - purchases);
    claim(oracle, sum, "utility_margin_lost", 0, alone[0] - revenue - alone[1] + purchases);
    claim_number(oracle, sum, "buyers_gain_per_kwh", 0,
                 ratio((double)gains[0], (double)wh[0]) / 1e6);
    claim_number(oracle, sum, "sellers_gain_per_kwh", 0,
                 ratio((double)gains[1], (double)wh[1]) / 1e6);
}

/* ---- users who lose, and who trades how much */

static void claim_concentration(struct oracle *oracle, const char *hhi, const char *effective,
                                int is_of_sellers)
{
    double sum = 0, squares = 0;

    for (size_t i = 0; i < oracle->n; i++) {
        double wh = 0;

        for (size_t at = i; at < oracle->meters->n; at += oracle->n)
            wh += (double)(is_of_sellers ? oracle->cells[at].sold : oracle->cells[at].bought);
        sum += wh;
        squares += wh * wh;
    }
    claim_number(oracle, oracle->summary, hhi, 0, ratio(squares, sum * sum));
    claim_number(oracle, oracle->summary, effective, 0, ratio(sum * sum, squares));
}

void claim_shares(struct oracle *oracle)
{
    size_t n = oracle->n, last = (oracle->n_slots - 1) * n;
    int64_t worst = 0, n_losing = 0, n_beyond = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t more = kpi_integers(oracle->meters, "stored_wh")[last + i] -
                       kpi_integers(oracle->meters, "baseline_stored_wh")[last + i];
        int64_t loss = 0, bought = 0, sold = 0;

        for (size_t at = i; at < oracle->meters->n; at += n) {
            int64_t alone = oracle->cells[at].baseline_cost;

            loss += oracle->cells[at].cost - alone;
            *(oracle->baseline[at] > 0 ? &bought : &sold) += alone;
        }
        loss -= more * (more > 0 ? oracle->retail : oracle->feed_in);
        n_losing += loss > 0;
        n_beyond += loss > 0 && (double)loss > 0.01 * (fabs((double)bought) + fabs((double)sold));
        worst = loss > worst ? loss : worst;
    }
    claim(oracle, oracle->summary, "worst_loss", 0, worst);
    claim_number(oracle, oracle->summary, "losing_share", 0, (double)n_losing / (double)n);
    claim_number(oracle, oracle->summary, "losing_1pct_share", 0, (double)n_beyond / (double)n);
    claim_concentration(oracle, "hhi_sellers", "effective_sellers", 1);
    claim_concentration(oracle, "hhi_buyers", "effective_buyers", 0);
    claim(oracle, oracle->summary, "deviant_gain", 0, 0); /* nobody: tests/test_deviant.c has one */
    claim(oracle, oracle->summary, "deviant_surplus", 0, 0);
    claim(oracle, oracle->summary, "deviant_wh", 0, 0);
    claim_number(oracle, oracle->summary, "deviant_gain_per_kwh", 0, NAN);
    claim_number(oracle, oracle->summary, "deviant_surplus_per_kwh", 0, NAN);
}

/* ---- the equilibrium */

/* What the accepted orders of a slot would gain if each traded where it gains, at one price. */
static double gain_at(struct oracle *oracle, size_t k, int64_t price)
{
    double sum = 0;

    for (size_t i = 0; i < oracle->orders->n; i++) {
        int64_t over = kpi_integers(oracle->orders, "reserve")[i] - price;

        if (is_ok(oracle, i) && kpi_integers(oracle->orders, "interval")[i] == (int64_t)k)
            sum += (double)kpi_integers(oracle->orders, "quantity_wh")[i] *
                   (double)plus(is_bid(oracle, i) ? over : -over);
    }
    return sum;
}

/* Prices at which that is least are those of the equilibrium: the middle of the lowest and highest
 * reserve among them. NaN where a side is missing. */
static double equilibrium_price(struct oracle *oracle, size_t k)
{
    const int64_t *reserve = kpi_integers(oracle->orders, "reserve");
    double least = INFINITY, low = NAN, high = NAN;
    int has_bid = 0, has_ask = 0;

    for (size_t i = 0; i < oracle->orders->n; i++) {
        if (!is_ok(oracle, i) || kpi_integers(oracle->orders, "interval")[i] != (int64_t)k)
            continue;
        double gain = gain_at(oracle, k, reserve[i]), at = (double)reserve[i];

        has_bid |= is_bid(oracle, i);
        has_ask |= !is_bid(oracle, i);
        low = gain < least ? at : gain == least ? fmin(low, at) : low;
        high = gain < least ? at : gain == least ? fmax(high, at) : high;
        least = fmin(least, gain);
    }
    return has_bid && has_ask ? (low + high) / 2 : NAN;
}

struct welfare {
    double got, buyers, sellers, extramarginal, squares, prices, wh;
};

static void add_trade(struct oracle *oracle, struct welfare *welfare, size_t t, double equilibrium)
{
    double wh = (double)oracle->executed[t];
    double bid = (double)kpi_integers(oracle->orders, "reserve")[oracle->bid[t]];
    double ask = (double)kpi_integers(oracle->orders, "reserve")[oracle->ask[t]];
    double buy = (double)kpi_integers(oracle->trades, "price_buy")[t];

    welfare->got += wh * (bid - ask);
    welfare->buyers += wh * (bid - buy);
    welfare->sellers += wh * ((double)kpi_integers(oracle->trades, "price_sell")[t] - ask);
    if (wh == 0)
        return;
    welfare->extramarginal += wh * (fmax(equilibrium - bid, 0) + fmax(ask - equilibrium, 0));
    welfare->squares += wh * (buy - equilibrium) * (buy - equilibrium);
    welfare->prices += wh * equilibrium;
    welfare->wh += wh;
}

void claim_welfare(struct oracle *oracle)
{
    struct kpi_table *sum = oracle->summary;
    double accepted = 0, sent = 0;
    struct welfare welfare = {0};

    for (size_t k = 0; k < oracle->n_slots; k++) {
        double equilibrium = equilibrium_price(oracle, k);

        accepted += max_surplus(oracle, k, 0);
        sent += max_surplus(oracle, k, 1);
        for (size_t t = 0; t < oracle->trades->n; t++)
            if (is_settled(oracle, t) && kpi_integers(oracle->trades, "interval")[t] == (int64_t)k)
                add_trade(oracle, &welfare, t, equilibrium);
    }
    claim_number(oracle, sum, "buyers_surplus", 0, welfare.buyers / 1e9);
    claim_number(oracle, sum, "sellers_surplus", 0, welfare.sellers / 1e9);
    claim_number(oracle, sum, "surplus_limit_sent", 0, sent / 1e9);
    claim_number(oracle, sum, "efficiency_chain", 0, ratio(accepted, sent));
    claim_number(oracle, sum, "efficiency_total", 0, ratio(welfare.got, sent));
    claim_number(oracle, sum, "extramarginal_loss", 0, ratio(welfare.extramarginal, accepted));
    claim_number(oracle, sum, "missed_loss", 0,
                 ratio(accepted - welfare.got - welfare.extramarginal, accepted));
    claim_number(oracle, sum, "smith_alpha", 0,
                 100 * ratio(sqrt(ratio(welfare.squares, welfare.wh)),
                             fabs(ratio(welfare.prices, welfare.wh))));
}

/* ---- rates */

void claim_rates(struct oracle *oracle, int64_t n_transactions, int64_t n_bytes)
{
    double days = (double)oracle->n_slots * (double)oracle->slot_ns / 86400e9;
    int64_t n_ok = 0;

    for (size_t i = 0; i < oracle->orders->n; i++)
        n_ok += is_ok(oracle, i);
    claim_number(oracle, oracle->summary, "transactions_per_block", 0,
                 ratio((double)n_transactions, (double)oracle->blocks->n));
    claim_number(oracle, oracle->summary, "orders_per_s", 0, (double)n_ok / days / 86400);
    claim_number(oracle, oracle->summary, "ledger_growth", 0,
                 (double)n_bytes / days / (double)oracle->n * 365);
}
