/* Matching: the close fixes which orders count, the match is computed, the open must name it. */
#include <string.h>

#include "chain/contracts/leaf.h"
#include "tests/stage.h"
#include "tests/table1.h"
#include "tests/tap.h"

static void raise_stage(struct stage *stage, size_t n_meters, enum gb_crypto crypto)
{
    stage_open(stage, crypto, n_meters, stage_rules());
    stage_register_all(stage);
}

/* A bid of meter 0 and an ask of meter 1 that trade 1 kWh at 0.45, each in a block of its own. */
static void send_pair(struct stage *stage, int64_t interval)
{
    EXPECT_INT(stage_send(stage, stage_order(stage, 0, interval, GB_BUY, 1000, 500000, 550000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(stage, stage_order(stage, 1, interval, GB_SELL, 1000, 400000, 350000)),
               GB_RECEIPT_OK);
}

/* A stage of the owners of Table 1, whose orders are sent and matched in slot 0. */
static void match_table1(struct stage *s, enum gb_crypto crypto)
{
    struct gb_book_action rows[TABLE1_ROWS];

    raise_stage(s, TABLE1_ROWS, crypto);
    table1(rows);
    for (uint32_t i = 0; i < TABLE1_ROWS; i++) {
        struct gb_message message = stage_order(s, i, 0, GB_BUY, 1, 0, 0);
        message.body.order.order = rows[i].order;
        EXPECT_INT(stage_send(s, message), GB_RECEIPT_OK);
    }
    EXPECT_INT(stage_send(s, stage_gate(s, 0, s->height)), GB_RECEIPT_OK);
}

static void the_contract_finds_table_2_of_the_paper(void)
{
    static const struct {
        uint32_t seller, buyer;
        int64_t kwh, ticks;
    } table2[] = {{0, 4, 220, 470000}, {1, 4, 180, 490000}, {1, 5, 360, 480000},
                  {3, 5, 120, 480000}, {3, 6, 180, 470000}, {2, 6, 435, 492500}};
    struct stage s;

    match_table1(&s, GB_CRYPTO_REAL);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    EXPECT_INT(view.phase, GB_INTERVAL_MATCHED);
    EXPECT_INT(view.n_orders, 8);
    EXPECT_INT(view.n_trades, 6);
    for (size_t t = 0; t < view.n_trades; t++) {
        bool is_found = false;
        for (size_t i = 0; i < 6; i++)
            is_found = is_found || (view.trades[t].seller == table2[i].seller &&
                                    view.trades[t].buyer == table2[i].buyer &&
                                    view.trades[t].energy.wh == 1000 * table2[i].kwh &&
                                    view.trades[t].price_buy.ticks == table2[i].ticks &&
                                    view.trades[t].price_sell.ticks == table2[i].ticks);
        EXPECT(is_found);
    }
    EXPECT_INT(view.unmatched[6].wh, 215000);
    EXPECT_INT(view.unmatched[7].wh, 500000);
    /* escrow keeps what the trades cost, the rest is back: B1 pays 103.4 + 88.2 */
    EXPECT_INT(gb_contracts_escrow(s.contracts, 4).units, INT64_C(191600000000));
    EXPECT_INT(stage_balance(&s, 4), STAGE_BALANCE - INT64_C(191600000000));
    EXPECT_INT(gb_contracts_escrow(s.contracts, 7).units, 0);
    stage_close(&s);
}

static void orders_above_the_closes_height_are_late_and_their_escrow_returns(void)
{
    struct stage s;

    raise_stage(&s, 3, GB_CRYPTO_MODELLED);
    send_pair(&s, 0);
    uint64_t height = s.height;
    EXPECT_INT(stage_send(&s, stage_order(&s, 2, 0, GB_BUY, 1000, 550000, 550000)), GB_RECEIPT_OK);
    struct gb_position position = {s.height, 0, 0};
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, height)), GB_RECEIPT_OK);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    EXPECT_INT(view.n_orders, 2);
    EXPECT_INT(view.n_trades, 1);
    EXPECT_INT(view.trades[0].buyer, 0); /* the better bid came too late */
    EXPECT_INT((int64_t)view.close_height, (int64_t)height);
    EXPECT_INT(stage_balance(&s, 2), STAGE_BALANCE);
    const struct gb_contract_event *late = stage_event(&s, GB_EVENT_ORDER, 0);
    EXPECT_INT(late->receipt, GB_RECEIPT_LATE);
    EXPECT_INT(late->sender, GB_PARTY(GB_ROLE_METER, 2));
    EXPECT_INT((int64_t)late->position.height, (int64_t)position.height);
    EXPECT_INT((int64_t)late->nonce, 1);
    EXPECT_INT(stage_count(&s, GB_EVENT_ORDER), 1);
    EXPECT_INT(stage_count(&s, GB_EVENT_MATCHED), 1);
    stage_close(&s);
}

