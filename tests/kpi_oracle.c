/* Computes every published figure of results anew and says which of them differ:
 *
 *     kpi_oracle RESULT.h5 ...         results of single runs at output.level meters
 *     kpi_oracle --kinds RESULT.h5 ... likewise; each kind of trouble is in some of them
 *     kpi_oracle --blind RESULT.h5     does it see when one value of one column is another?
 *
 * From /orders, /trades, /blocks, /meters and the stored scenario to every column of /summary,
 * /slots and /users, by the definitions of doc/results.md and the rules of the market; nothing of
 * the program is used. A column that no rule here looks at and that is not exempt fails the test.
 * kpi_oracle.py is the same in another language and by other hands of arithmetic: fractions for
 * floating point. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/kpi_tables.h"

/* Counted by the network: nothing in the tables tells them. Whether a slot was missed, and why, is
 * taken from the slot itself, for it depends on when blocks became known to the operator; where an
 * order was at the gate is taken from the order. */
static const char *const exempt[] = {"summary/n_messages",        "summary/n_pool_refusals",
                                     "summary/n_resent",          "summary/n_readings_again",
                                     "summary/n_approvals_again", "summary/n_authority_again",
                                     "summary/n_bundles_again",   "slots/status",
                                     "slots/missed_cause",        NULL};

enum { MOST_FAULTS_SHOWN = 12 };

struct cell {                              /* a meter in a slot */
    int64_t x, bought, sold, paid, earned; /* settled trades: Wh and 1e-9 currency */
    int64_t ordered;                       /* accepted: asked for less offered */
    int64_t missing, untaken;              /* of what was sold; of what was bought */
    int64_t over, under;                   /* taken beyond a schedule with the grid; left of it */
    int64_t schedule_cost;                 /* what it makes dearer than without a schedule */
    int64_t cost, alone;                   /* market run and grid-only */
};

struct oracle {
    struct kpi_file file;
    struct kpi_table *summary, *slots, *users, *orders, *trades, *blocks, *meters;
    int64_t retail, feed_in, price_short, price_long, slot_ns;
    size_t n, n_slots; /* meters; slots */
    int is_scheduled, is_delivered, is_declared, is_greedy;
    const int64_t *missed, *metered, *baseline, *gap_cost;
    struct cell *cells; /* n_slots x n, like the rows of /meters */
    int64_t *bid, *ask; /* a trade: rows of its orders */
    int64_t *executed;  /* a trade: Wh that settled */
    size_t n_faults;
    int is_silent;
};

/* ---- comparing */

static void fault(struct oracle *oracle, const char *format, ...)
{
    va_list list;

    if (oracle->n_faults++ >= MOST_FAULTS_SHOWN || oracle->is_silent)
        return;
    printf("# ");
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
    printf("\n");
}

static void expect(struct oracle *oracle, int holds, const char *what, size_t at)
{
    if (!holds)
        fault(oracle, "%s does not hold at %zu", what, at);
}

static void claim(struct oracle *oracle, struct kpi_table *table, const char *name, size_t row,
                  int64_t expected)
{
    struct kpi_column *column = kpi_column(table, name);
    int64_t got = kpi_integers(table, name)[row];

    column->n_claimed++;
    if (got != expected)
        fault(oracle, "/%s/%s[%zu]: %" PRId64 ", expected %" PRId64, table->name, name, row, got,
              expected);
}

static void claim_number(struct oracle *oracle, struct kpi_table *table, const char *name,
                         size_t row, double expected)
{
    struct kpi_column *column = kpi_column(table, name);
    double got = column->numbers[row];

    column->n_claimed++;
    if (isnan(got) && isnan(expected))
        return;
    if (!(fabs(got - expected) <= 1e-9 * fmax(fabs(got), fabs(expected)) + 1e-12))
        fault(oracle, "/%s/%s[%zu]: %.15g, expected %.15g", table->name, name, row, got, expected);
}

/* "summary/cost". returns whether it is exempt */
static int name_column(const struct kpi_table *table, size_t c, char *name, size_t size)
{
    snprintf(name, size, "%s/%s", table->name, table->columns[c].name);
    for (size_t e = 0; exempt[e]; e++)
        if (strcmp(name, exempt[e]) == 0)
            return 1;
    return 0;
}

static void check_that_all_is_claimed(struct oracle *oracle, struct kpi_table *table)
{
    char name[160];

    for (size_t e = 0; exempt[e]; e++) /* what is exempt is there */
        if (strncmp(exempt[e], table->name, strlen(table->name)) == 0)
            kpi_column(table, exempt[e] + strlen(table->name) + 1);
    for (size_t c = 0; c < table->n_columns; c++) {
        int is_exempt = name_column(table, c, name, sizeof name);

        if (!is_exempt && table->columns[c].n_claimed != table->n)
            fault(oracle, "/%s has no rule in this oracle and is not exempt", name);
        if (is_exempt && table->columns[c].n_claimed > 0)
            fault(oracle, "/%s is exempt and has a rule", name);
    }
}

/* ---- arithmetic */

