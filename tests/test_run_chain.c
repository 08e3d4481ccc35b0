/* Runs whose chain is slow, full or bundled: what is late, missed, void or refused for it, and
 * counted. */
#include "experiments/run/run.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "chain/contracts/contracts.h"
#include "chain/ledger/ledger.h"
#include "experiments/scenario/diagnostics.h"
#include "tests/runs.h"
#include "tests/tap.h"

static void missed_slots_leave_everybody_at_the_tariff(void)
{
    /* 2 min a hop: three phases, execution and checkpoint take 8 min, the gate is 5 min before t */
    struct gb_record *record = run_village("chain.delay=constant 120 s", NULL, NULL, NULL);
    const struct gb_summary_row *sum = record ? summary_of(record) : NULL;

    if (sum) {
        EXPECT_INT(sum->n_missed_slots, sum->n_slots);
        EXPECT_INT(sum->n_settled, 0);
        EXPECT_INT(sum->cost, sum->cost_grid_only);
    }
    gb_record_free(record);
}

static void orders_that_cross_too_late_are_late_and_lose_their_trades(void)
{
    struct gb_record *fast =
        run_village("agents.reaction=uniform 0 s 590 s", "chain.delay=constant 10 ms", NULL, NULL);
    struct gb_record *slow =
        run_village("agents.reaction=uniform 0 s 590 s", "chain.delay=constant 20 s", NULL, NULL);

    if (fast && slow) {
        EXPECT(summary_of(slow)->n_late > summary_of(fast)->n_late + 20);
        EXPECT(summary_of(slow)->traded_wh < summary_of(fast)->traded_wh);
    }
    gb_record_free(fast);
    gb_record_free(slow);
}

/* A bid a second of one meter, under way for up to 30 s: the 256th after it takes as long, within a
 * second, about once in fifteen times, unless both have the same draws. */
/* A client may take longer than its interval lasts until it is paid for. */
static void orders_that_arrive_after_everything_is_paid_are_late_in_every_table(void)
{
    const char *settings[] = {"slot=5 min",
                              "slots=40",
                              "meters.count=3",
                              "meters.storage_share=0",
                              "market.open=6 min",
                              "market.gate=1 min",
                              "settlement.deadline=3 h",
                              "chain.client_delay=exponential 10 min",
                              "chain.crypto=modelled",
                              "seed=3",
                              NULL};
    struct gb_record *record = run_with(NULL, settings);
    const struct gb_order_row *orders = record ? gb_record_rows(record, GB_TABLE_ORDERS) : NULL;
    const struct gb_slot_row *slots = record ? gb_record_rows(record, GB_TABLE_SLOTS) : NULL;
    int64_t n_late = 0, n_late_by_slot = 0, n_unanswered = 0;

    for (size_t i = 0; record && i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++) {
        n_unanswered += orders[i].status >= GB_N_RECEIPTS;
        n_late += orders[i].status == GB_RECEIPT_LATE || orders[i].status == GB_RECEIPT_GATE_CLOSED;
    }
    for (size_t i = 0; record && i < gb_record_n_rows(record, GB_TABLE_SLOTS); i++)
        n_late_by_slot += slots[i].n_late;
    EXPECT_INT(n_unanswered, 0);
    EXPECT(n_late > 10);
    if (record) {
        EXPECT_INT(summary_of(record)->n_late, n_late);
        EXPECT_INT(n_late_by_slot, n_late);
    }
    gb_record_free(record);
}

static void every_slot_that_was_missed_is_counted(void)
{
    const char *settings[] = {"slot=5 min",
                              "slots=12",
                              "meters.count=20",
                              "chain.block.min_seal=2 min",
                              "chain.block.max_transactions=2",
                              "chain.pool_limit=1",
                              "chain.crypto=modelled",
                              "seed=1",
                              NULL};
    struct gb_record *record = run_with(NULL, settings);
    const struct gb_slot_row *slots = record ? gb_record_rows(record, GB_TABLE_SLOTS) : NULL;
    int64_t n_missed = 0;

    for (size_t i = 0; record && i < gb_record_n_rows(record, GB_TABLE_SLOTS); i++)
        n_missed += slots[i].status;
    EXPECT(n_missed > 6);
    if (record)
        EXPECT_INT(summary_of(record)->n_missed_slots, n_missed);
    gb_record_free(record);
}

/* Slots of a second on a slow network: some meters learn of their match only after they have read
 * and sign later, some readings come before the open, some settlements are refused and said again.
 */
