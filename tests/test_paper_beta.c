/* The paper's user where it amends its own orders: equation (2) by hand, its anchors, its deadline.
 */
#include <stdlib.h>

#include "models/agents/strategy.h"
#include "models/agents/traits.h"
#include "tests/tap.h"

/* A seller of reserve 0.34 and shade 0.06, and a buyer of reserve 0.56 and shade 0.05. */
static struct gb_price reserve_sell[] = {{340000}, {0}}, reserve_buy[] = {{0}, {560000}};
static struct gb_price shade_sell[] = {{60000}, {0}}, shade_buy[] = {{0}, {50000}};
static const int32_t betas[] = {GB_BETA_OF_MARKET, 200000};
static const struct gb_traits traits = {.n = 2,
                                        .reserve_sell = reserve_sell,
                                        .reserve_buy = reserve_buy,
                                        .shade_sell = shade_sell,
                                        .shade_buy = shade_buy};
extern const struct gb_strategy gb_strategy_paper_beta;

/* Where the seller and the buyer go from these quotes. */
static void concede(const char *key, const char *value, struct gb_market_knowledge knowledge,
                    double elapsed, struct gb_price ask, struct gb_price bid,
                    struct gb_price out[2])
{
    const struct gb_member *member = &gb_strategy_paper_beta.member;
    const struct gb_market_knowledge *known[] = {&knowledge, &knowledge};
    const struct gb_price quotes[] = {ask, bid};
    const double over[] = {elapsed, elapsed};
    struct gb_requote_batch batch = {.n = 2,
                                     .meter = (const uint32_t[]){0, 1},
                                     .side = (const uint8_t[]){GB_SELL, GB_BUY},
                                     .part = (const uint8_t[]){0, 0},
                                     .wake_up = (const uint32_t[]){0, 0},
                                     .elapsed = over,
                                     .beta_millionths = betas,
                                     .quote = quotes,
                                     .knowledge = known,
                                     .market_beta_millionths = 100000,
                                     .tariff = {.retail = {590000}, .feed_in = {310000}}};
    void *config = calloc(1, member->config_size);
    char why[128];

    if (!config)
        abort();
    gb_param_defaults(member->params, config);
    if (key)
        EXPECT(gb_param_parse(gb_param_find(member->params, key), value, config, why, sizeof why));
    gb_strategy_paper_beta.requote(config, NULL, &traits, &batch, out);
    free(config);
}

static void expect(const struct gb_price out[2], int64_t ask, int64_t bid)
{
    EXPECT_INT(out[0].ticks, ask);
    EXPECT_INT(out[1].ticks, bid);
}

/* A trade at 0.45 between an ask of 0.42 and a bid of 0.48, then one at 0.47. */
static struct gb_market_knowledge two_trades(void)
{
    struct gb_market_knowledge known = {.has_bid = false};

    gb_trade_statistics_add(&known.trades, (struct gb_price){420000}, (struct gb_price){480000},
                            (struct gb_price){450000}, (struct gb_energy){100}, true, false);
    gb_trade_statistics_add(&known.trades, (struct gb_price){460000}, (struct gb_price){480000},
                            (struct gb_price){470000}, (struct gb_energy){300}, false, true);
    return known;
}

static void it_gives_up_its_share_of_the_way_to_the_anchor(void)
{
    const struct gb_price ask = {500000}, bid = {400000};
    struct gb_price out[2];

    /* 0.5 - 0.1 (0.5 - 0.47), the market's beta; 0.4 + 0.2 (0.47 - 0.4), its own */
    concede(NULL, NULL, two_trades(), 0, ask, bid, out);
    expect(out, 497000, 414000);
    /* means of 0.465 by energy; highest ask 0.46 and lowest bid 0.48 that traded */
    concede("agents.requote.anchor", "vwap", two_trades(), 0, ask, bid, out);
    expect(out, 496500, 413000);
    concede("agents.requote.anchor", "marginal_quote", two_trades(), 0, ask, bid, out);
    expect(out, 496000, 416000);
    concede("agents.requote.anchor", "marginal_quote_filled", two_trades(), 0, ask, bid, out);
    expect(out, 492000, 416000);
}

