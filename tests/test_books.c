/* The two-round auction on random books: against an auction written a second time, and against what
 * must hold of any book. Prices and quantities are small integers, so that ties are everywhere. */
#include "models/market/two_round/options.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "tests/auction_oracle.h"
#include "tests/random_books.h"
#include "tests/tap.h"

#define MOST_ACTIONS ORACLE_ORDERS

#define NO_LIMITS .export_limit_wh = GB_LIMIT_NONE, .import_limit_wh = GB_LIMIT_NONE

static struct gb_two_round_options random_rules(void)
{
    static const int64_t factors[] = {0, 1000000, 500000, 100000, 333333, 250000, 1, 999999};

    return (struct gb_two_round_options){
        NO_LIMITS,
        .anchor = (int32_t)below(5),
        .match = (int32_t)below(3),
        .on_head_fail = (int32_t)below(2),
        .memory = (int32_t)below(2),
        .books = (int32_t)below(2),
        .rounds = below(5) - 1, /* until_cross, 0 to 3 */
        .beta_millionths = factors[below(8)],
        .k_millionths = below(2) ? 500000 : factors[below(8)],
    };
}

/* An auction of the library, created once for each rules. */
struct run {
    const struct gb_mechanism *mechanism;
    void *state;
    struct gb_match match;
};

static struct gb_market_rules market_of(const struct gb_two_round_options *options)
{
    struct gb_market_rules market;

    gb_market_rules_init(&market);
    *gb_two_round_options(&market) = *options;
    return market;
}

static bool run_book(struct run *run, const struct gb_two_round_options *rules,
                     const struct gb_book_action *actions, size_t n)
{
    struct gb_error err = {0};

    struct gb_market_rules market = market_of(rules);

    *run = (struct run){.mechanism = market.mechanism};
    if (run->mechanism->create(&run->state, &market, &err) != GB_OK)
        return EXPECT(false);
    run->mechanism->begin(run->state, 0);
    return EXPECT_INT(gb_market_apply(run->mechanism, run->state, actions, n, &err), GB_OK) &&
           EXPECT_INT(run->mechanism->finish(run->state, &run->match, &err), GB_OK);
}

static void end_run(struct run *run)
{
    run->mechanism->free(run->state);
}

static bool same_match(const struct gb_match *a, const struct gb_match *b)
{
    if (a->n_trades != b->n_trades || a->n_orders != b->n_orders || a->rounds != b->rounds)
        return false;
    for (size_t t = 0; t < a->n_trades; t++)
        if (!same_trade(&a->trades[t], &b->trades[t]))
            return false;
    for (size_t i = 0; i < a->n_orders; i++)
        if (a->unmatched[i].wh != b->unmatched[i].wh ||
            a->last_quote[i].ticks != b->last_quote[i].ticks)
            return false;
    return true;
}

static bool agrees(const struct gb_match *match, const struct oracle *oracle)
{
    if (match->n_trades != oracle->n_trades || match->n_orders != oracle->n_orders)
        return false;
    for (size_t t = 0; t < match->n_trades; t++)
        if (!same_trade(&match->trades[t], &oracle->trades[t]))
            return false;
    for (size_t i = 0; i < match->n_orders; i++)
        if (match->unmatched[i].wh != oracle->left[i] ||
            match->last_quote[i].ticks != oracle->last_quote[i])
            return false;
    return true;
}