static int64_t plus(int64_t x)
{
    return x > 0 ? x : 0;
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static double ratio(double a, double b)
{
    return b != 0 ? a / b : NAN;
}

static int64_t tariff(const struct oracle *oracle, int64_t wh)
{
    return plus(wh) * oracle->retail - plus(-wh) * oracle->feed_in;
}

struct weighted {
    int64_t value, weight;
};

static int by_value(const void *a, const void *b)
{
    int64_t x = ((const struct weighted *)a)->value, y = ((const struct weighted *)b)->value;

    return x < y ? -1 : x > y;
}

/* The smallest value with at least `percent` of the weight at or below it. */
static double quantile(struct weighted *items, size_t n, int percent)
{
    int64_t whole = 0, below = 0;

    qsort(items, n, sizeof *items, by_value);
    for (size_t i = 0; i < n; i++)
        whole += items[i].weight;
    for (size_t i = 0; i < n && whole > 0; i++) {
        below += items[i].weight;
        if (below * 100 >= whole * percent)
            return (double)items[i].value;
    }
    return NAN;
}

static double gini(const int64_t *x, size_t n)
{
    double apart = 0, sum = 0;

    for (size_t i = 0; i < n; i++) {
        sum += fabs((double)x[i]);
        for (size_t j = 0; j < n; j++)
            apart += fabs((double)(x[i] - x[j]));
    }
    return ratio(apart, 2 * (double)n * sum);
}

/* ---- orders and trades, which all else comes from */

static int is_ok(struct oracle *oracle, size_t order)
{
    return kpi_is(oracle->orders, "status", order, "ok");
}

/* When the block of an order was sealed. */
static int64_t sealed_ns(struct oracle *oracle, size_t order)
{
    int64_t height = kpi_integers(oracle->orders, "height")[order];

    for (size_t b = 0; b < oracle->blocks->n; b++)
        if (kpi_integers(oracle->blocks, "height")[b] == height)
            return kpi_integers(oracle->blocks, "sealed")[b];
    expect(oracle, 0, "the block of an order", order);
    return 0;
}

static int64_t gate_ns(struct oracle *oracle, size_t order)
{
    char text[64];

    kpi_scenario(oracle->file.scenario, "market.gate", text, sizeof text);
    return kpi_integers(oracle->orders, "interval")[order] * oracle->slot_ns -
           kpi_duration_ns(text);
}

/* What an order is refused for when it comes counts as late in a block sealed at its gate or
 * behind. */
static int is_late(struct oracle *oracle, size_t order)
{
    struct kpi_table *orders = oracle->orders;
    int may_pass = kpi_is(orders, "status", order, "expired") ||
                   kpi_is(orders, "status", order, "replay") ||
                   kpi_is(orders, "status", order, "too_early");

    return kpi_is(orders, "status", order, "gate_closed") ||
           kpi_is(orders, "status", order, "late") || kpi_is(orders, "status", order, "given_up") ||
           (may_pass && sealed_ns(oracle, order) >= gate_ns(oracle, order));
}

/* Rows of the table with this word in a flag, of one interval or, with -1, of all. */
static int64_t count_word(struct kpi_table *table, const char *flag, const char *word,
                          int64_t interval)
{
    int64_t n = 0;

    for (size_t i = 0; i < table->n; i++)
        n += (interval < 0 || kpi_integers(table, "interval")[i] == interval) &&
             kpi_is(table, flag, i, word);
    return n;
}

/* The columns n_WHAT_WORD of `to` hold how often each word of a flag stands in `from`. */
static void claim_words(struct oracle *oracle, struct kpi_table *to, size_t row, const char *what,
                        struct kpi_table *from, const char *flag, int64_t interval)
{
    char words[1024], name[128];

    snprintf(words, sizeof words, "%s", kpi_column(from, flag)->words);
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
        snprintf(name, sizeof name, "n_%s_%s", what, word);
        if (kpi_has(to, name))
            claim(oracle, to, name, row, count_word(from, flag, word, interval));
    }
}

/* Refused is what was not accepted and is not late, by reason. */
static void claim_refusals(struct oracle *oracle)
{
    struct kpi_table *orders = oracle->orders, *sum = oracle->summary;
    char words[1024], name[128];

    snprintf(words, sizeof words, "%s", kpi_column(orders, "status")->words);
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
        int64_t n = 0;

        snprintf(name, sizeof name, "n_refused_%s", word);
        for (size_t i = 0; i < orders->n; i++)
            n += kpi_is(orders, "status", i, word) && !is_late(oracle, i);
        if (kpi_has(sum, name))
            claim(oracle, sum, name, 0, n);
    }
}

/* Late orders and no others have a cause, missed slots likewise; what is sent at the gate or behind
 * it is late by that and by nothing else. */
static void check_causes(struct oracle *oracle)
{
    struct kpi_table *orders = oracle->orders, *slots = oracle->slots;

    for (size_t i = 0; i < orders->n; i++) {
        int is_behind = kpi_integers(orders, "sent")[i] >= gate_ns(oracle, i);
        expect(oracle, is_late(oracle, i) == !kpi_is(orders, "late_cause", i, "none"),
               "late orders have a cause", i);
        expect(oracle, !is_late(oracle, i) || is_behind == kpi_is(orders, "late_cause", i, "sent"),
               "sent behind the gate", i);
    }
    for (size_t k = 0; k < slots->n; k++)
        expect(oracle, (oracle->missed[k] != 0) == !kpi_is(slots, "missed_cause", k, "none"),
               "missed slots have a cause", k);
}

static int is_bid(struct oracle *oracle, size_t order)
{
    return kpi_is(oracle->orders, "side", order, "buy");
}

static int is_settled(struct oracle *oracle, size_t trade)
{
    return kpi_is(oracle->trades, "status", trade, "settled");
}