static int64_t count_void(const char *delay, const char *client_delay)
{
    const char *settings[] = {"slots=40",
                              "meters.count=24",
                              "slot=1 s",
                              "market.open=14 s",
                              "market.gate=4 s",
                              "settlement.deadline=20 s",
                              "chain.nodes=13",
                              "meters.wind_share=1",
                              "wind.turbine=100000",
                              "load.mean=20000",
                              "agents.balance=1000000",
                              "seed=1",
                              delay,
                              client_delay,
                              NULL};
    struct gb_record *record = run_with(NULL, settings);
    int64_t n_voided = -1;

    if (record && EXPECT(summary_of(record)->n_settled > 0))
        n_voided = summary_of(record)->n_voided;
    gb_record_free(record);
    return n_voided;
}

static void late_signatures_and_early_readings_save_trades(void)
{
    /* stored. Under another wind the first was 17, then 18 without approvals after the reading, 61
     * where a reading that is overtaken by the next one is lost */
    EXPECT_INT(count_void("chain.delay=lognormal 200 ms 2", NULL), 12);
    EXPECT_INT(count_void("chain.delay=exponential 200 ms", "chain.client_delay=exponential 1 s"),
               14);
}

static void what_is_read_before_the_open_settles_after_it(void)
{
    /* slots of a second, messages of three: the operator looks again at what was read before its
     * open; 73 trades are void where it does not */
    const char *settings[] = {"slots=40",
                              "meters.count=24",
                              "slot=1 s",
                              "market.open=60 s",
                              "market.gate=30 s",
                              "settlement.deadline=60 s",
                              "meters.wind_share=1",
                              "wind.turbine=100000",
                              "load.mean=20000",
                              "agents.balance=1000000",
                              "agents.reaction=uniform 0 s 10 s",
                              "chain.delay=exponential 100 ms",
                              "chain.client_delay=exponential 3 s",
                              "chain.crypto=modelled",
                              "seed=1",
                              NULL};
    struct gb_record *record = run_with(NULL, settings);

    if (record) {
        EXPECT(summary_of(record)->n_trades > 100);
        EXPECT_INT(summary_of(record)->n_voided, 0);
        EXPECT_INT(summary_of(record)->n_unread, 0);
    }
    gb_record_free(record);
}

static void a_match_that_is_never_delivered_is_no_surplus(void)
{
    const char *settings[] = {"orders.inline=id,side,price,quantity\na,sell,0.4,1\nb,buy,0.5,1\n",
                              "slot=60 min",
                              "slots=1",
                              "meters.count=2",
                              "meters.delivery=declared",
                              "market.books=pooled",
                              "market.gate=500 ms",
                              "chain.delay=constant 200 ms",
                              "chain.client_delay=constant 20 ms",
                              NULL};
    struct gb_record *record = run_with(NULL, settings);

    if (record) {
        EXPECT_INT(summary_of(record)->n_missed_slots, 1);
        EXPECT_INT(summary_of(record)->n_voided, 1);
        EXPECT(summary_of(record)->efficiency_reserves == 0);
        EXPECT(summary_of(record)->efficiency_grid == 0);
    }
    gb_record_free(record);
}

static void without_a_market_everybody_pays_what_the_grid_alone_would_cost(void)
{
    struct gb_record *record = run_village("market.mechanism=grid_only", NULL, NULL, NULL);

    if (record) {
        EXPECT_INT(summary_of(record)->n_orders, 0);
        EXPECT(summary_of(record)->cost != 0);
        EXPECT_INT(summary_of(record)->cost, summary_of(record)->cost_grid_only);
        EXPECT_INT(summary_of(record)->buyers_cost, summary_of(record)->buyers_cost_grid_only);
    }
    gb_record_free(record);
}

static void no_two_orders_of_a_meter_share_their_draws_however_many_there_are(void)
{
    enum { N_ORDERS = 512 };
    int64_t took_ns[N_ORDERS] = {0};
    static char table[16 * 1024] = "orders.inline=id,side,price,quantity,time,owner\n";
    size_t n = strlen(table), n_alike = 0;

    for (int i = 0; i < N_ORDERS; i++)
        n += (size_t)snprintf(table + n, sizeof table - n, "B%d,buy,0.4,0.001,%d,0\n", i, i);
    struct gb_record *record = run_village("slots=1", "chain.client_delay=uniform 0 s 30 s",
                                           "chain.delay=constant 10 ms", table);
    if (record && EXPECT_INT(summary_of(record)->n_accepted, N_ORDERS)) {
        const struct gb_order_row *orders = gb_record_rows(record, GB_TABLE_ORDERS);

        for (size_t i = 0; i < N_ORDERS; i++)
            took_ns[(orders[i].sent_ns - orders[0].sent_ns) / GB_NS_PER_SECOND] =
                orders[i].stable_ns - orders[i].sent_ns;
        for (size_t i = 0; i < N_ORDERS / 2; i++)
            n_alike += llabs(took_ns[i + N_ORDERS / 2] - took_ns[i]) < GB_NS_PER_SECOND;
        EXPECT(n_alike < N_ORDERS / 8);
    }
    gb_record_free(record);
}

