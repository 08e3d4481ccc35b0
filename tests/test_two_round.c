/* The two-round auction on the paper's case: Table 2 trade by trade, every reading of what the
 * paper leaves open at every beta, and other engines' cases. */
#include "models/market/mechanism.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "models/market/requote.h"
#include "tests/splitmix64.h"
#include "tests/table1.h"
#include "tests/tap.h"

struct expected {
    uint32_t round, seller, buyer;
    int64_t kwh;
    int64_t ticks;
};

enum { S1, S2, S3, S4, B1, B2, B3, B4 };

static const struct expected first_round[] = {
    {1, S1, B1, 220, 470000}, {1, S2, B1, 180, 490000}, {1, S2, B2, 360, 480000},
    {1, S4, B2, 120, 480000}, {1, S4, B3, 180, 470000},
};
#define N_FIRST_ROUND 5

/* One auction from orders to outcome; the state stays for the caller to free. */
static void *clear(const struct gb_market_rules *rules, const struct gb_book_action *actions,
                   size_t n, struct gb_match *match)
{
    const struct gb_mechanism *mechanism = rules->mechanism;
    struct gb_error err = {0};
    void *state = NULL;

    *match = (struct gb_match){0};
    if (EXPECT_INT(mechanism->create(&state, rules, &err), GB_OK)) {
        mechanism->begin(state, 0);
        EXPECT_INT(gb_market_apply(mechanism, state, actions, n, &err), GB_OK);
        EXPECT_INT(mechanism->finish(state, match, &err), GB_OK);
    }
    return state;
}

static void release(const struct gb_market_rules *rules, void *state)
{
    rules->mechanism->free(state);
}

static void expect_trades(const struct gb_match *match, const struct expected *expected, size_t n)
{
    if (!EXPECT_INT((int64_t)match->n_trades, (int64_t)n))
        return;
    for (size_t i = 0; i < n; i++) {
        const struct gb_trade *trade = &match->trades[i];

        EXPECT_INT(trade->round, expected[i].round);
        EXPECT_INT(trade->seller, expected[i].seller);
        EXPECT_INT(trade->buyer, expected[i].buyer);
        EXPECT_INT(trade->sell_order, expected[i].seller);
        EXPECT_INT(trade->buy_order, expected[i].buyer);
        EXPECT_INT(trade->energy.wh, expected[i].kwh * GB_WH_PER_KWH);
        EXPECT_INT(trade->price_buy.ticks, expected[i].ticks);
        EXPECT_INT(trade->price_sell.ticks, expected[i].ticks);
    }
}

/* Units of money all buyers pay and all sellers earn, the grid included. */
static void bills(const struct gb_market_rules *rules, const struct gb_book_action *actions,
                  const struct gb_match *match, int64_t *buyers_cost, int64_t *sellers_revenue)
{
    *buyers_cost = *sellers_revenue = 0;
    for (size_t i = 0; i < match->n_trades; i++) {
        *buyers_cost += gb_cost(match->trades[i].energy, match->trades[i].price_buy).units;
        *sellers_revenue += gb_cost(match->trades[i].energy, match->trades[i].price_sell).units;
    }
    for (size_t i = 0; i < match->n_orders; i++) {
        if (actions[i].order.side == GB_BUY)
            *buyers_cost += gb_cost(match->unmatched[i], rules->tariff.retail).units;
        else
            *sellers_revenue += gb_cost(match->unmatched[i], rules->tariff.feed_in).units;
    }
}

static void table_2_comes_out_trade_by_trade(void)
{
    struct gb_market_rules rules = paper_rules();
    struct gb_book_action actions[TABLE1_ROWS];
    struct expected expected[N_FIRST_ROUND + 1];
    struct gb_match match;
    int64_t cost, revenue;

    table1(actions);
    memcpy(expected, first_round, sizeof first_round);
    expected[N_FIRST_ROUND] = (struct expected){2, S3, B3, 435, 492500};
    void *state = clear(&rules, actions, TABLE1_ROWS, &match);
    expect_trades(&match, expected, N_FIRST_ROUND + 1);
    EXPECT_INT(match.rounds, 2);
    EXPECT_INT(match.unmatched[B3].wh, 215000);
    EXPECT_INT(match.unmatched[B4].wh, 500000);
    EXPECT_INT(match.last_quote[S3].ticks, 495000);
    EXPECT_INT(match.last_quote[B4].ticks, 463000);
    EXPECT_INT(match.last_quote[S1].ticks, 410000);
    bills(&rules, actions, &match, &cost, &revenue);
    EXPECT_INT(cost, INT64_C(1142687500000));
    EXPECT_INT(revenue, INT64_C(720837500000));
    release(&rules, state);
}

