/* The call markets: on the paper's table, on books whose outcome is printed, and on random books
 * against markets written a second time and against what each of them promises. */
#include "models/market/mechanism.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "models/market/call/options.h"
#include "tests/call_oracle.h"
#include "tests/random_books.h"
#include "tests/table1.h"
#include "tests/tap.h"

#define MOST_ACTIONS 16

static const struct gb_mechanism *const mechanisms[] = {
    &gb_mechanism_uniform, &gb_mechanism_pay_as_bid, &gb_mechanism_mid_market_rate,
    &gb_mechanism_mcafee, &gb_mechanism_huang};
enum { N_MECHANISMS = sizeof mechanisms / sizeof mechanisms[0] };

static struct gb_market_rules rules_of(const struct gb_mechanism *mechanism, const char *books)
{
    struct gb_market_rules rules;
    char why[128];

    gb_market_rules_init(&rules);
    rules.has_band = 1;
    gb_market_rules_select(&rules, mechanism);
    EXPECT(gb_market_rules_set(&rules, "market.books", books, why, sizeof why));
    return rules;
}

/* A market of the library and what it made of a book. */
struct run {
    const struct gb_mechanism *mechanism;
    void *state;
    struct gb_match match;
};

static bool run_book(struct run *run, const struct gb_market_rules *rules,
                     const struct gb_book_action *actions, size_t n)
{
    struct gb_error err = {0};

    *run = (struct run){.mechanism = rules->mechanism};
    if (run->mechanism->create(&run->state, rules, &err) != GB_OK)
        return EXPECT(false);
    run->mechanism->begin(run->state, 0);
    return EXPECT_INT(gb_market_apply(run->mechanism, run->state, actions, n, &err), GB_OK) &&
           EXPECT_INT(run->mechanism->finish(run->state, &run->match, &err), GB_OK);
}

static void end_run(struct run *run)
{
    run->mechanism->free(run->state);
}

static int64_t volume_of(const struct gb_match *match)
{
    int64_t wh = 0;

    for (size_t t = 0; t < match->n_trades; t++)
        wh += match->trades[t].energy.wh;
    return wh;
}

/* ---- Table 1 of the paper: the last pair is S4 at 0.45 and B3 at 0.49, behind it S3, 0.50, and
 * B4, 0.46; 1060 kWh cross */

static void table_1_trades_its_1060_kwh_at_the_price_of_each_rule(void)
{
    static const struct {
        const struct gb_mechanism *mechanism;
        const char *k;
        int64_t price;
    } cases[] = {{&gb_mechanism_uniform, "0.5", 470000},
                 {&gb_mechanism_uniform, "0", 450000},
                 {&gb_mechanism_uniform, "1", 490000},
                 {&gb_mechanism_mid_market_rate, NULL, 450000},
                 {&gb_mechanism_mcafee, NULL, 480000}};
    struct gb_book_action actions[TABLE1_ROWS];

    table1(actions);
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        struct gb_market_rules rules = rules_of(cases[c].mechanism, "pooled");
        struct run run;
        char why[128];

        if (cases[c].k)
            EXPECT(gb_market_rules_set(&rules, "market.k", cases[c].k, why, sizeof why));
        if (run_book(&run, &rules, actions, TABLE1_ROWS)) {
            EXPECT_INT(volume_of(&run.match), 1060000);
            for (size_t t = 0; t < run.match.n_trades; t++) {
                EXPECT_INT(run.match.trades[t].price_buy.ticks, cases[c].price);
                EXPECT_INT(run.match.trades[t].price_sell.ticks, cases[c].price);
            }
        }
        end_run(&run);
    }
}

/* B1 and B2 want 880 kWh of S1 and S2, who have 760: the 120 too many are 60 for each of them. */
static void huang_leaves_the_last_pair_out_and_shares_the_excess_evenly(void)
{
    static const struct {
        uint32_t seller, buyer;
        int64_t kwh;
    } trades[] = {{0, 4, 220}, {1, 4, 120}, {1, 5, 420}};
    struct gb_market_rules rules = rules_of(&gb_mechanism_huang, "pooled");
    struct gb_book_action actions[TABLE1_ROWS];
    struct run run;

    table1(actions);
    if (run_book(&run, &rules, actions, TABLE1_ROWS) &&
        EXPECT_INT((int64_t)run.match.n_trades, 3)) {
        for (size_t t = 0; t < 3; t++) {
            EXPECT_INT(run.match.trades[t].seller, trades[t].seller);
            EXPECT_INT(run.match.trades[t].buyer, trades[t].buyer);
            EXPECT_INT(run.match.trades[t].energy.wh, trades[t].kwh * GB_WH_PER_KWH);
            EXPECT_INT(run.match.trades[t].price_buy.ticks, 490000);
            EXPECT_INT(run.match.trades[t].price_sell.ticks, 450000);
        }
        EXPECT_INT(run.match.unmatched[4].wh, 60000);
        EXPECT_INT(run.match.unmatched[5].wh, 60000);
        EXPECT_INT(run.match.unmatched[3].wh, 300000);
    }
    end_run(&run);
}

