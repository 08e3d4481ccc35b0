/* Settlement as delivered: what a meter shows is allotted to its trades in their order, a trade
 * executes at the smaller of both sides, and it makes no difference who reads first. */
#include "tests/stage_delivery.h"
#include "tests/tap.h"

enum { SELLER, FIRST, SECOND, LATE_SELLER, N_PARTIES };

/* SELLER sells 2 kWh and LATE_SELLER 0.5 kWh: 1 kWh goes to FIRST, 1 and 0.5 to SECOND. */
static void play_to_delivery(struct stage *stage)
{
    struct gb_contract_rules rules = stage_rules();

    rules.settlement = GB_SETTLE_DELIVERED;
    rules.signatures_required = 2; /* both meters': a trade settles with the later reading */
    stage_start_under(stage, N_PARTIES, rules);
    EXPECT_INT(stage_send(stage, stage_order(stage, SELLER, 0, GB_SELL, 2000, 400000, 400000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(stage, stage_order(stage, LATE_SELLER, 0, GB_SELL, 500, 420000, 420000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(stage, stage_order(stage, FIRST, 0, GB_BUY, 1000, 520000, 520000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(stage, stage_order(stage, SECOND, 0, GB_BUY, 1500, 500000, 500000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(stage, stage_gate(stage, 0, stage->height)), GB_RECEIPT_OK);
    stage->time_ns = 0;
    EXPECT_INT(stage_send(stage, stage_deliver(stage, 0)), GB_RECEIPT_OK);
    stage->time_ns = SLOT;
}

/* What the four paid, in units of the ledger. */
struct paid {
    int64_t units[N_PARTIES];
};

static struct paid read_all(struct stage *stage, const uint32_t order[N_PARTIES],
                            const int64_t net_wh[N_PARTIES])
{
    struct paid paid;

    for (size_t i = 0; i < N_PARTIES; i++)
        EXPECT_INT(stage_read_and_sign(stage, order[i], 0, net_wh[order[i]]), GB_RECEIPT_OK);
    for (uint32_t m = 0; m < N_PARTIES; m++) {
        EXPECT_INT(gb_contracts_escrow(stage->contracts, m).units, 0);
        paid.units[m] = STAGE_BALANCE - stage_balance(stage, m) -
                        gb_contracts_grid_account(stage->contracts, m).units;
    }
    return paid;
}

/* 0.46 is the price of the first trade, 0.45 and 0.46 those of the second buyer's. */
static void a_trade_executes_at_the_smaller_of_both_sides(void)
{
    static const uint32_t order[N_PARTIES] = {SELLER, FIRST, SECOND, LATE_SELLER};
    /* 1 kWh for the first trade, 0.5 for the second; the first buyer wants 0.4 of it, and the 0.6
     * that are left there are not the second buyer's */
    static const int64_t net_wh[N_PARTIES] = {-1500, 400, 1500, -900};
    struct stage s;

    play_to_delivery(&s);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    EXPECT_INT(view.n_trades, 3);
    EXPECT_INT(view.trades[0].price_buy.ticks, 460000);
    EXPECT_INT(view.trades[1].price_buy.ticks, 450000);
    EXPECT_INT(view.trades[2].price_buy.ticks, 460000);
    struct paid paid = read_all(&s, order, net_wh);
    EXPECT_INT(paid.units[FIRST], 4 * CENTS(46) / 10);
    EXPECT_INT(paid.units[SELLER], -4 * CENTS(46) / 10 - CENTS(45) / 2 - 6 * CENTS(31) / 10);
    EXPECT_INT(paid.units[SECOND], CENTS(45) / 2 + CENTS(46) / 2 + CENTS(59) / 2);
    EXPECT_INT(paid.units[LATE_SELLER], -CENTS(46) / 2 - 4 * CENTS(31) / 10);
    EXPECT_INT(stage_event(&s, GB_EVENT_TRADE_SETTLED, 0)->executed.wh, 500);
    EXPECT_INT(stage_bill(&s, SECOND)->imbalance.wh, 0);
    stage_close(&s);
}

/* 1 kWh at -0.05, of which the buyer takes 0.4: what the seller held for the rest is back, and the
 * rest goes at the tariff, which takes 0.14 of it. */
static void below_0_the_seller_pays_for_what_was_delivered_alone(void)
{
    struct gb_contract_rules rules = stage_rules();
    struct stage s;

    rules.settlement = GB_SETTLE_DELIVERED;
    rules.signatures_required = 2;
    rules.market.tariff = (struct gb_tariff){.retail = {140000}, .feed_in = {-140000}};
    stage_start_under(&s, 2, rules);
    EXPECT_INT(stage_send(&s, stage_order(&s, SELLER, 0, GB_SELL, 1000, -60000, -100000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, FIRST, 0, GB_BUY, 1000, -40000, 20000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    s.time_ns = 0;
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_and_sign(&s, SELLER, 0, -1000), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, SELLER).units, CENTS(5));
    EXPECT_INT(stage_read_and_sign(&s, FIRST, 0, 400), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, SELLER).units, 0);
    EXPECT_INT(stage_balance(&s, SELLER), STAGE_BALANCE - 4 * CENTS(5) / 10);
    EXPECT_INT(stage_balance(&s, FIRST), STAGE_BALANCE + 4 * CENTS(5) / 10);
    EXPECT_INT(gb_contracts_grid_account(s.contracts, SELLER).units, -6 * CENTS(14) / 10);
    stage_close(&s);
}

/* The n-th permutation of the parties. */
static void permute(uint32_t n, uint32_t order[N_PARTIES])
{
    uint32_t left[N_PARTIES] = {0, 1, 2, 3};

    for (uint32_t i = 0; i < N_PARTIES; i++) {
        uint32_t choices = N_PARTIES - i, at = n % choices;
        order[i] = left[at];
        n /= choices;
        for (uint32_t j = at; j + 1 < choices; j++)
            left[j] = left[j + 1];
    }
}

static void the_order_of_readings_makes_no_difference(void)
{
    static const int64_t net_wh[][N_PARTIES] = {{-1500, 400, 1500, -900}, {-2000, 1000, 1500, -500},
                                                {-300, 1000, 700, 0},     {0, 0, 0, 0},
                                                {700, -700, 5000, -5000}, {-1001, 999, 1, -1}};

    for (size_t c = 0; c < sizeof net_wh / sizeof net_wh[0]; c++) {
        struct paid first = {{0}};
        for (uint32_t n = 0; n < 24; n++) {
            uint32_t order[N_PARTIES];
            struct stage s;
            permute(n, order);
            play_to_delivery(&s);
            struct paid paid = read_all(&s, order, net_wh[c]);
            for (uint32_t m = 0; n > 0 && m < N_PARTIES; m++)
                EXPECT_INT(paid.units[m], first.units[m]);
            first = n == 0 ? paid : first;
            stage_close(&s);
        }
    }
}

static void what_was_allotted_to_a_void_trade_stays_with_it(void)
{
    struct stage s;

    play_to_delivery(&s);
    EXPECT_INT(stage_read_and_sign(&s, SELLER, 0, -1500), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_and_sign(&s, SECOND, 0, 1500), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_TRADE_SETTLED, 0)->executed.wh, 500);
    s.time_ns = 3 * SLOT;
    EXPECT_INT(stage_send(&s, stage_finalize(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 2);
    EXPECT_INT(stage_event(&s, GB_EVENT_TRADE_VOIDED, 0)->executed.wh, 0);
    EXPECT_INT(stage_bill(&s, SELLER)->amount.units, -CENTS(31)); /* 1 kWh for nobody */
    EXPECT_INT(stage_bill(&s, SECOND)->amount.units, CENTS(59));  /* 0.5 kWh of 1.5 traded */
    EXPECT_INT(stage_balance(&s, FIRST), STAGE_BALANCE);
    EXPECT_INT(stage_balance(&s, SECOND), STAGE_BALANCE - CENTS(45) / 2);
    stage_close(&s);
}

/* The close is slow, and readings wait for it. */
static void what_was_read_before_the_match_is_allotted_with_it(void)
{
    struct gb_contract_rules rules = stage_rules();
    struct stage s;

    rules.settlement = GB_SETTLE_DELIVERED;
    rules.signatures_required = 1;
    stage_start_under(&s, 2, rules);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 2000, 500000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_SELL, 1000, 400000, 350000)), GB_RECEIPT_OK);
    uint64_t height = s.height;
    s.time_ns = SLOT;
    EXPECT_INT(stage_read_only(&s, 0, 0, 700), GB_RECEIPT_OK);
    EXPECT_INT(stage_read_only(&s, 1, 0, -800), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_settle(&s, 0, first_trade, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_event(&s, GB_EVENT_TRADE_SETTLED, 0)->executed.wh, 700);
    EXPECT_INT(stage_bill(&s, 1)->amount.units, -CENTS(31) / 10);
    stage_close(&s);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_trade_executes_at_the_smaller_of_both_sides),
        TAP(below_0_the_seller_pays_for_what_was_delivered_alone),
        TAP(the_order_of_readings_makes_no_difference),
        TAP(what_was_allotted_to_a_void_trade_stays_with_it),
        TAP(what_was_read_before_the_match_is_allotted_with_it),
        {0}};
    return tap_main("delivered", tests);
}