/* The cases paper_*.json of other engines and readings: all begin with the same first round. */
static void other_peoples_cases_on_table_1_agree(void)
{
    static const struct {
        const char *id;
        int64_t beta, rounds;
        int32_t anchor, match;
        int64_t s3_b3_ticks; /* 0: S3 finds nobody */
        int64_t buyers_cost, sellers_revenue;
    } cases[] = {
        {"paper_table2", 100000, 1, GB_ANCHOR_MARGINAL_QUOTE, GB_MATCH_WITHIN_RESERVE, 492500,
         INT64_C(1142687500000), INT64_C(720837500000)},
        {"paper_single_round", 0, 0, GB_ANCHOR_MARGINAL_QUOTE, GB_MATCH_CROSSING, 0,
         INT64_C(1185100000000), INT64_C(641450000000)},
        {"paper_round1_lemlab", 100000, 0, GB_ANCHOR_MARGINAL_QUOTE, GB_MATCH_CROSSING, 0,
         INT64_C(1185100000000), INT64_C(641450000000)},
        {"paper_b019_cross", 190000, 1, GB_ANCHOR_MARGINAL_QUOTE, GB_MATCH_CROSSING, 0,
         INT64_C(1185100000000), INT64_C(641450000000)},
        {"paper_b02_cross", 200000, 1, GB_ANCHOR_MARGINAL_QUOTE, GB_MATCH_CROSSING, 490000,
         INT64_C(1141600000000), INT64_C(719750000000)},
        {"paper_b01_filled_iter", 100000, GB_ROUNDS_UNTIL_CROSS, GB_ANCHOR_MARGINAL_QUOTE_FILLED,
         GB_MATCH_CROSSING, 492150, INT64_C(1142535250000), INT64_C(720685250000)},
    };
    struct gb_book_action actions[TABLE1_ROWS];

    table1(actions);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_market_rules rules = paper_rules();
        struct expected expected[N_FIRST_ROUND + 1];
        struct gb_match match;
        int64_t cost, revenue;

        gb_two_round_options(&rules)->beta_millionths = cases[i].beta;
        gb_two_round_options(&rules)->rounds = cases[i].rounds;
        gb_two_round_options(&rules)->anchor = cases[i].anchor;
        gb_two_round_options(&rules)->match = cases[i].match;
        void *state = clear(&rules, actions, TABLE1_ROWS, &match);
        memcpy(expected, first_round, sizeof first_round);
        expected[N_FIRST_ROUND] =
            (struct expected){match.rounds, S3, B3, 435, cases[i].s3_b3_ticks};
        expect_trades(&match, expected, N_FIRST_ROUND + (cases[i].s3_b3_ticks > 0));
        bills(&rules, actions, &match, &cost, &revenue);
        if (!EXPECT_INT(cost, cases[i].buyers_cost) ||
            !EXPECT_INT(revenue, cases[i].sellers_revenue))
            tap_note("in case %s", cases[i].id);
        release(&rules, state);
    }
}

/* ---- reference/beta_table1.csv: 12 readings x 101 values of beta, in exact rational arithmetic */

struct reading {
    const char *name;
    int32_t anchor, match;
    int64_t rounds;
};

static const struct reading readings[] = {
    {"single_round", GB_ANCHOR_MARGINAL_QUOTE, GB_MATCH_CROSSING, 0},
    {"quote_reserve", GB_ANCHOR_MARGINAL_QUOTE, GB_MATCH_WITHIN_RESERVE, 1},
    {"quote_cross", GB_ANCHOR_MARGINAL_QUOTE, GB_MATCH_CROSSING, 1},
    {"quote_iter_cross", GB_ANCHOR_MARGINAL_QUOTE, GB_MATCH_CROSSING, GB_ROUNDS_UNTIL_CROSS},
    {"trade_reserve", GB_ANCHOR_EXTREME_TRADE, GB_MATCH_WITHIN_RESERVE, 1},
    {"trade_cross", GB_ANCHOR_EXTREME_TRADE, GB_MATCH_CROSSING, 1},
    {"trade_iter_cross", GB_ANCHOR_EXTREME_TRADE, GB_MATCH_CROSSING, GB_ROUNDS_UNTIL_CROSS},
    {"filled_reserve", GB_ANCHOR_MARGINAL_QUOTE_FILLED, GB_MATCH_WITHIN_RESERVE, 1},
    {"filled_cross", GB_ANCHOR_MARGINAL_QUOTE_FILLED, GB_MATCH_CROSSING, 1},
    {"filled_iter_cross", GB_ANCHOR_MARGINAL_QUOTE_FILLED, GB_MATCH_CROSSING,
     GB_ROUNDS_UNTIL_CROSS},
    {"last_reserve", GB_ANCHOR_LAST_TRADE, GB_MATCH_WITHIN_RESERVE, 1},
    {"last_cross", GB_ANCHOR_LAST_TRADE, GB_MATCH_CROSSING, 1},
};

