/* What is late, refused or missed, order or slot, has one cause, and every table counts it alike.
 */
#include <stddef.h>
#include <string.h>

#include "chain/contracts/contracts.h"
#include "tests/runs.h"
#include "tests/tap.h"

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
        TAP(each_cause_that_makes_an_order_late_is_told_from_the_others),
        TAP(each_cause_that_misses_a_slot_is_told_from_the_others),
        TAP(an_open_that_arrives_behind_its_deadline_was_on_its_link_and_not_refused),
        TAP(an_order_that_no_pool_took_before_the_gate_is_late_and_in_no_block),
        TAP(what_expired_behind_its_gate_is_late_by_its_cause),
        TAP(refusals_are_counted_by_their_reasons),
        {0}};
    return tap_main("late_causes", tests);
}
