/* What learning agents are told in whole runs: their own fills are the trades of the ledger, a
 * market that matches at its gate is heard of once a slot and node, and who hears it quotes
 * otherwise from then on. */
#include <stdlib.h>
#include <string.h>

#include "chain/contracts/receipt.h"
#include "experiments/run/run.h"
#include "experiments/scenario/diagnostics.h"
#include "experiments/scenario/scenario.h"
#include "models/agents/strategy.h"
#include "tests/tap.h"

enum { N_METERS = 12, N_SLOTS = 96, MOST_SLOTS = 288, MAX_FILLS = 4096, MAX_SETTINGS = 12 };

/* ---- a strategy that quotes its reserve and notes what it is told */

struct noted {
    int64_t interval;
    struct gb_fill fill;
};
struct noted_shout {
    int64_t interval;
    struct gb_shout shout;
};

static struct {
    size_t n_fills, n_accepted, n_untaken, n_of_others;
    struct noted fills[MAX_FILLS];
    struct noted_shout accepted[MAX_FILLS]; /* the first of them */
    uint8_t n_heard[MOST_SLOTS][N_METERS];  /* calls by slot and meter */
    uint8_t standing[MOST_SLOTS][N_METERS]; /* at the last of them */
} told;

static void note(const void *config, void *state, const struct gb_traits *traits,
                 const struct gb_market_news *news)
{
    bool is_here[N_METERS] = {false};

    (void)config, (void)state, (void)traits;
    for (size_t i = 0; i < news->n_meters; i++) {
        uint32_t meter = news->meters[i];

        is_here[meter] = true;
        told.n_heard[news->interval][meter]++;
        told.standing[news->interval][meter] = news->standing[meter];
    }
    for (size_t i = 0; i < news->n_shouts; i++) {
        const struct gb_shout *shout = &news->shouts[i];

        if (shout->is_accepted && told.n_accepted < MAX_FILLS)
            told.accepted[told.n_accepted] = (struct noted_shout){news->interval, *shout};
        *(shout->is_accepted ? &told.n_accepted : &told.n_untaken) += 1;
    }
    for (size_t i = 0; i < news->n_fills && told.n_fills < MAX_FILLS; i++) {
        told.n_of_others += !is_here[news->fills[i].meter];
        told.fills[told.n_fills++] = (struct noted){news->interval, news->fills[i]};
    }
}

static void quote_reserve(const void *config, void *state, const struct gb_traits *traits,
                          const struct gb_quote_batch *batch, struct gb_price *quote_out,
                          int32_t *beta_out)
{
    (void)config, (void)state;
    for (size_t i = 0; i < batch->n; i++) {
        quote_out[i] = batch->side[i] == GB_SELL ? traits->reserve_sell[batch->meter[i]]
                                                 : traits->reserve_buy[batch->meter[i]];
        beta_out[i] = GB_BETA_OF_MARKET;
    }
}

static const struct gb_strategy noting = {
    .member = {.name = "noting", .summary = "notes what it is told"},
    .quote = quote_reserve,
    .observe = note,
};

/* A built-in strategy under another name that hears nothing. */
static struct gb_strategy deaf_copy(const char *name)
{
    const struct gb_strategy *hearing =
        (const struct gb_strategy *)gb_family_find(&gb_strategy_family, NULL, name);
    struct gb_strategy deaf = *hearing;

    deaf.member.name = "deaf";
    deaf.observe = NULL;
    return deaf;
}

/* ---- runs */

static const char *const morning[] = {"meters.count=12", "slots=96", "chain.crypto=modelled",
                                      "meters.prosumer_share=0.6", NULL};

static struct gb_record *run_under(const struct gb_strategy *strategy, const char *const *more)
{
    const char *settings[MAX_SETTINGS];
    struct gb_extensions *extensions = gb_extensions_create();
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_run_options options = {0};
    struct gb_scenario *scenario = NULL;
    struct gb_record *record = NULL;
    struct gb_error err = {0};
    size_t n = 0;

    for (const char *const *setting = morning; *setting; setting++)
        settings[n++] = *setting;
    for (; *more; more++)
        settings[n++] = *more;
    memset(&told, 0, sizeof told);
    if (strategy)
        gb_extensions_add(extensions, &gb_strategy_family, &strategy->member, &err);
    gb_scenario_defaults(&scenario, extensions, n, settings, diagnostics, &err);
    for (size_t i = 0; i < gb_diagnostics_count(diagnostics); i++)
        EXPECT_TEXT(gb_diagnostics_at(diagnostics, i), "");
    if (scenario)
        EXPECT_INT(gb_run_trial(scenario, &options, &record, &err), GB_OK);
    EXPECT_TEXT(err.text, "");
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
    gb_extensions_free(extensions);
    return record;
}

