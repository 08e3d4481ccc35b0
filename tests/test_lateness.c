/* What comes at the wrong time: it is signed again while its purpose stands, so that a chain
 * without loss trades like the ideal one however slow its links are; and what is late all the same,
 * order or slot, has one cause. */
#include <stdio.h>
#include <string.h>

#include "chain/contracts/contracts.h"
#include "experiments/run/run.h"
#include "experiments/scenario/diagnostics.h"
#include "experiments/scenario/scenario.h"
#include "tests/runs.h"
#include "tests/tap.h"

enum { MOST = 24 };

/* The settings of both lists, each closed by NULL. */
static struct gb_record *run_both(const char *const *some, const char *const *more)
{
    const char *settings[MOST] = {0};
    size_t n = 0;

    for (; *some; some++)
        settings[n++] = *some;
    for (; *more; more++)
        settings[n++] = *more;
    return run_with(NULL, settings);
}

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

/* ---- causes */

static int64_t sum_of_late(const struct gb_summary_row *sum)
{
    return sum->n_late_sent + sum->n_late_link + sum->n_late_pool + sum->n_late_consensus;
}

static int64_t sum_of_missed(const struct gb_summary_row *sum)
{
    return sum->n_missed_close_link + sum->n_missed_close_pool + sum->n_missed_close_consensus +
           sum->n_missed_close_refused + sum->n_missed_open_link + sum->n_missed_open_pool +
           sum->n_missed_open_refused;
}

static int64_t sum_of_refusals(const struct gb_summary_row *sum)
{
    return sum->n_refused_unregistered + sum->n_refused_suspended + sum->n_refused_bad_signature +
           sum->n_refused_replay + sum->n_refused_expired + sum->n_refused_out_of_band +
           sum->n_refused_outside_reserve + sum->n_refused_beyond_capacity +
           sum->n_refused_underfunded + sum->n_refused_below_minimum + sum->n_refused_malformed +
           sum->n_refused_not_allowed + sum->n_refused_unknown_target +
           sum->n_refused_already_done + sum->n_refused_too_early;
}

/* Each cause once, whatever the table. */
static void expect_tables_to_agree(const struct gb_record *record)
{
    const struct gb_summary_row *sum = summary_of(record);
    const struct gb_slot_row *slots = gb_record_rows(record, GB_TABLE_SLOTS);
    const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);
    int64_t by_order[5] = {0}, by_slot[5] = {0}, missed[8] = {0};

    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++)
        by_order[orders[i].late_cause]++;
    for (size_t k = 0; k < gb_record_n_rows(record, GB_TABLE_SLOTS); k++) {
        EXPECT_INT(slots[k].missed_cause != GB_MISSED_NOT, slots[k].status);
        missed[slots[k].missed_cause]++;
        by_slot[GB_LATE_SENT] += slots[k].n_late_sent;
        by_slot[GB_LATE_LINK] += slots[k].n_late_link;
        by_slot[GB_LATE_POOL] += slots[k].n_late_pool;
        by_slot[GB_LATE_CONSENSUS] += slots[k].n_late_consensus;
    }
    const int64_t late[5] = {0, sum->n_late_sent, sum->n_late_link, sum->n_late_pool,
                             sum->n_late_consensus};
    for (int c = 1; c < 5; c++) {
        EXPECT_INT(by_order[c], late[c]);
        EXPECT_INT(by_slot[c], late[c]);
    }
    EXPECT_INT(missed[GB_MISSED_CLOSE_LINK], sum->n_missed_close_link);
    EXPECT_INT(missed[GB_MISSED_CLOSE_POOL], sum->n_missed_close_pool);
    EXPECT_INT(missed[GB_MISSED_CLOSE_CONSENSUS], sum->n_missed_close_consensus);
    EXPECT_INT(missed[GB_MISSED_OPEN_LINK], sum->n_missed_open_link);
    EXPECT_INT(missed[GB_MISSED_OPEN_POOL], sum->n_missed_open_pool);
    EXPECT_INT(sum_of_late(sum), sum->n_late);
    EXPECT_INT(sum_of_missed(sum), sum->n_missed_slots);
    EXPECT_INT(sum_of_refusals(sum), sum->n_refused);
    EXPECT_INT(sum->n_accepted + sum->n_refused + sum->n_late, sum->n_orders);
}

