/* Users who quote anew between two rounds: what an amendment may say and when it counts, and money
 * to the last unit whatever becomes of it. Table 1 is small enough to follow by hand. */
#include "tests/stage.h"
#include "tests/tap.h"

#define SLOT (15 * STAGE_MINUTE)
#define SECOND_GATE (150 * GB_NS_PER_SECOND)

static struct gb_contract_rules rules_of(void)
{
    struct gb_contract_rules rules = stage_rules();
    char why[200];

    EXPECT(gb_market_rules_set(&rules.market, "market.requote.by", "user", why, sizeof why));
    return rules;
}

static void raise_stage(struct stage *s, enum gb_crypto crypto)
{
    stage_open(s, crypto, 4, rules_of());
    stage_register_all(s);
}

/* A bid of 1000 and an ask of 400 that cross, an ask and a bid that do not: meters 0 to 3. */
static void send_book(struct stage *s)
{
    EXPECT_INT(stage_send(s, stage_order(s, 0, 0, GB_BUY, 1000, 500000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(s, stage_order(s, 1, 0, GB_SELL, 400, 400000, 350000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(s, stage_order(s, 2, 0, GB_SELL, 500, 570000, 450000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(s, stage_order(s, 3, 0, GB_BUY, 300, 380000, 450000)), GB_RECEIPT_OK);
}

static void close_round_1(struct stage *s)
{
    send_book(s);
    EXPECT_INT(stage_send(s, stage_gate(s, 0, s->height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(s, GB_EVENT_ROUND), 1);
}

/* Of the first order of a meter. */
static struct gb_message amendment(struct stage *s, uint32_t meter, enum gb_side side,
                                   int64_t total, int64_t price, int64_t reserve)
{
    return stage_amendment(s, meter, 1, side, total, price, reserve);
}

static enum gb_receipt close_round_2(struct stage *s, uint64_t height)
{
    struct gb_message close = stage_gate(s, 0, height);

    if (s->time_ns < -SECOND_GATE)
        s->time_ns = -SECOND_GATE;
    return stage_send(s, close);
}

static void round_1_is_published_and_keeps_all_escrow(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED);
    close_round_1(&s);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    EXPECT_INT(view.phase, GB_INTERVAL_OPEN);
    EXPECT_INT((int64_t)view.n_trades, 0);
    if (EXPECT(view.round != NULL) && EXPECT_INT((int64_t)view.round->n_trades, 1)) {
        EXPECT_INT(view.round->trades[0].price_buy.ticks, 450000);
        EXPECT_INT(view.round->left[0].wh, 600);
        EXPECT_INT(view.round->left[1].wh, 0);
        EXPECT_INT(view.round->anchors[GB_SOURCE_ANY].ask.ticks, 400000);
        EXPECT_INT(view.round->anchors[GB_SOURCE_ANY].bid.ticks, 500000);
    }
    EXPECT_INT(stage_escrow(&s, 0), 1000 * INT64_C(550000));
    EXPECT_INT(stage_escrow(&s, 3), 300 * INT64_C(450000));
    stage_close(&s);
}

static void an_amendment_counts_in_round_2_and_escrow_returns_behind_it(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_REAL);
    close_round_1(&s);
    EXPECT_INT(stage_send(&s, amendment(&s, 2, GB_SELL, 500, 520000, 450000)), GB_RECEIPT_OK);
    EXPECT_INT(close_round_2(&s, s.height), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_MATCHED), 1);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    if (EXPECT_INT((int64_t)view.n_trades, 2)) {
        EXPECT_INT(view.trades[1].round, 2);
        EXPECT_INT(view.trades[1].energy.wh, 500);
        EXPECT_INT(view.trades[1].price_buy.ticks, 510000);
    }
    EXPECT_INT(stage_escrow(&s, 0), 400 * INT64_C(450000) + 500 * INT64_C(510000));
    EXPECT_INT(stage_escrow(&s, 3), 0);
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    stage_close(&s);
}

static void what_an_amendment_may_not_say_is_refused_and_moves_no_money(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED);
    close_round_1(&s);
    int64_t held = stage_escrow(&s, 0);
    EXPECT_INT(stage_send(&s, amendment(&s, 1, GB_SELL, 400, 390000, 350000)),
               GB_RECEIPT_ALREADY_DONE); /* it was matched */
    EXPECT_INT(stage_send(&s, amendment(&s, 2, GB_BUY, 500, 450000, 450000)),
               GB_RECEIPT_MALFORMED); /* the other side */
    EXPECT_INT(stage_send(&s, amendment(&s, 2, GB_SELL, 500, 440000, 450000)),
               GB_RECEIPT_OUTSIDE_RESERVE);
    EXPECT_INT(stage_send(&s, amendment(&s, 2, GB_SELL, 500, 440000, 440000)),
               GB_RECEIPT_MALFORMED); /* another reserve */
    EXPECT_INT(stage_send(&s, amendment(&s, 0, GB_BUY, 2000000, 510000, 550000)),
               GB_RECEIPT_UNDERFUNDED);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, GB_BUY, 1000, 600000, 600000)),
               GB_RECEIPT_OUT_OF_BAND);
    struct gb_message stray = amendment(&s, 0, GB_BUY, 1000, 510000, 550000);
    stray.body.order.amends = 77;
    EXPECT_INT(stage_send(&s, stray), GB_RECEIPT_UNKNOWN_TARGET);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 10, 510000, 550000)),
               GB_RECEIPT_GATE_CLOSED); /* a new order */
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(stage_escrow(&s, 0), held);
    stage_close(&s);
}

