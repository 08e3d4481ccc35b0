/* What comes at the wrong time is signed again while its purpose stands, so that a chain without
 * loss trades like the ideal one however slow its links are. (Why something is late all the same:
 * test_late_causes.c.) */
#include <stdio.h>
#include <string.h>

#include "chain/contracts/contracts.h"
#include "experiments/run/run.h"
#include "experiments/scenario/diagnostics.h"
#include "experiments/scenario/scenario.h"
#include "tests/runs.h"
#include "tests/tap.h"

static const char *const nothing[] = {NULL};
static const char *const ideal[] = {"chain.protocol=ideal", NULL};

/* No order, reading or trade is lost, and everybody pays what it pays without a chain. */
static void expect_nothing_lost(const struct gb_record *slow, const struct gb_record *control)
{
    const struct gb_summary_row *a = summary_of(slow), *b = summary_of(control);

    EXPECT_INT(a->n_missed_slots, 0);
    EXPECT_INT(a->n_refused, 0);
    EXPECT_INT(a->n_late, 0);
    EXPECT_INT(a->n_voided, 0);
    EXPECT_INT(a->n_accepted, b->n_accepted);
    EXPECT_INT(a->n_settled, b->n_settled);
    EXPECT_INT(a->saving, b->saving);
    EXPECT_INT(a->buyers_cost, b->buyers_cost);
    EXPECT_INT(a->sellers_revenue, b->sellers_revenue);
}

/* A block a message and links of 20 s: more than 64 settle messages overtake an open, and more than
 * 1000 blocks many another message. */
static void a_slow_link_and_many_blocks_lose_nothing(void)
{
    static const char *const village[] = {"meters.count=600",
                                          "meters.prosumer_share=0.5",
                                          "start_date=2023-06-01",
                                          "slots=44",
                                          "chain.crypto=modelled",
                                          "output.level=summary",
                                          "chain.client_delay=exponential 20 s",
                                          "chain.block.max_transactions=1",
                                          "chain.delay=constant 2 ms",
                                          "chain.block.min_seal=1 ms",
                                          NULL};
    struct gb_record *slow = run_both(village, nothing), *control = run_both(village, ideal);

    if (slow && control) {
        expect_nothing_lost(slow, control);
        EXPECT(summary_of(slow)->n_orders_again > 100);
        EXPECT(summary_of(slow)->n_readings_again > 100);
        EXPECT(summary_of(slow)->n_authority_again > 100);
        EXPECT_INT(summary_of(control)->n_orders_again + summary_of(control)->n_readings_again +
                       summary_of(control)->n_authority_again,
                   0);
    }
    gb_record_free(slow);
    gb_record_free(control);
}

/* What the meters bought less what they sold in each slot: of n_meters x n_slots cells. */
static void add_trades(const struct gb_record *record, size_t n_meters, int64_t *wh)
{
    const struct gb_trade_row *trades = gb_record_rows(record, GB_TABLE_TRADES);

    for (size_t t = 0; t < gb_record_n_rows(record, GB_TABLE_TRADES); t++) {
        size_t first = (size_t)trades[t].interval * n_meters;

        wh[first + trades[t].buyer] += trades[t].energy_wh;
        wh[first + trades[t].seller] -= trades[t].energy_wh;
    }
}

/* Does an order of another meter in that slot, on the same side, quote the same? */
static bool has_equal(const struct gb_record *record, int64_t interval, uint32_t meter)
{
    const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);
    size_t n = gb_record_n_rows(record, GB_TABLE_ORDERS);

    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; orders[i].interval == interval && orders[i].meter == meter && j < n; j++)
            if (orders[j].interval == interval && orders[j].meter != meter &&
                orders[j].side == orders[i].side && orders[j].price == orders[i].price)
                return true;
    return false;
}

/* Blocks of ten and links of 20 s: the ledger's order is not that of sending, which decides among
 * equal quotes and nothing else. */
static void a_slow_chain_trades_like_the_ideal_one_but_for_ties(void)
{
    enum { N_METERS = 300, N_SLOTS = 3 };
    static const char *const village[] = {"meters.count=300",
                                          "meters.prosumer_share=0.5",
                                          "start_date=2023-06-01",
                                          "slots=3",
                                          "seed=4",
                                          "chain.crypto=modelled",
                                          "chain.concentrator=none",
                                          "chain.client_delay=exponential 20 s",
                                          "chain.block.max_transactions=10",
                                          "chain.delay=constant 20 ms",
                                          "chain.block.min_seal=100 ms",
                                          NULL};
    static int64_t slow_wh[N_METERS * N_SLOTS], ideal_wh[N_METERS * N_SLOTS];
    struct gb_record *slow = run_both(village, nothing), *control = run_both(village, ideal);

    if (slow && control) {
        const struct gb_slot_row *a = gb_record_rows(slow, GB_TABLE_SLOTS);
        const struct gb_slot_row *b = gb_record_rows(control, GB_TABLE_SLOTS);
        EXPECT_INT(summary_of(slow)->n_missed_slots, 0);
        EXPECT_INT(summary_of(slow)->n_voided, 0);
        EXPECT_INT(summary_of(slow)->n_refused, 0);
        EXPECT_INT(summary_of(slow)->n_late, 0);
        EXPECT(summary_of(slow)->n_settled > 100);
        for (size_t k = 0; k < N_SLOTS; k++)
            EXPECT_INT(a[k].traded_wh, b[k].traded_wh);
        add_trades(slow, N_METERS, slow_wh);
        add_trades(control, N_METERS, ideal_wh);
        for (size_t i = 0; i < N_METERS * N_SLOTS; i++)
            if (slow_wh[i] != ideal_wh[i])
                EXPECT(has_equal(control, (int64_t)(i / N_METERS), (uint32_t)(i % N_METERS)));
    }
    gb_record_free(slow);
    gb_record_free(control);
}