/* Row of the accepted order of that number in that slot, or -1. */
static int64_t find_order(struct oracle *oracle, int64_t interval, int64_t number)
{
    const int64_t *intervals = kpi_integers(oracle->orders, "interval");
    const int64_t *numbers = kpi_integers(oracle->orders, "number");

    for (size_t i = 0; i < oracle->orders->n; i++)
        if (intervals[i] == interval && numbers[i] == number && is_ok(oracle, i))
            return (int64_t)i;
    return -1;
}

static void check_trade(struct oracle *oracle, size_t t)
{
    struct kpi_table *trades = oracle->trades;
    const int64_t *meters = kpi_integers(oracle->orders, "meter");
    int64_t interval = kpi_integers(trades, "interval")[t];
    int64_t ask = find_order(oracle, interval, kpi_integers(trades, "sell_order")[t]);
    int64_t bid = find_order(oracle, interval, kpi_integers(trades, "buy_order")[t]);

    oracle->ask[t] = ask;
    oracle->bid[t] = bid;
    expect(oracle,
           ask >= 0 && bid >= 0 && !is_bid(oracle, (size_t)ask) && is_bid(oracle, (size_t)bid),
           "a trade is between an ask and a bid that were accepted", t);
    if (ask < 0 || bid < 0)
        exit(1);
    expect(oracle,
           meters[ask] == kpi_integers(trades, "seller")[t] &&
               meters[bid] == kpi_integers(trades, "buyer")[t],
           "a trade is between their senders", t);
    expect(oracle, is_settled(oracle, t) || kpi_is(trades, "status", t, "void"),
           "a trade is settled or void", t);
    expect(oracle, is_settled(oracle, t) == (kpi_integers(trades, "settled_height")[t] > 0),
           "a settled trade has a height", t);
    expect(oracle, !is_settled(oracle, t) || !oracle->missed[interval],
           "nothing settles in a missed slot", t);
}

static void check_fills(struct oracle *oracle)
{
    int64_t *filled = calloc(oracle->orders->n + 1, sizeof *filled);
    const int64_t *energy = kpi_integers(oracle->trades, "energy_wh");

    for (size_t t = 0; filled && t < oracle->trades->n; t++) {
        check_trade(oracle, t);
        filled[oracle->ask[t]] += energy[t];
        filled[oracle->bid[t]] += energy[t];
    }
    for (size_t i = 0; filled && i < oracle->orders->n; i++) {
        expect(oracle, kpi_integers(oracle->orders, "matched_wh")[i] == filled[i],
               "an order is matched by its trades", i);
        expect(oracle, filled[i] <= kpi_integers(oracle->orders, "quantity_wh")[i],
               "no order is overfilled", i);
    }
    free(filled);
}

/* What of each trade settles: all of it; or, as delivered, what both meters allot to it of what
 * they show, in the order of the trades. What one party leaves of a trade goes to no other trade.
 */
static void execute_trades(struct oracle *oracle)
{
    struct kpi_table *trades = oracle->trades;
    int64_t *fed = calloc(2 * oracle->meters->n + 1, sizeof *fed), *drawn = fed + oracle->meters->n;

    for (size_t at = 0; at < oracle->meters->n; at++) {
        fed[at] = plus(-oracle->metered[at]);
        drawn[at] = plus(oracle->metered[at]);
    }
    for (size_t t = 0; t < trades->n; t++) {
        size_t slot = (size_t)kpi_integers(trades, "interval")[t] * oracle->n;
        int64_t *gives = &fed[slot + (size_t)kpi_integers(trades, "seller")[t]];
        int64_t *takes = &drawn[slot + (size_t)kpi_integers(trades, "buyer")[t]];
        int64_t wh = kpi_integers(trades, "energy_wh")[t];
        int64_t given = least(wh, *gives), taken = least(wh, *takes);

        *gives -= given;
        *takes -= taken;
        if (is_settled(oracle, t))
            oracle->executed[t] = oracle->is_delivered ? least(given, taken) : wh;
        expect(oracle, kpi_integers(trades, "executed_wh")[t] == oracle->executed[t],
               "what executes of a trade", t);
    }
    free(fed);
}

/* ---- cells */

static struct cell *cell_of(struct oracle *oracle, int64_t interval, int64_t meter)
{
    return &oracle->cells[(size_t)interval * oracle->n + (size_t)meter];
}

static void count_orders_and_trades(struct oracle *oracle)
{
    struct kpi_table *orders = oracle->orders, *trades = oracle->trades;

    for (size_t i = 0; i < orders->n; i++) {
        int64_t wh = kpi_integers(orders, "quantity_wh")[i];

        if (is_ok(oracle, i))
            cell_of(oracle, kpi_integers(orders, "interval")[i], kpi_integers(orders, "meter")[i])
                ->ordered += is_bid(oracle, i) ? wh : -wh;
    }
    for (size_t t = 0; t < trades->n; t++) {
        int64_t k = kpi_integers(trades, "interval")[t], wh = oracle->executed[t];
        struct cell *buyer = cell_of(oracle, k, kpi_integers(trades, "buyer")[t]);
        struct cell *seller = cell_of(oracle, k, kpi_integers(trades, "seller")[t]);

        buyer->x += wh;
        buyer->bought += wh;
        buyer->paid += wh * kpi_integers(trades, "price_buy")[t];
        seller->x -= wh;
        seller->sold += wh;
        seller->earned += wh * kpi_integers(trades, "price_sell")[t];
    }
}

static int64_t imbalance_cost(const struct oracle *oracle, int64_t deviation)
{
    return plus(deviation) * oracle->price_short - plus(-deviation) * oracle->price_long;
}

