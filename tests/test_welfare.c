/* The most surplus of a set of orders: on the paper's case, and against the allocation itself. */
#include "models/market/welfare.h"

#include <math.h>

#include "tests/splitmix64.h"
#include "tests/table1.h"
#include "tests/tap.h"

#define MOST_ORDERS 300

/* The equilibrium of orders that were not withdrawn; NULL: none was. */
static struct gb_equilibrium of_orders(const struct gb_order *orders, const uint8_t *withdrawn,
                                       size_t n)
{
    struct gb_valuation items[MOST_ORDERS];
    size_t kept = 0;

    for (size_t i = 0; i < n; i++)
        if (!withdrawn || !withdrawn[i])
            items[kept++] = (struct gb_valuation){orders[i].quantity.wh, orders[i].reserve.ticks,
                                                  orders[i].side};
    return gb_market_equilibrium(items, kept);
}

static void table_1_can_give_227_and_a_tenth(void)
{
    struct gb_book_action actions[TABLE1_ROWS];
    struct gb_order orders[TABLE1_ROWS];

    table1(actions);
    for (size_t i = 0; i < TABLE1_ROWS; i++)
        orders[i] = actions[i].order;
    EXPECT_INT(of_orders(orders, NULL, TABLE1_ROWS).surplus.units, INT64_C(227100000000));
}

static void one_side_alone_gives_nothing(void)
{
    struct gb_order orders[2] = {{.side = GB_SELL, .quantity = {5}, .reserve = {3}},
                                 {.side = GB_SELL, .quantity = {5}, .reserve = {-3}}};

    EXPECT_INT(of_orders(orders, NULL, 0).surplus.units, 0);
    EXPECT_INT(of_orders(orders, NULL, 2).surplus.units, 0);
    orders[0].side = orders[1].side = GB_BUY;
    EXPECT_INT(of_orders(orders, NULL, 2).surplus.units, 0);
}

/* The order of one side with something left that is worth most, or -1. */
static int best(const struct gb_order *orders, const int64_t *left, size_t n, enum gb_side side)
{
    int found = -1;

    for (size_t i = 0; i < n; i++)
        if (orders[i].side == side && left[i] > 0 &&
            (found < 0 || (side == GB_BUY ? orders[i].reserve.ticks > orders[found].reserve.ticks
                                          : orders[i].reserve.ticks < orders[found].reserve.ticks)))
            found = (int)i;
    return found;
}

/* Dearest buyer with cheapest seller as long as that gains, one pair after the other. */
static int64_t allocate(const struct gb_order *orders, const uint8_t *withdrawn, size_t n)
{
    int64_t left[MOST_ORDERS], sum = 0;

    for (size_t i = 0; i < n; i++)
        left[i] = withdrawn[i] ? 0 : orders[i].quantity.wh;
    while (true) {
        int b = best(orders, left, n, GB_BUY), s = best(orders, left, n, GB_SELL);

        if (b < 0 || s < 0 || orders[b].reserve.ticks <= orders[s].reserve.ticks)
            return sum;
        int64_t wh = left[b] < left[s] ? left[b] : left[s];

        sum += wh * (orders[b].reserve.ticks - orders[s].reserve.ticks);
        left[b] -= wh;
        left[s] -= wh;
    }
}

static void the_most_surplus_is_that_of_the_best_allocation(void)
{
    /* prices that tie, those of a tariff band, and the widest there are */
    static const struct {
        int64_t low, n_prices, tick;
        size_t most;
    } shapes[] = {{-3, 7, 1, 12},
                  {310000, 280001, 1, MOST_ORDERS},
                  {-GB_PRICE_LIMIT_TICKS, 2001, 1000000000, 40}};
    struct gb_order orders[MOST_ORDERS];
    uint8_t withdrawn[MOST_ORDERS];
    uint64_t state = 7;

    for (size_t book = 0; book < 3000; book++) {
        size_t shape = book % 3, n = splitmix64(&state) % (shapes[shape].most + 1);

        for (size_t i = 0; i < n; i++) {
            uint64_t r = splitmix64(&state);
            int64_t step = (int64_t)(r % (uint64_t)shapes[shape].n_prices);

            orders[i] =
                (struct gb_order){.side = r >> 60 & 1 ? GB_BUY : GB_SELL,
                                  .quantity = {1 + (int64_t)(r >> 50) % 9},
                                  .reserve = {shapes[shape].low + step * shapes[shape].tick}};
            withdrawn[i] = (r >> 45 & 7) == 0;
        }
        if (!EXPECT_INT(of_orders(orders, withdrawn, n).surplus.units,
                        allocate(orders, withdrawn, n))) {
            tap_note("book %zu of %zu orders", book, n);
            return;
        }
    }
}

/* What all orders would gain at one price, each trading where it gains: least at an equilibrium. */
static double at_price(const struct gb_valuation *orders, size_t n, double price)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++) {
        double over = (double)orders[i].reserve - price;
        double gain = orders[i].side == GB_BUY ? over : -over;

        sum += gain > 0 ? (double)orders[i].wh * gain : 0;
    }
    return sum;
}

static void at_the_equilibrium_price_everybody_who_gains_trades(void)
{
    struct gb_valuation orders[MOST_ORDERS];
    uint64_t state = 11;

    for (size_t book = 0; book < 500; book++) {
        size_t n = 2 + splitmix64(&state) % 40;

        for (size_t i = 0; i < n; i++) {
            uint64_t r = splitmix64(&state);
            orders[i] = (struct gb_valuation){1 + (int64_t)(r >> 50) % 9, (int64_t)(r % 30),
                                              i < 2 ? (i ? GB_BUY : GB_SELL)
                                                    : (r >> 60 & 1 ? GB_BUY : GB_SELL)};
        }
        struct gb_equilibrium found = gb_market_equilibrium(orders, n);
        EXPECT_NEAR(at_price(orders, n, found.price), (double)found.surplus.units, 1e-9);
    }
}

static void the_equilibrium_price_is_the_middle_of_those_that_clear(void)
{
    /* 5 at 10 wanted, 5 offered at 4: any price from 4 to 10; of 3 more offered only 4 clears */
    const struct gb_valuation orders[] = {
        {5, 10, GB_BUY}, {5, 4, GB_SELL}, {3, 4, GB_SELL}, {7, 4, GB_BUY}};
    EXPECT_NEAR(gb_market_equilibrium(orders, 2).price, 7.0, 0);
    EXPECT_NEAR(gb_market_equilibrium(orders, 3).price, 4.0, 0);
    EXPECT_NEAR(gb_market_equilibrium(orders, 4).price, 4.0, 0);
    EXPECT(isnan(gb_market_equilibrium(orders, 1).price));
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(table_1_can_give_227_and_a_tenth),
        TAP(one_side_alone_gives_nothing),
        TAP(the_most_surplus_is_that_of_the_best_allocation),
        TAP(at_the_equilibrium_price_everybody_who_gains_trades),
        TAP(the_equilibrium_price_is_the_middle_of_those_that_clear),
        {0}};
    return tap_main("welfare", tests);
}