static struct gb_record *run_noting(const char *mechanism, const char *information,
                                    const char *other)
{
    const char *const more[] = {"agents.strategy=noting", mechanism, information, other, NULL};

    return run_under(&noting, more);
}

static const char *const calls[] = {"market.mechanism=two_round", "market.mechanism=uniform",
                                    "market.mechanism=pay_as_bid"};

/* ---- fills */

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_noted(const void *one, const void *other)
{
    const struct noted *a = one, *b = other;
    const int64_t differences[] = {
        compare(a->interval, b->interval), compare(a->fill.meter, b->fill.meter),
        compare(a->fill.side, b->fill.side), compare(a->fill.energy.wh, b->fill.energy.wh),
        compare(a->fill.price.ticks, b->fill.price.ticks)};

    for (size_t i = 0; i < sizeof differences / sizeof differences[0]; i++)
        if (differences[i] != 0)
            return (int)differences[i];
    return 0;
}

/* Both sides of every trade, once each, whoever else hears of it. */
static void expect_fills_of(const struct gb_record *record)
{
    static struct noted expected[MAX_FILLS];
    const struct gb_trade_row *trades = gb_record_rows(record, GB_TABLE_TRADES);
    size_t n_trades = gb_record_n_rows(record, GB_TABLE_TRADES), n = 0;

    EXPECT(n_trades > 20 && 2 * n_trades <= MAX_FILLS);
    for (size_t t = 0; t < n_trades && n + 2 <= MAX_FILLS; t++) {
        const struct gb_trade_row *row = &trades[t];
        struct gb_energy energy = {row->energy_wh};

        expected[n++] =
            (struct noted){row->interval, {row->seller, GB_SELL, energy, {row->price_sell}}};
        expected[n++] =
            (struct noted){row->interval, {row->buyer, GB_BUY, energy, {row->price_buy}}};
    }
    if (!EXPECT_INT((int64_t)told.n_fills, (int64_t)n))
        return;
    qsort(expected, n, sizeof *expected, compare_noted);
    qsort(told.fills, n, sizeof *told.fills, compare_noted);
    size_t n_wrong = 0;
    for (size_t i = 0; i < n; i++)
        n_wrong += compare_noted(&expected[i], &told.fills[i]) != 0;
    EXPECT_INT((int64_t)n_wrong, 0);
    EXPECT_INT((int64_t)told.n_of_others, 0);
}

static void agents_hear_of_their_own_trades_and_of_no_others_at_every_mechanism(void)
{
    static const char *const information[] = {
        "market.information=sealed", "market.information=trades", "market.information=book"};

    for (size_t i = 0; i < 3; i++) {
        for (size_t m = 0; m < 3; m++) {
            struct gb_record *record = run_noting(calls[m], information[i], NULL);

            if (EXPECT(record != NULL))
                expect_fills_of(record);
            gb_record_free(record);
        }
        struct gb_record *record = run_noting("market.mechanism=continuous", information[i], NULL);
        if (EXPECT(record != NULL))
            expect_fills_of(record);
        gb_record_free(record);
    }
}

static void under_sealed_nobody_hears_a_quote(void)
{
    struct gb_record *record = run_noting(calls[0], "market.information=sealed", NULL);

    EXPECT(told.n_fills > 0);
    EXPECT_INT((int64_t)(told.n_accepted + told.n_untaken), 0);
    gb_record_free(record);
    record = run_noting("market.mechanism=continuous", "market.information=sealed", NULL);
    EXPECT(told.n_fills > 0);
    EXPECT_INT((int64_t)(told.n_accepted + told.n_untaken), 0);
    gb_record_free(record);
}

/* ---- a match at the gate */

static void a_match_is_heard_once_at_each_node_with_what_it_left_standing(void)
{
    struct gb_record *record = run_noting(calls[0], "market.information=trades", NULL);
    const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);
    const struct gb_trade_row *trades = gb_record_rows(record, GB_TABLE_TRADES);
    uint8_t left[N_SLOTS][N_METERS] = {{0}};
    bool has_trade[N_SLOTS] = {false};
    size_t n_stood = 0;

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++)
        if (orders[i].status == GB_RECEIPT_OK && orders[i].matched_wh < orders[i].quantity_wh)
            left[orders[i].interval][orders[i].meter] |=
                orders[i].side == GB_BUY ? GB_STANDS_TO_BUY : GB_STANDS_TO_SELL;
    for (size_t t = 0; t < gb_record_n_rows(record, GB_TABLE_TRADES); t++)
        has_trade[trades[t].interval] = true;
    for (size_t slot = 0; slot < N_SLOTS; slot++)
        for (size_t meter = 0; meter < N_METERS; meter++) {
            EXPECT_INT(told.n_heard[slot][meter], has_trade[slot]);
            if (has_trade[slot])
                EXPECT_INT(told.standing[slot][meter], left[slot][meter]);
            n_stood += has_trade[slot] && left[slot][meter] != 0;
        }
    EXPECT(n_stood > 0);
    EXPECT_INT((int64_t)told.n_untaken, 0);
    gb_record_free(record);
}