/* What the grid charges for a slot whose reading came in time. */
static int64_t bill(const struct oracle *oracle, struct cell *cell, int64_t metered, int is_missed)
{
    int64_t sold = plus(-cell->x), bought = plus(cell->x);

    cell->missing = sold - least(sold, plus(-metered));
    cell->untaken = bought - least(bought, plus(metered));
    int64_t deviation = cell->missing - cell->untaken;
    int64_t rest =
        plus(metered) - (bought - cell->untaken) - (plus(-metered) - (sold - cell->missing));
    int64_t units = tariff(oracle, rest) + imbalance_cost(oracle, deviation);
    if (!oracle->is_scheduled || cell->ordered == 0 || is_missed)
        return units;
    int64_t off_schedule = metered - cell->ordered - deviation;
    cell->over = plus(off_schedule);
    cell->under = plus(-off_schedule);
    cell->schedule_cost = tariff(oracle, cell->ordered - cell->x) +
                          imbalance_cost(oracle, metered - cell->ordered) - units;
    return units + cell->schedule_cost;
}

static void count_cell(struct oracle *oracle, size_t at)
{
    struct kpi_table *meters = oracle->meters;
    struct cell *cell = &oracle->cells[at];
    int is_read = kpi_is(meters, "is_read", at, "yes");
    int64_t metered = oracle->metered[at];

    expect(oracle,
           kpi_integers(meters, "interval")[at] == (int64_t)(at / oracle->n) &&
               kpi_integers(meters, "meter")[at] == (int64_t)(at % oracle->n),
           "/meters has its order", at);
    expect(oracle,
           metered == kpi_integers(meters, "load_wh")[at] + kpi_integers(meters, "charge_wh")[at] -
                          kpi_integers(meters, "discharge_wh")[at] -
                          kpi_integers(meters, "solar_wh")[at] -
                          kpi_integers(meters, "wind_wh")[at],
           "what is metered is load less generation", at);
    expect(oracle,
           !oracle->is_greedy || (metered == oracle->baseline[at] &&
                                  kpi_integers(meters, "stored_wh")[at] ==
                                      kpi_integers(meters, "baseline_stored_wh")[at]),
           "greedy storage runs as in the baseline", at);
    expect(oracle, kpi_integers(meters, "traded_wh")[at] == cell->x, "traded_wh", at);
    expect(oracle, is_read || cell->bought + cell->sold == 0, "without a reading nothing settles",
           at);
    /* what no reading told in time is billed later, for every slot what the tariff makes of it */
    expect(oracle, kpi_integers(meters, "gap_wh")[at] == (is_read ? 0 : metered), "gap_wh", at);
    expect(oracle, oracle->gap_cost[at] == (is_read ? 0 : tariff(oracle, metered)), "gap_cost", at);
    cell->cost = cell->paid - cell->earned + oracle->gap_cost[at];
    if (is_read)
        cell->cost += bill(oracle, cell, metered, oracle->missed[at / oracle->n] != 0);
    cell->alone = tariff(oracle, oracle->baseline[at]);
    expect(oracle, kpi_integers(meters, "cost")[at] == cell->cost, "the cost of a cell", at);
}

/* ---- /slots */

struct slot_sums {
    int64_t supply, demand, traded, paid;
};

static struct slot_sums claim_orders_of_slot(struct oracle *oracle, size_t k)
{
    struct kpi_table *slots = oracle->slots, *orders = oracle->orders, *trades = oracle->trades;
    struct slot_sums sums = {0};
    int64_t n = 0, n_ok = 0, n_late = 0, n_trades = 0;

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
    for (size_t t = 0; t < trades->n; t++) {
        if (kpi_integers(trades, "interval")[t] != (int64_t)k)
            continue;
        n_trades++;
        sums.traded += oracle->executed[t];
        sums.paid += oracle->executed[t] * kpi_integers(trades, "price_buy")[t];
    }
    claim(oracle, slots, "n_orders", k, n);
    claim(oracle, slots, "n_accepted", k, n_ok);
    claim(oracle, slots, "n_late", k, n_late);
    claim_words(oracle, slots, k, "late", orders, "late_cause", (int64_t)k);
    claim(oracle, slots, "n_trades", k, n_trades);
    claim(oracle, slots, "supply_wh", k, sums.supply);
    claim(oracle, slots, "demand_wh", k, sums.demand);
    claim(oracle, slots, "traded_wh", k, sums.traded);
    claim_number(oracle, slots, "price_mean", k,
                 ratio((double)sums.paid, (double)sums.traded) / 1e6);
    return sums;
}

/* Sum of a column of /meters over a slot. */
static int64_t sum_of(struct oracle *oracle, const char *name, size_t k)
{
    const int64_t *values = kpi_integers(oracle->meters, name);
    int64_t sum = 0;

    for (size_t i = 0; i < oracle->n; i++)
        sum += values[k * oracle->n + i];
    return sum;
}

static void claim_slot(struct oracle *oracle, size_t k)
{
    static const char *const sums[] = {"solar_wh",  "wind_wh",      "load_wh",
                                       "charge_wh", "discharge_wh", "stored_wh"};
    struct kpi_table *slots = oracle->slots;
    int64_t net = sum_of(oracle, "metered_wh", k), cost = 0, alone = 0;

    for (size_t i = 0; i < oracle->n; i++) {
        cost += oracle->cells[k * oracle->n + i].cost;
        alone += oracle->cells[k * oracle->n + i].alone;
    }
    claim(oracle, slots, "trial", k, 0);
    claim(oracle, slots, "interval", k, (int64_t)k);
    claim(oracle, slots, "time", k, (int64_t)k * oracle->slot_ns);
    for (size_t s = 0; s < sizeof sums / sizeof sums[0]; s++)
        claim(oracle, slots, sums[s], k, sum_of(oracle, sums[s], k));
    claim(oracle, slots, "generation_wh", k,
          sum_of(oracle, "solar_wh", k) + sum_of(oracle, "wind_wh", k));
    claim(oracle, slots, "import_wh", k, plus(net));
    claim(oracle, slots, "export_wh", k, plus(-net));
    claim(oracle, slots, "cost", k, cost);
    claim(oracle, slots, "cost_grid_only", k, alone);
}

