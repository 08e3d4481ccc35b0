/* The one agent that does otherwise than all the others: what it does, what it leaves alone, and
 * what comes of it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "analysis/schema.h"
#include "base/quantity.h"
#include "chain/contracts/receipt.h"
#include "models/market/order.h"
#include "tests/runs.h"
#include "tests/tap.h"

#define DEVIANT 15

/* A small street of one deviant; NULL-terminated settings behind the others. */
static struct gb_record *run_street(const char *a, const char *b, const char *c)
{
    const char *const street[] = {"slot=15 min",           "slots=160",
                                  "meters.count=20",       "meters.wind_share=0.5",
                                  "forecast.kind=perfect", "agents.traits=wide",
                                  "agents.deviant=15",     "market.open=5 min",
                                  "market.gate=20 s",      "chain.protocol=ideal",
                                  "output.level=market",   NULL};
    const char *const more[] = {a, b, c, NULL};

    return run_both(street, more);
}

static const struct gb_order_row *orders_of(const struct gb_record *record, size_t *n)
{
    *n = gb_record_n_rows(record, GB_TABLE_ORDERS);
    return gb_record_rows(record, GB_TABLE_ORDERS);
}

static void who_does_nothing_otherwise_changes_nothing(void)
{
    struct gb_record *record = run_street("market.mechanism=continuous", NULL, NULL);
    struct gb_record *without =
        run_street("market.mechanism=continuous", "agents.deviant=none", NULL);

    if (record && without) {
        EXPECT(tables_are_equal(record, without, GB_TABLE_ORDERS));
        EXPECT(tables_are_equal(record, without, GB_TABLE_TRADES));
        EXPECT(tables_are_equal(record, without, GB_TABLE_USERS));
        EXPECT_INT(summary_of(without)->deviant_wh, 0);
    }
    gb_record_free(record);
    gb_record_free(without);
}

/* On the reserves that its orders declare, which are its own here. */
static int64_t surplus_of_trades(const struct gb_record *record)
{
    const struct gb_trade_row *trades = gb_record_rows(record, GB_TABLE_TRADES);
    size_t n_orders;
    const struct gb_order_row *orders = orders_of(record, &n_orders);
    int64_t reserve[2] = {0, 0}, surplus = 0;

    for (size_t i = 0; i < n_orders; i++)
        if (orders[i].meter == DEVIANT)
            reserve[orders[i].side] = orders[i].reserve;
    for (size_t t = 0; t < gb_record_n_rows(record, GB_TABLE_TRADES); t++) {
        if (trades[t].seller == DEVIANT)
            surplus += trades[t].executed_wh * (trades[t].price_sell - reserve[GB_SELL]);
        if (trades[t].buyer == DEVIANT)
            surplus += trades[t].executed_wh * (reserve[GB_BUY] - trades[t].price_buy);
    }
    return surplus;
}

static void its_gains_are_those_of_its_bill_and_of_its_trades(void)
{
    struct gb_record *record = run_street("market.mechanism=continuous", NULL, NULL);

    if (!record)
        return;
    const struct gb_summary_row *sum = summary_of(record);
    const struct gb_user_row *user =
        (const struct gb_user_row *)gb_record_rows(record, GB_TABLE_USERS) + DEVIANT;

    EXPECT(user->bought_wh > 0 && user->sold_wh > 0);
    EXPECT_INT(sum->deviant_gain, user->cost_grid_only - user->cost);
    EXPECT_INT(sum->deviant_surplus, surplus_of_trades(record));
    EXPECT_INT(sum->deviant_wh, user->import_wh + user->export_wh);
    EXPECT_NEAR(sum->deviant_surplus_per_kwh,
                1e-6 * (double)sum->deviant_surplus / (double)sum->deviant_wh, 1e-12);
    gb_record_free(record);
}

/* Orders of a call, which are as many on both sides. Differences of the deviant's by side, in
 * ticks; nobody else differs. */
struct difference {
    int64_t price, reserve, n;
};

static void compare_orders(const struct gb_record *changed, const struct gb_record *plain,
                           struct difference by_side[2])
{
    size_t n, n_plain;
    const struct gb_order_row *after = orders_of(changed, &n), *before = orders_of(plain, &n_plain);