/* ---- random books */

static struct gb_market_rules random_rules(const struct shape *shape)
{
    static const char *const factors[] = {"0", "1", "0.5", "0.333333"};
    const struct gb_mechanism *mechanism = mechanisms[below(N_MECHANISMS)];
    struct gb_market_rules rules = rules_of(mechanism, below(2) ? "pooled" : "by_source");
    char why[128];

    rules.tariff.feed_in.ticks = 0;
    rules.tariff.retail.ticks = (shape->n_prices - below(2)) * shape->tick;
    if (mechanism == &gb_mechanism_uniform)
        EXPECT(gb_market_rules_set(&rules, "market.k", factors[below(4)], why, sizeof why));
    return rules;
}

static bool agrees(const struct gb_match *match, const struct call_oracle *oracle)
{
    bool is_same = match->n_trades == oracle->n_trades && match->n_orders == oracle->n_orders;

    for (size_t t = 0; is_same && t < match->n_trades; t++)
        is_same = same_trade(&match->trades[t], &oracle->trades[t]);
    for (size_t i = 0; is_same && i < match->n_orders; i++)
        is_same = match->unmatched[i].wh == oracle->left[i];
    return is_same;
}

/* No trade outside a quote, none without energy, and the operator never pays. */
static bool keeps_its_promises(const struct gb_market_rules *rules, const struct gb_match *match,
                               const struct call_oracle *oracle)
{
    bool has_one_price =
        rules->mechanism != &gb_mechanism_mcafee && rules->mechanism != &gb_mechanism_huang;
    bool holds = true;

    for (size_t t = 0; holds && t < match->n_trades; t++) {
        const struct gb_trade *trade = &match->trades[t];
        int64_t ask = match->last_quote[trade->sell_order].ticks;
        int64_t bid = match->last_quote[trade->buy_order].ticks;

        holds = trade->energy.wh > 0 && ask <= trade->price_sell.ticks &&
                trade->price_sell.ticks <= trade->price_buy.ticks &&
                trade->price_buy.ticks <= bid &&
                oracle->orders[trade->sell_order].reserve.ticks <= trade->price_sell.ticks &&
                trade->price_buy.ticks <= oracle->orders[trade->buy_order].reserve.ticks &&
                (!has_one_price || trade->price_buy.ticks == trade->price_sell.ticks);
    }
    return holds;
}

static void play(size_t n_books, const struct shape *shape, uint64_t seed)
{
    struct gb_book_action actions[MOST_ACTIONS];
    struct call_oracle oracle;
    size_t n_with_trades[N_MECHANISMS] = {0};

    for (size_t book = 0; book < n_books; book++) {
        random_state = seed + book * 1000003;
        struct gb_market_rules rules = random_rules(shape);
        size_t n = (size_t)below(MOST_ACTIONS + 1), m = 0;
        struct run run;

        random_book(shape, actions, n);
        call_oracle_clear(&oracle, &rules, actions, n);
        bool is_same = run_book(&run, &rules, actions, n) && agrees(&run.match, &oracle) &&
                       keeps_its_promises(&rules, &run.match, &oracle);
        end_run(&run);
        while (mechanisms[m] != rules.mechanism)
            m++;
        n_with_trades[m] += oracle.n_trades > 0;
        if (!EXPECT(is_same)) {
            tap_note("book %zu of seed %" PRIu64 ", %s", book, seed, rules.mechanism->member.name);
            return;
        }
    }
    for (size_t m = 0; m < N_MECHANISMS; m++) /* each was really tried */
        EXPECT(n_with_trades[m] > n_books / 40);
}