/* ---- what a bill is made of, of a user or of all */

struct causes {
    int64_t bought, sold, paid, earned, missing, untaken, over, under, tariff_cost, schedule_cost;
};

static void add_causes(const struct oracle *oracle, struct causes *causes, const struct cell *cell,
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

static void claim_causes(struct oracle *oracle, struct kpi_table *table, size_t row,
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

static void claim_user(struct oracle *oracle, size_t meter, int64_t *cost, int64_t *alone)
{
    struct kpi_table *users = oracle->users, *meters = oracle->meters;
    int64_t generation = 0, load = 0, drawn = 0, fed = 0, side[2][2] = {{0}};
    struct causes causes = {0};

    *cost = 0;
    *alone = 0;
    for (size_t at = meter; at < meters->n; at += oracle->n) {
        const struct cell *cell = &oracle->cells[at];
        int64_t role = oracle->baseline[at];

        generation += kpi_integers(meters, "solar_wh")[at] + kpi_integers(meters, "wind_wh")[at];
        load += kpi_integers(meters, "load_wh")[at];
        drawn += plus(oracle->metered[at]);
        fed += plus(-oracle->metered[at]);
        add_causes(oracle, &causes, cell, oracle->metered[at]);
        *cost += cell->cost;
        *alone += cell->alone;
        if (role != 0) {
            side[role < 0][0] += role > 0 ? cell->cost : -cell->cost;
            side[role < 0][1] += role > 0 ? cell->alone : -cell->alone;
        }
    }
    const struct {
        const char *name;
        int64_t value;
    } claims[] = {{"trial", 0},
                  {"meter", (int64_t)meter},
                  {"generation_wh", generation},
                  {"load_wh", load},
                  {"import_wh", drawn},
                  {"export_wh", fed},
                  {"bought_wh", causes.bought},
                  {"sold_wh", causes.sold},
                  {"cost", *cost},
                  {"cost_grid_only", *alone},
                  {"buyer_cost", side[0][0]},
                  {"buyer_cost_grid_only", side[0][1]},
                  {"seller_revenue", side[1][0]},
                  {"seller_revenue_grid_only", side[1][1]}};
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++)
        claim(oracle, users, claims[i].name, meter, claims[i].value);
    claim(oracle, users, "bought_cost", meter, causes.paid);
    claim(oracle, users, "sold_revenue", meter, causes.earned);
    claim_causes(oracle, users, meter, &causes);
    claim_name(oracle, meter);
}

static void claim_users(struct oracle *oracle)
{
    struct kpi_table *sum = oracle->summary;
    size_t n = oracle->n, last = (oracle->n_slots - 1) * n;
    int64_t *cost = calloc(4 * n, sizeof *cost), *alone = cost + n, *gain = alone + n;
    int64_t n_losing = 0, n_negative = 0, terminal = 0;
    double gains = 0, squares = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t more = kpi_integers(oracle->meters, "stored_wh")[last + i] -
                       kpi_integers(oracle->meters, "baseline_stored_wh")[last + i];

        claim_user(oracle, i, &cost[i], &alone[i]);
        gain[i] = alone[i] - cost[i];
        n_negative += gain[i] < 0;
        gains += (double)gain[i];
        squares += (double)gain[i] * (double)gain[i];
        n_losing += gain[i] + more * oracle->retail < 0 && gain[i] + more * oracle->feed_in < 0;
        terminal += more;
    }
    claim(oracle, sum, "n_users_losing", 0, n_losing);
    claim(oracle, sum, "terminal_storage_wh", 0, terminal);
    claim_number(oracle, sum, "gini", 0, n_negative ? NAN : gini(gain, n));
    claim_number(oracle, sum, "jain", 0,
                 n_negative ? NAN : ratio(gains * gains, (double)n * squares));
    claim_number(oracle, sum, "gini_bills", 0, gini(cost, n));
    claim_number(oracle, sum, "gini_bills_grid_only", 0, gini(alone, n));
    free(cost);
}

/* ---- /summary */

/* Dearest buyers meet cheapest sellers while that gains: the best pair left, again and again. */
static double most_surplus(struct oracle *oracle, size_t k)
{
    struct kpi_table *orders = oracle->orders;
    const int64_t *reserve = kpi_integers(orders, "reserve");
    int64_t *left = calloc(orders->n + 1, sizeof *left);
    double sum = 0;

    for (size_t i = 0; i < orders->n; i++)
        if (is_ok(oracle, i) && kpi_integers(orders, "interval")[i] == (int64_t)k)
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
        int64_t wh = least(left[bid], left[ask]);
        sum += (double)wh * (double)(reserve[bid] - reserve[ask]);
        left[bid] -= wh;
        left[ask] -= wh;
    }
    free(left);
    return sum;
}

