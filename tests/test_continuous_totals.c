/* What streams come to in the book of the continuous auction: Table 1 of the paper in every order
 * of arrival, and a million orders on which other engines agree. */
#include "tests/continuous_book.h"
#include "tests/splitmix64.h"
#include "tests/table1.h"

static int64_t volume(const struct gb_continuous_book *book)
{
    size_t n;
    const struct gb_trade *trades = gb_continuous_book_trades(book, &n);
    int64_t wh = 0;

    for (size_t t = 0; t < n; t++)
        wh += trades[t].energy.wh;
    return wh;
}

static bool next_permutation(unsigned *order, size_t n)
{
    size_t i = n - 1, j = n - 1;

    while (i > 0 && order[i - 1] >= order[i])
        i--;
    if (i == 0)
        return false;
    while (order[j] <= order[i - 1])
        j--;
    unsigned kept = order[i - 1];
    order[i - 1] = order[j];
    order[j] = kept;
    for (size_t a = i, b = n - 1; a < b; a++, b--) {
        kept = order[a];
        order[a] = order[b];
        order[b] = kept;
    }
    return true;
}

static void table_1_trades_410503_288ths_of_a_kwh_over_all_orders_of_arrival(void)
{
    struct gb_continuous_rules rules = {
        .books = GB_BOOKS_POOLED, .has_band = true, .low = 310000, .high = 590000};
    struct gb_continuous_book *book = new_book(&rules);
    struct gb_book_action actions[TABLE1_ROWS];
    unsigned order[TABLE1_ROWS] = {0, 1, 2, 3, 4, 5, 6, 7};
    int64_t sum = 0, n = 0;
    struct gb_error err = {0};

    table1(actions);
    do {
        gb_continuous_book_clear(book);
        for (size_t i = 0; i < TABLE1_ROWS; i++)
            EXPECT_INT(gb_continuous_book_add(book, &actions[order[i]].order, &err), GB_OK);
        sum += volume(book);
        n++;
    } while (next_permutation(order, TABLE1_ROWS));
    EXPECT_INT(n, 40320);
    EXPECT_INT(sum * 288, n * 410503 * GB_WH_PER_KWH);
    gb_continuous_book_free(book);
}

/* ---- lob_million_*.json: streams of a million orders on which five engines agree */

static void other_engines_totals_of_a_million_orders_come_out_to_the_last_unit(void)
{
    static const struct {
        int64_t width, n_trades, wh, value, bids, asks;
    } cases[] = {{25, 781881, 19978489, INT64_C(199777332152), 105837, 104185},
                 {500, 773783, 19765813, INT64_C(197685431347), 110036, 108031}};

    for (size_t c = 0; c < 4; c++) { /* in an array of levels, and in a tree */
        const struct gb_continuous_rules rules = {.books = GB_BOOKS_POOLED,
                                                  .trade_price = GB_TRADE_PRICE_RESTING,
                                                  .has_band = c < 2,
                                                  .low = 9000,
                                                  .high = 11000};
        int64_t width = cases[c % 2].width, value = 0, n_resting[2] = {0};
        struct gb_continuous_book *book = new_book(&rules);
        uint64_t state = 42;
        size_t n;

        for (uint32_t i = 0; i < 1000000; i++) {
            uint64_t r = splitmix64(&state);

            add(book, r & 1 ? GB_BUY : GB_SELL,
                10000 - width + (int64_t)((r >> 1 & 0xffffffff) % (2 * (uint64_t)width)),
                1 + (int64_t)((r >> 40) % 100));
        }
        const struct gb_trade *trades = gb_continuous_book_trades(book, &n);
        for (size_t t = 0; t < n; t++)
            value += gb_cost(trades[t].energy, trades[t].price_buy).units;
        state = 42;
        for (uint32_t i = 0; i < 1000000; i++)
            n_resting[splitmix64(&state) & 1] += left(book, i) > 0;
        EXPECT_INT(n_resting[1], cases[c % 2].bids);
        EXPECT_INT(n_resting[0], cases[c % 2].asks);
        EXPECT_INT((int64_t)n, cases[c % 2].n_trades);
        EXPECT_INT(volume(book), cases[c % 2].wh);
        EXPECT_INT(value, cases[c % 2].value);
        gb_continuous_book_free(book);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(table_1_trades_410503_288ths_of_a_kwh_over_all_orders_of_arrival),
        TAP(other_engines_totals_of_a_million_orders_come_out_to_the_last_unit),
        {0}};
    return tap_main("continuous_totals", tests);
}
