/* Agents who amend their orders where orders trade as they come: what moves their moments, what
 * moves nature, and what latency takes from those who do and do not allow for it. */
#include "experiments/run/requotes.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/runs.h"
#include "tests/tap.h"

/* A windy hour of a small street. */
static const char *const street[] = {"slot=5 min",
                                     "slots=24",
                                     "meters.count=20",
                                     "meters.wind_share=1",
                                     "market.gate=20 s",
                                     "market.open=5 min",
                                     "agents.traits=wide",
                                     "agents.deadline=3",
                                     "market.mechanism=continuous",
                                     "forecast.kind=perfect",
                                     "output.level=market",
                                     NULL};

static struct gb_record *run_street(const char *a, const char *b, const char *c)
{
    const char *more[] = {a, b, c, NULL};

    for (size_t i = 0, n = 0; i < 3; i++) { /* close ranks */
        const char *setting = more[i];
        more[i] = NULL;
        if (setting)
            more[n++] = setting;
    }
    return run_both(street, more);
}

/* ---- wake-ups */

static int compare_wake_ups(const void *a, const void *b)
{
    const struct gb_order_row *x = a, *y = b;

    if (x->interval != y->interval)
        return x->interval < y->interval ? -1 : 1;
    if (x->meter != y->meter)
        return x->meter < y->meter ? -1 : 1;
    if (x->source != y->source)
        return x->source < y->source ? -1 : 1;
    return (x->wake_up > y->wake_up) - (x->wake_up < y->wake_up);
}

/* How many messages both runs sent at the same wake-up of the same order; all at the same time. */
static size_t count_common(const struct gb_record *a, const struct gb_record *b)
{
    const struct gb_order_row *x = gb_record_rows(a, GB_TABLE_ORDERS);
    size_t n_x = gb_record_n_rows(a, GB_TABLE_ORDERS), n_y = gb_record_n_rows(b, GB_TABLE_ORDERS);
    struct gb_order_row *y = malloc((n_y + 1) * sizeof *y);
    size_t n = 0, n_moved = 0;

    if (!y)
        return 0;
    for (size_t i = 0; i < n_y; i++)
        y[i] = ((const struct gb_order_row *)gb_record_rows(b, GB_TABLE_ORDERS))[i];
    qsort(y, n_y, sizeof *y, compare_wake_ups);
    for (size_t i = 0; i < n_x; i++) {
        const struct gb_order_row *same = bsearch(&x[i], y, n_y, sizeof *y, compare_wake_ups);

        n += same && x[i].action == GB_ACTION_AMEND;
        n_moved += same && same->sent_ns != x[i].sent_ns;
    }
    EXPECT_INT(n_moved, 0);
    free(y);
    return n;
}

static void wake_ups_come_at_the_same_moments_whatever_latency_and_beta(void)
{
    struct gb_record *fast = run_street(NULL, NULL, NULL);
    struct gb_record *slow =
        run_street("chain.delay=exponential 3 s", "chain.client_delay=exponential 3 s", NULL);
    struct gb_record *bold = run_street("market.beta=0.7", NULL, NULL);

    if (fast && slow && bold) {
        EXPECT(count_common(fast, slow) > 200);
        EXPECT(count_common(fast, bold) > 200);
    }
    gb_record_free(fast);
    gb_record_free(slow);
    gb_record_free(bold);
}

static bool have_the_same_nature(const struct gb_record *a, const struct gb_record *b)
{
    const struct gb_slot_row *x = gb_record_rows(a, GB_TABLE_SLOTS);
    const struct gb_slot_row *y = gb_record_rows(b, GB_TABLE_SLOTS);
    bool are_equal = true;

    for (size_t k = 0; k < gb_record_n_rows(a, GB_TABLE_SLOTS); k++)
        are_equal = are_equal && x[k].solar_wh == y[k].solar_wh && x[k].wind_wh == y[k].wind_wh &&
                    x[k].load_wh == y[k].load_wh && x[k].cost_grid_only == y[k].cost_grid_only;
    return are_equal;
}

static void neither_mechanism_nor_strategy_nor_beta_moves_a_draw_of_nature(void)
{
    struct gb_record *plain = run_street(NULL, NULL, NULL);
    const char *const call[] = {"slot=5 min",          "slots=24",
                                "meters.count=20",     "meters.wind_share=1",
                                "market.gate=20 s",    "market.open=5 min",
                                "agents.traits=wide",  "forecast.kind=perfect",
                                "output.level=market", NULL};
    struct gb_record *others[] = {run_street("market.beta=1", NULL, NULL),
                                  run_street("agents.traits=paper", NULL, NULL),
                                  run_with(NULL, call)};

    for (size_t i = 0; i < 3; i++) {
        if (plain && others[i])
            EXPECT(have_the_same_nature(plain, others[i]));
        gb_record_free(others[i]);
    }
    gb_record_free(plain);
}