    memset(by_side, 0, 2 * sizeof *by_side);
    EXPECT_INT(n, n_plain);
    for (size_t i = 0; i < n && n == n_plain; i++) {
        struct difference d = {after[i].price - before[i].price,
                               after[i].reserve - before[i].reserve, 1};

        EXPECT_INT(after[i].meter, before[i].meter);
        if (after[i].meter != DEVIANT) {
            EXPECT(d.price == 0 && d.reserve == 0);
            continue;
        }
        EXPECT(by_side[after[i].side].n == 0 || (by_side[after[i].side].price == d.price &&
                                                 by_side[after[i].side].reserve == d.reserve));
        d.n += by_side[after[i].side].n;
        by_side[after[i].side] = d;
    }
    EXPECT(by_side[0].n > 0 && by_side[1].n > 0);
}

static void compare_lie(const char *lie, const char *strategy, struct difference by_side[2])
{
    struct gb_record *changed = run_street(lie, strategy, "market.mechanism=uniform");
    struct gb_record *plain = run_street(strategy, "market.mechanism=uniform", NULL);

    if (changed && plain)
        compare_orders(changed, plain, by_side);
    gb_record_free(changed);
    gb_record_free(plain);
}

static void a_further_shade_moves_its_quotes_alone(void)
{
    static const char *const strategies[] = {
        "agents.strategy=truthful", "agents.strategy=fixed_shade", "agents.strategy=paper_beta"};

    for (size_t s = 0; s < 3; s++) {
        struct difference by_side[2] = {{0, 0, 0}, {0, 0, 0}};

        compare_lie("agents.deviant_quote=0.01", strategies[s], by_side);
        EXPECT_INT(by_side[GB_SELL].price, 10000);
        EXPECT_INT(by_side[GB_BUY].price, -10000);
        EXPECT(by_side[0].reserve == 0 && by_side[1].reserve == 0);
    }
}

static void less_than_no_shade_is_its_reserve(void)
{
    struct difference by_side[2] = {{0, 0, 0}, {0, 0, 0}};

    compare_lie("agents.deviant_quote=-0.3", "agents.strategy=truthful", by_side);
    EXPECT(by_side[0].price == 0 && by_side[1].price == 0);
}

static void another_reserve_is_what_it_declares_and_goes_by(void)
{
    struct difference by_side[2] = {{0, 0, 0}, {0, 0, 0}};

    compare_lie("agents.deviant_reserve=0.004", "agents.strategy=truthful", by_side);
    EXPECT(by_side[GB_SELL].price == 4000 && by_side[GB_SELL].reserve == 4000);
    EXPECT(by_side[GB_BUY].price == -4000 && by_side[GB_BUY].reserve == -4000);
}

/* Its gain on its own reserves, slot by slot, is recomputed by tests/kpi_oracle.sh. */
static void under_prices_by_time_it_goes_by_another_reserve_in_every_slot(void)
{
    static const char tariff[] = "tariff.retail_by_time=0:00 0.5, 9:00 0.62";
    struct difference by_side[2] = {{0, 0, 0}, {0, 0, 0}};
    struct gb_record *plain = run_street(tariff, "agents.strategy=truthful", NULL);
    struct gb_record *changed =
        run_street(tariff, "agents.strategy=truthful", "agents.deviant_reserve=0.004");

    if (plain && changed)
        compare_orders(changed, plain, by_side);
    EXPECT(by_side[GB_SELL].price == 4000 && by_side[GB_SELL].reserve == 4000);
    EXPECT(by_side[GB_BUY].price == -4000 && by_side[GB_BUY].reserve == -4000);
    gb_record_free(plain);
    gb_record_free(changed);
}

static void its_beta_stands_in_its_orders_alone(void)
{
    struct gb_record *record = run_street("agents.deviant_beta=0.75", NULL, NULL);
    size_t n = 0, n_own = 0;
    const struct gb_order_row *orders = record ? orders_of(record, &n) : NULL;

    for (size_t i = 0; i < n; i++) {
        bool is_own = orders[i].meter == DEVIANT;

        n_own += is_own;
        EXPECT_INT(orders[i].beta_millionths, is_own ? 750000 : GB_BETA_OF_MARKET);
    }
    EXPECT(n_own > 0);
    gb_record_free(record);
}

/* The others do as they did: a truthful agent quotes its reserve, whoever stands beside it. */
static void it_follows_a_strategy_that_nobody_else_follows(void)
{
    struct gb_record *record = run_street("agents.strategy=mix", "agents.mix=truthful 1",
                                          "agents.deviant_strategy=fixed_shade");
    size_t n = 0, n_own = 0;
    const struct gb_order_row *orders = record ? orders_of(record, &n) : NULL;

    for (size_t i = 0; i < n; i++) {
        int64_t shade = orders[i].side == GB_SELL ? orders[i].price - orders[i].reserve
                                                  : orders[i].reserve - orders[i].price;

        n_own += orders[i].meter == DEVIANT;
        EXPECT_INT(shade, orders[i].meter == DEVIANT ? 50000 : 0); /* agents.shade */
    }
    EXPECT(n_own > 0);
    gb_record_free(record);
}