/* Plays n_books books of up to `most` actions; false ends it at the first that differs. */
static void play(size_t n_books, size_t most, const struct shape *shape, uint64_t seed)
{
    static struct gb_book_action actions[MOST_ACTIONS];
    struct oracle *oracle = malloc(sizeof *oracle);
    size_t n_with_requoted_trades = 0;

    if (!EXPECT(oracle != NULL))
        return;
    for (size_t book = 0; book < n_books; book++) {
        random_state = seed + book * 1000003;
        struct gb_two_round_options rules = random_rules();
        size_t n = (size_t)below((int64_t)most + 1);
        struct run run;

        random_book(shape, actions, n);
        oracle_clear(oracle, &rules, actions, n);
        bool is_same = run_book(&run, &rules, actions, n) && agrees(&run.match, oracle);
        n_with_requoted_trades +=
            oracle->n_trades > 0 && oracle->trades[oracle->n_trades - 1].round > 1;
        end_run(&run);
        if (!is_same) {
            tap_note("book %zu of seed %" PRIu64 " with %zu actions: anchor %d match %d head %d "
                     "memory %d books %d rounds %" PRId64,
                     book, seed, n, rules.anchor, rules.match, rules.on_head_fail, rules.memory,
                     rules.books, rules.rounds);
            EXPECT(is_same);
            break;
        }
    }
    EXPECT(n_with_requoted_trades > n_books / 10); /* the later rounds were really tried */
    free(oracle);
}

static void small_books_clear_as_the_rules_say(void)
{
    const struct shape tight = {.n_prices = 6, .tick = 1, .n_quantities = 4, .has_cancels = true};
    const struct shape band = {.n_prices = 29, .tick = 10000, .n_quantities = 9};

    play(n_random_books() / 2, 14, &tight, 1);
    play(n_random_books() / 2, 14, &band, UINT64_C(1) << 40);
}

static void larger_books_clear_as_the_rules_say(void)
{
    const struct shape tight = {.n_prices = 40, .tick = 1, .n_quantities = 6, .has_cancels = true};
    const struct shape huge = {.n_prices = 1000, .tick = 660000001, .n_quantities = 1000000000};

    play(n_random_books() / 2000, 500, &tight, 2);
    play(n_random_books() / 2000, 500, &huge, 3);
    play(4, MOST_ACTIONS, &tight, 4);
}

/* One auction through many slots, small and large in turn, against a new one for each of them. */
static void an_auction_that_is_released_between_slots_clears_as_if_it_were_new(void)
{
    const struct shape shape = {.n_prices = 40, .tick = 1, .n_quantities = 6, .has_cancels = true};
    static struct gb_book_action actions[MOST_ACTIONS];
    const struct gb_mechanism *mechanism = &gb_mechanism_two_round;
    struct gb_error err = {0};

    for (size_t book = 0; book < 40; book++) {
        random_state = 11 + book * 1000003;
        struct gb_two_round_options rules = random_rules();
        struct gb_market_rules market = market_of(&rules);
        void *state = NULL;
        bool is_same = EXPECT_INT(mechanism->create(&state, &market, &err), GB_OK);

        for (int64_t slot = 0; is_same && slot < 6; slot++) {
            size_t n = (size_t)below(slot % 2 ? MOST_ACTIONS : 30);
            struct gb_match match;
            struct run alone = {.mechanism = mechanism};

            random_book(&shape, actions, n);
            mechanism->begin(state, slot);
            is_same = gb_market_apply(mechanism, state, actions, n, &err) == GB_OK &&
                      mechanism->finish(state, &match, &err) == GB_OK &&
                      run_book(&alone, &rules, actions, n) && same_match(&match, &alone.match);
            end_run(&alone);
            if (slot != 2) /* twice running without a release, too */
                mechanism->release(state);
        }
        mechanism->free(state);
        if (!EXPECT(is_same)) {
            tap_note("book %zu", book);
            return;
        }
    }
}

/* ---- what must hold of every book */

