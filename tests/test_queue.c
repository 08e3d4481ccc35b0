/* Which trials of a sweep are left, in which order, and how many are taken at once. */
#include "experiments/sweep/queue.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/text_file.h"

#define SWEEP "test_queue.tmp.yaml"
#define SCENARIO "test_queue.tmp.scenario.yaml"
#define JOURNAL "test_queue.tmp.journal"

/* A sweep of three replications over what `vary` holds. */
static struct gb_sweep *load_varied(const char *vary)
{
    char text[512];
    struct gb_diagnostics *diagnostics = gb_diagnostics_create();
    struct gb_sweep *sweep = NULL;

    write_text(SCENARIO, "format: 1\nslots: 4\n");
    snprintf(text, sizeof text, "format: 1\nscenario: " SCENARIO "\nreplications: 3\nvary: {%s}\n",
             vary);
    write_text(SWEEP, text);
    EXPECT_INT(gb_sweep_load(&sweep, NULL, SWEEP, 0, NULL, 0, diagnostics, NULL), GB_OK);
    gb_diagnostics_free(diagnostics);
    remove(SWEEP);
    remove(SCENARIO);
    return sweep;
}

/* Two betas, two sizes, three replications: trials 0 to 2 and 6 to 8 are of 10 meters. */
static struct gb_sweep *load(void)
{
    return load_varied("market.beta: [0.1, 0.2], meters.count: [10, 1000]");
}

static struct gb_trial_queue *queue_of(const struct gb_sweep *sweep, struct gb_sweep_part part)
{
    const struct gb_journal_owner owner = {"", "", "", "", 12};
    struct gb_trial_queue *queue = NULL;
    struct gb_journal *journal = NULL;

    EXPECT_INT(gb_journal_create(&journal, JOURNAL, &owner, NULL), GB_OK);
    EXPECT_INT(gb_trial_queue_create(&queue, sweep, &part, journal, NULL), GB_OK);
    gb_journal_remove(journal);
    return queue;
}

/* Takes all trials one by one and compares them with the n expected. */
static void expect_order(struct gb_trial_queue *queue, size_t n, const uint64_t *expected)
{
    uint64_t trial;

    for (size_t i = 0; i < n; i++)
        if (EXPECT_INT((int64_t)gb_trial_queue_take(queue, 2, &trial, 1), 1))
            EXPECT_INT((int64_t)trial, (int64_t)expected[i]);
    EXPECT_INT((int64_t)gb_trial_queue_take(queue, 2, &trial, 1), 0);
    gb_trial_queue_free(queue);
}

static void the_largest_come_first_and_replications_in_their_order(void)
{
    struct gb_sweep *sweep = load();

    expect_order(queue_of(sweep, (struct gb_sweep_part){0}), 12,
                 (uint64_t[]){3, 9, 4, 10, 5, 11, 0, 6, 1, 7, 2, 8});
    gb_sweep_free(sweep);
}

/* 10 meters among 64 validators take longer than 100 among 4; an ideal chain is the shortest, and
 * signatures that are computed take longer than all of it. */
static void the_size_of_a_trial_includes_its_chain(void)
{
    struct gb_sweep *sweep = load_varied("meters.count: [10, 100], chain.nodes: [4, 64]");

    expect_order(queue_of(sweep, (struct gb_sweep_part){0}), 12,
                 (uint64_t[]){9, 10, 11, 3, 4, 5, 6, 7, 8, 0, 1, 2});
    gb_sweep_free(sweep);
    sweep = load_varied("chain.protocol: [ideal, pbft], chain.crypto: [real]");
    expect_order(queue_of(sweep, (struct gb_sweep_part){0}), 6, (uint64_t[]){3, 4, 5, 0, 1, 2});
    gb_sweep_free(sweep);
    sweep = load_varied("chain.crypto: [modelled, real]");
    expect_order(queue_of(sweep, (struct gb_sweep_part){0}), 6, (uint64_t[]){3, 4, 5, 0, 1, 2});
    gb_sweep_free(sweep);
}