static void no_user_of_a_larger_community_is_refused_for_its_size(void)
{
    static const char *const counts[] = {"meters.count=100", "meters.count=2500"};

    for (size_t i = 0; i < 2; i++) { /* registrations overtake each other on long delays */
        struct gb_record *record =
            run_village(counts[i], "slots=2", "chain.client_delay=exponential 5 s",
                        "chain.delay=exponential 1 s");

        if (record)
            EXPECT_INT(summary_of(record)->n_refused, 0);
        gb_record_free(record);
    }
}

static void what_full_pools_refuse_and_who_retries_is_counted(void)
{
    struct gb_record *calm = run_village("slots=4", NULL, NULL, NULL);
    struct gb_record *full = run_village("slots=4", "chain.pool_limit=2", NULL, NULL);
    struct gb_record *slow = run_village("slots=4", "chain.client_delay=constant 10 s", NULL, NULL);

    if (calm && full && slow) {
        EXPECT_INT(summary_of(calm)->n_pool_refusals, 0);
        EXPECT_INT(summary_of(calm)->n_resent, 0);
        EXPECT(summary_of(full)->n_pool_refusals > 0);
        EXPECT_INT(summary_of(slow)->n_pool_refusals, 0);
        EXPECT(summary_of(slow)->n_resent > 0);
    }
    gb_record_free(calm);
    gb_record_free(full);
    gb_record_free(slow);
}

/* Orders of one transaction are a bundle. Without delays of clients and links its first order is
 * stable as late as the bundle left, and a seal and four votes after that. */
static void a_bundle_that_is_not_full_leaves_five_seconds_after_its_first_order(void)
{
    struct gb_record *record =
        run_with(NULL, (const char *const[]){
                           "meters.count=8", "meters.prosumer_share=0.5", "slots=8",
                           "chain.crypto=modelled", "chain.concentrator=8",
                           "chain.client_delay=constant 0 s", "chain.delay=constant 0 s",
                           "chain.block.min_seal=1 ms", "agents.reaction=uniform 0 s 100 s", NULL});
    size_t n = record ? gb_record_n_rows(record, GB_TABLE_ORDERS) : 0, n_waited = 0;
    const struct gb_order_row *orders = record ? gb_record_rows(record, GB_TABLE_ORDERS) : NULL;

    for (size_t i = 0; i < n; i++) {
        int64_t first_ns = orders[i].sent_ns, last_ns = orders[i].sent_ns;
        for (size_t k = 0; k < n; k++)
            if (orders[k].interval == orders[i].interval && orders[k].height == orders[i].height &&
                orders[k].transaction == orders[i].transaction) {
                first_ns = orders[k].sent_ns < first_ns ? orders[k].sent_ns : first_ns;
                last_ns = orders[k].sent_ns > last_ns ? orders[k].sent_ns : last_ns;
            }
        int64_t waited_ns = orders[i].stable_ns - first_ns;
        EXPECT(last_ns - first_ns <= 5 * GB_NS_PER_SECOND);
        EXPECT(waited_ns <= 5 * GB_NS_PER_SECOND + 10 * GB_NS_PER_MS);
        n_waited += waited_ns >= 5 * GB_NS_PER_SECOND;
    }
    EXPECT(n > 20 && 2 * n_waited > n);
    gb_record_free(record);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(missed_slots_leave_everybody_at_the_tariff),
        TAP(orders_that_cross_too_late_are_late_and_lose_their_trades),
        TAP(orders_that_arrive_after_everything_is_paid_are_late_in_every_table),
        TAP(every_slot_that_was_missed_is_counted),
        TAP(late_signatures_and_early_readings_save_trades),
        TAP(what_is_read_before_the_open_settles_after_it),
        TAP(a_match_that_is_never_delivered_is_no_surplus),
        TAP(without_a_market_everybody_pays_what_the_grid_alone_would_cost),
        TAP(no_two_orders_of_a_meter_share_their_draws_however_many_there_are),
        TAP(no_user_of_a_larger_community_is_refused_for_its_size),
        TAP(what_full_pools_refuse_and_who_retries_is_counted),
        TAP(a_bundle_that_is_not_full_leaves_five_seconds_after_its_first_order),
        {0}};
    return tap_main("runs on a chain", tests);
}