static void claim_trades(struct oracle *oracle, double demand_or_supply)
{
    struct kpi_table *sum = oracle->summary, *trades = oracle->trades, *orders = oracle->orders;
    struct weighted *prices = calloc(trades->n + 1, sizeof *prices);
    double got = 0, most = 0, paid = 0, mean, squares = 0;
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
        most += most_surplus(oracle, k);
    claim(oracle, sum, "n_trades", 0, (int64_t)trades->n);
    claim(oracle, sum, "n_settled", 0, (int64_t)n);
    claim(oracle, sum, "n_voided", 0, (int64_t)(trades->n - n));
    claim(oracle, sum, "traded_wh", 0, traded);
    claim(oracle, sum, "operator_balance", 0, operator_gets);
    claim_number(oracle, sum, "price_mean", 0, mean / 1e6);
    claim_number(oracle, sum, "price_sd", 0, sqrt(ratio(squares, (double)traded)) / 1e6);
    claim_number(oracle, sum, "price_p10", 0, quantile(prices, n, 10) / 1e6);
    claim_number(oracle, sum, "price_p90", 0, quantile(prices, n, 90) / 1e6);
    claim_number(oracle, sum, "surplus_limit", 0, most / 1e9);
    claim(oracle, sum, "clearable_wh", 0, (int64_t)demand_or_supply);
    claim(oracle, sum, "chosen_wh", 0, choosers);
    claim_number(oracle, sum, "efficiency_reserves", 0, ratio(got, most));
    claim_number(oracle, sum, "efficiency_grid", 0,
                 oracle->retail == oracle->feed_in ? NAN : ratio((double)traded, demand_or_supply));
    claim_number(oracle, sum, "first_choice_share", 0, ratio((double)chosen, (double)choosers));
    free(prices);
}

static void claim_orders(struct oracle *oracle)
{
    struct kpi_table *sum = oracle->summary, *orders = oracle->orders;
    struct weighted *took = calloc(orders->n + 1, sizeof *took);
    int64_t n_ok = 0, n_late = 0, n_again = 0;
    size_t n = 0;

    for (size_t i = 0; i < orders->n; i++) {
        n_ok += is_ok(oracle, i);
        n_late += is_late(oracle, i);
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
                least(discharged, (int64_t)floor((double)charged * strtod(text, NULL)) - own);
            own += used;
            initial += discharged - used;
        }
    }
    return initial;
}

struct energy {
    int64_t generation, load, drawn, fed, peak_drawn, peak_fed, alone_drawn, alone_fed;
    int64_t surplus, deficit, matchable, moved, ceiling_cost;
};

static void count_slot(struct oracle *oracle, size_t k, struct energy *sum)
{
    int64_t net = sum_of(oracle, "metered_wh", k), alone = sum_of(oracle, "baseline_wh", k);
    int64_t surplus = 0, deficit = 0, delivered = 0, taken = 0;

    for (size_t at = k * oracle->n; at < (k + 1) * oracle->n; at++) {
        surplus += plus(-oracle->metered[at]);
        deficit += plus(oracle->metered[at]);
        delivered += least(plus(-oracle->cells[at].x), plus(-oracle->metered[at]));
        taken += least(plus(oracle->cells[at].x), plus(oracle->metered[at]));
    }
    sum->generation += sum_of(oracle, "solar_wh", k) + sum_of(oracle, "wind_wh", k);
    sum->load += sum_of(oracle, "load_wh", k);
    sum->drawn += plus(net);
    sum->fed += plus(-net);
    sum->peak_drawn = plus(net) > sum->peak_drawn ? plus(net) : sum->peak_drawn;
    sum->peak_fed = plus(-net) > sum->peak_fed ? plus(-net) : sum->peak_fed;
    sum->alone_drawn += plus(alone);
    sum->alone_fed += plus(-alone);
    sum->surplus += surplus;
    sum->deficit += deficit;
    sum->matchable += least(surplus, deficit);
    sum->moved += least(delivered, taken);
    sum->ceiling_cost += tariff(oracle, net);
}

static struct energy claim_energy(struct oracle *oracle, int64_t traded)
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
                  {"import_wh", sum.drawn},
                  {"export_wh", sum.fed},
                  {"peak_import_wh", sum.peak_drawn},
                  {"peak_export_wh", sum.peak_fed},
                  {"baseline_import_wh", sum.alone_drawn},
                  {"baseline_export_wh", sum.alone_fed},
                  {"surplus_wh", sum.surplus},
                  {"deficit_wh", sum.deficit},
                  {"matchable_wh", sum.matchable}};
    for (size_t i = 0; i < sizeof claims / sizeof claims[0]; i++)
        claim(oracle, table, claims[i].name, 0, claims[i].value);
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

static void claim_money(struct oracle *oracle, int64_t ceiling_cost)
{
    struct kpi_table *sum = oracle->summary;
    int64_t cost = 0, alone = 0, side[3][2] = {{0}}; /* buyers, neither, sellers */
    int64_t n_unread = 0, gaps = 0;
    struct causes causes = {0};

    for (size_t at = 0; at < oracle->meters->n; at++) {
        int64_t role = oracle->baseline[at];
        int s = role > 0 ? 0 : role == 0 ? 1 : 2;

        add_causes(oracle, &causes, &oracle->cells[at], oracle->metered[at]);
        n_unread += !kpi_is(oracle->meters, "is_read", at, "yes");
        gaps += oracle->gap_cost[at];
        side[s][0] += oracle->cells[at].cost;
        side[s][1] += oracle->cells[at].alone;
        cost += oracle->cells[at].cost;
        alone += oracle->cells[at].alone;
    }
    const struct {
        const char *name;
        int64_t value;
    } claims[] = {{"cost", cost},
                  {"cost_grid_only", alone},
                  {"saving", alone - cost},
                  {"saving_ceiling", alone - ceiling_cost},
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
                 100 * ratio((double)(alone - cost), fabs((double)alone)));
    claim_number(oracle, sum, "buyers_saving_pct", 0,
                 100 * ratio((double)(side[0][1] - side[0][0]), (double)side[0][1]));
    claim_number(oracle, sum, "sellers_gain_pct", 0,
                 100 * ratio((double)(side[2][1] - side[2][0]), -(double)side[2][1]));
    claim_number(oracle, sum, "gain_per_user_day", 0,
                 (double)(alone - cost) * 1e-9 / (double)oracle->n /
                     ((double)oracle->n_slots * (double)oracle->slot_ns / 86400e9));
}

