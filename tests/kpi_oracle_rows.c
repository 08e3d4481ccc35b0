/* Every column of /slots and /users. */
#include "tests/kpi_oracle.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- /slots */

struct slot_sums claim_orders_of_slot(struct oracle *oracle, size_t k)
{
    struct kpi_table *slots = oracle->slots, *orders = oracle->orders, *trades = oracle->trades;
    struct slot_sums sums = {0};
    struct weighted *prices = calloc(trades->n + 1, sizeof *prices);
    int64_t n = 0, n_ok = 0, n_late = 0, n_trades = 0, n_amendments = 0;
    size_t n_prices = 0;
    double squares = 0;

    for (size_t i = 0; i < orders->n; i++) {
        if (kpi_integers(orders, "interval")[i] != (int64_t)k)
            continue;
        n++;
        n_ok += is_ok(oracle, i);
        n_late += is_late(oracle, i);
        if (is_ok(oracle, i))
            *(is_bid(oracle, i) ? &sums.demand : &sums.supply) +=
                kpi_integers(orders, "quantity_wh")[i];
    }
    for (size_t i = orders->n; i < oracle->n_sent; i++)
        n_amendments += kpi_integers(orders, "interval")[i] == (int64_t)k;
    for (size_t t = 0; t < trades->n; t++) {
        if (kpi_integers(trades, "interval")[t] != (int64_t)k)
            continue;
        n_trades++;
        sums.traded += oracle->executed[t];
        sums.paid += oracle->executed[t] * kpi_integers(trades, "price_buy")[t];
        prices[n_prices++] =
            (struct weighted){kpi_integers(trades, "price_buy")[t], oracle->executed[t]};
    }
    claim(oracle, slots, "n_orders", k, n);
    claim(oracle, slots, "n_accepted", k, n_ok);
    claim(oracle, slots, "n_amendments", k, n_amendments);
    claim(oracle, slots, "n_late", k, n_late);
    claim_words(oracle, slots, k, "late", orders, "late_cause", (int64_t)k);
    claim(oracle, slots, "n_trades", k, n_trades);
    claim(oracle, slots, "supply_wh", k, sums.supply);
    claim(oracle, slots, "demand_wh", k, sums.demand);
    claim(oracle, slots, "traded_wh", k, sums.traded);
    claim_number(oracle, slots, "price_mean", k,
                 ratio((double)sums.paid, (double)sums.traded) / 1e6);
    for (size_t t = 0; t < n_prices; t++)
        squares += (double)prices[t].weight *
                   pow((double)prices[t].value - ratio((double)sums.paid, (double)sums.traded), 2);
    claim_number(oracle, slots, "price_sd", k, sqrt(ratio(squares, (double)sums.traded)) / 1e6);
    claim_number(oracle, slots, "price_p10", k, quantile(prices, n_prices, 10) / 1e6);
    claim_number(oracle, slots, "price_p90", k, quantile(prices, n_prices, 90) / 1e6);
    free(prices);
    return sums;
}

/* Sum of a column of /meters over a slot. */
int64_t sum_of(struct oracle *oracle, const char *name, size_t k)
{
    const int64_t *values = kpi_integers(oracle->meters, name);
    int64_t sum = 0;

    for (size_t i = 0; i < oracle->n; i++)
        sum += values[k * oracle->n + i];
    return sum;
}

