/* Every column of /summary. */
#include "tests/kpi_oracle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Dearest buyers meet cheapest sellers while that gains: the best pair left, again and again. */
double max_surplus(struct oracle *oracle, size_t k, int with_all_sent)
{
    struct kpi_table *orders = oracle->orders;
    const int64_t *reserve = kpi_integers(orders, "reserve");
    int64_t *left = calloc(orders->n + 1, sizeof *left);
    double sum = 0;

    for (size_t i = 0; i < orders->n; i++)
        if ((with_all_sent || is_ok(oracle, i)) &&
            kpi_integers(orders, "interval")[i] == (int64_t)k)
            left[i] = kpi_integers(orders, "quantity_wh")[i];
    for (;;) {
        int64_t bid = -1, ask = -1;

        for (size_t i = 0; i < orders->n; i++) {
            if (left[i] == 0)
                continue;
            if (is_bid(oracle, i) && (bid < 0 || reserve[i] > reserve[bid]))
                bid = (int64_t)i;
            if (!is_bid(oracle, i) && (ask < 0 || reserve[i] < reserve[ask]))
                ask = (int64_t)i;
        }
        if (bid < 0 || ask < 0 || reserve[bid] <= reserve[ask])
            break;
        int64_t wh = min_of(left[bid], left[ask]);
        sum += (double)wh * (double)(reserve[bid] - reserve[ask]);
        left[bid] -= wh;
        left[ask] -= wh;
    }
    free(left);
    return sum;
}

void claim_trades(struct oracle *oracle, double demand_or_supply)
{
    struct kpi_table *sum = oracle->summary, *trades = oracle->trades, *orders = oracle->orders;
    struct weighted *prices = calloc(trades->n + 1, sizeof *prices);
    double got = 0, best = 0, paid = 0, mean, squares = 0;
    int64_t traded = 0, operator_gets = 0, chosen = 0, choosers = 0;
    size_t n = 0;

    for (size_t t = 0; t < trades->n; t++) {
        int64_t wh = oracle->executed[t];
        int64_t price = kpi_integers(trades, "price_buy")[t];
        int64_t source = kpi_integers(trades, "source")[t];

        if (!is_settled(oracle, t))
            continue;
        prices[n++] = (struct weighted){price, wh};
        traded += wh;
        paid += (double)wh * (double)price;
        operator_gets += wh * (price - kpi_integers(trades, "price_sell")[t]);
        got += (double)wh * (double)(kpi_integers(orders, "reserve")[oracle->bid[t]] -
                                     kpi_integers(orders, "reserve")[oracle->ask[t]]);
        if (source != 0 && kpi_integers(orders, "source")[oracle->bid[t]] == source)
            chosen += wh;
    }
    for (size_t i = 0; i < orders->n; i++)
        if (is_ok(oracle, i) && is_bid(oracle, i) && !kpi_is(orders, "source", i, "any"))
            choosers += kpi_integers(orders, "quantity_wh")[i];
    mean = ratio(paid, (double)traded);
    for (size_t t = 0; t < n; t++)
        squares += (double)prices[t].weight * pow((double)prices[t].value - mean, 2);
    for (size_t k = 0; k < oracle->n_slots; k++)
        best += max_surplus(oracle, k, 0);
    claim(oracle, sum, "n_trades", 0, (int64_t)trades->n);
    claim(oracle, sum, "n_settled", 0, (int64_t)n);
    claim(oracle, sum, "n_voided", 0, (int64_t)(trades->n - n));
    claim(oracle, sum, "traded_wh", 0, traded);
    claim(oracle, sum, "operator_balance", 0, operator_gets);
    claim_number(oracle, sum, "price_mean", 0, mean / 1e6);
    claim_number(oracle, sum, "price_sd", 0, sqrt(ratio(squares, (double)traded)) / 1e6);
    claim_number(oracle, sum, "price_p10", 0, quantile(prices, n, 10) / 1e6);
    claim_number(oracle, sum, "price_p90", 0, quantile(prices, n, 90) / 1e6);
    claim_number(oracle, sum, "surplus_limit", 0, best / 1e9);
    claim(oracle, sum, "clearable_wh", 0, (int64_t)demand_or_supply);
    claim(oracle, sum, "chosen_wh", 0, choosers);
    claim_number(oracle, sum, "efficiency_reserves", 0, ratio(got, best));
    claim_number(oracle, sum, "efficiency_grid", 0,
                 oracle->retail == oracle->feed_in ? NAN : ratio((double)traded, demand_or_supply));
    claim_number(oracle, sum, "first_choice_share", 0, ratio((double)chosen, (double)choosers));
    free(prices);
}