enum {
    READING,
    BETA,
    REQUOTES,
    S3_ASK,
    B3_BID,
    B4_BID,
    LOCAL_KWH,
    S3_TRADES,
    COST,
    REVENUE,
    N_COLUMNS
};

static bool split(char *line, char *cells[N_COLUMNS])
{
    for (int column = 0; column < N_COLUMNS; column++) {
        cells[column] = line;
        line = strpbrk(line, ",\n");
        if (!line)
            return false;
        *line++ = '\0';
    }
    return true;
}

/* Every quote of the row falls on a whole tick, so the row must come out exactly; the midpoint
 * of two such quotes may be half a tick, and then the table's price is the exact one, ours the
 * even one. */
static bool falls_on_ticks(char *const cells[N_COLUMNS])
{
    int64_t ticks;

    for (int column = S3_ASK; column <= B4_BID; column++)
        if (cells[column][0] && !gb_parse_decimal(cells[column], 6, &ticks))
            return false;
    return true;
}

static bool row_agrees(const struct reading *reading, char *const cells[N_COLUMNS], bool is_exact)
{
    struct gb_market_rules rules = paper_rules();
    struct gb_book_action actions[TABLE1_ROWS];
    const char *at = strchr(cells[S3_TRADES], '@');
    struct gb_match match;
    int64_t cost, revenue, local = 0, quote, price;
    bool agrees = true;

    table1(actions);
    gb_two_round_options(&rules)->anchor = reading->anchor;
    gb_two_round_options(&rules)->match = reading->match;
    gb_two_round_options(&rules)->rounds = reading->rounds;
    EXPECT(gb_parse_decimal(cells[BETA], 6, &gb_two_round_options(&rules)->beta_millionths));
    void *state = clear(&rules, actions, TABLE1_ROWS, &match);
    bills(&rules, actions, &match, &cost, &revenue);
    for (size_t i = 0; i < match.n_trades; i++)
        local += match.trades[i].energy.wh;
    agrees &= EXPECT_INT(local, atoll(cells[LOCAL_KWH]) * GB_WH_PER_KWH);
    agrees &= EXPECT_INT((int64_t)match.n_trades, N_FIRST_ROUND + (at != NULL));
    if (!at || (is_exact && gb_parse_decimal(at + 1, 6, &price))) { /* nothing was rounded */
        agrees &= EXPECT(gb_parse_decimal(cells[COST], 9, &price)) && EXPECT_INT(cost, price);
        agrees &= EXPECT(gb_parse_decimal(cells[REVENUE], 9, &price)) && EXPECT_INT(revenue, price);
    }
    agrees &= EXPECT_NEAR((double)cost * 1e-9, strtod(cells[COST], NULL), 0.001);
    agrees &= EXPECT_NEAR((double)revenue * 1e-9, strtod(cells[REVENUE], NULL), 0.001);
    if (strcmp(reading->name, "trade_iter_cross") != 0 && is_exact)
        agrees &= EXPECT_INT(match.rounds - 1, atoll(cells[REQUOTES]));
    for (int column = S3_ASK; is_exact && cells[S3_ASK][0] && column <= B4_BID; column++) {
        EXPECT(gb_parse_decimal(cells[column], 6, &quote));
        agrees &=
            EXPECT_INT(match.last_quote[column == S3_ASK ? S3 : column - B3_BID + B3].ticks, quote);
    }
    if (is_exact && at) { /* in tenths of a tick: a midpoint may be half of one */
        EXPECT(gb_parse_decimal(at + 1, 7, &price));
        price = gb_divide_half_even(price, 10);
        agrees &= EXPECT_INT(match.trades[match.n_trades - 1].price_buy.ticks, price);
    }
    release(&rules, state);
    return agrees;
}

static void every_reading_at_every_beta_agrees_with_exact_arithmetic(void)
{
    char path[4096], line[1024], *cells[N_COLUMNS];
    const char *srcdir = getenv("srcdir");
    size_t n_rows = 0, n_inexact = 0;

    snprintf(path, sizeof path, "%s/tests/reference/beta_table1.csv", srcdir ? srcdir : ".");
    FILE *file = fopen(path, "r");
    if (!EXPECT(file != NULL) || !EXPECT(fgets(line, sizeof line, file) != NULL))
        return;
    while (fgets(line, sizeof line, file) && EXPECT(split(line, cells))) {
        bool is_exact = falls_on_ticks(cells);
        const struct reading *reading = readings;
        const struct reading *end = readings + sizeof readings / sizeof readings[0];

        while (reading < end && strcmp(reading->name, cells[READING]) != 0)
            reading++;
        if (!EXPECT(reading < end))
            break;
        n_rows++;
        n_inexact += !is_exact && cells[S3_TRADES][0] != '\0';
        if (!row_agrees(reading, cells, is_exact)) {
            tap_note("in %s at beta = %s", cells[READING], cells[BETA]);
            break;
        }
    }
    fclose(file);
    EXPECT_INT((int64_t)n_rows, 12 * 101);
    EXPECT(n_inexact <= 24);
}