static void the_latest_of_two_counts_and_one_that_was_overtaken_is_superseded(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED);
    close_round_1(&s);
    struct gb_message overtaken = amendment(&s, 2, GB_SELL, 500, 460000, 450000);
    EXPECT_INT(stage_send(&s, amendment(&s, 2, GB_SELL, 500, 540000, 450000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, overtaken), GB_RECEIPT_SUPERSEDED);
    EXPECT_INT(stage_send(&s, amendment(&s, 2, GB_SELL, 700, 520000, 450000)), GB_RECEIPT_OK);
    EXPECT_INT(close_round_2(&s, s.height), GB_RECEIPT_OK);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    if (EXPECT_INT((int64_t)view.n_trades, 3)) {
        EXPECT_INT(view.trades[1].energy.wh, 600);
        EXPECT_INT(view.trades[1].price_buy.ticks, 510000);
        EXPECT_INT(view.trades[2].energy.wh, 100); /* of the total that grew */
        EXPECT_INT(view.trades[2].price_buy.ticks, 450000);
    }
    stage_close(&s);
}

static void a_total_is_held_for_until_round_2_and_a_late_one_leaves_the_order_as_it_was(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED);
    close_round_1(&s);
    uint64_t height = s.height;
    EXPECT_INT(stage_send(&s, amendment(&s, 0, GB_BUY, 1500, 540000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_escrow(&s, 0), 1500 * INT64_C(550000));
    EXPECT_INT(close_round_2(&s, height), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_ORDER), 1); /* late */
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    EXPECT_INT(view.orders[0].quantity.wh, 1000);
    EXPECT_INT(view.orders[0].price.ticks, 500000);
    int64_t cost = 0;
    for (size_t i = 0; i < view.n_trades; i++)
        cost += view.trades[i].energy.wh * view.trades[i].price_buy.ticks;
    EXPECT_INT(stage_escrow(&s, 0), cost);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, GB_BUY, 1500, 540000, 550000)),
               GB_RECEIPT_GATE_CLOSED);
    stage_close(&s);
}

static void a_total_that_is_filled_already_takes_the_rest_back_for_good(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED);
    close_round_1(&s);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, GB_BUY, 400, 510000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, GB_BUY, 1000, 510000, 550000)),
               GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(close_round_2(&s, s.height), GB_RECEIPT_OK);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    for (size_t i = 0; i < view.n_trades; i++)
        EXPECT(view.trades[i].round == 1 || view.trades[i].buyer != 0);
    EXPECT_INT(stage_escrow(&s, 0), 400 * INT64_C(450000));
    stage_close(&s);
}

/* Its number is beyond those of round 1. */
static void an_order_that_came_too_late_for_round_1_is_not_there_to_be_amended(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED);
    send_book(&s);
    uint64_t height = s.height;
    struct gb_message late = stage_order(&s, 3, 0, GB_BUY, 200, 390000, 450000);
    EXPECT_INT(stage_send(&s, late), GB_RECEIPT_OK);
    struct gb_message moved = amendment(&s, 3, GB_BUY, 100, 380000, 450000);
    EXPECT_INT(stage_send(&s, moved), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_ORDER), 2); /* late */
    EXPECT_INT(stage_escrow(&s, 3), 300 * INT64_C(450000));
    const uint64_t gone[] = {late.nonce, moved.nonce};
    for (size_t i = 0; i < 2; i++) {
        struct gb_message requote = amendment(&s, 3, GB_BUY, 5000, 420000, 450000);
        requote.body.order.amends = gone[i];
        EXPECT_INT(stage_send(&s, requote), GB_RECEIPT_UNKNOWN_TARGET);
    }
    EXPECT_INT(stage_escrow(&s, 3), 300 * INT64_C(450000));
    EXPECT_INT(stage_send(&s, amendment(&s, 3, GB_BUY, 300, 450000, 450000)), GB_RECEIPT_OK);
    EXPECT_INT(close_round_2(&s, s.height), GB_RECEIPT_OK);
    stage_close(&s);
}

static void round_2_waits_for_the_second_gate_and_for_round_1(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED);
    close_round_1(&s);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(close_round_2(&s, 1), GB_RECEIPT_MALFORMED); /* below the block of round 1 */
    EXPECT_INT(close_round_2(&s, s.height), GB_RECEIPT_OK);
    EXPECT_INT(close_round_2(&s, s.height), GB_RECEIPT_ALREADY_DONE);
    stage_close(&s);
}

static void without_round_2_the_slot_is_missed_and_all_escrow_returns(void)
{
    struct stage s;

    raise_stage(&s, GB_CRYPTO_MODELLED);
    close_round_1(&s);
    EXPECT_INT(stage_send(&s, amendment(&s, 0, GB_BUY, 1500, 540000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_miss(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_MISSED), 1);
    for (uint32_t meter = 0; meter < 4; meter++) {
        EXPECT_INT(stage_escrow(&s, meter), 0);
        EXPECT_INT(gb_contracts_balance(s.contracts, meter).units, STAGE_BALANCE);
    }
    stage_close(&s);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(round_1_is_published_and_keeps_all_escrow),
        TAP(an_amendment_counts_in_round_2_and_escrow_returns_behind_it),
        TAP(what_an_amendment_may_not_say_is_refused_and_moves_no_money),
        TAP(the_latest_of_two_counts_and_one_that_was_overtaken_is_superseded),
        TAP(a_total_is_held_for_until_round_2_and_a_late_one_leaves_the_order_as_it_was),
        TAP(a_total_that_is_filled_already_takes_the_rest_back_for_good),
        TAP(an_order_that_came_too_late_for_round_1_is_not_there_to_be_amended),
        TAP(round_2_waits_for_the_second_gate_and_for_round_1),
        TAP(without_round_2_the_slot_is_missed_and_all_escrow_returns),
        {0}};
    return tap_main("requoting", tests);
}
