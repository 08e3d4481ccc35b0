/* Speed and memory of the two-round auction, and speed of a call at one price, at a million orders,
 * half of them marketable: sorting, both rounds and trade records included, the copying in of
 * orders too; and the same for a slot of a village, where nearly everybody buys from any source.
 * Time on one core, best of several runs, because the rest of the machine only ever adds to it.
 * Memory is what the process grew by at its peak, so each case runs in a process of its own. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/report.h"
#include "models/market/two_round/options.h"
#include "tests/splitmix64.h"

#define N_ORDERS 1000000
#define N_RUNS 7

/* Quotes uniform over the tariff band on both sides, so that half the orders cross; reserves up to
 * 0.05 beyond the quote.
 * n_sellers  in 16 orders
 * n_sources  that they sell from */
static void fill(struct gb_order *orders, size_t n, uint64_t n_sellers, uint64_t n_sources)
{
    uint64_t state = 2026;

    for (size_t i = 0; i < n; i++) {
        uint64_t r = splitmix64(&state);
        int64_t price = 310000 + (int64_t)(splitmix64(&state) % 280001);
        int64_t capacity = (int64_t)(splitmix64(&state) % 50001);
        uint8_t side = (r & 15) < n_sellers ? GB_SELL : GB_BUY;
        uint8_t source = (uint8_t)(GB_SOURCE_SOLAR + (r >> 4) % n_sources);

        orders[i] = (struct gb_order){
            .owner = (uint32_t)i,
            .side = side,
            .source = side == GB_SELL ? source : GB_SOURCE_ANY,
            .quantity = {1 + (int64_t)(r >> 40) % 5000},
            .price = {price},
            .reserve = {side == GB_SELL ? price - capacity : price + capacity},
            .beta_millionths = GB_BETA_OF_MARKET,
        };
    }
}

struct market {
    const char *what;
    struct gb_market_rules rules;
    const struct gb_order *orders;
    double target;
};

static void report(const struct market *market, double value, const char *unit, double target,
                   const char *holds)
{
    char name[96];

    snprintf(name, sizeof name, "%s: %s", market->rules.mechanism->member.name, market->what);
    gb_bench_report(&(struct gb_bench_row){name, value, unit, target, holds});
}

static int measure(const void *context)
{
    const struct market *market = context;
    const struct gb_mechanism *mechanism = market->rules.mechanism;
    struct gb_error err = {0};
    struct gb_match match = {0};
    void *state = NULL;
    double best = 1e9, before = gb_bench_peak_bytes();
    enum gb_status status = mechanism->create(&state, &market->rules, &err);

    for (int i = 0; i < N_RUNS && status == GB_OK; i++) {
        double start = gb_bench_cpu_s();

        mechanism->begin(state, i);
        status = mechanism->apply(state, market->orders, N_ORDERS, &err);
        if (status == GB_OK)
            status = mechanism->finish(state, &match, &err);
        double took = gb_bench_cpu_s() - start;
        best = took < best ? took : best;
    }
    if (status != GB_OK) {
        fprintf(stderr, "bench_market: %s\n", err.text);
    } else {
        report(market, N_ORDERS / best / 1e6, "million orders/s", market->target,
               "a million orders taken over, sorted and matched, trades written; best of 7 runs");
        report(market, (gb_bench_peak_bytes() - before) / N_ORDERS, "bytes an order", 0,
               "what the process grew by at its peak");
    }
    if (state)
        mechanism->free(state);
    return status == GB_OK ? 0 : 1;
}

static int run(const char *what, const struct gb_two_round_options *options,
               const struct gb_order *orders, double target)
{
    struct market market = {.what = what, .orders = orders, .target = target};

    gb_market_rules_init(&market.rules);
    *gb_two_round_options(&market.rules) = *options;
    return gb_bench_apart(measure, &market);
}

static int run_uniform(const struct gb_order *orders)
{
    struct market market = {.what = "one price", .orders = orders, .target = 15};
    char why[64];

    gb_market_rules_init(&market.rules);
    gb_market_rules_select(&market.rules, &gb_mechanism_uniform);
    return !gb_market_rules_set(&market.rules, "market.books", "pooled", why, sizeof why) ||
           gb_bench_apart(measure, &market);
}

int main(void)
{
    struct gb_order *orders = malloc(N_ORDERS * sizeof *orders);
    struct gb_two_round_options options = {.export_limit_wh = GB_LIMIT_NONE,
                                           .import_limit_wh = GB_LIMIT_NONE,
                                           .k_millionths = 500000,
                                           .beta_millionths = 100000,
                                           .books = GB_BOOKS_POOLED};
    int failed = 0;

    if (!orders)
        return 1;
    fill(orders, N_ORDERS, 8, 1);
    options.rounds = 0;
    failed += run("one round", &options, orders, 15);
    failed += run_uniform(orders);
    options.rounds = 1;
    options.match = GB_MATCH_CROSSING;
    failed += run("crossing, one re-quote", &options, orders, 15);
    options.match = GB_MATCH_WITHIN_RESERVE;
    options.on_head_fail = GB_HEAD_FAIL_STOP;
    failed += run("within_reserve, stop", &options, orders, 15);
    options.on_head_fail = GB_HEAD_FAIL_SKIP;
    failed += run("within_reserve, skip", &options, orders, 10);
    options.books = GB_BOOKS_BY_SOURCE;
    failed += run("the same by source, buyers of any", &options, orders, 5);
    fill(orders, N_ORDERS, 1, 3);
    failed += run("a village: 15 in 16 buy any source", &options, orders, 5);
    free(orders);
    return failed > 0;
}
