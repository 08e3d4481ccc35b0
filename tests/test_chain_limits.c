/* Chains at their limits, each found by a campaign of random scenarios or by reading. */
#include "tests/runs.h"

#include "tests/tap.h"

static void a_chain_more_than_its_messages_lifetime_behind_ends_and_balances(void)
{
    /* over a thousand blocks of one transaction wait: finalize and settle expire, and are said
     * again */
    static const char *const settings[] = {"meters.count=100",
                                           "slots=14",
                                           "site.utc_offset=-4",
                                           "chain.block.max_transactions=1",
                                           "chain.delay=constant 60 s",
                                           "settlement.deadline=3 h",
                                           NULL};
    struct gb_record *record = run_with(NULL, settings);

    if (record)
        EXPECT(summary_of(record)->n_blocks > 2000);
    gb_record_free(record);
}

static void orders_decided_long_before_they_are_sent_do_not_expire(void)
{
    /* over a thousand blocks an hour: what an agent means to send is signed when it is sent */
    static const char *const settings[] = {"meters.count=1500",
                                           "slots=2",
                                           "slot=60 min",
                                           "site.utc_offset=-4",
                                           "market.open=120 min",
                                           "agents.reaction=uniform 0 s 5400 s",
                                           "chain.concentrator=none",
                                           "chain.block.min_seal=100 ms",
                                           NULL};
    struct gb_record *record = run_with(NULL, settings);

    if (record) {
        EXPECT(summary_of(record)->n_blocks > 2000);
        EXPECT_INT(summary_of(record)->n_refused, 0);
    }
    gb_record_free(record);
}

static void a_burst_of_blocks_in_one_instant_does_not_outrun_the_clock(void)
{
    /* blocks a millisecond apart by their headers, sealed at once: voters bear a second of that */
    static const char *const settings[] = {"meters.count=1200",
                                           "slots=1",
                                           "chain.concentrator=none",
                                           "chain.block.max_transactions=1",
                                           "chain.delay=constant 0 ms",
                                           "chain.client_delay=constant 0 ms",
                                           "agents.reaction=constant 0 s",
                                           NULL};
    struct gb_record *record = run_with(NULL, settings);

    if (record)
        EXPECT_INT(summary_of(record)->n_accepted, summary_of(record)->n_orders);
    gb_record_free(record);
}

static void a_whole_interval_may_stand_in_one_block(void)
{
    /* close, open, finalize, and the finalize of the next: matched and forgotten before a
     * meter is acknowledged */
    static const char *const settings[] = {"meters.count=20",
                                           "slots=30",
                                           "slot=1 min",
                                           "site.utc_offset=-4",
                                           "forecast.kind=perfect",
                                           "chain.delay=constant 60 s",
                                           "market.open=60 min",
                                           "market.gate=1 s",
                                           "settlement.deadline=0.001 s",
                                           "market.books=pooled",
                                           NULL};
    struct gb_record *record = run_with(NULL, settings);

    if (record) {
        EXPECT(summary_of(record)->n_trades > 0);
        EXPECT_INT(summary_of(record)->n_voided, summary_of(record)->n_trades);
    }
    gb_record_free(record);
}

static void a_tiny_pool_is_no_storm_of_retries(void)
{
    static const char *const settings[] = {
        "meters.count=40", "slots=6", "chain.block.min_seal=10 min", "chain.pool_limit=1", NULL};
    struct gb_record *record = run_with(NULL, settings);

    if (record)
        EXPECT(summary_of(record)->n_late + summary_of(record)->n_refused > 0);
    gb_record_free(record);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_chain_more_than_its_messages_lifetime_behind_ends_and_balances),
        TAP(orders_decided_long_before_they_are_sent_do_not_expire),
        TAP(a_burst_of_blocks_in_one_instant_does_not_outrun_the_clock),
        TAP(a_whole_interval_may_stand_in_one_block),
        TAP(a_tiny_pool_is_no_storm_of_retries),
        {0}};
    return tap_main("chains at their limits", tests);
}
