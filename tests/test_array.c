/* Growing arrays: what is added stays, moves are few, and what does not fit is refused whole. */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>

#include "tests/tap.h"

static void items_stay_while_the_array_moves(void)
{
    enum { N = 100000 };
    uint32_t *items = NULL;
    size_t capacity = 0, n_moves = 0;

    for (size_t n = 0; n < N; n++) {
        size_t before = capacity;
        uint32_t *grown = gb_array_grow(items, &capacity, n + 1, sizeof *grown);

        if (!EXPECT(grown && capacity > n))
            break;
        items = grown;
        items[n] = (uint32_t)n;
        n_moves += capacity != before;
    }
    for (size_t i = 0; i < N; i++)
        if (items[i] != i && !EXPECT_INT(items[i], (int64_t)i))
            break;
    EXPECT(n_moves < 20); /* log2 of N, and no more */
    free(items);
}

static void many_at_once_get_exactly_their_room_and_few_get_some(void)
{
    size_t capacity = 0;
    char *items = gb_array_grow(NULL, &capacity, 1, 1);

    EXPECT(items && capacity > 1);
    items = gb_array_grow(items, &capacity, 1000, 1);
    EXPECT_INT((int64_t)capacity, 1000);
    char *same = gb_array_grow(items, &capacity, 999, 1);
    EXPECT(same == items);
    EXPECT_INT((int64_t)capacity, 1000);
    free(same);
}

static void an_array_of_none_is_no_failure(void)
{
    size_t capacity = 0;
    double *none = gb_array_grow(NULL, &capacity, 0, sizeof *none);
    double *empty = gb_array_resize(NULL, 0, sizeof *empty);

    EXPECT(none && capacity > 0);
    EXPECT(empty != NULL);
    free(empty);
    free(none);
}

static void a_size_that_no_memory_holds_leaves_all_as_it_was(void)
{
    size_t capacity = 0;
    int64_t *items = gb_array_grow(NULL, &capacity, 4, sizeof *items);

    if (!EXPECT(items != NULL))
        return;
    size_t before = capacity;
    items[3] = 7;
    EXPECT(!gb_array_grow(items, &capacity, SIZE_MAX / 8 + 2, 8)); /* wraps to 8 bytes */
    EXPECT(!gb_array_grow(items, &capacity, SIZE_MAX, 8));
    EXPECT(!gb_array_resize(items, SIZE_MAX / 4 + 2, 8));
    EXPECT_INT((int64_t)capacity, (int64_t)before);
    EXPECT_INT(items[3], 7);
    free(items);
    EXPECT(gb_array_next_capacity(SIZE_MAX / 2 + 1, 0) == SIZE_MAX);
}

int main(void)
{
    static const struct tap_test tests[] = {
        TAP(items_stay_while_the_array_moves),
        TAP(many_at_once_get_exactly_their_room_and_few_get_some),
        TAP(an_array_of_none_is_no_failure),
        TAP(a_size_that_no_memory_holds_leaves_all_as_it_was),
        {0}};

    return tap_main("array", tests);
}
