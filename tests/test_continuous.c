/* The book of the continuous auction: its rules one by one. */
#include <string.h>

#include "tests/continuous_book.h"

static struct gb_continuous_rules pooled(void)
{
    return (struct gb_continuous_rules){.books = GB_BOOKS_POOLED, .has_band = true, .high = 100};
}

static enum gb_fate amend(struct gb_continuous_book *book, uint32_t order, uint64_t nonce,
                          int64_t ticks, int64_t total)
{
    enum gb_fate fate = GB_FATE_APPLIED;
    struct gb_error err = {0};

    EXPECT_INT(gb_continuous_book_amend(book, order, nonce, (struct gb_price){ticks},
                                        (struct gb_energy){total}, &fate, &err),
               GB_OK);
    return fate;
}

/* Trade i is between these, for so much, at that. */
static void expect_trade(const struct gb_continuous_book *book, size_t i, uint32_t seller,
                         uint32_t buyer, int64_t wh, int64_t ticks)
{
    size_t n;
    const struct gb_trade *trades = gb_continuous_book_trades(book, &n);

    if (!EXPECT(i < n))
        return;
    EXPECT_INT(trades[i].sell_order, seller);
    EXPECT_INT(trades[i].buy_order, buyer);
    EXPECT_INT(trades[i].energy.wh, wh);
    EXPECT_INT(trades[i].price_buy.ticks, ticks);
    EXPECT_INT(trades[i].price_sell.ticks, ticks);
}

static int64_t n_trades(const struct gb_continuous_book *book)
{
    size_t n;

    gb_continuous_book_trades(book, &n);
    return (int64_t)n;
}

static void an_order_trades_as_it_arrives_best_price_first_and_then_by_time(void)
{
    struct gb_continuous_rules rules = pooled();
    struct gb_continuous_book *book = new_book(&rules);

    add(book, GB_SELL, 50, 3);
    add(book, GB_SELL, 48, 2);
    add(book, GB_SELL, 48, 4);
    add(book, GB_BUY, 51, 8);
    expect_trade(book, 0, 1, 3, 2, 50); /* 49.5, to the even tick */
    expect_trade(book, 1, 2, 3, 4, 50);
    expect_trade(book, 2, 0, 3, 2, 50); /* 50.5 */
    EXPECT_INT(left(book, 0), 1);
    EXPECT_INT(left(book, 3), 0);
    add(book, GB_BUY, 49, 5); /* rests below the ask of 50 */
    add(book, GB_SELL, 49, 6);
    expect_trade(book, 3, 5, 4, 5, 49);
    EXPECT_INT(left(book, 5), 1);
    EXPECT_INT(n_trades(book), 4);
    gb_continuous_book_free(book);
}

static void a_trade_may_go_by_the_quote_that_rested(void)
{
    struct gb_continuous_rules rules = pooled();

    rules.trade_price = GB_TRADE_PRICE_RESTING;
    struct gb_continuous_book *book = new_book(&rules);
    add(book, GB_SELL, 40, 1);
    add(book, GB_BUY, 60, 2);
    add(book, GB_SELL, 30, 1);
    expect_trade(book, 0, 0, 1, 1, 40);
    expect_trade(book, 1, 2, 1, 1, 60);
    gb_continuous_book_free(book);
}

static void add_at_once(struct gb_continuous_book *book, enum gb_order_type type, int64_t ticks,
                        int64_t wh, int64_t minimum)
{
    const struct gb_order order = {.side = GB_BUY,
                                   .type = (uint8_t)type,
                                   .quantity = {wh},
                                   .minimum = {minimum},
                                   .price = {type == GB_ORDER_MARKET ? 1000 : ticks},
                                   .reserve = {ticks}};
    struct gb_error err = {0};

    EXPECT_INT(gb_continuous_book_add(book, &order, &err), GB_OK);
}

static void what_shall_trade_at_once_lapses_and_gets_its_minimum_or_nothing(void)
{
    struct gb_continuous_rules rules = pooled();
    struct gb_continuous_book *book = new_book(&rules);

    add(book, GB_SELL, 40, 2);
    add(book, GB_SELL, 44, 2);
    add(book, GB_SELL, 50, 9);
    add_at_once(book, GB_ORDER_IOC, 45, 6, 5); /* finds 4 */
    EXPECT_INT(n_trades(book), 0);
    add_at_once(book, GB_ORDER_IOC, 45, 6, 4);
    EXPECT_INT(n_trades(book), 2);
    EXPECT_INT(left(book, 4), 0);
    add_at_once(book, GB_ORDER_MARKET, 50, 3, 0);
    expect_trade(book, 2, 2, 5, 3, 50);
    add_at_once(book, GB_ORDER_MARKET, 49, 3, 0);
    EXPECT_INT(n_trades(book), 3);
    add(book, GB_SELL, 49, 1); /* nobody waits for it */
    EXPECT_INT(n_trades(book), 3);
    gb_continuous_book_free(book);
}