/* ---- what agents do */

static void an_order_has_one_unanswered_action_at_most_and_no_step_is_too_small(void)
{
    struct gb_record *record = run_street("chain.delay=exponential 1 s", NULL, NULL);

    if (!record)
        return;
    const struct gb_order_row *rows = gb_record_rows(record, GB_TABLE_ORDERS);
    size_t n = gb_record_n_rows(record, GB_TABLE_ORDERS), n_before = 0, n_small = 0, n_amended = 0;

    for (size_t i = 0; i < n; i++) {
        if (rows[i].action != GB_ACTION_AMEND)
            continue;
        const struct gb_order_row *latest = NULL;
        for (size_t j = 0; j < i; j++)
            if (rows[j].interval == rows[i].interval && rows[j].meter == rows[i].meter &&
                rows[j].source == rows[i].source)
                latest = &rows[j];
        n_amended++;
        n_before +=
            !latest || latest->stable_ns == GB_NO_TIME || latest->stable_ns > rows[i].sent_ns;
        n_small += latest && latest->status == 0 && llabs(latest->price - rows[i].price) < 500;
    }
    EXPECT(n_amended > 200);
    EXPECT_INT(n_before, 0);
    EXPECT_INT(n_small, 0);
    gb_record_free(record);
}

static void every_wake_up_and_every_amendment_has_its_cause(void)
{
    struct gb_record *record =
        run_street("chain.delay=exponential 4 s", "agents.latency_aware=0.5", NULL);

    if (!record)
        return;
    const struct gb_summary_row *sum = summary_of(record);
    EXPECT(sum->n_wake_ups > 1000);
    EXPECT_INT(sum->n_wake_ups, sum->n_amendments + sum->n_passed);
    EXPECT_INT(sum->n_passed, sum->n_passed_unanswered + sum->n_passed_no_anchor +
                                  sum->n_passed_no_step + sum->n_passed_fee +
                                  sum->n_passed_own_gate);
    EXPECT_INT(sum->n_amendments, sum->n_amendments_accepted + sum->n_amendments_in_vain);
    EXPECT_INT(sum->n_amendments_in_vain, sum->n_in_vain_link + sum->n_in_vain_pool +
                                              sum->n_in_vain_consensus + sum->n_in_vain_fill_race +
                                              sum->n_in_vain_superseded + sum->n_in_vain_refused);
    EXPECT_INT(sum->n_orders + sum->n_amendments,
               (int64_t)gb_record_n_rows(record, GB_TABLE_ORDERS));
    EXPECT(sum->n_in_vain_fill_race > 0 && sum->n_passed_unanswered > 0);
    gb_record_free(record);
}

/* With links of 3 s what was sent in the last 3 s before the gate of a slot is on its link. */
static void amendments_in_flight_at_the_gate_are_those_sent_in_its_last_seconds(void)
{
    struct gb_record *record =
        run_street("chain.client_delay=constant 3 s", "chain.delay=constant 1 ms", NULL);
    const int64_t slot_ns = 300 * GB_NS_PER_SECOND, gate_ns = 20 * GB_NS_PER_SECOND;
    int64_t n_in_flight = 0;

    if (!record)
        return;
    const struct gb_summary_row *sum = summary_of(record);
    const struct gb_order_row *rows = gb_record_rows(record, GB_TABLE_ORDERS);
    const struct gb_slot_row *slots = gb_record_rows(record, GB_TABLE_SLOTS);
    for (size_t i = 0; i < gb_record_n_rows(record, GB_TABLE_ORDERS); i++) {
        int64_t gate = slots[0].time_ns + rows[i].interval * slot_ns - gate_ns;

        n_in_flight += rows[i].action == GB_ACTION_AMEND && rows[i].sent_ns < gate &&
                       rows[i].sent_ns + 3 * GB_NS_PER_SECOND >= gate;
    }
    EXPECT(n_in_flight > 20);
    EXPECT_INT(sum->n_in_vain_link, n_in_flight);
    EXPECT_INT(sum->n_in_vain_superseded, 0); /* constant links overtake nothing */
    gb_record_free(record);
}

/* Weights and remainders are such that a fee of 0.002 forbids some concessions, and one of 1 all.
 */
