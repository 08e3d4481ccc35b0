/* Orders that nothing traded with: why, in books small enough to be read. */
#include "experiments/run/unmatched.h"

#include "experiments/scenario/scenario.h"
#include "tests/runs.h"
#include "tests/tap.h"

/* ---- whole runs: what compare counts */

/* Orders as they are declared, matched at one price a slot. */
static struct gb_record *run_orders(const char *orders, const char *books, const char *more)
{
    const char *settings[] = {"slot=60 min",
                              "slots=3",
                              "meters.count=8",
                              "meters.delivery=declared",
                              "market.mechanism=uniform",
                              "market.open=60 min",
                              "market.gate=1 s",
                              "tariff.retail=0.59",
                              "tariff.feed_in=0.31",
                              orders,
                              books,
                              more,
                              NULL};

    return run_with(NULL, settings);
}

static void expect_unmatched(const struct gb_record *record, int64_t reserve, int64_t taken,
                             int64_t never_met)
{
    if (!record)
        return;
    EXPECT_INT(summary_of(record)->n_unmatched, reserve + taken + never_met);
    EXPECT_INT(summary_of(record)->n_unmatched_reserve, reserve);
    EXPECT_INT(summary_of(record)->n_unmatched_taken, taken);
    EXPECT_INT(summary_of(record)->n_unmatched_never_met, never_met);
}

/* Slot 0: the seller wants 0.50 at least, both buyers pay less: three orders. Slot 1: 0.40 and 0.50
 * would suit, but the quotes are 0.50 and 0.45: two. Slot 2: B has the only kWh, C comes too late:
 * one. */
#define THREE_SLOTS                                                                        \
    "orders.inline=id,owner,side,reserve,price,quantity,slot,source\n"                     \
    "a,0,sell,0.50,0.52,1,0,solar\nb,1,buy,0.45,0.40,1,0,any\nc,2,buy,0.49,0.44,1,0,any\n" \
    "d,0,sell,0.40,0.50,1,1,solar\ne,1,buy,0.50,0.45,1,1,any\n"                            \
    "f,0,sell,0.40,0.42,1,2,solar\ng,1,buy,0.55,0.50,1,2,any\nh,2,buy,0.54,0.49,1,2,any\n"

static void each_order_of_a_run_that_met_nobody_has_its_cause(void)
{
    struct gb_record *record =
        run_orders(THREE_SLOTS, "market.books=pooled", "chain.protocol=ideal");

    expect_unmatched(record, 3, 1, 2);
    if (record)
        EXPECT_INT(summary_of(record)->n_trades, 1);
    gb_record_free(record);
}

/* The same sale of wind suits a buyer of any source and one of wind, but none of solar. */
static void where_there_is_a_book_a_source_only_one_book_counts(void)
{
    static const char orders[] = "orders.inline=id,owner,side,reserve,price,quantity,slot,source\n"
                                 "a,0,sell,0.40,0.50,1,0,wind\nb,1,buy,0.50,0.45,1,0,solar\n"
                                 "c,0,sell,0.40,0.50,1,1,wind\nd,1,buy,0.50,0.45,1,1,wind\n"
                                 "e,0,sell,0.40,0.50,1,2,wind\nf,1,buy,0.50,0.45,1,2,any\n";
    struct gb_record *apart = run_orders(orders, "market.books=by_source", "chain.protocol=ideal");
    struct gb_record *pooled = run_orders(orders, "market.books=pooled", "chain.protocol=ideal");

    expect_unmatched(apart, 2, 0, 4);
    expect_unmatched(pooled, 0, 0, 6);
    gb_record_free(apart);
    gb_record_free(pooled);
}

/* Links of half an hour have the operator miss all three slots, and that is their cause. */
static void a_missed_slot_is_the_cause_of_all_its_orders(void)
{
    struct gb_record *record =
        run_orders(THREE_SLOTS, "market.books=pooled", "chain.client_delay=uniform 0 s 50 min");

    expect_unmatched(record, 0, 0, 0);
    if (record) {
        EXPECT_INT(summary_of(record)->n_missed_slots, 3);
        EXPECT(summary_of(record)->n_accepted > 4);
    }
    gb_record_free(record);
}

/* ---- books as the ledger leaves them */

static struct gb_order order(enum gb_side side, int64_t quantity, int64_t reserve)
{
    return (struct gb_order){
        .side = (uint8_t)side, .quantity = {quantity}, .reserve = {reserve}, .price = {reserve}};
}

/* A buyer at 50 beside a seller at 40 of whom so much is left, and one at 60. */
static struct gb_run_unmatched count_beside(int64_t left, bool is_withdrawn)
{
    static const struct gb_market_rules pooled = {.mechanism = &gb_mechanism_grid_only};
    const struct gb_order orders[] = {order(GB_BUY, 5, 50), order(GB_SELL, 7, 40),
                                      order(GB_SELL, 1, 60)};
    const struct gb_energy unmatched[] = {{5}, {left}, {1}};
    const uint8_t withdrawn[] = {false, is_withdrawn, false};

    return gb_run_unmatched_count(&pooled, &(struct gb_interval_view){.n_orders = 3,
                                                                      .orders = orders,
                                                                      .withdrawn = withdrawn,
                                                                      .unmatched = unmatched});
}

static void what_was_taken_back_neither_counts_nor_suits(void)
{
    struct gb_run_unmatched left = count_beside(7, false), some = count_beside(3, false);
    struct gb_run_unmatched none = count_beside(0, false), gone = count_beside(7, true);

    EXPECT(left.n == 3 && left.n_never_met == 2 && left.n_reserve == 1); /* the seller, too */
    EXPECT(some.n == 2 && some.n_never_met == 1 && some.n_reserve == 1);
    EXPECT(none.n == 2 && none.n_taken == 1 && none.n_reserve == 1);
    EXPECT(gone.n == 2 && gone.n_reserve == 2);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(each_order_of_a_run_that_met_nobody_has_its_cause),
        TAP(where_there_is_a_book_a_source_only_one_book_counts),
        TAP(a_missed_slot_is_the_cause_of_all_its_orders),
        TAP(what_was_taken_back_neither_counts_nor_suits),
        {0}};

    return tap_main("unmatched", tests);
}