/* The same physics under chains that hardly differ: replication by replication. */
static void trials_of_about_one_size_stay_together(void)
{
    struct gb_sweep *sweep = load_varied("meters.count: [1000], chain.nodes: [4, 5]");

    expect_order(queue_of(sweep, (struct gb_sweep_part){0}), 6, (uint64_t[]){0, 3, 1, 4, 2, 5});
    gb_sweep_free(sweep);
}

static void a_part_has_its_own_trials_alone(void)
{
    struct gb_sweep *sweep = load();
    struct gb_sweep_part second = {.shard = 2, .n_shards = 5}, one = {.is_one = true, .trial = 7};

    expect_order(queue_of(sweep, second), 3, (uint64_t[]){11, 6, 1});
    expect_order(queue_of(sweep, one), 1, (uint64_t[]){7});
    gb_sweep_free(sweep);
}

static void parts_cover_every_trial_once(void)
{
    for (uint64_t n_shards = 1; n_shards < 20; n_shards++)
        for (uint64_t n = 1; n < 40; n++) {
            uint64_t n_all = 0, n_had = 0;

            for (uint64_t k = 1; k <= n_shards; k++) {
                struct gb_sweep_part part = {.shard = k, .n_shards = n_shards};
                struct gb_plan plan = {
                    .n_trials = n, .n_replications = n, .shard = k, .n_shards = n_shards};
                n_all += gb_plan_n_trials(&plan);
                for (uint64_t trial = 0; trial < n; trial++)
                    n_had += gb_sweep_part_has(&part, trial);
            }
            if (n_all != n || n_had != n) {
                EXPECT_INT((int64_t)n_all, (int64_t)n);
                EXPECT_INT((int64_t)n_had, (int64_t)n);
            }
        }
}

/* What the journal has is not run again. */
static void what_is_in_the_journal_is_left_out(void)
{
    const struct gb_journal_owner owner = {"", "", "", "", 12};
    const struct gb_sweep_part all = {0};
    struct gb_sweep *sweep = load();
    struct gb_trial_queue *queue = NULL;
    struct gb_journal *journal = NULL;

    EXPECT_INT(gb_journal_create(&journal, JOURNAL, &owner, NULL), GB_OK);
    for (uint64_t trial = 0; trial < 12; trial++)
        if (trial != 4 && trial != 7)
            EXPECT_INT(gb_journal_append_bytes(journal, trial, (const uint8_t *)"x", 1, NULL),
                       GB_OK);
    EXPECT_INT(gb_trial_queue_create(&queue, sweep, &all, journal, NULL), GB_OK);
    expect_order(queue, 2, (uint64_t[]){4, 7});
    gb_journal_remove(journal);
    gb_sweep_free(sweep);
}

/* Of 6 trials of 1000 meters and 6 of 10 an eighth of a taker's share is less than a large one; at
 * the end the small ones are less than that share, and ever fewer are taken. */
static void large_trials_are_taken_alone_and_small_ones_together(void)
{
    struct gb_sweep *sweep = load();
    struct gb_trial_queue *queue = queue_of(sweep, (struct gb_sweep_part){0});
    uint64_t trials[64];
    size_t n_calls = 0, previous = 64, n_taken = 0;

    for (size_t i = 0; i < 6; i++)
        EXPECT_INT((int64_t)gb_trial_queue_take(queue, 2, trials, 64), 1);
    for (size_t n; (n = gb_trial_queue_take(queue, 2, trials, 64)) > 0; n_calls++, previous = n) {
        EXPECT(n <= previous);
        n_taken += n;
    }
    EXPECT_INT((int64_t)n_taken, 6);
    EXPECT(n_calls <= 6);
    gb_trial_queue_free(queue);
    gb_sweep_free(sweep);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_largest_come_first_and_replications_in_their_order),
        TAP(the_size_of_a_trial_includes_its_chain),
        TAP(trials_of_about_one_size_stay_together),
        TAP(a_part_has_its_own_trials_alone),
        TAP(parts_cover_every_trial_once),
        TAP(what_is_in_the_journal_is_left_out),
        TAP(large_trials_are_taken_alone_and_small_ones_together),
        {0}};
    return tap_main("queue", tests);
}