static void claim_chain(struct oracle *oracle)
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

static void claim_scenario(struct oracle *oracle)
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
    claim(oracle, sum, "n_meters", 0, (int64_t)oracle->n);
    claim(oracle, sum, "n_slots", 0, (int64_t)oracle->n_slots);
    claim(oracle, sum, "n_missed_slots", 0, n_missed);
    claim_words(oracle, sum, 0, "missed", oracle->slots, "missed_cause", -1);
}

/* ---- one result */

static int64_t price_of(const char *scenario, const char *key, const char *word, int64_t otherwise)
{
    char text[64];

    kpi_scenario(scenario, key, text, sizeof text);
    return strcmp(text, word) == 0 ? otherwise : kpi_decimal(text, 1000000);
}

static void read_rules(struct oracle *oracle)
{
    const char *scenario = oracle->file.scenario;
    char text[64], days[64];

    oracle->retail = price_of(scenario, "tariff.retail", "", 0);
    oracle->feed_in = price_of(scenario, "tariff.feed_in", "", 0);
    oracle->price_short = price_of(scenario, "imbalance.short", "retail", oracle->retail);
    oracle->price_long = price_of(scenario, "imbalance.long", "feed_in", oracle->feed_in);
    kpi_scenario(scenario, "settlement.unmatched", text, sizeof text);
    oracle->is_scheduled = strcmp(text, "scheduled") == 0;
    kpi_scenario(scenario, "settlement.rule", text, sizeof text);
    oracle->is_delivered = strcmp(text, "delivered") == 0;
    kpi_scenario(scenario, "meters.delivery", text, sizeof text);
    oracle->is_declared = strcmp(text, "declared") == 0;
    kpi_scenario(scenario, "storage.controller", text, sizeof text);
    oracle->is_greedy = strcmp(text, "greedy") == 0;
    kpi_scenario(scenario, "slot", text, sizeof text);
    oracle->slot_ns = kpi_duration_ns(text);
    kpi_scenario(scenario, "meters.count", text, sizeof text);
    oracle->n = (size_t)strtoull(text, NULL, 10);
    kpi_scenario(scenario, "slots", text, sizeof text);
    kpi_scenario(scenario, "days", days, sizeof days);
    oracle->n_slots = (size_t)strtoull(text, NULL, 10);
    if (oracle->n_slots == 0)
        oracle->n_slots =
            (size_t)(strtoll(days, NULL, 10) * INT64_C(86400000000000) / oracle->slot_ns);
}

/* The kinds of trouble that some of the results must hold, lest their figures go unchecked. */
enum {
    WITH_TRADES,
    WITH_MISSED_SLOTS,
    WITH_VOID_TRADES,
    WITH_IMBALANCE,
    WITH_SCHEDULES,
    WITH_PARTS,
    WITH_STORAGE,
    WITH_GAPS,
    N_KINDS
};
static const char *const kinds[] = {"settled trades",   "missed slots",
                                    "void trades",      "imbalance",
                                    "missed schedules", "trades delivered in part",
                                    "storage",          "readings that came too late"};

static void count_kinds(struct oracle *oracle, size_t counts[N_KINDS])
{
    int is_kind[N_KINDS] = {0};

    for (size_t t = 0; t < oracle->trades->n; t++) {
        int64_t wh = oracle->executed[t];

        is_kind[is_settled(oracle, t) ? WITH_TRADES : WITH_VOID_TRADES] = 1;
        is_kind[WITH_PARTS] |= wh > 0 && wh < kpi_integers(oracle->trades, "energy_wh")[t];
    }
    for (size_t k = 0; k < oracle->n_slots; k++)
        is_kind[WITH_MISSED_SLOTS] |= oracle->missed[k] != 0;
    for (size_t at = 0; at < oracle->meters->n; at++) {
        is_kind[WITH_IMBALANCE] |= oracle->cells[at].missing + oracle->cells[at].untaken > 0;
        is_kind[WITH_SCHEDULES] |= oracle->cells[at].schedule_cost != 0;
        is_kind[WITH_STORAGE] |= kpi_integers(oracle->meters, "charge_wh")[at] > 0;
        is_kind[WITH_GAPS] |= kpi_is(oracle->meters, "is_read", at, "no");
    }
    for (int i = 0; i < N_KINDS; i++)
        counts[i] += (size_t)is_kind[i];
}