static void a_late_cancel_leaves_its_order_standing(void)
{
    struct stage s;

    raise_stage(&s, 2, GB_CRYPTO_MODELLED);
    send_pair(&s, 0);
    uint64_t height = s.height;
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, height)), GB_RECEIPT_OK);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    EXPECT_INT(view.n_trades, 1);
    EXPECT(!view.withdrawn[0]);
    EXPECT_INT(stage_event(&s, GB_EVENT_ORDER, 0)->receipt, GB_RECEIPT_LATE);
    EXPECT_INT((int64_t)stage_event(&s, GB_EVENT_ORDER, 0)->nonce, 2);
    stage_close(&s);
}

static void a_cancel_in_time_takes_its_order_out_of_the_match(void)
{
    struct stage s;

    raise_stage(&s, 2, GB_CRYPTO_MODELLED);
    send_pair(&s, 0);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_orders, 2);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_trades, 0);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).unmatched[0].wh, 0);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).unmatched[1].wh, 1000);
    stage_close(&s);
}

/* Three bids at one price for one ask: time decides, and an amendment gives its place away. */
static void an_amended_order_loses_its_time_priority(void)
{
    struct stage s;

    raise_stage(&s, 3, GB_CRYPTO_MODELLED);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_BUY, 1000, 500000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 2, 0, GB_SELL, 1000, 450000, 400000)), GB_RECEIPT_OK);
    struct gb_message again = stage_order(&s, 0, 0, GB_BUY, 900, 500000, 500000);
    again.body.order.amends = 1;
    EXPECT_INT(stage_send(&s, again), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units,
               INT64_C(950000000)); /* both, until the close */
    uint64_t height = s.height;
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, height)), GB_RECEIPT_OK);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    EXPECT_INT(view.n_trades, 1);
    EXPECT_INT(view.trades[0].buyer, 1);
    EXPECT_INT(view.unmatched[3].wh, 900);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    stage_close(&s);
}

static void a_late_amendment_leaves_the_earlier_order_in_its_place(void)
{
    struct stage s;

    raise_stage(&s, 2, GB_CRYPTO_MODELLED);
    send_pair(&s, 0);
    uint64_t height = s.height;
    struct gb_message again = stage_order(&s, 0, 0, GB_BUY, 700, 500000, 500000);
    again.body.order.amends = 1;
    EXPECT_INT(stage_send(&s, again), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, height)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_orders, 2);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).trades[0].energy.wh, 1000);
    EXPECT_INT(stage_count(&s, GB_EVENT_ORDER), 1); /* the new one is late: refused once */
    stage_close(&s);
}

static void matched_orders_are_gone_and_whoever_names_one_is_refused_as_behind_the_gate(void)
{
    struct stage s;

    raise_stage(&s, 2, GB_CRYPTO_MODELLED);
    send_pair(&s, 0);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_orders, 2); /* until the next block */
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_orders, 0);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_GATE_CLOSED);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_trades, 1);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 77)), GB_RECEIPT_GATE_CLOSED);
    struct gb_message again = stage_order(&s, 0, 0, GB_BUY, 700, 500000, 500000);
    again.body.order.amends = 1;
    EXPECT_INT(stage_send(&s, again), GB_RECEIPT_GATE_CLOSED);
    again = stage_order(&s, 0, 0, GB_SELL, 700, 450000, 400000); /* beside the bid: refused */
    EXPECT_INT(stage_send(&s, again), GB_RECEIPT_NOT_ALLOWED);
    again = stage_order(&s, 0, 0, GB_SELL, 700, 450000, 400000); /* in its place: too late */
    again.body.order.amends = 1;
    EXPECT_INT(stage_send(&s, again), GB_RECEIPT_GATE_CLOSED);
    stage_close(&s);
}

static void a_close_is_the_operators_and_names_a_height_that_has_been(void)
{
    struct stage s;

    raise_stage(&s, 2, GB_CRYPTO_MODELLED);
    send_pair(&s, 0);
    struct gb_message usurped = stage_gate(&s, 0, s.height);
    usurped.sender = GB_PARTY(GB_ROLE_METER, 0);
    usurped.nonce = ++s.meter_nonces[0];
    EXPECT_INT(stage_send(&s, usurped), GB_RECEIPT_NOT_ALLOWED);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height + 1)), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, UINT64_MAX)), GB_RECEIPT_TOO_EARLY);
    struct gb_message early = stage_gate(&s, 0, s.height);
    early.body.close.interval = 1;
    EXPECT_INT(stage_send(&s, early), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(stage_send(&s, stage_gate(&s, -1, s.height)), GB_RECEIPT_MALFORMED);
    EXPECT_INT(stage_event(&s, GB_EVENT_REFUSED, 0)->receipt, GB_RECEIPT_MALFORMED);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, 0)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_trades, 1);
    stage_close(&s);
}

static void an_interval_without_orders_closes_with_an_empty_match(void)
{
    struct stage s;

    raise_stage(&s, 2, GB_CRYPTO_MODELLED);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_trades, 0);
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).phase, GB_INTERVAL_DELIVERING);
    stage_close(&s);
}