static void quotes_that_nobody_took_are_heard_where_the_book_is(void)
{
    struct gb_record *record = run_noting(calls[1], "market.information=book", "chain.nodes=1");
    const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);
    size_t n_untaken = 0;

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++)
        if (orders[i].status == GB_RECEIPT_OK && orders[i].matched_wh == 0)
            n_untaken++;
    EXPECT(n_untaken > 0);
    EXPECT_INT((int64_t)told.n_untaken, (int64_t)n_untaken);
    EXPECT_INT((int64_t)told.n_accepted, 2 * (int64_t)gb_record_n_rows(record, GB_TABLE_TRADES));
    gb_record_free(record);
}

/* The quote of an order of a slot in a round: its first, or as it was amended last. */
static int64_t quote_in(const struct gb_record *record, const struct gb_trade_row *trade,
                        uint32_t number)
{
    const struct gb_order_row *rows = gb_record_rows(record, GB_TABLE_ORDERS);
    int64_t quote = -1;

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++) {
        bool is_first = rows[i].action == GB_ACTION_ADD;

        if (rows[i].interval == trade->interval && rows[i].status == GB_RECEIPT_OK &&
            (is_first ? rows[i].number : rows[i].target) == number &&
            (is_first || trade->round > 1))
            quote = rows[i].price;
    }
    return quote;
}

static bool is_heard(const struct gb_trade_row *trade, enum gb_side side, int64_t quote)
{
    for (size_t i = 0; i < told.n_accepted && i < MAX_FILLS; i++) {
        const struct gb_shout *shout = &told.accepted[i].shout;

        if (told.accepted[i].interval == trade->interval && shout->side == side &&
            shout->quote.ticks == quote && shout->energy.wh == trade->energy_wh &&
            shout->price.ticks == (side == GB_BUY ? trade->price_buy : trade->price_sell))
            return true;
    }
    return false;
}

/* Of the orders that round 1 filled in part, some are amended before round 2. */
static void what_users_amend_is_heard_at_the_quotes_at_which_it_traded(void)
{
    struct gb_strategy amending = deaf_copy("paper_beta");
    const char *const more[] = {"agents.strategy=deaf",
                                "market.requote.by=user",
                                "chain.nodes=1",
                                "market.beta=0.6",
                                "market.requote.anchor=extreme_trade",
                                NULL};

    amending.observe = note;
    struct gb_record *record = run_under(&amending, more);
    const struct gb_trade_row *trades = gb_record_rows(record, GB_TABLE_TRADES);
    size_t n_trades = gb_record_n_rows(record, GB_TABLE_TRADES), n_unheard = 0, n_moved = 0;

    for (size_t t = 0; t < n_trades; t++) {
        struct gb_trade_row later = trades[t];
        int64_t ask = quote_in(record, &trades[t], trades[t].sell_order);
        int64_t bid = quote_in(record, &trades[t], trades[t].buy_order);

        later.round = 2;
        n_moved += ask != quote_in(record, &later, later.sell_order) ||
                   bid != quote_in(record, &later, later.buy_order);
        n_unheard += !is_heard(&trades[t], GB_SELL, ask) || !is_heard(&trades[t], GB_BUY, bid);
    }
    EXPECT_INT((int64_t)told.n_accepted, 2 * (int64_t)n_trades);
    EXPECT_INT((int64_t)n_unheard, 0);
    EXPECT(n_moved > 5);
    gb_record_free(record);
}

static void agents_learn_in_the_warm_up(void)
{
    const char *const more[] = {"agents.strategy=noting", "slots=192", "warm_up=1 d", NULL};
    struct gb_record *record = run_under(&noting, more);
    size_t n = 0;

    for (size_t i = 0; i < told.n_fills; i++)
        n += told.fills[i].interval < N_SLOTS;
    EXPECT(n > 0 && n < told.n_fills);
    gb_record_free(record);
}

/* ---- who hears it quotes otherwise */