/* How far each order stands off its reserve is 0 or agents.shade here, by whom its agent follows.
 */
static void users_say_whom_they_follow_in_a_mix(void)
{
    struct gb_record *record =
        run_street("agents.strategy=mix", "agents.mix=truthful 0.4, fixed_shade 0.6",
                   "agents.deviant_strategy=zi_c");
    const struct gb_field *field = gb_field_find(GB_TABLE_USERS, "strategy");
    const struct gb_user_row *users = record ? gb_record_rows(record, GB_TABLE_USERS) : NULL;
    size_t n = 0, n_shaded = 0;
    const struct gb_order_row *orders = record ? orders_of(record, &n) : NULL;

    for (size_t i = 0; i < n; i++) {
        int64_t shade = llabs(orders[i].price - orders[i].reserve);
        char word[32];

        gb_field_word(field, users[orders[i].meter].strategy, word, sizeof word);
        n_shaded += shade != 0;
        EXPECT_TEXT(word, orders[i].meter == DEVIANT ? "zi_c"
                          : shade == 0               ? "truthful"
                                                     : "fixed_shade");
    }
    EXPECT(n_shaded > 0 && n_shaded < n);
    gb_record_free(record);
}

/* A village in which everybody trades 20 Wh or nothing, in one book, by one order a slot. returns
 * the deviant's surplus */
static int64_t equal_quantities(const char *lie, const char *mechanism, int replication)
{
    char number[32];
    const char *const settings[] = {"slot=60 min",
                                    "slots=14",
                                    "meters.count=18",
                                    "meters.wind_share=0",
                                    "meters.storage_share=0",
                                    "forecast.kind=perfect",
                                    "agents.traits=wide",
                                    "agents.strategy=truthful",
                                    "agents.deviant=15",
                                    "market.books=pooled",
                                    "market.min_quantity=20 Wh",
                                    "market.capacity=20 Wh",
                                    "chain.protocol=ideal",
                                    NULL};
    const char *const more[] = {mechanism, number, lie, NULL};

    snprintf(number, sizeof number, "seed=%d", replication + 1);
    struct gb_record *record = run_both(settings, more);
    int64_t surplus = record ? summary_of(record)->deviant_surplus : INT64_MIN;
    gb_record_free(record);
    return surplus;
}

static int count_paying_lies(const char *mechanism, int *n_costly)
{
    static const char *const lies[] = {
        "agents.deviant_quote=0.01",    "agents.deviant_quote=0.03",
        "agents.deviant_quote=0.08",    "agents.deviant_reserve=-0.02",
        "agents.deviant_reserve=-0.06", "agents.deviant_reserve=0.03"};
    int n_paying = 0;

    *n_costly = 0;
    for (int r = 0; r < 16; r++) {
        int64_t honest = equal_quantities("agents.deviant_beta=same", mechanism, r);

        for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
            int64_t lying = equal_quantities(lies[i], mechanism, r);

            n_paying += lying > honest;
            *n_costly += lying < honest;
        }
    }
    return n_paying;
}

static void of_equal_quantities_no_lie_ever_pays_under_mcafee_and_some_do_as_bid(void)
{
    int n_costly;

    EXPECT_INT(count_paying_lies("market.mechanism=mcafee", &n_costly), 0);
    EXPECT(n_costly > 0);
    EXPECT(count_paying_lies("market.mechanism=pay_as_bid", &n_costly) > 0);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(who_does_nothing_otherwise_changes_nothing),
        TAP(its_gains_are_those_of_its_bill_and_of_its_trades),
        TAP(a_further_shade_moves_its_quotes_alone),
        TAP(less_than_no_shade_is_its_reserve),
        TAP(another_reserve_is_what_it_declares_and_goes_by),
        TAP(under_prices_by_time_it_goes_by_another_reserve_in_every_slot),
        TAP(its_beta_stands_in_its_orders_alone),
        TAP(it_follows_a_strategy_that_nobody_else_follows),
        TAP(users_say_whom_they_follow_in_a_mix),
        TAP(of_equal_quantities_no_lie_ever_pays_under_mcafee_and_some_do_as_bid),
        {0}};
    return tap_main("deviant", tests);
}
