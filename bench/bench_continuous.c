/* Speed of the continuous auction's book: the stream of a million limit orders, 43 % of them
 * marketable, on which the notes compare other engines, trade records included; the same with a
 * cancel of a recent order after every second one; and both where no band of prices is known. Time
 * on one core, best of several runs, after one that lets the arrays grow. */
#include <stdio.h>
#include <stdlib.h>

#include "bench/report.h"
#include "models/market/continuous/book.h"
#include "tests/splitmix64.h"

#define N_ORDERS 1000000
#define N_RUNS 7
#define WIDTH 500 /* ticks to either side of 10000 */
#define RECENT 64 /* a cancel is of one of so many orders */

struct stream {
    struct gb_order *orders;
    uint32_t *cancels; /* after order 2 i + 1: which order; NULL: none */
};

static void fill(const struct stream *stream)
{
    uint64_t state = 42;

    for (uint32_t i = 0; i < N_ORDERS; i++) {
        uint64_t r = splitmix64(&state);
        int64_t price = 10000 - WIDTH + (int64_t)((r >> 1 & 0xffffffff) % (2 * WIDTH));

        stream->orders[i] = (struct gb_order){.owner = i,
                                              .side = r & 1 ? GB_BUY : GB_SELL,
                                              .quantity = {1 + (int64_t)((r >> 40) % 100)},
                                              .price = {price},
                                              .reserve = {price},
                                              .beta_millionths = GB_BETA_OF_MARKET};
        if (i % 2 == 1)
            stream->cancels[i / 2] = i - (uint32_t)((r >> 48) % (i < RECENT ? i : RECENT));
    }
}

/* CPU seconds of one run, or a negative number where it failed. */
static double play(struct gb_continuous_book *book, const struct stream *stream)
{
    double start = gb_bench_cpu_s();
    struct gb_error err = {0};

    gb_continuous_book_clear(book);
    for (uint32_t i = 0; i < N_ORDERS; i++) {
        if (gb_continuous_book_add(book, &stream->orders[i], &err) != GB_OK)
            return -1;
        if (stream->cancels && i % 2 == 1)
            gb_continuous_book_cancel(book, stream->cancels[i / 2], i);
    }
    return gb_bench_cpu_s() - start;
}

static int measure(const char *what, const struct stream *stream, bool has_band, double target)
{
    const struct gb_continuous_rules rules = {.books = GB_BOOKS_POOLED,
                                              .trade_price = GB_TRADE_PRICE_RESTING,
                                              .has_band = has_band,
                                              .low = 10000 - WIDTH,
                                              .high = 10000 + WIDTH};
    double n = stream->cancels ? 1.5 * N_ORDERS : N_ORDERS, best = 1e9;
    struct gb_continuous_book *book = NULL;
    struct gb_error err = {0};

    if (gb_continuous_book_create(&book, &rules, &err) != GB_OK)
        return 1;
    for (int i = 0; i <= N_RUNS; i++) {
        double took = play(book, stream);

        if (took < 0)
            return 1;
        best = i > 0 && took < best ? took : best;
    }
    gb_bench_report(&(struct gb_bench_row){
        what, n / best / 1e6, "million orders/s", target,
        "a million limit orders, 43 % marketable, and their cancels where there are any; trades "
        "written; best of 7 runs on grown arrays"});
    gb_continuous_book_free(book);
    return 0;
}

int main(void)
{
    struct stream stream = {malloc(N_ORDERS * sizeof *stream.orders),
                            malloc(N_ORDERS / 2 * sizeof *stream.cancels)};
    int failed = 1;

    if (stream.orders && stream.cancels) {
        fill(&stream);
        const struct stream adds = {stream.orders, NULL};

        failed = measure("continuous: orders alone", &adds, true, 20) +
                 measure("continuous: a cancel every second order", &stream, true, 20) +
                 measure("continuous: orders alone, no band", &adds, false, 0) +
                 measure("continuous: a cancel every second order, no band", &stream, false, 0);
    }
    free(stream.orders);
    free(stream.cancels);
    return failed > 0;
}