static void an_amendment_keeps_its_place_at_the_same_price_and_for_no_more(void)
{
    struct gb_continuous_rules rules = pooled();
    struct gb_continuous_book *book = new_book(&rules);

    add(book, GB_SELL, 40, 5);
    add(book, GB_SELL, 40, 5);
    EXPECT_INT(amend(book, 0, 1, 40, 3), GB_FATE_APPLIED);
    add(book, GB_BUY, 40, 1);
    expect_trade(book, 0, 0, 2, 1, 40);
    EXPECT_INT(amend(book, 0, 2, 40, 4), GB_FATE_APPLIED); /* more: behind the other; 1 is filled */
    EXPECT_INT(left(book, 0), 3);
    add(book, GB_BUY, 40, 6);
    expect_trade(book, 1, 1, 3, 5, 40);
    expect_trade(book, 2, 0, 3, 1, 40);
    gb_continuous_book_free(book);
}

static void an_amendment_counts_what_is_filled_and_may_come_too_late(void)
{
    struct gb_continuous_rules rules = pooled();
    struct gb_continuous_book *book = new_book(&rules);

    add(book, GB_SELL, 40, 5);
    add(book, GB_BUY, 40, 2);
    EXPECT_INT(amend(book, 0, 7, 41, 4), GB_FATE_APPLIED); /* 2 of 4 are filled */
    EXPECT_INT(left(book, 0), 2);
    EXPECT_INT(amend(book, 0, 6, 40, 9), GB_FATE_SUPERSEDED);
    EXPECT_INT(gb_continuous_book_cancel(book, 0, 6), GB_FATE_SUPERSEDED);
    EXPECT_INT(left(book, 0), 2);
    EXPECT_INT(amend(book, 0, 8, 41, 2), GB_FATE_APPLIED); /* no more than is filled: a cancel */
    EXPECT_INT(left(book, 0), 0);
    EXPECT_INT(amend(book, 0, 9, 41, 9), GB_FATE_ALREADY_DONE);
    EXPECT_INT(gb_continuous_book_cancel(book, 1, 9), GB_FATE_ALREADY_DONE);
    add(book, GB_BUY, 90, 1);
    EXPECT_INT(n_trades(book), 1);
    gb_continuous_book_free(book);
}

static void a_wrong_amendment_names_the_order_that_it_amends(void)
{
    struct gb_continuous_rules rules = pooled();
    struct gb_continuous_book *book = new_book(&rules);
    struct gb_error err = {0};
    enum gb_fate fate;

    add(book, GB_SELL, 40, 5);
    add(book, GB_SELL, 41, 5);
    EXPECT_INT(gb_continuous_book_amend(book, 0, 1, (struct gb_price){40}, (struct gb_energy){0},
                                        &fate, &err),
               GB_ERANGE);
    EXPECT(strncmp(err.text, "order 0: expected a quantity", 28) == 0);
    EXPECT_INT(left(book, 0), 5);
    gb_continuous_book_free(book);
}

static void an_amended_quote_that_crosses_trades_as_an_arrival(void)
{
    struct gb_continuous_rules rules = pooled();

    rules.trade_price = GB_TRADE_PRICE_RESTING;
    struct gb_continuous_book *book = new_book(&rules);
    add(book, GB_SELL, 60, 4);
    add(book, GB_BUY, 50, 3);
    EXPECT_INT(amend(book, 0, 1, 45, 4), GB_FATE_APPLIED);
    expect_trade(book, 0, 0, 1, 3, 50);
    EXPECT_INT(left(book, 0), 1);
    EXPECT_INT(gb_continuous_book_quote(book, 0).ticks, 45);
    gb_continuous_book_free(book);
}

