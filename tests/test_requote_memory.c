/* Which trades re-quotes go by, those of the latest round or all of the slot
 * (market.requote.memory): a book that three rounds trade, small enough to follow by hand, in the
 * market and on the ledger. */
#include <string.h>

#include "tests/stage.h"
#include "tests/tap.h"

enum { S1, B1, S2, B2, S3, B3, N_ORDERS };

/* 1 kWh each. Round 1: S1 and B1 trade at 0.45, to which all others go. Round 2: S2 at 0.45 and B2
 * at 0.47 trade at 0.46, while S3 stops at its reserve, 0.455, and B3 has come to 0.45. Where the
 * two go then is what the memory decides. */
static const struct {
    uint8_t side;
    int64_t price, reserve;
    int32_t beta_millionths;
} book[N_ORDERS] = {
    {GB_SELL, 400000, 350000, 1000000}, {GB_BUY, 500000, 550000, 1000000},
    {GB_SELL, 500000, 400000, 1000000}, {GB_BUY, 490000, 550000, 500000},
    {GB_SELL, 580000, 455000, 1000000}, {GB_BUY, 410000, 550000, 1000000},
};

/* What the third round trades, between S3 and B3; price 0: nothing. */
static const struct {
    const char *anchor, *memory;
    int64_t price;
} cases[] = {
    {"extreme_trade", "round", 460000}, /* both go to 0.46 */
    {"extreme_trade", "slot", 0},       /* sellers to the highest price, 0.46, buyers to 0.45 */
    {"vwap", "round", 460000},          /* both to 0.46 */
    {"vwap", "slot", 455000},           /* both to the mean of 0.45 and 0.46 */
    {"last_trade", "round", 460000},    /* the last price of the slot is that of the round */
    {"last_trade", "slot", 460000},
};
enum { N_CASES = sizeof cases / sizeof cases[0] };

static void set(struct gb_market_rules *rules, const char *key, const char *value)
{
    char why[200];

    if (!EXPECT(gb_market_rules_set(rules, key, value, why, sizeof why)))
        tap_note("%s", why);
}

static struct gb_contract_rules rules_of(size_t c, const char *rounds)
{
    struct gb_contract_rules rules = stage_rules();

    set(&rules.market, "market.requote.match", "crossing");
    set(&rules.market, "market.requote.rounds", rounds);
    set(&rules.market, "market.requote.anchor", cases[c].anchor);
    set(&rules.market, "market.requote.memory", cases[c].memory);
    return rules;
}

static struct gb_order order_of(uint32_t i)
{
    return (struct gb_order){.owner = i,
                             .side = book[i].side,
                             .quantity = {1000},
                             .price = {book[i].price},
                             .reserve = {book[i].reserve},
                             .beta_millionths = book[i].beta_millionths};
}

static void expect_trades(const struct gb_trade *trades, size_t n, size_t c)
{
    const struct {
        uint32_t seller, buyer;
        int64_t price;
    } expected[] = {{S1, B1, 450000}, {S2, B2, 460000}, {S3, B3, cases[c].price}};

    bool is_so = n == (cases[c].price ? 3 : 2);
    for (size_t t = 0; is_so && t < n; t++)
        is_so = trades[t].round == t + 1 && trades[t].energy.wh == 1000 &&
                trades[t].seller == expected[t].seller && trades[t].buyer == expected[t].buyer &&
                trades[t].price_buy.ticks == expected[t].price &&
                trades[t].price_sell.ticks == expected[t].price;
    if (!EXPECT(is_so))
        tap_note("%s of the %s", cases[c].anchor, cases[c].memory);
}

static void a_third_round_goes_by_the_trades_that_are_remembered(void)
{
    for (size_t c = 0; c < N_CASES; c++) {
        struct gb_market_rules rules = rules_of(c, "2").market;
        struct gb_order orders[N_ORDERS];
        struct gb_match match;
        struct gb_error err = {0};
        void *state = NULL;

        for (uint32_t i = 0; i < N_ORDERS; i++)
            orders[i] = order_of(i);
        EXPECT_INT(rules.mechanism->create(&state, &rules, &err), GB_OK);
        rules.mechanism->begin(state, 0);
        EXPECT_INT(rules.mechanism->apply(state, orders, N_ORDERS, &err), GB_OK);
        EXPECT_INT(rules.mechanism->finish(state, &match, &err), GB_OK);
        expect_trades(match.trades, match.n_trades, c);
        rules.mechanism->free(state);
    }
}

/* Registers all and sends the book, an order a block. */
static void send_book(struct stage *s, struct gb_contract_rules rules)
{
    stage_open(s, GB_CRYPTO_MODELLED, N_ORDERS, rules);
    stage_register_all(s);
    for (uint32_t i = 0; i < N_ORDERS; i++) {
        struct gb_message message = stage_order(s, i, 0, GB_BUY, 1, 0, 0);
        message.body.order.order = order_of(i);
        EXPECT_INT(stage_send(s, message), GB_RECEIPT_OK);
    }
    EXPECT_INT(stage_send(s, stage_gate(s, 0, s->height)), GB_RECEIPT_OK);
}

static void the_contract_remembers_what_the_rules_of_its_ledger_say(void)
{
    for (size_t c = 0; c < N_CASES; c++) {
        struct stage s;

        send_book(&s, rules_of(c, "2"));
        struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
        expect_trades(view.trades, view.n_trades, c);
        stage_close(&s);
    }
}

/* Behind the first round there is nothing else to remember, so its anchors are the same. */
static void users_who_quote_anew_once_hear_the_same_anchors_whatever_is_remembered(void)
{
    for (size_t c = 0; c < N_CASES; c++) {
        struct gb_contract_rules rules = rules_of(c, "1");
        struct stage s;

        set(&rules.market, "market.requote.by", "user");
        send_book(&s, rules);
        const struct gb_round *round = gb_contracts_interval(s.contracts, 0).round;
        if (EXPECT(round != NULL)) {
            const struct gb_anchors *anchors = &round->anchors[GB_SOURCE_ANY];

            EXPECT_INT((int64_t)round->n_trades, 1);
            EXPECT(anchors->has_ask && anchors->has_bid);
            EXPECT_INT(anchors->ask.ticks, 450000);
            EXPECT_INT(anchors->bid.ticks, 450000);
        }
        stage_close(&s);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_third_round_goes_by_the_trades_that_are_remembered),
        TAP(the_contract_remembers_what_the_rules_of_its_ledger_say),
        TAP(users_who_quote_anew_once_hear_the_same_anchors_whatever_is_remembered),
        {0}};
    return tap_main("requote_memory", tests);
}