static void energy_is_conserved_and_reserves_are_kept(void)
{
    const struct shape shape = {.n_prices = 8, .tick = 1, .n_quantities = 4};
    struct gb_book_action actions[20];
    int64_t traded[20];

    for (size_t book = 0; book < 5000; book++) {
        random_state = 77 + book * 1000003;
        struct gb_two_round_options rules = random_rules();
        struct run run;
        bool holds = true;

        random_book(&shape, actions, 20);
        memset(traded, 0, sizeof traded);
        holds = run_book(&run, &rules, actions, 20);
        for (size_t t = 0; holds && t < run.match.n_trades; t++) {
            const struct gb_trade *trade = &run.match.trades[t];
            const struct gb_order *ask = &actions[trade->sell_order].order;
            const struct gb_order *bid = &actions[trade->buy_order].order;

            traded[trade->sell_order] += trade->energy.wh;
            traded[trade->buy_order] += trade->energy.wh;
            holds = trade->energy.wh > 0 && ask->side == GB_SELL && bid->side == GB_BUY &&
                    trade->source == ask->source;
            if (rules.books == GB_BOOKS_BY_SOURCE)
                holds = holds && (bid->source == GB_SOURCE_ANY || bid->source == ask->source);
            /* reserves are whole ticks: a price between them stays there when it is rounded */
            if (rules.match != GB_MATCH_UNCONDITIONAL)
                holds = holds && ask->reserve.ticks <= trade->price_sell.ticks &&
                        trade->price_buy.ticks <= bid->reserve.ticks;
        }
        for (size_t i = 0; holds && i < 20; i++) {
            const struct gb_order *order = &actions[i].order;
            int64_t quote = run.match.last_quote[i].ticks;

            holds = traded[i] + run.match.unmatched[i].wh == order->quantity.wh &&
                    (order->side == GB_SELL ? quote >= order->reserve.ticks
                                            : quote <= order->reserve.ticks);
        }
        end_run(&run);
        if (!EXPECT(holds)) {
            tap_note("book %zu", book);
            return;
        }
    }
}

static void nobody_with_a_better_claim_goes_unfilled_in_the_first_round(void)
{
    const struct shape shape = {.n_prices = 8, .tick = 1, .n_quantities = 4};
    struct gb_book_action actions[20];

    for (size_t book = 0; book < 5000; book++) {
        random_state = 99 + book * 1000003;
        struct gb_two_round_options rules = random_rules();
        struct run run;

        rules.rounds = 0;
        rules.books = GB_BOOKS_POOLED;
        random_book(&shape, actions, 20);
        bool holds = run_book(&run, &rules, actions, 20);
        for (size_t i = 0; holds && i < 20; i++)
            for (size_t j = 0; j < 20; j++) {
                int64_t a = run.match.last_quote[i].ticks, b = run.match.last_quote[j].ticks;
                int sign = actions[i].order.side == GB_SELL ? 1 : -1;
                bool is_better = actions[i].order.side == actions[j].order.side &&
                                 (sign * a < sign * b || (a == b && i < j));
                bool has_traded = run.match.unmatched[j].wh < actions[j].order.quantity.wh;

                if (is_better && has_traded && run.match.unmatched[i].wh > 0)
                    holds = false;
            }
        end_run(&run);
        if (!EXPECT(holds)) {
            tap_note("book %zu", book);
            return;
        }
    }
}

/* Owners get other numbers, and all sells move before all buys: who trades with whom stays. */
static void numbers_of_owners_and_the_mixing_of_sides_change_nothing(void)
{
    const struct shape shape = {.n_prices = 8, .tick = 1, .n_quantities = 4};
    struct gb_book_action actions[20], moved[20];
    uint32_t origin[20];

    for (size_t book = 0; book < 5000; book++) {
        random_state = 55 + book * 1000003;
        struct gb_two_round_options rules = random_rules();
        struct run run, other;
        size_t n = 0;

        random_book(&shape, actions, 20);
        for (int side = GB_SELL; side >= GB_BUY; side--)
            for (uint32_t i = 0; i < 20; i++)
                if (actions[i].order.side == side) {
                    moved[n] = actions[i];
                    moved[n].order.owner = 7000 - 13 * i;
                    origin[n++] = i;
                }
        bool holds = run_book(&run, &rules, actions, 20) && run_book(&other, &rules, moved, 20) &&
                     run.match.n_trades == other.match.n_trades;
        for (size_t t = 0; holds && t < run.match.n_trades; t++) {
            struct gb_trade back = other.match.trades[t];

            back.sell_order = origin[back.sell_order];
            back.buy_order = origin[back.buy_order];
            holds = back.seller == 7000 - 13 * back.sell_order &&
                    back.buyer == 7000 - 13 * back.buy_order;
            back.seller = run.match.trades[t].seller;
            back.buyer = run.match.trades[t].buyer;
            holds = holds && same_trade(&back, &run.match.trades[t]);
        }
        end_run(&run);
        end_run(&other);
        if (!EXPECT(holds)) {
            tap_note("book %zu", book);
            return;
        }
    }
}