static void agents_amend_only_where_there_is_more_to_gain_than_the_fee(void)
{
    struct gb_record *free_of_charge = run_street("chain.fee=0", NULL, NULL);
    struct gb_record *cheap = run_street("chain.fee=0.002", NULL, NULL);
    struct gb_record *doubtful = run_street("chain.fee=0.002", "agents.requote.chance=0.2", NULL);
    struct gb_record *dear = run_street("chain.fee=1", NULL, NULL);

    if (free_of_charge && cheap && doubtful && dear) {
        EXPECT_INT(summary_of(free_of_charge)->n_passed_fee, 0);
        EXPECT(summary_of(cheap)->n_passed_fee > 0);
        EXPECT(summary_of(cheap)->n_amendments < summary_of(free_of_charge)->n_amendments);
        EXPECT(summary_of(doubtful)->n_amendments < summary_of(cheap)->n_amendments);
        EXPECT(summary_of(doubtful)->n_amendments > 0);
        EXPECT_INT(summary_of(dear)->n_amendments, 0);
        EXPECT(summary_of(dear)->n_orders == summary_of(free_of_charge)->n_orders);
    }
    gb_record_free(free_of_charge);
    gb_record_free(cheap);
    gb_record_free(doubtful);
    gb_record_free(dear);
}

static void sealed_agents_hear_of_no_trade_to_go_towards(void)
{
    struct gb_record *sealed = run_street("market.information=sealed", "agents.deadline=0", NULL);

    if (!sealed)
        return;
    const struct gb_summary_row *sum = summary_of(sealed);
    EXPECT(sum->n_trades > 0 && sum->n_passed_no_anchor > 0);
    EXPECT_INT(sum->n_amendments, 0);
    gb_record_free(sealed);
}

/* All that the ledger of a run holds, as bundles and alone. */
static int64_t n_transactions(const struct gb_record *record)
{
    const struct gb_block_row *blocks = gb_record_rows(record, GB_TABLE_BLOCKS);
    int64_t n = 0;

    for (size_t b = 0; b < gb_record_n_rows(record, GB_TABLE_BLOCKS); b++)
        n += blocks[b].n_transactions;
    return n;
}

static void concentrators_bundle_amendments_and_take_their_time(void)
{
    struct gb_record *alone = run_street(NULL, NULL, NULL);
    struct gb_record *some = run_street("chain.concentrator=5", NULL, NULL);
    struct gb_record *all = run_street("chain.concentrator=20", NULL, NULL);

    if (alone && some && all) {
        int64_t n_some = summary_of(some)->n_amendments_accepted;
        int64_t n_all = summary_of(all)->n_amendments_accepted;

        EXPECT(n_some > 200 && n_all > 200);
        EXPECT(n_transactions(alone) > summary_of(alone)->n_amendments_accepted);
        EXPECT(n_transactions(some) < n_some);
        EXPECT(4 * n_transactions(all) < 3 * n_transactions(some));
        EXPECT(summary_of(some)->latency_p50_ms > summary_of(alone)->latency_p50_ms + 2000);
        EXPECT(summary_of(some)->latency_p95_ms < 2 * 5000); /* one wait is all */
        EXPECT(count_common(alone, some) > 200 && count_common(alone, all) > 200);
    }
    gb_record_free(alone);
    gb_record_free(some);
    gb_record_free(all);
}

/* Buyers, sellers where prices are below 0, and who quotes beyond the own reserve, which its orders
 * then declare. */
static void who_cannot_pay_sends_nothing_that_would_be_refused(void)
{
    static const char *const strategies[] = {"agents.mix=paper_beta 1", "agents.mix=zi_u 1"};
    static const char *const bands[][2] = {{"tariff.retail=0.59", "tariff.feed_in=0.31"},
                                           {"tariff.retail=0.14", "tariff.feed_in=-0.14"},
                                           {"tariff.retail=-0.02", "tariff.feed_in=-0.4"}};

    for (size_t i = 0; i < 6; i++) {
        const char *strategy = strategies[i % 2], *const *band = bands[i / 2];
        const char *const more[] = {
            band[0], band[1], "agents.strategy=mix", strategy, "agents.balance=0.004", NULL};
        struct gb_record *record = run_both(street, more);

        if (!record)
            continue;
        EXPECT(summary_of(record)->n_unfunded > 0 && summary_of(record)->n_trades > 0);
        EXPECT_INT(summary_of(record)->n_refused_underfunded, 0);
        gb_record_free(record);
    }
}