void claim_slot(struct oracle *oracle, size_t k)
{
    static const char *const sums[] = {"solar_wh",     "wind_wh",   "load_wh",      "ev_wh",
                                       "heat_pump_wh", "charge_wh", "discharge_wh", "stored_wh"};
    /* no campaign has them: tests/test_community.c */
    static const char *const of_limits[] = {
        "community_curtailed_wh",      "overload_import_wh",
        "overload_export_wh",          "baseline_community_curtailed_wh",
        "baseline_overload_import_wh", "baseline_overload_export_wh"};
    struct kpi_table *slots = oracle->slots;
    int64_t net = sum_of(oracle, "metered_wh", k), cost = 0, baseline_cost = 0;

    for (size_t i = 0; i < oracle->n; i++) {
        cost += oracle->cells[k * oracle->n + i].cost;
        baseline_cost += oracle->cells[k * oracle->n + i].baseline_cost;
    }
    claim(oracle, slots, "trial", k, 0);
    claim(oracle, slots, "interval", k, (int64_t)k);
    claim(oracle, slots, "time", k, (int64_t)k * oracle->slot_ns);
    claim(oracle, slots, "utc_offset_s", k, oracle->utc_offset_s);
    claim(oracle, slots, "retail", k, oracle->retail);
    claim(oracle, slots, "feed_in", k, oracle->feed_in);
    for (size_t s = 0; s < sizeof sums / sizeof sums[0]; s++)
        claim(oracle, slots, sums[s], k, sum_of(oracle, sums[s], k));
    claim(oracle, slots, "generation_wh", k,
          sum_of(oracle, "solar_wh", k) + sum_of(oracle, "wind_wh", k));
    claim(oracle, slots, "import_wh", k, plus(net));
    claim(oracle, slots, "export_wh", k, plus(-net));
    for (size_t s = 0; s < sizeof of_limits / sizeof of_limits[0]; s++)
        claim(oracle, slots, of_limits[s], k, 0);
    claim(oracle, slots, "cost", k, cost);
    claim(oracle, slots, "cost_grid_only", k, baseline_cost);
}

void add_causes(const struct oracle *oracle, struct causes *causes, const struct cell *cell,
                int64_t metered)
{
    causes->bought += cell->bought;
    causes->sold += cell->sold;
    causes->paid += cell->paid;
    causes->earned += cell->earned;
    causes->missing += cell->missing;
    causes->untaken += cell->untaken;
    causes->over += cell->over;
    causes->under += cell->under;
    causes->schedule_cost += cell->schedule_cost;
    causes->tariff_cost += tariff(oracle, metered);
}

void claim_causes(struct oracle *oracle, struct kpi_table *table, size_t row,
                  const struct causes *causes)
{
    claim(oracle, table, "imbalance_short_wh", row, causes->missing);
    claim(oracle, table, "imbalance_long_wh", row, causes->untaken);
    claim(oracle, table, "schedule_short_wh", row, causes->over);
    claim(oracle, table, "schedule_long_wh", row, causes->under);
    claim(oracle, table, "tariff_cost", row, causes->tariff_cost);
    claim(oracle, table, "imbalance_short_cost", row,
          causes->missing * (oracle->price_short - oracle->feed_in));
    claim(oracle, table, "imbalance_long_cost", row,
          causes->untaken * (oracle->retail - oracle->price_long));
    claim(oracle, table, "schedule_cost", row, causes->schedule_cost);
    claim(oracle, table, "bought_at_retail", row, causes->bought * oracle->retail);
    claim(oracle, table, "sold_at_feed_in", row, causes->sold * oracle->feed_in);
    claim(oracle, table, "gap_difference", row, 0); /* one tariff: tests/tariffs.sh has others */
    /* no campaign draws a fee: tests/test_fees.c, tests/fees.sh */
    claim(oracle, table, "fee_cost", row, 0);
    claim(oracle, table, "network_fee_cost", row, 0);
    claim(oracle, table, "levy_cost", row, 0);
    claim(oracle, table, "market_fee_cost", row, 0);
}

/* ---- /users */

/* The id of the meter's first order by slot, time and row; the table stands in the scenario. */
static void claim_name(struct oracle *oracle, size_t meter)
{
    struct kpi_column *column = kpi_column(oracle->users, "name");
    char name[64] = "", line[128], id[64];
    double first_s = INFINITY, slot_s = (double)oracle->slot_ns * 1e-9;

    for (const char *at = oracle->file.scenario; *at; at += strcspn(at, "\n"), at += *at == '\n') {
        unsigned owner, slot;
        double time_s;

        snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
        if (sscanf(line, " %63[^,],%u,%*[^,],%*[^,],%*[^,],%lf,%u,", id, &owner, &time_s, &slot) !=
            4)
            continue;
        if (owner == meter && slot * slot_s + time_s < first_s) {
            first_s = slot * slot_s + time_s;
            strcpy(name, id);
        }
    }
    column->n_claimed++;
    if (strcmp(column->texts[meter], name) != 0)
        fault(oracle, "/users/name[%zu]: '%s', expected '%s'", meter, column->texts[meter], name);
}