/* Orders of two meters, all sent at once. */
static void write_orders(const char *path, int n)
{
    FILE *file = fopen(path, "w");

    if (!EXPECT(file != NULL))
        return;
    fputs("id,side,price,quantity,owner,time\n", file);
    for (int i = 0; i < n; i++)
        fprintf(file, "o%d,%s,0.05,%d,1\n", i, i % 2 ? "buy,0.5" : "sell,0.4", i % 2);
    fclose(file);
}

/* 120 orders of a meter, in a bundle each or alone, overtake each other by more than 64. */
static void what_overtakes_its_own_kind_is_signed_again_and_bundles_are_sent_again(void)
{
    static const char *const crowd[] = {"slots=1",
                                        "meters.count=2",
                                        "market.books=pooled",
                                        "orders.file=test_lateness.csv",
                                        "chain.client_delay=exponential 20 s",
                                        "chain.block.max_transactions=3",
                                        NULL};
    static const char *const alone[] = {"chain.concentrator=none", NULL};
    static const char *const bundled[] = {"chain.concentrator=2", NULL};

    write_orders("test_lateness.csv", 240);
    struct gb_record *control = run_both(crowd, ideal);
    struct gb_record *loose = run_both(crowd, alone), *tied = run_both(crowd, bundled);
    if (control && loose && tied) {
        EXPECT_INT(summary_of(control)->n_accepted, 240);
        expect_nothing_lost(loose, control);
        expect_nothing_lost(tied, control);
        EXPECT(summary_of(loose)->n_orders_again > 20);
        EXPECT_INT(summary_of(loose)->n_bundles_again, 0);
        EXPECT(summary_of(tied)->n_bundles_again > 20);
        const struct gb_order_row *orders = gb_record_rows(loose, GB_TABLE_ORDERS);
        int64_t n_again = 0;
        for (size_t i = 0; i < gb_record_n_rows(loose, GB_TABLE_ORDERS); i++)
            n_again += orders[i].n_again;
        EXPECT_INT(n_again, summary_of(loose)->n_orders_again);
    }
    gb_record_free(control);
    gb_record_free(loose);
    gb_record_free(tied);
    remove("test_lateness.csv");
}

/* ---- no end */

/* A block a message and links of half an hour and more: what the run comes to, and what it says. */
static enum gb_status run_crawling(const char *meters, const char *delay, struct gb_record **record,
                                   struct gb_error *err)
{
    const char *const settings[] = {meters,
                                    delay,
                                    "slots=2",
                                    "meters.wind_share=0.25",
                                    "forecast.skill=0.8",
                                    "chain.crypto=modelled",
                                    "chain.concentrator=none",
                                    "output.level=summary",
                                    "chain.block.max_transactions=1",
                                    "chain.block.min_seal=1 ms",
                                    "chain.delay=constant 0 s"};
    const struct gb_run_options options = {0};
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_scenario *scenario = NULL;
    enum gb_status status = gb_scenario_defaults(
        &scenario, NULL, sizeof settings / sizeof settings[0], settings, diagnostics, err);

    if (EXPECT_INT(status, GB_OK))
        status = gb_run_trial(scenario, &options, record, err);
    gb_scenario_free(scenario);
    gb_diagnostics_free(diagnostics);
    return status;
}

/* 1400 readings round and round on equal links: between two goes of one the others make 1400
 * blocks, and a message is valid for 1000. */
static void a_run_in_which_all_messages_expire_for_ever_ends_and_says_why(void)
{
    struct gb_record *record = NULL;
    struct gb_error err = {0};
    static const char *const named[] = {"livelock",
                                        "expire faster than they reach the ledger",
                                        "constant 30 min",
                                        "chain.client_delay",
                                        "chain.block.max_transactions",
                                        "chain.block.min_seal"};

    EXPECT_INT(
        run_crawling("meters.count=700", "chain.client_delay=constant 30 min", &record, &err),
        GB_EREFUSED);
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (!EXPECT(strstr(err.text, named[i]) != NULL))
            tap_note("no '%s' in '%s'", named[i], err.text);
    EXPECT(!record);
    gb_record_free(record);
}

/* Fewer than 1000, or links of which some are faster than others: every reading gets through in the
 * end, as the identities of the run ask. */
static void a_run_that_crawls_but_gets_on_is_not_cut_short(void)
{
    static const char *const crawling[][2] = {
        {"meters.count=400", "chain.client_delay=constant 30 min"},
        {"meters.count=505", "chain.client_delay=constant 30 min"},
        {"meters.count=700", "chain.client_delay=uniform 25 min 35 min"},
        {"meters.count=700", "chain.client_delay=exponential 30 min"}};

    for (size_t i = 0; i < sizeof crawling / sizeof crawling[0]; i++) {
        struct gb_record *record = NULL;
        struct gb_error err = {0};

        EXPECT_INT(run_crawling(crawling[i][0], crawling[i][1], &record, &err), GB_OK);
        EXPECT_TEXT(err.text, "");
        if (record)
            EXPECT(summary_of(record)->n_readings_again > 100);
        gb_record_free(record);
    }
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_slow_link_and_many_blocks_lose_nothing),
        TAP(a_slow_chain_trades_like_the_ideal_one_but_for_ties),
        TAP(what_overtakes_its_own_kind_is_signed_again_and_bundles_are_sent_again),
        TAP(a_run_in_which_all_messages_expire_for_ever_ends_and_says_why),
        TAP(a_run_that_crawls_but_gets_on_is_not_cut_short),
        {0}};
    return tap_main("lateness", tests);
}