/* Without a buyer of any, books by source clear as if each were the only one. */
static void books_without_a_common_buyer_do_not_touch_each_other(void)
{
    const struct shape shape = {.n_prices = 8, .tick = 1, .n_quantities = 4};
    struct gb_book_action actions[24], alone[24];

    for (size_t book = 0; book < 2000; book++) {
        random_state = 33 + book * 1000003;
        struct gb_two_round_options rules = random_rules();
        struct run run, single;

        rules.books = GB_BOOKS_BY_SOURCE;
        random_book(&shape, actions, 24);
        for (size_t i = 0; i < 24; i++)
            if (actions[i].order.source == GB_SOURCE_ANY)
                actions[i].order.source = GB_SOURCE_WIND;
        bool holds = run_book(&run, &rules, actions, 24);
        for (int source = GB_SOURCE_SOLAR; holds && source <= GB_SOURCE_GRID; source++) {
            size_t n = 0, next = 0;

            for (size_t i = 0; i < 24; i++)
                if (actions[i].order.source == source)
                    alone[n++] = actions[i];
            rules.books = GB_BOOKS_POOLED;
            holds = run_book(&single, &rules, alone, n);
            for (size_t t = 0; holds && t < run.match.n_trades; t++) {
                const struct gb_trade *trade = &run.match.trades[t];

                if (trade->source != source)
                    continue;
                holds = next < single.match.n_trades &&
                        single.match.trades[next].seller == trade->seller &&
                        single.match.trades[next].buyer == trade->buyer &&
                        single.match.trades[next].round == trade->round &&
                        single.match.trades[next].energy.wh == trade->energy.wh &&
                        single.match.trades[next].price_buy.ticks == trade->price_buy.ticks;
                next++;
            }
            holds = holds && next == single.match.n_trades;
            end_run(&single);
        }
        end_run(&run);
        if (!EXPECT(holds)) {
            tap_note("book %zu", book);
            return;
        }
    }
}

/* A buyer of any takes solar first, then wind, with what is left of it, and quotes anew by each
 * book's own anchors: here solar leaves 20 and 40 behind, wind 30 and 60. */
static void a_buyer_of_any_enters_each_book_in_turn(void)
{
    static const struct {
        uint8_t side, source;
        int64_t wh, price, reserve;
    } rows[] = {
        {GB_SELL, GB_SOURCE_WIND, 5, 30, 30},
        {GB_SELL, GB_SOURCE_SOLAR, 5, 20, 20},
        {GB_BUY, GB_SOURCE_ANY, 12, 60, 60},
        {GB_SELL, GB_SOURCE_WIND, 9, 70, 50},
    };
    struct gb_two_round_options rules = {NO_LIMITS, .rounds = 1, .beta_millionths = 500000,
                                         .k_millionths = 500000};
    struct gb_book_action actions[4] = {{0}};
    struct run run;

    for (size_t i = 0; i < 4; i++)
        actions[i].order = (struct gb_order){.owner = (uint32_t)i,
                                             .side = rows[i].side,
                                             .source = rows[i].source,
                                             .quantity = {rows[i].wh},
                                             .price = {rows[i].price},
                                             .reserve = {rows[i].reserve},
                                             .beta_millionths = GB_BETA_OF_MARKET};
    if (run_book(&run, &rules, actions, 4) && EXPECT_INT((int64_t)run.match.n_trades, 3)) {
        const struct gb_trade *t = run.match.trades;

        EXPECT_INT(t[0].seller, 1);
        EXPECT_INT(t[0].price_buy.ticks, 40);
        EXPECT_INT(t[1].seller, 0);
        EXPECT_INT(t[1].price_buy.ticks, 45);
        EXPECT_INT(t[2].round, 2);
        EXPECT_INT(t[2].seller, 3); /* 70 - (70 - 30) / 2 = 50, the bid's anchor is its own 60 */
        EXPECT_INT(t[2].energy.wh, 2);
        EXPECT_INT(t[2].price_buy.ticks, 55);
    }
    end_run(&run);
}

