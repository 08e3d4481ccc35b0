/* Limits of what the orders of a slot come to (market.export_limit, market.import_limit): what is
 * cut against a second way, Wh by Wh, and what is then matched against the book without it. */
#include "models/market/limits.h"

#include <stdio.h>

#include "tests/random_books.h"
#include "tests/runs.h"
#include "tests/stage.h"
#include "tests/tap.h"

enum { MOST_ORDERS = 24 };

/* ---- random books through every market that matches at a gate */

static bool set(struct gb_market_rules *rules, const char *key, int64_t wh)
{
    char value[32], why[200];

    snprintf(value, sizeof value, "%lld", (long long)wh);
    return gb_market_rules_set(rules, key, value, why, sizeof why);
}

struct cut_book {
    size_t n;                    /* actions */
    size_t n_orders, number[64]; /* of the order that an action adds */
    int64_t left[MOST_ORDERS], cut[MOST_ORDERS];
    const struct gb_order *orders[MOST_ORDERS];
};

static int64_t quote_of(const struct gb_order *order)
{
    return order->type == GB_ORDER_MARKET ? order->reserve.ticks : order->price.ticks;
}

/* The order of a side that is furthest from being matched, the last of several. */
static size_t worst_of(const struct cut_book *book, int side)
{
    size_t worst = MOST_ORDERS;

    for (size_t i = 0; i < book->n_orders; i++) {
        if (book->orders[i]->side != side || book->left[i] == 0)
            continue;
        int64_t sign = side == GB_SELL ? 1 : -1;
        if (worst == MOST_ORDERS ||
            sign * quote_of(book->orders[i]) >= sign * quote_of(book->orders[worst]))
            worst = i;
    }
    return worst;
}

static int64_t surplus_of(const struct cut_book *book)
{
    int64_t surplus = 0;

    for (size_t i = 0; i < book->n_orders; i++)
        surplus += book->orders[i]->side == GB_SELL ? book->left[i] : -book->left[i];
    return surplus;
}

/* Takes a Wh of the worst order away as long as the book is beyond a limit; < 0: none. */
static void cut_by_hand(struct cut_book *book, const struct gb_book_action *actions, size_t n,
                        int64_t export_wh, int64_t import_wh)
{
    *book = (struct cut_book){.n = n};
    for (size_t a = 0; a < n; a++) {
        if (actions[a].is_cancel) {
            book->left[actions[a].target] = 0;
            continue;
        }
        book->orders[book->n_orders] = &actions[a].order;
        book->left[book->n_orders] = actions[a].order.quantity.wh;
        book->number[a] = book->n_orders++;
    }
    for (;;) {
        int64_t surplus = surplus_of(book);
        int side = surplus > 0 ? GB_SELL : GB_BUY;
        int64_t limit = side == GB_SELL ? export_wh : import_wh;

        if (limit < 0 || (surplus > 0 ? surplus : -surplus) <= limit)
            return;
        size_t worst = worst_of(book, side);
        book->left[worst]--;
        book->cut[worst]++;
    }
}

/* The actions without what was cut: smaller orders, and those cut whole cancelled at the end. */
static size_t without_cuts(struct gb_book_action *out, const struct cut_book *book,
                           const struct gb_book_action *actions)
{
    size_t n = book->n;

    for (size_t a = 0; a < book->n; a++) {
        out[a] = actions[a];
        if (!actions[a].is_cancel && book->left[book->number[a]] > 0)
            out[a].order.quantity.wh -= book->cut[book->number[a]];
    }
    for (size_t i = 0; i < book->n_orders; i++)
        if (book->cut[i] > 0 && book->left[i] == 0)
            out[n++] = (struct gb_book_action){.is_cancel = 1, .target = (uint32_t)i};
    return n;
}

static void *match(const struct gb_market_rules *rules, const struct gb_book_action *actions,
                   size_t n, struct gb_match *out)
{
    struct gb_error err = {0};
    void *state = NULL;

    bool is_done = rules->mechanism->create(&state, rules, &err) == GB_OK;
    if (is_done)
        rules->mechanism->begin(state, 0);
    is_done = is_done && gb_market_apply(rules->mechanism, state, actions, n, &err) == GB_OK &&
              rules->mechanism->finish(state, out, &err) == GB_OK;
    if (!EXPECT(is_done))
        tap_note("%s: %s", rules->mechanism->member.name, err.text);
    return state;
}