static void agents_woken_by_news_act_on_no_more_wake_ups_than_those_woken_by_time(void)
{
    struct gb_record *timed = run_street(NULL, NULL, NULL);
    struct gb_record *by_block = run_street("agents.requote.on=block", NULL, NULL);
    struct gb_record *by_trade = run_street("agents.requote.on=trade", NULL, NULL);

    if (timed && by_block && by_trade) {
        EXPECT(summary_of(by_block)->n_wake_ups <= summary_of(timed)->n_wake_ups);
        EXPECT(summary_of(by_trade)->n_wake_ups < summary_of(by_block)->n_wake_ups);
        EXPECT(summary_of(by_trade)->n_amendments > 0);
    }
    gb_record_free(timed);
    gb_record_free(by_block);
    gb_record_free(by_trade);
}

static void buyers_of_any_source_trade_by_source_as_in_one_book(void)
{
    struct gb_record *by_source = run_street("meters.storage_share=0", NULL, NULL);
    struct gb_record *pooled = run_street("meters.storage_share=0", "market.books=pooled", NULL);

    if (by_source && pooled) {
        EXPECT(gb_record_n_rows(pooled, GB_TABLE_TRADES) > 20);
        EXPECT(tables_are_equal(by_source, pooled, GB_TABLE_TRADES));
        EXPECT(tables_are_equal(by_source, pooled, GB_TABLE_ORDERS));
    }
    gb_record_free(by_source);
    gb_record_free(pooled);
}

/* ---- latency */

#define N_PAIRS 8
#define T_7 2.364624                                          /* Student's t at 97.5 % */
static const int seeds[N_PAIRS] = {1, 3, 4, 5, 7, 9, 12, 14}; /* the first with wind */

static void measure(const char *delay, const char *aware, double share[N_PAIRS])
{
    char seed[32], link[64], client[64];

    snprintf(link, sizeof link, "chain.delay=exponential %s", delay);
    snprintf(client, sizeof client, "chain.client_delay=exponential %s", delay);
    for (int i = 0; i < N_PAIRS; i++) {
        const char *const more[] = {
            seed, link, client, aware, "meters.count=60", "output.level=summary", NULL};
        snprintf(seed, sizeof seed, "seed=%d", seeds[i]);
        struct gb_record *record = run_both(street, more);

        share[i] = record ? summary_of(record)->contracted_ratio : NAN;
        gb_record_free(record);
    }
}

/* Mean of a - b, and half the width of its 95 % interval. */
static double mean_difference(const double *a, const double *b, double *half)
{
    double mean = 0, squares = 0;

    for (int i = 0; i < N_PAIRS; i++)
        mean += (a[i] - b[i]) / N_PAIRS;
    for (int i = 0; i < N_PAIRS; i++)
        squares += (a[i] - b[i] - mean) * (a[i] - b[i] - mean);
    *half = T_7 * sqrt(squares / (N_PAIRS - 1) / N_PAIRS);
    return mean;
}

static void latency_takes_trades_from_who_is_unaware_of_it(void)
{
    static const char *const delays[] = {"20 ms", "5 s", "10 s", "20 s"};
    double share[4][N_PAIRS], aware[N_PAIRS], half;

    for (int i = 0; i < 4; i++)
        measure(delays[i], "agents.latency_aware=0", share[i]);
    for (int i = 1; i < 4; i++) {
        double lost = mean_difference(share[i - 1], share[i], &half);

        tap_note("from %s to %s: %.4f +- %.4f of what could be matched", delays[i - 1], delays[i],
                 lost, half);
        EXPECT(lost - half > 0);
    }
    measure("10 s", "agents.latency_aware=1", aware);
    double lost = mean_difference(share[0], aware, &half);
    tap_note("aware, 10 s: %.4f +- %.4f", lost, half);
    EXPECT(lost < 0.02);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(wake_ups_come_at_the_same_moments_whatever_latency_and_beta),
        TAP(neither_mechanism_nor_strategy_nor_beta_moves_a_draw_of_nature),
        TAP(an_order_has_one_unanswered_action_at_most_and_no_step_is_too_small),
        TAP(every_wake_up_and_every_amendment_has_its_cause),
        TAP(amendments_in_flight_at_the_gate_are_those_sent_in_its_last_seconds),
        TAP(agents_amend_only_where_there_is_more_to_gain_than_the_fee),
        TAP(sealed_agents_hear_of_no_trade_to_go_towards),
        TAP(concentrators_bundle_amendments_and_take_their_time),
        TAP(who_cannot_pay_sends_nothing_that_would_be_refused),
        TAP(agents_woken_by_news_act_on_no_more_wake_ups_than_those_woken_by_time),
        TAP(buyers_of_any_source_trade_by_source_as_in_one_book),
        TAP(latency_takes_trades_from_who_is_unaware_of_it),
        {0}};
    return tap_main("concessions", tests);
}
