/* A side of a book sorted as far as a walk comes, against an order that is found by comparing each
 * with each: places, keys and what was reached. */
#include "models/market/sorted_side.h"

#include <stdlib.h>

#include "tests/splitmix64.h"
#include "tests/tap.h"

/* A side, the quotes that it was made of, and the numbers of its orders as they should stand. */
struct made {
    struct gb_sorted_side side;
    struct gb_side_entry *entries;
    int64_t *quotes; /* by number of the order */
    uint32_t *wanted;
};

static const struct made *compared; /* qsort() hands nothing over */

static int compare(const void *first, const void *second)
{
    uint32_t a = *(const uint32_t *)first, b = *(const uint32_t *)second;
    int64_t one = compared->quotes[a], other = compared->quotes[b];
    bool is_sell = compared->side.kind == GB_SELL;

    if (one != other)
        return (one < other) == is_sell ? -1 : 1;
    return a < b ? -1 : 1;
}

static int64_t look_up(const void *context, uint32_t order)
{
    return ((const struct made *)context)->quotes[order];
}

/* n orders, of which every eleventh does not stand, with quotes of so many bits about a middle. */
static void make(struct made *made, enum gb_side kind, size_t n, unsigned bits, uint64_t *state)
{
    size_t stand = 0;

    made->entries = calloc(2 * n + 1, sizeof *made->entries);
    made->quotes = calloc(n + 1, sizeof *made->quotes);
    made->wanted = calloc(n + 1, sizeof *made->wanted);
    gb_sorted_side_init(&made->side, kind, made->entries, made->entries + n + 1);
    for (uint32_t i = 0; i < n; i++) {
        bool stands = i % 11 != 5;

        made->quotes[i] = (int64_t)(splitmix64(state) >> (64 - bits)) - (INT64_C(1) << (bits - 1));
        gb_sorted_side_add_if(&made->side, stands, made->quotes[i], i);
        if (stands)
            made->wanted[stand++] = i;
    }
    compared = made;
    qsort(made->wanted, stand, sizeof *made->wanted, compare);
    EXPECT_INT(made->side.n, stand);
    gb_sorted_side_sort(&made->side, look_up, made);
}

static void discard(struct made *made)
{
    free(made->entries);
    free(made->quotes);
    free(made->wanted);
}

static bool stands_well(const struct made *made, size_t i)
{
    const struct gb_sorted_side *side = &made->side;
    uint32_t order = side->at[i].order;

    return order == made->wanted[i] &&
           (gb_sorted_side_is_wide(side) || gb_sorted_side_quote(side, i) == made->quotes[order]);
}

static const size_t sizes[] = {1, 2, 79, 80, 81, 200, 1000, 5000, 40000};
static const unsigned widths[] = {1, 3, 9, 10, 11, 19, 20, 21, 31, 32, 33, 41};
#define N_OF(array) (sizeof(array) / sizeof(array)[0])

static void entries_stand_by_quote_then_time(void)
{
    uint64_t state = 1;
    struct made made;

    for (size_t s = 0; s < N_OF(sizes); s++)
        for (size_t w = 0; w < N_OF(widths); w++) {
            size_t n_right = 0;

            make(&made, w % 2 ? GB_SELL : GB_BUY, sizes[s], widths[w], &state);
            gb_sorted_side_reach_all(&made.side);
            EXPECT_INT(made.side.n_sorted, made.side.n);
            for (size_t i = 0; i < made.side.n; i++)
                n_right += stands_well(&made, i);
            EXPECT_INT(n_right, made.side.n);
            discard(&made);
        }
}

/* Whoever walks looks GB_SIDE_AHEAD entries ahead, and those stand in their places by then. */
static void a_walk_finds_its_entry_and_those_ahead_in_place(void)
{
    uint64_t state = 2;
    struct made made;

    for (size_t s = 0; s < N_OF(sizes); s++)
        for (size_t w = 0; w < N_OF(widths); w++) {
            size_t n_right = 0, n_ahead = 0;

            make(&made, w % 2 ? GB_BUY : GB_SELL, sizes[s], widths[w], &state);
            for (size_t i = 0; i < made.side.n; i++) {
                size_t ahead = i + GB_SIDE_AHEAD < made.side.n ? i + GB_SIDE_AHEAD : i;

                gb_sorted_side_reach(&made.side, i);
                n_right += stands_well(&made, i);
                n_ahead += made.side.at[ahead].order == made.wanted[ahead];
            }
            EXPECT_INT(n_right, made.side.n);
            EXPECT_INT(n_ahead, made.side.n);
            discard(&made);
        }
}

static void what_a_walk_does_not_reach_is_not_sorted(void)
{
    uint64_t state = 3;
    struct made made;

    make(&made, GB_SELL, 40000, 19, &state);
    gb_sorted_side_reach(&made.side, made.side.n / 4);
    EXPECT(made.side.n_sorted > made.side.n / 4);
    EXPECT(made.side.n_sorted < made.side.n / 2);
    discard(&made);
}

int main(void)
{
    static const struct tap_test tests[] = {TAP(entries_stand_by_quote_then_time),
                                            TAP(a_walk_finds_its_entry_and_those_ahead_in_place),
                                            TAP(what_a_walk_does_not_reach_is_not_sorted),
                                            {0}};

    return tap_main("sorted_side", tests);
}
