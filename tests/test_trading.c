/* Trading: orders that meet as blocks are executed, their escrow to the last unit, and the same
 * trades as the book makes without a ledger. */
#include "tests/stage_trading.h"
#include "tests/tap.h"

static void an_order_trades_in_its_block_at_the_midpoint_and_keeps_what_it_costs(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 2);
    EXPECT_INT(stage_bid(&s, 0, 1000, 500000, 550000), GB_RECEIPT_OK);
    EXPECT_INT(stage_escrow(&s, 0), 1000 * INT64_C(550000));
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADED), 0);
    EXPECT_INT(stage_ask(&s, 1, 400, 400001), GB_RECEIPT_OK);
    EXPECT_INT(stage_count(&s, GB_EVENT_TRADED), 1);
    const struct gb_execution *made = stage_execution(&s, 0);
    EXPECT_INT(made->trade.energy.wh, 400);
    EXPECT_INT(made->trade.price_buy.ticks, 450000); /* 450000.5, half to even */
    EXPECT_INT(made->bid.ticks, 500000);
    EXPECT_INT(made->ask.ticks, 400001);
    EXPECT_INT(made->height, s.height);
    EXPECT_INT(stage_event(&s, GB_EVENT_TRADED, 0)->index, 0);
    EXPECT_INT(stage_event(&s, GB_EVENT_TRADED, 0)->sender, GB_PARTY(GB_ROLE_METER, 1));
    EXPECT_INT(stage_escrow(&s, 0), 600 * INT64_C(550000) + 400 * INT64_C(450000));
    EXPECT_INT(stage_escrow(&s, 1), 0);
    stage_close(&s);
}

static void below_0_the_seller_keeps_what_its_trade_costs_and_the_bid_is_released(void)
{
    struct stage s;

    stage_open_of_either_sign(&s);
    EXPECT_INT(stage_bid(&s, 0, 1000, -40000, 20000), GB_RECEIPT_OK);
    EXPECT_INT(stage_escrow(&s, 0), 1000 * INT64_C(20000));
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_SELL, 1500, -60001, -120000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_n_executions(&s), 1);
    EXPECT_INT(stage_execution(&s, 0)->trade.price_buy.ticks, -50000); /* -50000.5, half to even */
    EXPECT_INT(stage_escrow(&s, 0), 0);
    EXPECT_INT(stage_escrow(&s, 1), 1000 * INT64_C(50000) + 500 * INT64_C(120000));
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 1, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_escrow(&s, 1), 1000 * INT64_C(50000));
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 0, GB_BUY, 100, 0, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_n_executions(&s), 1);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, 0)), GB_RECEIPT_OK);
    EXPECT_INT(stage_escrow(&s, 1), 1000 * INT64_C(50000));
    EXPECT_INT(stage_send(&s, stage_miss(&s, 0)), GB_RECEIPT_OK); /* void: all of it is back */
    EXPECT_INT(stage_balance(&s, 0), STAGE_BALANCE);
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE);
    stage_close(&s);
}

static void what_does_not_trade_at_once_of_an_ioc_lapses_with_its_escrow(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 3);
    EXPECT_INT(stage_ask(&s, 1, 400, 400000), GB_RECEIPT_OK);
    struct gb_message ioc = stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000);
    ioc.body.order.order.type = GB_ORDER_IOC;
    EXPECT_INT(stage_send(&s, ioc), GB_RECEIPT_OK);
    EXPECT_INT(stage_n_executions(&s), 1);
    EXPECT_INT(stage_escrow(&s, 0), 400 * INT64_C(450000));
    ioc = stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000); /* a minimum that nobody meets */
    ioc.body.order.order.type = GB_ORDER_MARKET;
    ioc.body.order.order.minimum.wh = 10;
    EXPECT_INT(stage_send(&s, ioc), GB_RECEIPT_OK);
    EXPECT_INT(stage_escrow(&s, 0), 400 * INT64_C(450000));
    ioc = stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000);
    ioc.body.order.order.minimum.wh = 10; /* of a limit order */
    EXPECT_INT(stage_send(&s, ioc), GB_RECEIPT_MALFORMED);
    EXPECT_INT(stage_ask(&s, 2, 400, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_n_executions(&s), 1); /* nothing rests */
    stage_close(&s);
}