static double number_of(struct oracle *oracle, const char *key)
{
    char text[64];

    kpi_scenario(oracle->file.scenario, key, text, sizeof text);
    return strtod(text, NULL);
}

/* A size as the scenario gives it; a heat pump that is sized makes what is lost at the design
 * temperature (doc/villages.md). */
static double kw_or_kwh(struct oracle *oracle, const char *size)
{
    double design = number_of(oracle, "heat_pump.design_temperature");
    double lift = number_of(oracle, "heat_pump.flow") - design;
    double lost_w =
        number_of(oracle, "heat_pump.heat_loss") * (number_of(oracle, "heat_pump.limit") - design);

    lift = lift < 15 ? 15 : lift > 60 ? 60 : lift;
    return strcmp(size, "sized") == 0
               ? lost_w / 1000 / (6.81 - 0.121 * lift + 0.00063 * lift * lift)
               : strtod(size, NULL);
}

/* What a home owns of a kind of asset: nothing, and none of its energy, or that of the scenario's
 * key, which is exact. Under declared delivery nobody knows. */
static void claim_asset(struct oracle *oracle, size_t meter, const char *name, const char *energy,
                        const char *key)
{
    struct kpi_table *meters = oracle->meters;
    double got = kpi_column(oracle->users, name)->numbers[meter];
    char size[64];
    int64_t wh = 0;

    for (size_t at = meter; at < meters->n; at += oracle->n)
        wh += kpi_integers(meters, energy)[at];
    kpi_scenario(oracle->file.scenario, key, size, sizeof size);
    claim_number(oracle, oracle->users, name, meter,
                 oracle->is_declared  ? NAN
                 : got != 0 || wh > 0 ? kw_or_kwh(oracle, size)
                                      : 0);
}

/* What went into and out of the batteries of meters [first, last), and how often that fills and
 * empties them. */
static void claim_throughput(struct oracle *oracle, struct kpi_table *table, size_t row,
                             size_t first, size_t last)
{
    struct kpi_table *meters = oracle->meters;
    const double *kwh = kpi_column(oracle->users, "battery_kwh")->numbers;
    int64_t in = 0, out = 0;
    double capacity = 0;

    for (size_t at = 0; at < meters->n; at++)
        if (at % oracle->n >= first && at % oracle->n < last) {
            in += kpi_integers(meters, "charge_wh")[at];
            out += kpi_integers(meters, "discharge_wh")[at];
        }
    for (size_t i = first; i < last; i++)
        capacity += kwh[i] > 0 ? kwh[i] : 0;
    claim(oracle, table, "charge_wh", row, in);
    claim(oracle, table, "discharge_wh", row, out);
    claim_number(oracle, table, "full_cycles", row,
                 capacity > 0 ? (double)(in + out) / (2000 * capacity) : NAN);
    claim(oracle, table, "storage_wear_cost", row, 0); /* none wears: tests/test_storage_run.c */
}

/* No campaign names kinds of households: tests/test_villages.c. */
static void claim_home(struct oracle *oracle, size_t meter)
{
    struct kpi_column *kind = kpi_column(oracle->users, "kind");

    kind->n_claimed++;
    expect(oracle, kind->texts[meter][0] == '\0', "kind", meter);
    claim_asset(oracle, meter, "turbine_kw", "wind_wh", "wind.turbine");
    claim_asset(oracle, meter, "battery_kwh", "charge_wh", "storage.capacity");
    claim_asset(oracle, meter, "ev_kw", "ev_wh", "ev.power");
    claim_asset(oracle, meter, "heat_pump_kw", "heat_pump_wh", "heat_pump.power");
    claim_throughput(oracle, oracle->users, meter, meter, meter + 1);
}

