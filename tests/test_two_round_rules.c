/* The single rules of the two-round auction, each on numbers small enough to see, and how its
 * options are read, written and refused. */
#include "models/market/requote.h"

#include <string.h>

#include "tests/table1.h"
#include "tests/tap.h"

static void a_pair_price_is_rounded_once_half_to_even(void)
{
    struct gb_fraction half = gb_fraction_of_millionths(500000);
    struct gb_fraction third = gb_fraction_of_millionths(333333);
    struct gb_price three = {3}, four = {4}, five = {5}, far = {GB_PRICE_LIMIT_TICKS};

    EXPECT_INT(half.numerator, 1);
    EXPECT_INT(half.denominator, 2);
    EXPECT_INT(gb_pair_price(half, three, four).ticks, 4); /* 3.5 */
    EXPECT_INT(gb_pair_price(half, four, five).ticks, 4);  /* 4.5 */
    EXPECT_INT(gb_pair_price(gb_fraction_of_millionths(0), three, five).ticks, 3);
    EXPECT_INT(gb_pair_price(gb_fraction_of_millionths(1000000), three, five).ticks, 5);
    EXPECT_INT(gb_pair_price(gb_fraction_of_millionths(750000), three, five).ticks, 4); /* 4.5 */
    EXPECT_INT(gb_pair_price(third, (struct gb_price){0}, far).ticks, INT64_C(333333000000));
}

static void a_requote_stays_within_the_own_reserve(void)
{
    struct gb_price ask = {500000}, bid = {460000}, low = {450000}, high = {490000};

    EXPECT_INT(gb_requote_ask(100000, ask, low, low).ticks, 495000);
    EXPECT_INT(gb_requote_ask(1000000, ask, low, (struct gb_price){470000}).ticks, 470000);
    EXPECT_INT(gb_requote_ask(0, ask, low, low).ticks, 500000);
    EXPECT_INT(gb_requote_bid(100000, bid, high, (struct gb_price){530000}).ticks, 463000);
    EXPECT_INT(gb_requote_bid(1000000, bid, high, (struct gb_price){480000}).ticks, 480000);
    /* 3 - 0.5 = 2.5 and 5 - 0.5 = 4.5 end on the even tick, as a whole */
    EXPECT_INT(
        gb_requote_ask(500000, (struct gb_price){3}, (struct gb_price){2}, (struct gb_price){0})
            .ticks,
        2);
    EXPECT_INT(
        gb_requote_ask(500000, (struct gb_price){5}, (struct gb_price){4}, (struct gb_price){0})
            .ticks,
        4);
}

static void anchors_are_what_the_round_traded(void)
{
    struct gb_trade_statistics tape = {0};

    /* ask 10 sold out against bid 20 at 15; ask 12 of 3 Wh meets bid 14 and both have some left */
    gb_trade_statistics_add(&tape, (struct gb_price){10}, (struct gb_price){20},
                            (struct gb_price){15}, (struct gb_energy){1}, true, false);
    gb_trade_statistics_add(&tape, (struct gb_price){12}, (struct gb_price){14},
                            (struct gb_price){13}, (struct gb_energy){2}, false, false);
    struct gb_anchors a = gb_trade_statistics_anchors(&tape, GB_ANCHOR_MARGINAL_QUOTE);
    EXPECT_INT(a.ask.ticks, 12);
    EXPECT_INT(a.bid.ticks, 14);
    a = gb_trade_statistics_anchors(&tape, GB_ANCHOR_EXTREME_TRADE);
    EXPECT_INT(a.ask.ticks, 15);
    EXPECT_INT(a.bid.ticks, 13);
    a = gb_trade_statistics_anchors(&tape, GB_ANCHOR_MARGINAL_QUOTE_FILLED);
    EXPECT(a.has_ask && !a.has_bid);
    EXPECT_INT(a.ask.ticks, 10);
    a = gb_trade_statistics_anchors(&tape, GB_ANCHOR_LAST_TRADE);
    EXPECT_INT(a.ask.ticks, 13);
    a = gb_trade_statistics_anchors(&tape, GB_ANCHOR_VWAP); /* (15 + 26) / 3 = 13.67 */
    EXPECT_INT(a.ask.ticks, 14);
    EXPECT_INT(a.bid.ticks, 14);
}

