/* How many replications a pilot asks for, by hand. */
#include "analysis/pilot.h"

#include "tests/made_trials.h"
#include "tests/tap.h"

static const struct gb_until until_known = {
    "saving", "chain.protocol=ideal", {.half_width = 0.5, .level = 0.95, .pilot = 30, .max = 1000}};

static struct gb_replications needed_of(size_t n, const struct gb_until *until)
{
    struct gb_replications needed = {0, false};
    struct gb_results *results = made_results(made_consensus, n, 0);

    EXPECT_INT(gb_pilot_replications(&needed, results, until, NULL), GB_OK);
    made_results_close(results);
    return needed;
}

/* 16 nodes: -1, -2, -3, sd 1, t.975 with 2 = 4.302653: (4.302653 / 0.5)^2 = 74.05 */
static void the_cell_that_varies_most_says_how_many_replications_there_are(void)
{
    struct gb_until until = until_known;
    struct gb_replications needed = needed_of(N_MADE_CONSENSUS, &until);

    EXPECT_INT((int64_t)needed.n, 75);
    EXPECT(needed.is_enough);
    until.precision.max = 74;
    needed = needed_of(N_MADE_CONSENSUS, &until);
    EXPECT(needed.n == 74 && !needed.is_enough);
    until.precision.half_width = 4.0; /* the pilot is more than that takes */
    EXPECT_INT((int64_t)needed_of(N_MADE_CONSENSUS, &until).n, 30);
    /* no reference: each cell's own saving; ideal: 5, 7, 9, sd 2: (4.302653 x 2 / 4)^2 < 30 */
    until.against = "";
    until.precision.half_width = 0.5; /* (4.302653 x 2 / 0.5)^2 = 296.2 */
    until.precision.max = 1000;
    EXPECT_INT((int64_t)needed_of(N_MADE_CONSENSUS, &until).n, 297);
}

/* Of 16 nodes one replication failed: -1, -2, sd 0.7071, t.975 with 1 = 12.7062: 322.9. Where two
 * did, one difference says nothing of how much it varies. */
static void what_failed_in_a_pilot_takes_its_replication_out_of_it(void)
{
    struct gb_replications needed = needed_of(N_MADE_CONSENSUS - 1, &until_known);

    EXPECT(needed.n == 323 && needed.is_enough);
    needed = needed_of(N_MADE_CONSENSUS - 2, &until_known);
    EXPECT(needed.n == 30 && !needed.is_enough);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(the_cell_that_varies_most_says_how_many_replications_there_are),
        TAP(what_failed_in_a_pilot_takes_its_replication_out_of_it),
        {0}};
    return tap_main("pilot", tests);
}