/* The same orders but for their quotes: those of the first slot are the same, too. */
static void expect_learning(const char *name)
{
    char setting[64];
    const struct gb_strategy deaf = deaf_copy(name);
    const char *const usual[] = {setting, "slots=288", "meters.storage_share=0", NULL};
    const char *const unheard[] = {"agents.strategy=deaf", "slots=288", "meters.storage_share=0",
                                   NULL};

    snprintf(setting, sizeof setting, "agents.strategy=%s", name);
    struct gb_record *a = run_under(NULL, usual), *b = run_under(&deaf, unheard);
    const struct gb_order_row *heard = gb_record_rows(a, GB_TABLE_ORDERS);
    const struct gb_order_row *not_heard = gb_record_rows(b, GB_TABLE_ORDERS);
    size_t n = gb_record_n_rows(a, GB_TABLE_ORDERS), n_other = 0, n_first = 0, n_moved = 0;

    if (!EXPECT_INT((int64_t)n, (int64_t)gb_record_n_rows(b, GB_TABLE_ORDERS)) || n == 0)
        goto done;
    for (size_t i = 0; i < n; i++) {
        bool is_other = heard[i].price != not_heard[i].price;

        n_moved += heard[i].meter != not_heard[i].meter || heard[i].side != not_heard[i].side ||
                   heard[i].quantity_wh != not_heard[i].quantity_wh;
        n_first += is_other && heard[i].interval == heard[0].interval;
        n_other += is_other && heard[i].interval >= N_SLOTS;
    }
    EXPECT_INT((int64_t)n_moved, 0);
    EXPECT_INT((int64_t)n_first, 0);
    EXPECT(n_other > n / 10);
done:
    gb_record_free(a);
    gb_record_free(b);
}

static void who_hears_a_match_quotes_otherwise_on_later_days(void)
{
    static const char *const names[] = {"zip", "aa", "gdx", "mre", "vre"};

    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        expect_learning(names[i]);
}

/* ---- who is woken by one block */

static size_t most_at_once;

/* The paper's user, asked about every order of a batch alone. */
static void requote_one_by_one(const void *config, void *state, const struct gb_traits *traits,
                               const struct gb_requote_batch *batch, struct gb_price *quote_out)
{
    const struct gb_strategy *paper =
        (const struct gb_strategy *)gb_family_find(&gb_strategy_family, NULL, "paper_beta");

    if (batch->n > most_at_once)
        most_at_once = batch->n;
    for (size_t i = 0; i < batch->n; i++) {
        struct gb_requote_batch one = *batch;

        one.n = 1;
        one.meter += i, one.side += i, one.part += i, one.wake_up += i, one.elapsed += i;
        one.beta_millionths += i, one.quote += i, one.knowledge += i;
        one.filled_wh += i, one.total_wh += i;
        paper->requote(config, state, traits, &one, quote_out + i);
    }
}

static void agents_whom_one_block_wakes_are_asked_at_once_as_if_one_by_one(void)
{
    struct gb_strategy singly = deaf_copy("paper_beta");
    const char *const at_once[] = {"market.mechanism=continuous", "agents.requote.on=block",
                                   "agents.traits=wide", "agents.deadline=2", NULL};
    const char *const alone[] = {"market.mechanism=continuous", "agents.requote.on=block",
                                 "agents.traits=wide",          "agents.deadline=2",
                                 "agents.strategy=deaf",        NULL};

    singly.requote = requote_one_by_one;
    most_at_once = 0;
    struct gb_record *a = run_under(NULL, at_once), *b = run_under(&singly, alone);
    if (a && b) {
        const struct gb_order_row *x = gb_record_rows(a, GB_TABLE_ORDERS);
        const struct gb_order_row *y = gb_record_rows(b, GB_TABLE_ORDERS);
        size_t n = gb_record_n_rows(a, GB_TABLE_ORDERS), n_moved = 0, n_amended = 0;

        EXPECT_INT((int64_t)n, (int64_t)gb_record_n_rows(b, GB_TABLE_ORDERS));
        for (size_t i = 0; i < n && n == gb_record_n_rows(b, GB_TABLE_ORDERS); i++) {
            n_moved += x[i].meter != y[i].meter || x[i].price != y[i].price ||
                       x[i].sent_ns != y[i].sent_ns || x[i].stable_ns != y[i].stable_ns;
            n_amended += x[i].action == GB_ACTION_AMEND;
        }
        EXPECT_INT((int64_t)n_moved, 0);
        EXPECT(n_amended > 100 && most_at_once > 1);
    }
    gb_record_free(a);
    gb_record_free(b);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(agents_hear_of_their_own_trades_and_of_no_others_at_every_mechanism),
        TAP(under_sealed_nobody_hears_a_quote),
        TAP(a_match_is_heard_once_at_each_node_with_what_it_left_standing),
        TAP(quotes_that_nobody_took_are_heard_where_the_book_is),
        TAP(what_users_amend_is_heard_at_the_quotes_at_which_it_traded),
        TAP(agents_learn_in_the_warm_up),
        TAP(who_hears_a_match_quotes_otherwise_on_later_days),
        TAP(agents_whom_one_block_wakes_are_asked_at_once_as_if_one_by_one),
        {0}};
    return tap_main("heard", tests);
}
