/* Speed and memory of the two-round auction at a million orders, half of them marketable:
 * sorting, both rounds and trade records included, the copying in of orders too; and the same
 * for a slot of a village, where nearly everybody buys from any source. Time on one core, best
 * of several runs, because the rest of the machine only ever adds to it. Memory is what the
 * process grew by at its peak, so each case runs in a process of its own. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "models/market/mechanism.h"
#include "tests/splitmix64.h"

#define N_ORDERS 1000000
#define N_RUNS 7

/* Quotes uniform over the tariff band on both sides, so that half the orders cross; reserves up to
 * 0.05 beyond the quote.
 * n_sellers  in 16 orders
 * n_sources  that they sell from */
static void fill(struct gb_book_action *actions, size_t n, uint64_t n_sellers, uint64_t n_sources)
{
    uint64_t state = 2026;

    for (size_t i = 0; i < n; i++) {
        uint64_t r = splitmix64(&state);
        int64_t price = 310000 + (int64_t)(splitmix64(&state) % 280001);
        int64_t room = (int64_t)(splitmix64(&state) % 50001);
        uint8_t side = (r & 15) < n_sellers ? GB_SELL : GB_BUY;
        uint8_t source = (uint8_t)(GB_SOURCE_SOLAR + (r >> 4) % n_sources);

        actions[i] = (struct gb_book_action){.order = {
            .owner = (uint32_t)i,
            .side = side,
            .source = side == GB_SELL ? source : GB_SOURCE_ANY,
            .quantity = {1 + (int64_t)(r >> 40) % 5000},
            .price = {price},
            .reserve = {side == GB_SELL ? price - room : price + room},
            .beta_millionths = GB_BETA_OF_MARKET,
        }};
    }
}

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static long peak_kib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

static int measure(const char *what, const struct gb_market_rules *rules,
                   const struct gb_book_action *actions, double target)
{
    const struct gb_mechanism *mechanism = gb_mechanisms[rules->mechanism];
    struct gb_error err = {0};
    struct gb_match match = {0};
    void *state = NULL;
    double best = 1e9;
    long before = peak_kib();
    enum gb_status status = mechanism->create(&state, rules, &err);

    for (int i = 0; i < N_RUNS && status == GB_OK; i++) {
        double start = now_s();

        mechanism->begin(state, i);
        status = mechanism->apply(state, actions, N_ORDERS, &err);
        if (status == GB_OK)
            status = mechanism->finish(state, &match, &err);
        double took = now_s() - start;
        best = took < best ? took : best;
    }
    if (status != GB_OK)
        fprintf(stderr, "bench_market: %s\n", err.text);
    else
        printf("two_round, %-34s %7.1f ns/order  %6.1f million orders/s (target %g)  %zu trades  "
               "%.0f bytes/order\n", what, best / N_ORDERS * 1e9, N_ORDERS / best / 1e6, target,
               match.n_trades, 1024.0 * (double)(peak_kib() - before) / N_ORDERS);
    if (state)
        mechanism->free(state);
    return status == GB_OK ? 0 : 1;
}

static int run(const char *what, const struct gb_market_rules *rules,
               const struct gb_book_action *actions, double target)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        status = measure(what, rules, actions, target);
        fflush(stdout);
        _exit(status);
    }
    return child < 0 || waitpid(child, &status, 0) != child || status != 0;
}

int main(void)
{
    struct gb_book_action *actions = malloc(N_ORDERS * sizeof *actions);
    struct gb_market_rules rules = {.k_millionths = 500000, .beta_millionths = 100000,
                                    .books = GB_BOOKS_POOLED};
    int failed = 0;

    if (!actions)
        return 1;
    fill(actions, N_ORDERS, 8, 1);
    rules.rounds = 0;
    failed += run("one round", &rules, actions, 10);
    rules.rounds = 1;
    rules.match = GB_MATCH_CROSSING;
    failed += run("crossing, one re-quote", &rules, actions, 10);
    rules.match = GB_MATCH_WITHIN_RESERVE;
    rules.on_head_fail = GB_HEAD_FAIL_STOP;
    failed += run("within_reserve, stop", &rules, actions, 10);
    rules.on_head_fail = GB_HEAD_FAIL_SKIP;
    failed += run("within_reserve, skip", &rules, actions, 5);
    rules.books = GB_BOOKS_BY_SOURCE;
    failed += run("the same by source, buyers of any", &rules, actions, 5);
    fill(actions, N_ORDERS, 1, 3);
    failed += run("a village: 15 in 16 buy any source", &rules, actions, 5);
    free(actions);
    return failed > 0;
}