/* Returns the Wh that were cut; -1 and a note where the market and the way by hand differ. */
static int64_t compare_with_hand(struct gb_market_rules rules, const struct gb_book_action *actions,
                                 size_t n, int64_t export_wh, int64_t import_wh)
{
    struct gb_book_action reduced[2 * MOST_ORDERS];
    struct gb_match limited = {0}, free = {0};
    struct cut_book book;
    int64_t cut_wh = 0;

    cut_by_hand(&book, actions, n, export_wh, import_wh);
    void *reduced_state = match(&rules, reduced, without_cuts(reduced, &book, actions), &free);
    bool is_set = (export_wh < 0 || set(&rules, "market.export_limit", export_wh)) &&
                  (import_wh < 0 || set(&rules, "market.import_limit", import_wh));
    void *state = match(&rules, actions, n, &limited);
    bool is_same = is_set && limited.n_trades == free.n_trades;
    for (size_t t = 0; is_same && t < free.n_trades; t++)
        is_same = same_trade(&limited.trades[t], &free.trades[t]);
    for (size_t i = 0; is_same && i < book.n_orders; i++) {
        is_same = (limited.cut ? limited.cut[i].wh : 0) == book.cut[i] &&
                  limited.unmatched[i].wh == free.unmatched[i].wh + book.cut[i];
        cut_wh += book.cut[i];
    }
    rules.mechanism->free(state);
    rules.mechanism->free(reduced_state);
    return is_same ? cut_wh : -1;
}

static void what_is_cut_is_the_worst_and_the_rest_is_matched_as_if_it_were_all(void)
{
    const struct shape shapes[] = {{6, 100000, 5, true}, {3, 100000, 9, false}};
    const struct gb_member *member;
    size_t n_cut = 0, n_books = n_random_books() / 100, n_markets = 0;

    for (size_t m = 0; (member = gb_family_member(&gb_mechanism_family, NULL, m)); m++) {
        struct gb_market_rules rules;
        bool is_same = true;

        if (!gb_param_find(member->params, "market.export_limit"))
            continue;
        gb_market_rules_init(&rules);
        gb_market_rules_select(&rules, (const struct gb_mechanism *)member);
        rules.has_band = 1;
        for (size_t b = 0; is_same && b < n_books; b++) {
            struct gb_book_action actions[MOST_ORDERS];
            size_t n = (size_t)(1 + below(MOST_ORDERS));
            random_state = 977 * b + m;
            random_book(&shapes[b % 2], actions, n);
            int64_t wh = compare_with_hand(rules, actions, n, below(3) ? below(12) : -1,
                                           below(3) ? below(12) : -1);
            is_same = wh >= 0;
            n_cut += wh > 0;
        }
        if (!EXPECT(is_same))
            tap_note("%s", member->name);
        n_markets++;
    }
    EXPECT_INT((int64_t)n_markets, 6); /* all but continuous and grid_only */
    EXPECT(n_cut > n_markets * n_books / 3);
}

/* ---- on the ledger */

static struct gb_contract_rules rules_of(const char *by)
{
    struct gb_contract_rules rules = stage_rules();
    char why[200];

    EXPECT(gb_market_rules_set(&rules.market, "market.requote.by", by, why, sizeof why));
    EXPECT(set(&rules.market, "market.export_limit", 500));
    EXPECT(set(&rules.market, "market.import_limit", 700));
    return rules;
}

static void send(struct stage *s, uint32_t meter, enum gb_side side, int64_t wh, int64_t price)
{
    EXPECT_INT(stage_send(s, stage_order(s, meter, 0, side, wh, price, price)), GB_RECEIPT_OK);
}

static void expect_cut(const struct stage *s, size_t i, uint32_t order, int64_t wh)
{
    const struct gb_contract_event *event = stage_event(s, GB_EVENT_CUT, i);

    EXPECT_INT(event->index, order);
    EXPECT_INT(event->executed.wh, wh);
    EXPECT_INT(event->sender, GB_PARTY(GB_ROLE_METER, order));
    EXPECT_INT((int64_t)event->nonce, 1);
}

/* Bids of 2400 beside an ask of 1000: 700 beyond the limit, of which the later of the two lowest
 * bids has 500. What is cut holds no money. */