static void a_call_takes_no_ioc(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 1, stage_rules());
    stage_register_all(&s);
    struct gb_message ioc = stage_order(&s, 0, 0, GB_BUY, 1000, 500000, 550000);
    ioc.body.order.order.type = GB_ORDER_IOC;
    EXPECT_INT(stage_send(&s, ioc), GB_RECEIPT_MALFORMED);
    stage_close(&s);
}

static void who_sold_in_a_slot_may_not_buy_in_it(void)
{
    struct stage s;

    stage_open_trading(&s, GB_CRYPTO_MODELLED, 2);
    EXPECT_INT(stage_ask(&s, 1, 400, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_bid(&s, 0, 400, 500000, 500000), GB_RECEIPT_OK);
    EXPECT_INT(stage_n_executions(&s), 1); /* nothing of either rests */
    EXPECT_INT(stage_bid(&s, 1, 100, 500000, 500000), GB_RECEIPT_NOT_ALLOWED);
    EXPECT_INT(stage_ask(&s, 1, 100, 400000), GB_RECEIPT_OK);
    stage_close(&s);
}

static void capacity_counts_fills_and_what_stands(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 2, stage_trading_rules("pooled"));
    struct gb_admission users[] = {{0, s.genesis.users[0].key, 1000},
                                   {1, s.genesis.users[1].key, 0}};
    struct gb_message admit = {.kind = GB_MESSAGE_REGISTER,
                               .sender = STAGE_SUPERVISOR,
                               .nonce = 1,
                               .last_valid_height = 10,
                               .body.registration = {2, users}};
    EXPECT_INT(stage_send(&s, admit), GB_RECEIPT_OK);
    EXPECT_INT(stage_ask(&s, 1, 300, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_bid(&s, 0, 600, 500000, 500000), GB_RECEIPT_OK); /* 300 traded, 300 stand */
    EXPECT_INT(stage_bid(&s, 0, 401, 500000, 500000), GB_RECEIPT_BEYOND_CAPACITY);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_BUY, 1001, 500000, 500000)),
               GB_RECEIPT_BEYOND_CAPACITY);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_BUY, 1000, 500000, 500000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_cancel(&s, 0, 0, 1)), GB_RECEIPT_OK);
    EXPECT_INT(stage_escrow(&s, 0), 300 * INT64_C(450000));
    EXPECT_INT(stage_bid(&s, 0, 701, 500000, 500000), GB_RECEIPT_BEYOND_CAPACITY);
    EXPECT_INT(stage_bid(&s, 0, 700, 500000, 500000), GB_RECEIPT_OK);
    stage_close(&s);
}

static void two_slots_that_are_open_at_once_keep_books_of_their_own(void)
{
    struct stage s;
    struct gb_contract_rules rules = stage_trading_rules("pooled");

    rules.open_ns = 2 * SLOT;
    stage_open(&s, GB_CRYPTO_MODELLED, 2, rules);
    stage_register_all(&s);
    EXPECT_INT(stage_ask(&s, 1, 200, 400000), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 0, 1, GB_BUY, 300, 420000, 550000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_n_executions(&s), 0);
    EXPECT_INT(stage_bid(&s, 0, 300, 420000, 550000), GB_RECEIPT_OK);
    EXPECT_INT(stage_n_executions(&s), 1);
    stage_close(&s);
}

/* ---- the same messages without a ledger */

enum { N_SENT = 600, N_TRADERS = 8 };

static uint32_t pick(uint32_t n)
{
    static uint32_t n_draws; /* one stream for all of this program */
    struct gb_key key = {{7, GB_PURPOSE_TEST}};

    return gb_draw_at(key, 2, 0, 0, n_draws++).words[0] % n;
}

/* An order, or an amendment or a cancel of any earlier message of its meter. */
static struct gb_message random_message(struct stage *s)
{
    uint32_t meter = pick(N_TRADERS), what = pick(4);
    bool is_bid = meter % 2 == 0;
    int64_t reserve = is_bid ? 590000 : 310000;
    struct gb_message message =
        stage_order(s, meter, 0, is_bid ? GB_BUY : GB_SELL, 1 + (int64_t)pick(2000),
                    400000 + 10000 * (int64_t)pick(10), reserve);
    struct gb_order_message *body = &message.body.order;