/* ---- a call market's volume: call_efficient_volume.json, whose orders splitmix64 generates */

static void a_call_trades_the_efficient_volume(void)
{
    static const struct {
        size_t n;
        int64_t volume, surplus;
    } cases[] = {{1000, 13242, 6549166}, {10000, 129140, 64190362}, {100000, 1269767, 636660979}};
    const int64_t width = 500;
    struct gb_market_rules rules = paper_rules();

    gb_two_round_options(&rules)->rounds = 0;
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct gb_book_action *actions = calloc(cases[c].n, sizeof *actions);
        uint64_t state = 42;
        int64_t volume = 0, surplus = 0;
        struct gb_match match;

        if (!EXPECT(actions != NULL))
            return;
        for (size_t i = 0; i < cases[c].n; i++) {
            uint64_t r = splitmix64(&state);
            int64_t price = 10000 - width + (int64_t)((r >> 1 & 0xffffffff) % (2 * width));

            actions[i].order = (struct gb_order){.owner = (uint32_t)i,
                                                 .side = r & 1 ? GB_BUY : GB_SELL,
                                                 .price = {price},
                                                 .reserve = {price},
                                                 .quantity = {1 + (int64_t)((r >> 40) % 100)},
                                                 .beta_millionths = GB_BETA_OF_MARKET};
        }
        void *auction = clear(&rules, actions, cases[c].n, &match);
        for (size_t i = 0; i < match.n_trades; i++) {
            const struct gb_trade *t = &match.trades[i];

            volume += t->energy.wh;
            surplus += t->energy.wh * (actions[t->buy_order].order.price.ticks -
                                       actions[t->sell_order].order.price.ticks);
        }
        EXPECT_INT(volume, cases[c].volume);
        EXPECT_INT(surplus, cases[c].surplus);
        release(&rules, auction);
        free(actions);
    }
}

/* ---- from slot to slot, and without a market */

static void a_state_is_used_slot_after_slot(void)
{
    struct gb_market_rules rules = paper_rules();
    const struct gb_mechanism *mechanism = rules.mechanism;
    struct gb_book_action actions[TABLE1_ROWS];
    struct gb_match match;
    struct gb_error err = {0};

    table1(actions);
    void *state = clear(&rules, actions, TABLE1_ROWS, &match);
    for (int slot = 1; slot < 3; slot++) {
        mechanism->begin(state, slot);
        for (size_t i = 0; i < TABLE1_ROWS; i++) /* an order a block */
            EXPECT_INT(mechanism->apply(state, &actions[i].order, 1, &err), GB_OK);
        EXPECT_INT(mechanism->finish(state, &match, &err), GB_OK);
        EXPECT_INT((int64_t)match.n_trades, N_FIRST_ROUND + 1);
        EXPECT_INT(match.trades[5].price_buy.ticks, 492500);
    }
    mechanism->begin(state, 3);
    EXPECT_INT(mechanism->finish(state, &match, &err), GB_OK);
    EXPECT_INT((int64_t)(match.n_trades + match.n_orders), 0);
    release(&rules, state);
}

static void grid_only_trades_nothing(void)
{
    struct gb_market_rules rules = paper_rules();
    struct gb_book_action actions[TABLE1_ROWS];
    struct gb_match match;

    gb_market_rules_select(&rules, &gb_mechanism_grid_only);
    table1(actions);
    void *state = clear(&rules, actions, TABLE1_ROWS, &match);
    EXPECT_INT((int64_t)match.n_trades, 0);
    for (size_t i = 0; i < TABLE1_ROWS; i++)
        EXPECT_INT(match.unmatched[i].wh, actions[i].order.quantity.wh);
    release(&rules, state);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(table_2_comes_out_trade_by_trade),
        TAP(other_peoples_cases_on_table_1_agree),
        TAP(every_reading_at_every_beta_agrees_with_exact_arithmetic),
        TAP(a_call_trades_the_efficient_volume),
        TAP(a_state_is_used_slot_after_slot),
        TAP(grid_only_trades_nothing),
        {0}};
    return tap_main("two_round", tests);
}