static void who_would_meet_itself_loses_what_the_option_says(void)
{
    static const struct {
        enum gb_self_trade self_trade;
        int64_t n_trades, oldest_left, newest_left;
    } cases[] = {{GB_SELF_TRADE_ALLOWED, 2, 0, 0},
                 {GB_SELF_TRADE_NEWEST, 0, 2, 0},
                 {GB_SELF_TRADE_OLDEST, 1, 0, 1},
                 {GB_SELF_TRADE_BOTH, 0, 0, 0}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_continuous_rules rules = pooled();
        struct gb_error err = {0};

        rules.self_trade = cases[i].self_trade;
        struct gb_continuous_book *book = new_book(&rules);
        add(book, GB_SELL, 40, 2);
        add(book, GB_SELL, 41, 2);
        const struct gb_order own = {
            .owner = 0, .side = GB_BUY, .quantity = {3}, .price = {45}, .reserve = {45}};
        EXPECT_INT(gb_continuous_book_add(book, &own, &err), GB_OK);
        EXPECT_INT(n_trades(book), cases[i].n_trades);
        EXPECT_INT(left(book, 0), cases[i].oldest_left);
        EXPECT_INT(left(book, 2), cases[i].newest_left);
        gb_continuous_book_free(book);
    }
}

static void add_of(struct gb_continuous_book *book, enum gb_side side, enum gb_source source,
                   int64_t ticks, int64_t wh)
{
    const struct gb_order order = {.side = (uint8_t)side,
                                   .source = (uint8_t)source,
                                   .quantity = {wh},
                                   .price = {ticks},
                                   .reserve = {ticks}};
    struct gb_error err = {0};

    EXPECT_INT(gb_continuous_book_add(book, &order, &err), GB_OK);
}

static void a_bid_for_any_sees_all_books_and_stands_in_one_queue_with_the_others(void)
{
    struct gb_continuous_rules rules = {.has_band = true, .high = 100};
    struct gb_continuous_book *book = new_book(&rules);

    add_of(book, GB_SELL, GB_SOURCE_WIND, 40, 1);
    add_of(book, GB_SELL, GB_SOURCE_SOLAR, 40, 1);
    add_of(book, GB_SELL, GB_SOURCE_STORAGE, 38, 1);
    add_of(book, GB_BUY, GB_SOURCE_ANY, 40, 4);
    expect_trade(book, 0, 2, 3, 1, 39);
    expect_trade(book, 1, 1, 3, 1, 40); /* solar before wind, though it came later */
    expect_trade(book, 2, 0, 3, 1, 40);
    add_of(book, GB_BUY, GB_SOURCE_WIND, 40, 1);
    add_of(book, GB_SELL, GB_SOURCE_WIND, 40, 2);
    expect_trade(book, 3, 5, 3, 1, 40); /* any came first */
    expect_trade(book, 4, 5, 4, 1, 40);
    add_of(book, GB_BUY, GB_SOURCE_SOLAR, 40, 1);
    add_of(book, GB_SELL, GB_SOURCE_WIND, 40, 1);
    EXPECT_INT(n_trades(book), 5);
    gb_continuous_book_free(book);
}

static void what_lies_out_of_bounds_is_refused_and_changes_nothing(void)
{
    struct gb_continuous_rules rules = pooled();
    struct gb_continuous_book *book = new_book(&rules);
    struct gb_order order = {.side = GB_SELL, .quantity = {1}, .price = {101}};
    struct gb_error err = {0};
    enum gb_fate fate = GB_FATE_APPLIED;

    EXPECT_INT(gb_continuous_book_add(book, &order, &err), GB_ERANGE);
    order.price.ticks = 100;
    order.quantity.wh = 0;
    EXPECT_INT(gb_continuous_book_add(book, &order, &err), GB_ERANGE);
    EXPECT_INT((int64_t)gb_continuous_book_n_orders(book), 0);
    add(book, GB_SELL, 100, 1);
    EXPECT_INT(gb_continuous_book_amend(book, 0, 1, (struct gb_price){-1}, (struct gb_energy){1},
                                        &fate, &err),
               GB_ERANGE);
    EXPECT_INT(left(book, 0), 1);
    gb_continuous_book_free(book);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(an_order_trades_as_it_arrives_best_price_first_and_then_by_time),
        TAP(a_trade_may_go_by_the_quote_that_rested),
        TAP(what_shall_trade_at_once_lapses_and_gets_its_minimum_or_nothing),
        TAP(an_amendment_keeps_its_place_at_the_same_price_and_for_no_more),
        TAP(an_amendment_counts_what_is_filled_and_may_come_too_late),
        TAP(a_wrong_amendment_names_the_order_that_it_amends),
        TAP(an_amended_quote_that_crosses_trades_as_an_arrival),
        TAP(who_would_meet_itself_loses_what_the_option_says),
        TAP(a_bid_for_any_sees_all_books_and_stands_in_one_queue_with_the_others),
        TAP(what_lies_out_of_bounds_is_refused_and_changes_nothing),
        {0}};
    return tap_main("continuous", tests);
}