/* The gate falls 600 s after opening, 300 s before delivery. */
static const char *const quiet[] = {"meters.count=24",       "meters.prosumer_share=0.6", "slots=4",
                                    "chain.crypto=modelled", "chain.concentrator=none",   NULL};

struct isolated {
    const char *settings[5];
    size_t counted_in;
}; /* offset in the summary */

#define COLUMN(name) offsetof(struct gb_summary_row, name)

static int64_t count_at(const struct gb_summary_row *sum, size_t offset)
{
    int64_t count;

    memcpy(&count, (const char *)sum + offset, sizeof count);
    return count;
}

static void each_cause_that_makes_an_order_late_is_told_from_the_others(void)
{
    static const struct isolated cases[] = {
        {{"agents.reaction=constant 601 s"}, COLUMN(n_late_sent)},
        {{"agents.reaction=constant 600 s", "chain.protocol=ideal"}, COLUMN(n_late_sent)},
        {{"agents.reaction=constant 599 s", "chain.client_delay=constant 2 s"},
         COLUMN(n_late_link)},
        /* readings of the slot before are sealed 1 s before the orders come, and the gate falls 1 s
         * behind them */
        {{"agents.reaction=constant 1 s", "market.gate=898 s", "chain.block.min_seal=10 s"},
         COLUMN(n_late_pool)},
        {{"agents.reaction=constant 599.9 s", "chain.client_delay=constant 20 ms",
          "chain.pool_limit=1", "chain.delay=constant 1 ms"},
         COLUMN(n_late_pool)},
        /* full pools, but nobody knocks at one before the gate */
        {{"agents.reaction=constant 599 s", "chain.client_delay=constant 2 s", "chain.pool_limit=1",
          "chain.delay=constant 1 ms"},
         COLUMN(n_late_link)},
        {{"agents.reaction=constant 599.5 s", "chain.delay=constant 100 ms",
          "chain.block.min_seal=1 ms"},
         COLUMN(n_late_consensus)},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_record *record = run_both(quiet, cases[i].settings);

        if (record) {
            const struct gb_summary_row *sum = summary_of(record);
            if (!EXPECT(sum->n_late > 0 && count_at(sum, cases[i].counted_in) == sum->n_late))
                tap_note("case %zu: late %lld: sent %lld, link %lld, pool %lld, consensus %lld", i,
                         (long long)sum->n_late, (long long)sum->n_late_sent,
                         (long long)sum->n_late_link, (long long)sum->n_late_pool,
                         (long long)sum->n_late_consensus);
            expect_tables_to_agree(record);
        }
        gb_record_free(record);
    }
}

static void each_cause_that_misses_a_slot_is_told_from_the_others(void)
{
    static const struct isolated cases[] = {
        {{"chain.client_delay=constant 301 s"}, COLUMN(n_missed_close_link)},
        {{"agents.reaction=constant 590 s", "chain.block.max_transactions=1",
          "chain.delay=constant 8 s"},
         COLUMN(n_missed_close_pool)},
        {{"chain.delay=constant 76 s", "chain.block.min_seal=1 ms"},
         COLUMN(n_missed_close_consensus)},
        /* the close has 5 min to the start, the open 2 min to the deadline */
        {{"slot=1 min", "settlement.deadline=1 min", "chain.client_delay=constant 4 min"},
         COLUMN(n_missed_open_link)},
        {{"slot=1 min", "settlement.deadline=1 s", "chain.block.min_seal=150 s"},
         COLUMN(n_missed_open_pool)},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gb_record *record = run_both(quiet, cases[i].settings);

        if (record) {
            const struct gb_summary_row *sum = summary_of(record);
            if (!EXPECT(sum->n_missed_slots > 0 &&
                        count_at(sum, cases[i].counted_in) == sum->n_missed_slots))
                tap_note(
                    "case %zu: missed %lld: close link %lld, pool %lld, consensus %lld, refused "
                    "%lld; open link %lld, pool %lld",
                    i, (long long)sum->n_missed_slots, (long long)sum->n_missed_close_link,
                    (long long)sum->n_missed_close_pool, (long long)sum->n_missed_close_consensus,
                    (long long)sum->n_missed_close_refused, (long long)sum->n_missed_open_link,
                    (long long)sum->n_missed_open_pool);
            expect_tables_to_agree(record);
        }
        gb_record_free(record);
    }
}

/* Links of minutes bring some opens after the deadline, while finalize is on its way to be
 * executed: nothing is refused here, so that no slot may be missed by a refusal. */