    body->order.source = (uint8_t)(is_bid ? pick(4) : 1 + pick(3));
    if (what < 2 && message.nonce > 1) {
        body->amends = 1 + pick((uint32_t)message.nonce - 1);
        body->cancels = what == 0;
    } else {
        body->order.type = (uint8_t)pick(3);
        body->order.minimum.wh = body->order.type != GB_ORDER_LIMIT && pick(2) ? 500 : 0;
        body->order.minimum.wh =
            body->order.minimum.wh > body->order.quantity.wh ? 0 : body->order.minimum.wh;
    }
    return message;
}

/* What the ledger took, as the book alone is told it. */
static size_t add_action(struct gb_book_action *actions, size_t n, const struct gb_message *message,
                         uint32_t number)
{
    const struct gb_order_message *body = &message->body.order;

    actions[n] = (struct gb_book_action){.is_cancel = body->cancels,
                                         .is_amendment = body->amends != 0 && !body->cancels,
                                         .target = number,
                                         .order = body->order};
    return n + 1;
}

static bool is_same_trade(const struct gb_trade *a, const struct gb_trade *b)
{
    return a->sell_order == b->sell_order && a->buy_order == b->buy_order &&
           a->seller == b->seller && a->buyer == b->buyer && a->source == b->source &&
           a->energy.wh == b->energy.wh && a->price_buy.ticks == b->price_buy.ticks &&
           a->price_sell.ticks == b->price_sell.ticks;
}

static void compare_trades(const struct stage *s, const struct gb_market_rules *rules,
                           const struct gb_book_action *actions, size_t n_actions)
{
    void *state = NULL;
    struct gb_error err;
    struct gb_match match = {0};
    size_t n_same = 0;

    EXPECT_INT(rules->mechanism->create(&state, rules, &err), GB_OK);
    rules->mechanism->begin(state, 0);
    EXPECT_INT(gb_market_apply(rules->mechanism, state, actions, n_actions, &err), GB_OK);
    EXPECT_INT(rules->mechanism->finish(state, &match, &err), GB_OK);
    EXPECT_INT(match.n_trades, stage_n_executions(s));
    EXPECT(match.n_trades > 50);
    for (size_t i = 0; i < match.n_trades; i++)
        n_same += is_same_trade(&match.trades[i], &stage_execution(s, i)->trade);
    EXPECT_INT(n_same, match.n_trades);
    rules->mechanism->free(state);
}

static void replay_without_a_ledger(const char *books)
{
    static struct gb_book_action actions[N_SENT];
    struct gb_contract_rules rules = stage_trading_rules(books);
    struct stage s;
    size_t n = 0;

    stage_open(&s, GB_CRYPTO_MODELLED, N_TRADERS, rules);
    stage_register_all(&s);
    for (size_t i = 0; i < N_SENT; i++) {
        struct gb_message message = random_message(&s);

        if (stage_send(&s, message) == GB_RECEIPT_OK)
            n = add_action(actions, n, &message, stage_event(&s, GB_EVENT_ORDER, 0)->index);
    }
    compare_trades(&s, &rules.market, actions, n);
    EXPECT_INT(stage_send(&s, stage_deliver_until(&s, 0, s.height)), GB_RECEIPT_OK);
    stage_close(&s);
}

static void the_ledgers_trades_are_those_of_the_book_alone(void)
{
    replay_without_a_ledger("pooled");
    replay_without_a_ledger("by_source");
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(an_order_trades_in_its_block_at_the_midpoint_and_keeps_what_it_costs),
        TAP(below_0_the_seller_keeps_what_its_trade_costs_and_the_bid_is_released),
        TAP(what_does_not_trade_at_once_of_an_ioc_lapses_with_its_escrow),
        TAP(a_call_takes_no_ioc),
        TAP(who_sold_in_a_slot_may_not_buy_in_it),
        TAP(capacity_counts_fills_and_what_stands),
        TAP(two_slots_that_are_open_at_once_keep_books_of_their_own),
        TAP(the_ledgers_trades_are_those_of_the_book_alone),
        {0}};
    return tap_main("trading", tests);
}