static struct gb_hash node_of_trade(uint32_t index, const struct gb_trade *trade)
{
    struct gb_hash leaf = gb_match_leaf(0, index, trade);

    return gb_merkle_leaf(leaf.bytes, sizeof leaf.bytes);
}

static void the_match_root_proves_each_trade(void)
{
    struct gb_hash level[8];
    struct stage s;

    match_table1(&s, GB_CRYPTO_MODELLED);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    for (uint32_t i = 0; i < view.n_trades; i++) {
        struct gb_step path[GB_PATH_MAX];
        for (uint32_t j = 0; j < view.n_trades; j++)
            level[j] = node_of_trade(j, &view.trades[j]);
        struct gb_hash node = level[i];
        size_t n_path = gb_merkle_path(level, view.n_trades, i, path);
        struct gb_hash root = gb_merkle_climb(&node, path, n_path);
        EXPECT(gb_hash_is_equal(&root, &view.match_root));
        struct gb_trade altered = view.trades[i];
        altered.price_sell.ticks--;
        node = node_of_trade(i, &altered);
        root = gb_merkle_climb(&node, path, n_path);
        EXPECT(!gb_hash_is_equal(&root, &view.match_root));
    }
    stage_close(&s);
}

static void an_open_names_the_contracts_own_match(void)
{
    struct stage s;

    raise_stage(&s, 2, GB_CRYPTO_MODELLED);
    send_pair(&s, 0);
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_TOO_EARLY);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    struct gb_message wrong = stage_deliver(&s, 0);
    wrong.body.open.root.bytes[31] ^= 1;
    EXPECT_INT(stage_send(&s, wrong), GB_RECEIPT_WRONG_ROOT);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).phase, GB_INTERVAL_MATCHED);
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_OPENED), 1);
    EXPECT_INT(stage_send(&s, stage_miss(&s, 0)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_send(&s, stage_deliver(&s, 0)), GB_RECEIPT_ALREADY_DONE);
    struct gb_message early = stage_miss(&s, 0);
    early.body.open.interval = 1;
    EXPECT_INT(stage_send(&s, early), GB_RECEIPT_TOO_EARLY);
    stage_close(&s);
}

static void a_missed_slot_voids_its_trades_and_returns_all_escrow(void)
{
    struct stage s;

    raise_stage(&s, 2, GB_CRYPTO_MODELLED);
    send_pair(&s, 0);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_escrow(s.contracts, 0).units, INT64_C(450000000));
    EXPECT_INT(stage_send(&s, stage_miss(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_MISSED), 1);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADE_VOIDED), 1);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).phase, GB_INTERVAL_MISSED);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).trade_states[0], GB_TRADE_VOID);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    stage_close(&s);
}

static void a_slot_missed_before_its_close_returns_all_escrow_too(void)
{
    struct stage s;

    raise_stage(&s, 2, GB_CRYPTO_MODELLED);
    send_pair(&s, 0);
    EXPECT_INT(stage_send(&s, stage_miss(&s, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 10, 400000, 500000)),
               GB_RECEIPT_GATE_CLOSED);
    stage_close(&s);
}

static void a_book_in_the_memory_of_one_that_is_gone_begins_empty(void)
{
    struct stage s;
    struct gb_interval_view next;

    raise_stage(&s, 2, GB_CRYPTO_MODELLED);
    send_pair(&s, 0);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 1, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    s.time_ns = 0;
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 1, GB_SELL, 700, 400000, 350000)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 0).n_orders, 0); /* read by all, and gone */
    next = gb_contracts_interval(s.contracts, 1);
    EXPECT_INT(next.n_orders, 1);
    EXPECT_INT(next.orders[0].quantity.wh, 700);
    EXPECT(!next.withdrawn[0] && !next.unmatched);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 1, GB_BUY, 700, 500000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 1, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(gb_contracts_interval(s.contracts, 1).n_trades, 1);
    stage_close(&s);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_contract_finds_table_2_of_the_paper),
        TAP(orders_above_the_closes_height_are_late_and_their_escrow_returns),
        TAP(a_late_cancel_leaves_its_order_standing),
        TAP(a_cancel_in_time_takes_its_order_out_of_the_match),
        TAP(an_amended_order_loses_its_time_priority),
        TAP(a_late_amendment_leaves_the_earlier_order_in_its_place),
        TAP(matched_orders_are_gone_and_whoever_names_one_is_refused_as_behind_the_gate),
        TAP(a_close_is_the_operators_and_names_a_height_that_has_been),
        TAP(an_interval_without_orders_closes_with_an_empty_match),
        TAP(the_match_root_proves_each_trade),
        TAP(an_open_names_the_contracts_own_match),
        TAP(a_missed_slot_voids_its_trades_and_returns_all_escrow),
        TAP(a_slot_missed_before_its_close_returns_all_escrow_too),
        TAP(a_book_in_the_memory_of_one_that_is_gone_begins_empty),
        {0}};
    return tap_main("matching", tests);
}