static void an_order_that_is_cut_gets_its_escrow_back(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 4, rules_of("contract"));
    stage_register_all(&s);
    send(&s, 0, GB_BUY, 1400, 500000);
    send(&s, 1, GB_BUY, 500, 400000);
    send(&s, 2, GB_BUY, 500, 400000);
    send(&s, 3, GB_SELL, 1000, 350000);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT((int64_t)stage_count(&s, GB_EVENT_CUT), 2);
    expect_cut(&s, 0, 1, 200);
    expect_cut(&s, 1, 2, 500);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    EXPECT_INT(view.n_trades, 1);
    EXPECT_INT(view.unmatched[1].wh, 500); /* all that did not trade, cut or not */
    EXPECT(view.cut && view.cut[0].wh == 0 && view.cut[1].wh == 200 && view.cut[2].wh == 500);
    EXPECT_INT(stage_balance(&s, 1), STAGE_BALANCE);
    EXPECT_INT(stage_balance(&s, 2), STAGE_BALANCE);
    stage_close(&s);
}

/* Asks of 500 and 800 beside bids of 500: the dearer ask is cut by 300. A bid that grows to 5000
 * then finds 500 of it, whatever total its owner names. */
static void what_was_cut_before_round_1_is_not_in_round_2(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 4, rules_of("user"));
    stage_register_all(&s);
    send(&s, 0, GB_SELL, 500, 400000);
    send(&s, 1, GB_SELL, 800, 450000);
    send(&s, 2, GB_BUY, 400, 500000);
    EXPECT_INT(stage_send(&s, stage_order(&s, 3, 0, GB_BUY, 100, 380000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT((int64_t)stage_count(&s, GB_EVENT_ROUND), 1);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 1, 1, GB_SELL, 800, 450000, 450000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 3, 1, GB_BUY, 5000, 500000, 500000)),
               GB_RECEIPT_OK);
    struct gb_message close = stage_gate(&s, 0, s.height);
    s.time_ns = -150 * GB_NS_PER_SECOND; /* the second gate */
    EXPECT_INT(stage_send(&s, close), GB_RECEIPT_OK);
    EXPECT_INT((int64_t)stage_count(&s, GB_EVENT_CUT), 1);
    expect_cut(&s, 0, 1, 300);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    EXPECT_INT(view.n_trades, 3);
    EXPECT_INT(view.unmatched[0].wh, 0);
    EXPECT_INT(view.unmatched[1].wh, 300);
    EXPECT_INT(view.unmatched[3].wh, 4400);
    stage_close(&s);
}

/* An ask that is cut whole is over with round 1: nobody pays for an amendment of it. */
static void an_order_that_was_cut_whole_is_over(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 2, rules_of("user"));
    stage_register_all(&s);
    send(&s, 0, GB_SELL, 500, 400000);
    send(&s, 1, GB_SELL, 300, 450000);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 1, 1, GB_SELL, 300, 440000, 440000)),
               GB_RECEIPT_ALREADY_DONE);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_SELL, 500, 400000, 400000)),
               GB_RECEIPT_OK);
    stage_close(&s);
}

/* An ask of 1300 beside a bid of 200: 600 is beyond the limit of 500, and 500 is left behind
 * round 1. Its owner wants 700 in all: what was filled and cut is more, so that nothing of it is
 * left. */
static void an_order_amended_below_its_cut_keeps_what_it_traded(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 2, rules_of("user"));
    stage_register_all(&s);
    send(&s, 0, GB_SELL, 1300, 400000);
    send(&s, 1, GB_BUY, 200, 500000);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_SELL, 700, 400000, 400000)),
               GB_RECEIPT_OK);
    struct gb_message close = stage_gate(&s, 0, s.height);
    s.time_ns = -150 * GB_NS_PER_SECOND; /* the second gate */
    EXPECT_INT(stage_send(&s, close), GB_RECEIPT_OK);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    EXPECT_INT(view.n_trades, 1);
    EXPECT_INT(view.trades[0].energy.wh, 200);
    EXPECT_INT(view.orders[0].quantity.wh - view.unmatched[0].wh, 200);
    EXPECT(view.cut && view.cut[0].wh == 500); /* of what it still asks for */
    stage_close(&s);
}