static void an_open_that_arrives_behind_its_deadline_was_on_its_link_and_not_refused(void)
{
    static const char *const slow[] = {"slot=1 min",
                                       "slots=100",
                                       "market.open=100 min",
                                       "market.gate=90 min",
                                       "settlement.deadline=1 ms",
                                       "chain.client_delay=exponential 2 min",
                                       "chain.delay=constant 20 s",
                                       "chain.block.min_seal=1 ms",
                                       NULL};
    struct gb_record *record = run_both(quiet, slow);

    if (!record)
        return;
    const struct gb_summary_row *sum = summary_of(record);
    EXPECT_INT(sum->n_authority_again, 0);
    EXPECT_INT(sum->n_missed_open_refused, 0);
    EXPECT(sum->n_missed_open_link > 10);
    expect_tables_to_agree(record);
    gb_record_free(record);
}

/* Full pools and orders shortly before the gate: some are given up and never see the ledger. */
static void an_order_that_no_pool_took_before_the_gate_is_late_and_in_no_block(void)
{
    static const char *const crowded[] = {"agents.reaction=constant 598 s", "chain.pool_limit=1",
                                          NULL};
    struct gb_record *record = run_both(quiet, crowded);
    int64_t n_given_up = 0;

    if (!record)
        return;
    const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);
    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++)
        if (orders[i].status == GB_N_RECEIPTS) {
            n_given_up++;
            EXPECT_INT(orders[i].late_cause, GB_LATE_POOL);
            EXPECT_INT(orders[i].height, 0);
            EXPECT(orders[i].stable_ns == GB_NO_TIME);
        }
    EXPECT(n_given_up > 10);
    expect_tables_to_agree(record);
    gb_record_free(record);
}

/* Behind links of hours orders come hours after their gate, and as more than 1000 blocks have
 * passed expired: what made them late is their link, whatever the receipt. */
static void what_expired_behind_its_gate_is_late_by_its_cause(void)
{
    static const char *const hours[] = {"slots=192", "settlement.deadline=1 d",
                                        "chain.client_delay=exponential 5 h",
                                        "chain.block.max_transactions=1", NULL};
    static const char *const some[] = {"meters.count=24", "chain.crypto=modelled",
                                       "chain.concentrator=none", NULL};
    struct gb_record *record = run_both(some, hours);
    int64_t n_expired = 0;

    if (!record)
        return;
    const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);
    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++)
        if (orders[i].status == GB_RECEIPT_EXPIRED) {
            n_expired++;
            EXPECT_INT(orders[i].late_cause, GB_LATE_LINK);
        }
    EXPECT(n_expired > 100);
    EXPECT_INT(summary_of(record)->n_refused_expired, 0);
    EXPECT_INT(summary_of(record)->n_refused_replay, 0);
    EXPECT_INT(summary_of(record)->n_refused_too_early, 0);
    expect_tables_to_agree(record);
    gb_record_free(record);
}

static void refusals_are_counted_by_their_reasons(void)
{
    static const char *const poor[] = {"agents.balance=0.02", NULL};
    struct gb_record *record = run_both(quiet, poor);

    if (record) {
        EXPECT(summary_of(record)->n_refused > 0);
        EXPECT_INT(summary_of(record)->n_refused_underfunded, summary_of(record)->n_refused);
        expect_tables_to_agree(record);
    }
    gb_record_free(record);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_slow_link_and_many_blocks_lose_nothing),
        TAP(a_slow_chain_trades_like_the_ideal_one_but_for_ties),
        TAP(what_overtakes_its_own_kind_is_signed_again_and_bundles_are_sent_again),
        TAP(a_run_in_which_all_messages_expire_for_ever_ends_and_says_why),
        TAP(a_run_that_crawls_but_gets_on_is_not_cut_short),
        TAP(each_cause_that_makes_an_order_late_is_told_from_the_others),
        TAP(each_cause_that_misses_a_slot_is_told_from_the_others),
        TAP(an_open_that_arrives_behind_its_deadline_was_on_its_link_and_not_refused),
        TAP(an_order_that_no_pool_took_before_the_gate_is_late_and_in_no_block),
        TAP(what_expired_behind_its_gate_is_late_by_its_cause),
        TAP(refusals_are_counted_by_their_reasons),
        {0}};
    return tap_main("lateness", tests);
}