static void it_never_moves_away_from_the_other_side_nor_beyond_its_reserve(void)
{
    struct gb_market_knowledge known = {.has_bid = false};
    struct gb_price out[2];

    concede(NULL, NULL, two_trades(), 0, (struct gb_price){450000}, (struct gb_price){490000}, out);
    expect(out, 450000, 490000);
    gb_trade_statistics_add(&known.trades, (struct gb_price){320000}, (struct gb_price){320000},
                            (struct gb_price){320000}, (struct gb_energy){1}, true, true);
    concede(NULL, NULL, known, 0, (struct gb_price){341000}, (struct gb_price){330000}, out);
    expect(out, 340000, 330000);
}

static void without_a_trade_it_stays_or_goes_where_it_is_told(void)
{
    const struct gb_price ask = {500000}, bid = {400000};
    struct gb_market_knowledge known = {.has_bid = true,
                                        .has_ask = true,
                                        .best_bid = {420000},
                                        .best_ask = {480000},
                                        .before = two_trades().trades};
    struct gb_price out[2];

    concede(NULL, NULL, known, 0, ask, bid, out);
    expect(out, 500000, 400000);
    concede("agents.requote.no_trade", "best_opposite", known, 0, ask, bid, out);
    expect(out, 492000, 416000);
    concede("agents.requote.no_trade", "slot", known, 0, ask, bid, out);
    expect(out, 497000, 414000);
}

static void a_deadline_takes_its_shade_by_a_power_of_the_time_that_is_over(void)
{
    const struct gb_market_knowledge nothing = {.has_bid = false};
    const struct gb_price ask = {400000}, bid = {510000}; /* all of either shade */
    struct gb_price out[2];

    concede("agents.deadline", "3", nothing, 0, ask, bid, out);
    expect(out, 400000, 510000);
    /* a half cubed is an eighth: 0.34 + 0.06 7/8, 0.56 - 0.05 7/8 */
    concede("agents.deadline", "3", nothing, 0.5, ask, bid, out);
    expect(out, 392500, 516250);
    concede("agents.deadline", "3", nothing, 1, ask, bid, out);
    expect(out, 340000, 560000);
}

static void wide_traits_are_shares_of_the_same_draws(void)
{
    struct gb_traits_config config = {.tariff = {.retail = {590000}, .feed_in = {310000}}};
    const struct gb_draws draws = {.seed = 3};
    struct gb_traits *paper = NULL, *wide = NULL;

    EXPECT_INT(gb_traits_create(&paper, 500, &config, draws, NULL), GB_OK);
    config.kind = GB_TRAITS_WIDE;
    EXPECT_INT(gb_traits_create(&wide, 500, &config, draws, NULL), GB_OK);
    for (size_t i = 0; paper && wide && i < 500; i++) {
        double narrow = (double)(paper->reserve_sell[i].ticks - 310000) / 280000;
        double broad = (double)(wide->reserve_sell[i].ticks - 310000) / 280000;
        double shade = (double)paper->shade_buy[i].ticks / 280000;

        EXPECT_NEAR((broad - 0.05) / 0.55, (narrow - 0.1) / 0.4, 1e-4);
        EXPECT_NEAR((double)wide->shade_buy[i].ticks / 280000, 0.14 + 0.21 * (shade - 0.14) / 0.11,
                    1e-4);
        EXPECT(wide->reserve_buy[i].ticks >= 590000 - 168000 &&
               wide->reserve_buy[i].ticks <= 590000 - 14000);
    }
    gb_traits_free(paper);
    gb_traits_free(wide);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(it_gives_up_its_share_of_the_way_to_the_anchor),
        TAP(it_never_moves_away_from_the_other_side_nor_beyond_its_reserve),
        TAP(without_a_trade_it_stays_or_goes_where_it_is_told),
        TAP(a_deadline_takes_its_shade_by_a_power_of_the_time_that_is_over),
        TAP(wide_traits_are_shares_of_the_same_draws),
        {0}};
    return tap_main("paper_beta", tests);
}