static void equal_quotes_go_by_time_and_cancelled_orders_not_at_all(void)
{
    struct gb_two_round_options rules = {NO_LIMITS, .books = GB_BOOKS_POOLED,
                                         .k_millionths = 500000};
    struct gb_book_action actions[] = {
        {.order = {.owner = 9, .side = GB_SELL, .quantity = {1}, .price = {5}, .reserve = {5}}},
        {.order = {.owner = 8, .side = GB_SELL, .quantity = {1}, .price = {5}, .reserve = {5}}},
        {.order = {.owner = 7, .side = GB_SELL, .quantity = {1}, .price = {5}, .reserve = {5}}},
        {.is_cancel = 1, .target = 0},
        {.order = {.owner = 1, .side = GB_BUY, .quantity = {1}, .price = {5}, .reserve = {5}}},
    };
    struct gb_book_action stray = {.is_cancel = 1, .target = 4};
    struct gb_error err = {0};
    struct run run;

    if (run_book(&run, &rules, actions, 5) && EXPECT_INT((int64_t)run.match.n_trades, 1)) {
        EXPECT_INT(run.match.trades[0].seller, 8);
        EXPECT_INT(run.match.unmatched[0].wh, 0);
        EXPECT_INT(run.match.unmatched[2].wh, 1);
        EXPECT_INT((int64_t)run.match.n_orders, 4);
    }
    EXPECT_INT(gb_market_apply(run.mechanism, run.state, &stray, 1, &err), GB_EINPUT);
    end_run(&run);
}

static void a_sale_without_a_source_is_refused_by_books_of_sources(void)
{
    struct gb_two_round_options rules = {NO_LIMITS, .books = GB_BOOKS_BY_SOURCE,
                                         .k_millionths = 500000};
    struct gb_book_action sale = {.order = {.side = GB_SELL, .quantity = {1}}};
    struct gb_market_rules market = market_of(&rules);
    const struct gb_mechanism *mechanism = market.mechanism;
    struct gb_error err = {0};
    void *state = NULL;

    EXPECT_INT(mechanism->create(&state, &market, &err), GB_OK);
    mechanism->begin(state, 0);
    EXPECT_INT(mechanism->apply(state, &sale.order, 1, &err), GB_EREFUSED);
    EXPECT(strstr(err.text, "source") != NULL);
    mechanism->free(state);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(small_books_clear_as_the_rules_say),
        TAP(larger_books_clear_as_the_rules_say),
        TAP(an_auction_that_is_released_between_slots_clears_as_if_it_were_new),
        TAP(energy_is_conserved_and_reserves_are_kept),
        TAP(nobody_with_a_better_claim_goes_unfilled_in_the_first_round),
        TAP(numbers_of_owners_and_the_mixing_of_sides_change_nothing),
        TAP(books_without_a_common_buyer_do_not_touch_each_other),
        TAP(a_buyer_of_any_enters_each_book_in_turn),
        TAP(equal_quotes_go_by_time_and_cancelled_orders_not_at_all),
        TAP(a_sale_without_a_source_is_refused_by_books_of_sources),
        {0}};
    return tap_main("books", tests);
}