/* An ask of 1300 of which 600 was cut asks for 1900 now: what was cut does not come back so. */
static void an_order_that_was_cut_does_not_grow(void)
{
    struct stage s;

    stage_open(&s, GB_CRYPTO_MODELLED, 2, rules_of("user"));
    stage_register_all(&s);
    send(&s, 0, GB_SELL, 1300, 400000);
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_BUY, 200, 500000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_order(&s, 1, 0, GB_BUY, 100, 350000, 500000)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_gate(&s, 0, s.height)), GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 0, 1, GB_SELL, 1900, 400000, 400000)),
               GB_RECEIPT_OK);
    EXPECT_INT(stage_send(&s, stage_amendment(&s, 1, 2, GB_BUY, 2000, 500000, 500000)),
               GB_RECEIPT_OK);
    struct gb_message close = stage_gate(&s, 0, s.height);
    s.time_ns = -150 * GB_NS_PER_SECOND;
    EXPECT_INT(stage_send(&s, close), GB_RECEIPT_OK);
    struct gb_interval_view view = gb_contracts_interval(s.contracts, 0);
    int64_t sold = 0;
    for (size_t i = 0; i < view.n_trades; i++)
        sold += view.trades[i].energy.wh;
    EXPECT_INT(sold, 800); /* 1300 less the 500 beyond 300 + 500 */
    stage_close(&s);
}

/* ---- whole runs */

/* What all cuts of a slot come to, from the orders that stand in its rows. */
static void each_slot_of_a_run_is_within_the_communitys_limits(void)
{
    struct gb_record *record = run_village("community.export_limit=4.2", "community.import_limit=6",
                                           "output.level=market", "chain.protocol=ideal");
    int64_t surplus[64] = {0}, cut[64] = {0}, cut_wh = 0, n_whole = 0;
    size_t n_cut[2] = {0};

    if (!record)
        return;
    const struct gb_order_row *rows = gb_record_rows(record, GB_TABLE_ORDERS);
    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++) {
        surplus[rows[i].interval] +=
            rows[i].side == GB_SELL ? rows[i].quantity_wh : -rows[i].quantity_wh;
        cut[rows[i].interval] += rows[i].cut_wh;
        cut_wh += rows[i].cut_wh;
        n_whole += rows[i].cut_wh == rows[i].quantity_wh;
    }
    for (size_t k = 0; k < 64; k++) { /* 4.2 kW are 1050 Wh a quarter of an hour, 6 kW 1500 */
        int64_t beyond = surplus[k] > 0 ? surplus[k] - 1050 : -surplus[k] - 1500;
        EXPECT_INT(cut[k], beyond > 0 ? beyond : 0);
        n_cut[surplus[k] > 0] += beyond > 0;
    }
    EXPECT(n_cut[0] > 3 && n_cut[1] > 3);
    EXPECT_INT(summary_of(record)->cut_wh, cut_wh);
    EXPECT_INT(summary_of(record)->n_unmatched_cut, n_whole);
    gb_record_free(record);
}

/* Sellers offer 2000 Wh and deliver them, nobody buys. Under a schedule of all that is accepted
 * nothing deviates; of 500 Wh the other 1500 do, for they are no part of it. */
static struct gb_record *run_schedule(const char *limit)
{
    const char *settings[] = {"slot=60 min",
                              "slots=1",
                              "meters.count=2",
                              "meters.delivery=declared",
                              "market.mechanism=uniform",
                              "market.books=pooled",
                              "settlement.unmatched=scheduled",
                              "chain.protocol=ideal",
                              "orders.inline=id,owner,side,reserve,price,quantity,slot,source\n"
                              "a,0,sell,0.40,0.42,1,0,solar\nb,1,sell,0.40,0.42,1,0,solar\n",
                              limit,
                              NULL};

    return run_with(NULL, settings);
}

static void what_was_cut_is_no_schedule_with_the_grid(void)
{
    struct gb_record *whole = run_schedule("market.export_limit=none");
    struct gb_record *cut = run_schedule("market.export_limit=500");

    if (whole && cut) {
        const struct gb_summary_row *a = summary_of(whole), *b = summary_of(cut);
        EXPECT_INT(a->schedule_short_wh + a->schedule_long_wh, 0);
        EXPECT_INT(b->schedule_short_wh + b->schedule_long_wh, 500);
        EXPECT_INT(b->cut_wh, 1500);
    }
    gb_record_free(whole);
    gb_record_free(cut);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(what_is_cut_is_the_worst_and_the_rest_is_matched_as_if_it_were_all),
        TAP(an_order_that_is_cut_gets_its_escrow_back),
        TAP(what_was_cut_before_round_1_is_not_in_round_2),
        TAP(an_order_that_was_cut_whole_is_over),
        TAP(an_order_amended_below_its_cut_keeps_what_it_traded),
        TAP(an_order_that_was_cut_does_not_grow),
        TAP(each_slot_of_a_run_is_within_the_communitys_limits),
        TAP(what_was_cut_is_no_schedule_with_the_grid),
        {0}};

    return tap_main("limits", tests);
}