static void random_books_clear_as_the_rules_say_and_within_every_quote(void)
{
    const struct shape tight = {.n_prices = 6, .tick = 1, .n_quantities = 4, .has_cancels = true};
    const struct shape band = {.n_prices = 29, .tick = 10001, .n_quantities = 9};
    const struct shape equal = {.n_prices = 7, .tick = 2, .n_quantities = 1, .has_cancels = true};
    const struct shape wide = {.n_prices = 40, .tick = INT64_C(660000001), .n_quantities = 9};
    size_t n = n_random_books();

    play(n / 4, &tight, 1);
    play(n / 4, &band, UINT64_C(1) << 40);
    play(n / 4, &equal, UINT64_C(1) << 41);
    play(n / 4, &wide, UINT64_C(1) << 42);
}

/* ---- what McAfee proved: with one quantity for all, no quote gains more than the reserve */

/* Gain of an order on its reserve, ticks times Wh. */
static int64_t gain_of(const struct gb_match *match, uint32_t order, int64_t reserve)
{
    int64_t gain = 0;

    for (size_t t = 0; t < match->n_trades; t++) {
        const struct gb_trade *trade = &match->trades[t];

        if (trade->sell_order == order)
            gain += trade->energy.wh * (trade->price_sell.ticks - reserve);
        if (trade->buy_order == order)
            gain += trade->energy.wh * (reserve - trade->price_buy.ticks);
    }
    return gain;
}

static void under_mcafee_with_equal_quantities_no_other_quote_gains_anything(void)
{
    enum { N = 9, N_PRICES = 12 };
    const struct shape shape = {.n_prices = N_PRICES, .tick = 2, .n_quantities = 1};
    struct gb_market_rules rules = rules_of(&gb_mechanism_mcafee, "pooled");
    struct gb_book_action actions[N];
    int64_t regret = 0;

    for (size_t book = 0; book < 500; book++) {
        struct run run;

        random_state = 5 + book * 1000003;
        for (uint32_t i = 0; i < N; i++) {
            actions[i] = (struct gb_book_action){.order = random_order(&shape, i)};
            actions[i].order.type = GB_ORDER_LIMIT;
            actions[i].order.reserve = actions[i].order.price;
        }
        for (uint32_t i = 0; i < N; i++) {
            int64_t reserve = actions[i].order.reserve.ticks, honest = 0;

            for (int64_t quote = reserve, step = -1; step < 2 * N_PRICES; quote = ++step) {
                actions[i].order.price.ticks = quote;
                if (run_book(&run, &rules, actions, N)) {
                    int64_t gain = gain_of(&run.match, i, reserve);

                    honest = step < 0 ? gain : honest;
                    regret = gain - honest > regret ? gain - honest : regret;
                }
                end_run(&run);
            }
            actions[i].order.price.ticks = reserve;
        }
    }
    EXPECT_INT(regret, 0);
}

/* mcafee_stat_small.json: mean deals of the optimum and of the auction, and its gains in percent of
 * the optimum's with and without the operator's part, over 50000 markets there. The tolerances are
 * five standard errors of a mean over the markets drawn here: less than one false alarm in 10^5. */
static void mcafee_trades_as_often_and_gains_as_much_as_published(void)
{
    static const struct {
        size_t n, n_markets;
        double deals, mcafee, with_operator, without;
        double deal_error, gain_error;
    } rows[] = {{2, 20000, 0.99, 0.58, 77.18, 69.01, 0.03, 2.0},
                {4, 20000, 2.00, 1.57, 92.45, 83.90, 0.04, 1.0},
                {10, 10000, 4.99, 4.52, 98.37, 91.78, 0.06, 0.6},
                {25, 4000, 12.50, 12.02, 99.71, 96.35, 0.15, 0.5}};
    struct gb_market_rules rules = rules_of(&gb_mechanism_mcafee, "pooled");
    struct gb_book_action actions[50];

    random_state = 1992;
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        double deals = 0, best = 0, trades = 0, total = 0, kept = 0;

        for (size_t market = 0; market < rows[r].n_markets; market++) {
            struct gb_market_rules optimum = rules_of(&gb_mechanism_pay_as_bid, "pooled");
            struct run run;

            for (uint32_t i = 0; i < 2 * rows[r].n; i++) {
                struct gb_price price = {GB_TICKS_PER_CURRENCY +
                                         below(999 * GB_TICKS_PER_CURRENCY)};

                actions[i] = (struct gb_book_action){.order = {.owner = i,
                                                               .side = i < rows[r].n,
                                                               .quantity = {1},
                                                               .price = price,
                                                               .reserve = price,
                                                               .beta_millionths = -1}};
            }
            for (int is_mcafee = 0; is_mcafee < 2; is_mcafee++) {
                if (run_book(&run, is_mcafee ? &rules : &optimum, actions, 2 * rows[r].n))
                    for (size_t t = 0; t < run.match.n_trades; t++) {
                        const struct gb_trade *trade = &run.match.trades[t];
                        int64_t ask = actions[trade->sell_order].order.price.ticks;
                        int64_t bid = actions[trade->buy_order].order.price.ticks;
                        int64_t spread = trade->price_buy.ticks - trade->price_sell.ticks;

                        *(is_mcafee ? &trades : &deals) += 1;
                        *(is_mcafee ? &total : &best) += (double)(bid - ask);
                        kept += is_mcafee ? (double)(bid - ask - spread) : 0;
                    }
                end_run(&run);
            }
        }
        EXPECT_NEAR(deals / (double)rows[r].n_markets, rows[r].deals, rows[r].deal_error);
        EXPECT_NEAR(trades / (double)rows[r].n_markets, rows[r].mcafee, rows[r].deal_error);
        EXPECT_NEAR(100 * total / best, rows[r].with_operator, rows[r].gain_error);
        EXPECT_NEAR(100 * kept / best, rows[r].without, rows[r].gain_error);
    }
}