static void open_result(struct oracle *oracle, const char *path)
{
    const struct {
        const char *name;
        struct kpi_table **table;
    } tables[] = {{"summary", &oracle->summary}, {"slots", &oracle->slots},
                  {"users", &oracle->users},     {"orders", &oracle->orders},
                  {"trades", &oracle->trades},   {"blocks", &oracle->blocks},
                  {"meters", &oracle->meters}};

    oracle->file = kpi_read(path);
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++)
        *tables[i].table = kpi_table(&oracle->file, tables[i].name);
    read_rules(oracle);
    expect(oracle, oracle->file.n_tables == 7, "the result has seven tables", 0);
    expect(oracle, oracle->summary->n == 1, "a single run", 0);
    if (oracle->slots->n != oracle->n_slots || oracle->users->n != oracle->n ||
        oracle->meters->n != oracle->n * oracle->n_slots) {
        printf("Bail out! /slots, /users and /meters of %s are not as long as the scenario says\n",
               path);
        exit(1);
    }
    oracle->missed = kpi_integers(oracle->slots, "status");
    oracle->metered = kpi_integers(oracle->meters, "metered_wh");
    oracle->baseline = kpi_integers(oracle->meters, "baseline_wh");
    oracle->gap_cost = kpi_integers(oracle->meters, "gap_cost");
    oracle->cells = calloc(oracle->meters->n + 1, sizeof *oracle->cells);
    oracle->bid = calloc(3 * oracle->trades->n + 1, sizeof *oracle->bid);
    if (!oracle->cells || !oracle->bid)
        exit(1);
    oracle->ask = oracle->bid + oracle->trades->n;
    oracle->executed = oracle->ask + oracle->trades->n;
}

static void close_result(struct oracle *oracle)
{
    free(oracle->cells);
    free(oracle->bid);
    kpi_free(&oracle->file);
}

/* Another value in the last row of a column. */
static void change(struct kpi_table *table, struct kpi_column *column)
{
    size_t row = table->n - 1;

    if (column->integers)
        column->integers[row]++;
    else if (column->numbers)
        column->numbers[row] =
            isnan(column->numbers[row]) ? 0 : column->numbers[row] * (1 + 1e-6) + 1e-9;
    else
        column->texts[row][0] ^= 1; /* of a name that is not empty */
}

/* changed  "summary/cost": one value of that column is changed first; NULL: none
 * counts   of the kinds; this result is added
 * returns  how many figures differ */
static size_t check_result(const char *path, const char *changed, size_t counts[N_KINDS])
{
    struct oracle oracle = {.is_silent = changed != NULL};
    int64_t traded = 0;
    double sides = 0;

    open_result(&oracle, path);
    if (changed) {
        char table[64];

        snprintf(table, sizeof table, "%.*s", (int)strcspn(changed, "/"), changed);
        change(kpi_table(&oracle.file, table),
               kpi_column(kpi_table(&oracle.file, table), strchr(changed, '/') + 1));
    }
    check_fills(&oracle);
    execute_trades(&oracle);
    count_orders_and_trades(&oracle);
    for (size_t at = 0; at < oracle.meters->n; at++)
        count_cell(&oracle, at);
    for (size_t k = 0; k < oracle.n_slots; k++) {
        struct slot_sums sums = claim_orders_of_slot(&oracle, k);

        claim_slot(&oracle, k);
        traded += sums.traded;
        sides += (double)least(sums.supply, sums.demand);
    }
    claim_users(&oracle);
    claim_scenario(&oracle);
    claim_orders(&oracle);
    claim_trades(&oracle, sides);
    struct energy energy = claim_energy(&oracle, traded);
    claim_money(&oracle, energy.ceiling_cost);
    claim_chain(&oracle);
    check_that_all_is_claimed(&oracle, oracle.summary);
    check_that_all_is_claimed(&oracle, oracle.slots);
    check_that_all_is_claimed(&oracle, oracle.users);
    count_kinds(&oracle, counts);
    close_result(&oracle);
    return oracle.n_faults;
}

/* Changes column after column of the result. returns how many changes went unseen */
static int look_for_blindness(const char *path)
{
    static const char *const checked[] = {"summary", "slots", "users"};
    struct kpi_file file = kpi_read(path);
    size_t counts[N_KINDS] = {0}, n = 0;
    int n_unseen = 0;
    char name[160];

    for (size_t t = 0; t < sizeof checked / sizeof checked[0]; t++) {
        struct kpi_table *table = kpi_table(&file, checked[t]);

        for (size_t c = 0; c < table->n_columns; c++) {
            if (name_column(table, c, name, sizeof name))
                continue;
            n++;
            if (check_result(path, name, counts) == 0) {
                printf("# a change of /%s is not seen\n", name);
                n_unseen++;
            }
        }
    }
    kpi_free(&file);
    printf("# %zu columns changed, one after the other\n", n);
    return n_unseen;
}

int main(int argc, char **argv)
{
    size_t counts[N_KINDS] = {0};
    int n_failed = 0, wants_kinds = argc > 1 && strcmp(argv[1], "--kinds") == 0;

    if (argc == 3 && strcmp(argv[1], "--blind") == 0)
        return look_for_blindness(argv[2]) > 0;
    for (int i = 1 + wants_kinds; i < argc; i++)
        if (check_result(argv[i], NULL, counts) > 0) {
            printf("# in %s\n", argv[i]);
            n_failed++;
        }
    printf("# exempt:");
    for (size_t e = 0; exempt[e]; e++)
        printf(" /%s", exempt[e]);
    printf("\n# %d results", argc - 1 - wants_kinds);
    for (int i = 0; i < N_KINDS; i++) {
        printf(", %zu with %s", counts[i], kinds[i]);
        n_failed += wants_kinds && counts[i] < 3;
    }
    printf("\n");
    return n_failed > 0;
}