static void claim_user(struct oracle *oracle, size_t meter, int64_t *cost, int64_t *baseline_cost)
{
    struct kpi_table *users = oracle->users, *meters = oracle->meters;
    int64_t generation = 0, load = 0, drawn = 0, fed = 0, side[2][2] = {{0}}, ev = 0,
            ev_unserved = 0, heat_pump = 0, heat = 0, heat_unserved = 0, curtailed = 0;
    struct causes causes = {0};

    *cost = 0;
    *baseline_cost = 0;
    for (size_t at = meter; at < meters->n; at += oracle->n) {
        const struct cell *cell = &oracle->cells[at];
        int64_t role = oracle->baseline[at];

        generation += kpi_integers(meters, "solar_wh")[at] + kpi_integers(meters, "wind_wh")[at];
        load += kpi_integers(meters, "load_wh")[at];
        curtailed += kpi_integers(meters, "curtailed_wh")[at];
        ev += kpi_integers(meters, "ev_wh")[at];
        ev_unserved += kpi_integers(meters, "ev_unserved_wh")[at];
        heat_pump += kpi_integers(meters, "heat_pump_wh")[at];
        heat += kpi_integers(meters, "heat_wh")[at];
        heat_unserved += kpi_integers(meters, "heat_unserved_wh")[at];
        drawn += plus(oracle->metered[at]);
        fed += plus(-oracle->metered[at]);
        add_causes(oracle, &causes, cell, oracle->metered[at]);
        *cost += cell->cost;
        *baseline_cost += cell->baseline_cost;
        if (role != 0) {
            side[role < 0][0] += role > 0 ? cell->cost : -cell->cost;
            side[role < 0][1] += role > 0 ? cell->baseline_cost : -cell->baseline_cost;
        }
    }
    const struct {
        const char *name;
        int64_t value;
    } claims[] = {{"trial", 0},
                  {"meter", (int64_t)meter},
                  {"generation_wh", generation},
                  {"load_wh", load},
                  {"curtailed_wh", curtailed},
                  {"ev_wh", ev},
                  {"ev_unserved_wh", ev_unserved},
                  {"heat_pump_wh", heat_pump},
                  {"heat_wh", heat},
                  {"heat_unserved_wh", heat_unserved},
                  {"import_wh", drawn},
                  {"export_wh", fed},
                  {"bought_wh", causes.bought},
                  {"sold_wh", causes.sold},
                  {"cost", *cost},
                  {"cost_grid_only", *baseline_cost},
                  {"buyer_cost", side[0][0]},
                  {"buyer_cost_grid_only", side[0][1]},
                  {"seller_revenue", side[1][0]},
                  {"seller_revenue_grid_only", side[1][1]}};
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++)
        claim(oracle, users, claims[i].name, meter, claims[i].value);
    claim(oracle, users, "bought_cost", meter, causes.paid);
    claim(oracle, users, "sold_revenue", meter, causes.earned);
    claim_causes(oracle, users, meter, &causes);
    claim(oracle, users, "strategy", meter, 0); /* no campaign draws a mix: tests/test_deviant.c */
    claim_name(oracle, meter);
    claim_home(oracle, meter);
}

void claim_users(struct oracle *oracle)
{
    struct kpi_table *sum = oracle->summary;
    size_t n = oracle->n, last = (oracle->n_slots - 1) * n;
    int64_t *cost = calloc(4 * n, sizeof *cost), *baseline_cost = cost + n,
            *gain = baseline_cost + n;
    int64_t n_losing = 0, n_negative = 0, terminal = 0;
    double gains = 0, squares = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t more = kpi_integers(oracle->meters, "stored_wh")[last + i] -
                       kpi_integers(oracle->meters, "baseline_stored_wh")[last + i];

        claim_user(oracle, i, &cost[i], &baseline_cost[i]);
        gain[i] = baseline_cost[i] - cost[i];
        n_negative += gain[i] < 0;
        gains += (double)gain[i];
        squares += (double)gain[i] * (double)gain[i];
        n_losing += gain[i] + more * oracle->retail < 0 && gain[i] + more * oracle->feed_in < 0;
        terminal += more;
    }
    claim(oracle, sum, "n_users_losing", 0, n_losing);
    claim(oracle, sum, "terminal_storage_wh", 0, terminal);
    claim_throughput(oracle, sum, 0, 0, n);
    claim_number(oracle, sum, "gini", 0, n_negative ? NAN : gini(gain, n));
    claim_number(oracle, sum, "jain", 0,
                 n_negative ? NAN : ratio(gains * gains, (double)n * squares));
    claim_number(oracle, sum, "gini_bills", 0, gini(cost, n));
    claim_number(oracle, sum, "gini_bills_grid_only", 0, gini(baseline_cost, n));
    free(cost);
}
