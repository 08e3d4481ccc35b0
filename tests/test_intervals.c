/* The table of live intervals: places are few, each is of one interval, and arrays reach to them.
 */
#include "experiments/run/intervals.h"

#include <stdlib.h>

#include "tests/tap.h"

static void a_place_that_was_left_serves_the_next_interval(void)
{
    struct gb_run_intervals intervals = {0};

    EXPECT_INT(gb_run_intervals_open(&intervals, 7, NULL), 0);
    EXPECT_INT(gb_run_intervals_open(&intervals, 8, NULL), 1);
    EXPECT_INT(gb_run_intervals_open(&intervals, 9, NULL), 2);
    gb_run_intervals_retire(&intervals, 2);
    gb_run_intervals_retire(&intervals, 0);
    EXPECT_INT(gb_run_intervals_open(&intervals, 10, NULL), 0); /* the first that is free */
    EXPECT_INT(gb_run_intervals_open(&intervals, 11, NULL), 2);
    EXPECT_INT(gb_run_intervals_open(&intervals, 12, NULL), 3);
    EXPECT_INT(intervals.n, 4);
    gb_run_intervals_clear(&intervals);
}

static void an_interval_is_found_at_its_place_while_it_lives(void)
{
    struct gb_run_intervals intervals = {0};

    EXPECT(gb_run_intervals_find(&intervals, 0) == GB_NO_PLACE);
    for (int64_t k = 0; k < 40; k++) /* past the first growth of the table */
        EXPECT_INT(gb_run_intervals_open(&intervals, 100 + k, NULL), k);
    for (int64_t k = 0; k < 40; k++)
        EXPECT_INT(gb_run_intervals_find(&intervals, 100 + k), k);
    EXPECT(gb_run_intervals_find(&intervals, 140) == GB_NO_PLACE);
    gb_run_intervals_retire(&intervals, 17);
    EXPECT(gb_run_intervals_find(&intervals, 117) == GB_NO_PLACE);
    EXPECT_INT(gb_run_intervals_find(&intervals, 118), 18);
    gb_run_intervals_clear(&intervals);
    EXPECT(gb_run_intervals_find(&intervals, 118) == GB_NO_PLACE);
}

static void the_oldest_is_the_lowest_number_wherever_it_stands(void)
{
    struct gb_run_intervals intervals = {0};

    EXPECT(gb_run_intervals_oldest(&intervals) == GB_NO_PLACE);
    gb_run_intervals_open(&intervals, 3, NULL);
    gb_run_intervals_open(&intervals, 4, NULL);
    gb_run_intervals_open(&intervals, 5, NULL);
    EXPECT_INT(gb_run_intervals_oldest(&intervals), 0);
    gb_run_intervals_retire(&intervals, 0);
    EXPECT_INT(gb_run_intervals_oldest(&intervals), 1);
    gb_run_intervals_open(&intervals, 6, NULL); /* the newest, at the first place */
    EXPECT_INT(gb_run_intervals_oldest(&intervals), 1);
    for (size_t place = 0; place < 3; place++)
        gb_run_intervals_retire(&intervals, place);
    EXPECT(gb_run_intervals_oldest(&intervals) == GB_NO_PLACE);
    gb_run_intervals_clear(&intervals);
}

static void an_array_reaches_to_a_place_and_what_is_new_is_zero(void)
{
    int64_t *array = NULL;
    size_t n = 0, n_wrong = 0;

    EXPECT(gb_run_reach_place((void **)&array, &n, 2, sizeof *array, NULL));
    EXPECT(n >= 3);
    for (size_t i = 0; i < n; i++) {
        n_wrong += array[i] != 0;
        array[i] = (int64_t)i + 1;
    }
    size_t n_before = n;
    int64_t *before = array;
    EXPECT(gb_run_reach_place((void **)&array, &n, n - 1, sizeof *array, NULL));
    EXPECT(array == before && n == n_before); /* it does already */
    EXPECT(gb_run_reach_place((void **)&array, &n, 100, sizeof *array, NULL));
    EXPECT(n > 100);
    for (size_t i = 0; i < n; i++)
        n_wrong += array[i] != (i < n_before ? (int64_t)i + 1 : 0);
    EXPECT_INT(n_wrong, 0);
    free(array);
}

static void a_place_beyond_all_memory_is_refused_and_the_array_stays(void)
{
    int64_t *array = NULL;
    size_t n = 0;
    struct gb_error err = {0};

    EXPECT(gb_run_reach_place((void **)&array, &n, 0, sizeof *array, &err));
    array[0] = 5;
    size_t n_before = n;
    EXPECT(!gb_run_reach_place((void **)&array, &n, SIZE_MAX / 16, sizeof *array, &err));
    EXPECT_INT(err.status, GB_ENOMEM);
    EXPECT(n == n_before && array[0] == 5);
    free(array);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(a_place_that_was_left_serves_the_next_interval),
        TAP(an_interval_is_found_at_its_place_while_it_lives),
        TAP(the_oldest_is_the_lowest_number_wherever_it_stands),
        TAP(an_array_reaches_to_a_place_and_what_is_new_is_zero),
        TAP(a_place_beyond_all_memory_is_refused_and_the_array_stays),
        {0}};

    return tap_main("intervals", tests);
}