/* What became of amendments, which stand behind the new orders. */
static void claim_amendments(struct oracle *oracle)
{
    struct kpi_table *sum = oracle->summary, *orders = oracle->orders;
    int64_t n_cancels = 0, n_ok = 0, n_race = 0, n_superseded = 0, n_late = 0, late[3] = {0};
    int64_t n = (int64_t)(oracle->n_sent - orders->n);

    for (size_t i = orders->n; i < oracle->n_sent; i++) {
        n_cancels += kpi_is(orders, "action", i, "cancel");
        n_ok += is_ok(oracle, i);
        n_race += kpi_is(orders, "status", i, "already_done");
        n_superseded += kpi_is(orders, "status", i, "superseded");
        n_late += is_late(oracle, i);
        late[0] +=
            kpi_is(orders, "late_cause", i, "link") || kpi_is(orders, "late_cause", i, "sent");
        late[1] += kpi_is(orders, "late_cause", i, "pool");
        late[2] += kpi_is(orders, "late_cause", i, "consensus");
    }
    expect(oracle, n_late == late[0] + late[1] + late[2], "late amendments have a cause", 0);
    claim(oracle, sum, "n_amendments", 0, n);
    claim(oracle, sum, "n_cancels", 0, n_cancels);
    claim(oracle, sum, "n_amendments_accepted", 0, n_ok);
    claim(oracle, sum, "n_amendments_in_vain", 0, n - n_ok);
    claim(oracle, sum, "n_in_vain_link", 0, late[0]);
    claim(oracle, sum, "n_in_vain_pool", 0, late[1]);
    claim(oracle, sum, "n_in_vain_consensus", 0, late[2]);
    claim(oracle, sum, "n_in_vain_fill_race", 0, n_race);
    claim(oracle, sum, "n_in_vain_superseded", 0, n_superseded);
    claim(oracle, sum, "n_in_vain_refused", 0, n - n_ok - n_late - n_race - n_superseded);
    claim_number(oracle, sum, "messages_per_trade", 0,
                 ratio((double)oracle->n_sent, (double)oracle->trades->n));
}

void claim_orders(struct oracle *oracle)
{
    struct kpi_table *sum = oracle->summary, *orders = oracle->orders;
    struct weighted *took = calloc(oracle->n_sent + 1, sizeof *took);
    int64_t n_ok = 0, n_late = 0, n_again = 0;
    size_t n = 0;

    for (size_t i = 0; i < oracle->n_sent; i++) {
        n_ok += i < orders->n && is_ok(oracle, i);
        n_late += i < orders->n && is_late(oracle, i);
        n_again += kpi_integers(orders, "n_again")[i];
        if (kpi_integers(orders, "stable")[i] != INT64_MIN)
            took[n++] = (struct weighted){
                kpi_integers(orders, "stable")[i] - kpi_integers(orders, "sent")[i], 1};
    }
    claim(oracle, sum, "n_orders", 0, (int64_t)orders->n);
    claim(oracle, sum, "n_accepted", 0, n_ok);
    claim(oracle, sum, "n_late", 0, n_late);
    claim(oracle, sum, "n_refused", 0, (int64_t)orders->n - n_ok - n_late);
    claim(oracle, sum, "n_orders_again", 0, n_again);
    claim_words(oracle, sum, 0, "late", orders, "late_cause", -1);
    claim_refusals(oracle);
    claim_amendments(oracle);
    check_causes(oracle);
    claim_number(oracle, sum, "latency_p50_ms", 0, quantile(took, n, 50) / 1e6);
    claim_number(oracle, sum, "latency_p95_ms", 0, quantile(took, n, 95) / 1e6);
    claim_number(oracle, sum, "latency_p99_ms", 0, quantile(took, n, 99) / 1e6);
    free(took);
}

/* Discharge beyond what was charged during the run, less losses: the batteries began with it. */
static int64_t from_the_start(struct oracle *oracle)
{
    char text[64];
    int64_t initial = 0;

    kpi_scenario(oracle->file.scenario, "storage.efficiency", text, sizeof text);
    for (size_t i = 0; i < oracle->n && !oracle->is_declared; i++) {
        int64_t charged = 0, own = 0;

        for (size_t at = i; at < oracle->meters->n; at += oracle->n) {
            int64_t discharged = kpi_integers(oracle->meters, "discharge_wh")[at];

            charged += kpi_integers(oracle->meters, "charge_wh")[at];
            int64_t used =
                min_of(discharged, (int64_t)floor((double)charged * strtod(text, NULL)) - own);
            own += used;
            initial += discharged - used;
        }
    }
    return initial;
}