/* ---- single rules */

static void a_state_is_used_slot_after_slot(void)
{
    struct gb_book_action actions[TABLE1_ROWS];
    struct gb_error err = {0};

    table1(actions);
    for (size_t m = 0; m < N_MECHANISMS; m++) {
        struct gb_market_rules rules = rules_of(mechanisms[m], "pooled");
        struct run run;
        bool is_made = run_book(&run, &rules, actions, TABLE1_ROWS);
        size_t n_trades = run.match.n_trades;

        for (int64_t slot = 1; is_made && slot < 4; slot++) {
            mechanisms[m]->begin(run.state, slot);
            EXPECT_INT(gb_market_apply(mechanisms[m], run.state, actions, TABLE1_ROWS, &err),
                       GB_OK);
            EXPECT_INT(mechanisms[m]->finish(run.state, &run.match, &err), GB_OK);
            EXPECT_INT((int64_t)run.match.n_trades, (int64_t)n_trades);
            mechanisms[m]->release(run.state);
        }
        end_run(&run);
    }
}

static void what_the_rules_do_not_hold_is_refused(void)
{
    struct gb_market_rules rules = rules_of(&gb_mechanism_mid_market_rate, "by_source");
    struct gb_order sale = {.side = GB_SELL, .quantity = {1}, .beta_millionths = -1};
    struct gb_error err = {0};
    void *state = NULL;
    char why[128];

    EXPECT(!gb_market_rules_set(&rules, "market.k", "0.5", why, sizeof why));
    EXPECT(strstr(why, "mid_market_rate") != NULL);
    EXPECT_INT(rules.mechanism->create(&state, &rules, &err), GB_OK);
    rules.mechanism->begin(state, 0);
    EXPECT_INT(rules.mechanism->apply(state, &sale, 1, &err), GB_EREFUSED);
    rules.mechanism->begin(state, 0);
    sale.source = GB_SOURCE_SOLAR;
    sale.minimum.wh = 1;
    EXPECT_INT(rules.mechanism->apply(state, &sale, 1, &err), GB_EREFUSED);
    rules.mechanism->begin(state, 0);
    EXPECT_INT(rules.mechanism->cancel(state, 0, &err), GB_EINPUT);
    rules.mechanism->free(state);
    rules.has_band = 0;
    state = NULL;
    EXPECT_INT(rules.mechanism->create(&state, &rules, &err), GB_ECONFIG);
    rules = rules_of(&gb_mechanism_uniform, "pooled");
    memset(rules.options, 0xff, sizeof rules.options);
    EXPECT_INT(rules.mechanism->create(&state, &rules, &err), GB_ECONFIG);
    EXPECT(state == NULL);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(table_1_trades_its_1060_kwh_at_the_price_of_each_rule),
        TAP(huang_leaves_the_last_pair_out_and_shares_the_excess_evenly),
        TAP(random_books_clear_as_the_rules_say_and_within_every_quote),
        TAP(under_mcafee_with_equal_quantities_no_other_quote_gains_anything),
        TAP(mcafee_trades_as_often_and_gains_as_much_as_published),
        TAP(a_state_is_used_slot_after_slot),
        TAP(what_the_rules_do_not_hold_is_refused),
        {0}};
    return tap_main("call", tests);
}