static void a_minimum_quantity_is_refused_aloud(void)
{
    struct gb_market_rules rules = paper_rules();
    const struct gb_mechanism *mechanism = rules.mechanism;
    struct gb_book_action actions[TABLE1_ROWS];
    struct gb_error err = {0};
    void *state = NULL;

    table1(actions);
    actions[5].order.minimum.wh = 1000;
    EXPECT_INT(mechanism->create(&state, &rules, &err), GB_OK);
    mechanism->begin(state, 0);
    EXPECT_INT(gb_market_apply(mechanism, state, actions, TABLE1_ROWS, &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "minimum") != NULL);
    mechanism->free(state);
}

static void rules_out_of_their_range_are_refused(void)
{
    struct gb_market_rules wrong[] = {paper_rules(), paper_rules(), paper_rules(), paper_rules()};
    void *state = NULL;

    gb_two_round_options(&wrong[0])->k_millionths = 1000001;
    gb_two_round_options(&wrong[1])->beta_millionths = -1;
    gb_two_round_options(&wrong[2])->rounds = -2;
    gb_two_round_options(&wrong[3])->anchor = 5;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        EXPECT_INT(gb_mechanism_two_round.create(&state, &wrong[i], NULL), GB_ECONFIG);
    EXPECT(state == NULL);
}

static void an_option_belongs_to_its_mechanism(void)
{
    struct gb_market_rules rules = paper_rules();
    char why[256];

    EXPECT(gb_market_rules_set(&rules, "market.beta", "0.2", why, sizeof why));
    EXPECT_INT(gb_two_round_options(&rules)->beta_millionths, 200000);
    gb_market_rules_select(&rules, &gb_mechanism_grid_only);
    EXPECT(!gb_market_rules_set(&rules, "market.beta", "0.2", why, sizeof why));
    EXPECT(strstr(why, "grid_only") != NULL);
}

static void rules_are_read_and_written_as_a_user_says_them(void)
{
    const struct gb_param *rounds =
        gb_param_find(gb_mechanism_two_round.member.params, "market.requote.rounds");
    struct gb_market_rules rules = paper_rules();
    char text[64], why[256];

    EXPECT_INT(gb_two_round_options(&rules)->beta_millionths, 100000);
    EXPECT_INT(gb_two_round_options(&rules)->k_millionths, 500000);
    EXPECT_INT(rules.tariff.retail.ticks, 590000);
    EXPECT_INT(gb_two_round_options(&rules)->rounds, 1);
    EXPECT(gb_param_parse(rounds, "until_cross", rules.options, why, sizeof why));
    EXPECT_INT(gb_two_round_options(&rules)->rounds, GB_ROUNDS_UNTIL_CROSS);
    EXPECT_TEXT(gb_param_format(rounds, rules.options, text, sizeof text), "until_cross");
    EXPECT(gb_param_parse(rounds, "7", rules.options, why, sizeof why));
    EXPECT_INT(gb_two_round_options(&rules)->rounds, 7);
    EXPECT(!gb_param_parse(rounds, "-1", rules.options, why, sizeof why));
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(a_pair_price_is_rounded_once_half_to_even),
                                            TAP(a_requote_stays_within_the_own_reserve),
                                            TAP(anchors_are_what_the_round_traded),
                                            TAP(a_minimum_quantity_is_refused_aloud),
                                            TAP(rules_out_of_their_range_are_refused),
                                            TAP(an_option_belongs_to_its_mechanism),
                                            TAP(rules_are_read_and_written_as_a_user_says_them),
                                            {0}};
    return tap_main("two_round_rules", tests);
}
