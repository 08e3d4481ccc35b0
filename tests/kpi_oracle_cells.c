/* What orders and trades make of each meter and slot: what was matched, what of it settled, what it
 * cost. */
#include "tests/kpi_oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- orders and trades, which all else comes from */

int is_ok(struct oracle *oracle, size_t order)
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
int is_late(struct oracle *oracle, size_t order)
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
void claim_words(struct oracle *oracle, struct kpi_table *to, size_t row, const char *what,
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
void claim_refusals(struct oracle *oracle)
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
void check_causes(struct oracle *oracle)
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

int is_bid(struct oracle *oracle, size_t order)
{
    return kpi_is(oracle->orders, "side", order, "buy");
}

int is_settled(struct oracle *oracle, size_t trade)
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

void check_fills(struct oracle *oracle)
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
void execute_trades(struct oracle *oracle)
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
        int64_t given = min_of(wh, *gives), taken = min_of(wh, *takes);

        *gives -= given;
        *takes -= taken;
        if (is_settled(oracle, t))
            oracle->executed[t] = oracle->is_delivered ? min_of(given, taken) : wh;
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

void count_orders_and_trades(struct oracle *oracle)
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

    cell->missing = sold - min_of(sold, plus(-metered));
    cell->untaken = bought - min_of(bought, plus(metered));
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

void count_cell(struct oracle *oracle, size_t at)
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
    /* what no reading showed in time is billed later, for every slot what the tariff makes of it */
    expect(oracle, kpi_integers(meters, "gap_wh")[at] == (is_read ? 0 : metered), "gap_wh", at);
    expect(oracle, oracle->gap_cost[at] == (is_read ? 0 : tariff(oracle, metered)), "gap_cost", at);
    cell->cost = cell->paid - cell->earned + oracle->gap_cost[at];
    if (is_read)
        cell->cost += bill(oracle, cell, metered, oracle->missed[at / oracle->n] != 0);
    cell->baseline_cost = tariff(oracle, oracle->baseline[at]);
    expect(oracle, kpi_integers(meters, "cost")[at] == cell->cost, "the cost of a cell", at);
}