static void count_slot(struct oracle *oracle, size_t k, struct energy *sum)
{
    int64_t net = sum_of(oracle, "metered_wh", k), baseline = sum_of(oracle, "baseline_wh", k);
    int64_t surplus = 0, deficit = 0, delivered = 0, taken = 0;

    for (size_t at = k * oracle->n; at < (k + 1) * oracle->n; at++) {
        surplus += plus(-oracle->metered[at]);
        deficit += plus(oracle->metered[at]);
        delivered += min_of(plus(-oracle->cells[at].x), plus(-oracle->metered[at]));
        taken += min_of(plus(oracle->cells[at].x), plus(oracle->metered[at]));
    }
    sum->generation += sum_of(oracle, "solar_wh", k) + sum_of(oracle, "wind_wh", k);
    sum->load += sum_of(oracle, "load_wh", k);
    sum->curtailed += sum_of(oracle, "curtailed_wh", k);
    sum->ev += sum_of(oracle, "ev_wh", k);
    sum->ev_unserved += sum_of(oracle, "ev_unserved_wh", k);
    sum->heat_pump += sum_of(oracle, "heat_pump_wh", k);
    sum->heat += sum_of(oracle, "heat_wh", k);
    sum->heat_unserved += sum_of(oracle, "heat_unserved_wh", k);
    sum->drawn += plus(net);
    sum->fed += plus(-net);
    sum->peak_drawn = plus(net) > sum->peak_drawn ? plus(net) : sum->peak_drawn;
    sum->peak_fed = plus(-net) > sum->peak_fed ? plus(-net) : sum->peak_fed;
    sum->baseline_drawn += plus(baseline);
    sum->baseline_fed += plus(-baseline);
    sum->surplus += surplus;
    sum->deficit += deficit;
    sum->matchable += min_of(surplus, deficit);
    sum->moved += min_of(delivered, taken);
    sum->ceiling_cost += tariff(oracle, net);
}

struct energy claim_energy(struct oracle *oracle, int64_t traded)
{
    struct kpi_table *table = oracle->summary;
    struct energy sum = {0};
    double initial = (double)from_the_start(oracle);

    for (size_t k = 0; k < oracle->n_slots; k++)
        count_slot(oracle, k, &sum);
    const struct {
        const char *name;
        int64_t value;
    } claims[] = {{"generation_wh", sum.generation},
                  {"load_wh", sum.load},
                  {"curtailed_wh", sum.curtailed},
                  {"community_curtailed_wh", 0}, /* no campaign limits it: tests/test_community.c */
                  {"baseline_community_curtailed_wh", 0},
                  {"n_overload_slots", 0},
                  {"baseline_n_overload_slots", 0},
                  {"overload_import_wh", 0},
                  {"baseline_overload_import_wh", 0},
                  {"overload_export_wh", 0},
                  {"baseline_overload_export_wh", 0},
                  {"ev_wh", sum.ev},
                  {"ev_unserved_wh", sum.ev_unserved},
                  {"heat_pump_wh", sum.heat_pump},
                  {"heat_wh", sum.heat},
                  {"heat_unserved_wh", sum.heat_unserved},
                  {"import_wh", sum.drawn},
                  {"export_wh", sum.fed},
                  {"peak_import_wh", sum.peak_drawn},
                  {"peak_export_wh", sum.peak_fed},
                  {"baseline_import_wh", sum.baseline_drawn},
                  {"baseline_export_wh", sum.baseline_fed},
                  {"surplus_wh", sum.surplus},
                  {"deficit_wh", sum.deficit},
                  {"matchable_wh", sum.matchable}};
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++)
        claim(oracle, table, claims[i].name, 0, claims[i].value);
    claim_baseline(oracle, &sum);
    claim_number(oracle, table, "local_matching_ratio", 0,
                 ratio((double)sum.moved, (double)sum.matchable));
    claim_number(oracle, table, "contracted_ratio", 0,
                 ratio((double)traded, (double)sum.matchable));
    claim_number(oracle, table, "self_sufficiency", 0,
                 1 - ratio((double)sum.drawn + initial, (double)sum.load));
    claim_number(oracle, table, "self_consumption", 0,
                 ratio((double)plus(sum.generation - sum.fed), (double)sum.generation));
    claim_number(oracle, table, "traded_self_sufficiency", 0,
                 1 - ratio((double)(sum.deficit - sum.moved) + initial, (double)sum.load));
    return sum;
}

void claim_money(struct oracle *oracle, int64_t ceiling_cost)
{
    struct kpi_table *sum = oracle->summary;
    int64_t cost = 0, baseline_cost = 0, side[3][2] = {{0}}; /* buyers, neither, sellers */
    int64_t n_unread = 0, gaps = 0;
    struct causes causes = {0};

    for (size_t at = 0; at < oracle->meters->n; at++) {
        int64_t role = oracle->baseline[at];
        int s = role > 0 ? 0 : role == 0 ? 1 : 2;

        add_causes(oracle, &causes, &oracle->cells[at], oracle->metered[at]);
        n_unread += !kpi_is(oracle->meters, "is_read", at, "yes");
        gaps += oracle->gap_cost[at];
        side[s][0] += oracle->cells[at].cost;
        side[s][1] += oracle->cells[at].baseline_cost;
        cost += oracle->cells[at].cost;
        baseline_cost += oracle->cells[at].baseline_cost;
    }
    const struct {
        const char *name;
        int64_t value;
    } claims[] = {{"cost", cost},
                  {"cost_grid_only", baseline_cost},
                  {"saving", baseline_cost - cost},
                  {"saving_ceiling", baseline_cost - ceiling_cost},
                  {"buyers_cost", side[0][0]},
                  {"buyers_cost_grid_only", side[0][1]},
                  {"zero_cost", side[1][0]},
                  {"zero_cost_grid_only", side[1][1]},
                  {"sellers_revenue", -side[2][0]},
                  {"sellers_revenue_grid_only", -side[2][1]},
                  {"n_unread", n_unread},
                  {"gap_cost", gaps}};
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++)
        claim(oracle, sum, claims[i].name, 0, claims[i].value);
    claim_causes(oracle, sum, 0, &causes);
    claim_number(oracle, sum, "saving_pct", 0,
                 100 * ratio((double)(baseline_cost - cost), fabs((double)baseline_cost)));
    claim_number(oracle, sum, "buyers_saving_pct", 0,
                 100 * ratio((double)(side[0][1] - side[0][0]), fabs((double)side[0][1])));
    claim_number(oracle, sum, "sellers_gain_pct", 0,
                 100 * ratio((double)(side[2][1] - side[2][0]), fabs((double)side[2][1])));
    claim_number(oracle, sum, "gain_per_user_day", 0,
                 (double)(baseline_cost - cost) * 1e-9 / (double)oracle->n /
                     ((double)oracle->n_slots * (double)oracle->slot_ns / 86400e9));
}

void claim_chain(struct oracle *oracle)
{
    struct kpi_table *sum = oracle->summary, *blocks = oracle->blocks;
    const int64_t *sealed = kpi_integers(blocks, "sealed");
    int64_t n_transactions = 0, n_bytes = 0;
    char text[64];

    for (size_t b = 0; b < blocks->n; b++) {
        n_transactions += kpi_integers(blocks, "n_transactions")[b];
        n_bytes += kpi_integers(blocks, "n_bytes")[b];
        expect(oracle, kpi_integers(blocks, "height")[b] == (int64_t)b + 1, "blocks in order", b);
    }
    claim_rates(oracle, n_transactions, n_bytes);
    kpi_scenario(oracle->file.scenario, "chain.block.max_transactions", text, sizeof text);
    claim(oracle, sum, "n_blocks", 0, (int64_t)blocks->n);
    claim(oracle, sum, "n_transactions", 0, n_transactions);
    claim(oracle, sum, "n_bytes", 0, n_bytes);
    claim_number(oracle, sum, "block_interval_ms", 0,
                 blocks->n == 0
                     ? NAN
                     : ratio((double)(sealed[blocks->n - 1] - sealed[0]), (double)(blocks->n - 1)) /
                           1e6);
    claim_number(oracle, sum, "block_fill", 0,
                 ratio((double)n_transactions, (double)blocks->n * (double)atoll(text)));
}

void claim_scenario(struct oracle *oracle)
{
    static const char *const numbers[] = {"seed", "replication"};
    struct kpi_table *sum = oracle->summary;
    int64_t n_missed = 0;
    char text[64];

    for (size_t i = 0; i < 2; i++) {
        kpi_scenario(oracle->file.scenario, numbers[i], text, sizeof text);
        claim(oracle, sum, numbers[i], 0, strtoll(text, NULL, 10));
    }
    kpi_scenario(oracle->file.scenario, "chain.protocol", text, sizeof text);
    for (size_t k = 0; k < oracle->n_slots; k++) {
        n_missed += oracle->missed[k] != 0;
        expect(oracle, !oracle->missed[k] || strcmp(text, "ideal") != 0, "the ideal misses no slot",
               k);
    }
    claim(oracle, sum, "trial", 0, 0);
    claim(oracle, sum, "slot_ns", 0, oracle->slot_ns);
    claim(oracle, sum, "retail", 0, oracle->retail);
    claim(oracle, sum, "feed_in", 0, oracle->feed_in);
    claim(oracle, sum, "retail_lowest", 0, oracle->retail);
    claim(oracle, sum, "feed_in_highest", 0, oracle->feed_in);
    claim(oracle, sum, "n_meters", 0, (int64_t)oracle->n);
    claim(oracle, sum, "n_slots", 0, (int64_t)oracle->n_slots);
    claim(oracle, sum, "n_missed_slots", 0, n_missed);
    claim_words(oracle, sum, 0, "missed", oracle->slots, "missed_cause", -1);
}
